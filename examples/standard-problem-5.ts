/**
 * Standard problem 5 (M. Najafi et al., J. Appl. Phys. 105, 113914 (2009)): a current drives the vortex of a square of permalloy,
 * 100 × 100 × 10 nm, off its centre, and it spirals to a new place of rest.  u = 72.35 m/s, which is J = 1e12 A/m² at P = 1.
 *
 * The points are published for β = 0.05.  For β = α = 0.1 and for β = 0, 0.5 the final places are.
 */
import { MU0, micromagnet, nm, ns, openMicromagnet, type Session, vortex, zhangLi } from "spinstream";

const square = micromagnet({
  cells: [40, 40, 2],
  cell: [2.5 * nm, 2.5 * nm, 5 * nm],
  material: { saturationMagnetization: 8e5, exchangeStiffness: 13e-12, damping: 0.1 },
  gyromagneticRatio: 2.211e5 / MU0,
  magnetization: vortex(),
});

/** [t (ns), ⟨m_x⟩, ⟨m_y⟩] */
const PUBLISHED = [
  [0.5, -0.3097, 0.1477],
  [1, -0.2385, -0.0969],
  [2, -0.2713, 0.038],
  [4, -0.1994, 0.0105],
  [7, -0.2126, 0.0207],
] as const;

export default async function standardProblem5(session: Session): Promise<void> {
  const simulation = await openMicromagnet(square);
  await simulation.relax();
  simulation.set({ torques: [zhangLi({ current: [1e12, 0, 0], polarization: 1, beta: 0.05 })] });
  const frames: { label: string; m: Float64Array }[] = [];
  const run = await session.magnetization("vortex", simulation, {
    duration: 8 * ns,
    every: 0.05 * ns,
    quantities: ["m", "vortexPosition"],
    onRow: async () => {
      const time = simulation.time / ns;
      if ([0, 0.5, 1, 8].some((t) => Math.abs(time - t) < 0.01))
        frames.push({ label: `${time.toFixed(1)} ns`, m: await simulation.magnetization() });
    },
  });
  await simulation.close();
  const column = (name: string) => run.table.get(name) as Float64Array;
  const [x, y] = [column("vortex_x"), column("vortex_y")];
  session.log(
    `core at (${(x[x.length - 1] / nm).toFixed(1)}, ${(y[y.length - 1] / nm).toFixed(1)}) nm after 8 ns; published some (1.1, 14.8) nm, whatever the signs`,
  );
  const { size: cells, cell } = square.mesh.grid;
  await session.figure("vortex-in-current", {
    title: "The vortex on its way",
    subtitle: "Upper plane of cells; 1e12 A/m² along x",
    cells,
    cell,
    plane: 1,
    frames,
  });
  await session.figure("standard-problem-5", {
    title: "A current drives a vortex off its centre (µMAG standard problem 5)",
    subtitle: "points: published for β = 0.05",
    panels: [
      {
        title: "Mean magnetization",
        x: { label: "time", unit: "s" },
        y: { label: "⟨m⟩", unit: "1" },
        series: [
          ...(["m_x", "m_y"] as const).map((label) => ({ label, x: run.times, y: column(label) })),
          ...(["m_x", "m_y"] as const).map((like, c) => ({
            label: "",
            like,
            points: true,
            x: PUBLISHED.map(([t]) => t * ns),
            y: PUBLISHED.map((row) => row[c + 1]),
          })),
        ],
      },
      {
        title: "Way of the core",
        x: { label: "x", unit: "m" },
        y: { label: "y", unit: "m" },
        series: [{ label: "", x, y }],
      },
    ],
  });
}
