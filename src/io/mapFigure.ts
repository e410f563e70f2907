import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { InputError } from "../checks.ts";
import type { MapFigure } from "../figures/index.ts";
import { axisOf, axisTitle } from "./axis.ts";
import { COLOURS, EDGE, FAINT, FONT, INK, PAGE, px, standalone, text, unframed } from "./page.ts";
import { textWidth, wrap } from "./plotText.ts";

const BAR = { width: 22, steps: 64 };

/**
 * A number over a plane as a self-contained SVG: blue below zero, orange above it, white between; from light to dark where
 * the numbers have one sign.
 * Throws an InputError when there is not one number for every cell.
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
  const [stepX, stepY] = [columns, rows].map(
    (centres) => (centres[centres.length - 1] - centres[0]) / (centres.length - 1),
  );
  const edges = (centres: ArrayLike<number>, step: number): [number, number] => {
    const ends = [centres[0] - step / 2, centres[centres.length - 1] + step / 2];
    return [Math.min(...ends), Math.max(...ends)];
  };
  const x = axisOf({ ...spec.x, domain: edges(columns, stepX) }, [], { padding: 0, nearZero: 0 });
  const y = axisOf({ ...spec.y, domain: edges(rows, stepY) }, [], { padding: 0, nearZero: 0 });
  const value = axisOf(spec.value, [values], { padding: 0, nearZero: 0.3 });
  const colour = colours(value.domain);

  const titles = wrap(title, FONT.title * 1.04, PAGE.width - 2 * EDGE);
  const subtitles = subtitle ? wrap(subtitle, FONT.subtitle, PAGE.width - 2 * EDGE) : [];
  const header = EDGE + titles.length * 32 + subtitles.length * 25 + 14;
  const names = [axisTitle(value), ...value.ticks.map((tick) => `${value.format(tick)}   `)];
  const frame = {
    top: header + 34,
    bottom: PAGE.height - 78,
    left: EDGE + 12 + Math.max(...y.ticks.map((tick) => textWidth(y.format(tick), FONT.tick))),
    right: PAGE.width - EDGE - BAR.width - 40 - Math.max(...names.map((name) => textWidth(name, FONT.tick))),
  };
  const cells = Array.from(values, (v, i) => {
    const cx = columns[i % columns.length];
    const cy = rows[Math.floor(i / columns.length)];
    return {
      x1: (cx - stepX / 2) / x.per,
      x2: (cx + stepX / 2) / x.per,
      y1: (cy - stepY / 2) / y.per,
      y2: (cy + stepY / 2) / y.per,
      fill: Number.isFinite(v) ? colour(v / value.per) : "#BBBBBB",
    };
  });
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const lines = series.map((line, i) => ({
    ...line,
    stroke: i === 0 ? INK : COLOURS[(i + 1) % COLOURS.length],
    data: Array.from(line.x, (at, k) => [at / x.per, line.y[k] / y.per] as [number, number]),
  }));
  const plot = Plot.plot({
    document,
    width: PAGE.width,
    height: PAGE.height,
    marginTop: frame.top,
    marginBottom: PAGE.height - frame.bottom,
    marginLeft: frame.left,
    marginRight: PAGE.width - frame.right,
    x: { type: "linear", domain: x.domain, label: null },
    y: { type: "linear", domain: y.domain, label: null },
    marks: [
      // Neighbours overlap by half a pixel, so that no seams show.
      Plot.rect(cells, { x1: "x1", x2: "x2", y1: "y1", y2: "y2", fill: (cell) => cell.fill, inset: -0.25 }),
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
  const bar = { left: frame.right + 24, height: frame.bottom - frame.top };
  const at = (v: number): number =>
    frame.bottom - ((v - value.domain[0]) / (value.domain[1] - value.domain[0])) * bar.height;
  const legend = Array.from({ length: BAR.steps }, (_, i) => {
    const v = value.domain[0] + ((i + 0.5) / BAR.steps) * (value.domain[1] - value.domain[0]);
    const height = bar.height / BAR.steps;
    return `<rect x="${px(bar.left)}" y="${px(at(v) - height / 2)}" width="${BAR.width}" height="${px(height + 0.6)}" fill="${colour(v)}"/>`;
  });
  const down = (v: number): number => plot.scale("y")?.apply(v);
  const content = [
    `<g text-anchor="middle">${unframed(plot.outerHTML)}</g>`,
    ...legend,
    ...value.ticks.map((tick) =>
      text(value.format(tick), bar.left + BAR.width + 8, at(tick) + 6, FONT.tick, { fill: INK }),
    ),
    text(axisTitle(value), bar.left, frame.top - 14, FONT.tick, { fill: INK }),
    ...titles.map((line, i) => text(line, EDGE, EDGE + 22 + 32 * i, FONT.title, { "font-weight": "700", fill: INK })),
    ...subtitles.map((line, i) =>
      text(line, EDGE, EDGE + 20 + 32 * titles.length + 25 * i, FONT.subtitle, { fill: FAINT }),
    ),
    text(axisTitle(y), EDGE, header + 16, FONT.axis, { fill: INK }),
    text(axisTitle(x), (frame.left + frame.right) / 2, PAGE.height - 26, FONT.axis, {
      fill: INK,
      "text-anchor": "middle",
    }),
    ...lines.flatMap(({ label, data, stroke }) => {
      const seen = data.findLast(([, v]) => v >= y.domain[0] && v <= y.domain[1]);
      if (!label || !seen) return [];
      const style = {
        fill: stroke,
        stroke: "white",
        "stroke-width": "4",
        "paint-order": "stroke",
        "text-anchor": "end",
      };
      return [text(label, frame.right - 10, down(seen[1]) - 8, FONT.note, style)];
    }),
  ].join("");
  return standalone(PAGE, content, [title, ...series.map(({ label }) => label)].join("; "));
}

/** Colours that colour-blind eyes tell apart: the blue and the orange of the lines through white, or white to blue. */
function colours([min, max]: readonly [number, number]): (value: number) => string {
  const [blue, orange, white] = [
    [0, 90, 160],
    [213, 94, 0],
    [250, 250, 250],
  ] as const;
  const mix = (end: readonly number[], share: number): string =>
    `rgb(${white.map((w, k) => Math.round(w + (end[k] - w) * Math.min(1, Math.max(0, share)))).join(",")})`;
  if (min < 0 && max > 0) {
    const most = Math.max(-min, max);
    return (value) => (value < 0 ? mix(blue, -value / most) : mix(orange, value / most));
  }
  return (value) =>
    mix(max <= 0 ? orange : blue, (Math.abs(value) - Math.min(Math.abs(min), Math.abs(max))) / (max - min));
}
