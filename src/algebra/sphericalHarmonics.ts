import type { Arithmetic } from "./arithmetic.ts";
import { legendreRule } from "./gaussRule.ts";
import type { Vector3 } from "./vector.ts";

/** Place of Y_l^m, −l ≤ m ≤ l, among harmonics. */
export const harmonicIndex = (l: number, m: number): number => l * l + l + m;

/** Number of harmonics up to a degree. */
export const harmonicCount = (degree: number): number => (degree + 1) ** 2;

/**
 * Real spherical harmonics, orthonormal over the sphere, as polynomials in the components of a unit vector; m < 0 are those with
 * sin |m|φ.  Three-term recurrences in l, which are stable: Holmes and Featherstone, J. Geodesy 76, 279 (2002), eqs. 11–13.
 * @returns (degree + 1)² values, see {@link harmonicIndex}
 */
export function sphericalHarmonics<T>([x, y, z]: readonly [T, T, T], degree: number, by: Arithmetic<T>): T[] {
  const { of, add, mul } = by;
  const values: T[] = Array(harmonicCount(degree));
  // (x + iy)^m, and the polynomials in z beside it.
  let [real, imaginary] = [of(1), of(0)];
  let sectoral = Math.sqrt(1 / (4 * Math.PI));
  for (let m = 0; m <= degree; m++) {
    if (m > 0) {
      [real, imaginary] = [add(mul(real, x), mul(mul(imaginary, y), of(-1))), add(mul(real, y), mul(imaginary, x))];
      sectoral *= Math.sqrt((2 * m + 1) / (2 * m)) * (m === 1 ? Math.SQRT2 : 1);
    }
    let [before, here] = [of(0), of(sectoral)];
    for (let l = m; l <= degree; l++) {
      if (l > m) {
        const a = Math.sqrt((4 * l * l - 1) / (l * l - m * m));
        const b = l === m + 1 ? 0 : Math.sqrt(((l - 1) ** 2 - m * m) / (4 * (l - 1) ** 2 - 1));
        const rise = mul(mul(z, here), of(a));
        [before, here] = [here, b === 0 ? rise : add(rise, mul(before, of(-a * b)))];
      }
      values[harmonicIndex(l, m)] = m === 0 ? here : mul(here, real);
      if (m > 0) values[harmonicIndex(l, -m)] = mul(here, imaginary);
    }
  }
  return values;
}

/** Directions and weights, of sum 4π, that integrate products of two harmonics up to a degree exactly. */
export function sphereRule(degree: number): {
  readonly directions: readonly Vector3[];
  readonly weights: readonly number[];
} {
  const { points, weights } = legendreRule(degree + 1);
  const turns = 2 * degree + 2;
  const directions: Vector3[] = [];
  const all: number[] = [];
  for (const [i, z] of points.entries()) {
    const r = Math.sqrt(1 - z * z);
    for (let j = 0; j < turns; j++) {
      const phi = (2 * Math.PI * (j + 0.5)) / turns;
      directions.push([r * Math.cos(phi), r * Math.sin(phi), z]);
      all.push((4 * Math.PI * weights[i]) / turns);
    }
  }
  return { directions, weights: all };
}
