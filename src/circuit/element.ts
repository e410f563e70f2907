import type { Vector3 } from "../algebra/vector.ts";

/**
 * Where an element touches the rest: the voltage of a node, its spin accumulation (three numbers), its temperature, its magnon
 * chemical potential; or a magnet, whose "potential" is the spin voltage (ħ/e) m × ṁ that its motion pumps and whose current is
 * the spin it absorbs as torque.
 */
export type Port =
  | { readonly kind: "charge"; readonly node: string }
  | { readonly kind: "spin"; readonly node: string }
  | { readonly kind: "temperature"; readonly node: string }
  | { readonly kind: "magnons"; readonly node: string }
  | { readonly kind: "magnet"; readonly magnet: string };

/** What an element's law depends on besides its own numbers. */
export interface Medium {
  /** Unit magnetization of a magnet. */
  magnetization(magnet: string): Vector3;
  /** Flux density B [T]. */
  readonly field: Vector3;
  /** Ambient temperature T₀ [K], about which heat flows linearly. */
  readonly temperature: number;
}

/**
 * A piece of a network that answers linearly: flux = Y · potential.
 *
 * Potentials are V, φ_s, φ_m [V] and T − T₀ [K]; fluxes, counted into the element, are those conjugate to them: I [A], I_s/2 and
 * I_m/2 [A], and the entropy current q/T₀ [W/K].  uᵀ Y u is then the power the element takes up, T₀ times the entropy it makes.
 * Spin rows and columns are three wide.
 */
export interface Element {
  readonly name: string;
  readonly ports: readonly Port[];
  /** Whether Y changes with the magnetizations or the field. */
  readonly dependsOn: { readonly magnetization: boolean; readonly field: boolean };
  /** Pairs of nodes between which the element lets a charge current flow. */
  readonly conducts: readonly (readonly [string, string])[];
  /** Nodes between which heat flows, each joined to the first; default: all that have a temperature port. */
  readonly conductsHeat?: readonly (readonly [string, string])[];
  /** Writes Y, row-major over the ports, into a zeroed array.  @param bias V [V] across a bias-dependent element */
  admittance(medium: Medium, Y: Float64Array, bias: number): void;
  /** The two places among the port values between which the bias of a bias-dependent element stands. */
  readonly biasedBetween?: readonly [number, number];
  /** Spin current given to the lattice [A, charge units] for the potentials at the ports; undefined: none by its law. */
  relaxed?(medium: Medium, potentials: Float64Array): Vector3;
  /**
   * Heat [W] that the currents make and shift at second order, at every port value (0 where it is none); default: what the other
   * ports take up, in equal parts at the temperature ports.
   */
  heating?(medium: Medium, potentials: Float64Array, fluxes: Float64Array, out: Float64Array): void;
  /** Scale of the spin current that the element's own charge-to-spin conversion drives [A]; for judging round-off. */
  converted?(medium: Medium, potentials: Float64Array): number;
}

export const portWidth = (port: Port): number => (port.kind === "spin" || port.kind === "magnet" ? 3 : 1);

export const chargePort = (node: string): Port => ({ kind: "charge", node });
export const spinPort = (node: string): Port => ({ kind: "spin", node });
export const temperaturePort = (node: string): Port => ({ kind: "temperature", node });
export const magnonPort = (node: string): Port => ({ kind: "magnons", node });
export const magnetPort = (magnet: string): Port => ({ kind: "magnet", magnet });
