import { checkChoice, checkKeys, checkNumber, FINITE, InputError, POSITIVE } from "../checks.ts";
import type { Texture } from "./textures.ts";

/** +1 or −1. */
export type Sign = 1 | -1;

export interface VortexOptions {
  /** m_z in the middle; +1 by default. */
  readonly polarity?: Sign;
  /** Where m_z has fallen to zero [m]; 10 nm by default, some two exchange lengths of permalloy. */
  readonly coreRadius?: number;
}

/** A vortex about the z axis. @param options circulation: +1 (default) counter-clockwise seen from +z, −1 clockwise */
export function vortex(options: VortexOptions & { readonly circulation?: Sign } = {}): Texture {
  checkKeys("vortex", options, ["polarity", "coreRadius", "circulation"]);
  const { circulation = 1, ...core } = options;
  return swirl("vortex", 1, (checkSign("vortex: circulation", circulation) * Math.PI) / 2, core);
}

/** A vortex whose m points along the radius. @param options direction: +1 (default) outwards, −1 inwards */
export function radialVortex(options: VortexOptions & { readonly direction?: Sign } = {}): Texture {
  checkKeys("radialVortex", options, ["polarity", "coreRadius", "direction"]);
  const { direction = 1, ...core } = options;
  return swirl("radialVortex", 1, checkSign("radialVortex: direction", direction) === 1 ? 0 : Math.PI, core);
}

/**
 * An antivortex: m turns backwards along a circle about the z axis.
 * @param options angle: of m to +x where the circle crosses +x [rad]; 0 by default: outwards along x, inwards along y
 */
export function antivortex(options: VortexOptions & { readonly angle?: number } = {}): Texture {
  checkKeys("antivortex", options, ["polarity", "coreRadius", "angle"]);
  const { angle = 0, ...core } = options;
  return swirl("antivortex", -1, checkNumber("antivortex: angle", angle, FINITE, "rad"), core);
}

/**
 * In-plane angle w φ + γ, and m_z = p (b² − r²)/(b² + r²) within the core radius b (Usov, Peschany, J. Magn. Magn. Mater. 118, L290
 * (1993)), 0 outside.  Its topological charge is w p/2.
 */
function swirl(what: string, winding: number, gamma: number, core: VortexOptions): Texture {
  const { polarity = 1, coreRadius: b = 10e-9 } = core;
  checkSign(`${what}: polarity`, polarity);
  checkNumber(`${what}: coreRadius`, b, POSITIVE, "m");
  return (x, y) => {
    const r = Math.hypot(x, y);
    const mz = r < b ? (polarity * (b * b - r * r)) / (b * b + r * r) : 0;
    const inPlane = r < b ? (2 * b * r) / (b * b + r * r) : 1;
    const angle = winding * Math.atan2(y, x) + gamma;
    return [inPlane * Math.cos(angle), inPlane * Math.sin(angle), mz];
  };
}

export interface SkyrmionOptions {
  /** Néel: m turns along the radius; Bloch: across it. */
  readonly kind: "Néel" | "Bloch";
  /** Where m_z = 0 [m]. */
  readonly radius: number;
  /** Δ of the wall around it [m]; a quarter of the radius by default. */
  readonly wallWidth?: number;
  /** m_z in the middle; −1 by default, in a film magnetized up. */
  readonly polarity?: Sign;
  /** In the wall, where it crosses +x, m points outwards (Néel) or counter-clockwise (Bloch): +1, the default; −1 the opposite. */
  readonly chirality?: Sign;
  /** +1; −1 makes an antiskyrmion. */
  readonly winding?: Sign;
}

/**
 * A skyrmion about the z axis, Θ = 2 arctan[sinh(R/Δ)/sinh(r/Δ)] from the background (Wang, Yuan, Wang, Commun. Phys. 1, 31 (2018), eq. 3).
 * Its topological charge (1/4π)∫ m·(∂x m × ∂y m) is polarity × winding.
 */
export function skyrmion(options: SkyrmionOptions): Texture {
  checkKeys("skyrmion", options, ["kind", "radius", "wallWidth", "polarity", "chirality", "winding"]);
  const { kind, radius: R, wallWidth: width = R / 4, polarity = -1, chirality = 1, winding = 1 } = options;
  checkChoice("skyrmion: kind", kind, ["Néel", "Bloch"]);
  checkNumber("skyrmion: radius", R, POSITIVE, "m");
  checkNumber("skyrmion: wallWidth", width, POSITIVE, "m");
  checkSign("skyrmion: polarity", polarity);
  checkSign("skyrmion: winding", winding);
  const gamma = (kind === "Néel" ? 0 : Math.PI / 2) + (checkSign("skyrmion: chirality", chirality) === 1 ? 0 : Math.PI);
  return (x, y) => {
    const r = Math.hypot(x, y);
    // sinh(R/Δ)/sinh(r/Δ), without the overflow of either.
    const ratio = (Math.exp((R - r) / width) * -Math.expm1((-2 * R) / width)) / -Math.expm1((-2 * r) / width);
    const theta = r === 0 ? Math.PI : 2 * Math.atan(ratio);
    const angle = winding * Math.atan2(y, x) + gamma;
    return [Math.sin(theta) * Math.cos(angle), Math.sin(theta) * Math.sin(angle), -polarity * Math.cos(theta)];
  };
}

export function checkSign(parameter: string, value: unknown): Sign {
  if (value !== 1 && value !== -1) throw new InputError(parameter, value, "1 or -1");
  return value;
}
