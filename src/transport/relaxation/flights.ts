import { type Complex, complex, over, plus, times } from "../../algebra/complex.ts";
import { add, norm, scale, type Vector3 } from "../../algebra/vector.ts";
import { checkKeys, checkNumber, checkVector, InputError, POSITIVE } from "../../checks.ts";
import { fermiVelocity, precessionAt, spinOrbitField, type TwoDimensionalGas } from "./spinOrbitField.ts";

/**
 * Spins of a Fermi circle, for any Ωτ:
 *
 *   dS_θ/dt = Ω(θ) × S_θ − i q·v(θ) S_θ − (S_θ − ⟨S⟩)/τ,
 *
 * elastic scattering being isotropic and S the amplitude of a spin density exp(iq·r).  Fast collisions slow relaxation down (M. I.
 * Dyakonov, V. I. Perel, Sov. Phys. Solid State 13, 3023 (1972)); between rare ones the spin turns and dies within a flight.  Both
 * limits, and what is between, are in the equation.
 */
export interface KineticOptions {
  /** τ [s]. */
  readonly scatteringTime: number;
  /** q in the plane [1/m]; default 0. */
  readonly wavevector?: readonly [number, number];
  /** Angular frequency of an applied field, dS/dt = larmor × S [rad/s]; default none. */
  readonly larmor?: Vector3;
}

/** The flights between collisions, in units of τ. */
export interface Flights {
  /** τ [s]. */
  readonly tau: number;
  /** τΩ(θ), with the applied field. */
  turn(angle: number): Vector3;
  /** τ q·v(θ). */
  phase(angle: number): number;
  /** Largest τ(|Ω| + |q·v|): how far spins get out of step in one flight. */
  readonly pace: number;
  /** Highest harmonic of Ω(θ). */
  readonly harmonic: 1 | 3;
}

export const KINETIC_OPTIONS = ["scatteringTime", "wavevector", "larmor"] as const;

/** @throws InputError naming what is no number */
export function flightsOf(gas: TwoDimensionalGas, options: KineticOptions): Flights {
  const { scatteringTime, wavevector = [0, 0], larmor = [0, 0, 0] } = options;
  const field = spinOrbitField(gas);
  const tau = checkNumber("scatteringTime", scatteringTime, POSITIVE, "s");
  if (!Array.isArray(wavevector) || wavevector.length !== 2 || !wavevector.every((q) => Number.isFinite(q)))
    throw new InputError("wavevector", wavevector, "two finite numbers [x, y]");
  checkVector("larmor", larmor);
  const [px, py] = wavevector.map((q) => q * fermiVelocity(gas) * tau);
  const applied = scale(larmor, tau);
  const turn = (angle: number): Vector3 => add(scale(precessionAt(field, angle), tau), applied);
  const phase = (angle: number): number => px * Math.cos(angle) + py * Math.sin(angle);
  const fastest = Math.max(...Array.from({ length: 64 }, (_, j) => norm(turn((Math.PI * j) / 32))));
  const harmonic = field.cos3.some((x) => x !== 0) ? 3 : 1;
  return { tau, turn, phase, pace: fastest + Math.hypot(px, py), harmonic };
}

/** Checks options of a function that takes no others. */
export function flightsFrom(what: string, gas: TwoDimensionalGas, options: KineticOptions): Flights {
  checkKeys(what, options, KINETIC_OPTIONS);
  return flightsOf(gas, options);
}

/** A complex 3 × 3 matrix, row-major. */
export interface ComplexMatrix {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/** First and largest number of angles of an average over the circle. */
const ANGLES = { first: 32, most: 2 ** 16 };
/** Doubling the angles squares the error, so that the average is exact to round-off once the last doubling changed it by this share. */
const SETTLED = 1e-9;

/**
 * M(w) = ⟨[w + iτ q·v − τΩ×]⁻¹⟩ over the circle, and its derivative by w.  A density that changes as exp(st) obeys ⟨S⟩ = M(1 + sτ)⟨S⟩;
 * one that is kept up by generation at rest, ⟨S⟩ = M(1)(⟨S⟩ + τ generation).
 * @param w with a positive real part; where that is small beside Ωτ or q·vτ many angles are needed
 * @returns undefined where they are too many
 */
export function meanResolvent(
  flights: Flights,
  w: Complex,
): { value: ComplexMatrix; slope: ComplexMatrix } | undefined {
  const sum = new Float64Array(36);
  for (let j = 0; j < ANGLES.first; j++) addResolvent(sum, flights, w, (2 * Math.PI * j) / ANGLES.first);
  for (let count = ANGLES.first; count < ANGLES.most; count *= 2) {
    const before = sum.map((x) => x / count);
    for (let j = 0; j < count; j++) addResolvent(sum, flights, w, (2 * Math.PI * (j + 0.5)) / count);
    const mean = sum.map((x) => x / (2 * count));
    if (mean.every((x, i) => Math.abs(x - before[i]) <= SETTLED * sizeOf(mean, i < 18))) {
      const part = (i: number): Float64Array => mean.subarray(9 * i, 9 * i + 9);
      return { value: { re: part(0), im: part(1) }, slope: { re: part(2), im: part(3) } };
    }
  }
  return undefined;
}

const sizeOf = (mean: Float64Array, value: boolean): number =>
  mean.subarray(value ? 0 : 18, value ? 18 : 36).reduce((most, x) => Math.max(most, Math.abs(x)), 0);

/** [w − a×]⁻¹ = (w + a× + a aᵀ/w)/(w² + a²), and its derivative. */
function addResolvent(sum: Float64Array, flights: Flights, w0: Complex, angle: number): void {
  const a = flights.turn(angle);
  const w = complex(w0.re, w0.im + flights.phase(angle));
  const square = a[0] * a[0] + a[1] * a[1] + a[2] * a[2];
  const ww = times(w, w);
  const once = over(complex(1), complex(ww.re + square, ww.im));
  const twice = times(once, once);
  const perW = over(complex(1), w);
  const perSquare = times(perW, perW);
  const coefficients = [
    [times(w, once), once, times(once, perW)],
    [
      times(complex(square - ww.re, -ww.im), twice),
      times(complex(-2), times(w, twice)),
      times(plus(complex(-3), times(complex(-square), perSquare)), twice),
    ],
  ];
  for (const [part, [one, turning, along]] of coefficients.entries()) {
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 3; j++) {
        const projector = a[i] * a[j];
        const rotation = i === j ? 0 : a[3 - i - j] * ((j - i + 3) % 3 === 1 ? -1 : 1);
        const unit = i === j ? 1 : 0;
        sum[18 * part + 3 * i + j] += unit * one.re + rotation * turning.re + projector * along.re;
        sum[18 * part + 9 + 3 * i + j] += unit * one.im + rotation * turning.im + projector * along.im;
      }
    }
  }
}
