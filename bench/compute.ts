import { gzipSync } from "node:zlib";
import { rolldown } from "rolldown";
import {
  type Backend,
  type Convolution,
  cellsOf,
  type Executable,
  type Field,
  type Grid,
  grid,
  kernel,
  openWasm,
  type Precision,
  program,
  real,
  type Triple,
  type Vector,
  vector,
} from "../src/compute/index.ts";
import { buildNative, type Native } from "./native/native.ts";
import { llgParameters, pattern, plainLlg } from "./native/plain.ts";
import { type Figure, median } from "./race.ts";

/**
 * One evaluation of dm/dt = γ (m × h + α m × (m × h)) with exchange, uniaxial anisotropy and a uniform field; the same
 * arithmetic as native/llg.c and native/plain.ts.
 */
export const llg = kernel(
  "llg",
  {
    reads: { m: vector, weights: vector, anisotropy: real, axis: vector, field: vector, gamma: real, damping: real },
    writes: { t: vector },
  },
  ({ m, weights, anisotropy, axis, field, gamma, damping }) => {
    const bend = (x: number, y: number, z: number) =>
      m
        .at(x, y, z)
        .add(m.at(-x, -y, -z))
        .sub(m.scale(2));
    const h = bend(1, 0, 0)
      .scale(weights.x)
      .add(bend(0, 1, 0).scale(weights.y))
      .add(bend(0, 0, 1).scale(weights.z))
      .add(axis.scale(m.dot(axis).mul(anisotropy)))
      .add(field);
    const torque = m.cross(h);
    return { t: torque.add(m.cross(torque).scale(damping)).scale(gamma) };
  },
);

/** Shortest time of one evaluation seen [ms]: what else the machine does can only lengthen it. */
type Timer = () => Promise<number>;

const ROUNDS = 6;
/** Time a contestant runs per round [ms]. */
const SPAN = 150;

/** Best times, contestants taking turns. */
async function best<Name extends string>(contestants: Readonly<Record<Name, Timer | undefined>>) {
  const times: Partial<Record<Name, number>> = {};
  for (let round = 0; round < ROUNDS; round++)
    for (const name in contestants) {
      const timer = contestants[name];
      if (timer) times[name] = Math.min(times[name] ?? Infinity, await timer());
    }
  return times;
}

/** Runs a program of many evaluations as often as fits. */
const timed =
  (executable: Executable, evaluations: number): Timer =>
  async () => {
    let shortest = Infinity;
    const began = performance.now();
    do {
      const start = performance.now();
      await executable.run();
      shortest = Math.min(shortest, (performance.now() - start) / evaluations);
    } while (performance.now() - began < SPAN);
    return shortest;
  };

/** Engines compile a function well only once it has been called for a while. */
async function warm(executable: Executable): Promise<void> {
  const began = performance.now();
  do await executable.run();
  while (performance.now() - began < 400);
}

async function start(backend: Backend, on: Grid): Promise<{ m: Field<Vector>; t: Field<Vector> }> {
  const m = backend.field(on, vector, "m");
  const t = backend.field(on, vector, "t");
  const cells = cellsOf(on);
  const values = new Float32Array(3 * cells);
  pattern(values, cells, cells);
  await backend.write(m, values);
  return { m, t };
}

async function kernelTimer(backend: Backend, on: Grid): Promise<Timer> {
  const { m, t } = await start(backend, on);
  // Some ten milliseconds, against which the start of a run is nothing.
  const evaluations = Math.max(1, Math.round(4e6 / cellsOf(on)));
  const executable = await backend.compile(
    program("evaluations", (p) => p.repeat(evaluations, () => p.run(llg, { m, t, ...llgParameters }))),
  );
  await warm(executable);
  return timed(executable, evaluations);
}

/** A tensor like a magnet's own field: it has the signs and the decay, which is all the time depends on. */
export function dipoleLike(on: Grid): Float64Array[] {
  const [nx, ny, nz] = on.size;
  return [
    [0, 0],
    [1, 1],
    [2, 2],
    [0, 1],
    [0, 2],
    [1, 2],
  ].map(([a, b]) => {
    const samples = new Float64Array(nx * ny * nz);
    for (let z = 0, i = 0; z < nz; z++)
      for (let y = 0; y < ny; y++)
        for (let x = 0; x < nx; x++, i++) {
          const r = [x, y, z];
          const square = x * x + y * y + z * z + 1;
          samples[i] = ((a === b ? square / 3 : 0) - r[a] * r[b]) / square ** 2.5;
        }
    return samples;
  });
}

async function convolutionTimer(backend: Backend, on: Grid): Promise<Timer> {
  const { m, t } = await start(backend, on);
  const convolution: Convolution = backend.convolution(on, { components: dipoleLike(on) });
  const evaluations = Math.max(1, Math.round(4e5 / cellsOf(on)));
  const executable = await backend.compile(
    program("convolutions", (p) => p.repeat(evaluations, () => p.convolve(convolution, m, t))),
  );
  await warm(executable);
  return timed(executable, evaluations);
}

const GRIDS: readonly Triple<number>[] = [
  [128, 32, 1],
  [256, 256, 1],
  [1024, 1024, 1],
  [256, 256, 16],
];

function plainTimer(size: Triple<number>): Timer {
  const plain = plainLlg(...size);
  return async () => {
    let shortest = Infinity;
    const began = performance.now();
    do {
      const start = performance.now();
      plain.step();
      shortest = Math.min(shortest, performance.now() - start);
    } while (performance.now() - began < SPAN);
    return shortest;
  };
}

/** Opens backends of 1 and 2 threads, and hands them to what measures on one grid. */
async function withBackends<T>(
  use: (open: (threads: number, precision?: Precision) => Backend) => Promise<T>,
): Promise<T> {
  const opened: Backend[] = [];
  try {
    return await use((threads, precision = "f32") => {
      const backend = openWasm({ threads, precision });
      opened.push(backend);
      return backend;
    });
  } finally {
    for (const backend of opened) await backend.destroy();
  }
}

type Add = (value: number | undefined, unit: string, figure: string) => void;

async function kernels(add: Add, native: Native): Promise<void> {
  for (const size of GRIDS) {
    const on = grid(size);
    const name = size.join("×");
    const times = await withBackends(async (open) =>
      best({
        one: await kernelTimer(open(1), on),
        two: await kernelTimer(open(2), on),
        double: await kernelTimer(open(1, "f64"), on),
        plain: plainTimer(size),
        gcc: native.llg && (async () => (await native.llg!(...size, 1, SPAN, "natural")).best),
        tuned: native.llg && (async () => (await native.llg!(...size, 1, SPAN, "padded")).best),
      }),
    );
    const { one, two, double, plain, gcc, tuned } = times;
    add(cellsOf(on) / one! / 1e3, "Mcell/s", `LLG kernel (exchange, anisotropy, field, torque) ${name}, f32, 1 thread`);
    add(plain! / one!, "times as fast", `LLG kernel ${name} against plain JavaScript, 1 thread`);
    add(gcc && one! / gcc, "times the time", `LLG kernel ${name} against gcc -O3 -march=native, 1 thread`);
    add(tuned && one! / tuned, "times the time", `LLG kernel ${name} against the same C on padded planes, 1 thread`);
    add(one! / two!, "times as fast", `LLG kernel ${name}, 2 threads against 1`);
    add(double! / one!, "times the time", `LLG kernel ${name}, f64 against f32, 1 thread`);
  }
}

async function convolutions(add: Add, native: Native): Promise<void> {
  for (const size of GRIDS) {
    const on = grid(size);
    const name = size.join("×");
    const byPlan = (threads: number) =>
      native.convolutionByPlan && (async () => (await native.convolutionByPlan!(...size, threads, SPAN)).best);
    const fused = (threads: number) =>
      native.convolution && (async () => (await native.convolution!(...size, threads, SPAN)).best);
    const times = await withBackends(async (open) =>
      best({
        one: await convolutionTimer(open(1), on),
        two: await convolutionTimer(open(2), on),
        double: await convolutionTimer(open(1, "f64"), on),
        plan1: byPlan(1),
        plan2: byPlan(2),
        fused1: fused(1),
        fused2: fused(2),
      }),
    );
    const { one, two, double, plan1, plan2, fused1, fused2 } = times;
    add(one, "ms", `tensor convolution ${name}, f32, 1 thread`);
    add(
      plan1 && plan1 / one!,
      "times as fast",
      `tensor convolution ${name} against FFTW, zero rows pruned by plan, 1 thread`,
    );
    add(
      plan2 && plan2 / two!,
      "times as fast",
      `tensor convolution ${name} against FFTW, zero rows pruned by plan, 2 threads`,
    );
    add(
      fused1 && fused1 / one!,
      "times as fast",
      `tensor convolution ${name} against FFTW called from C that works within the cache, 1 thread`,
    );
    add(
      fused2 && fused2 / two!,
      "times as fast",
      `tensor convolution ${name} against FFTW called from C that works within the cache, 2 threads`,
    );
    add(one! / two!, "times as fast", `tensor convolution ${name}, 2 threads against 1`);
    add(double! / one!, "times the time", `tensor convolution ${name}, f64 against f32, 1 thread`);
  }
}

/** From the kernel's function to a module that can run, once the compiler's own code is warm. */
async function compiling(add: Add): Promise<void> {
  await withBackends(async (open) => {
    const backend = open(0);
    const on = grid([128, 32, 1]);
    const m = backend.field(on, vector, "m");
    const t = backend.field(on, vector, "t");
    const times: number[] = [];
    for (let i = 0; i < 200; i++) {
      // Another number each time, or the engine would remember the module.
      const one = program("one", (p) => p.run(llg, { m, t, ...llgParameters, damping: 0.01 + i * 1e-4 }));
      const start = performance.now();
      const executable = await backend.compile(one);
      times.push(performance.now() - start);
      executable.dispose();
    }
    add(median(times.slice(100)), "ms", "trace, emit and compile the LLG kernel, warm");
  });
}

/** Two threads that meet after every step of next to no work. */
async function meeting(add: Add): Promise<void> {
  await withBackends(async (open) => {
    const on = grid([4, 1, 1]);
    const timers = await Promise.all(
      [1, 2].map(async (threads) => {
        const backend = open(threads);
        const { m, t } = await start(backend, on);
        const rounds = 20_000;
        const executable = await backend.compile(
          program("rounds", (p) => p.repeat(rounds, () => p.run(llg, { m, t, ...llgParameters }))),
        );
        await warm(executable);
        return timed(executable, rounds);
      }),
    );
    const [one, two] = [await best({ it: timers[0] }), await best({ it: timers[1] })];
    add(1e3 * (two.it! - one.it!), "µs", "for two threads to meet");
  });
}

/** What a page has to load. */
async function size(add: Add): Promise<void> {
  const bundle = await rolldown({
    input: new URL("../src/compute/index.ts", import.meta.url).pathname,
    external: ["webgpu", /^node:/],
    platform: "browser",
  });
  const { output } = await bundle.generate({ minify: true });
  await bundle.close();
  const bytes = new Map<string, number>();
  for (const chunk of output)
    if (chunk.type === "chunk") bytes.set(chunk.fileName, gzipSync(chunk.code, { level: 9 }).length);
  const [entry] = output;
  const first = [entry.fileName, ...entry.imports].reduce((sum, name) => sum + (bytes.get(name) ?? 0), 0);
  const all = [...bytes.values()].reduce((sum, each) => sum + each);
  add(first / 1e3, "kB", "compute/, minified and compressed: what a page loads");
  add((all - first) / 1e3, "kB", "compute/, minified and compressed: what it loads later if it uses WebGPU");
}

export async function compute(): Promise<Figure[]> {
  const figures: Figure[] = [];
  const add: Add = (value, unit, figure) => {
    if (value !== undefined) figures.push({ bench: "compute", figure, value, unit });
  };
  const native = await buildNative();
  try {
    for (const sentence of native.missing) console.error(sentence);
    await size(add);
    await compiling(add);
    await meeting(add);
    await kernels(add, native);
    await convolutions(add, native);
  } finally {
    await native.remove();
  }
  return figures;
}
