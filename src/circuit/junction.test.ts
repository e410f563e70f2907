import { describe, expect, it } from "vitest";
import { cross, type Vector3 } from "../algebra/vector.ts";
import { GAMMA } from "../constants.ts";
import type { NormalMetal } from "../materials/material.ts";
import { film, ground, Network, reservoir, spinCurrentSource, tunnelBarrier } from "./index.ts";

const AREA = 1e-14;

describe("a tunnel barrier between magnets at an angle", () => {
  const parameters = {
    resistanceArea: 5e-12,
    polarizationBelow: 0.6,
    polarizationAbove: 0.4,
    fieldLike: 0.3,
    fieldLikeQuadratic: 2,
  };
  const G0 = 1 / (5e-12 * (1 + 0.24));
  const p: Vector3 = [0, 0, 1];
  const q: Vector3 = [Math.sin(1), 0, Math.cos(1)];
  const solve = (voltage: number) =>
    new Network()
      .add(
        tunnelBarrier({ name: "b", between: ["in", "out"], magnets: ["p", "q"], area: AREA, parameters }),
        reservoir({ at: "in", voltage }),
        reservoir({ at: "out", voltage: 0 }),
      )
      .solve({ magnetizations: { p, q } });

  it("gives each the other's polarisation across itself, P sin θ: Slonczewski's torque", () => {
    const solution = solve(1e-3);
    const scale = G0 * AREA * 1e-3;
    // From p to q j_s = G₀V(P₁p + P₂q + …): p gives up P₂ q across p, q takes in P₁ p across q.
    expect(-solution.absorbedSpin("p")[0] / scale).toBeCloseTo(0.4 * Math.sin(1), 12);
    const across = [Math.cos(1), 0, -Math.sin(1)];
    const taken = solution.absorbedSpin("q");
    expect((taken[0] * across[0] + taken[2] * across[2]) / scale).toBeCloseTo(-0.6 * Math.sin(1), 12);
  });

  it("gives both a field-like torque (κ₁ + κ₂V) G₀V p × q, opposite on the two", () => {
    for (const voltage of [0.2, -0.2]) {
      const solution = solve(voltage);
      const expected = G0 * AREA * voltage * (0.3 + 2 * voltage) * cross(p, q)[1];
      expect(solution.absorbedSpin("q")[1] / expected).toBeCloseTo(1, 12);
      expect(solution.absorbedSpin("p")[1] / expected).toBeCloseTo(-1, 12);
    }
  });

  it("drives a charge current when a magnet moves: the reciprocal of its torque", () => {
    const rate: Vector3 = [1e10, 0, 0];
    const solution = new Network()
      .add(
        tunnelBarrier({
          name: "b",
          between: ["in", "out"],
          magnets: ["p", "q"],
          area: AREA,
          parameters: { ...parameters, fieldLike: 0, fieldLikeQuadratic: 0 },
        }),
        reservoir({ at: "in", voltage: 0 }),
        reservoir({ at: "out", voltage: 0 }),
      )
      .solve({ magnetizations: { p, q: [0, 1, 0] }, rates: { p: rate } });
    // φ_pump = (ħ/e) p × ṗ along y, met by P₂ q: I = G₀ A (P₂/2) φ_pump.
    expect(solution.current("b", "in")).toBeCloseTo((G0 * AREA * 0.4 * 6.582119569e-16 * 1e10) / 2, 15);
  });
});

describe("Hanle precession", () => {
  it("turns a diffusing spin: φ_s(L) ∝ Re and Im of e^{−kL}/k with k² = 1/λ² + iω/D", () => {
    const [lambda, D, B] = [4e-7, 1e-2, 0.05];
    const wire: NormalMetal = {
      kind: "normal metal",
      name: "N",
      conductivity: 3e7,
      spinDiffusionLength: lambda,
      diffusivity: D,
    };
    const solution = new Network()
      .add(
        film({ name: "w", between: ["a", "b"], material: wire, thickness: 40 * lambda, area: AREA }),
        spinCurrentSource({ name: "S", at: "a", spinCurrent: [1e-3, 0, 0] }),
        ground("a"),
      )
      .solve({ field: [0, 0, B] });
    // k = u + iv
    const [re, im] = [1 / lambda ** 2, (GAMMA * B) / D];
    const u = Math.sqrt((Math.hypot(re, im) + re) / 2);
    const v = im / (2 * u);
    const start = (2 * 1e-3) / AREA / 3e7;
    for (const { z, spinAccumulation } of solution.profile("w", 41).slice(0, 8)) {
      const decay = (start * Math.exp(-u * z)) / (u * u + v * v);
      const [c, s] = [Math.cos(v * z), Math.sin(v * z)];
      // e^{−kz}/k = e^{−uz}(c − is)(u − iv)/|k|²; dφ/dt = −γ φ × B turns x towards y.
      expect(spinAccumulation[0]).toBeCloseTo(decay * (u * c - v * s), 12);
      expect(spinAccumulation[1]).toBeCloseTo(decay * (v * c + u * s), 12);
    }
  });
});
