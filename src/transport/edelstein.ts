import { checkKeys, checkNumber, FINITE, InputError, POSITIVE } from "../checks.ts";
import { E_CHARGE, HBAR } from "../constants.ts";

/**
 * A two-dimensional conductor whose spin–orbit field ties current to spin, with normal n:
 *
 *   spin that leaves per area   j_out = Γ (2λ n × E − φ)
 *   sheet current               K     = σ₀ E + λΓ φ × n
 *
 * φ [V] is the spin accumulation of the sheet, the full difference; the sheet's spin angular momentum is along φ, its moment against it
 * (φ_s = −μ_s/e).  One λ serves both lines: charge is even and spin odd under time reversal, so that the cross terms are antisymmetric
 * and do no work; what is lost is σ₀E² + Γφ²/2.  Left alone, a
 * sheet has φ = 2λ n × E, the Edelstein effect, and conducts σ₀ + 2λ²Γ; spin that is put in gives K = λ j_s × n, the inverse effect.
 *
 * Edelstein, Solid State Commun. 73, 233 (1990); Shen, Vignale, Raimondi, PRL 112, 096601 (2014) for the pair;
 * Rojas-Sánchez et al., Nat. Commun. 4, 2944 (2013) for λ.
 */
export interface SheetLaw {
  /** σ₀ [S]: sheet conductance at φ = 0. */
  readonly conductance: number;
  /** λ [m], also λ_IEE; positive: spins along n × E and moments against it, as platinum below sends to a magnet. */
  readonly edelsteinLength: number;
  /** Γ in the plane and along n [S/m²]. */
  readonly relaxation: number;
  readonly relaxationNormal: number;
  /** Spin in charge units per φ [F/m²]: Γ times its lifetime. */
  readonly spinCapacitance: number;
}

export interface RashbaOptions {
  /** α_R of H = α_R (k_y σ_x − k_x σ_y) [J m]; 1 eV Å is 1.6e-29 J m. */
  readonly rashba: number;
  /** Effective mass [kg]. */
  readonly mass: number;
  /** Momentum lifetime of elastic, isotropic scattering [s]. */
  readonly scatteringTime: number;
  /** k_F without splitting [1/m]. */
  readonly fermiWavevector: number;
}

/** Beyond this share of the Fermi velocity, α_R/ħ, the two subbands no longer have one density of states. */
const LARGEST_SPLITTING = 0.5;

/**
 * The sheet of a Rashba gas, both subbands filled.
 *
 * λ = −α_R τ/ħ: electrons that drift along −x have their spins along −y, their moments along y = n × J.  Spin relaxes by precession in flight; at rest, isotropic scattering in between and Ω = 2α_R k_F/ħ give exactly
 * 1/τ_s = (1/τ) (Ωτ)²/(2 + (Ωτ)²) in the plane and Ω²τ along the normal, for any Ωτ.
 * @throws InputError for a splitting beyond half of the Fermi energy's
 */
export function rashbaSheet(options: RashbaOptions): SheetLaw {
  checkKeys("rashbaSheet", options, ["rashba", "mass", "scatteringTime", "fermiWavevector"]);
  const { rashba, mass, scatteringTime: tau, fermiWavevector } = options;
  checkNumber("rashba", rashba, FINITE, "J m");
  checkNumber("mass", mass, POSITIVE, "kg");
  checkNumber("scatteringTime", tau, POSITIVE, "s");
  checkNumber("fermiWavevector", fermiWavevector, POSITIVE, "1/m");
  const velocity = (HBAR * fermiWavevector) / mass;
  if (Math.abs(rashba) > LARGEST_SPLITTING * HBAR * velocity) {
    throw new InputError(
      "rashba",
      rashba,
      `|α_R| ≤ ${(LARGEST_SPLITTING * HBAR * velocity).toExponential(3)} J m at this Fermi velocity`,
      "A larger splitting leaves one subband empty",
    );
  }
  const states = mass / (2 * Math.PI * HBAR ** 2);
  const turned = ((2 * rashba * fermiWavevector) / HBAR) * tau;
  const rate = turned ** 2 / (2 + turned ** 2) / tau;
  const spinCapacitance = E_CHARGE ** 2 * states;
  const edelsteinLength = (-rashba * tau) / HBAR;
  const relaxation = spinCapacitance * rate;
  const total = E_CHARGE ** 2 * states * velocity ** 2 * tau;
  return {
    conductance: total - 2 * edelsteinLength ** 2 * relaxation,
    edelsteinLength,
    relaxation,
    relaxationNormal: (spinCapacitance * turned ** 2) / tau,
    spinCapacitance,
  };
}

export interface TopologicalSurfaceOptions {
  /** v_F of H = ħ v_F (σ × k)·n [m/s]. */
  readonly fermiVelocity: number;
  /** Momentum lifetime [s]. */
  readonly scatteringTime: number;
  /** k_F [1/m]. */
  readonly fermiWavevector: number;
}

/**
 * The surface of a topological insulator, n pointing out of it.  Spin and momentum are one, so that all current is spin: σ₀ = 0,
 * and the spin density is ħK/(2e v_F) whatever is attached.  In H = ħ v_F (σ × k)·n the spins are along n × K, their moments against
 * it: λ = v_F τ.
 */
export function topologicalSurface(options: TopologicalSurfaceOptions): SheetLaw {
  checkKeys("topologicalSurface", options, ["fermiVelocity", "scatteringTime", "fermiWavevector"]);
  const { fermiVelocity, scatteringTime, fermiWavevector } = options;
  checkNumber("fermiVelocity", fermiVelocity, POSITIVE, "m/s");
  checkNumber("scatteringTime", scatteringTime, POSITIVE, "s");
  checkNumber("fermiWavevector", fermiWavevector, POSITIVE, "1/m");
  const total = (E_CHARGE ** 2 * fermiWavevector * fermiVelocity * scatteringTime) / (4 * Math.PI * HBAR);
  const edelsteinLength = fermiVelocity * scatteringTime;
  const relaxation = total / (2 * edelsteinLength ** 2);
  return {
    conductance: 0,
    edelsteinLength,
    relaxation,
    // No state of the surface holds spin along n; what arrives there is gone within a flight.
    relaxationNormal: relaxation,
    spinCapacitance: relaxation * scatteringTime,
  };
}

/** Throws an InputError for numbers that are none, and for a sheet that would make energy. */
export function checkSheet(name: string, law: SheetLaw): void {
  checkKeys(name, law, ["conductance", "edelsteinLength", "relaxation", "relaxationNormal", "spinCapacitance"]);
  checkNumber(`${name}: conductance`, law.conductance, { min: 0 }, "S");
  checkNumber(`${name}: edelsteinLength`, law.edelsteinLength, FINITE, "m");
  checkNumber(`${name}: relaxation`, law.relaxation, { min: 0 }, "S/m²");
  checkNumber(`${name}: relaxationNormal`, law.relaxationNormal, { min: 0 }, "S/m²");
  checkNumber(`${name}: spinCapacitance`, law.spinCapacitance, { min: 0 }, "F/m²");
}
