import { type Complex, complex, minus, modulus, over, plus, squareRoot, times } from "./complex.ts";

/**
 * Eigenvalues of a small real or complex matrix: shifted QR on the Hessenberg form with Wilkinson's shift
 * (Golub and Van Loan, Matrix Computations, ch. 7).
 * @param matrix n × n, row-major
 * @param imaginary its imaginary part, likewise; default none
 * @returns n eigenvalues, largest real part first
 * @throws RangeError when the iteration does not converge, which no finite matrix is known to cause
 */
export function eigenvalues(matrix: ArrayLike<number>, n: number, imaginary?: ArrayLike<number>): Complex[] {
  const entries = Array.from({ length: n * n }, (_, i) => complex(matrix[i], imaginary?.[i]));
  const whole = Math.hypot(...entries.flatMap(({ re, im }) => [re, im]));
  if (whole === 0) return Array.from({ length: n }, () => complex(0));
  // Parts that cannot matter are dropped, so that no rotation is built from denormal numbers.
  const kept = (part: number): number => (Math.abs(part) < 1e-100 * whole ? 0 : part);
  const a: Complex[][] = Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (_, j) => {
      const { re, im } = entries[i * n + j];
      return complex(kept(re), kept(im));
    }),
  );
  toHessenberg(a, n);
  const found: Complex[] = [];
  let size = n;
  for (let sweep = 0; size > 0; sweep++) {
    if (sweep > 100 * n) throw new RangeError("eigenvalue iteration did not converge");
    if (size === 1 || isNegligible(a, size, whole)) {
      found.push(a[size - 1][size - 1]);
      size--;
      continue;
    }
    qrStep(a, size, sweep % 11 === 10 ? complex(modulus(a[size - 1][size - 2])) : wilkinsonShift(a, size));
  }
  return found.sort((p, q) => q.re - p.re || q.im - p.im);
}

/** Small against its neighbours, or against ε times the whole matrix, where the neighbours vanish themselves. */
function isNegligible(a: Complex[][], size: number, whole: number): boolean {
  const neighbours = modulus(a[size - 1][size - 1]) + modulus(a[size - 2][size - 2]);
  return modulus(a[size - 1][size - 2]) <= Number.EPSILON * Math.max(neighbours, Number.EPSILON * whole);
}

/** The eigenvalue of the trailing 2 × 2 block nearest to its last entry. */
function wilkinsonShift(a: Complex[][], size: number): Complex {
  const [p, q, r, s] = [a[size - 2][size - 2], a[size - 2][size - 1], a[size - 1][size - 2], a[size - 1][size - 1]];
  const half = times(complex(0.5), minus(p, s));
  const root = squareRoot(plus(times(half, half), times(q, r)));
  const centre = times(complex(0.5), plus(p, s));
  const one = plus(centre, root);
  const two = minus(centre, root);
  return modulus(minus(one, s)) < modulus(minus(two, s)) ? one : two;
}

function toHessenberg(a: Complex[][], n: number): void {
  for (let k = 0; k < n - 2; k++) {
    let pivot = k + 1;
    for (let r = k + 2; r < n; r++) if (modulus(a[r][k]) > modulus(a[pivot][k])) pivot = r;
    if (modulus(a[pivot][k]) === 0) continue;
    [a[k + 1], a[pivot]] = [a[pivot], a[k + 1]];
    for (const row of a) [row[k + 1], row[pivot]] = [row[pivot], row[k + 1]];
    for (let r = k + 2; r < n; r++) {
      const factor = over(a[r][k], a[k + 1][k]);
      for (let c = 0; c < n; c++) a[r][c] = minus(a[r][c], times(factor, a[k + 1][c]));
      for (const row of a) row[k + 1] = plus(row[k + 1], times(factor, row[r]));
    }
  }
}

/** One step A − μ = Q R, A ← R Q + μ by Givens rotations on the leading block. */
function qrStep(a: Complex[][], size: number, shift: Complex): void {
  for (let i = 0; i < size; i++) a[i][i] = minus(a[i][i], shift);
  const rotations: { c: number; s: Complex }[] = [];
  for (let k = 0; k < size - 1; k++) {
    const x = a[k][k];
    const y = a[k + 1][k];
    const r = Math.hypot(modulus(x), modulus(y));
    const phase = modulus(x) === 0 ? complex(1) : over(x, complex(modulus(x)));
    const c = r === 0 ? 1 : modulus(x) / r;
    const s = r === 0 ? complex(0) : over(times(phase, conjugate(y)), complex(r));
    rotations.push({ c, s });
    for (let j = k; j < size; j++) {
      const u = a[k][j];
      const v = a[k + 1][j];
      a[k][j] = plus(times(complex(c), u), times(s, v));
      a[k + 1][j] = minus(times(complex(c), v), times(conjugate(s), u));
    }
  }
  for (let k = 0; k < size - 1; k++) {
    const { c, s } = rotations[k];
    for (let i = 0; i < Math.min(size, k + 2); i++) {
      const u = a[i][k];
      const v = a[i][k + 1];
      a[i][k] = plus(times(complex(c), u), times(conjugate(s), v));
      a[i][k + 1] = minus(times(complex(c), v), times(s, u));
    }
  }
  for (let i = 0; i < size; i++) a[i][i] = plus(a[i][i], shift);
}

const conjugate = (a: Complex): Complex => ({ re: a.re, im: -a.im });
