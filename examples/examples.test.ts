import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { runScript } from "../src/cli/run.ts";
import { readCsv } from "../src/io/index.ts";

describe("examples", () => {
  const out = mkdtempSync(join(tmpdir(), "spinstream-examples-"));
  afterAll(() => rmSync(out, { recursive: true, force: true }));

  it("tantalum-bit: the bit is written, and the critical currents meet their closed form", async () => {
    expect(await runScript(join(import.meta.dirname, "tantalum-bit.ts"), { out, quiet: true })).toBe(0);
    const folder = join(out, "tantalum-bit-001");
    const summary = JSON.parse(readFileSync(join(folder, "summary.json"), "utf8"));
    expect(summary.status).toBe("complete");
    expect(summary.runs[0].magnets).toEqual([{ name: "free", switched: true }]);
    expect(summary.runs[0].ledgerResidual).toBeLessThan(1e-12);
    const table = readCsv(readFileSync(join(folder, "critical-current.csv"), "utf8"));
    const [, found, expected] = table.columns.map(({ values }) => Array.from(values));
    expect(found).toHaveLength(4);
    // Bisection to 1e-4.
    for (const [i, density] of found.entries()) expect(density / expected[i]).toBeCloseTo(1, 3);
  });
});
