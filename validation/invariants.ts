import { symmetricEigen } from "../src/algebra/dense.ts";
import {
  conductionDamping,
  contact,
  currentSource,
  type Element,
  film,
  GAMMA,
  ground,
  HBAR_2E,
  HBAR_E,
  Network,
  reservoir,
  type Solution,
  tunnelBarrier,
  type Vector3,
  voltageSource,
} from "../src/index.ts";
import type { ValidationCase } from "./case.ts";
import { AREA, barrier, largest, magnet, metal, valetFertContact } from "./specimens.ts";

const p: Vector3 = [0.48, -0.6, 0.64];
const q: Vector3 = [-0.36, 0.8, -0.48];
const field: Vector3 = [0.1, -0.4, 0.2];
const reverse = (v: Vector3): Vector3 => [-v[0], -v[1], -v[2]];
const hallAngle = 0.7;

/**
 * A device with everything in it: a spin Hall metal with side contacts and Hanle precession, a contact with complex G↑↓, a
 * magnet with bulk absorption and anomalous Hall effect, a barrier with field-like torque, a second magnet, a loop.
 */
function everything(theta = hallAngle): Element[] {
  const sides = { x: { between: ["x-", "x+"], length: 1e-7 }, y: { between: ["y-", "y+"], length: 1e-7 } } as const;
  const hall = metal({ spinHallAngle: theta, diffusivity: 1e-3, spinDiffusionLength: 4e-9 });
  const body = magnet({ precessionLength: 1.5e-9, anomalousHallAngle: 0.05 });
  const copper = metal({ conductivity: 3e7, spinDiffusionLength: 3e-7, diffusivity: 1e-2 });
  const parameters = { ...valetFertContact(0.5e-15, 0.6, 2e15), mixingConductanceImaginary: 4e14 };
  const polar = barrier({ fieldLike: 0.3 });
  return [
    film({ name: "hall", between: ["a", "b"], material: hall, thickness: 5e-9, area: AREA, sides }),
    contact({ name: "contact", metalSide: "b", magnetSide: "c", magnet: "p", area: AREA, parameters }),
    film({
      name: "free",
      between: ["c", "d"],
      material: body,
      thickness: 2e-9,
      area: AREA,
      magnet: "p",
      sides: { x: sides.x },
    }),
    tunnelBarrier({ name: "barrier", between: ["d", "e"], magnets: ["p", "q"], area: AREA, parameters: polar }),
    film({ name: "fixed", between: ["e", "f"], material: body, thickness: 4e-9, area: AREA, magnet: "q" }),
    film({ name: "wire", between: ["f", "b"], material: copper, thickness: 2e-7, area: AREA / 10 }),
  ];
}

function solve(
  elements: readonly Element[],
  state: { p: Vector3; q: Vector3; field: Vector3 },
  moving = false,
): Solution {
  const rates: Record<string, Vector3> = moving ? { p: [1e10, 0, -7.5e9] } : {};
  return new Network()
    .add(
      ...elements,
      reservoir({ at: "f", voltage: 0 }),
      ground("x+"),
      ground("y+"),
      voltageSource({ name: "x", between: ["x-", "x+"], voltage: 0.02 }),
      currentSource({ name: "I", between: ["a", "f"], current: 2e-4 }),
    )
    .solve({ magnetizations: { p: state.p, q: state.q }, field: state.field, rates });
}

const here = { p, q, field };
const names = everything().map(({ name }) => name);

function operator(state: { p: Vector3; q: Vector3; field: Vector3 }) {
  const compiled = new Network()
    .add(...everything(), reservoir({ at: "f", voltage: 0 }), ground("x+"), ground("y+"))
    .compile();
  compiled.solve({ magnetizations: { p: state.p, q: state.q }, field: state.field });
  return compiled.operator();
}

const zero = (value: number, tolerance: number) => ({ value, expected: 0, tolerance });

export const invariants: readonly ValidationCase[] = [
  {
    id: "I1",
    title:
      "what flows into each inner node of a device with everything in it flows out again, relative to the largest part",
    reason: "round-off",
    run: () => {
      const elements = everything();
      const solution = solve(elements, here);
      const errors = ["b", "c", "d", "e"].map((node) => {
        const touching = elements.filter(({ ports }) =>
          ports.some((port) => port.kind === "charge" && port.node === node),
        );
        const currents = touching.map(({ name }) => solution.current(name, node));
        return currents.reduce((sum, current) => sum + current, 0) / largest(currents);
      });
      return zero(largest(errors), 1e-12);
    },
  },
  {
    id: "I2",
    title: "the spin ledger closes with moving magnets: injected = absorbed + relaxed",
    reason: "round-off of the spin set in motion",
    run: () => zero(solve(everything(), here, true).ledger().relativeResidual, 1e-12),
  },
  {
    id: "I3",
    title: "the torque on a magnet has no part along its magnetization",
    reason: "round-off",
    run: () => {
      const solution = solve(everything(), here);
      const along = (
        [
          ["p", p],
          ["q", q],
        ] as const
      ).map(([name, m]) => {
        const spin = solution.absorbedSpin(name);
        return (spin[0] * m[0] + spin[1] * m[1] + spin[2] * m[2]) / Math.hypot(...spin);
      });
      return zero(largest(along), 1e-13);
    },
  },
  {
    id: "I4",
    title: "reciprocity of the assembled operator: A(m, B) = S A(−m, −B)ᵀ S",
    reason: "round-off relative to the largest entry of row and column",
    run: () => {
      const forward = operator(here);
      const backward = operator({ p: reverse(p), q: reverse(q), field: reverse(field) });
      const { size, spin, matrix } = forward;
      const rows = Array.from({ length: size }, (_, r) => largest([...matrix.subarray(r * size, (r + 1) * size)]));
      let worst = 0;
      for (let r = 0; r < size; r++) {
        for (let c = 0; c < size; c++) {
          const mirrored = (spin[r] === spin[c] ? 1 : -1) * backward.matrix[c * size + r];
          worst = Math.max(worst, Math.abs(matrix[r * size + c] - mirrored) / Math.sqrt(rows[r] * rows[c]));
        }
      }
      return zero(worst, 1e-12);
    },
  },
  {
    id: "I5",
    title: "second law: the symmetric part of the operator has no negative eigenvalue, at θ = 0.7",
    reason: "round-off; the smallest eigenvalues are exactly zero, for shifts of all voltages",
    run: () => {
      const { matrix, size } = operator(here);
      const symmetric = matrix.map((x, at) => (x + matrix[(at % size) * size + Math.floor(at / size)]) / 2);
      const { values } = symmetricEigen(symmetric, size);
      return zero(Math.min(0, ...values) / Math.max(...values), 1e-13);
    },
  },
  {
    id: "I5.strong",
    title: "a spin Hall angle of 3 creates no energy: every element of the device takes up power",
    reason: "round-off",
    run: () => {
      const solution = solve(everything(3), here);
      return zero(Math.min(0, ...names.map((name) => solution.power(name))) / solution.totalPower(), 1e-13);
    },
  },
  {
    id: "I5.pumping",
    title:
      "a film between two sinks damps its magnet at least by what α holds beyond its electrons' share, for any λ_J, λ_φ, λ",
    reason: "round-off, relative to that share",
    run: () => {
      const specimens = [
        { precessionLength: 5e-9, dephasingLength: Number.POSITIVE_INFINITY, spinDiffusionLength: 5e-9 },
        { precessionLength: 3e-9, dephasingLength: Number.POSITIVE_INFINITY, spinDiffusionLength: 3e-9 },
        { precessionLength: 5e-9, dephasingLength: 20e-9, spinDiffusionLength: 4e-9 },
        { precessionLength: 4e-9, dephasingLength: 6e-9, spinDiffusionLength: 2e-9 },
        { precessionLength: 1e-9, dephasingLength: 1e-9, spinDiffusionLength: 30e-9 },
      ];
      const margins = specimens.flatMap((lengths) =>
        [1e-9, 2e-9, 3e-9, 10e-9].map((thickness) => {
          const material = magnet({ ...lengths, polarization: 0.4 });
          const network = new Network()
            .add(
              film({ name: "F", between: ["a", "b"], material, thickness, area: AREA, magnet: "m" }),
              reservoir({ at: "a", voltage: 0 }),
              reservoir({ at: "b", voltage: 0 }),
            )
            .compile();
          network.solve();
          const response = new Float64Array(9);
          network.magnetResponse(response);
          // Damping by pumping: −(γħ/2e Ms V)(ħ/e) R across m.
          const perVolt = (GAMMA * HBAR_2E * HBAR_E) / (material.saturationMagnetization * AREA * thickness);
          const electrons = conductionDamping(material);
          return (-perVolt * response[0] + electrons) / electrons;
        }),
      );
      return zero(Math.min(0, ...margins), 1e-12);
    },
  },
  {
    id: "I6.spin",
    title:
      "rotating all magnetizations and the field turns every spin accumulation, when there is no spin–orbit coupling",
    reason: "round-off of millivolts",
    run: () => {
      const turn = ([x, y, z]: Vector3): Vector3 => [z, x, y];
      const isotropic = (state: { p: Vector3; q: Vector3; field: Vector3 }): Solution => {
        const parts = everything(0).filter(({ name }) => name !== "free");
        const plain = film({
          name: "free",
          between: ["c", "d"],
          material: magnet(),
          thickness: 2e-9,
          area: AREA,
          magnet: "p",
        });
        return solve([...parts, plain], state);
      };
      const before = isotropic(here);
      const after = isotropic({ p: turn(p), q: turn(q), field: turn(field) });
      const errors = ["a", "b", "c", "d", "e"].flatMap((node) => {
        const expected = turn(before.spinAccumulation(node));
        return after.spinAccumulation(node).map((phi, i) => (phi - expected[i]) / largest([...expected]));
      });
      return zero(largest(errors), 1e-11);
    },
  },
  {
    id: "I6.joint",
    title: "with spin–orbit coupling a joint quarter turn of spins, fields and currents about z changes nothing",
    reason: "round-off",
    run: () => {
      const turn = ([x, y, z]: Vector3): Vector3 => [-y, x, z];
      const square = {
        x: { between: ["x-", "x+"], length: 1e-7 },
        y: { between: ["y-", "y+"], length: 1e-7 },
      } as const;
      const hall = film({
        name: "hall",
        between: ["a", "b"],
        material: metal({ spinHallAngle: 0.3 }),
        thickness: 5e-9,
        area: AREA,
        sides: square,
      });
      const parameters = { ...valetFertContact(0.5e-15, 0.6, 2e15), mixingConductanceImaginary: 4e14 };
      const top = contact({ name: "c", metalSide: "b", magnetSide: "d", magnet: "p", area: AREA, parameters });
      const along = (m: Vector3, axis: "x" | "y"): Vector3 => {
        const driven = [`${axis}-`, `${axis}+`] as const;
        const open = axis === "x" ? "y+" : "x-";
        return new Network()
          .add(hall, top, reservoir({ at: "d", voltage: 0 }), ground(driven[1]), ground(open))
          .add(voltageSource({ name: "V", between: driven, voltage: 0.01 }))
          .solve({ magnetizations: { p: m } })
          .absorbedSpin("p");
      };
      const expected = turn(along(p, "x"));
      const errors = along(turn(p), "y").map((x, i) => (x - expected[i]) / largest([...expected]));
      return zero(largest(errors), 1e-12);
    },
  },
  {
    id: "I8.torque",
    title: "θ → −θ reverses the spin–orbit torque",
    reason: "round-off",
    run: () => {
      const [plus, minus] = [0.2, -0.2].map((theta) => hallOnly(theta).absorbedSpin("p"));
      return zero(largest(plus.map((x, i) => x + minus[i])) / largest([...plus]), 1e-12);
    },
  },
  {
    id: "I8.resistance",
    title: "θ → −θ leaves the magnetoresistance",
    reason: "round-off",
    run: () => {
      const [plus, minus, none] = [0.2, -0.2, 0].map((theta) => hallOnly(theta).sourceCurrent("x"));
      return zero((plus - minus) / (plus - none), 1e-10);
    },
  },
  {
    id: "I10",
    title: "equal voltages and no spin accumulation at all ends: no torque on any magnet, relative to G V",
    reason: "round-off of currents that cancel",
    run: () => {
      const solution = new Network()
        .add(...everything(), reservoir({ at: "f", voltage: 0.5 }), reservoir({ at: "a", voltage: 0.5 }))
        .add(...["x-", "x+", "y-", "y+"].map((at) => reservoir({ at, voltage: 0.5 })))
        .solve({ magnetizations: { p, q }, field });
      const scale = 0.5 * 2e15 * AREA;
      return zero(largest([...solution.absorbedSpin("p"), ...solution.absorbedSpin("q")]) / scale, 1e-13);
    },
  },
  {
    id: "I11",
    title:
      "rotating frame: magnets that turn rigidly at ω with a metal at (ħ/e) ω exchange no spin, through contacts and bulk",
    reason: "round-off",
    run: () => {
      const omega: Vector3 = [3e9, -2e9, 5e9];
      const rate: Vector3 = [
        omega[1] * p[2] - omega[2] * p[1],
        omega[2] * p[0] - omega[0] * p[2],
        omega[0] * p[1] - omega[1] * p[0],
      ];
      const phi: Vector3 = [HBAR_E * omega[0], HBAR_E * omega[1], HBAR_E * omega[2]];
      const endless = { spinDiffusionLength: Number.POSITIVE_INFINITY };
      const body = film({
        name: "F",
        between: ["b", "c"],
        material: magnet(endless),
        thickness: 3e-9,
        area: AREA,
        magnet: "p",
      });
      const spacer = film({ name: "N", between: ["a", "b"], material: metal(endless), thickness: 3e-9, area: AREA });
      const solution = new Network()
        .add(body, spacer, reservoir({ at: "a", voltage: 0, spinAccumulation: phi }))
        .solve({ magnetizations: { p }, rates: { p: rate } });
      // Along m the accumulation is that of the metal all through; across m it is the pumped one.
      const scale = (2.5e6 / 6e-9) * AREA * Math.hypot(...phi);
      return zero(largest([...solution.absorbedSpin("p")]) / scale, 1e-13);
    },
  },
];

function hallOnly(theta: number): Solution {
  const parts = everything(theta).filter(({ name }) => name === "hall" || name === "contact");
  return new Network()
    .add(...parts, reservoir({ at: "c", voltage: 0 }), ground("x+"), ground("y+"))
    .add(voltageSource({ name: "x", between: ["x-", "x+"], voltage: 0.02 }))
    .solve({ magnetizations: { p } });
}
