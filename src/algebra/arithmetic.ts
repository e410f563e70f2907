/** What a polynomial is computed with: numbers, or symbols of a kernel. */
export interface Arithmetic<T> {
  of(value: number): T;
  add(a: T, b: T): T;
  mul(a: T, b: T): T;
}

export const plain: Arithmetic<number> = { of: (value) => value, add: (a, b) => a + b, mul: (a, b) => a * b };

/** Chebyshev polynomials T_0 … T_n. */
export function chebyshev<T>(x: T, n: number, by: Arithmetic<T>): T[] {
  const values = [by.of(1), x];
  for (let k = 2; k <= n; k++)
    values.push(by.add(by.mul(by.mul(x, by.of(2)), values[k - 1]), by.mul(values[k - 2], by.of(-1))));
  return values.slice(0, n + 1);
}
