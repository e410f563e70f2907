import {
  type Backend,
  type ElementType,
  type Executable,
  type Field,
  type Input,
  int,
  kernel,
  program,
  type Real,
  real,
  select,
  type Value,
  type Vector,
  vector,
} from "../compute/index.ts";
import type { Assembly } from "./assembly.ts";
import { makeMoments } from "./moments.ts";

/** How a minimisation stands. */
export interface Descent {
  readonly steps: number;
  /** Largest |m × B| [T]. */
  readonly torque: number;
  readonly done: boolean;
}

/**
 * Steepest descent of the energy with Barzilai and Borwein's steps, along curves on which |m| = 1 holds exactly:
 * Exl, Bance, Reichel, Schrefl, Stimming, Mauser, J. Appl. Phys. 115, 17D118 (2014).
 */
export class Minimizer {
  private readonly backend: Backend;
  private readonly assembly: Assembly;
  private readonly m: Field<Vector>;
  private readonly downhill: Field<Vector>;
  private readonly change: Field<Vector>;
  private readonly scalars;
  private begin: Executable | undefined;
  private descend: Executable | undefined;

  /** @param torque largest |m × B| [T] at which it ends */
  constructor(assembly: Assembly, m: Field<Vector>, torque: number) {
    this.backend = assembly.backend;
    this.assembly = assembly;
    this.m = m;
    const { grid } = assembly.problem.mesh;
    this.downhill = this.backend.field(grid, vector, "downhill");
    this.change = this.backend.field(grid, vector, "change of m");
    const open = (name: string, initial = 0, kind: "real" | "int" = "real") =>
      this.backend.scalar(initial, { name, kind });
    this.scalars = {
      tau: open("step"),
      ss: open("s·s"),
      sy: open("s·y"),
      yy: open("y·y"),
      largest: open("largest torque"),
      steps: open("steps", 0, "int"),
      goOn: open("go on"),
      limit: open("limit", torque),
    };
  }

  /** Starts from the state as it is. */
  async start(): Promise<void> {
    const { goOn, steps } = this.scalars;
    this.backend.set(goOn, 1);
    this.backend.set(steps, 0);
    this.begin ??= await this.backend.compile(
      program("first gradient", (p) => {
        makeMoments(this.assembly, p, this.m);
        this.assembly.convolve(p, this.m);
        const { reads, given } = this.assembly.at(this.m);
        const first = kernel(
          "gradient",
          { reads, writes: { d: vector }, reduces: { largest: "max" } } as never,
          ((inputs: Readonly<Record<string, Input<Value>>>, here: never) => {
            const d = this.assembly.descent(inputs, this.assembly.placeOf(here));
            return { d, largest: d.squared() };
          }) as never,
        );
        const { largest, tau, goOn, limit } = this.scalars;
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
      }),
    );
    await this.begin.run();
  }

  /** Up to `steps` steps. */
  async run(steps: number): Promise<Descent> {
    const { tau, ss, sy, yy, largest, steps: count, goOn, limit } = this.scalars;
    this.descend ??= await this.backend.compile(
      program("descent", (p) =>
        p.while(goOn, steps, () => {
          const side = this.assembly.sideWrites;
          const needed = this.assembly.demagnetization?.moment
            ? { Ms: this.assembly.given.Ms, fill: this.assembly.given.fill }
            : {};
          const move = kernel(
            "move",
            {
              reads: {
                m: vector,
                d: vector,
                tau: real,
                ...Object.fromEntries(Object.keys(needed).map((k) => [k, real])),
              },
              writes: { next: vector, change: vector, ...side.writes },
            } as never,
            ((inputs: { m: Vector; d: Vector; tau: Real }) => {
              const { m, d, tau } = inputs;
              const N = d.squared().mul(tau.squared());
              const next = m
                .scale(N.neg().add(4))
                .add(d.scale(tau.mul(4)))
                .div(N.add(4));
              return { next, change: next.sub(m), ...this.assembly.side(inputs as never, next) };
            }) as never,
          );
          p.run(move, {
            m: this.m,
            d: this.downhill,
            tau,
            ...needed,
            next: this.m,
            change: this.change,
            ...side.given,
          } as never);
          this.assembly.convolve(p, this.m);
          const { reads, given } = this.assembly.at(this.m);
          const gradient = kernel(
            "gradient",
            {
              reads: { ...reads, before: vector, change: vector } as Record<string, ElementType>,
              writes: { d: vector },
              reduces: { ss: "sum", sy: "sum", yy: "sum", largest: "max" },
            } as never,
            ((inputs: Readonly<Record<string, Input<Value>>>, here: never) => {
              const place = this.assembly.placeOf(here);
              const d = this.assembly.descent(inputs, place);
              const s = inputs.change as unknown as Vector;
              const y = (inputs.before as unknown as Vector).sub(d);
              // The energy's gradient is −φMs B per volume: cells weigh as much as their moment.
              const extent = place.extent[2];
              const scale = this.weightScale;
              const weight = (inputs.Ms as unknown as Real)
                .mul(inputs.fill as unknown as Real)
                .mul(typeof extent === "number" ? scale * extent : extent.mul(scale));
              return {
                d,
                ss: s.squared().mul(weight),
                sy: s.dot(y).mul(weight),
                yy: y.squared().mul(weight),
                largest: d.squared(),
              };
            }) as never,
          );
          p.run(gradient, {
            ...given,
            before: this.downhill,
            change: this.change,
            d: this.downhill,
            ss,
            sy,
            yy,
            largest,
          } as never);
          const judge = kernel(
            "step",
            {
              reads: { ss: real, sy: real, yy: real, largest: real, count: int, limit: real, tau: real },
              writes: { nextTau: real, next: int, goOn: real },
            },
            ({ ss, sy, yy, largest, count, limit, tau }, { constant }) => {
              const even = count.and(1).eq(0);
              const top = select(even, ss, sy.abs());
              const bottom = select(even, sy.abs(), yy);
              // Cells turn by no more than some 60° in a step.
              const most = constant(1).div(largest.sqrt().max(1e-30));
              const usable = bottom.gt(0).and(top.gt(0));
              return {
                nextTau: select(usable, top.div(bottom.max(1e-37)), tau).min(most),
                next: count.add(1),
                goOn: select(largest.sqrt().gt(limit), 1, 0),
              };
            },
          );
          p.run(judge, { ss, sy, yy, largest, count, limit, tau, nextTau: tau, next: count, goOn });
        }),
      ),
    );
    await this.descend.run();
    const [done, taken, square] = await Promise.all([goOn, count, largest].map((s) => this.backend.get(s)));
    return { steps: taken, torque: Math.sqrt(square), done: done === 0 };
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
    this.descend?.dispose();
    for (const thing of [this.downhill, this.change, ...Object.values(this.scalars)]) this.backend.release(thing);
  }
}
