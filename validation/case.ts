/** One thing that must come out, with what it should be and how near it must come. */
export interface Outcome {
  readonly value: number;
  readonly expected: number;
  /** Largest allowed |value − expected|. */
  readonly tolerance: number;
}

/** A check of the physics against a closed form, a symmetry, or a published number. */
export interface ValidationCase {
  /** Short and unique, such as "C3.peak". */
  readonly id: string;
  readonly title: string;
  /** Why the tolerance is what it is. */
  readonly reason: string;
  run(): Outcome | Promise<Outcome>;
}

/** A case and how it went. */
export interface Report extends Outcome {
  readonly id: string;
  readonly title: string;
  readonly pass: boolean;
}

/** Runs cases one after the other. */
export async function validate(
  cases: readonly ValidationCase[],
  onReport: (report: Report) => void = () => {},
): Promise<Report[]> {
  const reports: Report[] = [];
  for (const { id, title, run } of cases) {
    const { value, expected, tolerance } = await run();
    const report = { id, title, value, expected, tolerance, pass: Math.abs(value - expected) <= tolerance };
    reports.push(report);
    onReport(report);
  }
  return reports;
}

/** An outcome with a tolerance relative to what is expected. */
export const relative = (value: number, expected: number, share: number): Outcome => ({
  value,
  expected,
  tolerance: Math.abs(expected) * share,
});
