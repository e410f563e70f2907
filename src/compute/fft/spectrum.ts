import type { ConvolutionKernel } from "../backend.ts";
import type { Grid } from "../grid.ts";
import { frequencyOrder, radicesOf } from "./sizes.ts";

/** Axes of the components of a symmetric tensor, in the order in which its components are listed everywhere. */
export const TENSOR_AXES = [
  [0, 0],
  [1, 1],
  [2, 2],
  [0, 1],
  [0, 2],
  [1, 2],
] as const;

/**
 * Whether a component of the tensor vanishes on this grid: one that is odd along an axis of a single cell does.
 * @param component index into {@link TENSOR_AXES}
 * @param size cells along x, y, z, or along x and y between films, where nothing is said about z
 */
export const vanishes = (component: number, size: readonly number[]): boolean => {
  const [a, b] = TENSOR_AXES[component];
  return a !== b && (size[a] === 1 || size[b] === 1);
};

/** Number of displacements sampled along an axis: 0…n−1, or on a periodic axis 0…⌊n/2⌋. */
export const sampleCount = (cells: number, periodic: boolean): number => (periodic ? Math.floor(cells / 2) + 1 : cells);

/**
 * Spectrum of a real symmetric tensor kernel, component ab of which is even along every axis when a = b, and otherwise odd
 * along a and b and even along the third.  The spectrum is then real and has the same mirror symmetry, so that
 * frequencies from 0 to half the transform length tell it all:
 * K̂(k) = Σ_d K(d) exp(−2πi (k_x d_x/P_x + k_y d_y/P_y + k_z d_z/P_z)).  Without a z axis, xz and yz are odd along one axis
 * only, and what is given is i K̂ of them.
 *
 * @param samples kernel at non-negative displacements, x fastest, {@link sampleCount} along each axis: six arrays in the
 *   order of {@link TENSOR_AXES}, or one for a scalar kernel, which is even; vanishing components are not read
 * @param size cells along x, y, z, or along x and y only
 * @param periodic which axes are periodic
 * @param lengths transform lengths P of the axes: n for a periodic axis that is not padded, or at least 2n
 * @throws RangeError when a component has another number of samples, or a length has a prime factor above 7
 * @returns for each component K̂ at (k_x, k_y, k_z), x fastest, ⌊P/2⌋+1 values along each axis; empty where it vanishes
 */
export function kernelSpectrum(
  samples: readonly Float64Array[],
  size: readonly number[],
  periodic: readonly boolean[],
  lengths: readonly number[],
): Float64Array[] {
  const transforms = lengths.map((length) => new HostTransform(length));
  const counts = size.map((cells, axis) => sampleCount(cells, periodic[axis]));
  const expected = counts.reduce((a, b) => a * b);
  return samples.map((octant, component) => {
    if (vanishes(component, size)) return new Float64Array(0);
    if (octant.length !== expected)
      throw new RangeError(
        `Kernel component ${component} has ${octant.length} samples instead of ${counts.join("×")}.`,
      );
    const [a, b] = TENSOR_AXES[component];
    let values: Float64Array = octant.slice();
    let inner = 1;
    let outer = expected;
    for (const [axis, length] of lengths.entries()) {
      outer /= counts[axis];
      if (length > 1) {
        const odd = a !== b && (axis === a || axis === b);
        const source = displacements(size[axis], periodic[axis], length, odd);
        // Each of the two odd axes contributes −i.
        values = alongAxis(
          values,
          inner,
          outer,
          counts[axis],
          source,
          transforms[axis],
          odd,
          odd && axis === b ? -1 : 1,
        );
      }
      inner *= (length >> 1) + 1;
    }
    return values;
  });
}

/**
 * Spectra of a kernel, each made when it is asked for: one, or for films those of all pairs, target films outermost.
 * @param lengths transform lengths along x, y, z
 */
export function* kernelSpectra(
  kernel: ConvolutionKernel,
  { size, periodic }: Grid,
  lengths: readonly number[],
): Generator<Float64Array[], void> {
  if ("components" in kernel) {
    yield kernelSpectrum(kernel.components, size, periodic, lengths);
    return;
  }
  for (const sources of kernel.layers)
    for (const samples of sources)
      yield kernelSpectrum(samples, size.slice(0, 2), periodic.slice(0, 2), lengths.slice(0, 2));
}

/** Where the kernel at a displacement, modulo the transform length, comes from: a sample, with a sign. */
interface Displacement {
  index: number;
  place: number;
  sign: number;
}

function displacements(cells: number, periodic: boolean, length: number, odd: boolean): Displacement[] {
  const parity = odd ? -1 : 1;
  const list: Displacement[] = [];
  const end = length === cells ? Math.floor(cells / 2) + 1 : cells;
  for (let d = 0; d < end; d++) {
    const far = periodic && 2 * d > cells;
    const index = far ? cells - d : d;
    // An odd function vanishes at 0 and at half its period.
    if (odd && (d === 0 || (periodic && 2 * d === cells))) continue;
    const sign = far ? parity : 1;
    list.push({ index, place: d, sign });
    if (d > 0 && 2 * d !== length) list.push({ index, place: length - d, sign: sign * parity });
  }
  return list;
}

/** Transforms every line along one axis, two real lines as one complex one: their spectra are real, or both imaginary. */
function alongAxis(
  values: Float64Array,
  inner: number,
  outer: number,
  count: number,
  source: readonly Displacement[],
  transform: HostTransform,
  odd: boolean,
  sign: number,
): Float64Array {
  const { re, im, places } = transform;
  const kept = (re.length >> 1) + 1;
  const result = new Float64Array(inner * kept * outer);
  const index = Int32Array.from(source, (s) => s.index * inner);
  const place = Int32Array.from(source, (s) => s.place);
  const signs = Float64Array.from(source, (s) => s.sign * sign);
  const base = (line: number, points: number) => Math.floor(line / inner) * inner * points + (line % inner);
  for (let line = 0; line < inner * outer; line += 2) {
    const first = base(line, count);
    const second = line + 1 < inner * outer ? base(line + 1, count) : first;
    re.fill(0);
    im.fill(0);
    for (let s = 0; s < index.length; s++) {
      re[place[s]] = signs[s] * values[first + index[s]];
      im[place[s]] = signs[s] * values[second + index[s]];
    }
    transform.forward();
    // For odd lines u and v, û + i v̂ = −i Su + Sv with the sine sums S.
    for (const [to, part, factor] of [
      [base(line, kept), odd ? im : re, odd ? -1 : 1],
      [base(line + 1, kept), odd ? re : im, 1],
    ] as const)
      if (to < result.length) for (let k = 0; k < kept; k++) result[to + k * inner] = factor * part[places[k]];
  }
  return result;
}

/** Complex transform of one length in double precision, in place, decimation in frequency. */
class HostTransform {
  readonly re: Float64Array;
  readonly im: Float64Array;
  /** Where each frequency is found. */
  readonly places: Int32Array;
  private readonly radices: number[];
  private readonly cos: Float64Array;
  private readonly sin: Float64Array;

  constructor(length: number) {
    const radices = radicesOf(length);
    if (!radices) throw new RangeError(`Transform length ${length} has a prime factor above 7.`);
    this.radices = radices.flatMap((radix) => (radix === 8 ? [4, 2] : [radix]));
    this.re = new Float64Array(length);
    this.im = new Float64Array(length);
    this.cos = Float64Array.from({ length }, (_, j) => Math.cos((2 * Math.PI * j) / length));
    this.sin = Float64Array.from({ length }, (_, j) => Math.sin((2 * Math.PI * j) / length));
    this.places = new Int32Array(length);
    frequencyOrder(this.radices).forEach((k, place) => {
      this.places[k] = place;
    });
  }

  forward(): void {
    let block = this.re.length;
    for (const radix of this.radices) {
      if (radix === 4) this.pass4(block);
      else this.pass(block, radix);
      block /= radix;
    }
  }

  private pass4(block: number): void {
    const { re, im, cos, sin } = this;
    const quarter = block / 4;
    const step = re.length / block;
    for (let j = 0; j < quarter; j++) {
      const w1r = cos[j * step];
      const w1i = sin[j * step];
      const w2r = cos[2 * j * step];
      const w2i = sin[2 * j * step];
      const w3r = cos[3 * j * step];
      const w3i = sin[3 * j * step];
      for (let a = j; a < re.length; a += block) {
        const b = a + quarter;
        const c = b + quarter;
        const d = c + quarter;
        const s0r = re[a] + re[c];
        const s0i = im[a] + im[c];
        const d0r = re[a] - re[c];
        const d0i = im[a] - im[c];
        const s1r = re[b] + re[d];
        const s1i = im[b] + im[d];
        const d1r = re[b] - re[d];
        const d1i = im[b] - im[d];
        re[a] = s0r + s1r;
        im[a] = s0i + s1i;
        const y1r = d0r + d1i;
        const y1i = d0i - d1r;
        re[b] = y1r * w1r + y1i * w1i;
        im[b] = y1i * w1r - y1r * w1i;
        const y2r = s0r - s1r;
        const y2i = s0i - s1i;
        re[c] = y2r * w2r + y2i * w2i;
        im[c] = y2i * w2r - y2r * w2i;
        const y3r = d0r - d1i;
        const y3i = d0i + d1r;
        re[d] = y3r * w3r + y3i * w3i;
        im[d] = y3i * w3r - y3r * w3i;
      }
    }
  }

  private pass(block: number, radix: number): void {
    const { re, im, cos, sin } = this;
    const length = re.length;
    const q = block / radix;
    const step = length / block;
    const xr = new Float64Array(radix);
    const xi = new Float64Array(radix);
    for (let j = 0; j < q; j++)
      for (let start = j; start < length; start += block) {
        for (let h = 0; h < radix; h++) {
          xr[h] = re[start + h * q];
          xi[h] = im[start + h * q];
        }
        for (let k = 0; k < radix; k++) {
          let yr = 0;
          let yi = 0;
          // w_block^(jk) w_radix^(hk), both as powers of the primitive root of the whole length.
          for (let h = 0; h < radix; h++) {
            const power = (j * k * step + h * k * (length / radix)) % length;
            yr += xr[h] * cos[power] + xi[h] * sin[power];
            yi += xi[h] * cos[power] - xr[h] * sin[power];
          }
          re[start + k * q] = yr;
          im[start + k * q] = yi;
        }
      }
  }
}
