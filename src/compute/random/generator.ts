import { circle, log } from "../language/elementary.ts";
import { Int, type IntLike, intNode, type Real, select, Vector } from "../language/values.ts";
import { MULTIPLIER_0, MULTIPLIER_1, WEYL_0, WEYL_1 } from "./philox.ts";

/**
 * Random numbers within kernels.  What is drawn depends on the address alone, never on the order of cells, the number of
 * threads or the machine; words and uniform numbers are the same to the last bit everywhere, normal numbers as far as
 * logarithm and sine are.
 */

/** Four random words: unsigned, held in ints. */
export type Words = readonly [Int, Int, Int, Int];

/** Philox 4×32-10, with exactly the words of `philox4x32`. */
export function philox(counter: Words, [key0, key1]: readonly [Int, Int]): Words {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = [key0, key1];
  for (let round = 0; round < 10; round++) {
    [c0, c1, c2, c3] = [
      c2.mulhi(MULTIPLIER_1).xor(c1).xor(k0),
      c2.mul(MULTIPLIER_1),
      c0.mulhi(MULTIPLIER_0).xor(c3).xor(k1),
      c0.mul(MULTIPLIER_0),
    ];
    k0 = k0.add(WEYL_0);
    k1 = k1.add(WEYL_1);
  }
  return [c0, c1, c2, c3];
}

/**
 * A number in [0, 1), a multiple of 2^-24 in single and of 2^-53 in double precision.
 * @param high its leading bits: the upper 24 in single precision, all 32 in double
 * @param low the upper 21 bits go on in double precision; not used in single
 */
export function uniform(high: Int, low: Int): Real {
  if (high.node.graph.precision === "f32")
    return high
      .shr(8)
      .toReal()
      .mul(2 ** -24);
  return unsigned(high)
    .mul(2 ** 21)
    .add(low.shr(11).toReal())
    .mul(2 ** -53);
}

/**
 * Two independent normal numbers of unit variance (Box–Muller), as `NormalStream` makes them of the same words.
 *
 * In single precision the radius uses all 32 bits of its first word, so that it reaches 6.7 standard deviations, and the
 * angle 24 of its first; second words are not used.  The two precisions so draw the same numbers up to rounding.
 * @param radius two words, the leading bits first
 * @param angle two words, the leading bits first
 */
export function normalPair(radius: readonly [Int, Int], angle: readonly [Int, Int]): [Real, Real] {
  const size = log(fromOne(...radius))
    .mul(-2)
    .sqrt();
  const { cos, sin } = circle(uniform(...angle));
  return [size.mul(cos), size.mul(sin)];
}

/** 1 − uniform, in (0, 1]: its logarithm is finite. */
function fromOne(high: Int, low: Int): Real {
  const rest = uniform(high, low).neg().add(1);
  // 24 bits end at 2^-24; eight more fill the last step.
  return high.node.graph.precision === "f32"
    ? rest.sub(
        high
          .and(255)
          .toReal()
          .add(0.5)
          .mul(2 ** -32),
      )
    : rest;
}

/** Where a random vector stands among all there are. */
export interface Address {
  /** Lower and upper word of the seed. */
  readonly seed: readonly [IntLike, IntLike];
  /** Which of the independent streams under this seed. */
  readonly stream: IntLike;
  /** Time step or draw. */
  readonly step: IntLike;
  /** Index of the cell in its grid. */
  readonly cell: Int;
}

/**
 * Three independent normal numbers of unit variance, as a thermal field needs in every cell at every step.
 *
 * The key is that of `NormalStream`: (lower word of the seed, upper word ⊕ stream · WEYL_0).  The counter is
 * (step, 0, cell, block).  `NormalStream` has block 0; here the words of block 1 are the leading bits of two radii and two
 * angles, and, in double precision only, those of block 2 their trailing bits.
 */
export function normalVector({ seed, stream, step, cell }: Address): Vector {
  const { graph } = cell.node;
  const int = (value: IntLike) => new Int(intNode(graph, value));
  const key = [int(seed[0]), int(seed[1]).xor(int(stream).mul(WEYL_0))] as const;
  const block = (i: number) => philox([int(step), int(0), cell, int(i)], key);
  const [a, b, c, d] = block(1);
  const [a2, b2, c2, d2] = block(2);
  const [x, y] = normalPair([a, a2], [b, b2]);
  const [z] = normalPair([c, c2], [d, d2]);
  return new Vector(x, y, z);
}

const unsigned = (word: Int): Real => {
  const signed = word.toReal();
  return select(word.lt(0), signed.add(2 ** 32), signed);
};
