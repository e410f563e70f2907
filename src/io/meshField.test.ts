import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encode } from "fast-png";
import { describe, expect, it } from "vitest";
import { micromagnet, openMicromagnet } from "../device/index.ts";
import { imageMask } from "../geometry/index.ts";
import { nm } from "../units.ts";
import { loadMagnetization, magnetizationField, saveMagnetization } from "./fieldFile.ts";
import type { MeshField } from "./meshField.ts";
import { readOvf, readOvfSegments, writeOvf } from "./ovf.ts";
import { filmStrip, magnetizationPicture, type Picture, readPng, writePng } from "./picture.ts";
import { writePvd, writeVti } from "./vtk.ts";

const field: MeshField = {
  title: "m",
  size: [3, 2, 2],
  cell: [4e-9, 5e-9, 2e-9],
  origin: [-4e-9, -2.5e-9, -1e-9],
  components: 3,
  labels: ["m_x", "m_y", "m_z"],
  units: ["1", "1", "1"],
  time: 1.25e-9,
  values: Float64Array.from({ length: 36 }, (_, i) => Math.sin(i) / 3),
};
const text = (...parts: string[]) => new TextEncoder().encode(parts.join("\n"));
/** One character per byte. */
const lower = (bytes: Uint8Array, count = 2000) => Buffer.from(bytes.subarray(0, count)).toString("latin1");

describe("OVF", () => {
  for (const format of ["text", "binary 8"] as const)
    it(`2.0 in ${format} gives back every bit`, () => expect(readOvf(writeOvf(field, { format }))).toEqual(field));

  it("2.0 in binary 4 gives back single precision", () => {
    const back = readOvf(writeOvf(field, { format: "binary 4" }));
    expect(back.values).toEqual(Float32Array.from(field.values));
  });

  it("2.0 is written as the guide has it: header, check value, cells with x fastest and components together", () => {
    const bytes = writeOvf(field, { format: "binary 8" });
    const head = lower(bytes);
    expect(head.startsWith("# OOMMF OVF 2.0\n# Segment count: 1\n# Begin: Segment\n# Begin: Header\n")).toBe(true);
    expect(head).toContain("# xnodes: 3\n# ynodes: 2\n# znodes: 2\n");
    expect(head).toContain("# valuedim: 3\n");
    const at = head.indexOf("# Begin: Data Binary 8\n") + "# Begin: Data Binary 8\n".length;
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    expect(view.getFloat64(at, true)).toBe(123456789012345);
    // The second cell's m_y.
    expect(view.getFloat64(at + 8 * (1 + 3 + 1), true)).toBe(field.values[12 + 1]);
  });

  const old = (data: string) => [
    "# OOMMF: rectangular mesh v1.0",
    "# Segment count: 1",
    "# Begin: Segment",
    "# Begin: Header",
    "# Title: by hand",
    "# Desc: Total simulation time:  2e-10  s",
    "# meshtype: rectangular",
    "# meshunit: nm",
    "# xbase: 1",
    "# ybase: 1",
    "# zbase: 1  ## centre of the first cell",
    "# xstepsize: 2",
    "# ystepsize: 2",
    "# zstepsize: 2",
    "# xnodes: 2",
    "# ynodes: 1",
    "# znodes: 1",
    "# xmin: 0",
    "# ymin: 0",
    "# zmin: 0",
    "# xmax: 4",
    "# ymax: 2",
    "# zmax: 2",
    "# valueunit: A/m",
    "# valuemultiplier: 1000",
    "# ValueRangeMinMag: 1",
    "# ValueRangeMaxMag: 10",
    "# End: Header",
    `# Begin: Data ${data}`,
  ];
  const end = (data: string) => [`# End: Data ${data}`, "# End: Segment", ""];

  it("1.0 is read as text, in nanometres and with its multiplier", () => {
    const read = readOvf(text(...old("Text"), "1 2 3", "  4 5 6  ", ...end("Text")));
    expect(read).toMatchObject({
      size: [2, 1, 1],
      cell: [2e-9, 2e-9, 2e-9],
      origin: [1e-9, 1e-9, 1e-9],
      time: 2e-10,
      title: "by hand",
    });
    expect([...read.values]).toEqual([1000, 4000, 2000, 5000, 3000, 6000]);
    expect(read.units).toEqual(["A/m", "A/m", "A/m"]);
  });

  it("1.0 is read in binary, whose bytes run from the largest on", () => {
    const body = new DataView(new ArrayBuffer(4 * 7));
    for (const [i, value] of [1234567, 1, 2, 3, 4, 5, 6].entries()) body.setFloat32(4 * i, value, false);
    const bytes = new Uint8Array([
      ...text(...old("Binary 4"), ""),
      ...new Uint8Array(body.buffer),
      ...text("", ...end("Binary 4")),
    ]);
    expect([...readOvf(bytes).values]).toEqual([1000, 4000, 2000, 5000, 3000, 6000]);
  });

  it("says what is wrong with a file", () => {
    const good = writeOvf(field, { format: "binary 8" });
    const broken = (from: string, to: string) =>
      new Uint8Array([...lower(good, good.length).replace(from, to)].map((c) => c.charCodeAt(0)));
    expect(() => readOvf(text("# a file"))).toThrow(/first line is "# a file"/);
    expect(() => readOvf(good.subarray(0, good.length - 200))).toThrow(/bytes of data is \d+; allowed: 296/);
    expect(() => readOvf(broken("meshtype: rectangular", "meshtype: irregular"))).toThrow('meshtype is "irregular"');
    expect(() => readOvf(broken("xnodes: 3", "xnodes: 0"))).toThrow("xnodes is 0");
    expect(() => readOvf(broken("xnodes: 3", "xnodes: 2"))).toThrow(/line after the data/);
    expect(() => readOvf(broken("# ynodes: 2\n", ""))).toThrow("ynodes is undefined");
    const flipped = good.slice();
    flipped[lower(good).indexOf("# Begin: Data Binary 8\n") + 23] ^= 1;
    expect(() => readOvf(flipped)).toThrow(/check value before the data is 1234567890123.*; allowed: 123456789012345/);
    expect(() => readOvf(text(...old("Text"), "1 2 3", "4 5", ...end("Text")))).toThrow(
      "numbers in the data is 5; allowed: 6",
    );
    expect(() => readOvf(text(...old("Text"), "1 2 x", "4 5 6", ...end("Text")))).toThrow(
      'number 3 of the data is "x"',
    );
    expect(() => writeOvf({ ...field, values: new Float64Array(5) })).toThrow("number of values is 5; allowed: 36");
  });

  it("of several segments gives all", () => {
    const one = new TextDecoder().decode(writeOvf(field, { format: "text" }));
    const segment = one.slice(one.indexOf("# Begin: Segment"));
    const two = `# OOMMF OVF 2.0\n# Segment count: 2\n${segment}${segment}`;
    expect(readOvfSegments(text(two))).toEqual([field, field]);
  });
});

describe("VTK", () => {
  it("holds every array where its offset says, behind the count of its bytes", () => {
    const energy: MeshField = {
      ...field,
      title: "energy <J/m³>",
      components: 1,
      labels: ["e"],
      units: ["J/m³"],
      values: Float32Array.from({ length: 12 }, (_, i) => i),
    };
    const bytes = writeVti([field, energy]);
    const head = lower(bytes, bytes.length);
    expect(head).toContain('WholeExtent="0 3 0 2 0 2"');
    // A corner is half a cell before the first centre.
    const corner = /Origin="(\S+) (\S+) (\S+)" Spacing="4e-9 5e-9 2e-9"/.exec(head)!.slice(1).map(Number);
    for (const [axis, x] of [-6, -5, -2].entries()) expect(corner[axis] * 1e9).toBeCloseTo(x, 12);
    expect(new TextDecoder().decode(bytes)).toContain('Name="energy &lt;J/m³&gt;"');
    const offsets = [...head.matchAll(/offset="(\d+)"/g)].map(([, n]) => Number(n));
    const start = head.indexOf('<AppendedData encoding="raw">\n_') + '<AppendedData encoding="raw">\n_'.length;
    const view = new DataView(bytes.buffer);
    expect(offsets).toEqual([0, 8 + 8 * 36]);
    expect(Number(view.getBigUint64(start, true))).toBe(8 * 36);
    expect(view.getFloat64(start + 8 + 8 * (3 * 5 + 2), true)).toBe(field.values[24 + 5]);
    expect(Number(view.getBigUint64(start + offsets[1], true))).toBe(48);
    expect(view.getFloat32(start + offsets[1] + 8 + 4 * 7, true)).toBe(7);
    expect(head.endsWith("\n</AppendedData>\n</VTKFile>\n")).toBe(true);
  });

  it("takes fields of one mesh, each under a name of its own", () => {
    expect(() => writeVti([field, field])).toThrow("a title of its own");
    expect(() => writeVti([field, { ...field, title: "other", cell: [1, 1, 1] }])).toThrow('"other": cell');
    expect(writePvd([{ time: 1e-9, file: "a.vti" }])).toContain('timestep="1e-9" part="0" file="a.vti"');
  });
});

describe("pictures", () => {
  const directions: [string, readonly number[], readonly number[]][] = [
    ["+x is red", [1, 0, 0], [255, 0, 0, 255]],
    ["−x is cyan", [-1, 0, 0], [0, 255, 255, 255]],
    ["60° is yellow", [0.5, Math.sqrt(0.75), 0], [255, 255, 0, 255]],
    ["up is white", [0, 0, 1], [255, 255, 255, 255]],
    ["down is black", [0, 0, -1], [0, 0, 0, 255]],
    ["nothing is transparent", [0, 0, 0], [0, 0, 0, 0]],
  ];
  const plane = (m: readonly number[]): MeshField => ({ ...field, size: [1, 1, 1], values: Float64Array.from(m) });
  for (const [name, m, colour] of directions)
    it(name, () => expect([...magnetizationPicture(plane(m)).pixels]).toEqual(colour));

  it("of a component run from blue through white to red", () => {
    const of = (z: number) => [...magnetizationPicture(plane([0.1, 0, z]), { component: "z" }).pixels].slice(0, 3);
    expect([of(-1), of(0), of(1)]).toEqual([
      [0, 0, 255],
      [255, 255, 255],
      [255, 0, 0],
    ]);
  });

  it("have y upwards and as many pixels per cell as asked for", () => {
    // Only the cell x = 2, y = 0 is magnetic.
    const values = new Float64Array(18);
    values[2] = 1;
    const { width, height, pixels } = magnetizationPicture({ ...field, size: [3, 2, 1], values }, { scale: 2 });
    expect([width, height]).toEqual([6, 4]);
    const lit = Array.from({ length: 24 }, (_, i) => i).filter((i) => pixels[4 * i + 3] > 0);
    expect(lit).toEqual([16, 17, 22, 23]);
  });

  it("go into a PNG and come back, whatever kind it is", () => {
    const picture = magnetizationPicture(field);
    expect(readPng(writePng(picture))).toEqual(picture);
    const grey = readPng(encode({ width: 2, height: 1, data: Uint8Array.from([0, 200]), channels: 1, depth: 8 }));
    expect([...grey.pixels]).toEqual([0, 0, 0, 255, 200, 200, 200, 255]);
    const deep = readPng(
      encode({ width: 1, height: 1, data: Uint16Array.from([65535, 0, 32768]), channels: 3, depth: 16 }),
    );
    expect([...deep.pixels]).toEqual([255, 0, 128, 255]);
    expect(() => readPng(Uint8Array.from([1, 2, 3]))).toThrow("PNG file");
  });

  it("stand in strips", () => {
    const dot = (value: number): Picture => ({ width: 1, height: 1, pixels: Uint8Array.from([value, 0, 0, 255]) });
    const strip = filmStrip([dot(1), dot(2), dot(3)], { columns: 2, gap: 1 });
    expect([strip.width, strip.height]).toEqual([3, 3]);
    expect([0, 2, 6].map((i) => strip.pixels[4 * i])).toEqual([1, 2, 3]);
    expect(() => filmStrip([dot(1), { ...dot(1), width: 2, pixels: new Uint8Array(8) }])).toThrow(
      "2 × 1; allowed: 1 × 1".replace("2 × 1", '"2 × 1"'),
    );
  });

  it("make masks of shapes", () => {
    const { width, height, pixels } = readPng(
      encode({ width: 2, height: 2, data: Uint8Array.from([255, 255, 255, 0]), channels: 1, depth: 8 }),
    );
    const brightness = Array.from({ length: width * height }, (_, i) => pixels[4 * i]);
    const magnet = micromagnet({
      cells: [2, 2, 1],
      cell: [4 * nm, 4 * nm, 4 * nm],
      shape: imageMask({ width, height, pixels: brightness }, 8 * nm, 8 * nm, { threshold: 128 }),
      material: { saturationMagnetization: 8e5, damping: 0.1 },
      magnetization: [0, 0, 1],
      onWarning: () => {},
    });
    // The one dark pixel, at the lower right.
    expect([...magnet.fill]).toEqual([0, 1, 0, 0]);
  });
});

describe("files of a simulation", () => {
  it("keep m to the last bit in OVF, and refuse another mesh with both", async () => {
    const folder = mkdtempSync(join(tmpdir(), "spinstream-fields-"));
    const describe = (cells: [number, number, number]) =>
      micromagnet({
        cells,
        cell: [3 * nm, 3 * nm, 3 * nm],
        material: { saturationMagnetization: 8e5, damping: 0.1 },
        magnetization: (x, y, z) => [1 + x / nm, y / nm, 0.5 + z / nm],
      });
    const simulation = await openMicromagnet(describe([4, 3, 2]), { precision: "f64", threads: 0 });
    const other = await openMicromagnet(describe([4, 3, 1]), { precision: "f64", threads: 0 });
    try {
      for (const name of ["m.ovf", "m.vti", "m.png"]) await saveMagnetization(join(folder, name), simulation);
      expect(await loadMagnetization(join(folder, "m.ovf"), simulation)).toEqual(await simulation.magnetization());
      const { origin } = await magnetizationField(simulation);
      for (const [axis, x] of [-4.5, -3, -1.5].entries()) expect(origin[axis] * 1e9).toBeCloseTo(x, 12);
      expect(lower(readFileSync(join(folder, "m.vti")))).toContain('type="ImageData"');
      expect(readPng(readFileSync(join(folder, "m.png")))).toMatchObject({ width: 4, height: 3 });
      await expect(loadMagnetization(join(folder, "m.ovf"), other)).rejects.toThrow(
        'cells is "4 × 3 × 2"; allowed: 4 × 3 × 1',
      );
      await expect(saveMagnetization(join(folder, "m.jpg"), simulation)).rejects.toThrow(".ovf");
      writeFileSync(join(folder, "empty.ovf"), "");
      await expect(loadMagnetization(join(folder, "empty.ovf"), simulation)).rejects.toThrow("first line");
    } finally {
      await simulation.close();
      await other.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
