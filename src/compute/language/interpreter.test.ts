import { describe, expect, it } from "vitest";
import { type Edge, type Grid, grid, type Triple } from "../grid.ts";
import { interpret, type Memory, type Rounding } from "./interpreter.ts";
import { type Binding, type Kernel, kernel, trace } from "./kernel.ts";
import { int, real, vector } from "./types.ts";
import { select } from "./values.ts";

/** Runs a kernel with every name bound to the field of that name, unless said otherwise. */
function run(k: Kernel, on: Grid, memory: Memory, bindings: Record<string, Binding> = {}, rounding?: Rounding): void {
  const names = [k.reads, k.updates, k.writes].flatMap((part) => Object.keys(part));
  const fields = Object.fromEntries(names.map((name) => [name, { is: "field", field: name } as const]));
  const scalars = Object.keys(k.reduces).map((name) => [name, { is: "uniform", values: [name] } as const]);
  const graph = trace(k, on, "f64", { ...fields, ...Object.fromEntries(scalars), ...bindings });
  interpret(graph, memory, rounding);
}

const line = (n: number, periodic = false) => grid([n, 1, 1], { periodic: [periodic, false, false] });

describe("the interpreter", () => {
  it.each<{ edge: Edge; expected: number[] }>([
    { edge: "clamped", expected: [1, 1, 1, 2, 3, 4, 4, 4] },
    { edge: "mirror", expected: [2, 1, 1, 2, 3, 4, 4, 3] },
    { edge: "zero", expected: [0, 0, 1, 2, 3, 4, 0, 0] },
    { edge: "periodic", expected: [3, 4, 1, 2, 3, 4, 1, 2] },
  ])("continues a field beyond its ends: $edge", ({ edge, expected }) => {
    const places = expected.map((_, i) => i - 2);
    const k = kernel(
      "edges",
      { reads: { f: real.beyond(edge) }, writes: { left: real, right: real, placed: real } },
      ({ f }, { index }) => ({ left: f.at(-2), right: f.at(2), placed: f.get({ x: index.x.mul(2).sub(2) }) }),
    );
    const fields = new Map(["f", "left", "right", "placed"].map((name) => [name, Float64Array.of(1, 2, 3, 4)]));
    run(k, line(4), { fields });
    const beyond = (place: number) => expected[places.indexOf(place)];
    expect([...fields.get("left")!]).toEqual([-2, -1, 0, 1].map(beyond));
    expect([...fields.get("right")!]).toEqual([2, 3, 4, 5].map(beyond));
    expect([...fields.get("placed")!]).toEqual([-2, 0, 2, 4].map(beyond));
  });

  it("lets the grid's periodicity go before the field's rule", () => {
    const k = kernel("wrap", { reads: { f: real.beyond("zero") }, writes: { g: real } }, ({ f }) => ({ g: f.at(1) }));
    const fields = new Map([
      ["f", Float64Array.of(1, 2, 3)],
      ["g", new Float64Array(3)],
    ]);
    run(k, line(3, true), { fields });
    expect([...fields.get("g")!]).toEqual([2, 3, 1]);
  });

  it("keeps components in planes and x fastest", () => {
    const k = kernel("planes", { writes: { v: vector } }, (_, { index: { x, y, z }, vector }) => ({
      v: vector(x.toReal(), y.toReal(), z.toReal()),
    }));
    const v = new Float64Array(3 * 8);
    run(k, grid([2, 2, 2]), { fields: new Map([["v", v]]) });
    expect([...v]).toEqual([0, 1, 0, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1]);
  });

  it("reads what fields held before, also where several names stand for one field", () => {
    const swap = kernel("turn", { reads: { v: vector }, writes: { w: vector } }, ({ v }, { vector }) => ({
      w: vector(v.y, v.z, v.x),
    }));
    const v = Float64Array.of(1, 2, 3);
    run(swap, line(1), { fields: new Map([["v", v]]) }, { w: { is: "field", field: "v" } });
    expect([...v]).toEqual([2, 3, 1]);
  });

  it("repeats loops as often as each cell says", () => {
    // 3 n + 1 until the count is used up: finished cells keep their state.
    const k = kernel("collatz", { reads: { n: int, rounds: int }, writes: { m: int } }, ({ n, rounds }, { loop }) => ({
      m: loop(rounds, n, (m) => select(m.mod(2).eq(0), m.div(2), m.mul(3).add(1))),
    }));
    const fields = new Map([
      ["n", Int32Array.of(7, 7, 7, 7)],
      ["rounds", Int32Array.of(-1, 0, 1, 5)],
      ["m", new Int32Array(4)],
    ]);
    run(k, line(4), { fields });
    expect([...fields.get("m")!]).toEqual([7, 7, 22, 52]);
  });

  it("computes in nested loops what depends on either counter", () => {
    const k = kernel("nested", { writes: { sum: int } }, (_, { index, loop, integer }) => ({
      sum: loop(3, integer(0), (outer, i) => loop(i.add(1), outer, (sum, j) => sum.add(i.mul(10).add(j).mul(index.x)))),
    }));
    const sum = new Int32Array(3);
    run(k, line(3), { fields: new Map([["sum", sum]]) });
    const once = [0, 10, 11, 20, 21, 22].reduce((a, b) => a + b);
    expect([...sum]).toEqual([0, once, 2 * once]);
  });

  it("clamps the indices of local arrays and of tables", () => {
    const k = kernel(
      "clamped",
      { reads: { p: real }, writes: { first: real, last: real, row: real } },
      ({ p }, { array, index, constant }) => {
        const a = array(real, 3);
        a.set(index.x.sub(5), constant(1));
        a.set(1, constant(2));
        a.set(9, constant(3));
        return { first: a.get(-7), last: a.get(2).add(a.get(1)), row: p };
      },
    );
    const fields = new Map<string, Float64Array | Int32Array>([
      ["regions", Int32Array.of(-1, 1, 2, 8)],
      ...["first", "last", "row"].map((name) => [name, new Float64Array(4)] as const),
    ]);
    const tables = new Map([["t", [[10], [20], [30]]]]);
    run(k, line(4), { fields, tables }, { p: { is: "table", table: "t", regions: "regions" } });
    expect([...fields.get("first")!]).toEqual([1, 1, 1, 1]);
    expect([...fields.get("last")!]).toEqual([5, 5, 5, 5]);
    expect([...fields.get("row")!]).toEqual([10, 20, 30, 30]);
  });

  it("solves a tridiagonal system along columns, in place", () => {
    const n = 5;
    const size: Triple<number> = [2, n, 1];
    // −u″ + u = f by elimination (Thomas); diagonal 3, neighbours −1, nothing beyond the ends.
    const k = kernel(
      "thomas",
      { updates: { u: real }, sweep: "y" },
      ({ u }, { array, loop, constant, integer, size }) => {
        const upper = array(real, size.y);
        upper.set(0, constant(-1 / 3));
        u.set({ y: 0 }, u.get({ y: 0 }).div(3));
        loop(size.y - 1, integer(0), (state, i) => {
          const y = i.add(1);
          const pivot = upper.get(i).add(3);
          upper.set(y, constant(-1).div(pivot));
          u.set(
            { y },
            u
              .get({ y })
              .add(u.get({ y: i }))
              .div(pivot),
          );
          return state;
        });
        loop(size.y - 1, integer(0), (state, i) => {
          const y = integer(size.y - 2).sub(i);
          u.set({ y }, u.get({ y }).sub(upper.get(y).mul(u.get({ y: y.add(1) }))));
          return state;
        });
        return {};
      },
    );
    const f = Float64Array.from({ length: 2 * n }, (_, i) => Math.sin(3 * i));
    const u = f.slice();
    run(k, grid(size), { fields: new Map([["u", u]]) });
    const at = (x: number, y: number) => (y < 0 || y >= n ? 0 : u[2 * y + x]);
    for (let y = 0; y < n; y++)
      for (const x of [0, 1]) expect(3 * at(x, y) - at(x, y - 1) - at(x, y + 1)).toBeCloseTo(f[2 * y + x], 12);
  });

  it("reduces, and sets scalars from what they were", () => {
    const all = kernel("all", { reads: { f: real }, reduces: { sum: "sum", least: "min", most: "max" } }, ({ f }) => ({
      sum: f,
      least: f,
      most: f,
    }));
    const scalars = new Map<string, number>();
    run(all, line(4), { fields: new Map([["f", Float64Array.of(3, -1, 4, 1)]]), scalars });
    expect(Object.fromEntries(scalars)).toEqual({ sum: 7, least: -1, most: 4 });
    const swap = kernel("swap", { reads: { a: real, b: real }, writes: { c: real, d: real } }, ({ a, b }) => ({
      c: b,
      d: a,
    }));
    const to = (slot: string) => ({ is: "uniform", values: [slot] }) as const;
    run(swap, line(1), { scalars }, { a: to("least"), b: to("most"), c: to("least"), d: to("most") });
    expect(Object.fromEntries(scalars)).toEqual({ sum: 7, least: 4, most: -1 });
  });

  it("rounds every operation to single precision, or sums of products once", () => {
    const k = kernel("rounded", { reads: { a: real, b: real, c: real }, writes: { d: real } }, ({ a, b, c }) => ({
      d: a.mul(b).sub(c),
    }));
    const e = 2 ** -13;
    const fields = () =>
      new Map([
        ["a", Float64Array.of(1 + e)],
        ["b", Float64Array.of(1 + e)],
        ["c", Float64Array.of(1 + 2 * e)],
        ["d", new Float64Array(1)],
      ]);
    const results = [{ round: "f32" }, { round: "f32", fused: true }, { round: "f64" }] as const;
    const [single, fused, double] = results.map((rounding) => {
      const memory = fields();
      run(k, line(1), { fields: memory }, {}, rounding);
      return memory.get("d")![0];
    });
    // (1 + e)² = 1 + 2 e + e², of which single precision loses e².
    expect([single, fused, double]).toEqual([0, e * e, e * e]);
  });
});
