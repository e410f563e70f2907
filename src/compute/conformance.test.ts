import { conformance } from "./conformance.ts";
import type { Precision } from "./grid.ts";
import { openWasm } from "./wasm/backend.ts";

for (const precision of ["f64", "f32"] satisfies Precision[])
  for (const threads of [0, 1, 2, 3])
    for (const fma of threads % 2 === 0 ? [false] : [true])
      conformance(`WebAssembly, ${precision}, ${threads} threads${fma ? ", fused multiply-add" : ""}`, async () =>
        openWasm({ precision, threads, fma }),
      );
