import { cases as everyCase, validate } from "../../validation/index.ts";
import { InputError } from "../checks.ts";
import { strictJson } from "../io/index.ts";
import { describeFailure } from "./failure.ts";

export interface ValidateOptions {
  readonly json?: boolean;
}

const COLUMNS = ["value", "expected", "tolerance"] as const;

/** Runs the validation cases whose id or title holds one of `filters`; returns the exit code, 1 if any fails. */
export async function runValidation(filters: readonly string[], { json = false }: ValidateOptions): Promise<number> {
  const wanted = filters.map((filter) => filter.toLowerCase());
  const chosen = everyCase.filter(({ id, title }) => {
    const text = `${id} ${title}`.toLowerCase();
    return wanted.length === 0 || wanted.some((filter) => text.includes(filter));
  });
  if (chosen.length === 0 && wanted.length > 0) {
    throw new InputError(
      "filter",
      filters.join(" "),
      `part of an id or a title: ${everyCase.map(({ id }) => id).join(", ")}`,
    );
  }
  // A case that breaks down has failed; the others still run.
  const guarded = chosen.map((one) => ({
    ...one,
    run: async () => {
      try {
        return await one.run();
      } catch (error) {
        console.error(`${one.id}: ${describeFailure(error)}`);
        return { value: Number.NaN, expected: Number.NaN, tolerance: 0 };
      }
    },
  }));
  const widest = (texts: readonly string[]): number => Math.max(0, ...texts.map((text) => text.length));
  const idWidth = widest(["id", ...chosen.map(({ id }) => id)]);
  // Rows come as cases finish, so the widths are known before; on a terminal a row takes one line.
  const room = Math.max(24, (process.stdout.columns ?? Number.POSITIVE_INFINITY) - idWidth - 3 * 15 - 7);
  const titleWidth = Math.min(room, widest(["title", ...chosen.map(({ title }) => title)]));
  const row = (id: string, title: string, numbers: readonly string[], pass: string): string =>
    [
      id.padEnd(idWidth),
      shorten(title, titleWidth).padEnd(titleWidth),
      ...numbers.map((text) => text.padStart(13)),
      pass,
    ].join("  ");
  if (!json) console.log(row("id", "title", COLUMNS, "pass"));
  const reports = await validate(guarded, (report) => {
    if (json) return;
    const numbers = COLUMNS.map((key) => readable(report[key]));
    console.log(row(report.id, report.title, numbers, report.pass ? "yes" : "NO"));
  });
  const failed = reports.filter(({ pass }) => !pass).length;
  if (json) {
    const plain = reports.map(({ id, title, value, expected, tolerance, pass }) => ({
      id,
      title,
      value,
      expected,
      tolerance,
      pass,
    }));
    process.stdout.write(strictJson(plain));
  } else {
    console.log(`${reports.length - failed} passed, ${failed} failed`);
  }
  return failed > 0 ? 1 : 0;
}

const shorten = (text: string, width: number): string => (text.length > width ? `${text.slice(0, width - 1)}…` : text);

const readable = (value: number): string => {
  const size = Math.abs(value);
  return value === 0 || (size >= 1e-3 && size < 1e5) ? String(Number(value.toPrecision(7))) : value.toExponential(4);
};
