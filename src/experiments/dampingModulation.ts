import { checkKeys, checkNumber, FINITE, InputError } from "../checks.ts";
import { GAMMA, HBAR_2E, MU0 } from "../constants.ts";
import type { Device } from "../device/index.ts";
import { type Fit, fitLine } from "./fit.ts";
import { column, type Measurement } from "./measurement.ts";
import type { Estimate } from "./resonanceLine.ts";
import {
  type CurrentTorques,
  type SpinTorqueResonanceOptions,
  TORQUE_KEYS,
  TorqueResonance,
} from "./torqueResonance.ts";

export interface DampingModulationOptions extends Omit<SpinTorqueResonanceOptions, "bias" | "fields"> {
  /** Steady current densities in the metal [A/m²], at least three. */
  readonly biases: readonly number[];
}

/** The linewidth against a steady current. */
export interface DampingModulation extends Measurement<"bias" | "linewidth" | "resonanceField"> {
  readonly fit: Fit<"slope" | "intercept">;
  /** Change of the effective damping per current density in the metal [m²/A]. */
  readonly dampingPerDensity: Estimate;
  /**
   * J_s/J_c from the slope by δα = (ħ J_s/2e μ0 Ms t) sin φ/(H + M_eff/2) (Ando et al., PRL 101, 036601 (2008)), positive as of
   * platinum.
   */
  readonly efficiency: Estimate;
  readonly torques: CurrentTorques;
}

/**
 * How a steady current narrows or widens the resonance: the damping-like torque works for or against the damping.
 * @throws InputError when the field is along the current, where the torque does neither
 */
export function dampingModulation(description: Device, options: DampingModulationOptions): DampingModulation {
  const name = "dampingModulation";
  checkKeys(name, options, [...TORQUE_KEYS.filter((key) => key !== "fields"), "biases"]);
  const { biases, ...rest } = options;
  for (const [i, bias] of biases.entries()) checkNumber(`${name}: biases[${i}]`, bias, FINITE, "A/m²");
  if (new Set(biases).size < 3)
    throw new InputError(`${name}: biases`, biases, "at least three different ones, for a slope");
  const device = new TorqueResonance(name, description, rest);
  const { layer, omega, normal, angle } = device.context;
  if (Math.abs(Math.sin(angle)) < 1e-6)
    throw new InputError(`${name}: angle`, angle, "a field that is not along the current");
  const sweeps = biases.map((bias) => device.sweep(bias));
  const widths = sweeps.map(({ line }) => line.parameters.linewidth.value);
  const fit = fitLine({
    what: "linewidth against current",
    x: biases,
    y: widths,
    units: { slope: "T m²/A", intercept: "T" },
  });
  const { slope } = fit.parameters;
  const smallest = sweeps[biases.reduce((best, bias, i) => (Math.abs(bias) < Math.abs(biases[best]) ? i : best), 0)];
  const B0 = smallest.line.parameters.resonanceField.value;
  const perSlope = GAMMA / omega;
  const { saturationMagnetization } = layer.material;
  // Platinum below and φ > 0: the moments that arrive are against m, and the damping falls with the current.
  const perDamping =
    (-normal * saturationMagnetization * layer.thickness * (B0 + (MU0 * smallest.effectiveMagnetization) / 2)) /
    (HBAR_2E * Math.sin(angle));
  const estimate = (factor: number): Estimate => ({
    value: slope.value * factor,
    uncertainty: Math.abs(slope.uncertainty * factor),
  });
  return {
    title: "modulation of the damping",
    fit,
    dampingPerDensity: estimate(perSlope),
    efficiency: estimate(perSlope * perDamping),
    torques: smallest.torques,
    data: {
      bias: column("steady current density in the metal", "A/m²", biases),
      linewidth: column("half width at half maximum", "T", widths),
      resonanceField: column(
        "resonance field",
        "T",
        sweeps.map(({ line }) => line.parameters.resonanceField.value),
      ),
    },
    figure: {
      title: "A steady current works on the damping",
      subtitle: `${omega / (2 * Math.PI * 1e9)} GHz, field at ${((angle * 180) / Math.PI).toFixed(0)}° to the current`,
      x: { label: "current density in the metal", unit: "A/m²" },
      y: { label: "half width at half maximum", unit: "T" },
      series: [
        { label: "network", x: biases, y: widths, points: true },
        { label: "line", like: "network", x: biases, y: biases.map((J) => fit.at(J)) },
      ],
    },
  };
}
