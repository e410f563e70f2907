import { cross, scale, type Vector3 } from "../algebra/vector.ts";
import { GAMMA, HBAR_2E, HBAR_E } from "../constants.ts";

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
