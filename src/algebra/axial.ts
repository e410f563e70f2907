import { type Complex, complex, over, plus, times } from "./complex.ts";

/**
 * A linear map of 3-vectors that is symmetric under rotation about one axis m:
 *
 *   A v = along m(m·v) + across.re v_⊥ + across.im m×v
 *
 * Everything spin feels in a medium with one axis (a magnetization, a field) has this form, and such maps about the same
 * axis commute and form a field under composition: a function of the map is that function of `along` and of the complex
 * number `across`.
 */
export interface Axial {
  readonly along: number;
  readonly across: Complex;
}

export const axial = (along: number, re = along, im = 0): Axial => ({ along, across: complex(re, im) });

export const addAxial = (a: Axial, b: Axial): Axial => ({
  along: a.along + b.along,
  across: plus(a.across, b.across),
});

export const timesAxial = (a: Axial, b: Axial): Axial => ({
  along: a.along * b.along,
  across: times(a.across, b.across),
});

/** a b⁻¹, where a zero over a zero counts as zero: a channel that neither term feels. */
export const overAxial = (a: Axial, b: Axial): Axial => ({
  along: a.along === 0 ? 0 : a.along / b.along,
  across: a.across.re === 0 && a.across.im === 0 ? complex(0) : over(a.across, b.across),
});

/** The same function applied to both eigenvalues. */
export const mapAxial = (a: Axial, f: (z: Complex) => Complex): Axial => ({
  along: f(complex(a.along)).re,
  across: f(a.across),
});

export const scaleAxial = (a: Axial, s: number): Axial => ({
  along: a.along * s,
  across: { re: a.across.re * s, im: a.across.im * s },
});

/** Writes factor · A about the unit axis m into a row-major matrix at (row, column), adding. */
export function addAxialBlock(
  matrix: Float64Array,
  width: number,
  row: number,
  column: number,
  a: Axial,
  m: ArrayLike<number>,
  factor: number,
): void {
  const re = a.across.re * factor;
  const im = a.across.im * factor;
  const longitudinal = a.along * factor - re;
  const x = m[0];
  const y = m[1];
  const z = m[2];
  let at = row * width + column;
  matrix[at] += re + longitudinal * x * x;
  matrix[at + 1] += longitudinal * x * y - im * z;
  matrix[at + 2] += longitudinal * x * z + im * y;
  at += width;
  matrix[at] += longitudinal * y * x + im * z;
  matrix[at + 1] += re + longitudinal * y * y;
  matrix[at + 2] += longitudinal * y * z - im * x;
  at += width;
  matrix[at] += longitudinal * z * x - im * y;
  matrix[at + 1] += longitudinal * z * y + im * x;
  matrix[at + 2] += re + longitudinal * z * z;
}

/** A v for the unit axis m. */
export function applyAxial(a: Axial, m: ArrayLike<number>, v: ArrayLike<number>): [number, number, number] {
  const { re, im } = a.across;
  const longitudinal = (a.along - re) * (m[0] * v[0] + m[1] * v[1] + m[2] * v[2]);
  return [
    re * v[0] + longitudinal * m[0] + im * (m[1] * v[2] - m[2] * v[1]),
    re * v[1] + longitudinal * m[1] + im * (m[2] * v[0] - m[0] * v[2]),
    re * v[2] + longitudinal * m[2] + im * (m[0] * v[1] - m[1] * v[0]),
  ];
}
