/** Right-hand side dy/dt = f(t, y), written into `out`. */
export type Derivative = (time: number, y: Float64Array, out: Float64Array) => void;

/** Dormand and Prince, J. Comput. Appl. Math. 6, 19 (1980), table 2: RK5(4)7M. */
const NODES = [0, 1 / 5, 3 / 10, 4 / 5, 8 / 9, 1, 1];
const STAGES = [
  [],
  [1 / 5],
  [3 / 40, 9 / 40],
  [44 / 45, -56 / 15, 32 / 9],
  [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
  [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
  [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84],
];
const FOURTH = [5179 / 57600, 0, 7571 / 16695, 393 / 640, -92097 / 339200, 187 / 2100, 1 / 40];
const DIFFERENCE = FOURTH.map((b, s) => (STAGES[6][s] ?? 0) - b);

/** One step of the fifth-order formula with the embedded fourth-order error estimate. */
export class DormandPrince {
  private readonly k: Float64Array[];
  private readonly stage: Float64Array;
  private readonly derivative: Derivative;

  constructor(size: number, derivative: Derivative) {
    this.derivative = derivative;
    this.k = NODES.map(() => new Float64Array(size));
    this.stage = new Float64Array(size);
  }

  /**
   * @param y state, advanced to `out`
   * @param weighed how many leading components the error counts
   * @returns largest absolute error estimate among the weighed components
   */
  step(time: number, y: Float64Array, h: number, out: Float64Array, weighed: number): number {
    const { k, stage } = this;
    for (let s = 0; s < 7; s++) {
      const weights = STAGES[s];
      const target = s === 6 ? out : stage;
      for (let i = 0; i < y.length; i++) {
        let sum = 0;
        for (let j = 0; j < s; j++) sum += weights[j] * k[j][i];
        target[i] = y[i] + h * sum;
      }
      this.derivative(time + NODES[s] * h, target, k[s]);
    }
    let error = 0;
    for (let i = 0; i < weighed; i++) {
      let sum = 0;
      for (let s = 0; s < 7; s++) sum += DIFFERENCE[s] * k[s][i];
      const size = Math.abs(h * sum);
      if (!(size <= error)) error = size;
    }
    return error;
  }
}

/** Step control: safety and limits of change, as in Hairer, Nørsett, Wanner, Solving ODEs I, II.4. */
const SAFETY = 0.9;
const SHRINK = 0.2;
const GROW = 5;

/** Factor from a step of {@link DormandPrince} with this error to the one that should meet the tolerance. */
export function stepFactor(error: number, tolerance: number): number {
  if (error === 0) return GROW;
  const factor = SAFETY * (tolerance / error) ** (1 / 5);
  return Number.isNaN(factor) ? SHRINK : Math.min(GROW, Math.max(SHRINK, factor));
}

/** The classical fourth-order Runge–Kutta step. */
export class RungeKutta4 {
  private readonly k: Float64Array[];
  private readonly stage: Float64Array;
  private readonly derivative: Derivative;

  constructor(size: number, derivative: Derivative) {
    this.derivative = derivative;
    this.k = [0, 1, 2, 3].map(() => new Float64Array(size));
    this.stage = new Float64Array(size);
  }

  step(time: number, y: Float64Array, h: number, out: Float64Array): void {
    const { k, stage } = this;
    this.derivative(time, y, k[0]);
    for (const [s, share] of [0.5, 0.5, 1].entries()) {
      for (let i = 0; i < y.length; i++) stage[i] = y[i] + share * h * k[s][i];
      this.derivative(time + share * h, stage, k[s + 1]);
    }
    for (let i = 0; i < y.length; i++) out[i] = y[i] + (h / 6) * (k[0][i] + 2 * k[1][i] + 2 * k[2][i] + k[3][i]);
  }
}

/**
 * Heun's predictor and corrector; with a noise held over the step it converges to the Stratonovich solution
 * (Garcia-Palacios and Lazaro, PRB 58, 14937 (1998)).
 */
export class Heun {
  private readonly k: readonly [Float64Array, Float64Array];
  private readonly stage: Float64Array;

  constructor(size: number) {
    this.k = [new Float64Array(size), new Float64Array(size)];
    this.stage = new Float64Array(size);
  }

  /** @param derivative called at the start, then at the predicted end of the step */
  step(derivative: Derivative, time: number, y: Float64Array, h: number, out: Float64Array): void {
    const [k0, k1] = this.k;
    derivative(time, y, k0);
    for (let i = 0; i < y.length; i++) this.stage[i] = y[i] + h * k0[i];
    derivative(time + h, this.stage, k1);
    for (let i = 0; i < y.length; i++) out[i] = y[i] + (h / 2) * (k0[i] + k1[i]);
  }
}
