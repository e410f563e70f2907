/** Fourier transforms of vectors: each lane a transform of its own, written for given lengths. */

import { frequencyOrder, mirrorPlaces, radicesOf } from "../fft/sizes.ts";
import {
  call,
  type Expression,
  type FunctionBuilder,
  i32,
  type Local,
  load,
  type MemoryOpcode,
  type ModuleBuilder,
  type Opcode,
  op,
  shuffle,
  splat,
  store,
} from "./assembler.ts";

/** Bytes of a vector of complex numbers. */
export const V = 32;

/** Longest run of bytes transformed pass by pass; a longer one is first split, so that its parts stay in the L1 cache. */
const RESIDENT = 16384;

/** A value known to be zero is null: sums and products with it cost nothing. */
type Real = Expression | null;
export interface Complex {
  r: Real;
  i: Real;
}
export const ZERO: Complex = { r: null, i: null };
export type Sign = 1 | -1;

/** 0…count − 1 */
export const range = (count: number): number[] => [...Array(count).keys()];
const product = (radices: readonly number[]): number => radices.reduce((total, radix) => total * radix, 1);

/** Bytes rounded up to whole cache lines, and off multiples of 4 KiB, where lines of neighbours would collide. */
export const spread = (bytes: number): number => {
  const rounded = Math.ceil(bytes / 64) * 64;
  return rounded >= 2048 ? Math.ceil((rounded - 64) / 4096) * 4096 + 64 : rounded;
};

/** What functions are emitted for, and the constants gathered meanwhile. */
export class Target {
  readonly module: ModuleBuilder;
  readonly element: "f32" | "f64";
  readonly shape: "f32x4" | "f64x2";
  /** Bytes of a number, and numbers in a vector. */
  readonly bytes: 4 | 8;
  readonly lanes: 4 | 2;
  readonly fma: boolean;
  private readonly offsets = new Map<string, number>();
  private readonly parts: Uint8Array[] = [];
  private size = 0;

  constructor(module: ModuleBuilder, element: "f32" | "f64", fma: boolean) {
    this.module = module;
    this.element = element;
    this.fma = fma;
    [this.shape, this.bytes, this.lanes] = element === "f32" ? ["f32x4", 4, 4] : ["f64x2", 8, 2];
  }

  private place(name: string, make: () => Float32Array | Float64Array | Int32Array): number {
    const known = this.offsets.get(name);
    if (known !== undefined) return known;
    const offset = this.size;
    const part = new Uint8Array(make().buffer);
    this.offsets.set(name, offset);
    this.parts.push(part);
    this.size += Math.ceil(part.length / 64) * 64;
    return offset;
  }

  /** @returns byte offset of the table of this name, made at first use */
  reals(name: string, make: () => readonly number[]): number {
    return this.place(name, () => (this.element === "f32" ? Float32Array.from(make()) : Float64Array.from(make())));
  }

  integers(name: string, make: () => readonly number[]): number {
    return this.place(name, () => Int32Array.from(make()));
  }

  tables(): Uint8Array {
    const all = new Uint8Array(this.size);
    let offset = 0;
    for (const part of this.parts) {
      all.set(part, offset);
      offset += Math.ceil(part.length / 64) * 64;
    }
    return all;
  }
}

/** One axis of complex transforms: `length` points of which only the first hold data, in a buffer with padded parts. */
export interface Axis {
  length: number;
  /** Radix of the pass next to the data, and those of the passes within each of its parts. */
  first: number;
  inner: number[];
  /** Points and bytes of one part. */
  part: number;
  partBytes: number;
  /** Bytes of a buffer, with room for one spare block of lanes after the points. */
  bytes: number;
  frequencies: Int32Array;
  mirror: Int32Array;
  /** Bytes from the start of the buffer to the point at a place; places past the end are spare. */
  slot(place: number): number;
  /** How many of the two numbers of point j hold data: 0, 1 (only the real one) or 2. */
  filled(j: number): number;
}

export function makeAxis(length: number, filled: (j: number) => number): Axis {
  const radices = radicesOf(length)!;
  const [first = 1, ...inner] = radices;
  const part = length / first;
  const partBytes = part * V >= 2048 ? part * V + 64 : part * V;
  const end = first * partBytes;
  const frequencies = frequencyOrder(radices);
  return {
    length,
    first,
    inner,
    part,
    partBytes,
    bytes: spread(end + 4 * V),
    frequencies,
    mirror: mirrorPlaces(frequencies),
    slot: (place) =>
      place < length ? Math.floor(place / part) * partBytes + (place % part) * V : end + (place - length) * V,
    filled,
  };
}

/** Pairs of places of k and −k, one of each pair, in the order of places. */
export const mirrorPairs = ({ mirror }: Axis): [number, number][] =>
  [...mirror].flatMap((other, place) => (place <= other ? [[place, other] as [number, number]] : []));

/** Runs of points whose parts h, at j + h·part, are filled alike. */
function segmentsOf(axis: Axis): { from: number; count: number; filled: number[] }[] {
  const segments: { from: number; count: number; filled: number[] }[] = [];
  for (let j = 0; j < axis.part; j++) {
    const filled = range(axis.first).map((h) => axis.filled(j + h * axis.part));
    const last = segments.at(-1);
    if (last && `${last.filled}` === `${filled}`) last.count++;
    else segments.push({ from: j, count: 1, filled });
  }
  return segments;
}

export const add = (a: Expression, b: Expression | number): Expression =>
  b === 0 ? a : op("i32.add", a, typeof b === "number" ? i32(b) : b);
export const times = (a: Expression, b: number): Expression => op("i32.mul", a, i32(b));

/** Runs `body` `count` ≥ 1 times; pointers move on by their steps after each. */
export function repeat(f: FunctionBuilder, count: number, body: () => void, ...pointers: [Local, number][]): void {
  const once = () => {
    body();
    for (const [pointer, step] of pointers) f.set(pointer, add(pointer, step));
  };
  if (count === 1) {
    once();
    return;
  }
  const [leader, step] = pointers[0];
  const end = f.let("i32", add(leader, count * step));
  f.doWhile(() => {
    once();
    return op("i32.ne", leader, end);
  });
}

/** Vector arithmetic within one function. */
export class Arithmetic {
  readonly f: FunctionBuilder;
  /** Address of the constants. */
  readonly tables: Expression;
  private readonly target: Target;

  constructor(target: Target, f: FunctionBuilder, tables: Expression) {
    this.target = target;
    this.f = f;
    this.tables = tables;
  }

  private let(operation: string, ...operands: Expression[]): Local {
    return this.f.let("v128", op(`${this.target.shape}.${operation}` as Opcode, ...operands));
  }

  add(a: Real, b: Real): Real {
    return a && b ? this.let("add", a, b) : (a ?? b);
  }

  subtract(a: Real, b: Real): Real {
    return a && b ? this.let("sub", a, b) : b ? this.let("neg", b) : a;
  }

  multiply(a: Real, b: Real): Real {
    return a && b ? this.let("mul", a, b) : null;
  }

  /** c + s a b */
  multiplyAdd(c: Real, a: Real, b: Real, s: Sign = 1): Real {
    if (!a || !b) return c;
    if (c && this.target.fma) return this.let(s > 0 ? "relaxed_madd" : "relaxed_nmadd", a, b, c);
    const product = this.multiply(a, b);
    return s > 0 ? this.add(c, product) : this.subtract(c, product);
  }

  /** Every lane from one number in memory. */
  broadcast(address: Expression, offset: number): Local {
    const name: MemoryOpcode = this.target.bytes === 4 ? "v128.load32_splat" : "v128.load64_splat";
    return this.f.let("v128", load(name, address, offset));
  }

  constant(value: number): Local {
    return this.broadcast(
      this.tables,
      this.target.reals(`${value}`, () => [value]),
    );
  }

  zero(): Local {
    return this.f.let("v128", splat(this.target.element, 0));
  }

  loadVector(address: Expression, offset = 0): Local {
    return this.f.let("v128", load("v128.load", address, offset));
  }

  storeVector(address: Expression, value: Real, offset = 0): void {
    this.f.emit(store("v128.store", address, value ?? splat(this.target.element, 0), offset));
  }

  load(address: Expression, offset = 0): Complex {
    return { r: this.loadVector(address, offset), i: this.loadVector(address, offset + 16) };
  }

  store(address: Expression, value: Complex, offset = 0): void {
    this.storeVector(address, value.r, offset);
    this.storeVector(address, value.i, offset + 16);
  }

  plus(a: Complex, b: Complex): Complex {
    return { r: this.add(a.r, b.r), i: this.add(a.i, b.i) };
  }

  minus(a: Complex, b: Complex): Complex {
    return { r: this.subtract(a.r, b.r), i: this.subtract(a.i, b.i) };
  }

  /** a + s i b */
  plusTurned(a: Complex, b: Complex, s: Sign): Complex {
    return s > 0
      ? { r: this.subtract(a.r, b.i), i: this.add(a.i, b.r) }
      : { r: this.add(a.r, b.i), i: this.subtract(a.i, b.r) };
  }

  /** a + s c b with real c */
  plusScaled(a: Complex, b: Complex, c: Real, s: Sign = 1): Complex {
    return { r: this.multiplyAdd(a.r, b.r, c, s), i: this.multiplyAdd(a.i, b.i, c, s) };
  }

  /** a w, or a w* for s > 0, with w = exp(−iθ) the complex number at the given place of a table. */
  turn(a: Complex, table: Expression, place: number, s: Sign, offset = 0): Complex {
    const wr = this.broadcast(table, offset + 2 * place * this.target.bytes);
    const wi = this.broadcast(table, offset + (2 * place + 1) * this.target.bytes);
    return {
      r: this.multiplyAdd(this.multiply(a.r, wr), a.i, wi, s),
      i: this.multiplyAdd(this.multiply(a.i, wr), a.r, wi, -s as Sign),
    };
  }

  private transposeVectors(v: Expression[]): Expression[] {
    const mix = (a: Expression, b: Expression, lanes: number[]) =>
      this.f.let("v128", shuffle(a, b, lanes, v.length === 2 ? 8 : 4));
    if (v.length === 2) return [mix(v[0], v[1], [0, 2]), mix(v[0], v[1], [1, 3])];
    const low = [mix(v[0], v[1], [0, 4, 1, 5]), mix(v[2], v[3], [0, 4, 1, 5])];
    const high = [mix(v[0], v[1], [2, 6, 3, 7]), mix(v[2], v[3], [2, 6, 3, 7])];
    return [low, high].flatMap(([a, b]) => [mix(a, b, [0, 1, 4, 5]), mix(a, b, [2, 3, 6, 7])]);
  }

  /** Lane l of number m becomes lane m of number l. */
  transpose(v: Complex[]): Complex[] {
    const r = this.transposeVectors(v.map((c) => c.r!));
    const i = this.transposeVectors(v.map((c) => c.i!));
    return v.map((_, l) => ({ r: r[l], i: i[l] }));
  }

  /**
   * y_k = Σ_h x_h exp(2πi s hk/radix), each emitted when asked for.
   * @param x emits the loading of x_h; asked once for each h
   * @returns every y_k under its k, in an order that keeps few values alive
   */
  private butterfly(radix: number, x: (h: number) => Complex, s: Sign): Map<number, () => Complex> {
    if (radix === 1) return new Map([[0, () => x(0)]]);
    if (radix % 2 === 1) return this.oddButterfly(radix, x, s);
    const half = radix / 2;
    const even = this.butterfly(half, (h) => x(2 * h), s);
    const odd = this.butterfly(half, (h) => x(2 * h + 1), s);
    const y = new Map<number, () => Complex>();
    for (let k = 0; k < half; k++) {
      const e = even.get(k)!();
      const o = odd.get(k)!();
      // exp(2πi s k/radix) is 1, i s, or ±(1 ± i s)/√2.
      const eighths = (8 * k) / radix;
      if (eighths === 0) {
        y.set(k, () => this.plus(e, o)).set(k + half, () => this.minus(e, o));
      } else if (eighths === 2) {
        y.set(k, () => this.plusTurned(e, o, s)).set(k + half, () => this.plusTurned(e, o, -s as Sign));
      } else {
        const sign: Sign = eighths === 1 ? 1 : -1;
        const u = this.plusTurned(o, o, (sign * s) as Sign);
        const scaled = (by: number) => this.plusScaled(e, u, this.constant(Math.SQRT1_2), by as Sign);
        y.set(k, () => scaled(sign)).set(k + half, () => scaled(-sign));
      }
    }
    return y;
  }

  private oddButterfly(radix: number, x: (h: number) => Complex, s: Sign): Map<number, () => Complex> {
    const x0 = x(0);
    const half = (radix - 1) / 2;
    const ends = range(half).map((h) => [x(h + 1), x(radix - h - 1)]);
    const sums = ends.map(([a, b]) => this.plus(a, b));
    const differences = ends.map(([a, b]) => this.minus(a, b));
    const y = new Map([[0, () => sums.reduce((sum, t) => this.plus(sum, t), x0)]]);
    for (let k = 1; k <= half; k++) {
      let a = x0;
      let b: Complex = ZERO;
      for (let h = 1; h <= half; h++) {
        const angle = (2 * Math.PI * ((h * k) % radix)) / radix;
        a = this.plusScaled(a, sums[h - 1], this.constant(Math.cos(angle)));
        b = this.plusScaled(b, differences[h - 1], this.constant(Math.sin(angle)));
      }
      y.set(k, () => this.plusTurned(a, b, s)).set(radix - k, () => this.plusTurned(a, b, -s as Sign));
    }
    return y;
  }

  /**
   * A butterfly with its twiddle factors: after it for s < 0, before it for s > 0.
   * @param twiddles table of the factors for k = 1…radix − 1, and bytes to it; none where all are 1
   */
  step(
    radix: number,
    s: Sign,
    twiddles: readonly [Expression, number] | null,
    read: (h: number) => Complex,
    write: (k: number, value: () => Complex) => void,
  ): void {
    const turned = (value: Complex, k: number) =>
      k && twiddles ? this.turn(value, twiddles[0], k - 1, s, twiddles[1]) : value;
    const outputs = this.butterfly(radix, s < 0 ? read : (k) => turned(read(k), k), s);
    for (const [k, y] of outputs) write(k, s < 0 ? () => turned(y(), k) : y);
  }
}

/** Complex transforms of vectors, forward for s = −1 and back for s = 1. */
export class Transforms {
  readonly target: Target;
  private readonly functions = new Map<string, FunctionBuilder>();

  constructor(target: Target) {
    this.target = target;
  }

  /** exp(−2πi jk/length) for j = 0…length/radix − 1, k = 1…radix − 1 */
  twiddles(length: number, radix: number): number {
    return this.target.reals(`twiddles ${length}/${radix}`, () => {
      const values: number[] = [];
      for (let j = 0; j < length / radix; j++)
        for (let k = 1; k < radix; k++) {
          const angle = (2 * Math.PI * j * k) / length;
          values.push(Math.cos(angle), -Math.sin(angle));
        }
      return values;
    });
  }

  /** All passes over so many adjacent transforms in place: (buffer, tables). */
  private within(radices: readonly number[], count: number, s: Sign): FunctionBuilder {
    const name = `${radices} ${count} ${s}`;
    const known = this.functions.get(name);
    if (known) return known;
    const f = this.target.module.function(["i32", "i32"]);
    this.functions.set(name, f);
    const buffer = f.parameter(0);
    const m = new Arithmetic(this.target, f, f.parameter(1));
    const passes: (() => void)[] = [];
    let length = product(radices);
    const total = count * length;
    for (const [index, radix] of radices.entries()) {
      const whole = length;
      passes.push(() => this.pass(m, buffer, total, whole, radix, s));
      length /= radix;
      if (total * V <= RESIDENT || length === 1) continue;
      passes.push(() =>
        this.parts(m, buffer, (total / whole) * radix, (whole / radix) * V, radices.slice(index + 1), s),
      );
      break;
    }
    if (s > 0) passes.reverse();
    for (const emit of passes) emit();
    return f;
  }

  /** Transforms `count` buffers at a distance of `bytes`. */
  parts(m: Arithmetic, buffer: Expression, count: number, bytes: number, radices: readonly number[], s: Sign): void {
    if (radices.length === 0) return;
    const { f, tables } = m;
    const together = bytes === product(radices) * V && count * bytes <= RESIDENT;
    const target = this.within(radices, together ? count : 1, s);
    const p = f.let("i32", buffer);
    repeat(f, together ? 1 : count, () => f.emit(call(target, p, tables)), [p, bytes]);
  }

  /** One pass over all blocks of `length` points within `total` points. */
  private pass(m: Arithmetic, buffer: Expression, total: number, length: number, radix: number, s: Sign): void {
    const { f } = m;
    const part = length / radix;
    const stride = 2 * this.target.bytes * (radix - 1);
    const table = this.twiddles(length, radix);
    const point = (p: Expression, offset: number, twiddles: [Expression, number] | null) => {
      const at = (k: number) => offset + k * part * V;
      m.step(
        radix,
        s,
        twiddles,
        (h) => m.load(p, at(h)),
        (k, value) => m.store(p, value(), at(k)),
      );
    };
    const block = f.let("i32", buffer);
    const blockBody = () => {
      if (part <= 4) {
        for (let j = 0; j < part; j++) point(block, j * V, j ? [m.tables, table + j * stride] : null);
        return;
      }
      const p = f.let("i32", block);
      const t = f.let("i32", add(m.tables, table));
      repeat(f, part, () => point(p, 0, [t, 0]), [p, V], [t, stride]);
    };
    repeat(f, total / length, blockBody, [block, length * V]);
  }

  /**
   * The pass between the data of an axis and its buffer.
   * @param data address of the first point, `step` bytes from one point to the next
   * @param columns of each transform done side by side, bytes to its data and to its buffer
   * @param read loads a point of which so many numbers are filled
   * @param write stores one
   */
  edge(
    m: Arithmetic,
    axis: Axis,
    data: Expression,
    step: number,
    buffer: Expression,
    columns: readonly (readonly [number, number])[],
    s: Sign,
    read: (address: Expression, offset: number, filled: number) => Complex,
    write: (address: Expression, value: Complex, offset: number, filled: number) => void,
  ): void {
    const { f } = m;
    const { first, part, partBytes, length } = axis;
    const stride = 2 * this.target.bytes * (first - 1);
    const table = this.twiddles(length, first);
    for (const { from, count, filled } of segmentsOf(axis)) {
      if (s > 0 && !filled.some((numbers) => numbers > 0)) continue;
      const d = f.let("i32", add(data, from * step));
      const b = f.let("i32", add(buffer, from * V));
      const t = f.let("i32", add(m.tables, table + from * stride));
      const body = () => {
        for (const [toData, toBuffer] of columns) {
          const dataAt = (h: number) => toData + h * part * step;
          const bufferAt = (k: number) => toBuffer + k * partBytes;
          m.step(
            first,
            s,
            part > 1 ? [t, 0] : null,
            (h) => (s > 0 ? m.load(b, bufferAt(h)) : filled[h] ? read(d, dataAt(h), filled[h]) : ZERO),
            (k, value) => {
              if (s < 0) m.store(b, value(), bufferAt(k));
              else if (filled[k]) write(d, value(), dataAt(k), filled[k]);
            },
          );
        }
      };
      repeat(f, count, body, [d, step], [b, V], [t, stride]);
    }
  }

  /** Whole transform between points `step` bytes apart and a buffer: (data, buffer, tables). */
  line(axis: Axis, step: number, s: Sign): FunctionBuilder {
    const f = this.target.module.function(["i32", "i32", "i32"]);
    const [data, buffer, tables] = [0, 1, 2].map((index) => f.parameter(index));
    const m = new Arithmetic(this.target, f, tables);
    const inner = () => this.parts(m, buffer, axis.first, axis.partBytes, axis.inner, s);
    const load = (address: Expression, offset: number) => m.load(address, offset);
    const store = (address: Expression, value: Complex, offset: number) => m.store(address, value, offset);
    if (s > 0) inner();
    this.edge(m, axis, data, step, buffer, [[0, 0]], s, load, store);
    if (s < 0) inner();
    return f;
  }
}
