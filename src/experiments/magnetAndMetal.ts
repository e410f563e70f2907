import { InputError } from "../checks.ts";
import type { Device, Layer } from "../device/index.ts";
import { isMagnetic, type Magnetic } from "../materials/material.ts";

/** A layer that is a magnet. */
export type MagnetLayer = Layer & { readonly material: Magnetic };

export const layersOf = (description: Device): Layer[] =>
  description.layers.filter((part): part is Layer => part.kind === "layer");

/** @throws InputError when the device has no free magnet, several and none is named, or none of that name */
export function magnetOf(procedure: string, description: Device, name: string | undefined): MagnetLayer {
  const free = layersOf(description).filter((part): part is MagnetLayer => isMagnetic(part.material) && !part.fixed);
  const names = free.map((part) => `"${part.name}"`).join(", ");
  if (free.length === 0) {
    throw new InputError(`${procedure}: device`, "no free magnet", "a device with a magnet that can precess");
  }
  if (name === undefined) {
    if (free.length > 1)
      throw new InputError(`${procedure}: magnet`, undefined, names, "There are several free magnets");
    return free[0];
  }
  const found = free.find((part) => part.name === name);
  if (!found) throw new InputError(`${procedure}: magnet`, name, names);
  return found;
}

/** The normal metal beside a magnet that takes its spin, and the face at which it does. */
export interface Neighbour {
  readonly layer: Layer;
  /** Node of the metal at the magnet. */
  readonly face: string;
  /** +1: above the magnet; −1: below. */
  readonly side: 1 | -1;
}

/** @throws InputError when there is no normal metal beside the magnet, or two and none is named */
export function neighbourOf(
  procedure: string,
  option: string,
  description: Device,
  magnet: Layer,
  name: string | undefined,
): Neighbour {
  const layers = layersOf(description);
  const at = layers.findIndex((part) => part.name === magnet.name);
  const beside = ([-1, 1] as const).flatMap((side): Neighbour[] => {
    const layer = layers[at + side];
    if (layer?.material.kind !== "normal metal") return [];
    return [{ layer, side, face: `${layer.name}.${side === 1 ? "bottom" : "top"}` }];
  });
  const names = beside.map(({ layer }) => `"${layer.name}"`).join(", ");
  if (beside.length === 0) {
    throw new InputError(
      `${procedure}: device`,
      `no normal metal beside "${magnet.name}"`,
      "one that takes up its spin",
    );
  }
  if (name === undefined) {
    if (beside.length > 1) throw new InputError(`${procedure}: ${option}`, undefined, names, "There are two");
    return beside[0];
  }
  const found = beside.find(({ layer }) => layer.name === name);
  if (!found) throw new InputError(`${procedure}: ${option}`, name, names);
  return found;
}
