import { InputError } from "../checks.ts";
import { type Element, type Port, portWidth } from "./element.ts";
import type { Source } from "./sources.ts";

/** A network cannot be solved as it is wired; the message names the node. */
export class NetworkError extends Error {
  override name = "NetworkError";
  readonly node: string;

  constructor(node: string, message: string) {
    super(message);
    this.node = node;
  }
}

/** What a wiring is made of. */
export interface Parts {
  readonly elements: readonly Element[];
  readonly sources: readonly Source[];
  /** The one name under which a node is kept. */
  nodeName(node: string): string;
  /** Ambient temperature T₀ [K]. */
  readonly temperature: number;
}

/** What a number of the potential vector is. */
export type PlaceKind = Port["kind"] | "source current";

/** The potentials a node may have, in the order in which they stand. */
const NODE_KINDS = ["charge", "spin", "temperature", "magnons"] as const;

const LABELS = {
  charge: (node: string) => `the voltage of node "${node}"`,
  temperature: (node: string) => `the temperature of node "${node}"`,
  magnons: (node: string) => `the magnon chemical potential of node "${node}"`,
};

/** Not an unknown. */
export const KNOWN = -1;

/**
 * Which number of a network stands where.  The potential vector holds V, φ_s, T − T₀ and φ_m of every node that has them, then the
 * pumped voltage of every magnet, then the currents of voltage sources; what sources hold and what magnets pump is known, the rest
 * is solved for.
 */
export class Wiring {
  readonly nodes: readonly string[];
  readonly magnets: readonly string[];
  /** What each number of the potential vector is, in words and by kind. */
  readonly labels: readonly string[];
  readonly kinds: readonly PlaceKind[];
  /** Where the magnets' voltages and the sources' currents begin. */
  readonly magnetAt: number;
  readonly branchAt: number;
  /** Place in the potential vector → unknown, or {@link KNOWN}. */
  readonly unknownOf: Int32Array;
  /** Unknown → place in the potential vector. */
  readonly placeOf: Int32Array;
  /** Potentials that sources hold, by place. */
  readonly held: ReadonlyMap<number, number>;
  /** Places of the spin accumulations that reservoirs hold. */
  readonly heldSpins: readonly number[];
  private readonly places = new Map<string, number>();
  private readonly parts: Parts;

  /** Throws {@link NetworkError} for a node that nothing holds, and for a current without a return path. */
  constructor(parts: Parts) {
    this.parts = parts;
    const { elements, sources } = parts;
    const carried = new Map<string, Set<Port["kind"]>>();
    const magnets = new Set<string>();
    for (const port of elements.flatMap((element) => element.ports)) {
      if (port.kind === "magnet") {
        magnets.add(port.magnet);
        continue;
      }
      const node = parts.nodeName(port.node);
      const kinds = carried.get(node) ?? new Set();
      carried.set(node, kinds.add(port.kind));
      // Spin is carried by charges: what has a spin accumulation has a voltage.
      if (port.kind === "spin") kinds.add("charge");
    }
    for (const source of sources) {
      for (const node of "between" in source ? source.between : [source.at]) {
        if (carried.has(parts.nodeName(node))) continue;
        throw new NetworkError(node, `${source.name} is at node "${node}", which no element touches`);
      }
    }
    this.nodes = [...carried.keys()];
    this.magnets = [...magnets];
    const labels: string[] = [];
    const kinds: PlaceKind[] = [];
    const put = (kind: PlaceKind, label: string): number => {
      kinds.push(kind);
      return labels.push(label) - 1;
    };
    for (const [node, own] of carried) {
      for (const kind of NODE_KINDS) {
        if (!own.has(kind)) continue;
        this.places.set(`${kind} ${node}`, labels.length);
        if (kind !== "spin") put(kind, LABELS[kind](node));
        else for (const axis of "xyz") put(kind, `the spin accumulation φ_${axis} of node "${node}"`);
      }
    }
    this.magnetAt = labels.length;
    for (const magnet of this.magnets) {
      this.places.set(`magnet ${magnet}`, labels.length);
      for (const axis of "xyz") put("magnet", `the pumped voltage ${axis} of magnet "${magnet}"`);
    }
    this.branchAt = labels.length;
    for (const source of sources) {
      if (source.kind === "voltage") put("source current", `the current of source "${source.name}"`);
    }
    this.kinds = kinds;
    this.labels = labels;
    this.checkChargeReturns();
    this.checkHeatSinks();

    const held = new Map<number, number>();
    const heldSpins: number[] = [];
    for (const source of sources) this.hold(source, held, heldSpins);
    for (const source of sources) {
      if (source.kind === "voltage" && source.between.every((node) => held.has(this.place("charge", node)))) {
        throw new NetworkError(source.between[0], `Both ends of source "${source.name}" are held at a voltage already`);
      }
      if (source.kind === "spin current" && held.has(this.place("spin", source.at))) {
        throw new NetworkError(
          source.at,
          `Source "${source.name}" is at node "${source.at}", whose spin a reservoir holds`,
        );
      }
      // Says here, before any work, that the node has no temperature to heat.
      if (source.kind === "heat") this.place("temperature", source.at);
    }
    this.held = held;
    this.heldSpins = heldSpins;
    const unknown = labels.flatMap((_, at) =>
      held.has(at) || (at >= this.magnetAt && at < this.branchAt) ? [] : [at],
    );
    this.placeOf = Int32Array.from(unknown);
    this.unknownOf = new Int32Array(labels.length).fill(KNOWN);
    for (const [u, at] of unknown.entries()) this.unknownOf[at] = u;
  }

  /** Place of a node's potential, of spin the first of three, or of a magnet's pumped voltage, in the potential vector. */
  place(kind: Port["kind"], name: string): number {
    const place = this.places.get(`${kind} ${kind === "magnet" ? name : this.parts.nodeName(name)}`);
    if (place === undefined) {
      const known = [...this.places.keys()]
        .filter((key) => key.startsWith(kind))
        .map((key) => `"${key.slice(kind.length + 1)}"`);
      throw new InputError(
        kind === "magnet" ? "magnet" : "node",
        name,
        known.join(", ") || "none: no element carries it",
        kind === "temperature" ? "A film carries heat with the option heat: true" : "",
      );
    }
    return place;
  }

  /** The one name under which a node is kept. */
  nodeName(node: string): string {
    return this.parts.nodeName(node);
  }

  /** Whether a node carries spin. */
  hasSpin(node: string): boolean {
    return this.has("spin", node);
  }

  /** Place of every number at the given ports. */
  placesOf(ports: readonly Port[]): Int32Array {
    return Int32Array.from(
      ports.flatMap((port) => {
        const at = this.place(port.kind, port.kind === "magnet" ? port.magnet : port.node);
        return Array.from({ length: portWidth(port) }, (_, i) => at + i);
      }),
    );
  }

  /** Whether a node has a potential of a kind. */
  has(kind: Port["kind"], node: string): boolean {
    return this.places.has(`${kind} ${this.parts.nodeName(node)}`);
  }

  private hold(source: Source, held: Map<number, number>, heldSpins: number[]): void {
    if (source.kind === "heat bath") {
      const { at: node, temperature = this.parts.temperature } = source;
      this.holdOne(held, this.place("temperature", node), temperature - this.parts.temperature);
    }
    if (source.kind === "magnon reservoir")
      this.holdOne(held, this.place("magnons", source.at), source.magnonPotential);
    if (source.kind !== "ground" && source.kind !== "reservoir") return;
    const at = this.place("charge", source.at);
    const voltage = source.kind === "ground" ? 0 : source.voltage;
    if (voltage !== undefined) this.holdOne(held, at, voltage);
    if (source.kind === "ground" || !this.hasSpin(source.at)) return;
    const spin = this.place("spin", source.at);
    if (held.has(spin)) {
      throw new NetworkError(source.at, `Two sources hold the spin accumulation of node "${source.at}"`);
    }
    heldSpins.push(spin);
    for (let a = 0; a < 3; a++) held.set(spin + a, source.spinAccumulation[a]);
  }

  private holdOne(held: Map<number, number>, at: number, value: number): void {
    const label = this.labels[at];
    if (held.has(at)) throw new NetworkError(/node "(.*)"/.exec(label)?.[1] ?? label, `Two sources hold ${label}`);
    held.set(at, value);
  }

  /** Every island of charge needs something that holds its voltage, and current sources must not drive between islands. */
  private checkChargeReturns(): void {
    const { elements, sources } = this.parts;
    const charged = this.nodes.filter((node) => this.has("charge", node));
    const { root, join } = this.islands(elements.flatMap((element) => element.conducts));
    for (const source of sources) if (source.kind === "voltage") join(source.between);
    for (const source of sources) {
      if (source.kind !== "current" || root(source.between[0]) === root(source.between[1])) continue;
      const [from, to] = source.between;
      throw new NetworkError(
        from,
        `Source "${source.name}" drives current into node "${from}", which has no return path to node "${to}"`,
      );
    }
    const held = new Set(
      sources.flatMap((source) =>
        source.kind === "ground" || (source.kind === "reservoir" && source.voltage !== undefined)
          ? [root(source.at)]
          : [],
      ),
    );
    for (const node of charged) {
      if (!held.has(root(node)))
        throw new NetworkError(node, `Nothing holds the voltage of node "${node}": ground it or connect it`);
    }
  }

  /** Every island of heat needs a bath that takes up what is brought into it. */
  private checkHeatSinks(): void {
    const { elements, sources } = this.parts;
    const { root } = this.islands(
      elements.flatMap(({ ports, conductsHeat }) => {
        if (conductsHeat) return conductsHeat;
        const nodes = ports.flatMap((port) => (port.kind === "temperature" ? [port.node] : []));
        return nodes.map((node) => [nodes[0], node] as const);
      }),
    );
    const cooled = new Set(sources.flatMap((source) => (source.kind === "heat bath" ? [root(source.at)] : [])));
    for (const node of this.nodes) {
      if (!this.has("temperature", node) || cooled.has(root(node))) continue;
      throw new NetworkError(
        node,
        `Nothing takes up the heat of node "${node}": give it, or what it touches, a heatBath`,
      );
    }
  }

  /** Which nodes hang together by the given pairs: `root` names the island of a node. */
  private islands(pairs: Iterable<readonly [string, string]>) {
    const parents = new Map<string, string>(this.nodes.map((node) => [node, node]));
    const root = (name: string): string => {
      const node = this.parts.nodeName(name);
      const parent = parents.get(node) as string;
      return parent === node ? node : root(parent);
    };
    const join = ([a, b]: readonly [string, string]): void => {
      parents.set(root(a), root(b));
    };
    for (const pair of pairs) join(pair);
    return { root, join };
  }
}
