import {
  contact,
  film,
  ground,
  HBAR_E,
  Network,
  reservoir,
  type Solution,
  type Vector3,
  voltageSource,
} from "../src/index.ts";
import { relative, type ValidationCase } from "./case.ts";
import { AREA, largest, metal, mixingOnly } from "./specimens.ts";

const lambda = 1.5e-9;
const sigma = 1 / 42e-8;
const LENGTH = 1e-7;
const WIDTH = AREA / LENGTH;
const coth = (x: number): number => 1 / Math.tanh(x);

interface FilmOnMagnet {
  readonly thickness: number;
  readonly theta: number;
  readonly mixing?: { readonly re: number; readonly im: number };
  readonly m?: Vector3;
  readonly rate?: Vector3;
  readonly field?: number;
  /** Ends along y shorted, so that E_y = 0, instead of open. */
  readonly shorted?: boolean;
}

/** A normal film with a magnetic insulator on top, an in-plane field E along x, and open ends along y. */
function bilayer(specimen: FilmOnMagnet): Solution {
  const { thickness, theta, mixing, m = [0, 0, 1], rate = [0, 0, 0], field = 1e5, shorted = false } = specimen;
  const material = metal({ conductivity: sigma, spinDiffusionLength: lambda, spinHallAngle: theta });
  const sides = { x: { between: ["x-", "x+"], length: LENGTH }, y: { between: ["y-", "y+"], length: WIDTH } } as const;
  const network = new Network().add(
    film({ name: "N", between: ["bottom", "top"], material, thickness, area: AREA, sides }),
    voltageSource({ name: "E", between: ["x-", "x+"], voltage: field * LENGTH }),
    ground("bottom"),
    ground("x+"),
    ground("y+"),
  );
  if (shorted) network.add(ground("y-"));
  if (!mixing) return network.solve();
  network.add(
    contact({
      name: "surface",
      metalSide: "top",
      magnet: "FI",
      area: AREA,
      parameters: mixingOnly(mixing.re, mixing.im),
    }),
  );
  return network.solve({ magnetizations: { FI: m }, rates: { FI: rate } });
}

/** ρ_xx σ − 1 for a magnetization. */
function magnetoresistance(thickness: number, theta: number, m: Vector3, re: number, im: number): number {
  const solution = bilayer({ thickness, theta, mixing: { re, im }, m });
  const resistance = 1e5 / (solution.sourceCurrent("E") / (WIDTH * thickness));
  return resistance * sigma - 1;
}

/** 2 λ G/(σ + 2 λ G coth(d/λ)) as a complex number. */
function absorption(d: number, re: number, im: number): { re: number; im: number } {
  const [a, b] = [2 * lambda * re, 2 * lambda * im];
  const [c, e] = [sigma + a * coth(d / lambda), b * coth(d / lambda)];
  const n = c * c + e * e;
  return { re: (a * c + b * e) / n, im: (b * c - a * e) / n };
}

/** Δρ₁/ρ and Δρ₂/ρ of Chen et al., PRB 87, 144411 (2013). */
function smr(d: number, theta: number, re: number, im: number): { one: number; two: number } {
  const t2 = Math.tanh(d / (2 * lambda)) ** 2;
  const g = absorption(d, re, im);
  return { one: theta ** 2 * (lambda / d) * t2 * g.re, two: theta ** 2 * (lambda / d) * t2 * g.im };
}

const G = { re: 4e14, im: 0.6e14 };
const THICKNESSES = [0.5, 1, 2, 3.5, 6, 15].map((d) => d * 1e-9);
const SMALL = 1e-3;

/** Spin current the magnet's surface takes per pumped voltage: G_eff [S/m²], with the metal behind it. */
function effectiveConductance(d: number, re: number): number {
  const rate: Vector3 = [1e10, 0, 0];
  const solution = bilayer({ thickness: d, theta: 0, mixing: { re, im: 0 }, rate, field: 0 });
  // m × ṁ = ẑ × x̂ = ŷ
  return -solution.absorbedSpin("FI")[1] / (HBAR_E * 1e10 * AREA);
}

/** Two magnets that turn rigidly at ω drive a metal without relaxation. */
function spinBattery(): number {
  const omega: Vector3 = [3e9, -2e9, 5e9];
  const turn = (m: Vector3): Vector3 => [
    omega[1] * m[2] - omega[2] * m[1],
    omega[2] * m[0] - omega[0] * m[2],
    omega[0] * m[1] - omega[1] * m[0],
  ];
  const magnetizations = { p: [1, 0, 0] as Vector3, q: [0, 0.6, 0.8] as Vector3 };
  const material = metal({ spinDiffusionLength: Number.POSITIVE_INFINITY });
  const solution = new Network()
    .add(
      film({ name: "N", between: ["a", "b"], material, thickness: 5e-9, area: AREA }),
      contact({ name: "p", metalSide: "a", magnet: "p", area: AREA, parameters: mixingOnly(4e14, 1e14) }),
      contact({ name: "q", metalSide: "b", magnet: "q", area: AREA, parameters: mixingOnly(2e14, -3e14) }),
      ground("a"),
    )
    .solve({ magnetizations, rates: { p: turn(magnetizations.p), q: turn(magnetizations.q) } });
  return largest(
    ["a", "b"].flatMap((node) => solution.spinAccumulation(node).map((phi, i) => phi / (HBAR_E * omega[i]) - 1)),
  );
}

export const spinHall: readonly ValidationCase[] = [
  {
    id: "C1.surface",
    title: "spin Hall slab: surface accumulation 2 θ E λ tanh(d/2λ), worst of six thicknesses",
    reason: "exact",
    run: () => {
      const errors = THICKNESSES.map((d) => {
        const phi = bilayer({ thickness: d, theta: 0.1 }).spinAccumulation("top")[1];
        return phi / (2 * 0.1 * 1e5 * lambda * Math.tanh(d / (2 * lambda))) - 1;
      });
      return { value: largest(errors), expected: 0, tolerance: 1e-11 };
    },
  },
  {
    id: "C1.profile",
    title: "spin current inside the slab: θ σ E [1 − cosh(z/λ)/cosh(d/2λ)], worst point of 41",
    reason: "exact; round-off relative to θσE",
    run: () => {
      const d = 5e-9;
      const points = bilayer({ thickness: d, theta: 0.1 }).profile("N", 41);
      const scale = 0.1 * sigma * 1e5;
      const errors = points.map(({ z, spinCurrent }) => {
        const exact = 1 - Math.cosh((z - d / 2) / lambda) / Math.cosh(d / (2 * lambda));
        return spinCurrent[1] / scale - exact;
      });
      return { value: largest(errors), expected: 0, tolerance: 1e-12 };
    },
  },
  {
    id: "C3.Δρ₀",
    title: "spin Hall magnetoresistance, Δρ₀/ρ = −θ² (2λ/d) tanh(d/2λ), at m ∥ y and θ = 1e-3",
    reason: "the closed form holds to O(θ²) = 1e-6 relative; the signal is a difference at 1e-6 of ρ in f64: 1e-9",
    run: () => {
      const d = 3.5e-9;
      const value = magnetoresistance(d, SMALL, [0, 1, 0], G.re, G.im);
      return relative(value, -(SMALL ** 2) * ((2 * lambda) / d) * Math.tanh(d / (2 * lambda)), 1e-5);
    },
  },
  {
    id: "C3.Δρ₁",
    title: "spin Hall magnetoresistance Δρ₁/ρ between m ∥ z and m ∥ y, worst of six thicknesses at θ = 1e-3",
    reason: "O(θ²) = 1e-6 of the signal, and round-off of a difference at 1e-7 of ρ",
    run: () => {
      const errors = THICKNESSES.map((d) => {
        const difference =
          magnetoresistance(d, SMALL, [0, 0, 1], G.re, G.im) - magnetoresistance(d, SMALL, [0, 1, 0], G.re, G.im);
        return difference / smr(d, SMALL, G.re, G.im).one - 1;
      });
      return { value: largest(errors), expected: 0, tolerance: 1e-5 };
    },
  },
  {
    id: "C3.xz",
    title: "no spin Hall magnetoresistance between m ∥ x and m ∥ z",
    reason: "round-off of ρ, relative to Δρ₁ = 1e-3 ρ at θ = 0.11",
    run: () => {
      const difference =
        magnetoresistance(3.5e-9, 0.11, [1, 0, 0], G.re, 0) - magnetoresistance(3.5e-9, 0.11, [0, 0, 1], G.re, 0);
      return { value: difference / 1e-3, expected: 0, tolerance: 1e-10 };
    },
  },
  {
    id: "C3.Δρ₂",
    title: "anomalous Hall-like resistance of the same film, |ρ_xy| = |Δρ₂| at m ∥ z",
    reason: "O(θ²) of the signal at θ = 1e-3, and round-off",
    run: () => {
      const d = 3e-9;
      const solution = bilayer({ thickness: d, theta: SMALL, mixing: G });
      const Ey = (solution.voltage("y-") - solution.voltage("y+")) / WIDTH;
      const J = solution.sourceCurrent("E") / (WIDTH * d);
      return relative(Math.abs((Ey / J) * sigma), Math.abs(smr(d, SMALL, G.re, G.im).two), 1e-5);
    },
  },
  {
    id: "C3.amplitude",
    title: "SMR of Pt on YIG with Althammer's numbers: 1.17e-3 at 3.33 nm (θ = 0.11, λ = 1.5 nm, G = 4e14 S/m²)",
    reason: "1.17 has three digits (0.4 %), and the closed form leaves out a factor (1 + Δρ₀/ρ)², 1.8 % at this θ",
    run: () => {
      const d = 3.33e-9;
      const value = magnetoresistance(d, 0.11, [0, 0, 1], 4e14, 0) - magnetoresistance(d, 0.11, [0, 1, 0], 4e14, 0);
      return relative(value, 1.17e-3, 0.022);
    },
  },
  {
    id: "C4.damping-like",
    title: "spin–orbit torque efficiency ξ_DL = θ tanh(d/2λ) Re[2λG/(σ + 2λG coth d/λ)], worst of six thicknesses",
    reason: "exact when E has no y component",
    run: () => {
      const errors = THICKNESSES.map((d) => {
        const spin = bilayer({ thickness: d, theta: 0.1, mixing: G, shorted: true }).absorbedSpin("FI");
        const exact = 0.1 * Math.tanh(d / (2 * lambda)) * absorption(d, G.re, G.im).re;
        return spin[1] / (sigma * 1e5 * AREA) / exact - 1;
      });
      return { value: largest(errors), expected: 0, tolerance: 1e-11 };
    },
  },
  {
    id: "C4.field-like",
    title: "spin–orbit torque efficiency |ξ_FL|, the imaginary part, worst of six thicknesses",
    reason: "exact when E has no y component",
    run: () => {
      const errors = THICKNESSES.map((d) => {
        const spin = bilayer({ thickness: d, theta: 0.1, mixing: G, shorted: true }).absorbedSpin("FI");
        const exact = 0.1 * Math.tanh(d / (2 * lambda)) * absorption(d, G.re, G.im).im;
        return Math.abs(spin[0] / (sigma * 1e5 * AREA)) / exact - 1;
      });
      return { value: largest(errors), expected: 0, tolerance: 1e-11 };
    },
  },
  {
    id: "C4.strong",
    title: "for G↑↓ → ∞ the efficiency is θ (1 − sech d/λ)",
    reason: "G = 1e22 S/m² misses infinity by σ/(2λG) = 1e-7",
    run: () => {
      const d = 3e-9;
      const spin = bilayer({ thickness: d, theta: 0.1, mixing: { re: 1e22, im: 0 } }).absorbedSpin("FI");
      return relative(spin[1] / (sigma * 1e5 * AREA), 0.1 * (1 - 1 / Math.cosh(d / lambda)), 3e-7);
    },
  },
  {
    id: "C5",
    title: "pumping with backflow: 1/G_eff = 1/G + 2 ρλ coth(d/λ), worst of six thicknesses",
    reason: "exact",
    run: () => {
      const errors = THICKNESSES.map(
        (d) => effectiveConductance(d, 5e14) * (1 / 5e14 + (2 * lambda * coth(d / lambda)) / sigma) - 1,
      );
      return { value: largest(errors), expected: 0, tolerance: 1e-11 };
    },
  },
  {
    id: "C12.battery",
    title: "spin battery: magnets turning at ω fill a metal without relaxation to φ_s = (ħ/e) ω",
    reason: "exact, for any complex G↑↓",
    run: () => ({ value: spinBattery(), expected: 0, tolerance: 1e-11 }),
  },
  {
    id: "C12.leaky",
    title: "spin battery on a metal that relaxes: φ_s = (ħ/e) m×ṁ G/(G + σ tanh(d/λ)/2λ)",
    reason: "exact",
    run: () => {
      const d = 4e-9;
      const solution = bilayer({ thickness: d, theta: 0, mixing: { re: 5e14, im: 0 }, rate: [1e10, 0, 0], field: 0 });
      const leak = (sigma * Math.tanh(d / lambda)) / (2 * lambda);
      return relative(solution.spinAccumulation("top")[1], (HBAR_E * 1e10 * 5e14) / (5e14 + leak), 1e-11);
    },
  },
  {
    id: "C12.rest",
    title: "a metal held at φ_s = (ħ/e) ω exchanges no spin with a magnet turning at ω",
    reason: "round-off of two equal currents",
    run: () => {
      const phi: Vector3 = [HBAR_E * 2e9, 0, HBAR_E * 4e9];
      const m: Vector3 = [0.6, 0, 0.8];
      const rate: Vector3 = [0, 4e9 * 0.6 - 2e9 * 0.8, 0];
      const solution = new Network()
        .add(
          contact({ name: "c", metalSide: "a", magnet: "m", area: AREA, parameters: mixingOnly(5e14, 2e14) }),
          reservoir({ at: "a", voltage: 0, spinAccumulation: phi }),
        )
        .solve({ magnetizations: { m }, rates: { m: rate } });
      return {
        value: largest([...solution.absorbedSpin("m")]) / (5e14 * AREA * phi[2]),
        expected: 0,
        tolerance: 1e-14,
      };
    },
  },
];
