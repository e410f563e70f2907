import type { Vector3 } from "../../algebra/vector.ts";
import { checkKeys, checkNumber, checkVector, InputError } from "../../checks.ts";
import { type Flights, flightsOf, KINETIC_OPTIONS, type KineticOptions } from "./flights.ts";
import type { TwoDimensionalGas } from "./spinOrbitField.ts";

export interface SpinCourseOptions extends KineticOptions {
  /** S at time 0, alike at all angles. */
  readonly initial: Vector3;
  /** [s], rising from 0. */
  readonly times: readonly number[];
}

/** A spin density that began as initial · cos q·r. */
export interface SpinCourse {
  readonly times: readonly number[];
  /** What goes as cos q·r at those times; without q the spin itself. */
  readonly spin: readonly Vector3[];
  /** What goes as sin q·r. */
  readonly quadrature: readonly Vector3[];
}

/** Steps per shortest time of the problem, of a rule of fourth order: an error of 1e-8 at most. */
const STEPS = 60;
/** After so many collisions nobody remembers the start of a flight: exp(−23) = 1e-10. */
const MEMORY = 23;

/** The spin density of a gas that is polarised at time 0 and then left alone, for any Ωτ. */
export function spinCourse(gas: TwoDimensionalGas, options: SpinCourseOptions): SpinCourse {
  checkKeys("spinCourse", options, [...KINETIC_OPTIONS, "initial", "times"]);
  const { initial, times } = options;
  const flights = flightsOf(gas, options);
  checkVector("initial", initial);
  checkTimes(times, flights.tau);
  const ring = ringOf(flights, (times.at(-1) ?? 0) / flights.tau);
  let state = ring.uniform(initial);
  const fastest = Math.max(1, flights.pace);
  let time = 0;
  const seen = times.map((until) => {
    const duration = (until - time) / flights.tau;
    const count = Math.ceil(duration * fastest * STEPS);
    for (let i = 0; i < count; i++) state = rungeKutta(ring.rate, state, duration / count);
    time = until;
    return ring.mean(state);
  });
  return {
    times,
    spin: seen.map(({ re }) => re),
    // Re[S exp(iq·r)] = Re S cos q·r − Im S sin q·r
    quadrature: seen.map(({ im: [x, y, z] }) => [0 - x, 0 - y, 0 - z]),
  };
}

/** More collisions than these are days of work for nothing: by then all spins that relax have. */
const MOST_COLLISIONS = 1e7;

/** @throws InputError unless times are numbers that rise from 0, with a number of collisions that can be followed */
export function checkTimes(times: readonly number[], tau: number): void {
  if (!Array.isArray(times) || times.length === 0) throw new InputError("times", times, "one time or more");
  for (const [i, time] of times.entries())
    checkNumber(`times[${i}]`, time, { min: i === 0 ? 0 : times[i - 1], max: MOST_COLLISIONS * tau }, "s");
}

/**
 * Spins at evenly spaced angles, which together are exact up to the harmonic of half their number: as many as flights that are not yet
 * forgotten can make.  Real parts of all, then, where there is a wave, imaginary parts.
 */
function ringOf({ turn, phase, pace, harmonic }: Flights, duration: number) {
  const count = 24 + 2 * Math.ceil(0.6 * harmonic * pace * Math.min(duration, MEMORY));
  const angles = Array.from({ length: count }, (_, j) => (2 * Math.PI * j) / count);
  const turns = Float64Array.from(angles.flatMap((angle) => turn(angle)));
  const phases = Float64Array.from(angles, phase);
  const parts = phases.some((p) => p !== 0) ? 2 : 1;
  const size = 3 * count;
  const meanOf = (s: Float64Array, from: number): Vector3 => {
    let [x, y, z] = [0, 0, 0];
    for (let i = from; i < from + size; i += 3) {
      x += s[i];
      y += s[i + 1];
      z += s[i + 2];
    }
    return [x / count, y / count, z / count];
  };
  return {
    uniform: ([x, y, z]: Vector3): Float64Array => {
      const state = new Float64Array(parts * size);
      for (let i = 0; i < size; i += 3) state.set([x, y, z], i);
      return state;
    },
    mean: (s: Float64Array): { re: Vector3; im: Vector3 } => ({
      re: meanOf(s, 0),
      im: parts === 2 ? meanOf(s, size) : [0, 0, 0],
    }),
    /** dS/dt in units of 1/τ. */
    rate(s: Float64Array, out: Float64Array): void {
      for (let from = 0; from < s.length; from += size) {
        const [x, y, z] = meanOf(s, from);
        for (let i = 0; i < size; i += 3) {
          const [u, v, w] = [turns[i], turns[i + 1], turns[i + 2]];
          const [a, b, c] = [s[from + i], s[from + i + 1], s[from + i + 2]];
          out[from + i] = v * c - w * b + x - a;
          out[from + i + 1] = w * a - u * c + y - b;
          out[from + i + 2] = u * b - v * a + z - c;
        }
      }
      if (parts === 1) return;
      for (let i = 0; i < size; i++) {
        const p = phases[Math.floor(i / 3)];
        out[i] += p * s[size + i];
        out[size + i] -= p * s[i];
      }
    },
  };
}

/** One step of the classical fourth-order rule. */
function rungeKutta(rate: (s: Float64Array, out: Float64Array) => void, s: Float64Array, h: number): Float64Array {
  const [k, at, next] = [new Float64Array(s.length), new Float64Array(s.length), Float64Array.from(s)];
  rate(s, k);
  for (const [weight, ahead] of [
    [1 / 6, 0.5],
    [1 / 3, 0.5],
    [1 / 3, 1],
    [1 / 6, 0],
  ]) {
    for (let i = 0; i < s.length; i++) {
      next[i] += weight * h * k[i];
      at[i] = s[i] + ahead * h * k[i];
    }
    if (ahead > 0) rate(at, k);
  }
  return next;
}
