export {
  type Fit,
  FitError,
  type FitOptions,
  type FitParameter,
  type FittedParameter,
  fitCurve,
  fitLine,
} from "./fit.ts";
export { column, type MeasuredColumn, type Measurement } from "./measurement.ts";
export {
  type CriticalCurrentOptions,
  type CurrentSweepOptions,
  criticalCurrent,
  currentSweep,
  Quasistatic,
  type QuasistaticOptions,
  type RestingState,
} from "./quasistatic.ts";
