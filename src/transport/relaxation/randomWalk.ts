import { norm, type Vector3 } from "../../algebra/vector.ts";
import { checkKeys, checkVector, InputError } from "../../checks.ts";
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
import { type Flights, flightsOf } from "./flights.ts";
import { checkTimes } from "./spinCourse.ts";
import { fermiVelocity, type SpinOrbitField, spinOrbitField, type TwoDimensionalGas } from "./spinOrbitField.ts";

export interface RandomWalkOptions {
  /** τ [s]. */
  readonly scatteringTime: number;
  /** Times at which the walkers are looked at [s], rising from 0. */
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

/** Flights of every walker before it is asked who has to go on: few are idle for long, and the asking is cheap. */
const FLIGHTS = 8;
/** Initial spins are unit vectors to the precision with which one writes 1/√2. */
const UNIT = 1e-6;

/**
 * Electrons on the Fermi circle that fly, turn their spin about Ω(θ) exactly, and are scattered into any direction: the Monte Carlo
 * twin of `spinCourse`.  Runs as a kernel, a walker per cell.
 */
export async function spinRandomWalk(gas: TwoDimensionalGas, options: RandomWalkOptions): Promise<WalkSnapshot[]> {
  checkKeys("spinRandomWalk", options, ["scatteringTime", "times", "initial", "larmor", "walkers", "seed", "machine"]);
  const { scatteringTime, times, initial, larmor = [0, 0, 0], walkers = 20_000, seed = 1 } = options;
  const flights = flightsOf(gas, { scatteringTime, larmor });
  checkTimes(times, scatteringTime);
  checkVector("initial", initial);
  if (Math.abs(norm(initial) - 1) > UNIT) throw new InputError("initial", initial, "a unit vector");
  if (!Number.isInteger(walkers) || walkers < 2 || walkers > 1e8)
    throw new InputError("walkers", walkers, "an integer, 2 ≤ walkers ≤ 10⁸");
  if (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 31)
    throw new InputError("seed", seed, "an integer, 0 ≤ seed < 2³¹");
  const machine = options.machine ?? openWasm({ precision: "f64" });
  try {
    return await walk(machine, gas, flights, { times, initial, larmor, walkers, seed });
  } finally {
    if (!options.machine) await machine.destroy();
  }
}

type Walk = Required<Pick<RandomWalkOptions, "times" | "initial" | "larmor" | "walkers" | "seed">>;

async function walk(machine: Backend, gas: TwoDimensionalGas, { tau, pace }: Flights, options: Walk) {
  const { times, initial, larmor, walkers, seed } = options;
  // Positions in mean free paths and times in τ: numbers of order one, also for single precision.
  const { aim, begin, fly, count } = kernels(spinOrbitField(gas), tau, larmor, pace > 0);
  const cells = grid([walkers, 1, 1]);
  const [spin, place] = ["spin", "x, y, θ"].map((name) => machine.field(cells, vector, name));
  const left = machine.field(cells, real, "time left");
  const [stretch, longest] = ["stretch", "longest time left"].map((name) => machine.scalar(0, { name }));
  const flown = machine.scalar(0, { name: "flights", kind: "int" });
  try {
    const start = Float64Array.from({ length: 3 * walkers }, (_, i) => initial[Math.floor(i / walkers)]);
    await machine.write(spin, start);
    await machine.write(place, 0);
    const first = await machine.compile(program("start", (p) => p.run(aim, { place, seed, next: place })));
    const go = await machine.compile(
      program("flights", (p) => {
        const round = () =>
          p
            .run(fly, { spin, place, left, flown, seed, spinNext: spin, placeNext: place, leftNext: left, longest })
            .run(count, { flown, next: flown });
        p.run(begin, { stretch, left });
        round();
        p.while(longest, 2 ** 31 - 1, round);
      }),
    );
    await first.run();
    const snapshots: WalkSnapshot[] = [];
    let time = 0;
    for (const until of times) {
      if (until > time) {
        machine.set(stretch, (until - time) / tau);
        await go.run();
        time = until;
      }
      const [spins, places] = [await machine.read(spin), await machine.read(place)];
      snapshots.push(look(time, spins, places, fermiVelocity(gas) * tau));
    }
    first.dispose();
    go.dispose();
    return snapshots;
  } finally {
    for (const thing of [spin, place, left, stretch, longest, flown]) machine.release(thing);
  }
}

function look(time: number, spins: ArrayLike<number>, place: ArrayLike<number>, path: number): WalkSnapshot {
  const walkers = spins.length / 3;
  const spin = Float64Array.from(spins);
  const statistics = [0, 1, 2].map((a) => meanOf(spin.subarray(a * walkers, (a + 1) * walkers)));
  return {
    time,
    spin,
    position: Float64Array.from({ length: 2 * walkers }, (_, i) => place[i] * path),
    mean: triple(statistics, ({ value }) => value),
    uncertainty: triple(statistics, ({ uncertainty }) => uncertainty),
  };
}

/** Kernels of the walk, with Ω and the field in units of 1/τ built in. */
function kernels(field: SpinOrbitField, tau: number, larmor: Vector3, isTurning: boolean) {
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
  /** Rodrigues' rotation for a time. */
  const turned = (spin: Vector, turn: Vector, time: Real): Vector => {
    const rate = turn.length();
    const axis = turn.div(rate.max(1e-30));
    const [C, S] = [cos(rate.mul(time)), sin(rate.mul(time))];
    const across = axis.cross(spin).scale(S);
    const along = axis.scale(axis.dot(spin).mul(C.neg().add(1)));
    return spin.scale(C).add(across).add(along);
  };
  const count = kernel("count flights", { reads: { flown: int }, writes: { next: int } }, ({ flown }) => ({
    next: flown.add(FLIGHTS),
  }));
  const begin = kernel("begin a stretch", { reads: { stretch: real }, writes: { left: real } }, ({ stretch }) => ({
    left: stretch,
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
      reads: { spin: vector, place: vector, left: real, flown: int, seed: int },
      writes: { spinNext: vector, placeNext: vector, leftNext: real },
      reduces: { longest: "max" },
    },
    ({ spin, place, left, flown, seed }, { index, integer, loop }) => {
      // The third component of `place` is θ/2π.  A flight that ends with the stretch has no collision; the next one is as long as any.
      const end = loop(FLIGHTS, { spin, place, left }, (now, round) => {
        const [a, b, c, d] = philox([flown.add(round), integer(2), index.linear, integer(0)], [seed, integer(0)]);
        const free = log(uniform(a, b).neg().add(1)).neg();
        const time = free.min(now.left);
        const theta = now.place.z.mul(2 * Math.PI);
        const [ahead, aside] = [cos(theta), sin(theta)];
        return {
          spin: isTurning ? turned(now.spin, precession(ahead, aside), time) : now.spin,
          place: new Vector(
            now.place.x.add(ahead.mul(time)),
            now.place.y.add(aside.mul(time)),
            select(free.lt(now.left), uniform(c, d), now.place.z),
          ),
          left: now.left.sub(time),
        };
      });
      return { spinNext: end.spin, placeNext: end.place, leftNext: end.left, longest: end.left };
    },
  );
  return { aim, begin, fly, count };
}

/** A number from all walkers, with its standard uncertainty. */
export interface WalkMean {
  readonly value: number;
  readonly uncertainty: number;
}

export function meanOf(values: Float64Array): WalkMean {
  const count = values.length;
  const value = values.reduce((sum, x) => sum + x, 0) / count;
  const variance = values.reduce((sum, x) => sum + (x - value) ** 2, 0) / (count - 1);
  return { value, uncertainty: Math.sqrt(variance / count) };
}

export function triple<T>(of: readonly T[], map: (one: T) => number): Vector3 {
  const [x, y, z] = of;
  return [map(x), map(y), map(z)];
}
