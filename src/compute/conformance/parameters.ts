import { expect } from "vitest";
import { cellsOf, grid } from "../grid.ts";
import { kernel } from "../language/kernel.ts";
import { complex, int, matrix, real, symmetric, vector } from "../language/types.ts";
import { Complex, Matrix, type Real, Symmetric, select, Vector } from "../language/values.ts";
import { byRegion } from "../program.ts";
import { numbered } from "./places.ts";
import type { Twice } from "./twice.ts";
import { noise } from "./twin.ts";

export function parameters(twice: Twice): void {
  const cells = grid([9, 4, 2]);
  const damped = kernel(
    "damped",
    {
      reads: { m: vector, axis: vector, strength: real.beyond("zero"), steps: int },
      writes: { out: vector, edge: real, steps2: int },
    },
    ({ m, axis, strength, steps }) => ({
      out: axis.scale(m.dot(axis).mul(strength)).add(m.cross(axis)),
      edge: strength.at(1).add(strength.at(0, -1)).mul(0.5).add(axis.at(-2).x),
      steps2: steps.mul(steps).add(steps.at(0, 0, 1)),
    }),
  );

  twice("a parameter is a number, a device scalar, a field or one value per region", async (twin) => {
    const m = twin.field(cells, vector);
    const rows = 5000;
    const value = noise(8);
    const regions = twin.field(cells, int, (i) => ((i * 733) % (rows + 400)) - 200);
    const axes = twin.table(
      vector,
      Array.from({ length: rows }, (_, i) => [value(i), value(i + 1), value(i + 2)]),
    );
    const strengths = twin.table(
      real,
      Array.from({ length: rows }, (_, i) => [value(2 * i)]),
    );
    const steps = twin.table(
      int,
      Array.from({ length: rows }, (_, i) => [i * 1001 - 7]),
    );
    const [sx, sy, s] = [twin.scalar(0.3), twin.scalar(-0.7), twin.scalar(1 / 3)];
    const n = twin.scalar(-4, "int");
    const out = () => ({
      out: twin.field(cells, vector, 0),
      edge: twin.field(cells, real, 0),
      steps2: twin.field(cells, int, 0),
    });
    await twin.run((p) => {
      for (const axis of [[0.1, -0.2, 0.97], [sx, 0.5, sy], twin.field(cells, vector), byRegion(regions, axes)])
        for (const strength of [0, 2.5, s, twin.field(cells, real), byRegion(regions, strengths)])
          p.run(damped, { m, axis, strength, steps: 3, ...out() });
      for (const count of [n, twin.field(cells, int, numbered), byRegion(regions, steps)])
        p.run(damped, { m, axis: [1, 0, 0], strength: s, steps: count, ...out() });
    });
  });

  twice("numbers that differ in nothing but their sign or size are not the same", async (twin) => {
    const bound = kernel("bound", { reads: { x: real, limit: real }, writes: { out: real } }, ({ x, limit }) => ({
      out: select(x.lt(limit), x, 1),
    }));
    const x = twin.field(cells, real);
    await twin.run((p) => {
      for (const limit of [Infinity, -Infinity, 0.1, 0.1000001, 1e30])
        p.run(bound, { x, limit, out: twin.field(cells, real, 0, `below ${limit}`) });
    });
  });

  twice("a region's index may be the same along a row, or everywhere", async (twin) => {
    const table = twin.table(
      vector,
      Array.from({ length: 40 }, (_, i) => [i, 2 * i, -i]),
    );
    const regions = twin.field(cells, int, (i) => i);
    const chosen = kernel("chosen", { reads: { a: vector, n: int }, writes: { out: vector } }, ({ a, n }, here) => ({
      out: a
        .get({ x: n, y: 1, z: 0 })
        .add(a.get({ x: here.index.y, y: here.index.z }))
        .add(a.get({ x: n }))
        .sub(a.at(1, 1, 0)),
    }));
    for (const n of [2, twin.scalar(-3, "int")])
      await twin.run((p) => p.run(chosen, { a: byRegion(regions, table), n, out: twin.field(cells, vector, 0) }));
  });
}

export function types(twice: Twice): void {
  const cells = grid([5, 3, 2]);

  twice("vectors, complex numbers, tensors", async (twin) => {
    const all = kernel(
      "algebra",
      {
        reads: { v: vector, w: vector, z: complex, c: complex, s: symmetric, m: matrix, n: matrix },
        writes: { a: vector, b: vector, d: complex, e: symmetric, f: matrix, g: real },
      },
      ({ v, w, z, c, s, m, n }) => {
        const safe = n.add(new Matrix(new Vector(v.x.abs().add(4), v.y, v.z), w, v).scale(0));
        return {
          a: v.cross(w).add(v.normalized().scale(w.length())).sub(s.times(v)).div(3),
          b: m.times(v).add(n.transpose().times(w)).neg(),
          d: z
            .mul(c)
            .add(z.div(c.add(new Complex(v.x.mul(0).add(4), v.y))))
            .sub(c.conjugate().neg()),
          e: s.add(Symmetric.square(w)).scale(v.dot(w)).sub(s.neg()),
          f: m.compose(n).add(s.matrix()).sub(m.transpose()),
          g: m.trace().add(n.determinant()).add(z.abs()).add(s.trace()).add(safe.trace()),
        };
      },
    );
    const [v, w] = [twin.field(cells, vector), twin.field(cells, vector)];
    const [z, c] = [twin.field(cells, complex), twin.field(cells, complex)];
    const [m, n] = [twin.field(cells, matrix), twin.field(cells, matrix)];
    const s = twin.field(cells, symmetric);
    await twin.run((p) =>
      p.run(all, {
        ...{ v, w, z, c, s, m, n },
        a: twin.field(cells, vector, 0),
        b: twin.field(cells, vector, 0),
        d: twin.field(cells, complex, 0),
        e: twin.field(cells, symmetric, 0),
        f: twin.field(cells, matrix, 0),
        g: twin.field(cells, real, 0),
      }),
    );
  });

  twice("the inverse of a matrix, the direction of nothing", async (twin) => {
    const inverse = kernel(
      "inverse",
      { reads: { m: matrix, v: vector }, writes: { one: matrix, zero: vector } },
      ({ m, v }) => ({ one: m.inverse().compose(m), zero: v.normalized() }),
    );
    const isDiagonal = (i: number) => Math.floor(i / cellsOf(cells)) % 4 === 0;
    const m = twin.field(cells, matrix, (i) => noise(1)(i) + (isDiagonal(i) ? 4 : 0));
    const [one, zero] = [twin.field(cells, matrix, 0), twin.field(cells, vector, 7)];
    await twin.run((p) => p.run(inverse, { m, v: twin.field(cells, vector, 0), one, zero }));
    expect([...(await twin.backend.read(zero))].every((x) => x === 0)).toBe(true);
    const tolerance = twin.backend.precision === "f32" ? 4e-6 : 1e-14;
    for (const [i, value] of (await twin.backend.read(one)).entries())
      expect(Math.abs(value - (isDiagonal(i) ? 1 : 0))).toBeLessThan(tolerance);
  });

  twice("formulas", async (twin) => {
    const field = kernel(
      "field",
      { reads: { m: vector, A: real, u: vector }, writes: { H: vector, torque: vector, e: real } },
      (_, { formula }) =>
        formula<{ H: Vector; torque: Vector; e: Real }>`
          H = 2 * A * laplacian(m) + 3 * (m · u) * u
          torque = -(m × H + 0.1 * m × (m × H)) / (1 + 0.1²)
          e = (m · u > 0 and A < 2) ? -m · H : sqrt(abs(m.x)) + norm(u)^3
        `,
    );
    await twin.run(
      (p) =>
        p.run(field, {
          m: twin.field(cells, vector),
          A: 1.3,
          u: twin.field(cells, vector),
          H: twin.field(cells, vector, 0),
          torque: twin.field(cells, vector, 0),
          e: twin.field(cells, real, 0),
        }),
      { ulps: twin.exact ? 0 : 64 },
    );
  });
}

export function sharing(twice: Twice): void {
  const rotate = kernel("rotate", { reads: { m: vector, h: vector }, writes: { out: vector } }, ({ m, h }) => ({
    out: m.cross(h).add(new Vector(m.y, m.z, m.x)),
  }));
  const exchange = kernel(
    "exchange",
    { reads: { a: real, b: real }, writes: { first: real, second: real } },
    ({ a, b }) => ({ first: b, second: a.add(b.mul(0)) }),
  );

  twice("a kernel may overwrite what it reads at its own cell", async (twin) => {
    for (const size of [
      [7, 3, 2],
      [600, 1, 1],
    ] as const) {
      const cells = grid(size);
      const [m, h] = [twin.field(cells, vector), twin.field(cells, vector)];
      const [a, b] = [twin.field(cells, real), twin.field(cells, real)];
      await twin.run((p) =>
        p.run(rotate, { m, h, out: m }).run(rotate, { m, h, out: h }).run(exchange, { a, b, first: a, second: b }),
      );
    }
  });

  twice("one field under two names", async (twin) => {
    const cells = grid([5, 3, 1]);
    const m = twin.field(cells, vector);
    const blur = kernel("blur", { reads: { a: vector, b: vector }, writes: { out: vector } }, ({ a, b }) => ({
      out: a.at(1).add(b.at(-1)).sub(b.scale(0.5)),
    }));
    const out = twin.field(cells, vector, 0);
    await twin.run((p) => p.run(blur, { a: m, b: m, out }).run(rotate, { m: out, h: out, out }));
  });

  twice("one kernel with different fields in one program", async (twin) => {
    const cells = grid([5, 3, 1]);
    const [a, b, c] = [0, 1, 2].map(() => twin.field(cells, vector));
    await twin.run((p) =>
      p.run(rotate, { m: a, h: b, out: c }).run(rotate, { m: b, h: c, out: a }).run(rotate, { m: c, h: c, out: b }),
    );
  });
}
