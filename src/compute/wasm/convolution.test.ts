import { describe, expect, it } from "vitest";
import { kernelSpectrum, sampleCount, TENSOR_AXES, vanishes } from "../fft/spectrum.ts";
import { ModuleBuilder } from "./assembler.ts";
import { type ConvolutionOptions, emitConvolution } from "./convolution.ts";

type Size = [number, number, number];
type Periodic = [boolean, boolean, boolean];

/** Numbers in [−1, 1), the same in every run. */
function* uniform(): Generator<number, never> {
  for (let state = 1; ; ) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state / 2 ** 31 - 1;
  }
}

/** A random kernel with the parities of a symmetric tensor, sampled at non-negative displacements. */
function randomKernel(size: Size, periodic: Periodic, components: 1 | 3, random: Generator<number, never>) {
  const counts = size.map((cells, axis) => sampleCount(cells, periodic[axis]));
  return TENSOR_AXES.slice(0, components === 1 ? 1 : 6).map(([a, b]) =>
    Float64Array.from({ length: counts[0] * counts[1] * counts[2] }, (_, index) => {
      const d = [
        index % counts[0],
        Math.floor(index / counts[0]) % counts[1],
        Math.floor(index / (counts[0] * counts[1])),
      ];
      const value = random.next().value;
      const node = (axis: number) => d[axis] === 0 || (periodic[axis] && 2 * d[axis] === size[axis]);
      return a !== b && (node(a) || node(b)) ? 0 : value;
    }),
  );
}

/** H_a(r) = Σ_b Σ_r' K_ab(r − r') M_b(r'), term by term. */
function directSum(kernel: Float64Array[], field: Float64Array[], size: Size, periodic: Periodic): Float64Array[] {
  const [nx, ny, nz] = size;
  const counts = size.map((cells, axis) => sampleCount(cells, periodic[axis]));
  const result = field.map((values) => new Float64Array(values.length));
  const fold = (d: number, axis: number): [number, number] => {
    if (!periodic[axis]) return [Math.abs(d), Math.sign(d)];
    const n = size[axis];
    const wrapped = ((d % n) + n) % n;
    return 2 * wrapped > n ? [n - wrapped, -1] : [wrapped, 1];
  };
  const components = kernel.length === 1 ? [0] : TENSOR_AXES.map((_, index) => index);
  for (const component of components) {
    if (vanishes(component, size)) continue;
    const [a, b] = TENSOR_AXES[component];
    for (let to = 0; to < nx * ny * nz; to++)
      for (let from = 0; from < nx * ny * nz; from++) {
        const [x, sx] = fold((to % nx) - (from % nx), 0);
        const [y, sy] = fold((Math.floor(to / nx) % ny) - (Math.floor(from / nx) % ny), 1);
        const [z, sz] = fold(Math.floor(to / (nx * ny)) - Math.floor(from / (nx * ny)), 2);
        const signs = [sx, sy, sz];
        const sign = a === b ? 1 : signs[a] * signs[b];
        const k = sign * kernel[component][(z * counts[1] + y) * counts[0] + x];
        result[a][to] += k * field[b][from];
        if (a !== b) result[b][to] += k * field[a][from];
      }
  }
  return result;
}

type Run = (from: number, to: number, ...addresses: number[]) => void;

/** Runs the generated passes on random input; `share` is the number of items done by one call. */
function convolve(
  kernel: Float64Array[],
  field: Float64Array[],
  options: Omit<ConvolutionOptions, "rowStride" | "planeStride" | "componentStride">,
  share: number,
): Float64Array[] {
  const { size, periodic, element } = options;
  const [nx, ny, nz] = size;
  const bytes = element === "f32" ? 4 : 8;
  const lanes = 16 / bytes;
  const rowStride = Math.ceil(nx / lanes) * lanes;
  const planeStride = rowStride * ny + lanes;
  const componentStride = planeStride * nz + 3 * lanes;
  const module = new ModuleBuilder();
  const convolution = emitConvolution(module, { ...options, rowStride, planeStride, componentStride });
  convolution.passes.forEach(({ run }, index) => {
    module.export(`pass${index}`, run);
  });

  let top = 64;
  const room = (count: number) => {
    const address = top;
    top += Math.ceil(count / 64) * 64 + 64;
    return address;
  };
  const fieldBytes = componentStride * field.length * bytes;
  const [source, destination] = [room(fieldBytes), room(fieldBytes)];
  const spectrum = room(convolution.spectrumBytes);
  const tensor = room(convolution.tensorBytes);
  const tables = room(convolution.tables.length);
  const scratch = room(convolution.scratchBytes);
  const end = room(0);
  const pages = Math.ceil((end + 64) / 65536);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const compiled = new WebAssembly.Module(module.encode(pages, true));
  const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });

  const View = element === "f32" ? Float32Array : Float64Array;
  const all = new View(memory.buffer);
  all.fill(Number.NaN);
  new Uint8Array(memory.buffer).set(convolution.tables, tables);
  const spectra = [kernelSpectrum(kernel, size, periodic, convolution.lengths)];
  convolution.writeTensor(new View(memory.buffer, tensor, convolution.tensorBytes / bytes), spectra);
  const place = (cell: number, c: number) =>
    (cell % nx) +
    (Math.floor(cell / nx) % ny) * rowStride +
    Math.floor(cell / (nx * ny)) * planeStride +
    c * componentStride;
  field.forEach((values, c) => {
    values.forEach((value, cell) => {
      all[source / bytes + place(cell, c)] = value;
    });
  });

  convolution.passes.forEach(({ items }, index) => {
    const run = exports[`pass${index}`] as Run;
    for (let from = 0; from < items; from += share)
      run(from, Math.min(items, from + share), source, destination, spectrum, tensor, tables, scratch);
  });
  // Guards between the buffers and behind the last one.
  for (const address of [source, destination, spectrum, tensor, tables, scratch, end])
    expect(all[address / bytes - 1]).toBeNaN();
  return field.map((values, c) => Float64Array.from(values, (_, cell) => all[destination / bytes + place(cell, c)]));
}

const relaxedSimd = (() => {
  const module = new ModuleBuilder();
  const plan = emitConvolution(module, {
    size: [4, 4, 1],
    periodic: [false, false, false],
    components: 1,
    element: "f32",
    fma: true,
    rowStride: 4,
    planeStride: 16,
    componentStride: 16,
  });
  module.export("run", plan.passes[0].run);
  return WebAssembly.validate(module.encode(1, true));
})();

const open: Periodic = [false, false, false];
const rms = (fields: Float64Array[]) => {
  const values = fields.flatMap((f) => [...f]);
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
};

/**
 * Largest error over the root mean square of the field.  Each of the ~log2 N passes of a transform rounds with half a unit
 * in the last place, errors add up like a random walk, and the largest of all cells is a few times the typical one: 1.5
 * units for each doubling of N are found.  In double precision the kernel's spectrum and the sum it is compared with round as well.
 */
function worst(
  size: Size,
  periodic: Periodic,
  { components = 3, element = "f32", fma = false, share = 3 }: Partial<ConvolutionOptions & { share: number }> = {},
): { error: number; bound: number } {
  const random = uniform();
  const cells = size[0] * size[1] * size[2];
  const kernel = randomKernel(size, periodic, components, random);
  const single = element === "f32";
  const field = Array.from({ length: components }, () =>
    Float64Array.from({ length: cells }, () => (single ? Math.fround(random.next().value) : random.next().value)),
  );
  const expected = directSum(kernel, field, size, periodic);
  const computed = convolve(kernel, field, { size, periodic, components, element, fma }, share);
  const error = Math.max(
    ...expected.map((values, c) => Math.max(...values.map((v, i) => Math.abs(v - computed[c][i])))),
  );
  const unit = single ? 2 ** -24 : 2 ** -53;
  return {
    error: Number.isNaN(error) ? Infinity : error / rms(expected),
    bound: (single ? 3 : 8) * unit * Math.log2(8 * cells + 1),
  };
}

describe("the convolution on WebAssembly equals the sum over all pairs of cells", () => {
  const sizes: Size[] = [
    [16, 16, 1],
    [1, 1, 1],
    [13, 1, 1],
    [1, 13, 1],
    [1, 1, 13],
    [6, 5, 1],
    [6, 1, 5],
    [1, 6, 5],
    [4, 3, 2],
    [2, 3, 4],
    [5, 7, 3],
    [17, 11, 1],
    [31, 2, 1],
    [2, 37, 1],
    [9, 25, 1],
    [27, 14, 1],
    [35, 24, 1],
    [8, 8, 8],
    [16, 4, 16],
    [3, 50, 2],
    [40, 33, 1],
    [64, 3, 3],
    [128, 2, 1],
    [2, 257, 1],
    [520, 1, 1],
    [1, 1100, 1],
  ];
  for (const size of sizes)
    it(`for ${size.join("×")} open cells`, () => {
      const { error, bound } = worst(size, open);
      expect(error).toBeLessThan(bound);
    });

  const periodicities: Periodic[] = [
    [true, false, false],
    [false, true, false],
    [false, false, true],
    [true, true, true],
  ];
  for (const size of [
    [15, 12, 1],
    [11, 13, 1],
    [1, 2, 1],
    [2, 1, 2],
    [4, 15, 1],
    [6, 9, 5],
    [5, 4, 6],
    [8, 3, 11],
    [22, 10, 2],
  ] as Size[])
    for (const periodic of periodicities)
      it(`for ${size.map((cells, axis) => cells + (periodic[axis] ? " periodic" : "")).join(" × ")} cells`, () => {
        const { error, bound } = worst(size, periodic);
        expect(error).toBeLessThan(bound);
      });

  for (const element of ["f32", "f64"] as const)
    for (const fma of relaxedSimd ? [false, true] : [false])
      for (const components of [1, 3] as const)
        for (const size of [
          [13, 22, 1],
          [7, 6, 5],
          [20, 1, 9],
        ] as Size[])
          it(`for ${size.join("×")} cells, ${components} component(s), ${element}${fma ? ", fused" : ""}`, () => {
            const { error, bound } = worst(size, [false, false, true], { components, element, fma, share: 1 });
            expect(error).toBeLessThan(bound);
          });
});

describe("a chain too long for the first-level cache", () => {
  for (const size of [
    [3000, 1, 1],
    [1, 3000, 1],
  ] as Size[])
    it(`of ${size.join("×")} cells equals the sum over all pairs`, () => {
      const { error, bound } = worst(size, open, { components: 1 });
      expect(error).toBeLessThan(bound);
    });
});

it("gives the same bits however its items are shared out", () => {
  const random = uniform();
  const size: Size = [37, 18, 3];
  const kernel = randomKernel(size, open, 3, random);
  const field = Array.from({ length: 3 }, () => Float64Array.from({ length: 37 * 18 * 3 }, () => random.next().value));
  const options = { size, periodic: open, components: 3, element: "f32", fma: false } as const;
  const whole = convolve(kernel, field, options, 1000);
  for (const share of [1, 5]) expect(convolve(kernel, field, options, share)).toEqual(whole);
});

it("is the identity for a kernel that is 1 at displacement 0", () => {
  const size: Size = [21, 10, 4];
  const kernel = TENSOR_AXES.map(([a, b]) =>
    Float64Array.from({ length: 840 }, (_, d) => (a === b && d === 0 ? 1 : 0)),
  );
  const random = uniform();
  const field = Array.from({ length: 3 }, () => Float64Array.from({ length: 840 }, () => random.next().value));
  const options = { size, periodic: open, components: 3, element: "f64", fma: false } as const;
  convolve(kernel, field, options, 7).forEach((values, c) => {
    // A dozen roundings of numbers of order one.
    values.forEach((value, cell) => {
      expect(Math.abs(value - field[c][cell])).toBeLessThan(1e-15);
    });
  });
});
