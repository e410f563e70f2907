import { dot, type Vector3 } from "../algebra/vector.ts";
import { checkKeys, checkNumber, InputError } from "../checks.ts";
import { constant, type Device, type Layer, lower, solveTransport } from "../device/index.ts";
import { isConductor, isMagnetic, type Warn } from "../materials/material.ts";
import { column, type Measurement } from "./measurement.ts";

export interface TorqueEfficiencyOptions {
  /** Name of the magnet; default the only one. */
  readonly magnet?: string;
  /** Where the spin comes from; default "below". */
  readonly from?: "below" | "above";
  /** Unit magnetization at which the torque is read; default z. */
  readonly magnetization?: Vector3;
  readonly onWarning?: Warn;
}

/** What an in-plane current along x does to a magnet, as experiments quote it. */
export interface TorqueEfficiency {
  /**
   * Damping-like and field-like spin current into the magnet over a charge current density, by moments, with p = Ĵ × n̂ those that a
   * positive spin Hall angle sends: over the mean density of all layers, and over that of each layer with the sheets on its faces.
   */
  readonly dampingLike: number;
  readonly fieldLike: number;
  readonly dampingLikePer: Readonly<Record<string, number>>;
  /** The same per electric field [S/m]: independent of what else conducts. */
  readonly spinConductivity: number;
  readonly fieldLikeSpinConductivity: number;
  /** Share of the current in each layer and sheet. */
  readonly shares: Readonly<Record<string, number>>;
}

const KEYS = ["magnet", "from", "magnetization", "onWarning"] as const;

/**
 * The spin–orbit torque efficiency of a stack, whatever makes the torque: spin Hall effect, Edelstein sheets, or both.
 * @throws InputError when the stack has no magnet, several and none is named, or no conductor
 */
export function torqueEfficiency(description: Device, options: TorqueEfficiencyOptions = {}): TorqueEfficiency {
  checkKeys("torqueEfficiency", options, KEYS);
  const { from = "below", magnetization = [0, 0, 1], onWarning = () => {} } = options;
  const layers = description.layers.filter((part): part is Layer => part.kind === "layer");
  const magnets = layers.filter(({ material }) => isMagnetic(material)).map(({ name }) => name);
  const { magnet = magnets.length === 1 ? magnets[0] : undefined } = options;
  if (magnet === undefined || !magnets.includes(magnet)) {
    const allowed = magnets.length === 0 ? "a device with a magnet" : magnets.map((name) => `"${name}"`).join(", ");
    throw new InputError("torqueEfficiency: magnet", options.magnet ?? `one of ${magnets.length}`, allowed);
  }
  const current = 1e-6;
  const drive = constant({ current, along: "x" });
  const { channel, network } = lower(description, [drive], onWarning);
  const solution = solveTransport(description, {
    current: drive,
    magnetizations: { [magnet]: magnetization },
    onWarning: () => {},
  });
  const n = from === "below" ? 1 : -1;
  // x × n z = −n y.
  const p: Vector3 = [0, -n, 0];
  // Moments arrive against the spin current in charge units, as electrons run against the current.
  const [ax, ay, az] = solution.absorbedSpin(magnet);
  const absorbed: Vector3 = [-ax, -ay, -az];
  const across: Vector3 = [
    magnetization[1] * p[2] - magnetization[2] * p[1],
    magnetization[2] * p[0] - magnetization[0] * p[2],
    magnetization[0] * p[1] - magnetization[1] * p[0],
  ];
  const norm2 = dot(across, across);
  if (norm2 < 1e-12) {
    throw new InputError(
      "torqueEfficiency: magnetization",
      magnetization,
      "a direction that is not along y, where there is no torque",
    );
  }
  const area = channel.length * channel.width;
  // m × (p × m) and m × p span the plane across m.
  const damping = (dot(absorbed, p) - dot(absorbed, magnetization) * dot(p, magnetization)) / norm2 / area;
  const field = dot(absorbed, across) / norm2 / area;
  const E = (solution.voltage("x-") - solution.voltage("x+")) / channel.length;
  const parts = network.elements.filter(({ conducts }) =>
    conducts.some(([end]) => network.nodeName(end) === network.nodeName("x-")),
  );
  const shares = Object.fromEntries(parts.map(({ name }) => [name, solution.current(name, "x-") / current]));
  const total = current / (channel.width * channel.thickness);
  return {
    dampingLike: damping / total,
    fieldLike: field / total,
    dampingLikePer: Object.fromEntries(
      layers
        .filter(({ name, material }) => isConductor(material) && shares[name] !== undefined)
        .map(({ name, thickness }) => {
          const own = shares[name] + sheetsOn(description, name).reduce((sum, sheet) => sum + (shares[sheet] ?? 0), 0);
          return [name, damping / ((own * current) / (channel.width * thickness))];
        }),
    ),
    spinConductivity: damping / E,
    fieldLikeSpinConductivity: field / E,
    shares,
  };
}

/** Names of the surfaces that belong to a layer: those listed beside it that point away from it. */
function sheetsOn({ layers }: Device, name: string): string[] {
  return layers.flatMap((part, i) => {
    if (part.kind !== "surface") return [];
    const inside = part.facing === "up" ? layers.slice(0, i).findLast(isLayer) : layers.slice(i + 1).find(isLayer);
    return inside?.kind === "layer" && inside.name === name ? [part.name] : [];
  });
}

const isLayer = (part: Device["layers"][number]): part is Layer => part.kind === "layer";

export interface EfficiencySeriesOptions extends TorqueEfficiencyOptions {
  /** What is varied, for the axis. */
  readonly label: string;
  /** Its SI unit. */
  readonly unit: string;
  readonly values: readonly number[];
  /** Layer by whose current density the torque is divided; default: the mean density of all. */
  readonly per?: string;
}

/** Torque efficiencies of a family of devices. */
export function torqueEfficiencyVersus(
  make: (value: number) => Device,
  options: EfficiencySeriesOptions,
): Measurement<"value" | "efficiency" | "spinConductivity"> {
  checkKeys("torqueEfficiencyVersus", options, [...KEYS, "label", "unit", "values", "per"]);
  const { label, unit, values, per, ...rest } = options;
  for (const [i, value] of values.entries()) checkNumber(`values[${i}]`, value);
  const found = values.map((value) => torqueEfficiency(make(value), rest));
  const efficiency = found.map((one) => {
    if (per === undefined) return one.dampingLike;
    const own = one.dampingLikePer[per];
    if (own === undefined) throw new InputError("per", per, Object.keys(one.dampingLikePer).join(", "));
    return own;
  });
  return {
    title: "spin–orbit torque efficiency",
    data: {
      value: column(label, unit, values),
      efficiency: column("damping-like efficiency", "1", efficiency),
      spinConductivity: column(
        "damping-like spin conductivity",
        "S/m",
        found.map((one) => one.spinConductivity),
      ),
    },
    figure: {
      title: "Damping-like torque efficiency",
      ...(per && { subtitle: `by the current density in ${per}` }),
      x: { label, unit },
      y: { label: "ξ", unit: "1" },
      series: [{ label: "network", x: values, y: efficiency }],
    },
  };
}
