import { expect } from "vitest";
import { cellsOf, grid } from "../grid.ts";
import { kernel, type Place } from "../language/kernel.ts";
import { int, matrix, real, vector } from "../language/types.ts";
import { type Int, Matrix, type Real } from "../language/values.ts";
import { numbered } from "./places.ts";
import { EDGES, type Twice } from "./twice.ts";
import { noise } from "./twin.ts";

export function columns(twice: Twice): void {
  const shapes = [
    [1, 6, 5],
    [5, 4, 3],
    [8, 7, 1],
    [13, 1, 6],
    [600, 3, 2],
  ] as const;
  const along =
    (sweep: "y" | "z") =>
    (i: Int | number): Place => ({ [sweep]: i });

  twice("a tridiagonal system per column, along y and along z", async (twin) => {
    for (const sweep of ["y", "z"] as const)
      for (const size of shapes) {
        const at = along(sweep);
        const thomas = kernel(
          "thomas",
          { reads: { lower: real, diagonal: real, upper: real }, updates: { x: real, ratio: real }, sweep },
          ({ lower, diagonal, upper, x, ratio }, here) => {
            const n = here.size[sweep];
            here.loop(n, { c: here.constant(0), d: here.constant(0) }, (before, i) => {
              const a = lower.get(at(i));
              const pivot = diagonal.get(at(i)).sub(a.mul(before.c));
              const c = upper.get(at(i)).div(pivot);
              const d = x.get(at(i)).sub(a.mul(before.d)).div(pivot);
              ratio.set(at(i), c);
              x.set(at(i), d);
              return { c, d };
            });
            here.loop(n, here.constant(0), (next, i) => {
              const row = i.neg().add(n - 1);
              const solved = x.get(at(row)).sub(ratio.get(at(row)).mul(next));
              x.set(at(row), solved);
              return solved;
            });
            return {};
          },
        );
        const cells = grid(size);
        const [lower, diagonal, upper] = [noise(1), (i: number) => 4 + noise(2)(i), noise(3)].map((values) =>
          twin.field(cells, real, values),
        );
        const x = twin.field(cells, real);
        const right = Float64Array.from(twin.values(x));
        const ratio = twin.field(cells, real, 0);
        // The system is diagonally dominant: errors do not grow.
        await twin.run((p) => p.run(thomas, { lower, diagonal, upper, x, ratio }), { ulps: twin.exact ? 0 : 32 });
        const [a, b, c] = [lower, diagonal, upper].map((f) => twin.values(f));
        const solved = await twin.backend.read(x);
        const axis = sweep === "y" ? 1 : 2;
        const stride = axis === 1 ? size[0] : size[0] * size[1];
        const tolerance = 32 * (twin.backend.precision === "f32" ? 2 ** -24 : 2 ** -53);
        right.forEach((value, i) => {
          const k = Math.floor(i / stride) % size[axis];
          const left = (k > 0 ? a[i] * solved[i - stride] : 0) + b[i] * solved[i];
          const all = left + (k < size[axis] - 1 ? c[i] * solved[i + stride] : 0);
          expect(Math.abs(all - value)).toBeLessThan(tolerance);
        });
      }
  });

  twice("a block tridiagonal system per column, with local arrays of matrices", async (twin) => {
    for (const sweep of ["y", "z"] as const) {
      const at = along(sweep);
      const blocks = kernel(
        "blocks",
        { reads: { lower: matrix, diagonal: matrix, upper: matrix }, updates: { x: vector }, sweep },
        ({ lower, diagonal, upper, x }, here) => {
          const n = here.size[sweep];
          const ratios = here.array(matrix, n);
          const none = here.vector(0, 0, 0);
          here.loop(n, { c: new Matrix(none, none, none), d: none }, ({ c, d }, i) => {
            const pivot = diagonal
              .get(at(i))
              .sub(lower.get(at(i)).compose(c))
              .inverse();
            const ratio = pivot.compose(upper.get(at(i)));
            const rest = pivot.times(x.get(at(i)).sub(lower.get(at(i)).times(d)));
            ratios.set(i, ratio);
            x.set(at(i), rest);
            return { c: ratio, d: rest };
          });
          here.loop(n, none, (next, i) => {
            const row = i.neg().add(n - 1);
            const solved = x.get(at(row)).sub(ratios.get(row).times(next));
            x.set(at(row), solved);
            return solved;
          });
          return {};
        },
      );
      const cells = grid([7, 4, 5]);
      const [lower, upper] = [4, 5].map((seed) => twin.field(cells, matrix, noise(seed)));
      const isDiagonal = (i: number) => Math.floor(i / cellsOf(cells)) % 4 === 0;
      const diagonal = twin.field(cells, matrix, (i) => noise(6)(i) + (isDiagonal(i) ? 9 : 0));
      const x = twin.field(cells, vector);
      await twin.run((p) => p.run(blocks, { lower, diagonal, upper, x }), { ulps: twin.exact ? 0 : 64 });
    }
  });

  twice("updates see what has been stored, and follow the edge rules", async (twin) => {
    for (const edge of EDGES)
      for (const sweep of ["y", "z"] as const) {
        const at = along(sweep);
        const running = kernel(
          "running",
          { reads: { old: real.beyond(edge) }, updates: { u: real.beyond(edge), n: int.beyond(edge) }, sweep },
          ({ u, n, old }, here) => {
            u.set(at(0), u.get(at(0)).add(old.mul(10)));
            here.loop(here.size[sweep] + 2, { last: old as Real }, ({ last }, i) => {
              u.set(
                at(i),
                u
                  .get(at(i.sub(1)))
                  .add(u.get(at(i)))
                  .add(last.mul(0.25)),
              );
              n.set(at(i.sub(1)), n.get(at(i)).add(i.mul(3)));
              return { last: u.get(at(i)) };
            });
            return {};
          },
        );
        const cells = grid([5, 4, 3]);
        const u = twin.field(cells, real, numbered, `u ${edge} ${sweep}`);
        await twin.run((p) =>
          p.run(running, {
            old: twin.field(cells, real),
            u,
            n: twin.field(cells, int, numbered, `n ${edge} ${sweep}`),
          }),
        );
      }
  });

  twice("an update of the own cell without a sweep", async (twin) => {
    const relax = kernel("relax", { updates: { u: vector } }, ({ u }, here) => {
      here.loop(3, here.constant(1), (s, i) => {
        u.set(
          {},
          u
            .get()
            .scale(s)
            .add(here.vector(i.toReal(), 1, 2)),
        );
        return s.mul(0.5);
      });
      return {};
    });
    await twin.run((p) => p.run(relax, { u: twin.field(grid([600, 2, 1]), vector) }));
  });
}
