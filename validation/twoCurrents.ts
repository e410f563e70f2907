import {
  contact,
  currentSource,
  type Element,
  film,
  Network,
  reservoir,
  type Solution,
  tunnelBarrier,
  type Vector3,
} from "../src/index.ts";
import { relative, type ValidationCase } from "./case.ts";
import { AREA, barrier, largest, magnet, metal, tilted, valetFertContact } from "./specimens.ts";

const F = magnet({ spinDiffusionLength: 6e-9 });
const N = metal({ conductivity: 3e7, spinDiffusionLength: 300e-9 });
const beta = F.polarization;
const rhoStar = 1 / F.conductivity / (1 - beta * beta);
const rF = rhoStar * F.spinDiffusionLength;
const rN = N.spinDiffusionLength / N.conductivity;
const rb = 0.5e-15;
const gamma = 0.7;
const CURRENT = 1e-3;
const J = CURRENT / AREA;

/** 40 λ of either metal: the far ends change what happens at the interface by exp(−40), far below round-off. */
const lengthF = 40 * F.spinDiffusionLength;
const lengthN = 40 * N.spinDiffusionLength;

function chain(elements: readonly Element[], magnetizations: Record<string, Vector3> = {}): Solution {
  const network = new Network().add(...elements, reservoir({ at: "in" }), reservoir({ at: "out", voltage: 0 }));
  network.add(currentSource({ name: "I", between: ["in", "out"], current: CURRENT }));
  return network.solve({ magnetizations });
}

const longF = (between: readonly [string, string], name = "F") =>
  film({ name, between, material: F, thickness: lengthF, area: AREA, magnet: name });
const longN = (between: readonly [string, string]) =>
  film({ name: "N", between, material: N, thickness: lengthN, area: AREA });

function injector(resistance: number): Solution {
  if (resistance === 0) return chain([longF(["in", "node"]), longN(["node", "out"])]);
  const parameters = valetFertContact(resistance, gamma, 2 / resistance);
  return chain([
    longF(["in", "f"]),
    contact({ name: "c", metalSide: "node", magnetSide: "f", magnet: "F", area: AREA, parameters }),
    longN(["node", "out"]),
  ]);
}

const injected = (solution: Solution): number => solution.spinCurrent("N", "node")[2] / CURRENT;
const ROUND_OFF = "the elements are exact; 1e-10 leaves room for cancellation of bulk resistances";

/** What an interface adds beyond its own and the bulk's resistance [Ω m²]. */
function spinCoupledResistance(solution: Solution, bulk: number): number {
  return (solution.voltage("in") - solution.voltage("out")) / J - bulk;
}

const injectionRatio = (r: number): number => (beta * rF + gamma * r) / (rF + rN + r);

const bilayers = 4;
/** [F/N]ₙ F-like stack between two reservoirs with no spin relaxation at all. */
function multilayer(antiparallel: boolean): number {
  const tF = 5e-9;
  const tN = 8e-9;
  const endless = { spinDiffusionLength: Number.POSITIVE_INFINITY };
  const elements: Element[] = [];
  const magnetizations: Record<string, Vector3> = {};
  let node = "in";
  for (let i = 0; i < bilayers; i++) {
    const name = `F${i}`;
    magnetizations[name] = [0, 0, antiparallel && i % 2 === 1 ? -1 : 1];
    const parameters = valetFertContact(rb, gamma, 3e15);
    const end = i === bilayers - 1 ? "out" : `n${i}`;
    elements.push(
      contact({ name: `${name} in`, metalSide: node, magnetSide: `${name} l`, magnet: name, area: AREA, parameters }),
      film({
        name,
        between: [`${name} l`, `${name} r`],
        material: { ...F, ...endless },
        thickness: tF,
        area: AREA,
        magnet: name,
      }),
      contact({
        name: `${name} out`,
        metalSide: `${name} n`,
        magnetSide: `${name} r`,
        magnet: name,
        area: AREA,
        parameters,
      }),
      film({ name: `N${i}`, between: [`${name} n`, end], material: { ...N, ...endless }, thickness: tN, area: AREA }),
    );
    node = end;
  }
  return chain(elements, magnetizations).voltage("in") / J;
}

/** F|node|F with reservoirs right behind the contacts, at an angle θ. */
function symmetricValve(theta: number, mixing: number, imaginary: number): { current: number; solution: Solution } {
  const parameters = {
    conductanceUp: 0.8e15,
    conductanceDown: 0.2e15,
    mixingConductance: mixing,
    mixingConductanceImaginary: imaginary,
  };
  const side = (name: string, magnetSide: string) =>
    contact({ name, metalSide: "node", magnetSide, magnet: name, area: AREA, parameters });
  const solution = new Network()
    .add(
      side("fixed", "left"),
      side("free", "right"),
      reservoir({ at: "left", voltage: 1e-3 }),
      reservoir({ at: "right", voltage: 0 }),
    )
    .solve({ magnetizations: { fixed: [0, 0, 1], free: tilted(theta) } });
  return { current: solution.current("fixed", "left"), solution };
}

const valveG = 1e15;
const valveP = 0.6;

function valveCurrent(theta: number, re: number, im: number): number {
  const eta = { re: (2 * re) / valveG, im: (2 * im) / valveG };
  const t2 = Math.tan(theta / 2) ** 2;
  const ratio = (eta.re ** 2 + eta.im ** 2) / eta.re;
  return ((valveG * AREA * 1e-3) / 2) * (1 - (valveP ** 2 * t2) / (t2 + ratio));
}

/** Slonczewski's ε(θ) with Λ² = η/(1 − P²). */
function slonczewski(theta: number, eta: number): number {
  const L2 = eta / (1 - valveP ** 2);
  return (valveP * L2) / (L2 + 1 + (L2 - 1) * Math.cos(theta));
}

const ANGLES = [0.2, 0.9, 1.7, 2.6, 3.1];

function junction(theta: number): number {
  const network = new Network().add(
    tunnelBarrier({ name: "b", between: ["in", "out"], magnets: ["p", "q"], area: AREA, parameters: barrier() }),
    reservoir({ at: "in", voltage: 0.01 }),
    reservoir({ at: "out", voltage: 0 }),
  );
  return network.solve({ magnetizations: { p: [0, 0, 1], q: tilted(theta) } }).current("b", "in") / 0.01 / AREA;
}

export const twoCurrents: readonly ValidationCase[] = [
  {
    id: "A1.interface",
    title: "spin injection F|N through a resistive interface: (β r_F + γ r_b)/(r_F + r_N + r_b)",
    reason: ROUND_OFF,
    run: () => relative(injected(injector(rb)), injectionRatio(rb), 1e-10),
  },
  {
    id: "A1.transparent",
    title: "spin injection F|N without interface resistance: the conductivity mismatch",
    reason: ROUND_OFF,
    run: () => relative(injected(injector(0)), injectionRatio(0), 1e-10),
  },
  {
    id: "A2.interface",
    title: "spin-coupled resistance of an F|N interface (Valet and Fert)",
    reason: "difference of resistances 1e4 times larger",
    run: () => {
      const expected = (rN * (beta ** 2 * rF + gamma ** 2 * rb) + rF * rb * (beta - gamma) ** 2) / (rF + rN + rb);
      const bulk = lengthF / F.conductivity + lengthN / N.conductivity + rb * (1 - gamma ** 2);
      return relative(spinCoupledResistance(injector(rb), bulk), expected, 1e-8);
    },
  },
  {
    id: "A2.vanSon",
    title: "spin-coupled resistance without interface: β² r_F r_N/(r_F + r_N) (van Son)",
    reason: "difference of resistances 1e4 times larger",
    run: () => {
      const bulk = lengthF / F.conductivity + lengthN / N.conductivity;
      return relative(spinCoupledResistance(injector(0), bulk), (beta ** 2 * rF * rN) / (rF + rN), 1e-8);
    },
  },
  {
    id: "A3.resistance",
    title: "antiparallel domain wall F|F: 2 β² ρ* λ",
    reason: "difference of resistances 100 times larger",
    run: () => {
      const wall = chain([longF(["in", "node"], "up"), longF(["node", "out"], "down")], {
        up: [0, 0, 1],
        down: [0, 0, -1],
      });
      return relative(spinCoupledResistance(wall, (2 * lengthF) / F.conductivity), 2 * beta ** 2 * rF, 1e-9);
    },
  },
  {
    id: "A3.current",
    title: "no spin current crosses an antiparallel wall",
    reason: "round-off of j_s/J",
    run: () => {
      const wall = chain([longF(["in", "node"], "up"), longF(["node", "out"], "down")], {
        up: [0, 0, 1],
        down: [0, 0, -1],
      });
      return { value: wall.spinCurrent("down", "node")[2] / CURRENT, expected: 0, tolerance: 1e-12 };
    },
  },
  {
    id: "A5",
    title: "CPP multilayer without relaxation: √[(R_AP − R_P) R_AP] = β ρ* t_F + 2 γ r_b* N",
    reason: "exact in this limit; round-off of a difference of resistances",
    run: () => {
      const [P, AP] = [multilayer(false), multilayer(true)];
      return relative(Math.sqrt((AP - P) * AP), beta * rhoStar * 5e-9 * bilayers + 2 * gamma * rb * bilayers, 1e-10);
    },
  },
  {
    id: "A6.resistance",
    title: "angular magnetoresistance of F|node|F, complex mixing conductance, worst of five angles",
    reason: "exact (Brataas, Nazarov, Bauer 2000)",
    run: () => {
      const errors = ANGLES.map(
        (theta) => symmetricValve(theta, 0.7e15, 0.3e15).current / valveCurrent(theta, 0.7e15, 0.3e15) - 1,
      );
      return { value: largest(errors), expected: 0, tolerance: 1e-12 };
    },
  },
  {
    id: "A6.torque",
    title:
      "torque of the same valve: Slonczewski's ε(θ) sin θ with Λ² = η/(1 − P²), worst of five angles and three G↑↓",
    reason: "exact for a real mixing conductance",
    run: () => {
      const errors = [0.6e15, 1e15, 3e15].flatMap((mixing) =>
        ANGLES.map((theta) => {
          const { current, solution } = symmetricValve(theta, mixing, 0);
          const [x, y, z] = solution.absorbedSpin("free");
          const ratio = Math.hypot(x, y, z) / current;
          return ratio / (slonczewski(theta, (2 * mixing) / valveG) * Math.sin(theta)) - 1;
        }),
      );
      return { value: largest(errors), expected: 0, tolerance: 1e-11 };
    },
  },
  {
    id: "A7.tmr",
    title: "Jullière's TMR = 2 P₁P₂/(1 − P₁P₂)",
    reason: "exact",
    run: () => relative(junction(0) / junction(Math.PI) - 1, (2 * 0.6 * 0.45) / (1 - 0.6 * 0.45), 1e-12),
  },
  {
    id: "A7.angle",
    title: "tunnel conductance G₀(1 + P₁P₂ cos θ), worst of five angles",
    reason: "exact",
    run: () => {
      const G0 = 1 / (5e-12 * (1 + 0.6 * 0.45));
      const errors = ANGLES.map((theta) => junction(theta) / (G0 * (1 + 0.6 * 0.45 * Math.cos(theta))) - 1);
      return { value: largest(errors), expected: 0, tolerance: 1e-12 };
    },
  },
  {
    id: "A8",
    title: "I V = ∫ dissipation over the films + the interface's own, for the injector of A1",
    reason: "5-point quadrature on panels of half a decay length",
    run: () => {
      const solution = injector(rb);
      const local = solution.dissipation("F") + solution.dissipation("N") + solution.power("c");
      return relative(local, CURRENT * solution.voltage("in"), 1e-9);
    },
  },
];
