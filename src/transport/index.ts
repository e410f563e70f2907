export { barrierConductance } from "./barrier.ts";
export {
  conductorLaw,
  decayConstant,
  FLUXES,
  fluxIndex,
  type Law,
  latticeRelaxation,
  magnetAbsorption,
  onsagerMatrix,
  spinDiffusion,
} from "./conductor.ts";
export { type ContactLaw, contactLaw } from "./contact.ts";
export { conductionDamping, pumpedSpinVoltage, torquePerSpinCurrent } from "./torque.ts";
