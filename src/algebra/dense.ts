/** Small dense matrices, row-major in a Float64Array. */

/**
 * Overwrites `b` (n × columns, row-major) with A⁻¹ b by Gaussian elimination with partial pivoting; `a` is destroyed.
 * @throws RangeError when A is singular to working precision
 */
export function solveDense(a: Float64Array, b: Float64Array, n: number, columns = 1): void {
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let r = k + 1; r < n; r++) if (Math.abs(a[r * n + k]) > Math.abs(a[pivot * n + k])) pivot = r;
    if (a[pivot * n + k] === 0 || Number.isNaN(a[pivot * n + k]))
      throw new RangeError(`matrix is singular in column ${k}`);
    if (pivot !== k) {
      for (let c = k; c < n; c++) swap(a, k * n + c, pivot * n + c);
      for (let c = 0; c < columns; c++) swap(b, k * columns + c, pivot * columns + c);
    }
    for (let r = k + 1; r < n; r++) {
      const factor = a[r * n + k] / a[k * n + k];
      for (let c = k + 1; c < n; c++) a[r * n + c] -= factor * a[k * n + c];
      for (let c = 0; c < columns; c++) b[r * columns + c] -= factor * b[k * columns + c];
    }
  }
  for (let k = n - 1; k >= 0; k--) {
    for (let c = 0; c < columns; c++) {
      let sum = b[k * columns + c];
      for (let j = k + 1; j < n; j++) sum -= a[k * n + j] * b[j * columns + c];
      b[k * columns + c] = sum / a[k * n + k];
    }
  }
}

/**
 * Eigenvalues and orthonormal eigenvectors of a symmetric matrix by cyclic Jacobi rotations.
 * @returns values (n) and vectors (n × n, one per column)
 */
export function symmetricEigen(matrix: Float64Array, n: number): { values: Float64Array; vectors: Float64Array } {
  const a = Float64Array.from(matrix);
  const v = new Float64Array(n * n);
  for (let i = 0; i < n; i++) v[i * n + i] = 1;
  // Jacobi converges quadratically once off-diagonals are small; 30 sweeps is far beyond need for n ≤ 100.
  for (let sweep = 0; sweep < 30; sweep++) {
    let rotated = false;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        const off = a[p * n + q];
        if (Math.abs(off) <= Number.EPSILON * Math.sqrt(Math.abs(a[p * n + p] * a[q * n + q])) || off === 0) continue;
        rotated = true;
        const tau = (a[q * n + q] - a[p * n + p]) / (2 * off);
        const t = (tau >= 0 ? 1 : -1) / (Math.abs(tau) + Math.hypot(1, tau));
        const c = 1 / Math.hypot(1, t);
        const s = t * c;
        for (let k = 0; k < n; k++) rotate(a, k * n + p, k * n + q, c, s);
        for (let k = 0; k < n; k++) rotate(a, p * n + k, q * n + k, c, s);
        for (let k = 0; k < n; k++) rotate(v, k * n + p, k * n + q, c, s);
      }
    }
    if (!rotated) break;
  }
  return { values: Float64Array.from({ length: n }, (_, i) => a[i * n + i]), vectors: v };
}

/** Symmetric square root of a positive semidefinite matrix; eigenvalues negative by round-off count as zero. */
export function symmetricSquareRoot(matrix: Float64Array, n: number): Float64Array {
  const { values, vectors } = symmetricEigen(matrix, n);
  const root = new Float64Array(n * n);
  for (let e = 0; e < n; e++) {
    const r = Math.sqrt(Math.max(0, values[e]));
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) root[i * n + j] += r * vectors[i * n + e] * vectors[j * n + e];
  }
  return root;
}

function swap(a: Float64Array, i: number, j: number): void {
  const kept = a[i];
  a[i] = a[j];
  a[j] = kept;
}

function rotate(a: Float64Array, i: number, j: number, c: number, s: number): void {
  const x = a[i];
  const y = a[j];
  a[i] = c * x - s * y;
  a[j] = s * x + c * y;
}
