import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { InputError } from "../checks.ts";
import type { Checkpoint, Device, RunResult } from "../device/index.ts";
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
export function continued(result: RunResult, earlier: Table): RunResult {
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
