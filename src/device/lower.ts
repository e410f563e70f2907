import type { Vector3 } from "../algebra/vector.ts";
import { InputError } from "../checks.ts";
import {
  contact,
  currentSource,
  film,
  ground,
  Network,
  reservoir,
  tunnelBarrier,
  voltageSource,
} from "../circuit/index.ts";
import { areaOf } from "../geometry/index.ts";
import {
  cubicAnisotropy,
  demagnetization,
  dipolarCoupling,
  type EnergyTerm,
  interlayerCoupling,
  type Macrospin,
  shapeFactors,
  stackedCoupling,
  uniaxialAnisotropy,
} from "../magnetism/index.ts";
import { interfaceBetween } from "../materials/index.ts";
import {
  type Conductor,
  type InterfaceParameters,
  isConductor,
  isMagnetic,
  type NormalMetal,
  type Warn,
} from "../materials/material.ts";
import { conductionDamping } from "../transport/index.ts";
import type { Device, Layer } from "./description.ts";
import type { Axis, Drive } from "./drive.ts";
import { addHeat, checkHeatFlow, type HeatFlow } from "./heat.ts";
import { addSurfaces } from "./surfaces.ts";

/** A device at circuit depth: what each part has become. */
export interface CircuitModel {
  /** Elements by the names of layers; nodes "layer.bottom", "layer.top"; contacts x−, x+, y−, y+, bottom, top. */
  readonly network: Network;
  readonly magnets: readonly Macrospin[];
  /** Unit vectors in the order of `magnets`. */
  readonly initial: readonly Vector3[];
  /** Energies that the device itself has; the applied field comes with the run. */
  readonly terms: readonly EnergyTerm[];
  /** For every drive the source it became, and source units per unit of the drive's waveform. */
  readonly sources: readonly {
    readonly name: string;
    readonly amplitude: number;
    readonly contacts: readonly [string, string];
  }[];
  /** Cross-section of the in-plane current [m²] and the length it runs [m]. */
  readonly channel: {
    readonly layers: readonly string[];
    readonly width: number;
    readonly length: number;
    readonly thickness: number;
  };
}

const CONTACTS: Record<Axis, readonly [string, string]> = { x: ["x-", "x+"], y: ["y-", "y+"], z: ["bottom", "top"] };

/**
 * Lowers a description to the circuit depth: every layer becomes an exact element of the whole outline, every interface a
 * contact, every magnet a macrospin.
 *
 * In-plane drives enter through contacts at the sides of the channel, a block of conducting layers without an insulator between:
 * the one with the layer that `in` names, else the lowest.  The other in-plane direction is open, so that a Hall voltage stands
 * between its contacts.  A drive along z is positive upwards; it enters through thick leads, reservoirs without spin
 * accumulation, below and above the stack.  With in-plane drives besides, the stack stands on a substrate, and the lead below
 * takes charge only.
 *
 * With `heat` all of it carries heat between two baths, see {@link HeatFlow}; the sides let none out.
 */
export function lower(
  description: Device,
  drives: readonly Drive[],
  warn: Warn = console.warn,
  heat?: HeatFlow,
): CircuitModel {
  const layers = description.layers.filter((part): part is Layer => part.kind === "layer");
  const area = areaOf(description.shape);
  const blocks = conductingBlocks(layers);
  const magnetLayers = layers.filter(({ material }) => isMagnetic(material));
  const network = new Network({ temperature: heat?.temperature });
  if (heat) checkHeatFlow(heat, layers);
  const inPlane = drives.some(({ along }) => along !== "z");
  const vertical = drives.some(({ along }) => along === "z");
  const channelLayers = channelOf(blocks, drives, warn);
  const { width, height } = description.shape;
  // For either direction a strip as wide as the outline, and as long as the area then leaves.
  const cell = { x: { length: area / height, width: height }, y: { length: area / width, width } };
  if (inPlane && channelLayers.length === 0) {
    throw new InputError(
      "current: along",
      drives.map(({ along }) => along),
      "a device with a conducting layer",
    );
  }

  for (const { name, material, thickness } of layers) {
    if (!isConductor(material)) continue;
    const sides = inPlane && channelLayers.some((other) => other.name === name);
    network.add(
      film({
        name,
        between: [`${name}.bottom`, `${name}.top`],
        material,
        thickness,
        area,
        ...(material.kind === "ferromagnet" && { magnet: name }),
        ...(heat && { heat: true }),
        ...(sides && {
          sides: {
            x: { between: CONTACTS.x, length: cell.x.length },
            y: { between: CONTACTS.y, length: cell.y.length },
          },
        }),
      }),
    );
  }
  warnOfUnits(description, layers, warn);
  joinLayers(description, network, area, warn);
  addSurfaces(description, network, area, inPlane ? { contacts: CONTACTS, cell } : undefined);
  if (heat) addHeat(description, network, area, heat);
  checkDampings(magnetLayers, warn);
  if (vertical) endInContacts(layers, network, inPlane);
  // What floats is held at one point, which carries no current.
  if (!vertical) for (const [first] of floatingGroups(layers, blocks)) network.add(ground(nodeBelow(network, first)));
  const sources = drives.map((drive, i) => {
    const name = i === 0 ? "drive" : `drive ${i + 1}`;
    const contacts = CONTACTS[drive.along];
    const ends = drive.along === "z" ? verticalEnds(layers) : contacts;
    const amplitude = amplitudeOf(drive, channelLayers, cell, area);
    const isVoltage = drive.voltage !== undefined || (drive.density !== undefined && drive.in !== undefined);
    network.add(
      isVoltage
        ? voltageSource({ name, between: ends, voltage: 0 })
        : currentSource({ name, between: ends, current: 0 }),
    );
    return { name, amplitude, contacts: ends };
  });
  if (inPlane) {
    for (const axis of ["x", "y"] as const) network.add(ground(CONTACTS[axis][1]));
  }
  const { magnets, initial, terms } = lowerMagnets(description, layers, magnetLayers, area);
  return {
    network,
    magnets,
    initial,
    terms,
    sources,
    channel: {
      layers: channelLayers.map(({ name }) => name),
      width: cell.x.width,
      length: cell.x.length,
      thickness: channelLayers.reduce((sum, { thickness }) => sum + thickness, 0),
    },
  };
}

/** Runs of conducting layers with no insulator between, from the bottom; a tunnel barrier separates blocks as well. */
function conductingBlocks(layers: readonly Layer[]): Layer[][] {
  const blocks: Layer[][] = [];
  let open: Layer[] | undefined;
  for (const part of layers) {
    if (!isConductor(part.material)) {
      open = undefined;
      continue;
    }
    if (!open) {
      open = [];
      blocks.push(open);
    }
    open.push(part);
  }
  return blocks;
}

/** Connects neighbours: contacts, barriers, or the same node. */
function joinLayers(description: Device, network: Network, area: number, warn: Warn): void {
  const parts = description.layers;
  let below: Layer | undefined;
  let given: InterfaceParameters | "transparent" | undefined;
  for (const [i, part] of parts.entries()) {
    if (part.kind === "surface") continue;
    if (part.kind === "contact") {
      given = part.parameters;
      continue;
    }
    if (part.barrier || below?.barrier) {
      if (given !== undefined) {
        throw new InputError(
          "contact",
          `beside the barrier "${(part.barrier ? part : (below as Layer)).name}"`,
          "none: a barrier has its own numbers",
        );
      }
    }
    if (part.barrier) {
      const above = parts.slice(i + 1).find((other): other is Layer => other.kind === "layer");
      if (!below || !above || !isConductor(below.material) || !isConductor(above.material)) {
        throw new InputError(`layer "${part.name}": barrier`, "a barrier", "a layer with a conductor below and above");
      }
      const magnets = [below, above].map(({ name, material }) => (material.kind === "ferromagnet" ? name : undefined));
      network.add(
        tunnelBarrier({
          name: part.name,
          between: [`${below.name}.top`, `${above.name}.bottom`],
          magnets: magnets as [string | undefined, string | undefined],
          area,
          parameters: part.barrier,
        }),
      );
    } else if (below) join(below, part, given, network, area, warn);
    below = part;
    given = undefined;
  }
}

/** One interface between two layers that touch. */
function join(
  below: Layer,
  above: Layer,
  given: InterfaceParameters | "transparent" | undefined,
  network: Network,
  area: number,
  warn: Warn,
): void {
  const name = `${below.name}|${above.name}`;
  const [lowerFace, upperFace] = [`${below.name}.top`, `${above.name}.bottom`];
  const magnet = isMagnetic(below.material) ? below : above;
  const other = magnet === below ? above : below;
  const parameters = given ?? interfaceBetween(below.material.name, above.material.name) ?? "transparent";
  const magneticPair = isMagnetic(magnet.material) && other.material.kind === "normal metal";
  if (!magneticPair) {
    if (given !== undefined && given !== "transparent") {
      throw new InputError(
        `contact "${name}"`,
        "interface numbers",
        "a magnet on one side and a normal metal on the other",
      );
    }
    if (isConductor(below.material) && isConductor(above.material)) network.connect(lowerFace, upperFace);
    return;
  }
  if (parameters === "transparent") {
    if (magnet.material.kind === "magnetic insulator") {
      if (given === undefined)
        warn(`contact "${name}": no mixing conductance is known, so no spin passes; add contactOf({ … })`);
      return;
    }
    if (given === undefined) {
      warn(
        `contact "${name}": no interface numbers are known, so it is transparent; say contactOf("transparent") or give some`,
      );
    }
    network.connect(lowerFace, upperFace);
    return;
  }
  const metalFace = other === below ? lowerFace : upperFace;
  const magnetFace = other === below ? upperFace : lowerFace;
  const { memoryLoss = 0, memoryLossResistance } = parameters;
  let metalSide = metalFace;
  if (memoryLoss > 0) {
    metalSide = `${name}.inner`;
    network.add(
      memoryLossFilm(`${name} memory loss`, [metalFace, metalSide], memoryLoss, memoryLossResistance as number, area),
    );
  }
  network.add(
    contact({
      name,
      metalSide,
      ...(magnet.material.kind === "ferromagnet" && { magnetSide: magnetFace }),
      magnet: magnet.name,
      area,
      parameters,
      warn,
    }),
  );
}

/**
 * The slab in which spin is forgotten, by its two numbers δ = t/λ and r = t/σ (Bass and Pratt, J. Phys.: Condens. Matter 19,
 * 183201 (2007)); its own thickness drops out.
 */
function memoryLossFilm(
  name: string,
  between: readonly [string, string],
  delta: number,
  resistance: number,
  area: number,
) {
  const thickness = 1e-10;
  const material: NormalMetal = {
    kind: "normal metal",
    name,
    conductivity: thickness / resistance,
    spinDiffusionLength: thickness / delta,
  };
  return film({ name, between, material, thickness, area });
}

function verticalEnds(layers: readonly Layer[]): readonly [string, string] {
  const ends = [layers[0], layers[layers.length - 1]];
  for (const end of ends) {
    if (!isConductor(end.material)) {
      throw new InputError(
        "current: along",
        "z",
        "x or y",
        `The outermost layer "${end.name}" is an insulator: there is no return path through it`,
      );
    }
  }
  for (const part of layers) {
    if (!isConductor(part.material) && !part.barrier) {
      throw new InputError(
        `layer "${part.name}": barrier`,
        undefined,
        "barrier: { resistanceArea, polarizationBelow, polarizationAbove }",
        "Current along z has no path through an insulator without them",
      );
    }
  }
  return [`${ends[0].name}.bottom`, `${ends[1].name}.top`];
}

function endInContacts(layers: readonly Layer[], network: Network, onSubstrate: boolean): void {
  const [bottom, top] = verticalEnds(layers);
  network.connect(bottom, "bottom").connect(top, "top");
  if (!onSubstrate) network.add(reservoir({ at: bottom }));
  network.add(reservoir({ at: top, voltage: 0 }));
}

/** The block that carries the in-plane current. */
function channelOf(blocks: readonly Layer[][], drives: readonly Drive[], warn: Warn): readonly Layer[] {
  const inPlane = drives.filter(({ along }) => along !== "z");
  const named = inPlane.flatMap((drive) => drive.in ?? []);
  const chosen = named.map((name) => blocks.find((block) => block.some((part) => part.name === name)));
  for (const [i, block] of chosen.entries()) {
    if (!block) {
      const conducting = blocks.flat().map(({ name }) => `"${name}"`);
      throw new InputError("current: in", named[i], conducting.join(", ") || "nothing: no layer conducts");
    }
    if (block !== chosen[0]) throw new InputError("current: in", named, "layers of one conducting block");
  }
  if (inPlane.length > 0 && blocks.length > 1 && chosen.length === 0) {
    const block = blocks[0].map(({ name }) => name).join(" | ");
    warn(`The in-plane current flows in ${block}; "in" can name a layer of another conducting block`);
  }
  return chosen[0] ?? blocks[0] ?? [];
}

/** Blocks that no barrier joins to one below. */
function floatingGroups(layers: readonly Layer[], blocks: readonly Layer[][]): Layer[][] {
  return blocks.filter(([first]) => !layers[layers.indexOf(first) - 1]?.barrier);
}

const nodeBelow = (network: Network, part: Layer): string => network.nodeName(`${part.name}.bottom`);

function amplitudeOf(
  drive: Drive,
  channel: readonly Layer[],
  cell: { x: { length: number; width: number }; y: { length: number; width: number } },
  area: number,
): number {
  if (drive.along === "z" && drive.in !== undefined) {
    throw new InputError("current: in", drive.in, "nothing: along z every layer carries the same current");
  }
  if (drive.current !== undefined) return drive.current;
  if (drive.voltage !== undefined) return drive.voltage;
  const density = drive.density as number;
  if (drive.along === "z") {
    return density * area;
  }
  const { length, width } = cell[drive.along];
  if (drive.in === undefined) return density * width * channel.reduce((sum, { thickness }) => sum + thickness, 0);
  const named = channel.find(({ name }) => name === drive.in) as Layer & { material: Conductor };
  return (density / named.material.conductivity) * length;
}

/** Lengths beyond these [m] are most likely given without their unit. */
const THICK = 1e-2;
const WIDE = 0.1;

function warnOfUnits({ shape }: Device, layers: readonly Layer[], warn: Warn): void {
  for (const { name, thickness } of layers) {
    if (thickness > THICK) warn(`layer "${name}": thickness is ${thickness} m; did you mean ${thickness} * nm?`);
  }
  for (const side of [shape.width, shape.height]) {
    if (side > WIDE) warn(`shape: a side of ${side} m; did you mean ${side} * nm?`);
  }
}

/** Warns where a damping is smaller than what the material's own electrons cause: pumping would then feed the magnet. */
function checkDampings(layers: readonly Layer[], warn: Warn): void {
  for (const { name, material } of layers) {
    if (material.kind !== "ferromagnet") continue;
    const least = conductionDamping(material);
    if (material.damping >= least) continue;
    warn(
      `layer "${name}": damping ${material.damping} is less than the ${least.toPrecision(2)} that its own conduction electrons ` +
        "cause; with spin pumping the magnet may gain energy from nothing",
    );
  }
}

function lowerMagnets(description: Device, layers: readonly Layer[], magnetLayers: readonly Layer[], area: number) {
  const magnets: Macrospin[] = magnetLayers.map(({ name, material, thickness, fixed }) => {
    if (!isMagnetic(material)) throw new InputError(`layer "${name}"`, material.name, "a magnet");
    return {
      name,
      saturationMagnetization: material.saturationMagnetization,
      volume: area * thickness,
      damping: material.damping,
      ...(fixed && { fixed }),
    };
  });
  const terms: EnergyTerm[] = [];
  const initial = magnetLayers.map(({ magnetization = [0, 0, 1] as const }) => magnetization);
  for (const [i, { material, thickness }] of magnetLayers.entries()) {
    if (!isMagnetic(material)) continue;
    terms.push(demagnetization(magnets, i, shapeFactors(description.shape, thickness)));
    const { uniaxialAnisotropy: K1 = 0, uniaxialAnisotropy2: K2 = 0, anisotropyAxis = [0, 0, 1] as const } = material;
    if (K1 !== 0 || K2 !== 0) terms.push(uniaxialAnisotropy(magnets, i, anisotropyAxis, K1, K2));
    const { interfacialAnisotropy: Ki = 0, cubicAnisotropy: Kc1 = 0, cubicAnisotropy2: Kc2 = 0 } = material;
    if (Ki !== 0)
      terms.push({ ...uniaxialAnisotropy(magnets, i, [0, 0, 1], Ki / thickness), name: "interfacial anisotropy" });
    if (Kc1 !== 0 || Kc2 !== 0) terms.push(cubicAnisotropy(magnets, i, Kc1, Kc2));
  }
  const bottoms = layers.map((_, i) => layers.slice(0, i).reduce((sum, { thickness }) => sum + thickness, 0));
  for (const [i, one] of magnetLayers.entries()) {
    for (const [k, two] of magnetLayers.slice(i + 1).entries()) {
      const j = i + 1 + k;
      const gap = bottoms[layers.indexOf(two)] - bottoms[layers.indexOf(one)] - one.thickness;
      const n = stackedCoupling(description.shape, one.thickness, two.thickness, gap);
      terms.push(dipolarCoupling(magnets, [i, j], [n[0] * area, 0, 0, 0, n[1] * area, 0, 0, 0, n[2] * area]));
    }
  }
  for (const part of layers) {
    if (!part.coupling) continue;
    const at = layers.indexOf(part);
    const pair = [layers[at - 1], layers[at + 1]].map((other) => (other ? magnetLayers.indexOf(other) : -1));
    if (pair.includes(-1)) {
      throw new InputError(`layer "${part.name}": coupling`, part.coupling, "a layer with a magnet below and above");
    }
    terms.push(interlayerCoupling(magnets, pair as [number, number], area, part.coupling.J1, part.coupling.J2));
  }
  return { magnets, initial, terms };
}
