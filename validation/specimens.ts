import type {
  BarrierParameters,
  Ferromagnet,
  InterfaceParameters,
  MagneticInsulator,
  NormalMetal,
  Vector3,
} from "../src/index.ts";

/** Made-up materials with round numbers: what is checked is the law, not the metal. */

export const metal = (changes: Partial<NormalMetal> = {}): NormalMetal => ({
  kind: "normal metal",
  name: "N",
  conductivity: 2.5e6,
  spinDiffusionLength: 1.5e-9,
  ...changes,
});

export const magnet = (changes: Partial<Ferromagnet> = {}): Ferromagnet => ({
  kind: "ferromagnet",
  name: "F",
  conductivity: 4e6,
  polarization: 0.6,
  spinDiffusionLength: 5e-9,
  dephasingLength: 1e-9,
  saturationMagnetization: 8e5,
  damping: 0.01,
  ...changes,
});

export const insulatingMagnet = (changes: Partial<MagneticInsulator> = {}): MagneticInsulator => ({
  kind: "magnetic insulator",
  name: "FI",
  saturationMagnetization: 1.4e5,
  damping: 1e-3,
  ...changes,
});

/** A contact by Valet and Fert's numbers: r↑,↓ = 2 r_b*(1 ∓ γ) [Ω m²]. */
export const valetFertContact = (resistance: number, gamma: number, mixing: number): InterfaceParameters => ({
  conductanceUp: 1 / (2 * resistance * (1 - gamma)),
  conductanceDown: 1 / (2 * resistance * (1 + gamma)),
  mixingConductance: mixing,
});

/** The surface of a magnetic insulator. */
export const mixingOnly = (re: number, im = 0): InterfaceParameters => ({
  conductanceUp: 0,
  conductanceDown: 0,
  mixingConductance: re,
  mixingConductanceImaginary: im,
});

export const barrier = (changes: Partial<BarrierParameters> = {}): BarrierParameters => ({
  resistanceArea: 5e-12,
  polarizationBelow: 0.6,
  polarizationAbove: 0.45,
  ...changes,
});

/** Unit vector at an angle θ from z towards x. */
export const tilted = (theta: number): Vector3 => [Math.sin(theta), 0, Math.cos(theta)];

/** Cross-section of all specimens [m²]; nothing that is checked depends on it. */
export const AREA = 1e-14;

export const largest = (values: readonly number[]): number => Math.max(...values.map(Math.abs));
