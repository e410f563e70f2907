import type { Figure } from "../figures/index.ts";
import { lineFigure } from "./lineFigure.ts";
import { mapFigure } from "./mapFigure.ts";
import { panelFigure } from "./panelFigure.ts";
import { textureFigure } from "./textureFigure.ts";

/** Any figure as a self-contained SVG. */
export function figureSvg(figure: Figure): string {
  if ("panels" in figure) return panelFigure(figure);
  if ("frames" in figure) return textureFigure(figure);
  return "values" in figure ? mapFigure(figure) : lineFigure(figure);
}
