import { describe, expect, it } from "vitest";
import { micromagnet, openMicromagnet } from "../device/index.ts";
import { nm } from "../units.ts";
import { energyPath, PathError } from "./energyPath.ts";

const [K, Ms, d] = [1e5, 8e5, 3 * nm];
const bit = micromagnet({
  cells: [3, 2, 1],
  cell: [d, d, d],
  material: { saturationMagnetization: Ms, exchangeStiffness: 13e-12, uniaxialAnisotropy: K, damping: 0.1 },
  magnetization: [0, 0, 1],
  demagnetization: false,
});

describe("a path of least energy", () => {
  it("has the barriers KV(1 ± h)² of a magnet in a field, whatever the first path, and leaves the magnet as it was", async () => {
    const simulation = await openMicromagnet(bit, { precision: "f64", threads: 0 });
    try {
      const h = 0.3;
      simulation.set({ field: [0, 0, (h * 2 * K) / Ms] });
      const up = await simulation.magnetization();
      simulation.time = 3e-9;
      const V = 6 * d ** 3;
      // Through a state far from the saddle, with its cells at odds.
      const odd = up.map((_, i) => (i < 6 ? Math.sin(i + 1) : i < 12 ? Math.cos(3 * i) : 0.2));
      const length = (i: number) => Math.hypot(odd[i % 6], odd[(i % 6) + 6], odd[(i % 6) + 12]);
      const path = await energyPath(simulation, {
        states: [up, odd.map((m, i) => m / length(i)), up.map((m) => -m)],
        images: 11,
        tolerance: 1e-6,
      });
      // The square of what a tolerance of 1e-6 leaves.
      expect(path.barrier / (K * V * (1 + h) ** 2)).toBeCloseTo(1, 5);
      expect(path.barrierBack / (K * V * (1 - h) ** 2)).toBeCloseTo(1, 5);
      // cos θ = −h at the saddle.
      expect(path.states[path.saddle][12]).toBeCloseTo(-h, 3);
      const { distance } = path.data;
      // Half a turn of six cells.
      expect(distance.values[10]).toBeCloseTo(Math.PI * Math.sqrt(6), 3);
      expect(await simulation.magnetization()).toEqual(up);
      expect(simulation.time).toBe(3e-9);
    } finally {
      await simulation.close();
    }
  });

  it("says what is wrong, and when it has not settled", async () => {
    const simulation = await openMicromagnet(bit, { precision: "f64", threads: 0 });
    try {
      const up = await simulation.magnetization();
      const states = [up, up.map((m) => -m)];
      await expect(energyPath(simulation, { states: [up] })).rejects.toThrow("two states or more");
      await expect(energyPath(simulation, { states: [up, up.slice(3)] })).rejects.toThrow("15 numbers");
      await expect(energyPath(simulation, { states, images: 2 })).rejects.toThrow("images is 2");
      await expect(energyPath(simulation, { states, rounds: 1 })).rejects.toThrow(PathError);
      simulation.set({ field: (t) => [0, 0, t] });
      await expect(energyPath(simulation, { states })).rejects.toThrow("a function of time");
    } finally {
      await simulation.close();
    }
  });
});
