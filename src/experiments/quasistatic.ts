import { norm, type Vector3 } from "../algebra/vector.ts";
import { checkKeys, checkNumber, checkVector, InputError, POSITIVE } from "../checks.ts";
import {
  DormandPrince,
  equilibriumNear,
  MacrospinDynamics,
  NetworkError,
  NoEquilibriumError,
  normalizeAll,
  relaxToEquilibrium,
  Solution,
  stability,
  stepFactor,
  tilt,
} from "../circuit/index.ts";
import { type CircuitModel, constant, type Device, lower, type Strength } from "../device/index.ts";
import { zeeman } from "../magnetism/index.ts";
import type { Warn } from "../materials/material.ts";
import { column, type Measurement } from "./measurement.ts";

/** A drive that is changed so slowly that the magnets always rest. */
export interface QuasistaticOptions {
  /** The drive at factor 1. */
  readonly current: Strength;
  /** Applied field B [T]; default none. */
  readonly field?: Vector3;
  /** Whether moving magnets pump spin, which adds to their damping; default true. */
  readonly spinPumping?: boolean;
  readonly onWarning?: Warn;
}

/** Every magnet at rest under some strength of the drive. */
export interface RestingState {
  /** Share of the drive. */
  readonly factor: number;
  /** Unit vectors by magnet. */
  readonly magnetizations: Readonly<Record<string, Vector3>>;
  /** Voltage between the contacts of the drive over its current [Ω]. */
  readonly resistance: number;
  /** Current of the drive [A]. */
  readonly current: number;
  /** False when the magnets found no rest and `magnetizations` is where they were last. */
  readonly resting: boolean;
}

/** A device whose resting states can be followed as its drive changes. */
export class Quasistatic {
  private readonly dynamics: MacrospinDynamics;
  /** What the device has become. */
  readonly model: CircuitModel;
  private factor = 0;
  private field: Vector3;

  constructor(description: Device, options: QuasistaticOptions) {
    const { current, field = [0, 0, 0], spinPumping = true, onWarning = console.warn } = options;
    this.field = checkVector("field", field);
    this.model = lower(description, [constant(current)], onWarning);
    if (this.model.magnets.every(({ fixed }) => fixed))
      throw new InputError("device", "no free magnet", "a device with a magnet that can turn");
    const network = this.model.network.compile();
    const [{ name, amplitude }] = this.model.sources;
    this.dynamics = new MacrospinDynamics({
      network,
      magnets: this.model.magnets,
      terms: [...this.model.terms, zeeman(this.model.magnets, () => this.field)],
      pumping: spinPumping,
      drive: () => {
        network.setDrive(name, amplitude * this.factor);
        network.field = this.field;
      },
    });
  }

  /** Changes the applied field [T]. */
  setField(field: Vector3): void {
    this.field = checkVector("field", field);
  }

  /** The state the magnets settle into without current, from their initial directions or given ones (3M). */
  atRest(start: Float64Array = Float64Array.from(this.model.initial.flat())): Float64Array {
    this.factor = 0;
    return relaxToEquilibrium(this.dynamics, 0, start);
  }

  /**
   * The state at rest that continues `from` when the drive goes to `factor`; undefined when there is no stable one within
   * {@link LARGEST_TURN}, be it that it is lost or that `factor` is too far for one step.
   */
  follow(from: Float64Array, factor: number): Float64Array | undefined {
    this.factor = factor;
    try {
      const m = equilibriumNear(this.dynamics, 0, from);
      const moved = Math.max(...this.angles(from, m));
      return moved < LARGEST_TURN && stability(this.dynamics, 0, m)[0].re < 0 ? m : undefined;
    } catch (error) {
      if (error instanceof NoEquilibriumError) return undefined;
      throw error;
    }
  }

  /** Largest growth rate [rad/s] of a small deviation from a state at rest; negative: stable. */
  growthRate(m: Float64Array, factor: number): number {
    this.factor = factor;
    return stability(this.dynamics, 0, m)[0].re;
  }

  /**
   * Lets the magnets move under a constant drive, tilted a little as agitation would, until they circle a stable state at rest
   * within {@link CAUGHT}, or until `duration` [s] has passed.
   */
  settle(from: Float64Array, factor: number, duration: number): { m: Float64Array; resting: boolean } {
    this.factor = factor;
    const { dynamics } = this;
    const size = dynamics.magnetizationSize;
    const start = Float64Array.from(from);
    tilt(dynamics, start);
    let y = dynamics.initialState([]);
    y.set(start);
    const next = new Float64Array(y.length);
    const method = new DormandPrince(y.length, (time, state, out) => dynamics.derivative(time, state, out));
    for (let t = 0, h = 1e-13, steps = 0; t < duration && h > SMALLEST_STEP; ) {
      const error = stepError(() => method.step(t, y, h, next, size));
      if (error <= SETTLE_TOLERANCE) {
        t += h;
        normalizeAll(next.subarray(0, size));
        y = Float64Array.from(next);
        if (++steps % LOOK_EVERY === 0) {
          const m = y.slice(0, size);
          const rest = this.follow(m, factor);
          if (rest && Math.max(...this.angles(m, rest)) < CAUGHT) return { m: rest, resting: true };
        }
      }
      h = Math.min(LARGEST_STEP, h * stepFactor(error, SETTLE_TOLERANCE));
    }
    return { m: y.slice(0, size), resting: false };
  }

  /** The network with the magnets in a state, under some strength of the drive. */
  solution(m: Float64Array, factor: number): Solution {
    this.factor = factor;
    this.dynamics.rateOf(0, m, new Float64Array(m.length));
    return new Solution(this.dynamics.model.network);
  }

  /** What can be measured in a state; without a drive, the resistance for a small one. */
  describe(m: Float64Array, factor: number, resting = true): RestingState {
    const solution = this.solution(m, factor === 0 ? SMALL_DRIVE : factor);
    const [{ name, contacts }] = this.model.sources;
    const current = solution.sourceCurrent(name);
    return {
      factor,
      magnetizations: Object.fromEntries(
        this.model.magnets.map((magnet, i) => [magnet.name, [m[3 * i], m[3 * i + 1], m[3 * i + 2]] as const]),
      ),
      resistance: solution.resistance(contacts[0], contacts[1], current),
      current: factor === 0 ? 0 : current,
      resting,
    };
  }

  private angles(a: Float64Array, b: Float64Array): number[] {
    return this.model.magnets.map((_, i) =>
      norm([a[3 * i] - b[3 * i], a[3 * i + 1] - b[3 * i + 1], a[3 * i + 2] - b[3 * i + 2]]),
    );
  }
}

const QUASISTATIC_KEYS = ["current", "field", "spinPumping", "onWarning"] as const;
/** A state that decays more slowly than this [1/s] is held by round-off alone: magnets decay within microseconds. */
const SLOWEST_DECAY = 1e3;
/** A continued state may turn by this much [rad] in one step of the drive; more is a jump to another branch. */
const LARGEST_TURN = 0.3;
/** Error of m per step while settling: only the end counts. */
const SETTLE_TOLERANCE = 1e-5;
/** A magnet this near to a stable state [rad] is taken to end there: far inside the basin of any state that persists. */
const CAUGHT = 0.05;
/** Steps between looks for a state at rest. */
const LOOK_EVERY = 25;

/** Longest step while settling [s]: a state that hardly moves must not hide how fast it could. */
const LARGEST_STEP = 2e-12;
/** A step this short [s] resolves nothing any more. */
const SMALLEST_STEP = 1e-20;
/** Share of the drive at which the resistance without drive is taken. */
export const SMALL_DRIVE = 1e-6;

/** Error of a step; a step that leaves what can be solved counts as infinitely wrong. */
function stepError(step: () => number): number {
  try {
    const error = step();
    return Number.isNaN(error) ? Number.POSITIVE_INFINITY : error;
  } catch (failure) {
    if (failure instanceof NetworkError || failure instanceof RangeError) return Number.POSITIVE_INFINITY;
    throw failure;
  }
}

export interface CriticalCurrentOptions extends QuasistaticOptions {
  /** Largest factor on the drive that is tried; default 1. */
  readonly limit?: number;
  /** Relative precision; default 1e-4. */
  readonly precision?: number;
  /** Steps from zero to the limit; default 100.  Where the states turn fast, shorter ones are taken. */
  readonly steps?: number;
}

/**
 * The adiabatic critical current: the drive grows from zero, so slowly that the magnets rest, until their state ceases to
 * exist or to be stable.  The instability is found by continuation with halved steps.
 * @returns the critical share of the drive, or undefined when the state survives up to `limit`
 * @throws InputError when the state without current is not stable by itself (a flat direction): nothing then is critical
 */
export function criticalCurrent(description: Device, options: CriticalCurrentOptions): number | undefined {
  checkKeys("criticalCurrent", options, [...QUASISTATIC_KEYS, "limit", "precision", "steps"]);
  const { limit = 1, precision = 1e-4, steps = 100, ...rest } = options;
  checkNumber("limit", limit, {});
  checkNumber("precision", precision, { min: 1e-10, max: 0.1 });
  checkNumber("steps", steps, { min: 1 });
  if (!Number.isInteger(steps)) throw new InputError("steps", steps, "an integer");
  if (limit === 0) throw new InputError("limit", limit, "a number that is not 0; its sign is that of the current");
  const device = new Quasistatic(description, rest);
  let m = device.atRest();
  const growth = device.growthRate(m, 0);
  if (!(growth < -SLOWEST_DECAY)) {
    throw new InputError(
      "device",
      `a state without current whose small deviations grow at ${growth.toExponential(1)}/s`,
      "a state that holds by itself",
      "Give the free magnet an anisotropy, or a field",
    );
  }
  let held = 0;
  let lost: number | undefined;
  let stride = Math.abs(limit) / steps;
  while (held < Math.abs(limit)) {
    const next = Math.min(held + stride, Math.abs(limit));
    const state = device.follow(m, Math.sign(limit) * next);
    if (state) {
      m = state;
      held = next;
    } else {
      if (stride <= precision * next) return Math.sign(limit) * (held + Math.min(next, lost ?? next)) * 0.5;
      lost = next;
      stride /= 2;
    }
  }
  return undefined;
}

export interface CurrentSweepOptions extends QuasistaticOptions {
  /** Shares of the drive, in the order in which they are applied. */
  readonly factors: readonly number[];
  /** How long to wait for rest after a jump [s]; default 100 ns. */
  readonly wait?: number;
}

/** Resting states along a sweep, and their resistance. */
export interface CurrentSweep extends Measurement<"factor" | "current" | "resistance"> {
  /** In the order of the factors; where the magnets find no rest, `resting` is false. */
  readonly states: readonly RestingState[];
}

/**
 * A quasistatic sweep: at every strength the magnets go to where they rest, jumping where their state ceases to exist.
 */
export function currentSweep(description: Device, options: CurrentSweepOptions): CurrentSweep {
  checkKeys("currentSweep", options, [...QUASISTATIC_KEYS, "factors", "wait"]);
  const { factors, wait = 100e-9, ...rest } = options;
  checkNumber("wait", wait, POSITIVE, "s");
  for (const [i, factor] of factors.entries()) checkNumber(`factors[${i}]`, factor);
  const device = new Quasistatic(description, rest);
  let m = device.atRest();
  const states = factors.map((factor) => {
    const followed = device.follow(m, factor);
    const { m: end, resting } = followed ? { m: followed, resting: true } : device.settle(m, factor, wait);
    m = end;
    return device.describe(m, factor, resting);
  });
  const current = states.map((state) => state.current);
  const resistance = states.map((state) => state.resistance);
  return {
    title: "quasistatic current sweep",
    states,
    data: {
      factor: column("share of the drive", "1", factors),
      current: column("current", "A", current),
      resistance: column("resistance", "Ω", resistance),
    },
    figure: {
      title: "Resistance along a slow current sweep",
      x: { label: "current", unit: "A" },
      y: { label: "resistance", unit: "Ω" },
      series: [{ label: "", x: current, y: resistance }],
    },
  };
}
