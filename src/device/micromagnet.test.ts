import { describe, expect, it } from "vitest";
import type { Vector3 } from "../algebra/vector.ts";
import { openWasm, openWebGpu, real } from "../compute/index.ts";
import { GAMMA, K_B } from "../constants.ts";
import { course } from "../field/index.ts";
import { ellipsoid, rectangle, translated, union, zRange } from "../geometry/index.ts";
import { fieldTerm, torqueTerm } from "../magnetism/continuum/index.ts";
import { domainWall, randomDirections, skyrmion, vortex } from "../magnetism/index.ts";
import { nm, ns, ps } from "../units.ts";
import { slonczewski, spinOrbit } from "./currentTorques.ts";
import { type MachineOptions, type MagneticSimulation, openMicromagnet, StepError } from "./magneticSimulation.ts";
import { type Micromagnet, type MicromagnetOptions, micromagnet, valueAt } from "./micromagnet.ts";

const permalloy = { saturationMagnetization: 8e5, exchangeStiffness: 13e-12, damping: 0.02 };
const box: MicromagnetOptions = {
  cells: [6, 5, 4],
  cell: [2 * nm, 3 * nm, 2.5 * nm],
  material: permalloy,
  magnetization: randomDirections(3),
  onWarning: () => {},
};

async function using<T>(
  options: Partial<MicromagnetOptions>,
  body: (simulation: MagneticSimulation, magnet: Micromagnet) => Promise<T>,
  machine: MachineOptions = { precision: "f64", threads: 1 },
): Promise<T> {
  const magnet = micromagnet({ ...box, ...options });
  const simulation = await openMicromagnet(magnet, machine);
  try {
    return await body(simulation, magnet);
  } finally {
    await simulation.close();
  }
}

const total = (energies: Readonly<Record<string, number>>) => Object.values(energies).reduce((a, b) => a + b, 0);
const wave = (x: number) => 0.55 + 0.45 * Math.sin(x * 1e9);

describe("the effective field is the derivative of the energy, −(1/φMs) ∂e/∂m, with", () => {
  const cases: Record<string, Partial<MicromagnetOptions>> = {
    "exchange and the own field": {},
    "periodic axes": { periodic: [2, 0, 1] },
    "a shape with partly filled cells": { shape: ellipsoid(12 * nm, 15 * nm, 10 * nm), smoothing: 4 },
    "two materials, and less exchange between them": {
      regions: [
        { shape: rectangle(6 * nm, 6 * nm), material: { saturationMagnetization: 4e5, exchangeStiffness: 5e-12 } },
      ],
      exchangeBetween: 0.3,
    },
    anisotropies: {
      material: {
        ...permalloy,
        uniaxialAnisotropy: 5e5,
        uniaxialAnisotropy2: 2e5,
        anisotropyAxis: [1, 2, 3],
        cubicAnisotropy: 1e5,
        cubicAnisotropy2: 3e5,
        interfacialAnisotropy: 1e-3,
      },
      cubicAxes: [
        [1, 1, 1],
        [1, -1, 0],
      ],
    },
    "interfacial DMI": { material: { ...permalloy, interfacialDMI: 3e-3 } },
    "bulk DMI in a shape": { material: { ...permalloy, bulkDMI: 3e-3 }, shape: ellipsoid(12 * nm, 15 * nm, 10 * nm) },
    "anisotropic DMI and numbers that differ from cell to cell": {
      material: { ...permalloy, anisotropicDMI: -3e-3 },
      parameters: { saturationMagnetization: (x) => 8e5 * wave(x), exchangeStiffness: (_, y) => 1e-11 * wave(y) },
    },
    strain: {
      material: { ...permalloy, magnetoelasticB1: -8e6, magnetoelasticB2: -9e6 },
      strain: { normal: [1e-3, 2e-3, -1e-3], shear: (x) => [1e-3, -2e-3, 3e-3 * wave(x)] },
    },
    "coupled planes": { couplings: [{ planes: [0, 2], J1: 1e-3, J2: -2e-3 }] },
  };
  for (const [name, options] of Object.entries(cases))
    it(name, () =>
      using(options, async (body, { fill, numbers, mesh }) => {
        const pattern = (x: number, y: number): Vector3 => [0.1 * wave(x), 0.2 * wave(y), -0.3];
        body.set({ field: [{ pattern }, [0.01, 0.02, 0.03]] });
        const n = fill.length;
        const V = mesh.grid.cell.reduce((a, b) => a * b);
        const m = await body.magnetization();
        const B = await body.effectiveField();
        const energyAt = async (cell: number, change: number): Promise<number> => {
          const moved = m.slice();
          moved[cell] += change;
          // Past normalisation, which setMagnetization would do.
          const { machine } = body;
          await machine.write(fieldOf(body), moved);
          return total(await body.measure("energies"));
        };
        let compared = 0;
        for (const i of [0, 7, 33, 52, 64, 77, 119])
          for (const c of [0, 1, 2]) {
            if (!(fill[i] > 0)) continue;
            const h = 1e-3;
            const at = (share: number) => energyAt(c * n + i, share * h);
            // Exact for polynomials of fourth degree.
            const slope = (8 * ((await at(1)) - (await at(-1))) - ((await at(2)) - (await at(-2)))) / (12 * h);
            const expected = -slope / (V * fill[i] * valueAt(numbers.saturationMagnetization, i));
            // Round-off of energies, some 1e-13 of 1e-17 J, over 1e-3 · V Ms.
            expect(Math.abs(B[c * n + i] - expected)).toBeLessThan(1e-6);
            compared++;
          }
        expect(compared).toBeGreaterThan(5);
      }),
    );
});

/** The field of m, which users set through setMagnetization. */
const fieldOf = (simulation: MagneticSimulation) =>
  (simulation as unknown as { readonly m: Parameters<MagneticSimulation["machine"]["write"]>[0] }).m;

describe("a magnetization field", () => {
  it("loses energy at every step while it is damped", () =>
    using({}, async (body) => {
      const { table } = await body.run({ duration: 20 * ps, every: 0.2 * ps, quantities: ["E_total"] });
      const E = table.get("E_total")!;
      for (let i = 1; i < E.length; i++) expect(E[i]).toBeLessThan(E[i - 1]);
    }));

  it("turns as its problem is turned: by 90° about z, and into its mirror image", async () => {
    const options: Partial<MicromagnetOptions> = {
      cells: [8, 4, 2],
      cell: [3 * nm, 3 * nm, 3 * nm],
      material: { ...permalloy, uniaxialAnisotropy: 1e5, anisotropyAxis: [1, 1, 0.5] },
      magnetization: (x, y, z) => [1 + x / nm / 30, y / nm / 20, 0.3 + z / nm / 9],
    };
    const field: Vector3 = [0.05, 0.02, -0.04];
    const run = { duration: 50 * ps, every: 50 * ps, tolerance: 1e-8 };
    const mean = async (body: MagneticSimulation) => Object.values(await body.measure("m"));
    const [x, y, z] = await using(options, async (body) => {
      body.set({ field });
      await body.run(run);
      return mean(body);
    });
    const turned = await using(
      {
        ...options,
        cells: [4, 8, 2],
        material: { ...options.material!, anisotropyAxis: [-1, 1, 0.5] },
      },
      async (body) => {
        // (x, y) → (−y, x)
        await body.setMagnetization((a, b, c) => [a / nm / 20, 1 + b / nm / 30, 0.3 + c / nm / 9]);
        body.set({ field: [-field[1], field[0], field[2]] });
        await body.run(run);
        return mean(body);
      },
    );
    // Other transforms along other axes round differently; steps follow the errors, of 1e-8.
    for (const [a, b] of [
      [turned[0], -y],
      [turned[1], x],
      [turned[2], z],
    ])
      expect(Math.abs(a - b)).toBeLessThan(1e-8);
    // A mirror at the xy plane keeps the axial vector's z and turns x and y.
    const mirrored = await using(
      { ...options, material: { ...options.material!, anisotropyAxis: [-1, -1, 0.5] } },
      async (body) => {
        await body.setMagnetization((a, b, c) => [-(1 + a / nm / 30), -b / nm / 20, 0.3 - c / nm / 9]);
        body.set({ field: [-field[0], -field[1], field[2]] });
        await body.run(run);
        return mean(body);
      },
    );
    for (const [a, b] of [
      [mirrored[0], -x],
      [mirrored[1], -y],
      [mirrored[2], z],
    ])
      expect(Math.abs(a - b)).toBeLessThan(1e-8);
  });

  it("comes to the same rest by descent as by damped motion", () =>
    using({ cells: [10, 10, 1], cell: [5 * nm, 5 * nm, 5 * nm], magnetization: [1, 0.4, 0.1] }, async (square) => {
      square.set({ field: [0.02, 0.03, 0] });
      await square.relax({ torque: 1e-7 });
      const rest = await square.magnetization();
      await square.setMagnetization([1, 0.4, 0.1]);
      await square.run({ duration: 20 * ns, every: 20 * ns, tolerance: 1e-5 });
      const late = await square.magnetization();
      // e^(−αγB t) of 0.02 · 0.036 T · 20 ns · γ = e^−2.5 along the softest direction is not all gone: the mean is.
      const difference = Math.max(...rest.map((x, i) => Math.abs(x - late[i])));
      expect(difference).toBeLessThan(0.02);
    }));

  for (const [name, conditions, options] of [
    ["a run at rest", {}, {}],
    ["a run with heat", { temperature: 300 }, { step: 0.02 * ps }],
  ] as const)
    it(`is the same to the last bit after ${name} whether it is made in one piece, by one thread or two, or goes on from where it was stopped`, async () => {
      const run = { duration: 4.1 * ps, every: 0.7 * ps, ...options };
      const whole = await using({}, async (body) => {
        body.set(conditions);
        await body.run(run);
        return body.checkpoint();
      });
      // Stopped at the end of the second row.
      const stop = new AbortController();
      const held = await using(
        {},
        async (body) => {
          body.set(conditions);
          const part = await body.run({
            ...run,
            signal: stop.signal,
            onRow: ({ time }) => {
              if (time > 1.3 * ps) stop.abort();
            },
          });
          expect(part.interrupted).toBe(true);
          expect(part.times.length).toBe(3);
          return body.checkpoint();
        },
        { precision: "f64", threads: 2 },
      );
      expect(held.time).toBeCloseTo(1.4 * ps, 20);
      await using({ magnetization: [0, 0, 1] }, async (body) => {
        body.set(conditions);
        await body.restore(structuredClone(held));
        await body.run({ ...run, start: 0 });
        expect(body.time).toBe(whole.time);
        const resumed = await body.checkpoint();
        expect(resumed.m).toEqual(whole.m);
        expect(resumed.accepted).toBe(whole.accepted);
        await expect(body.restore({ ...held, cells: [6, 5, 3] })).rejects.toThrow(
          'cells is "6 × 5 × 3"; allowed: 6 × 5 × 4',
        );
      });
    });

  it("as films of unequal thickness with a gap has the energy and the field of the same films in a box of thin planes", async () => {
    const flat = { cells: [9, 7] as const, cell: [4 * nm, 5 * nm] as const };
    // What is uniform across a film is the same in one plane as in two.
    const lower = (x: number, y: number): Vector3 => [1, x / nm / 30, y / nm / 40];
    const upper = (x: number, y: number): Vector3 => [-0.3, 1, x / nm / 20 - y / nm / 50];
    const n = 63;
    const stack: Partial<MicromagnetOptions> = {
      ...flat,
      layers: [{ thickness: 2 * nm }, { thickness: 4 * nm, gap: 2 * nm, coupling: { J1: -1e-4 } }],
      magnetization: (x, y, z) => (z < 0 ? lower(x, y) : upper(x, y)),
    };
    const slices: Partial<MicromagnetOptions> = {
      cells: [9, 7, 4],
      cell: [4 * nm, 5 * nm, 2 * nm],
      shape: union(zRange(-4 * nm, -2 * nm), zRange(0, 4 * nm)),
      magnetization: (x, y, z) => (z < -2 * nm ? lower(x, y) : upper(x, y)),
    };
    const of = (options: Partial<MicromagnetOptions>, demag: string) =>
      using(options, async (body) => ({
        energies: await body.measure("energies"),
        field: await body.effectiveField(demag),
      }));
    const [films, box] = [await of(stack, "demagnetization"), await of(slices, "demagnetization")];
    // Sums of some thousand terms in double precision.
    expect(films.energies.E_demag / box.energies.E_demag).toBeCloseTo(1, 11);
    // Exchange within the films alone.
    expect(films.energies.E_ex / box.energies.E_ex).toBeCloseTo(1, 11);
    const dot = (a: Vector3, b: Vector3) =>
      a.reduce((sum, c, i) => sum + c * b[i], 0) / Math.hypot(...a) / Math.hypot(...b);
    let coupled = 0;
    for (let j = 0; j < 7; j++)
      for (let i = 0; i < 9; i++) {
        const [x, y] = [(i - 4) * 4 * nm, (j - 3) * 5 * nm];
        coupled += 1e-4 * dot(lower(x, y), upper(x, y)) * 20e-18;
      }
    expect(films.energies.E_RKKY / coupled).toBeCloseTo(1, 11);
    for (let c = 0; c < 3; c++)
      for (let i = 0; i < n; i++) {
        const below = box.field[c * 4 * n + i];
        const above = (box.field[c * 4 * n + 2 * n + i] + box.field[c * 4 * n + 3 * n + i]) / 2;
        expect(Math.abs(films.field[c * 2 * n + i] - below)).toBeLessThan(1e-12);
        expect(Math.abs(films.field[c * 2 * n + n + i] - above)).toBeLessThan(1e-12);
      }
  });

  it("keeps cells that are frozen, and turns the others", () =>
    using({ frozen: translated(rectangle(4 * nm, 30 * nm), [-4 * nm, 0, 0]) }, async (body, { frozen, fill }) => {
      const before = await body.magnetization();
      await body.run({ duration: 2 * ps });
      const after = await body.magnetization();
      const held = frozen!.reduce((a, b) => a + b, 0);
      expect(held).toBeGreaterThan(0);
      expect(held).toBeLessThan(fill.length);
      after.forEach((x, i) => {
        if (frozen![i % fill.length]) expect(x).toBe(before[i]);
        else expect(x).not.toBe(before[i]);
      });
    }));

  it("follows a field that changes in time as one that is stepped by hand", () =>
    using({ magnetization: [1, 0, 0] }, async (body) => {
      // A kink at 1 ps: linear up to it, constant after.
      const ramp = (t: number): Vector3 => [0, 0, 0.5 * Math.min(1, t / (1 * ps))];
      body.set({ field: [{ pattern: [0, 0, 1], factor: (t) => ramp(t)[2], kinks: [1 * ps] }] });
      await body.run({ duration: 2 * ps, every: 2 * ps, tolerance: 1e-9 });
      const driven = await body.magnetization();
      await body.setMagnetization([1, 0, 0]);
      body.time = 0;
      body.set({ field: ramp });
      await body.run({ duration: 1 * ps, every: 1 * ps, tolerance: 1e-9 });
      body.set({ field: [0, 0, 0.5] });
      await body.run({ duration: 1 * ps, every: 1 * ps, tolerance: 1e-9 });
      const stepped = await body.magnetization();
      for (const [i, x] of driven.entries()) expect(Math.abs(x - stepped[i])).toBeLessThan(1e-7);
    }));

  it("is read in the field of the moment, before, after and between runs", () =>
    using(
      { cells: [1, 1, 1], cell: [5 * nm, 5 * nm, 5 * nm], magnetization: [0, 0, 1], demagnetization: false },
      async (body) => {
        body.set({ field: (t) => [0, 0, 0.1 + t / (10 * ps)] });
        const { table, times } = await body.run({ duration: 3 * ps, every: 1 * ps, quantities: ["E_total"] });
        for (const [i, E] of table.get("E_total")!.entries())
          expect(E / (-8e5 * 125e-27 * (0.1 + times[i] / (10 * ps)))).toBeCloseTo(1, 9);
        expect((await body.effectiveField("Zeeman"))[2]).toBeCloseTo(0.4, 12);
      },
    ));

  it("moves with a wall that it follows, which goes on as in a strip that is long enough", async () => {
    const strip = (cells: number): Partial<MicromagnetOptions> => ({
      cells: [cells, 1, 1],
      cell: [1 * nm, 1 * nm, 1 * nm],
      material: { saturationMagnetization: 6e5, exchangeStiffness: 1e-11, uniaxialAnisotropy: 5e5, damping: 0.5 },
      magnetization: domainWall({ kind: "Bloch", width: 4.5 * nm }),
      demagnetization: false,
    });
    const run = { duration: 2 * ns, every: 0.02 * ns, quantities: ["wallPosition"] as const };
    const end = (options: Partial<MicromagnetOptions>, follow?: "wall") =>
      using(options, async (body) => {
        body.set({ field: [0, 0, 0.1] });
        const { table } = await body.run({ ...run, ...(follow && { follow }) });
        return table.get("wall_x")!.at(-1)! / nm;
      });
    const far = await end(strip(400));
    // It would have left the short one.
    expect(Math.abs(far)).toBeGreaterThan(60);
    // Ends of 30 nm are 7 wall widths away: e^(−14) of a turn.
    expect((await end(strip(60), "wall")) / far).toBeCloseTo(1, 3);
    await expect(
      using({ ...strip(60), parameters: { damping: (x) => (x < 0 ? 0.1 : 0.2) } }, (body) =>
        body.run({ ...run, follow: "wall" }),
      ),
    ).rejects.toThrow("follow: damping");
  });

  it("has the charge of a skyrmion, whole on the lattice, and a vortex at its place", async () => {
    const film: Partial<MicromagnetOptions> = {
      cells: [64, 64, 1],
      cell: [1 * nm, 1 * nm, 1 * nm],
      demagnetization: false,
    };
    await using({ ...film, magnetization: skyrmion({ kind: "Néel", radius: 12 * nm }) }, async (body) => {
      const { Q, Q_lattice } = await body.measure("topologicalCharge", "latticeCharge");
      expect(Math.abs(Q_lattice)).toBeCloseTo(1, 2);
      expect(Q).toBeCloseTo(Q_lattice, 1);
    });
    await using({ ...film, magnetization: (x, y) => vortex()(x - 7.3 * nm, y + 3.2 * nm, 0) }, async (body) => {
      const { vortex_x, vortex_y } = await body.measure("vortexPosition");
      expect(vortex_x / nm).toBeCloseTo(7.3, 0.5);
      expect(vortex_y / nm).toBeCloseTo(-3.2, 0.5);
    });
  });

  it("of cubic anisotropy rests along the axes of its cube, or for K1 < 0 along its diagonals", async () => {
    const along: Vector3 = [2, 1, 2];
    const axes = [along, [1, 0, -1] as Vector3] as const;
    for (const sign of [1, -1])
      await using(
        {
          cells: [1, 1, 1],
          cell: [9 * nm, 9 * nm, 9 * nm],
          material: { saturationMagnetization: 8e5, damping: 0.5, cubicAnisotropy: sign * 1e5 },
          cubicAxes: axes,
          demagnetization: false,
          magnetization: [2.1, 1, 1.7],
        },
        async (body) => {
          await body.relax({ torque: 1e-9 });
          const { m_x, m_y, m_z } = await body.measure("m");
          const onAxis = (2 * m_x + m_y + 2 * m_z) / 3;
          expect(onAxis).toBeCloseTo(sign > 0 ? 1 : 1 / Math.sqrt(3), 6);
        },
      );
  });

  it("turns towards what current torques favour", async () => {
    const film: Partial<MicromagnetOptions> = {
      cells: [1, 1, 1],
      cell: [50 * nm, 50 * nm, 2 * nm],
      magnetization: [0, 1, 0.01],
      demagnetization: false,
    };
    // Electrons from a layer below, magnetized along +z: charge runs down.
    await using(film, async (body) => {
      body.set({ torques: [slonczewski({ current: -1e12, polarizer: [0, 0, 1], fixed: "below", polarization: 0.5 })] });
      await body.run({ duration: 2 * ns });
      expect((await body.measure("m")).m_z).toBeGreaterThan(0.99);
    });
    // Platinum below, J along +x: moments along −y arrive (docs/law.md).
    await using({ ...film, magnetization: [1, 0.01, 0] }, async (body) => {
      body.set({ torques: [spinOrbit({ current: [1e12, 0, 0], metal: "below", dampingLike: 0.1 })] });
      await body.run({ duration: 5 * ns });
      expect((await body.measure("m")).m_y).toBeLessThan(-0.99);
    });
  });

  it("moves alike in single and double precision and on a graphics card", async () => {
    const options: Partial<MicromagnetOptions> = {
      shape: ellipsoid(12 * nm, 15 * nm, 10 * nm),
      smoothing: 2,
      material: { ...permalloy, interfacialDMI: 1e-3 },
    };
    const run = async (body: MagneticSimulation) => {
      body.set({ field: [{ pattern: [0, 0, 1], factor: (t) => Math.sin(1e12 * t) }] });
      await body.run({ duration: 1 * ps, every: 0.5 * ps });
      return body.magnetization();
    };
    const double = await using(options, run);
    const single = await using(options, run, { precision: "f32", threads: 2 });
    // Single precision: 6e-8 per operation, on fields of 40 T for some hundred steps.
    for (const [i, x] of double.entries()) expect(Math.abs(x - single[i])).toBeLessThan(1e-4);
    const card = await openWebGpu({ software: true }).catch((error: Error) => {
      if (process.env.CI) throw error;
      console.warn(`SKIPPED on WebGPU: ${error.message}`);
    });
    if (!card) return;
    const there = await using(options, run, { machine: card }).finally(() => card.destroy());
    for (const [i, x] of double.entries()) expect(Math.abs(x - there[i])).toBeLessThan(1e-4);
  });
});

describe("equations of motion", () => {
  const cell: Partial<MicromagnetOptions> = {
    cells: [1, 1, 1],
    cell: [9 * nm, 9 * nm, 9 * nm],
    demagnetization: false,
  };

  it("of Gilbert and of Landau and Lifshitz turn m into the field at their rates", async () => {
    const [alpha, B, t] = [0.4, 0.5, 20 * ps];
    for (const [equation, rate] of [
      ["LLG", (alpha * GAMMA * B) / (1 + alpha ** 2)],
      ["LL", alpha * GAMMA * B],
    ] as const)
      await using(
        { ...cell, equation, material: { saturationMagnetization: 8e5, damping: alpha }, magnetization: [1, 0, 0] },
        async (body) => {
          body.set({ field: [0, 0, B] });
          await body.run({ duration: t, every: t, tolerance: 1e-10 });
          // θ̇ = −rate sin θ: m_z = tanh(rate t).
          expect((await body.measure("m")).m_z).toBeCloseTo(Math.tanh(rate * t), 8);
        },
      );
  });

  it("are followed at least to the order of the method", async () => {
    const orders = { "bogacki-shampine": 3, "dormand-prince": 5, fehlberg: 6, rk4: 4, heun: 2 } as const;
    for (const [method, order] of Object.entries(orders)) {
      const errors: number[] = [];
      const [alpha, B, duration] = [0.1, 1, 60 * ps];
      for (const steps of [24, 48])
        await using(
          { ...cell, material: { saturationMagnetization: 8e5, damping: alpha }, magnetization: [1, 0, 0] },
          async (body) => {
            body.set({ field: [0, 0, B] });
            // Steps of equal length: nothing is too large an error, and none may be longer.
            const step = duration / steps;
            await body.run({ duration, every: duration, method: method as "rk4", step, longest: step, tolerance: 0.1 });
            const { m_x, m_y } = await body.measure("m");
            const rate = (GAMMA * B) / (1 + alpha ** 2);
            const phase = rate * duration;
            const size = 1 / Math.cosh(alpha * phase);
            errors.push(Math.hypot(m_x - size * Math.cos(phase), m_y - size * Math.sin(phase)));
          },
        );
      // At least: what lies along m of an error is normalised away, which is most of some orders here.
      expect(Math.log2(errors[0] / errors[1]), method).toBeGreaterThan(order - 0.3);
    }
  });

  it("take energies and torques of the user's own", async () => {
    // e = C m_x m_y, written as it is thought.
    const mixed = fieldTerm({
      name: "mixed",
      symbol: "mix",
      parameters: { C: real },
      field: ({ m, perMs, C }, { vector }) => vector(m.y, m.x, 0).scale(C.neg().mul(perMs)),
      energyDensity: ({ m, C }) => m.x.mul(m.y).mul(C),
    });
    const spin = torqueTerm({
      name: "spin about z",
      symbol: "spin",
      parameters: { omega: real },
      rate: ({ m, omega }, { vector }) => vector(0, 0, 1).cross(m).scale(omega),
    });
    const magnet: Partial<MicromagnetOptions> = {
      ...cell,
      material: { saturationMagnetization: 8e5, damping: 0 },
      magnetization: [0.6, 0.8, 0],
    };
    await using({ ...magnet, terms: [{ term: mixed, given: { C: 1e5 } }] }, async (body) => {
      const { E_mix } = await body.measure("energies");
      expect(E_mix / (0.48e5 * 729e-27)).toBeCloseTo(1, 12);
      expect((await body.effectiveField("mixed"))[0]).toBeCloseTo((-0.8 * 1e5) / 8e5, 12);
    });
    await using(
      { ...magnet, torques: [{ torque: spin, given: { omega: course((t) => 1e11 * (1 + 1e11 * t)) } }] },
      async (body) => {
        await body.run({ duration: 10 * ps, tolerance: 1e-10 });
        // φ = ω(t + 1e11 t²/2)
        const { m_x, m_y } = await body.measure("m");
        expect(Math.atan2(m_y, m_x) - Math.atan2(0.8, 0.6)).toBeCloseTo(1e11 * (1e-11 + 0.5e11 * 1e-22), 7);
      },
    );
  });

  it("heat cells as far as their own temperature says", () =>
    using(
      {
        cells: [64, 32, 1],
        cell: [4 * nm, 4 * nm, 4 * nm],
        material: { saturationMagnetization: 8e5, damping: 0.2 },
        magnetization: [0, 0, 1],
        demagnetization: false,
      },
      async (body, { fill }) => {
        const B = 1;
        body.set({ field: [0, 0, B], temperature: (x) => (x < 0 ? 30 : 0) });
        await body.run({ duration: 100 * ps, every: 100 * ps, step: 0.05 * ps });
        const m = await body.magnetization();
        const n = fill.length;
        let [cold, warm] = [0, 0];
        for (let i = 0; i < n; i++) {
          const across = m[i] ** 2 + m[n + i] ** 2;
          if (i % 64 < 32) warm += across / 1024;
          else cold += across;
        }
        expect(cold).toBe(0);
        // ⟨m_x² + m_y²⟩ = 2/ξ with ξ = MsVB/k_BT for small angles; 1024 cells know it to 4/√1024.
        const xi = (8e5 * 64e-27 * B) / (1.380649e-23 * 30);
        expect(warm / (2 / xi)).toBeGreaterThan(1 - 4 / 32);
        expect(warm / (2 / xi)).toBeLessThan(1 + 4 / 32);
      },
    ));
});

describe("a thermal field with steps chosen by their error", () => {
  it("keeps to Boltzmann's law, where taking steps back would choose among random numbers", async () => {
    // One cell, whose own noise decides its steps: rejection made m_z 0.036 too large here.
    const [Ms, T, B, x] = [8e5, 300, 0.2, 3];
    const edge = Math.cbrt((x * K_B * T) / (Ms * B));
    const one = micromagnet({
      cells: [1, 1, 1],
      cell: [edge, edge, edge],
      material: { saturationMagnetization: Ms, damping: 0.5 },
      demagnetization: false,
      magnetization: [0.3, 0.1, 1],
    });
    const simulation = await openMicromagnet(one, { precision: "f64", threads: 0 });
    try {
      simulation.set({ field: [0, 0, B], temperature: T, seed: 5 });
      const run = await simulation.run({
        duration: 1000 * ns,
        every: 0.05 * ns,
        method: "dormand-prince",
        adaptive: true,
        tolerance: 1e-6,
        step: 1e-13,
        quantities: ["m"],
      });
      expect(run.rejected).toBe(0);
      const z = [...(run.table.get("m_z") as Float64Array)].slice(100);
      const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
      const blocks = Array.from({ length: 20 }, (_, k) => mean(z.slice(k * 990, (k + 1) * 990)));
      const spread = Math.sqrt(mean(blocks.map((block) => (block - mean(blocks)) ** 2)) / 19);
      // Four standard errors of blocks of 50 ns, which forget each other in some 0.1 ns; Langevin's function.
      expect(Math.abs(mean(blocks) - (1 / Math.tanh(x) - 1 / x))).toBeLessThan(4 * spread);
      expect(spread).toBeLessThan(0.005);
    } finally {
      await simulation.close();
    }
  });
});

describe("what is wrong is said before work begins", () => {
  const wrong: [string, Partial<MicromagnetOptions>, RegExp][] = [
    ["an option that does not exist", { anisotropy: 3 } as never, /no option "anisotropy"/],
    [
      "a shape beside the cells",
      { shape: translated(ellipsoid(3 * nm, 3 * nm, 3 * nm), [1e-6, 0, 0]) },
      /fills no cell/,
    ],
    ["a material without Ms", { material: { damping: 0.1 } as never }, /saturationMagnetization is undefined/],
    [
      "Ms = 0 with exchange",
      { parameters: { saturationMagnetization: (x) => (x < 0 ? 0 : 8e5) } },
      /Ms|saturationMagnetization: cell 0 is 0/,
    ],
    [
      "a number that is none",
      { parameters: { uniaxialAnisotropy: (x) => (x < 0 ? Number.NaN : 1) } },
      /uniaxialAnisotropy of cell 0 is NaN/,
    ],
    [
      "too few numbers",
      { parameters: { damping: [0.1, 0.2] } },
      /2 numbers"; allowed: 120, one per cell, for 6 × 5 × 4 cells/,
    ],
    ["planes of another mesh", { magnetization: new Float64Array(9) }, /9 numbers"; allowed: 3 × 120/],
    ["a direction of no length", { magnetization: () => [0, 0, 0] }, /magnetization: cell 0 is \[0,0,0\]/],
    ["two dimensions without layers", { cells: [4, 4] }, /three numbers each/],
    [
      "axes of a cube that lean",
      {
        cubicAxes: [
          [1, 0, 0],
          [1, 1, 0],
        ],
      },
      /two vectors at right angles/,
    ],
    ["copies that are no number", { periodic: [1.5, 0, 0] }, /periodic\[0\] is 1.5/],
  ];
  for (const [name, options, message] of wrong)
    it(name, () => expect(() => micromagnet({ ...box, ...options })).toThrow(message));

  it("DMI without exchange, and coupled planes that touch", async () => {
    const bad = (options: Partial<MicromagnetOptions>) =>
      openMicromagnet(micromagnet({ ...box, ...options }), { threads: 0 });
    await expect(bad({ material: { saturationMagnetization: 8e5, damping: 0.1, bulkDMI: 1e-3 } })).rejects.toThrow(
      "without exchangeStiffness",
    );
    await expect(bad({ couplings: [{ planes: [0, 1], J1: 1e-3 }] })).rejects.toThrow("with something between them");
  });

  it("steps, methods and quantities that cannot be", () =>
    using({}, async (body) => {
      await expect(body.run({ duration: -1 })).rejects.toThrow("duration is -1");
      await expect(body.run({ duration: 1 * ns, method: "rk4" })).rejects.toThrow("step is undefined");
      await expect(body.run({ duration: 1 * ns, method: "euler" as never })).rejects.toThrow('method is "euler"');
      await expect(body.run({ duration: 1 * ns, quantities: ["charge" as never] })).rejects.toThrow(
        "topologicalCharge",
      );
      expect(() => body.set({ fields: [0, 0, 1] } as never)).toThrow('did you mean "field"');
      await expect(body.effectiveField("exchang")).rejects.toThrow('"exchange"');
    }));

  it("a state of rest under what no energy gives", () =>
    using({}, async (body) => {
      body.set({ field: (t) => [0, 0, t] });
      await expect(body.relax()).rejects.toThrow("a function of time");
      body.set({ torques: [spinOrbit({ current: [1e12, 0, 0], metal: "below", dampingLike: 0.1 })] });
      await expect(body.relax()).rejects.toThrow("no energy gives them");
      await expect(body.set({}).relax({ limit: 1 })).rejects.toThrow(/after 1 steps the largest torque/);
    }));

  it("cells beyond the exchange length, with the number", () => {
    const said: string[] = [];
    micromagnet({ ...box, cell: [10 * nm, 3 * nm, 2 * nm], onWarning: (message) => said.push(message) });
    expect(said).toEqual([
      expect.stringMatching(/10.0 nm long along x, beyond the exchange length √\(2A\/µ0Ms²\) = 5.69 nm/),
    ]);
  });

  it("where a step underflows", () =>
    using({}, async (body) => {
      body.set({ field: [{ pattern: (x, y) => (x > 0 && y > 3 * nm ? [1e25, 0, 0] : [0, 0, 0]) }] });
      await expect(body.run({ duration: 1 * ps, every: 1 * ps })).rejects.toThrow(StepError);
      await expect(body.run({ duration: 1 * ps, every: 1 * ps })).rejects.toThrow(/in cell \[\d,4,\d\] at/);
    }));

  it("keeps to 180 bytes per cell in single precision, with its own field and Dormand–Prince steps", async () => {
    const machine = openWasm({ threads: 2, memory: 180 * 512 ** 2 });
    const film = micromagnet({
      ...box,
      cells: [512, 512, 1],
      cell: [4 * nm, 4 * nm, 4 * nm],
      magnetization: [1, 0.1, 0],
    });
    const simulation = await openMicromagnet(film, { machine });
    const { steps } = await simulation.run({ duration: 0.02 * ps, every: 0.02 * ps });
    expect(steps).toBeGreaterThan(0);
    await machine.destroy();
  });

  it("a magnet that no memory holds, with the bytes", async () => {
    const large = micromagnet({
      ...box,
      cells: [512, 512, 1],
      cell: [2 * nm, 2 * nm, 2 * nm],
      magnetization: [0, 0, 1],
    });
    const small = openWasm({ threads: 1, memory: 2 ** 23 });
    await expect(openMicromagnet(large, { machine: small })).rejects.toThrow(/needs \d+ bytes/);
    await small.destroy();
  });
});
