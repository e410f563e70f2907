import { describe, expect, it } from "vitest";
import { InputError } from "../checks.ts";
import { E_CHARGE, HBAR } from "../constants.ts";
import { rashbaSheet, topologicalSurface } from "../transport/index.ts";
import { ground, Network, reservoir, sheet, spinCurrentSource, voltageSource } from "./index.ts";

const AREA = 1e-14;
const sides = { x: { between: ["x-", "x+"], length: 1e-7 }, y: { between: ["y-", "y+"], length: 1e-7 } } as const;
const rashba = { rashba: 1.6e-30, mass: 0.2 * 9.109e-31, scatteringTime: 1e-14, fermiWavevector: 1e9 };
const law = rashbaSheet(rashba);

describe("a sheet with spin–orbit coupling", () => {
  const bare = () =>
    new Network().add(sheet({ name: "s", at: "n", law, area: AREA, sides }), ground("n"), ground("x+"), ground("y+"));

  it("left alone has φ = 2λ z × E and conducts as Drude says", () => {
    const solution = bare()
      .add(voltageSource({ name: "V", between: ["x-", "x+"], voltage: 1e-3 }))
      .solve();
    const E = 1e-3 / 1e-7;
    const lambda = (-rashba.rashba * rashba.scatteringTime) / HBAR;
    expect(solution.spinAccumulation("n")[1] / (2 * lambda * E)).toBeCloseTo(1, 12);
    const states = rashba.mass / (2 * Math.PI * HBAR ** 2);
    const velocity = (HBAR * rashba.fermiWavevector) / rashba.mass;
    const drude = E_CHARGE ** 2 * states * velocity ** 2 * rashba.scatteringTime;
    expect(solution.sourceCurrent("V") / (drude * 1e-3)).toBeCloseTo(1, 10);
    expect(solution.ledger().relativeResidual).toBeLessThan(1e-12);
  });

  it("turns spin that is put in into a current across it, K = λ j_s × n, in a short circuit", () => {
    const network = new Network().add(
      sheet({ name: "s", at: "n", law, area: AREA, sides: { x: sides.x } }),
      ground("n"),
      ground("x+"),
      voltageSource({ name: "short", between: ["x-", "x+"], voltage: 0 }),
      spinCurrentSource({ name: "I_s", at: "n", spinCurrent: [0, 1e-6, 0] }),
    );
    // y × z = x; the source drives what the sheet takes in at x−.
    expect(network.solve().sheet("s").current[0] / ((law.edelsteinLength * 1e-6) / AREA)).toBeCloseTo(1, 12);
  });

  it("loses σ₀E² + Γφ²/2, the cross terms doing no work", () => {
    const solution = new Network()
      .add(sheet({ name: "s", at: "n", law, area: AREA, sides }), ground("x+"), ground("y+"))
      .add(reservoir({ at: "n", voltage: 0, spinAccumulation: [1e-4, -2e-4, 3e-4] }))
      .add(voltageSource({ name: "V", between: ["x-", "x+"], voltage: 1e-3 }))
      .add(voltageSource({ name: "W", between: ["y-", "y+"], voltage: 2e-3 }))
      .solve();
    const E2 = (1e-3 ** 2 + 2e-3 ** 2) / 1e-7 ** 2;
    const lost = law.conductance * E2 + (law.relaxation * 5e-8 + law.relaxationNormal * 9e-8) / 2;
    expect(solution.power("s") / (lost * AREA)).toBeCloseTo(1, 12);
  });
});

describe("the surface of a topological insulator", () => {
  it("has all its current as spin, ħK/(2e v_F), and conducts as Drude says", () => {
    const options = { fermiVelocity: 5e5, scatteringTime: 1e-14, fermiWavevector: 1e9 };
    const surface = topologicalSurface(options);
    const solution = new Network()
      .add(sheet({ name: "s", at: "n", law: surface, area: AREA, sides: { x: sides.x } }), ground("n"), ground("x+"))
      .add(voltageSource({ name: "V", between: ["x-", "x+"], voltage: 1e-3 }))
      .solve();
    const { current, spinDensity } = solution.sheet("s");
    expect(spinDensity[1] / ((HBAR * current[0]) / (2 * E_CHARGE * 5e5))).toBeCloseTo(1, 12);
    const drude = (E_CHARGE ** 2 * 1e9 * 5e5 * 1e-14) / (4 * Math.PI * HBAR);
    expect(solution.sourceCurrent("V") / (drude * 1e-3)).toBeCloseTo(1, 12);
  });
});

describe("a sheet that cannot be", () => {
  it("is refused, and the message says why", () => {
    expect(() => rashbaSheet({ ...rashba, rashba: 1e-27 })).toThrow("A larger splitting leaves one subband empty");
    expect(() => topologicalSurface({ fermiVelocity: -1, scatteringTime: 1e-14, fermiWavevector: 1e9 })).toThrow(
      InputError,
    );
    expect(() => sheet({ name: "s", at: "n", law, area: AREA, sides: {} })).toThrow(
      "contacts along x, along y, or both",
    );
    expect(() => sheet({ name: "s", at: "n", law: { ...law, relaxation: -1 }, area: AREA, sides })).toThrow(
      "relaxation is -1",
    );
  });
});
