import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "vitest";

const root = import.meta.dirname;
const pages = [
  "README.md",
  ...readdirSync(join(root, "docs")).flatMap((file) => (file.endsWith(".md") ? [`docs/${file}`] : [])),
];

describe("the scripts in the documents run as they stand", () => {
  // Inside the repository, so that "spinstream" is this very package.
  const folder = mkdtempSync(join(root, ".docs-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const scripts = pages.flatMap((page) =>
    [...readFileSync(join(root, page), "utf8").matchAll(/```ts\n(.*?)```/gs)].map(([, script], i) => ({
      page,
      i,
      script,
    })),
  );

  it.each(scripts)("$page, script $i", async ({ i, page, script }) => {
    const file = join(folder, `${page.replaceAll(/\W/g, "-")}-${i}.ts`);
    writeFileSync(file, script);
    const { stdout, stderr } = await promisify(execFile)(process.execPath, ["--conditions=spinstream-source", file], {
      cwd: root,
    });
    expect(stdout).not.toBe("");
    expect(stderr).toBe("");
    expect(stdout).not.toMatch(/NaN|undefined/);
  });

  it("have pictures that exist", () => {
    for (const page of pages) {
      for (const [, picture] of readFileSync(join(root, page), "utf8").matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)) {
        expect(readFileSync(join(root, page, "..", picture), "utf8")).toContain("<svg");
      }
    }
  });
});
