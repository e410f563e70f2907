import { describe, expect, it } from "vitest";
import { grid, type Precision } from "../grid.ts";
import { philox4x32 } from "../random/philox.ts";
import { circle } from "./elementary.ts";
import { acos, asin, atan, atan2, cos, exp, log, pow, sin, tan, tanh } from "./functions.ts";
import { interpret } from "./interpreter.ts";
import { kernel, trace } from "./kernel.ts";
import { real } from "./types.ts";
import { Complex, type Real } from "./values.ts";

type Call = (x: Real, y: Real) => Real;
const PRECISIONS = ["f32", "f64"] as const;

function graphOf(call: Call, count: number, precision: Precision | "exact") {
  const k = kernel("f", { reads: { x: real, y: real }, writes: { z: real } }, ({ x, y }) => ({ z: call(x, y) }));
  const field = (name: string) => ({ is: "field", field: name }) as const;
  return trace(k, grid([count, 1, 1]), precision, { x: field("x"), y: field("y"), z: field("z") });
}

/** What the function gives in the arithmetic of that precision. */
function computed(call: Call, precision: Precision, xs: ArrayLike<number>, ys = xs, fused = false): Float64Array {
  const z = new Float64Array(xs.length);
  const fields = new Map([
    ["x", Float64Array.from(xs)],
    ["y", Float64Array.from(ys)],
    ["z", z],
  ]);
  interpret(graphOf(call, xs.length, precision), { fields }, { round: precision, fused });
  return z;
}

const one = (call: Call, precision: Precision, x: number, y = x): number => computed(call, precision, [x], [y])[0];

/** Uniform numbers in [0, 1), the same at every call. */
function uniforms(count: number, stream: number): Float64Array {
  const words = new Uint32Array(4);
  return Float64Array.from({ length: count }, (_, i) => {
    words.set([i, stream, 0, 0]);
    philox4x32(words, 5, 0);
    return (words[0] * 2 ** 20 + (words[1] >>> 12)) / 2 ** 52;
  });
}

const COUNT = 1500;
/** Evenly spread numbers, dense and at random. */
const between = (from: number, to: number, stream = 1): number[] => [
  ...uniforms(COUNT, stream).map((u) => from + (to - from) * u),
  ...uniforms(COUNT / 2, stream + 10).map((_, i) => from + ((to - from) * i) / (COUNT / 2 - 1)),
];
/** Numbers of all magnitudes from 2^from to 2^to. */
const magnitudes = (from: number, to: number, stream = 2): number[] => {
  const mantissa = uniforms(COUNT, stream + 20);
  return [...uniforms(COUNT, stream).map((u, i) => 2 ** Math.floor(from + (to - from) * u) * (1 + mantissa[i]))];
};
const bothSigns = (values: number[]): number[] => values.map((x, i) => (i % 2 ? x : -x));
const round = (precision: Precision, values: number[]) => (precision === "f32" ? values.map(Math.fround) : values);

/** Distance in units in the last place of the reference. */
function ulps(value: number, reference: number, precision: Precision): number {
  const [bits, least] = precision === "f32" ? [23, -126] : [52, -1022];
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(reference))), least);
  return Math.abs(value - reference) / 2 ** (exponent - bits);
}

interface Case {
  readonly name: string;
  readonly call: Call;
  readonly reference: (x: number, y: number) => number;
  /** Arguments, and the error stated where the function is defined. */
  readonly f32: { readonly x: number[]; readonly y?: number[]; readonly ulp: number };
  readonly f64: { readonly x: number[]; readonly y?: number[]; readonly ulp: number };
}

const ANGLES = (limit: number) => [...between(-4, 4), ...between(-limit, limit), ...bothSigns(magnitudes(-100, 0))];
const RATIOS = [...between(-1, 1), ...bothSigns(magnitudes(-60, 0))];

const CASES: Case[] = [
  {
    name: "exp",
    call: exp,
    reference: Math.exp,
    f32: { x: [...between(-87, 88.7), ...between(-1, 1), ...bothSigns(magnitudes(-30, 0))], ulp: 1 },
    f64: { x: [...between(-708, 709.7), ...between(-1, 1), ...bothSigns(magnitudes(-60, 0))], ulp: 1 },
  },
  {
    name: "log",
    call: log,
    reference: Math.log,
    f32: { x: [...magnitudes(-126, 127), ...between(0.5, 2)], ulp: 0.8 },
    f64: { x: [...magnitudes(-1022, 1023), ...between(0.5, 2)], ulp: 0.8 },
  },
  {
    name: "log near 1",
    call: log,
    reference: (x) => Math.log1p(x - 1),
    f32: { x: bothSigns(magnitudes(-23, -3)).map((d) => Math.fround(1 + d)), ulp: 0.8 },
    f64: { x: bothSigns(magnitudes(-52, -3)).map((d) => 1 + d), ulp: 0.8 },
  },
  {
    name: "sin",
    call: sin,
    reference: Math.sin,
    f32: { x: ANGLES(12_000), ulp: 2.4 },
    f64: { x: ANGLES(5e7), ulp: 2.4 },
  },
  {
    name: "cos",
    call: cos,
    reference: Math.cos,
    f32: { x: ANGLES(12_000), ulp: 2.4 },
    f64: { x: ANGLES(5e7), ulp: 2.4 },
  },
  {
    name: "tan",
    call: tan,
    reference: Math.tan,
    f32: { x: ANGLES(12_000), ulp: 3.6 },
    f64: { x: ANGLES(5e7), ulp: 3.6 },
  },
  {
    name: "tanh",
    call: tanh,
    reference: Math.tanh,
    f32: { x: [...between(-10, 10), ...bothSigns(magnitudes(-100, 6))], ulp: 2.6 },
    f64: { x: [...between(-21, 21), ...bothSigns(magnitudes(-1000, 6))], ulp: 2.6 },
  },
  {
    name: "atan2",
    call: atan2,
    reference: Math.atan2,
    f32: { x: bothSigns(magnitudes(-50, 50)), y: between(-8, 8).slice(0, COUNT), ulp: 2.2 },
    f64: { x: bothSigns(magnitudes(-50, 50)), y: between(-8, 8).slice(0, COUNT), ulp: 2.2 },
  },
  {
    name: "asin",
    call: asin,
    reference: Math.asin,
    f32: { x: RATIOS, ulp: 3 },
    f64: { x: RATIOS, ulp: 3 },
  },
  {
    name: "acos",
    call: acos,
    reference: Math.acos,
    f32: { x: RATIOS, ulp: 3 },
    f64: { x: RATIOS, ulp: 3 },
  },
];

describe.each(PRECISIONS)("elementary functions in %s", (precision) => {
  // Math.* is off by up to 1 ulp itself, which matters in double precision only.
  const own = precision === "f64" ? 1 : 0;

  it.each(CASES)("$name is as good as it says, whether sums of products are fused or not", (one) => {
    const { ulp } = one[precision];
    const x = round(precision, one[precision].x);
    const y = round(precision, one[precision].y ?? x);
    for (const fused of [false, true]) {
      const worst = computed(one.call, precision, x, y, fused).reduce(
        (most, z, i) => Math.max(most, ulps(z, one.reference(x[i], y[i]), precision)),
        0,
      );
      expect(worst).toBeLessThan(ulp + own);
    }
  });

  it("pow loses little to large exponents", () => {
    const [span, perExponent, perLogarithm, range] =
      precision === "f32" ? [40, 1 / 32, 1 / 150, 126] : [300, 1 / 64, 1 / 1500, 1022];
    const x = round(precision, [...between(0.5, 2), ...magnitudes(-span, span), ...magnitudes(-3, 3)]);
    const y = round(precision, bothSigns([...between(0, 100, 3), ...magnitudes(-20, 7, 4), ...between(0, 10, 5)]));
    for (const fused of [false, true])
      computed(pow, precision, x, y, fused).forEach((z, i) => {
        const log = Math.abs(Math.log2(x[i]));
        if (log * Math.abs(y[i]) > range - 1) return;
        const bound = 1.2 + Math.abs(y[i]) * perExponent + log * perLogarithm + own;
        expect(ulps(z, x[i] ** y[i], precision)).toBeLessThan(bound);
      });
  });

  it("circle meets the axes exactly", () => {
    const turns = [-0.5, -0.25, 0, 0.25, 0.5, 0.75, 1, 7.25];
    const exact = (value: number) => Math.round(value) + 0;
    const cos = computed((t) => circle(t).cos, precision, turns);
    const sin = computed((t) => circle(t).sin, precision, turns);
    expect([...cos].map((c) => c + 0)).toEqual(turns.map((t) => exact(Math.cos(2 * Math.PI * t))));
    expect([...sin].map((s) => s + 0)).toEqual(turns.map((t) => exact(Math.sin(2 * Math.PI * t))));
  });

  it("NaN stays NaN", () => {
    for (const call of [exp as Call, log, sin, cos, tan, tanh, asin, acos, atan, atan2, pow])
      expect(one(call, precision, Number.NaN)).toBeNaN();
    expect(one(atan2, precision, 1, Number.NaN)).toBeNaN();
    expect(one(pow, precision, 2, Number.NaN)).toBeNaN();
  });

  it("exp overflows to infinity and underflows to zero", () => {
    const [over, under] = precision === "f32" ? [89, -104] : [709.8, -746];
    expect(one(exp, precision, over)).toBe(Infinity);
    expect(one(exp, precision, Infinity)).toBe(Infinity);
    expect(one(exp, precision, under)).toBe(0);
    expect(one(exp, precision, -Infinity)).toBe(0);
    expect(one(exp, precision, 0)).toBe(1);
  });

  it("log ends at zero, which denormal numbers count as", () => {
    const smallest = precision === "f32" ? 2 ** -126 : 2 ** -1022;
    for (const zero of [0, -0, smallest / 2]) expect(one(log, precision, zero)).toBe(-Infinity);
    expect(one(log, precision, smallest)).toBeCloseTo(Math.log(smallest), 4);
    expect(one(log, precision, -1)).toBeNaN();
    expect(one(log, precision, -Infinity)).toBeNaN();
    expect(one(log, precision, Infinity)).toBe(Infinity);
    expect(one(log, precision, 1)).toBe(0);
  });

  it("angles without a meaningful digit have no sine", () => {
    for (const x of [Infinity, -Infinity, 1e30]) {
      expect(one(sin, precision, x)).toBeNaN();
      expect(one(cos, precision, x)).toBeNaN();
      expect(one(tan, precision, x)).toBeNaN();
    }
  });

  it("atan2 knows the quadrants and the axes", () => {
    const digits = precision === "f32" ? 6 : 15;
    for (const y of [-2, -1, 0, 1, 2])
      for (const x of [-2, -1, 0, 1, 2]) expect(one(atan2, precision, y, x)).toBeCloseTo(Math.atan2(y, x), digits);
    expect(one(atan2, precision, 1, Infinity)).toBe(0);
    expect(one(atan2, precision, 1, -Infinity)).toBeCloseTo(Math.PI, digits);
    expect(one(atan2, precision, -Infinity, 1)).toBeCloseTo(-Math.PI / 2, digits);
    expect(one(atan2, precision, -0, -1)).toBeCloseTo(Math.PI, digits);
  });

  it("tanh, asin and acos end where they should", () => {
    const digits = precision === "f32" ? 6 : 15;
    expect([-Infinity, -100, 100, Infinity].map((x) => one(tanh, precision, x))).toEqual([-1, -1, 1, 1]);
    expect(one(asin, precision, -1)).toBeCloseTo(-Math.PI / 2, digits);
    expect(one(acos, precision, -1)).toBeCloseTo(Math.PI, digits);
    expect(one(acos, precision, 1)).toBe(0);
    expect(one(asin, precision, 1.01)).toBeNaN();
    expect(one(acos, precision, -1.01)).toBeNaN();
  });

  it("pow has limits at zero and infinity, and none below zero", () => {
    const of = (x: number, y: number) => one(pow, precision, x, y);
    expect([of(0, 2.5), of(0, 1e-3), of(0, -0.5), of(0, 0)]).toEqual([0, 0, Infinity, 1]);
    expect([of(Infinity, 0.5), of(Infinity, -0.5), of(7, 0), of(1, 1e20)]).toEqual([Infinity, 0, 1, 1]);
    expect([of(10, 400), of(10, -400), of(0.999, 1e7), of(0.999, -1e7)]).toEqual([Infinity, 0, 0, Infinity]);
    expect(of(-2, 2.5)).toBeNaN();
  });

  it("exp of a complex number turns", () => {
    const part =
      (name: "re" | "im"): Call =>
      (x, y) =>
        exp(new Complex(x, y))[name];
    const digits = precision === "f32" ? 5 : 13;
    expect(one(part("re"), precision, 1, 2)).toBeCloseTo(Math.E * Math.cos(2), digits);
    expect(one(part("im"), precision, 1, 2)).toBeCloseTo(Math.E * Math.sin(2), digits);
  });
});

describe("elementary functions of exact graphs", () => {
  it("stay single operations where there is one", () => {
    for (const [op, call] of Object.entries({ exp: exp as Call, log, sin, cos, atan2, pow })) {
      const [store] = graphOf(call, 1, "exact").cell.statements;
      expect(store.args[0].op).toBe(op);
    }
  });
});

describe("elementary functions of numbers known beforehand", () => {
  it("are numbers", () => {
    const [store] = graphOf((x) => x.add(exp(x.sub(x).mul(0).add(1))), 1, "f64").cell.statements;
    expect(store.args[0].args.find(({ op }) => op === "constant")?.value).toBe(Math.E);
    expect(() => exp(1)).toThrow("exp(1) has no value of a kernel in it; use Math.exp");
  });

  it("share the reduction of sine and cosine", () => {
    const nodes = (call: Call) => [...graphOf(call, 1, "f64").nodes()].length;
    const sine = nodes((x) => sin(x));
    const both = nodes((x) => sin(x).mul(cos(x)));
    expect(both - sine).toBeLessThan(12);
  });
});
