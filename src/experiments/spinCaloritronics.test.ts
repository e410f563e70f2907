import { describe, expect, it } from "vitest";
import { device, layer } from "../device/index.ts";
import { rectangle } from "../geometry/index.ts";
import { materials } from "../materials/index.ts";
import { nm, um } from "../units.ts";
import { lockIn } from "./lockIn.ts";
import { nonLocalMagnons } from "./nonLocalMagnons.ts";
import { spinPeltier } from "./spinPeltier.ts";
import { spinSeebeck, spinSeebeckGenerator, spinSeebeckVersusThickness } from "./spinSeebeck.ts";

const shape = rectangle(100 * um, 10 * um);
const heat = { below: 310, above: 300 };
const { GGG, Pt, YIG } = materials;
const stack = device({
  shape,
  layers: [layer(GGG, 500 * um), layer(YIG, 1 * um, { name: "YIG", magnetization: "+y" }), layer(Pt, 5 * nm)],
});

describe("a lock-in amplifier", () => {
  it("tells the powers of a polynomial response apart", () => {
    const [{ first, second, mean }] = lockIn(2, (x) => [1 + 3 * x + 5 * x ** 2]);
    expect(first).toBeCloseTo(6, 12);
    // 5 A² sin² ωt = (5 A²/2)(1 − cos 2ωt)
    expect(second).toBeCloseTo(10, 12);
    expect(mean).toBeCloseTo(11, 12);
  });
});

describe("the spin Seebeck effect of a device", () => {
  it("turns with the magnetization: odd, and zero along the voltage", () => {
    const voltage = (m: readonly [number, number, number]): number =>
      spinSeebeck(stack, { heat, magnetizations: { YIG: m } }).voltage;
    expect(voltage([0, -1, 0]) / voltage([0, 1, 0])).toBeCloseTo(-1, 9);
    expect(voltage([1, 0, 0]) / voltage([0, 1, 0])).toBeCloseTo(0, 9);
  });

  it("is linear in the temperature difference, and the same per heat flux however heat is driven", () => {
    const one = spinSeebeck(stack, { heat: { below: 301, above: 300 } });
    const ten = spinSeebeck(stack, { heat });
    expect(ten.voltage / one.voltage).toBeCloseTo(10, 6);
    const driven = spinSeebeck(stack, { heat: { flux: -1e4 } });
    expect(driven.spinSeebeckResistivity / one.spinSeebeckResistivity).toBeCloseTo(1, 6);
    expect(driven.heatFlux).toBeCloseTo(1e4, 6);
  });

  it("delivers the most power to a load of its own resistance, V²/4R", () => {
    const { best, reading } = spinSeebeckGenerator(stack, { heat });
    expect(best.load / reading.resistance).toBeCloseTo(1, 2);
    expect(best.power / (reading.voltage ** 2 / (4 * reading.resistance))).toBeCloseTo(1, 3);
    expect(best.efficiency).toBeGreaterThan(0);
  });
});

/** Two platinum strips on a film of garnet. */
const geometry = {
  film: YIG,
  filmThickness: 200 * nm,
  strip: Pt,
  stripThickness: 7 * nm,
  stripWidth: 300 * nm,
  stripLength: 10 * um,
  contact: {
    conductanceUp: 0,
    conductanceDown: 0,
    mixingConductance: 4e14,
    magnonConductance: 2e13,
    spinSeebeckConductance: 1.4e-6,
    kapitzaConductance: 2e8,
  },
  substrateConductance: 1e6,
};

describe("a caloritronic procedure says which part a device lacks", () => {
  const metal = device({ shape, layers: [layer(Pt, 5 * nm)] });

  it("a magnet, a conductor, a thermal conductivity", () => {
    expect(() => spinSeebeck(metal, { heat })).toThrow("a device with a magnet");
    expect(() => spinPeltier(metal, { currents: [1e-3] })).toThrow("a device with a magnet");
    const garnet = device({ shape, layers: [layer(YIG, 1 * um)] });
    expect(() => spinSeebeck(garnet, { heat })).toThrow("a device with a conducting layer");
    const unknown = device({ shape, layers: [layer(materials.AlOx, 1 * nm), ...stack.layers] });
    expect(() => spinSeebeck(unknown, { heat })).toThrow("AlOx: thermalConductivity is undefined");
  });

  it("and what of the heat contradicts itself", () => {
    expect(() => spinSeebeck(stack, { heat: { above: 300, flux: 1e4 } })).toThrow("the bath above takes what it needs");
    expect(() => spinSeebeck(stack, { heat: { below: -1 } })).toThrow("heat: below is -1");
    const series = () => spinSeebeckVersusThickness(() => stack, { thicknesses: [-1], heat });
    expect(series).toThrow("thicknesses[0] is -1");
  });

  it("of a non-local geometry: distances, the spin Hall angle, the way of the heat", () => {
    const options = { distances: [1 * um], current: 1e-4 };
    expect(() => nonLocalMagnons(geometry, { ...options, distances: [100 * nm] })).toThrow("distances[0]");
    const { spinHallAngle, ...plain } = Pt;
    expect(spinHallAngle).toBeGreaterThan(0);
    expect(() => nonLocalMagnons({ ...geometry, strip: plain }, options)).toThrow("spinHallAngle");
    const { kapitzaConductance, ...cold } = geometry.contact;
    expect(kapitzaConductance).toBe(2e8);
    expect(() => nonLocalMagnons({ ...geometry, contact: cold }, options)).toThrow("kapitzaConductance");
  });
});

describe("non-local magnons", () => {
  it("carry a signal even in m at ω, cos², and odd in m at 2ω, cos", () => {
    const at = (angle: number) => {
      const { first, second } = nonLocalMagnons(geometry, { distances: [2 * um], current: 1e-5, angle }).data;
      return [first.values[0], second.values[0]];
    };
    const [full, turned, back] = [0, Math.PI / 3, Math.PI].map(at);
    // The injector's own magnetoresistance is of order θ⁴ in the signal.
    expect(turned[0] / full[0]).toBeCloseTo(0.25, 2);
    expect(turned[1] / full[1]).toBeCloseTo(0.5, 2);
    expect(back[0] / full[0]).toBeCloseTo(1, 6);
    expect(back[1] / full[1]).toBeCloseTo(-1, 6);
  });
});
