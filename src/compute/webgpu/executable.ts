import { AbortedError, BackendError, type Executable } from "../backend.ts";
import { Control, isFixed, type Loop, type Part } from "./control.ts";
import { type Dispatch, type Gpu, USAGE } from "./device.ts";

/** Milliseconds that one submission should take: long against the way to the device, short against patience. */
const WANTED_TIME = 30;
const MOST_DISPATCHES = 4096;
const MOST_INNER_ROUNDS = 64;
/** Submissions under way at a time, so that the device never waits for the host. */
const DEPTH = 2;

/** Finds how much to submit at once from how long it took. */
class Pace {
  size: number;
  private last = 0;

  constructor(size: number) {
    this.size = size;
  }

  start(): void {
    this.last = performance.now();
  }

  /** Something submitted has just been done. */
  done(): void {
    const now = performance.now();
    const time = now - this.last;
    this.last = now;
    if (time < WANTED_TIME / 2) this.size = Math.min(2 * this.size, MOST_DISPATCHES);
    else if (time > 2 * WANTED_TIME) this.size = Math.max(1, this.size >> 1);
  }
}

/** Something awaited later, perhaps not at all once the device is lost. */
function expected<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}

/** Dispatches of a program without conditions; "round" where one of an outermost loop begins. */
function* inOrder(parts: readonly Part[], outermost = true): Generator<Dispatch | "round"> {
  for (const part of parts)
    if (part.is === "stretch") yield* part.dispatches;
    else if (part.is === "loop")
      for (let i = 0; i < (part.count as number); i++) {
        if (outermost) yield "round";
        yield* inOrder(part.body, false);
      }
}

/**
 * @param what for messages
 * @param parts without empty ones
 * @param present throws when something the program uses has been released
 * @param owned buffers that go with the program
 */
export async function executable(
  gpu: Gpu,
  what: string,
  parts: readonly Part[],
  present: () => void,
  scalars: GPUBuffer,
  owned: readonly GPUBuffer[],
): Promise<Executable> {
  let disposed = false;
  const { run, buffers } = isFixed(parts)
    ? { run: fixed(gpu, parts), buffers: owned }
    : await conditional(gpu, what, parts, scalars, owned);
  return {
    run: async ({ signal } = {}) => {
      if (disposed) throw new BackendError(`${what} has been disposed of`);
      if (signal?.aborted) throw new AbortedError(`${what} was aborted before it began`);
      present();
      await gpu.enqueue(what, async () => {
        if (signal?.aborted) throw new AbortedError(`${what} was aborted before it began`);
        if (!(await run(signal))) throw new AbortedError(`${what} was aborted while it ran`);
      });
    },
    dispose: () => {
      if (disposed) return;
      disposed = true;
      // After runs that were asked for before.
      gpu.enqueue(what, async () => buffers.map((buffer) => buffer.destroy())).catch(() => {});
    },
  };
}

/** Runs to the end, or says that it was interrupted. */
type Run = (signal: AbortSignal | undefined) => Promise<boolean>;

function fixed(gpu: Gpu, parts: readonly Part[]): Run {
  const pace = new Pace(64);
  return async (signal) => {
    let waiting: Dispatch[] = [];
    const underway: Promise<unknown>[] = [];
    const submit = async () => {
      gpu.run(waiting, gpu.open);
      waiting = [];
      underway.push(expected(gpu.device.queue.onSubmittedWorkDone()));
      if (underway.length < DEPTH) return;
      await underway.shift();
      pace.done();
    };
    pace.start();
    let completed = true;
    for (const item of inOrder(parts)) {
      if (item === "round") {
        completed = !signal?.aborted;
        if (!completed) break;
      } else if (waiting.push(item) >= pace.size) await submit();
    }
    if (waiting.length > 0) await submit();
    await Promise.all(underway);
    return completed;
  };
}

async function conditional(
  gpu: Gpu,
  what: string,
  parts: readonly Part[],
  scalars: GPUBuffer,
  owned: readonly GPUBuffer[],
): Promise<{ run: Run; buffers: readonly GPUBuffer[] }> {
  const control = new Control(parts);
  const { pipelines, layout } = await gpu.compile(what, control.code, [false, true, true]);
  const bytes = control.initial.byteLength;
  const state = gpu.storage(`state of ${what}`, bytes);
  const gate = gpu.storage(`gate of ${what}`, 16, USAGE.uniform);
  const open = gpu.gated(gate);
  const group = gpu.group(
    layout,
    [scalars, state, gate].map((buffer) => ({ buffer })),
  );
  const find = (number: number): Dispatch => ({ pipeline: pipelines[0], group, groups: number + 1 });
  const pace = new Pace(4);
  let known: Uint32Array = control.initial;

  const run: Run = async (signal) => {
    /** Rounds to submit; with the first submission of a run no more than there were in the run before. */
    const roundsOf = (loop: Loop, outermost: boolean, first: boolean): number => {
      const usual = control.roundsOf(loop, known);
      const seldomMore = !outermost || (first && known !== control.initial);
      const rounds = Math.min(seldomMore ? usual : Number.POSITIVE_INFINITY, outermost ? pace.size : MOST_INNER_ROUNDS);
      return typeof loop.count === "number" ? Math.min(rounds, loop.count) : rounds;
    };
    const guess = (some: readonly Part[], outermost: boolean, first: boolean): Dispatch[] =>
      some.flatMap((part) => {
        if (part.is === "stretch") return [find(control.numbers.get(part)!), ...part.dispatches];
        if (part.is === "choice")
          return [...guess(part.body, outermost, first), ...guess(part.otherwise, outermost, first)];
        const body = guess(part.body, false, first);
        const rounds = Math.min(roundsOf(part, outermost, first), Math.ceil(MOST_DISPATCHES / body.length));
        return Array.from({ length: rounds }, () => body).flat();
      });
    const submit = (first: boolean) => {
      gpu.run([...guess(parts, true, first), find(control.none)], open);
      return expected(gpu.read(state, 0, bytes));
    };
    gpu.device.queue.writeBuffer(state, 0, control.initial);
    let stopped = false;
    pace.start();
    const underway = [submit(true)];
    for (;;) {
      known = new Uint32Array(await underway.shift()!);
      pace.done();
      if (control.isOver(known)) break;
      if (signal?.aborted && !stopped) {
        gpu.device.queue.writeBuffer(state, 8, new Uint32Array([1]));
        stopped = true;
      }
      while (underway.length < DEPTH) underway.push(submit(false));
    }
    // What was submitted in vain is harmless but must be over before the state is written again.
    await Promise.all(underway);
    return !stopped;
  };
  return { run, buffers: [...owned, state, gate] };
}
