import { norm, normalize, type Vector3 } from "../algebra/vector.ts";
import { checkKeys, checkNumber, checkVector, InputError, POSITIVE } from "../checks.ts";
import { checkOutline, type Outline } from "../geometry/index.ts";
import { materialNamed } from "../materials/index.ts";
import {
  type BarrierParameters,
  checkBarrier,
  checkInterface,
  checkMaterial,
  type InterfaceParameters,
  isMagnetic,
  type Material,
} from "../materials/material.ts";
import { checkSheet, type SheetLaw } from "../transport/index.ts";

/** One layer of a stack. */
export interface Layer {
  readonly kind: "layer";
  readonly name: string;
  readonly material: Material;
  /** [m] */
  readonly thickness: number;
  /** Initial direction of a magnet, a unit vector. */
  readonly magnetization?: Vector3;
  /** The magnet is held where it is, as a reference layer. */
  readonly fixed?: boolean;
  /** The layer is a tunnel barrier with these numbers. */
  readonly barrier?: BarrierParameters;
  /** Coupling [J/m²] of the magnets on either side across this layer, −J1 m₁·m₂ − J2 (m₁·m₂)². */
  readonly coupling?: { readonly J1: number; readonly J2?: number };
}

/** Overrides what the library knows of the interface between its two neighbours in the list of layers. */
export interface Contact {
  readonly kind: "contact";
  /** "transparent": spin and charge pass unhindered. */
  readonly parameters: InterfaceParameters | "transparent";
}

/** A two-dimensional conductor with spin–orbit coupling between its two neighbours in the list of layers. */
export interface Surface {
  readonly kind: "surface";
  readonly name: string;
  readonly law: SheetLaw;
  /** Where its normal points: "up" for the upper surface of what lies below it. */
  readonly facing: "up" | "down";
}

/** What a stack is made of. */
export type StackPart = Layer | Contact | Surface;

/** A stack of layers with one outline, from bottom to top along z.  Plain data: see {@link serialize}. */
export interface Device {
  readonly kind: "device";
  readonly shape: Outline;
  readonly layers: readonly StackPart[];
}

/** "+z", "-x" … or any vector. */
export type Direction = "+x" | "-x" | "+y" | "-y" | "+z" | "-z" | Vector3;

export interface LayerOptions {
  readonly name?: string;
  readonly magnetization?: Direction;
  readonly fixed?: boolean;
  readonly barrier?: BarrierParameters;
  readonly coupling?: { readonly J1: number; readonly J2?: number };
}

/**
 * A layer of a material.
 * @param material an entry of `materials`, the name of one, or your own numbers
 * @param thickness [m]
 */
export function layer(material: Material | string, thickness: number, options: LayerOptions = {}): Layer {
  const known = typeof material === "string" ? materialNamed(material) : material;
  checkMaterial(known);
  checkKeys("layer", options, ["name", "magnetization", "fixed", "barrier", "coupling"]);
  const { name = known.name, magnetization, ...rest } = options;
  const direction =
    magnetization === undefined ? undefined : unitVector(`layer "${name}": magnetization`, magnetization);
  return checkLayer({
    kind: "layer",
    name,
    material: known,
    thickness,
    ...(direction && { magnetization: direction }),
    ...rest,
  });
}

/** The interface between the layers listed before and after it. */
export function contactOf(parameters: InterfaceParameters | "transparent"): Contact {
  return { kind: "contact", parameters };
}

/**
 * A surface with spin–orbit coupling between the layers listed before and after it: `rashbaSheet` and `topologicalSurface` make its
 * law.  It needs a normal metal on one side, whose spin accumulation it shares.
 */
export function surface(
  law: SheetLaw,
  options: { readonly name?: string; readonly facing?: "up" | "down" } = {},
): Surface {
  checkKeys("surface", options, ["name", "facing"]);
  const { name = "surface", facing = "up" } = options;
  checkSheet(`surface "${name}"`, law);
  if (facing !== "up" && facing !== "down") throw new InputError(`surface "${name}": facing`, facing, '"up" or "down"');
  return { kind: "surface", name, law, facing };
}

/** Checks a description and returns it as plain data.  Throws an InputError that names what is wrong. */
export function device(options: { shape: Outline; layers: readonly StackPart[] }): Device {
  checkKeys("device", options, ["shape", "layers"]);
  checkOutline(options.shape);
  const names = new Set<string>();
  const layers = options.layers.map((part, i) => {
    if (part.kind !== "layer") {
      const neighbours = [nextLayer(options.layers, i, -1), nextLayer(options.layers, i, 1)];
      if (!neighbours.every((other) => other !== undefined)) {
        throw new InputError(`layers[${i}]`, `a ${part.kind}`, `a ${part.kind} only between two layers`);
      }
    }
    if (part.kind === "surface") {
      const neighbours = [nextLayer(options.layers, i, -1), nextLayer(options.layers, i, 1)];
      if (!neighbours.some((other) => other?.material.kind === "normal metal")) {
        throw new InputError(
          `surface "${part.name}"`,
          neighbours.map((other) => other?.material.name).join(" and "),
          "a normal metal on one side at least, whose spin accumulation it shares",
        );
      }
      return part;
    }
    if (part.kind === "contact") {
      const neighbours = [nextLayer(options.layers, i, -1), nextLayer(options.layers, i, 1)];
      const name = neighbours.map((other) => (other as Layer).name).join("|");
      if (part.parameters !== "transparent") checkInterface(`contact "${name}"`, part.parameters, () => {});
      return part;
    }
    checkMaterial(part.material);
    checkLayer(part);
    let name = part.name;
    for (let count = 2; names.has(name); count++) name = `${part.name} ${count}`;
    names.add(name);
    return name === part.name ? part : { ...part, name };
  });
  if (!layers.some((part) => part.kind === "layer")) throw new InputError("layers", [], "at least one layer");
  return { kind: "device", shape: options.shape, layers };
}

/** The layer before (−1) or after (1) a part; undefined when another part of the same kind, or nothing, comes first. */
function nextLayer(parts: readonly StackPart[], at: number, step: -1 | 1): Layer | undefined {
  for (let i = at + step; ; i += step) {
    const part = parts[i];
    if (part === undefined || part.kind === parts[at].kind) return undefined;
    if (part.kind === "layer") return part;
  }
}

function checkLayer(part: Layer): Layer {
  const { name, material, thickness, magnetization, fixed, barrier, coupling } = part;
  checkNumber(`layer "${name}": thickness`, thickness, POSITIVE, "m");
  if (!isMagnetic(material) && (magnetization !== undefined || fixed !== undefined)) {
    throw new InputError(
      `layer "${name}": magnetization, fixed`,
      magnetization ?? fixed,
      `nothing, as ${material.name} is no magnet`,
    );
  }
  if (magnetization && Math.abs(norm(checkVector(`layer "${name}": magnetization`, magnetization)) - 1) > 1e-9) {
    throw new InputError(
      `layer "${name}": magnetization`,
      magnetization,
      "a unit vector; layer() makes one of any direction",
    );
  }
  if (barrier) {
    if (material.kind !== "insulator") {
      throw new InputError(
        `layer "${name}": barrier`,
        barrier,
        `only on an insulator; ${material.name} is a ${material.kind}`,
      );
    }
    checkBarrier(`layer "${name}": barrier`, barrier);
  }
  if (coupling) {
    checkNumber(`layer "${name}": coupling.J1`, coupling.J1, {}, "J/m²");
    if (coupling.J2 !== undefined) checkNumber(`layer "${name}": coupling.J2`, coupling.J2, {}, "J/m²");
  }
  return part;
}

const AXES: Record<string, Vector3> = { x: [1, 0, 0], y: [0, 1, 0], z: [0, 0, 1] };

export function unitVector(parameter: string, direction: Direction): Vector3 {
  if (typeof direction === "string") {
    const axis = /^[+-][xyz]$/.test(direction) ? AXES[direction[1]] : undefined;
    if (!axis) throw new InputError(parameter, direction, '"+x", "-x", "+y", "-y", "+z", "-z" or a vector');
    return direction[0] === "-" ? (axis.map((c) => -c + 0) as unknown as Vector3) : axis;
  }
  checkVector(parameter, direction);
  if (norm(direction) === 0) throw new InputError(parameter, direction, "a vector that is not zero");
  return normalize(direction);
}

/** A device as JSON text; infinite numbers are written as the string "Infinity". */
export function serialize(description: Device): string {
  return JSON.stringify(description, (_, value) => (value === Number.POSITIVE_INFINITY ? "Infinity" : value), 2);
}

/** The device a JSON text describes, checked like one that was just written. */
export function deserialize(text: string): Device {
  const value = JSON.parse(text, (_, v) => (v === "Infinity" ? Number.POSITIVE_INFINITY : v)) as Device;
  if (value?.kind !== "device") throw new InputError("kind", value?.kind, '"device"');
  const { shape, layers } = value;
  return device({ shape, layers });
}
