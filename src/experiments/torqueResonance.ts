import { complex } from "../algebra/complex.ts";
import { cross, dot, scale, subtract, type Vector3 } from "../algebra/vector.ts";
import { checkChoice, checkNumber, FINITE, InputError, POSITIVE } from "../checks.ts";
import { GAMMA, HBAR_2E, MU0 } from "../constants.ts";
import { type Device, oerstedFields, type Strength } from "../device/index.ts";
import type { LineFigure } from "../figures/index.ts";
import type { Warn } from "../materials/material.ts";
import { torquePerSpinCurrent } from "../transport/index.ts";
import { magnetOf, type Neighbour, neighbourOf } from "./magnetAndMetal.ts";
import { column, type Measurement } from "./measurement.ts";
import { alongField, checkFields, fieldsAbout, findResonance } from "./resonanceField.ts";
import { type Estimate, fitResonanceLine, type ResonanceLine } from "./resonanceLine.ts";
import { Resonator, totalCurrent } from "./resonator.ts";

export interface SpinTorqueResonanceOptions {
  /** [Hz] */
  readonly frequency: number;
  /** Amplitude of the microwave current, along x or y. */
  readonly current: Strength;
  /** Of the field from the direction of the current, in the plane, towards what lies left of it seen from above [rad]. */
  readonly angle: number;
  /** B [T], all positive; default 61 about the resonance. */
  readonly fields?: readonly number[];
  /** Steady current density in the metal, on top of the microwave [A/m²]; default 0. */
  readonly bias?: number;
  /** The magnet that precesses, by the name of its layer; default the only free one. */
  readonly magnet?: string;
  /** The metal whose torque is sought, by the name of its layer; default the only one beside the magnet. */
  readonly metal?: string;
  /** Whether the magnet pumps spin, which damps it and adds an inverse spin Hall voltage; default true. */
  readonly spinPumping?: boolean;
  readonly onWarning?: Warn;
}

/** Options of all procedures that drive a current. */
export const TORQUE_KEYS = [
  "frequency",
  "current",
  "angle",
  "fields",
  "magnet",
  "metal",
  "spinPumping",
  "onWarning",
] as const;

/** What the current does to the magnet, as the network has it and no experiment shows it directly. */
export interface CurrentTorques {
  /** ξ_DL: damping-like absorbed spin current over the current density of the metal, positive as of platinum. */
  readonly dampingLike: number;
  /** ξ_FL: the same of the field-like torque, positive where it acts as the Oersted field of the metal does. */
  readonly fieldLike: number;
  /** Field-like field over Oersted field. */
  readonly fieldLikeOverOersted: number;
}

/** A rectified voltage against the field, and what experimenters read from its shape. */
export interface SpinTorqueResonance extends Measurement<"field" | "voltage"> {
  readonly line: ResonanceLine;
  /** Symmetric over antisymmetric part. */
  readonly ratio: Estimate;
  /** Effective magnetization [A/m] from the resonance field by Kittel's formula, (ω/γ)² = B(B + μ0 M_eff). */
  readonly effectiveMagnetization: number;
  /**
   * J_s/J_c = (S/A)(e μ0 Ms t d/ħ) √(1 + M_eff/H₀), with the Oersted field J d/2 of the metal for a standard: the efficiency as it is
   * published (Liu, Moriyama, Ralph, Buhrman, PRL 106, 036601 (2011)).  A field-like torque of the network falsifies it.
   */
  readonly efficiency: Estimate;
  readonly torques: CurrentTorques;
}

/** A device under a microwave current. */
export class TorqueResonance {
  private readonly name: string;
  private readonly description: Device;
  private readonly resonator: Resonator;
  private readonly metal: Neighbour;
  private readonly omega: number;
  private readonly angle: number;
  private readonly along: "x" | "y";
  private readonly direction: Vector3;
  /** Amplitude of the current through the device [A]. */
  private readonly current: number;

  constructor(name: string, description: Device, options: SpinTorqueResonanceOptions) {
    const { frequency, current, angle, bias = 0, fields, onWarning = console.warn } = options;
    checkNumber(`${name}: frequency`, frequency, POSITIVE, "Hz");
    checkNumber(`${name}: angle`, angle, FINITE, "rad");
    checkNumber(`${name}: bias`, bias, FINITE, "A/m²");
    if (typeof current !== "object" || current === null)
      throw new InputError(`${name}: current`, current, '{ density, in, along: "x" } or another strength');
    this.along = checkChoice(`${name}: current.along`, current.along, ["x", "y"]);
    if (fields) {
      checkFields(name, fields);
      for (const [i, B] of fields.entries()) {
        checkNumber(`${name}: fields[${i}]`, B, POSITIVE, "T");
      }
    }
    this.name = name;
    this.description = description;
    this.omega = 2 * Math.PI * frequency;
    this.angle = angle;
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    this.direction = this.along === "x" ? [c, s, 0] : [-s, c, 0];
    const magnet = magnetOf(name, description, options.magnet);
    this.metal = neighbourOf(name, "metal", description, magnet, options.metal);
    this.current = totalCurrent(description, current, () => {});
    if (this.current === 0) throw new InputError(`${name}: current`, 0, "a current that is not zero");
    this.resonator = new Resonator(name, description, {
      ...options,
      along: this.along,
      in: this.metal.layer.name,
      onWarning,
    });
  }

  /** @param bias steady current density in the metal [A/m²] */
  sweep(bias: number, given?: readonly number[]): SpinTorqueResonance {
    const { resonator, omega, direction, name } = this;
    const saturated = alongField(resonator, direction);
    const steady = bias / this.densityPerCurrent(saturated);
    const fields = given ?? fieldsAbout(findResonance(name, resonator, omega, direction, steady));
    const voltages = fields.map((B) => this.rectified(B, steady, saturated));
    const line = fitResonanceLine({
      what: `the rectified voltage of "${resonator.layer.name}" at ${omega / (2 * Math.PI * 1e9)} GHz`,
      fields,
      values: voltages,
      unit: "V",
    });
    const { symmetric, antisymmetric, resonanceField } = line.parameters;
    const B0 = resonanceField.value;
    const effectiveMagnetization = ((omega / GAMMA) ** 2 / B0 - B0) / MU0;
    const ratio = symmetric.value / antisymmetric.value;
    const relative = Math.hypot(
      symmetric.uncertainty / symmetric.value,
      antisymmetric.uncertainty / antisymmetric.value,
    );
    const { material, thickness } = resonator.layer;
    const perRatio =
      ((MU0 * material.saturationMagnetization * thickness * this.metal.layer.thickness) / (2 * HBAR_2E)) *
      Math.sqrt(1 + (MU0 * effectiveMagnetization) / B0);
    return {
      title: "spin-torque ferromagnetic resonance",
      line,
      ratio: { value: ratio, uncertainty: Math.abs(ratio) * relative },
      effectiveMagnetization,
      efficiency: { value: ratio * perRatio, uncertainty: Math.abs(ratio * perRatio) * relative },
      torques: this.torques(resonator.rest(scale(direction, B0), 0, saturated).rest),
      data: { field: column("field B", "T", fields), voltage: column("rectified voltage", "V", voltages) },
      figure: this.figure(fields, voltages, line),
    };
  }

  /** dc voltage along the current [V], beyond that of a steady current alone. */
  private rectified(B: number, steady: number, saturated: Float64Array): number {
    const { resonator } = this;
    const microwave = { current: complex(this.current) };
    const response = resonator.rest(scale(this.direction, B), steady, saturated);
    let orbit = resonator.orbit(response, this.omega, microwave);
    if (steady !== 0) orbit = resonator.withMeanShift(response, orbit, microwave);
    const [from, to] = resonator.contacts;
    const solutions = resonator.overPeriod(orbit, microwave);
    const mean =
      solutions.reduce((sum, solution) => sum + solution.voltage(from) - solution.voltage(to), 0) / solutions.length;
    if (steady === 0) return mean;
    const rest = resonator.atRest(response.rest);
    return mean - (rest.voltage(from) - rest.voltage(to));
  }

  /** Current density in the metal per current through the device [1/m²]. */
  private densityPerCurrent(m: Float64Array): number {
    const { layer } = this.metal;
    const solution = this.resonator.atRest(m, 1);
    const { width, height } = this.description.shape;
    const across = this.along === "x" ? height : width;
    return solution.current(layer.name, this.resonator.contacts[0]) / (across * layer.thickness);
  }

  /** Torques per current, as fields B with −γ m × B = ṁ, read against the geometry of the metal. */
  private torques(m: Float64Array): CurrentTorques {
    const { resonator } = this;
    const { index, layer, model } = resonator;
    const own: Vector3 = [m[3 * index], m[3 * index + 1], m[3 * index + 2]];
    const [with1, without] = [1, 0].map((current) => resonator.atRest(m, current));
    const spin = subtract(with1.absorbedSpin(layer.name), without.absorbedSpin(layer.name));
    const { saturationMagnetization, volume } = model.magnets[index];
    const field = scale(cross(own, spin), torquePerSpinCurrent(saturationMagnetization * volume) / GAMMA);
    const inPlane = cross([0, 0, 1], own);
    const oersted = dot(oerstedFields(this.description, model, with1)[index], inPlane);
    const fieldLikeOverOersted = dot(field, inPlane) / oersted;
    // Field per efficiency and unit current: ħ J/(2e Ms t).
    const unit = (HBAR_2E * this.densityPerCurrent(m)) / (saturationMagnetization * layer.thickness);
    const share = dot(own, this.along === "x" ? [1, 0, 0] : [0, 1, 0]);
    // Platinum below: moments against y arrive, and B_DL ∥ m × (−y) is along −z.
    const normal = -this.metal.side;
    return {
      dampingLike: (-normal * field[2]) / share / unit,
      fieldLike: (fieldLikeOverOersted * Math.abs(oersted / share)) / unit,
      fieldLikeOverOersted,
    };
  }

  private figure(fields: readonly number[], voltages: readonly number[], line: ResonanceLine): LineFigure {
    const { symmetric, antisymmetric, resonanceField, linewidth, offset } = line.parameters;
    const part = (even: number, odd: number) =>
      fields.map((B) => {
        const x = (B - resonanceField.value) / linewidth.value;
        return offset.value + (even * symmetric.value + odd * x * antisymmetric.value) / (1 + x * x);
      });
    return {
      title: `Rectified voltage of ${this.resonator.layer.name} on ${this.metal.layer.name}`,
      subtitle: `${this.omega / (2 * Math.PI * 1e9)} GHz, field at ${((this.angle * 180) / Math.PI).toFixed(0)}° to the current; S/A = ${(symmetric.value / antisymmetric.value).toPrecision(3)}`,
      x: { label: "field B", unit: "T" },
      y: { label: "dc voltage", unit: "V" },
      series: [
        { label: "network", x: fields, y: voltages, points: true },
        { label: "fit", like: "network", x: fields, y: fields.map((B) => line.at(B)) },
        { label: "symmetric", x: fields, y: part(1, 0), dashed: true },
        { label: "antisymmetric", x: fields, y: part(0, 1), dashed: true },
      ],
    };
  }

  /** What the slope of a series over this device is read against; `normal` points from the metal to the magnet along ±z. */
  get context() {
    const { layer } = this.resonator;
    return { layer, omega: this.omega, normal: -this.metal.side, angle: this.angle };
  }
}
