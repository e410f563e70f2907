import { symmetricEigen } from "../src/algebra/dense.ts";
import {
  constant,
  contactOf,
  device,
  E_CHARGE,
  film,
  ground,
  HBAR,
  inverseEdelstein,
  layer,
  Network,
  rashbaSheet,
  rectangle,
  type SheetLaw,
  sheet,
  solveTransport,
  spinCurrentSource,
  surface,
  topologicalSurface,
  torqueEfficiency,
  type Vector3,
  voltageSource,
} from "../src/index.ts";
import { relative, type ValidationCase } from "./case.ts";
import { AREA, insulatingMagnet, largest, magnet, metal, mixingOnly } from "./specimens.ts";

/** Sheets with spin–orbit coupling: Edelstein effect and its inverse. */

const zero = (value: number, tolerance: number) => ({ value, expected: 0, tolerance });
const electron = 9.1093837015e-31;
const options = { rashba: 5e-31, mass: 0.3 * electron, scatteringTime: 2e-14, fermiWavevector: 1.5e9 };
const rashba = rashbaSheet(options);
const cone = { fermiVelocity: 5e5, scatteringTime: 2e-14, fermiWavevector: 1e9 };
const topological = topologicalSurface(cone);
const sides = { x: { between: ["x-", "x+"], length: 1e-7 }, y: { between: ["y-", "y+"], length: 1e-7 } } as const;

const alone = (law: SheetLaw) =>
  new Network()
    .add(sheet({ name: "s", at: "n", law, area: AREA, sides: { x: sides.x } }), ground("n"), ground("x+"))
    .add(voltageSource({ name: "V", between: ["x-", "x+"], voltage: 1e-3 }))
    .solve();

/** A sheet on a bulk with a magnet on top, all of it conducting. */
function stacked(law: SheetLaw, m: Vector3) {
  const bulk = metal({ conductivity: 5e4, spinDiffusionLength: 6e-9, spinHallAngle: 0.2 });
  const network = new Network().add(
    film({ name: "bulk", between: ["a", "b"], material: bulk, thickness: 8e-9, area: AREA, sides }),
    sheet({ name: "s", at: "b", law, area: AREA, sides }),
    film({
      name: "F",
      between: ["b", "c"],
      material: magnet({ precessionLength: 2e-9, anomalousHallAngle: 0.03 }),
      thickness: 5e-9,
      area: AREA,
      magnet: "m",
      sides,
    }),
    ground("a"),
    ground("x+"),
    ground("y+"),
    voltageSource({ name: "V", between: ["x-", "x+"], voltage: 1e-3 }),
  );
  const compiled = network.compile();
  return { solution: compiled.solve({ magnetizations: { m } }), operator: compiled.operator() };
}

const m: Vector3 = [0.48, -0.6, 0.64];
const against: Vector3 = [-0.48, 0.6, -0.64];

const mixing = 3e13;
/** A topological insulator under a magnetic insulator; nothing conducts but its surface and its bulk. */
const bilayer = (conductivity: number) =>
  device({
    shape: rectangle(1e-6, 1e-6),
    layers: [
      // A bulk that hardly relaxes spin, so that it takes current alone.
      layer(metal({ name: "TI", conductivity, spinDiffusionLength: 1e-3 }), 20e-9, { name: "TI" }),
      surface(topological),
      contactOf(mixingOnly(mixing)),
      layer(insulatingMagnet(), 5e-9, { name: "F" }),
    ],
  });

export const edelstein: readonly ValidationCase[] = [
  {
    id: "T16",
    title: "Edelstein spin density s = α_R m e E τ/2πħ²: twice what a shift of both Fermi circles alone gives",
    reason: "exact",
    run: () => {
      const { rashba: alpha, mass, scatteringTime: tau } = options;
      const expected = (alpha * mass * E_CHARGE * 1e4 * tau) / (2 * Math.PI * HBAR ** 2);
      return relative(Math.hypot(...alone(rashba).sheet("s").spinDensity), expected, 1e-12);
    },
  },
  {
    id: "Edelstein.sign",
    title: "α_R > 0: the moments of the accumulation are along z × J, the spins against it",
    reason: "signs",
    run: () => {
      const solution = alone(rashba);
      // φ_s = −μ_s/e: moments stand against φ.
      const signs = [-solution.spinAccumulation("n")[1], -solution.sheet("s").spinDensity[1]];
      return { value: Math.min(...signs.map(Math.sign)), expected: 1, tolerance: 0 };
    },
  },
  ...(
    [
      ["rashba", rashba, (-options.rashba * options.scatteringTime) / HBAR],
      ["topological", topological, cone.fermiVelocity * cone.scatteringTime],
    ] as const
  ).map(
    ([name, law, length]): ValidationCase => ({
      id: `inverse Edelstein ${name}`,
      title: "spin that is put in drives K = λ_IEE j_s × n, with λ_IEE = −α_R τ/ħ or v_F τ",
      reason: "exact",
      run: () => {
        const solution = new Network()
          .add(sheet({ name: "s", at: "n", law, area: AREA, sides: { x: sides.x } }), ground("n"), ground("x+"))
          .add(voltageSource({ name: "short", between: ["x-", "x+"], voltage: 0 }))
          .add(spinCurrentSource({ name: "I_s", at: "n", spinCurrent: [0, 1e-6, 0] }))
          .solve();
        return relative((solution.sheet("s").current[0] * AREA) / 1e-6, length, 1e-12);
      },
    }),
  ),
  {
    id: "G5",
    title: "topological surface: |s| = ħK/2e v_F with bulk and magnet attached, at any magnetization",
    reason: "round-off",
    run: () => {
      const { current, spinDensity } = stacked(topological, m).solution.sheet("s");
      const inPlane = Math.hypot(spinDensity[0], spinDensity[1]);
      return relative(inPlane, (HBAR * Math.hypot(...current)) / (2 * E_CHARGE * cone.fermiVelocity), 1e-12);
    },
  },
  {
    id: "G5.sign",
    title: "and ⟨σ_y⟩ has the sign of J_x for H = ħv_F (σ × k)·z",
    reason: "a sign",
    run: () => {
      const { current, spinDensity } = alone(topological).sheet("s");
      return { value: Math.sign(spinDensity[1] * current[0]), expected: 1, tolerance: 0 };
    },
  },
  {
    id: "Edelstein.Onsager",
    title: "reciprocity of a network with sheets: A(m) = S A(−m)ᵀ S",
    reason: "round-off relative to the largest entry of row and column",
    run: () => {
      const errors = [rashba, topological].map((law) => {
        const forward = stacked(law, m).operator;
        const backward = stacked(law, against).operator;
        const { size, spin, matrix } = forward;
        const rows = Array.from({ length: size }, (_, r) => largest([...matrix.subarray(r * size, (r + 1) * size)]));
        let worst = 0;
        for (let r = 0; r < size; r++) {
          for (let c = 0; c < size; c++) {
            const mirrored = (spin[r] === spin[c] ? 1 : -1) * backward.matrix[c * size + r];
            worst = Math.max(worst, Math.abs(matrix[r * size + c] - mirrored) / Math.sqrt(rows[r] * rows[c]));
          }
        }
        return worst;
      });
      return zero(largest(errors), 1e-12);
    },
  },
  {
    id: "Edelstein.secondLaw",
    title: "the symmetric part of the same networks has no negative eigenvalue",
    reason: "round-off; the smallest are exactly zero, for shifts of all voltages",
    run: () => {
      const least = [rashba, topological].map((law) => {
        const { matrix, size } = stacked(law, m).operator;
        const symmetric = matrix.map((x, at) => (x + matrix[(at % size) * size + Math.floor(at / size)]) / 2);
        const { values } = symmetricEigen(symmetric, size);
        return Math.min(0, ...values) / Math.max(...values);
      });
      return zero(largest(least), 1e-13);
    },
  },
  {
    id: "Edelstein.giant",
    title:
      "a magnet that takes the spin with G makes ξ = G t/λΓ by the film's own current density: above 1, and without bound",
    reason: "the share of the current in the bulk, 3e-5",
    run: () => {
      // Moments along J × z, as from a positive spin Hall angle below.
      const expected = (mixing * 20e-9) / (topological.edelsteinLength * topological.relaxation);
      return relative(torqueEfficiency(bilayer(1e-2)).dampingLikePer.TI, expected, 1e-4);
    },
  },
  {
    id: "Edelstein.shunt",
    title:
      "a bulk that carries a share of the current takes as much of the torque per current, and nothing of it per field",
    reason: "spin that the bulk takes instead of the magnet, σt/2λ² over Γ + G ~ 1e-12",
    run: () => {
      const [plain, shunted] = [bilayer(1e-2), bilayer(5e3)].map((sample) => torqueEfficiency(sample));
      const share = (one: typeof plain): number => one.shares.surface / (one.shares.surface + one.shares.TI);
      const perCurrent = shunted.dampingLikePer.TI / share(shunted) / (plain.dampingLikePer.TI / share(plain)) - 1;
      return zero(largest([shunted.spinConductivity / plain.spinConductivity - 1, perCurrent]), 1e-5);
    },
  },
  {
    id: "inverse Edelstein device",
    title: "and in a device: λ_IEE of the surface times the share Γ/(Γ + G) of the spin that the magnet leaves it",
    reason: "spin that the bulk takes, σt/2λ² over Γ ~ 1e-11",
    run: () => {
      const { length, own } = inverseEdelstein(bilayer(1e-2));
      return relative(length / own, topological.relaxation / (topological.relaxation + mixing), 1e-9);
    },
  },
  {
    id: "Edelstein.facing",
    title: "a surface that faces down has the torque of one that faces up, reversed",
    reason: "round-off",
    run: () => {
      const bulk = layer(metal({ name: "TI", conductivity: 1e4 }), 5e-9, { name: "TI" });
      const top = layer(magnet(), 3e-9, { name: "F" });
      const torque = (facing: "up" | "down") =>
        solveTransport(
          device({ shape: rectangle(1e-6, 1e-6), layers: [bulk, surface(topological, { facing }), top] }),
          {
            current: constant({ current: 1e-6, along: "x" }),
            magnetizations: { F: [0, 0, 1] },
            onWarning: () => {},
          },
        ).absorbedSpin("F");
      const [up, down] = [torque("up"), torque("down")];
      return zero(largest(up.map((x, i) => x + down[i])) / largest([...up]), 1e-12);
    },
  },
];
