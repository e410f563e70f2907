import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatNumber, formatQuantity, readableUnit } from "./siPrefix.ts";

describe("quantities in readable units", () => {
  it.each([
    [1.5e-9, "m", "1.5 nm"],
    [1.1e-9, "m", "1.1 nm"],
    [5e6, "S/m", "5 MS/m"],
    [4e14, "S/m²", "4 × 10¹⁴ S/m²"],
    [8e5, "A/m", "800 kA/m"],
    [-0.12, "1", "−0.12"],
    [1e-4, "m²/s", "0.0001 m²/s"],
    [0.75e-15, "Ω m²", "750 aΩ m²"],
    [9.9999999e-7, "s", "1 µs"],
    [Number.POSITIVE_INFINITY, "m", "∞"],
    [0, "T", "0 T"],
  ])("%d %s reads %s", (value, unit, text) => {
    expect(formatQuantity(value, unit)).toBe(text);
  });

  it("have a lead between 1 and 1000 wherever a prefix exists", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-23, max: 1e20, noNaN: true }), (value) => {
        const lead = value / readableUnit(value, "A").per;
        expect(lead).toBeGreaterThanOrEqual(1 - 1e-8);
        expect(lead).toBeLessThan(1000);
      }),
    );
  });

  it("leave a unit alone that has a prefix already", () => {
    expect(readableUnit(3e4, "mT")).toStrictEqual({ per: 1e3, unit: "10³ mT" });
    expect(formatNumber(-1.5e-9)).toBe("−1.5 × 10⁻⁹");
  });
});
