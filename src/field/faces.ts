import { cellsOf } from "../compute/index.ts";
import { type Mesh, touchesBelow } from "./mesh.ts";

/** How two cells couple across the face between them, before its distance is divided out; 0: not at all. */
export type Pairing = (a: number, b: number) => number;

/** 2ab/(a + b), and 0 where either is 0 or their signs differ. */
export const harmonicMean = (a: number, b: number): number => (a * b > 0 ? (2 * a * b) / (a + b) : 0);

/**
 * Strengths of the faces between cells, per axis a plane in which each cell has that of its upper face.  Faces to empty cells and at open
 * ends have none; those between partly filled cells count by the smaller share.
 * @param pairing strength between cells of these indices, times metres if `perDistance`
 * @param perDistance divides by the distance of the centres [m]
 */
export function faceStrengths(mesh: Mesh, fill: Float64Array, pairing: Pairing, perDistance: boolean): Float64Array[] {
  const { grid, planes } = mesh;
  const [nx, ny, nz] = grid.size;
  const strides = [1, nx, nx * ny];
  return [0, 1, 2].map((axis) => {
    const faces = new Float64Array(cellsOf(grid));
    const n = grid.size[axis];
    if (n === 1) return faces;
    for (let k = 0, i = 0; k < nz; k++)
      for (let y = 0; y < ny; y++)
        for (let x = 0; x < nx; x++, i++) {
          const at = [x, y, k][axis];
          const wraps = at === n - 1;
          if (wraps && !grid.periodic[axis]) continue;
          const j = wraps ? i - at * strides[axis] : i + strides[axis];
          if (!(fill[i] > 0 && fill[j] > 0)) continue;
          if (axis === 2 && !wraps && !touchesBelow(planes, k + 1)) continue;
          const above = (k + 1) % nz;
          const distance = axis < 2 ? grid.cell[axis] : (planes[k].thickness + planes[above].thickness) / 2;
          faces[i] = (pairing(i, j) * Math.min(fill[i], fill[j])) / (perDistance ? distance : 1);
        }
    return faces;
  });
}

/**
 * The same as one number per axis where all faces within the box are alike, so that kernels need no planes: at open ends a field
 * continues as it is, and its differences vanish.
 */
export function condensedFaces(mesh: Mesh, faces: readonly Float64Array[]): (number | Float64Array)[] {
  const { grid } = mesh;
  const [nx, ny, nz] = grid.size;
  return faces.map((strength, axis) => {
    let value: number | undefined;
    for (let k = 0, i = 0; k < nz; k++)
      for (let y = 0; y < ny; y++)
        for (let x = 0; x < nx; x++, i++) {
          if ([x, y, k][axis] === grid.size[axis] - 1 && !grid.periodic[axis]) continue;
          if (value === undefined) value = strength[i];
          else if (strength[i] !== value) return strength;
        }
    return value ?? 0;
  });
}

/** Free faces of each cell per axis: those to an empty cell or to nothing. */
export function freeFaces(mesh: Mesh, fill: Float64Array): Float64Array[] {
  const faces = faceStrengths(mesh, fill, () => 1, false);
  const [nx, ny] = mesh.grid.size;
  const strides = [1, nx, nx * ny];
  return faces.map((upper, axis) => {
    const n = mesh.grid.size[axis];
    return upper.map((_, i) => {
      if (!(fill[i] > 0) || n === 1) return 0;
      const at = Math.floor(i / strides[axis]) % n;
      const below = at > 0 ? i - strides[axis] : mesh.grid.periodic[axis] ? i + (n - 1) * strides[axis] : -1;
      return (upper[i] > 0 ? 0 : 1) + (below >= 0 && upper[below] > 0 ? 0 : 1);
    });
  });
}
