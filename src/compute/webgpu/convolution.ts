import { BackendError, type ConvolutionKernel } from "../backend.ts";
import { radicesOf, transformLength } from "../fft/sizes.ts";
import { kernelSpectra, TENSOR_AXES, vanishes } from "../fft/spectrum.ts";
import type { Grid } from "../grid.ts";
import type { Dispatch, Gpu } from "./device.ts";
import { GATE, MOST_GROUPS, PASS_GATE, planeOf } from "./emit.ts";
import { type Team, TransformText, teamFor } from "./transform.ts";

type Buffers = Record<"source" | "output" | "work" | "spectrum" | "twiddles", GPUBufferBinding>;

/** One shader over all lines along an axis. */
interface Pass {
  readonly code: string;
  readonly groups: number;
  readonly axis: number;
  readonly uses: readonly (keyof Buffers)[];
}

const WRITTEN = new Set<keyof Buffers>(["output", "work"]);

/** Text that binds buffers in the order given. */
const bindings = (uses: Pass["uses"]): string =>
  uses
    .map((name, i) => {
      const access = WRITTEN.has(name) ? "read_write" : "read";
      const type = name === "work" || name === "twiddles" ? "vec2f" : "f32";
      return `@group(0) @binding(${i}) var<storage, ${access}> ${name}: array<${type}>;\n`;
    })
    .join("");

/**
 * The product with a symmetric kernel in Fourier space, axis by axis.  Rows along the first axis are transformed in
 * pairs, one as real and one as imaginary parts; of their spectra, frequencies up to half the length are kept.  The last
 * axis is transformed, multiplied and transformed back in one go, so that its padding never leaves the registers.  The
 * way back is the way there with real and imaginary parts swapped.
 */
export class GpuConvolution {
  private readonly gpu: Gpu;
  private readonly name: string;
  private readonly passes: readonly Pass[];
  private readonly work: GPUBuffer;
  private readonly spectrum: GPUBuffer;
  private readonly twiddles: readonly GPUBuffer[];

  /** @throws {BackendError} when an axis is too long for the device; @throws {AllocationError} */
  constructor(gpu: Gpu, grid: Grid, kernel: ConvolutionKernel, name: string) {
    this.gpu = gpu;
    this.name = `convolution "${name}"`;
    const layered = "layers" in kernel;
    const components = layered || kernel.components.length !== 1 ? 3 : 1;
    const lengths = grid.size.map((n, axis) =>
      layered && axis === 2 ? 1 : transformLength(n, grid.periodic[axis], false),
    );
    // Axes of one cell are left out; a grid always has a first axis.
    const axes = [0, 1, 2].filter((axis) => layered || grid.size[axis] > 1);
    axes.push(...[0, 1, 2].filter((axis) => !layered && grid.size[axis] === 1));
    const plan = new Plan(gpu, this.name, grid, axes, lengths, components, layered);
    this.passes = plan.passes();
    gpu.affords(`spectrum of ${this.name}`, plan.spectrumBytes);
    this.work = gpu.storage(`workspace of ${this.name}`, plan.workBytes);
    this.spectrum = gpu.storage(`spectrum of ${this.name}`, plan.spectrumBytes);
    // Pairs of rows come out doubled.
    const scale = 0.5 / (lengths[0] * lengths[1] * lengths[2]);
    let written = 0;
    for (const spectra of kernelSpectra(kernel, grid, lengths))
      for (const values of spectra) {
        if (values.length === 0) continue;
        const scaled = Float32Array.from(values, (value) => value * scale);
        gpu.device.queue.writeBuffer(this.spectrum, written, scaled);
        written += scaled.byteLength;
      }
    this.twiddles = axes.map((axis) => {
      const angle = (-2 * Math.PI) / lengths[axis];
      const values = new Float32Array(2 * lengths[axis]);
      for (let j = 0; j < lengths[axis]; j++) values.set([Math.cos(angle * j), Math.sin(angle * j)], 2 * j);
      return gpu.constant(`twiddles of ${this.name}`, values);
    });
  }

  async dispatches(source: GPUBufferBinding, output: GPUBufferBinding): Promise<Dispatch[]> {
    const { work, spectrum, twiddles, gpu } = this;
    return Promise.all(
      this.passes.map(async ({ code, groups, axis, uses }) => {
        const { pipelines, layout } = await gpu.compile(
          this.name,
          code,
          uses.map((name) => WRITTEN.has(name)),
        );
        const buffers: Buffers = {
          source,
          output,
          work: { buffer: work },
          spectrum: { buffer: spectrum },
          twiddles: { buffer: twiddles[axis] },
        };
        const group = gpu.group(
          layout,
          uses.map((name) => buffers[name]),
        );
        return { pipeline: pipelines[0], group, groups };
      }),
    );
  }

  destroy(): void {
    for (const buffer of [this.work, this.spectrum, ...this.twiddles]) buffer.destroy();
  }
}

/** Writes the shaders of a convolution. */
class Plan {
  private readonly gpu: Gpu;
  private readonly what: string;
  private readonly grid: Grid;
  private readonly components: 1 | 3;
  /** Whether planes are films with a tensor for each pair of them, and are not transformed across. */
  private readonly layered: boolean;
  /** Axis of the grid behind each axis of the plan. */
  private readonly axes: readonly number[];
  private readonly cells: readonly number[];
  private readonly lengths: readonly number[];
  /** Frequencies kept along the axes. */
  private readonly kept: readonly number[];
  /** The axis that is transformed both ways in one go. */
  private readonly last: 1 | 2;
  /** Rows of the workspace per plane, and complex numbers per row. */
  private readonly rows: number;
  private readonly row: number;

  constructor(
    gpu: Gpu,
    what: string,
    grid: Grid,
    axes: readonly number[],
    lengths: readonly number[],
    components: 1 | 3,
    layered: boolean,
  ) {
    this.gpu = gpu;
    this.layered = layered;
    this.what = what;
    this.grid = grid;
    this.axes = axes;
    this.components = components;
    this.cells = axes.map((axis) => grid.size[axis]);
    this.lengths = axes.map((axis) => lengths[axis]);
    this.kept = this.lengths.map((length) => (length >> 1) + 1);
    this.last = this.cells[2] > 1 ? 2 : 1;
    this.rows = this.last === 2 || layered ? this.lengths[1] : this.cells[1];
    this.row = Math.ceil(this.kept[0] / 4) * 4;
  }

  /** Complex numbers of one component in the workspace. */
  private get volume(): number {
    return this.row * this.rows * this.cells[2];
  }

  private get present(): number[] {
    const { size } = this.grid;
    const across = this.layered ? size.slice(0, 2) : size;
    return this.components === 1 ? [0] : [0, 1, 2, 3, 4, 5].filter((component) => !vanishes(component, across));
  }

  get workBytes(): number {
    return 8 * this.volume * this.components;
  }

  get spectrumBytes(): number {
    const pairs = this.layered ? this.cells[2] ** 2 : 1;
    return 4 * pairs * this.present.length * this.kept[0] * this.kept[1] * this.kept[2];
  }

  passes(): Pass[] {
    const middle = (this.last === 2 || this.layered) && this.cells[1] > 1;
    return [
      this.fromRows(),
      ...(middle ? [this.along(true)] : []),
      this.layered ? this.filmProduct() : this.product(),
      ...(middle ? [this.along(false)] : []),
      this.toRows(),
    ];
  }

  private team(axis: number, parts: number, strided: boolean): { team: Team; radices: number[] } {
    const length = this.lengths[axis];
    const room = this.gpu.device.limits.maxComputeWorkgroupStorageSize / 4;
    const team = teamFor(length, parts, strided, room, this.gpu.invocations);
    if (!team)
      throw new BackendError(
        `${this.what}: ${this.cells[axis]} cells along ${"xyz"[this.axes[axis]]} take transforms of length ${length}, this device can do ${room}`,
      );
    const radices = radicesOf(length)!;
    return { team, radices: radices.length > 0 ? radices : [1] };
  }

  /** Text that finds the two rows of a line. */
  private pairs(lines: number): { text: string; groups: number } {
    const [nx, ny, nz] = this.cells;
    const pairs = Math.ceil((ny * nz) / 2);
    const count = pairs * this.components;
    const workRow = (r: string) =>
      `(component * ${this.volume} + ${nz === 1 ? `${r}` : `(${r} / ${ny} * ${this.rows} + ${r} % ${ny})`} * ${this.row})`;
    const text = `var<private> first: vec2u;
var<private> second: vec2u;
var<private> live: vec2<bool>;
fn locate(group: u32, line: u32) {
  let pair = group * ${lines} + line;
  let component = pair / ${pairs};
  let row = pair % ${pairs} * 2;
  first = vec2u(component * ${planeOf(this.grid)} + row * ${nx}, ${workRow("row")});
  second = vec2u(first.x + ${nx}, ${workRow("(row + 1)")});
  live = vec2<bool>(pair < ${count}, pair < ${count} && row + 1 < ${ny * nz});
}
`;
    return { text, groups: Math.ceil(count / lines) };
  }

  private fromRows(): Pass {
    const { team, radices } = this.team(0, 1, false);
    const { text, groups } = this.pairs(team.lines);
    const [nx] = this.cells;
    const uses = ["source", "work", "twiddles"] as const;
    const writer = new TransformText(team);
    writer.load(radices[0], nx);
    writer.transform(radices);
    writer.storePairs(radices[radices.length - 1]);
    const code = writer.shader(`${bindings(uses)}${text}fn load(part: u32, i: u32) -> vec2f {
  var value: vec2f;
  if (i < ${nx} && live.x) { value.x = source[first.x + i]; }
  if (i < ${nx} && live.y) { value.y = source[second.x + i]; }
  return value;
}
fn storePair(k: u32, a: vec2f, b: vec2f) {
  if (live.x) { work[first.y + k] = vec2f(a.x + b.x, a.y - b.y); }
  if (live.y) { work[second.y + k] = vec2f(a.y + b.y, b.x - a.x); }
}
`);
    return { code, groups, axis: 0, uses };
  }

  private toRows(): Pass {
    const { team, radices } = this.team(0, 1, false);
    const { text, groups } = this.pairs(team.lines);
    const [nx] = this.cells;
    const length = this.lengths[0];
    const uses = ["work", "output", "twiddles"] as const;
    const writer = new TransformText(team);
    writer.load(radices[0], length);
    writer.transform(radices);
    writer.store(radices[radices.length - 1], nx);
    const code = writer.shader(`${bindings(uses)}${text}fn load(part: u32, i: u32) -> vec2f {
  let mirrored = 2 * i > ${length};
  let k = select(i, ${length} - i, mirrored);
  var a: vec2f;
  var b: vec2f;
  if (live.x) { a = work[first.y + k]; }
  if (live.y) { b = work[second.y + k]; }
  return select(vec2f(a.x + b.y, a.y - b.x), vec2f(b.y - a.x, a.y + b.x), mirrored);
}
fn store(part: u32, i: u32, value: vec2f) {
  if (i < ${nx} && live.x) { output[first.x + i] = value.y; }
  if (i < ${nx} && live.y) { output[second.x + i] = value.x; }
}
`);
    return { code, groups, axis: 0, uses };
  }

  /** Along the middle axis: there, which fills the padding, or back. */
  private along(there: boolean): Pass {
    const { team, radices } = this.team(1, 1, true);
    const columns = Math.ceil(this.kept[0] / team.lines);
    const uses = ["work", "twiddles"] as const;
    const [cells, length] = [this.cells[1], this.lengths[1]];
    const writer = new TransformText(team);
    writer.load(radices[0], there ? cells : length);
    writer.transform(radices);
    writer.store(radices[radices.length - 1], there ? length : cells);
    const layers = this.cells[2] * this.components;
    const code = writer.shader(`${bindings(uses)}var<private> base: u32;
var<private> live: bool;
fn locate(group: u32, line: u32) {
  let column = group % ${columns} * ${team.lines} + line;
  base = group / ${columns} * ${this.rows * this.row} + column;
  live = column < ${this.kept[0]} && group < ${columns * layers};
}
fn load(part: u32, i: u32) -> vec2f {
  if (i < ${there ? cells : length} && live) { return work[base + i * ${this.row}]; }
  return vec2f();
}
fn store(part: u32, i: u32, value: vec2f) {
  if (i < ${there ? length : cells} && live) { work[base + i * ${this.row}] = value; }
}
`);
    return { code, groups: columns * layers, axis: 1, uses };
  }

  /** Along the last axis, there and back, and the product with the kernel in between. */
  private product(): Pass {
    const { last, components } = this;
    const { team, radices } = this.team(last, components, true);
    const columns = Math.ceil(this.kept[0] / team.lines);
    const others = last === 2 ? this.lengths[1] : 1;
    const step = last === 2 ? this.rows * this.row : this.row;
    const cells = this.cells[last];
    const uses = ["work", "spectrum", "twiddles"] as const;
    const writer = new TransformText(team);
    const final = radices[radices.length - 1];
    writer.load(radices[0], cells);
    writer.transform(radices);
    writer.multiply(final);
    writer.transform([...radices].reverse());
    writer.store(radices[0], cells);
    const code = writer.shader(`${bindings(uses)}var<private> base: u32;
var<private> frequency: u32;
var<private> sign: f32;
var<private> live: bool;
fn locate(group: u32, line: u32) {
  let column = group % ${columns} * ${team.lines} + line;
  let other = group / ${columns};
  let mirrored = 2 * other > ${others};
  base = other * ${this.row} + column;
  frequency = select(other, ${others} - other, mirrored) * ${this.kept[0]} + column;
  sign = select(1.0, -1.0, mirrored);
  live = column < ${this.kept[0]} && other < ${others};
}
fn load(part: u32, i: u32) -> vec2f {
  if (i < ${cells} && live) { return work[part * ${this.volume} + base + i * ${step}]; }
  return vec2f();
}
fn store(part: u32, i: u32, value: vec2f) {
  if (i < ${cells} && live) { work[part * ${this.volume} + base + i * ${step}] = value; }
}
${this.multiplication()}`);
    return { code, groups: columns * others, axis: last, uses };
  }

  /** All films by their tensors, at every point of the plane's spectrum; swaps real and imaginary parts. */
  private filmProduct(): Pass {
    const { present } = this;
    const films = this.cells[2];
    const [kx, ky] = this.kept;
    const others = this.lengths[1];
    const plane = this.rows * this.row;
    const names = ["xx", "yy", "zz", "xy", "xz", "yz"];
    const loads = present.map((component, i) => {
      const [a, b] = TENSOR_AXES[component];
      const sign = a !== b && (a === 1 || b === 1) ? " * sign" : "";
      return `      let ${names[component]} = spectrum[at + ${i * kx * ky}]${sign};\n`;
    });
    // What is kept of xz and yz is i times their spectra.
    const factor = (component: number) =>
      component > 3 ? `turned(${names[component]}, ` : `scaled(${names[component]}, `;
    const sums = [
      [0, 3, 4],
      [3, 1, 5],
      [4, 5, 2],
    ].map((row) =>
      row
        .flatMap((component, i) => (present.includes(component) ? [`${factor(component)}${"abc"[i]})`] : []))
        .join(" + "),
    );
    const uses = ["work", "spectrum"] as const;
    const code = `${bindings(uses)}${GATE}fn scaled(k: f32, v: vec2f) -> vec2f { return k * v; }
fn turned(k: f32, v: vec2f) -> vec2f { return k * vec2f(v.y, -v.x); }
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) id: vec3u, @builtin(local_invocation_index) local: u32) {
${PASS_GATE}  let point = (id.x + id.y * ${MOST_GROUPS}) * 64 + local;
  let column = point % ${kx};
  let other = point / ${kx};
  if (other >= ${others}) { return; }
  let mirrored = 2 * other > ${others};
  let frequency = select(other, ${others} - other, mirrored) * ${kx} + column;
  let sign = select(1.0, -1.0, mirrored);
  let base = other * ${this.row} + column;
  var field: array<vec2f, ${3 * films}>;
  for (var j = 0u; j < ${films}; j++) {
    for (var c = 0u; c < 3; c++) { field[3 * j + c] = work[c * ${this.volume} + j * ${plane} + base]; }
  }
  for (var i = 0u; i < ${films}; i++) {
    // Written out: without it a driver was seen to keep them from round to round.
    var x = vec2f();
    var y = vec2f();
    var z = vec2f();
    for (var j = 0u; j < ${films}; j++) {
      let at = (i * ${films} + j) * ${present.length * kx * ky} + frequency;
      let a = field[3 * j];
      let b = field[3 * j + 1];
      let c = field[3 * j + 2];
${loads.join("")}      x += ${sums[0]};
      y += ${sums[1]};
      z += ${sums[2]};
    }
    let to = i * ${plane} + base;
    work[to] = x.yx;
    work[${this.volume} + to] = y.yx;
    work[${2 * this.volume} + to] = z.yx;
  }
}
`;
    return { code, groups: Math.ceil((kx * others) / 64), axis: 1, uses };
  }

  /** Multiplies with the kernel and swaps real and imaginary parts. */
  private multiplication(): string {
    const { last, present, components } = this;
    const length = this.lengths[last];
    const [kx, ky, kz] = this.kept;
    const step = last === 2 ? kx * ky : kx;
    const names = ["xx", "yy", "zz", "xy", "xz", "yz"];
    const loads = present.map((component, i) => {
      const [a, b] = TENSOR_AXES[component];
      // Odd components change sign where an axis they are odd along is mirrored.
      const odd = (axis: number) => a !== b && (this.axes[axis] === a || this.axes[axis] === b);
      const signs = [...(odd(last) ? [" * flip"] : []), ...(last === 2 && odd(1) ? [" * sign"] : [])];
      return `  let ${names[component]} = spectrum[at + ${i * kx * ky * kz}]${signs.join("")};\n`;
    });
    const rows = [
      [0, 3, 4],
      [3, 1, 5],
      [4, 5, 2],
    ].slice(0, components);
    const sums = rows.map((row) =>
      row
        .slice(0, components)
        .flatMap((component, i) => (present.includes(component) ? [`${names[component]} * ${"abc"[i]}`] : []))
        .join(" + "),
    );
    const parameters = sums.map((_, i) => `p${i}: ptr<function, vec2f>`);
    return `fn multiply(i: u32, ${parameters.join(", ")}) {
  if (!live) { return; }
  let mirrored = 2 * i > ${length};
  let at = select(i, ${length} - i, mirrored) * ${step} + frequency;
  let flip = select(1.0, -1.0, mirrored);
${loads.join("")}${sums.map((_, i) => `  let ${"abc"[i]} = (*p${i}).yx;\n`).join("")}${sums.map((sum, i) => `  *p${i} = ${sum};\n`).join("")}}
`;
  }
}
