export { MacrospinDynamics, type MacrospinModel, type MagnetAccounts } from "./dynamics.ts";
export type { Element, Medium, Port } from "./element.ts";
export {
  type EnsembleOptions,
  type EnsembleTorque,
  MacrospinEnsemble,
  type Share,
  type ThermalMacrospin,
} from "./ensemble.ts";
export {
  equilibriumNear,
  NoEquilibriumError,
  normalizeAll,
  relaxToEquilibrium,
  stability,
  tilt,
} from "./equilibrium.ts";
export { type Film, type FilmOptions, film, type ProfilePoint, type SideContacts } from "./film.ts";
export { DormandPrince, Heun, RungeKutta4, stepFactor } from "./integrator.ts";
export { type ContactOptions, contact, resistor, type TunnelBarrierOptions, tunnelBarrier } from "./junction.ts";
export { type EnergyLedger, type Ledger, type LedgerRow, type PowerRow, spinsPerSecond } from "./ledger.ts";
export {
  type MagnonContactOptions,
  type MagnonFilm,
  type MagnonFilmOptions,
  type MagnonPoint,
  magnonContact,
  magnonFilm,
  type ThermalContactOptions,
  thermalContact,
} from "./magnons.ts";
export { Network } from "./network.ts";
export { CompiledNetwork, type NetworkState } from "./nodalAnalysis.ts";
export { solvePeriod } from "./periodic.ts";
export {
  type Harmonic,
  type HarmonicDrive,
  harmonicOf,
  type Instant,
  LinearResponse,
  Orbit,
  PHASES,
  phasesOf,
  setDrives,
} from "./resonance.ts";
export { type Sheet, type SheetOptions, type SheetState, sheet } from "./sheet.ts";
export { Solution } from "./solution.ts";
export {
  currentSource,
  ground,
  heatBath,
  heatSource,
  magnonReservoir,
  reservoir,
  type Source,
  spinCurrentSource,
  voltageSource,
} from "./sources.ts";
export { type MappedDrive, type StackMap, stackMap, type Triple } from "./stackMap.ts";
export { NetworkError } from "./wiring.ts";
