/**
 * The scripts in the documents, run as a reader would run them.  `npm run docs` writes the figures they draw to docs/figures; the
 * test of the documents runs the same scripts elsewhere and compares.
 */
import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { readPng } from "../src/io/picture.ts";

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

/** Pages with figures that whole examples draw, which would not fit into a script there; the tests of the examples compare them. */
export const EXAMPLES: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  "README.md": { "yig-pt": ["yig-pt.svg"], "tantalum-bit": ["sweep.svg", "write-magnetization.svg"] },
  "docs/micromagnetics.md": {
    "standard-problem-4": ["field-1-textures.svg"],
    "standard-problem-5": ["vortex-in-current.svg"],
    "vortex-gyration": ["vortex-gyration.svg"],
    "skyrmion-racetrack": ["skyrmion-racetrack.svg"],
    "spin-wave-dispersion": ["spin-wave-dispersion.svg"],
    "junction-at-two-depths": ["reversal.svg", "two-depths.svg"],
  },
};

/** Figures of the documents that an example draws. */
export const figuresOf = (example: string): readonly string[] =>
  Object.values(EXAMPLES).flatMap((examples) => examples[example] ?? []);

/** Pictures, colours and numbers of a figure; what stands between them is every second part. */
const PARTS = /(base64,[^"]*|rgb\([^)]*\)|-?\d+(?:\.\d+)?)/;

/**
 * Throws unless a figure is what the documents show.
 * @param exactly to the byte, as figures are drawn to a hundredth of a pixel and random numbers come from a seed; else but for a tenth of
 * a pixel and some steps of a colour, as processors round the last digits of long runs in their own ways
 */
export function checkCommitted(place: string, picture: string, { exactly }: { readonly exactly: boolean }): void {
  const [drawn, committed] = [join(place, picture), join(FIGURES, picture)].map((file) => readFileSync(file, "utf8"));
  if (drawn === committed) return;
  const [a, b] = [drawn, committed].map((text) => text.split(PARTS));
  const isSame =
    !exactly && a.length === b.length && a.every((part, i) => part === b[i] || (i % 2 === 1 && alike(part, b[i])));
  if (!isSame) throw new Error(`docs/figures/${picture} is not what its script draws: npm run docs`);
}

/** Steps of a colour, of 255. */
const STEPS = 8;

function alike(drawn: string, committed: string): boolean {
  if (drawn.startsWith("base64,") && committed.startsWith("base64,")) {
    const [a, b] = [drawn, committed].map((part) => readPng(Buffer.from(part.slice("base64,".length), "base64")));
    return a.width === b.width && a.pixels.length === b.pixels.length && near(a.pixels, b.pixels, STEPS);
  }
  const [a, b] = [drawn, committed].map((part) => (part.match(/-?[\d.]+/g) ?? []).map(Number));
  return a.length === b.length && near(a, b, drawn.startsWith("rgb") ? STEPS : 0.1);
}

const near = (a: ArrayLike<number>, b: ArrayLike<number>, most: number): boolean =>
  Array.from(a).every((value, i) => Math.abs(value - b[i]) <= most);

function runExample(name: string, folder: string): Promise<Drawn> {
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
      for (const example of Object.keys(examples)) await draw(page, runExample(example, folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
