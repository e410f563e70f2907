import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** One native measurement. */
export interface NativeTime {
  /** Shortest and median time of one evaluation [ms]. */
  readonly best: number;
  readonly median: number;
  /** Mean over cells of the result's absolute components, summed: every contestant's must agree. */
  readonly checksum: number;
}

export type Precision = "single" | "double";

/** The C yardsticks that could be built on this machine. */
export interface Native {
  /** The evaluation of llg.c in single precision, timed for about `budgetMs`; "natural": planes without padding. */
  llg?(
    nx: number,
    ny: number,
    nz: number,
    threads: number,
    budgetMs: number,
    layout?: "padded" | "natural",
  ): Promise<NativeTime>;
  /** The convolution of convolution.c. The first run of a size plans its transforms, for some seconds more. */
  convolution?(
    nx: number,
    ny: number,
    nz: number,
    threads: number,
    budgetMs: number,
    precision?: Precision,
  ): Promise<NativeTime>;
  /** The same with whole-array plans, as convolution-by-plan.c says; single precision. */
  convolutionByPlan?(nx: number, ny: number, nz: number, threads: number, budgetMs: number): Promise<NativeTime>;
  /** What this machine lacks, and how to get it, a sentence each. */
  readonly missing: readonly string[];
  /** Deletes the built programs. */
  remove(): Promise<void>;
}

/** Optimised for this very machine, with arithmetic as written. */
const FLAGS = ["-O3", "-march=native", "-fopenmp", "-D_GNU_SOURCE"];
const FFTW: Record<Precision, { readonly library: string; readonly real: string }> = {
  single: { library: "fftw3f", real: "float" },
  double: { library: "fftw3", real: "double" },
};

/** Compiles the C yardsticks of this folder; what the machine cannot build is left out and said in `missing`. */
export async function buildNative(): Promise<Native> {
  const missing: string[] = [];
  const place = await mkdtemp(join(tmpdir(), "spinstream-native-"));
  const remove = () => rm(place, { recursive: true, force: true });
  const compile = (source: string, program: string, ...more: string[]) =>
    execute("gcc", [...FLAGS, source, "-o", join(place, program), ...more, "-lm"], { cwd: import.meta.dirname });
  const compiles = async (...more: string[]) => {
    const done = execute("gcc", [...FLAGS, "-xc", "-", "-o", join(place, "probe"), ...more]);
    done.child.stdin?.on("error", () => {}).end("int main(void) { return 0; }\n");
    return done.then(
      () => true,
      () => false,
    );
  };
  const run = async (program: string, ...words: (string | number)[]): Promise<NativeTime> => {
    const { stdout } = await execute(join(place, program), words.map(String));
    const [best, median, checksum] = stdout.trim().split(" ").map(Number);
    return { best, median, checksum };
  };

  if (!(await compiles())) {
    missing.push("no gcc with OpenMP, so nothing native is compared; Debian: apt install gcc libc6-dev");
    return { missing, remove };
  }
  await compile("llg.c", "llg");
  const native: Native = {
    missing,
    remove,
    llg: (nx, ny, nz, threads, budgetMs, layout) =>
      run("llg", nx, ny, nz, threads, budgetMs, ...(layout === "natural" ? [layout] : [])),
  };
  const precisions = Object.entries(FFTW);
  for (const [, { library }] of precisions)
    if (!(await compiles("-include", "fftw3.h", `-l${library}`))) {
      missing.push("no FFTW, so no native convolution is compared; Debian: apt install libfftw3-dev");
      return native;
    }
  for (const [precision, { library, real }] of precisions)
    await compile("convolution.c", precision, `-DREAL=${real}`, `-l${library}`);
  await compile("convolution-by-plan.c", "by-plan", "-lfftw3f_omp", "-lfftw3f");
  native.convolutionByPlan = (nx, ny, nz, threads, budgetMs) =>
    run("by-plan", nx, ny, nz, threads, budgetMs, join(place, `by-plan-${threads}.wisdom`));
  native.convolution = (nx, ny, nz, threads, budgetMs, precision = "single") =>
    run(precision, nx, ny, nz, threads, budgetMs, join(place, `${precision}.wisdom`));
  return native;
}
