import { CompensatedSums } from "../algebra/compensated.ts";
import type { Vector3 } from "../algebra/vector.ts";
import { InputError } from "../checks.ts";
import { HBAR_2E } from "../constants.ts";
import { type Element, type Port, portWidth } from "./element.ts";
import type { Film, ProfilePoint } from "./film.ts";
import { closeEnergyLedger, closeLedger, type EnergyLedger, type Ledger } from "./ledger.ts";
import type { MagnonFilm, MagnonPoint } from "./magnons.ts";
import type { Sheet, SheetState } from "./sheet.ts";
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
  /** Heat [W] that currents bring to each place, and what is made where nothing has a temperature. */
  readonly heat: Float64Array;
  readonly unhoused: number;
  readonly field: Vector3;
  readonly temperature: number;
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
  private readonly heat: Float64Array;
  private readonly unhoused: number;

  constructor(network: SolvedNetwork) {
    this.network = network;
    this.potentials = Float64Array.from(network.potentials);
    this.heat = Float64Array.from(network.heat);
    this.unhoused = network.unhoused;
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

  /** T of a node [K]. */
  temperature(node: string): number {
    return this.network.temperature + this.potentials[this.network.place("temperature", node)];
  }

  /** φ_m = μ_m/e of a node [V]. */
  magnonPotential(node: string): number {
    return this.potentials[this.network.place("magnons", node)];
  }

  /** Charge current [A] that an element takes in at a node. */
  current(element: string, node: string): number {
    return this.fluxInto(element, "charge", node)[0];
  }

  /** Spin current [A, charge units] that an element takes in at a node. */
  spinCurrent(element: string, node: string): Vector3 {
    const [x, y, z] = this.fluxInto(element, "spin", node);
    return [2 * x, 2 * y, 2 * z];
  }

  /**
   * Heat current [W] that an element takes in at a node, by its law at T₀: what it makes itself, and the Peltier heat of the
   * departure from T₀, come on top.
   */
  heatCurrent(element: string, node: string): number {
    return this.network.temperature * this.fluxInto(element, "temperature", node)[0];
  }

  /** Magnon current [A, charge units: 2e/ħ times the angular momentum] that an element takes in at a node. */
  magnonCurrent(element: string, node: string): number {
    return 2 * this.fluxInto(element, "magnons", node)[0];
  }

  /** What an element takes in at a node, summed over its ports of one kind there. */
  private fluxInto(element: string, kind: "charge" | "spin" | "temperature" | "magnons", node: string): number[] {
    const { flux, ports } = this.parts(element);
    const place = this.network.place(kind, node);
    const sum = [0, 0, 0];
    let at = 0;
    for (const port of ports) {
      const width = portWidth(port);
      if (port.kind === kind && this.network.place(kind, port.node) === place) {
        for (let a = 0; a < width; a++) sum[a] += flux[at + a];
      }
      at += width;
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

  /** What a voltage [V], current [A] or heat [W] source was set to. */
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

  /** φ_m and temperatures inside a magnon conductor at evenly spaced depths from its lower node. */
  magnonProfile(name: string, points = 51): MagnonPoint[] {
    const { element, potentials } = this.parts(name);
    if (!isMagnonFilm(element)) throw new InputError("magnon film", name, "the name of a magnonFilm");
    return element.magnonProfile(this.medium(), potentials, points);
  }

  /** Current and spin density of a sheet. */
  sheet(name: string): SheetState {
    const { element, potentials } = this.parts(name);
    if (!isSheet(element)) throw new InputError("sheet", name, "the name of a sheet");
    return element.sheetState(potentials);
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
    const take = (node: string, spin: ArrayLike<number>, factor: number): void => {
      const sum = held.get(node) ?? [0, 0, 0];
      for (let a = 0; a < 3; a++) sum[a] += factor * spin[a];
      held.set(node, sum);
    };
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
        if (port.kind === "spin" && this.isHeld(port.node)) take(port.node, flux.subarray(i, i + 3), 2);
        if (port.kind === "magnons") {
          through = Math.max(through, 2 * Math.abs(flux[i]));
          if (this.isHeldMagnons(port.node)) take(port.node, this.magnonDirection(element), 2 * flux[i]);
        }
        i += portWidth(port);
      }
    }
    const injected = [...held].map(([node, spin]) => ({ name: `reservoir at ${node}`, spin: spin as Vector3 }));
    for (const source of network.sources) {
      if (source.kind === "spin current") injected.push({ name: source.name, spin: source.value });
    }
    const absorbed = network.magnets.map((magnet) => ({ name: magnet, spin: this.absorbedSpin(magnet) }));
    return closeLedger({ injected, absorbed, relaxed, scale: through });
  }

  /** Where the energy went: what sources supply and magnets bring = heat taken up by baths + heat made where nothing has a temperature. */
  energy(): EnergyLedger {
    const { network } = this;
    const inflow = new Float64Array(this.potentials.length);
    for (const [e, { at }] of network.placed.entries()) {
      for (const [i, place] of at.entries()) inflow[place] += this.fluxes[e][i];
    }
    const supplied: { name: string; power: number }[] = [];
    const baths: { name: string; power: number }[] = [];
    /** What a holder puts into a place is what the elements take there less what other sources bring. */
    const brought = new Float64Array(inflow.length);
    for (const source of network.sources) {
      if (source.kind === "current" || source.kind === "voltage") {
        const current = this.sourceCurrent(source.name);
        const [from, to] = source.between.map((node) => network.place("charge", node));
        brought[from] += current;
        brought[to] -= current;
        supplied.push({ name: source.name, power: current * (this.potentials[from] - this.potentials[to]) });
      } else if (source.kind === "spin current") {
        const at = network.place("spin", source.at);
        let power = 0;
        for (let a = 0; a < 3; a++) {
          brought[at + a] += source.value[a] / 2;
          power += (source.value[a] / 2) * this.potentials[at + a];
        }
        supplied.push({ name: source.name, power });
      } else if (source.kind === "heat") {
        const power = this.drives.get(source.name) as number;
        brought[network.place("temperature", source.at)] += power / network.temperature;
        supplied.push({ name: source.name, power });
      }
    }
    const holds = (place: number): number => this.potentials[place] * (inflow[place] - brought[place]);
    for (const source of network.sources) {
      if (source.kind === "reservoir" || source.kind === "ground") {
        const spin = source.kind === "reservoir" && this.isHeldSpin(source.at) ? network.place("spin", source.at) : -1;
        const voltage = source.kind === "ground" || source.voltage !== undefined;
        const power =
          (voltage ? holds(network.place("charge", source.at)) : 0) +
          (spin < 0 ? 0 : holds(spin) + holds(spin + 1) + holds(spin + 2));
        supplied.push({ name: source.name, power });
      } else if (source.kind === "magnon reservoir") {
        supplied.push({ name: source.name, power: holds(network.place("magnons", source.at)) });
      } else if (source.kind === "heat bath") {
        const at = network.place("temperature", source.at);
        baths.push({ name: source.name, power: this.heat[at] - network.temperature * (inflow[at] - brought[at]) });
      }
    }
    const moving = network.magnets.map((name) => {
      const at = network.place("magnet", name);
      return { name, power: [0, 1, 2].reduce((sum, a) => sum + this.potentials[at + a] * inflow[at + a], 0) };
    });
    return closeEnergyLedger({
      supplied,
      moving,
      baths,
      unhoused: this.hasTemperatures() ? this.unhoused : this.totalPower(),
    });
  }

  private hasTemperatures(): boolean {
    return this.network.placed.some(({ element }) => element.ports.some(({ kind }) => kind === "temperature"));
  }

  private isHeldSpin(node: string): boolean {
    return this.network.placed.some(({ element }) =>
      element.ports.some((port) => port.kind === "spin" && this.isAt(port.node, node)),
    );
  }

  private isHeld(node: string): boolean {
    return this.network.sources.some((source) => source.kind === "reservoir" && this.isAt(source.at, node));
  }

  private isHeldMagnons(node: string): boolean {
    const place = this.network.place("magnons", node);
    return this.network.sources.some(
      (source) => source.kind === "magnon reservoir" && this.network.place("magnons", source.at) === place,
    );
  }

  /** Direction of the spin of an element's magnons: that of its one magnet. */
  private magnonDirection({ ports }: Element): Vector3 {
    const port = ports.find(({ kind }) => kind === "magnet") as Extract<Port, { kind: "magnet" }>;
    return this.m.get(port.magnet) as Vector3;
  }

  /** Whether two names mean one node. */
  private isAt(a: string, b: string): boolean {
    return this.network.place("charge", a) === this.network.place("charge", b);
  }

  private medium() {
    return {
      magnetization: (magnet: string) => this.m.get(magnet) as Vector3,
      field: this.field,
      temperature: this.network.temperature,
    };
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

const isMagnonFilm = (element: Element): element is MagnonFilm => "magnonProfile" in element;
const isSheet = (element: Element): element is Sheet => "sheetState" in element;
const isFilm = (element: Element): element is Film => "profile" in element;
