import type { Vector3 } from "../../algebra/vector.ts";
import { checkKeys, checkNumber, checkVector, InputError, POSITIVE } from "../../checks.ts";
import {
  type Backend,
  cos,
  grid,
  int,
  kernel,
  log,
  openWasm,
  philox,
  program,
  type Real,
  real,
  select,
  sin,
  uniform,
  Vector,
  vector,
} from "../../compute/index.ts";
import { checkTimes } from "./dyakonovPerel.ts";
import { fermiVelocity, type SpinOrbitField, spinOrbitField, type TwoDimensionalGas } from "./spinOrbitField.ts";

export interface RandomWalkOptions {
  readonly scatteringTime: number;
  /** Times at which the walkers are looked at [s], rising. */
  readonly times: readonly number[];
  /** Spin of every walker at the start, a unit vector; all start at the origin. */
  readonly initial: Vector3;
  /** Angular frequency of an applied field, dS/dt = larmor × S [rad/s]; default none. */
  readonly larmor?: Vector3;
  /** Default 20 000. */
  readonly walkers?: number;
  /** Default 1: the same seed gives the same walk on any number of threads. */
  readonly seed?: number;
  /** The machine to walk on; default the processor, in double precision. */
  readonly machine?: Backend;
}

/** All walkers at one time. */
export interface WalkSnapshot {
  readonly time: number;
  /** All S_x, then all S_y, then all S_z. */
  readonly spin: Float64Array;
  /** All x, then all y [m]. */
  readonly position: Float64Array;
  /** Mean spin and its standard uncertainty. */
  readonly mean: Vector3;
  readonly uncertainty: Vector3;
}

/** Longest stretch of a step in units of τ: more than FLIGHTS collisions in it have a probability of 1e-12. */
const STRETCH = 2;
const FLIGHTS = 18;

/**
 * Electrons on the Fermi circle that fly, turn their spin about Ω(θ) exactly, and are scattered into any direction: the Monte Carlo
 * twin of `spinCourse`.  Runs as a kernel, a walker per cell.
 */
export async function spinRandomWalk(gas: TwoDimensionalGas, options: RandomWalkOptions): Promise<WalkSnapshot[]> {
  checkKeys("spinRandomWalk", options, ["scatteringTime", "times", "initial", "larmor", "walkers", "seed", "machine"]);
  const { scatteringTime: tau, times, initial, larmor = [0, 0, 0], walkers = 20_000, seed = 1 } = options;
  checkNumber("scatteringTime", tau, POSITIVE, "s");
  checkTimes(times);
  checkVector("initial", initial);
  checkVector("larmor", larmor);
  checkNumber("walkers", walkers, { min: 2, max: 1e8 });
  if (!Number.isInteger(walkers)) throw new InputError("walkers", walkers, "an integer");
  if (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 31)
    throw new InputError("seed", seed, "an integer, 0 ≤ seed < 2³¹");
  const machine = options.machine ?? openWasm({ precision: "f64" });
  try {
    return await walk(machine, gas, { tau, times, initial, larmor, walkers, seed });
  } finally {
    if (!options.machine) await machine.destroy();
  }
}

interface Walk {
  readonly tau: number;
  readonly times: readonly number[];
  readonly initial: Vector3;
  readonly larmor: Vector3;
  readonly walkers: number;
  readonly seed: number;
}

async function walk(machine: Backend, gas: TwoDimensionalGas, options: Walk): Promise<WalkSnapshot[]> {
  const { tau, times, initial, larmor, walkers, seed } = options;
  // Positions in mean free paths and times in τ: numbers of order one, also for single precision.
  const kernels = flights(spinOrbitField(gas), tau, larmor);
  const cells = grid([walkers, 1, 1]);
  const [spin, place] = [machine.field(cells, vector, "spin"), machine.field(cells, vector, "x, y, θ")];
  const step = machine.scalar(0, { name: "step", kind: "int" });
  const stretch = machine.scalar(0, { name: "stretch" });
  await machine.write(
    spin,
    Float64Array.from({ length: 3 * walkers }, (_, i) => initial[Math.floor(i / walkers)]),
  );
  await machine.write(place, 0);
  const start = await machine.compile(program("start", (p) => p.run(kernels.aim, { place, seed, next: place })));
  await start.run();
  const snapshots: WalkSnapshot[] = [];
  let time = 0;
  for (const until of times) {
    const steps = Math.ceil((until - time) / (STRETCH * tau));
    if (steps > 0) {
      machine.set(stretch, (until - time) / tau / steps);
      const fly = await machine.compile(
        program("flights", (p) =>
          p.repeat(steps, () =>
            p
              .run(kernels.fly, { spin, place, step, stretch, seed, spinNext: spin, placeNext: place })
              .run(kernels.advance, { step, next: step }),
          ),
        ),
      );
      await fly.run();
      fly.dispose();
      time = until;
    }
    snapshots.push(
      look(
        time,
        Float64Array.from(await machine.read(spin)),
        await machine.read(place),
        walkers,
        fermiVelocity(gas) * tau,
      ),
    );
  }
  for (const thing of [spin, place, step, stretch]) machine.release(thing);
  return snapshots;
}

function look(time: number, spin: Float64Array, place: ArrayLike<number>, walkers: number, path: number): WalkSnapshot {
  const statistics = [0, 1, 2].map((a) => {
    const own = spin.subarray(a * walkers, (a + 1) * walkers);
    const mean = own.reduce((sum, s) => sum + s, 0) / walkers;
    const variance = own.reduce((sum, s) => sum + (s - mean) ** 2, 0) / (walkers - 1);
    return { mean, uncertainty: Math.sqrt(variance / walkers) };
  });
  return {
    time,
    spin,
    position: Float64Array.from({ length: 2 * walkers }, (_, i) => place[i] * path),
    mean: statistics.map(({ mean }) => mean) as unknown as Vector3,
    uncertainty: statistics.map(({ uncertainty }) => uncertainty) as unknown as Vector3,
  };
}

/** Kernels of the walk, with Ω and the field in units of 1/τ built in. */
function flights(field: SpinOrbitField, tau: number, larmor: Vector3) {
  const [first, firstSin, third, thirdSin, own] = [field.cos, field.sin, field.cos3, field.sin3, larmor].map((v) =>
    v.map((x) => x * tau),
  );
  const precession = (c: Real, s: Real): Vector => {
    // cos 3θ = 4c³ − 3c, sin 3θ = 3s − 4s³.
    const c3 = c.mul(c.squared().mul(4).sub(3));
    const s3 = s.mul(s.squared().mul(-4).add(3));
    const component = (a: number): Real =>
      c.mul(first[a]).add(s.mul(firstSin[a])).add(c3.mul(third[a])).add(s3.mul(thirdSin[a])).add(own[a]);
    return new Vector(component(0), component(1), component(2));
  };
  const advance = kernel("advance", { reads: { step: int }, writes: { next: int } }, ({ step }) => ({
    next: step.add(1),
  }));
  const aim = kernel(
    "first directions",
    { reads: { place: vector, seed: int }, writes: { next: vector } },
    ({ place, seed }, { index, integer }) => {
      const [a, b] = philox([integer(0), integer(1), index.linear, integer(0)], [seed, integer(0)]);
      return { next: new Vector(place.x, place.y, uniform(a, b)) };
    },
  );
  const fly = kernel(
    "free flights",
    {
      reads: { spin: vector, place: vector, step: int, stretch: real, seed: int },
      writes: { spinNext: vector, placeNext: vector },
    },
    ({ spin, place, step, stretch, seed }, { index, integer, loop }) => {
      // The third component of `place` is θ/2π.
      const end = loop(FLIGHTS, { spin, place, left: stretch }, (now, round) => {
        const [a, b, c, d] = philox([step, round.add(2), index.linear, integer(0)], [seed, integer(0)]);
        const free = log(uniform(a, b).neg().add(1)).neg();
        const time = free.min(now.left);
        const theta = now.place.z.mul(2 * Math.PI);
        const [ahead, aside] = [cos(theta), sin(theta)];
        const turn = precession(ahead, aside);
        const rate = turn.length();
        const axis = turn.div(rate.max(1e-30));
        const [C, S] = [cos(rate.mul(time)), sin(rate.mul(time))];
        const turned = now.spin
          .scale(C)
          .add(axis.cross(now.spin).scale(S))
          .add(axis.scale(axis.dot(now.spin).mul(C.neg().add(1))));
        const scattered = free.lt(now.left);
        return {
          spin: turned,
          place: new Vector(
            now.place.x.add(ahead.mul(time)),
            now.place.y.add(aside.mul(time)),
            select(scattered, uniform(c, d), now.place.z),
          ),
          left: now.left.sub(time),
        };
      });
      return { spinNext: end.spin, placeNext: end.place };
    },
  );
  return { advance, aim, fly };
}

/**
 * How much of a spin helix is left: ⟨S·(u cos q·r + w sin q·r)⟩ for walkers that started at the origin along u, with its standard
 * uncertainty.
 * @param wavevector q [1/m]
 */
export function helixAmplitude(
  { spin, position }: WalkSnapshot,
  wavevector: readonly [number, number],
  u: Vector3,
  w: Vector3,
): { value: number; uncertainty: number } {
  const walkers = position.length / 2;
  let [sum, squares] = [0, 0];
  for (let i = 0; i < walkers; i++) {
    const phase = wavevector[0] * position[i] + wavevector[1] * position[walkers + i];
    const [c, s] = [Math.cos(phase), Math.sin(phase)];
    let along = 0;
    for (let a = 0; a < 3; a++) along += spin[a * walkers + i] * (u[a] * c + w[a] * s);
    sum += along;
    squares += along ** 2;
  }
  const value = sum / walkers;
  return { value, uncertainty: Math.sqrt(Math.max(0, squares / walkers - value ** 2) / (walkers - 1)) };
}
