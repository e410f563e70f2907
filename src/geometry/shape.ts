import type { Vector3 } from "../algebra/vector.ts";
import { checkChoice, checkKeys, checkNumber, checkVector, FINITE, InputError, POSITIVE } from "../checks.ts";
import type { Outline } from "./outline.ts";

/**
 * A solid: plain data, but for a `predicate`.  Lengths in m, angles in rad; primitives are centred at the origin.
 *
 * Flat faces across an axis belong to the solid on their lower side only, so that bodies that abut share no point and a
 * box as wide as n cells holds n of their centres.  Curved surfaces belong to it.
 */
export type Shape =
  | Outline
  | { readonly kind: "cuboid"; readonly size: Vector3 }
  | { readonly kind: "ellipsoid"; readonly size: Vector3 }
  | { readonly kind: "cylinder"; readonly diameter: number; readonly height: number }
  | { readonly kind: "cone"; readonly diameter: number; readonly height: number }
  | { readonly kind: "superball"; readonly diameter: number; readonly exponent: number }
  | { readonly kind: "polygon"; readonly points: readonly (readonly [number, number])[] }
  /** from ≤ x < to along one axis; an end left out is open. */
  | { readonly kind: "range"; readonly axis: "x" | "y" | "z"; readonly from?: number; readonly to?: number }
  | { readonly kind: "halfSpace"; readonly towards: Vector3; readonly from: number }
  | { readonly kind: "everything" }
  /** Rows from top (large y) to bottom; "#" is inside. */
  | { readonly kind: "image"; readonly rows: readonly string[]; readonly width: number; readonly height: number }
  | { readonly kind: "predicate"; readonly contains: Containment; readonly extent?: Extent }
  | { readonly kind: "union" | "intersection"; readonly parts: readonly Shape[] }
  | { readonly kind: "symmetricDifference"; readonly parts: readonly [Shape, Shape] }
  | { readonly kind: "complement"; readonly shape: Shape }
  | { readonly kind: "translated"; readonly shape: Shape; readonly by: Vector3 }
  | { readonly kind: "rotated"; readonly shape: Shape; readonly axis: Vector3; readonly angle: number }
  | { readonly kind: "scaled"; readonly shape: Shape; readonly by: Vector3 }
  | { readonly kind: "repeated"; readonly shape: Shape; readonly periods: Vector3 };

/** Whether a point [m] is inside. */
export type Containment = (x: number, y: number, z: number) => boolean;

/** A box with faces across the axes [m]; ±Infinity where it has no end. */
export interface Extent {
  readonly min: Vector3;
  readonly max: Vector3;
}

const length = (parameter: string, value: number): number => checkNumber(parameter, value, POSITIVE, "m");

/** A box with edges along x, y, z [m]. */
export const cuboid = (width: number, height: number, thickness: number): Shape => ({
  kind: "cuboid",
  size: [length("cuboid: width", width), length("cuboid: height", height), length("cuboid: thickness", thickness)],
});

/** An ellipsoid with full axes along x, y, z [m]. */
export const ellipsoid = (dx: number, dy: number, dz: number): Shape => ({
  kind: "ellipsoid",
  size: [length("ellipsoid: dx", dx), length("ellipsoid: dy", dy), length("ellipsoid: dz", dz)],
});

/** A ball [m]. */
export const sphere = (diameter: number): Shape => ellipsoid(diameter, diameter, diameter);

/** A circular cylinder, its axis along z [m]. */
export const cylinder = (diameter: number, height: number): Shape => ({
  kind: "cylinder",
  diameter: length("cylinder: diameter", diameter),
  height: length("cylinder: height", height),
});

/** A circular cone, its base of that diameter at z = 0 and its tip at z = height, which may be negative [m]. */
export function cone(diameter: number, height: number): Shape {
  length("cone: diameter", diameter);
  if (checkNumber("cone: height", height, FINITE, "m") === 0) throw new InputError("cone: height", 0, "x ≠ 0 m");
  return { kind: "cone", diameter, height };
}

/**
 * |x/r|^2p + |y/r|^2p + |z/r|^2p ≤ 1: an octahedron for p = 1/2, a ball for 1, nearly a cube for large p.
 * Jiao, Stillinger, Torquato, Phys. Rev. Lett. 100, 245505 (2008), eq. 1.
 * @param diameter 2r, along the axes [m]
 */
export const superball = (diameter: number, exponent: number): Shape => ({
  kind: "superball",
  diameter: length("superball: diameter", diameter),
  exponent: checkNumber("superball: exponent", exponent, POSITIVE),
});

/** A polygon in the plane, without end along z.  Where it overlaps itself the even–odd rule holds: twice inside is outside. */
export function polygon(points: readonly (readonly [number, number])[]): Shape {
  if (!Array.isArray(points) || points.length < 3) {
    throw new InputError("polygon: points", points, "at least three points [x, y]");
  }
  points.forEach((point, i) => {
    if (!Array.isArray(point) || point.length !== 2 || !point.every(Number.isFinite)) {
      throw new InputError(`polygon: points[${i}]`, point, "two finite numbers [x, y] in m");
    }
  });
  return { kind: "polygon", points };
}

/** A regular polygon, one corner on the positive y axis. @param diameter of the circle through its corners [m] */
export function regularPolygon(sides: number, diameter: number): Shape {
  if (!Number.isInteger(sides) || sides < 3) throw new InputError("regularPolygon: sides", sides, "a whole number ≥ 3");
  length("regularPolygon: diameter", diameter);
  const corner = (i: number): readonly [number, number] => {
    const angle = (2 * Math.PI * i) / sides;
    return [(-diameter / 2) * Math.sin(angle), (diameter / 2) * Math.cos(angle)];
  };
  return polygon(Array.from({ length: sides }, (_, i) => corner(i)));
}

/** A regular hexagon, two corners on the y axis. @param diameter from corner to opposite corner [m] */
export const hexagon = (diameter: number): Shape => regularPolygon(6, diameter);

/** An equilateral triangle pointing to +y, its centroid at the origin. @param edge [m] */
export const triangle = (edge: number): Shape => regularPolygon(3, (2 * length("triangle: edge", edge)) / Math.sqrt(3));

/** from ≤ x < to [m]; ±Infinity for no end. */
export const xRange = (from: number, to: number): Shape => range("x", from, to);
/** from ≤ y < to [m]; ±Infinity for no end. */
export const yRange = (from: number, to: number): Shape => range("y", from, to);
/** from ≤ z < to [m]; ±Infinity for no end. */
export const zRange = (from: number, to: number): Shape => range("z", from, to);

function range(axis: "x" | "y" | "z", from: number, to: number): Shape {
  if (!(from < to)) throw new InputError(`${axis}Range`, [from, to], "from < to");
  return { kind: "range", axis, ...(from !== -Infinity && { from }), ...(to !== Infinity && { to }) };
}

/**
 * The cells of the layers from…to−1 of a mesh, the lowest layer being 0.
 * @param layers how many the mesh has along z
 * @param thickness of each [m]
 */
export function layersRange(from: number, to: number, layers: number, thickness: number): Shape {
  for (const [name, value] of Object.entries({ from, to, layers })) {
    if (!Number.isInteger(value)) throw new InputError(`layersRange: ${name}`, value, "a whole number");
  }
  length("layersRange: thickness", thickness);
  return zRange((from - layers / 2) * thickness, (to - layers / 2) * thickness);
}

/** The half of space on the side that `towards` points to, beginning `from` [m] away from the origin in that direction. */
export function halfSpace(towards: Vector3, from = 0): Shape {
  if (checkVector("halfSpace: towards", towards).every((x) => x === 0)) {
    throw new InputError("halfSpace: towards", towards, "a vector other than zero");
  }
  return { kind: "halfSpace", towards, from: checkNumber("halfSpace: from", from, FINITE, "m") };
}

/** All of space. */
export const everything = (): Shape => ({ kind: "everything" });

/**
 * A solid of your own, which cannot be written to a file.
 * @param contains whether the point (x, y, z) [m] is inside
 * @param extent a box that bounds it: nothing outside counts, and a mesh is filled sooner
 */
export function predicate(contains: Containment, extent?: Extent): Shape {
  if (typeof contains !== "function") throw new InputError("predicate", contains, "a function (x, y, z) => boolean");
  if (extent && ![0, 1, 2].every((i) => extent.min[i] < extent.max[i])) {
    throw new InputError("predicate: extent", extent, "{ min, max } with min < max along every axis");
  }
  return { kind: "predicate", contains, ...(extent && { extent }) };
}

/** Brightness of every pixel, row by row from the top left. */
export interface Image {
  readonly width: number;
  readonly height: number;
  readonly pixels: ArrayLike<number>;
}

/**
 * The dark pixels of an image that is stretched over a rectangle around the origin, its first row at the top (large y);
 * without end along z.
 * @param width of the rectangle, along x [m]
 * @param height of the rectangle, along y [m]
 * @param options threshold: brightness below which a pixel is dark; inside: which pixels are inside, "dark" by default
 */
export function imageMask(
  { width: columns, height: count, pixels }: Image,
  width: number,
  height: number,
  options: { readonly threshold: number; readonly inside?: "dark" | "bright" },
): Shape {
  checkKeys("imageMask", options, ["threshold", "inside"]);
  const { threshold, inside = "dark" } = options;
  for (const [name, value] of Object.entries({ width: columns, height: count })) {
    if (!Number.isInteger(value) || value < 1) throw new InputError(`imageMask: ${name}`, value, "a whole number ≥ 1");
  }
  if (pixels.length !== columns * count) {
    throw new InputError("imageMask: pixels.length", pixels.length, `${columns} × ${count}, one brightness per pixel`);
  }
  checkNumber("imageMask: threshold", threshold);
  checkChoice("imageMask: inside", inside, ["dark", "bright"]);
  const rows = Array.from({ length: count }, (_, j) =>
    Array.from({ length: columns }, (_, i) =>
      pixels[j * columns + i] < threshold === (inside === "dark") ? "#" : ".",
    ).join(""),
  );
  return {
    kind: "image",
    rows,
    width: length("imageMask: width", width),
    height: length("imageMask: height", height),
  };
}
