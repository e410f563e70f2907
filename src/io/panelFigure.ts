import { InputError } from "../checks.ts";
import type { PanelFigure } from "../figures/index.ts";
import { describeLines, drawLines } from "./lineFigure.ts";
import { EDGE, FAINT, FONT, INK, px, type Size, standalone, text } from "./page.ts";
import { wrap } from "./plotText.ts";

/** Smaller than a page with the same letters, so that two side by side are read at the width of a text. */
const PANEL: Size = { width: 760, height: 520 };
/** Titles stand over panels that are shown smaller: so they are larger. */
const LARGER = 1.25;

/**
 * Several figures side by side under one title as a self-contained SVG, lettered a, b, c …
 * Throws an InputError for a figure without panels, or when a panel has no series.
 */
export function panelFigure({ title, subtitle, columns = 2, panels }: PanelFigure): string {
  if (panels.length === 0) throw new InputError(`figure "${title}": panels`, [], "at least one");
  if (!Number.isInteger(columns) || columns < 1) {
    throw new InputError(`figure "${title}": columns`, columns, "a whole number, 1 or more");
  }
  const across = Math.min(columns, panels.length);
  const width = across * PANEL.width;
  const titles = wrap(title, FONT.title * LARGER * 1.04, width - 2 * EDGE);
  const subtitles = subtitle ? wrap(subtitle, FONT.subtitle * LARGER, width - 2 * EDGE) : [];
  const header = EDGE + titles.length * 40 + subtitles.length * 31;
  const height = header + Math.ceil(panels.length / across) * PANEL.height;
  const content = [
    ...titles.map((line, i) =>
      text(line, EDGE, EDGE + 28 + 40 * i, FONT.title * LARGER, { "font-weight": "700", fill: INK }),
    ),
    ...subtitles.map((line, i) =>
      text(line, EDGE, EDGE + 26 + 40 * titles.length + 31 * i, FONT.subtitle * LARGER, { fill: FAINT }),
    ),
    ...panels.map((panel, i) => {
      const x = (i % across) * PANEL.width;
      const y = header + Math.floor(i / across) * PANEL.height;
      const letter = String.fromCharCode("a".charCodeAt(0) + i);
      const drawn = drawLines({ ...panel, title: `${letter}  ${panel.title}` }, PANEL);
      // Clip paths are found by their id: each panel needs its own.
      return `<g transform="translate(${px(x)} ${px(y)})">${drawn.replaceAll("plot-clip-", `panel-${letter}-clip-`)}</g>`;
    }),
  ];
  return standalone({ width, height }, content.join("\n"), [title, ...panels.map(describeLines)].join(". "));
}
