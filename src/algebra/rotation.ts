import { dot, normalize, type Vector3 } from "./vector.ts";

/** A rotation matrix, its rows. */
export type Rotation = readonly [Vector3, Vector3, Vector3];

/**
 * Right-handed rotation about an axis through the origin by Rodrigues' formula.  Entries that are zero but for rounding are
 * zero, so that quarter turns are exact.
 * @param axis not zero
 * @param angle [rad]
 */
export function rotation(axis: Vector3, angle: number): Rotation {
  const [x, y, z] = normalize(axis);
  const c = snapped(Math.cos(angle));
  const s = snapped(Math.sin(angle));
  const d = 1 - c;
  return [
    [c + x * x * d, x * y * d - z * s, x * z * d + y * s],
    [y * x * d + z * s, c + y * y * d, y * z * d - x * s],
    [z * x * d - y * s, z * y * d + x * s, c + z * z * d],
  ];
}

export const transposed = (R: Rotation): Rotation => [
  [R[0][0], R[1][0], R[2][0]],
  [R[0][1], R[1][1], R[2][1]],
  [R[0][2], R[1][2], R[2][2]],
];

export const rotate = (R: Rotation, v: Vector3): Vector3 => [dot(R[0], v), dot(R[1], v), dot(R[2], v)];

/** Sines and cosines of a few turns are exact to 1e-15. */
const snapped = (value: number): number => (Math.abs(value) < 1e-15 ? 0 : value);
