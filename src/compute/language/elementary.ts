import type { Arithmetic, Graph } from "./graph.ts";
import { type Bool, Int, Real, select } from "./values.ts";

/**
 * Elementary functions in terms of what every machine does alike: sums, products, quotients, rounding to whole numbers
 * and the parts of a floating-point number.  There are no branches, and nothing here depends on whether a·b + c is rounded
 * once or twice: where digits are carried along, products are exact because their factors have few bits, and factors
 * get few bits by rounding to whole numbers.
 *
 * The polynomials are minimax fits (Remez exchange in 60-digit arithmetic, weighted for the relative error of the function
 * on the reduced range, coefficients then rounded); the residual stands beside each.  Errors are in units in the last
 * place of the result (ulp), the largest found in dense and random samples, with quotients rounded correctly; graphics
 * processors may be off by 2.5 ulp there.
 *
 * Results below the smallest normal number may be flushed to zero.  NaN gives NaN.  The sign of zero is not kept.
 * Graphs of "exact" precision keep one operation where there is one, and else get the double-precision version.
 */

interface Coefficients {
  /** Smallest and largest normal number. */
  readonly smallest: number;
  readonly largest: number;
  /** ln 2 in two parts; the first times the exponent of any number is exact. */
  readonly ln2: readonly [number, number];
  /** (e^r − 1 − r) / r² for |r| ≤ ln 2 / 2 */
  readonly exp: readonly number[];
  /** Where e^x is surely infinite or zero. */
  readonly expRange: readonly [number, number];
  /** ((2 artanh s) / s − 2) / s² in powers of s², for s ≤ (√2 − 1) / (√2 + 1) */
  readonly log: readonly number[];
  /** π/2 in parts; all but the last have so few bits that a whole number of them is exact within the stated range. */
  readonly quarter: readonly number[];
  /** Beyond this an angle has no meaningful digit, or its number of quarters no room in an int. */
  readonly angleLimit: number;
  /** (sin r − r) / r³ in powers of r², for |r| ≤ π/4 */
  readonly sin: readonly number[];
  /** (cos r − 1 + r²/2) / r⁴ in powers of r², for |r| ≤ π/4 */
  readonly cos: readonly number[];
  /** (arctan t − t) / t³ in powers of t², for |t| ≤ tan π/8 */
  readonly atan: readonly number[];
  /** π/4 in two parts; up to four of the first are exact. */
  readonly eighth: readonly [number, number];
  /** −2 |x| for which tanh x is 1. */
  readonly tanhLimit: number;
  readonly pow: PowerSplit;
}

/** How many binary places the leading parts keep in x^y, so that their products are exact. */
interface PowerSplit {
  /** Of s = (m − 1) / (m + 1) and of m, together the bits of a number. */
  readonly quotient: number;
  readonly mantissa: number;
  /** Of log₂ x and of y. */
  readonly logarithm: number;
  readonly exponent: number;
  /** 2 / ln 2 in two parts; the first times the leading part of s is exact. */
  readonly scale: readonly [number, number];
  /** Powers of two that are surely infinite or zero, the halves of which are normal. */
  readonly limit: number;
  /** Stands for the logarithm of infinity. */
  readonly huge: number;
}

const SINGLE: Coefficients = {
  smallest: 2 ** -126,
  largest: (2 - 2 ** -23) * 2 ** 127,
  ln2: [0.693145751953125, 1.428606765330187e-6],
  // 2^-28
  exp: [0.4999999344703442, 0.16666520634973386, 0.04166838835128978, 0.008368716470384693, 0.0013814573914974883],
  expRange: [-110, 90],
  // 2^-30
  log: [0.6666677611887627, 0.39977569429251436, 0.29871071604417804],
  quarter: [1.5703125, 0.0004837512969970703, 7.549533620476723e-8, 2.5633440682570896e-12],
  angleLimit: 2 ** 22,
  // 2^-28
  sin: [-0.1666665460227125, 0.008332160291614593, -0.00019515218084358027],
  // 2^-33
  cos: [0.04166664567015038, -0.0013887315616250959, 2.4433082660649082e-5],
  // 2^-30
  atan: [-0.3333331518032981, 0.1999847096678257, -0.14243522286428872, 0.10593727309033664, -0.06077991529576192],
  eighth: [0.7853982448577881, -8.146034247147327e-8],
  tanhLimit: -40,
  pow: {
    quotient: 12,
    mantissa: 12,
    logarithm: 4,
    exponent: 5,
    scale: [2.88525390625, 0.00013617552758660167],
    limit: 200,
    huge: 1e30,
  },
};

const DOUBLE: Coefficients = {
  smallest: 2 ** -1022,
  largest: Number.MAX_VALUE,
  ln2: [0.6931471805598903, 5.497923018708371e-14],
  // 2^-58
  exp: [
    0.5000000000000011, 0.16666666666666413, 0.04166666666653017, 0.008333333333494508, 0.0013888888943627638,
    0.00019841269506458867, 2.480149310162756e-5, 2.7557586497007637e-6, 2.7630247352689317e-7, 2.5000017452167718e-8,
  ],
  expRange: [-750, 710],
  // 2^-59
  log: [
    0.6666666666666734, 0.3999999999941602, 0.28571428742102134, 0.22222198601139861, 0.18183562943245093,
    0.15314084171553627, 0.14795630453066427,
  ],
  quarter: [1.570796325802803, 9.920935808982456e-10, -1.2177051777973966e-18],
  angleLimit: 2 ** 31,
  // 2^-58
  sin: [
    -0.1666666666666663, 0.008333333333322108, -0.00019841269829580158, 2.7557313618015243e-6, -2.5050747217909e-8,
    1.589619762054736e-10,
  ],
  // 2^-64
  cos: [
    0.041666666666666595, -0.001388888888887304, 2.4801587288841387e-5, -2.755731417623627e-7, 2.0875700415600935e-9,
    -1.1358513927587717e-11,
  ],
  // 2^-59
  atan: [
    -0.333333333333332, 0.19999999999953205, -0.1428571428016217, 0.11111110781925351, -0.09090897718388817,
    0.07692059591186357, -0.06663097725474174, 0.058478482265831876, -0.05039139436074262, 0.03806081553045631,
    -0.017903559448454422,
  ],
  eighth: [0.7853981633974483, 3.061616997868383e-17],
  tanhLimit: -80,
  pow: {
    quotient: 26,
    mantissa: 27,
    logarithm: 16,
    exponent: 8,
    scale: [2.8853900730609894, 8.716937434837037e-9],
    limit: 1200,
    huge: 1e300,
  },
};

const coefficientsOf = ({ node }: Real): Coefficients => (node.graph.precision === "f32" ? SINGLE : DOUBLE);

/** The operation itself, in exact graphs and where its value is known at once. */
function whole(op: Arithmetic, ...args: Real[]): Real | undefined {
  const { graph } = args[0].node;
  return graph.precision === "exact" || args.every(({ node }) => node.op === "constant")
    ? new Real(
        graph.node(
          op,
          "real",
          args.map(({ node }) => node),
        ),
      )
    : undefined;
}

const graphOf = (x: Real | Int): Graph => x.node.graph;
const constant = (like: Real, value: number): Real => new Real(graphOf(like).constant(value));
const integer = (like: Int, value: number): Int => new Int(graphOf(like).constant(value, "int"));
const powerOfTwo = (n: Int): Real => new Real(graphOf(n).node("pow2", "real", [n.node]));
const exponentOf = (x: Real): Int => new Int(graphOf(x).node("exponent", "int", [x.node]));
const mantissaOf = (x: Real): Real => new Real(graphOf(x).node("mantissa", "real", [x.node]));

/** x rounded to that many binary places. */
const leading = (x: Real, places: number): Real =>
  x
    .mul(2 ** places)
    .round()
    .mul(2 ** -places);

/** c₀ + c₁ x + c₂ x² + … */
function polynomial(x: Real, coefficients: readonly number[]): Real {
  const last = coefficients.length - 1;
  let sum = constant(x, coefficients[last]);
  for (let i = last - 1; i >= 0; i--) sum = sum.mul(x).add(coefficients[i]);
  return sum;
}

/** x 2^n, in two steps, as 2^n alone may be out of range. */
function scaled(x: Real, n: Int): Real {
  const half = n.sar(1);
  return x.mul(powerOfTwo(half)).mul(powerOfTwo(n.sub(half)));
}

/** e^r − 1 for |r| ≤ ln 2 / 2 */
const smallExpm1 = (r: Real): Real => r.add(r.squared().mul(polynomial(r, coefficientsOf(r).exp)));

/** x = n ln 2 + r with |r| ≤ ln 2 / 2 */
function byPowersOfTwo(x: Real): { n: Int; r: Real } {
  const [high, low] = coefficientsOf(x).ln2;
  const n = x.mul(Math.LOG2E).round();
  return { n: n.toInt(), r: x.sub(n.mul(high)).sub(n.mul(low)) };
}

/** e^x; infinite beyond the largest number, and 0 below the smallest.  Error: 1 ulp. */
export function exp(x: Real): Real {
  const kept = whole("exp", x);
  if (kept) return kept;
  const [least, most] = coefficientsOf(x).expRange;
  const bounded = select(x.lt(least), constant(x, least), select(x.gt(most), constant(x, most), x));
  const { n, r } = byPowersOfTwo(bounded);
  return scaled(smallExpm1(r).add(1), n);
}

/**
 * x = 2^k m with m in [√½, √2]; of m = 1 + f what the logarithm needs: s = f / (2 + f) and
 * tail = 2 artanh(s) / s − 2.
 */
function parts(x: Real) {
  const large = mantissaOf(x).gt(Math.SQRT2);
  const m = select(large, mantissaOf(x).mul(0.5), mantissaOf(x));
  const k = exponentOf(x).add(select(large, integer(exponentOf(x), 1), integer(exponentOf(x), 0)));
  const f = m.sub(1);
  const s = f.div(f.add(2));
  const z = s.squared();
  return { m, k: k.toReal(), f, s, tail: z.mul(polynomial(z, coefficientsOf(x).log)) };
}

/** Whether x is a positive normal number. */
const ordinary = (x: Real): Bool => {
  const { smallest, largest } = coefficientsOf(x);
  return x.ge(smallest).and(x.le(largest));
};

/** `inside` for ordinary x, and else the limits at 0 and at infinity; NaN below 0. */
const withLimits = (x: Real, inside: Real, atZero: number, atInfinity: number): Real =>
  select(
    ordinary(x),
    inside,
    select(x.gt(1), constant(x, atInfinity), select(x.ge(0), constant(x, atZero), constant(x, Number.NaN))),
  );

/**
 * ln x; −∞ at 0, for which numbers below the smallest normal one are taken too; NaN below.  Error: 0.8 ulp.
 *
 * ln(1 + f) = 2 artanh s = f − h + s (h + tail) with h = f²/2, since 2 s = f − s f and s f = h (1 − s).
 */
export function log(x: Real): Real {
  const kept = whole("log", x);
  if (kept) return kept;
  const [high, low] = coefficientsOf(x).ln2;
  const { k, f, s, tail } = parts(x);
  const h = f.squared().mul(0.5);
  const small = s.mul(h.add(tail)).add(k.mul(low));
  return withLimits(x, k.mul(high).add(f.sub(h.sub(small))), -Infinity, Infinity);
}

/**
 * x^y for x > 0 and finite y, as 2^(y log₂ x) with a logarithm in two parts.  0 stands for any x below the smallest normal
 * number; NaN below 0, for whole y too.  Error: 1.2 + |y|/32 + |log₂ x|/150 ulp in single precision,
 * 1.2 + |y|/64 + |log₂ x|/1500 ulp in double.
 */
export function pow(x: Real, y: Real): Real {
  const kept = whole("pow", x, y);
  if (kept) return kept;
  const { quotient, mantissa, logarithm, exponent, scale, limit, huge } = coefficientsOf(x).pow;
  const { m, k, f, s, tail } = parts(select(ordinary(x), x, constant(x, 1)));
  // s to more digits than one number has: f − s (1 + m) is exact with leading parts of s and m.
  const sHigh = leading(s, quotient);
  const mHigh = leading(m, mantissa);
  const sLow = f
    .sub(sHigh.mul(mHigh.add(1)))
    .sub(sHigh.mul(m.sub(mHigh)))
    .div(m.add(1));
  const product = sHigh.mul(scale[0]);
  const rounded = leading(product, logarithm);
  const logHigh = withLimits(x, k.add(rounded), -huge, huge);
  const logLow = product.sub(rounded).add(
    sLow
      .mul(2 * Math.LOG2E)
      .add(sHigh.mul(scale[1]))
      .add(s.mul(tail).mul(Math.LOG2E)),
  );
  // The product of the leading parts is exact, and so is what is left of it without the whole number n.
  const yHigh = leading(y, exponent);
  const high = yHigh.mul(logHigh);
  const low = y.sub(yHigh).mul(logHigh).add(y.mul(logLow));
  const total = high.add(low);
  const n = total.round();
  const beyond = total.abs().gt(limit);
  const rest = select(beyond, constant(x, 0), high.sub(n).add(low));
  const bounded = select(beyond, select(total.gt(0), constant(x, limit), constant(x, -limit)), n);
  return scaled(smallExpm1(rest.mul(Math.LN2)).add(1), bounded.toInt());
}

/** sin r and cos r for |r| ≤ π/4 */
function smallSinCos(r: Real): { sin: Real; cos: Real } {
  const { sin, cos } = coefficientsOf(r);
  const z = r.squared();
  return {
    sin: r.add(r.mul(z).mul(polynomial(z, sin))),
    cos: z.squared().mul(polynomial(z, cos)).sub(z.mul(0.5)).add(1),
  };
}

/** x = n π/2 + r with |r| ≤ π/4; n modulo 4 is right. */
function byQuarters(x: Real): { n: Int; r: Real } {
  const { quarter, angleLimit } = coefficientsOf(x);
  const bounded = select(x.abs().le(angleLimit), x, constant(x, Number.NaN));
  const n = bounded.mul(2 / Math.PI).round();
  return { n: n.toInt(), r: quarter.reduce((rest, part) => rest.sub(n.mul(part)), bounded) };
}

/** sin and cos of n quarters of a turn and the angle r. */
function turned(n: Int, r: Real): { sin: Real; cos: Real } {
  const { sin, cos } = smallSinCos(r);
  const odd = n.and(1).ne(0);
  const signed = (x: Real, negative: Bool) => select(negative, x.neg(), x);
  return {
    sin: signed(select(odd, cos, sin), n.and(2).ne(0)),
    cos: signed(select(odd, sin, cos), n.add(1).and(2).ne(0)),
  };
}

/**
 * sin x.  Error: 2.4 ulp for |x| up to 1.2e4 in single and 5e7 in double precision, also near the zeros; beyond, that of an
 * argument off by one unit in its last place.  NaN where that unit is no longer small: beyond 2^22 and 2^31.
 */
export function sin(x: Real): Real {
  const kept = whole("sin", x);
  if (kept) return kept;
  const { n, r } = byQuarters(x);
  return turned(n, r).sin;
}

/** cos x, with the errors and limits of {@link sin}. */
export function cos(x: Real): Real {
  const kept = whole("cos", x);
  if (kept) return kept;
  const { n, r } = byQuarters(x);
  return turned(n, r).cos;
}

/** tan x, with the limits of {@link sin}.  Error: 3.6 ulp. */
export function tan(x: Real): Real {
  const { n, r } = byQuarters(x);
  const { sin, cos } = smallSinCos(r);
  const odd = n.and(1).ne(0);
  return select(odd, cos.neg(), sin).div(select(odd, sin, cos));
}

/** cos 2πt and sin 2πt.  The reduction is exact, for |t| below 2^29.  Error: 2 ulp. */
export function circle(t: Real): { cos: Real; sin: Real } {
  const quarters = t.mul(4);
  const n = quarters.round();
  return turned(n.toInt(), quarters.sub(n).mul(Math.PI / 2));
}

/**
 * Angle of the point (x, y), in −π…π.  The angle of the origin is 0, of the negative x axis π.  NaN where both are
 * infinite; right for magnitudes up to half the largest number.  Error: 2.2 ulp.
 */
export function atan2(y: Real, x: Real): Real {
  const kept = whole("atan2", y, x);
  if (kept) return kept;
  const { atan, eighth } = coefficientsOf(x);
  const [zero, one] = [constant(x, 0), constant(x, 1)];
  const steep = y.abs().gt(x.abs());
  const left = x.lt(0);
  const low = select(steep, x.abs(), y.abs());
  const high = select(steep, y.abs(), x.abs());
  // From slope to angle, 45° less if the slope is nearer to 1 than to 0.
  const diagonal = low.gt(high.mul(Math.SQRT2 - 1));
  const t = select(diagonal, low.sub(high), low).div(select(diagonal, low.add(high), select(high.eq(0), one, high)));
  const z = t.squared();
  const angle = t.add(t.mul(z).mul(polynomial(z, atan)));
  // Reflected at the diagonal and at the y axis: eighths of a turn ± angle.
  const upright = select(steep, select(diagonal, one, constant(x, 2)), select(diagonal, one, zero));
  const eighths = select(left, constant(x, 4).sub(upright), upright);
  const signed = select(steep.xor(left), angle.neg(), angle);
  const positive = eighths.mul(eighth[0]).add(signed.add(eighths.mul(eighth[1])));
  return select(y.lt(0), positive.neg(), positive);
}

/** tanh x, from e^(−2|x|) − 1, which keeps its digits near 0.  Error: 2.6 ulp. */
export function tanh(x: Real): Real {
  const { tanhLimit } = coefficientsOf(x);
  const twice = x.abs().mul(-2);
  const { n, r } = byPowersOfTwo(select(twice.lt(tanhLimit), constant(x, tanhLimit), twice));
  const power = powerOfTwo(n);
  const expm1 = power.mul(smallExpm1(r)).add(power.sub(1));
  const size = expm1.neg().div(expm1.add(2));
  return select(x.lt(0), size.neg(), size);
}

/** arcsin x; NaN beyond ±1.  Error: 3 ulp. */
export const asin = (x: Real): Real => atan2(x, complement(x));
/** arccos x; NaN beyond ±1.  Error: 3 ulp. */
export const acos = (x: Real): Real => atan2(complement(x), x);
/** arctan x.  Error: 2.2 ulp. */
export const atan = (x: Real): Real => atan2(x, constant(x, 1));

/** √(1 − x²) */
const complement = (x: Real): Real => constant(x, 1).sub(x).mul(x.add(1)).sqrt();
