import { QUANTITIES, type RunRecord } from "../device/index.ts";
import type { LineFigure } from "../figures/index.ts";
import { lineFigure } from "./lineFigure.ts";
import { formatQuantity } from "./siPrefix.ts";
import { describeStack } from "./stack.ts";

/** A picture and the name of its file, without extension. */
export interface NamedFigure {
  readonly name: string;
  readonly svg: string;
}

/** One figure over time for every group of QUANTITIES that the run recorded. */
export function courseFigures(result: RunRecord): NamedFigure[] {
  const groups = new Set(QUANTITIES.flatMap(({ group }) => group ?? []));
  const bands = driveBands(result);
  return [...groups].flatMap((group) => {
    const members = QUANTITIES.filter((quantity) => quantity.group === group);
    const series = members.flatMap((quantity) =>
      quantity.columns(result.model).flatMap(({ name, label, flat }) => {
        const y = result.table.get(name);
        return y && !flat ? [{ label, x: result.times, y }] : [];
      }),
    );
    if (series.length === 0) return [];
    const { name, symbol, unit } = members[0];
    const isMagnetization = name === "m";
    const figure: LineFigure = {
      title: capital(group) + (isMagnetization ? outcome(result) : ""),
      subtitle:
        describeStack(result.device) +
        (result.interrupted ? `; stopped at ${formatQuantity(result.checkpoint.time, "s")}` : ""),
      x: { label: "time", unit: "s" },
      y: {
        label: `${group} ${symbol.replace(/[_,]+$/, "")}`,
        unit,
        ...(isMagnetization && { domain: [-1.05, 1.05] as const }),
      },
      series,
      bands,
    };
    return [{ name: group.replace(/[^\p{L}\p{N}]+/gu, "-"), svg: lineFigure(figure) }];
  });
}

/** ": free switches, reference stays". */
function outcome({ model, magnet, interrupted }: RunRecord): string {
  if (interrupted) return "";
  const free = model.magnets
    .filter(({ fixed }) => !fixed)
    .map(({ name }) => `${name} ${magnet(name).switched ? "switches" : "does not switch"}`);
  return free.length === 0 ? "" : `: ${free.join(", ")}`;
}

/** Shading that says more than the curves would; a drive that is always on, or on and off all the time, is not shaded. */
const MOST_BANDS = 8;

/** Stretches of time in which a drive has at least half of its strength. */
function driveBands({ drives, times }: RunRecord): { from: number; to: number; label: string }[] {
  const isOn = (i: number): boolean =>
    drives.some(
      (drive) => (drive.current ?? drive.density ?? drive.voltage) !== 0 && Math.abs(drive.factor(times[i])) >= 0.5,
    );
  const bands: { from: number; to: number; label: string }[] = [];
  let from: number | undefined;
  for (const [i, time] of times.entries()) {
    const on = isOn(i);
    if (on && from === undefined) from = time;
    if (from !== undefined && (!on || i === times.length - 1)) {
      bands.push({ from, to: time, label: "drive on" });
      from = undefined;
    }
  }
  const isAlways = bands.length === 1 && bands[0].from === times[0] && bands[0].to === times.at(-1);
  return isAlways || bands.length > MOST_BANDS ? [] : bands;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
