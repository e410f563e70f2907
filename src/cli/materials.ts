import { InputError } from "../checks.ts";
import { formatQuantity } from "../io/index.ts";
import {
  INTERFACE_PARAMETERS,
  interfaces,
  type KnownInterface,
  MATERIAL_PARAMETERS,
  type Material,
  materials,
  type Parameter,
  type Source,
} from "../materials/index.ts";
import { textTable } from "./textTable.ts";

/** The numbers shown of every material; the page of one material shows all. */
const KEYS = [
  "conductivity",
  "spinDiffusionLength",
  "spinHallAngle",
  "polarization",
  "saturationMagnetization",
  "damping",
] as const;
const INTERFACE_KEYS = ["conductanceUp", "conductanceDown", "mixingConductance", "memoryLoss"] as const;
/** Columns of prose, wrapped to this many letters. */
const PROSE = 96;

/** The library as text: all of it, or one material or interface by name ("Co", "Co|Pt"). */
export function describeMaterials(name?: string): string {
  const entries = Object.values(materials) as readonly Material[];
  if (name === undefined) return overview(entries);
  const material = entries.find((one) => one.name.toLowerCase() === name.toLowerCase());
  if (material) {
    return page(`${material.name}, ${material.kind}`, material, MATERIAL_PARAMETERS, material.sources ?? {});
  }
  const ends = name.toLowerCase().split("|");
  const contact = interfaces.find(({ between: [a, b] }) => {
    const pair = [a.toLowerCase(), b.toLowerCase()];
    return ends.length === 2 && pair.includes(ends[0]) && pair.includes(ends[1]);
  });
  if (contact) return page(`${nameOf(contact)}, interface`, contact.parameters, INTERFACE_PARAMETERS, contact.sources);
  const known = [...entries.map((one) => one.name), ...interfaces.map(nameOf)].join(", ");
  throw new InputError("material name", name, known);
}

function overview(entries: readonly Material[]): string {
  const shown = (owner: object, keys: readonly string[], declared: Readonly<Record<string, Parameter>>): string[] =>
    keys.map((key) => {
      const value = (owner as Record<string, number | undefined>)[key];
      return value === undefined ? "–" : formatQuantity(value, declared[key].unit, 3);
    });
  const head = (keys: readonly string[], declared: Readonly<Record<string, Parameter>>): string[] =>
    keys.map((key) => declared[key].symbol);
  const rows = entries.map((one) => [one.name, one.kind, ...shown(one, KEYS, MATERIAL_PARAMETERS)]);
  const contacts = interfaces.map((one) => [
    nameOf(one),
    ...shown(one.parameters, INTERFACE_KEYS, INTERFACE_PARAMETERS),
  ]);
  const legend = (keys: readonly string[], declared: Readonly<Record<string, Parameter>>): string[] =>
    keys.map((key) => `  ${declared[key].symbol}: ${declared[key].doc}`);
  return [
    textTable(
      [["material", "kind", ...head(KEYS, MATERIAL_PARAMETERS)], ...rows],
      KEYS.map((_, i) => i + 2),
    ),
    ...legend(KEYS, MATERIAL_PARAMETERS),
    "",
    textTable(
      [["interface", ...head(INTERFACE_KEYS, INTERFACE_PARAMETERS)], ...contacts],
      INTERFACE_KEYS.map((_, i) => i + 1),
    ),
    ...legend(INTERFACE_KEYS, INTERFACE_PARAMETERS),
    "",
    'Every number with its source: spinstream materials <name>, such as Pt or "Co|Pt"',
  ].join("\n");
}

/** Every number of a material or an interface with its band and its source. */
function page(
  title: string,
  owner: object,
  declared: Readonly<Record<string, Parameter>>,
  sources: Readonly<Record<string, Source>>,
): string {
  const entries = Object.entries(declared).flatMap(([key, { symbol, unit, doc }]) => {
    const value = (owner as Record<string, number | undefined>)[key];
    if (value === undefined) return [];
    const { from = "no source given", band, note } = sources[key] ?? {};
    const range = band ? `, literature ${formatQuantity(band[0], unit)} … ${formatQuantity(band[1], unit)}` : "";
    return [
      [
        `${symbol} = ${formatQuantity(value, unit)}${range}`,
        ...paragraph(`${key}: ${doc}`),
        ...paragraph(from),
        ...(note ? paragraph(note) : []),
      ].join("\n    "),
    ];
  });
  return [title, ...(entries.length > 0 ? entries : ["no numbers"])].join("\n\n  ");
}

function paragraph(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= PROSE) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

const nameOf = ({ between }: KnownInterface): string => between.join("|");
