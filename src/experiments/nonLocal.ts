import type { Vector3 } from "../algebra/vector.ts";
import { checkKeys, checkNumber, InputError, POSITIVE } from "../checks.ts";
import type { CompiledNetwork, Solution } from "../circuit/index.ts";
import { type LateralDevice, lowerLateral, type Terminal } from "../device/index.ts";
import { type Fit, fitCurve } from "./fit.ts";
import { column, type Measurement } from "./measurement.ts";

export interface NonLocalOptions {
  /** Where the current enters and leaves; default from the first electrode to the left end of the wire. */
  readonly current?: readonly [Terminal, Terminal];
  /** Between which the voltage is read; default from the last electrode to the right end of the wire. */
  readonly voltage?: readonly [Terminal, Terminal];
}

/** What a non-local spin valve shows. */
export interface NonLocalSignal {
  /** V/I with the magnetizations of injector and detector parallel and antiparallel [Ω]. */
  readonly parallel: number;
  readonly antiparallel: number;
  /** ΔR_s = R_P − R_AP [Ω]. */
  readonly difference: number;
}

/** Current at which everything linear is read [A]. */
const DRIVE = 1e-6;
const Y: Vector3 = [0, 1, 0];
const MINUS_Y: Vector3 = [0, -1, 0];

/** A lateral device wired for a non-local measurement. */
export interface NonLocalProbe {
  readonly network: CompiledNetwork;
  readonly injector: string;
  readonly detector: string;
  /** V/I [Ω] of a solution at {@link DRIVE}. */
  read(solution: Solution): number;
  solve(magnetizations: Readonly<Record<string, Vector3>>, field?: Vector3): Solution;
}

/**
 * Wires a lateral device.
 * @throws InputError when a voltage probe stands in the path of the current, which then is no non-local measurement
 */
export function nonLocalProbe(description: LateralDevice, options: NonLocalOptions = {}): NonLocalProbe {
  const { electrodes } = description;
  const sorted = [...electrodes].sort((a, b) => a.position - b.position);
  const needed = (options.current ? 0 : 1) + (options.voltage ? 0 : 1);
  if (sorted.length < Math.max(1, needed)) {
    throw new InputError(
      "device: electrodes",
      sorted.length,
      `at least ${Math.max(1, needed)}: to inject spin, and to detect it`,
    );
  }
  const { current = [sorted[0].name, "left"], voltage = [sorted[sorted.length - 1].name, "right"] } = options;
  const model = lowerLateral(description, current);
  const span = (pair: readonly [Terminal, Terminal]): [number, number] => {
    const ends = pair.map((terminal) => model.positionOf(terminal));
    return [Math.min(...ends), Math.max(...ends)];
  };
  const [from, to] = span(current);
  const [low, high] = span(voltage);
  for (const terminal of voltage) {
    const at = model.positionOf(terminal);
    if (
      (at > from && at < to) ||
      current.includes(terminal) ||
      (low < to && from < high && low !== high && from !== to)
    ) {
      throw new InputError(
        "voltage",
        voltage,
        "two terminals outside the path of the current",
        `"${terminal}" reads a voltage that the charge current from "${current[0]}" to "${current[1]}" makes itself: the signal would not be non-local`,
      );
    }
  }
  const network = model.network.compile();
  const [plus, minus] = voltage.map((terminal) => model.nodeOf(terminal));
  return {
    network,
    injector: current.find((terminal) => electrodes.some(({ name }) => name === terminal)) ?? sorted[0].name,
    detector:
      voltage.find((terminal) => electrodes.some(({ name }) => name === terminal)) ?? sorted[sorted.length - 1].name,
    read: (solution) => (solution.voltage(plus) - solution.voltage(minus)) / DRIVE,
    solve: (magnetizations, field = [0, 0, 0]) =>
      network.solve({
        magnetizations: { ...Object.fromEntries(electrodes.map(({ name }) => [name, Y])), ...magnetizations },
        field,
        drives: { [model.drive]: DRIVE },
      }),
  };
}

/** The non-local spin signal: charge goes one way, spin goes both. */
export function nonLocalSignal(description: LateralDevice, options: NonLocalOptions = {}): NonLocalSignal {
  checkKeys("nonLocalSignal", options, ["current", "voltage"]);
  const { read, solve, detector } = nonLocalProbe(description, options);
  const parallel = read(solve({}));
  const antiparallel = read(solve({ [detector]: MINUS_Y }));
  return { parallel, antiparallel, difference: parallel - antiparallel };
}

/** A series over the distance of the electrodes. */
export interface LengthSeries extends Measurement<"length" | "signal"> {
  /** ΔR = ΔR₀ exp(−L/λ); undefined for fewer than three lengths. */
  readonly decay: Fit<"signal" | "length"> | undefined;
}

/**
 * ΔR_s against the distance of injector and detector, with the decay length that experimenters read from it.
 * @param make the device for a distance [m]
 */
export function nonLocalSignalVersusLength(
  make: (length: number) => LateralDevice,
  options: NonLocalOptions & { readonly lengths: readonly number[] },
): LengthSeries {
  checkKeys("nonLocalSignalVersusLength", options, ["current", "voltage", "lengths"]);
  const { lengths, ...rest } = options;
  for (const [i, length] of lengths.entries()) checkNumber(`lengths[${i}]`, length, POSITIVE, "m");
  const signal = lengths.map((length) => nonLocalSignal(make(length), rest).difference);
  const decay =
    lengths.length < 3
      ? undefined
      : fitCurve({
          what: "non-local signal against length",
          x: lengths,
          y: signal,
          parameters: {
            signal: { start: signal[0] * 2, unit: "Ω" },
            length: { start: lengths[lengths.length - 1] / 2, unit: "m" },
          },
          model: (L, p) => p.signal * Math.exp(-L / p.length),
        });
  return {
    title: "non-local spin signal against length",
    decay,
    data: { length: column("distance of the electrodes", "m", lengths), signal: column("ΔR_s", "Ω", signal) },
    figure: {
      title: "The spin signal decays over the spin diffusion length",
      x: { label: "distance of the electrodes", unit: "m" },
      y: { label: "ΔR_s", unit: "Ω", scale: "log" },
      series: [
        { label: "network", x: lengths, y: signal, points: true },
        ...(decay
          ? [
              {
                label: `exp(−L/${Math.round(decay.parameters.length.value * 1e9)} nm)`,
                like: "network",
                x: lengths,
                y: lengths.map((L) => decay.at(L)),
              },
            ]
          : []),
      ],
    },
  };
}

/** The signal with and without the strips that lie between the electrodes. */
export interface SpinAbsorption {
  readonly withAbsorber: number;
  readonly without: number;
  /** Share of the signal that is left. */
  readonly ratio: number;
}

/** How much of the signal a strip across the wire takes (Kimura et al., PRL 98, 156601 (2007); Niimi et al., PRL 106, 126601 (2011)). */
export function spinAbsorption(description: LateralDevice, options: NonLocalOptions = {}): SpinAbsorption {
  checkKeys("spinAbsorption", options, ["current", "voltage"]);
  if (description.absorbers.length === 0) {
    throw new InputError("spinAbsorption: device: absorbers", [], "a device with a strip that takes up spin");
  }
  const withAbsorber = nonLocalSignal(description, options).difference;
  const without = nonLocalSignal({ ...description, absorbers: [] }, options).difference;
  return { withAbsorber, without, ratio: withAbsorber / without };
}

/**
 * The inverse spin Hall effect in a Hall cross: spin from an electrode that a field tilts out of the plane, the voltage across the wire.
 * @param angles of the electrode's magnetization, from y (in the plane) towards z [rad]
 */
export function inverseSpinHallCross(
  description: LateralDevice,
  options: { readonly angles: readonly number[]; readonly cross?: string },
): Measurement<"angle" | "resistance"> {
  checkKeys("inverseSpinHallCross", options, ["angles", "cross"]);
  const { angles, cross = description.crosses[0]?.name } = options;
  if (cross === undefined) {
    throw new InputError("inverseSpinHallCross: device: crosses", [], "a device with a Hall cross");
  }
  for (const [i, angle] of angles.entries()) checkNumber(`angles[${i}]`, angle, {}, "rad");
  const probe = nonLocalProbe(description, { voltage: [`${cross}+`, `${cross}-`] });
  const resistance = angles.map((angle) =>
    probe.read(probe.solve({ [probe.injector]: [0, Math.cos(angle), Math.sin(angle)] })),
  );
  return {
    title: "inverse spin Hall effect in a Hall cross",
    data: {
      angle: column("angle of the magnetization out of the plane", "rad", angles),
      resistance: column("R_SH", "Ω", resistance),
    },
    figure: {
      title: "A pure spin current makes a voltage across the wire",
      x: { label: "angle out of the plane", unit: "rad" },
      y: { label: "R_SH", unit: "Ω" },
      series: [{ label: "network", x: angles, y: resistance }],
    },
  };
}
