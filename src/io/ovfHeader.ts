import { checkNumber, InputError, POSITIVE } from "../checks.ts";
import type { MeshField } from "./meshField.ts";
import { listEntries } from "./tclList.ts";

export type OvfVersion = "1.0" | "2.0";

/** What a header says of a field, and the number by which the data are to be multiplied. */
export interface OvfHeader extends Omit<MeshField, "values"> {
  readonly multiplier: number;
}

/** Of what meshes are measured in [m]; without `meshunit` files mean metres. */
const LENGTHS = new Map(
  Object.entries({ m: 1, cm: 1e-2, mm: 1e-3, um: 1e-6, µm: 1e-6, μm: 1e-6, nm: 1e-9, pm: 1e-12, Å: 1e-10 }),
);

/** The version that the first line of a file names.  Early files call 1.0 by other numbers. */
export function ovfVersion(line: string): OvfVersion {
  if (/^#\s*OOMMF\s+OVF\s+2\.0\s*$/i.test(line)) return "2.0";
  const mesh = /^#\s*OOMMF\s*:\s*(rectangular|irregular)\s+mesh\s+v(1\.00?|0\.99|0\.0a0)\s*$/i.exec(line);
  if (!mesh) {
    throw new InputError(
      "OVF file: first line",
      line.slice(0, 80),
      '"# OOMMF OVF 2.0", "# OOMMF: rectangular mesh v1.0"',
    );
  }
  refuseIrregular(mesh[1]);
  return "1.0";
}

/** A line `# key: value`, the key in lower case and without spaces; undefined for other lines. */
export function keyAndValue(line: string): [string, string] | undefined {
  const parts = /^#([^#:]*):(.*)$/s.exec(line);
  if (!parts) return undefined;
  const key = parts[1].replace(/\s/g, "").toLowerCase();
  // Descriptions alone may hold "##".
  return [key, (key === "desc" ? parts[2] : parts[2].replace(/##.*$/s, "")).trim()];
}

/** What the lines of a header say.  Throws an InputError that names the key and what was found. */
export function ovfHeader(version: OvfVersion, lines: readonly string[]): OvfHeader {
  const entries = lines.flatMap((line) => {
    const entry = keyAndValue(line);
    return entry ? [entry] : [];
  });
  const keys = new Map(entries);
  const number = (key: string): number | undefined => {
    const text = keys.get(key);
    if (text === undefined) return undefined;
    return checkNumber(`OVF file: ${key}`, text !== "" && !Number.isNaN(Number(text)) ? Number(text) : text);
  };
  const count = (key: string): number => {
    const value = number(key);
    if (value === undefined || !Number.isInteger(value) || value < 1) {
      throw new InputError(`OVF file: ${key}`, value, "a whole number, 1 or more");
    }
    return value;
  };

  refuseIrregular(keys.get("meshtype") ?? "rectangular");
  const meshUnit = keys.get("meshunit") ?? "m";
  const length = LENGTHS.get(meshUnit);
  if (length === undefined) throw new InputError("OVF file: meshunit", meshUnit, [...LENGTHS.keys()].join(", "));

  const axes = ["x", "y", "z"].map((axis) => {
    const cells = count(`${axis}nodes`);
    const [min, max] = [number(`${axis}min`), number(`${axis}max`)];
    const across = min === undefined || max === undefined ? undefined : (max - min) / cells;
    const step = number(`${axis}stepsize`) ?? across;
    checkNumber(`OVF file: ${axis}stepsize`, step, POSITIVE, meshUnit);
    const base = number(`${axis}base`) ?? (min === undefined ? undefined : min + step! / 2);
    checkNumber(`OVF file: ${axis}base`, base, {}, meshUnit);
    return { cells, step: inMetres(step!, length), base: inMetres(base!, length) };
  });
  const [x, y, z] = axes;

  const components = version === "1.0" ? 3 : count("valuedim");
  const descriptions = entries.flatMap(([key, value]) => (key === "desc" ? [value] : [])).join("\n");
  const time = /total simulation time\s*:\s*([-+.\de]+)\s*s/i.exec(descriptions);
  return {
    title: keys.get("title") ?? "",
    size: [x.cells, y.cells, z.cells],
    cell: [x.step, y.step, z.step],
    origin: [x.base, y.base, z.base],
    components,
    ...valueNames(version, components, keys),
    ...(time && Number.isFinite(Number(time[1])) ? { time: Number(time[1]) } : {}),
    multiplier: (version === "1.0" ? number("valuemultiplier") : undefined) ?? 1,
  };
}

/** The quotient is the double nearest to, say, 20e-9; the product with 1e-9 is not. */
const inMetres = (value: number, length: number): number =>
  length < 1 ? value / Math.round(1 / length) : value * length;

function valueNames(
  version: OvfVersion,
  components: number,
  keys: ReadonlyMap<string, string>,
): Pick<MeshField, "labels" | "units"> {
  const axes = ["x", "y", "z"].slice(0, components);
  const unnamed = Array.from({ length: components }, (_, c) => (components === 3 ? axes[c] : `value ${c + 1}`));
  if (version === "1.0") {
    // Here the unit is no list: "kA / m" is one.
    const unit = keys.get("valueunit")?.replace(/^\{\s*\}$/, "") || "1";
    return { labels: unnamed, units: Array(components).fill(unit) };
  }
  const labels = listEntries(keys.get("valuelabels") ?? "");
  const units = listEntries(keys.get("valueunits") ?? "").map((unit) => unit || "1");
  if (labels.length !== components && labels.length !== 0) {
    throw new InputError("OVF file: valuelabels", labels, `${components} labels, as valuedim says`);
  }
  if (units.length !== components && units.length > 1) {
    throw new InputError("OVF file: valueunits", units, `${components} units, as valuedim says, or one`);
  }
  return {
    labels: labels.length ? labels : unnamed,
    units: units.length === components ? units : Array(components).fill(units[0] ?? "1"),
  };
}

function refuseIrregular(meshType: string): void {
  if (meshType.toLowerCase() !== "rectangular") {
    throw new InputError("OVF file: meshtype", meshType, '"rectangular"', "Cells of other meshes have no fixed place");
  }
}
