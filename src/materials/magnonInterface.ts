import { checkNumber, POSITIVE } from "../checks.ts";
import { E_CHARGE, E2_H, GAMMA, HBAR, K_B } from "../constants.ts";

/** What thermal magnons of a magnet with ω = D k²/ħ are like, for the conductances of its surface. */
export interface ThermalMagnons {
  /** Spin-wave stiffness D [J m²]. */
  readonly stiffness: number;
  /** [K] */
  readonly temperature: number;
}

const ZETA_3_2 = 2.612375348685488;
const ZETA_5_2 = 1.341487257250917;

/** Thermal de Broglie length of magnons, √(4πD/k_B T) [m]. */
export const magnonWavelength = ({ stiffness, temperature }: ThermalMagnons): number => {
  checkNumber("stiffness", stiffness, POSITIVE, "J m²");
  checkNumber("temperature", temperature, POSITIVE, "K");
  return Math.sqrt((4 * Math.PI * stiffness) / (K_B * temperature));
};

/** Magnetic coherence volume V_a = (2/3ζ(5/2)) Λ³ [m³]; Xiao, Bauer, Uchida, Saitoh, Maekawa, PRB 81, 214418 (2010). */
export const magneticCoherenceVolume = (magnons: ThermalMagnons): number =>
  (2 / (3 * ZETA_5_2)) * magnonWavelength(magnons) ** 3;

/**
 * Interfacial spin Seebeck coefficient L_s = γħ g_r k_B/(2π Ms V_a) [J/(m² K)] of a surface with a mixing conductance [S/m²]; Xiao et
 * al., as above.
 */
export const spinSeebeckConductance = (
  mixingConductance: number,
  saturationMagnetization: number,
  magnons: ThermalMagnons,
): number =>
  (GAMMA * HBAR * (mixingConductance / E2_H) * K_B) /
  (2 * Math.PI * saturationMagnetization * magneticCoherenceVolume(magnons));

/**
 * Magnon conductance G_s = (3ζ(3/2)/2π s Λ³) G_r [S/m²] of a surface with a mixing conductance [S/m²], s [1/m³] being the spin
 * density S/a³ in units of ħ; Cornelissen, Peters, Bauer, Duine, van Wees, PRB 94, 014412 (2016).
 */
export const magnonConductance = (mixingConductance: number, spinDensity: number, magnons: ThermalMagnons): number =>
  ((3 * ZETA_3_2) / (2 * Math.PI * spinDensity * magnonWavelength(magnons) ** 3)) * mixingConductance;

/**
 * Bulk spin Seebeck coefficient S_m = (5ζ(5/2)/2ζ(3/2)) k_B/e = 0.11 mV/K of magnons with ω ∝ k², no gap, and one relaxation time for
 * all: their mean energy per temperature, weighted as their conductivity is.  Derived from the Boltzmann equation as set up by
 * Cornelissen et al., PRB 94, 014412 (2016); a relaxation that depends on energy changes the factor.
 */
export const magnonSeebeckCoefficient = (): number => ((5 * ZETA_5_2) / (2 * ZETA_3_2)) * (K_B / E_CHARGE);
