/**
 * Range checks for what users hand in.  They run before any work starts and name the parameter, its value and what is
 * allowed.
 */

/** A value the user gave is outside what physics or the method allows. */
export class InputError extends Error {
  override name = "InputError";
  readonly parameter: string;
  readonly value: unknown;
  readonly allowed: string;

  constructor(parameter: string, value: unknown, allowed: string, advice = "") {
    super(`${parameter} is ${show(value)}; allowed: ${allowed}${advice ? `. ${advice}` : ""}`);
    this.parameter = parameter;
    this.value = value;
    this.allowed = allowed;
  }
}

/** The interval of allowed values of a number. */
export interface Range {
  readonly min?: number;
  readonly max?: number;
  /** The end points themselves are not allowed. */
  readonly open?: "min" | "max" | "both";
  /** Whether +Infinity is allowed (a spin diffusion length without relaxation, say). */
  readonly infinite?: boolean;
}

export const POSITIVE: Range = { min: 0, open: "min" };
export const NOT_NEGATIVE: Range = { min: 0 };
export const FINITE: Range = {};

/** Reads as mathematics: `0 < x ≤ 1`. */
export function describeRange(range: Range, symbol = "x"): string {
  const lower = range.min === undefined ? "" : `${range.min} ${opens(range, "min") ? "<" : "≤"} `;
  const upper = range.max === undefined ? "" : ` ${opens(range, "max") ? "<" : "≤"} ${range.max}`;
  const name = lower || upper ? `${lower}${symbol}${upper}` : `a finite ${symbol}`;
  return range.infinite ? `${name}, or Infinity` : name;
}

export function withinRange(value: number, range: Range): boolean {
  if (Number.isNaN(value)) return false;
  if (!Number.isFinite(value)) return value > 0 && range.infinite === true;
  const { min = -Infinity, max = Infinity } = range;
  return (opens(range, "min") ? value > min : value >= min) && (opens(range, "max") ? value < max : value <= max);
}

/** Throws an {@link InputError} unless `value` is a number inside `range`; returns it. */
export function checkNumber(parameter: string, value: unknown, range: Range = FINITE, unit = ""): number {
  if (typeof value !== "number" || !withinRange(value, range)) {
    throw new InputError(parameter, value, `${describeRange(range)}${unit && unit !== "1" ? ` ${unit}` : ""}`);
  }
  return value;
}

/** Throws unless `value` is a vector of three finite numbers; returns it. */
export function checkVector(parameter: string, value: unknown): readonly [number, number, number] {
  if (!Array.isArray(value) || value.length !== 3 || !value.every((x) => Number.isFinite(x))) {
    throw new InputError(parameter, value, "three finite numbers [x, y, z]");
  }
  return value as unknown as readonly [number, number, number];
}

/** Throws unless `value` is one of `choices`; returns it. */
export function checkChoice<T extends string>(parameter: string, value: unknown, choices: readonly T[]): T {
  if (!choices.includes(value as T)) {
    throw new InputError(parameter, value, choices.map((c) => `"${c}"`).join(", "));
  }
  return value as T;
}

/** Throws when an options object has a key that nothing would read: a misspelt option must not pass in silence. */
export function checkKeys(what: string, options: object, allowed: readonly string[]): void {
  const known = [...new Set(allowed)];
  for (const key of Object.keys(options)) {
    if (known.includes(key)) continue;
    const near = known.find((other) => distance(key.toLowerCase(), other.toLowerCase()) <= 2);
    throw new UnknownOptionError(what, key, known, near);
  }
}

/** An options object has a key that means nothing. */
export class UnknownOptionError extends InputError {
  override name = "UnknownOptionError";

  constructor(what: string, key: string, known: readonly string[], near: string | undefined) {
    super(`${what}.${key}`, undefined, known.join(", "));
    this.message = `${what}: there is no option "${key}"${near ? `; did you mean "${near}"?` : ""}  Options: ${known.join(", ")}`;
  }
}

/** Insertions, deletions, replacements and swaps of neighbours that turn one word into the other (Damerau 1964). */
function distance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      row[j] = Math.min(rows[i - 1][j] + 1, row[j - 1] + 1, rows[i - 1][j - 1] + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        row[j] = Math.min(row[j], rows[i - 2][j - 2] + 1);
    }
    rows.push(row);
  }
  return rows[a.length][b.length];
}

function opens(range: Range, end: "min" | "max"): boolean {
  return range.open === end || range.open === "both";
}

function show(value: unknown): string {
  if (typeof value === "string") return `"${value}"`;
  if (Array.isArray(value)) return `[${value.map(show).join(",")}]`;
  if (typeof value === "object" && value !== null) return JSON.stringify(value);
  return String(value);
}
