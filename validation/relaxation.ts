import {
  dyakonovPerel,
  elliottYafet,
  fermiVelocity,
  film,
  GAMMA,
  HBAR,
  helixAmplitude,
  Network,
  principalRates,
  reservoir,
  type SpinDiffusion,
  spinCourse,
  spinModes,
  spinRandomWalk,
  spinWave,
  type TwoDimensionalGas,
  type Vector3,
} from "../src/index.ts";
import type { Outcome, ValidationCase } from "./case.ts";
import { relative } from "./case.ts";
import { dampedPrecession } from "./closedForms.ts";
import { AREA, largest } from "./specimens.ts";

/** How spin relaxes: precession in flight, collisions, and the walk of single spins. */

const zero = (value: number, tolerance: number): Outcome => ({ value, expected: 0, tolerance });
const electron = 9.1093837015e-31;
const rashba = 1.602176634e-30;
const gas: TwoDimensionalGas = { mass: 0.05 * electron, fermiWavevector: 2e8, rashba };
/** Ω = 2 α_R k_F/ħ. */
const Omega = (2 * rashba * 2e8) / HBAR;
const Z: Vector3 = [0, 0, 1];

/** Times over which S_z falls, for Ωτ. */
const course = (turned: number): number[] => {
  const tau = turned / Omega;
  const scale = turned < 0.5 ? 1 / (Omega ** 2 * tau) : 2 * tau;
  return [0.3, 0.7, 1.2, 2].map((t) => t * scale);
};

/** Rates and frequencies, in units of 1/τ, of the modes of S_z. */
const vertical = (turned: number): { rate: number; frequency: number }[] =>
  spinModes(gas, { scatteringTime: turned / Omega })
    .filter(({ amplitude }) => Math.hypot(amplitude[2].re, amplitude[2].im) > 0.9)
    .map(({ rate, frequency }) => ({ rate: (rate * turned) / Omega, frequency: (frequency * turned) / Omega }));

/** Rashba and Dresselhaus alike: Ω has one direction, and spin turns as the electron moves along (1, 1). */
const helical: TwoDimensionalGas = { ...gas, dresselhaus: rashba };
const Q = (4 * gas.mass * rashba) / HBAR ** 2;
const slow = 0.1 / Omega;
const path = fermiVelocity(gas) * slow;
const D = (fermiVelocity(gas) * path) / 2;
const DIAGONAL = Math.SQRT1_2;
const helixRates = (q: readonly [number, number]): number[] =>
  spinModes(helical, { scatteringTime: slow, wavevector: q }).map(({ rate }) => rate);
const slowest = (along: 1 | -1, wavevector: number): number =>
  helixRates([wavevector * DIAGONAL, along * wavevector * DIAGONAL])[0];

/**
 * Rate [1/s] at which a density of wavevector k spreads under isotropic scattering, [1 − √(1 − (kℓ)²)]/τ, and Dk² for long waves: the root
 * of 1 = ⟨[1 + sτ + iklcos θ]⁻¹⟩.
 */
const spreading = (k: number): number => (1 - Math.sqrt(1 - (k * path) ** 2)) / slow;

/** Length over which a spin accumulation decays in a film of such a metal. */
function decayLength(made: SpinDiffusion): number {
  const solution = new Network()
    .add(
      film({
        name: "N",
        between: ["a", "b"],
        material: { kind: "normal metal", name: "N", conductivity: 1e7, ...made },
        thickness: 20 * made.spinDiffusionLength,
        area: AREA,
      }),
      reservoir({ at: "a", voltage: 0, spinAccumulation: [0, 0, 1e-3] }),
    )
    .solve();
  const [one, two] = [1, 2].map((i) => solution.profile("N", 21)[i].spinAccumulation[2]);
  return made.spinDiffusionLength / Math.log(one / two);
}

/** Largest and smallest d ln λ/d ln τ over three decades of mobility below Ωτ = 0.05. */
function exponents(make: (scatteringTime: number) => SpinDiffusion): [number, number] {
  const lengths = [0.05, 0.015, 0.005, 0.0015, 0.0005, 0.00015, 0.00005].map((turned) => ({
    turned,
    length: make(turned / Omega).spinDiffusionLength,
  }));
  const slopes = lengths
    .slice(1)
    .map(({ turned, length }, i) => Math.log(length / lengths[i].length) / Math.log(turned / lengths[i].turned));
  return [Math.max(...slopes), Math.min(...slopes)];
}

const collide = (scatteringTime: number): SpinDiffusion =>
  elliottYafet({ flipProbability: 1e-3, fermiVelocity: fermiVelocity(gas), scatteringTime, dimensions: 2 });

export const relaxation: readonly ValidationCase[] = [
  ...[0.1, 0.5, 2, 10].flatMap((turned): ValidationCase[] => [
    {
      id: `F1.kinetics ${turned}`,
      title: `S_z of a Rashba gas at Ωτ = ${turned} is a damped oscillator's, exp(−t/2τ)[cos wt + sin wt/2wτ]; largest error`,
      reason: "steps of the fourth-order rule",
      run: () => {
        const scatteringTime = turned / Omega;
        const times = course(turned);
        const { spin } = spinCourse(gas, { scatteringTime, initial: Z, times });
        return zero(largest(spin.map((s, i) => s[2] - dampedPrecession(Omega, scatteringTime, times[i]))), 1e-8);
      },
    },
    {
      id: `F1.walk ${turned}`,
      title: "and of walkers that are scattered at random, in standard uncertainties; largest of four times",
      reason: "four standard uncertainties, at a fixed seed",
      run: async () => {
        const scatteringTime = turned / Omega;
        const times = course(turned);
        const snapshots = await spinRandomWalk(gas, { scatteringTime, initial: Z, times });
        const errors = snapshots.map(
          ({ mean, uncertainty, time }) => (mean[2] - dampedPrecession(Omega, scatteringTime, time)) / uncertainty[2],
        );
        return zero(largest(errors), 4);
      },
    },
  ]),
  ...[0.1, 0.45, 0.5, 0.6, 2, 10].map((turned) => ({
    id: `F1.mode ${turned}`,
    title: `slowest mode of S_z at Ωτ = ${turned}: rate 1/2 − √(1/4 − (Ωτ)²) and frequency √((Ωτ)² − 1/4) in units of 1/τ, one beginning at Ωτ = 1/2 where the other ends; larger error`,
    reason: "round-off; its square root at 1/2, where two modes meet",
    run: () => {
      const inside = 0.25 - turned ** 2;
      const [{ rate, frequency }] = vertical(turned);
      const errors = [
        rate - 0.5 + Math.sqrt(Math.max(0, inside)),
        Math.abs(frequency) - Math.sqrt(Math.max(0, -inside)),
      ];
      return zero(largest(errors), turned === 0.5 ? 1e-7 : 1e-12);
    },
  })),
  {
    id: "F2",
    title: "in the plane 1/τ_s = Ω²τ/2, along z twice that; largest relative error at Ωτ = 0.02",
    reason: "(Ωτ)²/2 = 2e-4 of motional narrowing",
    run: () => {
      const tau = 0.02 / Omega;
      const [x, y, z] = principalRates(gas, tau).map((rate) => rate / (Omega ** 2 * tau));
      return zero(largest([2 * x - 1, 2 * y - 1, z - 1]), 3e-4);
    },
  },
  {
    id: "F2.steady",
    title:
      "steady spin relaxes at Ω²τ along z and half of that over 1 + (Ωτ)²/2 in the plane, at Ωτ = 0.1 to 100; largest relative error",
    reason: "round-off: the average over the circle is exact",
    run: () =>
      zero(
        largest(
          [0.1, 1, 10, 100].flatMap((turned) => {
            const [x, y, z] = principalRates(gas, turned / Omega).map((rate) => rate / (Omega * turned));
            const plane = 0.5 / (1 + turned ** 2 / 2);
            return [x / plane - 1, y / plane - 1, z - 1];
          }),
        ),
        1e-12,
      ),
  },
  {
    id: "F2.one-axis",
    title:
      "and where all fields have one axis, α = β, at √(1 + (2Ωτ)²) − 1 over τ across it and not at all along it; largest relative error",
    reason: "round-off of the average, 1e-12 at Ωτ = 100",
    run: () =>
      zero(
        largest(
          [0.1, 1, 10, 100].flatMap((turned) => {
            const across = Math.sqrt(1 + (2 * turned) ** 2) - 1;
            const [x, y, z] = principalRates(helical, turned / Omega).map((rate) => (rate * turned) / Omega / across);
            return [x, y - 1, z - 1];
          }),
        ),
        1e-11,
      ),
  },
  {
    id: "F3.length",
    title: "Dyakonov and Perel's spin diffusion length is ħ²/2mα_R = 76.2 nm",
    reason: "(Ωτ)²/4 at Ωτ = 0.05",
    run: () => relative(dyakonovPerel(gas, 0.05 / Omega, "x").spinDiffusionLength, 76.2e-9, 1e-3),
  },
  {
    id: "F3.precession",
    title: "it does not depend on mobility: largest exponent d ln λ/d ln τ over three decades",
    reason: "(Ωτ)²/2 at Ωτ = 0.05",
    run: () => zero(largest(exponents((tau) => dyakonovPerel(gas, tau, "x"))), 0.05 ** 2 / 2),
  },
  {
    id: "F3.collisions",
    title: "Elliott and Yafet's is proportional to it: exponent farthest from 1 over the same decades",
    reason: "round-off",
    run: () => zero(largest(exponents(collide).map((exponent) => exponent - 1)), 1e-12),
  },
  {
    id: "F3.film",
    title: "a film with Dyakonov and Perel's numbers loses its spin over ħ²/2mα_R √(1 + (Ωτ)²/2)",
    reason: "exact",
    run: () => {
      const expected = (HBAR ** 2 / (2 * gas.mass * rashba)) * Math.sqrt(1 + 0.05 ** 2 / 2);
      return relative(decayLength(dyakonovPerel(gas, 0.05 / Omega, "x")), expected, 1e-9);
    },
  },
  {
    id: "F5.lifetime",
    title: "α = β: a helix of Q = 4mα/ħ² along (1, 1) does not decay; its rate over DQ²",
    reason: "round-off",
    run: () => zero(slowest(1, Q) / (D * Q * Q), 1e-9),
  },
  {
    id: "F5.detuned",
    title: "a helix of 1.1 Q decays by diffusion, D(0.1 Q)²",
    reason: "(0.1 Qℓ)²/4 = 1e-4 of the kinetic equation",
    run: () => relative(slowest(1, 1.1 * Q), D * (0.1 * Q) ** 2, 2e-4),
  },
  {
    id: "F5.crossed",
    title: "along (1, −1) the same Q decays as any density of that wavevector, and nothing persists",
    reason: "round-off",
    run: () => relative(slowest(-1, Q), spreading(Q), 1e-10),
  },
  {
    id: "F5.spectrum",
    title:
      "at any q the three modes spread as densities of q, q + Q and q − Q: in the frame that turns along (1, 1) there is no spin–orbit field; largest relative error",
    reason: "round-off",
    run: () => {
      const waves = [
        [0.3, 0],
        [0.7, 0.4],
        [-0.5, 1.2],
        [0.2, -0.9],
      ].map(([x, y]) => [x * Q, y * Q] as const);
      const errors = waves.flatMap((q) => {
        const expected = [0, 1, -1]
          .map((turns) => spreading(Math.hypot(q[0] + turns * Q * DIAGONAL, q[1] + turns * Q * DIAGONAL)))
          .sort((a, b) => a - b);
        return helixRates(q).map((rate, i) => rate / expected[i] - 1);
      });
      return zero(errors.length === 12 ? largest(errors) : Number.NaN, 1e-10);
    },
  },
  {
    id: "F5.walk",
    title: "walkers keep their helix to the last of 50 collisions each",
    reason: "round-off of rotations: every spin turns with its place",
    run: async () => {
      const [snapshot] = await spinRandomWalk(helical, { scatteringTime: slow, initial: Z, times: [50 * slow] });
      const { value } = helixAmplitude(snapshot, [Q * DIAGONAL, Q * DIAGONAL], Z, [-DIAGONAL, -DIAGONAL, 0]);
      return relative(value, 1, 1e-9);
    },
  },
  ...(
    [
      ["detuned", "1.5 Q along (1, 1) spreads as a density of Q/2", [1.5, 1.5], 0.5],
      ["crossed", "Q along (1, −1) as one of √2 Q", [1, -1], Math.SQRT2],
    ] as const
  ).map(
    ([name, title, [x, y], k]): ValidationCase => ({
      id: `F5.walk ${name}`,
      title: `and lose others: a helix of ${title}, e^(−Γt)/√(1 − (kℓ)²); error in standard uncertainties`,
      reason: "four standard uncertainties, at a fixed seed",
      run: async () => {
        const time = 1 / spreading(k * Q);
        const [snapshot] = await spinRandomWalk(helical, { scatteringTime: slow, initial: Z, times: [time] });
        const q = [x * Q * DIAGONAL, y * Q * DIAGONAL] as const;
        const { value, uncertainty } = helixAmplitude(snapshot, q, Z, [-DIAGONAL, -DIAGONAL, 0]);
        return zero((value - Math.exp(-1) / Math.sqrt(1 - (k * Q * path) ** 2)) / uncertainty, 4);
      },
    }),
  ),
  {
    id: "F5.general",
    title:
      "walk and kinetic equation agree on all six parts of a spin wave, with Rashba, linear and cubic Dresselhaus fields and an applied one, at Ωτ = 1; largest difference in standard uncertainties",
    reason: "four standard uncertainties, at a fixed seed",
    run: async () => {
      const general = { ...gas, dresselhaus: 0.7e-30, cubicDresselhaus: 4e-47 };
      const scatteringTime = 1 / Omega;
      const q = [0.3, 0.5].map((x) => x / (fermiVelocity(gas) * scatteringTime)) as [number, number];
      const common = {
        scatteringTime,
        initial: [0.6, 0, 0.8] as const,
        times: [scatteringTime, 3 * scatteringTime],
        larmor: [0.2 * Omega, 0, 0.4 * Omega] as const,
      };
      const { spin, quadrature } = spinCourse(general, { ...common, wavevector: q });
      const snapshots = await spinRandomWalk(general, common);
      const differences = snapshots.flatMap((snapshot, i) => {
        const wave = spinWave(snapshot, q);
        return ([0, 1, 2] as const).flatMap((a) => [
          (wave.spin[a] - spin[i][a]) / wave.uncertainty.spin[a],
          (wave.quadrature[a] - quadrature[i][a]) / wave.uncertainty.quadrature[a],
        ]);
      });
      return zero(largest(differences), 4);
    },
  },
  {
    id: "F6",
    title: "Elliott and Yafet: τ_s/τ is one number at any τ",
    reason: "round-off",
    run: () => {
      const ratios = [1e-14, 1e-13, 1e-12].map((scatteringTime) => {
        const { diffusivity, spinDiffusionLength } = elliottYafet({
          flipProbability: 2e-3,
          fermiVelocity: 1.6e6,
          scatteringTime,
        });
        return spinDiffusionLength ** 2 / diffusivity / scatteringTime;
      });
      return zero(largest(ratios.map((ratio) => ratio * 2e-3 - 1)), 1e-12);
    },
  },
  {
    id: "F6.film",
    title: "its numbers make a film in which spin decays over ℓ/√(3p)",
    reason: "exact",
    run: () => {
      const made = elliottYafet({ flipProbability: 1e-3, fermiVelocity: 1.6e6, scatteringTime: 1e-14 });
      return relative(decayLength(made), (1.6e6 * 1e-14) / Math.sqrt(3e-3), 1e-9);
    },
  },
  {
    id: "F7",
    title:
      "walkers in a field, counted where they pass a plane, draw the Hanle curve of diffusion, Re[exp(−kL)/2Dk]: largest error over what is allowed",
    reason:
      "four standard uncertainties, and 1 % of the peak for the kinetic correction, (kL + 1)τ/4τ_s, and the width of the slice",
    run: async () => {
      // No spin–orbit field: spins turn about the applied one and die with τ_s = λ²/D.
      const plain: TwoDimensionalGas = { mass: gas.mass, fermiWavevector: gas.fermiWavevector };
      const scatteringTime = 1e-13;
      const flight = fermiVelocity(plain) * scatteringTime;
      const lambda = 6 * flight;
      const lifetime = (2 * scatteringTime * lambda ** 2) / flight ** 2;
      const half = 0.1 * lambda;
      const step = lifetime / 10;
      const times = Array.from({ length: 60 }, (_, i) => (i + 0.5) * step);
      const turns = [0, 1, 2.6783, 5];
      const peak = hanle(0);
      const errors: number[] = [];
      for (const turn of turns) {
        const larmor: Vector3 = [0, 0, turn / lifetime];
        const snapshots = await spinRandomWalk(plain, { scatteringTime, initial: [0, 1, 0], times, larmor });
        const walkers = snapshots[0].position.length / 2;
        // Every walker is a measurement of its own: ∫ S δ(|x| − L) e^(−t/τ_s) dt, at both planes ±L, in units of λ/D.
        const seen = new Float64Array(walkers);
        for (const { time, spin, position } of snapshots) {
          const weight = (step / lifetime) * (lambda / (4 * half)) * Math.exp(-time / lifetime);
          for (let i = 0; i < walkers; i++)
            if (Math.abs(Math.abs(position[i]) - lambda) < half) seen[i] += weight * spin[walkers + i];
        }
        const mean = seen.reduce((sum, x) => sum + x, 0) / walkers;
        const variance = seen.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (walkers - 1);
        errors.push((mean - hanle(turn)) / (4 * Math.sqrt(variance / walkers) + 0.01 * peak));
      }
      return zero(largest(errors), 1);
    },
  },
  {
    id: "T18",
    title: "Ω = 2α_R k_F/ħ, not half of it: a ballistic Rashba spin is turned round after π/Ω of flight",
    reason: "steps of the fourth-order rule, and the one collision in a million flights",
    run: () => {
      const { spin } = spinCourse(gas, { scatteringTime: 1e6 / Omega, initial: Z, times: [Math.PI / Omega] });
      return relative(spin[0][2], -1, 1e-5);
    },
  },
  {
    id: "T18.field",
    title: "and an applied field turns spins at γB",
    reason: "steps of the fourth-order rule",
    run: () => {
      const B = 0.1;
      const plain: TwoDimensionalGas = { mass: gas.mass, fermiWavevector: gas.fermiWavevector };
      const { spin } = spinCourse(plain, {
        scatteringTime: 1e-12,
        initial: [1, 0, 0],
        times: [Math.PI / 2 / (GAMMA * B)],
        larmor: [0, 0, GAMMA * B],
      });
      return relative(spin[0][1], 1, 1e-8);
    },
  },
];

/** Re[exp(−kL)/2k] at L = λ, in units of λ; k² = 1 + iωτ_s. */
function hanle(turn: number): number {
  const a = Math.sqrt((Math.hypot(1, turn) + 1) / 2);
  const b = turn / (2 * a);
  return (Math.exp(-a) * (a * Math.cos(b) - b * Math.sin(b))) / (2 * (a * a + b * b));
}
