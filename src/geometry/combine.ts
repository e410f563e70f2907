import type { Vector3 } from "../algebra/vector.ts";
import { checkNumber, checkVector, FINITE, InputError, NOT_NEGATIVE } from "../checks.ts";
import type { Extent, Shape } from "./shape.ts";
import { boundsOf } from "./solid.ts";

/** What is in any of them. */
export const union = (...parts: readonly Shape[]): Shape => ({ kind: "union", parts: atLeastOne("union", parts) });

/** What is in all of them. */
export const intersection = (...parts: readonly Shape[]): Shape => ({
  kind: "intersection",
  parts: atLeastOne("intersection", parts),
});

/** What is in the first and in none of the others. */
export const difference = (from: Shape, ...cut: readonly Shape[]): Shape =>
  intersection(from, ...cut.map((shape) => complement(shape)));

/** What is in one of the two but not in both. */
export const symmetricDifference = (a: Shape, b: Shape): Shape => ({ kind: "symmetricDifference", parts: [a, b] });

/** Everything else. */
export const complement = (shape: Shape): Shape => ({ kind: "complement", shape });

/** Moved by a vector [m]. */
export const translated = (shape: Shape, by: Vector3): Shape => ({
  kind: "translated",
  shape,
  by: checkVector("translated: by", by),
});

/** Turned about an axis through the origin, right-handed. @param angle [rad] */
export function rotated(shape: Shape, axis: Vector3, angle: number): Shape {
  if (checkVector("rotated: axis", axis).every((x) => x === 0)) {
    throw new InputError("rotated: axis", axis, "a vector other than zero");
  }
  return { kind: "rotated", shape, axis, angle: checkNumber("rotated: angle", angle, FINITE, "rad") };
}

/** Stretched along the axes from the origin; a negative factor mirrors. */
export function scaled(shape: Shape, by: Vector3): Shape {
  if (checkVector("scaled: by", by).includes(0)) throw new InputError("scaled: by", by, "factors other than 0");
  return { kind: "scaled", shape, by };
}

/**
 * All copies at whole multiples of the periods, without end.  Along an axis with a period the shape itself must be bounded;
 * its copies may overlap.
 * @param periods along x, y, z [m]; 0 for none
 */
export function repeated(shape: Shape, periods: Vector3): Shape {
  checkVector("repeated: periods", periods).forEach((period, i) => {
    checkNumber(`repeated: periods[${i}]`, period, NOT_NEGATIVE, "m");
  });
  const { min, max }: Extent = boundsOf(shape);
  for (const i of [0, 1, 2]) {
    if (periods[i] > 0 && !(max[i] - min[i] < Infinity)) {
      throw new InputError(
        "repeated: shape",
        `unbounded along ${"xyz"[i]}`,
        `a shape with an end along each axis it repeats along`,
        `Take the complement after repeating, cut the shape, or give a predicate its extent`,
      );
    }
  }
  return { kind: "repeated", shape, periods };
}

function atLeastOne(what: string, parts: readonly Shape[]): readonly Shape[] {
  if (parts.length === 0) throw new InputError(`${what}: parts`, "empty", "one shape or more");
  return parts;
}
