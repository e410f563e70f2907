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
    // −x̄/√⟨x²⟩: a steeper line through the same middle begins lower.
    expect(fit.correlations.slope.intercept).toBeCloseTo(-1.5 / Math.sqrt(14 / 4), 9);
    expect(fit.correlations.intercept.slope).toBe(fit.correlations.slope.intercept);
  });

  it("finds a line as well far from zero as near it", () => {
    const far = (origin: number) =>
      fitLine({
        what: "line",
        x: x.map((at) => origin + at),
        y: x.map((at, i) => 3 + 2e6 * at + (i % 2 ? 1e-3 : -1e-3)),
        units: { slope: "1/m", intercept: "1" },
      }).parameters.slope;
    // x keeps 1e-16 · 1 m of its 1.5e-6 m: ten digits.
    expect(far(1).value / far(0).value).toBeCloseTo(1, 8);
    expect(far(1).uncertainty / far(0).uncertainty).toBeCloseTo(1, 6);
  });

  it("gives the correlation of an amplitude and a length, as the slopes of the exponential have it", () => {
    const y = x.map((at) => decay(at, { amplitude: 8e-3, length: 500e-9 }));
    const fit = fitCurve({ what: "decay", x, y, uncertainty: y.map(() => 1e-4), parameters, model: decay });
    // ∂/∂A and ∂/∂l of A e^(−t), t = x/l, go as e^(−t) and t e^(−t).
    const moment = (power: number): number =>
      x.reduce((sum, at) => sum + (at / 500e-9) ** power * Math.exp((-2 * at) / 500e-9), 0);
    const expected = -moment(1) / Math.sqrt(moment(0) * moment(2));
    // The slopes of the fit are differences over 1e-5, good to 1e-10.
    expect(fit.correlations.amplitude.length).toBeCloseTo(expected, 8);
    expect(fit.correlations.length.amplitude).toBeCloseTo(expected, 8);
  });

  it("finds its way back from where the curve has no finite value", () => {
    const y = x.map((at) => decay(at, { amplitude: 8e-3, length: 500e-9 }));
    const start = { ...parameters, length: { start: 10e-6, unit: "m", min: 1e-10 } };
    const fit = fitCurve({ what: "decay", x, y, parameters: start, model: decay });
    expect(fit.parameters.length.value / 500e-9).toBeCloseTo(1, 6);
  });

  it("asks the model for nothing outside the bounds", () => {
    const fit = fitCurve({
      what: "root",
      x,
      y: x.map((at) => 2 * Math.sqrt(0.3e-6 + at)),
      parameters: { height: { start: 1, unit: "1" }, offset: { start: 0, scale: 1e-7, unit: "m", min: 0 } },
      model: (at, { height, offset }) => {
        if (offset < 0) throw new Error("outside");
        return height * Math.sqrt(offset + at);
      },
    });
    expect(fit.parameters.offset.value / 0.3e-6).toBeCloseTo(1, 6);
  });

  it("takes as many points as there are", () => {
    const many = Float64Array.from({ length: 200_000 }, (_, i) => i);
    const model = (at: number, { slope }: { slope: number }): number => slope * at;
    const fit = fitCurve({ what: "many", x: many, y: many, parameters: { slope: { start: 2, unit: "1" } }, model });
    expect(fit.parameters.slope.value).toBeCloseTo(1, 9);
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

  it("says when the model gives a number only at the start itself", () => {
    const lonely = () =>
      fitCurve({
        what: "edge",
        x,
        y,
        parameters: { a: { start: 1, unit: "1" } },
        model: (at, { a }) => (a === 1 ? at : Number.NaN),
      });
    expect(lonely).toThrow("the model gives no number close by. It stood at a = 1.000");
  });

  it("lets through what the model itself throws", () => {
    const angry = () =>
      fitCurve({
        what: "decay",
        x,
        y,
        parameters,
        model: () => {
          throw new RangeError("from the model");
        },
      });
    expect(angry).toThrow(RangeError);
  });

  it("says when all points of a line lie above each other", () => {
    const units = { slope: "1", intercept: "1" };
    expect(() => fitLine({ what: "wall", x: [0.1, 0.1, 0.1], y: [1, 2, 3], units })).toThrow(FitError);
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
    const one = { a: { start: 1, unit: "1" } };
    expect(() =>
      fitCurve({ what: "point", x: [1], y: [1], uncertainty: [1], parameters: one, model: (at, { a }) => a * at }),
    ).toThrow("at least 2 for 1 parameter");
    expect(() => fitCurve({ what: "decay", x, y, uncertainty: [1], parameters, model: decay })).toThrow(
      "one for every y",
    );
  });

  it("refuses misspelt options and bounds with nothing between them", () => {
    const length = { start: 1e-7, unit: "m", minimum: 0 };
    expect(() => fitCurve({ what: "decay", x, y, parameters: { ...parameters, length }, model: decay })).toThrow(
      'there is no option "minimum"',
    );
    const crossed = { start: 1e-7, unit: "m", min: 2e-7, max: 0 };
    expect(() =>
      fitCurve({ what: "decay", x, y, parameters: { ...parameters, length: crossed }, model: decay }),
    ).toThrow("more than min");
  });
});
