import { checkKeys, checkNumber, InputError, POSITIVE } from "../checks.ts";
import type { MagneticSimulation } from "../device/index.ts";
import { column, type Measurement } from "./measurement.ts";

export interface EnergyPathOptions {
  /** States along a first path, component planes each, its ends among them.  Between them m turns along great circles. */
  readonly states: readonly Float64Array[];
  /** States of the path, ends among them; default 21. */
  readonly images?: number;
  /** It ends when no energy moves by more than this share of the barrier in a round; default 1e-4. */
  readonly tolerance?: number;
  /** Most rounds of 50 steps; default 1000. */
  readonly rounds?: number;
  /** Whether in the end the highest state climbs to the saddle; default true. */
  readonly climb?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (round: number, rounds: number) => void | Promise<void>;
}

/** A path of least energy between two states. */
export interface EnergyPath extends Measurement<"distance" | "energy"> {
  /** Highest energy over that of the first state, and over that of the last [J]. */
  readonly barrier: number;
  readonly barrierBack: number;
  /** States along the path, component planes. */
  readonly states: readonly Float64Array[];
  /** Index of the highest state. */
  readonly saddle: number;
  readonly rounds: number;
}

/** A path that did not settle. */
export class PathError extends Error {
  override name = "PathError";
}

const STEPS = 50;

/**
 * The path of least energy between two states of rest, and the barrier on it.  String method: every state goes downhill for a while, then
 * all are set at equal distances along their path (E, Ren, Vanden-Eijnden, J. Chem. Phys. 126, 164103 (2007)); in the end the highest climbs
 * along the path to the saddle (Henkelman, Uberuaga, Jónsson, J. Chem. Phys. 113, 9901 (2000)).  A distance is √Σ(angle)² over the cells, as
 * in Bessarab, Uzdin, Jónsson, Comput. Phys. Commun. 196, 335 (2015).  The magnet is left as it was.
 * @throws PathError when it still moves after the last round
 */
export async function energyPath(simulation: MagneticSimulation, options: EnergyPathOptions): Promise<EnergyPath> {
  checkKeys("energyPath", options, ["states", "images", "tolerance", "rounds", "climb", "signal", "onProgress"]);
  const { images = 21, tolerance = 1e-4, rounds = 1000, climb = true, signal, onProgress } = options;
  const cells = simulation.magnet.fill.length;
  if (!(options.states?.length >= 2))
    throw new InputError("energyPath: states", options.states?.length, "two states or more");
  for (const [i, state] of options.states.entries())
    if (state.length !== 3 * cells)
      throw new InputError(`energyPath: states[${i}]`, `${state.length} numbers`, `3 × ${cells}, component planes`);
  if (!(Number.isInteger(images) && images >= 3))
    throw new InputError("energyPath: images", images, "a whole number ≥ 3");
  checkNumber("energyPath: tolerance", tolerance, POSITIVE);
  const before = await simulation.checkpoint();
  const stepper = simulation.pathStepper();
  const energyOf = async (state: Float64Array): Promise<number> => {
    await simulation.setMagnetization(state);
    return (await simulation.measure("E_total")).E_total;
  };
  const energiesOf = async (path: readonly Float64Array[]): Promise<number[]> => {
    const energies: number[] = [];
    for (const state of path) energies.push(await energyOf(state));
    return energies;
  };
  try {
    let path = respaced(options.states, images, cells);
    let energies = await energiesOf(path);
    let climbing = false;
    let settled = false;
    let round = 0;
    while (round < rounds && !signal?.aborted && !settled) {
      const top = highest(energies);
      const moved: Float64Array[] = [];
      for (const [i, state] of path.entries()) {
        const tangent = climbing && i === top ? directionAt(path, energies, i) : undefined;
        moved.push(i === 0 || i === path.length - 1 ? state : await stepper.advance(state, STEPS, tangent));
      }
      // While one climbs, the others keep their places on either side of it.
      path = climbing
        ? [
            ...respaced(moved.slice(0, top + 1), top + 1, cells),
            ...respaced(moved.slice(top), images - top, cells).slice(1),
          ]
        : respaced(moved, images, cells);
      const next = await energiesOf(path);
      const barrier = Math.max(...next) - Math.min(next[0], next[images - 1]);
      const change = Math.max(...next.map((E, i) => Math.abs(E - energies[i])));
      energies = next;
      round++;
      await onProgress?.(round, rounds);
      if (change > tolerance * barrier) continue;
      if (climb && !climbing && top > 0 && top < images - 1) climbing = true;
      else settled = true;
    }
    if (!settled && !signal?.aborted)
      throw new PathError(`the path still moves after ${round} rounds; allow more with rounds, or a larger tolerance`);
    const top = highest(energies);
    const distances = distancesAlong(path, cells);
    const total = distances[images - 1];
    return {
      title: "Path of least energy",
      barrier: energies[top] - energies[0],
      barrierBack: energies[top] - energies[images - 1],
      states: path,
      saddle: top,
      rounds: round,
      data: { distance: column("distance along the path", "rad", distances), energy: column("energy", "J", energies) },
      figure: {
        title: "Path of least energy",
        x: { label: "share of the path", unit: "1" },
        y: { label: "energy over the first state", unit: "J" },
        series: [{ label: "", x: distances.map((d) => d / total), y: energies.map((E) => E - energies[0]) }],
      },
    };
  } finally {
    stepper.dispose();
    await simulation.restore(before);
  }
}

const highest = (energies: readonly number[]): number =>
  energies.reduce((best, E, i) => (E > energies[best] ? i : best), 0);

/** Angle between the vectors of a cell in two states. */
function angleBetween(a: Float64Array, b: Float64Array, i: number, cells: number): number {
  const [x, y, z, u, v, w] = [a[i], a[cells + i], a[2 * cells + i], b[i], b[cells + i], b[2 * cells + i]];
  const cross = Math.hypot(y * w - z * v, z * u - x * w, x * v - y * u);
  return Math.atan2(cross, x * u + y * v + z * w);
}

/** Distance of every state from the first, along the path. */
function distancesAlong(path: readonly Float64Array[], cells: number): number[] {
  const distances = [0];
  for (let k = 1; k < path.length; k++) {
    let sum = 0;
    for (let i = 0; i < cells; i++) sum += angleBetween(path[k - 1], path[k], i, cells) ** 2;
    distances.push(distances[k - 1] + Math.sqrt(sum));
  }
  return distances;
}

/** States at equal distances along a path, between its states on great circles. */
function respaced(path: readonly Float64Array[], count: number, cells: number): Float64Array[] {
  const distances = distancesAlong(path, cells);
  const total = distances[path.length - 1];
  let k = 1;
  return Array.from({ length: count }, (_, n) => {
    if (n === 0) return path[0];
    if (n === count - 1) return path[path.length - 1];
    const wanted = (total * n) / (count - 1);
    while (k < path.length - 1 && distances[k] < wanted) k++;
    const step = distances[k] - distances[k - 1];
    return between(path[k - 1], path[k], step > 0 ? (wanted - distances[k - 1]) / step : 0, cells);
  });
}

/** A state a share of the way from one to another; opposite vectors turn through a direction across. */
function between(a: Float64Array, b: Float64Array, share: number, cells: number): Float64Array {
  const state = new Float64Array(3 * cells);
  for (let i = 0; i < cells; i++) {
    const at = [i, cells + i, 2 * cells + i];
    const angle = angleBetween(a, b, i, cells);
    const sine = Math.sin(angle);
    if (sine > 1e-8) {
      const [p, q] = [Math.sin((1 - share) * angle) / sine, Math.sin(share * angle) / sine];
      for (const c of at) state[c] = p * a[c] + q * b[c];
    } else if (angle < 1) for (const c of at) state[c] = a[c];
    else {
      const [x, y, z] = at.map((c) => a[c]);
      const across = Math.abs(z) < 0.9 ? [-y, x, 0] : [0, -z, y];
      const length = Math.hypot(...across);
      for (const [n, c] of at.entries())
        state[c] = Math.cos(share * angle) * a[c] + (Math.sin(share * angle) * across[n]) / length;
    }
  }
  return state;
}

/** Direction of the path at a state: towards the higher neighbour, between both at an extremum. */
function directionAt(path: readonly Float64Array[], energies: readonly number[], k: number): Float64Array {
  const [before, here, after] = [path[k - 1], path[k], path[k + 1]];
  const up = Math.abs(energies[k + 1] - energies[k]);
  const down = Math.abs(energies[k - 1] - energies[k]);
  // Weighted so that it does not jump when the order of the neighbours changes.
  const [p, q] =
    energies[k + 1] > energies[k - 1]
      ? [Math.max(up, down), Math.min(up, down)]
      : [Math.min(up, down), Math.max(up, down)];
  const weight = p + q > 0 ? [p / (p + q), q / (p + q)] : [0.5, 0.5];
  return here.map((m, i) => weight[0] * (after[i] - m) + weight[1] * (m - before[i]));
}
