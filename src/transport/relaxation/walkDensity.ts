import { dot, norm, type Vector3 } from "../../algebra/vector.ts";
import { checkNumber, checkVector, InputError } from "../../checks.ts";
import { meanOf, triple, type WalkMean, type WalkSnapshot } from "./randomWalk.ts";

/** What all walkers make of one wave, each with its standard uncertainty. */
export interface SpinWave {
  readonly spin: Vector3;
  readonly quadrature: Vector3;
  readonly uncertainty: { readonly spin: Vector3; readonly quadrature: Vector3 };
}

/**
 * The spin density at a wavevector: what has become of initial · cos q·r, as `spinCourse` tells it.  Walkers that start at the origin
 * hold the answer for any start, ⟨S cos q·r⟩ and ⟨S sin q·r⟩.
 * @param wavevector q [1/m]
 */
export function spinWave(snapshot: WalkSnapshot, wavevector: readonly [number, number]): SpinWave {
  const { spin, position } = snapshot;
  const walkers = position.length / 2;
  const phases = phasesOf(position, wavevector);
  const against = (wave: (phase: number) => number): WalkMean[] =>
    [0, 1, 2].map((a) => meanOf(phases.map((phase, i) => spin[a * walkers + i] * wave(phase))));
  const [even, odd] = [against(Math.cos), against(Math.sin)];
  return {
    spin: triple(even, ({ value }) => value),
    quadrature: triple(odd, ({ value }) => value),
    uncertainty: {
      spin: triple(even, ({ uncertainty }) => uncertainty),
      quadrature: triple(odd, ({ uncertainty }) => uncertainty),
    },
  };
}

/**
 * How much of a spin helix u cos q·r + w sin q·r is left: ⟨S·(u cos q·r + w sin q·r)⟩ for walkers that started at the origin along u.
 * @param wavevector q [1/m]
 * @param u unit vector
 * @param w unit vector across u
 */
export function helixAmplitude(
  { spin, position }: WalkSnapshot,
  wavevector: readonly [number, number],
  u: Vector3,
  w: Vector3,
): WalkMean {
  for (const [name, vector] of Object.entries({ u, w })) {
    if (Math.abs(norm(checkVector(name, vector)) - 1) > 1e-6) throw new InputError(name, vector, "a unit vector");
  }
  if (Math.abs(dot(u, w)) > 1e-6) throw new InputError("w", w, "a unit vector across u");
  const walkers = position.length / 2;
  return meanOf(
    phasesOf(position, wavevector).map((phase, i) => {
      const own: Vector3 = [spin[i], spin[walkers + i], spin[2 * walkers + i]];
      return dot(own, u) * Math.cos(phase) + dot(own, w) * Math.sin(phase);
    }),
  );
}

function phasesOf(position: Float64Array, wavevector: readonly [number, number]): Float64Array {
  for (const [i, q] of wavevector.entries()) checkNumber(`wavevector[${i}]`, q, {}, "1/m");
  const walkers = position.length / 2;
  return Float64Array.from(
    { length: walkers },
    (_, i) => wavevector[0] * position[i] + wavevector[1] * position[walkers + i],
  );
}

/** Spin per length, walkers having been one in all. */
export interface SpinProfile {
  /** Middles of the bins [m]. */
  readonly at: readonly number[];
  /** [1/m] */
  readonly density: readonly Vector3[];
  readonly uncertainty: readonly Vector3[];
}

/**
 * The spin density along a direction, counted in bins.
 * @param direction in the plane, of any length
 * @param edges of the bins [m], rising; walkers beyond them are not counted
 */
export function spinProfile(
  { spin, position }: WalkSnapshot,
  direction: readonly [number, number],
  edges: readonly number[],
): SpinProfile {
  const length = Math.hypot(...direction);
  if (!Number.isFinite(length) || length === 0) throw new InputError("direction", direction, "a direction [x, y]");
  if (edges.length < 2) throw new InputError("edges", edges, "two edges or more");
  for (const [i, edge] of edges.entries())
    checkNumber(`edges[${i}]`, edge, i === 0 ? {} : { min: edges[i - 1], open: "min" }, "m");
  const walkers = position.length / 2;
  const bins = Int32Array.from({ length: walkers }, (_, i) => {
    const along = (position[i] * direction[0] + position[walkers + i] * direction[1]) / length;
    return edges.findLastIndex((edge) => edge <= along);
  });
  const counted = edges.slice(1).map((to, bin) =>
    [0, 1, 2].map((a) => {
      const { value, uncertainty } = meanOf(
        Float64Array.from(bins, (own, i) => (own === bin ? spin[a * walkers + i] : 0)),
      );
      return { value: value / (to - edges[bin]), uncertainty: uncertainty / (to - edges[bin]) };
    }),
  );
  return {
    at: edges.slice(1).map((to, bin) => (to + edges[bin]) / 2),
    density: counted.map((bin) => triple(bin, ({ value }) => value)),
    uncertainty: counted.map((bin) => triple(bin, ({ uncertainty }) => uncertainty)),
  };
}
