import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { InputError } from "../checks.ts";
import { column, type Measurement } from "../experiments/index.ts";
import { figureSvg, readCsv, writeFigure, writeMeasurement } from "./index.ts";

let place: string;
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), "spinstream-"));
});
afterEach(() => rm(place, { recursive: true }));

const distance = column("distance of the electrodes", "m", [1e-7, 2e-7, 3e-7]);
const signal = column("spin signal", "Ω", [3e-3, 2.1e-3, 1 / 700]);
const measurement: Measurement<"distance" | "signal"> = {
  title: "signal against distance",
  data: { distance, signal },
  figure: {
    title: "The signal decays",
    x: distance,
    y: signal,
    series: [{ label: "Al", x: distance.values, y: signal.values, points: true }],
  },
};

describe("a measurement on disk", () => {
  it("is a table with units that reads back to the same numbers, and its figure", async () => {
    await writeMeasurement(join(place, "new", "decay"), measurement);
    expect((await readdir(join(place, "new"))).sort()).toStrictEqual(["decay.csv", "decay.svg"]);
    const text = await readFile(join(place, "new", "decay.csv"), "utf8");
    expect(text.split("\n")[0]).toBe("distance (m),signal (Ω)");
    const { columns } = readCsv(text);
    expect(columns.map(({ values }) => values)).toStrictEqual([distance.values, signal.values]);
    expect(await readFile(join(place, "new", "decay.svg"), "utf8")).toBe(figureSvg(measurement.figure));
  });

  it("leaves nothing behind when its columns or its figure cannot be", async () => {
    const short = { ...measurement, data: { distance, signal: column("spin signal", "Ω", [1]) } };
    await expect(writeMeasurement(join(place, "short"), short)).rejects.toThrow(InputError);
    const empty = { ...measurement.figure, series: [] };
    await expect(writeMeasurement(join(place, "empty"), { ...measurement, figure: empty })).rejects.toThrow(InputError);
    await expect(writeFigure(join(place, "empty.svg"), empty)).rejects.toThrow(InputError);
    expect(await readdir(place)).toStrictEqual([]);
  });
});
