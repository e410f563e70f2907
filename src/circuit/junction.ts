import { addAxialBlock } from "../algebra/axial.ts";
import type { Vector3 } from "../algebra/vector.ts";
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
  const half = new Float64Array(4 * width);
  const spin = new Float64Array(3);

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
      // A side shows the effective potentials (V, m (m·φ) + φ_pump), and what flows into it goes the same ways.
      for (const row of [0, 1]) {
        for (const column of [0, 1]) {
          const sign = row === column ? area : -area;
          half.fill(0);
          for (let flux = 0; flux < 4; flux++) {
            half[flux * width + 4 * column] = sign * G[4 * flux];
            for (let a = 0; a < 3; a++) spin[a] = sign * G[4 * flux + 1 + a];
            spread(half, flux * width, 1, 4 * column + 1, pumpAt[column], m[column], spin);
          }
          for (let c = 0; c < width; c++) {
            Y[4 * row * width + c] += half[c];
            for (let a = 0; a < 3; a++) spin[a] = half[(1 + a) * width + c];
            spread(Y, c, width, 4 * row + 1, pumpAt[row], m[row], spin);
          }
        }
      }
    },
  };
}

/**
 * Adds a spin vector v to a row (stride 1) or a column (stride the width) that begins at `start`: along m to the node's three
 * places, across m to the magnet's; all of it to the node's where there is no magnet.
 */
function spread(
  Y: Float64Array,
  start: number,
  stride: number,
  node: number,
  magnet: number,
  m: Vector3 | undefined,
  v: Float64Array,
): void {
  const along = m ? v[0] * m[0] + v[1] * m[1] + v[2] * m[2] : 0;
  for (let a = 0; a < 3; a++) {
    const longitudinal = m ? along * m[a] : v[a];
    Y[start + stride * (node + a)] += longitudinal;
    if (m) Y[start + stride * (magnet + a)] += v[a] - longitudinal;
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
