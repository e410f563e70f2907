export { type DampingModulation, type DampingModulationOptions, dampingModulation } from "./dampingModulation.ts";
export {
  type DampingSeriesOptions,
  dampingVersusMetalThickness,
  linewidthVersusThickness,
  type MagnetThicknessSeries,
  type MetalThicknessSeries,
} from "./dampingSeries.ts";
export {
  type DrivenMode,
  type DrivenResponse,
  type DrivenResponseOptions,
  drivenResponse,
} from "./drivenResponse.ts";
export { type EnergyPath, type EnergyPathOptions, energyPath, PathError } from "./energyPath.ts";
export {
  type FerromagneticResonance,
  type FerromagneticResonanceOptions,
  ferromagneticResonance,
  type LinewidthOptions,
  type LinewidthSeries,
  linewidthVersusFrequency,
  type ResonanceOptions,
} from "./ferromagneticResonance.ts";
export {
  type HysteresisLoop,
  type HysteresisOptions,
  hysteresisLoop,
  type PhaseDiagram,
  type PhaseDiagramOptions,
  type SwitchingCurrentOptions,
  switchingCurrent,
  switchingPhaseDiagram,
} from "./fieldSweep.ts";
export {
  type Fit,
  FitError,
  type FitOptions,
  type FitParameter,
  type FittedParameter,
  fitCurve,
  fitLine,
} from "./fit.ts";
export { fitHanle, type HanleCurve, type HanleFit, type HanleOptions, hanleCurve } from "./hanle.ts";
export {
  type EffectiveFields,
  type HarmonicHall,
  type HarmonicHallOptions,
  harmonicHall,
  harmonicHallFields,
} from "./harmonicHall.ts";
export { type InverseEdelstein, inverseEdelstein } from "./inverseEdelstein.ts";
export {
  type InverseSpinHallOptions,
  type InverseSpinHallSeries,
  type InverseSpinHallVoltage,
  inverseSpinHallVersusThickness,
  inverseSpinHallVoltage,
} from "./inverseSpinHall.ts";
export { type Harmonics, lockIn } from "./lockIn.ts";
export { type MagnetizationLoop, type MagnetizationLoopOptions, magnetizationLoop } from "./magnetizationLoop.ts";
export {
  type AngleOptions,
  cppSquareRoot,
  magnetoresistanceVersusAngle,
  type RotationPlane,
  type SpinValve,
  type SpinValveOptions,
  type SquareRootPlot,
  spinHallMagnetoresistance,
  spinHallMagnetoresistanceVersusThickness,
  spinValve,
  type ThreePlanes,
} from "./magnetoresistance.ts";
export { column, type MeasuredColumn, type Measurement } from "./measurement.ts";
export {
  inverseSpinHallCross,
  type LengthSeries,
  type NonLocalOptions,
  type NonLocalProbe,
  type NonLocalSignal,
  nonLocalProbe,
  nonLocalSignal,
  nonLocalSignalVersusLength,
  type SpinAbsorption,
  spinAbsorption,
} from "./nonLocal.ts";
export {
  type MagnonTransportGeometry,
  type NonLocalMagnonOptions,
  type NonLocalMagnons,
  nonLocalMagnons,
} from "./nonLocalMagnons.ts";
export type { Excitation, PeriodicNumber, PeriodicVector, PumpedTransport } from "./pumpedTransport.ts";
export {
  type CriticalCurrentOptions,
  type CurrentSweep,
  type CurrentSweepOptions,
  criticalCurrent,
  currentSweep,
  Quasistatic,
  type QuasistaticOptions,
  type RestingState,
} from "./quasistatic.ts";
export { type Estimate, fitResonanceLine, type LineOptions, type ResonanceLine } from "./resonanceLine.ts";
export { type ResonanceMode, type Ringdown, type RingdownOptions, ringdown } from "./ringdown.ts";
export { type SpinPeltierOptions, spinPeltier } from "./spinPeltier.ts";
export { type SpinPumping, type SpinPumpingOptions, spinPumping } from "./spinPumping.ts";
export {
  type GeneratorOptions,
  type SpinSeebeckGenerator,
  type SpinSeebeckOptions,
  type SpinSeebeckReading,
  type SpinSeebeckSeries,
  spinSeebeck,
  spinSeebeckGenerator,
  spinSeebeckVersusThickness,
  type ThicknessSeriesOptions,
} from "./spinSeebeck.ts";
export { spinTorqueFerromagneticResonance } from "./spinTorqueResonance.ts";
export {
  type RampSeries,
  readDisturb,
  type SwitchingProbabilityOptions,
  switchingProbability,
  type ThermalBit,
  type ThermalBitOptions,
  thermalBit,
  thermalSwitchingCurrent,
  type WriteErrorOptions,
  type WriteErrors,
  writeErrorRate,
} from "./thermalSwitching.ts";
export {
  type EfficiencySeriesOptions,
  type TorqueEfficiency,
  type TorqueEfficiencyOptions,
  torqueEfficiency,
  torqueEfficiencyVersus,
} from "./torqueEfficiency.ts";
export type { CurrentTorques, SpinTorqueResonance, SpinTorqueResonanceOptions } from "./torqueResonance.ts";
