import { expect, it } from "vitest";
import { AbortedError, type Backend, BackendError } from "../backend.ts";
import { grid } from "../grid.ts";
import { kernel } from "../language/kernel.ts";
import { real } from "../language/types.ts";
import { program } from "../program.ts";
import type { WasmBackend } from "../wasm/backend.ts";
import type { Workers } from "../wasm/threads.ts";
import { count, increment, parity } from "./programs.ts";

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

export function failures(backend: () => Backend, open: () => Promise<Backend>): void {
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
