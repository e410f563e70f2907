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
}

/** Not an unknown. */
export const KNOWN = -1;

/**
 * Which number of a network stands where.  The potential vector holds V and φ of every node, then the pumped voltage of every
 * magnet, then the currents of voltage sources; what sources hold and what magnets pump is known, the rest is solved for.
 */
export class Wiring {
  readonly nodes: readonly string[];
  readonly magnets: readonly string[];
  /** What each number of the potential vector is, in words. */
  readonly labels: readonly string[];
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
    const spins = new Map<string, boolean>();
    const magnets = new Set<string>();
    for (const port of elements.flatMap((element) => element.ports)) {
      if (port.kind === "magnet") {
        magnets.add(port.magnet);
        continue;
      }
      const node = parts.nodeName(port.node);
      spins.set(node, port.kind === "spin" || (spins.get(node) ?? false));
    }
    for (const source of sources) {
      for (const node of "between" in source ? source.between : [source.at]) {
        if (spins.has(parts.nodeName(node))) continue;
        throw new NetworkError(node, `${source.name} is at node "${node}", which no element touches`);
      }
    }
    this.nodes = [...spins.keys()];
    this.magnets = [...magnets];
    const labels: string[] = [];
    for (const [node, spin] of spins) {
      this.places.set(`charge ${node}`, labels.push(`the voltage of node "${node}"`) - 1);
      if (!spin) continue;
      this.places.set(`spin ${node}`, labels.length);
      for (const axis of "xyz") labels.push(`the spin accumulation φ_${axis} of node "${node}"`);
    }
    this.magnetAt = labels.length;
    for (const magnet of this.magnets) {
      this.places.set(`magnet ${magnet}`, labels.length);
      for (const axis of "xyz") labels.push(`the pumped voltage ${axis} of magnet "${magnet}"`);
    }
    this.branchAt = labels.length;
    for (const source of sources) if (source.kind === "voltage") labels.push(`the current of source "${source.name}"`);
    this.labels = labels;
    this.checkChargeReturns();

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

  /** Place of a node's voltage or first spin component, or of a magnet's pumped voltage, in the potential vector. */
  place(kind: Port["kind"], name: string): number {
    const place = this.places.get(`${kind} ${kind === "magnet" ? name : this.parts.nodeName(name)}`);
    if (place === undefined) {
      const known = [...this.places.keys()]
        .filter((key) => key.startsWith(kind))
        .map((key) => `"${key.slice(kind.length + 1)}"`);
      throw new InputError(kind === "magnet" ? "magnet" : "node", name, known.join(", "));
    }
    return place;
  }

  /** Whether a node carries spin. */
  hasSpin(node: string): boolean {
    return this.places.has(`spin ${this.parts.nodeName(node)}`);
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

  private hold(source: Source, held: Map<number, number>, heldSpins: number[]): void {
    if (source.kind !== "ground" && source.kind !== "reservoir") return;
    const at = this.place("charge", source.at);
    const voltage = source.kind === "ground" ? 0 : source.voltage;
    if (voltage !== undefined) {
      if (held.has(at)) throw new NetworkError(source.at, `Two sources hold the voltage of node "${source.at}"`);
      held.set(at, voltage);
    }
    if (source.kind === "ground" || !this.hasSpin(source.at)) return;
    const spin = this.place("spin", source.at);
    if (held.has(spin)) {
      throw new NetworkError(source.at, `Two sources hold the spin accumulation of node "${source.at}"`);
    }
    heldSpins.push(spin);
    for (let a = 0; a < 3; a++) held.set(spin + a, source.spinAccumulation[a]);
  }

  /** Every island of charge needs something that holds its voltage, and current sources must not drive between islands. */
  private checkChargeReturns(): void {
    const { elements, sources } = this.parts;
    const island = new Map<string, string>(this.nodes.map((node) => [node, node]));
    const root = (name: string): string => {
      const node = this.parts.nodeName(name);
      const parent = island.get(node) as string;
      return parent === node ? node : root(parent);
    };
    for (const [a, b] of elements.flatMap((element) => element.conducts)) island.set(root(a), root(b));
    for (const source of sources)
      if (source.kind === "voltage") island.set(root(source.between[0]), root(source.between[1]));
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
    for (const node of this.nodes) {
      if (!held.has(root(node)))
        throw new NetworkError(node, `Nothing holds the voltage of node "${node}": ground it or connect it`);
    }
  }
}
