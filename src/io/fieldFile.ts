import { readFile } from "node:fs/promises";
import { InputError } from "../checks.ts";
import { MU0 } from "../constants.ts";
import type { FieldRow, MagneticSimulation } from "../device/index.ts";
import { centreOf } from "../field/index.ts";
import { writeAtomically } from "./folder.ts";
import type { MeshField } from "./meshField.ts";
import { type OvfFormat, readOvf, writeOvf } from "./ovf.ts";
import { magnetizationPicture, type PictureOptions, writePng } from "./picture.ts";
import { writeVti } from "./vtk.ts";

/** What a map over the cells of a simulation is. */
export interface MapMeaning {
  readonly title: string;
  readonly labels: readonly string[];
  readonly unit: string;
}

/** A map over the cells of a simulation, as files of fields take it; a mesh of equal planes only. */
export function meshFieldOf(
  simulation: MagneticSimulation,
  values: Float64Array,
  { title, labels, unit }: MapMeaning,
): MeshField {
  const { mesh } = simulation.magnet;
  if (!mesh.isRegular)
    throw new InputError(
      "mesh",
      "layers of different thickness or distance",
      "equal planes that touch, which is all that such files know",
    );
  return {
    title,
    size: mesh.grid.size,
    cell: mesh.grid.cell,
    origin: centreOf(mesh, 0),
    components: labels.length,
    labels,
    units: labels.map(() => unit),
    time: simulation.time,
    values,
  };
}

/** m of a simulation. */
export const magnetizationField = async (simulation: MagneticSimulation): Promise<MeshField> =>
  meshFieldOf(simulation, await simulation.magnetization(), { title: "m", labels: ["m_x", "m_y", "m_z"], unit: "1" });

/** m of one of the magnets that a run at field depth moves, counted from the bottom: one plane of cells. */
export function magnetizationPlane({ time, micromagnet, magnetization }: FieldRow, plane = 0): MeshField {
  const { grid, planes } = micromagnet.mesh;
  const [nx, ny] = grid.size;
  if (!(Number.isInteger(plane) && plane >= 0 && plane < planes.length))
    throw new InputError("plane", plane, `a whole number from 0 to ${planes.length - 1}`);
  const perPlane = nx * ny;
  const [x, y] = centreOf(micromagnet.mesh, 0);
  return {
    title: "m",
    size: [nx, ny, 1],
    cell: [grid.cell[0], grid.cell[1], planes[plane].thickness],
    origin: [x, y, planes[plane].z],
    components: 3,
    labels: ["m_x", "m_y", "m_z"],
    units: ["1", "1", "1"],
    time,
    values: Float64Array.from({ length: 3 * perPlane }, (_, i) => {
      const [c, cell] = [Math.floor(i / perPlane), i % perPlane];
      return magnetization[(c * planes.length + plane) * perPlane + cell];
    }),
  };
}

export interface SaveOptions extends PictureOptions {
  /** Of an .ovf file; default "binary 8". */
  readonly format?: OvfFormat;
}

/** Writes m as its file's name says: .ovf, .vti for ParaView, or .png as a picture. */
export async function saveMagnetization(
  path: string,
  simulation: MagneticSimulation,
  options: SaveOptions = {},
): Promise<void> {
  const { format, ...picture } = options;
  const kind = /\.(ovf|omf|vti|png)$/i.exec(path)?.[1].toLowerCase();
  if (!kind) throw new InputError("path", path, "a name that ends in .ovf, .omf, .vti or .png");
  const field = await magnetizationField(simulation);
  const bytes =
    kind === "png"
      ? writePng(magnetizationPicture(field, picture))
      : kind === "vti"
        ? writeVti([field])
        : writeOvf(field, { ...(format && { format }) });
  await writeAtomically(path, bytes);
}

/**
 * m from an .ovf file, component planes for `magnetization` or `setMagnetization`.
 * @throws InputError when its cells are not those of the simulation, with both
 */
export async function loadMagnetization(path: string, simulation: MagneticSimulation): Promise<Float64Array> {
  return Float64Array.from((await vectorsFrom(path, simulation)).values);
}

/** Teslas per unit that an .ovf file may give its field in; H in A/m stands for µ0 H. */
const FIELD_UNITS: Readonly<Record<string, number>> = { T: 1, mT: 1e-3, "A/m": MU0, "kA/m": 1e3 * MU0 };

/**
 * A field from an .ovf file, for `set({ field })`; `{ ...(await loadField(path, simulation)), factor }` gives it a course in time.
 * @throws InputError when its cells are not those of the simulation, with both, or its unit is none of a field
 */
export async function loadField(
  path: string,
  simulation: MagneticSimulation,
): Promise<{ readonly pattern: Float64Array }> {
  const { values, units } = await vectorsFrom(path, simulation);
  const cells = values.length / 3;
  const factors = units.map((unit, c) => {
    const factor = FIELD_UNITS[unit];
    if (factor === undefined)
      throw new InputError(`${path}: unit of component ${c}`, unit, Object.keys(FIELD_UNITS).join(", "));
    return factor;
  });
  return { pattern: Float64Array.from(values, (value, i) => value * factors[Math.floor(i / cells)]) };
}

/** Three numbers in every cell of a simulation. */
async function vectorsFrom(path: string, simulation: MagneticSimulation): Promise<MeshField> {
  const field = readOvf(await readFile(path));
  const { size } = simulation.magnet.mesh.grid;
  if (field.components !== 3) throw new InputError(`${path}: components`, field.components, "3");
  if (field.size.some((n, axis) => n !== size[axis]))
    throw new InputError(`${path}: cells`, field.size.join(" × "), `${size.join(" × ")}, as the simulation has`);
  return field;
}
