import { dot, type Vector3 } from "../algebra/vector.ts";
import { checkChoice, checkKeys, checkNumber, checkVector, InputError, NOT_NEGATIVE, POSITIVE } from "../checks.ts";
import {
  DormandPrince,
  Heun,
  MacrospinDynamics,
  normalizeAll,
  RungeKutta4,
  relaxToEquilibrium,
  type Solution,
} from "../circuit/index.ts";
import { NormalStream } from "../compute/random/philox.ts";
import { GAMMA0 } from "../constants.ts";
import { zeeman } from "../magnetism/index.ts";
import type { Warn } from "../materials/material.ts";
import type { Device } from "./description.ts";
import type { Drive } from "./drive.ts";
import { type CircuitModel, lower } from "./lower.ts";
import { QUANTITIES } from "./quantities.ts";
import { type RunLedger, runLedger } from "./runLedger.ts";

/** A field B [T], fixed or as a function of time [s]. */
export type Field = Vector3 | ((time: number) => Vector3);

export interface SimulateOptions {
  /** How deep the device is computed.  Present: "circuit". */
  readonly depth: "circuit";
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
  /** Step [s] of "rk4" and "heun"; default 1/50 of the fastest precession at the start, at most 1 ps. */
  readonly step?: number;
  /** Interval of the recorded table [s]; default a 500th of the duration. */
  readonly every?: number;
  /** Whether moving magnets pump spin into the device; default true. */
  readonly spinPumping?: boolean;
  /** Whether magnets first settle in the field, without current; default true.  Not when a run goes on. */
  readonly relax?: boolean;
  /** Where an earlier run stopped: the run goes on from there to `duration`, with the same bits. */
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

/** All a run needs to go on; plain data. */
export interface Checkpoint {
  readonly kind: "checkpoint";
  readonly time: number;
  readonly step: number;
  readonly steps: number;
  readonly state: readonly number[];
  readonly start: readonly number[];
  readonly projection: readonly number[];
  /** Node potentials, from which a bias-dependent barrier starts its iteration. */
  readonly potentials: readonly number[];
}

/** The course of one magnet. */
export interface MagnetResult {
  readonly name: string;
  readonly initial: Vector3;
  readonly final: Vector3;
  /** Whether the magnet ended on the other side of where it started, m(end)·m(start) < 0. */
  readonly switched: boolean;
  /** m over the recorded times, one array per component. */
  readonly course: readonly [Float64Array, Float64Array, Float64Array];
}

/** What a run recorded. */
export interface RunResult {
  readonly device: Device;
  readonly model: CircuitModel;
  /** Recorded times [s]. */
  readonly times: Float64Array;
  /** Recorded columns by name; see QUANTITIES. */
  readonly table: ReadonlyMap<string, Float64Array>;
  magnet(name: string): MagnetResult;
  /** The transport solution at the end. */
  readonly solution: Solution;
  /** Where the angular momentum went. */
  readonly ledger: RunLedger;
  readonly checkpoint: Checkpoint;
  /** Whether the run was stopped before its end. */
  readonly interrupted: boolean;
  readonly steps: number;
  readonly rejected: number;
  /** Wall-clock seconds. */
  readonly elapsed: number;
  readonly warnings: readonly string[];
}

/** A run broke down; it holds what was reached. */
export class SimulationError extends Error {
  override name = "SimulationError";
  readonly checkpoint: Checkpoint;

  constructor(message: string, checkpoint: Checkpoint) {
    super(message);
    this.checkpoint = checkpoint;
  }
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
/** Step control: safety and limits of change, as in Hairer, Nørsett, Wanner, Solving ODEs I, II.4. */
const SAFETY = 0.9;
const SHRINK = 0.2;
const GROW = 5;

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
  checkChoice("depth", options.depth, ["circuit"]);
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
  });
}

interface RunPlan {
  readonly duration: number;
  readonly drives: readonly Drive[];
  readonly fieldAt: (time: number) => Vector3;
  readonly temperature: number;
  readonly seed: number;
  readonly integrator: "dormand-prince" | "rk4" | "heun";
  readonly tolerance: number;
  readonly step: number | undefined;
  readonly every: number;
  readonly spinPumping: boolean;
  readonly relax: boolean;
  readonly from: Checkpoint | undefined;
  readonly warnings: readonly string[];
}

/** One run in progress. */
class Run {
  time: number;
  steps: number;
  private readonly description: Device;
  private readonly model: CircuitModel;
  private readonly plan: RunPlan;
  private readonly dynamics: MacrospinDynamics;
  private readonly start: Float64Array;
  /** Angular momentum that holding |m| = 1 took [ħ], 3M. */
  private readonly projection: Float64Array;
  private readonly next: Float64Array;
  private readonly derivativeAtTime: (time: number, y: Float64Array, out: Float64Array) => void;
  private readonly advanceBy: (h: number) => number;
  private state: Float64Array;
  private h: number;
  private rejected = 0;
  private readonly stops: readonly number[];
  private nextStop = 0;
  private readonly sampleStops: ReadonlySet<number>;
  private readonly columns;
  private readonly rows: number[][] = [];

  constructor(description: Device, model: CircuitModel, plan: RunPlan) {
    this.description = description;
    this.model = model;
    this.plan = plan;
    const network = model.network.compile();
    const { drives, fieldAt, from } = plan;
    this.dynamics = new MacrospinDynamics({
      network,
      magnets: model.magnets,
      terms: [...model.terms, zeeman(model.magnets, fieldAt)],
      pumping: plan.spinPumping,
      drive(time) {
        for (const [i, { name, amplitude }] of model.sources.entries())
          network.setDrive(name, amplitude * drives[i].factor(time));
        network.field = fieldAt(time);
      },
    });
    if (from) {
      this.state = Float64Array.from(from.state);
      this.start = Float64Array.from(from.start);
      this.projection = Float64Array.from(from.projection);
      network.potentials.set(from.potentials);
    } else {
      const rest = this.dynamics.initialState(model.initial);
      if (plan.relax && model.magnets.length > 0) rest.set(relaxToEquilibrium(this.dynamics, 0, rest));
      this.state = rest;
      this.start = rest.slice(0, this.dynamics.magnetizationSize);
      this.projection = new Float64Array(this.start.length);
    }
    this.time = from?.time ?? 0;
    this.steps = from?.steps ?? 0;
    this.next = new Float64Array(this.state.length);
    this.derivativeAtTime = (time, y, out) => this.dynamics.derivative(time, y, out);
    this.h = from?.step ?? plan.step ?? this.firstStep();
    this.advanceBy = this.chooseStepper();
    const samples = sampleTimes(plan.every, plan.duration);
    this.sampleStops = new Set(samples);
    const kinks = drives.flatMap((drive) => drive.kinks.filter((t) => t > 0 && t < plan.duration));
    this.stops = [...new Set([...samples, ...kinks])].sort((a, b) => a - b).filter((t) => t > this.time);
    this.columns = QUANTITIES.flatMap((quantity) => quantity.columns(model));
    if (!from) this.record();
  }

  get finished(): boolean {
    return this.nextStop >= this.stops.length;
  }

  /** One accepted step, or one rejected attempt. */
  advance(): void {
    const stop = this.stops[this.nextStop];
    const room = stop - this.time;
    // A step that would end within a hundredth of itself before a stop is stretched onto it.
    const reaches = this.h * 1.01 >= room;
    const h = reaches ? room : this.h;
    const error = this.advanceBy(h);
    const adaptive = this.plan.integrator === "dormand-prince";
    if (adaptive) {
      const { tolerance } = this.plan;
      const grow = error === 0 ? GROW : Math.min(GROW, Math.max(SHRINK, SAFETY * (tolerance / error) ** (1 / 5)));
      if (!(error <= tolerance)) {
        this.rejected++;
        this.h = h * (Number.isFinite(grow) ? Math.min(grow, SAFETY) : SHRINK);
        if (this.h < 1e-12 * room || this.h < 1e-24) this.fail(`step size underflow (${this.h} s)`);
        return;
      }
      // A step cut short by a stop says little about the next one; it never makes the next one smaller.
      this.h = reaches ? Math.max(this.h, h * grow) : h * grow;
    }
    if (!this.next.every(Number.isFinite)) this.fail("the state is no longer finite");
    this.accept();
    this.time = reaches ? stop : this.time + h;
    if (!reaches) return;
    this.nextStop++;
    if (this.sampleStops.has(stop)) this.record();
  }

  result(interrupted: boolean, elapsed: number): RunResult {
    if (interrupted) this.record();
    const { model, dynamics, rows, columns, plan } = this;
    const column = (c: number): Float64Array => Float64Array.from(rows, (row) => row[c]);
    const table = new Map(columns.map(({ name }, c) => [name, column(c)]));
    return {
      device: this.description,
      model,
      times: table.get("t") as Float64Array,
      table,
      magnet: (name) => {
        const i = model.magnets.findIndex((magnet) => magnet.name === name);
        if (i < 0)
          throw new InputError(
            "magnet",
            name,
            model.magnets.map((magnet) => `"${magnet.name}"`).join(", ") || "none: the device has no magnet",
          );
        const vector = (m: Float64Array): Vector3 => [m[3 * i], m[3 * i + 1], m[3 * i + 2]];
        const initial = vector(this.start);
        const final = vector(this.state);
        const key = name.replaceAll(" ", "");
        const course = ["x", "y", "z"].map((axis) => table.get(`m${axis}_${key}`)) as [
          Float64Array,
          Float64Array,
          Float64Array,
        ];
        return { name, initial, final, switched: dot(initial, final) < 0, course };
      },
      solution: this.solveNow(),
      ledger: runLedger(dynamics, this.start, this.state, this.projection),
      checkpoint: this.checkpoint(),
      interrupted,
      steps: this.steps,
      rejected: this.rejected,
      elapsed,
      warnings: plan.warnings,
    };
  }

  private chooseStepper(): (h: number) => number {
    const { plan, dynamics } = this;
    const size = this.state.length;
    if (plan.integrator === "dormand-prince") {
      const method = new DormandPrince(size, this.derivativeAtTime);
      return (h) => method.step(this.time, this.state, h, this.next, dynamics.magnetizationSize);
    }
    if (plan.integrator === "rk4") {
      const method = new RungeKutta4(size, this.derivativeAtTime);
      return (h) => {
        method.step(this.time, this.state, h, this.next);
        return 0;
      };
    }
    const method = new Heun(size);
    const noise = new NormalStream(plan.seed);
    const draws = new Float64Array(dynamics.magnetizationSize);
    return (h) => {
      noise.fill(draws, this.steps);
      const thermal = plan.temperature > 0 ? { temperature: plan.temperature, step: h, normals: draws } : undefined;
      method.step((time, y, out) => dynamics.derivative(time, y, out, thermal), this.time, this.state, h, this.next);
      return 0;
    };
  }

  /** 1/50 of the fastest precession, at most 1 ps. */
  private firstStep(): number {
    const { terms } = this.dynamics.model;
    const H = new Float64Array(this.dynamics.magnetizationSize);
    for (const term of terms) term.addField(this.state, 0, H);
    const largest = H.reduce((max, x) => Math.max(max, Math.abs(x)), 0);
    return Math.min(1e-12, this.plan.duration, (2 * Math.PI) / (50 * GAMMA0 * largest));
  }

  /** Takes over the step and returns m to unit length; what that changes is kept in the accounts. */
  private accept(): void {
    const size = this.dynamics.magnetizationSize;
    const before = this.next.slice(0, size);
    normalizeAll(this.next.subarray(0, size));
    for (let i = 0; i < size; i += 3) {
      const was = this.dynamics.angularMomentum(i / 3, before);
      const is = this.dynamics.angularMomentum(i / 3, this.next);
      for (let a = 0; a < 3; a++) this.projection[i + a] += is[a] - was[a];
    }
    this.state.set(this.next);
    this.steps++;
  }

  private record(): void {
    const at = {
      time: this.time,
      state: this.state,
      dynamics: this.dynamics,
      solution: this.solveNow(),
      model: this.model,
      field: this.plan.fieldAt(this.time),
    };
    this.rows.push(this.columns.map(({ value }) => value(at)));
  }

  private solveNow(): Solution {
    const scratch = new Float64Array(this.state.length);
    this.dynamics.derivative(this.time, this.state, scratch);
    return this.dynamics.solution();
  }

  private checkpoint(): Checkpoint {
    return {
      kind: "checkpoint",
      time: this.time,
      step: this.h,
      steps: this.steps,
      state: [...this.state],
      start: [...this.start],
      projection: [...this.projection],
      potentials: [...this.dynamics.model.network.potentials],
    };
  }

  private fail(reason: string): never {
    const m = [...this.state.subarray(0, this.dynamics.magnetizationSize)].map((x) => x.toFixed(4)).join(", ");
    throw new SimulationError(`Stopped at t = ${this.time} s, m = (${m}): ${reason}`, this.checkpoint());
  }
}

/** 0, every, 2 every … and the end. */
function sampleTimes(every: number, duration: number): number[] {
  const count = Math.floor((duration / every) * (1 + 1e-12));
  const times = Array.from({ length: count }, (_, i) => every * (i + 1));
  if (Math.abs(times[count - 1] - duration) <= 1e-9 * duration) times[count - 1] = duration;
  else times.push(duration);
  return times;
}

/** Transport at rest: the device solved once for given magnetizations. */
export function solveTransport(
  description: Device,
  options: {
    readonly current: Drive | readonly Drive[];
    /** Unit vectors by the names of layers; the device's own where not given. */
    readonly magnetizations?: Readonly<Record<string, Vector3>>;
    /** B [T] */
    readonly field?: Vector3;
    readonly onWarning?: Warn;
  },
): Solution {
  checkKeys("solveTransport", options, ["current", "magnetizations", "field", "onWarning"]);
  const drives = [options.current].flat();
  const model = lower(description, drives, options.onWarning ?? console.warn);
  const own = Object.fromEntries(model.magnets.map(({ name }, i) => [name, model.initial[i]]));
  const network = model.network.compile();
  const touched = Object.entries({ ...own, ...options.magnetizations }).filter(
    ([name]) => network.magnets.includes(name) || !(name in own),
  );
  return network.solve({
    magnetizations: Object.fromEntries(touched),
    field: options.field ?? [0, 0, 0],
    drives: Object.fromEntries(model.sources.map(({ name, amplitude }, i) => [name, amplitude * drives[i].factor(0)])),
  });
}
