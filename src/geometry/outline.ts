import { checkNumber, InputError, POSITIVE } from "../checks.ts";

/** Outline of a device in the plane of its layers, centred at the origin; as a solid it goes on for ever along z.  Lengths in m. */
export type Outline =
  | { readonly kind: "ellipse"; readonly width: number; readonly height: number }
  | { readonly kind: "rectangle"; readonly width: number; readonly height: number };

/** An ellipse with full axes `width` along x and `height` along y [m]. */
export const ellipse = (width: number, height = width): Outline => checkOutline({ kind: "ellipse", width, height });

/** A rectangle, `width` along x and `height` along y [m]. */
export const rectangle = (width: number, height = width): Outline => checkOutline({ kind: "rectangle", width, height });

/** A disc [m]. */
export const circle = (diameter: number): Outline => ellipse(diameter);

/** A square, by its edge [m]. */
export const square = (edge: number): Outline => rectangle(edge);

/** Throws an InputError for what is no outline, or one without a positive extent; returns it. */
export function checkOutline(outline: Outline): Outline {
  if (typeof outline !== "object" || outline === null || !["ellipse", "rectangle"].includes(outline.kind)) {
    throw new InputError("shape", outline, "ellipse(width, height) or rectangle(width, height)");
  }
  checkNumber(`${outline.kind}: width`, outline.width, POSITIVE, "m");
  checkNumber(`${outline.kind}: height`, outline.height, POSITIVE, "m");
  return outline;
}

/** Area [m²]. */
export function areaOf(outline: Outline): number {
  const box = outline.width * outline.height;
  return outline.kind === "ellipse" ? (Math.PI / 4) * box : box;
}
