import { levenbergMarquardt } from "ml-levenberg-marquardt";
import { checkKeys, checkNumber, InputError, POSITIVE } from "../checks.ts";
import { correlationsOf, normalEquations, slopesOf } from "./normalEquations.ts";

/** A number that a fit found. */
export interface FittedParameter {
  readonly value: number;
  /** Standard uncertainty, of the same unit. */
  readonly uncertainty: number;
  readonly unit: string;
}

/** A curve that was fitted to points, and how well. */
export interface Fit<Name extends string = string> {
  readonly what: string;
  readonly parameters: Readonly<Record<Name, FittedParameter>>;
  /** Correlation of the uncertainties of every two parameters, from −1 to 1; 1 of each with itself. */
  readonly correlations: Readonly<Record<Name, Readonly<Record<Name, number>>>>;
  /** The fitted curve. */
  at(x: number): number;
  /** Root mean square of y − curve, in the unit of y. */
  readonly residualRms: number;
  readonly iterations: number;
}

/** A fit that did not end in a minimum, or whose minimum does not determine its parameters. */
export class FitError extends Error {
  override name = "FitError";
  /** Where the fit stood. */
  readonly parameters: Readonly<Record<string, number>>;

  constructor(what: string, reason: string, parameters: Readonly<Record<string, number>>) {
    const stood = Object.entries(parameters).map(([name, value]) => `${name} = ${value.toPrecision(4)}`);
    super(`The fit of ${what} did not converge: ${reason}. It stood at ${stood.join(", ")}`);
    this.parameters = parameters;
  }
}

export interface FitParameter {
  readonly unit: string;
  /** Where the search begins. */
  readonly start: number;
  /** By how much it typically changes the curve; default |start|, which then must not be 0. */
  readonly scale?: number;
  readonly min?: number;
  readonly max?: number;
}

export interface FitOptions<Name extends string> {
  /** What is fitted, for messages, such as "Hanle curve". */
  readonly what: string;
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  /** Standard uncertainty of every y; default: all alike, and estimated from the scatter about the curve. */
  readonly uncertainty?: ArrayLike<number>;
  readonly parameters: Readonly<Record<Name, FitParameter>>;
  model(x: number, parameters: Readonly<Record<Name, number>>): number;
}

/**
 * The search goes in short rounds from the best point so far: it keeps a step that made things worse, and finds its way back only
 * from a new start with more damping.
 */
const ITERATIONS = 4;
const ROUNDS = 250;
const DAMPING = { start: 1e-2, less: 0.1, more: 20, least: 1e-6, most: 1e6 };
/** What a Gauss–Newton step from a minimum still changes, in standard uncertainties or in scales of the parameter. */
const SETTLED = { uncertainties: 1e-3, scales: 1e-7 };

/**
 * Fits a curve by least squares: Levenberg and Marquardt's search, and the uncertainties of its minimum from the covariance
 * (JᵀWJ)⁻¹, scaled by the scatter about the curve where no uncertainty of the points is given.  The minimum is the one that the start
 * leads to: begin near, above all for lines and oscillations.
 *
 * @throws InputError for fewer points than parameters, for numbers that are none, and for bounds that leave nothing between them
 * @throws FitError when no minimum is found, when it lies at the edge of what a parameter may be, when the parameters cannot be told
 *   apart by these points, and when the model gives no number
 */
export function fitCurve<Name extends string>(options: FitOptions<Name>): Fit<Name> {
  const { what, x, y, parameters, model } = options;
  const names = Object.keys(parameters) as Name[];
  const scales = checkFit(options, names);
  const count = x.length;
  // In units of the largest y, or of each point's own uncertainty.
  const largest = largestOf(y);
  const sigma = Float64Array.from({ length: count }, (_, i) => options.uncertainty?.[i] ?? largest);
  const named = (u: readonly number[]): Record<Name, number> =>
    Object.fromEntries(names.map((name, k) => [name, u[k] * scales[k]])) as Record<Name, number>;
  const curve = (u: readonly number[]) => {
    const p = named(u);
    return (i: number): number => model(x[i], p) / sigma[i];
  };
  const data = { x: Array.from({ length: count }, (_, i) => i), y: Array.from(y, (value, i) => value / sigma[i]) };
  const bounds = names.map((name, k) => ({
    min: (parameters[name].min ?? Number.NEGATIVE_INFINITY) / scales[k],
    max: (parameters[name].max ?? Number.POSITIVE_INFINITY) / scales[k],
  }));
  let u = names.map((name, k) => parameters[name].start / scales[k]);
  const fail = (reason: string): never => {
    throw new FitError(what, reason, named(u));
  };
  const slopesAt = (at: readonly number[]): number[][] => slopesOf(curve, data.x, at, bounds);
  let iterations = 0;
  let damping = DAMPING.start;
  for (let round = 0; round < ROUNDS; round++) {
    const here = curve(u);
    const residuals = data.y.map((value, i) => value - here(i));
    if (!residuals.every(Number.isFinite)) fail("the model gives no number");
    const slopes = slopesAt(u);
    if (!slopes.flat().every(Number.isFinite)) fail("the model gives no number close by");
    const state = normalEquations(slopes, residuals);
    const edge = round === 0 ? -1 : bounds.findIndex(({ min, max }, k) => u[k] <= min || u[k] >= max);
    const ranToEdge = `${names[edge]} ran to the edge of what it may be`;
    if (!state.isDetermined) fail(edge >= 0 ? ranToEdge : describeDegeneracy(state.weakest, names));
    // Without given uncertainties the scatter sets the scale of all of them.
    const variance = options.uncertainty ? 1 : state.squares / Math.max(1, count - names.length);
    const deviations = state.covariance.map((row, k) => Math.sqrt(row[k] * variance));
    const settled = state.step.every(
      (step, k) =>
        Math.abs(step) <= Math.max(SETTLED.uncertainties * deviations[k], SETTLED.scales * Math.max(1, Math.abs(u[k]))),
    );
    if (settled) {
      const found = named(u);
      return {
        what,
        parameters: Object.fromEntries(
          names.map((name, k) => [
            name,
            { value: found[name], uncertainty: deviations[k] * scales[k], unit: parameters[name].unit },
          ]),
        ) as Record<Name, FittedParameter>,
        correlations: correlationsOf(state.covariance, names),
        at: (position) => model(position, found),
        residualRms: Math.sqrt(data.x.reduce((sum, i) => sum + (y[i] - model(x[i], found)) ** 2, 0) / count),
        iterations,
      };
    }
    if (edge >= 0) fail(ranToEdge);
    const search = levenbergMarquardt(data, (at) => finiteOrNaN(curve(at)), {
      initialValues: u,
      damping,
      minValues: bounds.map(({ min }) => min),
      maxValues: bounds.map(({ max }) => max),
      // Away from the best point the model may have no slope; then neither has the search.
      jacobianFunction: (at) => {
        const columns = slopesAt(at);
        return (i) => columns.map((column) => (Number.isFinite(column[i]) ? column[i] : 0));
      },
      maxIterations: ITERATIONS,
      errorTolerance: Number.MIN_VALUE,
    });
    iterations += search.iterations;
    const better = search.parameterError < state.squares;
    damping = better ? Math.max(DAMPING.least, damping * DAMPING.less) : Math.min(DAMPING.most, damping * DAMPING.more);
    if (better) u = search.parameterValues;
  }
  return fail(`no minimum was reached in ${iterations} iterations`);
}

/**
 * A straight line y = intercept + slope x, weighted where uncertainties are given.
 * @throws InputError for fewer than two points, three without uncertainties; FitError when all x are alike
 */
export function fitLine(
  options: Pick<FitOptions<never>, "what" | "x" | "y" | "uncertainty"> & {
    readonly units: { readonly slope: string; readonly intercept: string };
  },
): Fit<"slope" | "intercept"> {
  checkKeys(`fit of ${options.what}`, options, ["what", "x", "y", "uncertainty", "units"]);
  const { units, ...rest } = options;
  const { x, y, uncertainty } = rest;
  // About the weighted mean of x the height and the slope are independent, however far from zero the points lie.
  const weights = Array.from(x, (_, i) => 1 / (uncertainty?.[i] ?? 1) ** 2);
  const total = weights.reduce((sum, w) => sum + w, 0);
  const centre = weights.reduce((sum, w, i) => sum + w * x[i], 0) / total;
  const width = largestOf(Array.from(x, (at) => at - centre));
  const height = largestOf(y);
  const centred = fitCurve({
    ...rest,
    parameters: {
      slope: { unit: units.slope, start: 0, scale: height / width },
      middle: { unit: units.intercept, start: 0, scale: height },
    },
    model: (at, { slope, middle }) => middle + slope * (at - centre),
  });
  const { slope, middle } = centred.parameters;
  const deviation = Math.hypot(middle.uncertainty, centre * slope.uncertainty);
  const correlation = deviation === 0 ? 0 : (-centre * slope.uncertainty) / deviation;
  return {
    ...centred,
    parameters: {
      slope,
      intercept: { value: middle.value - centre * slope.value, uncertainty: deviation, unit: units.intercept },
    },
    correlations: { slope: { slope: 1, intercept: correlation }, intercept: { slope: correlation, intercept: 1 } },
  };
}

/** Checks what is handed in; returns the scale of every parameter. */
function checkFit<Name extends string>(options: FitOptions<Name>, names: readonly Name[]): number[] {
  const { what, x, y, uncertainty, parameters } = options;
  checkKeys(`fit of ${what}`, options, ["what", "x", "y", "uncertainty", "parameters", "model"]);
  if (names.length === 0) throw new InputError(`fit of ${what}: parameters`, [], "at least one");
  if (x.length !== y.length) {
    throw new InputError(`fit of ${what}: x and y`, `${x.length} x and ${y.length} y`, "as many x as y");
  }
  const least = Math.max(2, names.length + (uncertainty ? 0 : 1));
  if (x.length < least) {
    const count = `${names.length} parameter${names.length > 1 ? "s" : ""}`;
    throw new InputError(`fit of ${what}: points`, x.length, `at least ${least} for ${count}`);
  }
  if (uncertainty && uncertainty.length !== y.length) {
    throw new InputError(`fit of ${what}: uncertainty`, `${uncertainty.length} for ${y.length} y`, "one for every y");
  }
  for (let i = 0; i < x.length; i++) {
    checkNumber(`fit of ${what}: x[${i}]`, x[i]);
    checkNumber(`fit of ${what}: y[${i}]`, y[i]);
    if (uncertainty) checkNumber(`fit of ${what}: uncertainty[${i}]`, uncertainty[i], POSITIVE);
  }
  return names.map((name) => {
    const parameter = `fit of ${what}: ${name}`;
    checkKeys(parameter, parameters[name], ["unit", "start", "scale", "min", "max"]);
    const {
      start,
      scale = Math.abs(start),
      min = Number.NEGATIVE_INFINITY,
      max = Number.POSITIVE_INFINITY,
    } = parameters[name];
    if (!(min < max)) throw new InputError(`${parameter}.max`, max, `more than min, which is ${min}`);
    checkNumber(`${parameter}.start`, start, { min, max });
    return checkNumber(`${parameter}.scale`, scale, POSITIVE);
  });
}

/** The largest magnitude, 1 where all are 0. */
function largestOf(values: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i]));
  return largest || 1;
}

/** The search stops at NaN; from an infinite sum of squares it would go on. */
const finiteOrNaN =
  (curve: (i: number) => number) =>
  (i: number): number => {
    const value = curve(i);
    return Number.isFinite(value * value) ? value : Number.NaN;
  };

function describeDegeneracy(weakest: readonly number[], names: readonly string[]): string {
  // Those that make up the combination which the points do not fix.
  const mixed = names.filter((_, k) => Math.abs(weakest[k]) > 0.1);
  return mixed.length === 1
    ? `the points do not depend on ${mixed[0]}`
    : `the points fix only a combination of ${mixed.join(" and ")}`;
}
