import { type Axial, axial } from "../algebra/axial.ts";
import type { InterfaceParameters } from "../materials/material.ts";

/**
 * The contact between a magnet F and a normal metal N in magnetoelectronic circuit theory (Brataas, Nazarov, Bauer,
 * PRL 84, 2481 (2000)).  With Δ = (F side) − (N side) and currents F → N per area:
 *
 *   J      = (G↑ + G↓) ΔV + (G↑ − G↓)/2 m·Δφ_s
 *   m·j_s  = (G↑ − G↓) ΔV + (G↑ + G↓)/2 m·Δφ_s
 *   j_⊥ N → F = mixing (φ_s − φ_pump),   mixing = Re G↑↓ m×(φ_s×m) + Im G↑↓ φ_s×m,  absorbed as torque.
 */
export interface ContactLaw {
  /** G↑ + G↓ [S/m²]. */
  readonly charge: number;
  /** G↑ − G↓ [S/m²]. */
  readonly asymmetry: number;
  /** The transverse admittance [S/m²]: nothing along m. */
  readonly mixing: Axial;
}

export function contactLaw(parameters: InterfaceParameters): ContactLaw {
  const { conductanceUp, conductanceDown, mixingConductance, mixingConductanceImaginary = 0 } = parameters;
  return {
    charge: conductanceUp + conductanceDown,
    asymmetry: conductanceUp - conductanceDown,
    // φ × m = −m × φ
    mixing: axial(0, mixingConductance, -mixingConductanceImaginary),
  };
}
