import { expect } from "vitest";
import { type Grid, grid, type Triple } from "../grid.ts";
import { type Here, type Input, kernel, type Place } from "../language/kernel.ts";
import { curl, divergence, gradient, laplacian } from "../language/stencils.ts";
import { type ElementType, int, matrix, real, vector } from "../language/types.ts";
import { type Int, type Matrix, Real } from "../language/values.ts";
import type { ProgramBuilder } from "../program.ts";
import { EDGES, OPEN, type Twice } from "./twice.ts";
import type { Twin } from "./twin.ts";

type Offset = readonly [number, number, number];

/** Sets of offsets: they share the code that treats the ends of a row. */
const NEIGHBOURHOODS: readonly (readonly Offset[])[] = [
  [
    [1, 0, 0],
    [-1, 0, 0],
    [0, 1, 0],
    [0, -1, 0],
    [0, 0, 1],
    [0, 0, -1],
  ],
  [[1, 0, 0]],
  [
    [-1, 0, 0],
    [0, 2, 0],
    [0, -2, 0],
    [0, 0, 2],
    [0, 0, -2],
  ],
  [
    [2, 0, 0],
    [-2, 0, 0],
    [3, 0, 0],
    [-3, 0, 0],
    [0, 3, 0],
    [0, 0, -3],
  ],
  [
    [1, -1, 1],
    [-2, 1, 0],
    [3, 2, -1],
    [-1, -1, -1],
    [5, 0, 0],
    [-6, 1, 1],
  ],
  [
    [70, 0, 0],
    [-70, 0, 0],
    [0, 9, 0],
    [0, -9, 0],
    [-1200, 0, 9],
    [1200, 0, -9],
  ],
];

export const nine = (here: Here, values: readonly (Real | Int)[]): Matrix => {
  const nodes = values.map((v) => (v instanceof Real ? v : v.toReal()).node);
  while (nodes.length < 9) nodes.push(here.constant(0).node);
  return matrix.of(nodes);
};

export const neighbours = <V extends Real | Int>(type: ElementType<V>, offsets: readonly Offset[]) =>
  kernel("neighbours", { reads: { f: type }, writes: { out: matrix } }, ({ f }, here) => ({
    out: nine(
      here,
      offsets.map((offset) => (f as Input<Real | Int>).at(...offset)),
    ),
  }));

/** Grids of all widths, with one, two and three cells across. */
const SHAPES: readonly Triple<number>[] = [1, 3, 4, 5, 7, 8, 13, 64].flatMap((nx, i): Triple<number>[] => [
  [nx, [1, 2, 3][i % 3], [3, 1, 2][i % 3]],
  [nx, [3, 1, 2][i % 3], [1, 2, 1][i % 3]],
]);
/** So few rows that a row is shared out between threads. */
const WIDE: readonly Triple<number>[] = [
  [520, 2, 1],
  [1101, 1, 2],
];

export const numbered = (i: number) => (i % 1009) + 1;

/** One out of five, where others have the same code but for sums of products, or take long to compile it. */
export const some = <T>(twin: Twin, list: readonly T[]) => (twin.exact ? list : list.filter((_, i) => i % 5 === 2));

export function places(twice: Twice): void {
  const everywhere = (twin: Twin, p: ProgramBuilder, cells: Grid, sets = NEIGHBOURHOODS, edges = EDGES) => {
    const f = twin.field(cells, real, numbered);
    const n = twin.field(cells, int, (i) => -numbered(i));
    for (const edge of edges)
      for (const [i, offsets] of sets.entries()) {
        const named = (type: string) => twin.field(cells, matrix, 0, `${type} ${edge} ${offsets.join(" | ")}`);
        p.run(neighbours(real.beyond(edge), offsets), { f, out: named("real") });
        if (i % 2 === 0) p.run(neighbours(int.beyond(edge), offsets), { f: n, out: named("int") });
      }
  };

  twice("neighbours within and beyond the ends of a grid, by every edge rule", async (twin) => {
    for (const size of some(twin, SHAPES)) {
      await twin.run((p) => everywhere(twin, p, grid(size)), { ulps: 0 });
      twin.release();
    }
  });

  twice("neighbours in rows that threads share", async (twin) => {
    for (const size of WIDE) {
      await twin.run((p) => everywhere(twin, p, grid(size), NEIGHBOURHOODS.slice(2)), { ulps: 0 });
      twin.release();
    }
  });

  twice("a periodic axis wraps whatever the edge rule", async (twin) => {
    const periodic: Triple<boolean>[] = [
      [true, false, false],
      [false, true, true],
      [true, true, false],
    ];
    for (const axes of periodic)
      for (const size of [
        [5, 3, 2],
        [8, 1, 3],
        [600, 1, 1],
      ] as const) {
        const cells = grid(size, { periodic: axes });
        await twin.run((p) => everywhere(twin, p, cells, NEIGHBOURHOODS.slice(3), ["mirror", "zero"]), { ulps: 0 });
        twin.release();
      }
  });

  twice("the cell's own index and centre", async (twin) => {
    const cells = grid([7, 3, 2], { cell: [0.5, 2, 3] });
    const own = kernel("own", { writes: { at: vector, packed: int }, reads: { any: real } }, (_, here) => {
      const { x, y, z } = here.index;
      return { at: here.position, packed: x.add(y.mul(100)).add(z.mul(10000)) };
    });
    const at = twin.field(cells, vector, 0);
    const packed = twin.field(cells, int, 0);
    await twin.run((p) => p.run(own, { any: twin.field(cells, real), at, packed }));
    expect([...(await twin.backend.read(packed))].at(-1)).toBe(10206);
    expect([...(await twin.backend.read(at))].slice(0, 3)).toEqual([0.25, 0.75, 1.25]);
  });

  const axes = [[0], [1], [2], [0, 1], [0, 2], [1, 2], [0, 1, 2]];
  type Indices = (here: Here, where: Int, scalar: Int) => [Int, Int, Int];
  const INDICES: Record<string, Indices> = {
    "constants within": (here) => [here.integer(2), here.integer(1), here.integer(0)],
    "constants beyond": (here) => [here.integer(-2), here.integer(7), here.integer(-1)],
    "a scalar": (_, _where, s) => [s, s.sub(1), s.add(2)],
    "own indices": ({ index: { x, y, z } }) => [x.mul(2).sub(3), y.mul(3).sub(1), z.neg()],
    "indices of other axes": ({ index: { y, z } }) => [y.add(z).sub(1), z.mul(2), y.sub(2)],
    "a field": (_, where) => [where, where.div(2), where.mod(5)],
    "both kinds": (here, where, s) => [where, s, here.index.z],
  };
  twice("cells by absolute indices: constant, scalar, by row and by cell, by every edge rule", async (twin) => {
    const sizes: Triple<number>[] = [
      [1, 1, 1],
      [8, 2, 1],
      [5, 3, 2],
      [13, 1, 3],
      [520, 1, 1],
    ];
    for (const size of some(twin, sizes)) {
      const cells = grid(size, { periodic: size[0] === 8 ? [true, false, false] : OPEN });
      const where = twin.field(cells, int, (i) => ((i * 7) % 31) - 12);
      const f = twin.field(cells, real, numbered);
      const n = twin.field(cells, int, (i) => -numbered(i));
      const s = twin.scalar(2, "int");
      const run = await twin.compile((p) => {
        for (const edge of EDGES)
          for (const [name, indices] of Object.entries(INDICES)) {
            const out = (what: string) => twin.field(cells, matrix, 0, `${what} ${edge} by ${name}`);
            const chosen = (f: Input<Real | Int>, here: Here, where: Int, s: Int) => {
              const given = indices(here, where, s);
              const at = (list: readonly number[]): Place =>
                Object.fromEntries(list.map((axis) => ["xyz"[axis], given[axis]]));
              return {
                out: nine(
                  here,
                  axes.map((list) => f.get(at(list))),
                ),
              };
            };
            const reads = { where: int, s: int };
            const reals = kernel(
              "absolute",
              { reads: { ...reads, f: real.beyond(edge) }, writes: { out: matrix } },
              ({ f, where, s }, here) => chosen(f, here, where, s),
            );
            const ints = kernel(
              "absolute",
              { reads: { ...reads, f: int.beyond(edge) }, writes: { out: matrix } },
              ({ f, where, s }, here) => chosen(f, here, where, s),
            );
            p.run(reals, { f, where, s, out: out("reals") });
            if (edge === "zero" || name === "both kinds") p.run(ints, { f: n, where, s, out: out("ints") });
          }
      });
      for (const value of size[0] > 100 ? [40] : [2, -1, 40]) {
        twin.set(s, value);
        await run.run({ ulps: 0 });
      }
      twin.release();
    }
  });

  twice("differences: laplacian, gradient, divergence, curl", async (twin) => {
    for (const size of [
      [1, 4, 3],
      [9, 5, 2],
      [6, 1, 1],
    ] as const) {
      const cells = grid(size, { cell: [0.5, 0.25, 2], periodic: [true, false, false] });
      const all = kernel(
        "differences",
        {
          reads: { u: real, m: vector.beyond("mirror") },
          writes: { lu: real, lm: vector, g: vector, d: real, c: vector },
        },
        ({ u, m }) => ({ lu: laplacian(u), lm: laplacian(m), g: gradient(u), d: divergence(m), c: curl(m) }),
      );
      const [u, lu, d] = [twin.field(cells, real), twin.field(cells, real, 0), twin.field(cells, real, 0)];
      const [m, lm, g, c] = [twin.field(cells, vector), ...[0, 1, 2].map(() => twin.field(cells, vector, 0))];
      await twin.run((p) => p.run(all, { u, m, lu, lm, g, d, c }));
    }
  });
}
