import { describe, expect, it } from "vitest";
import type { Vector3 } from "../algebra/vector.ts";
import { InputError } from "../checks.ts";
import { CuboidPair, pointsNeeded } from "./cuboidPair.ts";
import { type CellLayer, demagnetizingTensor, layerTensor, prismFactors } from "./index.ts";
import { addNewell } from "./newell.ts";

const CELLS: Vector3[] = [
  [1, 1, 1],
  [4, 4, 0.5],
  [50, 1, 1],
  [1, 50, 50],
];

/** What the docstring promises, relative to a point dipole; at displacement 0 the error is 1e-14. */
const PROMISED = 3e-13;
const dipole = (cell: Vector3, R: number): number =>
  (Math.sqrt(6) * cell[0] * cell[1] * cell[2]) / (4 * Math.PI * R ** 3);
const tolerance = (cell: Vector3, at: Vector3): number => {
  const R = Math.hypot(...at);
  return R === 0 ? 1e-14 : PROMISED * dipole(cell, R);
};

/** Every displacement of a grid in cells, and the tensor there. */
function* entries(tensor: readonly Float64Array[], [nx, ny, nz]: Vector3): Generator<[Vector3, number[]]> {
  for (let k = 0, index = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, index++) yield [[i, j, k], tensor.map((values) => values[index])];
}

const times = (a: Vector3, b: Vector3): Vector3 => [a[0] * b[0], a[1] * b[1], a[2] * b[2]];

/** Gauss–Legendre on [−1, 1] by Newton's method on the Legendre polynomial: twelve points. */
const LEGENDRE = Array.from({ length: 12 }, (_, i) => {
  let x = Math.cos((Math.PI * (i + 0.75)) / 12.5);
  let slope = 0;
  for (let step = 0; step < 50; step++) {
    let [p, before] = [x, 1];
    for (let n = 2; n <= 12; n++) [p, before] = [((2 * n - 1) * x * p - (n - 1) * before) / n, p];
    slope = (12 * (x * p - before)) / (x * x - 1);
    x -= p / slope;
  }
  return [x, 2 / ((1 - x * x) * slope * slope)];
});

/**
 * The tensor of two equal cells that leave a gap: the point dipole at their displacement plus u, weighted by the overlap
 * (1 − |u|/d)/d along each axis.  In panels no longer than the gap, twelve points leave (2 + √5)^−24 = 1e-15.
 */
function reference(cell: Vector3, R: Vector3): number[] {
  const gap = Math.hypot(...R.map((x, i) => Math.max(0, Math.abs(x) - cell[i])));
  const rules = cell.map((d) => {
    const panels = Math.max(1, Math.ceil(d / gap));
    const half = d / panels / 2;
    return Array.from({ length: 2 * panels }, (_, p) => (2 * p + 1) * half - d).flatMap((middle) =>
      LEGENDRE.map(([x, w]) => [middle + half * x, ((w * half) / d) * (1 - Math.abs(middle + half * x) / d)]),
    );
  });
  const sum = [0, 0, 0, 0, 0, 0];
  for (const [w, wz] of rules[2])
    for (const [v, wy] of rules[1]) {
      const row = [0, 0, 0, 0, 0, 0];
      for (const [u, wx] of rules[0]) {
        const [x, y, z] = [R[0] + u, R[1] + v, R[2] + w];
        const r2 = x * x + y * y + z * z;
        const q = wx / (r2 * r2 * Math.sqrt(r2));
        row[0] += q * (r2 - 3 * x * x);
        row[1] += q * (r2 - 3 * y * y);
        row[2] += q * (r2 - 3 * z * z);
        row[3] -= q * 3 * x * y;
        row[4] -= q * 3 * x * z;
        row[5] -= q * 3 * y * z;
      }
      for (let c = 0; c < 6; c++) sum[c] += wz * wy * row[c];
    }
  return sum.map((value) => (value * cell[0] * cell[1] * cell[2]) / (4 * Math.PI));
}

describe("the demagnetizing tensor of a grid", () => {
  it.each(CELLS)("has trace 1 at displacement 0 and 0 elsewhere: cell %d : %d : %d", (...cell) => {
    const size: Vector3 = [6, 5, 4];
    for (const [at, [xx, yy, zz]] of entries(demagnetizingTensor(size, cell), size)) {
      const trace = at.every((n) => n === 0) ? 1 : 0;
      // Three components, each as wrong as is promised.
      expect(Math.abs(xx + yy + zz - trace)).toBeLessThan(3 * tolerance(cell, times(at, cell)));
    }
  });

  it("is that of a prism at displacement 0", () => {
    for (const cell of CELLS) {
      const N = demagnetizingTensor([1, 1, 1], cell).map(([value]) => value);
      const expected = [...prismFactors(...cell), 0, 0, 0];
      // The closed form of the prism loses the square of the aspect, up to 2500 ε.
      for (let c = 0; c < 6; c++) expect(Math.abs(N[c] - expected[c])).toBeLessThan(1e-12);
    }
  });

  it("is unchanged, its components exchanged, when the axes of a grid of cubes are", () => {
    const [xx, yy, zz, xy, xz, yz] = demagnetizingTensor([4, 4, 4], [2, 2, 2]);
    const at = (i: number, j: number, k: number): number => (k * 4 + j) * 4 + i;
    for (const [[i, j, k]] of entries([xx], [4, 4, 4])) {
      const bound = 2 * tolerance([2, 2, 2], [2 * i, 2 * j, 2 * k]);
      for (const [a, b] of [
        [xx[at(i, j, k)], yy[at(j, i, k)]],
        [xx[at(i, j, k)], zz[at(k, j, i)]],
        [yy[at(i, j, k)], zz[at(i, k, j)]],
        [xy[at(i, j, k)], xy[at(j, i, k)]],
        [xy[at(i, j, k)], xz[at(i, k, j)]],
        [xy[at(i, j, k)], yz[at(k, j, i)]],
      ])
        expect(Math.abs(a - b)).toBeLessThan(bound);
    }
  });

  it.each(CELLS)("averages over the cells of a body to its demagnetizing factors: cell %d : %d : %d", (...cell) => {
    const size: Vector3 = [3, 4, 5];
    const mean = [0, 0, 0];
    for (const [at, N] of entries(demagnetizingTensor(size, cell), size)) {
      // Pairs of cells at ± this displacement along each axis.
      const pairs = at.reduce((product, n, i) => product * (n === 0 ? 1 : 2) * (size[i] - n), 1);
      for (let c = 0; c < 3; c++) mean[c] += (pairs * N[c]) / 60;
    }
    const expected = prismFactors(3 * cell[0], 4 * cell[1], 5 * cell[2]);
    // The closed form of the prism loses the square of the aspect, up to 60² ε.
    for (let c = 0; c < 3; c++) expect(Math.abs(mean[c] - expected[c])).toBeLessThan(1e-12);
  });

  const FAR: Vector3[] = [
    [2, 0, 0],
    [0, 2, 0],
    [0, 0, 2],
    [1, 2, 0],
    [2, 1, 2],
    [0, 3, 1],
    [3, 3, 3],
    [9, 2, 5],
    [0, 40, 1],
    [60, 0, 3],
  ];
  it.each(CELLS)("is the mean of the point dipole over both cells: cell %d : %d : %d", (...cell) => {
    for (const at of FAR) {
      const size = at.map((n) => n + 1) as unknown as Vector3;
      const N = demagnetizingTensor(size, cell).map((values) => values[values.length - 1]);
      const expected = reference(cell, times(at, cell));
      // The promise, and the reference's own 1e-15 with the round-off of its sum.
      const bound = tolerance(cell, times(at, cell)) + 1e-14 * Math.max(...expected.map(Math.abs));
      for (let c = 0; c < 6; c++) expect(Math.abs(N[c] - expected[c])).toBeLessThan(bound);
    }
  });

  it.each(CELLS)("is that of its halves, touching cells too: cell %d : %d : %d", (...cell) => {
    const size: Vector3 = [3, 3, 3];
    const whole = demagnetizingTensor(size, cell);
    for (const axis of [0, 1, 2]) {
      const fineCell = cell.map((d, i) => (i === axis ? d / 2 : d)) as unknown as Vector3;
      const fineSize = size.map((n, i) => (i === axis ? 2 * n : n)) as unknown as Vector3;
      const fine = demagnetizingTensor(fineSize, fineCell);
      for (const [at, N] of entries(whole, size)) {
        for (let c = 0; c < 6; c++) {
          const odd = [[], [], [], [0, 1], [0, 2], [1, 2]][c].includes(axis);
          let mean = 0;
          for (const [shift, share] of [
            [-1, 1 / 2],
            [0, 1],
            [1, 1 / 2],
          ]) {
            const d = [...at];
            d[axis] = 2 * at[axis] + shift;
            const sign = odd && d[axis] < 0 ? -1 : 1;
            d[axis] = Math.abs(d[axis]);
            mean += sign * share * fine[c][(d[2] * fineSize[1] + d[1]) * fineSize[0] + d[0]];
          }
          // The nearest halves are half as far; their dipoles have eight times the error and half the volume.
          const bound = Math.hypot(...at) === 0 ? PROMISED : 8 * tolerance(cell, times(at, cell));
          expect(Math.abs(mean - N[c])).toBeLessThan(bound);
        }
      }
    }
  });

  it("continues where the method changes, from one number to the next", () => {
    const directions: Vector3[] = [
      [1, 0, 0],
      [0, 0, 1],
      [1, 1, 0],
      [0.3, 1, 0.7],
      [1, 0.1, 0.1],
    ];
    let changes = 0;
    // Of plates wider than these, a number near their edges is a sum of thousands of halves.
    for (const cell of [...CELLS.slice(0, 3), [1, 10, 10] as const]) {
      const pair = new CuboidPair(cell, cell);
      const N = (u: Vector3, s: number): Float64Array => {
        const out = new Float64Array(6);
        pair.add(u[0] * s, u[1] * s, u[2] * s, 1, out);
        return out;
      };
      for (const u of directions) {
        const points = (s: number): string => {
          const gap = u.map((x, i) => Math.max(0, x * s - cell[i]));
          return [0, 1, 2]
            .map((i) => pointsNeeded(u[i] * s, Math.hypot(...gap.map((g, j) => (j === i ? 0 : g))), cell[i]))
            .join();
        };
        for (let s = 0.6 * Math.min(...cell); s < 400; s *= 1.1) {
          let [low, high] = [s, 1.1 * s];
          if (points(low) === points(high)) continue;
          for (let middle = (low + high) / 2; middle > low && middle < high; middle = (low + high) / 2)
            if (points(middle) === points(low)) low = middle;
            else high = middle;
          changes++;
          const [before, after] = [N(u, low), N(u, high)];
          const R = Math.hypot(...u) * low;
          // Two errors of the promised size.  End to end, 50 : 1 : 1 cells with a gap of one width have a field of 20 dipoles, in
          // which the round-off of the displacement counts.
          const size = Math.max(dipole(cell, R), ...before.map(Math.abs));
          for (let c = 0; c < 6; c++) expect(Math.abs(before[c] - after[c])).toBeLessThan(2 * PROMISED * size);
        }
      }
    }
    expect(changes).toBeGreaterThan(100);
  });

  it("agrees with Newell's formula for cuboids of different edges", () => {
    const [source, target]: Vector3[] = [
      [1, 2, 1.5],
      [1.2, 1, 0.8],
    ];
    for (const [X, Y, Z] of [
      [3, 0, 0],
      [0.4, 0.2, 3],
      [2, 2.5, -2],
      [-4, 1, 2],
    ]) {
      const [N, newell] = [new Float64Array(6), new Float64Array(6)];
      new CuboidPair(source, target).add(X, Y, Z, 1, N);
      addNewell(X, Y, Z, source, target, 1, newell);
      // ε R³/V with R of the farthest corners, 6, and V = 1.
      for (let c = 0; c < 6; c++) expect(Math.abs(N[c] - newell[c])).toBeLessThan(1e-13);
    }
  });
});

describe("the demagnetizing tensor between layers", () => {
  const size = [4, 3] as const;
  const cell = [2, 3] as const;
  const thin: CellLayer = { z: 0, thickness: 0.5 };
  const thick: CellLayer = { z: 1.75, thickness: 2 };

  it("is a plane of the tensor of a grid when the layers are equal", () => {
    const grid = demagnetizingTensor([4, 3, 4], [2, 3, 0.5]);
    for (const k of [0, 1, 3]) {
      const layers = layerTensor(size, cell, thin, { z: 0.5 * k, thickness: 0.5 });
      expect(layers).toEqual(grid.map((values) => values.slice(12 * k, 12 * (k + 1))));
    }
  });

  it("is reciprocal: t_target N(r) of one is t_source Nᵀ(−r) of the other", () => {
    const up = layerTensor(size, cell, thin, thick);
    const down = layerTensor(size, cell, thick, thin);
    // With x and y turned back too: xy is odd twice, xz and yz once.
    const signs = [1, 1, 1, 1, -1, -1];
    for (let c = 0; c < 6; c++)
      up[c].forEach((value, i) => {
        // Both are of order 1 and as exact as is promised.
        expect(Math.abs(thick.thickness * value - signs[c] * thin.thickness * down[c][i])).toBeLessThan(PROMISED);
      });
    expect(Math.max(...up[4].map(Math.abs))).toBeGreaterThan(0.01);
  });

  it("adds the parts of a thick source and averages over those of a thick target", () => {
    const parts: CellLayer[] = [
      { z: 1.25, thickness: 1 },
      { z: 2.25, thickness: 1 },
    ];
    const from = layerTensor(size, cell, thick, thin);
    const [a, b] = parts.map((part) => layerTensor(size, cell, part, thin));
    const to = layerTensor(size, cell, thin, thick);
    const [p, q] = parts.map((part) => layerTensor(size, cell, thin, part));
    for (let c = 0; c < 6; c++)
      for (let i = 0; i < 12; i++) {
        expect(Math.abs(from[c][i] - a[c][i] - b[c][i])).toBeLessThan(PROMISED);
        expect(Math.abs(to[c][i] - (p[c][i] + q[c][i]) / 2)).toBeLessThan(PROMISED);
      }
  });

  it("of a source below a target is that above it, but for the sign of xz and yz", () => {
    const above = layerTensor(size, cell, thin, thick);
    const below = layerTensor(size, cell, thin, { ...thick, z: -thick.z });
    [1, 1, 1, 1, -1, -1].forEach((sign, c) => {
      // The rules of quadrature are symmetric.
      above[c].forEach((value, i) => {
        expect(Math.abs(value - sign * below[c][i])).toBeLessThan(PROMISED);
      });
    });
  });
});

describe("periodic images", () => {
  /** Mean of the components over a uniformly magnetized box: its demagnetizing factors. */
  const factors = (size: Vector3, cell: Vector3, images: Vector3): number[] => {
    const stored = size.map((n, i) => (images[i] > 0 ? Math.floor(n / 2) + 1 : n)) as unknown as Vector3;
    const mean = [0, 0, 0];
    for (const [at, N] of entries(demagnetizingTensor(size, cell, { images }), stored)) {
      const share = at.reduce((product, d, i) => {
        if (images[i] === 0) return (product * (d === 0 ? 1 : 2) * (size[i] - d)) / size[i];
        return product * (d === 0 || 2 * d === size[i] ? 1 : 2);
      }, 1);
      for (let c = 0; c < 3; c++) mean[c] += share * N[c];
    }
    return mean;
  };

  /** The cell and its images one by one, up to `to` periods to each side. */
  const added = (cell: Vector3, at: Vector3, period: Vector3, to: Vector3): Float64Array => {
    const pair = new CuboidPair(cell, cell);
    const out = new Float64Array(6);
    for (let c = -to[2]; c <= to[2]; c++)
      for (let b = -to[1]; b <= to[1]; b++)
        for (let a = -to[0]; a <= to[0]; a++)
          pair.add(at[0] + a * period[0], at[1] + b * period[1], at[2] + c * period[2], 1, out);
    return out;
  };

  it("make a film of two periodic axes and a rod of one", () => {
    const cell: Vector3 = [2, 2, 1];
    for (const [size, images, expected] of [
      [
        [6, 5, 3],
        [8, 8, 0],
        [0, 0, 1],
      ],
      [
        [6, 1, 4],
        [8, 0, 8],
        [0, 1, 0],
      ],
      [
        [1, 6, 4],
        [0, 8, 8],
        [1, 0, 0],
      ],
      [
        [4, 2, 4],
        [8, 0, 0],
        [0, 0.5, 0.5],
      ],
      [
        [1, 5, 2],
        [0, 8, 0],
        [0.5, 0, 0.5],
      ],
      [
        [2, 2, 5],
        [0, 0, 8],
        [0.5, 0.5, 0],
      ],
    ] as [Vector3, Vector3, Vector3][]) {
      const N = factors(size, cell, images);
      // (K + ½)^−4 = 2e-4 of what is beyond K = 8 images, itself 1/(K + ½)² of a rod and 1/(K + ½) of a film: 2e-5.
      for (let c = 0; c < 3; c++) expect(Math.abs(N[c] - expected[c])).toBeLessThan(2e-5);
    }
  });

  it.each([
    ["rod", [1, 0, 0], [5, 2, 2]],
    ["film", [1, 1, 0], [5, 4, 2]],
  ] as [string, Vector3, Vector3][])("of a %s converge with their number K as (K + ½)^−5 at least", (_, axes, size) => {
    const cell: Vector3 = [1, 1, 0.5];
    const at = (images: number): Float64Array[] =>
      demagnetizingTensor(size, cell, { images: axes.map((n) => n * images) as unknown as Vector3 });
    const exact = at(48);
    const error = (images: number): number =>
      Math.max(...at(images).flatMap((values, c) => [...values].map((value, i) => Math.abs(value - exact[c][i]))));
    for (const K of [3, 6]) {
      // 20 % for the next order.
      expect(error(2 * K)).toBeLessThan(1.2 * error(K) * ((K + 0.5) / (2 * K + 0.5)) ** 5);
    }
  });

  it("are those of a sum without end, extrapolated", () => {
    const cell: Vector3 = [1, 1.5, 0.5];
    const rod = demagnetizingTensor([4, 2, 2], cell, { images: [40, 0, 0] });
    const film = demagnetizingTensor([4, 3, 2], cell, { images: [40, 40, 0] });
    for (const [i, k] of [
      [0, 0],
      [1, 1],
    ]) {
      const place: Vector3 = [i, 1.5, 0.5 * k];
      // Three times the K + ½: the error falls by 9, then 81, so that one step leaves (K + ½)^−4 = 4e-6 of (K + ½)^−2.
      const [a, b] = [22, 67].map((K) => added(cell, place, [4, 0, 0], [K, 0, 0]));
      for (let c = 0; c < 6; c++) expect(Math.abs((9 * b[c] - a[c]) / 8 - rod[c][6 * k + 3 + i])).toBeLessThan(1e-9);
      // Odd powers: by 3, then 27.
      const [p, q, r] = [7, 22, 67].map((K) => added(cell, place, [4, 4.5, 0], [K, K, 0]));
      for (let c = 0; c < 6; c++) {
        const [first, second] = [(3 * q[c] - p[c]) / 2, (3 * r[c] - q[c]) / 2];
        const value = (27 * second - first) / 26;
        expect(Math.abs(value - film[c][6 * k + 3 + i])).toBeLessThan(1e-7);
      }
    }
  });

  it("are even or odd about half a period: what is odd vanishes there exactly", () => {
    const N = demagnetizingTensor([4, 6, 2], [1, 2, 1], { images: [3, 3, 0] });
    const at = (c: number, i: number, j: number, k: number): number => N[c][(k * 4 + j) * 3 + i];
    for (const j of [0, 1, 2, 3])
      for (const k of [0, 1]) for (const i of [0, 2]) expect([at(3, i, j, k), at(4, i, j, k)]).toEqual([0, 0]);
    for (const i of [0, 1, 2])
      for (const k of [0, 1]) for (const j of [0, 3]) expect([at(3, i, j, k), at(5, i, j, k)]).toEqual([0, 0]);
    expect(Math.abs(at(3, 1, 1, 0))).toBeGreaterThan(1e-3);
  });

  it("of the displacement n − d are ± those of d", () => {
    const one = demagnetizingTensor([5, 1, 2], [1, 1, 1], { images: [24, 0, 0] });
    const [a, b] = [2, 3].map((d) => added([1, 1, 1], [d, 0, 1], [5, 0, 0], [400, 0, 0]));
    [1, 1, 1, -1, -1, 1].forEach((sign, c) => {
      // The images from 400 on differ by one, of 1/(2π (5·400)³) = 2e-11.
      expect(Math.abs(a[c] - sign * b[c])).toBeLessThan(1e-10);
      // What is beyond 400 images is 1/(2π 5³ 400²) = 8e-9 of a point dipole.
      expect(Math.abs(one[c][3 + 2] - a[c])).toBeLessThan(2e-8);
    });
  });

  it("along three axes are the block that is summed", () => {
    const N = demagnetizingTensor([3, 2, 1], [1, 1, 2], { images: [1, 1, 2] });
    const sum = added([1, 1, 2], [1, 0, 0], [3, 2, 2], [1, 1, 2]);
    // The same terms in the same order.
    expect(N.map((values) => values[1])).toEqual([sum[0], sum[1], sum[2], 0, 0, 0]);
    expect(Math.abs(sum[3]) + Math.abs(sum[4]) + Math.abs(sum[5])).toBeLessThan(1e-15);
  });

  it("of a layer are those of a plane of the grid", () => {
    const grid = demagnetizingTensor([4, 3, 2], [2, 3, 0.5], { images: [2, 2, 0] });
    const layer = layerTensor([4, 3], [2, 3], { z: 0, thickness: 0.5 }, { z: 0.5, thickness: 0.5 }, { images: [2, 2] });
    // 3 × 2 displacements are stored.
    expect(layer).toEqual(grid.map((values) => values.slice(6)));
  });
});

describe("bad input is named", () => {
  const layer: CellLayer = { z: 0, thickness: 1 };
  it.each([
    ["size", () => demagnetizingTensor([0, 1, 1], [1, 1, 1])],
    ["size", () => demagnetizingTensor([1, 1.5, 1], [1, 1, 1])],
    ["size", () => demagnetizingTensor([1, 1] as unknown as Vector3, [1, 1, 1])],
    ["cell", () => demagnetizingTensor([1, 1, 1], [1, 0, 1])],
    ["cell", () => demagnetizingTensor([1, 1, 1], [1, 1, Number.NaN])],
    ["cell", () => demagnetizingTensor([1, 1, 1], [1, 1] as unknown as Vector3)],
    ["images", () => demagnetizingTensor([1, 1, 1], [1, 1, 1], { images: [-1, 0, 0] })],
    ["options.image", () => demagnetizingTensor([1, 1, 1], [1, 1, 1], { image: [1, 0, 0] } as object)],
    ["size", () => layerTensor([1, 0], [1, 1], layer, layer)],
    ["cell", () => layerTensor([1, 1], [1, -1], layer, layer)],
    ["source.z", () => layerTensor([1, 1], [1, 1], { ...layer, z: Infinity }, layer)],
    ["target.thickness", () => layerTensor([1, 1], [1, 1], layer, { ...layer, thickness: 0 })],
    ["images", () => layerTensor([1, 1], [1, 1], layer, layer, { images: [1, 0.5] })],
  ])("%s", (parameter, call) => {
    expect(call).toThrow(InputError);
    expect(call).toThrow(expect.objectContaining({ parameter }));
  });
});
