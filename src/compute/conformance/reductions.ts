import { expect } from "vitest";
import { cellsOf, grid } from "../grid.ts";
import { kernel } from "../language/kernel.ts";
import { real } from "../language/types.ts";
import { program } from "../program.ts";
import type { Twice } from "./twice.ts";

const extremes = kernel(
  "extremes",
  {
    reads: { x: real, y: real },
    writes: { product: real },
    reduces: { sum: "sum", high: "max", low: "min", norm: "sum" },
  },
  ({ x, y }) => ({ product: x.mul(y), sum: x.add(y), high: x.sub(2), low: x.add(2), norm: x.mul(x) }),
);

export function reductions(twice: Twice): void {
  twice("sums, maxima and minima over all cells, with stores", async (twin) => {
    for (const size of [
      [1, 1, 1],
      [3, 1, 1],
      [5, 3, 2],
      [7, 2, 1],
      [8, 8, 1],
      [13, 3, 1],
      [64, 5, 3],
      [1001, 3, 1],
    ] as const) {
      const cells = grid(size);
      const [x, y] = [twin.field(cells, real), twin.field(cells, real)];
      const [sum, high, low, norm] = [0, 1, 2, 3].map(() => twin.scalar(-99));
      const product = twin.field(cells, real, 0);
      const given = { x, y, product, sum, high, low, norm };
      // Sums of thousands of numbers of both signs lose some digits.
      await twin.run((p) => p.run(extremes, given), { sums: twin.backend.precision === "f32" ? 2e-5 : 1e-11 });
      twin.release();
    }
  });

  twice("cells very far away", async (twin) => {
    for (const periodic of [true, false]) {
      const cells = grid([3000, 3, 2], { periodic: [periodic, false, false] });
      const far = kernel(
        "far",
        { reads: { x: real, edge: real.beyond("mirror"), hole: real.beyond("zero") }, writes: { out: real } },
        ({ x, edge, hole }) => ({
          out: x
            .at(-1234, 1)
            .add(edge.at(999, -1, 1))
            .add(hole.at(2500, 2))
            .add(x.at(100)),
        }),
      );
      const x = twin.field(cells, real);
      const out = twin.field(cells, real);
      await twin.run((p) => p.run(far, { x, edge: x, hole: x, out }));
    }
  });

  twice("products that several sums share, over and over", async (twin) => {
    const shared = kernel("shared", { reads: { x: real }, writes: { out: real } }, ({ x }) => {
      let [a, b] = [x.mul(0.5), x.add(0.25)];
      // Written out as often as they are used, there would be 2^40 of them.
      for (let i = 0; i < 40; i++) {
        const product = a.mul(b);
        [a, b] = [product.add(0.5), product.sub(0.25)];
      }
      return { out: a.add(b) };
    });
    const x = twin.field(grid([21, 1, 1]), real);
    const out = twin.field(grid([21, 1, 1]), real);
    // Eighty sums, each of which some machines round once and others twice.
    await twin.run((p) => p.run(shared, { x, out }), { ulps: 100 });
  });

  twice("a sum keeps the digits of its terms", async (twin) => {
    const cells = grid([1000, 12, 9]);
    const total = kernel("total", { reads: { x: real }, reduces: { sum: "sum" } }, ({ x }) => ({ sum: x }));
    const x = twin.field(cells, real, 0.1);
    const sum = twin.scalar(0);
    await twin.run((p) => p.run(total, { x, sum }), { sums: 1e-6 });
    const term = twin.backend.precision === "f32" ? Math.fround(0.1) : 0.1;
    // Half a unit in the last place of single precision if the sum is kept in it, else the growth of double.
    const relative = twin.ieee ? 1e-13 : 2e-7;
    expect(Math.abs((await twin.backend.get(sum)) / (term * cellsOf(cells)) - 1)).toBeLessThan(relative);
  });

  twice("a cell that is not a number shows in every reduction", async (twin) => {
    const reduced = kernel(
      "reduced",
      { reads: { x: real }, reduces: { sum: "sum", high: "max", low: "min" } },
      ({ x }) => ({ sum: x, high: x, low: x }),
    );
    const values = new Float64Array(1234).fill(1);
    // Wherever it stands, and if there is nothing else.
    for (const at of [0, 3, 777, 1233, undefined]) {
      const x = twin.backend.field(grid([617, 2, 1]), real);
      const [sum, high, low] = [0, 0, 0].map((zero) => twin.backend.scalar(zero));
      await twin.backend.write(x, at === undefined ? Number.NaN : values.with(at, Number.NaN));
      await (await twin.backend.compile(program("reduced", (p) => p.run(reduced, { x, sum, high, low })))).run();
      for (const scalar of [sum, high, low]) expect(await twin.backend.get(scalar)).toBeNaN();
      twin.backend.release(x);
    }
  });

  twice("a reduction of neighbours, of loops, along columns, and of what is the same everywhere", async (twin) => {
    const cells = grid([11, 4, 2]);
    const x = twin.field(cells, real);
    const s = twin.scalar(0.5);
    const slopes = kernel(
      "slopes",
      { reads: { x: real, s: real }, reduces: { sum: "sum", high: "max" } },
      ({ x, s }, here) => ({
        sum: here.loop(3, x.at(2).sub(x.at(-1)).squared(), (t) => t.mul(s)),
        high: x.at(1, 1, 1),
      }),
    );
    const constant = kernel(
      "constant",
      { reads: { x: real, s: real }, reduces: { sum: "sum", low: "min" } },
      ({ s }) => ({
        sum: s.add(1),
        low: s,
      }),
    );
    const column = kernel("column", { reads: { x: real }, reduces: { sum: "sum" }, sweep: "y" }, ({ x }, here) => ({
      sum: here.loop(here.size.y, here.constant(0), (t, i) => t.add(x.get({ y: i }))),
    }));
    const one = () => twin.scalar(0);
    await twin.run(
      (p) =>
        p
          .run(slopes, { x, s, sum: one(), high: one() })
          .run(constant, { x, s, sum: one(), low: one() })
          .run(column, { x, sum: one() }),
      { sums: 1e-5 },
    );
  });
}
