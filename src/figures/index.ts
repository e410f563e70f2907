export type {
  Figure,
  FigureAxis,
  FigureBand,
  FigureSeries,
  LineFigure,
  MapFigure,
  MapValue,
  PanelFigure,
} from "./description.ts";
