/**
 * WebAssembly, byte by byte.  An {@link Expression} is a function that appends its instructions to a stream; expressions
 * compose like the operators they stand for, and nothing is built in between, so emitting is fast.
 */

export type ValueType = "i32" | "i64" | "f32" | "f64" | "v128";

const TYPE_CODE: Record<ValueType, number> = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b };

/** Instructions of one type that follow each other: `prefix` 0xfd for vectors, 0xfc for saturating conversions. */
function family<T extends string, N extends string>(type: T, names: readonly N[], first: number, prefix?: number) {
  const codes = names.map((name, i) => [`${type}.${name}`, prefix === undefined ? [first + i] : [prefix, first + i]]);
  return Object.fromEntries(codes) as Record<`${T}.${N}`, readonly number[]>;
}

const COMPARED = ["eq", "ne", "lt", "gt", "le", "ge"] as const;
const COMPARED_INTS = ["eq", "ne", "lt_s", "lt_u", "gt_s", "gt_u", "le_s", "le_u", "ge_s", "ge_u"] as const;
const COMPUTED = ["add", "sub", "mul", "div", "min", "max", "pmin", "pmax"] as const;
const SHIFTED = ["shl", "shr_s", "shr_u"] as const;
const COMPUTED_INTS = [
  "add",
  "sub",
  "mul",
  "div_s",
  "div_u",
  "rem_s",
  "rem_u",
  "and",
  "or",
  "xor",
  ...SHIFTED,
] as const;
const VECTOR = 0xfd;

/** Instructions without immediates: [opcode], or [prefix, opcode]. */
const OPCODES = {
  unreachable: [0x00],
  return: [0x0f],
  drop: [0x1a],
  select: [0x1b],
  ...family("i32", ["eqz", ...COMPARED_INTS], 0x45),
  ...family("f64", COMPARED, 0x61),
  ...family("i32", COMPUTED_INTS, 0x6a),
  ...family("f64", ["add", "sub", "mul", "div", "min", "max"], 0xa0),
  "f32.demote_f64": [0xb6],
  "f64.promote_f32": [0xbb],
  ...family("i32x4", ["splat"], 0x11, VECTOR),
  ...family("f32x4", ["splat"], 0x13, VECTOR),
  ...family("i32x4", COMPARED_INTS, 0x37, VECTOR),
  ...family("f32x4", COMPARED, 0x41, VECTOR),
  ...family("f64x2", COMPARED, 0x47, VECTOR),
  ...family("v128", ["not", "and", "andnot", "or", "xor", "bitselect", "any_true"], 0x4d, VECTOR),
  "f64x2.promote_low_f32x4": [VECTOR, 0x5f],
  ...family("f32x4", ["ceil", "floor", "trunc", "nearest"], 0x67, VECTOR),
  ...family("f64x2", ["ceil", "floor"], 0x74, VECTOR),
  "f64x2.nearest": [VECTOR, 0x94],
  ...family("i32x4", ["abs", "neg"], 0xa0, VECTOR),
  "i32x4.bitmask": [VECTOR, 0xa4],
  ...family("i32x4", [...SHIFTED, "add"], 0xab, VECTOR),
  "i32x4.sub": [VECTOR, 0xb1],
  ...family("i32x4", ["mul", "min_s", "min_u", "max_s"], 0xb5, VECTOR),
  "i64x2.extend_low_i32x4_s": [VECTOR, 0xc7],
  ...family("i64x2", SHIFTED, 0xcb, VECTOR),
  ...family("i64x2", ["extmul_low_i32x4_u", "extmul_high_i32x4_u"], 0xde, VECTOR),
  ...family("f32x4", ["abs", "neg"], 0xe0, VECTOR),
  ...family("f32x4", ["sqrt", ...COMPUTED], 0xe3, VECTOR),
  ...family("f64x2", ["abs", "neg"], 0xec, VECTOR),
  ...family("f64x2", ["sqrt", ...COMPUTED], 0xef, VECTOR),
  "i32x4.trunc_sat_f32x4_s": [VECTOR, 0xf8],
  "f32x4.convert_i32x4_s": [VECTOR, 0xfa],
  "i32x4.trunc_sat_f64x2_s_zero": [VECTOR, 0xfc],
  "f64x2.convert_low_i32x4_s": [VECTOR, 0xfe],
  // Relaxed SIMD: one rounding where the machine fuses, two where it does not.
  ...family("f32x4", ["relaxed_madd", "relaxed_nmadd"], 0x105, VECTOR),
  ...family("f64x2", ["relaxed_madd", "relaxed_nmadd"], 0x107, VECTOR),
};

/** Loads and stores: opcode, and the alignment the instruction requires or hints at, as a power of two. */
const MEMORY = {
  "i32.load": [[0x28], 2],
  "f64.load": [[0x2b], 3],
  "i32.store": [[0x36], 2],
  "f64.store": [[0x39], 3],
  "v128.load": [[0xfd, 0], 2],
  "v128.load32_splat": [[0xfd, 9], 2],
  "v128.load64_splat": [[0xfd, 10], 3],
  "v128.store": [[0xfd, 11], 2],
  "v128.load64_zero": [[0xfd, 0x5d], 3],
  "memory.atomic.notify": [[0xfe, 0x00], 2],
  "memory.atomic.wait32": [[0xfe, 0x01], 2],
  "i32.atomic.load": [[0xfe, 0x10], 2],
  "i32.atomic.store": [[0xfe, 0x17], 2],
  "i32.atomic.rmw.add": [[0xfe, 0x1e], 2],
} as const satisfies Record<string, readonly [readonly number[], number]>;

/** Instructions that name a lane, and loads and stores of one lane. */
const LANE = {
  "i32x4.extract_lane": [0xfd, 0x1b],
  "i32x4.replace_lane": [0xfd, 0x1c],
  "f32x4.extract_lane": [0xfd, 0x1f],
  "f64x2.extract_lane": [0xfd, 0x21],
} as const satisfies Record<string, readonly number[]>;

const LANE_MEMORY = {
  "v128.load32_lane": [[0xfd, 0x56], 2],
  "v128.load64_lane": [[0xfd, 0x57], 3],
  "v128.store32_lane": [[0xfd, 0x5a], 2],
  "v128.store64_lane": [[0xfd, 0x5b], 3],
} as const satisfies Record<string, readonly [readonly number[], number]>;

export type Opcode = keyof typeof OPCODES;
export type MemoryOpcode = keyof typeof MEMORY;
export type LaneOpcode = keyof typeof LANE;
export type LaneMemoryOpcode = keyof typeof LANE_MEMORY;

/** A growing run of bytes. */
export class Bytes {
  data: Uint8Array = new Uint8Array(256);
  length = 0;

  private reserve(count: number): void {
    if (this.length + count <= this.data.length) return;
    const grown = new Uint8Array(Math.max(2 * this.data.length, this.length + count));
    grown.set(this.data);
    this.data = grown;
  }

  byte(value: number): void {
    this.reserve(1);
    this.data[this.length++] = value;
  }

  append(values: ArrayLike<number>): void {
    this.reserve(values.length);
    this.data.set(values, this.length);
    this.length += values.length;
  }

  /** Unsigned LEB128; exact up to 2^53. */
  unsigned(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.byte((rest % 0x80) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    this.byte(rest);
  }

  /** Signed LEB128; exact within ±2^53. */
  signed(value: number): void {
    let rest = value;
    while (rest < -64 || rest > 63) {
      this.byte((rest - Math.floor(rest / 0x80) * 0x80) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    this.byte(rest & 0x7f);
  }

  opcode(code: readonly number[]): void {
    this.byte(code[0]);
    if (code.length > 1) this.unsigned(code[1]);
  }

  name(text: string): void {
    this.unsigned(text.length);
    for (let i = 0; i < text.length; i++) this.byte(text.charCodeAt(i));
  }

  take(): Uint8Array {
    return this.data.subarray(0, this.length);
  }
}

/** Appends instructions to a stream.  One that leaves no value on the stack serves as a statement. */
export type Expression = (out: Bytes) => void;

const scratch = new DataView(new ArrayBuffer(8));

export const i32 =
  (value: number): Expression =>
  (out) => {
    out.byte(0x41);
    out.signed(value | 0);
  };
/** @param value an integer within ±2^53 */
export const i64 =
  (value: number): Expression =>
  (out) => {
    out.byte(0x42);
    out.signed(value);
  };
const bytesOf = (type: "f32" | "f64", value: number): Uint8Array => {
  if (type === "f32") scratch.setFloat32(0, value, true);
  else scratch.setFloat64(0, value, true);
  return new Uint8Array(scratch.buffer, 0, type === "f32" ? 4 : 8);
};
export const float =
  (type: "f32" | "f64", value: number): Expression =>
  (out) => {
    out.byte(type === "f32" ? 0x43 : 0x44);
    out.append(bytesOf(type, value));
  };
/** All lanes equal to a constant. */
export const splat =
  (type: "f32" | "f64" | "i32", value: number): Expression =>
  (out) => {
    out.opcode([0xfd, 12]);
    if (type === "i32") scratch.setInt32(0, value, true);
    const lane = type === "i32" ? new Uint8Array(scratch.buffer, 0, 4) : bytesOf(type, value);
    for (let i = 0; i < 16; i += lane.length) out.append(lane);
  };
/** A constant with the given 32-bit lanes. */
export const lanes32 =
  (values: readonly number[]): Expression =>
  (out) => {
    out.opcode([0xfd, 12]);
    out.append(new Uint8Array(new Int32Array(values).buffer));
  };

export const op =
  (name: Opcode, ...operands: Expression[]): Expression =>
  (out) => {
    for (const operand of operands) operand(out);
    out.opcode(OPCODES[name]);
  };

const memory =
  (
    code: readonly number[],
    align: number,
    offset: number,
    operands: readonly Expression[],
    lane?: number,
  ): Expression =>
  (out) => {
    for (const operand of operands) operand(out);
    out.opcode(code);
    out.byte(align);
    out.unsigned(offset);
    if (lane !== undefined) out.byte(lane);
  };
/** @param offset constant bytes added to the address, ≥ 0 */
export const load = (name: MemoryOpcode, address: Expression, offset = 0): Expression =>
  memory(MEMORY[name][0], MEMORY[name][1], offset, [address]);
export const store = (name: MemoryOpcode, address: Expression, value: Expression, offset = 0): Expression =>
  memory(MEMORY[name][0], MEMORY[name][1], offset, [address, value]);
/** Sleeps until notified, at most `timeout` nanoseconds, if memory still holds `expected`; leaves 0, 1 or 2. */
export const wait32 = (address: Expression, expected: Expression, timeout: Expression, offset = 0): Expression =>
  memory(MEMORY["memory.atomic.wait32"][0], 2, offset, [address, expected, timeout]);
/** Sets `count` bytes from `address` on. */
export const fillMemory =
  (address: Expression, value: Expression, count: Expression): Expression =>
  (out) => {
    for (const operand of [address, value, count]) operand(out);
    out.opcode([0xfc, 0x0b]);
    out.byte(0);
  };
/** Loads one lane into, or stores one lane of, `vector`. */
export const laneMemory = (
  name: LaneMemoryOpcode,
  address: Expression,
  vector: Expression,
  lane: number,
  offset = 0,
): Expression => memory(LANE_MEMORY[name][0], LANE_MEMORY[name][1], offset, [address, vector], lane);
export const lane =
  (name: LaneOpcode, index: number, ...operands: Expression[]): Expression =>
  (out) => {
    for (const operand of operands) operand(out);
    out.opcode(LANE[name]);
    out.byte(index);
  };
/** Picks lanes of `size` bytes out of the concatenation of two vectors. */
export const shuffle =
  (a: Expression, b: Expression, lanes: readonly number[], size: 4 | 8 = 4): Expression =>
  (out) => {
    a(out);
    b(out);
    out.opcode([0xfd, 13]);
    for (const index of lanes) for (let byte = 0; byte < size; byte++) out.byte(index * size + byte);
  };

/** A local variable; as an expression it is its value. */
export interface Local extends Expression {
  readonly index: number;
  readonly type: ValueType;
}

/** The body of one function; parameters are its first locals. */
export class FunctionBuilder {
  readonly body = new Bytes();
  private readonly types: ValueType[];
  readonly index: number;
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];

  constructor(index: number, parameters: readonly ValueType[], results: readonly ValueType[]) {
    this.index = index;
    this.parameters = parameters;
    this.results = results;
    this.types = [...parameters];
  }

  private reference(index: number): Local {
    const read = (out: Bytes) => {
      out.byte(0x20);
      out.unsigned(index);
    };
    return Object.assign(read, { index, type: this.types[index] });
  }

  parameter(index: number): Local {
    return this.reference(index);
  }

  local(type: ValueType): Local {
    this.types.push(type);
    return this.reference(this.types.length - 1);
  }

  emit(...statements: Expression[]): void {
    for (const statement of statements) statement(this.body);
  }

  /** Evaluates now, and gives the value a name. */
  let(type: ValueType, value: Expression): Local {
    const local = this.local(type);
    this.set(local, value);
    return local;
  }

  set(local: Local, value: Expression): void {
    value(this.body);
    this.body.byte(0x21);
    this.body.unsigned(local.index);
  }

  /** Sets a local and leaves the value on the stack. */
  tee(local: Local, value: Expression): Expression {
    return (out) => {
      value(out);
      out.byte(0x22);
      out.unsigned(local.index);
    };
  }

  /** do { body } while (again()); `body` runs at least once. */
  doWhile(body: () => Expression): void {
    this.emit(open(0x03));
    const again = body();
    this.emit(again, branchIf(0), close);
  }

  /** while (condition) { body } */
  while(condition: Expression, body: () => void): void {
    this.if(condition, () => {
      this.doWhile(() => {
        body();
        return condition;
      });
    });
  }

  /** for (i = from; i < to; i += step) on signed integers; the bound is evaluated once. */
  for(from: Expression, to: Expression, step: number, body: (i: Local) => void): void {
    const i = this.let("i32", from);
    const end = this.let("i32", to);
    this.while(op("i32.lt_s", i, end), () => {
      body(i);
      this.set(i, op("i32.add", i, i32(step)));
    });
  }

  if(condition: Expression, then: () => void, otherwise?: () => void): void {
    this.emit(condition, open(0x04));
    then();
    if (otherwise) {
      this.body.byte(0x05);
      otherwise();
    }
    this.emit(close);
  }

  encode(into: Bytes): void {
    const locals = this.types.slice(this.parameters.length);
    const runs: { type: ValueType; count: number }[] = [];
    for (const type of locals) {
      const last = runs.at(-1);
      if (last?.type === type) last.count++;
      else runs.push({ type, count: 1 });
    }
    const code = new Bytes();
    code.unsigned(runs.length);
    for (const { type, count } of runs) {
      code.unsigned(count);
      code.byte(TYPE_CODE[type]);
    }
    code.append(this.body.take());
    code.byte(0x0b);
    into.unsigned(code.length);
    into.append(code.take());
  }
}

const open =
  (code: number): Expression =>
  (out) => {
    out.byte(code);
    out.byte(0x40);
  };
const close: Expression = (out) => out.byte(0x0b);
const branchIf =
  (depth: number): Expression =>
  (out) => {
    out.byte(0x0d);
    out.unsigned(depth);
  };

export const call =
  (target: FunctionBuilder, ...operands: Expression[]): Expression =>
  (out) => {
    for (const operand of operands) operand(out);
    out.byte(0x10);
    out.unsigned(target.index);
  };

/** A module that imports one memory as `env.memory`. */
export class ModuleBuilder {
  private readonly functions: FunctionBuilder[] = [];
  private readonly exports = new Map<string, FunctionBuilder>();

  function(parameters: readonly ValueType[], results: readonly ValueType[] = []): FunctionBuilder {
    const made = new FunctionBuilder(this.functions.length, parameters, results);
    this.functions.push(made);
    return made;
  }

  export(name: string, target: FunctionBuilder): void {
    this.exports.set(name, target);
  }

  /**
   * @param maximumPages limit of the imported memory in pages of 64 KiB
   * @param shared whether the memory is shared between threads
   */
  encode(maximumPages: number, shared: boolean): Uint8Array<ArrayBuffer> {
    const out = new Bytes();
    out.append([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
    const section = (id: number, fill: (content: Bytes) => void) => {
      const content = new Bytes();
      fill(content);
      out.byte(id);
      out.unsigned(content.length);
      out.append(content.take());
    };
    const key = (f: FunctionBuilder) => `${f.parameters}>${f.results}`;
    const types = new Map(this.functions.map((f) => [key(f), f]));
    const order = [...types.keys()];
    section(1, (content) => {
      content.unsigned(order.length);
      for (const { parameters, results } of types.values()) {
        content.byte(0x60);
        for (const list of [parameters, results]) {
          content.unsigned(list.length);
          for (const type of list) content.byte(TYPE_CODE[type]);
        }
      }
    });
    section(2, (content) => {
      content.unsigned(1);
      content.name("env");
      content.name("memory");
      content.byte(2);
      content.byte(shared ? 3 : 1);
      content.unsigned(0);
      content.unsigned(maximumPages);
    });
    section(3, (content) => {
      content.unsigned(this.functions.length);
      for (const f of this.functions) content.unsigned(order.indexOf(key(f)));
    });
    section(7, (content) => {
      content.unsigned(this.exports.size);
      for (const [name, target] of this.exports) {
        content.name(name);
        content.byte(0);
        content.unsigned(target.index);
      }
    });
    section(10, (content) => {
      content.unsigned(this.functions.length);
      for (const f of this.functions) f.encode(content);
    });
    return out.take().slice() as Uint8Array<ArrayBuffer>;
  }
}
