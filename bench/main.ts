import { cpus, loadavg } from "node:os";
import { circuit } from "./circuit.ts";
import { compute } from "./compute.ts";
import { ensemble } from "./ensemble.ts";
import { magnetism } from "./magnetism.ts";
import { relaxation } from "./relaxation.ts";
import { webgpu } from "./webgpu.ts";

/** `npm run bench [-- name] [--json]`: speeds, each with what it is compared to. */
const benches = { circuit, compute, ensemble, magnetism, relaxation, webgpu };

const json = process.argv.includes("--json");
const asked = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
for (const name of asked) {
  if (!(name in benches)) throw new Error(`no bench "${name}"; there are: ${Object.keys(benches).join(", ")}`);
}
const [processor] = cpus();
console.error(`${cpus().length} × ${processor.model}, load ${loadavg()[0].toFixed(1)}, Node ${process.version}`);
const figures = [];
for (const [name, run] of Object.entries(benches))
  if (asked.length === 0 || asked.includes(name)) figures.push(...(await run()));
if (json) console.log(JSON.stringify(figures, null, 2));
else
  for (const { figure, value, unit } of figures)
    console.log(`${value.toPrecision(3).padStart(10)} ${unit.padEnd(14)} ${figure}`);
