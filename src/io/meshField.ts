import { checkNumber, checkVector, InputError, POSITIVE } from "../checks.ts";

/** Numbers in the cells of a regular mesh; every file format of fields writes or reads this. */
export interface MeshField {
  readonly title: string;
  /** Cells along x, y, z. */
  readonly size: readonly [number, number, number];
  /** Edges of a cell [m]. */
  readonly cell: readonly [number, number, number];
  /** Centre of the first cell [m]. */
  readonly origin: readonly [number, number, number];
  /** Numbers in a cell. */
  readonly components: number;
  /** Name of every component. */
  readonly labels: readonly string[];
  /** Unit of every component; "1" for a plain number. */
  readonly units: readonly string[];
  /** [s] */
  readonly time?: number;
  /** Component planes one after the other, in each x fastest: (components, nz, ny, nx). */
  readonly values: Float64Array | Float32Array;
}

/** Cells of a mesh. */
export const cellCount = ({ size: [nx, ny, nz] }: Pick<MeshField, "size">): number => nx * ny * nz;

/** Throws an InputError unless mesh, names and numbers of a field fit one another. */
export function checkMeshField(field: MeshField): void {
  const { title, size, cell, origin, components, labels, units, time, values } = field;
  const what = `field "${title}"`;
  oneLine(`${what}: title`, title);
  for (const cells of checkVector(`${what}: size`, size)) countOf(`${what}: size`, cells);
  for (const edge of checkVector(`${what}: cell`, cell)) checkNumber(`${what}: cell`, edge, POSITIVE, "m");
  checkVector(`${what}: origin`, origin);
  countOf(`${what}: components`, components);
  for (const [name, texts] of Object.entries({ labels, units })) {
    if (texts.length !== components) {
      throw new InputError(`${what}: ${name}`, texts, `one for each of ${components} components`);
    }
    for (const text of texts) oneLine(`${what}: ${name}`, text);
  }
  if (time !== undefined) checkNumber(`${what}: time`, time, {}, "s");
  const expected = components * cellCount(field);
  if (values.length !== expected) {
    throw new InputError(
      `${what}: number of values`,
      values.length,
      `${expected}, for ${components} components of ${size.join(" × ")} cells`,
    );
  }
}

function oneLine(what: string, text: string): void {
  if (/[\r\n]/.test(text)) throw new InputError(what, text, "text on one line");
}

function countOf(what: string, value: number): void {
  if (!Number.isInteger(value) || value < 1) throw new InputError(what, value, "a whole number, 1 or more");
}
