import { InputError } from "../checks.ts";
import { type Network, sheet } from "../circuit/index.ts";
import type { Device, Layer, StackPart } from "./description.ts";

/** Contacts at the sides of the channel, and how far apart they are [m]. */
interface SidesOfChannel {
  readonly contacts: Readonly<Record<"x" | "y", readonly [string, string]>>;
  readonly cell: Readonly<Record<"x" | "y", { readonly length: number }>>;
}

/** Puts every surface at the node of the normal metal beside it. */
export function addSurfaces(
  description: Device,
  network: Network,
  area: number,
  plane: SidesOfChannel | undefined,
): void {
  const parts = description.layers;
  for (const [i, part] of parts.entries()) {
    if (part.kind !== "surface") continue;
    const isLayer = (other: StackPart): other is Layer => other.kind === "layer";
    const below = parts.slice(0, i).findLast(isLayer) as Layer;
    const above = parts.slice(i + 1).find(isLayer) as Layer;
    const isBelow = below.material.kind === "normal metal";
    if (!plane) {
      throw new InputError(
        `surface "${part.name}"`,
        "no in-plane current",
        "a drive along x or y, even of zero current",
      );
    }
    const { contacts, cell } = plane;
    const isUp = part.facing === "up";
    network.add(
      sheet({
        name: part.name,
        at: isBelow ? `${below.name}.top` : `${above.name}.bottom`,
        law: part.law,
        area,
        sides: {
          x: { between: contacts.x, length: cell.x.length },
          y: { between: isUp ? contacts.y : [contacts.y[1], contacts.y[0]], length: cell.y.length },
        },
        orientation: { x: [1, 0, 0], z: [0, 0, isUp ? 1 : -1] },
      }),
    );
  }
}
