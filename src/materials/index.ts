import { InputError } from "../checks.ts";
import * as library from "./library.ts";
import type { Material } from "./material.ts";

export { interfaceBetween, interfaces, type KnownInterface } from "./interfaces.ts";
export * as materials from "./library.ts";
export * from "./material.ts";
export * from "./parameters.ts";

const byName = new Map<string, Material>(Object.values(library).map((material) => [material.name, material]));

/** The library's material of that name.  Throws an InputError that lists the known names. */
export function materialNamed(name: string): Material {
  const material = byName.get(name);
  if (!material) throw new InputError("material name", name, [...byName.keys()].join(", "));
  return material;
}
export {
  magneticCoherenceVolume,
  magnonConductance,
  magnonSeebeckCoefficient,
  magnonWavelength,
  spinSeebeckConductance,
  type ThermalMagnons,
} from "./magnonInterface.ts";
