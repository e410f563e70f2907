import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { InputError } from "../checks.ts";
import type { FigureBand, FigureSeries, LineFigure } from "../figures/index.ts";
import { type Axis, axisOf, axisTitle, clamp, plottable } from "./axis.ts";
import { COLOURS, EDGE, FAINT, FONT, heading, INK, PAGE, px, type Size, standalone, text, unframed } from "./page.ts";
import { textWidth, wrap } from "./plotText.ts";

const GRID = "#E6E6E6";
const BAND = "#FCF0D4";
const BAND_INK = "#86650F";
/** Points of a line beyond this are thinned; the picture does not show them. */
const MOST_POINTS = 3000;

/**
 * A figure of lines and points as a self-contained SVG.
 * Throws an InputError for series whose x and y differ in length, or a figure without series.
 */
export const lineFigure = (spec: LineFigure): string => standalone(PAGE, drawLines(spec, PAGE), describeLines(spec));

/** What a figure shows, for those who do not see it. */
export const describeLines = ({ title, series }: LineFigure): string =>
  [title, ...series.map(({ label }) => label)].join("; ");

/** Everything on a figure of a given size, as SVG elements. */
export function drawLines(spec: LineFigure, size: Size): string {
  checkLines(spec);
  const { title, subtitle, bands = [], rules = [] } = spec;
  const ofAxis = (axis: "x" | "y"): FigureBand[] => bands.filter((band) => (band.axis ?? "x") === axis);
  const ruled = (axis: "x" | "y"): number[] => rules.flatMap((rule) => rule[axis] ?? []);
  const banded = ofAxis("y").flatMap(({ from, to }) => [from, to]);
  const x = axisOf(spec.x, [...spec.series.map((line) => line.x), ruled("x")], { padding: 0, nearZero: 0.1 });
  const y = axisOf(spec.y, [...spec.series.map((line) => line.y), ruled("y"), banded, barEnds(spec)], {
    padding: 0.04,
    nearZero: 0.5,
  });
  const lines = dress(spec.series, x, y);

  const head = heading(title, subtitle, size.width);
  const header = head.height + 14;
  const shaded = inside(ofAxis("x"), x);
  const bandStrip = shaded.some(({ label }) => label) ? 22 : 0;
  const named = lines.filter(({ label }) => label !== "");
  const frame: Frame = {
    top: header + 34 + bandStrip,
    bottom: size.height - 78,
    left: EDGE + 12 + Math.max(...y.ticks.map((tick) => textWidth(y.format(tick), FONT.tick))),
    // Long labels may not push the plot off the page: they then take several lines.
    right: Math.max(
      size.width - EDGE - 52 - Math.max(0, ...named.map(({ label }) => textWidth(label, FONT.label))),
      0.55 * size.width,
    ),
    page: size.width,
  };

  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const valued = inside(ofAxis("y"), y);
  const plot = Plot.plot({
    document,
    width: size.width,
    height: size.height,
    marginTop: frame.top,
    marginBottom: size.height - frame.bottom,
    marginLeft: frame.left,
    marginRight: size.width - frame.right,
    x: { type: x.scale, domain: x.domain, label: null },
    y: { type: y.scale, domain: y.domain, label: null },
    marks: [
      Plot.rect(shaded, { x1: "from", x2: "to", y1: y.domain[0], y2: y.domain[1], fill: BAND }),
      Plot.rect(valued, { x1: x.domain[0], x2: x.domain[1], y1: "from", y2: "to", fill: BAND }),
      Plot.gridY(y.ticks, { stroke: GRID, strokeOpacity: 1 }),
      y.scale === "linear" && y.domain[0] < 0 && y.domain[1] > 0 ? Plot.ruleY([0], { stroke: "#B0B0B0" }) : null,
      Plot.ruleX([x.domain[0]], { stroke: FAINT }),
      Plot.ruleY([y.domain[0]], { stroke: FAINT }),
      Plot.axisX(x.ticks, { fontSize: FONT.tick, tickFormat: x.format, label: null, tickSize: 6, color: INK }),
      Plot.axisY(y.ticks, { fontSize: FONT.tick, tickFormat: y.format, label: null, tickSize: 6, color: INK }),
      ...rules.map((rule) =>
        rule.x === undefined
          ? Plot.ruleY([(rule.y ?? 0) / y.per], { stroke: FAINT, strokeWidth: 1.5, strokeDasharray: "4 4" })
          : Plot.ruleX([rule.x / x.per], { stroke: FAINT, strokeWidth: 1.5, strokeDasharray: "4 4" }),
      ),
      ...lines
        .filter(({ points }) => !points)
        .map(({ data, colour, dash }) =>
          Plot.lineY(data, {
            x: "0",
            y: "1",
            stroke: colour,
            strokeWidth: 2.75,
            strokeLinejoin: "round",
            strokeDasharray: dash,
            clip: spec.x.domain !== undefined || spec.y.domain !== undefined,
          }),
        ),
      ...lines.map(({ bars, colour }) =>
        Plot.ruleX(
          bars.filter((bar) => isSeen(bar.x, x) && bar.low < bar.high),
          { x: "x", y1: "low", y2: "high", stroke: colour, strokeWidth: 1.75 },
        ),
      ),
      ...lines
        .filter(({ points }) => points)
        .map(({ data, colour }) =>
          Plot.dot(
            data.filter(([u, v]) => isSeen(u, x) && isSeen(v, y)),
            { x: "0", y: "1", r: 5, fill: colour, stroke: "white", strokeWidth: 1 },
          ),
        ),
    ],
  });
  const across = (value: number): number => plot.scale("x")?.apply(value);
  const down = (value: number): number => plot.scale("y")?.apply(value);

  return [
    // Plot anchors its text in the middle unless it says otherwise.
    `<g text-anchor="middle">${unframed(plot.outerHTML)}</g>`,
    ...head.marks,
    text(axisTitle(y), EDGE, header + 16, FONT.axis, { fill: INK }),
    text(axisTitle(x), (frame.left + frame.right) / 2, size.height - 26, FONT.axis, {
      fill: INK,
      "text-anchor": "middle",
    }),
    ...bandLabels(shaded, across, frame),
    ...valued.flatMap((band) => bandName(band, down, frame)),
    ...rules.flatMap((rule) => ruleLabel(rule, x.per, y.per, across, down, frame)),
    ...keys(named, down, frame),
  ].join("");
}

function checkLines({ title, series }: LineFigure): void {
  if (series.length === 0) throw new InputError(`figure "${title}": series`, [], "at least one");
  for (const { label, x, y, uncertainty, like } of series) {
    if (x.length !== y.length) {
      throw new InputError(`figure "${title}": series "${label}"`, `${x.length} x and ${y.length} y`, "as many x as y");
    }
    if (uncertainty && uncertainty.length !== y.length) {
      throw new InputError(`figure "${title}": uncertainty of "${label}"`, uncertainty.length, "one for every y");
    }
    if (like !== undefined && !series.some((other) => other.label === like)) {
      throw new InputError(`figure "${title}": like`, like, series.map((other) => `"${other.label}"`).join(", "));
    }
  }
}

/** Where error bars end. */
const barEnds = ({ series, y: { scale } }: LineFigure): number[] =>
  series.flatMap(({ y, uncertainty }) =>
    uncertainty
      ? Array.from(y, (value, i) => [value - uncertainty[i], value + uncertainty[i]])
          .flat()
          .filter((end) => scale !== "log" || end > 0)
      : [],
  );

/** Whether a value in the unit of an axis lies on it; its ends may have been rounded. */
const isSeen = (value: number, { domain: [min, max], scale }: Axis): boolean =>
  scale === "log"
    ? value >= min * (1 - 1e-9) && value <= max * (1 + 1e-9)
    : value >= min - 1e-9 * (max - min) && value <= max + 1e-9 * (max - min);

/** Bands in the units of an axis, cut to what is seen of it. */
const inside = (bands: readonly FigureBand[], axis: Axis) =>
  bands
    .map(({ from, to, label }) => ({
      from: clamp(from / axis.per, axis.domain),
      to: clamp(to / axis.per, axis.domain),
      label,
    }))
    .filter(({ from, to }) => to > from);

/** Gives every series its colour and dashes: a colour of its own, or that of the series it is like. */
function dress(series: readonly FigureSeries[], x: Axis, y: Axis): DrawnLine[] {
  const own = series.filter(({ like }) => like === undefined);
  return series.map((line) => {
    const i = own.findIndex((other) => (line.like === undefined ? other === line : other.label === line.like));
    const data = pointsOf(line, x, y);
    return {
      label: line.label,
      colour: COLOURS[i % COLOURS.length],
      dash: line.dashed ? "8 6" : i >= COLOURS.length ? "2 5" : undefined,
      points: line.points ?? false,
      data,
      bars: Array.from(line.uncertainty ?? [], (sigma, k) => ({
        x: data[k][0],
        low: clamp(data[k][1] - sigma / y.per, y.domain),
        high: clamp(data[k][1] + sigma / y.per, y.domain),
      })),
    };
  });
}

/** Points in the units of the axes.  Long lines keep the lowest and highest point of every short stretch. */
function pointsOf(line: FigureSeries, x: Axis, y: Axis): [number, number][] {
  const at = (i: number): [number, number] => [
    plottable(line.x[i] / x.per, x.scale),
    plottable(line.y[i] / y.per, y.scale),
  ];
  const { length } = line.y;
  if (line.points || length <= MOST_POINTS) return Array.from({ length }, (_, i) => at(i));
  const stretch = Math.ceil(length / (MOST_POINTS / 2));
  const kept = [0];
  for (let start = 0; start < length; start += stretch) {
    let [low, high] = [start, start];
    for (let i = start; i < Math.min(length, start + stretch); i++) {
      if (line.y[i] < line.y[low]) low = i;
      if (line.y[i] > line.y[high]) high = i;
    }
    kept.push(Math.min(low, high), Math.max(low, high));
  }
  return [...new Set([...kept, length - 1])].map(at);
}

interface Frame {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
  /** Width of the page. */
  readonly page: number;
}

/** Names the bands above the plot, where no line can cross them; a name that would run into the last one is left out. */
function bandLabels(
  bands: readonly { from: number; to: number; label?: string | undefined }[],
  across: (value: number) => number,
  frame: Frame,
): string[] {
  let free = frame.left;
  return bands.flatMap(({ from, to, label }) => {
    if (!label) return [];
    const width = textWidth(label, FONT.note);
    const middle = (across(from) + across(to)) / 2;
    const start = Math.min(Math.max(middle - width / 2, frame.left), frame.page - EDGE - width);
    if (start < free) return [];
    free = start + width + 12;
    return [text(label, start, frame.top - 8, FONT.note, { fill: BAND_INK })];
  });
}

/** Names a band of values inside it, at the left. */
function bandName(
  { to, label }: { to: number; label?: string | undefined },
  down: (value: number) => number,
  frame: Frame,
): string[] {
  const style = { fill: BAND_INK, stroke: BAND, "stroke-width": "4", "paint-order": "stroke" };
  return label ? [text(label, frame.left + 10, down(to) + 18, FONT.note, style)] : [];
}

function ruleLabel(
  rule: { readonly x?: number; readonly y?: number; readonly label?: string },
  perX: number,
  perY: number,
  across: (value: number) => number,
  down: (value: number) => number,
  frame: Frame,
): string[] {
  if (!rule.label) return [];
  // White around the letters keeps them readable over lines.
  const style = { fill: FAINT, stroke: "white", "stroke-width": "4", "paint-order": "stroke" };
  if (rule.x === undefined)
    return [text(rule.label, frame.left + 10, down((rule.y ?? 0) / perY) - 7, FONT.note, style)];
  const at = across(rule.x / perX);
  const isRight = at + 8 + textWidth(rule.label, FONT.note) > frame.right;
  return [
    text(rule.label, isRight ? at - 8 : at + 8, frame.top + 16, FONT.note, {
      ...style,
      "text-anchor": isRight ? "end" : "start",
    }),
  ];
}

interface DrawnLine {
  readonly label: string;
  readonly colour: string;
  readonly dash: string | undefined;
  readonly points: boolean;
  readonly data: readonly [number, number][];
  readonly bars: readonly { readonly x: number; readonly low: number; readonly high: number }[];
}

/** A sample and the name of every line at the right, at the height where the line ends, moved apart where they meet. */
function keys(lines: readonly DrawnLine[], down: (value: number) => number, frame: Frame): string[] {
  const room = frame.bottom - frame.top;
  const width = frame.page - EDGE - frame.right - 44;
  const names = lines.map((line) => ({ line, rows: wrap(line.label, FONT.label, width) }));
  const most = Math.max(1, ...names.map(({ rows }) => rows.length));
  const spacing = Math.min(28 + 22 * (most - 1), room / Math.max(1, lines.length - 1));
  const widest = Math.max(1, ...names.flatMap(({ rows }) => rows.map((row) => textWidth(row, FONT.label))));
  const size = Math.min(FONT.label, (spacing * 0.9) / most, (FONT.label * width) / widest);
  const wanted = names
    .map(({ line, rows }) => ({
      line,
      rows,
      y: Math.min(frame.bottom, Math.max(frame.top, down(rightmostValue(line.data)))),
    }))
    // Lines that end at one height keep the order in which they were given.
    .sort((a, b) => Math.round(a.y / 4) - Math.round(b.y / 4));
  const heights = spread(
    wanted.map(({ y }) => y),
    spacing,
    frame.top,
    frame.bottom,
  );
  return wanted.map(({ line: { colour, dash, points }, rows }, i) => {
    const y = heights[i];
    const left = frame.right + 12;
    const sample = points
      ? `<circle cx="${left + 12}" cy="${px(y)}" r="5" fill="${colour}"/>`
      : `<line x1="${px(left)}" x2="${px(left + 24)}" y1="${px(y)}" y2="${px(y)}" stroke="${colour}" stroke-width="3"${dash ? ` stroke-dasharray="${dash}"` : ""}/>`;
    return [
      sample,
      ...rows.map((row, r) =>
        text(row, left + 32, y + (0.34 + 1.15 * (r - (rows.length - 1) / 2)) * size, size, {
          fill: colour,
          "font-weight": "600",
        }),
      ),
    ].join("");
  });
}

/** Moves sorted heights apart until neighbours keep a distance and all lie between the limits. */
function spread(heights: readonly number[], distance: number, min: number, max: number): number[] {
  const result = [...heights];
  // Pushing both neighbours keeps a group centred on its lines; the pass after it makes the distance exact.
  for (let round = 0; round < 100; round++) {
    for (let i = 1; i < result.length; i++) {
      const overlap = distance - (result[i] - result[i - 1]);
      if (overlap <= 0) continue;
      result[i - 1] = Math.max(min, result[i - 1] - overlap / 2);
      result[i] = Math.min(max, result[i] + overlap / 2);
    }
  }
  for (let i = 1; i < result.length; i++) result[i] = Math.max(result[i], result[i - 1] + distance);
  for (let i = result.length - 1; i >= 0; i--) {
    result[i] = Math.min(result[i], i === result.length - 1 ? max : result[i + 1] - distance);
  }
  return result;
}

/** The value where a line is nearest to the names: of the rightmost point, whichever way its points run. */
const rightmostValue = (data: readonly [number, number][]): number =>
  data.reduce(
    (best, point) => (point.every(Number.isFinite) && !(point[0] < best[0]) ? point : best),
    [Number.NaN, 0],
  )[1];
