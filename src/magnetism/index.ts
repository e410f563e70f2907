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
  domains,
  domainWall,
  type VortexWallOptions,
  vortexWall,
  type WallOptions,
  type WallPlace,
} from "./domainWalls.ts";
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
export {
  type ConeOptions,
  conical,
  type HelixOptions,
  helix,
  movedTexture,
  perturbed,
  randomDirections,
  type Texture,
  turnedTexture,
  uniform,
} from "./textures.ts";
export {
  antivortex,
  radialVortex,
  type Sign,
  type SkyrmionOptions,
  skyrmion,
  type VortexOptions,
  vortex,
} from "./vortices.ts";
