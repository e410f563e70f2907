export { areaOf, checkShape, ellipse, rectangle, type Shape } from "./shape.ts";
