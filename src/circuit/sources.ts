import type { Vector3 } from "../algebra/vector.ts";
import { checkNumber, checkVector, FINITE, POSITIVE } from "../checks.ts";

/** What holds or drives a network. */
export type Source =
  | { readonly kind: "ground"; readonly name: string; readonly at: string }
  | {
      readonly kind: "reservoir";
      readonly name: string;
      readonly at: string;
      readonly voltage: number | undefined;
      readonly spinAccumulation: Vector3;
    }
  | {
      readonly kind: "voltage";
      readonly name: string;
      readonly between: readonly [string, string];
      readonly value: number;
    }
  | {
      readonly kind: "current";
      readonly name: string;
      readonly between: readonly [string, string];
      readonly value: number;
    }
  | { readonly kind: "spin current"; readonly name: string; readonly at: string; readonly value: Vector3 }
  | {
      readonly kind: "heat bath";
      readonly name: string;
      readonly at: string;
      /** [K]; undefined: the ambient temperature. */
      readonly temperature: number | undefined;
    }
  | { readonly kind: "heat"; readonly name: string; readonly at: string; readonly value: number }
  | { readonly kind: "magnon reservoir"; readonly name: string; readonly at: string; readonly magnonPotential: number };

/** Holds V = 0 at a node; its spin is left free. */
export const ground = (at: string): Source => ({ kind: "ground", name: `ground at ${at}`, at });

/**
 * A large body in equilibrium: holds the spin accumulation of a node, 0 unless told otherwise (a spin battery), and its
 * voltage if one is given [V].
 */
export function reservoir(options: { at: string; voltage?: number; spinAccumulation?: Vector3 }): Source {
  const { at, voltage, spinAccumulation = [0, 0, 0] } = options;
  const name = `reservoir at ${at}`;
  if (voltage !== undefined) checkNumber(`${name}: voltage`, voltage, FINITE, "V");
  checkVector(`${name}: spinAccumulation`, spinAccumulation);
  return { kind: "reservoir", name, at, voltage, spinAccumulation };
}

/** Holds V(first) − V(second) [V] with whatever current that takes. */
export function voltageSource(options: { name: string; between: readonly [string, string]; voltage: number }): Source {
  const { name, between, voltage } = options;
  return { kind: "voltage", name, between, value: checkNumber(`source "${name}": voltage`, voltage, FINITE, "V") };
}

/** Drives a current [A] into the first node and out of the second, through the network between them. */
export function currentSource(options: { name: string; between: readonly [string, string]; current: number }): Source {
  const { name, between, current } = options;
  return { kind: "current", name, between, value: checkNumber(`source "${name}": current`, current, FINITE, "A") };
}

/** Injects a pure spin current [A, charge units] into a node. */
export function spinCurrentSource(options: { name: string; at: string; spinCurrent: Vector3 }): Source {
  const { name, at, spinCurrent } = options;
  return { kind: "spin current", name, at, value: checkVector(`source "${name}": spinCurrent`, spinCurrent) };
}

/** A large body that holds the temperature of a node [K] and takes up what heat comes; default the ambient temperature. */
export function heatBath(options: { at: string; temperature?: number }): Source {
  const { at, temperature } = options;
  const name = `heat bath at ${at}`;
  if (temperature !== undefined) checkNumber(`${name}: temperature`, temperature, POSITIVE, "K");
  return { kind: "heat bath", name, at, temperature };
}

/** Brings heat [W] into a node, as a heater does. */
export function heatSource(options: { name: string; at: string; power: number }): Source {
  const { name, at, power } = options;
  return { kind: "heat", name, at, value: checkNumber(`source "${name}": power`, power, FINITE, "W") };
}

/** A large body of magnons in equilibrium: holds φ_m = μ_m/e of a node [V], 0 unless told otherwise. */
export function magnonReservoir(options: { at: string; magnonPotential?: number }): Source {
  const { at, magnonPotential = 0 } = options;
  const name = `magnon reservoir at ${at}`;
  return {
    kind: "magnon reservoir",
    name,
    at,
    magnonPotential: checkNumber(`${name}: magnonPotential`, magnonPotential, FINITE, "V"),
  };
}
