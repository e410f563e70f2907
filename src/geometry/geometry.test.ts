import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Vector3 } from "../algebra/vector.ts";
import { InputError } from "../checks.ts";
import { GridError } from "../compute/index.ts";
import {
  areaOf,
  boundsOf,
  complement,
  cone,
  containment,
  cuboid,
  cylinder,
  difference,
  EmptyShapeError,
  ellipse,
  ellipsoid,
  everything,
  fillFractions,
  halfSpace,
  hexagon,
  imageMask,
  intersection,
  layersRange,
  overhang,
  polygon,
  predicate,
  rectangle,
  regionMap,
  regularPolygon,
  repeated,
  rotated,
  type Shape,
  scaled,
  sphere,
  square,
  superball,
  symmetricDifference,
  translated,
  triangle,
  union,
  xRange,
  yRange,
  zRange,
} from "./index.ts";

const Z: Vector3 = [0, 0, 1];
const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0);
const SIZE: Vector3 = [12, 10, 8];
const UNIT: Vector3 = [1, 1, 1];
const filled = (shape: Shape): number[] => [...fillFractions(shape, SIZE, UNIT)];

describe("the filled volume of a mesh", () => {
  const GAMMA_4_3 = 0.8929795115692492;
  /** Volume, area of the curved surface, and how many of its patches a symmetry makes equal. */
  const bodies: [string, Shape, number, number][] = [
    ["a sphere", sphere(38.6), (Math.PI / 6) * 38.6 ** 3, Math.PI * 38.6 ** 2],
    ["an ellipsoid", ellipsoid(39, 30, 20), (Math.PI / 6) * 39 * 30 * 20, Math.PI * 30 ** 2],
    ["a cone", cone(38, 18.5), (Math.PI / 12) * 38 ** 2 * 18.5, Math.PI * 19 * Math.hypot(19, 18.5)],
    ["a cone upside down", cone(38, -18.5), (Math.PI / 12) * 38 ** 2 * 18.5, Math.PI * 19 * Math.hypot(19, 18.5)],
    ["an octahedron", rotated(superball(38.6, 1 / 2), [1, 2, 3], 0.4), 38.6 ** 3 / 6, Math.sqrt(3) * 38.6 ** 2],
    // (2r)³ Γ(1 + 1/2p)³/Γ(1 + 3/2p), Jiao, Stillinger, Torquato.
    ["a superball", superball(38.6, 3 / 2), (38.6 * GAMMA_4_3) ** 3, 4 * 38.6 ** 2],
  ];
  for (const samples of [1, 8]) {
    it.each(bodies)(`is that of %s, with ${samples} points along an edge`, (_, shape, volume, area) => {
      const shares = fillFractions(shape, [40, 40, 40], UNIT, { samples });
      const spacing = 1 / samples;
      // Across a patch of spacing² the surface is misplaced by half a spacing at most; at random, equal in eight octants.
      const bound = (4 * (area * spacing)) / 2 / Math.sqrt(area / spacing ** 2 / 8);
      expect(Math.abs(sum(shares) - volume)).toBeLessThan(bound);
    });

    const turn = (shape: Shape): Shape => rotated(shape, Z, 0.3);
    const outlines: [string, Shape, number, number][] = [
      ["a cylinder", cylinder(38.6, 4), (Math.PI / 4) * 38.6 ** 2, Math.PI * 38.6],
      ["an ellipse", ellipse(39, 22), areaOf(ellipse(39, 22)), Math.PI * 31],
      ["a rectangle", turn(rectangle(30, 20)), 600, 100],
      ["a hexagon", turn(hexagon(38)), 6 * (Math.sqrt(3) / 4) * 19 ** 2, 6 * 19],
      ["a triangle", turn(triangle(30)), (Math.sqrt(3) / 4) * 30 ** 2, 90],
      [
        "a heptagon",
        turn(regularPolygon(7, 38)),
        3.5 * 19 ** 2 * Math.sin((2 * Math.PI) / 7),
        14 * 19 * Math.sin(Math.PI / 7),
      ],
      [
        "a notched polygon",
        turn(
          polygon([
            [-12, -8],
            [13, -9],
            [1, 1],
            [9, 13],
            [-11, 12],
          ]),
        ),
        360.5,
        110,
      ],
    ];
    it.each(outlines)(
      `is area times height for %s, with ${samples} points along an edge`,
      (_, shape, area, outline) => {
        const shares = fillFractions(shape, [40, 40, 4], UNIT, { samples });
        const spacing = 1 / samples;
        // As above, along a line and equal in four quadrants.
        const bound = (4 * (outline * spacing)) / 2 / Math.sqrt(outline / spacing / 4);
        expect(Math.abs(sum(shares) / 4 - area)).toBeLessThan(bound);
      },
    );
  }

  it("of a box as wide as n cells is n cells, wherever its faces are in the cells", () => {
    for (const shift of [0, 0.25, 0.5, 0.75])
      expect(sum(filled(translated(cuboid(5, 4, 3), [shift, shift, shift])))).toBe(60);
  });

  it("of twice-enclosed parts of a polygon is empty", () => {
    const pentagram = polygon(
      [0, 2, 4, 1, 3].map((i) => [6 * Math.sin(1.2566370614359172 * i), 6 * Math.cos(1.2566370614359172 * i)]),
    );
    expect(containment(pentagram)(0, 0, 0)).toBe(false);
    expect(containment(pentagram)(0, 4, 0)).toBe(true);
  });

  it("is a share of every cell in 1/samples³", () => {
    expect([...fillFractions(cuboid(3, 1, 1), [4, 1, 1], UNIT, { samples: 2 })]).toEqual([0.5, 1, 1, 0.5]);
  });
});

/** Lengths in half cells, so that faces fall on centres and on faces of cells. */
const half = (min: number, max: number) => fc.integer({ min: 2 * min, max: 2 * max }).map((n) => n / 2);
const extent = half(1, 9);
const vector = (part: fc.Arbitrary<number>) => fc.tuple(part, part, part);
const axes = vector(fc.integer({ min: -2, max: 2 })).filter((v) => v.some((x) => x !== 0));
const primitives = fc.oneof(
  fc.tuple(extent, extent).map(([a, b]) => ellipse(a, b) as Shape),
  fc.tuple(extent, extent).map(([a, b]) => rectangle(a, b) as Shape),
  vector(extent).map((v) => cuboid(...v)),
  vector(extent).map((v) => ellipsoid(...v)),
  fc.tuple(extent, extent).map((v) => cylinder(...v)),
  fc
    .tuple(
      extent,
      half(-6, 6).filter((h) => h !== 0),
    )
    .map((v) => cone(...v)),
  fc.tuple(extent, fc.constantFrom(0.3, 0.5, 1, 2, 8)).map((v) => superball(...v)),
  fc.array(fc.tuple(half(-6, 6), half(-6, 6)), { minLength: 3, maxLength: 7 }).map((points) => polygon(points)),
  fc.tuple(half(-6, 3), extent).map(([a, b]) => xRange(a, a + b)),
  half(-5, 5).map((a) => yRange(-Infinity, a)),
  fc.tuple(half(-4, 4)).map(([a]) => zRange(a, Infinity)),
  fc.tuple(axes, half(-4, 4)).map((v) => halfSpace(...v)),
  fc.constant(everything()),
  fc
    .tuple(fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }), extent, extent)
    .map(([pixels, w, h]) => imageMask({ width: 4, height: 3, pixels: pixels.map(Number) }, w, h, { threshold: 0.5 })),
  fc.constant(predicate((x, y, z) => Math.sin(x) + Math.sin(y) > z / 4, { min: [-4, -4, -4], max: [4, 4, 4] })),
);
const { tree: trees } = fc.letrec<{ tree: Shape }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    primitives,
    fc.array(tie("tree"), { minLength: 1, maxLength: 3 }).map((parts) => union(...parts)),
    fc.array(tie("tree"), { minLength: 1, maxLength: 3 }).map((parts) => intersection(...parts)),
    fc.tuple(tie("tree"), tie("tree")).map(([a, b]) => difference(a, b)),
    fc.tuple(tie("tree"), tie("tree")).map(([a, b]) => symmetricDifference(a, b)),
    tie("tree").map(complement),
    fc.tuple(tie("tree"), vector(half(-4, 4))).map(([s, by]) => translated(s, by)),
    fc
      .tuple(
        tie("tree"),
        axes,
        fc.oneof(fc.constantFrom(Math.PI / 2, Math.PI, -Math.PI / 2), fc.double({ min: -4, max: 4, noNaN: true })),
      )
      .map(([s, axis, angle]) => rotated(s, axis, angle)),
    fc.tuple(tie("tree"), vector(fc.constantFrom(-2, -1, 0.5, 1.5))).map(([s, by]) => scaled(s, by)),
    fc.tuple(tie("tree"), vector(fc.constantFrom(0, 2.5, 4))).map(([s, periods]) => {
      const { min, max } = boundsOf(s);
      return repeated(s, periods.map((p, i) => (max[i] - min[i] < 40 ? p : 0)) as unknown as Vector3);
    }),
  ),
}));

describe("any shape", () => {
  it("fills by whole blocks what it fills point by point", () => {
    fc.assert(
      fc.property(trees, fc.constantFrom(1, 2), (shape, samples) => {
        const cell: Vector3 = [1, 0.8, 1.5];
        const contains = containment(shape);
        const expected = Array.from({ length: SIZE[0] * SIZE[1] * SIZE[2] }, (_, index) => {
          const at = [index % SIZE[0], Math.floor(index / SIZE[0]) % SIZE[1], Math.floor(index / SIZE[0] / SIZE[1])];
          let inside = 0;
          for (let s = 0; s < samples ** 3; s++) {
            const part = [s % samples, Math.floor(s / samples) % samples, Math.floor(s / samples ** 2)];
            const [x, y, z] = at.map((n, i) => (-SIZE[i] / 2) * cell[i] + (n + (part[i] + 0.5) / samples) * cell[i]);
            if (contains(x, y, z)) inside++;
          }
          return inside / samples ** 3;
        });
        if (expected.every((share) => share === 0)) {
          expect(() => fillFractions(shape, SIZE, cell, { samples })).toThrow(EmptyShapeError);
        } else {
          expect([...fillFractions(shape, SIZE, cell, { samples })]).toEqual(expected);
        }
      }),
      { numRuns: 400 },
    );
  });

  it("lies within its bounds", () => {
    fc.assert(
      fc.property(trees, fc.array(vector(half(-9, 9)), { minLength: 200, maxLength: 200 }), (shape, points) => {
        const { min, max } = boundsOf(shape);
        const contains = containment(shape);
        for (const point of points) {
          if (!contains(...point)) continue;
          point.forEach((x, i) => {
            // Rounding of turned corners, of coordinates below 40.
            expect(x).toBeGreaterThanOrEqual(min[i] - 1e-13);
            expect(x).toBeLessThanOrEqual(max[i] + 1e-13);
          });
        }
      }),
      { numRuns: 300 },
    );
  });

  it("obeys De Morgan's laws", () => {
    fc.assert(
      fc.property(trees, trees, vector(half(-9, 9)), (a, b, point) => {
        const not = (shape: Shape): boolean => containment(complement(shape))(...point);
        expect(not(union(a, b))).toBe(containment(intersection(complement(a), complement(b)))(...point));
        expect(not(intersection(a, b))).toBe(containment(union(complement(a), complement(b)))(...point));
      }),
    );
  });

  it("survives a file, unless it is a predicate", () => {
    const isPlain = (shape: Shape): boolean => !JSON.stringify(shape).includes("predicate");
    /** JSON knows one zero only, which is the same solid. */
    const oneZero = (value: unknown): unknown => {
      if (typeof value === "number") return value + 0;
      if (Array.isArray(value)) return value.map(oneZero);
      if (typeof value !== "object" || value === null) return value;
      return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, oneZero(part)]));
    };
    fc.assert(
      fc.property(trees.filter(isPlain), (shape) => {
        expect(JSON.parse(JSON.stringify(shape))).toEqual(oneZero(shape));
      }),
    );
  });
});

describe("shapes are combined", () => {
  const a = cuboid(6, 4, 4);
  const b = translated(cuboid(6, 4, 4), [3, 2, 0]);
  const [inA, inB] = [filled(a), filled(b)];

  it("to what is in one and not in the others", () => {
    expect(filled(difference(a, b))).toEqual(inA.map((x, i) => x * (1 - inB[i])));
    expect(sum(filled(difference(a, b, xRange(-6, -2))))).toBe(96 - 24 - 16);
    expect(filled(difference(a))).toEqual(inA);
  });

  it("to what is in one but not both", () => {
    expect(filled(symmetricDifference(a, b))).toEqual(inA.map((x, i) => Math.abs(x - inB[i])));
    expect(() => filled(symmetricDifference(a, a))).toThrow(EmptyShapeError);
  });

  it("to what is in any and what is in all", () => {
    expect(filled(union(a, b))).toEqual(inA.map((x, i) => Math.max(x, inB[i])));
    expect(filled(intersection(a, b))).toEqual(inA.map((x, i) => x * inB[i]));
  });
});

describe("shapes are moved", () => {
  it("by whole cells with their cells", () => {
    const [shape, by] = [sphere(5), [2, -1, 1] as const];
    const [still, moved] = [filled(shape), filled(translated(shape, by))];
    still.forEach((share, i) => {
      if (share > 0) expect(moved[i + 2 - 12 + 120]).toBe(1);
    });
    expect(sum(moved)).toBe(sum(still));
  });

  it("by a quarter turn to the same box with its edges exchanged, right-handed", () => {
    expect(filled(rotated(cuboid(6, 4, 2), Z, Math.PI / 2))).toEqual(filled(cuboid(4, 6, 2)));
    expect(filled(rotated(cuboid(6, 4, 2), [0, -3, 0], Math.PI / 2))).toEqual(filled(cuboid(2, 4, 6)));
    expect(filled(rotated(cuboid(6, 4, 2), [1, 1, 1], (2 * Math.PI) / 3))).toEqual(filled(cuboid(2, 6, 4)));
    const arm = translated(cuboid(4, 2, 2), [2, 0, 0]);
    expect(filled(rotated(arm, Z, Math.PI / 2))).toEqual(filled(translated(cuboid(2, 4, 2), [0, 2, 0])));
    expect(filled(rotated(arm, [0, 1, 0], Math.PI / 2))).toEqual(filled(translated(cuboid(2, 2, 4), [0, 0, -2])));
  });

  it("from the origin outwards when they are scaled, and mirrored by a negative factor", () => {
    expect(filled(scaled(cuboid(3, 2, 2), [2, 3, 1]))).toEqual(filled(cuboid(6, 6, 2)));
    expect(filled(scaled(translated(cuboid(2, 2, 2), [1, 1, 1]), [2, 1, -1]))).toEqual(
      filled(translated(cuboid(4, 2, 2), [2, 1, -1])),
    );
  });

  it("to every whole multiple of the periods", () => {
    const dot = cuboid(1, 1, 1);
    const shares = filled(repeated(translated(dot, [0.5, 0.5, 100.5]), [3, 5, 4]));
    expect(sum(shares)).toBe(4 * 2 * 2);
    for (const [i, j, k] of [
      [0, 0, 0],
      [3, 5, 4],
      [9, 0, 0],
    ])
      expect(shares[(k * 10 + j) * 12 + i]).toBe(1);
    // Along an axis without a period, the shape is where it was.
    expect(sum(filled(repeated(translated(dot, [0.5, 0.5, 0.5]), [3, 0, 0])))).toBe(4);
    // Longer than the period, its copies overlap.
    expect(sum(filled(repeated(cuboid(5, 2, 2), [4, 0, 0])))).toBe(12 * 4);
  });
});

describe("bounds", () => {
  it("are the smallest box round primitives and what is made of them", () => {
    expect(boundsOf(cylinder(4, 6))).toEqual({ min: [-2, -2, -3], max: [2, 2, 3] });
    expect(boundsOf(cone(4, -6))).toEqual({ min: [-2, -2, -6], max: [2, 2, 0] });
    expect(boundsOf(superball(4, 3))).toEqual({ min: [-2, -2, -2], max: [2, 2, 2] });
    expect(boundsOf(ellipse(4, 2))).toEqual({ min: [-2, -1, -Infinity], max: [2, 1, Infinity] });
    expect(boundsOf(union(cuboid(2, 2, 2), translated(sphere(2), [5, 0, 0])))).toEqual({
      min: [-1, -1, -1],
      max: [6, 1, 1],
    });
    expect(boundsOf(scaled(translated(sphere(2), [2, 0, 0]), [-2, 1, 1]))).toEqual({
      min: [-6, -1, -1],
      max: [-2, 1, 1],
    });
    expect(boundsOf(halfSpace([0, -2, 0], 3))).toEqual({
      min: [-Infinity, -Infinity, -Infinity],
      max: [Infinity, -3, Infinity],
    });
    expect(boundsOf(intersection(xRange(1, 4), yRange(-2, 2), zRange(0, 1)))).toEqual({
      min: [1, -2, 0],
      max: [4, 2, 1],
    });
    expect(boundsOf(repeated(sphere(2), [4, 0, 0]))).toEqual({ min: [-Infinity, -1, -1], max: [Infinity, 1, 1] });
  });

  it("of a turned ellipsoid touch it", () => {
    const { max } = boundsOf(rotated(ellipsoid(8, 4, 2), Z, Math.PI / 6));
    // √(a² cos² + b² sin²)
    expect(max[0]).toBeCloseTo(Math.sqrt(16 * 0.75 + 4 * 0.25), 14);
    expect(max[1]).toBeCloseTo(Math.sqrt(16 * 0.25 + 4 * 0.75), 14);
  });
});

describe("an image", () => {
  const image = { width: 3, height: 2, pixels: [0, 0.6, 0.5, 0.4, 1, 1] };
  const cells = (shape: Shape): string[] => {
    const shares = fillFractions(shape, [3, 2, 1], UNIT);
    return [1, 0].map((j) => [0, 1, 2].map((i) => (shares[3 * j + i] === 1 ? "#" : ".")).join(""));
  };

  it("has its first row at the top, and holds what is darker than the threshold", () => {
    expect(cells(imageMask(image, 3, 2, { threshold: 0.5 }))).toEqual(["#..", "#.."]);
    expect(cells(imageMask(image, 3, 2, { threshold: 0.55 }))).toEqual(["#.#", "#.."]);
    expect(cells(imageMask(image, 3, 2, { threshold: 0.5, inside: "bright" }))).toEqual([".##", ".##"]);
  });

  it("is empty beyond its frame, and its pixels hold their lower faces as boxes do", () => {
    const full = imageMask({ width: 2, height: 2, pixels: [0, 0, 0, 0] }, 4, 4, { threshold: 1 });
    expect(filled(full)).toEqual(filled(rectangle(4, 4)));
    for (const shift of [0.5, 1, 1.5])
      expect(filled(translated(full, [shift, shift, 0]))).toEqual(
        filled(translated(rectangle(4, 4), [shift, shift, 0])),
      );
  });
});

describe("a shape that does not fit the mesh", () => {
  it("is said to be empty, and where it and the mesh are", () => {
    expect(() => fillFractions(translated(square(2e-9), [50e-9, 0, 0]), [10, 10, 1], [1e-9, 1e-9, 1e-9])).toThrow(
      "the shape fills no cell: it lies within x 49…51 nm, y −1…1 nm, z without end, and the mesh is x −5…5 nm, y −5…5 nm, z −0.5…0.5 nm",
    );
    expect(() => filled(intersection(xRange(0, 1), xRange(2, 3)))).toThrow("nothing at all");
  });

  it("warns of what is outside, in per cent and nanometres", () => {
    const warnings: string[] = [];
    const warn = (message: string): void => void warnings.push(message);
    const mesh = [
      [10, 10, 2],
      [1e-9, 1e-9, 1e-9],
    ] as const;
    fillFractions(translated(cuboid(8e-9, 4e-9, 2e-9), [3e-9, 0, 0]), ...mesh, { warn });
    expect(warnings).toEqual(["25 % of the shape is outside the mesh: it reaches 2 nm beyond +x"]);
    fillFractions(square(10e-9), ...mesh, { warn });
    fillFractions(everything(), ...mesh, { warn });
    expect(warnings).toHaveLength(1);
  });

  it("is outside by the share of its volume", () => {
    const { share, sides } = overhang(sphere(10), [10, 10, 5], UNIT);
    // Two caps of height h = 2.5 = r/2 each hold (π h²/3)(3r − h), 5/32 of the ball; 128 planes place them to 1/256.
    expect(Math.abs(share - 10 / 32)).toBeLessThan(2 / 256);
    expect(sides).toEqual([
      { side: "-z", distance: 2.5 },
      { side: "+z", distance: 2.5 },
    ]);
    // The corner of the bounds sticks out, not the body.
    expect(overhang(intersection(sphere(14), cuboid(10, 10, 10)), [10, 10, 10], UNIT)).toEqual({ share: 0, sides: [] });
  });
});

describe("regions", () => {
  it("are numbered from 1, and the last part that holds a centre wins", () => {
    expect([...regionMap([4, 1, 1], UNIT, [xRange(-2, 1), xRange(0, 1)])]).toEqual([1, 1, 2, 0]);
    expect([...regionMap([4, 1, 1], UNIT, [xRange(0, 1), xRange(-2, 1)])].includes(1)).toBe(false);
  });

  it("follow a function of the centres", () => {
    expect([
      ...regionMap([2, 2, 2], [2, 2, 2], (x, y, z) => (x > 0 ? 1 : 0) + (y > 0 ? 2 : 0) + (z > 0 ? 4 : 0)),
    ]).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(() => regionMap([2, 1, 1], UNIT, (x) => x)).toThrow("cell [0, 0, 0]");
  });

  it("without a centre of their own are an error that names the part", () => {
    expect(() => regionMap([4, 1, 1], UNIT, [everything(), xRange(5, 6)])).toThrow(
      /^regionMap: parts\[1\] fills no cell/,
    );
  });

  it("of layers are counted from the lowest", () => {
    expect([...regionMap([1, 1, 5], [1, 1, 2], [layersRange(0, 5, 5, 2), layersRange(1, 3, 5, 2)])]).toEqual([
      1, 2, 2, 1, 1,
    ]);
  });
});

describe("bad input is named", () => {
  it.each([
    ["cuboid: height", () => cuboid(1, 0, 1)],
    ["ellipse: width", () => ellipse(-1)],
    ["ellipsoid: dz", () => ellipsoid(1, 1, Number.NaN)],
    ["cylinder: height", () => cylinder(1, Infinity)],
    ["cone: height", () => cone(1, 0)],
    ["superball: exponent", () => superball(1, 0)],
    [
      "polygon: points",
      () =>
        polygon([
          [0, 0],
          [1, 0],
        ]),
    ],
    [
      "polygon: points[1]",
      () =>
        polygon([
          [0, 0],
          [1, Number.NaN],
          [0, 1],
        ]),
    ],
    ["regularPolygon: sides", () => regularPolygon(2, 1)],
    ["triangle: edge", () => triangle(0)],
    ["xRange", () => xRange(1, 1)],
    ["zRange", () => zRange(0, Number.NaN)],
    ["layersRange: from", () => layersRange(0.5, 1, 2, 1)],
    ["halfSpace: towards", () => halfSpace([0, 0, 0])],
    ["predicate", () => predicate("inside" as never)],
    ["predicate: extent", () => predicate(() => true, { min: [0, 0, 0], max: [1, 1, 0] })],
    ["imageMask: width", () => imageMask({ width: 0, height: 1, pixels: [] }, 1, 1, { threshold: 1 })],
    ["imageMask: pixels.length", () => imageMask({ width: 2, height: 1, pixels: [1] }, 1, 1, { threshold: 1 })],
    ["imageMask: threshold", () => imageMask({ width: 1, height: 1, pixels: [1] }, 1, 1, {} as never)],
    [
      "imageMask: inside",
      () => imageMask({ width: 1, height: 1, pixels: [1] }, 1, 1, { threshold: 1, inside: "light" as never }),
    ],
    ["union: parts", () => union()],
    ["intersection: parts", () => intersection()],
    ["translated: by", () => translated(sphere(1), [0, Number.NaN, 0])],
    ["rotated: axis", () => rotated(sphere(1), [0, 0, 0], 1)],
    ["scaled: by", () => scaled(sphere(1), [1, 0, 1])],
    ["repeated: periods[1]", () => repeated(sphere(1), [0, -1, 0])],
    ["repeated: shape", () => repeated(complement(sphere(1)), [3, 0, 0])],
    ["fillFractions: samples", () => fillFractions(sphere(1), SIZE, UNIT, { samples: 0.5 })],
    ["fillFractions.sample", () => fillFractions(sphere(1), SIZE, UNIT, { sample: 2 } as object)],
    ["shape", () => containment({ kind: "ball" } as never)],
  ])("%s", (parameter, call) => {
    expect(call).toThrow(InputError);
    expect(call).toThrow(expect.objectContaining({ parameter }));
  });

  it("of a mesh", () => {
    expect(() => fillFractions(sphere(1), [0, 1, 1], UNIT)).toThrow(GridError);
    expect(() => regionMap([1, 1, 1], [1, -1, 1], [sphere(1)])).toThrow(GridError);
  });
});
