import { describe, expect, it } from "vitest";
import type { Vector3 } from "../algebra/vector.ts";
import { InputError } from "../checks.ts";
import {
  containment,
  fillFractions,
  grainRoughness,
  intersection,
  rectangle,
  regionMap,
  voronoiGrains,
} from "./index.ts";
import { seedsOf } from "./voronoi.ts";

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

describe("grains", () => {
  const size = 10;
  const grains = voronoiGrains({ grainSize: size, seed: 42 });

  it("are the same ones for the same seed, whatever was asked before, and others for another", () => {
    const again = voronoiGrains({ grainSize: size, seed: 42 });
    const other = voronoiGrains({ grainSize: size, seed: 43 });
    const high = voronoiGrains({ grainSize: size, seed: 42 + 2 ** 32 });
    const points = Array.from({ length: 400 }, (_, n) => [7.3 * (n % 20) - 70, 6.1 * Math.floor(n / 20) - 60] as const);
    const map = points.map(([x, y]) => grains(x, y, 0));
    expect(points.toReversed().map(([x, y]) => again(x, y, 0))).toEqual(map.toReversed());
    // Numbers go by tiles, so that one in a few is the same by chance.
    for (const field of [other, high])
      expect(points.filter(([x, y], n) => field(x, y, 0) === map[n]).length).toBeLessThan(200);
  });

  it("are columns in two dimensions and scale with their size", () => {
    const large = voronoiGrains({ grainSize: 3 * size, seed: 42 });
    for (let n = 0; n < 200; n++) {
      const [x, y] = [8.3 * (n % 20) - 70, 9.1 * Math.floor(n / 20) - 60];
      expect(grains(x, y, 1e3)).toBe(grains(x, y, -5));
      expect(large(3 * x, 3 * y, 0)).toBe(grains(x, y, 0));
    }
  });

  it.each([2, 3] as const)("hold the points nearest to their seeds: %d dimensions", (dimensions) => {
    const field = voronoiGrains({ grainSize: 1, seed: 7, dimensions });
    const flat = dimensions === 2;
    for (const far of [0, 1e4, flat ? -9.9e6 : -3.9e4]) {
      // All seeds of a block of tiles, and the grain at each of them: grains and seeds are one to one.
      const seeds: { at: Vector3; grain: number }[] = [];
      const ring = flat ? 8 : 5;
      const depth = flat ? 0 : ring;
      for (let k = -depth; k <= depth; k++)
        for (let j = -ring; j <= ring; j++)
          for (let i = -ring; i <= ring; i++) {
            const places = seedsOf(7, i + far, j, k);
            for (let n = 0; n < places.length; n += 3) {
              const at: Vector3 = [i + far + places[n], j + places[n + 1], flat ? 0 : k + places[n + 2]];
              seeds.push({ at, grain: field(...at) });
            }
          }
      expect(new Set(seeds.map(({ grain }) => grain)).size).toBe(seeds.length);
      for (let n = 0; n < 300; n++) {
        // Kronecker's points, within half a tile more than the middle one.
        const [x, y, z] = [
          far + 2 * ((0.618034 * n) % 1) - 0.5,
          2 * ((0.754878 * n) % 1) - 0.5,
          flat ? 0 : (0.569841 * n) % 1,
        ];
        const distance = ({ at }: { at: Vector3 }): number => Math.hypot(at[0] - x, at[1] - y, at[2] - z);
        const nearest = seeds.reduce((best, seed) => (distance(seed) < distance(best) ? seed : best));
        expect(field(x, y, z)).toBe(nearest.grain);
      }
    }
  });

  it("have the mean area of a square, the mean volume of a cube of the grain size, and their known variance", () => {
    for (const [dimensions, edge, spread] of [
      [2, 60, 0.28],
      [3, 14, 0.179],
    ] as const) {
      const field = voronoiGrains({ grainSize: 1, seed: 3, dimensions });
      let seeds = 0;
      const depth = dimensions === 2 ? 1 : edge;
      for (let k = 0; k < depth; k++)
        for (let j = 0; j < edge; j++)
          for (let i = 0; i < edge; i++) seeds += seedsOf(3, i, j, dimensions === 2 ? 0 : k).length / 3;
      const tiles = edge ** dimensions;
      // The number in a tile has a Poisson distribution of mean 1.
      expect(Math.abs(seeds - tiles)).toBeLessThan(4 * Math.sqrt(tiles));
      // Areas by a lattice of 8 points along a grain, of the grains that do not reach the edge of the box.
      const points = 8;
      const areas = new Map<number, number>();
      const cut = new Set<number>();
      const count = edge * points;
      for (let k = 0; k < (dimensions === 2 ? 1 : count); k++)
        for (let j = 0; j < count; j++)
          for (let i = 0; i < count; i++) {
            const grain = field((i + 0.5) / points, (j + 0.5) / points, (k + 0.5) / points);
            areas.set(grain, (areas.get(grain) ?? 0) + points ** -dimensions);
            const ends = dimensions === 2 ? [i, j] : [i, j, k];
            if (ends.some((n) => n === 0 || n === count - 1)) cut.add(grain);
          }
      const inner = [...areas].filter(([grain]) => !cut.has(grain)).map(([, area]) => area);
      const mean = sum(inner) / inner.length;
      const variance = sum(inner.map((area) => (area - mean) ** 2)) / inner.length;
      // Large grains are cut oftener: the mean of the others is low by spread × perimeter share, some 2 d/edge × ½.
      const bias = (spread * dimensions) / edge;
      expect(Math.abs(mean - 1)).toBeLessThan(4 * Math.sqrt(spread / inner.length) + bias);
      // The variance of a variance of nearly gamma-distributed areas is (2 + 6 spread) spread²/n.
      expect(Math.abs(variance - spread)).toBeLessThan(
        4 * spread * Math.sqrt((2 + 6 * spread) / inner.length) + 2 * spread * bias,
      );
    }
  });

  it("are whole numbers however far from the origin, and small where that is promised", () => {
    const field = voronoiGrains({ grainSize: 1, seed: 1 });
    const solid = voronoiGrains({ grainSize: 1, seed: 1, dimensions: 3 });
    for (const x of [1e6, -1e9, 1e12, -4e15]) {
      expect(Number.isInteger(field(x, -x, x))).toBe(true);
      expect(Number.isInteger(solid(x, -x, x))).toBe(true);
    }
    for (const far of [4990, -4990]) expect(field(far, -far, 0)).toBeLessThan(2 ** 31);
    for (const far of [249, -249]) expect(solid(far, far, -far)).toBeLessThan(2 ** 31);
  });

  it("are regions of a mesh", () => {
    const map = regionMap([40, 40, 1], [1, 1, 1], grains);
    // 16 on average inside, and some 13 more across the edges.
    expect(new Set(map).size).toBeGreaterThan(12);
    expect(new Set(map).size).toBeLessThan(60);
  });

  it.each([
    ["voronoiGrains: grainSize", () => voronoiGrains({ grainSize: 0, seed: 1 })],
    ["voronoiGrains: seed", () => voronoiGrains({ grainSize: 1, seed: 1.5 })],
    ["voronoiGrains: seed", () => voronoiGrains({ grainSize: 1, seed: 2 ** 53 })],
    ["voronoiGrains: dimensions", () => voronoiGrains({ grainSize: 1, seed: 1, dimensions: 4 as never })],
    ["voronoiGrains.size", () => voronoiGrains({ grainSize: 1, seed: 1, size: 4 } as never)],
  ])("say which option is bad: %s", (parameter, call) => {
    expect(call).toThrow(InputError);
    expect(call).toThrow(expect.objectContaining({ parameter }));
  });
});

describe("a rough surface", () => {
  it("has one height per grain, evenly spread, and is the same for the same seed", () => {
    const options = { grainSize: 10, seed: 7, lowest: 2, highest: 5 };
    const [below, again] = [grainRoughness(options), grainRoughness(options)].map(containment);
    const grainAt = voronoiGrains({ grainSize: 10, seed: 7 });
    /** Height of the surface, by halving. */
    const heightAt = (x: number, y: number): number => {
      let [low, high] = [2, 5];
      for (let step = 0; step < 40; step++) {
        const z = (low + high) / 2;
        if (below(x, y, z)) low = z;
        else high = z;
      }
      return low;
    };
    const heights = new Map<number, number>();
    for (let x = -200; x < 200; x += 2.5)
      for (let y = -200; y < 200; y += 2.5) {
        const grain = grainAt(x, y, 0);
        const height = heightAt(x, y);
        expect(height).toBe(heights.get(grain) ?? height);
        heights.set(grain, height);
        expect(again(x, y, 3)).toBe(below(x, y, 3));
        expect(below(x, y, 1.999)).toBe(true);
        expect(below(x, y, 5)).toBe(false);
      }
    const all = [...heights.values()].map((h) => (h - 2) / 3);
    expect(all.length).toBeGreaterThan(1500);
    // Mean and variance of even numbers, 1/2 and 1/12, to four standard errors of some 1700.
    const mean = all.reduce((a, b) => a + b) / all.length;
    const variance = all.reduce((sum, h) => sum + (h - mean) ** 2, 0) / all.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(4 / Math.sqrt(12 * all.length));
    expect(Math.abs(variance - 1 / 12)).toBeLessThan(4 / Math.sqrt(180 * all.length));
  });

  it("cuts a film, and says what it cannot be made of", () => {
    const film = intersection(rectangle(40, 40), grainRoughness({ grainSize: 8, seed: 1, lowest: -1, highest: 1 }));
    const fill = fillFractions(film, [40, 40, 8], [1, 1, 0.5]);
    const plane = (k: number) => fill.subarray(1600 * k, 1600 * (k + 1)).reduce((a, b) => a + b, 0);
    expect([plane(0), plane(1)]).toEqual([1600, 1600]);
    expect(plane(7)).toBe(0);
    expect(plane(2)).toBeGreaterThan(plane(4));
    expect(plane(4)).toBeGreaterThan(0);
    expect(() => grainRoughness({ grainSize: 1, seed: 1, lowest: 1, highest: 1 })).toThrow(/highest is 1/);
    expect(() => grainRoughness({ grainSize: 1, seed: -1, lowest: 0, highest: 1 })).toThrow(/seed is -1/);
  });
});
