import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { InputError } from "../checks.ts";

/**
 * Makes a new folder `name-001`, `name-002` … in `parent` and returns its path; `parent` is made if need be.  Earlier
 * folders are never touched, however many processes do this at once.
 * Throws an InputError when nothing can be written there.
 */
export async function createRunFolder(parent: string, name: string): Promise<string> {
  const place = resolve(parent);
  try {
    await makeFolder(place);
    const taken = (await readdir(place)).map((entry) => numberOf(entry, name));
    for (let number = Math.max(0, ...taken) + 1; ; number++) {
      const folder = join(place, `${name}-${String(number).padStart(3, "0")}`);
      // Without `recursive`, mkdir fails if the folder is there: no one else can have made it.
      const made = await mkdir(folder).then(
        () => true,
        (error) => {
          if (error.code === "EEXIST") return false;
          throw error;
        },
      );
      if (made) return folder;
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new InputError(
      "output folder",
      place,
      "a folder that can be written to",
      `${code}; choose another with --out`,
    );
  }
}

/**
 * Makes a folder and those above it.  Not by mkdir's `recursive`, which on Linux tries for ever below a folder such as /proc
 * that answers "no such file" to every attempt.
 */
async function makeFolder(path: string): Promise<void> {
  const isThere = (error: NodeJS.ErrnoException): void => {
    if (error.code !== "EEXIST") throw error;
  };
  try {
    await mkdir(path).catch(isThere);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    const parent = dirname(path);
    if (!(await stat(parent).catch(() => undefined))) await makeFolder(parent);
    await mkdir(path).catch(isThere);
  }
}

/** The number of a run folder of this name; 0 for any other entry. */
function numberOf(entry: string, name: string): number {
  const digits = entry.startsWith(`${name}-`) ? entry.slice(name.length + 1) : "";
  return /^\d+$/.test(digits) ? Number(digits) : 0;
}

let written = 0;

/** Writes a file so that it is there whole or not at all, also when the power fails. */
export async function writeAtomically(path: string, content: string | Uint8Array): Promise<void> {
  // In the same folder: a rename across file systems is a copy.
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}-${written++}`);
  try {
    const file = await open(temporary, "wx");
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw new Error(`Could not write ${path}: ${(error as Error).message}`, { cause: error });
  }
}
