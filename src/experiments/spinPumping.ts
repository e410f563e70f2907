import { normalize, type Vector3 } from "../algebra/vector.ts";
import { checkKeys, checkNumber, checkVector, POSITIVE } from "../checks.ts";
import { phasesOf } from "../circuit/index.ts";
import { HBAR_E } from "../constants.ts";
import type { Device } from "../device/index.ts";
import type { Warn } from "../materials/material.ts";
import { column, type Measurement } from "./measurement.ts";
import { checkExcitation, type Excitation, Pump, type PumpedTransport } from "./pumpedTransport.ts";
import { alongField } from "./resonanceField.ts";

export interface SpinPumpingOptions extends Excitation {
  /** Steady field B [T]. */
  readonly field: Vector3;
  /** [Hz]; default that of the free precession in the field. */
  readonly frequency?: number;
  /** The magnet that precesses, by the name of its layer; default the only free one. */
  readonly magnet?: string;
  /** The normal metal that takes the spin, by the name of its layer; default the only one beside the magnet. */
  readonly neighbour?: string;
  readonly onWarning?: Warn;
}

const KEYS = ["field", "frequency", "microwave", "cone", "magnet", "neighbour", "onWarning"] as const;
/** Instants of the recorded period; odd, as {@link phasesOf} is used. */
const INSTANTS = 45;

/** What a precessing magnet pumps, over one period. */
export interface SpinPumping
  extends Measurement<
      | "time"
      | "spinCurrentX"
      | "spinCurrentY"
      | "spinCurrentZ"
      | "accumulationX"
      | "accumulationY"
      | "accumulationZ"
      | "voltageX"
      | "voltageY"
    >,
    PumpedTransport {}

/**
 * Spin pumping with its backflow, the spin battery and the inverse spin Hall voltages, from the network of the device over one period of
 * precession, be it a circle or an ellipse.  The pumped current is no input: it is what the magnet's moving spin voltage (ħ/e) m × ṁ
 * drives through the network (Tserkovnyak, Brataas, Bauer, PRL 88, 117601 (2002)).
 * @throws InputError for a device without a free magnet, or without a normal metal beside it
 */
export function spinPumping(description: Device, options: SpinPumpingOptions): SpinPumping {
  const name = "spinPumping";
  checkKeys(name, options, KEYS);
  const { field, frequency } = options;
  checkVector(`${name}: field`, field);
  if (frequency !== undefined) checkNumber(`${name}: frequency`, frequency, POSITIVE, "Hz");
  checkExcitation(name, options);
  const pump = new Pump(name, description, options);
  const { resonator, neighbour } = pump;
  const start = Math.hypot(...field) === 0 ? resonator.initial : alongField(resonator, normalize(field));
  const response = resonator.rest(field, 0, start);
  const omega = frequency === undefined ? pump.freePrecession(response) : 2 * Math.PI * frequency;
  const orbit = pump.orbit(response, omega, options);
  const phases = phasesOf(INSTANTS);
  const solutions = pump.solve(orbit, phases);
  const read = pump.read(orbit, solutions, phases);
  const time = phases.map((phase) => phase / omega);
  const entering = solutions.map((solution) => pump.entering(solution));
  const accumulation = solutions.map((solution) => pump.accumulation(solution));
  const current = (a: number, axis: string) =>
    column(
      `spin current density into ${neighbour.layer.name}, spin ${axis}`,
      "A/m²",
      entering.map((j) => j[a]),
    );
  const battery = (a: number, axis: string) =>
    column(
      `spin accumulation of ${neighbour.layer.name} at the magnet, spin ${axis}`,
      "V",
      accumulation.map((phi) => phi[a]),
    );
  const voltage = (axis: "x" | "y") =>
    column(
      `open-circuit voltage along ${axis}`,
      "V",
      solutions.map((solution) => pump.voltage(solution, axis)),
    );
  const data = {
    time: column("time", "s", time),
    spinCurrentX: current(0, "x"),
    spinCurrentY: current(1, "y"),
    spinCurrentZ: current(2, "z"),
    accumulationX: battery(0, "x"),
    accumulationY: battery(1, "y"),
    accumulationZ: battery(2, "z"),
    voltageX: voltage("x"),
    voltageY: voltage("y"),
  };
  const share = Math.abs(read.batteryShare);
  return {
    ...read,
    title: "spin pumping",
    data,
    figure: {
      title: `${resonator.layer.name} pumps spin into ${neighbour.layer.name}`,
      subtitle: `${(read.frequency / 1e9).toPrecision(3)} GHz, cone of ${((read.cone * 180) / Math.PI).toPrecision(3)}°; spin battery of ${(share * HBAR_E * omega * 1e6).toPrecision(3)} µV, ${(share * 100).toPrecision(3)} % of ħω/e`,
      x: { label: "time", unit: "s" },
      y: { label: "spin current density", unit: "A/m²" },
      series: (["X", "Y", "Z"] as const).map((axis) => ({
        label: `spin ${axis.toLowerCase()}`,
        x: time,
        y: data[`spinCurrent${axis}`].values,
      })),
    },
  };
}
