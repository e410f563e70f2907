import type { Vector3 } from "../algebra/vector.ts";

/**
 * Where an element touches the rest: the voltage of a node, its spin accumulation (three numbers), or a magnet, whose
 * "potential" is the spin voltage (ħ/e) m × ṁ that its motion pumps and whose current is the spin it absorbs as torque.
 */
export type Port =
  | { readonly kind: "charge"; readonly node: string }
  | { readonly kind: "spin"; readonly node: string }
  | { readonly kind: "magnet"; readonly magnet: string };

/** What an element's law depends on besides its own numbers. */
export interface Medium {
  /** Unit magnetization of a magnet. */
  magnetization(magnet: string): Vector3;
  /** Flux density B [T]. */
  readonly field: Vector3;
}

/**
 * A piece of a network that answers linearly: flux = Y · potential.
 *
 * Potentials are V and φ_s [V]; fluxes, counted into the element, are I [A] and I_s/2 [A], the flux conjugate to φ_s, so that
 * uᵀ Y u is the power the element takes up.  Spin rows and columns are three wide.
 */
export interface Element {
  readonly name: string;
  readonly ports: readonly Port[];
  /** Whether Y changes with the magnetizations or the field. */
  readonly dependsOn: { readonly magnetization: boolean; readonly field: boolean };
  /** Pairs of nodes between which the element lets a charge current flow. */
  readonly conducts: readonly (readonly [string, string])[];
  /** Writes Y, row-major over the ports, into a zeroed array.  @param bias V [V] across a bias-dependent element */
  admittance(medium: Medium, Y: Float64Array, bias: number): void;
  /** The two places among the port values between which the bias of a bias-dependent element stands. */
  readonly biasedBetween?: readonly [number, number];
  /** Spin current given to the lattice [A, charge units] for the potentials at the ports; undefined: none by its law. */
  relaxed?(medium: Medium, potentials: Float64Array): Vector3;
  /** Scale of the spin current that the element's own charge-to-spin conversion drives [A]; for judging round-off. */
  converted?(medium: Medium, potentials: Float64Array): number;
}

export const portWidth = (port: Port): number => (port.kind === "charge" ? 1 : 3);

export const chargePort = (node: string): Port => ({ kind: "charge", node });
export const spinPort = (node: string): Port => ({ kind: "spin", node });
export const magnetPort = (magnet: string): Port => ({ kind: "magnet", magnet });
