/**
 * The square-root plot of Co|Cu multilayers with the current through the layers.
 *
 * Numbers at 4.2 K of the Michigan State group, as in J. Bass, W. P. Pratt, J. Magn. Magn. Mater. 200, 274 (1999), from memory: β = 0.46,
 * ρ*_Co = 75 nΩ m, ρ_Cu = 6 nΩ m, γ = 0.77, 2 AR* = 1.02 fΩ m², λ_Co = 60 nm, λ_Cu = 500 nm.  Nothing is adjusted.
 *
 * If two independent currents flow, A√((R_AP − R_P) R_AP) is a straight line in the number N of bilayers, of slope β ρ*_Co t_Co + 2γ AR*
 * = 0.99 fΩ m² for 6 nm of cobalt.  Relaxation bends it.
 */
import {
  contactOf,
  cppSquareRoot,
  device,
  type Ferromagnet,
  layer,
  materials,
  nm,
  rectangle,
  type Session,
  spinValve,
} from "spinstream";

const beta = 0.46;
const cobalt = (length: number): Ferromagnet => ({
  ...materials.Co,
  name: "Co 4.2 K",
  // ρ = ρ*(1 − β²).
  conductivity: 1 / (75e-9 * (1 - beta ** 2)),
  polarization: beta,
  spinDiffusionLength: length,
});
const copper = { ...materials.Cu, name: "Cu 4.2 K", conductivity: 1 / 6e-9, spinDiffusionLength: 500 * nm };
const [resistance, gamma] = [0.51e-15, 0.77];
const contact = contactOf({
  conductanceUp: 1 / (2 * resistance * (1 - gamma)),
  conductanceDown: 1 / (2 * resistance * (1 + gamma)),
  mixingConductance: 2.5e15,
});
const shape = rectangle(1e-3, 1e-3);
const quiet = { onWarning: () => {} };

const multilayer = (repeats: number, length: number, spacer = 6 * nm) =>
  device({
    shape,
    layers: Array.from({ length: repeats }, (_, i) => [
      layer(cobalt(length), 6 * nm, { name: `Co ${i}`, magnetization: "+x" }),
      ...(i < repeats - 1 ? [contact, layer(copper, spacer, { name: `Cu ${i}` }), contact] : []),
    ]).flat(),
  });

export default async function cppGmrSquareRoot(session: Session): Promise<void> {
  const repeats = [4, 8, 12, 16, 20, 30, 40, 60];
  const plot = cppSquareRoot((N) => multilayer(N, 60 * nm), { ...quiet, repeats });
  await session.measurement("square-root", plot);
  const ideal = cppSquareRoot((N) => multilayer(N, Number.POSITIVE_INFINITY), { ...quiet, repeats });
  const short = cppSquareRoot((N) => multilayer(N, 2 * nm), { ...quiet, repeats });
  const expected = beta * 75e-9 * 6 * nm + 2 * gamma * resistance;
  const slope = plot.line.parameters.slope;
  session.log(
    `slope ${(slope.value * 1e15).toFixed(3)} fΩ m² with λ_Co = 60 nm; ` +
      `${(ideal.line.parameters.slope.value * 1e15).toFixed(3)} without relaxation; two currents: ${(expected * 1e15).toFixed(3)}.`,
  );
  const spacers = [2, 4, 8, 16, 32, 64, 128, 256, 512, 1024].map((d) => d * nm);
  const ratios = spacers.map((d) => spinValve(multilayer(2, 60 * nm, d), quiet).ratio);
  await session.table("spin-valve", [
    { name: "spacer", unit: "m", values: spacers },
    { name: "magnetoresistance", unit: "1", values: ratios },
  ]);
  await session.figure("cpp-gmr-square-root", {
    title: "Two currents make a straight line",
    subtitle: "Co 6 nm | Cu 6 nm at 4.2 K, numbers of Bass and Pratt (1999), none adjusted",
    panels: [
      {
        title: "Square-root plot",
        x: { label: "bilayers", unit: "1" },
        y: { label: "A√((R_AP − R_P) R_AP)", unit: "Ω m²" },
        series: [
          { label: "λ_Co = 60 nm", x: repeats, y: plot.data.squareRoot.values, points: true },
          { label: "two currents", x: repeats, y: repeats.map((N) => ideal.line.at(N)), dashed: true },
          { label: "λ_Co = 2 nm", x: repeats, y: short.data.squareRoot.values, points: true },
        ],
      },
      {
        title: "A spin valve forgets over the λ of copper",
        x: { label: "copper between two magnets", unit: "m", scale: "log" },
        y: { label: "(R_AP − R_P)/R_P", unit: "1" },
        series: [{ label: "network", x: spacers, y: ratios }],
      },
    ],
  });
}
