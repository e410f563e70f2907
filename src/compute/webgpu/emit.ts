import { cellAt, cellsOf, type Edge, type Grid, type Triple } from "../grid.ts";
import {
  type Access,
  type Block,
  type Graph,
  type Kind,
  type LocalArray,
  type Loop,
  type Node,
  nameOf,
  type Op,
  type Reduction,
} from "../language/graph.ts";
import type { KernelStep } from "../program.ts";

/** Where things lie, counted in words: fields in a few large buffers, scalars and tables together in one. */
export interface Layout {
  /** Fields of the same memory are of the same kind. */
  placeOf(field: string): { readonly memory: number; readonly start: number };
  slotOf(scalar: string): number;
  /** Rows follow one another, each with its components. */
  tableOf(table: string): { readonly slot: number; readonly rows: number; readonly components: number };
}

/** A kernel in WGSL. */
export interface Shader {
  readonly code: string;
  /** What the bindings of group 0 are, in order. */
  readonly buffers: readonly Binding[];
  /** Workgroups of the entry point `main`. */
  readonly groups: number;
  /** Words of scratch memory between `main` and `finish`; without any there is no `finish`. */
  readonly partials: number;
}

export interface Binding {
  readonly is: "scalars" | "partials" | "memory";
  /** Number of the memory. */
  readonly memory?: number;
  readonly written: boolean;
}

/** Workgroups along one dimension that every device allows. */
export const MOST_GROUPS = 65535;

/** Values from one component of a field to the next: whole 256-byte pieces, which every device can bind and copy. */
export const planeOf = (grid: Grid): number => Math.ceil(cellsOf(grid) / 64) * 64;

/** Every shader does nothing while the gate of its program is closed. */
export const GATE = "@group(1) @binding(0) var<uniform> gate: u32;\n";
export const PASS_GATE = "  if (gate == 0u) { return; }\n";

/** Places in order of appearance, to look at a kernel without a device. */
export function layoutOf(step: KernelStep): Layout {
  const slots = new Map<string, ReturnType<Layout["tableOf"]>>();
  const places = new Map<string, ReturnType<Layout["placeOf"]>>();
  let slot = 0;
  for (const key of step.scalars.keys()) slots.set(key, { slot: slot++, rows: 1, components: 1 });
  for (const [key, { rows, type }] of step.tables) {
    slots.set(key, { slot, rows, components: type.components });
    slot += rows * type.components;
  }
  const starts = [0, 0];
  for (const [key, { type, grid }] of step.fields) {
    const memory = type.kind === "real" ? 0 : 1;
    places.set(key, { memory, start: starts[memory] });
    starts[memory] += planeOf(grid) * type.components;
  }
  return {
    slotOf: (key) => slots.get(key)!.slot,
    tableOf: (key) => slots.get(key)!,
    placeOf: (key) => places.get(key)!,
  };
}

/**
 * Writes a kernel as WGSL: one invocation per cell, or per column if the kernel sweeps.
 * @param graph traced for "f32"
 * @param invocations the most a workgroup may have, a power of two
 */
export const toWgsl = (graph: Graph, layout: Layout, invocations = 256): Shader =>
  new Emitter(graph, layout, invocations).emit();

const TYPES: Record<Kind, string> = { real: "f32", int: "i32", bool: "bool" };
const INFIX: Partial<Record<Op, string>> = {
  add: "+",
  sub: "-",
  mul: "*",
  div: "/",
  mod: "%",
  and: "&",
  or: "|",
  xor: "^",
  lt: "<",
  le: "<=",
  eq: "==",
  ne: "!=",
};
const CALLS = new Set<Op>(["min", "max", "abs", "sqrt", "floor", "ceil", "round"]);
/** Functions that WGSL lacks, added where they are called. */
/** WGSL leaves open what becomes of NaN. */
const orNaN = (name: string): string => `fn ${name}OrNaN(a: f32, b: f32) -> f32 {
  let ofNaN = (bitcast<vec2u>(vec2f(a, b)) & vec2u(0x7fffffffu)) > vec2u(0x7f800000u);
  return select(select(${name}(a, b), b, ofNaN.y), a, ofNaN.x);
}`;

const FUNCTIONS: Record<string, string> = {
  // WGSL allows no constant that is infinite or not a number; a variable's bits are taken as they are.
  special:
    "var<private> infinity = 0x7f800000u;\nfn special(bits: u32) -> f32 { return bitcast<f32>(infinity | bits); }",
  quotient: "fn quotient(a: i32, b: i32) -> i32 { return select(a / b, 0, b == 0); }",
  mulhi: `fn mulhi(a: i32, b: i32) -> i32 {
  let u = vec2u(bitcast<u32>(a) & 0xffffu, bitcast<u32>(a) >> 16u);
  let v = vec2u(bitcast<u32>(b) & 0xffffu, bitcast<u32>(b) >> 16u);
  let low = u.y * v.x + ((u.x * v.x) >> 16u);
  let middle = u.x * v.y + (low & 0xffffu);
  return bitcast<i32>(u.y * v.y + (low >> 16u) + (middle >> 16u));
}`,
  saturated: `fn saturated(a: f32) -> i32 {
  if (a >= 2147483648.0) { return 2147483647; }
  if (a <= -2147483648.0) { return -2147483648; }
  return select(0, i32(a), a == a);
}`,
  maxOrNaN: orNaN("max"),
  minOrNaN: orNaN("min"),
  mirror:
    "fn mirror(i: i32, n: i32) -> i32 { return clamp(select(select(i, 2 * n - 1 - i, i >= n), -1 - i, i < 0), 0, n - 1); }",
  wrap: "fn wrap(i: i32, n: i32) -> i32 { return (i % n + n) % n; }",
};

const LANE = "@builtin(local_invocation_index) lane: u32";
const INDICES = `@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u, ${LANE}`;

/** Longest expression written in one piece; deep nesting upsets shader compilers. */
const LONGEST = 100;
const LARGEST = (2 - 2 ** -23) * 2 ** 127;

class Emitter {
  private readonly graph: Graph;
  private readonly layout: Layout;
  /** Evaluations along each axis. */
  private readonly size: Triple<number>;
  private readonly shape: Triple<number>;
  private readonly groups: Triple<number>;
  private readonly plane: number;
  private readonly lines: string[] = [];
  private indent = "  ";

  private readonly uses = new Map<Node, number>();
  /** Values that are used within a loop but computed outside of it. */
  private readonly distant = new Set<Node>();
  /** Statements and shared values of each block, in the order in which they were traced. */
  private readonly contents = new Map<Block, Node[]>();
  private readonly texts = new Map<Node, string>();
  private readonly fields = new Map<string, { name: string; memory: number; kind: Kind; written: boolean }>();
  private readonly slots = new Map<string, string>();
  private readonly names = new Set<string>();
  private readonly functions = new Set<string>();
  private readonly places = new Map<string, string>();
  private readonly results: Node[] = [];
  private tables = false;
  private counter = 0;

  constructor(graph: Graph, layout: Layout, invocations: number) {
    this.graph = graph;
    this.layout = layout;
    this.size = graph.grid.size.map((n, axis) => (axis === graph.sweep ? 1 : n)) as unknown as Triple<number>;
    this.shape = workgroupShape(this.size, invocations);
    this.groups = this.size.map((n, axis) => Math.ceil(n / this.shape[axis])) as unknown as Triple<number>;
    this.plane = planeOf(graph.grid);
  }

  emit(): Shader {
    const { graph, size, results } = this;
    this.collect(graph.cell);
    for (const list of this.contents.values()) list.sort((a, b) => a.id - b.id);
    const groups = this.groups[0] * this.groups[1] * this.groups[2];
    const lanes = this.shape[0] * this.shape[1] * this.shape[2];
    const single = size.every((n) => n === 1);
    // Results of one cell need not be gathered.
    const finish = !single && results.length > 0;

    const outside = this.indices(groups);
    const head = this.lines.splice(0);
    if (finish) {
      results.forEach(({ reduction }, i) => {
        this.line(`var result${i} = ${this.identity(reduction!)};`);
      });
      this.line(outside ? `if (!(${outside})) {` : "{");
      this.indent += "  ";
    } else if (outside) this.line(`if (${outside}) { return; }`);
    for (const { id, kind, length } of graph.arrays) this.line(`var array${id}: array<${TYPES[kind]}, ${length}>;`);
    this.block(graph.cell, (node) => {
      const value = this.whole(node.args[0]);
      if (single) this.line(`scalars[${this.slot(node.slot!)}] = bitcast<u32>(${TYPES[node.kind]}(${value}));`);
      else if (node.op === "reduce") this.line(`result${results.indexOf(node)} = ${value};`);
      else graph.fail(`each cell would set the scalar "${node.slot}"`);
    });
    if (finish) {
      this.indent = "  ";
      this.line("}");
      const exists = groups > MOST_GROUPS ? ` && tile < ${groups}` : "";
      this.tree(lanes, exists, (i, value) => `partials[${i * groups}${groups > 1 ? " + tile" : ""}] = ${value}`);
    }
    const prepared = [...this.places].map(([text, name]) => `  let ${name} = ${text};\n`);
    const main = [...head, ...prepared, ...this.lines.splice(0)];
    if (finish) this.finish(groups, lanes);

    const memories = new Map<number, { kind: Kind; written: boolean }>();
    for (const { memory, kind, written } of this.fields.values())
      memories.set(memory, { kind, written: written || (memories.get(memory)?.written ?? false) });
    const buffers: Binding[] = [...memories].map(([memory, { written }]) => ({ is: "memory", memory, written }));
    if (this.slots.size > 0 || this.tables) buffers.unshift({ is: "scalars", written: results.length > 0 });
    if (finish) buffers.push({ is: "partials", written: true });
    const code = [
      `// ${graph.kernel.replace(/\s+/g, " ")}\n`,
      ...buffers.map(({ is, memory, written }, i) => {
        const type = is === "scalars" ? "u32" : TYPES[memory === undefined ? "real" : memories.get(memory)!.kind];
        const access = written ? "read_write" : "read";
        return `@group(0) @binding(${i}) var<storage, ${access}> ${is}${memory ?? ""}: array<${type}>;\n`;
      }),
      GATE,
      ...[...this.fields].map(([key, { name }]) => `const ${name} = ${this.layout.placeOf(key).start};\n`),
      ...[...this.slots].map(([key, name]) => `const ${name} = ${this.layout.slotOf(key)};\n`),
      ...(finish ? [`var<workgroup> tree: array<array<f32, ${lanes}>, ${results.length}>;\n`] : []),
      ...[...this.functions].map((name) => `${FUNCTIONS[name]}\n`),
      `\n@compute @workgroup_size(${this.shape.join(", ")})\nfn main(${INDICES}) {\n${PASS_GATE}${main.join("")}}\n`,
      ...(finish
        ? [`\n@compute @workgroup_size(${lanes})\nfn finish(${LANE}) {\n${PASS_GATE}${this.lines.join("")}}\n`]
        : []),
    ].join("");
    return { code, buffers, groups, partials: finish ? groups * results.length : 0 };
  }

  /**
   * Finds the cell of an invocation.
   * @returns the condition under which there is none
   */
  private indices(groups: number): string {
    if (groups > 1) this.line(`let tile = i32(group.x${groups > MOST_GROUPS ? ` + group.y * ${MOST_GROUPS}` : ""});`);
    const outside: string[] = [];
    let below = 1;
    this.groups.forEach((count, axis) => {
      const name = "xyz"[axis];
      const edge = this.shape[axis];
      const terms: string[] = [];
      if (count > 1) {
        const tile = `tile${below > 1 ? ` / ${below}` : ""}${below * count < groups ? ` % ${count}` : ""}`;
        terms.push(edge > 1 ? `${tile} * ${edge}` : tile);
      }
      if (edge > 1) terms.push(`i32(local.${name})`);
      if (terms.length > 0) this.line(`let ${name} = ${terms.join(" + ")};`);
      if (count * edge > this.size[axis]) outside.push(`${name} >= ${this.size[axis]}`);
      below *= count;
    });
    if (groups > MOST_GROUPS) outside.unshift(`tile >= ${groups}`);
    return outside.join(" || ");
  }

  /** Makes one number of the partial ones of all workgroups. */
  private finish(groups: number, lanes: number): void {
    this.results.forEach(({ reduction }, i) => {
      const identity = this.identity(reduction!);
      const value = `partials[${i * groups} + i]`;
      // In blocks, so that rounding errors of long sums do not pile up.
      this.line(`var result${i} = ${identity};`);
      this.line(`for (var start = lane; start < ${groups}; start += ${16 * lanes}) {`);
      this.line(`  var block = ${identity};`);
      this.line(`  for (var i = start; i < min(start + ${16 * lanes}, ${groups}); i += ${lanes}) {`);
      this.line(`    block = ${this.combined(reduction!, "block", value)};`);
      this.line("  }");
      this.line(`  result${i} = ${this.combined(reduction!, `result${i}`, "block")};`);
      this.line("}");
    });
    this.tree(lanes, "", (i, value) => `scalars[${this.slot(this.results[i].slot!)}] = bitcast<u32>(${value})`);
  }

  /** Combines the results of a workgroup's invocations, in a fixed order. */
  private tree(lanes: number, condition: string, assign: (i: number, value: string) => string): void {
    const each = (write: (i: number, reduction: Reduction) => string) =>
      this.results.forEach(({ reduction }, i) => {
        this.line(write(i, reduction!));
      });
    each((i) => `tree[${i}][lane] = result${i};`);
    this.line(`for (var width = ${lanes / 2}u; width > 0; width /= 2) {`);
    this.line("  workgroupBarrier();");
    this.line("  if (lane < width) {");
    each((i, reduction) => {
      const mine = `tree[${i}][lane]`;
      return `    ${mine} = ${this.combined(reduction, mine, `tree[${i}][lane + width]`)};`;
    });
    this.line("  }");
    this.line("}");
    this.line(`if (lane == 0${condition}) {`);
    each((i) => `  ${assign(i, `tree[${i}][0]`)};`);
    this.line("}");
  }

  private combined(reduction: Reduction, a: string, b: string): string {
    return reduction === "sum" ? `${a} + ${b}` : this.call(`${reduction}OrNaN`, a, b);
  }

  private identity(reduction: Reduction): string {
    return reduction === "sum" ? "0.0" : this.number(reduction === "max" ? -Infinity : Infinity);
  }

  private line(text: string): void {
    this.lines.push(`${this.indent}${text}\n`);
  }

  private home(block: Block): Block {
    return block.encloses(this.graph.cell) ? this.graph.cell : block;
  }

  /** Finds out what is in use, and how often. */
  private collect(block: Block): void {
    for (const statement of block.statements) {
      if (statement.op === "load" || statement.op === "get") continue;
      this.add(statement);
      if (statement.op === "assign" || statement.op === "reduce") this.results.push(statement);
      if (!statement.loop) continue;
      this.collect(statement.loop.body);
      for (const node of statement.loop.next) this.use(node, statement.loop.body);
    }
  }

  private add(node: Node): void {
    const home = this.home(node.block);
    const list = this.contents.get(home);
    if (list) list.push(node);
    else this.contents.set(home, [node]);
    if (node.access) this.field(node.access.field, node.kind, node.op === "store");
    for (const argument of node.args) this.use(argument, home);
  }

  private use(node: Node, block: Block): void {
    if (this.home(node.block) !== block) this.distant.add(node);
    const before = this.uses.get(node) ?? 0;
    this.uses.set(node, before + 1);
    if (before === 0 && node.op !== "phi" && node.op !== "counter" && node.op !== "result") this.add(node);
  }

  private field(key: string, kind: Kind, written: boolean): void {
    const known = this.fields.get(key);
    if (known) known.written ||= written;
    else this.fields.set(key, { name: this.named(key), memory: this.layout.placeOf(key).memory, kind, written });
  }

  /** A name of its own, from a key up to "#"; an underscore tells it from keywords and from what the emitter names. */
  private named(key: string): string {
    let name = nameOf(key)
      .replace(/^[^A-Za-z]+/, "k")
      .replace(/\W+/g, "_");
    // Reserved words do not end like this.
    if (!name.endsWith("_")) name += "_";
    while (this.names.has(name)) name += "_";
    this.names.add(name);
    return name;
  }

  private slot(key: string): string {
    const name = this.slots.get(key) ?? this.named(key);
    this.slots.set(key, name);
    return name;
  }

  private block(block: Block, result: (node: Node) => void): void {
    for (const node of this.contents.get(block) ?? []) {
      switch (node.op) {
        case "loop":
          this.loop(node.loop!, result);
          break;
        case "assign":
        case "reduce":
          result(node);
          break;
        case "set":
          this.line(`${this.element(node.array!, node.args[0])} = ${this.whole(node.args[1])};`);
          break;
        case "store": {
          const { place, valid } = this.place(node.access!, node.args);
          const text = `${place} = ${this.whole(node.args[node.args.length - 1])};`;
          this.line(valid ? `if (${valid}) { ${text} }` : text);
          break;
        }
        default:
          this.share(node);
      }
    }
  }

  /** Names a value that is used more than once, or at another time than it is read. */
  private share(node: Node): void {
    if (node.op === "constant" || node.op === "index") return;
    const text = this.expression(node);
    if (this.uses.get(node) === 1 && !this.distant.has(node) && !this.changes(node) && text.length < LONGEST) {
      this.texts.set(node, text);
      return;
    }
    const name = `v${this.counter++}`;
    this.line(`let ${name} = ${node.op in INFIX ? text.slice(1, -1) : text};`);
    this.texts.set(node, name);
  }

  /** Whether a value must be read at its place among the statements. */
  private changes({ op, access }: Node): boolean {
    return op === "get" || op === "uniform" || (op === "load" && this.fields.get(access!.field)!.written);
  }

  private loop({ count, counter, phis, initial, next, results, body }: Loop, result: (node: Node) => void): void {
    const states = phis.map((phi, i) => {
      const name = `state${this.counter++}`;
      this.line(`var ${name}: ${TYPES[phi.kind]} = ${this.whole(initial[i])};`);
      this.texts.set(phi, name);
      this.texts.set(results[i], name);
      return name;
    });
    const round = `round${this.counter++}`;
    this.texts.set(counter, round);
    this.line(`for (var ${round} = 0; ${round} < ${this.text(count)}; ${round}++) {`);
    const outer = this.indent;
    this.indent += "  ";
    this.block(body, result);
    const changed = states.flatMap((name, i) => (next[i] === phis[i] ? [] : [{ name, next: this.whole(next[i]) }]));
    // All of the new state is computed from the old one.
    if (changed.length > 1)
      for (const change of changed) {
        const name = change.name.replace("state", "next");
        this.line(`let ${name} = ${change.next};`);
        change.next = name;
      }
    for (const change of changed) this.line(`${change.name} = ${change.next};`);
    this.indent = outer;
    this.line("}");
  }

  private text(node: Node): string {
    const known = this.texts.get(node);
    if (known !== undefined) return known;
    if (node.op === "constant") {
      if (node.kind === "real") return this.number(node.value!);
      if (node.kind === "bool") return node.value ? "true" : "false";
      return node.value! < 0 ? `(${node.value})` : `${node.value}`;
    }
    if (node.op === "index") return this.index(node.axis!);
    return this.graph.fail(`"${node.op}" is used before it is computed`);
  }

  /** An expression that stands alone needs no parentheses. */
  private whole(node: Node): string {
    const text = this.text(node);
    return node.op in INFIX && text.startsWith("(") ? text.slice(1, -1) : text;
  }

  private index(axis: number): string {
    return axis === this.graph.sweep || this.graph.grid.size[axis] === 1 ? "0" : "xyz"[axis];
  }

  private call(name: keyof typeof FUNCTIONS & string, ...args: (string | number)[]): string {
    this.functions.add(name);
    return `${name}(${args.join(", ")})`;
  }

  /** A real number as the nearest f32, in as few digits as tell it. */
  private number(value: number): string {
    const rounded = Math.fround(value);
    if (Number.isNaN(rounded)) return this.call("special", "0x400000u");
    if (!Number.isFinite(rounded)) return this.call("special", rounded > 0 ? "0u" : "0x80000000u");
    if (Object.is(rounded, -0)) return "bitcast<f32>(0x80000000u)";
    let text = "";
    // WGSL refuses what rounds to the largest number from above.
    const exact = (x: number) => Math.fround(x) === rounded && Math.abs(x) <= LARGEST;
    for (let digits = 1; text === "" || !exact(Number(text)); digits++) text = `${Number(rounded.toPrecision(digits))}`;
    if (!/[.e]/.test(text)) text += ".0";
    return rounded < 0 ? `(${text})` : text;
  }

  private expression(node: Node): string {
    const { op, kind, args } = node;
    const [a, b, c] = args.map((argument) => this.text(argument));
    const real = args[0]?.kind === "real";
    switch (op) {
      case "uniform":
        return `bitcast<${TYPES[kind]}>(scalars[${this.slot(node.slot!)}])`;
      case "lookup": {
        const { slot, rows, components } = this.layout.tableOf(node.table!);
        this.tables = true;
        const row = `clamp(${a}, 0, ${rows - 1})`;
        return `bitcast<${TYPES[kind]}>(scalars[${slot + node.component!} + ${row}${components > 1 ? ` * ${components}` : ""}])`;
      }
      case "load": {
        const { place, valid } = this.place(node.access!, args);
        return valid ? `select(${kind === "int" ? "0" : "0.0"}, ${place}, ${valid})` : place;
      }
      case "get":
        return this.element(node.array!, args[0]);
      case "div":
      case "mod":
        if (!real && args[1].op !== "constant" && op === "div") return this.call("quotient", a, b);
        return !real && args[1].value === 0 ? "0" : `(${a} ${INFIX[op]} ${b})`;
      case "neg":
        return `(-${a})`;
      case "not":
        return `(${kind === "bool" ? "!" : "~"}${a})`;
      case "shl":
      case "sar":
      case "shr": {
        const bits = args[1].op === "constant" ? `${args[1].value! & 31}u` : `(u32(${b}) & 31u)`;
        if (op === "shr") return `bitcast<i32>(bitcast<u32>(${a}) >> ${bits})`;
        return `(${a} ${op === "shl" ? "<<" : ">>"} ${bits})`;
      }
      case "mulhi":
        return this.call("mulhi", a, b);
      case "select":
        return `select(${c}, ${b}, ${a})`;
      case "toReal":
        return `f32(${a})`;
      case "toInt":
        return this.call("saturated", a);
      case "pow2":
        return `bitcast<f32>((${a} + 127) << 23u)`;
      case "exponent":
        return `((bitcast<i32>(${a}) >> 23u) - 127)`;
      case "mantissa":
        return `bitcast<f32>((bitcast<i32>(${a}) & 0x7fffff) | 0x3f800000)`;
      default:
        if (op in INFIX) return `(${a} ${kind === "bool" && op === "xor" ? "!=" : INFIX[op]} ${b})`;
        return CALLS.has(op) ? `${op}(${b === undefined ? a : `${a}, ${b}`})` : this.graph.fail(`WGSL has no "${op}"`);
    }
  }

  private element(array: LocalArray, index: Node): string {
    const text =
      index.op === "constant"
        ? Math.min(Math.max(index.value!, 0), array.length - 1)
        : `clamp(${this.text(index)}, 0, ${array.length - 1})`;
    return `array${array.id}[${text}]`;
  }

  /** The element of a field, and the condition under which the place is not beyond an end that reads as zero. */
  private place({ field, component, offset, absolute, edge }: Access, args: readonly Node[]) {
    const { size } = this.graph.grid;
    const valid: string[] = [];
    let given = 0;
    const [x, y, z] = ([0, 1, 2] as const).map((axis) =>
      absolute[axis]
        ? this.anywhere(args[given++], edge[axis], size[axis], valid)
        : this.neighbour(axis, offset[axis], edge[axis], valid),
    );
    let row = z === "0" ? y : size[1] === 1 ? z : `${z} * ${size[1]}${y === "0" ? "" : ` + ${y}`}`;
    if (row !== "0" && size[0] > 1) row = `${row.includes(" ") ? `(${row})` : row} * ${size[0]}`;
    // What only depends on the cell is computed once, for all fields and components.
    if (row.includes(" ") && !absolute[1] && !absolute[2]) row = this.prepared(`row${this.places.size}`, row);
    const { name, memory } = this.fields.get(field)!;
    const terms = [name, row, x, `${component * this.plane}`].filter((term) => term !== "0");
    return { place: `memory${memory}[${terms.join(" + ")}]`, valid: valid.join(" && ") };
  }

  /** An absolute index, led back into the axis. */
  private anywhere(index: Node, edge: Edge, n: number, valid: string[]): string {
    if (index.op === "constant") {
      const cell = cellAt(edge, index.value!, n);
      if (cell < 0) valid.push("false");
      return `${Math.max(cell, 0)}`;
    }
    const text = this.text(index);
    if (edge === "zero") valid.push(`u32(${text}) < ${n}`);
    if (n === 1) return "0";
    if (edge === "mirror") return this.call("mirror", text, n);
    return edge === "periodic" ? this.call("wrap", text, n) : `clamp(${text}, 0, ${n - 1})`;
  }

  /** The index that many cells away. */
  private neighbour(axis: number, offset: number, edge: Edge, valid: string[]): string {
    const here = this.index(axis);
    const n = this.graph.grid.size[axis];
    if (offset === 0) return here;
    const distance = Math.abs(offset);
    if (edge === "zero")
      valid.push(distance >= n ? "false" : offset < 0 ? `${here} >= ${distance}` : `${here} < ${n - distance}`);
    if (here === "0") return here;
    const name = `${here}${offset < 0 ? "m" : "p"}${distance}`;
    const forward = ((offset % n) + n) % n;
    if (edge === "periodic")
      return this.prepared(
        `${name}wrapped`,
        `select(${here} + ${forward}, ${here} - ${n - forward}, ${here} >= ${n - forward})`,
      );
    if (edge === "mirror" && distance > 1)
      return this.prepared(`${name}mirrored`, this.call("mirror", `${here} + ${offset}`, n));
    return this.prepared(name, offset < 0 ? `max(${here} - ${distance}, 0)` : `min(${here} + ${distance}, ${n - 1})`);
  }

  /** Computes at the beginning what depends on the cell's indices only. */
  private prepared(name: string, text: string): string {
    const known = this.places.get(text);
    if (known !== undefined) return known;
    this.places.set(text, name);
    return name;
  }
}

const power = (n: number): number => 2 ** Math.ceil(Math.log2(n));

/** Edges of a workgroup, powers of two: long along x for contiguous access, wide enough along y and z to share neighbours. */
function workgroupShape(size: Triple<number>, invocations: number): Triple<number> {
  let best: Triple<number> = [1, 1, 1];
  let least = Number.POSITIVE_INFINITY;
  for (let x = 1; x <= Math.min(power(size[0]), invocations); x *= 2)
    for (let y = 1; y <= Math.min(power(size[1]), invocations / x); y *= 2) {
      const z = Math.min(power(size[2]), invocations / (x * y), 64);
      const shape: Triple<number> = [x, y, z];
      const padded = shape.reduce((product, edge, axis) => product * edge * Math.ceil(size[axis] / edge), 1);
      const cost = padded * (1 + 4 / x) * (1 + 0.25 / y + 0.25 / z) * (1 + 16 / (x * y * z));
      if (cost < least) [best, least] = [shape, cost];
    }
  return best;
}
