import type { Vector3 } from "../algebra/vector.ts";
import { checkKeys, InputError } from "../checks.ts";
import { type Grid, grid } from "../compute/grid.ts";
import type { Extent, Shape } from "./shape.ts";
import { boundsOf, type Solid, solidOf } from "./solid.ts";

/** A shape has no point in the middle of any cell, nor at any other that was tried. */
export class EmptyShapeError extends InputError {
  override name = "EmptyShapeError";

  constructor(what: string, bounds: Extent, mesh: Extent) {
    super(what, bounds, "a shape that fills a cell of the mesh");
    this.message = `${what} fills no cell: it lies within ${describe(bounds)}, and the mesh is ${describe(mesh)}`;
  }
}

export interface FillOptions {
  /** Points tried along each edge of a cell; 1 is the rule of the centre. */
  readonly samples?: number;
  /** Is told when a part of the shape is outside the mesh. */
  readonly warn?: (message: string) => void;
}

/**
 * The share of every cell that is inside, for a mesh centred at the origin.  Whole blocks of cells are settled at once where the shape
 * allows, so that only its surface takes time.
 * @param size cells along x, y, z
 * @param cell edges of a cell [m]
 * @returns 0…1, x fastest: index (k·ny + j)·nx + i
 * @throws EmptyShapeError when nothing is inside
 */
export function fillFractions(
  shape: Shape,
  size: Vector3,
  cell: Vector3,
  options: FillOptions = {},
): Float64Array<ArrayBuffer> {
  checkKeys("fillFractions", options, ["samples", "warn"]);
  const { samples = 1, warn } = options;
  if (!Number.isInteger(samples) || samples < 1) {
    throw new InputError("fillFractions: samples", samples, "a whole number ≥ 1");
  }
  const mesh = meshOf(size, cell);
  const shares = new Float64Array(size[0] * size[1] * size[2]);
  let empty = true;
  walk(solidOf(shape), mesh, samples, (from, to, share) => {
    shares.fill(share, from, to);
    empty = false;
  });
  if (empty) throw new EmptyShapeError("the shape", boundsOf(shape), extentOf(mesh));
  if (warn) {
    const beyond = overhang(shape, size, cell);
    if (beyond.share > 0) {
      const percent = Number((100 * beyond.share).toPrecision(2));
      const where = beyond.sides.map(({ side, distance }) => `${nanometres(distance)} nm beyond ${side}`).join(", ");
      warn(`${percent} % of the shape is outside the mesh: it reaches ${where}`);
    }
  }
  return shares;
}

/** What of a shape is outside a mesh. */
export interface Overhang {
  /** Of its volume, found at 128 points along each axis of its bounds. */
  readonly share: number;
  /** Which faces it reaches beyond, and how far [m]. */
  readonly sides: readonly { readonly side: string; readonly distance: number }[];
}

/** How much of a shape lies outside a mesh centred at the origin.  Ends that a shape does not have, as those of an outline along z, do
 * not count. */
export function overhang(shape: Shape, size: Vector3, cell: Vector3): Overhang {
  const { min, max } = boundsOf(shape);
  const frame = extentOf(meshOf(size, cell));
  const sides: { side: string; distance: number }[] = [];
  const from = [...frame.min];
  const to = [...frame.max];
  for (const i of [0, 1, 2]) {
    const noticed = 1e-6 * cell[i];
    if (Number.isFinite(min[i])) {
      from[i] = min[i];
      if (min[i] < frame.min[i] - noticed) sides.push({ side: `-${"xyz"[i]}`, distance: frame.min[i] - min[i] });
    }
    if (Number.isFinite(max[i])) {
      to[i] = max[i];
      if (max[i] > frame.max[i] + noticed) sides.push({ side: `+${"xyz"[i]}`, distance: max[i] - frame.max[i] });
    }
  }
  if (sides.length === 0) return { share: 0, sides };
  const points = 128;
  const spacing = from.map((start, i) => (to[i] - start) / points) as unknown as Vector3;
  if (!spacing.every((step) => step > 0)) return { share: 0, sides: [] };
  const lattice: Mesh = { size: [points, points, points], cell: spacing, corner: from as unknown as Vector3 };
  const within = (i: number, index: number): boolean => {
    const position = from[i] + (index + 0.5) * spacing[i];
    return position >= frame.min[i] && position < frame.max[i];
  };
  let all = 0;
  let outside = 0;
  walk(solidOf(shape), lattice, 1, (start, end) => {
    all += end - start;
    const row = Math.floor(start / points);
    const inMesh = within(1, row % points) && within(2, Math.floor(row / points));
    for (let index = start; index < end; index++) if (!inMesh || !within(0, index % points)) outside++;
  });
  const share = all === 0 ? 0 : outside / all;
  return share === 0 ? { share, sides: [] } : { share, sides };
}

/** A regular box of cells and where its lowest corner is [m]. */
export interface Mesh extends Pick<Grid, "size" | "cell"> {
  readonly corner: Vector3;
}

/** A mesh centred at the origin. @throws GridError for what is no mesh */
export function meshOf(size: Vector3, cell: Vector3): Mesh {
  return { ...grid(size, { cell }), corner: [0, 1, 2].map((i) => (-size[i] / 2) * cell[i]) as unknown as Vector3 };
}

export const extentOf = ({ size, cell, corner }: Mesh): Extent => ({
  min: corner,
  max: [0, 1, 2].map((i) => corner[i] + size[i] * cell[i]) as unknown as Vector3,
});

/**
 * Calls `paint` for cells `from`…`to`−1 of a row whose share inside is the same and not zero.  A block of cells is cut in two until the
 * solid knows that it holds all of it or nothing, or until it is one cell.
 */
export function walk(
  { contains, cover }: Solid,
  { size: [nx, ny, nz], cell, corner }: Mesh,
  samples: number,
  paint: (from: number, to: number, share: number) => void,
): void {
  const [dx, dy, dz] = cell;
  // The outermost points tried, and a little more for rounding.
  const inset = 0.5 / samples - 1e-9;
  const low = (i: number, index: number): number => corner[i] + (index + inset) * cell[i];
  const high = (i: number, index: number): number => corner[i] + (index - inset) * cell[i];
  const share = (i: number, j: number, k: number): number => {
    let inside = 0;
    for (let c = 0; c < samples; c++) {
      const z = corner[2] + (k + (c + 0.5) / samples) * dz;
      for (let b = 0; b < samples; b++) {
        const y = corner[1] + (j + (b + 0.5) / samples) * dy;
        for (let a = 0; a < samples; a++) {
          if (contains(corner[0] + (i + (a + 0.5) / samples) * dx, y, z)) inside++;
        }
      }
    }
    return inside / samples ** 3;
  };
  const visit = (i0: number, i1: number, j0: number, j1: number, k0: number, k1: number): void => {
    const [ni, nj, nk] = [i1 - i0, j1 - j0, k1 - k0];
    const single = ni * nj * nk === 1;
    // One point is asked at once.
    const covered =
      single && samples === 1
        ? 0.5
        : cover({ min: [low(0, i0), low(1, j0), low(2, k0)], max: [high(0, i1), high(1, j1), high(2, k1)] });
    if (covered === 0) return;
    if (covered === 1) {
      for (let k = k0; k < k1; k++) {
        for (let j = j0; j < j1; j++) paint((k * ny + j) * nx + i0, (k * ny + j) * nx + i1, 1);
      }
    } else if (single) {
      const value = share(i0, j0, k0);
      const index = (k0 * ny + j0) * nx + i0;
      if (value > 0) paint(index, index + 1, value);
    } else if (ni >= nj && ni >= nk) {
      const middle = i0 + (ni >> 1);
      visit(i0, middle, j0, j1, k0, k1);
      visit(middle, i1, j0, j1, k0, k1);
    } else if (nj >= nk) {
      const middle = j0 + (nj >> 1);
      visit(i0, i1, j0, middle, k0, k1);
      visit(i0, i1, middle, j1, k0, k1);
    } else {
      const middle = k0 + (nk >> 1);
      visit(i0, i1, j0, j1, k0, middle);
      visit(i0, i1, j0, j1, middle, k1);
    }
  };
  visit(0, nx, 0, ny, 0, nz);
}

const nanometres = (value: number): string => String(Number((value * 1e9).toPrecision(4))).replace("-", "−");

/** Reads "x −5…5 nm, y −5…5 nm, z without end". */
function describe({ min, max }: Extent): string {
  if (min.some((start, i) => start > max[i])) return "nothing at all, its parts having no point in common";
  return [0, 1, 2]
    .map((i) => {
      const [from, to] = [min[i], max[i]].map((end) => (Number.isFinite(end) ? nanometres(end) : ""));
      return from || to ? `${"xyz"[i]} ${from}…${to} nm` : `${"xyz"[i]} without end`;
    })
    .join(", ");
}
