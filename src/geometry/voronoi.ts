import { checkChoice, checkKeys, checkNumber, InputError, POSITIVE } from "../checks.ts";
import { philox4x32 } from "../compute/random/philox.ts";

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
  const tiles = new Map<number, Float64Array>();
  const tile = (i: number, j: number, k: number): { id: number; seeds: Float64Array } => {
    const id = flat ? pair(natural(i), natural(j)) : triple(natural(i), natural(j), natural(k));
    let seeds = tiles.get(id);
    if (!seeds) {
      seeds = seedsOf(seed, i, j, k);
      tiles.set(id, seeds);
    }
    return { id, seeds };
  };
  return (x, y, z) => {
    const p = [x / grainSize, y / grainSize, flat ? 0 : z / grainSize];
    const home = p.map(Math.floor);
    const [i, j, k] = home;
    let nearest = Infinity;
    let grain = 0;
    const look = (di: number, dj: number, dk: number): void => {
      const { id, seeds } = tile(i + di, j + dj, k + dk);
      for (let s = 0; s < seeds.length; s += 3) {
        const dx = seeds[s] + i + di - p[0];
        const dy = seeds[s + 1] + j + dj - p[1];
        const dz = flat ? 0 : seeds[s + 2] + k + dk - p[2];
        const distance = dx * dx + dy * dy + dz * dz;
        if (distance < nearest) {
          nearest = distance;
          grain = SLOTS * id + s / 3;
        }
      }
    };
    // How near the point is to a face of its tile: the tiles beyond ring r are at least r + margin away.
    const margin = Math.min(
      ...p.slice(0, dimensions).map((value, axis) => Math.min(value - home[axis], home[axis] + 1 - value)),
    );
    for (let ring = 0; ring === 0 || nearest > (ring - 1 + margin) ** 2; ring++) {
      const depth = flat ? 0 : ring;
      for (let dk = -depth; dk <= depth; dk++) {
        for (let dj = -ring; dj <= ring; dj++) {
          const face = Math.abs(dk) === ring && !flat ? true : Math.abs(dj) === ring;
          const step = face || ring === 0 ? 1 : 2 * ring;
          for (let di = -ring; di <= ring; di += step) look(di, dj, dk);
        }
      }
    }
    return grain;
  };
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
