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
} from "../figures/index.ts";
export { readCsv, writeCsv } from "./csv.ts";
export { figureSvg } from "./draw.ts";
export {
  continued,
  continuedField,
  type EarlierFieldRun,
  type EarlierRun,
  earlierFieldRun,
  earlierRun,
  fieldRunText,
} from "./earlierRun.ts";
export {
  loadField,
  loadMagnetization,
  type MapMeaning,
  magnetizationField,
  magnetizationPlane,
  meshFieldOf,
  type SaveOptions,
  saveMagnetization,
} from "./fieldFile.ts";
export { courseFigures, type NamedFigure } from "./figure.ts";
export { createRunFolder, writeAtomically } from "./folder.ts";
export { lineFigure } from "./lineFigure.ts";
export { mapFigure } from "./mapFigure.ts";
export { tableOfMeasurement, writeFigure, writeMeasurement } from "./measurement.ts";
export { checkMeshField, type MeshField } from "./meshField.ts";
export { readOdt, writeOdt } from "./odt.ts";
export { type OvfFormat, readOvf, readOvfSegments, writeOvf } from "./ovf.ts";
export { panelFigure } from "./panelFigure.ts";
export {
  filmStrip,
  hemisphere,
  magnetizationPicture,
  type Picture,
  type PictureOptions,
  readPng,
  writePng,
} from "./picture.ts";
export { formatNumber, formatQuantity, type ReadableUnit, readableUnit } from "./siPrefix.ts";
export { describeStack } from "./stack.ts";
export { strictJson, summaryOf, versions, writableOptions } from "./summary.ts";
export { type Table, type TableColumn, tableOf } from "./table.ts";
export { textureFigure } from "./textureFigure.ts";
export { VERSION } from "./version.ts";
export { writePvd, writeVti } from "./vtk.ts";
