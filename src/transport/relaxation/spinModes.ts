import { type Complex, complex, minus, modulus, over } from "../../algebra/complex.ts";
import { solveDense } from "../../algebra/dense.ts";
import { eigenvalues } from "../../algebra/eigenvalues.ts";
import { type ComplexMatrix, type Flights, flightsFrom, type KineticOptions, meanResolvent } from "./flights.ts";
import type { TwoDimensionalGas } from "./spinOrbitField.ts";

/** A spin density amplitude · exp(iq·r) that keeps its form: it changes as exp(−rate t + i frequency t). */
export interface SpinMode {
  /** [1/s] */
  readonly rate: number;
  /** [rad/s] */
  readonly frequency: number;
  /** ⟨S⟩ along x, y and z, of unit norm, its largest component real; any basis where modes have one rate and one frequency. */
  readonly amplitude: readonly [Complex, Complex, Complex];
}

/** From 1/τ on the spectrum is continuous: what dies that fast does so within a flight, and not exponentially. */
const LEAST = 0.05;
/** Angles of the matrix whose eigenvalues are the first guesses; they need only be near enough to be led to the modes. */
const ANGLES = 24;
/** Roots nearer than this in units of 1/τ are one: a double root is known to the square root of round-off. */
const APART = 1e-6;
/** Distance from a root at which 1 − M can be inverted, and its inverse is all null vectors but for as much. */
const BESIDE = 1e-12;

/**
 * The modes in which a spin density with wavevector q decays, slowest first, for any Ωτ: all that are slower than 0.95/τ.  There are
 * three when collisions are frequent; beyond Ωτ ~ 1/2 modes meet, and go on as damped oscillations of opposite frequencies, and where
 * spins get out of step within a flight there may be none.
 *
 * A mode is a w = 1 − (rate − i frequency)τ at which 1 − M(w) is singular; guesses from the equation on a few angles are corrected by
 * successive linear problems (A. Ruhe, SIAM J. Numer. Anal. 10, 674 (1973)) until the mode obeys the equation at all angles.
 */
export function spinModes(gas: TwoDimensionalGas, options: KineticOptions): SpinMode[] {
  const flights = flightsFrom("spinModes", gas, options);
  const found: { w: Complex; amplitude: SpinMode["amplitude"] }[] = [];
  for (const guess of guesses(flights)) {
    const root = rootNear(flights, guess);
    if (root === undefined || found.some(({ w }) => modulus(minus(w, root.w)) < APART)) continue;
    for (const amplitude of nullVectors(flights, root)) found.push({ w: root.w, amplitude });
  }
  const { tau } = flights;
  return found
    .sort((a, b) => b.w.re - a.w.re || b.w.im - a.w.im)
    .map(({ w, amplitude }) => ({ rate: (1 - w.re) / tau, frequency: w.im / tau, amplitude }));
}

/** Eigenvalues w of τΩ× − iτ q·v + ⟨ ⟩ on a ring of angles. */
function guesses({ turn, phase }: Flights): Complex[] {
  const n = 3 * ANGLES;
  const [re, im] = [new Float64Array(n * n), new Float64Array(n * n)];
  for (let j = 0; j < ANGLES; j++) {
    // Half a step off the axes, where symmetric fields have their zeros.
    const angle = (2 * Math.PI * (j + 0.5)) / ANGLES;
    const [x, y, z] = turn(angle);
    const cross = [0, -z, y, z, 0, -x, -y, x, 0];
    for (let a = 0; a < 3; a++) {
      const row = (3 * j + a) * n;
      for (let b = 0; b < 3; b++) re[row + 3 * j + b] = cross[3 * a + b];
      for (let i = 0; i < ANGLES; i++) re[row + 3 * i + a] += 1 / ANGLES;
      im[row + 3 * j + a] = -phase(angle);
    }
  }
  return eigenvalues(re, n, im).filter((w) => w.re > LEAST / 2);
}

interface Root {
  readonly w: Complex;
  /** How many modes have it. */
  readonly count: number;
}

/** Follows a guess to the root it leads to. */
function rootNear(flights: Flights, guess: Complex): Root | undefined {
  let w = guess;
  for (let i = 0; i < 50; i++) {
    const resolvent = meanResolvent(flights, w);
    if (resolvent === undefined) return undefined;
    const steps = stepsToRoots(resolvent).sort((a, b) => modulus(a) - modulus(b));
    w = minus(w, steps[0]);
    if (!(w.re > LEAST / 2)) return undefined;
    // A double root is approached by halves and no nearer than its own uncertainty.
    const [size, enough] = [modulus(steps[0]), i < 30 ? 1e-14 * (1 + modulus(w)) : APART / 10];
    if (size <= enough) return w.re < LEAST ? undefined : { w, count: steps.filter((z) => modulus(z) < APART).length };
  }
  return undefined;
}

/** Where 1 − M, taken as linear in w, is singular: 1 − M(w − step) ≈ 1 − M(w) + step M′(w). */
function stepsToRoots({ value, slope }: { value: ComplexMatrix; slope: ComplexMatrix }): Complex[] {
  const steps = solveComplex(
    { re: slope.re.map((x) => -x), im: slope.im.map((x) => -x) },
    { re: value.re.map((x, i) => (i % 4 === 0 ? 1 : 0) - x), im: value.im.map((x) => -x) },
  );
  return eigenvalues(steps.re, 3, steps.im);
}

/** A basis of ⟨S⟩ = M(w)⟨S⟩, by inverse iteration just beside the root. */
function nullVectors(flights: Flights, { w, count }: Root): SpinMode["amplitude"][] {
  const beside = meanResolvent(flights, complex(w.re + BESIDE, w.im));
  if (beside === undefined) return [];
  const { value } = beside;
  const grown = solveComplex(
    { re: value.re.map((x, i) => (i % 4 === 0 ? 1 : 0) - x), im: value.im.map((x) => -x) },
    { re: Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1), im: new Float64Array(9) },
  );
  const columns = [0, 1, 2].map((j) => [0, 1, 2].map((i) => complex(grown.re[3 * i + j], grown.im[3 * i + j])));
  return Array.from({ length: count }, () => {
    // The longest of the columns, and from the others what is along it removed.
    const longest = columns.reduce((best, one) => (lengthOf(one) > lengthOf(best) ? one : best));
    const length = lengthOf(longest);
    const unit = longest.map(({ re, im }) => complex(re / length, im / length));
    for (const [j, column] of columns.entries()) {
      const along = product(unit, column);
      columns[j] = column.map((z, a) =>
        minus(z, complex(along.re * unit[a].re - along.im * unit[a].im, along.re * unit[a].im + along.im * unit[a].re)),
      );
    }
    const largest = unit.reduce((best, z) => (modulus(z) > modulus(best) ? z : best));
    const [x, y, z] = unit.map((part) => over(part, over(largest, complex(modulus(largest)))));
    return [x, y, z] as const;
  });
}

const lengthOf = (v: readonly Complex[]): number => Math.hypot(...v.flatMap(({ re, im }) => [re, im]));

/** u* · v */
const product = (u: readonly Complex[], v: readonly Complex[]): Complex =>
  complex(
    u.reduce((sum, { re, im }, a) => sum + re * v[a].re + im * v[a].im, 0),
    u.reduce((sum, { re, im }, a) => sum + re * v[a].im - im * v[a].re, 0),
  );

/** A⁻¹ B of complex 3 × 3 matrices, as a real problem of twice the size. */
function solveComplex(A: ComplexMatrix, B: ComplexMatrix): ComplexMatrix {
  const [a, b] = [new Float64Array(36), new Float64Array(18)];
  for (let i = 0; i < 3; i++) {
    for (let j = 0; j < 3; j++) {
      a[6 * i + j] = a[6 * (i + 3) + j + 3] = A.re[3 * i + j];
      a[6 * (i + 3) + j] = A.im[3 * i + j];
      a[6 * i + j + 3] = -A.im[3 * i + j];
      b[3 * i + j] = B.re[3 * i + j];
      b[3 * (i + 3) + j] = B.im[3 * i + j];
    }
  }
  solveDense(a, b, 6, 3);
  return { re: b.subarray(0, 9), im: b.subarray(9) };
}
