import { subtract, type Vector3 } from "../algebra/vector.ts";
import type { MacrospinDynamics } from "../circuit/index.ts";

/** Angular momentum one magnet received over a run, per cause, in units of ħ. */
export interface MagnetLedger {
  readonly name: string;
  /** Change of −(Ms V/γ) m. */
  readonly stored: Vector3;
  /** From the electrons: the spin current it absorbed less what it pumped. */
  readonly transport: Vector3;
  /** From fields, anisotropies and other magnets. */
  readonly field: Vector3;
  /** To the lattice by Gilbert damping. */
  readonly damping: Vector3;
  /** What holding |m| = 1 took: the integrator's own error. */
  readonly projection: Vector3;
  /** stored − all causes. */
  readonly residual: Vector3;
}

/**
 * Where the angular momentum went over a run, in units of ħ.
 *
 *   electrons:   injected = Σ transport + relaxed + residual
 *   each magnet: stored = transport + field + damping + projection + residual
 */
export interface RunLedger {
  readonly injected: Vector3;
  readonly relaxed: Vector3;
  readonly magnets: readonly MagnetLedger[];
  readonly residual: Vector3;
  /** The largest residual of all balances over the largest entry; 0 when nothing moved. */
  readonly relativeResidual: number;
}

/** What is known of a run's angular momentum [ħ] before the balances are drawn. */
export interface Received {
  readonly injected: Vector3;
  readonly relaxed: Vector3;
  readonly magnets: readonly (Omit<MagnetLedger, "residual"> & { readonly fixed?: boolean })[];
}

/** Draws the balances. */
export function closeRunLedger({ injected, relaxed, magnets: given }: Received): RunLedger {
  const magnets = given.map(({ fixed, ...magnet }): MagnetLedger => {
    const { stored, transport, damping, projection } = magnet;
    // What a held magnet absorbs goes to whatever holds it.
    const field: Vector3 = fixed ? [-transport[0], -transport[1], -transport[2]] : magnet.field;
    const causes = [transport, field, damping, projection];
    const residual = [0, 1, 2].map(
      (a) => stored[a] - causes.reduce((sum, cause) => sum + cause[a], 0),
    ) as unknown as Vector3;
    return { ...magnet, field, residual };
  });
  const residual = [0, 1, 2].map(
    (a) => injected[a] - relaxed[a] - magnets.reduce((sum, magnet) => sum + magnet.transport[a], 0),
  ) as unknown as Vector3;
  const entries = [
    injected,
    relaxed,
    ...magnets.flatMap(({ stored, transport, field, damping }) => [stored, transport, field, damping]),
  ];
  const largest = Math.max(...entries.flat().map(Math.abs));
  const worst = Math.max(...[residual, ...magnets.map((magnet) => magnet.residual)].flat().map(Math.abs));
  return { injected, relaxed, magnets, residual, relativeResidual: largest === 0 ? 0 : worst / largest };
}

export function runLedger(
  dynamics: MacrospinDynamics,
  start: Float64Array,
  state: Float64Array,
  projection: Float64Array,
): RunLedger {
  const size = dynamics.magnetizationSize;
  const vector = (values: Float64Array, at: number): Vector3 => [values[at], values[at + 1], values[at + 2]];
  const accounts = dynamics.accounts(state);
  return closeRunLedger({
    injected: vector(state, 4 * size),
    relaxed: vector(state, 4 * size + 3),
    magnets: dynamics.model.magnets.map(({ name, fixed }, i) => ({
      name,
      ...(fixed && { fixed }),
      stored: subtract(dynamics.angularMomentum(i, state), dynamics.angularMomentum(i, start)),
      ...accounts[i],
      projection: vector(projection, 3 * i),
    })),
  });
}

/** The ledger as a table in text, in units of ħ. */
export function formatLedger(ledger: RunLedger): string {
  const rows: [string, Vector3][] = [
    ["electrons: injected by terminals", ledger.injected],
    ...ledger.magnets.map(({ name, transport }): [string, Vector3] => [`  − given to magnet "${name}"`, transport]),
    ["  − relaxed to the lattice", ledger.relaxed],
    ["  = residual", ledger.residual],
    ...ledger.magnets.flatMap((magnet): [string, Vector3][] => [
      [`magnet "${magnet.name}": change of angular momentum`, magnet.stored],
      ["  − from the electrons", magnet.transport],
      ["  − from fields and anisotropy", magnet.field],
      ["  − by Gilbert damping", magnet.damping],
      ["  − by holding |m| = 1", magnet.projection],
      ["  = residual", magnet.residual],
    ]),
  ];
  const width = Math.max(...rows.map(([label]) => label.length));
  const number = (x: number): string =>
    (Math.abs(x) >= 0.05 ? x.toFixed(1) : x === 0 ? "0" : x.toExponential(1)).padStart(12);
  const head = `${"angular momentum [ħ]".padEnd(width)}${["x", "y", "z"].map((axis) => axis.padStart(12)).join("")}`;
  const body = rows.map(([label, spin]) => `${label.padEnd(width)}${spin.map(number).join("")}`);
  return [head, ...body, `largest residual / largest entry: ${ledger.relativeResidual.toExponential(1)}`].join("\n");
}
