import { describe, expect, it } from "vitest";
import { type Backend, openWasm } from "../../compute/index.ts";
import { HBAR } from "../../constants.ts";
import { helixAmplitude, type RandomWalkOptions, spinProfile, spinRandomWalk, spinWave } from "./index.ts";

const gas = {
  mass: 0.05 * 9.109e-31,
  fermiWavevector: 2e8,
  rashba: 1.6e-30,
  dresselhaus: 0.5e-30,
  cubicDresselhaus: 2e-47,
};
const tau = 1e-13;
const short: RandomWalkOptions = {
  scatteringTime: tau,
  times: [tau, 5 * tau],
  initial: [0, 0, 1],
  walkers: 1000,
  seed: 7,
};

async function walkOn(machine: Backend) {
  const snapshots = await spinRandomWalk(gas, { ...short, machine });
  await machine.destroy();
  return snapshots;
}

describe("a random walk of spins", () => {
  it("is the same to the last bit on the calling thread, on one thread and on two", async () => {
    const runs = await Promise.all([0, 1, 2].map((threads) => walkOn(openWasm({ precision: "f64", threads }))));
    expect(runs[1]).toEqual(runs[0]);
    expect(runs[2]).toEqual(runs[0]);
    const other = await spinRandomWalk(gas, { ...short, seed: 8 });
    expect(other[1].mean).not.toEqual(runs[0][1].mean);
  });

  it("is the same in both precisions up to rounding", async () => {
    const [single, double] = await Promise.all(
      (["f32", "f64"] as const).map((p) => walkOn(openWasm({ precision: p }))),
    );
    // A dozen rotations by some units of the last place of single precision, 6e-8 each; directions have 24 bits.
    for (const [i, { spin }] of double.entries())
      expect(Math.max(...spin.map((s, j) => Math.abs(s - single[i].spin[j])))).toBeLessThan(2e-5);
  });

  it("neither lengthens nor shortens a spin", async () => {
    for (const { spin } of await spinRandomWalk(gas, short)) {
      for (let i = 0; i < 1000; i++) expect(Math.hypot(spin[i], spin[1000 + i], spin[2000 + i])).toBeCloseTo(1, 12);
    }
  });

  it("spreads by diffusion once the first flight is over, ⟨x²⟩ = ℓ²(t/τ − 1 + e^(−t/τ))", async () => {
    const snapshots = await spinRandomWalk(gas, {
      scatteringTime: tau,
      times: [tau / 2, 2 * tau, 40 * tau],
      initial: [0, 0, 1],
    });
    const path = ((HBAR * gas.fermiWavevector) / gas.mass) * tau;
    for (const { time, position } of snapshots) {
      const squares = position.map((x) => x * x);
      const mean = squares.reduce((sum, x) => sum + x, 0) / squares.length;
      const variance = squares.reduce((sum, x) => sum + (x - mean) ** 2, 0) / squares.length;
      const expected = path ** 2 * (time / tau - 1 + Math.exp(-time / tau));
      // Four standard uncertainties; x and y of a walker are counted as one.
      expect(Math.abs(mean - expected)).toBeLessThan(4 * Math.sqrt((2 * variance) / squares.length));
    }
  });

  it("is looked at in bins that hold all spin there is", async () => {
    const [, snapshot] = await spinRandomWalk(gas, short);
    const far = 6e-7;
    const edges = [-far, -1e-8, 0, 2e-8, far];
    const { at, density, uncertainty } = spinProfile(snapshot, [1, 1], edges);
    expect(at.length).toBe(4);
    for (const a of [0, 1, 2] as const) {
      const total = density.reduce((sum, bin, i) => sum + bin[a] * (edges[i + 1] - edges[i]), 0);
      expect(total).toBeCloseTo(snapshot.mean[a], 12);
      expect(uncertainty[0][a]).toBeGreaterThan(0);
    }
    const still = spinWave(snapshot, [0, 0]);
    expect(still.spin).toEqual(snapshot.mean);
    expect(still.uncertainty.spin).toEqual(snapshot.uncertainty);
    expect(still.quadrature).toEqual([0, 0, 0]);
  });

  it("refuses what is no walk by name", async () => {
    await expect(spinRandomWalk(gas, { ...short, walkers: 1.5 })).rejects.toThrow("walkers is 1.5");
    await expect(spinRandomWalk(gas, { ...short, walkers: 1 })).rejects.toThrow("walkers is 1");
    await expect(spinRandomWalk(gas, { ...short, seed: -1 })).rejects.toThrow("seed is -1");
    await expect(spinRandomWalk(gas, { ...short, initial: [0, 0, 2] })).rejects.toThrow("a unit vector");
    await expect(spinRandomWalk(gas, { ...short, times: [1] })).rejects.toThrow("times[0] is 1");
    const [snapshot] = await spinRandomWalk(gas, short);
    expect(() => helixAmplitude(snapshot, [0, 0], [0, 0, 1], [0, 0, 1])).toThrow("across u");
    expect(() => spinProfile(snapshot, [1, 0], [0, 0])).toThrow("edges[1]");
    expect(() => spinProfile(snapshot, [0, 0], [0, 1])).toThrow("direction");
  });
});
