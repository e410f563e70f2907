/** Kernels written once, run as WebAssembly SIMD on all threads and as WGSL on WebGPU. */
export {
  AbortedError,
  AllocationError,
  type Backend,
  BackendError,
  type Convolution,
  type ConvolutionKernel,
  type Executable,
  type Field,
  type LayerKernel,
  type NumberArray,
  type RunOptions,
  type Scalar,
  type Table,
  type VolumeKernel,
} from "./backend.ts";
export { cellsOf, type Edge, type Grid, GridError, grid, type Precision, type Triple } from "./grid.ts";
export type { Formula } from "./language/formula.ts";
export * from "./language/functions.ts";
export { Graph, KernelError, type Reduction } from "./language/graph.ts";
export {
  type Binding,
  type Here,
  type Input,
  type Kernel,
  kernel,
  type Local,
  type Place,
  type Signature,
  trace,
  type Updated,
  type ValueOf,
} from "./language/kernel.ts";
export { curl, derivative, divergence, gradient, laplacian } from "./language/stencils.ts";
export { complex, type ElementType, int, matrix, real, symmetric, vector } from "./language/types.ts";
export {
  Bool,
  Complex,
  Int,
  Matrix,
  Real,
  type RealLike,
  Symmetric,
  select,
  type Value,
  Vector,
} from "./language/values.ts";
export {
  type Arguments,
  type ByRegion,
  byRegion,
  type Program,
  ProgramBuilder,
  ProgramError,
  program,
  type Source,
  type Step,
  type Target,
} from "./program.ts";
export { type Address, normalPair, normalVector, philox, uniform, type Words } from "./random/generator.ts";
export { openWasm, WasmBackend, type WasmOptions } from "./wasm/backend.ts";
export { openWebGpu, type WebGpuOptions } from "./webgpu/index.ts";
