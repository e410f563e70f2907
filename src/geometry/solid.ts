import { dot, normalize, type Vector3 } from "../algebra/vector.ts";
import { InputError } from "../checks.ts";
import {
  complementOf,
  intersectionOf,
  mirroredAndStretched,
  moved,
  repetitionOf,
  symmetricDifferenceOf,
  turned,
  unionOf,
} from "./combinedSolid.ts";
import { boxSolid, centred, imageSolid, polygonSolid, predicateSolid } from "./primitiveSolid.ts";
import type { Containment, Extent, Shape } from "./shape.ts";

/** How much of a box is inside: 0 nothing, 1 all, ½ some or unknown.  Kleene's three truth values. */
export type Cover = 0 | 0.5 | 1;

/** A shape made ready for many questions. */
export interface Solid {
  readonly contains: Containment;
  /** Never wrong when 0 or 1. @param box finite */
  readonly cover: (box: Extent) => Cover;
  /** How far the solid reaches along d at most, the upper bound of d·r; d need not be a unit vector. */
  readonly support: (d: Vector3) => number;
}

/** A function that tells which points are inside. */
export const containment = (shape: Shape): Containment => solidOf(shape).contains;

/**
 * The axis-parallel box that a shape lies in, ±Infinity where it has no end.  The smallest one for primitives and what is moved,
 * turned, scaled or united of them; intersections may be smaller, and predicates and images are taken at their frames.
 */
export function boundsOf(shape: Shape): Extent {
  const { support } = solidOf(shape);
  return {
    // Not −support: a face at the origin is at 0, not at −0.
    min: [0 - support([-1, 0, 0]), 0 - support([0, -1, 0]), 0 - support([0, 0, -1])],
    max: [support([1, 0, 0]), support([0, 1, 0]), support([0, 0, 1])],
  };
}

export function solidOf(shape: Shape): Solid {
  switch (shape.kind) {
    case "ellipse": {
      const [a, b] = [shape.width / 2, shape.height / 2];
      const contains: Containment = (x, y) => (x / a) ** 2 + (y / b) ** 2 <= 1;
      return centred(contains, ([x, y, z]) => (z === 0 ? Math.hypot(a * x, b * y) : Infinity));
    }
    case "rectangle":
      return boxAround([shape.width, shape.height, Infinity]);
    case "cuboid":
      return boxAround(shape.size);
    case "ellipsoid": {
      const [a, b, c] = shape.size.map((size) => size / 2);
      const contains: Containment = (x, y, z) => (x / a) ** 2 + (y / b) ** 2 + (z / c) ** 2 <= 1;
      return centred(contains, ([x, y, z]) => Math.hypot(a * x, b * y, c * z));
    }
    case "cylinder": {
      const [r, h] = [shape.diameter / 2, shape.height / 2];
      const contains: Containment = (x, y, z) => z >= -h && z < h && x * x + y * y <= r * r;
      return centred(contains, ([x, y, z]) => r * Math.hypot(x, y) + h * Math.abs(z));
    }
    case "cone": {
      const [r, h] = [shape.diameter / 2, shape.height];
      const contains: Containment = (x, y, z) => z / h >= 0 && z / h <= 1 && Math.hypot(x, y) <= r * (1 - z / h);
      return centred(contains, ([x, y, z]) => Math.max(h * z, r * Math.hypot(x, y)));
    }
    case "superball":
      return superball(shape.diameter / 2, 2 * shape.exponent);
    case "polygon":
      return polygonSolid(shape.points);
    case "range": {
      const along = (end: number | undefined, open: number): Vector3 =>
        [..."xyz"].map((axis) => (axis === shape.axis ? (end ?? open) : open)) as unknown as Vector3;
      return boxSolid({ min: along(shape.from, -Infinity), max: along(shape.to, Infinity) });
    }
    case "halfSpace":
      return halfSpace(normalize(shape.towards), shape.from);
    case "everything":
      return boxAround([Infinity, Infinity, Infinity]);
    case "image":
      return imageSolid(shape.rows, shape.width, shape.height);
    case "predicate":
      return predicateSolid(shape.contains, shape.extent);
    case "union":
      return unionOf(shape.parts.map(solidOf));
    case "intersection":
      return intersectionOf(shape.parts.map(solidOf));
    case "symmetricDifference":
      return symmetricDifferenceOf(solidOf(shape.parts[0]), solidOf(shape.parts[1]));
    case "complement":
      return complementOf(solidOf(shape.shape));
    case "translated":
      return moved(solidOf(shape.shape), shape.by);
    case "rotated":
      return turned(solidOf(shape.shape), shape.axis, shape.angle);
    case "scaled":
      return mirroredAndStretched(solidOf(shape.shape), shape.by);
    case "repeated":
      return repetitionOf(solidOf(shape.shape), shape.periods);
    default:
      shape satisfies never;
      throw new InputError("shape", shape, "what ellipse(…), cuboid(…), union(…) and their like return");
  }
}

function boxAround(size: Vector3): Solid {
  const [x, y, z] = size.map((edge) => edge / 2);
  return boxSolid({ min: [-x, -y, -z], max: [x, y, z] });
}

function superball(r: number, q: number): Solid {
  const contains: Containment = (x, y, z) => Math.abs(x / r) ** q + Math.abs(y / r) ** q + Math.abs(z / r) ** q <= 1;
  // Hölder's dual norm; up to q = 1 the tips on the axes reach farthest.
  const dual = q / (q - 1);
  return centred(contains, (d) => {
    const largest = Math.max(...d.map(Math.abs));
    if (q <= 1 || largest === 0) return r * largest;
    return r * largest * d.reduce((sum, x) => sum + Math.abs(x / largest) ** dual, 0) ** (1 / dual);
  });
}

function halfSpace(n: Vector3, from: number): Solid {
  return {
    contains: (x, y, z) => n[0] * x + n[1] * y + n[2] * z >= from,
    cover: ({ min, max }) => {
      const corner = (far: boolean): number =>
        n.reduce((sum, component, i) => sum + component * (component > 0 === far ? max[i] : min[i]), 0);
      return corner(false) >= from ? 1 : corner(true) < from ? 0 : 0.5;
    },
    // Bounded against the normal only.
    support: (d) => {
      const along = dot(d, n);
      const across = Math.hypot(...d.map((x, i) => x - along * n[i]));
      return along <= 0 && across <= 1e-12 * Math.abs(along) ? along * from : Infinity;
    },
  };
}
