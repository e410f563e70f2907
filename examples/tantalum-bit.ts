/**
 * A charge current in tantalum becomes a spin current that writes the bit above it.
 *
 * β-Ta(6 nm)/CoFeB(1.1 nm)/MgO, a dot of 80 nm as in C. Zhang et al., APL 107, 012401 (2015), with the numbers of the
 * materials library: θ_SH = −0.12 of β-Ta (Liu et al., Science 336, 555 (2012)), λ = 2.5 nm (Allen et al., PRB 91, 144412
 * (2015)), Ms and interfacial anisotropy of CoFeB|MgO (Ikeda et al., Nat. Mater. 9, 721 (2010)).  None is adjusted.
 *
 * The bit turns here as one rigid moment.  With `depth: "field"` an ideal dot at 0 K gives way at the same current, between 7 and
 * 8e12 A/m² in pulses of 3 ns, and then breaks into domains; real dots of this size switch at a current several times smaller, where
 * heat, edges and chirality let a domain nucleate.
 */
import {
  constant,
  criticalCurrent,
  currentSweep,
  device,
  ellipse,
  layer,
  materials,
  mT,
  nm,
  ns,
  pulse,
  type Session,
  shapeFactors,
  solveTransport,
} from "spinstream";
import { perpendicularAnisotropyField, spinOrbitCriticalDensity } from "spinstream/validation";

const shape = ellipse(80 * nm, 80 * nm);
// 0.02: films of this thickness between Ta and MgO; the library's 0.005 is that of the bulk.
const CoFeB = { ...materials.CoFeB, damping: 0.02 };
const thickness = 1.1 * nm;
const assist = 20 * mT;

const bit = device({
  shape,
  layers: [
    layer(materials.betaTa, 6 * nm, { name: "Ta" }),
    layer(CoFeB, thickness, { name: "free", magnetization: "-z" }),
    layer(materials.MgO, 1.6 * nm),
  ],
});

/** The drive of all that follows: current along x, by its density in the tantalum [A/m²]. */
const inTantalum = (density: number) => ({ density, in: "Ta", along: "x" }) as const;

export default async function tantalumBit(session: Session): Promise<void> {
  // Write a 1: a pulse of one nanosecond, with the field along the current.
  const write = await session.simulate("write", bit, {
    depth: "circuit",
    // A square pulse.  With a slow fall the bit rings on the way down and, at this damping, may come to rest on either side.
    current: pulse({ ...inTantalum(1.2e13), duration: 1 * ns }),
    field: [assist, 0, 0],
    duration: 5 * ns,
  });
  session.log(`\nThe bit ${write.magnet("free").switched ? "is written" : "keeps its state"}.`);

  await showSpinCurrent(session);
  const helped = await findCriticalCurrents(session);
  await sweepCurrent(session, [helped, -helped]);
}

/** Where the spin current is: through the stack, at the height of the pulse, with the bit still down. */
async function showSpinCurrent(session: Session): Promise<void> {
  const density = 1.2e13;
  const solution = solveTransport(bit, {
    current: constant(inTantalum(density)),
    magnetizations: { free: [0, 0, -1] },
  });
  const [Ta, free] = ["Ta", "free"].map((name) => solution.profile(name, 60));
  const depth = (points: typeof Ta, below: number) => points.map(({ z }) => below + z);
  // j_s counts moments in charge units, and electrons run against charge: moments along +y flow up where j_s < 0.
  const flow = (points: typeof Ta) => points.map(({ spinCurrent }) => -spinCurrent[1] / density);
  await session.figure("spin-current", {
    title: "A spin current grows inside the tantalum and ends at the bit",
    subtitle: "Upward flow of moments along y; the interface takes all of it, and turns the bit with it",
    x: { label: "height above the substrate", unit: "m" },
    y: { label: "spin current density / charge current density", unit: "1" },
    series: [
      { label: "tantalum", x: depth(Ta, 0), y: flow(Ta) },
      { label: "bit", x: depth(free, 6 * nm), y: flow(free) },
    ],
  });
}

/** Hysteresis of the bit under a slowly varied current, for both signs of the field. */
async function sweepCurrent(session: Session, criticalDensities: readonly number[]): Promise<void> {
  // Beyond 1.1e13 A/m² the current holds neither state.
  const peak = 1.08e13;
  const steps = 90;
  const ramp = (from: number, to: number) => Array.from({ length: steps }, (_, i) => from + ((to - from) * i) / steps);
  // Around once to get onto the loop, then again to draw it.
  const approach = [...ramp(0, 1), ...ramp(1, -1), ...ramp(-1, 1)];
  const factors = [...approach, ...ramp(1, -1), ...ramp(-1, 1), 1];
  const loops = [];
  for (const [i, sign] of [1, -1].entries()) {
    await session.progress("current sweep", i, 2);
    const { states } = currentSweep(bit, { current: inTantalum(peak), field: [sign * assist, 0, 0], factors });
    const loop = states.slice(approach.length);
    loops.push({
      label: `field ${sign > 0 ? "along" : "against"} x`,
      x: loop.map(({ factor }) => factor * peak),
      y: loop.map(({ magnetizations }) => magnetizations.free[2]),
    });
  }
  await session.figure("sweep", {
    title: "The field decides which way a current writes",
    subtitle: `Slow current sweeps of β-Ta/CoFeB/MgO, ${assist / mT} mT along or against the current`,
    x: { label: "current density in the tantalum", unit: "A/m²" },
    y: { label: "magnetization m_z", unit: "1", domain: [-1.1, 1.1] },
    series: loops,
    rules: criticalDensities.map((x) => ({ x, label: "closed form" })),
  });
  await session.table("sweep", [
    { name: "J", unit: "A/m²", doc: "current density in the tantalum", values: loops[0].x },
    ...loops.map(({ label, y }) => ({ name: `m_z, ${label}`, unit: "1", doc: "magnetization at rest", values: y })),
  ]);
}

/**
 * Critical currents for both signs of current and field against the closed form of a damping-like torque.
 * @returns the closed form where the field helps [A/m²]
 */
async function findCriticalCurrents(session: Session): Promise<number> {
  const unit = 1e12;
  const solution = solveTransport(bit, {
    current: constant(inTantalum(unit)),
    magnetizations: { free: [0, 0, -1] },
  });
  const area = (Math.PI / 4) * (80 * nm) ** 2;
  const efficiency = Math.hypot(...solution.absorbedSpin("free")) / area / unit;
  const body = { saturationMagnetization: CoFeB.saturationMagnetization, thickness };
  const anisotropyField = perpendicularAnisotropyField({
    ...body,
    interfacialAnisotropy: CoFeB.interfacialAnisotropy as number,
    factors: shapeFactors(shape, thickness),
  });
  const closedForm = (field: number) => spinOrbitCriticalDensity({ ...body, anisotropyField, efficiency, field });
  const limit = 3e13;
  session.log("\ncritical current density in the tantalum [A/m²], from m = −z");
  session.log("  current  field      computed   closed form    ratio");
  const rows: number[][] = [];
  for (const currentSign of [1, -1]) {
    for (const fieldSign of [1, -1]) {
      await session.progress("critical current", rows.length, 4);
      const field = fieldSign * assist;
      const found = criticalCurrent(bit, { current: inTantalum(limit), field: [field, 0, 0], limit: currentSign });
      const density = (found ?? Number.NaN) * limit;
      // θ < 0: from −z the field helps when it is along the current.
      const expected = currentSign * closedForm(field * currentSign);
      rows.push([field, density, expected]);
      const sign = (s: number): string => (s > 0 ? "+x" : "−x");
      const numbers = [density, expected].map((x) => x.toExponential(3).padStart(11)).join("  ");
      session.log(
        `  ${sign(currentSign).padEnd(7)}  ${sign(fieldSign).padEnd(5)}  ${numbers}  ${(density / expected).toFixed(4).padStart(8)}`,
      );
    }
  }
  await session.table("critical-current", [
    { name: "Bx", unit: "T", doc: "assist field", values: rows.map(([field]) => field) },
    {
      name: "Jc",
      unit: "A/m²",
      doc: "critical current density in the tantalum",
      values: rows.map(([, density]) => density),
    },
    {
      name: "Jc closed form",
      unit: "A/m²",
      doc: "Lee et al., APL 102, 112410 (2013)",
      values: rows.map(([, , expected]) => expected),
    },
  ]);
  return closedForm(assist);
}
