export {
  complement,
  difference,
  intersection,
  repeated,
  rotated,
  scaled,
  symmetricDifference,
  translated,
  union,
} from "./combine.ts";
export { EmptyShapeError, type FillOptions, fillFractions, type Overhang, overhang } from "./fill.ts";
export { areaOf, checkOutline, circle, ellipse, type Outline, rectangle, square } from "./outline.ts";
export { regionMap } from "./regions.ts";
export {
  type Containment,
  cone,
  cuboid,
  cylinder,
  type Extent,
  ellipsoid,
  everything,
  halfSpace,
  hexagon,
  type Image,
  imageMask,
  layersRange,
  polygon,
  predicate,
  regularPolygon,
  type Shape,
  sphere,
  superball,
  triangle,
  xRange,
  yRange,
  zRange,
} from "./shape.ts";
export { boundsOf, containment } from "./solid.ts";
export { type GrainOptions, grainRoughness, type RoughnessOptions, voronoiGrains } from "./voronoi.ts";
