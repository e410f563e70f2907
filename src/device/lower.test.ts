import { describe, expect, it } from "vitest";
import { ellipse, rectangle } from "../geometry/index.ts";
import { materials } from "../materials/index.ts";
import type { MagneticInsulator, NormalMetal } from "../materials/material.ts";
import { nm } from "../units.ts";
import { constant, contactOf, device, layer, lower, solveTransport } from "./index.ts";

const shape = ellipse(60 * nm, 60 * nm);
const { betaTa, CoFeB, MgO, Pt, Cu } = materials;

const bit = device({
  shape,
  layers: [layer(betaTa, 6 * nm), layer(CoFeB, 1.1 * nm, { name: "free", magnetization: "+z" }), layer(MgO, 1.6 * nm)],
});

const barrier = { resistanceArea: 5e-12, polarizationBelow: 0.6, polarizationAbove: 0.6, halfBias: 0.5 };
const junction = device({
  shape,
  layers: [
    layer(betaTa, 6 * nm),
    layer(CoFeB, 1.1 * nm, { name: "free" }),
    layer(MgO, 1 * nm, { barrier }),
    layer(CoFeB, 2 * nm, { name: "reference", fixed: true, magnetization: "-z" }),
    layer(Cu, 5 * nm),
  ],
});

describe("current in the plane", () => {
  it("shares between layers by their conductance, and the stack has their parallel resistance", () => {
    const stack = device({
      shape: rectangle(1e-7, 1e-7),
      layers: [layer({ ...betaTa, spinHallAngle: 0 }, 6 * nm), layer({ ...Cu, spinHallAngle: 0 }, 4 * nm)],
    });
    const solution = solveTransport(stack, { current: constant({ density: 1e11, along: "x" }) });
    const total = 1e11 * 1e-7 * 10 * nm;
    const sheet = betaTa.conductivity * 6 * nm + Cu.conductivity * 4 * nm;
    expect(solution.sourceCurrent("drive")).toBeCloseTo(total, 15);
    expect((solution.voltage("x-") - solution.voltage("x+")) / total).toBeCloseTo(1 / sheet, 9);
    expect(solution.current("Cu", "x-") / total).toBeCloseTo((Cu.conductivity * 4 * nm) / sheet, 9);
  });

  it("runs in a strip as wide as the outline, along x and along y", () => {
    const plate = device({ shape: ellipse(200 * nm, 50 * nm), layers: [layer({ ...Cu, spinHallAngle: 0 }, 10 * nm)] });
    const current = (along: "x" | "y") =>
      solveTransport(plate, { current: constant({ density: 1e11, along }) }).sourceCurrent("drive");
    expect(current("x")).toBeCloseTo(1e11 * 50 * nm * 10 * nm, 12);
    expect(current("y")).toBeCloseTo(1e11 * 200 * nm * 10 * nm, 12);
  });

  it("along y gives the torque of x turned by a quarter", () => {
    const spin = (along: "x" | "y") =>
      solveTransport(bit, { current: constant({ density: 1e11, along, in: "betaTa" }) }).absorbedSpin("free");
    const [x, y] = [spin("x"), spin("y")];
    expect(-x[1] / y[0]).toBeCloseTo(1, 9);
  });
});

describe("current along z", () => {
  it("meets RA of the junction between parallel and antiparallel magnets, and their bias dependence", () => {
    const resistance = (z: number, voltage: number): number => {
      const solution = solveTransport(junction, {
        current: constant({ voltage, along: "z" }),
        magnetizations: { free: [0, 0, z], reference: [0, 0, 1] },
      });
      return voltage / solution.sourceCurrent("drive");
    };
    const area = (Math.PI / 4) * (60 * nm) ** 2;
    // The metals add some fΩ m² to 5 Ω µm².
    expect(resistance(1, 1e-6) * area).toBeGreaterThan(5e-12);
    expect(resistance(1, 1e-6) * area).toBeLessThan(5.05e-12);
    const tmr = (voltage: number): number => resistance(-1, voltage) / resistance(1, voltage) - 1;
    expect(tmr(1e-6)).toBeCloseTo((2 * 0.36) / 0.64, 1);
    expect(tmr(0.5) / tmr(1e-6)).toBeCloseTo(0.5, 2);
  });

  it("and in the plane at once: a three-terminal cell", () => {
    const current = [constant({ density: 1e11, along: "x" as const }), constant({ voltage: 0.1, along: "z" as const })];
    const solution = solveTransport(junction, { current });
    expect(Math.abs(solution.sourceCurrent("drive 2"))).toBeGreaterThan(1e-6);
    expect(Math.abs(solution.absorbedSpin("free")[1])).toBeGreaterThan(0);
    expect(solution.ledger().relativeResidual).toBeLessThan(1e-12);
  });
});

describe("a stack on a substrate", () => {
  it("keeps its spin–orbit torque when a read-out along z is added", () => {
    const x = constant({ density: 1e11, along: "x" as const, in: "betaTa" });
    const spin = (current: typeof x | (typeof x)[]) => solveTransport(junction, { current }).absorbedSpin("free")[1];
    expect(spin([x, constant({ current: 0, along: "z" as const }) as typeof x]) / spin(x)).toBeCloseTo(1, 3);
  });

  it("carries its in-plane current where it is told to", () => {
    const top = device({
      shape,
      layers: [
        layer(CoFeB, 2 * nm, { name: "reference" }),
        layer(MgO, nm, { barrier }),
        layer(CoFeB, nm, { name: "free" }),
        layer(Pt, 5 * nm),
      ],
    });
    const warnings: string[] = [];
    const spin = (name?: string) =>
      solveTransport(top, {
        current: constant({ density: 1e11, along: "x", ...(name && { in: name }) }),
        onWarning: (message) => warnings.push(message),
      }).absorbedSpin("free");
    expect(Math.abs(spin("Pt")[1])).toBeGreaterThan(1e-6);
    expect(warnings).toEqual([]);
    spin();
    expect(warnings.join()).toMatch(/flows in reference; "in" can name/);
  });
});

describe("spin-memory loss", () => {
  it("lets r_I/(r_I cosh δ + r_N sinh δ) of the spin through into a sink of spin resistance r_N", () => {
    const [delta, resistance] = [0.9, 0.4e-15];
    const metal: NormalMetal = { kind: "normal metal", name: "N", conductivity: 5e6, spinDiffusionLength: 2e-9 };
    const magnet: MagneticInsulator = {
      kind: "magnetic insulator",
      name: "FI",
      saturationMagnetization: 1.4e5,
      damping: 1e-3,
    };
    const stack = device({
      shape: ellipse(1e-7),
      layers: [
        layer(magnet, 2e-9),
        contactOf({
          conductanceUp: 0,
          conductanceDown: 0,
          mixingConductance: 4e14,
          memoryLoss: delta,
          memoryLossResistance: resistance,
        }),
        layer(metal, 80e-9),
      ],
    });
    const solution = lower(stack, [constant({ density: 0, along: "x" })]).network.solve({
      magnetizations: { FI: [0, 0, 1] },
      rates: { FI: [1e10, 0, 0] },
    });
    const pumped = -solution.absorbedSpin("FI")[1];
    const arrived = solution.spinCurrent("N", "N.bottom")[1];
    const rI = resistance / delta;
    const rN = 2e-9 / 5e6;
    expect(arrived / pumped).toBeCloseTo(rI / (rI * Math.cosh(delta) + rN * Math.sinh(delta)), 10);
    expect(solution.ledger().relativeResidual).toBeLessThan(1e-12);
  });
});
