import { norm, type Vector3 } from "../algebra/vector.ts";
import { checkKeys, checkNumber, InputError, POSITIVE } from "../checks.ts";
import type { MagneticSimulation } from "../device/index.ts";
import type { Texture } from "../magnetism/index.ts";
import { column, type Measurement } from "./measurement.ts";

export interface RingdownOptions {
  /** What is added to m at every point to start with, a vector or a function of place; it should be small, as 0.01. */
  readonly kick: Vector3 | Texture;
  /** How long m is watched [s]: lines are as narrow as 2/duration. */
  readonly duration: number;
  /** Highest frequency [Hz]; m is read at twice this rate. */
  readonly highest: number;
  /** Lines to be mapped, strongest first; default 0: none.  For maps the motion is run twice. */
  readonly modes?: number;
  /** Largest error of m per step; default 1e-6, as the motion is small. */
  readonly tolerance?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void | Promise<void>;
}

/** One line of a spectrum. */
export interface ResonanceMode {
  /** [Hz] */
  readonly frequency: number;
  /** Height in the spectrum. */
  readonly power: number;
  /** Complex amplitude of δm in every cell, planes Re x, Re y, Re z, Im x, Im y, Im z; empty unless mapped. */
  readonly map: Float64Array;
}

export interface Ringdown extends Measurement<"frequency" | "power"> {
  /** Lines, strongest first. */
  readonly modes: readonly ResonanceMode[];
}

/**
 * What a magnet rings at: it is kicked from where it rests and watched.  The spectrum is |∫ δm e^{iωt} w(t) dt|² of the mean of m over the
 * magnet, with Hann's window; modes whose mean vanishes do not show, unless the kick and the magnet are not symmetric.  The magnet is left as
 * it was.  McMichael and Stiles, J. Appl. Phys. 97, 10J901 (2005).
 */
export async function ringdown(simulation: MagneticSimulation, options: RingdownOptions): Promise<Ringdown> {
  checkKeys("ringdown", options, ["kick", "duration", "highest", "modes", "tolerance", "signal", "onProgress"]);
  const { kick, duration, highest, modes = 0, tolerance = 1e-6, signal, onProgress } = options;
  checkNumber("ringdown: duration", duration, POSITIVE, "s");
  checkNumber("ringdown: highest", highest, { min: 2 / duration, open: "min" }, "Hz");
  if (!(Number.isInteger(modes) && modes >= 0)) throw new InputError("ringdown: modes", modes, "a whole number ≥ 0");
  if (typeof kick !== "function" && !(norm(kick) > 0))
    throw new InputError("ringdown: kick", kick, "a vector that is not zero");
  const before = await simulation.checkpoint();
  const { magnet } = simulation;
  const cells = magnet.fill.length;
  const rest = Float64Array.from(before.m);
  const every = 1 / (2 * highest);
  const rows = Math.floor(duration / every);
  const total = rows * (modes > 0 ? 2 : 1);
  let done = 0;

  const ring = async (watch: () => Promise<void>): Promise<void> => {
    const start = magnetizationKicked(rest, kick, magnet.mesh.grid.size, magnet.mesh.grid.cell, magnet.mesh.planes);
    await simulation.setMagnetization(start);
    simulation.time = 0;
    await simulation.run({
      duration: rows * every,
      every,
      tolerance,
      quantities: ["m"],
      ...(signal && { signal }),
      onRow: async () => {
        await watch();
        await onProgress?.(++done, total);
      },
    });
  };

  const means: Vector3[] = [];
  await ring(async () => {
    const { m_x, m_y, m_z } = await simulation.measure("m");
    means.push([m_x, m_y, m_z]);
  });
  const { frequencies, power } = spectrumOf(means, every, highest);
  const lines = peaksOf(frequencies, power);
  const mapped = lines.slice(0, modes);
  const maps = mapped.map(() => new Float64Array(6 * cells));
  if (mapped.length > 0) {
    let row = 0;
    await ring(async () => {
      const m = await simulation.magnetization();
      const w = window(row, means.length);
      for (const [k, { frequency }] of mapped.entries()) {
        const angle = 2 * Math.PI * frequency * row * every;
        const [c, s] = [w * Math.cos(angle), w * Math.sin(angle)];
        for (let i = 0; i < 3 * cells; i++) {
          const change = m[i] - rest[i];
          maps[k][i] += change * c;
          maps[k][3 * cells + i] += change * s;
        }
      }
      row++;
    });
  }
  await simulation.restore(before);
  const scale = 4 / means.length;
  return {
    title: "Ringdown spectrum",
    modes: lines.map((line, k) => ({
      ...line,
      map: k < maps.length ? maps[k].map((x) => x * scale) : new Float64Array(0),
    })),
    data: { frequency: column("frequency", "Hz", frequencies), power: column("power", "1", power) },
    figure: {
      title: "What the magnet rings at",
      x: { label: "frequency", unit: "Hz" },
      y: { label: "power of ⟨δm⟩", unit: "1", scale: "log" },
      series: [{ label: "", x: frequencies.slice(1), y: power.slice(1) }],
      rules: lines.slice(0, 3).map(({ frequency }) => ({ x: frequency })),
    },
  };
}

function magnetizationKicked(
  rest: Float64Array,
  kick: Vector3 | Texture,
  [nx, ny]: readonly number[],
  [dx, dy]: readonly number[],
  planes: readonly { readonly z: number }[],
): Float64Array {
  const cells = rest.length / 3;
  const moved = rest.slice();
  for (let i = 0; i < cells; i++) {
    if (rest[i] === 0 && rest[cells + i] === 0 && rest[2 * cells + i] === 0) continue;
    const x = ((i % nx) + 0.5 - nx / 2) * dx;
    const y = ((Math.floor(i / nx) % ny) + 0.5 - ny / 2) * dy;
    const v = typeof kick === "function" ? kick(x, y, planes[Math.floor(i / (nx * ny))].z, i) : kick;
    for (let c = 0; c < 3; c++) moved[c * cells + i] += v[c];
  }
  return moved;
}

/** Hann's window. */
const window = (row: number, rows: number): number => Math.sin((Math.PI * (row + 0.5)) / rows) ** 2;

function spectrumOf(means: readonly Vector3[], every: number, highest: number) {
  const rows = means.length;
  const average = [0, 1, 2].map((c) => means.reduce((sum, m) => sum + m[c], 0) / rows);
  // Twice as fine as the window resolves.
  const count = Math.floor(highest * rows * every * 2) + 1;
  const frequencies = Float64Array.from({ length: count }, (_, k) => k / (2 * rows * every));
  const power = frequencies.map((f) => {
    let sum = 0;
    for (let c = 0; c < 3; c++) {
      let [re, im] = [0, 0];
      for (let row = 0; row < rows; row++) {
        const value = (means[row][c] - average[c]) * window(row, rows);
        re += value * Math.cos(2 * Math.PI * f * row * every);
        im += value * Math.sin(2 * Math.PI * f * row * every);
      }
      sum += re * re + im * im;
    }
    return sum * (2 / rows) ** 2;
  });
  return { frequencies, power };
}

/** Maxima that stand out from both sides, strongest first, placed by a parabola through the logarithms. */
function peaksOf(frequencies: Float64Array, power: Float64Array): { frequency: number; power: number }[] {
  const step = frequencies[1];
  const found: { frequency: number; power: number }[] = [];
  const most = Math.max(...power);
  for (let k = 4; k < power.length - 4; k++) {
    const [a, b, c] = [power[k - 1], power[k], power[k + 1]];
    // A Hann line falls to nothing four bins of half the resolution away; side lobes are 1e-3 of it.
    if (!(b > a && b >= c && b > 1e-6 * most && b > 4 * power[k - 4] && b > 4 * power[k + 4])) continue;
    const [la, lb, lc] = [a, b, c].map(Math.log);
    const bend = la - 2 * lb + lc;
    found.push({ frequency: frequencies[k] + (bend < 0 ? ((la - lc) / (2 * bend)) * step : 0), power: b });
  }
  return found.sort((p, q) => q.power - p.power);
}
