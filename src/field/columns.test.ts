import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cross, dot, normalize, scale, type Vector3 } from "../algebra/vector.ts";
import { grid, kernel, openWasm, program, real, type Vector, vector } from "../compute/index.ts";
import { GAMMA, GAMMA0, HBAR_E, K_B, MU0 } from "../constants.ts";
import { LandauLifshitzGilbert } from "../magnetism/index.ts";
import { torquePerSpinCurrent } from "../transport/index.ts";
import { Friction } from "./columns.ts";

const component = fc.double({ min: -1, max: 1, noNaN: true });
const direction = fc
  .tuple(component, component, component)
  .filter((v) => Math.hypot(...v) > 0.1)
  .map((v) => normalize(v));

const [Ms, volume, temperature, step] = [8e5, 1e-24, 300, 1e-13];
const factor = torquePerSpinCurrent(Ms * volume) * HBAR_E;

/** An answer of a stack that takes up what is pumped: R = −G across m, neither symmetric nor isotropic. */
function answerOf(m: Vector3, seed: readonly number[]): number[] {
  // −(B Bᵀ + c [m×]) between vectors across m.
  const b = [0, 1].map((k): Vector3 => {
    const v: Vector3 = [seed[3 * k], seed[3 * k + 1], seed[3 * k + 2]];
    return [0, 1, 2].map((a) => v[a] - dot(v, m) * m[a]) as unknown as Vector3;
  });
  const turn = [0, -m[2], m[1], m[2], 0, -m[0], -m[1], m[0], 0];
  const size = 0.02 / Math.abs(factor);
  return turn.map((t, i) => {
    const [r, c] = [Math.floor(i / 3), i % 3];
    return -size * (b.reduce((sum, v) => sum + v[r] * v[c], 0) + seed[6] * t);
  });
}

/** What a kernel makes of a state. */
async function computed(m: Vector3, alpha: number, R: readonly number[], free: Vector3) {
  const machine = openWasm({ precision: "f64", threads: 0 });
  const one = grid([1, 1, 1]);
  const open = (name: string) => machine.field(one, vector, name);
  const [state, drive, rate, ...columns] = ["m", "free", "rate", "x", "y", "z"].map(open);
  const make = kernel(
    "friction",
    { reads: { m: vector, free: vector, alpha: real }, writes: { rate: vector, x: vector, y: vector, z: vector } },
    ({ m, free, alpha }, { vector, constant, identity }) => {
      const rows = [0, 1, 2].map((r) => vector(R[3 * r], R[3 * r + 1], R[3 * r + 2]));
      const friction = new Friction(
        m as Vector,
        alpha.add(0),
        rows as unknown as [Vector, Vector, Vector],
        constant(factor),
        identity(),
      );
      return {
        rate: friction.rate(free as Vector),
        x: friction.agitation(vector(1, 0, 0)),
        y: friction.agitation(vector(0, 1, 0)),
        z: friction.agitation(vector(0, 0, 1)),
      };
    },
  );
  try {
    await machine.write(state, Float64Array.from(m));
    await machine.write(drive, Float64Array.from(free));
    const [x, y, z] = columns;
    const run = await machine.compile(
      program("friction", (p) => p.run(make, { m: state, free: drive, alpha, rate, x, y, z } as never)),
    );
    await run.run();
    const read = async (field: typeof rate) => [...(await machine.read(field))];
    return { rate: await read(rate), agitation: await Promise.all(columns.map(read)) };
  } finally {
    await machine.destroy();
  }
}

describe("a magnetization that pumps", () => {
  it("turns and is agitated as the macrospin law says", async () => {
    const seeds = fc.array(component, { minLength: 7, maxLength: 7 });
    const damping = fc.double({ min: 1e-3, max: 0.5, noNaN: true });
    await fc.assert(
      fc.asyncProperty(direction, direction, seeds, damping, async (m, H, seed, alpha) => {
        const R = answerOf(m, seed);
        const llg = new LandauLifshitzGilbert([{ name: "m", saturationMagnetization: Ms, volume, damping: alpha }]);
        const expected = new Float64Array(3);
        const field = scale(H, 1e5);
        const [state, response] = [Float64Array.from(m), Float64Array.from(R)];
        llg.rate(state, Float64Array.from(field), new Float64Array(3), response, expected);
        const { rate, agitation } = await computed(m, alpha, R, scale(cross(m, field), -GAMMA0));
        // 1e-11: inverting 3 × 3 numbers of the size of 1 costs a few roundings.
        for (let a = 0; a < 3; a++) expect(Math.abs(rate[a] - expected[a])).toBeLessThan(1e-11 * GAMMA0 * 1e5);
        // Amplitudes S of either law may differ by a rotation of the normal numbers; S Sᵀ may not.
        const S = llg.thermalAmplitudes(state, response, temperature, step);
        const perField = MU0 * Math.sqrt((GAMMA * Ms * volume * step) / (2 * K_B * temperature));
        const across = [0, 1, 2].map((a): Vector3 => [0, 1, 2].map((b) => (a === b ? 1 : 0) - m[a] * m[b]) as never);
        for (let a = 0; a < 3; a++)
          for (let b = 0; b < 3; b++) {
            let whole = 0;
            for (let i = 0; i < 3; i++)
              for (let j = 0; j < 3; j++) {
                const covariance = [0, 1, 2].reduce((sum, k) => sum + S[3 * i + k] * S[3 * j + k], 0) * perField ** 2;
                // What agitates along m does nothing, and the field version leaves it out.
                whole += across[a][i] * covariance * across[b][j];
              }
            const own = [0, 1, 2].reduce((sum, k) => sum + agitation[k][a] * agitation[k][b], 0);
            // The root of a determinant near 0 has half of the digits.
            expect(Math.abs(own - whole)).toBeLessThan(1e-9);
          }
      }),
      { numRuns: 40 },
    );
  });
});
