import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { InputError } from "../checks.ts";
import { escapeXml, markup, textWidth, wrap } from "./plotText.ts";
import { formatNumber, readableUnit, superscript } from "./siPrefix.ts";

export interface FigureAxis {
  readonly label: string;
  /** SI unit of the numbers handed in, "1" for none; the axis is drawn in a readable multiple of it. */
  readonly unit: string;
  /** Default "linear". */
  readonly scale?: "linear" | "log";
  /** In the SI unit; default: what the numbers need. */
  readonly domain?: readonly [number, number];
}

export interface FigureSeries {
  readonly label: string;
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  /** Points in place of a line. */
  readonly points?: boolean;
  readonly dashed?: boolean;
}

export interface LineFigure {
  /** What is seen. */
  readonly title: string;
  readonly subtitle?: string;
  readonly x: FigureAxis;
  readonly y: FigureAxis;
  readonly series: readonly FigureSeries[];
  /** Shaded stretches of the x axis, such as the time a drive is on. */
  readonly bands?: readonly { readonly from: number; readonly to: number; readonly label?: string }[];
  /** Straight lines at one x or one y, such as a threshold. */
  readonly rules?: readonly { readonly x?: number; readonly y?: number; readonly label?: string }[];
}

/** Okabe and Ito's palette, which colour-blind eyes tell apart; yellow is left out and orange darker, to be read on white. */
const COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#333333", "#B87A00", "#3E9FD4"];
const INK = "#222222";
const FAINT = "#666666";
const GRID = "#E6E6E6";
const BAND = "#FCF0D4";
const BAND_INK = "#86650F";

/** 16:9, as slides are. */
const WIDTH = 1120;
const HEIGHT = 630;
const EDGE = 32;
const SIZE = { title: 26, subtitle: 18, axis: 19, tick: 17, label: 18, note: 16 };
/** Points of a line beyond this are thinned; the picture does not show them. */
const MOST_POINTS = 3000;

/**
 * A figure of lines and points as a self-contained SVG.
 * Throws an InputError for series whose x and y differ in length, or a figure without series.
 */
export function lineFigure(spec: LineFigure): string {
  const { title, subtitle, series, bands = [], rules = [] } = spec;
  if (series.length === 0) throw new InputError(`figure "${title}": series`, [], "at least one");
  for (const { label, x, y } of series) {
    if (x.length !== y.length) {
      throw new InputError(`figure "${title}": series "${label}"`, `${x.length} x and ${y.length} y`, "as many x as y");
    }
  }
  const ruled = (axis: "x" | "y"): number[] => rules.flatMap((rule) => rule[axis] ?? []);
  const x = axisOf(spec.x, [...series.map((line) => line.x), ruled("x")], { padding: 0, nearZero: 0.1 });
  const y = axisOf(spec.y, [...series.map((line) => line.y), ruled("y")], { padding: 0.04, nearZero: 0.5 });
  const lines = series.map((line, i) => ({
    ...line,
    colour: COLOURS[i % COLOURS.length],
    dash: line.dashed ? "8 6" : i >= COLOURS.length ? "2 5" : undefined,
    points: line.points ?? false,
    data: pointsOf(line, x, y),
  }));

  const titles = wrap(title, SIZE.title * 1.04, WIDTH - 2 * EDGE);
  const subtitles = subtitle ? wrap(subtitle, SIZE.subtitle, WIDTH - 2 * EDGE) : [];
  const header = EDGE + titles.length * 32 + subtitles.length * 25 + 14;
  const bandStrip = bands.some(({ label }) => label) ? 22 : 0;
  const frame = {
    top: header + 34 + bandStrip,
    bottom: HEIGHT - 78,
    left: EDGE + 12 + Math.max(...y.ticks.map((tick) => textWidth(y.format(tick), SIZE.tick))),
    right: WIDTH - EDGE - 52 - Math.max(...lines.map(({ label }) => textWidth(label, SIZE.label))),
  };
  // Long labels may not push the plot off the page: they then get less room and run smaller.
  frame.right = Math.max(frame.right, 0.55 * WIDTH);

  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const shaded = bands
    .map(({ from, to, label }) => ({ from: clamp(from / x.per, x.domain), to: clamp(to / x.per, x.domain), label }))
    .filter(({ from, to }) => to > from);
  const plot = Plot.plot({
    document,
    width: WIDTH,
    height: HEIGHT,
    marginTop: frame.top,
    marginBottom: HEIGHT - frame.bottom,
    marginLeft: frame.left,
    marginRight: WIDTH - frame.right,
    x: { type: x.scale, domain: x.domain, label: null },
    y: { type: y.scale, domain: y.domain, label: null },
    marks: [
      Plot.rect(shaded, { x1: "from", x2: "to", y1: y.domain[0], y2: y.domain[1], fill: BAND }),
      Plot.gridY(y.ticks, { stroke: GRID, strokeOpacity: 1 }),
      y.scale === "linear" && y.domain[0] < 0 && y.domain[1] > 0 ? Plot.ruleY([0], { stroke: "#B0B0B0" }) : null,
      Plot.ruleX([x.domain[0]], { stroke: FAINT }),
      Plot.ruleY([y.domain[0]], { stroke: FAINT }),
      Plot.axisX(x.ticks, { fontSize: SIZE.tick, tickFormat: x.format, label: null, tickSize: 6, color: INK }),
      Plot.axisY(y.ticks, { fontSize: SIZE.tick, tickFormat: y.format, label: null, tickSize: 6, color: INK }),
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
      ...lines
        .filter(({ points }) => points)
        .map(({ data, colour }) =>
          Plot.dot(data, { x: "0", y: "1", r: 5, fill: colour, stroke: "white", strokeWidth: 1 }),
        ),
    ],
  });
  const across = (value: number): number => plot.scale("x")?.apply(value);
  const down = (value: number): number => plot.scale("y")?.apply(value);

  const texts = [
    ...titles.map((line, i) => text(line, EDGE, EDGE + 22 + 32 * i, SIZE.title, { "font-weight": "700", fill: INK })),
    ...subtitles.map((line, i) =>
      text(line, EDGE, EDGE + 20 + 32 * titles.length + 25 * i, SIZE.subtitle, { fill: FAINT }),
    ),
    text(axisTitle(y), EDGE, header + 16, SIZE.axis, { fill: INK }),
    text(axisTitle(x), (frame.left + frame.right) / 2, HEIGHT - 26, SIZE.axis, { fill: INK, "text-anchor": "middle" }),
    ...bandLabels(shaded, across, frame),
    ...rules.flatMap((rule) => ruleLabel(rule, x.per, y.per, across, down, frame)),
    ...keys(lines, down, frame),
  ];
  return standalone(plot.outerHTML, texts.join(""), [title, ...lines.map(({ label }) => label)].join("; "));
}

interface Axis {
  readonly label: string;
  readonly unit: string;
  readonly per: number;
  readonly scale: "linear" | "log";
  readonly domain: readonly [number, number];
  readonly ticks: readonly number[];
  readonly format: (value: number) => string;
}

/** Chooses unit, domain and ticks for all numbers of one axis. */
function axisOf(
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
    const ticks: number[] = [];
    for (let e = low; e <= high; e += stride) ticks.push(10 ** e);
    const isPlain = low >= -2 && high <= 3;
    const format = (value: number): string => {
      const e = Math.round(Math.log10(value));
      return isPlain || e === 0 ? formatNumber(value) : `10${superscript(e)}`;
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

const axisTitle = ({ label, unit }: Axis): string => (unit ? `${label} (${unit})` : label);

const clamp = (value: number, [min, max]: readonly [number, number]): number => Math.min(max, Math.max(min, value));

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

const plottable = (value: number, scale: "linear" | "log"): number =>
  Number.isFinite(value) && (scale === "linear" || value > 0) ? value : Number.NaN;

interface Frame {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
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
    const width = textWidth(label, SIZE.note);
    const middle = (across(from) + across(to)) / 2;
    const start = Math.min(Math.max(middle - width / 2, frame.left), WIDTH - EDGE - width);
    if (start < free) return [];
    free = start + width + 12;
    return [text(label, start, frame.top - 8, SIZE.note, { fill: BAND_INK })];
  });
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
    return [text(rule.label, frame.left + 10, down((rule.y ?? 0) / perY) - 7, SIZE.note, style)];
  const at = across(rule.x / perX);
  const isRight = at + 8 + textWidth(rule.label, SIZE.note) > frame.right;
  return [
    text(rule.label, isRight ? at - 8 : at + 8, frame.top + 16, SIZE.note, {
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
}

/** A sample and the name of every line at the right, at the height where the line ends, moved apart where they meet. */
function keys(lines: readonly DrawnLine[], down: (value: number) => number, frame: Frame): string[] {
  const room = frame.bottom - frame.top;
  const spacing = Math.min(28, room / Math.max(1, lines.length - 1));
  const widest = Math.max(...lines.map(({ label }) => textWidth(label, SIZE.label)));
  const size = Math.min(SIZE.label, spacing * 0.9, (SIZE.label * (WIDTH - EDGE - frame.right - 44)) / widest);
  const wanted = lines
    .map((line) => ({ line, y: Math.min(frame.bottom, Math.max(frame.top, down(lastValue(line.data)))) }))
    // Lines that end at one height keep the order in which they were given.
    .sort((a, b) => Math.round(a.y / 4) - Math.round(b.y / 4));
  const heights = spread(
    wanted.map(({ y }) => y),
    spacing,
    frame.top,
    frame.bottom,
  );
  return wanted.map(({ line: { label, colour, dash, points } }, i) => {
    const y = heights[i];
    const left = frame.right + 12;
    const sample = points
      ? `<circle cx="${left + 12}" cy="${px(y)}" r="5" fill="${colour}"/>`
      : `<line x1="${px(left)}" x2="${px(left + 24)}" y1="${px(y)}" y2="${px(y)}" stroke="${colour}" stroke-width="3"${dash ? ` stroke-dasharray="${dash}"` : ""}/>`;
    return sample + text(label, left + 32, y + 0.34 * size, size, { fill: colour, "font-weight": "600" });
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

const lastValue = (data: readonly [number, number][]): number => {
  const last = data.findLast(([, y]) => Number.isFinite(y));
  return last ? last[1] : 0;
};

function text(content: string, x: number, y: number, size: number, style: Readonly<Record<string, string>>): string {
  const attributes = Object.entries(style).map(([key, value]) => ` ${key}="${value}"`);
  return `<text xml:space="preserve" x="${px(x)}" y="${px(y)}" font-size="${px(size)}"${attributes.join("")}>${markup(content, size)}</text>`;
}

const px = (length: number): string => String(Math.round(length * 10) / 10);

/** What Plot drew, with our texts, as a file that looks the same in every viewer: no style sheet, a white page. */
function standalone(drawn: string, texts: string, description: string): string {
  const inner = drawn
    .replace(/^<svg[^>]*>/, "")
    .replace(/<\/svg>$/, "")
    .replace(/<style>[\s\S]*?<\/style>/, "");
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="Helvetica, Arial, 'Liberation Sans', sans-serif" fill="${INK}" color="${INK}" role="img">`,
    `<title>${escapeXml(description)}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="white"/>`,
    // Plot anchors its text in the middle unless it says otherwise.
    `<g text-anchor="middle">${inner}</g>`,
    texts,
    "</svg>\n",
  ].join("\n");
}
