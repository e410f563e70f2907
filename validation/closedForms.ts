import { HBAR_2E, MU0 } from "../src/index.ts";

/**
 * Adiabatic critical current density of a perpendicular macrospin under a damping-like spin–orbit torque and a field along the
 * current: J_c = (2e/ħ)(μ0 Ms t H_k/ξ) f(b), f = (s − b)√(1 − s²), s = (b + √(b² + 8))/4, b = H_x/H_k.
 * Lee, Lee, Min, Lee, APL 102, 112410 (2013).
 * @param options.efficiency ξ, absorbed spin current over charge current
 * @param options.field μ0 H_x [T], positive where it helps the torque
 * @returns [A/m²]
 */
export function spinOrbitCriticalDensity(options: {
  readonly saturationMagnetization: number;
  readonly thickness: number;
  readonly anisotropyField: number;
  readonly efficiency: number;
  readonly field: number;
}): number {
  const { saturationMagnetization: Ms, thickness, anisotropyField: Hk, efficiency, field } = options;
  const b = field / MU0 / Hk;
  const s = (b + Math.sqrt(b * b + 8)) / 4;
  return ((MU0 * Ms * thickness * Hk) / (HBAR_2E * efficiency)) * (s - b) * Math.sqrt(1 - s * s);
}

/**
 * Anisotropy field of a flat perpendicular magnet, H_k = 2 K_i/(μ0 Ms t) − Ms (N_z − N_x): its shape subtracted once.
 * @param options.factors demagnetising factors (N_x, N_y, N_z)
 * @returns [A/m]
 */
export function perpendicularAnisotropyField(options: {
  readonly saturationMagnetization: number;
  readonly thickness: number;
  readonly interfacialAnisotropy: number;
  readonly factors: readonly [number, number, number];
}): number {
  const { saturationMagnetization: Ms, thickness, interfacialAnisotropy: Ki, factors } = options;
  return (2 * Ki) / (MU0 * Ms * thickness) - Ms * (factors[2] - factors[0]);
}

/**
 * Spin current [A/m²] out of a magnon conductor of thickness x λ, blocked on the far side, under a temperature gradient [K/m], through a
 * contact of conductance G: the solution of φ_m'' = φ_m/λ² with j = −σ_m(φ_m' + S_m T').
 */
export function spinSeebeckSlab(slab: {
  readonly conductivity: number;
  readonly seebeck: number;
  readonly gradient: number;
  readonly lambda: number;
  readonly x: number;
  readonly conductance: number;
}): number {
  const { conductivity, seebeck, gradient, lambda, x, conductance: G } = slab;
  const share = (G * (Math.cosh(x) - 1)) / (G * Math.cosh(x) + (conductivity / lambda) * Math.sinh(x));
  return -conductivity * seebeck * gradient * share;
}

/** Best efficiency of a thermoelectric converter of figure of merit ZT at a small share ΔT/T of Carnot (Ioffe). */
export const thermoelectricEfficiency = (ZT: number, carnot: number): number =>
  (carnot * (Math.sqrt(1 + ZT) - 1)) / (Math.sqrt(1 + ZT) + 1);

/**
 * Non-local signal ±R_s [Ω] of two electrodes on an endless wire (Takahashi, Maekawa, PRB 67, 052409 (2003), eq. (7)), with R_N of the
 * wire, R_F of the electrodes, contacts by resistance and polarisation (none: transparent), x = L/λ.
 */
export function takahashiMaekawa(valve: {
  readonly R_N: number;
  readonly R_F: number;
  readonly P_F: number;
  readonly x: number;
  readonly contacts: readonly ({ readonly R: number; readonly P: number } | undefined)[];
}): number {
  const { R_N, R_F, P_F, x, contacts } = valve;
  let injected = 1;
  let absorbed = 1;
  for (const contact of contacts) {
    const { R, P } = contact ?? { R: 0, P: 0 };
    const junction = R / R_N / (1 - P * P);
    const electrode = R_F / R_N / (1 - P_F * P_F);
    injected *= P * junction + P_F * electrode;
    absorbed *= 1 + 2 * junction + 2 * electrode;
  }
  return (2 * R_N * Math.exp(-x) * injected) / (absorbed - Math.exp(-2 * x));
}

/** S_z(t) of a Rashba gas under isotropic elastic scattering: s'' + s'/τ + Ω²s = 0 with s'(0) = 0 (Gridnev, JETP Lett. 74, 380 (2001)). */
export function dampedPrecession(Omega: number, tau: number, t: number): number {
  const square = Omega ** 2 - 1 / (4 * tau ** 2);
  const decay = Math.exp(-t / (2 * tau));
  // Within round-off of the crossover the oscillator is critically damped.
  if (Math.abs(square) < 1e-12 * Omega ** 2) return decay * (1 + t / (2 * tau));
  const w = Math.sqrt(Math.abs(square));
  return square > 0
    ? decay * (Math.cos(w * t) + Math.sin(w * t) / (2 * w * tau))
    : decay * (Math.cosh(w * t) + Math.sinh(w * t) / (2 * w * tau));
}

/**
 * Write-error rate after t/τ_D at overdrive i (Butler et al., IEEE Trans. Magn. 48, 4684 (2012)): spins that start within a cone θ_c/e^{(i−1)t}
 * are late.  The standard cone is π²/4; the improved one follows from integrating the free motion to x = 0.
 */
export function butlerWriteError(stability: number, i: number, time: number, cone: "standard" | "improved"): number {
  const square = cone === "standard" ? Math.PI ** 2 / 4 : 2 ** ((2 * i) / (i + 1)) * ((i - 1) / i) ** (2 / (i + 1));
  return -Math.expm1((-square * stability * (i - 1)) / (i * Math.exp(2 * (i - 1) * time) - 1));
}

/** Leading term of the escape rate [1/s] of one well in a field h = H/H_k along it (Brown, Phys. Rev. 130, 1677 (1963)). */
export const neelBrown = (stability: number, relaxationTime: number, h: number): number =>
  ((Math.sqrt(stability / Math.PI) * (1 - h * h) * (1 + h)) / relaxationTime) * Math.exp(-stability * (1 + h) ** 2);

/**
 * Area resistance [Ω m²] of a symmetric trilayer F|N|F between perfect spin sinks, all lengths finite: the model of Valet and Fert, PRB 48,
 * 7099 (1993), solved in one half, where φ_s vanishes in the middle for parallel and j_s for antiparallel magnets.
 */
export function trilayerResistance(stack: {
  readonly t: number;
  readonly d: number;
  readonly rhoF: number;
  readonly beta: number;
  readonly lambdaF: number;
  readonly rhoN: number;
  readonly lambdaN: number;
  /** r_b* [Ω m²] and γ. */
  readonly contact: number;
  readonly gamma: number;
  readonly parallel: boolean;
}): number {
  const { t, d, rhoF, beta, lambdaF, rhoN, lambdaN, contact, gamma, parallel } = stack;
  const magnet = (rhoF / (1 - beta ** 2)) * lambdaF * Math.tanh(t / lambdaF);
  const decay = Math.tanh(d / (2 * lambdaN));
  const spacer = rhoN * lambdaN * (parallel ? decay : 1 / decay);
  // j_s/J at the contact.
  const polarization = (beta * magnet + gamma * contact) / (magnet + spacer + contact);
  const half = rhoF * t + beta * magnet * (beta - polarization) + contact * (1 - gamma * polarization) + (rhoN * d) / 2;
  return 2 * half;
}
