import { type Axial, addAxial, axial, overAxial } from "../algebra/axial.ts";
import { leviCivita, norm, normalize, type Vector3 } from "../algebra/vector.ts";
import { GAMMA, LORENZ } from "../constants.ts";
import type { Conductor, MagneticInsulator } from "../materials/material.ts";

/**
 * The one transport law.  In every material the fluxes of charge, of the three spin components, of heat and of magnons answer
 * linearly to the forces conjugate to them,
 *
 *   flux_i = Σ L X,   X_c = −∇V,   X_s^a = −∇φ_s^a / 2,   X_T = −∇T,   X_m = −∇φ_m / 2,
 *
 * and spin, which is not conserved, obeys div j_s = −Γ_lattice φ_s − Γ_magnet (φ_s − φ_pump), magnons div j_m = −Γ φ_m.
 *
 * The flux conjugate to T is the entropy current q/T₀, so that Σ flux · force is T₀ times the entropy that is made; the law is
 * linearised about the ambient temperature T₀.
 *
 * Units: J, j_s, j_m [A/m²] with j_s = J↑ − J↓ (↑: moment along the axis); V, φ_s, φ_m [V] with φ_s = φ↑ − φ↓, the full
 * difference, and φ_m = μ_m/e; q/T₀ [W/(m² K)]; Γ [S/m³].  The spin currents are those of angular momentum times 2e/ħ:
 * Q = (ħ/2e) j_s; one magnon carries ħ along m, as one flipped spin does.
 */
export interface Law {
  /** Unit vector about which Γ and the spin diffusion are axial: m in a magnet, the field direction elsewhere. */
  readonly axis: Vector3;
  /** L, 18 × 18 row-major; row and column 3·c + i for component c (charge; spin x, y, z; heat; magnons) flowing along i. */
  readonly onsager: Float64Array;
  /** j_s = P m J − diffusion ∇φ_s: what is left of L between spins when the charge current is held. [S/m] */
  readonly diffusion: Axial;
  /** Spin given to the lattice, and turned by the field. [S/m³] */
  readonly lattice: Axial;
  /** Transverse spin given to the magnetization. [S/m³] */
  readonly magnet: Axial;
}

/** What flows; spin x, y, z are components 1, 2, 3. */
export const CHARGE = 0;
export const HEAT = 4;
export const MAGNONS = 5;

/** Place of (component, direction) in {@link Law.onsager}. */
export const fluxIndex = (component: number, direction: number): number => 3 * component + direction;

/** Number of fluxes: six components along three directions. */
export const FLUXES = 18;

/** T₀ [K] where none is given. */
export const AMBIENT_TEMPERATURE = 300;

/**
 * The law of a conductor.
 * @param m unit magnetization; ignored in a normal metal
 * @param field flux density B [T]; turns spin in normal metals whose diffusivity is known.  In a ferromagnet the exchange
 *   field, a thousand times stronger, alone fixes the axis.
 * @param temperature T₀ [K]
 *
 * Sources: two channels Valet and Fert, PRB 48, 7099 (1993); spin Hall terms Dyakonov, PRL 99, 126601 (2007); transverse
 * absorption Zhang, Levy, Fert, PRL 88, 236601 (2002), Petitjean, Luc, Waintal, PRL 109, 117204 (2012); precession Hanle,
 * Johnson and Silsbee, PRB 37, 5312 (1988).
 */
export function conductorLaw(
  material: Conductor,
  m: Vector3,
  field: Vector3 = [0, 0, 0],
  temperature = AMBIENT_TEMPERATURE,
): Law {
  const axis = material.kind === "ferromagnet" ? m : axisOf(field);
  return {
    axis,
    onsager: onsagerMatrix(material, m, temperature),
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

/**
 * L of {@link Law}.
 *
 * The two channels carry charge, σ↑,↓ = σ(1 ± P)/2, and each drags its entropy, S↑,↓ J↑,↓: polarisation, Seebeck, Peltier, and
 * their spin-dependent partners are the same six numbers.  Anisotropic magnetoresistance scales all of it along m.  Spin–orbit
 * coupling turns charge and heat into spin across both, and, in a magnet, into each other across m:
 *
 *   j_s^a = θσ E × a + θ_N σS X_T × a,   J = θ_AH σ m × E + σ S_ANE m × X_T   and their reciprocals.
 *
 * Sources: spin caloritronics Bauer, Saitoh, van Wees, Nat. Mater. 11, 391 (2012); spin Nernst effect Meyer et al., Nat. Mater.
 * 16, 977 (2017); heat of the electrons by Wiedemann and Franz where no thermal conductivity is given.
 */
export function onsagerMatrix(material: Conductor, m: Vector3, temperature = AMBIENT_TEMPERATURE): Float64Array {
  const L = new Float64Array(FLUXES * FLUXES);
  const magnetic = material.kind === "ferromagnet";
  const sigma = material.conductivity;
  const { spinHallAngle = 0, spinNernstAngle = 0 } = material;
  const P = magnetic ? material.polarization : 0;
  const { up, down } = channels(material);
  const thermoelectric = up.sigma * up.S + down.sigma * down.S;
  const spinThermoelectric = up.sigma * up.S - down.sigma * down.S;
  const carried = up.sigma * up.S ** 2 + down.sigma * down.S ** 2;
  const conducted = heatConductivity(material, temperature) / temperature;
  /** σ∥/σ⊥ − 1, for ρ∥ = ρ⊥ (1 + ratio). */
  const extra =
    magnetic && material.anisotropicMagnetoresistance ? 1 / (1 + material.anisotropicMagnetoresistance) - 1 : 0;
  for (let i = 0; i < 3; i++) {
    L[fluxIndex(HEAT, i) * FLUXES + fluxIndex(HEAT, i)] = conducted;
    for (let j = 0; j < 3; j++) {
      const share = (i === j ? 1 : 0) + extra * m[i] * m[j];
      if (share === 0) continue;
      L[fluxIndex(HEAT, i) * FLUXES + fluxIndex(HEAT, j)] += carried * share;
      for (let c = 0; c < 4; c++) L[fluxIndex(c, i) * FLUXES + fluxIndex(c, j)] += sigma * share;
      if (thermoelectric !== 0) addBoth(L, fluxIndex(HEAT, i), fluxIndex(CHARGE, j), thermoelectric * share);
      if (!magnetic) continue;
      for (let a = 0; a < 3; a++) {
        addBoth(L, fluxIndex(a + 1, i), fluxIndex(CHARGE, j), P * sigma * m[a] * share);
        if (spinThermoelectric !== 0)
          addBoth(L, fluxIndex(a + 1, i), fluxIndex(HEAT, j), spinThermoelectric * m[a] * share);
      }
    }
  }
  // j_s^a = θσ E × a and J = θσ Σ_a X_s^a × a: one θ for the direct and the inverse effect.  ε_ija is odd in i and j, so that the
  // two lines look alike; likewise for heat.
  addTurns(L, CHARGE, spinHallAngle * sigma);
  addTurns(L, HEAT, spinNernstAngle * thermoelectric);
  if (!magnetic) return L;
  addAnomalous(L, CHARGE, CHARGE, (material.anomalousHallAngle ?? 0) * sigma, m);
  addAnomalous(L, CHARGE, HEAT, (material.anomalousNernstCoefficient ?? 0) * sigma, m);
  addAnomalous(L, HEAT, CHARGE, (material.anomalousNernstCoefficient ?? 0) * sigma, m);
  return L;
}

/** Adds j_s^a = strength X × a, and the flux of the component that X drives = strength Σ_a X_s^a × a. */
function addTurns(L: Float64Array, component: number, strength: number): void {
  if (strength === 0) return;
  for (const [i, j, a, sign] of TURNS) {
    L[fluxIndex(a + 1, i) * FLUXES + fluxIndex(component, j)] += strength * sign;
    L[fluxIndex(component, i) * FLUXES + fluxIndex(a + 1, j)] += strength * sign;
  }
}

/** Adds flux = strength m × X between two components; ε_iaj = −ε_ija. */
function addAnomalous(L: Float64Array, flux: number, force: number, strength: number, m: Vector3): void {
  if (strength === 0) return;
  for (const [i, j, a, sign] of TURNS) L[fluxIndex(flux, i) * FLUXES + fluxIndex(force, j)] -= strength * sign * m[a];
}

/** Conductivity and Seebeck coefficient of the two channels, from those of both together and the difference S↑ − S↓. */
function channels(material: Conductor) {
  const magnetic = material.kind === "ferromagnet";
  const P = magnetic ? material.polarization : 0;
  const split = magnetic ? (material.spinDependentSeebeckCoefficient ?? 0) : 0;
  const { conductivity: sigma, seebeckCoefficient: S = 0 } = material;
  return {
    up: { sigma: (sigma * (1 + P)) / 2, S: S + ((1 - P) / 2) * split },
    down: { sigma: (sigma * (1 - P)) / 2, S: S - ((1 + P) / 2) * split },
  };
}

/** The entropy that currents carry, S↑J↑ + S↓J↓ = perCharge J + perSpin m·j_s.  [V/K] */
export function carriedEntropy(material: Conductor): { readonly perCharge: number; readonly perSpin: number } {
  const { up, down } = channels(material);
  return { perCharge: (up.S + down.S) / 2, perSpin: (up.S - down.S) / 2 };
}

/** L seen from axes of its own: `axes` are the lab directions of the local x, y, z.  Spin keeps its lab components. */
export function turned(L: Float64Array, axes: readonly [Vector3, Vector3, Vector3]): Float64Array {
  const out = new Float64Array(L.length);
  for (let r = 0; r < FLUXES; r += 3) {
    for (let c = 0; c < FLUXES; c += 3) {
      for (let i = 0; i < 3; i++) {
        for (let j = 0; j < 3; j++) {
          let sum = 0;
          for (let k = 0; k < 3; k++)
            for (let l = 0; l < 3; l++) sum += axes[i][k] * axes[j][l] * L[(r + k) * FLUXES + c + l];
          out[(r + i) * FLUXES + c + j] = sum;
        }
      }
    }
  }
  return out;
}

/** Adds at (row, column) and at (column, row). */
function addBoth(L: Float64Array, row: number, column: number, value: number): void {
  L[row * FLUXES + column] += value;
  L[column * FLUXES + row] += value;
}

/** κ [W/(m K)] at zero current; by Wiedemann and Franz, κ = L₀ σ T₀, where the material does not say. */
export const heatConductivity = (material: Conductor, temperature = AMBIENT_TEMPERATURE): number =>
  material.thermalConductivity ?? LORENZ * material.conductivity * temperature;

/**
 * L of {@link Law} in a magnetic insulator, where magnons carry spin and heat:
 *
 *   j_m = −σ_m (∇φ_m + S_m ∇T),   q = −κ ∇T + (S_m T₀/2) j_m.
 *
 * Cornelissen, Peters, Bauer, Duine, van Wees, PRB 94, 014412 (2016); Zhang, Zhang, PRL 109, 096603 (2012).
 * @param conductivity κ [W/(m K)] of the heat that moves with the temperature of the magnons, at j_m = 0
 */
export function magnonOnsagerMatrix(
  material: MagneticInsulator,
  conductivity: number,
  temperature = AMBIENT_TEMPERATURE,
): Float64Array {
  const { magnonConductivity = 0, magnonSeebeckCoefficient = 0 } = material;
  const L = new Float64Array(FLUXES * FLUXES);
  for (let i = 0; i < 3; i++) {
    const [magnons, heat] = [fluxIndex(MAGNONS, i), fluxIndex(HEAT, i)];
    L[magnons * FLUXES + magnons] = 2 * magnonConductivity;
    addBoth(L, magnons, heat, magnonConductivity * magnonSeebeckCoefficient);
    L[heat * FLUXES + heat] = conductivity / temperature + (magnonConductivity * magnonSeebeckCoefficient ** 2) / 2;
  }
  return L;
}

/** Γ of div j_m = −Γ φ_m: σ_m/λ_m² [S/m³]. */
export const magnonRelaxation = (material: MagneticInsulator): number =>
  (material.magnonConductivity ?? 0) / (material.magnonDiffusionLength ?? Number.POSITIVE_INFINITY) ** 2;

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
