import { describe, expect, it } from "vitest";
import type { Field, Scalar, Table } from "./backend.ts";
import { grid } from "./grid.ts";
import { type Kernel, kernel } from "./language/kernel.ts";
import { type ElementType, int, real, vector } from "./language/types.ts";
import { byRegion, ProgramError, program } from "./program.ts";

// Programs are checked before any backend sees them, so that stand-ins do.
const cells = grid([8, 8, 1]);
const fieldOf = (name: string, type: ElementType = real, on = cells) =>
  ({ name, key: name, type, grid: on }) as unknown as Field<never>;
const scalarOf = (name: string, kind: "real" | "int" = "real") => ({ name, key: name, kind }) as unknown as Scalar;
const tableOf = (name: string, type: ElementType = real) =>
  ({ name, key: name, type, rows: 2 }) as unknown as Table<never>;

const blend = kernel("blend", { reads: { a: real, b: real, n: int }, writes: { out: real } }, ({ a, b, n }) => ({
  out: a.add(b).mul(n.toReal()),
}));
const extrema = kernel("extrema", { reads: { x: real }, reduces: { low: "min", high: "max" } }, ({ x }) => ({
  low: x,
  high: x,
}));

describe("a program refuses", () => {
  const given = { a: fieldOf("p"), b: 1, n: 2, out: fieldOf("q") };
  const refused = (k: Kernel, args: object, message: string) => {
    const write = () => program("trial", (p) => p.run(k, args as never));
    expect(write).toThrow(ProgramError);
    expect(write).toThrow(message);
  };
  const trial = (changes: object, message: string) =>
    refused(blend as unknown as Kernel, { ...given, ...changes }, message);

  it("names a kernel does not have, and says which it has", () => {
    trial({ c: 1 }, 'program "trial": kernel "blend" has no "c"; it has a, b, n, out');
    trial({ b: undefined }, 'kernel "blend" needs "b"');
  });

  it("arguments of another type", () => {
    trial({ a: fieldOf("v", vector) }, 'kernel "blend" takes a real field as "a", not the vector field "v"');
    trial({ a: [1, 2, 3] }, '"a" of kernel "blend" has 1 components, not 3');
    trial({ a: scalarOf("k", "int") }, '"a" of kernel "blend" is real, but the scalar "k" int');
    trial({ n: 0.5 }, '"n" of kernel "blend" is a whole number of 32 bits, not 0.5');
    trial({ b: Number.NaN }, '"b" of kernel "blend" is not a number');
    trial({ b: {} }, 'kernel "blend" cannot take an object of another kind as "b"');
    trial({ b: tableOf("K") }, 'cannot take the table "K" by itself (use byRegion) as "b"');
  });

  it("regions and tables that do not fit", () => {
    trial({ b: byRegion(fieldOf("r"), tableOf("K")) }, 'the regions of "b" in kernel "blend" must be an int field');
    trial({ b: byRegion(fieldOf("r", int), tableOf("K", vector)) }, 'takes a real as "b", not a table of vector');
    trial({ out: byRegion(fieldOf("r", int), tableOf("K")) }, 'writes "out", which cannot be given by region');
  });

  it("outputs without a place, or in one another's", () => {
    trial({ out: 1 }, 'writes "out", which must be a field or a device scalar');
    trial({ out: scalarOf("s") }, 'runs on a grid, where each cell would write the scalar "out"; reduce instead');
    const s = scalarOf("s");
    refused(
      extrema as unknown as Kernel,
      { x: fieldOf("p"), low: s, high: s },
      'kernel "extrema" writes "low" and "high" into the same place',
    );
    refused(
      extrema as unknown as Kernel,
      { x: 1, low: s, high: scalarOf("t") },
      "is given no field, so there are no cells",
    );
  });

  it("grids that differ, and says how", () => {
    trial(
      { out: fieldOf("q", real, grid([8, 8, 1], { cell: [1, 2, 1], periodic: [true, false, false] })) },
      '"p" has 8×8×1 cells of 1×1×1 and "q" 8×8×1 cells of 1×2×1, periodic along x',
    );
  });

  it("loops without a number of rounds", () => {
    expect(() => program("trial", (p) => p.repeat(-1, () => {}))).toThrow("rounds from 0 to 2^31 − 1, not -1");
    expect(() => program("trial", (p) => p.repeat(2 ** 32 + 3, () => {}))).toThrow("not 4294967299");
    expect(() => program("trial", (p) => p.repeat(scalarOf("s"), () => {}))).toThrow('"s" is real');
    expect(() => program("trial", (p) => p.while(scalarOf("s"), 1.5, () => {}))).toThrow("not 1.5");
  });
});
