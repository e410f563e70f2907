/**
 * The scripts in the documents, run as a reader would run them.  `npm run docs` writes the figures they draw to docs/figures; the
 * test of the documents runs the same scripts elsewhere and compares.
 */
import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const root = join(import.meta.dirname, "..");
export const FIGURES = join(import.meta.dirname, "figures");

export const pages: readonly string[] = [
  "README.md",
  ...readdirSync(join(root, "docs")).flatMap((file) => (file.endsWith(".md") ? [`docs/${file}`] : [])),
];

export interface Script {
  readonly page: string;
  readonly i: number;
  readonly text: string;
}

const textOf = (page: string): string => readFileSync(join(root, page), "utf8");

/** Every fenced block of TypeScript. */
export const scripts: readonly Script[] = pages.flatMap((page) =>
  [...textOf(page).matchAll(/```ts\n(.*?)```/gs)].map(([, text], i) => ({ page, i, text })),
);

/** Paths of the pictures of a page, from the root. */
export const picturesOf = (page: string): string[] =>
  [...textOf(page).matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)].map(([, picture]) => join(page, "..", picture));

/** A folder inside the repository, so that "spinstream" is this very package. */
export const workFolder = (): string => mkdtempSync(join(root, ".docs-"));

/** Runs a script in a folder of its own.  @returns what it printed, and the pictures it drew by name */
export async function run({ page, i, text }: Script, folder: string) {
  const place = join(folder, `${page.replaceAll(/\W/g, "-")}-${i}`);
  mkdirSync(place);
  writeFileSync(join(place, "script.ts"), text);
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ["--conditions=spinstream-source", "script.ts"],
    {
      cwd: place,
    },
  );
  const pictures = readdirSync(place).filter((file) => file.endsWith(".svg"));
  return { stdout, stderr, place, pictures };
}

if (import.meta.main) {
  const folder = workFolder();
  try {
    for (const script of scripts) {
      const { place, pictures } = await run(script, folder);
      for (const picture of pictures) {
        copyFileSync(join(place, picture), join(FIGURES, picture));
        console.log(`${script.page}: docs/figures/${picture}`);
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
