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
  spinCourse,
  spinModes,
  spinRandomWalk,
  type TwoDimensionalGas,
  type Vector3,
} from "../src/index.ts";
import type { ValidationCase } from "./case.ts";
import { relative } from "./case.ts";
import { dampedPrecession } from "./closedForms.ts";
import { AREA, largest } from "./specimens.ts";

/** How spin relaxes: precession in flight, collisions, and the walk of single spins. */

const zero = (value: number, tolerance: number) => ({ value, expected: 0, tolerance });
const electron = 9.1093837015e-31;
const gas: TwoDimensionalGas = { mass: 0.05 * electron, fermiWavevector: 2e8, rashba: 1.602176634e-30 };
/** Ω = 2 α_R k_F/ħ. */
const Omega = (2 * 1.602176634e-30 * 2e8) / HBAR;
const Z: Vector3 = [0, 0, 1];

/** Times over which S_z falls, for Ωτ. */
const course = (turned: number): number[] => {
  const tau = turned / Omega;
  const scale = turned < 0.5 ? 1 / (Omega ** 2 * tau) : 2 * tau;
  return [0.3, 0.7, 1.2, 2].map((t) => t * scale);
};

/** Rashba and Dresselhaus alike: Ω has one direction, and spin turns as the electron moves along (1, 1). */
const helical: TwoDimensionalGas = { ...gas, dresselhaus: gas.rashba };
const Q = (4 * gas.mass * 1.602176634e-30) / HBAR ** 2;
const slow = 0.1 / Omega;
const D = (fermiVelocity(gas) ** 2 * slow) / 2;
const slowest = (along: 1 | -1, wavevector: number): number =>
  spinModes(helical, slow, [wavevector / Math.SQRT2, (along * wavevector) / Math.SQRT2])[0].rate;

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
  {
    id: "F1.crossover",
    title: "the oscillation begins at Ωτ = 1/2: frequency of the slowest vertical mode just above and below, over Ω",
    reason: "zero below; √(1 − 1/4(Ωτ)²) above, to the round-off that a double root magnifies",
    run: () => {
      const frequency = (turned: number): number =>
        Math.max(...spinModes(gas, turned / Omega).map((mode) => mode.frequency)) / Omega;
      return zero(largest([frequency(0.45), frequency(0.6) - Math.sqrt(1 - 1 / (4 * 0.36))]), 1e-6);
    },
  },
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
    id: "F3.length",
    title: "Dyakonov and Perel's spin diffusion length is ħ²/2mα_R = 76.2 nm",
    reason: "(Ωτ)²/4 at Ωτ = 0.05",
    run: () => relative(dyakonovPerel(gas, 0.05 / Omega, "x").spinDiffusionLength, 76.2e-9, 1e-3),
  },
  {
    id: "F3.mobility",
    title:
      "a series in mobility tells the mechanisms apart: ratio of λ at τ and 10 τ, of Dyakonov–Perel over Elliott–Yafet",
    reason: "(Ωτ)² at Ωτ = 0.05",
    run: () => {
      const ratio = (make: (tau: number) => { spinDiffusionLength: number }): number =>
        make(0.05 / Omega).spinDiffusionLength / make(0.005 / Omega).spinDiffusionLength;
      const precession = ratio((scatteringTime) => dyakonovPerel(gas, scatteringTime, "x"));
      const collisions = ratio((scatteringTime) =>
        elliottYafet({ flipProbability: 1e-3, fermiVelocity: fermiVelocity(gas), scatteringTime, dimensions: 2 }),
      );
      return relative(precession / collisions, 0.1, 2e-3);
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
    reason: "(q ℓ)² of the kinetic equation, 1e-4",
    run: () => relative(slowest(1, 1.1 * Q) / (D * (0.1 * Q) ** 2), 1, 1e-3),
  },
  {
    id: "F5.crossed",
    title: "along (1, −1) the same Q decays at DQ² or faster",
    reason: "1 % of the ballistic correction; the helix would have 0",
    run: () => relative(slowest(-1, Q) / (D * Q * Q), 1.01, 0.01),
  },
  {
    id: "F5.walk",
    title: "walkers keep their helix to the last of 50 collisions each",
    reason: "round-off of rotations: every spin turns with its place",
    run: async () => {
      const [snapshot] = await spinRandomWalk(helical, { scatteringTime: slow, initial: Z, times: [50 * slow] });
      const diagonal = 1 / Math.SQRT2;
      const { value } = helixAmplitude(snapshot, [Q * diagonal, Q * diagonal], Z, [-diagonal, -diagonal, 0]);
      return relative(value, 1, 1e-9);
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
      return relative(made.spinDiffusionLength / Math.log(one / two), (1.6e6 * 1e-14) / Math.sqrt(3e-3), 1e-9);
    },
  },
  {
    id: "F7",
    title:
      "walkers in a field, counted where they pass a plane, draw the Hanle curve of diffusion: largest error over the peak",
    reason: "four standard uncertainties of 20 000 walkers in a slice λ/5 wide, 2 % each",
    run: async () => {
      // No spin–orbit field: spins turn about the applied one and die with τ_s = λ²/D.
      const plain: TwoDimensionalGas = { mass: gas.mass, fermiWavevector: gas.fermiWavevector };
      const tau = 1e-13;
      const path = fermiVelocity(plain) * tau;
      const diffusivity = (fermiVelocity(plain) ** 2 * tau) / 2;
      const lambda = 6 * path;
      const lifetime = lambda ** 2 / diffusivity;
      const L = lambda;
      const times = Array.from({ length: 40 }, (_, i) => ((i + 0.5) / 40) * 4 * lifetime);
      const turns = [0, 1, 2.6783, 5];
      const signals = await Promise.all(
        turns.map(async (turn) => {
          const larmor: Vector3 = [0, 0, turn / lifetime];
          const snapshots = await spinRandomWalk(plain, { scatteringTime: tau, initial: [0, 1, 0], times, larmor });
          return snapshots.reduce((sum, { time, spin, position }) => {
            const walkers = position.length / 2;
            let passing = 0;
            for (let i = 0; i < walkers; i++) {
              // Both planes at ±L, for twice the statistics.
              if (Math.abs(Math.abs(position[i]) - L) < 0.1 * lambda) passing += spin[walkers + i];
            }
            return sum + passing * Math.exp(-time / lifetime);
          }, 0);
        }),
      );
      const expected = turns.map((turn) => hanle(turn));
      return zero(largest(signals.map((s, i) => s / signals[0] - expected[i] / expected[0])), 0.08);
    },
  },
  {
    id: "T18",
    title: "Ω = 2α_R k_F/ħ and γ of the electron: a ballistic Rashba spin returns after π/Ω of flight as −S_z",
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

/** Re[exp(−kL)/k] at L = λ, in units of λ. */
function hanle(turn: number): number {
  const a = Math.sqrt((Math.hypot(1, turn) + 1) / 2);
  const b = turn / (2 * a);
  return (Math.exp(-a) * (a * Math.cos(b) - b * Math.sin(b))) / (a * a + b * b);
}
