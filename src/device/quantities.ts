import type { Vector3 } from "../algebra/vector.ts";
import type { CircuitModel } from "./lower.ts";

/** What flows in a device at one instant. */
export interface Currents {
  /** What a source was set to, [A] or [V]. */
  sourceValue(source: string): number;
  /** Current [A] that a source drives into its first contact. */
  sourceCurrent(source: string): number;
  /** Voltage [V] from the first to the second contact of a source. */
  sourceVoltage(source: string): number;
  /** Spin current [A, charge units] that a magnet absorbs. */
  absorbedSpin(magnet: string): Vector3;
  /** Power [W] that the currents dissipate. */
  totalPower(): number;
  /** What the balance of spin fails to close by, over its largest entry. */
  relativeResidual(): number;
}

/** Everything a quantity may be computed from, at one instant. */
export interface Instant {
  /** [s] */
  readonly time: number;
  /** Directions of the magnets, three numbers each; at field depth their means. */
  readonly m: ArrayLike<number>;
  /** Magnetic energy [J]. */
  energy(): number;
  readonly currents: Currents;
  readonly model: CircuitModel;
  /** B [T] */
  readonly field: Vector3;
}

/** A number, or one of three components, that a run records. */
export interface Quantity {
  /** Table header, without spaces. */
  readonly name: string;
  readonly symbol: string;
  readonly unit: string;
  readonly doc: string;
  /** Quantities of one group share a plot; undefined: in the table only. */
  readonly group: string | undefined;
  readonly columns: (model: CircuitModel) => readonly Column[];
}

/** One column of the table of a run. */
export interface Column {
  readonly name: string;
  readonly label: string;
  readonly value: (at: Instant) => number;
  /** Whether it cannot change over a run, and so needs no line in a picture. */
  readonly flat?: boolean;
}

/** Declares a quantity with one number. */
function scalar(
  name: string,
  symbol: string,
  unit: string,
  doc: string,
  group: string | undefined,
  value: (at: Instant) => number,
): Quantity {
  return { name, symbol, unit, doc, group, columns: () => [{ name, label: symbol, value }] };
}

/** Declares a quantity with one number for every drive. */
function perDrive(
  name: string,
  symbol: string,
  unit: string,
  doc: string,
  value: (at: Instant, drive: CircuitModel["sources"][number]) => number,
): Quantity {
  return {
    name,
    symbol,
    unit,
    doc,
    group: doc,
    columns: (model) =>
      model.sources.map((source) => {
        const suffix = model.sources.length > 1 ? `_${source.name.replaceAll(" ", "")}` : "";
        return {
          name: `${name}${suffix}`,
          label: model.sources.length > 1 ? `${symbol} (${source.contacts.join(" → ")})` : symbol,
          value: (at) => value(at, source),
        };
      }),
  };
}

/** Declares a vector for every magnet. */
function perMagnet(
  name: string,
  symbol: string,
  unit: string,
  doc: string,
  value: (at: Instant, magnet: string, index: number) => ArrayLike<number>,
  { flatWhenFixed = false } = {},
): Quantity {
  return {
    name,
    symbol,
    unit,
    doc,
    group: doc,
    columns: (model) =>
      model.magnets.flatMap((magnet, index) =>
        ["x", "y", "z"].map((axis, a) => ({
          name: `${name}${axis}_${magnet.name.replaceAll(" ", "")}`,
          label: `${symbol}${axis}${model.magnets.length > 1 ? ` (${magnet.name})` : ""}`,
          value: (at: Instant) => value(at, magnet.name, index)[a],
          flat: flatWhenFixed && magnet.fixed === true,
        })),
      ),
  };
}

/** What a run records, in the order of its table. */
export const QUANTITIES: readonly Quantity[] = [
  scalar("t", "t", "s", "time", undefined, ({ time }) => time),
  perMagnet("m", "m_", "1", "magnetization", ({ m }, _, i) => [m[3 * i], m[3 * i + 1], m[3 * i + 2]], {
    flatWhenFixed: true,
  }),
  perDrive("I", "I", "A", "current of the drive", ({ currents }, { name }) => currents.sourceCurrent(name)),
  perDrive("V", "V", "V", "voltage of the drive", ({ currents }, { name }) => currents.sourceVoltage(name)),
  perDrive("R", "R", "Ω", "resistance between the contacts of the drive", ({ currents }, { name }) => {
    // With the drive at zero V/I is what magnets pump, and no resistance.
    if (currents.sourceValue(name) === 0) return Number.NaN;
    return currents.sourceVoltage(name) / currents.sourceCurrent(name);
  }),
  perMagnet("Is", "I_s,", "A", "spin current absorbed by the magnet", ({ currents }, magnet) =>
    currents.absorbedSpin(magnet),
  ),
  scalar("E", "E", "J", "magnetic energy", "magnetic energy", ({ energy }) => energy()),
  scalar("P", "P", "W", "power dissipated by the currents", "power dissipated by the currents", ({ currents }) =>
    currents.totalPower(),
  ),
  scalar("Bx", "Bx", "T", "applied field", undefined, ({ field }) => field[0]),
  scalar("By", "By", "T", "applied field", undefined, ({ field }) => field[1]),
  scalar("Bz", "Bz", "T", "applied field", undefined, ({ field }) => field[2]),
  scalar("ledger", "Δ", "1", "what the spin ledger fails to close by, relative", undefined, ({ currents }) =>
    currents.relativeResidual(),
  ),
];
