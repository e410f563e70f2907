import { describe, expect, it } from "vitest";
import type { NumberArray } from "../backend.ts";
import { grid, type Precision } from "../grid.ts";
import { interpret } from "../language/interpreter.ts";
import { kernel, trace } from "../language/kernel.ts";
import { int, real, vector } from "../language/types.ts";
import type { Int } from "../language/values.ts";
import { normalPair, normalVector, philox, uniform, type Words } from "./generator.ts";
import { NormalStream, philox4x32 } from "./philox.ts";

const PRECISIONS = ["f32", "f64"] as const;
const field = (name: string) => ({ is: "field", field: name }) as const;

/** Unsigned words of the cells 0…count−1. */
const words = (count: number, stream: number): Uint32Array => {
  const all = new Uint32Array(4);
  return Uint32Array.from({ length: count }, (_, i) => {
    all.set([i, stream, 1, 0]);
    philox4x32(all, 9, 9);
    return all[0];
  });
};

describe("Philox in the kernel language", () => {
  it("gives the words of the plain one, to the bit", () => {
    const count = 50;
    const types = { c0: int, c1: int, c2: int, c3: int };
    const k = kernel(
      "philox",
      { reads: { ...types, k0: int, k1: int }, writes: { r0: int, r1: int, r2: int, r3: int } },
      ({ c0, c1, c2, c3, k0, k1 }) => {
        const [r0, r1, r2, r3] = philox([c0, c1, c2, c3], [k0, k1]);
        return { r0, r1, r2, r3 };
      },
    );
    const names = ["c0", "c1", "c2", "c3", "k0", "k1", "r0", "r1", "r2", "r3"];
    const fields = new Map(names.map((name, i) => [name, new Int32Array(words(count, i))]));
    // The ends of the range as well.
    for (const name of names) fields.get(name)!.set([0, -1, 1 << 31]);
    const given = names.map((name) => new Uint32Array(fields.get(name)!.slice().buffer));
    interpret(trace(k, grid([count, 1, 1]), "f32", Object.fromEntries(names.map((n) => [n, field(n)]))), { fields });
    for (let i = 0; i < count; i++) {
      const expected = Uint32Array.from([0, 1, 2, 3].map((j) => given[j][i]));
      philox4x32(expected, given[4][i], given[5][i]);
      expect([0, 1, 2, 3].map((j) => fields.get(`r${j}`)![i] >>> 0)).toEqual([...expected]);
    }
  });
});

describe("uniform numbers", () => {
  const drawn = (precision: Precision, high: number[], low: number[]): number[] => {
    const k = kernel("u", { reads: { high: int, low: int }, writes: { u: real } }, ({ high, low }) => ({
      u: uniform(high, low),
    }));
    const u = new Float64Array(high.length);
    const fields = new Map<string, NumberArray>([
      ["high", Int32Array.from(high)],
      ["low", Int32Array.from(low)],
      ["u", u],
    ]);
    const bindings = { high: field("high"), low: field("low"), u: field("u") };
    interpret(trace(k, grid([high.length, 1, 1]), precision, bindings), { fields }, { round: precision });
    return [...u];
  };

  it("are the leading 53 bits of two words, or 24 of one", () => {
    const high = [0, 1, -1, -1, 1 << 31, 0x12345678];
    const low = [0, 0, 0, -1, 0x7ff, 0x9abcdef0 | 0];
    const bits = high.map((h, i) => (BigInt(h >>> 0) << 32n) | BigInt(low[i] >>> 0));
    expect(drawn("f64", high, low)).toEqual(bits.map((b) => Number(b >> 11n) / 2 ** 53));
    expect(drawn("f32", high, low)).toEqual(bits.map((b) => Number(b >> 40n) / 2 ** 24));
  });
});

describe("normal numbers", () => {
  const normals = kernel(
    "normals",
    { reads: { step: int, low: int, high: int, stream: int }, writes: { n: vector } },
    ({ step, low, high, stream }, { index, size }) => {
      const cell = index.x.add(index.y.add(index.z.mul(size.y)).mul(size.x));
      return { n: normalVector({ seed: [low, high], stream, step, cell }) };
    },
  );
  /** Components one after the other. */
  const drawn = (count: number, precision: Precision, [step, low, high, stream]: number[]): Float64Array => {
    const n = new Float64Array(3 * count);
    const numbers = { step, low, high, stream };
    const uniforms = Object.entries(numbers).map(
      ([name, value]) => [name, { is: "uniform", values: [value] }] as const,
    );
    const graph = trace(normals, grid([count, 1, 1]), precision, { ...Object.fromEntries(uniforms), n: field("n") });
    interpret(graph, { fields: new Map([["n", n]]) }, { round: precision });
    return n;
  };
  const mean = (values: ArrayLike<number>, of: (x: number, i: number) => number): number =>
    Array.from(values, of).reduce((a, b) => a + b, 0) / values.length;

  it("are those of NormalStream for the same words", () => {
    const step = 7;
    const [low, high, stream] = [123, 4, 5];
    const k = kernel("pairs", { writes: { a: real, b: real } }, (_, { index, integer }) => {
      const counter: Words = [integer(step), integer(0), index.x, integer(0)];
      const key: [Int, Int] = [integer(low), integer(high).xor(integer(stream).mul(0x9e3779b9))];
      const [w0, w1, w2, w3] = philox(counter, key);
      const [a, b] = normalPair([w0, w1], [w2, w3]);
      return { a, b };
    });
    const [a, b] = [new Float64Array(20), new Float64Array(20)];
    const fields = new Map([
      ["a", a],
      ["b", b],
    ]);
    interpret(trace(k, grid([20, 1, 1]), "f64", { a: field("a"), b: field("b") }), { fields });
    const expected = new Float64Array(40);
    new NormalStream(high * 2 ** 32 + low, stream).fill(expected, step);
    // A few roundings apart: the logarithm, sine and cosine are not the same code.
    for (let i = 0; i < 20; i++) {
      expect(a[i]).toBeCloseTo(expected[2 * i], 13);
      expect(b[i]).toBeCloseTo(expected[2 * i + 1], 13);
    }
  });

  it("are the same in both precisions, up to rounding", () => {
    const single = drawn(200, "f32", [1, 2, 3, 4]);
    const double = drawn(200, "f64", [1, 2, 3, 4]);
    // The angle has 24 bits, the radius is 6 at most.
    single.forEach((x, i) => {
      expect(Math.abs(x - double[i])).toBeLessThan(6 * 2 * Math.PI * 2 ** -24 + 4e-6);
    });
  });

  it("do not depend on the shape of the grid", () => {
    const flat = drawn(12, "f64", [1, 2, 3, 4]);
    const n = new Float64Array(36);
    const numbers = ["step", "low", "high", "stream"].map(
      (name, i) => [name, { is: "uniform", values: [i + 1] }] as const,
    );
    const graph = trace(normals, grid([2, 3, 2]), "f64", { ...Object.fromEntries(numbers), n: field("n") });
    interpret(graph, { fields: new Map([["n", n]]) });
    expect([...n]).toEqual([...flat]);
  });

  describe.each(PRECISIONS)("in %s", (precision) => {
    const count = 4000;
    const n = drawn(count, precision, [100, 42, 0, 1]);
    // Five standard errors of an estimate whose terms have that variance.
    const error = (variance: number, samples: number) => 5 * Math.sqrt(variance / samples);

    it("have mean 0, variance 1, skewness 0 and kurtosis 3", () => {
      expect(Math.abs(mean(n, (x) => x))).toBeLessThan(error(1, n.length));
      expect(Math.abs(mean(n, (x) => x ** 2) - 1)).toBeLessThan(error(2, n.length));
      expect(Math.abs(mean(n, (x) => x ** 3))).toBeLessThan(error(15, n.length));
      expect(Math.abs(mean(n, (x) => x ** 4) - 3)).toBeLessThan(error(96, n.length));
    });

    it("have no correlation between components, cells, steps, streams or seeds", () => {
      const others = {
        components: (_: number, i: number) => n[(i + count) % n.length],
        cells: (_: number, i: number) => n[(i + 1) % n.length],
        steps: drawn(count, precision, [101, 42, 0, 1]),
        streams: drawn(count, precision, [100, 42, 0, 2]),
        seeds: drawn(count, precision, [100, 43, 0, 1]),
        highSeeds: drawn(count, precision, [100, 42, 1, 1]),
      };
      for (const [name, other] of Object.entries(others)) {
        const product = (x: number, i: number) => x * (typeof other === "function" ? other(x, i) : other[i]);
        expect(Math.abs(mean(n, product)), name).toBeLessThan(error(1, n.length));
        const squares = (x: number, i: number) => (x ** 2 - 1) * ((product(x, i) / x) ** 2 - 1);
        expect(Math.abs(mean(n, squares)), `squares of ${name}`).toBeLessThan(error(4, n.length));
      }
    });

    it("have the tails of the normal distribution", () => {
      // P(|x| > 1) = 0.31731, P(|x| > 2) = 0.04550, P(|x| > 3) = 0.00270.
      for (const [limit, p] of [
        [1, 0.317311],
        [2, 0.0455],
        [3, 0.0027],
      ])
        expect(Math.abs(mean(n, (x) => (Math.abs(x) > limit ? 1 : 0)) - p)).toBeLessThan(error(p * (1 - p), n.length));
    });
  });
});
