import {
  type Field,
  type Input,
  kernel,
  type ProgramBuilder,
  type Real,
  real,
  type Scalar,
  type Source,
  type Value,
  type Vector,
  vector,
} from "../compute/index.ts";
import { E_CHARGE, HBAR } from "../constants.ts";
import { type Assembly, chosenBy } from "./assembly.ts";
import { Column } from "./columns.ts";
import { cellVolumes } from "./mesh.ts";

type Inputs = Readonly<Record<string, Input<Value>>>;

/** What the magnetization received, by cause, before what the columns count. */
const CAUSES = ["field", "damping"] as const;

/** Angular momentum [ħ] since the start. */
export interface AngularMomentum {
  /** From fields, anisotropies and thermal agitation. */
  readonly field: readonly number[];
  /** To the lattice by Gilbert damping. */
  readonly damping: readonly number[];
  /** By holding |m| = 1. */
  readonly projection: readonly number[];
  /** That of each spin current that is counted, in the order of the transport. */
  readonly counted: readonly (readonly number[])[];
}

/** Where the angular momentum goes, step by step and with the weights of the steps' stages, on the device. */
export class Accounts {
  /** Rates [ħ/s] at the first stage of a step and at the last that was looked at, and what the step brings [ħ]. */
  private readonly first: readonly Scalar[];
  private readonly stage: readonly Scalar[];
  private readonly pending: readonly Scalar[];
  /** What holding |m| = 1 takes in a step [ħ]; the stage that makes a state adds it up. */
  readonly projected: readonly Scalar[];
  private readonly totals: readonly Scalar[];
  private readonly assembly: Assembly;

  constructor(assembly: Assembly) {
    this.assembly = assembly;
    const counted = assembly.problem.transport!.counted.length;
    const count = 3 * (CAUSES.length + counted);
    const open = (name: string, n: number) =>
      Array.from({ length: n }, (_, i) => assembly.backend.scalar(0, { name: `${name} ${i}` }));
    this.first = open("first rate", count);
    this.stage = open("rate", count);
    this.pending = open("share of the step", count);
    this.projected = open("projection", 3);
    this.totals = open("angular momentum", count + 3);
  }

  /** Ms V φ/γħ of a cell that the electrons turn: angular momentum [ħ] per m. */
  weight(inputs: Inputs, here: never): Real {
    const { mesh, gyromagneticRatio, transport } = this.assembly.problem;
    const perMoment = chosenBy(
      here,
      cellVolumes(mesh).map((V, plane) => (plane === transport!.plane ? V / (gyromagneticRatio * HBAR) : 0)),
    );
    return (inputs.Ms as Input<Real>).mul(inputs.fill as Input<Real>).mul(perMoment);
  }

  /** Adds up the rates at a state that turns with a slope. */
  take(
    p: ProgramBuilder,
    state: Field<Vector>,
    slope: Field<Vector>,
    to: "first" | "stage",
    noise: { readonly field: Field<Vector>; readonly step: Scalar } | undefined,
  ): void {
    const { assembly } = this;
    const { transport, mesh, gyromagneticRatio: gamma } = assembly.problem;
    const scalars = this[to];
    const names = scalars.map((_, i) => `rate ${i}`);
    const { reads, given } = assembly.at(state);
    const cellArea = mesh.grid.cell[0] * mesh.grid.cell[1];
    const sum = kernel(
      "angular momentum",
      {
        reads: { ...reads, slope: vector, ...(noise && { noise: vector, step: real }) },
        reduces: Object.fromEntries(names.map((name) => [name, "sum"])),
      } as never,
      ((inputs: Inputs, here: never) => {
        const place = assembly.placeOf(here);
        const m = inputs.m as Input<Vector>;
        const rate = inputs.slope as Input<Vector>;
        const weight = this.weight(inputs, here);
        const column = new Column(transport!, inputs, place);
        const agitation =
          noise &&
          (inputs.noise as unknown as Vector).scale(place.constant(1).div((inputs.step as unknown as Real).sqrt()));
        const friction = agitation && assembly.friction(inputs, column, place);
        const B = assembly.effectiveField(inputs, place, friction ? friction.agitation(agitation) : agitation);
        const perSpin = (inputs.fill as Input<Real>)
          .mul(cellArea / transport!.area / (2 * E_CHARGE))
          .mul(column.here(mesh.planes.length));
        const vectors = [
          m.cross(B).scale(weight.mul(gamma)),
          m.cross(rate).scale(weight.mul((inputs.alpha as Input<Real>).neg())),
          ...transport!.counted.map((channels) => column.moving(channels, rate).scale(perSpin)),
        ];
        return Object.fromEntries(vectors.flatMap(({ x, y, z }) => [x, y, z]).map((value, i) => [names[i], value]));
      }) as never,
    );
    p.run(sum, {
      ...given,
      slope,
      ...(noise && { noise: noise.field, step: noise.step }),
      ...Object.fromEntries(names.map((name, i) => [name, scalars[i]])),
    } as never);
  }

  /** Begins a step: the first stage's share. */
  begin(p: ProgramBuilder, weight: number, step: Scalar): void {
    const from = { a: this.first, step: this.first.map(() => step) };
    this.combine(p, "first share", from, this.pending, ({ a, step }) => a.mul(weight).mul(step));
  }

  /** Adds the share of the stage that was looked at last. */
  add(p: ProgramBuilder, weight: number, step: Scalar): void {
    const from = { a: this.stage, b: this.pending, step: this.stage.map(() => step) };
    this.combine(p, "share", from, this.pending, ({ a, b, step }) => a.mul(weight).mul(step).add(b));
  }

  /** The step counts. */
  keep(p: ProgramBuilder): void {
    const from = { a: [...this.pending, ...this.projected], b: this.totals };
    this.combine(p, "angular momentum of the step", from, this.totals, ({ a, b }) => a.add(b));
  }

  /** The last stage of a step is the first of the next. */
  reuse(p: ProgramBuilder): void {
    this.combine(p, "rates of the next step", { a: this.stage }, this.first, ({ a }) => a.add(0));
  }

  private combine(
    p: ProgramBuilder,
    name: string,
    from: Readonly<Record<string, readonly Scalar[]>>,
    to: readonly Scalar[],
    of: (one: Readonly<Record<string, Real>>) => Real,
  ): void {
    const keys = Object.keys(from);
    const reads = Object.fromEntries(to.flatMap((_, i) => keys.map((key) => [`${key}${i}`, real])));
    const writes = Object.fromEntries(to.map((_, i) => [`to${i}`, real]));
    const make = kernel(
      name,
      { reads, writes } as never,
      ((inputs: Record<string, Real>) =>
        Object.fromEntries(
          to.map((_, i) => [`to${i}`, of(Object.fromEntries(keys.map((key) => [key, inputs[`${key}${i}`]])))]),
        )) as never,
    );
    const given: Record<string, Source<Value> | Scalar> = {};
    for (const [i, scalar] of to.entries()) {
      given[`to${i}`] = scalar;
      for (const key of keys) given[`${key}${i}`] = from[key][i];
    }
    p.run(make, given as never);
  }

  async read(): Promise<AngularMomentum> {
    const values = await Promise.all(this.totals.map((scalar) => this.assembly.backend.get(scalar)));
    const vectors = Array.from({ length: values.length / 3 }, (_, i) => values.slice(3 * i, 3 * i + 3));
    const [field, damping, ...counted] = vectors;
    const projection = counted.pop()!;
    return { field, damping, projection, counted };
  }

  restore({ field, damping, projection, counted }: AngularMomentum): void {
    [field, damping, ...counted, projection].flat().forEach((value, i) => {
      this.assembly.backend.set(this.totals[i], value);
    });
  }

  release(): void {
    for (const scalar of [...this.first, ...this.stage, ...this.pending, ...this.projected, ...this.totals])
      this.assembly.backend.release(scalar);
  }
}
