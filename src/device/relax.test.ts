import { describe, expect, it } from "vitest";
import type { Vector3 } from "../algebra/vector.ts";
import { openWebGpu } from "../compute/index.ts";
import { ellipse } from "../geometry/index.ts";
import { randomDirections } from "../magnetism/index.ts";
import { mT, nm } from "../units.ts";
import { type MicromagnetOptions, micromagnet, openMicromagnet, type RelaxMethod } from "./index.ts";

const permalloy = { saturationMagnetization: 8e5, exchangeStiffness: 13e-12, damping: 0.02 };
const film: MicromagnetOptions = {
  cells: [64, 16, 1],
  cell: [4 * nm, 4 * nm, 3 * nm],
  material: permalloy,
  magnetization: [1, 0.1, 0],
};
const vortex: MicromagnetOptions = {
  cells: [20, 20, 2],
  cell: [5 * nm, 5 * nm, 5 * nm],
  material: permalloy,
  magnetization: (x, y): Vector3 => [-(y - 10e-9), x, 5e-9],
};
/** A Néel wall beside a place of less anisotropy, which draws it in: elsewhere nothing holds it along the strip. */
const wall: MicromagnetOptions = {
  cells: [48, 12, 1],
  cell: [2 * nm, 2 * nm, 1 * nm],
  regions: [
    {
      shape: ellipse(24 * nm),
      material: {
        saturationMagnetization: 5.8e5,
        exchangeStiffness: 15e-12,
        uniaxialAnisotropy: 6e5,
        interfacialDMI: 2.5e-3,
      },
    },
  ],
  material: {
    saturationMagnetization: 5.8e5,
    exchangeStiffness: 15e-12,
    uniaxialAnisotropy: 8e5,
    interfacialDMI: 2.5e-3,
    damping: 0.3,
  },
  magnetization: (x): Vector3 => [0.3, 0.5, Math.tanh((x + 6 * nm) / (5 * nm))],
};
const dot: MicromagnetOptions = {
  cells: [16, 16, 2],
  cell: [4 * nm, 4 * nm, 4 * nm],
  shape: ellipse(64 * nm, 48 * nm),
  // Films of different moment: cells do not weigh the same.
  regions: [{ shape: ellipse(30 * nm), material: { saturationMagnetization: 4e5, exchangeStiffness: 8e-12 } }],
  material: permalloy,
  magnetization: [0.3, 1, 0.2],
};

async function relaxed(options: MicromagnetOptions, method: RelaxMethod, precision: "f32" | "f64" = "f64") {
  const simulation = await openMicromagnet(micromagnet({ ...options, onWarning: () => {} }), { precision, threads: 1 });
  try {
    const before = await simulation.measure("E_total");
    const { steps, torque } = await simulation.relax({ method, torque: precision === "f64" ? 1e-7 : 0.1 * mT });
    const after = await simulation.measure("m", "E_total", "torque");
    return { steps, left: torque, before: before.E_total, after, m: await simulation.magnetization() };
  } finally {
    await simulation.close();
  }
}

describe("a minimum of the energy", () => {
  it.each([
    ["a film in its S-state", film],
    ["a vortex that returns to the middle", vortex],
    ["a dot of two materials", dot],
    ["a Néel wall that is drawn in", wall],
  ])("%s is the same by both methods, and lower than the start", async (_, options) => {
    const [steepest, conjugate] = [
      await relaxed(options, "barzilai-borwein"),
      await relaxed(options, "conjugate-gradient"),
    ];
    for (const found of [steepest, conjugate]) {
      expect(found.left).toBeLessThanOrEqual(1e-7);
      // The torque that the probe sees is what the method says is left.
      expect(found.after.torque).toBeCloseTo(found.left, 12);
      expect(found.after.E_total).toBeLessThan(found.before);
    }
    const gained = steepest.before - steepest.after.E_total;
    expect(Math.abs(steepest.after.E_total - conjugate.after.E_total) / gained).toBeLessThan(1e-8);
    // Soft modes: 1e-7 T of torque over some millitesla of stiffness.
    for (const c of ["m_x", "m_y", "m_z"] as const)
      expect(Math.abs(steepest.after[c] - conjugate.after[c])).toBeLessThan(1e-4);
  });

  it.each([1, 2, 3])("is lower than random directions, and is reached from them by both methods (%i)", async (seed) => {
    for (const method of ["barzilai-borwein", "conjugate-gradient"] as const) {
      const { before, after, left } = await relaxed({ ...film, magnetization: randomDirections(seed) }, method);
      expect(left).toBeLessThanOrEqual(1e-7);
      expect(after.E_total).toBeLessThan(before);
    }
  });

  it("is found in single precision, and leaves held cells as they are to the last bit", async () => {
    const held: MicromagnetOptions = { ...film, frozen: { ...ellipse(40 * nm) } };
    const { frozen, magnetization } = micromagnet({ ...held, onWarning: () => {} });
    for (const method of ["barzilai-borwein", "conjugate-gradient"] as const) {
      const { m, left } = await relaxed(held, method, "f32");
      expect(left).toBeLessThan(0.1 * mT);
      const cells = m.length / 3;
      let moved = 0;
      for (let i = 0; i < m.length; i++) {
        if (frozen?.[i % cells]) expect(m[i]).toBe(Math.fround(magnetization[i]));
        else moved = Math.max(moved, Math.abs(m[i] - magnetization[i]));
      }
      expect(moved).toBeGreaterThan(0.1);
    }
  });

  it("is found on a graphics card", async () => {
    const card = await openWebGpu({ software: true }).catch((error: Error) => {
      if (process.env.CI) throw error;
      console.warn(`SKIPPED on WebGPU: ${error.message}`);
    });
    if (!card) return;
    try {
      const here = await relaxed(film, "conjugate-gradient", "f32");
      const simulation = await openMicromagnet(micromagnet(film), { machine: card });
      await simulation.relax({ method: "conjugate-gradient", torque: 0.1 * mT });
      const { E_total } = await simulation.measure("E_total");
      await simulation.close();
      expect(Math.abs(E_total / here.after.E_total - 1)).toBeLessThan(1e-5);
    } finally {
      await card.destroy();
    }
  });

  it("is not sought beyond the limit", async () => {
    const simulation = await openMicromagnet(micromagnet(film), { precision: "f64", threads: 1 });
    // Some 200 steps are one call to the machine.
    for (const method of ["barzilai-borwein", "conjugate-gradient"] as const)
      for (const limit of [1, 250])
        await expect(simulation.relax({ method, torque: 1e-12, limit })).rejects.toThrow(`after ${limit} steps`);
    await simulation.close();
  });

  it("takes no other method", async () => {
    const simulation = await openMicromagnet(micromagnet(film), { threads: 1 });
    await expect(simulation.relax({ method: "newton" as never })).rejects.toThrow(
      /relax: method is "newton"; allowed: "barzilai-borwein", "conjugate-gradient"/,
    );
    await simulation.close();
  });
});
