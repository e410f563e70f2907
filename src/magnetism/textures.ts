import { rotate, rotation, transposed } from "../algebra/rotation.ts";
import { add, cross, dot, normalize, scale, subtract, type Vector3 } from "../algebra/vector.ts";
import { checkKeys, checkNumber, checkVector, FINITE, InputError, NOT_NEGATIVE } from "../checks.ts";
import { NormalStream } from "../compute/random/philox.ts";

/**
 * A direction of the magnetization for every point of a mesh centred at the origin, of any length but zero: the state it is made into
 * normalises it.
 * @param index of the cell; textures with random numbers draw by it
 */
export type Texture = (x: number, y: number, z: number, index?: number) => Vector3;

/** The same direction everywhere. */
export function uniform(direction: Vector3): Texture {
  const m = unit("uniform: direction", direction);
  return () => m;
}

export interface HelixOptions {
  /** Its length is 2π over the period [rad/m]. */
  readonly wavevector: Vector3;
  /** What m turns about, by the right-hand rule along the wave vector; along the wave vector when left out. */
  readonly normal?: Vector3;
  /** How far m has turned at the origin [rad]. */
  readonly phase?: number;
}

/**
 * A helix: m turns in the plane across `normal`.  It is a screw (Bloch) with the normal along the wave vector and a cycloid (Néel) with the
 * normal across it.  At phase 0, m points as near to +z as the plane allows, or to +x in the xy plane.
 */
export function helix(options: HelixOptions): Texture {
  checkKeys("helix", options, ["wavevector", "normal", "phase"]);
  const { wavevector, normal = wavevector, phase } = options;
  return turning("helix", { wavevector, axis: normal, angle: Math.PI / 2, phase });
}

export interface ConeOptions {
  /** Its length is 2π over the period [rad/m]. */
  readonly wavevector: Vector3;
  /** Axis of the cone; along the wave vector when left out. */
  readonly axis?: Vector3;
  /** Between m and the axis [rad]. */
  readonly angle: number;
  /** How far m has turned at the origin [rad]. */
  readonly phase?: number;
}

/** A conical spiral: a helix whose m leans towards the axis. */
export function conical(options: ConeOptions): Texture {
  checkKeys("conical", options, ["wavevector", "axis", "angle", "phase"]);
  const { wavevector, axis = wavevector, angle, phase } = options;
  return turning("conical", { wavevector, axis, angle, phase });
}

function turning(
  what: string,
  { wavevector: k, axis, angle, phase = 0 }: { wavevector: Vector3; axis: Vector3; angle: number; phase?: number },
): Texture {
  unit(`${what}: wavevector`, k);
  const n = unit(`${what}: ${what === "helix" ? "normal" : "axis"}`, axis);
  checkNumber(`${what}: angle`, angle, FINITE, "rad");
  checkNumber(`${what}: phase`, phase, FINITE, "rad");
  const pole: Vector3 = Math.abs(n[2]) > 1 - 1e-9 ? [1, 0, 0] : [0, 0, 1];
  const e1 = normalize(subtract(pole, scale(n, dot(pole, n))));
  const e2 = cross(n, e1);
  const along = scale(n, Math.cos(angle));
  const across = Math.sin(angle);
  return (x, y, z) => {
    const turn = k[0] * x + k[1] * y + k[2] * z + phase;
    return add(along, add(scale(e1, across * Math.cos(turn)), scale(e2, across * Math.sin(turn))));
  };
}

/** Every direction with the same probability, each cell for itself. @param seed a whole number 0…2^53 − 1 */
export function randomDirections(seed: number): Texture {
  const noise = noiseOf("randomDirections", seed);
  return (_x, _y, _z, index) => normalize(noise(index));
}

/**
 * A texture with a normal random vector of standard deviation `amplitude` per component added to its unit vectors: small
 * amplitudes are angles in rad.
 * @param seed a whole number 0…2^53 − 1
 */
export function perturbed(texture: Texture, amplitude: number, seed: number): Texture {
  checkNumber("perturbed: amplitude", amplitude, NOT_NEGATIVE);
  const noise = noiseOf("perturbed", seed);
  return (x, y, z, index) => add(normalize(texture(x, y, z, index)), scale(noise(index), amplitude));
}

/** A texture moved by a vector [m]. */
export function movedTexture(texture: Texture, by: Vector3): Texture {
  const [dx, dy, dz] = checkVector("movedTexture: by", by);
  return (x, y, z, index) => texture(x - dx, y - dy, z - dz, index);
}

/**
 * A texture turned about an axis through the origin as if it were a rigid body, the places and the directions together.
 * @param angle right-handed [rad]
 */
export function turnedTexture(texture: Texture, axis: Vector3, angle: number): Texture {
  const R = rotation(unit("turnedTexture: axis", axis), checkNumber("turnedTexture: angle", angle, FINITE, "rad"));
  const back = transposed(R);
  return (x, y, z, index) => rotate(R, texture(...rotate(back, [x, y, z]), index));
}

/** Throws for the zero vector; returns it at unit length. */
export function unit(parameter: string, direction: Vector3): Vector3 {
  if (checkVector(parameter, direction).every((x) => x === 0)) {
    throw new InputError(parameter, direction, "a vector other than zero");
  }
  return normalize(direction);
}

/** Three normal numbers for every cell, not those of the thermal field under the same seed. */
function noiseOf(what: string, seed: number): (index: number | undefined) => Vector3 {
  if (!Number.isSafeInteger(seed) || seed < 0) throw new InputError(`${what}: seed`, seed, "a whole number 0…2^53 − 1");
  const stream = new NormalStream(seed, what === "perturbed" ? 0x70657274 : 0x72616e64);
  const numbers = new Float64Array(3);
  return (index) => {
    if (index === undefined) throw new InputError(`${what}: index`, index, "the index of the cell, a fourth argument");
    stream.fill(numbers, index);
    return [numbers[0], numbers[1], numbers[2]];
  };
}
