import type { Vector3 } from "../algebra/vector.ts";
import { checkChoice, checkKeys, checkNumber, checkVector, InputError, NOT_NEGATIVE, POSITIVE } from "../checks.ts";
import type { Solution } from "../circuit/index.ts";
import type { Precision } from "../compute/index.ts";
import type { Warn } from "../materials/material.ts";
import type { Device } from "./description.ts";
import type { Drive } from "./drive.ts";
import type { FieldDepthOptions } from "./fieldDepth.ts";
import { type FieldCheckpoint, type FieldRow, type FieldRunResult, runField } from "./fieldRun.ts";
import type { HeatFlow } from "./heat.ts";
import { lower } from "./lower.ts";
import type { MachineOptions } from "./magneticSimulation.ts";
import { type Checkpoint, Run, type RunPlan, type RunResult } from "./run.ts";

/** A field B [T], fixed or as a function of time [s]. */
export type Field = Vector3 | ((time: number) => Vector3);

/** What a run may be told at either depth. */
interface CommonOptions {
  /** [s] */
  readonly duration: number;
  /** What drives the device; several may act at once. */
  readonly current?: Drive | readonly Drive[];
  /** Applied field B [T]; default none. */
  readonly field?: Field;
  /** [K]; default 0: no thermal field. */
  readonly temperature?: number;
  /** Seed of the thermal field, an integer from 0; default 1. */
  readonly seed?: number;
  /** Default "dormand-prince" at 0 K, "heun" above. */
  readonly integrator?: "dormand-prince" | "rk4" | "heun";
  /** Largest error of m per step of "dormand-prince"; default 1e-6. */
  readonly tolerance?: number;
  /** Step [s] of "rk4" and "heun"; default 1/50 of the fastest precession, less for "heun" at low damping, at most 1 ps. */
  readonly step?: number;
  /** Interval of the recorded table [s]; default a 500th of the duration. */
  readonly every?: number;
  /** Whether moving magnets pump spin into the device; default true. */
  readonly spinPumping?: boolean;
  /** Whether magnets first settle in the field, without current; default true.  Not when a run goes on. */
  readonly relax?: boolean;
  /** Stops the run early; what there is is returned. */
  readonly signal?: AbortSignal;
  /** Called about ten times a second. */
  readonly onProgress?: (progress: Progress) => void;
  /** Receives warnings; default: the console. */
  readonly onWarning?: Warn;
}

/** Every magnet turns as one moment. */
export interface CircuitOptions extends CommonOptions {
  /** How deep the device is computed; default "circuit". */
  readonly depth?: "circuit";
  /** Where an earlier run stopped: the run goes on from there to `duration`; with the same options, to the same bits. */
  readonly from?: Checkpoint;
}

/** The magnet that currents turn is a field of magnetization, and every column of its cells the whole stack; see {@link lowerToField}. */
export interface FieldOptions extends CommonOptions, FieldDepthOptions, MachineOptions {
  readonly depth: "field";
  /** As at circuit depth; on the same kind of machine and in the same precision. */
  readonly from?: FieldCheckpoint;
  /** Of fields and arithmetic; default "f64". */
  readonly precision?: Precision;
  /** Is called after each row of the table, with the magnetization. */
  readonly onRow?: (row: FieldRow) => void | Promise<void>;
}

export type SimulateOptions = CircuitOptions | FieldOptions;

export interface Progress {
  /** Simulated so far, and in all [s]. */
  readonly time: number;
  readonly duration: number;
  readonly steps: number;
  /** Wall-clock seconds so far. */
  readonly elapsed: number;
}

const KEYS = [
  "depth",
  "duration",
  "current",
  "field",
  "temperature",
  "seed",
  "integrator",
  "tolerance",
  "step",
  "every",
  "spinPumping",
  "relax",
  "from",
  "signal",
  "onProgress",
  "onWarning",
] as const;
const FIELD_KEYS = [...KEYS, "cell", "magnetizations", "precision", "threads", "machine", "onRow"] as const;

/** Wall-clock time between returns to the event loop [ms]: short enough for Ctrl-C and a progress line to feel immediate. */
const SLICE = 50;
/** Rows of the table of a run: some hundred bytes each. */
const MOST_ROWS = 1e7;
/** Runs a device in time.  All input is checked before any work starts; see {@link CircuitOptions} and {@link FieldOptions}. */
export function simulate(description: Device, options: CircuitOptions): Promise<RunResult>;
export function simulate(description: Device, options: FieldOptions): Promise<FieldRunResult>;
export function simulate(description: Device, options: SimulateOptions): Promise<RunResult | FieldRunResult>;
export async function simulate(description: Device, options: SimulateOptions): Promise<RunResult | FieldRunResult> {
  checkChoice("depth", options?.depth ?? "circuit", ["circuit", "field"]);
  if (options.depth === "field") {
    const { from } = options;
    const plan = checkedPlan(options, FIELD_KEYS);
    checkFrom(options.duration, from, "field checkpoint");
    return runField(description, { ...plan, from }, options);
  }
  const run = prepare(description, options);
  const { signal, onProgress } = options;
  const began = performance.now();
  let pause = began + SLICE;
  const report = (): void =>
    onProgress?.({
      time: run.time,
      duration: options.duration,
      steps: run.steps,
      elapsed: (performance.now() - began) / 1e3,
    });
  while (!run.finished && !signal?.aborted) {
    run.advance();
    if (performance.now() < pause) continue;
    report();
    await new Promise((resume) => setTimeout(resume, 0));
    pause = performance.now() + SLICE;
  }
  report();
  return run.result(!run.finished, (performance.now() - began) / 1e3);
}

function prepare(description: Device, options: CircuitOptions): Run {
  const plan = checkedPlan(options, KEYS);
  const model = lower(description, plan.drives, plan.warn);
  const { from, duration } = options;
  checkFrom(duration, from, "checkpoint");
  if (from && from.state.length !== 12 * model.magnets.length + 6) {
    throw new InputError(
      "from",
      `a checkpoint of ${(from.state.length - 6) / 12} magnets`,
      `one of ${model.magnets.length} magnets`,
    );
  }
  return new Run(description, model, { ...plan, from });
}

function checkFrom(duration: number, from: Checkpoint | FieldCheckpoint | undefined, kind: string): void {
  if (!from) return;
  if (from.kind !== kind) throw new InputError("from", `a ${from.kind}`, `a ${kind}, of the same depth`);
  if (from.time >= duration)
    throw new InputError("duration", duration, `more than ${from.time} s, where the checkpoint stands`);
}

/** What a run does at either depth, checked and with all defaults filled in. */
function checkedPlan(options: SimulateOptions, keys: readonly string[]): Omit<RunPlan, "from"> {
  checkKeys("simulate", options, keys);
  checkNumber("duration", options.duration, POSITIVE, "s");
  const { temperature = 0, seed = 1, tolerance = 1e-6, every = options.duration / 500 } = options;
  checkNumber("temperature", temperature, NOT_NEGATIVE, "K");
  checkNumber("seed", seed, { min: 0, max: Number.MAX_SAFE_INTEGER });
  if (!Number.isInteger(seed)) throw new InputError("seed", seed, "an integer");
  checkNumber("tolerance", tolerance, { min: 1e-13, max: 1e-2 });
  checkNumber("every", every, { min: 0, max: options.duration, open: "min" }, "s");
  if (options.duration / every > MOST_ROWS) {
    throw new InputError(
      "every",
      every,
      `at least ${options.duration / MOST_ROWS} s for this duration, so that the table fits in memory`,
    );
  }
  const { integrator = temperature > 0 ? "heun" : "dormand-prince" } = options;
  checkChoice("integrator", integrator, ["dormand-prince", "rk4", "heun"]);
  if (temperature > 0 && integrator !== "heun") {
    throw new InputError(
      "integrator",
      integrator,
      '"heun" when temperature > 0: the others do not converge with noise',
    );
  }
  if (options.step !== undefined) {
    checkNumber("step", options.step, POSITIVE, "s");
    if (integrator === "dormand-prince") throw new InputError("step", options.step, 'only with "rk4" and "heun"');
  }
  const drives = options.current === undefined ? [] : [options.current].flat();
  for (const drive of drives) {
    if (drive.end > options.duration * (1 + 1e-12)) {
      throw new InputError(
        `${drive.waveform}: end`,
        drive.end,
        `at most the duration of the run, ${options.duration} s`,
      );
    }
  }
  const { field = [0, 0, 0] } = options;
  const fieldAt = typeof field === "function" ? field : () => field;
  checkVector("field", fieldAt(0));
  const warnings: string[] = [];
  const warn = (message: string): void => {
    warnings.push(message);
    (options.onWarning ?? console.warn)(message);
  };
  warnOfUnits(options.duration, drives, fieldAt(0), warn);
  const { spinPumping = true, relax = true, step } = options;
  return {
    duration: options.duration,
    drives,
    fieldAt,
    temperature,
    seed,
    integrator,
    tolerance,
    step,
    every,
    spinPumping,
    relax,
    warnings,
    warn,
  };
}

/** Beyond these a number is most likely given without its unit: fields [T], durations [s], current densities [A/m²]. */
const STRONG = 10;
const LONG = 1e-3;
const DENSE = 1e14;
const FAINT = 1e5;

function warnOfUnits(duration: number, drives: readonly Drive[], field: Vector3, warn: Warn): void {
  const strongest = Math.max(...field.map(Math.abs));
  if (strongest > STRONG) warn(`field: ${strongest} T; did you mean ${strongest} * mT?`);
  if (duration > LONG) warn(`duration: ${duration} s; did you mean ${duration} * ns?`);
  for (const { density = 0 } of drives) {
    const size = Math.abs(density);
    if (size > DENSE) warn(`density: ${density} A/m² would evaporate any metal; devices stand some 1e11 to 1e13`);
    if (size > 0 && size < FAINT)
      warn(`density: ${density} A/m² is next to nothing; devices are driven with some 1e9 to 1e13`);
  }
}

/** Transport at rest: the device solved once for given magnetizations, at the full strength of its drives. */
export function solveTransport(
  description: Device,
  options: {
    readonly current: Drive | readonly Drive[];
    /** Unit vectors by the names of layers; the device's own where not given. */
    readonly magnetizations?: Readonly<Record<string, Vector3>>;
    /** B [T] */
    readonly field?: Vector3;
    /** Lets heat flow through the stack; default: everything is at the ambient temperature. */
    readonly heat?: HeatFlow;
    readonly onWarning?: Warn;
  },
): Solution {
  checkKeys("solveTransport", options, ["current", "magnetizations", "field", "heat", "onWarning"]);
  const drives = [options.current].flat();
  const model = lower(description, drives, options.onWarning ?? console.warn, options.heat);
  const own = Object.fromEntries(model.magnets.map(({ name }, i) => [name, model.initial[i]]));
  const network = model.network.compile();
  const touched = Object.entries({ ...own, ...options.magnetizations }).filter(
    ([name]) => network.magnets.includes(name) || !(name in own),
  );
  return network.solve({
    magnetizations: Object.fromEntries(touched),
    field: options.field ?? [0, 0, 0],
    drives: Object.fromEntries(model.sources.map(({ name, amplitude }) => [name, amplitude])),
  });
}
