import type { WriteStream } from "node:tty";
import type { Progress } from "../device/index.ts";
import { formatNumber, formatQuantity } from "../io/index.ts";

/** Where progress is shown; `isTTY`: one line is rewritten, otherwise now and then a new one is added. */
export type ProgressStream = Pick<WriteStream, "write"> & { readonly isTTY?: boolean; readonly columns?: number };

/** [ms] */
const REWRITE = 100;
const NEW_LINE = 5000;
const BAR = 20;

/** One line that says how far long work has come. */
export class ProgressLine {
  private readonly stream: ProgressStream;
  private readonly now: () => number;
  private shownAt: number;
  private isOpen = false;

  /** @param now clock [ms] */
  constructor(stream: ProgressStream, now: () => number = () => performance.now()) {
    this.stream = stream;
    this.now = now;
    this.shownAt = now();
  }

  /** Shows a state, unless the last one was shown a moment ago.  @param share from 0 to 1 */
  show(label: string, share: number, detail: string): void {
    const { stream } = this;
    const time = this.now();
    if (time - this.shownAt < (stream.isTTY ? REWRITE : NEW_LINE)) return;
    this.shownAt = time;
    const percent = `${Math.floor(100 * share)} %`.padStart(5);
    if (!stream.isTTY) {
      stream.write(`${label} ${percent.trim()}  ${detail}\n`);
      return;
    }
    const filled = Math.round(BAR * share);
    const line = `${label} ${"█".repeat(filled)}${"░".repeat(BAR - filled)} ${percent}  ${detail}`;
    // A line that wraps could not be rewritten.
    stream.write(`\r\x1b[2K${line.slice(0, (stream.columns ?? 80) - 1)}`);
    this.isOpen = true;
  }

  /** Takes the line away, so that something else can be written. */
  clear(): void {
    if (this.isOpen) this.stream.write("\r\x1b[2K");
    this.isOpen = false;
  }
}

/** "2.15 of 5 ns, 1.3 ns/s, 4200 steps/s, 2.3 s left" for a run that began at `from` [s]. */
export function describeProgress({ time, duration, steps, elapsed }: Progress, from = 0, fromSteps = 0): string {
  const parts = [`${formatQuantity(time, "s", 3)} of ${formatQuantity(duration, "s", 3)}`];
  const rate = (time - from) / elapsed;
  if (rate > 0) {
    parts.push(`${formatQuantity(rate, "s", 2)} per s`, `${formatNumber((steps - fromSteps) / elapsed, 2)} steps/s`);
    parts.push(`${describeTime((duration - time) / rate)} left`);
  }
  return parts.join(", ");
}

/** Wall-clock time as people say it: "0.4 s", "3 min 20 s", "1 h 5 min". */
export function describeTime(seconds: number): string {
  if (seconds < 59.95) return `${formatNumber(Number(seconds.toFixed(seconds < 10 ? 1 : 0)))} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
