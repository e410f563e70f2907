import { levenbergMarquardt } from "ml-levenberg-marquardt";
import { solveDense, symmetricEigen } from "../algebra/dense.ts";
import { checkNumber, InputError } from "../checks.ts";

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
/** Step of the numerical derivative, in scales of the parameter: about the third root of round-off. */
const DIFFERENCE = 1e-5;
/** What a Gauss–Newton step from a minimum still changes, in standard uncertainties or in scales of the parameter. */
const SETTLED = { uncertainties: 1e-3, scales: 1e-7 };
/** Smallest eigenvalue of the normalised normal matrix for which parameters can be told apart: far above its round-off, 1e-10. */
const LEAST_EIGENVALUE = 1e-9;

/**
 * Fits a curve by least squares: Levenberg and Marquardt's search, and the uncertainties of its minimum from the covariance
 * (JᵀWJ)⁻¹, scaled by the scatter about the curve where no uncertainty of the points is given.
 *
 * @throws InputError for fewer points than parameters, and for numbers that are none
 * @throws FitError when no minimum is found, when it lies at the edge of what a parameter may be, when the parameters cannot be told
 *   apart by these points, and when the model gives no number
 */
export function fitCurve<Name extends string>(options: FitOptions<Name>): Fit<Name> {
  const { what, x, y, parameters, model } = options;
  const names = Object.keys(parameters) as Name[];
  const scales = checkFit(options, names);
  const count = x.length;
  // In units of the largest y, or of each point's own uncertainty.
  const largest = Math.max(...Array.from(y, Math.abs)) || 1;
  const sigma = Float64Array.from({ length: count }, (_, i) => options.uncertainty?.[i] ?? largest);
  const named = (u: readonly number[]): Record<Name, number> =>
    Object.fromEntries(names.map((name, k) => [name, u[k] * scales[k]])) as Record<Name, number>;
  const curve = (u: readonly number[]) => {
    const p = named(u);
    return (i: number): number => model(x[i], p) / sigma[i];
  };
  const fail = (u: readonly number[], reason: string): never => {
    throw new FitError(what, reason, named(u));
  };
  const data = { x: Array.from({ length: count }, (_, i) => i), y: Array.from(y, (value, i) => value / sigma[i]) };
  const bounds = names.map((name, k) => ({
    min: (parameters[name].min ?? Number.NEGATIVE_INFINITY) / scales[k],
    max: (parameters[name].max ?? Number.POSITIVE_INFINITY) / scales[k],
  }));
  let u = names.map((name, k) => parameters[name].start / scales[k]);
  let iterations = 0;
  let damping = DAMPING.start;
  for (let round = 0; round < ROUNDS; round++) {
    if (!data.x.every((i) => Number.isFinite(curve(u)(i)))) fail(u, "the model gives no number");
    const state = linearize(curve, data, u, names.length);
    if (state.least < LEAST_EIGENVALUE) fail(u, describeDegeneracy(state.weakest, names));
    // Without given uncertainties the scatter sets the scale of all of them.
    const variance = options.uncertainty ? 1 : state.squares / Math.max(1, count - names.length);
    const deviations = state.covariance.map((c) => Math.sqrt(c * variance));
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
        at: (position) => model(position, found),
        residualRms: Math.sqrt(data.x.reduce((sum, i) => sum + (y[i] - model(x[i], found)) ** 2, 0) / count),
        iterations,
      };
    }
    const edge = bounds.findIndex(({ min, max }, k) => u[k] <= min || u[k] >= max);
    if (round > 0 && edge >= 0) fail(u, `${names[edge]} ran to the edge of what it may be`);
    const search = levenbergMarquardt(data, curve, {
      initialValues: u,
      damping,
      minValues: bounds.map(({ min }) => min),
      maxValues: bounds.map(({ max }) => max),
      gradientDifference: DIFFERENCE,
      centralDifference: true,
      maxIterations: ITERATIONS,
      errorTolerance: Number.MIN_VALUE,
    });
    iterations += search.iterations;
    const better = search.parameterError < state.squares;
    damping = better ? Math.max(DAMPING.least, damping * DAMPING.less) : Math.min(DAMPING.most, damping * DAMPING.more);
    if (better) u = search.parameterValues;
  }
  return fail(u, `no minimum was reached in ${iterations} iterations`);
}

/** A straight line y = intercept + slope x, weighted where uncertainties are given. */
export function fitLine(
  options: Pick<FitOptions<never>, "what" | "x" | "y" | "uncertainty"> & {
    readonly units: { readonly slope: string; readonly intercept: string };
  },
): Fit<"slope" | "intercept"> {
  const { units, ...rest } = options;
  const width = Math.max(...Array.from(options.x, Math.abs)) || 1;
  const height = Math.max(...Array.from(options.y, Math.abs)) || 1;
  return fitCurve({
    ...rest,
    parameters: {
      slope: { unit: units.slope, start: 0, scale: height / width },
      intercept: { unit: units.intercept, start: 0, scale: height },
    },
    model: (x, { slope, intercept }) => intercept + slope * x,
  });
}

/** Checks what is handed in; returns the scale of every parameter. */
function checkFit<Name extends string>(options: FitOptions<Name>, names: readonly Name[]): number[] {
  const { what, x, y, uncertainty, parameters } = options;
  if (names.length === 0) throw new InputError(`fit of ${what}: parameters`, [], "at least one");
  if (x.length !== y.length) {
    throw new InputError(`fit of ${what}: x and y`, `${x.length} x and ${y.length} y`, "as many x as y");
  }
  const least = names.length + (uncertainty ? 0 : 1);
  if (x.length < least) {
    throw new InputError(`fit of ${what}: points`, x.length, `at least ${least} for ${names.length} parameters`);
  }
  for (let i = 0; i < x.length; i++) {
    checkNumber(`fit of ${what}: x[${i}]`, x[i]);
    checkNumber(`fit of ${what}: y[${i}]`, y[i]);
    if (uncertainty) checkNumber(`fit of ${what}: uncertainty[${i}]`, uncertainty[i], { min: 0, open: "min" });
  }
  return names.map((name) => {
    const { start, scale = Math.abs(start), min, max } = parameters[name];
    checkNumber(`fit of ${what}: ${name}.start`, start, { min, max });
    return checkNumber(`fit of ${what}: ${name}.scale`, scale, { min: 0, open: "min" });
  });
}

/** The curve about a point u: Gauss–Newton step, covariance for unit variance, and how well the parameters are told apart. */
function linearize(
  curve: (u: readonly number[]) => (i: number) => number,
  data: { readonly x: readonly number[]; readonly y: readonly number[] },
  u: readonly number[],
  n: number,
) {
  const here = curve(u);
  const residuals = data.x.map((i) => data.y[i] - here(i));
  const slopes = u.map((value, k) => {
    const h = DIFFERENCE * Math.max(1, Math.abs(value));
    const up = curve(u.map((other, j) => (j === k ? other + h : other)));
    const down = curve(u.map((other, j) => (j === k ? other - h : other)));
    return data.x.map((i) => (up(i) - down(i)) / (2 * h));
  });
  // Columns of unit length: what remains of the normal matrix is how alike they are.
  const lengths = slopes.map((slope) => Math.hypot(...slope));
  const unit = slopes.map((slope, k) => slope.map((s) => (lengths[k] === 0 ? 0 : s / lengths[k])));
  const normal = Float64Array.from(unit.flatMap((a) => unit.map((b) => a.reduce((sum, s, i) => sum + s * b[i], 0))));
  const { values, vectors } = symmetricEigen(normal, n);
  const smallest = values.indexOf(Math.min(...values));
  const weakest = Array.from({ length: n }, (_, k) => vectors[k * n + smallest]);
  const squares = residuals.reduce((sum, r) => sum + r * r, 0);
  if (!(values[smallest] >= LEAST_EIGENVALUE)) return { least: 0, weakest, squares, step: [], covariance: [] };
  const right = new Float64Array(n * (n + 1));
  for (let k = 0; k < n; k++) {
    right[k * (n + 1)] = unit[k].reduce((sum, s, i) => sum + s * residuals[i], 0);
    right[k * (n + 1) + 1 + k] = 1;
  }
  solveDense(normal, right, n, n + 1);
  return {
    least: values[smallest],
    weakest,
    squares,
    step: lengths.map((length, k) => right[k * (n + 1)] / length),
    covariance: lengths.map((length, k) => right[k * (n + 1) + 1 + k] / length ** 2),
  };
}

function describeDegeneracy(weakest: readonly number[], names: readonly string[]): string {
  // Those that make up the combination which the points do not fix.
  const mixed = names.filter((_, k) => Math.abs(weakest[k]) > 0.1);
  return mixed.length === 1
    ? `the points do not depend on ${mixed[0]}`
    : `the points fix only a combination of ${mixed.join(" and ")}`;
}
