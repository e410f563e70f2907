import { type Backend, openWasm } from "../src/compute/index.ts";
import { philox4x32 } from "../src/compute/random/philox.ts";
import { HBAR, spinOrbitField, spinRandomWalk } from "../src/index.ts";
import type { Figure } from "./race.ts";

const gas = { mass: 4.555e-32, fermiWavevector: 2e8, rashba: 1.6e-30, dresselhaus: 0.5e-30 };
const scatteringTime = (0.1 * HBAR) / (2 * gas.rashba * gas.fermiWavevector);
const WALKERS = 20_000;
const COLLISIONS = 200;
const SEED = 1;
const ROUNDS = 5;

/** The walk as one writes it without kernels, nothing allocated in the loop, with the same random numbers.  @returns mean S_z */
function plainWalk(): number {
  const { cos, sin, cos3, sin3 } = spinOrbitField(gas);
  const words = new Uint32Array(4);
  const position = new Float64Array(2 * WALKERS);
  let sum = 0;
  for (let walker = 0; walker < WALKERS; walker++) {
    draw(words, 0, 1, walker);
    let theta = 2 * Math.PI * unit(words[0], words[1]);
    let x = 0;
    let y = 0;
    let z = 1;
    let left = COLLISIONS;
    for (let flight = 0; left > 0; flight++) {
      draw(words, flight, 2, walker);
      const free = -Math.log(1 - unit(words[0], words[1]));
      const time = Math.min(free, left);
      const c = Math.cos(theta);
      const s = Math.sin(theta);
      const c3 = c * (4 * c * c - 3);
      const s3 = s * (3 - 4 * s * s);
      let u = c * cos[0] + s * sin[0] + c3 * cos3[0] + s3 * sin3[0];
      let v = c * cos[1] + s * sin[1] + c3 * cos3[1] + s3 * sin3[1];
      let w = c * cos[2] + s * sin[2] + c3 * cos3[2] + s3 * sin3[2];
      const rate = Math.sqrt(u * u + v * v + w * w);
      u /= rate;
      v /= rate;
      w /= rate;
      const C = Math.cos(rate * scatteringTime * time);
      const S = Math.sin(rate * scatteringTime * time);
      const along = (1 - C) * (u * x + v * y + w * z);
      const turnedX = C * x + S * (v * z - w * y) + along * u;
      const turnedY = C * y + S * (w * x - u * z) + along * v;
      z = C * z + S * (u * y - v * x) + along * w;
      x = turnedX;
      y = turnedY;
      position[walker] += time * c;
      position[WALKERS + walker] += time * s;
      if (free < left) theta = 2 * Math.PI * unit(words[2], words[3]);
      left -= time;
    }
    sum += z;
  }
  return sum / WALKERS;
}

function draw(words: Uint32Array, step: number, purpose: number, walker: number): void {
  words[0] = step;
  words[1] = purpose;
  words[2] = walker;
  words[3] = 0;
  philox4x32(words, SEED, 0);
}

const unit = (high: number, low: number): number => (high * 2 ** 21 + (low >>> 11)) / 2 ** 53;

async function kernelWalk(machine: Backend): Promise<number> {
  const times = [COLLISIONS * scatteringTime];
  const walk = { scatteringTime, times, initial: [0, 0, 1] as const, walkers: WALKERS, seed: SEED, machine };
  const [{ mean }] = await spinRandomWalk(gas, walk);
  return mean[2];
}

/** A walk of spins on kernels, compiling included, against the same walk as a loop. */
export async function relaxation(): Promise<Figure[]> {
  const machines: Record<string, Backend> = {
    "1 thread": openWasm({ precision: "f64", threads: 1 }),
    "all threads": openWasm({ precision: "f64" }),
    "all threads, single precision": openWasm({ precision: "f32" }),
  };
  const contestants: Record<string, () => Promise<number>> = {
    loop: async () => plainWalk(),
    ...Object.fromEntries(Object.entries(machines).map(([name, machine]) => [name, () => kernelWalk(machine)])),
  };
  // Shortest times: what else the machine does can only lengthen them.
  const times: Record<string, number> = {};
  const results: Record<string, number> = {};
  // The first round is for the compiler.
  for (let round = -1; round < ROUNDS; round++) {
    for (const [name, run] of Object.entries(contestants)) {
      const began = performance.now();
      results[name] = await run();
      if (round >= 0) times[name] = Math.min(times[name] ?? Infinity, performance.now() - began);
    }
  }
  for (const machine of Object.values(machines)) await machine.destroy();
  // Rounding grows over 200 rotations; in single precision a walker here and there is scattered by another last bit.
  for (const [name, mean] of Object.entries(results)) {
    if (!(Math.abs(mean - results.loop) < (name.includes("single") ? 1e-4 : 1e-9)))
      throw new Error(`the walk on ${name} ends at S_z = ${mean}, the loop at ${results.loop}`);
  }
  return [
    {
      bench: "relaxation",
      figure: "flights of spins in a loop",
      value: (WALKERS * COLLISIONS * 1e-3) / times.loop,
      unit: "10⁶/s",
    },
    ...Object.keys(machines).map((name) => ({
      bench: "relaxation",
      figure: `random walk of spins on kernels, ${name}, against the same walk in a loop`,
      value: times.loop / times[name],
      unit: "times as fast",
    })),
  ];
}
