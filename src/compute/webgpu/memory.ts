import type { Gpu } from "./device.ts";

/** A stretch of a buffer, in words. */
export interface Place {
  readonly memory: Memory;
  readonly start: number;
  readonly words: number;
}

/** One buffer that holds many fields, so that a kernel can work on more fields than a device can bind buffers. */
export interface Memory {
  readonly kind: "real" | "int";
  readonly number: number;
  readonly buffer: GPUBuffer;
  /** Stretches that are free, first and end, in order. */
  free: [number, number][];
}

const SMALLEST = 2 ** 22;

/** The words of all fields. */
export class Memories {
  private readonly gpu: Gpu;
  private readonly all = new Set<Memory>();
  private made = 0;

  constructor(gpu: Gpu) {
    this.gpu = gpu;
  }

  /**
   * @param words a multiple of 64, so that every stretch can be bound
   * @throws {AllocationError}
   */
  take(what: string, kind: "real" | "int", words: number): Place {
    this.gpu.affords(what, 4 * words);
    for (const memory of this.all) {
      const hole = memory.kind === kind ? memory.free.find(([start, end]) => end - start >= words) : undefined;
      if (!hole) continue;
      const start = hole[0];
      hole[0] += words;
      return { memory, start, words };
    }
    // Each larger than all before it: there are never many.
    const before = [...this.all].reduce((sum, { buffer }) => sum + buffer.size / 4, 0);
    const size = Math.max(words, Math.min(Math.max(SMALLEST, before), Math.floor(this.gpu.largest / 256) * 64));
    const buffer = this.gpu.storage(what, 4 * size);
    const memory: Memory = { kind, number: this.made++, buffer, free: [[words, size]] };
    this.all.add(memory);
    return { memory, start: 0, words };
  }

  /** @returns the buffer, if nothing is left in it and others can do without it */
  giveBack({ memory, start, words }: Place): GPUBuffer | undefined {
    const free = [...memory.free, [start, start + words] as [number, number]].sort(([a], [b]) => a - b);
    memory.free = [];
    for (const [first, end] of free) {
      const last = memory.free.at(-1);
      if (last?.[1] === first) last[1] = end;
      else if (first < end) memory.free.push([first, end]);
    }
    const [[first, end]] = memory.free;
    if (4 * (end - first) < memory.buffer.size || this.all.size === 1) return undefined;
    this.all.delete(memory);
    return memory.buffer;
  }
}
