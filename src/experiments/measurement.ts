import type { Figure } from "../figures/index.ts";

/** One measured quantity: what it is, its SI unit, its numbers. */
export interface MeasuredColumn {
  /** As it stands at an axis, such as "transverse voltage". */
  readonly label: string;
  /** SI unit, "1" for none. */
  readonly unit: string;
  readonly values: Float64Array;
}

/** What a procedure returns: columns of one length by name, and the figure an experimenter would draw of them. */
export interface Measurement<Name extends string = string> {
  readonly title: string;
  readonly data: Readonly<Record<Name, MeasuredColumn>>;
  /** To be drawn by `figureSvg` of "spinstream/io", or by `session.figure`. */
  readonly figure: Figure;
}

export const column = (label: string, unit: string, values: ArrayLike<number>): MeasuredColumn => ({
  label,
  unit,
  values: Float64Array.from(values),
});
