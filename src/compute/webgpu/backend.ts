import {
  AllocationError,
  type Backend,
  BackendError,
  type Convolution,
  type ConvolutionKernel,
  type Executable,
  type Field,
  type NumberArray,
  type Scalar,
  type Table,
} from "../backend.ts";
import { cellsOf, type Grid } from "../grid.ts";
import { inKernel } from "../language/graph.ts";
import type { ElementType } from "../language/types.ts";
import type { Value } from "../language/values.ts";
import { type KernelStep, type Program, type Step, traceStep } from "../program.ts";
import { checkConvolution, checkField, checkScalar, checkValues, rowsOf } from "../requests.ts";
import type { Condition, Part } from "./control.ts";
import { GpuConvolution } from "./convolution.ts";
import { type Compiled, type Dispatch, type Gpu, openDevice, type WebGpuOptions } from "./device.ts";
import { GATE, type Layout, MOST_GROUPS, PASS_GATE, planeOf, type Shader, toWgsl } from "./emit.ts";
import { executable } from "./executable.ts";
import { Memories, type Place } from "./memory.ts";

/**
 * Opens the GPU of the browser, or in Node that which the optional package `webgpu` finds.
 * @throws {BackendError} saying what is missing
 */
export async function openWebGpu(options: WebGpuOptions = {}): Promise<Backend> {
  return new WebGpuBackend(await openDevice(options));
}

/** Words for scalars and tables together. */
const SLOTS = 2 ** 18;

const COPY = `@group(0) @binding(0) var<storage, read_write> source: array<vec4u>;
@group(0) @binding(1) var<storage, read_write> copied: array<vec4u>;
${GATE}@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
${PASS_GATE}  let i = (group.x + group.y * ${MOST_GROUPS}) * 64 + lane;
  if (i < arrayLength(&source)) { copied[i] = source[i]; }
}
`;

/** Dispatches of repeated steps up to which they are written out within a round of another loop. */
const WRITTEN_OUT = 64;

// Keys tell fields of all backends of a process apart.
let keys = 0;

class WebGpuBackend implements Backend {
  readonly name = "webgpu";
  readonly precision = "f32";
  readonly description: string;
  private readonly gpu: Gpu;
  private readonly memories: Memories;
  private readonly places = new Map<string, Place>();
  private readonly convolutions = new Map<string, GpuConvolution>();
  /** All scalars and tables, so that kernels need one binding for them. */
  private readonly slots: GPUBuffer;
  private readonly slotOf = new Map<string, number>();
  private readonly freeSlots = new Map<number, number[]>();
  private usedSlots = 0;

  constructor(gpu: Gpu) {
    this.gpu = gpu;
    this.description = gpu.description;
    this.memories = new Memories(gpu);
    this.slots = gpu.storage("scalars and tables", 4 * SLOTS);
  }

  private keyOf(name: string): string {
    return `${name}#gpu${keys++}`;
  }

  field<V extends Value>(grid: Grid, type: ElementType<V>, name = type?.name): Field<V> {
    checkField(grid, type, name);
    const key = this.keyOf(name);
    this.gpu.alive();
    const what = `field "${name}" of ${grid.size.join("×")} cells`;
    const place = this.memories.take(what, type.kind, planeOf(grid) * type.components);
    this.places.set(key, place);
    // There may have been another field in this place.
    this.after(what, () => this.gpu.submit((encoder) => encoder.clearBuffer(...range(place))));
    return { name, key, grid, type, backend: this };
  }

  table<V extends Value>(
    type: ElementType<V>,
    rows: readonly (number | readonly number[])[],
    name = type.name,
  ): Table<V> {
    const values = rowsOf(type, rows, name).flat();
    const key = this.keyOf(name);
    this.reserve(key, `table "${name}"`, values.length);
    this.writeSlots(key, type.kind, values);
    return { name, key, type, rows: rows.length, backend: this };
  }

  scalar(initial = 0, { name = "scalar", kind = "real" }: { name?: string; kind?: "real" | "int" } = {}): Scalar {
    const scalar: Scalar = { name, key: this.keyOf(name), kind, backend: this };
    checkScalar(scalar, initial);
    this.reserve(scalar.key, `scalar "${name}"`, 1);
    this.set(scalar, initial);
    return scalar;
  }

  private reserve(key: string, what: string, words: number): void {
    const free = this.freeSlots.get(words)?.pop();
    if (free === undefined && this.usedSlots + words > SLOTS)
      throw new AllocationError(what, 4 * words, `scalars and tables have ${4 * SLOTS} bytes in all`);
    this.slotOf.set(key, free ?? this.usedSlots);
    if (free === undefined) this.usedSlots += words;
  }

  private writeSlots(key: string, kind: "real" | "int", values: readonly number[]): void {
    const bytes = kind === "int" ? new Int32Array(values) : new Float32Array(values);
    const offset = 4 * this.slotOf.get(key)!;
    this.after("setting a scalar", () => this.gpu.device.queue.writeBuffer(this.slots, offset, bytes));
  }

  /** Does something after all that was asked for before; what ails the device shows in whatever is waited for next. */
  private after(what: string, work: () => void): void {
    this.gpu.enqueue(what, async () => work()).catch(() => {});
  }

  convolution(grid: Grid, kernel: ConvolutionKernel, name = "convolution"): Convolution {
    const components = checkConvolution(grid, kernel, name);
    const key = this.keyOf(name);
    this.convolutions.set(key, new GpuConvolution(this.gpu, grid, kernel, name));
    return { name, key, grid, components, backend: this };
  }

  async write(field: Field, values: ArrayLike<number> | number): Promise<void> {
    const { grid, type, name } = field;
    const cells = cellsOf(grid);
    const plane = planeOf(grid);
    const [buffer, offset] = range(this.placeOf(field));
    checkValues(field, values);
    const all = new (type.kind === "int" ? Int32Array : Float32Array)(plane * type.components);
    if (typeof values === "number") all.fill(values);
    else
      for (let c = 0; c < type.components; c++)
        for (let i = 0; i < cells; i++) all[c * plane + i] = values[c * cells + i];
    await this.gpu.enqueue(`writing field "${name}"`, async () =>
      this.gpu.device.queue.writeBuffer(buffer, offset, all),
    );
  }

  async read(field: Field): Promise<NumberArray> {
    const { grid, type, name } = field;
    const cells = cellsOf(grid);
    const plane = planeOf(grid);
    const place = range(this.placeOf(field));
    const bytes = await this.gpu.enqueue(`reading field "${name}"`, () => this.gpu.read(...place));
    const all = type.kind === "int" ? new Int32Array(bytes) : new Float32Array(bytes);
    if (plane === cells) return all;
    for (let c = 1; c < type.components; c++) all.copyWithin(c * cells, c * plane, c * plane + cells);
    return all.slice(0, cells * type.components);
  }

  set(scalar: Scalar, value: number): void {
    this.gpu.alive();
    this.slot(scalar.key);
    checkScalar(scalar, value);
    this.writeSlots(scalar.key, scalar.kind, [value]);
  }

  async get(scalar: Scalar): Promise<number> {
    const offset = 4 * this.slot(scalar.key);
    const bytes = await this.gpu.enqueue(`reading scalar "${scalar.name}"`, () => this.gpu.read(this.slots, offset, 4));
    return (scalar.kind === "int" ? new Int32Array(bytes) : new Float32Array(bytes))[0];
  }

  private slot(key: string): number {
    return this.slotOf.get(key) ?? gone(key);
  }

  private placeOf(field: Field): Place {
    return this.places.get(field.key) ?? gone(field.name);
  }

  private convolutionOf({ key, name }: Convolution): GpuConvolution {
    return this.convolutions.get(key) ?? gone(name);
  }

  /** @throws {BackendError} when something that a step uses is no longer there */
  private present(step: Work): void {
    if (step.do === "kernel") {
      for (const field of step.fields.values()) this.placeOf(field);
      for (const key of [...step.scalars.keys(), ...step.tables.keys()]) this.slot(key);
      return;
    }
    this.placeOf(step.source);
    this.placeOf(step.target);
    if (step.do === "convolve") this.convolutionOf(step.convolution);
  }

  async compile({ name, steps }: Program): Promise<Executable> {
    this.gpu.alive();
    const work = workIn(steps);
    const present = () => {
      for (const step of work) this.present(step);
    };
    present();
    const kernels = new Map<KernelStep, { shader: Shader; compiled: Compiled }>();
    await Promise.all(
      work.map(async (step) => step.do === "kernel" && kernels.set(step, await this.compileKernel(step))),
    );
    const scratch = Math.max(0, ...[...kernels.values()].map(({ shader }) => shader.partials));
    const owned = scratch > 0 ? [this.gpu.storage(`partial results of program "${name}"`, 4 * scratch)] : [];
    const dispatches = new Map<Step, readonly Dispatch[]>();
    for (const [step, { shader, compiled }] of kernels) {
      const memories = new Map<number, GPUBuffer>();
      for (const field of step.fields.values()) {
        const { memory } = this.placeOf(field);
        memories.set(memory.number, memory.buffer);
      }
      const buffers = shader.buffers.map(({ is, memory }) => ({
        buffer: is === "memory" ? memories.get(memory!)! : is === "scalars" ? this.slots : owned[0],
      }));
      const group = this.gpu.group(compiled.layout, buffers);
      const groups = [shader.groups, 1];
      dispatches.set(
        step,
        compiled.pipelines.map((pipeline, i) => ({ pipeline, group, groups: groups[i] })),
      );
    }
    const parts = await this.arrange(steps, dispatches, false);
    return executable(this.gpu, `program "${name}"`, parts, present, this.slots, owned);
  }

  private async compileKernel(step: KernelStep): Promise<{ shader: Shader; compiled: Compiled }> {
    const layout: Layout = {
      placeOf: (key) => {
        const { memory, start } = this.placeOf(step.fields.get(key)!);
        return { memory: memory.number, start };
      },
      slotOf: (key) => this.slot(key),
      tableOf: (key) => {
        const { rows, type } = step.tables.get(key)!;
        return { slot: this.slot(key), rows, components: type.components };
      },
    };
    const shader = inKernel(step.kernel.name, () =>
      toWgsl(traceStep(step, "f32"), layout, Math.min(256, this.gpu.invocations)),
    );
    const compiled = await this.gpu.compile(
      `kernel "${step.kernel.name}"`,
      shader.code,
      shader.buffers.map(({ written }) => written),
      shader.partials > 0 ? ["main", "finish"] : ["main"],
    );
    return { shader, compiled };
  }

  private async arrange(
    steps: readonly Step[],
    known: ReadonlyMap<Step, readonly Dispatch[]>,
    nested: boolean,
  ): Promise<Part[]> {
    const parts: Part[] = [];
    let stretch: Dispatch[] = [];
    const finish = (...next: Part[]) => {
      if (stretch.length > 0) parts.push({ is: "stretch", dispatches: stretch });
      stretch = [];
      parts.push(...next);
    };
    for (const step of steps)
      switch (step.do) {
        case "kernel":
          stretch.push(...known.get(step)!);
          break;
        case "convolve": {
          const convolution = this.convolutionOf(step.convolution);
          stretch.push(...(await convolution.dispatches(this.binding(step.source), this.binding(step.target))));
          break;
        }
        case "copy":
          stretch.push(await this.copy(step.source, step.target));
          break;
        case "repeat": {
          const body = await this.arrange(step.body, known, true);
          if (body.length === 0 || step.count === 0) break;
          const [only] = body;
          if (
            nested &&
            typeof step.count === "number" &&
            body.length === 1 &&
            only.is === "stretch" &&
            only.dispatches.length * step.count <= WRITTEN_OUT
          )
            for (let i = 0; i < step.count; i++) stretch.push(...only.dispatches);
          else
            finish({
              is: "loop",
              count: typeof step.count === "number" ? step.count : this.condition(step.count),
              body,
            });
          break;
        }
        case "while": {
          const body = await this.arrange(step.body, known, true);
          if (body.length > 0)
            finish({ is: "loop", count: step.limit, condition: this.condition(step.condition), body });
          break;
        }
        case "when": {
          const body = await this.arrange(step.body, known, nested);
          const otherwise = await this.arrange(step.otherwise, known, nested);
          if (body.length + otherwise.length > 0)
            finish({ is: "choice", condition: this.condition(step.condition), body, otherwise });
          break;
        }
        default:
          step satisfies never;
      }
    finish();
    return parts;
  }

  private condition({ key, kind }: Scalar): Condition {
    return { slot: this.slot(key), kind };
  }

  private async copy(source: Field, target: Field): Promise<Dispatch> {
    // Both may lie in one memory, which then must not be read-only in one place.
    const { pipelines, layout } = await this.gpu.compile("copying a field", COPY, [true, true]);
    const group = this.gpu.group(layout, [this.binding(source), this.binding(target)]);
    return { pipeline: pipelines[0], group, groups: Math.ceil(this.placeOf(source).words / 256) };
  }

  private binding(field: Field): GPUBufferBinding {
    const [buffer, offset, size] = range(this.placeOf(field));
    return { buffer, offset, size };
  }

  release(thing: Field | Table | Convolution | Scalar): void {
    const { key, name } = thing;
    const place = this.places.get(key);
    const convolution = this.convolutions.get(key);
    if (place) {
      const buffer = this.memories.giveBack(place);
      this.places.delete(key);
      if (buffer) this.after(`releasing "${name}"`, () => buffer.destroy());
    } else if (convolution) {
      this.convolutions.delete(key);
      this.after(`releasing "${name}"`, () => convolution.destroy());
    } else if (this.slotOf.has(key)) {
      const words = "rows" in thing ? thing.rows * thing.type.components : 1;
      const slot = this.slot(key);
      this.slotOf.delete(key);
      this.freeSlots.set(words, [...(this.freeSlots.get(words) ?? []), slot]);
    } else gone(name);
  }

  destroy(): Promise<void> {
    return this.gpu.destroy();
  }
}

function gone(name: string): never {
  throw new BackendError(`"${name}" has been released, or belongs to another backend`);
}

type Work = Extract<Step, { do: "kernel" | "convolve" | "copy" }>;

/** The steps that do something, within whatever decides about them. */
const workIn = (steps: readonly Step[]): Work[] =>
  steps.flatMap((step) => {
    if (step.do === "when") return [...workIn(step.body), ...workIn(step.otherwise)];
    return "body" in step ? workIn(step.body) : [step];
  });

/** Buffer, offset and size in bytes. */
const range = ({ memory, start, words }: Place): [GPUBuffer, number, number] => [memory.buffer, 4 * start, 4 * words];
