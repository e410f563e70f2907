/**
 * Standard problem 4 of the µMAG group at NIST (R. D. McMichael et al., 2000): a film of permalloy, 500 × 125 × 3 nm, is reversed by two
 * fields.  Every program of the field is held to it; the second field is known to tell meshes and programs apart.
 *
 * The points are OOMMF's (2.1a0, Runge–Kutta of fifth order, double precision) on the same cells of 3.9 nm.
 */
import { MU0, micromagnet, mT, nm, ns, openMicromagnet, ps, type Session } from "spinstream";
import { STANDARD_PROBLEM_4_FIELD_1, STANDARD_PROBLEM_4_FIELD_2 } from "spinstream/validation";

const film = micromagnet({
  cells: [128, 32, 1],
  cell: [(500 / 128) * nm, (125 / 32) * nm, 3 * nm],
  material: { saturationMagnetization: 8e5, exchangeStiffness: 13e-12, damping: 0.02 },
  gyromagneticRatio: 2.211e5 / MU0,
  magnetization: [1, 0.1, 0],
});

const problems = [
  {
    name: "field-1",
    title: "170° from the film's axis",
    field: [-24.6 * mT, 4.3 * mT, 0],
    oommf: STANDARD_PROBLEM_4_FIELD_1,
  },
  { name: "field-2", title: "190° from it", field: [-35.5 * mT, -6.3 * mT, 0], oommf: STANDARD_PROBLEM_4_FIELD_2 },
] as const;

export default async function standardProblem4(session: Session): Promise<void> {
  const simulation = await openMicromagnet(film);
  await simulation.relax();
  const sState = await simulation.magnetization();
  const panels = [];
  for (const { name, title, field, oommf } of problems) {
    await simulation.setMagnetization(sState);
    simulation.set({ field });
    const rows: Float64Array[] = [];
    const run = await session.magnetization(name, simulation, {
      duration: 1 * ns,
      every: 5 * ps,
      onRow: async () => void rows.push(await simulation.magnetization()),
    });
    const crossing = (run.table.get("m_x") as Float64Array).findIndex((mx) => mx < 0);
    const { size: cells, cell } = film.mesh.grid;
    await session.figure(`${name}-textures`, {
      title: `A film reverses in a field ${title}`,
      subtitle: "From rest, through ⟨m_x⟩ = 0, to 1 ns",
      cells,
      cell,
      frames: [0, Math.floor(crossing / 2), crossing, rows.length - 1].map((row) => ({
        label: `${((run.times[row] - run.times[0]) / ns).toFixed(3)} ns`,
        m: rows[row],
      })),
    });
    const times = Array.from(run.times, (t) => t - run.times[0]);
    const components = ["m_x", "m_y", "m_z"] as const;
    panels.push({
      title,
      x: { label: "time", unit: "s" },
      y: { label: "⟨m⟩", unit: "1", domain: [-1.05, 1.05] as const },
      series: [
        ...components.map((label) => ({ label, x: times, y: run.table.get(label) as Float64Array })),
        ...components.map((like, c) => ({
          label: `OOMMF ${like}`,
          like,
          points: true,
          x: oommf.map(([t]) => t * ns),
          y: oommf.map((row) => row[c + 1]),
        })),
      ],
    });
    session.log(`${name}: ⟨m_x⟩ passes zero at ${(times[crossing] / ps).toFixed(0)} ps.`);
  }
  await simulation.close();
  await session.figure("standard-problem-4", {
    title: "A film of permalloy reverses (µMAG standard problem 4)",
    subtitle: "lines: Spinstream in single precision; points: OOMMF in double",
    panels,
  });
}
