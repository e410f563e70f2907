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

export function runLedger(
  dynamics: MacrospinDynamics,
  start: Float64Array,
  state: Float64Array,
  projection: Float64Array,
): RunLedger {
  const size = dynamics.magnetizationSize;
  const vector = (values: Float64Array, at: number): Vector3 => [values[at], values[at + 1], values[at + 2]];
  const injected = vector(state, 4 * size);
  const relaxed = vector(state, 4 * size + 3);
  const accounts = dynamics.accounts(state);
  const magnets = dynamics.model.magnets.map(({ name, fixed }, i): MagnetLedger => {
    const stored = subtract(dynamics.angularMomentum(i, state), dynamics.angularMomentum(i, start));
    const received = accounts[i];
    // What a held magnet absorbs goes to whatever holds it.
    const field: Vector3 = fixed
      ? [-received.transport[0], -received.transport[1], -received.transport[2]]
      : received.field;
    const causes = [received.transport, field, received.damping, vector(projection, 3 * i)];
    const residual = [0, 1, 2].map(
      (a) => stored[a] - causes.reduce((sum, cause) => sum + cause[a], 0),
    ) as unknown as Vector3;
    return { name, stored, ...received, field, projection: vector(projection, 3 * i), residual };
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
