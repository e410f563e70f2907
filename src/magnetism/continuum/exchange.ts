import type { Input, Real, Vector } from "../../compute/index.ts";
import { real } from "../../compute/index.ts";
import { fieldTerm, type Place } from "./fieldTerm.ts";

const STEPS = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
] as const;

/** The two neighbours along an axis, with the strength of the face between. */
export interface Bond {
  readonly axis: 0 | 1 | 2;
  /** Towards the neighbour: +1 or −1. */
  readonly side: 1 | -1;
  readonly neighbour: Vector;
  /** Of the face between this cell and the neighbour. */
  readonly strength: Real;
}

/**
 * Bonds of a cell to its neighbours.  A face belongs to the cell below it: `faces[axis]` at a cell is the strength of its upper
 * face, 0 where nothing couples.
 */
export function bondsOf(m: Input<Vector>, faces: readonly Input<Real>[], { size }: Place): Bond[] {
  return ([0, 1, 2] as const).flatMap((axis) => {
    if ([size.x, size.y, size.z][axis] === 1) return [];
    const [dx, dy, dz] = STEPS[axis];
    return [
      { axis, side: 1, neighbour: m.at(dx, dy, dz), strength: faces[axis] as Real },
      { axis, side: -1, neighbour: m.at(-dx, -dy, -dz), strength: faces[axis].at(-dx, -dy, -dz) },
    ] satisfies Bond[];
  });
}

/**
 * Exchange.  Neighbours i, j share the energy (σ/2)|m_j − m_i|² per area of the face between them, σ = 2A/d [J/m²] with the distance
 * d of their centres; where A differs it is the harmonic mean.  Free surfaces have no face: ∂m/∂n = 0.
 * Brown, Micromagnetics (1963); Donahue and Porter, Physica B 343, 177 (2004) on the mean.
 */
export const exchange = fieldTerm({
  name: "exchange",
  symbol: "ex",
  parameters: { faceX: real, faceY: real, faceZ: real },
  field: ({ m, perMoment, faceX, faceY, faceZ }, place) =>
    sum(
      bondsOf(m, [faceX, faceY, faceZ], place).map(({ axis, neighbour, strength }) =>
        neighbour.sub(m).scale(strength.div(place.extent[axis])),
      ),
      place,
    ).scale(perMoment),
  energyDensity: ({ m, faceX, faceY, faceZ }, place) =>
    bondsOf(m, [faceX, faceY, faceZ], place).reduce(
      (total, { axis, neighbour, strength }) =>
        total.add(neighbour.sub(m).squared().mul(strength.div(place.extent[axis]).mul(0.25))),
      place.constant(0),
    ),
});

/** The sum of vectors, zero for none. */
export const sum = (vectors: readonly Vector[], { vector }: Place): Vector =>
  vectors.length === 0 ? vector(0, 0, 0) : vectors.reduce((a, b) => a.add(b));
