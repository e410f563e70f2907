/** Nodes and weights of 5-point Gauss–Legendre quadrature on [−1, 1] (Abramowitz and Stegun, 25.4.30). */
export const GAUSS: readonly (readonly [number, number])[] = [
  [0, 128 / 225],
  ...[-1, 1].flatMap((s): [number, number][] => [
    [(s / 3) * Math.sqrt(5 - 2 * Math.sqrt(10 / 7)), (322 + 13 * Math.sqrt(70)) / 900],
    [(s / 3) * Math.sqrt(5 + 2 * Math.sqrt(10 / 7)), (322 - 13 * Math.sqrt(70)) / 900],
  ]),
];
