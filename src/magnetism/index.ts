export {
  ellipsoidFactors,
  ellipticCylinderFactors,
  prismFactors,
  shapeFactors,
  stackedCoupling,
} from "./demagnetizingFactors.ts";
export {
  type CellLayer,
  type DemagnetizingTensorOptions,
  demagnetizingTensor,
  type LayerTensorOptions,
  layerTensor,
} from "./demagnetizingTensor.ts";
export {
  cubicAnisotropy,
  demagnetization,
  dipolarCoupling,
  type EnergyTerm,
  interlayerCoupling,
  type Macrospin,
  pointDipoleTensor,
  uniaxialAnisotropy,
  zeeman,
} from "./energy.ts";
export { AxialFokkerPlanck, type AxialMacrospin, escapeRate } from "./fokkerPlanck.ts";
export { LandauLifshitzGilbert } from "./llg.ts";
