import { checkKeys, InputError } from "../checks.ts";
import { cellsOf, grid, openWasm, program, real, type Triple } from "../compute/index.ts";
import { MU0 } from "../constants.ts";
import { meanInverseDistance } from "../field/vectorPotential.ts";
import { type Micromagnet, type VectorPerCell, vectorPerCell } from "./micromagnet.ts";

/**
 * The Oersted field of a current in the cells of a magnet, as a pattern for `set({ field: { pattern, factor } })`: B = ∇ × A with
 * A = (µ0/4π) ∫ J/|r − r′| dV, by Fourier transforms on a mesh with one more cell at every end, and central differences.  Leads beyond the
 * mesh are not known to it: a current that ends at its faces has the field of what is inside.
 * @param options.current J [A/m²]
 * @returns B [T], component planes
 */
export async function oerstedPattern(
  magnet: Micromagnet,
  options: { readonly current: VectorPerCell },
): Promise<Float64Array> {
  checkKeys("oerstedPattern", options, ["current"]);
  const { mesh } = magnet;
  if (!mesh.isRegular)
    throw new InputError("mesh", "layers of different thickness or distance", "equal planes that touch");
  if (mesh.images.some((n) => n > 0))
    throw new InputError("periodic", mesh.images, "[0, 0, 0]: a current that never ends has no such field");
  const J = vectorPerCell("oerstedPattern: current", options.current, mesh);
  const [nx, ny, nz] = mesh.grid.size;
  const size: Triple<number> = [nx + 2, ny + 2, nz + 2];
  const wide = grid(size, { cell: mesh.grid.cell });
  const [cells, all] = [cellsOf(mesh.grid), cellsOf(wide)];
  const V = mesh.grid.cell[0] * mesh.grid.cell[1] * mesh.grid.cell[2];
  const at = (x: number, y: number, z: number): number => (z * size[1] + y) * size[0] + x;
  const machine = openWasm({ precision: "f64" });
  try {
    const kernel = meanInverseDistance(size, mesh.grid.cell).map((value) => (value * MU0 * V) / (4 * Math.PI));
    const convolution = machine.convolution(wide, { components: [kernel] }, "vector potential");
    const [source, target] = [machine.field(wide, real, "J"), machine.field(wide, real, "A")];
    const run = await machine.compile(program("vector potential", (p) => p.convolve(convolution, source, target)));
    const A: Float64Array[] = [];
    for (const c of [0, 1, 2]) {
      const values = new Float64Array(all);
      for (let i = 0; i < cells; i++)
        values[at((i % nx) + 1, (Math.floor(i / nx) % ny) + 1, Math.floor(i / (nx * ny)) + 1)] = J[c * cells + i];
      await machine.write(source, values);
      await run.run();
      A.push(Float64Array.from(await machine.read(target)));
    }
    const B = new Float64Array(3 * cells);
    const strides = [1, size[0], size[0] * size[1]];
    const slope = (c: number, axis: number, here: number): number =>
      (A[c][here + strides[axis]] - A[c][here - strides[axis]]) / (2 * mesh.grid.cell[axis]);
    for (let i = 0; i < cells; i++) {
      const here = at((i % nx) + 1, (Math.floor(i / nx) % ny) + 1, Math.floor(i / (nx * ny)) + 1);
      for (const c of [0, 1, 2]) {
        const [a, b] = [(c + 1) % 3, (c + 2) % 3];
        B[c * cells + i] = slope(b, a, here) - slope(a, b, here);
      }
    }
    return B;
  } finally {
    await machine.destroy();
  }
}
