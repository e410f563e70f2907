import { describe, expect, it } from "vitest";
import { InputError } from "../checks.ts";
import {
  constant,
  contactOf,
  device,
  layer,
  lower,
  oerstedFields,
  type StackPart,
  simulate,
  sine,
} from "../device/index.ts";
import { rectangle } from "../geometry/index.ts";
import { materials } from "../materials/index.ts";
import { GHz, mT, nm, um } from "../units.ts";
import {
  dampingModulation,
  dampingVersusMetalThickness,
  FitError,
  ferromagneticResonance,
  inverseSpinHallVersusThickness,
  inverseSpinHallVoltage,
  linewidthVersusFrequency,
  linewidthVersusThickness,
  spinPumping,
  spinTorqueFerromagneticResonance,
} from "./index.ts";
import { fitResonanceLine } from "./resonanceLine.ts";

const { Pt, Py, YIG, Cu, MgO } = materials;
const mixing = (re: number) => ({ conductanceUp: 0, conductanceDown: 0, mixingConductance: re });
const metallic = { conductanceUp: 3e14, conductanceDown: 2e14, mixingConductance: 8e14 };
const stack = (...layers: StackPart[]) => device({ shape: rectangle(200 * um, 20 * um), layers });
const bilayer = stack(layer(Pt, 5 * nm), contactOf(metallic), layer(Py, 10 * nm));
const insulating = stack(layer({ ...YIG, damping: 2e-3 }, 20 * nm), contactOf(mixing(4e14)), layer(Pt, 5 * nm));
const current = { density: 1e10, in: "Pt", along: "x" } as const;
const torque = { frequency: 9 * GHz, current, angle: Math.PI / 4 };
const quiet = { onWarning: () => {} };

describe("ferromagnetic resonance", () => {
  it("shows one line in absorption and in its derivative, whichever way the field points", () => {
    const { line, derivativeLine } = ferromagneticResonance(bilayer, { frequency: 9 * GHz });
    const against = ferromagneticResonance(bilayer, { frequency: 9 * GHz, direction: [-1, 0, 0] });
    for (const name of ["resonanceField", "linewidth", "symmetric"] as const) {
      // The line is Lorentzian up to (Δ/B)² = 1e-3 of its wings.
      expect(derivativeLine.parameters[name].value / line.parameters[name].value).toBeCloseTo(1, 3);
      expect(against.line.parameters[name].value / line.parameters[name].value).toBeCloseTo(1, 9);
    }
  });

  it("narrows without pumping to what the material says", () => {
    const { damping, inhomogeneous } = linewidthVersusFrequency(bilayer, {
      frequencies: [6 * GHz, 9 * GHz, 12 * GHz],
      spinPumping: false,
    });
    expect(damping.value / Py.damping).toBeCloseTo(1, 5);
    expect(Math.abs(inhomogeneous.value)).toBeLessThan(1e-8);
  });

  it("needs no metal", () => {
    const { line } = ferromagneticResonance(stack(layer(YIG, 20 * nm)), { frequency: 9 * GHz });
    expect(line.parameters.linewidth.value).toBeGreaterThan(0);
  });

  it("finds each of two magnets", () => {
    const two = stack(
      layer(Py, 5 * nm, { name: "soft" }),
      layer(Cu, 5 * nm),
      layer({ ...Py, saturationMagnetization: 1.5e6 }, 5 * nm, { name: "hard" }),
    );
    const field = (magnet: string): number =>
      ferromagneticResonance(two, { frequency: 12 * GHz, magnet, ...quiet }).line.parameters.resonanceField.value;
    expect(field("hard")).toBeLessThan(field("soft"));
    expect(() => ferromagneticResonance(two, { frequency: 12 * GHz, ...quiet })).toThrow(
      'ferromagneticResonance: magnet is undefined; allowed: "soft", "hard"',
    );
    expect(() => ferromagneticResonance(two, { frequency: 12 * GHz, magnet: "free", ...quiet })).toThrow(
      /magnet is "free"/,
    );
  });

  it("says which part or number is wrong", () => {
    const bare = stack(layer(Pt, 5 * nm));
    expect(() => ferromagneticResonance(bare, { frequency: 9 * GHz })).toThrow(
      'ferromagneticResonance: device is "no free magnet"; allowed: a device with a magnet that can precess',
    );
    const held = stack(layer(Py, 5 * nm, { fixed: true }));
    expect(() => ferromagneticResonance(held, { frequency: 9 * GHz })).toThrow(/no free magnet/);
    expect(() => ferromagneticResonance(bilayer, { frequency: -1 })).toThrow(/frequency is -1; allowed: 0 < x Hz/);
    expect(() => ferromagneticResonance(bilayer, { frequency: 9 * GHz, feilds: [] } as never)).toThrow(/"fields"/);
    expect(() => ferromagneticResonance(bilayer, { frequency: 9 * GHz, fields: [0.1, 0.2] })).toThrow(/at least six/);
    expect(() => ferromagneticResonance(bilayer, { frequency: 9 * GHz, direction: [0, 0, 0] })).toThrow(/direction/);
    expect(() => ferromagneticResonance(bilayer, { frequency: 9 * GHz, microwave: [0, 0, 0] })).toThrow(/microwave/);
    expect(() => ferromagneticResonance(bilayer, { frequency: 9 * GHz, microwave: [0, 0.1, 0] })).toThrow(
      /so strong that a magnet tilts by/,
    );
    expect(() => linewidthVersusFrequency(bilayer, { frequencies: [1e9, 2e9] })).toThrow(/three different/);
  });

  it("says aloud when the fields hold no line", () => {
    const fields = [300, 310, 320, 330, 340, 350, 360].map((B) => B * mT);
    expect(() => ferromagneticResonance(bilayer, { frequency: 9 * GHz, fields })).toThrow(FitError);
  });
});

describe("a resonance line", () => {
  it("is found from any part of it", () => {
    const fields = Array.from({ length: 41 }, (_, i) => 0.08 + i * 1e-3);
    for (const [symmetric, antisymmetric] of [
      [1, 0],
      [0, 1],
      [-2, 0.5],
    ]) {
      const values = fields.map((B) => {
        const x = (B - 0.107) / 0.004;
        return (symmetric + antisymmetric * x) / (1 + x * x) + 0.3;
      });
      const { parameters } = fitResonanceLine({ what: "a line", fields, values, unit: "V" });
      expect(parameters.resonanceField.value).toBeCloseTo(0.107, 9);
      expect(parameters.linewidth.value).toBeCloseTo(0.004, 9);
      expect(parameters.symmetric.value).toBeCloseTo(symmetric, 6);
      expect(parameters.antisymmetric.value).toBeCloseTo(antisymmetric, 6);
    }
  });
});

describe("spin pumping", () => {
  const field = [0.1, 0, 0] as const;

  it("gives voltages, spin currents and accumulations that grow with the square of the microwave where they are dc", () => {
    const [one, two] = [1e-5, 2e-5].map((B) => spinPumping(bilayer, { field, microwave: [0, B, 0] }));
    expect(two.voltage.y.dc / one.voltage.y.dc).toBeCloseTo(4, 4);
    expect(two.spinCurrent.dc[0] / one.spinCurrent.dc[0]).toBeCloseTo(4, 4);
    expect(two.spinCurrent.ac[2] / one.spinCurrent.ac[2]).toBeCloseTo(2, 4);
    expect(two.dampingEnhancement / one.dampingEnhancement).toBeCloseTo(1, 4);
  });

  it("pumps the same out of either face", () => {
    const over = spinPumping(bilayer, { field, cone: 0.02 });
    const turned = stack(...bilayer.layers.toReversed());
    const under = spinPumping(turned, { field, cone: 0.02 });
    expect(under.spinCurrent.dc[0] / over.spinCurrent.dc[0]).toBeCloseTo(1, 9);
    expect(under.voltage.y.dc / over.voltage.y.dc).toBeCloseTo(-1, 9);
  });

  it("agrees with the linewidth", () => {
    const { dampingEnhancement } = spinPumping(bilayer, { field, cone: 0.01 });
    const { damping } = linewidthVersusFrequency(bilayer, { frequencies: [6 * GHz, 9 * GHz, 12 * GHz] });
    expect((damping.value - Py.damping) / dampingEnhancement).toBeCloseTo(1, 4);
  });

  it("asks which metal takes the spin when there are two", () => {
    const sandwich = stack(
      layer(Pt, 5 * nm, { name: "lower" }),
      contactOf(metallic),
      layer(Py, 5 * nm),
      contactOf(metallic),
      layer(Pt, 5 * nm, { name: "upper" }),
    );
    expect(() => spinPumping(sandwich, { field, cone: 0.02 })).toThrow(
      /neighbour is undefined; allowed: "lower", "upper"/,
    );
    const up = spinPumping(sandwich, { field, cone: 0.02, neighbour: "upper" });
    const down = spinPumping(sandwich, { field, cone: 0.02, neighbour: "lower" });
    expect(up.spinCurrent.dc[0] / down.spinCurrent.dc[0]).toBeCloseTo(1, 9);
    // Both metals make opposite voltages.
    const one = spinPumping(bilayer, { field, cone: 0.02 });
    expect(Math.abs(up.voltage.y.dc)).toBeLessThan(1e-9 * Math.abs(one.voltage.y.dc));
  });

  it("says which part or number is wrong", () => {
    expect(() => spinPumping(stack(layer(Py, 5 * nm), layer(MgO, nm)), { field, cone: 0.1 })).toThrow(
      'spinPumping: device is "no normal metal beside "Py""; allowed: one that takes up its spin',
    );
    expect(() => spinPumping(bilayer, { field })).toThrow(/microwave, cone is .*exactly one of the two/);
    expect(() => spinPumping(bilayer, { field, cone: 0.1, microwave: [0, 1e-4, 0] })).toThrow(/exactly one of the two/);
    expect(() => spinPumping(bilayer, { field, cone: 2 })).toThrow(/cone is 2/);
    expect(() => spinPumping(bilayer, { field: [0, 0] as never, cone: 0.1 })).toThrow(/field/);
    expect(() => spinPumping(bilayer, { field, cone: 0.1, frequency: 0 })).toThrow(/frequency is 0/);
    expect(() => spinPumping(bilayer, { field, cone: 0.1, neighbor: "Pt" } as never)).toThrow(/neighbour/);
  });
});

describe("the inverse spin Hall voltage", () => {
  it("stands across the field, not along it", () => {
    const read = (along: "x" | "y") => spinPumping(insulating, { field: [0, 0.3, 0], cone: 0.01 }).voltage[along].dc;
    expect(Math.abs(read("x"))).toBeGreaterThan(1e-9);
    expect(Math.abs(read("y"))).toBeLessThan(1e-9 * Math.abs(read("x")));
    const { positive } = inverseSpinHallVoltage(insulating, { frequency: 9 * GHz, direction: [0, 1, 0] });
    // In phase with the power that the magnet takes: symmetric, up to the change of the ellipse over the line.
    const { symmetric, antisymmetric } = positive?.parameters ?? {};
    expect(Math.abs((antisymmetric?.value ?? 1) / (symmetric?.value ?? 0))).toBeLessThan(0.01);
  });

  it("says when a series does not fix a length", () => {
    const warnings: string[] = [];
    const { saturation } = dampingVersusMetalThickness(
      (d) => stack(layer(Pt, d), contactOf(metallic), layer(Py, 10 * nm)),
      {
        thicknesses: [30, 40, 50].map((d) => d * nm),
        frequencies: [6 * GHz, 9 * GHz, 12 * GHz],
        reference: stack(layer(Py, 10 * nm)),
        onWarning: (message) => warnings.push(message),
      },
    );
    expect(saturation).toBeUndefined();
    expect(warnings.join()).toContain("did not converge");
  });

  it("says which number is wrong", () => {
    const make = (d: number) => stack(layer(Pt, d), contactOf(metallic), layer(Py, 10 * nm));
    const series = { frequency: 9 * GHz, thicknesses: [1, 2, 3].map((d) => d * nm) };
    expect(() => inverseSpinHallVersusThickness(make, { ...series, thicknesses: [1e-9, -1e-9, 2e-9] })).toThrow(
      /thicknesses\[1\]/,
    );
    expect(() => inverseSpinHallVersusThickness(make, series)).toThrow(/exactly one of the two/);
    expect(() => inverseSpinHallVoltage(bilayer, { frequency: 9 * GHz, along: "z" as never })).toThrow(/along is "z"/);
    const frequencies = [6 * GHz, 9 * GHz, 12 * GHz];
    expect(() => linewidthVersusThickness(make, { thicknesses: series.thicknesses, frequencies })).toThrow(
      /thickness of "Py" is 1e-8; allowed: 1e-9 m, which was asked for/,
    );
  });
});

describe("spin-torque ferromagnetic resonance", () => {
  const anisotropic = stack(
    layer(Pt, 5 * nm),
    contactOf(metallic),
    layer({ ...Py, anisotropicMagnetoresistance: 0.02 }, 5 * nm),
  );

  it("rectifies with spin Hall magnetoresistance alone, on a magnetic insulator", () => {
    const { line, effectiveMagnetization } = spinTorqueFerromagneticResonance(insulating, torque);
    expect(Math.abs(line.parameters.symmetric.value)).toBeGreaterThan(1e-12);
    expect(effectiveMagnetization / YIG.saturationMagnetization).toBeCloseTo(1, 1);
  });

  it("turns its voltage around when the field does", () => {
    const there = spinTorqueFerromagneticResonance(anisotropic, torque);
    const back = spinTorqueFerromagneticResonance(anisotropic, { ...torque, angle: torque.angle + Math.PI });
    for (const part of ["symmetric", "antisymmetric"] as const) {
      expect(back.line.parameters[part].value / there.line.parameters[part].value).toBeCloseTo(-1, 6);
    }
  });

  it("does not depend on which way in the plane is called x", () => {
    const square = device({ shape: rectangle(20 * um), layers: anisotropic.layers });
    const x = spinTorqueFerromagneticResonance(square, torque);
    const y = spinTorqueFerromagneticResonance(square, { ...torque, current: { ...current, along: "y" } });
    expect(y.efficiency.value / x.efficiency.value).toBeCloseTo(1, 9);
    expect(y.torques.dampingLike / x.torques.dampingLike).toBeCloseTo(1, 9);
  });

  it("grows with the square of the current", () => {
    const fields = Array.from({ length: 21 }, (_, i) => 0.07 + 0.003 * i);
    const weak = spinTorqueFerromagneticResonance(anisotropic, { ...torque, fields });
    const strong = spinTorqueFerromagneticResonance(anisotropic, {
      ...torque,
      fields,
      current: { ...current, density: 2e10 },
    });
    for (const [i, V] of strong.data.voltage.values.entries()) {
      // The tilt is below 1e-2, the fourth order below 1e-4.
      expect(V / weak.data.voltage.values[i]).toBeCloseTo(4, 3);
    }
  });

  it("is the mean voltage of a run in time, once that has settled", async () => {
    const frequency = 9 * GHz;
    const damped = stack(
      layer(Pt, 5 * nm, { name: "HM" }),
      contactOf(metallic),
      layer({ ...Py, damping: 0.05, anisotropicMagnetoresistance: 0.02 }, 5 * nm, { magnetization: [1, 1, 0] }),
    );
    const amplitude = 0.02;
    const fields = [75, 80, 85, 90, 95, 100, 105].map((B) => B * mT);
    const { data } = spinTorqueFerromagneticResonance(damped, {
      frequency,
      angle: Math.PI / 4,
      current: { current: amplitude, along: "x" },
      fields,
    });
    // simulate() leaves the Oersted field to whoever gives the field.
    const model = lower(damped, [constant({ current: 1, along: "x" })]);
    const [oersted] = oerstedFields(
      damped,
      model,
      model.network.solve({ magnetizations: { Py: [Math.SQRT1_2, Math.SQRT1_2, 0] }, drives: { drive: 1 } }),
    );
    const omega = 2 * Math.PI * frequency;
    for (const i of [1, 4]) {
      const B = fields[i] * Math.SQRT1_2;
      const periods = 30;
      const run = await simulate(damped, {
        duration: periods / frequency,
        every: 1 / frequency / 40,
        current: sine({ current: amplitude, along: "x", frequency }),
        field: (t) => {
          const I = amplitude * Math.sin(omega * t);
          return [B + I * oersted[0], B + I * oersted[1], I * oersted[2]];
        },
        tolerance: 1e-8,
      });
      const last = (run.table.get("V") as Float64Array).slice(-40);
      const mean = last.reduce((sum, V) => sum + V, 0) / last.length;
      // The magnet tilts by 1e-2: the fourth order is 1e-4.
      expect(data.voltage.values[i] / mean).toBeCloseTo(1, 3);
    }
  });

  it("says which part or number is wrong", () => {
    const bad = (changes: object) => () => spinTorqueFerromagneticResonance(anisotropic, { ...torque, ...changes });
    expect(() =>
      spinTorqueFerromagneticResonance(stack(layer(Py, 5 * nm)), { ...torque, current: { density: 1e10, along: "x" } }),
    ).toThrow(/no normal metal beside "Py"/);
    expect(bad({ current: { density: 1e10, along: "z" } })).toThrow(/current.along is "z"/);
    expect(bad({ current: { density: 0, along: "x" } })).toThrow(/a current that is not zero/);
    expect(bad({ current: undefined })).toThrow(InputError);
    expect(bad({ metal: "Ta" })).toThrow(/metal is "Ta"; allowed: "Pt"/);
    expect(bad({ fields: [-0.1, 0, 0.1, 0.2, 0.3, 0.4] })).toThrow(/fields\[0\] is -0.1/);
    expect(bad({ angel: 1 })).toThrow(/"angle"/);
    const modulation = { ...torque, biases: [0, 1e10, 2e10] };
    expect(() => dampingModulation(anisotropic, { ...modulation, angle: 0 })).toThrow(/not along the current/);
    expect(() => dampingModulation(anisotropic, { ...modulation, biases: [0, 1e10] })).toThrow(/three different/);
    expect(() => dampingModulation(anisotropic, { ...modulation, biases: [0, 1e10, 1e14] })).toThrow(/state at rest/);
  });
});
