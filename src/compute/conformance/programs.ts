import { expect } from "vitest";
import type { Field } from "../backend.ts";
import { grid } from "../grid.ts";
import { kernel } from "../language/kernel.ts";
import { complex, type ElementType, int, matrix, real, symmetric, vector } from "../language/types.ts";
import { type Real, Vector } from "../language/values.ts";
import { asInt } from "./arithmetic.ts";
import { rotateBy } from "./elementary.ts";
import { numbered } from "./places.ts";
import { OPEN, type Twice } from "./twice.ts";
import { noise } from "./twin.ts";

export const increment = kernel("increment", { reads: { x: real, by: real }, writes: { out: real } }, ({ x, by }) => ({
  out: x.add(by),
}));
export const spread = kernel("spread", { reads: { x: real }, writes: { out: real } }, ({ x }) => ({
  out: x
    .mul(0.5)
    .add(x.at(1, 1))
    .add(x.at(-1, 0, 1))
    .mul(0.37),
}));
export const largest = kernel("largest", { reads: { x: real }, reduces: { high: "max" } }, ({ x }) => ({
  high: x.abs(),
}));
const above = kernel("above", { reads: { x: real, limit: real }, writes: { out: int } }, ({ x, limit }, here) => ({
  out: asInt(here, x.gt(limit)),
}));
export const count = kernel("count", { reads: { n: int }, writes: { out: int } }, ({ n }) => ({ out: n.add(1) }));
export const parity = kernel("parity", { reads: { n: int }, writes: { out: int } }, ({ n }) => ({ out: n.and(1) }));
const halve = kernel("halve", { reads: { s: real, t: real }, writes: { out: real } }, ({ s, t }) => ({
  out: s.mul(0.5).add(t.sqrt()),
}));

export function programs(twice: Twice): void {
  twice("repetition, by a number and by a scalar", async (twin) => {
    const cells = grid([6, 5, 2]);
    const [a, b] = [twin.field(cells, real), twin.field(cells, real)];
    const n = twin.scalar(0, "int");
    const total = twin.scalar(0, "int");
    const run = await twin.compile((p) => {
      p.repeat(5, () => p.run(spread, { x: a, out: b }).run(spread, { x: b, out: a }));
      p.repeat(n, () => {
        p.run(spread, { x: a, out: b }).copy(b, a);
        p.repeat(3, () => p.run(count, { n: total, out: total }));
      });
      p.repeat(0, () => p.run(increment, { x: a, by: 1, out: a }));
    });
    for (const value of [0, 1, 4, -2]) {
      twin.set(n, value);
      await run.run();
    }
    expect(await twin.backend.get(total)).toBe(15);
  });

  twice("a loop while a reduction says so, up to its limit", async (twin) => {
    for (const limit of [100, 3, 0]) {
      const cells = grid([40, 3, 1]);
      const [a, b] = [twin.field(cells, real), twin.field(cells, real)];
      const [high, going, rounds] = [twin.scalar(1), twin.scalar(1, "int"), twin.scalar(0, "int")];
      await twin.run((p) =>
        p.while(going, limit, () => {
          p.run(spread, { x: a, out: b }).copy(b, a).run(largest, { x: a, high });
          p.run(above, { x: high, limit: 0.05, out: going }).run(count, { n: rounds, out: rounds });
        }),
      );
      if (limit === 100) expect(await twin.backend.get(rounds)).toBeLessThan(100);
    }
  });

  twice("a choice by a real or an int scalar, and choices within loops", async (twin) => {
    const cells = grid([9, 2, 2]);
    const [a, b] = [twin.field(cells, real), twin.field(cells, real)];
    const [flag, level, n] = [twin.scalar(0, "int"), twin.scalar(0), twin.scalar(0, "int")];
    const run = await twin.compile((p) => {
      p.when(
        level,
        () => p.run(increment, { x: a, by: level, out: a }),
        () => p.run(spread, { x: a, out: b }),
      );
      p.repeat(7, () => {
        p.run(count, { n, out: n }).run(parity, { n, out: flag });
        p.when(
          flag,
          () => p.run(spread, { x: a, out: b }),
          () => {
            p.run(spread, { x: b, out: a });
            p.when(level, () => p.repeat(2, () => p.run(increment, { x: a, by: 0.25, out: a })));
          },
        );
      });
    });
    for (const value of [0, 0.5, -1e-30]) {
      twin.set(level, value);
      await run.run();
    }
  });

  twice("kernels on scalars alone", async (twin) => {
    const [s, t] = [twin.scalar(1), twin.scalar(2)];
    const n = twin.scalar(5, "int");
    const newton = kernel(
      "newton",
      { reads: { s: real, n: int }, writes: { root: real, half: int } },
      ({ s, n }, here) => ({
        root: here.loop(n, s as Real, (x) => x.add(s.div(x)).mul(0.5)),
        half: n.div(2),
      }),
    );
    const vectors = kernel(
      "vectors",
      { reads: { v: vector, z: complex }, writes: { w: vector, y: complex } },
      ({ v, z }) => ({
        w: v.cross(new Vector(z.re, z.im, v.x)),
        y: z.mul(z),
      }),
    );
    await twin.run((p) =>
      p
        .run(halve, { s, t, out: t })
        .run(halve, { s: t, t: s, out: s })
        .run(newton, { s, n, root: t, half: n })
        .run(vectors, { v: [s, t, 0.5], z: [1, t], w: [t, s, twin.scalar(0)], y: [twin.scalar(0), twin.scalar(0)] }),
    );
  });

  twice("a scalar made by a kernel is seen by all that follow", async (twin) => {
    const cells = grid([30, 4, 1]);
    const [a, b] = [twin.field(cells, real), twin.field(cells, real)];
    const [high, s] = [twin.scalar(0), twin.scalar(1)];
    await twin.run(
      (p) =>
        p.repeat(6, () => {
          p.run(largest, { x: a, high }).run(halve, { s: high, t: high, out: s });
          p.run(increment, { x: a, by: s, out: b }).run(spread, { x: b, out: a });
        }),
      { ulps: twin.exact ? 0 : 64 },
    );
  });

  twice("kernels on different grids, and copies of every type", async (twin) => {
    const [small, large] = [grid([5, 2, 1]), grid([600, 2, 2])];
    await twin.run((p) => {
      for (const cells of [small, large])
        for (const type of [real, int, vector, complex, symmetric, matrix] as readonly ElementType[])
          p.copy(twin.field(cells, type, numbered), twin.field(cells, type, 0));
      for (const cells of [small, large, small])
        p.run(spread, { x: twin.field(cells, real), out: twin.field(cells, real, 0) });
    });
  });

  twice("many steps, without a choice or loop", async (twin) => {
    const cells = grid([17, 9, 1]);
    const ring = [0, 1, 2, 3].map(() => twin.field(cells, real));
    await twin.run(
      (p) => {
        for (let i = 0; i < 300; i++) {
          const [x, out] = [ring[i % 4], ring[(i * 7 + 1) % 4]];
          if (x === out || i % 3 === 0) p.run(increment, { x, by: 0.01 * i, out });
          else p.run(spread, { x, out });
        }
      },
      { ulps: twin.exact ? 0 : 600 },
    );
  });

  twice("more scalars than fit at first", async (twin) => {
    const many = Array.from({ length: 150 }, (_, i) => twin.scalar(i));
    await twin.run((p) => {
      for (let i = 1; i < many.length; i++) p.run(halve, { s: many[i - 1], t: many[i], out: many[i] });
    });
  });

  twice("a convolution within a loop", async (twin) => {
    for (const [components, size, periodic] of [
      [3, [7, 4, 1], OPEN],
      [3, [5, 3, 2], [true, false, false]],
      [1, [8, 6, 1], [true, true, false]],
    ] as const) {
      const cells = grid(size, { periodic });
      const samples = size.map((n, axis) => (periodic[axis] ? Math.floor(n / 2) + 1 : n));
      const count = samples[0] * samples[1] * samples[2];
      const place = (i: number) => [
        i % samples[0],
        Math.floor(i / samples[0]) % samples[1],
        Math.floor(i / (samples[0] * samples[1])),
      ];
      // Odd along two axes: zero on and half way round them.
      const odd = [[], [], [], [0, 1], [0, 2], [1, 2]];
      const tensor = odd.slice(0, components === 1 ? 1 : 6).map((axes, c) =>
        Float64Array.from({ length: count }, (_, i) => {
          const d = place(i);
          const node = axes.some((a) => d[a] === 0 || (periodic[a] && 2 * d[a] === size[a]));
          return node ? 0 : noise(c)(i) * 0.1;
        }),
      );
      const convolution = twin.convolution(cells, { components: tensor });
      const type: ElementType = components === 1 ? real : vector;
      const [m, h] = [twin.field(cells, type), twin.field(cells, type, 0)];
      await twin.run(
        (p) =>
          p.repeat(3, () => {
            p.convolve(convolution, m, h);
            if (components === 3)
              p.run(rotateBy, { m: m as Field<Vector>, h: h as Field<Vector>, out: m as Field<Vector> });
            else p.copy(h, m);
          }),
        // Transforms of ten numbers, three times.
        { ulps: 64 },
      );
    }
  });
}
