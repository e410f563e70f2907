/** The functions of an exponential decay φ'' = q² φ over a thickness t, without overflow for any t. */
import { type Complex, complex, expMinus1, minus, over, plus, squareRoot, times } from "../algebra/complex.ts";

const isZero = (z: Complex): boolean => z.re === 0 && z.im === 0;

/** q / sinh(q t); 1/t for q = 0. */
export function qOverSinh(q2: Complex, t: number): Complex {
  if (isZero(q2)) return complex(1 / t);
  const q = squareRoot(q2);
  // 2 q e^(−qt) / (1 − e^(−2qt)): no overflow for any thickness.
  const decay = plus(expMinus1(times(q, complex(-t))), complex(1));
  const gap = times(complex(-1), expMinus1(times(q, complex(-2 * t))));
  return over(times(times(complex(2), q), decay), gap);
}

/** tanh(q t/2) / q; t/2 for q = 0. */
export function tanhOverQ(q2: Complex, t: number): Complex {
  if (isZero(q2)) return complex(t / 2);
  const q = squareRoot(q2);
  const gap = times(complex(-1), expMinus1(times(q, complex(-t))));
  return over(gap, times(q, minus(complex(2), gap)));
}

/** sinh(q z) / sinh(q t) for 0 ≤ z ≤ t. */
export function shape(q2: Complex, z: number, t: number): Complex {
  if (isZero(q2)) return complex(z / t);
  const q = squareRoot(q2);
  const lead = plus(expMinus1(times(q, complex(z - t))), complex(1));
  return over(times(lead, expMinus1(times(q, complex(-2 * z)))), expMinus1(times(q, complex(-2 * t))));
}

/** q cosh(q z) / sinh(q t). */
export function slope(q2: Complex, z: number, t: number): Complex {
  if (isZero(q2)) return complex(1 / t);
  const q = squareRoot(q2);
  const lead = plus(expMinus1(times(q, complex(z - t))), complex(1));
  const sum = plus(complex(2), expMinus1(times(q, complex(-2 * z))));
  return over(times(times(q, lead), sum), times(complex(-1), expMinus1(times(q, complex(-2 * t)))));
}
