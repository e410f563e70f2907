import * as elementary from "./elementary.ts";
import { type Graph, KernelError, type Op } from "./graph.ts";
import { Complex, Real, type RealLike, realNode, type Vector } from "./values.ts";

const graphOf = (name: string, ...values: RealLike[]): Graph => {
  for (const value of values) if (value instanceof Real) return value.node.graph;
  throw new KernelError(`${name}(${values.join(", ")}) has no value of a kernel in it; use Math.${name}`);
};

/** The arguments as values of one kernel. */
const reals = (name: string, ...values: RealLike[]): Real[] => {
  const graph = graphOf(name, ...values);
  return values.map((v) => new Real(realNode(graph, v)));
};

const apply = (op: Op, ...values: RealLike[]): Real => {
  const args = reals(op, ...values).map((v) => v.node);
  return new Real(args[0].graph.node(op, "real", args));
};

const unary =
  (name: string, call: (x: Real) => Real) =>
  (x: RealLike): Real =>
    call(reals(name, x)[0]);

export const sqrt = (x: RealLike): Real => apply("sqrt", x);
export function exp(x: RealLike): Real;
export function exp(z: Complex): Complex;
export function exp(x: RealLike | Complex): Real | Complex {
  if (!(x instanceof Complex)) return elementary.exp(reals("exp", x)[0]);
  return new Complex(elementary.cos(x.im), elementary.sin(x.im)).scale(elementary.exp(x.re));
}
/** Natural logarithm. */
export const log = unary("log", elementary.log);
export const sin = unary("sin", elementary.sin);
export const cos = unary("cos", elementary.cos);
export const tan = unary("tan", elementary.tan);
export const tanh = unary("tanh", elementary.tanh);
export const asin = unary("asin", elementary.asin);
export const acos = unary("acos", elementary.acos);
export const atan = unary("atan", elementary.atan);
/** Angle of the point (x, y), in −π…π. */
export function atan2(y: RealLike, x: RealLike): Real {
  const [b, a] = reals("atan2", y, x);
  return elementary.atan2(b, a);
}
/** Products for whole exponents up to 64, else for x > 0 only. */
export function pow(x: RealLike, y: RealLike): Real {
  if (typeof y === "number" && x instanceof Real) {
    if (y === 0.5) return x.sqrt();
    if (Number.isInteger(y) && Math.abs(y) <= 64) {
      const one = new Real(x.node.graph.constant(1));
      let result = one;
      let square = x;
      for (let rest = Math.abs(y); rest > 0; rest >>= 1) {
        if (rest & 1) result = result.mul(square);
        if (rest > 1) square = square.squared();
      }
      return y < 0 ? one.div(result) : result;
    }
  }
  const [base, exponent] = reals("pow", x, y);
  return elementary.pow(base, exponent);
}
export const abs = (x: RealLike): Real => apply("abs", x);
export const floor = (x: RealLike): Real => apply("floor", x);
export const ceil = (x: RealLike): Real => apply("ceil", x);
export const round = (x: RealLike): Real => apply("round", x);
export const min = (a: RealLike, b: RealLike): Real => apply("min", a, b);
export const max = (a: RealLike, b: RealLike): Real => apply("max", a, b);
export const dot = (a: Vector, b: Vector): Real => a.dot(b);
export const cross = (a: Vector, b: Vector): Vector => a.cross(b);
/** Length of a vector. */
export const norm = (a: Vector): Real => a.length();
