/** An explicit Runge–Kutta method, with weights for the error of a step if it has an embedded second formula. */
export interface Tableau {
  readonly name: string;
  /** Order of the formula that is followed. */
  readonly order: number;
  /** Nodes c. */
  readonly nodes: readonly number[];
  /** Rows a_ij, j < i. */
  readonly stages: readonly (readonly number[])[];
  readonly weights: readonly number[];
  /** b − b̂; none for a method of fixed step. */
  readonly error?: readonly number[];
  /** Order of the error estimate: it falls as step^(errorOrder + 1). */
  readonly errorOrder: number;
  /** Whether the last stage is taken at the new state, and so is the first of the next step. */
  readonly firstIsLast: boolean;
}

const DORMAND_PRINCE_WEIGHTS = [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84];
const DORMAND_PRINCE_FOURTH = [5179 / 57600, 0, 7571 / 16695, 393 / 640, -92097 / 339200, 187 / 2100, 1 / 40];

/** Dormand and Prince, J. Comput. Appl. Math. 6, 19 (1980). */
export const dormandPrince: Tableau = {
  name: "dormand-prince",
  order: 5,
  nodes: [0, 1 / 5, 3 / 10, 4 / 5, 8 / 9, 1, 1],
  stages: [
    [],
    [1 / 5],
    [3 / 40, 9 / 40],
    [44 / 45, -56 / 15, 32 / 9],
    [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
    [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
    DORMAND_PRINCE_WEIGHTS,
  ],
  weights: [...DORMAND_PRINCE_WEIGHTS, 0],
  error: DORMAND_PRINCE_FOURTH.map((b, i) => (DORMAND_PRINCE_WEIGHTS[i] ?? 0) - b),
  errorOrder: 4,
  firstIsLast: true,
};

/** Bogacki and Shampine, Appl. Math. Lett. 2, 321 (1989). */
export const bogackiShampine: Tableau = {
  name: "bogacki-shampine",
  order: 3,
  nodes: [0, 1 / 2, 3 / 4, 1],
  stages: [[], [1 / 2], [0, 3 / 4], [2 / 9, 1 / 3, 4 / 9]],
  weights: [2 / 9, 1 / 3, 4 / 9, 0],
  error: [2 / 9 - 7 / 24, 1 / 3 - 1 / 4, 4 / 9 - 1 / 3, -1 / 8],
  errorOrder: 2,
  firstIsLast: true,
};

/** Fehlberg's 5(6), NASA TR R-287 (1968), table II; the sixth order is followed, the fifth measures its error. */
export const fehlberg: Tableau = {
  name: "fehlberg",
  order: 6,
  nodes: [0, 1 / 6, 4 / 15, 2 / 3, 4 / 5, 1, 0, 1],
  stages: [
    [],
    [1 / 6],
    [4 / 75, 16 / 75],
    [5 / 6, -8 / 3, 5 / 2],
    [-8 / 5, 144 / 25, -4, 16 / 25],
    [361 / 320, -18 / 5, 407 / 128, -11 / 80, 55 / 128],
    [-11 / 640, 0, 11 / 256, -11 / 160, 11 / 256, 0],
    [93 / 640, -18 / 5, 803 / 256, -11 / 160, 99 / 256, 0, 1],
  ],
  weights: [7 / 1408, 0, 1125 / 2816, 9 / 32, 125 / 768, 0, 5 / 66, 5 / 66],
  // The two formulas differ by (5/66)(k1 + k6 − k7 − k8) alone.
  error: [-5 / 66, 0, 0, 0, 0, -5 / 66, 5 / 66, 5 / 66],
  errorOrder: 5,
  firstIsLast: false,
};

/** The classical method of fourth order. */
export const rungeKutta4: Tableau = {
  name: "rk4",
  order: 4,
  nodes: [0, 1 / 2, 1 / 2, 1],
  stages: [[], [1 / 2], [0, 1 / 2], [0, 0, 1]],
  weights: [1 / 6, 1 / 3, 1 / 3, 1 / 6],
  errorOrder: 4,
  firstIsLast: false,
};

/** Heun's method, whose mean of predictor and corrector converges to Stratonovich's solution under noise; its error is that of Euler's. */
export const heun: Tableau = {
  name: "heun",
  order: 2,
  nodes: [0, 1],
  stages: [[], [1]],
  weights: [1 / 2, 1 / 2],
  error: [-1 / 2, 1 / 2],
  errorOrder: 1,
  firstIsLast: false,
};

export const tableaus = {
  "dormand-prince": dormandPrince,
  "bogacki-shampine": bogackiShampine,
  fehlberg,
  rk4: rungeKutta4,
  heun,
} as const;

export type Method = keyof typeof tableaus;
