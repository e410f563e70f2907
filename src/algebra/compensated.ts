/**
 * Sums of products in twice the working precision (Ogita, Rump, Oishi, SIAM J. Sci. Comput. 26, 1955 (2005)): differences of
 * large nearly equal terms keep their digits.
 */
export class CompensatedSums {
  private readonly high: Float64Array;
  private readonly low: Float64Array;

  constructor(size: number) {
    this.high = new Float64Array(size);
    this.low = new Float64Array(size);
  }

  clear(): void {
    this.high.fill(0);
    this.low.fill(0);
  }

  /** Adds x to sum i. */
  add(i: number, x: number): void {
    const s = this.high[i] + x;
    const t = s - this.high[i];
    this.low[i] += this.high[i] - (s - t) + (x - t);
    this.high[i] = s;
  }

  /** Adds the exact product a b to sum i. */
  addProduct(i: number, a: number, b: number): void {
    const p = a * b;
    this.add(i, p);
    this.low[i] += productError(a, b, p);
  }

  /** Sum i, rounded once. */
  value(i: number): number {
    return this.high[i] + this.low[i];
  }
}

/** Veltkamp's constant: splits 53 bits into 26 and 27. */
const SPLIT = 2 ** 27 + 1;

/** a b − p for p = fl(a b), exactly (Dekker 1971). */
function productError(a: number, b: number, p: number): number {
  const ca = SPLIT * a;
  const aHigh = ca - (ca - a);
  const aLow = a - aHigh;
  const cb = SPLIT * b;
  const bHigh = cb - (cb - b);
  const bLow = b - bHigh;
  return aLow * bLow - (p - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
}
