import { AbortedError, BackendError } from "../backend.ts";

/** Byte addresses by which threads meet, each on a cache line of its own; the first line stays unused. */
export const CONTROL = { arrived: 64, generation: 128, request: 192, stop: 256, poison: 320, end: 384 } as const;

/** What a program returns. */
export const STATUS = { done: 0, stopped: 1, poisoned: 2 } as const;

/** What all threads run besides the program's own arguments. */
export interface Call {
  /** Program, as it was loaded. */
  readonly id: number;
  /** What errors call it. */
  readonly name: string;
  /** Byte address of the first thread's scalars, and the distance to the next thread's. */
  readonly scalars: readonly [number, number];
  /** The same for memory of its own. */
  readonly scratch: readonly [number, number];
}

type Exports = { run(thread: number, threads: number, scalars: number, scratch: number): number };

/** Something that runs loaded modules. */
export interface Team {
  readonly threads: number;
  load(id: number, module: WebAssembly.Module): void;
  drop(id: number): void;
  /** @throws {AbortedError} @throws {BackendError} */
  run(call: Call, signal?: AbortSignal): Promise<void>;
  end(): Promise<void>;
}

/** This thread alone: where memory cannot be shared.  Nothing else happens meanwhile, so a run cannot be stopped. */
export class Alone implements Team {
  readonly threads = 1;
  private readonly memory: WebAssembly.Memory;
  private readonly instances = new Map<number, Exports>();

  constructor(memory: WebAssembly.Memory) {
    this.memory = memory;
  }

  load(id: number, module: WebAssembly.Module): void {
    const { exports } = new WebAssembly.Instance(module, { env: { memory: this.memory } });
    this.instances.set(id, exports as Exports);
  }

  drop(id: number): void {
    this.instances.delete(id);
  }

  async run({ id, name, scalars, scratch }: Call, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) throw new AbortedError(`${name} was aborted before it began`);
    try {
      this.instances.get(id)!.run(0, 1, scalars[0], scratch[0]);
    } catch (error) {
      throw new BackendError(`${name} failed: ${error}`);
    }
  }

  async end(): Promise<void> {
    this.instances.clear();
  }
}

/** The program of a worker, in Node and in browsers. */
const WORKER = `
const node = typeof require === "function" && typeof process === "object";
const port = node ? require("node:worker_threads").parentPort : self;
const programs = new Map();
let memory;
const receive = (message) => {
  if (message.memory) memory = message.memory;
  if (message.module) programs.set(message.id, new WebAssembly.Instance(message.module, { env: { memory } }).exports);
  if (message.drop) programs.delete(message.id);
  if (message.call) {
    const [id, ...given] = message.call;
    let status = ${STATUS.poisoned}, error;
    try { status = programs.get(id).run(...given); }
    catch (thrown) {
      error = String(thrown);
      const words = new Int32Array(memory.buffer);
      Atomics.store(words, ${CONTROL.poison / 4}, 1);
      Atomics.notify(words, ${CONTROL.generation / 4});
    }
    port.postMessage({ status, error });
  }
};
if (node) port.on("message", receive); else self.onmessage = (event) => receive(event.data);
`;

/** A thread, as Node and browsers both have it. */
interface Thread {
  post(message: object): void;
  terminate(): void;
  /** Keeps the process alive, or not. */
  hold(on: boolean): void;
}

type Listener = (event: { readonly status?: number; readonly error?: string; readonly ended?: boolean }) => void;

async function startThread(listen: Listener): Promise<Thread> {
  if (typeof process === "object" && process.versions?.node) {
    // Not an import, which bundlers for browsers stumble over.
    const { Worker: NodeWorker } = process.getBuiltinModule("node:worker_threads");
    const worker = new NodeWorker(WORKER, { eval: true });
    worker.on("message", listen);
    worker.on("error", (error) => listen({ ended: true, error: String(error) }));
    worker.on("exit", () => listen({ ended: true }));
    worker.unref();
    return {
      post: (message) => worker.postMessage(message),
      terminate: () => void worker.terminate(),
      hold: (on) => (on ? worker.ref() : worker.unref()),
    };
  }
  const address = URL.createObjectURL(new Blob([WORKER], { type: "text/javascript" }));
  const worker = new Worker(address);
  worker.onmessage = ({ data }) => listen(data);
  worker.onerror = ({ message }) => listen({ ended: true, error: message });
  return {
    post: (message) => worker.postMessage(message),
    terminate: () => {
      worker.terminate();
      URL.revokeObjectURL(address);
      listen({ ended: true });
    },
    hold: () => {},
  };
}

/** Worker threads on one shared memory. */
export class Workers implements Team {
  readonly threads: number;
  private readonly memory: WebAssembly.Memory;
  private readonly modules = new Map<number, WebAssembly.Module>();
  private team: Promise<Thread[]> | undefined;
  private waiting: { finished: number; status: number; error?: string; done: () => void } | undefined;
  private broken: string | undefined;
  /** How many teams there have been: what the threads of an earlier one still have to say is of no concern. */
  private teams = 0;

  constructor(memory: WebAssembly.Memory, threads: number) {
    this.memory = memory;
    this.threads = threads;
  }

  private get words(): Int32Array {
    return new Int32Array(this.memory.buffer, 0, CONTROL.end / 4);
  }

  /** The threads, started when first needed and again after one of them has died. */
  private started(): Promise<Thread[]> {
    if (!this.team) {
      this.broken = undefined;
      this.words.fill(0);
      const number = ++this.teams;
      const listeners = Array.from({ length: this.threads }, (): Listener => {
        const mine = { ended: false };
        return (event) => {
          if (number !== this.teams || (event.ended && mine.ended)) return;
          mine.ended ||= event.ended === true;
          this.hear(event);
        };
      });
      this.team = Promise.all(listeners.map(startThread)).then((threads) => {
        for (const thread of threads) {
          thread.post({ memory: this.memory });
          for (const [id, module] of this.modules) thread.post({ id, module });
        }
        return threads;
      });
    }
    return this.team;
  }

  private hear({ status, error, ended }: Parameters<Listener>[0]): void {
    if (ended) {
      this.broken = error ?? "it was terminated";
      // The others wait for it and must not.
      Atomics.store(this.words, CONTROL.poison / 4, 1);
      Atomics.notify(this.words, CONTROL.generation / 4);
    }
    const { waiting } = this;
    if (!waiting) return;
    waiting.finished++;
    if (error) waiting.error ??= error;
    waiting.status = Math.max(waiting.status, status ?? STATUS.poisoned);
    if (waiting.finished === this.threads) waiting.done();
  }

  load(id: number, module: WebAssembly.Module): void {
    this.modules.set(id, module);
    void this.team?.then((threads) => {
      for (const thread of threads) thread.post({ id, module });
    });
  }

  drop(id: number): void {
    this.modules.delete(id);
    void this.team?.then((threads) => {
      for (const thread of threads) thread.post({ id, drop: true });
    });
  }

  async run({ id, name, scalars, scratch }: Call, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) throw new AbortedError(`${name} was aborted before it began`);
    if (this.broken !== undefined) await this.end();
    const threads = await this.started();
    if (this.broken !== undefined) throw new BackendError(`${name}: a worker thread does not start: ${this.broken}`);
    const { words } = this;
    words[CONTROL.request / 4] = 0;
    words[CONTROL.stop / 4] = 0;
    const abort = () => Atomics.store(words, CONTROL.request / 4, 1);
    signal?.addEventListener("abort", abort);
    // It may have come while the threads started.
    if (signal?.aborted) abort();
    try {
      const outcome = await new Promise<{ status: number; error?: string }>((resolve) => {
        const waiting = { finished: 0, status: 0, error: undefined, done: () => resolve(waiting) };
        this.waiting = waiting;
        threads.forEach((thread, i) => {
          thread.hold(true);
          thread.post({ call: [id, i, this.threads, scalars[0] + i * scalars[1], scratch[0] + i * scratch[1]] });
        });
      });
      if (outcome.status === STATUS.poisoned) {
        const reason = this.broken ?? outcome.error ?? "unknown reason";
        this.broken ??= reason;
        throw new BackendError(`${name}: a worker thread died while it ran: ${reason}`);
      }
      if (outcome.status === STATUS.stopped) throw new AbortedError(`${name} was aborted while it ran`);
    } finally {
      this.waiting = undefined;
      for (const thread of threads) thread.hold(false);
      signal?.removeEventListener("abort", abort);
    }
  }

  /** Ends the threads.  The next run starts new ones. */
  async end(): Promise<void> {
    const threads = await this.team?.catch(() => []);
    this.team = undefined;
    this.teams++;
    for (const thread of threads ?? []) thread.terminate();
    if (this.waiting) {
      this.waiting.status = STATUS.poisoned;
      this.waiting.error = "it was ended";
      this.waiting.done();
    }
  }

  /** The threads as they are: for tests of what happens when one dies. */
  async terminateOne(index: number): Promise<void> {
    (await this.started())[index].terminate();
  }
}
