import type { Grid, Precision, Triple } from "../grid.ts";
import { type Formula, formulaIn } from "./formula.ts";
import {
  type Access,
  type Block,
  describe,
  Graph,
  inKernel,
  KernelError,
  type LocalArray,
  type Node,
  nameOf,
  type Reduction,
} from "./graph.ts";
import { type ElementType, vector } from "./types.ts";
import { usesOf } from "./uses.ts";
import {
  type Carried,
  Int,
  type IntLike,
  intNode,
  Matrix,
  mapLeaves,
  named,
  Real,
  type RealLike,
  realNode,
  type State,
  shapeOf,
  type Value,
  Vector,
} from "./values.ts";

export type ValueOf<T> = T extends ElementType<infer V> ? V : never;
type Types = Readonly<Record<string, ElementType>>;
type Reductions = Readonly<Record<string, Reduction>>;
/** A result may be a plain number. */
type Given<V> = V extends Real ? RealLike : V extends Int ? IntLike : V;

/** A cell by absolute indices; axes left out mean this cell's own. */
export interface Place {
  readonly x?: IntLike;
  readonly y?: IntLike;
  readonly z?: IntLike;
}

/** The value at this cell, and access to others. */
export type Input<V> = V & {
  /** The value that many cells away; beyond an open end, as the field's type says. */
  at(dx: number, dy?: number, dz?: number): V;
  /** The value at absolute indices. */
  get(place: Place): V;
};

/** A field that a kernel both reads and writes while it runs, at cells of its own column only. */
export interface Updated<V> {
  get(place?: Place): V;
  set(place: Place, value: Given<V>): void;
}

/** An array of constant length that lives while one cell (or column) is computed. */
export interface Local<V> {
  readonly length: number;
  get(index: IntLike): V;
  set(index: IntLike, value: V): void;
}

/** Where a kernel runs, and what it can use besides its inputs. */
export interface Here {
  /** Indices of this cell. */
  readonly index: {
    readonly x: Int;
    readonly y: Int;
    readonly z: Int;
    /** x + n_x (y + n_y z) */
    readonly linear: Int;
  };
  /** Cells along each axis. */
  readonly size: { readonly x: number; readonly y: number; readonly z: number };
  /** Edge lengths of a cell. */
  readonly cell: { readonly x: number; readonly y: number; readonly z: number };
  /** Centre of this cell; the grid begins at the origin. */
  readonly position: Vector;
  /** A number written as a value. */
  constant(value: number): Real;
  vector(x: RealLike, y: RealLike, z: RealLike): Vector;
  integer(value: number): Int;
  /** The unit matrix. */
  identity(): Matrix;
  /**
   * Repeats `round`; what it returns is the state of the next round, and after `count` rounds the result.
   * With a count that differs from cell to cell, finished cells keep their state.
   */
  loop<S>(count: IntLike, initial: S, round: (state: Carried<S>, i: Int) => NoInfer<Carried<S>>): NoInfer<Carried<S>>;
  array<V extends Value>(type: ElementType<V>, length: number): Local<V>;
  /** Formulas as text, with the inputs in scope.  See {@link Formula}. */
  readonly formula: Formula;
}

export interface Signature<R extends Types, U extends Types, W extends Types, M extends Reductions> {
  /** Fields, parameters or device scalars; which, is decided where the kernel is used. */
  readonly reads?: R;
  /** Fields read and written along a column. */
  readonly updates?: U;
  /** Fields, or device scalars, set to what the body returns under their name. */
  readonly writes?: W;
  /** Device scalars set to the sum, maximum or minimum over all cells of what the body returns under their name. */
  readonly reduces?: M;
  /** Runs once per column along this axis instead of once per cell; the index along it is then 0. */
  readonly sweep?: "y" | "z";
}

type Inputs<R extends Types, U extends Types> = { readonly [K in keyof R]: Input<ValueOf<R[K]>> } & {
  readonly [K in keyof U]: Updated<ValueOf<U[K]>>;
};
type Results<W extends Types, M extends Reductions> = { readonly [K in keyof W]: Given<ValueOf<W[K]>> } & {
  readonly [K in keyof M]: RealLike;
};

/** A computation written once, to run on every cell of any grid. */
export interface Kernel<
  R extends Types = Types,
  U extends Types = Types,
  W extends Types = Types,
  M extends Reductions = Reductions,
> {
  readonly name: string;
  readonly reads: R;
  readonly updates: U;
  readonly writes: W;
  readonly reduces: M;
  readonly sweep: 1 | 2 | undefined;
  readonly body: (inputs: never, here: Here) => Readonly<Record<string, unknown>>;
}

/**
 * Declares a kernel.  The body runs once per use, on symbols instead of numbers.
 * @throws {KernelError} when one name is used twice
 */
export function kernel<
  const R extends Types = Record<never, never>,
  const U extends Types = Record<never, never>,
  const W extends Types = Record<never, never>,
  const M extends Reductions = Record<never, never>,
>(
  name: string,
  { reads, updates, writes, reduces, sweep }: Signature<R, U, W, M>,
  body: (inputs: NoInfer<Inputs<R, U>>, here: Here) => NoInfer<Results<W, M>>,
): Kernel<R, U, W, M> {
  const names = [reads, updates, writes, reduces].flatMap((part) => Object.keys(part ?? {}));
  const twice = names.find((n, i) => names.indexOf(n) !== i);
  if (twice !== undefined) throw new KernelError(`kernel "${name}": "${twice}" is declared twice`);
  for (const [input, type] of Object.entries({ ...reads, ...updates, ...writes }))
    if (typeof type?.components !== "number")
      throw new KernelError(`kernel "${name}": "${input}" needs a type (real, int, vector, …), not ${String(type)}`);
  if (sweep !== undefined && sweep !== "y" && sweep !== "z")
    throw new KernelError(`kernel "${name}": it can sweep "y" or "z", not ${JSON.stringify(sweep)}`);
  for (const [result, reduction] of Object.entries(reduces ?? {}))
    if (!["sum", "max", "min"].includes(reduction))
      throw new KernelError(`kernel "${name}": "${result}" reduces by "sum", "max" or "min", not ${String(reduction)}`);
  return {
    name,
    reads: reads ?? ({} as R),
    updates: updates ?? ({} as U),
    writes: writes ?? ({} as W),
    reduces: reduces ?? ({} as M),
    sweep: sweep && (sweep === "y" ? 1 : 2),
    body: body as never,
  };
}

/** What stands behind a name of a kernel where it is used. */
export type Binding =
  /** A field, under the key that all names bound to the same field share. */
  | { readonly is: "field"; readonly field: string }
  /** The same for all cells: per component a number known when the kernel is compiled, or the key of a device scalar. */
  | { readonly is: "uniform"; readonly values: readonly (number | string)[] }
  /** One row of a table per region; `regions` is the key of an int field. */
  | { readonly is: "table"; readonly table: string; readonly regions: string };

/**
 * Runs the body of a kernel on symbols.
 * @param precision that of the arithmetic, or "exact" to keep elementary functions as they are
 * @throws {KernelError} naming the kernel and the expression, when types do not fit
 */
export function trace(
  kernel: Kernel,
  grid: Grid,
  precision: Precision | "exact",
  bindings: Readonly<Record<string, Binding>>,
): Graph {
  const graph: Graph = new Graph(kernel.name, grid, precision, kernel.sweep);
  const inputs: Record<string, unknown> = {};
  for (const [name, type] of Object.entries(kernel.reads)) inputs[name] = inputOf(graph, name, type, bindings[name]);
  for (const [name, type] of Object.entries(kernel.updates))
    inputs[name] = updatedOf(graph, name, type, bindings[name]);
  const results = inKernel(kernel.name, () => kernel.body(inputs as never, hereIn(graph, inputs)));
  for (const name of [...Object.keys(kernel.writes), ...Object.keys(kernel.reduces)])
    if (results?.[name] === undefined)
      graph.fail(`the body returns no "${name}"; it returns ${Object.keys(results ?? {}).join(", ") || "nothing"}`);
  for (const [name, type] of Object.entries(kernel.writes)) {
    const nodes = nodesOf(graph, name, type, results[name]);
    const binding = bindings[name];
    nodes.forEach((node, component) => {
      if (binding.is === "field")
        graph.statement("store", type.kind, [node], { access: access(graph, type, binding.field, component) });
      else graph.statement("assign", type.kind, [node], { slot: slotOf(graph, name, binding, component) });
    });
  }
  for (const [name, reduction] of Object.entries(kernel.reduces)) {
    const slot = slotOf(graph, name, bindings[name], 0);
    const value = results[name] as RealLike;
    if (typeof value !== "number" && !(value instanceof Real))
      graph.fail(`the ${reduction} "${name}" is over a real, not ${named(value)}`);
    graph.statement("reduce", "real", [realNode(graph, value)], { reduction, slot });
  }
  noRaces(graph, kernel, bindings);
  if (precision === "f32") inRange(graph);
  return graph;
}

function slotOf(graph: Graph, name: string, binding: Binding, component: number): string {
  const slot = binding.is === "uniform" ? binding.values[component] : undefined;
  if (typeof slot !== "string") graph.fail(`"${name}" is written and must be a field or a device scalar`);
  return slot;
}

/** Numbers that are folded are folded in double precision; what is left of them must exist in single. */
function inRange(graph: Graph): void {
  for (const { op, kind, value } of usesOf(graph.cell).keys()) {
    if (op !== "constant" || kind !== "real" || !Number.isFinite(value) || value === 0) continue;
    const rounded = Math.fround(value!);
    if (rounded === 0 || !Number.isFinite(rounded))
      graph.fail(`the number ${value} is beyond single precision (10^±38); scale it, or compute in double precision`);
  }
}

/** Cells run in any order and at once: what one writes no other may read. */
function noRaces(graph: Graph, { updates }: Kernel, bindings: Readonly<Record<string, Binding>>): void {
  const keyOf = (name: string) => (bindings[name].is === "field" ? bindings[name].field : undefined);
  const updated = new Set(Object.keys(updates).map(keyOf));
  const written = new Set<string>();
  const collect = (block: Block): void => {
    for (const { op, access, loop } of block.statements) {
      if (op === "store") written.add(access!.field);
      if (loop) collect(loop.body);
    }
  };
  collect(graph.cell);
  for (const node of graph.nodes()) {
    if (node.op !== "load") continue;
    const { field, offset, absolute } = node.access!;
    if (updated.has(field)) graph.fail(`it updates the field "${nameOf(field)}" and reads it under another name too`);
    if (written.has(field) && (offset.some((o) => o !== 0) || absolute.some(Boolean)))
      graph.fail(
        `it writes the field "${nameOf(field)}" and reads other cells of it, ${describe(node)}; write into another field`,
      );
  }
}

function nodesOf(graph: Graph, name: string, type: ElementType, value: unknown): Node[] {
  if (typeof value === "number") {
    if (type.name === "real") return [graph.constant(value)];
    if (type.name === "int") return [intNode(graph, value)];
  }
  if (!type.is(value)) graph.fail(`"${name}" is declared ${type.name}, but the body returns ${named(value)}`);
  return type.nodes(value);
}

/** The index of this cell along an axis. */
function indexOf(graph: Graph, axis: number): Int {
  const only = graph.sweep === axis || graph.grid.size[axis] === 1;
  return new Int(only ? graph.constant(0, "int") : graph.node("index", "int", [], { axis }));
}

const HERE: Triple<number> = [0, 0, 0];
const RELATIVE: Triple<boolean> = [false, false, false];

function access(
  { grid }: Graph,
  { edge }: ElementType,
  field: string,
  component: number,
  offset = HERE,
  absolute = RELATIVE,
): Access {
  const edges = grid.periodic.map((wraps) => (wraps ? "periodic" : edge)) as unknown as Access["edge"];
  // On an axis of one cell all rules but "zero" lead back to it.
  const reduced = offset.map((o, axis) => (grid.size[axis] === 1 && edges[axis] !== "zero" ? 0 : o));
  return { field, component, offset: reduced as unknown as Triple<number>, absolute, edge: edges };
}

/** Loads by absolute indices, or statements that do, with the indices given as leading arguments. */
function placed(graph: Graph, { x, y, z }: Place): { indices: Node[]; absolute: Triple<boolean> } {
  const given = [x, y, z];
  return {
    indices: given.filter((i) => i !== undefined).map((i) => intNode(graph, i)),
    absolute: given.map((i) => i !== undefined) as unknown as Triple<boolean>,
  };
}

function inputOf(graph: Graph, name: string, type: ElementType, binding: Binding): Input<Value> {
  const each = (node: (component: number) => Node) =>
    type.of(Array.from({ length: type.components }, (_, c) => node(c)));
  const load = (field: string, offset: Triple<number>, place: Place) => {
    const { indices, absolute } = placed(graph, place);
    return each((c) =>
      graph.node("load", type.kind, indices, { access: access(graph, type, field, c, offset, absolute) }),
    );
  };
  let at: (offset: Triple<number>, place: Place) => Value;
  switch (binding.is) {
    case "field":
      at = (offset, place) => load(binding.field, offset, place);
      break;
    case "uniform":
      at = () =>
        each((c) => {
          const value = binding.values[c];
          return typeof value === "number"
            ? graph.constant(value, type.kind)
            : graph.node("uniform", type.kind, [], { slot: value });
        });
      break;
    case "table":
      at = (offset, place) => {
        const { indices, absolute } = placed(graph, place);
        const edge = { ...type, edge: type.edge === "zero" ? "clamped" : type.edge } as ElementType;
        const region = graph.node("load", "int", indices, {
          access: access(graph, edge, binding.regions, 0, offset, absolute),
        });
        return each((c) => graph.node("lookup", type.kind, [region], { table: binding.table, component: c }));
      };
      break;
    default:
      return binding satisfies never;
  }
  const whole = (d: number | undefined): number => {
    if (d !== undefined && !Number.isInteger(d)) graph.fail(`"${name}" is read ${d} cells away; offsets are whole`);
    return d ?? 0;
  };
  return Object.assign(at(HERE, {}), {
    at: (dx: number, dy?: number, dz?: number) => {
      const offset: Triple<number> = [whole(dx), whole(dy), whole(dz)];
      if (graph.sweep !== undefined && offset[graph.sweep] !== 0)
        graph.fail(`"${name}" is read ${offset} away, but the kernel sweeps ${"xyz"[graph.sweep]}; use get`);
      return at(offset, {});
    },
    get: (place: Place) => at(HERE, place),
  });
}

function updatedOf(graph: Graph, name: string, type: ElementType, binding: Binding): Updated<Value> {
  if (binding.is !== "field") graph.fail(`"${name}" is updated and must be a field`);
  const own = ({ x, y, z }: Place) => {
    [x, y, z].forEach((index, axis) => {
      if (index !== undefined && axis !== graph.sweep)
        graph.fail(
          `"${name}" is updated, and so can be used at cells of the own column only, not at another ${"xyz"[axis]}`,
        );
    });
  };
  const each = (c: number, place: Place) => {
    own(place);
    const { indices, absolute } = placed(graph, place);
    return { indices, attributes: { access: access(graph, type, binding.field, c, HERE, absolute) } };
  };
  return {
    get: (place = {}) =>
      type.of(
        Array.from({ length: type.components }, (_, c) => {
          const { indices, attributes } = each(c, place);
          return graph.statement("load", type.kind, indices, attributes);
        }),
      ),
    set: (place, value) => {
      nodesOf(graph, name, type, value).forEach((node, c) => {
        const { indices, attributes } = each(c, place);
        graph.statement("store", type.kind, [...indices, node], attributes);
      });
    },
  };
}

function localIn<V extends Value>(graph: Graph, type: ElementType<V>, length: number): Local<V> {
  if (!Number.isInteger(length) || length < 1) graph.fail(`a local array has a positive whole length, not ${length}`);
  const parts: LocalArray[] = Array.from({ length: type.components }, () => graph.array(type.kind, length));
  return {
    length,
    get: (index) =>
      type.of(parts.map((array) => graph.statement("get", array.kind, [intNode(graph, index)], { array }))),
    set: (index, value) => {
      const nodes = nodesOf(graph, "array element", type, value);
      parts.forEach((array, c) => {
        graph.statement("set", array.kind, [intNode(graph, index), nodes[c]], { array });
      });
    },
  };
}

function hereIn(graph: Graph, inputs: Readonly<Record<string, unknown>>): Here {
  const [nx, ny, nz] = graph.grid.size;
  const [dx, dy, dz] = graph.grid.cell;
  const index = (axis: number) => indexOf(graph, axis);
  const centre = (axis: number) => index(axis).toReal().add(0.5).mul(graph.grid.cell[axis]);
  return {
    index: {
      x: index(0),
      y: index(1),
      z: index(2),
      linear: index(2).mul(ny).add(index(1)).mul(nx).add(index(0)),
    },
    size: { x: nx, y: ny, z: nz },
    cell: { x: dx, y: dy, z: dz },
    position: new Vector(centre(0), centre(1), centre(2)),
    constant: (value) => new Real(graph.constant(value)),
    vector: (...parts) => {
      const [x, y, z] = parts.map((part) => new Real(realNode(graph, part)));
      return new Vector(x, y, z);
    },
    integer: (value) => new Int(intNode(graph, value)),
    identity: () => {
      const row = (axis: number) => vector.of([0, 1, 2].map((i) => graph.constant(i === axis ? 1 : 0)));
      return new Matrix(row(0), row(1), row(2));
    },
    loop: ((count: IntLike, initial: State, round: (state: State, i: Int) => State) => {
      const before: Node[] = [];
      const state = mapLeaves(graph, initial, (node) => {
        before.push(node);
        return node;
      });
      const restored = (nodes: readonly Node[]) => {
        let i = 0;
        return mapLeaves(graph, state, () => nodes[i++]);
      };
      const after = graph.loop(intNode(graph, count), before, (nodes, counter) => {
        const next: Node[] = [];
        const made = round(restored(nodes), new Int(counter));
        if (shapeOf(made) !== shapeOf(state))
          graph.fail(`a loop must return the state it was given, ${shapeOf(state)}, not ${shapeOf(made)}`);
        mapLeaves(graph, made, (node) => {
          next.push(node);
          return node;
        });
        return next;
      });
      return restored(after);
    }) as Here["loop"],
    array: (type, length) => localIn(graph, type, length),
    formula: formulaIn(graph, inputs),
  };
}
