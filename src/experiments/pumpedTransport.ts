import { modulus } from "../algebra/complex.ts";
import { cross, dot, type Vector3 } from "../algebra/vector.ts";
import { checkNumber, checkVector, InputError } from "../checks.ts";
import { harmonicOf, type LinearResponse, type Orbit, PHASES, type Solution } from "../circuit/index.ts";
import { HBAR_E } from "../constants.ts";
import type { Device } from "../device/index.ts";
import { areaOf } from "../geometry/index.ts";
import { torquePerSpinCurrent } from "../transport/index.ts";
import { magnetOf, type Neighbour, neighbourOf } from "./magnetAndMetal.ts";
import { acrossInPlane, inPhase, Resonator, type ResonatorOptions } from "./resonator.ts";

/** A periodic number: its mean and its amplitude at ω. */
export interface PeriodicNumber {
  readonly dc: number;
  readonly ac: number;
}

/** A periodic vector: its mean and the amplitude of every component at ω. */
export interface PeriodicVector {
  readonly dc: Vector3;
  readonly ac: Vector3;
}

/** What a precessing magnet pumps into the metal beside it. */
export interface PumpedTransport {
  /** [Hz] */
  readonly frequency: number;
  /** Largest angle between the magnet and its state at rest [rad]. */
  readonly cone: number;
  /** Smaller over larger half axis of its ellipse, 1: a circle; negative against the sense of free precession. */
  readonly ellipticity: number;
  /** Spin current density that the magnet loses, charge units [A/m²]: pumped less what flows back. */
  readonly lost: PeriodicVector;
  /** Spin current density that enters the metal at the magnet, charge units [A/m²]: what the magnet loses less what the interface forgets. */
  readonly spinCurrent: PeriodicVector;
  /** φ_s of the metal at the magnet [V]. */
  readonly spinAccumulation: PeriodicVector;
  /** dc φ_s along the axis of precession over ħω/e, which no spin battery exceeds. */
  readonly batteryShare: number;
  /** Open-circuit voltages along x and y, low end less high end [V]: the inverse spin Hall effect, shunted by all that conducts. */
  readonly voltage: { readonly x: PeriodicNumber; readonly y: PeriodicNumber };
  /** What the loss of spin adds to the material's damping α, on this orbit. */
  readonly dampingEnhancement: number;
  /** γ of the magnet that loses spin over γ of the free one, less 1: the imaginary part of the mixing conductance. */
  readonly gyromagneticShift: number;
}

/** How a magnet is made to precess: exactly one of the two. */
export interface Excitation {
  /** Amplitude of a microwave field [T]. */
  readonly microwave?: Vector3;
  /**
   * Largest angle [rad] between the magnet and its state at rest.  The motion is what a microwave field in the plane, across the
   * magnetization, causes at the frequency, made this large.
   */
  readonly cone?: number;
}

export function checkExcitation(procedure: string, { microwave, cone }: Excitation): void {
  if ((microwave === undefined) === (cone === undefined)) {
    throw new InputError(`${procedure}: microwave, cone`, [microwave, cone], "exactly one of the two");
  }
  if (cone !== undefined) checkNumber(`${procedure}: cone`, cone, { min: 0, max: Math.PI / 2, open: "both" }, "rad");
  if (microwave !== undefined) {
    checkVector(`${procedure}: microwave`, microwave);
    if (Math.hypot(...microwave) === 0)
      throw new InputError(`${procedure}: microwave`, microwave, "an amplitude that is not zero");
  }
}

/** A device with the magnet that pumps and the metal that takes its spin. */
export class Pump {
  readonly resonator: Resonator;
  readonly neighbour: Neighbour;
  private readonly procedure: string;
  private readonly area: number;
  /** Elements beside the neighbour that touch its face. */
  private readonly others: readonly string[];

  /** @throws InputError when the magnet, or the metal beside it, is missing or not named */
  constructor(
    procedure: string,
    description: Device,
    options: Omit<ResonatorOptions, "in"> & { readonly neighbour?: string },
  ) {
    const magnet = magnetOf(procedure, description, options.magnet);
    this.procedure = procedure;
    this.neighbour = neighbourOf(procedure, "neighbour", description, magnet, options.neighbour);
    const { layer, face } = this.neighbour;
    this.resonator = new Resonator(procedure, description, { ...options, in: layer.name });
    this.area = areaOf(description.shape);
    const { network } = this.resonator;
    const place = network.place("spin", face);
    this.others = this.resonator.model.network.elements.flatMap(({ name, ports }) =>
      name !== layer.name && ports.some((port) => port.kind === "spin" && network.place("spin", port.node) === place)
        ? [name]
        : [],
    );
  }

  /** ω [rad/s] of the free precession that moves this magnet most. */
  freePrecession(response: LinearResponse): number {
    const answers = response
      .modes()
      .filter(({ im }) => im > 0)
      .map(({ im }) => ({ omega: im, tilt: this.probe(response, im).ellipse(this.resonator.index).major }));
    if (answers.length === 0) {
      throw new InputError(
        `${this.procedure}: field`,
        "one in which no magnet precesses",
        "a field that holds the magnets",
      );
    }
    return answers.reduce((most, one) => (one.tilt > most.tilt ? one : most)).omega;
  }

  /** The motion that is asked for. */
  orbit(response: LinearResponse, omega: number, { microwave, cone }: Excitation): Orbit {
    if (microwave) return this.resonator.orbit(response, omega, { field: inPhase(microwave) });
    const orbit = this.probe(response, omega);
    return orbit.scaled(Math.sin(cone as number) / orbit.ellipse(this.resonator.index).major);
  }

  /** The answer to a weak microwave field in the plane, across the magnet. */
  private probe(response: LinearResponse, omega: number): Orbit {
    const at = 3 * this.resonator.index;
    const m: Vector3 = [response.rest[at], response.rest[at + 1], response.rest[at + 2]];
    const [x, y, z] = acrossInPlane(m);
    // Weak against any field at work, strong against round-off; the orbit is linear in it.
    return response.orbit(omega, this.resonator.drives({ field: inPhase([1e-6 * x, 1e-6 * y, 1e-6 * z]) }));
  }

  /** Transport at phases of an orbit, without a current through the device. */
  solve(orbit: Orbit, phases = PHASES): Solution[] {
    return this.resonator.overPeriod(orbit, {}, phases);
  }

  /** Spin current density into the metal at the magnet [A/m²]. */
  entering(solution: Solution): Vector3 {
    const sum = [0, 0, 0];
    for (const name of this.others) {
      for (const [a, I] of solution.spinCurrent(name, this.neighbour.face).entries()) sum[a] -= I / this.area;
    }
    return [sum[0], sum[1], sum[2]];
  }

  /** Spin current density that the magnet loses [A/m²]. */
  lost(solution: Solution): Vector3 {
    const [x, y, z] = solution.absorbedSpin(this.resonator.layer.name);
    return [-x / this.area, -y / this.area, -z / this.area];
  }

  accumulation(solution: Solution): Vector3 {
    return solution.spinAccumulation(this.neighbour.face);
  }

  /** Open-circuit voltage along an axis [V], low end less high end. */
  voltage(solution: Solution, axis: "x" | "y"): number {
    return solution.voltage(`${axis}-`) - solution.voltage(`${axis}+`);
  }

  /** Resistance of the whole device between the contacts of the voltage, with the magnets at rest [Ω]. */
  resistance(rest: Float64Array, axis: "x" | "y"): number {
    const [none, some] = [0, 1].map((current) => this.resonator.atRest(rest, current));
    return this.voltage(some, axis) - this.voltage(none, axis);
  }

  /** All that is read of one period.  @param phases those of the solutions */
  read(orbit: Orbit, solutions: readonly Solution[], phases = PHASES): PumpedTransport {
    const { index, model } = this.resonator;
    const { major, minor } = orbit.ellipse(index);
    const [x, y, z] = orbit.rest.subarray(3 * index, 3 * index + 3);
    const spinAccumulation = periodicVector(solutions.map((solution) => this.accumulation(solution)));
    const { saturationMagnetization, volume } = model.magnets[index];
    const perSpin = torquePerSpinCurrent(saturationMagnetization * volume);
    let [alongDamping, alongRate, squares] = [0, 0, 0];
    for (const [k, phase] of phases.entries()) {
      const instant = orbit.at(phase);
      const at = (v: Float64Array): Vector3 => [v[3 * index], v[3 * index + 1], v[3 * index + 2]];
      const [m, rate] = [at(instant.m), at(instant.rates)];
      const I = solutions[k].absorbedSpin(this.resonator.layer.name);
      alongDamping += perSpin * dot(I, cross(m, rate));
      alongRate += perSpin * dot(I, rate);
      squares += dot(rate, rate);
    }
    // (1 − β) ṁ = −γ m × B + (α + α_sp) m × ṁ, with both shares as means over the orbit.
    const beta = alongRate / squares;
    return {
      frequency: orbit.omega / (2 * Math.PI),
      cone: Math.asin(Math.min(1, major)),
      ellipticity: minor / major,
      lost: periodicVector(solutions.map((solution) => this.lost(solution))),
      spinCurrent: periodicVector(solutions.map((solution) => this.entering(solution))),
      spinAccumulation,
      batteryShare: dot(spinAccumulation.dc, [x, y, z]) / (HBAR_E * orbit.omega),
      voltage: {
        x: periodic(solutions.map((solution) => this.voltage(solution, "x"))),
        y: periodic(solutions.map((solution) => this.voltage(solution, "y"))),
      },
      dampingEnhancement: alongDamping / squares,
      gyromagneticShift: beta / (1 - beta),
    };
  }
}

const periodic = (values: readonly number[]): PeriodicNumber => {
  const { mean, first } = harmonicOf(values);
  return { dc: mean, ac: modulus(first) };
};

function periodicVector(values: readonly Vector3[]): PeriodicVector {
  const [x, y, z] = [0, 1, 2].map((a) => periodic(values.map((v) => v[a])));
  return { dc: [x.dc, y.dc, z.dc], ac: [x.ac, y.ac, z.ac] };
}
