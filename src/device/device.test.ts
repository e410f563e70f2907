import { describe, expect, it } from "vitest";
import { ellipse, rectangle } from "../geometry/index.ts";
import { materials } from "../materials/index.ts";
import { mT, nm, ns, ps } from "../units.ts";
import {
  type CircuitOptions,
  constant,
  contactOf,
  deserialize,
  device,
  layer,
  lower,
  pulse,
  ramp,
  serialize,
  simulate,
  sine,
  solveTransport,
  waveform,
} from "./index.ts";

const shape = ellipse(60 * nm, 60 * nm);
const { betaTa, CoFeB, MgO, Pt, YIG, Cu, Co } = materials;

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

describe("a device", () => {
  it("is plain data: JSON and back gives the same", () => {
    const endless = { ...Cu, spinDiffusionLength: Number.POSITIVE_INFINITY };
    const one = device({
      shape: rectangle(1e-7, 2e-7),
      layers: [layer(endless, 5 * nm), contactOf("transparent"), layer(Co, 3 * nm)],
    });
    expect(deserialize(serialize(one))).toEqual(one);
    expect(deserialize(serialize(junction))).toEqual(junction);
  });

  it("numbers layers of the same name", () => {
    const stack = device({ shape, layers: [layer(Cu, 1 * nm), layer(Pt, 1 * nm), layer(Cu, 1 * nm)] });
    expect(stack.layers.map((part) => part.kind === "layer" && part.name)).toEqual(["Cu", "Pt", "Cu 2"]);
  });

  it("lowers to elements one can read", () => {
    const model = lower(bit, [constant({ density: 1e11, along: "x" })]);
    expect(model.network.elements.map(({ name }) => name)).toEqual(["betaTa", "free", "betaTa|free"]);
    expect(model.magnets.map(({ name }) => name)).toEqual(["free"]);
    expect(model.terms.map(({ name }) => name)).toEqual(["demagnetization", "interfacial anisotropy"]);
    expect(model.channel.layers).toEqual(["betaTa", "free"]);
  });
});

const short: CircuitOptions = {
  depth: "circuit",
  duration: 0.3 * ns,
  current: pulse({ density: 1e13, in: "betaTa", along: "x", duration: 0.2 * ns }),
  field: [20 * mT, 0, 0],
  every: 10 * ps,
};

describe("a run", () => {
  it("closes its ledger to round-off, with integrators of any kind", async () => {
    for (const integrator of ["dormand-prince", "rk4", "heun"] as const) {
      const step = integrator === "dormand-prince" ? {} : { step: 0.2 * ps };
      const { ledger } = await simulate(bit, { ...short, integrator, ...step });
      expect(ledger.relativeResidual).toBeLessThan(1e-12);
      expect(Math.abs(ledger.relaxed[1])).toBeGreaterThan(1000);
    }
  });

  it("gives the same end with every integrator, to their errors", async () => {
    const end = async (options: Partial<CircuitOptions>) =>
      (await simulate(bit, { ...short, ...options })).magnet("free").final;
    const fine = await end({ integrator: "dormand-prince", tolerance: 1e-10 });
    const rk4 = await end({ integrator: "rk4", step: 0.1 * ps });
    const heun = await end({ integrator: "heun", step: 0.05 * ps });
    for (let a = 0; a < 3; a++) {
      expect(rk4[a]).toBeCloseTo(fine[a], 7);
      expect(heun[a]).toBeCloseTo(fine[a], 4);
    }
  });

  it("RK4 converges with its fourth order", async () => {
    const end = async (step: number) =>
      (
        await simulate(bit, {
          ...short,
          every: 0.3 * ns,
          current: [],
          relax: false,
          integrator: "rk4",
          step,
          field: [0.3, 0.1, 0],
        })
      ).magnet("free").final;
    const [a, b, c] = [await end(2 * ps), await end(1 * ps), await end(0.5 * ps)];
    const order = Math.log2(Math.hypot(a[0] - b[0], a[1] - b[1]) / Math.hypot(b[0] - c[0], b[1] - c[1]));
    expect(order).toBeGreaterThan(3.7);
    expect(order).toBeLessThan(4.4);
  });

  it("goes on from a checkpoint to the same bits, with and without noise", async () => {
    for (const temperature of [0, 300]) {
      const options = { ...short, temperature, ...(temperature > 0 && { step: 0.2 * ps }) };
      const whole = await simulate(bit, options);
      const controller = new AbortController();
      const field = (t: number) => {
        if (t > 0.15 * ns) controller.abort();
        return [20 * mT, 0, 0] as const;
      };
      // Many small runs of the event loop are needed to stop in the middle: a slow field function would do the same.
      const stopped = await simulate(bit, { ...options, field, signal: controller.signal });
      if (stopped.interrupted) expect(stopped.checkpoint.time).toBeLessThan(0.3 * ns);
      const from = JSON.parse(
        JSON.stringify(stopped.interrupted ? stopped.checkpoint : (await firstHalf(options)).checkpoint),
      );
      const rest = await simulate(bit, { ...options, from });
      expect(rest.magnet("free").final).toEqual(whole.magnet("free").final);
      expect(rest.ledger).toEqual(whole.ledger);
      expect(rest.steps).toBe(whole.steps);
    }
  });

  it("goes on to the same bits through a junction whose conductance depends on its bias", async () => {
    const options: CircuitOptions = {
      depth: "circuit",
      duration: 1 * ns,
      current: sine({ voltage: 0.4, along: "z", frequency: 2e9 }),
      field: [50 * mT, 10 * mT, 0],
      // An eighth, so that both runs stop at the same binary times.
      every: 0.125 * ns,
    };
    const whole = await simulate(junction, options);
    const half = await simulate(junction, { ...options, duration: 0.5 * ns });
    const rest = await simulate(junction, { ...options, from: half.checkpoint });
    expect(Math.abs(whole.ledger.magnets[0].transport[1])).toBeGreaterThan(1);
    expect(rest.magnet("free").final).toEqual(whole.magnet("free").final);
    expect(rest.ledger).toEqual(whole.ledger);
  });

  it("meets the kinks of its drive: a square pulse costs hardly a rejected step", async () => {
    const square = await simulate(bit, { ...short, every: 0.3 * ns });
    expect(square.rejected).toBeLessThan(0.1 * square.steps);
    // Fourth order through the kink: halving the step of RK4 cuts the error by some 2⁴.
    const end = async (step: number) =>
      (await simulate(bit, { ...short, every: 0.3 * ns, integrator: "rk4", step })).magnet("free").final;
    const [a, b, c] = [await end(0.4 * ps), await end(0.2 * ps), await end(0.1 * ps)];
    const gap = (p: typeof a, q: typeof a): number => Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
    expect(Math.log2(gap(a, b) / gap(b, c))).toBeGreaterThan(3.5);
  });

  it("gives the same noise for the same seed and other noise for another", async () => {
    const end = async (seed: number) =>
      (await simulate(bit, { ...short, temperature: 300, seed, step: 1 * ps })).magnet("free").final;
    expect(await end(5)).toEqual(await end(5));
    expect(await end(5)).not.toEqual(await end(6));
  });

  it("pumps: damping of a free layer grows by what its neighbour takes", async () => {
    const stack = device({
      shape,
      layers: [
        layer(Pt, 5 * nm),
        layer({ ...YIG, interfacialAnisotropy: 1e-4 }, 2 * nm, { name: "YIG", magnetization: [1, 0, 0.2] }),
      ],
    });
    const decay = async (spinPumping: boolean): Promise<number> => {
      const run = await simulate(stack, { depth: "circuit", duration: 2 * ns, spinPumping, relax: false });
      return run.ledger.magnets[0].transport[2];
    };
    expect(await decay(false)).toBe(0);
    expect(Math.abs(await decay(true))).toBeGreaterThan(100);
  });

  it("lets the polariser move: what one magnet pumps turns the other, and nothing is lost between them", async () => {
    const endless = { ...Cu, spinHallAngle: 0, spinDiffusionLength: Number.POSITIVE_INFINITY };
    const magnet = { ...YIG, damping: 0, uniaxialAnisotropy: 3e4 };
    const mixing = contactOf({ conductanceUp: 0, conductanceDown: 0, mixingConductance: 1e15 });
    const pair = device({
      shape,
      layers: [
        layer(magnet, 1 * nm, { name: "one", magnetization: [0.6, 0, 0.8] }),
        mixing,
        layer(endless, 3 * nm),
        mixing,
        layer(magnet, 2 * nm, { name: "two", magnetization: "+z" }),
      ],
    });
    const { ledger, magnet: end } = await simulate(pair, { duration: 0.5 * ns, relax: false, tolerance: 1e-9 });
    const [one, two] = ledger.magnets.map(({ transport }) => transport);
    expect(Math.hypot(...two)).toBeGreaterThan(10);
    // The metal keeps no spin: what one gives the other gets.
    for (let a = 0; a < 3; a++) expect(one[a] + two[a]).toBeCloseTo(0, 8);
    expect(ledger.relativeResidual).toBeLessThan(1e-12);
    expect(end("two").final[2]).toBeLessThan(1 - 1e-6);
  });

  it("records a table whose columns are the declared quantities", async () => {
    const run = await simulate(bit, short);
    expect([...run.table.keys()].slice(0, 6)).toEqual(["t", "mx_free", "my_free", "mz_free", "I", "V"]);
    expect(run.times[0]).toBe(0);
    expect(run.times.at(-1)).toBe(0.3 * ns);
    expect(run.times).toHaveLength(31);
    expect(Math.max(...(run.table.get("ledger") as Float64Array))).toBeLessThan(1e-10);
  });
});

async function firstHalf(options: CircuitOptions) {
  // Same grid of samples and kinks up to the middle, so the same steps.
  return simulate(bit, { ...options, duration: 0.2 * ns });
}

describe("a junction under current", () => {
  it("finds the bias of its barrier at every stage, for any current that a junction stands", async () => {
    for (const current of [5e-5, -3e-4]) {
      const run = await simulate(junction, {
        depth: "circuit",
        duration: 0.5 * ns,
        current: constant({ current, along: "z" }),
        field: [30 * mT, 0, 0],
      });
      const last = <T>(values: ArrayLike<T>): T => values[values.length - 1];
      expect(last(run.table.get("I") as Float64Array)).toBeCloseTo(current, 12);
      // About 2 kΩ between the parallel and the antiparallel state.
      const resistance = last(run.table.get("V") as Float64Array) / current;
      expect(resistance).toBeGreaterThan(1500);
      expect(resistance).toBeLessThan(4000);
    }
  });

  it("even with a TMR whose fall makes the bias jump about: 800 % at constant current", () => {
    const steep = { resistanceArea: 1e-11, polarizationBelow: 0.9, polarizationAbove: 0.9, halfBias: 0.3 };
    const pillar = device({
      shape,
      layers: [
        layer(CoFeB, 2 * nm, { name: "a" }),
        layer(MgO, 1 * nm, { barrier: steep }),
        layer(CoFeB, 2 * nm, { name: "b" }),
      ],
    });
    for (let current = 1e-6; current < 1e-3; current *= 1.5) {
      const magnetizations = { a: [0, 0, 1], b: [0, 0, -1] } as const;
      const solution = solveTransport(pillar, { current: constant({ current, along: "z" }), magnetizations });
      expect(solution.sourceCurrent("drive")).toBeCloseTo(current, 14);
    }
  });
});

describe("starts and steps", () => {
  it("a magnet that starts on a summit of its energy falls off it", async () => {
    const py = device({ shape: ellipse(120 * nm, 60 * nm), layers: [layer(materials.Py, 4 * nm, { name: "Py" })] });
    const run = await simulate(py, { depth: "circuit", duration: 0.1 * ns });
    expect(Math.abs(run.magnet("Py").initial[0])).toBeCloseTo(1, 6);
  });

  it("relaxes without current, whatever the drive", async () => {
    const at = async (current: CircuitOptions["current"]) =>
      (await simulate(bit, { ...short, duration: 0.3 * ns, current })).magnet("free").initial;
    const [driven, free] = [await at(constant({ density: 1e12, along: "x" })), await at([])];
    for (let a = 0; a < 3; a++) expect(driven[a]).toBeCloseTo(free[a], 12);
  });

  it("Heun's default step does not feed a weakly damped magnet", async () => {
    const yig = device({
      shape,
      layers: [layer({ ...YIG, damping: 1e-3 }, 20 * nm, { name: "YIG", magnetization: [1, 0.1, 0] })],
    });
    const amplitude = async (integrator: "heun" | "dormand-prince"): Promise<number> => {
      const options = { depth: "circuit", duration: 5 * ns, field: [1, 0, 0], relax: false, every: 0.1 * ns } as const;
      const end = (await simulate(yig, { ...options, integrator })).magnet("YIG").final;
      return Math.hypot(end[1], end[2]);
    };
    const [heun, exact] = [await amplitude("heun"), await amplitude("dormand-prince")];
    // Growth is held to a hundredth of the damping, which takes some factor e here.
    expect(heun / exact).toBeGreaterThan(0.97);
    expect(heun / exact).toBeLessThan(1.03);
  });

  it("a checkpoint may go on under other drives", async () => {
    const first = await simulate(junction, {
      depth: "circuit",
      duration: 0.1 * ns,
      current: constant({ current: 1e-4, along: "x", in: "betaTa" }),
    });
    const both = [constant({ current: 0, along: "x", in: "betaTa" }), constant({ voltage: 0, along: "z" })];
    const rest = await simulate(junction, {
      depth: "circuit",
      duration: 0.2 * ns,
      current: both,
      from: first.checkpoint,
    });
    expect(Math.max(...rest.solution.absorbedSpin("reference").map(Math.abs))).toBeLessThan(1e-9);
  });
});

describe("waveforms", () => {
  it("take the values they promise", () => {
    const base = { density: 1, along: "x" } as const;
    const trapezoid = pulse({ ...base, start: 1, duration: 4, rise: 2, fall: 1 });
    expect([0, 1, 2, 3, 4.9, 5.5, 6, 7].map(trapezoid.factor)).toEqual([0, 0, 0.5, 1, 1, 0.5, 0, 0]);
    expect(trapezoid.kinks).toEqual([1, 3, 5, 6]);
    expect([0, 1, 2, 9].map(ramp({ ...base, duration: 2 }).factor)).toEqual([0, 0.5, 1, 1]);
    expect(sine({ ...base, frequency: 0.25 }).factor(1)).toBeCloseTo(1, 14);
    expect(waveform({ ...base, factor: (t) => t * t }).factor(3)).toBe(9);
  });
});

describe("bad input is refused before any work", () => {
  it.each<[string, () => unknown, RegExp]>([
    ["negative thickness", () => layer(betaTa, -1), /layer "betaTa": thickness is -1; allowed: 0 < x/],
    [
      "λ = 0",
      () => layer({ ...betaTa, spinDiffusionLength: 0 }, nm),
      /spinDiffusionLength is 0; allowed: 0 < λ, or Infinity/,
    ],
    ["|P| = 1", () => layer({ ...CoFeB, polarization: 1 }, nm), /polarization is 1; allowed: -1 < P < 1/],
    ["α < 0", () => layer({ ...CoFeB, damping: -0.1 }, nm), /damping is -0.1; allowed: 0 ≤ α/],
    ["NaN", () => layer({ ...CoFeB, conductivity: Number.NaN }, nm), /conductivity is NaN/],
    ["unknown material", () => layer("Unobtainium", nm), /Unobtainium.*betaTa/s],
    [
      "a magnet without Ms",
      () => layer({ ...CoFeB, saturationMagnetization: undefined } as never, nm),
      /saturationMagnetization is undefined/,
    ],
    [
      "a misspelt parameter",
      () => layer({ ...CoFeB, dampng: 0.1 } as never, nm),
      /there is no option "dampng"; did you mean "damping"\?/,
    ],
    [
      "a misspelt option",
      () => layer(CoFeB, nm, { nme: "x" } as never),
      /there is no option "nme"; did you mean "name"\?/,
    ],
    ["magnetization of a metal", () => layer(Pt, nm, { magnetization: "+z" }), /Pt is no magnet/],
    ["an unknown direction", () => layer(CoFeB, nm, { magnetization: "up" as never }), /"up".*"\+x"/],
    ["a vector of length zero", () => layer(CoFeB, nm, { magnetization: [0, 0, 0] }), /not zero/],
    ["an empty shape", () => ellipse(0), /ellipse: width is 0/],
    ["no layers", () => device({ shape, layers: [] }), /at least one layer/],
    [
      "a contact at the end",
      () => device({ shape, layers: [layer(Pt, nm), contactOf("transparent")] }),
      /only between two layers/,
    ],
    ["a barrier on a metal", () => layer(Cu, nm, { barrier }), /Cu is a normal metal/],
    ["two strengths", () => constant({ density: 1, current: 1, along: "x" }), /exactly one of the three/],
    ["an unknown axis", () => constant({ density: 1, along: "w" as never }), /"w".*"x", "y", "z"/],
    ["NaN density", () => constant({ density: Number.NaN, along: "x" }), /density is NaN/],
    ["a rise longer than the pulse", () => pulse({ density: 1, along: "x", duration: 1, rise: 2 }), /rise is 2/],
  ])("%s", (_, make, message) => {
    expect(make).toThrow(message);
  });

  it.each<[string, Partial<CircuitOptions>, RegExp]>([
    ["a pulse longer than the run", { duration: 0.1 * ns }, /pulse: end.*at most the duration/],
    ["another depth", { depth: "quantum" as never }, /depth is "quantum"; allowed: "circuit", "field"/],
    ["a misspelt option", { feild: [0, 0, 0] } as never, /there is no option "feild"; did you mean "field"\?/],
    ["noise with an adaptive step", { temperature: 300, integrator: "dormand-prince" }, /"heun" when temperature > 0/],
    ["a step that nobody reads", { step: 1e-13 }, /only with "rk4" and "heun"/],
    ["negative temperature", { temperature: -1 }, /temperature is -1/],
    ["half a seed", { seed: 0.5 }, /seed is 0.5/],
    ["a table beyond memory", { every: 1e-20 }, /every is 1e-20/],
    [
      "current in a layer that is not there",
      { current: constant({ density: 1, in: "Pt", along: "x" }) },
      /in is "Pt"; allowed: "betaTa", "free"/,
    ],
    [
      "current along z into an insulator",
      { current: constant({ density: 1, along: "z" }) },
      /outermost layer "MgO" is an insulator.*return path/,
    ],
    ["a field of two numbers", { field: [1, 2] as never }, /field is \[1,2\]/],
  ])("%s", async (_, change, message) => {
    await expect(simulate(bit, { ...short, ...change })).rejects.toThrow(message);
  });

  it("warns of a damping below what the magnet's own electrons cause, and of an interface without numbers", () => {
    const warnings: string[] = [];
    const stack = device({
      shape,
      layers: [layer({ ...Pt, name: "my Pt" }, nm), layer({ ...materials.Py, damping: 1e-5 }, nm)],
    });
    lower(stack, [constant({ density: 1, along: "x" })], (message) => warnings.push(message));
    expect(warnings.join("\n")).toMatch(/damping 0.00001 is less than the 0.00\d+ that its own conduction electrons/);
    expect(warnings.join("\n")).toMatch(/"my Pt\|Py": no interface numbers are known/);
  });

  it("warns of numbers that lack their unit, of a magnet that turns away, and of one that never moves", async () => {
    const warnings: string[] = [];
    const onWarning = (message: string): void => void warnings.push(message);
    const big = device({ shape: ellipse(80, 80), layers: [layer(Pt, 6), layer(CoFeB, 1.1 * nm)] });
    await simulate(big, {
      duration: 1e-13,
      field: [20, 0, 0],
      current: constant({ density: 12, along: "x" }),
      onWarning,
    });
    for (const text of [
      "6 m; did you mean 6 * nm",
      "a side of 80 m",
      "20 T; did you mean 20 * mT",
      "12 A/m² is next to nothing",
    ]) {
      expect(warnings.join("\n")).toContain(text);
    }
    warnings.length = 0;
    const soft = { ...Co, uniaxialAnisotropy: 0, uniaxialAnisotropy2: 0 };
    const plane = device({
      shape: ellipse(120 * nm, 60 * nm),
      layers: [layer(Pt, nm), layer(soft, 3 * nm, { name: "Co" })],
    });
    await simulate(plane, { duration: 1e-13, onWarning });
    expect(warnings.join()).toMatch(/"Co" does not rest at \(0, 0, 1\)/);
    warnings.length = 0;
    await simulate(junction, {
      duration: 1e-12,
      current: constant({ voltage: 0.1, along: "z" }),
      relax: false,
      onWarning,
    });
    expect(warnings.join()).toMatch(/"free" did not move at all/);
  });

  it("a contact beside a barrier", () => {
    const layers = [layer(CoFeB, nm), contactOf("transparent"), layer(MgO, nm, { barrier }), layer(CoFeB, nm)];
    expect(() => lower(device({ shape, layers }), [])).toThrow(/a barrier has its own numbers/);
  });

  it("current along z through an insulator that is no barrier", async () => {
    const stack = device({ shape, layers: [layer(CoFeB, nm), layer(MgO, nm), layer(CoFeB, nm)] });
    const run = simulate(stack, { depth: "circuit", duration: ns, current: constant({ density: 1e9, along: "z" }) });
    await expect(run).rejects.toThrow(/layer "MgO": barrier/);
  });

  it("warns of a mixing conductance below its bound, and of an unknown surface of a magnetic insulator", async () => {
    const warnings: string[] = [];
    const low = { conductanceUp: 3e14, conductanceDown: 3e14, mixingConductance: 1e14 };
    const stack = device({
      shape,
      layers: [layer(Cu, nm), contactOf(low), layer(CoFeB, nm), layer(MgO, nm), layer(Au(), nm), layer(YIG, nm)],
    });
    lower(stack, [constant({ density: 1, along: "x" })], (message) => warnings.push(message));
    expect(warnings.join("\n")).toMatch(/below its physical bound/);
    expect(warnings.join("\n")).toMatch(/no mixing conductance is known/);
  });
});

const Au = () => materials.Au;
