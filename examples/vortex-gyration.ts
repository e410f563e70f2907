/**
 * A magnetic vortex gyrates: a disc of permalloy closes its flux around a core that points out of the plane; moved aside by a field and let go,
 * the core runs on circles around the middle, the way its polarity tells.
 *
 * The frequency is held against Guslienko's for free side charges, f = (5/9π) γµ0Ms/2π · L/R for thin discs (K. Yu. Guslienko et al.,
 * J. Appl. Phys. 91, 8037 (2002)), which has no exchange and the first order in L/R only: a disc of these proportions lies a
 * tenth below it.
 */
import { circle, GAMMA, MU0, micromagnet, mT, nm, ns, openMicromagnet, type Session, vortex } from "spinstream";

const [Ms, R, L] = [8e5, 100 * nm, 10 * nm];
const disc = (polarity: 1 | -1) =>
  micromagnet({
    cells: [50, 50, 1],
    cell: [4 * nm, 4 * nm, L],
    shape: circle(2 * R),
    material: { saturationMagnetization: Ms, exchangeStiffness: 13e-12, damping: 0.01 },
    magnetization: vortex({ polarity }),
  });

export default async function vortexGyration(session: Session): Promise<void> {
  const guslienko = ((5 / (9 * Math.PI)) * (GAMMA * MU0 * Ms * L)) / R / (2 * Math.PI);
  const paths = [];
  const found: number[] = [];
  for (const polarity of [1, -1] as const) {
    const simulation = await openMicromagnet(disc(polarity));
    simulation.set({ field: [5 * mT, 0, 0] });
    await simulation.relax();
    simulation.set({});
    const frames: { label: string; m: Float64Array }[] = [];
    const run = await session.magnetization(polarity > 0 ? "core-up" : "core-down", simulation, {
      duration: 5 * ns,
      every: 0.02 * ns,
      quantities: ["m", "vortexPosition"],
      onRow: async () => {
        // Every quarter of a turn or so.
        if ([0, 0.6, 1.2, 1.8].some((t) => Math.abs(simulation.time - t * ns) < 1e-12))
          frames.push({ label: `${(simulation.time / ns).toFixed(1)} ns`, m: await simulation.magnetization() });
      },
    });
    await simulation.close();
    const [x, y] = ["vortex_x", "vortex_y"].map((name) => run.table.get(name) as Float64Array);
    // Turns of the core, unwound; the first is left out, in which the core leaves the field's place of rest.
    let [turned, last] = [0, Math.atan2(y[0], x[0])];
    const angles = Array.from(x, (_, i) => {
      const angle = Math.atan2(y[i], x[i]);
      turned += ((angle - last + 3 * Math.PI) % (2 * Math.PI)) - Math.PI;
      last = angle;
      return turned;
    });
    const [a, b] = [100, 230];
    found.push((angles[b] - angles[a]) / (run.times[b] - run.times[a]) / (2 * Math.PI));
    paths.push({ label: polarity > 0 ? "core up" : "core down", x, y });
    if (polarity < 0) continue;
    const { size: cells, cell } = disc(1).mesh.grid;
    await session.figure("vortex-gyration", {
      title: "A vortex lets go of a field, and its core runs on a circle",
      subtitle: `Permalloy, ${(2 * R) / nm} nm across and ${L / nm} nm thick`,
      cells,
      cell,
      frames,
    });
  }
  session.log(
    `core up ${(found[0] / 1e9).toFixed(3)} GHz, core down ${(found[1] / 1e9).toFixed(3)} GHz; thin discs without exchange ${(guslienko / 1e9).toFixed(3)} GHz`,
  );
  await session.table("frequency", [
    { name: "core up", unit: "Hz", doc: "> 0 counterclockwise", values: [found[0]] },
    { name: "core down", unit: "Hz", doc: "> 0 counterclockwise", values: [found[1]] },
    { name: "Guslienko", unit: "Hz", doc: "free side charges, first order in L/R", values: [guslienko] },
  ]);
  await session.figure("vortex-paths", {
    title: "The polarity of the core tells which way it runs",
    x: { label: "x", unit: "m" },
    y: { label: "y", unit: "m" },
    series: paths,
  });
}
