import { add, dot, norm, scale, type Vector3 } from "../algebra/vector.ts";
import { checkChoice, checkKeys, checkNumber, FINITE, InputError, POSITIVE } from "../checks.ts";
import { type Texture, unit } from "./textures.ts";
import { checkSign, type Sign, type VortexOptions, vortex } from "./vortices.ts";

export interface WallPlace {
  /** The wall lies across this axis; "x" by default. */
  readonly axis?: "x" | "y" | "z";
  /** Of the middle of the wall along the axis [m]; 0 by default. */
  readonly position?: number;
  /** Δ of the wall [m]: across its middle m turns by 1/Δ. */
  readonly width: number;
}

/**
 * Two domains and the wall between them, m = left (1 + cos θ)/2 + right (1 − cos θ)/2 + wall sin θ with cos θ = −tanh(s/Δ), s from the
 * middle along the axis: Landau and Lifshitz's profile where the domains are opposite and the wall is across them.
 * @param left direction far on the side of small coordinates
 * @param wall direction that is added in the middle
 * @param right direction far on the side of large coordinates
 * @throws InputError for a wall that cancels the domains somewhere, as one along opposite domains does
 */
export function domains(left: Vector3, wall: Vector3, right: Vector3, place: WallPlace): Texture {
  checkKeys("domains", place, ["axis", "position", "width"]);
  const [l, w, r] = [unit("domains: left", left), unit("domains: wall", wall), unit("domains: right", right)];
  const { axis = "x", position = 0, width } = place;
  const along = "xyz".indexOf(checkChoice("domains: axis", axis, ["x", "y", "z"]));
  checkNumber("domains: position", position, FINITE, "m");
  checkNumber("domains: width", width, POSITIVE, "m");
  if (cancels(l, w, r))
    throw new InputError("domains: wall", wall, "a direction that does not cancel the domains between them");
  return (x, y, z) => {
    const s = ([x, y, z][along] - position) / width;
    const cos = -Math.tanh(s);
    return add(add(scale(l, (1 + cos) / 2), scale(r, (1 - cos) / 2)), scale(w, 1 / Math.cosh(s)));
  };
}

/** Whether m vanishes somewhere: left + u right + 2√u wall = 0 with u = tan²(θ/2); unit lengths leave two u. */
function cancels(left: Vector3, wall: Vector3, right: Vector3): boolean {
  const p = 2 - dot(left, right);
  const u = p + Math.sqrt(Math.max(0, p * p - 1));
  return [u, 1 / u].some((v) => norm(add(add(left, scale(right, v)), scale(wall, 2 * Math.sqrt(v)))) < 1e-6 * (1 + v));
}

export interface WallOptions extends WallPlace {
  /** Bloch and Néel walls part domains along z; in the others m is along the axis and meets in the middle, or parts there. */
  readonly kind: "Bloch" | "Néel" | "head-to-head" | "tail-to-tail";
  readonly axis?: "x" | "y";
  /** m_z of the domain on the left of a Bloch or Néel wall; +1 by default. */
  readonly polarity?: Sign;
  /** Of m in the middle: Néel, along ± the axis; all others, along ± ẑ × axis (+y for a wall across x).  +1 by default. */
  readonly chirality?: Sign;
}

/** A straight wall in a film or a strip. */
export function domainWall(options: WallOptions): Texture {
  checkKeys("domainWall", options, ["kind", "axis", "position", "width", "polarity", "chirality"]);
  const { kind, axis = "x", position = 0, width, polarity = 1, chirality = 1 } = options;
  checkChoice("domainWall: kind", kind, ["Bloch", "Néel", "head-to-head", "tail-to-tail"]);
  checkChoice("domainWall: axis", axis, ["x", "y"]);
  checkNumber("domainWall: position", position, FINITE, "m");
  checkNumber("domainWall: width", width, POSITIVE, "m");
  checkSign("domainWall: polarity", polarity);
  checkSign("domainWall: chirality", chirality);
  const a: Vector3 = axis === "x" ? [1, 0, 0] : [0, 1, 0];
  const across: Vector3 = axis === "x" ? [0, 1, 0] : [-1, 0, 0];
  const perpendicular = kind === "Bloch" || kind === "Néel";
  const left: Vector3 = perpendicular ? [0, 0, polarity] : scale(a, kind === "head-to-head" ? 1 : -1);
  const wall = scale(kind === "Néel" ? a : across, chirality);
  return domains(left, wall, scale(left, -1), { axis, position, width });
}

export interface VortexWallOptions extends VortexOptions {
  readonly kind?: "head-to-head" | "tail-to-tail";
  /** Of the strip, along y [m]; the vortex is as long. */
  readonly stripWidth: number;
  /** Of the vortex: +1 (default) counter-clockwise seen from +z. */
  readonly circulation?: Sign;
}

/**
 * The vortex wall of a wide strip along x: a vortex at the origin between two domains along x (McMichael, Donahue, IEEE Trans. Magn. 33,
 * 4167 (1997)).  m jumps at x = ±stripWidth/2; let it relax.
 */
export function vortexWall(options: VortexWallOptions): Texture {
  checkKeys("vortexWall", options, ["kind", "stripWidth", "circulation", "polarity", "coreRadius"]);
  const { kind = "head-to-head", stripWidth, ...rest } = options;
  checkChoice("vortexWall: kind", kind, ["head-to-head", "tail-to-tail"]);
  checkNumber("vortexWall: stripWidth", stripWidth, POSITIVE, "m");
  const middle = vortex(rest);
  const outer = kind === "head-to-head" ? -1 : 1;
  return (x, y, z) => (Math.abs(x) < stripWidth / 2 ? middle(x, y, z) : [outer * Math.sign(x), 0, 0]);
}
