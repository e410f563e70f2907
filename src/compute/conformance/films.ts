import { expect, it } from "vitest";
import type { Backend, LayerKernel } from "../backend.ts";
import { sampleCount, TENSOR_AXES } from "../fft/spectrum.ts";
import { type Grid, grid, type Triple } from "../grid.ts";
import { vector } from "../language/types.ts";
import { program } from "../program.ts";
import { OPEN, type Twice } from "./twice.ts";
import { noise } from "./twin.ts";

/** A tensor for each pair of films that looks random and is related to no other, zero where odd functions are. */
export function betweenFilms({ size, periodic }: Grid): LayerKernel {
  const [nx, ny] = [0, 1].map((axis) => sampleCount(size[axis], periodic[axis]));
  const pair = (number: number) =>
    TENSOR_AXES.map(([a, b], component) =>
      Float64Array.from({ length: nx * ny }, (_, i) => {
        const d = [i % nx, Math.floor(i / nx)];
        const node = [0, 1].some(
          (axis) =>
            a !== b && (a === axis || b === axis) && (d[axis] === 0 || (periodic[axis] && 2 * d[axis] === size[axis])),
        );
        return node ? 0 : noise(6 * number + component)(i);
      }),
    );
  const films = [...Array(size[2]).keys()];
  return { layers: films.map((i) => films.map((j) => pair(i * films.length + j))) };
}

const ALONG_X: Triple<boolean> = [true, false, false];
const ALONG_Y: Triple<boolean> = [false, true, false];
const ALONG_BOTH: Triple<boolean> = [true, true, false];

/**
 * Transforms round like random walks of a few steps per doubling of their length, and the largest error of all cells is
 * a few times the typical one, which in its turn is some units of the largest value.
 */
const ULPS = 20;

export function films(twice: Twice): void {
  for (const [size, periodic] of [
    [[9, 6, 1], OPEN],
    [[1, 7, 2], OPEN],
    [[13, 1, 3], OPEN],
    [[1, 1, 4], OPEN],
    [[2, 3, 9], OPEN],
    [[35, 6, 2], OPEN],
    [[5, 12, 3], ALONG_Y],
    [[14, 7, 2], ALONG_BOTH],
  ] as const) {
    const where = size.map((n, axis) => `${n}${periodic[axis] ? " periodic" : ""}`).join(" × ");
    twice(`films are convolved with a tensor for each pair of them, ${where}`, async (twin) => {
      const cells = grid(size, { periodic });
      const convolution = twin.convolution(cells, betweenFilms(cells));
      const [m, h] = [twin.field(cells, vector), twin.field(cells, vector, 0)];
      await twin.run((p) => p.convolve(convolution, m, h), { ulps: ULPS });
    });
  }

  twice("two films feel each other's charges as the tensor says that is odd along one axis", async (twin) => {
    // Film 1 feels what film 0 is magnetized along z, one cell further on, along −x; and back.
    const cells = grid([4, 3, 2]);
    const zero = () => Array.from({ length: 6 }, () => new Float64Array(12));
    const xz = zero();
    xz[4][1] = 2;
    const convolution = twin.backend.convolution(cells, {
      layers: [
        [zero(), zero()],
        [xz, zero()],
      ],
    });
    const m = twin.field(cells, vector, (i) => (i === 2 * 24 + 5 ? 1 : 0));
    const h = twin.backend.field(cells, vector);
    const executable = await twin.backend.compile(program("films", (p) => p.convolve(convolution, m, h)));
    await twin.backend.write(m, twin.values(m));
    await executable.run();
    const expected = new Float64Array(72);
    expected[12 + 6] = 2;
    expected[12 + 4] = -2;
    const actual = await twin.backend.read(h);
    // A few roundings of numbers of order one.
    for (const [i, value] of expected.entries()) expect(Math.abs(actual[i] - value)).toBeLessThan(2e-6);
    for (const thing of [convolution, h]) twin.backend.release(thing);
  });

  twice("films of one thickness and distance are the planes of a regular grid", async (twin) => {
    const count = 3;
    const cells = grid([9, 7, count], { periodic: ALONG_X });
    const [nx, ny] = [sampleCount(9, true), 7];
    const planes = [...Array(count).keys()];
    const dipoles = TENSOR_AXES.map(([a, b]) =>
      Float64Array.from({ length: nx * ny * count }, (_, i) => {
        const r = [i % nx, Math.floor(i / nx) % ny, Math.floor(i / (nx * ny))];
        const square = r[0] ** 2 + r[1] ** 2 + r[2] ** 2;
        return i === 0 ? 0 : ((3 * r[a] * r[b]) / square - (a === b ? 1 : 0)) / square ** 1.5;
      }),
    );
    const apart = (d: number) =>
      dipoles.map((samples, component) => {
        const plane = samples.slice(Math.abs(d) * nx * ny, (Math.abs(d) + 1) * nx * ny);
        return component > 3 ? plane.map((value) => Math.sign(d) * value) : plane;
      });
    const layers = planes.map((i) => planes.map((j) => apart(i - j)));
    const convolutions = [{ components: dipoles }, { layers }].map((k) => twin.convolution(cells, k));
    const m = twin.field(cells, vector);
    const targets = convolutions.map(() => twin.field(cells, vector, 0));
    await twin.run(
      (p) => {
        for (const [i, convolution] of convolutions.entries()) p.convolve(convolution, m, targets[i]);
      },
      { ulps: ULPS },
    );
    const [one, other] = targets.map((target) => twin.values(target));
    // The direct sums add the same terms in another order.
    for (const [i, value] of one.entries()) expect(Math.abs(value - other[i])).toBeLessThan(1e-5);
  });
}

export function filmErrors(backend: () => Backend): void {
  it("kernels between films that do not fit their grid are refused", () => {
    const b = backend();
    const cells = grid([4, 3, 2]);
    const { layers } = betweenFilms(cells);
    const of = (kernel: LayerKernel["layers"], on = cells) => b.convolution(on, { layers: kernel }, "K");
    expect(() => of(layers.slice(1))).toThrow(
      'convolution "K" takes 2 rows of films, one per plane of its grid, not 1',
    );
    expect(() => of([layers[0], layers[1].slice(1)])).toThrow(
      'row 1 of convolution "K" takes 2 films, one per plane of its grid, not 1',
    );
    expect(() => of([layers[0], [layers[1][0].slice(3), layers[1][1]]])).toThrow(
      'film 0 on film 1 of convolution "K" takes 6 components, not 3',
    );
    const short = layers[1][0].map((samples, i) => (i === 4 ? samples.slice(1) : samples));
    expect(() => of([layers[0], [short, layers[1][1]]])).toThrow(
      'component 4 of film 0 on film 1 of convolution "K" needs 12 samples, not 11',
    );
    const wrong = layers[0][1].map((samples) => samples.map((value, i) => (i === 7 ? Number.NaN : value)));
    expect(() => of([[layers[0][0], wrong], layers[1]])).toThrow(
      'sample 7 of component 0 of film 1 on film 0 of convolution "K" is NaN',
    );
    expect(() => of(layers, grid([4, 3, 2], { periodic: [false, false, true] }))).toThrow(
      'convolution "K" is between films, its grid must be open along z',
    );
  });
}
