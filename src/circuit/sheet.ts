import { cross, dot, norm, scale, type Vector3 } from "../algebra/vector.ts";
import { checkNumber, checkVector, InputError, POSITIVE } from "../checks.ts";
import { HBAR_2E } from "../constants.ts";
import { checkSheet, type SheetLaw } from "../transport/index.ts";
import { chargePort, type Element, type Medium, spinPort } from "./element.ts";
import type { SideContacts } from "./film.ts";

export interface SheetOptions {
  readonly name: string;
  /** Node whose spin accumulation the sheet has; what lies below and above it joins there. */
  readonly at: string;
  readonly law: SheetLaw;
  /** [m²] */
  readonly area: number;
  /** Contacts between which the sheet conducts, along x and along y. */
  readonly sides: { readonly x?: SideContacts; readonly y?: SideContacts };
  /** Lab directions of the sheet's x and of its normal; default x and z. */
  readonly orientation?: { readonly x: Vector3; readonly z: Vector3 };
}

/** What a sheet shows. */
export interface SheetState {
  /** K [A/m]. */
  readonly current: Vector3;
  /** Density of spin angular momentum [J s/m²]; the moments point against it. */
  readonly spinDensity: Vector3;
}

export interface Sheet extends Element {
  /** Current and spin density for the potentials at its ports. */
  sheetState(potentials: Float64Array): SheetState;
}

/** A two-dimensional conductor with spin–orbit coupling at one node, see {@link SheetLaw}: Edelstein effect and its inverse. */
export function sheet(options: SheetOptions): Sheet {
  const { name, at, law, area, sides } = options;
  checkSheet(`sheet "${name}"`, law);
  checkNumber(`sheet "${name}": area`, area, POSITIVE, "m²");
  const { x, z: normal } = options.orientation ?? { x: [1, 0, 0], z: [0, 0, 1] };
  for (const [key, v] of Object.entries({ x, z: normal })) {
    // 1e-9: far above the round-off of normalising, far below any tilt a user could mean.
    if (
      Math.abs(norm(checkVector(`sheet "${name}": orientation.${key}`, v)) - 1) > 1e-9 ||
      Math.abs(dot(x, normal)) > 1e-9
    )
      throw new InputError(`sheet "${name}": orientation`, options.orientation, "two unit vectors at right angles");
  }
  const directions = [
    { side: sides.x, along: x },
    { side: sides.y, along: cross(normal, x) },
  ].flatMap(({ side, along }) => (side ? [{ side, along }] : []));
  if (directions.length === 0) {
    throw new InputError(`sheet "${name}": sides`, sides, "contacts along x, along y, or both");
  }
  for (const { side } of directions) checkNumber(`sheet "${name}": length`, side.length, POSITIVE, "m");
  const width = 3 + 2 * directions.length;
  const { conductance, edelsteinLength, relaxation, relaxationNormal, spinCapacitance } = law;
  const coupling = edelsteinLength * relaxation;

  const accumulation = (u: Float64Array): Vector3 => [u[0], u[1], u[2]];
  const field = (u: Float64Array): Vector3 =>
    directions
      .map(({ side, along }, d) => scale(along, (u[3 + 2 * d] - u[4 + 2 * d]) / side.length))
      .reduce(([a, b, c], [d, e, f]): Vector3 => [a + d, b + e, c + f], [0, 0, 0]);
  /** Spin per area that the lattice takes of the accumulation, less what the field makes. */
  const taken = (u: Float64Array): Vector3 => {
    const phi = accumulation(u);
    const source = cross(normal, field(u));
    const out = dot(phi, normal);
    return [0, 1, 2].map(
      (a) => relaxation * phi[a] + (relaxationNormal - relaxation) * out * normal[a] - 2 * coupling * source[a],
    ) as unknown as Vector3;
  };

  return {
    name,
    ports: [spinPort(at), ...directions.flatMap(({ side }) => side.between.map(chargePort))],
    dependsOn: { magnetization: false, field: false },
    conducts: directions.map(({ side }) => side.between),
    admittance(_: Medium, Y: Float64Array): void {
      for (let a = 0; a < 3; a++) {
        Y[a * width + a] += (area / 2) * relaxation;
        for (let b = 0; b < 3; b++) {
          Y[a * width + b] += (area / 2) * (relaxationNormal - relaxation) * normal[a] * normal[b];
        }
      }
      for (const [d, { side, along }] of directions.entries()) {
        const source = cross(normal, along);
        for (const [end, sign] of [
          [3 + 2 * d, 1],
          [4 + 2 * d, -1],
        ] as const) {
          for (let a = 0; a < 3; a++) {
            const value = ((sign * area) / side.length) * coupling * source[a];
            Y[a * width + end] -= value;
            Y[end * width + a] += value;
          }
          for (const [other, otherSign] of [
            [3 + 2 * d, 1],
            [4 + 2 * d, -1],
          ] as const) {
            Y[end * width + other] += (sign * otherSign * conductance * area) / side.length ** 2;
          }
        }
      }
    },
    relaxed: (_, u): Vector3 => scale(taken(u), area),
    converted: (_, u) => 2 * Math.abs(coupling) * area * norm(field(u)),
    sheetState(u): SheetState {
      const E = field(u);
      const phi = accumulation(u);
      const turned = cross(phi, normal);
      return {
        current: [0, 1, 2].map((i) => conductance * E[i] + coupling * turned[i]) as unknown as Vector3,
        spinDensity: scale(phi, HBAR_2E * spinCapacitance),
      };
    },
  };
}
