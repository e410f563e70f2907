import { complex } from "../../algebra/complex.ts";
import { solveDense, symmetricEigen } from "../../algebra/dense.ts";
import { norm, type Vector3 } from "../../algebra/vector.ts";
import { checkVector, InputError } from "../../checks.ts";
import { flightsOf, meanResolvent } from "./flights.ts";
import { fermiVelocity, type TwoDimensionalGas } from "./spinOrbitField.ts";

/**
 * How fast a steady spin density relaxes [1/s], as a symmetric 3 × 3 matrix, row-major: generation per density at rest, for any Ωτ.
 * With the diffusivity v_F²τ/2 its eigenvalues give the spin diffusion lengths of densities that vary slowly.
 * @param scatteringTime τ [s]
 * @throws InputError where Ωτ of a field that changes with direction is some thousands
 */
export function spinRelaxationRates(gas: TwoDimensionalGas, scatteringTime: number): Float64Array {
  const flights = flightsOf(gas, { scatteringTime });
  const resolvent = meanResolvent(flights, complex(1));
  if (resolvent === undefined)
    throw new InputError("scatteringTime", scatteringTime, "times in which spins turn less than some thousand rad");
  // ⟨S⟩ = M(⟨S⟩ + τ generation): generation = (M⁻¹ − 1)⟨S⟩/τ.
  const rates = Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1);
  solveDense(Float64Array.from(resolvent.value.re), rates, 3, 3);
  return rates.map((value, i) => {
    const mirrored = rates[3 * (i % 3) + Math.floor(i / 3)];
    return ((value + mirrored) / 2 - (i % 4 === 0 ? 1 : 0)) / flights.tau;
  });
}

/** Rates [1/s] of the three principal axes, smallest first. */
export const principalRates = (gas: TwoDimensionalGas, scatteringTime: number): number[] =>
  Array.from(symmetricEigen(spinRelaxationRates(gas, scatteringTime), 3).values).sort((a, b) => a - b);

/** What a conductor needs to know of its spins. */
export interface SpinDiffusion {
  /** D [m²/s]. */
  readonly diffusivity: number;
  /** √(D τ_s) [m]. */
  readonly spinDiffusionLength: number;
}

const AXES: Readonly<Record<string, Vector3>> = { x: [1, 0, 0], y: [0, 1, 0], z: [0, 0, 1] };

/**
 * Diffusivity and spin diffusion length of a gas by Dyakonov and Perel's mechanism, for spins along one axis: parameters for a
 * conductor.
 * @param axis of the spin, by name or as a vector of any length; the rate along it is read
 */
export function dyakonovPerel(
  gas: TwoDimensionalGas,
  scatteringTime: number,
  axis: "x" | "y" | "z" | Vector3,
): SpinDiffusion {
  const along = typeof axis === "string" ? AXES[axis] : checkVector("axis", axis);
  if (along === undefined || norm(along) === 0) throw new InputError("axis", axis, '"x", "y", "z" or a vector');
  const rates = spinRelaxationRates(gas, scatteringTime);
  const rate = rates.reduce((sum, r, i) => sum + r * along[i % 3] * along[Math.floor(i / 3)], 0) / norm(along) ** 2;
  const diffusivity = (fermiVelocity(gas) ** 2 * scatteringTime) / 2;
  // Where spins along an axis do not relax, what is left is round-off of 1/τ.
  const isAtRest = rate * scatteringTime < 16 * Number.EPSILON;
  return { diffusivity, spinDiffusionLength: isAtRest ? Number.POSITIVE_INFINITY : Math.sqrt(diffusivity / rate) };
}
