import type { Vector3 } from "../algebra/vector.ts";
import { checkKeys, checkNumber, FINITE, InputError } from "../checks.ts";
import { constant, type Device, type HeatFlow, type Layer, lower } from "../device/index.ts";
import { isMagnetic, type Warn } from "../materials/material.ts";
import { lockIn } from "./lockIn.ts";
import { column, type Measurement } from "./measurement.ts";

export interface SpinPeltierOptions {
  /** Amplitudes of the in-plane current [A]. */
  readonly currents: readonly number[];
  /** Default "x", for a magnetization along y. */
  readonly along?: "x" | "y";
  /** Where the stack is cooled; default: a bath at T₀ below. */
  readonly heat?: HeatFlow;
  readonly magnetizations?: Readonly<Record<string, Vector3>>;
  readonly onWarning?: Warn;
}

/**
 * The spin Peltier effect: the temperature of the stack's top under an alternating current.  What is odd in the current is read at its
 * frequency, Joule heat at twice that; what is odd in the magnetization as well is the spin Peltier signal.
 * @throws InputError when the device has no magnet
 */
export function spinPeltier(
  description: Device,
  options: SpinPeltierOptions,
): Measurement<"current" | "first" | "second" | "spinPeltier"> {
  checkKeys("spinPeltier", options, ["currents", "along", "heat", "magnetizations", "onWarning"]);
  const { currents, along = "x", heat = {}, magnetizations = {}, onWarning = console.warn } = options;
  if (currents.length === 0) throw new InputError("currents", currents, "at least one amplitude");
  for (const [i, current] of currents.entries()) checkNumber(`currents[${i}]`, current, FINITE, "A");
  const layers = description.layers.filter((part): part is Layer => part.kind === "layer");
  if (!layers.some(({ material }) => isMagnetic(material)))
    throw new InputError("spinPeltier: device", "no magnet", "a device with a magnet that takes up or gives spin");
  const model = lower(description, [constant({ current: 1, along })], onWarning, heat);
  const network = model.network.compile();
  const [{ name }] = model.sources;
  const top = `${layers[layers.length - 1].name}.top`;
  const own = Object.fromEntries(
    model.magnets.flatMap((magnet, i) => {
      const m = magnetizations[magnet.name] ?? model.initial[i];
      return network.magnets.includes(magnet.name) ? [[magnet.name, m] as const] : [];
    }),
  );
  const reversed = Object.fromEntries(
    Object.entries(own).map(([magnet, m]) => [magnet, [-m[0], -m[1], -m[2]] as const]),
  );
  const readings = currents.map((amplitude) => {
    const [here, there] = [own, reversed].map(
      (m) =>
        lockIn(amplitude, (current) => [
          network.solve({ magnetizations: m, drives: { [name]: current } }).temperature(top),
        ])[0],
    );
    return { first: here.first, second: here.second, odd: (here.first - there.first) / 2 };
  });
  const data = {
    current: column("amplitude of the current", "A", currents),
    first: column(
      "temperature at ω",
      "K",
      readings.map(({ first }) => first),
    ),
    second: column(
      "temperature at 2ω",
      "K",
      readings.map(({ second }) => second),
    ),
    spinPeltier: column(
      "part at ω that is odd in m",
      "K",
      readings.map(({ odd }) => odd),
    ),
  };
  return {
    title: "spin Peltier effect",
    data,
    figure: {
      title: "The spin Peltier signal grows with the current, Joule heat with its square",
      x: { label: "amplitude of the current", unit: "A" },
      y: { label: "temperature", unit: "K" },
      series: [
        { label: "at ω, odd in m", x: currents, y: data.spinPeltier.values },
        { label: "at 2ω", x: currents, y: data.second.values },
      ],
    },
  };
}
