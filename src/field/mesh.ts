import { checkNumber, InputError, POSITIVE } from "../checks.ts";
import { type Grid, grid, type Triple } from "../compute/index.ts";

/** One plane of cells. */
export interface Plane {
  /** Height of its centre [m]. */
  readonly z: number;
  /** [m] */
  readonly thickness: number;
}

/** Cells of a magnetization field, centred at the origin in x and y; planes may differ in thickness and distance. */
export interface Mesh {
  readonly grid: Grid;
  /** From bottom to top. */
  readonly planes: readonly Plane[];
  /** Copies of the box to each side that are summed one by one, 0 along open axes; in z only for equal planes without gaps. */
  readonly images: Triple<number>;
  /** Whether all planes are equal and touch. */
  readonly isRegular: boolean;
}

export interface MeshOptions {
  /** Cells along x, y, z. */
  readonly cells: Triple<number>;
  /** Edges of a cell [m]. */
  readonly cell: Triple<number>;
  /** Copies of the box to each side; 0, the default, is an open axis. */
  readonly periodic?: Triple<number>;
}

/** A box of equal cells centred at the origin. */
export function boxMesh({ cells, cell, periodic = [0, 0, 0] }: MeshOptions): Mesh {
  checkImages(periodic);
  const made = grid(cells, { cell, periodic: periodic.map((n) => n > 0) as unknown as Triple<boolean> });
  const planes = Array.from({ length: cells[2] }, (_, k) => ({
    z: (k + 0.5 - cells[2] / 2) * cell[2],
    thickness: cell[2],
  }));
  return { grid: made, planes, images: periodic, isRegular: true };
}

export interface StackMeshOptions {
  /** Cells along x and y. */
  readonly cells: readonly [number, number];
  /** Edges of a cell along x and y [m]. */
  readonly cell: readonly [number, number];
  /** From bottom to top; they must not overlap. */
  readonly planes: readonly Plane[];
  readonly periodic?: readonly [number, number];
}

/** Films of any thickness and distance, one plane of cells each (or several, if a film is listed in slices). */
export function stackMesh({ cells, cell, planes, periodic = [0, 0] }: StackMeshOptions): Mesh {
  if (planes.length === 0) throw new InputError("planes", planes, "at least one plane");
  checkImages([...periodic, 0]);
  for (const [k, { z, thickness }] of planes.entries()) {
    checkNumber(`planes[${k}]: thickness`, thickness, POSITIVE, "m");
    checkNumber(`planes[${k}]: z`, z, {}, "m");
    if (k > 0 && gapBelow(planes, k) < -1e-6 * thickness)
      throw new InputError(`planes[${k}]: z`, z, `planes from bottom to top that do not overlap`);
  }
  const thickness = planes.reduce((sum, p) => sum + p.thickness, 0) / planes.length;
  const made = grid([...cells, planes.length], {
    cell: [...cell, thickness],
    periodic: [periodic[0] > 0, periodic[1] > 0, false],
  });
  const isRegular = planes.every(
    (p, k) =>
      Math.abs(p.thickness / thickness - 1) < 1e-9 && (k === 0 || Math.abs(gapBelow(planes, k)) < 1e-9 * thickness),
  );
  return { grid: made, planes: [...planes], images: [...periodic, 0], isRegular };
}

/** Distance [m] between a plane and the one below it. */
export const gapBelow = (planes: readonly Plane[], k: number): number =>
  planes[k].z - planes[k].thickness / 2 - (planes[k - 1].z + planes[k - 1].thickness / 2);

/** Whether two planes touch and so exchange. */
export const touchesBelow = (planes: readonly Plane[], k: number): boolean =>
  Math.abs(gapBelow(planes, k)) < 1e-6 * planes[k].thickness;

function checkImages(images: readonly number[]): void {
  for (const [axis, n] of images.entries())
    if (!(Number.isInteger(n) && n >= 0 && n <= 1000))
      throw new InputError(`periodic[${axis}]`, n, "a whole number of copies to each side from 0 (open) to 1000");
}

/** Centre of a cell [m]. */
export function centreOf({ grid, planes }: Mesh, index: number): [number, number, number] {
  const [nx, ny] = grid.size;
  const [dx, dy] = grid.cell;
  const i = index % nx;
  const j = Math.floor(index / nx) % ny;
  return [(i + 0.5 - nx / 2) * dx, (j + 0.5 - ny / 2) * dy, planes[Math.floor(index / (nx * ny))].z];
}

/** Volume of each plane's cells [m³]. */
export const cellVolumes = ({ grid, planes }: Mesh): number[] =>
  planes.map(({ thickness }) => grid.cell[0] * grid.cell[1] * thickness);
