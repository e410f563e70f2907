/**
 * Convolution of a field with a real, mirror-symmetric kernel, written as WebAssembly for one grid.
 *
 * Transforms run across vectors: a vector of complex numbers is one vector of real parts and one of imaginary parts, each
 * lane a transform of its own.  Three passes: real transforms along y, lanes being neighbours in x; then for each block of
 * k_y, lanes being the block's k_y, transforms along x and z, the product with the kernel's spectrum and the transforms
 * back, all in scratch memory that fits the second-level cache; then back along y.  Forward transforms decimate in
 * frequency and inverse ones in time, so nothing is reordered, and zero parts of padded axes are not touched.
 *
 * Between films there are no transforms along z: at each (k_x, k_y) all films are multiplied by a matrix of tensors.
 */

import { transformLength } from "../fft/sizes.ts";
import { TENSOR_AXES, vanishes } from "../fft/spectrum.ts";
import {
  call,
  type Expression,
  type FunctionBuilder,
  i32,
  type Local,
  load,
  type ModuleBuilder,
  op,
} from "./assembler.ts";

import {
  Arithmetic,
  type Axis,
  add,
  type Complex,
  makeAxis,
  mirrorPairs,
  range,
  repeat,
  type Sign,
  spread,
  Target,
  Transforms,
  times,
  V,
  ZERO,
} from "./transform.ts";

export interface ConvolutionOptions {
  /** Cells along x, y, z. */
  size: readonly [number, number, number];
  periodic: readonly [boolean, boolean, boolean];
  /** 3: a vector field and a symmetric tensor; 1: a scalar field and a scalar kernel. */
  components: 1 | 3;
  /** The planes are films, with a tensor for each pair of them; otherwise a tensor for each displacement along z. */
  layered?: boolean;
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
   * @param spectra one, or for films one per pair, as `kernelSpectra` gives them
   */
  writeTensor(view: Float32Array | Float64Array, spectra: Iterable<readonly Float64Array[]>): void;
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
  readonly layered: boolean;
  readonly components: number;
  readonly axisZ: number;
  /** Transform lengths along the grid's own axes. */
  readonly lengths: number[];
  readonly nz: number;
  /** Films that each have a tensor for each other; 1 where there are none. */
  readonly films: number;
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
  /**
   * Components of the tensor that do not vanish; the tensor is ordered by block, k_x, k_z or pair of films, entry and lane.
   */
  readonly entries: number[];
  readonly pairsX: Pairs;
  readonly pairsZ: Pairs;
  readonly tensorBlockBytes: number;

  constructor(module: ModuleBuilder, options: ConvolutionOptions) {
    const { size, periodic, components, layered = false } = options;
    this.target = new Target(module, options.element, options.fma);
    this.transforms = new Transforms(this.target);
    this.components = components;
    const { bytes, lanes } = this.target;

    // The longer of y and z takes the real transform: more blocks to share out, and less scratch for each.
    const [axisY, axisZ] = size[2] > size[1] && !layered ? [2, 1] : [1, 2];
    this.axisZ = axisZ;
    const transformed = layered ? [size[0], size[1], 1] : size;
    this.lengths = transformed.map((cells, axis) => transformLength(cells, periodic[axis], axis === axisY));
    this.nz = size[axisZ];
    this.layered = layered;
    this.films = layered ? this.nz : 1;
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
    this.entries = (components === 1 ? [0] : range(6)).filter(
      (entry) => !vanishes(entry, layered ? size.slice(0, 2) : size),
    );
    [this.pairsX, this.pairsZ] = [mirrorPairs(this.x), mirrorPairs(this.z)];
    this.tensorBlockBytes = this.pairsX.length * this.pairsZ.length * this.films ** 2 * this.entries.length * 16;
  }

  /** Bytes of one component in the scratch memory of a block. */
  get componentBytes(): number {
    return this.nz * this.x.bytes;
  }

  get scratchBytes(): number {
    const { components, z } = this;
    const aside = this.layered ? 2 * this.nz * components * V : z.length > 1 ? 2 * components * z.bytes : 0;
    return Math.max(this.group * this.y.bytes, components * this.componentBytes + aside);
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
    const aside = f.let("i32", add(scratch, components * componentBytes));
    /** Columns along z at places ±k_x, to or from buffers one after the other. */
    const alongZ = (line: FunctionBuilder, sides: { at: Local }[]) => {
      const buffer = f.let("i32", aside);
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
      if (plan.layered) {
        multiplyFilms(plan, m, sides, kernel, aside);
        return;
      }
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
            const at = f.let("i32", add(lookUp(f, aside, pairZ, end), side * components * z.bytes));
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

/**
 * Multiplies the films by their tensors at one or two points ±k_x, which share them up to signs.
 * @param kernel address of the tensors, moved on to those of the next points
 * @param aside room for the values of all films at the points
 */
function multiplyFilms(
  { nz, x, components, componentBytes, entries }: Plan,
  m: Arithmetic,
  points: readonly { at: Local; signX: Sign }[],
  kernel: Local,
  aside: Local,
): void {
  const { f } = m;
  const filmBytes = points.length * components * V;
  const places = points.flatMap((_, point) =>
    range(components).map((c) => ({ point, c, at: (point * components + c) * V })),
  );
  const copy = f.let("i32", aside);
  const from = points.map(({ at }): [Local, number] => [f.let("i32", at), x.bytes]);
  const gather = () => {
    for (const { point, c, at } of places) m.store(copy, m.load(from[point][0], c * componentBytes), at);
  };
  repeat(f, nz, gather, [copy, filmBytes], ...from);

  const to = points.map(({ at }): [Local, number] => [f.let("i32", at), x.bytes]);
  const source = f.let("i32", aside);
  const sums = places.map(() => ({ r: m.zero(), i: m.zero() }));
  const set = (sum: { r: Local; i: Local }, value: Complex): void => {
    f.set(sum.r, value.r ?? m.zero());
    f.set(sum.i, value.i ?? m.zero());
  };
  const add = () => {
    const K = entries.map((_, index) => m.loadVector(kernel, 16 * index));
    for (const [point, { signX }] of points.entries()) {
      const field = range(components).map((c) => m.load(source, (point * components + c) * V));
      for (const a of range(components)) {
        const sum = sums[point * components + a];
        let total: Complex = sum;
        for (const [place, entry] of entries.entries()) {
          const [b, c] = TENSOR_AXES[entry];
          if (a !== b && a !== c) continue;
          const value = field[a === b ? c : b];
          const sign = isOdd(entry, 0) ? signX : 1;
          // The spectra of xz and yz, odd along one axis of the plane, are −i times the numbers kept.
          total =
            b !== c && c === 2
              ? m.plusScaled(total, { r: value.i, i: m.subtract(null, value.r) }, K[place], sign as Sign)
              : m.plusScaled(total, value, K[place], sign as Sign);
        }
        set(sum, total);
      }
    }
  };
  const film = () => {
    for (const sum of sums) set(sum, ZERO);
    f.set(source, aside);
    repeat(f, nz, add, [source, filmBytes], [kernel, 16 * entries.length]);
    for (const [index, { point, c }] of places.entries()) m.store(to[point][0], sums[index], c * componentBytes);
  };
  const [leader, ...others] = to;
  repeat(f, nz, film, leader, ...others);
}

function writeTensor(plan: Plan, view: Float32Array | Float64Array, spectra: Iterable<readonly Float64Array[]>): void {
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
  const tensors = pairsZ.length * plan.films ** 2;
  const stride = tensors * entries.length * lanes;
  view.fill(0);
  let first = 0;
  for (const spectrum of spectra) {
    for (const place of plan.places.slice(0, y.length + 1)) {
      // The second place of a single cell along y has the spectrum of the first.
      const row = Math.min(plan.frequency(place), kept[3 - axisZ] - 1) * steps[3 - axisZ];
      const block = Math.floor(place / lanes) * pairsX.length * stride + (place % lanes);
      for (const [index, entry] of entries.entries()) {
        const values = spectrum[entry];
        const factors = alongX.map(({ sign }) => norm * (isOdd(entry, 0) ? sign : 1));
        for (const [j, { offset, sign }] of alongZ.entries()) {
          const from = row + offset;
          const signZ = isOdd(entry, axisZ) && !plan.layered ? sign : 1;
          let to = block + ((first + j) * entries.length + index) * lanes;
          for (let i = 0; i < offsets.length; i++, to += stride)
            view[to] = signZ * factors[i] * values[from + offsets[i]];
        }
      }
    }
    first += pairsZ.length;
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
    writeTensor: (view, spectra) => writeTensor(plan, view, spectra),
  };
}
