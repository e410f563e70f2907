export type {
  Figure,
  FigureAxis,
  FigureBand,
  FigureSeries,
  LineFigure,
  MapFigure,
  PanelFigure,
} from "./description.ts";
