import { type Input, type Real, real, type Vector } from "../../compute/index.ts";
import { bondsOf, sum } from "./exchange.ts";
import { fieldTerm, type Place } from "./fieldTerm.ts";

/** v × m for the Dzyaloshinskii vectors v along the bond to the neighbour at +axis, for one symmetry. */
type Symmetry = (axis: 0 | 1 | 2, place: Place) => Vector | undefined;

const unit = ({ vector }: Place, x: number, y: number, z: number): Vector => vector(x, y, z);

/** C_nv: e = D [m_z ∇·m − (m·∇) m_z], walls of Néel's kind.  Bogdanov and Yablonskii, Sov. Phys. JETP 68, 101 (1989). */
const interfacial: Symmetry = (axis, place) =>
  axis === 0 ? unit(place, 0, 1, 0) : axis === 1 ? unit(place, -1, 0, 0) : undefined;

/** T and O: e = D m·(∇ × m), walls of Bloch's kind.  Bak and Jensen, J. Phys. C 13, L881 (1980). */
const bulk: Symmetry = (axis, place) => unit(place, axis === 0 ? -1 : 0, axis === 1 ? -1 : 0, axis === 2 ? -1 : 0);

/** D_2d: e = D m·(∂_x m × x̂ − ∂_y m × ŷ), antiskyrmions.  Bogdanov and Hubert, J. Magn. Magn. Mater. 138, 255 (1994). */
const antiskyrmionic: Symmetry = (axis, place) =>
  axis === 0 ? unit(place, 1, 0, 0) : axis === 1 ? unit(place, 0, -1, 0) : undefined;

/**
 * Dzyaloshinskii–Moriya interaction.  Neighbours share the energy s·(m_i × m_j) per area of their face with s = D v, half of which is
 * each cell's; v is the symmetry's vector along +axis.  At a free face the half cell beyond the last bond turns as
 * 2A ∂m/∂n = −D v × m tells it to, which lowers the energy by (D² d/8A)|v × m|² per area; without it the surface converges only to
 * first order in the cell.
 */
function dzyaloshinskii(name: string, symbol: string, symmetry: Symmetry) {
  const bonds = (m: Input<Vector>, faces: readonly Input<Real>[], place: Place) =>
    bondsOf(m, faces, place).flatMap((bond) => {
      const v = symmetry(bond.axis, place);
      return v ? [{ ...bond, v: bond.side === 1 ? v : v.neg() }] : [];
    });
  /** Per axis, the weight (D²/8A)(number of free faces) with the direction of v. */
  const surfaces = (free: Vector, place: Place) =>
    ([0, 1, 2] as const).flatMap((axis) => {
      const v = symmetry(axis, place);
      return v ? [{ v, weight: [free.x, free.y, free.z][axis] }] : [];
    });
  return fieldTerm({
    name,
    symbol,
    parameters: { faceX: real, faceY: real, faceZ: real, freeX: real, freeY: real, freeZ: real },
    field: ({ m, inside, perMoment, faceX, faceY, faceZ, freeX, freeY, freeZ }, place) => {
      const free = place.vector(freeX, freeY, freeZ);
      return sum(
        [
          // ∂/∂m_i of v·(m_i × m_j) is m_j × v.
          ...bonds(inside, [faceX, faceY, faceZ], place).map(({ axis, neighbour, strength, v }) =>
            v.cross(neighbour).scale(strength.div(place.extent[axis])),
          ),
          ...surfaces(free, place).map(({ v, weight }) => v.cross(m).cross(v).scale(weight.mul(2))),
        ],
        place,
      ).scale(perMoment);
    },
    energyDensity: ({ m, inside, faceX, faceY, faceZ, freeX, freeY, freeZ }, place) => {
      const free = place.vector(freeX, freeY, freeZ);
      const between = bonds(inside, [faceX, faceY, faceZ], place).reduce(
        (total, { axis, neighbour, strength, v }) =>
          total.add(v.dot(m.cross(neighbour)).mul(strength.div(place.extent[axis]).mul(0.5))),
        place.constant(0),
      );
      return surfaces(free, place).reduce(
        (total, { v, weight }) => total.sub(v.cross(m).squared().mul(weight)),
        between,
      );
    },
  });
}

export const interfacialDMI = dzyaloshinskii("interfacial DMI", "DMI", interfacial);
export const bulkDMI = dzyaloshinskii("bulk DMI", "DMI", bulk);
export const anisotropicDMI = dzyaloshinskii("anisotropic DMI", "DMI", antiskyrmionic);
