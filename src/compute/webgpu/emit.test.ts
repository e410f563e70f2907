import { describe, expect, it } from "vitest";
import type { Field, Scalar } from "../backend.ts";
import { type Grid, grid } from "../grid.ts";
import { type Kernel, kernel } from "../language/kernel.ts";
import { type ElementType, int, real, vector } from "../language/types.ts";
import { type KernelStep, program, traceStep } from "../program.ts";
import { philox, uniform } from "../random/generator.ts";
import { layoutOf, toWgsl } from "./emit.ts";

/** Stand-ins: nothing runs here. */
const fieldOf = (name: string, on: Grid, type: ElementType) =>
  ({ name, key: name, grid: on, type }) as unknown as Field;
const scalarOf = (name: string, kind: "real" | "int") => ({ name, key: name, kind }) as unknown as Scalar;

function wgslOf(made: Kernel, given: Record<string, unknown>): string {
  const { steps } = program("one", (p) => p.run(made, given as never));
  const step = steps[0] as KernelStep;
  return toWgsl(traceStep(step, "f32"), layoutOf(step)).code;
}

describe("kernels as WGSL", () => {
  it("stencils: formulas close to what one would write by hand", () => {
    const film = grid([100, 50, 1], { cell: [2, 2, 1] });
    const llg = kernel(
      "LLG",
      { reads: { m: vector, A: real, B: vector, alpha: real }, writes: { dmdt: vector } },
      (_, { formula }) => formula`
        H = A * laplacian(m) + B
        dmdt = -1 / (1 + alpha²) * (m × H + alpha * m × (m × H))
      `,
    );
    const [m, dmdt, A] = [fieldOf("m", film, vector), fieldOf("dmdt", film, vector), fieldOf("A", film, real)];
    const given = { m, dmdt, A, B: [0, 0, 0.5], alpha: scalarOf("alpha", "real") };
    expect(wgslOf(llg as unknown as Kernel, given)).toMatchInlineSnapshot(`
      "// LLG
      @group(0) @binding(0) var<storage, read> scalars: array<u32>;
      @group(0) @binding(1) var<storage, read_write> memory0: array<f32>;
      @group(1) @binding(0) var<uniform> gate: u32;
      const dmdt_ = 20224;
      const m_ = 0;
      const A_ = 15168;
      const alpha_ = 0;

      @compute @workgroup_size(128, 2, 1)
      fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u, @builtin(local_invocation_index) lane: u32) {
        if (gate == 0u) { return; }
        let tile = i32(group.x);
        let x = i32(local.x);
        let y = tile * 2 + i32(local.y);
        let row0 = y * 100;
        let xp1 = min(x + 1, 99);
        let xm1 = max(x - 1, 0);
        let yp1 = min(y + 1, 49);
        let row4 = yp1 * 100;
        let ym1 = max(y - 1, 0);
        let row6 = ym1 * 100;
        if (x >= 100) { return; }
        let v0 = memory0[m_ + row0 + x];
        let v1 = memory0[m_ + row0 + x + 5056];
        let v2 = memory0[m_ + row0 + x + 10112];
        let v3 = memory0[A_ + row0 + x];
        let v4 = bitcast<f32>(scalars[alpha_]);
        let v5 = v0 * 2.0;
        let v6 = v1 * 2.0;
        let v7 = v2 * 2.0;
        let v8 = (((memory0[m_ + row0 + xp1] + memory0[m_ + row0 + xm1]) - v5) * 0.25) + (0.25 * ((memory0[m_ + row4 + x] + memory0[m_ + row6 + x]) - v5));
        let v9 = (((memory0[m_ + row0 + xp1 + 5056] + memory0[m_ + row0 + xm1 + 5056]) - v6) * 0.25) + (0.25 * ((memory0[m_ + row4 + x + 5056] + memory0[m_ + row6 + x + 5056]) - v6));
        let v10 = (((memory0[m_ + row0 + xp1 + 10112] + memory0[m_ + row0 + xm1 + 10112]) - v7) * 0.25) + (0.25 * ((memory0[m_ + row4 + x + 10112] + memory0[m_ + row6 + x + 10112]) - v7));
        let v11 = v3 * v8;
        let v12 = v3 * v9;
        let v13 = 0.5 + (v3 * v10);
        let v14 = (-1.0) / (1.0 + (v4 * v4));
        let v15 = (v1 * v13) - (v2 * v12);
        let v16 = (v2 * v11) - (v0 * v13);
        let v17 = (v0 * v12) - (v1 * v11);
        let v18 = v0 * v4;
        let v19 = v1 * v4;
        let v20 = v2 * v4;
        memory0[dmdt_ + row0 + x] = v14 * (v15 + ((v17 * v19) - (v16 * v20)));
        memory0[dmdt_ + row0 + x + 5056] = v14 * (v16 + ((v15 * v20) - (v17 * v18)));
        memory0[dmdt_ + row0 + x + 10112] = v14 * (v17 + ((v16 * v18) - (v15 * v19)));
      }
      "
    `);
  });

  it("sweeps: a loop per column, what it carries in variables", () => {
    const stack = grid([64, 64, 16]);
    const solve = kernel(
      "tridiagonal",
      { reads: { s: real, decay: real }, updates: { u: real, above: real }, sweep: "z" },
      ({ s, decay, u, above }, { size: { z: n }, loop, constant }) => {
        loop(n, { above: constant(0), u: constant(0) }, (below, k) => {
          const pivot = decay.add(2).add(below.above);
          const here = { above: constant(-1).div(pivot), u: s.get({ z: k }).add(below.u).div(pivot) };
          above.set({ z: k }, here.above);
          u.set({ z: k }, here.u);
          return here;
        });
        loop(n - 1, u.get({ z: n - 1 }), (up, i) => {
          const k = i.neg().add(n - 2);
          const here = u.get({ z: k }).sub(above.get({ z: k }).mul(up));
          u.set({ z: k }, here);
          return here;
        });
        return {};
      },
    );
    const [s, u, above] = ["s", "u", "above"].map((name) => fieldOf(name, stack, real));
    expect(wgslOf(solve as unknown as Kernel, { s, u, above, decay: 0.25 })).toMatchInlineSnapshot(`
      "// tridiagonal
      @group(0) @binding(0) var<storage, read_write> memory0: array<f32>;
      @group(1) @binding(0) var<uniform> gate: u32;
      const above_ = 131072;
      const u_ = 65536;
      const s_ = 0;

      @compute @workgroup_size(64, 4, 1)
      fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u, @builtin(local_invocation_index) lane: u32) {
        if (gate == 0u) { return; }
        let tile = i32(group.x);
        let x = i32(local.x);
        let y = tile * 4 + i32(local.y);
        var state0: f32 = 0.0;
        var state1: f32 = 0.0;
        for (var round2 = 0; round2 < 16; round2++) {
          let v3 = state0 + 2.25;
          let v4 = (-1.0) / v3;
          let v5 = (state1 + memory0[s_ + (clamp(round2, 0, 15) * 64 + y) * 64 + x]) / v3;
          memory0[above_ + (clamp(round2, 0, 15) * 64 + y) * 64 + x] = v4;
          memory0[u_ + (clamp(round2, 0, 15) * 64 + y) * 64 + x] = v5;
          let next0 = v4;
          let next1 = v5;
          state0 = next0;
          state1 = next1;
        }
        let v6 = memory0[u_ + (15 * 64 + y) * 64 + x];
        var state7: f32 = v6;
        for (var round8 = 0; round8 < 15; round8++) {
          let v9 = (-round8) + 14;
          let v10 = memory0[u_ + (clamp(v9, 0, 15) * 64 + y) * 64 + x];
          let v11 = memory0[above_ + (clamp(v9, 0, 15) * 64 + y) * 64 + x];
          let v12 = v10 - (state7 * v11);
          memory0[u_ + (clamp(v9, 0, 15) * 64 + y) * 64 + x] = v12;
          state7 = v12;
        }
      }
      "
    `);
  });

  it("random numbers: integers that wrap, and upper halves of products", () => {
    const line = grid([1000, 1, 1]);
    const draw = kernel("draw", { reads: { step: int }, writes: { r: real } }, ({ step }, { index, integer }) => {
      const [high, low] = philox([step, integer(0), index.linear, integer(0)], [integer(1), integer(2)]);
      return { r: uniform(high, low) };
    });
    const code = wgslOf(draw as unknown as Kernel, { step: scalarOf("step", "int"), r: fieldOf("r", line, real) });
    // Ten rounds, of which two tell all.
    expect(code.split("\n").slice(0, 40).join("\n")).toMatchInlineSnapshot(`
      "// draw
      @group(0) @binding(0) var<storage, read> scalars: array<u32>;
      @group(0) @binding(1) var<storage, read_write> memory0: array<f32>;
      @group(1) @binding(0) var<uniform> gate: u32;
      const r_ = 0;
      const step_ = 0;
      fn mulhi(a: i32, b: i32) -> i32 {
        let u = vec2u(bitcast<u32>(a) & 0xffffu, bitcast<u32>(a) >> 16u);
        let v = vec2u(bitcast<u32>(b) & 0xffffu, bitcast<u32>(b) >> 16u);
        let low = u.y * v.x + ((u.x * v.x) >> 16u);
        let middle = u.x * v.y + (low & 0xffffu);
        return bitcast<i32>(u.y * v.y + (low >> 16u) + (middle >> 16u));
      }

      @compute @workgroup_size(256, 1, 1)
      fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u, @builtin(local_invocation_index) lane: u32) {
        if (gate == 0u) { return; }
        let tile = i32(group.x);
        let x = tile * 256 + i32(local.x);
        if (x >= 1000) { return; }
        let v0 = bitcast<i32>(scalars[step_]);
        let v1 = 1 ^ mulhi(x, (-845247145));
        let v2 = 2 ^ mulhi(v0, (-766435501));
        let v3 = (-1640531526) ^ ((x * (-845247145)) ^ mulhi((-845247145), v2));
        let v4 = (-1150833017) ^ ((v0 * (-766435501)) ^ mulhi(v1, (-766435501)));
        let v5 = 1013904243 ^ (((-845247145) * v2) ^ mulhi((-845247145), v4));
        let v6 = 1993301260 ^ ((v1 * (-766435501)) ^ mulhi((-766435501), v3));
        let v7 = (-626627284) ^ (((-845247145) * v4) ^ mulhi((-845247145), v6));
        let v8 = 842468241 ^ (((-766435501) * v3) ^ mulhi((-766435501), v5));
        let v9 = 2027808485 ^ (((-845247145) * v6) ^ mulhi((-845247145), v8));
        let v10 = (-308364778) ^ (((-766435501) * v5) ^ mulhi((-766435501), v7));
        let v11 = 387276958 ^ (((-845247145) * v8) ^ mulhi((-845247145), v10));
        let v12 = (-1459197797) ^ (((-766435501) * v7) ^ mulhi((-766435501), v9));
        let v13 = (-1253254569) ^ (((-845247145) * v10) ^ mulhi((-845247145), v12));
        let v14 = ((-845247145) * v12) ^ mulhi((-845247145), (1684936480 ^ (((-766435501) * v9) ^ mulhi((-766435501), v11))));
        let v15 = mulhi((-845247145), ((-616729558) ^ (((-766435501) * v13) ^ mulhi((-766435501), (1401181200 ^ v14)))));
        let v16 = (-1879881854) ^ (((-845247145) * (534103461 ^ (((-766435501) * v11) ^ mulhi((-766435501), v13)))) ^ v15);
        memory0[r_ + x] = f32(bitcast<i32>(bitcast<u32>(v16) >> 8u)) * 5.9604645e-8;
      }
      "
    `);
  });
});
