import { dot, type Vector3 } from "../algebra/vector.ts";
import { InputError } from "../checks.ts";
import {
  DormandPrince,
  Heun,
  MacrospinDynamics,
  normalizeAll,
  RungeKutta4,
  relaxToEquilibrium,
  type Solution,
  stepFactor,
} from "../circuit/index.ts";
import { NormalStream } from "../compute/random/philox.ts";
import { GAMMA0 } from "../constants.ts";
import { zeeman } from "../magnetism/index.ts";
import type { Device } from "./description.ts";
import type { Drive } from "./drive.ts";
import type { CircuitModel } from "./lower.ts";
import { type Currents, QUANTITIES } from "./quantities.ts";
import { type RunLedger, runLedger } from "./runLedger.ts";

/** All a run needs to go on; plain data. */
export interface Checkpoint {
  readonly kind: "checkpoint";
  readonly time: number;
  readonly step: number;
  readonly steps: number;
  readonly state: readonly number[];
  readonly start: readonly number[];
  readonly projection: readonly number[];
  /** Biases of tunnel barriers, from which their next search starts. */
  readonly biases: readonly number[];
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

/** What a run recorded, at any depth. */
export interface RunRecord {
  readonly device: Device;
  readonly model: CircuitModel;
  readonly drives: readonly Drive[];
  /** Recorded times [s]. */
  readonly times: Float64Array;
  /** Recorded columns by name; see QUANTITIES. */
  readonly table: ReadonlyMap<string, Float64Array>;
  magnet(name: string): MagnetResult;
  /** Where the angular momentum went. */
  readonly ledger: RunLedger;
  /** All the run needs to go on. */
  readonly checkpoint: { readonly time: number; readonly steps: number };
  /** Whether the run was stopped before its end. */
  readonly interrupted: boolean;
  readonly steps: number;
  readonly rejected: number;
  /** Wall-clock seconds. */
  readonly elapsed: number;
  readonly warnings: readonly string[];
}

/** What a run at circuit depth recorded. */
export interface RunResult extends RunRecord {
  /** The transport solution at the end. */
  readonly solution: Solution;
  readonly checkpoint: Checkpoint;
}

/** A run broke down; it holds what was reached. */
export class SimulationError extends Error {
  override name = "SimulationError";
  readonly checkpoint: RunRecord["checkpoint"];

  constructor(message: string, checkpoint: RunRecord["checkpoint"]) {
    super(message);
    this.checkpoint = checkpoint;
  }
}

/** Largest growth by Heun's method that the default step allows, as a share of the damping. */
const HEUN_GROWTH = 0.01;
/** Instants at which the applied field is looked at to choose a step. */
const FIELD_SAMPLES = 50;

/** What a run does, checked and with all defaults filled in. */
export interface RunPlan {
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
  readonly warn: (message: string) => void;
}

/** One run in progress. */
export class Run {
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
  /** Drives are read no later than this: just before the next stop, so that a step ends on the near side of a kink. */
  private before = Number.POSITIVE_INFINITY;
  private driven = true;
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
      drive: (time) => {
        const t = Math.min(time, this.before);
        for (const [i, { name, amplitude }] of model.sources.entries()) {
          network.setDrive(name, this.driven ? amplitude * drives[i].factor(t) : 0);
        }
        network.field = fieldAt(t);
      },
    });
    if (from) {
      this.state = Float64Array.from(from.state);
      this.start = Float64Array.from(from.start);
      this.projection = Float64Array.from(from.projection);
      // A device with other drives has other elements; its barriers then start from no bias.
      if (from.biases.length === network.biases.length) network.biases.set(from.biases);
    } else {
      const rest = this.dynamics.initialState(model.initial);
      this.driven = false;
      if (plan.relax && model.magnets.length > 0) rest.set(relaxToEquilibrium(this.dynamics, 0, rest));
      this.driven = true;
      this.warnOfRelaxation(rest);
      this.state = rest;
      this.start = rest.slice(0, this.dynamics.magnetizationSize);
      this.projection = new Float64Array(this.start.length);
    }
    this.time = from?.time ?? 0;
    this.steps = from?.steps ?? 0;
    this.next = new Float64Array(this.state.length);
    this.derivativeAtTime = (time, y, out) => this.dynamics.derivative(time, y, out);
    this.h = from?.step ?? plan.step ?? this.firstStep();
    if (plan.integrator === "heun" && plan.step !== undefined) this.warnOfGrowth(plan.step);
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
    this.before = stop * (1 - Number.EPSILON);
    let error: number;
    try {
      error = this.advanceBy(h);
    } catch (cause) {
      this.fail((cause as Error).message);
    }
    this.before = Number.POSITIVE_INFINITY;
    const adaptive = this.plan.integrator === "dormand-prince";
    if (adaptive) {
      const { tolerance } = this.plan;
      const factor = stepFactor(error, tolerance);
      if (!(error <= tolerance)) {
        this.rejected++;
        this.h = h * factor;
        if (this.h < 1e-12 * room || this.h < 1e-24) this.fail(`step size underflow (${this.h} s)`);
        return;
      }
      // A step cut short by a stop says little about the next one; it never makes the next one smaller.
      this.h = reaches ? Math.max(this.h, h * factor) : h * factor;
    }
    if (!this.next.every(Number.isFinite)) this.fail("the state is no longer finite");
    this.accept();
    this.time = reaches ? stop : this.time + h;
    if (!reaches) return;
    this.nextStop++;
    if (this.sampleStops.has(stop)) this.record();
  }

  result(interrupted: boolean, elapsed: number): RunResult {
    if (!interrupted) this.warnOfStillness();
    if (interrupted && this.rows.at(-1)?.[0] !== this.time) this.record();
    const { model, dynamics, rows, columns, plan } = this;
    const column = (c: number): Float64Array => Float64Array.from(rows, (row) => row[c]);
    const table = new Map(columns.map(({ name }, c) => [name, column(c)]));
    return {
      device: this.description,
      model,
      drives: plan.drives,
      times: table.get("t") as Float64Array,
      table,
      magnet: magnetOf(model, table, this.start, this.state),
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

  /**
   * 1/50 of the fastest precession, at most 1 ps; for Heun's method also so short that its own growth, (ωh)³/8 per radian, is
   * below a hundredth of the damping.
   */
  private firstStep(): number {
    const { integrator, duration } = this.plan;
    const heun = integrator === "heun" ? Math.cbrt(8 * HEUN_GROWTH * this.leastDamping()) : Number.POSITIVE_INFINITY;
    return Math.min(1e-12, duration, Math.min((2 * Math.PI) / 50, heun) / this.fastestPrecession());
  }

  /** A magnet that does not stay where it was put should not go unnoticed. */
  private warnOfRelaxation(rest: Float64Array): void {
    const text = (m: readonly number[]): string => `(${m.map((x) => Number(x.toFixed(2)) + 0).join(", ")})`;
    for (const [i, { name, fixed }] of this.model.magnets.entries()) {
      const m: Vector3 = [rest[3 * i], rest[3 * i + 1], rest[3 * i + 2]];
      if (fixed || dot(m, this.model.initial[i]) > 0.5) continue;
      this.plan.warn(
        `magnet "${name}" does not rest at ${text(this.model.initial[i])}; it starts from ${text(m)}, where it settles without current`,
      );
    }
  }

  /** Exactly collinear magnets exert no torque on each other: at 0 K nothing ever tips them. */
  private warnOfStillness(): void {
    const { drives, temperature, warn } = this.plan;
    if (drives.length === 0 || temperature > 0) return;
    for (const [i, { name, fixed }] of this.model.magnets.entries()) {
      const moved = [0, 1, 2].some((a) => Math.abs(this.state[3 * i + a] - this.start[3 * i + a]) > 1e-9);
      if (fixed || moved) continue;
      warn(
        `magnet "${name}" did not move at all: without a tilt or a temperature, a torque along its own axis cannot start it`,
      );
    }
  }

  private warnOfGrowth(step: number): void {
    const growth = (step * this.fastestPrecession()) ** 3 / 8;
    if (growth > 10 * HEUN_GROWTH * this.leastDamping()) {
      const advised = Math.cbrt(8 * HEUN_GROWTH * this.leastDamping()) / this.fastestPrecession();
      this.plan.warn(
        `step ${step} s: Heun's method feeds precession at ${growth.toExponential(1)} per radian, more than a tenth of the ` +
          `damping takes away; ${advised.toExponential(1)} s would do`,
      );
    }
  }

  private leastDamping(): number {
    const free = this.model.magnets.filter(({ fixed, damping }) => !fixed && damping > 0);
    return Math.min(1, ...free.map(({ damping }) => damping));
  }

  /** Upper bound of γ0 H [rad/s] over directions of the magnets and the course of the field. */
  private fastestPrecession(): number {
    const { terms } = this.dynamics.model;
    const size = this.dynamics.magnetizationSize;
    const H = new Float64Array(size);
    let largest = 0;
    for (let direction = 0; direction < 3; direction++) {
      const m = Float64Array.from({ length: size }, (_, i) => (i % 3 === direction ? 1 : 0));
      for (let sample = 0; sample <= FIELD_SAMPLES; sample++) {
        H.fill(0);
        for (const term of terms) term.addField(m, (this.plan.duration * sample) / FIELD_SAMPLES, H);
        for (let i = 0; i < size; i += 3) largest = Math.max(largest, Math.hypot(H[i], H[i + 1], H[i + 2]));
      }
    }
    return GAMMA0 * largest;
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
      m: this.state,
      energy: () => this.dynamics.energy(this.time, this.state),
      currents: currentsOf(this.solveNow(), this.model),
      model: this.model,
      field: this.plan.fieldAt(this.time),
    };
    this.rows.push(this.columns.map(({ value }) => value(at)));
  }

  /** The solution at the present time; leaves the network as it was, so that looking does not change the run. */
  private solveNow(): Solution {
    const { biases } = this.dynamics.model.network;
    const kept = Float64Array.from(biases);
    // At a kink, what was until now.
    this.before = this.time > 0 ? this.time * (1 - Number.EPSILON) : Number.POSITIVE_INFINITY;
    this.dynamics.derivative(this.time, this.state, new Float64Array(this.state.length));
    this.before = Number.POSITIVE_INFINITY;
    const solution = this.dynamics.solution();
    biases.set(kept);
    return solution;
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
      biases: [...this.dynamics.model.network.biases],
    };
  }

  private fail(reason: string): never {
    const m = [...this.state.subarray(0, this.dynamics.magnetizationSize)].map((x) => x.toFixed(4)).join(", ");
    throw new SimulationError(`Stopped at t = ${this.time} s, m = (${m}): ${reason}`, this.checkpoint());
  }
}

/** Courses of the magnets, from the table and the directions at both ends. */
export function magnetOf(
  model: CircuitModel,
  table: ReadonlyMap<string, Float64Array>,
  start: ArrayLike<number>,
  end: ArrayLike<number>,
): RunRecord["magnet"] {
  return (name) => {
    const i = model.magnets.findIndex((magnet) => magnet.name === name);
    if (i < 0)
      throw new InputError(
        "magnet",
        name,
        model.magnets.map((magnet) => `"${magnet.name}"`).join(", ") || "none: the device has no magnet",
      );
    const vector = (m: ArrayLike<number>): Vector3 => [m[3 * i], m[3 * i + 1], m[3 * i + 2]];
    const [initial, final] = [vector(start), vector(end)];
    const key = name.replaceAll(" ", "");
    const course = ["x", "y", "z"].map((axis) => table.get(`m${axis}_${key}`));
    return {
      name,
      initial,
      final,
      switched: dot(initial, final) < 0,
      course: course as unknown as MagnetResult["course"],
    };
  };
}

function currentsOf(solution: Solution, { sources }: CircuitModel): Currents {
  return {
    sourceValue: (source) => solution.sourceValue(source),
    sourceCurrent: (source) => solution.sourceCurrent(source),
    sourceVoltage: (source) => {
      const [from, to] = sources.find(({ name }) => name === source)!.contacts;
      return solution.voltage(from) - solution.voltage(to);
    },
    absorbedSpin: (magnet) => (solution.hasMagnet(magnet) ? solution.absorbedSpin(magnet) : [0, 0, 0]),
    totalPower: () => solution.totalPower(),
    relativeResidual: () => solution.ledger().relativeResidual,
  };
}

/** 0, every, 2 every … and the end. */
function sampleTimes(every: number, duration: number): number[] {
  const count = Math.floor((duration / every) * (1 + 1e-12));
  const times = Array.from({ length: count }, (_, i) => every * (i + 1));
  if (Math.abs(times[count - 1] - duration) <= 1e-9 * duration) times[count - 1] = duration;
  else times.push(duration);
  return times;
}
