import { CompensatedSums } from "../algebra/compensated.ts";
import type { Vector3 } from "../algebra/vector.ts";
import { InputError } from "../checks.ts";
import { HBAR_2E } from "../constants.ts";
import type { Element, Port } from "./element.ts";
import type { Film, ProfilePoint } from "./film.ts";
import { closeLedger, type Ledger } from "./ledger.ts";
import type { Source } from "./sources.ts";

/** What a solution needs to know of the network it was found for. */
export interface SolvedNetwork {
  readonly nodes: readonly string[];
  readonly magnets: readonly string[];
  readonly sources: readonly Source[];
  readonly placed: readonly {
    readonly element: Element;
    readonly width: number;
    /** Place of each port value in the potentials. */
    readonly at: Int32Array;
    readonly Y: Float64Array;
  }[];
  /** Potentials, and what stands below their last bit. */
  readonly potentials: Float64Array;
  readonly fine: Float64Array;
  readonly field: Vector3;
  magnetization(magnet: string): Vector3;
  driveValue(source: string): number;
  place(kind: Port["kind"], name: string): number;
}

/** The state of a solved network; a copy, free of later solves. */
export class Solution {
  private readonly network: SolvedNetwork;
  private readonly potentials: Float64Array;
  private readonly fluxes: readonly Float64Array[];
  private readonly drives: ReadonlyMap<string, number>;
  private readonly m: ReadonlyMap<string, Vector3>;
  private readonly field: Vector3;

  constructor(network: SolvedNetwork) {
    this.network = network;
    this.potentials = Float64Array.from(network.potentials);
    this.m = new Map(network.magnets.map((magnet) => [magnet, network.magnetization(magnet)]));
    this.field = network.field;
    this.drives = new Map(network.sources.map((source) => [source.name, network.driveValue(source.name)]));
    this.fluxes = network.placed.map(({ at, width, Y }) => {
      const sums = new CompensatedSums(width);
      for (let r = 0; r < width; r++) {
        for (let c = 0; c < width; c++) {
          const y = Y[r * width + c];
          if (y === 0) continue;
          sums.addProduct(r, y, network.potentials[at[c]]);
          sums.addProduct(r, y, network.fine[at[c]]);
        }
      }
      return Float64Array.from({ length: width }, (_, r) => sums.value(r));
    });
  }

  /** V of a node [V]. */
  voltage(node: string): number {
    return this.potentials[this.network.place("charge", node)];
  }

  /** φ_s = φ↑ − φ↓ of a node [V], the full difference, along x, y, z. */
  spinAccumulation(node: string): Vector3 {
    const at = this.network.place("spin", node);
    return [this.potentials[at], this.potentials[at + 1], this.potentials[at + 2]];
  }

  /** Charge current [A] that an element takes in at a node. */
  current(element: string, node: string): number {
    const { flux, ports } = this.parts(element);
    let sum = 0;
    let at = 0;
    for (const port of ports) {
      if (port.kind === "charge" && this.isAt(port.node, node)) sum += flux[at];
      at += port.kind === "charge" ? 1 : 3;
    }
    return sum;
  }

  /** Spin current [A, charge units] that an element takes in at a node. */
  spinCurrent(element: string, node: string): Vector3 {
    const { flux, ports } = this.parts(element);
    const sum: [number, number, number] = [0, 0, 0];
    let at = 0;
    for (const port of ports) {
      if (port.kind === "spin" && this.isAt(port.node, node)) for (let a = 0; a < 3; a++) sum[a] += 2 * flux[at + a];
      at += port.kind === "charge" ? 1 : 3;
    }
    return sum;
  }

  /** Charge current [A] that a voltage or current source drives into its first node. */
  sourceCurrent(name: string): number {
    const source = this.network.sources.find((s) => s.name === name);
    if (source?.kind === "current") return this.drives.get(name) as number;
    if (source?.kind !== "voltage") throw new InputError("source", name, "a voltage or current source of the network");
    const branch = this.network.sources.filter((s) => s.kind === "voltage").indexOf(source);
    return this.potentials[
      this.potentials.length - this.network.sources.filter((s) => s.kind === "voltage").length + branch
    ];
  }

  /** What a voltage [V] or current [A] source was set to. */
  sourceValue(name: string): number {
    const value = this.drives.get(name);
    if (value === undefined)
      throw new InputError("source", name, [...this.drives.keys()].map((key) => `"${key}"`).join(", "));
    return value;
  }

  /** Resistance between two nodes [Ω] for the current [A] that flows from the first to the second. */
  resistance(from: string, to: string, current: number): number {
    return (this.voltage(from) - this.voltage(to)) / current;
  }

  /** Spin current absorbed by a magnet, across its magnetization [A, charge units]. */
  absorbedSpin(magnet: string): Vector3 {
    const place = this.network.place("magnet", magnet);
    const sum: [number, number, number] = [0, 0, 0];
    for (const [e, { at }] of this.network.placed.entries()) {
      const own = at.indexOf(place);
      if (own >= 0) for (let a = 0; a < 3; a++) sum[a] -= 2 * this.fluxes[e][own + a];
    }
    return sum;
  }

  /**
   * Torque on a magnet [J] in the sense of d(Ms V m)/dt · (−1/γ): the angular momentum per second it receives, (ħ/2e) I_s.
   * The magnetization answers against it, dm/dt = −(γ/Ms V) torque.
   */
  torque(magnet: string): Vector3 {
    const [x, y, z] = this.absorbedSpin(magnet);
    return [HBAR_2E * x, HBAR_2E * y, HBAR_2E * z];
  }

  /** Power [W] an element takes up: dissipation, by the potentials and currents at its ports. */
  power(element: string): number {
    const { flux, potentials } = this.parts(element);
    return flux.reduce((sum, f, i) => sum + f * potentials[i], 0);
  }

  /** Power [W] that all elements take up together. */
  totalPower(): number {
    return this.network.placed.reduce((sum, { element }) => sum + this.power(element.name), 0);
  }

  /** Whether the network touches a magnet of this name. */
  hasMagnet(magnet: string): boolean {
    return this.m.has(magnet);
  }

  /** The exact solution inside a film at evenly spaced depths from its lower node. */
  profile(film: string, points = 51): ProfilePoint[] {
    const { element, potentials } = this.filmParts(film);
    return element.profile(this.medium(), potentials, points);
  }

  /** Dissipation of a film by integrating its local power density [W]: must equal {@link power} when magnets rest. */
  dissipation(film: string): number {
    const { element, potentials } = this.filmParts(film);
    return element.dissipation(this.medium(), potentials);
  }

  /** Where the spin went. */
  ledger(): Ledger {
    const { network } = this;
    const medium = this.medium();
    const held = new Map<string, [number, number, number]>();
    let through = 0;
    const relaxed = [];
    for (const [e, { element, at }] of network.placed.entries()) {
      const flux = this.fluxes[e];
      const potentials = Float64Array.from(at, (place) => this.potentials[place]);
      if (element.relaxed) relaxed.push({ name: element.name, spin: element.relaxed(medium, potentials) });
      through = Math.max(through, element.converted?.(medium, potentials) ?? 0);
      let i = 0;
      for (const port of element.ports) {
        if (port.kind === "spin") through = Math.max(through, 2 * Math.hypot(flux[i], flux[i + 1], flux[i + 2]));
        if (port.kind === "spin" && this.isHeld(port.node)) {
          const sum = held.get(port.node) ?? [0, 0, 0];
          for (let a = 0; a < 3; a++) sum[a] += 2 * flux[i + a];
          held.set(port.node, sum);
        }
        i += port.kind === "charge" ? 1 : 3;
      }
    }
    const injected = [...held].map(([node, spin]) => ({ name: `reservoir at ${node}`, spin: spin as Vector3 }));
    for (const source of network.sources) {
      if (source.kind === "spin current") injected.push({ name: source.name, spin: source.value });
    }
    const absorbed = network.magnets.map((magnet) => ({ name: magnet, spin: this.absorbedSpin(magnet) }));
    return closeLedger({ injected, absorbed, relaxed, scale: through });
  }

  private isHeld(node: string): boolean {
    return this.network.sources.some((source) => source.kind === "reservoir" && this.isAt(source.at, node));
  }

  /** Whether two names mean one node. */
  private isAt(a: string, b: string): boolean {
    return this.network.place("charge", a) === this.network.place("charge", b);
  }

  private medium() {
    return { magnetization: (magnet: string) => this.m.get(magnet) as Vector3, field: this.field };
  }

  private parts(name: string) {
    const index = this.network.placed.findIndex(({ element }) => element.name === name);
    if (index < 0) {
      const known = this.network.placed.map(({ element }) => `"${element.name}"`).join(", ");
      throw new InputError("element", name, known);
    }
    const { element, at } = this.network.placed[index];
    const potentials = Float64Array.from(at, (place) => this.potentials[place]);
    return { element, ports: element.ports, flux: this.fluxes[index], potentials };
  }

  private filmParts(name: string): { element: Film; potentials: Float64Array } {
    const { element, potentials } = this.parts(name);
    if (!isFilm(element)) throw new InputError("film", name, "the name of a film");
    return { element, potentials };
  }
}

const isFilm = (element: Element): element is Film => "profile" in element;
