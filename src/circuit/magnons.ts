import { complex } from "../algebra/complex.ts";
import { symmetricEigen } from "../algebra/dense.ts";
import { scale, type Vector3 } from "../algebra/vector.ts";
import { checkNumber, InputError, NOT_NEGATIVE, POSITIVE } from "../checks.ts";
import { checkMaterial, type InterfaceParameters, type MagneticInsulator } from "../materials/material.ts";
import { checkParameters, INTERFACE_PARAMETERS } from "../materials/parameters.ts";
import {
  AMBIENT_TEMPERATURE,
  FLUXES,
  fluxIndex,
  HEAT,
  MAGNONS,
  magnonContactLaw,
  magnonOnsagerMatrix,
  magnonRelaxation,
} from "../transport/index.ts";
import { qOverSinh, shape, tanhOverQ } from "./decay.ts";
import { type Element, type Medium, magnetPort, magnonPort, type Port, spinPort, temperaturePort } from "./element.ts";

export interface MagnonFilmOptions {
  readonly name: string;
  /** Nodes below and above: z = 0 and z = thickness. */
  readonly between: readonly [string, string];
  readonly material: MagneticInsulator;
  /** Extent along the flow [m]. */
  readonly thickness: number;
  /** Cross-section of the flow [m²]. */
  readonly area: number;
  /** Name of the magnet whose direction the magnons' spin has. */
  readonly magnet: string;
  /**
   * Nodes that hold the temperature of the lattice, where the magnons have one of their own: the material then needs
   * `magnonPhononLength` and `magnonThermalConductivity`.
   */
  readonly lattice?: readonly [string, string];
}

/** Values inside a magnon conductor at depth z. */
export interface MagnonPoint {
  /** Depth [m]. */
  readonly z: number;
  /** φ_m = μ_m/e [V]. */
  readonly magnonPotential: number;
  /** Temperature of the magnons and of the lattice [K]; one where they do not differ. */
  readonly temperature: number;
  readonly latticeTemperature: number;
}

export interface MagnonFilm extends Element {
  /** The exact linear solution at evenly spaced depths, for the potentials at its ports. */
  magnonProfile(medium: Medium, potentials: Float64Array, points: number): MagnonPoint[];
}

/** u'' = K⁻¹Γ u taken apart: K = C Cᵀ and C⁻¹ Γ C⁻ᵀ = Q diag(q²) Qᵀ. */
interface Modes {
  /** C Q and its inverse: potentials of the modes are (C Q)ᵀ u. */
  readonly basis: Float64Array;
  readonly inverse: Float64Array;
  readonly q2: Float64Array;
}

/**
 * A film, or a stretch of a strip, of a magnetic insulator: magnons diffuse in it, decay, and carry heat; exact in one dimension.
 *
 *   (j_m/2, q_m/T₀, q_p/T₀) = −K (φ_m, T_m, T_p)',    K u'' = Γ u,
 *
 * Γ holding the decay σ_m/λ_m² of the chemical potential and the exchange κ_m/λ_mp² of heat between magnons and lattice.  Without
 * `lattice` both have one temperature.
 */
export function magnonFilm(options: MagnonFilmOptions): MagnonFilm {
  checkMagnonFilm(options);
  const { name, between, material, thickness, area, magnet, lattice } = options;
  const face = (end: 0 | 1): Port[] => [
    magnonPort(between[end]),
    temperaturePort(between[end]),
    ...(lattice ? [temperaturePort(lattice[end])] : []),
  ];
  const ports = [...face(0), ...face(1), magnetPort(magnet)];
  const n = lattice ? 3 : 2;
  const width = 2 * n + 3;
  let kept: { modes: Modes; temperature: number } | undefined;
  const modesAt = (temperature: number): Modes => {
    if (kept?.temperature !== temperature) kept = { modes: modesOf(options, temperature, n), temperature };
    return kept.modes;
  };
  const decay = magnonRelaxation(material);

  return {
    name,
    ports,
    dependsOn: { magnetization: false, field: false },
    conducts: [],
    admittance({ temperature }: Medium, Y: Float64Array): void {
      const { basis, q2 } = modesAt(temperature);
      for (let k = 0; k < n; k++) {
        const q = complex(Math.max(0, q2[k]));
        const across = qOverSinh(q, thickness).re * area;
        const into = q.re * tanhOverQ(q, thickness).re * area;
        for (let r = 0; r < n; r++) {
          for (let c = 0; c < n; c++) {
            const weight = basis[r * n + k] * basis[c * n + k];
            for (const end of [0, n]) {
              Y[(r + end) * width + c + end] += weight * (across + into);
              Y[(r + end) * width + c + n - end] -= weight * across;
            }
          }
        }
      }
    },
    relaxed(medium, u): Vector3 {
      const { basis, inverse, q2 } = modesAt(medium.temperature);
      let integral = 0;
      for (let k = 0; k < n; k++) {
        let sum = 0;
        for (let r = 0; r < n; r++) sum += basis[r * n + k] * (u[r] + u[n + r]);
        // u = (C Q)⁻ᵀ modes; the magnon potential is its first component.
        integral += inverse[k * n] * tanhOverQ(complex(Math.max(0, q2[k])), thickness).re * sum;
      }
      return scale(medium.magnetization(magnet), decay * area * integral);
    },
    magnonProfile(medium, u, points): MagnonPoint[] {
      const { basis, inverse, q2 } = modesAt(medium.temperature);
      return Array.from({ length: points }, (_, i) => {
        const z = (thickness * i) / (points - 1);
        const value = [0, 0, 0];
        for (let k = 0; k < n; k++) {
          const q = complex(Math.max(0, q2[k]));
          const near = shape(q, thickness - z, thickness).re;
          const far = shape(q, z, thickness).re;
          let mode = 0;
          for (let r = 0; r < n; r++) mode += basis[r * n + k] * (near * u[r] + far * u[n + r]);
          for (let r = 0; r < n; r++) value[r] += inverse[k * n + r] * mode;
        }
        const temperature = medium.temperature + value[1];
        return {
          z,
          magnonPotential: value[0],
          temperature,
          latticeTemperature: lattice ? medium.temperature + value[2] : temperature,
        };
      });
    },
  };
}

function checkMagnonFilm({ name, material, thickness, area, lattice }: MagnonFilmOptions): void {
  checkMaterial(material);
  checkNumber(`magnon film "${name}": thickness`, thickness, POSITIVE, "m");
  checkNumber(`magnon film "${name}": area`, area, POSITIVE, "m²");
  const needed = [
    "magnonConductivity",
    "magnonDiffusionLength",
    "thermalConductivity",
    ...(lattice ? (["magnonPhononLength", "magnonThermalConductivity"] as const) : []),
  ] as const;
  for (const key of needed) {
    if (material[key] === undefined)
      throw new InputError(`${material.name}: ${key}`, undefined, "a number, as magnons and heat flow in it");
  }
  const { thermalConductivity = 0, magnonThermalConductivity = 0 } = material;
  if (lattice && magnonThermalConductivity >= thermalConductivity) {
    throw new InputError(
      `${material.name}: magnonThermalConductivity`,
      magnonThermalConductivity,
      `less than thermalConductivity = ${thermalConductivity} W/(m K), of which it is a share`,
    );
  }
}

/** K [per m] and Γ [per m³] of the potentials (φ_m, T_m, T_p) and their modes. */
function modesOf({ material, lattice }: MagnonFilmOptions, temperature: number, n: number): Modes {
  const { thermalConductivity: total = 0, magnonThermalConductivity: own = 0, magnonPhononLength = 1 } = material;
  const L = magnonOnsagerMatrix(material, lattice ? own : total, temperature);
  const along = (row: number, column: number): number => L[fluxIndex(row, 2) * FLUXES + fluxIndex(column, 2)];
  const K = new Float64Array(n * n);
  const sink = new Float64Array(n * n);
  // The flux conjugate to φ_m is j_m/2 and its force −∇φ_m/2.
  K[0] = along(MAGNONS, MAGNONS) / 4;
  K[1] = K[n] = along(MAGNONS, HEAT) / 2;
  K[n + 1] = along(HEAT, HEAT);
  sink[0] = magnonRelaxation(material) / 2;
  if (lattice) {
    K[8] = (total - own) / temperature;
    const exchange = own / magnonPhononLength ** 2 / temperature;
    sink[4] = sink[8] = exchange;
    sink[5] = sink[7] = -exchange;
  }
  const C = cholesky(K, n);
  const inverseC = lowerInverse(C, n);
  const { values, vectors } = symmetricEigen(product(product(inverseC, sink, n), transpose(inverseC, n), n), n);
  return { basis: product(C, vectors, n), inverse: product(transpose(vectors, n), inverseC, n), q2: values };
}

/** Lower C with C Cᵀ = K, for a positive definite K. */
function cholesky(K: Float64Array, n: number): Float64Array {
  const C = new Float64Array(n * n);
  for (let r = 0; r < n; r++) {
    for (let c = 0; c <= r; c++) {
      let sum = K[r * n + c];
      for (let k = 0; k < c; k++) sum -= C[r * n + k] * C[c * n + k];
      C[r * n + c] = r === c ? Math.sqrt(sum) : sum / C[c * n + c];
    }
  }
  return C;
}

function lowerInverse(C: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let c = 0; c < n; c++) {
    for (let r = c; r < n; r++) {
      let sum = r === c ? 1 : 0;
      for (let k = c; k < r; k++) sum -= C[r * n + k] * out[k * n + c];
      out[r * n + c] = sum / C[r * n + r];
    }
  }
  return out;
}

const product = (a: Float64Array, b: Float64Array, n: number): Float64Array =>
  a.map((_, at) => {
    let sum = 0;
    for (let k = 0; k < n; k++) sum += a[Math.floor(at / n) * n + k] * b[k * n + (at % n)];
    return sum;
  });

const transpose = (a: Float64Array, n: number): Float64Array => a.map((_, at) => a[(at % n) * n + Math.floor(at / n)]);

export interface MagnonContactOptions {
  readonly name: string;
  /** Node of the magnons, and that of the metal, which carries spin and heat. */
  readonly magnonSide: string;
  readonly metalSide: string;
  readonly magnet: string;
  /** [m²] */
  readonly area: number;
  /** magnonConductance, spinSeebeckConductance and magnonHeatConductance; the others are those of a `contact` beside this. */
  readonly parameters: Partial<InterfaceParameters>;
}

/** What thermal magnons exchange with a metal along m, see {@link magnonContactLaw}: interfacial spin Seebeck and spin Peltier effect. */
export function magnonContact(options: MagnonContactOptions): Element {
  const { name, magnonSide, metalSide, magnet, area, parameters } = options;
  checkParameters(`magnon contact "${name}"`, parameters, INTERFACE_PARAMETERS);
  checkNumber(`magnon contact "${name}": area`, area, POSITIVE, "m²");
  checkNumber(`magnon contact "${name}": magnonConductance`, parameters.magnonConductance, POSITIVE, "S/m²");
  let law = magnonContactLaw(parameters, AMBIENT_TEMPERATURE);
  let lawAt = AMBIENT_TEMPERATURE;
  // Differences from magnons to metal: each of the two rows is (+1, −1) on (φ_m, m·φ_s) or on (T_m, T).
  const width = 9;
  return {
    name,
    ports: [
      magnonPort(magnonSide),
      temperaturePort(magnonSide),
      spinPort(metalSide),
      temperaturePort(metalSide),
      magnetPort(magnet),
    ],
    dependsOn: { magnetization: true, field: false },
    conducts: [],
    admittance(medium: Medium, Y: Float64Array): void {
      if (lawAt !== medium.temperature) {
        lawAt = medium.temperature;
        law = magnonContactLaw(parameters, lawAt);
      }
      const m = medium.magnetization(magnet);
      const potential = [1, 0, -m[0], -m[1], -m[2], 0];
      const warmth = [0, 1, 0, 0, 0, -1];
      for (let r = 0; r < 6; r++) {
        for (let c = 0; c < 6; c++) {
          Y[r * width + c] +=
            area *
            (law.magnons * potential[r] * potential[c] +
              law.seebeck * (potential[r] * warmth[c] + warmth[r] * potential[c]) +
              law.heat * warmth[r] * warmth[c]);
        }
      }
    },
  };
}

export interface ThermalContactOptions {
  readonly name: string;
  readonly between: readonly [string, string];
  /** [W/K] */
  readonly conductance: number;
}

/** Lets heat pass between two nodes and nothing else: Kapitza's resistance of an interface, an insulating film, a substrate. */
export function thermalContact({ name, between, conductance }: ThermalContactOptions): Element {
  checkNumber(`thermal contact "${name}": conductance`, conductance, NOT_NEGATIVE, "W/K");
  return {
    name,
    ports: between.map(temperaturePort),
    dependsOn: { magnetization: false, field: false },
    conducts: [],
    admittance({ temperature }: Medium, Y: Float64Array): void {
      const G = conductance / temperature;
      Y[0] += G;
      Y[1] -= G;
      Y[2] -= G;
      Y[3] += G;
    },
  };
}
