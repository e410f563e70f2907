/**
 * Counter-based random numbers: Philox 4×32 with 10 rounds (Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy
 * as 1, 2, 3", SC'11).  The same (key, counter) gives the same bits whatever was drawn before, so a trajectory does not
 * depend on the order or the number of threads.
 */

export const MULTIPLIER_0 = 0xd2511f53;
export const MULTIPLIER_1 = 0xcd9e8d57;
export const WEYL_0 = 0x9e3779b9;
export const WEYL_1 = 0xbb67ae85;

/**
 * @param counter four unsigned 32-bit words; overwritten with four random words
 * @param key0 first word of the key
 * @param key1 second word of the key
 */
export function philox4x32(counter: Uint32Array, key0: number, key1: number): void {
  let [c0, c1, c2, c3] = counter;
  let k0 = key0 | 0;
  let k1 = key1 | 0;
  for (let round = 0; round < 10; round++) {
    const high0 = multiplyHigh(MULTIPLIER_0, c0);
    const low0 = Math.imul(MULTIPLIER_0, c0);
    const high1 = multiplyHigh(MULTIPLIER_1, c2);
    const low1 = Math.imul(MULTIPLIER_1, c2);
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = (k0 + WEYL_0) | 0;
    k1 = (k1 + WEYL_1) | 0;
  }
  counter[0] = c0;
  counter[1] = c1;
  counter[2] = c2;
  counter[3] = c3;
}

/** Normal numbers of unit variance addressed by (seed, stream, index). */
export class NormalStream {
  private readonly key0: number;
  private readonly key1: number;
  private readonly words = new Uint32Array(4);

  /**
   * @param seed integer, 0 ≤ seed < 2^53
   * @param stream which of the independent streams under this seed, an unsigned 32-bit integer
   */
  constructor(seed: number, stream = 0) {
    this.key0 = seed % 2 ** 32;
    this.key1 = (Math.floor(seed / 2 ** 32) ^ Math.imul(stream, WEYL_0)) >>> 0;
  }

  /** Fills `out` with the numbers of draw `index` (an integer below 2^53), the same ones at every call. */
  fill(out: Float64Array, index: number): void {
    for (let pair = 0; 2 * pair < out.length; pair++) {
      this.words[0] = index % 2 ** 32;
      this.words[1] = Math.floor(index / 2 ** 32);
      this.words[2] = pair;
      this.words[3] = 0;
      philox4x32(this.words, this.key0, this.key1);
      // Box–Muller; 53 bits each, the radius from (0, 1] so that its logarithm is finite.
      const radius = Math.sqrt(-2 * Math.log(1 - unit(this.words[0], this.words[1])));
      const angle = 2 * Math.PI * unit(this.words[2], this.words[3]);
      out[2 * pair] = radius * Math.cos(angle);
      if (2 * pair + 1 < out.length) out[2 * pair + 1] = radius * Math.sin(angle);
    }
  }
}

/** A number in [0, 1) from 53 of 64 random bits. */
const unit = (high: number, low: number): number => (high * 2 ** 21 + (low >>> 11)) / 2 ** 53;

/** Upper 32 bits of the product of two unsigned 32-bit integers. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const cross = aLow * bHigh + (middle & 0xffff);
  return aHigh * bHigh + Math.floor(middle / 0x10000) + Math.floor(cross / 0x10000);
}
