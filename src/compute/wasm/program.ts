import type { Field, Scalar } from "../backend.ts";
import type { Precision } from "../grid.ts";
import { type Graph, inKernel } from "../language/graph.ts";
import type { Kernel } from "../language/kernel.ts";
import type { ElementType } from "../language/types.ts";
import type { Value } from "../language/values.ts";
import { type KernelStep, type Program, type Step, traceStep } from "../program.ts";
import {
  call,
  type Expression,
  type FunctionBuilder,
  float,
  i32,
  i64,
  type Local,
  load,
  ModuleBuilder,
  op,
  store,
  wait32,
} from "./assembler.ts";
import type { ConvolutionPass } from "./convolution.ts";
import { emitKernel, type KernelCode } from "./emit.ts";
import { layoutOf } from "./layout.ts";
import { CONTROL, STATUS } from "./threads.ts";

/** Rounds a thread looks at the barrier before it sleeps: tens of microseconds, longer than most steps are apart. */
const SPINS = 20_000;
/** How long a sleeping thread waits before it looks whether another one has died [ns]. */
const NAP = 20_000_000;

/** Where a program finds things; byte addresses. */
export interface Places {
  field(field: Field): number;
  slot(scalar: Scalar): number;
  table(key: string): { readonly address: number; readonly rows: number; readonly components: number };
  /** Emits the passes of a convolution and gives the addresses that its passes take after source and target. */
  convolution(
    key: string,
    module: ModuleBuilder,
  ): {
    readonly passes: readonly ConvolutionPass[];
    readonly addresses: readonly number[];
    readonly scratchBytes: number;
  };
  /** A place for one f64 per item and reduction. */
  partials(bytes: number): number;
}

export interface Target {
  readonly precision: Precision;
  readonly fma: boolean;
  readonly shared: boolean;
  readonly maximumPages: number;
}

export interface ProgramCode {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Bytes of memory each thread needs for itself. */
  readonly scratchBytes: number;
}

/** How the items of a step touch a field: with the same partition, item by item, threads meet only their own cells. */
interface Touch {
  readonly key: string;
  /** What shares out the field the same way; undefined if items reach into each other's cells. */
  readonly partition: string | undefined;
}

/** One module per program: `run(thread, threads, scalars, scratch)` goes through all steps, meeting at barriers. */
export function emitProgram(program: Program, target: Target, places: Places): ProgramCode {
  return new ProgramEmitter(program, target, places).emit();
}

class ProgramEmitter {
  private readonly program: Program;
  private readonly target: Target;
  private readonly places: Places;
  private readonly module = new ModuleBuilder();
  private readonly barrierFunction: FunctionBuilder;
  private readonly run: FunctionBuilder;
  private readonly kernels = new Map<string, { code: KernelCode; graph: Graph }>();
  private readonly combiners = new Map<string, FunctionBuilder>();
  private readonly convolutions = new Map<string, ReturnType<Places["convolution"]>>();
  private scratchBytes = 0;
  private depth = 0;
  /** What has been touched since threads last met. */
  private read: Touch[] = [];
  private written: Touch[] = [];

  constructor(program: Program, target: Target, places: Places) {
    this.program = program;
    this.target = target;
    this.places = places;
    this.barrierFunction = this.emitBarrier();
    this.run = this.module.function(["i32", "i32", "i32", "i32"], ["i32"]);
  }

  private get thread(): Local {
    return this.run.parameter(0);
  }
  private get threads(): Local {
    return this.run.parameter(1);
  }
  private get scalars(): Local {
    return this.run.parameter(2);
  }
  private get scratch(): Local {
    return this.run.parameter(3);
  }

  emit(): ProgramCode {
    this.steps(this.program.steps);
    this.run.emit(i32(STATUS.done));
    this.module.export("run", this.run);
    return {
      bytes: this.module.encode(this.target.maximumPages, this.target.shared),
      scratchBytes: this.scratchBytes,
    };
  }

  /** (threads) → 1 if another thread has died.  The last to arrive decides for all whether to stop. */
  private emitBarrier(): FunctionBuilder {
    const f = this.module.function(["i32"], ["i32"]);
    const threads = f.parameter(0);
    const at = i32(0);
    const atomic = (offset: number) => load("i32.atomic.load", at, offset);
    const generation = f.let("i32", atomic(CONTROL.generation));
    const spins = f.let("i32", i32(0));
    const arrived = store("i32.atomic.rmw.add", at, i32(1), CONTROL.arrived);
    f.if(
      op("i32.eq", op("i32.add", arrived, i32(1)), threads),
      () => {
        f.emit(
          store("i32.atomic.store", at, i32(0), CONTROL.arrived),
          store("i32.atomic.store", at, atomic(CONTROL.request), CONTROL.stop),
          op("drop", store("i32.atomic.rmw.add", at, i32(1), CONTROL.generation)),
        );
        f.if(op("i32.gt_s", threads, i32(1)), () =>
          f.emit(op("drop", store("memory.atomic.notify", at, i32(-1), CONTROL.generation))),
        );
      },
      () => {
        f.while(op("i32.eq", atomic(CONTROL.generation), generation), () => {
          f.set(spins, op("i32.add", spins, i32(1)));
          f.if(op("i32.gt_s", spins, i32(SPINS)), () => {
            f.emit(op("drop", wait32(at, generation, i64(NAP), CONTROL.generation)));
            f.if(atomic(CONTROL.poison), () => f.emit(op("return", i32(1))));
          });
        });
      },
    );
    f.emit(i32(0));
    return f;
  }

  private barrier(): void {
    this.run.if(call(this.barrierFunction, this.threads), () => this.run.emit(op("return", i32(STATUS.poisoned))));
    this.read = [];
    this.written = [];
  }

  /** Lets all threads meet if one may touch what another one has touched. */
  private settle(): void {
    if (this.read.length + this.written.length > 0) this.barrier();
  }

  private prepare(reads: readonly Touch[], writes: readonly Touch[]): void {
    const clash = (now: Touch, before: Touch) =>
      now.key === before.key && (now.partition === undefined || now.partition !== before.partition);
    if (
      reads.some((now) => this.written.some((before) => clash(now, before))) ||
      writes.some((now) => [...this.written, ...this.read].some((before) => clash(now, before)))
    )
      this.barrier();
    this.read.push(...reads);
    this.written.push(...writes);
  }

  private steps(steps: readonly Step[]): void {
    for (const step of steps) this.step(step);
  }

  private step(step: Step): void {
    const { run } = this;
    switch (step.do) {
      case "kernel":
        this.kernel(step);
        return;
      case "copy":
        this.kernel({
          do: "kernel",
          kernel: copying(step.source.type),
          grid: step.source.grid,
          bindings: {
            source: { is: "field", field: step.source.key },
            target: { is: "field", field: step.target.key },
          },
          fields: new Map([step.source, step.target].map((field) => [field.key, field])),
          scalars: new Map(),
          tables: new Map(),
          scalarOnly: false,
        });
        return;
      case "convolve": {
        const { key } = step.convolution;
        let code = this.convolutions.get(key);
        if (!code) {
          code = this.places.convolution(key, this.module);
          this.convolutions.set(key, code);
          this.scratchBytes = Math.max(this.scratchBytes, code.scratchBytes);
        }
        const { passes, addresses } = code;
        const between: Touch = { key, partition: undefined };
        passes.forEach((pass, i) => {
          this.prepare(
            i === 0 ? [{ key: step.source.key, partition: undefined }] : [between],
            i === passes.length - 1 ? [{ key: step.target.key, partition: undefined }] : [between],
          );
          const given = [this.places.field(step.source), this.places.field(step.target), ...addresses].map(i32);
          this.shared(pass.run, pass.items, [...given, this.scratch]);
        });
        return;
      }
      case "repeat": {
        const count =
          typeof step.count === "number"
            ? i32(step.count)
            : load("i32.load", this.scalars, this.places.slot(step.count));
        const left = run.let("i32", count);
        this.loop(op("i32.gt_s", left, i32(0)), () => {
          run.set(left, op("i32.sub", left, i32(1)));
          this.steps(step.body);
        });
        return;
      }
      case "while": {
        const left = run.let("i32", i32(step.limit));
        const condition = op("i32.and", op("i32.gt_s", left, i32(0)), this.truth(step.condition));
        this.loop(condition, () => {
          run.set(left, op("i32.sub", left, i32(1)));
          this.steps(step.body);
        });
        return;
      }
      case "when": {
        this.settle();
        const branch = (steps: readonly Step[]) => () => {
          this.steps(steps);
          this.settle();
        };
        run.if(this.truth(step.condition), branch(step.body), branch(step.otherwise));
        return;
      }
      default:
        step satisfies never;
    }
  }

  /** All threads meet at the end of each round; rounds of outermost loops are where a program can be stopped. */
  private loop(condition: Expression, round: () => void): void {
    const { run } = this;
    this.settle();
    this.depth++;
    const outermost = this.depth === 1;
    run.while(condition, () => {
      if (outermost)
        run.if(load("i32.atomic.load", i32(0), CONTROL.stop), () => run.emit(op("return", i32(STATUS.stopped))));
      round();
      if (outermost) this.barrier();
      else this.settle();
    });
    this.depth--;
  }

  private truth(scalar: Scalar): Expression {
    const offset = this.places.slot(scalar);
    return scalar.kind === "int"
      ? op("i32.ne", load("i32.load", this.scalars, offset), i32(0))
      : op("f64.ne", load("f64.load", this.scalars, offset), float("f64", 0));
  }

  /** This thread's part of the items of a function. */
  private shared(target: FunctionBuilder, items: number, rest: readonly Expression[]): void {
    const each = op("i32.div_u", i32(items), this.threads);
    const left = op("i32.rem_u", i32(items), this.threads);
    // The first threads take one of what is left over.
    const bound = (thread: Expression) =>
      op("i32.add", op("i32.mul", each, thread), op("select", thread, left, op("i32.lt_u", thread, left)));
    this.run.emit(call(target, bound(this.thread), bound(op("i32.add", this.thread, i32(1))), ...rest));
  }

  private kernel(step: KernelStep): void {
    const { run, places } = this;
    const { code, graph, actual } = this.compiled(step);
    const fieldOf = (key: string) => step.fields.get(actual.get(key)!)!;
    const pointers = [
      ...code.fields.map((key) => i32(places.field(fieldOf(key)))),
      ...code.tables.map((key) => i32(places.table(key).address)),
    ];
    this.scratchBytes = Math.max(this.scratchBytes, code.scratchBytes);
    if (step.scalarOnly) {
      run.emit(call(code.run, i32(0), i32(1), this.scratch, this.scalars, i32(0), ...pointers));
      return;
    }
    const { reads, writes } = touches(graph, code);
    const named = (list: readonly Touch[]) => list.map(({ key, partition }) => ({ key: fieldOf(key).key, partition }));
    const partialBytes = code.items * code.reductions.length * 8;
    const partials = partialBytes > 0 ? places.partials(partialBytes) : 0;
    const partial: Touch[] = partialBytes > 0 ? [{ key: `partials ${partials}`, partition: undefined }] : [];
    this.prepare(named(reads), [...named(writes), ...partial]);
    this.shared(code.run, code.items, [this.scratch, this.scalars, i32(partials), ...pointers]);
    if (partialBytes === 0) return;
    this.prepare(partial, []);
    code.reductions.forEach(({ slot, reduction }, i) => {
      const total = call(
        this.combiner(reduction === "sum" ? "f64.add" : `f64.${reduction}`),
        i32(partials + 8 * i),
        i32(8 * code.reductions.length),
        i32(code.items),
      );
      run.emit(store("f64.store", this.scalars, total, places.slot(step.scalars.get(slot)!)));
    });
  }

  /** (address, stride, count) → all entries combined, in order. */
  private combiner(name: "f64.add" | "f64.max" | "f64.min"): FunctionBuilder {
    let f = this.combiners.get(name);
    if (!f) {
      f = this.module.function(["i32", "i32", "i32"], ["f64"]);
      const at = f.parameter(0);
      const total = f.let("f64", load("f64.load", at));
      const made = f;
      f.for(i32(1), f.parameter(2), 1, () => {
        made.set(at, op("i32.add", at, made.parameter(1)));
        made.set(total, op(name, total, load("f64.load", at)));
      });
      f.emit(total);
      this.combiners.set(name, f);
    }
    return f;
  }

  /** Uses of one kernel that differ in nothing but which fields they are given share their code. */
  private compiled(step: KernelStep): { code: KernelCode; graph: Graph; actual: ReadonlyMap<string, string> } {
    const { places } = this;
    const actual = new Map<string, string>();
    /** Fields go by the first name they have in the kernel. */
    const alias = (key: string, name: string): string => {
      for (const [known, field] of actual) if (field === key) return known;
      actual.set(name, key);
      return name;
    };
    const bindings = Object.fromEntries(
      Object.entries(step.bindings).map(([name, binding]) => {
        if (binding.is === "field") return [name, { ...binding, field: alias(binding.field, name) }];
        if (binding.is === "table")
          return [name, { ...binding, regions: alias(binding.regions, `regions of ${name}`) }];
        return [name, binding];
      }),
    );
    const key = `${kernelNumber(step.kernel)} ${JSON.stringify([step.grid, bindings], exactly)}`;
    let made = this.kernels.get(key);
    if (!made) {
      // Scalars are always double.
      const precision = step.scalarOnly ? "f64" : this.target.precision;
      made = inKernel(step.kernel.name, () => {
        const graph = traceStep({ ...step, bindings }, precision);
        const code = emitKernel(this.module, graph, {
          layout: layoutOf(step.grid, precision),
          fma: this.target.fma,
          slot: (slot) => places.slot(step.scalars.get(slot)!),
          table: (table) => places.table(table),
        });
        return { code, graph };
      });
      this.kernels.set(key, made);
    }
    return { ...made, actual };
  }
}

/** For JSON, which has no infinities and no −0. */
const exactly = (_: string, value: unknown): unknown =>
  typeof value === "number" ? (Object.is(value, -0) ? "-0" : `${value}`) : value;

const numbers = new WeakMap<Kernel, number>();
let count = 0;
/** Kernels have no names that are unique. */
function kernelNumber(kernel: Kernel): number {
  let number = numbers.get(kernel);
  if (number === undefined) {
    number = count++;
    numbers.set(kernel, number);
  }
  return number;
}

const copies = new Map<string, Kernel>();
function copying(type: ElementType): Kernel {
  let made = copies.get(type.name);
  if (!made) {
    made = {
      name: "copy",
      reads: { source: type },
      updates: {},
      writes: { target: type },
      reduces: {},
      sweep: undefined,
      body: ({ source }: { source: Value }) => ({ target: source }),
    };
    copies.set(type.name, made);
  }
  return made;
}

/** Which fields a kernel reads and writes, and whether its items stay within their own cells. */
function touches(graph: Graph, code: KernelCode): { reads: Touch[]; writes: Touch[] } {
  const partition = `${code.items} ${graph.grid.size} ${graph.sweep}`;
  const of = (stores: boolean): Touch[] => {
    const mine = code.accesses.filter((access) => access.stores === stores);
    return [...new Set(mine.map(({ field }) => field))].map((key) => ({
      key,
      partition: mine.every(({ field, own }) => own || field !== key) ? partition : undefined,
    }));
  };
  return { reads: of(false), writes: of(true) };
}
