import { cellAt, type Edge } from "../grid.ts";
import type { Access, Block, Graph, LocalArray, Node, Op, Reduction } from "../language/graph.ts";
import {
  type Bytes,
  type Expression,
  type FunctionBuilder,
  fillMemory,
  i32,
  i64,
  type LaneMemoryOpcode,
  type Local,
  lane,
  laneMemory,
  lanes32,
  load,
  type ModuleBuilder,
  type Opcode,
  op,
  shuffle,
  splat,
  store,
} from "./assembler.ts";
import type { Layout } from "./layout.ts";

/** Cells along x that one work item covers at most; fewer where a grid has too few rows for all threads. */
const MINIMUM_ITEMS = 64;
const MINIMUM_CHUNK = 256;

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

/** A row of a field that cells of the row at hand meet. */
interface Row {
  readonly access: Access;
  readonly bytes: number;
  readonly pointer: Local;
  /** All ones while the row is inside the grid, if it may leave it and is then zero. */
  readonly inside: Local | undefined;
}

/** v: a vector register; s: one i32 that all lanes share. */
type Form = "v" | "s";

const SCALAR_INT: Partial<Record<Op, Opcode>> = {
  add: "i32.add",
  sub: "i32.sub",
  mul: "i32.mul",
  and: "i32.and",
  or: "i32.or",
  xor: "i32.xor",
  shl: "i32.shl",
  shr: "i32.shr_u",
  sar: "i32.shr_s",
  lt: "i32.lt_s",
  le: "i32.le_s",
  eq: "i32.eq",
  ne: "i32.ne",
};

const VECTOR_INT: Partial<Record<Op, Opcode>> = {
  add: "i32x4.add",
  sub: "i32x4.sub",
  mul: "i32x4.mul",
  min: "i32x4.min_s",
  max: "i32x4.max_s",
  abs: "i32x4.abs",
  neg: "i32x4.neg",
  and: "v128.and",
  or: "v128.or",
  xor: "v128.xor",
  not: "v128.not",
  lt: "i32x4.lt_s",
  le: "i32x4.le_s",
  eq: "i32x4.eq",
  ne: "i32x4.ne",
};

const VECTOR_REAL = new Set<Op>([
  "add",
  "sub",
  "mul",
  "div",
  "abs",
  "neg",
  "sqrt",
  "floor",
  "ceil",
  "lt",
  "le",
  "eq",
  "ne",
]);

class Emitter {
  private readonly graph: Graph;
  private readonly options: KernelOptions;
  private readonly run: FunctionBuilder;
  private readonly out: Bytes;
  private readonly real: "f32" | "f64";
  private readonly vector: "f32x4" | "f64x2";
  private readonly L: number;
  private readonly fields: string[] = [];
  private readonly tables: string[] = [];
  private readonly reductions: { slot: string; reduction: Reduction; accumulators: Local[] }[] = [];

  /** Pure nodes with more than one user, and statements with a value, have a local. */
  private readonly uses = new Map<Node, number>();
  private readonly locals = new Map<Node, Local>();
  /** Products all users of which are sums: fused into each, they need not be computed at all. */
  private readonly absorbed = new Set<Node>();
  private readonly done = new Set<Node>();
  private readonly replaced: Node[] = [];
  private readonly arrays = new Map<LocalArray, number>();
  private scratchBytes = 0;
  /** Cells the row pointers are set back, so that no load has a negative offset. */
  private readonly back: number;
  private readonly rows = new Map<string, Row>();
  private readonly x: Local;
  private readonly y: Local;
  private readonly z: Local;
  /** First cell of the vector at hand if known now, as it is at the ends of a row. */
  private at: number | undefined;
  /** Lanes, of 32 bits, that have rounds left in the loops at hand, if that differs between them. */
  private active: Local | undefined;

  constructor(module: ModuleBuilder, graph: Graph, options: KernelOptions) {
    this.graph = graph;
    this.options = options;
    this.real = options.layout.bytes === 4 ? "f32" : "f64";
    this.vector = options.layout.bytes === 4 ? "f32x4" : "f64x2";
    this.L = options.layout.lanes;
    this.survey(graph.cell);
    this.absorbProducts();
    this.findReplaced();
    const parameters = 5 + this.fields.length + this.tables.length;
    this.run = module.function(Array.from({ length: parameters }, () => "i32"));
    this.out = this.run.body;
    this.x = this.run.local("i32");
    this.y = this.run.local("i32");
    this.z = this.run.local("i32");
    this.back = Math.max(0, ...this.relative().map(({ offset }) => -offset[0]));
  }

  /** Counts uses, from the statements up, and notes what memory is needed. */
  private survey(block: Block): void {
    const pending: Node[] = [];
    const use = (node: Node) => {
      if (!this.uses.has(node)) pending.push(node);
      this.uses.set(node, (this.uses.get(node) ?? 0) + 1);
    };
    const visit = (inner: Block) => {
      for (const statement of inner.statements) {
        if (!this.uses.has(statement)) {
          this.uses.set(statement, 0);
          pending.push(statement);
        }
        if (statement.loop) {
          visit(statement.loop.body);
          for (const node of statement.loop.next) use(node);
        }
      }
    };
    visit(block);
    for (let node = pending.pop(); node; node = pending.pop()) {
      for (const operand of node.args) use(operand);
      const note = (list: string[], key: string) => {
        if (!list.includes(key)) list.push(key);
      };
      if (node.access) note(this.fields, node.access.field);
      if (node.table !== undefined) note(this.tables, node.table);
      if (node.array && !this.arrays.has(node.array)) {
        this.arrays.set(node.array, this.scratchBytes);
        this.scratchBytes += 16 * node.array.length;
      }
    }
  }

  /** Reads of fields the kernel stores into, other than those that are statements themselves. */
  private findReplaced(): void {
    const nodes = [...this.uses.keys()];
    const stored = new Set(nodes.filter(({ op: name }) => name === "store").map(({ access }) => access!.field));
    for (const node of nodes)
      if (node.op === "load" && stored.has(node.access!.field) && !node.block.statements.includes(node))
        this.replaced.push(node);
  }

  private absorbProducts(): void {
    const absorbing = new Map<Node, number>();
    for (const { op: name, kind, args } of this.uses.keys())
      if (kind === "real" && (name === "add" || name === "sub") && args[0] !== args[1])
        for (const operand of args) if (operand.op === "mul") absorbing.set(operand, (absorbing.get(operand) ?? 0) + 1);
    for (const [product, users] of absorbing) if (users === this.uses.get(product)) this.absorbed.add(product);
  }

  private relative(): Access[] {
    const found: Access[] = [];
    for (const { access } of this.uses.keys()) if (access && !access.absolute[0]) found.push(access);
    return found;
  }

  emit(): KernelCode {
    const { run, graph } = this;
    const [nx, ny, nz] = graph.grid.size;
    const { lanes } = this.options.layout;
    const rows = (graph.sweep === 1 ? 1 : ny) * (graph.sweep === 2 ? 1 : nz);
    const offsets = this.relative().map(({ offset }) => offset[0]);
    // Vectors at the ends of a row whose neighbours lie outside are written out with the cells known.
    const left = Math.min(Math.ceil(Math.max(0, ...offsets.map((o) => -o)) / lanes), Math.ceil(nx / lanes));
    const vectors = Math.ceil(nx / lanes);
    const right = Math.max(0, ...offsets);
    const masked = graph.cell.statements.some(({ op: name }) => name === "reduce") && nx % lanes !== 0;
    const firstRight =
      right > 0
        ? Math.max(left, Math.floor((nx - lanes - right) / lanes) + 1)
        : masked
          ? Math.max(left, vectors - 1)
          : vectors;
    const chunks = this.chunks(nx, rows);
    const chunk = Math.floor(nx / chunks / 4) * 4;

    for (const key of this.tables) this.pointer(key);
    this.before(graph.everywhere, [graph.cell]);
    run.for(run.parameter(0), run.parameter(1), 1, (item) => {
      const rowOf = chunks === 1 ? item : run.let("i32", op("i32.div_u", item, i32(chunks)));
      const chunkOf = chunks === 1 ? undefined : run.let("i32", op("i32.rem_u", item, i32(chunks)));
      this.setRow(rowOf, ny, nz);
      this.before(graph.row, [graph.cell]);
      for (const statement of graph.cell.statements) if (statement.op === "reduce") this.startReduction(statement);
      const interior = (start: Expression, end: Expression) => {
        run.set(this.x, start);
        run.while(op("i32.lt_s", this.x, end), () => {
          this.cells(undefined);
          run.set(this.x, op("i32.add", this.x, i32(lanes)));
        });
      };
      const edges = (first: number, last: number) => {
        for (let i = first; i < last; i++) this.cells(i * lanes);
      };
      const inner = { from: left * lanes, to: Math.min(firstRight, vectors) * lanes };
      if (!chunkOf) {
        edges(0, left);
        if (inner.from < inner.to) interior(i32(inner.from), i32(inner.to));
        edges(firstRight, vectors);
      } else {
        const begin = run.let("i32", op("i32.mul", chunkOf, i32(chunk)));
        const end = run.let("i32", op("i32.add", begin, i32(chunk)));
        run.if(op("i32.eqz", chunkOf), () => {
          edges(0, left);
          run.set(begin, i32(inner.from));
        });
        run.if(op("i32.eq", chunkOf, i32(chunks - 1)), () => run.set(end, i32(inner.to)));
        interior(begin, end);
        run.if(op("i32.eq", chunkOf, i32(chunks - 1)), () => edges(firstRight, vectors));
      }
      this.finishReductions(item);
    });
    return {
      run,
      items: rows * chunks,
      fields: this.fields,
      tables: this.tables,
      accesses: this.accesses(chunks),
      scratchBytes: this.scratchBytes,
      reductions: this.reductions.map(({ slot, reduction }) => ({ slot, reduction })),
    };
  }

  private accesses(chunks: number): KernelCode["accesses"] {
    const found: { field: string; stores: boolean; own: boolean }[] = [];
    for (const { op: name, access } of this.uses.keys()) {
      if (!access) continue;
      const { field, offset, absolute } = access;
      const own = [0, 1, 2].every(
        (axis) =>
          axis === this.graph.sweep || (!absolute[axis] && (offset[axis] === 0 || (axis === 0 && chunks === 1))),
      );
      found.push({ field, stores: name === "store", own });
    }
    return found;
  }

  /** Items per row: one, unless there are too few rows to share out.  The last one takes the remainder. */
  private chunks(nx: number, rows: number): number {
    const widest = Math.max(0, ...this.relative().map(({ offset }) => Math.abs(offset[0])));
    // The ends of a row, written out, must fall into the first and the last item.
    const least = Math.max(MINIMUM_CHUNK, 4 * (widest + 4));
    return Math.max(1, Math.min(Math.ceil(MINIMUM_ITEMS / rows), Math.floor(nx / least)));
  }

  private pointer(key: string): Local {
    const field = this.fields.indexOf(key);
    return this.run.parameter(5 + (field >= 0 ? field : this.fields.length + this.tables.indexOf(key)));
  }

  private bytesOf(kind: "real" | "int" | "bool"): number {
    return kind === "real" ? this.options.layout.bytes : 4;
  }

  /** Indices and row pointers of an item. */
  private setRow(row: Expression, ny: number, nz: number): void {
    const { run, graph } = this;
    const across = graph.sweep === 1 ? 1 : ny;
    run.set(this.y, across === 1 ? i32(0) : nz === 1 ? row : op("i32.rem_u", row, i32(across)));
    run.set(this.z, nz === 1 || graph.sweep === 2 ? i32(0) : across === 1 ? row : op("i32.div_u", row, i32(across)));
    for (const node of this.uses.keys()) if (node.access && !node.access.absolute.some(Boolean)) this.rowOf(node);
    for (const entry of this.rows.values()) this.setPointer(entry);
  }

  /** Pointer to the row of cells an access with fixed offsets meets, set back by `back` cells. */
  private rowOf({ access, kind }: Node): Row {
    const { field, offset, edge } = access!;
    const rule = (axis: number) => (offset[axis] === 0 ? "" : `${offset[axis]}${edge[axis]}`);
    const key = `${field} ${rule(1)} ${rule(2)}`;
    let row = this.rows.get(key);
    if (!row) {
      const leaves = [1, 2].some((axis) => edge[axis] === "zero" && offset[axis] !== 0);
      row = {
        access: access!,
        bytes: this.bytesOf(kind),
        pointer: this.run.local("i32"),
        inside: leaves ? this.run.local("v128") : undefined,
      };
      this.rows.set(key, row);
    }
    return row;
  }

  private setPointer({ access: { field, offset, edge }, bytes, pointer, inside }: Row): void {
    const { run } = this;
    const [, ny, nz] = this.graph.grid.size;
    const { row, plane } = this.options.layout;
    const y = this.resolved(this.y, offset[1], edge[1], ny);
    const z = this.resolved(this.z, offset[2], edge[2], nz);
    const index = op("i32.add", op("i32.mul", y.index, i32(row)), op("i32.mul", z.index, i32(plane)));
    const back = op("i32.mul", op("i32.sub", index, i32(this.back)), i32(bytes));
    run.set(pointer, op("i32.add", this.pointer(field), back));
    if (!inside) return;
    const within = y.inside && z.inside ? op("i32.and", y.inside, z.inside) : (y.inside ?? z.inside)!;
    run.set(inside, op("i32x4.splat", op("i32.sub", i32(0), within)));
  }

  /** An index as the edge rule maps it into the grid; `inside` is there if the rule asks for zeros. */
  private resolved(
    index: Expression,
    offset: number,
    edge: Edge,
    n: number,
  ): { index: Expression; inside?: Expression } {
    if (offset === 0) return { index };
    const { run } = this;
    const moved = run.let("i32", op("i32.add", index, i32(offset)));
    return this.mapped(moved, edge, n);
  }

  private mapped(moved: Local, edge: Edge, n: number): { index: Expression; inside?: Expression } {
    const { run } = this;
    const choose = (condition: Expression, then: Expression, otherwise: Expression) =>
      op("select", then, otherwise, condition);
    const below = op("i32.lt_s", moved, i32(0));
    const above = op("i32.ge_s", moved, i32(n));
    const clamp = (value: Local) =>
      choose(op("i32.lt_s", value, i32(0)), i32(0), choose(op("i32.ge_s", value, i32(n)), i32(n - 1), value));
    switch (edge) {
      case "clamped":
        return { index: clamp(moved) };
      case "zero":
        return { index: clamp(moved), inside: op("i32.lt_u", moved, i32(n)) };
      case "mirror": {
        const reflected = choose(
          below,
          op("i32.sub", i32(-1), moved),
          choose(above, op("i32.sub", i32(2 * n - 1), moved), moved),
        );
        return { index: clamp(run.let("i32", reflected)) };
      }
      case "periodic": {
        const rest = run.let("i32", op("i32.rem_s", moved, i32(n)));
        return { index: choose(op("i32.lt_s", rest, i32(0)), op("i32.add", rest, i32(n)), rest) };
      }
      default:
        return edge satisfies never;
    }
  }

  /** Computes what a block's inner blocks, and the values they end with, need of it. */
  private before(block: Block, inner: readonly Block[], last: readonly Node[] = []): void {
    if (block === this.graph.everywhere || block === this.graph.row) this.forget(block);
    const seen = new Set<Node>();
    const walk = (node: Node): void => {
      if (seen.has(node)) return;
      seen.add(node);
      if (node.block.depth <= block.depth) {
        if (node.block === block && !this.inline(node)) this.materialise(node);
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

  private forget(block: Block): void {
    for (const node of this.done) if (block.encloses(node.block)) this.done.delete(node);
  }

  /** Cheaper to write again than to keep. */
  private inline(node: Node): boolean {
    return node.op === "constant" && (node.kind !== "real" || node.value === 0);
  }

  private materialise(node: Node): void {
    if (this.done.has(node)) return;
    const local = this.localOf(node);
    this.value(node);
    this.out.byte(0x21);
    this.out.unsigned(local.index);
    this.done.add(node);
  }

  private localOf(node: Node): Local {
    let local = this.locals.get(node);
    if (!local) {
      local = this.run.local(this.formOf(node) === "v" ? "v128" : "i32");
      this.locals.set(node, local);
    }
    return local;
  }

  private formOf(node: Node): Form {
    return node.varying ? "v" : "s";
  }

  /** The statements of one vector of cells. */
  private cells(at: number | undefined): void {
    this.at = at;
    this.forget(this.graph.cell);
    // What a cell replaces it has read before.
    for (const node of this.replaced) this.materialise(node);
    if (this.scratchBytes > 0) this.run.emit(fillMemory(this.run.parameter(2), i32(0), i32(this.scratchBytes)));
    this.statements(this.graph.cell);
  }

  private statements(block: Block): void {
    for (const statement of block.statements) this.statement(statement);
  }

  private statement(node: Node): void {
    switch (node.op) {
      case "load":
      case "get":
        this.materialise(node);
        break;
      case "store":
        this.storeCell(node);
        break;
      case "set":
        this.setElement(node);
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

  /** Leaves the value of a node on the stack. */
  private push(node: Node, form: Form = "v"): void {
    const own = this.formOf(node);
    if (own === "v" && form === "s")
      this.graph.fail("a value that differs from cell to cell stands where one is needed");
    if (own === "s" && form === "v" && node.op === "constant") {
      splat("i32", node.kind === "bool" ? -node.value! : node.value!)(this.out);
      return;
    }
    if (own === "s" && form === "v" && node.kind === "bool") i32(0)(this.out);
    this.pushOwn(node);
    if (own === "s" && form === "v") {
      if (node.kind === "bool") op("i32.sub")(this.out);
      op("i32x4.splat")(this.out);
    }
  }

  private pushOwn(node: Node): void {
    if (this.done.has(node)) {
      this.localOf(node)(this.out);
      return;
    }
    this.value(node);
    if (this.uses.get(node)! > 1 && !this.inline(node)) {
      const local = this.localOf(node);
      this.out.byte(0x22);
      this.out.unsigned(local.index);
      this.done.add(node);
    }
  }

  /** A node's operand as an expression, in vector form unless said otherwise. */
  private operand(node: Node, form: Form = "v"): Expression {
    return () => this.push(node, form);
  }

  private emitOp(name: Opcode, ...operands: Expression[]): void {
    op(name, ...operands)(this.out);
  }

  private value(node: Node): void {
    const { out } = this;
    const form = this.formOf(node);
    switch (node.op) {
      case "constant":
        if (node.kind === "real") splat(this.real, node.value!)(out);
        else i32(node.value!)(out);
        return;
      case "uniform":
        this.uniform(node);
        return;
      case "index":
        if (node.axis === 0) this.ownX()(out);
        else (node.axis === 1 ? this.y : this.z)(out);
        return;
      case "load":
        this.loadCell(node);
        return;
      case "lookup":
        this.lookup(node);
        return;
      case "get":
        this.getElement(node);
        return;
      default:
    }
    if (node.kind === "real") this.realValue(node);
    else if (form === "s") this.scalarValue(node);
    else if (node.kind === "int") this.intValue(node);
    else this.boolValue(node);
  }

  private uniform(node: Node): void {
    const address = this.run.parameter(3);
    const offset = this.options.slot(node.slot!);
    if (node.kind === "int") load("i32.load", address, offset)(this.out);
    else if (this.real === "f64") load("v128.load64_splat", address, offset)(this.out);
    else this.emitOp("f32x4.splat", op("f32.demote_f64", load("f64.load", address, offset)));
  }

  private realValue(node: Node): void {
    const [a, b, c] = node.args;
    const v = this.vector;
    switch (node.op) {
      case "add":
      case "sub":
        if (this.options.fma && this.fused(node)) return;
        break;
      case "round":
        this.emitOp(`${v}.nearest`, this.operand(a));
        return;
      case "select":
        this.emitOp("v128.bitselect", this.operand(b), this.operand(c), this.operand(a));
        return;
      case "toReal":
        this.emitOp(v === "f32x4" ? "f32x4.convert_i32x4_s" : "f64x2.convert_low_i32x4_s", this.operand(a));
        return;
      case "pow2":
        if (v === "f32x4") this.emitOp("i32x4.shl", op("i32x4.add", this.operand(a), splat("i32", 127)), i32(23));
        else
          this.emitOp(
            "i64x2.shl",
            op("i64x2.extend_low_i32x4_s", op("i32x4.add", this.operand(a), splat("i32", 1023))),
            i32(52),
          );
        return;
      case "mantissa":
        if (v === "f32x4")
          this.emitOp("v128.or", op("v128.and", this.operand(a), splat("i32", 0x007fffff)), splat("i32", 0x3f800000));
        else
          this.emitOp(
            "v128.or",
            op("v128.and", this.operand(a), lanes32([-1, 0x000fffff, -1, 0x000fffff])),
            lanes32([0, 0x3ff00000, 0, 0x3ff00000]),
          );
        return;
      default:
    }
    if (node.op === "min" || node.op === "max") {
      // One instruction on every machine, unlike the forms that care about NaN and signed zero.
      this.emitOp(`${v}.p${node.op}`, ...node.args.map((operand) => this.operand(operand)));
      return;
    }
    if (!VECTOR_REAL.has(node.op)) this.graph.fail(`"${node.op}" has no vector form`);
    this.emitOp(`${v}.${node.op}` as Opcode, ...node.args.map((operand) => this.operand(operand)));
  }

  /** a·b ± c in one rounding, where the product has no other use. */
  private fused(node: Node): boolean {
    const [a, b] = node.args;
    const single = (n: Node) => this.absorbed.has(n) && !this.done.has(n);
    const product = single(b) ? b : single(a) ? a : undefined;
    if (!product) return false;
    const [p, q] = product.args.map((operand) => this.operand(operand));
    const v = this.vector;
    if (node.op === "add") this.emitOp(`${v}.relaxed_madd`, p, q, this.operand(product === b ? a : b));
    else if (product === b) this.emitOp(`${v}.relaxed_nmadd`, p, q, this.operand(a));
    else this.emitOp(`${v}.relaxed_madd`, p, q, op(`${v}.neg`, this.operand(b)));
    return true;
  }

  private scalarValue(node: Node): void {
    const [a, b, c] = node.args;
    const s = (n: Node) => this.operand(n, "s");
    const name = SCALAR_INT[node.op];
    if (name && b) {
      this.emitOp(name, s(a), s(b));
      return;
    }
    switch (node.op) {
      case "div":
      case "mod": {
        // A zero divisor would trap, as would −2^31 / −1.
        const divisor = this.run.let("i32", s(b));
        const dividend = this.run.let("i32", s(a));
        const minusOne = op("i32.eq", divisor, i32(-1));
        const safe = op("select", i32(1), divisor, op("i32.or", op("i32.eqz", divisor), minusOne));
        const plain = op(node.op === "div" ? "i32.div_s" : "i32.rem_s", dividend, safe);
        const negated = node.op === "div" ? op("i32.sub", i32(0), dividend) : i32(0);
        this.emitOp("select", i32(0), op("select", negated, plain, minusOne), op("i32.eqz", divisor));
        return;
      }
      case "min":
      case "max": {
        const left = this.run.let("i32", s(a));
        const right = this.run.let("i32", s(b));
        this.emitOp("select", left, right, op(node.op === "min" ? "i32.lt_s" : "i32.gt_s", left, right));
        return;
      }
      case "neg":
        this.emitOp("i32.sub", i32(0), s(a));
        return;
      case "abs": {
        const value = this.run.let("i32", s(a));
        this.emitOp("select", op("i32.sub", i32(0), value), value, op("i32.lt_s", value, i32(0)));
        return;
      }
      case "not":
        if (node.kind === "bool") this.emitOp("i32.eqz", s(a));
        else this.emitOp("i32.xor", s(a), i32(-1));
        return;
      case "mulhi":
        this.emitOp(
          "i32.wrap_i64",
          op("i64.shr_u", op("i64.mul", op("i64.extend_i32_u", s(a)), op("i64.extend_i32_u", s(b))), i64(32)),
        );
        return;
      case "select":
        this.emitOp("select", s(b), s(c), s(a));
        return;
      default:
        this.counterOrCarried(node);
    }
  }

  private counterOrCarried(node: Node): void {
    this.graph.fail(`"${node.op}" is used before it has a value`);
  }

  private intValue(node: Node): void {
    const [a, b, c] = node.args;
    const v = (n: Node) => this.operand(n);
    const name = VECTOR_INT[node.op];
    if (name) {
      this.emitOp(name, ...node.args.map(v));
      return;
    }
    switch (node.op) {
      case "shl":
      case "shr":
      case "sar": {
        const shift = { shl: "i32x4.shl", shr: "i32x4.shr_u", sar: "i32x4.shr_s" } as const;
        if (!b.varying) this.emitOp(shift[node.op], v(a), this.operand(b, "s"));
        else this.lanewise(node, shift[node.op].replace("x4", "") as Opcode);
        return;
      }
      case "div":
      case "mod":
        this.divided(node);
        return;
      case "mulhi": {
        const left = this.run.let("v128", v(a));
        const right = this.run.let("v128", v(b));
        shuffle(
          op("i64x2.extmul_low_i32x4_u", left, right),
          op("i64x2.extmul_high_i32x4_u", left, right),
          [1, 3, 5, 7],
        )(this.out);
        return;
      }
      case "select":
        this.emitOp("v128.bitselect", v(b), v(c), this.intMask(a));
        return;
      case "toInt":
        this.emitOp(this.real === "f32" ? "i32x4.trunc_sat_f32x4_s" : "i32x4.trunc_sat_f64x2_s_zero", v(a));
        return;
      case "exponent":
        if (this.real === "f32")
          this.emitOp(
            "i32x4.sub",
            op("v128.and", op("i32x4.shr_u", v(a), i32(23)), splat("i32", 0xff)),
            splat("i32", 127),
          );
        else {
          const high = op("i64x2.shr_u", v(a), i32(52));
          const words = this.run.let("v128", high);
          this.emitOp(
            "i32x4.sub",
            op("v128.and", shuffle(words, words, [0, 2, 0, 2]), splat("i32", 0x7ff)),
            splat("i32", 1023),
          );
        }
        return;
      default:
        this.counterOrCarried(node);
    }
  }

  /** Integers have no vector division: lane by lane, through doubles, which hold them exactly. */
  private divided(node: Node): void {
    const [a, b] = node.args;
    const left = this.run.let("v128", this.operand(a));
    const right = this.run.let("v128", this.operand(b));
    const half = (x: Expression, high: boolean) =>
      op("f64x2.convert_low_i32x4_s", high ? shuffle(x, x, [2, 3, 2, 3]) : x);
    const quotient = (high: boolean) =>
      op("i32x4.trunc_sat_f64x2_s_zero", op("f64x2.div", half(left, high), half(right, high)));
    const whole = this.run.let(
      "v128",
      this.real === "f64" ? quotient(false) : shuffle(quotient(false), quotient(true), [0, 1, 4, 5]),
    );
    const isZero = op("i32x4.eq", right, splat("i32", 0));
    // −2^31 / −1 saturates where wrapping is wanted.
    const wrapped = op("v128.bitselect", op("i32x4.neg", left), whole, op("i32x4.eq", right, splat("i32", -1)));
    const result = node.op === "div" ? wrapped : op("i32x4.sub", left, op("i32x4.mul", wrapped, right));
    this.emitOp("v128.andnot", result, isZero);
  }

  private lanewise(node: Node, name: Opcode): void {
    const [a, b] = node.args.map((operand) => this.run.let("v128", this.operand(operand)));
    const result = this.run.local("v128");
    this.run.set(result, a);
    for (let i = 0; i < this.L; i++)
      this.run.set(
        result,
        lane(
          "i32x4.replace_lane",
          i,
          result,
          op(name, lane("i32x4.extract_lane", i, a), lane("i32x4.extract_lane", i, b)),
        ),
      );
    result(this.out);
  }

  /** Truth is a mask as wide as a real. */
  private boolValue(node: Node): void {
    const [a, b, c] = node.args;
    const v = (n: Node) => this.operand(n);
    switch (node.op) {
      case "lt":
      case "le":
      case "eq":
      case "ne": {
        if (a.kind === "real") {
          this.emitOp(`${this.vector}.${node.op}`, v(a), v(b));
          return;
        }
        const compared = a.kind === "bool" ? op("v128.xor", v(a), v(b)) : op(VECTOR_INT[node.op]!, v(a), v(b));
        if (a.kind === "bool" && node.op === "eq") this.emitOp("v128.not", compared);
        else if (a.kind === "bool" || this.real === "f32") compared(this.out);
        else this.emitOp("i64x2.extend_low_i32x4_s", compared);
        return;
      }
      case "and":
      case "or":
      case "xor":
      case "not":
        this.emitOp(VECTOR_INT[node.op]!, ...node.args.map(v));
        return;
      case "select":
        this.emitOp("v128.bitselect", v(b), v(c), v(a));
        return;
      default:
        this.counterOrCarried(node);
    }
  }

  /** A mask for integers, whose lanes are the low ones. */
  private intMask(node: Node): Expression {
    if (this.real === "f32") return this.operand(node);
    return () => {
      const mask = this.run.let("v128", this.operand(node));
      shuffle(mask, mask, [0, 2, 0, 2])(this.out);
    };
  }

  // --- memory

  private loadVector(kind: Node["kind"], address: Expression, offset: number): Expression {
    return load(kind === "int" && this.real === "f64" ? "v128.load64_zero" : "v128.load", address, offset);
  }

  private laneLoad(kind: Node["kind"]): LaneMemoryOpcode {
    return kind === "real" && this.real === "f64" ? "v128.load64_lane" : "v128.load32_lane";
  }

  private loadCell(node: Node): void {
    const { absolute, component } = node.access!;
    const bytes = this.bytesOf(node.kind);
    const base = component * this.options.layout.component * bytes;
    if (absolute.some(Boolean)) {
      this.gather(node, base);
      return;
    }
    const { pointer, inside } = this.rowOf(node);
    const loaded = this.loadRow(node, pointer, base);
    if (inside) this.emitOp("v128.and", loaded, inside);
    else loaded(this.out);
  }

  /** Where a row begins.  What points before it may lie before all memory, and offsets do not wrap as sums do. */
  private rowStart(pointer: Expression, bytes: number): Expression {
    return this.back === 0 ? pointer : op("i32.add", pointer, i32(this.back * bytes));
  }

  /** One vector of a row, displaced along x. */
  private loadRow(node: Node, pointer: Expression, base: number): Expression {
    const { offset, edge } = node.access!;
    const bytes = this.bytesOf(node.kind);
    const { L } = this;
    const [nx] = this.graph.grid.size;
    if (this.at === undefined) {
      const moved = op("i32.add", pointer, op("i32.mul", this.x, i32(bytes)));
      return this.loadVector(node.kind, moved, base + (offset[0] + this.back) * bytes);
    }
    const first = this.at;
    const start = this.rowStart(pointer, bytes);
    const at = (cell: number) => base + cell * bytes;
    const sources = Array.from({ length: L }, (_, l) => {
      const x = first + l;
      // What lies beyond the end of the row is never looked at.
      return x >= nx ? undefined : cellAt(edge[0], x + offset[0], nx);
    });
    const wanted = sources.filter((s) => s !== undefined && s >= 0) as number[];
    if (wanted.length === 0) return splat("i32", 0);
    const last = this.options.layout.row - L;
    const low = Math.min(Math.max(0, first + offset[0]), last);
    if (sources.every((s, l) => s === undefined || s === low + l)) return this.loadVector(node.kind, start, at(low));
    // Up to two vectors hold all sources, mostly.
    const windows = [Math.min(Math.min(...wanted), last)];
    const beyond = wanted.filter((s) => s >= windows[0] + L);
    if (beyond.length > 0) windows.push(Math.min(Math.min(...beyond), last));
    const within = (s: number) => windows.findIndex((w) => s >= w && s < w + L);
    let gathered: Expression;
    if (wanted.every((s) => within(s) >= 0)) {
      const size = kindBytes(node.kind, this.real) as 4 | 8;
      const perVector = 16 / size;
      const picks = sources.map((s) => (s === undefined || s < 0 ? 0 : within(s) * perVector + s - windows[within(s)]));
      while (picks.length < perVector) picks.push(0);
      const [a, b] = windows.map((w) => this.loadVector(node.kind, start, at(w)));
      gathered = shuffle(a, b ?? a, picks, size);
    } else {
      gathered = splat("i32", 0);
      sources.forEach((s, l) => {
        if (s !== undefined && s >= 0) gathered = laneMemory(this.laneLoad(node.kind), start, gathered, l, at(s));
      });
    }
    if (!sources.includes(-1)) return gathered;
    const width = kindBytes(node.kind, this.real) / 4;
    const keep = Array.from({ length: 4 }, (_, word) => (sources[Math.floor(word / width)] === -1 ? 0 : -1));
    return op("v128.and", gathered, lanes32(keep));
  }

  /** Loads by absolute indices. */
  private gather(node: Node, base: number): void {
    const { run } = this;
    const { field, absolute, offset, edge } = node.access!;
    const bytes = this.bytesOf(node.kind);
    const { row, plane } = this.options.layout;
    const strides = [1, row, plane];
    const given = [...node.args];
    const indices = absolute.map((is) => (is ? given.shift()! : undefined));
    const own = [this.x, this.y, this.z];
    const lanewise = indices.some((index) => index?.varying);
    let address: Expression = this.pointer(field);
    const masks: Expression[] = [];
    // Axes whose index is one for the whole vector go into the address.
    let vectorPart: Expression | undefined;
    for (const axis of [0, 1, 2]) {
      const index = indices[axis];
      const n = this.graph.grid.size[axis];
      if (index?.varying) {
        const mapped = this.mappedLanes(run.let("v128", this.operand(index)), edge[axis], n);
        if (mapped.inside) masks.push(node.kind === "int" ? mapped.inside : this.widened(mapped.inside));
        const part = axis === 0 ? mapped.index : op("i32x4.mul", mapped.index, splat("i32", strides[axis]));
        vectorPart = vectorPart ? op("i32x4.add", vectorPart, part) : part;
      } else if (index || (axis !== 0 && offset[axis] === 0)) {
        const mapped = index
          ? this.mapped(run.let("i32", this.operand(index, "s")), edge[axis], n)
          : { index: own[axis] };
        if (mapped.inside) masks.push(op("i32x4.splat", op("i32.sub", i32(0), mapped.inside)));
        address = op("i32.add", address, op("i32.mul", mapped.index, i32(strides[axis] * bytes)));
      }
    }
    let loaded: Expression;
    if (lanewise) {
      // The own x, where it is not given.
      if (!indices[0]) vectorPart = op("i32x4.add", vectorPart!, this.ownX());
      const offsets = run.let("v128", op("i32x4.mul", vectorPart!, splat("i32", bytes)));
      const start = run.let("i32", address);
      loaded = splat("i32", 0);
      for (let l = 0; l < this.L; l++)
        loaded = laneMemory(
          this.laneLoad(node.kind),
          op("i32.add", start, lane("i32x4.extract_lane", l, offsets)),
          loaded,
          l,
          base,
        );
    } else if (indices[0]) {
      loaded = load(bytes === 8 ? "v128.load64_splat" : "v128.load32_splat", address, base);
    } else {
      const pointer = run.let("i32", op("i32.sub", address, i32(this.back * bytes)));
      loaded = this.loadRow(node, pointer, base);
    }
    for (const mask of masks) loaded = op("v128.and", loaded, mask);
    loaded(this.out);
  }

  /** A mask of 32-bit lanes, as wide as what it masks. */
  private widened(mask: Expression): Expression {
    return this.real === "f32" ? mask : op("i64x2.extend_low_i32x4_s", mask);
  }

  private mappedLanes(index: Local, edge: Edge, n: number): { index: Expression; inside?: Expression } {
    const clamp = (value: Expression) =>
      op("i32x4.max_s", op("i32x4.min_s", value, splat("i32", n - 1)), splat("i32", 0));
    switch (edge) {
      case "clamped":
        return { index: clamp(index) };
      case "zero":
        return { index: clamp(index), inside: op("i32x4.lt_u", index, splat("i32", n)) };
      case "mirror": {
        const below = op("i32x4.lt_s", index, splat("i32", 0));
        const above = op("i32x4.ge_s", index, splat("i32", n));
        const low = op("v128.bitselect", op("i32x4.sub", splat("i32", -1), index), index, below);
        return { index: clamp(op("v128.bitselect", op("i32x4.sub", splat("i32", 2 * n - 1), index), low, above)) };
      }
      case "periodic": {
        const half = (high: boolean) =>
          op("f64x2.convert_low_i32x4_s", high ? shuffle(index, index, [2, 3, 2, 3]) : index);
        // Exact: an int over an int, in doubles, rounded down.
        const turns = (high: boolean) =>
          op("i32x4.trunc_sat_f64x2_s_zero", op("f64x2.floor", op("f64x2.div", half(high), splat("f64", n))));
        const whole = this.real === "f64" ? turns(false) : shuffle(turns(false), turns(true), [0, 1, 4, 5]);
        return { index: op("i32x4.sub", index, op("i32x4.mul", whole, splat("i32", n))) };
      }
      default:
        return edge satisfies never;
    }
  }

  private lookup(node: Node): void {
    const { run } = this;
    const { rows, components } = this.options.table(node.table!);
    const bytes = this.bytesOf(node.kind);
    const [index] = node.args;
    const base = node.component! * bytes;
    const table = this.pointer(node.table!);
    if (!index.varying) {
      const { index: clamped } = this.mapped(run.let("i32", this.operand(index, "s")), "clamped", rows);
      const address = op("i32.add", table, op("i32.mul", clamped, i32(components * bytes)));
      load(bytes === 8 ? "v128.load64_splat" : "v128.load32_splat", address, base)(this.out);
      return;
    }
    const { index: clamped } = this.mappedLanes(run.let("v128", this.operand(index)), "clamped", rows);
    const offsets = run.let("v128", op("i32x4.mul", clamped, splat("i32", components * bytes)));
    let loaded = splat("i32", 0);
    for (let l = 0; l < this.L; l++)
      loaded = laneMemory(
        this.laneLoad(node.kind),
        op("i32.add", table, lane("i32x4.extract_lane", l, offsets)),
        loaded,
        l,
        base,
      );
    loaded(this.out);
  }

  private storeCell(node: Node): void {
    const { run } = this;
    const { field, component, absolute, edge } = node.access!;
    const bytes = this.bytesOf(node.kind);
    const { row, plane, component: stride } = this.options.layout;
    const base = component * stride * bytes;
    const given = node.args.slice(0, -1);
    const indices = absolute.map((is) => (is ? given.shift()! : undefined));
    let pointer: Expression;
    const conditions: Expression[] = [];
    if (absolute.some(Boolean)) {
      let address: Expression = this.pointer(field);
      for (const axis of [1, 2]) {
        const index = indices[axis];
        if (index?.varying)
          this.graph.fail(`a store whose place differs from cell to cell, ${"xyz"[axis]} of "${field}"`);
        const own = { index: axis === 1 ? this.y : this.z, inside: undefined };
        const { index: at, inside } = index
          ? this.mapped(run.let("i32", this.operand(index, "s")), edge[axis], this.graph.grid.size[axis])
          : own;
        if (inside) conditions.push(inside);
        address = op("i32.add", address, op("i32.mul", at, i32((axis === 1 ? row : plane) * bytes)));
      }
      pointer = run.let("i32", op("i32.sub", address, i32(this.back * bytes)));
    } else pointer = this.rowOf(node).pointer;
    const moved = op("i32.add", pointer, op("i32.mul", this.x, i32(bytes)));
    const address = this.at === undefined ? moved : this.rowStart(pointer, bytes);
    const offset = base + (this.at ?? this.back) * bytes;
    const last = node.args.at(-1)!;
    // What is stored under a condition must exist without it.
    const value = conditions.length > 0 ? run.let("v128", this.operand(last)) : this.operand(last);
    const stored =
      node.kind === "int" && this.real === "f64"
        ? laneMemory("v128.store64_lane", address, value, 0, offset)
        : store("v128.store", address, value, offset);
    if (conditions.length === 0) run.emit(stored);
    else
      run.if(
        conditions.reduce((p, q) => op("i32.and", p, q)),
        () => run.emit(stored),
      );
  }

  /** An element of a local array: one vector register each. */
  private element(array: LocalArray, index: Node): { read: Expression; write: (value: Expression) => void } {
    const { run } = this;
    const base = this.arrays.get(array)!;
    const scratch = run.parameter(2);
    if (!index.varying) {
      const { index: clamped } = this.mapped(run.let("i32", this.operand(index, "s")), "clamped", array.length);
      const address = run.let("i32", op("i32.add", scratch, op("i32.mul", clamped, i32(16))));
      return {
        read: load("v128.load", address, base),
        write: (value) => run.emit(store("v128.store", address, value, base)),
      };
    }
    const bytes = kindBytes(array.kind, this.real);
    const { index: clamped } = this.mappedLanes(run.let("v128", this.operand(index)), "clamped", array.length);
    const offsets = run.let("v128", op("i32x4.shl", clamped, i32(4)));
    const lanes = Array.from({ length: this.L }, (_, l) => ({
      address: op("i32.add", scratch, lane("i32x4.extract_lane", l, offsets)),
      offset: base + l * bytes,
    }));
    return {
      read: lanes.reduce(
        (loaded, { address, offset }, l) => laneMemory(this.laneLoad(array.kind), address, loaded, l, offset),
        splat("i32", 0),
      ),
      write: (value) => {
        const name = bytes === 8 ? "v128.store64_lane" : "v128.store32_lane";
        for (const [l, { address, offset }] of lanes.entries()) run.emit(laneMemory(name, address, value, l, offset));
      },
    };
  }

  private getElement({ args: [index], array }: Node): void {
    this.element(array!, index).read(this.out);
  }

  private setElement({ args: [index, value], array }: Node): void {
    const { read, write } = this.element(array!, index);
    let stored = this.run.let("v128", this.operand(value));
    if (this.active) {
      const mask = array!.kind === "int" ? this.active : this.widened(this.active);
      stored = this.run.let("v128", op("v128.bitselect", stored, read, mask));
    }
    write(stored);
  }

  private assign(node: Node): void {
    const [value] = node.args;
    const address = this.run.parameter(3);
    const offset = this.options.slot(node.slot!);
    if (node.kind === "int") {
      const word = value.varying ? lane("i32x4.extract_lane", 0, this.operand(value)) : this.operand(value, "s");
      store("i32.store", address, word, offset)(this.out);
    } else if (this.real === "f64")
      store("f64.store", address, lane("f64x2.extract_lane", 0, this.operand(value)), offset)(this.out);
    else this.graph.fail("scalars are assigned by kernels on scalars only");
  }

  // --- reductions: in double precision, item by item

  private startReduction(node: Node): void {
    let entry = this.reductions.find(({ slot }) => slot === node.slot);
    if (!entry) {
      const accumulators = Array.from({ length: node.reduction === "sum" && this.real === "f32" ? 2 : 1 }, () =>
        this.run.local("v128"),
      );
      entry = { slot: node.slot!, reduction: node.reduction!, accumulators };
      this.reductions.push(entry);
    }
    const wide = node.reduction === "sum" ? "f64" : this.real;
    for (const local of entry.accumulators) this.run.set(local, splat(wide, NEUTRAL[node.reduction!]));
  }

  private accumulate(node: Node): void {
    const { run, at, L } = this;
    const { reduction, accumulators } = this.reductions.find(({ slot }) => slot === node.slot)!;
    const [nx] = this.graph.grid.size;
    let value = this.operand(node.args[0]);
    if (at !== undefined && at + L > nx) {
      const width = this.options.layout.bytes / 4;
      const keep = Array.from({ length: 4 }, (_, word) => (at + Math.floor(word / width) < nx ? -1 : 0));
      value = op("v128.bitselect", value, splat(this.real, NEUTRAL[reduction]), lanes32(keep));
    }
    if (reduction !== "sum") run.set(accumulators[0], op(`${this.vector}.${reduction}`, accumulators[0], value));
    else if (this.real === "f64") run.set(accumulators[0], op("f64x2.add", accumulators[0], value));
    else {
      const whole = run.let("v128", value);
      const high = shuffle(whole, whole, [2, 3, 2, 3]);
      run.set(accumulators[0], op("f64x2.add", accumulators[0], op("f64x2.promote_low_f32x4", whole)));
      run.set(accumulators[1], op("f64x2.add", accumulators[1], op("f64x2.promote_low_f32x4", high)));
    }
  }

  private finishReductions(item: Expression): void {
    const { run } = this;
    this.reductions.forEach(({ reduction, accumulators }, i) => {
      const parts: Expression[] = accumulators.flatMap((local) => {
        const wide = reduction === "sum" || this.real === "f64";
        return Array.from({ length: wide ? 2 : 4 }, (_, l) =>
          wide ? lane("f64x2.extract_lane", l, local) : op("f64.promote_f32", lane("f32x4.extract_lane", l, local)),
        );
      });
      const combine = reduction === "sum" ? "f64.add" : (`f64.${reduction}` as const);
      const total = parts.reduce((a, b) => op(combine, a, b));
      const address = op("i32.add", run.parameter(4), op("i32.mul", item, i32(8 * this.reductions.length)));
      run.emit(store("f64.store", address, total, 8 * i));
    });
  }

  // --- loops

  /** A count of rounds, and none for lanes beyond the end of the row, where anything may stand. */
  private withinRow(count: Expression): Expression {
    const { at, L } = this;
    const [nx] = this.graph.grid.size;
    if (nx % L === 0 || (at !== undefined && at + L <= nx)) return count;
    return op("v128.and", count, op("i32x4.lt_s", this.ownX(), splat("i32", nx)));
  }

  private ownX(): Expression {
    return op("i32x4.add", op("i32x4.splat", this.at === undefined ? this.x : i32(this.at)), lanes32([0, 1, 2, 3]));
  }

  private loop(node: Node): void {
    const { run } = this;
    const { count, counter, phis, initial, next, results, body } = node.loop!;
    this.before(node.block, [body], next);
    const rounds = count.varying ? undefined : run.let("i32", this.operand(count, "s"));
    const counts = count.varying ? run.let("v128", this.withinRow(this.operand(count))) : undefined;
    const carried = phis.map((phi, i) => {
      const local = this.localOf(phi);
      run.set(local, this.operand(initial[i]));
      this.done.add(phi);
      return local;
    });
    const i = this.localOf(counter);
    this.done.add(counter);
    run.set(i, i32(0));
    const outer = this.active;
    const unfinished = counts && op("i32x4.lt_s", op("i32x4.splat", i), counts);
    const running = unfinished && outer ? op("v128.and", unfinished, outer) : unfinished;
    // Idle lanes of a double-precision vector must not keep the loop alive.
    const again = rounds
      ? op("i32.lt_s", i, rounds)
      : op("i32.and", op("i32x4.bitmask", running!), i32((1 << this.L) - 1));
    run.while(again, () => {
      for (const done of [...this.done]) if (done.block !== body && body.encloses(done.block)) this.done.delete(done);
      for (const done of [...this.done])
        if (done.block === body && done !== counter && !phis.includes(done)) this.done.delete(done);
      const mask = running && run.let("v128", running);
      this.active = mask ?? outer;
      this.statements(body);
      // All before any, since one may depend on another's old value.
      const values = next.map((operand) => run.let("v128", this.operand(operand)));
      const realMask = mask && run.let("v128", this.widened(mask));
      values.forEach((value, k) => {
        if (!mask) run.set(carried[k], value);
        else {
          const wide = next[k].kind === "int" ? mask : realMask!;
          run.set(carried[k], op("v128.bitselect", value, carried[k], wide));
        }
      });
      run.set(i, op("i32.add", i, i32(1)));
      this.active = outer;
    });
    for (const done of [...this.done]) if (body.encloses(done.block)) this.done.delete(done);
    results.forEach((result, k) => {
      run.set(this.localOf(result), carried[k]);
      this.done.add(result);
    });
  }
}

const kindBytes = (kind: Node["kind"], real: "f32" | "f64"): number => (kind === "int" || real === "f32" ? 4 : 8);
