/**
 * WebAssembly, byte by byte.  An {@link Expression} is a function that appends its instructions to a stream; expressions
 * compose like the operators they stand for, and nothing is built in between, so emitting is fast.
 */

export type ValueType = "i32" | "i64" | "f32" | "f64" | "v128";

const TYPE_CODE: Record<ValueType, number> = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b };

/** Instructions without immediates: [opcode], or [prefix, opcode] (0xfd: vectors, 0xfc: saturating conversions). */
const OPCODES = {
  unreachable: [0x00],
  return: [0x0f],
  drop: [0x1a],
  select: [0x1b],
  "i32.eqz": [0x45],
  "i32.eq": [0x46],
  "i32.ne": [0x47],
  "i32.lt_s": [0x48],
  "i32.lt_u": [0x49],
  "i32.gt_s": [0x4a],
  "i32.gt_u": [0x4b],
  "i32.le_s": [0x4c],
  "i32.le_u": [0x4d],
  "i32.ge_s": [0x4e],
  "i32.ge_u": [0x4f],
  "f64.eq": [0x61],
  "f64.ne": [0x62],
  "f64.lt": [0x63],
  "f64.gt": [0x64],
  "i32.add": [0x6a],
  "i32.sub": [0x6b],
  "i32.mul": [0x6c],
  "i32.div_s": [0x6d],
  "i32.div_u": [0x6e],
  "i32.rem_s": [0x6f],
  "i32.rem_u": [0x70],
  "i32.and": [0x71],
  "i32.or": [0x72],
  "i32.xor": [0x73],
  "i32.shl": [0x74],
  "i32.shr_s": [0x75],
  "i32.shr_u": [0x76],
  "i64.mul": [0x7e],
  "i64.shr_u": [0x88],
  "f64.abs": [0x99],
  "f64.neg": [0x9a],
  "f64.sqrt": [0x9f],
  "f64.add": [0xa0],
  "f64.sub": [0xa1],
  "f64.mul": [0xa2],
  "f64.div": [0xa3],
  "f64.min": [0xa4],
  "f64.max": [0xa5],
  "i32.wrap_i64": [0xa7],
  "i64.extend_i32_u": [0xad],
  "f32.convert_i32_s": [0xb2],
  "f32.demote_f64": [0xb6],
  "f64.convert_i32_s": [0xb7],
  "f64.promote_f32": [0xbb],
  "i32.trunc_sat_f32_s": [0xfc, 0x00],
  "i32.trunc_sat_f64_s": [0xfc, 0x02],
  "i8x16.swizzle": [0xfd, 0x0e],
  "i32x4.splat": [0xfd, 0x11],
  "i64x2.splat": [0xfd, 0x12],
  "f32x4.splat": [0xfd, 0x13],
  "f64x2.splat": [0xfd, 0x14],
  "i32x4.eq": [0xfd, 0x37],
  "i32x4.ne": [0xfd, 0x38],
  "i32x4.lt_s": [0xfd, 0x39],
  "i32x4.lt_u": [0xfd, 0x3a],
  "i32x4.gt_s": [0xfd, 0x3b],
  "i32x4.le_s": [0xfd, 0x3d],
  "i32x4.ge_s": [0xfd, 0x3f],
  "f32x4.eq": [0xfd, 0x41],
  "f32x4.ne": [0xfd, 0x42],
  "f32x4.lt": [0xfd, 0x43],
  "f32x4.gt": [0xfd, 0x44],
  "f32x4.le": [0xfd, 0x45],
  "f32x4.ge": [0xfd, 0x46],
  "f64x2.eq": [0xfd, 0x47],
  "f64x2.ne": [0xfd, 0x48],
  "f64x2.lt": [0xfd, 0x49],
  "f64x2.gt": [0xfd, 0x4a],
  "f64x2.le": [0xfd, 0x4b],
  "f64x2.ge": [0xfd, 0x4c],
  "v128.not": [0xfd, 0x4d],
  "v128.and": [0xfd, 0x4e],
  "v128.andnot": [0xfd, 0x4f],
  "v128.or": [0xfd, 0x50],
  "v128.xor": [0xfd, 0x51],
  "v128.bitselect": [0xfd, 0x52],
  "v128.any_true": [0xfd, 0x53],
  "f32x4.demote_f64x2_zero": [0xfd, 0x5e],
  "f64x2.promote_low_f32x4": [0xfd, 0x5f],
  "f32x4.ceil": [0xfd, 0x67],
  "f32x4.floor": [0xfd, 0x68],
  "f32x4.trunc": [0xfd, 0x69],
  "f32x4.nearest": [0xfd, 0x6a],
  "f64x2.ceil": [0xfd, 0x74],
  "f64x2.floor": [0xfd, 0x75],
  "f64x2.trunc": [0xfd, 0x7a],
  "f64x2.nearest": [0xfd, 0x94],
  "i32x4.abs": [0xfd, 0xa0],
  "i32x4.neg": [0xfd, 0xa1],
  "i32x4.all_true": [0xfd, 0xa3],
  "i32x4.bitmask": [0xfd, 0xa4],
  "i32x4.shl": [0xfd, 0xab],
  "i32x4.shr_s": [0xfd, 0xac],
  "i32x4.shr_u": [0xfd, 0xad],
  "i32x4.add": [0xfd, 0xae],
  "i32x4.sub": [0xfd, 0xb1],
  "i32x4.mul": [0xfd, 0xb5],
  "i32x4.min_s": [0xfd, 0xb6],
  "i32x4.min_u": [0xfd, 0xb7],
  "i32x4.max_s": [0xfd, 0xb8],
  "i64x2.extend_low_i32x4_s": [0xfd, 0xc7],
  "i64x2.extend_low_i32x4_u": [0xfd, 0xc9],
  "i64x2.shl": [0xfd, 0xcb],
  "i64x2.shr_s": [0xfd, 0xcc],
  "i64x2.shr_u": [0xfd, 0xcd],
  "i64x2.add": [0xfd, 0xce],
  "i64x2.sub": [0xfd, 0xd1],
  "i64x2.extmul_low_i32x4_u": [0xfd, 0xde],
  "i64x2.extmul_high_i32x4_u": [0xfd, 0xdf],
  "f32x4.abs": [0xfd, 0xe0],
  "f32x4.neg": [0xfd, 0xe1],
  "f32x4.sqrt": [0xfd, 0xe3],
  "f32x4.add": [0xfd, 0xe4],
  "f32x4.sub": [0xfd, 0xe5],
  "f32x4.mul": [0xfd, 0xe6],
  "f32x4.div": [0xfd, 0xe7],
  "f32x4.min": [0xfd, 0xe8],
  "f32x4.max": [0xfd, 0xe9],
  "f32x4.pmin": [0xfd, 0xea],
  "f32x4.pmax": [0xfd, 0xeb],
  "f64x2.abs": [0xfd, 0xec],
  "f64x2.neg": [0xfd, 0xed],
  "f64x2.sqrt": [0xfd, 0xef],
  "f64x2.add": [0xfd, 0xf0],
  "f64x2.sub": [0xfd, 0xf1],
  "f64x2.mul": [0xfd, 0xf2],
  "f64x2.div": [0xfd, 0xf3],
  "f64x2.min": [0xfd, 0xf4],
  "f64x2.max": [0xfd, 0xf5],
  "f64x2.pmin": [0xfd, 0xf6],
  "f64x2.pmax": [0xfd, 0xf7],
  "i32x4.trunc_sat_f32x4_s": [0xfd, 0xf8],
  "f32x4.convert_i32x4_s": [0xfd, 0xfa],
  "i32x4.trunc_sat_f64x2_s_zero": [0xfd, 0xfc],
  "f64x2.convert_low_i32x4_s": [0xfd, 0xfe],
  // Relaxed SIMD: one rounding where the machine fuses, two where it does not.
  "f32x4.relaxed_madd": [0xfd, 0x105],
  "f32x4.relaxed_nmadd": [0xfd, 0x106],
  "f64x2.relaxed_madd": [0xfd, 0x107],
  "f64x2.relaxed_nmadd": [0xfd, 0x108],
} as const satisfies Record<string, readonly number[]>;

/** Loads and stores: opcode, and the alignment the instruction requires or hints at, as a power of two. */
const MEMORY = {
  "i32.load": [[0x28], 2],
  "f32.load": [[0x2a], 2],
  "f64.load": [[0x2b], 3],
  "i32.store": [[0x36], 2],
  "f32.store": [[0x38], 2],
  "f64.store": [[0x39], 3],
  "v128.load": [[0xfd, 0], 2],
  "v128.load32_splat": [[0xfd, 9], 2],
  "v128.load64_splat": [[0xfd, 10], 3],
  "v128.store": [[0xfd, 11], 2],
  "v128.load32_zero": [[0xfd, 0x5c], 2],
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
