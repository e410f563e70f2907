import {
  type Backend,
  type Executable,
  type Field,
  type Input,
  kernel,
  type ProgramBuilder,
  program,
  type Real,
  real,
  type Scalar,
  select,
  type Value,
  type Vector,
  vector,
} from "../compute/index.ts";
import type { Place } from "../magnetism/continuum/index.ts";
import type { Assembly } from "./assembly.ts";
import { makeMoments } from "./moments.ts";

/** How a minimisation stands. */
export interface Descent {
  /** Evaluations of the field so far. */
  readonly steps: number;
  /** Largest |m × B| [T]. */
  readonly torque: number;
  readonly done: boolean;
}

export type Inputs = Readonly<Record<string, Input<Value>>>;

/** A way down the energy of a magnetization field, along curves on which |m| = 1 holds; every decision is taken on the machine. */
export abstract class Minimizer {
  protected readonly backend: Backend;
  protected readonly assembly: Assembly;
  protected readonly m: Field<Vector>;
  /** −m × (m × B) at m. */
  protected readonly downhill: Field<Vector>;
  /** Length of the next step along its direction [1/T]. */
  protected readonly tau: Scalar;
  /** Square of the largest torque. */
  protected readonly largest: Scalar;
  protected readonly steps: Scalar;
  protected readonly goOn: Scalar;
  protected readonly limit: Scalar;
  private readonly owned: (Field | Scalar)[] = [];
  private begin: Executable | undefined;
  private readonly descents = new Map<number, Executable>();

  /** @param torque largest |m × B| [T] at which it ends */
  constructor(assembly: Assembly, m: Field<Vector>, torque: number) {
    this.backend = assembly.backend;
    this.assembly = assembly;
    this.m = m;
    this.downhill = this.field("downhill");
    this.tau = this.scalar("step");
    this.largest = this.scalar("largest torque");
    this.steps = this.scalar("steps", 0, "int");
    this.goOn = this.scalar("go on");
    this.limit = this.scalar("limit", torque);
  }

  /** What a method needs besides the first gradient and step. */
  protected prepare(_p: ProgramBuilder): void {}

  /** One evaluation of the field, and what follows from it; sets `goOn`, `steps` and `largest`. */
  protected abstract step(p: ProgramBuilder): void;

  protected field(name: string): Field<Vector> {
    const field = this.backend.field(this.assembly.problem.mesh.grid, vector, name);
    this.owned.push(field);
    return field;
  }

  protected scalar(name: string, initial = 0, kind: "real" | "int" = "real"): Scalar {
    const scalar = this.backend.scalar(initial, { name, kind });
    this.owned.push(scalar);
    return scalar;
  }

  /** Starts from the state as it is. */
  async start(): Promise<void> {
    this.backend.set(this.goOn, 1);
    this.backend.set(this.steps, 0);
    this.begin ??= await this.backend.compile(
      program("first gradient", (p) => {
        makeMoments(this.assembly, p, this.m);
        this.assembly.convolve(p, this.m);
        const { reads, given } = this.assembly.at(this.m);
        const first = kernel(
          "gradient",
          { reads, writes: { d: vector }, reduces: { largest: "max" } } as never,
          ((inputs: Inputs, here: never) => {
            const d = this.assembly.descent(inputs, this.assembly.placeOf(here));
            return { d, largest: d.squared() };
          }) as never,
        );
        const { largest, tau, goOn, limit } = this;
        p.run(first, { ...given, d: this.downhill, largest } as never);
        // A first step that turns the fastest cell by a hundredth.
        const judge = kernel(
          "first step",
          { reads: { largest: real, limit: real }, writes: { tau: real, goOn: real } },
          ({ largest, limit }, { constant }) => ({
            tau: constant(0.01).div(largest.sqrt().max(1e-30)),
            goOn: select(largest.sqrt().gt(limit), 1, 0),
          }),
        );
        p.run(judge, { largest, limit, tau, goOn });
        this.prepare(p);
      }),
    );
    await this.begin.run();
  }

  /** Up to `steps` steps. */
  async run(steps: number): Promise<Descent> {
    let descend = this.descents.get(steps);
    if (!descend) {
      descend = await this.backend.compile(program("descent", (p) => p.while(this.goOn, steps, () => this.step(p))));
      this.descents.set(steps, descend);
    }
    await descend.run();
    const [done, taken, square] = await Promise.all(
      [this.goOn, this.steps, this.largest].map((s) => this.backend.get(s)),
    );
    return { steps: taken, torque: Math.sqrt(square), done: done === 0 };
  }

  /** m turned by τ d ⊥ m, exactly of length 1, with the moments that belong to it; writes `change` if there is a field for it. */
  protected move(p: ProgramBuilder, direction: Field<Vector>, to: Field<Vector>, change?: Field<Vector>): void {
    const side = this.assembly.sideWrites;
    const { Ms, fill } = this.assembly.given;
    const needed = this.assembly.demagnetization?.moment ? { Ms, fill } : {};
    const move = kernel(
      "move",
      {
        reads: { m: vector, d: vector, tau: real, ...Object.fromEntries(Object.keys(needed).map((k) => [k, real])) },
        writes: { next: vector, ...(change && { change: vector }), ...side.writes },
      } as never,
      ((inputs: { m: Vector; d: Vector; tau: Real }) => {
        const { m, d, tau } = inputs;
        const N = d.squared().mul(tau.squared());
        const next = m
          .scale(N.neg().add(4))
          .add(d.scale(tau.mul(4)))
          .div(N.add(4));
        return { next, ...(change && { change: next.sub(m) }), ...this.assembly.side(inputs as never, next) };
      }) as never,
    );
    const { m, tau } = this;
    p.run(move, { m, d: direction, tau, ...needed, next: to, ...(change && { change }), ...side.given } as never);
  }

  /** The energy's gradient is −φMs B per volume: cells weigh as much as their moment. */
  protected weight(inputs: Inputs, { extent }: Place): Real {
    const scale = this.weightScale;
    return (inputs.Ms as unknown as Real)
      .mul(inputs.fill as unknown as Real)
      .mul(typeof extent[2] === "number" ? scale * extent[2] : extent[2].mul(scale));
  }

  /** Makes weights of order one: single precision has no room for squares of SI. */
  private get weightScale(): number {
    const { saturationMagnetization, mesh } = this.assembly.problem;
    const Ms =
      typeof saturationMagnetization === "number"
        ? saturationMagnetization
        : saturationMagnetization.reduce((a, b) => Math.max(a, b));
    return 1 / (Ms * Math.max(...mesh.planes.map(({ thickness }) => thickness)));
  }

  dispose(): void {
    this.begin?.dispose();
    for (const descend of this.descents.values()) descend.dispose();
    for (const thing of this.owned) this.backend.release(thing);
  }
}
