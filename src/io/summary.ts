import type { FieldOptions, RunRecord, SimulateOptions } from "../device/index.ts";
import { VERSION } from "./version.ts";

/** What a run was and what came out of it, as plain data; its course is in the table. */
export function summaryOf(result: RunRecord, options: SimulateOptions) {
  const { device, model, ledger, checkpoint, interrupted, steps, rejected, elapsed, warnings } = result;
  const magnets = model.magnets.map(({ name }) => {
    const { initial, final, switched } = result.magnet(name);
    return { name, initial, final, switched };
  });
  return {
    versions: versions(),
    interrupted,
    device,
    options: writableOptions(options),
    magnets,
    ledger,
    steps,
    rejected,
    elapsed,
    warnings,
    checkpoint,
  };
}

/** What made a file: this package and the Node it ran on. */
export const versions = () => ({ spinstream: VERSION, node: process.versions.node });

/** The options of a run that are data.  A function stands as the word "function", a checkpoint as its time and step, a machine as what it is. */
export function writableOptions(all: SimulateOptions) {
  const { signal, onProgress, onWarning, from, machine, ...options } = all as FieldOptions;
  return {
    ...options,
    ...(from && { from: { time: from.time, steps: from.steps } }),
    ...(machine && { machine: machine.description }),
  };
}

/** JSON as the standard has it: numbers it cannot hold are the strings "Infinity", "-Infinity", "NaN". */
export function strictJson(value: unknown): string {
  return `${JSON.stringify(value, writable, 2)}\n`;
}

function writable(_: string, value: unknown): unknown {
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  if (typeof value === "function") return "function";
  if (ArrayBuffer.isView(value)) return Array.from(value as Float64Array);
  return value;
}
