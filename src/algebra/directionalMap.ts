import { type Arithmetic, chebyshev, plain } from "./arithmetic.ts";
import { fillHarmonics, harmonicCount, sphereRule, sphericalHarmonics } from "./sphericalHarmonics.ts";
import { norm, type Vector3 } from "./vector.ts";

/** A factor T_order(v_drive); order 0 is 1. */
export interface DriveFactor {
  readonly drive: number;
  readonly order: number;
}

/** Values at one direction: one list of channels for every drive factor. */
export type Sample = readonly ArrayLike<number>[];

/** Channels that share a scale, and what scale they have at least. */
export interface ChannelGroup {
  readonly channels: readonly number[];
  readonly floor: number;
}

/** Index of x, y, z. */
type Axis = 0 | 1 | 2;
/** Per channel, per factor: harmonics and their coefficients. */
type Terms = readonly (readonly (readonly (readonly [harmonic: number, coefficient: number])[])[])[];

/** Highest degree tried; what does not settle by then is not smooth. */
const HIGHEST = 32;
/** Coefficients below this share of what is asked for are left out. */
const LEFT_OUT = 0.02;

/**
 * Channels as functions of a direction m and of drives v: Σ T_k(v_d) Σ c Y(m).  A smooth function on the sphere has a series of
 * spherical harmonics that ends as fast as a power of its degree; the series is evaluated in any arithmetic, that of kernels too.
 */
export class DirectionalMap {
  readonly factors: readonly DriveFactor[];
  readonly degree: number;
  /** Axis from which the polar angle of the harmonics counts. */
  readonly pole: Axis;
  /** The largest error found, over the largest value of its group of channels. */
  readonly error: number;
  private readonly terms: Terms;
  /** Places of the harmonics that any series has. */
  readonly used: readonly number[];
  /** Highest l that is used of every order m ≥ 0; −1 for none. */
  private readonly reach: Int32Array;

  private constructor(made: Pick<DirectionalMap, "factors" | "degree" | "pole" | "error">, terms: Terms) {
    this.factors = made.factors;
    this.degree = made.degree;
    this.pole = made.pole;
    this.error = made.error;
    this.terms = terms;
    this.used = [...new Set(terms.flat(2).map(([n]) => n))];
    this.reach = new Int32Array(made.degree + 1).fill(-1);
    for (const n of this.used) {
      const l = Math.floor(Math.sqrt(n));
      const m = Math.abs(n - l * l - l);
      this.reach[m] = Math.max(this.reach[m], l);
    }
  }

  /**
   * Finds the shortest series.
   * @param sample values at a unit vector
   * @param groups every channel is in one
   * @param tolerance largest error over the scale
   */
  static of(
    factors: readonly DriveFactor[],
    groups: readonly ChannelGroup[],
    sample: (direction: Vector3) => Sample,
    tolerance: number,
  ): DirectionalMap {
    const probes = spread(40).map((direction) => ({ direction, sample: sample(direction) }));
    const of = (degree: number, pole: Axis) =>
      DirectionalMap.project({ factors, degree, pole }, groups, sample, tolerance, probes);
    let best = of(2, 2);
    for (let degree = 4; degree <= HIGHEST && best.error > tolerance; degree *= 2) {
      const next = of(degree, 2);
      if (next.error < best.error) best = next;
    }
    // About another axis the same polynomials may have fewer terms.
    const all = groups.flatMap(({ channels }) => channels);
    const found = best;
    const same = (direction: Vector3): Sample => {
      const Y = found.harmonics(direction, plain);
      const values = all.map((c) => found.byFactor(c, Y, plain));
      return factors.map((_, k) => {
        const list = new Float64Array(all.length);
        for (const [i, c] of all.entries()) list[c] = values[i][k];
        return list;
      });
    };
    for (const pole of [0, 1] as const) {
      const other = DirectionalMap.project({ factors, degree: found.degree, pole }, groups, same, tolerance, probes);
      if (other.error <= Math.max(tolerance, found.error) && other.length(all) < best.length(all)) best = other;
    }
    return best;
  }

  private static project(
    series: Pick<DirectionalMap, "factors" | "degree" | "pole">,
    groups: readonly ChannelGroup[],
    sample: (direction: Vector3) => Sample,
    tolerance: number,
    probes: readonly { readonly direction: Vector3; readonly sample: Sample }[],
  ): DirectionalMap {
    const { factors, degree, pole } = series;
    const channels = groups.reduce((sum, group) => sum + group.channels.length, 0);
    const { directions, weights } = sphereRule(degree);
    const sums = Array.from({ length: channels }, () => factors.map(() => new Float64Array(harmonicCount(degree))));
    const largest = new Float64Array(channels);
    const note = (values: Sample): void => {
      for (const list of values)
        for (let c = 0; c < channels; c++) largest[c] = Math.max(largest[c], Math.abs(list[c]));
    };
    for (const { sample: values } of probes) note(values);
    const Y = new Float64Array(harmonicCount(degree));
    for (const [i, u] of directions.entries()) {
      const values = sample(turned(u, ((2 - pole) % 3) as Axis));
      note(values);
      fillHarmonics(Y, ...u, degree);
      for (let c = 0; c < channels; c++)
        for (const [k, list] of values.entries()) {
          const value = list[c] * weights[i];
          if (value !== 0) for (let n = 0; n < Y.length; n++) sums[c][k][n] += value * Y[n];
        }
    }
    const scales = new Float64Array(channels);
    for (const { channels: own, floor } of groups) {
      const scale = Math.max(floor, ...own.map((c) => largest[c]));
      for (const c of own) scales[c] = scale;
    }
    const terms = sums.map((perFactor, c) =>
      perFactor.map((coefficients) =>
        [...coefficients.entries()].filter(([, value]) => Math.abs(value) > LEFT_OUT * tolerance * scales[c]),
      ),
    );
    const made = new DirectionalMap({ ...series, error: 0 }, terms);
    let error = 0;
    for (const { direction, sample: values } of probes) {
      const Y = made.harmonics(direction, plain);
      for (let c = 0; c < channels; c++) {
        if (scales[c] === 0) continue;
        for (const [k, value] of made.byFactor(c, Y, plain).entries())
          error = Math.max(error, Math.abs(value - values[k][c]) / scales[c]);
      }
    }
    return new DirectionalMap({ ...series, error }, terms);
  }

  /** How many coefficients the series of some channels have. */
  length(channels: readonly number[]): number {
    return channels.reduce((sum, c) => sum + this.terms[c].reduce((n, list) => n + list.length, 0), 0);
  }

  /** The harmonics the series are made of; undefined where none has them. */
  harmonics<T>(m: readonly [T, T, T], by: Arithmetic<T>): T[] {
    return sphericalHarmonics(turned(m, ((this.pole + 1) % 3) as Axis), this.degree, by, this.reach);
  }

  /** The same of numbers, into an array of (degree + 1)². */
  fillHarmonics(values: Float64Array, m: Vector3): void {
    const [x, y, z] = turned(m, ((this.pole + 1) % 3) as Axis);
    fillHarmonics(values, x, y, z, this.degree);
  }

  /** Whether it goes beyond products with the drives themselves. */
  get isCurved(): boolean {
    return this.factors.some(({ order }) => order > 1);
  }

  /** The harmonics of a channel, each with what stands beside the drive factors. */
  termsOf(
    channel: number,
  ): { readonly harmonic: number; readonly beside: readonly (readonly [factor: number, value: number])[] }[] {
    const found = new Map<number, [number, number][]>();
    for (const [factor, list] of this.terms[channel].entries())
      for (const [n, value] of list) found.set(n, [...(found.get(n) ?? []), [factor, value]]);
    return [...found].map(([harmonic, beside]) => ({ harmonic, beside }));
  }

  /** What stands beside each drive factor of a channel. */
  byFactor<T>(channel: number, harmonics: readonly T[], by: Arithmetic<T>): T[] {
    return this.terms[channel].map((list) => {
      const parts = list.map(([n, value]) => by.mul(harmonics[n], by.of(value)));
      return parts.length === 0 ? by.of(0) : parts.reduce(by.add);
    });
  }

  /** The drive factors. */
  factorsAt<T>(drives: readonly T[], by: Arithmetic<T>): T[] {
    const highest = Math.max(0, ...this.factors.map(({ order }) => order));
    const powers = drives.map((v) => chebyshev(v, highest, by));
    return this.factors.map(({ drive, order }) => (order === 0 ? by.of(1) : powers[drive][order]));
  }

  /** Values of channels. */
  values<T>(channels: readonly number[], harmonics: readonly T[], factors: readonly T[], by: Arithmetic<T>): T[] {
    return channels.map((c) => {
      const parts = this.byFactor(c, harmonics, by).flatMap((value, k) =>
        this.terms[c][k].length === 0 ? [] : [by.mul(value, factors[k])],
      );
      return parts.length === 0 ? by.of(0) : parts.reduce(by.add);
    });
  }
}

/** The components from one axis on, in cyclic order. */
const turned = <T>(v: readonly [T, T, T], first: Axis): [T, T, T] => [v[first], v[(first + 1) % 3], v[(first + 2) % 3]];

/** Directions spread by the golden angle, none of them special. */
const spread = (count: number): Vector3[] =>
  Array.from({ length: count }, (_, i) => {
    const z = 1 - (2 * i + 1) / count;
    const phi = 2.399963 * i + 0.5;
    const r = Math.sqrt(1 - z * z);
    const v: Vector3 = [r * Math.cos(phi), r * Math.sin(phi), z];
    return v.map((x) => x / norm(v)) as unknown as Vector3;
  });
