import type {
  Backend,
  Convolution,
  ConvolutionKernel,
  Executable,
  Field,
  NumberArray,
  RunOptions,
  Scalar,
  Table,
} from "../backend.ts";
import { AbortedError, BackendError } from "../backend.ts";
import { kernelSpectra } from "../fft/spectrum.ts";
import { cellsOf, type Grid, type Precision } from "../grid.ts";
import type { ElementType } from "../language/types.ts";
import type { Value } from "../language/values.ts";
import type { Program } from "../program.ts";
import { checkConvolution, checkField, checkScalar, checkValues, rowsOf } from "../requests.ts";
import { ModuleBuilder, op, splat } from "./assembler.ts";
import { type ConvolutionOptions, emitConvolution } from "./convolution.ts";
import { Heap } from "./heap.ts";
import { bytesOf, layoutOf } from "./layout.ts";
import { emitProgram, type Places } from "./program.ts";
import { Alone, CONTROL, type Team, Workers } from "./threads.ts";

export interface WasmOptions {
  /** Precision of fields and arithmetic; "f32" unless said otherwise. */
  readonly precision?: Precision;
  /** Worker threads; as many as the machine has cores, unless said otherwise.  0: the calling thread itself. */
  readonly threads?: number;
  /** Fused multiply-add; used where the engine has it, unless this is false. */
  readonly fma?: boolean;
  /** Bytes of memory it may use, up to 4 GiB. */
  readonly memory?: number;
}

/** Whether the engine runs a function with this one instruction. */
function runs(name: "v128.and" | "f32x4.relaxed_madd"): boolean {
  const module = new ModuleBuilder();
  const f = module.function([], []);
  const value = splat("i32", 0);
  f.emit(op("drop", op(name, value, value, ...(name === "v128.and" ? [] : [value]))));
  return WebAssembly.validate(module.encode(1, false));
}

/**
 * Fields in WebAssembly memory, programs as WebAssembly SIMD on worker threads.  Where memory cannot be shared (a page
 * without cross-origin isolation) everything runs on the calling thread.
 * @throws {BackendError} when the engine has no SIMD, or an option is out of range
 */
export function openWasm({ precision = "f32", threads, fma = true, memory = 2 ** 32 }: WasmOptions = {}): WasmBackend {
  if (precision !== "f32" && precision !== "f64")
    throw new BackendError(`precision must be "f32" or "f64", not ${JSON.stringify(precision)}`);
  if (threads !== undefined && !(Number.isInteger(threads) && threads >= 0 && threads <= 1024))
    throw new BackendError(`threads must be a whole number from 0 to 1024, not ${threads}`);
  if (!(memory >= 2 ** 20 && memory <= 2 ** 32))
    throw new BackendError(`memory must be from 2^20 to 2^32 bytes, not ${memory}`);
  if (!runs("v128.and")) throw new BackendError("this WebAssembly engine has no SIMD");
  const shared = threads !== 0 && typeof SharedArrayBuffer === "function";
  const wanted = shared ? (threads ?? globalThis.navigator?.hardwareConcurrency ?? 1) : 1;
  return new WasmBackend(precision, shared, wanted, fma && runs("f32x4.relaxed_madd"), memory);
}

interface StoredConvolution {
  readonly options: ConvolutionOptions;
  readonly addresses: readonly number[];
}

let created = 0;

export class WasmBackend implements Backend {
  readonly name = "wasm";
  readonly precision: Precision;
  readonly description: string;
  readonly threads: number;
  /** Whether a·b + c is rounded once. */
  readonly fma: boolean;
  /** @internal */
  readonly team: Team;
  private readonly heap: Heap;
  private readonly addresses = new Map<string, number>();
  private readonly slots = new Map<string, number>();
  private readonly freeSlots: number[] = [];
  private usedSlots = 0;
  private readonly tables = new Map<string, Table>();
  private readonly convolutions = new Map<string, StoredConvolution>();
  /** One table of scalars per thread. */
  private scalars: { address: number; capacity: number };
  /** What it will hold once all that was asked for is done. */
  private capacity = 64;
  private scratch = { address: 0, bytes: 0 };
  private programs = 0;
  /** What has been asked for runs in order. */
  private last: Promise<unknown> | undefined;
  private ended = false;

  constructor(precision: Precision, shared: boolean, threads: number, fma: boolean, memory: number) {
    this.precision = precision;
    this.fma = fma;
    this.heap = new Heap(CONTROL.end, shared, memory);
    this.team = shared ? new Workers(this.heap.memory, threads) : new Alone(this.heap.memory);
    this.threads = this.team.threads;
    this.scalars = { address: this.heap.allocate(this.threads * 64 * 8, "scalars"), capacity: 64 };
    const who = shared ? `${threads} ${threads === 1 ? "thread" : "threads"}` : "the calling thread";
    this.description = `WebAssembly SIMD, ${precision}, ${who}${fma ? ", fused multiply-add" : ""}`;
  }

  private use(): void {
    if (this.ended) throw new BackendError("this backend has been destroyed");
  }

  /** What messages call a thing, and a number that tells it from others. */
  private key(name: string): string {
    return `${name}#${++created}`;
  }

  private elementBytes(type: ElementType): 4 | 8 {
    return type.kind === "int" || this.precision === "f32" ? 4 : 8;
  }

  /** Runs once all that was asked for before is done. */
  private async queued<T>(work: () => T | Promise<T>): Promise<T> {
    const before = this.last;
    const mine = (async () => {
      await before?.catch(() => {});
      return work();
    })();
    this.last = mine;
    try {
      return await mine;
    } finally {
      if (this.last === mine) this.last = undefined;
    }
  }

  /** At once, if nothing else is to be done before. */
  private soon(work: () => void): void {
    if (this.last) void this.queued(work);
    else work();
  }

  field<V extends Value>(grid: Grid, type: ElementType<V>, name = type?.name): Field<V> {
    this.use();
    checkField(grid, type, name);
    const what = `the ${type.name} field "${name}" on ${grid.size.join("×")} cells`;
    const bytes = bytesOf(layoutOf(grid, this.precision), type.components, this.elementBytes(type));
    const key = this.key(name);
    this.addresses.set(key, this.heap.allocate(bytes, what));
    return { name, key, grid, type, backend: this };
  }

  table<V extends Value>(
    type: ElementType<V>,
    rows: readonly (number | readonly number[])[],
    name = "table",
  ): Table<V> {
    this.use();
    const flat = rowsOf(type, rows, name);
    const key = this.key(name);
    const address = this.heap.allocate(flat.length * type.components * this.elementBytes(type), `table "${name}"`);
    this.view(type, address, flat.length * type.components).set(flat.flat());
    this.addresses.set(key, address);
    const made: Table<V> = { name, key, type, rows: flat.length, backend: this };
    this.tables.set(key, made as Table);
    return made;
  }

  scalar(initial = 0, { name = "scalar", kind = "real" }: { name?: string; kind?: "real" | "int" } = {}): Scalar {
    this.use();
    const made: Scalar = { name, key: this.key(name), kind, backend: this };
    checkScalar(made, initial);
    const free = this.freeSlots.pop();
    if (free === undefined && this.usedSlots === this.capacity) this.growScalars();
    this.slots.set(made.key, free ?? 8 * this.usedSlots++);
    this.set(made, initial);
    return made;
  }

  private growScalars(): void {
    const capacity = 2 * this.capacity;
    const address = this.heap.allocate(this.threads * 8 * capacity, "scalars");
    this.capacity = capacity;
    this.soon(() => {
      const before = this.scalars;
      const bytes = 8 * before.capacity;
      const all = new Uint8Array(this.heap.memory.buffer);
      for (let i = 0; i < this.threads; i++) {
        const from = before.address + i * bytes;
        all.copyWithin(address + i * 8 * capacity, from, from + bytes);
      }
      this.heap.release(before.address);
      this.scalars = { address, capacity };
    });
  }

  convolution(grid: Grid, kernel: ConvolutionKernel, name = "convolution"): Convolution {
    this.use();
    const components = checkConvolution(grid, kernel, name);
    const layout = layoutOf(grid, this.precision);
    const options: ConvolutionOptions = {
      size: grid.size,
      periodic: grid.periodic,
      components,
      layered: "layers" in kernel,
      element: this.precision,
      fma: this.fma,
      rowStride: layout.row,
      planeStride: layout.plane,
      componentStride: layout.component,
    };
    const plan = emitConvolution(new ModuleBuilder(), options);
    const what = (part: string) => `the ${part} of convolution "${name}" on ${grid.size.join("×")} cells`;
    const taken: number[] = [];
    const take = (bytes: number, part: string) => {
      const address = this.heap.allocate(bytes, what(part));
      taken.push(address);
      return address;
    };
    try {
      const spectrum = take(plan.spectrumBytes, "spectrum");
      const tensor = take(plan.tensorBytes, "tensor");
      const tables = take(plan.tables.byteLength, "tables");
      new Uint8Array(this.heap.memory.buffer, tables, plan.tables.byteLength).set(plan.tables);
      const view =
        this.precision === "f32"
          ? new Float32Array(this.heap.memory.buffer, tensor, plan.tensorBytes / 4)
          : new Float64Array(this.heap.memory.buffer, tensor, plan.tensorBytes / 8);
      plan.writeTensor(view, kernelSpectra(kernel, grid, plan.lengths));
      const made: Convolution = { name, key: this.key(name), grid, components, backend: this };
      this.convolutions.set(made.key, { options, addresses: [spectrum, tensor, tables] });
      return made;
    } catch (error) {
      for (const address of taken) this.heap.release(address);
      throw error;
    }
  }

  private view(type: ElementType, address: number, length: number): NumberArray {
    const { buffer } = this.heap.memory;
    if (type.kind === "int") return new Int32Array(buffer, address, length);
    return this.precision === "f32"
      ? new Float32Array(buffer, address, length)
      : new Float64Array(buffer, address, length);
  }

  private addressOf(thing: { readonly key: string; readonly name: string }): number {
    const address = this.addresses.get(thing.key);
    if (address === undefined) throw new BackendError(`"${thing.name}" is not of this backend, or has been released`);
    return address;
  }

  /** Calls for each row with its place in memory and in compact order. */
  private rows(
    { grid, type }: Field,
    address: number,
    each: (memory: NumberArray, at: number, compact: number) => void,
  ): void {
    const [nx, ny, nz] = grid.size;
    const { row, plane, component } = layoutOf(grid, this.precision);
    const memory = this.view(type, address, component * type.components);
    let compact = 0;
    for (let c = 0; c < type.components; c++)
      for (let z = 0; z < nz; z++)
        for (let y = 0; y < ny; y++, compact += nx) each(memory, c * component + z * plane + y * row, compact);
  }

  async write(field: Field, values: ArrayLike<number> | number): Promise<void> {
    this.use();
    const [nx] = field.grid.size;
    const address = this.addressOf(field);
    checkValues(field, values);
    if (typeof values === "number") {
      await this.queued(() => this.rows(field, address, (memory, at) => memory.fill(values, at, at + nx)));
      return;
    }
    await this.queued(() => {
      const source = ArrayBuffer.isView(values) ? (values as NumberArray) : Float64Array.from(values);
      this.rows(field, address, (memory, at, compact) => memory.set(source.subarray(compact, compact + nx), at));
    });
  }

  async read(field: Field): Promise<NumberArray> {
    this.use();
    const address = this.addressOf(field);
    return this.queued(() => {
      const count = cellsOf(field.grid) * field.type.components;
      const [nx] = field.grid.size;
      const out =
        field.type.kind === "int"
          ? new Int32Array(count)
          : this.precision === "f32"
            ? new Float32Array(count)
            : new Float64Array(count);
      this.rows(field, address, (memory, at, compact) => out.set(memory.subarray(at, at + nx), compact));
      return out;
    });
  }

  private alignScalars(): void {
    const { address, capacity } = this.scalars;
    const all = new Uint8Array(this.heap.memory.buffer);
    for (let i = 1; i < this.threads; i++) all.copyWithin(address + i * 8 * capacity, address, address + 8 * capacity);
  }

  private put(scalar: Scalar, value: number): void {
    const offset = this.slotOf(scalar);
    const view = new DataView(this.heap.memory.buffer);
    for (let i = 0; i < this.threads; i++) {
      const at = this.scalars.address + i * 8 * this.scalars.capacity + offset;
      if (scalar.kind === "int") view.setInt32(at, value, true);
      else view.setFloat64(at, value, true);
    }
  }

  private slotOf(scalar: Scalar): number {
    const offset = this.slots.get(scalar.key);
    if (offset === undefined)
      throw new BackendError(`the scalar "${scalar.name}" is not of this backend, or has been released`);
    return offset;
  }

  set(scalar: Scalar, value: number): void {
    this.use();
    checkScalar(scalar, value);
    this.slotOf(scalar);
    this.soon(() => this.put(scalar, value));
  }

  async get(scalar: Scalar): Promise<number> {
    this.use();
    return this.queued(() => {
      const at = this.scalars.address + this.slotOf(scalar);
      const view = new DataView(this.heap.memory.buffer);
      return scalar.kind === "int" ? view.getInt32(at, true) : view.getFloat64(at, true);
    });
  }

  async compile(program: Program): Promise<Executable> {
    this.use();
    const partials: number[] = [];
    const forget = () => {
      for (const address of partials.splice(0)) this.heap.release(address);
    };
    const used = new Map<string, { readonly key: string; readonly name: string }>();
    const convolutions = new Set<string>();
    const scalars = new Set<Scalar>();
    const places: Places = {
      field: (field) => {
        used.set(field.key, field);
        return this.addressOf(field);
      },
      slot: (scalar) => {
        scalars.add(scalar);
        return this.slotOf(scalar);
      },
      table: (key) => {
        const table = this.tables.get(key);
        if (!table) throw new BackendError(`program "${program.name}" uses a table that is not of this backend`);
        used.set(key, table);
        return { address: this.addressOf(table), rows: table.rows, components: table.type.components };
      },
      convolution: (key, module) => {
        const stored = this.convolutions.get(key);
        convolutions.add(key);
        if (!stored) throw new BackendError(`program "${program.name}" uses a convolution that is not of this backend`);
        const { passes, scratchBytes } = emitConvolution(module, stored.options);
        return { passes, scratchBytes, addresses: stored.addresses };
      },
      partials: (bytes) => {
        const address = this.heap.allocate(bytes, `program "${program.name}"`);
        partials.push(address);
        return address;
      },
    };
    const id = this.programs++;
    const { precision, fma } = this;
    const { shared, maximumPages } = this.heap;
    let scratchBytes = 0;
    try {
      const code = emitProgram(program, { precision, fma, shared, maximumPages }, places);
      scratchBytes = code.scratchBytes;
      this.team.load(id, await WebAssembly.compile(code.bytes));
    } catch (error) {
      forget();
      if (error instanceof WebAssembly.CompileError)
        throw new BackendError(`program "${program.name}" cannot be compiled: ${error.message}`, { cause: error });
      throw error;
    }
    let disposed = false;
    return {
      run: async ({ signal }: RunOptions = {}) => {
        this.use();
        if (signal?.aborted) throw new AbortedError(`program "${program.name}" was aborted before it began`);
        if (disposed) throw new BackendError(`program "${program.name}" has been disposed of`);
        for (const thing of used.values()) this.addressOf(thing);
        for (const scalar of scalars) this.slotOf(scalar);
        for (const key of convolutions)
          if (!this.convolutions.has(key))
            throw new BackendError(`program "${program.name}" uses a convolution that has been released`);
        return this.queued(async () => {
          this.use();
          this.reserveScratch(scratchBytes);
          const { address, bytes: each } = this.scratch;
          const tables = [this.scalars.address, 8 * this.scalars.capacity] as const;
          try {
            await this.team.run(
              { id, name: `program "${program.name}"`, scalars: tables, scratch: [address, each] },
              signal,
            );
          } catch (error) {
            // Threads that did not get equally far must not disagree on where to go from here.
            this.alignScalars();
            throw error;
          }
        });
      },
      dispose: () => {
        if (disposed) return;
        disposed = true;
        this.soon(() => {
          this.team.drop(id);
          forget();
        });
      },
    };
  }

  private reserveScratch(bytes: number): void {
    if (bytes <= this.scratch.bytes) return;
    if (this.scratch.bytes > 0) this.heap.release(this.scratch.address);
    this.scratch = { address: 0, bytes: 0 };
    // An odd number of cache lines, so that threads' memories do not fall on the same ones.
    const each = Math.ceil(bytes / 128) * 128 + 64;
    this.scratch = { address: this.heap.allocate(each * this.threads, "memory of the threads"), bytes: each };
  }

  release(thing: Field | Table | Convolution | Scalar): void {
    this.use();
    const slot = this.slots.get(thing.key);
    if (slot !== undefined) {
      this.slots.delete(thing.key);
      this.freeSlots.push(slot);
      return;
    }
    const stored = this.convolutions.get(thing.key);
    const addresses = stored ? stored.addresses : [this.addressOf(thing)];
    const free = () => {
      for (const address of addresses) this.heap.release(address);
    };
    this.convolutions.delete(thing.key);
    this.tables.delete(thing.key);
    this.addresses.delete(thing.key);
    this.soon(free);
  }

  async destroy(): Promise<void> {
    if (this.ended) return;
    this.ended = true;
    await this.team.end();
    await this.last?.catch(() => {});
  }
}
