import { checkNumber, POSITIVE } from "../../checks.ts";
import type { SpinDiffusion } from "./dyakonovPerel.ts";

/**
 * Elliott and Yafet's mechanism: states mix both spins, so that every collision flips one with a small probability, 1/τ_s = p/τ.
 * The spin diffusion length is then a fixed number of mean free paths, λ = ℓ/√(d p), where Dyakonov and Perel's does not know the
 * collisions: a series in mobility tells the two apart.
 *
 * R. J. Elliott, Phys. Rev. 96, 266 (1954); Y. Yafet, Solid State Physics 14, 1 (1963).
 */
export interface ElliottYafetOptions {
  /** p: spin flips per collision, ~ (spin–orbit splitting over band gap)². */
  readonly flipProbability: number;
  /** v_F [m/s]. */
  readonly fermiVelocity: number;
  /** τ [s]. */
  readonly scatteringTime: number;
  /** Dimensions in which electrons move; default 3. */
  readonly dimensions?: 2 | 3;
}

/** Diffusivity and spin diffusion length: parameters for a conductor. */
export function elliottYafet(options: ElliottYafetOptions): SpinDiffusion {
  const { flipProbability, fermiVelocity, scatteringTime, dimensions = 3 } = options;
  checkNumber("flipProbability", flipProbability, { min: 0, max: 1, open: "min" });
  checkNumber("fermiVelocity", fermiVelocity, POSITIVE, "m/s");
  checkNumber("scatteringTime", scatteringTime, POSITIVE, "s");
  const diffusivity = (fermiVelocity ** 2 * scatteringTime) / dimensions;
  return { diffusivity, spinDiffusionLength: Math.sqrt((diffusivity * scatteringTime) / flipProbability) };
}

/** Both mechanisms at once: rates add, at one diffusivity. */
export function together(...mechanisms: readonly [SpinDiffusion, ...SpinDiffusion[]]): SpinDiffusion {
  const [{ diffusivity }] = mechanisms;
  const rate = mechanisms.reduce((sum, one) => sum + one.diffusivity / one.spinDiffusionLength ** 2, 0);
  return { diffusivity, spinDiffusionLength: Math.sqrt(diffusivity / rate) };
}
