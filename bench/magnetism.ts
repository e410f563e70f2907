import {
  cellsOf,
  type Executable,
  kernel,
  openWasm,
  type Precision,
  program,
  type Triple,
  vector,
} from "../src/compute/index.ts";
import { lowerToField } from "../src/device/fieldDepth.ts";
import { lowerMicromagnet } from "../src/device/lowerMicromagnet.ts";
import { directions } from "../src/device/micromagnet.ts";
import { Assembly, Demagnetization, Integrator, tableaus } from "../src/field/index.ts";
import {
  constant,
  device,
  layer,
  MU0,
  materials,
  micromagnet,
  mT,
  nm,
  ns,
  openMicromagnet,
  rectangle,
} from "../src/index.ts";
import type { Figure } from "./race.ts";

const GRIDS: readonly Triple<number>[] = [
  [128, 32, 1],
  [512, 512, 1],
  [1024, 1024, 1],
  [256, 256, 16],
  [128, 128, 32],
];
const ROUNDS = 5;
/** Time a contestant runs per round [ms]. */
const SPAN = 200;

/** Shortest time of one evaluation [ms], contestants taking turns. */
async function best<Name extends string>(
  contestants: Readonly<Record<Name, { run(): Promise<unknown>; evaluations: number }>>,
) {
  const times = {} as Record<Name, number>;
  for (let round = 0; round < ROUNDS; round++)
    for (const name in contestants) {
      const { run, evaluations } = contestants[name];
      const began = performance.now();
      do {
        const start = performance.now();
        await run();
        times[name] = Math.min(times[name] ?? Infinity, (performance.now() - start) / evaluations);
      } while (performance.now() - began < SPAN);
    }
  return times;
}

/** A smooth texture with exchange, anisotropy, an applied field and its own, as large films and bodies have. */
function magnetOf(cells: Triple<number>) {
  return micromagnet({
    cells,
    cell: [4 * nm, 4 * nm, 3 * nm],
    material: { saturationMagnetization: 8e5, exchangeStiffness: 13e-12, uniaxialAnisotropy: 1e4, damping: 0.02 },
    magnetization: (x, y) => [Math.cos(x / (80 * nm)), Math.sin(x / (80 * nm)), 0.3 * Math.cos(y / (60 * nm))],
  });
}

async function rightHandSide(cells: Triple<number>, precision: Precision, threads: number) {
  const magnet = magnetOf(cells);
  const machine = openWasm({ precision, threads });
  try {
    const problem = lowerMicromagnet(magnet, { field: [10 * mT, 20 * mT, 30 * mT] });
    const own = new Demagnetization(problem, machine);
    const assembly = new Assembly(problem, machine, own);
    const m = machine.field(magnet.mesh.grid, vector, "m");
    const out = machine.field(magnet.mesh.grid, vector, "dm/dt");
    await machine.write(m, magnet.magnetization);
    const { reads, given } = assembly.at(m);
    const rate = kernel(
      "rate",
      { reads, writes: { out: vector } } as never,
      ((inputs: never, here: never) => ({
        out: assembly.rate(inputs, assembly.placeOf(here)),
      })) as never,
    );
    const evaluations = Math.max(1, Math.round(1e6 / cellsOf(magnet.mesh.grid)));
    const compile = (name: string, convolves: boolean, computes: boolean): Promise<Executable> =>
      machine.compile(
        program(name, (p) =>
          p.repeat(evaluations, () => {
            if (convolves) assembly.convolve(p, m);
            if (computes) p.run(rate as never, { ...given, out } as never);
          }),
        ),
      );
    const [convolution, local, whole] = [
      await compile("convolution", true, false),
      await compile("kernel", false, true),
      await compile("right-hand side", true, true),
    ];
    const tableau = tableaus["dormand-prince"];
    const integrator = new Integrator(assembly, m, {
      tableau,
      tolerance: 1e-5,
      step: 1e-13,
      longest: Infinity,
      shortest: 1e-22,
    });
    const steps = Math.max(1, Math.round(evaluations / 6));
    const times = await best({
      convolution: { run: () => convolution.run(), evaluations },
      local: { run: () => local.run(), evaluations },
      whole: { run: () => whole.run(), evaluations },
    });
    // Then the steps, which change the state; bare ones as far as the step at hand allows.
    await integrator.startStretch(0, 1e-6);
    const bareSteps = await machine.compile(integrator.bare(steps));
    const { step, bare } = await best({
      step: { run: () => integrator.run(steps), evaluations: 6 * steps },
      bare: { run: () => bareSteps.run(), evaluations: 6 * steps },
    });
    return { ...times, step, bare, cells: cellsOf(magnet.mesh.grid) };
  } finally {
    await machine.destroy();
  }
}

/** µMAG standard problem 4, both fields, from a uniform start to the end. */
async function standardProblem4(precision: Precision): Promise<number> {
  const began = performance.now();
  const film = micromagnet({
    cells: [128, 32, 1],
    cell: [(500 / 128) * nm, (125 / 32) * nm, 3 * nm],
    material: { saturationMagnetization: 8e5, exchangeStiffness: 13e-12, damping: 0.02 },
    gyromagneticRatio: 2.211e5 / MU0,
    magnetization: [1, 0.1, 0],
  });
  const simulation = await openMicromagnet(film, { precision, threads: 2 });
  await simulation.relax();
  const rest = await simulation.magnetization();
  for (const field of [
    [-24.6 * mT, 4.3 * mT, 0],
    [-35.5 * mT, -6.3 * mT, 0],
  ] as const) {
    await simulation.setMagnetization(rest);
    simulation.set({ field });
    await simulation.run({ duration: 1 * ns });
  }
  await simulation.close();
  return (performance.now() - began) / 1e3;
}

/** A bit whose every column is the whole stack, against the same film without electrons: right-hand side, and steps with the ledger. */
async function stackInColumns(precision: Precision) {
  const edge = 1024 * nm;
  const stack = device({
    shape: rectangle(edge),
    layers: [
      layer(materials.betaTa, 6 * nm, { name: "Ta" }),
      layer(materials.CoFeB, 1.1 * nm, { name: "free", magnetization: "-z" }),
      layer(materials.MgO, 1.6 * nm),
    ],
  });
  const drive = constant({ density: 1e11, in: "Ta", along: "x" });
  const options = { cell: 4 * nm, field: () => [0, 0, 0] as const, duration: 1 * ns, spinPumping: true };
  const { micromagnet: magnet, columns } = await lowerToField(stack, [drive], options, () => {});
  const machine = openWasm({ precision, threads: 2 });
  try {
    const m = machine.field(magnet.mesh.grid, vector, "m");
    const swirl = Float64Array.from(magnet.magnetization, (_, i) => Math.cos(1e-3 * i) + 0.5);
    const own = new Demagnetization(lowerMicromagnet(magnet, {}), machine);
    const contestants: Record<string, { run(): Promise<unknown>; evaluations: number }> = {};
    for (const [name, transport] of [
      ["film", undefined],
      ["stack", columns.transport],
    ] as const) {
      const assembly = new Assembly(lowerMicromagnet(magnet, transport ? { transport } : {}), machine, own);
      const integrator = new Integrator(assembly, m, {
        tableau: tableaus["dormand-prince"],
        tolerance: 1e-5,
        step: 1e-14,
        longest: Infinity,
        shortest: 1e-22,
      });
      await machine.write(m, directions(swirl, magnet.mesh, magnet.fill));
      await integrator.startStretch(0, 1e-6);
      const steps = await machine.compile(integrator.bare(3));
      contestants[name] = { run: () => steps.run(), evaluations: 18 };
    }
    const { film, stack: whole } = await best(contestants);
    return { ratio: whole / film, rate: cellsOf(magnet.mesh.grid) / whole / 1e3 };
  } finally {
    await machine.destroy();
  }
}

/** Evaluations that conjugate gradients take to the same torque, over those of Barzilai and Borwein's steps. */
async function minimisers(): Promise<Record<string, number>> {
  const permalloy = { saturationMagnetization: 8e5, exchangeStiffness: 13e-12, damping: 0.02 };
  const magnets = {
    "film of standard problem 4": micromagnet({
      cells: [128, 32, 1],
      cell: [3.9 * nm, 3.9 * nm, 3 * nm],
      material: permalloy,
      magnetization: [1, 0.1, 0],
    }),
    "vortex beside its place": micromagnet({
      cells: [40, 40, 2],
      cell: [2.5 * nm, 2.5 * nm, 5 * nm],
      material: permalloy,
      magnetization: (x, y) => [-(y - 10 * nm), x, 3 * nm],
    }),
    "cube of 36 nm": micromagnet({
      cells: [12, 12, 12],
      cell: [3 * nm, 3 * nm, 3 * nm],
      material: permalloy,
      magnetization: [1, 0.3, 0.2],
    }),
  };
  const ratios: Record<string, number> = {};
  for (const [name, magnet] of Object.entries(magnets)) {
    const simulation = await openMicromagnet(magnet, { precision: "f64" });
    const taken = [];
    for (const method of ["conjugate-gradient", "barzilai-borwein"] as const) {
      await simulation.setMagnetization(magnet.magnetization);
      taken.push((await simulation.relax({ method, torque: 1e-7 })).steps);
    }
    await simulation.close();
    ratios[name] = taken[0] / taken[1];
  }
  return ratios;
}

export async function magnetism(): Promise<Figure[]> {
  const figures: Figure[] = [];
  const add = (value: number, unit: string, figure: string) =>
    figures.push({ bench: "magnetism", figure, value, unit });
  for (const precision of ["f32", "f64"] as const)
    for (const grid of GRIDS) {
      const { convolution, whole, step, bare, cells } = await rightHandSide(grid, precision, 2);
      const name = `${grid.join("×")}, ${precision}, 2 threads`;
      add(
        cells / whole / 1e3,
        "Mcell/s",
        `LLG right-hand side with exchange, anisotropy, field and demagnetization, ${name}`,
      );
      add(convolution / whole, "of the speed", `right-hand side against its convolution alone, ${name}`);
      add(cells / step / 1e3, "Mcell/s", `evaluations within Dormand–Prince steps, ${name}`);
      add(step / bare, "times the time", `steps with control against the same kernels without, ${name}`);
    }
  for (const precision of ["f32", "f64"] as const) {
    const { ratio, rate } = await stackInColumns(precision);
    const name = `steps of a bit at field depth, 256×256, ${precision}, 2 threads`;
    add(ratio, "times the time", `${name}: with the stack in every column and the ledger, against the film alone`);
    add(rate, "Mcell/s", `${name}, evaluations`);
  }
  for (const [name, ratio] of Object.entries(await minimisers()))
    add(ratio, "times the evaluations", `conjugate gradients against Barzilai and Borwein, ${name}`);
  for (const precision of ["f32", "f64"] as const)
    add(
      await standardProblem4(precision),
      "s",
      `standard problem 4, relaxed and both fields for 1 ns, ${precision}, 2 threads`,
    );
  return figures;
}
