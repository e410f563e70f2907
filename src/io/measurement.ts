import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import type { Measurement } from "../experiments/index.ts";
import type { Figure } from "../figures/index.ts";
import { writeCsv } from "./csv.ts";
import { figureSvg } from "./draw.ts";
import { writeAtomically } from "./folder.ts";
import type { Table } from "./table.ts";

/** What a procedure measured, as a table. */
export const tableOfMeasurement = ({ title, data }: Measurement): Table => ({
  title,
  columns: Object.entries(data).map(([name, { label, unit, values }]) => ({ name, unit, doc: label, values })),
});

/** Draws a figure into a file, whole or not at all; folders above it are made. */
export async function writeFigure(path: string, figure: Figure): Promise<void> {
  const svg = figureSvg(figure);
  await mkdir(dirname(path), { recursive: true });
  await writeAtomically(path, svg);
}

/** Saves what a procedure measured as `<path>.csv` and `<path>.svg`. */
export async function writeMeasurement(path: string, measurement: Measurement): Promise<void> {
  const csv = writeCsv(tableOfMeasurement(measurement));
  await writeFigure(`${path}.svg`, measurement.figure);
  await writeAtomically(`${path}.csv`, csv);
}
