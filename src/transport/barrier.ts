import { cross, dot, scale, type Vector3 } from "../algebra/vector.ts";
import type { BarrierParameters } from "../materials/material.ts";

/**
 * Tunnelling between two electrodes to lowest order in the transmission.  With the polarised densities of states as spin
 * matrices N_i = 1 + p_i·σ, p_i = P_i m_i, golden rule gives one 4 × 4 conductance between (charge, spin) and (ΔV, Δφ_s/2):
 *
 *   G_μν = G₀ Re ½ Tr[σ_μ N₁ σ_ν N₂]
 *
 *   J   = G₀ [(1 + p₁·p₂) ΔV + (p₁ + p₂)·Δφ_s/2]
 *   j_s = G₀ [(p₁ + p₂ + κ m₁×m₂) ΔV + ((1 − p₁·p₂) + p₁p₂ᵀ + p₂p₁ᵀ) Δφ_s/2]
 *
 * The first line is Jullière, Phys. Lett. A 54, 225 (1975), the second holds Slonczewski's torques, PRB 71, 024411 (2005):
 * the barrier keeps spin, and each magnet absorbs what arrives across it.  κ = κ₁ + κ₂ ΔV is the field-like part; its Onsager
 * partner, of opposite sign, lets a moving magnet drive a charge current.
 *
 * G₀ is set by the resistance–area product of the parallel state, which bias leaves as it is; the polarisations fall such that
 * TMR = 2 P₁P₂/(1 − P₁P₂) drops as 1/(1 + (ΔV/V_h)²) (Slonczewski; measured form: Moodera et al., PRL 80, 2941 (1998)).
 *
 * @param m1 unit magnetization of electrode 1, or undefined for a normal metal
 * @param m2 likewise for electrode 2
 * @param bias ΔV = V₁ − V₂ [V]
 * @returns rows (J, j_s/2) from 1 to 2 [S/m²], columns (ΔV, Δφ_s), 4 × 4 row-major
 */
export function barrierConductance(
  parameters: BarrierParameters,
  m1: Vector3 | undefined,
  m2: Vector3 | undefined,
  bias: number,
): Float64Array {
  const { resistanceArea, halfBias = Number.POSITIVE_INFINITY, fieldLike = 0, fieldLikeQuadratic = 0 } = parameters;
  const P1 = m1 ? parameters.polarizationBelow : 0;
  const P2 = m2 ? parameters.polarizationAbove : 0;
  const fall = polarizationFall(P1 * P2, bias / halfBias);
  const p1 = m1 ? scale(m1, P1 * fall) : ([0, 0, 0] as const);
  const p2 = m2 ? scale(m2, P2 * fall) : ([0, 0, 0] as const);
  const G0 = 1 / (resistanceArea * (1 + P1 * P2 * fall * fall));
  const kappa = m1 && m2 ? scale(cross(m1, m2), fieldLike + fieldLikeQuadratic * bias) : ([0, 0, 0] as const);
  const product = dot(p1, p2);

  const G = new Float64Array(16);
  G[0] = G0 * (1 + product);
  for (let a = 0; a < 3; a++) {
    G[1 + a] = (G0 / 2) * (p1[a] + p2[a] - kappa[a]);
    G[4 * (1 + a)] = (G0 / 2) * (p1[a] + p2[a] + kappa[a]);
    for (let b = 0; b < 3; b++) {
      const isotropic = a === b ? 1 - product : 0;
      G[4 * (1 + a) + 1 + b] = (G0 / 4) * (isotropic + p1[a] * p2[b] + p2[a] * p1[b]);
    }
  }
  return G;
}

/** Factor on each polarisation at bias ΔV = v V_h; `product` is P₁P₂ at zero bias. */
function polarizationFall(product: number, v: number): number {
  if (product === 0 || v === 0) return 1;
  return 1 / Math.sqrt(product + (1 - product) * (1 + v * v));
}
