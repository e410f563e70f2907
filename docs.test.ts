import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { FIGURES, pages, picturesOf, run, scripts, workFolder } from "./docs/build.ts";

describe("the documents", () => {
  const folder = workFolder();
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(scripts)("$page, script $i runs as it stands and draws what the page shows", async (script) => {
    const { stdout, stderr, place, pictures } = await run(script, folder);
    expect(stdout).not.toBe("");
    expect(stderr).toBe("");
    expect(stdout).not.toMatch(/NaN|undefined/);
    for (const picture of pictures) {
      expect(picturesOf(script.page)).toContain(join("docs", "figures", picture));
      // Numbers in the figure are rounded to a tenth of a pixel: the same on every machine.
      expect(readFileSync(join(place, picture), "utf8")).toBe(readFileSync(join(FIGURES, picture), "utf8"));
    }
  });

  it("have pictures that exist", () => {
    for (const picture of pages.flatMap(picturesOf)) {
      expect(readFileSync(join(import.meta.dirname, picture), "utf8")).toContain("<svg");
    }
  });
});
