import { expect, it } from "vitest";
import { AllocationError, type Backend, BackendError } from "../backend.ts";
import { cellsOf, grid } from "../grid.ts";
import { type Kernel, kernel } from "../language/kernel.ts";
import { complex, type ElementType, int, matrix, real, symmetric, vector } from "../language/types.ts";
import { program } from "../program.ts";
import { largest } from "./programs.ts";

export function storage(backend: () => Backend): void {
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
    // A transform of 16 × 16 cells in single precision is good to some 1e-6 of what it is of.
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
