import { symmetricEigen } from "../src/algebra/dense.ts";
import {
  contact,
  currentSource,
  type Element,
  film,
  ground,
  heatBath,
  heatSource,
  magnonContact,
  magnonFilm,
  magnonReservoir,
  Network,
  rashbaSheet,
  reservoir,
  type Solution,
  sheet,
  thermalContact,
  topologicalSurface,
  tunnelBarrier,
  type Vector3,
} from "../src/index.ts";
import type { ValidationCase } from "./case.ts";
import { AREA, insulatingMagnet, largest, magnet, metal } from "./specimens.ts";

/** Charge, spin, heat and magnons at once, in networks drawn at random. */

const zero = (value: number, tolerance: number) => ({ value, expected: 0, tolerance });

/** Numbers from 0 to 1 that a seed fixes: a linear congruential generator (Numerical Recipes), good enough to be unprejudiced. */
function drawing(seed: number) {
  let state = (seed * 7919 + 12345) >>> 0;
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  for (let i = 0; i < 8; i++) next();
  const within = (low: number, high: number): number => low + (high - low) * next();
  const unit = (): Vector3 => {
    const z = within(-0.95, 0.95);
    const angle = within(0, 2 * Math.PI);
    return [Math.sqrt(1 - z * z) * Math.cos(angle), Math.sqrt(1 - z * z) * Math.sin(angle), z];
  };
  return { within, unit, whole: (count: number): number => Math.floor(next() * count) };
}

interface Drawn {
  readonly elements: readonly Element[];
  readonly magnetizations: Readonly<Record<string, Vector3>>;
  readonly field: Vector3;
}

/** A chain of metals and magnets with a loop, side contacts, a sheet, and a garnet at one of its nodes. */
function draw(seed: number): Drawn {
  const { within, unit, whole } = drawing(seed);
  const sides = {
    x: { between: ["x-", "x+"], length: within(5e-8, 5e-7), heat: true },
    y: { between: ["y-", "y+"], length: within(5e-8, 5e-7) },
  } as const;
  const area = (): number => AREA * within(0.2, 5);
  const plain = () =>
    metal({
      conductivity: within(1e6, 3e7),
      spinDiffusionLength: within(1e-9, 3e-7),
      spinHallAngle: within(-3, 3),
      diffusivity: within(1e-4, 1e-2),
      seebeckCoefficient: within(-3e-5, 3e-5),
      spinNernstAngle: within(-3, 3),
    });
  const body = () =>
    magnet({
      conductivity: within(1e6, 1e7),
      polarization: within(-0.8, 0.8),
      spinDiffusionLength: within(2e-9, 5e-8),
      precessionLength: within(1e-9, 5e-9),
      anomalousHallAngle: within(-0.1, 0.1),
      anisotropicMagnetoresistance: within(-0.05, 0.05),
      seebeckCoefficient: within(-3e-5, 3e-5),
      spinDependentSeebeckCoefficient: within(-3e-5, 3e-5),
      spinNernstAngle: within(-1, 1),
      anomalousNernstCoefficient: within(-3e-6, 3e-6),
    });
  const links = 3 + whole(3);
  const elements: Element[] = [];
  const magnetizations: Record<string, Vector3> = { garnet: unit() };
  for (let i = 0; i < links; i++) {
    const between = [`${i}`, `${i + 1}`] as const;
    const isMagnet = whole(2) === 1;
    const name = isMagnet ? `F${i}` : `N${i}`;
    if (isMagnet) magnetizations[name] = unit();
    elements.push(
      film({
        name,
        between,
        material: isMagnet ? body() : plain(),
        thickness: within(1e-9, 3e-8),
        area: area(),
        heat: true,
        ...(isMagnet && { magnet: name }),
        ...(whole(2) === 1 && { sides }),
        ...(whole(2) === 1 && { orientation: { x: [0, 1, 0], z: [1, 0, 0] } as const }),
      }),
    );
  }
  const law =
    whole(2) === 1
      ? rashbaSheet({ rashba: within(-1e-30, 1e-30), mass: 2e-31, scatteringTime: 1e-14, fermiWavevector: 1e9 })
      : topologicalSurface({ fermiVelocity: 5e5, scatteringTime: within(1e-15, 1e-13), fermiWavevector: 1e9 });
  const garnet = insulatingMagnet({
    thermalConductivity: within(3, 10),
    magnonConductivity: within(1e4, 1e6),
    magnonDiffusionLength: within(1e-7, 1e-5),
    magnonSeebeckCoefficient: within(-1e-4, 1e-4),
    magnonThermalConductivity: within(0.1, 1),
    magnonPhononLength: within(1e-9, 1e-8),
  });
  const at = `${whole(links + 1)}`;
  elements.push(
    film({
      name: "loop",
      between: ["0", `${links}`],
      material: plain(),
      thickness: within(1e-8, 1e-6),
      area: area(),
      heat: true,
      sides,
    }),
    sheet({ name: "sheet", at: `${whole(links + 1)}`, law, area: area(), sides }),
    tunnelBarrier({
      name: "barrier",
      between: ["0", "1"],
      magnets: ["garnet", undefined],
      area: area(),
      parameters: { resistanceArea: 1e-12, polarizationBelow: within(-0.7, 0.7), polarizationAbove: 0 },
    }),
    magnonFilm({
      name: "garnet",
      between: ["m0", "m1"],
      material: garnet,
      thickness: within(1e-8, 1e-6),
      area: area(),
      magnet: "garnet",
      lattice: ["l0", "l1"],
    }),
    magnonContact({
      name: "magnons",
      magnonSide: "m1",
      metalSide: at,
      magnet: "garnet",
      area: area(),
      parameters: {
        magnonConductance: within(1e12, 1e14),
        spinSeebeckConductance: within(-3e-6, 3e-6),
        magnonHeatConductance: 1e7,
      },
    }),
    contact({
      name: "mixing",
      metalSide: at,
      magnet: "garnet",
      area: area(),
      parameters: {
        conductanceUp: 0,
        conductanceDown: 0,
        mixingConductance: within(1e13, 1e15),
        mixingConductanceImaginary: within(-1e14, 1e14),
      },
    }),
    thermalContact({ name: "Kapitza", between: ["l1", at], conductance: within(1e-7, 1e-5) }),
  );
  return { elements, magnetizations, field: [within(-1, 1), within(-1, 1), within(-1, 1)] };
}

const holders = () => [
  reservoir({ at: "0", voltage: 0 }),
  ground("x+"),
  ground("y+"),
  heatBath({ at: "l0" }),
  heatBath({ at: "x-" }),
  magnonReservoir({ at: "m0" }),
];

function operator({ elements, magnetizations, field }: Drawn, sign: 1 | -1) {
  const network = new Network().add(...elements, ...holders()).compile();
  const turned = ([x, y, z]: Vector3): Vector3 => [sign * x, sign * y, sign * z];
  network.solve({
    magnetizations: Object.fromEntries(
      Object.entries(magnetizations).map(([name, m]): [string, Vector3] => [name, turned(m)]),
    ),
    field: turned(field),
  });
  return { ...network.operator(), labels: network.wiring.labels };
}

/** Units in which rows and columns compare: components of one vector share theirs. */
function unitsOf({ matrix, size, labels }: ReturnType<typeof operator>): number[] {
  const stem = labels.map((label) => label.replace(/φ_[xyz] |voltage [xyz] /, ""));
  const own = Array.from({ length: size }, (_, r) => Math.abs(matrix[r * size + r]));
  return own.map((_, r) => Math.sqrt(Math.max(...own.filter((_, k) => stem[k] === stem[r]))) || 1);
}

const SEEDS = Array.from({ length: 24 }, (_, i) => i + 1);

function driven({ elements, magnetizations, field }: Drawn): Solution {
  return new Network()
    .add(...elements, ...holders())
    .add(currentSource({ name: "I", between: ["1", "0"], current: 1e-4 }))
    .add(heatSource({ name: "heater", at: "2", power: 1e-6 }))
    .solve({ magnetizations, field, rates: {} });
}

export const wholeLaw: readonly ValidationCase[] = [
  {
    id: "I4.whole",
    title: "reciprocity of charge, spin, heat and magnons in 24 random networks: A(m, B) = S A(−m, −B)ᵀ S",
    reason: "round-off, relative to the diagonal",
    run: () => {
      const errors = SEEDS.map((seed) => {
        const drawn = draw(seed);
        const forward = operator(drawn, 1);
        const backward = operator(drawn, -1);
        const units = unitsOf(forward);
        const { size, spin, matrix } = forward;
        let worst = 0;
        for (let r = 0; r < size; r++) {
          for (let c = 0; c < size; c++) {
            const mirrored = (spin[r] === spin[c] ? 1 : -1) * backward.matrix[c * size + r];
            worst = Math.max(worst, Math.abs(matrix[r * size + c] - mirrored) / (units[r] * units[c]));
          }
        }
        return worst;
      });
      return zero(largest(errors), 1e-12);
    },
  },
  {
    id: "I5.whole",
    title: "second law: no negative eigenvalue of their symmetric parts, at spin Hall and Nernst angles up to 3",
    reason: "round-off; the smallest are zero, for equal voltages and equal temperatures",
    run: () => {
      const least = SEEDS.map((seed) => {
        const drawn = operator(draw(seed), 1);
        const units = unitsOf(drawn);
        const { matrix, size } = drawn;
        const symmetric = matrix.map((x, at) => {
          const [r, c] = [Math.floor(at / size), at % size];
          return (x + matrix[c * size + r]) / (2 * units[r] * units[c]);
        });
        return Math.min(0, ...symmetricEigen(symmetric, size).values);
      });
      return zero(largest(least), 1e-12);
    },
  },
  {
    id: "I2.whole",
    title: "the spin ledger closes with magnons and sheets in it: 24 random networks under current and heat",
    reason: "round-off of the spin set in motion",
    run: () => zero(largest(SEEDS.map((seed) => driven(draw(seed)).ledger().relativeResidual)), 1e-11),
  },
  {
    id: "first law",
    title: "and the first law holds: what sources supply, the baths take up",
    reason: "heat settles to 1e-11 of itself",
    run: () => zero(largest(SEEDS.map((seed) => driven(draw(seed)).energy().relativeResidual)), 1e-9),
  },
];
