import { checkKeys, checkNumber, InputError, POSITIVE } from "../checks.ts";
import { MacrospinEnsemble } from "../circuit/index.ts";
import { K_B } from "../constants.ts";
import type { Device, Strength } from "../device/index.ts";
import { lower } from "../device/index.ts";
import { AxialFokkerPlanck, type AxialMacrospin, escapeRate } from "../magnetism/index.ts";
import type { Warn } from "../materials/material.ts";
import { type Fit, fitCurve } from "./fit.ts";
import { column, type Measurement } from "./measurement.ts";
import { criticalCurrent, Quasistatic } from "./quasistatic.ts";

/** A device's free magnet by the numbers that rule its thermal switching. */
export interface ThermalBit extends AxialMacrospin {
  /** I_c0: strength of the drive [in its own unit] at which the state would lose its stability without agitation and stray field. */
  readonly criticalDrive: number;
}

export interface ThermalBitOptions {
  /** The drive at factor 1; its sign is the one that writes. */
  readonly current: Strength;
  /** [K]; default 300. */
  readonly temperature?: number;
  readonly onWarning?: Warn;
  /** How far the energy may depart from that of one axis and a field along it, in barriers; default 0.02. */
  readonly tolerance?: number;
}

/**
 * Reads Δ, τ_D and I_c0 of a device's free magnet: the barrier from its energies, the relaxation time from how its resting state decays with
 * everything that pumping adds, the critical drive from where the network makes that state unstable.  Nothing is put in by hand.
 * @throws InputError when the device has not exactly one free magnet, or when its energy is not that of one axis
 */
export function thermalBit(description: Device, options: ThermalBitOptions): ThermalBit {
  checkKeys("thermalBit", options, ["current", "temperature", "tolerance", "onWarning"]);
  const { current, temperature = 300, tolerance = 0.02, onWarning = console.warn } = options;
  checkNumber("temperature", temperature, POSITIVE, "K");
  const model = lower(description, [], () => {});
  const free = model.magnets.flatMap(({ fixed }, i) => (fixed ? [] : [i]));
  if (free.length !== 1)
    throw new InputError("thermalBit: device", `${free.length} free magnets`, "a device with one free magnet");
  const quasistatic = new Quasistatic(description, { current, onWarning: () => {} });
  const rest = quasistatic.atRest();
  const at = 3 * free[0];
  const axis = [rest[at], rest[at + 1], rest[at + 2]] as const;
  const [across, beyond] = frame(axis);
  const turned = (theta: number, azimuth: number): Float64Array => {
    const m = Float64Array.from(rest);
    for (let a = 0; a < 3; a++) {
      m[at + a] =
        axis[a] * Math.cos(theta) + (across[a] * Math.cos(azimuth) + beyond[a] * Math.sin(azimuth)) * Math.sin(theta);
    }
    return m;
  };
  const energy = (theta: number, azimuth: number): number => {
    const m = turned(theta, azimuth);
    return model.terms.reduce((sum, term) => sum + term.energy(m, 0), 0);
  };
  // E = E_b (sin²θ − 2h cos θ), h being the stray field of fixed magnets over H_k.
  const [here, there] = [energy(0, 0), energy(Math.PI, 0)];
  const barrier = energy(Math.PI / 2, 0) - (here + there) / 2;
  if (!(barrier > 0)) {
    throw new InputError("thermalBit: device", `a barrier of ${barrier} J`, "a magnet that is stable along its axis");
  }
  const field = (there - here) / (4 * barrier);
  if (Math.abs(field) >= 1) {
    throw new InputError(
      "thermalBit: device",
      `a stray field of ${field.toFixed(2)} H_k`,
      "a magnet with two stable states",
    );
  }
  for (const theta of [0.4, 0.8, 1.2, Math.PI / 2, 2.2, 2.8]) {
    for (const azimuth of [0, 1, 2.5]) {
      const expected = Math.sin(theta) ** 2 + 2 * field * (1 - Math.cos(theta));
      const departure = (energy(theta, azimuth) - here) / barrier - expected;
      if (Math.abs(departure) <= tolerance) continue;
      throw new InputError(
        "thermalBit: device",
        `an energy that departs by ${(100 * departure).toFixed(1)} % from that of one axis and a field along it`,
        "an axial magnet; a MacrospinEnsemble takes others",
      );
    }
  }
  const growth = quasistatic.growthRate(rest, 0);
  const critical = criticalCurrent(description, { current, limit: 1, onWarning: () => {} });
  if (critical === undefined) {
    throw new InputError(
      "thermalBit: current",
      current,
      "a drive that makes the resting state unstable at factor 1 or before",
    );
  }
  // The equation takes the damping-like torque as ∝ sin θ, all the way.
  const { name } = model.magnets[free[0]];
  const torques = [0.2, 0.8, 1.4, 2, 2.6].map((theta) => {
    const spin = quasistatic.solution(turned(theta, 0), critical).absorbedSpin(name);
    return (
      [0, 1, 2].reduce((sum, a) => sum + spin[a] * (across[a] * Math.cos(theta) - axis[a] * Math.sin(theta)), 0) /
      Math.sin(theta)
    );
  });
  const uneven = (Math.max(...torques) - Math.min(...torques)) / Math.max(...torques.map(Math.abs));
  if (uneven > UNEVEN) {
    onWarning(
      `thermalBit: the torque of this drive over sin θ changes by ${(100 * uneven).toFixed(0)} % between the two states, which the ` +
        "Fokker–Planck equation takes as even; a junction driven by a voltage is nearly so",
    );
  }
  const strength = (current.current ?? current.density ?? current.voltage) as number;
  // With a field the state decays at (1 + h)/τ_D, and is lost at i = 1 + h.
  return {
    stability: barrier / (K_B * temperature),
    relaxationTime: -(1 + field) / growth,
    ...(Math.abs(field) > 1e-9 && { field }),
    criticalDrive: (critical * strength) / (1 + field),
  };
}

/** A torque that changes by more than this share over sin θ is worth a warning. */
const UNEVEN = 0.1;

/** Two unit vectors across an axis. */
function frame(axis: readonly [number, number, number]): [readonly number[], readonly number[]] {
  const [x, y, z] = axis;
  const other = Math.abs(z) < 0.9 ? [0, 0, 1] : [1, 0, 0];
  const across = [y * other[2] - z * other[1], z * other[0] - x * other[2], x * other[1] - y * other[0]];
  const length = Math.hypot(...across);
  const one = across.map((c) => c / length);
  return [one, [y * one[2] - z * one[1], z * one[0] - x * one[2], x * one[1] - y * one[0]]];
}

export interface WriteErrorOptions {
  /** I/I_c0, each above 1. */
  readonly overdrives: readonly number[];
  /** Pulse lengths [s], rising. */
  readonly durations: readonly number[];
}

/** Write-error rates, one column for every overdrive. */
export interface WriteErrors extends Measurement {
  /** By overdrive, in the order given: WER at each duration. */
  readonly rates: readonly (readonly number[])[];
}

/** Write-error rate against pulse length, down to any depth, from the Fokker–Planck equation. */
export function writeErrorRate(bit: AxialMacrospin, options: WriteErrorOptions): WriteErrors {
  checkKeys("writeErrorRate", options, ["overdrives", "durations"]);
  const { overdrives, durations } = options;
  for (const [i, duration] of durations.entries()) {
    checkNumber(`durations[${i}]`, duration, { min: i === 0 ? 0 : durations[i - 1] }, "s");
  }
  for (const [i, overdrive] of overdrives.entries())
    checkNumber(`overdrives[${i}]`, overdrive, { min: 1, open: "min" });
  const rates = overdrives.map((overdrive) => {
    const equation = new AxialFokkerPlanck(magnetOf(bit));
    let time = 0;
    return durations.map((duration) => {
      equation.advance(overdrive, duration - time);
      time = duration;
      return equation.notSwitched;
    });
  });
  return {
    title: "write-error rate against pulse length",
    rates,
    data: {
      duration: column("pulse length", "s", durations),
      ...Object.fromEntries(
        overdrives.map((i, k) => [`WER at ${i} I_c0`, column(`write-error rate at ${i} I_c0`, "1", rates[k])]),
      ),
    },
    figure: {
      title: "A longer pulse, fewer errors",
      subtitle: `Δ = ${bit.stability.toFixed(0)}, τ_D = ${(bit.relaxationTime * 1e9).toPrecision(3)} ns`,
      x: { label: "pulse length", unit: "s" },
      y: { label: "write-error rate", unit: "1", scale: "log", domain: [1e-15, 1] },
      series: overdrives.map((i, k) => ({ label: `${i} I_c0`, x: durations, y: rates[k] })),
    },
  };
}

/** Read-disturb: the probability that a current that should only read has switched the bit. */
export function readDisturb(
  bit: AxialMacrospin,
  options: { readonly currents: readonly number[]; readonly duration: number },
): Measurement<"current" | "probability" | "rate"> {
  checkKeys("readDisturb", options, ["currents", "duration"]);
  const { currents, duration } = options;
  checkNumber("duration", duration, POSITIVE, "s");
  for (const [i, current] of currents.entries()) checkNumber(`currents[${i}]`, current, { max: 1 });
  const rates = currents.map((current) => escapeRate(magnetOf(bit), current));
  const probability = rates.map((rate) => -Math.expm1(-rate * duration));
  return {
    title: "read disturb",
    data: {
      current: column("current over I_c0", "1", currents),
      probability: column("probability to be switched", "1", probability),
      rate: column("escape rate", "1/s", rates),
    },
    figure: {
      title: "What a reading current risks",
      x: { label: "current over I_c0", unit: "1" },
      y: { label: "probability", unit: "1", scale: "log" },
      series: [{ label: "Fokker–Planck", x: currents, y: probability }],
    },
  };
}

export interface SwitchingProbabilityOptions {
  /** I/I_c0. */
  readonly overdrives: readonly number[];
  /** [s] */
  readonly duration: number;
  /** Damping of the ensemble; the Fokker–Planck equation knows it by τ_D alone.  Default 0.1. */
  readonly damping?: number;
  readonly spins?: number;
  readonly seed?: number;
}

/** Switching probability against current: the Fokker–Planck equation, and an ensemble of spins that must agree with it. */
export async function switchingProbability(
  bit: AxialMacrospin,
  options: SwitchingProbabilityOptions,
): Promise<Measurement<"overdrive" | "probability" | "ensemble" | "uncertainty">> {
  checkKeys("switchingProbability", options, ["overdrives", "duration", "damping", "spins", "seed"]);
  const { overdrives, duration, damping = 0.1, spins, seed } = options;
  checkNumber("duration", duration, POSITIVE, "s");
  for (const [i, overdrive] of overdrives.entries()) checkNumber(`overdrives[${i}]`, overdrive);
  const probability = overdrives.map(
    (overdrive) => new AxialFokkerPlanck(magnetOf(bit)).advance(overdrive, duration).switched,
  );
  const counted: { value: number; uncertainty: number }[] = [];
  // τ_D in units of 1/γ0 H_k.
  const unit = (1 + damping ** 2) / damping;
  for (const overdrive of overdrives) {
    const field = [0, 0, bit.field ?? 0] as const;
    const ensemble = await MacrospinEnsemble.start({ stability: bit.stability, damping, field }, { spins, seed });
    // Five relaxation times to come to equilibrium in the well.
    await ensemble.advance({ dampingLike: 0 }, 5 * unit);
    await ensemble.advance({ dampingLike: -damping * overdrive }, (duration / bit.relaxationTime) * unit);
    counted.push(await ensemble.switched());
    await ensemble.destroy();
  }
  const values = counted.map(({ value }) => value);
  const uncertainty = counted.map((share) => share.uncertainty);
  return {
    title: "switching probability against current",
    data: {
      overdrive: column("current over I_c0", "1", overdrives),
      probability: column("switching probability, Fokker–Planck", "1", probability),
      ensemble: column("switching probability, ensemble", "1", values),
      uncertainty: column("standard uncertainty of the ensemble", "1", uncertainty),
    },
    figure: {
      title: "Switching is a matter of chance",
      subtitle: `Δ = ${bit.stability.toFixed(0)}, pulses of ${(duration / bit.relaxationTime).toPrecision(3)} τ_D`,
      x: { label: "current over I_c0", unit: "1" },
      y: { label: "switching probability", unit: "1", domain: [0, 1] },
      series: [
        { label: "Fokker–Planck", x: overdrives, y: probability },
        { label: "ensemble", like: "Fokker–Planck", points: true, x: overdrives, y: values, uncertainty },
      ],
    },
  };
}

/** What a series over ramp rates tells of a bit. */
export interface RampSeries extends Measurement<"rampRate" | "current"> {
  /** Δ and I_c0/I_c0 as the customary formula with (1 − i)² reads them. */
  readonly fit: Fit<"stability" | "critical"> | undefined;
}

/**
 * Mean switching current of a ramp, over I_c0, against the ramp rate: slower ramps switch earlier, as agitation has more time.  From the
 * escape rates of the Fokker–Planck equation, and fitted as experimenters do, by I = I_c0 [1 − √(ln(I_c0/(r τ_0))/Δ)].
 * @param rampRates d(I/I_c0)/dt [1/s]
 */
export function thermalSwitchingCurrent(
  bit: AxialMacrospin,
  options: { readonly rampRates: readonly number[] },
): RampSeries {
  checkKeys("thermalSwitchingCurrent", options, ["rampRates"]);
  const { rampRates } = options;
  for (const [i, rate] of rampRates.entries()) checkNumber(`rampRates[${i}]`, rate, POSITIVE, "1/s");
  const magnet = magnetOf(bit);
  const grid = Array.from({ length: 241 }, (_, i) => (i / 240) * 1.2);
  const rates = grid.map((i) => escapeRate(magnet, i));
  const current = rampRates.map((ramp) => {
    // ⟨I⟩ = ∫ survival dI.
    let hazard = 0;
    let mean = 0;
    for (let k = 1; k < grid.length; k++) {
      const before = Math.exp(-hazard);
      hazard += (((rates[k] + rates[k - 1]) / 2) * (grid[k] - grid[k - 1])) / ramp;
      mean += ((before + Math.exp(-hazard)) / 2) * (grid[k] - grid[k - 1]);
    }
    return mean;
  });
  const fit =
    rampRates.length < 3
      ? undefined
      : fitCurve({
          what: "switching current against ramp rate",
          x: rampRates,
          y: current,
          parameters: {
            stability: { start: bit.stability, unit: "1", min: 1 },
            critical: { start: 1, unit: "1", min: 0.1 },
          },
          model: (ramp, { stability, critical }) =>
            critical * (1 - Math.sqrt(Math.max(0, Math.log(1 / (ramp * bit.relaxationTime))) / stability)),
        });
  return {
    title: "switching current against ramp rate",
    fit,
    data: {
      rampRate: column("ramp rate over I_c0", "1/s", rampRates),
      current: column("mean switching current over I_c0", "1", current),
    },
    figure: {
      title: "Slower ramps switch earlier",
      x: { label: "ramp rate over I_c0", unit: "1/s", scale: "log" },
      y: { label: "switching current over I_c0", unit: "1" },
      series: [
        { label: "Fokker–Planck", x: rampRates, y: current, points: true },
        ...(fit ? [{ label: "fit", like: "Fokker–Planck", x: rampRates, y: rampRates.map((r) => fit.at(r)) }] : []),
      ],
    },
  };
}

/** The magnet of a bit alone. */
const magnetOf = ({ stability, relaxationTime, field }: AxialMacrospin): AxialMacrospin => ({
  stability,
  relaxationTime,
  ...(field !== undefined && { field }),
});
