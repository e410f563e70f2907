import { checkKeys } from "../checks.ts";
import type { Device } from "../device/index.ts";
import {
  type SpinTorqueResonance,
  type SpinTorqueResonanceOptions,
  TORQUE_KEYS,
  TorqueResonance,
} from "./torqueResonance.ts";

/**
 * Spin-torque ferromagnetic resonance: a microwave current turns the magnet by its torques and by its own field, and meets the resistance
 * that follows; the mean of current times resistance is read as a dc voltage between the same contacts.  Whatever else the network
 * rectifies, such as pumped spin, is in the voltage too.
 * @throws InputError for a device without a free magnet, or without a normal metal beside it
 * @throws FitError when the fields hold no line, as in a device whose resistance does not depend on the magnet
 */
export function spinTorqueFerromagneticResonance(
  description: Device,
  options: SpinTorqueResonanceOptions,
): SpinTorqueResonance {
  const name = "spinTorqueFerromagneticResonance";
  checkKeys(name, options, [...TORQUE_KEYS, "bias"]);
  return new TorqueResonance(name, description, options).sweep(options.bias ?? 0, options.fields);
}
