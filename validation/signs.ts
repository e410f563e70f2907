import {
  constant,
  contact,
  contactOf,
  currentSource,
  device,
  ellipse,
  film,
  ground,
  layer,
  Network,
  nm,
  ns,
  pulse,
  reservoir,
  simulate,
  solveTransport,
  torquePerSpinCurrent,
  type Vector3,
} from "../src/index.ts";
import type { Outcome, ValidationCase } from "./case.ts";
import { AREA, insulatingMagnet, magnet, metal, mixingOnly, tilted, valetFertContact } from "./specimens.ts";

/** A sign: value and expectation are ±1 and nothing between passes. */
const sign = (value: number, expected: number): Outcome => ({ value: Math.sign(value), expected, tolerance: 0 });

/** Electrons flow from a fixed magnet along z through a spacer into a free one tilted by θ: d(m·z)/dt of the free one. */
function pull(theta: number): number {
  const spacer = metal({ conductivity: 3e7, spinDiffusionLength: 3e-7 });
  const body = magnet();
  const parameters = valetFertContact(0.5e-15, 0.7, 2e15);
  const solution = new Network()
    .add(
      film({ name: "fixed", between: ["bottom", "f"], material: body, thickness: 2e-8, area: AREA, magnet: "fixed" }),
      contact({ name: "c", metalSide: "n1", magnetSide: "f", magnet: "fixed", area: AREA, parameters }),
      film({ name: "spacer", between: ["n1", "n2"], material: spacer, thickness: 5e-9, area: AREA }),
      contact({ name: "d", metalSide: "n2", magnetSide: "g", magnet: "free", area: AREA, parameters }),
      film({ name: "free", between: ["g", "top"], material: body, thickness: 3e-9, area: AREA, magnet: "free" }),
      reservoir({ at: "bottom" }),
      reservoir({ at: "top", voltage: 0 }),
      // Electrons upwards: charge current downwards.
      currentSource({ name: "I", between: ["bottom", "top"], current: -1e-3 }),
    )
    .solve({ magnetizations: { fixed: [0, 0, 1], free: tilted(theta) } });
  return torquePerSpinCurrent(body.saturationMagnetization * AREA * 3e-9) * solution.absorbedSpin("free")[2];
}

/** A perpendicular bit on (or below) a spin Hall metal, written by a strong pulse in a field along x. */
async function written(theta: number, fieldX: number, metalOnTop: boolean): Promise<number> {
  const hall = layer(metal({ name: "HM", spinHallAngle: theta }), 5 * nm);
  const free = magnet({ saturationMagnetization: 1e6, interfacialAnisotropy: 0.75e-3, damping: 0.1 });
  const stack = [hall, contactOf(valetFertContact(1e-15, 0.2, 8e14)), layer(free, 1 * nm, { name: "bit" })];
  const bit = device({ shape: ellipse(50 * nm, 50 * nm), layers: metalOnTop ? stack.toReversed() : stack });
  const result = await simulate(bit, {
    depth: "circuit",
    current: pulse({ density: 1.5e13, along: "x", in: "HM", duration: 1 * ns, rise: 0.05 * ns, fall: 1 * ns }),
    field: [fieldX, 0, 0],
    duration: 4 * ns,
  });
  return result.magnet("bit").final[2];
}

/** Mean short-circuit current along x of a metal on a magnet that precesses about +y; the metal lies above it along z. */
function pumpedCurrent(theta: number): number {
  const width = 1e-7;
  const network = new Network()
    .add(
      contact({ name: "c", metalSide: "bottom", magnet: "FI", area: AREA, parameters: mixingOnly(4e14) }),
      film({
        name: "N",
        between: ["bottom", "top"],
        material: metal({ spinHallAngle: theta }),
        thickness: 5e-9,
        area: AREA,
        sides: { x: { between: ["x-", "x+"], length: width } },
      }),
      ground("bottom"),
      ground("x-"),
      ground("x+"),
    )
    .compile();
  let sum = 0;
  for (let phase = 0; phase < 16; phase++) {
    const angle = (2 * Math.PI * phase) / 16;
    // ṁ = −γ m × H with H ∥ +y turns z towards x.
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    const m: Vector3 = [0.1 * s, Math.sqrt(0.99), 0.1 * c];
    const rate: Vector3 = [0.1 * c * 6e10, 0, -0.1 * s * 6e10];
    // The film takes in at x− what leaves it at x+: a current along +x is positive here.
    sum += network.solve({ magnetizations: { FI: m }, rates: { FI: rate } }).current("N", "x-");
  }
  return sum / 16;
}

export const signs: readonly ValidationCase[] = [
  {
    id: "anchor 1",
    title: "spin transfer: electrons flowing from a fixed to a free magnet pull it parallel",
    reason: "a sign",
    run: () => sign(pull(1), 1),
  },
  {
    id: "anchor 1 reversed",
    title: "spin transfer from a fixed magnet pulls parallel at every angle",
    reason: "a sign, the smallest of five angles",
    run: () => sign(Math.min(...[0.1, 0.8, 1.6, 2.4, 3.04].map(pull)), 1),
  },
  {
    id: "anchor 2a",
    title:
      "spin Hall effect in Pt (θ > 0), J ∥ x, magnet above: the moment that arrives is −y, as is the Oersted field there",
    reason: "a sign",
    run: () => {
      const stack = device({
        shape: ellipse(50 * nm),
        layers: [
          layer(metal({ spinHallAngle: 0.1 }), 5 * nm),
          contactOf(mixingOnly(4e14)),
          layer(insulatingMagnet(), 5 * nm),
        ],
      });
      const spin = solveTransport(stack, {
        current: constant({ density: 1e11, along: "x" }),
        magnetizations: { FI: [0, 0, 1] },
      });
      // The moment a magnet receives is −(ħ/2e) I_s in sense.
      return sign(-spin.absorbedSpin("FI")[1], -1);
    },
  },
  ...(
    [
      ["Pt", 0.12, 1, false, -1],
      ["Pt", 0.12, -1, false, 1],
      ["Ta", -0.12, 1, false, 1],
      ["Pt above the magnet", 0.12, 1, true, 1],
    ] as const
  ).map(
    ([name, theta, field, onTop, expected]): ValidationCase => ({
      id: `anchor 2b, ${name}, B_x ${field > 0 ? "∥" : "anti∥"} J`,
      title: `spin–orbit switching leaves the bit ${expected > 0 ? "up" : "down"}`,
      reason: "a sign",
      run: async () => sign(await written(theta, 0.1 * field, onTop), expected),
    }),
  ),
  ...([1, -1] as const).map(
    (expected): ValidationCase => ({
      id: `anchor 3, θ ${expected > 0 ? "> 0" : "< 0"}`,
      title: "inverse spin Hall effect of a pumped spin current: J_c ∥ sgn(θ) n̂ × m with n̂ from magnet to metal",
      reason: "a sign; n̂ = z, m = y, so J_c along −x for θ > 0",
      run: () => sign(pumpedCurrent(0.1 * expected), -expected),
    }),
  ),
];
