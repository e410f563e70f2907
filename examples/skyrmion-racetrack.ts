/**
 * A skyrmion runs along a track, and aside: numbers of J. Sampaio, V. Cros, S. Rohart, A. Thiaville, A. Fert, Nature Nanotechnol. 8, 839
 * (2013) for Co on Pt (Ms = 580 kA/m, A = 15 pJ/m, D = 3 mJ/m², K = 0.8 MJ/m³, α = 0.3), 0.4 nm thick, driven by the spin Hall effect.
 *
 * Thiele's equation for a rigid skyrmion (A. A. Thiele, PRL 30, 230 (1973); with this torque Sampaio's supplement),
 *     4πQ ẑ × v + α 𝒟 v = F,
 * is filled in with the charge Q, the dissipation 𝒟_xx = ∫ (∂_x m)² and the force of the torque, all read from the texture at rest, and
 * compared with the speed and the angle at which it is seen to move.
 */
import { GAMMA, HBAR_2E, micromagnet, nm, ns, openMicromagnet, type Session, skyrmion, spinOrbit } from "spinstream";

const [Ms, thickness, alpha] = [5.8e5, 0.4 * nm, 0.3];
const [nx, ny, d] = [128, 50, 2 * nm];
const xi = 0.1;
const J = 4e11;

const track = micromagnet({
  cells: [nx, ny, 1],
  cell: [d, d, thickness],
  material: {
    saturationMagnetization: Ms,
    exchangeStiffness: 15e-12,
    uniaxialAnisotropy: 8e5,
    interfacialDMI: 3e-3,
    damping: alpha,
  },
  magnetization: (x, y, z) => skyrmion({ kind: "Néel", radius: 8 * nm })(x + 60 * nm, y + 12 * nm, z),
});

/** What Thiele's equation takes from a texture: Q, 𝒟, and the force ∫ (m × ∂_i m)·σ of a torque −m × (m × σ). */
function thiele(m: Float64Array, sigma: readonly [number, number, number]) {
  const cells = nx * ny;
  let [Q, D, Fx, Fy] = [0, 0, 0, 0];
  for (let y = 1; y < ny - 1; y++)
    for (let x = 1; x < nx - 1; x++) {
      const at = (i: number, j: number) => [0, 1, 2].map((c) => m[c * cells + (y + j) * nx + x + i]);
      const here = at(0, 0);
      const along = at(1, 0).map((v, c) => (v - at(-1, 0)[c]) / 2);
      const across = at(0, 1).map((v, c) => (v - at(0, -1)[c]) / 2);
      const product = (a: readonly number[], b: readonly number[]) => [
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
      ];
      const dot = (a: readonly number[], b: readonly number[]) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
      // The skyrmion, not the edges, whose m tilts too.
      if (Math.hypot((x - nx / 2) * d + 60 * nm, (y - ny / 2) * d + 12 * nm) > 35 * nm) continue;
      Q += dot(here, product(along, across)) / (4 * Math.PI);
      D += (dot(along, along) + dot(across, across)) / 2;
      Fx += dot(product(here, along), sigma) * d;
      Fy += dot(product(here, across), sigma) * d;
    }
  return { Q, D, Fx, Fy };
}

export default async function skyrmionRacetrack(session: Session): Promise<void> {
  const simulation = await openMicromagnet(track);
  await simulation.relax({ torque: 1e-4 });
  // Moments along Ĵ × ẑ = −ŷ arrive from platinum below.
  const sigma = [0, -1, 0] as const;
  const { Q, D, Fx, Fy } = thiele(await simulation.magnetization(), sigma);
  const rate = (GAMMA * HBAR_2E * xi * J) / (Ms * thickness);
  // From ∫ ∂_i m·(m × ṁ) with ṁ = −(v·∇)m: −G v_y + α𝒟 v_x = F_x, G v_x + α𝒟 v_y = F_y.
  const [G, drag] = [4 * Math.PI * Q, alpha * D];
  const [fx, fy] = [rate * Fx, rate * Fy];
  const determinant = G * G + drag * drag;
  const expected = [(drag * fx + G * fy) / determinant, (drag * fy - G * fx) / determinant];

  simulation.set({ torques: [spinOrbit({ current: [J, 0, 0], metal: "below", dampingLike: xi, thickness })] });
  const frames: { label: string; m: Float64Array }[] = [];
  const positions: [number, number, number][] = [];
  await session.magnetization("track", simulation, {
    duration: 1 * ns,
    every: 0.025 * ns,
    onRow: async () => {
      const { skyrmion_x, skyrmion_y } = await simulation.measure("skyrmionPosition");
      positions.push([simulation.time, skyrmion_x, skyrmion_y]);
      if (positions.length % 10 === 1)
        frames.push({ label: `${(simulation.time / ns).toFixed(2)} ns`, m: await simulation.magnetization() });
    },
  });
  await simulation.close();
  await session.figure("skyrmion-racetrack", {
    title: "A skyrmion runs along a track, and aside",
    subtitle: `Platinum below carries ${J.toExponential(0).replace("e+", "e")} A/m² along x`,
    cells: [nx, ny],
    cell: [d, d],
    frames: frames.slice(0, 4),
  });
  const [first, last] = [positions[2], positions[8]];
  const seen = [1, 2].map((c) => (last[c] - first[c]) / (last[0] - first[0]));
  session.log(`Q = ${Q.toFixed(3)}, 𝒟 = ${D.toFixed(1)}`);
  session.log(
    `seen ${seen.map((v) => v.toFixed(2)).join(", ")} m/s; Thiele ${expected.map((v) => v.toFixed(2)).join(", ")} m/s`,
  );
  await session.table("positions", [
    { name: "time", unit: "s", values: positions.map(([t]) => t) },
    { name: "x", unit: "m", values: positions.map(([, x]) => x) },
    { name: "y", unit: "m", values: positions.map(([, , y]) => y) },
  ]);
  await session.table("velocity", [
    { name: "seen", unit: "m/s", values: seen },
    { name: "Thiele", unit: "m/s", values: expected },
  ]);
}
