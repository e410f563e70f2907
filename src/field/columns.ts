import type { Arithmetic } from "../algebra/arithmetic.ts";
import type { DirectionalMap } from "../algebra/directionalMap.ts";
import {
  type Input,
  kernel,
  Matrix,
  type ProgramBuilder,
  type Real,
  real,
  type Scalar,
  type Source,
  select,
  type Value,
  Vector,
  vector,
} from "../compute/index.ts";
import { E_CHARGE, HBAR, HBAR_E } from "../constants.ts";
import type { Place } from "../magnetism/continuum/index.ts";
import type { Supply } from "./supply.ts";

/** Three channels of a map, x, y, z. */
type Triple = readonly [number, number, number];

/**
 * What electrons do to one plane of cells, each column of which is a stack of its own: spin currents as functions of the direction of m in
 * the column and of the drives, which are the same for all.
 */
export interface ColumnTransport {
  /** Plane of the mesh whose magnetization it is. */
  readonly plane: number;
  /** Cross-section [m²] to which the currents of the maps belong. */
  readonly area: number;
  /** Channels at rest, by the drives. */
  readonly rest: DirectionalMap;
  /** The same per volt that m pumps, (ħ/e) m × ṁ: component b of channel c is channel 3c + b; undefined when nothing is pumped. */
  readonly pumped: DirectionalMap | undefined;
  /** Channels of spin currents [A, charge units]: what m absorbs, and all others whose angular momentum is counted. */
  readonly absorbed: Triple;
  readonly counted: readonly Triple[];
  /** Each drive as the map takes it, a number or a course. */
  readonly drives: readonly Supply[];
  /**
   * A drive whose value is such that the columns together take a current: the mean over the columns of one channel of `rest` [A].
   */
  readonly shared?: { readonly drive: number; readonly channel: number; readonly current: Supply };
}

/** Newton steps for the shared drive; from the value before, two are enough. */
const NEWTON_STEPS = 12;

type Inputs = Readonly<Record<string, Input<Value>>>;
type Rows = readonly [Vector, Vector, Vector];

export const driveKey = (d: number): string => `drive ${d}`;

type Part = "rest" | "pumped";
const coefficientKey = (part: Part, channel: number, harmonic: number): string => `${part} ${channel},${harmonic}`;

/**
 * What stands beside a harmonic, where it is a series in a drive: the same in all columns, and so summed once for all.
 * @returns keys of kernels' inputs, and per factor of the map what is summed
 */
export function coefficientsOf(transport: ColumnTransport) {
  return (["rest", "pumped"] as const).flatMap((part) => {
    const map = transport[part];
    if (!map?.isCurved) return [];
    const own = [...new Set([transport.absorbed, ...transport.counted].flat())];
    const channels = part === "rest" ? own : own.flatMap((c) => [3 * c, 3 * c + 1, 3 * c + 2]);
    return channels.flatMap((channel) =>
      map.termsOf(channel).map(({ harmonic, beside }) => ({
        part,
        key: coefficientKey(part, channel, harmonic),
        beside,
      })),
    );
  });
}

/** Sums the coefficients of the moment. */
export function sumCoefficients(
  transport: ColumnTransport,
  p: ProgramBuilder,
  given: Readonly<Record<string, Source<Value>>>,
  scalars: ReadonlyMap<string, Scalar>,
): void {
  if (scalars.size === 0) return;
  const coefficients = coefficientsOf(transport);
  const drives = transport.drives.map((_, d) => driveKey(d));
  const sum = kernel(
    "coefficients of the columns",
    {
      reads: Object.fromEntries(drives.map((key) => [key, real])),
      writes: Object.fromEntries(coefficients.map(({ key }) => [key, real])),
    } as never,
    ((inputs: Readonly<Record<string, Real>>, here: Place) => {
      const by = symbols(here);
      const values = drives.map((key) => inputs[key]);
      const factors = { rest: transport.rest.factorsAt(values, by), pumped: transport.pumped?.factorsAt(values, by) };
      return Object.fromEntries(
        coefficients.map(({ part, key, beside }) => [
          key,
          beside.map(([k, value]) => factors[part]![k].mul(value)).reduce((a, b) => a.add(b)),
        ]),
      );
    }) as never,
  );
  p.run(sum, { ...given, ...Object.fromEntries(scalars) } as never);
}

/** A column's currents at a state. */
export class Column {
  private readonly transport: ColumnTransport;
  private readonly by: Arithmetic<Real>;
  private readonly m: Vector;
  private readonly place: Place;
  private readonly restHarmonics: Real[];
  private readonly pumpedHarmonics: Real[] | undefined;
  private readonly drives: readonly Real[];
  private readonly inputs: Inputs;

  constructor(transport: ColumnTransport, inputs: Inputs, place: Place) {
    this.transport = transport;
    this.inputs = inputs;
    this.place = place;
    this.by = symbols(place);
    this.m = inputs.m as Input<Vector>;
    const { x, y, z } = this.m;
    this.drives = transport.drives.map((_, d) => inputs[driveKey(d)] as Input<Real>);
    this.restHarmonics = transport.rest.harmonics([x, y, z], this.by);
    this.pumpedHarmonics = transport.pumped?.harmonics([x, y, z], this.by);
  }

  /** A spin current at rest [A]. */
  rest(channels: Triple): Vector {
    return this.vector("rest", channels);
  }

  /** Its answer [A/V] to a pumped voltage, by rows; undefined when nothing is pumped. */
  answer(channels: Triple): Rows | undefined {
    if (!this.transport.pumped) return undefined;
    const [a, b, c] = channels.map((channel) => this.vector("pumped", [3 * channel, 3 * channel + 1, 3 * channel + 2]));
    return [a, b, c];
  }

  private vector(part: Part, channels: Triple): Vector {
    const map = this.transport[part]!;
    const harmonics = part === "rest" ? this.restHarmonics : this.pumpedHarmonics!;
    const { by, place } = this;
    const [x, y, z] = map.isCurved
      ? channels.map((channel) =>
          map
            .termsOf(channel)
            .map(({ harmonic }) => {
              const coefficient = this.inputs[coefficientKey(part, channel, harmonic)] as unknown as Real;
              return harmonics[harmonic].mul(coefficient);
            })
            .reduce((a, b) => a.add(b), place.constant(0)),
        )
      : map.values(channels, harmonics, map.factorsAt(this.drives, by), by);
    return new Vector(x, y, z);
  }

  /** A spin current [A] of a magnetization that turns at a rate [rad/s]. */
  moving(channels: Triple, rate: Vector): Vector {
    const rest = this.rest(channels);
    const rows = this.answer(channels);
    if (!rows) return rest;
    const pump = this.m.cross(rate).scale(HBAR_E);
    return rest.add(new Vector(rows[0].dot(pump), rows[1].dot(pump), rows[2].dot(pump)));
  }

  /** What a channel at rest is beside each drive factor. */
  restByFactor(channel: number): Real[] {
    return this.transport.rest.byFactor(channel, this.restHarmonics, this.by);
  }

  /** 1 where there is a magnet that the electrons turn, 0 elsewhere. */
  here(planes: number): Real {
    const isMagnet = this.m.squared().gt(0.5);
    const isOwn = planes === 1 ? isMagnet : isMagnet.and(this.place.index.z.eq(this.transport.plane));
    return select(isOwn, this.place.constant(1), 0);
  }

  /** ṁ per spin current, −γħ/(2e Ms t A) [rad/(s A)]. */
  perSpin(inputs: Inputs, gamma: number, planes: number): Real {
    const perMs = inputs.perMs as unknown as Real;
    return perMs
      .div(this.place.extent[2])
      .mul((-gamma * HBAR) / (2 * E_CHARGE * this.transport.area))
      .mul(this.here(planes));
  }
}

const symbols = (place: Place): Arithmetic<Real> => ({
  of: (value) => place.constant(value),
  add: (a, b) => a.add(b),
  mul: (a, b) => a.mul(b),
});

/**
 * Friction of a magnetization that pumps: ṁ = free + T (m × ṁ) with T = α + Q, Q = −(γħ/2e Ms t A)(ħ/e) R from the answer R of the stack.
 */
export class Friction {
  private readonly m: Vector;
  private readonly T: Matrix;
  private readonly one: Matrix;

  /** @param answer R by rows; @param factor of Q per R; @param one the identity */
  constructor(m: Vector, alpha: Real, answer: Rows, factor: Real, one: Matrix) {
    this.m = m;
    this.one = one;
    this.T = new Matrix(...answer).scale(factor).add(one.scale(alpha));
  }

  /** ṁ for a free rate; exact for any length of m, as states between the stages of a step have. */
  rate(free: Vector): Vector {
    return this.one
      .sub(this.T.compose(Matrix.cross(this.m)))
      .inverse()
      .times(free);
  }

  /**
   * √Z ξ, where Z = [m×]ᵀ T [m×] is the friction that thermal fields belong to, its symmetric part: ⟨B B⟩ = 2 k_B T Z/(γ Ms V Δt).
   * In the plane across m, √Z = (Z + √det Z)/√(tr Z + 2 √det Z).
   */
  agitation(xi: Vector): Vector {
    const { m, T, one } = this;
    const S = T.add(T.transpose()).scale(0.5);
    const [a, b, c] = S.rows;
    // Of the part of S across m.
    const trace = S.trace().sub(m.dot(S.times(m)));
    const adjugate = b.cross(c).scale(m.x).add(c.cross(a).scale(m.y)).add(a.cross(b).scale(m.z));
    const root = m.dot(adjugate).max(0).sqrt();
    const across = (v: Vector): Vector => v.sub(m.scale(m.dot(v)));
    const own = across(xi);
    // Turned by a quarter about m, S becomes tr S − S.
    const turned = own.scale(trace).sub(across(S.times(own)));
    const size = trace.add(root.mul(2)).max(0).sqrt();
    return turned.add(own.scale(root)).scale(one.rows[0].x.div(size.max(1e-30)));
  }
}

/** What the kernels of a shared drive work with. */
export interface SharedDrive {
  readonly transport: ColumnTransport;
  /** Share of the plane's filled area per filled cell. */
  readonly perFill: number;
  readonly planes: number;
  readonly value: Scalar;
  readonly sums: readonly Scalar[];
  readonly current: Source<Value>;
}

/** Sees to it that the shared drive belongs to `state`: the columns are in parallel, between two contacts. */
export function shareDrive(
  { transport, perFill, planes, value, sums, current }: SharedDrive,
  p: ProgramBuilder,
  given: Readonly<Record<string, Source<Value>>>,
  placeOf: (here: never) => Place,
): void {
  const { shared, rest, drives } = transport;
  if (!shared) return;
  const names = sums.map((_, k) => `sum ${k}`);
  const reads = {
    m: vector,
    fill: real,
    ...Object.fromEntries(drives.map((_, d) => [driveKey(d), real])),
  };
  const add = kernel(
    "currents of the columns",
    { reads, reduces: Object.fromEntries(names.map((name) => [name, "sum"])) } as never,
    ((inputs: Inputs, here: never) => {
      const column = new Column(transport, inputs, placeOf(here));
      const weight = (inputs.fill as Input<Real>).mul(perFill).mul(column.here(planes));
      const parts = column.restByFactor(shared.channel);
      return Object.fromEntries(names.map((name, k) => [name, parts[k].mul(weight)]));
    }) as never,
  );
  p.run(add, { ...given, ...Object.fromEntries(names.map((name, k) => [name, sums[k]])) } as never);
  const solve = kernel(
    "shared drive",
    {
      reads: {
        current: real,
        before: real,
        ...Object.fromEntries(names.map((name) => [name, real])),
        ...Object.fromEntries(drives.map((_, d) => [driveKey(d), real])),
      },
      writes: { value: real },
    } as never,
    ((inputs: Inputs, here: Place) => {
      const all = inputs as unknown as Record<string, Real>;
      const isLinear = rest.factors.every(({ order }) => order === 1);
      const highest = Math.max(...rest.factors.map(({ order }) => order));
      /** One step of Newton's towards Σ sum · T(v) = current; other drives are what they are. */
      const closer = (v: Real): Real => {
        const { values, slopes } = chebyshevAt(v, highest, here);
        let [missing, slope] = [all.current, here.constant(0)];
        for (const [k, { drive, order }] of rest.factors.entries()) {
          const sum = all[names[k]];
          missing = missing.sub(sum.mul(drive === shared.drive ? values[order] : all[driveKey(drive)]));
          if (drive === shared.drive) slope = slope.add(sum.mul(slopes[order]));
        }
        return v.add(missing.div(slope));
      };
      return { value: isLinear ? closer(here.constant(0)) : here.loop(NEWTON_STEPS, all.before, closer) };
    }) as never,
  );
  p.run(solve, {
    current,
    before: value,
    ...Object.fromEntries(names.map((name, k) => [name, sums[k]])),
    ...Object.fromEntries(drives.map((_, d) => [driveKey(d), given[driveKey(d)]])),
    value,
  } as never);
}

/** T_k and T_k′ up to an order, T_k′ = k U_{k−1}. */
function chebyshevAt(x: Real, order: number, here: Place): { values: Real[]; slopes: Real[] } {
  const [values, second] = [
    [here.constant(1), x],
    [here.constant(1), x.mul(2)],
  ];
  for (let k = 2; k <= order; k++)
    for (const list of [values, second])
      list.push(
        x
          .mul(2)
          .mul(list[k - 1])
          .sub(list[k - 2]),
      );
  return { values, slopes: values.map((_, k) => (k === 0 ? here.constant(0) : second[k - 1].mul(k))) };
}
