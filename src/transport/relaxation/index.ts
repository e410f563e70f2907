export {
  dyakonovPerel,
  principalRates,
  type SpinCourse,
  type SpinDiffusion,
  type SpinMode,
  spinCourse,
  spinModes,
  spinRelaxationRates,
} from "./dyakonovPerel.ts";
export { type ElliottYafetOptions, elliottYafet, together } from "./elliottYafet.ts";
export { helixAmplitude, type RandomWalkOptions, spinRandomWalk, type WalkSnapshot } from "./randomWalk.ts";
export {
  fermiVelocity,
  precessionAt,
  type SpinOrbitField,
  spinOrbitField,
  type TwoDimensionalGas,
} from "./spinOrbitField.ts";
