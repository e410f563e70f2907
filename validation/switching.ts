import {
  areaOf,
  constant,
  contact,
  contactOf,
  criticalCurrent,
  currentSource,
  demagnetization,
  device,
  ellipse,
  HBAR_2E,
  type InterfaceParameters,
  K_B,
  layer,
  MacrospinDynamics,
  MU0,
  Network,
  nm,
  ns,
  ps,
  reservoir,
  shapeFactors,
  simulate,
  solveTransport,
  stability,
  uniaxialAnisotropy,
  type Vector3,
  zeeman,
} from "../src/index.ts";
import { type Outcome, relative, type ValidationCase } from "./case.ts";
import { perpendicularAnisotropyField, spinOrbitCriticalDensity } from "./closedForms.ts";
import { AREA, insulatingMagnet, magnet, metal, mixingOnly } from "./specimens.ts";

const Ms = 8e5;
const THICKNESS = 2e-9;
const alpha = 0.013;
const polarization = 0.6;
const G = 1e15;

/** A macrospin behind a node it shares with a fixed magnet: the valve whose torque at small angles is η = P/2. */
function valve(axis: Vector3, K1: number, demagnetizing: Vector3, field: Vector3) {
  const parameters: InterfaceParameters = {
    conductanceUp: (G / 2) * (1 + polarization),
    conductanceDown: (G / 2) * (1 - polarization),
    mixingConductance: G,
  };
  const network = new Network()
    .add(
      contact({ name: "l", metalSide: "node", magnetSide: "left", magnet: "fixed", area: AREA, parameters }),
      contact({ name: "r", metalSide: "node", magnetSide: "right", magnet: "free", area: AREA, parameters }),
      reservoir({ at: "left" }),
      reservoir({ at: "right", voltage: 0 }),
      currentSource({ name: "I", between: ["left", "right"], current: 0 }),
    )
    .compile();
  network.setMagnetization(network.magnets.indexOf("fixed"), ...axis);
  const magnets = [{ name: "free", saturationMagnetization: Ms, volume: AREA * THICKNESS, damping: alpha }];
  const state = { density: 0 };
  const dynamics = new MacrospinDynamics({
    network,
    magnets,
    terms: [
      uniaxialAnisotropy(magnets, 0, axis, K1),
      demagnetization(magnets, 0, demagnetizing),
      zeeman(magnets, () => field),
    ],
    pumping: false,
    drive: () => network.setDrive("I", state.density * AREA),
  });
  return {
    growth(density: number): number {
      state.density = density;
      return stability(dynamics, 0, Float64Array.from(axis))[0].re;
    },
  };
}

/** Where the growth rate crosses zero. */
function threshold(growth: (density: number) => number, guess: number): number {
  let [low, high] = [0, 2 * guess];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (growth(middle) < 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

const eta = polarization / 2;
const perField = (alpha * MU0 * Ms * THICKNESS) / HBAR_2E / eta;

const shape = ellipse(60 * nm, 60 * nm);
const freeThickness = 1.2 * nm;
/** A perpendicular bit on a spin Hall metal; the contact has no imaginary part, so that the torque is damping-like. */
function bit(theta: number) {
  const free = magnet({ name: "CoFeB", saturationMagnetization: 1e6, interfacialAnisotropy: 0.9e-3, damping: 0.1 });
  return device({
    shape,
    layers: [
      layer(metal({ name: "HM", spinHallAngle: theta, spinDiffusionLength: 2e-9 }), 5 * nm),
      contactOf({ conductanceUp: 3e14, conductanceDown: 2e14, mixingConductance: 6e14 }),
      layer(free, freeThickness, { name: "free", magnetization: "+z" }),
    ],
  });
}

const DENSITY = 2e13;

/** Adiabatic critical current density of the bit over its closed form D5. */
function criticalRatio(theta: number, sign: number, fieldX: number): Outcome {
  const drive = { density: DENSITY, along: "x", in: "HM" } as const;
  const found = criticalCurrent(bit(theta), {
    current: drive,
    field: [fieldX, 0, 0],
    limit: sign,
    precision: 1e-7,
    spinPumping: false,
  });
  const absorbed = solveTransport(bit(theta), {
    current: constant(drive),
    magnetizations: { free: [0, 0, 1] },
  }).absorbedSpin("free");
  const efficiency = Math.hypot(absorbed[0], absorbed[1]) / (DENSITY * areaOf(shape));
  const body = { saturationMagnetization: 1e6, thickness: freeThickness };
  const factors = shapeFactors(shape, freeThickness);
  const anisotropyField = perpendicularAnisotropyField({ ...body, interfacialAnisotropy: 0.9e-3, factors });
  // From +z the field helps when it is parallel to sgn(θ) J.
  const field = fieldX * Math.sign(theta) * sign;
  const expected = spinOrbitCriticalDensity({ ...body, anisotropyField, efficiency, field });
  return relative(Math.abs(found ?? Number.NaN) * DENSITY, expected, 1e-6);
}

const TEMPERATURE = 300;
const dot = ellipse(10 * nm, 10 * nm);
const dotThickness = 2 * nm;
const dotMs = 1.4e5;
const dotVolume = areaOf(dot) * dotThickness;

/** A magnetic dot whose shape anisotropy is compensated, plus K [J/m³] along z. */
function thermalDot(K: number, damping: number, pumping: boolean) {
  const N = shapeFactors(dot, dotThickness);
  const shapeK = (MU0 * dotMs * dotMs * (N[2] - N[0])) / 2;
  const material = insulatingMagnet({
    name: "dot",
    saturationMagnetization: dotMs,
    damping,
    uniaxialAnisotropy: shapeK + K,
  });
  const body = layer(material, dotThickness, { name: "dot" });
  if (!pumping) return device({ shape: dot, layers: [body] });
  const sink = metal({ conductivity: 2e7, spinDiffusionLength: 1e-9 });
  return device({ shape: dot, layers: [layer(sink, 5 * nm), contactOf(mixingOnly(1e15)), body] });
}

/** Mean of f(m_z) over a run at 300 K, with four standard errors from 50 batches as tolerance. */
async function thermalMean(
  specimen: ReturnType<typeof device>,
  field: Vector3,
  f: (mz: number) => number,
  expected: number,
): Promise<Outcome> {
  const result = await simulate(specimen, {
    depth: "circuit",
    duration: 200 * ns,
    step: 1 * ps,
    every: 10 * ps,
    temperature: TEMPERATURE,
    seed: 7,
    field,
  });
  const values = Array.from(result.magnet("dot").course[2].subarray(100), f);
  const batch = Math.floor(values.length / 50);
  const means = Array.from(
    { length: 50 },
    (_, b) => values.slice(b * batch, (b + 1) * batch).reduce((s, x) => s + x, 0) / batch,
  );
  const mean = means.reduce((s, x) => s + x, 0) / 50;
  const variance = means.reduce((s, x) => s + (x - mean) ** 2, 0) / 49;
  return { value: mean, expected, tolerance: 4 * Math.sqrt(variance / 50) };
}

const langevin = (xi: number): number => 1 / Math.tanh(xi) - 1 / xi;

/** ⟨m_z²⟩ of exp(Δ m_z²), by Simpson's rule. */
function boltzmannSquare(delta: number): number {
  const n = 2000;
  let [weight, sum] = [0, 0];
  for (let i = 0; i <= n; i++) {
    const z = i / n;
    const w = (i === 0 || i === n ? 1 : i % 2 ? 4 : 2) * Math.exp(delta * (z * z - 1));
    weight += w;
    sum += w * z * z;
  }
  return sum / weight;
}

const thermalField = 0.3;
const xi = (dotMs * dotVolume * thermalField) / (K_B * TEMPERATURE);

export const switching: readonly ValidationCase[] = [
  {
    id: "D1.perpendicular",
    title:
      "spin-transfer threshold of a perpendicular magnet: (2e/ħ)(α μ0 Ms t/η) H_k,eff, by the Jacobian's eigenvalue",
    reason: "central differences of the Jacobian: 1e-8 of γ0 H against α γ0 H",
    run: () => {
      const K1 = 7e5;
      const Hk = (2 * K1) / (MU0 * Ms) - Ms;
      const expected = perField * Hk;
      return relative(threshold(valve([0, 0, 1], K1, [0, 0, 1], [0, 0, 0]).growth, expected), expected, 1e-6);
    },
  },
  {
    id: "D1.in-plane",
    title: "spin-transfer threshold of an in-plane magnet: (2e/ħ)(α μ0 Ms t/η)(H + H_k + Ms/2)",
    reason: "as above",
    run: () => {
      const K1 = 2e4;
      const H = 2e4;
      const expected = perField * (H + (2 * K1) / (MU0 * Ms) + Ms / 2);
      return relative(threshold(valve([1, 0, 0], K1, [0, 0, 1], [MU0 * H, 0, 0]).growth, expected), expected, 1e-6);
    },
  },
  ...(
    [
      [0.12, 1, 0.03],
      [0.12, -1, 0.03],
      [-0.12, 1, 0.03],
      [-0.12, 1, -0.08],
    ] as const
  ).map(([theta, sign, field], i) => ({
    id: `D5.${i + 1}`,
    title: `spin–orbit switching of a perpendicular bit from +z, θ = ${theta}, J ${sign > 0 ? "> 0" : "< 0"}, B_x = ${field * 1e3} mT (Lee et al.)`,
    reason: "exact for a torque without field-like part; bisection to 1e-7",
    run: () => criticalRatio(theta, sign, field),
  })),
  {
    id: "D6.langevin",
    title: `⟨m_z⟩ of a free moment in a field at 300 K: coth ξ − 1/ξ, ξ = ${xi.toFixed(3)}`,
    reason: "four standard errors",
    run: () => thermalMean(thermalDot(0, 0.5, false), [0, 0, thermalField], (z) => z, langevin(xi)),
  },
  {
    id: "D6.pumping",
    title: "⟨m_z⟩ of the same moment when most of its damping is spin pumping into a metal: noise follows friction",
    reason: "four standard errors",
    run: () => thermalMean(thermalDot(0, 0.05, true), [0, 0, thermalField], (z) => z, langevin(xi)),
  },
  {
    id: "D6.boltzmann",
    title: "⟨m_z²⟩ of a uniaxial magnet with barrier 3 k_B T: exp(Δ cos²θ)",
    reason: "four standard errors",
    run: () => {
      const K = (3 * K_B * TEMPERATURE) / dotVolume;
      return thermalMean(thermalDot(K, 0.5, false), [0, 0, 0], (z) => z * z, boltzmannSquare(3));
    },
  },
];
