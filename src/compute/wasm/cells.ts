import { cellAt, type Edge } from "../grid.ts";
import type { Access, Graph, LocalArray, Node } from "../language/graph.ts";
import {
  type Expression,
  fillMemory,
  i32,
  type LaneMemoryOpcode,
  type Local,
  lane,
  laneMemory,
  lanes32,
  load,
  op,
  shuffle,
  splat,
  store,
} from "./assembler.ts";
import type { Layout } from "./layout.ts";
import { type Pen, quotient, widened } from "./operations.ts";

/** A row of a field that cells of the row at hand meet. */
interface Row {
  readonly access: Access;
  readonly bytes: number;
  readonly pointer: Local;
  /** All ones while the row is inside the grid, if it may leave it and is then zero. */
  readonly inside: Local | undefined;
}

/** An index as the edge rule maps it into the grid; `inside` is there if the rule asks for zeros. */
interface Mapped {
  readonly index: Expression;
  readonly inside?: Expression;
}

export interface Memory {
  readonly layout: Layout;
  /** Address of a field or table. */
  pointer(key: string): Expression;
  /** Address of what belongs to the thread alone. */
  readonly scratch: Expression;
  table(key: string): { readonly rows: number; readonly components: number };
}

const first = (vector: Expression): Expression => lane("i32x4.extract_lane", 0, vector);

/** Where a kernel is on the grid, and how it reaches memory from there. */
export class Cells {
  /** Indices of the first cell of the vector at hand. */
  readonly x: Local;
  readonly y: Local;
  readonly z: Local;
  /** The first index along x if it is known now, as it is at the ends of a row. */
  at: number | undefined;
  /** Bytes of local arrays. */
  scratchBytes = 0;
  /** Lanes, of 32 bits, that have rounds left in the loops at hand, if that differs between them. */
  active: Local | undefined;
  private readonly graph: Graph;
  private readonly pen: Pen;
  private readonly memory: Memory;
  private readonly arrays = new Map<LocalArray, number>();
  private readonly rows = new Map<string, Row>();
  /** Cells the row pointers are set back, so that no load has a negative offset. */
  private readonly back: number;

  /** @param nodes all that is used */
  constructor(graph: Graph, pen: Pen, memory: Memory, nodes: readonly Node[]) {
    this.graph = graph;
    this.pen = pen;
    this.memory = memory;
    [this.x, this.y, this.z] = [0, 1, 2].map(() => pen.run.local("i32"));
    this.back = Math.max(0, ...offsetsOf(nodes).map((offset) => -offset));
    for (const { array } of nodes)
      if (array && !this.arrays.has(array)) {
        this.arrays.set(array, this.scratchBytes);
        this.scratchBytes += 16 * array.length;
      }
    for (const node of nodes) if (node.access && isInRow(node.access)) this.rowOf(node);
  }

  private bytesOf(kind: Node["kind"]): 4 | 8 {
    return kind === "real" ? this.memory.layout.bytes : 4;
  }

  private componentOf({ access, kind }: Node): number {
    return access!.component * this.memory.layout.component * this.bytesOf(kind);
  }

  /** Indices and row pointers of a row. */
  enter(row: Expression): void {
    const { run } = this.pen;
    const { sweep } = this.graph;
    const [, ny, nz] = this.graph.grid.size;
    const across = sweep === 1 ? 1 : ny;
    run.set(this.y, across === 1 ? i32(0) : nz === 1 ? row : op("i32.rem_u", row, i32(across)));
    run.set(this.z, nz === 1 || sweep === 2 ? i32(0) : across === 1 ? row : op("i32.div_u", row, i32(across)));
    for (const entry of this.rows.values()) this.setPointer(entry);
  }

  clearArrays(): void {
    if (this.scratchBytes > 0) this.pen.run.emit(fillMemory(this.memory.scratch, i32(0), i32(this.scratchBytes)));
  }

  /** Indices along x of the cells at hand. */
  ownX(): Expression {
    return op("i32x4.add", op("i32x4.splat", this.at === undefined ? this.x : i32(this.at)), lanes32([0, 1, 2, 3]));
  }

  /** Lanes, of 32 bits, that are cells; undefined if all are. */
  present(): Expression | undefined {
    const [nx] = this.graph.grid.size;
    const { lanes } = this.pen;
    if (nx % lanes === 0 || (this.at !== undefined && this.at + lanes <= nx)) return undefined;
    return op("i32x4.lt_s", this.ownX(), splat("i32", nx));
  }

  /** The row of cells an access with fixed offsets meets. */
  private rowOf({ access, kind }: Node): Row {
    const { field, offset, edge } = access!;
    const rule = (axis: number) => (offset[axis] === 0 ? "" : `${offset[axis]}${edge[axis]}`);
    const key = `${field} ${rule(1)} ${rule(2)}`;
    let row = this.rows.get(key);
    if (!row) {
      const { run } = this.pen;
      const leaves = [1, 2].some((axis) => edge[axis] === "zero" && offset[axis] !== 0);
      const inside = leaves ? run.local("v128") : undefined;
      row = { access: access!, bytes: this.bytesOf(kind), pointer: run.local("i32"), inside };
      this.rows.set(key, row);
    }
    return row;
  }

  private setPointer({ access: { field, offset, edge }, bytes, pointer, inside }: Row): void {
    const { run } = this.pen;
    const { layout } = this.memory;
    let address = this.memory.pointer(field);
    let within: Expression | undefined;
    for (const axis of [1, 2]) {
      const own = axis === 1 ? this.y : this.z;
      let index: Expression = own;
      if (offset[axis] !== 0) {
        const moved = run.let("v128", op("i32x4.splat", op("i32.add", own, i32(offset[axis]))));
        const mapped = this.mapped(moved, edge[axis], this.graph.grid.size[axis]);
        index = first(mapped.index);
        if (mapped.inside) within = within ? op("v128.and", within, mapped.inside) : mapped.inside;
      }
      const stride = axis === 1 ? layout.row : layout.plane;
      address = op("i32.add", address, op("i32.mul", index, i32(stride * bytes)));
    }
    run.set(pointer, this.setBack(address, bytes));
    if (inside) run.set(inside, within!);
  }

  private setBack(address: Expression, bytes: number): Expression {
    return this.back === 0 ? address : op("i32.sub", address, i32(this.back * bytes));
  }

  /** Where a row begins.  What points before it may lie before all memory, and offsets do not wrap as sums do. */
  private rowStart(pointer: Expression, bytes: number): Expression {
    return this.back === 0 ? pointer : op("i32.add", pointer, i32(this.back * bytes));
  }

  private mapped(index: Local, edge: Edge, n: number): Mapped {
    const clamp = (value: Expression) =>
      op("i32x4.max_s", op("i32x4.min_s", value, splat("i32", n - 1)), splat("i32", 0));
    switch (edge) {
      case "clamped":
        return { index: clamp(index) };
      case "zero":
        return { index: clamp(index), inside: op("i32x4.lt_u", index, splat("i32", n)) };
      case "mirror": {
        const below = op("i32x4.lt_s", index, splat("i32", 0));
        const above = op("i32x4.ge_s", index, splat("i32", n));
        const low = op("v128.bitselect", op("i32x4.sub", splat("i32", -1), index), index, below);
        return { index: clamp(op("v128.bitselect", op("i32x4.sub", splat("i32", 2 * n - 1), index), low, above)) };
      }
      case "periodic": {
        const turns = quotient(this.pen, index, splat("i32", n), "f64x2.floor");
        return { index: op("i32x4.sub", index, op("i32x4.mul", turns, splat("i32", n))) };
      }
      default:
        return edge satisfies never;
    }
  }

  private loadVector(kind: Node["kind"], address: Expression, offset: number): Expression {
    return load(this.bytesOf(kind) * this.pen.lanes === 8 ? "v128.load64_zero" : "v128.load", address, offset);
  }

  private laneLoad(kind: Node["kind"]): LaneMemoryOpcode {
    return this.bytesOf(kind) === 8 ? "v128.load64_lane" : "v128.load32_lane";
  }

  /** One lane from each address. */
  private loadLanes(kind: Node["kind"], lanes: readonly { address: Expression; offset: number }[]): Expression {
    return lanes.reduce(
      (loaded, { address, offset }, l) => laneMemory(this.laneLoad(kind), address, loaded, l, offset),
      splat("i32", 0),
    );
  }

  /** Addresses of `start` moved by an int of each lane. */
  private addresses(start: Expression, offsets: Local): Expression[] {
    return Array.from({ length: this.pen.lanes }, (_, l) =>
      op("i32.add", start, lane("i32x4.extract_lane", l, offsets)),
    );
  }

  /** The value of a load. */
  load(node: Node): Expression {
    const base = this.componentOf(node);
    if (!isInRow(node.access!)) return this.gather(node, base);
    const { pointer, inside } = this.rowOf(node);
    const loaded = this.loadRow(node, pointer, base);
    return inside ? op("v128.and", loaded, inside) : loaded;
  }

  /** One vector of a row, displaced along x. */
  private loadRow(node: Node, pointer: Expression, base: number): Expression {
    const { offset, edge } = node.access!;
    const { lanes } = this.pen;
    const bytes = this.bytesOf(node.kind);
    const [nx] = this.graph.grid.size;
    if (this.at === undefined) {
      const moved = op("i32.add", pointer, op("i32.mul", this.x, i32(bytes)));
      return this.loadVector(node.kind, moved, base + (offset[0] + this.back) * bytes);
    }
    const from = this.at;
    const start = this.rowStart(pointer, bytes);
    const at = (cell: number) => base + cell * bytes;
    const sources = Array.from({ length: lanes }, (_, l) =>
      // What lies beyond the end of the row is never looked at.
      from + l >= nx ? undefined : cellAt(edge[0], from + l + offset[0], nx),
    );
    const wanted = sources.filter((s) => s !== undefined && s >= 0) as number[];
    if (wanted.length === 0) return splat("i32", 0);
    const last = this.memory.layout.row - lanes;
    const low = Math.min(Math.max(0, from + offset[0]), last);
    if (sources.every((s, l) => s === undefined || s === low + l)) return this.loadVector(node.kind, start, at(low));
    // Up to two vectors hold all sources, mostly.
    const windows = [Math.min(Math.min(...wanted), last)];
    const beyond = wanted.filter((s) => s >= windows[0] + lanes);
    if (beyond.length > 0) windows.push(Math.min(Math.min(...beyond), last));
    const within = (s: number) => windows.findIndex((w) => s >= w && s < w + lanes);
    let gathered: Expression;
    if (wanted.every((s) => within(s) >= 0)) {
      const perVector = 16 / bytes;
      const picks = sources.map((s) => (s === undefined || s < 0 ? 0 : within(s) * perVector + s - windows[within(s)]));
      while (picks.length < perVector) picks.push(0);
      const [a, b] = windows.map((w) => this.loadVector(node.kind, start, at(w)));
      gathered = shuffle(a, b ?? a, picks, bytes);
    } else
      gathered = this.loadLanes(
        node.kind,
        sources.map((s) => ({ address: start, offset: at(Math.max(s ?? 0, 0)) })),
      );
    if (!sources.includes(-1)) return gathered;
    const keep = Array.from({ length: 4 }, (_, word) => (sources[Math.floor((word * 4) / bytes)] === -1 ? 0 : -1));
    return op("v128.and", gathered, lanes32(keep));
  }

  /** A load by absolute indices, or from far away. */
  private gather(node: Node, base: number): Expression {
    const { pen } = this;
    const { run } = pen;
    const { field, offset, edge } = node.access!;
    const bytes = this.bytesOf(node.kind);
    const strides = [1, this.memory.layout.row, this.memory.layout.plane];
    const indices = this.indicesOf(node);
    const own = [this.x, this.y, this.z];
    const far = isFar(node.access!);
    let address = this.memory.pointer(field);
    const masks: Expression[] = [];
    // Axes whose index is one for the whole vector go into the address, the others into the lanes.
    let moved: Expression | undefined;
    for (const axis of [0, 1, 2]) {
      const index = indices[axis];
      const stride = strides[axis] * bytes;
      const apart = splat("i32", offset[axis]);
      const away =
        far && axis === 0
          ? op("i32x4.add", this.ownX(), apart)
          : offset[axis] !== 0 && axis !== 0
            ? op("i32x4.add", op("i32x4.splat", own[axis]), apart)
            : undefined;
      const place = index ? pen.vector(index) : away;
      if (place) {
        const mapped = this.mapped(run.let("v128", place), edge[axis], this.graph.grid.size[axis]);
        if (mapped.inside) masks.push(node.kind === "int" ? mapped.inside : widened(pen, mapped.inside));
        if (index ? index.varying : axis === 0) {
          const part = op("i32x4.mul", mapped.index, splat("i32", stride));
          moved = moved ? op("i32x4.add", moved, part) : part;
        } else address = op("i32.add", address, op("i32.mul", first(mapped.index), i32(stride)));
      } else if (axis !== 0) address = op("i32.add", address, op("i32.mul", own[axis], i32(stride)));
    }
    let loaded: Expression;
    if (moved) {
      if (!indices[0] && !far) moved = op("i32x4.add", moved, op("i32x4.mul", this.ownX(), splat("i32", bytes)));
      const offsets = run.let("v128", moved);
      const places = this.addresses(run.let("i32", address), offsets);
      loaded = this.loadLanes(
        node.kind,
        places.map((place) => ({ address: place, offset: base })),
      );
    } else if (indices[0]) loaded = load(bytes === 8 ? "v128.load64_splat" : "v128.load32_splat", address, base);
    else loaded = this.loadRow(node, run.let("i32", this.setBack(address, bytes)), base);
    return masks.reduce((masked, mask) => op("v128.and", masked, mask), loaded);
  }

  /** The indices that are given, by axis. */
  private indicesOf({ access, args }: Node): (Node | undefined)[] {
    let given = 0;
    return access!.absolute.map((is) => (is ? args[given++] : undefined));
  }

  /** One row of a table per lane. */
  lookup(node: Node): Expression {
    const { run } = this.pen;
    const { rows, components } = this.memory.table(node.table!);
    const bytes = this.bytesOf(node.kind);
    const [index] = node.args;
    const base = node.component! * bytes;
    const table = this.memory.pointer(node.table!);
    const row = this.mapped(run.let("v128", this.pen.vector(index)), "clamped", rows).index;
    const offsets = run.let("v128", op("i32x4.mul", row, splat("i32", components * bytes)));
    const places = this.addresses(table, offsets);
    if (!index.varying) return load(bytes === 8 ? "v128.load64_splat" : "v128.load32_splat", places[0], base);
    return this.loadLanes(
      node.kind,
      places.map((address) => ({ address, offset: base })),
    );
  }

  store(node: Node): void {
    const { run } = this.pen;
    const { field, absolute, edge } = node.access!;
    const bytes = this.bytesOf(node.kind);
    const base = this.componentOf(node);
    const indices = this.indicesOf(node);
    let pointer: Expression;
    const conditions: Expression[] = [];
    if (absolute.some(Boolean)) {
      let address = this.memory.pointer(field);
      for (const axis of [1, 2]) {
        const index = indices[axis];
        const stride = (axis === 1 ? this.memory.layout.row : this.memory.layout.plane) * bytes;
        if (index?.varying)
          this.graph.fail(`a store whose place differs from cell to cell, ${"xyz"[axis]} of "${field}"`);
        let at: Expression = axis === 1 ? this.y : this.z;
        if (index) {
          const mapped = this.mapped(run.let("v128", this.pen.vector(index)), edge[axis], this.graph.grid.size[axis]);
          at = first(mapped.index);
          if (mapped.inside) conditions.push(first(mapped.inside));
        }
        address = op("i32.add", address, op("i32.mul", at, i32(stride)));
      }
      pointer = run.let("i32", this.setBack(address, bytes));
    } else pointer = this.rowOf(node).pointer;
    const moved = op("i32.add", pointer, op("i32.mul", this.x, i32(bytes)));
    const address = this.at === undefined ? moved : this.rowStart(pointer, bytes);
    const offset = base + (this.at ?? this.back) * bytes;
    const last = this.pen.vector(node.args.at(-1)!);
    // What is stored under a condition must exist without it.
    const value = conditions.length > 0 ? run.let("v128", last) : last;
    const stored =
      bytes * this.pen.lanes === 8
        ? laneMemory("v128.store64_lane", address, value, 0, offset)
        : store("v128.store", address, value, offset);
    if (conditions.length === 0) run.emit(stored);
    else
      run.if(
        conditions.reduce((p, q) => op("i32.and", p, q)),
        () => run.emit(stored),
      );
  }

  /** An element of a local array: one vector register each. */
  private element(array: LocalArray, index: Node): { read: Expression; write: (value: Expression) => void } {
    const { run } = this.pen;
    const base = this.arrays.get(array)!;
    const bytes = this.bytesOf(array.kind);
    const clamped = this.mapped(run.let("v128", this.pen.vector(index)), "clamped", array.length).index;
    const offsets = run.let("v128", op("i32x4.shl", clamped, i32(4)));
    const places = this.addresses(this.memory.scratch, offsets);
    if (!index.varying)
      return {
        read: load("v128.load", places[0], base),
        write: (value) => run.emit(store("v128.store", places[0], value, base)),
      };
    const lanes = places.map((address, l) => ({ address, offset: base + l * bytes }));
    return {
      read: this.loadLanes(array.kind, lanes),
      write: (value) => {
        const name = bytes === 8 ? "v128.store64_lane" : "v128.store32_lane";
        for (const [l, { address, offset }] of lanes.entries()) run.emit(laneMemory(name, address, value, l, offset));
      },
    };
  }

  getElement({ args: [index], array }: Node): Expression {
    return this.element(array!, index).read;
  }

  setElement({ args: [index, value], array }: Node): void {
    const { run } = this.pen;
    const { read, write } = this.element(array!, index);
    let stored = run.let("v128", this.pen.vector(value));
    if (this.active) {
      const mask = array!.kind === "int" ? this.active : widened(this.pen, this.active);
      stored = run.let("v128", op("v128.bitselect", stored, read, mask));
    }
    write(stored);
  }
}

/** Cells along x up to which neighbours are read as vectors, and the ends of rows written out; further ones lane by lane. */
const FARTHEST = 64;

const isFar = ({ absolute, offset }: Access): boolean => !absolute[0] && Math.abs(offset[0]) > FARTHEST;

/** Whether all that is reached lies in one row, at a fixed distance. */
const isInRow = (access: Access): boolean => !access.absolute.some(Boolean) && !isFar(access);

/** Offsets along x of what is read as vectors. */
export const offsetsOf = (nodes: readonly Node[]): number[] =>
  nodes.flatMap(({ access }) => (access && !access.absolute[0] && !isFar(access) ? [access.offset[0]] : []));
