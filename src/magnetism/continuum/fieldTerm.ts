import type { ElementType, Here, Input, Real, ValueOf, Vector } from "../../compute/index.ts";

/** Parameters of a term: name → element type.  They are numbers, one number per cell, or functions of time, as the user says. */
export type Parameters = Readonly<Record<string, ElementType>>;

/** What every term sees of a cell besides its own parameters. */
export interface CellInputs {
  /** Unit vector of the magnetization, zero where there is no magnet. */
  readonly m: Input<Vector>;
  /** The same, but zero beyond open ends, where `m` goes on as it is. */
  readonly inside: Input<Vector>;
  /** Saturation magnetization Ms [A/m]. */
  readonly Ms: Input<Real>;
  /** 1/Ms [m/A]. */
  readonly perMs: Input<Real>;
  /** Share φ of the cell that is filled. */
  readonly fill: Input<Real>;
  /** 1/φ Ms [m/A], 0 where there is no magnet. */
  readonly perMoment: Input<Real>;
}

export type TermInputs<P extends Parameters> = CellInputs & { readonly [K in keyof P]: Input<ValueOf<P[K]>> };

/** Lengths of this cell [m]; along z they may differ from plane to plane. */
export interface Place extends Here {
  readonly extent: readonly [number, number, Real | number];
}

/**
 * One contribution to the energy of a magnetization field.
 *
 * A term is written once as expressions over a cell; the terms of a problem are fused into one kernel.
 */
export interface FieldTerm<P extends Parameters = Parameters> {
  /** As tables and messages call it. */
  readonly name: string;
  /** Short form for columns: E_symbol, B_symbol. */
  readonly symbol: string;
  readonly parameters: P;
  /** Effective field B = −(1/φ Ms) ∂e/∂m [T], where e is the energy per volume of the cell. */
  field(cell: TermInputs<P>, place: Place): Vector;
  /** Energy per volume of the cell [J/m³]. */
  energyDensity(cell: TermInputs<P>, place: Place): Real;
}

/** Declares a term; see {@link FieldTerm}. */
export const fieldTerm = <const P extends Parameters>(term: FieldTerm<P>): FieldTerm<P> => term;
