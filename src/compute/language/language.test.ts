import { describe, expect, it } from "vitest";
import { type Grid, grid } from "../grid.ts";
import { abs, exp, pow } from "./functions.ts";
import { type Graph, KernelError, type Node } from "./graph.ts";
import { interpret } from "./interpreter.ts";
import { type Here, type Input, type Kernel, kernel, trace, type Updated } from "./kernel.ts";
import { curl, derivative, divergence, gradient, laplacian } from "./stencils.ts";
import { complex, int, matrix, real, symmetric, vector } from "./types.ts";
import {
  type Bool,
  Complex,
  type Int,
  leaves,
  Matrix,
  type Real,
  Symmetric,
  select,
  type Value,
  Vector,
} from "./values.ts";

const field = (name: string) => ({ is: "field", field: name }) as const;

/** The graph of a kernel whose names stand for fields, reductions for scalars. */
function traced(k: Kernel, on: Grid = grid([4, 3, 2])): Graph {
  const names = [k.reads, k.updates, k.writes].flatMap((part) => Object.keys(part));
  const scalars = Object.keys(k.reduces).map((name) => [name, { is: "uniform", values: [name] }] as const);
  return trace(k, on, "f64", {
    ...Object.fromEntries(names.map((n) => [n, field(n)])),
    ...Object.fromEntries(scalars),
  });
}

const READS = { a: real, b: real, n: int, v: vector, w: vector, z: complex, m: matrix, s: symmetric };
type Inputs = {
  readonly a: Input<Real>;
  readonly b: Input<Real>;
  readonly n: Input<Int>;
  readonly v: Input<Vector>;
  readonly w: Input<Vector>;
  readonly z: Input<Complex>;
  readonly m: Input<Matrix>;
  readonly s: Input<Symmetric>;
};

/** Runs `look` in the body of a kernel. */
function within(look: (inputs: Inputs, here: Here) => void, on?: Grid): void {
  traced(
    kernel("looking", { reads: READS }, (inputs, here) => {
      look(inputs, here);
      return {};
    }),
    on,
  );
}

/** A formula as a string instead of a template. */
const written = <T>({ formula }: Here, text: string): T =>
  formula<T>(Object.assign([text], { raw: [text] }) as unknown as TemplateStringsArray);

describe("a kernel's graph", () => {
  it("has equal expressions once", () => {
    within(({ a, b, v, n }) => {
      expect(a.add(b).node).toBe(b.add(a).node);
      expect(a.mul(b).add(1).node).toBe(b.mul(a).add(1).node);
      expect(a.sub(b).node).not.toBe(b.sub(a).node);
      expect(v.at(1).y.node).toBe(v.at(1, 0, 0).y.node);
      expect(v.at(1).y.node).not.toBe(v.at(-1).y.node);
      expect(n.mul(3).node).toBe(n.mul(3).node);
      expect(exp(a).node).toBe(exp(a).node);
    });
  });

  it("tells zero from minus zero and int from real", () => {
    within((_, { constant, integer }) => {
      expect(constant(0).node).not.toBe(constant(-0).node);
      expect(constant(1).node).not.toBe(integer(1).node);
      expect(constant(Number.NaN).node).toBe(constant(Number.NaN).node);
    });
  });

  it("computes what is known beforehand, and drops what changes nothing", () => {
    within(({ a, b, n }, { constant, integer }) => {
      expect(constant(2).mul(3).add(1).node).toBe(constant(7).node);
      expect(integer(7).div(-2).node).toBe(integer(-3).node);
      expect(integer(7).div(0).node).toBe(integer(0).node);
      expect(integer(-1).shr(28).node).toBe(integer(15).node);
      expect(integer(2 ** 31 - 1).add(1).node).toBe(integer(-(2 ** 31)).node);
      expect(constant(2.5).round().node).toBe(constant(2).node);
      expect(constant(1e300).toInt().node).toBe(integer(2 ** 31 - 1).node);
      expect(a.add(0).mul(1).node).toBe(a.node);
      expect(a.neg().neg().node).toBe(a.node);
      expect(a.mul(0).add(b).node).toBe(b.node);
      expect(a.add(b.neg()).node).toBe(a.sub(b).node);
      expect(a.div(4).node).toBe(a.mul(0.25).node);
      expect(a.div(3).node.op).toBe("div");
      expect(n.sub(0).node).toBe(n.node);
      expect(select(constant(1).lt(2), a, b).node).toBe(a.node);
      expect(select(a.lt(b), b, b).node).toBe(b.node);
      expect(pow(a, 3).node).toBe(a.mul(a.mul(a)).node);
      expect(pow(a, 0.5).node).toBe(a.sqrt().node);
    });
  });

  it("places values where they are the same everywhere, along a row, or in a cell", () => {
    within(({ a }, { index, position }) => {
      const { graph } = a.node;
      const home = (value: Real | Int): string =>
        Object.entries({ everywhere: graph.everywhere, row: graph.row, cell: graph.cell }).find(
          ([, block]) => block === value.node.block,
        )![0];
      expect(home(a)).toBe("cell");
      expect(home(position.x)).toBe("cell");
      expect(home(position.y.mul(2))).toBe("row");
      expect(home(a.get({ x: 0 }))).toBe("row");
      expect(home(a.get({ x: 0, y: 1, z: 1 }).sqrt())).toBe("everywhere");
      expect(home(a.get({ x: index.y, y: 1, z: 1 }))).toBe("row");
      expect(home(a.get({ x: 0, y: index.x, z: 1 }))).toBe("cell");
    });
  });

  it("leaves what does not change in a loop outside of it", () => {
    within(({ a, b }, { loop, constant }) => {
      loop(3, constant(0), (sum, i) => {
        expect(a.mul(b).node.block).toBe(a.node.graph.cell);
        expect(i.toReal().node.block).not.toBe(a.node.graph.cell);
        return sum.add(i.toReal()).add(a.mul(b));
      });
    });
  });

  it("has index 0 on axes of one cell and along a sweep", () => {
    within((_, { index, integer }) => expect(index.y.node).toBe(integer(0).node), grid([4, 1, 2]));
    const sweeping = kernel("sweeping", { updates: { u: real }, sweep: "z" }, (_, { index, integer }) => {
      expect(index.z.node).toBe(integer(0).node);
      return {};
    });
    traced(sweeping);
  });
});

describe("values", () => {
  /** The components of what a body makes of numbers. */
  const computed = (make: (here: Here) => Value): number[] => {
    let nodes: Node[] = [];
    within((_, here) => {
      nodes = leaves(make(here));
    });
    return nodes.map(({ value }) => value!);
  };

  it("vectors: products, length and direction", () => {
    const [a, b] = [
      [1, 2, 2],
      [3, -1, 4],
    ] as const;
    expect(computed(({ vector }) => vector(...a).cross(vector(...b)))).toEqual([10, 2, -7]);
    expect(computed(({ vector }) => vector(...a).dot(vector(...b)))).toEqual([9]);
    expect(computed(({ vector }) => vector(...a).normalized())).toEqual([1 / 3, 2 / 3, 2 / 3]);
    expect(computed(({ vector }) => vector(0, 0, 0).normalized())).toEqual([0, 0, 0]);
  });

  it("complex numbers: a quotient undoes a product", () => {
    const complexOf = ({ constant }: Here, re: number, im: number) => new Complex(constant(re), constant(im));
    const [re, im] = computed((here) =>
      complexOf(here, 1, 2)
        .mul(complexOf(here, 3, -4))
        .div(complexOf(here, 3, -4)),
    );
    expect(re).toBeCloseTo(1, 14);
    expect(im).toBeCloseTo(2, 14);
  });

  it("tensors: the inverse undoes, and a symmetric one is its own transpose", () => {
    const matrixOf = ({ vector }: Here) => new Matrix(vector(2, 1, 0), vector(-1, 3, 1), vector(0, 1, 4));
    computed((here) => matrixOf(here).compose(matrixOf(here).inverse())).forEach((entry, i) => {
      expect(entry).toBeCloseTo(i % 4 === 0 ? 1 : 0, 14);
    });
    expect(computed((here) => matrixOf(here).determinant())).toEqual([26]);
    const square = ({ vector }: Here) => Symmetric.square(vector(1, 2, 3));
    expect(computed((here) => square(here).matrix().transpose())).toEqual(computed((here) => square(here).matrix()));
    expect(computed((here) => square(here).times(here.vector(1, 0, -1)))).toEqual([-2, -4, -6]);
  });
});

describe("formulas", () => {
  const numbers = { a: 3, b: 0.5, n: 7 };
  const vectors = { v: [1, 2, 3], w: [-1, 0.5, 2] };

  /** The value of a formula at one cell with the numbers above. */
  function value(text: string): number {
    const k = kernel("formula", { reads: READS, writes: { out: real } }, (_, here) => {
      const made = written<Value | number>(here, text);
      if (typeof made === "number") return { out: made };
      return { out: real.is(made) ? made : int.is(made) ? made.toReal() : select(made as Bool, 1, 0) };
    });
    const out = new Float64Array(1);
    const planes: [string, number[]][] = [
      ...Object.entries(numbers).map(([name, number]) => [name, [number]] as [string, number[]]),
      ...Object.entries(vectors),
      ["z", [1, 2]],
      ["m", [1, 2, 3, 4, 5, 6, 7, 8, 10]],
      ["s", [1, 2, 3, 4, 5, 6]],
    ];
    const fields = new Map([
      ...planes.map(([name, p]) => [name, Float64Array.from(p)] as const),
      ["out", out] as const,
    ]);
    interpret(traced(k, grid([1, 1, 1])), { fields });
    return out[0];
  }

  it.each([
    ["2 + 3 * 4", 14],
    ["(2 + 3) * 4", 20],
    ["a - b - 1", 1.5],
    ["a / b / 2", 3],
    ["a / b * 2", 12],
    ["-a²", -9],
    ["-a^2 + 1", -8],
    ["2^-1", 0.5],
    ["a^b^2", 3 ** 0.25],
    ["a³ / a²", 3],
    ["- - a", 3],
    ["2e1 + .5 + 1.e-1", 20.6],
    ["a > b", 1],
    ["a < b or n == 7", 1],
    ["a < b and n == 7 or b <= 0.5", 1],
    ["not a < b and a != 2", 1],
    ["a < b ? 1 : n >= 7 ? 2 : 3", 2],
    ["select(a > b, a, b)", 3],
    ["n / 2", 3],
    ["n * 2 - 15", -1],
    ["v · w", 6],
    ["v²", 14],
    ["v × w · v", 0],
    ["2 * v × w · (v × w / 2)", 14 * 5.25 - 36],
    ["(v × w).x", 2.5],
    ["v.x + v.y * v.z", 7],
    ["(2 * v / 4).z", 1.5],
    ["norm(v - v) + dot(v, w) + cross(v, w).x", 8.5],
    ["(z * z).re", -3],
    ["(z / z).im", 0],
    ["exp(0 * z).re", 1],
    ["(m * v).y", 32],
    ["(m * m * v).x", 14 + 64 + 3 * 53],
    ["(s * v).x", 1 + 8 + 15],
    ["max(a, b) - min(a, b)", 2.5],
    ["abs(-a) + floor(b) + ceil(b)", 4],
    ["atan2(b, -b) * 4 / pi", 3],
    ["atan2(1, 1) * 4 / π", 1],
    ["pow(a, 2) + sqrt(a * a * a * a)", 18],
    ["log(exp(b)) + tanh(0) + cos(0 * a)", 1.5],
    ["sin(asin(b)) + cos(acos(b)) + tan(atan(b))", 1.5],
  ])("%s = %d", (text, expected) => {
    expect(value(text)).toBeCloseTo(expected, 13);
  });

  it("go on over several lines, with names and comments", () => {
    const k = kernel("lines", { reads: { a: real }, writes: { out: real } }, ({ a }, { formula }) => {
      const { twice, out } = formula<{ twice: Real; out: Real }>`
        # nothing; not = this
        α     = 2; twice = α * a   # a comment; with a semicolon
        out   = (twice
          + 1)
          * ${a.add(1)}
      `;
      expect(twice.node).toBe(a.mul(2).node);
      return { out };
    });
    const out = new Float64Array(1);
    const fields = new Map([
      ["a", Float64Array.of(3)],
      ["out", out],
    ]);
    interpret(traced(k, grid([1, 1, 1])), { fields });
    expect(out[0]).toBe(28);
  });

  it("go on after an operator at the end of a line", () => {
    within(({ a, b }, { formula }) => {
      const { sum } = formula<{ sum: Real }>`sum = a +
        b`;
      expect(sum.node).toBe(a.add(b).node);
    });
  });

  it("read other cells", () => {
    within(({ a, v }, { formula }) => {
      expect(formula<Real>`(a.at(1) - a.at(-1, 0, 2)) / 2`.node).toBe(
        a
          .at(1)
          .sub(a.at(-1, 0, 2))
          .div(2).node,
      );
      expect(formula<Real>`v.at(0, 1).y`.node).toBe(v.at(0, 1).y.node);
    });
  });

  it("know vectors, complex numbers and tensors", () => {
    within(({ n, z, m, s, v }, { formula }) => {
      expect(formula<Vector>`vector(a, 1, real(n))`.z.node).toBe(n.toReal().node);
      expect(formula<Complex>`z * conj(z) - 1`.re.node).toBe(z.mul(z.conjugate()).re.sub(1).node);
      expect(formula<Real>`trace(transpose(m)) + trace(s)`.node).toBe(m.transpose().trace().add(s.trace()).node);
      expect(formula<Vector>`m * v`.x.node).toBe(m.times(v).x.node);
    });
  });

  it("are the same graph as the methods", () => {
    within(({ a, v, w }, { formula }) => {
      expect(formula<Real>`(v × w) · v * a`.node).toBe(v.cross(w).dot(v).mul(a).node);
      expect(formula<Vector>`laplacian(v) + a * curl(w)`.x.node).toBe(laplacian(v).add(curl(w).scale(a)).x.node);
      expect(formula.with({ k: 2 })<Real>`k * abs(a)`.node).toBe(abs(a).mul(2).node);
    });
  });

  it.each([
    ["q + 1", '"q" is not known; known are a, b, n, v, w, z, m, s, in "q + 1"'],
    ["constructor", '"constructor" is not known'],
    ["a +", "the formula ends too early"],
    ["(a + b", '")" is missing before "the end"'],
    ["a b", '"b" is left over'],
    ["a @ b", 'cannot read "@ b"'],
    ["a && b", 'cannot read "&& b" (write and, or, not)'],
    ["a ** 2", 'a value is missing before "*" (a power is written with ^)'],
    ["a.at(n)", "cells away are counted in numbers, not Int n[0]"],
    ["a.at(0.5)", '"a" is read 0.5 cells away; offsets are whole'],
    ["(a + b).at(1)", 'Real (a[0] + b[0]) has no component "at"'],
    ["* a", 'a value is missing before "*"'],
    ["a + v", '"+" does not join Real a[0] and Vector (v[0], v[1], v[2])'],
    ["a × v", '"×" needs two vectors, not Real a[0] and Vector (v[0], v[1], v[2])'],
    ["v * w", '"*" does not join'],
    ["a * n", '"*" does not join Real a[0] and Int n[0]'],
    ["v < w", '"<" does not compare'],
    ["a < n", '"<" does not join'],
    ["v ^ 3", "no power 3 of Vector"],
    ["v.t", 'Vector (v[0], v[1], v[2]) has no component "t"'],
    ["a.x", 'Real a[0] has no component "x"'],
    ["a and b", "a truth value is needed, not Real a[0]"],
    ["-(a < b)", "a truth value has no sign"],
    ["a ? 1 : 2", "a truth value is needed"],
    ["a < b ? a : v", "select needs two values of one type, not Real a[0] and Vector (v[0], v[1], v[2])"],
    ["select(a < b, 1)", "select takes a condition and two values"],
    ["sinh(a)", 'no function "sinh"; there are sqrt, exp'],
    ["toString(a)", 'no function "toString"'],
    ["atan2(a)", "atan2 takes (real,real), not (Real a[0])"],
    ["exp(v)", "exp takes (real or complex), not (Vector (v[0], v[1], v[2]))"],
    ["laplacian(a + b)", "laplacian takes (an input), not (Real (a[0] + b[0]))"],
    ["gradient(v)", "gradient takes (an input that is real)"],
    ["", "an empty formula"],
    ["x = 1; a + b", 'in a formula of several lines each has a name: "a + b"'],
  ])("%s: an error that says where", (text, message) => {
    expect(() => within((_, here) => written(here, text))).toThrow(`kernel "looking": ${message}`);
  });

  it("do not read what changes while the kernel runs", () => {
    const k = kernel("changing", { updates: { u: real } }, (_, { formula }) => {
      formula`u + 1`;
      return {};
    });
    expect(() => traced(k)).toThrow(/"u" changes while the kernel runs; insert \$\{u\.get\(\)\}/);
  });
});

describe("loops", () => {
  it("carry records of inputs, numbers and vectors", () => {
    const k = kernel("records", { reads: { a: real, v: vector }, writes: { out: real } }, ({ a, v }, { loop }) => {
      const state = loop(3, { sum: 0, factor: a, moved: v }, ({ sum, factor, moved }, i) => ({
        // The order of names does not matter.
        moved: moved.add(v),
        sum: sum.add(factor.mul(i.toReal())),
        factor: factor.mul(2),
      }));
      return { out: state.sum.add(state.moved.z) };
    });
    const out = new Float64Array(1);
    const fields = new Map([
      ["a", Float64Array.of(1)],
      ["v", Float64Array.of(0, 0, 5)],
      ["out", out],
    ]);
    interpret(traced(k, grid([1, 1, 1])), { fields });
    expect(out[0]).toBe(0 * 1 + 1 * 2 + 2 * 4 + 4 * 5);
  });

  it.each<[string, (inputs: Inputs, here: Here) => void, string]>([
    [
      "what exists inside only is used outside",
      ({ a }, { loop }) => {
        let inside: Real | undefined;
        loop(2, a, (x, i) => {
          inside = i.toReal().mul(a);
          return x;
        });
        a.add(inside!);
      },
      "(a[0] * toReal(counter())) exists inside a loop only; return it as part of the loop's state",
    ],
    [
      "the state changes its type",
      ({ a, v }, { loop }) => loop(2, { x: a }, () => ({ x: v }) as never),
      "a loop must return the state it was given, { x: Real }, not { x: Vector }",
    ],
    [
      "the state changes its names",
      ({ a }, { loop }) => loop(2, { x: a, y: a }, ({ x }) => ({ x, z: x }) as never),
      "a loop must return the state it was given, { x: Real, y: Real }, not { x: Real, z: Real }",
    ],
    [
      "nothing is returned",
      ({ a }, { loop }) => loop(2, a, () => undefined as never),
      "a loop must return the state it was given, Real, not undefined",
    ],
    ["the count is no int", ({ a }, { loop }) => loop(a as never, a, (x) => x), "an int is needed here, not Real a[0]"],
    ["the count is a fraction", ({ a }, { loop }) => loop(1.5, a, (x) => x), "an int is needed here, not 1.5"],
  ])("fail when %s", (_, body, message) => {
    expect(() => within(body)).toThrow(`kernel "looking": ${message}`);
  });

  it("must not store when cells differ in their counts", () => {
    const k = kernel(
      "uneven",
      { reads: { n: int }, updates: { u: real }, sweep: "y" },
      ({ n, u }, { loop, constant }) => {
        loop(n, constant(0), (x, i) => {
          u.set({ y: i }, x);
          return x;
        });
        return {};
      },
    );
    expect(() => traced(k)).toThrow(
      'kernel "uneven": a loop whose count differs from cell to cell must not store into fields',
    );
  });
});

describe("errors of kernels", () => {
  it("name the kernel and the expression whose type does not fit", () => {
    const error = (body: (inputs: Inputs, here: Here) => void) => expect(() => within(body));
    error(({ a, v }) => a.mul(2).add(v as never)).toThrow(
      new KernelError('kernel "looking": a real is needed here, not Vector (v[0], v[1], v[2])'),
    );
    error(({ n, a }) => n.add(a.at(1) as never)).toThrow('"looking": an int is needed here, not Real a[0].at(1,0,0)');
    error(({ n, a }) => a.lt(1).and(n as never)).toThrow('"looking": a truth value is needed here, not Int n[0]');
    error(({ a, v }) => select(a.lt(1), a, v as never)).toThrow("select needs two values of one type");
    error(({ n }, { loop }) => loop(2, "text" as never, () => n as never)).toThrow("a loop cannot carry text");
  });

  it("tell of names declared twice", () => {
    expect(() => kernel("twice", { reads: { a: real }, writes: { a: real } }, ({ a }) => ({ a }))).toThrow(
      new KernelError('kernel "twice": "a" is declared twice'),
    );
  });

  it("tell of values of another kernel", () => {
    let foreign: Real | undefined;
    traced(
      kernel("first", { reads: { a: real } }, ({ a }) => {
        foreign = a;
        return {};
      }),
    );
    expect(() => within(({ a }) => a.add(foreign!))).toThrow('"add" uses a value of another kernel, "first"');
  });

  it("tell of results that are missing or of another type", () => {
    const missing = kernel("r", { reads: { a: real }, writes: { b: real } }, () => ({}) as never);
    expect(() => traced(missing)).toThrow('kernel "r": the body returns no "b"');
    const wrong = kernel("r", { reads: { a: real }, writes: { b: vector } }, ({ a }) => ({ b: a.sqrt() }) as never);
    expect(() => traced(wrong)).toThrow('kernel "r": "b" is declared vector, but the body returns Real sqrt(a[0])');
    const sum = kernel("r", { reads: { v: vector }, reduces: { s: "sum" } }, ({ v }) => ({ s: v }) as never);
    expect(() => traced(sum)).toThrow('the sum "s" is over a real, not Vector');
  });

  it("tell of races: what is written must not be read at other cells", () => {
    const shifted = (read: (f: Input<Real>) => Real) =>
      kernel("race", { reads: { f: real }, writes: { g: real } }, ({ f }) => ({ g: read(f) }));
    const same = (k: Kernel) => trace(k, grid([4, 3, 2]), "f64", { f: field("f"), g: field("f") });
    expect(() => same(shifted((f) => f.at(0, 1)))).toThrow(
      'kernel "race": it writes the field "f" and reads other cells of it, f[0].at(0,1,0); write into another field',
    );
    expect(() => same(shifted((f) => f.get({ x: 0 })))).toThrow("it writes the field");
    expect(() => same(shifted((f) => f.mul(2)))).not.toThrow();
    expect(() => traced(shifted((f) => f.at(1)))).not.toThrow();
  });

  it("tell of accesses that cannot be", () => {
    expect(() => within(({ a }) => a.at(0.5))).toThrow('"a" is read 0.5 cells away; offsets are whole');
    expect(() => within((_, { array }) => array(real, 0))).toThrow("a local array has a positive whole length, not 0");
    const sweeping = (body: (u: Updated<Real>, f: Input<Real>, here: Here) => void) =>
      kernel("sweeping", { reads: { f: real }, updates: { u: real }, sweep: "y" }, ({ u, f }, here) => {
        body(u, f, here);
        return {};
      });
    expect(() => traced(sweeping((_, f) => f.at(0, 1)))).toThrow(
      '"f" is read 0,1,0 away, but the kernel sweeps y; use get',
    );
    expect(() => traced(sweeping((u) => u.get({ x: 1 })))).toThrow(
      '"u" is updated, and so can be used at cells of the own column only, not at another x',
    );
    expect(() => traced(sweeping((u, f) => u.set({ y: 1 }, f.at(1))))).not.toThrow();
  });

  it("tell of JavaScript's own operators, which know nothing of cells", () => {
    const refuses = (body: (a: Input<Real>) => unknown) =>
      expect(() => within(({ a }) => body(a))).toThrow(
        'kernel "looking": JavaScript\'s own operators and functions do not compute with Real a[0]',
      );
    refuses((a) => (a as never as number) * 2);
    refuses((a) => (a as never as number) + 1);
    refuses((a) => Math.sqrt(a as never));
    refuses((a) => `${a}`);
    expect(() => within(({ a }) => select((2 > 1) as never, a, a))).toThrow(
      "select needs a truth value first, as in a.gt(b), not true",
    );
  });

  it("tell of types and reductions that do not exist", () => {
    expect(() => kernel("k", { reads: { a: "real" as never } }, () => ({}))).toThrow('"a" needs a type');
    expect(() => kernel("k", { reduces: { s: "mean" as never } }, () => ({ s: 0 }))).toThrow(
      '"s" reduces by "sum", "max" or "min", not mean',
    );
  });

  it("tell of numbers that single precision cannot hold, but not of those that are folded away", () => {
    const scaled = (factor: number, by: number) =>
      kernel("k", { reads: { a: real }, writes: { b: real } }, ({ a }, { constant }) => ({
        b: a.mul(constant(factor).mul(by)),
      }));
    const single = (k: Kernel) => trace(k, grid([4, 1, 1]), "f32", { a: field("a"), b: field("b") });
    expect(() => single(scaled(1e-30, 1e-30))).toThrow("beyond single precision");
    expect(() => single(scaled(1e300, 1))).toThrow("the number 1e+300 is beyond single precision");
    expect(() => single(scaled(1e-50, 1e40))).not.toThrow();
  });

  it("tell of elementary functions without a value of a kernel", () => {
    expect(() => pow(2, 3)).toThrow("pow(2, 3) has no value of a kernel in it; use Math.pow");
  });
});

describe("stencils", () => {
  const on = grid([5, 4, 6], { cell: [0.5, 2, 1.5] });

  /** Results of a kernel on fields given as functions of position; cells of the surface are left out. */
  function inner(k: Kernel, given: Record<string, ((x: number, y: number, z: number) => number)[]>): number[][] {
    const [nx, ny, nz] = on.size;
    const cells = Array.from({ length: nx * ny * nz }, (_, i) => [
      i % nx,
      Math.floor(i / nx) % ny,
      Math.floor(i / nx / ny),
    ]);
    const sampled = (f: (x: number, y: number, z: number) => number) =>
      cells.map(([x, y, z]) => f((x + 0.5) * on.cell[0], (y + 0.5) * on.cell[1], (z + 0.5) * on.cell[2]));
    const fields = new Map(Object.entries(given).map(([name, fs]) => [name, Float64Array.from(fs.flatMap(sampled))]));
    const [[out, { components }]] = Object.entries(k.writes);
    const values = new Float64Array(components * cells.length);
    interpret(traced(k, on), { fields: fields.set(out, values) });
    const isInner = cells.map((cell) => cell.every((i, axis) => i > 0 && i < on.size[axis] - 1));
    return Array.from({ length: components }, (_, c) => [
      ...values.slice(c * cells.length, (c + 1) * cells.length).filter((_, i) => isInner[i]),
    ]);
  }
  const all = (values: number[], expected: number) => {
    for (const value of values) expect(value).toBeCloseTo(expected, 10);
  };

  it("are exact on polynomials of second order", () => {
    const f = (x: number, y: number, z: number) => x * x + 2 * y * y - 4 * z * z + x * y + 3 * z;
    const k = kernel("laplacian", { reads: { f: real }, writes: { out: real } }, ({ f }) => ({ out: laplacian(f) }));
    all(inner(k, { f: [f] })[0], 2 + 4 - 8);
    const g = kernel("gradient", { reads: { f: real }, writes: { out: vector } }, ({ f }, { position }) => ({
      // ∇f less its closed form
      out: gradient(f).sub(
        new Vector(position.x.mul(2).add(position.y), position.y.mul(4).add(position.x), position.z.mul(-8).add(3)),
      ),
    }));
    for (const component of inner(g, { f: [f] })) all(component, 0);
  });

  it("find no divergence in a curl and no curl in a gradient", () => {
    const v = [
      (_x: number, y: number, z: number) => y * z,
      (x: number, _y: number, z: number) => z * x,
      (x: number, y: number) => x * y,
    ];
    const rotation = [(_x: number, y: number) => -y, (x: number) => x, () => 0];
    const c = kernel("curl", { reads: { v: vector }, writes: { out: vector } }, ({ v }) => ({ out: curl(v) }));
    for (const component of inner(c, { v })) all(component, 0);
    const [x, y, z] = inner(c, { v: rotation });
    all(x, 0);
    all(y, 0);
    all(z, 2);
    const d = kernel("divergence", { reads: { v: vector }, writes: { out: real } }, ({ v }) => ({
      out: divergence(v),
    }));
    all(inner(d, { v: rotation })[0], 0);
    all(inner(d, { v: [(x) => x, (_x, y) => 2 * y, (_x, _y, z) => 3 * z] })[0], 6);
  });

  it("see no slope at a clamped face, and none along an axis of one cell", () => {
    const k = kernel("ends", { reads: { f: real }, writes: { slope: real, bend: real } }, ({ f }) => ({
      slope: derivative(f, 0).add(derivative(f, 1)),
      bend: laplacian(f),
    }));
    const [slope, bend] = [new Float64Array(3), new Float64Array(3)];
    const fields = new Map([
      ["f", Float64Array.of(1, 2, 5)],
      ["slope", slope],
      ["bend", bend],
    ]);
    interpret(traced(k, grid([3, 1, 1], { cell: [0.5, 1, 1] })), { fields });
    expect([...slope]).toEqual([1, 4, 3]);
    expect([...bend]).toEqual([4, 8, -12]);
  });
});
