import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AbortedError, AllocationError, type Backend, BackendError, type Field } from "../backend.ts";
import { cellsOf, type Edge, type Grid, grid, type Triple } from "../grid.ts";
import * as functions from "../language/functions.ts";
import { type Here, type Input, type Kernel, kernel, type Place } from "../language/kernel.ts";
import { curl, divergence, gradient, laplacian } from "../language/stencils.ts";
import { complex, type ElementType, int, matrix, real, symmetric, vector } from "../language/types.ts";
import { type Bool, Complex, type Int, Matrix, Real, Symmetric, select, Vector } from "../language/values.ts";
import { byRegion, type ProgramBuilder, program } from "../program.ts";
import { philox } from "../random/generator.ts";
import { philox4x32 } from "../random/philox.ts";
import type { WasmBackend } from "../wasm/backend.ts";
import type { Workers } from "../wasm/threads.ts";
import { noise, Twin } from "./twin.ts";

const EDGES: readonly Edge[] = ["clamped", "mirror", "zero", "periodic"];
const OPEN: Triple<boolean> = [false, false, false];

/**
 * What a backend has to do, checked against the interpreter or closed forms.
 * @param missing why there is no such backend here; all is skipped then
 */
export function conformance(name: string, open: () => Promise<Backend>, missing?: string): void {
  describe.skipIf(missing !== undefined)(missing === undefined ? name : `${name} (${missing})`, () => {
    let backend: Backend;
    beforeAll(async () => {
      backend = await open();
    });
    afterAll(async () => backend?.destroy());

    const twice = (title: string, body: (twin: Twin) => Promise<void>) =>
      it(title, async () => {
        const twin = new Twin(backend);
        try {
          await body(twin);
        } finally {
          twin.release();
        }
      });

    arithmetic(twice);
    places(twice);
    columns(twice);
    loops(twice);
    parameters(twice);
    types(twice);
    sharing(twice);
    reductions(twice);
    programs(twice);
    elementary(twice);
    storage(() => backend);
    failures(() => backend, open);
  });
}

type Twice = (title: string, body: (twin: Twin) => Promise<void>) => void;

// Zeros, ties of rounding, whole and broken numbers of many sizes.
const REALS = [0, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, 3.25, -7.75, 1 / 3, 1e5, -1e5, 1e-5, 4194304.5, 123.456];
const SPECIAL = [0, 1, -1, 0.7, Infinity, -Infinity, NaN, 1e-40, -3e-42, 3e9, -3e9, 2147483520, 1e38];
const INTS = [0, 1, -1, 2, 3, -5, 7, 31, 32, 33, 100, -100, 46341, 2 ** 31 - 1, -(2 ** 31), 0x12345678];

const REAL_OPERATIONS: Record<string, (a: Real, b: Real) => Real> = {
  add: (a, b) => a.add(b),
  sub: (a, b) => a.sub(b),
  mul: (a, b) => a.mul(b),
  div: (a, b) => a.div(b),
  neg: (a) => a.neg(),
  abs: (a) => a.abs(),
  sqrt: (a) => a.sqrt(),
  floor: (a) => a.floor(),
  ceil: (a) => a.ceil(),
  round: (a) => a.round(),
  squared: (a) => a.squared(),
  "mul and add": (a, b) => a.mul(b).add(b),
  "add constant": (a) => a.add(0.1),
  "divide constant": (a) => new Real(a.node.graph.constant(3)).div(a),
};

/** Not for NaN, of which machines make what they like here. */
const EXTREMES: Record<string, (a: Real, b: Real) => Real> = {
  min: (a, b) => a.min(b),
  max: (a, b) => a.max(b),
};

const REAL_TESTS: Record<string, (a: Real, b: Real) => Bool> = {
  lt: (a, b) => a.lt(b),
  le: (a, b) => a.le(b),
  gt: (a, b) => a.gt(b),
  ge: (a, b) => a.ge(b),
  eq: (a, b) => a.eq(b),
  ne: (a, b) => a.ne(b),
  not: (a, b) => a.lt(b).not(),
  and: (a, b) => a.gt(0).and(b.gt(0)),
  or: (a, b) => a.gt(0).or(b.gt(0)),
  xor: (a, b) => a.gt(0).xor(b.gt(0)),
  "and true": (a) => a.gt(1).and(true),
  select: (a, b) => select(a.lt(b), a.lt(0), b.lt(0)),
};

const INT_OPERATIONS: Record<string, (a: Int, b: Int) => Int> = {
  add: (a, b) => a.add(b),
  sub: (a, b) => a.sub(b),
  mul: (a, b) => a.mul(b),
  div: (a, b) => a.div(b),
  mod: (a, b) => a.mod(b),
  neg: (a) => a.neg(),
  abs: (a) => a.abs(),
  min: (a, b) => a.min(b),
  max: (a, b) => a.max(b),
  and: (a, b) => a.and(b),
  or: (a, b) => a.or(b),
  xor: (a, b) => a.xor(b),
  not: (a) => a.not(),
  shl: (a, b) => a.shl(b),
  shr: (a, b) => a.shr(b),
  sar: (a, b) => a.sar(b),
  mulhi: (a, b) => a.mulhi(b),
  "shift by constant": (a) => a.shl(3).xor(a.shr(29)),
  "mod constant": (a) => a.mod(7).mul(100).add(a.div(-3)),
};

const INT_TESTS: Record<string, (a: Int, b: Int) => Bool> = {
  lt: (a, b) => a.lt(b),
  le: (a, b) => a.le(b),
  gt: (a, b) => a.gt(b),
  ge: (a, b) => a.ge(b),
  eq: (a, b) => a.eq(b),
  ne: (a, b) => a.ne(b),
  not: (a, b) => a.lt(b).not(),
  and: (a, b) => a.gt(0).and(b.gt(0)),
  or: (a, b) => a.gt(0).or(b.gt(0)),
  xor: (a, b) => a.gt(0).xor(b.gt(0)),
  select: (a, b) => select(a.lt(b), a.lt(0), b.lt(0)),
};

const fromReals = (name: string, of: (a: Real, b: Real) => Real) =>
  kernel(name, { reads: { a: real, b: real }, writes: { out: real } }, ({ a, b }) => ({ out: of(a, b) }));
const fromInts = (name: string, of: (a: Int, b: Int, here: Here) => Int) =>
  kernel(name, { reads: { a: int, b: int }, writes: { out: int } }, ({ a, b }, here) => ({ out: of(a, b, here) }));
const asInt = (here: Here, truth: Bool) => select(truth, here.integer(1), here.integer(0));

/** All pairs of two lists of values. */
const pairs = (values: readonly number[]) => ({
  pairGrid: grid([values.length, values.length, 1]),
  first: (i: number) => values[i % values.length],
  second: (i: number) => values[Math.floor(i / values.length)],
});

function arithmetic(twice: Twice): void {
  const realsOf = async (
    twin: Twin,
    values: readonly number[],
    operations: typeof REAL_OPERATIONS,
    tolerance: { ulps?: number },
  ) => {
    const { pairGrid, first, second } = pairs(values);
    const [a, b] = [twin.field(pairGrid, real, first), twin.field(pairGrid, real, second)];
    await twin.run((p) => {
      for (const [name, of] of Object.entries(operations))
        p.run(fromReals(name, of), { a, b, out: twin.field(pairGrid, real, 0, name) });
    }, tolerance);
  };

  twice("operations on reals", async (twin) => {
    // Fused multiply-add is off by one rounding, quotients on graphics processors by 2.5.
    const tolerance = { ulps: twin.exact ? 0 : 4 };
    for (const operations of [REAL_OPERATIONS, EXTREMES]) await realsOf(twin, REALS, operations, tolerance);
    if (!twin.ieee) return;
    await realsOf(twin, SPECIAL, REAL_OPERATIONS, tolerance);
    await realsOf(
      twin,
      SPECIAL.filter((x) => !Number.isNaN(x)),
      EXTREMES,
      tolerance,
    );
  });

  twice("comparisons of reals, conversions, selection", async (twin) => {
    for (const values of twin.ieee ? [REALS, SPECIAL] : [REALS]) {
      const { pairGrid, first, second } = pairs(values);
      const [a, b] = [twin.field(pairGrid, real, first), twin.field(pairGrid, real, second)];
      await twin.run((p) => {
        for (const [name, of] of Object.entries(REAL_TESTS)) {
          const test = kernel(
            name,
            { reads: { a: real, b: real }, writes: { which: int, chosen: real } },
            ({ a, b }, here) => ({
              which: select(of(a, b), a.toInt(), asInt(here, of(b, a))),
              chosen: select(of(a, b), a, 7),
            }),
          );
          p.run(test, {
            a,
            b,
            which: twin.field(pairGrid, int, 0, name),
            chosen: twin.field(pairGrid, real, 0, name),
          });
        }
      });
    }
  });

  twice("operations on ints wrap, and divide by zero to zero, in fields, scalars and both", async (twin) => {
    const { pairGrid, first, second } = pairs(INTS);
    const [a, b] = [twin.field(pairGrid, int, first), twin.field(pairGrid, int, second)];
    await twin.run((p) => {
      for (const [name, of] of Object.entries(INT_OPERATIONS))
        p.run(fromInts(name, of), { a, b, out: twin.field(pairGrid, int, 0, name) });
      for (const [name, of] of Object.entries(INT_TESTS))
        p.run(
          fromInts(name, (a, b, here) => asInt(here, of(a, b))),
          { a, b, out: twin.field(pairGrid, int, 0, name) },
        );
    });
    // One operand the same for all cells, and both.
    const line = grid([INTS.length, 1, 1]);
    const values = twin.field(line, int, (i) => INTS[i]);
    const one = twin.scalar(0, "int");
    const other = twin.scalar(0, "int");
    const mixed = await twin.compile((p) => {
      for (const [name, of] of Object.entries({ ...INT_OPERATIONS, ...INT_TESTS })) {
        const k = fromInts(name, (a, b, here) => {
          const made = of(a, b);
          return "toReal" in made ? made : asInt(here, made);
        });
        p.run(k, { a: values, b: one, out: twin.field(line, int, 0, `${name} (field, scalar)`) });
        p.run(k, { a: one, b: values, out: twin.field(line, int, 0, `${name} (scalar, field)`) });
        p.run(k, { a: one, b: other, out: twin.field(line, int, 0, `${name} (scalar, scalar) to a field`) });
        p.run(k, { a: one, b: other, out: twin.scalar(0, "int") });
      }
    });
    for (const [i, value] of INTS.entries()) {
      twin.set(one, value);
      twin.set(other, INTS[(5 * i + 3) % INTS.length]);
      await mixed.run();
    }
    mixed.dispose();
  });

  twice("ints become reals, parts of numbers, powers of two", async (twin) => {
    const line = grid([37, 1, 1]);
    const n = twin.field(line, int, (i) => i * i * (i - 18));
    const x = twin.field(line, real, (i) => 1.37 ** (5 * i - 90));
    const parts = kernel(
      "parts",
      { reads: { n: int, x: real }, writes: { back: real, exponent: int, mantissa: real, power: real } },
      ({ n, x }, here) => {
        const { graph } = x.node;
        const exponent = graph.node("exponent", "int", [x.node]);
        const power = graph.node("pow2", "real", [exponent]);
        return {
          back: n.toReal().add(here.index.x.toReal()).add(here.integer(3).toReal()),
          exponent: int.of([exponent]),
          mantissa: new Real(graph.node("mantissa", "real", [x.node])),
          power: new Real(power),
        };
      },
    );
    const [back, mantissa, power] = [0, 1, 2].map(() => twin.field(line, real, 0));
    const exponent = twin.field(line, int, 0);
    await twin.run((p) => p.run(parts, { n, x, back, exponent, mantissa, power }), { ulps: 0 });
  });

  twice("a long chain of one value's uses", async (twin) => {
    // Many values are alive at once, and each is used several times.
    const deep = kernel("deep", { reads: { x: real }, writes: { out: real } }, ({ x }) => {
      const all: Real[] = [x];
      for (let i = 1; i < 120; i++) {
        const [a, b] = [all[(i * 7) % all.length], all[(i * 13) % all.length]];
        all.push(i % 3 === 0 ? a.sub(b.mul(0.5)) : i % 3 === 1 ? a.mul(b).add(0.3) : a.max(b).min(1).abs());
      }
      return { out: all.reduce((a, b) => a.add(b)) };
    });
    const cells = grid([13, 3, 1]);
    await twin.run((p) => p.run(deep, { x: twin.field(cells, real), out: twin.field(cells, real, 0) }), {
      // About as many roundings as there are terms.
      ulps: twin.exact ? 0 : 200,
    });
  });
}

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

const nine = (here: Here, values: readonly (Real | Int)[]): Matrix => {
  const nodes = values.map((v) => (v instanceof Real ? v : v.toReal()).node);
  while (nodes.length < 9) nodes.push(here.constant(0).node);
  return matrix.of(nodes);
};

const neighbours = <V extends Real | Int>(type: ElementType<V>, offsets: readonly Offset[]) =>
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

const numbered = (i: number) => (i % 1009) + 1;

/** One out of five, where others have the same code but for sums of products, or take long to compile it. */
const some = <T>(twin: Twin, list: readonly T[]) => (twin.exact ? list : list.filter((_, i) => i % 5 === 2));

function places(twice: Twice): void {
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

function columns(twice: Twice): void {
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

function loops(twice: Twice): void {
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

function parameters(twice: Twice): void {
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

function types(twice: Twice): void {
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

function sharing(twice: Twice): void {
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

const extremes = kernel(
  "extremes",
  {
    reads: { x: real, y: real },
    writes: { product: real },
    reduces: { sum: "sum", high: "max", low: "min", norm: "sum" },
  },
  ({ x, y }) => ({ product: x.mul(y), sum: x.add(y), high: x.sub(2), low: x.add(2), norm: x.mul(x) }),
);

function reductions(twice: Twice): void {
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

const increment = kernel("increment", { reads: { x: real, by: real }, writes: { out: real } }, ({ x, by }) => ({
  out: x.add(by),
}));
const spread = kernel("spread", { reads: { x: real }, writes: { out: real } }, ({ x }) => ({
  out: x
    .mul(0.5)
    .add(x.at(1, 1))
    .add(x.at(-1, 0, 1))
    .mul(0.37),
}));
const largest = kernel("largest", { reads: { x: real }, reduces: { high: "max" } }, ({ x }) => ({ high: x.abs() }));
const above = kernel("above", { reads: { x: real, limit: real }, writes: { out: int } }, ({ x, limit }, here) => ({
  out: asInt(here, x.gt(limit)),
}));
const count = kernel("count", { reads: { n: int }, writes: { out: int } }, ({ n }) => ({ out: n.add(1) }));
const parity = kernel("parity", { reads: { n: int }, writes: { out: int } }, ({ n }) => ({ out: n.and(1) }));
const halve = kernel("halve", { reads: { s: real, t: real }, writes: { out: real } }, ({ s, t }) => ({
  out: s.mul(0.5).add(t.sqrt()),
}));

function programs(twice: Twice): void {
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

const rotateBy = kernel("rotate by", { reads: { m: vector, h: vector }, writes: { out: vector } }, ({ m, h }) => ({
  out: m.add(m.cross(h).scale(0.5)),
}));

interface Sampled {
  readonly of: (x: Real, y: Real) => Real;
  readonly exact: (x: number, y: number) => number;
  /** Where x, and y, are taken from. */
  readonly from: readonly [number, number];
  readonly and?: readonly [number, number];
  /** In units of the last place, and absolute where results pass through zero. */
  readonly ulps: number;
}

const UNIT = [0, 1] as const;

// What elementary.ts promises, and one more since Math may be off by one itself.
const FUNCTIONS: Record<string, Sampled> = {
  exp: { of: functions.exp, exact: Math.exp, from: [-80, 80], ulps: 4 },
  log: { of: functions.log, exact: Math.log, from: [1e-6, 1e6], ulps: 4 },
  sin: { of: functions.sin, exact: Math.sin, from: [-1000, 1000], ulps: 4 },
  cos: { of: functions.cos, exact: Math.cos, from: [-1000, 1000], ulps: 4 },
  tan: { of: functions.tan, exact: Math.tan, from: [-1.5, 1.5], ulps: 5 },
  tanh: { of: functions.tanh, exact: Math.tanh, from: [-10, 10], ulps: 5 },
  asin: { of: functions.asin, exact: Math.asin, from: [-1, 1], ulps: 5 },
  acos: { of: functions.acos, exact: Math.acos, from: [-1, 1], ulps: 5 },
  atan: { of: functions.atan, exact: Math.atan, from: [-50, 50], ulps: 5 },
  atan2: { of: functions.atan2, exact: Math.atan2, from: [-3, 3], and: [-2, 2], ulps: 5 },
  pow: { of: functions.pow, exact: Math.pow, from: [0.01, 30], and: [-8, 8], ulps: 5 },
  "x⁵": { of: (x) => functions.pow(x, 5), exact: (x) => x ** 5, from: [-3, 3], ulps: 4 },
  "x⁻³": { of: (x) => functions.pow(x, -3), exact: (x) => x ** -3, from: [0.1, 3], ulps: 8 },
};

function elementary(twice: Twice): void {
  const line = grid([1031, 1, 1]);
  twice("elementary functions are as accurate as promised, and alike on all machines", async (twin) => {
    const round = twin.backend.precision === "f32" ? Math.fround : (x: number) => x;
    const epsilon = twin.backend.precision === "f32" ? 2 ** -23 : 2 ** -52;
    for (const [name, { of, exact, from, and = UNIT, ulps }] of Object.entries(FUNCTIONS)) {
      const spread =
        ([low, high]: readonly [number, number], step: number) =>
        (i: number) =>
          low + (high - low) * ((i * step) % 1);
      const x = twin.field(line, real, spread(from, 1 / 1030));
      const y = twin.field(line, real, spread(and, 0.6180339887));
      const out = twin.field(line, real, 0, name);
      await twin.run((p) => p.run(fromReals(name, of), { a: x, b: y, out }), { ulps: twin.exact ? 0 : 8 });
      const [xs, ys, results] = [twin.values(x), twin.values(y), await twin.backend.read(out)];
      // Near zeros of sin and the like an ulp of the argument is what counts on machines with poor quotients.
      const allowed = twin.ieee ? ulps : 3 * ulps;
      results.forEach((value, i) => {
        const wanted = exact(xs[i], ys[i]);
        const error = Math.abs(value - wanted) / (Math.abs(round(wanted)) + epsilon);
        if (!(error <= allowed * epsilon))
          throw new Error(`${name}(${xs[i]}, ${ys[i]}) is ${value}, off by ${error / epsilon} ulp from ${wanted}`);
      });
      twin.release();
    }
  });

  twice("the random words of Philox 4×32-10", async (twin) => {
    const cells = grid([13, 2, 1]);
    const draw = kernel(
      "draw",
      { reads: { seed: int, stream: int }, writes: { a: int, b: int, c: int, d: int } },
      ({ seed, stream }, here) => {
        const counter = [here.index.x, here.index.y, here.integer(7), here.integer(-1)] as const;
        const [a, b, c, d] = philox(counter, [seed, stream]);
        return { a, b, c, d };
      },
    );
    const seed = twin.scalar(0x12345678, "int");
    const words = [0, 1, 2, 3].map(() => twin.field(cells, int, 0));
    const [a, b, c, d] = words;
    await twin.run((p) => p.run(draw, { seed, stream: twin.field(cells, int, (i) => -i), a, b, c, d }));
    const found = await Promise.all(words.map((field) => twin.backend.read(field)));
    for (let i = 0; i < cellsOf(cells); i++) {
      const counter = Uint32Array.of(i % 13, Math.floor(i / 13), 7, 0xffffffff);
      philox4x32(counter, 0x12345678, -i >>> 0);
      expect(found.map((list) => list[i] >>> 0)).toEqual([...counter]);
    }
  });
}

function storage(backend: () => Backend): void {
  it("a field holds what was written to it, whatever its size", async () => {
    const b = backend();
    for (const size of [
      [1, 1, 1],
      [3, 1, 1],
      [5, 3, 2],
      [7, 1, 5],
      [8, 2, 1],
      [64, 33, 3],
      [1025, 5, 1],
    ] as const)
      for (const type of [real, int, vector, complex, symmetric, matrix] as readonly ElementType[]) {
        const field = b.field(grid(size), type);
        const count = cellsOf(field.grid) * type.components;
        const values = Array.from({ length: count }, (_, i) => (i % 8191) - 4000);
        await b.write(field, values);
        expect([...(await b.read(field))]).toEqual(values);
        await b.write(field, Float32Array.from(values));
        expect((await b.read(field)).length).toBe(count);
        await b.write(field, -3);
        expect((await b.read(field)).every((x) => x === -3)).toBe(true);
        await expect(b.write(field, [...values, 1])).rejects.toThrow(BackendError);
        b.release(field);
      }
  });

  it("a new field is zero, also where another one was", async () => {
    const b = backend();
    const cells = grid([100, 10, 1]);
    for (let i = 0; i < 3; i++) {
      const field = b.field(cells, vector);
      expect((await b.read(field)).every((x) => x === 0)).toBe(true);
      await b.write(field, 5);
      b.release(field);
    }
  });

  it("scalars are read back as they were set", async () => {
    const b = backend();
    const [s, n] = [b.scalar(0.1), b.scalar(-7, { kind: "int", name: "rounds" })];
    expect(await b.get(s)).toBeCloseTo(0.1, 6);
    expect(await b.get(n)).toBe(-7);
    b.set(n, 2 ** 31 - 1);
    b.set(s, -2.5);
    expect([await b.get(n), await b.get(s)]).toEqual([2 ** 31 - 1, -2.5]);
    expect(() => b.set(n, 0.5)).toThrow(BackendError);
  });

  it("memory that was released is used again", async () => {
    const b = backend();
    // 48 MB or twice that each, together more than the backends of these tests may hold.
    const cells = grid([1024, 1024, 4]);
    for (let i = 0; i < 12; i++) b.release(b.field(cells, vector));
  });

  it("things that were released, or are of another backend, are refused", async () => {
    const b = backend();
    const field = b.field(grid([4, 1, 1]), real);
    const { key } = field;
    b.release(field);
    await expect(b.read(field)).rejects.toThrow(BackendError);
    await expect(b.write(field, 1)).rejects.toThrow(BackendError);
    expect(() => b.release(field)).toThrow(BackendError);
    const kept = b.field(grid([4, 1, 1]), real);
    const compiled = await b.compile(program("early", (p) => p.run(largest, { x: kept, high: b.scalar() })));
    await compiled.run();
    b.release(kept);
    await expect(compiled.run()).rejects.toThrow(BackendError);
    const use = program("late", (p) => p.run(largest, { x: { ...field, key }, high: b.scalar() }));
    await expect(b.compile(use)).rejects.toThrow(BackendError);
  });

  it("what cannot be is refused, and the error says what is wrong with what", async () => {
    const b = backend();
    const cells = grid([4, 2, 1]);
    const field = b.field(cells, real, "u");
    const scalar = b.scalar(0, { name: "n", kind: "int" });
    expect(() => b.field(cells, "real" as never, "w")).toThrow('field "w" needs an element type');
    expect(() => b.field([4, 2, 1] as never, real, "w")).toThrow('field "w" needs a grid made by grid([nx, ny, nz])');
    expect(() => b.table(real, [], "K")).toThrow('table "K" has no rows');
    expect(() => b.table(vector, [[1, 2]], "K")).toThrow('row 0 of table "K" has 2 numbers, a vector has 3');
    expect(() => b.table(real, [1, Number.NaN], "K")).toThrow('row 1 of table "K" is not a number');
    expect(() => b.set(scalar, 0.5)).toThrow('the scalar "n" is whole, not 0.5');
    expect(() => b.set(scalar, 1e10)).toThrow('the scalar "n" has 32 bits, too few for 10000000000');
    await expect(b.write(field, [1, 2, 3])).rejects.toThrow(
      'field "u" holds 8 numbers (1 planes of 4×2×1 cells, one component after the other), not 3',
    );
    expect(() => b.convolution(cells, { components: [new Float64Array(7)] }, "K")).toThrow(
      'component 0 of convolution "K" needs 8 samples, not 7',
    );
    b.release(field);
  });

  it("what was asked for before a release still happens, and nothing after it", async () => {
    const b = backend();
    const cells = grid([16, 16, 1]);
    const [x, out] = [b.field(cells, real), b.field(cells, real)];
    const convolution = b.convolution(cells, {
      components: [Float64Array.from({ length: 256 }, (_, i) => (i ? 0 : 2))],
    });
    const executable = await b.compile(program("twice", (p) => p.convolve(convolution, x, out)));
    await b.write(x, 3);
    const run = executable.run();
    const read = b.read(out);
    b.release(convolution);
    await run;
    expect((await read)[7]).toBeCloseTo(6, 4);
    const later = b.field(cells, real);
    await b.write(later, 7);
    await expect(executable.run()).rejects.toThrow(BackendError);
    expect((await b.read(later)).every((value) => value === 7)).toBe(true);
    const scalar = b.scalar(1);
    b.release(scalar);
    expect(() => b.set(scalar, 2)).toThrow(BackendError);
    for (const field of [x, out, later]) b.release(field);
  });

  it("what goes wrong within a kernel is said with its name", async () => {
    const b = backend();
    const x = b.field(grid([8, 1, 1]), real);
    const compile = (made: Kernel) => b.compile(program("trial", (p) => p.run(made, { x, out: x } as never)));
    const deep = kernel("deep", { reads: { x: real }, writes: { out: real } }, ({ x }) => {
      let sum = x.add(0);
      for (let i = 0; i < 20_000; i++) sum = sum.mul(x).add(i);
      return { out: sum };
    });
    await expect(compile(deep as unknown as Kernel)).rejects.toThrow('kernel "deep": its expressions are nested too');
    const faulty = kernel("faulty", { reads: { x: real }, writes: { out: real } }, ({ x }) => ({
      out: (x as never as { none: { here: () => never } }).none.here(),
    }));
    await expect(compile(faulty as unknown as Kernel)).rejects.toThrow('kernel "faulty": TypeError');
    b.release(x);
  });

  it("a field that does not fit is refused with its size, and nothing has happened", async () => {
    const b = backend();
    const kept = b.field(grid([4, 1, 1]), real);
    await b.write(kept, [1, 2, 3, 4]);
    const bytes = 2 ** 30 * 9 * (b.precision === "f32" ? 4 : 8);
    let error: unknown;
    try {
      b.field(grid([1024, 1024, 1024]), matrix, "all");
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(AllocationError);
    expect((error as AllocationError).bytes).toBeGreaterThanOrEqual(bytes);
    expect((error as Error).message).toContain('"all"');
    expect([...(await b.read(kept))]).toEqual([1, 2, 3, 4]);
    b.release(kept);
  });
}

/** Adds one to every cell and to a counter, very often. */
async function endless(b: Backend, rounds = 2 ** 30) {
  const cells = grid([256, 64, 1]);
  const field = b.field(cells, real);
  const counter = b.scalar(0, { kind: "int" });
  const executable = await b.compile(
    program("endless", (p) =>
      p.repeat(rounds, () =>
        p.run(increment, { x: field, by: 1, out: field }).run(count, { n: counter, out: counter }),
      ),
    ),
  );
  return { field, counter, executable };
}

function failures(backend: () => Backend, open: () => Promise<Backend>): void {
  it("runs that are asked for at once happen one after the other", async () => {
    const b = backend();
    const cells = grid([50, 7, 1]);
    const field = b.field(cells, real);
    const double = kernel("double", { reads: { x: real }, writes: { out: real } }, ({ x }) => ({ out: x.mul(2) }));
    const [plus, twofold] = await Promise.all([
      b.compile(program("plus", (p) => p.run(increment, { x: field, by: 1, out: field }))),
      b.compile(program("twofold", (p) => p.run(double, { x: field, out: field }))),
    ]);
    const first = b.write(field, 3);
    const runs = [plus.run(), twofold.run(), plus.run(), twofold.run()];
    const between = b.read(field);
    const second = b.write(field, 100);
    const last = plus.run();
    await Promise.all([first, ...runs, second, last]);
    expect((await between).every((x) => x === 18)).toBe(true);
    expect((await b.read(field)).every((x) => x === 101)).toBe(true);
    const late = plus.run();
    plus.dispose();
    twofold.dispose();
    await late;
    expect((await b.read(field)).every((x) => x === 102)).toBe(true);
    await expect(plus.run()).rejects.toThrow(BackendError);
    b.release(field);
  });

  it("two backends run at once", async () => {
    const other = await open();
    const pair = await Promise.all([backend(), other].map((b) => endless(b, 300)));
    await Promise.all(pair.map(({ executable }) => executable.run()));
    for (const [i, b] of [backend(), other].entries()) {
      expect((await b.read(pair[i].field)).every((x) => x === 300)).toBe(true);
      b.release(pair[i].field);
    }
    await other.destroy();
  });

  it("a long program ends soon after it is aborted, and what it did until then is whole", async () => {
    const b = backend();
    const stopped = new AbortController();
    const { field, counter, executable } = await endless(b);
    stopped.abort();
    await expect(executable.run({ signal: stopped.signal })).rejects.toThrow(AbortedError);
    expect(await b.get(counter)).toBe(0);
    // On the calling thread nothing can happen meanwhile.
    if (b.description.includes("calling thread")) return;
    const controller = new AbortController();
    const running = executable.run({ signal: controller.signal });
    setTimeout(() => controller.abort(), 50);
    const began = performance.now();
    await expect(running).rejects.toThrow(AbortedError);
    // Far longer than a round takes, far shorter than the program.
    expect(performance.now() - began).toBeLessThan(5000);
    const rounds = await b.get(counter);
    expect(rounds).toBeGreaterThan(0);
    expect((await b.read(field)).every((x) => x === Math.min(rounds, 2 ** 24))).toBe(true);
    executable.dispose();
    const again = await endless(b, 5);
    await again.executable.run();
    expect(await b.get(again.counter)).toBe(5);
    for (const f of [field, again.field]) b.release(f);
  });

  it("nothing can be done with a backend that was destroyed", async () => {
    const b = await open();
    const { field, counter, executable } = await endless(b, 3);
    await executable.run();
    await b.destroy();
    await b.destroy();
    expect(() => b.field(grid([2, 1, 1]), real)).toThrow(BackendError);
    expect(() => b.scalar()).toThrow(BackendError);
    expect(() => b.set(counter, 1)).toThrow(BackendError);
    await expect(b.read(field)).rejects.toThrow(BackendError);
    await expect(b.get(counter)).rejects.toThrow(BackendError);
    await expect(b.write(field, 1)).rejects.toThrow(BackendError);
    await expect(executable.run()).rejects.toThrow(BackendError);
    await expect(b.compile(program("none", () => {}))).rejects.toThrow(BackendError);
  });
}

/** What backends with workers have to do besides. */
export function workers(name: string, open: () => WasmBackend): void {
  it(`${name}: a run ends early, however soon after its start it is aborted`, async () => {
    const b = open();
    const { counter, executable } = await endless(b, 200_000);
    for (let wait = 0; wait < 6; wait++) {
      const controller = new AbortController();
      b.set(counter, 0);
      const run = expect(executable.run({ signal: controller.signal })).rejects.toThrow(AbortedError);
      for (let i = 0; i < wait; i++) await null;
      controller.abort();
      await run;
    }
    await expect(executable.run({ signal: AbortSignal.abort() })).rejects.toThrow(AbortedError);
    await b.destroy();
  });

  it(`${name}: a backend can be destroyed while it is at work`, async () => {
    const b = open();
    const { executable } = await endless(b);
    const running = expect(executable.run()).rejects.toThrow(BackendError);
    const queued = expect(executable.run()).rejects.toThrow(BackendError);
    await new Promise((done) => setTimeout(done, 20));
    await b.destroy();
    await Promise.all([running, queued]);
  });

  it(`${name}: a worker that dies fails the run, and the next run has a new one`, async () => {
    const b = open();
    const team = b.team as Workers;
    const { executable, field, counter } = await endless(b);
    for (let i = 0; i < 4; i++) {
      const running = executable.run();
      const outcome = expect(running).rejects.toThrow(/worker thread died.*"endless"|"endless".*worker thread died/);
      await new Promise((done) => setTimeout(done, 20));
      await team.terminateOne(b.threads - 1);
      await outcome;
      const short = await endless(b, 4);
      await short.executable.run();
      // All threads take the same way, wherever they were.
      const flag = b.scalar(0, { kind: "int" });
      const onwards = program("onwards", (p) =>
        p
          .run(parity, { n: counter, out: flag })
          .when(flag, () => p.repeat(2, () => p.run(increment, { x: field, by: 0, out: field }))),
      );
      await (await b.compile(onwards)).run();
      expect(await b.get(short.counter)).toBe(4);
      expect((await b.read(short.field)).every((x) => x === 4)).toBe(true);
    }
    await b.destroy();
  });
}
