import {
  type Backend,
  cellsOf,
  grid,
  openWasm,
  openWebGpu,
  type ProgramBuilder,
  program,
  type Triple,
  vector,
} from "../src/compute/index.ts";
import { dipoleLike, llg } from "./compute.ts";
import { llgParameters, pattern } from "./native/plain.ts";
import type { Figure } from "./race.ts";

const ROUNDS = 7;

/** Shortest time of one repetition [ms]: of runs of `count` repetitions, what one more costs. */
async function time(backend: Backend, count: number, step: (p: ProgramBuilder) => void): Promise<number> {
  const run = async (repetitions: number) => {
    const executable = await backend.compile(program("repetitions", (p) => p.repeat(repetitions, () => step(p))));
    await executable.run();
    let shortest = Infinity;
    for (let round = 0; round < ROUNDS; round++) {
      const start = performance.now();
      await executable.run();
      shortest = Math.min(shortest, performance.now() - start);
    }
    executable.dispose();
    return shortest;
  };
  const few = await run(1);
  return ((await run(count + 1)) - few) / count;
}

async function measured(backend: Backend, size: Triple<number>, count: number) {
  const on = grid(size);
  const [m, t] = [backend.field(on, vector, "m"), backend.field(on, vector, "t")];
  const cells = cellsOf(on);
  const values = new Float32Array(3 * cells);
  pattern(values, cells, cells);
  await backend.write(m, values);
  const convolution = backend.convolution(on, { components: dipoleLike(on) });
  const times = {
    copy: await time(backend, count, (p) => p.copy(m, t)),
    kernel: await time(backend, count, (p) => p.run(llg, { m, t, ...llgParameters })),
    convolution: await time(backend, Math.ceil(count / 8), (p) => p.convolve(convolution, m, t)),
  };
  for (const thing of [m, t, convolution]) backend.release(thing);
  return times;
}

/**
 * The graphics card beside its own memory and beside the processor.  A software driver says nothing about speed: with
 * `--software` the bench runs on one all the same, on a small grid, to see that it runs.
 */
export async function webgpu(): Promise<Figure[]> {
  const software = process.argv.includes("--software");
  const figures: Figure[] = [];
  let backend: Backend;
  try {
    backend = await openWebGpu({ software });
  } catch (error) {
    console.error(`nothing is measured on WebGPU: ${(error as Error).message}`);
    return [];
  }
  console.error(backend.description);
  const processor = openWasm();
  const sizes: readonly Triple<number>[] = software
    ? [[64, 64, 1]]
    : [
        [1024, 1024, 1],
        [4096, 4096, 1],
      ];
  try {
    for (const size of sizes) {
      const name = size.join("×");
      const add = (value: number, unit: string, figure: string) =>
        figures.push({ bench: "webgpu", figure: `${figure}, ${name}`, value, unit });
      const card = await measured(backend, size, software ? 4 : 200);
      const cpu = await measured(processor, size, Math.ceil(2e7 / (size[0] * size[1])));
      // Copying reads and writes three floats per cell, and so does the kernel at the least.
      add((24 * size[0] * size[1]) / card.copy / 1e6, "GB/s", "copying a vector field");
      add(card.copy / card.kernel, "of the copy", "LLG kernel, bandwidth as a fraction of what copying reaches");
      add(card.convolution / card.copy, "copies", "tensor convolution, time in copies of the field");
      add(cpu.kernel / card.kernel, "times as fast", `LLG kernel against ${processor.description}`);
      add(cpu.convolution / card.convolution, "times as fast", `tensor convolution against ${processor.description}`);
    }
  } finally {
    await backend.destroy();
    await processor.destroy();
  }
  return figures;
}
