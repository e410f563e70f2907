/**
 * Spin pumping from permalloy into platinum, by the damping it adds and by the voltage it makes, against the thickness of the platinum.
 *
 * Py(10 nm)/Pt as in E. Saitoh et al., APL 88, 182509 (2006) and O. Mosendz et al., PRL 104, 046601 (2010).  λ = 3.4 nm and θ = 0.056 of
 * platinum are those of J.-C. Rojas-Sánchez et al., PRL 112, 106602 (2014), with its resistivity of 17 µΩ cm (from memory); the loss of spin
 * at the interface, AR* = 0.74 fΩ m² and δ = 0.9, was found with Co by H. Y. T. Nguyen, W. P. Pratt, J. Bass, J. Magn. Magn. Mater. 361, 30
 * (2014); the mixing conductance 1e15 S/m² is that of the library for Py|Pt.  None is adjusted.
 *
 * One λ makes two lengths: spin that is lost at the interface damps the magnet whatever the platinum does, so the damping saturates at
 * once, while the voltage grows with the platinum.  That is how Rojas-Sánchez et al. explain why damping and voltage scale differently.
 */
import {
  contactOf,
  dampingVersusMetalThickness,
  device,
  E2_H,
  GHz,
  inverseSpinHallVersusThickness,
  inverseSpinHallVoltage,
  layer,
  linewidthVersusThickness,
  materials,
  nm,
  rectangle,
  type Session,
  spinPumping,
  um,
} from "spinstream";

const shape = rectangle(400 * um, 100 * um);
const Pt = { ...materials.Pt, spinHallAngle: 0.056, spinDiffusionLength: 3.4 * nm, conductivity: 1 / 17e-8 };
const { Py } = materials;
const contact = { conductanceUp: 1e15, conductanceDown: 1e15, mixingConductance: 1e15 };
const forgetful = { ...contact, memoryLoss: 0.9, memoryLossResistance: 0.74e-15 };

const stack = (parameters: typeof contact, platinum: number, permalloy = 10 * nm) =>
  device({ shape, layers: [layer(Py, permalloy), contactOf(parameters), layer(Pt, platinum)] });
const bare = device({ shape, layers: [layer(Py, 10 * nm)] });

const thicknesses = [0.75, 1, 1.5, 2.5, 4, 6, 10, 20].map((d) => d * nm);
const frequencies = [6, 9, 12].map((f) => f * GHz);
// Current in the plane along x; m along y, so that spins along y make a voltage along x.
const direction = [0, 1, 0] as const;
const frequency = 9.45 * GHz;

export default async function pumpingPermalloy(session: Session): Promise<void> {
  await session.measurement("voltage", inverseSpinHallVoltage(stack(forgetful, 10 * nm), { frequency, direction }));

  const both = [];
  for (const [i, [label, parameters]] of (
    [
      ["with loss", forgetful],
      ["without loss", contact],
    ] as const
  ).entries()) {
    await session.progress("thickness series", i, 2);
    const make = (d: number) => stack(parameters, d);
    both.push({
      label,
      damping: dampingVersusMetalThickness(make, { thicknesses, frequencies, reference: bare }),
      voltage: inverseSpinHallVersusThickness(make, { thicknesses, frequency, direction, cone: 0.01 }),
    });
  }
  const nanometres = (length: number | undefined): string =>
    length === undefined ? "none" : `${(length * 1e9).toFixed(2)} nm`;
  session.log("apparent length of the damping | of the inverse spin Hall current; λ = 3.4 nm is in both");
  for (const { label, damping, voltage } of both) {
    const lengths = [damping, voltage].map(({ saturation }) => nanometres(saturation?.parameters.length.value));
    session.log(`  ${label.padEnd(13)} ${lengths.join(" | ")}`);
    const name = label.replace(" ", "-");
    await session.measurement(`damping-${name}`, damping);
    await session.measurement(`current-${name}`, voltage);
  }
  const mixing = linewidthVersusThickness((t) => stack(forgetful, 10 * nm, t), {
    thicknesses: [5, 7, 10, 20].map((t) => t * nm),
    frequencies,
  });
  await session.measurement("mixing-conductance", mixing);
  const g = mixing.mixing.value;
  session.log(
    `effective mixing conductance of Py|Pt from the linewidth: ${g.toExponential(2)} /m², ${(E2_H * g).toExponential(2)} S/m²`,
  );

  // Of what the magnet loses less than 40 % reach the platinum (Berger et al., PRB 98, 024402 (2018)); by δ within its uncertainty here:
  session.log("share of the pumped spin that reaches 20 nm of platinum");
  const deltas = [0.7, 0.9, 1.4];
  const shares = deltas.map((memoryLoss) => {
    const { lost, spinCurrent } = spinPumping(stack({ ...forgetful, memoryLoss } as typeof forgetful, 20 * nm), {
      field: [0, 0.1, 0],
      cone: 0.01,
    });
    return spinCurrent.dc[1] / lost.dc[1];
  });
  session.log(deltas.map((delta, i) => `  δ = ${delta}: ${(100 * shares[i]).toFixed(0)} %`).join("\n"));
  await session.figure("two-lengths", {
    title: "One spin diffusion length, two apparent ones",
    subtitle: "Py(10)/Pt with and without loss of spin at the interface, λ = 3.4 nm",
    columns: 3,
    panels: [
      {
        title: "damping",
        x: { label: "thickness of Pt", unit: "m" },
        y: { label: "damping that Pt adds", unit: "1" },
        series: both.map(({ label, damping }) => ({
          label,
          x: thicknesses,
          y: damping.data.enhancement.values,
          points: true,
        })),
      },
      {
        title: "inverse spin Hall effect",
        x: { label: "thickness of Pt", unit: "m" },
        y: { label: "current V/R over that of the thickest", unit: "1" },
        series: both.map(({ label, voltage }) => {
          const { values } = voltage.data.current;
          return { label, x: thicknesses, y: values.map((I) => I / values[values.length - 1]), points: true };
        }),
      },
      {
        title: "what reaches 20 nm of Pt",
        x: { label: "spin-memory loss δ of the interface", unit: "1", domain: [0.5, 1.5] },
        y: { label: "share of the pumped spin", unit: "1", domain: [0, 1] },
        series: [{ label: "Py(10)/Pt(20)", x: deltas, y: shares, points: true }],
        bands: [{ axis: "y", from: 0, to: 0.4, label: "Berger 2018: less than 40 %" }],
      },
    ],
  });
  await session.table("share", [
    { name: "delta", unit: "1", doc: "spin-memory loss δ of the interface", values: deltas },
    { name: "share", unit: "1", doc: "share of the pumped spin that reaches platinum", values: shares },
  ]);
}
