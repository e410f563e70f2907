import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AbortedError, type Backend, BackendError } from "../backend.ts";
import { noise, Twin } from "../conformance/twin.ts";
import { sampleCount, TENSOR_AXES } from "../fft/spectrum.ts";
import { type Grid, grid, type Triple } from "../grid.ts";
import { Graph } from "../language/graph.ts";
import { kernel } from "../language/kernel.ts";
import { int, real, vector } from "../language/types.ts";
import { select } from "../language/values.ts";
import { byRegion, type KernelStep, program, traceStep } from "../program.ts";
import { layoutOf, toWgsl } from "./emit.ts";
import { openWebGpu } from "./index.ts";
import { provideSoftwareDriver } from "./softwareDriver.ts";

const count = kernel("count", { reads: { n: int }, writes: { out: int } }, ({ n }) => ({ out: n.add(1) }));

const missing = provideSoftwareDriver() === "none";
// Where tests decide on what is merged they run in full, or fail.
describe.skipIf(missing && !process.env.CI)("WebGPU", () => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await openWebGpu({ software: true });
  });
  afterAll(() => backend.destroy());

  it("says what computes", () => {
    expect(backend.description).toMatch(/\(software\), through Dawn$/);
  });

  it("writes kernels that can be read", () => {
    const relax = kernel(
      "relax",
      { reads: { m: vector, rate: real, stiffness: real }, writes: { next: vector }, reduces: { change: "max" } },
      ({ m, rate, stiffness }) => {
        const pull = m.at(1).add(m.at(-1)).sub(m.scale(2)).scale(stiffness);
        return { next: m.add(pull.scale(rate)), change: pull.squared() };
      },
    );
    const cells = grid([100, 3, 1], { periodic: [true, false, false] });
    const [m, next] = ["m", "next"].map((name) => backend.field(cells, vector, name));
    const regions = backend.field(cells, int, "region");
    const [rate, change] = ["rate", "change"].map((name) => backend.scalar(0, { name }));
    const stiffness = byRegion(regions, backend.table(real, [1, 2.5], "stiffness"));
    const { steps } = program("relaxation", (p) => p.run(relax, { m, rate, stiffness, next, change }));
    const step = steps[0] as KernelStep;
    const { code } = toWgsl(traceStep(step, "f32"), layoutOf(step));
    expect(code).toMatchInlineSnapshot(`
      "// relax
      @group(0) @binding(0) var<storage, read_write> scalars: array<u32>;
      @group(0) @binding(1) var<storage, read_write> memory0: array<f32>;
      @group(0) @binding(2) var<storage, read> memory1: array<i32>;
      @group(0) @binding(3) var<storage, read_write> partials: array<f32>;
      @group(1) @binding(0) var<uniform> gate: u32;
      const next_ = 960;
      const m_ = 0;
      const region_ = 0;
      const rate_ = 0;
      const change_ = 1;
      var<workgroup> tree: array<array<f32, 128>, 1>;
      var<private> infinity = 0x7f800000u;
      fn special(bits: u32) -> f32 { return bitcast<f32>(infinity | bits); }
      fn maxOrNaN(a: f32, b: f32) -> f32 {
        let ofNaN = (bitcast<vec2u>(vec2f(a, b)) & vec2u(0x7fffffffu)) > vec2u(0x7f800000u);
        return select(select(max(a, b), b, ofNaN.y), a, ofNaN.x);
      }

      @compute @workgroup_size(128, 1, 1)
      fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u, @builtin(local_invocation_index) lane: u32) {
        if (gate == 0u) { return; }
        let tile = i32(group.x);
        let x = i32(local.x);
        let y = tile;
        let row0 = y * 100;
        let xp1wrapped = select(x + 1, x - 99, x >= 99);
        let xm1wrapped = select(x + 99, x - 1, x >= 1);
        var result0 = special(0x80000000u);
        if (!(x >= 100)) {
          let v0 = memory0[m_ + row0 + x];
          let v1 = memory0[m_ + row0 + x + 320];
          let v2 = memory0[m_ + row0 + x + 640];
          let v3 = bitcast<f32>(scalars[rate_]);
          let v4 = bitcast<f32>(scalars[2 + clamp(memory1[region_ + row0 + x], 0, 1)]);
          let v5 = v4 * ((memory0[m_ + row0 + xp1wrapped] + memory0[m_ + row0 + xm1wrapped]) - (v0 * 2.0));
          let v6 = v4 * ((memory0[m_ + row0 + xp1wrapped + 320] + memory0[m_ + row0 + xm1wrapped + 320]) - (v1 * 2.0));
          let v7 = v4 * ((memory0[m_ + row0 + xp1wrapped + 640] + memory0[m_ + row0 + xm1wrapped + 640]) - (v2 * 2.0));
          memory0[next_ + row0 + x] = v0 + (v3 * v5);
          memory0[next_ + row0 + x + 320] = v1 + (v3 * v6);
          memory0[next_ + row0 + x + 640] = v2 + (v3 * v7);
          result0 = ((v5 * v5) + (v6 * v6)) + (v7 * v7);
        }
        tree[0][lane] = result0;
        for (var width = 64u; width > 0; width /= 2) {
          workgroupBarrier();
          if (lane < width) {
            tree[0][lane] = maxOrNaN(tree[0][lane], tree[0][lane + width]);
          }
        }
        if (lane == 0) {
          partials[0 + tile] = tree[0][0];
        }
      }

      @compute @workgroup_size(128)
      fn finish(@builtin(local_invocation_index) lane: u32) {
        if (gate == 0u) { return; }
        var result0 = special(0x80000000u);
        for (var start = lane; start < 3; start += 2048) {
          var block = special(0x80000000u);
          for (var i = start; i < min(start + 2048, 3); i += 128) {
            block = maxOrNaN(block, partials[0 + i]);
          }
          result0 = maxOrNaN(result0, block);
        }
        tree[0][lane] = result0;
        for (var width = 64u; width > 0; width /= 2) {
          workgroupBarrier();
          if (lane < width) {
            tree[0][lane] = maxOrNaN(tree[0][lane], tree[0][lane + width]);
          }
        }
        if (lane == 0) {
          scalars[change_] = bitcast<u32>(tree[0][0]);
        }
      }
      "
    `);
    for (const field of [m, next, regions]) backend.release(field);
  });

  it("writes numbers exactly, in few digits", () => {
    const graph = new Graph("numbers", grid([1, 1, 1]), "f32");
    for (const value of [0.1, -3, 1e30, 3.4028234663852886e38, 1.401298464324817e-45, 1e39, Number.NaN, -0])
      graph.statement("assign", "real", [graph.constant(value)], { slot: "s" });
    const { code } = toWgsl(graph, {
      slotOf: () => 0,
      tableOf: () => ({ slot: 0, rows: 1, components: 1 }),
      placeOf: () => ({ memory: 0, start: 0 }),
    });
    expect([...code.matchAll(/<u32>\(f32\((.*)\)\);/g)].map(([, text]) => text)).toEqual([
      "0.1",
      "(-3.0)",
      "1e+30",
      "3.402823466e+38",
      "1e-45",
      "special(0u)",
      "special(0x400000u)",
      "bitcast<f32>(0x80000000u)",
    ]);
  });

  it("names the kernel that does not compile", async () => {
    const names = Array.from({ length: 40 }, (_, i) => `sum${i}`);
    const greedy = kernel(
      "forty sums",
      { reads: { x: real }, reduces: Object.fromEntries(names.map((name) => [name, "sum" as const])) },
      ({ x }) => Object.fromEntries(names.map((name, i) => [name, x.add(i)])),
    );
    const x = backend.field(grid([256, 1, 1]), real);
    const scalars = Object.fromEntries(names.map((name) => [name, backend.scalar()]));
    const compiled = backend.compile(program("sums", (p) => p.run(greedy, { x, ...scalars } as never)));
    await expect(compiled).rejects.toThrow(/kernel "forty sums" does not compile: .*workgroup/s);
    await expect(compiled).rejects.toThrow(BackendError);
    backend.release(x);
  });

  it("works on more fields than can be bound", async () => {
    const names = Array.from({ length: 30 }, (_, i) => `f${i}`);
    const total = kernel(
      "thirty fields",
      { reads: Object.fromEntries(names.map((name) => [name, real])), writes: { out: real } },
      (fields) => ({ out: names.map((name) => fields[name].at(1)).reduce((sum, f) => sum.add(f)) }),
    );
    const twin = new Twin(backend);
    const cells = grid([10, 1, 1]);
    await twin.run((p) =>
      p.run(total, Object.fromEntries([...names, "out"].map((name) => [name, twin.field(cells, real)])) as never),
    );
    twin.release();
  });

  it("runs loops within loops that only the device can end", async () => {
    // Collatz: n → n/2 or 3n+1 until 1, for n = 1 … 20.
    const [start, n, steps, more, going, odd] = [1, 0, 0, 1, 0, 0].map((s) => backend.scalar(s, { kind: "int" }));
    const isMore = kernel("is more", { reads: { n: int, than: int }, writes: { out: int } }, ({ n, than }, here) => ({
      out: select(than.lt(n), here.integer(1), here.integer(0)),
    }));
    const parity = kernel("parity", { reads: { n: int }, writes: { out: int } }, ({ n }) => ({ out: n.and(1) }));
    const halve = kernel("halve", { reads: { n: int }, writes: { out: int } }, ({ n }) => ({ out: n.div(2) }));
    const triple = kernel("triple", { reads: { n: int }, writes: { out: int } }, ({ n }) => ({ out: n.mul(3).add(1) }));
    const set = kernel("set", { reads: { n: int }, writes: { out: int } }, ({ n }) => ({ out: n }));
    const executable = await backend.compile(
      program("Collatz", (p) =>
        p.while(more, 1000, () => {
          p.run(set, { n: start, out: n }).run(isMore, { n, than: 1, out: going });
          p.while(going, 1000, () => {
            p.run(parity, { n, out: odd }).run(count, { n: steps, out: steps });
            p.when(
              odd,
              () => p.run(triple, { n, out: n }),
              () => p.run(halve, { n, out: n }),
            );
            p.run(isMore, { n, than: 1, out: going });
          });
          p.run(count, { n: start, out: start }).run(isMore, { n: 21, than: start, out: more });
        }),
      ),
    );
    let expected = 0;
    for (let i = 1; i <= 20; i++) for (let k = i; k > 1; k = k % 2 ? 3 * k + 1 : k / 2) expected++;
    for (let run = 0; run < 2; run++) {
      backend.set(start, 1);
      backend.set(steps, 0);
      backend.set(more, 1);
      await executable.run();
      expect(await backend.get(steps)).toBe(expected);
    }
    executable.dispose();
  });

  it("ends an endless loop between rounds when told to", async () => {
    const [going, before, after] = [1, 0, 0].map((s) => backend.scalar(s, { kind: "int" }));
    const executable = await backend.compile(
      program("endless", (p) =>
        p.while(going, 2 ** 30, () => {
          p.run(count, { n: before, out: before });
          p.repeat(going, () => p.run(count, { n: after, out: after }));
        }),
      ),
    );
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 100);
    await expect(executable.run({ signal: controller.signal })).rejects.toThrow(AbortedError);
    const rounds = await backend.get(before);
    expect(rounds).toBeGreaterThan(0);
    expect(await backend.get(after)).toBe(rounds);
    executable.dispose();
  });

  it("names the program that was running when the device went away", async () => {
    const other = await openWebGpu({ software: true });
    const [going, n] = [1, 0].map((s) => other.scalar(s, { kind: "int" }));
    const endless = await other.compile(
      program("endless", (p) => p.while(going, 2 ** 30, () => p.run(count, { n, out: n }))),
    );
    setTimeout(() => other.destroy(), 50);
    await expect(endless.run()).rejects.toThrow(/program "endless": the backend was destroyed/);
  });

  it("lets Node end", async () => {
    const script = `
      import { openWebGpu } from ${JSON.stringify(new URL("./index.ts", import.meta.url).href)};
      const backend = await openWebGpu({ software: true });
      const scalar = backend.scalar(2.5);
      console.log(await backend.get(scalar));
      await backend.destroy();`;
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], {
      timeout: 20_000,
    });
    expect(stdout.trim()).toBe("2.5");
  });

  it("refuses a convolution that is too long for it", () => {
    const cells = grid([3, 5000, 1]);
    expect(() => backend.convolution(cells, { components: [new Float64Array(15000)] }, "wire")).toThrow(
      /convolution "wire": 5000 cells along y take transforms of length \d+, this device can do 8192/,
    );
  });

  const convolve = async (cells: Grid, components: 1 | 3) => {
    const twin = new Twin(backend);
    const type = components === 1 ? real : vector;
    const source = twin.field<never>(cells, type as never);
    const target = twin.field<never>(cells, type as never);
    const convolution = twin.convolution(cells, { components: samples(cells, components === 1 ? 1 : 6) });
    // Rounding errors grow with the number of terms as a random walk does, and with that of passes.
    await twin.run((p) => p.convolve(convolution, source, target), { ulps: 20 });
    twin.release();
  };

  const open: Triple<boolean> = [false, false, false];
  for (const [size, periodic] of [
    [[1, 1, 1], open],
    [[8, 4, 4], open],
    [[7, 5, 3], open],
    [[13, 1, 11], open],
    [[1, 9, 6], open],
    [[1, 1, 5], open],
    [[17, 2, 1], open],
    [[64, 33, 1], open],
    [
      [8, 6, 4],
      [true, false, true],
    ],
    [
      [11, 10, 3],
      [true, true, false],
    ],
    [
      [15, 7, 1],
      [true, true, false],
    ],
    [
      [2, 3, 40],
      [false, true, false],
    ],
  ] as [Triple<number>, Triple<boolean>][])
    it(`convolves ${size.join("×")} cells${periodic.some(Boolean) ? `, periodic along ${periodic.map((is, i) => (is ? "xyz"[i] : "")).join("")}` : ""}`, async () => {
      await convolve(grid(size, { periodic }), 1);
      await convolve(grid(size, { periodic }), 3);
    });

  it("convolves a long wire", () => convolve(grid([2048, 1, 1]), 1));
});

/** Samples of a kernel that looks random but has the symmetry of a tensor. */
function samples({ size, periodic }: Grid, components: number): Float64Array[] {
  const counts = size.map((n, axis) => sampleCount(n, periodic[axis]));
  return Array.from({ length: components }, (_, c) => {
    const random = noise(c);
    const [a, b] = TENSOR_AXES[c];
    return Float64Array.from({ length: counts[0] * counts[1] * counts[2] }, (_, i) => {
      const d = [i % counts[0], Math.floor(i / counts[0]) % counts[1], Math.floor(i / (counts[0] * counts[1]))];
      const node = (axis: number) => d[axis] === 0 || (periodic[axis] && 2 * d[axis] === size[axis]);
      return a !== b && (node(a) || node(b)) ? 0 : random(i);
    });
  });
}
