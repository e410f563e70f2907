import { grid } from "../grid.ts";
import { kernel } from "../language/kernel.ts";
import { int, matrix, real, vector } from "../language/types.ts";
import { Complex, Real, Symmetric, select, type Vector } from "../language/values.ts";
import { asInt } from "./arithmetic.ts";
import { nine } from "./places.ts";
import type { Twice } from "./twice.ts";

export function loops(twice: Twice): void {
  const cells = grid([7, 3, 1]);

  twice("counts that are fixed, device scalars, or differ from cell to cell", async (twin) => {
    const series = kernel(
      "series",
      { reads: { x: real, n: int }, writes: { sum: real, rounds: int, flag: int } },
      ({ x, n }, here) => {
        // Needed after the loop, too, even if that has no rounds.
        const fixed = x.mul(0.5).add(1);
        const after = here.loop(n, { term: here.constant(1), sum: new Real(x.node), k: here.integer(0) }, (s, i) => {
          const term = s.term.mul(fixed).div(i.toReal().add(1));
          return { term, sum: s.sum.add(s.term), k: s.k.add(i).add(1) };
        });
        const odd = here.loop(n, x.gt(0), (b) => b.not());
        return { sum: after.sum.add(fixed), rounds: after.k, flag: asInt(here, odd) };
      },
    );
    const x = twin.field(cells, real);
    const out = () => ({
      sum: twin.field(cells, real, 0),
      rounds: twin.field(cells, int, 0),
      flag: twin.field(cells, int, 0),
    });
    const counts = twin.field(cells, int, (i) => i - 4);
    const s = twin.scalar(0, "int");
    const run = await twin.compile((p) => {
      for (const n of [0, 1, 6, -3, s, counts]) p.run(series, { x, n, ...out() });
    });
    for (const value of [0, 1, 9, -7]) {
      twin.set(s, value);
      await run.run();
    }
  });

  twice("nested loops, of counts that depend on each other", async (twin) => {
    const nested = kernel(
      "nested",
      { reads: { x: real, n: int }, writes: { a: real, b: real, c: int } },
      ({ x, n }, here) => {
        const invariant = x.mul(3).add(1);
        const uniform = here.loop(3, x as Real, (s, i) =>
          here.loop(i.add(1), s.mul(0.5), (t, j) => t.add(invariant).add(i.mul(10).add(j).toReal())),
        );
        const varying = here.loop(n, { s: x as Real, k: here.integer(1) }, ({ s, k }, i) => {
          const inner = here.loop(k.add(i).mod(4), { s, k }, (t) => ({
            s: t.s.mul(0.5).add(invariant),
            k: t.k.add(2),
          }));
          return { s: inner.s, k: inner.k.min(50) };
        });
        const again = here.loop(varying.k.mod(5), here.integer(1), (p) => p.mul(3));
        return { a: uniform, b: varying.s, c: again.add(varying.k) };
      },
    );
    await twin.run((p) =>
      p.run(nested, {
        x: twin.field(cells, real),
        n: twin.field(cells, int, (i) => i % 6),
        a: twin.field(cells, real, 0),
        b: twin.field(cells, real, 0),
        c: twin.field(cells, int, 0),
      }),
    );
  });

  twice("state of several types, exchanged in each round, and of numbers", async (twin) => {
    const state = kernel(
      "state",
      { reads: { x: real, m: vector }, writes: { out: matrix, n: int } },
      ({ x, m }, here) => {
        const after = here.loop(
          5,
          {
            a: x as Real,
            b: 1 as number | Real,
            z: new Complex(x, here.constant(1)),
            list: [m as Vector, here.vector(1, 2, 3)],
            s: Symmetric.square(m),
            t: x.gt(0),
            n: here.integer(1),
            k: here.integer(2),
          },
          ({ a, b, z, list, s, t, n, k }, i) => ({
            a: b as Real,
            b: select(t, a, (b as Real).mul(0.5)),
            z: z.mul(z).scale(0.5),
            list: [list[1], list[0].cross(list[1]).scale(0.3)],
            s: s.add(s.scale(0.1)),
            t: t.xor(i.eq(2)),
            n: k,
            k: n.add(k),
          }),
        );
        const unused = here.loop(3, x as Real, (s) => s.mul(2));
        const kept = here.loop(4, { same: x as Real, fixed: x as Real }, ({ same }) => ({
          same,
          fixed: here.constant(5),
        }));
        const given = unused.mul(0).add(kept.same).add(kept.fixed);
        return {
          out: nine(here, [
            after.a,
            after.b as Real,
            after.z.re,
            after.z.im,
            after.list[0].x,
            after.list[1].z,
            after.s.yz,
            select(after.t, 1, 0),
            given,
          ]),
          n: after.n.mul(1000).add(after.k),
        };
      },
    );
    await twin.run((p) =>
      p.run(state, {
        x: twin.field(cells, real),
        m: twin.field(cells, vector),
        out: twin.field(cells, matrix, 0),
        n: twin.field(cells, int, 0),
      }),
    );
  });

  twice("reads at indices that a loop counts", async (twin) => {
    const dot = kernel(
      "row times column",
      { reads: { a: real.beyond("periodic"), b: real.beyond("mirror"), n: int }, writes: { out: real, far: real } },
      ({ a, b, n }, here) => {
        const zero = here.constant(0);
        return {
          out: here.loop(here.size.x + 2, zero, (s, i) => s.add(a.get({ x: i }).mul(b.get({ x: i.mul(2), y: i })))),
          far: here.loop(n, zero, (s, i) =>
            s
              .mul(0.5)
              .add(a.get({ x: here.index.x.add(i) }))
              .add(b.at(1, 0, 0)),
          ),
        };
      },
    );
    await twin.run((p) =>
      p.run(dot, {
        a: twin.field(cells, real),
        b: twin.field(cells, real),
        n: twin.field(cells, int, (i) => i % 4),
        out: twin.field(cells, real, 0),
        far: twin.field(cells, real, 0),
      }),
    );
  });

  twice("a loop ends with the cells, whatever stands beside the last one", async (twin) => {
    // 1/0, as an int, is 2³¹ − 1 rounds.
    const idle = kernel("idle", { reads: { x: real }, writes: { out: int } }, ({ x }, here) => ({
      out: here.loop(here.constant(2).div(x).toInt(), here.integer(0), (s, i) => s.add(i)),
    }));
    const odd = grid([5, 40, 1]);
    await twin.run((p) => p.run(idle, { x: twin.field(odd, real, (i) => 1 + (i % 2)), out: twin.field(odd, int, 0) }));
  });

  twice("local arrays begin as zeros in each cell and clamp their indices", async (twin) => {
    const histogram = kernel(
      "histogram",
      { reads: { x: real, m: vector, n: int }, writes: { out: matrix, count: int, packed: vector } },
      ({ x, m, n }, here) => {
        const counts = here.array(int, 4);
        const sums = here.array(real, 5);
        const vectors = here.array(vector, 3);
        here.loop(9, here.integer(0), (s, i) => {
          const bin = n.add(i.mul(n)).mod(7).sub(1);
          counts.set(bin, counts.get(bin).add(i).add(1));
          sums.set(i.mod(5), sums.get(i.mod(5)).add(x).mul(0.75));
          sums.set(bin, sums.get(bin).add(i.toReal()));
          vectors.set(bin, vectors.get(i).add(m));
          return s.add(1);
        });
        // Finished cells must leave their arrays alone.
        here.loop(n, here.integer(0), (s, i) => {
          counts.set(s.mod(4), counts.get(i).mul(3).add(1));
          sums.set(2, sums.get(2).add(1));
          vectors.set(n.mod(3), m.scale(i.toReal()));
          here.loop(s.add(n).and(3), here.integer(0), (t, j) => {
            sums.set(3, sums.get(3).mul(0.5).add(j.toReal()));
            return t.add(1);
          });
          return s.add(1);
        });
        return {
          out: nine(
            here,
            [0, 1, 2, 3, 4, 9, -9].map((i) => sums.get(i)),
          ),
          count: [0, 1, 2, 3].reduce((total, i) => total.mul(17).add(counts.get(i)), here.integer(0)),
          packed: vectors.get(n).add(vectors.get(1).scale(0.5)),
        };
      },
    );
    await twin.run((p) =>
      p.run(histogram, {
        x: twin.field(cells, real),
        m: twin.field(cells, vector),
        n: twin.field(cells, int, (i) => (i % 8) - 1),
        out: twin.field(cells, matrix, 0),
        count: twin.field(cells, int, 0),
        packed: twin.field(cells, vector, 0),
      }),
    );
  });
}
