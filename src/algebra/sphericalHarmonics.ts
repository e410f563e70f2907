import type { Arithmetic } from "./arithmetic.ts";
import { legendreRule } from "./gaussRule.ts";
import type { Vector3 } from "./vector.ts";

/** Place of Y_l^m, −l ≤ m ≤ l, among harmonics. */
export const harmonicIndex = (l: number, m: number): number => l * l + l + m;

/** Number of harmonics up to a degree. */
export const harmonicCount = (degree: number): number => (degree + 1) ** 2;

/** Factors of the recurrence P_l^m = a z P_{l−1}^m − b P_{l−2}^m at the places of Y_l^m, m ≥ 0, l > m, and of P_m^m. */
interface Recurrence {
  readonly a: Float64Array;
  readonly b: Float64Array;
  readonly sectoral: Float64Array;
}

const recurrences = new Map<number, Recurrence>();

function recurrenceOf(degree: number): Recurrence {
  const known = recurrences.get(degree);
  if (known) return known;
  const [a, b] = [0, 1].map(() => new Float64Array(harmonicCount(degree)));
  const sectoral = new Float64Array(degree + 1);
  sectoral[0] = Math.sqrt(1 / (4 * Math.PI));
  for (let m = 0; m <= degree; m++) {
    if (m > 0) sectoral[m] = sectoral[m - 1] * Math.sqrt((2 * m + 1) / (2 * m)) * (m === 1 ? Math.SQRT2 : 1);
    for (let l = m + 1; l <= degree; l++) {
      const at = harmonicIndex(l, m);
      a[at] = Math.sqrt((4 * l * l - 1) / (l * l - m * m));
      b[at] = l === m + 1 ? 0 : a[at] * Math.sqrt(((l - 1) ** 2 - m * m) / (4 * (l - 1) ** 2 - 1));
    }
  }
  const made = { a, b, sectoral };
  recurrences.set(degree, made);
  return made;
}

/**
 * Real spherical harmonics, orthonormal over the sphere, as polynomials in the components of a unit vector; m < 0 are those with
 * sin |m|φ.  Three-term recurrences in l, which are stable: Holmes and Featherstone, J. Geodesy 76, 279 (2002), eqs. 11–13.
 * @param reach highest l that is asked for of an order m ≥ 0, −1 for none; default all
 * @returns (degree + 1)² values, see {@link harmonicIndex}; undefined where not asked for
 */
export function sphericalHarmonics<T>(
  [x, y, z]: readonly [T, T, T],
  degree: number,
  by: Arithmetic<T>,
  reach: ArrayLike<number> = new Int32Array(degree + 1).fill(degree),
): T[] {
  const { of, add, mul } = by;
  const { a, b, sectoral } = recurrenceOf(degree);
  const values: T[] = Array(harmonicCount(degree));
  // (x + iy)^m, and the polynomials in z beside it.
  let [real, imaginary] = [of(1), of(0)];
  for (let m = 0; m <= degree; m++) {
    if (m > 0)
      [real, imaginary] = [add(mul(real, x), mul(mul(imaginary, y), of(-1))), add(mul(real, y), mul(imaginary, x))];
    let [before, here] = [of(0), of(sectoral[m])];
    for (let l = m; l <= reach[m]; l++) {
      const at = harmonicIndex(l, m);
      if (l > m) {
        const rise = mul(mul(z, here), of(a[at]));
        [before, here] = [here, b[at] === 0 ? rise : add(rise, mul(before, of(-b[at])))];
      }
      values[at] = m === 0 ? here : mul(here, real);
      if (m > 0) values[harmonicIndex(l, -m)] = mul(here, imaginary);
    }
  }
  return values;
}

/** The same of numbers, into `values`: for what has many directions to look at. */
export function fillHarmonics(values: Float64Array, x: number, y: number, z: number, degree: number): void {
  const { a, b, sectoral } = recurrenceOf(degree);
  let [real, imaginary] = [1, 0];
  for (let m = 0; m <= degree; m++) {
    if (m > 0) {
      const turned = real * x - imaginary * y;
      imaginary = real * y + imaginary * x;
      real = turned;
    }
    let before = 0;
    let here = sectoral[m];
    for (let l = m; l <= degree; l++) {
      const at = l * l + l + m;
      if (l > m) {
        const next = a[at] * z * here - b[at] * before;
        before = here;
        here = next;
      }
      values[at] = here * real;
      if (m > 0) values[at - 2 * m] = here * imaginary;
    }
  }
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
