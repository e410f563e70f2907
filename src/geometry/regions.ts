import type { Vector3 } from "../algebra/vector.ts";
import { InputError } from "../checks.ts";
import { EmptyShapeError, extentOf, meshOf, walk } from "./fill.ts";
import type { Shape } from "./shape.ts";
import { boundsOf, solidOf } from "./solid.ts";

/**
 * The region that the centre of every cell is in, for a mesh centred at the origin.  Part i of a list is region i + 1, the last one that
 * holds the centre wins, and 0 is what none holds; a function, as of `voronoiGrains`, gives the number itself.
 * @param size cells along x, y, z
 * @param cell edges of a cell [m]
 * @returns x fastest: index (k·ny + j)·nx + i
 * @throws EmptyShapeError for a part without the centre of a cell; InputError for a number that is no region
 */
export function regionMap(
  size: Vector3,
  cell: Vector3,
  parts: readonly Shape[] | ((x: number, y: number, z: number) => number),
): Int32Array<ArrayBuffer> {
  const mesh = meshOf(size, cell);
  const [nx, ny, nz] = size;
  const map = new Int32Array(nx * ny * nz);
  if (typeof parts !== "function") {
    parts.forEach((part, i) => {
      let empty = true;
      walk(solidOf(part), mesh, 1, (from, to) => {
        map.fill(i + 1, from, to);
        empty = false;
      });
      if (empty) throw new EmptyShapeError(`regionMap: parts[${i}]`, boundsOf(part), extentOf(mesh));
    });
    return map;
  }
  const centre = (axis: number, index: number): number => mesh.corner[axis] + (index + 0.5) * cell[axis];
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++) {
        const region = parts(centre(0, i), centre(1, j), centre(2, k));
        if (!Number.isInteger(region) || region < 0 || region >= 2 ** 31) {
          throw new InputError(`regionMap: the region of cell [${i}, ${j}, ${k}]`, region, "whole numbers 0…2^31 − 1");
        }
        map[(k * ny + j) * nx + i] = region;
      }
    }
  }
  return map;
}
