export type { FigureAxis, FigureBand, FigureSeries, LineFigure, PanelFigure } from "./description.ts";
