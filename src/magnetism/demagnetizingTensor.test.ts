import { describe, expect, it } from "vitest";
import { prismFactors } from "./demagnetizingFactors.ts";
import { demagnetizingTensor, layerTensor } from "./demagnetizingTensor.ts";

type Three = [number, number, number];
const AXES = [
  [0, 0],
  [1, 1],
  [2, 2],
  [0, 1],
  [0, 2],
  [1, 2],
] as const;

/** Nodes and weights of Gauss and Legendre on [0, 1], by Newton's method. */
function gauss(n: number): [number, number][] {
  return Array.from({ length: n }, (_, i) => {
    let x = Math.cos((Math.PI * (i + 0.75)) / (n + 0.5));
    let slope = 0;
    for (let step = 0; step < 100; step++) {
      let [a, b] = [1, x];
      for (let k = 2; k <= n; k++) [a, b] = [b, ((2 * k - 1) * x * b - (k - 1) * a) / k];
      slope = (n * (x * b - a)) / (x * x - 1);
      x -= b / slope;
    }
    return [(1 - x) / 2, 1 / ((1 - x * x) * slope * slope)];
  });
}

/**
 * The tensor of two equal cuboids by quadrature: the mean of the point dipole's −∂∂(1/4πr) V over both is one integral with the weight
 * of the triangles (1 − |u|) that two equal edges leave.
 */
function byQuadrature(cell: Three, offset: Three, points: number): number[] {
  const nodes = gauss(points);
  // Both halves of the triangle.
  const samples = nodes.flatMap(([u, w]) => [
    [u, w * (1 - u)],
    [-u, w * (1 - u)],
  ]);
  const V = cell[0] * cell[1] * cell[2];
  const sums = [0, 0, 0, 0, 0, 0];
  for (const [u, wu] of samples)
    for (const [v, wv] of samples)
      for (const [w, ww] of samples) {
        const r = [offset[0] + u * cell[0], offset[1] + v * cell[1], offset[2] + w * cell[2]];
        const square = r[0] ** 2 + r[1] ** 2 + r[2] ** 2;
        const weight = (wu * wv * ww * V) / (4 * Math.PI * square ** 1.5);
        for (const [i, [a, b]] of AXES.entries()) sums[i] += weight * ((a === b ? 1 : 0) - (3 * r[a] * r[b]) / square);
      }
  return sums;
}

describe("the demagnetizing tensor", () => {
  const size: Three = [6, 5, 4];
  const cell: Three = [4, 5, 3];
  const N = demagnetizingTensor(size, cell);
  const at = (component: number, x: number, y: number, z: number) => N[component][(z * size[1] + y) * size[0] + x];

  it("has the trace 1 within a cell and none beyond it", () => {
    const trace = N[0].map((xx, i) => xx + N[1][i] + N[2][i]);
    expect(Math.abs(trace[0] - 1)).toBeLessThan(1e-13);
    // Newell's differences lose the digits of (r/a)³.
    for (const value of trace.slice(1)) expect(Math.abs(value)).toBeLessThan(1e-12);
  });

  it("is a third in a cube, in all directions", () => {
    const [xx, yy, zz] = demagnetizingTensor([1, 1, 1], [2, 2, 2]);
    for (const part of [xx, yy, zz]) expect(Math.abs(part[0] - 1 / 3)).toBeLessThan(1e-14);
  });

  it("adds up over the cells of a prism to the prism's factors", () => {
    const factors = prismFactors(size[0] * cell[0], size[1] * cell[1], size[2] * cell[2]);
    const total = [0, 0, 0];
    const weight = (d: number, n: number) => (d === 0 ? n : 2 * (n - d));
    for (let z = 0; z < size[2]; z++)
      for (let y = 0; y < size[1]; y++)
        for (let x = 0; x < size[0]; x++)
          for (const c of [0, 1, 2])
            total[c] += at(c, x, y, z) * weight(x, size[0]) * weight(y, size[1]) * weight(z, size[2]);
    for (const c of [0, 1, 2]) expect(Math.abs(total[c] / 120 - factors[c])).toBeLessThan(1e-12);
  });

  for (const [name, edges] of [
    ["cubes", [1, 1, 1]],
    ["flat cells", [4, 4, 0.5]],
    ["long cells", [20, 1, 1]],
  ] as const)
    it(`of ${name} is that of dipoles spread over both, near and far`, () => {
      const n: Three = [40, 40, 40];
      const tensor = demagnetizingTensor(n, [...edges]);
      // Quadrature is exact to round-off only where the cuboids are well apart.
      for (const place of [
        [3, 2, 5],
        [0, 6, 7],
        [4, 0, 0],
        [9, 9, 9],
        [2, 15, 20],
        [30, 3, 1],
        [39, 39, 39],
        [0, 0, 39],
      ] as Three[]) {
        const offset = place.map((k, axis) => k * edges[axis]) as Three;
        const apart = Math.max(...place.map((k, axis) => (k - 1) * edges[axis]));
        if (apart < 1.5 * Math.max(...edges)) continue;
        const expected = byQuadrature([...edges], offset, 24);
        const scale = Math.hypot(...expected);
        const index = (place[2] * n[1] + place[1]) * n[0] + place[0];
        for (const c of [0, 1, 2, 3, 4, 5]) expect(Math.abs(tensor[c][index] - expected[c]) / scale).toBeLessThan(1e-7);
      }
    });

  it("of periodic axes is even and odd in the periodic sense, and that of an endless film and an endless rod", () => {
    const film = demagnetizingTensor([6, 6, 1], [1, 1, 1], { images: [10, 10, 0] });
    expect(film[0].length).toBe(16);
    const sum = (part: Float64Array) => {
      let total = 0;
      for (let y = 0; y < 4; y++)
        for (let x = 0; x < 4; x++) total += part[y * 4 + x] * (x % 3 === 0 ? 1 : 2) * (y % 3 === 0 ? 1 : 2);
      return total;
    };
    // Images beyond the tenth are a continuum, which leaves some 1e-7.
    expect(Math.abs(sum(film[2]) - 1)).toBeLessThan(3e-7);
    expect(Math.abs(sum(film[0]))).toBeLessThan(3e-7);
    for (let i = 0; i < 4; i++) expect(Math.abs(film[3][3 * 4 + i])).toBeLessThan(1e-15);
    const rod = demagnetizingTensor([4, 1, 1], [1, 1, 1], { images: [20, 0, 0] });
    const along = rod[0][0] + 2 * rod[0][1] + rod[0][2];
    expect(Math.abs(along)).toBeLessThan(1e-8);
    expect(Math.abs(rod[1][0] + 2 * rod[1][1] + rod[1][2] - 0.5)).toBeLessThan(1e-8);
  });
});

describe("the tensor between layers", () => {
  const [size, cell] = [[5, 4] as [number, number], [4, 3] as [number, number]];

  it("of one thickness is a plane of that of a box", () => {
    const box = demagnetizingTensor([5, 4, 3], [4, 3, 2]);
    const layers = layerTensor(size, cell, { z: 0, thickness: 2 }, { z: 4, thickness: 2 });
    for (const c of [0, 1, 2, 3, 4, 5])
      for (let i = 0; i < 20; i++) expect(Math.abs(layers[c][i] - box[c][2 * 20 + i])).toBeLessThan(1e-13);
  });

  it("is reciprocal: t N(a ← b) = t′ N(b ← a)ᵀ of the opposite displacement", () => {
    const [a, b] = [
      { z: 0, thickness: 1 },
      { z: 4, thickness: 3 },
    ];
    const up = layerTensor(size, cell, a, b);
    const down = layerTensor(size, cell, b, a);
    for (const c of [0, 1, 2, 3, 4, 5])
      for (let i = 0; i < 20; i++) {
        // At the displacement reversed along z alone, as here x and y are not, xz and yz change sign.
        const sign = c >= 4 ? -1 : 1;
        expect(Math.abs(3 * up[c][i] - sign * down[c][i])).toBeLessThan(1e-13);
      }
  });

  it("of a thick source is the sum over two halves of it, and on a thick target the mean", () => {
    const source = { z: 0, thickness: 2 };
    const halves = [-0.5, 0.5].map((z) => ({ z, thickness: 1 }));
    const target = { z: 5, thickness: 1.5 };
    const whole = layerTensor(size, cell, source, target);
    const parts = halves.map((half) => layerTensor(size, cell, half, target));
    const back = layerTensor(size, cell, target, source);
    const backParts = halves.map((half) => layerTensor(size, cell, target, half));
    for (const c of [0, 1, 2, 3, 4, 5])
      for (let i = 0; i < 20; i++) {
        expect(Math.abs(whole[c][i] - parts[0][c][i] - parts[1][c][i])).toBeLessThan(1e-13);
        expect(Math.abs(back[c][i] - (backParts[0][c][i] + backParts[1][c][i]) / 2)).toBeLessThan(1e-13);
      }
  });

  it("is refused without extent", () => {
    expect(() => layerTensor(size, cell, { z: 0, thickness: 0 }, { z: 4, thickness: 1 })).toThrow(/thickness/);
    expect(() => demagnetizingTensor([0, 1, 1], [1, 1, 1])).toThrow();
    expect(() => demagnetizingTensor([1, 1, 1], [1, -1, 1])).toThrow();
  });
});
