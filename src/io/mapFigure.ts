import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { InputError } from "../checks.ts";
import type { FigureAxis, MapFigure } from "../figures/index.ts";
import { type Axis, axisOf, axisTitle, clamp } from "./axis.ts";
import { COLOURS, EDGE, FAINT, FONT, heading, INK, PAGE, px, standalone, text, unframed } from "./page.ts";
import { textWidth } from "./plotText.ts";

const BAR = { width: 22, steps: 64 };
const SWATCH = { size: 22, step: 34 };
/** Of cells without a number. */
const NONE = "#BBBBBB";

/**
 * A number over a plane as a self-contained SVG: blue below zero, orange above it, white between; from light to dark where
 * the numbers have one sign; or a colour for every category.
 * Throws an InputError when there is not one number for every cell, or a number that is no category.
 */
export function mapFigure(spec: MapFigure): string {
  const { title, subtitle, columns, rows, values, series = [] } = spec;
  if (values.length !== columns.length * rows.length || columns.length < 2 || rows.length < 2) {
    throw new InputError(
      `figure "${title}": values`,
      `${values.length} for ${columns.length} columns and ${rows.length} rows`,
      "one for every cell of at least 2 columns and 2 rows",
    );
  }
  for (const { label, x, y } of series) {
    if (x.length !== y.length) {
      throw new InputError(`figure "${title}": series "${label}"`, `${x.length} x and ${y.length} y`, "as many x as y");
    }
  }
  const across = edgesOf(`figure "${title}": columns`, columns, spec.x.scale);
  const down = edgesOf(`figure "${title}": rows`, rows, spec.y.scale);
  const x = mapAxis(spec.x, across);
  const y = mapAxis(spec.y, down);
  const key = keyOf(spec);

  const head = heading(title, subtitle, PAGE.width);
  const frame: Frame = {
    top: head.height + 14 + 34,
    bottom: PAGE.height - 78,
    left: EDGE + 12 + Math.max(...y.ticks.map((tick) => textWidth(y.format(tick), FONT.tick))),
    // A long legend may not push the map off the page.
    right: Math.max(PAGE.width - EDGE - 24 - key.width, 0.5 * PAGE.width),
  };
  const cells = Array.from(values, (value, i) => {
    const [column, row] = [i % columns.length, Math.floor(i / columns.length)];
    return {
      x1: across[column] / x.per,
      x2: across[column + 1] / x.per,
      y1: down[row] / y.per,
      y2: down[row + 1] / y.per,
      fill: Number.isFinite(value) ? key.colour(value) : NONE,
    };
  });
  const lines = series.map((line, i) => ({
    ...line,
    stroke: i === 0 ? INK : COLOURS[(i + 1) % COLOURS.length],
    data: Array.from(line.x, (at, k) => [at / x.per, line.y[k] / y.per] as [number, number]),
  }));
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const plot = Plot.plot({
    document,
    width: PAGE.width,
    height: PAGE.height,
    marginTop: frame.top,
    marginBottom: PAGE.height - frame.bottom,
    marginLeft: frame.left,
    marginRight: PAGE.width - frame.right,
    x: { type: x.scale, domain: x.domain, label: null },
    y: { type: y.scale, domain: y.domain, label: null },
    marks: [
      // Smoothed edges would leave the background shining through between neighbours.
      Plot.rect(cells, { x1: "x1", x2: "x2", y1: "y1", y2: "y2", fill: (c) => c.fill, shapeRendering: "crispEdges" }),
      Plot.frame({ stroke: FAINT }),
      Plot.axisX(x.ticks, { fontSize: FONT.tick, tickFormat: x.format, label: null, tickSize: 6, color: INK }),
      Plot.axisY(y.ticks, { fontSize: FONT.tick, tickFormat: y.format, label: null, tickSize: 6, color: INK }),
      ...lines.map(({ data, points, dashed, stroke }) =>
        points
          ? Plot.dot(data, { x: "0", y: "1", r: 5, fill: stroke, stroke: "white" })
          : Plot.lineY(data, {
              x: "0",
              y: "1",
              stroke,
              strokeWidth: 2.75,
              strokeDasharray: dashed ? "8 6" : undefined,
              clip: true,
            }),
      ),
    ],
  });
  const place = ([u, v]: readonly [number, number]): [number, number] => [
    plot.scale("x")?.apply(u),
    plot.scale("y")?.apply(v),
  ];
  const content = [
    `<g text-anchor="middle">${unframed(plot.outerHTML)}</g>`,
    ...key.marks(frame),
    ...head.marks,
    text(axisTitle(y), EDGE, head.height + 30, FONT.axis, { fill: INK }),
    text(axisTitle(x), (frame.left + frame.right) / 2, PAGE.height - 26, FONT.axis, {
      fill: INK,
      "text-anchor": "middle",
    }),
    ...lines.flatMap(({ label, data, stroke }) => {
      const end = data.findLast(([u, v]) => clamp(u, x.domain) === u && clamp(v, y.domain) === v);
      return label && end ? [lineName(label, stroke, place(end), frame)] : [];
    }),
  ].join("");
  return standalone(PAGE, content, [title, ...series.map(({ label }) => label)].join("; "));
}

interface Frame {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** Edges of cells, one more than there are cells; the outermost reach as far out as in. */
function edgesOf(what: string, centres: ArrayLike<number>, scale: FigureAxis["scale"] = "linear"): number[] {
  const [to, from] = scale === "log" ? [Math.log10, (at: number) => 10 ** at] : [Number, Number];
  const at = Array.from(centres, to);
  const sign = Math.sign(at[1] - at[0]);
  const isOrdered = at.every((value, i) => Number.isFinite(value) && (i === 0 || (value - at[i - 1]) * sign > 0));
  if (!isOrdered) {
    throw new InputError(what, Array.from(centres), `${scale === "log" ? "positive" : "finite"}, rising or falling`);
  }
  const last = at.length - 1;
  const between = at.slice(1).map((value, i) => (value + at[i]) / 2);
  return [2 * at[0] - between[0], ...between, 2 * at[last] - between[last - 1]].map(from);
}

function mapAxis(axis: FigureAxis, edges: readonly number[]): Axis {
  const domain = axis.domain ?? ([Math.min(...edges), Math.max(...edges)] as const);
  return axisOf({ ...axis, domain }, [], { padding: 0, nearZero: 0 });
}

/** What the colours mean, and how that is drawn to the right of a map. */
interface Key {
  readonly colour: (value: number) => string;
  readonly width: number;
  marks(frame: Frame): string[];
}

function keyOf({ title, values, value }: MapFigure): Key {
  if (!value.categories) return scaleKey(axisOf(value, [values], { padding: 0, nearZero: 0.3 }));
  const { categories, label } = value;
  if (categories.length < 1 || categories.length > COLOURS.length) {
    throw new InputError(`figure "${title}": categories`, categories, `1 to ${COLOURS.length} names`);
  }
  for (let i = 0; i < values.length; i++) {
    const isNamed = Number.isNaN(values[i]) || categories[values[i]] !== undefined;
    if (!isNamed) throw new InputError(`figure "${title}": values[${i}]`, values[i], `0 to ${categories.length - 1}`);
  }
  return categoryKey(label, categories);
}

/** A bar of all colours with ticks. */
function scaleKey(axis: Axis): Key {
  const colour = colours(axis.domain);
  const names = axis.ticks.map(axis.format);
  const [low, high] = axis.domain;
  return {
    colour: (value) => colour(value / axis.per),
    width: Math.max(
      textWidth(axisTitle(axis), FONT.tick),
      BAR.width + 8 + Math.max(...names.map((name) => textWidth(name, FONT.tick))),
    ),
    marks: ({ top, bottom, right }) => {
      const left = right + 24;
      const at = (v: number): number => bottom - ((v - low) / (high - low)) * (bottom - top);
      const height = (bottom - top) / BAR.steps;
      return [
        ...Array.from({ length: BAR.steps }, (_, i) => {
          const v = low + ((i + 0.5) / BAR.steps) * (high - low);
          return `<rect x="${px(left)}" y="${px(at(v) - height / 2)}" width="${BAR.width}" height="${px(height + 0.6)}" fill="${colour(v)}"/>`;
        }),
        outline(left, top, BAR.width, bottom - top),
        ...axis.ticks.map((tick, i) => text(names[i], left + BAR.width + 8, at(tick) + 6, FONT.tick, { fill: INK })),
        text(axisTitle(axis), left, top - 14, FONT.tick, { fill: INK }),
      ];
    },
  };
}

/** A patch of colour beside every name. */
function categoryKey(label: string, categories: readonly string[]): Key {
  const colour = (value: number): string => tint(COLOURS[value]);
  return {
    colour,
    width: Math.max(
      textWidth(label, FONT.tick),
      ...categories.map((name) => SWATCH.size + 10 + textWidth(name, FONT.label)),
    ),
    marks: ({ top, right }) => {
      const left = right + 24;
      return [
        text(label, left, top - 14, FONT.tick, { fill: INK }),
        ...categories.flatMap((name, i) => {
          const y = top + i * SWATCH.step;
          return [
            `<rect x="${px(left)}" y="${px(y)}" width="${SWATCH.size}" height="${SWATCH.size}" fill="${colour(i)}"/>`,
            outline(left, y, SWATCH.size, SWATCH.size),
            text(name, left + SWATCH.size + 10, y + 0.76 * SWATCH.size, FONT.label, { fill: INK }),
          ];
        }),
      ];
    },
  };
}

const outline = (x: number, y: number, width: number, height: number): string =>
  `<rect x="${px(x)}" y="${px(y)}" width="${px(width)}" height="${px(height)}" fill="none" stroke="${FAINT}"/>`;

/** Names a line where it ends: to the right if there is room, or else above it. */
function lineName(label: string, stroke: string, [x, y]: readonly [number, number], frame: Frame): string {
  const width = textWidth(label, FONT.note);
  const fits = x + 12 + width < frame.right - 6;
  const left = fits ? x + 12 : Math.min(x, frame.right - 10) - width;
  const height = clamp(fits ? y + 5 : y - 10, [frame.top + 18, frame.bottom - 8]);
  return [
    // Letters are readable over any colour only on white.
    `<rect x="${px(left - 4)}" y="${px(height - 16)}" width="${px(width + 8)}" height="23" rx="3" fill="white" fill-opacity="0.85"/>`,
    text(label, left, height, FONT.note, { fill: stroke }),
  ].join("");
}

const WHITE = [250, 250, 250] as const;

/** A colour over WHITE: 0 is white, 1 the colour. */
const mix = (end: readonly number[], share: number): string =>
  `rgb(${WHITE.map((w, k) => Math.round(w + (end[k] - w) * Math.min(1, Math.max(0, share)))).join(",")})`;

/** The colour of a line as that of an area on which lines are seen. */
const tint = (hex: string): string =>
  mix(
    [1, 3, 5].map((i) => Number.parseInt(hex.slice(i, i + 2), 16)),
    0.55,
  );

/** Colours that colour-blind eyes tell apart: the blue and the orange of the lines through white, or white to blue. */
function colours([min, max]: readonly [number, number]): (value: number) => string {
  const [blue, orange] = [
    [0, 90, 160],
    [213, 94, 0],
  ];
  if (min < 0 && max > 0) {
    const most = Math.max(-min, max);
    return (value) => (value < 0 ? mix(blue, -value / most) : mix(orange, value / most));
  }
  return (value) =>
    mix(max <= 0 ? orange : blue, (Math.abs(value) - Math.min(Math.abs(min), Math.abs(max))) / (max - min));
}
