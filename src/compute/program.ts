import type { Convolution, Field, Scalar, Table } from "./backend.ts";
import type { Grid, Precision } from "./grid.ts";
import { grid as makeGrid } from "./grid.ts";
import type { Graph } from "./language/graph.ts";
import { type Binding, type Kernel, trace, type ValueOf } from "./language/kernel.ts";
import type { ElementType } from "./language/types.ts";
import type { Value } from "./language/values.ts";

export class ProgramError extends Error {
  override name = "ProgramError";
}

/** A parameter that has one value per region. */
export interface ByRegion<V extends Value = Value> {
  readonly regions: Field;
  readonly table: Table<V>;
}

/** @param regions an int field with the row of `table` that holds for each cell */
export const byRegion = <V extends Value>(regions: Field, table: Table<V>): ByRegion<V> => ({ regions, table });

/** What may stand behind a name a kernel reads. */
export type Source<V extends Value> = Field<V> | ByRegion<V> | Scalar | number | readonly (number | Scalar)[];
export type Target<V extends Value> = Field<V> | Scalar | readonly Scalar[];

export type Arguments<K extends Kernel> = {
  readonly [N in keyof K["reads"]]: Source<ValueOf<K["reads"][N]>>;
} & { readonly [N in keyof K["updates"]]: Field<ValueOf<K["updates"][N]>> } & {
  readonly [N in keyof K["writes"]]: Target<ValueOf<K["writes"][N]>>;
} & { readonly [N in keyof K["reduces"]]: Scalar };

/** One use of a kernel. */
export interface KernelStep {
  readonly do: "kernel";
  readonly kernel: Kernel;
  readonly grid: Grid;
  readonly bindings: Readonly<Record<string, Binding>>;
  /** What the keys in the bindings stand for. */
  readonly fields: ReadonlyMap<string, Field>;
  readonly scalars: ReadonlyMap<string, Scalar>;
  readonly tables: ReadonlyMap<string, Table>;
  /** Whether only scalars are involved. */
  readonly scalarOnly: boolean;
}

export type Step =
  | KernelStep
  | { readonly do: "convolve"; readonly convolution: Convolution; readonly source: Field; readonly target: Field }
  | { readonly do: "copy"; readonly source: Field; readonly target: Field }
  | { readonly do: "repeat"; readonly count: number | Scalar; readonly body: readonly Step[] }
  | { readonly do: "while"; readonly condition: Scalar; readonly limit: number; readonly body: readonly Step[] }
  | {
      readonly do: "when";
      readonly condition: Scalar;
      readonly body: readonly Step[];
      readonly otherwise: readonly Step[];
    };

/** Kernels, convolutions and loops over them, to run on the device without coming back in between. */
export interface Program {
  readonly name: string;
  readonly steps: readonly Step[];
}

const SCALARS = makeGrid([1, 1, 1]);

/** Writes down the steps of a program. */
export class ProgramBuilder {
  private steps: Step[] = [];
  private readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  private fail(message: string): never {
    throw new ProgramError(`program "${this.name}": ${message}`);
  }

  /**
   * Runs a kernel on every cell of the grid its fields have, or once, if all it is given are scalars and numbers.
   * @throws {ProgramError} naming the kernel and the argument
   */
  run<K extends Kernel>(kernel: K, given: Arguments<K>): this {
    const what = `kernel "${kernel.name}"`;
    const fields = new Map<string, Field>();
    const scalars = new Map<string, Scalar>();
    const tables = new Map<string, Table>();
    const bindings: Record<string, Binding> = {};
    const { reads, updates, writes, reduces } = kernel;
    const types: Record<string, ElementType | undefined> = { ...reads, ...updates, ...writes };
    for (const name of Object.keys(given))
      if (!(name in types || name in reduces))
        this.fail(`${what} has no "${name}"; it has ${[...Object.keys(types), ...Object.keys(reduces)].join(", ")}`);
    const field = (name: string, f: Field, type: ElementType) => {
      if (f.type.name !== type.name)
        this.fail(`${what} takes a ${type.name} field as "${name}", not the ${f.type.name} field "${f.name}"`);
      fields.set(f.key, f);
      return f.key;
    };
    for (const name of [...Object.keys(types), ...Object.keys(reduces)]) {
      const argument = (given as Readonly<Record<string, Source<Value> | undefined>>)[name];
      const type = types[name];
      if (argument === undefined) this.fail(`${what} needs "${name}"`);
      if (isField(argument) && type) {
        bindings[name] = { is: "field", field: field(name, argument, type) };
        continue;
      }
      if (isByRegion(argument) && type) {
        if (!(name in reads)) this.fail(`${what} writes "${name}", which cannot be given by region`);
        if (argument.regions.type.name !== "int") this.fail(`the regions of "${name}" in ${what} must be an int field`);
        if (argument.table.type.name !== type.name)
          this.fail(`${what} takes a ${type.name} as "${name}", not a table of ${argument.table.type.name}`);
        fields.set(argument.regions.key, argument.regions);
        tables.set(argument.table.key, argument.table);
        bindings[name] = { is: "table", table: argument.table.key, regions: argument.regions.key };
        continue;
      }
      const parts = (Array.isArray(argument) ? argument : [argument]) as readonly (number | Scalar)[];
      if (name in updates) this.fail(`${what} updates "${name}", which must be a field`);
      const kind = type?.kind ?? "real";
      const count = type?.components ?? 1;
      if (parts.length !== count) this.fail(`"${name}" of ${what} has ${count} components, not ${parts.length}`);
      bindings[name] = {
        is: "uniform",
        values: parts.map((part) => {
          if (typeof part === "number") {
            if (!(name in reads)) this.fail(`${what} writes "${name}", which must be a field or a device scalar`);
            if (Number.isNaN(part)) this.fail(`"${name}" of ${what} is not a number`);
            if (kind === "int" && (part | 0) !== part)
              this.fail(`"${name}" of ${what} is a whole number of 32 bits, not ${part}`);
            return part;
          }
          if (!isScalar(part)) this.fail(`${what} cannot take ${described(part)} as "${name}"`);
          if (part.kind !== kind)
            this.fail(`"${name}" of ${what} is ${kind}, but the scalar "${part.name}" ${part.kind}`);
          scalars.set(part.key, part);
          return part.key;
        }),
      };
    }
    this.separate(what, bindings, [...Object.keys(updates), ...Object.keys(writes), ...Object.keys(reduces)]);
    const [first, ...rest] = fields.values();
    for (const other of rest)
      if (!sameGrid(first.grid, other.grid))
        this.fail(
          `${what} runs on one grid, but "${first.name}" has ${gridText(first.grid)} and "${other.name}" ${gridText(other.grid)}`,
        );
    const scalarWrites = Object.keys(writes).find((name) => bindings[name].is === "uniform");
    if (first && scalarWrites !== undefined)
      this.fail(`${what} runs on a grid, where each cell would write the scalar "${scalarWrites}"; reduce instead`);
    if (!first && Object.keys(reduces).length > 0)
      this.fail(`${what} reduces over cells, but is given no field, so there are no cells`);
    if (!first && kernel.sweep !== undefined) this.fail(`${what} sweeps columns, but is given no field`);
    this.steps.push({
      do: "kernel",
      kernel,
      grid: first?.grid ?? SCALARS,
      bindings,
      fields,
      scalars,
      tables,
      scalarOnly: !first,
    });
    return this;
  }

  /** Everything a kernel gives has a place of its own. */
  private separate(what: string, bindings: Readonly<Record<string, Binding>>, outputs: readonly string[]): void {
    const owner = new Map<string, string>();
    for (const name of outputs) {
      const binding = bindings[name];
      const keys = binding.is === "field" ? [binding.field] : binding.is === "uniform" ? binding.values : [];
      for (const key of keys) {
        const other = owner.get(`${key}`);
        if (other !== undefined) this.fail(`${what} writes "${other}" and "${name}" into the same place`);
        owner.set(`${key}`, name);
      }
    }
  }

  /** target = kernel ∗ source; two different fields. */
  convolve(convolution: Convolution, source: Field, target: Field): this {
    for (const field of [source, target]) {
      if (!sameGrid(field.grid, convolution.grid))
        this.fail(
          `convolution "${convolution.name}" has ${convolution.grid.size.join("×")} cells, "${field.name}" ${field.grid.size.join("×")}`,
        );
      if (field.type.kind !== "real" || field.type.components !== convolution.components)
        this.fail(`convolution "${convolution.name}" is for fields of ${convolution.components} components`);
    }
    if (source.key === target.key) this.fail(`a convolution cannot overwrite its source "${source.name}"`);
    this.steps.push({ do: "convolve", convolution, source, target });
    return this;
  }

  copy(source: Field, target: Field): this {
    if (!sameGrid(source.grid, target.grid) || source.type.name !== target.type.name)
      this.fail(`"${source.name}" and "${target.name}" are not alike`);
    if (source.key !== target.key) this.steps.push({ do: "copy", source, target });
    return this;
  }

  /** Runs the body that often. */
  repeat(count: number | Scalar, body: () => void): this {
    if (typeof count === "number") this.rounds(count);
    else if (count.kind !== "int") this.fail(`a repetition takes an int scalar, and "${count.name}" is real`);
    this.steps.push({ do: "repeat", count, body: this.nested(body) });
    return this;
  }

  /** Runs the body while the scalar is not 0, `limit` times at most. */
  while(condition: Scalar, limit: number, body: () => void): this {
    this.rounds(limit);
    this.steps.push({ do: "while", condition, limit, body: this.nested(body) });
    return this;
  }

  /** Runs the body if the scalar is not 0, and else the other one. */
  when(condition: Scalar, body: () => void, otherwise: () => void = () => {}): this {
    this.steps.push({ do: "when", condition, body: this.nested(body), otherwise: this.nested(otherwise) });
    return this;
  }

  private rounds(count: number): void {
    if (!(Number.isInteger(count) && count >= 0 && count < 2 ** 31))
      this.fail(`a loop has a whole number of rounds from 0 to 2^31 − 1, not ${count}`);
  }

  private nested(body: () => void): Step[] {
    const outer = this.steps;
    this.steps = [];
    body();
    const inner = this.steps;
    this.steps = outer;
    return inner;
  }

  finish(): Program {
    return { name: this.name, steps: this.steps };
  }
}

/** Writes down a program. */
export function program(name: string, body: (p: ProgramBuilder) => void): Program {
  const builder = new ProgramBuilder(name);
  body(builder);
  return builder.finish();
}

/** The graph of a kernel as it is used in a step.  Kernels on scalars alone are traced in the given precision too. */
export const traceStep = (step: KernelStep, precision: Precision | "exact"): Graph =>
  trace(step.kernel, step.grid, precision, step.bindings);

export const sameGrid = (a: Grid, b: Grid): boolean =>
  a === b ||
  [0, 1, 2].every((i) => a.size[i] === b.size[i] && a.cell[i] === b.cell[i] && a.periodic[i] === b.periodic[i]);

const gridText = ({ size, cell, periodic }: Grid): string => {
  const wraps = ["x", "y", "z"].filter((_, axis) => periodic[axis]).join("");
  return `${size.join("×")} cells of ${cell.join("×")}${wraps ? `, periodic along ${wraps}` : ""}`;
};

/** What was given where something else was needed. */
function described(value: unknown): string {
  if (isField(value)) return `the field "${value.name}"`;
  if (isObject(value) && "rows" in value) return `the table "${(value as Table).name}" by itself (use byRegion)`;
  return isObject(value) ? "an object of another kind" : String(value);
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;
const isField = (value: unknown): value is Field => isObject(value) && "grid" in value && "type" in value;
const isScalar = (value: unknown): value is Scalar => isObject(value) && "kind" in value && "key" in value;
const isByRegion = (value: unknown): value is ByRegion => isObject(value) && "regions" in value && "table" in value;
