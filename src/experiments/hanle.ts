import type { Vector3 } from "../algebra/vector.ts";
import { checkKeys, checkNumber, InputError, POSITIVE } from "../checks.ts";
import { GAMMA } from "../constants.ts";
import type { LateralDevice } from "../device/index.ts";
import { type Fit, fitCurve } from "./fit.ts";
import { column, type Measurement } from "./measurement.ts";
import { type NonLocalOptions, nonLocalProbe } from "./nonLocal.ts";

export interface HanleOptions extends NonLocalOptions {
  /** Flux densities along z [T]. */
  readonly fields: readonly number[];
}

/** Signals against a field across the magnetizations. */
export interface HanleCurve extends Measurement<"field" | "parallel" | "antiparallel"> {
  /** Distance of injector and detector [m], and the diffusivity of the wire [m²/s]. */
  readonly length: number;
  readonly diffusivity: number;
}

/**
 * The Hanle effect: the spins of a pure spin current turn about a field along z on their way.  Absorption by the contacts, and what
 * they do to spins across their magnetization, is in it; the electrodes themselves stay along y.
 * @throws InputError when the wire's diffusivity is not known
 */
export function hanleCurve(description: LateralDevice, options: HanleOptions): HanleCurve {
  checkKeys("hanleCurve", options, ["current", "voltage", "fields"]);
  const { fields, ...rest } = options;
  for (const [i, B] of fields.entries()) checkNumber(`fields[${i}]`, B, {}, "T");
  const { diffusivity } = description.wire.material;
  if (diffusivity === undefined) {
    throw new InputError(
      `${description.wire.material.name}: diffusivity`,
      undefined,
      "a number: it sets how long spins take",
    );
  }
  const { read, solve, injector, detector } = nonLocalProbe(description, rest);
  const curve = (m: Vector3): number[] => fields.map((B) => read(solve({ [detector]: m }, [0, 0, B])));
  const [parallel, antiparallel] = [curve([0, 1, 0]), curve([0, -1, 0])];
  const at = (name: string): number =>
    description.electrodes.find((electrode) => electrode.name === name)?.position ?? 0;
  return {
    title: "Hanle effect",
    length: Math.abs(at(detector) - at(injector)),
    diffusivity,
    data: {
      field: column("flux density", "T", fields),
      parallel: column("R, parallel", "Ω", parallel),
      antiparallel: column("R, antiparallel", "Ω", antiparallel),
    },
    figure: {
      title: "Spins turn on their way: the Hanle effect",
      x: { label: "flux density along z", unit: "T" },
      y: { label: "non-local resistance", unit: "Ω" },
      series: [
        { label: "parallel", x: fields, y: parallel },
        { label: "antiparallel", x: fields, y: antiparallel },
      ],
    },
  };
}

/** What experimenters read from a Hanle curve. */
export interface HanleFit extends Fit<"amplitude" | "lifetime"> {
  /** √(D τ) [m], and its standard uncertainty. */
  readonly spinDiffusionLength: { readonly value: number; readonly uncertainty: number; readonly unit: "m" };
}

/**
 * Fits half the difference of both curves by the transit of spins between two points, V ∝ Re[exp(−kL)/k] with k² = 1/Dτ + iω/D
 * (Johnson and Silsbee, PRB 37, 5312 (1988)), D being known from the conductivity.  Contacts that absorb spin are not in this
 * formula: they make the fitted lifetime too short.
 */
export function fitHanle(curve: HanleCurve): HanleFit {
  const { length: L, diffusivity: D, data } = curve;
  checkNumber("length", L, POSITIVE, "m");
  const x = data.field.values;
  const y = Array.from(x, (_, i) => (data.parallel.values[i] - data.antiparallel.values[i]) / 2);
  const shape = (B: number, lifetime: number): number => {
    // k = a + ib with k² = p + iq.
    const [p, q] = [1 / (D * lifetime), (GAMMA * B) / D];
    const a = Math.sqrt((Math.hypot(p, q) + p) / 2);
    const b = q / (2 * a);
    const decay = Math.exp(-a * L);
    return (decay * (a * Math.cos(b * L) - b * Math.sin(b * L))) / (a * a + b * b);
  };
  const largest = Math.max(...y.map(Math.abs));
  const start = L ** 2 / D;
  const fit = fitCurve({
    what: "Hanle curve",
    x,
    y,
    parameters: {
      amplitude: { start: y[y.findIndex((value) => Math.abs(value) === largest)], unit: "Ω" },
      lifetime: { start, unit: "s", min: start / 1e4, max: start * 1e4 },
    },
    model: (B, { amplitude, lifetime }) => (amplitude * shape(B, lifetime)) / shape(0, lifetime),
  });
  const { value, uncertainty } = fit.parameters.lifetime;
  const lambda = Math.sqrt(D * value);
  return {
    ...fit,
    spinDiffusionLength: { value: lambda, uncertainty: (lambda * uncertainty) / (2 * value), unit: "m" },
  };
}
