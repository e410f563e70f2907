import { describe, type Graph, KernelError, type Node, type Op } from "./graph.ts";

/** A number written in a kernel, or one that differs from cell to cell. */
export type RealLike = Real | number;
export type IntLike = Int | number;

/** What all values are: symbols, with which JavaScript's own operators can do nothing. */
abstract class Symbolic {
  [Symbol.toPrimitive](): never {
    const [node] = leaves(this as unknown as Value);
    return node.graph.fail(
      `JavaScript's own operators and functions do not compute with ${named(this)}; use its methods, as in a.mul(b), or a formula`,
    );
  }
}

/** A real number per cell. */
export class Real extends Symbolic {
  readonly node: Node;
  constructor(node: Node) {
    super();
    this.node = node;
  }

  private with(op: Op, ...others: RealLike[]): Real {
    return new Real(this.node.graph.node(op, "real", [this.node, ...others.map((o) => realNode(this.node.graph, o))]));
  }
  private compare(op: Op, a: RealLike, b: RealLike): Bool {
    const { graph } = this.node;
    return new Bool(graph.node(op, "bool", [realNode(graph, a), realNode(graph, b)]));
  }

  add(other: RealLike): Real {
    return this.with("add", other);
  }
  sub(other: RealLike): Real {
    return this.with("sub", other);
  }
  mul(other: RealLike): Real {
    return this.with("mul", other);
  }
  div(other: RealLike): Real {
    return this.with("div", other);
  }
  neg(): Real {
    return this.with("neg");
  }
  abs(): Real {
    return this.with("abs");
  }
  /** The smaller one; which one, if either is NaN, depends on the machine. */
  min(other: RealLike): Real {
    return this.with("min", other);
  }
  max(other: RealLike): Real {
    return this.with("max", other);
  }
  sqrt(): Real {
    return this.with("sqrt");
  }
  floor(): Real {
    return this.with("floor");
  }
  ceil(): Real {
    return this.with("ceil");
  }
  /** To the nearest whole number, ties to even. */
  round(): Real {
    return this.with("round");
  }
  squared(): Real {
    return this.mul(this);
  }
  lt(other: RealLike): Bool {
    return this.compare("lt", this, other);
  }
  le(other: RealLike): Bool {
    return this.compare("le", this, other);
  }
  gt(other: RealLike): Bool {
    return this.compare("lt", other, this);
  }
  ge(other: RealLike): Bool {
    return this.compare("le", other, this);
  }
  eq(other: RealLike): Bool {
    return this.compare("eq", this, other);
  }
  ne(other: RealLike): Bool {
    return this.compare("ne", this, other);
  }
  /** Towards zero; beyond ±2^31 the nearest int. */
  toInt(): Int {
    return new Int(this.node.graph.node("toInt", "int", [this.node]));
  }
}

/** A 32-bit integer per cell; arithmetic wraps. */
export class Int extends Symbolic {
  readonly node: Node;
  constructor(node: Node) {
    super();
    this.node = node;
  }

  private with(op: Op, ...others: IntLike[]): Int {
    return new Int(this.node.graph.node(op, "int", [this.node, ...others.map((o) => intNode(this.node.graph, o))]));
  }
  private compare(op: Op, a: IntLike, b: IntLike): Bool {
    const { graph } = this.node;
    return new Bool(graph.node(op, "bool", [intNode(graph, a), intNode(graph, b)]));
  }

  add(other: IntLike): Int {
    return this.with("add", other);
  }
  sub(other: IntLike): Int {
    return this.with("sub", other);
  }
  mul(other: IntLike): Int {
    return this.with("mul", other);
  }
  /** Quotient, towards zero; 0 where the divisor is 0. */
  div(other: IntLike): Int {
    return this.with("div", other);
  }
  /** Remainder with the sign of the dividend; 0 where the divisor is 0. */
  mod(other: IntLike): Int {
    return this.with("mod", other);
  }
  neg(): Int {
    return this.with("neg");
  }
  abs(): Int {
    return this.with("abs");
  }
  min(other: IntLike): Int {
    return this.with("min", other);
  }
  max(other: IntLike): Int {
    return this.with("max", other);
  }
  and(other: IntLike): Int {
    return this.with("and", other);
  }
  or(other: IntLike): Int {
    return this.with("or", other);
  }
  xor(other: IntLike): Int {
    return this.with("xor", other);
  }
  not(): Int {
    return this.with("not");
  }
  /** Shifts by the lower five bits of `count`. */
  shl(count: IntLike): Int {
    return this.with("shl", count);
  }
  /** Shift to the right that fills with zeros. */
  shr(count: IntLike): Int {
    return this.with("shr", count);
  }
  /** Shift to the right that keeps the sign. */
  sar(count: IntLike): Int {
    return this.with("sar", count);
  }
  /** Upper 32 bits of the unsigned product. */
  mulhi(other: IntLike): Int {
    return this.with("mulhi", other);
  }
  lt(other: IntLike): Bool {
    return this.compare("lt", this, other);
  }
  le(other: IntLike): Bool {
    return this.compare("le", this, other);
  }
  gt(other: IntLike): Bool {
    return this.compare("lt", other, this);
  }
  ge(other: IntLike): Bool {
    return this.compare("le", other, this);
  }
  eq(other: IntLike): Bool {
    return this.compare("eq", this, other);
  }
  ne(other: IntLike): Bool {
    return this.compare("ne", this, other);
  }
  toReal(): Real {
    return new Real(this.node.graph.node("toReal", "real", [this.node]));
  }
}

/** A truth per cell. */
export class Bool extends Symbolic {
  readonly node: Node;
  constructor(node: Node) {
    super();
    this.node = node;
  }

  private with(op: Op, ...others: (Bool | boolean)[]): Bool {
    const { graph } = this.node;
    return new Bool(graph.node(op, "bool", [this.node, ...others.map((o) => boolNode(graph, o))]));
  }
  and(other: Bool | boolean): Bool {
    return this.with("and", other);
  }
  or(other: Bool | boolean): Bool {
    return this.with("or", other);
  }
  xor(other: Bool | boolean): Bool {
    return this.with("xor", other);
  }
  not(): Bool {
    return this.with("not");
  }
}

/** Three reals per cell. */
export class Vector extends Symbolic {
  readonly x: Real;
  readonly y: Real;
  readonly z: Real;
  constructor(x: Real, y: Real, z: Real) {
    super();
    this.x = x;
    this.y = y;
    this.z = z;
  }

  private with(other: Vector, combine: (a: Real, b: Real) => Real): Vector {
    return new Vector(combine(this.x, other.x), combine(this.y, other.y), combine(this.z, other.z));
  }
  add(other: Vector): Vector {
    return this.with(other, (a, b) => a.add(b));
  }
  sub(other: Vector): Vector {
    return this.with(other, (a, b) => a.sub(b));
  }
  scale(factor: RealLike): Vector {
    return new Vector(this.x.mul(factor), this.y.mul(factor), this.z.mul(factor));
  }
  div(divisor: RealLike): Vector {
    return typeof divisor === "number"
      ? this.scale(1 / divisor)
      : this.scale(new Real(realNode(this.x.node.graph, 1)).div(divisor));
  }
  neg(): Vector {
    return new Vector(this.x.neg(), this.y.neg(), this.z.neg());
  }
  dot(other: Vector): Real {
    return this.x.mul(other.x).add(this.y.mul(other.y)).add(this.z.mul(other.z));
  }
  cross(other: Vector): Vector {
    return new Vector(
      this.y.mul(other.z).sub(this.z.mul(other.y)),
      this.z.mul(other.x).sub(this.x.mul(other.z)),
      this.x.mul(other.y).sub(this.y.mul(other.x)),
    );
  }
  /** The square of the length. */
  squared(): Real {
    return this.dot(this);
  }
  length(): Real {
    return this.squared().sqrt();
  }
  /** A unit vector along this one, or zero where this one is zero. */
  normalized(): Vector {
    const length = this.length();
    const zero = new Real(realNode(length.node.graph, 0));
    return this.scale(select(length.gt(0), new Real(realNode(length.node.graph, 1)).div(length), zero));
  }
}

/** A complex number per cell. */
export class Complex extends Symbolic {
  readonly re: Real;
  readonly im: Real;
  constructor(re: Real, im: Real) {
    super();
    this.re = re;
    this.im = im;
  }

  add(other: Complex): Complex {
    return new Complex(this.re.add(other.re), this.im.add(other.im));
  }
  sub(other: Complex): Complex {
    return new Complex(this.re.sub(other.re), this.im.sub(other.im));
  }
  mul(other: Complex): Complex {
    return new Complex(
      this.re.mul(other.re).sub(this.im.mul(other.im)),
      this.re.mul(other.im).add(this.im.mul(other.re)),
    );
  }
  div(other: Complex): Complex {
    return this.mul(other.conjugate()).scale(new Real(realNode(other.re.node.graph, 1)).div(other.squared()));
  }
  scale(factor: RealLike): Complex {
    return new Complex(this.re.mul(factor), this.im.mul(factor));
  }
  neg(): Complex {
    return new Complex(this.re.neg(), this.im.neg());
  }
  conjugate(): Complex {
    return new Complex(this.re, this.im.neg());
  }
  /** |z|² */
  squared(): Real {
    return this.re.squared().add(this.im.squared());
  }
  abs(): Real {
    return this.squared().sqrt();
  }
}

/** A 3×3 tensor per cell. */
export class Matrix extends Symbolic {
  readonly rows: readonly [Vector, Vector, Vector];
  constructor(a: Vector, b: Vector, c: Vector) {
    super();
    this.rows = [a, b, c];
  }

  add(other: Matrix): Matrix {
    return this.map((row, i) => row.add(other.rows[i]));
  }
  sub(other: Matrix): Matrix {
    return this.map((row, i) => row.sub(other.rows[i]));
  }
  scale(factor: RealLike): Matrix {
    return this.map((row) => row.scale(factor));
  }
  neg(): Matrix {
    return this.map((row) => row.neg());
  }
  private map(change: (row: Vector, i: number) => Vector): Matrix {
    const [a, b, c] = this.rows;
    return new Matrix(change(a, 0), change(b, 1), change(c, 2));
  }
  /** The matrix of v × … */
  static cross({ x, y, z }: Vector): Matrix {
    const zero = new Real(realNode(x.node.graph, 0));
    return new Matrix(new Vector(zero, z.neg(), y), new Vector(z, zero, x.neg()), new Vector(y.neg(), x, zero));
  }
  /** M v */
  times(v: Vector): Vector {
    const [a, b, c] = this.rows;
    return new Vector(a.dot(v), b.dot(v), c.dot(v));
  }
  /** M N */
  compose(other: Matrix): Matrix {
    const columns = other.transpose();
    return this.map((row) => columns.times(row));
  }
  transpose(): Matrix {
    const [a, b, c] = this.rows;
    return new Matrix(new Vector(a.x, b.x, c.x), new Vector(a.y, b.y, c.y), new Vector(a.z, b.z, c.z));
  }
  trace(): Real {
    const [a, b, c] = this.rows;
    return a.x.add(b.y).add(c.z);
  }
  determinant(): Real {
    const [a, b, c] = this.rows;
    return a.dot(b.cross(c));
  }
  /** By the adjugate; infinite where the determinant is zero. */
  inverse(): Matrix {
    const [a, b, c] = this.rows;
    const columns = new Matrix(b.cross(c), c.cross(a), a.cross(b)).transpose();
    return columns.scale(new Real(realNode(a.x.node.graph, 1)).div(this.determinant()));
  }
}

/** A symmetric 3×3 tensor per cell. */
export class Symmetric extends Symbolic {
  readonly xx: Real;
  readonly yy: Real;
  readonly zz: Real;
  readonly xy: Real;
  readonly xz: Real;
  readonly yz: Real;
  constructor(xx: Real, yy: Real, zz: Real, xy: Real, xz: Real, yz: Real) {
    super();
    this.xx = xx;
    this.yy = yy;
    this.zz = zz;
    this.xy = xy;
    this.xz = xz;
    this.yz = yz;
  }

  /** v vᵀ */
  static square(v: Vector): Symmetric {
    return new Symmetric(v.x.mul(v.x), v.y.mul(v.y), v.z.mul(v.z), v.x.mul(v.y), v.x.mul(v.z), v.y.mul(v.z));
  }
  private with(other: Symmetric, combine: (a: Real, b: Real) => Real): Symmetric {
    return new Symmetric(
      combine(this.xx, other.xx),
      combine(this.yy, other.yy),
      combine(this.zz, other.zz),
      combine(this.xy, other.xy),
      combine(this.xz, other.xz),
      combine(this.yz, other.yz),
    );
  }
  add(other: Symmetric): Symmetric {
    return this.with(other, (a, b) => a.add(b));
  }
  sub(other: Symmetric): Symmetric {
    return this.with(other, (a, b) => a.sub(b));
  }
  scale(factor: RealLike): Symmetric {
    return this.with(this, (a) => a.mul(factor));
  }
  neg(): Symmetric {
    return this.scale(-1);
  }
  /** M v */
  times(v: Vector): Vector {
    return this.matrix().times(v);
  }
  trace(): Real {
    return this.xx.add(this.yy).add(this.zz);
  }
  matrix(): Matrix {
    const { xx, yy, zz, xy, xz, yz } = this;
    return new Matrix(new Vector(xx, xy, xz), new Vector(xy, yy, yz), new Vector(xz, yz, zz));
  }
}

export type Value = Real | Int | Bool | Vector | Complex | Matrix | Symmetric;

/** The node of a real, or of a number written in the kernel. */
export function realNode(graph: Graph, value: RealLike): Node {
  if (typeof value === "number") return graph.constant(value);
  if (!(value instanceof Real)) graph.fail(`a real is needed here, not ${named(value)}`);
  return value.node;
}

export function intNode(graph: Graph, value: IntLike): Node {
  if (typeof value === "number") {
    if (!Number.isInteger(value)) graph.fail(`an int is needed here, not ${value}`);
    return graph.constant(value, "int");
  }
  if (!(value instanceof Int)) graph.fail(`an int is needed here, not ${named(value)}`);
  return value.node;
}

function boolNode(graph: Graph, value: Bool | boolean): Node {
  if (typeof value === "boolean") return graph.constant(value ? 1 : 0, "bool");
  if (!(value instanceof Bool)) graph.fail(`a truth value is needed here, not ${named(value)}`);
  return value.node;
}

/** Type and expression of a value, for messages. */
export function named(value: unknown): string {
  if (!isValue(value)) return String(value);
  const nodes = leaves(value);
  return `${value.constructor.name.replace(/Input$/, "")} ${nodes.length === 1 ? describe(nodes[0]) : `(${nodes.map((n) => describe(n, 2)).join(", ")})`}`;
}

const isValue = (value: unknown): value is Value =>
  value instanceof Real ||
  value instanceof Int ||
  value instanceof Bool ||
  value instanceof Vector ||
  value instanceof Complex ||
  value instanceof Matrix ||
  value instanceof Symmetric;

/** What a loop may carry: values, numbers (reals), and arrays and records of them. */
export type State = Value | number | readonly State[] | { readonly [name: string]: State };

/** A state inside the loop: inputs are plain values there, and numbers reals. */
export type Carried<S> = S extends number | Real
  ? Real
  : S extends Int
    ? Int
    : S extends Bool
      ? Bool
      : S extends Vector
        ? Vector
        : S extends Complex
          ? Complex
          : S extends Matrix
            ? Matrix
            : S extends Symmetric
              ? Symmetric
              : { readonly [K in keyof S]: Carried<S[K]> };

/** The state with every scalar replaced, in a fixed order. */
export function mapLeaves<S extends State>(graph: Graph, state: S, change: (node: Node) => Node): S {
  const real = (r: Real) => new Real(change(r.node));
  const vector = (v: Vector) => new Vector(real(v.x), real(v.y), real(v.z));
  const map = (value: State): State => {
    if (typeof value === "number") return new Real(change(graph.constant(value)));
    if (value instanceof Real) return real(value);
    if (value instanceof Int) return new Int(change(value.node));
    if (value instanceof Bool) return new Bool(change(value.node));
    if (value instanceof Vector) return vector(value);
    if (value instanceof Complex) return new Complex(real(value.re), real(value.im));
    if (value instanceof Matrix) return new Matrix(vector(value.rows[0]), vector(value.rows[1]), vector(value.rows[2]));
    if (value instanceof Symmetric) {
      const { xx, yy, zz, xy, xz, yz } = value;
      return new Symmetric(real(xx), real(yy), real(zz), real(xy), real(xz), real(yz));
    }
    if (Array.isArray(value)) return value.map(map);
    if (value === null || typeof value !== "object") graph.fail(`a loop cannot carry ${String(value)}`);
    // By name, as two records of one shape may list their entries differently.
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(entries.map(([name, inner]) => [name, map(inner as State)]));
  };
  return map(state) as S;
}

/** Types and names of a state as text: equal for states that can follow each other in a loop. */
export function shapeOf(state: State): string {
  if (typeof state === "number") return Real.name;
  if (isValue(state)) return state.constructor.name;
  if (Array.isArray(state)) return `[${state.map(shapeOf).join(", ")}]`;
  if (state === null || typeof state !== "object") return String(state);
  const entries = Object.entries(state).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{ ${entries.map(([name, inner]) => `${name}: ${shapeOf(inner)}`).join(", ")} }`;
}

/** The scalars of a value. */
export function leaves(value: Value): Node[] {
  if (value instanceof Real || value instanceof Int || value instanceof Bool) return [value.node];
  if (value instanceof Vector) return [value.x.node, value.y.node, value.z.node];
  if (value instanceof Complex) return [value.re.node, value.im.node];
  if (value instanceof Matrix) return value.rows.flatMap(leaves);
  const { xx, yy, zz, xy, xz, yz } = value;
  return [xx, yy, zz, xy, xz, yz].map((r) => r.node);
}

/** The one or the other, cell by cell; both are computed. */
export function select<V extends Value>(condition: Bool, then: V, otherwise: V): V;
export function select(condition: Bool, then: RealLike, otherwise: RealLike): Real;
export function select(condition: Bool, then: Value | number, otherwise: Value | number): Value {
  if (!(condition instanceof Bool)) {
    const values = [condition, then, otherwise].filter(isValue);
    const message = `select needs a truth value first, as in a.gt(b), not ${named(condition)}`;
    if (values.length > 0) leaves(values[0])[0].graph.fail(message);
    throw new KernelError(message);
  }
  const { graph } = condition.node;
  const value = (v: Value | number): Value => (typeof v === "number" ? new Real(graph.constant(v)) : v);
  const a = value(then);
  const others = leaves(value(otherwise));
  const mine = leaves(a);
  if (mine.length !== others.length || mine.some((n, i) => n.kind !== others[i].kind))
    graph.fail(`select needs two values of one type, not ${named(then)} and ${named(otherwise)}`);
  let i = 0;
  return mapLeaves(graph, a, (node) => graph.node("select", node.kind, [condition.node, node, others[i++]]));
}
