import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = import.meta.dirname;
const npm = process.platform === "win32" ? "npm.cmd" : "npm";

describe("the published package", () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "spinstream-package-"));
    // `npm test` has built dist; packing must not build again under running tests.
    execFileSync(npm, ["pack", "--ignore-scripts", "--pack-destination", folder], { cwd: root, stdio: "pipe" });
    writeFileSync(join(folder, "package.json"), '{ "type": "module", "private": true }');
    const tarball = readdirSync(folder).find((file) => file.endsWith(".tgz")) as string;
    execFileSync(npm, ["install", "--no-audit", "--no-fund", "--prefer-offline", join(folder, tarball)], {
      cwd: folder,
      stdio: "pipe",
    });
  }, 240_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const run = (args: readonly string[]): string =>
    execFileSync(process.execPath, args, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  const command = "node_modules/spinstream/dist/src/cli/main.js";

  it("runs a script that imports it, from an empty folder", () => {
    writeFileSync(join(folder, "bit.ts"), SCRIPT);
    const text = run([command, "run", "bit.ts", "--quiet"]);
    expect(text).toContain("switched: true");
    const files = readdirSync(join(folder, "out", "bit-001"));
    expect(files).toEqual(
      expect.arrayContaining(["summary.json", "write.odt", "write.csv", "write.json", "write-magnetization.svg"]),
    );
  }, 60_000);

  it("knows its version, its materials and its validation", () => {
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    expect(run([command, "--version"]).trim()).toBe(version);
    expect(run([command, "materials", "Pt"])).toContain("spinHallAngle");
    const reports = JSON.parse(run([command, "validate", "--json", "A1."]));
    expect(reports.map((report: { pass: boolean }) => report.pass)).toEqual([true, true]);
  }, 60_000);

  it("brings types that a strict compiler accepts", () => {
    const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
    const options = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2024", "--lib", "es2024,dom"];
    writeFileSync(join(folder, "bit.ts"), SCRIPT);
    writeFileSync(join(folder, "kernel.ts"), KERNEL);
    expect(run([compiler, ...options, "bit.ts", "kernel.ts"])).toBe("");
  }, 60_000);

  it("runs kernels, alone", () => {
    writeFileSync(join(folder, "kernel.ts"), KERNEL);
    expect(run(["kernel.ts"]).trim()).toBe("20");
  }, 60_000);

  it("has a library that imports nothing but itself, and for fits the one package that searches", () => {
    const seen = new Set<string>();
    const fitting = new Map([["ml-levenberg-marquardt", "/experiments/fit.js"]]);
    const visit = (file: string): void => {
      if (seen.has(file)) return;
      seen.add(file);
      const text = readFileSync(file, "utf8");
      for (const [, from] of text.matchAll(/(?:import|export)\s[^;]*?from\s+"([^"]+)"/g)) {
        if (file.endsWith(fitting.get(from) ?? " ")) continue;
        expect(from, `import in ${file}`).toMatch(/^\.\.?\//);
        visit(resolve(dirname(file), from));
      }
    };
    visit(join(folder, "node_modules/spinstream/dist/src/index.js"));
    expect(seen.size).toBeGreaterThan(20);
    seen.clear();
    visit(join(folder, "node_modules/spinstream/dist/src/compute/index.js"));
    expect([...seen].filter((file) => !file.includes("/compute/"))).toEqual([]);
  });
});

const SCRIPT = `
import { device, ellipse, layer, materials, mT, nm, ns, pulse, type Session } from "spinstream";

const bit = device({
  shape: ellipse(80 * nm, 80 * nm),
  layers: [
    layer(materials.betaTa, 6 * nm),
    layer({ ...materials.CoFeB, damping: 0.02 }, 1.1 * nm, { name: "free", magnetization: "-z" }),
    layer(materials.MgO, 1.6 * nm),
  ],
});

export default async (session: Session): Promise<void> => {
  const write = await session.simulate("write", bit, {
    depth: "circuit",
    current: pulse({ density: 1.2e13, in: "betaTa", along: "x", duration: 1 * ns }),
    field: [20 * mT, 0, 0],
    duration: 4 * ns,
  });
  session.log("switched: " + write.magnet("free").switched);
};
`;

const KERNEL = `
import { grid, kernel, openWasm, program, real } from "spinstream/compute";

const total = kernel("total", { reads: { x: real }, reduces: { sum: "sum" } }, ({ x }) => ({ sum: x.squared() }));
const machine = openWasm();
const x = machine.field(grid([5, 1, 1]), real);
const sum = machine.scalar();
await machine.write(x, 2);
await (await machine.compile(program("total", (p) => p.run(total, { x, sum })))).run();
console.log(await machine.get(sum));
await machine.destroy();
`;
