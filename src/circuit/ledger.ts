import type { Vector3 } from "../algebra/vector.ts";
import { E_CHARGE } from "../constants.ts";

/** What one element or magnet took of the spin, per component [A, charge units]. */
export interface LedgerRow {
  readonly name: string;
  readonly spin: Vector3;
}

/**
 * Where the spin goes, per component, as spin currents in charge units [A]; times ħ/2e they are torques [J].
 *
 *   injected (terminals and sources) = absorbed by magnets + relaxed to the lattice + residual
 *
 * The three parts are computed independently of one another: what enters from the balances at the held nodes, what magnets
 * absorb from their own rows, what relaxes from the integral of Γ φ over each film.
 */
export interface Ledger {
  readonly injected: readonly LedgerRow[];
  readonly absorbed: readonly LedgerRow[];
  readonly relaxed: readonly LedgerRow[];
  /** What the sum is short of, per component. */
  readonly residual: Vector3;
  /** Spin set in motion: the largest spin current at any node, or that a spin Hall film converts [A]. */
  readonly scale: number;
  /** |residual| / scale; 0 when no spin moves. */
  readonly relativeResidual: number;
}

export function closeLedger(parts: {
  injected: readonly LedgerRow[];
  absorbed: readonly LedgerRow[];
  relaxed: readonly LedgerRow[];
  scale: number;
}): Ledger {
  const { injected, absorbed, relaxed, scale } = parts;
  const total = (rows: readonly LedgerRow[], a: number): number => rows.reduce((sum, row) => sum + row.spin[a], 0);
  const residual = [0, 1, 2].map(
    (a) => total(injected, a) - total(absorbed, a) - total(relaxed, a),
  ) as unknown as Vector3;
  const size = Math.hypot(...residual);
  return { ...parts, residual, relativeResidual: size === 0 ? 0 : size / scale };
}

/** What one part supplied or took [W]. */
export interface PowerRow {
  readonly name: string;
  readonly power: number;
}

/**
 * Where the energy goes [W], the first law:
 *
 *   supplied by sources + brought by moving magnets = heat taken up by baths + heat made where nothing has a temperature
 *
 * A bath above the ambient temperature gives heat: its row is negative.
 */
export interface EnergyLedger {
  readonly supplied: readonly PowerRow[];
  readonly moving: readonly PowerRow[];
  readonly baths: readonly PowerRow[];
  readonly unhoused: number;
  readonly residual: number;
  /** |residual| over the largest row. */
  readonly relativeResidual: number;
}

export function closeEnergyLedger(parts: Omit<EnergyLedger, "residual" | "relativeResidual">): EnergyLedger {
  const { supplied, moving, baths, unhoused } = parts;
  const total = (rows: readonly PowerRow[]): number => rows.reduce((sum, { power }) => sum + power, 0);
  const residual = total(supplied) + total(moving) - total(baths) - unhoused;
  const largest = Math.max(
    ...[...supplied, ...moving, ...baths].map(({ power }) => Math.abs(power)),
    Math.abs(unhoused),
  );
  return { ...parts, residual, relativeResidual: residual === 0 ? 0 : Math.abs(residual) / largest };
}

/** Spin current in charge units [A] as a number of spins ħ/2 a second. */
export const spinsPerSecond = (spinCurrent: number): number => spinCurrent / E_CHARGE;
