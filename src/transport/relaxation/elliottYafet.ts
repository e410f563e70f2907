import { checkChoice, checkKeys, checkNumber, InputError, POSITIVE } from "../../checks.ts";
import type { SpinDiffusion } from "./dyakonovPerel.ts";

/**
 * Elliott and Yafet's mechanism: states mix both spins, so that every collision flips one with a small probability, 1/τ_s = p/τ.
 * The spin diffusion length is then a fixed number of mean free paths, λ = ℓ/√(d p), where Dyakonov and Perel's does not know the
 * collisions: a series in mobility tells the two apart.
 *
 * R. J. Elliott, Phys. Rev. 96, 266 (1954); Y. Yafet, Solid State Physics 14, 1 (1963).
 */
export interface ElliottYafetOptions {
  /** p: relaxation per collision, ~ (spin–orbit splitting over band gap)². */
  readonly flipProbability: number;
  /** v_F [m/s]. */
  readonly fermiVelocity: number;
  /** τ [s]. */
  readonly scatteringTime: number;
  /** d, dimensions in which electrons move; default 3. */
  readonly dimensions?: 2 | 3;
}

/** Diffusivity and spin diffusion length: parameters for a conductor. */
export function elliottYafet(options: ElliottYafetOptions): SpinDiffusion {
  checkKeys("elliottYafet", options, ["flipProbability", "fermiVelocity", "scatteringTime", "dimensions"]);
  const { flipProbability, fermiVelocity, scatteringTime, dimensions = 3 } = options;
  checkNumber("flipProbability", flipProbability, { min: 0, max: 1, open: "min" });
  checkNumber("fermiVelocity", fermiVelocity, POSITIVE, "m/s");
  checkNumber("scatteringTime", scatteringTime, POSITIVE, "s");
  checkChoice("dimensions", `${dimensions}`, ["2", "3"]);
  const diffusivity = (fermiVelocity ** 2 * scatteringTime) / dimensions;
  return { diffusivity, spinDiffusionLength: Math.sqrt((diffusivity * scatteringTime) / flipProbability) };
}

/** The same electrons: two ways to the same diffusivity differ by round-off. */
const ALIKE = 1e-9;

/**
 * Several mechanisms at once: rates add.
 * @throws InputError when they are not of one diffusivity, and so not of one conductor
 */
export function together(...mechanisms: readonly [SpinDiffusion, ...SpinDiffusion[]]): SpinDiffusion {
  const [{ diffusivity }] = mechanisms;
  for (const [i, one] of mechanisms.entries()) {
    checkNumber(`mechanism ${i + 1}: diffusivity`, one.diffusivity, POSITIVE, "m²/s");
    checkNumber(
      `mechanism ${i + 1}: spinDiffusionLength`,
      one.spinDiffusionLength,
      { ...POSITIVE, infinite: true },
      "m",
    );
    if (Math.abs(one.diffusivity - diffusivity) > ALIKE * diffusivity)
      throw new InputError(
        `mechanism ${i + 1}: diffusivity`,
        one.diffusivity,
        `that of the first, ${diffusivity} m²/s`,
      );
  }
  const rate = mechanisms.reduce((sum, one) => sum + diffusivity / one.spinDiffusionLength ** 2, 0);
  return { diffusivity, spinDiffusionLength: Math.sqrt(diffusivity / rate) };
}
