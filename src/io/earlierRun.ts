import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { InputError } from "../checks.ts";
import type { Checkpoint, Device, MagneticCheckpoint, MagneticRun, RunRecord } from "../device/index.ts";
import { readCsv } from "./csv.ts";
import { strictJson } from "./summary.ts";
import type { Table } from "./table.ts";

/** Where an interrupted run stopped, and what it had recorded. */
export interface EarlierRun {
  readonly checkpoint: Checkpoint;
  readonly table: Table;
}

/**
 * What a folder of an earlier `spinstream run` holds of the run `name`; undefined when that was never begun or came to its end.
 * Throws an InputError when there is no such folder, or when it holds the run of another device.
 */
export async function earlierRun(folder: string, name: string, device: Device): Promise<EarlierRun | undefined> {
  const entry = await stat(folder).catch(() => undefined);
  if (!entry?.isDirectory()) throw new InputError("resume", folder, "the output folder of an earlier run");
  const text = await readFile(join(folder, `${name}.json`), "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const summary = JSON.parse(text);
  if (!summary.interrupted) return undefined;
  if (JSON.stringify(summary.device) !== JSON.stringify(JSON.parse(strictJson(device)))) {
    throw new InputError("resume", folder, `a run "${name}" of the same device; that one is of another`);
  }
  return { checkpoint: summary.checkpoint, table: readCsv(await readFile(join(folder, `${name}.csv`), "utf8")) };
}

/** A run that went on from an earlier one, with the records of both. */
export function continued<R extends RunRecord>(result: R, earlier: Table): R {
  const table = new Map(
    [...result.table].map(([name, later]) => {
      const before = earlier.columns.find((column) => column.name === name)?.values ?? [];
      return [name, Float64Array.from([...Array.from(before), ...later])] as const;
    }),
  );
  return {
    ...result,
    table,
    times: table.get("t") as Float64Array,
    magnet(name) {
      const course = ["x", "y", "z"].map((axis) => table.get(`m${axis}_${name.replaceAll(" ", "")}`));
      return { ...result.magnet(name), course: course as unknown as [Float64Array, Float64Array, Float64Array] };
    },
  };
}

/** What a file keeps of a magnetization run that was interrupted. */
interface StoredField {
  readonly kind: "magnetization run";
  /** When it was begun [s]. */
  readonly start: number;
  readonly checkpoint: Omit<MagneticCheckpoint, "m">;
  readonly precision: "f32" | "f64";
  /** The bytes of m, in base64. */
  readonly m: string;
}

/** The text of the file that lets an interrupted magnetization run go on.  @param start when it was begun [s] */
export function fieldRunText({ m, ...checkpoint }: MagneticCheckpoint, start: number): string {
  const stored: StoredField = {
    kind: "magnetization run",
    start,
    checkpoint,
    precision: m.BYTES_PER_ELEMENT === 4 ? "f32" : "f64",
    m: Buffer.from(m.buffer, m.byteOffset, m.byteLength).toString("base64"),
  };
  return strictJson(stored);
}

/** Where an interrupted magnetization run stopped, and what it had recorded. */
export interface EarlierFieldRun {
  readonly start: number;
  readonly checkpoint: MagneticCheckpoint;
  readonly table: Table;
}

/**
 * What a folder of an earlier `spinstream run` holds of the magnetization run `name`; undefined when that was never begun or came to its
 * end.  Throws an InputError when there is no such folder.
 */
export async function earlierFieldRun(folder: string, name: string): Promise<EarlierFieldRun | undefined> {
  const entry = await stat(folder).catch(() => undefined);
  if (!entry?.isDirectory()) throw new InputError("resume", folder, "the output folder of an earlier run");
  const text = await readFile(join(folder, `${name}.json`), "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const stored: StoredField = JSON.parse(text);
  if (stored.kind !== "magnetization run")
    throw new InputError("resume", folder, `a magnetization run "${name}"; that one is of something else`);
  const bytes = Uint8Array.from(Buffer.from(stored.m, "base64"));
  const m = stored.precision === "f32" ? new Float32Array(bytes.buffer) : new Float64Array(bytes.buffer);
  return {
    start: stored.start,
    checkpoint: { ...stored.checkpoint, m },
    table: readCsv(await readFile(join(folder, `${name}.csv`), "utf8")),
  };
}

/** A magnetization run that went on from an earlier one, with the rows of both. */
export function continuedField(run: MagneticRun, earlier: Table): MagneticRun {
  const columns = run.columns.map((column) => {
    const before = earlier.columns.find(({ name }) => name === column.name)?.values ?? [];
    // The first row of what goes on is the last of what was.
    return { ...column, values: Float64Array.from([...Array.from(before), ...column.values.slice(1)]) };
  });
  return {
    ...run,
    columns,
    times: columns[0].values,
    table: new Map(columns.slice(1).map(({ name, values }) => [name, values])),
  };
}
