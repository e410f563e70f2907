import { add, scale, type Vector3 } from "../algebra/vector.ts";
import type { Solution } from "../circuit/index.ts";
import { MU0 } from "../constants.ts";
import type { Device } from "./description.ts";
import type { CircuitModel } from "./lower.ts";

/**
 * Flux density [T] that the in-plane currents of a lowered device make in every magnet, in the order of `model.magnets`.
 *
 * Every layer is a wide sheet: a sheet current K [A/m] makes H = K × n̂/2 on the side to which n̂ points, and a layer's own field
 * averages to nothing over its thickness.  Edges are left out, so it holds for devices much wider than thick.
 */
export function oerstedFields(description: Device, model: CircuitModel, solution: Solution): Vector3[] {
  const inPlane = model.sources.some(({ contacts: [from] }) => from === "x-" || from === "y-");
  if (!inPlane) return model.magnets.map(() => [0, 0, 0]);
  const sheets = description.layers.flatMap((part) => {
    if (part.kind === "contact") return [];
    const conducts = part.kind === "surface" || model.channel.layers.includes(part.name);
    const { width, height } = description.shape;
    const K: Vector3 = conducts
      ? [solution.current(part.name, "x-") / height, solution.current(part.name, "y-") / width, 0]
      : [0, 0, 0];
    return [{ name: part.name, K }];
  });
  return model.magnets.map(({ name }) => {
    const own = sheets.findIndex((sheet) => sheet.name === name);
    return sheets.reduce<Vector3>(
      (sum, { K }, i) => {
        // K × ẑ above a sheet, K × −ẑ below it.
        const side = Math.sign(own - i);
        return add(sum, scale([K[1], -K[0], 0], (side * MU0) / 2));
      },
      [0, 0, 0],
    );
  });
}
