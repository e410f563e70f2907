import { describe, expect, it } from "vitest";
import { cases, validate } from "./index.ts";

describe("validation", () => {
  it("gives every case its own id", () => {
    expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length);
  });

  it.each(cases)("$id: $title", async (one) => {
    const [{ value, expected, tolerance }] = await validate([one]);
    expect(Math.abs(value - expected)).toBeLessThanOrEqual(tolerance);
  });
});
