import { type Complex, complex } from "../algebra/complex.ts";
import { add, cross, normalize, type Vector3 } from "../algebra/vector.ts";
import { InputError } from "../checks.ts";
import {
  type CompiledNetwork,
  equilibriumNear,
  LinearResponse,
  MacrospinDynamics,
  type NetworkState,
  NoEquilibriumError,
  type Orbit,
  PHASES,
  relaxToEquilibrium,
  type Solution,
  setDrives,
  solvePeriod,
} from "../circuit/index.ts";
import { MU0 } from "../constants.ts";
import { type CircuitModel, constant, type Device, lower, oerstedFields, type Strength } from "../device/index.ts";
import { type EnergyTerm, zeeman } from "../magnetism/index.ts";
import { isConductor, type Warn } from "../materials/material.ts";
import { layersOf, type MagnetLayer, magnetOf } from "./magnetAndMetal.ts";

/** What drives the magnets at ω, as complex amplitudes of e^(iωt). */
export interface Microwave {
  /** B [T], everywhere in the device. */
  readonly field?: readonly [Complex, Complex, Complex];
  /** Current through the device [A], with its torques and its own field. */
  readonly current?: Complex;
}

export interface ResonatorOptions {
  /** A magnet by the name of its layer; default the only free one. */
  readonly magnet?: string;
  /** Direction of the current, and of the voltage that is read; default "x". */
  readonly along?: "x" | "y";
  /** A layer of the block that carries the current, where there are several. */
  readonly in?: string;
  /** Whether moving magnets pump spin; default true. */
  readonly spinPumping?: boolean;
  readonly onWarning?: Warn;
}

/** A free oscillation that grows faster than this share of its frequency is unstable; less is round-off. */
const UNSTABLE = 1e-7;
/** Largest tilt [sin of the angle] for which the first order stands for the motion: the frequency then shifts by a few per cent. */
const LARGEST_TILT = 0.3;

/** A device whose magnets precess a little about where they rest in a field. */
export class Resonator {
  readonly description: Device;
  readonly model: CircuitModel;
  readonly network: CompiledNetwork;
  /** The magnet that is looked at, and its place in `model.magnets`. */
  readonly layer: MagnetLayer;
  readonly index: number;
  private readonly procedure: string;
  private readonly dynamics: MacrospinDynamics;
  private readonly pumping: boolean;
  private steadyField: Vector3 = [0, 0, 0];
  private steadyCurrent = 0;
  private ripple: [number, number, number] = [0, 0, 0];
  private swing = 0;
  /** Field of the current on every magnet [T/A], with the layers' shares of the state at rest. */
  private oersted: readonly Vector3[];

  /** @throws InputError when the device has no free magnet, several and none is named, or none of that name */
  constructor(procedure: string, description: Device, options: ResonatorOptions) {
    const { magnet, along = "x", spinPumping = true, onWarning = console.warn } = options;
    this.procedure = procedure;
    this.description = description;
    this.layer = magnetOf(procedure, description, magnet);
    const conducts = layersOf(description).some(({ material }) => isConductor(material));
    const drive = constant({ current: 0, along, ...(options.in !== undefined && { in: options.in }) });
    this.model = lower(description, conducts ? [drive] : [], onWarning);
    this.index = this.model.magnets.findIndex(({ name }) => name === this.layer.name);
    this.network = this.model.network.compile();
    this.pumping = spinPumping;
    this.oersted = this.model.magnets.map(() => [0, 0, 0]);
    this.dynamics = new MacrospinDynamics({
      network: this.network,
      magnets: this.model.magnets,
      terms: [
        ...this.model.terms,
        zeeman(this.model.magnets, () => add(this.steadyField, this.ripple)),
        this.oerstedTerm(),
      ],
      pumping: spinPumping,
      drive: () => {
        if (conducts) this.network.setDrive(this.model.sources[0].name, this.steadyCurrent + this.swing);
        this.network.field = this.steadyField;
      },
    });
  }

  /** The directions in which the device itself starts, 3M. */
  get initial(): Float64Array {
    return Float64Array.from(this.model.initial.flat());
  }

  /** Contacts of the current, low end first. */
  get contacts(): readonly [string, string] {
    return this.model.sources[0].contacts;
  }

  /**
   * The magnets at rest in a field B [T] and under a steady current [A].
   * @param start from where they fall to rest, 3M
   * @throws NoEquilibriumError when the current leaves no stable state
   */
  rest(field: Vector3, current = 0, start: Float64Array = this.initial): LinearResponse {
    this.steadyField = field;
    this.steadyCurrent = 0;
    this.ripple = [0, 0, 0];
    this.swing = 0;
    let m = relaxToEquilibrium(this.dynamics, 0, start);
    this.oersted = this.oerstedAt(m);
    if (current !== 0) {
      this.steadyCurrent = current;
      m = equilibriumNear(this.dynamics, 0, m);
      this.oersted = this.oerstedAt(m);
      m = equilibriumNear(this.dynamics, 0, m);
    }
    const response = new LinearResponse(this.dynamics, m);
    const [growth] = response.modes();
    if (growth.re > UNSTABLE * Math.abs(growth.im)) {
      throw new NoEquilibriumError(
        `${this.procedure}: in a field of ${this.describe(field)} and a current of ${current} A the state at rest is unstable; ` +
          "simulate() shows what the magnets then do",
      );
    }
    return response;
  }

  /** First-order motion at ω [rad/s]. */
  orbit(response: LinearResponse, omega: number, microwave: Microwave): Orbit {
    const orbit = response.orbit(omega, this.drives(microwave));
    const tilt = Math.max(...this.model.magnets.map((_, i) => orbit.ellipse(i).major));
    if (tilt > LARGEST_TILT) {
      throw new InputError(
        `${this.procedure}: microwave`,
        `so strong that a magnet tilts by ${tilt.toPrecision(3)} rad`,
        `tilts up to ${LARGEST_TILT} rad, for which linear response stands`,
        "Drive less, or use simulate()",
      );
    }
    return orbit;
  }

  /** Adds the turn of the mean state, which a steady current reads. */
  withMeanShift(response: LinearResponse, orbit: Orbit, microwave: Microwave): Orbit {
    return response.withMeanShift(orbit, this.drives(microwave));
  }

  /** Power that a microwave field gives to all magnets [W]: −⟨M·Ḃ⟩ over a period. */
  absorption(orbit: Orbit, field: readonly [Complex, Complex, Complex]): number {
    return this.model.magnets.reduce((sum, { saturationMagnetization, volume }, i) => {
      const m = orbit.amplitude(i);
      // ⟨−Re[m e^(iωt)] Re[iωB e^(iωt)]⟩ = (ω/2)(Re m Im B − Im m Re B)
      const product = field.reduce((s, B, a) => s + m[a].re * B.im - m[a].im * B.re, 0);
      return sum + (saturationMagnetization * volume * orbit.omega * product) / 2;
    }, 0);
  }

  /** Transport at evenly spaced phases of an orbit, an odd number of them. */
  overPeriod(orbit: Orbit, microwave: Microwave = {}, phases = PHASES): Solution[] {
    const drives = this.drives(microwave);
    const states = phases.map((phase) => {
      setDrives(drives, phase);
      const { m, rates } = orbit.at(phase);
      return this.state(m, this.pumping ? rates : undefined);
    });
    for (const { apply } of drives) apply(0);
    return solvePeriod(this.network, states, orbit.omega);
  }

  /** Transport with the magnets at rest, under some current [A]. */
  atRest(m: Float64Array, current = this.steadyCurrent): Solution {
    const { drives, ...state } = this.state(m, undefined);
    return this.network.solve({
      ...state,
      ...(drives && { drives: Object.fromEntries(Object.keys(drives).map((name) => [name, current])) }),
    });
  }

  private state(m: Float64Array, rates: Float64Array | undefined): NetworkState {
    const touched = this.model.magnets.flatMap(({ name }, i) =>
      this.network.magnets.includes(name) ? [[name, i] as const] : [],
    );
    const of = (values: Float64Array): Record<string, Vector3> =>
      Object.fromEntries(touched.map(([name, i]) => [name, [values[3 * i], values[3 * i + 1], values[3 * i + 2]]]));
    const [source] = this.model.sources;
    return {
      magnetizations: of(m),
      ...(rates && { rates: of(rates) }),
      field: this.steadyField,
      ...(source && { drives: { [source.name]: this.steadyCurrent + this.swing } }),
    };
  }

  /** What a microwave does to the magnets, to be set at any phase. */
  drives({ field, current }: Microwave) {
    const fields = (field ?? []).map((amplitude, a) => ({
      amplitude,
      apply: (departure: number) => {
        this.ripple[a] = departure;
      },
    }));
    if (!current) return fields;
    const swing = {
      amplitude: current,
      apply: (departure: number) => {
        this.swing = departure;
      },
    };
    return [...fields, swing];
  }

  private oerstedTerm(): EnergyTerm {
    const B = (magnet: number): Vector3 => {
      const I = this.steadyCurrent + this.swing;
      const [x, y, z] = this.oersted[magnet];
      return [I * x, I * y, I * z];
    };
    return {
      name: "Oersted",
      energy: (m) =>
        -this.model.magnets.reduce((sum, { saturationMagnetization, volume }, i) => {
          const [x, y, z] = B(i);
          return sum + saturationMagnetization * volume * (m[3 * i] * x + m[3 * i + 1] * y + m[3 * i + 2] * z);
        }, 0),
      addField: (_, __, H) => {
        for (let i = 0; i < this.model.magnets.length; i++) {
          const [x, y, z] = B(i);
          H[3 * i] += x / MU0;
          H[3 * i + 1] += y / MU0;
          H[3 * i + 2] += z / MU0;
        }
      },
    };
  }

  private oerstedAt(m: Float64Array): Vector3[] {
    if (this.model.sources.length === 0) return this.model.magnets.map(() => [0, 0, 0]);
    return oerstedFields(this.description, this.model, this.atRest(m, 1));
  }

  private describe(field: Vector3): string {
    return `[${field.map((B) => B.toPrecision(3)).join(", ")}] T`;
  }
}

/** A microwave field that is everywhere in phase.  @param amplitude B [T] */
export const inPhase = (amplitude: Vector3): readonly [Complex, Complex, Complex] => [
  complex(amplitude[0]),
  complex(amplitude[1]),
  complex(amplitude[2]),
];

/** A unit vector in the plane of the layers across a direction. */
export function acrossInPlane(direction: Vector3): Vector3 {
  const turned = cross([0, 0, 1], direction);
  return Math.hypot(...turned) < 1e-9 ? [1, 0, 0] : normalize(turned);
}

/** The total current [A] that a strength means in a device at rest. */
export function totalCurrent(description: Device, strength: Strength, onWarning: Warn): number {
  const model = lower(description, [constant(strength)], onWarning);
  const network = model.network.compile();
  const [{ name, amplitude }] = model.sources;
  const touched = model.magnets.flatMap((magnet, i) =>
    network.magnets.includes(magnet.name) ? [[magnet.name, model.initial[i]] as const] : [],
  );
  return network
    .solve({ magnetizations: Object.fromEntries(touched), drives: { [name]: amplitude } })
    .sourceCurrent(name);
}
