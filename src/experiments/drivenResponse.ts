import type { Vector3 } from "../algebra/vector.ts";
import { checkKeys, checkNumber, checkVector, InputError, POSITIVE } from "../checks.ts";
import { MU0 } from "../constants.ts";
import { appliedFields, type MagneticSimulation } from "../device/index.ts";
import { column, type Measurement } from "./measurement.ts";

export interface DrivenResponseOptions {
  /** Amplitude b of the field b cos ωt that drives [T], a vector or a function of place; it should be small, as 0.1 mT. */
  readonly drive: Vector3 | ((x: number, y: number, z: number) => Vector3);
  /** [Hz] */
  readonly frequencies: readonly number[];
  /** Time before it is watched [s]; default ln(1000)/(2π α f) at the smallest damping α > 0 and the lowest f, when ringing has decayed. */
  readonly settle?: number;
  /** Periods over which it is watched; default 4. */
  readonly periods?: number;
  /** Largest error of m per step; default 1e-9 in double precision, 1e-7 in single. */
  readonly tolerance?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void | Promise<void>;
}

/** How a magnet answers at one frequency. */
export interface DrivenMode {
  /** [Hz] */
  readonly frequency: number;
  /** χ = χ′ + iχ″ of M̃ = χ h̃ for e^{−iωt}: χ″ > 0 absorbs. */
  readonly susceptibility: { readonly re: number; readonly im: number };
  /** Absorbed, mean over the magnet's volume [W/m³]. */
  readonly power: number;
  /** Complex amplitude of δm in every cell, δm(t) = Re x cos ωt + Im x sin ωt: planes Re x, Re y, Re z, Im x, Im y, Im z. */
  readonly map: Float64Array;
}

export interface DrivenResponse extends Measurement<"frequency" | "real" | "imaginary" | "power"> {
  /** In the order of the frequencies that were asked for; fewer if it was stopped. */
  readonly modes: readonly DrivenMode[];
}

/** Rows per period: harmonics up to the sixth fall out of the sums exactly. */
const ROWS = 16;
/** Periods over which the drive grows, so that little rings. */
const GROWTH = 3;

/**
 * How a magnet answers to a weak field of given frequencies, from where it rests: it is driven until all else has decayed, then its motion is
 * multiplied by cos ωt and sin ωt over whole periods.  With a drive that differs from place to place χ is that of the part of M that the
 * drive sees, ⟨M·b⟩/⟨b·b⟩.  The magnet and what acts on it are left as they were.
 */
export async function drivenResponse(
  simulation: MagneticSimulation,
  options: DrivenResponseOptions,
): Promise<DrivenResponse> {
  checkKeys("drivenResponse", options, [
    "drive",
    "frequencies",
    "settle",
    "periods",
    "tolerance",
    "signal",
    "onProgress",
  ]);
  const { drive, frequencies, periods = 4, signal, onProgress } = options;
  const { magnet, machine } = simulation;
  const { tolerance = machine.precision === "f64" ? 1e-9 : 1e-7 } = options;
  if (typeof drive !== "function") checkVector("drivenResponse: drive", drive);
  if (!(Array.isArray(frequencies) && frequencies.length > 0))
    throw new InputError("drivenResponse: frequencies", frequencies, "a list of frequencies in Hz");
  for (const f of frequencies) checkNumber("drivenResponse: frequencies", f, POSITIVE, "Hz");
  if (!(Number.isInteger(periods) && periods >= 1))
    throw new InputError("drivenResponse: periods", periods, "a whole number ≥ 1");
  const settle = checkNumber(
    "drivenResponse: settle",
    options.settle ?? settling(magnet.numbers.damping, Math.min(...frequencies)),
    { min: 0 },
    "s",
  );
  const before = await simulation.checkpoint();
  const rest = Float64Array.from(before.m);
  const cells = magnet.fill.length;
  const { weights, pattern } = weighed(magnet, drive);
  const driven = pattern.reduce((sum, b, i) => sum + weights.volume[i % cells] * b * b, 0);
  if (!(driven > 0)) throw new InputError("drivenResponse: drive", drive, "a field that is not zero within the magnet");

  let frequency = frequencies[0];
  let begun = 0;
  const growth = (t: number): number => {
    const share = (t * frequency) / GROWTH;
    return share >= 1 ? 1 : Math.sin((Math.PI / 2) * share) ** 2;
  };
  const factor = (time: number): number => {
    const t = time - begun;
    return growth(t) * Math.cos(2 * Math.PI * frequency * t);
  };
  const { acting } = simulation;
  const modes: DrivenMode[] = [];
  simulation.set({ ...acting, field: [...appliedFields(acting.field), { pattern, factor }] });
  try {
    for (const [k, f] of frequencies.entries()) {
      if (signal?.aborted) break;
      frequency = f;
      const period = 1 / f;
      // Whole periods, so that rows begin where the cosine does.
      const waiting = Math.max(GROWTH, Math.ceil(settle * f)) * period;
      await simulation.setMagnetization(rest);
      begun = simulation.time;
      const settled = await simulation.run({
        duration: waiting,
        every: waiting,
        tolerance,
        quantities: [],
        ...(signal && { signal }),
      });
      const map = new Float64Array(6 * cells);
      let row = 0;
      const watched = await simulation.run({
        duration: periods * period,
        every: period / ROWS,
        tolerance,
        quantities: [],
        ...(signal && { signal }),
        onRow: async () => {
          // The end of the last period is the beginning of the next.
          if (row === ROWS * periods) return;
          const angle = (2 * Math.PI * row++) / ROWS;
          const [c, s] = [Math.cos(angle), Math.sin(angle)].map((x) => (2 * x) / (ROWS * periods));
          const m = await simulation.magnetization();
          for (let i = 0; i < 3 * cells; i++) {
            map[i] += c * (m[i] - rest[i]);
            map[3 * cells + i] += s * (m[i] - rest[i]);
          }
        },
      });
      if (settled.interrupted || watched.interrupted) break;
      const seen = [0, 1].map((part) =>
        pattern.reduce((sum, b, i) => sum + weights.moment[i % cells] * b * map[3 * cells * part + i], 0),
      );
      const [re, im] = seen.map((sum) => (MU0 * sum) / driven);
      // ½ ω χ″ h b, and the mean of b² over the magnet.
      const meanSquare = driven / weights.volume.reduce((a, b) => a + b, 0);
      modes.push({
        frequency: f,
        susceptibility: { re, im },
        power: (Math.PI * f * im * meanSquare) / MU0,
        map,
      });
      await onProgress?.(k + 1, frequencies.length);
    }
  } finally {
    simulation.set(acting);
    await simulation.restore(before);
  }
  const of = (read: (mode: DrivenMode) => number): number[] => modes.map(read);
  const f = of((mode) => mode.frequency);
  return {
    title: "Driven response",
    modes,
    data: {
      frequency: column("frequency", "Hz", f),
      real: column(
        "χ′",
        "1",
        of(({ susceptibility }) => susceptibility.re),
      ),
      imaginary: column(
        "χ″",
        "1",
        of(({ susceptibility }) => susceptibility.im),
      ),
      power: column(
        "absorbed power",
        "W/m³",
        of(({ power }) => power),
      ),
    },
    figure: {
      title: "How the magnet answers to a weak field",
      x: { label: "frequency", unit: "Hz" },
      y: { label: "susceptibility", unit: "1" },
      series: [
        { label: "χ′", x: f, y: of(({ susceptibility }) => susceptibility.re) },
        { label: "χ″", x: f, y: of(({ susceptibility }) => susceptibility.im) },
      ],
    },
  };
}

/** Ringing of a mode decays at α ω or faster, whatever its ellipse. */
function settling(damping: number | Float64Array, lowest: number): number {
  const dampings = typeof damping === "number" ? [damping] : [...damping];
  const least = Math.min(...dampings.filter((alpha) => alpha > 0));
  if (!Number.isFinite(least))
    throw new InputError(
      "drivenResponse: settle",
      undefined,
      "a time in seconds: without damping nothing decays by itself",
    );
  return Math.log(1000) / (2 * Math.PI * least * lowest);
}

/** Volume and moment of every cell, and the drive there as component planes. */
function weighed({ mesh, fill, numbers }: MagneticSimulation["magnet"], drive: DrivenResponseOptions["drive"]) {
  const { saturationMagnetization: Ms } = numbers;
  const [nx, ny] = mesh.grid.size;
  const [dx, dy] = mesh.grid.cell;
  const cells = fill.length;
  const pattern = new Float64Array(3 * cells);
  const volume = new Float64Array(cells);
  for (let i = 0; i < cells; i++) {
    const plane = mesh.planes[Math.floor(i / (nx * ny))];
    volume[i] = fill[i] * plane.thickness;
    const [x, y] = [((i % nx) + 0.5 - nx / 2) * dx, ((Math.floor(i / nx) % ny) + 0.5 - ny / 2) * dy];
    const b = typeof drive === "function" ? checkVector("drivenResponse: drive", drive(x, y, plane.z)) : drive;
    for (let c = 0; c < 3; c++) pattern[c * cells + i] = b[c];
  }
  const moment = volume.map((V, i) => V * (typeof Ms === "number" ? Ms : Ms[i]));
  return { weights: { volume, moment }, pattern };
}
