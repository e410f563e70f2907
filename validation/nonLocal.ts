import { type Complex, complex, over, plus, times } from "../src/algebra/complex.ts";
import {
  type Electrode,
  fitHanle,
  GAMMA,
  type HallCross,
  hanleCurve,
  inverseSpinHallCross,
  type LateralDevice,
  lateralDevice,
  nonLocalProbe,
  nonLocalSignal,
  nonLocalSignalVersusLength,
  spinAbsorption,
  tunnelContact,
  type Vector3,
} from "../src/index.ts";
import { relative, type ValidationCase } from "./case.ts";
import { takahashiMaekawa } from "./closedForms.ts";
import { largest, magnet, metal } from "./specimens.ts";

/** Non-local spin valves: a pure spin current, its decay, its precession, its conversion. */

const zero = (value: number, tolerance: number) => ({ value, expected: 0, tolerance });
const lambda = 5e-7;
const D = 5e-3;
const wire = {
  material: metal({ conductivity: 2e7, spinDiffusionLength: lambda, diffusivity: D }),
  width: 1e-7,
  thickness: 5e-8,
};
const body = magnet({ polarization: 0.35, spinDiffusionLength: 5e-9, conductivity: 4e6, dephasingLength: 1e-9 });
const junction = 1e-7 * 8e-8;
const R_N = lambda / 2e7 / (1e-7 * 5e-8);
const R_F = 5e-9 / 4e6 / junction;

const electrode = (name: string, position: number, contact: Electrode["contact"]): Electrode => ({
  name,
  material: body,
  position,
  width: 8e-8,
  contact,
});

/** Two electrodes a distance apart; contacts by their resistance [Ω] and polarisation, or none. */
const valve = (
  length: number,
  contacts: readonly ({ R: number; P: number } | undefined)[],
  absorber = false,
): LateralDevice =>
  lateralDevice({
    // Long enough that exp(−2 arms/λ) is below round-off.
    wire: { ...wire, arms: 20 * lambda },
    electrodes: contacts.map((given, i) =>
      electrode(`F${i + 1}`, i * length, given ? tunnelContact(given.R * junction, given.P) : "transparent"),
    ),
    ...(absorber && {
      absorbers: [
        {
          name: "Pt",
          material: metal({ conductivity: 5e6, spinDiffusionLength: 3e-9 }),
          position: 0.4 * length,
          width: 5e-8,
          thickness: 2e-8,
        },
      ],
    }),
  });

const tunnel = { R: 1e6, P: 0.3 };
const signal = (length: number, contacts: readonly ({ R: number; P: number } | undefined)[]): number =>
  nonLocalSignal(valve(length, contacts)).difference;

/** First zero of a Hanle curve, ω_L τ. */
function firstZero(length: number): number {
  const tau = lambda ** 2 / D;
  const { read, solve } = nonLocalProbe(valve(length, [tunnel, tunnel]));
  const at = (turns: number): number => {
    const field: Vector3 = [0, 0, turns / tau / GAMMA];
    return read(solve({}, field)) - read(solve({ F2: [0, -1, 0] }, field));
  };
  let [low, high] = [0, 0.05];
  while (at(high) > 0) [low, high] = [high, high * 1.2];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (at(middle) > 0) low = middle;
    else high = middle;
  }
  return low;
}

/** Deepest value of a Hanle curve over its value without field. */
function deepest(length: number): number {
  const tau = lambda ** 2 / D;
  // The minimum lies between the first zero, beyond 0.5/x, and three times that.
  const fields = Array.from({ length: 600 }, (_, i) => (i * (0.04 / (length / lambda))) / tau / GAMMA);
  const { data } = hanleCurve(valve(length, [tunnel, tunnel]), { fields });
  const curve = Array.from(data.parallel.values, (value, i) => value - data.antiparallel.values[i]);
  return Math.min(...curve) / curve[0];
}

/**
 * Hanle signal with contacts that take (1 − P²)/2R of the spin along and across m alike: from the 2 × 2 system of the spin at both
 * contacts, φ_a = Σ_b g(x_a − x_b) (source_b − sink φ_b), g(x) = (R_N/λ) exp(−k|x|)/k, in complex numbers for the turn about z.
 */
function absorbing(length: number, resistance: number, P: number, field: number): number {
  const k = squareRootOf({ re: 1 / lambda ** 2, im: (GAMMA * field) / D });
  const g = (x: number): Complex => times(over(complex(R_N / lambda), k), exponential(times(k, complex(-x))));
  const sink = complex((1 - P * P) / (2 * resistance));
  const own = plus(complex(1), times(sink, g(0)));
  const cross = times(sink, g(length));
  // φ₁ own + φ₂ cross = g(0) s,  φ₁ cross + φ₂ own = g(L) s.
  const determinant = plus(times(own, own), times(complex(-1), times(cross, cross)));
  const phi2 = over(plus(times(own, g(length)), times(complex(-1), times(cross, g(0)))), determinant);
  return P * P * phi2.re;
}

function squareRootOf(z: Complex): Complex {
  const re = Math.sqrt((Math.hypot(z.re, z.im) + z.re) / 2);
  return { re, im: z.im / (2 * re) };
}

const exponential = (z: Complex): Complex => ({
  re: Math.exp(z.re) * Math.cos(z.im),
  im: Math.exp(z.re) * Math.sin(z.im),
});

/** A Hall cross a distance from an injector; a weak spin Hall effect, so that its own back-action, θ², is small. */
const hallBar = (length: number, cross: HallCross): LateralDevice =>
  lateralDevice({
    wire: { ...wire, material: { ...wire.material, spinHallAngle: 1e-3 }, arms: 20 * lambda },
    electrodes: [electrode("F1", 0, tunnelContact(tunnel.R * junction, tunnel.P))],
    crosses: [{ ...cross, position: length }],
  });
const cross: HallCross = { name: "hall", position: 0, width: 1e-9 };

export const nonLocal: readonly ValidationCase[] = [
  {
    id: "B1",
    title:
      "Takahashi and Maekawa's signal for tunnel, ohmic and mixed contacts at three lengths; largest relative error",
    reason: "ends of the electrodes, exp(−20), and of the wire",
    run: () => {
      const kinds = [
        [tunnel, tunnel],
        [undefined, undefined],
        [{ R: 1, P: 0.4 }, undefined],
        [
          { R: 0.2, P: 0.5 },
          { R: 3, P: -0.2 },
        ],
      ];
      const errors = kinds.flatMap((contacts) =>
        [0.3, 1, 3].map((x) => {
          const expected = 2 * takahashiMaekawa({ R_N, x, R_F, P_F: 0.35, contacts });
          return signal(x * lambda, contacts) / expected - 1;
        }),
      );
      return zero(largest(errors), 1e-8);
    },
  },
  {
    id: "B2.tunnel",
    title: "tunnel contacts: ΔR = P² R_N exp(−L/λ)",
    reason: "R_N/R_i = 5e-6",
    run: () => relative(signal(lambda, [tunnel, tunnel]), 0.3 ** 2 * R_N * Math.exp(-1), 1e-4),
  },
  {
    id: "B2.transparent",
    title: "ohmic contacts: R_s = 2P²/(1−P²)² (R_F²/R_N) exp(−x)/(1 − exp(−2x))",
    reason: "R_F/R_N = 3e-2, next order",
    run: () => {
      const expected = (2 * 0.35 ** 2 * R_F ** 2 * Math.exp(-1)) / ((1 - 0.35 ** 2) ** 2 * R_N * (1 - Math.exp(-2)));
      return relative(signal(lambda, [undefined, undefined]) / 2, expected, 8 * (R_F / R_N));
    },
  },
  ...(
    [
      [0.5, 6.8192],
      [1, 2.6783],
      [2, 1.2795],
      [5, 0.54642],
    ] as const
  ).map(
    ([x, expected]): ValidationCase => ({
      id: `B3.zero ${x}`,
      title: `Hanle curve between tunnel contacts ${x} λ apart: first zero at ω_L τ`,
      reason: "half of the last of five digits",
      run: () => relative(firstZero(x * lambda), expected, 5e-5),
    }),
  ),
  ...(
    [
      [0.5, -0.0504],
      [1, -0.1119],
      [2, -0.2263],
      [5, -0.4571],
    ] as const
  ).map(
    ([x, expected]): ValidationCase => ({
      id: `B3.minimum ${x}`,
      title: `and its deepest value over that without field, ${x} λ apart`,
      reason: "half of the last of four digits, and the spacing of the fields",
      run: () => ({ value: deepest(x * lambda), expected, tolerance: 1e-4 }),
    }),
  ),
  {
    id: "B3.fit",
    title: "the fit to a Hanle curve between tunnel contacts returns λ",
    reason: "1 %: what experimenters ask of it; the fit itself is exact",
    run: () => {
      const fields = Array.from({ length: 61 }, (_, i) => -0.3 + 0.01 * i);
      return relative(
        fitHanle(hanleCurve(valve(lambda, [tunnel, tunnel]), { fields })).spinDiffusionLength.value,
        lambda,
        1e-2,
      );
    },
  },
  {
    id: "B3.absorption",
    title:
      "Hanle curve between contacts that absorb, against the 2 × 2 system of the spin at both; largest error over the peak",
    reason: "the electrodes' own spin resistance, 3e-5 of the contacts'",
    run: () => {
      const [R, P] = [10, 0.3];
      const G = 1 / (R * junction);
      const contact = {
        conductanceUp: (G * (1 + P)) / 2,
        conductanceDown: (G * (1 - P)) / 2,
        mixingConductance: (G * (1 - P * P)) / 2,
      };
      const sink = { ...body, conductivity: 4e9 };
      const device = lateralDevice({
        wire: { ...wire, arms: 20 * lambda },
        electrodes: [0, lambda].map((x, i) => ({ ...electrode(`F${i + 1}`, x, contact), material: sink })),
      });
      const { read, solve } = nonLocalProbe(device);
      const peak = absorbing(lambda, R, P, 0);
      const errors = [0, 0.02, 0.05, 0.1, 0.2].map((B) => {
        const measured = read(solve({}, [0, 0, B])) - read(solve({ F2: [0, -1, 0] }, [0, 0, B]));
        return (measured - absorbing(lambda, R, P, B)) / peak;
      });
      return zero(largest(errors), 1e-4);
    },
  },
  {
    id: "B5",
    title: "Valenzuela and Tinkham: R_SH = (P/2)(θ/σt) exp(−L/λ) with the magnetization out of the plane",
    reason: "width of the cross over λ, 2e-3, and R_N/R_i",
    run: () => {
      const { data } = inverseSpinHallCross(hallBar(lambda, cross), { angles: [Math.PI / 2] });
      return relative(Math.abs(data.resistance.values[0]), (0.3 / 2) * (1e-3 / (2e7 * 5e-8)) * Math.exp(-1), 3e-3);
    },
  },
  {
    id: "B5.angle",
    title: "and it follows the sine of the angle out of the plane",
    reason: "round-off, relative to the largest",
    run: () => {
      const angles = [0.3, -1, Math.PI / 2];
      const [a, b, full] = inverseSpinHallCross(hallBar(lambda, cross), { angles }).data.resistance.values;
      return zero(largest([a / full - Math.sin(0.3), b / full - Math.sin(-1)]), 1e-9);
    },
  },
  {
    id: "B6",
    title: "reciprocity in the cross: spin Hall and inverse effect, R_{ab,cd}(m) = R_{cd,ab}(−m)",
    reason: "round-off of voltages 1e-6 of what the current makes",
    run: () => {
      const device = hallBar(lambda, { ...cross, width: 2e-7 });
      const m: Vector3 = [0, 0.6, 0.8];
      const inverse = nonLocalProbe(device, { voltage: ["hall+", "hall-"] });
      const direct = nonLocalProbe(device, { current: ["hall+", "hall-"], voltage: ["F1", "left"] });
      const [there, back] = [
        inverse.read(inverse.solve({ F1: m })),
        direct.read(direct.solve({ F1: [0, -0.6, -0.8] })),
      ];
      return relative(there, back, 1e-10);
    },
  },
  {
    id: "B7",
    title:
      "a strip of spin resistance R_M across the wire leaves 1/(1 + R_N/2R_M) of a tunnel valve's signal, wherever it lies",
    reason: "R_N/R_i = 5e-6",
    run: () => {
      const { ratio } = spinAbsorption(valve(lambda, [tunnel, tunnel], true));
      const R_M = 3e-9 / 5e6 / (5e-8 * 1e-7) / Math.tanh(20 / 3);
      return relative(ratio, 1 / (1 + R_N / (2 * R_M)), 1e-4);
    },
  },
  {
    id: "pure",
    title: "the detector's arm carries spin and no charge: charge current over that of the drive",
    reason: "round-off",
    run: () => {
      const { solve } = nonLocalProbe(valve(lambda, [{ R: 1, P: 0.4 }, undefined]));
      const solution = solve({});
      const spin = solution.spinCurrent("wire 2", "wire.F1")[1];
      if (!(Math.abs(spin) > 1e-9)) return { value: Number.NaN, expected: 0, tolerance: 0 };
      return zero(solution.current("wire 2", "wire.F1") / 1e-6, 1e-12);
    },
  },
  {
    id: "T11",
    title: "ΔR_s is twice R_s, and a signal of λ/2 more length is exp(−1/2) of it: fitted λ",
    reason: "R_N/R_i",
    run: () => {
      const make = (length: number) => valve(length, [tunnel, tunnel]);
      const { decay } = nonLocalSignalVersusLength(make, { lengths: [2e-7, 5e-7, 1e-6, 2e-6] });
      return relative(decay?.parameters.length.value ?? 0, lambda, 1e-4);
    },
  },
  {
    id: "T19",
    title: "spins turn with ω_L = γ B of the electron: B of the first zero at L = λ",
    reason: "the five digits of B3",
    run: () => {
      const tau = lambda ** 2 / D;
      const B = 2.6783 / tau / 1.76085963e11;
      const { read, solve } = nonLocalProbe(valve(lambda, [tunnel, tunnel]));
      const at = (field: Vector3): number => read(solve({}, field)) - read(solve({ F2: [0, -1, 0] }, field));
      return zero(at([0, 0, B]) / at([0, 0, 0]), 2e-5);
    },
  },
];
