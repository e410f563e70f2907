import { checkKeys, checkNumber, FINITE, InputError, POSITIVE } from "../checks.ts";
import { heatBath, heatSource, magnonContact, magnonFilm, type Network, thermalContact } from "../circuit/index.ts";
import { LORENZ } from "../constants.ts";
import { interfaceBetween } from "../materials/index.ts";
import { type InterfaceParameters, isConductor, isMagnetic, type MagneticInsulator } from "../materials/material.ts";
import type { Device, Layer } from "./description.ts";

/** Heat through a stack, from a bath below to a bath above, or from a heater on top. */
export interface HeatFlow {
  /** Ambient temperature T₀ [K], about which everything is linear; default 300. */
  readonly temperature?: number;
  /** Temperature of the bath below [K]; default T₀. */
  readonly below?: number;
  /** Temperature of the bath above [K]; without it the top is open. */
  readonly above?: number;
  /** Heat that enters at the top [W/m²]; not together with `above`. */
  readonly flux?: number;
}

/** Throws an InputError for a flow that contradicts itself, and for a layer that no heat can pass. */
export function checkHeatFlow(heat: HeatFlow, layers: readonly Layer[]): void {
  checkKeys("heat", heat, ["temperature", "below", "above", "flux"]);
  for (const key of ["temperature", "below", "above"] as const) {
    if (heat[key] !== undefined) checkNumber(`heat: ${key}`, heat[key], POSITIVE, "K");
  }
  if (heat.flux !== undefined) checkNumber("heat: flux", heat.flux, FINITE, "W/m²");
  if (heat.flux !== undefined && heat.above !== undefined) {
    throw new InputError("heat: flux", heat.flux, "nothing, as the bath above takes what it needs");
  }
  for (const { name, material } of layers) {
    if (isConductor(material) || material.thermalConductivity !== undefined) continue;
    throw new InputError(
      `layer "${name}": ${material.name}: thermalConductivity`,
      undefined,
      "a number, as heat flows through it",
    );
  }
}

const carriesMagnons = ({ material }: Layer): boolean =>
  material.kind === "magnetic insulator" &&
  material.magnonConductivity !== undefined &&
  material.magnonDiffusionLength !== undefined;

/** Magnons with a temperature of their own. */
const isTwofold = ({ material }: Layer): boolean =>
  material.kind === "magnetic insulator" && material.magnonPhononLength !== undefined;

/** The node with the temperature of the lattice, which is that of the electrons in a metal. */
const latticeAt = (part: Layer, face: "bottom" | "top"): string =>
  carriesMagnons(part) && isTwofold(part) ? `${part.name}.${face} lattice` : `${part.name}.${face}`;

/**
 * Adds to a lowered stack what carries heat beside its films: insulators, magnons, interfaces, baths.  A metallic contact conducts
 * the heat of its electrons (Wiedemann and Franz) and what `kapitzaConductance` adds; an interface about which nothing is known has no
 * thermal resistance.
 */
export function addHeat(description: Device, network: Network, area: number, heat: HeatFlow): void {
  const layers = description.layers.filter((part): part is Layer => part.kind === "layer");
  for (const part of layers) addInsulator(part, network, area);
  for (const [i, above] of layers.entries()) {
    if (i > 0) addInterface(description, layers[i - 1], above, network, area);
  }
  const [first, last] = [layers[0], layers[layers.length - 1]];
  network.add(heatBath({ at: latticeAt(first, "bottom"), temperature: heat.below }));
  const top = latticeAt(last, "top");
  if (heat.above !== undefined) network.add(heatBath({ at: top, temperature: heat.above }));
  if (heat.flux !== undefined) network.add(heatSource({ name: "heater", at: top, power: heat.flux * area }));
}

function addInsulator(part: Layer, network: Network, area: number): void {
  const { name, material, thickness } = part;
  if (isConductor(material)) return;
  const between = [`${name}.bottom`, `${name}.top`] as const;
  if (!carriesMagnons(part)) {
    const conductance = ((material.thermalConductivity as number) * area) / thickness;
    network.add(thermalContact({ name: part.barrier ? `${name} heat` : name, between, conductance }));
    return;
  }
  network.add(
    magnonFilm({
      name,
      between,
      material: material as MagneticInsulator,
      thickness,
      area,
      magnet: name,
      ...(isTwofold(part) && { lattice: [latticeAt(part, "bottom"), latticeAt(part, "top")] as const }),
    }),
  );
}

function addInterface(description: Device, below: Layer, above: Layer, network: Network, area: number): void {
  const [lower, upper] = [latticeAt(below, "top"), latticeAt(above, "bottom")];
  const name = `${below.name}|${above.name}`;
  const parameters = parametersBetween(description, below, above);
  const magnetic = [below, above].find(({ material }) => isMagnetic(material));
  const metal = [below, above].find((part) => part.material.kind === "normal metal");
  const given = magnetic && metal ? parameters : undefined;
  const electrons = given ? LORENZ * network.temperature * (given.conductanceUp + given.conductanceDown) : 0;
  const conductance = electrons + (given?.kapitzaConductance ?? 0);
  if (given && conductance > 0) {
    network.add(thermalContact({ name: `${name} heat`, between: [lower, upper], conductance: conductance * area }));
  } else if (!(isConductor(below.material) && isConductor(above.material)) || given) {
    // Films that share their node share its temperature already.
    network.connect(lower, upper);
  }
  if (!given?.magnonConductance || !magnetic || !metal || !carriesMagnons(magnetic)) return;
  network.add(
    magnonContact({
      name: `${name} magnons`,
      magnonSide: magnetic === below ? `${below.name}.top` : `${above.name}.bottom`,
      metalSide: magnetic === below ? `${above.name}.bottom` : `${below.name}.top`,
      magnet: magnetic.name,
      area,
      parameters: given,
    }),
  );
}

/** What is known of the interface between two layers, as the stack gives it or from the library. */
function parametersBetween(description: Device, below: Layer, above: Layer): InterfaceParameters | undefined {
  const parts = description.layers;
  const given = parts.slice(parts.indexOf(below) + 1, parts.indexOf(above)).find((part) => part.kind === "contact");
  if (given?.kind === "contact") return given.parameters === "transparent" ? undefined : given.parameters;
  return interfaceBetween(below.material.name, above.material.name);
}
