import { normalize, type Vector3 } from "../algebra/vector.ts";
import { checkVector, InputError } from "../checks.ts";
import { GAMMA } from "../constants.ts";
import {
  type BoundTerm,
  type BoundTorque,
  type ColumnTransport,
  condensedFaces,
  course,
  faceStrengths,
  freeFaces,
  harmonicMean,
  type MagneticProblem,
  type Supply,
  touchesBelow,
} from "../field/index.ts";
import {
  anisotropicDMI,
  bulkDMI,
  cubicAnisotropyField,
  exchange,
  type FieldTerm,
  interfacialDMI,
  interlayer,
  magnetoelastic,
  modulatedField,
  type TorqueTerm,
  uniaxialAnisotropyField,
  zeemanField,
} from "../magnetism/continuum/index.ts";
import { type Micromagnet, type PerCell, perCell, type VectorPerCell, valueAt, vectorPerCell } from "./micromagnet.ts";

/** A function of time [s], and the times at which it is not smooth. */
export interface Modulation {
  readonly factor: (time: number) => number;
  readonly kinks?: readonly number[];
}

/** A field B [T]: uniform, in time, from cell to cell, or a pattern times a function of time. */
export type AppliedField =
  | Vector3
  | ((time: number) => Vector3)
  | {
      readonly pattern: VectorPerCell | ArrayLike<number>;
      readonly factor?: Modulation["factor"];
      readonly kinks?: readonly number[];
    };

/** A torque on a magnet, made ready for its cells. */
export type TorqueSource = (magnet: Micromagnet) => BoundTorque;

/** What acts on a magnet from outside. */
export interface Conditions {
  /** B [T]; several add up. */
  readonly field?: AppliedField | readonly AppliedField[];
  /** Torques of currents: `zhangLi`, `slonczewski`, `spinOrbit`, or your own. */
  readonly torques?: readonly TorqueSource[];
  /** @internal Electrons through the columns of a plane. */
  readonly transport?: ColumnTransport;
  /** [K]; default 0. */
  readonly temperature?: PerCell;
  /** Seed of the thermal field; default 1. */
  readonly seed?: number;
}

const bound = (term: unknown, given: Readonly<Record<string, Supply>>): BoundTerm => ({
  term: term as FieldTerm,
  given,
});
export const boundTorque = (torque: unknown, given: Readonly<Record<string, Supply>>): BoundTorque => ({
  torque: torque as TorqueTerm,
  given,
});

const some = (values: number | Float64Array): boolean =>
  typeof values === "number" ? values !== 0 : values.some((value) => value !== 0);

/** A magnet under given conditions, in the solver's words. */
export function lowerMicromagnet(magnet: Micromagnet, conditions: Conditions): MagneticProblem {
  const { mesh, fill, numbers, options } = magnet;
  const { frozen } = magnet;
  return {
    mesh,
    fill,
    saturationMagnetization: numbers.saturationMagnetization,
    damping: numbers.damping,
    gyromagneticRatio: options.gyromagneticRatio ?? GAMMA,
    ...(options.equation && { equation: options.equation }),
    terms: [...energyTerms(magnet), ...appliedTerms(magnet, conditions.field), ...(options.terms ?? [])],
    torques: [...(options.torques ?? []), ...(conditions.torques ?? []).map((source) => source(magnet))],
    ...(conditions.transport && { transport: conditions.transport }),
    ...(frozen && { frozen }),
    ...(isWarm(conditions.temperature) && { temperature: perCell("temperature", conditions.temperature!, mesh) }),
    ...(conditions.seed !== undefined && { seed: conditions.seed }),
  };
}

const isWarm = (temperature: PerCell | undefined): boolean => temperature !== undefined && temperature !== 0;

function energyTerms(magnet: Micromagnet): BoundTerm[] {
  const { mesh, fill, numbers, regions, anisotropyAxis, options } = magnet;
  const { exchangeStiffness: A } = numbers;
  const terms: BoundTerm[] = [];
  const between = options.exchangeBetween ?? 1;
  const factor = (i: number, j: number): number => {
    if (regions[i] === regions[j]) return 1;
    return typeof between === "number" ? between : between(regions[i], regions[j]);
  };
  const isFull = fill.every((share) => share === 1);
  const isOne = regions.every((region) => region === 0);
  const faces = (values: number | Float64Array, strength: (i: number, j: number) => number, perDistance: boolean) => {
    const [faceX, faceY, faceZ] =
      typeof values === "number" && isFull && isOne && mesh.isRegular
        ? mesh.grid.cell.map((d, axis) => (mesh.grid.size[axis] > 1 ? strength(0, 0) / (perDistance ? d : 1) : 0))
        : condensedFaces(mesh, faceStrengths(mesh, fill, strength, perDistance));
    return { faceX, faceY, faceZ };
  };
  if (some(A))
    terms.push(
      bound(
        exchange,
        faces(A, (i, j) => 2 * harmonicMean(valueAt(A, i), valueAt(A, j)) * factor(i, j), true),
      ),
    );
  for (const [key, term] of [
    ["interfacialDMI", interfacialDMI],
    ["bulkDMI", bulkDMI],
    ["anisotropicDMI", anisotropicDMI],
  ] as const) {
    const D = numbers[key];
    if (!some(D)) continue;
    if (fill.some((share, i) => share > 0 && valueAt(D, i) !== 0 && !(valueAt(A, i) > 0)))
      throw new InputError(
        `${key}`,
        "given without exchangeStiffness",
        "both, as the one sets how the other turns at a surface",
      );
    const [freeX, freeY, freeZ] = freeFaces(mesh, fill).map((count) =>
      count.map((n, i) => (n > 0 && valueAt(A, i) > 0 ? (n * valueAt(D, i) ** 2) / (8 * valueAt(A, i)) : 0)),
    );
    terms.push(
      bound(term, { ...faces(D, (i, j) => harmonicMean(valueAt(D, i), valueAt(D, j)), false), freeX, freeY, freeZ }),
    );
  }
  const { uniaxialAnisotropy: K1, uniaxialAnisotropy2: K2, cubicAnisotropy: Kc1, cubicAnisotropy2: Kc2 } = numbers;
  if (some(K1) || some(K2)) terms.push(bound(uniaxialAnisotropyField, { K1, K2, u: anisotropyAxis as Supply }));
  const [u, v] = options.cubicAxes ?? [
    [1, 0, 0],
    [0, 1, 0],
  ];
  if (some(Kc1) || some(Kc2))
    terms.push(bound(cubicAnisotropyField, { K1: Kc1, K2: Kc2, u: [...normalize(u)], v: [...normalize(v)] }));
  const Ki = numbers.interfacialAnisotropy;
  if (some(Ki)) {
    const [nx, ny] = mesh.grid.size;
    const film = options.layers
      ? mesh.planes.map(({ thickness }) => thickness)
      : mesh.planes.map(() => mesh.planes.reduce((sum, { thickness }) => sum + thickness, 0));
    const perVolume = fill.map((_, i) => valueAt(Ki, i) / film[Math.floor(i / (nx * ny))]);
    const term = { ...uniaxialAnisotropyField, name: "interfacial anisotropy", symbol: "int" };
    terms.push(bound(term, { K1: perVolume, K2: 0, u: [0, 0, 1] }));
  }
  if (options.strain) {
    const { normal, shear = [0, 0, 0] } = options.strain;
    terms.push(
      bound(magnetoelastic, {
        B1: numbers.magnetoelasticB1,
        B2: numbers.magnetoelasticB2,
        strain: vectorPerCell("strain: normal", normal, mesh),
        shear: vectorPerCell("strain: shear", shear, mesh),
      }),
    );
  }
  const couplings = [
    ...(options.couplings ?? []),
    ...(options.layers ?? []).flatMap(({ coupling }, k) =>
      coupling && k > 0 ? [{ planes: [k - 1, k] as const, ...coupling }] : [],
    ),
  ];
  for (const { planes, J1, J2 = 0 } of couplings) {
    const [lower, upper] = planes;
    const n = mesh.planes.length;
    if (!(Number.isInteger(lower) && Number.isInteger(upper) && lower >= 0 && upper < n && lower < upper))
      throw new InputError("couplings: planes", planes, `two indices [lower, upper] from 0 to ${n - 1}`);
    if (upper === lower + 1 && touchesBelow(mesh.planes, upper) && some(A))
      throw new InputError(
        "couplings: planes",
        planes,
        "planes with something between them; those that touch exchange",
      );
    const perPlane = mesh.grid.size[0] * mesh.grid.size[1];
    const on = new Float64Array(3 * fill.length);
    on.fill(1, lower * perPlane, (lower + 1) * perPlane);
    on.fill(1, fill.length + upper * perPlane, fill.length + (upper + 1) * perPlane);
    terms.push(bound(interlayer(lower, upper), { J1, J2, on }));
  }
  return terms;
}

/** The fields of conditions, one by one. */
export function appliedFields(field: Conditions["field"]): readonly AppliedField[] {
  if (field === undefined) return [];
  const isOne = typeof field === "function" || !Array.isArray(field) || typeof field[0] === "number";
  return (isOne ? [field] : field) as readonly AppliedField[];
}

function appliedTerms(magnet: Micromagnet, field: Conditions["field"]): BoundTerm[] {
  const fields = appliedFields(field);
  return fields.flatMap((one, i) => {
    const name = fields.length > 1 ? `field[${i}]` : "field";
    if (typeof one === "function")
      return [bound(zeemanField, { B: course((t) => checkVector(`${name} at ${t} s`, one(t))) })];
    if (Array.isArray(one)) {
      checkVector(name, one);
      return one.every((c) => c === 0) ? [] : [bound(zeemanField, { B: one as number[] })];
    }
    const { pattern, factor, kinks } = one as Exclude<AppliedField, Vector3 | ((time: number) => Vector3)>;
    const planes = isPlanes(pattern)
      ? Float64Array.from(pattern)
      : vectorPerCell(`${name}: pattern`, pattern as VectorPerCell, magnet.mesh);
    return [bound(modulatedField, { pattern: planes, factor: factor ? course(factor, kinks) : 1 })];
  });
}

const isPlanes = (pattern: VectorPerCell | ArrayLike<number>): pattern is ArrayLike<number> =>
  typeof pattern !== "function" && (ArrayBuffer.isView(pattern) || pattern.length !== 3);
