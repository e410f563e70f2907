import type { Grid, Precision } from "./grid.ts";
import type { ElementType } from "./language/types.ts";
import type { Value } from "./language/values.ts";
import type { Program } from "./program.ts";

/** Numbers on a grid, held by a backend. */
export interface Field<V extends Value = Value> {
  readonly name: string;
  /** Unique within the process. */
  readonly key: string;
  readonly grid: Grid;
  readonly type: ElementType<V>;
  readonly backend: Backend;
}

/** One number held by a backend, read and written by programs while they run. */
export interface Scalar {
  readonly name: string;
  readonly key: string;
  readonly kind: "real" | "int";
  readonly backend: Backend;
}

/** Rows of parameters, one per region. */
export interface Table<V extends Value = Value> {
  readonly name: string;
  readonly key: string;
  readonly type: ElementType<V>;
  readonly rows: number;
  readonly backend: Backend;
}

/**
 * Samples of a real kernel that is symmetric under reflection of each axis: h(r) = Σ K(r − r′) m(r′).
 * Three-component fields take a symmetric tensor, its components in the order xx, yy, zz, xy, xz, yz; the diagonal ones
 * are even along every axis, a component ab is odd along a and b and even along the third.  One-component fields take one
 * even component.
 */
export interface VolumeKernel {
  /**
   * Per component the samples at displacements ≥ 0 in cells, x fastest: 0…n−1 along an open axis of n cells,
   * 0…⌊n/2⌋ along a periodic one.
   */
  readonly components: readonly Float64Array[];
}

/**
 * Samples of a real tensor kernel between films that lie in the planes of the grid, of whatever thickness and distance:
 * h_i(r) = Σ_j Σ_r′ K_ij(r − r′) m_j(r′) with displacements in the plane only.  Every tensor is symmetric in its
 * components, in the order xx, yy, zz, xy, xz, yz.  Diagonal ones are even along x and y and xy is odd along both; xz is odd
 * along x and even along y, yz even along x and odd along y.  For vector fields on grids that are open along z.
 */
export interface LayerKernel {
  /**
   * layers[i][j]: what film j does to film i, per component the samples at displacements ≥ 0 in cells, x fastest:
   * 0…n−1 along an open axis of n cells, 0…⌊n/2⌋ along a periodic one.
   */
  readonly layers: readonly (readonly (readonly Float64Array[])[])[];
}

export type ConvolutionKernel = VolumeKernel | LayerKernel;

/** A kernel ready to be convolved with fields of one grid. */
export interface Convolution {
  readonly name: string;
  readonly key: string;
  readonly grid: Grid;
  /** Components of source and target: 1 or 3. */
  readonly components: 1 | 3;
  readonly backend: Backend;
}

export interface RunOptions {
  /** Ends the program at the next round of an outermost loop; what it has computed until then stays. */
  readonly signal?: AbortSignal;
}

/** A compiled program. */
export interface Executable {
  /**
   * Runs once, after whatever its backend still has to do.
   * @throws {AbortedError} when the signal said so
   * @throws {BackendError} naming the kernel, when the machine failed
   */
  run(options?: RunOptions): Promise<void>;
  dispose(): void;
}

export type NumberArray = Float32Array | Float64Array | Int32Array;

/** A machine that holds fields and runs programs. */
export interface Backend {
  readonly name: "wasm" | "webgpu";
  readonly precision: Precision;
  /** What does the work: threads and instruction set, or adapter and driver. */
  readonly description: string;

  /** @throws {AllocationError} with the bytes needed, before anything is allocated */
  field<V extends Value>(grid: Grid, type: ElementType<V>, name?: string): Field<V>;
  /** @param rows one per region, each with the type's components */
  table<V extends Value>(type: ElementType<V>, rows: readonly (number | readonly number[])[], name?: string): Table<V>;
  scalar(initial?: number, options?: { readonly name?: string; readonly kind?: "real" | "int" }): Scalar;
  /**
   * @throws {BackendError} naming the component that has another number of samples, or one that is not finite
   * @throws {AllocationError} with the bytes needed
   */
  convolution(grid: Grid, kernel: ConvolutionKernel, name?: string): Convolution;

  /**
   * Sets a field: component planes one after the other, x fastest; a single number fills it.  The values are read when
   * all that was asked for before is done, and must not change until then.
   */
  write(field: Field, values: ArrayLike<number> | number): Promise<void>;
  /** A copy of a field, in the same order, in the precision of the backend. */
  read(field: Field): Promise<NumberArray>;
  set(scalar: Scalar, value: number): void;
  get(scalar: Scalar): Promise<number>;

  /** @throws {KernelError} for kernels that cannot be; @throws {BackendError} naming the kernel */
  compile(program: Program): Promise<Executable>;
  /**
   * Gives memory back, once all that was asked for before is done; the thing must not be used again, nor programs that
   * use it.
   */
  release(thing: Field | Table | Convolution | Scalar): void;
  /** Ends the backend and all it holds, at once: what it was still asked for fails. */
  destroy(): Promise<void>;
}

/** The machine failed: a lost device, a dead worker, a shader that does not compile. */
export class BackendError extends Error {
  override name = "BackendError";
}

export class AllocationError extends BackendError {
  override name = "AllocationError";
  readonly bytes: number;
  constructor(what: string, bytes: number, limit: string) {
    super(`${what} needs ${bytes} bytes; ${limit}`);
    this.bytes = bytes;
  }
}

export class AbortedError extends Error {
  override name = "AbortError";
}
