import { InputError } from "../checks.ts";
import {
  latticeCharge,
  type Reading,
  skyrmionPosition,
  topologicalCharge,
  vortexPosition,
  wallPosition,
} from "../field/index.ts";
import type { FieldTerm } from "../magnetism/continuum/index.ts";
import type { Micromagnet } from "./micromagnet.ts";

/** One number of a row: its column's name, and its unit. */
export interface Column {
  readonly name: string;
  readonly unit: string;
}

interface Declared {
  readonly name: string;
  readonly unit: string;
  readonly doc: string;
  columns(magnet: Micromagnet, terms: readonly FieldTerm[]): readonly Column[];
}

type Quantity = Declared &
  (
    | { readonly from: "reading"; values(reading: Reading): readonly number[] }
    | {
        readonly from: "field";
        readonly isPosition?: true;
        values(m: Float64Array, magnet: Micromagnet): readonly number[];
      }
  );

const one = (name: string, unit: string) => () => [{ name, unit }];
const perAxis =
  (name: string, unit: string, axes = "xyz") =>
  () =>
    [...axes].map((axis) => ({ name: `${name}_${axis}`, unit }));

/** Every number a run can record, declared once: tables, plots and documents read this list. */
export const MAGNETIC_QUANTITIES = [
  {
    name: "m",
    unit: "1",
    doc: "mean of m over the magnet's volume",
    from: "reading",
    columns: perAxis("m", "1"),
    values: ({ m }) => m,
  },
  {
    name: "E_total",
    unit: "J",
    doc: "total energy",
    from: "reading",
    columns: one("E_total", "J"),
    values: ({ energies }) => [energies.reduce((a, b) => a + b, 0)],
  },
  {
    name: "energies",
    unit: "J",
    doc: "energy of each term",
    from: "reading",
    columns: (_, terms) => terms.map(({ symbol }) => ({ name: `E_${symbol}`, unit: "J" })),
    values: ({ energies }) => energies,
  },
  {
    name: "torque",
    unit: "T",
    doc: "largest |m × B| of any cell",
    from: "reading",
    columns: one("torque", "T"),
    values: ({ torque }) => [torque],
  },
  {
    name: "topologicalCharge",
    unit: "1",
    doc: "(1/4π) ∫ m·(∂_x m × ∂_y m) by central differences, mean over the planes",
    from: "field",
    columns: one("Q", "1"),
    values: (m, { mesh }) => [topologicalCharge(m, mesh)],
  },
  {
    name: "latticeCharge",
    unit: "1",
    doc: "the same from solid angles of triangles, a whole number for closed textures (Berg and Lüscher 1981)",
    from: "field",
    columns: one("Q_lattice", "1"),
    values: (m, { mesh }) => [latticeCharge(m, mesh)],
  },
  {
    name: "vortexPosition",
    unit: "m",
    doc: "where |m_z| is largest, between cells",
    from: "field",
    isPosition: true,
    columns: perAxis("vortex", "m", "xy"),
    values: (m, { mesh }) => vortexPosition(m, mesh),
  },
  {
    name: "skyrmionPosition",
    unit: "m",
    doc: "centre of the topological charge",
    from: "field",
    isPosition: true,
    columns: perAxis("skyrmion", "m", "xy"),
    values: (m, { mesh }) => skyrmionPosition(m, mesh),
  },
  {
    name: "wallPosition",
    unit: "m",
    doc: "x of a wall across the strip, from the mean of the component that reverses",
    from: "field",
    isPosition: true,
    columns: one("wall_x", "m"),
    values: (m, { mesh, fill }) => [wallPosition(m, mesh, fill)],
  },
] as const satisfies readonly Quantity[];

export type MagneticQuantity = (typeof MAGNETIC_QUANTITIES)[number]["name"];

export function magneticQuantity(name: MagneticQuantity): Quantity {
  const found = MAGNETIC_QUANTITIES.find((q) => q.name === name);
  if (!found) throw new InputError("quantities", name, MAGNETIC_QUANTITIES.map((q) => q.name).join(", "));
  return found;
}

export const quantitiesOf = (names: readonly MagneticQuantity[]): Quantity[] => names.map(magneticQuantity);
