/**
 * Materials at 300 K with the papers behind every number.  The numbers of one material are meant to be used together:
 * λ, θ and σ of a film move with one another, so replace them as a set.
 */
import { E_CHARGE } from "../constants.ts";
import { nm } from "../units.ts";
import { magnonSeebeckCoefficient } from "./magnonInterface.ts";
import type { Ferromagnet, Insulator, MagneticInsulator, NormalMetal } from "./material.ts";

/** [Ω m] */
const microOhmCentimetre = 1e-8;

/** Conductivity [S/m] of a resistivity in µΩ cm. */
const resistivity = (value: number): number => 1 / (value * microOhmCentimetre);

/**
 * Einstein relation D = σ/(e² N) [m²/s] with the density of states of a free-electron gas, N = 3n/(2E_F).
 * n [1/m³], fermiEnergy [eV].
 */
const einstein = (conductivity: number, n: number, fermiEnergy: number): number =>
  (2 * conductivity * fermiEnergy) / (3 * E_CHARGE * n);

const ASHCROFT =
  "Einstein relation; n and E_F from N. W. Ashcroft, N. D. Mermin, Solid State Physics (1976), table 2.1";
const COEY = "J. M. D. Coey, Magnetism and Magnetic Materials (Cambridge, 2010), doi:10.1017/CBO9780511845000";
const GHOSH =
  "A. Ghosh, S. Auffret, U. Ebels, W. E. Bailey, PRL 109, 127202 (2012), doi:10.1103/PhysRevLett.109.127202";
const PETITJEAN = "C. Petitjean, D. Luc, X. Waintal, PRL 109, 117204 (2012), doi:10.1103/PhysRevLett.109.117204";
const BORIS = "material database of BORIS (S. Lepadatu, J. Appl. Phys. 128, 243902 (2020))";
const HO = "C. Y. Ho et al., J. Phys. Chem. Ref. Data 12, 183 (1983), doi:10.1063/1.555684";
const BASS_PRATT = "J. Bass, W. P. Pratt, J. Phys.: Condens. Matter 19, 183201 (2007), arXiv:cond-mat/0610085";
const SCHOEN = "M. A. W. Schoen et al., PRB 95, 134411 (2017)";

const DENSITY_OF_STATES =
  "Free electrons; the density of states of the real bands is a few tens of per cent larger for d metals, D smaller.";
const POWER_LAW =
  "Measured as a linear decay that ends at 1.2 ± 0.1 nm, here used as the length of an exponential; precession included.";

/** β-tantalum, sputtered, a few nm thick. */
export const betaTa: NormalMetal = {
  kind: "normal metal",
  name: "betaTa",
  conductivity: resistivity(190),
  spinDiffusionLength: 2.5 * nm,
  spinHallAngle: -0.12,
  sources: {
    conductivity: {
      from: "L. Liu et al., Science 336, 555 (2012), doi:10.1126/science.1218197",
      band: [resistivity(200), resistivity(180)],
      note: "190 µΩ cm, from memory of the paper. Others: 183 (P. Sheng et al., Sci. Adv. 3, e1701503 (2017)), 200 (PRB 94, 054416 (2016)).",
    },
    spinDiffusionLength: {
      from: "G. Allen et al., PRB 91, 144412 (2015), arXiv:1411.0601",
      band: [0.5 * nm, 2.7 * nm],
      note: "About 2.5 nm from the thickness series of Ta|CoFeB. Most other values 1.2–2.7 nm; 0.5 nm in P. Sheng et al., Sci. Adv. 3, e1701503 (2017). 8 nm was fitted for Ta|Py (arXiv:1311.6098), outside the band.",
    },
    spinHallAngle: {
      from: "L. Liu et al., Science 336, 555 (2012), doi:10.1126/science.1218197",
      band: [-0.18, -0.07],
      note: "−0.12 from switching and tilting, −0.15 ± 0.03 from ST-FMR; −0.09 and −0.11 in arXiv:1411.0601; −0.07 by pumping from YIG (from memory). Liu assumes a transparent interface: it is a torque efficiency, a lower bound of the bulk angle.",
    },
  },
};

/** Sputtered platinum, about 50 µΩ cm: the set of SMR in YIG|Pt. */
export const Pt: NormalMetal = {
  kind: "normal metal",
  name: "Pt",
  conductivity: resistivity(50),
  spinDiffusionLength: 1.5 * nm,
  spinHallAngle: 0.11,
  sources: {
    conductivity: {
      from: "definition: 50 µΩ cm, a sputtered film of a few nm",
      band: [resistivity(60), resistivity(10.6)],
      note: "10.6 µΩ cm in bulk, films 15–60. Chosen so that ρλ = 0.75 fΩ m² agrees with 0.77 ± 0.08 fΩ m² of M.-H. Nguyen, D. C. Ralph, R. A. Buhrman, PRL 116, 126601 (2016), arXiv:1512.06931. For another ρ keep ρλ (Elliott–Yafet) and θ/ρ (intrinsic).",
    },
    spinDiffusionLength: {
      from: "M. Althammer et al., PRB 87, 224401 (2013)",
      band: [0.8 * nm, 3.8 * nm],
      note: "1.5 ± 0.5 nm. Others: 1.1 ± 0.3 (N. Vlietstra et al., arXiv:1305.3117), 1.4 ± 0.3 (L. Liu et al., arXiv:1111.3702), 3.4 ± 0.4 with memory loss (J.-C. Rojas-Sánchez et al., PRL 112, 106602 (2014)), below 0.8 in Pt of 150–300 µΩ cm (Qin 2016). Far better known: ρλ = 0.77 ± 0.08 fΩ m² and θλ = 0.142 ± 0.040 nm.",
    },
    spinHallAngle: {
      from: "M. Althammer et al., PRB 87, 224401 (2013)",
      band: [0.0037, 0.23],
      note: "0.11 ± 0.08; θλ = 0.165 nm and θσ = 2.2e5 S/m lie inside the bands of the literature. Others: 0.056 ± 0.005 (L. Liu et al., PRL 106, 036601 (2011)), 0.08 (Vlietstra, assumed), torque efficiency up to 0.12 (Nguyen), 0.05 on Py and 0.11 on Co, 0.19 ± 0.04 after transparency (W. Zhang et al., Nat. Phys. 11, 496 (2015)), 0.051 ± 0.004 (Rojas-Sánchez). Values near 0.0037 overlooked the shunting by Cu (Liu, arXiv:1111.3702). 0.73 is Pt doped with MgO (Zhu 2019), outside the band.",
    },
  },
};

/** β-tungsten, sputtered, below about 6 nm. */
export const betaW: NormalMetal = {
  kind: "normal metal",
  name: "betaW",
  conductivity: resistivity(200),
  spinDiffusionLength: 2.4 * nm,
  spinHallAngle: -0.3,
  sources: {
    conductivity: {
      from: "Q. Hao, W. Chen, G. Xiao, APL 106, 182403 (2015), doi:10.1063/1.4919867",
      band: [resistivity(300), resistivity(100)],
      note: "About 200 µΩ cm, from memory of the paper. 170–260 in C.-F. Pai et al., APL 101, 122404 (2012), growing with the share of the β phase; 130 in P. Sheng et al., Sci. Adv. 3, e1701503 (2017).",
    },
    spinDiffusionLength: {
      from: "W. Zhang et al., J. Appl. Phys. 117, 172610 (2015), doi:10.1063/1.4913887",
      band: [1 * nm, 3.5 * nm],
      note: "As listed in the material database of BORIS; journal page from memory. 3.5 nm in Q. Hao, G. Xiao, Phys. Rev. Applied 3, 034009 (2015) (from memory).",
    },
    spinHallAngle: {
      from: "C.-F. Pai et al., APL 101, 122404 (2012), doi:10.1063/1.4753947",
      band: [-0.39, -0.14],
      note: "|θ| = 0.30 ± 0.02 by ST-FMR, 0.33 ± 0.06 by switching: torque efficiencies. −0.36 in W|CoFeB (arXiv:1810.00641); −0.14 by pumping from YIG (from memory). α-W: about −0.03.",
    },
  },
};

const conductivityCu = 3.5e7;
/** Evaporated copper wire of a lateral spin valve. */
export const Cu: NormalMetal = {
  kind: "normal metal",
  name: "Cu",
  conductivity: conductivityCu,
  spinDiffusionLength: 350 * nm,
  spinHallAngle: 0.003,
  diffusivity: einstein(conductivityCu, 8.47e28, 7.0),
  sources: {
    conductivity: {
      from: "F. J. Jedema, A. T. Filip, B. J. van Wees, Nature 410, 345 (2001)",
      band: [resistivity(3), resistivity(1.7)],
      note: "From memory of the paper; 1.7 µΩ cm in bulk.",
    },
    spinDiffusionLength: {
      from: "F. J. Jedema, A. T. Filip, B. J. van Wees, Nature 410, 345 (2001)",
      band: [350 * nm, 500 * nm],
      note: "From memory of the paper; about 1 µm at 4 K. Thinner wires lose spin at the surface (arXiv:0908.3508).",
    },
    spinHallAngle: {
      from: "H. L. Wang et al., PRL 112, 197201 (2014), arXiv:1307.2648",
      note: "From memory of the paper.",
    },
    diffusivity: { from: ASHCROFT, note: DENSITY_OF_STATES },
  },
};

const conductivityAl = 1.1e7;
/** Evaporated aluminium strip of a lateral spin valve, about 50 nm thick. */
export const Al: NormalMetal = {
  kind: "normal metal",
  name: "Al",
  conductivity: conductivityAl,
  spinDiffusionLength: 500 * nm,
  spinHallAngle: 2e-4,
  diffusivity: einstein(conductivityAl, 18.1e28, 11.7),
  sources: {
    conductivity: {
      from: "F. J. Jedema et al., Nature 416, 713 (2002)",
      band: [1.05e7, resistivity(2.7)],
      note: "At 293 K, from memory of the paper; 1.7e7 at 4.2 K. 2.7 µΩ cm in bulk.",
    },
    spinDiffusionLength: {
      from: "F. J. Jedema et al., APL 81, 5162 (2002), doi:10.1063/1.1532753",
      band: [350 * nm, 500 * nm],
      note: "At room temperature; 350 nm in Nature 416, 713 (2002), 650 nm at 4.2 K (from memory). Grows with film thickness: 455 and 705 nm at 4.2 K for 12 and 25 nm (Valenzuela, Tinkham).",
    },
    spinHallAngle: {
      from: "S. O. Valenzuela, M. Tinkham, Nature 442, 176 (2006)",
      band: [1e-4, 3e-4],
      note: "At 4.2 K, from memory of the paper.",
    },
    diffusivity: { from: ASHCROFT, band: [2.7e-3, 3e-3], note: "2.7e-3 m²/s in Nature 416, 713 (2002) (from memory)." },
  },
};

const conductivityAu = 2e7;
/** Sputtered gold film. */
export const Au: NormalMetal = {
  kind: "normal metal",
  name: "Au",
  conductivity: conductivityAu,
  spinDiffusionLength: 35 * nm,
  spinHallAngle: 0.003,
  diffusivity: einstein(conductivityAu, 5.9e28, 5.53),
  sources: {
    conductivity: {
      from: "V. Vlaminck et al., PRB 88, 064414 (2013)",
      band: [2e7, resistivity(2.2)],
      note: "As listed in the material database of BORIS. 2.2 µΩ cm in bulk.",
    },
    spinDiffusionLength: {
      from: "V. Vlaminck et al., PRB 88, 064414 (2013)",
      band: [30 * nm, 60 * nm],
      note: "As listed in the material database of BORIS. 63 ± 15 nm at 10 K (Y. Ji et al., APL 85, 6218 (2004)).",
    },
    spinHallAngle: {
      from: "V. Vlaminck et al., PRB 88, 064414 (2013)",
      band: [0.002, 0.113],
      note: "As listed in the material database of BORIS. 0.113 (T. Seki et al., Nat. Mater. 7, 125 (2008)) was not reproduced.",
    },
    diffusivity: { from: ASHCROFT, note: DENSITY_OF_STATES },
  },
};

const conductivityAg = resistivity(3);
/** Evaporated silver wire of a lateral spin valve. */
export const Ag: NormalMetal = {
  kind: "normal metal",
  name: "Ag",
  conductivity: conductivityAg,
  spinDiffusionLength: 300 * nm,
  spinHallAngle: 0.007,
  diffusivity: einstein(conductivityAg, 5.86e28, 5.49),
  sources: {
    conductivity: {
      from: "Y. Fukuma et al., Nat. Mater. 10, 527 (2011), arXiv:1103.0852",
      band: [resistivity(3), resistivity(1.6)],
      note: "3 µΩ cm at room temperature, from memory of the paper.",
    },
    spinDiffusionLength: {
      from: "Y. Fukuma et al., Nat. Mater. 10, 527 (2011), arXiv:1103.0852",
      band: [300 * nm, 1000 * nm],
      note: "Room temperature, from memory of the paper and of the review H. Idzuchi, Y. Fukuma, Y. Otani, Physica E 68, 239 (2015). Depends on growth: 449 ± 30 nm polycrystalline, 823 ± 59 nm epitaxial (M. Isasa et al., J. Phys. D 48, 215003 (2015)).",
    },
    spinHallAngle: {
      from: "H. L. Wang et al., PRL 112, 197201 (2014), arXiv:1307.2648",
      note: "From memory of the paper.",
    },
    diffusivity: { from: ASHCROFT, note: DENSITY_OF_STATES },
  },
};

/** Cobalt, hcp, c axis along anisotropyAxis (z unless set). */
export const Co: Ferromagnet = {
  kind: "ferromagnet",
  name: "Co",
  conductivity: 1.7e7,
  polarization: 0.46,
  spinDiffusionLength: 42 * nm,
  dephasingLength: 1.2 * nm,
  saturationMagnetization: 1.44e6,
  exchangeStiffness: 31e-12,
  damping: 0.005,
  uniaxialAnisotropy: 4.1e5,
  uniaxialAnisotropy2: 1.4e5,
  sources: {
    conductivity: {
      from: COEY,
      band: [4e6, 1.7e7],
      note: "Bulk. Films of a few nm reach 5e6 S/m and below; then shorten spinDiffusionLength in proportion.",
    },
    polarization: {
      from: BASS_PRATT,
      band: [0.36, 0.54],
      note: "Bulk asymmetry β of CPP-MR at 4.2 K, from memory of the review; 0.42 from Andreev reflection (R. J. Soulen et al., Science 282, 85 (1998)).",
    },
    spinDiffusionLength: {
      from: "L. Piraux, S. Dubois, A. Fert, L. Belliard, Eur. Phys. J. B 4, 413 (1998), doi:10.1007/s100510050398",
      band: [7.7 * nm, 60 * nm],
      note: "Nanowires; 38–60 nm by CPP-MR. Resistive films: 7.7 nm at room temperature (G. Zahnd et al., arXiv:1810.13182, number from memory).",
    },
    dephasingLength: {
      from: GHOSH,
      band: [1.1 * nm, 4.2 * nm],
      note: `${POWER_LAW} 1.7 nm in T. Taniguchi et al., arXiv:0806.3315; 4.2 nm without precession in PRL 109, 117204 (2012).`,
    },
    saturationMagnetization: { from: COEY },
    exchangeStiffness: { from: COEY, band: [13e-12, 31e-12], note: "hcp; fcc films 13–18 pJ/m." },
    damping: {
      from: "doi:10.1016/0038-1098(94)00906-6",
      band: [0.003, 0.011],
      note: `As listed in the ${BORIS}; band from memory, lower end ${SCHOEN}. Thin films next to Pt: 0.1–0.3 with pumping.`,
    },
    uniaxialAnisotropy: { from: COEY, note: "Single crystal or full texture. Set to 0 for a polycrystalline film." },
    uniaxialAnisotropy2: { from: COEY, note: "Single crystal or full texture. Set to 0 for a polycrystalline film." },
  },
};

/** Iron, bcc, cubic axes along x, y, z. */
export const Fe: Ferromagnet = {
  kind: "ferromagnet",
  name: "Fe",
  conductivity: 1e7,
  polarization: 0.45,
  spinDiffusionLength: 8.5 * nm,
  dephasingLength: 4.4 * nm,
  precessionLength: 2.2 * nm,
  saturationMagnetization: 1.71e6,
  exchangeStiffness: 21e-12,
  damping: 0.002,
  cubicAnisotropy: 4.8e4,
  sources: {
    conductivity: { from: HO, note: `As listed in the ${BORIS}.` },
    polarization: {
      from: "R. J. Soulen et al., Science 282, 85 (1998), doi:10.1126/science.282.5386.85",
      note: "From Andreev reflection at a point contact: it stands in for the bulk asymmetry β, on which no agreed value is known to us.",
    },
    spinDiffusionLength: {
      from: BASS_PRATT,
      band: [8.5 * nm, 9.5 * nm],
      note: "8.5 ± 1.5 nm at 4.2 K, from memory of the review; 9.5 nm in the database of BORIS.",
    },
    dephasingLength: { from: PETITJEAN, note: `As listed in the ${BORIS}; use it with precessionLength.` },
    precessionLength: { from: BORIS, note: "Listed there without a paper; use it with dephasingLength." },
    saturationMagnetization: { from: COEY },
    exchangeStiffness: { from: COEY },
    damping: { from: SCHOEN, band: [0.001, 0.005], note: "From memory; middle of the band." },
    cubicAnisotropy: { from: COEY },
  },
};

/** Nickel, fcc, cubic axes along x, y, z. */
export const Ni: Ferromagnet = {
  kind: "ferromagnet",
  name: "Ni",
  conductivity: 1.4e7,
  polarization: 0.14,
  spinDiffusionLength: 21 * nm,
  dephasingLength: 5.7 * nm,
  precessionLength: 2.3 * nm,
  saturationMagnetization: 4.9e5,
  exchangeStiffness: 8e-12,
  damping: 0.05,
  cubicAnisotropy: -5e3,
  sources: {
    conductivity: { from: HO, note: `As listed in the ${BORIS}.` },
    polarization: {
      from: "C. E. Moreau, I. C. Moraru, N. O. Birge, W. P. Pratt, APL 90, 012101 (2007), doi:10.1063/1.2424437",
      band: [0.12, 0.46],
      note: "Bulk asymmetry β of CPP-MR at 4.2 K, number from memory of the paper; 0.44 is Andreev reflection (Science 282, 85 (1998)), another quantity.",
    },
    spinDiffusionLength: {
      from: "C. E. Moreau, I. C. Moraru, N. O. Birge, W. P. Pratt, APL 90, 012101 (2007), doi:10.1063/1.2424437",
      band: [19 * nm, 23 * nm],
      note: "21 ± 2 nm at 4.2 K; shorter at room temperature, where Ni is about twice as resistive.",
    },
    dephasingLength: { from: PETITJEAN, note: `As listed in the ${BORIS}; use it with precessionLength.` },
    precessionLength: { from: BORIS, note: "Listed there without a paper; use it with dephasingLength." },
    saturationMagnetization: { from: COEY },
    exchangeStiffness: { from: COEY },
    damping: {
      from: "doi:10.1088/0022-3727/41/16/164016",
      band: [0.02, 0.064],
      note: `As listed in the ${BORIS}; band from memory.`,
    },
    cubicAnisotropy: { from: COEY },
  },
};

/** Permalloy, Ni80Fe20, sputtered or evaporated film. */
export const Py: Ferromagnet = {
  kind: "ferromagnet",
  name: "Py",
  conductivity: 5e6,
  polarization: 0.73,
  spinDiffusionLength: 4.5 * nm,
  dephasingLength: 1.2 * nm,
  saturationMagnetization: 8e5,
  exchangeStiffness: 13e-12,
  damping: 0.007,
  seebeckCoefficient: -18e-6,
  spinDependentSeebeckCoefficient: -3.8e-6,
  sources: {
    seebeckCoefficient: {
      from: "F. K. Dejene, J. Flipse, B. J. van Wees, PRB 86, 024436 (2012)",
      band: [-20e-6, -16e-6],
      note: "From memory of the paper; band from memory.",
    },
    spinDependentSeebeckCoefficient: {
      from: "A. Slachter, F. L. Bakker, J.-P. Adam, B. J. van Wees, Nat. Phys. 6, 879 (2010)",
      band: [-4.5e-6, -0.5e-6],
      note: "−4.5 µV/K in Dejene 2012, −0.5 to −1.6 µV/K in A. Hojem et al., PRL 117, 024426 (2016).",
    },
    conductivity: {
      from: "definition: 20 µΩ cm, a film at room temperature",
      band: [3e6, 6.7e6],
      note: "Chosen with spinDiffusionLength: λ = 0.91 ± 0.04 fΩ m² σ.",
    },
    polarization: {
      from: BASS_PRATT,
      band: [0.4, 0.76],
      note: "Bulk asymmetry β of CPP-MR at 4.2 K, from memory of the review; 0.65 ± 0.1 in Cu|Py multilayers (1998). Less at room temperature; 0.4 from spin-wave Doppler shift and lateral valves.",
    },
    spinDiffusionLength: {
      from: "E. Sagasta et al., PRB 100, 014405 (2019), arXiv:1904.01921",
      band: [3.5 * nm, 6.5 * nm],
      note: "λρ = 0.91 ± 0.04 fΩ m², journal page from memory; 5.5 ± 1 nm by CPP-MR at 4.2 K (S. D. Steenwyk et al., J. Magn. Magn. Mater. 170, L1 (1997)).",
    },
    dephasingLength: {
      from: GHOSH,
      band: [1.1 * nm, 3.7 * nm],
      note: `${POWER_LAW} 1.9 nm without precession in PRL 109, 117204 (2012); 3.7 nm in T. Taniguchi et al., APEX 1, 031302 (2008) (from memory).`,
    },
    saturationMagnetization: { from: "definition: µMAG standard problem 4" },
    exchangeStiffness: { from: "definition: µMAG standard problem 4" },
    damping: {
      from: SCHOEN,
      band: [0.006, 0.01],
      note: "From memory. The µMAG problems set 0.02 to shorten the runs.",
    },
  },
};

/** Annealed CoFeB of about 1–1.5 nm between Ta and MgO. */
export const CoFeB: Ferromagnet = {
  kind: "ferromagnet",
  name: "CoFeB",
  conductivity: resistivity(160),
  polarization: 0.6,
  spinDiffusionLength: 5 * nm,
  dephasingLength: 1.2 * nm,
  saturationMagnetization: 1.26e6,
  exchangeStiffness: 20e-12,
  damping: 0.005,
  interfacialAnisotropy: 1.3e-3,
  sources: {
    conductivity: {
      from: "P. Sheng et al., Sci. Adv. 3, e1701503 (2017)",
      band: [5e5, 1e6],
      note: "160 µΩ cm in Ta|CoFeB|MgO.",
    },
    polarization: {
      from: "definition: middle of the published bulk asymmetries",
      band: [0.5, 0.7],
      note: "From memory; no single paper was read. The tunnelling polarisation through MgO belongs to the barrier.",
    },
    spinDiffusionLength: {
      from: "definition: lower half of the published range",
      band: [4 * nm, 10 * nm],
      note: "From memory; no single paper was read. Short, as the film is resistive.",
    },
    dephasingLength: {
      from: GHOSH,
      band: [1.1 * nm, 12 * nm],
      note: `${POWER_LAW} 12 nm in T. Taniguchi et al., APEX 1, 031302 (2008) (from memory) stands alone.`,
    },
    saturationMagnetization: {
      from: "S. Ikeda et al., Nat. Mater. 9, 721 (2010)",
      band: [1e6, 1.3e6],
      note: "From memory of the paper, with which Ki was deduced; 1.1e6 in L. Liu et al., Science 336, 555 (2012). A dead layer at Ta lowers the mean.",
    },
    exchangeStiffness: {
      from: "T. Devolder et al., PRB 93, 024420 (2016), arXiv:1602.07421",
      band: [10e-12, 20e-12],
      note: "20 pJ/m in layers of 1 nm; 16 ± 2 pJ/m in Co40Fe40B20 of 5–40 nm (arXiv:2211.02497).",
    },
    damping: {
      from: "S. Ikeda et al., Nat. Mater. 9, 721 (2010)",
      band: [0.004, 0.02],
      note: "The bulk value, from memory. 1 nm films show 0.01–0.03 with what Ta and MgO add (0.021 in Science 336, 555 (2012)): raise it by hand unless pumping is computed.",
    },
    interfacialAnisotropy: {
      from: "S. Ikeda et al., Nat. Mater. 9, 721 (2010)",
      band: [0.5e-3, 1.8e-3],
      note: "From memory of the paper, deduced there with Ms = 1.26e6 A/m (0.3 T of anisotropy field at 1.1 nm); band from memory. Only 0.55 mJ/m² follows from the effective magnetization 7.6 kOe of 1.6 nm in Science 336, 555 (2012). It decides with Ms how far Ki/t exceeds µ0 Ms²/2: fit it to the measured anisotropy field of the film at hand.",
    },
  },
};

/** Yttrium iron garnet, Y3Fe5O12, film on GGG. */
export const YIG: MagneticInsulator = {
  kind: "magnetic insulator",
  name: "YIG",
  saturationMagnetization: 1.4e5,
  exchangeStiffness: 3.65e-12,
  damping: 1e-4,
  thermalConductivity: 7.4,
  magnonConductivity: 5e5,
  magnonDiffusionLength: 9.4e-6,
  magnonSeebeckCoefficient: magnonSeebeckCoefficient(),
  sources: {
    saturationMagnetization: {
      from: "C. Dubs et al., J. Phys. D 50, 204005 (2017), arXiv:1608.08043",
      note: "(1800 ± 20) G for 4πMs, within 3 % of 1.4e5 A/m; journal page from memory.",
    },
    exchangeStiffness: {
      from: "S. Klingler et al., J. Phys. D 48, 015001 (2015), arXiv:1408.5772",
      band: [3.27e-12, 4.03e-12],
    },
    damping: {
      from: "C. Dubs et al., J. Phys. D 50, 204005 (2017), arXiv:1608.08043",
      band: [5e-5, 1e-3],
      note: "Close to 1e-4 for 100 nm grown from the liquid phase; sputtered and pulsed-laser films are lossier.",
    },
    thermalConductivity: {
      from: "G. A. Slack, D. W. Oliver, PRB 4, 592 (1971)",
      band: [6, 9],
      note: "Bulk crystal, from memory of the paper; band from memory.",
    },
    magnonConductivity: {
      from: "L. J. Cornelissen et al., PRB 94, 014412 (2016), arXiv:1604.03706",
      note: "Fitted to non-local signals of 200 nm films.",
    },
    magnonDiffusionLength: {
      from: "L. J. Cornelissen et al., Nat. Phys. 11, 1022 (2015)",
      band: [1e-7, 15e-6],
      note: "9.4 ± 0.6 µm, non-local at low field. About 15 µm in J. Shan et al., PRB 94, 174437 (2016); under 1 µm near a heater (An 2021) and 0.1–1 µm as saturation length of longitudinal spin Seebeck voltages (Kehlberger 2015, from memory), which measure other lengths.",
    },
    magnonSeebeckCoefficient: {
      from: "definition: quadratic magnons without a gap and with one relaxation time",
      note: "See magnonSeebeckCoefficient().",
    },
  },
};

/** Gadolinium gallium garnet, the substrate of YIG. */
export const GGG: Insulator = {
  kind: "insulator",
  name: "GGG",
  thermalConductivity: 7.9,
  sources: {
    thermalConductivity: {
      from: "G. A. Slack, D. W. Oliver, PRB 4, 592 (1971)",
      band: [7, 9],
      note: "Bulk crystal at 300 K, from memory of the paper; band from memory.",
    },
  },
};

export const MgO: Insulator = { kind: "insulator", name: "MgO" };

export const AlOx: Insulator = { kind: "insulator", name: "AlOx" };

/** A whole film of bismuth selenide with its surface states, seen as if it were a spin Hall metal. */
export const Bi2Se3: NormalMetal = {
  kind: "normal metal",
  name: "Bi2Se3",
  conductivity: resistivity(1750),
  spinDiffusionLength: 1 * nm,
  spinHallAngle: 2,
  sources: {
    conductivity: {
      from: "A. R. Mellnik et al., Nature 511, 449 (2014), doi:10.1038/nature13534",
      note: "8 nm film, bulk conduction included; from memory of the paper.",
    },
    spinDiffusionLength: {
      from: "definition: depth of the surface state",
      band: [1 * nm, 6.2 * nm],
      note: "Below any film thickness, so that spinHallAngle is the torque efficiency. 6.2 nm by pumping from Py (P. Deorani et al., PRB 90, 094403 (2014)).",
    },
    spinHallAngle: {
      from: "A. R. Mellnik et al., Nature 511, 449 (2014), doi:10.1038/nature13534",
      band: [0.0093, 3.5],
      note: "Effective: it stands for the whole film with its surface states. 2.0–3.5 in Mellnik (from memory, sign as Pt), 1–1.75 in Y. Wang et al., Nat. Commun. 8, 1364 (2017), 0.0093 read as bulk ISHE in Deorani 2014. Current shunted by the bulk makes the number ill-defined; the proper description is an Edelstein effect at the surface.",
    },
  },
};
