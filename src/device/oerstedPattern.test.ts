import { describe, expect, it } from "vitest";
import type { Vector3 } from "../algebra/vector.ts";
import { MU0 } from "../constants.ts";
import { nm } from "../units.ts";
import { type MicromagnetOptions, micromagnet } from "./micromagnet.ts";
import { oerstedPattern } from "./oerstedPattern.ts";

const box = (cells: [number, number, number], d: number, more: Partial<MicromagnetOptions> = {}) =>
  micromagnet({
    cells,
    cell: [d, d, d],
    material: { saturationMagnetization: 8e5, damping: 0.1 },
    magnetization: [0, 0, 1],
    ...more,
  });

describe("the Oersted field", () => {
  it("in the middle of a long round wire is µ0 J r/2 about its axis, and falls as R²/2r outside", async () => {
    const [n, d, J, R] = [32, 2 * nm, 1e12, 20 * nm];
    const length = 257;
    const wire = box([n, n, length], d);
    const B = await oerstedPattern(wire, {
      current: (x, y): Vector3 => (Math.hypot(x, y) < R ? [0, 0, J] : [0, 0, 0]),
    });
    const cells = n * n * length;
    const middle = Math.floor(length / 2) * n * n;
    for (const i of [18, 20, 23, 29, 31]) {
      const y = 15 - n / 2 + 0.5;
      const x = i - n / 2 + 0.5;
      const r = Math.hypot(x, y) * d;
      const expected = (MU0 * J * Math.min(r, R ** 2 / r)) / 2;
      const at = middle + 15 * n + i;
      // Cells of R/10 make steps of its surface, and a wire of 13 diameters ends: 2 %.
      const across = (-y * B[at] + x * B[cells + at]) / Math.hypot(x, y);
      expect(Math.abs(across / expected - 1)).toBeLessThan(0.02);
      expect(Math.abs((x * B[at] + y * B[cells + at]) / Math.hypot(x, y))).toBeLessThan(0.02 * expected);
    }
  });

  it("is refused where it has no meaning", async () => {
    await expect(oerstedPattern(box([4, 4, 1], nm, { periodic: [2, 0, 0] }), { current: [1, 0, 0] })).rejects.toThrow(
      "never ends",
    );
    const stack = micromagnet({
      cells: [4, 4],
      cell: [nm, nm],
      layers: [{ thickness: nm }, { thickness: 2 * nm, gap: nm }],
      material: { saturationMagnetization: 8e5, damping: 0.1 },
      magnetization: [0, 0, 1],
    });
    await expect(oerstedPattern(stack, { current: [1, 0, 0] })).rejects.toThrow("equal planes");
  });
});
