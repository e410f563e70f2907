import { checkKeys, checkNumber, InputError, POSITIVE } from "../checks.ts";
import { GAMMA, HBAR } from "../constants.ts";
import type { Device } from "../device/index.ts";
import type { Warn } from "../materials/material.ts";
import { linewidths, RESONANCE_KEYS, type ResonanceOptions } from "./ferromagneticResonance.ts";
import { type Fit, FitError, type FitParameter, type FittedParameter, fitCurve, fitLine } from "./fit.ts";
import { magnetOf } from "./magnetAndMetal.ts";
import { column, type Measurement } from "./measurement.ts";
import type { Estimate } from "./resonanceLine.ts";

export interface DampingSeriesOptions extends ResonanceOptions {
  /** [m] */
  readonly thicknesses: readonly number[];
  /** At which the linewidth is taken [Hz], at least three. */
  readonly frequencies: readonly number[];
}

/** The damping against the thickness of the magnet. */
export interface MagnetThicknessSeries extends Measurement<"thickness" | "damping" | "dampingUncertainty"> {
  /** α of the magnet itself, at 1/t = 0. */
  readonly intrinsicDamping: Estimate;
  /** Effective spin-mixing conductance g [1/m²] of the slope γħg/(4πMs), with backflow and memory loss in it. */
  readonly mixing: FittedParameter;
  readonly fit: Fit<"slope" | "intercept">;
}

/**
 * The linewidth against the thickness of the magnet, as experimenters find the effective mixing conductance: the damping from the
 * slope of the linewidth over frequency, for every thickness, and its slope over 1/t (Tserkovnyak, Brataas, Bauer, PRL 88, 117601 (2002)).
 * @param make the device for a thickness of its magnet [m]
 * @throws InputError when the thickness of the magnet is not the one that was asked for
 */
export function linewidthVersusThickness(
  make: (thickness: number) => Device,
  options: DampingSeriesOptions,
): MagnetThicknessSeries {
  const name = "linewidthVersusThickness";
  const { thicknesses, ...rest } = checkSeries(name, options, []);
  const Ms = thicknesses.map((t) => {
    const magnet = magnetOf(name, make(t), rest.magnet);
    if (Math.abs(magnet.thickness / t - 1) > 1e-9) {
      throw new InputError(
        `${name}: thickness of "${magnet.name}"`,
        magnet.thickness,
        `${t} m, which was asked for`,
        "For a series over the metal beside it use dampingVersusMetalThickness",
      );
    }
    return magnet.material.saturationMagnetization;
  });
  const dampings = thicknesses.map((t) => linewidths(name, make(t), rest).damping);
  const inverse = thicknesses.map((t) => 1 / t);
  const values = dampings.map(({ value }) => value);
  const fit = fitLine({ what: "damping against 1/t", x: inverse, y: values, units: { slope: "m", intercept: "1" } });
  const { slope, intercept } = fit.parameters;
  const perSlope = (4 * Math.PI * Ms[0]) / (GAMMA * HBAR);
  const mixing = { value: slope.value * perSlope, uncertainty: slope.uncertainty * perSlope, unit: "1/m²" };
  const line = [0, ...inverse.toSorted((a, b) => a - b)];
  return {
    title: "damping against the thickness of the magnet",
    intrinsicDamping: intercept,
    mixing,
    fit,
    data: {
      thickness: column("thickness of the magnet", "m", thicknesses),
      damping: column("damping α", "1", values),
      dampingUncertainty: column(
        "uncertainty of α",
        "1",
        dampings.map(({ uncertainty }) => uncertainty),
      ),
    },
    figure: {
      title: "Thin magnets lose their spin faster",
      subtitle: `slope: effective mixing conductance ${(mixing.value * 1e-18).toPrecision(4)} per nm²; at 1/t = 0: α = ${intercept.value.toPrecision(4)}`,
      x: { label: "inverse thickness of the magnet", unit: "1/m" },
      y: { label: "damping α", unit: "1" },
      series: [
        { label: "network", x: inverse, y: values, points: true },
        { label: "line", like: "network", x: line, y: line.map((x) => fit.at(x)) },
      ],
    },
  };
}

/** The damping that a metal adds, against its thickness. */
export interface MetalThicknessSeries extends Measurement<"thickness" | "enhancement" | "enhancementUncertainty"> {
  /** α without the metal. */
  readonly reference: Estimate;
  /**
   * Δα = Δα∞ (1 − exp(−2d/λ)), the customary fit.  Its λ is apparent: backflow makes it shorter than the spin diffusion length, and memory
   * loss at the interface shorter still.  Undefined, with a warning, where the points do not determine it.
   */
  readonly saturation: Fit<"enhancement" | "length"> | undefined;
}

/**
 * The damping that a metal beside a magnet adds, against the thickness of the metal.
 * @param make the device for a thickness of the metal [m]
 * @param options.reference the same magnet without the metal
 */
export function dampingVersusMetalThickness(
  make: (thickness: number) => Device,
  options: DampingSeriesOptions & { readonly reference: Device },
): MetalThicknessSeries {
  const name = "dampingVersusMetalThickness";
  const { thicknesses, reference: bare, ...rest } = checkSeries(name, options, ["reference"]);
  const reference = linewidths(name, bare, rest).damping;
  const dampings = thicknesses.map((d) => linewidths(name, make(d), rest).damping);
  const values = dampings.map(({ value }) => value - reference.value);
  const saturation = fitSaturation({
    what: "damping against the thickness of the metal",
    thicknesses,
    values,
    amplitude: "enhancement",
    unit: "1",
    shape: (x) => 1 - Math.exp(-2 * x),
    onWarning: rest.onWarning,
  });
  const line = rangeFromZero(thicknesses);
  return {
    title: "damping against the thickness of the metal",
    reference,
    saturation,
    data: {
      thickness: column("thickness of the metal", "m", thicknesses),
      enhancement: column("damping that the metal adds", "1", values),
      enhancementUncertainty: column(
        "its uncertainty",
        "1",
        dampings.map(({ uncertainty }) => Math.hypot(uncertainty, reference.uncertainty)),
      ),
    },
    figure: {
      title: "A metal takes spin from the magnet beside it",
      subtitle: saturation
        ? `apparent length of the damping ${(saturation.parameters.length.value * 1e9).toPrecision(3)} nm`
        : "no length can be read from these points",
      x: { label: "thickness of the metal", unit: "m" },
      y: { label: "damping that the metal adds", unit: "1" },
      series: [
        { label: "network", x: thicknesses, y: values, points: true },
        ...(saturation
          ? [{ label: "Δα∞ (1 − exp(−2d/λ))", like: "network", x: line, y: line.map((d) => saturation.at(d)) }]
          : []),
      ],
    },
  };
}

function checkSeries<T extends DampingSeriesOptions>(name: string, options: T, more: readonly string[]): T {
  checkKeys(name, options, [...RESONANCE_KEYS, "thicknesses", "frequencies", ...more]);
  checkThicknesses(name, options.thicknesses);
  return options;
}

/** Thicknesses of a series that a curve of two numbers is fitted to. */
export function checkThicknesses(name: string, thicknesses: readonly number[]): void {
  for (const [i, t] of thicknesses.entries()) checkNumber(`${name}: thicknesses[${i}]`, t, POSITIVE, "m");
  if (new Set(thicknesses).size < 3)
    throw new InputError(`${name}: thicknesses`, thicknesses, "at least three different ones, to fit a curve");
}

/** Lengths tried for a start, from a twentieth of the least thickness to three times the largest. */
const LENGTHS = 60;

/**
 * y = amplitude · shape(d/λ) by least squares, from the best of a range of lengths: the search alone would run past a short one.
 * @returns undefined, after a warning, where the points do not determine the two numbers
 */
export function fitSaturation<Name extends string>(options: {
  readonly what: string;
  readonly thicknesses: readonly number[];
  readonly values: readonly number[];
  /** Name and unit of the amplitude. */
  readonly amplitude: Name;
  readonly unit: string;
  shape(x: number): number;
  readonly onWarning: Warn | undefined;
}): Fit<Name | "length"> | undefined {
  const { what, thicknesses, values, amplitude, unit, shape, onWarning = console.warn } = options;
  const [least, most] = [Math.min(...thicknesses) / 20, 3 * Math.max(...thicknesses)];
  let best = { squares: Number.POSITIVE_INFINITY, factor: 0, length: least };
  for (let i = 0; i <= LENGTHS; i++) {
    const length = least * (most / least) ** (i / LENGTHS);
    const shapes = thicknesses.map((d) => shape(d / length));
    const factor = shapes.reduce((sum, s, k) => sum + s * values[k], 0) / shapes.reduce((sum, s) => sum + s * s, 0);
    const squares = shapes.reduce((sum, s, k) => sum + (values[k] - factor * s) ** 2, 0);
    if (squares < best.squares) best = { squares, factor, length };
  }
  const scale = Math.max(...values.map(Math.abs)) || 1;
  const parameters = {
    [amplitude]: { start: best.factor, scale, unit },
    length: { start: best.length, unit: "m", min: 0 },
  } as Record<Name | "length", FitParameter>;
  try {
    return fitCurve({
      what,
      x: thicknesses,
      y: values,
      parameters,
      model: (d, p) => p[amplitude] * shape(d / p.length),
    });
  } catch (error) {
    if (!(error instanceof FitError)) throw error;
    onWarning(error.message);
    return undefined;
  }
}

/** Points of a smooth curve from 0 to the largest thickness. */
export const rangeFromZero = (thicknesses: readonly number[]): number[] =>
  Array.from({ length: 61 }, (_, i) => (Math.max(...thicknesses) * i) / 60);
