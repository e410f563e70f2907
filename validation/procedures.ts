import {
  areaOf,
  constant,
  contactOf,
  cppSquareRoot,
  criticalCurrent,
  device,
  ellipse,
  type Ferromagnet,
  HBAR_2E,
  harmonicHallFields,
  hysteresisLoop,
  layer,
  MU0,
  magnetoresistanceVersusAngle,
  nm,
  rectangle,
  shapeFactors,
  solveTransport,
  spinHallMagnetoresistance,
  spinHallMagnetoresistanceVersusThickness,
  spinValve,
  switchingCurrent,
  switchingPhaseDiagram,
} from "../src/index.ts";
import { relative, type ValidationCase } from "./case.ts";
import { perpendicularAnisotropyField, trilayerResistance } from "./closedForms.ts";
import { insulatingMagnet, largest, magnet, metal, mixingOnly, valetFertContact } from "./specimens.ts";

/** What one does with a device, through the procedures that do it. */

const zero = (value: number, tolerance: number) => ({ value, expected: 0, tolerance });
const quiet = { onWarning: () => {} };
const shape = rectangle(100 * nm, 100 * nm);

/** F|N|F by Valet and Fert's numbers. */
const trilayer = (t: number, d: number) => {
  const contact = contactOf(valetFertContact(0.4e-15, 0.6, 2e15));
  const F = magnet({ polarization: 0.5, spinDiffusionLength: 8 * nm });
  const N = metal({ conductivity: 2e7, spinDiffusionLength: 30 * nm });
  return device({
    shape,
    layers: [
      layer(F, t, { name: "one", fixed: true, magnetization: "+z" }),
      contact,
      layer(N, d),
      contact,
      layer(F, t, { name: "two", magnetization: "+z" }),
    ],
  });
};

/** [F|N]_N without relaxation: two independent currents. */
const multilayer = (repeats: number) => {
  const F = magnet({ polarization: 0.46, conductivity: 6e6, spinDiffusionLength: Number.POSITIVE_INFINITY });
  const N = metal({ conductivity: 1e8, spinDiffusionLength: Number.POSITIVE_INFINITY });
  const contact = contactOf(valetFertContact(0.5e-15, 0.77, 2e15));
  const layers = Array.from({ length: repeats }, (_, i) => [
    layer(F, 6 * nm, { name: `F${i}`, magnetization: "+z" }),
    // Alike from both ends, so that the antiparallel state has two equal channels.
    ...(i < repeats - 1 ? [contact, layer(N, 6 * nm, { name: `N${i}` }), contact] : []),
  ]).flat();
  return device({ shape, layers });
};

const hallMetal = (thickness: number, theta = 0.02) =>
  device({
    shape,
    layers: [
      layer(insulatingMagnet(), 10 * nm, { name: "m" }),
      contactOf(mixingOnly(4e14)),
      layer(metal({ spinHallAngle: theta }), thickness, { name: "N" }),
    ],
  });

const anisotropic = (ratio: number) =>
  device({
    shape,
    layers: [layer(magnet({ anisotropicMagnetoresistance: ratio, polarization: 0 }), 5 * nm, { name: "m" })],
  });

/** A perpendicular magnet on a spin Hall metal. */
const bitShape = ellipse(60 * nm, 60 * nm);
const free: Ferromagnet = magnet({
  saturationMagnetization: 1e6,
  interfacialAnisotropy: 0.75e-3,
  damping: 0.1,
  anomalousHallAngle: 0.05,
});
const bit = (magnetization: "+z" | "-z" = "+z", theta = 0.2) =>
  device({
    shape: bitShape,
    layers: [
      layer(metal({ name: "HM", spinHallAngle: theta }), 5 * nm),
      contactOf(valetFertContact(1e-15, 0.2, 8e14)),
      layer(free, 1 * nm, { name: "bit", magnetization }),
    ],
  });
const anisotropyField = perpendicularAnisotropyField({
  saturationMagnetization: 1e6,
  thickness: 1 * nm,
  interfacialAnisotropy: 0.75e-3,
  factors: shapeFactors(bitShape, 1 * nm),
});

/** What acts on m = z as a field, per current density in the metal [T m²/A], along x and y. */
function effectiveField(): [number, number] {
  const density = 1e10;
  const solution = solveTransport(bit(), {
    current: constant({ density, along: "x", in: "HM" }),
    magnetizations: { bit: [0, 0, 1] },
    ...quiet,
  });
  const [x, y] = solution.absorbedSpin("bit");
  const perSpin = HBAR_2E / (1e6 * areaOf(bitShape) * 1 * nm) / density;
  return [perSpin * y, -perSpin * x];
}

export const procedures: readonly ValidationCase[] = [
  ...(["parallel", "antiparallel"] as const).map(
    (state): ValidationCase => ({
      id: `A4.${state}`,
      title: `F|N|F between leads, all lengths finite, ${state}: resistance over three pairs of thicknesses; largest relative error`,
      reason: "exact",
      run: () => {
        const errors = [
          [2 * nm, 2 * nm],
          [10 * nm, 5 * nm],
          [40 * nm, 80 * nm],
        ].map(([t, d]) => {
          const expected = trilayerResistance({
            t,
            d,
            rhoF: 1 / 4e6,
            beta: 0.5,
            lambdaF: 8 * nm,
            rhoN: 1 / 2e7,
            lambdaN: 30 * nm,
            contact: 0.4e-15,
            gamma: 0.6,
            parallel: state === "parallel",
          });
          return (spinValve(trilayer(t, d), quiet)[state] * areaOf(shape)) / expected - 1;
        });
        return zero(largest(errors), 1e-10);
      },
    }),
  ),
  {
    id: "A5.plot",
    title: "the square-root plot of [F|N]_N is a line of slope βρ*_F t_F + 2γ r_b*",
    reason: "round-off of the line",
    run: () => {
      const { line } = cppSquareRoot(multilayer, { ...quiet, repeats: [2, 4, 6, 8] });
      const expected = (0.46 * 6 * nm) / (6e6 * (1 - 0.46 ** 2)) + 2 * 0.77 * 0.5e-15;
      return relative(line.parameters.slope.value, expected, 1e-6);
    },
  },
  {
    id: "C3.planes",
    title: "spin Hall magnetoresistance: nothing in the zx plane, the same in zy as in xy; over the amplitude",
    reason: "round-off of the fits",
    run: () => {
      const { planes } = spinHallMagnetoresistance(hallMetal(3 * nm), quiet);
      return zero(largest([planes.zx.ratio, planes.zy.ratio - planes.xy.ratio]) / planes.zy.ratio, 1e-6);
    },
  },
  {
    id: "T26.anisotropic",
    title: "anisotropic magnetoresistance: nothing in the zy plane, ratio in xy and zx; deviations over the ratio",
    reason: "second order of the ratio, 1e-4, in cos⁴",
    run: () => {
      const { planes } = spinHallMagnetoresistance(anisotropic(1e-4), quiet);
      // Along x high in xy, and as the second axis low in zx.
      return zero(largest([planes.zy.ratio, planes.xy.ratio - 1e-4, planes.zx.ratio + 1e-4]) / 1e-4, 3e-4);
    },
  },
  {
    id: "T26.spinHall",
    title: "spin Hall magnetoresistance has its lowest resistance with m along y",
    reason: "a sign",
    run: () => {
      const { planes } = spinHallMagnetoresistance(hallMetal(3 * nm), quiet);
      return { value: Math.sign(planes.xy.ratio), expected: 1, tolerance: 0 };
    },
  },
  {
    id: "C3.thickness",
    title: "against thickness: θ²(λ/d)·2λG tanh²(d/2λ)/(σ + 2λG coth(d/λ)) at four thicknesses; largest relative error",
    reason: "θ² = 4e-4",
    run: () => {
      const thicknesses = [1, 2, 4, 8].map((d) => d * nm);
      const { data } = spinHallMagnetoresistanceVersusThickness((d) => hallMetal(d), { ...quiet, thicknesses });
      const [l, G, sigma] = [1.5 * nm, 4e14, 2.5e6];
      const errors = thicknesses.map((d, i) => {
        const drained = (2 * l * G * Math.tanh(d / (2 * l)) ** 2) / (sigma + (2 * l * G) / Math.tanh(d / l));
        return data.ratio.values[i] / (0.02 ** 2 * (l / d) * drained) - 1;
      });
      return zero(largest(errors), 1e-3);
    },
  },
  {
    id: "A6.angle",
    title: "a spin valve's resistance against angle is even about 0 and π",
    reason: "round-off over the magnetoresistance",
    run: () => {
      const angles = [0.5, -0.5, 2.4, 2 * Math.PI - 2.4, 0, Math.PI];
      const { data } = magnetoresistanceVersusAngle(trilayer(3 * nm, 4 * nm), {
        ...quiet,
        plane: "zx",
        along: "z",
        angles,
      });
      const [a, b, c, d, low, high] = data.longitudinal.values;
      return zero(largest([a - b, c - d]) / (high - low), 1e-8);
    },
  },
  {
    id: "D.loop",
    title:
      "hysteresis of a perpendicular magnet along its axis is square: both jumps at H_k, by the middle of the step",
    reason: "half a step of the field, and the tilt by which agitation is stood in for",
    run: () => {
      const Hk = MU0 * anisotropyField;
      const { jumps } = hysteresisLoop(bit(), {
        ...quiet,
        current: { current: 1e-6, along: "x" },
        direction: [0, 0, 1],
        amplitude: 1.4 * Hk,
        points: 29,
        wait: 20e-9,
      });
      if (jumps.length !== 2) return { value: jumps.length, expected: 2, tolerance: 0 };
      return zero(largest([jumps[0].field / Hk + 1.05, jumps[1].field / Hk - 1.05]), 0.06);
    },
  },
  {
    id: "C11.damping",
    title: "harmonic Hall voltages give back the damping-like field that the torque exerts",
    reason: "1 %: fields up to 5 % of H_k, whose curvature goes on",
    run: () => {
      const current = { density: 5e10, along: "x", in: "HM" } as const;
      const fields = [-0.05, -0.03, -0.01, 0.01, 0.03, 0.05].map((share) => share * MU0 * anisotropyField);
      const found = harmonicHallFields(bit(), { ...quiet, current, fields });
      return relative(found.dampingLike, effectiveField()[0] * 5e10, 0.01);
    },
  },
  {
    id: "C11.both",
    title: "and the same with the magnet down, where the damping-like field is reversed",
    reason: "1 %, as above",
    run: () => {
      const current = { density: 5e10, along: "x", in: "HM" } as const;
      const fields = [-0.05, -0.03, -0.01, 0.01, 0.03, 0.05].map((share) => share * MU0 * anisotropyField);
      const found = harmonicHallFields(bit("-z"), { ...quiet, current, fields });
      return relative(found.dampingLike, -effectiveField()[0] * 5e10, 0.01);
    },
  },
  {
    id: "D5.diagram",
    title:
      "phase diagram of a bit on θ > 0: beyond the critical current J along B_x ends down, against it up; wrong cells",
    reason: "none is allowed",
    run: () => {
      const current = { density: 2e13, along: "x", in: "HM" } as const;
      const B = 0.2 * MU0 * anisotropyField;
      const critical = criticalCurrent(bit(), { ...quiet, current, field: [B, 0, 0] });
      if (critical === undefined) return { value: Number.NaN, expected: 0, tolerance: 0 };
      const size = Math.abs(critical);
      const factors = [-1.15, -0.5, 0.5, 1.15].map((share) => share * size);
      const diagram = switchingPhaseDiagram(bit(), {
        ...quiet,
        current,
        factors,
        direction: [1, 0, 0],
        fields: [-B, B],
      });
      const wrong = Array.from(diagram.final).filter((m, i) => {
        const factor = factors[i % 4];
        const field = i < 4 ? -B : B;
        // The bit begins up: below the critical current it stays.
        const expected = Math.abs(factor) > size && factor * field > 0 ? -1 : 1;
        return m * expected < 0.5;
      });
      return zero(wrong.length, 0);
    },
  },
  {
    id: "D5.ramp",
    title: "a slow ramp switches the bit at the adiabatic critical current",
    reason: "the time the magnet takes to turn, 1 ns of a ramp of 100 ns at twice the current",
    run: async () => {
      const current = { density: 2e13, along: "x", in: "HM" } as const;
      const field = [0.2 * MU0 * anisotropyField, 0, 0] as const;
      const critical = criticalCurrent(bit(), { ...quiet, current, field }) as number;
      const twice = { ...current, density: 2 * critical * 2e13 };
      const { data } = await switchingCurrent(bit(), { ...quiet, current: twice, field, rampRates: [1e7] });
      return relative(data.factor.values[0], 0.5, 0.03);
    },
  },
];
