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
  /** Where each side's pumped voltage stands; −1 for a normal metal. */
  const pumpAt = [0, 1].map((side) => {
    const index = sides.findIndex((s) => s.side === side);
    return index < 0 ? -1 : 8 + 3 * index;
  });
  const [toCharge, fromCharge, spin] = [new Float64Array(3), new Float64Array(3), new Float64Array(3)];
  const [block, rows] = [new Float64Array(6), new Float64Array(18)];

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
      // A magnet shows m (m·φ) + φ_pump: along m its node, across m its motion.  Blocks of the two sides differ in sign alone.
      for (let row = 0; row < 2; row++) {
        for (let column = 0; column < 2; column++) {
          const sign = row === column ? area : -area;
          const [r, c] = [4 * row, 4 * column];
          Y[r * width + c] += sign * G[0];
          for (let a = 0; a < 3; a++) {
            toCharge[a] = sign * G[1 + a];
            fromCharge[a] = sign * G[4 * (1 + a)];
          }
          addRow(Y, r * width, c + 1, pumpAt[column], m[column], toCharge);
          addColumn(Y, width, c, r + 1, pumpAt[row], m[row], fromCharge);
          for (let a = 0; a < 3; a++) {
            for (let b = 0; b < 3; b++) spin[b] = sign * G[4 * (1 + a) + 1 + b];
            block.fill(0);
            addRow(block, 0, 0, pumpAt[column] < 0 ? -1 : 3, m[column], spin);
            for (let b = 0; b < 6; b++) rows[6 * a + b] = block[b];
          }
          for (let b = 0; b < (pumpAt[column] < 0 ? 3 : 6); b++) {
            const at = b < 3 ? c + 1 + b : pumpAt[column] + b - 3;
            for (let a = 0; a < 3; a++) spin[a] = rows[6 * a + b];
            addColumn(Y, width, at, r + 1, pumpAt[row], m[row], spin);
          }
        }
      }
    },
  };
}

/** Adds a row v over one side's spin: along m to its node's columns, across m to its magnet's; all to the node's without m. */
function addRow(
  Y: Float64Array,
  row: number,
  node: number,
  magnet: number,
  m: ArrayLike<number> | undefined,
  v: Float64Array,
): void {
  const along = m ? v[0] * m[0] + v[1] * m[1] + v[2] * m[2] : 0;
  for (let a = 0; a < 3; a++) {
    const longitudinal = m ? along * m[a] : v[a];
    Y[row + node + a] += longitudinal;
    if (m) Y[row + magnet + a] += v[a] - longitudinal;
  }
}

/** The same for a column. */
function addColumn(
  Y: Float64Array,
  width: number,
  column: number,
  node: number,
  magnet: number,
  m: ArrayLike<number> | undefined,
  v: Float64Array,
): void {
  const along = m ? v[0] * m[0] + v[1] * m[1] + v[2] * m[2] : 0;
  for (let a = 0; a < 3; a++) {
    const longitudinal = m ? along * m[a] : v[a];
    Y[(node + a) * width + column] += longitudinal;
    if (m) Y[(magnet + a) * width + column] += v[a] - longitudinal;
  }
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
