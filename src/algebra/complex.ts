/** Complex numbers as plain pairs. */
export interface Complex {
  readonly re: number;
  readonly im: number;
}

export const complex = (re: number, im = 0): Complex => ({ re, im });
export const plus = (a: Complex, b: Complex): Complex => ({ re: a.re + b.re, im: a.im + b.im });
export const minus = (a: Complex, b: Complex): Complex => ({ re: a.re - b.re, im: a.im - b.im });
export const times = (a: Complex, b: Complex): Complex => ({
  re: a.re * b.re - a.im * b.im,
  im: a.re * b.im + a.im * b.re,
});
export const modulus = (a: Complex): number => Math.hypot(a.re, a.im);

/** a / b, scaled so that no intermediate overflows (Smith 1962). */
export function over(a: Complex, b: Complex): Complex {
  if (Math.abs(b.re) >= Math.abs(b.im)) {
    const r = b.im / b.re;
    const d = b.re + b.im * r;
    return { re: (a.re + a.im * r) / d, im: (a.im - a.re * r) / d };
  }
  const r = b.re / b.im;
  const d = b.re * r + b.im;
  return { re: (a.re * r + a.im) / d, im: (a.im * r - a.re) / d };
}

/** Principal square root, Re ≥ 0. */
export function squareRoot(a: Complex): Complex {
  const r = modulus(a);
  if (r === 0) return { re: 0, im: 0 };
  if (a.re >= 0) {
    const re = Math.SQRT1_2 * Math.sqrt(r + a.re);
    return { re, im: a.im / (2 * re) };
  }
  const im = Math.SQRT1_2 * Math.sqrt(r - a.re) * (a.im < 0 ? -1 : 1);
  return { re: a.im / (2 * im), im };
}

/** exp(a) − 1, accurate for small |a|. */
export function expMinus1(a: Complex): Complex {
  const growth = Math.expm1(a.re);
  const half = Math.sin(a.im / 2);
  const cosMinus1 = -2 * half * half;
  return { re: growth + cosMinus1 + growth * cosMinus1, im: (growth + 1) * Math.sin(a.im) };
}
