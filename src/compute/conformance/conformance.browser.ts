import { describe, expect, it } from "vitest";
import type { Precision } from "../grid.ts";
import { openWasm } from "../wasm/backend.ts";
import { openWebGpu } from "../webgpu/index.ts";
import { workers } from "./failures.ts";
import { conformance } from "./suite.ts";

// The page of one test project is isolated from others, so that it may share memory with workers; that of the other is not.
const isolated = globalThis.crossOriginIsolated;

describe("this page", () => {
  it("has shared memory if it is isolated from others, and only then", async () => {
    const backend = openWasm({ threads: 2, memory: 2 ** 28 });
    expect(backend.threads).toBe(isolated ? 2 : 1);
    await backend.destroy();
  });
});

for (const precision of ["f64", "f32"] satisfies Precision[])
  for (const threads of isolated ? [0, 2] : [2]) {
    const name = `WebAssembly, ${precision}, ${isolated ? threads : "no"} threads`;
    const open = () => openWasm({ precision, threads, fma: precision === "f32", memory: 2 ** 28 });
    conformance(name, async () => open());
    if (isolated && threads > 0) workers(name, open);
  }

if (isolated) conformance("WebGPU", () => openWebGpu());
