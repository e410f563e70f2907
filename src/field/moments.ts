import { type Field, kernel, type ProgramBuilder, real, type Vector, vector } from "../compute/index.ts";
import type { Assembly } from "./assembly.ts";

/** Writes the moments φMs m of a state, where the magnet's own field is made from them. */
export function makeMoments(assembly: Assembly, p: ProgramBuilder, state: Field<Vector>): void {
  const moment = assembly.demagnetization?.moment;
  if (!moment) return;
  const { Ms, fill } = assembly.given;
  const moments = kernel(
    "moments",
    { reads: { m: vector, Ms: real, fill: real }, writes: { moment: vector } },
    ({ m, Ms, fill }) => ({ moment: m.scale(Ms.mul(fill)) }),
  );
  p.run(moments, { m: state, Ms, fill, moment } as never);
}
