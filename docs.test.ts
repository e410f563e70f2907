import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import {
  checkCommitted,
  EXAMPLES,
  FIGURES,
  linksOf,
  pages,
  picturesOf,
  run,
  scripts,
  workFolder,
} from "./docs/build.ts";

describe("the documents", () => {
  const folder = workFolder();
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(pages)("%s: its scripts run as they stand and draw what it shows", async (page) => {
    const drawn: string[] = [];
    for (const script of scripts.filter((other) => other.page === page)) {
      const { stdout, stderr, place, pictures } = await run(script, folder);
      const which = `${page}, script ${script.i}`;
      expect(stdout, which).not.toBe("");
      expect(stderr, which).toBe("");
      expect(stdout, which).not.toMatch(/NaN|undefined/);
      for (const picture of pictures) checkCommitted(place, picture, { exactly: true });
      drawn.push(...pictures.map((picture) => join("docs", "figures", picture)));
    }
    for (const figure of Object.values(EXAMPLES[page] ?? {}).flat()) drawn.push(join("docs", "figures", figure));
    expect(drawn.sort()).toStrictEqual(picturesOf(page).sort());
  });

  it("show every figure there is", () => {
    const figures = readdirSync(FIGURES).map((figure) => join("docs", "figures", figure));
    expect(figures.sort()).toStrictEqual([...new Set(pages.flatMap(picturesOf))].sort());
  });

  it("link to what exists", () => {
    for (const page of pages) {
      for (const link of linksOf(page)) {
        expect(existsSync(join(import.meta.dirname, link)), `${page} links to ${link}`).toBe(true);
      }
    }
  });

  it("are all found from docs/README.md", () => {
    const contents = join("docs", "README.md");
    const others = pages.filter((page) => page.startsWith("docs/") && page !== contents);
    expect(linksOf(contents)).toEqual(expect.arrayContaining(others));
  });
});
