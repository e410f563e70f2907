/**
 * The inverse spin Hall effect in aluminium, after S. O. Valenzuela, M. Tinkham, Nature 442, 176 (2006).
 *
 * CoFe tunnel contacts on a thin aluminium film, a field that tilts the electrode out of the plane, a voltage across the wire.  Numbers
 * from memory of the paper: λ = 455 nm and P = 0.28 for the film of 12 nm, σ_SH = 3.4e3 S/m, σ = 1.05e7 S/m.
 */
import { inverseSpinHallCross, lateralDevice, materials, nm, type Session, tunnelContact, um } from "spinstream";

const conductivity = 1.05e7;
const film = {
  ...materials.Al,
  name: "Al 12 nm",
  conductivity,
  spinDiffusionLength: 455 * nm,
  spinHallAngle: 3.4e3 / conductivity,
};
const thickness = 12 * nm;

const bar = (length: number) =>
  lateralDevice({
    wire: { material: film, width: 400 * nm, thickness },
    electrodes: [
      { name: "CoFe", material: materials.Co, position: 0, width: 100 * nm, contact: tunnelContact(1e-9, 0.28) },
    ],
    crosses: [{ name: "Hall", position: length, width: 60 * nm }],
  });

export default async function spinHallCross(session: Session): Promise<void> {
  const degrees = Array.from({ length: 37 }, (_, i) => -90 + 5 * i);
  const angles = degrees.map((d) => (d * Math.PI) / 180);
  const turned = inverseSpinHallCross(bar(0.86 * um), { angles });
  await session.measurement("angle", turned);
  const lengths = [0.86, 1, 1.2, 1.5, 2].map((L) => L * um);
  const up = lengths.map((L) =>
    Math.abs(inverseSpinHallCross(bar(L), { angles: [Math.PI / 2] }).data.resistance.values[0]),
  );
  session.log(`R_SH = ${(up[0] * 1e3).toFixed(2)} mΩ at 0.86 µm.`);
  await session.table("length", [
    { name: "length", unit: "m", values: lengths },
    { name: "R_SH", unit: "Ω", values: up },
  ]);
  await session.figure("spin-hall-cross", {
    title: "A pure spin current becomes a voltage across the wire",
    subtitle: "Al 12 nm, numbers of Valenzuela and Tinkham (2006), none adjusted",
    panels: [
      {
        title: "It follows the tilt of the electrode",
        x: { label: "angle out of the plane", unit: "rad" },
        y: { label: "R_SH", unit: "Ω" },
        series: [{ label: "network", x: angles, y: turned.data.resistance.values }],
      },
      {
        title: "and decays as the spin does",
        x: { label: "distance", unit: "m" },
        y: { label: "|R_SH|", unit: "Ω", scale: "log" },
        series: [
          { label: "network", x: lengths, y: up, points: true },
          {
            label: "exp(−L/λ)",
            like: "network",
            x: lengths,
            y: lengths.map((L) => up[0] * Math.exp(-(L - lengths[0]) / (455 * nm))),
          },
        ],
      },
    ],
  });
}
