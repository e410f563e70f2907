import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { InputError } from "../checks.ts";
import { createRunFolder, writeAtomically } from "./folder.ts";

let place: string;
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), "spinstream-"));
});
afterEach(() => rm(place, { recursive: true }));

describe("folders of runs", () => {
  it("are all different, also when many begin at once", async () => {
    const folders = await Promise.all(
      Array.from({ length: 20 }, () => createRunFolder(join(place, "new", "out"), "run")),
    );
    expect(folders.map((folder) => basename(folder)).sort()).toStrictEqual(
      Array.from({ length: 20 }, (_, i) => `run-${String(i + 1).padStart(3, "0")}`),
    );
  });

  it("below a folder where nothing can be made are refused, not tried for ever", async () => {
    await expect(createRunFolder("/proc/no/such", "run")).rejects.toThrow(/output folder is "\/proc\/no\/such"/);
  });

  it("leave earlier files alone and go on counting after the highest number", async () => {
    const first = await createRunFolder(place, "run");
    await writeFile(join(first, "result.txt"), "kept");
    await createRunFolder(place, "run");
    await rm(first, { recursive: true });
    expect(basename(await createRunFolder(place, "run"))).toBe("run-003");
    expect(basename(await createRunFolder(place, "other"))).toBe("other-001");
  });

  it("are refused where nothing can be written, with the place and the way out named", async () => {
    const file = join(place, "file");
    await writeFile(file, "");
    for (const parent of [file, join(file, "below")]) {
      const failure = await createRunFolder(parent, "run").catch((error) => error);
      expect(failure).toBeInstanceOf(InputError);
      expect(failure.message).toContain(parent);
      expect(failure.message).toContain("--out");
    }
  });
});

describe("a file written atomically", () => {
  it("replaces the old one and leaves nothing else behind", async () => {
    const path = join(place, "a.txt");
    await writeAtomically(path, "old");
    await Promise.all(["new 1", "new 2", "new 3"].map((text) => writeAtomically(path, text)));
    expect(await readFile(path, "utf8")).toMatch(/^new [123]$/);
    expect(await readdir(place)).toStrictEqual(["a.txt"]);
  });

  it("that cannot be written says which, keeps what was there and leaves nothing behind", async () => {
    // A folder cannot be replaced by a file: the last step fails.
    const folder = await createRunFolder(place, "taken");
    await writeFile(join(folder, "inside"), "kept");
    await expect(writeAtomically(folder, "text")).rejects.toThrow(folder);
    expect(await readdir(place)).toStrictEqual(["taken-001"]);
    expect(await readFile(join(folder, "inside"), "utf8")).toBe("kept");
  });
});
