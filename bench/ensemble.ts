import { openWasm } from "../src/compute/index.ts";
import { NormalStream } from "../src/compute/random/philox.ts";
import { MacrospinEnsemble } from "../src/index.ts";
import { type Figure, median } from "./race.ts";

const SPINS = 20_000;
const STEPS = 200;
const [stability, damping, dt] = [40, 0.05, 0.05];
const ROUNDS = 5;

/** Heun's rule as one writes it without kernels, nothing allocated in the loop, with random numbers of the same kind. */
function plainEnsemble(): number {
  const noise = Math.sqrt(damping / (stability * dt));
  const stream = new NormalStream(1);
  const thermal = new Float64Array(3);
  const rate = new Float64Array(3);
  const norm = 1 / (1 + damping ** 2);
  const setRate = (x: number, y: number, z: number): void => {
    const [hx, hy, hz] = [noise * thermal[0], noise * thermal[1], z + noise * thermal[2]];
    const [tx, ty, tz] = [z * hy - y * hz, x * hz - z * hx, y * hx - x * hy];
    rate[0] = norm * (tx + damping * (y * tz - z * ty));
    rate[1] = norm * (ty + damping * (z * tx - x * tz));
    rate[2] = norm * (tz + damping * (x * ty - y * tx));
  };
  let up = 0;
  for (let spin = 0; spin < SPINS; spin++) {
    let [x, y, z] = [0, 0, 1];
    for (let step = 0; step < STEPS; step++) {
      stream.fill(thermal, spin * STEPS + step);
      setRate(x, y, z);
      const [ax, ay, az] = rate;
      setRate(x + dt * ax, y + dt * ay, z + dt * az);
      x += (dt / 2) * (ax + rate[0]);
      y += (dt / 2) * (ay + rate[1]);
      z += (dt / 2) * (az + rate[2]);
      const length = Math.sqrt(x * x + y * y + z * z);
      x /= length;
      y /= length;
      z /= length;
    }
    if (z > 0) up++;
  }
  return up / SPINS;
}

/** An ensemble of macrospins on kernels, compiling included, against the same as a loop. */
export async function ensemble(): Promise<Figure[]> {
  const contestants = {
    "f32, 1 thread": ["f32", 1],
    "f32, all threads": ["f32", undefined],
    "f64, all threads": ["f64", undefined],
  } as const;
  const machines = Object.entries(contestants).map(
    ([name, [precision, threads]]) => [name, openWasm({ precision, ...(threads && { threads }) })] as const,
  );
  const times = new Map<string, number[]>([["plain", []], ...machines.map(([name]): [string, number[]] => [name, []])]);
  for (let round = -1; round < ROUNDS; round++) {
    const began = performance.now();
    plainEnsemble();
    // The first round is for the compilers.
    if (round >= 0) times.get("plain")?.push(performance.now() - began);
    for (const [name, machine] of machines) {
      const spins = await MacrospinEnsemble.start({ stability, damping }, { spins: SPINS, step: dt, machine });
      const start = performance.now();
      await spins.advance({ dampingLike: 0 }, STEPS * dt);
      await spins.switched();
      if (round >= 0) times.get(name)?.push(performance.now() - start);
      await spins.destroy();
    }
  }
  for (const [, machine] of machines) await machine.destroy();
  const plain = median(times.get("plain") ?? []);
  return machines.flatMap(([name]): Figure[] => {
    const own = median(times.get(name) ?? []);
    return [
      {
        bench: "ensemble",
        figure: `stochastic steps, kernels, ${name}`,
        value: (SPINS * STEPS * 1e3) / own,
        unit: "1/s",
      },
      {
        bench: "ensemble",
        figure: `the same loop in TypeScript against kernels, ${name}`,
        value: plain / own,
        unit: "times as long",
      },
    ];
  });
}
