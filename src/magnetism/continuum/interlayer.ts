import { real, vector } from "../../compute/index.ts";
import { fieldTerm } from "./fieldTerm.ts";

/**
 * Coupling of two planes of cells across a spacer, −J1 m₁·m₂ − J2 (m₁·m₂)² per area; half of it is each plane's.
 * Bruno and Chappert, PRL 67, 1602 (1991); biquadratic Slonczewski, PRL 67, 3172 (1991).
 * @param lower @param upper indices of the planes
 */
export const interlayer = (lower: number, upper: number) =>
  fieldTerm({
    name: `interlayer coupling ${lower}–${upper}`,
    symbol: "RKKY",
    parameters: { J1: real, J2: real, on: vector },
    field: ({ m, perMoment, J1, J2, on }, { extent }) => {
      // on = (1 in the lower plane, 1 in the upper plane, 0)
      const other = m
        .get({ z: upper })
        .scale(on.x)
        .add(m.get({ z: lower }).scale(on.y));
      const strength = J1.add(J2.mul(2).mul(m.dot(other)));
      return other.scale(strength.mul(perMoment).div(extent[2]));
    },
    energyDensity: ({ m, J1, J2, on }, { extent }) => {
      const c = m.dot(
        m
          .get({ z: upper })
          .scale(on.x)
          .add(m.get({ z: lower }).scale(on.y)),
      );
      return c
        .mul(J1.add(J2.mul(c)))
        .div(extent[2])
        .mul(-0.5);
    },
  });
