import { checkChoice, checkKeys, checkNumber, InputError, POSITIVE } from "../checks.ts";
import { type Backend, type Field, openWasm, type Precision, type Vector, vector } from "../compute/index.ts";
import { MU0 } from "../constants.ts";
import {
  type AngularMomentum,
  Assembly,
  BarzilaiBorwein,
  ConjugateGradient,
  centreOf,
  Demagnetization,
  Integrator,
  type Method,
  PathStepper,
  Probe,
  tableaus,
} from "../field/index.ts";
import { type Conditions, lowerMicromagnet } from "./lowerMicromagnet.ts";
import { type MagneticQuantity, magneticQuantity, type quantitiesOf } from "./magneticQuantities.ts";
import { directions, type Micromagnet, type MicromagnetOptions } from "./micromagnet.ts";
import type { Progress } from "./simulate.ts";

export interface MachineOptions {
  /** Of fields and arithmetic; default "f32". */
  readonly precision?: Precision;
  /** Worker threads; default one per core. */
  readonly threads?: number;
  /** The machine to run on, a graphics card say; default the processor. */
  readonly machine?: Backend;
}

export interface RunOptions {
  /** [s] */
  readonly duration: number;
  /**
   * Time from which `duration` and the rows count [s]; default now.  A run that goes on from a checkpoint gives the time at which it was begun,
   * and all other options as they were.
   */
  readonly start?: number;
  /** Interval of the rows of the table [s]; default a 200th of the duration. */
  readonly every?: number;
  /** Columns of the table; default time, m, total energy and torque.  See MAGNETIC_QUANTITIES. */
  readonly quantities?: readonly MagneticQuantity[];
  /** Default "dormand-prince" at 0 K, "heun" with a fixed step above. */
  readonly method?: Method;
  /** Largest error of m per step, in any cell; default 1e-5. */
  readonly tolerance?: number;
  /** First step, or with "rk4" and at T > 0 the fixed one [s]. */
  readonly step?: number;
  /** Longest step [s]; default none. */
  readonly longest?: number;
  /**
   * At T > 0: chooses steps by their error, as at 0 K; default false.  No step is taken back, as that would choose among random numbers:
   * one that was too long shortens the next.
   */
  readonly adaptive?: boolean;
  /**
   * Keeps a wall, a skyrmion or a vortex in the middle: at each row the cells move along x with it, and those that come in are like those at
   * the end.  Positions go on counting.  For magnets that are the same all along x.
   */
  readonly follow?: "wall" | "skyrmion" | "vortex";
  /** Is called after each row. */
  readonly onRow?: (simulation: MagneticSimulation) => void | Promise<void>;
  /** Stops early: the state goes back to the last row, and what there is is returned. */
  readonly signal?: AbortSignal;
  /** Called about ten times a second. */
  readonly onProgress?: (progress: Progress) => void;
}

/** What a run recorded. */
export interface MagneticRun {
  /** [s] */
  readonly times: Float64Array;
  /** Columns by name: "m_x", "E_total", … */
  readonly table: ReadonlyMap<string, Float64Array>;
  /** The same with the time, their units and what they are, as files of tables take them. */
  readonly columns: readonly {
    readonly name: string;
    readonly unit: string;
    readonly doc: string;
    readonly values: Float64Array;
  }[];
  /** Steps taken and steps rejected. */
  readonly steps: number;
  readonly rejected: number;
  readonly interrupted: boolean;
}

/** All that a run needs to go on to the same bits, under the same conditions and options. */
export interface MagneticCheckpoint {
  readonly kind: "magnetization";
  readonly time: number;
  /** In the precision of the machine. */
  readonly m: Float32Array | Float64Array;
  /** Cells along x, y, z. */
  readonly cells: readonly number[];
  readonly accepted: number;
  readonly rejected: number;
  /** The next step [s]. */
  readonly step: number;
  /** How far the cells have moved with what they follow [m]. */
  readonly offset: number;
  /** What electrons and others gave to the magnet so far, where electrons pass through it. */
  readonly received?: AngularMomentum;
}

/** How energy is minimised. */
export type RelaxMethod = "barzilai-borwein" | "conjugate-gradient";

export interface RelaxOptions {
  /** Default "barzilai-borwein". */
  readonly method?: RelaxMethod;
  /** Largest |m × B| [T] at which the magnet counts as at rest; default 1e-5 µ0 Ms. */
  readonly torque?: number;
  /** Most evaluations of the field; default 100 000. */
  readonly limit?: number;
  readonly signal?: AbortSignal;
}

/** A step fell below what time can resolve: the state is no number, or turns infinitely fast. */
export class StepError extends Error {
  override name = "StepError";
}

/** A minimisation ended before the torque had vanished. */
export class NotAtRestError extends Error {
  override name = "NotAtRestError";
}

const RUN_KEYS = [
  "duration",
  "start",
  "every",
  "quantities",
  "method",
  "tolerance",
  "step",
  "longest",
  "adaptive",
  "follow",
  "onRow",
  "signal",
  "onProgress",
] as const;

const MINIMIZERS = { "barzilai-borwein": BarzilaiBorwein, "conjugate-gradient": ConjugateGradient } as const;

/** Steps between returns to JavaScript: some 50 ms of work. */
const CELL_STEPS = 2e5;

/** Puts a magnet on a machine.  Close it when done. */
export async function openMicromagnet(magnet: Micromagnet, options: MachineOptions = {}): Promise<MagneticSimulation> {
  checkKeys("openMicromagnet", options, ["precision", "threads", "machine"]);
  const { precision = "f32", threads, machine } = options;
  const backend = machine ?? openWasm({ precision, ...(threads !== undefined && { threads }) });
  try {
    const simulation = new MagneticSimulation(magnet, backend, machine === undefined);
    await simulation.setMagnetization(magnet.magnetization);
    return simulation;
  } catch (error) {
    if (!machine) await backend.destroy();
    throw error;
  }
}

/** A magnetization field on a machine, and its time. */
export class MagneticSimulation {
  readonly magnet: Micromagnet;
  readonly machine: Backend;
  /** Simulated time [s]. */
  time = 0;
  /** How far the cells have moved along x with what they follow [m]. */
  offset = 0;
  private readonly isOwn: boolean;
  private readonly m: Field<Vector>;
  private readonly own: Demagnetization | undefined;
  private conditions: Conditions = {};
  private assembly: Assembly | undefined;
  private probe: Probe | undefined;
  private integrator: { readonly key: string; readonly it: Integrator } | undefined;
  private counts = { accepted: 0, rejected: 0, step: 0 };
  private received: AngularMomentum | undefined;

  /** @internal */
  constructor(magnet: Micromagnet, machine: Backend, isOwn: boolean) {
    this.magnet = magnet;
    this.machine = machine;
    this.isOwn = isOwn;
    this.m = machine.field(magnet.mesh.grid, vector, "m");
    this.own =
      magnet.options.demagnetization === false ? undefined : new Demagnetization(lowerMicromagnet(magnet, {}), machine);
  }

  /** Sets what acts from outside from now on: fields, currents, temperature. */
  set(conditions: Conditions): this {
    checkKeys("set", conditions, ["field", "torques", "transport", "temperature", "seed"]);
    const problem = lowerMicromagnet(this.magnet, conditions);
    this.forget();
    this.conditions = conditions;
    this.assembly = new Assembly(problem, this.machine, this.own);
    return this;
  }

  /** What was set to act from outside. */
  get acting(): Conditions {
    return this.conditions;
  }

  private forget(): void {
    this.integrator?.it.dispose();
    this.probe?.dispose();
    this.assembly?.release();
    this.integrator = this.probe = this.assembly = undefined;
  }

  private get assembled(): Assembly {
    if (!this.assembly) this.set(this.conditions);
    return this.assembly!;
  }

  private get reader(): Probe {
    return this.readerAt(this.time);
  }

  private readerAt(time: number): Probe {
    this.probe ??= new Probe(this.assembled, this.m);
    this.assembled.setTime(time);
    return this.probe;
  }

  /** Directions of m, component planes, x fastest; zero where there is no magnet. */
  async magnetization(): Promise<Float64Array> {
    return Float64Array.from(await this.machine.read(this.m));
  }

  /** Sets m: a direction, a texture, or component planes; lengths do not matter. */
  async setMagnetization(given: MicromagnetOptions["magnetization"]): Promise<void> {
    await this.machine.write(this.m, directions(given, this.magnet.mesh, this.magnet.fill));
  }

  /** The state and what steps have learnt; between runs, or in `onRow`. */
  async checkpoint(): Promise<MagneticCheckpoint> {
    const counts = this.integrator ? await this.integrator.it.counts() : this.counts;
    const m = (await this.machine.read(this.m)) as Float32Array | Float64Array;
    const received = await this.angularMomentum();
    return {
      kind: "magnetization",
      time: this.time,
      m,
      cells: this.magnet.mesh.grid.size,
      ...counts,
      offset: this.offset,
      ...(received && { received }),
    };
  }

  /** @internal What electrons and others gave to the magnet so far [ħ]; undefined where no electrons pass. */
  async angularMomentum(): Promise<AngularMomentum | undefined> {
    return (await this.integrator?.it.angularMomentum()) ?? this.received;
  }

  /** @internal ṁ of every cell [rad/s] in the drives of a time [s], without thermal agitation, component planes. */
  async rates(time: number): Promise<Float64Array> {
    return this.readerAt(time).map("rate");
  }

  /** @internal The drive that columns share, as it was where something was last computed; undefined without one. */
  async sharedDrive(): Promise<number | undefined> {
    const { shared } = this.assembled;
    return shared && this.machine.get(shared);
  }

  /**
   * Goes back, or on, to a checkpoint.
   * @throws InputError when it is of another mesh, with both
   */
  async restore(checkpoint: MagneticCheckpoint): Promise<this> {
    const { kind, time, m, cells, accepted, rejected, step, offset, received } = checkpoint;
    const { size } = this.magnet.mesh.grid;
    if (kind !== "magnetization") throw new InputError("checkpoint: kind", kind, '"magnetization"');
    if (cells.some((n, axis) => n !== size[axis]))
      throw new InputError("checkpoint: cells", cells.join(" × "), `${size.join(" × ")}, as here`);
    // Not normalised again, which would move last digits.
    await this.machine.write(this.m, m);
    this.time = time;
    this.offset = offset;
    this.counts = { accepted, rejected, step };
    this.received = received;
    this.integrator?.it.restore(this.counts);
    if (received) this.integrator?.it.restoreAngularMomentum(received);
    return this;
  }

  /**
   * Lets the energy fall to a minimum, without precession.
   * @returns evaluations of the field and the largest |m × B| left [T]
   * @throws NotAtRestError when the limit comes first
   */
  async relax(options: RelaxOptions = {}): Promise<{ steps: number; torque: number }> {
    this.checkRelax(options);
    const { saturationMagnetization: Ms } = this.magnet.numbers;
    const largest = typeof Ms === "number" ? Ms : Ms.reduce((a, b) => Math.max(a, b), 0);
    const { method = "barzilai-borwein", torque = 1e-5 * MU0 * largest, limit = 100_000, signal } = options;
    const acting = this.assembled;
    this.checkConservative("a state of rest");
    const minimizer = new MINIMIZERS[method](acting, this.m, torque);
    try {
      await minimizer.start();
      for (let taken = 0; ; ) {
        const { steps, torque: left, done } = await minimizer.run(Math.min(this.chunk, limit - taken));
        taken = steps;
        if (done || signal?.aborted) return { steps, torque: left };
        if (!(steps < limit) || Number.isNaN(left))
          throw new NotAtRestError(
            `after ${steps} steps the largest torque |m × B| is ${left} T, not ${torque} T; allow more with limit, ` +
              `or a larger torque${this.machine.precision === "f32" ? " (single precision ends at some 1e-7 of the exchange field)" : ""}`,
          );
      }
    } finally {
      minimizer.dispose();
    }
  }

  /** @internal Throws unless `relax` would take these options. */
  checkRelax(options: RelaxOptions): void {
    checkKeys("relax", options, ["method", "torque", "limit", "signal"]);
    const { method, torque, limit } = options;
    if (method !== undefined) checkChoice("relax: method", method, Object.keys(MINIMIZERS) as RelaxMethod[]);
    if (torque !== undefined) checkNumber("relax: torque", torque, POSITIVE, "T");
    if (limit !== undefined && !(Number.isInteger(limit) && limit >= 1))
      throw new InputError("relax: limit", limit, "a whole number ≥ 1");
  }

  private get chunk(): number {
    return Math.max(1, Math.round(CELL_STEPS / this.magnet.fill.length));
  }

  /**
   * Runs on in time, from `time`.
   * @throws StepError naming the time and the cell when the step underflows
   */
  async run(options: RunOptions): Promise<MagneticRun> {
    const { duration, every, method, quantities, integrator } = this.prepare(options);
    const { signal, onRow, onProgress } = options;
    const start = options.start ?? this.time;
    const rows: number[][] = [];
    const terms = this.assembled.allTerms.map(({ term }) => term);
    const columns = quantities.flatMap((q) =>
      q.columns(this.magnet, terms).map((column) => ({ ...column, doc: q.doc })),
    );
    const began = performance.now();
    const record = async () => {
      rows.push([this.time, ...(await this.measureAll(quantities))]);
      await onRow?.(this);
    };
    await record();
    const count = Math.ceil(duration / every - 1e-9);
    const before = await integrator.counts();
    let told = began;
    const first = Math.floor((this.time - start) / every + 1e-6) + 1;
    for (let row = first; row <= count && !signal?.aborted; row++) {
      const end = row === count ? start + duration : start + row * every;
      const mark = signal ? await this.checkpoint() : undefined;
      while (this.time < end && !signal?.aborted) {
        const from = this.time;
        const stop = await integrator.startStretch(from, end);
        for (;;) {
          const { elapsed, done, failed } = await integrator.run(this.chunk);
          if (failed) throw await this.failure(from + elapsed, method);
          this.time = done ? stop : from + elapsed;
          if (onProgress && performance.now() > told + 100) {
            told = performance.now();
            const { accepted } = await integrator.counts();
            onProgress({
              time: this.time - start,
              duration,
              steps: accepted - before.accepted,
              elapsed: (told - began) / 1e3,
            });
          }
          if (done || signal?.aborted) break;
        }
      }
      if (this.time < end && mark) {
        await this.restore(mark);
        break;
      }
      if (options.follow) await this.recentre(options.follow);
      await record();
    }
    this.counts = await integrator.counts();
    this.received = await integrator.angularMomentum();
    const values = (c: number) => Float64Array.from(rows, (row) => row[c]);
    const recorded = columns.map((column, c) => ({ ...column, values: values(c + 1) }));
    return {
      times: values(0),
      table: new Map(recorded.map((column) => [column.name, column.values])),
      columns: [{ name: "time", unit: "s", doc: "simulated time", values: values(0) }, ...recorded],
      steps: this.counts.accepted - before.accepted,
      rejected: this.counts.rejected - before.rejected,
      interrupted: this.time < start + duration,
    };
  }

  /** Moves the cells by whole ones along x, so that what is followed is in the middle again. */
  private async recentre(what: NonNullable<RunOptions["follow"]>): Promise<void> {
    const { mesh } = this.magnet;
    const [nx] = mesh.grid.size;
    const [d] = mesh.grid.cell;
    const m = (await this.machine.read(this.m)) as Float32Array | Float64Array;
    const [x] = magneticQuantity(`${what}Position`).values(m as never, this.magnet);
    const shift = Math.round(x / d);
    if (!Number.isFinite(shift) || shift === 0) return;
    const moved = m.map((_, i) => {
      const column = i % nx;
      return m[i - column + Math.min(nx - 1, Math.max(0, column + shift))];
    });
    await this.machine.write(this.m, moved);
    this.offset += shift * d;
  }

  private prepare(options: RunOptions) {
    checkKeys("run", options, RUN_KEYS);
    if (options.follow !== undefined) {
      checkChoice("follow", options.follow, ["wall", "skyrmion", "vortex"]);
      checkAlike(this.magnet);
    }
    const acting = this.assembled;
    const warm = acting.problem.temperature !== undefined;
    checkNumber("duration", options.duration, POSITIVE, "s");
    if (options.start !== undefined) {
      const last = options.start + options.duration;
      checkNumber("start", options.start, { max: this.time }, "s");
      if (!(last > this.time))
        throw new InputError("start + duration", last, `more than ${this.time} s, where it stands`);
    }
    const { duration, every = duration / 200, tolerance = 1e-5, longest = Infinity, adaptive = !warm } = options;
    checkNumber("every", every, { min: 0, max: duration, open: "min" }, "s");
    checkNumber("tolerance", tolerance, { min: 1e-12, max: 0.1 });
    checkNumber("longest", longest, { ...POSITIVE, infinite: true }, "s");
    const method = checkChoice(
      "method",
      options.method ?? (warm ? "heun" : "dormand-prince"),
      Object.keys(tableaus) as Method[],
    );
    const tableau = tableaus[method];
    const steers = adaptive && "error" in tableau;
    if (!steers && options.step === undefined)
      throw new InputError(
        "step",
        undefined,
        `a step in seconds: "${method}" ${"error" in tableau ? "at T > 0 " : ""}takes equal ones`,
      );
    const step = options.step ?? 1e-14;
    checkNumber("step", step, POSITIVE, "s");
    const quantities = (options.quantities ?? ["m", "E_total", "torque"]).map((name) => magneticQuantity(name));
    const settings = {
      tableau,
      tolerance: steers ? tolerance : undefined,
      step: this.counts.step > 0 && steers ? this.counts.step : step,
      longest,
      shortest: steers ? 1e-22 : step,
    };
    const key = JSON.stringify([method, settings.tolerance, steers || step, longest]);
    if (this.integrator?.key !== key) {
      this.integrator?.it.dispose();
      const it = new Integrator(acting, this.m, settings);
      it.restore({ ...this.counts, step: settings.step });
      if (this.received) it.restoreAngularMomentum(this.received);
      this.integrator = { key, it };
    }
    return { duration, every, method, quantities, integrator: this.integrator.it };
  }

  /** Where the state turns fastest, or is no number. */
  private async failure(time: number, method: Method): Promise<StepError> {
    const m = await this.machine.read(this.m);
    const cells = this.magnet.fill.length;
    const wrong = m.findIndex((value) => !Number.isFinite(value));
    const torque = wrong < 0 ? await this.reader.map("field") : undefined;
    let cell = wrong < 0 ? 0 : wrong % cells;
    if (torque) {
      let largest = -1;
      for (let i = 0; i < cells; i++) {
        const size = Math.hypot(torque[i], torque[cells + i], torque[2 * cells + i]);
        if (!(size <= largest)) {
          largest = size;
          cell = i;
        }
      }
    }
    const [nx, ny] = this.magnet.mesh.grid.size;
    const at = [cell % nx, Math.floor(cell / nx) % ny, Math.floor(cell / (nx * ny))];
    const where = centreOf(this.magnet.mesh, cell).map((x) => `${(x * 1e9).toPrecision(4)} nm`);
    return new StepError(
      `${method} cannot go on at t = ${time} s: ${wrong < 0 ? "the step fell below 1e-22 s; the field is largest" : "m is no number"} in cell ` +
        `[${at}] at (${where.join(", ")}).  Look at the parameters there`,
    );
  }

  /** Values of quantities now, by column: "m_x", "E_exchange", … */
  async measure(...names: MagneticQuantity[]): Promise<Readonly<Record<string, number>>> {
    const quantities = (names.length > 0 ? names : (["m", "E_total", "torque"] as const)).map((name) =>
      magneticQuantity(name),
    );
    const terms = this.assembled.allTerms.map(({ term }) => term);
    const columns = quantities.flatMap((q) => q.columns(this.magnet, terms));
    const values = await this.measureAll(quantities);
    return Object.fromEntries(columns.map(({ name }, i) => [name, values[i]]));
  }

  private async measureAll(quantities: ReturnType<typeof quantitiesOf>): Promise<number[]> {
    const reading = quantities.some((q) => q.from === "reading") ? await this.reader.read() : undefined;
    const m = quantities.some((q) => q.from === "field") ? await this.magnetization() : undefined;
    return quantities.flatMap((q) => {
      if (q.from === "reading") return q.values(reading!);
      const values = q.values(m!, this.magnet);
      return q.isPosition ? [values[0] + this.offset, ...values.slice(1)] : values;
    });
  }

  /** Effective field [T], or that of one term, component planes. */
  async effectiveField(term?: string): Promise<Float64Array> {
    this.checkTerm(term);
    return this.reader.map("field", term);
  }

  /** Energy density [J/m³], of all terms or one. */
  async energyDensity(term?: string): Promise<Float64Array> {
    this.checkTerm(term);
    return this.reader.map("energyDensity", term);
  }

  private checkTerm(term: string | undefined): void {
    const names = this.assembled.allTerms.flatMap(({ term: { name } }) => [name]);
    if (
      term !== undefined &&
      !this.assembled.allTerms.some(({ term: { name, symbol } }) => name === term || symbol === term)
    )
      throw new InputError("term", term, names.map((name) => `"${name}"`).join(", "));
  }

  /** Throws unless an energy says all that acts. */
  private checkConservative(what: string): void {
    const { courses, problem } = this.assembled;
    if (problem.transport) throw new InputError("transport", "electrons", `none, for ${what}`);
    if (problem.torques.length > 0)
      throw new InputError(
        "torques",
        problem.torques.map(({ torque }) => torque.name),
        `none, for ${what}: no energy gives them.  Run in time instead`,
      );
    if (courses.length > 0)
      throw new InputError("field", "a function of time", `a field that does not change, for ${what}`);
  }

  /** @internal What moves the states of a path of least energy. */
  pathStepper(): PathStepper {
    this.checkConservative("a path of least energy");
    return new PathStepper(this.assembled, this.m);
  }

  /** Gives the machine back. */
  async close(): Promise<void> {
    this.forget();
    this.own?.release();
    this.machine.release(this.m);
    if (this.isOwn) await this.machine.destroy();
  }
}

/** Throws unless a magnet is the same all along x, so that its cells may move along it. */
function checkAlike({ mesh, fill, numbers, anisotropyAxis, frozen, regions }: Micromagnet): void {
  const [nx] = mesh.grid.size;
  const differs = (values: ArrayLike<number>): boolean => {
    for (let i = 0; i < values.length; i++) if (values[i] !== values[i - (i % nx)]) return true;
    return false;
  };
  const named = {
    shape: fill,
    regions,
    frozen,
    anisotropyAxis: anisotropyAxis.length > 3 ? anisotropyAxis : undefined,
    ...numbers,
  };
  for (const [name, values] of Object.entries(named))
    if (typeof values === "object" && differs(values))
      throw new InputError(`follow: ${name}`, "different along x", "a magnet that is the same all along x");
}
