/** The algebra of least squares about a point. */
import { solveDense, symmetricEigen } from "../algebra/dense.ts";

/** Step of the numerical derivative, in scales of the parameter: about the third root of round-off. */
const DIFFERENCE = 1e-5;
/** Smallest eigenvalue of the normalised normal matrix for which parameters can be told apart: far above its round-off, 1e-10. */
const LEAST_EIGENVALUE = 1e-9;

export interface Bounds {
  readonly min: number;
  readonly max: number;
}

/** Derivative of the curve by every parameter at every point: across u, or towards the inside where u lies at a bound. */
export function slopesOf(
  curve: (u: readonly number[]) => (i: number) => number,
  points: readonly number[],
  u: readonly number[],
  bounds: readonly Bounds[],
): number[][] {
  return u.map((value, k) => {
    const h = DIFFERENCE * Math.max(1, Math.abs(value));
    const [low, high] = [Math.max(value - h, bounds[k].min), Math.min(value + h, bounds[k].max)];
    const [down, up] = [low, high].map((moved) => curve(u.map((other, j) => (j === k ? moved : other))));
    return points.map((i) => (up(i) - down(i)) / (high - low));
  });
}

/** Gauss–Newton step, covariance for unit variance, and how well the points tell the parameters apart. */
export function normalEquations(slopes: readonly (readonly number[])[], residuals: readonly number[]) {
  const n = slopes.length;
  // Columns of unit length: what remains of the normal matrix is how alike they are.
  const lengths = slopes.map((slope) => Math.sqrt(slope.reduce((sum, s) => sum + s * s, 0)));
  const unit = slopes.map((slope, k) => slope.map((s) => (lengths[k] === 0 ? 0 : s / lengths[k])));
  const normal = Float64Array.from(unit.flatMap((a) => unit.map((b) => a.reduce((sum, s, i) => sum + s * b[i], 0))));
  const { values, vectors } = symmetricEigen(normal, n);
  const smallest = values.indexOf(Math.min(...values));
  const weakest = Array.from({ length: n }, (_, k) => vectors[k * n + smallest]);
  const squares = residuals.reduce((sum, r) => sum + r * r, 0);
  if (!(values[smallest] >= LEAST_EIGENVALUE))
    return { isDetermined: false, weakest, squares, step: [], covariance: [] };
  const right = new Float64Array(n * (n + 1));
  for (let k = 0; k < n; k++) {
    right[k * (n + 1)] = unit[k].reduce((sum, s, i) => sum + s * residuals[i], 0);
    right[k * (n + 1) + 1 + k] = 1;
  }
  solveDense(normal, right, n, n + 1);
  return {
    isDetermined: true,
    weakest,
    squares,
    step: lengths.map((length, k) => right[k * (n + 1)] / length),
    covariance: lengths.map((a, k) => lengths.map((b, j) => right[k * (n + 1) + 1 + j] / (a * b))),
  };
}

export function correlationsOf<Name extends string>(
  covariance: readonly (readonly number[])[],
  names: readonly Name[],
) {
  const entry = (k: number, j: number): number => covariance[k][j] / Math.sqrt(covariance[k][k] * covariance[j][j]);
  return Object.fromEntries(
    names.map((name, k) => [name, Object.fromEntries(names.map((other, j) => [other, k === j ? 1 : entry(k, j)]))]),
  ) as Record<Name, Record<Name, number>>;
}
