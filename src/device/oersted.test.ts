import { describe, expect, it } from "vitest";
import { MU0 } from "../constants.ts";
import { rectangle } from "../geometry/index.ts";
import { materials } from "../materials/index.ts";
import { nm, um } from "../units.ts";
import { constant, contactOf, device, layer, lower, oerstedFields, type StackPart } from "./index.ts";

const { Pt, YIG, Cu, MgO } = materials;
const contact = contactOf({ conductanceUp: 0, conductanceDown: 0, mixingConductance: 4e14 });

function fields(along: "x" | "y" | "z", ...layers: StackPart[]) {
  const stack = device({ shape: rectangle(4 * um, 2 * um), layers });
  const model = lower(stack, [constant({ current: 1e-3, along })], () => {});
  return oerstedFields(stack, model, model.network.solve({ drives: { drive: 1e-3 } }));
}

describe("the Oersted field", () => {
  it("is half the sheet current, across it, and opposite above and below", () => {
    const [under, over] = fields(
      "x",
      layer(YIG, 10 * nm, { name: "under" }),
      contact,
      layer(Pt, 5 * nm),
      contact,
      layer(YIG, 10 * nm, { name: "over" }),
    );
    const half = (MU0 * 1e-3) / (2 * um) / 2;
    expect(over[1] / half).toBeCloseTo(-1, 9);
    expect(under[1] / half).toBeCloseTo(1, 9);
  });

  it("turns with the current", () => {
    const [B] = fields("y", layer(Pt, 5 * nm), contact, layer(YIG, 10 * nm));
    expect(B[0] / ((MU0 * 1e-3) / (4 * um) / 2)).toBeCloseTo(1, 6);
  });

  it("is none of a current through the layers", () => {
    const valve = [layer(Cu, 5 * nm), layer(materials.Py, 3 * nm), layer(Cu, 5 * nm)];
    expect(fields("z", ...valve)).toEqual([[0, 0, 0]]);
    expect(fields("x", layer(Cu, 5 * nm), layer(materials.Py, 3 * nm), layer(MgO, nm))[0][1]).toBeLessThan(0);
  });
});
