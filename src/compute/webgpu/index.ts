import type { Backend } from "../backend.ts";
import type { WebGpuOptions } from "./device.ts";

export type { WebGpuOptions } from "./device.ts";

/**
 * A backend on the graphics card.  Its code is loaded when it is first asked for.
 * @throws {BackendError} when there is no WebGPU here, or no adapter that fits
 */
export const openWebGpu = async (options?: WebGpuOptions): Promise<Backend> =>
  (await import("./backend.ts")).openWebGpu(options);
