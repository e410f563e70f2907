import { describe, expect, it } from "vitest";
import { GAMMA } from "../constants.ts";
import { micromagnet, openMicromagnet } from "../device/index.ts";
import { xRange } from "../geometry/index.ts";
import { nm, ns } from "../units.ts";
import { ringdown } from "./ringdown.ts";

describe("ringdown", () => {
  it("finds the standing waves of a film with one pinned end, γ[B + (2A/Ms) k²] with k = (n + ½)π/L, and maps them", async () => {
    const [n, d, B] = [20, 2 * nm, 0.3];
    const material = { saturationMagnetization: 8e5, exchangeStiffness: 13e-12, damping: 0.002 };
    // One cell more, which is held: the wave has its node in the middle of it.
    const pinned = micromagnet({
      cells: [n + 1, 1, 1],
      cell: [d, d, d],
      material,
      magnetization: [0, 0, 1],
      demagnetization: false,
      frozen: xRange(-1, (-n / 2 + 0.5) * d),
    });
    const simulation = await openMicromagnet(pinned, { precision: "f64", threads: 0 });
    try {
      simulation.set({ field: [0, 0, B] });
      const { modes } = await ringdown(simulation, { kick: [0.01, 0, 0], duration: 4 * ns, highest: 60e9, modes: 2 });
      // From the middle of the held cell to the free surface.
      const L = (n + 0.5) * d;
      for (const [order, mode] of modes.slice(0, 2).entries()) {
        const k = ((order + 0.5) * Math.PI) / L;
        const bend = (2 * (1 - Math.cos(k * d))) / d ** 2;
        const expected =
          (GAMMA / (2 * Math.PI)) * (B + ((2 * material.exchangeStiffness) / material.saturationMagnetization) * bend);
        // Read to a 50th of the line's width of 0.5 GHz.
        expect(Math.abs(mode.frequency - expected)).toBeLessThan(1e7);
        const cells = n + 1;
        const shape = Array.from({ length: cells }, (_, i) => Math.hypot(mode.map[i], mode.map[3 * cells + i]));
        const most = Math.max(...shape);
        for (const [i, amplitude] of shape.entries())
          expect(amplitude / most).toBeCloseTo(
            Math.abs(Math.sin(k * i * d)) /
              Math.max(...Array.from({ length: cells }, (_, j) => Math.abs(Math.sin(k * j * d)))),
            1,
          );
      }
      // It is where it was.
      expect([...(await simulation.magnetization())].slice(2 * (n + 1))).toEqual(Array(n + 1).fill(1));
    } finally {
      await simulation.close();
    }
  });
});
