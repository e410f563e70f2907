import {
  constant,
  device,
  ellipse,
  layer,
  materials,
  mT,
  nm,
  ns,
  ps,
  pulse,
  rectangle,
  simulate,
} from "../src/index.ts";
import type { ValidationCase } from "./case.ts";

const { betaTa, CoFeB: bulk, MgO } = materials;
const CoFeB = { ...bulk, damping: 0.02 };
const small = rectangle(12 * nm, 10 * nm);
const quiet = { onWarning: () => {} };

const bit = (shape: typeof small) =>
  device({
    shape,
    layers: [
      layer(betaTa, 6 * nm, { name: "Ta" }),
      layer(CoFeB, 1.1 * nm, { name: "free", magnetization: "-z" }),
      layer(MgO, 1.6 * nm),
    ],
  });

const junction = device({
  shape: small,
  layers: [
    layer(CoFeB, 2 * nm, { name: "reference", magnetization: [0.2, 0, 1], fixed: true }),
    layer(MgO, 1 * nm, {
      barrier: { resistanceArea: 5e-12, polarizationBelow: 0.7, polarizationAbove: 0.7, halfBias: 0.5 },
    }),
    layer(CoFeB, 1.4 * nm, { name: "free", magnetization: "-z" }),
  ],
});

const common = { field: [20 * mT, 0, 0], duration: 0.4 * ns, every: 20 * ps, tolerance: 1e-9, ...quiet } as const;
const oneCell = { depth: "field", cell: [12 * nm, 10 * nm] } as const;
const write = pulse({ density: 1.2e13, in: "Ta", along: "x", duration: 0.3 * ns });

/** Where two depths apply, they agree. */
export const depths: readonly ValidationCase[] = [
  ...[
    { id: "D.depths.bit", title: "a bit written by the spin Hall effect", stack: bit(small), current: write },
    {
      id: "D.depths.junction",
      title: "a junction whose resistance depends on its bias, under voltage",
      stack: junction,
      current: constant({ voltage: 0.8, along: "z" }),
    },
  ].map(({ id, title, stack, current }) => ({
    id,
    title: `${title}: one cell at field depth against the macrospin, largest difference of m in 0.4 ns`,
    reason: "both integrate to 1e-9 per step, over some hundred steps",
    run: async () => {
      const [circuit, field] = [
        await simulate(stack, { ...common, current }),
        await simulate(stack, { ...common, current, ...oneCell }),
      ].map((run) => run.magnet("free").course);
      const differences = circuit.flatMap((course, c) => Array.from(course, (m, i) => Math.abs(m - field[c][i])));
      return { value: Math.max(...differences), expected: 0, tolerance: 1e-6 };
    },
  })),
  {
    id: "D.depths.ledger",
    title: "a disc of 60 nm whose texture reverses: largest residual of its ledger over the largest entry",
    reason:
      "sums with the weights of the method itself; the electrons' balance is as good as the maps of the stack, 1e-9",
    run: async () => {
      const { ledger } = await simulate(bit(ellipse(60 * nm)), {
        depth: "field",
        current: write,
        field: [20 * mT, 0, 0],
        duration: 0.3 * ns,
        every: 0.1 * ns,
      });
      return { value: ledger.relativeResidual, expected: 0, tolerance: 1e-8 };
    },
  },
];
