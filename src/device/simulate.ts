import type { Vector3 } from "../algebra/vector.ts";
import { checkChoice, checkKeys, checkNumber, checkVector, InputError, NOT_NEGATIVE, POSITIVE } from "../checks.ts";
import type { Solution } from "../circuit/index.ts";
import type { Warn } from "../materials/material.ts";
import type { Device } from "./description.ts";
import type { Drive } from "./drive.ts";
import type { HeatFlow } from "./heat.ts";
import { lower } from "./lower.ts";
import { type Checkpoint, Run, type RunResult } from "./run.ts";

/** A field B [T], fixed or as a function of time [s]. */
export type Field = Vector3 | ((time: number) => Vector3);

export interface SimulateOptions {
  /** How deep the device is computed; default "circuit", the only depth at present. */
  readonly depth?: "circuit";
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
  /** Where an earlier run stopped: the run goes on from there to `duration`; with the same options, to the same bits. */
  readonly from?: Checkpoint;
  /** Stops the run early; what there is is returned. */
  readonly signal?: AbortSignal;
  /** Called about ten times a second. */
  readonly onProgress?: (progress: Progress) => void;
  /** Receives warnings; default: the console. */
  readonly onWarning?: Warn;
}

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

/** Wall-clock time between returns to the event loop [ms]: short enough for Ctrl-C and a progress line to feel immediate. */
const SLICE = 50;
/** Rows of the table of a run: some hundred bytes each. */
const MOST_ROWS = 1e7;
/** Runs a device in time.  All input is checked before any work starts; see {@link SimulateOptions}. */
export async function simulate(description: Device, options: SimulateOptions): Promise<RunResult> {
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

function prepare(description: Device, options: SimulateOptions): Run {
  checkKeys("simulate", options, KEYS);
  checkChoice("depth", options.depth ?? "circuit", ["circuit"]);
  checkNumber("duration", options.duration, POSITIVE, "s");
  const { temperature = 0, seed = 1, tolerance = 1e-6, every = options.duration / 500, from } = options;
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
  const model = lower(description, drives, warn);
  if (from && from.state.length !== 12 * model.magnets.length + 6) {
    throw new InputError(
      "from",
      `a checkpoint of ${(from.state.length - 6) / 12} magnets`,
      `one of ${model.magnets.length} magnets`,
    );
  }
  if (from && from.time >= options.duration)
    throw new InputError("duration", options.duration, `more than ${from.time} s, where the checkpoint stands`);
  const { spinPumping = true, relax = true } = options;
  return new Run(description, model, {
    duration: options.duration,
    drives,
    fieldAt,
    temperature,
    seed,
    integrator,
    tolerance,
    step: options.step,
    every,
    spinPumping,
    relax,
    from,
    warnings,
    warn,
  });
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
