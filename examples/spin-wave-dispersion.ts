/**
 * The dispersion of spin waves in a strip of permalloy, read from its motion: a field pulse in the middle sends waves of all lengths out,
 * and the Fourier transform of m(x, t) shows which frequency goes with which wave vector.  The geometry is that of the spin-wave standard
 * problem (G. Venkat et al., IEEE Trans. Magn. 49, 524 (2013)): a strip 1000 × 50 × 1 nm in a field along it, backward volume waves.
 *
 * The lines are Kalinikos and Slavin's for the lowest mode of a film (J. Phys. C 19, 7013 (1986)) of the same thickness, with the strip's own
 * field left out: edges lower the frequencies of long waves, as those of the first width mode.
 */
import { GAMMA, MU0, micromagnet, mT, nm, ns, openMicromagnet, ps, type Session } from "spinstream";

const [Ms, A, B] = [8e5, 13e-12, 1];
const [n, across, d, thickness] = [250, 15, 4 * nm, 1 * nm];

const strip = micromagnet({
  cells: [n, across, 1],
  cell: [d, (50 * nm) / across, thickness],
  // Damped towards the ends, where waves would be thrown back.
  parameters: { damping: (x) => 0.005 + 0.5 * Math.max(0, (Math.abs(x) - 420 * nm) / (80 * nm)) ** 2 },
  material: { saturationMagnetization: Ms, exchangeStiffness: A, damping: 0.005 },
  magnetization: [1, 0, 0],
});

const every = 3 * ps;
const duration = 1.5 * ns;

export default async function spinWaveDispersion(session: Session): Promise<void> {
  const simulation = await openMicromagnet(strip);
  simulation.set({ field: [B, 0, 0] });
  await simulation.relax();
  // sinc(ω t) holds all frequencies up to 150 GHz evenly, and 8 nm all wave vectors.
  const cutoff = 2 * Math.PI * 150e9;
  const start = 50 * ps;
  const pulse = (t: number) => (t === start ? 1 : Math.sin(cutoff * (t - start)) / (cutoff * (t - start)));
  simulation.set({
    field: [[B, 0, 0], { pattern: (x) => (Math.abs(x) < 4 * nm ? [0, 100 * mT, 0] : [0, 0, 0]), factor: pulse }],
  });
  const rows: Float64Array[] = [];
  await session.magnetization("strip", simulation, {
    duration,
    every,
    onRow: async () => {
      const m = await simulation.magnetization();
      const cells = n * across;
      // m_z along the middle line.
      rows.push(Float64Array.from({ length: n }, (_, i) => m[2 * cells + 7 * n + i]));
    },
  });
  await simulation.close();

  // Fourier transform of m_z(x, t) under Hann's window, at wave vectors ±k together.
  const waveVectors = Array.from({ length: 61 }, (_, j) => (j * 0.3e9) / 60);
  const frequencies = Array.from({ length: 91 }, (_, j) => 20e9 + (j * 100e9) / 90);
  const power = new Float64Array(waveVectors.length * frequencies.length);
  for (const [j, k] of waveVectors.entries()) {
    const inSpace = rows.map((row) => {
      let [even, odd] = [0, 0];
      for (let i = 0; i < n; i++) {
        const x = (i + 0.5 - n / 2) * d;
        even += row[i] * Math.cos(k * x);
        odd += row[i] * Math.sin(k * x);
      }
      return [even, odd];
    });
    for (const [l, f] of frequencies.entries()) {
      let sum = 0;
      for (const part of [0, 1]) {
        let [re, im] = [0, 0];
        inSpace.forEach((values, t) => {
          const w = values[part] * Math.sin((Math.PI * t) / rows.length) ** 2;
          re += w * Math.cos(2 * Math.PI * f * t * every);
          im += w * Math.sin(2 * Math.PI * f * t * every);
        });
        sum += re * re + im * im;
      }
      power[l * waveVectors.length + j] = sum;
    }
  }
  const most = power.reduce((a, b) => Math.max(a, b));
  const ridge = waveVectors.map((_, j) => {
    let best = 0;
    for (let l = 1; l < frequencies.length; l++)
      if (power[l * waveVectors.length + j] > power[best * waveVectors.length + j]) best = l;
    return frequencies[best];
  });
  /** Kalinikos and Slavin's law, with what stands for k² in exchange. */
  const law = (bend: (k: number) => number) =>
    waveVectors.map((k) => {
      const exchange = ((2 * A) / Ms) * bend(k);
      const spread = k === 0 ? 1 : (1 - Math.exp(-k * thickness)) / (k * thickness);
      return (GAMMA / (2 * Math.PI)) * Math.sqrt((B + exchange) * (B + exchange + MU0 * Ms * spread));
    });
  const theory = law((k) => k * k);
  const onCells = law((k) => (2 * (1 - Math.cos(k * d))) / d ** 2);
  const at = (k: number) => waveVectors.findIndex((other) => other >= k);
  for (const k of [0.1e9, 0.2e9])
    session.log(
      `k = ${k * 1e-9} rad/nm: ${(ridge[at(k)] / 1e9).toFixed(1)} GHz; a film without edges ${(theory[at(k)] / 1e9).toFixed(1)} GHz`,
    );
  await session.table("dispersion", [
    { name: "k", unit: "rad/m", values: waveVectors },
    { name: "f", unit: "Hz", doc: "strongest frequency", values: ridge },
    { name: "f_film", unit: "Hz", doc: "Kalinikos and Slavin, lowest mode of a film", values: theory },
    { name: "f_cells", unit: "Hz", doc: "the same with exchange between cells", values: onCells },
  ]);
  await session.figure("spin-wave-dispersion", {
    title: "Spin waves along a strip of permalloy",
    subtitle:
      "colour: Fourier transform of the motion; lines: a film without edges (Kalinikos and Slavin), dashed on its cells",
    x: { label: "wave vector", unit: "rad/m" },
    y: { label: "frequency", unit: "Hz" },
    columns: waveVectors,
    rows: frequencies,
    values: power.map((p) => Math.max(0, 5 + Math.log10(p / most + 1e-8))),
    value: { label: "decades of power", unit: "1", domain: [0, 5] },
    series: [
      { label: "", x: waveVectors, y: theory },
      { label: "", x: waveVectors, y: onCells, dashed: true },
    ],
  });
}
