import { E_CHARGE, HBAR } from "../constants.ts";
import type { InterfaceParameters } from "../materials/material.ts";
import { AMBIENT_TEMPERATURE } from "./conductor.ts";

/**
 * What thermal magnons exchange with a metal through the surface of a magnet, beside what the mixing conductance takes across m.
 * Per area, from the magnons (φ_m, T_m) to the metal (m·φ_s, T), in conjugate fluxes:
 *
 *   j/2   = (G_s/2) Δφ + (e/ħ) L_s ΔT
 *   q/T₀  = (e/ħ) L_s Δφ + (G_m/T₀ + 2 (e L_s/ħ)²/G_s) ΔT,      Δφ = φ_m − m·φ_s,   ΔT = T_m − T.
 *
 * L_s is the interfacial spin Seebeck coefficient of Xiao, Bauer, Uchida, Saitoh, Maekawa, PRB 81, 214418 (2010), as angular
 * momentum along m: the magnons lose (ħ/2e) j = L_s ΔT.  Its partner in the second line is the spin Peltier effect.  G_s is the
 * magnon conductance of Cornelissen et al., PRB 94, 014412 (2016); G_m is the heat conductance at j = 0, which makes the matrix
 * positive whatever the numbers.
 */
export interface MagnonContactLaw {
  /** G_s/2 [S/m²]. */
  readonly magnons: number;
  /** (e/ħ) L_s [A/(m² K)]. */
  readonly seebeck: number;
  /** [W/(m² K²)] */
  readonly heat: number;
}

export function magnonContactLaw(
  parameters: Pick<InterfaceParameters, "magnonConductance" | "spinSeebeckConductance" | "magnonHeatConductance">,
  temperature = AMBIENT_TEMPERATURE,
): MagnonContactLaw {
  const { magnonConductance = 0, spinSeebeckConductance = 0, magnonHeatConductance = 0 } = parameters;
  const seebeck = (E_CHARGE / HBAR) * spinSeebeckConductance;
  const carried = seebeck === 0 ? 0 : (2 * seebeck ** 2) / magnonConductance;
  return { magnons: magnonConductance / 2, seebeck, heat: magnonHeatConductance / temperature + carried };
}
