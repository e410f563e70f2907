export type { Vector3 } from "./algebra/vector.ts";
export { InputError } from "./checks.ts";
export {
  type CompiledNetwork,
  contact,
  currentSource,
  type Element,
  type EnergyLedger,
  type EnsembleOptions,
  type EnsembleTorque,
  equilibriumNear,
  type FilmOptions,
  film,
  ground,
  type Harmonic,
  type HarmonicDrive,
  harmonicOf,
  heatBath,
  heatSource,
  type Ledger,
  type LedgerRow,
  LinearResponse,
  MacrospinDynamics,
  MacrospinEnsemble,
  type MacrospinModel,
  type MagnonContactOptions,
  type MagnonFilmOptions,
  type MagnonPoint,
  magnonContact,
  magnonFilm,
  magnonReservoir,
  Network,
  NetworkError,
  type NetworkState,
  NoEquilibriumError,
  Orbit,
  type ProfilePoint,
  phasesOf,
  relaxToEquilibrium,
  reservoir,
  resistor,
  type Share,
  type SheetOptions,
  type SheetState,
  Solution,
  type Source as NetworkSource,
  sheet,
  solvePeriod,
  spinCurrentSource,
  spinsPerSecond,
  stability,
  type ThermalContactOptions,
  type ThermalMacrospin,
  thermalContact,
  tunnelBarrier,
  voltageSource,
} from "./circuit/index.ts";
export type { Session } from "./cli/session.ts";
export * from "./constants.ts";
export * from "./device/index.ts";
export * from "./experiments/index.ts";
export {
  type BoundTerm,
  type BoundTorque,
  type Course,
  course,
  type Mesh,
  type Method,
  type Supply,
} from "./field/index.ts";
export * from "./figures/index.ts";
export * from "./geometry/index.ts";
export {
  type FieldTerm,
  fieldTerm,
  type Place as CellPlace,
  type TermInputs,
  type TorqueTerm,
  torqueTerm,
  uniaxialAnisotropyField,
} from "./magnetism/continuum/index.ts";
export * from "./magnetism/index.ts";
export * from "./materials/index.ts";
export * from "./transport/index.ts";
export * from "./units.ts";
