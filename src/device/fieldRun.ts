import { plain } from "../algebra/arithmetic.ts";
import type { DirectionalMap } from "../algebra/directionalMap.ts";
import { cross, dot, scale, type Vector3 } from "../algebra/vector.ts";
import { InputError } from "../checks.ts";
import type { Solution, Triple } from "../circuit/index.ts";
import { GAMMA, HBAR, HBAR_E, MU0 } from "../constants.ts";
import { type AngularMomentum, type Course, cellVolumes } from "../field/index.ts";
import type { Device } from "./description.ts";
import { type Columns, type FieldDepthOptions, type FieldModel, lowerToField } from "./fieldDepth.ts";
import type { Conditions } from "./lowerMicromagnet.ts";
import {
  type MachineOptions,
  type MagneticCheckpoint,
  type MagneticSimulation,
  NotAtRestError,
  openMicromagnet,
  StepError,
} from "./magneticSimulation.ts";
import { type Micromagnet, valueAt } from "./micromagnet.ts";
import { type Column, type Currents, QUANTITIES } from "./quantities.ts";
import { magnetOf, type RunPlan, type RunRecord, SimulationError } from "./run.ts";
import { closeRunLedger, type Received } from "./runLedger.ts";
import type { Progress } from "./simulate.ts";

/** All a run at field depth needs to go on; plain data. */
export interface FieldCheckpoint {
  readonly kind: "field checkpoint";
  readonly time: number;
  /** The next step [s]. */
  readonly step: number;
  readonly steps: number;
  readonly rejected: number;
  /** Cells along x, y and planes of magnets that move. */
  readonly cells: readonly number[];
  /** Directions of m, component planes, x fastest. */
  readonly m: readonly number[];
  /** Mean directions of all magnets at the start of the run. */
  readonly start: readonly number[];
  /** What the moving magnet received so far [ħ]. */
  readonly received: AngularMomentum;
}

/** What a run at field depth recorded. */
export interface FieldRunResult extends RunRecord {
  readonly checkpoint: FieldCheckpoint;
  /** The magnets that move, a plane of cells each, from the bottom; `openMicromagnet` computes on with them. */
  readonly micromagnet: Micromagnet;
  /** Their names. */
  readonly planes: readonly string[];
  /** Directions of m at the end, component planes, x fastest. */
  readonly magnetization: Float64Array;
  /** The stack at a place [m] at the end, with the magnetization of its column, at rest. */
  column(x: number, y: number): Solution;
}

/** The magnetization at one row of a run's table. */
export interface FieldRow {
  /** [s] */
  readonly time: number;
  readonly micromagnet: Micromagnet;
  /** Directions of m, component planes, x fastest. */
  readonly magnetization: Float64Array;
}

export interface FieldRunOptions extends FieldDepthOptions, MachineOptions {
  /** Is called after each row of the table. */
  readonly onRow?: ((row: FieldRow) => void | Promise<void>) | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** Runs a device at field depth; everything in the plan is checked. */
export async function runField(
  description: Device,
  plan: Omit<RunPlan, "from"> & { readonly from: FieldCheckpoint | undefined },
  options: FieldRunOptions,
): Promise<FieldRunResult> {
  const began = performance.now();
  const { duration, drives, fieldAt, spinPumping, from, warn } = plan;
  const model = await lowerToField(description, drives, { ...options, field: fieldAt, duration, spinPumping }, warn);
  const { size } = model.micromagnet.mesh.grid;
  if (from?.cells.some((n, axis) => n !== size[axis]))
    throw new InputError("from", `a checkpoint of ${from.cells.join(" × ")} cells`, `one of ${size.join(" × ")}`);
  const { precision = "f64", threads, machine } = options;
  const simulation = await openMicromagnet(model.micromagnet, {
    precision,
    ...(threads !== undefined && { threads }),
    ...(machine && { machine }),
  });
  try {
    const run = new FieldRun(model, plan, simulation);
    if (from) await run.restore(from);
    else await run.settle(options);
    return await run.finish(description, options, began);
  } finally {
    await simulation.close();
  }
}

/** Largest |m × B| [µ0 Ms] of a magnet that has settled, by the machine's precision. */
const AT_REST = { f32: 1e-5, f64: 1e-9 } as const;
/** Largest growth by Heun's method that the default step allows, as a share of the damping. */
const HEUN_GROWTH = 0.01;
/** A magnet that has turned by less has stayed where it was. */
const STILL = 1e-9;

class FieldRun {
  private readonly model: FieldModel;
  private readonly plan: Omit<RunPlan, "from"> & { readonly from: FieldCheckpoint | undefined };
  private readonly simulation: MagneticSimulation;
  private readonly columns: readonly Column[];
  private readonly rows: number[][] = [];
  private start: Float64Array = new Float64Array();
  private first: Float64Array = new Float64Array();
  private last: MagneticCheckpoint | undefined;

  constructor(model: FieldModel, plan: FieldRun["plan"], simulation: MagneticSimulation) {
    this.model = model;
    this.plan = plan;
    this.simulation = simulation;
    this.columns = QUANTITIES.flatMap((quantity) => quantity.columns(model.circuit));
  }

  /** The magnets come to rest without current, if they are to. */
  async settle({ signal, magnetizations = {} }: FieldRunOptions): Promise<void> {
    const { simulation, plan, model } = this;
    if (plan.relax) {
      simulation.set(this.conditions(plan.fieldAt(0)));
      const largest = Math.max(...valuesOf(model.micromagnet.numbers.saturationMagnetization));
      try {
        const torque = AT_REST[simulation.machine.precision] * MU0 * largest;
        await simulation.relax({ torque, ...(signal && { signal }) });
      } catch (error) {
        if (!(error instanceof NotAtRestError)) throw error;
        plan.warn(`before the current begins: ${error.message}`);
      }
    }
    this.start = this.means(await simulation.magnetization());
    if (plan.relax) this.warnOfRelaxation(Object.keys(magnetizations));
  }

  async restore(from: FieldCheckpoint): Promise<void> {
    const { time, step, steps, rejected, cells, m, start, received } = from;
    const planes = this.simulation.machine.precision === "f32" ? Float32Array.from(m) : Float64Array.from(m);
    const kept = { time, step, accepted: steps, rejected, cells, received, offset: 0, m: planes };
    await this.simulation.restore({ kind: "magnetization", ...kept });
    this.start = Float64Array.from(start);
  }

  async finish(description: Device, options: FieldRunOptions, began: number): Promise<FieldRunResult> {
    const { simulation, plan, model } = this;
    const { duration, every, integrator, tolerance, temperature, from } = plan;
    const { transport } = model.columns;
    simulation.set({
      ...this.conditions(plan.fieldAt),
      transport,
      ...(temperature > 0 && { temperature, seed: plan.seed }),
    });
    this.first = await simulation.magnetization();
    const steers = integrator === "dormand-prince";
    let skip = from !== undefined;
    let run: { readonly interrupted: boolean; readonly rejected: number };
    try {
      run = await simulation.run({
        duration,
        start: 0,
        every,
        quantities: [],
        method: integrator,
        ...(steers ? { tolerance } : { step: plan.step ?? this.defaultStep() }),
        onRow: async () => {
          // The first row of what goes on is the last of what was.
          if (!skip) await this.record(options.onRow);
          skip = false;
          this.last = await simulation.checkpoint();
        },
        ...(options.signal && { signal: options.signal }),
        ...(options.onProgress && { onProgress: options.onProgress }),
      });
    } catch (error) {
      if (error instanceof StepError) throw new SimulationError(error.message, await this.checkpoint());
      throw error;
    }
    const checkpoint = await this.checkpoint();
    const m = await simulation.magnetization();
    const end = this.means(m);
    if (!run.interrupted) this.warnOfStillness(m);
    const column = (c: number): Float64Array => Float64Array.from(this.rows, (row) => row[c]);
    const table = new Map(this.columns.map(({ name }, c) => [name, column(c)]));
    const shared = await simulation.sharedDrive();
    return {
      device: description,
      model: model.circuit,
      drives: plan.drives,
      times: table.get("t") as Float64Array,
      table,
      magnet: magnetOf(model.circuit, table, this.start, end),
      ledger: closeRunLedger(this.received(end, checkpoint.received)),
      checkpoint,
      interrupted: run.interrupted,
      steps: checkpoint.steps,
      rejected: run.rejected,
      elapsed: (performance.now() - began) / 1e3,
      warnings: plan.warnings,
      micromagnet: model.micromagnet,
      planes: model.planes,
      magnetization: m,
      column: (x, y) => this.columnAt(m, x, y, checkpoint.time, shared),
    };
  }

  private conditions(field: NonNullable<Conditions["field"]>): Conditions {
    const { stray } = this.model;
    const applied = [field] as Extract<Conditions["field"], readonly unknown[]>;
    return { field: (stray ? [...applied, { pattern: stray }] : applied) as NonNullable<Conditions["field"]> };
  }

  private async record(onRow: FieldRunOptions["onRow"]): Promise<void> {
    const { simulation, plan, model } = this;
    const { time } = simulation;
    const m = await simulation.magnetization();
    // At a kink, what was until now.
    const before = time > 0 ? time * (1 - Number.EPSILON) : 0;
    const rates = await simulation.rates(before);
    const currents = new FieldCurrents(model, m, rates, plan.drives, before, await simulation.sharedDrive());
    const { E_total } = await simulation.measure("E_total");
    const at = {
      time,
      m: this.means(m),
      energy: () => E_total,
      currents,
      model: model.circuit,
      field: plan.fieldAt(time),
    };
    this.rows.push(this.columns.map(({ value }) => value(at)));
    await onRow?.({ time, micromagnet: model.micromagnet, magnetization: m });
  }

  /** Mean directions of all magnets of the stack, three numbers each. */
  private means(m: Float64Array): Float64Array {
    const { circuit, planes, micromagnet } = this.model;
    const { fill, mesh } = micromagnet;
    const perPlane = mesh.grid.size[0] * mesh.grid.size[1];
    const means = Float64Array.from(circuit.initial.flat());
    for (const [k, name] of planes.entries()) {
      const at = 3 * circuit.magnets.findIndex((magnet) => magnet.name === name);
      for (let c = 0; c < 3; c++) {
        let [sum, filled] = [0, 0];
        for (let i = k * perPlane; i < (k + 1) * perPlane; i++) {
          sum += fill[i] * m[c * fill.length + i];
          filled += fill[i];
        }
        means[at + c] = sum / filled;
      }
    }
    return means;
  }

  private received(end: Float64Array, { field, damping, projection, counted }: AngularMomentum): Received {
    const { circuit, columns, micromagnet, planes } = this.model;
    const [transport, injected, relaxed, ...others] = counted as readonly Vector3[];
    const { mesh, fill, numbers } = micromagnet;
    const k = planes.indexOf(columns.magnet);
    const perPlane = mesh.grid.size[0] * mesh.grid.size[1];
    const filled = fill.subarray(k * perPlane, (k + 1) * perPlane).reduce((sum, share) => sum + share, 0);
    const Ms = valueAt(
      numbers.saturationMagnetization,
      k * perPlane + fill.subarray(k * perPlane).findIndex((x) => x > 0),
    );
    const L = -(Ms * filled * cellVolumes(mesh)[k]) / (GAMMA * HBAR);
    const at = 3 * circuit.magnets.findIndex(({ name }) => name === columns.magnet);
    const stored = [0, 1, 2].map((a) => L * (end[at + a] - this.start[at + a])) as unknown as Vector3;
    const none: Vector3 = [0, 0, 0];
    const moving = {
      name: columns.magnet,
      stored,
      transport,
      field: field as Vector3,
      damping: damping as Vector3,
      projection: projection as Vector3,
    };
    const held = { fixed: true, stored: none, field: none, damping: none, projection: none };
    const magnets = circuit.magnets.flatMap(({ name }) => {
      const i = columns.map.others.findIndex((other) => other.name === name);
      if (name === columns.magnet) return [moving];
      return i < 0 ? [] : [{ ...held, name, transport: others[i] }];
    });
    return { injected, relaxed, magnets };
  }

  private async checkpoint(): Promise<FieldCheckpoint> {
    const { time, m, cells, accepted, rejected, step, received } = this.last as MagneticCheckpoint;
    return {
      kind: "field checkpoint",
      time,
      step,
      steps: accepted,
      rejected,
      cells,
      m: Array.from(m),
      start: Array.from(this.start),
      received: received as AngularMomentum,
    };
  }

  private columnAt(m: Float64Array, x: number, y: number, time: number, shared: number | undefined): Solution {
    const { columns, micromagnet, planes, circuit } = this.model;
    const { mesh, fill } = micromagnet;
    const [nx, ny] = mesh.grid.size;
    const [i, j] = [x / mesh.grid.cell[0] + nx / 2, y / mesh.grid.cell[1] + ny / 2].map(Math.floor);
    const cell = (planes.indexOf(columns.magnet) * ny + j) * nx + i;
    if (!(i >= 0 && i < nx && j >= 0 && j < ny && fill[cell] > 0))
      throw new InputError("column", [x, y], "a place within the outline");
    const { network } = columns;
    const own: Vector3 = [m[cell], m[fill.length + cell], m[2 * fill.length + cell]];
    const magnetizations = circuit.magnets.flatMap(({ name }, index) =>
      network.magnets.includes(name) ? [[name, name === columns.magnet ? own : circuit.initial[index]] as const] : [],
    );
    const values = driveValues(columns, time * (1 - Number.EPSILON), shared);
    return network.solve({
      magnetizations: Object.fromEntries(magnetizations),
      field: this.plan.fieldAt(time),
      drives: Object.fromEntries(columns.drives.map(({ name, peak }, d) => [name, peak * values[d]])),
    });
  }

  /** A fiftieth of the fastest precession, at most 1 ps; for Heun's method less, see {@link HEUN_GROWTH}. */
  private defaultStep(): number {
    const { numbers, mesh } = this.model.micromagnet;
    const { plan } = this;
    let fastest = 0;
    for (const [k, { thickness }] of mesh.planes.entries()) {
      const cell = k * mesh.grid.size[0] * mesh.grid.size[1];
      const of = (name: keyof typeof numbers): number => Math.abs(valueAt(numbers[name], cell));
      const Ms = of("saturationMagnetization");
      const waves = [0, 1].reduce(
        (sum, axis) => sum + (mesh.grid.size[axis] > 1 ? 4 / mesh.grid.cell[axis] ** 2 : 0),
        0,
      );
      const anisotropy = of("uniaxialAnisotropy") + of("uniaxialAnisotropy2") + of("cubicAnisotropy");
      const own = (2 / Ms) * (of("exchangeStiffness") * waves + anisotropy + of("interfacialAnisotropy") / thickness);
      fastest = Math.max(fastest, own + MU0 * Ms);
    }
    const samples = Array.from({ length: 51 }, (_, i) => Math.hypot(...plan.fieldAt((plan.duration * i) / 50)));
    const precession = GAMMA * (fastest + Math.max(...samples));
    const dampings = valuesOf(numbers.damping).filter((alpha) => alpha > 0);
    const least = Math.min(1, ...dampings);
    const heun = plan.integrator === "heun" ? Math.cbrt(8 * HEUN_GROWTH * least) : Infinity;
    return Math.min(1e-12, plan.duration, Math.min((2 * Math.PI) / 50, heun) / precession);
  }

  /** A magnet that does not stay where its layer puts it should not go unnoticed; textures do what they do. */
  private warnOfRelaxation(textured: readonly string[]): void {
    const { circuit, planes } = this.model;
    for (const name of planes) {
      if (textured.includes(name)) continue;
      const i = circuit.magnets.findIndex((magnet) => magnet.name === name);
      const rest: Vector3 = [this.start[3 * i], this.start[3 * i + 1], this.start[3 * i + 2]];
      if (dot(rest, circuit.initial[i]) > 0.5) continue;
      const text = rest.map((c) => Number(c.toFixed(2)) + 0).join(", ");
      this.plan.warn(
        `magnet "${name}" does not rest as it was put; it starts from a mean of (${text}), where it settles`,
      );
    }
  }

  private warnOfStillness(m: Float64Array): void {
    const { drives, temperature, warn, from } = this.plan;
    if (drives.length === 0 || temperature > 0 || from) return;
    if (m.some((c, i) => Math.abs(c - this.first[i]) > STILL)) return;
    warn(
      "the magnetization did not move at all: without a tilt or a temperature, a torque along its own axis cannot start it",
    );
  }
}

const valuesOf = (values: number | Float64Array): readonly number[] =>
  typeof values === "number" ? [values] : [...new Set(values)];

/** What each drive is as a share of its peak. */
const driveValues = ({ transport }: Columns, time: number, shared: number | undefined): number[] =>
  transport.drives.map((supply, d) =>
    d === transport.shared?.drive ? (shared as number) : ((supply as Course).at(time) as number),
  );

/** What flows in all columns together: means over them, of a stack of the outline's area. */
class FieldCurrents implements Currents {
  private readonly model: FieldModel;
  private readonly currents: number[];
  private readonly names: readonly string[];
  private readonly values: readonly number[];
  private readonly pumpPower: number;

  constructor(
    model: FieldModel,
    m: Float64Array,
    rates: Float64Array,
    drives: RunPlan["drives"],
    time: number,
    shared: number | undefined,
  ) {
    this.model = model;
    const { columns, micromagnet, planes, circuit } = model;
    const { map } = columns;
    const { fill, mesh } = micromagnet;
    const perPlane = mesh.grid.size[0] * mesh.grid.size[1];
    const first = planes.indexOf(columns.magnet) * perPlane;
    const cells: Cell[] = [];
    for (let i = first; i < first + perPlane; i++) {
      if (!(fill[i] > 0)) continue;
      const [own, rate] = [m, rates].map((v): Vector3 => [v[i], v[fill.length + i], v[2 * fill.length + i]]);
      cells.push({ share: fill[i], m: own, pump: map.pumped ? scale(cross(own, rate), HBAR_E) : [0, 0, 0] });
    }
    const inDrives = driveValues(columns, time, shared);
    const channels = Array.from(
      { length: Math.max(...map.relaxed, ...map.currents, ...map.voltages) + 1 },
      (_, c) => c,
    );
    const axes = [0, 1, 2] as const;
    const factors = map.rest.factorsAt(inDrives, plain);
    const [mean, ...byPump] = meanHarmonics(map.rest, cells, [
      () => 1,
      ...axes.map(
        (a) =>
          ({ pump }: Cell) =>
            pump[a],
      ),
    ]);
    this.currents = map.rest.values(channels, mean, factors, plain);
    let power = axes.reduce<number>(
      (sum, a) => sum + map.rest.values([map.absorbed[a]], byPump[a], factors, plain)[0],
      0,
    );
    const { pumped } = map;
    if (pumped) {
      const answers = pumped.factorsAt(inDrives, plain);
      const answer = (channel: number, b: number, harmonics: readonly number[]): number =>
        pumped.values([3 * channel + b], harmonics, answers, plain)[0];
      const pairs = axes.flatMap((a) => axes.map((b) => ({ a, b })));
      const means = meanHarmonics(pumped, cells, [
        ...axes.map(
          (b) =>
            ({ pump }: Cell) =>
              pump[b],
        ),
        ...pairs.map(
          ({ a, b }) =>
            ({ pump }: Cell) =>
              pump[a] * pump[b],
        ),
      ]);
      for (const c of channels) for (const b of axes) this.currents[c] += answer(c, b, means[b]);
      for (const [i, { a, b }] of pairs.entries()) power += answer(map.absorbed[a], b, means[3 + i]);
    }
    // What moving magnets bring counts against what they absorb.
    this.pumpPower = power / 2;
    this.names = circuit.sources.map(({ name }) => name);
    this.values = circuit.sources.map(({ amplitude }, d) => amplitude * drives[d].factor(time));
  }

  private channel(c: number): number {
    return this.currents[c];
  }

  private vector(channels: Triple): Vector3 {
    const [x, y, z] = channels.map((c) => this.channel(c));
    return [x, y, z];
  }

  sourceValue(source: string): number {
    return this.values[this.names.indexOf(source)];
  }

  sourceCurrent(source: string): number {
    return this.channel(this.model.columns.map.currents[this.names.indexOf(source)]);
  }

  sourceVoltage(source: string): number {
    return this.channel(this.model.columns.map.voltages[this.names.indexOf(source)]);
  }

  absorbedSpin(magnet: string): Vector3 {
    const { columns } = this.model;
    if (magnet === columns.magnet) return this.vector(columns.map.absorbed);
    const other = columns.map.others.find(({ name }) => name === magnet);
    return other ? this.vector(other.absorbed) : [0, 0, 0];
  }

  totalPower(): number {
    const supplied = this.names.reduce((sum, name) => sum + this.sourceVoltage(name) * this.sourceCurrent(name), 0);
    return supplied - this.pumpPower;
  }

  relativeResidual(): number {
    const { map } = this.model.columns;
    const [injected, relaxed] = [this.vector(map.injected), this.vector(map.relaxed)];
    const absorbed = [map.absorbed, ...map.others.map((other) => other.absorbed)].map((channels) =>
      this.vector(channels),
    );
    const largest = Math.max(...[injected, relaxed, ...absorbed].flat().map(Math.abs));
    const residual = [0, 1, 2].map((a) => injected[a] - relaxed[a] - absorbed.reduce((sum, spin) => sum + spin[a], 0));
    return largest === 0 ? 0 : Math.max(...residual.map(Math.abs)) / largest;
  }
}

/** A column: its share of a cell, its direction, and what it pumps [V]. */
interface Cell {
  readonly share: number;
  readonly m: Vector3;
  readonly pump: Vector3;
}

/** Means over the columns of the harmonics of a map, times factors; series are linear in them. */
function meanHarmonics(
  map: DirectionalMap,
  cells: readonly Cell[],
  times: readonly ((cell: Cell) => number)[],
): number[][] {
  const Y = new Float64Array((map.degree + 1) ** 2);
  const sums = times.map(() => new Float64Array(Y.length));
  const { used } = map;
  const weights = new Float64Array(times.length);
  let filled = 0;
  for (const cell of cells) {
    map.fillHarmonics(Y, cell.m);
    filled += cell.share;
    for (let k = 0; k < weights.length; k++) weights[k] = cell.share * times[k](cell);
    for (const n of used) for (let k = 0; k < weights.length; k++) sums[k][n] += weights[k] * Y[n];
  }
  return sums.map((sum) => Array.from(sum, (value) => value / filled));
}
