import { type GaussRule, twoIntervalsRule } from "../algebra/gaussRule.ts";
import type { Vector3 } from "../algebra/vector.ts";
import { addNewell } from "./newell.ts";

/** Error that is aimed at, relative to the point dipole. */
const TOLERANCE = 1e-13;
/** Points of the longest rule; past it a pair is halved. */
const MOST_POINTS = 24;

/**
 * A rule of n points is wrong by about C(n) ρ^(−2n), where ρ + 1/ρ = 2S and the ellipse with foci at the ends of the rule and
 * semi-axis S passes through the nearest singularity: the least S of each rule.
 */
const REACH = Float64Array.from({ length: MOST_POINTS + 1 }, (_, n) => {
  const rho = n === 0 ? Infinity : ((4 * n * n) / TOLERANCE) ** (1 / (2 * n));
  return (rho + 1 / rho) / 2;
});

/** Points that a rule of the given half-width needs when the singularity is `along` away from its centre, and `across`. */
export function pointsNeeded(along: number, across: number, halfWidth: number): number {
  const a = along / halfWidth;
  const b2 = (across / halfWidth) ** 2;
  const S = (Math.sqrt((a + 1) * (a + 1) + b2) + Math.sqrt((a - 1) * (a - 1) + b2)) / 2;
  let n = 1;
  while (n <= MOST_POINTS && S < REACH[n]) n++;
  return n;
}

/**
 * Demagnetizing tensor between two cuboids of parallel edges, at any displacement.  The mean of the point-dipole tensor over
 * both is a Gauss quadrature over their displacement, of the order that the distance asks for: one of order n along each
 * axis sums the multipoles up to 2n − 1.  Where it would take too many points, an elongated pair is halved, and a compact
 * one goes to Newell's formula, which loses few digits so near.
 */
export class CuboidPair {
  private readonly source: Vector3;
  private readonly target: Vector3;
  private readonly halfWidths: Vector3;
  private readonly rules: readonly (GaussRule | undefined)[][] = [[], [], []];
  private halves: { pair: CuboidPair; axis: number; shift: number; weight: number } | undefined;

  /** @param source, target edges [m] */
  constructor(source: Vector3, target: Vector3) {
    this.source = source;
    this.target = target;
    this.halfWidths = [0, 1, 2].map((i) => (source[i] + target[i]) / 2) as unknown as Vector3;
  }

  /**
   * Adds `weight` times the tensor to `out` = (xx, yy, zz, xy, xz, yz).
   * @param X, Y, Z displacement from the centre of the source to that of the target [m]
   */
  add(X: number, Y: number, Z: number, weight: number, out: Float64Array): void {
    const [hx, hy, hz] = this.halfWidths;
    const x = Math.abs(X);
    const y = Math.abs(Y);
    const z = Math.abs(Z);
    const gx = x > hx ? x - hx : 0;
    const gy = y > hy ? y - hy : 0;
    const gz = z > hz ? z - hz : 0;
    const nx = pointsNeeded(x, Math.sqrt(gy * gy + gz * gz), hx);
    const ny = pointsNeeded(y, Math.sqrt(gx * gx + gz * gz), hy);
    const nz = pointsNeeded(z, Math.sqrt(gx * gx + gy * gy), hz);
    if (nx <= MOST_POINTS && ny <= MOST_POINTS && nz <= MOST_POINTS) {
      this.addQuadrature(X, Y, Z, this.rule(0, nx), this.rule(1, ny), this.rule(2, nz), weight, out);
      return;
    }
    if (this.newellSuffices(x, y, z)) {
      addNewell(X, Y, Z, this.source, this.target, weight, out);
      return;
    }
    this.halves ??= this.halve();
    const { pair, axis, shift, weight: share } = this.halves;
    for (const s of [-shift, shift])
      pair.add(axis === 0 ? X + s : X, axis === 1 ? Y + s : Y, axis === 2 ? Z + s : Z, weight * share, out);
  }

  /** Whether the pair is compact, or the round-off of the terms of Newell's formula, about 2 ε R³/V, is small enough. */
  private newellSuffices(x: number, y: number, z: number): boolean {
    const edges = [...this.source, ...this.target];
    if (Math.max(...edges) <= 2 * Math.min(...edges)) return true;
    const [hx, hy, hz] = this.halfWidths;
    const error = (2 * Number.EPSILON * Math.hypot(x + hx, y + hy, z + hz) ** 3) / volume(this.target);
    return error < TOLERANCE * Math.min(1, volume(this.source) / (4 * Math.PI * Math.hypot(x, y, z) ** 3));
  }

  /** Halves the longest edge of the two cuboids. */
  private halve(): { pair: CuboidPair; axis: number; shift: number; weight: number } {
    const { source, target } = this;
    const longest = (edges: Vector3): number => edges.indexOf(Math.max(...edges));
    const ofSource = Math.max(...source) >= Math.max(...target);
    const axis = longest(ofSource ? source : target);
    const cut = (edges: Vector3): Vector3 => edges.map((d, i) => (i === axis ? d / 2 : d)) as unknown as Vector3;
    // Fields of the halves of a source add, those in the halves of a target are averaged.
    return ofSource
      ? { pair: new CuboidPair(cut(source), target), axis, shift: source[axis] / 4, weight: 1 }
      : { pair: new CuboidPair(source, cut(target)), axis, shift: target[axis] / 4, weight: 1 / 2 };
  }

  private rule(axis: number, n: number): GaussRule {
    const rules = this.rules[axis];
    rules[n] ??= twoIntervalsRule(this.source[axis], this.target[axis], n);
    return rules[n];
  }

  private addQuadrature(
    X: number,
    Y: number,
    Z: number,
    alongX: GaussRule,
    alongY: GaussRule,
    alongZ: GaussRule,
    weight: number,
    out: Float64Array,
  ): void {
    const { points: px, weights: wx } = alongX;
    const { points: py, weights: wy } = alongY;
    const { points: pz, weights: wz } = alongZ;
    let [xx, yy, zz, xy, xz, yz] = [0, 0, 0, 0, 0, 0];
    for (let k = 0; k < pz.length; k++) {
      const z = Z + pz[k];
      for (let j = 0; j < py.length; j++) {
        const y = Y + py[j];
        const yz2 = y * y + z * z;
        const w = wz[k] * wy[j];
        let [s0, s1, s2] = [0, 0, 0];
        for (let i = 0; i < px.length; i++) {
          const x = X + px[i];
          const r2 = x * x + yz2;
          const q = wx[i] / (r2 * r2 * Math.sqrt(r2));
          s0 += q;
          s1 += q * x;
          s2 += q * x * x;
        }
        s0 *= w;
        s1 *= w;
        xx += w * s2;
        yy += s0 * y * y;
        zz += s0 * z * z;
        xy += s1 * y;
        xz += s1 * z;
        yz += s0 * y * z;
      }
    }
    const scale = (weight * volume(this.source)) / (4 * Math.PI);
    out[0] += scale * (yy + zz - 2 * xx);
    out[1] += scale * (xx + zz - 2 * yy);
    out[2] += scale * (xx + yy - 2 * zz);
    out[3] -= 3 * scale * xy;
    out[4] -= 3 * scale * xz;
    out[5] -= 3 * scale * yz;
  }
}

const volume = (edges: Vector3): number => edges[0] * edges[1] * edges[2];
