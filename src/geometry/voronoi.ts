import { checkChoice, checkKeys, checkNumber, InputError, POSITIVE } from "../checks.ts";
import type { Triple } from "../compute/grid.ts";
import { philox4x32 } from "../compute/random/philox.ts";
import { predicate, type Shape } from "./shape.ts";

export interface GrainOptions {
  /** Square root of the mean area of a grain, or in three dimensions cube root of its mean volume [m]. */
  readonly grainSize: number;
  /** A whole number, 0…2^53 − 1. */
  readonly seed: number;
  /** 2 (the default): columns along z. */
  readonly dimensions?: 2 | 3;
}

/** More seeds than this come to one tile in 1e15. */
const SLOTS = 16;

/**
 * The grain that a point [m] is in: Poisson–Voronoi grains, the points nearest to each of randomly strewn seeds, one on average
 * per square (cube) of edge `grainSize`.  The areas of such grains have a relative variance of 0.280, the volumes 0.179 (Gilbert, Ann. Math.
 * Stat. 33, 958 (1962)).  Grains go on for ever; the same seed gives the same ones whatever was asked before.
 * @returns non-negative integers, small near the origin: below 2^31 within 5000 grain sizes of it in two dimensions and 250 in three;
 * no two grains the same within 1e7 grain sizes in two dimensions and 4e4 in three, where the integers reach 2^53
 */
export function voronoiGrains(options: GrainOptions): (x: number, y: number, z: number) => number {
  checkKeys("voronoiGrains", options, ["grainSize", "seed", "dimensions"]);
  const { grainSize, seed, dimensions = 2 } = options;
  checkNumber("voronoiGrains: grainSize", grainSize, POSITIVE, "m");
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new InputError("voronoiGrains: seed", seed, "a whole number 0…2^53 − 1");
  }
  checkChoice("voronoiGrains: dimensions", String(dimensions), ["2", "3"]);
  const flat = dimensions === 2;
  const strewn = new Map<number, Float64Array>();
  /** What the tiles of a ring round a tile hold, as [x, y, z, grain] from the corner of that tile. */
  const gather = (home: Triple<number>, ring: number): Float64Array => {
    const all: number[] = [];
    for (const [di, dj, dk] of ringOf(ring, flat)) {
      const [i, j, k] = [home[0] + di, home[1] + dj, home[2] + dk];
      const id = flat ? pair(natural(i), natural(j)) : triple(natural(i), natural(j), natural(k));
      const seeds = strewn.get(id) ?? seedsOf(seed, i, j, k);
      strewn.set(id, seeds);
      for (let n = 0; 3 * n < seeds.length; n++) {
        all.push(seeds[3 * n] + di, seeds[3 * n + 1] + dj, flat ? 0 : seeds[3 * n + 2] + dk, SLOTS * id + n);
      }
    }
    return Float64Array.from(all);
  };
  // The rings round the tile of the last point: the next point is mostly in it too.
  let home: Triple<number> = [Number.NaN, 0, 0];
  let rings: Float64Array[] = [];
  return (x, y, z) => {
    const [i, j, k] = [Math.floor(x / grainSize), Math.floor(y / grainSize), flat ? 0 : Math.floor(z / grainSize)];
    if (i !== home[0] || j !== home[1] || k !== home[2]) {
      home = [i, j, k];
      rings = [];
    }
    const [px, py, pz] = [x / grainSize - i, y / grainSize - j, flat ? 0 : z / grainSize - k];
    // How near the point is to a face of its tile: the tiles of ring r are at least r − 1 + margin away.
    const margin = Math.min(px, 1 - px, py, 1 - py, ...(flat ? [] : [pz, 1 - pz]));
    let nearest = Infinity;
    let grain = 0;
    for (let ring = 0; ring === 0 || nearest > (ring - 1 + margin) ** 2; ring++) {
      rings[ring] ??= gather(home, ring);
      const seeds = rings[ring];
      for (let s = 0; s < seeds.length; s += 4) {
        const distance = (seeds[s] - px) ** 2 + (seeds[s + 1] - py) ** 2 + (seeds[s + 2] - pz) ** 2;
        if (distance < nearest) {
          nearest = distance;
          grain = seeds[s + 3];
        }
      }
    }
    return grain;
  };
}

export interface RoughnessOptions extends Omit<GrainOptions, "dimensions"> {
  /** Heights of the lowest and the highest grains [m]. */
  readonly lowest: number;
  readonly highest: number;
}

/**
 * All that lies below a rough surface: the surface of each grain is flat, at a height of its own between `lowest` and `highest`, all heights
 * alike probable.  Cut a film with it, as in `intersection(rectangle(…), grainRoughness(…))`.
 */
export function grainRoughness(options: RoughnessOptions): Shape {
  checkKeys("grainRoughness", options, ["grainSize", "seed", "lowest", "highest"]);
  const { lowest, highest, ...grains } = options;
  checkNumber("grainRoughness: lowest", lowest, {}, "m");
  checkNumber("grainRoughness: highest", highest, { min: lowest, open: "min" }, "m");
  const grainAt = voronoiGrains(grains);
  const words = new Uint32Array(4);
  const share = (grain: number): number => {
    // A last word that no counter of a tile has.
    words.set([grain % 2 ** 32, Math.floor(grain / 2 ** 32), 0, 0xffffffff]);
    philox4x32(words, grains.seed % 2 ** 32, Math.floor(grains.seed / 2 ** 32));
    return (words[0] + 0.5) / 2 ** 32;
  };
  const everywhere = Number.POSITIVE_INFINITY;
  return predicate(
    (x, y, z) => z < lowest || (z < highest && z < lowest + (highest - lowest) * share(grainAt(x, y, 0))),
    {
      min: [-everywhere, -everywhere, -everywhere],
      max: [everywhere, everywhere, highest],
    },
  );
}

/** The tiles at a distance `ring`, counted as a king walks. */
function* ringOf(ring: number, flat: boolean): Generator<Triple<number>> {
  const depth = flat ? 0 : ring;
  for (let k = -depth; k <= depth; k++) {
    for (let j = -ring; j <= ring; j++) {
      for (let i = -ring; i <= ring; i++) if (Math.max(Math.abs(i), Math.abs(j), Math.abs(k)) === ring) yield [i, j, k];
    }
  }
}

/** Places of the seeds in a tile, [x, y, z] each 0…1; their number has a Poisson distribution of mean 1. */
export function seedsOf(seed: number, i: number, j: number, k: number): Float64Array {
  const words = new Uint32Array(4);
  const draw = (n: number): void => {
    words.set([i, j, k, n]);
    philox4x32(words, seed % 2 ** 32, Math.floor(seed / 2 ** 32));
  };
  draw(0);
  // The number by inversion: one more for every partial sum of e⁻¹/n! that u is above.
  const u = words[0] / 2 ** 32 + words[1] / 2 ** 64;
  let count = 0;
  for (let term = Math.exp(-1), sum = term; u >= sum && count < SLOTS - 1; sum += term) term /= ++count;
  const seeds = new Float64Array(3 * count);
  for (let n = 0; n < count; n++) {
    draw(n + 1);
    for (let axis = 0; axis < 3; axis++) seeds[3 * n + axis] = (words[axis] + 0.5) / 2 ** 32;
  }
  return seeds;
}

/** 0, −1, 1, −2 … to 0, 1, 2, 3 … */
const natural = (i: number): number => (i < 0 ? -2 * i - 1 : 2 * i);

/** Numbers pairs and triples of natural numbers shell by shell (Rosenberg, Strong, IBM Tech. Discl. Bull. 14, 3026 (1972)). */
function pair(a: number, b: number): number {
  const m = Math.max(a, b);
  return m * m + m + a - b;
}

function triple(a: number, b: number, c: number): number {
  const m = Math.max(a, b, c);
  return pair(a, b) + m ** 3 + (m - c) * (2 * m + 1);
}
