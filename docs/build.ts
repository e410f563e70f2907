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

/** What is read of a page, without code. */
const proseOf = (page: string): string =>
  textOf(page)
    .replace(/```.*?```/gs, "")
    .replace(/`[^`\n]*`/g, "");

/** Every fenced block of TypeScript. */
export const scripts: readonly Script[] = pages.flatMap((page) =>
  [...textOf(page).matchAll(/```ts\n(.*?)```/gs)].map(([, text], i) => ({ page, i, text })),
);

/** Paths of the pictures of a page, from the root. */
export const picturesOf = (page: string): string[] =>
  [...proseOf(page).matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)].map(([, picture]) => join(page, "..", picture));

/** Paths of what a page links to in this repository, pictures among them. */
export const linksOf = (page: string): string[] =>
  [...proseOf(page).matchAll(/\]\(([^)#\s]+)/g)].flatMap(([, link]) =>
    /^\w+:/.test(link) ? [] : [join(page, "..", link)],
  );

/** A folder inside the repository, so that "spinstream" is this very package. */
export const workFolder = (): string => mkdtempSync(join(root, ".docs-"));

/** What a script left behind: text, and pictures by name in a folder. */
export interface Drawn {
  readonly stdout: string;
  readonly stderr: string;
  readonly place: string;
  readonly pictures: readonly string[];
}

/** Runs a script in a folder of its own. */
export async function run({ page, i, text }: Script, folder: string): Promise<Drawn> {
  const place = join(folder, `${page.replaceAll(/\W/g, "-")}-${i}`);
  mkdirSync(place);
  writeFileSync(join(place, "script.ts"), text);
  return node(["script.ts"], place, place);
}

/** Pages with figures that whole examples draw: what takes a page would not fit into a script there. */
export const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  "README.md": ["yig-pt", "tantalum-bit"],
  "docs/micromagnetics.md": [
    "standard-problem-4",
    "standard-problem-5",
    "skyrmion-racetrack",
    "junction-at-two-depths",
  ],
};

export function runExample(name: string, folder: string): Promise<Drawn> {
  const [main, example] = ["src/cli/main.ts", `examples/${name}.ts`].map((file) => join(root, file));
  return node([main, "run", example, "--out", folder, "--quiet"], folder, join(folder, `${name}-001`));
}

async function node(script: readonly string[], cwd: string, place: string): Promise<Drawn> {
  const flags = ["--conditions=spinstream-source"];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [...flags, ...script], { cwd });
  return { stdout, stderr, place, pictures: readdirSync(place).filter((file) => file.endsWith(".svg")) };
}

if (import.meta.main) {
  const folder = workFolder();
  const draw = async (page: string, drawing: Promise<Drawn>): Promise<void> => {
    const shown = picturesOf(page);
    try {
      const { place, pictures } = await drawing;
      for (const picture of pictures) {
        if (!shown.includes(join("docs", "figures", picture))) continue;
        copyFileSync(join(place, picture), join(FIGURES, picture));
        console.log(`${page}: docs/figures/${picture}`);
      }
    } catch (error) {
      // The other pages are drawn all the same.
      console.error(`${page}: ${(error as Error).message}`);
      process.exitCode = 1;
    }
  };
  try {
    for (const script of scripts) await draw(script.page, run(script, folder));
    for (const [page, examples] of Object.entries(EXAMPLES))
      for (const example of examples) await draw(page, runExample(example, folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
