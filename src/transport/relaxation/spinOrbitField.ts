import type { Vector3 } from "../../algebra/vector.ts";
import { checkKeys, checkNumber, FINITE, POSITIVE } from "../../checks.ts";
import { HBAR } from "../../constants.ts";

/**
 * The precession that spin–orbit coupling gives the electrons of a Fermi circle: dS/dt = Ω(θ) × S for a wavevector k_F (cos θ, sin θ),
 * as its first and third harmonics [rad/s].  Odd harmonics only: time reversal turns k and Ω round.
 */
export interface SpinOrbitField {
  readonly cos: Vector3;
  readonly sin: Vector3;
  readonly cos3: Vector3;
  readonly sin3: Vector3;
}

/** Electrons of one parabolic band, filled up to an energy beside which the spin splitting is small: one Fermi circle for both spins. */
export interface TwoDimensionalGas {
  /** Effective mass [kg]. */
  readonly mass: number;
  /** [1/m] */
  readonly fermiWavevector: number;
  /** α_R of α_R (k_y σ_x − k_x σ_y) [J m]; 1 eV Å is 1.6e-29 J m. */
  readonly rashba?: number;
  /** β of β (k_x σ_x − k_y σ_y), x and y being cubic axes [J m]. */
  readonly dresselhaus?: number;
  /** γ of the cubic part: γ k_x k_y (k_y σ_x − k_x σ_y) less the share that it adds to β [J m³]. */
  readonly cubicDresselhaus?: number;
}

/** k_F = √(2πn) of n electrons per area [1/m²], two to a state. */
export const wavevectorOfDensity = (density: number): number =>
  Math.sqrt(2 * Math.PI * checkNumber("density", density, POSITIVE, "1/m²"));

/** k_F = √(2mE_F)/ħ of a Fermi energy [J]. */
export const wavevectorOfEnergy = (mass: number, energy: number): number =>
  Math.sqrt(2 * checkNumber("mass", mass, POSITIVE, "kg") * checkNumber("energy", energy, POSITIVE, "J")) / HBAR;

/** v_F = ħk_F/m [m/s]. */
export const fermiVelocity = ({ mass, fermiWavevector }: TwoDimensionalGas): number => (HBAR * fermiWavevector) / mass;

/**
 * Ω(θ) = (2/ħ) times what stands with σ/1 in the Hamiltonian: Rashba's turns with |Ω| = 2α_R k_F/ħ.
 * The cubic part γ(k_x k_y² σ_x − k_y k_x² σ_y) is −(γk_F³/4)(cos 3θ σ_x + sin 3θ σ_y) besides (γk_F³/4)(cos θ σ_x − sin θ σ_y), which
 * counts to β.
 */
export function spinOrbitField(gas: TwoDimensionalGas): SpinOrbitField {
  checkGas(gas);
  const { fermiWavevector: k, rashba = 0, dresselhaus = 0, cubicDresselhaus = 0 } = gas;
  const perEnergy = 2 / HBAR;
  const [alpha, beta, gamma] = [
    perEnergy * rashba * k,
    perEnergy * (dresselhaus + (cubicDresselhaus * k ** 2) / 4) * k,
    (-perEnergy * cubicDresselhaus * k ** 3) / 4,
  ];
  return {
    cos: [beta, -alpha, 0],
    sin: [alpha, -beta, 0],
    cos3: [gamma, 0, 0],
    sin3: [0, gamma, 0],
  };
}

/** Ω at an angle [rad/s]. */
export function precessionAt({ cos, sin, cos3, sin3 }: SpinOrbitField, angle: number): Vector3 {
  const [c, s, c3, s3] = [Math.cos(angle), Math.sin(angle), Math.cos(3 * angle), Math.sin(3 * angle)];
  const component = (a: 0 | 1 | 2): number => c * cos[a] + s * sin[a] + c3 * cos3[a] + s3 * sin3[a];
  return [component(0), component(1), component(2)];
}

function checkGas(gas: TwoDimensionalGas): void {
  checkKeys("gas", gas, ["mass", "fermiWavevector", "rashba", "dresselhaus", "cubicDresselhaus"]);
  checkNumber("gas: mass", gas.mass, POSITIVE, "kg");
  checkNumber("gas: fermiWavevector", gas.fermiWavevector, POSITIVE, "1/m");
  for (const [key, unit] of [
    ["rashba", "J m"],
    ["dresselhaus", "J m"],
    ["cubicDresselhaus", "J m³"],
  ] as const) {
    if (gas[key] !== undefined) checkNumber(`gas: ${key}`, gas[key], FINITE, unit);
  }
}
