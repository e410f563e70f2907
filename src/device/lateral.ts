import { checkKeys, checkNumber, InputError, POSITIVE } from "../checks.ts";
import { contact, currentSource, film, ground, Network, reservoir } from "../circuit/index.ts";
import {
  checkInterface,
  checkMaterial,
  type Ferromagnet,
  type InterfaceParameters,
  type NormalMetal,
} from "../materials/material.ts";

/** A magnetic electrode across the wire, along y. */
export interface Electrode {
  readonly name: string;
  readonly material: Ferromagnet;
  /** Where its middle crosses the wire [m]. */
  readonly position: number;
  /** Along the wire [m]; with the width of the wire it makes the area of the junction. */
  readonly width: number;
  /** Along which spin leaves it [m]; default 20 spin diffusion lengths, which is endless. */
  readonly thickness?: number;
  readonly contact: InterfaceParameters | "transparent";
}

/** A strip without magnetization across the wire, which takes up spin. */
export interface Absorber {
  readonly name: string;
  readonly material: NormalMetal;
  readonly position: number;
  readonly width: number;
  readonly thickness: number;
}

/** A pair of leads at the sides of the wire, along y, over a stretch of it: they read what the spin Hall effect makes. */
export interface HallCross {
  readonly name: string;
  readonly position: number;
  /** Of the stretch, along the wire [m]. */
  readonly width: number;
}

/** A wire along x on which electrodes, absorbers and Hall crosses lie.  Plain data. */
export interface LateralDevice {
  readonly kind: "lateral device";
  readonly wire: {
    readonly material: NormalMetal;
    readonly width: number;
    readonly thickness: number;
    /** Beyond the outermost part on either side [m]; default 12 spin diffusion lengths, which is endless. */
    readonly arms?: number;
  };
  readonly electrodes: readonly Electrode[];
  readonly absorbers: readonly Absorber[];
  readonly crosses: readonly HallCross[];
}

/** Checks a description and returns it as plain data.  Throws an InputError that names what is wrong. */
export function lateralDevice(options: {
  readonly wire: LateralDevice["wire"];
  readonly electrodes: readonly Electrode[];
  readonly absorbers?: readonly Absorber[];
  readonly crosses?: readonly HallCross[];
}): LateralDevice {
  checkKeys("lateralDevice", options, ["wire", "electrodes", "absorbers", "crosses"]);
  const { wire, electrodes, absorbers = [], crosses = [] } = options;
  checkKeys("wire", wire, ["material", "width", "thickness", "arms"]);
  checkMaterial(wire.material);
  checkLength("wire: width", wire.width);
  checkLength("wire: thickness", wire.thickness);
  if (wire.arms !== undefined) checkLength("wire: arms", wire.arms);
  if (wire.arms === undefined && !Number.isFinite(wire.material.spinDiffusionLength)) {
    throw new InputError("wire: arms", undefined, "a length, as the wire's spin diffusion length is infinite");
  }
  const names = new Set<string>();
  for (const part of [...electrodes, ...absorbers, ...crosses]) {
    if (names.has(part.name)) throw new InputError("name", part.name, "a name that no other part has");
    names.add(part.name);
    checkNumber(`"${part.name}": position`, part.position, {}, "m");
    checkLength(`"${part.name}": width`, part.width);
  }
  for (const electrode of electrodes) {
    checkMaterial(electrode.material);
    if (electrode.thickness !== undefined) checkLength(`"${electrode.name}": thickness`, electrode.thickness);
    if (electrode.contact !== "transparent")
      checkInterface(`"${electrode.name}": contact`, electrode.contact, () => {});
  }
  for (const absorber of absorbers) {
    checkMaterial(absorber.material);
    checkLength(`"${absorber.name}": thickness`, absorber.thickness);
  }
  const along = [...electrodes, ...absorbers, ...crosses].sort((a, b) => a.position - b.position);
  for (const [i, part] of along.entries()) {
    const last = along[i - 1];
    if (!last) continue;
    const gap = part.position - part.width / 2 - (last.position + last.width / 2);
    if (gap < 0)
      throw new InputError(
        `"${part.name}": position`,
        part.position,
        `no overlap with "${last.name}"; it is ${-gap} m`,
      );
  }
  return { kind: "lateral device", wire, electrodes, absorbers, crosses };
}

/** Beyond this [m] a length is given without its unit. */
const LONGEST = 1e-2;

function checkLength(parameter: string, value: number): void {
  checkNumber(parameter, value, POSITIVE, "m");
  if (value > LONGEST) {
    throw new InputError(parameter, value, `lengths in metres, up to ${LONGEST}`, `Did you mean ${value} * nm?`);
  }
}

/** Where a current or a voltage is taken: the ends of the wire, an electrode, a side of a Hall cross ("name+", "name-"). */
export type Terminal = string;

/** A lateral device as a network, driven between two terminals. */
export interface LateralModel {
  readonly network: Network;
  /** Name of the current source. */
  readonly drive: string;
  /** The node of a terminal. */
  nodeOf(terminal: Terminal): string;
  /** Where a terminal stands along the wire [m]; ±Infinity at its ends. */
  positionOf(terminal: Terminal): number;
}

/** Flow along x; the wire's own x is the lab's y, across which its Hall crosses stand. */
const ALONG = { x: [0, 1, 0], z: [1, 0, 0] } as const;

/**
 * Lowers a lateral device: stretches of wire, junctions at the middle of what lies on it, electrodes down to where their spin is lost.
 * The wire is one-dimensional, so that current spreads over its cross-section at once.
 */
export function lowerLateral(description: LateralDevice, current: readonly [Terminal, Terminal]): LateralModel {
  const { wire, electrodes, absorbers, crosses } = description;
  const { arms = 12 * wire.material.spinDiffusionLength } = wire;
  const section = wire.width * wire.thickness;
  const network = new Network();
  const stops = [
    ...electrodes.map(({ name, position }) => ({ name, position })),
    ...absorbers.map(({ name, position }) => ({ name, position })),
    ...crosses.flatMap(({ name, position, width }) => [
      { name: `${name} begin`, position: position - width / 2 },
      { name: `${name} end`, position: position + width / 2 },
    ]),
  ].sort((a, b) => a.position - b.position);
  const nodes = [
    { name: "left", position: stops[0].position - arms },
    ...stops,
    { name: "right", position: stops[stops.length - 1].position + arms },
  ];
  for (const [i, to] of nodes.entries()) {
    const from = nodes[i - 1];
    if (!from) continue;
    const cross = crosses.find(({ name }) => from.name === `${name} begin` && to.name === `${name} end`);
    network.add(
      film({
        name: cross ? cross.name : `wire ${i}`,
        between: [`wire.${from.name}`, `wire.${to.name}`],
        material: wire.material,
        thickness: to.position - from.position,
        area: section,
        orientation: ALONG,
        ...(cross && { sides: { x: { between: [`${cross.name}-`, `${cross.name}+`], length: wire.width } } }),
      }),
    );
    if (cross) network.add(ground(`${cross.name}-`));
  }
  network.add(reservoir({ at: "wire.left", voltage: 0 }), reservoir({ at: "wire.right" }));
  for (const electrode of electrodes) addElectrode(network, electrode, wire.width);
  for (const { name, material, width, thickness } of absorbers) {
    const between = [`wire.${name}`, `${name}.end`] as const;
    network.add(film({ name, between, material, thickness, area: width * wire.width }));
  }
  const terminals = new Map<string, { node: string; position: number }>([
    ["left", { node: "wire.left", position: Number.NEGATIVE_INFINITY }],
    ["right", { node: "wire.right", position: Number.POSITIVE_INFINITY }],
    ...electrodes.map(({ name, position }) => [name, { node: `${name}.end`, position }] as const),
    ...crosses.flatMap(({ name, position }) =>
      ["-", "+"].map((side) => [`${name}${side}`, { node: `${name}${side}`, position }] as const),
    ),
  ]);
  const find = (terminal: Terminal) => {
    const found = terminals.get(terminal);
    if (!found) throw new InputError("terminal", terminal, [...terminals.keys()].map((name) => `"${name}"`).join(", "));
    return found;
  };
  network.add(currentSource({ name: "drive", between: [find(current[0]).node, find(current[1]).node], current: 0 }));
  return {
    network,
    drive: "drive",
    nodeOf: (terminal) => find(terminal).node,
    positionOf: (terminal) => find(terminal).position,
  };
}

function addElectrode(network: Network, electrode: Electrode, wireWidth: number): void {
  const { name, material, width, contact: parameters } = electrode;
  const { thickness = 20 * material.spinDiffusionLength } = electrode;
  const area = width * wireWidth;
  const face = parameters === "transparent" ? `wire.${name}` : `${name}.face`;
  network.add(
    film({ name, between: [face, `${name}.end`], material, thickness, area, magnet: name }),
    reservoir({ at: `${name}.end` }),
  );
  if (parameters !== "transparent")
    network.add(
      contact({
        name: `${name} junction`,
        metalSide: `wire.${name}`,
        magnetSide: face,
        magnet: name,
        area,
        parameters,
      }),
    );
}

/** A tunnel contact by its resistance-area product [Ω m²] and polarisation: spin across m passes as that along it. */
export function tunnelContact(resistanceArea: number, polarization: number): InterfaceParameters {
  checkNumber("resistanceArea", resistanceArea, POSITIVE, "Ω m²");
  checkNumber("polarization", polarization, { min: -1, max: 1 });
  const G = 1 / resistanceArea;
  return {
    conductanceUp: (G * (1 + polarization)) / 2,
    conductanceDown: (G * (1 - polarization)) / 2,
    mixingConductance: G / 2,
  };
}
