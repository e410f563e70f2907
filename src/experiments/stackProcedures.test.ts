import { describe, expect, it } from "vitest";
import { InputError } from "../checks.ts";
import { constant, device, layer, surface } from "../device/index.ts";
import { rectangle } from "../geometry/index.ts";
import { materials } from "../materials/index.ts";
import { topologicalSurface } from "../transport/index.ts";
import { nm } from "../units.ts";
import { hysteresisLoop, switchingCurrent, switchingPhaseDiagram } from "./fieldSweep.ts";
import { harmonicHall, harmonicHallFields } from "./harmonicHall.ts";
import { inverseEdelstein } from "./inverseEdelstein.ts";
import {
  cppSquareRoot,
  magnetoresistanceVersusAngle,
  spinHallMagnetoresistance,
  spinValve,
} from "./magnetoresistance.ts";
import { thermalBit } from "./thermalSwitching.ts";
import { torqueEfficiency } from "./torqueEfficiency.ts";

const shape = rectangle(100 * nm, 100 * nm);
const { Co, Cu, CoFeB, MgO, Pt } = materials;
const metal = device({ shape, layers: [layer(Pt, 5 * nm)] });
const single = device({ shape, layers: [layer(Pt, 5 * nm), layer(Co, 2 * nm, { name: "free", magnetization: "+x" })] });
const junction = device({
  shape,
  layers: [
    layer(CoFeB, 2 * nm, { name: "reference", fixed: true, magnetization: "+x" }),
    layer(MgO, 1 * nm, { barrier: { resistanceArea: 10e-12, polarizationBelow: 0.6, polarizationAbove: 0.5 } }),
    layer(CoFeB, 1.5 * nm, { name: "free", magnetization: "+x" }),
  ],
});
const quiet = { onWarning: () => {} };

describe("a tunnel junction", () => {
  it("has Jullière's magnetoresistance and its resistance-area product", () => {
    const { ratio, resistanceArea } = spinValve(junction, quiet);
    expect(ratio).toBeCloseTo((2 * 0.6 * 0.5) / (1 - 0.6 * 0.5), 3);
    // The electrodes add 1e-3.
    expect(resistanceArea / 10e-12).toBeCloseTo(1, 2);
  });

  it("changes as the cosine of the angle in conductance", () => {
    const angles = [0, Math.PI / 3, Math.PI / 2, Math.PI];
    const { data } = magnetoresistanceVersusAngle(junction, { ...quiet, plane: "xy", along: "z", angles });
    const [zero, sixty, right, half] = Array.from(data.longitudinal.values, (R) => 1 / R);
    expect((sixty - right) / (zero - right)).toBeCloseTo(0.5, 2);
    expect((half - right) / (zero - right)).toBeCloseTo(-1, 2);
  });
});

describe("a procedure on a device that lacks a part says which", () => {
  it("two magnets, one magnet, one of several by name", () => {
    expect(() => spinValve(single)).toThrow("a device with two magnets or more");
    expect(() => cppSquareRoot(() => single, { repeats: [2, 4] })).toThrow("a device with two magnets or more");
    expect(() => spinHallMagnetoresistance(metal)).toThrow("a device with a magnet");
    const two = device({ shape, layers: [layer(Co, 2 * nm), layer(Cu, 2 * nm), layer(Co, 3 * nm)] });
    expect(() => magnetoresistanceVersusAngle(two)).toThrow("the name of one of them");
    expect(() => magnetoresistanceVersusAngle(two, { magnet: "Fe" })).toThrow('"Co", "Co 2"');
    expect(() => torqueEfficiency(metal)).toThrow("a device with a magnet");
    expect(() => inverseEdelstein(single)).toThrow("a device with a surface is needed");
  });

  it("a free magnet, a perpendicular one, an axial one", async () => {
    const field = { direction: [0, 0, 1], amplitude: 0.1 } as const;
    const current = { current: 1e-6, along: "x" } as const;
    expect(() => hysteresisLoop(metal, { current, ...field })).toThrow("a device with a magnet");
    await expect(switchingCurrent(metal, { current, rampRates: [1e7] })).rejects.toThrow("a device with a magnet");
    const diagram = () => switchingPhaseDiagram(metal, { current, factors: [1], direction: [1, 0, 0], fields: [0] });
    expect(diagram).toThrow("a device with a magnet");
    expect(() => harmonicHallFields(single, { ...quiet, current, fields: [0, 1e-3, 2e-3, 3e-3] })).toThrow(
      "a magnet that rests along ±z",
    );
    expect(() => thermalBit(single, { current })).toThrow(InputError);
    expect(() => thermalBit(metal, { current })).toThrow("a device with one free magnet");
  });
});

describe("options that make no sense are refused before any work", () => {
  it("by name", () => {
    const current = { current: 1e-6, along: "x" } as const;
    expect(() => hysteresisLoop(single, { current, direction: [0, 0, 0], amplitude: 0.1 })).toThrow("direction");
    expect(() => hysteresisLoop(single, { current, direction: [0, 0, 1], amplitude: -1 })).toThrow("amplitude is -1");
    expect(() => harmonicHall(single, { current, along: "x", fields: [0, 1e-3] })).toThrow("four or more");
    const along = { current: { current: 1e-6, along: "z" }, along: "x", fields: [0, 1e-3, 2e-3, 3e-3] } as const;
    expect(() => harmonicHall(single, along)).toThrow("so that the Hall voltage stands along y");
    expect(() => spinValve(junction, { turned: ["nobody"] })).toThrow('"reference", "free"');
    expect(() => torqueEfficiency(single, { ...quiet, magnetization: [0, 1, 0] })).toThrow("where there is no torque");
    expect(constant(current).current).toBe(1e-6);
  });
});

it("the torque efficiency of a bilayer is what its network absorbs, and its shares add up", () => {
  const law = topologicalSurface({ fermiVelocity: 5e5, scatteringTime: 1e-14, fermiWavevector: 1e9 });
  const stack = device({ shape, layers: [layer(Pt, 5 * nm), surface(law), layer(Co, 2 * nm, { name: "free" })] });
  const found = torqueEfficiency(stack, quiet);
  expect(Object.values(found.shares).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
  expect(found.dampingLike).toBeGreaterThan(0);
});
