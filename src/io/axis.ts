import type { FigureAxis } from "../figures/index.ts";
import { formatNumber, readableUnit, superscript } from "./siPrefix.ts";

export interface Axis {
  readonly label: string;
  readonly unit: string;
  readonly per: number;
  readonly scale: "linear" | "log";
  readonly domain: readonly [number, number];
  readonly ticks: readonly number[];
  readonly format: (value: number) => string;
}

/** Chooses unit, domain and ticks for all numbers of one axis. */
export function axisOf(
  wanted: FigureAxis,
  columns: readonly ArrayLike<number>[],
  // `padding`: room beyond the data; `nearZero`: how near counts as near; both as a share of the data.
  { padding, nearZero }: { readonly padding: number; readonly nearZero: number },
): Axis {
  const { label, scale = "linear", domain } = wanted;
  let [min, max] = domain ?? [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  if (!domain) {
    for (const column of columns) {
      for (let i = 0; i < column.length; i++) {
        const value = column[i];
        if (!Number.isFinite(value) || (scale === "log" && value <= 0)) continue;
        min = Math.min(min, value);
        max = Math.max(max, value);
      }
    }
  }
  if (min > max) [min, max] = scale === "log" ? [0.1, 1] : [0, 1];
  const { per, unit } =
    scale === "log"
      ? { per: 1, unit: wanted.unit === "1" ? "" : wanted.unit }
      : readableUnit(Math.max(Math.abs(min), Math.abs(max)), wanted.unit);
  [min, max] = [min / per, max / per];
  if (scale === "log") {
    const low = Math.floor(Math.log10(min) + 1e-9);
    const high = Math.max(Math.ceil(Math.log10(max) - 1e-9), low + 1);
    const stride = Math.ceil((high - low) / 8);
    const seen = ([lead, e]: readonly [number, number]): number[] => {
      const tick = lead * 10 ** e;
      const isSeen = !domain || (tick >= min * (1 - 1e-9) && tick <= max * (1 + 1e-9));
      return isSeen ? [tick] : [];
    };
    const exponents = Array.from({ length: Math.floor((high - low) / stride) + 1 }, (_, i) => low + i * stride);
    const decades = exponents.flatMap((e) => seen([1, e]));
    // A chosen domain may hold no two powers of ten.
    const ticks = decades.length > 1 ? decades : exponents.flatMap((e) => [1, 2, 5].flatMap((lead) => seen([lead, e])));
    const isPlain = low >= -2 && high <= 3;
    const format = (value: number): string => {
      const e = Math.floor(Math.log10(value) + 1e-9);
      const lead = Math.round(value / 10 ** e);
      return isPlain || e === 0 ? formatNumber(value) : `${lead === 1 ? "" : `${lead}·`}10${superscript(e)}`;
    };
    return { label, unit, per, scale, domain: domain ? [min, max] : [10 ** low, 10 ** high], ticks, format };
  }
  if (min === max) {
    const room = min === 0 ? 1 : 0.1 * Math.abs(min);
    [min, max] = [min - room, max + room];
  }
  // An axis that would begin near zero begins at zero.
  const isFree = domain === undefined;
  const fromZero = isFree && min >= 0 && min < nearZero * max;
  const toZero = isFree && max <= 0 && max > nearZero * min;
  if (fromZero) min = 0;
  if (toZero) max = 0;
  const step = niceStep((max - min) / 7);
  if (isFree && padding > 0) {
    const room = padding * (max - min);
    if (!fromZero) min = step * Math.floor((min - room) / step);
    if (!toZero) max = step * Math.ceil((max + room) / step);
  }
  const ticks: number[] = [];
  for (let i = Math.ceil(min / step - 1e-9); i * step <= max + 1e-9 * step; i++) ticks.push(i * step);
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const format = (value: number): string =>
    Math.abs(value) < 1e-9 * step ? "0" : value.toFixed(decimals).replace("-", "−");
  return { label, unit, per, scale, domain: [min, max], ticks, format };
}

/** The next larger of 1, 2, 5 times a power of ten. */
function niceStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step));
  const lead = step / power;
  return power * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10);
}

export const axisTitle = ({ label, unit }: Axis): string => (unit ? `${label} (${unit})` : label);

export const clamp = (value: number, [min, max]: readonly [number, number]): number =>
  Math.min(max, Math.max(min, value));

export const plottable = (value: number, scale: "linear" | "log"): number =>
  Number.isFinite(value) && (scale === "linear" || value > 0) ? value : Number.NaN;
