import type { Edge, Grid, Precision, Triple } from "../grid.ts";

/** Scalars are all that is left after tracing: vectors, tensors and complex numbers are taken apart. */
export type Kind = "real" | "int" | "bool";

/** Operations on numbers, the same for every cell. */
export type Arithmetic =
  // real and int
  | "add"
  | "sub"
  | "mul"
  | "div" // int: towards zero, 0 for a divisor of 0
  | "mod" // int: sign of the dividend
  | "min"
  | "max"
  | "abs"
  | "neg"
  // real
  | "sqrt"
  | "floor"
  | "ceil"
  | "round" // to nearest, ties to even
  | "exp"
  | "log"
  | "sin"
  | "cos"
  | "atan2"
  | "pow"
  | "pow2" // int n → 2^n, for normal results
  | "exponent" // real x > 0 → int floor(log2 x), for normal x
  | "mantissa" // real x > 0 → x / 2^exponent(x), in [1, 2)
  // int, and "and", "or", "xor", "not" on bool
  | "and"
  | "or"
  | "xor"
  | "not"
  | "shl"
  | "shr" // unsigned
  | "sar" // signed
  | "mulhi" // upper word of the unsigned product
  // comparisons: bool
  | "lt"
  | "le"
  | "eq"
  | "ne"
  | "select" // bool, then, otherwise
  | "toReal" // from int, signed
  | "toInt"; // from real, towards zero, saturating

export type Op =
  | Arithmetic
  | "constant" // value: number
  | "uniform" // slot: name of the device scalar
  | "index" // axis: the cell's index
  | "load" // access, args: absolute indices
  | "lookup" // table and component, args: [index], clamped to the table
  | "counter" // of a loop
  | "phi" // carried by a loop, seen from inside
  | "result" // carried by a loop, seen from after it
  | "get" // local array, args: [index]
  // statements
  | "set" // local array, args: [index, value]
  | "store" // access, args: absolute indices, value
  | "assign" // device scalar, args: [value]
  | "reduce" // into the named result, args: [value]
  | "loop";

/** A place in a field: the cell itself plus an offset, or, on axes that are `absolute`, an index given as an argument. */
export interface Access {
  readonly field: string;
  readonly component: number;
  readonly offset: Triple<number>;
  readonly absolute: Triple<boolean>;
  readonly edge: Triple<Edge>;
}

export type Reduction = "sum" | "max" | "min";

/** An array that lives for one cell's evaluation. */
export interface LocalArray {
  readonly id: number;
  readonly kind: Kind;
  readonly length: number;
}

export interface Loop {
  /** Rounds, an int; may differ from cell to cell, then finished cells keep their state. */
  readonly count: Node;
  readonly counter: Node;
  readonly phis: Node[];
  readonly initial: readonly Node[];
  readonly next: Node[];
  readonly results: Node[];
  readonly body: Block;
}

/**
 * A stretch of statements that runs as one.  Pure nodes belong to the innermost block one of their operands belongs to,
 * so what does not change within a loop, along a row or at all is computed outside of it.
 */
export class Block {
  readonly parent: Block | undefined;
  readonly depth: number;
  /** Statements, and reads of what statements change, in order. */
  readonly statements: Node[] = [];

  constructor(parent?: Block) {
    this.parent = parent;
    this.depth = parent ? parent.depth + 1 : 0;
  }

  /** Whether `other` is this block or inside it. */
  encloses(other: Block): boolean {
    let block: Block | undefined = other;
    while (block && block !== this) block = block.parent;
    return block === this;
  }
}

export interface Node {
  readonly id: number;
  readonly op: Op;
  readonly kind: Kind;
  readonly args: readonly Node[];
  readonly block: Block;
  /** Whether neighbours along x may see different values.  Reals always count as varying. */
  readonly varying: boolean;
  readonly graph: Graph;
  readonly value?: number;
  readonly slot?: string;
  readonly axis?: number;
  readonly access?: Access;
  readonly table?: string;
  readonly component?: number;
  readonly array?: LocalArray;
  readonly loop?: Loop;
  readonly reduction?: Reduction;
}

type Attributes = Pick<
  Node,
  "value" | "slot" | "axis" | "access" | "table" | "component" | "array" | "loop" | "reduction"
>;

export class KernelError extends Error {
  override name = "KernelError";
}

/**
 * Does something with a kernel.
 * @throws {KernelError} naming the kernel, whatever went wrong
 */
export function inKernel<T>(kernel: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof KernelError) throw error;
    // What else overflows the stack is recursion along expressions.
    const reason = error instanceof RangeError ? "its expressions are nested too deeply" : String(error);
    throw new KernelError(`kernel "${kernel}": ${reason}`, { cause: error });
  }
}

const COMMUTATIVE = new Set<Op>(["add", "mul", "min", "max", "and", "or", "xor", "eq", "ne", "mulhi"]);

/** One kernel, traced for one grid: a directed acyclic graph of scalars in which equal expressions are one node. */
export class Graph {
  readonly kernel: string;
  readonly grid: Grid;
  /** "exact" keeps elementary functions as single operations. */
  readonly precision: Precision | "exact";
  /** The axis one evaluation sweeps, if any; the kernel then runs once per column along it. */
  readonly sweep: 1 | 2 | undefined;
  /** Blocks of what is the same everywhere, what is the same along a row, and what belongs to a cell. */
  readonly everywhere = new Block();
  readonly row = new Block(this.everywhere);
  readonly cell = new Block(this.row);
  readonly arrays: LocalArray[] = [];

  private readonly known = new Map<string, Node>();
  private current = this.cell;
  private count = 0;

  constructor(kernel: string, grid: Grid, precision: Precision | "exact", sweep?: 1 | 2) {
    this.kernel = kernel;
    this.grid = grid;
    this.precision = precision;
    this.sweep = sweep;
  }

  fail(message: string): never {
    throw new KernelError(`kernel "${this.kernel}": ${message}`);
  }

  constant(value: number, kind: Kind = "real"): Node {
    return this.node("constant", kind, [], { value: kind === "int" ? value | 0 : value });
  }

  /** A node of its own, or the equal one that is there already. */
  node(op: Op, kind: Kind, operands: readonly Node[], attributes: Attributes = {}): Node {
    for (const operand of operands) this.check(operand, op);
    const simple = simplify(this, op, kind, operands);
    if (simple) return simple;
    const args = COMMUTATIVE.has(op) && operands[0].id > operands[1].id ? [operands[1], operands[0]] : operands;
    const key = `${op} ${kind} ${args.map((a) => a.id)} ${keyOf(attributes)}`;
    const found = this.known.get(key);
    if (found) return found;
    const made = this.make(op, kind, args, attributes, this.homeOf(op, args, attributes));
    this.known.set(key, made);
    return made;
  }

  /** A statement, or a read whose place in the order of statements matters. */
  statement(op: Op, kind: Kind, operands: readonly Node[], attributes: Attributes): Node {
    for (const operand of operands) this.check(operand, op);
    const made = this.make(op, kind, operands, attributes, this.current);
    this.current.statements.push(made);
    return made;
  }

  /**
   * @param initial state before the first round
   * @param round state after a round, from the state before it and the round's number
   */
  loop(count: Node, initial: readonly Node[], round: (state: Node[], counter: Node) => readonly Node[]): Node[] {
    if (count.kind !== "int") this.fail(`a loop's count is an int, not ${describe(count)}`);
    const outer = this.current;
    const body = new Block(outer);
    const counter = this.make("counter", "int", [], {}, body);
    // An int that is carried may come to differ from cell to cell.
    const phis = initial.map((node) => this.make("phi", node.kind, [], {}, body));
    const loop: Loop = { count, counter, phis, initial, next: [], results: [], body };
    this.current = body;
    const next = round([...phis], counter);
    if (next.length !== initial.length || next.some((node, i) => node.kind !== initial[i].kind))
      this.fail(
        `a loop must return the state it was given: ${initial.map((n) => n.kind)} became ${next.map((n) => n.kind)}`,
      );
    for (const node of next) this.check(node, "loop");
    if (count.varying && this.hasEffects(body))
      this.fail("a loop whose count differs from cell to cell must not store into fields");
    this.current = outer;
    loop.next.push(...next);
    this.statement("loop", "int", [count, ...initial], { loop });
    loop.results.push(...initial.map((node) => this.make("result", node.kind, [], { loop }, outer)));
    return [...loop.results];
  }

  /** All nodes that can be shared, whether in use or not. */
  nodes(): IterableIterator<Node> {
    return this.known.values();
  }

  array(kind: Kind, length: number): LocalArray {
    const array = { id: this.arrays.length, kind, length };
    this.arrays.push(array);
    return array;
  }

  private hasEffects(block: Block): boolean {
    return block.statements.some((s) => s.op === "store" || (s.op === "loop" && this.hasEffects(s.loop!.body)));
  }

  private check(operand: Node, op: Op): void {
    if (operand.graph !== this) this.fail(`"${op}" uses a value of another kernel, "${operand.graph.kernel}"`);
    if (!operand.block.encloses(this.current))
      this.fail(`${describe(operand)} exists inside a loop only; return it as part of the loop's state`);
  }

  private homeOf(op: Op, args: readonly Node[], { access, axis }: Attributes): Block {
    let home = this.everywhere;
    if (op === "load") home = this.accessHome(access!);
    if (op === "index") home = axis === 0 ? this.cell : this.row;
    for (const { block } of args) if (block.depth > home.depth) home = block;
    return home;
  }

  private accessHome({ absolute }: Access): Block {
    return absolute[0] ? (absolute[1] && absolute[2] ? this.everywhere : this.row) : this.cell;
  }

  private make(op: Op, kind: Kind, args: readonly Node[], attributes: Attributes, block: Block): Node {
    const varying =
      kind === "real" ||
      op === "load" ||
      op === "lookup" ||
      op === "get" ||
      op === "phi" ||
      op === "result" ||
      (op === "index" && attributes.axis === 0) ||
      args.some((a) => a.varying);
    return { id: this.count++, op, kind, args, block, varying, graph: this, ...attributes };
  }
}

const keyOf = ({ value, slot, axis, access, table, component }: Attributes): string =>
  access
    ? `${access.field}.${access.component}@${access.offset}|${access.absolute}|${access.edge}`
    : Object.is(value, -0)
      ? "-0"
      : `${value ?? ""}${slot ?? ""}${axis ?? ""}${table ?? ""}.${component ?? ""}`;

const isConstant = (node: Node, value: number): boolean => node.op === "constant" && node.value === value;

/**
 * Folds constants and drops neutral operations.  A literal factor of zero annihilates: parameters that are switched off
 * cost nothing, and neither do differences along an axis of one cell; at the price that 0·∞ and ∞ − ∞ may be 0.
 */
function simplify(graph: Graph, op: Op, kind: Kind, args: readonly Node[]): Node | undefined {
  if (args.length === 0) return undefined;
  if (args.every((a) => a.op === "constant")) {
    const folded = evaluate(
      op,
      kind,
      args.map((a) => a.value!),
      args[0].kind,
    );
    if (folded !== undefined) return graph.constant(folded, kind);
  }
  const [a, b, c] = args;
  switch (op) {
    case "add":
      if (isConstant(a, 0)) return b;
      if (isConstant(b, 0)) return a;
      if (a === b) return graph.node("mul", kind, [a, graph.constant(2, kind)]);
      if (kind === "real" && b.op === "neg") return graph.node("sub", kind, [a, b.args[0]]);
      if (kind === "real" && a.op === "neg") return graph.node("sub", kind, [b, a.args[0]]);
      return undefined;
    case "sub":
      if (isConstant(b, 0)) return a;
      if (a === b) return graph.constant(0, kind);
      if (isConstant(a, 0)) return graph.node("neg", kind, [b]);
      if (kind === "real" && b.op === "neg") return graph.node("add", kind, [a, b.args[0]]);
      return undefined;
    case "mul":
      if (isConstant(a, 1)) return b;
      if (isConstant(b, 1)) return a;
      if (isConstant(a, 0) || isConstant(b, 0)) return graph.constant(0, kind);
      if (isConstant(a, -1)) return graph.node("neg", kind, [b]);
      if (isConstant(b, -1)) return graph.node("neg", kind, [a]);
      return undefined;
    case "div":
      if (isConstant(b, 1)) return a;
      if (kind === "real" && isConstant(a, 0)) return graph.constant(0, kind);
      // Exact only for powers of two.
      if (kind === "real" && b.op === "constant" && isPowerOfTwo(Math.abs(b.value!)))
        return graph.node("mul", kind, [a, graph.constant(1 / b.value!)]);
      return undefined;
    case "neg":
      return a.op === "neg" ? a.args[0] : undefined;
    case "not":
      return a.op === "not" ? a.args[0] : undefined;
    case "select":
      if (a.op === "constant") return a.value ? b : c;
      return b === c ? b : undefined;
    case "and":
      if (kind !== "bool") return undefined;
      if (a.op === "constant") return a.value ? b : a;
      if (b.op === "constant") return b.value ? a : b;
      return undefined;
    case "xor":
      if (kind === "int" && isConstant(a, 0)) return b;
      return kind === "int" && isConstant(b, 0) ? a : undefined;
    case "or":
      if (kind !== "bool") return undefined;
      if (a.op === "constant") return a.value ? a : b;
      if (b.op === "constant") return b.value ? b : a;
      return undefined;
    default:
      return undefined;
  }
}

const isPowerOfTwo = (x: number): boolean => x === 2 ** Math.round(Math.log2(x)) && x > 2 ** -126 && x < 2 ** 126;

/** Upper 32 bits of an unsigned product, as an int. */
export const mulhi = (a: number, b: number): number => Number((BigInt(a >>> 0) * BigInt(b >>> 0)) >> 32n) | 0;

/**
 * The meaning of each arithmetic operation, in double precision; bools are 0 and 1.
 * @param from kind of the operands
 * @returns undefined for operations that are not arithmetic
 */
export function evaluate(op: Op, kind: Kind, [a, b, c]: readonly number[], from: Kind): number | undefined {
  const int = from === "int";
  switch (op) {
    case "add":
      return int ? (a + b) | 0 : a + b;
    case "sub":
      return int ? (a - b) | 0 : a - b;
    case "mul":
      return int ? Math.imul(a, b) : a * b;
    case "div":
      return int ? (b === 0 ? 0 : (a / b) | 0) : a / b;
    case "mod":
      return b === 0 ? 0 : (a % b) | 0;
    case "min":
      return Math.min(a, b);
    case "max":
      return Math.max(a, b);
    case "abs":
      return int ? Math.abs(a) | 0 : Math.abs(a);
    case "neg":
      return int ? -a | 0 : -a;
    case "sqrt":
      return Math.sqrt(a);
    case "floor":
      return Math.floor(a);
    case "ceil":
      return Math.ceil(a);
    case "round": {
      const down = Math.floor(a);
      const rest = a - down;
      const near = rest < 0.5 || (rest === 0.5 && down % 2 === 0) ? down : down + 1;
      return near === 0 && (a < 0 || Object.is(a, -0)) ? -0 : near;
    }
    case "exp":
      return Math.exp(a);
    case "log":
      return Math.log(a);
    case "sin":
      return Math.sin(a);
    case "cos":
      return Math.cos(a);
    case "atan2":
      return Math.atan2(a, b);
    case "pow":
      return a ** b;
    case "pow2":
      return 2 ** a;
    case "exponent":
      return exponentOf(a);
    case "mantissa":
      return a / 2 ** exponentOf(a);
    case "and":
      return a & b;
    case "or":
      return a | b;
    case "xor":
      return a ^ b;
    case "not":
      return kind === "bool" ? 1 - a : ~a;
    case "shl":
      return a << (b & 31);
    case "shr":
      return (a >>> (b & 31)) | 0;
    case "sar":
      return a >> (b & 31);
    case "mulhi":
      return mulhi(a, b);
    case "lt":
      return a < b ? 1 : 0;
    case "le":
      return a <= b ? 1 : 0;
    case "eq":
      return a === b ? 1 : 0;
    case "ne":
      return a !== b ? 1 : 0;
    case "select":
      return a ? b : c;
    case "toReal":
      return a;
    case "toInt":
      return Math.min(Math.max(Math.trunc(a), -(2 ** 31)), 2 ** 31 - 1) || 0;
    default:
      return undefined;
  }
}

function exponentOf(x: number): number {
  const guess = Math.floor(Math.log2(x));
  return 2 ** guess > x ? guess - 1 : 2 ** (guess + 1) <= x ? guess + 1 : guess;
}

const INFIX: Partial<Record<Op, string>> = {
  add: "+",
  sub: "-",
  mul: "*",
  div: "/",
  mod: "%",
  lt: "<",
  le: "<=",
  eq: "==",
  ne: "!=",
  and: "&",
  or: "|",
  xor: "^",
  shl: "<<",
  shr: ">>>",
  sar: ">>",
};

/** What people call the thing with this key: backends add a number after "#" to tell apart what has the same name. */
export const nameOf = (key: string): string => key.split("#")[0];

/** An expression as text, for messages; deep parts are elided. */
export function describe(node: Node, depth = 4): string {
  const inner = () => node.args.map((a) => (depth > 0 ? describe(a, depth - 1) : "…"));
  switch (node.op) {
    case "constant":
      return `${node.kind === "bool" ? node.value === 1 : node.value}`;
    case "uniform":
      return nameOf(node.slot!);
    case "index":
      return `index.${"xyz"[node.axis!]}`;
    case "load": {
      const { field, component, offset, absolute } = node.access!;
      const given = inner();
      const place = absolute.map((is, axis) => (is ? given.shift() : offset[axis]));
      return `${nameOf(field)}[${component}]${absolute.some(Boolean) || offset.some((o) => o !== 0) ? `.at(${place})` : ""}`;
    }
    case "lookup":
      return `${node.table}[${inner()}]`;
    default: {
      const sign = INFIX[node.op];
      return sign ? `(${inner().join(` ${sign} `)})` : `${node.op}(${inner().join(", ")})`;
    }
  }
}
