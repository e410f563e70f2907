import { real, vector } from "../../compute/index.ts";
import { fieldTerm } from "./fieldTerm.ts";

/** Uniaxial anisotropy, e = −K1 (m·u)² − K2 (m·u)⁴ with a unit vector u. */
export const uniaxialAnisotropyField = fieldTerm({
  name: "uniaxial anisotropy",
  symbol: "ani",
  parameters: { K1: real, K2: real, u: vector },
  field: ({ m, perMs, K1, K2, u }) => {
    const c = m.dot(u);
    return u.scale(c.mul(K1.mul(2).add(K2.mul(4).mul(c.squared()))).mul(perMs));
  },
  energyDensity: ({ m, fill, K1, K2, u }) => {
    const c2 = m.dot(u).squared();
    return c2
      .mul(K1.add(K2.mul(c2)))
      .mul(fill)
      .neg();
  },
});

/**
 * Cubic anisotropy, e = K1 (a²b² + b²c² + c²a²) + K2 a²b²c² with the components a, b, c of m along the cube's axes u, v, u × v.
 */
export const cubicAnisotropyField = fieldTerm({
  name: "cubic anisotropy",
  symbol: "cub",
  parameters: { K1: real, K2: real, u: vector, v: vector },
  field: ({ m, perMs, K1, K2, u, v }) => {
    const w = u.cross(v);
    const [a, b, c] = [m.dot(u), m.dot(v), m.dot(w)];
    const [a2, b2, c2] = [a.squared(), b.squared(), c.squared()];
    return u
      .scale(a.mul(K1.mul(b2.add(c2)).add(K2.mul(b2.mul(c2)))))
      .add(v.scale(b.mul(K1.mul(c2.add(a2)).add(K2.mul(c2.mul(a2))))))
      .add(w.scale(c.mul(K1.mul(a2.add(b2)).add(K2.mul(a2.mul(b2))))))
      .scale(perMs.mul(-2));
  },
  energyDensity: ({ m, fill, K1, K2, u, v }) => {
    const [a2, b2, c2] = [u, v, u.cross(v)].map((axis) => m.dot(axis).squared());
    return K1.mul(a2.mul(b2).add(b2.mul(c2)).add(c2.mul(a2)))
      .add(K2.mul(a2.mul(b2).mul(c2)))
      .mul(fill);
  },
});

/**
 * Magnetoelastic energy of a cubic crystal in a given strain ε, its axes along x, y, z:
 * e = B1 (m_x² ε_xx + m_y² ε_yy + m_z² ε_zz) + 2 B2 (m_x m_y ε_xy + m_x m_z ε_xz + m_y m_z ε_yz).
 * Kittel, Rev. Mod. Phys. 21, 541 (1949), with tensor shear strains.
 */
export const magnetoelastic = fieldTerm({
  name: "magnetoelastic",
  symbol: "mel",
  parameters: { B1: real, B2: real, strain: vector, shear: vector },
  field: ({ m, perMs, B1, B2, strain, shear }, { vector: vec }) => {
    const normal = vec(m.x.mul(strain.x), m.y.mul(strain.y), m.z.mul(strain.z)).scale(B1.mul(-2));
    // shear = (ε_yz, ε_xz, ε_xy)
    const mixed = vec(
      m.y.mul(shear.z).add(m.z.mul(shear.y)),
      m.x.mul(shear.z).add(m.z.mul(shear.x)),
      m.x.mul(shear.y).add(m.y.mul(shear.x)),
    ).scale(B2.mul(-2));
    return normal.add(mixed).scale(perMs);
  },
  energyDensity: ({ m, fill, B1, B2, strain, shear }) =>
    B1.mul(m.x.squared().mul(strain.x).add(m.y.squared().mul(strain.y)).add(m.z.squared().mul(strain.z)))
      .add(B2.mul(2).mul(m.y.mul(m.z).mul(shear.x).add(m.x.mul(m.z).mul(shear.y)).add(m.x.mul(m.y).mul(shear.z))))
      .mul(fill),
});
