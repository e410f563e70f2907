import { describe, expect, it } from "vitest";
import { AllocationError, BackendError } from "../backend.ts";
import { grid, type Precision } from "../grid.ts";
import { kernel } from "../language/kernel.ts";
import { real, vector } from "../language/types.ts";
import { program } from "../program.ts";
import { ModuleBuilder, op } from "../wasm/assembler.ts";
import { openWasm, type WasmBackend, type WasmOptions } from "../wasm/backend.ts";
import { openWebGpu } from "../webgpu/index.ts";
import { workers } from "./failures.ts";
import { betweenFilms } from "./films.ts";
import { conformance } from "./suite.ts";
import { noise } from "./twin.ts";

for (const precision of ["f64", "f32"] satisfies Precision[])
  for (const threads of [0, 1, 2, 3]) {
    // Both ways in both precisions, on the calling thread and on workers.
    const fma = (precision === "f32") === (threads % 2 === 0);
    const name = `WebAssembly, ${precision}, ${threads} threads${fma ? ", fused multiply-add" : ""}`;
    const open = () => openWasm({ precision, threads, fma, memory: 2 ** 28 });
    conformance(name, async () => open());
    if (threads > 0) workers(name, open);
  }

const open = () => openWebGpu({ software: true });
const missing = await open().then(
  (backend) => backend.destroy(),
  (error: Error) => error.message,
);
// Where tests decide on what is merged they run in full, or fail.
conformance("WebGPU", open, process.env.CI ? undefined : (missing ?? undefined));

/** Opens a backend for as long as a test runs. */
const using = async (options: WasmOptions, body: (backend: WasmBackend) => Promise<void>) => {
  const backend = openWasm(options);
  try {
    await body(backend);
  } finally {
    await backend.destroy();
  }
};

const torque = kernel(
  "torque",
  { reads: { m: vector, h: vector, step: real }, writes: { out: vector }, reduces: { fastest: "max", energy: "sum" } },
  ({ m, h, step }) => {
    const change = m.cross(h.add(m.at(1).add(m.at(-1, 1)).scale(0.1)));
    return {
      out: m.add(change.scale(step)).normalized(),
      fastest: change.squared(),
      energy: m.dot(h),
    };
  },
);
const adapt = kernel("adapt", { reads: { fastest: real, step: real }, writes: { out: real } }, ({ fastest, step }) => ({
  out: step.mul(0.9).add(fastest.mul(0.01)).min(0.3),
}));

describe("WebAssembly", () => {
  it("gives the same results to the last bit, whatever the number of threads", async () => {
    for (const options of [{ precision: "f64", fma: false }, { precision: "f32" }] as const)
      for (const size of [
        [1101, 1, 1],
        [33, 20, 2],
      ] as const) {
        const results: string[] = [];
        for (const threads of [0, 1, 2, 3, 5])
          await using({ ...options, threads }, async (b) => {
            const cells = grid(size, { periodic: [false, true, false] });
            const random = noise();
            const samples = size[0] * Math.floor(size[1] / 2 + 1) * size[2];
            const component = (k: number) =>
              Float64Array.from({ length: samples }, (_, i) => (k < 3 ? random(i + k) : 0));
            const convolution = b.convolution(cells, { components: [0, 1, 2, 3, 4, 5].map(component) });
            const [m, next, h] = [0, 1, 2].map(() => b.field(cells, vector));
            await b.write(
              m,
              Array.from({ length: 3 * size[0] * size[1] * size[2] }, (_, i) => random(i)),
            );
            const [fastest, energy, step] = [b.scalar(), b.scalar(), b.scalar(0.1)];
            const loop = program("dynamics", (p) =>
              p.repeat(12, () => {
                p.convolve(convolution, m, h).run(torque, { m, h, step, out: next, fastest, energy });
                p.run(adapt, { fastest, step, out: step }).copy(next, m);
              }),
            );
            await (await b.compile(loop)).run();
            const scalars = await Promise.all([fastest, energy, step].map((s) => b.get(s)));
            results.push(JSON.stringify([[...(await b.read(m))], scalars]));
          });
        expect(new Set(results).size).toBe(1);
        expect(results[0]).not.toContain("null");
      }
  });

  it("convolves films to the same bits, whatever the number of threads", async () => {
    const results = new Set<string>();
    for (const threads of [0, 1, 2, 3, 5])
      await using({ threads }, async (b) => {
        const cells = grid([33, 20, 3], { periodic: [false, true, false] });
        const convolution = b.convolution(cells, betweenFilms(cells));
        const [m, h] = [b.field(cells, vector), b.field(cells, vector)];
        await b.write(
          m,
          Array.from({ length: 3 * 33 * 20 * 3 }, (_, i) => noise()(i)),
        );
        await (await b.compile(program("films", (p) => p.convolve(convolution, m, h)))).run();
        const values = await b.read(h);
        expect(values.some((value) => Math.abs(value) > 1)).toBe(true);
        results.add(JSON.stringify([...values]));
      });
    expect(results.size).toBe(1);
  });

  it("refuses tensors between films that do not fit into its memory", () =>
    using({ threads: 0, memory: 2 ** 22 }, async (b) => {
      const cells = grid([32, 32, 16]);
      // 256 pairs of 6 components at 33 × 33 frequencies, in 9 blocks of 4 of them along y.
      const tensors = betweenFilms(cells);
      expect(() => b.convolution(cells, tensors, "films")).toThrow(AllocationError);
      expect(() => b.convolution(cells, tensors, "films")).toThrow(
        `the tensor of convolution "films" on 32×32×16 cells needs ${256 * 6 * 33 * 36 * 4} bytes`,
      );
      const small = grid([32, 32, 2]);
      const few = betweenFilms(small);
      // More of them than the memory holds at once.
      for (let i = 0; i < 100; i++) b.release(b.convolution(small, few));
    }));

  it("says what is wrong with its options", () => {
    for (const bad of [{ precision: "f16" }, { threads: -1 }, { threads: 1.5 }, { memory: 100 }, { memory: 2 ** 33 }])
      expect(() => openWasm(bad as WasmOptions)).toThrow(BackendError);
  });

  it("keeps within its memory, and has all of it again after a release", () =>
    using({ precision: "f64", threads: 2, memory: 2 ** 22 }, async (b) => {
      const line = (n: number) => b.field(grid([n, 1, 1]), real, "line");
      const [a, c] = [line(200_000), line(200_000)];
      await b.write(a, 3);
      expect(() => line(200_000)).toThrow(AllocationError);
      expect(() => line(200_000)).toThrow(
        /"line" on 200000×1×1 cells needs 16\d{5} bytes; \d+ of 4194304 bytes are left/,
      );
      b.release(c);
      const again = line(200_000);
      expect((await b.read(a)).every((x) => x === 3)).toBe(true);
      // A program needs memory, too.
      const sum = kernel("sum", { reads: { x: real }, reduces: { s: "sum" } }, ({ x }) => ({ s: x }));
      await (await b.compile(program("sum", (p) => p.run(sum, { x: a, s: b.scalar() })))).run();
      b.release(again);
      b.release(a);
      b.release(line(350_000));
    }));

  it("survives a worker that fails", () =>
    using({ threads: 2 }, async (b) => {
      const module = new ModuleBuilder();
      const trap = module.function(["i32", "i32", "i32", "i32"], ["i32"]);
      trap.emit(op("unreachable"));
      module.export("run", trap);
      b.team.load(1000, new WebAssembly.Module(module.encode(2 ** 16, true)));
      const call = { id: 1000, name: "the trap", scalars: [0, 0], scratch: [0, 0] } as const;
      for (let i = 0; i < 2; i++) {
        await expect(b.team.run(call)).rejects.toThrow(/^the trap: .*unreachable/);
        const cells = grid([600, 4, 1]);
        const [x, out] = [b.field(cells, real), b.field(cells, real)];
        await b.write(x, 2);
        const double = kernel("double", { reads: { x: real }, writes: { out: real } }, ({ x }) => ({ out: x.add(x) }));
        await (await b.compile(program("double", (p) => p.run(double, { x, out })))).run();
        expect((await b.read(out)).every((value) => value === 4)).toBe(true);
      }
    }));
});
