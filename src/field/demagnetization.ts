import {
  type Backend,
  type Convolution,
  type ConvolutionKernel,
  cellsOf,
  type Field,
  type Vector,
  vector,
} from "../compute/index.ts";
import { MU0 } from "../constants.ts";
import { demagnetizingTensor, layerTensor } from "../magnetism/index.ts";
import { type MagneticProblem, planesOf } from "./assembly.ts";
import type { Mesh } from "./mesh.ts";
import { condensed } from "./supply.ts";

/** The magnet's own field on a backend: a convolution from m, or from the moment φMs m where that differs from cell to cell. */
export class Demagnetization {
  readonly convolution: Convolution;
  /** B_d [T] */
  readonly field: Field<Vector>;
  /** φ Ms m [A/m] */
  readonly moment: Field<Vector> | undefined;
  private readonly backend: Backend;

  constructor({ mesh, fill, saturationMagnetization }: MagneticProblem, backend: Backend) {
    this.backend = backend;
    const Ms = planesOf(saturationMagnetization, cellsOf(mesh.grid));
    const moments = Ms.map((M, i) => M * fill[i]);
    const same = condensed(
      moments,
      1,
      Uint8Array.from(fill, (share) => (share > 0 ? 1 : 0)),
    );
    this.convolution = backend.convolution(
      mesh.grid,
      kernelOf(mesh, -MU0 * (typeof same === "number" ? same : 1)),
      "demagnetization",
    );
    this.field = backend.field(mesh.grid, vector, "demagnetizing field");
    this.moment = typeof same === "number" ? undefined : backend.field(mesh.grid, vector, "magnetic moment");
  }

  release(): void {
    for (const thing of [this.convolution, this.field, this.moment]) if (thing) this.backend.release(thing);
  }
}

/** Tensors of the meshes used last: they take longer than everything else at the start of a run. */
const remembered = new Map<string, readonly Float64Array[]>();
/** Numbers kept in all. */
const MOST = 2 ** 24;

function tensorOf(key: string, make: () => Float64Array[]): readonly Float64Array[] {
  const known = remembered.get(key);
  const tensor = known ?? make();
  remembered.delete(key);
  remembered.set(key, tensor);
  let kept = 0;
  for (const [other, parts] of [...remembered].reverse()) {
    kept += parts.reduce((sum, part) => sum + part.length, 0);
    if (kept > MOST) remembered.delete(other);
  }
  return tensor;
}

function kernelOf({ grid, planes, images, isRegular }: Mesh, scale: number): ConvolutionKernel {
  const { size, cell } = grid;
  const scaled = (components: readonly Float64Array[]) => components.map((part) => part.map((n) => n * scale));
  if (isRegular) {
    const key = JSON.stringify([size, cell, images]);
    return { components: scaled(tensorOf(key, () => demagnetizingTensor(size, cell, { images }))) };
  }
  const flat = [size[0], size[1]] as const;
  const edges = [cell[0], cell[1]] as const;
  const pair = (source: number, target: number) => {
    const [a, b] = [planes[source], planes[target]];
    const key = JSON.stringify([flat, edges, a.thickness, b.thickness, b.z - a.z, images]);
    return scaled(tensorOf(key, () => layerTensor([...flat], [...edges], a, b, { images: [images[0], images[1]] })));
  };
  return { layers: planes.map((_, target) => planes.map((_, source) => pair(source, target))) };
}
