import { solveDense } from "../algebra/dense.ts";
import { type Fit, fitCurve } from "./fit.ts";

/**
 * A resonance line over the field, as experimenters fit it:
 *
 *   y = offset + [symmetric Δ² + antisymmetric Δ (B − B₀)]/[(B − B₀)² + Δ²],
 *
 * with B₀ the resonance field and Δ, `linewidth`, half the full width at half maximum; peak to peak of the derivative it is 2Δ/√3.
 */
export type ResonanceLine = Fit<"resonanceField" | "linewidth" | "symmetric" | "antisymmetric" | "offset">;

/** Value and standard uncertainty of what is read from fits. */
export interface Estimate {
  readonly value: number;
  readonly uncertainty: number;
}

type Shape = "line" | "derivative";

/** Symmetric and antisymmetric part of a line, or of its derivative by the field. */
function shapes(kind: Shape, B: number, B0: number, width: number): readonly [number, number] {
  const x = (B - B0) / width;
  const q = 1 / (x * x + 1);
  return kind === "line" ? [q, x * q] : [(-2 * x * q * q) / width, ((1 - x * x) * q * q) / width];
}

export interface LineOptions {
  /** What is fitted, for messages. */
  readonly what: string;
  /** B [T], at least six of them. */
  readonly fields: readonly number[];
  readonly values: readonly number[];
  /** Unit of the values. */
  readonly unit: string;
  /** The values are the derivative of the line by the field, as field modulation shows it; then `unit` is that of the line itself. */
  readonly derivative?: boolean;
}

/** @throws FitError when there is no line in these fields */
export function fitResonanceLine({ what, fields, values, unit, derivative = false }: LineOptions): ResonanceLine {
  const kind = derivative ? "derivative" : "line";
  const start = nearestLine(kind, fields, values);
  const height = Math.max(...values.map(Math.abs)) * (derivative ? start.linewidth : 1);
  return fitCurve({
    what,
    x: fields,
    y: values,
    parameters: {
      resonanceField: { start: start.resonanceField, scale: start.linewidth, unit: "T" },
      linewidth: { start: start.linewidth, unit: "T", min: 0 },
      symmetric: { start: start.symmetric, scale: height, unit },
      antisymmetric: { start: start.antisymmetric, scale: height, unit },
      offset: {
        start: start.offset,
        scale: Math.max(...values.map(Math.abs)),
        unit: derivative ? `${unit}/T` : unit,
      },
    },
    model: (B, { resonanceField, linewidth, symmetric, antisymmetric, offset }) => {
      const [even, odd] = shapes(kind, B, resonanceField, linewidth);
      return offset + symmetric * even + antisymmetric * odd;
    },
  });
}

/** Centres and widths that are tried for a start, over the range of the fields. */
const CENTRES = 60;
const WIDTHS = 14;

/** For every centre and width of a grid the other three numbers follow by linear least squares; the best of all. */
function nearestLine(kind: Shape, fields: readonly number[], values: readonly number[]) {
  const [low, high] = [Math.min(...fields), Math.max(...fields)];
  const step = (high - low) / fields.length;
  let best = {
    squares: Number.POSITIVE_INFINITY,
    resonanceField: (low + high) / 2,
    linewidth: step,
    symmetric: 0,
    antisymmetric: 0,
    offset: 0,
  };
  for (let i = 0; i <= CENTRES; i++) {
    const resonanceField = low + ((high - low) * i) / CENTRES;
    for (let k = 0; k < WIDTHS; k++) {
      // From half the distance of two points to the whole range.
      const linewidth = (step / 2) * (2 * fields.length) ** (k / (WIDTHS - 1));
      const rows = fields.map((B) => [...shapes(kind, B, resonanceField, linewidth), 1]);
      const solved = leastSquares(rows, values);
      if (!solved) continue;
      const squares = rows.reduce(
        (sum, row, j) => sum + (values[j] - row.reduce((y, x, c) => y + x * solved[c], 0)) ** 2,
        0,
      );
      if (squares >= best.squares) continue;
      const [symmetric, antisymmetric, offset] = solved;
      best = { squares, resonanceField, linewidth, symmetric, antisymmetric, offset };
    }
  }
  return best;
}

function leastSquares(rows: readonly (readonly number[])[], values: readonly number[]): Float64Array | undefined {
  const n = rows[0].length;
  const normal = new Float64Array(n * n);
  const right = new Float64Array(n);
  for (const [j, row] of rows.entries()) {
    for (let r = 0; r < n; r++) {
      right[r] += row[r] * values[j];
      for (let c = 0; c < n; c++) normal[r * n + c] += row[r] * row[c];
    }
  }
  try {
    solveDense(normal, right, n);
  } catch {
    return undefined;
  }
  return right;
}
