import { describe, expect, it } from "vitest";
import { InputError } from "../checks.ts";
import { NormalStream } from "../compute/random/philox.ts";
import { FitError, fitCurve, fitLine } from "./fit.ts";

const x = Array.from({ length: 30 }, (_, i) => (i + 1) * 50e-9);
const decay = (at: number, { amplitude, length }: { amplitude: number; length: number }): number =>
  amplitude * Math.exp(-at / length);
const parameters = {
  amplitude: { start: 1e-3, unit: "Ω" },
  length: { start: 200e-9, unit: "m", min: 1e-9 },
} as const;

describe("a fit", () => {
  it("finds what made the points, in SI numbers of any size", () => {
    const y = x.map((at) => decay(at, { amplitude: 8.3e-3, length: 612e-9 }));
    const fit = fitCurve({ what: "decay", x, y, parameters, model: decay });
    expect(fit.parameters.amplitude.value).toBeCloseTo(8.3e-3, 9);
    expect(fit.parameters.length.value / 612e-9).toBeCloseTo(1, 6);
    expect(fit.parameters.length.unit).toBe("m");
    expect(fit.residualRms).toBeLessThan(1e-9);
    expect(fit.at(0)).toBeCloseTo(8.3e-3, 9);
  });

  it("gives uncertainties that cover the truth as often as they say", () => {
    const noise = new Float64Array(x.length);
    let covered = 0;
    const trials = 200;
    for (let seed = 1; seed <= trials; seed++) {
      new NormalStream(seed).fill(noise, 0);
      const y = x.map((at, i) => decay(at, { amplitude: 8e-3, length: 500e-9 }) + 1e-4 * noise[i]);
      const { value, uncertainty } = fitCurve({ what: "decay", x, y, parameters, model: decay }).parameters.length;
      if (Math.abs(value - 500e-9) < uncertainty) covered++;
    }
    // 68.3 % within one standard uncertainty, ± 4 √(0.683 · 0.317/200) = ± 13 %; Student's tails take off less than 1 %.
    expect(covered / trials).toBeGreaterThan(0.55);
    expect(covered / trials).toBeLessThan(0.82);
  });

  it("uses the uncertainties of the points when they are given", () => {
    const line = { what: "line", x: [0, 1, 2, 3], y: [1, 3, 5, 7], units: { slope: "1", intercept: "1" } };
    const fit = fitLine({ ...line, uncertainty: [0.1, 0.1, 0.1, 0.1] });
    expect(fit.parameters.slope.value).toBeCloseTo(2, 9);
    // σ/√Σ(x − x̄)²
    expect(fit.parameters.slope.uncertainty).toBeCloseTo(0.1 / Math.sqrt(5), 9);
    expect(fit.parameters.intercept.uncertainty).toBeCloseTo(0.1 * Math.sqrt(1 / 4 + 1.5 ** 2 / 5), 9);
  });
});

describe("a fit that cannot be", () => {
  const y = x.map((at) => decay(at, { amplitude: 8e-3, length: 500e-9 }));

  it("says when two parameters only occur as a product", () => {
    const product = () =>
      fitCurve({
        what: "spin Hall signal",
        x,
        y,
        parameters: { theta: { start: 0.1, unit: "1" }, lambda: { start: 1e-9, unit: "m" } },
        model: (at, { theta, lambda }) => theta * lambda * 1e8 * Math.exp(-at / 500e-9),
      });
    expect(product).toThrow(FitError);
    expect(product).toThrow(
      "The fit of spin Hall signal did not converge: the points fix only a combination of theta and lambda",
    );
  });

  it("says when the points do not depend on a parameter", () => {
    const idle = () =>
      fitCurve({
        what: "decay",
        x,
        y,
        parameters: { ...parameters, idle: { start: 1, unit: "1" } },
        model: (at, p) => decay(at, p),
      });
    expect(idle).toThrow("the points do not depend on idle");
  });

  it("says when a parameter runs to the edge of what it may be", () => {
    const short = () =>
      fitCurve({
        what: "decay",
        x,
        y,
        parameters: { ...parameters, length: { start: 1e-7, unit: "m", max: 2e-7 } },
        model: decay,
      });
    expect(short).toThrow("length ran to the edge");
  });

  it("says when the model gives no number, and where it stood", () => {
    const broken = () =>
      fitCurve({ what: "decay", x, y, parameters, model: (at, { length }) => Math.sqrt(-length) * at });
    expect(broken).toThrow("the model gives no number. It stood at amplitude = 0.001000");
  });

  it("says when there is no minimum", () => {
    const endless = () =>
      fitCurve({
        what: "step",
        x: [1, 2, 3],
        y: [0, 0, 0],
        parameters: { a: { start: 1, unit: "1" } },
        model: (at, { a }) => Math.exp(-a * at),
      });
    expect(endless).toThrow(FitError);
  });

  it("refuses fewer points than parameters, and points that are no numbers", () => {
    expect(() => fitCurve({ what: "decay", x: [1, 2], y: [1, 2], parameters, model: decay })).toThrow(InputError);
    expect(() => fitCurve({ what: "decay", x: [1, 2, Number.NaN], y: [1, 2, 3], parameters, model: decay })).toThrow(
      "fit of decay: x[2] is NaN",
    );
  });
});
