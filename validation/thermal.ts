import {
  AxialFokkerPlanck,
  device,
  ellipse,
  escapeRate,
  GAMMA0,
  K_B,
  layer,
  MacrospinEnsemble,
  nm,
  switchingProbability,
  thermalBit,
  writeErrorRate,
} from "../src/index.ts";
import { relative, type ValidationCase } from "./case.ts";
import { butlerWriteError, neelBrown } from "./closedForms.ts";
import { largest, magnet, metal } from "./specimens.ts";

/** Switching by agitation: Fokker–Planck, Néel–Brown, ensembles. */

const zero = (value: number, tolerance: number) => ({ value, expected: 0, tolerance });
const bit = (stability: number) => ({ stability, relaxationTime: 1e-9 });

/** Slope −d ln WER/d(t/τ_D) at long pulses. */
function slope(stability: number, overdrive: number): number {
  const { rates } = writeErrorRate(bit(stability), { overdrives: [overdrive], durations: [8e-9, 10e-9] });
  return Math.log(rates[0][0] / rates[0][1]) / 2;
}

/** A perpendicular magnet on a metal without spin–orbit coupling, with a current through both that tilts nothing. */
const pillar = (damping: number) =>
  device({
    shape: ellipse(40 * nm, 40 * nm),
    layers: [
      layer(
        magnet({ saturationMagnetization: 1e6, interfacialAnisotropy: 0.9e-3, damping, polarization: 0.6 }),
        2 * nm,
        { name: "reference", fixed: true, magnetization: "-z" },
      ),
      layer(metal({ conductivity: 3e7, spinDiffusionLength: 3e-7 }), 4 * nm),
      layer(magnet({ saturationMagnetization: 1e6, interfacialAnisotropy: 0.9e-3, damping }), 1.2 * nm, {
        name: "free",
        magnetization: "+z",
      }),
      layer(metal({ conductivity: 3e7, spinDiffusionLength: 3e-7 }), 4 * nm),
    ],
  });

export const thermal: readonly ValidationCase[] = [
  {
    id: "D3.form",
    title: "write-error rate at i = 3, Δ = 60 after 5 τ_D against Butler's form with the improved cone angle",
    reason: "the published ratio 0.997 has three digits",
    run: () => {
      const rate = new AxialFokkerPlanck(bit(60)).advance(3, 5e-9).notSwitched;
      return relative(rate / butlerWriteError(60, 3, 5, "improved"), 0.997, 1e-3);
    },
  },
  {
    id: "D3.standard",
    title: "and with the standard one, π²/4",
    reason: "two digits of the published ratio 0.93",
    run: () => {
      const rate = new AxialFokkerPlanck(bit(60)).advance(3, 5e-9).notSwitched;
      return relative(rate / butlerWriteError(60, 3, 5, "standard"), 0.93, 6e-3);
    },
  },
  {
    id: "D3.deep",
    title: "a rate of 4e-16 keeps its digits: the same ratio after 10 τ_D as after 5",
    reason: "the slope departs from 2(i − 1) by 1e-4",
    run: () => {
      const equation = new AxialFokkerPlanck(bit(60)).advance(3, 5e-9);
      const early = equation.notSwitched / butlerWriteError(60, 3, 5, "improved");
      return relative(equation.advance(3, 5e-9).notSwitched / butlerWriteError(60, 3, 10, "improved") / early, 1, 2e-3);
    },
  },
  {
    id: "D3.grid",
    title: "and does not depend on the grid: 800 against 1600 cells at 4e-16",
    reason: "second order in the width of a cell",
    run: () => {
      const [coarse, fine] = [800, 1600].map(
        (cells) => new AxialFokkerPlanck(bit(60), cells).advance(3, 10e-9).notSwitched,
      );
      return relative(coarse / fine, 1, 1e-3);
    },
  },
  {
    id: "T23",
    title: "ln WER falls by 2(i − 1) per τ_D = (1 + α²)/(αγ0 H_k), at i = 4 and large Δ",
    reason: "the spread of the last spins adds 1/Δ",
    run: () => relative(slope(250, 4), 6, 5e-3),
  },
  ...(
    [
      [10, 0.889],
      [20, 0.947],
      [40, 0.974],
      [60, 0.983],
    ] as const
  ).map(
    ([stability, expected]): ValidationCase => ({
      id: `D4.rate ${stability}`,
      title: `escape rate at Δ = ${stability} over Néel and Brown's leading term`,
      reason: "three digits of the expected ratio, and exp(−Δ) of the return",
      run: () => relative(escapeRate(bit(stability)) / neelBrown(stability, 1e-9, 0), expected, 2e-3),
    }),
  ),
  {
    id: "D4.field",
    title:
      "with a field h = 0.2 along the axis Brown's (1 + h)²… factors; ratio to his leading term as without field, 1 − 1/Δ_eff",
    reason: "next order, 2/Δ_eff² at Δ_eff = Δ(1 + h)² = 86",
    run: () => {
      const effective = 60 * 1.2 ** 2;
      const ratio = escapeRate({ ...bit(60), field: 0.2 }) / neelBrown(60, 1e-9, 0.2);
      return { value: ratio, expected: 1 - 1 / effective, tolerance: 0.02 };
    },
  },
  {
    id: "D4.exponent",
    title: "current lowers the barrier as Δ(1 − i)²: slope of ln Γ against (1 − i)² between i = 0.2 and 0.4",
    reason: "prefactors in (1 − i), which change by 30 % over Δ · 0.28",
    run: () => {
      const [a, b] = [0.2, 0.4].map((i) => Math.log(escapeRate(bit(80), i)));
      const measured = (b - a) / (80 * (0.64 - 0.36));
      return { value: measured, expected: 1, tolerance: 0.05 };
    },
  },
  {
    id: "D4.time",
    title: "the Fokker–Planck equation in time leaks at the escape rate: Δ = 12 over 400 τ_D",
    reason: "the first τ_D, in which the well settles, 1e-3, and the return, Γt = 1 %",
    run: () => {
      const equation = new AxialFokkerPlanck(bit(12)).advance(0, 400e-9);
      const rate = escapeRate(bit(12));
      // Two states: the switched share is (1 − exp(−2Γt))/2.
      return relative(equation.switched, -Math.expm1(-2 * rate * 400e-9) / 2, 1e-2);
    },
  },
  {
    id: "D3.ensemble",
    title:
      "an ensemble of spins switches as the Fokker–Planck equation says; largest deviation in standard uncertainties",
    reason: "four of them, at a fixed seed",
    run: async () => {
      const { data } = await switchingProbability(bit(40), { overdrives: [1.3, 1.7, 2.2], duration: 3e-9 });
      const errors = Array.from(
        data.probability.values,
        (p, k) => (data.ensemble.values[k] - p) / data.uncertainty.values[k],
      );
      return zero(largest(errors), 4);
    },
  },
  {
    id: "D6.ensemble",
    title: "an ensemble left alone has ⟨m_z²⟩ of Boltzmann's distribution at Δ = 2, in standard uncertainties",
    reason: "four of them; the stochastic rule's own error is (0.05)² of it",
    run: async () => {
      const ensemble = await MacrospinEnsemble.start({ stability: 2, damping: 0.2 });
      await ensemble.advance({ dampingLike: 0 }, 400);
      const m = await ensemble.magnetizations();
      await ensemble.destroy();
      const { spins } = ensemble;
      let [sum, squares] = [0, 0];
      for (let i = 0; i < spins; i++) {
        const square = m[2 * spins + i] ** 2;
        sum += square;
        squares += square ** 2;
      }
      const mean = sum / spins;
      const uncertainty = Math.sqrt((squares / spins - mean ** 2) / spins);
      return zero((mean - boltzmannSquare(2)) / uncertainty, 4);
    },
  },
  {
    id: "D.bit",
    title:
      "a device's own numbers: τ_D of a magnet without neighbours that pump is (1 + α²)/(αγ0 H_k), Δ is µ0 Ms H_k V/2k_B T",
    reason:
      "central differences of the Jacobian; what its electrons pump into the leads is the larger part, so the ratio is below 1",
    run: () => {
      const found = thermalBit(pillar(0.02), { current: { density: -5e12, along: "z" }, onWarning: () => {} });
      // Δ fixes H_k; then τ_D fixes the damping that acts, which pumping raises above α.
      const volume = Math.PI * (20 * nm) ** 2 * 1.2 * nm;
      const H_k = (2 * found.stability * K_B * 300) / (4e-7 * Math.PI * 1e6 * volume);
      const damping = 1 / (found.relaxationTime * GAMMA0 * H_k);
      return { value: damping > 0.02 && damping < 0.2 ? 1 : damping, expected: 1, tolerance: 0 };
    },
  },
];

/** ⟨x²⟩ of exp(Δx²) on [−1, 1], by Simpson's rule. */
function boltzmannSquare(stability: number): number {
  const n = 2000;
  let [above, below] = [0, 0];
  for (let i = 0; i <= n; i++) {
    const x = i / n;
    const weight = (i === 0 || i === n ? 1 : i % 2 === 1 ? 4 : 2) * Math.exp(stability * x * x);
    above += weight * x * x;
    below += weight;
  }
  return above / below;
}
