import { expect } from "vitest";
import { cellsOf, grid } from "../grid.ts";
import * as functions from "../language/functions.ts";
import { kernel } from "../language/kernel.ts";
import { int, real, vector } from "../language/types.ts";
import type { Real } from "../language/values.ts";
import { philox } from "../random/generator.ts";
import { philox4x32 } from "../random/philox.ts";
import { fromReals } from "./arithmetic.ts";
import type { Twice } from "./twice.ts";

export const rotateBy = kernel(
  "rotate by",
  { reads: { m: vector, h: vector }, writes: { out: vector } },
  ({ m, h }) => ({
    out: m.add(m.cross(h).scale(0.5)),
  }),
);

interface Sampled {
  readonly of: (x: Real, y: Real) => Real;
  readonly exact: (x: number, y: number) => number;
  /** Where x, and y, are taken from. */
  readonly from: readonly [number, number];
  readonly and?: readonly [number, number];
  /** In units of the last place, and absolute where results pass through zero. */
  readonly ulps: number;
}

const UNIT = [0, 1] as const;

// What elementary.ts promises, and one more since Math may be off by one itself.
const FUNCTIONS: Record<string, Sampled> = {
  exp: { of: functions.exp, exact: Math.exp, from: [-80, 80], ulps: 4 },
  log: { of: functions.log, exact: Math.log, from: [1e-6, 1e6], ulps: 4 },
  sin: { of: functions.sin, exact: Math.sin, from: [-1000, 1000], ulps: 4 },
  cos: { of: functions.cos, exact: Math.cos, from: [-1000, 1000], ulps: 4 },
  tan: { of: functions.tan, exact: Math.tan, from: [-1.5, 1.5], ulps: 5 },
  tanh: { of: functions.tanh, exact: Math.tanh, from: [-10, 10], ulps: 5 },
  asin: { of: functions.asin, exact: Math.asin, from: [-1, 1], ulps: 5 },
  acos: { of: functions.acos, exact: Math.acos, from: [-1, 1], ulps: 5 },
  atan: { of: functions.atan, exact: Math.atan, from: [-50, 50], ulps: 5 },
  atan2: { of: functions.atan2, exact: Math.atan2, from: [-3, 3], and: [-2, 2], ulps: 5 },
  pow: { of: functions.pow, exact: Math.pow, from: [0.01, 30], and: [-8, 8], ulps: 5 },
  "x⁵": { of: (x) => functions.pow(x, 5), exact: (x) => x ** 5, from: [-3, 3], ulps: 4 },
  "x⁻³": { of: (x) => functions.pow(x, -3), exact: (x) => x ** -3, from: [0.1, 3], ulps: 8 },
};

export function elementary(twice: Twice): void {
  const line = grid([1031, 1, 1]);
  twice("elementary functions are as accurate as promised, and alike on all machines", async (twin) => {
    const round = twin.backend.precision === "f32" ? Math.fround : (x: number) => x;
    const epsilon = twin.backend.precision === "f32" ? 2 ** -23 : 2 ** -52;
    for (const [name, { of, exact, from, and = UNIT, ulps }] of Object.entries(FUNCTIONS)) {
      const spread =
        ([low, high]: readonly [number, number], step: number) =>
        (i: number) =>
          low + (high - low) * ((i * step) % 1);
      const x = twin.field(line, real, spread(from, 1 / 1030));
      const y = twin.field(line, real, spread(and, 0.6180339887));
      const out = twin.field(line, real, 0, name);
      await twin.run((p) => p.run(fromReals(name, of), { a: x, b: y, out }), { ulps: twin.exact ? 0 : 8 });
      const [xs, ys, results] = [twin.values(x), twin.values(y), await twin.backend.read(out)];
      // Near zeros of sin and the like an ulp of the argument is what counts on machines with poor quotients.
      const allowed = twin.ieee ? ulps : 3 * ulps;
      results.forEach((value, i) => {
        const wanted = exact(xs[i], ys[i]);
        const error = Math.abs(value - wanted) / (Math.abs(round(wanted)) + epsilon);
        if (!(error <= allowed * epsilon))
          throw new Error(`${name}(${xs[i]}, ${ys[i]}) is ${value}, off by ${error / epsilon} ulp from ${wanted}`);
      });
      twin.release();
    }
  });

  twice("the random words of Philox 4×32-10", async (twin) => {
    const cells = grid([13, 2, 1]);
    const draw = kernel(
      "draw",
      { reads: { seed: int, stream: int }, writes: { a: int, b: int, c: int, d: int } },
      ({ seed, stream }, here) => {
        const counter = [here.index.x, here.index.y, here.integer(7), here.integer(-1)] as const;
        const [a, b, c, d] = philox(counter, [seed, stream]);
        return { a, b, c, d };
      },
    );
    const seed = twin.scalar(0x12345678, "int");
    const words = [0, 1, 2, 3].map(() => twin.field(cells, int, 0));
    const [a, b, c, d] = words;
    await twin.run((p) => p.run(draw, { seed, stream: twin.field(cells, int, (i) => -i), a, b, c, d }));
    const found = await Promise.all(words.map((field) => twin.backend.read(field)));
    for (let i = 0; i < cellsOf(cells); i++) {
      const counter = Uint32Array.of(i % 13, Math.floor(i / 13), 7, 0xffffffff);
      philox4x32(counter, 0x12345678, -i >>> 0);
      expect(found.map((list) => list[i] >>> 0)).toEqual([...counter]);
    }
  });
}
