import { dot, normalize, type Vector3 } from "../algebra/vector.ts";
import { MU0 } from "../constants.ts";

/** A magnet whose magnetization is uniform. */
export interface Macrospin {
  readonly name: string;
  /** Ms [A/m]. */
  readonly saturationMagnetization: number;
  /** [m³] */
  readonly volume: number;
  /** Gilbert damping α. */
  readonly damping: number;
  /** Held where it is, as a reference layer; it still takes part in all couplings. */
  readonly fixed?: boolean;
}

/**
 * One contribution to the energy of a set of macrospins.  `m` holds their unit vectors one after the other; fields are
 * H = −(1/μ0 Ms V) ∂E/∂m [A/m], added into `H` in the same order.
 */
export interface EnergyTerm {
  readonly name: string;
  /** [J] */
  energy(m: Float64Array, time: number): number;
  addField(m: Float64Array, time: number, H: Float64Array): void;
}

const at = (m: Float64Array, magnet: number): Vector3 => [m[3 * magnet], m[3 * magnet + 1], m[3 * magnet + 2]];

function addTo(H: Float64Array, magnet: number, x: number, y: number, z: number): void {
  H[3 * magnet] += x;
  H[3 * magnet + 1] += y;
  H[3 * magnet + 2] += z;
}

/** Zeeman energy −Ms V m·B of every magnet in a field that may change in time.  @param field B(t) [T] */
export function zeeman(magnets: readonly Macrospin[], field: (time: number) => Vector3): EnergyTerm {
  return {
    name: "Zeeman",
    energy: (m, time) =>
      -magnets.reduce((sum, p, i) => sum + p.saturationMagnetization * p.volume * dot(at(m, i), field(time)), 0),
    addField(_, time, H) {
      const [x, y, z] = field(time);
      for (let i = 0; i < magnets.length; i++) addTo(H, i, x / MU0, y / MU0, z / MU0);
    },
  };
}

/**
 * Uniaxial anisotropy −V [K1 (m·u)² + K2 (m·u)⁴].  An interfacial anisotropy K_i [J/m²] of a film of thickness t is K1 = K_i/t
 * along its normal.
 * @param axis u, any length
 */
export function uniaxialAnisotropy(
  magnets: readonly Macrospin[],
  magnet: number,
  axis: Vector3,
  K1: number,
  K2 = 0,
): EnergyTerm {
  const u = normalize(axis);
  const { volume, saturationMagnetization } = magnets[magnet];
  return {
    name: "uniaxial anisotropy",
    energy(m) {
      const c2 = dot(at(m, magnet), u) ** 2;
      return -volume * (K1 * c2 + K2 * c2 * c2);
    },
    addField(m, _, H) {
      const c = dot(at(m, magnet), u);
      const h = (2 * K1 * c + 4 * K2 * c ** 3) / (MU0 * saturationMagnetization);
      addTo(H, magnet, h * u[0], h * u[1], h * u[2]);
    },
  };
}

/** Cubic anisotropy V [Kc1 (x²y² + y²z² + z²x²) + Kc2 x²y²z²] with cube axes along x, y, z. */
export function cubicAnisotropy(magnets: readonly Macrospin[], magnet: number, Kc1: number, Kc2 = 0): EnergyTerm {
  const { volume, saturationMagnetization } = magnets[magnet];
  const factor = -2 / (MU0 * saturationMagnetization);
  return {
    name: "cubic anisotropy",
    energy(m) {
      const [x2, y2, z2] = at(m, magnet).map((c) => c * c);
      return volume * (Kc1 * (x2 * y2 + y2 * z2 + z2 * x2) + Kc2 * x2 * y2 * z2);
    },
    addField(m, _, H) {
      const [x, y, z] = at(m, magnet);
      const [x2, y2, z2] = [x * x, y * y, z * z];
      addTo(
        H,
        magnet,
        factor * x * (Kc1 * (y2 + z2) + Kc2 * y2 * z2),
        factor * y * (Kc1 * (z2 + x2) + Kc2 * z2 * x2),
        factor * z * (Kc1 * (x2 + y2) + Kc2 * x2 * y2),
      );
    },
  };
}

/** Energy ½ μ0 Ms² V m·N m in the body's own field.  @param factors diagonal of N along x, y, z */
export function demagnetization(magnets: readonly Macrospin[], magnet: number, factors: Vector3): EnergyTerm {
  const { volume, saturationMagnetization: Ms } = magnets[magnet];
  return {
    name: "demagnetization",
    energy(m) {
      return 0.5 * MU0 * Ms * Ms * volume * at(m, magnet).reduce((sum, c, a) => sum + factors[a] * c * c, 0);
    },
    addField(m, _, H) {
      const [x, y, z] = at(m, magnet);
      addTo(H, magnet, -Ms * factors[0] * x, -Ms * factors[1] * y, -Ms * factors[2] * z);
    },
  };
}

/**
 * Coupling across a spacer, −A [J1 m₁·m₂ + J2 (m₁·m₂)²]; J1 > 0 favours parallel (Bruno and Chappert, PRL 67, 1602 (1991);
 * biquadratic Slonczewski, PRL 67, 3172 (1991)).
 * @param pair indices of the two magnets
 * @param area [m²]
 * @param J1 bilinear [J/m²]
 * @param J2 biquadratic [J/m²]
 */
export function interlayerCoupling(
  magnets: readonly Macrospin[],
  pair: readonly [number, number],
  area: number,
  J1: number,
  J2 = 0,
): EnergyTerm {
  return {
    name: "interlayer coupling",
    energy(m) {
      const c = dot(at(m, pair[0]), at(m, pair[1]));
      return -area * (J1 * c + J2 * c * c);
    },
    addField(m, _, H) {
      const c = dot(at(m, pair[0]), at(m, pair[1]));
      for (const [self, other] of [pair, [pair[1], pair[0]]]) {
        const { saturationMagnetization, volume } = magnets[self];
        const h = (area * (J1 + 2 * J2 * c)) / (MU0 * saturationMagnetization * volume);
        const [x, y, z] = at(m, other);
        addTo(H, self, h * x, h * y, h * z);
      }
    },
  };
}

/**
 * Magnetostatic coupling of two bodies, E = μ0 Ms₁ Ms₂ m₁·T m₂ with a symmetric tensor T [m³], row-major 3 × 3.
 * For bodies stacked along z T = A · diag of stackedCoupling; for distant ones {@link pointDipoleTensor}.
 */
export function dipolarCoupling(
  magnets: readonly Macrospin[],
  pair: readonly [number, number],
  tensor: ArrayLike<number>,
): EnergyTerm {
  const apply = (v: Vector3): Vector3 =>
    [0, 3, 6].map((r) => tensor[r] * v[0] + tensor[r + 1] * v[1] + tensor[r + 2] * v[2]) as unknown as Vector3;
  return {
    name: "dipolar coupling",
    energy(m) {
      const [p, q] = pair.map((i) => magnets[i]);
      return MU0 * p.saturationMagnetization * q.saturationMagnetization * dot(at(m, pair[0]), apply(at(m, pair[1])));
    },
    addField(m, _, H) {
      for (const [self, other] of [pair, [pair[1], pair[0]]]) {
        const scale = -magnets[other].saturationMagnetization / magnets[self].volume;
        const [x, y, z] = apply(at(m, other));
        addTo(H, self, scale * x, scale * y, scale * z);
      }
    },
  };
}

/** T = V₁V₂ (1 − 3 r̂r̂ᵀ)/(4π r³) of two point dipoles.  @param offset from one centre to the other [m] */
export function pointDipoleTensor(volume1: number, volume2: number, offset: Vector3): Float64Array {
  const r = Math.hypot(...offset);
  const n = normalize(offset);
  return Float64Array.from({ length: 9 }, (_, i) => {
    const [a, b] = [Math.floor(i / 3), i % 3];
    return (volume1 * volume2 * ((a === b ? 1 : 0) - 3 * n[a] * n[b])) / (4 * Math.PI * r ** 3);
  });
}
