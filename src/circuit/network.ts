import { checkKeys, checkNumber, InputError, POSITIVE } from "../checks.ts";
import { AMBIENT_TEMPERATURE } from "../transport/index.ts";
import type { Element } from "./element.ts";
import { CompiledNetwork, type NetworkState } from "./nodalAnalysis.ts";
import type { Solution } from "./solution.ts";
import type { Source } from "./sources.ts";

/** Any graph of elements and sources, wired by the names of nodes. */
export class Network {
  readonly elements: Element[] = [];
  readonly sources: Source[] = [];
  /** Ambient temperature T₀ [K], about which heat flows linearly. */
  readonly temperature: number;
  private readonly sameAs = new Map<string, string>();

  constructor(options: { readonly temperature?: number } = {}) {
    checkKeys("Network", options, ["temperature"]);
    const { temperature = AMBIENT_TEMPERATURE } = options;
    this.temperature = checkNumber("temperature", temperature, POSITIVE, "K");
  }

  /** Makes two names mean one node. */
  connect(a: string, b: string): this {
    const [first, second] = [this.nodeName(a), this.nodeName(b)];
    if (first !== second) this.sameAs.set(second, first);
    return this;
  }

  /** The one name under which a node is kept. */
  nodeName(node: string): string {
    const other = this.sameAs.get(node);
    return other === undefined ? node : this.nodeName(other);
  }

  /** Adds elements and sources; returns the network. */
  add(...parts: (Element | Source)[]): this {
    for (const part of parts) {
      const taken = [...this.elements, ...this.sources].some((other) => other.name === part.name);
      if (taken) throw new InputError("name", part.name, "a name that no other part of the network has");
      if ("ports" in part) this.elements.push(part);
      else this.sources.push(part);
    }
    return this;
  }

  /** Fixes the wiring for many solutions.  Throws {@link NetworkError} for a node that nothing holds. */
  compile(): CompiledNetwork {
    return new CompiledNetwork(this);
  }

  /** Solves once. */
  solve(state: NetworkState = {}): Solution {
    return this.compile().solve(state);
  }
}
