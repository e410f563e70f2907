import type {
  Backend,
  Convolution,
  ConvolutionKernel,
  Executable,
  Field,
  NumberArray,
  RunOptions,
  Scalar,
  Table,
} from "../backend.ts";
import { sampleCount, TENSOR_AXES, vanishes } from "../fft/spectrum.ts";
import { cellsOf, type Grid, type Precision } from "../grid.ts";
import { interpret } from "../language/interpreter.ts";
import type { ElementType } from "../language/types.ts";
import type { Value } from "../language/values.ts";
import { type Program, type ProgramBuilder, program, type Step, traceStep } from "../program.ts";
import { WasmBackend } from "../wasm/backend.ts";

/** Numbers in [−1, 1) that look random, the same in every run. */
export function noise(seed = 0): (i: number) => number {
  return (i) => {
    let h = Math.imul(i + 1, 0x9e3779b1) ^ Math.imul(seed + 1, 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
    h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
    return (h ^ (h >>> 15)) / 2 ** 31;
  };
}

export interface Tolerance {
  /** In units of the last place of the largest value of each field; 0 on machines that round as the interpreter does. */
  readonly ulps?: number;
  /** Relative difference of device scalars; 0 where nothing is summed. */
  readonly sums?: number;
}

/**
 * A backend, and beside it the same fields and scalars as plain numbers.  Each program runs on both, there by the
 * interpreter, and must leave the same behind.
 */
export class Twin {
  readonly backend: Backend;
  /** Whether the machine treats infinities, NaN and denormal numbers as IEEE 754 has them, and divides exactly. */
  readonly ieee: boolean;
  /** Whether it rounds as the interpreter does. */
  readonly exact: boolean;
  /** What the interpreter works on. */
  private readonly memory = {
    fields: new Map<string, NumberArray>(),
    scalars: new Map<string, number>(),
    tables: new Map<string, readonly (readonly number[])[]>(),
  };
  private readonly kernels = new Map<string, ConvolutionKernel>();
  private fields: Field[] = [];
  private tables: Table[] = [];
  private convolutions: Convolution[] = [];
  private readonly scalars: Scalar[] = [];
  private pending: Promise<unknown>[] = [];

  constructor(backend: Backend) {
    this.backend = backend;
    this.ieee = backend instanceof WasmBackend;
    this.exact = backend instanceof WasmBackend && !backend.fma;
  }

  /** @param values a number, or one per cell and component; noise unless given */
  field<V extends Value>(
    grid: Grid,
    type: ElementType<V>,
    values?: number | ArrayLike<number> | ((i: number) => number),
    name = `${type.name}${this.fields.length}`,
  ): Field<V> {
    const field = this.backend.field(grid, type, name);
    const start = values ?? (type.kind === "int" ? 0 : noise(this.fields.length));
    const count = cellsOf(grid) * type.components;
    const given = Float64Array.from({ length: count }, (_, i) =>
      typeof start === "number" ? start : typeof start === "function" ? start(i) : start[i],
    );
    const held = (
      type.kind === "int" ? Int32Array : this.backend.precision === "f32" ? Float32Array : Float64Array
    ).from(given);
    this.fields.push(field as Field);
    this.memory.fields.set(field.key, held);
    const writing = this.backend.write(field, typeof start === "number" ? start : held);
    // A test that has failed before it waited releases the field first.
    writing.catch(() => {});
    this.pending.push(writing);
    return field;
  }

  scalar(initial: number, kind: "real" | "int" = "real"): Scalar {
    const scalar = this.backend.scalar(initial, { kind, name: `${kind}${this.scalars.length}` });
    this.memory.scalars.set(scalar.key, initial);
    this.scalars.push(scalar);
    return scalar;
  }

  set(scalar: Scalar, value: number): void {
    this.backend.set(scalar, value);
    this.memory.scalars.set(scalar.key, value);
  }

  table<V extends Value>(type: ElementType<V>, rows: readonly (readonly number[])[]): Table<V> {
    const table = this.backend.table(type, rows);
    this.tables.push(table as Table);
    this.memory.tables.set(table.key, rows);
    return table;
  }

  convolution(grid: Grid, kernel: ConvolutionKernel): Convolution {
    const convolution = this.backend.convolution(grid, kernel);
    this.kernels.set(convolution.key, kernel);
    this.convolutions.push(convolution);
    return convolution;
  }

  /** What a field should hold. */
  values(field: Field): NumberArray {
    return this.memory.fields.get(field.key)!;
  }

  value(scalar: Scalar): number {
    return this.memory.scalars.get(scalar.key)!;
  }

  async compile(body: (p: ProgramBuilder) => void): Promise<{
    run(tolerance?: Tolerance, options?: RunOptions): Promise<void>;
    dispose(): void;
  }> {
    const written = program("test", body);
    const executable = await this.backend.compile(written);
    return {
      run: (tolerance, options) => this.both(written, executable, tolerance, options),
      dispose: () => executable.dispose(),
    };
  }

  /** Runs a program once, here and there, and compares. */
  async run(body: (p: ProgramBuilder) => void, tolerance?: Tolerance): Promise<void> {
    const compiled = await this.compile(body);
    try {
      await compiled.run(tolerance);
    } finally {
      compiled.dispose();
    }
  }

  /** Gives all memory back. */
  release(): void {
    for (const thing of [...this.fields, ...this.tables, ...this.convolutions]) this.backend.release(thing);
    this.fields = [];
    this.tables = [];
    this.convolutions = [];
  }

  private async both(written: Program, executable: Executable, tolerance?: Tolerance, options?: RunOptions) {
    const pending = this.pending;
    this.pending = [];
    await Promise.all(pending);
    await executable.run(options);
    this.interpret(written.steps);
    await this.compare(tolerance);
  }

  private interpret(steps: readonly Step[]): void {
    for (const step of steps) {
      switch (step.do) {
        case "kernel": {
          // Scalars are double precision wherever there is any.
          const precision: Precision =
            step.scalarOnly && this.backend instanceof WasmBackend ? "f64" : this.backend.precision;
          interpret(traceStep(step, precision), this.memory, { round: precision });
          break;
        }
        case "copy":
          this.values(step.target).set(this.values(step.source));
          break;
        case "convolve":
          this.convolve(step.convolution, this.values(step.source), this.values(step.target));
          break;
        case "repeat": {
          const count = typeof step.count === "number" ? step.count : this.value(step.count);
          for (let i = 0; i < count; i++) this.interpret(step.body);
          break;
        }
        case "while":
          for (let i = 0; i < step.limit && this.value(step.condition) !== 0; i++) this.interpret(step.body);
          break;
        case "when":
          this.interpret(this.value(step.condition) !== 0 ? step.body : step.otherwise);
          break;
        default:
          step satisfies never;
      }
    }
  }

  /** H_a(r) = Σ_b Σ_r′ K_ab(r − r′) M_b(r′), term by term. */
  private convolve({ grid, components, key }: Convolution, source: NumberArray, target: NumberArray): void {
    const cells = cellsOf(grid);
    const [nx, ny] = grid.size;
    const counts = grid.size.map((n, axis) => sampleCount(n, grid.periodic[axis]));
    const at = (cell: number) => [cell % nx, Math.floor(cell / nx) % ny, Math.floor(cell / (nx * ny))];
    const sums = new Float64Array(target.length);
    const folded = (d: number, axis: number): [number, number] => {
      if (!grid.periodic[axis]) return [Math.abs(d), Math.sign(d)];
      const n = grid.size[axis];
      const wrapped = ((d % n) + n) % n;
      return 2 * wrapped > n ? [n - wrapped, -1] : [wrapped, 1];
    };
    const kernel = this.kernels.get(key)!;
    if ("layers" in kernel) {
      // Films see each other through a tensor of their own, at displacements in the plane.
      for (let to = 0; to < cells; to++)
        for (let from = 0; from < cells; from++) {
          const [[x, sx], [y, sy]] = [0, 1].map((axis) => folded(at(to)[axis] - at(from)[axis], axis));
          kernel.layers[at(to)[2]][at(from)[2]].forEach((samples, component) => {
            if (vanishes(component, grid.size.slice(0, 2))) return;
            const [a, b] = TENSOR_AXES[component];
            const sign = a === b ? 1 : (a === 0 ? sx : 1) * (a === 1 || b === 1 ? sy : 1);
            const k = sign * samples[y * counts[0] + x];
            sums[a * cells + to] += k * source[b * cells + from];
            if (a !== b) sums[b * cells + to] += k * source[a * cells + from];
          });
        }
      target.set(sums);
      return;
    }
    kernel.components.forEach((samples, component) => {
      if (components === 3 && vanishes(component, grid.size)) return;
      const [a, b] = components === 1 ? [0, 0] : TENSOR_AXES[component];
      for (let to = 0; to < cells; to++)
        for (let from = 0; from < cells; from++) {
          const [x, y, z] = at(to).map((c, axis) => folded(c - at(from)[axis], axis));
          const sign = a === b ? 1 : [x, y, z][a][1] * [x, y, z][b][1];
          const k = sign * samples[(z[0] * counts[1] + y[0]) * counts[0] + x[0]];
          sums[a * cells + to] += k * source[b * cells + from];
          if (a !== b) sums[b * cells + to] += k * source[a * cells + from];
        }
    });
    target.set(sums);
  }

  /** @throws an Error that says where and by how much a field or scalar differs from what it should be */
  async compare({ ulps = this.exact ? 0 : 16, sums = this.exact ? 0 : 1e-6 }: Tolerance = {}): Promise<void> {
    for (const field of this.fields) {
      const expected = this.values(field);
      const actual = await this.backend.read(field);
      const unit = field.type.kind === "int" ? 0 : this.backend.precision === "f32" ? 2 ** -23 : 2 ** -52;
      let largest = 0;
      for (const value of expected) if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
      for (let i = 0; i < expected.length; i++) {
        if (close(actual[i], expected[i], ulps * unit * largest)) continue;
        const cells = cellsOf(field.grid);
        const [nx, ny] = field.grid.size;
        const cell = [i % nx, Math.floor(i / nx) % ny, Math.floor(i / (nx * ny)) % field.grid.size[2]];
        throw new Error(
          `"${field.name}" is ${actual[i]} instead of ${expected[i]} in component ${Math.floor(i / cells)} of cell ${cell} of ${field.grid.size.join("×")}`,
        );
      }
    }
    for (const scalar of this.scalars) {
      const expected = this.value(scalar);
      const actual = await this.backend.get(scalar);
      if (!close(actual, expected, scalar.kind === "int" ? 0 : sums * Math.abs(expected)))
        throw new Error(`the scalar "${scalar.name}" is ${actual} instead of ${expected}`);
    }
  }
}

/** NaN is NaN, and zeros have no sign: which one a minimum of both gives differs between machines. */
const close = (a: number, b: number, tolerance: number): boolean =>
  a === b || (Number.isNaN(a) && Number.isNaN(b)) || Math.abs(a - b) <= tolerance;
