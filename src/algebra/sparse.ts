/**
 * Direct solution of small sparse systems whose pattern stays while their numbers change, as in circuit simulators: the
 * pivot order, the fill and the list of operations are found once; every later factorisation replays the list.
 */

/** A column could not be eliminated: the unknown `column` is undetermined. */
export class SingularMatrixError extends Error {
  override name = "SingularMatrixError";
  readonly column: number;

  constructor(column: number) {
    super(`unknown ${column} is undetermined: its column vanishes in the elimination`);
    this.column = column;
  }
}

/** A pivot below this fraction of the largest entry its row had is round-off of the elimination: 64 ulp. */
const VANISHING = 64 * Number.EPSILON;
/** Threshold pivoting: a candidate must reach this share of its column's largest entry (Duff, Erisman, Reid 1986). */
const PIVOT_SHARE = 0.1;
/** A pivot that has shrunk by this factor since the plan was made calls for a new plan. */
const PIVOT_DECAY = 1e-3;

/** Sparse matrix of fixed pattern with an LU factorisation that is planned once and replayed. */
export class SparseMatrix {
  readonly size: number;
  /** Entries in the order of their slots; set or add through {@link slot}. */
  readonly values: Float64Array;
  private readonly rows: Int32Array;
  private readonly columns: Int32Array;
  private plan: Plan | undefined;
  private readonly solution: Float64Array;

  private constructor(size: number, rows: Int32Array, columns: Int32Array) {
    this.size = size;
    this.rows = rows;
    this.columns = columns;
    this.values = new Float64Array(rows.length);
    this.solution = new Float64Array(size);
  }

  /**
   * @param size number of unknowns
   * @param entries (row, column) pairs, repeated ones share a slot
   * @returns the matrix and, for every pair, the slot of `values` it owns
   */
  static fromPattern(
    size: number,
    entries: Iterable<readonly [number, number]>,
  ): { matrix: SparseMatrix; slots: Int32Array } {
    const slotOf = new Map<number, number>();
    const slots: number[] = [];
    for (const [row, column] of entries) {
      const key = row * size + column;
      let slot = slotOf.get(key);
      if (slot === undefined) {
        slot = slotOf.size;
        slotOf.set(key, slot);
      }
      slots.push(slot);
    }
    const keys = [...slotOf.keys()];
    const rows = Int32Array.from(keys, (key) => Math.floor(key / size));
    const columns = Int32Array.from(keys, (key) => key % size);
    return { matrix: new SparseMatrix(size, rows, columns), slots: Int32Array.from(slots) };
  }

  /** Number of entries the factors hold, fill included; 0 before the first factorisation. */
  get factorEntries(): number {
    return this.plan?.work.length ?? 0;
  }

  /** Factorises the present values.  Throws {@link SingularMatrixError}. */
  factorize(): void {
    if (this.plan?.replay(this.values)) return;
    this.plan = planElimination(this.size, this.rows, this.columns, this.values);
    this.plan.replay(this.values);
  }

  /** Overwrites `b` with A⁻¹ b. */
  solve(b: Float64Array): void {
    this.plan!.solve(b, this.solution);
  }

  /** r − A x, into r. */
  subtractProduct(x: Float64Array, r: Float64Array): void {
    for (let e = 0; e < this.values.length; e++) r[this.rows[e]] -= this.values[e] * x[this.columns[e]];
  }

  /** The full matrix, row by row. */
  toDense(): Float64Array {
    const dense = new Float64Array(this.size * this.size);
    for (let e = 0; e < this.values.length; e++) dense[this.rows[e] * this.size + this.columns[e]] += this.values[e];
    return dense;
  }
}

/**
 * The elimination as flat lists.  Stage k divides the entries below its pivot and subtracts outer products; all index work
 * has been done beforehand.
 */
class Plan {
  readonly work: Float64Array;
  private readonly size: number;
  private readonly fromSlot: Int32Array;
  private readonly pivotRow: Int32Array;
  private readonly pivotColumn: Int32Array;
  private readonly pivotAt: Int32Array;
  /** Stage k's lower entries are lowerStart[k]..lowerStart[k+1]: their place and their row. */
  private readonly lowerStart: Int32Array;
  private readonly lowerAt: Int32Array;
  private readonly lowerRow: Int32Array;
  /** Stage k's upper entries: their place and their column. */
  private readonly upperStart: Int32Array;
  private readonly upperAt: Int32Array;
  private readonly upperColumn: Int32Array;
  /** For stage k, lower × upper targets in row-major order. */
  private readonly targets: Int32Array;
  private readonly rowOf: Int32Array;
  private readonly rowScale: Float64Array;
  /** Smallest pivot of each stage, as a share of its row's largest entry, for which this order is still trusted. */
  private readonly leastPivot: Float64Array;

  constructor(parts: {
    size: number;
    entries: number;
    fromSlot: Int32Array;
    rowOf: Int32Array;
    pivotRow: number[];
    pivotColumn: number[];
    pivotAt: number[];
    pivotShare: number[];
    lower: { at: number; row: number }[][];
    upper: { at: number; column: number }[][];
    targets: number[];
  }) {
    this.size = parts.size;
    this.work = new Float64Array(parts.entries);
    this.fromSlot = parts.fromSlot;
    this.rowOf = parts.rowOf;
    this.pivotRow = Int32Array.from(parts.pivotRow);
    this.pivotColumn = Int32Array.from(parts.pivotColumn);
    this.pivotAt = Int32Array.from(parts.pivotAt);
    this.lowerStart = starts(parts.lower);
    this.lowerAt = Int32Array.from(parts.lower.flat(), (l) => l.at);
    this.lowerRow = Int32Array.from(parts.lower.flat(), (l) => l.row);
    this.upperStart = starts(parts.upper);
    this.upperAt = Int32Array.from(parts.upper.flat(), (u) => u.at);
    this.upperColumn = Int32Array.from(parts.upper.flat(), (u) => u.column);
    this.targets = Int32Array.from(parts.targets);
    this.rowScale = new Float64Array(parts.size);
    this.leastPivot = Float64Array.from(parts.pivotShare, (share) => Math.max(VANISHING, PIVOT_DECAY * share));
  }

  /** Returns false when a pivot has become too small for this order of elimination; true for the values planned with. */
  replay(values: Float64Array): boolean {
    const { work, fromSlot, rowOf, rowScale, lowerStart, lowerAt, upperStart, upperAt, targets } = this;
    work.fill(0);
    rowScale.fill(0);
    for (let s = 0; s < values.length; s++) {
      work[fromSlot[s]] = values[s];
      const size = Math.abs(values[s]);
      if (size > rowScale[rowOf[s]]) rowScale[rowOf[s]] = size;
    }
    let t = 0;
    for (let k = 0; k < this.size; k++) {
      const pivot = work[this.pivotAt[k]];
      if (!(Math.abs(pivot) > this.leastPivot[k] * rowScale[this.pivotRow[k]])) return false;
      const u0 = upperStart[k];
      const u1 = upperStart[k + 1];
      for (let l = lowerStart[k]; l < lowerStart[k + 1]; l++) {
        const factor = work[lowerAt[l]] / pivot;
        work[lowerAt[l]] = factor;
        for (let u = u0; u < u1; u++) work[targets[t++]] -= factor * work[upperAt[u]];
      }
    }
    return true;
  }

  solve(b: Float64Array, x: Float64Array): void {
    const { work, lowerStart, lowerAt, lowerRow, upperStart, upperAt, upperColumn, pivotRow, pivotColumn, pivotAt } =
      this;
    for (let k = 0; k < this.size; k++) {
      const y = b[pivotRow[k]];
      if (y === 0) continue;
      for (let l = lowerStart[k]; l < lowerStart[k + 1]; l++) b[lowerRow[l]] -= work[lowerAt[l]] * y;
    }
    for (let k = this.size - 1; k >= 0; k--) {
      let y = b[pivotRow[k]];
      for (let u = upperStart[k]; u < upperStart[k + 1]; u++) y -= work[upperAt[u]] * x[upperColumn[u]];
      x[pivotColumn[k]] = y / work[pivotAt[k]];
    }
    b.set(x);
  }
}

/** Chooses pivots by lowest Markowitz cost among those large enough in their column, eliminating the given values. */
function planElimination(size: number, rows: Int32Array, columns: Int32Array, values: Float64Array): Plan {
  const place: Map<number, number>[] = Array.from({ length: size }, () => new Map());
  const inColumn: Set<number>[] = Array.from({ length: size }, () => new Set());
  const work: number[] = [];
  const rowScale = new Float64Array(size);
  for (let s = 0; s < values.length; s++) {
    place[rows[s]].set(columns[s], s);
    inColumn[columns[s]].add(rows[s]);
    work.push(values[s]);
    rowScale[rows[s]] = Math.max(rowScale[rows[s]], Math.abs(values[s]));
  }
  const openColumns = new Set(Array.from({ length: size }, (_, c) => c));
  const pivotRow: number[] = [];
  const pivotColumn: number[] = [];
  const pivotAt: number[] = [];
  const pivotShare: number[] = [];
  const lower: { at: number; row: number }[][] = [];
  const upper: { at: number; column: number }[][] = [];
  const targets: number[] = [];

  for (let k = 0; k < size; k++) {
    const { row, column } = choosePivot(openColumns, inColumn, place, work, rowScale);
    const at = place[row].get(column)!;
    openColumns.delete(column);
    inColumn[column].delete(row);
    const below = [...inColumn[column]].map((r) => ({ at: place[r].get(column)!, row: r }));
    const right = [...place[row]]
      .filter(([c]) => c !== column && openColumns.has(c))
      .map(([c, at]) => ({ at, column: c }));
    for (const { column: c } of right) inColumn[c].delete(row);
    for (const l of below) {
      const factor = work[l.at] / work[at];
      work[l.at] = factor;
      for (const u of right) {
        let target = place[l.row].get(u.column);
        if (target === undefined) {
          target = work.push(0) - 1;
          place[l.row].set(u.column, target);
          inColumn[u.column].add(l.row);
        }
        targets.push(target);
        work[target] -= factor * work[u.at];
      }
    }
    pivotRow.push(row);
    pivotColumn.push(column);
    pivotAt.push(at);
    pivotShare.push(Math.abs(work[at]) / rowScale[row]);
    lower.push(below);
    upper.push(right);
  }
  const fromSlot = Int32Array.from(values, (_, s) => s);
  return new Plan({
    size,
    entries: work.length,
    fromSlot,
    rowOf: rows,
    pivotRow,
    pivotColumn,
    pivotAt,
    pivotShare,
    lower,
    upper,
    targets,
  });
}

function choosePivot(
  openColumns: Set<number>,
  inColumn: Set<number>[],
  place: Map<number, number>[],
  work: number[],
  rowScale: Float64Array,
): { row: number; column: number } {
  let best: { row: number; column: number } | undefined;
  let bestCost = Number.POSITIVE_INFINITY;
  let bestSize = 0;
  for (const column of openColumns) {
    if (best && inColumn[column].size - 1 > bestCost) continue;
    let largest = 0;
    let vanishing = true;
    for (const row of inColumn[column]) {
      const size = Math.abs(work[place[row].get(column)!]);
      largest = Math.max(largest, size);
      if (size > VANISHING * rowScale[row]) vanishing = false;
    }
    if (vanishing) throw new SingularMatrixError(column);
    for (const row of inColumn[column]) {
      const size = Math.abs(work[place[row].get(column)!]);
      if (size < PIVOT_SHARE * largest || !(size > VANISHING * rowScale[row])) continue;
      let open = 0;
      for (const c of place[row].keys()) if (openColumns.has(c)) open++;
      const cost = (open - 1) * (inColumn[column].size - 1);
      if (cost < bestCost || (cost === bestCost && size > bestSize)) {
        best = { row, column };
        bestCost = cost;
        bestSize = size;
      }
    }
  }
  return best!;
}

function starts(lists: readonly unknown[][]): Int32Array {
  const start = new Int32Array(lists.length + 1);
  for (const [k, list] of lists.entries()) start[k + 1] = start[k] + list.length;
  return start;
}
