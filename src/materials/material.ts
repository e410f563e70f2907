import type { Vector3 } from "../algebra/vector.ts";
import { checkKeys, checkVector, InputError } from "../checks.ts";
import { BARRIER_PARAMETERS, checkParameters, INTERFACE_PARAMETERS, MATERIAL_PARAMETERS } from "./parameters.ts";

/** Where a number comes from, and how far the literature agrees on it. */
export interface Source {
  /** Paper, or "definition" for a model choice. */
  readonly from: string;
  /** Lowest and highest value found in the literature, when it disagrees. */
  readonly band?: readonly [number, number];
  /** What a user must know before leaning on the number. */
  readonly note?: string;
}

interface Described {
  readonly name: string;
  readonly sources?: Readonly<Record<string, Source>>;
}

/** A metal without magnetization.  Units: {@link MATERIAL_PARAMETERS}. */
export interface NormalMetal extends Described {
  readonly kind: "normal metal";
  readonly conductivity: number;
  readonly spinDiffusionLength: number;
  readonly spinHallAngle?: number;
  readonly diffusivity?: number;
  readonly thermalConductivity?: number;
  readonly seebeckCoefficient?: number;
  readonly spinNernstAngle?: number;
}

/** What makes a material magnetic.  `anisotropyAxis` defaults to z, `damping` must be given. */
export interface MagneticParameters {
  readonly saturationMagnetization: number;
  readonly damping: number;
  readonly exchangeStiffness?: number;
  readonly uniaxialAnisotropy?: number;
  readonly uniaxialAnisotropy2?: number;
  readonly anisotropyAxis?: Vector3;
  readonly cubicAnisotropy?: number;
  readonly cubicAnisotropy2?: number;
  readonly interfacialAnisotropy?: number;
  readonly interfacialDMI?: number;
  readonly bulkDMI?: number;
  readonly anisotropicDMI?: number;
  readonly magnetoelasticB1?: number;
  readonly magnetoelasticB2?: number;
}

/** A metal with magnetization. */
export interface Ferromagnet extends Described, MagneticParameters {
  readonly kind: "ferromagnet";
  readonly conductivity: number;
  readonly polarization: number;
  readonly spinDiffusionLength: number;
  /** At least one of dephasingLength and precessionLength: how transverse spin is absorbed in the bulk. */
  readonly dephasingLength?: number;
  readonly precessionLength?: number;
  readonly spinHallAngle?: number;
  readonly anomalousHallAngle?: number;
  readonly anisotropicMagnetoresistance?: number;
  readonly thermalConductivity?: number;
  readonly seebeckCoefficient?: number;
  readonly spinDependentSeebeckCoefficient?: number;
  readonly spinNernstAngle?: number;
  readonly anomalousNernstCoefficient?: number;
}

/** An insulator with magnetization: spin enters it through its surface, and travels in it as magnons. */
export interface MagneticInsulator extends Described, MagneticParameters {
  readonly kind: "magnetic insulator";
  readonly thermalConductivity?: number;
  readonly magnonConductivity?: number;
  readonly magnonDiffusionLength?: number;
  readonly magnonSeebeckCoefficient?: number;
  readonly magnonThermalConductivity?: number;
  readonly magnonPhononLength?: number;
}

/** Carries no charge, unless a layer of it is thin and given as a tunnel barrier; heat passes. */
export interface Insulator extends Described {
  readonly kind: "insulator";
  readonly thermalConductivity?: number;
}

export type Material = NormalMetal | Ferromagnet | MagneticInsulator | Insulator;
export type Conductor = NormalMetal | Ferromagnet;
export type Magnetic = Ferromagnet | MagneticInsulator;

/** The contact between a magnet and a normal metal.  Units: {@link INTERFACE_PARAMETERS}. */
export interface InterfaceParameters {
  readonly conductanceUp: number;
  readonly conductanceDown: number;
  readonly mixingConductance: number;
  readonly mixingConductanceImaginary?: number;
  readonly memoryLoss?: number;
  readonly memoryLossResistance?: number;
  readonly magnonConductance?: number;
  readonly spinSeebeckConductance?: number;
  readonly magnonHeatConductance?: number;
  readonly kapitzaConductance?: number;
}

/** A tunnel barrier between two conductors.  Units: {@link BARRIER_PARAMETERS}. */
export interface BarrierParameters {
  readonly resistanceArea: number;
  readonly polarizationBelow: number;
  readonly polarizationAbove: number;
  readonly halfBias?: number;
  readonly fieldLike?: number;
  readonly fieldLikeQuadratic?: number;
}

export const MAGNETIC_KEYS = [
  "saturationMagnetization",
  "damping",
  "exchangeStiffness",
  "uniaxialAnisotropy",
  "uniaxialAnisotropy2",
  "anisotropyAxis",
  "cubicAnisotropy",
  "cubicAnisotropy2",
  "interfacialAnisotropy",
  "interfacialDMI",
  "bulkDMI",
  "anisotropicDMI",
  "magnetoelasticB1",
  "magnetoelasticB2",
] as const;

const KEYS: Record<Material["kind"], { required: readonly string[]; optional: readonly string[] }> = {
  "normal metal": {
    required: ["conductivity", "spinDiffusionLength"],
    optional: ["spinHallAngle", "diffusivity", "thermalConductivity", "seebeckCoefficient", "spinNernstAngle"],
  },
  ferromagnet: {
    required: ["conductivity", "polarization", "spinDiffusionLength", "saturationMagnetization", "damping"],
    optional: [
      ...MAGNETIC_KEYS,
      "dephasingLength",
      "precessionLength",
      "spinHallAngle",
      "anomalousHallAngle",
      "anisotropicMagnetoresistance",
      "thermalConductivity",
      "seebeckCoefficient",
      "spinDependentSeebeckCoefficient",
      "spinNernstAngle",
      "anomalousNernstCoefficient",
    ],
  },
  "magnetic insulator": {
    required: ["saturationMagnetization", "damping"],
    optional: [
      ...MAGNETIC_KEYS,
      "thermalConductivity",
      "magnonConductivity",
      "magnonDiffusionLength",
      "magnonSeebeckCoefficient",
      "magnonThermalConductivity",
      "magnonPhononLength",
    ],
  },
  insulator: { required: [], optional: ["thermalConductivity"] },
};

export const isMagnetic = (m: Material): m is Magnetic => m.kind === "ferromagnet" || m.kind === "magnetic insulator";
export const isConductor = (m: Material): m is Conductor => m.kind === "ferromagnet" || m.kind === "normal metal";

/** Throws an InputError when a material lacks a number it needs, has one it cannot use, or one outside its range. */
export function checkMaterial(material: Material): void {
  if (typeof material !== "object" || material === null || !(material.kind in KEYS)) {
    throw new InputError("material", material, `an object with kind ${Object.keys(KEYS).join(", ")}`);
  }
  const { required, optional } = KEYS[material.kind];
  const values = material as unknown as Record<string, unknown>;
  for (const key of required) {
    if (values[key] === undefined) {
      throw new InputError(`${material.name}: ${key}`, undefined, `a number; every ${material.kind} needs it`);
    }
  }
  checkKeys(material.name, material, ["kind", "name", "sources", ...required, ...optional]);
  checkParameters(material.name, material, MATERIAL_PARAMETERS);
  if (isMagnetic(material) && material.anisotropyAxis) {
    checkVector(`${material.name}: anisotropyAxis`, material.anisotropyAxis);
  }
  if (material.kind === "ferromagnet" && !(absorbs(material.dephasingLength) || absorbs(material.precessionLength))) {
    throw new InputError(
      `${material.name}: dephasingLength, precessionLength`,
      [material.dephasingLength, material.precessionLength],
      "at least one finite: transverse spin must be absorbed somewhere",
    );
  }
}

const absorbs = (length: number | undefined): boolean => length !== undefined && Number.isFinite(length);

export type Warn = (message: string) => void;

/** Throws for numbers out of range; warns where they break the bound Re G↑↓ ≥ (G↑ + G↓)/2 of scattering theory. */
export function checkInterface(name: string, parameters: InterfaceParameters, warn: Warn): void {
  checkKeys(name, parameters, Object.keys(INTERFACE_PARAMETERS));
  checkParameters(name, parameters, INTERFACE_PARAMETERS);
  for (const key of ["conductanceUp", "conductanceDown", "mixingConductance"] as const) {
    if (parameters[key] === undefined)
      throw new InputError(`${name}: ${key}`, undefined, "a number; every interface needs it");
  }
  const { conductanceUp, conductanceDown, mixingConductance, memoryLoss, memoryLossResistance } = parameters;
  if (memoryLoss && memoryLossResistance === undefined) {
    throw new InputError(`${name}: memoryLossResistance`, undefined, "a positive number, as memoryLoss is given");
  }
  const bound = (conductanceUp + conductanceDown) / 2;
  if (mixingConductance < bound) {
    warn(
      `${name}: Re G↑↓ = ${mixingConductance} S/m² is below its physical bound (G↑ + G↓)/2 = ${bound} S/m² ` +
        "(Brataas, Nazarov, Bauer, Phys. Rep. 427, 157 (2006)), which only conductances corrected for Sharvin's can pass",
    );
  }
}

export function checkBarrier(name: string, parameters: BarrierParameters): void {
  checkKeys(name, parameters, Object.keys(BARRIER_PARAMETERS));
  checkParameters(name, parameters, BARRIER_PARAMETERS);
  for (const key of ["resistanceArea", "polarizationBelow", "polarizationAbove"] as const) {
    if (parameters[key] === undefined)
      throw new InputError(`${name}: ${key}`, undefined, "a number; every barrier needs it");
  }
}
