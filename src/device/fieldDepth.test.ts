import { describe, expect, it } from "vitest";
import type { Vector3 } from "../algebra/vector.ts";
import { openWebGpu } from "../compute/index.ts";
import { ellipse, rectangle } from "../geometry/index.ts";
import { materials } from "../materials/index.ts";
import { mT, nm, ns, ps } from "../units.ts";
import {
  type CircuitOptions,
  constant,
  type Device,
  device,
  type FieldOptions,
  type FieldRunResult,
  layer,
  pulse,
  type RunRecord,
  simulate,
  sine,
  solveTransport,
} from "./index.ts";

const { betaTa, CoFeB: bulk, Cu, Co, MgO, Pt, YIG } = materials;
const CoFeB = { ...bulk, damping: 0.02 };
const small = rectangle(12 * nm, 10 * nm);
const quiet = { onWarning: () => {} };

const bitOf = (shape: Device["shape"]) =>
  device({
    shape,
    layers: [
      layer(betaTa, 6 * nm, { name: "Ta" }),
      layer(CoFeB, 1.1 * nm, { name: "free", magnetization: "-z" }),
      layer(MgO, 1.6 * nm),
    ],
  });

const junctionOf = (shape: Device["shape"], barrier: object = {}, direction: Vector3 = [0.2, 0, 1]) =>
  device({
    shape,
    layers: [
      layer(CoFeB, 2 * nm, { name: "reference", magnetization: direction, fixed: true }),
      layer(MgO, 1 * nm, {
        barrier: { resistanceArea: 5e-12, polarizationBelow: 0.7, polarizationAbove: 0.7, ...barrier },
      }),
      layer(CoFeB, 1.4 * nm, { name: "free", magnetization: "-z" }),
    ],
  });

/** A spin valve with coupling across its spacer. */
const valve = device({
  shape: small,
  layers: [
    layer(Co, 8 * nm, { name: "reference", magnetization: "+x", fixed: true }),
    layer(Cu, 4 * nm, { coupling: { J1: 2e-5, J2: -1e-5 } }),
    layer(Co, 2 * nm, { name: "free", magnetization: [0.3, 0.9, 0.1] }),
    layer(Pt, 3 * nm),
  ],
});

const start: Vector3 = [0.2, 0.9, 0.3];
const onPlatinum = device({
  shape: small,
  layers: [layer(Pt, 6 * nm), layer(Co, 3 * nm, { name: "free", magnetization: start })],
});
const garnet = device({
  shape: small,
  layers: [layer(YIG, 6 * nm, { name: "free", magnetization: start }), layer(Pt, 5 * nm)],
});
const alone = device({ shape: small, layers: [layer(Co, 3 * nm, { name: "free", magnetization: start })] });

const biased = { halfBias: 0.5, fieldLikeQuadratic: 1e-6 };
const through = pulse({ density: -8e10, along: "z", duration: 0.3 * ns });

describe("one cell is the macrospin of the circuit", () => {
  // Both integrate to 1e-9 per step over some hundred steps; rest is found to 1e-9 µ0 Ms in one, by the other's own measure.
  const tolerance = 1e-6;
  it.each<[string, Device, Partial<CircuitOptions>]>([
    [
      "spin–orbit torque and pumping",
      bitOf(small),
      { current: pulse({ density: 1.2e13, in: "Ta", along: "x", duration: 0.3 * ns }) },
    ],
    [
      "a junction under voltage",
      junctionOf(small),
      { current: pulse({ voltage: 0.8, along: "z", duration: 0.3 * ns }) },
    ],
    ["a junction under current", junctionOf(small), { current: through }],
    [
      "a barrier that depends on its bias, under voltage",
      junctionOf(small, biased),
      { current: sine({ voltage: 0.8, along: "z", frequency: 5e9 }) },
    ],
    ["a barrier that depends on its bias, under current", junctionOf(small, biased), { current: through }],
    [
      "a spin valve with two currents and coupling",
      valve,
      {
        relax: false,
        current: [constant({ density: -3e11, along: "z" }), constant({ density: 3e11, along: "x" })],
      },
    ],
    ["a magnet on platinum that only pumps", onPlatinum, { relax: false }],
    ["a garnet on platinum in a current", garnet, { relax: false, current: constant({ density: 3e11, along: "x" }) }],
    ["a magnet alone", alone, { relax: false }],
    [
      "a spin valve that does not pump",
      valve,
      { relax: false, spinPumping: false, current: constant({ voltage: 2e-3, along: "z" }) },
    ],
  ])("%s", async (_, stack, options) => {
    const common = { field: [20 * mT, 0, 0] as const, duration: 0.4 * ns, tolerance: 1e-9, every: 50 * ps, ...quiet };
    const circuit = await simulate(stack, { ...common, ...(options as CircuitOptions) });
    const field = await simulate(stack, {
      ...common,
      ...(options as Omit<FieldOptions, "depth">),
      depth: "field",
      cell: [12 * nm, 10 * nm],
    });
    expect([...field.table.keys()]).toEqual([...circuit.table.keys()]);
    for (const [name, expected] of circuit.table) {
      // What is left over of a balance is round-off in either; the energy of held magnets is not counted in a field.
      if (name === "ledger" || name === "E") continue;
      const values = field.table.get(name) as Float64Array;
      const group = [...circuit.table].filter(
        ([other]) => /^m|^Is/.test(name) && other.slice(0, 2) === name.slice(0, 2),
      );
      const scale = Math.max(
        ...[...expected, ...group.flatMap(([, column]) => [...column])].map((x) => Math.abs(x) || 0),
      );
      // What a magnet by itself absorbs of itself is round-off.
      if (/^Is|^P/.test(name) && scale < 1e-15) continue;
      for (const [i, x] of expected.entries())
        if (Number.isFinite(x)) expect(Math.abs(values[i] - x) / (scale || 1), `${name}[${i}]`).toBeLessThan(tolerance);
    }
    const my = circuit.table.get("my_free") as Float64Array;
    expect(Math.max(...my) - Math.min(...my)).toBeGreaterThan(1e-3);
    expect(field.ledger.relativeResidual).toBeLessThan(1e-7);
    for (const [i, magnet] of [...field.ledger.magnets.entries()]) {
      const twin = circuit.ledger.magnets.find(({ name }) => name === magnet.name);
      const causes = circuit.ledger.magnets.flatMap(({ transport, field }) => [...transport, ...field]);
      const size = Math.max(...causes.map(Math.abs));
      for (let a = 0; a < 3; a++)
        for (const cause of ["stored", "transport", "field", "damping"] as const)
          expect(Math.abs(magnet[cause][a] - twin![cause][a]) / size, `${i} ${cause}`).toBeLessThan(10 * tolerance);
    }
  });

  it("energies too, of a magnet alone", async () => {
    const common = { field: [20 * mT, 0, 0] as const, duration: 0.2 * ns, every: 20 * ps, tolerance: 1e-9 };
    const current = pulse({ density: 1.2e13, in: "Ta", along: "x", duration: 0.2 * ns });
    const circuit = await simulate(bitOf(small), { ...common, current });
    const field = await simulate(bitOf(small), { ...common, current, depth: "field", cell: [12 * nm, 10 * nm] });
    const [a, b] = [circuit, field].map(({ table }) => table.get("E") as Float64Array);
    const span = Math.max(...a) - Math.min(...a);
    // Anisotropy counts from the easy axis in one and from the hard one in the other.
    for (const [i, E] of a.entries()) expect(Math.abs(b[i] - b[0] - (E - a[0])) / span).toBeLessThan(1e-6);
  });
});

describe("a textured magnet", () => {
  const disc = bitOf(ellipse(40 * nm, 32 * nm));
  const options: FieldOptions = {
    depth: "field",
    cell: 4 * nm,
    current: pulse({ density: 2e13, in: "Ta", along: "x", duration: 0.05 * ns }),
    field: [20 * mT, 0, 0],
    duration: 0.1 * ns,
    every: 10 * ps,
  };

  it("closes its ledger, cells outside the outline included", async () => {
    const { ledger } = await simulate(disc, options);
    const [free] = ledger.magnets;
    for (const cause of ["stored", "transport", "field", "damping"] as const)
      expect(Math.hypot(...free[cause])).toBeGreaterThan(100);
    // The method is exact for sums over its own stages; what is left is round-off of 1e5 sums, and the map's 1e-9 in the electrons'.
    expect(ledger.relativeResidual).toBeLessThan(1e-8);
    // With heat too: agitation and friction are one law, of states between stages as well.
    const hot = await simulate(disc, { ...options, temperature: 300, step: 50e-15, duration: 0.05 * ns });
    expect(hot.ledger.relativeResidual).toBeLessThan(1e-8);
    const single = await simulate(disc, { ...options, precision: "f32" });
    expect(single.ledger.relativeResidual).toBeLessThan(1e-4);
  });

  it("is the same for any number of threads, and goes on from a checkpoint to the same bits", async () => {
    for (const temperature of [0, 300]) {
      const run = { ...options, temperature, ...(temperature > 0 && { step: 50e-15, duration: 0.06 * ns }) };
      const whole = await simulate(disc, { ...run, threads: 2 });
      const alone = await simulate(disc, { ...run, threads: 1 });
      expect(alone.magnetization).toEqual(whole.magnetization);
      const controller = new AbortController();
      const stopped = await simulate(disc, {
        ...run,
        signal: controller.signal,
        onRow: ({ time }) => {
          if (time > 0.025 * ns) controller.abort();
        },
      });
      expect(stopped.interrupted).toBe(true);
      const from = JSON.parse(JSON.stringify(stopped.checkpoint));
      const later = await simulate(disc, { ...run, from });
      expect(later.magnetization).toEqual(whole.magnetization);
      expect(later.steps).toBe(whole.steps);
      expect(later.ledger).toEqual(whole.ledger);
      expect([...stopped.times, ...later.times]).toEqual([...whole.times]);
      expect([...later.table].map(([, column]) => column.at(-1))).toEqual(
        [...whole.table].map(([, column]) => column.at(-1)),
      );
    }
  });

  it("columns stand in parallel: each takes its own share of a current, at one voltage", async () => {
    // Half of the cells up, half down, for no time at all.
    const halves = (x: number): Vector3 => (x < 0 ? [0, 0, 1] : [0, 0, -1]);
    const still = {
      depth: "field",
      relax: false,
      spinPumping: false,
      cell: 6 * nm,
      duration: 1e-18,
      ...quiet,
    } as const;
    for (const barrier of [{}, biased]) {
      const stack = junctionOf(small, barrier, [0, 0, 1]);
      const take = (voltage: number) =>
        [1, -1].map((z) =>
          solveTransport(stack, {
            current: constant({ voltage, along: "z" }),
            magnetizations: { free: [0, 0, z] },
          }).sourceCurrent("drive"),
        );
      const byVoltage = await simulate(stack, {
        ...still,
        magnetizations: { free: halves },
        current: constant({ voltage: 0.7, along: "z" }),
      });
      const first = (run: RunRecord, name: string): number => (run.table.get(name) as Float64Array)[0];
      const [up, down] = take(0.7);
      // The maps of the stack are good to 1e-9.
      expect(Math.abs(first(byVoltage, "I") / ((up + down) / 2) - 1)).toBeLessThan(1e-8);
      expect(up / down).toBeGreaterThan(1.5);
      const byCurrent = await simulate(stack, {
        ...still,
        magnetizations: { free: halves },
        current: constant({ current: (up + down) / 2, along: "z" }),
      });
      expect(Math.abs(first(byCurrent, "V") / 0.7 - 1)).toBeLessThan(1e-8);
      const there = byCurrent.column(-2 * nm, 0);
      expect(Math.abs(there.sourceCurrent("drive") / up - 1)).toBeLessThan(1e-8);
      expect(Math.abs(byCurrent.column(2 * nm, 2 * nm).sourceCurrent("drive") / down - 1)).toBeLessThan(1e-8);
    }
  });

  it("shows the exact stack at any place, whose spin currents have the mean that the table has", async () => {
    const run: FieldRunResult = await simulate(disc, { ...options, spinPumping: false, duration: 0.05 * ns });
    const { mesh, fill } = run.micromagnet;
    const [nx, ny] = mesh.grid.size;
    const [dx, dy] = mesh.grid.cell;
    const sum = [0, 0, 0];
    let filled = 0;
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++) {
        if (!(fill[j * nx + i] > 0)) continue;
        const solution = run.column((i + 0.5 - nx / 2) * dx, (j + 0.5 - ny / 2) * dy);
        expect(solution.ledger().relativeResidual).toBeLessThan(1e-12);
        for (const [a, s] of solution.absorbedSpin("free").entries()) sum[a] += s;
        filled++;
      }
    for (const [a, axis] of ["x", "y", "z"].entries()) {
      const recorded = (run.table.get(`Is${axis}_free`) as Float64Array).at(-1) as number;
      expect(Math.abs(recorded - sum[a] / filled)).toBeLessThan((1e-8 * Math.hypot(...sum)) / filled);
    }
    expect(() => run.column(19.9 * nm, 15.9 * nm)).toThrow(/column is .*a place within the outline/);
  });

  it("starts from a texture, and a current takes both of its halves the same way", async () => {
    const wall = (x: number): Vector3 => [0, 1 / Math.cosh(x / (4 * nm)), Math.tanh(x / (4 * nm))];
    const rows: number[] = [];
    const run = await simulate(bitOf(rectangle(64 * nm, 16 * nm)), {
      ...options,
      relax: false,
      magnetizations: { free: wall },
      onRow: ({ magnetization, micromagnet }) => void rows.push(magnetization.length / micromagnet.fill.length),
    });
    expect(run.magnet("free").initial[2]).toBeCloseTo(0, 10);
    expect(run.magnet("free").initial[1]).toBeGreaterThan(0.1);
    expect(rows).toEqual(Array(run.times.length).fill(3));
  });
});

describe("on a graphics card", () => {
  it("a bit and a junction under current move as on the processor", async () => {
    const card = await openWebGpu({ software: true }).catch((error: Error) => {
      if (process.env.CI) throw error;
      console.warn(`SKIPPED on WebGPU: ${error.message}`);
    });
    if (!card) return;
    try {
      for (const [stack, current] of [
        [bitOf(small), pulse({ density: 2e13, in: "Ta", along: "x", duration: 5 * ps })],
        [junctionOf(small), pulse({ density: -3e11, along: "z", duration: 5 * ps })],
      ] as const) {
        const options = { depth: "field", cell: 4 * nm, current, duration: 5 * ps, every: 2.5 * ps, ...quiet } as const;
        const start = { relax: false, magnetizations: { free: [0.6, 0.1, -0.8] as Vector3 } };
        const here = await simulate(stack, { ...options, ...start });
        const there = await simulate(stack, { ...options, ...start, machine: card });
        // Single precision: 6e-8 per operation over some hundred steps.
        for (const [i, m] of here.magnetization.entries())
          expect(Math.abs(there.magnetization[i] - m)).toBeLessThan(1e-4);
        expect(there.ledger.relativeResidual).toBeLessThan(1e-3);
        const [a, b] = [here, there].map(({ ledger }) => ledger.magnets.find(({ name }) => name === "free"));
        for (let c = 0; c < 3; c++)
          expect(Math.abs(a!.transport[c] - b!.transport[c])).toBeLessThan(1e-3 * Math.hypot(...a!.transport));
      }
    } finally {
      await card.destroy();
    }
  });
});

describe("bad input at field depth is refused before any work", () => {
  const options: FieldOptions = { depth: "field", duration: 1e-12, ...quiet };
  const two = device({
    shape: small,
    layers: [layer(Co, 2 * nm, { name: "a" }), layer(Cu, 3 * nm), layer(Co, 2 * nm, { name: "b" })],
  });
  it.each<[string, Device, Partial<FieldOptions>, RegExp]>([
    ["nothing that moves", device({ shape: small, layers: [layer(Pt, nm)] }), {}, /depth is "field".*not fixed/],
    ["two magnets that move", two, {}, /magnets that move.*"a", "b".*exactly one/s],
    [
      "a magnet without exchange",
      device({ shape: small, layers: [layer({ ...Co, exchangeStiffness: undefined } as never, nm)] }),
      {},
      /exchangeStiffness is undefined/,
    ],
    [
      "a cell larger than the outline",
      bitOf(small),
      { cell: 20 * nm },
      /cell is 2e-8; allowed: 0 < x ≤ 1.2e-8|cell is/,
    ],
    [
      "a texture of no magnet",
      bitOf(small),
      { magnetizations: { fre: "+z" } },
      /magnetizations.fre is "a texture"; allowed: "free"/,
    ],
    [
      "a barrier of changing resistance and two drives",
      junctionOf(small, biased),
      { current: [constant({ voltage: 0.1, along: "z" }), constant({ density: 1e10, along: "x" })] },
      /2 drives"; allowed: one at depth "field".*depends on its bias/,
    ],
    ["a misspelt option", bitOf(small), { cel: 1 } as never, /no option "cel"; did you mean "cell"/],
    ["precision of no machine", bitOf(small), { precision: "f16" as never }, /f16/],
  ])("%s", async (_, stack, change, message) => {
    await expect(simulate(stack, { ...options, ...change })).rejects.toThrow(message);
  });

  it("checkpoints of another depth or mesh, and options of another depth", async () => {
    const circuit = await simulate(bitOf(small), { duration: 1e-13, ...quiet });
    await expect(simulate(bitOf(small), { ...options, from: circuit.checkpoint as never })).rejects.toThrow(
      /from is "a checkpoint"; allowed: a field checkpoint/,
    );
    const field = await simulate(bitOf(small), { ...options, duration: 1e-13, cell: 6 * nm });
    await expect(simulate(bitOf(small), { duration: 1e-12, from: field.checkpoint as never })).rejects.toThrow(
      /from is "a field checkpoint"/,
    );
    await expect(simulate(bitOf(small), { ...options, cell: 4 * nm, from: field.checkpoint })).rejects.toThrow(
      /a checkpoint of 2 × 2 × 1 cells.*one of 3 × 3 × 1/,
    );
    await expect(simulate(bitOf(small), { duration: 1e-12, cell: nm } as never)).rejects.toThrow(/no option "cell"/);
  });
});
