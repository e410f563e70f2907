import { describe, expect, it } from "vitest";
import { frequencyOrder, mirrorPlaces, radicesOf, transformLength } from "./sizes.ts";
import { kernelSpectrum, sampleCount, TENSOR_AXES, vanishes } from "./spectrum.ts";

const largestPrimeFactor = (n: number): number => {
  for (let p = 2; p * p <= n; p++) if (n % p === 0) return largestPrimeFactor(n / p);
  return n;
};

describe("transform lengths", () => {
  it("leave room for all displacements of an open axis, without much waste", () => {
    for (let cells = 2; cells < 1100; cells++)
      for (const real of [false, true]) {
        const length = transformLength(cells, false, real);
        expect(length % 2).toBe(0);
        expect(length).toBeGreaterThanOrEqual(2 * cells);
        expect(length).toBeLessThan(2.7 * cells);
        expect(largestPrimeFactor(length)).toBeLessThanOrEqual(7);
      }
  });

  it("are the number of cells of a periodic axis where that can be transformed", () => {
    expect(transformLength(45, true, false)).toBe(45);
    expect(transformLength(45, true, true)).toBeGreaterThanOrEqual(90);
    expect(transformLength(48, true, true)).toBe(48);
    expect(transformLength(22, true, false)).toBeGreaterThanOrEqual(44);
  });

  it("are 1 for a single cell", () => {
    for (const flag of [false, true]) expect(transformLength(1, flag, true)).toBe(1);
  });

  it("prefer powers of two that are nearly as small", () => {
    expect(transformLength(1000, false, false)).toBe(2048);
    expect(transformLength(250, false, false)).toBe(512);
  });

  it("factor into the radices that have a butterfly", () => {
    for (let length = 1; length < 3000; length++) {
      const radices = radicesOf(length);
      if (largestPrimeFactor(length) > 7) expect(radices).toBeUndefined();
      else expect(radices!.reduce((product, radix) => product * radix, 1)).toBe(length);
      for (const radix of radices ?? []) expect([2, 3, 4, 5, 7, 8]).toContain(radix);
    }
  });

  it("put every frequency in one place, and −k where the mirrored places say", () => {
    for (const length of [1, 2, 15, 32, 84, 360]) {
      const order = frequencyOrder(radicesOf(length)!);
      expect([...order].sort((a, b) => a - b)).toEqual([...order.keys()]);
      mirrorPlaces(order).forEach((place, at) => {
        expect((order[at] + order[place]) % length).toBe(0);
      });
    }
    expect([...frequencyOrder([2, 3])]).toEqual([0, 2, 4, 1, 3, 5]);
  });
});

/** K̂(k) by its definition, summed over all displacements. */
function directSpectrum(
  samples: Float64Array,
  [a, b]: readonly [number, number],
  size: number[],
  periodic: boolean[],
  lengths: number[],
): number[] {
  const counts = size.map((cells, axis) => sampleCount(cells, periodic[axis]));
  /** Displacements along an axis with the sample and the sign of an odd component at each. */
  const along = size.map((cells, axis) => {
    const whole = lengths[axis] === cells;
    return Array.from({ length: whole ? cells : 2 * cells - 1 }, (_, index) => {
      const d = whole ? index : index - cells + 1;
      const wrapped = periodic[axis] ? ((d % cells) + cells) % cells : d;
      if (periodic[axis]) return 2 * wrapped > cells ? [d, cells - wrapped, -1] : [d, wrapped, 1];
      return [d, Math.abs(d), Math.sign(d)];
    });
  });
  const result: number[] = [];
  const [X, Y, Z] = lengths;
  for (let kz = 0; kz <= Z >> 1; kz++)
    for (let ky = 0; ky <= Y >> 1; ky++)
      for (let kx = 0; kx <= X >> 1; kx++) {
        let re = 0;
        for (const [dz, z, sz] of along[2])
          for (const [dy, y, sy] of along[1])
            for (const [dx, x, sx] of along[0]) {
              const signs = [sx, sy, sz];
              const sign = a === b ? 1 : signs[a] * signs[b];
              const phase = 2 * Math.PI * ((kx * dx) / X + (ky * dy) / Y + (kz * dz) / Z);
              re += sign * samples[(z * counts[1] + y) * counts[0] + x] * Math.cos(phase);
            }
        result.push(re);
      }
  return result;
}

describe("the spectrum of a kernel", () => {
  const open = [false, false, false];
  for (const { size, periodic, lengths } of [
    { size: [4, 3, 2], periodic: open, lengths: [8, 6, 4] },
    { size: [5, 7, 1], periodic: open, lengths: [12, 14, 1] },
    { size: [1, 1, 6], periodic: open, lengths: [1, 1, 12] },
    { size: [6, 5, 3], periodic: [true, true, true], lengths: [6, 5, 3] },
    { size: [11, 4, 1], periodic: [true, true, true], lengths: [24, 4, 1] },
    { size: [5, 6, 2], periodic: [false, true, false], lengths: [10, 14, 4] },
    { size: [1, 1, 1], periodic: open, lengths: [1, 1, 1] },
  ])
    it(`of ${size.join("×")} cells${periodic.some(Boolean) ? ", some axes periodic," : ""} is its Fourier sum`, () => {
      const counts = size.map((cells, axis) => sampleCount(cells, periodic[axis]));
      const node = (d: number, axis: number) => d === 0 || (periodic[axis] && 2 * d === size[axis]);
      const samples = TENSOR_AXES.map(([a, b], component) =>
        Float64Array.from({ length: counts[0] * counts[1] * counts[2] }, (_, index) => {
          const x = index % counts[0];
          const y = Math.floor(index / counts[0]) % counts[1];
          const d = [x, y, Math.floor(index / (counts[0] * counts[1]))];
          return a !== b && (node(d[a], a) || node(d[b], b)) ? 0 : Math.sin(1 + 7 * index + 3 * component);
        }),
      );
      kernelSpectrum(samples, size, periodic, lengths).forEach((spectrum, component) => {
        if (vanishes(component, size)) {
          expect(spectrum.length).toBe(0);
          return;
        }
        const expected = directSpectrum(samples[component], TENSOR_AXES[component], size, periodic, lengths);
        expect(spectrum.length).toBe(expected.length);
        // A sum of some hundred terms of order one rounds by less than this.
        for (const [index, value] of expected.entries()) expect(Math.abs(spectrum[index] - value)).toBeLessThan(1e-12);
      });
    });

  it("is refused for samples of another grid", () => {
    expect(() => kernelSpectrum([new Float64Array(5)], [2, 3, 1], open, [4, 6, 1])).toThrow(
      "5 samples instead of 2×3×1",
    );
  });
});
