import { addAxialBlock } from "../algebra/axial.ts";
import { checkNumber, InputError, POSITIVE } from "../checks.ts";
import {
  type BarrierParameters,
  checkBarrier,
  checkInterface,
  type InterfaceParameters,
  type Warn,
} from "../materials/material.ts";
import { barrierConductance, contactLaw } from "../transport/index.ts";
import { chargePort, type Element, type Medium, magnetPort, type Port, spinPort } from "./element.ts";

export interface ContactOptions {
  readonly name: string;
  /** Node inside the magnet; undefined when the magnet is an insulator. */
  readonly magnetSide?: string;
  /** Node in the normal metal. */
  readonly metalSide: string;
  readonly magnet: string;
  /** [m²] */
  readonly area: number;
  readonly parameters: InterfaceParameters;
  /** Receives warnings about unphysical numbers; the default drops none of them: it writes to the console. */
  readonly warn?: Warn;
}

/**
 * A contact between a magnet and a normal metal by magnetoelectronic circuit theory, see {@link contactLaw}.  Spin along m
 * passes, spin across m is absorbed: it leaves the metal and becomes torque.
 *
 * `memoryLoss` of the parameters is not part of this element: put a film of thickness δ λ in series
 * (the lowering of a device does).
 */
export function contact(options: ContactOptions): Element {
  const { name, magnetSide, metalSide, magnet, area, parameters } = options;
  checkInterface(`contact "${name}"`, parameters, options.warn ?? console.warn);
  checkNumber(`contact "${name}": area`, area, POSITIVE, "m²");
  const law = contactLaw(parameters);
  if (magnetSide === undefined && (law.charge !== 0 || law.asymmetry !== 0)) {
    throw new InputError(
      `contact "${name}": conductanceUp, conductanceDown`,
      [parameters.conductanceUp, parameters.conductanceDown],
      "0 and 0, as the magnet is an insulator",
    );
  }
  const metal: Port[] = [chargePort(metalSide), spinPort(metalSide)];
  const inside: Port[] = magnetSide === undefined ? [] : [chargePort(magnetSide), spinPort(magnetSide)];
  const ports = [...metal, ...inside, magnetPort(magnet)];
  const width = 7 + 4 * (inside.length / 2);
  const magnetAt = width - 3;
  const weights = Float64Array.of(1, 0, 0, 0);

  return {
    name,
    ports,
    dependsOn: { magnetization: true, field: false },
    conducts: magnetSide === undefined ? [] : [[metalSide, magnetSide]],
    admittance(medium: Medium, Y: Float64Array): void {
      const m = medium.magnetization(magnet);
      addAxialBlock(Y, width, 1, 1, law.mixing, m, area / 2);
      addAxialBlock(Y, width, 1, magnetAt, law.mixing, m, -area / 2);
      addAxialBlock(Y, width, magnetAt, 1, law.mixing, m, -area / 2);
      addAxialBlock(Y, width, magnetAt, magnetAt, law.mixing, m, area / 2);
      if (magnetSide === undefined) return;
      const G = law.charge * area;
      const mixed = (law.asymmetry * area) / 2;
      weights.set(m, 1);
      for (let row = 0; row < 4; row++) {
        for (let column = 0; column < 4; column++) {
          const channel = row === 0 && column === 0 ? G : row === 0 || column === 0 ? mixed : G / 4;
          const value = channel * weights[row] * weights[column];
          Y[row * width + column] += value;
          Y[row * width + 4 + column] -= value;
          Y[(4 + row) * width + column] -= value;
          Y[(4 + row) * width + 4 + column] += value;
        }
      }
    },
  };
}

export interface TunnelBarrierOptions {
  readonly name: string;
  /** Node 1 (below) and node 2 (above). */
  readonly between: readonly [string, string];
  /** The magnet on either side; undefined for a normal metal. */
  readonly magnets: readonly [string | undefined, string | undefined];
  /** [m²] */
  readonly area: number;
  readonly parameters: BarrierParameters;
}

/** A tunnel barrier, see {@link barrierConductance}.  Its conductance may depend on its own bias. */
export function tunnelBarrier(options: TunnelBarrierOptions): Element {
  const { name, between, magnets, area, parameters } = options;
  checkBarrier(`barrier "${name}"`, parameters);
  checkNumber(`barrier "${name}": area`, area, POSITIVE, "m²");
  const sides = magnets.flatMap((magnet, side) => (magnet === undefined ? [] : [{ magnet, side }]));
  const ports: Port[] = [
    ...between.flatMap((node) => [chargePort(node), spinPort(node)]),
    ...sides.map(({ magnet }) => magnetPort(magnet)),
  ];
  const width = 8 + 3 * sides.length;
  const { halfBias = Number.POSITIVE_INFINITY, fieldLikeQuadratic = 0 } = parameters;

  return {
    name,
    ports,
    dependsOn: { magnetization: sides.length > 0, field: false },
    ...(sides.length === 2 &&
      (Number.isFinite(halfBias) || fieldLikeQuadratic !== 0) && { biasedBetween: [0, 4] as const }),
    conducts: [between],
    admittance(medium: Medium, Y: Float64Array, bias: number): void {
      const m = magnets.map((magnet) => (magnet === undefined ? undefined : medium.magnetization(magnet)));
      const G = barrierConductance(parameters, m[0], m[1], bias);
      // Each side's four effective potentials as a map of the ports: a magnet shows m (m·φ) + φ_pump.
      const T = new Float64Array(8 * width);
      for (const side of [0, 1]) {
        const at = 4 * side;
        T[at * width + at] = 1;
        const axis = m[side];
        const pumpAt = 8 + 3 * sides.findIndex((s) => s.side === side);
        for (let a = 0; a < 3; a++) {
          for (let b = 0; b < 3; b++) {
            const same = a === b ? 1 : 0;
            const longitudinal = axis ? axis[a] * axis[b] : same;
            T[(at + 1 + a) * width + at + 1 + b] = longitudinal;
            if (axis) T[(at + 1 + a) * width + pumpAt + b] = same - longitudinal;
          }
        }
      }
      const full = new Float64Array(64);
      addDifference(full, 8, 0, 4, 4, (row, column) => G[4 * row + column] * area);
      const half = new Float64Array(8 * width);
      for (let r = 0; r < 8; r++) {
        for (let k = 0; k < 8; k++) {
          const g = full[8 * r + k];
          if (g !== 0) for (let c = 0; c < width; c++) half[r * width + c] += g * T[k * width + c];
        }
      }
      for (let k = 0; k < 8; k++) {
        for (let r = 0; r < width; r++) {
          const t = T[k * width + r];
          if (t !== 0) for (let c = 0; c < width; c++) Y[r * width + c] += t * half[k * width + c];
        }
      }
    },
  };
}

/** A resistor: charge only. */
export function resistor(options: { name: string; between: readonly [string, string]; resistance: number }): Element {
  const { name, between, resistance } = options;
  checkNumber(`resistor "${name}": resistance`, resistance, POSITIVE, "Ω");
  return {
    name,
    ports: between.map(chargePort),
    dependsOn: { magnetization: false, field: false },
    conducts: [between],
    admittance(_: Medium, Y: Float64Array): void {
      addDifference(Y, 2, 0, 1, 1, () => 1 / resistance);
    },
  };
}

/** Adds g between two groups of `count` ports: +g on the diagonal blocks, −g off them. */
function addDifference(
  Y: Float64Array,
  width: number,
  first: number,
  second: number,
  count: number,
  g: (row: number, column: number) => number,
): void {
  for (let row = 0; row < count; row++) {
    for (let column = 0; column < count; column++) {
      const value = g(row, column);
      Y[(first + row) * width + first + column] += value;
      Y[(first + row) * width + second + column] -= value;
      Y[(second + row) * width + first + column] -= value;
      Y[(second + row) * width + second + column] += value;
    }
  }
}
