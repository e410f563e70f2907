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
export { type MagnonContactLaw, magnonContactLaw } from "./magnonContact.ts";
export { conductionDamping, pumpedSpinVoltage, torquePerSpinCurrent } from "./torque.ts";
