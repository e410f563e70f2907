import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Vector3 } from "../algebra/vector.ts";
import { type MagneticSimulation, micromagnet, openMicromagnet } from "../device/index.ts";
import { mT, nm, ns } from "../units.ts";
import { drivenResponse } from "./drivenResponse.ts";
import { ringdown } from "./ringdown.ts";

describe("driven response", () => {
  // A strip magnetized along its length: ends and sides make its lowest mode no uniform one.
  const strip = micromagnet({
    cells: [24, 8, 1],
    cell: [5 * nm, 5 * nm, 5 * nm],
    material: { saturationMagnetization: 8e5, exchangeStiffness: 13e-12, damping: 0.03 },
    magnetization: [1, 0, 0],
  });
  const field: Vector3 = [50 * mT, 0, 0];
  let simulation: MagneticSimulation;
  beforeAll(async () => {
    simulation = await openMicromagnet(strip, { precision: "f64", threads: 2 });
    simulation.set({ field });
    await simulation.relax({ torque: 1e-9 });
  });
  afterAll(() => simulation.close());

  it("absorbs most where the magnet rings, in the shape of that mode, and changes nothing", async () => {
    const before = await simulation.magnetization();
    const { modes } = await ringdown(simulation, { kick: [0, 0.005, 0], duration: 4 * ns, highest: 40e9, modes: 1 });
    const [{ frequency, map: rung }] = modes;
    const around = [-3, -2, -1, 0, 1, 2, 3].map((k) => frequency * (1 + 0.03 * k));
    const answer = await drivenResponse(simulation, { drive: [0, 0.1 * mT, 0], frequencies: around });
    const absorbed = answer.modes.map(({ susceptibility }) => susceptibility.im);
    // A line of Δf = 2αf(B1 + B2)/2√(B1 B2), some 20 % of f: its top is found to a step of 3 %.
    expect(Math.abs(absorbed.indexOf(Math.max(...absorbed)) - 3)).toBeLessThanOrEqual(1);
    const map = answer.modes[3].map;
    // |⟨a, b⟩|/|a||b| of complex maps.
    const n = map.length / 2;
    let [re, im, aa, bb] = [0, 0, 0, 0];
    for (let i = 0; i < n; i++) {
      re += map[i] * rung[i] + map[n + i] * rung[n + i];
      im += map[i] * rung[n + i] - map[n + i] * rung[i];
      aa += map[i] ** 2 + map[n + i] ** 2;
      bb += rung[i] ** 2 + rung[n + i] ** 2;
    }
    // The drive also moves, out of resonance, what other modes have of it.
    expect(Math.hypot(re, im) / Math.sqrt(aa * bb)).toBeGreaterThan(0.99);
    expect(await simulation.magnetization()).toEqual(before);
    expect(simulation.acting).toEqual({ field });
  });

  it("is linear, and is the sum of the answers to the parts of a drive", async () => {
    const at = async (drive: Parameters<typeof drivenResponse>[1]["drive"]) =>
      (await drivenResponse(simulation, { drive, frequencies: [8e9] })).modes[0];
    const whole = await at([0, 0.1 * mT, 0]);
    const half = await at([0, 0.05 * mT, 0]);
    // The third order goes with the square of δm, some 2e-3 here.
    const scale = Math.hypot(whole.susceptibility.re, whole.susceptibility.im);
    expect(Math.abs(half.susceptibility.re - whole.susceptibility.re) / scale).toBeLessThan(1e-3);
    expect(Math.abs(half.susceptibility.im - whole.susceptibility.im) / scale).toBeLessThan(1e-3);
    expect(half.power / whole.power).toBeCloseTo(0.25, 3);
    const left = await at((x) => [0, x < 0 ? 0.1 * mT : 0, 0]);
    const right = await at((x) => [0, x < 0 ? 0 : 0.1 * mT, 0]);
    const most = Math.max(...whole.map.map(Math.abs));
    for (let i = 0; i < whole.map.length; i++)
      expect(Math.abs(left.map[i] + right.map[i] - whole.map[i]) / most).toBeLessThan(5e-3);
  });

  it("says what it cannot be driven with", async () => {
    const good = { drive: [0, 1e-4, 0] as Vector3, frequencies: [8e9] };
    for (const [change, message] of [
      [{ drive: [0, 0, 0] }, /drive is .*not zero within the magnet/],
      [{ frequencies: [] }, /frequencies is \[\]/],
      [{ frequencies: [-1] }, /frequencies is -1/],
      [{ periods: 1.5 }, /periods is 1.5/],
      [{ settle: -1 }, /settle is -1/],
      [{ frequency: 1 }, /no option "frequency"/],
    ] as const)
      await expect(drivenResponse(simulation, { ...good, ...(change as object) })).rejects.toThrow(message);
    const free = await openMicromagnet(
      micromagnet({
        cells: [1, 1, 1],
        cell: [5 * nm, 5 * nm, 5 * nm],
        material: { saturationMagnetization: 8e5, damping: 0 },
        magnetization: "+x",
      }),
      { threads: 0 },
    );
    await expect(drivenResponse(free, good)).rejects.toThrow(/without damping nothing decays/);
    await free.close();
  });
});
