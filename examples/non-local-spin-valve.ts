/**
 * Pure spin currents in lateral spin valves.
 *
 * Aluminium and cobalt with alumina between, after F. J. Jedema et al., Nature 416, 713 (2002): 250 nm wide, 50 nm thick, P = 0.11
 * (numbers from memory of the paper), λ and σ of the library's aluminium.  Copper and permalloy in ohmic contact, after Jedema et al.,
 * Nature 410, 345 (2001).  And the contact-resistance scan of Y. Fukuma et al., Nat. Mater. 10, 527 (2011): permalloy on silver through
 * MgO.  They find a maximum, a hundred times the signal of their ohmic contact.  At one polarisation, as here, the signal rises with the
 * resistance of the contact and then stays: the fall beyond the maximum is that of the polarisation of thicker MgO, which no
 * transport theory of the wire gives.  And with the bulk asymmetry 0.73 of the library's permalloy the ohmic contact is better than
 * theirs, and the gain smaller.  Nothing is adjusted.
 */
import {
  fitHanle,
  hanleCurve,
  lateralDevice,
  materials,
  mT,
  nm,
  nonLocalSignal,
  nonLocalSignalVersusLength,
  type Session,
  tunnelContact,
  um,
} from "spinstream";

const { Al, Ag, Co, Cu, Py } = materials;

const aluminium = (length: number) =>
  lateralDevice({
    wire: { material: Al, width: 250 * nm, thickness: 50 * nm },
    electrodes: [
      // Of 600 Ω, from memory; the exact value drops out of a tunnel contact.
      {
        name: "injector",
        material: Co,
        position: 0,
        width: 400 * nm,
        contact: tunnelContact(600 * 0.1 * um * um, 0.11),
      },
      {
        name: "detector",
        material: Co,
        position: length,
        width: 100 * nm,
        contact: tunnelContact(600 * 0.025 * um * um, 0.11),
      },
    ],
  });

const copper = (length: number) =>
  lateralDevice({
    wire: { material: Cu, width: 100 * nm, thickness: 50 * nm },
    electrodes: [
      { name: "injector", material: Py, position: 0, width: 100 * nm, contact: "transparent" },
      { name: "detector", material: Py, position: length, width: 100 * nm, contact: "transparent" },
    ],
  });

const silver = (resistanceArea: number) =>
  lateralDevice({
    wire: { material: Ag, width: 120 * nm, thickness: 100 * nm },
    electrodes: [0, 300 * nm].map((position, i) => ({
      name: i === 0 ? "injector" : "detector",
      material: Py,
      position,
      width: 140 * nm,
      // P = 0.44 of MgO on permalloy, from memory of the paper.
      contact: tunnelContact(resistanceArea, 0.44),
    })),
  });

export default async function nonLocalSpinValve(session: Session): Promise<void> {
  const lengths = [0.55, 0.8, 1.1, 1.5, 2].map((L) => L * um);
  const decay = nonLocalSignalVersusLength(aluminium, { lengths });
  await session.measurement("aluminium-length", decay);
  const fields = Array.from({ length: 121 }, (_, i) => (-300 + 5 * i) * mT);
  const hanle = hanleCurve(aluminium(1.1 * um), { fields });
  await session.measurement("aluminium-hanle", hanle);
  const { spinDiffusionLength } = fitHanle(hanle);
  session.log(
    `λ of aluminium: put in ${Al.spinDiffusionLength / nm} nm; from the length ${Math.round((decay.decay?.parameters.length.value ?? 0) / nm)} nm, ` +
      `from the Hanle curve ${Math.round(spinDiffusionLength.value / nm)} ± ${(spinDiffusionLength.uncertainty / nm).toFixed(1)} nm.`,
  );

  const ohmic = nonLocalSignalVersusLength(copper, { lengths: [200, 300, 500, 700, 1000, 1500].map((L) => L * nm) });
  await session.measurement("copper-length", ohmic);

  const products = Array.from({ length: 33 }, (_, i) => 1e-16 * 10 ** (i / 8));
  const scan = products.map((product) => nonLocalSignal(silver(product)).difference);
  const most = scan.indexOf(Math.max(...scan));
  const bare = nonLocalSignal({
    ...silver(1e-15),
    electrodes: silver(1e-15).electrodes.map((electrode) => ({ ...electrode, contact: "transparent" as const })),
  }).difference;
  session.log(
    `Silver: ${(scan[most] * 1e3).toFixed(0)} mΩ at ${products[most].toExponential(1)} Ω m², ${(scan[most] / bare).toFixed(0)} times the ohmic contact.`,
  );
  await session.table("silver-contacts", [
    { name: "resistance-area product", unit: "Ω m²", values: products },
    { name: "signal", unit: "Ω", values: scan },
  ]);
  await session.figure("non-local-spin-valve", {
    title: "A current of spin without a current of charge",
    subtitle: "lateral spin valves by their published dimensions and the library's numbers, none adjusted",
    panels: [
      {
        title: "Co|AlOx|Al: decay with length",
        x: { label: "distance", unit: "m" },
        y: { label: "ΔR_s", unit: "Ω", scale: "log" },
        bands: [{ from: 10e-3, to: 16e-3, axis: "y", label: "10–16 mΩ near L = λ (Jedema 2002)" }],
        series: [
          { label: "network", x: lengths, y: decay.data.signal.values, points: true },
          { label: "fit", like: "network", x: lengths, y: lengths.map((L) => decay.decay?.at(L) ?? Number.NaN) },
        ],
      },
      {
        title: "and precession on the way, 1.1 µm",
        x: { label: "flux density", unit: "T" },
        y: { label: "R", unit: "Ω" },
        series: [
          { label: "parallel", x: fields, y: hanle.data.parallel.values },
          { label: "antiparallel", x: fields, y: hanle.data.antiparallel.values },
        ],
      },
      {
        title: "Py|Cu, ohmic",
        x: { label: "distance", unit: "m" },
        y: { label: "ΔR_s", unit: "Ω", scale: "log" },
        series: [
          { label: "network", x: ohmic.data.length.values, y: ohmic.data.signal.values, points: true },
          {
            label: "fit",
            like: "network",
            x: ohmic.data.length.values,
            y: Array.from(ohmic.data.length.values, (L) => ohmic.decay?.at(L) ?? Number.NaN),
          },
        ],
      },
      {
        title: "Py|MgO|Ag: contacts that hold spin back",
        x: { label: "resistance-area product", unit: "Ω m²", scale: "log" },
        y: { label: "ΔR_s", unit: "Ω", scale: "log" },
        series: [{ label: "network", x: products, y: scan }],
        rules: [{ y: bare, label: "ohmic contact" }],
      },
    ],
  });
}
