import { GATE, MOST_GROUPS, PASS_GATE } from "./emit.ts";

/** How the invocations of a workgroup share the transforms of several lines. */
export interface Team {
  readonly length: number;
  /** Invocations per line. */
  readonly lanes: number;
  /** Lines per workgroup. */
  readonly lines: number;
  /** Lines that one invocation works on, one per component. */
  readonly parts: number;
  /** Planes of numbers that workgroup memory holds; each takes the real or the imaginary parts of one component. */
  readonly planes: number;
  /** Whether the lines of a workgroup lie side by side in memory. */
  readonly strided: boolean;
}

/** Numbers in workgroup memory beyond which fewer workgroups run at once. */
const COMFORTABLE = 4096;

/**
 * @param room numbers that workgroup memory can hold
 * @returns nothing when the length exceeds the room
 */
export function teamFor(
  length: number,
  parts: number,
  strided: boolean,
  room: number,
  invocations: number,
): Team | undefined {
  if (length > room) return undefined;
  const lanes = Math.min(invocations, Math.ceil(length / 8));
  // Four complex numbers side by side fill the smallest piece of memory that is moved.
  const wanted = Math.max(Math.floor(Math.min(256, invocations) / lanes), strided ? 4 : 1);
  const most = Math.min(wanted, invocations / lanes, room / length);
  const lines = 2 ** Math.floor(Math.log2(most));
  const planes = Math.max(1, Math.min(2 * parts, Math.floor(Math.min(COMFORTABLE, room) / (length * lines))));
  return { length, lanes, lines, parts, planes, strided };
}

/** e^(−2πi j / n) as WGSL, times a value; exact for quarter turns. */
function turned(value: string, j: number, n: number): string {
  if (j === 0) return value;
  if (4 * j === n) return `vec2f(${value}.y, -${value}.x)`;
  const angle = (-2 * Math.PI * j) / n;
  return `times(${value}, vec2f(${Math.cos(angle)}, ${Math.sin(angle)}))`;
}

/** The transform of a few values, written out. */
function smallTransform(values: readonly string[], lines: string[]): string[] {
  const n = values.length;
  const named = (text: string) => {
    const name = `t${lines.length}`;
    lines.push(`  let ${name} = ${text};\n`);
    return name;
  };
  if (n === 1) return [...values];
  if (n % 2 === 0) {
    const even = smallTransform(
      values.filter((_, i) => i % 2 === 0),
      lines,
    );
    const odd = smallTransform(
      values.filter((_, i) => i % 2 === 1),
      lines,
    ).map((value, k) => (k === 0 ? value : named(turned(value, k, n))));
    return [...even.map((e, k) => named(`${e} + ${odd[k]}`)), ...even.map((e, k) => named(`${e} - ${odd[k]}`))];
  }
  const half = Array.from({ length: (n - 1) / 2 }, (_, i) => i + 1);
  const sums = half.map((h) => named(`${values[h]} + ${values[n - h]}`));
  const differences = half.map((h) => named(`${values[h]} - ${values[n - h]}`));
  const weighted = (terms: string[], wave: (x: number) => number, k: number) =>
    terms.map((term, i) => `${term} * ${wave((2 * Math.PI * (((i + 1) * k) % n)) / n)}`).join(" + ");
  const result = [named([values[0], ...sums].join(" + "))];
  for (const k of half) {
    const a = named(`${values[0]} + ${weighted(sums, Math.cos, k)}`);
    const b = named(weighted(differences, Math.sin, k));
    result[k] = named(`vec2f(${a}.x + ${b}.y, ${a}.y - ${b}.x)`);
    result[n - k] = named(`vec2f(${a}.x - ${b}.y, ${a}.y + ${b}.x)`);
  }
  return result;
}

/**
 * Text of a shader that transforms lines.  Each invocation holds the inputs of some butterflies of its line in registers
 * (Stockham's order, so that nothing is left to be reordered); between passes numbers change hands through workgroup
 * memory, a few planes at a time so that long lines fit.
 */
export class TransformText {
  private readonly team: Team;
  private readonly functions = new Map<string, string>();
  private readonly lines: string[] = [];
  private registers = 0;

  constructor(team: Team) {
    this.team = team;
  }

  private register(part: number, i: number): string {
    this.registers = Math.max(this.registers, i + 1);
    return `r${part}x${i}`;
  }

  /** What is done for each butterfly of a pass; `first` is the number of that of lane 0. */
  private each(count: number, write: (u: number, first: number) => string): void {
    const { lanes } = this.team;
    for (let u = 0; u * lanes < count; u++) {
      const text = write(u, u * lanes);
      if (text === "") continue;
      const rest = count - u * lanes;
      this.lines.push(rest < lanes ? `  if (lane < ${rest}) {\n${text}  }\n` : text);
    }
  }

  /** What is done for each value before the first or after the last pass; `place` is that of lane 0. */
  private eachValue(radix: number, write: (i: number, place: number) => string): void {
    const count = this.team.length / radix;
    this.each(count, (u, first) => range(radix, (q) => write(u * radix + q, first + q * count)).join(""));
  }

  /** Takes inputs from the function `load(part, place)`; those from `end` on are zero. */
  load(radix: number, end: number): void {
    this.eachValue(radix, (i, place) =>
      range(this.team.parts, (part) => {
        const value = place < end ? `load(${part}, lane + ${place})` : "vec2f()";
        return `  ${this.register(part, i)} = ${value};\n`;
      }).join(""),
    );
  }

  /** Gives outputs to the function `store(part, place, value)`, but for those from `end` on. */
  store(radix: number, end: number): void {
    this.eachValue(radix, (i, place) =>
      range(place < end ? this.team.parts : 0, (part) => {
        return `  store(${part}, lane + ${place}, ${this.register(part, i)});\n`;
      }).join(""),
    );
  }

  /** Lets the function `multiply(place, …)` change the components of each output. */
  multiply(radix: number): void {
    this.eachValue(radix, (i, place) => {
      const values = range(this.team.parts, (part) => `&${this.register(part, i)}`);
      return `  multiply(lane + ${place}, ${values.join(", ")});\n`;
    });
  }

  /** Gives outputs to the function `storePair(k, value at k, value at −k)`, for k up to half the length. */
  storePairs(radix: number): void {
    const { length } = this.team;
    const count = (length >> 1) + 1;
    this.exchange(radix, length / radix, (axis, _, start) =>
      this.each(count, (u, first) => {
        const mirrored = `line * ${length} + (${length} - lane - ${first}) % ${length} + ${start}`;
        return `  ${this.register(0, 2 * u)}.${axis} = exchange[own + ${first + start}];\n  ${this.register(0, 2 * u + 1)}.${axis} = exchange[${mirrored}];\n`;
      }),
    );
    this.each(count, (u, first) => `  storePair(lane + ${first}, r0x${2 * u}, r0x${2 * u + 1});\n`);
  }

  /** Transforms inputs ordered for the first radix to outputs ordered by the last one. */
  transform(radices: readonly number[]): void {
    const { length, parts } = this.team;
    let done = 1;
    radices.forEach((radix, index) => {
      const count = length / radix;
      if (index > 0)
        this.exchange(radices[index - 1], done / radices[index - 1], (axis, part, start) =>
          this.each(count, (u, first) =>
            range(radix, (q) => {
              const from = (first + q * count) * this.steps.place + start;
              return `  ${this.register(part, u * radix + q)}.${axis} = exchange[own + ${from}];\n`;
            }).join(""),
          ),
        );
      if (radix > 1)
        this.each(count, (u, first) =>
          range(parts, (part) => {
            const values = range(radix, (q) => `&${this.register(part, u * radix + q)}`);
            return `  ${this.butterfly(radix, done)}(lane + ${first}, ${values.join(", ")});\n`;
          }).join(""),
        );
      done *= radix;
    });
  }

  /** A butterfly of the pass before which transforms of length `done` are complete. */
  private butterfly(radix: number, done: number): string {
    const name = `radix${radix}after${done}`;
    if (this.functions.has(name)) return name;
    const lines: string[] = [];
    if (done > 1) lines.push(`  let k = j % ${done} * ${this.team.length / (done * radix)};\n`);
    const inputs = range(radix, (q) => {
      lines.push(`  let i${q} = ${done > 1 && q > 0 ? `times(*x${q}, twiddles[${q} * k])` : `*x${q}`};\n`);
      return `i${q}`;
    });
    smallTransform(inputs, lines).forEach((output, q) => {
      lines.push(`  *x${q} = ${output};\n`);
    });
    const parameters = inputs.map((_, q) => `x${q}: ptr<function, vec2f>`);
    this.functions.set(name, `fn ${name}(j: u32, ${parameters.join(", ")}) {\n${lines.join("")}}\n`);
    return name;
  }

  /** Steps in workgroup memory from place to place and from line to line. */
  private get steps(): { place: number; line: number } {
    const { strided, lines, length } = this.team;
    return strided ? { place: lines, line: 1 } : { place: 1, line: length };
  }

  /** Moves outputs of a pass to workgroup memory, a few planes at a time, and lets `take` read each of them. */
  private exchange(radix: number, done: number, take: (axis: string, part: number, start: number) => void): void {
    const { parts, planes, length, lines } = this.team;
    const { place, line } = this.steps;
    const all = range(2 * parts, (i) => ({ part: i >> 1, axis: "xy"[i & 1], start: (i % planes) * length * lines }));
    for (let i = 0; i < all.length; i += planes) {
      const some = all.slice(i, i + planes);
      this.lines.push("  workgroupBarrier();\n");
      this.each(length / radix, (u, first) => {
        const moves = some.flatMap(({ part, axis, start }) =>
          range(
            radix,
            (q) => `exchange[to + ${start + q * done * place}] = ${this.register(part, u * radix + q)}.${axis};`,
          ),
        );
        const block = `((lane + ${first}) / ${done} * ${done * radix} + (lane + ${first}) % ${done})`;
        return `  {\n  let to = ${block} * ${place} + line * ${line};\n  ${moves.join("\n  ")}\n  }\n`;
      });
      this.lines.push("  workgroupBarrier();\n");
      for (const { axis, part, start } of some) take(axis, part, start);
    }
  }

  /**
   * @param surroundings bindings and the functions used; `locate(group, line)` is called first
   */
  shader(surroundings: string): string {
    const { lanes, lines, parts, planes, length, strided } = this.team;
    const registers = range(parts, (part) => range(this.registers, (i) => `  var r${part}x${i}: vec2f;\n`).join(""));
    return [
      surroundings,
      GATE,
      `var<workgroup> exchange: array<f32, ${planes * lines * length}>;\n`,
      "fn times(a: vec2f, b: vec2f) -> vec2f { return vec2f(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x); }\n",
      ...this.functions.values(),
      `@compute @workgroup_size(${lanes * lines})\n`,
      "fn main(@builtin(workgroup_id) id: vec3u, @builtin(local_invocation_index) local: u32) {\n",
      PASS_GATE,
      strided
        ? `  let lane = local / ${lines};\n  let line = local % ${lines};\n`
        : `  let lane = local % ${lanes};\n  let line = local / ${lanes};\n`,
      `  let own = lane * ${this.steps.place} + line * ${this.steps.line};\n`,
      `  locate(id.x + id.y * ${MOST_GROUPS}, line);\n`,
      ...registers,
      ...this.lines,
      "}\n",
    ].join("");
  }
}

const range = <T>(count: number, item: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => item(i));
