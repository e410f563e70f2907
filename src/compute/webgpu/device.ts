import { AllocationError, BackendError } from "../backend.ts";
import { GATE, MOST_GROUPS } from "./emit.ts";
import { provideSoftwareDriver } from "./softwareDriver.ts";

/** Bits of GPUBufferUsage and GPUMapMode, which outside of browsers are no globals. */
export const USAGE = { mapRead: 1, copySource: 4, copyTarget: 8, uniform: 64, storage: 128 } as const;
const MAP_READ = 1;
const COMPUTE_STAGE = 4;

export interface WebGpuOptions {
  /** Which adapter to prefer where there are several; "high-performance" unless said otherwise. */
  readonly powerPreference?: "low-power" | "high-performance";
  /** Whether to take a driver that computes on the CPU; in Node, that of an installed Chromium will do. */
  readonly software?: boolean;
}

/** One entry point with the buffers it works on. */
export interface Dispatch {
  readonly pipeline: GPUComputePipeline;
  readonly group: GPUBindGroup;
  /** Number of workgroups. */
  readonly groups: number;
}

/** A compiled shader. */
export interface Compiled {
  readonly pipelines: readonly GPUComputePipeline[];
  readonly layout: GPUBindGroupLayout;
}

// Dawn crashes when the object it was entered through is collected.
const instances = new Map<"hardware" | "software", GPU>();

async function entry(software: boolean): Promise<GPU> {
  const gpu = (globalThis.navigator as Navigator | undefined)?.gpu;
  if (gpu) return gpu;
  // Drivers are looked for once per instance.
  const wanted = software ? "software" : "hardware";
  const known = instances.get(wanted);
  if (known) return known;
  if (typeof process === "undefined") throw new BackendError("This browser has no WebGPU.");
  const driver = software ? provideSoftwareDriver() : undefined;
  if (driver === "none")
    throw new BackendError(
      "no software driver for WebGPU was found; that of Chromium serves (Debian and Ubuntu: apt install chromium), or VK_DRIVER_FILES=/path/to/driver.json",
    );
  // Through a variable, for bundlers not to look for a package that browsers do without.
  const name = "webgpu";
  let dawn: { create(options: string[]): GPU };
  try {
    dawn = await import(/* @vite-ignore */ name);
  } catch (error) {
    throw new BackendError(
      `WebGPU outside of browsers needs the optional package "webgpu" (npm install webgpu): ${(error as Error).message}`,
    );
  }
  // Shaders here write workgroup memory before they read it; clearing it first costs time, above all in compilers.
  const made = dawn.create(["enable-dawn-features=disable_workgroup_init"]);
  instances.set(wanted, made);
  return made;
}

const LIMITS = [
  "maxBufferSize",
  "maxStorageBufferBindingSize",
  "maxStorageBuffersPerShaderStage",
  "maxComputeWorkgroupStorageSize",
  "maxComputeInvocationsPerWorkgroup",
  "maxComputeWorkgroupSizeX",
] as const;

/**
 * Asks for an adapter and for all it can do.
 * @throws {BackendError} when there is none
 */
export async function openDevice({
  powerPreference = "high-performance",
  software = false,
}: WebGpuOptions): Promise<Gpu> {
  const gpu = await entry(software);
  const adapter = await gpu.requestAdapter({ powerPreference, forceFallbackAdapter: software });
  if (!adapter)
    throw new BackendError(
      `No WebGPU adapter${software ? " that computes on the CPU" : ""} was found; outside of browsers WebGPU needs a driver for Vulkan, Metal or Direct3D 12 (VK_DRIVER_FILES: ${globalThis.process?.env.VK_DRIVER_FILES ?? "not set"})`,
    );
  const requiredLimits = Object.fromEntries(LIMITS.map((name) => [name, adapter.limits[name]]));
  const device = await adapter.requestDevice({ requiredLimits });
  const { vendor, architecture, device: model, description } = adapter.info;
  const names = [...new Set([vendor, architecture, model, description])].filter((part) => part !== "");
  const slow = adapter.info.isFallbackAdapter || /swiftshader|llvmpipe|basic render/i.test(names.join(" "));
  const driver = [...instances.values()].includes(gpu) ? "Dawn" : "the browser";
  return new Gpu(device, `${names.join(", ") || "unnamed adapter"}${slow ? " (software)" : ""}, through ${driver}`);
}

/** A device, what has been compiled for it, and the order of its work. */
export class Gpu {
  readonly device: GPUDevice;
  readonly description: string;
  /** Bind group of programs that run unconditionally. */
  readonly open: GPUBindGroup;
  private readonly gateLayout: GPUBindGroupLayout;
  private readonly shaders = new Map<string, Promise<Compiled>>();
  /** Ends what waits for a device that is lost. */
  private readonly waiting = new Set<(error: BackendError) => void>();
  private lostBecause: string | undefined;
  private failure: BackendError | undefined;
  private last: Promise<unknown> = Promise.resolve();

  constructor(device: GPUDevice, description: string) {
    this.device = device;
    this.description = description;
    this.gateLayout = this.layout(["uniform"]);
    const gate = device.createBuffer({ size: 16, usage: USAGE.uniform | USAGE.copyTarget });
    device.queue.writeBuffer(gate, 0, new Uint32Array([1]));
    this.open = this.gated(gate);
    device.lost.then(({ message }) => {
      this.lostBecause ??= `the device was lost: ${message}`;
      for (const reject of this.waiting) reject(new BackendError(this.lostBecause));
    });
    device.addEventListener("uncapturederror", (event) => {
      this.failure ??= new BackendError((event as GPUUncapturedErrorEvent).error.message);
    });
  }

  /** The most invocations of a workgroup, a power of two. */
  get invocations(): number {
    const { maxComputeInvocationsPerWorkgroup, maxComputeWorkgroupSizeX } = this.device.limits;
    return 2 ** Math.floor(Math.log2(Math.min(maxComputeInvocationsPerWorkgroup, maxComputeWorkgroupSizeX)));
  }

  /** The most bytes in one piece. */
  get largest(): number {
    const { maxBufferSize, maxStorageBufferBindingSize } = this.device.limits;
    return Math.min(maxBufferSize, maxStorageBufferBindingSize);
  }

  /** @throws {AllocationError} when these are more bytes than can be had in one piece */
  affords(what: string, bytes: number): void {
    if (bytes > this.largest) throw new AllocationError(what, bytes, `this device allows ${this.largest} in one piece`);
  }

  /** @throws {BackendError} when the device is no more */
  alive(): void {
    if (this.lostBecause) throw new BackendError(this.lostBecause);
  }

  /**
   * A buffer that shaders work on.
   * @throws {AllocationError} when it is larger than one can be
   */
  storage(what: string, bytes: number, usage = 0): GPUBuffer {
    this.alive();
    this.affords(what, bytes);
    this.device.pushErrorScope("out-of-memory");
    const buffer = this.device.createBuffer({
      label: what,
      size: Math.max(bytes, 16),
      usage: USAGE.storage | USAGE.copySource | USAGE.copyTarget | usage,
    });
    this.device.popErrorScope().then(
      (error) => {
        if (error) this.failure ??= new AllocationError(what, bytes, `the device has no room for it: ${error.message}`);
      },
      () => {},
    );
    return buffer;
  }

  /** A buffer that holds these numbers. */
  constant(what: string, values: Float32Array<ArrayBuffer>): GPUBuffer {
    const buffer = this.storage(what, values.byteLength);
    this.device.queue.writeBuffer(buffer, 0, values);
    return buffer;
  }

  private layout(types: readonly GPUBufferBindingType[]): GPUBindGroupLayout {
    const entries = types.map((type, binding) => ({ binding, visibility: COMPUTE_STAGE, buffer: { type } }));
    return this.device.createBindGroupLayout({ entries });
  }

  group(layout: GPUBindGroupLayout, buffers: readonly GPUBufferBinding[]): GPUBindGroup {
    const entries = buffers.map((resource, binding) => ({ binding, resource }));
    return this.device.createBindGroup({ layout, entries });
  }

  /** Bind group of programs that run while the number in this buffer is not 0. */
  gated(gate: GPUBuffer): GPUBindGroup {
    return this.group(this.gateLayout, [{ buffer: gate }]);
  }

  /**
   * Compiles each code once.
   * @param what for messages
   * @param written for each storage buffer, whether the shader writes it
   * @throws {BackendError} with what the compiler says
   */
  compile(
    what: string,
    code: string,
    written: readonly boolean[],
    entries: readonly string[] = ["main"],
  ): Promise<Compiled> {
    const known = this.shaders.get(code);
    if (known) return known;
    const compiled = this.compileAnew(what, code, written, entries);
    this.shaders.set(code, compiled);
    return compiled;
  }

  private async compileAnew(
    what: string,
    code: string,
    written: readonly boolean[],
    entries: readonly string[],
  ): Promise<Compiled> {
    const most = this.device.limits.maxStorageBuffersPerShaderStage;
    if (written.length > most)
      throw new BackendError(`${what} works on ${written.length} buffers; this device allows ${most} at once`);
    this.device.pushErrorScope("validation");
    const module = this.device.createShaderModule({ label: what, code });
    const layout = this.layout(written.map((w) => (w ? "storage" : "read-only-storage")));
    const bindGroupLayouts = code.includes(GATE) ? [layout, this.gateLayout] : [layout];
    const pipelineLayout = this.device.createPipelineLayout({ bindGroupLayouts });
    const invalid = this.device.popErrorScope();
    const { messages } = await module.getCompilationInfo();
    const lines = code.split("\n");
    const errors = messages
      .filter(({ type }) => type === "error")
      .map(({ message, lineNum }) => `${message} in line ${lineNum}: ${lines[lineNum - 1]?.trim()}`);
    const problem = errors.join("\n") || (await invalid)?.message;
    if (problem) throw new BackendError(`${what} does not compile: ${problem}`);
    try {
      const pipelines = entries.map((entryPoint) =>
        this.device.createComputePipelineAsync({
          label: what,
          layout: pipelineLayout,
          compute: { module, entryPoint },
        }),
      );
      return { pipelines: await Promise.all(pipelines), layout };
    } catch (error) {
      throw new BackendError(`${what} does not compile: ${(error as Error).message}`);
    }
  }

  /**
   * Does work after all that was asked for before.
   * @param what for messages
   * @throws {BackendError} when the device failed
   */
  enqueue<T>(what: string, work: () => Promise<T>): Promise<T> {
    const result = this.last.then(async () => {
      this.check(what);
      const lost = Promise.withResolvers<never>();
      this.waiting.add(lost.reject);
      try {
        const value = await Promise.race([work(), lost.promise]);
        this.check(what);
        return value;
      } catch (error) {
        throw this.lostBecause ? new BackendError(`${what}: ${this.lostBecause}`) : error;
      } finally {
        this.waiting.delete(lost.reject);
      }
    });
    this.last = result.catch(() => {});
    return result;
  }

  private check(what: string): void {
    if (this.lostBecause) throw new BackendError(`${what}: ${this.lostBecause}`);
    const { failure } = this;
    this.failure = undefined;
    if (failure instanceof AllocationError) throw failure;
    if (failure) throw new BackendError(`${what}: ${failure.message}`);
  }

  /** Submits commands; errors in them show when the work they belong to ends. */
  submit(record: (encoder: GPUCommandEncoder) => void): void {
    const encoder = this.device.createCommandEncoder();
    record(encoder);
    this.device.queue.submit([encoder.finish()]);
  }

  /** Copies from a buffer as it is after what was submitted. */
  async read(buffer: GPUBuffer, offset: number, bytes: number): Promise<ArrayBuffer> {
    const staging = this.device.createBuffer({ size: bytes, usage: USAGE.mapRead | USAGE.copyTarget });
    this.submit((encoder) => encoder.copyBufferToBuffer(buffer, offset, staging, 0, bytes));
    try {
      await staging.mapAsync(MAP_READ);
      return staging.getMappedRange().slice(0);
    } finally {
      staging.destroy();
    }
  }

  /** Submits dispatches to be run in order if the gate is open. */
  run(dispatches: readonly Dispatch[], gate: GPUBindGroup): void {
    this.submit((encoder) => {
      const pass = encoder.beginComputePass();
      pass.setBindGroup(1, gate);
      for (const { pipeline, group, groups } of dispatches) {
        pass.setPipeline(pipeline);
        pass.setBindGroup(0, group);
        pass.dispatchWorkgroups(Math.min(groups, MOST_GROUPS), Math.ceil(groups / MOST_GROUPS));
      }
      pass.end();
    });
  }

  async destroy(): Promise<void> {
    this.lostBecause ??= "the backend was destroyed";
    this.device.destroy();
    await this.device.lost;
  }
}
