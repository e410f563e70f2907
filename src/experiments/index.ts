export {
  type CriticalCurrentOptions,
  type CurrentSweepOptions,
  criticalCurrent,
  currentSweep,
  Quasistatic,
  type QuasistaticOptions,
  type RestingState,
} from "./quasistatic.ts";
