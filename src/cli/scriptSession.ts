import { basename, join } from "node:path";
import { InputError } from "../checks.ts";
import {
  type CircuitOptions,
  type Device,
  type FieldOptions,
  type FieldRunResult,
  formatLedger,
  type MagneticRun,
  type MagneticSimulation,
  type Progress,
  type RunOptions,
  type RunRecord,
  type RunResult,
  type SimulateOptions,
  SimulationError,
  simulate,
} from "../device/index.ts";
import type { Measurement } from "../experiments/index.ts";
import type { Figure } from "../figures/index.ts";
import {
  continued,
  continuedField,
  courseFigures,
  describeStack,
  earlierFieldRun,
  earlierRun,
  fieldRunText,
  figureSvg,
  formatNumber,
  formatQuantity,
  magnetizationPlane,
  strictJson,
  summaryOf,
  type Table,
  type TableColumn,
  tableOf,
  tableOfMeasurement,
  versions,
  writableOptions,
  writeAtomically,
  writeCsv,
  writeOdt,
  writeOvf,
} from "../io/index.ts";
import { describeFailure } from "./failure.ts";
import { describeProgress, describeTime, ProgressLine, type ProgressStream } from "./progressLine.ts";
import type { Session } from "./session.ts";

export type Status = "complete" | "interrupted" | "failed";

/** A run that was to begin after Ctrl-C. */
export class Interruption extends Error {
  override name = "Interruption";
}

/** Names that are file names everywhere, and no hidden ones. */
const FILE_NAME = /^[^\s./\\:*?"<>|\p{Cc}]([^/\\:*?"<>|\p{Cc}]*[^\s./\\:*?"<>|\p{Cc}])?$/u;
/** Wall-clock time between returns to the event loop in a loop of the user's own [ms]. */
const SLICE = 50;

interface RunEntry {
  readonly name: string;
  readonly status: Status;
  readonly message?: string;
  readonly magnets?: readonly { readonly name: string; readonly switched: boolean }[];
  readonly ledgerResidual?: number;
  readonly elapsed?: number;
  readonly warnings?: readonly string[];
}

/** The session of one `spinstream run`. */
export class ScriptSession implements Session {
  readonly folder: string;
  readonly signal: AbortSignal;
  private readonly script: string;
  private readonly quiet: boolean;
  private readonly resume: string | undefined;
  private readonly line: ProgressLine | undefined;
  private readonly began = new Date();
  private readonly runs: RunEntry[] = [];
  private readonly files: string[] = [];
  private readonly names = new Set(["summary"]);
  private readonly pending = new Set<Promise<unknown>>();
  private yielded = performance.now();

  constructor(options: {
    readonly script: string;
    readonly folder: string;
    readonly signal: AbortSignal;
    readonly quiet: boolean;
    /** Folder of an interrupted run of the script, whose runs go on. */
    readonly resume?: string | undefined;
    readonly progress: ProgressStream;
  }) {
    this.script = options.script;
    this.folder = options.folder;
    this.signal = options.signal;
    this.quiet = options.quiet;
    this.resume = options.resume;
    this.line = options.quiet ? undefined : new ProgressLine(options.progress);
  }

  simulate(name: string, device: Device, options: CircuitOptions): Promise<RunResult>;
  simulate(name: string, device: Device, options: FieldOptions): Promise<FieldRunResult>;
  simulate(name: string, device: Device, options: SimulateOptions): Promise<RunResult | FieldRunResult> {
    return this.kept(this.runAndSave(name, device, options));
  }

  magnetization(name: string, simulation: MagneticSimulation, options: RunOptions): Promise<MagneticRun> {
    return this.kept(this.runField(name, simulation, options));
  }

  table(name: string, columns: readonly TableColumn[], title = name): Promise<void> {
    return this.kept(this.saveTable(name, { title, columns }));
  }

  measurement(name: string, result: Measurement): Promise<void> {
    return this.kept(this.saveMeasurement(name, result));
  }

  figure(name: string, spec: Figure): Promise<void> {
    return this.kept(this.saveFigure(name, spec));
  }

  async progress(label: string, done: number, total: number): Promise<void> {
    const share = total > 0 ? Math.min(1, Math.max(0, done / total)) : 1;
    const elapsed = (Date.now() - this.began.getTime()) / 1e3;
    const left = share > 0 && share < 1 ? `, ${describeTime((elapsed * (1 - share)) / share)} left` : "";
    this.line?.show(label, share, `${formatNumber(done)} of ${formatNumber(total)}${left}`);
    if (performance.now() - this.yielded < SLICE) return;
    await new Promise((resume) => setTimeout(resume, 0));
    this.yielded = performance.now();
  }

  log(text: string): void {
    this.line?.clear();
    console.log(text);
  }

  /** Waits for runs and files that the script did not await. */
  async settle(): Promise<void> {
    while (this.pending.size > 0) await Promise.all(this.pending);
  }

  /** Writes summary.json and says where the files are. */
  async close(status: Status, error?: unknown): Promise<void> {
    this.line?.clear();
    const summary = {
      status,
      ...(error !== undefined && { message: error instanceof Error ? error.message : String(error) }),
      script: basename(this.script),
      started: this.began.toISOString(),
      elapsed: (Date.now() - this.began.getTime()) / 1e3,
      versions: versions(),
      runs: this.runs,
      files: [...this.files].sort(),
    };
    await writeAtomically(join(this.folder, "summary.json"), strictJson(summary));
    if (error !== undefined) console.error(describeFailure(error));
    const count = this.files.length + 1;
    console.log(`${status === "complete" ? "" : `${status}; `}${count} file${count > 1 ? "s" : ""} in ${this.folder}`);
  }

  private async runAndSave(
    name: string,
    device: Device,
    options: SimulateOptions,
  ): Promise<RunResult | FieldRunResult> {
    this.claim(name);
    if (this.signal.aborted) throw new Interruption(`Interrupted before "${name}"`);
    const earlier = this.resume === undefined ? undefined : await earlierRun(this.resume, name, device);
    if (earlier && !this.quiet) this.log(`${name} goes on from ${formatQuantity(earlier.checkpoint.time, "s")}`);
    const from = earlier?.checkpoint ?? options.from;
    const run = {
      ...options,
      ...(from && { from }),
      signal: options.signal ? AbortSignal.any([this.signal, options.signal]) : this.signal,
      onProgress: (progress: Progress) => {
        options.onProgress?.(progress);
        this.line?.show(name, progress.time / progress.duration, describeProgress(progress, from?.time, from?.steps));
      },
      onWarning: options.onWarning ?? ((message: string) => this.warn(`${name}: ${message}`)),
    } as SimulateOptions;
    let result: RunResult | FieldRunResult;
    try {
      const later = await simulate(device, run);
      result = earlier ? continued(later, earlier.table) : later;
    } catch (error) {
      this.runs.push({ name, status: "failed", message: (error as Error).message });
      if (error instanceof SimulationError) {
        // Where it stopped is worth keeping: the cause can be sought from there.
        const { message, checkpoint } = error;
        const content = { versions: versions(), message, device, options: writableOptions(options), checkpoint };
        await this.save(`${name}.json`, strictJson(content));
      } else {
        // Nothing was saved, so the script may try again under the same name.
        this.names.delete(name.toLowerCase());
      }
      throw error;
    }
    await this.saveRun(name, result, options);
    return result;
  }

  private async runField(name: string, simulation: MagneticSimulation, options: RunOptions): Promise<MagneticRun> {
    if (this.signal.aborted) throw new Interruption(`Interrupted before "${name}"`);
    const began = performance.now();
    const earlier = this.resume === undefined ? undefined : await earlierFieldRun(this.resume, name);
    const start = earlier?.start ?? options.start ?? simulation.time;
    if (earlier) {
      await simulation.restore(earlier.checkpoint);
      if (!this.quiet) this.log(`${name} goes on from ${formatQuantity(simulation.time, "s")}`);
    }
    const later = await simulation.run({
      ...options,
      start,
      signal: options.signal ? AbortSignal.any([this.signal, options.signal]) : this.signal,
      onProgress: (progress) => {
        options.onProgress?.(progress);
        this.line?.show(name, progress.time / progress.duration, describeProgress(progress));
      },
    });
    const run = earlier ? continuedField(later, earlier.table) : later;
    const elapsed = (performance.now() - began) / 1e3;
    await this.saveTable(name, { title: name, columns: run.columns });
    if (run.interrupted) await this.save(`${name}.json`, fieldRunText(await simulation.checkpoint(), start));
    const means = ["m_x", "m_y", "m_z"].flatMap((label) => {
      const y = run.table.get(label);
      return y ? [{ label, x: run.times, y }] : [];
    });
    if (means.length > 0)
      await this.save(
        `${name}.svg`,
        figureSvg({
          title: "Mean magnetization",
          x: { label: "time", unit: "s" },
          y: { label: "⟨m⟩", unit: "1", domain: [-1.05, 1.05] },
          series: means,
        }),
      );
    this.runs.push({ name, status: run.interrupted ? "interrupted" : "complete", elapsed });
    const { steps, rejected, interrupted } = run;
    this.log(
      `${name}\n  ${interrupted ? "interrupted at " : ""}${formatQuantity(simulation.time, "s")} in ${steps} steps (${rejected} rejected), ${describeTime(elapsed)}`,
    );
    return run;
  }

  private async saveRun(name: string, result: RunResult | FieldRunResult, options: SimulateOptions): Promise<void> {
    const table = tableOf(result);
    await this.save(`${name}.odt`, writeOdt(table));
    await this.save(`${name}.csv`, writeCsv(table));
    for (const figure of courseFigures(result)) await this.save(`${name}-${figure.name}.svg`, figure.svg);
    if ("micromagnet" in result) await this.saveTextures(name, result);
    const summary = summaryOf(result, options);
    await this.save(`${name}.json`, strictJson(summary));
    const { elapsed, warnings, ledger, interrupted } = result;
    this.runs.push({
      name,
      status: interrupted ? "interrupted" : "complete",
      magnets: summary.magnets.map(({ name, switched }) => ({ name, switched })),
      ledgerResidual: ledger.relativeResidual,
      elapsed,
      warnings,
    });
    if (!this.quiet) this.log(describeRun(name, result));
  }

  /** The magnetization at the end of a run at field depth, to compute on with and to look at. */
  private async saveTextures(name: string, result: FieldRunResult): Promise<void> {
    const { time } = result.checkpoint;
    for (const [plane, magnet] of result.planes.entries()) {
      const field = magnetizationPlane({ ...result, time }, plane);
      const file = `${name}-${magnet.replaceAll(" ", "-")}`;
      await this.save(`${file}.ovf`, writeOvf(field));
      const { size: cells, cell, values: m } = field;
      const title = `Magnetization of "${magnet}" at ${formatQuantity(time, "s")}`;
      const subtitle = describeStack(result.device);
      await this.save(`${file}.svg`, figureSvg({ title, subtitle, cells, cell, frames: [{ label: "", m }] }));
    }
  }

  private async saveTable(name: string, table: Table): Promise<void> {
    this.claim(name);
    if (!Array.isArray(table.columns)) {
      throw new InputError(`table "${name}": columns`, table.columns, "a list of { name, unit, doc, values }");
    }
    // Both texts before either file: a table that cannot be written leaves nothing behind.
    const [odt, csv] = [writeOdt(table), writeCsv(table)];
    await this.save(`${name}.odt`, odt);
    await this.save(`${name}.csv`, csv);
  }

  private async saveMeasurement(name: string, result: Measurement): Promise<void> {
    // Drawn before anything is saved: what cannot be drawn leaves nothing behind.
    const svg = figureSvg(result.figure);
    await this.saveTable(name, tableOfMeasurement(result));
    await this.save(`${name}.svg`, svg);
  }

  private async saveFigure(name: string, spec: Figure): Promise<void> {
    const file = `${name}.svg`;
    this.claim(name, file);
    await this.save(file, figureSvg(spec));
  }

  private async save(file: string, text: string | Uint8Array): Promise<void> {
    if (this.files.includes(file)) throw new InputError("file", file, "a name that no other run or figure makes");
    await writeAtomically(join(this.folder, file), text);
    this.files.push(file);
  }

  /** Throws unless the name can be a file's and is new: what one call saved, no other may write over. */
  private claim(name: string, file = name): void {
    if (typeof name !== "string" || !FILE_NAME.test(name)) {
      throw new InputError("name", name, "a file name without extension, such as write-1");
    }
    // Some file systems hold "Write" and "write" to be the same.
    const key = file.toLowerCase();
    if (this.names.has(key)) throw new InputError("name", name, "a name not used before in this script");
    this.names.add(key);
  }

  private warn(message: string): void {
    this.line?.clear();
    console.warn(`warning: ${message}`);
  }

  /** Remembers work until it is done; its error is for whoever awaits what is returned. */
  private kept<T>(work: Promise<T>): Promise<T> {
    const settled: Promise<unknown> = work.then(
      () => this.pending.delete(settled),
      () => this.pending.delete(settled),
    );
    this.pending.add(settled);
    return work.then((value) => value);
  }
}

/** What came out of a run in a few lines, with its ledger. */
function describeRun(name: string, result: RunRecord): string {
  const { device, model, checkpoint, steps, rejected, elapsed, interrupted, ledger } = result;
  // Adding 0 takes the sign from a zero.
  const component = (c: number): string => formatNumber(Number(c.toFixed(3)) + 0);
  const vector = (m: readonly number[]): string => `(${m.map(component).join(", ")})`;
  const magnets = model.magnets.map((magnet) => {
    const { initial, final, switched } = result.magnet(magnet.name);
    return `${magnet.name}: m ${vector(initial)} → ${vector(final)}, ${switched ? "switched" : "not switched"}`;
  });
  const lines = [
    describeStack(device),
    `${interrupted ? "interrupted at " : ""}${formatQuantity(checkpoint.time, "s")} in ${steps} steps (${rejected} rejected), ${describeTime(elapsed)}`,
    ...magnets,
    ...formatLedger(ledger).split("\n"),
  ];
  return [name, ...lines.map((line) => `  ${line}`)].join("\n");
}
