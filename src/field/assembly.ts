import { InputError } from "../checks.ts";
import {
  type Backend,
  cellsOf,
  type ElementType,
  type Field,
  type Here,
  type Input,
  type ProgramBuilder,
  type Real,
  real,
  type Scalar,
  type Source,
  select,
  type Value,
  type Vector,
  vector,
} from "../compute/index.ts";
import { HBAR_E } from "../constants.ts";
import { demagnetizingField, type FieldTerm, type Place, type TorqueTerm } from "../magnetism/continuum/index.ts";
import {
  Column,
  type ColumnTransport,
  coefficientsOf,
  driveKey,
  Friction,
  shareDrive,
  sumCoefficients,
} from "./columns.ts";
import type { Demagnetization } from "./demagnetization.ts";
import type { Mesh } from "./mesh.ts";
import { type Course, checkPlanes, condensed, isCourse, type Supply } from "./supply.ts";

export interface BoundTerm {
  readonly term: FieldTerm;
  readonly given: Readonly<Record<string, Supply>>;
}
export interface BoundTorque {
  readonly torque: TorqueTerm;
  readonly given: Readonly<Record<string, Supply>>;
}

/** A magnetization field and all that acts on it, in the solver's words. */
export interface MagneticProblem {
  readonly mesh: Mesh;
  /** Share of each cell that is filled, 0…1. */
  readonly fill: Float64Array;
  /** Ms [A/m]; not looked at in empty cells. */
  readonly saturationMagnetization: number | Float64Array;
  /** Gilbert damping α. */
  readonly damping: number | Float64Array;
  /** γ [rad/(s T)]. */
  readonly gyromagneticRatio: number;
  /** Gilbert's damping, or Landau and Lifshitz's, which lacks the 1/(1 + α²); default Gilbert's. */
  readonly equation?: "LLG" | "LL";
  readonly terms: readonly BoundTerm[];
  readonly torques: readonly BoundTorque[];
  /** Electrons that pass through the columns of one plane; with Gilbert's damping only. */
  readonly transport?: ColumnTransport;
  /** 1 where m is held. */
  readonly frozen?: Uint8Array;
  /** [K] */
  readonly temperature?: number | Float64Array;
  readonly seed?: number;
}

/** A parameter in time and the device scalars that hold its value of the moment. */
export interface LiveCourse {
  readonly name: string;
  readonly course: Course;
  readonly scalars: readonly Scalar[];
}

type Inputs = Readonly<Record<string, Input<Value>>>;

const SHARED = {
  m: vector,
  inside: vector.beyond("zero"),
  Ms: real,
  perMs: real,
  fill: real,
  perMoment: real,
  alpha: real,
} as const;

/**
 * What acts on a magnetization field, put on a backend: its parameters as numbers, planes or scalars, and the functions that add all
 * terms up within one kernel.
 */
export class Assembly {
  readonly problem: MagneticProblem;
  readonly backend: Backend;
  /** Which cells hold a magnet. */
  readonly magnetic: Uint8Array;
  readonly courses: LiveCourse[] = [];
  /** What every kernel with terms reads, besides m. */
  readonly reads: Readonly<Record<string, ElementType>>;
  readonly given: Readonly<Record<string, Source<Value>>>;
  /** What turns magnetization into the magnet's own field. */
  readonly demagnetization: Demagnetization | undefined;
  /** Drive that is such that all columns together take a current. */
  readonly shared: Scalar | undefined;
  private readonly sharedSums: readonly Scalar[];
  private readonly sharedCurrent: Source<Value> | undefined;
  private readonly coefficients: ReadonlyMap<string, Scalar>;
  /** [K]; undefined without thermal field. */
  readonly temperature: Source<Value> | undefined;
  private readonly owned: (Field | Scalar)[] = [];

  /** @param demagnetization the own field of this magnet, if it feels it; it stays the caller's */
  constructor(problem: MagneticProblem, backend: Backend, demagnetization: Demagnetization | undefined) {
    this.problem = problem;
    this.backend = backend;
    const { mesh, fill } = problem;
    const cells = cellsOf(mesh.grid);
    checkPlanes("fill", fill, 1, cells);
    this.magnetic = Uint8Array.from(fill, (share) => (share > 0 ? 1 : 0));
    const Ms = planesOf(problem.saturationMagnetization, cells);
    for (let i = 0; i < cells; i++)
      if (this.magnetic[i] && !(Ms[i] > 0))
        throw new InputError(
          `saturationMagnetization: cell ${i}`,
          Ms[i],
          "a positive number wherever there is a magnet",
        );
    try {
      const shared = this.sharedParameters(Ms);
      const own = this.termParameters();
      const { temperature, transport } = problem;
      const parallel = transport?.shared;
      this.shared = parallel && this.own(backend.scalar(0, { name: "shared drive" }));
      this.sharedSums = parallel
        ? transport!.rest.factors.map((_, k) => this.own(backend.scalar(0, { name: `current ${k} of the columns` })))
        : [];
      this.sharedCurrent = parallel && this.place("current of the columns", parallel.current, real);
      const coefficients = transport ? coefficientsOf(transport) : [];
      this.coefficients = new Map(coefficients.map(({ key }) => [key, this.own(backend.scalar(0, { name: key }))]));
      for (const [key, scalar] of this.coefficients) {
        own.reads[key] = real;
        own.given[key] = scalar;
      }
      for (const [d, supply] of (transport?.drives ?? []).entries()) {
        own.reads[driveKey(d)] = real;
        own.given[driveKey(d)] = d === parallel?.drive ? this.shared! : this.place(driveKey(d), supply, real);
      }
      this.temperature =
        temperature === undefined
          ? undefined
          : this.place("temperature", condensed(planesOf(temperature, cells), 1, this.magnetic), real);
      this.reads = { ...SHARED, ...own.reads };
      this.given = { ...shared, ...own.given };
      this.demagnetization = demagnetization;
    } catch (error) {
      this.release();
      throw error;
    }
  }

  private sharedParameters(Ms: Float64Array): Record<string, Source<Value>> {
    const { fill, damping, frozen } = this.problem;
    const perMoment = Ms.map((M, i) => (fill[i] > 0 ? 1 / (fill[i] * M) : 0));
    const perMs = Ms.map((M, i) => (fill[i] > 0 ? 1 / M : 0));
    const given: Record<string, Source<Value>> = {};
    const place = (name: string, planes: Float64Array) => {
      given[name] = this.place(name, condensed(planes, 1, this.magnetic), real);
    };
    place("Ms", Ms);
    place("perMs", perMs);
    place("fill", fill);
    place("perMoment", perMoment);
    place("alpha", planesOf(damping, fill.length));
    if (frozen)
      place(
        "mobile",
        Float64Array.from(frozen, (held) => (held ? 0 : 1)),
      );
    return given;
  }

  private termParameters() {
    const reads: Record<string, ElementType> = {};
    const given: Record<string, Source<Value>> = {};
    const { terms, torques, frozen } = this.problem;
    if (frozen) reads.mobile = real;
    for (const [i, bound] of [...terms, ...torques].entries()) {
      const { name, parameters } = "term" in bound ? bound.term : bound.torque;
      for (const [parameter, type] of Object.entries(parameters)) {
        const supply = bound.given[parameter];
        if (supply === undefined) throw new InputError(`${name}: ${parameter}`, undefined, "a value");
        const key = keyOf(i, parameter);
        reads[key] = type;
        given[key] = this.place(`${name}: ${parameter}`, supply, type);
      }
    }
    return { reads, given };
  }

  /** Puts a parameter where kernels find it. */
  private place(name: string, supply: Supply, type: ElementType): Source<Value> {
    if (isCourse(supply)) {
      const scalars = Array.from({ length: type.components }, (_, c) =>
        this.own(this.backend.scalar(0, { name: `${name}[${c}]` })),
      );
      this.courses.push({ name, course: supply, scalars });
      return (type.components === 1 ? scalars[0] : scalars) as Source<Value>;
    }
    if (typeof supply === "number") return type.components === 1 ? supply : Array(type.components).fill(supply);
    if (!(supply instanceof Float64Array)) return supply as Source<Value>;
    checkPlanes(name, supply, type.components, cellsOf(this.problem.mesh.grid));
    const same = condensed(supply, type.components, new Uint8Array(this.magnetic.length).fill(1));
    if (!(same instanceof Float64Array)) return same as Source<Value>;
    const field = this.own(this.backend.field(this.problem.mesh.grid, type, name));
    void this.backend.write(field, same);
    return field;
  }

  private own<T extends Field | Scalar>(thing: T): T {
    this.owned.push(thing);
    return thing;
  }

  /** Sets the parameters that change to their values at a time [s], for what is read off between steps. */
  setTime(time: number): void {
    for (const { course, scalars } of this.courses) {
      const value = course.at(time);
      scalars.forEach((scalar, c) => {
        this.backend.set(scalar, typeof value === "number" ? value : value[c]);
      });
    }
  }

  /** Reads and arguments of a kernel that evaluates terms at `state`. */
  at(state: Field<Vector>): { reads: Record<string, ElementType>; given: Record<string, Source<Value>> } {
    const { demagnetization } = this;
    return {
      reads: { ...this.reads, ...(demagnetization && { Bd: vector }) },
      given: { ...this.given, m: state, inside: state, ...(demagnetization && { Bd: demagnetization.field }) },
    };
  }

  /** What a kernel that makes a state writes besides. */
  get sideWrites(): { writes: Record<string, ElementType>; given: Record<string, Field> } {
    const moment = this.demagnetization?.moment;
    return moment ? { writes: { moment: vector }, given: { moment } } : { writes: {}, given: {} };
  }

  /** Value of the side output for a state. */
  side(inputs: Inputs, state: Vector): Record<string, Vector> {
    if (!this.demagnetization?.moment) return {};
    return { moment: state.scale((inputs.Ms as unknown as Real).mul(inputs.fill as unknown as Real)) };
  }

  /** Sees to it that what all cells make together belongs to `state`: the magnet's own field, whose moment has been written, and a shared drive. */
  convolve(p: ProgramBuilder, state: Field<Vector>): void {
    if (this.demagnetization) {
      const { convolution, field, moment } = this.demagnetization;
      p.convolve(convolution, moment ?? state, field);
    }
    const { transport } = this.problem;
    if (!transport) return;
    const drives = Object.fromEntries(transport.drives.map((_, d) => [driveKey(d), this.given[driveKey(d)]]));
    this.share(p, state, transport, drives);
    sumCoefficients(transport, p, drives, this.coefficients);
  }

  private share(
    p: ProgramBuilder,
    state: Field<Vector>,
    transport: ColumnTransport,
    drives: Readonly<Record<string, Source<Value>>>,
  ): void {
    const { fill, mesh } = this.problem;
    if (!this.shared) return;
    const perPlane = mesh.grid.size[0] * mesh.grid.size[1];
    const filled = fill
      .subarray(transport.plane * perPlane, (transport.plane + 1) * perPlane)
      .reduce((sum, share) => sum + share, 0);
    shareDrive(
      {
        transport,
        perFill: 1 / filled,
        planes: mesh.planes.length,
        value: this.shared,
        sums: this.sharedSums,
        current: this.sharedCurrent!,
      },
      p,
      { m: state, fill: this.given.fill, ...drives },
      (here) => this.placeOf(here),
    );
  }

  placeOf(here: Here): Place {
    return { ...here, extent: this.extents(here) };
  }

  private extents(here: Here): readonly [number, number, Real | number] {
    const { grid, planes } = this.problem.mesh;
    const [dx, dy] = grid.cell;
    if (planes.every(({ thickness }) => thickness === planes[0].thickness)) return [dx, dy, planes[0].thickness];
    return [
      dx,
      dy,
      chosenBy(
        here,
        planes.map((plane) => plane.thickness),
      ),
    ];
  }

  private termInputs(inputs: Inputs, index: number, parameters: Readonly<Record<string, ElementType>>): never {
    const own = Object.keys(parameters).map((name) => [name, inputs[keyOf(index, name)]]);
    return { ...inputs, gamma: this.problem.gyromagneticRatio, ...Object.fromEntries(own) } as never;
  }

  /** All terms with the functions that evaluate them. */
  get allTerms(): readonly { readonly term: FieldTerm; inputs(all: Inputs): never }[] {
    const terms = this.problem.terms.map(({ term }, i) => ({
      term,
      inputs: (all: Inputs) => this.termInputs(all, i, term.parameters),
    }));
    const own = { term: demagnetizingField as unknown as FieldTerm, inputs: (all: Inputs) => all as never };
    return this.demagnetization ? [...terms, own] : terms;
  }

  /** Effective field [T], with a thermal one. */
  effectiveField(inputs: Inputs, place: Place, noise?: Vector): Vector {
    const B = this.allTerms
      .map(({ term, inputs: of }) => term.field(of(inputs), place))
      .reduce((a, b) => a.add(b), place.vector(0, 0, 0));
    return noise ? B.add(noise) : B;
  }

  /** All friction of a magnet that pumps; undefined for one that does not. */
  friction(inputs: Inputs, column: Column, place: Place): Friction | undefined {
    const { transport, gyromagneticRatio, mesh } = this.problem;
    const answer = column.answer(transport!.absorbed);
    const factor = column.perSpin(inputs, gyromagneticRatio, mesh.planes.length).mul(HBAR_E);
    return (
      answer && new Friction(inputs.m as Input<Vector>, inputs.alpha as Input<Real>, answer, factor, place.identity())
    );
  }

  /**
   * ṁ [1/s] of Landau–Lifshitz–Gilbert with all torques.
   * @param noise thermal field [T]; where the magnet pumps, that of a friction of 1
   */
  rate(inputs: Inputs, place: Place, noise?: Vector): Vector {
    const { gyromagneticRatio: gamma, terms, torques, frozen, transport, mesh } = this.problem;
    const m = inputs.m as Input<Vector>;
    const alpha = inputs.alpha as Input<Real>;
    const column = transport && new Column(transport, inputs, place);
    const friction = column && this.friction(inputs, column, place);
    const B = this.effectiveField(inputs, place, friction && noise ? friction.agitation(noise) : noise);
    let free = torques
      .map(({ torque }, i) => torque.rate(this.termInputs(inputs, terms.length + i, torque.parameters), place))
      .reduce((a, b) => a.add(b), m.cross(B).scale(-gamma));
    if (column)
      free = free.add(column.rest(transport!.absorbed).scale(column.perSpin(inputs, gamma, mesh.planes.length)));
    const rate = friction ? friction.rate(free) : this.damped(m, alpha, free, place);
    return frozen ? rate.scale(inputs.mobile as Input<Real>) : rate;
  }

  /** Solves ṁ − α m × ṁ = free for free ⊥ m. */
  private damped(m: Vector, alpha: Real, free: Vector, place: Place): Vector {
    const damped = free.add(m.cross(free).scale(alpha));
    if (this.problem.equation === "LL") return damped;
    // Between the stages of a step m is not quite of length 1, which accounts of angular momentum would see.
    const size = this.problem.transport ? alpha.squared().mul(m.squared()) : alpha.squared();
    return damped.scale(place.constant(1).div(size.add(1)));
  }

  /** A new direction, or the old one where it is held: even normalising would move its last digit. */
  settled(inputs: Inputs, next: Vector, before: Vector): Vector {
    return this.problem.frozen ? select((inputs.mobile as unknown as Real).gt(0.5), next, before) : next;
  }

  /** −m × (m × B) [T]: where the energy falls most steeply. */
  descent(inputs: Inputs, place: Place): Vector {
    const m = inputs.m as Input<Vector>;
    const mxB = m.cross(this.effectiveField(inputs, place));
    const down = mxB.cross(m);
    return this.problem.frozen ? down.scale(inputs.mobile as Input<Real>) : down;
  }

  release(): void {
    for (const thing of this.owned.splice(0)) this.backend.release(thing);
  }
}

export const planesOf = (value: number | Float64Array, cells: number): Float64Array =>
  typeof value === "number" ? new Float64Array(cells).fill(value) : value;

const keyOf = (index: number, parameter: string): string => `p${index}_${parameter}`;

/** A number that depends on the plane of the cell alone. */
export function chosenBy(here: Here, perPlane: readonly number[]): Real {
  return perPlane
    .slice(1)
    .reduce((value, n, k) => select(here.index.z.gt(k), here.constant(n), value), here.constant(perPlane[0]));
}
