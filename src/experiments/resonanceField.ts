import type { Complex } from "../algebra/complex.ts";
import { normalize, scale, type Vector3 } from "../algebra/vector.ts";
import { checkNumber, checkVector, InputError } from "../checks.ts";
import { NoEquilibriumError } from "../circuit/index.ts";
import { GAMMA, MU0 } from "../constants.ts";
import { acrossInPlane, inPhase, type Resonator } from "./resonator.ts";

/** Steps in which fields are searched for a resonance. */
const SEARCH = 30;
/** Share of a step at which the search begins: without any field an isotropic film has no direction. */
const LEAST = 0.02;
/** Relative precision of the field found, and the most steps to it. */
const PRECISION = 1e-6;
const STEPS = 100;
/** Points of a sweep, and half its range in half-widths of the line, where none is given. */
const POINTS = 61;
const HALF_RANGE = 6;

/** Where and how broad a resonance is. */
export interface Resonance {
  /** B [T] */
  readonly field: number;
  /** Half width at half maximum [T]. */
  readonly width: number;
}

/**
 * The field along a direction at which a mode of the device has a frequency; of several the one to which the magnet answers most.
 * @param omega ω [rad/s]
 * @param direction unit vector
 * @throws InputError when there is none up to the field that any film of this magnetization needs
 * @throws NoEquilibriumError when most fields leave no stable state, as under a strong current
 */
export function findResonance(
  procedure: string,
  resonator: Resonator,
  omega: number,
  direction: Vector3,
  current = 0,
): Resonance {
  const largest = 1.5 * (omega / GAMMA + MU0 * resonator.layer.material.saturationMagnetization);
  const fieldAt = (i: number): number => (largest * Math.max(i, LEAST)) / SEARCH;
  const lost: NoEquilibriumError[] = [];
  const modesAt = (B: number): Complex[] => {
    try {
      const response = resonator.rest(scale(direction, B), current, alongField(resonator, direction));
      return response
        .modes()
        .filter(({ im }) => im > 0)
        .sort((a, b) => a.im - b.im);
    } catch (error) {
      // No stable state in this field, such as in a weak one without anisotropy: nothing resonates there.
      if (!(error instanceof NoEquilibriumError)) throw error;
      lost.push(error);
      return [];
    }
  };
  const found: Resonance[] = [];
  let last = modesAt(fieldAt(0));
  for (let i = 1; i <= SEARCH; i++) {
    const here = modesAt(fieldAt(i));
    for (let mode = 0; mode < Math.min(last.length, here.length); mode++) {
      if (last[mode].im < omega === here[mode].im < omega) continue;
      found.push(refine(modesAt, mode, omega, [fieldAt(i - 1), fieldAt(i)]));
    }
    last = here;
  }
  if (lost.length > SEARCH / 2) throw lost[lost.length - 1];
  if (found.length === 0) {
    throw new InputError(
      `${procedure}: frequency`,
      omega / (2 * Math.PI),
      `one that "${resonator.layer.name}" has in a field of up to ${largest.toPrecision(3)} T along the given direction`,
      "fields can be given",
    );
  }
  const strength = ({ field }: Resonance): number => {
    const response = resonator.rest(scale(direction, field), current, alongField(resonator, direction));
    // Weak enough for any line: only the largest of the answers is looked for.
    const orbit = response.orbit(omega, resonator.drives({ field: inPhase(scale(acrossInPlane(direction), 1e-9)) }));
    return orbit.ellipse(resonator.index).major;
  };
  const strengths = found.map(strength);
  return found[strengths.indexOf(Math.max(...strengths))];
}

/** The field between two others at which a mode has the frequency, by false position; an end that stays twice counts half (Illinois). */
function refine(
  modesAt: (B: number) => Complex[],
  mode: number,
  omega: number,
  [from, to]: readonly [number, number],
): Resonance {
  const excess = (B: number): number => (modesAt(B)[mode]?.im ?? 0) - omega;
  let [low, high] = [from, to];
  let [below, above] = [excess(low), excess(high)];
  let field = low;
  let moved: "low" | "high" | undefined;
  for (let i = 0; i < STEPS; i++) {
    const last = field;
    field = (low * above - high * below) / (above - below);
    if (Math.abs(field - last) < PRECISION * field) break;
    const here = excess(field);
    if (here > 0 === above > 0) {
      [high, above] = [field, here];
      if (moved === "high") below /= 2;
      moved = "high";
    } else {
      [low, below] = [field, here];
      if (moved === "low") above /= 2;
      moved = "low";
    }
  }
  const step = 1e-3 * field;
  const slope = (excess(field + step) - excess(field - step)) / (2 * step);
  return { field, width: Math.abs((modesAt(field)[mode]?.re ?? 0) / slope) };
}

/** All free magnets along a direction: from where they fall to rest in a field that saturates. */
export function alongField(resonator: Resonator, direction: Vector3): Float64Array {
  const start = resonator.initial;
  for (const [i, { fixed }] of resonator.model.magnets.entries()) if (!fixed) start.set(direction, 3 * i);
  return start;
}

/** Fields [T] about a resonance, ±{@link HALF_RANGE} half-widths, all on one side of zero. */
export function fieldsAbout({ field, width }: Resonance): number[] {
  const range = Math.min(HALF_RANGE * width, 0.9 * field);
  return Array.from({ length: POINTS }, (_, i) => field + range * ((2 * i) / (POINTS - 1) - 1));
}

/** Checks fields that are given. */
export function checkFields(procedure: string, fields: readonly number[]): readonly number[] {
  for (const [i, B] of fields.entries()) checkNumber(`${procedure}: fields[${i}]`, B, {}, "T");
  if (fields.length < 6) throw new InputError(`${procedure}: fields`, fields.length, "at least six, to fit a line");
  return fields;
}

/** A direction as a unit vector. */
export function checkDirection(procedure: string, direction: Vector3): Vector3 {
  checkVector(`${procedure}: direction`, direction);
  if (Math.hypot(...direction) === 0)
    throw new InputError(`${procedure}: direction`, direction, "a vector that is not zero");
  return normalize(direction);
}

/** A microwave amplitude as complex components. */
export function checkMicrowave(procedure: string, amplitude: Vector3): readonly [Complex, Complex, Complex] {
  checkVector(`${procedure}: microwave`, amplitude);
  if (Math.hypot(...amplitude) === 0)
    throw new InputError(`${procedure}: microwave`, amplitude, "an amplitude that is not zero");
  return inPhase(amplitude);
}
