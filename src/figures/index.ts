export type {
  Figure,
  FigureAxis,
  FigureBand,
  FigureSeries,
  LineFigure,
  MapFigure,
  MapValue,
  PanelFigure,
  TextureFigure,
  TextureFrame,
} from "./description.ts";
