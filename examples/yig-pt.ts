/**
 * One set of numbers for YIG|Pt, five experiments.
 *
 * Spin Hall magnetoresistance, spin pumping, the spin Seebeck effect and non-local magnon transport are measured by different people on
 * different days.  To the transport law they are one interface: the mixing conductance drains the spin Hall current, the same
 * conductance damps the magnet, its magnon and heat partners follow from it.  Here all five come from the library's YIG, Pt and YIG|Pt, and
 * nothing is adjusted between them.
 *
 * Platinum and Re G↑↓ = 4e14 S/m² are the set of M. Althammer et al., PRB 87, 224401 (2013); Im G↑↓ = Re G↑↓/16 of N. Vlietstra et al., APL
 * 103, 032401 (2013); magnons of L. J. Cornelissen et al., Nat. Phys. 11, 1022 (2015) and PRB 94, 014412 (2016); L_s of J. Xiao et al., PRB
 * 81, 214418 (2010).  Bands drawn beside: magnetoresistance up to 1.6e-3 near 3 nm (Althammer 2013, from memory), effective mixing
 * conductances of 1e18 to 1e19 m⁻² (from memory of the pumping literature), spin Seebeck coefficients of 0.1 to 1 µV/K (from memory of
 * the review by Uchida et al., Proc. IEEE 104, 1946 (2016)), λ_m = 9.4 ± 0.6 µm (Cornelissen 2015).
 */
import {
  device,
  GHz,
  interfaceBetween,
  layer,
  linewidthVersusThickness,
  materials,
  nm,
  nonLocalMagnons,
  rectangle,
  type Session,
  spinHallMagnetoresistance,
  spinHallMagnetoresistanceVersusThickness,
  spinSeebeck,
  um,
} from "spinstream";

const { GGG, Pt, YIG } = materials;
const quiet = { onWarning: () => {} };
const shape = rectangle(100 * um, 10 * um);

/** A film of garnet under platinum. */
const bilayer = (garnet: number, platinum: number, substrate = false) =>
  device({
    shape,
    layers: [
      ...(substrate ? [layer(GGG, 500 * um)] : []),
      layer(YIG, garnet, { name: "YIG", magnetization: "+y" }),
      layer(Pt, platinum, { name: "Pt" }),
    ],
  });

export default async function yigPt(session: Session): Promise<void> {
  // 1, 2: spin Hall magnetoresistance.
  const metals = [0.7, 1, 1.5, 2, 2.5, 3, 3.5, 4, 5, 6, 8, 10, 14, 20].map((d) => d * nm);
  const thickness = spinHallMagnetoresistanceVersusThickness((d) => bilayer(100 * nm, d), {
    ...quiet,
    thicknesses: metals,
  });
  await session.measurement("magnetoresistance-thickness", thickness);
  const planes = spinHallMagnetoresistance(bilayer(100 * nm, 3.5 * nm), quiet);
  await session.measurement("magnetoresistance-planes", planes);
  const peak = Math.max(...thickness.data.ratio.values);
  session.log(
    `SMR: ${peak.toExponential(2)} at ${(metals[thickness.data.ratio.values.indexOf(peak)] / nm).toFixed(1)} nm; ` +
      `zx over zy plane ${(planes.planes.zx.ratio / planes.planes.zy.ratio).toExponential(0)}.`,
  );

  // 3: spin pumping.
  const magnets = [10, 15, 20, 30, 50, 100].map((t) => t * nm);
  const pumping = linewidthVersusThickness((t) => bilayer(t, 5 * nm), {
    ...quiet,
    thicknesses: magnets,
    frequencies: [5, 8, 12].map((f) => f * GHz),
  });
  await session.measurement("damping-thickness", pumping);
  session.log(
    `Pumping: g_eff = ${pumping.mixing.value.toExponential(2)} m⁻², α of the garnet ${pumping.intrinsicDamping.value.toExponential(1)}.`,
  );

  // 4: the spin Seebeck effect.
  const heat = { below: 310, above: 300 };
  const garnets = [0.05, 0.1, 0.3, 1, 3, 10, 30, 60].map((t) => t * um);
  const seebeck = garnets.map((t) => {
    const { voltage, temperatureDifference } = spinSeebeck(bilayer(t, 5 * nm, true), { ...quiet, heat });
    return voltage / shape.width / (temperatureDifference / (500 * um + t));
  });
  await session.table("spin-seebeck", [
    { name: "thickness of YIG", unit: "m", values: garnets },
    { name: "E over temperature gradient", unit: "V/K", values: seebeck },
  ]);
  session.log(`Spin Seebeck: ${(seebeck[garnets.length - 1] * 1e6).toFixed(2)} µV/K at 60 µm.`);

  // 5: magnons from strip to strip.
  const contact = interfaceBetween("YIG", "Pt");
  if (!contact) throw new Error("the library knows the interface YIG|Pt");
  const distances = [0.5, 1, 2, 4, 7, 11, 16, 22, 30, 40].map((d) => d * um);
  const magnons = nonLocalMagnons(
    {
      film: YIG,
      filmThickness: 200 * nm,
      strip: Pt,
      stripThickness: 13 * nm,
      stripWidth: 300 * nm,
      stripLength: 100 * um,
      contact,
      // Into 0.5 mm of GGG, as from a strip whose heat spreads: κ over about a tenth of the thickness.
      substrateConductance: 1.6e5,
    },
    { ...quiet, distances, current: 1e-4, model: "absorbing" },
  );
  await session.measurement("non-local", magnons);
  const read = magnons.decay?.parameters.length;
  session.log(
    `Non-local magnons: λ_m read as ${((read?.value ?? 0) / um).toFixed(2)} µm, put in 9.4 µm; measured 9.4 ± 0.6 µm.`,
  );

  const angles = planes.data.angle.values;
  const low = Math.min(...planes.data.xy.values);
  const change = (values: ArrayLike<number>): number[] => Array.from(values, (value) => (value - low) / low);
  await session.figure("yig-pt", {
    title: "One interface, five experiments: YIG|Pt",
    subtitle: "one set of numbers from the literature, none adjusted; shaded: what is measured",
    panels: [
      {
        title: "Spin Hall magnetoresistance",
        x: { label: "thickness of Pt", unit: "m" },
        y: { label: "ΔR/R", unit: "1" },
        bands: [{ from: 1e-3, to: 1.6e-3, axis: "y", label: "Althammer 2013, near 3 nm" }],
        series: [{ label: "", x: metals, y: thickness.data.ratio.values }],
      },
      {
        title: "and its three planes, Pt 3.5 nm",
        x: { label: "angle from the first axis", unit: "rad" },
        y: { label: "ΔR/R", unit: "1" },
        series: [
          { label: "x to y", x: angles, y: change(planes.data.xy.values) },
          { label: "z to y", x: angles, y: change(planes.data.zy.values), dashed: true },
          { label: "z to x", x: angles, y: change(planes.data.zx.values) },
        ],
      },
      {
        title: `Spin pumping: g_eff = ${(pumping.mixing.value * 1e-18).toFixed(1)} nm⁻²`,
        subtitle: "measured: 1 to 10 nm⁻²",
        x: { label: "inverse thickness of YIG", unit: "1/m" },
        y: { label: "damping", unit: "1" },
        series: [
          { label: "network", x: magnets.map((t) => 1 / t), y: pumping.data.damping.values, points: true },
          {
            label: "line",
            like: "network",
            x: [0, ...magnets.toReversed().map((t) => 1 / t)],
            y: [0, ...magnets.toReversed().map((t) => 1 / t)].map((x) => pumping.fit.at(x)),
          },
        ],
      },
      {
        title: "Spin Seebeck effect",
        x: { label: "thickness of YIG", unit: "m", scale: "log" },
        y: { label: "E/∇T", unit: "V/K", scale: "log" },
        bands: [{ from: 1e-7, to: 1e-6, axis: "y", label: "measured on thick garnets" }],
        series: [{ label: "", x: garnets, y: seebeck }],
      },
      {
        title: "Magnons from strip to strip",
        subtitle: "measured: λ = 9.4 ± 0.6 µm",
        x: { label: "distance", unit: "m" },
        y: { label: "|R| at ω", unit: "Ω", scale: "log" },
        series: [
          { label: "network", x: distances, y: Array.from(magnons.data.first.values, Math.abs), points: true },
          {
            label: `λ = ${((read?.value ?? 0) / um).toFixed(1)} µm`,
            like: "network",
            x: distances,
            y: distances.map((d) => Math.abs(magnons.decay?.at(d) ?? Number.NaN)),
          },
        ],
      },
      {
        title: "and the heat that goes with them",
        x: { label: "distance", unit: "m" },
        y: { label: "|V| at 2ω per I²", unit: "V/A²", scale: "log" },
        series: [{ label: "network", x: distances, y: Array.from(magnons.data.second.values, Math.abs), points: true }],
      },
    ],
  });
}
