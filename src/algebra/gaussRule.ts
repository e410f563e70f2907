/** Points and weights of a Gauss quadrature of an even weight function of integral 1; n points are exact to degree 2n − 1. */
export interface GaussRule {
  readonly points: Float64Array;
  readonly weights: Float64Array;
}

/** Mean over [−1, 1]: the rule of Gauss and Legendre with n points. */
export const legendreRule = (n: number): GaussRule =>
  symmetricRule(Float64Array.from({ length: n }, (_, k) => (k * k) / (4 * k * k - 1)));

/**
 * Mean over the difference of two numbers, each spread evenly over an interval: of width a and of width b, both centred on 0.
 * @returns n points within ±(a + b)/2
 */
export function twoIntervalsRule(a: number, b: number, n: number): GaussRule {
  const legendre = legendreRule(n);
  // The product of two Legendre rules has the moments of the weight up to 2n − 1, all that Stieltjes' procedure asks for.
  const half = (a + b) / 2;
  const u = new Float64Array(n * n);
  const w = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      u[i * n + j] = (a * legendre.points[i] + b * legendre.points[j]) / (2 * half);
      w[i * n + j] = legendre.weights[i] * legendre.weights[j];
    }
  const beta = new Float64Array(n);
  let previous = new Float64Array(n * n);
  let current = new Float64Array(n * n).fill(1);
  let norm = 1;
  for (let k = 1; k < n; k++) {
    const next = current.map((p, q) => u[q] * p - beta[k - 1] * previous[q]);
    const nextNorm = next.reduce((sum, p, q) => sum + w[q] * p * p, 0);
    beta[k] = nextNorm / norm;
    [previous, current, norm] = [current, next, nextNorm];
  }
  const { points, weights } = symmetricRule(beta);
  return { points: points.map((x) => half * x), weights };
}

/**
 * Gauss rule of the orthogonal polynomials p_{k+1} = x p_k − β_k p_{k−1}, k = 0…n−1 (β_0 is not read): its points are the
 * eigenvalues of a tridiagonal matrix with zero diagonal (Golub, Welsch, Math. Comp. 23, 221 (1969)), all within [−1, 1].
 */
function symmetricRule(beta: Float64Array): GaussRule {
  const n = beta.length;
  const points = new Float64Array(n);
  for (let i = 0; i < n >> 1; i++) {
    // Bisection with Sturm's count of the eigenvalues below x; the mirror image needs no search of its own.
    let [low, high] = [-1, 0];
    for (let x = -0.5; x > low && x < high; x = (low + high) / 2) {
      let below = 0;
      let pivot = -x;
      for (let k = 0; k < n; k++) {
        if (k > 0) pivot = -x - beta[k] / pivot;
        if (pivot < 0) below++;
      }
      if (below > i) high = x;
      else low = x;
    }
    points[i] = (low + high) / 2;
    points[n - 1 - i] = -points[i];
  }
  const weights = points.map((x) => {
    let [previous, current, sum] = [0, 1, 1];
    for (let k = 1; k < n; k++) {
      const next = (x * current - (k > 1 ? Math.sqrt(beta[k - 1]) * previous : 0)) / Math.sqrt(beta[k]);
      [previous, current] = [current, next];
      sum += next * next;
    }
    return 1 / sum;
  });
  return { points, weights };
}
