import { describe, expect, it } from "vitest";
import type { MeshField } from "./meshField.ts";
import { writePvd, writeVti } from "./vtk.ts";

const mesh = {
  size: [2, 3, 2],
  cell: [2, 4, 8],
  origin: [1, 2, 40],
} as const;
const m: MeshField = {
  ...mesh,
  title: "m & µ",
  components: 3,
  labels: ["m_x", "m_y", "<z>"],
  units: ["A/m", "A/m", "A/m"],
  values: Float32Array.from({ length: 36 }, (_, i) => i + 0.5),
};
const energy: MeshField = {
  ...mesh,
  title: "energy",
  components: 1,
  labels: ["e"],
  units: ["1"],
  time: 1.5e-9,
  values: Float64Array.from({ length: 12 }, (_, i) => -i / 3),
};

/** Reads back what the header of a .vti says is in it. */
function parse(bytes: Uint8Array) {
  // One character per byte.
  const latin = new TextDecoder("latin1").decode(bytes);
  const start = latin.indexOf("_", latin.indexOf("<AppendedData")) + 1;
  const text = new TextDecoder().decode(bytes.subarray(0, start));
  const view = new DataView(bytes.buffer, bytes.byteOffset + start);
  const arrays = [...text.matchAll(/<DataArray ([^>]*format="appended"[^>]*?)\/?>/g)].map(([, tag]) => {
    const attribute = (name: string) => new RegExp(` ?${name}="([^"]*)"`).exec(tag)?.[1] as string;
    const offset = Number(attribute("offset"));
    const length = Number(view.getBigUint64(offset, true));
    const width = { Float32: 4, Float64: 8 }[attribute("type")] as number;
    const values = Array.from({ length: length / width }, (_, i) =>
      width === 4 ? view.getFloat32(offset + 8 + 4 * i, true) : view.getFloat64(offset + 8 + 8 * i, true),
    );
    return {
      name: attribute("Name"),
      components: attribute("NumberOfComponents"),
      offset,
      end: offset + 8 + length,
      values,
    };
  });
  return { text, arrays, after: latin.slice(start + (arrays.at(-1)?.end ?? 0)) };
}

describe("a .vti file", () => {
  const { text, arrays, after } = parse(writeVti([m, energy]));

  it("has its arrays where its header says, one behind the other, and ends after the last", () => {
    expect(arrays.map(({ name, components, offset }) => [name, components, offset])).toStrictEqual([
      ["m &#38; µ", "3", 0],
      ["energy", "1", 8 + 4 * 36],
    ]);
    expect(after).toBe("\n</AppendedData>\n</VTKFile>\n");
  });

  it("has the components of a cell beside one another, x fastest", () => {
    const byCell = Array.from({ length: 12 }, (_, i) => [0, 1, 2].map((c) => m.values[12 * c + i])).flat();
    expect(arrays[0].values).toStrictEqual(byCell);
    expect(arrays[1].values).toStrictEqual([...energy.values]);
  });

  it("begins at the corner of the first cell and says units and names, and the first time that is given", () => {
    expect(text).toContain('<ImageData WholeExtent="0 2 0 3 0 2" Origin="0 0 36" Spacing="2 4 8">');
    expect(text).toContain('<Piece Extent="0 2 0 3 0 2">');
    expect(text).toMatch(/Name="TimeValue"[^>]*>1\.5e-9</);
    expect(text).toContain('<InformationKey name="UNITS_LABEL" location="vtkDataArray">A/m</InformationKey>');
    expect(text).toContain('ComponentName2="&#60;z&#62;"');
    // A plain number has no unit to show.
    expect(text.match(/InformationKey name/g)).toHaveLength(1);
  });

  it("is not written for fields on different meshes or of one title, nor for none", () => {
    expect(() => writeVti([m, { ...energy, cell: [1, 1, 1] }])).toThrow('"energy": cell');
    expect(() => writeVti([m, m])).toThrow("a title of its own");
    expect(() => writeVti([])).toThrow(/fields/);
  });
});

describe("a .pvd file", () => {
  it("lists files with their times and escapes their names", () => {
    const text = writePvd([
      { time: 0, file: "m000.vti" },
      { time: 1e-12, file: 'a&"b".vti' },
    ]);
    expect(text.match(/<DataSet [^>]*>/g)).toStrictEqual([
      '<DataSet timestep="0" part="0" file="m000.vti"/>',
      '<DataSet timestep="1e-12" part="0" file="a&#38;&#34;b&#34;.vti"/>',
    ]);
    expect(() => writePvd([{ time: Number.NaN, file: "m.vti" }])).toThrow(/time of m.vti/);
  });
});
