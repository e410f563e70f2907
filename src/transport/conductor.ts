import { type Axial, addAxial, axial, overAxial } from "../algebra/axial.ts";
import { leviCivita, norm, normalize, type Vector3 } from "../algebra/vector.ts";
import { GAMMA } from "../constants.ts";
import type { Conductor } from "../materials/material.ts";

/**
 * The one transport law.  In every conductor the fluxes of charge and of the three spin components answer linearly to the
 * forces conjugate to them,
 *
 *   J_i = Σ L X,   X_c = −∇V,   X_s^a = −∇φ_s^a / 2,
 *
 * and spin, which is not conserved, obeys div j_s = −Γ_lattice φ_s − Γ_magnet (φ_s − φ_pump).
 *
 * Units: J, j_s [A/m²] with j_s = J↑ − J↓ (↑: moment along the axis); V, φ_s [V] with φ_s = φ↑ − φ↓, the full
 * difference; L [S/m]; Γ [S/m³].  The spin currents are those of angular momentum times 2e/ħ: Q = (ħ/2e) j_s.
 */
export interface Law {
  /** Unit vector about which Γ and the spin diffusion are axial: m in a magnet, the field direction elsewhere. */
  readonly axis: Vector3;
  /** L, 12 × 12 row-major; row and column 3·c + i for component c (charge, x, y, z) flowing along i. */
  readonly onsager: Float64Array;
  /** −j_s = diffusion ∇φ_s + P m J : what is left of L between spins when the charge current is held. [S/m] */
  readonly diffusion: Axial;
  /** Spin given to the lattice, and turned by the field. [S/m³] */
  readonly lattice: Axial;
  /** Transverse spin given to the magnetization. [S/m³] */
  readonly magnet: Axial;
}

/** Place of (component, direction) in {@link Law.onsager}; component 0 is charge, 1…3 are spin x, y, z. */
export const fluxIndex = (component: number, direction: number): number => 3 * component + direction;

/** Number of fluxes: four components along three directions. */
export const FLUXES = 12;

/**
 * The law of a conductor.
 * @param m unit magnetization; ignored in a normal metal
 * @param field flux density B [T]; turns spin in normal metals whose diffusivity is known.  In a ferromagnet the exchange
 *   field, a thousand times stronger, alone fixes the axis.
 *
 * Sources: two channels Valet and Fert, PRB 48, 7099 (1993); spin Hall terms Dyakonov, PRL 99, 126601 (2007); transverse
 * absorption Zhang, Levy, Fert, PRL 88, 236601 (2002), Petitjean, Luc, Waintal, PRL 109, 117204 (2012); precession Hanle,
 * Johnson and Silsbee, PRB 37, 5312 (1988).
 */
export function conductorLaw(material: Conductor, m: Vector3, field: Vector3 = [0, 0, 0]): Law {
  const axis = material.kind === "ferromagnet" ? m : axisOf(field);
  return {
    axis,
    onsager: onsagerMatrix(material, m),
    diffusion: spinDiffusion(material),
    lattice: latticeRelaxation(material, field),
    magnet: magnetAbsorption(material),
  };
}

/** (i, j, a) with ε_ija ≠ 0, and its sign. */
const TURNS: readonly (readonly [number, number, number, number])[] = [0, 1, 2].flatMap((i) =>
  [0, 1, 2]
    .flatMap((j) => [0, 1, 2].map((a) => [i, j, a, leviCivita(i, j, a)] as const))
    .filter(([, , , sign]) => sign !== 0),
);

/** L of {@link Law}: conduction, polarisation along m, spin Hall and anomalous Hall effect. */
export function onsagerMatrix(material: Conductor, m: Vector3): Float64Array {
  const sigma = material.conductivity;
  const { spinHallAngle: theta = 0 } = material;
  const magnetic = material.kind === "ferromagnet";
  const polarized = magnetic ? material.polarization * sigma : 0;
  const anomalous = magnetic ? (material.anomalousHallAngle ?? 0) * sigma : 0;
  const L = new Float64Array(FLUXES * FLUXES);
  for (let flux = 0; flux < FLUXES; flux++) L[flux * FLUXES + flux] = sigma;
  if (polarized !== 0) {
    for (let i = 0; i < 3; i++) {
      for (let a = 0; a < 3; a++) {
        const spin = fluxIndex(a + 1, i);
        L[i * FLUXES + spin] = polarized * m[a];
        L[spin * FLUXES + i] = polarized * m[a];
      }
    }
  }
  if (theta !== 0) {
    for (const [i, j, a, sign] of TURNS) {
      // j_s^a = θσ E × a and J = θσ Σ_a X_s^a × a: one θ for the direct and the inverse effect.
      L[fluxIndex(a + 1, i) * FLUXES + j] += theta * sigma * sign;
      L[i * FLUXES + fluxIndex(a + 1, j)] += theta * sigma * sign;
    }
  }
  if (anomalous !== 0) {
    // J = σ θ_AH m × E; ε_iaj = −ε_ija
    for (const [i, j, a, sign] of TURNS) L[i * FLUXES + j] -= anomalous * sign * m[a];
  }
  return L;
}

/** K in j_s = P m J − K ∇φ_s: (σ/2)(1 − P²) along m, σ/2 across it.  [S/m] */
export function spinDiffusion(material: Conductor): Axial {
  const P = material.kind === "ferromagnet" ? material.polarization : 0;
  return axial((material.conductivity / 2) * (1 - P * P), material.conductivity / 2);
}

/**
 * Γ_lattice, isotropic relaxation (1 − P²) σ/2λ², which gives φ_s'' = φ_s/λ² along m, and Hanle precession
 * −(σ/2D) γ φ_s × B about the field.  [S/m³]
 */
export function latticeRelaxation(material: Conductor, field: Vector3 = [0, 0, 0]): Axial {
  const P = material.kind === "ferromagnet" ? material.polarization : 0;
  const rate = ((1 - P * P) * material.conductivity) / (2 * material.spinDiffusionLength ** 2);
  if (material.kind === "ferromagnet" || material.diffusivity === undefined) return axial(rate);
  // φ × b = −b × φ, hence the sign of the imaginary part.
  return axial(rate, rate, (-material.conductivity / (2 * material.diffusivity)) * GAMMA * norm(field));
}

/** Γ_magnet, (σ/2)[φ_⊥/λ_φ² + φ × m/λ_J²].  [S/m³] */
export function magnetAbsorption(material: Conductor): Axial {
  if (material.kind !== "ferromagnet") return axial(0);
  const half = material.conductivity / 2;
  const { dephasingLength = Number.POSITIVE_INFINITY, precessionLength = Number.POSITIVE_INFINITY } = material;
  return axial(0, half / dephasingLength ** 2, -half / precessionLength ** 2);
}

/** q² in φ_s'' = q² φ_s.  [1/m²] */
export const decayConstant = (law: Pick<Law, "lattice" | "magnet" | "diffusion">): Axial =>
  overAxial(addAxial(law.lattice, law.magnet), law.diffusion);

function axisOf(field: Vector3): Vector3 {
  return norm(field) > 0 ? normalize(field) : [0, 0, 1];
}
