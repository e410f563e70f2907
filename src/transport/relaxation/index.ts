export { dyakonovPerel, principalRates, type SpinDiffusion, spinRelaxationRates } from "./dyakonovPerel.ts";
export { type ElliottYafetOptions, elliottYafet, together } from "./elliottYafet.ts";
export type { KineticOptions } from "./flights.ts";
export { type RandomWalkOptions, spinRandomWalk, type WalkMean, type WalkSnapshot } from "./randomWalk.ts";
export { type SpinCourse, type SpinCourseOptions, spinCourse } from "./spinCourse.ts";
export { type SpinMode, spinModes } from "./spinModes.ts";
export {
  fermiVelocity,
  precessionAt,
  type SpinOrbitField,
  spinOrbitField,
  type TwoDimensionalGas,
  wavevectorOfDensity,
  wavevectorOfEnergy,
} from "./spinOrbitField.ts";
export { helixAmplitude, type SpinProfile, type SpinWave, spinProfile, spinWave } from "./walkDensity.ts";
