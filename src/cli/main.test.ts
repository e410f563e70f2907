import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readCsv, readOdt, readOvf } from "../io/index.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const main = join(root, "src/cli/main.ts");
let place: string;

/** A user's project: a folder of its own, with the package among its modules. */
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "spinstream-"));
  await mkdir(join(place, "node_modules"));
  await symlink(root, join(place, "node_modules", "spinstream"), "junction");
});
afterAll(() => rm(place, { recursive: true }));

interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command in the user's folder. @param during is called with what is on stdout so far, at every change */
function spinstream(
  args: string[],
  during: (child: ChildProcess, stdout: string) => void = () => {},
): Promise<Outcome> {
  const env = { ...process.env, DEBUG: "", NODE_OPTIONS: "" };
  const child = spawn(process.execPath, ["--conditions=spinstream-source", main, ...args], { cwd: place, env });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (text) => {
    stdout += text;
    during(child, stdout);
  });
  child.stderr.on("data", (text) => {
    stderr += text;
  });
  return new Promise((done) => child.on("close", (code) => done({ code, stdout, stderr })));
}

const script = async (name: string, body: string): Promise<void> => {
  const head = `
    import { device, ellipse, layer, materials, pulse, type Session } from "spinstream";
    const bit = device({ shape: ellipse(80e-9), layers: [layer(materials.Pt, 5e-9), layer(materials.Co, 1e-9, { name: "free", magnetization: "+x" })] });
    const options = { depth: "circuit", duration: 50e-12, current: pulse({ density: 1e12, along: "x", duration: 20e-12 }) } as const;`;
  await writeFile(join(place, `${name}.ts`), `${head}\nexport default async (session: Session) => {\n${body}\n};\n`);
};

const json = async (...path: string[]) => {
  const text = await readFile(resolve(place, ...path), "utf8");
  expect(text).not.toMatch(/:\s*null/);
  return JSON.parse(text);
};

describe("spinstream run", () => {
  it("saves table, figures and summary of every run in a new folder and prints the ledger", async () => {
    await script(
      "pulse",
      `const result = await session.simulate("write", bit, options);
       await session.table("points", [{ name: "J", unit: "A/m²", values: [1, 2] }], "two points");
       await session.figure("points", { title: "t", x: { label: "a", unit: "1" }, y: { label: "b", unit: "V" }, series: [{ label: "s", x: [1, 2], y: [3, 4] }] });
       session.log("table has " + result.times.length + " rows");`,
    );
    const { code, stdout } = await spinstream(["run", "pulse.ts"]);
    expect(code).toBe(0);
    expect(stdout).toContain("angular momentum [ħ]");
    expect(stdout).toContain("table has 501 rows");
    expect(stdout.trim().split("\n").at(-1)).toContain(join("out", "pulse-001"));
    const folder = join(place, "out", "pulse-001");
    const files = await readdir(folder);
    const summary = await json(folder, "summary.json");
    expect(summary).toMatchObject({ status: "complete", runs: [{ name: "write", status: "complete" }] });
    expect([...summary.files, "summary.json"].sort()).toStrictEqual(files.sort());
    for (const file of [
      "write.odt",
      "write.csv",
      "write.json",
      "write-magnetization.svg",
      "points.odt",
      "points.svg",
    ]) {
      expect(files).toContain(file);
    }
    const [odt, csv] = await Promise.all(
      ["write.odt", "write.csv"].map((file) => readFile(join(folder, file), "utf8")),
    );
    expect(readCsv(csv).columns).toStrictEqual(readOdt(odt).columns);
    expect(await json(folder, "write.json")).toMatchObject({
      interrupted: false,
      device: { kind: "device" },
      options: { depth: "circuit", current: { waveform: "pulse", density: 1e12, factor: "function" } },
      magnets: [{ name: "free" }],
      checkpoint: { kind: "checkpoint" },
    });
  });

  it("never writes into the folder of an earlier run, and --quiet says only where the files are", async () => {
    await script("quiet", `await session.simulate("write", bit, options);`);
    const first = await spinstream(["run", "quiet.ts", "--quiet", "--out", "results"]);
    const second = await spinstream(["run", "quiet.ts", "--quiet", "--out", "results"]);
    expect((await readdir(join(place, "results"))).sort()).toStrictEqual(["quiet-001", "quiet-002"]);
    for (const { stdout, stderr } of [first, second]) {
      expect(stdout.trim().split("\n")).toHaveLength(1);
      expect(stderr).toBe("");
    }
  });

  it("waits for a run that the script did not await", async () => {
    await script("hasty", `void session.simulate("write", bit, options);`);
    expect((await spinstream(["run", "hasty.ts"])).code).toBe(0);
    expect((await json("out", "hasty-001", "summary.json")).runs).toMatchObject([
      { name: "write", status: "complete" },
    ]);
  });

  it("at Ctrl-C saves what there is and exits with 130", async () => {
    await script(
      "long",
      `session.log("begun");
       const result = await session.simulate("write", bit, { ...options, duration: 1e-3, every: 1e-9, integrator: "rk4", step: 1e-13 });
       session.log("interrupted: " + result.interrupted);
       await session.simulate("next", bit, options);
       session.log("not reached");`,
    );
    let asked = false;
    const { code, stdout, stderr } = await spinstream(["run", "long.ts"], (child, text) => {
      if (asked || !text.includes("begun")) return;
      asked = true;
      setTimeout(() => child.kill("SIGINT"), 1000);
    });
    expect(code).toBe(130);
    expect(stdout).toContain("interrupted: true");
    expect(stdout).not.toContain("not reached");
    expect(stderr).not.toContain("error");
    const folder = join(place, "out", "long-001");
    expect(await json(folder, "summary.json")).toMatchObject({
      status: "interrupted",
      runs: [{ name: "write", status: "interrupted" }],
    });
    expect(await json(folder, "write.json")).toMatchObject({ interrupted: true });
    expect(readOdt(await readFile(join(folder, "write.odt"), "utf8")).columns[0].values.length).toBeGreaterThan(1);
  });

  it("goes on with an interrupted magnetization run, to the same bits as one that was not", async () => {
    await script(
      "field",
      `const { micromagnet, openMicromagnet } = await import("spinstream");
      const film = micromagnet({ cells: [48, 16, 1], cell: [5e-9, 5e-9, 3e-9], magnetization: [1, 0.1, 0],
        material: { saturationMagnetization: 8e5, exchangeStiffness: 13e-12, damping: 0.02 } });
      const simulation = await openMicromagnet(film, { threads: 1 });
      await simulation.relax();
      simulation.set({ field: [-0.03, 0.005, 0] });
      session.log("begun");
      const run = await session.magnetization("film", simulation, { duration: 7e-9, every: 1e-11 });
      session.log("interrupted: " + run.interrupted + ", rows: " + run.times.length);
      await simulation.close();`,
    );
    let asked = false;
    const stopped = await spinstream(["run", "field.ts"], (child, text) => {
      if (asked || !text.includes("begun")) return;
      asked = true;
      setTimeout(() => child.kill("SIGINT"), 300);
    });
    expect(stopped.code).toBe(130);
    expect(stopped.stdout).toContain("interrupted: true");
    const resumed = await spinstream(["run", "field.ts", "--resume", "out/field-001"]);
    expect(resumed.stdout).toContain("film goes on from");
    expect(resumed.stdout).toContain("interrupted: false, rows: 701");
    await spinstream(["run", "field.ts"]);
    const table = (folder: string) => readFile(join(place, "out", folder, "film.csv"), "utf8");
    expect(await table("field-002")).toBe(await table("field-003"));
  });

  it("goes on with an interrupted run, to the same end as one that was not", async () => {
    const body = `session.log("begun");
      const result = await session.simulate("write", bit, { ...options, duration: 1.5e-9, every: 1e-10, integrator: "rk4", step: 2e-14 });
      session.log("interrupted: " + result.interrupted + ", rows: " + result.times.length);`;
    await script("again", body);
    let asked = false;
    const stopped = await spinstream(["run", "again.ts"], (child, text) => {
      if (asked || !text.includes("begun")) return;
      asked = true;
      setTimeout(() => child.kill("SIGINT"), 400);
    });
    expect(stopped.code).toBe(130);
    const resumed = await spinstream(["run", "again.ts", "--resume", "out/again-001"]);
    expect(resumed.code).toBe(0);
    expect(resumed.stdout).toContain("interrupted: false");
    const whole = await spinstream(["run", "again.ts"]);
    expect(whole.code).toBe(0);
    const [a, b] = [await json("out", "again-002", "write.json"), await json("out", "again-003", "write.json")];
    expect(a.magnets).toEqual(b.magnets);
    expect(a.ledger).toEqual(b.ledger);
    const times = async (folder: string) =>
      readOdt(await readFile(join(place, "out", folder, "write.odt"), "utf8")).columns[0].values;
    const all = Array.from(await times("again-002"));
    for (const t of Array.from(await times("again-003"))) expect(all).toContain(t);
    const elsewhere = await spinstream(["run", "again.ts", "--resume", "out/none"]);
    expect(elsewhere.code).toBe(1);
    expect(elsewhere.stderr).toContain("the output folder of an earlier run");
  }, 60_000);

  it("goes on with an interrupted run at field depth, to the same bits, and keeps its texture", async () => {
    await script(
      "deep",
      `session.log("begun");
      const run = await session.simulate("write", bit, { ...options, depth: "field", cell: 5e-9, duration: 1e-9, every: 5e-12,
        onRow: ({ time }) => { if (time > 0) session.log("row"); } });
      session.log("interrupted: " + run.interrupted + ", rows: " + run.times.length);`,
    );
    let asked = false;
    const stopped = await spinstream(["run", "deep.ts"], (child, text) => {
      if (asked || !text.includes("row")) return;
      asked = true;
      child.kill("SIGINT");
    });
    expect(stopped.code).toBe(130);
    expect(stopped.stdout).toContain("interrupted: true");
    const resumed = await spinstream(["run", "deep.ts", "--resume", "out/deep-001"]);
    expect(resumed.stdout).toContain("write goes on from");
    expect(resumed.stdout).toContain("interrupted: false, rows: 201");
    await spinstream(["run", "deep.ts"]);
    const text = (folder: string, file: string) => readFile(join(place, "out", folder, file), "utf8");
    for (const file of ["write.csv", "write-free.svg"])
      expect(await text("deep-002", file)).toBe(await text("deep-003", file));
    const [a, b] = [await json("out", "deep-002", "write.json"), await json("out", "deep-003", "write.json")];
    expect(a.ledger).toEqual(b.ledger);
    expect(a.checkpoint).toEqual(b.checkpoint);
    const bytes = (folder: string) => readFile(join(place, "out", folder, "write-free.ovf"));
    expect(readOvf(await bytes("deep-002")).values).toEqual(readOvf(await bytes("deep-003")).values);
  }, 60_000);

  it("at a second Ctrl-C exits at once", async () => {
    await script("deaf", `session.log("begun"); await new Promise((resume) => setTimeout(resume, 50_000));`);
    const sent: number[] = [];
    const { code } = await spinstream(["run", "deaf.ts"], (child) => {
      if (sent.length > 0) return;
      for (const wait of [100, 600]) sent.push(Number(setTimeout(() => child.kill("SIGINT"), wait)));
    });
    expect(code).toBe(130);
  }, 20_000);

  it("hears Ctrl-C in a loop of the script's own that awaits its progress", async () => {
    await script(
      "loop",
      `session.log("begun");
       for (let i = 0; i < 1e9 && !session.signal.aborted; i++) { for (let j = 0; j < 1e6; j++); await session.progress("points", i, 1e9); }`,
    );
    let asked = false;
    const { code } = await spinstream(["run", "loop.ts"], (child) => {
      if (!asked) setTimeout(() => child.kill("SIGINT"), 300);
      asked = true;
    });
    expect(code).toBe(130);
  }, 20_000);

  it.each([
    ["throws", `await session.simulate("write", bit, options); throw new Error("the reason");`, "the reason"],
    [
      "hands in nonsense",
      `await session.simulate("write", bit, { ...options, duration: -1 });`,
      "duration is -1; allowed",
    ],
    [
      "lets a failed run go",
      `void session.simulate("write", bit, { ...options, duration: -1 });`,
      "duration is -1; allowed",
    ],
    [
      "uses a name twice",
      `await session.table("a", [{ name: "x", unit: "1", values: [1] }]); await session.table("A", []);`,
      "not used before",
    ],
    [
      "leaves its folder",
      `await session.table("../a", [{ name: "x", unit: "1", values: [1] }]);`,
      "a file name without extension",
    ],
  ])("a script that %s fails with the message, a summary and no stack", async (what, body, message) => {
    const name = what.replaceAll(" ", "-");
    await script(name, body);
    const { code, stderr } = await spinstream(["run", `${name}.ts`]);
    expect(code).toBe(1);
    expect(stderr).toContain(`error: `);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^\s+at /m);
    const summary = await json("out", `${name}-001`, "summary.json");
    expect(summary.status).toBe("failed");
    expect(summary.message).toContain(message);
  });

  it("that recovers from a failed run is complete", async () => {
    await script(
      "careful",
      `await session.simulate("write", bit, { ...options, duration: -1 }).catch((error) => session.log(error.name));
       await session.simulate("write", bit, options);`,
    );
    const { code, stdout } = await spinstream(["run", "careful.ts"]);
    expect(stdout).toContain("InputError");
    expect(code).toBe(0);
  });

  it("tells what is wrong with a script that is no script, and with a folder it cannot write to", async () => {
    await writeFile(join(place, "empty.ts"), "export const a = 1;\n");
    await script("fine", "");
    const [missing, empty, nowhere] = await Promise.all([
      spinstream(["run", "missing.ts"]),
      spinstream(["run", "empty.ts"]),
      spinstream(["run", "fine.ts", "--out", "empty.ts"]),
    ]);
    expect(missing.stderr).toMatch(/^error: script is ".*missing\.ts"; allowed: a file that exists/);
    expect(empty.stderr).toContain("export default async (session)");
    expect(nowhere.stderr).toContain("--out");
    for (const { code, stdout } of [missing, empty, nowhere]) {
      expect(code).toBe(1);
      expect(stdout).toBe("");
    }
  });
});

describe("spinstream validate", () => {
  it("prints one JSON array of reports and nothing else with --json", async () => {
    const { code, stdout } = await spinstream(["validate", "--json", "A1", "T3"]);
    const reports = JSON.parse(stdout);
    expect(reports.length).toBeGreaterThan(0);
    for (const report of reports) {
      expect(Object.keys(report)).toStrictEqual(["id", "title", "value", "expected", "tolerance", "pass"]);
      expect(report.pass).toBe(Math.abs(report.value - report.expected) <= report.tolerance);
    }
    expect(code).toBe(reports.every((report: { pass: boolean }) => report.pass) ? 0 : 1);
  });

  it("ends its table with the count", async () => {
    const { stdout } = await spinstream(["validate", "A1"]);
    expect(stdout.trim().split("\n").at(-1)).toMatch(/^\d+ passed, \d+ failed$/);
  });

  it("refuses a filter that chooses nothing", async () => {
    const { code, stderr } = await spinstream(["validate", "no such case"]);
    expect(code).toBe(1);
    expect(stderr).toContain("part of an id or a title");
  });
});

describe("spinstream materials", () => {
  it("lists the library, and one material with the source of every number", async () => {
    const [all, one, contact] = await Promise.all([
      spinstream(["materials"]),
      spinstream(["materials", "pt"]),
      spinstream(["materials", "Pt|Co"]),
    ]);
    expect(all.stdout).toMatch(/^material +kind/);
    expect(all.stdout).toContain("Co|Pt");
    expect(one.stdout).toContain("θ_SH = 0.11, literature");
    expect(one.stdout).toContain("PRB 87, 224401");
    expect(contact.stdout).toContain("Re G↑↓ = ");
  });

  it("names what there is when a name is unknown", async () => {
    const { code, stderr } = await spinstream(["materials", "unobtainium"]);
    expect(code).toBe(1);
    expect(stderr).toContain("betaTa");
  });
});

describe("spinstream", () => {
  it("tells its version, and how each command is used with an example", async () => {
    const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
    expect((await spinstream(["--version"])).stdout.trim()).toBe(version);
    for (const command of ["run", "validate", "materials"]) {
      expect((await spinstream([command, "--help"])).stdout).toContain(`Example:\n  spinstream ${command} `);
    }
  });
});
