/**
 * Write-error rate of an STT-MRAM bit.
 *
 * A perpendicular CoFeB|MgO junction of 40 nm with a compensated reference, after S. Ikeda et al., Nat. Mater. 9, 721 (2010): 1.3 nm of
 * CoFeB, RA = 18 Ω µm², a tunnelling polarisation of 0.61 for their TMR of 120 % (numbers from memory of the paper, as are Δ ≈ 43 and
 * I_c0 = 49 µA, to which the log compares).  Anisotropy, Ms and damping are the library's; nothing is adjusted.
 *
 * The barrier, the relaxation time and I_c0 are read from the device itself.  The Fokker–Planck equation then gives the error rate to any
 * depth, an ensemble of spins checks its upper decades, and Butler's slope is drawn beside it.
 */
import {
  constant,
  device,
  ellipse,
  layer,
  MacrospinEnsemble,
  materials,
  nm,
  ns,
  readDisturb,
  type Session,
  solveTransport,
  thermalBit,
  thermalSwitchingCurrent,
  um,
  writeErrorRate,
} from "spinstream";
import { butlerWriteError } from "spinstream/validation";

const { betaTa, CoFeB, Cu, MgO } = materials;

const quiet = { onWarning: () => {} };

const junction = device({
  shape: ellipse(40 * nm, 40 * nm),
  layers: [
    layer(betaTa, 5 * nm),
    // The lower half of the reference takes back most of the stray field of the upper one.
    layer(CoFeB, 1.9 * nm, { name: "pinned", fixed: true, magnetization: "-z" }),
    layer(Cu, 1 * nm),
    layer(CoFeB, 1 * nm, { name: "reference", fixed: true, magnetization: "+z" }),
    layer(MgO, 1 * nm, {
      barrier: { resistanceArea: 18 * um ** 2, polarizationBelow: 0.61, polarizationAbove: 0.61 },
    }),
    layer({ ...CoFeB, damping: 0.01 }, 1.3 * nm, { name: "free", magnetization: "-z" }),
    layer(Cu, 5 * nm),
  ],
});

export default async function sttMramWriteError(session: Session): Promise<void> {
  // Electrons flow from the reference into the free layer: they write parallel.
  // By a voltage, as cells are: the torque over sin θ is then the same in both states.
  const bit = thermalBit(junction, { current: { voltage: -1, along: "z" } });
  const { stability, relaxationTime, criticalDrive, field = 0 } = bit;
  const critical = solveTransport(junction, { current: constant({ voltage: criticalDrive, along: "z" }), ...quiet });
  session.log(
    `Δ = ${stability.toFixed(0)} (Ikeda: 43), τ_D = ${(relaxationTime / ns).toFixed(2)} ns, ` +
      `V_c0 = ${Math.abs(criticalDrive).toFixed(2)} V, I_c0 = ${(Math.abs(critical.sourceCurrent("drive")) * 1e6).toFixed(0)} µA (49), ` +
      `stray field ${field.toFixed(2)} H_k.`,
  );
  const overdrives = [1.5, 2, 3];
  const durations = Array.from({ length: 81 }, (_, i) => (i / 4) * relaxationTime);
  const errors = writeErrorRate(bit, { overdrives, durations });
  await session.measurement("write-error-rate", errors);

  const damping = 0.05;
  const unit = (1 + damping ** 2) / damping;
  const counted: { x: number; y: number; u: number; overdrive: number }[] = [];
  for (const overdrive of overdrives) {
    const ensemble = await MacrospinEnsemble.start({ stability, damping, field: [0, 0, field] });
    await ensemble.advance({ dampingLike: 0 }, 5 * unit);
    for (let pulse = 1; pulse <= 4; pulse++) {
      await ensemble.advance({ dampingLike: -damping * overdrive }, unit);
      const { value, uncertainty } = await ensemble.switched();
      const error = 1 - value;
      // Ten late spins at least: fewer are no rate.
      if (error * ensemble.spins >= 10)
        counted.push({ x: pulse * relaxationTime, y: error, u: uncertainty, overdrive });
    }
    await ensemble.destroy();
    await session.progress("ensemble", overdrives.indexOf(overdrive) + 1, overdrives.length);
  }
  await session.table("ensemble", [
    { name: "overdrive", unit: "1", values: counted.map((point) => point.overdrive) },
    { name: "pulse length", unit: "s", values: counted.map((point) => point.x) },
    { name: "write-error rate", unit: "1", values: counted.map((point) => point.y) },
    { name: "uncertainty", unit: "1", values: counted.map((point) => point.u) },
    {
      name: "Fokker–Planck",
      unit: "1",
      values: counted.map(({ x, overdrive }) => {
        const k = overdrives.indexOf(overdrive);
        return errors.rates[k][Math.round((x / relaxationTime) * 4)];
      }),
    },
  ]);

  const currents = Array.from({ length: 41 }, (_, i) => i / 50);
  const disturb = readDisturb(bit, { currents, duration: 10 * ns });
  await session.measurement("read-disturb", disturb);
  const rampRates = Array.from({ length: 13 }, (_, i) => 10 ** (i / 2));
  const ramps = thermalSwitchingCurrent(bit, { rampRates });
  await session.measurement("ramps", ramps);

  await session.figure("stt-mram-write-error", {
    title: "How often a write fails",
    subtitle: `CoFeB|MgO of 40 nm: Δ = ${stability.toFixed(0)}, τ_D = ${(relaxationTime / ns).toFixed(1)} ns, read from the device`,
    panels: [
      {
        title: "Write-error rate against pulse length",
        x: { label: "pulse length", unit: "s" },
        y: { label: "write-error rate", unit: "1", scale: "log", domain: [1e-15, 1] },
        series: [
          ...overdrives.map((i, k) => ({ label: `${i} I_c0`, x: durations, y: errors.rates[k] })),
          ...overdrives.map((i) => ({
            label: "",
            like: `${i} I_c0`,
            points: true,
            x: counted.filter(({ overdrive }) => overdrive === i).map((point) => point.x),
            y: counted.filter(({ overdrive }) => overdrive === i).map((point) => point.y),
          })),
          ...overdrives.map((i) => ({
            label: "",
            like: `${i} I_c0`,
            dashed: true,
            x: durations.slice(1),
            y: durations.slice(1).map((t) => butlerWriteError(stability, i, t / relaxationTime, "standard")),
          })),
        ],
      },
      {
        title: "Read disturb in 10 ns",
        x: { label: "current over I_c0", unit: "1" },
        y: { label: "probability", unit: "1", scale: "log" },
        series: [{ label: "", x: currents, y: disturb.data.probability.values }],
      },
      {
        title: "Slower ramps switch earlier",
        x: { label: "ramp rate over I_c0", unit: "1/s", scale: "log" },
        y: { label: "switching current over I_c0", unit: "1" },
        series: [{ label: "", x: rampRates, y: ramps.data.current.values }],
      },
    ],
  });
}
