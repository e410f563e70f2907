import {
  type Backend,
  type ElementType,
  type Executable,
  exp,
  type Field,
  type Input,
  int,
  type Kernel,
  kernel,
  log,
  normalVector,
  type Program,
  type ProgramBuilder,
  program,
  type Real,
  real,
  type Scalar,
  type Source,
  select,
  type Value,
  type Vector,
  vector,
} from "../compute/index.ts";
import { K_B } from "../constants.ts";
import { Accounts, type AngularMomentum } from "./accounts.ts";
import { type Assembly, chosenBy } from "./assembly.ts";
import { Clock } from "./clock.ts";
import { cellVolumes } from "./mesh.ts";
import { makeMoments } from "./moments.ts";
import type { Tableau } from "./tableaus.ts";

/** Step control: safety and limits of change, as in Hairer, Nørsett, Wanner, Solving ODEs I, II.4. */
const SAFETY = 0.9;
const SHRINK = 0.2;
const GROW = 5;
/** With a thermal field, whose errors fluctuate from step to step. */
const GROW_WARM = 1.5;
/** An error so large that a step is no step, with a thermal field too. */
const TURN = 0.5;

export interface IntegratorOptions {
  readonly tableau: Tableau;
  /**
   * Largest error of m in one step, max over cells of |Δt Σ e_i k_i|; undefined for a fixed step.
   */
  readonly tolerance: number | undefined;
  /** First step, or the fixed one [s]. */
  readonly step: number;
  /** Longest step [s]. */
  readonly longest: number;
  /** Shortest step [s]; where even this is too long the run ends. */
  readonly shortest: number;
}

/** How a stretch of time ended. */
export interface Progress {
  /** Covered of the stretch [s]. */
  readonly elapsed: number;
  readonly done: boolean;
  /** The step fell below the shortest, or the state is no number. */
  readonly failed: boolean;
}

type Dynamic = Readonly<Record<string, Source<Value>>>;

/**
 * A Runge–Kutta method as programs of a backend: stages, error, acceptance and the next step happen on the device.  Each stage is one
 * kernel, which evaluates ṁ at a state and makes the state of the next stage.
 */
export class Integrator {
  readonly options: IntegratorOptions;
  private readonly assembly: Assembly;
  private readonly backend: Backend;
  private readonly m: Field<Vector>;
  private readonly clock: Clock;
  private readonly slopes: readonly Field<Vector>[];
  private readonly states: readonly [Field<Vector>, Field<Vector>];
  private readonly noise: Field<Vector> | undefined;
  private readonly scalars: ReturnType<typeof openScalars>;
  private readonly accounts: Accounts | undefined;
  private begin: Executable | undefined;
  private advance: Executable | undefined;

  constructor(assembly: Assembly, m: Field<Vector>, options: IntegratorOptions) {
    this.assembly = assembly;
    this.backend = assembly.backend;
    this.m = m;
    this.options = options;
    const { grid } = assembly.problem.mesh;
    const open = (name: string) => this.backend.field(grid, vector, name);
    const slots = slopeSlots(options.tableau);
    const fields = Array.from({ length: Math.max(...slots) + 1 }, (_, i) => open(`slope ${i}`));
    this.slopes = slots.map((slot) => fields[slot]);
    this.states = [open("stage"), open("next stage")];
    this.noise = assembly.problem.temperature !== undefined ? open("thermal field") : undefined;
    this.clock = new Clock(this.backend, assembly.courses);
    this.scalars = openScalars(this.backend, options);
    this.accounts = assembly.problem.transport && new Accounts(assembly);
  }

  /** Starts a stretch from `start` [s] towards `end`.  @returns its end, which may be earlier */
  async startStretch(start: number, end: number): Promise<number> {
    const stop = this.clock.stretch(start, end);
    const { span, elapsed, goOn, failed } = this.scalars;
    this.backend.set(span, stop - start);
    this.backend.set(elapsed, 0);
    this.backend.set(goOn, 1);
    this.backend.set(failed, 0);
    this.begin ??= await this.backend.compile(this.beginning());
    await this.begin.run();
    return stop;
  }

  /** Takes up to `steps` steps on. */
  async run(steps: number): Promise<Progress> {
    this.advance ??= await this.backend.compile(this.steps(steps));
    await this.advance.run();
    const { elapsed, goOn, failed } = this.scalars;
    const [covered, more, broken] = await Promise.all([elapsed, goOn, failed].map((s) => this.backend.get(s)));
    return { elapsed: covered, done: more === 0 && broken === 0, failed: broken !== 0 };
  }

  async counts(): Promise<{ accepted: number; rejected: number; step: number }> {
    const { accepted, rejected, natural } = this.scalars;
    const [a, r, step] = await Promise.all([accepted, rejected, natural].map((s) => this.backend.get(s)));
    return { accepted: a, rejected: r, step };
  }

  /** Sets the counters and the step of a run that goes on. */
  restore({ accepted, rejected, step }: { accepted: number; rejected: number; step: number }): void {
    this.backend.set(this.scalars.accepted, accepted);
    this.backend.set(this.scalars.rejected, rejected);
    this.backend.set(this.scalars.natural, step);
  }

  /** Where the angular momentum went; undefined without electrons. */
  async angularMomentum(): Promise<AngularMomentum | undefined> {
    return this.accounts?.read();
  }

  /** Sets it, in a run that goes on. */
  restoreAngularMomentum(received: AngularMomentum): void {
    this.accounts?.restore(received);
  }

  /** The first slope, and the first step of a stretch. */
  private beginning() {
    const { scalars } = this;
    return program("begin", (p) => {
      p.run(firstStep, { natural: scalars.natural, span: scalars.span, step: scalars.step, last: scalars.last });
      this.drawNoise(p);
      this.evaluateFirst(p);
    });
  }

  private evaluateFirst(p: ProgramBuilder): void {
    this.clockAt(p, 0);
    makeMoments(this.assembly, p, this.m);
    this.assembly.convolve(p, this.m);
    this.runStage(p, "first slope", this.m, 0, undefined);
    this.accounts?.take(p, this.m, this.slopes[0], "first", this.agitation);
  }

  private get agitation() {
    return this.noise && { field: this.noise, step: this.scalars.step };
  }

  private steps(limit: number) {
    const { scalars } = this;
    return program(`${this.options.tableau.name} steps`, (p) =>
      p.while(scalars.goOn, limit, () => {
        this.stages(p);
        this.judge(p);
        p.when(scalars.took, () => this.accept(p));
      }),
    );
  }

  /** @internal A number of steps that all count, without control: what the kernels of steps take by themselves. */
  bare(steps: number): Program {
    return program(`${steps} bare steps`, (p) =>
      p.repeat(steps, () => {
        this.stages(p);
        this.accept(p);
      }),
    );
  }

  /** From the slope at hand to the new state and its error. */
  private stages(p: ProgramBuilder): void {
    const { tableau } = this.options;
    const { states } = this;
    const count = tableau.nodes.length;
    this.accounts?.begin(p, tableau.weights[0], this.scalars.step);
    this.combine(p, states[0]);
    for (let stage = 1; stage < count; stage++) {
      const from = states[(stage + 1) % 2];
      const isLast = stage + 1 === count;
      this.clockAt(p, tableau.nodes[stage]);
      this.assembly.convolve(p, from);
      this.runStage(
        p,
        `stage ${stage + 1}`,
        from,
        stage,
        isLast && tableau.firstIsLast ? undefined : states[stage % 2],
      );
      if (!this.accounts || (tableau.weights[stage] === 0 && !isLast)) continue;
      this.accounts.take(p, from, this.slopes[stage], "stage", this.agitation);
      if (tableau.weights[stage] !== 0) this.accounts.add(p, tableau.weights[stage], this.scalars.step);
    }
  }

  /** Accepts or rejects, and chooses the next step. */
  private judge(p: ProgramBuilder): void {
    const { tableau, tolerance } = this.options;
    const { step, span, elapsed, natural, last, goOn, failed, error, accepted, rejected, took } = this.scalars;
    p.run(control(this.options, this.noise !== undefined), {
      step,
      span,
      elapsed,
      natural,
      last,
      error: tolerance === undefined || !tableau.error ? 0 : error,
      accepted,
      rejected,
      nextStep: step,
      nextElapsed: elapsed,
      nextNatural: natural,
      nextLast: last,
      goOn,
      failed,
      nextAccepted: accepted,
      nextRejected: rejected,
      took,
    } as never);
  }

  /** Makes the new state the state, with its slope. */
  private accept(p: ProgramBuilder): void {
    const { tableau } = this.options;
    const count = tableau.nodes.length;
    this.accounts?.keep(p);
    p.copy(this.states[(tableau.firstIsLast ? count : count + 1) % 2], this.m);
    if (tableau.firstIsLast && !this.noise) {
      p.copy(this.slopes[count - 1], this.slopes[0]);
      this.accounts?.reuse(p);
    } else {
      this.drawNoise(p);
      this.evaluateFirst(p);
    }
  }

  private clockAt(p: ProgramBuilder, node: number): void {
    const { elapsed, step, span } = this.scalars;
    this.clock.tick(p, { elapsed, step, span, node });
  }

  /** state = m + Δt a_21 k_1 */
  private combine(p: ProgramBuilder, to: Field<Vector>): void {
    const { tableau } = this.options;
    const a = tableau.stages[1][0];
    const { writes, given } = this.assembly.sideWrites;
    const make = kernel(
      "state of stage 2",
      {
        reads: {
          m: vector,
          k: vector,
          step: real,
          ...(this.assembly.demagnetization?.moment && { Ms: real, fill: real }),
        },
        writes: { state: vector, ...writes },
      } as never,
      (inputs) => {
        const { m, k, step } = inputs as unknown as { m: Vector; k: Vector; step: Real };
        const made = m.add(k.scale(step.mul(a)));
        const state = tableau.nodes.length === 2 && tableau.firstIsLast ? made.normalized() : made;
        return { state, ...this.assembly.side(inputs as never, state) } as never;
      },
    );
    const { Ms, fill } = this.assembly.given;
    p.run(make, {
      m: this.m,
      k: this.slopes[0],
      step: this.scalars.step,
      ...(this.assembly.demagnetization?.moment && { Ms, fill }),
      state: to,
      ...given,
    } as never);
  }

  /**
   * Slope of a stage at `from`, and what can be made of it: the state of the next stage, or after the last the new state, and the error.
   * @param to where that state goes; undefined when none follows
   */
  private runStage(
    p: ProgramBuilder,
    name: string,
    from: Field<Vector>,
    stage: number,
    to: Field<Vector> | undefined,
  ): void {
    const { assembly, slopes, scalars, noise, options } = this;
    const { tableau } = options;
    const count = tableau.nodes.length;
    const isLast = stage === count - 1;
    // The weights of all slopes in what is made.
    const row = to === undefined ? [] : isLast ? tableau.weights : tableau.stages[stage + 1];
    const makesResult = to !== undefined && (isLast || (tableau.firstIsLast && stage === count - 2));
    const error = isLast && stage > 0 && options.tolerance !== undefined ? tableau.error : undefined;
    const earlier = slopes.flatMap((slope, j) =>
      j < stage && ((row[j] ?? 0) !== 0 || (error?.[j] ?? 0) !== 0) ? [{ j, slope }] : [],
    );
    const { reads, given } = assembly.at(from);
    const side = to === undefined ? { writes: {}, given: {} } : assembly.sideWrites;
    // The last slope of a method that does not reuse it is needed nowhere else.
    const keeps = !isLast || tableau.firstIsLast || this.accounts !== undefined;
    const projects = this.accounts !== undefined && makesResult;
    const signature = {
      reads: {
        ...reads,
        step: real,
        ...(to && { base: vector }),
        ...(noise && { noise: vector }),
        ...Object.fromEntries(earlier.map(({ j }) => [`k${j}`, vector])),
      } as Record<string, ElementType>,
      writes: { ...(keeps && { slope: vector }), ...(to && { next: vector }), ...side.writes } as Record<
        string,
        ElementType
      >,
      reduces: {
        ...(error && { error: "max" }),
        ...(projects && { px: "sum", py: "sum", pz: "sum" }),
      } as Record<string, "max" | "sum">,
    };
    const body = (inputs: Readonly<Record<string, Input<Value>>>, here: never) => {
      const place = assembly.placeOf(here);
      const step = inputs.step as unknown as Real;
      const agitation = noise && (inputs.noise as unknown as Vector).scale(place.constant(1).div(step.sqrt()));
      const slope = assembly.rate(inputs, place, agitation);
      const slopeOf = (j: number) => (j === stage ? slope : (inputs[`k${j}`] as unknown as Vector));
      const combined = (weights: readonly number[]) =>
        weights.flatMap((w, j) => (w === 0 ? [] : [slopeOf(j).scale(w)])).reduce((a, b) => a.add(b));
      const results: Record<string, Value> = {};
      if (keeps) results.slope = slope;
      if (to) {
        const made = (inputs.base as unknown as Vector).add(combined(row).scale(step));
        const next = makesResult ? assembly.settled(inputs, made.normalized(), inputs.base as unknown as Vector) : made;
        if (projects) {
          const { x, y, z } = made.sub(next).scale(this.accounts!.weight(inputs, here));
          Object.assign(results, { px: x, py: y, pz: z });
        }
        results.next = next;
        Object.assign(results, assembly.side(inputs, next));
      }
      if (error) results.error = combined(error).squared();
      return results;
    };
    const made = kernel(name, signature, body as never) as unknown as Kernel;
    const all: Dynamic = {
      ...given,
      step: scalars.step,
      ...(to && { base: this.m }),
      ...(noise && { noise }),
      ...Object.fromEntries(earlier.map(({ j, slope }) => [`k${j}`, slope])),
      ...(keeps && { slope: slopes[stage] }),
      ...(to && { next: to }),
      ...side.given,
      ...(error && { error: scalars.error }),
      ...(projects && Object.fromEntries(["px", "py", "pz"].map((name, i) => [name, this.accounts!.projected[i]]))),
    };
    p.run(made, all as never);
  }

  /** Thermal field times √Δt, the same for all stages of a step.  Brown, Phys. Rev. 130, 1677 (1963). */
  private drawNoise(p: ProgramBuilder): void {
    const { noise, assembly } = this;
    if (!noise) return;
    const { seed = 1, mesh, gyromagneticRatio, transport } = assembly.problem;
    const pumps = transport?.pumped !== undefined;
    const volumes = cellVolumes(mesh);
    const draw = kernel(
      "thermal field",
      { reads: { T: real, alpha: real, perMoment: real, count: int }, writes: { B: vector } },
      ({ T, alpha, perMoment, count }, here) => {
        const eta = normalVector({ seed: [seed, 0], stream: 0, step: count, cell: here.index.linear });
        const perVolume = chosenBy(
          here,
          volumes.map((V) => (2 * K_B) / (gyromagneticRatio * V)),
        );
        // A magnet that pumps has a friction of its own in every direction, which comes in where the field acts.
        const friction = pumps ? 1 : alpha;
        return { B: eta.scale(T.mul(perVolume).mul(friction).mul(perMoment).sqrt()) };
      },
    );
    const { alpha, perMoment } = assembly.given;
    p.run(draw, { T: assembly.temperature, alpha, perMoment, count: this.scalars.accepted, B: noise } as never);
  }

  dispose(): void {
    this.begin?.dispose();
    this.advance?.dispose();
    this.clock.release();
    this.accounts?.release();
    for (const field of new Set([...this.slopes, ...this.states, ...(this.noise ? [this.noise] : [])]))
      this.backend.release(field);
    for (const scalar of Object.values(this.scalars)) this.backend.release(scalar);
  }
}

function openScalars(backend: Backend, { step }: IntegratorOptions) {
  const open = (name: string, initial = 0, kind: "real" | "int" = "real"): Scalar =>
    backend.scalar(initial, { name, kind });
  return {
    step: open("step"),
    natural: open("natural step", step),
    span: open("span"),
    elapsed: open("elapsed"),
    last: open("last step"),
    goOn: open("go on"),
    failed: open("failed"),
    error: open("error"),
    took: open("accepted step"),
    accepted: open("accepted steps", 0, "int"),
    rejected: open("rejected steps", 0, "int"),
  };
}

/** The first step of a stretch: the natural one, or all of it. */
const firstStep = kernel(
  "first step",
  { reads: { natural: real, span: real }, writes: { step: real, last: real } },
  ({ natural, span }) => clipped(natural, span),
);

/** A step that ends the stretch if it would nearly reach the end. */
function clipped(natural: Real, remaining: Real) {
  const last = remaining.le(natural.mul(1.0001));
  return { step: select(last, remaining, natural), last: select(last, 1, 0) };
}

/**
 * Accepts or rejects a step and chooses the next; all numbers are scalars.
 * @param warm with a thermal field: no step is taken back, which would choose among random numbers; one that was too long shortens the next
 */
function control({ tolerance, tableau, longest, shortest }: IntegratorOptions, warm: boolean) {
  const adaptive = tolerance !== undefined && tableau.error !== undefined;
  const names = ["step", "span", "elapsed", "natural", "last", "error"] as const;
  return kernel(
    "step control",
    {
      reads: {
        ...(Object.fromEntries(names.map((n) => [n, real])) as Record<(typeof names)[number], typeof real>),
        accepted: int,
        rejected: int,
      },
      writes: {
        nextStep: real,
        nextElapsed: real,
        nextNatural: real,
        nextLast: real,
        goOn: real,
        failed: real,
        nextAccepted: int,
        nextRejected: int,
        took: real,
      },
    },
    ({ step, span, elapsed, natural, last, error, accepted, rejected }, { constant }) => {
      const size = error.sqrt().mul(step);
      // False for NaN too.
      const ok = adaptive ? size.le(warm ? constant(TURN) : tolerance) : step.gt(0);
      const isShort = adaptive ? size.le(tolerance) : ok;
      const factor = adaptive
        ? select(
            size.gt(0),
            exp(log(size.max(1e-30).div(tolerance)).mul(-1 / (tableau.errorOrder + 1)))
              .mul(SAFETY)
              .min(warm ? GROW_WARM : GROW)
              .max(SHRINK),
            GROW,
          )
        : undefined;
      // A step that was cut short at the end of a stretch says little about the natural one.
      const grown = factor
        ? select(
            isShort.and(last.gt(0)),
            natural.max(step.mul(factor)),
            step.mul(select(isShort, factor, factor.min(SAFETY))),
          )
        : natural;
      const wanted = adaptive ? grown.min(longest) : natural;
      const tooShort = adaptive ? ok.not().and(step.le(shortest)) : ok.not();
      const at = select(ok, elapsed.add(step), elapsed);
      const finished = ok.and(last.gt(0));
      const next = clipped(wanted.max(shortest), span.sub(at));
      const one = (condition: typeof ok) => select(condition, 1, 0);
      return {
        nextStep: select(finished, step, next.step),
        nextElapsed: select(finished, span, at),
        nextNatural: wanted.max(shortest),
        nextLast: next.last,
        goOn: one(finished.or(tooShort).not()),
        failed: one(tooShort),
        nextAccepted: accepted.add(one(ok).toInt()),
        nextRejected: rejected.add(one(ok.not()).toInt()),
        took: one(ok),
      };
    },
  );
}

/** Which of few fields holds each slope: one that no later stage reads is overwritten. */
function slopeSlots({ stages, weights, error, nodes }: Tableau): number[] {
  const count = nodes.length;
  const lastUse = nodes.map((_, j) => {
    let last = j;
    for (let i = 1; i < count; i++) if ((stages[i][j] ?? 0) !== 0) last = Math.max(last, i - 1);
    if (weights[j] !== 0 || (error?.[j] ?? 0) !== 0) last = count;
    return last;
  });
  const freeAt: number[] = [];
  return nodes.map((_, j) => {
    // The first slope is where every step begins, rejected ones too.
    const until = j === 0 ? Infinity : lastUse[j];
    const slot = freeAt.findIndex((end) => end < j);
    if (slot >= 0) {
      freeAt[slot] = until;
      return slot;
    }
    freeAt.push(until);
    return freeAt.length - 1;
  });
}
