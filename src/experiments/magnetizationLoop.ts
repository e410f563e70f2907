import { dot, norm, normalize, type Vector3 } from "../algebra/vector.ts";
import { checkKeys, checkVector, InputError } from "../checks.ts";
import type { MagneticSimulation, RelaxOptions } from "../device/index.ts";
import { column, type Measurement } from "./measurement.ts";

export interface MagnetizationLoopOptions extends RelaxOptions {
  /** Field at full strength [T]; the loop goes from it to its opposite and back. */
  readonly field: Vector3;
  /** Fields in one branch; default 51. */
  readonly points?: number;
  /** Strengths in place of an even branch there and back, as shares of `field`. */
  readonly strengths?: readonly number[];
  /** A field that stays [T]. */
  readonly bias?: Vector3;
  /** Direction along which m is read; default that of the field. */
  readonly along?: Vector3;
  /** Called with the share of the loop that is done. */
  readonly onProgress?: (done: number, total: number) => void | Promise<void>;
}

/** A loop and what is read off it. */
export interface MagnetizationLoop extends Measurement<"field" | "m" | "m_x" | "m_y" | "m_z"> {
  /** Fields [T] at which m passes zero, falling and rising; NaN where it does not. */
  readonly coercivity: { readonly falling: number; readonly rising: number };
  /** m where the falling branch passes zero field. */
  readonly remanence: number;
}

/**
 * The hysteresis loop of a magnetization field: at every field it comes to rest from where it was.  It stays in the last state.
 * @throws InputError on options that make no sense, before it changes anything
 * @throws NotAtRestError when a state does not come to rest
 */
export async function magnetizationLoop(
  simulation: MagneticSimulation,
  options: MagnetizationLoopOptions,
): Promise<MagnetizationLoop> {
  checkKeys("magnetizationLoop", options, [
    "field",
    "points",
    "strengths",
    "bias",
    "along",
    "onProgress",
    "method",
    "torque",
    "limit",
    "signal",
  ]);
  const { points = 51, bias = [0, 0, 0], onProgress, method, torque, limit, signal } = options;
  const rest = {
    ...(method !== undefined && { method }),
    ...(torque !== undefined && { torque }),
    ...(limit !== undefined && { limit }),
    ...(signal && { signal }),
  };
  simulation.checkRelax(rest);
  const full = checkDirection("magnetizationLoop: field", options.field);
  checkVector("magnetizationLoop: bias", bias);
  const along = normalize(checkDirection("magnetizationLoop: along", options.along ?? full));
  if (!(Number.isInteger(points) && points >= 2))
    throw new InputError("magnetizationLoop: points", points, "a whole number ≥ 2");
  const branch = Array.from({ length: points }, (_, i) => 1 - (2 * i) / (points - 1));
  const strengths = options.strengths ?? [...branch, ...branch.slice(0, -1).reverse()];
  if (!(strengths.length > 0 && strengths.every(Number.isFinite)))
    throw new InputError("magnetizationLoop: strengths", strengths, "one finite number or more");
  const rows: { readonly strength: number; readonly m: Vector3 }[] = [];
  for (const strength of strengths) {
    if (signal?.aborted) break;
    const field = full.map((B, i) => strength * B + bias[i]) as unknown as Vector3;
    simulation.set({ field });
    await simulation.relax(rest);
    const { m_x, m_y, m_z } = await simulation.measure("m");
    rows.push({ strength, m: [m_x, m_y, m_z] });
    await onProgress?.(rows.length, strengths.length);
  }
  const fields = rows.map(({ strength }) => strength * norm(full));
  const read = rows.map(({ m }) => dot(m, along));
  const turn = strengths.slice(0, rows.length).reduce((least, s, i, all) => (s < all[least] ? i : least), 0);
  const crossing = (from: number, to: number, x: readonly number[], y: readonly number[]): number => {
    for (let i = from + 1; i <= to; i++)
      if (y[i - 1] !== y[i] && y[i - 1] * y[i] <= 0)
        return x[i - 1] + ((x[i] - x[i - 1]) * y[i - 1]) / (y[i - 1] - y[i]);
    return Number.NaN;
  };
  const last = rows.length - 1;
  const remanence = crossing(0, turn, read, fields);
  return {
    title: "Magnetization loop",
    coercivity: { falling: crossing(0, turn, fields, read), rising: crossing(turn, last, fields, read) },
    remanence,
    data: {
      field: column("field", "T", fields),
      m: column("m along the field", "1", read),
      m_x: column(
        "m_x",
        "1",
        rows.map(({ m }) => m[0]),
      ),
      m_y: column(
        "m_y",
        "1",
        rows.map(({ m }) => m[1]),
      ),
      m_z: column(
        "m_z",
        "1",
        rows.map(({ m }) => m[2]),
      ),
    },
    figure: {
      title: "Magnetization loop",
      x: { label: "field", unit: "T" },
      y: { label: "m along the field", unit: "1", domain: [-1.05, 1.05] },
      series: [
        { label: "falling", x: fields.slice(0, turn + 1), y: read.slice(0, turn + 1) },
        { label: "rising", x: fields.slice(turn), y: read.slice(turn) },
      ],
    },
  };
}

function checkDirection(parameter: string, value: unknown): Vector3 {
  const vector = checkVector(parameter, value);
  if (norm(vector) === 0) throw new InputError(parameter, value, "a vector that is not zero");
  return vector;
}
