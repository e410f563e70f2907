import { crc32, deflateSync, inflateSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError } from "../checks.ts";
import { containment, imageMask } from "../geometry/index.ts";
import type { MeshField } from "./meshField.ts";
import { filmStrip, magnetizationPicture, type Picture, type PictureOptions, readPng, writePng } from "./picture.ts";

type Vector = readonly [number, number, number];

/** A field with these vectors, x fastest. */
const fieldOf = (size: Vector, vectors: readonly Vector[]): MeshField => ({
  title: "m",
  size,
  cell: [1e-9, 1e-9, 1e-9],
  origin: [0, 0, 0],
  components: 3,
  labels: ["m_x", "m_y", "m_z"],
  units: ["1", "1", "1"],
  values: Float64Array.from([0, 1, 2].flatMap((c) => vectors.map((vector) => vector[c]))),
});
const pixel = ({ pixels, width }: Picture, column: number, row: number): number[] => [
  ...pixels.subarray(4 * (row * width + column), 4 * (row * width + column) + 4),
];
const colour = (vector: Vector, options: PictureOptions = {}): number[] =>
  pixel(magnetizationPicture(fieldOf([1, 1, 1], [vector]), options), 0, 0);
const inPlane = (degrees: number): Vector => [
  Math.cos((degrees * Math.PI) / 180),
  Math.sin((degrees * Math.PI) / 180),
  0,
];

const anyPicture = fc.tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 7 })).chain(([width, height]) =>
  fc.record({
    width: fc.constant(width),
    height: fc.constant(height),
    pixels: fc.uint8Array({ minLength: 4 * width * height, maxLength: 4 * width * height }),
  }),
);

describe("the picture of a magnetization", () => {
  it.each([
    ["+x red", [1, 0, 0], [255, 0, 0]],
    ["60° yellow", inPlane(60), [255, 255, 0]],
    ["+y between yellow and green", [0, 1, 0], [128, 255, 0]],
    ["120° green", inPlane(120), [0, 255, 0]],
    ["−x cyan", [-1, 0, 0], [0, 255, 255]],
    ["240° blue", inPlane(240), [0, 0, 255]],
    ["300° magenta", inPlane(300), [255, 0, 255]],
    ["up white", [0, 0, 1], [255, 255, 255]],
    ["down black", [0, 0, -1], [0, 0, 0]],
    ["60° out of the plane a pale red", [0.5, 0, Math.sqrt(3) / 2], [255, 221, 221]],
  ] as const)("has %s", (_, vector, expected) => {
    // 255 (√3/2) is 221 in the last; the others are exact but for the rounding to whole numbers.
    expect(colour(vector)).toStrictEqual([...expected, 255]);
  });

  it("has directions, not lengths: 800 kA/m along a direction is coloured as 1 is", () => {
    const whole = fc.integer({ min: -9, max: 9 });
    const direction = fc.tuple(whole, whole, whole);
    fc.assert(
      fc.property(direction, fc.constantFrom("hue", "x", "y", "z" as const), ([x, y, z], component) => {
        // Powers of two, so that directions are the same to the last bit.
        const [small, large] = [2 ** -20, 2 ** 20].map((l) => colour([l * x, l * y, l * z], { component }));
        expect(small).toStrictEqual(large);
      }),
    );
  });

  it("has a component from blue over white to red", () => {
    for (const [c, component] of (["x", "y", "z"] as const).entries()) {
      const along = (value: number): Vector => [0, 1, 2].map((a) => (a === c ? value : 0)) as unknown as Vector;
      expect(colour(along(1), { component })).toStrictEqual([255, 0, 0, 255]);
      expect(colour(along(-1), { component })).toStrictEqual([0, 0, 255, 255]);
      const other = [0, 1, 2].map((a) => (a === (c + 1) % 3 ? 1 : 0)) as unknown as Vector;
      expect(colour(other, { component })).toStrictEqual([255, 255, 255, 255]);
    }
    // 255 (1 − 0.6)
    expect(colour([0.6, 0, 0.8], { component: "x" })).toStrictEqual([255, 102, 102, 255]);
  });

  it("is transparent where nothing is magnetized, and grey where a number is none", () => {
    expect(colour([0, 0, 0])).toStrictEqual([0, 0, 0, 0]);
    expect(colour([Number.NaN, 0, 0])).toStrictEqual([187, 187, 187, 255]);
  });

  it("has y upwards and every cell as a square of pixels", () => {
    const picture = magnetizationPicture(
      fieldOf(
        [2, 2, 1],
        [
          [1, 0, 0],
          [-1, 0, 0],
          [0, 0, 1],
          [0, 0, -1],
        ],
      ),
      { scale: 3 },
    );
    expect([picture.width, picture.height]).toStrictEqual([6, 6]);
    for (let row = 0; row < 6; row++) {
      for (let column = 0; column < 6; column++) {
        const upper = column < 3 ? [255, 255, 255, 255] : [0, 0, 0, 255];
        const lower = column < 3 ? [255, 0, 0, 255] : [0, 255, 255, 255];
        expect(pixel(picture, column, row)).toStrictEqual(row < 3 ? upper : lower);
      }
    }
  });

  it("is of the middle plane, or of the one asked for", () => {
    const up = fieldOf(
      [1, 1, 3],
      [0.2, 0.4, 0.8].map((x): Vector => [x, Math.sqrt(1 - x * x), 0]),
    );
    const green = (plane?: number): number =>
      pixel(magnetizationPicture(up, { component: "x", ...(plane !== undefined && { plane }) }), 0, 0)[1];
    // 255 (1 − x)
    expect([green(), green(0), green(1), green(2)]).toStrictEqual([153, 204, 153, 51]);
  });

  it("is refused for other fields, planes and scales", () => {
    const field = fieldOf([1, 1, 1], [[1, 0, 0]]);
    const scalar = { ...field, components: 1, labels: ["e"], units: ["J"], values: Float64Array.of(1) };
    expect(() => magnetizationPicture(scalar)).toThrow(/components is 1/);
    expect(() => magnetizationPicture(field, { plane: 1 })).toThrow(/plane is 1; allowed: a whole number from 0 to 0/);
    expect(() => magnetizationPicture(field, { scale: 0.5 })).toThrow(/scale/);
    expect(() => magnetizationPicture(field, { component: "w" as "x" })).toThrow(/component/);
    expect(() => magnetizationPicture(field, { layer: 0 } as object)).toThrow(/layer/);
  });
});

describe("a film strip", () => {
  const plain = (grey: number): Picture => ({ width: 2, height: 1, pixels: new Uint8Array(8).fill(grey) });

  it("has its pictures in rows from the top left, with nothing to be seen between them", () => {
    const strip = filmStrip([plain(1), plain(2), plain(3)], { columns: 2, gap: 1 });
    expect([strip.width, strip.height]).toStrictEqual([5, 3]);
    const greys = [0, 1, 2].map((row) => [0, 1, 2, 3, 4].map((column) => pixel(strip, column, row)[3]));
    expect(greys).toStrictEqual([
      [1, 1, 0, 2, 2],
      [0, 0, 0, 0, 0],
      [3, 3, 0, 0, 0],
    ]);
  });

  it("is one row with gaps of four pixels unless told otherwise", () => {
    const { width, height, pixels } = filmStrip([plain(1), plain(2)]);
    expect({ width, height }).toStrictEqual({ width: 8, height: 1 });
    expect([...pixels]).toStrictEqual([...Array(8).fill(1), ...Array(16).fill(0), ...Array(8).fill(2)]);
  });

  it("is refused for pictures of different size, for none, and for half a column", () => {
    expect(() => filmStrip([plain(1), { width: 1, height: 2, pixels: new Uint8Array(8) }])).toThrow(
      'pictures[1] is "1 × 2"; allowed: 2 × 1',
    );
    expect(() => filmStrip([])).toThrow(/pictures/);
    expect(() => filmStrip([plain(1)], { columns: 0.5 })).toThrow(/columns/);
    expect(() => filmStrip([plain(1)], { gap: 0.5 })).toThrow(/gap/);
  });
});

/** A PNG put together from its specification: https://www.w3.org/TR/png-3/. */
function png(
  width: number,
  height: number,
  depth: number,
  type: number,
  rows: readonly number[][],
  extra: [string, number[]][] = [],
) {
  const u32 = (value: number): number[] => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255);
  const chunk = (name: string, data: readonly number[]): number[] => {
    const body = [...new TextEncoder().encode(name), ...data];
    return [...u32(data.length), ...body, ...u32(crc32(Uint8Array.from(body)))];
  };
  return Uint8Array.from([
    ...[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
    ...chunk("IHDR", [...u32(width), ...u32(height), depth, type, 0, 0, 0]),
    ...extra.flatMap(([name, data]) => chunk(name, data)),
    ...chunk("IDAT", [...deflateSync(Uint8Array.from(rows.flat()))]),
    ...chunk("IEND", []),
  ]);
}

describe("PNG", () => {
  it("comes back as the same pixels", () => {
    fc.assert(
      fc.property(anyPicture, (picture) => {
        expect(readPng(writePng(picture))).toStrictEqual({ ...picture });
      }),
    );
  });

  it("is what the specification says: signature, header, check sums, unfiltered rows", () => {
    const bytes = writePng({ width: 2, height: 1, pixels: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8) });
    const view = new DataView(bytes.buffer);
    expect([...bytes.subarray(0, 8)]).toStrictEqual([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    const chunks: [string, Uint8Array][] = [];
    for (let at = 8; at < bytes.length; ) {
      const end = at + 8 + view.getUint32(at);
      chunks.push([new TextDecoder().decode(bytes.subarray(at + 4, at + 8)), bytes.subarray(at + 8, end)]);
      expect(view.getUint32(end)).toBe(crc32(bytes.subarray(at + 4, end)));
      at = end + 4;
    }
    expect(chunks.map(([name]) => name)).toStrictEqual(["IHDR", "IDAT", "IEND"]);
    expect([...chunks[0][1]]).toStrictEqual([0, 0, 0, 2, 0, 0, 0, 1, 8, 6, 0, 0, 0]);
    expect([...inflateSync(chunks[1][1])]).toStrictEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });

  const palette: [string, number[]] = ["PLTE", [10, 20, 30, 40, 50, 60]];
  it.each([
    ["grey", png(2, 1, 8, 0, [[0, 7, 200]]), [7, 7, 7, 255, 200, 200, 200, 255]],
    [
      "grey, two rows, the second as differences from the first",
      png(1, 2, 8, 0, [
        [0, 7],
        [2, 3],
      ]),
      [7, 7, 7, 255, 10, 10, 10, 255],
    ],
    ["one-bit grey", png(2, 1, 1, 0, [[0, 0b01000000]]), [0, 0, 0, 255, 255, 255, 255, 255]],
    ["four-bit grey", png(2, 1, 4, 0, [[0, 0x3f]]), [51, 51, 51, 255, 255, 255, 255, 255]],
    [
      "one-bit grey, of which black is clear",
      png(2, 1, 1, 0, [[0, 0b01000000]], [["tRNS", [0, 0]]]),
      [0, 0, 0, 0, 255, 255, 255, 255],
    ],
    ["grey with opacity", png(1, 1, 8, 4, [[0, 7, 9]]), [7, 7, 7, 9]],
    ["sixteen-bit grey", png(2, 1, 16, 0, [[0, 0xff, 0xff, 0x12, 0xff]]), [255, 255, 255, 255, 19, 19, 19, 255]],
    ["RGB", png(1, 1, 8, 2, [[0, 1, 2, 3]]), [1, 2, 3, 255]],
    [
      "RGB, of which one colour is clear",
      png(3, 1, 8, 2, [[0, 1, 2, 3, 1, 2, 4, 0, 2, 3]], [["tRNS", [0, 1, 0, 2, 0, 3]]]),
      [1, 2, 3, 0, 1, 2, 4, 255, 0, 2, 3, 255],
    ],
    ["palette", png(2, 1, 8, 3, [[0, 1, 0]], [palette]), [40, 50, 60, 255, 10, 20, 30, 255]],
    [
      "one-bit palette with opacity",
      png(2, 1, 1, 3, [[0, 0b01000000]], [palette, ["tRNS", [5]]]),
      [10, 20, 30, 5, 40, 50, 60, 255],
    ],
    ["RGB with opacity", png(1, 1, 8, 6, [[0, 1, 2, 3, 4]]), [1, 2, 3, 4]],
  ])("of %s is read", (_, bytes, expected) => {
    // From within a larger buffer, as Node hands out small files.
    const larger = new Uint8Array(bytes.length + 5);
    larger.set(bytes, 5);
    expect([...readPng(larger.subarray(5)).pixels]).toStrictEqual(expected);
  });

  it("that is cut off, altered or something else is refused", () => {
    const bytes = writePng({ width: 3, height: 2, pixels: Uint8Array.from({ length: 24 }, (_, i) => i) });
    for (let length = 0; length < bytes.length; length++) {
      expect(() => readPng(bytes.subarray(0, length)), `${length} bytes`).toThrow(InputError);
    }
    for (let at = 0; at < bytes.length; at++) {
      const altered = bytes.slice();
      altered[at] ^= 1;
      expect(() => readPng(altered), `byte ${at}`).toThrow(InputError);
    }
    expect(() => readPng(new TextEncoder().encode("<svg/>"))).toThrow(/PNG file is/);
  });

  it("is not written of pixels that do not fill the picture", () => {
    expect(() => writePng({ width: 2, height: 2, pixels: new Uint8Array(12) })).toThrow(/bytes is 12; allowed: 16/);
    expect(() => writePng({ width: 0, height: 2, pixels: new Uint8Array(0) })).toThrow(/width is 0/);
  });

  it("makes masks of shapes", () => {
    const { width, height, pixels } = readPng(
      png(2, 2, 1, 0, [
        [0, 0b11000000],
        [0, 0b10000000],
      ]),
    );
    const brightness = Array.from({ length: width * height }, (_, i) => pixels[4 * i]);
    const inside = containment(imageMask({ width, height, pixels: brightness }, 8, 8, { threshold: 128 }));
    // The one dark pixel, at the lower right.
    expect([inside(-2, 2, 0), inside(2, 2, 0), inside(-2, -2, 0), inside(2, -2, 0)]).toEqual([
      false,
      false,
      false,
      true,
    ]);
  });
});
