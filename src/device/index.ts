export {
  type SlonczewskiOptions,
  type SpinOrbitOptions,
  slonczewski,
  spinOrbit,
  type ZhangLiOptions,
  zhangLi,
} from "./currentTorques.ts";
export {
  type Contact,
  contactOf,
  type Device,
  type Direction,
  deserialize,
  device,
  type Layer,
  type LayerOptions,
  layer,
  type StackPart,
  type Surface,
  serialize,
  surface,
} from "./description.ts";
export { type Axis, constant, type Drive, pulse, ramp, type Strength, sine, waveform } from "./drive.ts";
export type { FieldDepthOptions } from "./fieldDepth.ts";
export type { FieldCheckpoint, FieldRow, FieldRunResult } from "./fieldRun.ts";
export type { HeatFlow } from "./heat.ts";
export {
  type Absorber,
  type Electrode,
  type HallCross,
  type LateralDevice,
  type LateralModel,
  lateralDevice,
  lowerLateral,
  type Terminal,
  tunnelContact,
} from "./lateral.ts";
export { type CircuitModel, lower } from "./lower.ts";
export {
  type AppliedField,
  appliedFields,
  type Conditions,
  type Modulation,
  type TorqueSource,
} from "./lowerMicromagnet.ts";
export { type MagneticForceOptions, magneticForceImage } from "./magneticForceImage.ts";
export { MAGNETIC_QUANTITIES, type MagneticQuantity } from "./magneticQuantities.ts";
export {
  type MachineOptions,
  type MagneticCheckpoint,
  type MagneticRun,
  type MagneticSimulation,
  NotAtRestError,
  openMicromagnet,
  type RelaxMethod,
  type RelaxOptions,
  type RunOptions,
  StepError,
} from "./magneticSimulation.ts";
export {
  type FilmLayer,
  type InterlayerCoupling,
  type MagneticNumber,
  type MagneticRegion,
  type Micromagnet,
  type MicromagnetOptions,
  micromagnet,
  type PerCell,
  type VectorPerCell,
} from "./micromagnet.ts";
export { oerstedFields } from "./oersted.ts";
export { oerstedPattern } from "./oerstedPattern.ts";
export { type Column, type Currents, type Instant, QUANTITIES, type Quantity } from "./quantities.ts";
export { type Checkpoint, type MagnetResult, type RunRecord, type RunResult, SimulationError } from "./run.ts";
export { formatLedger, type MagnetLedger, type RunLedger } from "./runLedger.ts";
export {
  type CircuitOptions,
  type Field,
  type FieldOptions,
  type Progress,
  type SimulateOptions,
  simulate,
  solveTransport,
} from "./simulate.ts";
