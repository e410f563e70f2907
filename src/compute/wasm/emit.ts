import type { Block, Graph, Node, Reduction } from "../language/graph.ts";
import { usesOf } from "../language/uses.ts";
import {
  type Expression,
  type FunctionBuilder,
  i32,
  type Local,
  lane,
  lanes32,
  load,
  type ModuleBuilder,
  op,
  shuffle,
  splat,
  store,
} from "./assembler.ts";
import { Cells, offsetsOf } from "./cells.ts";
import type { Layout } from "./layout.ts";
import { operation, type Pen, widened } from "./operations.ts";

/** Items a grid is cut into at least, if its rows are long enough for it. */
const ITEMS = 64;
/** Cells along x of the shortest item that is less than a row. */
const SHORTEST = 256;

/** What a reduction starts from. */
const NEUTRAL: Record<Reduction, number> = { sum: 0, max: -Infinity, min: Infinity };

export interface KernelCode {
  /** (from, to, scratch, scalars, partials, …one pointer per field, …one per table), all i32 */
  readonly run: FunctionBuilder;
  /** Work items; any split between threads gives the same result. */
  readonly items: number;
  readonly fields: readonly string[];
  readonly tables: readonly string[];
  /** All uses of fields; `own` says that an item keeps to its own cells. */
  readonly accesses: readonly { readonly field: string; readonly stores: boolean; readonly own: boolean }[];
  /** Bytes each thread needs for local arrays. */
  readonly scratchBytes: number;
  /** One f64 per item and entry. */
  readonly reductions: readonly { readonly slot: string; readonly reduction: Reduction }[];
}

export interface KernelOptions {
  readonly layout: Layout;
  /** Fused multiply-add, where the engine has relaxed SIMD. */
  readonly fma: boolean;
  /** Byte offset of a device scalar within a thread's table of scalars. */
  slot(key: string): number;
  /** Rows and components of a table. */
  table(key: string): { readonly rows: number; readonly components: number };
}

/** Adds the code of a kernel to a module. */
export function emitKernel(module: ModuleBuilder, graph: Graph, options: KernelOptions): KernelCode {
  return new Emitter(module, graph, options).emit();
}

/** Parameters before those of fields and tables. */
const PARAMETERS = { from: 0, to: 1, scratch: 2, scalars: 3, partials: 4, pointers: 5 } as const;

class Emitter implements Pen {
  readonly run: FunctionBuilder;
  readonly real: "f32" | "f64";
  readonly lanes: 4 | 2;
  private readonly graph: Graph;
  private readonly options: KernelOptions;
  private readonly cells: Cells;
  private readonly fields: readonly string[];
  private readonly tables: readonly string[];
  private readonly reductions: { slot: string; reduction: Reduction; accumulators: Local[] }[] = [];
  /** All that is used, with the number of users. */
  private readonly uses: Map<Node, number>;
  private readonly locals = new Map<Node, Local>();
  /** Nodes whose locals hold their value at this point of the code. */
  private readonly done = new Set<Node>();
  /** Products all users of which are sums: fused into each, they need not be computed at all. */
  private readonly absorbed: ReadonlySet<Node>;
  /** Reads of fields that the kernel stores into. */
  private readonly replaced: readonly Node[];

  constructor(module: ModuleBuilder, graph: Graph, options: KernelOptions) {
    this.graph = graph;
    this.options = options;
    this.real = options.layout.bytes === 4 ? "f32" : "f64";
    this.lanes = options.layout.lanes;
    this.uses = usesOf(graph.cell);
    const nodes = [...this.uses.keys()];
    this.absorbed = options.fma ? absorbedProducts(this.uses) : new Set();
    const stored = new Set(nodes.flatMap(({ op: name, access }) => (name === "store" ? [access!.field] : [])));
    this.replaced = nodes.filter(
      (node) => node.op === "load" && stored.has(node.access!.field) && !node.block.statements.includes(node),
    );
    this.fields = [...new Set(nodes.flatMap(({ access }) => (access ? [access.field] : [])))];
    this.tables = [...new Set(nodes.flatMap(({ table }) => (table === undefined ? [] : [table])))];
    const keys = [...this.fields, ...this.tables];
    this.run = module.function(Array.from({ length: PARAMETERS.pointers + keys.length }, () => "i32"));
    this.cells = new Cells(
      graph,
      this,
      {
        layout: options.layout,
        pointer: (key) => this.run.parameter(PARAMETERS.pointers + keys.indexOf(key)),
        scratch: this.run.parameter(PARAMETERS.scratch),
        table: (key) => options.table(key),
      },
      nodes,
    );
  }

  emit(): KernelCode {
    const { run, graph, lanes } = this;
    const [nx, ny, nz] = graph.grid.size;
    const rows = (graph.sweep === 1 ? 1 : ny) * (graph.sweep === 2 ? 1 : nz);
    const offsets = offsetsOf([...this.uses.keys()]);
    // Vectors at the ends of a row, whose neighbours lie outside, are written out with their cells known.
    const vectors = Math.ceil(nx / lanes);
    const left = Math.min(Math.ceil(Math.max(0, ...offsets.map((offset) => -offset)) / lanes), vectors);
    const reach = Math.max(0, ...offsets);
    const reduces = graph.cell.statements.some(({ op: name }) => name === "reduce");
    const within = reach > 0 ? Math.floor((nx - lanes - reach) / lanes) + 1 : vectors;
    const right = Math.max(left, reduces && nx % lanes !== 0 ? Math.min(within, vectors - 1) : within);
    const inner = { from: left * lanes, to: Math.min(right, vectors) * lanes };
    // Items per row: one, unless there are too few rows to share out.  The ends must fall into the first and the last.
    const least = Math.max(SHORTEST, 4 * (Math.max(0, ...offsets.map(Math.abs)) + 4));
    const chunks = Math.max(1, Math.min(Math.ceil(ITEMS / rows), Math.floor(nx / least)));
    const chunk = Math.floor(nx / chunks / 4) * 4;

    this.before(graph.everywhere, [graph.cell]);
    run.for(run.parameter(PARAMETERS.from), run.parameter(PARAMETERS.to), 1, (item) => {
      const chunkOf = chunks === 1 ? undefined : run.let("i32", op("i32.rem_u", item, i32(chunks)));
      this.cells.enter(chunkOf ? run.let("i32", op("i32.div_u", item, i32(chunks))) : item);
      this.before(graph.row, [graph.cell]);
      for (const statement of graph.cell.statements) if (statement.op === "reduce") this.startReduction(statement);
      const ends = (from: number, to: number) => {
        for (let i = from; i < to; i++) this.vectorOfCells(i * lanes);
      };
      const interior = (from: Expression, to: Expression) => {
        const { x } = this.cells;
        run.set(x, from);
        run.while(op("i32.lt_s", x, to), () => {
          this.vectorOfCells(undefined);
          run.set(x, op("i32.add", x, i32(lanes)));
        });
      };
      if (!chunkOf) {
        ends(0, left);
        if (inner.from < inner.to) interior(i32(inner.from), i32(inner.to));
        ends(right, vectors);
      } else {
        const isLast = op("i32.eq", chunkOf, i32(chunks - 1));
        const begin = run.let("i32", op("i32.mul", chunkOf, i32(chunk)));
        const end = run.let("i32", op("i32.add", begin, i32(chunk)));
        run.if(op("i32.eqz", chunkOf), () => {
          ends(0, left);
          run.set(begin, i32(inner.from));
        });
        run.if(isLast, () => run.set(end, i32(inner.to)));
        interior(begin, end);
        run.if(isLast, () => ends(right, vectors));
      }
      this.finishReductions(item);
    });
    return {
      run,
      items: rows * chunks,
      fields: this.fields,
      tables: this.tables,
      accesses: this.accesses(chunks),
      scratchBytes: this.cells.scratchBytes,
      reductions: this.reductions.map(({ slot, reduction }) => ({ slot, reduction })),
    };
  }

  private accesses(chunks: number): KernelCode["accesses"] {
    return [...this.uses.keys()].flatMap(({ op: name, access }) => {
      if (!access) return [];
      const { field, offset, absolute } = access;
      const stays = (axis: number) => !absolute[axis] && (offset[axis] === 0 || (axis === 0 && chunks === 1));
      const own = [0, 1, 2].every((axis) => axis === this.graph.sweep || stays(axis));
      return [{ field, stores: name === "store", own }];
    });
  }

  // --- order

  /** Computes what a block's inner blocks, and the values they end with, need of it. */
  private before(block: Block, inner: readonly Block[], last: readonly Node[] = []): void {
    if (block === this.graph.everywhere || block === this.graph.row) this.forget(block);
    const seen = new Set<Node>();
    const walk = (node: Node): void => {
      if (seen.has(node)) return;
      seen.add(node);
      if (node.block.depth <= block.depth) {
        if (node.block === block && !isInline(node)) this.materialise(node);
        return;
      }
      for (const operand of node.args) walk(operand);
    };
    const visit = (b: Block): void => {
      for (const statement of b.statements) {
        for (const operand of statement.args) walk(operand);
        if (statement.op === "load" || statement.op === "get") walk(statement);
        if (statement.loop) {
          visit(statement.loop.body);
          for (const node of statement.loop.next) walk(node);
        }
      }
    };
    for (const b of inner) visit(b);
    for (const node of last) walk(node);
  }

  /** Values of a block, and of blocks inside of it, hold no more; except those that are kept. */
  private forget(block: Block, kept: readonly Node[] = []): void {
    for (const node of this.done) if (block.encloses(node.block) && !kept.includes(node)) this.done.delete(node);
  }

  private localOf(node: Node): Local {
    let local = this.locals.get(node);
    if (!local) {
      local = this.run.local(node.op === "counter" ? "i32" : "v128");
      this.locals.set(node, local);
    }
    return local;
  }

  private materialise(node: Node): void {
    if (this.done.has(node)) return;
    this.run.set(this.localOf(node), this.value(node));
    this.done.add(node);
  }

  private vectorOfCells(at: number | undefined): void {
    this.cells.at = at;
    this.forget(this.graph.cell);
    // What a cell replaces it has read before.
    for (const node of this.replaced) this.materialise(node);
    this.cells.clearArrays();
    this.statements(this.graph.cell);
  }

  private statements(block: Block): void {
    for (const node of block.statements)
      switch (node.op) {
        case "load":
        case "get":
          this.materialise(node);
          break;
        case "store":
          this.cells.store(node);
          break;
        case "set":
          this.cells.setElement(node);
          break;
        case "assign":
          this.assign(node);
          break;
        case "reduce":
          this.accumulate(node);
          break;
        case "loop":
          this.loop(node);
          break;
        default:
          this.graph.fail(`"${node.op}" is no statement`);
      }
  }

  // --- values

  vector(node: Node): Expression {
    return (out) => {
      if (node.op === "counter") op("i32x4.splat", this.localOf(node))(out);
      else if (this.done.has(node)) this.localOf(node)(out);
      else if (this.uses.get(node)! > 1 && !isInline(node)) {
        this.run.tee(this.localOf(node), this.value(node))(out);
        this.done.add(node);
      } else this.value(node)(out);
    };
  }

  word(node: Node): Expression {
    const { cells } = this;
    if (node.op === "constant") return i32(node.value!);
    if (node.op === "counter") return this.localOf(node);
    if (node.op === "index") return node.axis === 1 ? cells.y : cells.z;
    return lane("i32x4.extract_lane", 0, this.vector(node));
  }

  fused({ op: name, args }: Node): Node | undefined {
    if (name !== "add" && name !== "sub") return undefined;
    return args.toReversed().find((operand) => this.absorbed.has(operand) && !this.done.has(operand));
  }

  private value(node: Node): Expression {
    return (out) => this.valueNow(node)(out);
  }

  private valueNow(node: Node): Expression {
    switch (node.op) {
      case "constant":
        if (node.kind === "real") return splat(this.real, node.value!);
        return splat("i32", node.kind === "bool" ? -node.value! : node.value!);
      case "uniform":
        return this.uniform(node);
      case "index":
        return node.axis === 0 ? this.cells.ownX() : op("i32x4.splat", this.word(node));
      case "load":
        return this.cells.load(node);
      case "lookup":
        return this.cells.lookup(node);
      case "get":
        return this.cells.getElement(node);
      default:
        return operation(this, node);
    }
  }

  private uniform({ kind, slot }: Node): Expression {
    const address = this.run.parameter(PARAMETERS.scalars);
    const offset = this.options.slot(slot!);
    if (kind === "int") return load("v128.load32_splat", address, offset);
    if (this.real === "f64") return load("v128.load64_splat", address, offset);
    return op("f32x4.splat", op("f32.demote_f64", load("f64.load", address, offset)));
  }

  private assign({ kind, slot, args: [value] }: Node): void {
    const address = this.run.parameter(PARAMETERS.scalars);
    const offset = this.options.slot(slot!);
    if (kind === "int") {
      const word = lane("i32x4.extract_lane", 0, this.vector(value));
      this.run.emit(store("i32.store", address, word, offset));
    } else if (this.real === "f64") {
      const number = lane("f64x2.extract_lane", 0, this.vector(value));
      this.run.emit(store("f64.store", address, number, offset));
    } else this.graph.fail("scalars are assigned by kernels on scalars only");
  }

  // --- reductions: in double precision, item by item

  private startReduction({ slot, reduction }: Node): void {
    let entry = this.reductions.find((known) => known.slot === slot);
    if (!entry) {
      const count = reduction === "sum" && this.real === "f32" ? 2 : 1;
      const accumulators = Array.from({ length: count }, () => this.run.local("v128"));
      entry = { slot: slot!, reduction: reduction!, accumulators };
      this.reductions.push(entry);
    }
    const type = reduction === "sum" ? "f64" : this.real;
    for (const local of entry.accumulators) this.run.set(local, splat(type, NEUTRAL[reduction!]));
  }

  private accumulate({ slot, args: [operand] }: Node): void {
    const { run, lanes, cells } = this;
    const { reduction, accumulators } = this.reductions.find((known) => known.slot === slot)!;
    const [nx] = this.graph.grid.size;
    const { at } = cells;
    let value = this.vector(operand);
    if (at !== undefined && at + lanes > nx) {
      const keep = Array.from({ length: 4 }, (_, word) => (at + Math.floor((word * lanes) / 4) < nx ? -1 : 0));
      value = op("v128.bitselect", value, splat(this.real, NEUTRAL[reduction]), lanes32(keep));
    }
    const [low, high] = accumulators;
    if (reduction !== "sum") run.set(low, op(`${this.real === "f32" ? "f32x4" : "f64x2"}.${reduction}`, low, value));
    else if (!high) run.set(low, op("f64x2.add", low, value));
    else {
      const whole = run.let("v128", value);
      run.set(low, op("f64x2.add", low, op("f64x2.promote_low_f32x4", whole)));
      const rest = shuffle(whole, whole, [2, 3, 2, 3]);
      run.set(high, op("f64x2.add", high, op("f64x2.promote_low_f32x4", rest)));
    }
  }

  private finishReductions(item: Expression): void {
    const { run } = this;
    this.reductions.forEach(({ reduction, accumulators }, i) => {
      const wide = reduction === "sum" || this.real === "f64";
      const parts = accumulators.flatMap((local) =>
        Array.from({ length: wide ? 2 : 4 }, (_, l) =>
          wide ? lane("f64x2.extract_lane", l, local) : op("f64.promote_f32", lane("f32x4.extract_lane", l, local)),
        ),
      );
      const total = parts.reduce((a, b) => op(reduction === "sum" ? "f64.add" : `f64.${reduction}`, a, b));
      const place = op("i32.mul", item, i32(8 * this.reductions.length));
      run.emit(store("f64.store", op("i32.add", run.parameter(PARAMETERS.partials), place), total, 8 * i));
    });
  }

  // --- loops

  private loop(node: Node): void {
    const { run, cells } = this;
    const { count, counter, phis, initial, next, results, body } = node.loop!;
    this.before(node.block, [body], next);
    const i = this.localOf(counter);
    const outer = cells.active;
    let again: Expression;
    let running: Expression | undefined;
    if (count.varying) {
      // No rounds for lanes beyond the end of the row, where anything may stand.
      const present = cells.present();
      const counts = run.let("v128", present ? op("v128.and", this.vector(count), present) : this.vector(count));
      const unfinished = op("i32x4.lt_s", op("i32x4.splat", i), counts);
      running = outer ? op("v128.and", unfinished, outer) : unfinished;
      // Idle lanes of a double-precision vector must not keep the loop alive.
      again = op("i32.and", op("i32x4.bitmask", running), i32((1 << this.lanes) - 1));
    } else again = op("i32.lt_s", i, run.let("i32", this.word(count)));
    const carried = phis.map((phi, k) => {
      run.set(this.localOf(phi), this.vector(initial[k]));
      this.done.add(phi);
      return this.localOf(phi);
    });
    run.set(i, i32(0));
    run.while(again, () => {
      this.forget(body, phis);
      const mask = running && run.let("v128", running);
      cells.active = mask ?? outer;
      this.statements(body);
      // All before any, since one may depend on another's old value.
      const values = next.map((operand) => run.let("v128", this.vector(operand)));
      const wide = mask && run.let("v128", widened(this, mask));
      values.forEach((value, k) => {
        const kept = next[k].kind === "int" ? mask : wide;
        run.set(carried[k], kept ? op("v128.bitselect", value, carried[k], kept) : value);
      });
      run.set(i, op("i32.add", i, i32(1)));
      cells.active = outer;
    });
    this.forget(body);
    results.forEach((result, k) => {
      run.set(this.localOf(result), carried[k]);
      this.done.add(result);
    });
  }
}

/** Cheaper to write again than to keep. */
const isInline = ({ op: name, kind, value, axis }: Node): boolean =>
  (name === "constant" && (kind !== "real" || value === 0)) || name === "counter" || (name === "index" && axis !== 0);

function absorbedProducts(uses: Map<Node, number>): Set<Node> {
  const sums = new Map<Node, number>();
  for (const { op: name, kind, args } of uses.keys())
    if (kind === "real" && (name === "add" || name === "sub") && args[0] !== args[1])
      for (const operand of args) if (operand.op === "mul") sums.set(operand, (sums.get(operand) ?? 0) + 1);
  const absorbed = new Set([...sums].flatMap(([product, users]) => (users === uses.get(product) ? [product] : [])));
  // Each of the sums now has the factors as operands.
  for (const product of absorbed)
    for (const factor of product.args) uses.set(factor, uses.get(factor)! + uses.get(product)! - 1);
  return absorbed;
}
