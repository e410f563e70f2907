import { describeRange, FINITE, InputError, NOT_NEGATIVE, POSITIVE, type Range, withinRange } from "../checks.ts";

/** What one number of a material or an interface is: declared once, read by checks, tables and documents. */
export interface Parameter {
  readonly symbol: string;
  readonly unit: string;
  readonly range: Range;
  readonly doc: string;
}

const parameter = (symbol: string, unit: string, range: Range, doc: string): Parameter => ({
  symbol,
  unit,
  range,
  doc,
});

const LENGTH: Range = { ...POSITIVE, infinite: true };
const POLARIZATION: Range = { min: -1, max: 1, open: "both" };

/** Every number a material may carry. */
export const MATERIAL_PARAMETERS = {
  conductivity: parameter("σ", "S/m", POSITIVE, "electrical conductivity at zero spin accumulation"),
  spinDiffusionLength: parameter("λ", "m", LENGTH, "decay length of the spin accumulation; Infinity: no relaxation"),
  spinHallAngle: parameter("θ_SH", "1", FINITE, "spin Hall angle, one number for the direct and the inverse effect"),
  diffusivity: parameter("D", "m²/s", POSITIVE, "diffusion constant of the electrons; sets Hanle precession"),
  polarization: parameter("P", "1", POLARIZATION, "(σ↑ − σ↓)/σ, ↑ is the moment along m"),
  dephasingLength: parameter("λ_φ", "m", LENGTH, "decay length of spin transverse to m by dephasing"),
  precessionLength: parameter("λ_J", "m", LENGTH, "length over which spin turns about the exchange field"),
  anomalousHallAngle: parameter("θ_AH", "1", FINITE, "anomalous Hall angle, J = σ θ_AH m × E"),
  anisotropicMagnetoresistance: parameter(
    "Δρ/ρ",
    "1",
    { min: -1, open: "min" },
    "(ρ∥ − ρ⊥)/ρ⊥ of a current along and across m; the conductivity is that across m",
  ),
  thermalConductivity: parameter(
    "κ",
    "W/(m K)",
    POSITIVE,
    "thermal conductivity without currents; of a metal, if not given, L₀ σ T (Wiedemann and Franz)",
  ),
  seebeckCoefficient: parameter("S", "V/K", FINITE, "Seebeck coefficient, (σ↑S↑ + σ↓S↓)/σ"),
  spinDependentSeebeckCoefficient: parameter("S_s", "V/K", FINITE, "spin-dependent Seebeck coefficient, S↑ − S↓"),
  spinNernstAngle: parameter("θ_N", "1", FINITE, "spin Nernst angle, j_s^a = −θ_N σ S ∇T × a, and its inverse"),
  anomalousNernstCoefficient: parameter("S_ANE", "V/K", FINITE, "anomalous Nernst coefficient, J = −σ S_ANE m × ∇T"),
  magnonConductivity: parameter("σ_m", "S/m", POSITIVE, "magnon conductivity, j_m = −σ_m(∇φ_m + S_m ∇T)"),
  magnonDiffusionLength: parameter("λ_m", "m", LENGTH, "decay length of the magnon chemical potential"),
  magnonSeebeckCoefficient: parameter("S_m", "V/K", FINITE, "bulk spin Seebeck coefficient of the magnons"),
  magnonThermalConductivity: parameter("κ_m", "W/(m K)", POSITIVE, "share of κ that magnons carry"),
  magnonPhononLength: parameter(
    "λ_mp",
    "m",
    POSITIVE,
    "length over which magnons take on the temperature of the lattice; not given: they have it everywhere",
  ),
  saturationMagnetization: parameter("Ms", "A/m", POSITIVE, "saturation magnetization"),
  exchangeStiffness: parameter("A", "J/m", POSITIVE, "exchange stiffness"),
  damping: parameter("α", "1", NOT_NEGATIVE, "Gilbert damping of the bulk, without what neighbours add"),
  uniaxialAnisotropy: parameter("K1", "J/m³", FINITE, "first uniaxial anisotropy constant along anisotropyAxis"),
  uniaxialAnisotropy2: parameter("K2", "J/m³", FINITE, "second uniaxial anisotropy constant"),
  cubicAnisotropy: parameter("Kc1", "J/m³", FINITE, "first cubic anisotropy constant, axes x, y, z"),
  cubicAnisotropy2: parameter("Kc2", "J/m³", FINITE, "second cubic anisotropy constant"),
  interfacialAnisotropy: parameter(
    "Ki",
    "J/m²",
    FINITE,
    "perpendicular anisotropy of both surfaces of the film together",
  ),
  interfacialDMI: parameter("D", "J/m²", FINITE, "Dzyaloshinskii constant of C_nv, e = D [m_z ∇·m − (m·∇) m_z]"),
  bulkDMI: parameter("D", "J/m²", FINITE, "Dzyaloshinskii constant of T and O, e = D m·(∇ × m)"),
  anisotropicDMI: parameter("D", "J/m²", FINITE, "Dzyaloshinskii constant of D_2d, e = D m·(∂_x m × x̂ − ∂_y m × ŷ)"),
  magnetoelasticB1: parameter("B1", "J/m³", FINITE, "magnetoelastic constant of normal strains, e = B1 Σ m_i² ε_ii"),
  magnetoelasticB2: parameter(
    "B2",
    "J/m³",
    FINITE,
    "magnetoelastic constant of shear strains, e = 2 B2 Σ m_i m_j ε_ij",
  ),
} as const satisfies Record<string, Parameter>;

/** Every number an interface may carry. */
export const INTERFACE_PARAMETERS = {
  conductanceUp: parameter("G↑", "S/m²", NOT_NEGATIVE, "conductance for moments along m"),
  conductanceDown: parameter("G↓", "S/m²", NOT_NEGATIVE, "conductance for moments against m"),
  mixingConductance: parameter("Re G↑↓", "S/m²", NOT_NEGATIVE, "real part of the spin-mixing conductance"),
  mixingConductanceImaginary: parameter("Im G↑↓", "S/m²", FINITE, "imaginary part of the spin-mixing conductance"),
  memoryLoss: parameter("δ", "1", NOT_NEGATIVE, "spin-memory loss: interface thickness over its spin diffusion length"),
  memoryLossResistance: parameter("r_b*", "Ω m²", POSITIVE, "area resistance of the slab in which memory is lost"),
  magnonConductance: parameter("G_s", "S/m²", NOT_NEGATIVE, "spin current along m per φ_m − m·φ_s"),
  spinSeebeckConductance: parameter(
    "L_s",
    "J/(m² K)",
    FINITE,
    "interfacial spin Seebeck coefficient: angular momentum from magnet to metal along m per T_m − T, and its Peltier partner",
  ),
  magnonHeatConductance: parameter(
    "G_m",
    "W/(m² K)",
    NOT_NEGATIVE,
    "heat between magnons and metal at no magnon current",
  ),
  kapitzaConductance: parameter("G_th", "W/(m² K)", POSITIVE, "thermal conductance of lattice and electrons across"),
} as const satisfies Record<string, Parameter>;

/** Every number a tunnel barrier may carry. */
export const BARRIER_PARAMETERS = {
  resistanceArea: parameter("RA", "Ω m²", POSITIVE, "resistance times area of parallel electrodes, at zero bias"),
  polarizationBelow: parameter("P₁", "1", { min: -1, max: 1 }, "tunnelling polarisation of the lower electrode"),
  polarizationAbove: parameter("P₂", "1", { min: -1, max: 1 }, "tunnelling polarisation of the upper electrode"),
  halfBias: parameter("V_h", "V", LENGTH, "bias at which the TMR has halved; Infinity: no bias dependence"),
  fieldLike: parameter("κ₁", "1", FINITE, "field-like spin current at constant bias slope, j_s = G₀ V κ₁ m₁×m₂"),
  fieldLikeQuadratic: parameter("κ₂", "1/V", FINITE, "field-like spin current growing as V², j_s = G₀ V² κ₂ m₁×m₂"),
} as const satisfies Record<string, Parameter>;

/** Throws an InputError for the first number of `values` outside its declared range. */
export function checkParameters(owner: string, values: object, declared: Readonly<Record<string, Parameter>>): void {
  for (const [key, { range, unit, symbol }] of Object.entries(declared)) {
    const value = (values as Record<string, unknown>)[key];
    if (value === undefined) continue;
    if (typeof value !== "number" || !withinRange(value, range)) {
      const dimension = unit === "1" ? "" : ` ${unit}`;
      throw new InputError(`${owner}: ${key}`, value, `${describeRange(range, symbol)}${dimension}`);
    }
  }
}
