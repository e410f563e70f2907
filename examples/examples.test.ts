import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { checkCommitted, figuresOf } from "../docs/build.ts";
import { runScript } from "../src/cli/run.ts";
import { readCsv, readOvf } from "../src/io/index.ts";

describe("examples", () => {
  const out = mkdtempSync(join(tmpdir(), "spinstream-examples-"));
  afterAll(() => rmSync(out, { recursive: true, force: true }));

  /** Runs an example to its end; returns how to read its tables, column by column. */
  async function complete(name: string): Promise<(table: string) => number[][]> {
    expect(await runScript(join(import.meta.dirname, `${name}.ts`), { out, quiet: true })).toBe(0);
    const folder = join(out, `${name}-001`);
    expect(JSON.parse(readFileSync(join(folder, "summary.json"), "utf8")).status).toBe("complete");
    for (const figure of figuresOf(name)) checkCommitted(folder, figure, { exactly: false });
    return (table) =>
      readCsv(readFileSync(join(folder, `${table}.csv`), "utf8")).columns.map(({ values }) => Array.from(values));
  }

  it("non-local-spin-valve: aluminium gives back its λ, and contacts that hold spin back give more signal", async () => {
    const table = await complete("non-local-spin-valve");
    const [lengths, signal] = table("aluminium-length");
    // Tunnel contacts of kilo-ohms absorb 1e-3 of the spin.
    expect((lengths[4] - lengths[0]) / Math.log(signal[0] / signal[4]) / 500e-9).toBeCloseTo(1, 2);
    const [, silver] = table("silver-contacts");
    expect(silver[silver.length - 1] / silver[0]).toBeGreaterThan(3);
  });

  it("spin-hall-cross: the voltage follows the sine of the tilt and the decay of the spin", async () => {
    const table = await complete("spin-hall-cross");
    const [angles, resistance] = table("angle");
    const most = resistance[resistance.length - 1];
    for (const [i, angle] of angles.entries()) expect(resistance[i] / most).toBeCloseTo(Math.sin(angle), 9);
    const [lengths, decay] = table("length");
    expect((lengths[4] - lengths[0]) / Math.log(decay[0] / decay[4]) / 455e-9).toBeCloseTo(1, 3);
  });

  it("spin-seebeck-generator: the most power into the device's own resistance, within the spread of measured voltages", async () => {
    const table = await complete("spin-seebeck-generator");
    const [load, , power] = table("power-against-load");
    const best = power.indexOf(Math.max(...power));
    // 25 loads over a factor 400: the matched one lies in the middle.
    expect(best).toBe(12);
    const [thickness, voltage] = table("voltage-against-thickness");
    // E per gradient of the whole sample of 0.5 mm, at 10 K over 1 cm.
    const coefficient = (voltage[voltage.length - 1] / 1e-2 / 10) * (5e-4 + thickness[thickness.length - 1]);
    expect(coefficient).toBeGreaterThan(1e-7);
    expect(coefficient).toBeLessThan(1e-6);
    expect(load[best]).toBeGreaterThan(0);
  });

  it("yig-pt: one set of numbers lies in the measured band of five experiments, and draws the figure of the README", async () => {
    const table = await complete("yig-pt");
    const [thickness, ratio] = table("magnetoresistance-thickness");
    const peak = Math.max(...ratio);
    // 1e-3 to 1.6e-3 near 3 nm.
    expect(peak).toBeGreaterThan(1e-3);
    expect(peak).toBeLessThan(1.6e-3);
    expect(thickness[ratio.indexOf(peak)]).toBeCloseTo(3.25e-9, 9);
    const [angle, xy, zy, zx] = table("magnetoresistance-planes");
    const spread = (values: number[]): number => Math.max(...values) - Math.min(...values);
    expect(spread(zx) / spread(zy)).toBeLessThan(1e-4);
    expect(spread(xy) / spread(zy)).toBeCloseTo(1, 4);
    expect(angle.length).toBeGreaterThan(30);
    const [, seebeck] = table("spin-seebeck");
    // 0.1 to 1 µV/K on thick garnets.
    expect(seebeck[seebeck.length - 1]).toBeGreaterThan(1e-7);
    expect(seebeck[seebeck.length - 1]).toBeLessThan(1e-6);
  });

  it("cpp-gmr-square-root: the slope of two independent currents, and a spin valve that forgets over the λ of copper", async () => {
    const table = await complete("cpp-gmr-square-root");
    const [repeats, , , root] = table("square-root");
    const slope = (root[root.length - 1] - root[0]) / (repeats[repeats.length - 1] - repeats[0]);
    // β ρ* t + 2γ AR* = 0.992 fΩ m²; relaxation over 60 nm takes a part in a thousand.
    expect(slope / 0.992e-15).toBeCloseTo(1, 2);
    const [, ratio] = table("spin-valve");
    expect(ratio[ratio.length - 1] / ratio[0]).toBeLessThan(0.05);
  });

  it("tantalum-switching: the cell switches within a factor two of the measured current, and tantalum writes against platinum", async () => {
    const table = await complete("tantalum-switching");
    const [, [current], [efficiency]] = table("critical-current");
    // 2.0 mA measured; the library's λ = 2.5 nm leaves a smaller torque than the measured one.
    expect(current).toBeGreaterThan(1e-3);
    expect(current).toBeLessThan(4e-3);
    expect(efficiency).toBeLessThan(0);
    const written = (name: string): boolean[] => {
      const [factor, field, , final] = table(name);
      return factor.flatMap((f, i) => (final[i] > 0 && field[i] !== 0 ? [f * field[i] > 0] : []));
    };
    expect(written("phase-diagram-tantalum").every(Boolean)).toBe(true);
    expect(written("phase-diagram-platinum").some(Boolean)).toBe(false);
    expect(written("phase-diagram-platinum").length).toBeGreaterThan(3);
  });

  it("stt-mram-write-error: the ensemble agrees with the Fokker–Planck equation, which goes on to 1e-15", async () => {
    const table = await complete("stt-mram-write-error");
    const [, , counted, uncertainty, equation] = table("ensemble");
    expect(counted.length).toBeGreaterThan(8);
    // Four standard uncertainties, at a fixed seed.
    for (const [i, rate] of counted.entries())
      expect(Math.abs(rate - equation[i])).toBeLessThan(4 * uncertainty[i] + 1e-4);
    const [, , , deep] = table("write-error-rate");
    expect(Math.min(...deep)).toBeLessThan(1e-15);
    expect(Math.min(...deep)).toBeGreaterThan(0);
  });

  it("topological-insulator-torque: the quoted efficiency passes 1, the torque per field stays below σ/λ", async () => {
    const table = await complete("topological-insulator-torque");
    const [, efficiency, perField] = table("efficiency-against-mixing-conductance");
    expect(Math.max(...efficiency)).toBeGreaterThan(3.5);
    // σ = e² k_F v_F τ/4πħ = 1.94e-4 S over λ = 10 nm.
    expect(Math.max(...perField)).toBeLessThan(1.94e4);
  });

  it("tantalum-bit: the bit is written, and the critical currents meet their closed form", async () => {
    await complete("tantalum-bit");
    const folder = join(out, "tantalum-bit-001");
    const summary = JSON.parse(readFileSync(join(folder, "summary.json"), "utf8"));
    expect(summary.runs[0].magnets).toEqual([{ name: "free", switched: true }]);
    expect(summary.runs[0].ledgerResidual).toBeLessThan(1e-12);
    const table = readCsv(readFileSync(join(folder, "critical-current.csv"), "utf8"));
    const [, found, expected] = table.columns.map(({ values }) => Array.from(values));
    expect(found).toHaveLength(4);
    // Bisection to 1e-4.
    for (const [i, density] of found.entries()) expect(density / expected[i]).toBeCloseTo(1, 3);
  });

  it("st-fmr: what is read from the line is the torque of the network, and platinum overlaps with what was published", async () => {
    const table = await complete("st-fmr");
    const [read, network] = table("torque");
    // The voltage of the pumped spin makes up to a tenth, the width of the line 2 %.
    for (const [i, efficiency] of read.entries()) expect(Math.abs(efficiency / network[i] - 1)).toBeLessThan(0.12);
    expect(read[read.length - 1]).toBeLessThan(0);
    // 0.056 ± 0.005 of Liu et al. (2011).
    const [, [low, high]] = table("library-band");
    expect(low).toBeLessThan(0.061);
    expect(high).toBeGreaterThan(0.051);
  });

  it("spin-pumping-permalloy: one spin diffusion length shows as two", async () => {
    const table = await complete("spin-pumping-permalloy");
    const reached = (values: readonly number[]): number => Math.abs(values[1] / values[values.length - 1]);
    // 1 nm of platinum: most of the damping is there when spin is lost at the interface, and little of the voltage.
    expect(reached(table("damping-with-loss")[1])).toBeGreaterThan(0.8);
    expect(reached(table("damping-without-loss")[1])).toBeLessThan(0.5);
    expect(reached(table("current-with-loss")[2])).toBeLessThan(0.1);
    // Less than 40 % in Berger et al. (2018), within the band of δ.
    expect(Math.min(...table("share")[1])).toBeLessThan(0.4);
  });

  it("standard-problem-4: the film reverses as in OOMMF", async () => {
    const table = await complete("standard-problem-4");
    const [time, x, y] = table("field-1");
    const crossing = x.findIndex((m) => m < 0);
    const share = x[crossing - 1] / (x[crossing - 1] - x[crossing]);
    // 0.1386 ns and 0.733 on these cells; rows are 5 ps apart.
    expect((time[crossing - 1] + share * (time[crossing] - time[crossing - 1])) * 1e9).toBeCloseTo(0.1386, 3);
    expect(y[crossing - 1] + share * (y[crossing] - y[crossing - 1])).toBeCloseTo(0.733, 2);
    expect(table("field-2")[1].at(-1)).toBeLessThan(-0.9);
  });

  it("spin-wave-dispersion: short waves follow the film's law, long ones feel the edges", async () => {
    const table = await complete("spin-wave-dispersion");
    const [k, f, , cells] = table("dispersion");
    // Frequencies are 1.1 GHz apart, and the strip is 50 nm wide.
    for (const [i, wave] of k.entries())
      if (wave > 0.05e9 && wave < 0.28e9) expect(Math.abs(f[i] / cells[i] - 1)).toBeLessThan(0.025);
  });

  it("standard-problem-5: the vortex spirals along the published course", async () => {
    const table = await complete("standard-problem-5");
    const [, x, y] = table("vortex");
    // Rows are 50 ps apart; cells of 2.5 nm in place of 2 leave up to 2 % of the way.
    for (const [row, mx, my] of [
      [10, -0.3097, 0.1477],
      [20, -0.2385, -0.0969],
      [140, -0.2126, 0.0207],
    ]) {
      expect(Math.abs(x[row] - mx)).toBeLessThan(0.006);
      expect(Math.abs(y[row] - my)).toBeLessThan(0.006);
    }
  });

  it("vortex-gyration: the core runs the way its polarity tells, a tenth below the frequency of thin discs", async () => {
    const [[up], [down], [thin]] = (await complete("vortex-gyration"))("frequency");
    // Mirror images of each other; tracked between cells of 4 nm.
    expect(Math.abs(up + down) / up).toBeLessThan(0.01);
    expect(up / thin).toBeGreaterThan(0.85);
    expect(up / thin).toBeLessThan(1);
  });

  it("junction-at-two-depths: a small dot is written as one moment is, a large one part after part", async () => {
    const table = await complete("junction-at-two-depths");
    const [, one, field, least] = table("written");
    // The staircase of a dot of seven cells across is a little harder to write than its ellipse.
    expect(Math.abs(field[0] / one[0] - 1)).toBeLessThan(0.06);
    expect(least[0]).toBeGreaterThan(0.999);
    expect(least[1]).toBeLessThan(0.7);
    const folder = join(out, "junction-at-two-depths-001");
    for (const run of ["20-nm", "80-nm"]) {
      const { ledger, magnets } = JSON.parse(readFileSync(join(folder, `${run}-field.json`), "utf8"));
      expect(ledger.relativeResidual).toBeLessThan(1e-8);
      expect(magnets.find(({ name }: { name: string }) => name === "free").switched).toBe(true);
      const { size, values } = readOvf(readFileSync(join(folder, `${run}-field-free.ovf`)));
      expect(values.length).toBe(3 * size[0] * size[1] * size[2]);
    }
  });

  it("skyrmion-racetrack: it runs and drifts aside as Thiele's equation has it", async () => {
    const [seen, thiele] = (await complete("skyrmion-racetrack"))("velocity");
    // A rigid skyrmion, with Q and 𝒟 read by central differences over eight cells across: some 10 %.
    for (const axis of [0, 1]) expect(Math.abs(seen[axis] / thiele[axis] - 1)).toBeLessThan(0.1);
    expect(seen[0]).toBeGreaterThan(0);
  });
});
