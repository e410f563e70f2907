import type { Triple } from "../compute/index.ts";

/**
 * Mean of 1/|r − r′| over two equal cuboids [1/m], on displacements ≥ 0 in cells, x fastest.  Near by, the potential of a cuboid
 * (MacMillan, The Theory of the Potential (1930), §43) averaged over the other by Gauss's rule of three points per axis; beyond ten of the
 * longest edges by its expansion to second moments, to some 1e-5 of it.
 */
export function meanInverseDistance(size: Triple<number>, cell: Triple<number>): Float64Array {
  const [nx, ny, nz] = size;
  const samples = new Float64Array(nx * ny * nz);
  const near = 10 * Math.max(...cell);
  const V = cell[0] * cell[1] * cell[2];
  for (let k = 0, i = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let x = 0; x < nx; x++, i++) {
        const r = [x * cell[0], j * cell[1], k * cell[2]];
        const R = Math.hypot(...r);
        if (R > near) {
          const moments = r.reduce((sum, c, axis) => sum + (cell[axis] ** 2 * (3 * c * c - R * R)) / R ** 4, 0);
          samples[i] = (1 + moments / 12) / R;
          continue;
        }
        let sum = 0;
        for (const [u, a] of GAUSS)
          for (const [v, b] of GAUSS)
            for (const [w, c] of GAUSS)
              sum += a * b * c * potential(r[0] + u * cell[0], r[1] + v * cell[1], r[2] + w * cell[2], cell);
        samples[i] = sum / V;
      }
  return samples;
}

/** Gauss's nodes and weights on an interval of length 1 about 0. */
const GAUSS = [
  [-Math.sqrt(0.15), 5 / 18],
  [0, 8 / 18],
  [Math.sqrt(0.15), 5 / 18],
] as const;

/** ∫ dV′/|r − r′| over a cuboid about the origin [m²]. */
function potential(x: number, y: number, z: number, [a, b, c]: Triple<number>): number {
  let sum = 0;
  for (const sx of [-0.5, 0.5])
    for (const sy of [-0.5, 0.5])
      for (const sz of [-0.5, 0.5]) {
        const [X, Y, Z] = [x + sx * a, y + sy * b, z + sz * c];
        const R = Math.hypot(X, Y, Z);
        const sign = 8 * sx * sy * sz;
        sum += sign * (edge(X, Y, Z, R) + edge(Y, Z, X, R) + edge(Z, X, Y, R));
      }
  return sum;
}

/** One of three cyclic parts of a corner: X Y ln(Z + R) − ½ Z² atan(X Y/(Z R)). */
function edge(X: number, Y: number, Z: number, R: number): number {
  const log = X * Y === 0 ? 0 : X * Y * Math.asinh(Z / Math.hypot(X, Y));
  return log - (Z === 0 ? 0 : 0.5 * Z * Z * Math.atan((X * Y) / (Z * R)));
}
