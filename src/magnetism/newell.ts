import type { Vector3 } from "../algebra/vector.ts";

/** Node offsets along one axis. */
const nodes = [new Float64Array(4), new Float64Array(4), new Float64Array(4)];
const SIGNS = [1, -1, -1, 1];

/**
 * Adds `weight` times the demagnetizing tensor between two cuboids, averaged over the target, to `out` = (xx, yy, zz, xy, xz,
 * yz): second differences along all axes of the sixfold antiderivatives of ∂_a∂_b(1/r).  Newell, Williams, Dunlop,
 * J. Geophys. Res. 98, 9551 (1993), eqs 27–32, for edges that may differ.  Terms as large as R³/V cancel, V the volume of the
 * target and R the distance of the farthest corners: about ε R³/V is left of their round-off.
 * @param X, Y, Z displacement from the centre of the source to that of the target [m]
 */
export function addNewell(
  X: number,
  Y: number,
  Z: number,
  source: Vector3,
  target: Vector3,
  weight: number,
  out: Float64Array,
): void {
  for (const [axis, x] of [X, Y, Z].entries()) {
    const sum = (source[axis] + target[axis]) / 2;
    const difference = (source[axis] - target[axis]) / 2;
    const node = nodes[axis];
    [node[0], node[1], node[2], node[3]] = [x - sum, x - difference, x + difference, x + sum];
  }
  const scale = -weight / (4 * Math.PI * target[0] * target[1] * target[2]);
  let [xx, yy, zz, xy, xz, yz] = [0, 0, 0, 0, 0, 0];
  for (let k = 0; k < 4; k++)
    for (let j = 0; j < 4; j++)
      for (let i = 0; i < 4; i++) {
        const sign = SIGNS[i] * SIGNS[j] * SIGNS[k];
        const x = nodes[0][i];
        const y = nodes[1][j];
        const z = nodes[2][k];
        const x2 = x * x;
        const y2 = y * y;
        const z2 = z * z;
        const R = Math.sqrt(x2 + y2 + z2);
        // Where a logarithm or an angle is undefined its factor vanishes.
        const lx = y2 + z2 > 0 ? Math.asinh(x / Math.sqrt(y2 + z2)) : 0;
        const ly = x2 + z2 > 0 ? Math.asinh(y / Math.sqrt(x2 + z2)) : 0;
        const lz = x2 + y2 > 0 ? Math.asinh(z / Math.sqrt(x2 + y2)) : 0;
        const ax = x !== 0 ? Math.atan((y * z) / (x * R)) : 0;
        const ay = y !== 0 ? Math.atan((x * z) / (y * R)) : 0;
        const az = z !== 0 ? Math.atan((x * y) / (z * R)) : 0;
        const xyz = x * y * z;
        const fx = (x / 2) * lx;
        const fy = (y / 2) * ly;
        const fz = (z / 2) * lz;
        xx += sign * (fy * (z2 - x2) + fz * (y2 - x2) - xyz * ax + ((2 * x2 - y2 - z2) * R) / 6);
        yy += sign * (fx * (z2 - y2) + fz * (x2 - y2) - xyz * ay + ((2 * y2 - x2 - z2) * R) / 6);
        zz += sign * (fx * (y2 - z2) + fy * (x2 - z2) - xyz * az + ((2 * z2 - x2 - y2) * R) / 6);
        xy += sign * offDiagonal(x, y, z, lx, ly, lz, ax, ay, az, R);
        xz += sign * offDiagonal(x, z, y, lx, lz, ly, ax, az, ay, R);
        yz += sign * offDiagonal(y, z, x, ly, lz, lx, ay, az, ax, R);
      }
  out[0] += scale * xx;
  out[1] += scale * yy;
  out[2] += scale * zz;
  out[3] += scale * xy;
  out[4] += scale * xz;
  out[5] += scale * yz;
}

/** Newell's g(x, y, z), eq. 32. */
function offDiagonal(
  x: number,
  y: number,
  z: number,
  lx: number,
  ly: number,
  lz: number,
  ax: number,
  ay: number,
  az: number,
  R: number,
): number {
  const z2 = z * z;
  return (
    x * y * z * lz +
    (y / 6) * (3 * z2 - y * y) * lx +
    (x / 6) * (3 * z2 - x * x) * ly -
    (z / 6) * (z2 * az + 3 * y * y * ay + 3 * x * x * ax) -
    (x * y * R) / 3
  );
}
