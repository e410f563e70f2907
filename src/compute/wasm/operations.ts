import type { Node, Op } from "../language/graph.ts";
import {
  type Expression,
  type FunctionBuilder,
  i32,
  lane,
  lanes32,
  type Opcode,
  op,
  shuffle,
  splat,
} from "./assembler.ts";

/**
 * What parts of a kernel are written with.  Every value is a vector register: reals one per lane; ints in as many of the
 * low 32-bit lanes; truths as masks as wide as reals.
 */
export interface Pen {
  readonly run: FunctionBuilder;
  readonly real: "f32" | "f64";
  readonly lanes: 4 | 2;
  /** The value of a node. */
  vector(node: Node): Expression;
  /** The value of an int that all cells of a vector share. */
  word(node: Node): Expression;
  /** The product among the operands of a sum that is to be rounded with it, if any. */
  fused(sum: Node): Node | undefined;
}

const INT: Partial<Record<Op, Opcode>> = {
  add: "i32x4.add",
  sub: "i32x4.sub",
  mul: "i32x4.mul",
  min: "i32x4.min_s",
  max: "i32x4.max_s",
  abs: "i32x4.abs",
  neg: "i32x4.neg",
  lt: "i32x4.lt_s",
  le: "i32x4.le_s",
  eq: "i32x4.eq",
  ne: "i32x4.ne",
};
const SHIFT: Partial<Record<Op, "shl" | "shr_u" | "shr_s">> = { shl: "shl", shr: "shr_u", sar: "shr_s" };
const BITS: Partial<Record<Op, Opcode>> = { and: "v128.and", or: "v128.or", xor: "v128.xor", not: "v128.not" };
const REAL: Partial<Record<Op, string>> = {
  add: "add",
  sub: "sub",
  mul: "mul",
  div: "div",
  // One instruction on every machine, unlike the forms that care about NaN and signed zero.
  min: "pmin",
  max: "pmax",
  abs: "abs",
  neg: "neg",
  sqrt: "sqrt",
  floor: "floor",
  ceil: "ceil",
  round: "nearest",
  lt: "lt",
  le: "le",
  eq: "eq",
  ne: "ne",
};

/** A mask of 32-bit lanes, as wide as reals. */
export const widened = ({ real }: Pen, mask: Expression): Expression =>
  real === "f32" ? mask : op("i64x2.extend_low_i32x4_s", mask);

/** a / b of ints rounded by `round`, lane by lane through doubles, which hold ints exactly. */
export function quotient({ lanes }: Pen, a: Expression, b: Expression, round?: "f64x2.floor"): Expression {
  const half = (x: Expression, high: boolean) =>
    op("f64x2.convert_low_i32x4_s", high ? shuffle(x, x, [2, 3, 2, 3]) : x);
  const part = (high: boolean) => {
    const ratio = op("f64x2.div", half(a, high), half(b, high));
    return op("i32x4.trunc_sat_f64x2_s_zero", round ? op(round, ratio) : ratio);
  };
  return lanes === 2 ? part(false) : shuffle(part(false), part(true), [0, 1, 4, 5]);
}

/** What an operation on numbers computes; temporaries are written at once. */
export function operation(pen: Pen, node: Node): Expression {
  const { run } = pen;
  const { op: name, kind, args } = node;
  const [a, b, c] = args;
  const v = pen.real === "f32" ? "f32x4" : "f64x2";
  const of = (code: Opcode) => op(code, ...args.map((operand) => pen.vector(operand)));
  if (BITS[name]) return of(BITS[name]);
  if (name === "select") return op("v128.bitselect", pen.vector(b), pen.vector(c), maskFor(pen, a, kind));
  if (a.kind === "bool") {
    const differs = op("v128.xor", pen.vector(a), pen.vector(b));
    return name === "eq" ? op("v128.not", differs) : differs;
  }
  if (a.kind === "real") {
    const product = pen.fused(node);
    if (product) {
      const other = pen.vector(a === product ? b : a);
      const [p, q] = product.args.map((factor) => pen.vector(factor));
      if (name === "add") return op(`${v}.relaxed_madd`, p, q, other);
      return product === b
        ? op(`${v}.relaxed_nmadd`, p, q, other)
        : op(`${v}.relaxed_madd`, p, q, op(`${v}.neg`, other));
    }
    if (REAL[name]) return of(`${v}.${REAL[name]}` as Opcode);
  } else if (INT[name]) return kind === "bool" ? widened(pen, of(INT[name])) : of(INT[name]);
  const shift = SHIFT[name];
  if (shift) return b.varying ? lanewise(pen, `i32.${shift}`, a, b) : op(`i32x4.${shift}`, pen.vector(a), pen.word(b));
  switch (name) {
    case "div":
    case "mod": {
      const [left, right] = args.map((operand) => run.let("v128", pen.vector(operand)));
      // −2^31 / −1 saturates where wrapping is wanted.
      const minusOne = op("i32x4.eq", right, splat("i32", -1));
      const whole = op("v128.bitselect", op("i32x4.neg", left), quotient(pen, left, right), minusOne);
      const result = name === "div" ? whole : op("i32x4.sub", left, op("i32x4.mul", whole, right));
      return op("v128.andnot", result, op("i32x4.eq", right, splat("i32", 0)));
    }
    case "mulhi": {
      const [left, right] = args.map((operand) => run.let("v128", pen.vector(operand)));
      const low = op("i64x2.extmul_low_i32x4_u", left, right);
      return shuffle(low, op("i64x2.extmul_high_i32x4_u", left, right), [1, 3, 5, 7]);
    }
    case "toReal":
      return of(v === "f32x4" ? "f32x4.convert_i32x4_s" : "f64x2.convert_low_i32x4_s");
    case "toInt":
      return of(v === "f32x4" ? "i32x4.trunc_sat_f32x4_s" : "i32x4.trunc_sat_f64x2_s_zero");
    case "pow2":
      return v === "f32x4"
        ? op("i32x4.shl", op("i32x4.add", pen.vector(a), splat("i32", 127)), i32(23))
        : op("i64x2.shl", op("i64x2.extend_low_i32x4_s", op("i32x4.add", pen.vector(a), splat("i32", 1023))), i32(52));
    case "mantissa": {
      const [kept, set] =
        v === "f32x4"
          ? [splat("i32", 0x007fffff), splat("i32", 0x3f800000)]
          : [lanes32([-1, 0x000fffff, -1, 0x000fffff]), lanes32([0, 0x3ff00000, 0, 0x3ff00000])];
      return op("v128.or", op("v128.and", pen.vector(a), kept), set);
    }
    case "exponent": {
      if (v === "f32x4") {
        const field = op("v128.and", op("i32x4.shr_u", pen.vector(a), i32(23)), splat("i32", 0xff));
        return op("i32x4.sub", field, splat("i32", 127));
      }
      const words = run.let("v128", op("i64x2.shr_u", pen.vector(a), i32(52)));
      const field = op("v128.and", shuffle(words, words, [0, 2, 0, 2]), splat("i32", 0x7ff));
      return op("i32x4.sub", field, splat("i32", 1023));
    }
    default:
      return node.graph.fail(`"${name}" stands where it has no value`);
  }
}

/** A truth, as wide as what it selects. */
function maskFor(pen: Pen, truth: Node, kind: Node["kind"]): Expression {
  if (pen.real === "f32" || kind !== "int") return pen.vector(truth);
  return (out) => {
    const mask = pen.run.let("v128", pen.vector(truth));
    shuffle(mask, mask, [0, 2, 0, 2])(out);
  };
}

function lanewise(pen: Pen, name: Opcode, a: Node, b: Node): Expression {
  const { run, lanes } = pen;
  const [left, right] = [a, b].map((operand) => run.let("v128", pen.vector(operand)));
  const result = run.let("v128", left);
  for (let l = 0; l < lanes; l++) {
    const [p, q] = [left, right].map((operand) => lane("i32x4.extract_lane", l, operand));
    run.set(result, lane("i32x4.replace_lane", l, result, op(name, p, q)));
  }
  return result;
}
