import { type Complex, complex, over, plus, times } from "../algebra/complex.ts";
import { checkKeys, checkNumber, FINITE, POSITIVE } from "../checks.ts";

/** A macrospin whose energy, field and torque are axial about one line, by the numbers that its thermal switching depends on. */
export interface AxialMacrospin {
  /** Δ = E_b/k_B T. */
  readonly stability: number;
  /** τ_D = (1 + α²)/(α γ0 H_k) [s], in which small deviations from the axis decay without current. */
  readonly relaxationTime: number;
  /** Field along the axis over H_k; default 0.  Positive keeps x = 1. */
  readonly field?: number;
}

/**
 * Thermal switching of an axial macrospin, exact up to the grid: the density ρ(x) of x = cos θ obeys
 *
 *   τ_D ∂ρ/∂t = −∂/∂x (1 − x²)[(x + h − i) ρ − (1/2Δ) ∂ρ/∂x]
 *
 * with i the current over its critical value I_c0; i > 0 drives x = 1 away (Brown, Phys. Rev. 130, 1677 (1963); Butler et al., IEEE Trans.
 * Magn. 48, 4684 (2012)).
 *
 * Cells are even in θ.  The flux between two is that of Scharfetter and Gummel, IEEE Trans. Electron Devices 16, 64 (1969), which holds
 * the Boltzmann distribution exactly, so that probabilities of 1e-15 keep their digits; time goes on by the third-order, L-stable rule
 * of Radau.
 */
export class AxialFokkerPlanck {
  readonly macrospin: AxialMacrospin;
  /** Middle of each cell, from −1 to 1, and its width. */
  private readonly x: Float64Array;
  private readonly width: Float64Array;
  /** Faces between cells. */
  private readonly face: Float64Array;
  private rho: Float64Array;

  /** Starts from thermal equilibrium within the well at x = 1. */
  constructor(macrospin: AxialMacrospin, cells = 800) {
    checkMacrospin(macrospin);
    checkNumber("cells", cells, { min: 50, max: 1e5 });
    this.macrospin = macrospin;
    const bound = (j: number): number => -Math.cos((Math.PI * j) / cells);
    this.x = Float64Array.from({ length: cells }, (_, j) => -Math.cos((Math.PI * (j + 0.5)) / cells));
    this.width = Float64Array.from({ length: cells }, (_, j) => bound(j + 1) - bound(j));
    this.face = Float64Array.from({ length: cells - 1 }, (_, j) => bound(j + 1));
    const { stability, field = 0 } = macrospin;
    const weight = this.x.map((x) => (x > -field ? Math.exp(stability * (x * x + 2 * field * x - 1 - 2 * field)) : 0));
    const norm = weight.reduce((sum, w, j) => sum + w * this.width[j], 0);
    this.rho = weight.map((w) => w / norm);
  }

  /** Probability of x > 0: not switched. */
  get notSwitched(): number {
    return this.sum((x) => x > 0);
  }

  /** Probability of x < 0: switched. */
  get switched(): number {
    return this.sum((x) => x < 0);
  }

  /** The density ρ(x), ∫ρ dx = 1. */
  density(): { readonly x: Float64Array; readonly rho: Float64Array } {
    return { x: Float64Array.from(this.x), rho: Float64Array.from(this.rho) };
  }

  /**
   * Lets a constant current act.
   * @param overdrive i = I/I_c0
   * @param duration [s]
   */
  advance(overdrive: number, duration: number): this {
    checkNumber("overdrive", overdrive);
    checkNumber("duration", duration, { min: 0 }, "s");
    const time = duration / this.macrospin.relaxationTime;
    if (time === 0) return this;
    const { field = 0 } = this.macrospin;
    const steps = Math.ceil(time / (STEP / (1 + Math.abs(overdrive) + Math.abs(field))));
    const step = this.stepper(overdrive, time / steps);
    for (let i = 0; i < steps; i++) this.rho = step(this.rho);
    return this;
  }

  private sum(where: (x: number) => boolean): number {
    let total = 0;
    for (let j = 0; j < this.x.length; j++) if (where(this.x[j])) total += this.rho[j] * this.width[j];
    return total;
  }

  /** One step: with A the tridiagonal generator, R(hA)ρ = 2 Re[r (hA − p)⁻¹ ρ], p = 2 + i√2 a pole of R. */
  private stepper(overdrive: number, h: number): (rho: Float64Array) => Float64Array {
    const n = this.x.length;
    const { up, down } = this.rates(overdrive);
    const pole = complex(2, Math.SQRT2);
    // R(z) = (1 + z/3)/(1 − 2z/3 + z²/6); its residue at the pole.
    const residue = over(plus(complex(1), times(complex(1 / 3), pole)), complex(0, Math.SQRT2 / 3));
    // Thomas's elimination, once for all steps.
    const lower = Float64Array.from({ length: n }, (_, j) => (j === 0 ? 0 : (h * up[j - 1]) / this.width[j]));
    const upper = Float64Array.from({ length: n }, (_, j) => (j === n - 1 ? 0 : (h * down[j]) / this.width[j]));
    const pivots: Complex[] = [];
    for (let j = 0; j < n; j++) {
      const leave = (j < n - 1 ? up[j] : 0) + (j > 0 ? down[j - 1] : 0);
      const own = { re: (-h * leave) / this.width[j] - pole.re, im: -pole.im };
      const taken = j === 0 ? complex(0) : over(complex(lower[j] * upper[j - 1]), pivots[j - 1]);
      pivots.push({ re: own.re - taken.re, im: own.im - taken.im });
    }
    const inverse = pivots.map((pivot) => over(complex(1), pivot));
    const [re, im] = [new Float64Array(n), new Float64Array(n)];
    return (rho) => {
      for (let j = 0; j < n; j++) {
        re[j] = rho[j];
        im[j] = 0;
        if (j === 0) continue;
        const before = inverse[j - 1];
        re[j] -= lower[j] * (before.re * re[j - 1] - before.im * im[j - 1]);
        im[j] -= lower[j] * (before.re * im[j - 1] + before.im * re[j - 1]);
      }
      const out = new Float64Array(n);
      for (let j = n - 1; j >= 0; j--) {
        const a = re[j] - (j === n - 1 ? 0 : upper[j] * re[j + 1]);
        const b = im[j] - (j === n - 1 ? 0 : upper[j] * im[j + 1]);
        const { re: c, im: d } = inverse[j];
        re[j] = a * c - b * d;
        im[j] = a * d + b * c;
        out[j] = 2 * (residue.re * re[j] - residue.im * im[j]);
      }
      return out;
    };
  }

  /** Probability per density and τ_D that crosses each face upwards and downwards. */
  private rates(overdrive: number): { up: Float64Array; down: Float64Array } {
    const { stability, field = 0 } = this.macrospin;
    const up = new Float64Array(this.face.length);
    const down = new Float64Array(this.face.length);
    for (const [j, x] of this.face.entries()) {
      const distance = this.x[j + 1] - this.x[j];
      const bias = 2 * stability * (x + field - overdrive) * distance;
      const diffusion = (1 - x * x) / (2 * stability * distance);
      up[j] = diffusion * bernoulli(-bias);
      down[j] = diffusion * bernoulli(bias);
    }
    return { up, down };
  }
}

/** Step in units of τ_D over 1 + |i| + |h|: the tail of exp(−λt) at 1e-15 is then right to 1e-6. */
const STEP = 0.02;

/** Points of the quadrature for a first passage: its error is below 1e-6 up to Δ = 500. */
const POINTS = 20_000;

/**
 * Rate [1/s] at which the magnet leaves the well at x = 1 under a constant overdrive i: one over the mean time of its first passage to
 * x = −1.  A numerical result for any barrier: integrals of positive numbers, which lose no digits however rare the escape.
 */
export function escapeRate(macrospin: AxialMacrospin, overdrive = 0): number {
  checkMacrospin(macrospin);
  checkNumber("overdrive", overdrive, FINITE);
  const { stability, relaxationTime, field = 0 } = macrospin;
  const level = (x: number): number => stability * (x * x + 2 * (field - overdrive) * x);
  const top = Math.max(level(1), level(-1));
  // T = 2Δ ∫ dx e^(−V)/(1 − x²) ∫_x^1 e^V dy, in θ: sin θ of dx makes dθ/sin θ of the first and dθ sin θ of the second.
  const h = Math.PI / POINTS;
  let inner = 0;
  let passage = 0;
  for (let j = 0; j < POINTS; j++) {
    const theta = (j + 0.5) * h;
    const own = Math.exp(level(Math.cos(theta)) - top) * Math.sin(theta) * h;
    // Half of the own cell lies above its middle.
    const above = inner + own / 2;
    passage += (above * Math.exp(top - level(Math.cos(theta))) * h) / Math.sin(theta);
    inner += own;
  }
  return 1 / (2 * stability * passage * relaxationTime);
}

function checkMacrospin(macrospin: AxialMacrospin): void {
  checkKeys("macrospin", macrospin, ["stability", "relaxationTime", "field"]);
  checkNumber("macrospin: stability", macrospin.stability, { ...POSITIVE, max: 300 });
  checkNumber("macrospin: relaxationTime", macrospin.relaxationTime, POSITIVE, "s");
  if (macrospin.field !== undefined)
    checkNumber("macrospin: field", macrospin.field, { min: -1, max: 1, open: "both" });
}

/** w/(eʷ − 1). */
const bernoulli = (w: number): number => (Math.abs(w) < 1e-10 ? 1 - w / 2 : w / Math.expm1(w));
