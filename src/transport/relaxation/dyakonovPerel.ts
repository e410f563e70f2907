import type { Complex } from "../../algebra/complex.ts";
import { solveDense, symmetricEigen } from "../../algebra/dense.ts";
import { eigenvalues } from "../../algebra/eigenvalues.ts";
import { cross, type Vector3 } from "../../algebra/vector.ts";
import { checkNumber, InputError, POSITIVE } from "../../checks.ts";
import {
  fermiVelocity,
  precessionAt,
  type SpinOrbitField,
  spinOrbitField,
  type TwoDimensionalGas,
} from "./spinOrbitField.ts";

/**
 * Spin between collisions, for any Ωτ:
 *
 *   dS_θ/dt = Ω(θ) × S_θ − (S_θ − ⟨S⟩)/τ − i q·v(θ) S_θ,
 *
 * elastic scattering being isotropic.  Fast collisions slow the relaxation down, 1/τ_s = Ω²τ (Dyakonov, Perel, Sov. Phys. Solid State 13,
 * 3023 (1972)); rare ones let the spin turn and die within a flight.  Both limits, and what is between, are in the equation, which is
 * solved on a ring of angles; the error falls faster than any power of their number.
 */
const ANGLES = 48;

const angle = (j: number): number => (2 * Math.PI * j) / ANGLES;

/**
 * How fast a steady spin density relaxes [1/s], as a symmetric 3 × 3 matrix, row-major: generation per density at rest.  With the
 * diffusivity v_F²τ/2 its eigenvalues give the spin diffusion lengths of densities that vary slowly.
 * @param scatteringTime τ [s]
 */
export function spinRelaxationRates(gas: TwoDimensionalGas, scatteringTime: number): Float64Array {
  const tau = checkNumber("scatteringTime", scatteringTime, POSITIVE, "s");
  const field = spinOrbitField(gas);
  // S_θ = [1 − τ Ω×]⁻¹(⟨S⟩ + τ g): its mean M gives g = (M⁻¹ − 1)⟨S⟩/τ.
  const mean = new Float64Array(9);
  for (let j = 0; j < ANGLES; j++) {
    const [x, y, z] = precessionAt(field, angle(j));
    const turning = Float64Array.of(1, tau * z, -tau * y, -tau * z, 1, tau * x, tau * y, -tau * x, 1);
    const inverse = Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1);
    solveDense(turning, inverse, 3, 3);
    for (let i = 0; i < 9; i++) mean[i] += inverse[i] / ANGLES;
  }
  const rates = Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1);
  solveDense(mean, rates, 3, 3);
  return rates.map((value, i) => {
    const mirrored = rates[3 * (i % 3) + Math.floor(i / 3)];
    return ((value + mirrored) / 2 - (i % 4 === 0 ? 1 : 0)) / tau;
  });
}

/** Rates [1/s] of the three principal axes, smallest first. */
export const principalRates = (gas: TwoDimensionalGas, scatteringTime: number): number[] =>
  Array.from(symmetricEigen(spinRelaxationRates(gas, scatteringTime), 3).values).sort((a, b) => a - b);

export interface SpinCourse {
  readonly times: readonly number[];
  /** ⟨S⟩ at those times, from 1 along the initial direction. */
  readonly spin: readonly Vector3[];
}

/** Steps per shortest time of the problem: the error of the fourth-order rule is then below 1e-9. */
const STEPS = 60;

/**
 * ⟨S⟩ of a gas that is polarised at time 0, alike at all angles, and then left alone.
 * @param times [s], rising
 * @param larmor angular frequency of an applied field, dS/dt = larmor × S [rad/s]; default none
 */
export function spinCourse(
  gas: TwoDimensionalGas,
  options: {
    readonly scatteringTime: number;
    readonly initial: Vector3;
    readonly times: readonly number[];
    readonly larmor?: Vector3;
  },
): SpinCourse {
  const { scatteringTime, initial, times, larmor = [0, 0, 0] } = options;
  const tau = checkNumber("scatteringTime", scatteringTime, POSITIVE, "s");
  checkTimes(times);
  const field = spinOrbitField(gas);
  const turns = Array.from({ length: ANGLES }, (_, j) => add(precessionAt(field, angle(j)), larmor));
  const fastest = Math.max(...turns.map((turn) => Math.hypot(...turn)));
  const longest = Math.min(tau, fastest === 0 ? tau : 1 / fastest) / STEPS;
  let state = Float64Array.from({ length: 3 * ANGLES }, (_, i) => initial[i % 3]);
  const rate = (s: Float64Array): Float64Array => {
    const mean = meanOf(s);
    const out = new Float64Array(s.length);
    for (const [j, turn] of turns.entries()) {
      const spin: Vector3 = [s[3 * j], s[3 * j + 1], s[3 * j + 2]];
      const turned = cross(turn, spin);
      for (let a = 0; a < 3; a++) out[3 * j + a] = turned[a] - (spin[a] - mean[a]) / tau;
    }
    return out;
  };
  let time = 0;
  const spin = times.map((until): Vector3 => {
    const count = Math.ceil((until - time) / longest);
    for (let i = 0; i < count; i++) state = rungeKutta(rate, state, (until - time) / count);
    time = until;
    return meanOf(state);
  });
  return { times, spin };
}

/** Decay rates and frequencies of the modes of a density with wavevector q, slowest first: exp(−rate t ± i frequency t). */
export interface SpinMode {
  /** [1/s] */
  readonly rate: number;
  /** [rad/s] */
  readonly frequency: number;
}

/** Angles of the eigenvalue problem, whose cost grows with their cube: enough for Ωτ and q v_F τ of a few. */
const MODE_ANGLES = 12;

/**
 * The three modes in which a spin density exp(iq·r) decays most slowly.
 * @param wavevector q in the plane [1/m]; default 0
 */
export function spinModes(
  gas: TwoDimensionalGas,
  scatteringTime: number,
  wavevector: readonly [number, number] = [0, 0],
): SpinMode[] {
  const tau = checkNumber("scatteringTime", scatteringTime, POSITIVE, "s");
  for (const [i, q] of wavevector.entries()) checkNumber(`wavevector[${i}]`, q, {}, "1/m");
  const field: SpinOrbitField = spinOrbitField(gas);
  const v = fermiVelocity(gas);
  const n = 3 * MODE_ANGLES;
  // Real and imaginary parts apart, [A, B; −B, A]: every eigenvalue comes with its conjugate.
  const size = 2 * n;
  const matrix = new Float64Array(size * size);
  const put = (row: number, column: number, value: number): void => {
    matrix[row * size + column] += value;
    matrix[(n + row) * size + n + column] += value;
  };
  for (let j = 0; j < MODE_ANGLES; j++) {
    const theta = (2 * Math.PI * j) / MODE_ANGLES;
    const [x, y, z] = precessionAt(field, theta);
    const turn = [0, -z, y, z, 0, -x, -y, x, 0];
    const phase = v * (wavevector[0] * Math.cos(theta) + wavevector[1] * Math.sin(theta));
    for (let a = 0; a < 3; a++) {
      for (let b = 0; b < 3; b++) put(3 * j + a, 3 * j + b, turn[3 * a + b] * tau);
      put(3 * j + a, 3 * j + a, -1);
      for (let i = 0; i < MODE_ANGLES; i++) put(3 * j + a, 3 * i + a, 1 / MODE_ANGLES);
      matrix[(3 * j + a) * size + n + 3 * j + a] += phase * tau;
      matrix[(n + 3 * j + a) * size + 3 * j + a] -= phase * tau;
    }
  }
  const found = eigenvalues(matrix, size).map(({ re, im }: Complex) => ({
    rate: -re / tau,
    frequency: Math.abs(im) / tau,
  }));
  // Each stands twice, or four times where it has a frequency.
  return found.filter((_, i) => i % 2 === 0).slice(0, 3);
}

/** What a conductor needs to know of its spins. */
export interface SpinDiffusion {
  /** D [m²/s]. */
  readonly diffusivity: number;
  /** √(D τ_s) [m]. */
  readonly spinDiffusionLength: number;
}

/**
 * Diffusivity and spin diffusion length of a gas by Dyakonov and Perel's mechanism, along one axis of the spin: parameters for a
 * conductor.
 * @param axis of the spin; the rate along it is read
 */
export function dyakonovPerel(gas: TwoDimensionalGas, scatteringTime: number, axis: "x" | "y" | "z"): SpinDiffusion {
  const rates = spinRelaxationRates(gas, scatteringTime);
  const at = { x: 0, y: 4, z: 8 }[axis];
  if (at === undefined) throw new InputError("axis", axis, '"x", "y" or "z"');
  const diffusivity = (fermiVelocity(gas) ** 2 * scatteringTime) / 2;
  const rate = rates[at];
  return { diffusivity, spinDiffusionLength: rate > 0 ? Math.sqrt(diffusivity / rate) : Number.POSITIVE_INFINITY };
}

/** Throws unless times are numbers that rise from 0. */
export function checkTimes(times: readonly number[]): void {
  for (const [i, time] of times.entries()) checkNumber(`times[${i}]`, time, { min: i === 0 ? 0 : times[i - 1] }, "s");
}

const add = (a: Vector3, b: Vector3): Vector3 => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];

function meanOf(s: Float64Array): Vector3 {
  const sum: [number, number, number] = [0, 0, 0];
  for (let i = 0; i < s.length; i++) sum[i % 3] += s[i];
  const count = s.length / 3;
  return [sum[0] / count, sum[1] / count, sum[2] / count];
}

/** One step of the classical fourth-order rule. */
function rungeKutta(
  rate: (s: Float64Array) => Float64Array,
  s: Float64Array<ArrayBuffer>,
  h: number,
): Float64Array<ArrayBuffer> {
  const shifted = (k: Float64Array, share: number) => s.map((x, i) => x + share * h * k[i]);
  const a = rate(s);
  const b = rate(shifted(a, 0.5));
  const c = rate(shifted(b, 0.5));
  const d = rate(shifted(c, 1));
  return s.map((x, i) => x + (h / 6) * (a[i] + 2 * b[i] + 2 * c[i] + d[i]));
}
