import { grid } from "../grid.ts";
import { type Here, kernel } from "../language/kernel.ts";
import { int, real } from "../language/types.ts";
import { type Bool, type Int, Real, select } from "../language/values.ts";
import type { Twice } from "./twice.ts";
import type { Twin } from "./twin.ts";

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

// The same methods, on ints.
const INT_TESTS = REAL_TESTS as unknown as Record<string, (a: Int, b: Int) => Bool>;

export const fromReals = (name: string, of: (a: Real, b: Real) => Real) =>
  kernel(name, { reads: { a: real, b: real }, writes: { out: real } }, ({ a, b }) => ({ out: of(a, b) }));
const fromInts = (name: string, of: (a: Int, b: Int, here: Here) => Int) =>
  kernel(name, { reads: { a: int, b: int }, writes: { out: int } }, ({ a, b }, here) => ({ out: of(a, b, here) }));
export const asInt = (here: Here, truth: Bool) => select(truth, here.integer(1), here.integer(0));

/** All pairs of two lists of values. */
const pairs = (values: readonly number[]) => ({
  pairGrid: grid([values.length, values.length, 1]),
  first: (i: number) => values[i % values.length],
  second: (i: number) => values[Math.floor(i / values.length)],
});

export function arithmetic(twice: Twice): void {
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
