/**
 * Contacts between magnets and metals at 300 K, per area.  Where no paper gives a number the entry says what stands in
 * for it.
 */
import { E2_H } from "../constants.ts";
import { betaW, YIG } from "./library.ts";
import { magnonConductance, spinSeebeckConductance } from "./magnonInterface.ts";
import type { InterfaceParameters, Source } from "./material.ts";

export interface KnownInterface {
  /** Names of the two materials, the magnet first. */
  readonly between: readonly [string, string];
  readonly parameters: InterfaceParameters;
  /** One entry for every number of `parameters`. */
  readonly sources: Readonly<Record<string, Source>>;
}

/** What current-perpendicular-to-plane magnetoresistance tells of an interface: value, lowest, highest. */
interface Measured {
  /** r_b* = AR* = (AR↑ + AR↓)/4 [Ω m²]. */
  readonly areaResistance: readonly [number, number, number];
  /** γ, with AR↑,↓ = 2 r_b* (1 ∓ γ)  (Valet, Fert, PRB 48, 7099 (1993)). */
  readonly asymmetry: readonly [number, number, number];
}

type Channels = Pick<InterfaceParameters, "conductanceUp" | "conductanceDown">;

const conductanceUp = (areaResistance: number, asymmetry: number): number => 1 / (2 * areaResistance * (1 - asymmetry));
const conductanceDown = (areaResistance: number, asymmetry: number): number =>
  conductanceUp(areaResistance, -asymmetry);

const channels = ({ areaResistance: [r], asymmetry: [gamma] }: Measured): Channels => ({
  conductanceUp: conductanceUp(r, gamma),
  conductanceDown: conductanceDown(r, gamma),
});

/** Sources of both channels, with the bands that follow from those of r_b* and γ. */
function channelSources({ areaResistance, asymmetry }: Measured, source: Source) {
  const [, rLow, rHigh] = areaResistance;
  const [, gammaLow, gammaHigh] = asymmetry;
  return {
    conductanceUp: { ...source, band: [conductanceUp(rHigh, gammaLow), conductanceUp(rLow, gammaHigh)] as const },
    conductanceDown: { ...source, band: [conductanceDown(rHigh, gammaHigh), conductanceDown(rLow, gammaLow)] as const },
  };
}

/**
 * Splits a measured interface into a contact and a slab in which spin is lost.  CPP-MR gives r_b*, γ and δ of the whole;
 * a slab of resistance r_b* put behind the contact would count that resistance twice.  Here each channel keeps
 * 2 r_b* (1 ∓ γ) in sum, and the slab keeps the loss conductance δ²/(2 r_b*).
 */
function withMemoryLoss({ areaResistance: [r], asymmetry: [gamma] }: Measured, delta: number) {
  const slab = slabShare(gamma) * r;
  return {
    conductanceUp: 1 / (1 / conductanceUp(r, gamma) - 2 * slab),
    conductanceDown: 1 / (1 / conductanceDown(r, gamma) - 2 * slab),
    memoryLoss: slabMemoryLoss(gamma, delta),
    memoryLossResistance: slab,
  };
}

/** A tenth of the better channel: small, so that it matters little on which side of the contact the slab lies. */
const slabShare = (gamma: number): number => 0.1 * (1 - gamma);
const slabMemoryLoss = (gamma: number, delta: number): number => delta * Math.sqrt(slabShare(gamma));

/** Scattering theory demands Re G↑↓ ≥ (G↑ + G↓)/2 (Brataas, Nazarov, Bauer, Phys. Rep. 427, 157 (2006)). */
const mixingBound = (c: Channels): number => (c.conductanceUp + c.conductanceDown) / 2;

/** Sharvin conductance per spin [S/m²] of free electrons with Fermi wave number k_F [1/m]. */
const sharvin = (kFermi: number): number => (E2_H * kFermi ** 2) / (4 * Math.PI);

/** Mixing conductance [S/m²] behind a transparency T = G/(G + σ/2λ) of a metal film much thicker than λ. */
const mixingOfTransparency = (T: number, conductivity: number, lambda: number): number =>
  ((T / (1 - T)) * conductivity) / (2 * lambda);

const ZHANG = "W. Zhang et al., Nat. Phys. 11, 496 (2015), doi:10.1038/nphys3304, arXiv:1504.07929";
const NO_CPP = "definition: taken as spin-independent, G↑ = G↓ = Re G↑↓";
const RAISED =
  "Raised to the bound (G↑ + G↓)/2 = 1/[2 r_b* (1 − γ²)]: the CPP resistances hold the Sharvin correction of diffuse leads and make the bound larger than the mixing conductances of scattering theory.";
const COLD_LOSS =
  "CPP-MR finds the loss at 4.2 K; first-principles scattering (R. Liu et al., PRB 106, 014401 (2022), page from memory) finds it negligible at 300 K.";
const BASS_PRATT = "J. Bass, W. P. Pratt, J. Phys.: Condens. Matter 19, 183201 (2007), arXiv:cond-mat/0610085";
const KELLY = "R. Liu et al., PRB 106, 014401 (2022)";

const cobaltCopper: Measured = { areaResistance: [0.51e-15, 0.49e-15, 0.54e-15], asymmetry: [0.77, 0.73, 0.81] };
const permalloyCopper: Measured = { areaResistance: [0.5e-15, 0.45e-15, 0.55e-15], asymmetry: [0.7, 0.6, 0.8] };
const permalloyAluminium: Measured = {
  areaResistance: [8.5e-15 / 2, 7.5e-15 / 2, 9.5e-15 / 2],
  asymmetry: [0.025, 0.015, 0.07],
};
const cobaltPlatinum: Measured = { areaResistance: [0.74e-15, 0.59e-15, 0.89e-15], asymmetry: [0.58, 0.46, 0.7] };

const cobaltPlatinumSource: Source = {
  from: "H. Y. T. Nguyen, W. P. Pratt, J. Bass, J. Magn. Magn. Mater. 361, 30 (2014), arXiv:1310.4364",
  note: "AR* = 0.74 ± 0.15 fΩ m², γ = 0.58 ± 0.12 at 4.2 K, as in the preprint; journal page from memory.",
};
const PLATINUM_BAND = [5e14, 1.5e15] as const;

const mixingYIG = 4e14;
/** Spin-wave stiffness of YIG as in Cornelissen et al., PRB 94, 014412 (2016), and ten moments in a cell of 1.2376 nm. */
const MAGNONS_YIG = { stiffness: 8.458e-40, temperature: 300 };
const SPIN_DENSITY_YIG = 10 / 1.2376e-9 ** 3;
const mixingTa = 5e14;
const mixingW = mixingOfTransparency(0.81, betaW.conductivity, betaW.spinDiffusionLength);
const mixingCoPt = 1.5e15;
/** Of Cu, to compare: first-principles and Sharvin values agree. */
const mixingCu = 5.5e14;
const sharvinAl = sharvin(1.75e10);
const sharvinAg = sharvin(1.2e10);

export const interfaces: readonly KnownInterface[] = [
  {
    between: ["YIG", "Pt"],
    parameters: {
      conductanceUp: 0,
      conductanceDown: 0,
      mixingConductance: mixingYIG,
      mixingConductanceImaginary: mixingYIG / 16,
      magnonConductance: magnonConductance(mixingYIG, SPIN_DENSITY_YIG, MAGNONS_YIG),
      spinSeebeckConductance: spinSeebeckConductance(mixingYIG, YIG.saturationMagnetization, MAGNONS_YIG),
      kapitzaConductance: 2.8e8,
    },
    sources: {
      conductanceUp: { from: "definition: YIG is an insulator" },
      conductanceDown: { from: "definition: YIG is an insulator" },
      mixingConductance: {
        from: "M. Althammer et al., PRB 87, 224401 (2013)",
        band: [4e14, 1e15],
        note: "Assumed there together with λ and θ of this Pt. (7 ± 3)e14 with λ = 1.1 nm, θ = 0.08 in N. Vlietstra et al., APL 103, 032401 (2013), arXiv:1305.3117. Only G θ² λ² is well determined.",
      },
      mixingConductanceImaginary: {
        from: "N. Vlietstra et al., APL 103, 032401 (2013), arXiv:1305.3117",
        band: [2e13, 8e13],
        note: "From the ratio G_r/G_i = 16 ± 4; (5 ± 3)e13 with their G_r.",
      },
      magnonConductance: {
        from: "L. J. Cornelissen et al., PRB 94, 014412 (2016), arXiv:1604.03706",
        note: "From Re G↑↓ by magnonConductance(): 0.0575 of it at 300 K, with D = 8.46e-40 J m² and ten moments in a³ = (1.2376 nm)³.",
      },
      spinSeebeckConductance: {
        from: "J. Xiao et al., PRB 81, 214418 (2010)",
        note: "From Re G↑↓ by spinSeebeckConductance(), with the same D.",
      },
      kapitzaConductance: {
        from: "M. Schreier et al., PRB 88, 094410 (2013)",
        band: [1.5e8, 3e8],
        note: "Phonons, by the diffuse mismatch model; from memory of the paper, band from memory.",
      },
    },
  },
  {
    between: ["Co", "Pt"],
    parameters: { ...withMemoryLoss(cobaltPlatinum, 0.9), mixingConductance: mixingCoPt },
    sources: {
      ...channelSources(cobaltPlatinum, cobaltPlatinumSource),
      mixingConductance: {
        from: ZHANG,
        band: PLATINUM_BAND,
        note: "As listed in the material database of BORIS; 5.9e14 is used by Nguyen et al., PRL 116, 126601 (2016) (from memory).",
      },
      memoryLoss: {
        ...cobaltPlatinumSource,
        band: [slabMemoryLoss(cobaltPlatinum.asymmetry[0], 0.7), slabMemoryLoss(cobaltPlatinum.asymmetry[0], 1.4)],
        note: "δ = 0.9 (+0.5, −0.2) of the whole interface at 4.2 K, scaled to the thin slab so that the loss stays the same. Zero memoryLoss is what analyses without it assume: then θ of Pt is smaller or the torque larger.",
      },
      memoryLossResistance: {
        ...cobaltPlatinumSource,
        note: "The part of AR* given to the slab; the contact carries the rest.",
      },
    },
  },
  {
    between: ["Py", "Pt"],
    parameters: {
      ...channels(cobaltPlatinum),
      mixingConductance: Math.max(1e15, mixingBound(channels(cobaltPlatinum))),
    },
    sources: {
      ...channelSources(cobaltPlatinum, { ...cobaltPlatinumSource, note: "Co|Pt stands in for Py|Pt." }),
      mixingConductance: {
        from: ZHANG,
        band: PLATINUM_BAND,
        note: `1e15, from memory. ${RAISED} Less than 40 % of the pumped spin enters the Pt in A. J. Berger et al., arXiv:1711.07654: add memoryLoss to model it.`,
      },
    },
  },
  {
    between: ["CoFeB", "Pt"],
    parameters: {
      ...channels(cobaltPlatinum),
      mixingConductance: Math.max(1e15, mixingBound(channels(cobaltPlatinum))),
    },
    sources: {
      ...channelSources(cobaltPlatinum, { ...cobaltPlatinumSource, note: "Co|Pt stands in for CoFeB|Pt." }),
      mixingConductance: {
        from: "definition: as Py|Pt",
        band: PLATINUM_BAND,
        note: `${RAISED} Damping of thin CoFeB overestimates it: two-magnon scattering (L. Zhu, D. C. Ralph, R. A. Buhrman, arXiv:1905.01577).`,
      },
    },
  },
  {
    between: ["CoFeB", "betaTa"],
    parameters: { conductanceUp: mixingTa, conductanceDown: mixingTa, mixingConductance: mixingTa },
    sources: {
      conductanceUp: { from: NO_CPP, note: "No CPP-MR of this interface is known to us." },
      conductanceDown: { from: NO_CPP, note: "No CPP-MR of this interface is known to us." },
      mixingConductance: {
        from: "definition: nearly transparent, T = 0.83",
        band: [1e14, 1e15],
        note: "The θ of betaTa is a torque efficiency that assumes T = 1, so a low G would count the interface twice. T = 0.50 ± 0.03, or 1.05e14 with this Ta, in S. N. Panda et al., Sci. Adv. 5, eaav7200 (2019), which finds no memory loss.",
      },
    },
  },
  {
    between: ["CoFeB", "betaW"],
    parameters: { conductanceUp: mixingW, conductanceDown: mixingW, mixingConductance: mixingW },
    sources: {
      conductanceUp: { from: NO_CPP, note: "No CPP-MR of this interface is known to us." },
      conductanceDown: { from: NO_CPP, note: "No CPP-MR of this interface is known to us." },
      mixingConductance: {
        from: "S. N. Panda et al., arXiv:2009.14143",
        band: [
          mixingOfTransparency(0.78, betaW.conductivity, betaW.spinDiffusionLength),
          mixingOfTransparency(0.84, betaW.conductivity, betaW.spinDiffusionLength),
        ],
        note: "From the transparency 0.81 ± 0.03, with σ and λ of this betaW.",
      },
    },
  },
  {
    between: ["Co", "Cu"],
    parameters: {
      ...channels(cobaltCopper),
      mixingConductance: Math.max(mixingCu, mixingBound(channels(cobaltCopper))),
      memoryLoss: 0,
    },
    sources: {
      ...channelSources(cobaltCopper, {
        from: "J. Bass, W. P. Pratt, J. Magn. Magn. Mater. 200, 274 (1999)",
        note: "AR* = 0.51 fΩ m², γ = 0.77 at 4.2 K, from memory of the review, as are the bands.",
      }),
      mixingConductance: {
        from: "K. Xia et al., PRB 65, 220401(R) (2002), arXiv:cond-mat/0107589",
        band: [mixingCu, mixingBound(channels(cobaltCopper))],
        note: `5.5e14, from memory of the paper; about 1.1e15 with the Sharvin correction of Cu. ${RAISED}`,
      },
      memoryLoss: {
        from: KELLY,
        band: [0, 0.36],
        note: `${COLD_LOSS} δ = 0.33 (+0.03, −0.08) for the whole interface (B. Dassonneville et al., APL 96, 022509 (2010)).`,
      },
    },
  },
  {
    between: ["Py", "Cu"],
    parameters: {
      ...channels(permalloyCopper),
      mixingConductance: Math.max(mixingCu, mixingBound(channels(permalloyCopper))),
      memoryLoss: 0,
    },
    sources: {
      ...channelSources(permalloyCopper, {
        from: "Quoted in J. Appl. Phys. 99, 08G502 (2006)",
        note: "2AR* = 1.0 ± 0.1 fΩ m², γ = 0.7 ± 0.1 at 4.2 K.",
      }),
      mixingConductance: {
        from: "definition: as Co|Cu",
        band: [mixingCu, mixingBound(channels(permalloyCopper))],
        note: RAISED,
      },
      memoryLoss: {
        from: KELLY,
        band: [0, 0.25],
        note: `${COLD_LOSS} δ = 0.25 for the whole interface (${BASS_PRATT}, from memory).`,
      },
    },
  },
  {
    between: ["Py", "Al"],
    parameters: { ...channels(permalloyAluminium), mixingConductance: sharvinAl },
    sources: {
      ...channelSources(permalloyAluminium, {
        from: "J. Appl. Phys. 99, 08G502 (2006)",
        note: "2AR* = 8.5 ± 1 fΩ m², γ = 0.025 (+0.045, −0.01) at 4.2 K: resistive and hardly spin-selective, unlike Py|Cu.",
      }),
      mixingConductance: {
        from: "definition: Sharvin conductance of Al",
        band: [mixingBound(channels(permalloyAluminium)), sharvinAl],
        note: "No published number is known to us. Reflection phases of the two spins average out at best; an intermixed interface lies lower.",
      },
    },
  },
  {
    between: ["Py", "Ag"],
    parameters: {
      ...channels(permalloyCopper),
      mixingConductance: Math.max(sharvinAg, mixingBound(channels(permalloyCopper))),
    },
    sources: {
      ...channelSources(permalloyCopper, {
        from: "Quoted in J. Appl. Phys. 99, 08G502 (2006)",
        note: "Py|Cu stands in for Py|Ag, both clean noble-metal contacts.",
      }),
      mixingConductance: {
        from: "definition: Sharvin conductance of Ag, raised to the bound",
        band: [sharvinAg, mixingBound(channels(permalloyCopper))],
        note: RAISED,
      },
    },
  },
];

/** The contact between two materials of the library, in either order; undefined when none is known. */
export function interfaceBetween(a: string, b: string): InterfaceParameters | undefined {
  return interfaces.find(({ between: [x, y] }) => (x === a && y === b) || (x === b && y === a))?.parameters;
}
