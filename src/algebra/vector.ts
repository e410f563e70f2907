/** Vectors of three numbers. */
export type Vector3 = readonly [number, number, number];

export const dot = (a: Vector3, b: Vector3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

export const cross = (a: Vector3, b: Vector3): Vector3 => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];

export const add = (a: Vector3, b: Vector3): Vector3 => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
export const subtract = (a: Vector3, b: Vector3): Vector3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
export const scale = (a: Vector3, s: number): Vector3 => [a[0] * s, a[1] * s, a[2] * s];
export const norm = (a: Vector3): number => Math.hypot(a[0], a[1], a[2]);

/** Unit vector along `a`; the zero vector stays zero. */
export function normalize(a: Vector3): Vector3 {
  const length = norm(a);
  return length === 0 ? [0, 0, 0] : scale(a, 1 / length);
}

/** Levi-Civita symbol ε_ijk for indices 0, 1, 2. */
export const leviCivita = (i: number, j: number, k: number): number => ((i - j) * (j - k) * (k - i)) / 2;
