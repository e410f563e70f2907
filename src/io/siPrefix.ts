const PREFIXES = new Map([
  [-24, "y"],
  [-21, "z"],
  [-18, "a"],
  [-15, "f"],
  [-12, "p"],
  [-9, "n"],
  [-6, "µ"],
  [-3, "m"],
  [0, ""],
  [3, "k"],
  [6, "M"],
  [9, "G"],
  [12, "T"],
  [15, "P"],
  [18, "E"],
]);

/**
 * Units whose first symbol takes a prefix without a change of power: "S/m" does, "m²/s" does not.  Nor does "S/m²": 10¹⁴
 * of them is how papers put it.
 */
const TAKES_PREFIX = /^(?!S\/m²)(A|C|F|H|Hz|J|K|m|N|Pa|s|S|T|V|W|Ω|eV)(?![\p{L}\p{N}^])/u;

/** A unit in which numbers are easy to read. */
export interface ReadableUnit {
  /** Divide an SI value by this. */
  readonly per: number;
  /** "ns", "GA/m²", "10⁻⁶ m²/s"; "" for a plain number. */
  readonly unit: string;
}

/** The unit in which a value of size `magnitude`, given in the SI unit `unit` ("1": none), reads best. */
export function readableUnit(magnitude: number, unit: string): ReadableUnit {
  const plain = { per: 1, unit: unit === "1" ? "" : unit };
  const size = Math.abs(magnitude);
  if (size === 0 || !Number.isFinite(size)) return plain;
  // A hair above, so that 999.9999999 n reads as 1 µ.
  const exponent = 3 * Math.floor(Math.log10(size * (1 + 1e-9)) / 3);
  if (TAKES_PREFIX.test(unit)) {
    const nearest = Math.min(18, Math.max(-24, exponent));
    return { per: 10 ** nearest, unit: `${PREFIXES.get(nearest)}${unit}` };
  }
  if (size >= 1e-2 && size < 1e4) return plain;
  return { per: 10 ** exponent, unit: `10${superscript(exponent)} ${plain.unit}`.trim() };
}

/** A value with its unit, such as "1.5 nm"; `digits` significant digits. */
export function formatQuantity(value: number, unit: string, digits = 4): string {
  if (!Number.isFinite(value)) return String(value).replace("Infinity", "∞").replace("-", "−");
  // Rounded first: 999.96 nm with four digits is 1 µm.
  const rounded = Number(value.toPrecision(digits));
  const { per, unit: readable } = TAKES_PREFIX.test(unit) ? readableUnit(rounded, unit) : { per: 1, unit };
  return `${formatNumber(rounded / per, digits)} ${readable === "1" ? "" : readable}`.trim();
}

/** A number with at most `digits` significant digits, no trailing zeros and a true minus sign; "1.5 × 10¹⁵" if need be. */
export function formatNumber(value: number, digits = 4): string {
  const rounded = Number(value.toPrecision(digits));
  const size = Math.abs(rounded);
  const isPlain = size === 0 || !Number.isFinite(size) || (size >= 1e-4 && size < 1e6);
  const [lead, exponent] = isPlain ? [String(rounded)] : rounded.toExponential().split("e");
  const text = exponent === undefined ? lead : `${lead} × 10${superscript(Number(exponent))}`;
  return text.replace("-", "−");
}

export const superscript = (exponent: number): string =>
  [...String(exponent)].map((c) => (c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(c)])).join("");
