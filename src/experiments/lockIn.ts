import { checkNumber, InputError } from "../checks.ts";

/** What a lock-in amplifier reads of a slow response to a drive A sin ωt. */
export interface Harmonics {
  /** Amplitude at ω, in phase: what is odd in the drive, to leading order linear. */
  readonly first: number;
  /** Amplitude of −cos 2ωt, the phase of sin²: what is even, to leading order quadratic. */
  readonly second: number;
  /** Mean. */
  readonly mean: number;
}

/** Samples over a period: exact for responses that are polynomials of the drive up to the sixth order. */
const SAMPLES = 16;

/**
 * The harmonics of a response that follows its drive without delay.
 * @param response numbers for a value of the drive; called at {@link SAMPLES} values between −amplitude and amplitude
 * @returns one entry for every number of the response
 */
export function lockIn(amplitude: number, response: (drive: number) => readonly number[]): Harmonics[] {
  checkNumber("amplitude", amplitude);
  if (amplitude === 0) throw new InputError("amplitude", amplitude, "a number that is not 0");
  const phases = Array.from({ length: SAMPLES }, (_, i) => (2 * Math.PI * (i + 0.5)) / SAMPLES);
  const samples = phases.map((phase) => response(amplitude * Math.sin(phase)));
  return samples[0].map((_, k) => {
    const sum = (weight: (phase: number) => number): number =>
      phases.reduce((total, phase, i) => total + weight(phase) * samples[i][k], 0) / SAMPLES;
    return {
      first: 2 * sum(Math.sin),
      second: -2 * sum((phase) => Math.cos(2 * phase)),
      mean: sum(() => 1),
    };
  });
}
