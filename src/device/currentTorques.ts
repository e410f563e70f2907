import { normalize, type Vector3 } from "../algebra/vector.ts";
import { checkChoice, checkKeys, checkNumber, checkVector, FINITE, InputError, POSITIVE } from "../checks.ts";
import { course, type Supply } from "../field/index.ts";
import { slonczewskiTorque, spinOrbitTorque, zhangLiTorque } from "../magnetism/continuum/index.ts";
import { boundTorque, type Modulation, type TorqueSource } from "./lowerMicromagnet.ts";
import { type Micromagnet, type PerCell, perCell, type VectorPerCell, vectorPerCell } from "./micromagnet.ts";

interface InTime {
  /** Factor on the current at a time [s]; default 1. */
  readonly factor?: Modulation["factor"];
  /** Times at which it is not smooth [s]. */
  readonly kinks?: readonly number[];
}

export interface ZhangLiOptions extends InTime {
  /** Current density J [A/m²]. */
  readonly current: VectorPerCell;
  /** Polarization P of the current. */
  readonly polarization: PerCell;
  /** Degree of non-adiabaticity β. */
  readonly beta: PerCell;
}

/** Torque of a current through a texture; positive P drives walls against J, with the electrons.  See `zhangLiTorque`. */
export function zhangLi(options: ZhangLiOptions): TorqueSource {
  checkKeys("zhangLi", options, ["current", "polarization", "beta", "factor", "kinks"]);
  return (magnet) =>
    boundTorque(zhangLiTorque, {
      J: vectors("zhangLi: current", options.current, magnet),
      polarization: numbers("zhangLi: polarization", options.polarization, magnet),
      beta: numbers("zhangLi: beta", options.beta, magnet),
      factor: inTime("zhangLi", options),
    });
}

export interface SlonczewskiOptions extends InTime {
  /** Current density along +z [A/m²], a number or cell by cell. */
  readonly current: PerCell;
  /** Magnetization p of the fixed layer. */
  readonly polarizer: VectorPerCell;
  /** Side on which the fixed layer is. */
  readonly fixed: "below" | "above";
  readonly polarization: PerCell;
  /** Asymmetry Λ; default 1. */
  readonly Lambda?: PerCell;
  /** Secondary torque ε′; default 0. */
  readonly secondary?: PerCell;
  /** Thickness of the free layer [m]; default that of the mesh. */
  readonly thickness?: number;
}

/**
 * Torque of a current from a fixed layer.  Electrons that come from it favour m ∥ p: with the fixed layer below, a current density < 0.
 * See `slonczewskiTorque`.
 */
export function slonczewski(options: SlonczewskiOptions): TorqueSource {
  checkKeys("slonczewski", options, [
    "current",
    "polarizer",
    "fixed",
    "polarization",
    "Lambda",
    "secondary",
    "thickness",
    "factor",
    "kinks",
  ]);
  checkChoice("slonczewski: fixed", options.fixed, ["below", "above"]);
  const sign = options.fixed === "below" ? -1 : 1;
  return (magnet) => {
    const J = numbers("slonczewski: current", options.current, magnet);
    return boundTorque(slonczewskiTorque, {
      J: typeof J === "number" ? sign * J : J.map((j) => sign * j),
      p: vectors("slonczewski: polarizer", options.polarizer, magnet, normalize),
      polarization: numbers("slonczewski: polarization", options.polarization, magnet),
      Lambda: numbers("slonczewski: Lambda", options.Lambda ?? 1, magnet),
      secondary: numbers("slonczewski: secondary", options.secondary ?? 0, magnet),
      thickness: options.thickness ?? filmThickness(magnet),
      factor: inTime("slonczewski", options),
    });
  };
}

export interface SpinOrbitOptions extends InTime {
  /** Current density in the metal [A/m²]. */
  readonly current: VectorPerCell;
  /** Side on which the metal is. */
  readonly metal: "below" | "above";
  /** Damping-like efficiency ξ_DL; positive for Pt. */
  readonly dampingLike: PerCell;
  /** Field-like efficiency ξ_FL; default 0. */
  readonly fieldLike?: PerCell;
  /** Thickness of the magnet [m]; default that of the mesh. */
  readonly thickness?: number;
}

/** Torque of the spin Hall effect of a metal beside the magnet.  See `spinOrbitTorque`. */
export function spinOrbit(options: SpinOrbitOptions): TorqueSource {
  checkKeys("spinOrbit", options, ["current", "metal", "dampingLike", "fieldLike", "thickness", "factor", "kinks"]);
  checkChoice("spinOrbit: metal", options.metal, ["below", "above"]);
  return (magnet) =>
    boundTorque(spinOrbitTorque, {
      J: vectors("spinOrbit: current", options.current, magnet),
      normal: [0, 0, options.metal === "below" ? 1 : -1],
      dampingLike: numbers("spinOrbit: dampingLike", options.dampingLike, magnet),
      fieldLike: numbers("spinOrbit: fieldLike", options.fieldLike ?? 0, magnet),
      thickness: options.thickness ?? filmThickness(magnet),
      factor: inTime("spinOrbit", options),
    });
}

function inTime(what: string, { factor, kinks }: InTime): Supply {
  if (factor === undefined) return 1;
  if (typeof factor !== "function") throw new InputError(`${what}: factor`, factor, "a function of time");
  return course((t) => checkNumber(`${what}: factor(${t})`, factor(t), FINITE), kinks);
}

const numbers = (parameter: string, given: PerCell, { mesh }: Micromagnet): number | Float64Array =>
  typeof given === "number" ? checkNumber(parameter, given) : perCell(parameter, given, mesh);

const vectors = (
  parameter: string,
  given: VectorPerCell,
  { mesh }: Micromagnet,
  shape: (v: Vector3) => Vector3 = (v) => v,
): number[] | Float64Array =>
  typeof given === "function"
    ? vectorPerCell(parameter, given, mesh, shape)
    : [...shape(checkVector(parameter, given))];

function filmThickness({ mesh }: Micromagnet): number {
  return checkNumber(
    "thickness",
    mesh.planes.reduce((sum, { thickness }) => sum + thickness, 0),
    POSITIVE,
    "m",
  );
}
