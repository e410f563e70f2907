import { solveDense } from "../src/algebra/dense.ts";
import {
  type CompiledNetwork,
  constant,
  type contactOf,
  device,
  ellipse,
  type Layer,
  layer,
  lower,
  materials,
  mT,
  nm,
  ns,
  pulse,
  simulate,
} from "../src/index.ts";
import { type Figure, median, race } from "./race.ts";

/** A magnetic multilayer, current through it: the longest chains that are built. */
function multilayer(bilayers: number): CompiledNetwork {
  const parts: (Layer | ReturnType<typeof contactOf>)[] = [layer(materials.Cu, 5 * nm)];
  for (let i = 0; i < bilayers; i++) parts.push(layer(materials.Co, 3 * nm), layer(materials.Cu, 5 * nm));
  const model = lower(
    device({ shape: ellipse(100 * nm), layers: parts }),
    [constant({ density: 1e11, along: "z" })],
    () => {},
  );
  const network = model.network.compile();
  network.setDrive("drive", 1e-3);
  return network;
}

/** Turns a magnet a little, so that every solve has new numbers. */
function turn(network: CompiledNetwork, step: number): void {
  for (let i = 0; i < network.magnets.length; i++)
    network.setMagnetization(i, Math.sin(step + i), 0, Math.cos(step + i));
}

/** Exact elements solved by replayed sparse elimination against dense Gaussian elimination of the same matrix. */
function solves(): Figure[] {
  return [1, 4, 16].flatMap((bilayers) => {
    const network = multilayer(bilayers);
    const unknowns = network.unknowns;
    let step = 0;
    const rates = race({
      sparse() {
        turn(network, step++);
        network.refresh(false);
        network.solvePotentials();
      },
      dense() {
        turn(network, step++);
        network.stamp(false);
        const { matrix, right } = network.denseSystem();
        solveDense(matrix, right, unknowns);
      },
    });
    const name = `${bilayers} Co/Cu bilayers, ${unknowns} unknowns`;
    return [
      { bench: "circuit", figure: `solves, ${name}`, value: rates.sparse, unit: "1/s" },
      {
        bench: "circuit",
        figure: `solve against naive dense solve, ${name}`,
        value: rates.sparse / rates.dense,
        unit: "times as fast",
      },
    ];
  });
}

/** The run of the first example: transport solved at every stage, with and without the magnets' pumping. */
async function steps(): Promise<Figure[]> {
  const bit = device({
    shape: ellipse(80 * nm),
    layers: [
      layer(materials.betaTa, 6 * nm),
      layer({ ...materials.CoFeB, damping: 0.02 }, 1.1 * nm, { name: "free", magnetization: "-z" }),
      layer(materials.MgO, 1.6 * nm),
    ],
  });
  const figures: Figure[] = [];
  const wall = new Map<boolean, number[]>([
    [true, []],
    [false, []],
  ]);
  let count = 0;
  for (let round = -2; round < 9; round++) {
    for (const spinPumping of [true, false]) {
      const began = performance.now();
      const run = await simulate(bit, {
        depth: "circuit",
        duration: 5 * ns,
        current: pulse({ density: 1.2e13, in: "betaTa", along: "x", duration: 1 * ns }),
        field: [20 * mT, 0, 0],
        spinPumping,
      });
      if (round >= 0) wall.get(spinPumping)!.push(performance.now() - began);
      if (spinPumping) count = run.steps + run.rejected;
    }
  }
  const [pumping, plain] = [median(wall.get(true)!), median(wall.get(false)!)];
  figures.push(
    { bench: "circuit", figure: "5 ns of a spin–orbit bit, wall time", value: pumping, unit: "ms" },
    {
      bench: "circuit",
      figure: "Dormand–Prince steps (7 transport solves each)",
      value: (count * 1e3) / pumping,
      unit: "1/s",
    },
    { bench: "circuit", figure: "time with spin pumping over time without", value: pumping / plain, unit: "times" },
  );
  return figures;
}

export const circuit = async (): Promise<Figure[]> => [...solves(), ...(await steps())];
