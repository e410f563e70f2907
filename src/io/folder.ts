import { mkdir, open, readdir, rename, rm } from "node:fs/promises";
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
    await mkdir(place, { recursive: true });
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

/** The number of a run folder of this name; 0 for any other entry. */
function numberOf(entry: string, name: string): number {
  const digits = entry.startsWith(`${name}-`) ? entry.slice(name.length + 1) : "";
  return /^\d+$/.test(digits) ? Number(digits) : 0;
}

let written = 0;

/** Writes a text file so that it is there whole or not at all, also when the power fails. */
export async function writeAtomically(path: string, text: string): Promise<void> {
  // In the same folder: a rename across file systems is a copy.
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}-${written++}`);
  try {
    const file = await open(temporary, "wx");
    try {
      await file.writeFile(text);
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
