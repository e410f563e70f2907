import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type MagneticSimulation, micromagnet, openMicromagnet } from "../device/index.ts";
import { mT, nm } from "../units.ts";
import { type MagnetizationLoopOptions, magnetizationLoop } from "./magnetizationLoop.ts";

describe("a magnetization loop", () => {
  // One cell: Stoner and Wohlfarth's particle, with B_K = 2K/Ms = 50 mT along x.
  let particle: MagneticSimulation;
  beforeAll(async () => {
    particle = await openMicromagnet(
      micromagnet({
        cells: [1, 1, 1],
        cell: [4 * nm, 4 * nm, 4 * nm],
        material: { saturationMagnetization: 8e5, uniaxialAnisotropy: 2e4, anisotropyAxis: [1, 0, 0], damping: 1 },
        demagnetization: false,
        magnetization: [1, 0, 0],
      }),
      { precision: "f64", threads: 0 },
    );
  });
  afterAll(() => particle.close());

  it.each(["barzilai-borwein", "conjugate-gradient"] as const)(
    "of one moment at 45° to its axis turns at half the anisotropy field, by %s",
    async (method) => {
      const { coercivity, remanence } = await magnetizationLoop(particle, {
        field: [50 * mT, 50 * mT, 0],
        points: 201,
        method,
        torque: 1e-9,
      });
      // Fields are 0.71 mT apart.
      expect(Math.abs(coercivity.falling + 25 * mT)).toBeLessThan(0.72 * mT);
      expect(Math.abs(coercivity.rising - 25 * mT)).toBeLessThan(0.72 * mT);
      expect(remanence).toBeCloseTo(Math.SQRT1_2, 6);
    },
  );

  it.each<[Partial<MagnetizationLoopOptions>, string]>([
    [{ field: [0, 0, 0] }, "magnetizationLoop: field"],
    [{ along: [0, 0, 0] }, "magnetizationLoop: along"],
    [{ along: [1, Number.NaN, 0] }, "magnetizationLoop: along"],
    [{ bias: [0, 1] as never }, "magnetizationLoop: bias"],
    [{ points: 1 }, "magnetizationLoop: points"],
    [{ strengths: [] }, "magnetizationLoop: strengths"],
    [{ strengths: [1, Number.NaN] }, "magnetizationLoop: strengths"],
    [{ method: "" as never }, "relax: method"],
    [{ torque: 0 }, "relax: torque"],
    [{ torque: Number.NaN }, "relax: torque"],
    [{ limit: 0 }, "relax: limit"],
    [{ step: 3 } as never, "magnetizationLoop.step"],
  ])("is refused with %o, and the field stays as it was", async (wrong, said) => {
    particle.set({ field: [0, 0, 1 * mT] });
    const options: MagnetizationLoopOptions = { field: [50 * mT, 0, 0], ...wrong };
    await expect(magnetizationLoop(particle, options)).rejects.toMatchObject({ name: /Error/, parameter: said });
    expect(particle.acting).toEqual({ field: [0, 0, 1 * mT] });
  });
});
