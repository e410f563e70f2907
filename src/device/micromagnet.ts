import { dot, norm, normalize, type Vector3 } from "../algebra/vector.ts";
import { checkChoice, checkKeys, checkNumber, checkVector, InputError, NOT_NEGATIVE, POSITIVE } from "../checks.ts";
import { cellsOf, type Triple } from "../compute/index.ts";
import { MU0 } from "../constants.ts";
import {
  type BoundTerm,
  type BoundTorque,
  boxMesh,
  centreOf,
  type Mesh,
  type Plane,
  stackMesh,
} from "../field/index.ts";
import { fillFractions, regionMap, type Shape } from "../geometry/index.ts";
import { type Texture, uniform } from "../magnetism/index.ts";
import { MAGNETIC_KEYS, type MagneticParameters, type Warn } from "../materials/material.ts";
import { checkParameters, MATERIAL_PARAMETERS } from "../materials/parameters.ts";
import type { Direction } from "./description.ts";
import { unitVector } from "./description.ts";

/** A number for all cells, one for each cell (x fastest), or a function of the cell's centre [m]. */
export type PerCell = number | ArrayLike<number> | ((x: number, y: number, z: number) => number);
/** A vector for all cells, or a function of the cell's centre [m]. */
export type VectorPerCell = Vector3 | ((x: number, y: number, z: number) => Vector3);

/** Numbers of a magnet that may differ from cell to cell. */
export type MagneticNumber = Exclude<(typeof MAGNETIC_KEYS)[number], "anisotropyAxis">;

/** A part of the magnet with a material of its own. */
export interface MagneticRegion {
  readonly name?: string;
  readonly shape: Shape;
  /** What differs from the material around. */
  readonly material: Partial<MagneticParameters>;
}

/** One film of a stack: one plane of cells. */
export interface FilmLayer {
  readonly thickness: number;
  /** Free space below it [m]; 0 touches the film below, and exchanges with it. */
  readonly gap?: number;
  readonly material?: Partial<MagneticParameters>;
  /** Coupling across what lies below, −J1 m₁·m₂ − J2 (m₁·m₂)² [J/m²]. */
  readonly coupling?: { readonly J1: number; readonly J2?: number };
}

/** Coupling of two planes of a box across what lies between. */
export interface InterlayerCoupling {
  /** Indices of the planes, from 0 at the bottom. */
  readonly planes: readonly [number, number];
  /** [J/m²], > 0 parallel. */
  readonly J1: number;
  readonly J2?: number;
}

export interface MicromagnetOptions {
  /** Cells along x, y, z; along z of a stack of `layers`, their number. */
  readonly cells: Triple<number> | readonly [number, number];
  /** Edges of a cell [m]; of a stack along x and y. */
  readonly cell: Triple<number> | readonly [number, number];
  /** Films of any thickness and distance instead of equal planes, from bottom to top. */
  readonly layers?: readonly FilmLayer[];
  /** Repeats the box for ever along axes with a number > 0: so many copies to each side are summed one by one, the others as a continuum. */
  readonly periodic?: Triple<number>;
  /** Where there is a magnet; default everywhere. */
  readonly shape?: Shape;
  /** Points tried along each edge of a cell for how much of it the shape fills; default 1, all or nothing. */
  readonly smoothing?: number;
  readonly material: MagneticParameters;
  /** Parts of other materials; the last that holds a cell's centre wins. */
  readonly regions?: readonly MagneticRegion[];
  /** Numbers of the material cell by cell, before all else. */
  readonly parameters?: Partial<Record<MagneticNumber, PerCell>> & { readonly anisotropyAxis?: VectorPerCell };
  /** Two axes of the cube of the cubic anisotropy, at right angles; default x and y. */
  readonly cubicAxes?: readonly [Vector3, Vector3];
  /** Factor on the exchange between cells of different regions; default 1. */
  readonly exchangeBetween?: number | ((a: number, b: number) => number);
  readonly couplings?: readonly InterlayerCoupling[];
  /** Direction of m, as a function of place, or one for all cells, or planes of components; default +z … see textures. */
  readonly magnetization: Direction | Texture | ArrayLike<number>;
  /** Whether the magnet feels its own field; default true. */
  readonly demagnetization?: boolean;
  /** Strain ε (ε_xx, ε_yy, ε_zz) and (ε_yz, ε_xz, ε_xy). */
  readonly strain?: { readonly normal: VectorPerCell; readonly shear?: VectorPerCell };
  /** Cells whose magnetization is held. */
  readonly frozen?: Shape;
  /** γ [rad/(s T)]; default that of the free electron. */
  readonly gyromagneticRatio?: number;
  /** Gilbert's equation, or that of Landau and Lifshitz, ṁ = −γ m × B − γα m × (m × B); default "LLG". */
  readonly equation?: "LLG" | "LL";
  /** Terms and torques of your own. */
  readonly terms?: readonly BoundTerm[];
  readonly torques?: readonly BoundTorque[];
  readonly onWarning?: Warn;
}

/** A magnetization field: what it fills, of what, and how it points at first. */
export interface Micromagnet {
  readonly kind: "micromagnet";
  readonly mesh: Mesh;
  /** Share of each cell that is magnet. */
  readonly fill: Float64Array;
  /** Region of each cell; 0 is the material itself. */
  readonly regions: Int32Array;
  readonly regionNames: readonly string[];
  /** Numbers of the material: one, where it is the same in all cells, or cell by cell. */
  readonly numbers: Readonly<Record<MagneticNumber, number | Float64Array>>;
  /** A unit vector, or planes of components. */
  readonly anisotropyAxis: Vector3 | Float64Array;
  /** Unit vectors where there is a magnet, component planes. */
  readonly magnetization: Float64Array;
  /** 1 where m is held. */
  readonly frozen?: Uint8Array;
  readonly options: MicromagnetOptions;
}

const KEYS = [
  "cells",
  "cell",
  "layers",
  "periodic",
  "shape",
  "smoothing",
  "material",
  "regions",
  "parameters",
  "cubicAxes",
  "exchangeBetween",
  "couplings",
  "magnetization",
  "demagnetization",
  "strain",
  "frozen",
  "gyromagneticRatio",
  "equation",
  "terms",
  "torques",
  "onWarning",
] as const;

/**
 * Describes a magnetization field; `openMicromagnet` puts it on a machine.
 * @throws InputError that names what is wrong
 */
export function micromagnet(options: MicromagnetOptions): Micromagnet {
  checkKeys("micromagnet", options, KEYS);
  if (options.cubicAxes) checkCubicAxes(options.cubicAxes);
  if (options.equation !== undefined) checkChoice("equation", options.equation, ["LLG", "LL"]);
  const mesh = meshOf(options);
  const cells = cellsOf(mesh.grid);
  const { size, cell } = mesh.grid;
  const warn = options.onWarning ?? ((message) => console.warn(`Warning: ${message}`));
  const box: Vector3 = [cell[0], cell[1], cell[2]];
  const fill = options.shape
    ? fillFractions(options.shape, size as Vector3, box, { samples: options.smoothing ?? 1, warn })
    : new Float64Array(cells).fill(1);
  const parts = options.regions ?? [];
  const regions =
    parts.length > 0
      ? regionMap(
          size as Vector3,
          box,
          parts.map(({ shape }) => shape),
        )
      : new Int32Array(cells);
  const materials = [options.material, ...parts.map(({ material }) => ({ ...options.material, ...material }))];
  materials.forEach((material, i) => {
    checkMagnet(i === 0 ? "material" : `regions[${i - 1}]`, material);
  });
  const { kinds, kindOf } = kindsOf(options, mesh, materials, regions);
  const numbers = Object.fromEntries(
    MAGNETIC_KEYS.filter((key): key is MagneticNumber => key !== "anisotropyAxis").map((key) => {
      const own = options.parameters?.[key];
      if (own !== undefined) return [key, typeof own === "number" ? finite(key, own) : perCell(key, own, mesh)];
      const values = kinds.map((kind) => kind[key] ?? 0);
      return [
        key,
        values.every((value) => value === values[0]) ? values[0] : Float64Array.from(kindOf, (k) => values[k]),
      ];
    }),
  ) as Record<MagneticNumber, number | Float64Array>;
  checkMagnetization(fill, numbers);
  const axes = kinds.map(({ anisotropyAxis }) => normalize(anisotropyAxis ?? [0, 0, 1]));
  const own = options.parameters?.anisotropyAxis;
  const anisotropyAxis =
    own !== undefined
      ? vectorPerCell("anisotropyAxis", own, mesh, normalize)
      : axes.every((axis) => axis.every((c, i) => c === axes[0][i]))
        ? axes[0]
        : vectorsOf(cells, (i) => axes[kindOf[i]]);
  warnOfCoarseCells(mesh, fill, numbers, warn);
  return {
    kind: "micromagnet",
    mesh,
    fill,
    regions,
    regionNames: ["", ...parts.map(({ name }, i) => name ?? `region ${i + 1}`)],
    numbers,
    anisotropyAxis,
    magnetization: directions(options.magnetization, mesh, fill),
    ...(options.frozen && { frozen: Uint8Array.from(regionMap(size as Vector3, box, [options.frozen])) }),
    options,
  };
}

function meshOf({ cells, cell, layers, periodic }: MicromagnetOptions): Mesh {
  if (!layers) {
    if (cells.length !== 3 || cell.length !== 3)
      throw new InputError("cells, cell", [cells, cell], "three numbers each, along x, y, z; or layers");
    return boxMesh({ cells: cells as Triple<number>, cell: cell as Triple<number>, periodic });
  }
  if (layers.length === 0) throw new InputError("layers", layers, "at least one layer");
  if (cells.length === 3 && cells[2] !== layers.length)
    throw new InputError("cells", cells, `[nx, ny], or [nx, ny, ${layers.length}] for as many layers`);
  const planes: Plane[] = [];
  let top = 0;
  for (const [k, { thickness, gap = 0 }] of layers.entries()) {
    checkNumber(`layers[${k}]: thickness`, thickness, POSITIVE, "m");
    checkNumber(`layers[${k}]: gap`, gap, NOT_NEGATIVE, "m");
    const bottom = k === 0 ? 0 : top + gap;
    planes.push({ z: bottom + thickness / 2, thickness });
    top = bottom + thickness;
  }
  return stackMesh({
    cells: [cells[0], cells[1]],
    cell: [cell[0], cell[1]],
    planes: planes.map((p) => ({ ...p, z: p.z - top / 2 })),
    periodic: periodic && [periodic[0], periodic[1]],
  });
}

/** The different materials, and which of them each cell is of. */
function kindsOf(
  { layers }: MicromagnetOptions,
  { grid }: Mesh,
  materials: readonly MagneticParameters[],
  regions: Int32Array,
): { kinds: readonly MagneticParameters[]; kindOf: Int32Array } {
  const [nx, ny] = grid.size;
  const films = layers?.some(({ material }) => material) ? layers.map(({ material }) => material ?? {}) : undefined;
  if (!films) return { kinds: materials, kindOf: regions };
  return {
    kinds: films.flatMap((film, k) =>
      materials.map((material) => {
        const kind = { ...material, ...film };
        checkMagnet(`layers[${k}]: material`, kind);
        return kind;
      }),
    ),
    kindOf: regions.map((region, i) => Math.floor(i / (nx * ny)) * materials.length + region),
  };
}

/** Empties cells without magnetization; exchange there would mean nothing. */
function checkMagnetization(
  fill: Float64Array,
  { saturationMagnetization: Ms, exchangeStiffness: A }: Record<MagneticNumber, number | Float64Array>,
): void {
  if (typeof Ms === "number" && Ms > 0) return;
  for (let i = 0; i < fill.length; i++) {
    if (!(fill[i] > 0) || valueAt(Ms, i) > 0) continue;
    if (valueAt(A, i) > 0)
      throw new InputError(
        `saturationMagnetization: cell ${i}`,
        valueAt(Ms, i),
        "a positive number where there is exchange; leave the cell out by the shape",
      );
    fill[i] = 0;
  }
}

/** A number that may be the same in all cells. */
export const valueAt = (values: number | Float64Array, cell: number): number =>
  typeof values === "number" ? values : values[cell];

const finite = (parameter: string, value: number): number => checkNumber(`parameters: ${parameter}`, value);

function checkMagnet(what: string, material: MagneticParameters): void {
  for (const key of ["saturationMagnetization", "damping"] as const)
    if (material?.[key] === undefined)
      throw new InputError(`${what}: ${key}`, undefined, "a number; every magnet needs it");
  checkParameters(what, material, MATERIAL_PARAMETERS);
  if (material.anisotropyAxis) checkVector(`${what}: anisotropyAxis`, material.anisotropyAxis);
}

function checkCubicAxes(axes: readonly [Vector3, Vector3]): void {
  const [u, v] = axes.map((axis, i) => normalize(checkVector(`cubicAxes[${i}]`, axis)));
  if (!(norm(u) > 0 && norm(v) > 0 && Math.abs(dot(u, v)) < 1e-9))
    throw new InputError("cubicAxes", axes, "two vectors at right angles");
}

/** One number per cell. */
export function perCell(parameter: string, given: PerCell, mesh: Mesh): Float64Array {
  const cells = cellsOf(mesh.grid);
  const values =
    typeof given === "number"
      ? new Float64Array(cells).fill(given)
      : typeof given === "function"
        ? Float64Array.from({ length: cells }, (_, i) => given(...centreOf(mesh, i)))
        : Float64Array.from(given);
  if (values.length !== cells)
    throw new InputError(
      `parameters: ${parameter}`,
      `${values.length} numbers`,
      `${cells}, one per cell, for ${mesh.grid.size.join(" × ")} cells`,
    );
  const wrong = values.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) throw new InputError(`parameters: ${parameter} of cell ${wrong}`, values[wrong], "finite numbers");
  return values;
}

/** Planes of the components of one vector per cell. */
export function vectorPerCell(
  parameter: string,
  given: VectorPerCell,
  mesh: Mesh,
  shape = (v: Vector3): Vector3 => v,
): Float64Array {
  return vectorsOf(cellsOf(mesh.grid), (i) => {
    const value = typeof given === "function" ? given(...centreOf(mesh, i)) : given;
    return shape(checkVector(parameter, value));
  });
}

function vectorsOf(cells: number, at: (i: number) => Vector3): Float64Array {
  const planes = new Float64Array(3 * cells);
  for (let i = 0; i < cells; i++) {
    const v = at(i);
    for (let c = 0; c < 3; c++) planes[c * cells + i] = v[c];
  }
  return planes;
}

const NOWHERE: Vector3 = [0, 0, 0];

/** Unit vectors where there is a magnet, component planes. */
export function directions(given: MicromagnetOptions["magnetization"], mesh: Mesh, fill: Float64Array): Float64Array {
  const cells = fill.length;
  const text = typeof given === "string";
  if (given === undefined)
    throw new InputError("magnetization", given, "a direction, a texture, or planes of components");
  const isPlanes = typeof given !== "function" && !text && (ArrayBuffer.isView(given) || given.length !== 3);
  const planes = isPlanes ? (given as ArrayLike<number>) : undefined;
  if (planes && planes.length !== 3 * cells)
    throw new InputError(
      "magnetization",
      `${planes.length} numbers`,
      `3 × ${cells}, planes of m_x, m_y, m_z for ${mesh.grid.size.join(" × ")} cells`,
    );
  const texture =
    typeof given === "function" ? given : planes ? undefined : uniform(unitVector("magnetization", given as Direction));
  return vectorsOf(cells, (i) => {
    if (!(fill[i] > 0)) return NOWHERE;
    const v: Vector3 = planes
      ? [planes[i], planes[cells + i], planes[2 * cells + i]]
      : texture!(...centreOf(mesh, i), i);
    const m = normalize(v);
    if (!(Math.abs(m[0]) + Math.abs(m[1]) + Math.abs(m[2]) > 0))
      throw new InputError(`magnetization: cell ${i}`, v, "a vector that is not zero, wherever there is a magnet");
    return m;
  });
}

/** Cells beyond the exchange length √(2A/µ0Ms²) do not see walls and cores. */
function warnOfCoarseCells(
  { grid }: Mesh,
  fill: Float64Array,
  { saturationMagnetization, exchangeStiffness }: Micromagnet["numbers"],
  warn: Warn,
): void {
  const same = typeof saturationMagnetization === "number" && typeof exchangeStiffness === "number";
  let shortest = Infinity;
  for (let i = 0; i < (same ? 1 : fill.length); i++) {
    const [Ms, A] = [valueAt(saturationMagnetization, i), valueAt(exchangeStiffness, i)];
    if (A > 0 && (same || fill[i] > 0)) shortest = Math.min(shortest, Math.sqrt((2 * A) / (MU0 * Ms ** 2)));
  }
  for (const axis of [0, 1, 2])
    if (grid.size[axis] > 1 && grid.cell[axis] > 1.001 * shortest && shortest < Infinity)
      warn(
        `the cells are ${(grid.cell[axis] * 1e9).toPrecision(3)} nm long along ${"xyz"[axis]}, beyond the exchange length ` +
          `√(2A/µ0Ms²) = ${(shortest * 1e9).toPrecision(3)} nm: walls and vortex cores come out wrong`,
      );
}
