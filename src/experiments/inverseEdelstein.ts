import { checkKeys, InputError } from "../checks.ts";
import { spinCurrentSource } from "../circuit/index.ts";
import { constant, type Device, lower } from "../device/index.ts";
import type { Warn } from "../materials/material.ts";

/** What spin that arrives at a surface becomes. */
export interface InverseEdelstein {
  /** Short-circuit current along x per width over spin current density along y, by moments [m]: λ_IEE as experiments quote it. */
  readonly length: number;
  /** λ of the surface itself [m]: what `length` would be if nothing else took spin. */
  readonly own: number;
  /** Open-circuit voltage along x over the spin current [Ω]. */
  readonly voltagePerSpinCurrent: number;
}

/** Spin current at which the linear response is read [A, charge units]. */
const INJECTED = 1e-9;

/**
 * The inverse Edelstein effect of a device: spin is put in at a surface, and the charge current it drives along the surface is read, in a short
 * circuit and as a voltage.  What the bulk, a magnet or a metal beside the surface takes of the spin, and of the voltage by shunting, is in it.
 * @throws InputError when the device has no surface
 */
export function inverseEdelstein(
  description: Device,
  options: { readonly surface?: string; readonly onWarning?: Warn } = {},
): InverseEdelstein {
  checkKeys("inverseEdelstein", options, ["surface", "onWarning"]);
  const surfaces = description.layers.flatMap((part) => (part.kind === "surface" ? [part] : []));
  const { surface = surfaces[0]?.name } = options;
  const chosen = surfaces.find(({ name }) => name === surface);
  if (!chosen) {
    const names = surfaces.map(({ name }) => `"${name}"`).join(", ");
    throw new InputError(
      "inverseEdelstein: surface",
      options.surface,
      names || "none: a device with a surface is needed",
    );
  }
  const solve = (drive: Parameters<typeof constant>[0]) => {
    const model = lower(description, [constant(drive)], options.onWarning ?? (() => {}));
    const sheet = model.network.elements.find(({ name }) => name === chosen.name);
    const port = sheet?.ports.find(({ kind }) => kind === "spin");
    if (port?.kind !== "spin")
      throw new InputError("inverseEdelstein: surface", chosen.name, "a surface that is a sheet");
    // Moments along +y are a negative spin current in charge units.
    model.network.add(spinCurrentSource({ name: "spin", at: port.node, spinCurrent: [0, -INJECTED, 0] }));
    const own = Object.fromEntries(model.magnets.map(({ name }, i) => [name, model.initial[i]]));
    const network = model.network.compile();
    const magnetizations = Object.fromEntries(Object.entries(own).filter(([name]) => network.magnets.includes(name)));
    return { model, solution: network.solve({ magnetizations }) };
  };
  const shorted = solve({ voltage: 0, along: "x" });
  const open = solve({ current: 0, along: "x" });
  const { length, width } = shorted.model.channel;
  // The source drives what the stack takes in at x−.
  const sheetCurrent = shorted.solution.sourceCurrent("drive") / width;
  return {
    length: sheetCurrent / (INJECTED / (length * width)),
    own: -chosen.law.edelsteinLength * (chosen.facing === "up" ? 1 : -1),
    voltagePerSpinCurrent: (open.solution.voltage("x-") - open.solution.voltage("x+")) / INJECTED,
  };
}
