import type { Dispatch } from "./device.ts";

/** A number held by the device that decides what is done. */
export interface Condition {
  readonly slot: number;
  readonly kind: "real" | "int";
}

/** A program made ready: what runs in a row, and what decides about it. */
export type Part =
  | { readonly is: "stretch"; readonly dispatches: readonly Dispatch[] }
  | {
      readonly is: "loop";
      /** Rounds, or the most of them. */
      readonly count: number | Condition;
      readonly condition?: Condition;
      readonly body: readonly Part[];
    }
  | {
      readonly is: "choice";
      readonly condition: Condition;
      readonly body: readonly Part[];
      readonly otherwise: readonly Part[];
    };

export type Stretch = Part & { is: "stretch" };
export type Loop = Part & { is: "loop" };

/** Whether the host alone can say what is to be done. */
export const isFixed = (parts: readonly Part[]): boolean =>
  parts.every(
    (part) =>
      part.is === "stretch" ||
      (part.is === "loop" && typeof part.count === "number" && !part.condition && isFixed(part.body)),
  );

/** Words of the state of a program before those of its loops: where it is, whether that has been done, whether to stop. */
const HEAD = 3;
/** Words of the state of a loop: rounds left, times it was begun, rounds in all. */
const PER_LOOP = 3;

/**
 * How a program with conditions runs: the host guesses in which order stretches of dispatches will be due and submits
 * them; before each, a shader of one invocation finds out which stretch is really due, and opens the gate for it or
 * closes it.  What comes at the wrong time does nothing, so that no guess is wrong, only slow.
 */
export class Control {
  /** Text of the shader; it is dispatched with one more workgroup than the number of the stretch. */
  readonly code: string;
  /** State before the program begins. */
  readonly initial: Uint32Array<ArrayBuffer>;
  readonly numbers = new Map<Stretch, number>();
  private readonly loops = new Map<Loop, number>();
  private readonly cases: string[] = [];
  /** Number after the last instruction. */
  private readonly end: number;

  constructor(parts: readonly Part[]) {
    this.end = this.sequence(parts, 0, true);
    this.initial = new Uint32Array(HEAD + PER_LOOP * this.loops.size);
    this.initial.set([0xffffffff, 1]);
    this.code = `@group(0) @binding(0) var<storage, read> scalars: array<u32>;
@group(0) @binding(1) var<storage, read_write> state: array<u32>;
@group(0) @binding(2) var<storage, read_write> opened: array<u32>;
@compute @workgroup_size(1)
fn main(@builtin(num_workgroups) count: vec3u, @builtin(workgroup_id) id: vec3u) {
  if (id.x > 0) { return; }
  var at = state[0];
  if (state[1] == 1) {
    at += 1;
    for (var going = true; going;) {
      switch at {
${this.cases.join("").replaceAll("END", `${this.end}`)}        default: { going = false; }
      }
    }
  }
  let due = u32(at + 1 == count.x);
  state[0] = at;
  state[1] = due;
  opened[0] = due;
}
`;
  }

  /** Number to finish a submission with, which no stretch has. */
  get none(): number {
    return this.end + 1;
  }

  isOver(state: Uint32Array): boolean {
    return state[0] === this.end;
  }

  /** Rounds a loop took on average whenever it was begun, but at least one. */
  roundsOf(loop: Loop, state: Uint32Array): number {
    const at = HEAD + PER_LOOP * this.loops.get(loop)!;
    return Math.ceil(Math.max(state[at + 2], 1) / Math.max(state[at + 1], 1));
  }

  private case(at: number, text: string): void {
    this.cases.push(`        case ${at}: { ${text} }\n`);
  }

  /** Numbers the instructions of parts in a row; returns the number after the last one. */
  private sequence(parts: readonly Part[], start: number, outermost: boolean): number {
    let at = start;
    for (const part of parts) {
      if (part.is === "stretch") this.numbers.set(part, at++);
      else if (part.is === "choice") {
        const otherwise = this.sequence(part.body, at + 1, outermost) + 1;
        const after = this.sequence(part.otherwise, otherwise, outermost);
        this.case(at, `at = select(${otherwise}u, ${at + 1}u, ${holds(part.condition)});`);
        this.case(otherwise - 1, `at = ${after};`);
        at = after;
      } else {
        const state = HEAD + PER_LOOP * this.loops.size;
        this.loops.set(part, this.loops.size);
        const { count, condition } = part;
        const rounds = typeof count === "number" ? `${count}` : `u32(max(bitcast<i32>(scalars[${count.slot}]), 0))`;
        this.case(at, `state[${state}] = ${rounds}; state[${state + 1}] += 1; at = ${at + 1};`);
        const after = this.sequence(part.body, at + 2, false) + 1;
        const goes = `state[${state}] > 0${condition ? ` && ${holds(condition)}` : ""}`;
        const stop = outermost ? "if (state[2] == 1) { at = END; continue; } " : "";
        this.case(
          at + 1,
          `${stop}if (${goes}) { state[${state}] -= 1; state[${state + 2}] += 1; at = ${at + 2}; } else { at = ${after}; }`,
        );
        this.case(after - 1, `at = ${at + 1};`);
        at = after;
      }
    }
    return at;
  }
}

/** A scalar that is not 0, nor −0. */
const holds = ({ slot, kind }: Condition): string =>
  kind === "real" ? `(scalars[${slot}] & 0x7fffffffu) != 0` : `scalars[${slot}] != 0`;
