import { checkChoice, checkKeys, checkNumber, FINITE, InputError, NOT_NEGATIVE, POSITIVE } from "../checks.ts";

/** Direction of a drive: x, y in the plane of the layers, z through them, upwards. */
export type Axis = "x" | "y" | "z";

/** How strong a drive is at its peak: exactly one of the three. */
export interface Strength {
  /**
   * Current density [A/m²]: of all current over the cross-section of the layers that the contacts touch, or of one layer,
   * if `in` names it (then the field E = J/σ of that layer is held).
   */
  readonly density?: number;
  /** A layer: of the block that carries an in-plane current, where there are several; see `density`. */
  readonly in?: string;
  /** Total current [A]. */
  readonly current?: number;
  /** Voltage between the contacts [V]. */
  readonly voltage?: number;
  readonly along: Axis;
}

/** An electrical drive: a strength times a waveform between −1 and 1 or beyond. */
export interface Drive extends Strength {
  readonly waveform: string;
  /** Factor on the strength at a time [s]. */
  readonly factor: (time: number) => number;
  /** Times at which the waveform has a kink; the integrator steps onto them. */
  readonly kinks: readonly number[];
  /** When the waveform has done what it does [s]; 0 for one that never ends. */
  readonly end: number;
}

const STRENGTH_KEYS = ["density", "in", "current", "voltage", "along"] as const;

function strength(what: string, options: Strength, extra: readonly string[]): Strength {
  checkKeys(what, options, [...STRENGTH_KEYS, ...extra]);
  checkChoice(`${what}: along`, options.along, ["x", "y", "z"]);
  const given = (["density", "current", "voltage"] as const).filter((key) => options[key] !== undefined);
  if (given.length !== 1) throw new InputError(`${what}: density, current, voltage`, given, "exactly one of the three");
  checkNumber(`${what}: ${given[0]}`, options[given[0]], FINITE);
  return Object.fromEntries(
    STRENGTH_KEYS.flatMap((key) => (options[key] === undefined ? [] : [[key, options[key]]])),
  ) as unknown as Strength;
}

/** A drive that does not change. */
export function constant(options: Strength): Drive {
  return { ...strength("constant", options, []), waveform: "constant", factor: () => 1, kinks: [], end: 0 };
}

/**
 * A trapezoidal pulse.
 * @param options.duration time from the start of the rise to the start of the fall [s]
 * @param options.start default 0 s
 * @param options.rise default 0 s, at most `duration`
 * @param options.fall default `rise`
 */
export function pulse(options: Strength & { duration: number; start?: number; rise?: number; fall?: number }): Drive {
  const { duration, start = 0, rise = 0, fall = rise } = options;
  const base = strength("pulse", options, ["duration", "start", "rise", "fall"]);
  checkNumber("pulse: duration", duration, POSITIVE, "s");
  checkNumber("pulse: start", start, NOT_NEGATIVE, "s");
  checkNumber("pulse: rise", rise, { min: 0, max: duration }, "s");
  checkNumber("pulse: fall", fall, NOT_NEGATIVE, "s");
  const stop = start + duration;
  return {
    ...base,
    waveform: "pulse",
    factor(t) {
      if (t < start) return 0;
      if (t < start + rise) return (t - start) / rise;
      if (t < stop) return 1;
      return t < stop + fall ? 1 - (t - stop) / fall : 0;
    },
    kinks: [...new Set([start, start + rise, stop, stop + fall])],
    end: stop + fall,
  };
}

/** Grows evenly from 0 at `start` to full strength after `duration` [s], and stays. */
export function ramp(options: Strength & { duration: number; start?: number }): Drive {
  const { duration, start = 0 } = options;
  const base = strength("ramp", options, ["duration", "start"]);
  checkNumber("ramp: duration", duration, POSITIVE, "s");
  checkNumber("ramp: start", start, NOT_NEGATIVE, "s");
  return {
    ...base,
    waveform: "ramp",
    factor: (t) => Math.min(1, Math.max(0, (t - start) / duration)),
    kinks: [start, start + duration],
    end: start + duration,
  };
}

/** strength · sin(2π f t + phase). @param options.frequency [Hz]  @param options.phase default 0 rad */
export function sine(options: Strength & { frequency: number; phase?: number }): Drive {
  const { frequency, phase = 0 } = options;
  const base = strength("sine", options, ["frequency", "phase"]);
  checkNumber("sine: frequency", frequency, POSITIVE, "Hz");
  checkNumber("sine: phase", phase, FINITE, "rad");
  return {
    ...base,
    waveform: "sine",
    factor: (t) => Math.sin(2 * Math.PI * frequency * t + phase),
    kinks: [],
    end: 0,
  };
}

/** Any function of time [s] → factor on the strength. @param options.kinks times where it is not smooth [s] */
export function waveform(options: Strength & { factor: (time: number) => number; kinks?: readonly number[] }): Drive {
  const base = strength("waveform", options, ["factor", "kinks"]);
  if (typeof options.factor !== "function")
    throw new InputError("waveform: factor", options.factor, "a function of time");
  const { factor, kinks = [] } = options;
  const checked = (t: number): number => checkNumber(`waveform: factor(${t})`, factor(t), FINITE);
  return { ...base, waveform: "function", factor: checked, kinks, end: 0 };
}
