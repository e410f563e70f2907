import { describe, expect, it } from "vitest";
import { contactOf, device, layer } from "../device/index.ts";
import { ellipse } from "../geometry/index.ts";
import { materials } from "../materials/index.ts";
import { mT, nm } from "../units.ts";
import { criticalCurrent, currentSweep, Quasistatic } from "./index.ts";

const strong = { conductanceUp: 5e14, conductanceDown: 5e14, mixingConductance: 5e14 };
const free = { ...materials.CoFeB, damping: 0.02 };
const bit = device({
  shape: ellipse(60 * nm),
  layers: [
    layer(materials.betaTa, 6 * nm, { name: "Ta" }),
    contactOf(strong),
    layer(free, 1.1 * nm, { name: "free", magnetization: "-z" }),
  ],
});
const current = { density: 2e13, in: "Ta", along: "x" } as const;

describe("criticalCurrent", () => {
  it("is the same when current and field are both reversed", () => {
    const critical = (limit: number, field: number) =>
      criticalCurrent(bit, { current, field: [field, 0, 0], limit }) as number;
    const forward = critical(1, 20 * mT);
    expect(critical(-1, -20 * mT) / forward).toBeCloseTo(-1, 6);
    expect(Math.abs(critical(-1, 20 * mT))).toBeGreaterThan(1.05 * forward);
  });

  it("does not depend on how the limit is chosen or divided", () => {
    const critical = (limit: number, steps?: number) =>
      criticalCurrent(bit, {
        current,
        field: [20 * mT, 0, 0],
        limit,
        ...(steps && { steps }),
        precision: 1e-5,
      }) as number;
    const reference = critical(1);
    for (const [limit, steps] of [
      [1, 1],
      [1, 3],
      [100, 100],
    ]) {
      // Each is found to its precision.
      expect(critical(limit, steps) / reference).toBeCloseTo(1, 4);
    }
  });

  it("refuses a state that a flat direction lets drift, misspelt options, and broken steps", () => {
    const disc = device({ shape: ellipse(60 * nm), layers: [layer(materials.Pt, nm), layer(materials.Py, 3 * nm)] });
    expect(() => criticalCurrent(disc, { current: { density: 1e12, along: "x" } })).toThrow(
      /a state that holds by itself/,
    );
    expect(() => criticalCurrent(bit, { current, feild: [0, 0, 0] } as never)).toThrow(/feild/);
    expect(() => criticalCurrent(bit, { current, steps: 1.5 })).toThrow(/steps is 1.5/);
  });

  it("is undefined when the state survives up to the limit", () => {
    expect(criticalCurrent(bit, { current, field: [20 * mT, 0, 0], limit: 0.1 })).toBeUndefined();
  });

  it("refuses a limit of zero and devices without a free magnet", () => {
    expect(() => criticalCurrent(bit, { current, limit: 0 })).toThrow(/limit is 0/);
    const held = device({
      shape: ellipse(60 * nm),
      layers: [layer(materials.Pt, nm), layer(free, nm, { fixed: true })],
    });
    expect(() => criticalCurrent(held, { current: { ...current, in: "Pt" } })).toThrow(/a magnet that can turn/);
    expect(() => criticalCurrent(bit, { current: { ...current, along: "w" as never } })).toThrow(/along is "w"/);
  });
});

describe("currentSweep", () => {
  it("goes around a hysteresis loop, one way for each sign of the field", () => {
    const up = Array.from({ length: 40 }, (_, i) => (0.55 * i) / 39);
    const factors = [...up, ...up.toReversed(), ...up.map((x) => -x), ...up.map((x) => -x).toReversed()];
    for (const sign of [1, -1]) {
      const { states } = currentSweep(bit, { current, field: [sign * 20 * mT, 0, 0], factors });
      const atZero = [0, 79, 159].map((i) => Math.sign(states[i].magnetizations.free[2]));
      // θ < 0: a current along the field writes up, one against it writes down.
      expect(atZero).toEqual(sign > 0 ? [-1, 1, -1] : [-1, -1, 1]);
    }
  });
});

describe("a collinear spin valve", () => {
  const pillar = device({
    shape: ellipse(100 * nm, 60 * nm),
    layers: [
      layer(materials.Cu, 10 * nm),
      layer({ ...materials.Co, uniaxialAnisotropy: 0, uniaxialAnisotropy2: 0 }, 15 * nm, {
        name: "fixed",
        fixed: true,
        magnetization: "+x",
      }),
      layer(materials.Cu, 6 * nm, { name: "spacer" }),
      layer(materials.Py, 3 * nm, { name: "free", magnetization: "-x" }),
      layer(materials.Cu, 10 * nm, { name: "cap" }),
    ],
  });

  it("rests antiparallel up to its threshold and precesses beyond it, never resting on an unstable state", () => {
    const density = 1e13;
    const critical = criticalCurrent(pillar, { current: { density, along: "z" }, limit: -1 }) as number;
    const { states } = currentSweep(pillar, {
      current: { density, along: "z" },
      factors: [0, 0.9 * critical, 2 * critical],
      wait: 10e-9,
    });
    expect(states.map(({ resting }) => resting)).toEqual([true, true, false]);
    expect(states[0].resistance).toBeGreaterThan(0);
    expect(states[1].magnetizations.free[0]).toBeCloseTo(-1, 6);
    expect(states[2].magnetizations.free[0]).toBeGreaterThan(-0.95);
    expect(states[2].resistance).toBeLessThan(states[1].resistance);
  }, 60_000);
});

describe("Quasistatic", () => {
  it("finds the growth rate of small deviations negative at rest and less so under an opposing current", () => {
    const device = new Quasistatic(bit, { current, field: [20 * mT, 0, 0] });
    const rest = device.atRest();
    expect(device.growthRate(rest, 0)).toBeLessThan(0);
    const state = device.describe(rest, 0.1);
    expect(state.current).toBeGreaterThan(0);
    expect(state.resistance).toBeGreaterThan(0);
  });
});
