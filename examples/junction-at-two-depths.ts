/**
 * A magnetic tunnel junction written at two depths: its free layer as one moment, and as a field of moments that the same stack turns
 * column by column.  Nothing but the word changes.
 *
 * CoFeB|MgO with a compensated reference, after S. Ikeda et al., Nat. Mater. 9, 721 (2010), with the materials of the library, a
 * resistance–area product of 5 Ω µm² and a polarization of 0.61.  A dot of 20 nm turns as one; in one of 80 nm a field of moments may
 * reverse part after part, which one moment cannot.
 */
import { contactOf, device, ellipse, layer, materials, mT, nm, ns, pulse, type Session, um } from "spinstream";

const { betaTa, CoFeB, Cu, MgO } = materials;

const junction = (diameter: number) =>
  device({
    shape: ellipse(diameter, diameter),
    layers: [
      layer(betaTa, 5 * nm),
      // The lower half of the reference takes back most of the stray field of the upper one.
      layer(CoFeB, 1.9 * nm, { name: "pinned", fixed: true, magnetization: "-z" }),
      contactOf("transparent"),
      layer(Cu, 1 * nm),
      contactOf("transparent"),
      layer(CoFeB, 1 * nm, { name: "reference", fixed: true, magnetization: "+z" }),
      layer(MgO, 1 * nm, {
        barrier: { resistanceArea: 5 * um ** 2, polarizationBelow: 0.61, polarizationAbove: 0.61 },
      }),
      layer({ ...CoFeB, damping: 0.01 }, 1.3 * nm, { name: "free", magnetization: "-z" }),
      contactOf("transparent"),
      layer(Cu, 5 * nm),
    ],
  });

/** Electrons come from the reference and write parallel; a weak field across tips the start. */
const write = {
  current: pulse({ voltage: -0.9, along: "z", duration: 5 * ns }),
  field: [5 * mT, 0, 0],
  duration: 6 * ns,
  every: 20e-12,
} as const;

export default async function junctionAtTwoDepths(session: Session): Promise<void> {
  const panels = [];
  const ends = [];
  for (const diameter of [20 * nm, 80 * nm]) {
    const name = `${(diameter / nm).toFixed(0)}-nm`;
    const stack = junction(diameter);
    const one = await session.simulate(`${name}-circuit`, stack, { ...write, depth: "circuit" });
    const rows: { time: number; m: Float64Array }[] = [];
    const field = await session.simulate(`${name}-field`, stack, {
      ...write,
      depth: "field",
      onRow: ({ time, magnetization: m }) => void rows.push({ time, m }),
    });
    panels.push({
      title: `Dot of ${(diameter / nm).toFixed(0)} nm`,
      x: { label: "time", unit: "s" },
      y: { label: "⟨m_z⟩", unit: "1", domain: [-1.05, 1.05] as const },
      series: [one, field].map((run, i) => ({
        label: i === 0 ? "one moment" : "field",
        x: run.times,
        y: run.magnet("free").course[2],
        dashed: i === 0,
      })),
    });
    const times = [one, field].map((run) => {
      const z = run.magnet("free").course[2];
      return run.times[z.findIndex((value) => value > 0)] ?? Number.NaN;
    });
    const [x, y, z] = field.magnet("free").course;
    const lengths = x.map((_, i) => Math.hypot(x[i], y[i], z[i]));
    ends.push({ diameter, times, least: Math.min(...lengths) });
    session.log(
      `${name}: written after ${times.map((t) => (t / ns).toFixed(2)).join(" and ")} ns; |⟨m⟩| falls to ${Math.min(...lengths).toFixed(2)}`,
    );
    if (diameter < 50 * nm) continue;
    const { size: cells, cell } = field.micromagnet.mesh.grid;
    const middle = z.findIndex((value) => value > 0);
    await session.figure("reversal", {
      title: "A dot of 80 nm is written part after part",
      subtitle: "Free layer of a junction under 0.9 V, as every column of the stack turns it",
      cells,
      cell,
      frames: [-20, -6, 0, 6].map((step) => {
        const { time, m } = rows[Math.max(0, middle + step)];
        return { label: `${(time / ns).toFixed(2)} ns`, m };
      }),
    });
  }
  await session.table("written", [
    { name: "diameter", unit: "m", values: ends.map(({ diameter }) => diameter) },
    { name: "one moment", unit: "s", doc: "when m_z rises through 0", values: ends.map(({ times }) => times[0]) },
    {
      name: "field",
      unit: "s",
      doc: "when the mean of m_z rises through 0",
      values: ends.map(({ times }) => times[1]),
    },
    { name: "least", unit: "1", doc: "smallest length of the mean of m", values: ends.map(({ least }) => least) },
  ]);
  await session.figure("two-depths", {
    title: "A junction written at two depths of one description",
    subtitle: "A pulse of 0.9 V for 5 ns",
    panels,
  });
}
