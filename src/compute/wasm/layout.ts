import type { Grid, Precision } from "../grid.ts";

/** How a field lies in memory; strides in elements. */
export interface Layout {
  /** Elements per vector register. */
  readonly lanes: 4 | 2;
  /** Bytes of a real. */
  readonly bytes: 4 | 8;
  /** Cells from row to row: rows are whole vectors, the surplus at their ends is unused. */
  readonly row: number;
  readonly plane: number;
  readonly component: number;
}

/** Bytes between neighbouring planes beyond their data, so that planes do not fall on the same lines of the L1 cache. */
const PADDING = 1088;

export function layoutOf({ size: [nx, ny, nz] }: Grid, precision: Precision): Layout {
  const lanes = precision === "f32" ? 4 : 2;
  const bytes = precision === "f32" ? 4 : 8;
  const row = Math.ceil(nx / lanes) * lanes;
  const pad = row * ny * bytes >= 4096 ? PADDING / bytes : 0;
  const plane = row * ny + (nz > 1 ? pad : 0);
  return { lanes, bytes, row, plane, component: plane * nz + pad };
}

/** Bytes of a field with that many components of that size. */
export const bytesOf = (layout: Layout, components: number, elementBytes: number): number =>
  layout.component * components * elementBytes;
