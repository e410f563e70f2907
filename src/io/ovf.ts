/**
 * OOMMF's vector field format OVF 1.0 and 2.0, as in the OOMMF User's Guide, "Vector Field File Format (OVF)".  Binary data
 * are big-endian in version 1.0 and little-endian in 2.0, after a number that shows whether they came through unharmed.
 */
import { checkChoice, InputError } from "../checks.ts";
import { cellCount, checkMeshField, type MeshField } from "./meshField.ts";
import { keyAndValue, type OvfHeader, type OvfVersion, ovfHeader, ovfVersion } from "./ovfHeader.ts";
import { exactNumber } from "./table.ts";
import { listEntry } from "./tclList.ts";

const FORMATS = ["text", "binary 4", "binary 8"] as const;
export type OvfFormat = (typeof FORMATS)[number];

const CHECK = { "binary 4": 1234567, "binary 8": 123456789012345 };

/** The first field of an OVF file; most files have one.  Throws an InputError that names the key and what was found. */
export const readOvf = (bytes: Uint8Array): MeshField => readOvfSegments(bytes)[0];

/** All fields of an OVF file, one for each of its segments.  Throws an InputError that names the key and what was found. */
export function readOvfSegments(bytes: Uint8Array): MeshField[] {
  const lines = new Lines(bytes);
  const version = ovfVersion(lines.next() ?? "");
  const fields: MeshField[] = [];
  let count: string | undefined;
  for (let line = lines.next(); line !== undefined; line = lines.next()) {
    const [key, value] = keyAndValue(line) ?? [];
    if (key === "segmentcount") count = value;
    if (key === "begin" && value?.toLowerCase() === "segment") fields.push(readSegment(version, lines));
  }
  if (fields.length === 0) throw new InputError("OVF file: segments", 0, 'one that begins with "# Begin: Segment"');
  if (count !== undefined && Number(count) !== fields.length) {
    throw new InputError("OVF file: segment count", count, `${fields.length}, the segments that were found`);
  }
  return fields;
}

/**
 * A field in OVF 2.0, by default in as many bytes as its numbers have.
 * Throws an InputError for names the format cannot hold and for numbers beyond the range of "binary 4".
 */
export function writeOvf(field: MeshField, { format }: { readonly format?: OvfFormat } = {}): Uint8Array<ArrayBuffer> {
  checkMeshField(field);
  const { values, components } = field;
  const data = checkChoice(
    "OVF file: format",
    format ?? (values.BYTES_PER_ELEMENT === 4 ? FORMATS[1] : FORMATS[2]),
    FORMATS,
  );
  const name = data.replace(/^./, (letter) => letter.toUpperCase());
  const head = new TextEncoder().encode(`${headerText(field)}# Begin: Data ${name}\n`);
  const tail = new TextEncoder().encode(`\n# End: Data ${name}\n# End: Segment\n`);
  const cells = cellCount(field);
  if (data === "text") {
    const rows = Array.from({ length: cells }, (_, i) =>
      Array.from({ length: components }, (_, c) => exactNumber(values[c * cells + i])).join(" "),
    );
    return joined(head, new TextEncoder().encode(rows.join("\n")), tail);
  }
  const width = data === "binary 4" ? 4 : 8;
  const body = new Uint8Array(width * (1 + values.length));
  const view = new DataView(body.buffer);
  const put = (at: number, value: number): void =>
    width === 4 ? view.setFloat32(4 * at, value, true) : view.setFloat64(8 * at, value, true);
  put(0, CHECK[data]);
  for (let c = 0; c < components; c++) {
    for (let i = 0; i < cells; i++) {
      const value = values[c * cells + i];
      if (width === 4 && Number.isFinite(value) && !Number.isFinite(Math.fround(value))) {
        throw new InputError(`field "${field.title}": value`, value, 'a number that "binary 4" can hold');
      }
      put(1 + i * components + c, value);
    }
  }
  return joined(head, body, tail);
}

function headerText({ title, size, cell, origin, components, labels, units, time }: MeshField): string {
  for (const text of [title, ...labels, ...units]) {
    if (text.includes("##")) throw new InputError(`field "${title}": title, label or unit`, text, 'text without "##"');
  }
  const along = (key: string, value: (axis: number) => number): string[] =>
    ["x", "y", "z"].map((axis, a) => `${axis}${key}: ${exactNumber(value(a))}`);
  const list = (what: string, texts: readonly string[]): string =>
    texts.map((text) => listEntry(`field "${title}": ${what}`, text)).join(" ");
  const lines = [
    "Segment count: 1",
    "Begin: Segment",
    "Begin: Header",
    `Title: ${title}`,
    // As OOMMF and mumax³ write it.
    ...(time === undefined ? [] : [`Desc: Total simulation time: ${exactNumber(time)} s`]),
    "meshtype: rectangular",
    "meshunit: m",
    ...along("base", (a) => origin[a]),
    ...along("stepsize", (a) => cell[a]),
    ...along("nodes", (a) => size[a]),
    ...along("min", (a) => origin[a] - cell[a] / 2),
    ...along("max", (a) => origin[a] + (size[a] - 0.5) * cell[a]),
    `valuedim: ${components}`,
    `valuelabels: ${list("labels", labels)}`,
    `valueunits: ${list("units", units)}`,
    "End: Header",
  ];
  return ["# OOMMF OVF 2.0", ...lines.map((line) => `# ${line}`), ""].join("\n");
}

/** The rest of a segment after its first line. */
function readSegment(version: OvfVersion, lines: Lines): MeshField {
  const header: string[] = [];
  for (let line = lines.next(); line !== undefined; line = lines.next()) {
    const [key, value = ""] = keyAndValue(line) ?? [];
    const data = key === "begin" ? /^data\s+(.*)$/i.exec(value) : null;
    if (!data) {
      header.push(line);
      continue;
    }
    const format = checkChoice("OVF file: data", data[1].toLowerCase().replace(/\s+/g, " "), FORMATS);
    const { multiplier, ...field } = ovfHeader(version, header);
    const values = format === "text" ? textData(field, lines) : binaryData(field, lines, format, version === "2.0");
    const end = lines.next() ?? "";
    const [endKey, endValue = ""] = keyAndValue(end) ?? [];
    if (endKey !== "end" || !/^data\b/i.test(endValue)) {
      const wanted = `"# End: Data" after ${values.length} numbers, as nodes and valuedim say`;
      throw new InputError("OVF file: line after the data", end.slice(0, 80), wanted);
    }
    // Single precision would round the product.
    return { ...field, values: multiplier === 1 ? values : Float64Array.from(values, (value) => value * multiplier) };
  }
  throw new InputError("OVF file: data", "missing: the file ends in a header", '"# Begin: Data" and what follows');
}

type Mesh = Omit<OvfHeader, "multiplier">;

function binaryData(
  mesh: Mesh,
  lines: Lines,
  format: keyof typeof CHECK,
  littleEndian: boolean,
): Float64Array | Float32Array {
  const cells = cellCount(mesh);
  const count = cells * mesh.components;
  const width = format === "binary 4" ? 4 : 8;
  const { bytes, at } = lines;
  const wanted = width * (1 + count);
  if (bytes.length - at < wanted) {
    throw new InputError(
      "OVF file: bytes of data",
      bytes.length - at,
      `${wanted}, for a check value and ${count} numbers of ${width} bytes`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, wanted);
  const get = (i: number, little = littleEndian): number =>
    width === 4 ? view.getFloat32(4 * i, little) : view.getFloat64(8 * i, little);
  if (get(0) !== CHECK[format]) {
    const swapped = get(0, !littleEndian) === CHECK[format];
    throw new InputError(
      "OVF file: check value before the data",
      get(0),
      String(CHECK[format]),
      swapped
        ? "The bytes of each number are in the wrong order for this version"
        : "The data were altered on their way",
    );
  }
  lines.at += wanted;
  lines.skipNewline();
  const values = width === 4 ? new Float32Array(count) : new Float64Array(count);
  for (let i = 0; i < cells; i++) {
    for (let c = 0; c < mesh.components; c++) values[c * cells + i] = get(1 + i * mesh.components + c);
  }
  return values;
}

/** Numbers up to the next line that begins a key; that line stays to be read. */
function textData(mesh: Mesh, lines: Lines): Float64Array {
  const cells = cellCount(mesh);
  const count = cells * mesh.components;
  const room = Math.floor((lines.bytes.length - lines.at) / 2);
  // Before memory is asked for: one number takes at least a digit and a space.
  if (room < count) {
    throw new InputError("OVF file: numbers in the data", `at most ${room}`, `${count}, as nodes and valuedim say`);
  }
  const values = new Float64Array(count);
  let found = 0;
  for (;;) {
    const start = lines.at;
    const line = lines.next();
    if (line === undefined || keyAndValue(line)) {
      lines.at = start;
      break;
    }
    for (const entry of line.replace(/#.*$/s, "").split(/\s+/)) {
      if (entry === "") continue;
      const value = numberOf(entry);
      if (value === undefined) throw new InputError(`OVF file: number ${found + 1} of the data`, entry, "a number");
      values[(found % mesh.components) * cells + Math.floor(found / mesh.components)] = value;
      found++;
    }
  }
  if (found !== count) {
    throw new InputError("OVF file: numbers in the data", found, `${count}, as nodes and valuedim say`);
  }
  return values;
}

/** C prints what is not a number, or is infinite, in words. */
function numberOf(text: string): number | undefined {
  const word = /^([-+]?)(nan|inf(?:inity)?)(?:\(.*\))?$/i.exec(text);
  if (word) return word[2].toLowerCase() === "nan" ? Number.NaN : word[1] === "-" ? -Infinity : Infinity;
  const value = Number(text);
  return Number.isNaN(value) ? undefined : value;
}

function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Lines of text among bytes that need not be text. */
class Lines {
  readonly bytes: Uint8Array;
  at = 0;
  readonly #decoder = new TextDecoder();

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** The next line without its end; undefined after the last. */
  next(): string | undefined {
    if (this.at >= this.bytes.length) return undefined;
    const end = this.bytes.indexOf(10, this.at);
    const stop = end < 0 ? this.bytes.length : end;
    const line = this.#decoder.decode(this.bytes.subarray(this.at, stop));
    this.at = stop + 1;
    return line.replace(/\r$/, "");
  }

  skipNewline(): void {
    if (this.bytes[this.at] === 13) this.at++;
    if (this.bytes[this.at] === 10) this.at++;
  }
}
