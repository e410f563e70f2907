/**
 * Physical constants, SI.  Source: CODATA 2018 (exact since the 2019 redefinition where noted).
 */

/** Elementary charge e > 0 [C], exact; the electron carries −e. */
export const E_CHARGE = 1.602176634e-19;
/** Reduced Planck constant ħ [J s], exact. */
export const HBAR = 1.054571817e-34;
/** Boltzmann constant [J/K], exact. */
export const K_B = 1.380649e-23;
/** Vacuum permeability μ0 [T m/A]. */
export const MU0 = 1.25663706212e-6;
/** Bohr magneton μB [J/T]. */
export const MU_B = 9.2740100783e-24;
/** Electron gyromagnetic ratio γ > 0 [rad/(s T)]. */
export const GAMMA = 1.76085963023e11;
/** γ0 = μ0 γ [m/(A s)]: precession rate per field H. */
export const GAMMA0 = MU0 * GAMMA;
/** ħ/2e [J s/C]: angular-momentum flux per spin current in charge units, Q = (ħ/2e) j_s. */
export const HBAR_2E = HBAR / (2 * E_CHARGE);
/** ħ/e [V s]: spin voltage per angular velocity, the pumped φ_s of a magnet turning at ω is (ħ/e) ω. */
export const HBAR_E = HBAR / E_CHARGE;
/** Conductance quantum per spin e²/h [S]: G = (e²/h) g, with no factor 2. */
export const E2_H = E_CHARGE ** 2 / (2 * Math.PI * HBAR);
/** Lorenz number L₀ = (π²/3)(k_B/e)² [W Ω/K²] of degenerate electrons. */
export const LORENZ = ((Math.PI * K_B) / E_CHARGE) ** 2 / 3;
