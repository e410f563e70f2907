import { DirectionalMap, type DriveFactor } from "../algebra/directionalMap.ts";
import type { Vector3 } from "../algebra/vector.ts";
import type { CompiledNetwork } from "./nodalAnalysis.ts";

/** Three channels of a map, x, y, z. */
export type Triple = readonly [number, number, number];

/** A source of the network and what it does at its peak. */
export interface MappedDrive {
  readonly name: string;
  /** Value of the source at its peak, [A] or [V]. */
  readonly peak: number;
  /** Nodes between which its voltage stands. */
  readonly contacts: readonly [string, string];
}

export interface StackMapOptions {
  readonly network: CompiledNetwork;
  /** The magnet whose direction is the variable. */
  readonly magnet: string;
  /** Directions of all others. */
  readonly others: readonly { readonly name: string; readonly direction: Vector3 }[];
  readonly drives: readonly MappedDrive[];
  /**
   * The same network with a voltage in place of the source of one drive, whose current columns share: that drive's peak is then the
   * voltage.
   */
  readonly shared?: { readonly network: CompiledNetwork; readonly drive: number };
  /** Whether the answer to what the moving magnet pumps is mapped too. */
  readonly pumping: boolean;
  /** Largest error of a series over the largest value of what it stands for: at rest, and of what is pumped. */
  readonly tolerance: number;
  readonly pumpTolerance: number;
}

/** The currents of a stack as functions of one magnet's direction m and of the drives, each as a share v of its peak. */
export interface StackMap {
  /** Channels at rest [A], [V]. */
  readonly rest: DirectionalMap;
  /** The same per volt that m pumps, (ħ/e) m × ṁ: component b of channel c is channel 3c + b. */
  readonly pumped: DirectionalMap | undefined;
  /** Spin current that the magnet absorbs, that terminals inject, that relaxes [A, charge units]. */
  readonly absorbed: Triple;
  readonly injected: Triple;
  readonly relaxed: Triple;
  /** Spin current that each other magnet of the network absorbs. */
  readonly others: readonly { readonly name: string; readonly absorbed: Triple }[];
  /** Current and voltage of each drive. */
  readonly currents: readonly number[];
  readonly voltages: readonly number[];
}

/** Share of what could flow below which a current may be round-off, a series of which has no end. */
const NOTHING = 1e-8;
/** Orders of the series in a bias that are tried. */
const ORDERS = [7, 11, 15, 23, 31] as const;

/** Samples a network over the sphere of one magnet's direction; see {@link StackMap}. */
export function stackMap(options: StackMapOptions): StackMap {
  const { network, magnet, others, drives, shared, pumping } = options;
  const toleranceOf = (width: 1 | 3): number => (width === 1 ? options.tolerance : options.pumpTolerance);
  const atRest = shared?.network ?? network;
  const networks = new Set([network, atRest]);
  const reader = new Reader(network, magnet, drives);
  for (const each of networks) {
    for (const { name, direction } of others) {
      const index = each.magnets.indexOf(name);
      if (index >= 0) each.setMagnetization(index, ...direction);
    }
    for (const [i] of each.magnets.entries()) each.setPump(i, [0, 0, 0]);
    each.stamp(true);
  }
  const index = network.magnets.indexOf(magnet);
  const point = (m: Vector3, values: readonly number[]): void => {
    for (const each of networks) {
      each.setMagnetization(index, ...m);
      each.setPump(index, [0, 0, 0]);
      for (const [d, { name, peak }] of drives.entries())
        each.setDrive(name, each === atRest ? peak * (values[d] ?? 0) : 0);
    }
  };
  const solveAtRest = (m: Vector3, values: readonly number[]): void => {
    point(m, values);
    atRest.biases.fill(0);
    atRest.refresh(false);
    atRest.solvePotentials();
  };
  const answers = (): Float64Array => {
    network.biases.set(atRest.biases);
    // Drives count no more: what is left is linear in what is pumped.
    for (const { name } of drives) network.setDrive(name, 0);
    network.refresh(false);
    const found = new Float64Array(3 * reader.size);
    for (let b = 0; b < 3; b++) {
      network.setPump(index, [b === 0 ? 1 : 0, b === 1 ? 1 : 0, b === 2 ? 1 : 0]);
      network.solveLinear();
      for (const [c, value] of reader.read(network).entries()) found[3 * c + b] = value;
    }
    network.setPump(index, [0, 0, 0]);
    return found;
  };
  const one = (d: number): number[] => drives.map((_, k) => (k === d ? 1 : 0));
  // Below a share of what could flow, numbers are round-off and have no direction: of the drives' currents, and of what a volt would drive
  // through the best conductor.
  const somewhere: Vector3 = [0.48, 0.6, 0.64];
  const atPeaks = drives.map((_, d) => {
    solveAtRest(somewhere, one(d));
    return reader.read(atRest);
  });
  const largest = (channels: readonly number[]): number =>
    Math.max(0, ...atPeaks.flatMap((values) => channels.map((c) => Math.abs(values[c]))));
  const flow = NOTHING * largest(reader.currents);
  const perVolt = NOTHING * Math.max(...network.placed.map(({ Y }) => Y.reduce((y, x) => Math.max(y, Math.abs(x)), 0)));
  const floors = {
    rest: { spin: flow, current: flow, voltage: NOTHING * largest(reader.voltages) },
    pumped: { spin: perVolt, current: perVolt, voltage: NOTHING },
  };

  const map = (
    factors: readonly DriveFactor[],
    width: 1 | 3,
    sample: (m: Vector3) => readonly ArrayLike<number>[],
  ): DirectionalMap => {
    const floor = floors[width === 1 ? "rest" : "pumped"];
    const groups = reader.groups.map(({ channels, kind }) => ({
      channels: channels.flatMap((c) => Array.from({ length: width }, (_, b) => width * c + b)),
      floor: floor[kind],
    }));
    return DirectionalMap.of(factors, groups, sample, toleranceOf(width));
  };

  const isBiased = drives.length === 1 && network.placed.some(({ element }) => element.biasedBetween);
  const found = isBiased ? mapBiased() : mapLinear();
  return { ...found, ...reader.channels };

  function mapLinear() {
    const rest = map(
      drives.map((_, drive) => ({ drive, order: 1 })),
      1,
      (m) =>
        drives.map((_, d) => {
          solveAtRest(m, one(d));
          return reader.read(atRest);
        }),
    );
    if (!pumping) return { rest, pumped: undefined };
    const pumped = map([{ drive: 0, order: 0 }], 3, (m) => {
      solveAtRest(m, []);
      return [answers()];
    });
    return { rest, pumped };
  }

  /** Series in the one drive too, as far as a few directions ask for them. */
  function mapBiased() {
    const series = (m: Vector3, order: number, read: () => ArrayLike<number>): Float64Array[] => {
      const nodes = Array.from({ length: order + 1 }, (_, j) => Math.cos((Math.PI * (j + 0.5)) / (order + 1)));
      const samples = nodes.map((v) => {
        solveAtRest(m, [v]);
        return read();
      });
      return nodes.map((_, k) =>
        Float64Array.from({ length: samples[0].length }, (_, c) => {
          const sum = samples.reduce(
            (total, sample, j) => total + sample[c] * Math.cos((Math.PI * k * (j + 0.5)) / (order + 1)),
            0,
          );
          return ((k === 0 ? 1 : 2) / (order + 1)) * sum;
        }),
      );
    };
    const settled = (read: () => ArrayLike<number>, tolerance: number): number => {
      for (const order of ORDERS) {
        const trials = [
          [0.48, 0.6, 0.64],
          [-0.64, 0.48, -0.6],
        ].map((m) => series(m as unknown as Vector3, order, read));
        const size = (k: number) => Math.max(...trials.map((terms) => largestShare(terms, k)));
        for (let last = 1; last < order - 1; last++)
          if (Array.from({ length: order - last }, (_, i) => size(last + 1 + i)).every((x) => x <= tolerance / 4))
            return last;
      }
      return ORDERS[ORDERS.length - 1];
    };
    const through = (width: 1 | 3, read: () => ArrayLike<number>): DirectionalMap => {
      const order = settled(read, toleranceOf(width));
      const factors = Array.from({ length: order + 1 }, (_, k) => ({ drive: 0, order: k }));
      return map(factors, width, (m) => series(m, order + 2, read).slice(0, order + 1));
    };
    return { rest: through(1, () => reader.read(atRest)), pumped: pumping ? through(3, answers) : undefined };
  }
}

/** Largest share that the k-th term of a series has in its channel. */
function largestShare(terms: readonly Float64Array[], k: number): number {
  const most = Math.max(...terms.map((term) => Math.max(...term.map(Math.abs))));
  return terms[k].reduce((share, value, c) => {
    const own = Math.max(...terms.map((term) => Math.abs(term[c])));
    // A channel that is round-off beside all others has no say.
    return own <= 1e-12 * most ? share : Math.max(share, Math.abs(value) / own);
  }, 0);
}

/** What a channel is. */
type Channel = "spin" | "current" | "voltage";

/** Reads the channels off a solved network. */
class Reader {
  readonly size: number;
  readonly currents: readonly number[];
  readonly voltages: readonly number[];
  readonly channels: Omit<StackMap, "rest" | "pumped">;
  readonly groups: readonly { readonly channels: readonly number[]; readonly kind: Channel }[];
  private readonly magnets: readonly number[];
  private readonly drives: readonly MappedDrive[];
  private readonly spin = new Float64Array(3);
  private readonly absorbed: Float64Array;

  constructor(network: CompiledNetwork, magnet: string, drives: readonly MappedDrive[]) {
    const names = network.magnets.filter((name) => name !== magnet);
    this.magnets = [magnet, ...names].map((name) => network.magnets.indexOf(name));
    this.drives = drives;
    this.absorbed = new Float64Array(3 * network.magnets.length);
    const triple = (k: number): Triple => [3 * k, 3 * k + 1, 3 * k + 2];
    const spins = names.length + 3;
    this.currents = drives.map((_, d) => 3 * spins + d);
    this.voltages = drives.map((_, d) => 3 * spins + drives.length + d);
    this.size = 3 * spins + 2 * drives.length;
    this.channels = {
      absorbed: triple(0),
      others: names.map((name, i) => ({ name, absorbed: triple(1 + i) })),
      injected: triple(spins - 2),
      relaxed: triple(spins - 1),
      currents: this.currents,
      voltages: this.voltages,
    };
    this.groups = [
      ...Array.from({ length: spins }, (_, k) => ({ channels: triple(k), kind: "spin" as const })),
      ...this.currents.map((channel) => ({ channels: [channel], kind: "current" as const })),
      ...this.voltages.map((channel) => ({ channels: [channel], kind: "voltage" as const })),
    ];
  }

  read(network: CompiledNetwork): number[] {
    network.absorbed(this.absorbed);
    const values = this.magnets.flatMap((at) => [...this.absorbed.subarray(3 * at, 3 * at + 3)]);
    network.injected(this.spin);
    values.push(...this.spin);
    network.relaxed(this.spin);
    values.push(...this.spin);
    values.push(...this.drives.map(({ name }) => network.sourceCurrent(name)));
    for (const { contacts } of this.drives) {
      const [a, b] = contacts.map((node) => network.potentials[network.place("charge", node)]);
      values.push(a - b);
    }
    return values;
  }
}
