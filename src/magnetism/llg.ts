import { solveDense, symmetricSquareRoot } from "../algebra/dense.ts";
import { GAMMA, GAMMA0, HBAR_E, K_B, MU0 } from "../constants.ts";
import { torquePerSpinCurrent } from "../transport/index.ts";
import type { Macrospin } from "./energy.ts";

/**
 * The Landau–Lifshitz–Gilbert equation of coupled macrospins that absorb spin current and pump it back,
 *
 *   ṁ_i = −γ0 m_i × H_i + α_i m_i × ṁ_i − (γħ/2e Ms V)_i [I_i + Σ_j R_ij (ħ/e) m_j × ṁ_j],
 *
 * implicit in ṁ through Gilbert damping and through the pumped currents; both are linear and solved exactly.
 * Gilbert, IEEE Trans. Magn. 40, 3443 (2004); pumping Tserkovnyak, Brataas, Bauer, PRL 88, 117601 (2002).
 */
export class LandauLifshitzGilbert {
  private readonly magnets: readonly Macrospin[];
  private readonly perSpin: Float64Array;
  private readonly matrix: Float64Array;

  constructor(magnets: readonly Macrospin[]) {
    this.magnets = magnets;
    this.perSpin = Float64Array.from(magnets, (p) => torquePerSpinCurrent(p.saturationMagnetization * p.volume));
    this.matrix = new Float64Array(9 * magnets.length ** 2);
  }

  /**
   * @param m unit vectors, the first 3M numbers
   * @param H effective fields [A/m], 3M
   * @param spinCurrent absorbed I at rest [A], 3M
   * @param response R [A/V], 3M × 3M row-major, or undefined when magnets do not pump
   * @param rate receives ṁ [rad/s], 3M
   */
  rate(
    m: Float64Array,
    H: Float64Array,
    spinCurrent: Float64Array,
    response: Float64Array | undefined,
    rate: Float64Array,
  ): void {
    const size = H.length;
    for (let i = 0; i < size; i += 3) {
      const k = this.perSpin[i / 3];
      rate[i] = -GAMMA0 * (m[i + 1] * H[i + 2] - m[i + 2] * H[i + 1]) + k * spinCurrent[i];
      rate[i + 1] = -GAMMA0 * (m[i + 2] * H[i] - m[i] * H[i + 2]) + k * spinCurrent[i + 1];
      rate[i + 2] = -GAMMA0 * (m[i] * H[i + 1] - m[i + 1] * H[i]) + k * spinCurrent[i + 2];
    }
    if (!response) {
      for (let i = 0; i < size; i += 3) {
        undamp(m, rate, i, this.magnets[i / 3].damping);
        if (this.magnets[i / 3].fixed) rate.fill(0, i, i + 3);
      }
      return;
    }
    const A = this.matrix;
    A.fill(0);
    for (let i = 0; i < size; i++) A[i * size + i] = 1;
    for (let i = 0; i < size; i += 3) {
      if (this.magnets[i / 3].fixed) {
        rate.fill(0, i, i + 3);
        continue;
      }
      const alpha = this.magnets[i / 3].damping;
      addCross(A, size, i, i, m, i, -alpha);
      const k = -this.perSpin[i / 3] * HBAR_E;
      for (let j = 0; j < size; j += 3) {
        // R [m_j ×]: column b of [m ×] holds m × e_b.
        for (let a = 0; a < 3; a++) {
          const r0 = k * response[(i + a) * size + j];
          const r1 = k * response[(i + a) * size + j + 1];
          const r2 = k * response[(i + a) * size + j + 2];
          A[(i + a) * size + j] += r1 * m[j + 2] - r2 * m[j + 1];
          A[(i + a) * size + j + 1] += r2 * m[j] - r0 * m[j + 2];
          A[(i + a) * size + j + 2] += r0 * m[j + 1] - r1 * m[j];
        }
      }
    }
    solveDense(A, rate, size);
  }

  /**
   * Amplitudes of the thermal field: H_th = S ξ with ξ normal of unit variance gives ⟨F Fᵀ⟩ = 2 k_B T ζ/Δt for the force
   * F = μ0 Ms V H_th, where ζ is all friction, Gilbert's and what pumping adds (Brown, Phys. Rev. 130, 1677 (1963); Foros,
   * Brataas, Tserkovnyak, Bauer, PRL 95, 016601 (2005)).
   * @returns S [A/m], 3M × 3M row-major
   */
  thermalAmplitudes(
    m: Float64Array,
    response: Float64Array | undefined,
    temperature: number,
    step: number,
  ): Float64Array {
    const size = m.length;
    const friction = new Float64Array(size * size);
    for (let i = 0; i < size; i++) {
      const { damping, saturationMagnetization, volume } = this.magnets[Math.floor(i / 3)];
      friction[i * size + i] = (damping * saturationMagnetization * volume) / GAMMA;
    }
    if (response) addPumpedFriction(friction, m, response);
    const root = response ? symmetricSquareRoot(friction, size) : friction.map((x) => Math.sqrt(x));
    const strength = Math.sqrt((2 * K_B * temperature) / step);
    return root.map((r, at) => {
      const { saturationMagnetization, volume } = this.magnets[Math.floor(Math.floor(at / size) / 3)];
      return (r * strength) / (MU0 * saturationMagnetization * volume);
    });
  }
}

/** Friction that pumping adds, −½(ħ/e)² [m×]ᵀ R_sym [m×]: the power the moving magnets give to the network is ṁᵀ ζ ṁ. */
function addPumpedFriction(friction: Float64Array, m: Float64Array, response: Float64Array): void {
  const size = m.length;
  const turn = new Float64Array(size * size);
  for (let i = 0; i < size; i += 3) addCross(turn, size, i, i, m, i, 1);
  const half = new Float64Array(size * size);
  for (let a = 0; a < size; a++) {
    for (let c = 0; c < size; c++) {
      const r = (response[a * size + c] + response[c * size + a]) / 2;
      if (r !== 0) for (let b = 0; b < size; b++) half[a * size + b] += r * turn[c * size + b];
    }
  }
  const factor = -0.5 * HBAR_E * HBAR_E;
  for (let c = 0; c < size; c++) {
    for (let a = 0; a < size; a++) {
      const t = factor * turn[c * size + a];
      if (t !== 0) for (let b = 0; b < size; b++) friction[a * size + b] += t * half[c * size + b];
    }
  }
}

/** Solves x − α m × x = r in place for one magnet, |m| = 1: x = (r + α m×r + α² m(m·r))/(1 + α²). */
function undamp(m: Float64Array, r: Float64Array, i: number, alpha: number): void {
  const [x, y, z] = [r[i], r[i + 1], r[i + 2]];
  const along = alpha * alpha * (m[i] * x + m[i + 1] * y + m[i + 2] * z);
  const scale = 1 / (1 + alpha * alpha);
  r[i] = scale * (x + alpha * (m[i + 1] * z - m[i + 2] * y) + along * m[i]);
  r[i + 1] = scale * (y + alpha * (m[i + 2] * x - m[i] * z) + along * m[i + 1]);
  r[i + 2] = scale * (z + alpha * (m[i] * y - m[i + 1] * x) + along * m[i + 2]);
}

/** Adds factor · [m ×] at (row, column). */
function addCross(
  A: Float64Array,
  size: number,
  row: number,
  column: number,
  m: Float64Array,
  at: number,
  factor: number,
): void {
  const [x, y, z] = [factor * m[at], factor * m[at + 1], factor * m[at + 2]];
  A[row * size + column + 1] -= z;
  A[row * size + column + 2] += y;
  A[(row + 1) * size + column] += z;
  A[(row + 1) * size + column + 2] -= x;
  A[(row + 2) * size + column] -= y;
  A[(row + 2) * size + column + 1] += x;
}
