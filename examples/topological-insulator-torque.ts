/**
 * How a bounded surface identity becomes "θ > 1".
 *
 * On the surface of a topological insulator every current is spin, |s| = ħK/2e v_F, and never more.  What experiments quote is another
 * number: spin current into the magnet over charge current density in the film.  One is per area, the other per length, so that the
 * ratio has the film's thickness in it, and the rate at which the magnet takes the spin over v_F.  A bulk that conducts lowers it
 * again, and so does a metallic magnet, by current that goes elsewhere.
 *
 * v_F = 5e5 m/s and a mean free path of 10 nm are typical of Bi2Se3 films; neither is adjusted.  Quoted efficiencies: 2.0–3.5 for
 * 8 nm Bi2Se3|Py (Mellnik et al., Nature 511, 449 (2014), numbers from memory), 1–1.75 for Bi2Se3|Py by Wang et al., Nat. Commun. 8,
 * 1364 (2017).
 */
import {
  contactOf,
  device,
  layer,
  type Material,
  materials,
  nm,
  rectangle,
  type Session,
  surface,
  topologicalSurface,
  torqueEfficiency,
  um,
} from "spinstream";

const cone = topologicalSurface({ fermiVelocity: 5e5, scatteringTime: 2e-14, fermiWavevector: 1e9 });
const sheetConductance = 2 * cone.edelsteinLength ** 2 * cone.relaxation;

/** The bulk of the film as a metal without spin–orbit coupling of its own, by its conductivity [S/m]. */
const bulk = (conductivity: number): Material => ({
  kind: "normal metal",
  name: "Bi2Se3 bulk",
  conductivity,
  spinDiffusionLength: 6.2 * nm,
});

/** A film with a surface towards the magnet, which takes spin through a mixing conductance. */
const film = (options: { thickness: number; conductivity: number; mixing: number }) =>
  device({
    shape: rectangle(1 * um, 1 * um),
    layers: [
      layer(bulk(options.conductivity), options.thickness, { name: "film" }),
      surface(cone),
      contactOf({ conductanceUp: 0, conductanceDown: 0, mixingConductance: options.mixing }),
      layer(materials.YIG, 20 * nm, { name: "magnet" }),
    ],
  });

/** The same with permalloy, which conducts. */
const underMetal = (permalloy: number) =>
  device({
    shape: rectangle(1 * um, 1 * um),
    layers: [
      layer(bulk(1e4), 8 * nm, { name: "film" }),
      surface(cone),
      contactOf({ conductanceUp: 2e12, conductanceDown: 2e12, mixingConductance: 4e12 }),
      layer(materials.Py, permalloy, { name: "magnet" }),
    ],
  });

export default async function topologicalInsulatorTorque(session: Session): Promise<void> {
  const mixings = Array.from({ length: 25 }, (_, i) => 1e10 * 10 ** (i / 6));
  const byMixing = mixings.map((mixing) => torqueEfficiency(film({ thickness: 8 * nm, conductivity: 1e2, mixing })));
  const shares = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
  const byShare = shares.map((share) => {
    // Conductivity at which the bulk would carry this share beside a free surface.
    const conductivity = Math.max(1, ((share / (1 - share)) * sheetConductance) / (8 * nm));
    return torqueEfficiency(film({ thickness: 8 * nm, conductivity, mixing: 4e12 }));
  });
  const permalloys = [2, 3, 4, 6, 8, 12, 16].map((t) => t * nm);
  const byMagnet = permalloys.map((t) => torqueEfficiency(underMetal(t)));

  const giant = byMixing.find((one) => one.dampingLikePer.film > 1);
  session.log(
    `The surface obeys |s| = ħK/2e v_F at every point below; the first quoted efficiency above 1 is ${giant?.dampingLikePer.film.toFixed(2)}.`,
  );
  session.log(
    `Under 8 nm of permalloy: ${byMagnet[4].dampingLikePer.film.toFixed(2)} by the film's current, ` +
      `${byMagnet[4].dampingLike.toFixed(3)} by the current of the whole stack, ${byMagnet[4].spinConductivity.toExponential(1)} S/m per field.`,
  );
  await session.table("efficiency-against-mixing-conductance", [
    { name: "mixing conductance", unit: "S/m²", values: mixings },
    { name: "efficiency", unit: "1", values: byMixing.map((one) => one.dampingLikePer.film) },
    { name: "spin conductivity", unit: "S/m", values: byMixing.map((one) => one.spinConductivity) },
  ]);
  await session.figure("topological-insulator-torque", {
    title: "How a bounded surface identity becomes “θ > 1”",
    subtitle: "Bi2Se3 8 nm, v_F = 5e5 m/s, mean free path 10 nm; |s| = ħK/2e v_F at every point",
    panels: [
      {
        title: "By the film's own current density",
        x: { label: "mixing conductance of the magnet", unit: "S/m²", scale: "log" },
        y: { label: "ξ", unit: "1", scale: "log" },
        bands: [{ from: 1, to: 3.5, axis: "y", label: "Mellnik 2014, Wang 2017" }],
        series: [{ label: "network", x: mixings, y: byMixing.map((one) => one.dampingLikePer.film) }],
      },
      {
        title: "Per electric field it is bounded",
        x: { label: "mixing conductance of the magnet", unit: "S/m²", scale: "log" },
        y: { label: "spin conductivity", unit: "S/m" },
        series: [{ label: "network", x: mixings, y: byMixing.map((one) => one.spinConductivity) }],
        rules: [{ y: sheetConductance / Math.abs(cone.edelsteinLength), label: "σ/λ of the surface" }],
      },
      {
        title: "A conducting bulk lowers it",
        x: { label: "share of the current in the bulk", unit: "1" },
        y: { label: "ξ", unit: "1" },
        series: [
          {
            label: "network",
            x: byShare.map((one) => one.shares.film),
            y: byShare.map((one) => one.dampingLikePer.film),
          },
        ],
      },
      {
        title: "A metallic magnet takes the current",
        x: { label: "thickness of permalloy", unit: "m" },
        y: { label: "ξ", unit: "1", scale: "log" },
        series: [
          { label: "by the film's current", x: permalloys, y: byMagnet.map((one) => one.dampingLikePer.film) },
          { label: "by all current", x: permalloys, y: byMagnet.map((one) => one.dampingLike) },
        ],
      },
    ],
  });
}
