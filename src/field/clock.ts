import type { Vector3 } from "../algebra/vector.ts";
import { type Backend, kernel, type ProgramBuilder, type Real, real, type Scalar } from "../compute/index.ts";
import type { LiveCourse } from "./assembly.ts";

/** Terms of the Chebyshev series that stands for a course during one stretch of time. */
const TERMS = 12;
/** What is left out of a series, over the largest value. */
const LEFT_OUT = 1e-9;
/** Shortest stretch, over the whole. */
const SHORTEST = 2 ** -20;

/**
 * Parameters that change in time, on the device.  A stretch of time is one over which every course is a short Chebyshev series; the
 * series go to the device at its start, and a kernel sums them where a stage needs the values.
 */
export class Clock {
  private readonly courses: readonly LiveCourse[];
  private readonly backend: Backend;
  private readonly coefficients: readonly (readonly Scalar[])[];

  constructor(backend: Backend, courses: readonly LiveCourse[]) {
    this.backend = backend;
    this.courses = courses;
    this.coefficients = courses.flatMap(({ name, scalars }) =>
      scalars.map(() => Array.from({ length: TERMS }, (_, k) => backend.scalar(0, { name: `${name}, term ${k}` }))),
    );
  }

  /**
   * Uploads the courses for the longest stretch from `start` on that ends at `end` or before.
   * @returns its end [s]
   */
  stretch(start: number, end: number): number {
    if (this.courses.length === 0) return end;
    const kinks = this.courses.flatMap(({ course }) => course.kinks);
    const smooth = Math.min(end, ...kinks.filter((t) => t > start + 1e-9 * (end - start)));
    for (let span = smooth - start; ; span /= 2) {
      const series = this.courses.flatMap((live) => seriesOf(live, start, span));
      const last = span <= SHORTEST * (end - start);
      if (!last && series.some(({ settled }) => !settled)) continue;
      series.forEach(({ terms }, i) => {
        terms.forEach((value, k) => {
          this.backend.set(this.coefficients[i][k], value);
        });
      });
      return span === smooth - start ? smooth : start + span;
    }
  }

  /** Sets the live parameters to their values at the share `position` of the stretch, 0…1. */
  tick(
    p: ProgramBuilder,
    position: { readonly elapsed: Scalar; readonly step: Scalar; readonly span: Scalar; readonly node: number },
  ): void {
    const { elapsed, step, span, node } = position;
    let i = 0;
    for (const { scalars } of this.courses)
      for (const scalar of scalars) {
        const names = this.coefficients[i].map((_, k) => `c${k}`);
        const sum = kernel(
          `course ${i}`,
          {
            reads: { elapsed: real, step: real, span: real, ...Object.fromEntries(names.map((name) => [name, real])) },
            writes: { value: real },
          },
          (inputs) => {
            const all = inputs as unknown as Record<string, Real>;
            const x = all.elapsed.add(all.step.mul(node)).div(all.span).mul(2).sub(1);
            // Clenshaw's recurrence.
            let [b1, b2] = [x.mul(0), x.mul(0)];
            for (const name of names.slice(1).reverse()) [b1, b2] = [all[name].add(x.mul(2).mul(b1)).sub(b2), b1];
            return { value: all.c0.add(x.mul(b1)).sub(b2) };
          },
        );
        const terms = Object.fromEntries(names.map((name, k) => [name, this.coefficients[i][k]]));
        p.run(sum, { elapsed, step, span, ...terms, value: scalar } as never);
        i++;
      }
  }

  release(): void {
    for (const scalar of this.coefficients.flat()) this.backend.release(scalar);
  }
}

/** Chebyshev series of each component of a course over [start, start + span], and whether its last terms are as good as nothing. */
function seriesOf({ course, scalars }: LiveCourse, start: number, span: number) {
  const nodes = Array.from({ length: TERMS }, (_, j) => Math.cos((Math.PI * (j + 0.5)) / TERMS));
  const samples = nodes.map((x) => {
    const value = course.at(start + ((x + 1) / 2) * span);
    return typeof value === "number" ? [value] : (value as Vector3);
  });
  return scalars.map((_, c) => {
    const terms = Array.from({ length: TERMS }, (_, k) => {
      const total = samples.reduce(
        (sum, sample, j) => sum + sample[c] * Math.cos((Math.PI * k * (j + 0.5)) / TERMS),
        0,
      );
      return ((k === 0 ? 1 : 2) / TERMS) * total;
    });
    const largest = Math.max(...samples.map((sample) => Math.abs(sample[c])));
    const tail = Math.max(...terms.slice(-2).map(Math.abs));
    return { terms, settled: tail <= LEFT_OUT * largest };
  });
}
