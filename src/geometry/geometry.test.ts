import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  boundsOf,
  circle,
  complement,
  cone,
  containment,
  cuboid,
  cylinder,
  difference,
  EmptyShapeError,
  ellipsoid,
  fillFractions,
  halfSpace,
  hexagon,
  imageMask,
  intersection,
  overhang,
  polygon,
  rectangle,
  regionMap,
  repeated,
  rotated,
  type Shape,
  scaled,
  sphere,
  superball,
  symmetricDifference,
  translated,
  triangle,
  union,
  voronoiGrains,
  xRange,
  zRange,
} from "./index.ts";

const sum = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0);

/** Volume on a mesh of 40 cells along each axis of a box of 4 × 4 × 4. */
const volume = (shape: Shape, samples = 1) =>
  sum(fillFractions(shape, [40, 40, 40], [0.1, 0.1, 0.1], { samples })) * 1e-3;

describe("shapes", () => {
  const bodies: [string, Shape, number][] = [
    ["a sphere", sphere(3), (Math.PI / 6) * 27],
    ["an ellipsoid", ellipsoid(3, 2, 1), Math.PI],
    ["a cuboid", cuboid(3, 2, 1), 6],
    ["a cylinder", cylinder(3, 2), (Math.PI / 4) * 9 * 2],
    ["a cone", translated(cone(3, 3), [0, 0, -1.5]), (Math.PI / 12) * 27],
    ["a superball of p = 1, an ellipsoid", superball(3, 1), (Math.PI / 6) * 27],
    ["a hexagon", intersection(hexagon(3), zRange(-1, 1)), ((3 * Math.sqrt(3)) / 2) * 1.5 ** 2 * 2],
    ["a triangle", intersection(triangle(3), zRange(-1, 1)), (Math.sqrt(3) / 4) * 9 * 2],
    [
      "an L",
      intersection(
        polygon([
          [-1, -1],
          [1, -1],
          [1, 0],
          [0, 0],
          [0, 1],
          [-1, 1],
        ]),
        zRange(-1, 1),
      ),
      6,
    ],
  ];
  for (const [name, shape, expected] of bodies)
    it(`have their volumes: ${name}`, () => {
      // Centres decide: whole edges on one side of them add up to some 3 % here; eight samples along each edge do a tenth of that.
      expect(Math.abs(volume(shape) / expected - 1)).toBeLessThan(0.03);
      expect(Math.abs(volume(shape, 8) / expected - 1)).toBeLessThan(0.003);
    });

  it("obey De Morgan, and differences are what is left", () => {
    const [a, b] = [sphere(3), translated(cuboid(2, 2, 2), [0.7, 0.3, -0.2])];
    const same = (p: Shape, q: Shape) =>
      expect(fillFractions(p, [20, 20, 20], [0.2, 0.2, 0.2])).toEqual(fillFractions(q, [20, 20, 20], [0.2, 0.2, 0.2]));
    same(complement(union(a, b)), intersection(complement(a), complement(b)));
    same(difference(a, b), intersection(a, complement(b)));
    same(symmetricDifference(a, b), difference(union(a, b), intersection(a, b)));
  });

  it("move, turn, stretch and repeat", () => {
    const box = cuboid(2, 1, 0.5);
    expect(containment(translated(box, [1, 2, 3]))(1.9, 2.4, 3.2)).toBe(true);
    expect(containment(translated(box, [1, 2, 3]))(-0.9, 0, 0)).toBe(false);
    // A quarter turn about z: what was long along x is long along y.
    const turned = containment(rotated(box, [0, 0, 1], Math.PI / 2));
    expect([turned(0, 0.9, 0), turned(0.9, 0, 0)]).toEqual([true, false]);
    // By the right-hand rule: +x goes to +y.
    const arm = containment(rotated(translated(box, [3, 0, 0]), [0, 0, 1], Math.PI / 2));
    expect([arm(0, 3, 0), arm(0, -3, 0)]).toEqual([true, false]);
    expect(volume(scaled(box, [1.5, 2, 1]))).toBeCloseTo(3, 9);
    const dots = containment(repeated(circle(1), [3, 0, 0]));
    expect([dots(0, 0, 9), dots(3.2, 0, 0), dots(-6.2, 0, 0), dots(1.5, 0, 0), dots(0, 3, 0)]).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
  });

  it("know their bounds", () => {
    const { min, max } = boundsOf(translated(ellipsoid(2, 4, 6), [1, 1, 1]));
    for (const [axis, [low, high]] of [
      [0, 2],
      [-1, 3],
      [-2, 4],
    ].entries()) {
      expect(min[axis]).toBeCloseTo(low, 12);
      expect(max[axis]).toBeCloseTo(high, 12);
    }
    expect(boundsOf(rectangle(2, 1)).max[2]).toBe(Number.POSITIVE_INFINITY);
    expect(boundsOf(halfSpace([1, 0, 0])).min[1]).toBe(Number.NEGATIVE_INFINITY);
  });

  it("are plain data", () => {
    const shape = difference(
      union(sphere(3), rotated(cuboid(1, 2, 3), [1, 1, 0], 0.3)),
      imageMask({ width: 2, height: 1, pixels: [0, 255] }, 2, 1, { threshold: 100 }),
    );
    const again = JSON.parse(JSON.stringify(shape)) as Shape;
    expect(fillFractions(again, [12, 12, 12], [0.3, 0.3, 0.3])).toEqual(
      fillFractions(shape, [12, 12, 12], [0.3, 0.3, 0.3]),
    );
  });

  it("of an image are its dark pixels, the first row on top", () => {
    const inside = containment(
      imageMask({ width: 2, height: 2, pixels: [0, 255, 255, 255] }, 2, 2, { threshold: 128 }),
    );
    expect([inside(-0.5, 0.5, 9), inside(0.5, 0.5, 0), inside(-0.5, -0.5, 0), inside(-1.5, 0.5, 0)]).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  it("fill meshes as if every point were asked, however they are combined", () => {
    const leaf = fc.oneof(
      fc.tuple(fc.double({ min: 0.5, max: 3, noNaN: true })).map(([d]) => sphere(d)),
      fc
        .tuple(fc.double({ min: 0.5, max: 3, noNaN: true }), fc.double({ min: 0.5, max: 3, noNaN: true }))
        .map(([a, b]) => cuboid(a, b, 1.3)),
      fc.constant(xRange(-0.4, 0.8)),
      fc.constant(hexagon(2.2)),
    );
    const { tree } = fc.letrec<{ tree: Shape }>((tie) => ({
      tree: fc.oneof(
        { depthSize: "small", withCrossShrink: true },
        leaf,
        fc.tuple(tie("tree"), tie("tree")).map(([a, b]) => union(a, b)),
        fc.tuple(tie("tree"), tie("tree")).map(([a, b]) => difference(a, b)),
        fc.tuple(tie("tree"), tie("tree")).map(([a, b]) => symmetricDifference(a, b)),
        tie("tree").map((a) => complement(a)),
        fc
          .tuple(tie("tree"), fc.double({ min: -3, max: 3, noNaN: true }))
          .map(([a, angle]) => rotated(a, [1, 2, 0.5], angle)),
        fc
          .tuple(tie("tree"), fc.double({ min: -1, max: 1, noNaN: true }))
          .map(([a, x]) => translated(a, [x, -x, x / 2])),
        leaf.filter((a) => Number.isFinite(boundsOf(a).max[0])).map((a) => repeated(a, [1.7, 0, 0])),
      ),
    }));
    fc.assert(
      fc.property(tree, (shape) => {
        const inside = containment(shape);
        const expected: number[] = [];
        for (let k = 0; k < 6; k++)
          for (let j = 0; j < 7; j++)
            for (let i = 0; i < 8; i++)
              expected.push(inside((i + 0.5 - 4) * 0.41, (j + 0.5 - 3.5) * 0.43, (k + 0.5 - 3) * 0.47) ? 1 : 0);
        if (sum(expected) === 0)
          expect(() => fillFractions(shape, [8, 7, 6], [0.41, 0.43, 0.47])).toThrow(EmptyShapeError);
        else expect([...fillFractions(shape, [8, 7, 6], [0.41, 0.43, 0.47])]).toEqual(expected);
      }),
      { numRuns: 200, seed: 7 },
    );
  });

  it("that fill no cell, or reach outside, say so", () => {
    expect(() => fillFractions(translated(sphere(1), [9, 0, 0]), [4, 4, 4], [1, 1, 1])).toThrow(
      /fills no cell: it lies within/,
    );
    expect(overhang(sphere(1), [4, 4, 4], [1, 1, 1]).share).toBe(0);
    const said: string[] = [];
    fillFractions(sphere(6), [4, 4, 4], [1, 1, 1], { warn: (message) => said.push(message) });
    expect(said).toEqual([expect.stringMatching(/% of the shape is outside the mesh/)]);
    expect(() => sphere(-1)).toThrow();
    expect(() =>
      polygon([
        [0, 0],
        [1, 1],
      ]),
    ).toThrow();
    expect(() => fillFractions(sphere(1), [4, 4, 4], [1, 1, 1], { samples: 0 })).toThrow("samples");
  });
});

describe("regions", () => {
  it("are those of the last part that holds a cell's centre", () => {
    const map = regionMap([4, 1, 1], [1, 1, 1], [xRange(-2, 1), xRange(0, 2)]);
    expect([...map]).toEqual([1, 1, 2, 2]);
    expect([...regionMap([4, 1, 1], [1, 1, 1], [xRange(0, 1)])]).toEqual([0, 0, 1, 0]);
    expect(() => regionMap([4, 1, 1], [1, 1, 1], [xRange(7, 8)])).toThrow(EmptyShapeError);
    expect(() => regionMap([2, 1, 1], [1, 1, 1], () => -1)).toThrow("region of cell [0, 0, 0]");
  });

  it("of grains have the size asked for, the same for one seed, and edges half way between neighbours", () => {
    const grains = voronoiGrains({ grainSize: 10, seed: 3, dimensions: 2 });
    const ids = new Map<number, number>();
    for (let x = 0; x < 300; x++)
      for (let y = 0; y < 300; y++) ids.set(grains(x, y, 0), (ids.get(grains(x, y, 0)) ?? 0) + 1);
    // 900 seeds on average, Poisson's: σ = 30.  The border of 120 grain sizes cuts as many again that lie outside, at most.
    expect(ids.size).toBeGreaterThan(900 - 4 * 30);
    expect(ids.size).toBeLessThan(900 + 4 * 30 + 120 * 2);
    const again = voronoiGrains({ grainSize: 10, seed: 3, dimensions: 2 });
    const other = voronoiGrains({ grainSize: 10, seed: 4, dimensions: 2 });
    const points = Array.from({ length: 100 }, (_, i) => [i * 17.3 - 900, i * 7.9 + 1e5] as const);
    expect(points.map(([x, y]) => again(x, y, 5))).toEqual(points.map(([x, y]) => grains(x, y, -7)));
    expect(points.map(([x, y]) => other(x, y, 0))).not.toEqual(points.map(([x, y]) => grains(x, y, 0)));
    // Grains of Voronoi are convex: what lies between two points of one grain is of it.
    for (const [x, y] of points)
      for (const [dx, dy] of [
        [6, 2],
        [-3, 5],
        [4, -4],
      ]) {
        if (grains(x, y, 0) !== grains(x + dx, y + dy, 0)) continue;
        for (const s of [0.25, 0.5, 0.75]) expect(grains(x + s * dx, y + s * dy, 0)).toBe(grains(x, y, 0));
      }
    const solid = voronoiGrains({ grainSize: 10, seed: 3, dimensions: 3 });
    expect(new Set(Array.from({ length: 60 }, (_, z) => solid(1, 2, z))).size).toBeGreaterThan(3);
    expect(() => voronoiGrains({ grainSize: 0, seed: 1 })).toThrow("grainSize");
  });
});
