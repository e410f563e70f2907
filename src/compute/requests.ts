import { BackendError, type ConvolutionKernel, type Field, type LayerKernel, type Scalar } from "./backend.ts";
import { sampleCount, vanishes } from "./fft/spectrum.ts";
import { cellsOf, type Grid } from "./grid.ts";
import type { ElementType } from "./language/types.ts";

/** What is asked of a backend, checked before anything is done, in the same words for all of them. */

const fail = (message: string): never => {
  throw new BackendError(message);
};

const isType = (type: unknown): boolean => typeof type === "object" && type !== null && "components" in type;

export function checkField(grid: Grid, type: ElementType, name: unknown): void {
  if (!isType(type)) fail(`field "${name}" needs an element type (real, int, vector, …), not ${JSON.stringify(type)}`);
  if (!Array.isArray(grid?.size) || !grid.cell || !grid.periodic)
    fail(`field "${name}" needs a grid made by grid([nx, ny, nz]), not ${JSON.stringify(grid)}`);
}

/** @returns the rows of a table as lists of components */
export function rowsOf(
  type: ElementType,
  rows: readonly (number | readonly number[])[],
  name: string,
): (readonly number[])[] {
  if (!isType(type)) fail(`table "${name}" needs an element type (real, int, vector, …), not ${JSON.stringify(type)}`);
  if (rows.length === 0) fail(`table "${name}" has no rows`);
  return rows.map((row, i) => {
    const numbers = typeof row === "number" ? [row] : row;
    if (numbers.length !== type.components)
      fail(`row ${i} of table "${name}" has ${numbers.length} numbers, a ${type.name} has ${type.components}`);
    for (const number of numbers) {
      if (Number.isNaN(number)) fail(`row ${i} of table "${name}" is not a number`);
      if (type.kind === "int") checkInt(number, `row ${i} of table "${name}"`);
    }
    return numbers;
  });
}

/** @param values all numbers of a field, or one for all */
export function checkValues({ grid, type, name }: Field, values: ArrayLike<number> | number): void {
  if (typeof values === "number") {
    if (type.kind === "int") checkInt(values, `field "${name}"`);
    return;
  }
  const wanted = cellsOf(grid) * type.components;
  if (values.length !== wanted)
    fail(
      `field "${name}" holds ${wanted} numbers (${type.components} planes of ${grid.size.join("×")} cells, one component after the other), not ${values.length}`,
    );
  if (type.kind === "int" && !(values instanceof Int32Array))
    for (let i = 0; i < wanted; i++) checkInt(values[i], `number ${i} of field "${name}"`);
}

export function checkScalar({ kind, name }: Pick<Scalar, "kind" | "name">, value: number): void {
  if (kind === "int") checkInt(value, `the scalar "${name}"`);
  else if (kind !== "real") fail(`the scalar "${name}" is "real" or "int", not ${JSON.stringify(kind)}`);
}

export function checkInt(value: number, what: string): void {
  if (!Number.isInteger(value)) fail(`${what} is whole, not ${value}`);
  if (value < -(2 ** 31) || value >= 2 ** 31) fail(`${what} has 32 bits, too few for ${value}`);
}

/**
 * @returns components of source and target
 * @throws {BackendError} naming the component and the number of samples
 */
export function checkConvolution(grid: Grid, kernel: ConvolutionKernel, name: string): 1 | 3 {
  const what = `convolution "${name}"`;
  if ("layers" in kernel) {
    checkLayers(grid, kernel, what);
    return 3;
  }
  const { components } = kernel;
  if (components.length !== 1 && components.length !== 6)
    fail(`${what} takes 1 or 6 components, not ${components.length}`);
  checkSamples(components, grid.size, grid.periodic, what);
  return components.length === 1 ? 1 : 3;
}

function checkLayers({ size, periodic }: Grid, { layers }: LayerKernel, what: string): void {
  const films = size[2];
  if (periodic[2]) fail(`${what} is between films, its grid must be open along z`);
  if (layers.length !== films)
    fail(`${what} takes ${films} rows of films, one per plane of its grid, not ${layers.length}`);
  for (const [i, sources] of layers.entries()) {
    if (sources.length !== films)
      fail(`row ${i} of ${what} takes ${films} films, one per plane of its grid, not ${sources.length}`);
    for (const [j, components] of sources.entries()) {
      const pair = `film ${j} on film ${i} of ${what}`;
      if (components.length !== 6) fail(`${pair} takes 6 components, not ${components.length}`);
      checkSamples(components, size.slice(0, 2), periodic.slice(0, 2), pair);
    }
  }
}

function checkSamples(
  components: readonly Float64Array[],
  size: readonly number[],
  periodic: readonly boolean[],
  what: string,
): void {
  const wanted = size.map((n, axis) => sampleCount(n, periodic[axis])).reduce((a, b) => a * b);
  components.forEach((samples, i) => {
    if (components.length === 6 && vanishes(i, size)) return;
    if (samples.length !== wanted) fail(`component ${i} of ${what} needs ${wanted} samples, not ${samples.length}`);
    const bad = samples.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) fail(`sample ${bad} of component ${i} of ${what} is ${samples[bad]}`);
  });
}
