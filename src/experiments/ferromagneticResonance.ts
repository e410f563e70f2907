import { scale, type Vector3 } from "../algebra/vector.ts";
import { checkKeys, checkNumber, InputError, POSITIVE } from "../checks.ts";
import { GAMMA } from "../constants.ts";
import type { Device } from "../device/index.ts";
import type { Warn } from "../materials/material.ts";
import { type Fit, fitLine } from "./fit.ts";
import { column, type Measurement } from "./measurement.ts";
import {
  alongField,
  checkDirection,
  checkFields,
  checkMicrowave,
  fieldsAbout,
  findResonance,
} from "./resonanceField.ts";
import { type Estimate, fitResonanceLine, type ResonanceLine } from "./resonanceLine.ts";
import { acrossInPlane, Resonator } from "./resonator.ts";

/** What every resonance procedure may be told. */
export interface ResonanceOptions {
  /** The magnet that is looked at, by the name of its layer; default the only free one. */
  readonly magnet?: string;
  /** Direction of the field; default x, in the plane. */
  readonly direction?: Vector3;
  /** Amplitude of the microwave field [T]; default 10 µT in the plane, across the direction. */
  readonly microwave?: Vector3;
  /** Whether moving magnets pump spin into their neighbours; default true. */
  readonly spinPumping?: boolean;
  readonly onWarning?: Warn;
}

export interface FerromagneticResonanceOptions extends ResonanceOptions {
  /** [Hz] */
  readonly frequency: number;
  /** B [T], negative against the direction; default 61 about the resonance. */
  readonly fields?: readonly number[];
}

export const RESONANCE_KEYS = ["magnet", "direction", "microwave", "spinPumping", "onWarning"] as const;

/** An absorption spectrum over the field, and the lines that fit it. */
export interface FerromagneticResonance extends Measurement<"field" | "absorption" | "derivative"> {
  /** Of the absorbed power. */
  readonly line: ResonanceLine;
  /** Of its derivative by the field, as field modulation and a lock-in amplifier show it. */
  readonly derivativeLine: ResonanceLine;
}

/** Amplitude of a microwave field that is not given [T]: it tilts even a magnet with α = 1e-5 by less than linear response stands for. */
export const DEFAULT_MICROWAVE = 1e-5;
/** Share of the distance of two fields by which the field is modulated. */
const MODULATION = 0.01;

/**
 * Ferromagnetic resonance: the power that the magnets take from a microwave field, against the steady field.  At every field they
 * fall to rest from saturation along it.
 * @throws InputError for a device without a free magnet, and for a frequency that it does not reach
 * @throws FitError when the fields hold no line
 */
export function ferromagneticResonance(
  description: Device,
  options: FerromagneticResonanceOptions,
): FerromagneticResonance {
  const name = "ferromagneticResonance";
  checkKeys(name, options, [...RESONANCE_KEYS, "frequency", "fields"]);
  const { frequency } = options;
  const { resonator, fields, power } = prepare(name, description, options);
  const absorption = fields.map(power);
  const step = (MODULATION * (Math.max(...fields) - Math.min(...fields))) / fields.length;
  const derivative = fields.map((B) => (power(B + step) - power(B - step)) / (2 * step));
  const what = describe(resonator, options);
  const line = fitResonanceLine({ what, fields, values: absorption, unit: "W" });
  const derivativeLine = fitResonanceLine({ what, fields, values: derivative, unit: "W", derivative: true });
  const { resonanceField, linewidth } = line.parameters;
  return {
    title: "ferromagnetic resonance",
    line,
    derivativeLine,
    data: {
      field: column("field B", "T", fields),
      absorption: column("absorbed power", "W", absorption),
      derivative: column("derivative of the absorbed power by the field", "W/T", derivative),
    },
    figure: {
      title: `${resonator.layer.name} at ${frequency / 1e9} GHz`,
      subtitle: `resonance at ${milli(resonanceField.value)} mT, half width at half maximum ${milli(linewidth.value)} mT`,
      x: { label: "field B", unit: "T" },
      y: { label: "absorbed power", unit: "W" },
      series: [
        { label: "network", x: fields, y: absorption, points: true },
        { label: "Lorentzian", like: "network", x: fields, y: fields.map((B) => line.at(B)) },
      ],
    },
  };
}

function prepare(name: string, description: Device, options: FerromagneticResonanceOptions) {
  const { frequency } = options;
  checkNumber(`${name}: frequency`, frequency, POSITIVE, "Hz");
  const omega = 2 * Math.PI * frequency;
  const direction = checkDirection(name, options.direction ?? [1, 0, 0]);
  const microwave = checkMicrowave(name, options.microwave ?? scale(acrossInPlane(direction), DEFAULT_MICROWAVE));
  if (options.fields) checkFields(name, options.fields);
  const resonator = new Resonator(name, description, options);
  const fields = options.fields ?? fieldsAbout(findResonance(name, resonator, omega, direction));
  const power = (B: number): number => {
    const side = scale(direction, B < 0 ? -1 : 1);
    const response = resonator.rest(scale(direction, B), 0, alongField(resonator, side));
    return resonator.absorption(resonator.orbit(response, omega, { field: microwave }), microwave);
  };
  return { resonator, fields, power };
}

/** The absorption line alone. */
function lineOf(name: string, description: Device, options: FerromagneticResonanceOptions): ResonanceLine {
  const { resonator, fields, power } = prepare(name, description, options);
  return fitResonanceLine({ what: describe(resonator, options), fields, values: fields.map(power), unit: "W" });
}

const describe = ({ layer }: Resonator, { frequency }: FerromagneticResonanceOptions): string =>
  `the resonance of "${layer.name}" at ${frequency / 1e9} GHz`;

const milli = (B: number): string => (B * 1e3).toPrecision(4);

export interface LinewidthOptions extends ResonanceOptions {
  /** [Hz], at least three. */
  readonly frequencies: readonly number[];
}

/** Linewidth against frequency. */
export interface LinewidthSeries
  extends Measurement<"frequency" | "resonanceField" | "linewidth" | "linewidthUncertainty"> {
  /** α, from the slope 2πα/γ of the half width at half maximum. */
  readonly damping: Estimate;
  /** Linewidth at zero frequency [T], which inhomogeneity causes in experiments. */
  readonly inhomogeneous: Estimate;
  readonly fit: Fit<"slope" | "intercept">;
}

/** The damping as experimenters find it: half widths at half maximum against frequency, Δ = Δ₀ + 2παf/γ. */
export function linewidthVersusFrequency(description: Device, options: LinewidthOptions): LinewidthSeries {
  const name = "linewidthVersusFrequency";
  checkKeys(name, options, [...RESONANCE_KEYS, "frequencies"]);
  return linewidths(name, description, options);
}

/** {@link linewidthVersusFrequency} in the name of another procedure. */
export function linewidths(name: string, description: Device, options: LinewidthOptions): LinewidthSeries {
  checkFrequencies(name, options.frequencies);
  const { frequencies, ...rest } = options;
  const lines = frequencies.map((frequency) => lineOf(name, description, { ...rest, frequency }).parameters);
  const widths = lines.map(({ linewidth }) => linewidth.value);
  const fit = fitLine({
    what: "linewidth against frequency",
    x: frequencies,
    y: widths,
    units: { slope: "T/Hz", intercept: "T" },
  });
  const { slope, intercept } = fit.parameters;
  const perSlope = GAMMA / (2 * Math.PI);
  return {
    title: "linewidth against frequency",
    damping: { value: slope.value * perSlope, uncertainty: slope.uncertainty * perSlope },
    inhomogeneous: intercept,
    fit,
    data: {
      frequency: column("frequency", "Hz", frequencies),
      resonanceField: column(
        "resonance field",
        "T",
        lines.map(({ resonanceField }) => resonanceField.value),
      ),
      linewidth: column("half width at half maximum", "T", widths),
      linewidthUncertainty: column(
        "uncertainty of the half width",
        "T",
        lines.map(({ linewidth }) => linewidth.uncertainty),
      ),
    },
    figure: {
      title: "The linewidth grows with frequency",
      subtitle: `damping α = ${(slope.value * perSlope).toPrecision(4)}`,
      x: { label: "frequency", unit: "Hz" },
      y: { label: "half width at half maximum", unit: "T" },
      series: [
        { label: "network", x: frequencies, y: widths, points: true },
        { label: "Δ₀ + 2παf/γ", like: "network", x: frequencies, y: frequencies.map((f) => fit.at(f)) },
      ],
    },
  };
}

function checkFrequencies(name: string, frequencies: readonly number[]): void {
  for (const [i, frequency] of frequencies.entries())
    checkNumber(`${name}: frequencies[${i}]`, frequency, POSITIVE, "Hz");
  if (new Set(frequencies).size < 3)
    throw new InputError(`${name}: frequencies`, frequencies, "at least three different ones, for a slope");
}
