import { addAxial, overAxial, timesAxial } from "../algebra/axial.ts";
import { cross, scale, type Vector3 } from "../algebra/vector.ts";
import { GAMMA, HBAR_2E, HBAR_E } from "../constants.ts";
import type { Ferromagnet } from "../materials/material.ts";
import { latticeRelaxation, magnetAbsorption } from "./conductor.ts";

/**
 * A moving magnetization is to spin what a battery is to charge: every transverse sink of spin sees φ_s − φ_pump, with
 *
 *   φ_pump = (ħ/e) m × dm/dt   [V].
 *
 * Through a mixing conductance this is the pumped current (ħ/e)[Re G m×ṁ + Im G ṁ] of Tserkovnyak, Brataas, Bauer,
 * PRL 88, 117601 (2002); it is the Onsager partner of the torque below.
 * @param m unit magnetization
 * @param rate dm/dt [rad/s]
 */
export const pumpedSpinVoltage = (m: Vector3, rate: Vector3): Vector3 => scale(cross(m, rate), HBAR_E);

/**
 * What an absorbed spin current does: dm/dt = −(γħ/2e) I_s/(Ms V).  The minus sign stands because a magnet's angular
 * momentum is −(Ms/γ) m and I_s counts moments in charge units.
 * @param moment Ms V [A m²]
 * @returns rate per spin current [1/(A s)]
 */
export const torquePerSpinCurrent = (moment: number): number => (-GAMMA * HBAR_2E) / moment;

/**
 * What a uniformly moving magnet loses to the lattice through its own conduction electrons, as a Gilbert damping:
 * α = (γħ/2e Ms)(ħ/e) Re[Γ_magnet Γ_lattice/(Γ_magnet + Γ_lattice)].  The damping of a material, measured, holds this share; a
 * smaller number contradicts the material's own transport.
 * The two-current form of Zhang and Li, PRL 93, 127204 (2004).
 */
export function conductionDamping(material: Ferromagnet): number {
  const magnet = magnetAbsorption(material);
  const lattice = latticeRelaxation(material);
  const series = timesAxial(magnet, overAxial(lattice, addAxial(magnet, lattice)));
  return ((GAMMA * HBAR_2E * HBAR_E) / material.saturationMagnetization) * series.across.re;
}
