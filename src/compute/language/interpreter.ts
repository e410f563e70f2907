import type { NumberArray } from "../backend.ts";
import { cellAt, cellsOf } from "../grid.ts";
import { type Access, type Block, evaluate, type Graph, type Loop, type Node } from "./graph.ts";

/** What the keys in a graph stand for; fields and scalars are changed in place. */
export interface Memory {
  /** Component planes one after the other, x fastest, on the grid of the graph. */
  readonly fields?: ReadonlyMap<string, NumberArray>;
  readonly scalars?: Map<string, number>;
  /** Rows, each with the components of its type. */
  readonly tables?: ReadonlyMap<string, readonly (readonly number[])[]>;
}

export interface Rounding {
  /** Precision every real operation is rounded to, and every real that is read; "f64" unless said otherwise. */
  readonly round?: "f32" | "f64";
  /** Sums one operand of which is a product are rounded once, as machines that contract a·b + c do. */
  readonly fused?: boolean;
}

/**
 * Runs a graph on plain numbers, cell by cell, x first: slow, and the standard that compiled kernels are held to.
 *
 * Plain reads see what fields and scalars held before the kernel ran; reads of updated fields see what has been stored.
 * Stores follow the edge rule of their field as reads do, and beyond an end that reads as zero nothing is stored.  Local
 * arrays begin as zeros in every cell, and their indices are clamped.  Sums of reductions are not rounded in between.
 * @throws {KernelError} when the memory lacks a field, scalar or table
 */
export function interpret(graph: Graph, memory: Memory, rounding: Rounding = {}): void {
  new Interpreter(graph, memory, rounding).run();
}

class Interpreter {
  private readonly graph: Graph;
  private readonly memory: Memory;
  private readonly round: (x: number) => number;
  private readonly fused: boolean;
  /** The fields that are stored into, as they were. */
  private readonly before = new Map<string, NumberArray>();
  private readonly assigned = new Map<string, number>();
  private readonly reduced = new Map<string, number>();
  /** Values of the nodes of each block, for as long as they hold. */
  private readonly known = new Map<Block, Map<Node, number>>();
  private readonly arrays: number[][];
  private cell: readonly [number, number, number] = [0, 0, 0];

  constructor(graph: Graph, memory: Memory, { round = "f64", fused = false }: Rounding) {
    this.graph = graph;
    this.memory = memory;
    this.round = round === "f32" ? Math.fround : (x) => x;
    this.fused = fused;
    this.arrays = graph.arrays.map(() => []);
  }

  run(): void {
    const { graph } = this;
    this.remember(graph.cell);
    const [nx, ny, nz] = graph.grid.size.map((n, axis) => (axis === graph.sweep ? 1 : n));
    this.known.set(graph.everywhere, new Map());
    for (let z = 0; z < nz; z++)
      for (let y = 0; y < ny; y++) {
        this.known.set(graph.row, new Map());
        for (let x = 0; x < nx; x++) {
          this.cell = [x, y, z];
          for (const { id, length } of graph.arrays) this.arrays[id] = new Array<number>(length).fill(0);
          this.known.set(graph.cell, new Map());
          this.execute(graph.cell);
        }
      }
    for (const [slot, value] of this.assigned) this.memory.scalars?.set(slot, value);
    for (const [slot, value] of this.reduced) this.memory.scalars?.set(slot, this.round(value));
  }

  private remember({ statements }: Block): void {
    for (const { op, access, loop } of statements) {
      if (op === "store" && !this.before.has(access!.field))
        this.before.set(access!.field, this.field(access!.field).slice());
      if (loop) this.remember(loop.body);
    }
  }

  private field(key: string): NumberArray {
    return this.memory.fields?.get(key) ?? this.graph.fail(`no field "${key}" was given`);
  }

  private execute(block: Block): void {
    for (const statement of block.statements) {
      const args = statement.args.map((a) => this.value(a));
      switch (statement.op) {
        case "load":
          this.keep(statement, this.load(this.field(statement.access!.field), statement, args));
          break;
        case "get":
          this.keep(statement, this.arrays[statement.array!.id][this.clamped(args[0], statement.array!.length)]);
          break;
        case "set":
          this.arrays[statement.array!.id][this.clamped(args[0], statement.array!.length)] = args[1];
          break;
        case "store": {
          const place = this.place(statement.access!, args);
          if (place >= 0) this.field(statement.access!.field)[place] = args[args.length - 1];
          break;
        }
        case "assign":
          this.assigned.set(statement.slot!, args[0]);
          break;
        case "reduce":
          this.reduce(statement, args[0]);
          break;
        case "loop":
          this.repeat(statement.loop!, args[0], args.slice(1));
          break;
        default:
          this.graph.fail(`"${statement.op}" is no statement`);
      }
    }
  }

  private repeat({ counter, phis, next, results, body }: Loop, count: number, initial: readonly number[]): void {
    let state = initial;
    for (let i = 0; i < count; i++) {
      this.known.set(body, new Map());
      this.keep(counter, i);
      phis.forEach((phi, k) => {
        this.keep(phi, state[k]);
      });
      this.execute(body);
      state = next.map((node) => this.value(node));
    }
    results.forEach((result, k) => {
      this.keep(result, state[k]);
    });
  }

  private reduce({ reduction, slot }: Node, value: number): void {
    const sofar = this.reduced.get(slot!);
    if (sofar === undefined) this.reduced.set(slot!, value);
    else this.reduced.set(slot!, reduction === "sum" ? sofar + value : Math[reduction!](sofar, value));
  }

  private keep(node: Node, value: number): void {
    this.known.get(node.block)!.set(node, value);
  }

  private value(node: Node): number {
    const found = this.known.get(node.block)?.get(node);
    if (found !== undefined) return found;
    const value = this.computed(node);
    this.keep(node, value);
    return value;
  }

  private computed(node: Node): number {
    switch (node.op) {
      case "constant":
        return node.kind === "real" ? this.round(node.value!) : node.value!;
      case "uniform": {
        const value = this.memory.scalars?.get(node.slot!);
        if (value === undefined) this.graph.fail(`no scalar "${node.slot}" was given`);
        return node.kind === "real" ? this.round(value) : value;
      }
      case "index":
        return this.cell[node.axis!];
      case "load": {
        const { field } = node.access!;
        return this.load(
          this.before.get(field) ?? this.field(field),
          node,
          node.args.map((a) => this.value(a)),
        );
      }
      case "lookup": {
        const rows = this.memory.tables?.get(node.table!) ?? this.graph.fail(`no table "${node.table}" was given`);
        const value = rows[this.clamped(this.value(node.args[0]), rows.length)][node.component!];
        return node.kind === "real" ? this.round(value) : value;
      }
      default: {
        const args = node.args.map((a) => this.value(a));
        const value = this.contracted(node, args) ?? evaluate(node.op, node.kind, args, node.args[0]?.kind);
        if (value === undefined) this.graph.fail(`"${node.op}" is used before it was executed`);
        return node.kind === "real" ? this.round(value) : node.kind === "int" ? value | 0 : value;
      }
    }
  }

  /** A sum with a product in it, not rounded in between. */
  private contracted({ op, kind, args }: Node, [a, b]: readonly number[]): number | undefined {
    if (!this.fused || kind !== "real" || (op !== "add" && op !== "sub")) return undefined;
    const sign = op === "sub" ? -1 : 1;
    if (args[0].op === "mul")
      return fusedMultiplyAdd(this.value(args[0].args[0]), this.value(args[0].args[1]), sign * b);
    if (args[1].op === "mul")
      return fusedMultiplyAdd(sign * this.value(args[1].args[0]), this.value(args[1].args[1]), a);
    return undefined;
  }

  private clamped(index: number, length: number): number {
    return Math.min(Math.max(index, 0), length - 1);
  }

  private load(values: NumberArray, { kind, access }: Node, indices: readonly number[]): number {
    const place = this.place(access!, indices);
    const value = place < 0 ? 0 : values[place];
    return kind === "real" ? this.round(value) : value;
  }

  /** Where in a field's values; −1 for a place that holds zero. */
  private place({ component, offset, absolute, edge }: Access, indices: readonly number[]): number {
    const { size } = this.graph.grid;
    let given = 0;
    const [x, y, z] = [0, 1, 2].map((axis) => {
      const index = absolute[axis] ? indices[given++] : this.cell[axis] + offset[axis];
      return cellAt(edge[axis], index, size[axis]);
    });
    if (x < 0 || y < 0 || z < 0) return -1;
    return component * cellsOf(this.graph.grid) + (z * size[1] + y) * size[0] + x;
  }
}

/** a·b + c with the error of the product and of the sum added back: one rounding in all but rare ties. */
function fusedMultiplyAdd(a: number, b: number, c: number): number {
  const product = a * b;
  const sum = product + c;
  const [a1, a2] = halves(a);
  const [b1, b2] = halves(b);
  const productError = a2 * b2 - (product - a1 * b1 - a2 * b1 - a1 * b2);
  const back = sum - product;
  const sumError = product - (sum - back) + (c - back);
  const error = productError + sumError;
  return Number.isFinite(error) ? sum + error : sum;
}

/** Two numbers of at most 26 bits whose sum is x (Veltkamp). */
function halves(x: number): [number, number] {
  const scaled = x * (2 ** 27 + 1);
  const high = scaled - (scaled - x);
  return [high, x - high];
}
