/**
 * Spin-torque ferromagnetic resonance, from the stack to the number that is published.
 *
 * Pt(6 nm)/Py(4 nm) as in L. Liu, T. Moriyama, D. C. Ralph, R. A. Buhrman, PRL 106, 036601 (2011), who found J_s/J_c = 0.056 ± 0.005, and
 * β-W(5.2 nm)/CoFeB(5 nm) as in C.-F. Pai et al., APL 101, 122404 (2012), who found |θ| = 0.30 ± 0.02 (thicknesses of the latter from
 * memory).  Numbers of the materials are those of the library; for platinum θ, λ and the interface also come from three papers in
 * turn, together as each found or assumed them.  None is adjusted to the outcome: how far they lie apart is how far the field is from
 * agreeing on them.  θ = −0.3 of the library's tungsten is itself an efficiency, read as if the film were thick and the interface
 * transparent; put in as the angle of the metal it comes out smaller by tanh(d/2λ) times the transparency.
 *
 * The network has its torque, its Oersted field, its magnetoresistance, and the spin that the magnet pumps; the voltage is then read as
 * an experimenter would, by its symmetric and antisymmetric part.
 */
import {
  contactOf,
  type Device,
  device,
  GHz,
  type InterfaceParameters,
  layer,
  materials,
  type NormalMetal,
  nm,
  rectangle,
  type Session,
  type SpinTorqueResonance,
  spinTorqueFerromagneticResonance,
  um,
} from "spinstream";

const shape = rectangle(20 * um, 10 * um);
// 1 %, as of thin films; only the size of the voltage depends on it, not the shape of its line.
const Py = { ...materials.Py, anisotropicMagnetoresistance: 0.01 };
const CoFeB = { ...materials.CoFeB, anisotropicMagnetoresistance: 0.002 };

/** A contact that lets all spin pass which its mixing conductance does. */
const mixing = (conductance: number): InterfaceParameters => ({
  conductanceUp: conductance,
  conductanceDown: conductance,
  mixingConductance: conductance,
});

interface Specimen {
  readonly label: string;
  readonly stack: Device;
  readonly metal: string;
}

/** θ, λ and what was assumed or found of the interface with them. */
const platinum = (label: string, changes: Partial<NormalMetal>, parameters: InterfaceParameters): Specimen => ({
  label,
  metal: "Pt",
  stack: device({
    shape,
    layers: [layer({ ...materials.Pt, ...changes }, 6 * nm), contactOf(parameters), layer(Py, 4 * nm)],
  }),
});

/** Py|Pt of the library, and the ends of its band. */
const LIBRARY = [1e15, 5e14, 1.5e15] as const;
const library = (G: number): Specimen => platinum("library", {}, mixing(G));

const platinums: readonly Specimen[] = [
  library(LIBRARY[0]),
  // Magnetoresistance of YIG|Pt, which assumes 4e14 S/m².
  platinum("Althammer 2013", { spinHallAngle: 0.11, spinDiffusionLength: 1.5 * nm }, mixing(4e14)),
  platinum("Vlietstra 2013", { spinHallAngle: 0.08, spinDiffusionLength: 1.1 * nm }, mixing(7e14)),
  // Spin pumping from Co; the loss at its interface by CPP-MR, AR* = 0.74 fΩ m² and δ = 0.9 (Nguyen, Pratt, Bass 2014).
  platinum(
    "Rojas-Sánchez 2014",
    { spinHallAngle: 0.056, spinDiffusionLength: 3.4 * nm, conductivity: 1 / 17e-8 },
    { ...mixing(1.5e15), memoryLoss: 0.9, memoryLossResistance: 0.74e-15 },
  ),
];

const tungsten: Specimen = {
  label: "β-W of the library",
  metal: "betaW",
  stack: device({ shape, layers: [layer(materials.betaW, 5.2 * nm), layer(CoFeB, 5 * nm)] }),
};

const frequencies = [5, 6.5, 8, 10].map((f) => f * GHz);

const measure = ({ stack, metal }: Specimen, frequency: number): SpinTorqueResonance =>
  spinTorqueFerromagneticResonance(stack, {
    frequency,
    angle: Math.PI / 4,
    current: { density: 1e10, in: metal, along: "x" },
  });

export default async function spinTorqueResonance(session: Session): Promise<void> {
  await session.measurement("line-platinum", measure(platinums[0], 8 * GHz));
  await session.measurement("line-tungsten", measure(tungsten, 8 * GHz));

  session.log("J_s/J_c at 8 GHz: read from S/A | as the network has it");
  const series = [];
  const pairs: { read: number; network: number }[] = [];
  const specimens = [...platinums, tungsten];
  for (const [i, specimen] of specimens.entries()) {
    const found = [];
    for (const [k, frequency] of frequencies.entries()) {
      await session.progress("resonance", i * frequencies.length + k, specimens.length * frequencies.length);
      found.push(measure(specimen, frequency));
    }
    const { efficiency, torques } = found[frequencies.indexOf(8 * GHz)];
    pairs.push({ read: efficiency.value, network: torques.dampingLike });
    session.log(`  ${specimen.label.padEnd(20)} ${efficiency.value.toFixed(4)} | ${torques.dampingLike.toFixed(4)}`);
    series.push({
      label: specimen.label,
      x: frequencies,
      y: found.map((one) => one.efficiency.value),
      points: true,
    });
  }
  const [low, high] = LIBRARY.slice(1).map((G) => measure(library(G), 8 * GHz).efficiency.value);
  session.log(`  library, mixing conductance from 0.5 to 1.5e15 S/m²: ${low.toFixed(4)} to ${high.toFixed(4)}`);
  const x = { label: "frequency", unit: "Hz" };
  await session.figure("efficiency", {
    title: "What the shape of the line says of the torque",
    subtitle:
      "J_s/J_c as read from S/A, beside what was published; bars: mixing conductance of Py|Pt from 0.5 to 1.5e15 S/m²",
    panels: [
      {
        title: "Pt(6)/Py(4)",
        x,
        y: { label: "J_s/J_c", unit: "1", domain: [0, 0.08] },
        series: series
          .slice(0, platinums.length)
          .map((one, i) => (i === 0 ? { ...one, uncertainty: frequencies.map(() => (high - low) / 2) } : one)),
        bands: [{ axis: "y", from: 0.051, to: 0.061, label: "Liu 2011" }],
      },
      {
        title: "W(5.2)/CoFeB(5)",
        x,
        y: { label: "J_s/J_c", unit: "1", domain: [-0.4, 0] },
        series: series.slice(platinums.length),
        bands: [{ axis: "y", from: -0.32, to: -0.28, label: "Pai 2012" }],
      },
    ],
  });
  await session.table("efficiency", [
    { name: "frequency", unit: "Hz", doc: "frequency", values: frequencies },
    ...series.map(({ label, y }) => ({ name: label, unit: "1", doc: `J_s/J_c from S/A, ${label}`, values: y })),
  ]);
  await session.table("torque", [
    { name: "read", unit: "1", doc: "J_s/J_c from S/A at 8 GHz", values: pairs.map(({ read }) => read) },
    { name: "network", unit: "1", doc: "J_s/J_c of the network", values: pairs.map(({ network }) => network) },
  ]);
  await session.table("library-band", [
    { name: "mixing conductance", unit: "S/m²", doc: "mixing conductance of Py|Pt", values: LIBRARY.slice(1) },
    { name: "efficiency", unit: "1", doc: "J_s/J_c from S/A at 8 GHz", values: [low, high] },
  ]);
}
