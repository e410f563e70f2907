import { norm, type Vector3 } from "../algebra/vector.ts";
import { checkKeys, checkNumber, checkVector, InputError } from "../checks.ts";
import type { Device, Strength } from "../device/index.ts";
import type { Warn } from "../materials/material.ts";
import { type Fit, fitCurve, fitLine } from "./fit.ts";
import { lockIn } from "./lockIn.ts";
import { magnetoresistanceVersusAngle, theMagnet } from "./magnetoresistance.ts";
import { column, type Measurement } from "./measurement.ts";
import { Quasistatic } from "./quasistatic.ts";

export interface HarmonicHallOptions {
  /** The alternating current along x at its crest. */
  readonly current: Strength;
  /** Direction of the field in the plane, "x" along the current or "y" across it. */
  readonly along: "x" | "y";
  /** Flux densities [T], small against the anisotropy field. */
  readonly fields: readonly number[];
  readonly magnet?: string;
  readonly onWarning?: Warn;
}

/** Harmonics of the Hall voltage against a field in the plane. */
export interface HarmonicHall extends Measurement<"field" | "first" | "second"> {
  /** V_ω = base + ½ curvature B². */
  readonly parabola: Fit<"base" | "curvature">;
  /** V_2ω = intercept + slope B. */
  readonly line: Fit<"slope" | "intercept">;
  /** slope/curvature [T]: what the pair of directions turns into effective fields. */
  readonly quotient: number;
}

/**
 * First and second harmonic of the Hall voltage of a perpendicular magnet, slowly alternating current: at every instant the magnet rests, the
 * torque tilts it, and the product of tilt and current makes the second harmonic.
 */
export function harmonicHall(description: Device, options: HarmonicHallOptions): HarmonicHall {
  checkKeys("harmonicHall", options, ["current", "along", "fields", "magnet", "onWarning"]);
  const { current, along, fields, onWarning } = options;
  for (const [i, field] of fields.entries()) checkNumber(`fields[${i}]`, field, {}, "T");
  if (fields.length < 4) throw new InputError("fields", fields, "four or more: a parabola is fitted");
  if (current.along !== "x")
    throw new InputError("current: along", current.along, '"x", so that the Hall voltage stands along y');
  theMagnet("harmonicHall", description, options.magnet);
  const unit: Vector3 = along === "x" ? [1, 0, 0] : [0, 1, 0];
  const device = new Quasistatic(description, { current, onWarning });
  const rest = device.atRest();
  const found = fields.map((field) => {
    device.setField([unit[0] * field, unit[1] * field, 0]);
    const state = device.follow(rest, 0);
    if (!state)
      throw new InputError(
        "fields",
        field,
        "fields that leave the magnet near its state at rest",
        "A smaller one will do",
      );
    return lockIn(1, (factor) => {
      const m = device.follow(state, factor);
      if (!m) throw new InputError("current", current, "a current that leaves the magnet near its state at rest");
      const solution = device.solution(m, factor);
      return [solution.voltage("y-") - solution.voltage("y+")];
    })[0];
  });
  const first = found.map((one) => one.first);
  const second = found.map((one) => one.second);
  const spread = Math.max(...first) - Math.min(...first);
  const largest = Math.max(...fields.map(Math.abs));
  const parabola = fitCurve({
    what: "V_ω against field",
    x: fields,
    y: first,
    parameters: {
      base: { start: first[0], unit: "V" },
      curvature: { start: 0, scale: (2 * spread) / largest ** 2, unit: "V/T²" },
    },
    model: (B, { base, curvature }) => base + (curvature * B * B) / 2,
  });
  const line = fitLine({ what: "V_2ω against field", x: fields, y: second, units: { slope: "V/T", intercept: "V" } });
  return {
    title: `harmonic Hall voltages, field along ${along}`,
    parabola,
    line,
    quotient: line.parameters.slope.value / parabola.parameters.curvature.value,
    data: {
      field: column(`flux density along ${along}`, "T", fields),
      first: column("Hall voltage at ω", "V", first),
      second: column("Hall voltage at 2ω", "V", second),
    },
    figure: {
      title: "The tilt by the torque shows at twice the frequency",
      subtitle: `field along ${along}`,
      x: { label: "flux density", unit: "T" },
      y: { label: "Hall voltage at 2ω", unit: "V" },
      series: [
        { label: "network", x: fields, y: second, points: true },
        { label: "line", like: "network", x: fields, y: fields.map((B) => line.at(B)) },
      ],
    },
  };
}

/** Effective fields of a current, as experimenters read them from harmonics [T]. */
export interface EffectiveFields {
  /** Component along x, and along y, of the field that acts on m at the crest of the current. */
  readonly dampingLike: number;
  readonly fieldLike: number;
  /** ξ = planar over anomalous Hall resistance. */
  readonly planarRatio: number;
  readonly along: HarmonicHall;
  readonly across: HarmonicHall;
}

/**
 * Damping-like and field-like effective fields from two sweeps: ΔB = 2(B_own ± 2ξ B_other)/(1 − 4ξ²), with B the quotients of slope and
 * curvature (Hayashi, Kim, Yamanouchi, Ohno, PRB 89, 144425 (2014), where the second harmonic counts cos 2ωt and has the other sign).  The
 * upper sign is for m up.
 */
export function harmonicHallFields(description: Device, options: Omit<HarmonicHallOptions, "along">): EffectiveFields {
  checkKeys("harmonicHallFields", options, ["current", "fields", "magnet", "onWarning"]);
  const magnet = theMagnet("harmonicHallFields", description, options.magnet);
  const start = checkVector(
    "m",
    description.layers.flatMap((part) =>
      part.kind === "layer" && part.name === magnet ? [part.magnetization ?? [0, 0, 1]] : [],
    )[0],
  );
  if (Math.abs(start[2] / norm(start)) < 0.9) {
    throw new InputError(
      "harmonicHallFields: device",
      start,
      "a magnet that rests along ±z, to whose tilt the formula applies",
    );
  }
  const along = harmonicHall(description, { ...options, along: "x" });
  const across = harmonicHall(description, { ...options, along: "y", onWarning: () => {} });
  const hall = (angles: readonly number[], plane: "xy" | "zx"): Float64Array =>
    magnetoresistanceVersusAngle(description, { magnet, plane, along: "x", angles, onWarning: () => {} }).data
      .transverse.values;
  const [up, down] = hall([0, Math.PI], "zx");
  const [one, other] = hall([Math.PI / 4, -Math.PI / 4], "xy");
  const xi = (one - other) / (up - down);
  const sign = start[2] > 0 ? 1 : -1;
  const correct = (own: number, crossed: number): number => (2 * (own + sign * 2 * xi * crossed)) / (1 - 4 * xi * xi);
  return {
    dampingLike: correct(along.quotient, across.quotient),
    fieldLike: correct(across.quotient, along.quotient),
    planarRatio: xi,
    along,
    across,
  };
}
