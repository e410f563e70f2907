import { describe, expect, it } from "vitest";
import { InputError } from "../../checks.ts";
import { openWasm } from "../../compute/index.ts";
import { HBAR } from "../../constants.ts";
import {
  dyakonovPerel,
  elliottYafet,
  precessionAt,
  spinCourse,
  spinOrbitField,
  spinRandomWalk,
  spinRelaxationRates,
  together,
} from "./index.ts";

const gas = {
  mass: 0.05 * 9.109e-31,
  fermiWavevector: 2e8,
  rashba: 1.6e-30,
  dresselhaus: 0.5e-30,
  cubicDresselhaus: 2e-47,
};

describe("a spin–orbit field", () => {
  it("is that of the Hamiltonian at every angle", () => {
    const field = spinOrbitField(gas);
    for (const angle of [0, 0.7, 2, 4]) {
      const [kx, ky] = [gas.fermiWavevector * Math.cos(angle), gas.fermiWavevector * Math.sin(angle)];
      const { rashba, dresselhaus, cubicDresselhaus } = gas;
      const x = rashba * ky + dresselhaus * kx + cubicDresselhaus * kx * ky ** 2;
      const y = -rashba * kx - dresselhaus * ky - cubicDresselhaus * ky * kx ** 2;
      const [fx, fy, fz] = precessionAt(field, angle);
      expect(fx / ((2 * x) / HBAR)).toBeCloseTo(1, 12);
      expect(fy / ((2 * y) / HBAR)).toBeCloseTo(1, 12);
      expect(fz).toBe(0);
    }
  });
});

describe("relaxation rates", () => {
  it("have the axes (1, 1) and (1, −1) where Rashba and Dresselhaus fields differ, and add up to that of z", () => {
    const rates = spinRelaxationRates({ ...gas, cubicDresselhaus: 0 }, 1e-14);
    expect(rates[0] / rates[4]).toBeCloseTo(1, 12);
    expect(Math.abs(rates[1])).toBeGreaterThan(0.1 * rates[0]);
    // Motional narrowing: 1/τ_ii = (⟨Ω²⟩ − ⟨Ω_i²⟩) τ, here to (Ωτ)².
    expect((rates[0] + rates[4]) / rates[8]).toBeCloseTo(1, 2);
  });

  it("of two mechanisms add", () => {
    const one = dyakonovPerel(gas, 1e-13, "z");
    const other = {
      ...elliottYafet({ flipProbability: 1e-3, fermiVelocity: 4e5, scatteringTime: 1e-13 }),
      diffusivity: one.diffusivity,
    };
    const rate = ({ diffusivity, spinDiffusionLength }: typeof one): number => diffusivity / spinDiffusionLength ** 2;
    expect(rate(together(one, other)) / (rate(one) + rate(other))).toBeCloseTo(1, 12);
  });
});

describe("a random walk of spins", () => {
  it("is the same to the last bit on one thread and on two", async () => {
    const options = {
      scatteringTime: 1e-13,
      times: [1e-13, 5e-13],
      initial: [0, 0, 1] as const,
      walkers: 1000,
      seed: 7,
    };
    const runs = await Promise.all(
      [1, 2].map(async (threads) => {
        const machine = openWasm({ precision: "f64", threads });
        const snapshots = await spinRandomWalk(gas, { ...options, machine });
        await machine.destroy();
        return snapshots;
      }),
    );
    expect(runs[0]).toEqual(runs[1]);
    const other = await spinRandomWalk(gas, { ...options, seed: 8 });
    expect(other[1].mean).not.toEqual(runs[0][1].mean);
  });

  it("spreads by diffusion, ⟨x²⟩ = 2Dt", async () => {
    const tau = 1e-13;
    const [{ position }] = await spinRandomWalk(gas, { scatteringTime: tau, times: [40 * tau], initial: [0, 0, 1] });
    const velocity = (HBAR * gas.fermiWavevector) / gas.mass;
    const half = position.length / 2;
    const variance = position.subarray(0, half).reduce((sum, x) => sum + x * x, 0) / half;
    // The flight before the first collision takes τ off the time; 4 √(2/20000) = 4 %.
    expect(variance / (velocity ** 2 * tau * 39 * tau)).toBeCloseTo(1, 1);
  });
});

describe("what is no gas, no time, no walk", () => {
  it("is refused by name", async () => {
    expect(() => spinRelaxationRates({ ...gas, mass: -1 }, 1e-13)).toThrow("gas: mass is -1");
    expect(() => spinRelaxationRates(gas, 0)).toThrow(InputError);
    expect(() => spinCourse(gas, { scatteringTime: 1e-13, initial: [0, 0, 1], times: [2e-13, 1e-13] })).toThrow(
      "times[1]",
    );
    expect(() => elliottYafet({ flipProbability: 2, fermiVelocity: 1e6, scatteringTime: 1e-14 })).toThrow(
      "flipProbability is 2",
    );
    const walk = spinRandomWalk(gas, { scatteringTime: 1e-13, times: [1e-13], initial: [0, 0, 1], walkers: 1.5 });
    await expect(walk).rejects.toThrow("walkers is 1.5");
  });
});
