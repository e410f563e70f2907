import { describe, expect, it } from "vitest";
import { type Complex, complex, minus, modulus, over, plus, times } from "../../algebra/complex.ts";
import type { Vector3 } from "../../algebra/vector.ts";
import { InputError } from "../../checks.ts";
import { E_CHARGE, HBAR } from "../../constants.ts";
import { flightsOf, type KineticOptions, meanResolvent } from "./flights.ts";
import {
  dyakonovPerel,
  elliottYafet,
  fermiVelocity,
  precessionAt,
  spinCourse,
  spinModes,
  spinOrbitField,
  spinRelaxationRates,
  type TwoDimensionalGas,
  together,
  wavevectorOfDensity,
  wavevectorOfEnergy,
} from "./index.ts";

const gas = {
  mass: 0.05 * 9.109e-31,
  fermiWavevector: 2e8,
  rashba: 1.6e-30,
  dresselhaus: 0.5e-30,
  cubicDresselhaus: 2e-47,
};
/** Rashba's share of Ω. */
const Omega = (2 * gas.rashba * gas.fermiWavevector) / HBAR;

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

  it("takes its circle from a density or a Fermi energy, n = mE/πħ²", () => {
    const energy = 0.05 * E_CHARGE;
    const density = (gas.mass * energy) / (Math.PI * HBAR ** 2);
    expect(wavevectorOfDensity(density) / wavevectorOfEnergy(gas.mass, energy)).toBeCloseTo(1, 12);
    expect(() => wavevectorOfDensity(-1)).toThrow("density is -1");
  });
});

describe("steady relaxation rates", () => {
  it("have the axes (1, 1) and (1, −1) where Rashba and Dresselhaus fields differ, and add up to that of z", () => {
    const rates = spinRelaxationRates({ ...gas, cubicDresselhaus: 0 }, 1e-14);
    expect(rates[0] / rates[4]).toBeCloseTo(1, 12);
    expect(Math.abs(rates[1])).toBeGreaterThan(0.1 * rates[0]);
    // Motional narrowing: 1/τ_ii = (⟨Ω²⟩ − ⟨Ω_i²⟩) τ, here to (Ωτ)².
    expect((rates[0] + rates[4]) / rates[8]).toBeCloseTo(1, 2);
  });

  it("are read along any axis, and are nothing along the one axis of all fields", () => {
    const lambda = (axis: "x" | "y" | "z" | Vector3, one: TwoDimensionalGas = gas) =>
      dyakonovPerel(one, 1e-14, axis).spinDiffusionLength;
    expect(lambda([0, 0, 3])).toBe(lambda("z"));
    const rate = (length: number): number => 1 / length ** 2;
    expect((rate(lambda([1, 1, 0])) + rate(lambda([1, -1, 0]))) / (rate(lambda("x")) + rate(lambda("y")))).toBeCloseTo(
      1,
      10,
    );
    const helical = { ...gas, dresselhaus: gas.rashba, cubicDresselhaus: 0 };
    expect(lambda([1, -1, 0], helical)).toBe(Number.POSITIVE_INFINITY);
  });

  it("of several mechanisms add, for one conductor", () => {
    const one = dyakonovPerel(gas, 1e-13, "z");
    const other = elliottYafet({
      flipProbability: 1e-2,
      fermiVelocity: fermiVelocity(gas),
      scatteringTime: 1e-13,
      dimensions: 2,
    });
    const rate = ({ diffusivity, spinDiffusionLength }: typeof one): number => diffusivity / spinDiffusionLength ** 2;
    expect(rate(together(one, other)) / (rate(one) + rate(other))).toBeCloseTo(1, 12);
    expect(together(one, { ...one, spinDiffusionLength: Number.POSITIVE_INFINITY })).toEqual(one);
    expect(() => together(one, { ...other, diffusivity: 2 * other.diffusivity })).toThrow("mechanism 2: diffusivity");
  });
});

/** det[1 − M(w)] */
function singularity(options: KineticOptions, w: Complex): Complex {
  const resolvent = meanResolvent(flightsOf(gas, options), w);
  if (resolvent === undefined) throw new Error("too near the continuum");
  const { re, im } = resolvent.value;
  const [a, b, c, d, e, f, g, h, i] = Array.from(re, (x, j) => complex((j % 4 === 0 ? 1 : 0) - x, -im[j]));
  return plus(
    minus(times(a, minus(times(e, i), times(f, h))), times(b, minus(times(d, i), times(f, g)))),
    times(c, minus(times(d, h), times(e, g))),
  );
}

describe("modes", () => {
  it("stand still where nothing turns spins", () => {
    const modes = spinModes({ mass: gas.mass, fermiWavevector: 2e8 }, { scatteringTime: 1e-13 });
    expect(modes.length).toBe(3);
    for (const { rate } of modes) expect(Math.abs(rate * 1e-13)).toBeLessThan(1e-14);
  });

  it("precess with an applied field where nothing else does", () => {
    const larmor: Vector3 = [0, 0, 3e12];
    const modes = spinModes({ mass: gas.mass, fermiWavevector: 2e8 }, { scatteringTime: 1e-13, larmor });
    expect(modes.map(({ frequency }) => Math.round(frequency / 1e6) * 1e6).sort((a, b) => a - b)).toEqual([
      -3e12, 0, 3e12,
    ]);
  });

  // Ωτ, q ℓ and field over Ω: frequent collisions, damped oscillations, and hardly a mode left.
  it.each([
    [0.3, [0.2, 0.1], 0],
    [1, [0.5, -0.3], 0.7],
    [2, [0, 0], 0.2],
    [2, [0, 0], 3],
  ] as const)(
    "are all there are: det(1 − M) turns once for each, at Ωτ = %s, qℓ = %s, ω/Ω = %s",
    (turned, path, field) => {
      const scatteringTime = turned / Omega;
      const ell = fermiVelocity(gas) * scatteringTime;
      const options: KineticOptions = {
        scatteringTime,
        wavevector: [path[0] / ell, path[1] / ell],
        larmor: [0, 0.3 * field * Omega, field * Omega],
      };
      const modes = spinModes(gas, options);
      // Argument principle: round a box that holds all w = 1 − (rate − i frequency)τ of modes slower than 0.95/τ.
      const height = flightsOf(gas, options).pace + 0.5;
      const corners = [complex(0.05, -height), complex(1.5, -height), complex(1.5, height), complex(0.05, height)];
      const points = corners.flatMap((from, i) => {
        const to = corners[(i + 1) % 4];
        // Most on the side that passes near the continuum.
        const count = i === 3 ? 600 : 60;
        return Array.from({ length: count }, (_, j) =>
          complex(from.re + ((to.re - from.re) * j) / count, from.im + ((to.im - from.im) * j) / count),
        );
      });
      const values = points.map((w) => singularity(options, w));
      const turns = values.map((value, i) => {
        const ratio = over(values[(i + 1) % values.length], value);
        return Math.atan2(ratio.im, ratio.re);
      });
      // Points so dense that none of the turns is near half a turn, where it would be ambiguous.
      expect(Math.max(...turns.map(Math.abs))).toBeLessThan(2);
      expect(modes.length).toBe(Math.round(turns.reduce((sum, turn) => sum + turn, 0) / (2 * Math.PI)));
      for (const { rate, frequency, amplitude } of modes) {
        const resolvent = meanResolvent(
          flightsOf(gas, options),
          complex(1 - rate * scatteringTime, frequency * scatteringTime),
        );
        const { re, im } = resolvent!.value;
        for (const [a, own] of amplitude.entries()) {
          const back = amplitude.map((z, b) => times(complex(re[3 * a + b], im[3 * a + b]), z)).reduce(plus);
          expect(modulus(minus(back, own))).toBeLessThan(1e-10);
        }
      }
    },
  );

  it("are what is left of a course: its late decay is the slowest mode's", () => {
    const scatteringTime = 0.3 / Omega;
    const [{ rate }, next] = spinModes(gas, { scatteringTime });
    const late = [30, 40].map((t) => t / (next.rate - rate));
    const { spin } = spinCourse(gas, { scatteringTime, initial: [1, -1, 0], times: late });
    // By then the next mode is down to exp(−30), and rounding to 1e-10 of what is left.
    expect(Math.log(spin[0][0] / spin[1][0]) / (rate * (late[1] - late[0]))).toBeCloseTo(1, 8);
  });
});

describe("the course of a polarisation", () => {
  it("without collisions is the mean over all directions of flight, for as long as one likes", () => {
    const helical = { ...gas, dresselhaus: gas.rashba, cubicDresselhaus: 0 };
    for (const turned of [5, 60]) {
      const { spin } = spinCourse(helical, {
        scatteringTime: 1e6 / Omega,
        initial: [0, 0, 1],
        times: [turned / (2 * Omega)],
      });
      const count = 1000;
      let mean = 0;
      for (let j = 0; j < count; j++) mean += Math.cos(turned * Math.cos((2 * Math.PI * j) / count)) / count;
      // One collision in 3e4 walks of 60/2Ω.
      expect(Math.abs(spin[0][2] - mean)).toBeLessThan(4e-5);
    }
  });

  it("keeps spins that nothing turns, and smears out a wave of them", () => {
    const plain = { mass: gas.mass, fermiWavevector: 2e8 };
    const tau = 1e-13;
    const initial: Vector3 = [0.6, 0, 0.8];
    const times = [tau, 20 * tau];
    const { spin } = spinCourse(plain, { scatteringTime: tau, initial, times });
    for (const own of spin) for (let a = 0; a < 3; a++) expect(own[a]).toBeCloseTo(initial[a], 12);
    const wave = spinCourse(plain, {
      scatteringTime: tau,
      initial,
      times,
      wavevector: [0.5 / (fermiVelocity(plain) * tau), 0],
    });
    // exp(−Γt)/√(1 − (qℓ)²) with Γ = [1 − √(1 − (qℓ)²)]/τ, once the flights of the start are forgotten.
    const root = Math.sqrt(0.75);
    expect(wave.spin[1][2] / (0.8 * (Math.exp(20 * (root - 1)) / root))).toBeCloseTo(1, 6);
    expect(wave.quadrature[1][2]).toBeCloseTo(0, 12);
  });
});

describe("what is no gas and no time", () => {
  it("is refused by name", () => {
    const course = { scatteringTime: 1e-13, initial: [0, 0, 1] as const };
    expect(() => spinRelaxationRates({ ...gas, mass: -1 }, 1e-13)).toThrow("gas: mass is -1");
    expect(() => spinRelaxationRates(gas, 0)).toThrow(InputError);
    const helical = { ...gas, dresselhaus: gas.rashba, cubicDresselhaus: 0 };
    expect(() => spinRelaxationRates(helical, 1e-6)).toThrow("scatteringTime");
    expect(() => dyakonovPerel(gas, 1e-13, [0, 0, 0])).toThrow("axis");
    expect(() => spinCourse(gas, { ...course, times: [2e-13, 1e-13] })).toThrow("times[1]");
    expect(() => spinCourse(gas, { ...course, times: [1] })).toThrow("times[0] is 1");
    expect(() => spinCourse(gas, { ...course, times: [] })).toThrow("times");
    expect(() => spinCourse(gas, { ...course, times: [1e-13], larmor: [0, 0, Number.NaN] })).toThrow("larmor");
    expect(() => spinModes(gas, { scatteringTime: 1e-13, wavevector: [0, Number.NaN] })).toThrow("wavevector");
    const flips = { flipProbability: 2, fermiVelocity: 1e6, scatteringTime: 1e-14 };
    expect(() => elliottYafet(flips)).toThrow("flipProbability is 2");
  });
});
