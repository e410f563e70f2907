import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError } from "../checks.ts";
import type { MeshField } from "./meshField.ts";
import { readOvf, readOvfSegments, writeOvf } from "./ovf.ts";

const utf8 = new TextEncoder();
const bytesOf = (...parts: readonly (string | readonly number[])[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => [...(typeof part === "string" ? utf8.encode(part) : part)]));
const hex = (digits: string): number[] => digits.split(" ").map((pair) => Number.parseInt(pair, 16));
const header = (first: string, lines: readonly string[]): string =>
  [
    first,
    ...["Segment count: 1", "Begin: Segment", "Begin: Header", ...lines, "End: Header"].map((l) => `# ${l}`),
    "",
  ].join("\n");
const without = (lines: readonly string[], ...keys: string[]): string[] =>
  lines.filter((line) => !keys.some((key) => line.startsWith(key)));

const FIRST = { one: "# OOMMF: rectangular mesh v1.0", two: "# OOMMF OVF 2.0" };
const MESH = [
  "Title: two cells",
  "meshtype: rectangular",
  "meshunit: nm",
  "xbase: 2.5",
  "ybase: 1",
  "zbase: 0.5",
  "xstepsize: 5",
  "ystepsize: 2",
  "zstepsize: 1",
  "xnodes: 2",
  "ynodes: 1",
  "znodes: 1",
];
const MESH2 = [...MESH, "valuedim: 3", "valuelabels: m_x m_y m_z", "valueunits: A/m"];
const text2 = (lines: readonly string[], data: string): Uint8Array =>
  bytesOf(header(FIRST.two, lines), `# Begin: Data Text\n${data}\n# End: Data Text\n# End: Segment\n`);

/** The sample of the User's Guide with fewer nodes; its comments are everywhere that they may be. */
const SAMPLE = `# OOMMF: rectangular mesh v1.0
#
## This is a comment.
#
# Segment count: 1   ## Number of segments.  Should be 1 for now.
#
# Begin: Segment
# Begin: Header
#
# Title: Long file name or title goes here
#
# Desc: You can put anything you want here.  The ## comment marker is disabled in
# Desc: description lines.  Total simulation time: 2.5e-10 s
#
## Fundamental mesh measurement unit.  Treated as a label:
# meshunit: nm
#
# meshtype: rectangular
# xbase: 0.      ## (xbase,ybase,zbase) is the position, in
# ybase: 0.      ## 'meshunit', of the first point in the data
# zbase: 0.      ## section (below).
#
# xstepsize: 20. ## Distance between adjacent grid pts.: on the x-axis,
# ystepsize: 10. ## 20 nm, etc.
# zstepsize: 10.
#
# xnodes: 2      ## Number of nodes along the x-axis, etc. (integers)
# ynodes: 2
# znodes:   1
#
# xmin:    0.
# xmax: 4000.
#
# valueunit: kA/m
# valuemultiplier: 0.5            ## Multiply data block values by this
#
# ValueRangeMaxMag:  1005.3096
#
# End: Header
#
## Anything between '# End: Header' and '# Begin: data text' is ignored.
#
# Begin: data text
1000 0 0 724.1 0. 700.023
578.5 500.4 -652.36  ## comments are permitted inside text data
## also on lines of their own
252.34 -696.42 -671.81
# End: data text
# End: segment
`;

describe("OVF 1.0", () => {
  it("is read as the sample of OOMMF's manual has it: comments, units of length, multiplier, time", () => {
    const { values, ...rest } = readOvf(utf8.encode(SAMPLE));
    expect(rest).toStrictEqual({
      title: "Long file name or title goes here",
      size: [2, 2, 1],
      cell: [20e-9, 10e-9, 10e-9],
      origin: [0, 0, 0],
      components: 3,
      labels: ["x", "y", "z"],
      units: ["kA/m", "kA/m", "kA/m"],
      time: 2.5e-10,
    });
    // Halves of doubles are exact.
    const [x, y, z] = [
      [1000, 724.1, 578.5, 252.34],
      [0, 0, 500.4, -696.42],
      [0, 700.023, -652.36, -671.81],
    ];
    expect([...values]).toStrictEqual([...x, ...y, ...z].map((value) => value / 2));
  });

  it("is big-endian in four bytes, which stay single precision", () => {
    const data = hex("49 96 b4 38 3f 80 00 00 40 00 00 00 40 40 00 00 bf 80 00 00 c0 00 00 00 3e 80 00 00");
    const file = bytesOf(
      header(FIRST.one, MESH),
      "# Begin: Data Binary 4\n",
      data,
      "\n# End: Data Binary 4\n# End: Segment\n",
    );
    const { values, units } = readOvf(file);
    expect(values).toStrictEqual(Float32Array.of(1, -1, 2, -2, 3, 0.25));
    expect(units).toStrictEqual(["1", "1", "1"]);
  });

  it("is big-endian in eight bytes, with any case, spaces in keys and Windows' ends of lines", () => {
    const data = hex("42 dc 12 21 83 77 de 40 3f f0 00 00 00 00 00 00 c0 00 00 00 00 00 00 00 00 00 00 00 00 00 00 01");
    const lines = [...without(MESH, "xnodes"), "X Nodes: 1"].map((line) =>
      line.replace(/^[^:]*/, (key) => key.toUpperCase()),
    );
    const head = `${header(FIRST.one, lines)}#  begin :  DATA  BINARY  8\n`.replaceAll("\n", "\r\n");
    const { values } = readOvf(bytesOf(head, data, "\r\n# END: data binary 8\r\n# END: segment\r\n"));
    expect(values).toStrictEqual(Float64Array.of(1, -2, 5e-324));
  });

  it("with an irregular mesh is refused", () => {
    expect(() => readOvf(utf8.encode(SAMPLE.replace("rectangular mesh", "irregular mesh")))).toThrow(
      /meshtype is "irregular"/,
    );
    expect(() => readOvf(utf8.encode(SAMPLE.replace("meshtype: rectangular", "meshtype: irregular")))).toThrow(
      /meshtype is "irregular"/,
    );
  });
});

describe("OVF 2.0", () => {
  it("is little-endian, with any number of values in a cell and their names in braces", () => {
    const lines = [...MESH, "valuedim: 2", "valuelabels: {Exchange energy density} n", "valueunits: J/m^3 {}"];
    const data = hex("38 b4 96 49 00 00 80 3f 00 00 00 40 00 00 40 40 00 00 80 40");
    const file = bytesOf(
      header(FIRST.two, lines),
      "# Begin: Data Binary 4\n",
      data,
      "\n# End: Data Binary 4\n# End: Segment\n",
    );
    const { values, labels, units, components } = readOvf(file);
    expect({ labels, units, components }).toStrictEqual({
      labels: ["Exchange energy density", "n"],
      units: ["J/m^3", "1"],
      components: 2,
    });
    expect(values).toStrictEqual(Float32Array.of(1, 3, 2, 4));
  });

  it("may do without unit of length, names, base and step, where the corners of the mesh say enough", () => {
    const corners = ["xmin: 1", "xmax: 3", "ymin: 0", "ymax: 2", "zmin: 0", "zmax: 1"];
    const lines = without(MESH, "Title", "mesh", "xbase", "ybase", "zbase", "xstep", "ystep", "zstep");
    const field = readOvf(text2([...lines, ...corners, "valuedim: 1"], "4 nan"));
    expect(field).toStrictEqual({
      title: "",
      size: [2, 1, 1],
      cell: [1, 2, 1],
      origin: [1.5, 1, 0.5],
      components: 1,
      labels: ["value 1"],
      units: ["1"],
      values: Float64Array.of(4, Number.NaN),
    });
  });

  it("gives all fields of a file with several segments", () => {
    const [one, two] = [text2(MESH2, "1 2 3 4 5 6"), text2(MESH2, "6 5 4 3 2 1")].map((b) =>
      new TextDecoder().decode(b),
    );
    const file = utf8.encode(one.replace("count: 1", "count: 2") + two.slice(two.indexOf("# Begin: Segment")));
    expect(readOvfSegments(file).map(({ values }) => [...values])).toStrictEqual([
      [1, 4, 2, 5, 3, 6],
      [6, 3, 5, 2, 4, 1],
    ]);
    expect([...readOvf(file).values]).toStrictEqual([1, 4, 2, 5, 3, 6]);
    expect(() => readOvf(utf8.encode(one.replace("count: 1", "count: 2")))).toThrow(/segment count is "2"/);
  });

  const size = fc.integer({ min: 1, max: 4 });
  const text = fc
    .string({ minLength: 1, maxLength: 12, unit: "grapheme" })
    .filter((s) => s.trim() === s && !/[\r\n{}\\]|##/u.test(s));
  /** Fields whose numbers four or eight bytes can hold. */
  const anyField = (number: fc.Arbitrary<number>, single = false): fc.Arbitrary<MeshField> =>
    fc.tuple(size, size, size, size).chain(([nx, ny, nz, components]) => {
      const count = nx * ny * nz * components;
      const edge = fc.double({ min: 1e-12, max: 1, noNaN: true });
      const place = fc.double({ min: -1, max: 1, noNaN: true });
      return fc.record(
        {
          title: text,
          size: fc.constant([nx, ny, nz] as const),
          cell: fc.tuple(edge, edge, edge),
          origin: fc.tuple(place, place, place),
          components: fc.constant(components),
          labels: fc.array(text, { minLength: components, maxLength: components }),
          units: fc.array(fc.constantFrom("1", "A/m", "J/m³", "kA / m"), {
            minLength: components,
            maxLength: components,
          }),
          time: fc.double({ min: 0, max: 1, noNaN: true }),
          values: fc
            .array(number, { minLength: count, maxLength: count })
            .map((numbers) => (single ? Float32Array.from(numbers) : Float64Array.from(numbers))),
        },
        { requiredKeys: ["title", "size", "cell", "origin", "components", "labels", "units", "values"] },
      );
    });
  const signedZeroToo = fc.oneof(fc.double(), fc.constantFrom(-0, 5e-324, Number.MAX_VALUE));

  it.each(["text", "binary 8"] as const)("comes back from %s with the same mesh, names and bits", (format) => {
    fc.assert(
      fc.property(anyField(signedZeroToo), (field) => {
        expect(readOvf(writeOvf(field, { format }))).toStrictEqual({ ...field });
      }),
    );
  });

  it("comes back from binary 4 with the same bits where they are single, and is so written by itself", () => {
    fc.assert(
      fc.property(anyField(fc.float(), true), (field) => {
        expect(readOvf(writeOvf(field))).toStrictEqual({ ...field });
      }),
    );
  });

  it("comes back from binary 4 rounded to single precision", () => {
    const normal = fc.double({ min: 1e-30, max: 1e30, noNaN: true });
    fc.assert(
      fc.property(anyField(normal), (field) => {
        const back = readOvf(writeOvf(field, { format: "binary 4" })).values;
        // Half a unit in the last of 24 bits is 6e-8.
        for (const [i, value] of field.values.entries()) expect(Math.abs(back[i] / value - 1)).toBeLessThan(6.0e-8);
      }),
    );
  });

  it("is not written for what would not come back", () => {
    const field = readOvf(text2(MESH2, "1 2 3 4 5 6"));
    const huge = { ...field, values: Float64Array.of(1, 2, 3, 1e39, 5, 6) };
    expect(() => writeOvf(huge, { format: "binary 4" })).toThrow(/value is 1e\+39/);
    expect(() => writeOvf({ ...field, title: "a ## b" })).toThrow(InputError);
    expect(() => writeOvf({ ...field, title: "a\nb" })).toThrow(/title/);
    expect(() => writeOvf({ ...field, labels: ["{", "y", "z"] })).toThrow(/labels/);
    expect(() => writeOvf({ ...field, units: ["1"] })).toThrow(/units/);
    expect(() => writeOvf({ ...field, size: [3, 1, 1] })).toThrow(/number of values is 6; allowed: 9/);
    expect(() => writeOvf({ ...field, cell: [0, 1, 1] })).toThrow(/cell/);
  });
});

describe("a damaged OVF file", () => {
  const field = readOvf(text2(MESH2, "1 2 3 4 5 6"));
  const binary = writeOvf(field);
  const dataAt = new TextDecoder().decode(binary).indexOf("Binary 8\n") + 9;

  it("cut off anywhere is refused", () => {
    // What comes after "# End: Data" says nothing that is not known.
    const needed = binary.length - " Binary 8\n# End: Segment\n".length;
    for (let length = 0; length < needed; length++) {
      expect(() => readOvf(binary.subarray(0, length)), `${length} bytes`).toThrow(InputError);
    }
    expect(() => readOvf(binary.subarray(0, dataAt + 20))).toThrow("bytes of data is 20; allowed: 56");
  });

  it("with another check value is refused, and a wrong order of bytes is told", () => {
    const altered = binary.slice();
    altered[dataAt + 7] ^= 0x80;
    expect(() => readOvf(altered)).toThrow(
      /check value before the data is -123456789012345; allowed: 123456789012345\./,
    );
    const swapped = binary.slice();
    swapped.subarray(dataAt, dataAt + 8).reverse();
    expect(() => readOvf(swapped)).toThrow(/wrong order/);
  });

  it("with too many or too few numbers is refused", () => {
    expect(() => readOvf(text2(MESH2, "1 2 3 4 5"))).toThrow("numbers in the data is 5; allowed: 6");
    expect(() => readOvf(text2(MESH2, "1 2 3 4 5 6 7"))).toThrow("numbers in the data is 7; allowed: 6");
    const more = [...without(MESH2, "xnodes"), "xnodes: 1000000000"];
    expect(() => readOvf(text2(more, "1 2 3"))).toThrow(/numbers in the data is "at most/);
    const fewer = binary.slice();
    fewer[new TextDecoder().decode(binary).indexOf("xnodes: 2") + 8] = "1".charCodeAt(0);
    expect(() => readOvf(fewer)).toThrow(/line after the data/);
  });

  it.each([
    ["xnodes", "xnodes: 2.5"],
    ["ynodes", "ynodes: many"],
    ["znodes", "znodes: 0"],
    ["xstepsize", "xstepsize: -5"],
    ["ystepsize", "other: 1"],
    ["zbase", "other: 1"],
    ["meshunit", "meshunit: furlong"],
    // The ampere.
    ["meshunit", "meshunit: A"],
    ["valuedim", "other: 1"],
    ["valuelabels", "valuelabels: a b"],
    ["valueunits", "valueunits: m s"],
  ])("names the key %s when the file says %s", (key, line) => {
    expect(() => readOvf(text2([...without(MESH2, key), line], "1 2 3 4 5 6"))).toThrow(`OVF file: ${key} is`);
  });

  it("names what it found in place of a number, a version or a format", () => {
    expect(() => readOvf(text2(MESH2, "1 2 x 4 5 6"))).toThrow('number 3 of the data is "x"');
    expect(() => readOvf(utf8.encode("# OOMMF OVF 3.0\n"))).toThrow('first line is "# OOMMF OVF 3.0"');
    expect(() => readOvf(bytesOf(header(FIRST.two, MESH2), "# Begin: Data CSV\n"))).toThrow('data is "csv"');
    expect(() => readOvf(bytesOf(header(FIRST.two, MESH2)))).toThrow(/ends in a header/);
    expect(() => readOvf(utf8.encode("# OOMMF OVF 2.0\n"))).toThrow(/segments/);
  });
});
