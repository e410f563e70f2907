import { norm, type Vector3 } from "../algebra/vector.ts";
import { checkKeys, checkNumber, checkVector, InputError, POSITIVE } from "../checks.ts";
import { type Device, ramp, type Strength, simulate } from "../device/index.ts";
import type { Warn } from "../materials/material.ts";
import { theMagnet } from "./magnetoresistance.ts";
import { column, type Measurement } from "./measurement.ts";
import { Quasistatic, SMALL_DRIVE } from "./quasistatic.ts";

export interface HysteresisOptions {
  /** The current by which resistances are read, and its direction. */
  readonly current: Strength;
  /** Direction of the field; need not be of unit length. */
  readonly direction: Vector3;
  /** Largest flux density [T]. */
  readonly amplitude: number;
  /** Points of each branch; default 101. */
  readonly points?: number;
  /** Share of the current that flows during the loop; default next to none. */
  readonly factor?: number;
  readonly magnet?: string;
  /** How long to wait for rest after a jump [s]; default 100 ns. */
  readonly wait?: number;
  readonly onWarning?: Warn;
}

/** A full loop, down and up again. */
export interface HysteresisLoop extends Measurement<"field" | "along" | "longitudinal" | "transverse"> {
  /** Fields at which a branch jumps [T], with half a step as uncertainty, in the order in which they occur. */
  readonly jumps: readonly { readonly field: number; readonly uncertainty: number }[];
}

/**
 * A hysteresis loop: the field goes from +amplitude to −amplitude and back, so slowly that the magnets rest; each state continues the last
 * one until it ceases to exist, and then the magnets move to where they find rest.
 */
export function hysteresisLoop(description: Device, options: HysteresisOptions): HysteresisLoop {
  checkKeys("hysteresisLoop", options, [
    "current",
    "direction",
    "amplitude",
    "points",
    "factor",
    "magnet",
    "wait",
    "onWarning",
  ]);
  const { current, amplitude, points = 101, factor = SMALL_DRIVE, wait = 100e-9, onWarning } = options;
  checkNumber("amplitude", amplitude, POSITIVE, "T");
  checkNumber("points", points, { min: 3, max: 1e5 });
  const unit = direction(options.direction);
  const magnet = theMagnet("hysteresisLoop", description, options.magnet);
  const device = new Quasistatic(description, { current, onWarning });
  const index = 3 * device.model.magnets.findIndex(({ name }) => name === magnet);
  const down = Array.from({ length: points }, (_, i) => amplitude * (1 - (2 * i) / (points - 1)));
  const fields = [...down, ...down.toReversed()];
  const contacts = device.model.sources[0].contacts;
  const inPlane = contacts[0] !== "bottom" && contacts[0].length === 2;
  const side = contacts[0] === "x-" ? (["y-", "y+"] as const) : (["x-", "x+"] as const);
  device.setField(scaled(unit, amplitude));
  let m = device.settle(device.atRest(), factor, wait).m;
  const jumps: { field: number; uncertainty: number }[] = [];
  const found = fields.map((field, i) => {
    device.setField(scaled(unit, field));
    const last = m;
    m = device.follow(m, factor) ?? device.settle(m, factor, wait).m;
    if (i > 0 && last.some((component, k) => Math.abs(component - m[k]) > JUMP)) {
      jumps.push({ field: (field + fields[i - 1]) / 2, uncertainty: Math.abs(field - fields[i - 1]) / 2 });
    }
    const solution = device.solution(m, factor);
    const flowing = solution.sourceCurrent(device.model.sources[0].name);
    return {
      along: m[index] * unit[0] + m[index + 1] * unit[1] + m[index + 2] * unit[2],
      longitudinal: solution.resistance(contacts[0], contacts[1], flowing),
      transverse: inPlane ? solution.resistance(side[0], side[1], flowing) : 0,
    };
  });
  const of = (key: keyof (typeof found)[number]): number[] => found.map((one) => one[key]);
  return {
    title: "hysteresis loop",
    jumps,
    data: {
      field: column("flux density", "T", fields),
      along: column(`${magnet} along the field`, "1", of("along")),
      longitudinal: column("resistance", "Ω", of("longitudinal")),
      transverse: column("transverse resistance", "Ω", of("transverse")),
    },
    figure: {
      title: `Hysteresis of ${magnet}`,
      x: { label: "flux density", unit: "T" },
      y: { label: "m along the field", unit: "1", domain: [-1.05, 1.05] },
      series: [
        { label: "down", x: fields.slice(0, points), y: of("along").slice(0, points) },
        { label: "up", x: fields.slice(points), y: of("along").slice(points) },
      ],
    },
  };
}

export interface SwitchingCurrentOptions {
  /** The drive at factor 1, the largest that is tried. */
  readonly current: Strength;
  /** Shares of the drive per second, one run each. */
  readonly rampRates: readonly number[];
  /** Applied field [T]; default none. */
  readonly field?: Vector3;
  readonly magnet?: string;
  readonly onWarning?: Warn;
}

/**
 * The share of a drive at which a magnet turns past its equator while the drive grows at a given rate, without agitation: fast ramps overshoot
 * the static limit.  NaN where it does not.
 */
export async function switchingCurrent(
  description: Device,
  options: SwitchingCurrentOptions,
): Promise<Measurement<"rampRate" | "factor">> {
  checkKeys("switchingCurrent", options, ["current", "rampRates", "field", "magnet", "onWarning"]);
  const { current, rampRates, field = [0, 0, 0], onWarning = console.warn } = options;
  checkVector("field", field);
  const magnet = theMagnet("switchingCurrent", description, options.magnet);
  const factors: number[] = [];
  for (const [i, rate] of rampRates.entries()) {
    checkNumber(`rampRates[${i}]`, rate, POSITIVE, "1/s");
    const duration = 1 / rate;
    const run = await simulate(description, {
      depth: "circuit",
      current: ramp({ ...current, duration }),
      field,
      duration,
      every: duration / 2000,
      onWarning: i === 0 ? onWarning : () => {},
    });
    const [x, y, z] = ["x", "y", "z"].map((axis) => run.table.get(`m${axis}_${magnet}`)) as [
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    const past = run.times.findIndex((_, k) => x[k] * x[0] + y[k] * y[0] + z[k] * z[0] < 0);
    factors.push(past < 0 ? Number.NaN : run.times[past] / duration);
  }
  return {
    title: "switching current against ramp rate",
    data: { rampRate: column("ramp rate", "1/s", rampRates), factor: column("share of the drive", "1", factors) },
    figure: {
      title: `Share of the drive at which ${magnet} switches`,
      x: { label: "ramp rate", unit: "1/s", scale: "log" },
      y: { label: "share of the drive", unit: "1" },
      series: [{ label: "", x: rampRates, y: factors, points: true }],
    },
  };
}

export interface PhaseDiagramOptions {
  readonly current: Strength;
  /** Shares of the drive. */
  readonly factors: readonly number[];
  /** Direction of the field. */
  readonly direction: Vector3;
  /** Flux densities along it [T]. */
  readonly fields: readonly number[];
  /** How long the drive acts at most [s]; default 20 ns. */
  readonly duration?: number;
  readonly magnet?: string;
  /** Component that is drawn; default "z". */
  readonly component?: "x" | "y" | "z";
  readonly onWarning?: Warn;
  readonly signal?: AbortSignal;
}

/** Final states over a plane of current and field. */
export interface PhaseDiagram extends Measurement<"factor" | "field" | "initial" | "final"> {
  /** Final component at (factor i, field j): [j · factors + i]. */
  readonly final: Float64Array;
}

/**
 * A switching phase diagram: from rest in the field, the drive is put on at once, until the magnets rest again or `duration` has passed, and
 * taken off slowly; what is left is the final state.  Taken off at once it could leave a magnet of low damping on either side.
 */
export function switchingPhaseDiagram(description: Device, options: PhaseDiagramOptions): PhaseDiagram {
  const keys = ["current", "factors", "direction", "fields", "duration", "magnet", "component", "onWarning", "signal"];
  checkKeys("switchingPhaseDiagram", options, keys);
  const { current, factors, fields, duration = 20e-9, component = "z", onWarning, signal } = options;
  checkNumber("duration", duration, POSITIVE, "s");
  for (const [i, factor] of factors.entries()) checkNumber(`factors[${i}]`, factor);
  for (const [i, field] of fields.entries()) checkNumber(`fields[${i}]`, field, {}, "T");
  const axis = "xyz".indexOf(component);
  if (axis < 0 || component.length !== 1) throw new InputError("component", component, '"x", "y" or "z"');
  const unit = direction(options.direction);
  const magnet = theMagnet("switchingPhaseDiagram", description, options.magnet);
  const device = new Quasistatic(description, { current, onWarning });
  const at = 3 * device.model.magnets.findIndex(({ name }) => name === magnet) + axis;
  const rows = fields.map((field) => {
    device.setField(scaled(unit, field));
    const start = device.atRest();
    return factors.map((factor) => {
      signal?.throwIfAborted();
      let m = device.settle(start, factor, duration).m;
      for (let k = RELEASE - 1; k >= 0; k--) {
        const left = (factor * k) / RELEASE;
        m = device.follow(m, left) ?? device.settle(m, left, duration).m;
      }
      return { initial: start[at], final: m[at] };
    });
  });
  const final = Float64Array.from(rows.flat(), (one) => one.final);
  const flat = rows.flatMap((row, j) => row.map((one, i) => ({ ...one, factor: factors[i], field: fields[j] })));
  const of = (key: "factor" | "field" | "initial" | "final"): number[] => flat.map((one) => one[key]);
  return {
    title: "switching phase diagram",
    final,
    data: {
      factor: column("share of the drive", "1", of("factor")),
      field: column("flux density", "T", of("field")),
      initial: column(`m_${component} before`, "1", of("initial")),
      final: column(`m_${component} after`, "1", of("final")),
    },
    figure: {
      title: `Where ${magnet} ends`,
      x: { label: "share of the drive", unit: "1" },
      y: { label: "flux density", unit: "T" },
      columns: factors,
      rows: fields,
      values: final,
      value: { label: `m_${component} after the pulse`, unit: "1", domain: [-1, 1] },
    },
  };
}

/** Steps in which a drive is taken off. */
const RELEASE = 20;
/** A component of m that changes by more than this between two fields has jumped. */
const JUMP = 0.5;

function direction(given: Vector3): Vector3 {
  const length = norm(checkVector("direction", given));
  if (length === 0) throw new InputError("direction", given, "a vector that is not zero");
  return scaled(given, 1 / length);
}

const scaled = (v: Vector3, factor: number): Vector3 => [v[0] * factor, v[1] * factor, v[2] * factor];
