/**
 * Lengths of the transforms behind a convolution, how they split into small ones, and in which order frequencies come
 * out.  A decimation-in-frequency transform that never reorders leaves frequency k at the place whose mixed-radix digits
 * are those of k reversed; a decimation-in-time transform takes them from there.
 */

/** Work of a pass per point, memory traffic included, fitted to timings; only ratios matter. */
const PASS_COST: Record<number, number> = { 2: 4, 3: 9, 4: 9, 5: 13, 7: 24, 8: 13 };

/** Work per point outside the passes. */
const POINT_COST = 4;

/**
 * Radices whose product is `length`, first pass first: 8 at most once, the 4s, a lone 2, then odd ones.
 * @returns nothing when a prime factor exceeds 7
 */
export function radicesOf(length: number): number[] | undefined {
  let rest = length;
  let twos = 0;
  for (; rest % 2 === 0; rest /= 2) twos++;
  const odd: number[] = [];
  for (const radix of [7, 5, 3]) for (; rest % radix === 0; rest /= radix) odd.push(radix);
  if (rest !== 1) return undefined;
  const eight = twos % 2 === 1 && twos > 1;
  const even = [...(eight ? [8] : []), ...Array(Math.floor((twos - (eight ? 3 : 0)) / 2)).fill(4)];
  return [...even, ...(twos === 1 ? [2] : []), ...odd];
}

const costOf = (length: number): number => {
  const radices = radicesOf(length);
  return radices
    ? length * radices.reduce((sum, radix) => sum + PASS_COST[radix], POINT_COST)
    : Number.POSITIVE_INFINITY;
};

/**
 * Length of the transform along one axis.  One cell needs none (1).  A periodic axis is transformed as it is when its
 * length is smooth; every other axis is padded with zeros to at least twice its cells, so that nothing wraps.
 * @param cells number of cells, ≥ 1
 * @param real whether the transform along this axis is from real numbers to half as many complex ones, which takes an
 *   even length
 */
export function transformLength(cells: number, periodic: boolean, real: boolean): number {
  if (cells === 1) return 1;
  if (periodic && radicesOf(cells) && !(real && cells % 2 === 1)) return cells;
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  // A power of two is met before 4 × cells.
  for (let length = 2 * cells; length < 4 * cells; length += 2) {
    const cost = costOf(real ? length / 2 : length);
    if (cost < least) [best, least] = [length, cost];
  }
  return best;
}

/**
 * Frequency found at each place of a transform that was not reordered.
 * @param radices first pass first
 */
export function frequencyOrder(radices: readonly number[]): Int32Array {
  const order = new Int32Array(radices.reduce((product, radix) => product * radix, 1));
  let stride = order.length;
  let weight = 1;
  for (const radix of radices) {
    for (let block = 0; block < order.length; block += stride)
      for (let place = 0; place < stride; place++)
        order[block + place] += weight * Math.floor((place * radix) / stride);
    stride /= radix;
    weight *= radix;
  }
  return order;
}

/** Place of the frequency −k, for each place of a frequency k. */
export function mirrorPlaces(order: Int32Array): Int32Array {
  const placeOf = new Int32Array(order.length);
  for (let place = 0; place < order.length; place++) placeOf[order[place]] = place;
  return order.map((k) => placeOf[k === 0 ? 0 : order.length - k]);
}
