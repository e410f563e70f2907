/**
 * Convolution of a field with a real, mirror-symmetric kernel, written as WebAssembly for one grid.
 *
 * Transforms run across vectors: a vector of complex numbers is one vector of real parts and one of imaginary parts, each
 * lane a transform of its own.  Three passes: real transforms along y, lanes being neighbours in x; then for each block of
 * k_y, lanes being the block's k_y, transforms along x and z, the product with the kernel's spectrum and the transforms
 * back, all in scratch memory that fits the second-level cache; then back along y.  Forward transforms decimate in
 * frequency and inverse ones in time, so nothing is reordered, and zero parts of padded axes are not touched.
 */

import { frequencyOrder, mirrorPlaces, radicesOf, transformLength } from "../fft/sizes.ts";
import { TENSOR_AXES, vanishes } from "../fft/spectrum.ts";
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

export interface ConvolutionOptions {
  /** Cells along x, y, z. */
  size: readonly [number, number, number];
  periodic: readonly [boolean, boolean, boolean];
  /** 3: a vector field and a symmetric tensor; 1: a scalar field and a scalar kernel. */
  components: 1 | 3;
  element: "f32" | "f64";
  /** Fuse multiplications with additions, on machines that can. */
  fma: boolean;
  /** Distance between rows in elements: n_x rounded up to whole vectors of 16 bytes. */
  rowStride: number;
  /** Distance between planes in elements. */
  planeStride: number;
  /** Distance between components in elements. */
  componentStride: number;
}

export interface ConvolutionPass {
  /** (from, to, source, destination, spectrum, tensor, tables, scratch): a range of items, then byte addresses. */
  run: FunctionBuilder;
  items: number;
}

export interface Convolution {
  /** To be run in this order; all items of one before any of the next. */
  passes: ConvolutionPass[];
  /** Transform lengths along x, y, z, which the kernel's spectrum must have. */
  lengths: [number, number, number];
  /** Room for the field's spectrum; it need not survive from one convolution to the next. */
  spectrumBytes: number;
  tensorBytes: number;
  /** Room for one thread. */
  scratchBytes: number;
  /** Constants to be copied to the address `tables`. */
  tables: Uint8Array;
  /**
   * Packs the kernel's spectrum, with the normalisation of the transforms, in the order in which it is used.
   * @param view the tensor's memory
   * @param spectrum for each component its values at non-negative frequencies, as `kernelSpectrum` gives them
   */
  writeTensor(view: Float32Array | Float64Array, spectrum: readonly Float64Array[]): void;
}

/** Bytes of a vector of complex numbers. */
const V = 32;

/** Longest run of bytes transformed pass by pass; a longer one is first split, so that its parts stay in the L1 cache. */
const RESIDENT = 16384;

/** A value known to be zero is null: sums and products with it cost nothing. */
type Real = Expression | null;
interface Complex {
  r: Real;
  i: Real;
}
const ZERO: Complex = { r: null, i: null };
type Sign = 1 | -1;

/** 0…count − 1 */
const range = (count: number): number[] => [...Array(count).keys()];
const product = (radices: readonly number[]): number => radices.reduce((total, radix) => total * radix, 1);

/** Bytes rounded up to whole cache lines, and off multiples of 4 KiB, where lines of neighbours would collide. */
const spread = (bytes: number): number => {
  const rounded = Math.ceil(bytes / 64) * 64;
  return rounded >= 2048 ? Math.ceil((rounded - 64) / 4096) * 4096 + 64 : rounded;
};

/** What functions are emitted for, and the constants gathered meanwhile. */
class Target {
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
interface Axis {
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

function makeAxis(length: number, filled: (j: number) => number): Axis {
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
const mirrorPairs = ({ mirror }: Axis): [number, number][] =>
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

const add = (a: Expression, b: Expression | number): Expression =>
  b === 0 ? a : op("i32.add", a, typeof b === "number" ? i32(b) : b);
const times = (a: Expression, b: number): Expression => op("i32.mul", a, i32(b));

/** Runs `body` `count` ≥ 1 times; pointers move on by their steps after each. */
function repeat(f: FunctionBuilder, count: number, body: () => void, ...pointers: [Local, number][]): void {
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
class Arithmetic {
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
class Transforms {
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

/** Whether a component of the tensor is odd along an axis. */
const isOdd = (component: number, axis: number): boolean => {
  const [a, b] = TENSOR_AXES[component];
  return a !== b && (a === axis || b === axis);
};

type Pairs = [number, number][];

/** Sizes, places and tables of one convolution.  From here on y is the axis of the real transform and z the third one. */
class Plan {
  readonly target: Target;
  readonly transforms: Transforms;
  readonly components: number;
  readonly axisZ: number;
  /** Transform lengths along the grid's own axes. */
  readonly lengths: number[];
  readonly nz: number;
  readonly x: Axis;
  /** Even and odd cells are the real and imaginary parts of a transform of half the length, N. */
  readonly y: Axis;
  readonly z: Axis;
  /** Bytes between rows, planes and components of a field. */
  readonly stepY: number;
  readonly stepZ: number;
  readonly stepC: number;
  /** Groups of so many columns, of one vector each, are the items of the passes along y. */
  readonly groups: number;
  readonly group: number;
  readonly columns: number;
  /** Blocks of lanes of k_y: 0…N−1 in the order of their places, then N, then as many as fill the last block. */
  readonly blocks: number;
  readonly places: number[];
  /** Bytes of the field's spectrum: blocks, in each the components, planes and rows of vectors along x. */
  readonly rowBytes: number;
  readonly blockBytes: number;
  /** Components of the tensor that do not vanish; the tensor is ordered by block, k_x, k_z, entry and lane. */
  readonly entries: number[];
  readonly pairsX: Pairs;
  readonly pairsZ: Pairs;
  readonly tensorBlockBytes: number;

  constructor(module: ModuleBuilder, options: ConvolutionOptions) {
    const { size, periodic, components } = options;
    this.target = new Target(module, options.element, options.fma);
    this.transforms = new Transforms(this.target);
    this.components = components;
    const { bytes, lanes } = this.target;

    // The longer of y and z takes the real transform: more blocks to share out, and less scratch for each.
    const [axisY, axisZ] = size[2] > size[1] ? [2, 1] : [1, 2];
    this.axisZ = axisZ;
    this.lengths = size.map((cells, axis) => transformLength(cells, periodic[axis], axis === axisY));
    this.nz = size[axisZ];
    const steps = [0, options.rowStride * bytes, options.planeStride * bytes];
    [this.stepY, this.stepZ, this.stepC] = [steps[axisY], steps[axisZ], options.componentStride * bytes];
    const whole = (axis: number) => makeAxis(this.lengths[axis], (j) => (j < size[axis] ? 2 : 0));
    [this.x, this.z] = [whole(0), whole(axisZ)];
    // A single cell is taken for the first of two.
    const halfLength = Math.max(1, this.lengths[axisY] / 2);
    this.y = makeAxis(halfLength, (j) => Math.max(0, Math.min(2, size[axisY] - 2 * j)));

    this.columns = Math.ceil(size[0] / lanes);
    this.groups = Math.ceil(this.columns / 4);
    this.group = Math.ceil(this.columns / this.groups);
    this.blocks = Math.ceil((halfLength + 1) / lanes);
    this.places = range(this.blocks * lanes);
    this.rowBytes = this.columns * lanes * V;
    this.blockBytes = spread(components * this.nz * this.rowBytes);
    this.entries = (components === 1 ? [0] : range(6)).filter((entry) => !vanishes(entry, size));
    [this.pairsX, this.pairsZ] = [mirrorPairs(this.x), mirrorPairs(this.z)];
    this.tensorBlockBytes = this.pairsX.length * this.pairsZ.length * this.entries.length * 16;
  }

  /** Bytes of one component in the scratch memory of a block. */
  get componentBytes(): number {
    return this.nz * this.x.bytes;
  }

  get scratchBytes(): number {
    const { components, z } = this;
    const columnsZ = z.length > 1 ? 2 * components * z.bytes : 0;
    return Math.max(this.group * this.y.bytes, components * this.componentBytes + columnsZ);
  }

  /** k_y at a place. */
  frequency(place: number): number {
    return this.y.frequencies[place] ?? this.y.length;
  }

  /** Table of pairs of offsets. */
  slots(name: string, axis: Axis, pairs: Pairs): number {
    return this.target.integers(name, () => pairs.flatMap((pair) => pair.map(axis.slot)));
  }

  /** Table of w^k = exp(−iπ k/N) at the places given. */
  halfTurns(name: string, places: readonly number[]): number {
    return this.target.reals(name, () =>
      places.flatMap((place) => {
        const angle = (Math.PI * this.frequency(place)) / this.y.length;
        return [Math.cos(angle), -Math.sin(angle)];
      }),
    );
  }

  pass(items: number, body: (f: FunctionBuilder, item: Local, parameters: Local[]) => void): ConvolutionPass {
    const run = this.target.module.function(Array(8).fill("i32"));
    const parameters = range(8).map((index) => run.parameter(index));
    run.for(parameters[0], parameters[1], 1, (item) => body(run, item, parameters));
    return { run, items };
  }

  /** A pass along y; an item is some columns of one plane of one component of the field, `fieldParameter` of the pass. */
  columnPass(
    fieldParameter: number,
    body: (m: Arithmetic, field: Local, spectrum: Local, scratch: Local) => void,
  ): ConvolutionPass {
    const { nz, groups, group, columns, rowBytes, target } = this;
    return this.pass(this.components * nz * groups, (f, item, parameters) => {
      const plane = f.let("i32", op("i32.div_u", item, i32(groups)));
      // The last group begins early enough to be whole; columns done twice come out the same.
      const start = f.let("i32", times(op("i32.rem_u", item, i32(groups)), group));
      const last = i32(columns - group);
      const column = f.let("i32", op("select", start, last, op("i32.lt_s", start, last)));
      const component = times(op("i32.div_u", plane, i32(nz)), this.stepC);
      const inComponent = times(op("i32.rem_u", plane, i32(nz)), this.stepZ);
      const field = add(parameters[fieldParameter], add(component, add(inComponent, times(column, 16))));
      const spectrum = add(parameters[4], add(times(plane, rowBytes), times(column, target.lanes * V)));
      const m = new Arithmetic(target, f, parameters[6]);
      body(m, f.let("i32", field), f.let("i32", spectrum), parameters[7]);
    });
  }

  /** Bytes to each column of a group, in the field and in scratch memory. */
  get sideBySide(): [number, number][] {
    return range(this.group).map((index) => [16 * index, this.y.bytes * index]);
  }

  eachColumn({ f }: Arithmetic, scratch: Expression, body: (buffer: Local) => void): void {
    const buffer = f.let("i32", scratch);
    repeat(f, this.group, () => body(buffer), [buffer, this.y.bytes]);
  }

  /**
   * Moves from block to block the address in the spectrum, and those of a table with the slots of each lane's k and −k and
   * of one with its w^k.
   */
  eachBlock({ f, tables }: Arithmetic, spectrum: Local, body: (slots: Local, w: Local) => void): void {
    const { places, y, blocks, blockBytes } = this;
    const { bytes, lanes } = this.target;
    const pairs = places.map((place): [number, number] => [place, y.mirror[place] ?? 0]);
    const slots = f.let("i32", add(tables, this.slots("blocks", y, pairs)));
    const w = f.let("i32", add(tables, this.halfTurns("block turns", places)));
    repeat(f, blocks, () => body(slots, w), [spectrum, blockBytes], [slots, 8 * lanes], [w, 2 * bytes * lanes]);
  }
}

/** An address, from a table of offsets to it. */
const lookUp = (f: FunctionBuilder, base: Expression, table: Expression, index: number): Local =>
  f.let("i32", add(base, load("i32.load", table, 4 * index)));

/** Field to spectrum along y. */
function emitForward(plan: Plan): ConvolutionPass {
  const { y, stepY, transforms, sideBySide, places } = plan;
  const { lanes } = plan.target;
  return plan.columnPass(2, (m, source, spectrum, scratch) => {
    const read = (at: Expression, offset: number, filled: number) => ({
      r: m.loadVector(at, offset),
      i: filled > 1 ? m.loadVector(at, offset + stepY) : null,
    });
    transforms.edge(m, y, source, 2 * stepY, scratch, sideBySide, -1, read, () => {});
    plan.eachColumn(m, scratch, (buffer) => {
      transforms.parts(m, buffer, y.first, y.partBytes, y.inner, -1);
      // Z_N = Z_0; what fills the last block need only be finite.
      for (const place of places.slice(y.length)) m.store(buffer, m.load(buffer), y.slot(place));
    });
    plan.eachBlock(m, spectrum, (slots, w) => {
      const at = range(2 * lanes).map((index) => lookUp(m.f, scratch, slots, index));
      for (const [index, [, offset]] of sideBySide.entries()) {
        // 2 X_k = (Z_k + Z*_(N−k)) − i w^k (Z_k − Z*_(N−k))
        const X = range(lanes).map((lane) => {
          const a = m.load(at[2 * lane], offset);
          const b = m.load(at[2 * lane + 1], offset);
          const e = { r: m.add(a.r, b.r), i: m.subtract(a.i, b.i) };
          const o = { r: m.add(a.i, b.i), i: m.subtract(b.r, a.r) };
          return m.plus(e, m.turn(o, w, lane, -1));
        });
        for (const [column, value] of m.transpose(X).entries()) m.store(spectrum, value, (index * lanes + column) * V);
      }
    });
  });
}

/** Spectrum to field along y. */
function emitBackward(plan: Plan): ConvolutionPass {
  const { y, stepY, transforms, sideBySide } = plan;
  const { bytes, lanes } = plan.target;
  // X_0 goes with X_N, whose sum and difference make Z_0.
  const pairs = mirrorPairs(y).map(([place, other]): [number, number] => [place, place === 0 ? y.length : other]);
  const pairSlots = plan.slots("pairs y", y, pairs);
  const pairTurns = plan.halfTurns(
    "pair turns",
    pairs.map(([place]) => place),
  );
  return plan.columnPass(3, (m, destination, spectrum, scratch) => {
    const { f, tables } = m;
    plan.eachBlock(m, spectrum, (slots) => {
      const at = range(lanes).map((lane) => lookUp(f, scratch, slots, 2 * lane));
      for (const [index, [, offset]] of sideBySide.entries()) {
        const X = at.map((_, column) => m.load(spectrum, (index * lanes + column) * V));
        for (const [lane, value] of m.transpose(X).entries()) m.store(at[lane], value, offset);
      }
    });
    plan.eachColumn(m, scratch, (buffer) => {
      const pair = f.let("i32", add(tables, pairSlots));
      const w = f.let("i32", add(tables, pairTurns));
      const body = () => {
        // 2 Z_k = (X_k + X*_(N−k)) + i w^−k (X_k − X*_(N−k)), and the same for N − k
        const [atA, atB] = [0, 1].map((side) => lookUp(f, buffer, pair, side));
        const a = m.load(atA);
        const b = m.load(atB);
        const e = { r: m.add(a.r, b.r), i: m.subtract(a.i, b.i) };
        const o = m.turn({ r: m.subtract(a.r, b.r), i: m.add(a.i, b.i) }, w, 0, 1);
        m.store(atA, m.plusTurned(e, o, 1));
        m.store(atB, { r: m.add(e.r, o.i), i: m.subtract(o.r, e.i) });
      };
      repeat(f, pairs.length, body, [pair, 8], [w, 2 * bytes]);
      transforms.parts(m, buffer, y.first, y.partBytes, y.inner, 1);
    });
    const write = (at: Expression, value: Complex, offset: number, filled: number) => {
      m.storeVector(at, value.r, offset);
      if (filled > 1) m.storeVector(at, value.i, offset + stepY);
    };
    transforms.edge(m, y, destination, 2 * stepY, scratch, sideBySide, 1, () => ZERO, write);
  });
}

/** Multiplies the spectrum by the tensor, between transforms along x and z and back. */
function emitProduct(plan: Plan): ConvolutionPass {
  const { x, z, nz, components, componentBytes, entries, pairsX, pairsZ, transforms, target } = plan;
  // A place that is its own mirror image is paired with a spare one, which may hold anything.
  const withSpare = (name: string, axis: Axis, pairs: Pairs) => {
    const spared = pairs.map(([a, b]): [number, number] => [a, a === b ? axis.length : b]);
    return plan.slots(name, axis, spared);
  };
  const [slotsX, slotsZ] = [withSpare("pairs x", x, pairsX), withSpare("pairs z", z, pairsZ)];
  const signsOf = (axis: Axis): Sign[] => (axis.length > 1 ? [1, -1] : [1]);
  const lines = (axis: Axis, step: number) => [-1, 1].map((s) => transforms.line(axis, step, s as Sign));
  const linesX = lines(x, V);
  const linesZ = z.length > 1 ? lines(z, x.bytes) : [];

  return plan.pass(plan.blocks, (f, block, [, , , , spectrum, tensor, tables, scratch]) => {
    const m = new Arithmetic(target, f, tables);
    const kernel = f.let("i32", add(tensor, times(block, plan.tensorBlockBytes)));
    const rows = f.let("i32", add(spectrum, times(block, plan.blockBytes)));

    const alongX = (line: FunctionBuilder) => {
      const row = f.let("i32", rows);
      const buffer = f.let("i32", scratch);
      const body = () => f.emit(call(line, row, buffer, tables));
      repeat(f, components * nz, body, [row, plan.rowBytes], [buffer, x.bytes]);
    };
    /** At points that share the tensor up to the signs of k_x and k_z, with components `step` bytes apart. */
    const multiply = (points: { at: Local; signX: Sign; signZ: Sign }[], step: number) => {
      const K = entries.map((_, index) => m.loadVector(kernel, 16 * index));
      const fields = points.map(({ at }) => range(components).map((c) => m.load(at, c * step)));
      for (const [index, { at, signX, signZ }] of points.entries())
        for (const a of range(components)) {
          let sum = m.plusScaled(ZERO, fields[index][a], K[a]);
          for (const [place, entry] of entries.entries()) {
            const [b, c] = TENSOR_AXES[entry];
            if (b === c || (a !== b && a !== c)) continue;
            const sign = (isOdd(entry, 0) ? signX : 1) * (isOdd(entry, plan.axisZ) ? signZ : 1);
            sum = m.plusScaled(sum, fields[index][a === b ? c : b], K[place], sign as Sign);
          }
          m.store(at, sum, a * step);
        }
      f.set(kernel, add(kernel, 16 * entries.length));
    };
    const columnsZ = f.let("i32", add(scratch, components * componentBytes));
    /** Columns along z at places ±k_x, to or from buffers one after the other. */
    const alongZ = (line: FunctionBuilder, sides: { at: Local }[]) => {
      const buffer = f.let("i32", columnsZ);
      for (const { at } of sides) {
        const column = f.let("i32", at);
        const body = () => f.emit(call(line, column, buffer, tables));
        repeat(f, components, body, [column, componentBytes], [buffer, z.bytes]);
      }
    };

    alongX(linesX[0]);
    const pairX = f.let("i32", add(tables, slotsX));
    const eachX = () => {
      const sides = signsOf(x).map((signX, side) => ({ at: lookUp(f, scratch, pairX, side), signX }));
      if (z.length === 1) {
        const points = sides.map((side) => ({ ...side, signZ: 1 as Sign }));
        multiply(points, componentBytes);
        return;
      }
      alongZ(linesZ[0], sides);
      const pairZ = f.let("i32", add(tables, slotsZ));
      const eachZ = () => {
        const points = sides.flatMap(({ signX }, side) =>
          signsOf(z).map((signZ, end) => {
            const at = f.let("i32", add(lookUp(f, columnsZ, pairZ, end), side * components * z.bytes));
            return { at, signX, signZ };
          }),
        );
        multiply(points, z.bytes);
      };
      repeat(f, pairsZ.length, eachZ, [pairZ, 8]);
      alongZ(linesZ[1], sides);
    };
    repeat(f, pairsX.length, eachX, [pairX, 8]);
    alongX(linesX[1]);
  });
}

function writeTensor(plan: Plan, view: Float32Array | Float64Array, spectrum: readonly Float64Array[]): void {
  const { x, y, z, axisZ, pairsX, pairsZ, entries } = plan;
  const { lanes } = plan.target;
  const kept = plan.lengths.map((length) => (length >> 1) + 1);
  const steps = [1, kept[0], kept[0] * kept[1]];
  /** For each pair of places, the offset of the values there and the sign of odd ones. */
  const valuesAt = ({ frequencies, length }: Axis, pairs: Pairs, step: number) =>
    pairs.map(([place]) => {
      const k = frequencies[place];
      return 2 * k > length ? { offset: (length - k) * step, sign: -1 } : { offset: k * step, sign: 1 };
    });
  const alongX = valuesAt(x, pairsX, 1);
  const offsets = alongX.map(({ offset }) => offset);
  const alongZ = valuesAt(z, pairsZ, steps[axisZ]);
  const norm = 1 / (4 * x.length * y.length * z.length);
  const stride = pairsZ.length * entries.length * lanes;
  view.fill(0);
  for (const place of plan.places.slice(0, y.length + 1)) {
    // The second place of a single cell along y has the spectrum of the first.
    const row = Math.min(plan.frequency(place), kept[3 - axisZ] - 1) * steps[3 - axisZ];
    const block = Math.floor(place / lanes) * pairsX.length * stride + (place % lanes);
    for (const [index, entry] of entries.entries()) {
      const values = spectrum[entry];
      const factors = alongX.map(({ sign }) => norm * (isOdd(entry, 0) ? sign : 1));
      for (const [j, { offset, sign }] of alongZ.entries()) {
        const from = row + offset;
        const signZ = isOdd(entry, axisZ) ? sign : 1;
        let to = block + (j * entries.length + index) * lanes;
        for (let i = 0; i < offsets.length; i++, to += stride)
          view[to] = signZ * factors[i] * values[from + offsets[i]];
      }
    }
  }
}

/** Adds the functions of one convolution to a module. */
export function emitConvolution(module: ModuleBuilder, options: ConvolutionOptions): Convolution {
  const plan = new Plan(module, options);
  const passes = [emitForward(plan), emitProduct(plan), emitBackward(plan)];
  const [lengthX, lengthY, lengthZ] = plan.lengths;
  return {
    passes,
    lengths: [lengthX, lengthY, lengthZ],
    spectrumBytes: plan.blocks * plan.blockBytes,
    tensorBytes: plan.blocks * plan.tensorBlockBytes,
    scratchBytes: plan.scratchBytes,
    tables: plan.target.tables(),
    writeTensor: (view, spectrum) => writeTensor(plan, view, spectrum),
  };
}
