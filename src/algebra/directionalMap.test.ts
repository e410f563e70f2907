import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chebyshev, plain } from "./arithmetic.ts";
import { DirectionalMap } from "./directionalMap.ts";
import { fillHarmonics, harmonicCount, harmonicIndex, sphereRule, sphericalHarmonics } from "./sphericalHarmonics.ts";
import { normalize, type Vector3 } from "./vector.ts";

const component = fc.double({ min: -1, max: 1, noNaN: true });
const direction = fc
  .tuple(component, component, component)
  .filter((v) => Math.hypot(...v) > 0.1)
  .map((v) => normalize(v));

describe("spherical harmonics", () => {
  it("are orthonormal over the sphere", () => {
    const degree = 9;
    const { directions, weights } = sphereRule(degree);
    const values = directions.map((u) => sphericalHarmonics(u, degree, plain));
    for (let a = 0; a < harmonicCount(degree); a++)
      for (let b = 0; b <= a; b++) {
        const product = weights.reduce((sum, w, i) => sum + w * values[i][a] * values[i][b], 0);
        // 220 terms of the size of 1, each rounded.
        expect(Math.abs(product - (a === b ? 1 : 0))).toBeLessThan(1e-13);
      }
  });

  it("are the known ones of low degree", () => {
    fc.assert(
      fc.property(direction, ([x, y, z]) => {
        const Y = sphericalHarmonics([x, y, z], 2, plain);
        const known: [number, number, number][] = [
          [0, 0, Math.sqrt(1 / (4 * Math.PI))],
          [1, -1, Math.sqrt(3 / (4 * Math.PI)) * y],
          [1, 0, Math.sqrt(3 / (4 * Math.PI)) * z],
          [1, 1, Math.sqrt(3 / (4 * Math.PI)) * x],
          [2, -2, (Math.sqrt(15 / Math.PI) / 2) * x * y],
          [2, 0, (Math.sqrt(5 / Math.PI) / 4) * (3 * z * z - 1)],
          [2, 1, (Math.sqrt(15 / Math.PI) / 2) * x * z],
          [2, 2, (Math.sqrt(15 / Math.PI) / 4) * (x * x - y * y)],
        ];
        for (const [l, m, value] of known) expect(Y[harmonicIndex(l, m)]).toBeCloseTo(value, 14);
      }),
    );
  });

  it("are the same by symbols and by numbers", () => {
    fc.assert(
      fc.property(direction, fc.integer({ min: 0, max: 20 }), (u, degree) => {
        const values = new Float64Array(harmonicCount(degree));
        fillHarmonics(values, ...u, degree);
        const expected = sphericalHarmonics(u, degree, plain);
        // One order of roundings or another.
        for (const [n, value] of values.entries()) expect(Math.abs(value - expected[n])).toBeLessThan(1e-13);
      }),
    );
  });

  it("sum to (2l + 1)/4π in every degree, up to high ones", () => {
    fc.assert(
      fc.property(direction, (u) => {
        const Y = sphericalHarmonics(u, 32, plain);
        for (const l of [1, 8, 32]) {
          const sum = Y.slice(l * l, (l + 1) ** 2).reduce((total, value) => total + value * value, 0);
          expect(Math.abs((sum * 4 * Math.PI) / (2 * l + 1) - 1)).toBeLessThan(1e-12);
        }
      }),
    );
  });
});

describe("a map of directions", () => {
  it("has a smooth function to its tolerance, wherever it is looked at, in few terms about the best axis", () => {
    // 1/(1 + 0.6 m·x): the same all around x.
    const f = (m: Vector3) => 1 / (1 + 0.6 * m[0]);
    const map = DirectionalMap.of([{ drive: 0, order: 1 }], [{ channels: [0], floor: 0 }], (m) => [[f(m)]], 1e-9);
    expect(map.error).toBeLessThan(1e-9);
    expect(map.length([0])).toBeLessThanOrEqual(map.degree + 1);
    fc.assert(
      fc.property(direction, component, (m, v) => {
        const [value] = map.values([0], map.harmonics(m, plain), map.factorsAt([v], plain), plain);
        // Probes see most of the largest error, not all of it; the largest value is 2.5.
        expect(Math.abs(value - f(m) * v)).toBeLessThan(5e-9 * 2.5);
      }),
    );
  });

  it("says how far off it is where a function has a kink", () => {
    const map = DirectionalMap.of(
      [{ drive: 0, order: 0 }],
      [{ channels: [0], floor: 0 }],
      (m) => [[Math.abs(m[2] - 0.2)]],
      1e-9,
    );
    expect(map.error).toBeGreaterThan(1e-5);
    expect(map.error).toBeLessThan(0.05);
  });

  it("multiplies by Chebyshev polynomials of the drives", () => {
    const factors = [
      { drive: 0, order: 0 },
      { drive: 0, order: 3 },
    ];
    const map = DirectionalMap.of(factors, [{ channels: [0], floor: 0 }], (m) => [[m[2]], [m[0] * m[1]]], 1e-12);
    const m = normalize([0.3, -0.5, 0.7]);
    const [value] = map.values([0], map.harmonics(m, plain), map.factorsAt([0.4], plain), plain);
    expect(value).toBeCloseTo(m[2] + m[0] * m[1] * (4 * 0.4 ** 3 - 3 * 0.4), 13);
    expect(chebyshev(Math.cos(0.7), 5, plain)[5]).toBeCloseTo(Math.cos(3.5), 14);
  });
});
