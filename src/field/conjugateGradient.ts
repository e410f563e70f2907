import {
  type ElementType,
  type Field,
  int,
  kernel,
  type ProgramBuilder,
  type Real,
  real,
  type Scalar,
  select,
  type Vector,
  vector,
} from "../compute/index.ts";
import type { Assembly } from "./assembly.ts";
import { type Inputs, Minimizer } from "./minimizer.ts";

/** A step is taken where the slope along the direction has fallen to this share of what it was: the curvature condition of Wolfe's. */
const FLAT = 0.2;
/** Trials of one line at most; then it is given up for the steepest descent. */
const TRIALS = 12;
/** A trial is at most so many times the one before. */
const STRETCH = 4;
/** The fastest cell turns by no more than this in a trial. */
const TURN = 0.7;

/**
 * Nonlinear conjugate gradients on the product of spheres, as Fischbacher et al., IEEE Trans. Magn. 53, 7002107 (2017) go about it, with β of
 * Hestenes and Stiefel held between 0 and that of Dai and Yuan, Ann. Oper. Res. 103, 33 (2001): it restarts by itself, and does with lines
 * that are not searched to their end, where Polak and Ribière's loses its conjugacy.  Directions are carried along by projection.  The line
 * search looks at slopes alone, which keep their digits where energies have lost them: it brackets the place where the slope changes its
 * sign, from below to above, and takes the secant there.
 */
export class ConjugateGradient extends Minimizer {
  private readonly trial: Field<Vector>;
  private readonly trialDownhill: Field<Vector>;
  private readonly direction: Field<Vector>;
  /** Slopes −⟨d, p⟩ along the line: at its start, below and above the bracket. */
  private readonly line: Readonly<Record<"start" | "low" | "lowTau" | "high" | "highTau" | "fastest", Scalar>>;
  private readonly found: Readonly<Record<"slope" | "own" | "cross" | "largest", Scalar>>;
  private readonly beta: Scalar;
  private readonly took: Scalar;
  private readonly trials: Scalar;

  constructor(assembly: Assembly, m: Field<Vector>, torque: number) {
    super(assembly, m, torque);
    this.trial = this.field("trial");
    this.trialDownhill = this.field("downhill of the trial");
    this.direction = this.field("direction");
    const open = <K extends string>(...names: K[]) =>
      Object.fromEntries(names.map((name) => [name, this.scalar(name)])) as Record<K, Scalar>;
    this.line = open("start", "low", "lowTau", "high", "highTau", "fastest");
    this.found = open("slope", "own", "cross", "largest");
    this.beta = this.scalar("β");
    this.took = this.scalar("took the trial");
    this.trials = this.scalar("trials", 0, "int");
  }

  /** The first line goes down the steepest way. */
  protected override prepare(p: ProgramBuilder): void {
    p.copy(this.downhill, this.direction);
    this.openLine(p);
  }

  /** Slope and scale of a line that begins. */
  private openLine(p: ProgramBuilder): void {
    const { assembly, line } = this;
    const { Ms, fill } = assembly.given;
    const measure = kernel(
      "line",
      {
        reads: { d: vector, p: vector, Ms: real, fill: real },
        reduces: { down: "sum", fastest: "max" },
      } as never,
      ((inputs: Inputs, here: never) => {
        const weight = this.weight(inputs, assembly.placeOf(here));
        const [d, p] = [inputs.d, inputs.p] as unknown as [Vector, Vector];
        return { down: d.dot(p).mul(weight), fastest: p.squared() };
      }) as never,
    );
    const { start, low, lowTau, high, highTau, fastest } = line;
    p.run(measure, { d: this.downhill, p: this.direction, Ms, fill, down: start, fastest } as never);
    const begin = kernel(
      "begin a line",
      {
        reads: { down: real, fastest: real, tau: real },
        writes: { start: real, low: real, lowTau: real, high: real, highTau: real, nextTau: real, trials: int },
      },
      ({ down, fastest, tau }, { constant }) => ({
        start: down.neg(),
        low: down.neg(),
        lowTau: constant(0),
        // Not found yet.
        high: constant(-1),
        highTau: constant(-1),
        nextTau: tau.min(constant(TURN).div(fastest.sqrt().max(1e-30))),
        trials: constant(0).toInt(),
      }),
    );
    const { tau, trials } = this;
    p.run(begin, { down: start, fastest, tau, start, low, lowTau, high, highTau, nextTau: tau, trials });
  }

  protected override step(p: ProgramBuilder): void {
    this.evaluate(p);
    this.judge(p);
    p.when(this.took, () => {
      this.turn(p);
      this.openLine(p);
    });
  }

  /** The gradient at the trial, and its products with what is carried there. */
  private evaluate(p: ProgramBuilder): void {
    const { assembly, trial, trialDownhill, downhill, direction, found } = this;
    this.move(p, direction, trial);
    assembly.convolve(p, trial);
    const { reads, given } = assembly.at(trial);
    const gradient = kernel(
      "gradient of a trial",
      {
        reads: { ...reads, before: vector, p: vector } as Record<string, ElementType>,
        writes: { d: vector },
        reduces: { slope: "sum", own: "sum", cross: "sum", largest: "max" },
      } as never,
      ((inputs: Inputs, here: never) => {
        const place = assembly.placeOf(here);
        // d ⊥ m, so that what projection takes from the others does not count.
        const d = assembly.descent(inputs, place);
        const weight = this.weight(inputs, place);
        const product = (name: string): Real => d.dot(inputs[name] as unknown as Vector).mul(weight);
        return {
          d,
          slope: product("p").neg(),
          own: d.squared().mul(weight),
          cross: product("before"),
          largest: d.squared(),
        };
      }) as never,
    );
    p.run(gradient, { ...given, before: downhill, p: direction, d: trialDownhill, ...found } as never);
  }

  /** Takes the trial, or chooses the next on the same line. */
  private judge(p: ProgramBuilder): void {
    const { line, found, beta, took, trials, tau, largest, steps, goOn, limit } = this;
    const names = ["start", "low", "lowTau", "high", "highTau", "fastest"] as const;
    const reals = [...names, "slope", "own", "cross", "largest", "tau", "limit", "before"] as const;
    const judge = kernel(
      "judge",
      {
        reads: {
          ...(Object.fromEntries(reals.map((name) => [name, real])) as Record<(typeof reals)[number], typeof real>),
          trials: int,
          count: int,
        },
        writes: {
          nextTau: real,
          nextLow: real,
          nextLowTau: real,
          nextHigh: real,
          nextHighTau: real,
          beta: real,
          took: real,
          nextTrials: int,
          next: int,
          goOn: real,
          shown: real,
        },
      },
      (all, { constant }) => {
        const { start, low, lowTau, high, highTau, fastest, slope, own, cross, tau, limit } = all;
        const atRest = all.largest.sqrt().le(limit);
        const isFlat = slope.abs().le(start.abs().mul(FLAT));
        const givesUp = all.trials.ge(TRIALS - 1);
        const takes = atRest.or(isFlat).or(givesUp);
        const isAbove = slope.gt(0);
        const [newLow, newLowTau] = [select(isAbove, low, slope), select(isAbove, lowTau, tau)];
        const [newHigh, newHighTau] = [select(isAbove, slope, high), select(isAbove, tau, highTau)];
        const isBracketed = newHighTau.ge(0);
        // The secant's zero, kept a tenth of the bracket away from its ends.
        const width = newHighTau.sub(newLowTau);
        const share = newLow.neg().div(newHigh.sub(newLow).max(1e-37)).min(0.9).max(0.1);
        const within = newLowTau.add(width.mul(share));
        // Not bracketed yet: where the slopes at the start and here point to, not too far.
        const ahead = tau.mul(start.neg().div(slope.sub(start).max(start.abs().mul(1 / STRETCH))));
        const most = constant(TURN).div(fastest.sqrt().max(1e-30));
        const beyond = ahead.max(tau.mul(1.2)).min(tau.mul(STRETCH)).min(most);
        const refined = select(isBracketed, within, beyond);
        // Both β at once: min(d·(d − d₋), d·d) over p·(d₋ − d).
        const hybrid = own.sub(cross.max(0)).max(0).div(slope.sub(start).max(1e-37));
        const isStuck = isBracketed.not().and(beyond.le(tau));
        const taken = takes.or(isStuck);
        const one = (condition: typeof taken) => select(condition, constant(1), 0);
        return {
          // What would have been the best step here is a good first trial of the next line.
          nextTau: select(taken, ahead, refined),
          nextLow: newLow,
          nextLowTau: newLowTau,
          nextHigh: newHigh,
          nextHighTau: newHighTau,
          beta: select(givesUp.or(isStuck), constant(0), hybrid),
          took: one(taken),
          nextTrials: all.trials.add(1),
          next: all.count.add(1),
          goOn: one(atRest.and(taken).not()),
          shown: select(taken, all.largest, all.before),
        };
      },
    );
    const { low, lowTau, high, highTau } = line;
    p.run(judge, {
      ...line,
      ...found,
      tau,
      limit,
      before: largest,
      trials,
      count: steps,
      nextTau: tau,
      nextLow: low,
      nextLowTau: lowTau,
      nextHigh: high,
      nextHighTau: highTau,
      beta,
      took,
      nextTrials: trials,
      next: steps,
      goOn,
      shown: largest,
    } as never);
  }

  /** The trial is the state; p ← d + β p, or d where that does not lead down. */
  private turn(p: ProgramBuilder): void {
    const { trial, trialDownhill, direction, downhill, beta, found, m } = this;
    const turn = kernel(
      "direction",
      {
        reads: { m: vector, d: vector, p: vector, beta: real, own: real, slope: real },
        writes: { next: vector },
      },
      ({ m, d, p, beta, own, slope }, { constant }) => {
        const carried = p.sub(m.scale(m.dot(p)));
        const leadsDown = own.sub(beta.mul(slope)).gt(own.mul(0.1));
        return { next: d.add(carried.scale(select(leadsDown, beta, constant(0)))) };
      },
    );
    p.run(turn, {
      m: trial,
      d: trialDownhill,
      p: direction,
      beta,
      own: found.own,
      slope: found.slope,
      next: direction,
    } as never);
    p.copy(trial, m);
    p.copy(trialDownhill, downhill);
  }
}
