import { InputError } from "../checks.ts";
import type { PanelFigure } from "../figures/index.ts";
import { describeLines, drawLines } from "./lineFigure.ts";
import { heading, px, type Size, standalone } from "./page.ts";

/** Smaller than a page with the same letters, so that two side by side are read at the width of a text. */
const PANEL: Size = { width: 760, height: 520 };
/** Where three stand side by side. */
const NARROW: Size = { width: 560, height: 480 };
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
  const panelSize = across > 2 ? NARROW : PANEL;
  const width = across * panelSize.width;
  const head = heading(title, subtitle, width, LARGER);
  const height = head.height + Math.ceil(panels.length / across) * panelSize.height;
  const content = [
    ...head.marks,
    ...panels.map((panel, i) => {
      const x = (i % across) * panelSize.width;
      const y = head.height + Math.floor(i / across) * panelSize.height;
      const letter = String.fromCharCode("a".charCodeAt(0) + i);
      const drawn = drawLines({ ...panel, title: `${letter}  ${panel.title}` }, panelSize);
      // Clip paths are found by their id: each panel needs its own.
      return `<g transform="translate(${px(x)} ${px(y)})">${drawn.replaceAll("plot-clip-", `panel-${letter}-clip-`)}</g>`;
    }),
  ];
  return standalone({ width, height }, content.join("\n"), [title, ...panels.map(describeLines)].join(". "));
}
