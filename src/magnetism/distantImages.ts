import { type GaussRule, twoIntervalsRule } from "../algebra/gaussRule.ts";
import type { Vector3 } from "../algebra/vector.ts";
import { pointsNeeded } from "./cuboidPair.ts";

/** Where ab of a symmetric tensor stands in (xx, yy, zz, xy, xz, yz). */
const PLACE = [
  [0, 3, 4],
  [3, 1, 5],
  [4, 5, 2],
];

/**
 * The images of a source cuboid beyond the ones that are summed one by one, out to infinity, along one or two periodic axes.
 * They are taken as a continuum, by the Euler–Maclaurin formula: the sum of g over k > K is (1 − δ²/24) ∫g from K + ½, δ² the
 * second difference in K.  Left out are terms of relative order (K + ½)^(−4).
 */
export class DistantImages {
  private readonly axes: readonly [number, number, number];
  private readonly periodic: number;
  private readonly period: Vector3;
  private readonly images: Vector3;
  private readonly stencils: readonly (readonly [number, number, number])[];
  private readonly rules: readonly GaussRule[];
  private readonly scale: number;
  private readonly sum = new Float64Array(6);

  /**
   * @param source, target edges of the cuboids [m]
   * @param cells cells along each axis of the box that is repeated, of the edges of source and target
   * @param images images summed one by one to each side, at least {@link imagesNeeded}; 0 along an open axis
   */
  constructor(source: Vector3, target: Vector3, cells: Vector3, images: Vector3) {
    const axes = [0, 1, 2].sort((a, b) => Number(images[b] > 0) - Number(images[a] > 0) || a - b);
    this.axes = axes as unknown as [number, number, number];
    this.periodic = images.filter((n) => n > 0).length;
    this.images = images;
    this.period = cells.map((n, i) => n * source[i]) as unknown as Vector3;
    // The mean over the two cells along a periodic axis, to the same order: 1 + d²/12 ∂².
    this.stencils = cells.map((n) => {
      const c = 1 / (12 * n * n) - 1 / 24;
      return [c, 1 - 2 * c, c] as const;
    });
    const periodicAxes = this.axes.slice(0, this.periodic);
    const nearest = Math.min(...periodicAxes.map((i) => (images[i] - 1) * this.period[i]));
    this.rules = [0, 1, 2].map((i) =>
      twoIntervalsRule(source[i], target[i], pointsNeeded(0, nearest, (source[i] + target[i]) / 2)),
    );
    const area = periodicAxes.reduce((product, i) => product * this.period[i], 1);
    this.scale = (source[0] * source[1] * source[2]) / (4 * Math.PI * area);
  }

  /** Adds the tensor at a displacement of at most half a period to `out` = (xx, yy, zz, xy, xz, yz). */
  add(X: number, Y: number, Z: number, out: Float64Array): void {
    const [a, b, c] = this.axes;
    const at = [X, Y, Z];
    const sum = this.sum.fill(0);
    const third = this.rules[c];
    for (let k = 0; k < third.points.length; k++) {
      const z = at[c] + third.points[k];
      if (this.periodic === 2) {
        this.aroundRectangle(at[a], at[b], z, third.weights[k]);
        continue;
      }
      const second = this.rules[b];
      for (let j = 0; j < second.points.length; j++)
        this.beyondLine(at[a], at[b] + second.points[j], z, third.weights[k] * second.weights[j]);
    }
    const [aa, bb, cc, ab, ac, bc] = sum;
    out[PLACE[a][a]] -= this.scale * aa;
    out[PLACE[b][b]] -= this.scale * bb;
    out[PLACE[c][c]] -= this.scale * cc;
    out[PLACE[a][b]] -= this.scale * ab;
    out[PLACE[a][c]] -= this.scale * ac;
    out[PLACE[b][c]] -= this.scale * bc;
  }

  /** ∫ ∂_a∂_b(1/r) dx over a line along x but for the images that are summed. */
  private beyondLine(X: number, y: number, z: number, weight: number): void {
    const { sum } = this;
    const [a] = this.axes;
    for (let m = 0; m < 3; m++) {
      const end = (this.images[a] + m - 0.5) * this.period[a];
      const w = weight * this.stencils[a][m];
      for (let side = 1; side >= -1; side -= 2) {
        const x = end + side * X;
        const r = Math.sqrt(x * x + y * y + z * z);
        const r3 = 1 / (r * r * r);
        // ∫dx/r³ and 3 ∫dx/r⁵ from x to ∞, in a form that stays exact on the line.
        const third = 1 / (r * (r + x));
        const fifth = ((2 * r + x) * r3) / ((r + x) * (r + x));
        sum[0] += w * x * r3;
        sum[1] += w * (y * y * fifth - third);
        sum[2] += w * (z * z * fifth - third);
        sum[3] += w * side * y * r3;
        sum[4] += w * side * z * r3;
        sum[5] += w * y * z * fifth;
      }
    }
  }

  /** ∫∫ ∂_a∂_b(1/r) dx dy over the plane but for the rectangle of the images that are summed: over all of it, it is 0. */
  private aroundRectangle(X: number, Y: number, z: number, weight: number): void {
    const { sum } = this;
    const [a, b] = this.axes;
    for (let p = 0; p < 6; p++) {
      const right = p < 3 ? 1 : -1;
      const x = X + right * (this.images[a] + (p % 3) - 0.5) * this.period[a];
      const xz2 = x * x + z * z;
      for (let q = 0; q < 6; q++) {
        const up = q < 3 ? 1 : -1;
        const y = Y + up * (this.images[b] + (q % 3) - 0.5) * this.period[b];
        const yz2 = y * y + z * z;
        const w = -weight * this.stencils[a][p % 3] * this.stencils[b][q % 3] * right * up;
        const r = Math.sqrt(xz2 + y * y);
        const xx = (-w * x * y) / (xz2 * r);
        const yy = (-w * x * y) / (yz2 * r);
        sum[0] += xx;
        sum[1] += yy;
        sum[2] -= xx + yy;
        sum[3] += w / r;
        sum[4] -= (w * z * y) / (xz2 * r);
        sum[5] -= (w * z * x) / (yz2 * r);
      }
    }
  }
}

/**
 * Images to sum one by one for the rest to be a continuum: they must reach farther than the periods and the cells are long.
 * @param asked by the user; 0 along an open axis, which stays
 */
export function imagesNeeded(asked: Vector3, cell: Vector3, cells: Vector3): Vector3 {
  const period = cells.map((n, i) => n * cell[i]);
  const reach = Math.max(...cell.map((d, i) => (asked[i] > 0 ? 2 * period[i] : d)));
  return asked.map((n, i) => (n > 0 ? Math.max(n, Math.ceil(reach / period[i])) : 0)) as unknown as Vector3;
}
