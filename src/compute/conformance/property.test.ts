import fc from "fast-check";
import { afterAll, describe, it } from "vitest";
import type { Field, Scalar } from "../backend.ts";
import { type Edge, type Grid, grid, type Precision } from "../grid.ts";
import { type Here, type Input, kernel, type Local, type Place, type Updated } from "../language/kernel.ts";
import { int, real, vector } from "../language/types.ts";
import { type Bool, type Int, type Real, select, type Vector } from "../language/values.ts";
import { byRegion, type ProgramBuilder } from "../program.ts";
import { openWasm } from "../wasm/backend.ts";
import { Twin } from "./twin.ts";

/**
 * Kernels and programs made at random must do on vectors and threads what they do in the interpreter, to the last bit:
 * without fused multiply-add every operation used here is rounded the same way.  Kept out are the sign of zero (no
 * division by zero) and NaN where a minimum or maximum is taken, which machines are free to treat as they like.
 *
 * The cases are the same in every run.  SPINSTREAM_SEED=n tries others, SPINSTREAM_RUNS=n that many times as many.
 */
const settings = (numRuns: number): fc.Parameters<unknown> => ({
  seed: Number(process.env.SPINSTREAM_SEED ?? 1),
  numRuns: numRuns * Number(process.env.SPINSTREAM_RUNS ?? 1),
});

/** An expression: an operation's name and its operands, as it is shown when a test fails. */
type Term = readonly [string, ...(Term | number)[]];

/** What the leaves of an expression stand for. */
interface Scope {
  readonly here: Here;
  readonly u: Input<Real>;
  readonly v: Input<Vector>;
  readonly n: Input<Int>;
  readonly p: Input<Real>;
  readonly s: Real;
  readonly k: Int;
  /** Inside a loop. */
  readonly state?: Real;
  readonly count?: Int;
  readonly i?: Int;
  /** In kernels of statements. */
  readonly array?: Local<Real>;
  readonly column?: (at: Int) => Real;
}

const finite = (x: Real): Real => select(x.eq(x), x, 0);
const REAL_UNARY = ["neg", "abs", "floor", "ceil", "round"] as const;
const REAL_BINARY = ["add", "sub", "mul"] as const;
const INT_UNARY = ["neg", "abs", "not"] as const;
const INT_BINARY = [
  "add",
  "sub",
  "mul",
  "div",
  "mod",
  "min",
  "max",
  "and",
  "or",
  "xor",
  "shl",
  "shr",
  "sar",
  "mulhi",
] as const;
const COMPARISONS = ["lt", "le", "gt", "ge", "eq", "ne"] as const;

/** The value an expression describes. */
function meaning(term: Term, scope: Scope): Real | Int | Bool | Vector {
  const [name, ...args] = term;
  const { here } = scope;
  const number = (i: number) => args[i] as number;
  const of = <V>(i: number, inner = scope) => meaning(args[i] as Term, inner) as V;
  const r = (i: number, inner = scope) => of<Real>(i, inner);
  const n = (i: number, inner = scope) => of<Int>(i, inner);
  const offset = () => [number(0), number(1), number(2)] as const;
  switch (name) {
    case "real":
      return here.constant(number(0));
    case "u":
      return scope.u.at(...offset());
    case "u.get":
      return scope.u.get({ x: n(0), y: n(1), z: n(2) });
    case "u.getX":
      return scope.u.get({ x: n(0) });
    case "u.getY":
      return scope.u.get({ y: n(0) });
    case "p":
      return scope.p.at(...offset());
    case "s":
      return scope.s;
    case "state":
      return scope.state ?? scope.s;
    case "array":
      return scope.array?.get(n(0)) ?? scope.s;
    case "column":
      return scope.column?.(n(0)) ?? scope.s;
    case "sqrt":
      return r(0).abs().sqrt();
    case "divide":
      return r(0).div(select(r(1).eq(0), 1, r(1)));
    case "minimum":
      return finite(r(0)).min(finite(r(1)));
    case "maximum":
      return finite(r(0)).max(finite(r(1)));
    case "toReal":
      return n(0).toReal();
    case "dot":
      return of<Vector>(0).dot(of<Vector>(1));
    case "y of":
      return of<Vector>(0).y;
    case "loop":
      return here.loop(number(0), { state: r(1), count: here.integer(1) }, ({ state, count }, i) => {
        const inner = { ...scope, state, count, i };
        return { state: r(2, inner), count: n(3, inner) };
      }).state;
    case "loop by cell":
      return here.loop(n(0).and(3), { state: r(1), truth: of<Bool>(4) }, ({ state, truth }, i) => {
        const inner = { ...scope, state: select(truth, state, scope.s), i, count: i };
        return { state: r(2, inner), truth: truth.xor(n(3, inner).lt(2)) };
      }).state;
    case "int":
      return here.integer(number(0));
    case "n":
      return scope.n.at(...offset());
    case "k":
      return scope.k;
    case "x":
    case "y":
    case "z":
      return here.index[name];
    case "i":
      return scope.i ?? scope.k;
    case "count":
      return scope.count ?? scope.k;
    case "toInt":
      return r(0).toInt();
    case "true":
      return here.integer(0).eq(0);
    case "v":
      return scope.v.at(...offset());
    case "cross":
      return of<Vector>(0).cross(of<Vector>(1));
    case "plus":
      return of<Vector>(0).add(of<Vector>(1));
    case "scale":
      return of<Vector>(0).scale(r(1));
    case "vector":
      return here.vector(r(0), r(1), r(2));
    case "select":
      return select(of<Bool>(0), of<Real>(1), of<Real>(2));
    default: {
      const [a, b] = args.map((_, i) => of<Real & Int & Bool>(i));
      return (a as unknown as Record<string, (b?: unknown) => Real>)[name](b);
    }
  }
}

const term = (name: string, ...operands: fc.Arbitrary<Term | number>[]): fc.Arbitrary<Term> =>
  fc.tuple(fc.constant(name), ...operands) as unknown as fc.Arbitrary<Term>;
const offsets = [fc.integer({ min: -3, max: 3 }), fc.integer({ min: -2, max: 2 }), fc.integer({ min: -1, max: 1 })];
// Exact numbers, so that some comparisons come out equal, and others.
/** Numbers whose products single precision can hold: others are an error. */
const number = fc.oneof(
  fc.constantFrom(0, 1, -1, 0.5, 2, -3.5),
  fc.double({ min: -1e3, max: 1e3, noNaN: true }).map((x) => (Math.abs(x) < 1e-3 ? 0 : x)),
);
const whole = fc.oneof(fc.integer({ min: -3, max: 9 }), fc.integer());

const terms = fc.letrec<{ real: Term; int: Term; bool: Term; vector: Term; uniform: Term }>((tie) => {
  const [r, n, b, v] = [tie("real"), tie("int"), tie("bool"), tie("vector")];
  const depth = { maxDepth: 5, depthSize: "large", depthIdentifier: "term" } as const;
  return {
    real: fc.oneof(
      depth,
      fc.oneof(term("u", ...offsets), term("real", number), term("s"), term("p", ...offsets), term("state")),
      fc.oneof(...REAL_UNARY.map((name) => term(name, r)), term("sqrt", r)),
      fc.oneof(...REAL_BINARY.map((name) => term(name, r, r)), term("divide", r, r)),
      fc.oneof(term("minimum", r, r), term("maximum", r, r), term("select", b, r, r)),
      fc.oneof(term("toReal", n), term("dot", v, v), term("y of", v)),
      fc.oneof(
        term("u.get", n, n, n),
        term("u.getX", n),
        term("u.getY", n),
        term("array", n),
        term("column", tie("uniform")),
      ),
      fc.oneof(term("loop", fc.integer({ min: -1, max: 4 }), r, r, n), term("loop by cell", n, r, r, n, b)),
    ),
    int: fc.oneof(
      depth,
      fc.oneof(
        term("n", ...offsets),
        term("int", whole),
        term("x"),
        term("y"),
        term("z"),
        term("k"),
        term("i"),
        term("count"),
      ),
      fc.oneof(...INT_UNARY.map((name) => term(name, n))),
      fc.oneof(...INT_BINARY.map((name) => term(name, n, n))),
      fc.oneof(term("toInt", r), term("select", b, n, n)),
    ),
    bool: fc.oneof(
      depth,
      term("true"),
      fc.oneof(...COMPARISONS.flatMap((name) => [term(name, r, r), term(name, n, n)])),
      fc.oneof(term("and", b, b), term("or", b, b), term("xor", b, b), term("not", b), term("select", b, b, b)),
    ),
    vector: fc.oneof(
      depth,
      term("v", ...offsets),
      fc.oneof(
        term("cross", v, v),
        term("plus", v, v),
        term("scale", v, r),
        term("vector", r, r, r),
        term("select", b, v, v),
      ),
    ),
    // The same for neighbours along x.
    uniform: fc.oneof(
      depth,
      fc.oneof(term("int", whole), term("k"), term("i"), term("y"), term("z")),
      fc.oneof(...INT_BINARY.map((name) => term(name, tie("uniform"), tie("uniform")))),
      fc.oneof(...INT_UNARY.map((name) => term(name, tie("uniform")))),
    ),
  };
});

const edge = fc.constantFrom<Edge[]>("clamped", "mirror", "zero", "periodic");
const place = fc.record({
  size: fc.oneof(
    fc.tuple(fc.integer({ min: 1, max: 13 }), fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
    fc.constantFrom<[number, number, number][]>([16, 2, 1], [521, 1, 1]),
  ),
  periodic: fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()),
});

/** Fields and scalars for the leaves of expressions. */
function leaves(twin: Twin, cells: Grid) {
  // Halves and quarters, so that sums and comparisons are often exact; -3…3.
  const u = twin.field(cells, real, (i) => (((i * 37) % 25) - 12) / 4);
  const v = twin.field(cells, vector);
  const n = twin.field(cells, int, (i) => ((i * 13) % 17) - 6);
  const table = twin.table(
    real,
    Array.from({ length: 9 }, (_, i) => [i * 0.7 - 2]),
  );
  return { u, v, n, p: byRegion(n, table), s: twin.scalar(0.3), k: twin.scalar(2, "int") };
}

for (const precision of ["f64", "f32"] satisfies Precision[])
  describe(`random kernels, ${precision}`, () => {
    const backend = openWasm({ precision, threads: 0, fma: false });
    afterAll(() => backend.destroy());

    const holds = async (body: (twin: Twin) => Promise<void>) => {
      const twin = new Twin(backend);
      try {
        await body(twin);
      } finally {
        twin.release();
      }
    };

    it("expressions and loops have the values the interpreter finds", async () => {
      const cases = fc.record({
        place,
        edges: fc.tuple(edge, edge, edge),
        out: terms.real,
        outVector: terms.vector,
        outInt: terms.int,
        high: terms.real,
      });
      const property = fc.asyncProperty(cases, ({ place, edges: [eu, ev, en], out, outVector, outInt, high }) =>
        holds(async (twin) => {
          const cells = grid(place.size, place);
          const made = kernel(
            "random",
            {
              reads: { u: real.beyond(eu), v: vector.beyond(ev), n: int.beyond(en), p: real, s: real, k: int },
              writes: { out: real, outVector: vector, outInt: int },
              reduces: { high: "max" },
            },
            (given, here) => {
              const scope = { ...given, here };
              return {
                out: meaning(out, scope) as Real,
                outVector: meaning(outVector, scope) as Vector,
                outInt: meaning(outInt, scope) as Int,
                high: finite(meaning(high, scope) as Real),
              };
            },
          );
          const results = {
            out: twin.field(cells, real, 0, "out"),
            outVector: twin.field(cells, vector, 0, "outVector"),
            outInt: twin.field(cells, int, 0, "outInt"),
            high: twin.scalar(0),
          };
          await twin.run((p) => p.run(made, { ...leaves(twin, cells), ...results }), { ulps: 0, sums: 0 });
        }),
      );
      await fc.assert(property, settings(250));
    });

    it("statements happen in order", async () => {
      type Statement =
        | readonly ["set" | "put", Term, Term]
        | readonly ["repeat" | "repeat by cell", Term, readonly Statement[]];
      const put = fc.tuple(fc.constant("put" as const), terms.int, terms.real);
      const set = fc.tuple(fc.constant("set" as const), terms.uniform, terms.real);
      const repeat = (name: "repeat" | "repeat by cell", count: fc.Arbitrary<Term>, of: fc.Arbitrary<Statement>) =>
        fc.tuple(fc.constant(name), count, fc.array(of, { minLength: 1, maxLength: 3 }));
      // Where cells differ in the number of rounds nothing may be stored into fields.
      const { any } = fc.letrec<{ local: Statement; any: Statement }>((tie) => ({
        local: fc.oneof({ maxDepth: 2 }, put, repeat("repeat by cell", terms.int, tie("local"))),
        any: fc.oneof({ maxDepth: 2 }, put, set, tie("local"), repeat("repeat", terms.uniform, tie("any"))),
      }));
      const cases = fc.record({
        place,
        sweep: fc.constantFrom("y" as const, "z" as const, undefined),
        edge,
        body: fc.array(any, { minLength: 1, maxLength: 5 }),
      });
      const property = fc.asyncProperty(cases, ({ place, sweep, edge, body }) =>
        holds(async (twin) => {
          const cells = grid(place.size, place);
          const own = (at: Int): Place => (sweep ? { [sweep]: at } : {});
          const run = (statements: readonly Statement[], scope: Scope, w: Updated<Real>): void => {
            const { here, array } = scope;
            for (const [name, first, second] of statements) {
              const at = meaning(first, scope) as Int;
              if (name === "set") w.set(own(at), meaning(second as Term, scope) as Real);
              else if (name === "put") array!.set(at, meaning(second as Term, scope) as Real);
              else
                here.loop(at.and(3), here.integer(0), (count, i) => {
                  run(second as readonly Statement[], { ...scope, i, count }, w);
                  return count.add(1);
                });
            }
          };
          // Offsets along the sweep are not allowed: its neighbours are read by index.
          const still = <V>(input: V & { at(x: number, y?: number, z?: number): V }) =>
            Object.assign(Object.create(input as object), {
              at: (x: number, y = 0, z = 0) => input.at(x, sweep === "y" ? 0 : y, sweep === "z" ? 0 : z),
            });
          const made = kernel(
            "random",
            {
              reads: { u: real, v: vector, n: int.beyond(edge), p: real, s: real, k: int },
              updates: { w: real.beyond(edge) },
              sweep,
            },
            ({ w, u, v, n, p, ...given }, here) => {
              const array = here.array(real, 3);
              const fields = { u: still<Real>(u), v: still<Vector>(v), n: still<Int>(n), p: still<Real>(p) };
              run(body, { ...given, ...fields, here, array, column: (at) => w.get(own(at)) }, w);
              w.set(own(here.integer(0)), array.get(1).add(w.get(own(here.integer(0)))));
              return {};
            },
          );
          await twin.run((p) => p.run(made, { ...leaves(twin, cells), w: twin.field(cells, real) }), { ulps: 0 });
        }),
      );
      await fc.assert(property, settings(150));
    });
  });

describe("random programs", () => {
  const backend = openWasm({ precision: "f32", threads: 3, fma: false });
  afterAll(() => backend.destroy());

  const spread = kernel("spread", { reads: { a: real, b: real }, writes: { out: real } }, ({ a, b }) => ({
    out: a
      .at(1, -1)
      .sub(b.at(-1).mul(0.5))
      .add(b.at(0, 0, 1))
      .mul(0.4),
  }));
  const inPlace = kernel("in place", { reads: { a: real, s: real }, writes: { out: real } }, ({ a, s }) => ({
    out: a.mul(s).add(0.25),
  }));
  const exchange = kernel("exchange", { reads: { a: real, b: real }, writes: { c: real, d: real } }, ({ a, b }) => ({
    c: b.neg(),
    d: a,
  }));
  const column = kernel("column", { reads: { a: real }, updates: { w: real }, sweep: "y" }, ({ a, w }, here) => {
    here.loop(here.size.y, here.constant(0), (sum, y) => {
      const next = sum.mul(0.5).add(a.get({ y }));
      w.set({ y }, next);
      return next;
    });
    return {};
  });
  const high = kernel("high", { reads: { a: real }, reduces: { high: "max" } }, ({ a }) => ({ high: a }));
  const decide = kernel("decide", { reads: { s: real, n: int }, writes: { n2: int, s2: real } }, ({ s, n }, here) => ({
    n2: n.add(select(s.gt(0.5), here.integer(1), here.integer(2))).and(3),
    s2: s.mul(0.5).min(2).max(-2),
  }));

  type Step =
    | readonly [string, ...number[]]
    | readonly ["repeat" | "by scalar" | "while" | "when", number, readonly Step[]];
  const index = fc.integer({ min: 0, max: 3 });
  const simple: fc.Arbitrary<Step> = fc.oneof(
    fc.tuple(
      fc.constantFrom("spread", "in place", "exchange", "column", "copy", "high", "decide"),
      index,
      index,
      index,
    ),
  );
  const steps = fc.letrec<{ step: Step }>((tie) => ({
    step: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      simple,
      fc.tuple(
        fc.constantFrom("repeat" as const, "by scalar" as const, "while" as const, "when" as const),
        fc.integer({ min: 0, max: 3 }),
        fc.array(tie("step"), { minLength: 1, maxLength: 4 }),
      ),
    ),
  }));

  it("have the same outcome on three threads as in the interpreter", async () => {
    const cases = fc.record({
      size: fc.constantFrom<[number, number, number][]>([13, 9, 2], [521, 1, 1], [520, 3, 1], [3, 2, 1]),
      body: fc.array(steps.step, { minLength: 1, maxLength: 8 }),
    });
    const property = fc.asyncProperty(cases, async ({ size, body }) => {
      const twin = new Twin(backend);
      try {
        const cells = grid(size, { periodic: [false, true, false] });
        const fields: Field<Real>[] = [0, 1, 2, 3].map(() => twin.field(cells, real));
        const reals: Scalar[] = [0.5, -0.7, 1, 0].map((value) => twin.scalar(value));
        const ints: Scalar[] = [0, 1, 2, 3].map((value) => twin.scalar(value, "int"));
        const write = (p: ProgramBuilder, list: readonly Step[]): void => {
          for (const [name, i, second, third] of list) {
            const [a, b, out] = [i, second as number, third as number].map((k) => fields[k]);
            const distinct = out === a || out === b ? fields.find((f) => f !== a && f !== b)! : out;
            if (name === "spread") p.run(spread, { a, b, out: distinct });
            else if (name === "in place") p.run(inPlace, { a, s: reals[third as number], out: a });
            else if (name === "exchange" && a !== b) p.run(exchange, { a, b, c: a, d: b });
            else if (name === "column") p.run(column, { a, w: distinct });
            else if (name === "copy") p.copy(a, b);
            else if (name === "high") p.run(high, { a, high: reals[third as number] });
            else if (name === "decide")
              p.run(decide, {
                s: reals[i],
                n: ints[second as number],
                n2: ints[third as number],
                s2: reals[third as number],
              });
            else if (name === "repeat") p.repeat(i, () => write(p, second as readonly Step[]));
            else if (name === "by scalar") p.repeat(ints[i], () => write(p, second as readonly Step[]));
            else if (name === "while") p.while(ints[i], 3, () => write(p, second as readonly Step[]));
            else if (name === "when")
              p.when(
                i % 2 ? reals[i] : ints[i],
                () => write(p, second as readonly Step[]),
                () => p.run(inPlace, { a: fields[0], s: 0.9, out: fields[0] }),
              );
          }
        };
        await twin.run((p) => write(p, body), { ulps: 0, sums: 0 });
      } finally {
        twin.release();
      }
    });
    await fc.assert(property, settings(120));
  });
});
