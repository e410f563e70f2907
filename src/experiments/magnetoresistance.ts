import type { Vector3 } from "../algebra/vector.ts";
import { checkKeys, checkNumber, InputError, POSITIVE } from "../checks.ts";
import { type Axis, constant, type Device, type Layer, solveTransport } from "../device/index.ts";
import { areaOf } from "../geometry/index.ts";
import { isMagnetic, type Warn } from "../materials/material.ts";
import { type Fit, fitCurve, fitLine } from "./fit.ts";
import { column, type Measurement } from "./measurement.ts";

/** Current at which resistances are read [A]: as good as none for a bias. */
const READING = 1e-9;

const layersOf = ({ layers }: Device): Layer[] => layers.filter((part): part is Layer => part.kind === "layer");
const magnetsOf = (description: Device): Layer[] =>
  layersOf(description).filter(({ material }) => isMagnetic(material));

const CONTACTS: Record<Axis, readonly [string, string]> = { x: ["x-", "x+"], y: ["y-", "y+"], z: ["bottom", "top"] };

/** Resistance [Ω] along an axis, and the transverse one where the current is in the plane. */
function resistance(
  description: Device,
  along: Axis,
  magnetizations: Readonly<Record<string, Vector3>>,
  onWarning: Warn = () => {},
): { longitudinal: number; transverse: number } {
  const solution = solveTransport(description, {
    current: constant({ current: READING, along }),
    magnetizations,
    onWarning,
  });
  const drop = ([from, to]: readonly [string, string]): number =>
    (solution.voltage(from) - solution.voltage(to)) / READING;
  const across = along === "x" ? CONTACTS.y : CONTACTS.x;
  return { longitudinal: drop(CONTACTS[along]), transverse: along === "z" ? 0 : drop(across) };
}

export interface SpinValveOptions {
  /** Direction of the current; default "z". */
  readonly along?: Axis;
  /** Axis of the magnetizations; default the first magnet's own. */
  readonly axis?: Vector3;
  /** Magnets that are turned round for the antiparallel state; default every second one from below. */
  readonly turned?: readonly string[];
  readonly onWarning?: Warn;
}

/** A spin valve or tunnel junction, parallel and antiparallel. */
export interface SpinValve {
  /** [Ω] */
  readonly parallel: number;
  readonly antiparallel: number;
  /** (R_AP − R_P)/R_P. */
  readonly ratio: number;
  /** R_P times the area of the outline [Ω m²]. */
  readonly resistanceArea: number;
}

/**
 * Resistance of a stack with its magnets parallel and antiparallel, at no bias.
 * @throws InputError when the device has fewer than two magnets
 */
export function spinValve(description: Device, options: SpinValveOptions = {}): SpinValve {
  checkKeys("spinValve", options, ["along", "axis", "turned", "onWarning"]);
  const magnets = magnetsOf(description);
  if (magnets.length < 2) {
    throw new InputError("spinValve: device", `${magnets.length} magnets`, "a device with two magnets or more");
  }
  const names = magnets.map(({ name }) => name);
  const { along = "z", axis = magnets[0].magnetization ?? [0, 0, 1], turned, onWarning } = options;
  const chosen = turned ?? names.filter((_, i) => i % 2 === 1);
  for (const name of chosen) {
    if (!names.includes(name)) throw new InputError("turned", name, names.map((known) => `"${known}"`).join(", "));
  }
  const against: Vector3 = [-axis[0], -axis[1], -axis[2]];
  const state = (reversed: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, reversed.includes(name) ? against : axis]));
  const parallel = resistance(description, along, state([]), onWarning).longitudinal;
  const antiparallel = resistance(description, along, state(chosen)).longitudinal;
  return {
    parallel,
    antiparallel,
    ratio: (antiparallel - parallel) / parallel,
    resistanceArea: parallel * areaOf(description.shape),
  };
}

/** The square-root plot of a series of multilayers. */
export interface SquareRootPlot extends Measurement<"repeats" | "parallel" | "antiparallel" | "squareRoot"> {
  /** A√((R_AP − R_P) R_AP) = slope · N + intercept. */
  readonly line: Fit<"slope" | "intercept">;
}

/**
 * A√((R_AP − R_P) R_AP) of multilayers against the number of bilayers, which two independent currents make a straight line through 0
 * of slope β ρ*_F t_F + 2 γ r_b* (Pratt et al., PRL 66, 3060 (1991); Valet, Fert, PRB 48, 7099 (1993)).
 * @param make the multilayer of N bilayers
 */
export function cppSquareRoot(
  make: (repeats: number) => Device,
  options: SpinValveOptions & { readonly repeats: readonly number[] },
): SquareRootPlot {
  checkKeys("cppSquareRoot", options, ["along", "axis", "turned", "onWarning", "repeats"]);
  const { repeats, ...rest } = options;
  for (const [i, count] of repeats.entries()) checkNumber(`repeats[${i}]`, count, { min: 2 });
  const found = repeats.map((count) => {
    const description = make(count);
    return { ...spinValve(description, rest), area: areaOf(description.shape) };
  });
  const parallel = found.map((one) => one.parallel * one.area);
  const antiparallel = found.map((one) => one.antiparallel * one.area);
  const root = found.map((_, i) => Math.sqrt((antiparallel[i] - parallel[i]) * antiparallel[i]));
  const line = fitLine({
    what: "square-root plot",
    x: repeats,
    y: root,
    units: { slope: "Ω m²", intercept: "Ω m²" },
  });
  return {
    title: "square-root plot of multilayers",
    line,
    data: {
      repeats: column("bilayers", "1", repeats),
      parallel: column("A R_P", "Ω m²", parallel),
      antiparallel: column("A R_AP", "Ω m²", antiparallel),
      squareRoot: column("A√((R_AP − R_P) R_AP)", "Ω m²", root),
    },
    figure: {
      title: "Two currents make a straight line",
      x: { label: "bilayers", unit: "1" },
      y: { label: "A√((R_AP − R_P) R_AP)", unit: "Ω m²" },
      series: [
        { label: "network", x: repeats, y: root, points: true },
        { label: "line", like: "network", x: repeats, y: repeats.map((N) => line.at(N)) },
      ],
    },
  };
}

export interface AngleOptions {
  /** Name of the magnet that is turned; default the only one that is not fixed. */
  readonly magnet?: string;
  /** Plane in which it turns, from the first axis to the second; default "xy". */
  readonly plane?: "xy" | "yz" | "xz" | "zx";
  readonly along?: Axis;
  /** [rad]; default every 5° of a turn. */
  readonly angles?: readonly number[];
  readonly onWarning?: Warn;
}

const UNIT: Record<string, Vector3> = { x: [1, 0, 0], y: [0, 1, 0], z: [0, 0, 1] };

/** Resistance against the direction of one magnet, the others staying where they are. */
export function magnetoresistanceVersusAngle(
  description: Device,
  options: AngleOptions = {},
): Measurement<"angle" | "longitudinal" | "transverse"> {
  checkKeys("magnetoresistanceVersusAngle", options, ["magnet", "plane", "along", "angles", "onWarning"]);
  const { plane = "xy", along = "x", onWarning } = options;
  const { angles = Array.from({ length: 73 }, (_, i) => (i * Math.PI) / 36) } = options;
  for (const [i, angle] of angles.entries()) checkNumber(`angles[${i}]`, angle, {}, "rad");
  const name = theMagnet("magnetoresistanceVersusAngle", description, options.magnet);
  const [a, b] = [UNIT[plane[0]], UNIT[plane[1]]];
  if (!a || !b || plane.length !== 2) throw new InputError("plane", plane, '"xy", "yz", "xz" or "zx"');
  const found = angles.map((angle) => {
    const m = [0, 1, 2].map((i) => a[i] * Math.cos(angle) + b[i] * Math.sin(angle)) as unknown as Vector3;
    return resistance(description, along, { [name]: m }, angle === angles[0] ? onWarning : () => {});
  });
  const data = {
    angle: column(`angle from ${plane[0]} to ${plane[1]}`, "rad", angles),
    longitudinal: column(
      "resistance",
      "Ω",
      found.map(({ longitudinal }) => longitudinal),
    ),
    transverse: column(
      "transverse resistance",
      "Ω",
      found.map(({ transverse }) => transverse),
    ),
  };
  return {
    title: `magnetoresistance in the ${plane} plane`,
    data,
    figure: {
      title: `Resistance as ${name} turns in the ${plane} plane`,
      x: { label: `angle from ${plane[0]} to ${plane[1]}`, unit: "rad" },
      y: { label: "resistance", unit: "Ω" },
      series: [{ label: "", x: angles, y: data.longitudinal.values }],
    },
  };
}

/** The magnet that is meant, by name or as the only one that can be. */
export function theMagnet(procedure: string, description: Device, name?: string): string {
  const magnets = magnetsOf(description);
  if (name !== undefined) {
    if (magnets.some((magnet) => magnet.name === name)) return name;
    throw new InputError(
      `${procedure}: magnet`,
      name,
      magnets.map((magnet) => `"${magnet.name}"`).join(", ") || "none: it has no magnet",
    );
  }
  const free = magnets.filter(({ fixed }) => !fixed);
  if (free.length === 1) return free[0].name;
  throw new InputError(
    `${procedure}: device`,
    `${free.length} magnets that are not fixed`,
    magnets.length === 0 ? "a device with a magnet" : "the name of one of them as `magnet`",
  );
}

/** One rotation plane of spin Hall or anisotropic magnetoresistance. */
export interface RotationPlane {
  /** R = R₀ + ΔR cos²(angle), the angle from the first axis. */
  readonly fit: Fit<"base" | "amplitude">;
  /** ΔR/R₀ and its standard uncertainty. */
  readonly ratio: number;
}

/** Magnetoresistance in three rotation planes. */
export interface ThreePlanes extends Measurement<"angle" | "xy" | "zy" | "zx"> {
  readonly planes: Readonly<Record<"xy" | "zy" | "zx", RotationPlane>>;
}

/**
 * Resistance along x while a magnet turns in the planes α (x to y), β (z to y) and γ (z to x).  Spin Hall magnetoresistance follows m_y²: it
 * shows in α and β and not in γ.  Anisotropic magnetoresistance follows m_x²: it shows in α and γ and not in β.
 * (Nakayama et al., PRL 110, 206601 (2013); Althammer et al., PRB 87, 224401 (2013).)
 */
export function spinHallMagnetoresistance(
  description: Device,
  options: Omit<AngleOptions, "plane" | "along"> = {},
): ThreePlanes {
  checkKeys("spinHallMagnetoresistance", options, ["magnet", "angles", "onWarning"]);
  const magnet = theMagnet("spinHallMagnetoresistance", description, options.magnet);
  const { angles = Array.from({ length: 37 }, (_, i) => (i * Math.PI) / 18), onWarning } = options;
  const turn = (first: string, second: string): number[] =>
    angles.map((angle, i) => {
      const m = [0, 1, 2].map(
        (a) => UNIT[first][a] * Math.cos(angle) + UNIT[second][a] * Math.sin(angle),
      ) as unknown as Vector3;
      return resistance(description, "x", { [magnet]: m }, i === 0 ? onWarning : () => {}).longitudinal;
    });
  const courses = { xy: turn("x", "y"), zy: turn("z", "y"), zx: turn("z", "x") };
  const base = courses.xy[0];
  const all = Object.values(courses).flat();
  const scale = Math.max(Math.max(...all) - Math.min(...all), 1e-12 * base);
  const plane = (name: keyof typeof courses): RotationPlane => {
    const y = courses[name];
    const fit = fitCurve({
      what: `magnetoresistance in the ${name} plane`,
      x: angles,
      y: y.map((value) => value - base),
      parameters: {
        base: { start: 0, scale, unit: "Ω" },
        amplitude: { start: 0, scale, unit: "Ω" },
      },
      model: (angle, p) => p.base + p.amplitude * Math.cos(angle) ** 2,
    });
    return { fit, ratio: fit.parameters.amplitude.value / base };
  };
  const relativeTo = (y: readonly number[]): number[] => y.map((value) => (value - Math.min(...courses.xy)) / base);
  return {
    title: "magnetoresistance in three rotation planes",
    planes: { xy: plane("xy"), zy: plane("zy"), zx: plane("zx") },
    data: {
      angle: column("angle", "rad", angles),
      xy: column("resistance, x to y", "Ω", courses.xy),
      zy: column("resistance, z to y", "Ω", courses.zy),
      zx: column("resistance, z to x", "Ω", courses.zx),
    },
    figure: {
      title: "Three planes tell spin Hall from anisotropic magnetoresistance",
      x: { label: "angle from the first axis", unit: "rad" },
      y: { label: "ΔR/R", unit: "1" },
      series: [
        { label: "x to y", x: angles, y: relativeTo(courses.xy) },
        { label: "z to y", x: angles, y: relativeTo(courses.zy) },
        { label: "z to x", x: angles, y: relativeTo(courses.zx) },
      ],
    },
  };
}

/**
 * Spin Hall magnetoresistance (R(m ∥ z) − R(m ∥ y))/R against the thickness of the metal.
 * @param make the device for a thickness [m]
 */
export function spinHallMagnetoresistanceVersusThickness(
  make: (thickness: number) => Device,
  options: { readonly thicknesses: readonly number[]; readonly magnet?: string; readonly onWarning?: Warn },
): Measurement<"thickness" | "ratio" | "resistivity"> {
  checkKeys("spinHallMagnetoresistanceVersusThickness", options, ["thicknesses", "magnet", "onWarning"]);
  const { thicknesses, onWarning } = options;
  const found = thicknesses.map((thickness, i) => {
    checkNumber(`thicknesses[${i}]`, thickness, POSITIVE, "m");
    const description = make(thickness);
    const magnet = theMagnet("spinHallMagnetoresistanceVersusThickness", description, options.magnet);
    const at = (m: Vector3): number =>
      resistance(description, "x", { [magnet]: m }, i === 0 ? onWarning : () => {}).longitudinal;
    const [across, along] = [at([0, 0, 1]), at([0, 1, 0])];
    const { width, height } = description.shape;
    return { ratio: (across - along) / across, resistivity: (across * thickness * height) / width };
  });
  const ratio = found.map((one) => one.ratio);
  return {
    title: "spin Hall magnetoresistance against thickness",
    data: {
      thickness: column("thickness of the metal", "m", thicknesses),
      ratio: column("(R_z − R_y)/R_z", "1", ratio),
      resistivity: column(
        "resistivity by that thickness",
        "Ω m",
        found.map((one) => one.resistivity),
      ),
    },
    figure: {
      title: "Spin Hall magnetoresistance has a best thickness",
      x: { label: "thickness of the metal", unit: "m" },
      y: { label: "ΔR/R", unit: "1" },
      series: [{ label: "", x: thicknesses, y: ratio }],
    },
  };
}
