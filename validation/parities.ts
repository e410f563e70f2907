import {
  contact,
  currentSource,
  film,
  ground,
  Network,
  reservoir,
  type Solution,
  type Vector3,
  voltageSource,
} from "../src/index.ts";
import { relative, type ValidationCase } from "./case.ts";
import { AREA, largest, magnet, metal, mixingOnly, tilted } from "./specimens.ts";

/** How results answer to reversals, to units, and to limits that can be taken in two ways. */

const zero = (value: number, tolerance: number) => ({ value, expected: 0, tolerance });
const m: Vector3 = [0.48, -0.6, 0.64];
const reversed: Vector3 = [-0.48, 0.6, -0.64];
const square = { x: { between: ["x-", "x+"], length: 1e-7 }, y: { between: ["y-", "y+"], length: 1e-7 } } as const;

/** A spin Hall metal on a magnetic insulator, driven along x: its Hall bar. */
function hallBar(direction: Vector3, theta = 0.1, magnetAbove = true): Solution {
  const [metalFace, other] = magnetAbove ? ["top", "bottom"] : ["bottom", "top"];
  return new Network()
    .add(
      film({
        name: "N",
        between: ["bottom", "top"],
        material: metal({ spinHallAngle: theta }),
        thickness: 4e-9,
        area: AREA,
        sides: square,
      }),
      contact({ name: "c", metalSide: metalFace, magnet: "m", area: AREA, parameters: mixingOnly(5e14, 1e14) }),
      ground(other),
      ground("x+"),
      ground("y+"),
      voltageSource({ name: "V", between: ["x-", "x+"], voltage: 1e-2 }),
    )
    .solve({ magnetizations: { m: direction } });
}

/** A magnet with anomalous Hall effect alone. */
const anomalous = (z: number): number =>
  new Network()
    .add(
      film({
        name: "F",
        between: ["a", "b"],
        material: magnet({ anomalousHallAngle: 0.02, polarization: 0 }),
        thickness: 3e-9,
        area: AREA,
        magnet: "m",
        sides: square,
      }),
      ground("a"),
      ground("x+"),
      ground("y+"),
      voltageSource({ name: "V", between: ["x-", "x+"], voltage: 1e-2 }),
    )
    .solve({ magnetizations: { m: [0, 0, z] } })
    .voltage("y-");

/** Open-circuit voltage along x of a metal under a magnet that precesses about `axis`. */
const pumpedVoltage = (axis: Vector3): number => {
  const rate: Vector3 = [axis[1] * 1e10, 0, 0];
  return new Network()
    .add(
      contact({ name: "c", metalSide: "bottom", magnet: "m", area: AREA, parameters: mixingOnly(4e14) }),
      film({
        name: "N",
        between: ["bottom", "top"],
        material: metal({ spinHallAngle: 0.1 }),
        thickness: 4e-9,
        area: AREA,
        sides: { x: square.x },
      }),
      ground("top"),
      ground("x+"),
    )
    .solve({ magnetizations: { m: [0, 0, 1] }, rates: { m: rate } })
    .voltage("x-");
};

/** A spin valve with all lengths times `length`, all conductivities and conductances times `charge`. */
function valve(length: number, charge: number): { resistance: number; accumulation: number } {
  const scaled = { conductanceUp: 0.8e15, conductanceDown: 0.3e15, mixingConductance: 1e15 };
  const parameters = Object.fromEntries(
    Object.entries(scaled).map(([key, G]) => [key, (G * charge) / length]),
  ) as unknown as typeof scaled;
  const area = AREA * length ** 2;
  const body = magnet({
    conductivity: 4e6 * charge,
    spinDiffusionLength: 5e-9 * length,
    dephasingLength: 1e-9 * length,
  });
  const spacer = metal({ conductivity: 3e7 * charge, spinDiffusionLength: 3e-7 * length });
  const solution = new Network()
    .add(
      film({ name: "p", between: ["0", "1"], material: body, thickness: 1e-8 * length, area, magnet: "p" }),
      contact({ name: "c", metalSide: "2", magnetSide: "1", magnet: "p", area, parameters }),
      film({ name: "n", between: ["2", "3"], material: spacer, thickness: 5e-9 * length, area }),
      film({ name: "q", between: ["3", "4"], material: body, thickness: 3e-9 * length, area, magnet: "q" }),
      reservoir({ at: "0", voltage: 1e-2 }),
      reservoir({ at: "4", voltage: 0 }),
    )
    .solve({ magnetizations: { p: [0, 0, 1], q: tilted(1) } });
  return {
    resistance: 1e-2 / solution.current("p", "0"),
    accumulation: Math.hypot(...solution.spinAccumulation("2")),
  };
}

/** φ_s in the middle of a spin Hall metal on a magnet, the metal in one piece or in four. */
function sliced(pieces: number): Vector3 {
  const material = metal({ spinHallAngle: 0.3, diffusivity: 1e-3 });
  const network = new Network().add(
    contact({ name: "c", metalSide: "0", magnet: "m", area: AREA, parameters: mixingOnly(5e14, 1e14) }),
    ground("0"),
    ground("x+"),
    ground("y+"),
    voltageSource({ name: "V", between: ["x-", "x+"], voltage: 1e-2 }),
  );
  for (let i = 0; i < pieces; i++) {
    network.add(
      film({
        name: `N${i}`,
        between: [`${(8 * i) / pieces}`, `${(8 * (i + 1)) / pieces}`],
        material,
        thickness: 4e-9 / pieces,
        area: AREA,
        sides: square,
      }),
    );
  }
  return network.solve({ magnetizations: { m }, field: [0.3, 0.2, -0.4] }).absorbedSpin("m");
}

/** Resistance [Ω] of two metals that touch, or with a contact of G↑ = G↓ = G/2 between and a magnet along z beyond. */
function collinear(conductance?: number): number {
  const body = magnet();
  const between = conductance === undefined ? "1" : "2";
  const network = new Network().add(
    film({ name: "N", between: ["0", "1"], material: metal(), thickness: 5e-9, area: AREA }),
    film({ name: "F", between: [between, "3"], material: body, thickness: 5e-9, area: AREA, magnet: "m" }),
    reservoir({ at: "0" }),
    reservoir({ at: "3", voltage: 0 }),
    currentSource({ name: "I", between: ["0", "3"], current: 1e-3 }),
  );
  if (conductance !== undefined) {
    const parameters = {
      conductanceUp: conductance / 2,
      conductanceDown: conductance / 2,
      mixingConductance: conductance / 2,
    };
    network.add(contact({ name: "c", metalSide: "1", magnetSide: "2", magnet: "m", area: AREA, parameters }));
  }
  return network.solve({ magnetizations: { m: [0, 0, 1] } }).resistance("0", "3", 1e-3);
}

export const parities: readonly ValidationCase[] = [
  {
    id: "I7.smr",
    title: "m → −m leaves the longitudinal current of a spin Hall metal on a magnet",
    reason: "round-off, relative to the magnetoresistance",
    run: () => {
      const current = (direction: Vector3): number => hallBar(direction).sourceCurrent("V");
      const effect = current([0, 1, 0]) - current([0, 0, 1]);
      return zero((current(m) - current(reversed)) / effect, 1e-9);
    },
  },
  {
    id: "I7.anomalous",
    title: "m → −m reverses the anomalous Hall voltage",
    reason: "round-off",
    run: () => zero((anomalous(1) + anomalous(-1)) / anomalous(1), 1e-13),
  },
  {
    id: "I7.inverse",
    title: "the opposite sense of precession pumps the opposite voltage",
    reason: "round-off",
    run: () => {
      const [plus, minus] = [pumpedVoltage([0, 1, 0]), pumpedVoltage([0, -1, 0])];
      return zero((plus + minus) / plus, 1e-13);
    },
  },
  {
    id: "I7.mirror",
    title: "mirrored in the film plane, the magnet below the metal instead of above it takes the mirrored spin",
    reason: "round-off",
    run: () => {
      // m is an axial vector: the mirror z → −z turns m_x, m_y and the absorbed spin's x, y.
      const above = hallBar(m).absorbedSpin("m");
      const below = hallBar([-m[0], -m[1], m[2]], 0.1, false).absorbedSpin("m");
      const errors = [above[0] + below[0], above[1] + below[1], above[2] - below[2]];
      return zero(largest(errors) / largest([...above]), 1e-12);
    },
  },
  {
    id: "I9.length",
    title: "all lengths times 7: resistances fall sevenfold, accumulations stay",
    reason: "round-off",
    run: () => {
      const [one, seven] = [valve(1, 1), valve(7, 1)];
      const errors = [(seven.resistance * 7) / one.resistance - 1, seven.accumulation / one.accumulation - 1];
      return zero(largest(errors), 1e-12);
    },
  },
  {
    id: "I9.charge",
    title: "all conductances times 1000: resistances fall a thousandfold, accumulations stay",
    reason: "round-off",
    run: () => {
      const [one, many] = [valve(1, 1), valve(1, 1000)];
      const errors = [(many.resistance * 1000) / one.resistance - 1, many.accumulation / one.accumulation - 1];
      return zero(largest(errors), 1e-12);
    },
  },
  {
    id: "I12.slices",
    title: "a film cut in eight is the film: spin Hall effect, relaxation and precession compose exactly",
    reason: "round-off",
    run: () => {
      const whole = sliced(1);
      const cut = sliced(8);
      return zero(largest(cut.map((x, i) => x - whole[i])) / largest([...whole]), 1e-12);
    },
  },
  {
    id: "I12.contact",
    title: "a contact of G → ∞ without asymmetry is no contact, magnet along the spin",
    reason: "first order in 1/G, σ/(λ G) ~ 1e-6 at G = 1e21 S/m²",
    run: () => relative(collinear(1e21), collinear(), 1e-5),
  },
  {
    id: "T7",
    title: "θ > 0 below the magnet and θ < 0 above it write alike; θ > 0 above it writes the opposite way",
    reason: "round-off",
    run: () => {
      const below = hallBar([0, 0, 1], 0.1).absorbedSpin("m")[1];
      const above = hallBar([0, 0, 1], 0.1, false).absorbedSpin("m")[1];
      const aboveNegative = hallBar([0, 0, 1], -0.1, false).absorbedSpin("m")[1];
      return zero(largest([below + above, below - aboveNegative]) / Math.abs(below), 1e-12);
    },
  },
  {
    id: "T8",
    title: "a magnet that absorbs the spin current raises the resistance, one that reflects it lowers it",
    reason: "a sign: J = −θ j_s × a would turn it round and make energy",
    run: () => {
      const current = (direction: Vector3): number => hallBar(direction).sourceCurrent("V");
      return { value: Math.sign(current([0, 1, 0]) - current([0, 0, 1])), expected: 1, tolerance: 0 };
    },
  },
  {
    id: "T9",
    title: "λ is the decay length of φ_s itself, in a magnet too, whatever its polarisation: λ⁻² = λ↑⁻² + λ↓⁻²",
    reason: "exact",
    run: () => {
      const lengths = [0, 0.5, 0.9].map((polarization) => {
        const material = magnet({ polarization, spinDiffusionLength: 4e-9 });
        const solution = new Network()
          .add(
            film({ name: "F", between: ["a", "b"], material, thickness: 40e-9, area: AREA, magnet: "m" }),
            reservoir({ at: "a", voltage: 0, spinAccumulation: [0, 0, 1e-3] }),
            reservoir({ at: "b" }),
          )
          .solve({ magnetizations: { m: [0, 0, 1] } });
        const [one, two] = [4, 8].map((i) => solution.profile("F", 41)[i].spinAccumulation[2]);
        return 4e-9 / Math.log(one / two);
      });
      return zero(largest(lengths.map((length) => length / 4e-9 - 1)), 1e-6);
    },
  },
];
