import {
  type Axial,
  addAxial,
  addAxialBlock,
  applyAxial,
  mapAxial,
  overAxial,
  scaleAxial,
  timesAxial,
} from "../algebra/axial.ts";
import { type Complex, complex, expMinus1, minus, over, plus, squareRoot, times } from "../algebra/complex.ts";
import { dot, subtract, type Vector3 } from "../algebra/vector.ts";
import { checkNumber, InputError, POSITIVE } from "../checks.ts";
import { type Conductor, checkMaterial } from "../materials/material.ts";
import { conductorLaw, decayConstant, FLUXES, fluxIndex, type Law } from "../transport/index.ts";
import { chargePort, type Element, type Medium, magnetPort, type Port, spinPort } from "./element.ts";

/** A pair of side contacts, between which the film also conducts in its plane. */
export interface SideContacts {
  /** Nodes at the low and the high end of the axis. */
  readonly between: readonly [string, string];
  /** Distance of the two [m]. */
  readonly length: number;
}

export interface FilmOptions {
  readonly name: string;
  /** Nodes below and above: z = 0 and z = thickness. */
  readonly between: readonly [string, string];
  readonly material: Conductor;
  /** Extent along the flow [m]. */
  readonly thickness: number;
  /** Cross-section of the flow [m²]. */
  readonly area: number;
  /** Name of the magnet whose direction the film carries; needed for a ferromagnet. */
  readonly magnet?: string;
  /** In-plane current: contacts at the sides, along x and along y. */
  readonly sides?: { readonly x?: SideContacts; readonly y?: SideContacts };
}

/** Values inside a film at depth z, from its lower face. */
export interface ProfilePoint {
  /** Depth [m]. */
  readonly z: number;
  /** V [V]. */
  readonly voltage: number;
  /** φ_s [V]. */
  readonly spinAccumulation: Vector3;
  /** Charge current density along z [A/m²]. */
  readonly current: number;
  /** Spin current density along z, charge units [A/m²]. */
  readonly spinCurrent: Vector3;
}

/** A film, or a stretch of wire, solved exactly along its axis z. */
export interface Film extends Element {
  readonly options: FilmOptions;
  /** The exact solution at evenly spaced depths, for the potentials at its ports. */
  profile(medium: Medium, potentials: Float64Array, points: number): ProfilePoint[];
  /** Dissipated power density ∫ dz over the film by its local law, by quadrature [W]: what uᵀYu must equal. */
  dissipation(medium: Medium, potentials: Float64Array): number;
}

/** Propagation through a film, from φ'' = q² φ.  All are functions of q², so they commute. */
interface Propagation {
  readonly law: Law;
  /** K q / sinh(q t) [S/m²]: what couples the faces. */
  readonly across: Axial;
  /** K q tanh(q t/2) [S/m²]: what each face loses to the inside. */
  readonly into: Axial;
  /** tanh(q t/2) / q [m]: ∫φ dz = mean · (φ₀ + φ₁). */
  readonly mean: Axial;
  /** Γ_magnet mean [S/m²]: what the magnet takes per face potential. */
  readonly toMagnet: Axial;
  /** Γ_magnet mean pumped [S/m²]: what it takes of its own pumping, per face. */
  readonly magnetSelf: Axial;
  /** φ at rest in a moving magnet, as a share of the pumped voltage: Γ_magnet/(Γ_magnet + Γ_lattice). */
  readonly pumped: Axial;
}

/**
 * A film between two nodes, exact in one dimension: current and spin flow along z, forces in the plane are uniform.
 *
 * With E the in-plane field of the side contacts, s the spin Hall current it drives along z and K, Γ of the law,
 *
 *   J(z)   = s_c + (σ/t)[V₀ − V₁ + P m·(φ₀ − φ₁)/2]
 *   j_s(z) = s + P m (J − s_c) − K φ'(z),       K φ'' = Γ_lattice φ + Γ_magnet (φ − φ_pump)
 *   sheet current = t L_tt E + L_tn [V₀ − V₁, (φ₀ − φ₁)/2]
 *
 * The uniform motion of a magnet loses spin to its own lattice at a rate that its measured damping α already holds; the film
 * adds only what its faces change.
 */
export function film(options: FilmOptions): Film {
  const { name, between, material, thickness, area, magnet, sides } = options;
  checkMaterial(material);
  checkNumber(`film "${name}": thickness`, thickness, POSITIVE, "m");
  checkNumber(`film "${name}": area`, area, POSITIVE, "m²");
  for (const side of [sides?.x, sides?.y]) if (side) checkNumber(`film "${name}": length`, side.length, POSITIVE, "m");
  if (material.kind === "ferromagnet" && magnet === undefined) {
    throw new InputError(`film "${name}": magnet`, magnet, "the name of the magnet whose direction the film carries");
  }
  const magnetic = material.kind === "ferromagnet";
  const directions = [sides?.x, sides?.y].flatMap((side, direction) => (side ? [{ side, direction }] : []));
  const ports: Port[] = [
    chargePort(between[0]),
    spinPort(between[0]),
    chargePort(between[1]),
    spinPort(between[1]),
    ...directions.flatMap(({ side }) => [chargePort(side.between[0]), chargePort(side.between[1])]),
    ...(magnetic ? [magnetPort(magnet as string)] : []),
  ];
  const width = 8 + 2 * directions.length + (magnetic ? 3 : 0);
  const magnetAt = 8 + 2 * directions.length;

  const polar = new Float64Array(4);
  let kept: Propagation | undefined;
  let keptField: Vector3 | undefined;
  let keptAxis: Vector3 | undefined;
  const feelsField = material.kind === "normal metal" && material.diffusivity !== undefined;
  /** The functions of q t do not depend on m and are kept as long as the field stays; the law is kept as long as both do. */
  function propagation(medium: Medium): Propagation {
    const m = magnetic ? medium.magnetization(magnet as string) : NO_AXIS;
    const field = feelsField ? medium.field : NO_FIELD;
    if (!kept || !same(field, keptField)) {
      kept = propagate(conductorLaw(material, m, field), thickness);
    } else if (!same(m, keptAxis)) {
      kept = { ...kept, law: conductorLaw(material, m) };
    }
    keptField = field;
    keptAxis = m;
    return kept;
  }

  function admittance(medium: Medium, Y: Float64Array): void {
    const p = propagation(medium);
    const { onsager: L, axis } = p.law;
    const sigma = L[0];
    const G = (sigma / thickness) * area;
    // Normal flow: J and the P m J that rides on it.
    polar[0] = 1;
    for (let a = 1; a < 4; a++) polar[a] = L[fluxIndex(a, 2) * FLUXES + 2] / sigma / 2;
    for (let row = 0; row < 4; row++) {
      for (let column = 0; column < 4; column++) {
        const value = G * polar[row] * polar[column];
        Y[row * width + column] += value;
        Y[row * width + 4 + column] -= value;
        Y[(4 + row) * width + column] -= value;
        Y[(4 + row) * width + 4 + column] += value;
      }
    }
    // Diffusion between the faces and loss inside.
    const half = area / 2;
    for (const face of FACES) {
      addAxialBlock(Y, width, face, face, p.across, axis, half);
      addAxialBlock(Y, width, face, face, p.into, axis, half);
      addAxialBlock(Y, width, face, 6 - face, p.across, axis, -half);
      if (!magnetic) continue;
      addAxialBlock(Y, width, face, magnetAt, p.toMagnet, axis, -half);
      addAxialBlock(Y, width, magnetAt, face, p.toMagnet, axis, -half);
      addAxialBlock(Y, width, magnetAt, magnetAt, p.magnetSelf, axis, half);
    }
    if (directions.length === 0) return;
    const put = (row: number, column: number, value: number): void => {
      Y[row * width + column] += value;
    };
    // In-plane forces, the currents they drive along z, and the sheet current those forces and z-forces drive.
    for (const [d, { side, direction }] of directions.entries()) {
      const at = 8 + 2 * d;
      const perVolt = area / side.length;
      for (let c = 0; c < 4; c++) {
        const half = c === 0 ? 1 : 0.5;
        const drivenUp = L[fluxIndex(c, 2) * FLUXES + direction] * perVolt * half;
        const drivenIn = L[direction * FLUXES + fluxIndex(c, 2)] * perVolt * half;
        for (const [column, sign] of [
          [at, 1],
          [at + 1, -1],
        ] as const) {
          put(c, column, sign * drivenUp);
          put(4 + c, column, -sign * drivenUp);
          put(column, c, sign * drivenIn);
          put(column, 4 + c, -sign * drivenIn);
        }
      }
      for (const [e, other] of directions.entries()) {
        const value = L[direction * FLUXES + other.direction] * thickness * (perVolt / other.side.length);
        for (const [row, r] of [
          [at, 1],
          [at + 1, -1],
        ] as const) {
          put(row, 8 + 2 * e, r * value);
          put(row, 9 + 2 * e, -r * value);
        }
      }
    }
  }

  /** Potentials unpacked: faces, in-plane field, and the φ that a moving magnet holds at rest. */
  function unpack(medium: Medium, u: Float64Array) {
    const p = propagation(medium);
    const E = [0, 0];
    for (const [d, { side, direction }] of directions.entries()) {
      E[direction] = (u[8 + 2 * d] - u[9 + 2 * d]) / side.length;
    }
    const pump: Vector3 = magnetic ? [u[magnetAt], u[magnetAt + 1], u[magnetAt + 2]] : [0, 0, 0];
    const rest: Vector3 = applyAxial(p.pumped, p.law.axis, pump);
    const phi0: Vector3 = [u[1], u[2], u[3]];
    const phi1: Vector3 = [u[5], u[6], u[7]];
    const L = p.law.onsager;
    const driven = [0, 1, 2, 3].map((c) => [0, 1].reduce((s, j) => s + L[fluxIndex(c, 2) * FLUXES + j] * E[j], 0));
    return { ...p, V0: u[0], V1: u[4], phi0, phi1, rest, driven, E };
  }

  function profile(medium: Medium, u: Float64Array, points: number): ProfilePoint[] {
    const depths = Array.from({ length: points }, (_, i) => (thickness * i) / (points - 1));
    return pointsAt(medium, u, depths);
  }

  function pointsAt(medium: Medium, u: Float64Array, depths: readonly number[]): ProfilePoint[] {
    const { law, V0, V1, phi0, phi1, rest, driven } = unpack(medium, u);
    const sigma = law.onsager[0];
    const polar = [1, 2, 3].map((a) => law.onsager[fluxIndex(a, 2) * FLUXES + 2] / sigma) as unknown as Vector3;
    const excess = (sigma / thickness) * (V0 - V1 + dot(polar, subtract(phi0, phi1)) / 2);
    const q2 = decayConstant(law);
    const below = subtract(phi0, rest);
    const above = subtract(phi1, rest);
    return depths.map((z) => {
      const near = mapAxial(q2, (k2) => shape(k2, thickness - z, thickness));
      const far = mapAxial(q2, (k2) => shape(k2, z, thickness));
      const nearSlope = mapAxial(q2, (k2) => slope(k2, thickness - z, thickness));
      const farSlope = mapAxial(q2, (k2) => slope(k2, z, thickness));
      const a = applyAxial(near, law.axis, below);
      const b = applyAxial(far, law.axis, above);
      const phi: Vector3 = [a[0] + b[0] + rest[0], a[1] + b[1] + rest[1], a[2] + b[2] + rest[2]];
      const da = applyAxial(timesAxial(law.diffusion, nearSlope), law.axis, below);
      const db = applyAxial(timesAxial(law.diffusion, farSlope), law.axis, above);
      return {
        z,
        voltage: V0 - (excess * z) / sigma - dot(polar, subtract(phi, phi0)) / 2,
        spinAccumulation: phi,
        current: driven[0] + excess,
        spinCurrent: [0, 1, 2].map((i) => driven[1 + i] + polar[i] * excess + da[i] - db[i]) as unknown as Vector3,
      };
    });
  }

  function dissipation(medium: Medium, u: Float64Array): number {
    const { law, E, rest } = unpack(medium, u);
    const L = law.onsager;
    const sink = addAxial(law.lattice, law.magnet);
    // Gauss–Legendre with 5 points on panels of at most λ/2 of the fastest decay: error below 1e-12 of the integral.
    const q = squareRoot(decayConstant(law).across);
    const fastest = Math.max(Math.hypot(q.re, q.im), Math.sqrt(decayConstant(law).along));
    const panels = Math.min(2000, Math.ceil(2 * fastest * thickness) + 1);
    let power = 0;
    for (let p = 0; p < panels; p++) {
      const depths = GAUSS.map(([x]) => (thickness * (p + (1 + x) / 2)) / panels);
      for (const [i, point] of pointsAt(medium, u, depths).entries()) {
        // Forces along z from the fluxes: X = L_nn⁻¹ (f − driven); then p = Σ flux · force + φ·sink/2.
        const f = [point.current, ...point.spinCurrent];
        const sigma = L[0];
        const driven = [0, 1, 2, 3].map(
          (c) => L[fluxIndex(c, 2) * FLUXES] * E[0] + L[fluxIndex(c, 2) * FLUXES + 1] * E[1],
        );
        const g = f.map((x, c) => x - driven[c]);
        const polar = [1, 2, 3].map((a) => L[fluxIndex(a, 2) * FLUXES + 2] / sigma) as unknown as Vector3;
        const P2 = dot(polar, polar);
        const gs: Vector3 = [g[1], g[2], g[3]];
        const Xc = (g[0] - dot(polar, gs)) / (sigma * (1 - P2));
        const Xs = [0, 1, 2].map((a) => gs[a] / sigma - polar[a] * Xc);
        let density = f[0] * Xc + f[1] * Xs[0] + f[2] * Xs[1] + f[3] * Xs[2];
        for (let j = 0; j < 2; j++) {
          let sheet = 0;
          for (let k = 0; k < 2; k++) sheet += L[j * FLUXES + k] * E[k];
          sheet += L[j * FLUXES + 2] * Xc;
          for (let a = 0; a < 3; a++) sheet += L[j * FLUXES + fluxIndex(a + 1, 2)] * Xs[a];
          density += sheet * E[j];
        }
        const phi = subtract(point.spinAccumulation, rest);
        density += dot(phi, applyAxial(sink, law.axis, phi)) / 2;
        power += (density * GAUSS[i][1] * thickness) / (2 * panels);
      }
    }
    return power * area;
  }

  return {
    name,
    options,
    ports,
    dependsOn: {
      magnetization: magnetic,
      field: feelsField,
    },
    conducts: [between, ...directions.map(({ side }) => side.between)],
    admittance,
    relaxed(medium, u) {
      const { law, mean, phi0, phi1, rest } = unpack(medium, u);
      const sum: Vector3 = [0, 1, 2].map((i) => phi0[i] + phi1[i] - 2 * rest[i]) as unknown as Vector3;
      return applyAxial(scaleAxial(timesAxial(law.lattice, mean), area), law.axis, sum);
    },
    converted(medium, u) {
      const { driven } = unpack(medium, u);
      return area * Math.hypot(driven[1], driven[2], driven[3]);
    },
    profile,
    dissipation,
  };
}

/** Places of φ at the lower and at the upper face. */
const FACES = [1, 5] as const;
const NO_AXIS: Vector3 = [0, 0, 1];
const NO_FIELD: Vector3 = [0, 0, 0];
const same = (a: Vector3, b: Vector3 | undefined): boolean =>
  b !== undefined && a[0] === b[0] && a[1] === b[1] && a[2] === b[2];

function propagate(law: Law, thickness: number): Propagation {
  const q2 = decayConstant(law);
  const mean = mapAxial(q2, (k2) => tanhOverQ(k2, thickness));
  const pumped = overAxial(law.magnet, addAxial(law.lattice, law.magnet));
  const toMagnet = timesAxial(law.magnet, mean);
  return {
    law,
    across: timesAxial(
      law.diffusion,
      mapAxial(q2, (k2) => qOverSinh(k2, thickness)),
    ),
    into: timesAxial(law.diffusion, timesAxial(q2, mean)),
    mean,
    toMagnet,
    magnetSelf: timesAxial(toMagnet, pumped),
    pumped,
  };
}

const isZero = (z: Complex): boolean => z.re === 0 && z.im === 0;

/** q / sinh(q t); 1/t for q = 0. */
function qOverSinh(q2: Complex, t: number): Complex {
  if (isZero(q2)) return complex(1 / t);
  const q = squareRoot(q2);
  // 2 q e^(−qt) / (1 − e^(−2qt)): no overflow for any thickness.
  const decay = plus(expMinus1(times(q, complex(-t))), complex(1));
  const gap = times(complex(-1), expMinus1(times(q, complex(-2 * t))));
  return over(times(times(complex(2), q), decay), gap);
}

/** tanh(q t/2) / q; t/2 for q = 0. */
function tanhOverQ(q2: Complex, t: number): Complex {
  if (isZero(q2)) return complex(t / 2);
  const q = squareRoot(q2);
  const gap = times(complex(-1), expMinus1(times(q, complex(-t))));
  return over(gap, times(q, minus(complex(2), gap)));
}

/** sinh(q z) / sinh(q t) for 0 ≤ z ≤ t. */
function shape(q2: Complex, z: number, t: number): Complex {
  if (isZero(q2)) return complex(z / t);
  const q = squareRoot(q2);
  const lead = plus(expMinus1(times(q, complex(z - t))), complex(1));
  return over(times(lead, expMinus1(times(q, complex(-2 * z)))), expMinus1(times(q, complex(-2 * t))));
}

/** q cosh(q z) / sinh(q t). */
function slope(q2: Complex, z: number, t: number): Complex {
  if (isZero(q2)) return complex(1 / t);
  const q = squareRoot(q2);
  const lead = plus(expMinus1(times(q, complex(z - t))), complex(1));
  const sum = plus(complex(2), expMinus1(times(q, complex(-2 * z))));
  return over(times(times(q, lead), sum), times(complex(-1), expMinus1(times(q, complex(-2 * t)))));
}

/** Nodes and weights of 5-point Gauss–Legendre quadrature on [−1, 1] (Abramowitz and Stegun, 25.4.30). */
const GAUSS: readonly (readonly [number, number])[] = [
  [0, 128 / 225],
  ...[-1, 1].flatMap((s): [number, number][] => [
    [(s / 3) * Math.sqrt(5 - 2 * Math.sqrt(10 / 7)), (322 + 13 * Math.sqrt(70)) / 900],
    [(s / 3) * Math.sqrt(5 + 2 * Math.sqrt(10 / 7)), (322 - 13 * Math.sqrt(70)) / 900],
  ]),
];
