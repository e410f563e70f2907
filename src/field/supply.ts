import type { Vector3 } from "../algebra/vector.ts";
import { InputError } from "../checks.ts";

/** A parameter that changes in time, the same everywhere. */
export interface Course {
  readonly kind: "course";
  at(time: number): number | Vector3;
  /** Times [s] at which it is not smooth. */
  readonly kinks: readonly number[];
}

export const course = (at: (time: number) => number | Vector3, kinks: readonly number[] = []): Course => ({
  kind: "course",
  at,
  kinks,
});

/** How a parameter is given: for all cells; cell by cell, component planes one after the other, x fastest; or in time. */
export type Supply = number | readonly number[] | Float64Array | Course;

export const isCourse = (supply: Supply): supply is Course =>
  typeof supply === "object" && (supply as Course).kind === "course";

/**
 * One number, or one vector, if it is the same in all cells that count, else the planes.
 * @param counts which cells are looked at
 */
export function condensed(
  planes: Float64Array,
  components: number,
  counts: Uint8Array,
): number | number[] | Float64Array {
  const cells = counts.length;
  const first = counts.indexOf(1);
  if (first < 0) return components === 1 ? 0 : Array(components).fill(0);
  const same = Array.from({ length: components }, (_, c) => planes[c * cells + first]);
  for (let c = 0; c < components; c++)
    for (let i = 0; i < cells; i++) if (counts[i] && planes[c * cells + i] !== same[c]) return planes;
  return components === 1 ? same[0] : same;
}

/** Throws for planes of another length or with a number that is none, naming the cell. */
export function checkPlanes(parameter: string, values: ArrayLike<number>, components: number, cells: number): void {
  if (values.length !== components * cells)
    throw new InputError(parameter, `${values.length} numbers`, `${components} × ${cells}, one per component and cell`);
  for (let i = 0; i < values.length; i++)
    if (!Number.isFinite(values[i]))
      throw new InputError(`${parameter}: cell ${i % cells}`, values[i], "finite numbers everywhere");
}
