import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Vector3 } from "../algebra/vector.ts";
import type { Ferromagnet, NormalMetal } from "../materials/material.ts";
import {
  contact,
  currentSource,
  type Element,
  film,
  ground,
  Network,
  NetworkError,
  reservoir,
  resistor,
  spinCurrentSource,
  tunnelBarrier,
  voltageSource,
} from "./index.ts";

const between = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const unitVector = fc
  .tuple(between(-1, 1), between(0, 2 * Math.PI))
  .map(([z, a]): Vector3 => [Math.sqrt(1 - z * z) * Math.cos(a), Math.sqrt(1 - z * z) * Math.sin(a), z])
  .map((v): Vector3 => {
    const n = Math.hypot(...v);
    return [v[0] / n, v[1] / n, v[2] / n];
  });

const normalMetal = fc
  .record({
    conductivity: between(5e5, 5e7),
    lambda: between(1e-9, 5e-7),
    theta: between(-1.5, 1.5),
    D: between(1e-4, 1e-2),
  })
  .map(
    ({ conductivity, lambda, theta, D }): NormalMetal => ({
      kind: "normal metal",
      name: "N",
      conductivity,
      spinDiffusionLength: lambda,
      spinHallAngle: theta,
      diffusivity: D,
    }),
  );

const ferromagnet = fc
  .record({
    conductivity: between(5e5, 2e7),
    lambda: between(2e-9, 6e-8),
    P: between(-0.9, 0.9),
    phi: between(5e-10, 4e-9),
    J: between(5e-10, 4e-9),
    anomalous: between(-0.1, 0.1),
  })
  .map(
    ({ conductivity, lambda, P, phi, J, anomalous }): Ferromagnet => ({
      kind: "ferromagnet",
      name: "F",
      conductivity,
      polarization: P,
      spinDiffusionLength: lambda,
      dephasingLength: phi,
      precessionLength: J,
      anomalousHallAngle: anomalous,
      spinHallAngle: anomalous / 2,
      saturationMagnetization: 1e6,
      damping: 0.01,
    }),
  );

const AREA = 1e-14;
const MAGNETS = ["p", "q"] as const;

/** A random graph of eight nodes and two magnets: chains, loops and dead ends, with side contacts on some films. */
const randomNetwork = fc
  .array(
    fc.record({
      kind: fc.constantFrom("N", "F", "contact", "insulating contact", "barrier", "wire"),
      a: fc.nat(7),
      b: fc.nat(7),
      magnet: fc.constantFrom(...MAGNETS),
      N: normalMetal,
      F: ferromagnet,
      t: between(1e-9, 3e-8),
      G: between(1e14, 1e15),
      asymmetry: between(-0.9, 0.9),
      Gi: between(-2e14, 2e14),
      sides: fc.boolean(),
    }),
    { minLength: 6, maxLength: 14 },
  )
  .map((choices) => {
    const nodes = new Set<string>(["n0"]);
    const elements: Element[] = [];
    for (const [i, c] of choices.entries()) {
      // Hanging each new element on a node that is there keeps the graph in one piece.
      const from = [...nodes][c.a % nodes.size];
      const to = `n${c.b}` === from ? `n${(c.b + 1) % 8}` : `n${c.b}`;
      const name = `e${i}`;
      const sides = c.sides
        ? { x: { between: ["x-", "x+"] as const, length: 1e-7 }, y: { between: ["y-", "y+"] as const, length: 2e-7 } }
        : undefined;
      if (c.kind === "insulating contact") {
        const parameters = {
          conductanceUp: 0,
          conductanceDown: 0,
          mixingConductance: c.G,
          mixingConductanceImaginary: c.Gi,
        };
        elements.push(contact({ name, metalSide: from, magnet: c.magnet, area: AREA, parameters }));
        continue;
      }
      nodes.add(to);
      if (c.kind === "N")
        elements.push(film({ name, between: [from, to], material: c.N, thickness: c.t, area: AREA, sides }));
      if (c.kind === "F")
        elements.push(
          film({ name, between: [from, to], material: c.F, thickness: c.t, area: AREA, magnet: c.magnet, sides }),
        );
      if (c.kind === "contact") {
        const parameters = {
          conductanceUp: (c.G / 2) * (1 + c.asymmetry),
          conductanceDown: (c.G / 2) * (1 - c.asymmetry),
          mixingConductance: c.G,
          mixingConductanceImaginary: c.Gi,
        };
        elements.push(contact({ name, metalSide: from, magnetSide: to, magnet: c.magnet, area: AREA, parameters }));
      }
      if (c.kind === "barrier") {
        const magnets = c.sides
          ? ([c.magnet, c.magnet === "p" ? "q" : "p"] as const)
          : ([c.magnet, undefined] as const);
        const parameters = {
          resistanceArea: 1e-12,
          polarizationBelow: c.asymmetry,
          polarizationAbove: 0.5,
          fieldLike: 0.2,
        };
        elements.push(tunnelBarrier({ name, between: [from, to], magnets, area: AREA, parameters }));
      }
      if (c.kind === "wire")
        elements.push(
          film({
            name,
            between: [from, to],
            material: { ...c.N, spinHallAngle: 0 },
            thickness: 10 * c.t,
            area: AREA / 3,
          }),
        );
    }
    return elements;
  });

/** Every node that carries spin gets a film to a reservoir: the graph may leave the inside of a magnet's contact alone. */
function wire(elements: readonly Element[]): Network {
  const network = new Network().add(...elements);
  const charged = new Set<string>();
  for (const port of elements.flatMap((element) => element.ports)) if (port.kind === "charge") charged.add(port.node);
  for (const [i, node] of [...charged].entries()) {
    const spin = elements.some(({ ports }) => ports.some((port) => port.kind === "spin" && port.node === node));
    if (!spin) continue;
    const lead: NormalMetal = { kind: "normal metal", name: "lead", conductivity: 1e7, spinDiffusionLength: 1e-7 };
    network.add(film({ name: `lead ${i}`, between: [node, `end ${i}`], material: lead, thickness: 5e-8, area: AREA }));
    network.add(
      i === 0 ? reservoir({ at: `end ${i}`, voltage: 0 }) : reservoir({ at: `end ${i}`, voltage: 0.001 * i }),
    );
  }
  if (charged.has("x-"))
    network.add(ground("x+"), voltageSource({ name: "x", between: ["x-", "x+"], voltage: 0.01 }), ground("y+"));
  return network;
}

describe("a random network", () => {
  it("is reciprocal: A(m, B) = S A(−m, −B)ᵀ S to 1e-12, with S = +1 for charge and −1 for spin", () => {
    fc.assert(
      fc.property(randomNetwork, unitVector, unitVector, unitVector, (elements, p, q, b) => {
        const compiled = wire(elements).compile();
        const reverse = (v: Vector3): Vector3 => [-v[0], -v[1], -v[2]];
        const present = (values: Record<string, Vector3>) =>
          Object.fromEntries(Object.entries(values).filter(([name]) => compiled.magnets.includes(name)));
        compiled.solve({ magnetizations: present({ p, q }), field: b });
        const forward = compiled.operator();
        compiled.solve({ magnetizations: present({ p: reverse(p), q: reverse(q) }), field: reverse(b) });
        const backward = compiled.operator();
        const { size, spin } = forward;
        const largest = Float64Array.from({ length: size }, (_, r) =>
          Math.max(...forward.matrix.subarray(r * size, (r + 1) * size).map(Math.abs)),
        );
        for (let r = 0; r < size; r++) {
          for (let c = 0; c < size; c++) {
            const sign = spin[r] === spin[c] ? 1 : -1;
            const error = Math.abs(forward.matrix[r * size + c] - sign * backward.matrix[c * size + r]);
            expect(error).toBeLessThanOrEqual(1e-12 * Math.sqrt(largest[r] * largest[c]));
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it("closes its spin ledger to 1e-12 and keeps charge, for any magnetization, field and motion", () => {
    fc.assert(
      fc.property(randomNetwork, unitVector, unitVector, unitVector, (elements, p, q, b) => {
        const network = wire(elements);
        const compiled = network.compile();
        const present = Object.fromEntries(
          Object.entries({ p, q }).filter(([name]) => compiled.magnets.includes(name)),
        );
        const rates = Object.fromEntries(Object.keys(present).map((name) => [name, [1e10, -3e9, 2e9] as Vector3]));
        const solution = compiled.solve({ magnetizations: present, field: b, rates });
        expect(solution.ledger().relativeResidual).toBeLessThan(1e-12);
        for (const { name } of network.elements) {
          const nodes = new Set(
            network.elements
              .find((e) => e.name === name)!
              .ports.flatMap((port) => (port.kind === "charge" ? [port.node] : [])),
          );
          const currents = [...nodes].map((node) => solution.current(name, node));
          const largest = Math.max(...currents.map(Math.abs), 1e-30);
          // A charge current is the difference of potentials times conductances far larger than it.
          expect(Math.abs(currents.reduce((a, c) => a + c, 0))).toBeLessThan(1e-10 * Math.max(largest, 1e-6));
        }
      }),
      { numRuns: 60 },
    );
  });

  it("does not create energy: every element takes up power ≥ 0", () => {
    fc.assert(
      fc.property(randomNetwork, unitVector, unitVector, (elements, p, q) => {
        const network = wire(elements);
        const compiled = network.compile();
        const present = Object.fromEntries(
          Object.entries({ p, q }).filter(([name]) => compiled.magnets.includes(name)),
        );
        const solution = compiled.solve({ magnetizations: present });
        const total = solution.totalPower();
        for (const { name } of network.elements) expect(solution.power(name)).toBeGreaterThanOrEqual(-1e-12 * total);
      }),
      { numRuns: 60 },
    );
  });

  it("is at rest when all its ends are equal, whatever the magnetizations", () => {
    fc.assert(
      fc.property(randomNetwork, unitVector, unitVector, (elements, p, q) => {
        const network = wire(elements);
        const equal = new Network().add(...network.elements);
        for (const source of network.sources)
          if (source.kind === "reservoir") equal.add(reservoir({ at: source.at, voltage: 0.3 }));
        if (network.sources.some(({ name }) => name === "x")) equal.add(ground("x+"), ground("x-"), ground("y+"));
        const compiled = equal.compile();
        const present = Object.fromEntries(
          Object.entries({ p, q }).filter(([name]) => compiled.magnets.includes(name)),
        );
        const solution = compiled.solve({ magnetizations: present });
        // 0.3 V over the largest conductance here, 5e7/1e-9·1e-14 S, times round-off of the solve.
        for (const magnet of compiled.magnets)
          for (const c of solution.absorbedSpin(magnet)) expect(Math.abs(c)).toBeLessThan(1e-10);
        expect(solution.totalPower()).toBeLessThan(1e-12);
      }),
      { numRuns: 40 },
    );
  });

  it("turns with its spins: rotating all magnetizations rotates spin currents, when nothing else has a direction", () => {
    const rotate = ([x, y, z]: Vector3): Vector3 => [z, x, y];
    fc.assert(
      fc.property(randomNetwork, unitVector, unitVector, (elements, p, q) => {
        const isotropic = elements.filter(
          (element) => !element.ports.some((port) => port.kind === "charge" && /^[xy]/.test(port.node)),
        );
        if (isotropic.length === 0 || !isotropic.some((e) => e.ports.some((port) => port.kind === "charge"))) return;
        const compiled = wire(isotropic).compile();
        const present = (values: Record<string, Vector3>) =>
          Object.fromEntries(Object.entries(values).filter(([name]) => compiled.magnets.includes(name)));
        const before = compiled.solve({ magnetizations: present({ p, q }) });
        const after = compiled.solve({ magnetizations: present({ p: rotate(p), q: rotate(q) }) });
        for (const node of compiled.nodes) {
          if (!compiled.hasSpin(node)) continue;
          const expected = rotate(before.spinAccumulation(node));
          // Potentials here are millivolts.
          for (let a = 0; a < 3; a++) expect(after.spinAccumulation(node)[a]).toBeCloseTo(expected[a], 12);
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe("wiring mistakes", () => {
  const copper: NormalMetal = {
    kind: "normal metal",
    name: "Cu",
    conductivity: 5e7,
    spinDiffusionLength: Number.POSITIVE_INFINITY,
  };
  const wireFilm = (name: string, a: string, b: string) =>
    film({ name, between: [a, b], material: copper, thickness: 1e-8, area: AREA });

  it("names the node that no voltage is given to", () => {
    expect(() =>
      new Network()
        .add(wireFilm("f", "a", "b"), currentSource({ name: "I", between: ["a", "b"], current: 1 }))
        .compile(),
    ).toThrow(/node "a".*ground it/);
  });

  it("names the node whose spin nothing relaxes", () => {
    const network = new Network().add(wireFilm("f", "a", "b"), ground("a"));
    expect(() => network.solve()).toThrow(NetworkError);
    expect(() => network.solve()).toThrow(/spin accumulation.*node "[ab]"/);
  });

  it("refuses a current without a return path", () => {
    const network = new Network().add(wireFilm("f", "a", "b"), wireFilm("g", "c", "d"), ground("a"), ground("c"));
    network.add(currentSource({ name: "I", between: ["a", "c"], current: 1e-3 }));
    expect(() => network.compile()).toThrow(/"I" drives current into node "a", which has no return path to node "c"/);
  });

  it("refuses sources at unknown nodes, two parts of one name, and two voltages for one node", () => {
    const network = () => new Network().add(wireFilm("f", "a", "b"));
    expect(() => network().add(ground("z")).compile()).toThrow(/node "z"/);
    expect(() => network().add(wireFilm("f", "b", "c"))).toThrow(/name is "f"/);
    expect(() =>
      network()
        .add(ground("a"), reservoir({ at: "a", voltage: 1 }))
        .compile(),
    ).toThrow(/Two sources hold.*"a"/);
  });

  it("refuses numbers out of range, naming them", () => {
    expect(() => film({ name: "f", between: ["a", "b"], material: copper, thickness: -1, area: 1 })).toThrow(
      /thickness is -1; allowed: 0 < x/,
    );
    expect(() =>
      film({ name: "f", between: ["a", "b"], material: { ...copper, spinDiffusionLength: 0 }, thickness: 1, area: 1 }),
    ).toThrow(/spinDiffusionLength is 0/);
    expect(() =>
      film({
        name: "f",
        between: ["a", "b"],
        material: { ...copper, conductivity: Number.NaN },
        thickness: 1,
        area: 1,
      }),
    ).toThrow(/conductivity is NaN/);
    expect(() => voltageSource({ name: "V", between: ["a", "b"], voltage: Number.NaN })).toThrow(/voltage is NaN/);
  });

  it("warns of a mixing conductance below its bound", () => {
    const warnings: string[] = [];
    contact({
      name: "c",
      metalSide: "a",
      magnetSide: "b",
      magnet: "m",
      area: 1,
      parameters: { conductanceUp: 3e14, conductanceDown: 2e14, mixingConductance: 2e14 },
      warn: (message) => warnings.push(message),
    });
    expect(warnings.join()).toMatch(/Re G↑↓ = 200000000000000 .*below its physical bound/);
  });
});

describe("charge-only parts", () => {
  it("divide a voltage as resistors do", () => {
    const network = new Network().add(
      resistor({ name: "R1", between: ["a", "b"], resistance: 1000 }),
      resistor({ name: "R2", between: ["b", "c"], resistance: 3000 }),
      voltageSource({ name: "V", between: ["a", "c"], voltage: 2 }),
      ground("c"),
    );
    const solution = network.solve();
    expect(solution.voltage("b")).toBeCloseTo(1.5, 12);
    expect(solution.sourceCurrent("V")).toBeCloseTo(0.5e-3, 15);
    expect(
      network
        .compile()
        .solve({ drives: { V: 4 } })
        .voltage("b"),
    ).toBeCloseTo(3, 12);
    expect(() => network.solve({ drives: { W: 4 } })).toThrow(/drive is "W".*"V"/);
  });
});

describe("a spin current source", () => {
  it("decays over λ in a long wire", () => {
    const wireMetal: NormalMetal = { kind: "normal metal", name: "N", conductivity: 3e7, spinDiffusionLength: 4e-7 };
    const solution = new Network()
      .add(
        film({ name: "w", between: ["a", "b"], material: wireMetal, thickness: 4e-6, area: AREA }),
        spinCurrentSource({ name: "S", at: "a", spinCurrent: [0, 1e-3, 0] }),
        ground("a"),
      )
      .solve();
    const points = solution.profile("w", 101);
    // 10 λ long: the far end changes this by exp(−20 + 2).
    expect(points[10].spinAccumulation[1] / points[0].spinAccumulation[1]).toBeCloseTo(Math.exp(-1), 6);
    expect(points[0].spinCurrent[1] * AREA).toBeCloseTo(1e-3, 12);
    expect(points[0].spinAccumulation[1]).toBeCloseTo(((1e-3 / AREA) * 2 * 4e-7) / 3e7, 8);
    expect(solution.ledger().relativeResidual).toBeLessThan(1e-12);
  });
});
