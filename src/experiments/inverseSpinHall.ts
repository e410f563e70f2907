import { scale, type Vector3 } from "../algebra/vector.ts";
import { checkChoice, checkKeys, checkNumber, POSITIVE } from "../checks.ts";
import type { Device } from "../device/index.ts";
import { checkThicknesses, fitSaturation, rangeFromZero } from "./dampingSeries.ts";
import { DEFAULT_MICROWAVE, RESONANCE_KEYS, type ResonanceOptions } from "./ferromagneticResonance.ts";
import type { Fit } from "./fit.ts";
import { column, type Measurement } from "./measurement.ts";
import { checkExcitation, type Excitation, Pump } from "./pumpedTransport.ts";
import { alongField, checkDirection, checkFields, fieldsAbout, findResonance } from "./resonanceField.ts";
import { fitResonanceLine, type ResonanceLine } from "./resonanceLine.ts";
import { acrossInPlane } from "./resonator.ts";

export interface InverseSpinHallOptions extends Omit<ResonanceOptions, "spinPumping"> {
  /** [Hz] */
  readonly frequency: number;
  /** Along which the voltage is read, at open contacts; default the one that lies more across the field. */
  readonly along?: "x" | "y";
  /** The metal that takes the spin, by the name of its layer; default the only one beside the magnet. */
  readonly neighbour?: string;
}

const KEYS = [...RESONANCE_KEYS.filter((key) => key !== "spinPumping"), "frequency", "along", "neighbour"];

/** A dc voltage against the field, and its lines in fields along and against the direction. */
export interface InverseSpinHallVoltage extends Measurement<"field" | "voltage"> {
  /** Undefined where there are fewer than six fields of that sign. */
  readonly positive: ResonanceLine | undefined;
  readonly negative: ResonanceLine | undefined;
}

function prepare(name: string, description: Device, options: InverseSpinHallOptions, excitation: Excitation) {
  const { frequency, along } = options;
  checkNumber(`${name}: frequency`, frequency, POSITIVE, "Hz");
  if (along !== undefined) checkChoice(`${name}: along`, along, ["x", "y"]);
  checkExcitation(name, excitation);
  const direction = checkDirection(name, options.direction ?? [1, 0, 0]);
  const omega = 2 * Math.PI * frequency;
  const axis = along ?? (Math.abs(direction[0]) > Math.abs(direction[1]) ? "y" : "x");
  const pump = new Pump(name, description, { ...options, along: axis });
  const { resonator } = pump;
  /** The device at a field along the direction: its orbit, and transport over one period. */
  const at = (B: number) => {
    const side = scale(direction, B < 0 ? -1 : 1);
    const response = resonator.rest(scale(direction, B), 0, alongField(resonator, side));
    const orbit = pump.orbit(response, omega, excitation);
    return { orbit, solutions: pump.solve(orbit), rest: response.rest };
  };
  return { pump, axis, at, resonance: () => findResonance(name, resonator, omega, direction) } as const;
}

/**
 * The dc voltage at open contacts while a microwave field drives the magnet, against the steady field: a line at the resonance that changes
 * its sign with the field (Saitoh, Ueda, Miyajima, Tatara, APL 88, 182509 (2006)).  The voltage is that of the inverse spin Hall
 * effect, shunted by whatever else conducts.
 * @param options.fields B [T], negative against the direction; default 61 about the resonance of either sign
 * @throws InputError for a device without a free magnet, or without a normal metal beside it
 */
export function inverseSpinHallVoltage(
  description: Device,
  options: InverseSpinHallOptions & { readonly fields?: readonly number[] },
): InverseSpinHallVoltage {
  const name = "inverseSpinHallVoltage";
  checkKeys(name, options, [...KEYS, "fields"]);
  if (options.fields) checkFields(name, options.fields);
  const direction = checkDirection(name, options.direction ?? [1, 0, 0]);
  const { microwave = scale(acrossInPlane(direction), DEFAULT_MICROWAVE) } = options;
  const { pump, axis, at, resonance } = prepare(name, description, options, { microwave });
  const about = options.fields ? [] : fieldsAbout(resonance());
  const fields = options.fields ?? [...about.map((B) => -B).reverse(), ...about];
  const voltages = fields.map((B) => {
    const { solutions } = at(B);
    return solutions.reduce((sum, solution) => sum + pump.voltage(solution, axis), 0) / solutions.length;
  });
  const sides = [1, -1].map((sign) => {
    const own = fields.flatMap((B, i) => (B * sign > 0 ? [i] : []));
    if (own.length < 6) return undefined;
    return fitResonanceLine({
      what: `the inverse spin Hall voltage in ${sign > 0 ? "positive" : "negative"} fields`,
      fields: own.map((i) => fields[i]),
      values: own.map((i) => voltages[i]),
      unit: "V",
    });
  });
  const curves = sides.flatMap((line, i) => {
    const own = fields.filter((B) => (i === 0 ? B > 0 : B < 0));
    return line ? [{ label: i === 0 ? "Lorentzian" : "", like: "network", x: own, y: own.map((B) => line.at(B)) }] : [];
  });
  return {
    title: "inverse spin Hall voltage",
    positive: sides[0],
    negative: sides[1],
    data: { field: column("field B", "T", fields), voltage: column(`dc voltage along ${axis}`, "V", voltages) },
    figure: {
      title: "The voltage changes its sign with the field",
      subtitle: `dc voltage along ${axis} at ${options.frequency / 1e9} GHz, open contacts`,
      x: { label: "field B", unit: "T" },
      y: { label: "dc voltage", unit: "V" },
      series: [{ label: "network", x: fields, y: voltages, points: true }, ...curves],
    },
  };
}

/** The dc voltage on resonance against the thickness of the metal. */
export interface InverseSpinHallSeries
  extends Measurement<"thickness" | "voltage" | "current" | "spinCurrent" | "dampingEnhancement" | "cone"> {
  /**
   * Current V/R = I∞ tanh(d/2λ), the customary fit.  With one cone for all thicknesses backflow still bends the curve, so λ is apparent.
   * Undefined, with a warning, where the points do not determine it.
   */
  readonly saturation: Fit<"current" | "length"> | undefined;
}

/**
 * The dc voltage on resonance, and the short-circuit current V/R that it stands for, against the thickness of the metal.
 * @param make the device for a thickness of the metal [m]
 * @param options.cone precession angle [rad] for all thicknesses; without it `microwave` is one for all
 */
export function inverseSpinHallVersusThickness(
  make: (thickness: number) => Device,
  options: InverseSpinHallOptions & { readonly thicknesses: readonly number[]; readonly cone?: number },
): InverseSpinHallSeries {
  const name = "inverseSpinHallVersusThickness";
  checkKeys(name, options, [...KEYS, "thicknesses", "cone"]);
  const { thicknesses, microwave, cone } = options;
  checkThicknesses(name, thicknesses);
  const points = thicknesses.map((d) => {
    const { pump, axis, at, resonance } = prepare(name, make(d), options, { microwave, cone });
    const { orbit, solutions, rest } = at(resonance().field);
    const read = pump.read(orbit, solutions);
    const voltage = read.voltage[axis].dc;
    return { ...read, voltage, current: voltage / pump.resistance(rest, axis) };
  });
  const currents = points.map(({ current }) => current);
  const saturation = fitSaturation({
    what: "inverse spin Hall current against the thickness of the metal",
    thicknesses,
    values: currents,
    amplitude: "current",
    unit: "A",
    shape: (x) => Math.tanh(x / 2),
    onWarning: options.onWarning,
  });
  const line = rangeFromZero(thicknesses);
  const dc = (v: Vector3): number => Math.hypot(...v);
  return {
    title: "inverse spin Hall voltage against the thickness of the metal",
    saturation,
    data: {
      thickness: column("thickness of the metal", "m", thicknesses),
      voltage: column(
        "dc voltage",
        "V",
        points.map(({ voltage }) => voltage),
      ),
      current: column("short-circuit current V/R", "A", currents),
      spinCurrent: column(
        "dc spin current density into the metal",
        "A/m²",
        points.map(({ spinCurrent }) => dc(spinCurrent.dc)),
      ),
      dampingEnhancement: column(
        "damping that the loss of spin adds",
        "1",
        points.map(({ dampingEnhancement }) => dampingEnhancement),
      ),
      cone: column(
        "largest angle of the magnet",
        "rad",
        points.map((point) => point.cone),
      ),
    },
    figure: {
      title: "The inverse spin Hall current saturates with the thickness of the metal",
      subtitle: saturation
        ? `apparent length ${(saturation.parameters.length.value * 1e9).toPrecision(3)} nm`
        : "no length can be read from these points",
      x: { label: "thickness of the metal", unit: "m" },
      y: { label: "current V/R", unit: "A" },
      series: [
        { label: "network", x: thicknesses, y: currents, points: true },
        ...(saturation
          ? [{ label: "I∞ tanh(d/2λ)", like: "network", x: line, y: line.map((d) => saturation.at(d)) }]
          : []),
      ],
    },
  };
}
