import type { Complex } from "../algebra/complex.ts";
import { solveDense } from "../algebra/dense.ts";
import { eigenvalues } from "../algebra/eigenvalues.ts";
import { cross, normalize, type Vector3 } from "../algebra/vector.ts";
import { GAMMA0 } from "../constants.ts";
import type { MacrospinDynamics } from "./dynamics.ts";

/** No state at rest was found near the start. */
export class NoEquilibriumError extends Error {
  override name = "NoEquilibriumError";
}

/** A step that turns no magnet by more than this [rad] ends Newton's iteration: the root is then exact to round-off. */
const CONVERGED = 1e-12;
/** Newton's step is limited to this angle [rad], well inside the curvature of the sphere. */
const LARGEST_STEP = 0.2;
const NEWTON_STEPS = 60;
/** Below √ε an angle no longer changes the energy in f64; Newton's iteration takes over. */
const SMALLEST_DESCENT = 1e-8;
/** Tilt of a start [rad]. */
const TILT = 1e-3;
/** How far sharpening may move the end of the descent [rad]: more means a flat direction, along which any end is as good. */
const SHARPENING = 1e-4;
/** Step of the central differences [rad]: ε^(1/3) balances truncation against round-off. */
const DIFFERENCE = Number.EPSILON ** (1 / 3);

/**
 * Newton's iteration for ṁ = 0, with all fields and spin torques, in the tangent planes of the free magnets.
 * @param start unit vectors, 3M
 * @throws NoEquilibriumError when the iteration wanders off, as it does beyond a fold
 */
export function equilibriumNear(dynamics: MacrospinDynamics, time: number, start: Float64Array): Float64Array {
  const m = Float64Array.from(start.subarray(0, dynamics.magnetizationSize));
  const rate = new Float64Array(m.length);
  for (let step = 0; step < NEWTON_STEPS; step++) {
    const frame = tangentFrame(dynamics, m);
    if (frame.length === 0) return m;
    const jacobian = tangentJacobian(dynamics, time, m, frame);
    dynamics.rateOf(time, m, rate);
    const turn = Float64Array.from(frame, ({ magnet, along }) => -inner(rate, magnet, along));
    try {
      solveDense(jacobian, turn, frame.length);
    } catch {
      throw new NoEquilibriumError("the state at rest is not isolated: a torque-free direction");
    }
    const largest = turn.reduce((max, x) => Math.max(max, Math.abs(x)), 0);
    if (!Number.isFinite(largest)) break;
    const share = Math.min(1, LARGEST_STEP / largest);
    for (const [i, { magnet, along }] of frame.entries()) {
      for (let a = 0; a < 3; a++) m[3 * magnet + a] += share * turn[i] * along[a];
    }
    normalizeAll(m);
    if (largest < CONVERGED) return m;
  }
  throw new NoEquilibriumError(`no state at rest within ${NEWTON_STEPS} Newton steps of the start`);
}

/**
 * Turns every free magnet along −m × (m × H) as long as that lowers the energy, then sharpens with Newton's iteration: the
 * minimum of the energy downhill of the start.  A start on a summit or a saddle is left as any agitation would leave it: every
 * magnet is first tilted by {@link TILT}.  Where the minimum is flat (an easy plane) the descent's end stands.
 */
export function relaxToEquilibrium(dynamics: MacrospinDynamics, time: number, start: Float64Array): Float64Array {
  const m = Float64Array.from(start.subarray(0, dynamics.magnetizationSize));
  const rate = new Float64Array(m.length);
  const trial = new Float64Array(m.length);
  tilt(dynamics, m);
  let energy = dynamics.energy(time, m);
  for (let angle = 0.1; angle > SMALLEST_DESCENT; ) {
    descentDirection(dynamics, time, m, rate);
    const largest = largestOf(rate);
    if (largest === 0) break;
    for (let i = 0; i < m.length; i++) trial[i] = m[i] + (angle * rate[i]) / largest;
    normalizeAll(trial);
    const next = dynamics.energy(time, trial);
    if (next < energy) {
      m.set(trial);
      energy = next;
      angle = Math.min(0.2, 1.5 * angle);
    } else angle /= 2;
  }
  try {
    const sharp = equilibriumNear(dynamics, time, m);
    return sharp.every((x, i) => Math.abs(x - m[i]) < SHARPENING) ? sharp : m;
  } catch (error) {
    if (error instanceof NoEquilibriumError) return m;
    throw error;
  }
}

/**
 * Linear stability of a state at rest.
 * @returns eigenvalues of the Jacobian of ṁ in the tangent planes [rad/s], largest real part (growth rate) first; the
 *   imaginary parts are resonance frequencies
 */
export function stability(dynamics: MacrospinDynamics, time: number, m: Float64Array): Complex[] {
  const frame = tangentFrame(dynamics, m);
  return eigenvalues(tangentJacobian(dynamics, time, m.subarray(0, dynamics.magnetizationSize), frame), frame.length);
}

/** Turns every free magnet by {@link TILT}, each about an axis of its own. */
export function tilt(dynamics: MacrospinDynamics, m: Float64Array): void {
  for (const [i, { magnet, along }] of tangentFrame(dynamics, m).entries()) {
    const share = TILT * Math.cos(1 + 2.4 * i);
    for (let a = 0; a < 3; a++) m[3 * magnet + a] += share * along[a];
  }
  normalizeAll(m);
}

/** A direction in which a magnet can turn. */
export interface Tangent {
  readonly magnet: number;
  readonly along: Vector3;
}

/** Two directions for every free magnet, e₁ and e₂ = m × e₁. */
export function tangentFrame(dynamics: MacrospinDynamics, m: Float64Array): Tangent[] {
  return dynamics.model.magnets.flatMap(({ fixed }, magnet) => {
    if (fixed) return [];
    const n: Vector3 = [m[3 * magnet], m[3 * magnet + 1], m[3 * magnet + 2]];
    const reference: Vector3 = Math.abs(n[2]) < 0.9 ? [0, 0, 1] : [1, 0, 0];
    const first = normalize(cross(n, reference));
    return [
      { magnet, along: first },
      { magnet, along: cross(n, first) },
    ];
  });
}

/** ∂ṁ/∂m between the directions of a frame [1/s], by central differences. */
export function tangentJacobian(
  dynamics: MacrospinDynamics,
  time: number,
  m: Float64Array,
  frame: Tangent[],
): Float64Array {
  const jacobian = new Float64Array(frame.length ** 2);
  const moved = new Float64Array(m.length);
  const ahead = new Float64Array(m.length);
  const behind = new Float64Array(m.length);
  for (const [column, { magnet, along }] of frame.entries()) {
    for (const [sign, rate] of [
      [1, ahead],
      [-1, behind],
    ] as const) {
      moved.set(m);
      for (let a = 0; a < 3; a++) {
        moved[3 * magnet + a] = Math.cos(DIFFERENCE) * m[3 * magnet + a] + sign * Math.sin(DIFFERENCE) * along[a];
      }
      dynamics.rateOf(time, moved, rate);
    }
    for (const [row, tangent] of frame.entries()) {
      const difference = inner(ahead, tangent.magnet, tangent.along) - inner(behind, tangent.magnet, tangent.along);
      jacobian[row * frame.length + column] = difference / (2 * DIFFERENCE);
    }
  }
  return jacobian;
}

/** −m × (m × H) of every free magnet, scaled as a rate. */
function descentDirection(dynamics: MacrospinDynamics, time: number, m: Float64Array, out: Float64Array): void {
  const H = new Float64Array(m.length);
  for (const term of dynamics.model.terms) term.addField(m, time, H);
  for (const [i, { fixed }] of dynamics.model.magnets.entries()) {
    const at = 3 * i;
    const along = m[at] * H[at] + m[at + 1] * H[at + 1] + m[at + 2] * H[at + 2];
    for (let a = 0; a < 3; a++) out[at + a] = fixed ? 0 : GAMMA0 * (H[at + a] - along * m[at + a]);
  }
}

const inner = (rate: Float64Array, magnet: number, along: Vector3): number =>
  rate[3 * magnet] * along[0] + rate[3 * magnet + 1] * along[1] + rate[3 * magnet + 2] * along[2];

const largestOf = (values: Float64Array): number => values.reduce((max, x) => Math.max(max, Math.abs(x)), 0);

/** Scales every three numbers to a unit vector. */
export function normalizeAll(m: Float64Array): void {
  for (let i = 0; i + 2 < m.length; i += 3) {
    const length = Math.hypot(m[i], m[i + 1], m[i + 2]);
    m[i] /= length;
    m[i + 1] /= length;
    m[i + 2] /= length;
  }
}
