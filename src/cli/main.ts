#!/usr/bin/env node
import { Command } from "commander";
import { VERSION } from "../io/version.ts";
import { describeFailure } from "./failure.ts";

// Rooms are loaded when a command needs them: help and version then come at once.
const program = new Command("spinstream")
  .description(
    "Computes spin currents: how a charge current becomes a stream of spin, turns a magnet, and is read back.",
  )
  .version(VERSION)
  .showHelpAfterError("(add --help for usage)");

command("run", "spinstream run write-bit.ts --out results", "Run a script and save what it computes in a new folder.")
  .argument("<script>", "TypeScript or JavaScript file with: export default async (session) => { … }")
  .option("-o, --out <folder>", "folder in which a new folder <script>-001, -002 … is made", "out")
  .option("-q, --quiet", "no progress and no summary of each run")
  .option("-r, --resume <folder>", "go on with the interrupted runs in this output folder, into a new one")
  .action(async (script: string, options: { out: string; quiet?: boolean; resume?: string }) => {
    const { runScript } = await import("./run.ts");
    process.exitCode = await runScript(script, options);
  });

command("validate", "spinstream validate valve --json", "Check the physics against closed forms and published numbers.")
  .argument("[filter...]", "run only cases whose id or title holds one of these")
  .option("--json", "print one JSON array and nothing else")
  .action(async (filters: string[], options: { json?: boolean }) => {
    const { runValidation } = await import("./validate.ts");
    process.exitCode = await runValidation(filters, options);
  });

command("materials", 'spinstream materials "Co|Pt"', "List the materials and interfaces of the library.")
  .argument("[name]", "show every number of this one, with the literature's range and the source")
  .action(async (name: string | undefined) => {
    const { describeMaterials } = await import("./materials.ts");
    console.log(describeMaterials(name));
  });

// A reader that has seen enough, such as head, is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

try {
  await program.parseAsync();
} catch (error) {
  console.error(describeFailure(error));
  process.exitCode = 1;
}

function command(name: string, example: string, description: string): Command {
  return program.command(name).description(description).addHelpText("after", `\nExample:\n  ${example}`);
}
