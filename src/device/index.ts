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
  serialize,
} from "./description.ts";
export { type Axis, constant, type Drive, pulse, ramp, type Strength, sine, waveform } from "./drive.ts";
export { type CircuitModel, lower } from "./lower.ts";
export { type Column, type Instant, QUANTITIES, type Quantity } from "./quantities.ts";
export { formatLedger, type MagnetLedger, type RunLedger } from "./runLedger.ts";
export {
  type Checkpoint,
  type Field,
  type MagnetResult,
  type Progress,
  type RunResult,
  type SimulateOptions,
  SimulationError,
  simulate,
  solveTransport,
} from "./simulate.ts";
