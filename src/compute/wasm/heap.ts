import { AllocationError } from "../backend.ts";

const PAGE = 65536;
/** Cache lines, and vectors. */
const ALIGNMENT = 64;

/** Blocks of a WebAssembly memory; grows it as needed. */
export class Heap {
  readonly memory: WebAssembly.Memory;
  readonly shared: boolean;
  readonly maximumPages: number;
  /** Unused stretches below `top`, by address. */
  private free: { from: number; to: number }[] = [];
  private readonly sizes = new Map<number, number>();
  private top: number;
  /** Beyond this nothing has been written yet. */
  private touched: number;

  /**
   * @param reserved bytes at the start that are never given out
   * @param limit bytes the memory may reach, up to 2^32
   */
  constructor(reserved: number, shared: boolean, limit = 2 ** 32) {
    this.shared = shared;
    this.top = Math.ceil(reserved / ALIGNMENT) * ALIGNMENT;
    this.touched = this.top;
    // Engines differ in how much address space they let one memory reserve.
    for (let pages = Math.min(2 ** 16, Math.ceil(limit / PAGE)); ; pages >>= 1) {
      try {
        this.memory = new WebAssembly.Memory({ initial: Math.ceil(this.top / PAGE), maximum: pages, shared });
        this.maximumPages = pages;
        return;
      } catch (error) {
        if (pages <= 256) throw error;
      }
    }
  }

  /** @throws {AllocationError} */
  allocate(bytes: number, what: string): number {
    const size = Math.ceil(Math.max(bytes, 1) / ALIGNMENT) * ALIGNMENT;
    const index = this.free.findIndex(({ from, to }) => to - from >= size);
    let address: number;
    if (index >= 0) {
      const found = this.free[index];
      address = found.from;
      found.from += size;
      if (found.from === found.to) this.free.splice(index, 1);
    } else {
      address = this.top;
      const end = this.top + size;
      const available = this.maximumPages * PAGE;
      if (end > available)
        throw new AllocationError(what, bytes, `${available - this.top} of ${available} bytes are left`);
      const pages = Math.ceil(end / PAGE) - this.memory.buffer.byteLength / PAGE;
      if (pages > 0) {
        try {
          this.memory.grow(pages);
        } catch {
          throw new AllocationError(what, bytes, "the machine has no more memory");
        }
      }
      this.top = end;
    }
    this.sizes.set(address, size);
    const used = Math.min(size, Math.max(0, this.touched - address));
    new Uint8Array(this.memory.buffer, address, used).fill(0);
    this.touched = Math.max(this.touched, address + size);
    return address;
  }

  release(address: number): void {
    const size = this.sizes.get(address);
    if (size === undefined) throw new Error(`nothing was allocated at ${address}`);
    this.sizes.delete(address);
    this.free.push({ from: address, to: address + size });
    this.free.sort((a, b) => a.from - b.from);
    const merged: typeof this.free = [];
    for (const block of this.free) {
      const last = merged.at(-1);
      if (last && last.to === block.from) last.to = block.to;
      else merged.push(block);
    }
    const last = merged.at(-1);
    if (last?.to === this.top) {
      this.top = last.from;
      merged.pop();
    }
    this.free = merged;
  }
}
