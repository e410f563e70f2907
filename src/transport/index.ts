export { barrierConductance } from "./barrier.ts";
export {
  AMBIENT_TEMPERATURE,
  CHARGE,
  carriedEntropy,
  conductorLaw,
  decayConstant,
  FLUXES,
  fluxIndex,
  HEAT,
  heatConductivity,
  type Law,
  latticeRelaxation,
  MAGNONS,
  magnetAbsorption,
  magnonOnsagerMatrix,
  magnonRelaxation,
  onsagerMatrix,
  spinDiffusion,
  turned,
} from "./conductor.ts";
export { type ContactLaw, contactLaw } from "./contact.ts";
export {
  checkSheet,
  type RashbaOptions,
  rashbaSheet,
  type SheetLaw,
  type TopologicalSurfaceOptions,
  topologicalSurface,
} from "./edelstein.ts";
export { type MagnonContactLaw, magnonContactLaw } from "./magnonContact.ts";
export * from "./relaxation/index.ts";
export { conductionDamping, pumpedSpinVoltage, torquePerSpinCurrent } from "./torque.ts";
