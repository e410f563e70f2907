import type {
  CircuitOptions,
  Device,
  FieldOptions,
  FieldRunResult,
  MagneticRun,
  MagneticSimulation,
  RunOptions,
  RunResult,
} from "../device/index.ts";
import type { Measurement } from "../experiments/index.ts";
import type { Figure } from "../figures/index.ts";
import type { TableColumn } from "../io/table.ts";

/** What `spinstream run` hands to a script: a folder of its own, and runs that report and save themselves. */
export interface Session {
  /** Where the files go; a new folder for every run of the script. */
  readonly folder: string;
  /** Aborts at Ctrl-C. */
  readonly signal: AbortSignal;
  /**
   * Simulates with a progress line and saves `<name>.odt`, `.csv`, `.json` and one `<name>-<quantity>.svg` per group of
   * quantities; at field depth also the magnetization at the end, `<name>-<magnet>.ovf` and `.svg`.  At Ctrl-C it returns what there is, marked `interrupted`; a run begun after that throws.
   */
  simulate(name: string, device: Device, options: CircuitOptions): Promise<RunResult>;
  simulate(name: string, device: Device, options: FieldOptions): Promise<FieldRunResult>;
  /**
   * Runs a magnetization field on in time with a progress line, and saves `<name>.odt`, `.csv` and a figure of ⟨m⟩.  At Ctrl-C it returns
   * what there is, marked `interrupted`.
   */
  magnetization(name: string, simulation: MagneticSimulation, options: RunOptions): Promise<MagneticRun>;
  /** Saves columns as `<name>.odt` and `<name>.csv`. */
  table(name: string, columns: readonly TableColumn[], title?: string): Promise<void>;
  /** Saves `<name>.svg`. */
  figure(name: string, spec: Figure): Promise<void>;
  /** Saves what a procedure measured: `<name>.odt`, `<name>.csv` and `<name>.svg`. */
  measurement(name: string, result: Measurement): Promise<void>;
  /** Shows how far work of your own has come.  Await it in long loops: Ctrl-C is heard there. */
  progress(label: string, done: number, total: number): Promise<void>;
  /** Writes a line. */
  log(text: string): void;
}
