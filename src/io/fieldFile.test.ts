import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { MU0 } from "../constants.ts";
import { micromagnet, openMicromagnet } from "../device/index.ts";
import { nm } from "../units.ts";
import { loadField, loadMagnetization, magnetizationField, meshFieldOf, saveMagnetization } from "./fieldFile.ts";
import { writeOvf } from "./ovf.ts";
import { readPng } from "./picture.ts";

describe("files of a simulation", () => {
  it("give a field to be applied, in the unit they say, with a course in time", async () => {
    const folder = mkdtempSync(join(tmpdir(), "spinstream-fields-"));
    const simulation = await openMicromagnet(
      micromagnet({
        cells: [3, 2, 1],
        cell: [3 * nm, 3 * nm, 3 * nm],
        material: { saturationMagnetization: 8e5, damping: 0.1 },
        demagnetization: false,
        magnetization: "+x",
      }),
      { precision: "f64", threads: 0 },
    );
    const values = Float64Array.from({ length: 18 }, (_, i) => 100 * i - 700);
    const file = (name: string, unit: string): string => {
      const path = join(folder, name);
      const described = { title: "H", labels: ["Hx", "Hy", "Hz"], unit };
      writeFileSync(path, writeOvf(meshFieldOf(simulation, values, described)));
      return path;
    };
    try {
      const H = await loadField(file("H.ovf", "A/m"), simulation);
      simulation.set({ field: [H, [0.5, 0, 0]] });
      const B = await simulation.effectiveField();
      for (const [i, h] of values.entries()) expect(B[i]).toBeCloseTo(MU0 * h + (i < 6 ? 0.5 : 0), 14);
      simulation.set({ field: { ...(await loadField(file("B.ovf", "T"), simulation)), factor: () => 2 } });
      expect([...(await simulation.effectiveField())]).toEqual([...values].map((b) => 2 * b));
      await expect(loadField(file("m.ovf", "1"), simulation)).rejects.toThrow(
        'unit of component 0 is "1"; allowed: T, mT, A/m, kA/m',
      );
    } finally {
      await simulation.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });

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
      expect(readFileSync(join(folder, "m.vti"), "latin1")).toContain('type="ImageData"');
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
