import { describe, expect, it } from "vitest";
import { rectangle } from "../geometry/index.ts";
import { materials } from "../materials/index.ts";
import { topologicalSurface } from "../transport/index.ts";
import { nm, um } from "../units.ts";
import { constant, deserialize, device, layer, serialize, solveTransport, surface } from "./index.ts";

const law = topologicalSurface({ fermiVelocity: 5e5, scatteringTime: 1e-14, fermiWavevector: 1e9 });
const shape = rectangle(1 * um, 1 * um);
const bulk = layer({ kind: "normal metal", name: "bulk", conductivity: 1e4, spinDiffusionLength: 6 * nm }, 8 * nm);
const stack = device({ shape, layers: [bulk, surface(law), layer(materials.Py, 5 * nm, { name: "F" })] });

describe("a surface in a stack", () => {
  it("turns the magnet above it by its Edelstein effect, and survives being written and read", () => {
    const spin = (description: typeof stack) =>
      solveTransport(description, {
        current: constant({ current: 1e-4, along: "x" }),
        onWarning: () => {},
      }).absorbedSpin("F")[1];
    // In charge units; the moments that arrive are along −y, as from platinum.
    expect(spin(stack)).toBeGreaterThan(0);
    expect(spin(deserialize(serialize(stack)))).toBe(spin(stack));
  });

  it("needs a normal metal beside it, layers on both sides, and a current in the plane", () => {
    const none = () =>
      device({ shape, layers: [layer(materials.MgO, 1 * nm), surface(law), layer(materials.Py, 5 * nm)] });
    expect(none).toThrow("a normal metal on one side");
    expect(() => device({ shape, layers: [bulk, surface(law)] })).toThrow("a surface only between two layers");
    const up = () => solveTransport(stack, { current: constant({ current: 1e-4, along: "z" }), onWarning: () => {} });
    expect(up).toThrow('surface "surface"');
  });
});
