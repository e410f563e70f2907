import { type Element, type Medium, type Port, portWidth } from "./element.ts";
import type { Wiring } from "./wiring.ts";

/** Rounds in which the heat that currents make settles; each gains the digits by which a drive heats little, T − T₀ ≪ T₀. */
export const HEATING_ROUNDS = 200;
/** Relative change of the heat at which it counts as settled: above the round-off of a plain solve, far below what is seen. */
export const HEATING_TOLERANCE = 1e-11;
export const HEATING_ADVICE =
  "a thermal runaway, or a drive too strong for a law that is linear about the ambient temperature";

/** An element with its places in the vectors of a network, and its admittance. */
interface Placed {
  readonly element: Element;
  readonly width: number;
  readonly at: Int32Array;
  readonly Y: Float64Array;
  readonly potentials: Float64Array;
}

/** Where the heat of an element goes: port values that do work, and places of the temperatures at which it arrives. */
interface Housing {
  readonly working: readonly number[];
  readonly warms: readonly number[];
}

/** The heat that the currents of a network make, of second order in its drive. */
export class Heating {
  /** Heat [W] that currents bring to each place of the potential vector; 0 but at temperatures. */
  readonly heat: Float64Array;
  /** Heat [W] made where nothing has a temperature: it is gone. */
  unhoused = 0;
  private readonly housings: readonly Housing[];
  private readonly temperatures: readonly number[];
  private readonly wiring: Wiring;

  constructor(wiring: Wiring, elements: readonly Element[]) {
    this.wiring = wiring;
    this.heat = new Float64Array(wiring.labels.length);
    this.temperatures = wiring.kinds.flatMap((kind, place) => (kind === "temperature" ? [place] : []));
    this.housings = elements.map((element) => housingOf(wiring, element));
  }

  /** Whether anything has a temperature. */
  get isHoused(): boolean {
    return this.temperatures.length > 0;
  }

  clear(): void {
    this.heat.fill(0);
    this.unhoused = 0;
  }

  /** Throws a RangeError that names the first node whose temperature is none. */
  check(ambient: number, potentials: Float64Array): void {
    for (const place of this.temperatures) {
      const T = ambient + potentials[place];
      if (T > 0 && Number.isFinite(T)) continue;
      throw new RangeError(`${this.wiring.labels[place]} would be ${T.toPrecision(3)} K: ${HEATING_ADVICE}`);
    }
  }

  /** Puts the heat of the present currents in its places.  @returns its largest change relative to the largest heat */
  make(medium: Medium, placed: readonly Placed[], all: Float64Array): number {
    const last = Float64Array.from(this.heat);
    this.clear();
    for (const [e, { element, at, width, Y, potentials }] of placed.entries()) {
      const fluxes = new Float64Array(width);
      for (let i = 0; i < width; i++) potentials[i] = all[at[i]];
      for (let r = 0; r < width; r++) for (let c = 0; c < width; c++) fluxes[r] += Y[r * width + c] * potentials[c];
      if (element.heating) {
        const made = new Float64Array(width);
        element.heating(medium, potentials, fluxes, made);
        for (let i = 0; i < width; i++) this.heat[at[i]] += made[i];
        continue;
      }
      const { working, warms } = this.housings[e];
      const power = working.reduce((sum, i) => sum + potentials[i] * fluxes[i], 0);
      if (warms.length === 0) this.unhoused += power;
      for (const place of warms) this.heat[place] += power / warms.length;
    }
    let change = 0;
    let largest = 0;
    for (const place of this.temperatures) {
      change = Math.max(change, Math.abs(this.heat[place] - last[place]));
      largest = Math.max(largest, Math.abs(this.heat[place]));
    }
    return largest === 0 ? 0 : change / largest;
  }
}

/** The heat of an element arrives at its own temperatures, else at those of the nodes it touches. */
function housingOf(wiring: Wiring, { ports }: Element): Housing {
  const kinds = ports.flatMap((port) => Array<Port["kind"]>(portWidth(port)).fill(port.kind));
  const nodes = new Set(ports.flatMap((port) => (port.kind === "magnet" ? [] : [wiring.nodeName(port.node)])));
  return {
    working: kinds.flatMap((kind, at) => (kind === "temperature" ? [] : [at])),
    warms: [...nodes].flatMap((node) => (wiring.has("temperature", node) ? [wiring.place("temperature", node)] : [])),
  };
}
