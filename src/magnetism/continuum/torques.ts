import {
  type ElementType,
  type Input,
  type Real,
  real,
  select,
  type ValueOf,
  type Vector,
  vector,
} from "../../compute/index.ts";
import { E_CHARGE, HBAR, MU_B } from "../../constants.ts";
import type { CellInputs, Parameters, Place } from "./fieldTerm.ts";

export interface TorqueInputs extends CellInputs {
  /** Gyromagnetic ratio γ [rad/(s T)]. */
  readonly gamma: number;
  readonly alpha: Input<Real>;
}

/** A torque that no energy gives: ṁ [1/s] at rest, before damping. */
export interface TorqueTerm<P extends Parameters = Parameters> {
  readonly name: string;
  readonly symbol: string;
  readonly parameters: P;
  rate(cell: TorqueInputs & { readonly [K in keyof P]: Input<ValueOf<P[K]>> }, place: Place): Vector;
}

export const torqueTerm = <const P extends Readonly<Record<string, ElementType>>>(term: TorqueTerm<P>): TorqueTerm<P> =>
  term;

/**
 * Zhang–Li torque of a current through a texture, −(u·∇)m + β m × (u·∇)m, in the form before Gilbert's damping is resolved;
 * u = −(μ_B P/e Ms) J runs with the electrons.  Zhang and Li, PRL 93, 127204 (2004); Thiaville et al., EPL 69, 990 (2005).
 * Cells without a magnet beside them are mirrored.
 */
export const zhangLiTorque = torqueTerm({
  name: "Zhang–Li torque",
  symbol: "ZL",
  parameters: { J: vector, factor: real, polarization: real, beta: real },
  rate: ({ m, perMs, J, factor, polarization, beta }, place) => {
    const steps = [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ] as const;
    const { size, cell } = place;
    const u = J.scale(
      perMs
        .mul(polarization)
        .mul(factor)
        .mul(-MU_B / E_CHARGE),
    );
    let slope = place.vector(0, 0, 0);
    for (const axis of [0, 1, 2]) {
      if ([size.x, size.y, size.z][axis] === 1) continue;
      const [dx, dy, dz] = steps[axis];
      const along = [u.x, u.y, u.z][axis].div(2 * [cell.x, cell.y, cell.z][axis]);
      slope = slope.add(
        beside(m, dx, dy, dz)
          .sub(beside(m, -dx, -dy, -dz))
          .scale(along),
      );
    }
    return slope.neg().add(m.cross(slope).scale(beta));
  },
});

/** The neighbour, or this cell's own where there is no magnet. */
function beside(m: Input<Vector>, dx: number, dy: number, dz: number): Vector {
  const there = m.at(dx, dy, dz);
  return select(there.squared().gt(0.5), there, m as Vector);
}

/**
 * Slonczewski's torque of a current density J along z from or to a layer magnetized along p,
 * γ b [ε m × (p × m) + ε′ m × p], b = ħ J/(e Ms t), ε = P Λ²/[(Λ² + 1) + (Λ² − 1) m·p].  J > 0 is charge that flows from the free
 * to the fixed layer: electrons come from the fixed one, and favour m ∥ p.  Slonczewski, J. Magn. Magn. Mater. 247, 324 (2002);
 * Xiao, Zangwill, Stiles, PRB 70, 172405 (2004).
 */
export const slonczewskiTorque = torqueTerm({
  name: "Slonczewski torque",
  symbol: "STT",
  parameters: { J: real, factor: real, p: vector, polarization: real, Lambda: real, secondary: real, thickness: real },
  rate: ({ m, gamma, perMs, J, factor, p, polarization, Lambda, secondary, thickness }, place) => {
    const b = J.mul(factor)
      .mul(perMs)
      .div(thickness)
      .mul(HBAR / E_CHARGE);
    const L2 = Lambda.squared();
    const epsilon = polarization.mul(L2).div(L2.add(1).add(L2.sub(1).mul(m.dot(p))));
    const mxp = m.cross(p);
    return place
      .vector(0, 0, 0)
      .add(m.cross(mxp).scale(epsilon.neg()).add(mxp.scale(secondary)))
      .scale(b.mul(gamma));
  },
});

/**
 * Spin–orbit torque of a current density J in a metal below a film of thickness t, γ b [ξ_DL m × (σ × m) + ξ_FL m × σ] with
 * b = ħ|J|/(2 e Ms t) and the moment polarization σ = Ĵ × n̂, n̂ from the metal to the film.  Signs: positive ξ_DL as in Pt.
 * Manchon et al., Rev. Mod. Phys. 91, 035004 (2019), eqs. 4 and 6.
 */
export const spinOrbitTorque = torqueTerm({
  name: "spin–orbit torque",
  symbol: "SOT",
  parameters: { J: vector, factor: real, normal: vector, dampingLike: real, fieldLike: real, thickness: real },
  rate: ({ m, gamma, perMs, J, factor, normal, dampingLike, fieldLike, thickness }) => {
    const sigma = J.cross(normal).scale(
      perMs
        .mul(factor)
        .div(thickness)
        .mul((gamma * HBAR) / (2 * E_CHARGE)),
    );
    const mxs = m.cross(sigma);
    return m.cross(mxs).scale(dampingLike.neg()).add(mxs.scale(fieldLike));
  },
});
