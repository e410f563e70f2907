import {
  type Axial,
  addAxial,
  addAxialBlock,
  applyAxial,
  axial,
  mapAxial,
  overAxial,
  scaleAxial,
  timesAxial,
} from "../algebra/axial.ts";
import { type Complex, squareRoot } from "../algebra/complex.ts";
import { cross, dot, norm, subtract, type Vector3 } from "../algebra/vector.ts";
import { checkNumber, checkVector, InputError, POSITIVE } from "../checks.ts";
import { type Conductor, checkMaterial } from "../materials/material.ts";
import {
  CHARGE,
  carriedEntropy,
  conductorLaw,
  FLUXES,
  fluxIndex,
  HEAT,
  heatConductivity,
  type Law,
  turned,
} from "../transport/index.ts";
import { qOverSinh, shape, slope, tanhOverQ } from "./decay.ts";
import {
  chargePort,
  type Element,
  type Medium,
  magnetPort,
  type Port,
  portWidth,
  spinPort,
  temperaturePort,
} from "./element.ts";
import { GAUSS } from "./quadrature.ts";

/** A pair of side contacts, between which the film also conducts in its plane. */
export interface SideContacts {
  /** Nodes at the low and the high end of the axis. */
  readonly between: readonly [string, string];
  /** Distance of the two [m]. */
  readonly length: number;
  /** The two also hold temperatures, so that heat flows in the plane; only in a film that carries heat.  Default false. */
  readonly heat?: boolean;
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
  /** The film carries heat, and its nodes have a temperature.  Default false: everything is at the ambient temperature. */
  readonly heat?: boolean;
  /**
   * Lab directions of the film's own x and z, unit vectors at right angles; default those of the lab.  A wire along lab x has
   * z: [1, 0, 0].  Spin and magnetization keep their lab components.
   */
  readonly orientation?: { readonly x: Vector3; readonly z: Vector3 };
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
  /** T [K], in a film that carries heat; what the film's currents heat counts as spread evenly over it. */
  readonly temperature?: number;
}

/** A film, or a stretch of wire, solved exactly along its axis z. */
export interface Film extends Element {
  readonly options: FilmOptions;
  /** The exact solution at evenly spaced depths, for the potentials at its ports. */
  profile(medium: Medium, potentials: Float64Array, points: number): ProfilePoint[];
  /** Dissipated power density ∫ dz over the film by its local law, by quadrature [W]: what uᵀYu must equal. */
  dissipation(medium: Medium, potentials: Float64Array): number;
}

/** One conserved flux along z, of charge or of heat. */
interface Rider {
  /** Charge or heat. */
  readonly component: number;
  /** Place of its potential among those of a face. */
  readonly place: number;
  /** Spin that rides on the flux, j_s = Σ spin · flux: P m on charge.  [per unit of the flux] */
  readonly spin: Vector3;
}

/** Propagation through a film, from φ'' = q² φ.  All are functions of q², so they commute. */
interface Propagation {
  /** K in j_s = Σ rider · flux − K ∇φ_s, with charge and heat current held [S/m]. */
  readonly diffusion: Axial;
  readonly q2: Axial;
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

/** What a film is at one magnetization and field. */
interface Inside {
  readonly law: Law;
  /** L of the law in the film's own directions. */
  readonly L: Float64Array;
  readonly riders: readonly Rider[];
  /** L between the riders along z, 1 × 1 or 2 × 2, and its inverse. */
  readonly through: readonly number[];
  readonly resist: readonly number[];
  readonly propagation: Propagation;
}

/** An in-plane force between two places of the potentials. */
interface SideForce {
  readonly component: number;
  readonly direction: number;
  /** Places of its two potentials. */
  readonly from: number;
  readonly to: number;
  readonly length: number;
}

/**
 * A film between two nodes, exact in one dimension: charge, spin and heat flow along z, forces in the plane are uniform.
 *
 * With s the fluxes that the in-plane forces drive along z, X the forces along z, and K, Γ of the law,
 *
 *   J, q/T₀   = s + L_zz [ΔU + B·(φ₀ − φ₁)/2]/t,     U = (V, T),   B = L_zz⁻¹ L_(U,spin)
 *   j_s(z)    = s + B·(J − s, q/T₀ − s) − K φ'(z),     K φ'' = Γ_lattice φ + Γ_magnet (φ − φ_pump)
 *   sheet     = t L_tt X_t + L_tn [ΔU, (φ₀ − φ₁)/2]
 *
 * Without heat the temperature is uniform and U is V alone.
 *
 * The uniform motion of a magnet loses spin to its own lattice at a rate that its measured damping α already holds; the film
 * adds only what its faces change.
 */
export function film(options: FilmOptions): Film {
  checkFilm(options);
  const { name, between, material, thickness, area, magnet, sides, heat = false } = options;
  const axes = axesOf(options);
  const magnetic = material.kind === "ferromagnet";
  const directions = [sides?.x, sides?.y].flatMap((side, direction) => (side ? [{ side, direction }] : []));
  const ends = (node: string): Port[] => [chargePort(node), spinPort(node), ...(heat ? [temperaturePort(node)] : [])];
  const ports: Port[] = [
    ...between.flatMap(ends),
    ...directions.flatMap(({ side }) => [
      ...side.between.map(chargePort),
      ...(side.heat ? side.between.map(temperaturePort) : []),
    ]),
    ...(magnetic ? [magnetPort(magnet as string)] : []),
  ];
  const top = heat ? 5 : 4;
  const forces: SideForce[] = [];
  let width = 2 * top;
  for (const { side, direction } of directions) {
    for (const component of side.heat ? [CHARGE, HEAT] : [CHARGE]) {
      forces.push({ component, direction, from: width, to: width + 1, length: side.length });
      width += 2;
    }
  }
  const magnetAt = width;
  if (magnetic) width += 3;
  const flowing = heat ? [CHARGE, HEAT] : [CHARGE];
  /** Fluxes along z, where their potentials stand at a face, and the factor of the potential in the force. */
  const along = [...FACE, ...(heat ? [{ component: HEAT, place: 4, factor: 1 }] : [])];

  let kept: Inside | undefined;
  let keptField: Vector3 | undefined;
  let keptAxis: Vector3 | undefined;
  const feelsField = material.kind === "normal metal" && material.diffusivity !== undefined;
  const anisotropic = material.kind === "ferromagnet" && (material.anisotropicMagnetoresistance ?? 0) !== 0;
  /** The law is kept as long as m and the field stay; the functions of q t as long as the field does, where m is not in them. */
  function inside(medium: Medium): Inside {
    const m = magnetic ? medium.magnetization(magnet as string) : NO_AXIS;
    const field = feelsField ? medium.field : NO_FIELD;
    const sameField = same(field, keptField);
    if (kept && sameField && same(m, keptAxis)) return kept;
    const law = conductorLaw(material, m, field, medium.temperature);
    const L = axes ? turned(law.onsager, axes) : law.onsager;
    const { through, resist, riders } = ridersOf(L, flowing);
    const propagation =
      kept && sameField && !anisotropic ? kept.propagation : propagate(law, spinDiffusionOf(L, riders), thickness);
    kept = { law, L, riders, through, resist, propagation };
    keptField = field;
    keptAxis = m;
    return kept;
  }

  function admittance(medium: Medium, Y: Float64Array): void {
    const { law, L, riders, through, propagation: p } = inside(medium);
    // Charge and heat, and the spin that rides on them.
    for (const [i, row] of riders.entries()) {
      for (const [k, column] of riders.entries()) {
        const G = (through[i * riders.length + k] / thickness) * area;
        for (let r = 0; r < 4; r++) {
          const left = G * (r === 0 ? 1 : row.spin[r - 1] / 2);
          if (left === 0) continue;
          const atRow = r === 0 ? row.place : r;
          for (let c = 0; c < 4; c++) {
            const value = left * (c === 0 ? 1 : column.spin[c - 1] / 2);
            const atColumn = c === 0 ? column.place : c;
            Y[atRow * width + atColumn] += value;
            Y[atRow * width + top + atColumn] -= value;
            Y[(top + atRow) * width + atColumn] -= value;
            Y[(top + atRow) * width + top + atColumn] += value;
          }
        }
      }
    }
    // Diffusion between the faces and loss inside.
    const half = area / 2;
    const { axis } = law;
    for (const face of [1, top + 1]) {
      addAxialBlock(Y, width, face, face, p.across, axis, half);
      addAxialBlock(Y, width, face, face, p.into, axis, half);
      addAxialBlock(Y, width, face, top + 2 - face, p.across, axis, -half);
      if (!magnetic) continue;
      addAxialBlock(Y, width, face, magnetAt, p.toMagnet, axis, -half);
      addAxialBlock(Y, width, magnetAt, face, p.toMagnet, axis, -half);
      addAxialBlock(Y, width, magnetAt, magnetAt, p.magnetSelf, axis, half);
    }
    // In-plane forces, the fluxes they drive along z, and the sheet currents that those forces and z-forces drive.
    for (const force of forces) {
      const flux = fluxIndex(force.component, force.direction);
      const perForce = area / force.length;
      for (const { component, place, factor } of along) {
        const normal = fluxIndex(component, 2);
        const drivenUp = L[normal * FLUXES + flux] * perForce * factor;
        const drivenIn = L[flux * FLUXES + normal] * perForce * factor;
        for (const [end, sign] of [
          [force.from, 1],
          [force.to, -1],
        ] as const) {
          Y[place * width + end] += sign * drivenUp;
          Y[(top + place) * width + end] -= sign * drivenUp;
          Y[end * width + place] += sign * drivenIn;
          Y[end * width + top + place] -= sign * drivenIn;
        }
      }
      for (const other of forces) {
        const value =
          (L[flux * FLUXES + fluxIndex(other.component, other.direction)] * thickness * perForce) / other.length;
        Y[force.from * width + other.from] += value;
        Y[force.from * width + other.to] -= value;
        Y[force.to * width + other.from] -= value;
        Y[force.to * width + other.to] += value;
      }
    }
  }

  /** In-plane forces, the fluxes along z that they drive, and what charge and heat carry beyond those, for given potentials. */
  function unpack(medium: Medium, u: Float64Array) {
    const here = inside(medium);
    const { law, L, riders, through, propagation } = here;
    const pull = forces.map(({ from, to, length }) => (u[from] - u[to]) / length);
    const driven = (flux: number): number =>
      forces.reduce(
        (sum, { component, direction }, f) => sum + L[flux * FLUXES + fluxIndex(component, direction)] * pull[f],
        0,
      );
    const pump: Vector3 = magnetic ? [u[magnetAt], u[magnetAt + 1], u[magnetAt + 2]] : [0, 0, 0];
    const rest: Vector3 = applyAxial(propagation.pumped, law.axis, pump);
    const phi0: Vector3 = [u[1], u[2], u[3]];
    const phi1: Vector3 = [u[top + 1], u[top + 2], u[top + 3]];
    const drop = subtract(phi0, phi1);
    const fall = riders.map(({ place, spin }) => u[place] - u[top + place] + dot(spin, drop) / 2);
    const excess = riders.map((_, i) =>
      fall.reduce((sum, x, k) => sum + (through[i * riders.length + k] * x) / thickness, 0),
    );
    const drivenSpin = [1, 2, 3].map((a) => driven(fluxIndex(a, 2)));
    return { ...here, pull, driven, drivenSpin, rest, phi0, phi1, fall, excess };
  }

  function profile(medium: Medium, u: Float64Array, points: number): ProfilePoint[] {
    const depths = Array.from({ length: points }, (_, i) => (thickness * i) / (points - 1));
    return pointsAt(medium, u, depths);
  }

  function pointsAt(medium: Medium, u: Float64Array, depths: readonly number[]): ProfilePoint[] {
    const { law, riders, propagation, phi0, phi1, rest, driven, drivenSpin, fall, excess } = unpack(medium, u);
    const { q2, diffusion } = propagation;
    const below = subtract(phi0, rest);
    const above = subtract(phi1, rest);
    const warmed = heat ? made(medium, u) / (area * thickness * 2 * heatConductivity(material, medium.temperature)) : 0;
    return depths.map((z) => {
      const near = mapAxial(q2, (k2) => shape(k2, thickness - z, thickness));
      const far = mapAxial(q2, (k2) => shape(k2, z, thickness));
      const nearSlope = mapAxial(q2, (k2) => slope(k2, thickness - z, thickness));
      const farSlope = mapAxial(q2, (k2) => slope(k2, z, thickness));
      const a = applyAxial(near, law.axis, below);
      const b = applyAxial(far, law.axis, above);
      const phi: Vector3 = [a[0] + b[0] + rest[0], a[1] + b[1] + rest[1], a[2] + b[2] + rest[2]];
      const da = applyAxial(timesAxial(diffusion, nearSlope), law.axis, below);
      const db = applyAxial(timesAxial(diffusion, farSlope), law.axis, above);
      const potential = riders.map(
        ({ place, spin }, i) => u[place] - (fall[i] * z) / thickness - dot(spin, subtract(phi, phi0)) / 2,
      );
      return {
        z,
        voltage: potential[0],
        spinAccumulation: phi,
        current: driven(fluxIndex(CHARGE, 2)) + excess[0],
        spinCurrent: [0, 1, 2].map(
          (i) => drivenSpin[i] + riders.reduce((sum, { spin }, k) => sum + spin[i] * excess[k], 0) + da[i] - db[i],
        ) as unknown as Vector3,
        ...(heat && { temperature: medium.temperature + potential[1] + warmed * z * (thickness - z) }),
      };
    });
  }

  function dissipation(medium: Medium, u: Float64Array): number {
    const { law, L, riders, resist, propagation, rest, pull, driven, drivenSpin, excess } = unpack(medium, u);
    const sink = addAxial(law.lattice, law.magnet);
    const perSpin = mapAxial(scaleAxial(propagation.diffusion, 2), (k) => ({
      re: k.re / (k.re ** 2 + k.im ** 2),
      im: -k.im / (k.re ** 2 + k.im ** 2),
    }));
    // Gauss–Legendre with 5 points on panels of at most λ/2 of the fastest decay: error below 1e-12 of the integral.
    const q = squareRoot(propagation.q2.across);
    const fastest = Math.max(Math.hypot(q.re, q.im), Math.sqrt(propagation.q2.along));
    const panels = Math.min(2000, Math.ceil(2 * fastest * thickness) + 1);
    let power = 0;
    for (let p = 0; p < panels; p++) {
      const depths = GAUSS.map(([x]) => (thickness * (p + (1 + x) / 2)) / panels);
      for (const [i, point] of pointsAt(medium, u, depths).entries()) {
        // Forces along z from the fluxes; then p = Σ flux · force + φ·sink/2.
        const diffusing = [0, 1, 2].map(
          (a) =>
            point.spinCurrent[a] - drivenSpin[a] - riders.reduce((sum, { spin }, k) => sum + spin[a] * excess[k], 0),
        );
        const Xs = applyAxial(perSpin, law.axis, diffusing);
        const X = riders.map(
          ({ spin }, k) => excess.reduce((sum, x, l) => sum + resist[k * riders.length + l] * x, 0) - dot(spin, Xs),
        );
        let density = dot(point.spinCurrent, Xs);
        for (const [k, { component }] of riders.entries())
          density += (driven(fluxIndex(component, 2)) + excess[k]) * X[k];
        for (const [f, { component, direction }] of forces.entries()) {
          const flux = fluxIndex(component, direction);
          let sheet = driven(flux);
          for (const [k, rider] of riders.entries()) sheet += L[flux * FLUXES + fluxIndex(rider.component, 2)] * X[k];
          for (let a = 0; a < 3; a++) sheet += L[flux * FLUXES + fluxIndex(a + 1, 2)] * Xs[a];
          density += sheet * pull[f];
        }
        const phi = subtract(point.spinAccumulation, rest);
        density += dot(phi, applyAxial(sink, law.axis, phi)) / 2;
        power += (density * GAUSS[i][1] * thickness) / (2 * panels);
      }
    }
    return power * area;
  }

  /** Places of the potentials that are no temperature. */
  const working = ports
    .flatMap((port) => Array<boolean>(portWidth(port)).fill(port.kind !== "temperature"))
    .flatMap((works, place) => (works ? [place] : []));
  const Y = new Float64Array(width * width);

  /** Heat [W] that the currents make in the film: the power they lose, but for what they carry off as Peltier heat. */
  function made(medium: Medium, u: Float64Array): number {
    Y.fill(0);
    admittance(medium, Y);
    const fluxes = Float64Array.from({ length: width }, (_, r) =>
      u.reduce((sum, x, c) => sum + Y[r * width + c] * x, 0),
    );
    const [below, above] = carried(medium, u, fluxes);
    return working.reduce((sum, at) => sum + u[at] * fluxes[at], 0) + below + above;
  }

  /** Peltier heat [W] that enters at the faces beyond that at T₀: currents carry the entropy of their own temperature. */
  function carried(medium: Medium, u: Float64Array, fluxes: Float64Array): [number, number] {
    const { perCharge, perSpin } = carriedEntropy(material);
    const { axis } = inside(medium).law;
    return [0, top].map((face) => {
      const spin = 2 * (fluxes[face + 1] * axis[0] + fluxes[face + 2] * axis[1] + fluxes[face + 3] * axis[2]);
      return u[face + 4] * (perCharge * fluxes[face] + (perSpin === 0 ? 0 : perSpin * spin));
    }) as [number, number];
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
    ...(heat && {
      conductsHeat: [between, ...directions.flatMap(({ side }) => (side.heat ? [side.between] : []))],
      heating(medium: Medium, u: Float64Array, fluxes: Float64Array, out: Float64Array): void {
        const [below, above] = carried(medium, u, fluxes);
        const own = working.reduce((sum, at) => sum + u[at] * fluxes[at], 0) + below + above;
        out[4] = own / 2 - below;
        out[top + 4] = own / 2 - above;
      },
    }),
    admittance,
    relaxed(medium, u) {
      const { law, propagation, phi0, phi1, rest } = unpack(medium, u);
      const sum: Vector3 = [0, 1, 2].map((i) => phi0[i] + phi1[i] - 2 * rest[i]) as unknown as Vector3;
      return applyAxial(scaleAxial(timesAxial(law.lattice, propagation.mean), area), law.axis, sum);
    },
    converted(medium, u) {
      return area * norm(unpack(medium, u).drivenSpin as unknown as Vector3);
    },
    profile,
    dissipation,
  };
}

function checkFilm({ name, material, thickness, area, magnet, sides, heat, orientation }: FilmOptions): void {
  checkMaterial(material);
  checkNumber(`film "${name}": thickness`, thickness, POSITIVE, "m");
  checkNumber(`film "${name}": area`, area, POSITIVE, "m²");
  for (const side of [sides?.x, sides?.y]) {
    if (!side) continue;
    checkNumber(`film "${name}": length`, side.length, POSITIVE, "m");
    if (side.heat && !heat) throw new InputError(`film "${name}": heat`, heat, "true, as heat flows between its sides");
  }
  if (material.kind === "ferromagnet" && magnet === undefined) {
    throw new InputError(`film "${name}": magnet`, magnet, "the name of the magnet whose direction the film carries");
  }
  if (!orientation) return;
  const { x, z } = orientation;
  checkVector(`film "${name}": orientation.x`, x);
  checkVector(`film "${name}": orientation.z`, z);
  // 1e-9: far above the round-off of normalising, far below any tilt a user could mean.
  if (Math.abs(norm(x) - 1) > 1e-9 || Math.abs(norm(z) - 1) > 1e-9 || Math.abs(dot(x, z)) > 1e-9) {
    throw new InputError(`film "${name}": orientation`, orientation, "two unit vectors at right angles");
  }
}

const axesOf = ({ orientation }: FilmOptions): [Vector3, Vector3, Vector3] | undefined =>
  orientation && [orientation.x, cross(orientation.z, orientation.x), orientation.z];

/** V and φ_s of a face: which component, where, and the factor of the potential in the force. */
const FACE = [
  { component: CHARGE, place: 0, factor: 1 },
  { component: 1, place: 1, factor: 0.5 },
  { component: 2, place: 2, factor: 0.5 },
  { component: 3, place: 3, factor: 0.5 },
] as const;
const NO_AXIS: Vector3 = [0, 0, 1];
const NO_FIELD: Vector3 = [0, 0, 0];
const same = (a: Vector3, b: Vector3 | undefined): boolean =>
  b !== undefined && a[0] === b[0] && a[1] === b[1] && a[2] === b[2];

/** What flows along z without loss, and the spin that rides on it. */
function ridersOf(L: Float64Array, flowing: readonly number[]) {
  const at = (row: number, column: number): number => L[fluxIndex(row, 2) * FLUXES + fluxIndex(column, 2)];
  const through = flowing.flatMap((row) => flowing.map((column) => at(row, column)));
  const resist = inverse(through);
  const riders: Rider[] = flowing.map((component, i) => ({
    component,
    place: component === CHARGE ? 0 : 4,
    spin: [1, 2, 3].map((a) =>
      flowing.reduce((sum, other, k) => sum + resist[k * flowing.length + i] * at(a, other), 0),
    ) as unknown as Vector3,
  }));
  return { through, resist, riders };
}

/** Of a 1 × 1 or 2 × 2 matrix. */
function inverse(a: readonly number[]): number[] {
  if (a.length === 1) return [1 / a[0]];
  const determinant = a[0] * a[3] - a[1] * a[2];
  return [a[3] / determinant, -a[1] / determinant, -a[2] / determinant, a[0] / determinant];
}

/** K [S/m]: half of what is left of L between spins along z, as φ_s is the full difference. */
function spinDiffusionOf(L: Float64Array, riders: readonly Rider[]): Axial {
  const own = L[fluxIndex(1, 2) * FLUXES + fluxIndex(1, 2)];
  const ridden = riders.reduce(
    (sum, { component, spin }) =>
      sum + spin.reduce((s, b, a) => s + b * L[fluxIndex(component, 2) * FLUXES + fluxIndex(a + 1, 2)], 0),
    0,
  );
  return axial((own - ridden) / 2, own / 2);
}

function propagate(law: Law, diffusion: Axial, thickness: number): Propagation {
  const q2 = overAxial(addAxial(law.lattice, law.magnet), diffusion);
  const mean = mapAxial(q2, (k2) => tanhOverQ(k2, thickness));
  const pumped = overAxial(law.magnet, addAxial(law.lattice, law.magnet));
  const toMagnet = timesAxial(law.magnet, mean);
  return {
    diffusion,
    q2,
    across: timesAxial(
      diffusion,
      mapAxial(q2, (k2: Complex) => qOverSinh(k2, thickness)),
    ),
    into: timesAxial(diffusion, timesAxial(q2, mean)),
    mean,
    toMagnet,
    magnetSelf: timesAxial(toMagnet, pumped),
    pumped,
  };
}
