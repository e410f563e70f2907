import { describe, expect, it } from "vitest";
import { complex, modulus } from "../algebra/complex.ts";
import type { Vector3 } from "../algebra/vector.ts";
import { demagnetization, uniaxialAnisotropy, zeeman } from "../magnetism/index.ts";
import type { NormalMetal } from "../materials/material.ts";
import {
  contact,
  DormandPrince,
  film,
  ground,
  harmonicOf,
  LinearResponse,
  MacrospinDynamics,
  Network,
  normalizeAll,
  Orbit,
  PHASES,
  phasesOf,
  relaxToEquilibrium,
  solvePeriod,
} from "./index.ts";

const AREA = 1e-14;
const metal: NormalMetal = {
  kind: "normal metal",
  name: "N",
  conductivity: 2.5e6,
  spinDiffusionLength: 1.5e-9,
};

/** Two unlike magnets on one metal, tilted from every axis, so that nothing is special about their motion. */
function pair() {
  const parameters = {
    conductanceUp: 0,
    conductanceDown: 0,
    mixingConductance: 5e14,
    mixingConductanceImaginary: 1e14,
  };
  const network = new Network()
    .add(
      film({ name: "N", between: ["a", "b"], material: metal, thickness: 3e-9, area: AREA }),
      contact({ name: "p", metalSide: "a", magnet: "p", area: AREA, parameters }),
      contact({ name: "q", metalSide: "b", magnet: "q", area: AREA, parameters }),
      ground("a"),
    )
    .compile();
  const magnets = [
    { name: "p", saturationMagnetization: 4e5, volume: AREA * 2e-9, damping: 0.02 },
    { name: "q", saturationMagnetization: 8e5, volume: AREA * 3e-9, damping: 0.03 },
  ];
  const steady: Vector3 = [0.2, 0.1, 0.05];
  const ripple: [number, number, number] = [0, 0, 0];
  const wave = { amplitude: [0, 0, 0] as Vector3, omega: 0 };
  const dynamics = new MacrospinDynamics({
    network,
    magnets,
    terms: [
      demagnetization(magnets, 0, [0, 0.1, 0.9]),
      demagnetization(magnets, 1, [0.1, 0, 0.9]),
      uniaxialAnisotropy(magnets, 1, [0, 1, 1], 3e4),
      zeeman(magnets, (t) => {
        const c = Math.cos(wave.omega * t);
        return [0, 1, 2].map((a) => steady[a] + ripple[a] + wave.amplitude[a] * c) as unknown as Vector3;
      }),
    ],
    pumping: true,
    drive: () => {},
  });
  const rest = relaxToEquilibrium(dynamics, 0, Float64Array.of(1, 0, 0, 0.8, 0.6, 0));
  const microwave = (amplitude: Vector3) =>
    amplitude.map((B, a) => ({
      amplitude: complex(B),
      apply: (departure: number) => {
        ripple[a] = departure;
      },
    }));
  return { dynamics, rest, wave, microwave };
}

/** Mean and first harmonic of m over the last period of a run from rest: what the equation of motion itself says. */
function integrated(
  { dynamics, rest, wave }: ReturnType<typeof pair>,
  amplitude: Vector3,
  omega: number,
  periods: number,
) {
  wave.amplitude = amplitude;
  wave.omega = omega;
  const phases = phasesOf(45);
  const method = new DormandPrince(dynamics.stateSize, (t, y, out) => dynamics.derivative(t, y, out));
  let y = dynamics.initialState([]);
  y.set(rest);
  const next = new Float64Array(y.length);
  const step = (2 * Math.PI) / omega / phases.length;
  const course: Float64Array[] = [];
  for (let i = 0; i < periods * phases.length; i++) {
    if (i >= (periods - 1) * phases.length) course.push(y.slice(0, rest.length));
    method.step(i * step, y, step, next, rest.length);
    normalizeAll(next.subarray(0, rest.length));
    y = Float64Array.from(next);
  }
  wave.amplitude = [0, 0, 0];
  return Array.from(rest, (_, k) => harmonicOf(course.map((m) => m[k])));
}

describe("linear response", () => {
  const omega = 2 * Math.PI * 9e9;

  it("moves two coupled magnets as the equation of motion does, once that has settled", () => {
    const model = pair();
    const amplitude: Vector3 = [1e-4, 3e-4, -2e-4];
    const orbit = new LinearResponse(model.dynamics, model.rest).orbit(omega, model.microwave(amplitude));
    const settled = integrated(model, amplitude, omega, 60);
    const scale = Math.max(orbit.ellipse(0).major, orbit.ellipse(1).major);
    for (const magnet of [0, 1]) {
      for (const [a, u] of orbit.amplitude(magnet).entries()) {
        const { first } = settled[3 * magnet + a];
        // Third order is tilt² = 1e-5 smaller; the integrator's fixed step errs by 1e-5.
        expect(modulus(complex(u.re - first.re, u.im - first.im)) / scale).toBeLessThan(1e-4);
      }
    }
    expect(scale).toBeGreaterThan(1e-3);
  });

  it("turns the mean state as the equation of motion does", () => {
    const model = pair();
    const amplitude: Vector3 = [1e-3, 3e-3, -2e-3];
    const response = new LinearResponse(model.dynamics, model.rest);
    const drives = model.microwave(amplitude);
    const orbit = response.withMeanShift(response.orbit(omega, drives), drives);
    const settled = integrated(model, amplitude, omega, 60);
    const mean = (k: number): number => PHASES.reduce((sum, phase) => sum + orbit.at(phase).m[k], 0) / PHASES.length;
    const turned = Array.from(model.rest, (m, k) => ({ found: mean(k) - m, expected: settled[k].mean - m }));
    const scale = Math.max(...turned.map(({ expected }) => Math.abs(expected)));
    // Fourth order is tilt² = 1e-3 of it.
    for (const { found, expected } of turned) expect(Math.abs(found - expected) / scale).toBeLessThan(0.01);
    expect(scale).toBeGreaterThan(1e-5);
  });

  it("is largest at the frequency of a free mode", () => {
    const model = pair();
    const response = new LinearResponse(model.dynamics, model.rest);
    const [mode] = response.modes().filter(({ im }) => im > 0);
    const tilt = (share: number): number =>
      response.orbit(share * mode.im, model.microwave([0, 0, 1e-4])).ellipse(0).major;
    expect(tilt(1)).toBeGreaterThan(tilt(0.9));
    expect(tilt(1)).toBeGreaterThan(tilt(1.1));
  });
});

describe("an orbit", () => {
  const frame = [
    { magnet: 0, along: [1, 0, 0] as Vector3 },
    { magnet: 0, along: [0, 1, 0] as Vector3 },
  ];
  const rest = Float64Array.of(0, 0, 1);

  it("keeps unit vectors, with rates that are their derivatives", () => {
    const orbit = new Orbit(3e10, rest, frame, [complex(0.4, 0.1), complex(-0.2, 0.5)], Float64Array.of(0.1, -0.05));
    const h = 1e-5;
    for (const phase of PHASES) {
      const { m, rates } = orbit.at(phase);
      expect(Math.hypot(...m)).toBeCloseTo(1, 14);
      for (let a = 0; a < 3; a++) {
        const difference = ((orbit.at(phase + h).m[a] - orbit.at(phase - h).m[a]) / (2 * h)) * 3e10;
        // h² = 1e-10 of a rate of 1e10.
        expect((rates[a] - difference) / 3e10).toBeCloseTo(0, 8);
      }
    }
  });

  it("has the half axes and the sense of its ellipse", () => {
    // Counterclockwise about m, as a free magnet turns: e₁ cos + e₂ sin.
    const free = new Orbit(1e10, rest, frame, [complex(0.3), complex(0, -0.1)]);
    expect(free.ellipse(0).major).toBeCloseTo(0.3, 12);
    expect(free.ellipse(0).minor).toBeCloseTo(0.1, 12);
    const against = new Orbit(1e10, rest, frame, [complex(0, 0.1), complex(0.3)]);
    expect(against.ellipse(0).minor).toBeCloseTo(free.ellipse(0).minor, 12);
    expect(new Orbit(1e10, rest, frame, [complex(0.3), complex(0, 0.1)]).ellipse(0).minor).toBeCloseTo(-0.1, 12);
    expect(free.scaled(2).ellipse(0).major).toBeCloseTo(0.6, 12);
  });

  it("says when it would leave the hemisphere", () => {
    expect(() => new Orbit(1e10, rest, frame, [complex(1.1), complex(0)]).at(0)).toThrow(RangeError);
  });
});

describe("transport over a period", () => {
  const omega = 2 * Math.PI * 20e9;
  const B: Vector3 = [0, 0, 0.4];
  const stored: NormalMetal = { ...metal, spinDiffusionLength: 100e-9, diffusivity: 2e-4 };
  const polar = 0.7;
  const parameters = {
    conductanceUp: 0,
    conductanceDown: 0,
    mixingConductance: 5e14,
    mixingConductanceImaginary: 1e14,
  };

  /** A magnet that turns rigidly about z, on two metals that store spin, with a resting magnet at their end. */
  const network = (material: NormalMetal) =>
    new Network()
      .add(
        film({ name: "N", between: ["a", "b"], material, thickness: 80e-9, area: AREA }),
        film({ name: "M", between: ["b", "c"], material: { ...material, name: "M" }, thickness: 40e-9, area: AREA }),
        contact({ name: "m", metalSide: "a", magnet: "m", area: AREA, parameters }),
        contact({ name: "s", metalSide: "c", magnet: "s", area: AREA, parameters }),
        ground("b"),
      )
      .compile();
  const m = (phase: number): Vector3 => [
    Math.sin(polar) * Math.cos(phase),
    Math.sin(polar) * Math.sin(phase),
    Math.cos(polar),
  ];
  const rate = (phase: number): Vector3 => [-omega * m(phase)[1], omega * m(phase)[0], 0];
  const states = PHASES.map((phase) => ({
    magnetizations: { m: m(phase), s: [0, 0, 1] as Vector3 },
    rates: { m: rate(phase) },
    field: B,
  }));

  it("is, in the frame that turns with the magnet, a steady state in the field B − ω/γ", () => {
    const found = solvePeriod(network(stored), states, omega);
    const turning = network(stored).solve({ ...states[0], field: [0, 0, B[2] - omega / 1.76085963023e11] });
    for (const node of ["a", "b", "c"]) {
      const expected = turning.spinAccumulation(node);
      for (const [k, phase] of PHASES.entries()) {
        const [x, y, z] = found[k].spinAccumulation(node);
        const back = [x * Math.cos(phase) + y * Math.sin(phase), y * Math.cos(phase) - x * Math.sin(phase), z];
        for (let a = 0; a < 3; a++) {
          // One dense solve without refinement.
          expect(Math.abs(back[a] - expected[a]) / Math.hypot(...expected)).toBeLessThan(1e-9);
        }
      }
    }
    expect(Math.abs(found[0].spinAccumulation("a")[2])).toBeGreaterThan(1e-6);
  });

  it("follows the magnet at once where nothing is stored", () => {
    const found = solvePeriod(network(metal), states, omega);
    for (const [k, state] of states.entries()) {
      expect(found[k].spinAccumulation("a")).toEqual(network(metal).solve(state).spinAccumulation("a"));
    }
  });
});
