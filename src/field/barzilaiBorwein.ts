import {
  type ElementType,
  type Field,
  int,
  kernel,
  type ProgramBuilder,
  real,
  type Scalar,
  select,
  type Vector,
  vector,
} from "../compute/index.ts";
import type { Assembly } from "./assembly.ts";
import { type Inputs, Minimizer } from "./minimizer.ts";

/**
 * Steepest descent with Barzilai and Borwein's steps: Exl, Bance, Reichel, Schrefl, Stimming, Mauser, J. Appl. Phys. 115, 17D118
 * (2014).  One evaluation of the field per step; the energy may rise in between.
 */
export class BarzilaiBorwein extends Minimizer {
  private readonly change: Field<Vector>;
  private readonly ss: Scalar;
  private readonly sy: Scalar;
  private readonly yy: Scalar;

  constructor(assembly: Assembly, m: Field<Vector>, torque: number) {
    super(assembly, m, torque);
    this.change = this.field("change of m");
    this.ss = this.scalar("s·s");
    this.sy = this.scalar("s·y");
    this.yy = this.scalar("y·y");
  }

  protected override step(p: ProgramBuilder): void {
    const { assembly, m, downhill, change, ss, sy, yy, largest, steps: count, goOn, limit, tau } = this;
    this.move(p, downhill, m, change);
    assembly.convolve(p, m);
    const { reads, given } = assembly.at(m);
    const gradient = kernel(
      "gradient",
      {
        reads: { ...reads, before: vector, change: vector } as Record<string, ElementType>,
        writes: { d: vector },
        reduces: { ss: "sum", sy: "sum", yy: "sum", largest: "max" },
      } as never,
      ((inputs: Inputs, here: never) => {
        const place = assembly.placeOf(here);
        const d = assembly.descent(inputs, place);
        const s = inputs.change as unknown as Vector;
        const y = (inputs.before as unknown as Vector).sub(d);
        const weight = this.weight(inputs, place);
        return {
          d,
          ss: s.squared().mul(weight),
          sy: s.dot(y).mul(weight),
          yy: y.squared().mul(weight),
          largest: d.squared(),
        };
      }) as never,
    );
    p.run(gradient, { ...given, before: downhill, change, d: downhill, ss, sy, yy, largest } as never);
    const judge = kernel(
      "step",
      {
        reads: { ss: real, sy: real, yy: real, largest: real, count: int, limit: real, tau: real },
        writes: { nextTau: real, next: int, goOn: real },
      },
      ({ ss, sy, yy, largest, count, limit, tau }, { constant }) => {
        const even = count.and(1).eq(0);
        const top = select(even, ss, sy.abs());
        const bottom = select(even, sy.abs(), yy);
        // Cells turn by no more than some 60° in a step.
        const most = constant(1).div(largest.sqrt().max(1e-30));
        const usable = bottom.gt(0).and(top.gt(0));
        return {
          nextTau: select(usable, top.div(bottom.max(1e-37)), tau).min(most),
          next: count.add(1),
          goOn: select(largest.sqrt().gt(limit), 1, 0),
        };
      },
    );
    p.run(judge, { ss, sy, yy, largest, count, limit, tau, nextTau: tau, next: count, goOn });
  }
}
