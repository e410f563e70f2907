import { describe, expect, it } from "vitest";
import { MU0 } from "../constants.ts";
import { nm } from "../units.ts";
import { magneticForceImage } from "./magneticForceImage.ts";
import { openMicromagnet } from "./magneticSimulation.ts";
import { micromagnet } from "./micromagnet.ts";

describe("the image of a magnetic force microscope", () => {
  it("far over a small magnet is that of a dipole, 24 µ0 m/4πz⁵ above it, and dark beside it", async () => {
    const [d, Ms, height] = [2 * nm, 8e5, 60 * nm];
    const dot = micromagnet({
      cells: [41, 41, 2],
      cell: [d, d, d],
      // Eight cells about the middle of the plane.
      parameters: { saturationMagnetization: (x, y) => (Math.hypot(x, y) < 1.5 * d ? Ms : 0) },
      material: { saturationMagnetization: Ms, damping: 0.1 },
      magnetization: [0, 0, 1],
    });
    const simulation = await openMicromagnet(dot, { precision: "f64", threads: 0 });
    try {
      const image = await magneticForceImage(simulation, { height });
      const moment = Ms * dot.fill.reduce((a, b) => a + b) * d ** 3;
      // From the middle of the magnet, a cell below its face.
      const z = height + d;
      const expected = (24 * MU0 * moment) / (4 * Math.PI * z ** 5);
      // Second differences over a tenth of the height: (1/12)(h/10)² f⁗/f″ = 0.035, and the magnet's breadth.
      expect(Math.abs(image[20 * 41 + 20] / expected - 1)).toBeLessThan(0.06);
      expect(Math.max(...image)).toBe(image[20 * 41 + 20]);
      expect(image[20 * 41 + 40]).toBeLessThan(0);
      // As even as the magnet.
      expect(image[20 * 41 + 5] / image[20 * 41 + 35]).toBeCloseTo(1, 9);
      await expect(magneticForceImage(simulation, { height: 0 })).rejects.toThrow("height is 0");
    } finally {
      await simulation.close();
    }
  });
});
