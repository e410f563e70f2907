/** What a kernel computes with: single or double precision. */
export type Precision = "f32" | "f64";

/** How a field continues beyond an open end of its grid. */
export type Edge = "clamped" | "mirror" | "zero" | "periodic";

/** One value per axis. */
export type Triple<T> = readonly [T, T, T];

/** A regular box of cells; x is the fastest index. */
export interface Grid {
  /** Cells along x, y, z; positive integers. */
  readonly size: Triple<number>;
  /** Edge lengths of a cell; positive, in whatever unit the kernels use. */
  readonly cell: Triple<number>;
  /** Axes along which the last cell is the neighbour of the first. */
  readonly periodic: Triple<boolean>;
}

export class GridError extends Error {
  override name = "GridError";
}

/**
 * @param size cells along x, y, z; positive integers
 * @throws {GridError} naming the axis and its value
 */
export function grid(
  size: Triple<number>,
  { cell = [1, 1, 1], periodic = [false, false, false] }: Partial<Omit<Grid, "size">> = {},
): Grid {
  for (const axis of [0, 1, 2]) {
    if (!Number.isInteger(size[axis]) || size[axis] < 1)
      throw new GridError(`a grid has a positive whole number of cells along ${"xyz"[axis]}, not ${size[axis]}`);
    if (!(cell[axis] > 0 && cell[axis] < Infinity))
      throw new GridError(`the cell size along ${"xyz"[axis]} must be positive and finite, not ${cell[axis]}`);
  }
  if (size[0] * size[1] * size[2] > 2 ** 31)
    throw new GridError(`a grid of ${size.join("×")} cells is beyond 2^31 cells`);
  return Object.freeze({ size: [...size] as const, cell: [...cell] as const, periodic: [...periodic] as const });
}

export const cellsOf = ({ size }: Grid): number => size[0] * size[1] * size[2];

/**
 * The cell that stands for index `i` of an axis with `n` cells.
 * clamped: the nearest cell.  mirror: reflected at the outer face, … 1 0 | 0 1 …  periodic: modulo n.
 * @returns an index in 0…n−1, or −1 where the value is zero
 */
export function cellAt(edge: Edge, i: number, n: number): number {
  switch (edge) {
    case "clamped":
      return Math.min(Math.max(i, 0), n - 1);
    case "mirror": {
      const reflected = i < 0 ? -1 - i : i >= n ? 2 * n - 1 - i : i;
      return Math.min(Math.max(reflected, 0), n - 1);
    }
    case "periodic":
      return ((i % n) + n) % n;
    case "zero":
      return i < 0 || i >= n ? -1 : i;
    default:
      return edge satisfies never;
  }
}
