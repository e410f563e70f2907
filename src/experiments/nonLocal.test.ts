import { describe, expect, it } from "vitest";
import { InputError } from "../checks.ts";
import { type LateralDevice, lateralDevice, tunnelContact } from "../device/index.ts";
import { materials } from "../materials/index.ts";
import { nm, um } from "../units.ts";
import { fitHanle, hanleCurve } from "./hanle.ts";
import { inverseSpinHallCross, nonLocalProbe, nonLocalSignal, spinAbsorption } from "./nonLocal.ts";

const wire = { material: materials.Al, width: 250 * nm, thickness: 50 * nm };
const electrode = (name: string, position: number) => ({
  name,
  material: materials.Co,
  position,
  width: 400 * nm,
  contact: tunnelContact(1e-10, 0.1),
});
const valve = (length: number): LateralDevice =>
  lateralDevice({ wire, electrodes: [electrode("injector", 0), electrode("detector", length)] });

describe("a non-local spin valve", () => {
  it("shows opposite signals for parallel and antiparallel electrodes", () => {
    const { parallel, antiparallel, difference } = nonLocalSignal(valve(1 * um));
    expect(parallel).toBeGreaterThan(0);
    expect(antiparallel / parallel).toBeCloseTo(-1, 9);
    expect(difference / parallel).toBeCloseTo(2, 9);
  });

  it("returns the spin diffusion length from its Hanle curve, in a field of both signs", () => {
    const fields = Array.from({ length: 41 }, (_, i) => -0.2 + 0.01 * i);
    const { spinDiffusionLength } = fitHanle(hanleCurve(valve(1 * um), { fields }));
    // Tunnel contacts of 1e-10 Ω m² over 1e-13 m² are 1 kΩ: they absorb next to nothing.
    expect(spinDiffusionLength.value / materials.Al.spinDiffusionLength).toBeCloseTo(1, 2);
  });
});

describe("what cannot be measured non-locally", () => {
  it("is a voltage in the path of the current", () => {
    const local = () => nonLocalSignal(valve(1 * um), { current: ["injector", "right"] });
    expect(local).toThrow(InputError);
    expect(local).toThrow("the signal would not be non-local");
    expect(() => nonLocalSignal(valve(1 * um), { voltage: ["injector", "right"] })).toThrow("non-local");
  });

  it("names a terminal that is not there, and those that are", () => {
    expect(() => nonLocalProbe(valve(1 * um), { voltage: ["detector", "top"] })).toThrow(
      '"left", "right", "injector", "detector"',
    );
  });

  it("names the part that a device lacks", () => {
    expect(() => nonLocalSignal(lateralDevice({ wire, electrodes: [electrode("only", 0)] }))).toThrow(
      "electrodes is 1",
    );
    expect(() => spinAbsorption(valve(1 * um))).toThrow("a strip that takes up spin");
    expect(() => inverseSpinHallCross(valve(1 * um), { angles: [0] })).toThrow("a device with a Hall cross");
    const { diffusivity, ...slow } = materials.Al;
    expect(diffusivity).toBeDefined();
    const without = lateralDevice({ wire: { ...wire, material: slow }, electrodes: valve(1 * um).electrodes });
    expect(() => hanleCurve(without, { fields: [0] })).toThrow("diffusivity");
  });

  it("is a device whose parts overlap, share a name, or are as long as streets", () => {
    expect(() => valve(300 * nm)).toThrow('no overlap with "injector"');
    const twice = () => lateralDevice({ wire, electrodes: [electrode("a", 0), electrode("a", 1 * um)] });
    expect(twice).toThrow("a name that no other part has");
    const unit = () => lateralDevice({ wire: { ...wire, width: 250 }, electrodes: valve(1 * um).electrodes });
    expect(unit).toThrow("Did you mean 250 * nm?");
  });
});
