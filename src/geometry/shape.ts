import { checkNumber, InputError, POSITIVE } from "../checks.ts";

/** Outline of a device in the plane of its layers, centred at the origin.  Lengths in m. */
export type Shape =
  | { readonly kind: "ellipse"; readonly width: number; readonly height: number }
  | { readonly kind: "rectangle"; readonly width: number; readonly height: number };

/** An ellipse with full axes `width` along x and `height` along y [m]. */
export const ellipse = (width: number, height = width): Shape => checkShape({ kind: "ellipse", width, height });

/** A rectangle, `width` along x and `height` along y [m]. */
export const rectangle = (width: number, height = width): Shape => checkShape({ kind: "rectangle", width, height });

/** Throws an InputError for an outline without a positive extent; returns it. */
export function checkShape(shape: Shape): Shape {
  if (typeof shape !== "object" || shape === null || !["ellipse", "rectangle"].includes(shape.kind)) {
    throw new InputError("shape", shape, "ellipse(width, height) or rectangle(width, height)");
  }
  checkNumber(`${shape.kind}: width`, shape.width, POSITIVE, "m");
  checkNumber(`${shape.kind}: height`, shape.height, POSITIVE, "m");
  return shape;
}

/** Area [m²]. */
export function areaOf(shape: Shape): number {
  const box = shape.width * shape.height;
  return shape.kind === "ellipse" ? (Math.PI / 4) * box : box;
}
