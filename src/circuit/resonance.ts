import { type Complex, complex, modulus } from "../algebra/complex.ts";
import { solveDense } from "../algebra/dense.ts";
import { eigenvalues } from "../algebra/eigenvalues.ts";
import type { MacrospinDynamics } from "./dynamics.ts";
import { NoEquilibriumError, type Tangent, tangentFrame, tangentJacobian } from "./equilibrium.ts";

/** Something that acts on the magnets about its steady value, as Re[amplitude e^(iωt)]. */
export interface HarmonicDrive {
  readonly amplitude: Complex;
  /** Sets the departure from the steady value, in the unit of the amplitude. */
  apply(departure: number): void;
}

/** Evenly spaced phases ωt of one period. */
export const phasesOf = (count: number): number[] => Array.from({ length: count }, (_, k) => (2 * Math.PI * k) / count);

/**
 * Where periodic quantities are taken.  Their mean is exact for what holds no harmonic beyond the fourteenth; an odd number, so that
 * every harmonic up to the seventh is told apart.
 */
export const PHASES: readonly number[] = phasesOf(15);

/** Unit vectors and their rates [rad/s] at one instant, 3M numbers each. */
export interface Instant {
  readonly m: Float64Array;
  readonly rates: Float64Array;
}

/**
 * A closed path of all magnets about their state at rest: along the directions of the tangent frame they move as
 * Re[u e^(iωt)] + shift, and stay unit vectors.
 */
export class Orbit {
  /** ω [rad/s] */
  readonly omega: number;
  readonly rest: Float64Array;
  private readonly frame: readonly Tangent[];
  private readonly u: readonly Complex[];
  private readonly shift: Float64Array;

  constructor(
    omega: number,
    rest: Float64Array,
    frame: readonly Tangent[],
    u: readonly Complex[],
    shift: Float64Array = new Float64Array(u.length),
  ) {
    this.omega = omega;
    this.rest = rest;
    this.frame = frame;
    this.u = u;
    this.shift = shift;
  }

  /** The same path, smaller or larger; the shift, of second order, goes with the square. */
  scaled(factor: number): Orbit {
    const u = this.u.map(({ re, im }) => complex(re * factor, im * factor));
    const shift = this.shift.map((x) => x * factor * factor);
    return new Orbit(this.omega, this.rest, this.frame, u, shift);
  }

  /** The same path about a state that is turned by `shift` along the frame. */
  shifted(shift: Float64Array): Orbit {
    return new Orbit(this.omega, this.rest, this.frame, this.u, shift);
  }

  /** m and ṁ at a phase ωt.  @throws RangeError where the path leaves the hemisphere about the state at rest */
  at(phase: number): Instant {
    const { rest, omega } = this;
    const m = new Float64Array(rest.length);
    const rates = new Float64Array(rest.length);
    const away = new Float64Array(rest.length / 3);
    const growth = new Float64Array(rest.length / 3);
    const [c, s] = [Math.cos(phase), Math.sin(phase)];
    for (const [i, { magnet, along }] of this.frame.entries()) {
      const x = this.u[i].re * c - this.u[i].im * s + this.shift[i];
      const v = -omega * (this.u[i].re * s + this.u[i].im * c);
      away[magnet] += x * x;
      growth[magnet] += x * v;
      for (let a = 0; a < 3; a++) {
        m[3 * magnet + a] += x * along[a];
        rates[3 * magnet + a] += v * along[a];
      }
    }
    for (const [magnet, square] of away.entries()) {
      if (square >= 1) throw new RangeError("the magnet leaves the hemisphere about its state at rest");
      const left = Math.sqrt(1 - square);
      for (let a = 0; a < 3; a++) {
        m[3 * magnet + a] += left * rest[3 * magnet + a];
        rates[3 * magnet + a] -= (growth[magnet] / left) * rest[3 * magnet + a];
      }
    }
    return { m, rates };
  }

  /**
   * The ellipse on which the tip of a magnet moves: its half axes, as sines of angles, the smaller one negative where the magnet
   * turns against the sense of free precession about its state at rest.
   */
  ellipse(magnet: number): { readonly major: number; readonly minor: number } {
    const [a, b] = this.u.filter((_, i) => this.frame[i].magnet === magnet);
    if (!a) return { major: 0, minor: 0 };
    const sum = modulus(a) ** 2 + modulus(b) ** 2;
    // |a² + b²| is the difference of the squares of the half axes; Im(a* b) < 0: from e₁ to e₂ = m × e₁, as a free magnet does.
    const difference = Math.hypot(a.re ** 2 - a.im ** 2 + b.re ** 2 - b.im ** 2, 2 * (a.re * a.im + b.re * b.im));
    const sense = a.re * b.im - a.im * b.re;
    return {
      major: Math.sqrt((sum + difference) / 2),
      minor: -Math.sign(sense) * Math.sqrt(Math.max(0, (sum - difference) / 2)),
    };
  }

  /** Complex amplitude of m of a magnet, three components. */
  amplitude(magnet: number): readonly [Complex, Complex, Complex] {
    const sum = [0, 1, 2].map((a) => {
      let [re, im] = [0, 0];
      for (const [i, tangent] of this.frame.entries()) {
        if (tangent.magnet !== magnet) continue;
        re += this.u[i].re * tangent.along[a];
        im += this.u[i].im * tangent.along[a];
      }
      return complex(re, im);
    });
    return [sum[0], sum[1], sum[2]];
  }
}

/**
 * Magnets at rest, and how all of them together answer to small oscillating drives: (iω − J) u = b in the tangent planes, with J the
 * Jacobian of ṁ and b what the drives add to ṁ.  Fields, spin torques and pumping are in both.
 */
export class LinearResponse {
  readonly rest: Float64Array;
  private readonly dynamics: MacrospinDynamics;
  private readonly frame: Tangent[];
  private readonly jacobian: Float64Array;

  /** @param rest unit vectors at which ṁ = 0 with every drive at its steady value */
  constructor(dynamics: MacrospinDynamics, rest: Float64Array) {
    this.dynamics = dynamics;
    this.rest = Float64Array.from(rest.subarray(0, dynamics.magnetizationSize));
    this.frame = tangentFrame(dynamics, this.rest);
    this.jacobian = tangentJacobian(dynamics, 0, this.rest, this.frame);
  }

  /** Growth rates and frequencies of free oscillations [rad/s], largest growth rate first. */
  modes(): Complex[] {
    return eigenvalues(this.jacobian, this.frame.length);
  }

  /** How the magnets move at ω [rad/s], to first order in the drives. */
  orbit(omega: number, drives: readonly HarmonicDrive[]): Orbit {
    const n = this.frame.length;
    const push = this.push(drives);
    const matrix = new Float64Array(4 * n * n);
    for (let r = 0; r < n; r++) {
      for (let c = 0; c < n; c++) {
        matrix[r * 2 * n + c] = -this.jacobian[r * n + c];
        matrix[(n + r) * 2 * n + n + c] = -this.jacobian[r * n + c];
      }
      matrix[r * 2 * n + n + r] = -omega;
      matrix[(n + r) * 2 * n + r] = omega;
    }
    const u = Float64Array.from([...push.map(({ re }) => re), ...push.map(({ im }) => im)]);
    try {
      solveDense(matrix, u, 2 * n);
    } catch {
      throw new NoEquilibriumError("a resonance without damping: the response is infinite");
    }
    const amplitudes = Array.from({ length: n }, (_, i) => complex(u[i], u[n + i]));
    return new Orbit(omega, this.rest, this.frame, amplitudes);
  }

  /**
   * By how much the mean state turns, to second order: what ṁ has left on average over the first-order orbit is taken up by
   * J · shift.  It matters where a steady current reads the magnets.
   */
  withMeanShift(orbit: Orbit, drives: readonly HarmonicDrive[]): Orbit {
    const shift = new Float64Array(this.frame.length);
    const rate = new Float64Array(this.rest.length);
    for (const phase of PHASES) {
      setDrives(drives, phase);
      this.dynamics.rateOf(0, orbit.at(phase).m, rate);
      for (const [i, tangent] of this.frame.entries()) shift[i] -= along(rate, tangent) / PHASES.length;
    }
    release(drives);
    try {
      solveDense(Float64Array.from(this.jacobian), shift, shift.length);
    } catch {
      throw new NoEquilibriumError("the state at rest is not isolated: a torque-free direction");
    }
    return orbit.shifted(shift);
  }

  /** What the drives add to ṁ along the frame, complex [rad/s]; exact where ṁ is linear in them. */
  private push(drives: readonly HarmonicDrive[]): Complex[] {
    const ahead = new Float64Array(this.rest.length);
    const behind = new Float64Array(this.rest.length);
    const sum = this.frame.map(() => complex(0));
    release(drives);
    for (const { amplitude, apply } of drives) {
      const size = modulus(amplitude);
      if (size === 0) continue;
      apply(size);
      this.dynamics.rateOf(0, this.rest, ahead);
      apply(-size);
      this.dynamics.rateOf(0, this.rest, behind);
      apply(0);
      for (const [i, tangent] of this.frame.entries()) {
        const half = (along(ahead, tangent) - along(behind, tangent)) / (2 * size);
        sum[i] = complex(sum[i].re + half * amplitude.re, sum[i].im + half * amplitude.im);
      }
    }
    return sum;
  }
}

/** Puts drives to their values at a phase ωt. */
export function setDrives(drives: readonly HarmonicDrive[], phase: number): void {
  for (const { amplitude, apply } of drives) apply(amplitude.re * Math.cos(phase) - amplitude.im * Math.sin(phase));
}

/** Puts drives to their steady values. */
function release(drives: readonly HarmonicDrive[]): void {
  for (const { apply } of drives) apply(0);
}

const along = (rate: Float64Array, { magnet, along: e }: Tangent): number =>
  rate[3 * magnet] * e[0] + rate[3 * magnet + 1] * e[1] + rate[3 * magnet + 2] * e[2];

/** A periodic quantity: its mean, and its first harmonic Re[first e^(iωt)]. */
export interface Harmonic {
  readonly mean: number;
  readonly first: Complex;
}

/** Of values at evenly spaced phases of one period, from 0. */
export function harmonicOf(values: ArrayLike<number>): Harmonic {
  const phases = phasesOf(values.length);
  let [mean, re, im] = [0, 0, 0];
  for (const [k, phase] of phases.entries()) {
    mean += values[k] / phases.length;
    re += (2 * values[k] * Math.cos(phase)) / phases.length;
    im -= (2 * values[k] * Math.sin(phase)) / phases.length;
  }
  return { mean, first: complex(re, im) };
}
