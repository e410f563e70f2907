export { openWebGpu } from "./backend.ts";
export type { WebGpuOptions } from "./device.ts";
export { layoutOf, toWgsl } from "./emit.ts";
