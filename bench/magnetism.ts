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
import { lowerMicromagnet } from "../src/device/lowerMicromagnet.ts";
import { Assembly, Demagnetization, Integrator, tableaus } from "../src/field/index.ts";
import { MU0, micromagnet, mT, nm, ns, openMicromagnet } from "../src/index.ts";
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
  for (const precision of ["f32", "f64"] as const)
    add(
      await standardProblem4(precision),
      "s",
      `standard problem 4, relaxed and both fields for 1 ns, ${precision}, 2 threads`,
    );
  return figures;
}
