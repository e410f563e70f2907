import { checkKeys, checkNumber, POSITIVE } from "../checks.ts";
import { cellsOf, grid, openWasm, program, vector } from "../compute/index.ts";
import { MU0 } from "../constants.ts";
import { layerTensor } from "../magnetism/index.ts";
import type { MagneticSimulation } from "./magneticSimulation.ts";
import { valueAt } from "./micromagnet.ts";

export interface MagneticForceOptions {
  /** Of the tip over the magnet's upper face [m]. */
  readonly height: number;
}

/**
 * What a magnetic force microscope sees whose tip is a dipole along z: ∂²B_z/∂z² of the magnet's own field at the tip's height, to which the
 * shift of the cantilever's frequency is proportional.  Differences of three planes a tenth of the height apart, each the mean over a cell.
 * @returns one number per cell of a plane [T/m²], x fastest
 */
export async function magneticForceImage(
  simulation: MagneticSimulation,
  options: MagneticForceOptions,
): Promise<Float64Array> {
  checkKeys("magneticForceImage", options, ["height"]);
  const height = checkNumber("magneticForceImage: height", options.height, POSITIVE, "m");
  const { mesh, fill, numbers } = simulation.magnet;
  const { planes, images } = mesh;
  const [nx, ny, nz] = mesh.grid.size;
  const [dx, dy] = mesh.grid.cell;
  const step = height / 10;
  const top = planes[nz - 1].z + planes[nz - 1].thickness / 2;
  const views = [-1, 0, 1].map((k) => ({ z: top + height + k * step, thickness: step / 10 }));
  const all = [...planes, ...views];
  const wide = grid([nx, ny, all.length], { cell: mesh.grid.cell, periodic: [images[0] > 0, images[1] > 0, false] });
  const samples = [nx, ny].map((n, axis) => (images[axis] > 0 ? Math.floor(n / 2) + 1 : n));
  const nothing = Array.from({ length: 6 }, () => new Float64Array(samples[0] * samples[1]));
  const layers = all.map((target, i) =>
    all.map((source, j) =>
      i < nz || j >= nz
        ? nothing
        : layerTensor([nx, ny], [dx, dy], source, target, { images: [images[0], images[1]] }).map((part) =>
            part.map((n) => -MU0 * n),
          ),
    ),
  );
  const m = await simulation.magnetization();
  const cells = fill.length;
  const M = new Float64Array(3 * cellsOf(wide));
  for (let c = 0; c < 3; c++)
    for (let i = 0; i < cells; i++)
      M[c * cellsOf(wide) + i] = m[c * cells + i] * fill[i] * valueAt(numbers.saturationMagnetization, i);
  const machine = openWasm({ precision: "f64" });
  try {
    const [source, target] = [machine.field(wide, vector, "M"), machine.field(wide, vector, "B")];
    await machine.write(source, M);
    const convolution = machine.convolution(wide, { layers }, "stray field");
    await (await machine.compile(program("stray field", (p) => p.convolve(convolution, source, target)))).run();
    const B = await machine.read(target);
    const plane = nx * ny;
    const at = (k: number, i: number) => B[2 * cellsOf(wide) + (nz + k) * plane + i];
    return Float64Array.from({ length: plane }, (_, i) => (at(0, i) - 2 * at(1, i) + at(2, i)) / step ** 2);
  } finally {
    await machine.destroy();
  }
}
