/**
 * Spin–orbit switching with β-tantalum, after L. Liu et al., Science 336, 555 (2012).
 *
 * The three-terminal cell: Ta 6.2 nm, 1 µm wide, CoFeB 1.6 nm as an ellipse of 100 × 350 nm, long axis across the current, in-plane.  They
 * switch it at 2.0 mA, extrapolated to no agitation (value from memory), with α = 0.021, an effective magnetization of 7.6 kOe and
 * θ = 0.12 for the torque they absorb (their numbers).  Here σ, θ and λ of tantalum are the library's, λ = 2.5 nm included: a thick film's
 * torque efficiency is then θ(1 − sech(d/λ)) or less.  Nothing is adjusted.
 *
 * The perpendicular bit: which state a current writes follows the field along it, and tantalum writes against platinum.
 */
import {
  criticalCurrent,
  device,
  ellipse,
  layer,
  materials,
  mT,
  nm,
  type Session,
  switchingPhaseDiagram,
  torqueEfficiency,
} from "spinstream";

const { betaTa, CoFeB, MgO, Pt } = materials;
const quiet = { onWarning: () => {} };

/** The cell's free layer and the tantalum below it; the interfacial anisotropy leaves Ms_eff = 7.6 kOe = 6.05e5 A/m. */
const cell = device({
  shape: ellipse(100 * nm, 350 * nm),
  layers: [
    layer(betaTa, 6.2 * nm, { name: "Ta" }),
    layer({ ...CoFeB, saturationMagnetization: 1.1e6, damping: 0.021, interfacialAnisotropy: 0.55e-3 }, 1.6 * nm, {
      name: "free",
      magnetization: "+y",
    }),
    layer(MgO, 1.6 * nm),
  ],
});

const perpendicular = (metal: typeof betaTa) =>
  device({
    shape: ellipse(80 * nm, 80 * nm),
    layers: [
      layer(metal, 6 * nm, { name: "metal" }),
      layer({ ...CoFeB, damping: 0.02 }, 1.1 * nm, { name: "free", magnetization: "-z" }),
      layer(MgO, 1.6 * nm),
    ],
  });

export default async function tantalumSwitching(session: Session): Promise<void> {
  const drive = { density: 2e12, along: "x", in: "Ta" } as const;
  const critical = [1, -1].map((limit) => criticalCurrent(cell, { ...quiet, current: drive, limit }));
  const share = critical.find((value) => value !== undefined) ?? Number.NaN;
  const density = Math.abs(share) * 2e12;
  const current = density * 6.2 * nm * 1e-6;
  const { dampingLikePer } = torqueEfficiency(cell, { ...quiet, magnetization: [0, 0, 1] });
  session.log(
    `J_c0 = ${density.toExponential(2)} A/m² in tantalum: ${(current * 1e3).toFixed(2)} mA in a strip 1 µm wide; measured 2.0 mA. ` +
      `Torque efficiency ${dampingLikePer.Ta.toFixed(3)}; measured −0.12 to −0.15.`,
  );
  await session.table("critical-current", [
    { name: "critical density", unit: "A/m²", values: [density] },
    { name: "critical current", unit: "A", values: [current] },
    { name: "torque efficiency", unit: "1", values: [dampingLikePer.Ta] },
  ]);

  const factors = Array.from({ length: 9 }, (_, i) => -1.2 + 0.3 * i);
  const fields = [-60, -30, 0, 30, 60].map((B) => B * mT);
  const strong = { density: 1.2e13, along: "x", in: "metal" } as const;
  const options = { ...quiet, current: strong, factors, direction: [1, 0, 0] as const, fields, signal: session.signal };
  const tantalum = switchingPhaseDiagram(perpendicular(betaTa), { ...options, duration: 3e-9 });
  await session.measurement("phase-diagram-tantalum", tantalum);
  const platinum = switchingPhaseDiagram(perpendicular({ ...Pt, name: "Pt" }), { ...options, duration: 3e-9 });
  await session.measurement("phase-diagram-platinum", platinum);
  const up = (diagram: typeof tantalum): number => diagram.final.reduce((count, m) => count + (m > 0 ? 1 : 0), 0);
  session.log(
    `Of ${factors.length * fields.length} pulses tantalum writes up ${up(tantalum)}, platinum ${up(platinum)}.`,
  );
}
