import type { Vector3 } from "../algebra/vector.ts";
import { checkKeys, checkNumber, InputError, POSITIVE } from "../checks.ts";
import { type NetworkState, resistor, type Solution } from "../circuit/index.ts";
import { type CircuitModel, constant, type Device, type HeatFlow, type Layer, lower } from "../device/index.ts";
import { isConductor, isMagnetic, type Warn } from "../materials/material.ts";
import { type Fit, fitCurve } from "./fit.ts";
import { column, type Measurement } from "./measurement.ts";

export interface SpinSeebeckOptions {
  /** How heat flows through the stack. */
  readonly heat: HeatFlow;
  /** Along which the voltage is read; default "x", for a magnetization along y. */
  readonly along?: "x" | "y";
  /** Unit vectors by the names of layers; the device's own where not given. */
  readonly magnetizations?: Readonly<Record<string, Vector3>>;
  readonly onWarning?: Warn;
}

/** One reading of a spin Seebeck device. */
export interface SpinSeebeckReading {
  /** Open-circuit voltage between the contacts, low end less high end [V]. */
  readonly voltage: number;
  /** Resistance between them [Ω]. */
  readonly resistance: number;
  /** Heat that passes the stack, upwards [W/m²]. */
  readonly heatFlux: number;
  /** Temperature below less temperature above [K]. */
  readonly temperatureDifference: number;
  /** E/q, electric field per heat flux [V m/W]: what can be compared between set-ups. */
  readonly spinSeebeckResistivity: number;
}

const KEYS = ["heat", "along", "magnetizations", "onWarning"] as const;

/**
 * The longitudinal spin Seebeck effect: heat along z, an open-circuit voltage in the plane.  In a metallic magnet the anomalous Nernst
 * effect is in it, as it is in experiments.
 * @throws InputError when the device has no magnet, or no conductor in which a voltage could stand
 */
export function spinSeebeck(description: Device, options: SpinSeebeckOptions): SpinSeebeckReading {
  checkKeys("spinSeebeck", options, KEYS);
  return read(prepare("spinSeebeck", description, options));
}

interface Prepared {
  readonly model: CircuitModel;
  readonly state: NetworkState;
  readonly length: number;
  readonly area: number;
}

function prepare(procedure: string, description: Device, options: SpinSeebeckOptions): Prepared {
  const { heat, along = "x", magnetizations = {}, onWarning = console.warn } = options;
  const layers = description.layers.filter((part): part is Layer => part.kind === "layer");
  if (!layers.some(({ material }) => isMagnetic(material))) {
    throw new InputError(`${procedure}: device`, "no magnet", "a device with a magnet, whose heat carries spin");
  }
  if (!layers.some(({ material }) => isConductor(material))) {
    throw new InputError(
      `${procedure}: device`,
      "no conductor",
      "a device with a conducting layer, in which a voltage stands",
    );
  }
  const model = lower(description, [constant({ current: 0, along })], onWarning, heat);
  const own = Object.fromEntries(model.magnets.map(({ name }, i) => [name, model.initial[i]]));
  const touched = model.network.elements.flatMap(({ ports }) =>
    ports.flatMap((port) => (port.kind === "magnet" ? [port.magnet] : [])),
  );
  const state = {
    magnetizations: Object.fromEntries(
      Object.entries({ ...own, ...magnetizations }).filter(([name]) => touched.includes(name) || !(name in own)),
    ),
  };
  const { length, width } = model.channel;
  return {
    model,
    state,
    length: along === "x" ? length : width,
    area: length * width,
  };
}

/** Heat that leaves the bath below, and the difference between what the two ends have. */
function heatThrough({ area, model }: Prepared, solution: Solution): { flux: number; difference: number } {
  const baths = model.network.sources.flatMap((source) => (source.kind === "heat bath" ? [source] : []));
  const heater = model.network.sources.find((source) => source.kind === "heat");
  const { baths: taken } = solution.energy();
  const end = baths[1]?.at ?? (heater?.kind === "heat" ? heater.at : baths[0].at);
  return {
    flux: -(taken.find(({ name }) => name === baths[0].name)?.power ?? 0) / area,
    difference: solution.temperature(baths[0].at) - solution.temperature(end),
  };
}

function read(prepared: Prepared): SpinSeebeckReading {
  const { model, state, length } = prepared;
  const network = model.network.compile();
  const [{ name, contacts }] = model.sources;
  const solution = network.solve(state);
  const voltage = solution.voltage(contacts[0]) - solution.voltage(contacts[1]);
  // A probe of both signs: what is even, its Joule heat, drops out.
  const probe = 1e-9;
  const [plus, minus] = [probe, -probe].map((drive) => {
    const probed = network.solve({ ...state, drives: { [name]: drive } });
    return probed.voltage(contacts[0]) - probed.voltage(contacts[1]);
  });
  const { flux, difference } = heatThrough(prepared, solution);
  return {
    voltage,
    resistance: (plus - minus) / (2 * probe),
    heatFlux: flux,
    temperatureDifference: difference,
    spinSeebeckResistivity: voltage / length / flux,
  };
}

export interface ThicknessSeriesOptions extends SpinSeebeckOptions {
  /** [m] */
  readonly thicknesses: readonly number[];
}

/** A series over the thickness of a magnet, and the saturation length that experimenters read from it. */
export interface SpinSeebeckSeries extends Measurement<"thickness" | "voltage" | "heatFlux" | "resistivity"> {
  /**
   * V = V∞ (1 − exp(−t/ξ)), the customary fit.  ξ is no magnon diffusion length: the course follows tanh and sech, with the
   * conductance of the interface in it.  Undefined when the points do not determine it.
   */
  readonly saturation: Fit<"voltage" | "length"> | undefined;
}

/**
 * The voltage against the thickness of the magnet, at one temperature difference or at one heat flux, as `heat` says; the two differ.
 * @param make the device for a thickness [m]
 */
export function spinSeebeckVersusThickness(
  make: (thickness: number) => Device,
  options: ThicknessSeriesOptions,
): SpinSeebeckSeries {
  checkKeys("spinSeebeckVersusThickness", options, [...KEYS, "thicknesses"]);
  const { thicknesses, ...rest } = options;
  for (const [i, t] of thicknesses.entries()) checkNumber(`thicknesses[${i}]`, t, POSITIVE, "m");
  const readings = thicknesses.map((t) => read(prepare("spinSeebeckVersusThickness", make(t), rest)));
  const voltages = readings.map(({ voltage }) => voltage);
  const fixed = rest.heat.flux === undefined ? "temperature difference" : "heat flux";
  const saturation =
    thicknesses.length < 4
      ? undefined
      : fitCurve({
          what: "spin Seebeck voltage against thickness",
          x: thicknesses,
          y: voltages,
          parameters: {
            voltage: { start: voltages[voltages.length - 1], unit: "V" },
            length: { start: (thicknesses[0] + thicknesses[thicknesses.length - 1]) / 4, unit: "m" },
          },
          model: (t, { voltage, length }) => voltage * (1 - Math.exp(-t / length)),
        });
  return {
    title: `spin Seebeck voltage at one ${fixed}`,
    saturation,
    data: {
      thickness: column("thickness of the magnet", "m", thicknesses),
      voltage: column("spin Seebeck voltage", "V", voltages),
      heatFlux: column(
        "heat flux",
        "W/m²",
        readings.map(({ heatFlux }) => heatFlux),
      ),
      resistivity: column(
        "spin Seebeck resistivity E/q",
        "V m/W",
        readings.map(({ spinSeebeckResistivity }) => spinSeebeckResistivity),
      ),
    },
    figure: {
      title: "The spin Seebeck voltage saturates with the thickness of the magnet",
      subtitle: `at one ${fixed}`,
      x: { label: "thickness", unit: "m" },
      y: { label: "voltage", unit: "V" },
      series: [
        { label: "network", x: thicknesses, y: voltages, points: true },
        ...(saturation
          ? [{ label: "1 − exp(−t/ξ)", like: "network", x: thicknesses, y: thicknesses.map((t) => saturation.at(t)) }]
          : []),
      ],
    },
  };
}

export interface GeneratorOptions extends SpinSeebeckOptions {
  /** Loads relative to the resistance of the device; default 25 from 0.05 to 20. */
  readonly loads?: readonly number[];
}

/** A device that turns heat into electrical power. */
export interface SpinSeebeckGenerator extends Measurement<"load" | "voltage" | "power" | "efficiency"> {
  readonly reading: SpinSeebeckReading;
  /** Largest power among the loads [W], its load [Ω], and electrical power over heat taken from the hotter bath there. */
  readonly best: { readonly power: number; readonly load: number; readonly efficiency: number };
  /** The device as a rectangle of 1 m² [W/m²]. */
  readonly powerPerArea: number;
}

/** Waste heat in, watts out: the spin Seebeck voltage drives a current through a load. */
export function spinSeebeckGenerator(description: Device, options: GeneratorOptions): SpinSeebeckGenerator {
  checkKeys("spinSeebeckGenerator", options, [...KEYS, "loads"]);
  const { loads = Array.from({ length: 25 }, (_, i) => 0.05 * 400 ** (i / 24)), ...rest } = options;
  for (const [i, load] of loads.entries()) checkNumber(`loads[${i}]`, load, POSITIVE);
  const reading = read(prepare("spinSeebeckGenerator", description, rest));
  const points = loads.map((share) => {
    const prepared = prepare("spinSeebeckGenerator", description, rest);
    const { model, state, area } = prepared;
    const [{ contacts }] = model.sources;
    const load = share * reading.resistance;
    model.network.add(resistor({ name: "load", between: contacts, resistance: load }));
    const solution = model.network.solve(state);
    const voltage = solution.voltage(contacts[0]) - solution.voltage(contacts[1]);
    const power = voltage ** 2 / load;
    const heat = Math.abs(heatThrough(prepared, solution).flux) * area;
    return { load, voltage, power, efficiency: power / heat };
  });
  const best = points.reduce((most, point) => (point.power > most.power ? point : most));
  const { channel } = prepare("spinSeebeckGenerator", description, rest).model;
  const of = (key: keyof (typeof points)[number]): number[] => points.map((point) => point[key]);
  return {
    title: "electrical power of a spin Seebeck generator",
    reading,
    best,
    powerPerArea: best.power / (channel.length * channel.width),
    data: {
      load: column("load", "Ω", of("load")),
      voltage: column("voltage on the load", "V", of("voltage")),
      power: column("electrical power", "W", of("power")),
      efficiency: column("efficiency", "1", of("efficiency")),
    },
    figure: {
      title: "Waste heat in, watts out",
      subtitle: `the most into a load of ${(best.load / reading.resistance).toFixed(2)} times the resistance of the device`,
      x: { label: "load", unit: "Ω", scale: "log" },
      y: { label: "electrical power", unit: "W" },
      series: [
        { label: "network", x: of("load"), y: of("power"), points: true },
        {
          label: "V²R/(R + R₀)²",
          like: "network",
          x: of("load"),
          y: of("load").map((R) => (reading.voltage ** 2 * R) / (R + reading.resistance) ** 2),
        },
      ],
      rules: [{ x: reading.resistance, label: "matched" }],
    },
  };
}
