import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { EXAMPLES, FIGURES, linksOf, pages, picturesOf, run, runExample, scripts, workFolder } from "./docs/build.ts";
import { readPng } from "./src/io/index.ts";

describe("the documents", () => {
  const folder = workFolder();
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** The same bytes: figures are drawn to a hundredth of a pixel, and random numbers come from a seed. */
  function expectCommitted(place: string, picture: string): void {
    const [drawn, committed] = [join(place, picture), join(FIGURES, picture)].map((file) =>
      readFileSync(file, "utf8").split(/(?<=base64,)([^"]*)/),
    );
    const isSame = (text: string, i: number): boolean =>
      i % 2 === 0 ? text === committed[i] : looksAlike(text, committed[i]);
    // Not by toBe, which would print both files.
    if (drawn.length !== committed.length || !drawn.every(isSame)) {
      throw new Error(`docs/figures/${picture} is not what its script draws: npm run docs`);
    }
  }

  /** Pictures of textures in single precision: processors round last digits in their own ways, which may move a colour by a step. */
  function looksAlike(drawn: string, committed: string): boolean {
    const [a, b] = [drawn, committed].map((base64) => readPng(Buffer.from(base64, "base64")));
    return (
      a.width === b.width && a.height === b.height && a.pixels.every((value, i) => Math.abs(value - b.pixels[i]) <= 8)
    );
  }

  it.each(pages)("%s: its scripts run as they stand and draw what it shows", async (page) => {
    const drawn: string[] = [];
    for (const script of scripts.filter((other) => other.page === page)) {
      const { stdout, stderr, place, pictures } = await run(script, folder);
      const which = `${page}, script ${script.i}`;
      expect(stdout, which).not.toBe("");
      expect(stderr, which).toBe("");
      expect(stdout, which).not.toMatch(/NaN|undefined/);
      for (const picture of pictures) expectCommitted(place, picture);
      drawn.push(...pictures.map((picture) => join("docs", "figures", picture)));
    }
    const shown = picturesOf(page);
    for (const example of EXAMPLES[page] ?? []) {
      const { place, pictures } = await runExample(example, folder);
      const own = pictures.filter((picture) => shown.includes(join("docs", "figures", picture)));
      for (const picture of own) expectCommitted(place, picture);
      drawn.push(...own.map((picture) => join("docs", "figures", picture)));
    }
    expect(drawn.sort()).toStrictEqual(shown.sort());
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
