import {
  circle,
  device,
  domainWall,
  drivenResponse,
  E_CHARGE,
  ellipsoid,
  ellipsoidFactors,
  energyPath,
  fieldTerm,
  GAMMA,
  GAMMA0,
  HBAR_2E,
  K_B,
  layer,
  type MachineOptions,
  type MagneticSimulation,
  type Micromagnet,
  type MicromagnetOptions,
  MU_B,
  MU0,
  magnetizationLoop,
  micromagnet,
  mT,
  nm,
  ns,
  openMicromagnet,
  prismFactors,
  ps,
  randomDirections,
  rectangle,
  ringdown,
  simulate,
  skyrmion,
  spinOrbit,
  uniaxialAnisotropyField,
  type Vector3,
  vortex,
  zhangLi,
} from "../src/index.ts";

import { relative, type ValidationCase } from "./case.ts";
import { type Row, STANDARD_PROBLEM_4_FIELD_1, STANDARD_PROBLEM_4_FIELD_2 } from "./standardProblem4.ts";

const quiet = () => {};

/** Opens a magnet for as long as a case runs. */
async function withMagnet<T>(
  options: MicromagnetOptions,
  body: (simulation: MagneticSimulation, magnet: Micromagnet) => Promise<T>,
  machine: MachineOptions = { precision: "f64", threads: 1 },
): Promise<T> {
  const magnet = micromagnet({ onWarning: quiet, ...options });
  const simulation = await openMicromagnet(magnet, machine);
  try {
    return await body(simulation, magnet);
  } finally {
    await simulation.close();
  }
}

const permalloy = { saturationMagnetization: 8e5, exchangeStiffness: 13e-12, damping: 0.02 };

/** Largest difference of the mean magnetization from published rows. */
function standardProblem4(field: Vector3, rows: readonly Row[], machine: MachineOptions): Promise<number> {
  return withMagnet(
    {
      cells: [128, 32, 1],
      cell: [(500 / 128) * nm, (125 / 32) * nm, 3 * nm],
      material: permalloy,
      gyromagneticRatio: 2.211e5 / MU0,
      magnetization: [1, 0.1, 0],
    },
    async (film) => {
      await film.relax({ torque: machine.precision === "f32" ? 1e-6 : 1e-8 });
      film.set({ field });
      const run = await film.run({ duration: 1 * ns, every: 0.1 * ns });
      const columns = ["m_x", "m_y", "m_z"].map((name) => run.table.get(name)!);
      return Math.max(...rows.flatMap(([, ...m], i) => m.map((value, c) => Math.abs(columns[c][i + 1] - value))));
    },
    machine,
  );
}

/** A strip one cell wide with a wall of easy axis z and hard axis y, without its own field. */
const K = 5e5;
const hard = 5e4;
const wallMaterial = { saturationMagnetization: 6e5, exchangeStiffness: 1e-11, uniaxialAnisotropy: K, damping: 0.1 };
const width = Math.sqrt(wallMaterial.exchangeStiffness / K);

function wallVelocity(
  conditions: Parameters<MagneticSimulation["set"]>[0],
  {
    times = [1 * ns, 2 * ns],
    options = {},
    cell = 1 * nm,
  }: { times?: [number, number]; options?: Partial<MicromagnetOptions>; cell?: number } = {},
): Promise<number> {
  return withMagnet(
    {
      cells: [Math.round((400 * nm) / cell), 1, 1],
      cell: [cell, 1 * nm, 1 * nm],
      material: wallMaterial,
      magnetization: domainWall({ kind: "Néel", width }),
      demagnetization: false,
      terms: [
        {
          term: fieldTerm({ ...uniaxialAnisotropyField, name: "hard axis", symbol: "hard" }),
          given: { K1: -hard, K2: 0, u: [0, 1, 0] },
        },
      ],
      ...options,
    },
    async (strip) => {
      strip.set(conditions);
      const [begin, end] = times;
      await strip.run({ duration: begin, every: begin, tolerance: 1e-6 });
      const before = (await strip.measure("wallPosition")).wall_x;
      await strip.run({ duration: end - begin, every: end - begin, tolerance: 1e-6 });
      return ((await strip.measure("wallPosition")).wall_x - before) / (end - begin);
    },
  );
}

/** The same without the part that goes as the cell's square, from cells of Δ/4.5 and Δ/5.6. */
async function wallVelocityBetweenCells(
  conditions: Parameters<MagneticSimulation["set"]>[0],
  times: [number, number],
): Promise<number> {
  const [coarse, fine] = [1 * nm, 0.8 * nm];
  const [a, b] = [
    await wallVelocity(conditions, { times, cell: coarse }),
    await wallVelocity(conditions, { times, cell: fine }),
  ];
  return (b * coarse ** 2 - a * fine ** 2) / (coarse ** 2 - fine ** 2);
}

/**
 * Angle θ(r) of a Néel skyrmion in a disk without its own field: θ″ + θ′/r − sin θ cos θ/r² + (D/A) sin² θ/r − (K/A) sin θ cos θ = 0 with θ(0) = π
 * and θ′(R) = −D/2A, by Newton's method on n points.  Rohart and Thiaville, PRB 88, 184422 (2013).
 * @returns the radius at which θ = π/2, and θ(R)
 */
function skyrmionProfile(A: number, D: number, Ku: number, R: number, n: number): { radius: number; edge: number } {
  const h = R / n;
  const theta = Float64Array.from(
    { length: n + 1 },
    (_, i) => 2 * Math.atan(Math.exp((0.35 * R - i * h) / Math.sqrt(A / Ku))),
  );
  theta[0] = Math.PI;
  for (let round = 0; round < 200; round++) {
    // Tridiagonal: below, here, above, and the residual.
    const [a, b, c, f] = [0, 1, 2, 3].map(() => new Float64Array(n + 1));
    b[0] = 1;
    for (let i = 1; i <= n; i++) {
      const r = i * h;
      // The slope at the edge is −D/2A.
      const next = i < n ? theta[i + 1] : theta[n - 1] - (h * D) / A;
      const [s, k] = [Math.sin(theta[i]), Math.cos(theta[i])];
      f[i] =
        (next - 2 * theta[i] + theta[i - 1]) / h ** 2 +
        (next - theta[i - 1]) / (2 * h * r) -
        (s * k) / r ** 2 +
        ((D / A) * s * s) / r -
        (Ku / A) * s * k;
      a[i] = 1 / h ** 2 - 1 / (2 * h * r);
      c[i] = 1 / h ** 2 + 1 / (2 * h * r);
      b[i] = -2 / h ** 2 - (k * k - s * s) / r ** 2 + ((D / A) * 2 * s * k) / r - (Ku / A) * (k * k - s * s);
      if (i === n) [a[i], c[i]] = [a[i] + c[i], 0];
    }
    for (let i = 1; i <= n; i++) {
      const w = a[i] / b[i - 1];
      b[i] -= w * c[i - 1];
      f[i] -= w * f[i - 1];
    }
    const change = new Float64Array(n + 2);
    for (let i = n; i >= 0; i--) change[i] = (f[i] - c[i] * change[i + 1]) / b[i];
    const largest = change.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    const damp = Math.min(1, 0.3 / largest);
    for (let i = 1; i <= n; i++) theta[i] -= damp * change[i];
    if (largest < 1e-10) break;
  }
  const i = theta.findIndex((angle) => angle < Math.PI / 2);
  const share = (theta[i - 1] - Math.PI / 2) / (theta[i - 1] - theta[i]);
  return { radius: (i - 1 + share) * h, edge: theta[n] };
}

let disk: Promise<{ radius: number; edge: number }> | undefined;
const diskMaterial = {
  saturationMagnetization: 8.6e5,
  exchangeStiffness: 13e-12,
  uniaxialAnisotropy: 4e5,
  interfacialDMI: 3e-3,
  damping: 0.5,
};

/** The skyrmion in a disk of 100 nm of the DMI standard problem (Cortés-Ortuño et al., New J. Phys. 20, 113015 (2018)), without its own field. */
function skyrmionInDisk() {
  disk ??= withMagnet(
    {
      cells: [101, 101, 1],
      cell: [1 * nm, 1 * nm, 2 * nm],
      shape: circle(101 * nm),
      material: diskMaterial,
      magnetization: skyrmion({ kind: "Néel", radius: 20 * nm, polarity: -1 }),
      demagnetization: false,
    },
    async (film) => {
      await film.relax({ torque: 1e-6 });
      const m = await film.magnetization();
      const cells = 101 * 101;
      // Along the middle row, to the right.
      const row = Array.from({ length: 51 }, (_, i) => m[2 * cells + 50 * 101 + 50 + i]);
      const i = row.findIndex((z) => z > 0);
      const share = -row[i - 1] / (row[i] - row[i - 1]);
      return { radius: (i - 1 + share) * nm, edge: Math.acos(row[50]) };
    },
  );
  return disk;
}

/** Angular frequency of a wave m = (ε cos kx, ε sin kx, 1) on a ring of cells, from the turn of its phase. */
function waveFrequency(waves: number, conditions: Parameters<MagneticSimulation["set"]>[0], duration: number) {
  const n = 64;
  const d = 2 * nm;
  const k = (2 * Math.PI * waves) / (n * d);
  return withMagnet(
    {
      cells: [n, 1, 1],
      cell: [d, d, d],
      periodic: [1, 0, 0],
      material: { ...permalloy, damping: 0 },
      magnetization: (x) => [1e-3 * Math.cos(k * x), 1e-3 * Math.sin(k * x), 1],
      demagnetization: false,
    },
    async (ring) => {
      const phase = async () => {
        const m = await ring.magnetization();
        let [re, im] = [0, 0];
        for (let i = 0; i < n; i++) {
          const x = (i + 0.5 - n / 2) * d;
          const [c, s] = [Math.cos(k * x), Math.sin(k * x)];
          re += m[i] * c + m[n + i] * s;
          im += m[n + i] * c - m[i] * s;
        }
        return Math.atan2(im, re);
      };
      ring.set(conditions);
      const before = await phase();
      await ring.run({ duration, every: duration, tolerance: 1e-9 });
      // Of waves that turn less than half way round.
      return { omega: ((await phase()) - before) / duration, k, d };
    },
  );
}

const E = (values: Readonly<Record<string, number>>) => values.E_total;

export const micromagnetics: readonly ValidationCase[] = [
  {
    id: "D9.sp4.1",
    title: "standard problem 4, field 1: largest difference of ⟨m⟩ from OOMMF in 1 ns",
    reason: "two programs that OOMMF is compared with agree to 4e-7; steps of an error of 1e-5 leave some 1e-5",
    run: async () => ({
      value: await standardProblem4([-24.6 * mT, 4.3 * mT, 0], STANDARD_PROBLEM_4_FIELD_1, { precision: "f64" }),
      expected: 0,
      tolerance: 3e-5,
    }),
  },
  {
    id: "D9.sp4.2",
    title: "standard problem 4, field 2: the same",
    reason: "known to be sensitive: two other programs differ by 1e-4",
    run: async () => ({
      value: await standardProblem4([-35.5 * mT, -6.3 * mT, 0], STANDARD_PROBLEM_4_FIELD_2, { precision: "f64" }),
      expected: 0,
      tolerance: 3e-4,
    }),
  },
  {
    id: "D9.sp4.f32",
    title: "standard problem 4, field 1, in single precision: the same",
    reason: "as in double precision: what single precision adds is less than the error of the steps",
    run: async () => ({
      value: await standardProblem4([-24.6 * mT, 4.3 * mT, 0], STANDARD_PROBLEM_4_FIELD_1, { precision: "f32" }),
      expected: 0,
      tolerance: 3e-5,
    }),
  },
  {
    id: "D9.sp2",
    title: "standard problem 2: H_c/Ms along [111] of a bar that turns as one",
    reason: "0.05707 is published for d → 0; fields step by 2e-4 Ms, between two of which it jumps",
    run: () => {
      // An exchange length of ten widths: nothing but coherent rotation is left.
      const d = 0.1 * Math.sqrt((2 * permalloy.exchangeStiffness) / (MU0 * permalloy.saturationMagnetization ** 2));
      return withMagnet(
        { cells: [10, 2, 1], cell: [d / 2, d / 2, d / 10], material: permalloy, magnetization: [1, 0.05, 0.02] },
        async (bar) => {
          const full = 0.06 * MU0 * permalloy.saturationMagnetization;
          const near = Array.from({ length: 16 }, (_, i) => -(0.0556 + 2e-4 * i) / 0.06);
          const loop = await magnetizationLoop(bar, {
            field: [full / Math.sqrt(3), full / Math.sqrt(3), full / Math.sqrt(3)],
            strengths: [0, -0.5, -0.85, -0.9, ...near],
            torque: 1e-7,
          });
          const { field, m } = loop.data;
          const jump = m.values.findIndex((value) => value < 0);
          const value = -(field.values[jump - 1] + field.values[jump]) / 2 / (MU0 * permalloy.saturationMagnetization);
          return { value, expected: 0.05707, tolerance: 2e-4 };
        },
      );
    },
  },
  {
    id: "D9.sp3",
    title: "standard problem 3: the cube's edge at which flower and vortex have one energy, in exchange lengths",
    reason: "8.47 is published; cells of a 16th of the edge leave some 0.3 %",
    run: async () => {
      const Km = 0.5 * MU0 * 8e5 ** 2;
      const lex = Math.sqrt(13e-12 / Km);
      const difference = async (L: number) => {
        const energy = (magnetization: MicromagnetOptions["magnetization"]) =>
          withMagnet(
            {
              cells: [16, 16, 16],
              cell: [(L * lex) / 16, (L * lex) / 16, (L * lex) / 16],
              material: { ...permalloy, uniaxialAnisotropy: 0.1 * Km, anisotropyAxis: [0, 0, 1] },
              magnetization,
            },
            async (cube) => {
              await cube.relax({ torque: 1e-5 });
              return E(await cube.measure("E_total")) / (Km * (L * lex) ** 3);
            },
            { precision: "f64" },
          );
        const flower = await energy([0.01, 0.02, 1]);
        // The vortex lies with its core along x.
        const curl = await energy((_x, y, z) => [0.4, -z / (4 * lex), y / (4 * lex)]);
        return flower - curl;
      };
      const [a, b] = [8.3, 8.6];
      const [fa, fb] = [await difference(a), await difference(b)];
      return relative(a - (fa * (b - a)) / (fb - fa), 8.47, 0.005);
    },
  },
  ...(
    [
      ["m_x", 0.5, -0.3097],
      ["m_y", 0.5, 0.1477],
      ["m_x", 1, -0.2385],
      ["m_y", 1, -0.0969],
    ] as const
  ).map(
    ([component, time, published]): ValidationCase => ({
      id: `D9.sp5.${component}.${time}`,
      title: `standard problem 5: ⟨${component}⟩ of a vortex ${time} ns after a current has begun, β = 0.05`,
      reason: "published to four digits; cells of 2 nm, and the steps, leave some 0.5 % of the vortex's way",
      run: async () => {
        const run = await standardProblem5();
        return { value: run.get(component)![2 * time], expected: published, tolerance: 0.0015 };
      },
    }),
  ),
  {
    id: "D.barrier.coherent",
    title: "barrier of a small magnet that turns as one, over K V",
    reason: "exact; the saddle is met to the square of what the tolerance of 1e-6 leaves",
    run: () => {
      const [K1, d] = [1e5, 2 * nm];
      return withMagnet(
        {
          cells: [4, 3, 2],
          cell: [d, d, d],
          material: { ...permalloy, uniaxialAnisotropy: K1 },
          magnetization: [0, 0, 1],
          demagnetization: false,
        },
        async (magnet) => {
          const up = await magnet.magnetization();
          const { barrier } = await energyPath(magnet, {
            states: [up, up.map((m) => -m)],
            images: 10,
            tolerance: 1e-6,
          });
          return relative(barrier / (K1 * 24 * d ** 3), 1, 1e-5);
        },
      );
    },
  },
  {
    id: "D.barrier.wall",
    title: "barrier of a long strip, which reverses by a wall: over 4√(AK) times its cross-section",
    reason: "on cells of Δ/4.5 a wall costs (a/Δ)²/24 = 0.2 % less, and from an end to the other 60 nm hold 13 Δ",
    run: () =>
      withMagnet(
        {
          cells: [60, 1, 1],
          cell: [1 * nm, 1 * nm, 1 * nm],
          material: wallMaterial,
          magnetization: [0, 0, 1],
          demagnetization: false,
        },
        async (strip) => {
          const up = await strip.magnetization();
          await strip.setMagnetization(domainWall({ kind: "Bloch", width }));
          const wall = await strip.magnetization();
          const { barrier } = await energyPath(strip, { states: [up, wall, up.map((m) => -m)], images: 15 });
          return relative(barrier / (4 * Math.sqrt(wallMaterial.exchangeStiffness * K) * 1e-18), 1, 0.005);
        },
      ),
  },
  {
    id: "D8.kittel",
    title: "a prism of one cell rings at Kittel's γ√[(B + (N_y − N_x)µ0Ms)(B + (N_z − N_x)µ0Ms)], GHz",
    reason:
      "one cell is a prism, whose factors these are; the line's place is read to a 50th of its width of 2/duration",
    run: () => {
      const [a, b, c] = [20 * nm, 12 * nm, 5 * nm];
      const B = 0.1;
      return withMagnet(
        { cells: [1, 1, 1], cell: [a, b, c], material: { ...permalloy, damping: 0.005 }, magnetization: [1, 0, 0] },
        async (magnet) => {
          magnet.set({ field: [B, 0, 0] });
          const { modes } = await ringdown(magnet, { kick: [0, 0.01, 0], duration: 4 * ns, highest: 60e9 });
          const [x, y, z] = prismFactors(a, b, c).map((N) => N * MU0 * permalloy.saturationMagnetization);
          const expected = (GAMMA / (2 * Math.PI)) * Math.sqrt((B + y - x) * (B + z - x));
          return { value: modes[0].frequency / 1e9, expected: expected / 1e9, tolerance: 0.02 };
        },
      );
    },
  },
  {
    id: "D8.susceptibility",
    title:
      "a prism of one cell is driven below, at and above its resonance: largest |χ − γµ0Ms ω₂/(ω₁ω₂ − ω²)| over |χ|",
    reason:
      "what has rung has decayed to 1e-3 of itself, and counts less over whole periods; the drive is 1e-3 of the fields",
    run: () => {
      const [a, b, c] = [20 * nm, 12 * nm, 5 * nm];
      const [B, alpha] = [0.1, 0.02];
      return withMagnet(
        { cells: [1, 1, 1], cell: [a, b, c], material: { ...permalloy, damping: alpha }, magnetization: [1, 0, 0] },
        async (magnet) => {
          magnet.set({ field: [B, 0, 0] });
          const M = MU0 * permalloy.saturationMagnetization;
          const [x, y, z] = prismFactors(a, b, c).map((N) => N * M);
          const [B1, B2] = [B + y - x, B + z - x];
          const resonance = (GAMMA / (2 * Math.PI)) * Math.sqrt(B1 * B2);
          const frequencies = [0.7, 1, 1.3].map((share) => share * resonance);
          const { modes } = await drivenResponse(magnet, { drive: [0, 0.02 * mT, 0], frequencies });
          // ω₁,₂ = γB₁,₂ − iαω from ṁ = −γ m × B + α m × ṁ to first order in m_y, m_z, for e^{−iωt}.
          const misses = modes.map(({ frequency, susceptibility: { re, im } }) => {
            const omega = 2 * Math.PI * frequency;
            const [r1, r2, i] = [GAMMA * B1, GAMMA * B2, -alpha * omega];
            const below = [r1 * r2 - i * i - omega ** 2, i * (r1 + r2)];
            const size = below[0] ** 2 + below[1] ** 2;
            const expected = [(r2 * below[0] + i * below[1]) / size, (i * below[0] - r2 * below[1]) / size];
            const chi = expected.map((value) => value * GAMMA * M);
            return Math.hypot(re - chi[0], im - chi[1]) / Math.hypot(...chi);
          });
          return { value: Math.max(...misses), expected: 0, tolerance: 2e-4 };
        },
      );
    },
  },
  {
    id: "D.macrospin",
    title: "one cell, as field and as macrospin at circuit depth: largest difference of m after 0.5 ns",
    reason: "one equation with one set of factors, by two programs: their steps' errors, 1e-9 each, add up",
    run: async () => {
      const [a, b, c] = [30 * nm, 20 * nm, 10 * nm];
      const material = {
        saturationMagnetization: 8e5,
        damping: 0.05,
        uniaxialAnisotropy: 4e4,
        anisotropyAxis: [1, 0, 1] as Vector3,
      };
      const start: Vector3 = [0, 0.6, 0.8];
      const field: Vector3 = [0.02, -0.05, 0.03];
      const one = device({
        shape: rectangle(a, b),
        layers: [
          layer({ ...material, kind: "magnetic insulator", name: "magnet" }, c, {
            name: "magnet",
            magnetization: start,
          }),
        ],
      });
      const circuit = await simulate(one, {
        duration: 0.5 * ns,
        field,
        relax: false,
        tolerance: 1e-10,
        onWarning: quiet,
      });
      const m = circuit.magnet("magnet").final;
      return withMagnet({ cells: [1, 1, 1], cell: [a, b, c], material, magnetization: start }, async (cell) => {
        cell.set({ field });
        await cell.run({ duration: 0.5 * ns, every: 0.5 * ns, tolerance: 1e-10 });
        const own = await cell.magnetization();
        return { value: Math.max(...own.map((x, i) => Math.abs(x - m[i]))), expected: 0, tolerance: 1e-6 };
      });
    },
  },
  {
    id: "D7.field",
    title: "a wall in a field below Walker's moves at v = γ0 Δ(φ) H/α, nm/ns",
    reason: "the wall stands off from its pace by exp(−t/0.3 ns), and cells by what goes as their fourth power: 0.1 %",
    run: async () => {
      const B = 5 * mT;
      // α B_k,⊥ sin 2φ / 2 = B, and the wall is narrower by its hard axis.
      const Bk = (2 * hard) / wallMaterial.saturationMagnetization;
      const phi = Math.asin((2 * B) / (wallMaterial.damping * Bk)) / 2;
      const narrow = Math.sqrt(wallMaterial.exchangeStiffness / (K + hard * Math.sin(phi) ** 2));
      const v = await wallVelocityBetweenCells({ field: [0, 0, B] }, [2.5 * ns, 3.5 * ns]);
      const expected = (GAMMA * narrow * B) / wallMaterial.damping;
      return relative(Math.abs(v), expected, 0.002);
    },
  },
  {
    id: "D7.current",
    title: "a wall under a current moves at v = (β/α) u along the electrons",
    reason: "exact in the continuum below Walker's current; as in a field",
    run: async () => {
      const J = 1e11;
      const u = (MU_B * 0.5 * J) / (E_CHARGE * wallMaterial.saturationMagnetization);
      const v = await wallVelocityBetweenCells(
        { torques: [zhangLi({ current: [-J, 0, 0], polarization: 0.5, beta: 0.2 })] },
        [4 * ns, 8 * ns],
      );
      return relative(v, (0.2 / 0.1) * u, 0.002);
    },
  },
  {
    id: "D8.dispersion",
    title: "a spin wave on a ring of cells: ω = γ[B + (2A/Ms) 2(1 − cos ka)/a²], GHz",
    reason: "exact for small waves; of their size squared, 1e-6, and of the steps, 1e-9, a part is left",
    run: async () => {
      const B = 0.05;
      const { omega, k, d } = await waveFrequency(4, { field: [0, 0, B] }, 5 * ps);
      const bend = (2 * (1 - Math.cos(k * d))) / d ** 2;
      const expected = GAMMA * (B + ((2 * permalloy.exchangeStiffness) / permalloy.saturationMagnetization) * bend);
      return relative(Math.abs(omega), expected, 5e-6);
    },
  },
  {
    id: "D8.doppler",
    title: "a current shifts a spin wave by u k (Doppler), on cells u sin(ka)/a, 1e9/s",
    reason: "exact in linear response; the difference of two frequencies carries 1e-6 of each",
    run: async () => {
      const J = 1e13;
      const u = (MU_B * 0.5 * J) / (E_CHARGE * permalloy.saturationMagnetization);
      const field: Vector3 = [0, 0, 0.05];
      const still = await waveFrequency(4, { field }, 5 * ps);
      const moved = await waveFrequency(
        4,
        { field, torques: [zhangLi({ current: [-J, 0, 0], polarization: 0.5, beta: 0 })] },
        5 * ps,
      );
      // m turns as cos(kx + φ), so a texture carried along +x turns φ back.
      return relative((still.omega - moved.omega) / 1e9, (u * Math.sin(still.k * still.d)) / still.d / 1e9, 1e-3);
    },
  },
  {
    id: "D7.edge",
    title: "m tilts at a film's edge by asin(D/2√(AK)) (Rohart and Thiaville 2013)",
    reason: "the surface is met to second order: cells of λ/5.7 leave (a/λ)²/24 and less",
    run: () => {
      const material = {
        saturationMagnetization: 8.6e5,
        exchangeStiffness: 13e-12,
        uniaxialAnisotropy: 4e5,
        interfacialDMI: 3e-3,
        damping: 0.5,
      };
      const n = 100;
      return withMagnet(
        {
          cells: [n, 1, 1],
          cell: [1 * nm, 1 * nm, 1 * nm],
          material,
          magnetization: [0, 0, 1],
          demagnetization: false,
        },
        async (wire) => {
          await wire.relax({ torque: 1e-8 });
          const m = await wire.magnetization();
          // tan(θ/2) falls as exp(−x/λ) from the edge.
          const lambda = Math.sqrt(material.exchangeStiffness / material.uniaxialAnisotropy);
          const theta = Math.asin(Math.abs(m[n - 1]));
          const edge = 2 * Math.atan(Math.tan(theta / 2) * Math.exp((0.5 * nm) / lambda));
          const expected = Math.asin(
            material.interfacialDMI / (2 * Math.sqrt(material.exchangeStiffness * material.uniaxialAnisotropy)),
          );
          return relative(edge, expected, 0.005);
        },
      );
    },
  },
  {
    id: "D9.dmi.radius",
    title: "radius of the skyrmion in a disk of the DMI standard problem, nm, from its radial equation",
    reason: "cells of λ/5.7 and the steps of the disk's edge leave some 0.3 %",
    run: async () => {
      const { exchangeStiffness: A, interfacialDMI: D, uniaxialAnisotropy: Ku } = diskMaterial;
      const { radius } = skyrmionProfile(A, D, Ku, 50.5 * nm, 4000);
      return relative((await skyrmionInDisk()).radius / nm, radius / nm, 0.005);
    },
  },
  {
    id: "D9.dmi.edge",
    title: "tilt of m in the outermost cell of that disk, from the radial equation",
    reason: "as above, and what bends θ within half a cell: the whole step there is 0.06",
    run: async () => {
      const { exchangeStiffness: A, interfacialDMI: D, uniaxialAnisotropy: Ku } = diskMaterial;
      const { edge } = skyrmionProfile(A, D, Ku, 50.5 * nm, 4000);
      // Back by half a cell along |θ′| = D/2A.
      return {
        value: (await skyrmionInDisk()).edge,
        expected: Math.abs(edge) - (D / (2 * A)) * 0.5 * nm,
        tolerance: 0.02,
      };
    },
  },
  {
    id: "D7.edge.sign",
    title: "for D > 0, e = D [m_z ∂_x m_x − m_x ∂_x m_z], m tilts inwards at a right edge",
    reason: "2A ∂m/∂x = −D ŷ × m there: m_x < 0 for m_z > 0",
    run: () =>
      withMagnet(
        {
          cells: [40, 1, 1],
          cell: [1 * nm, 1 * nm, 1 * nm],
          material: { ...wallMaterial, interfacialDMI: 1e-3 },
          magnetization: [0, 0, 1],
          demagnetization: false,
        },
        async (wire) => {
          await wire.relax({ torque: 1e-7 });
          return { value: Math.sign((await wire.magnetization())[39]), expected: -1, tolerance: 0 };
        },
      ),
  },
  {
    id: "D.prism",
    title: "self-energy of a uniform prism, over ½µ0Ms²V N of Aharoni",
    reason: "both are exact sums: round-off",
    run: () => {
      const [a, b, c] = [40 * nm, 20 * nm, 12 * nm];
      return withMagnet(
        { cells: [20, 8, 4], cell: [a / 20, b / 8, c / 4], material: permalloy, magnetization: [0, 1, 0] },
        async (prism) => {
          const N = prismFactors(a, b, c)[1];
          const { E_demag } = await prism.measure("energies");
          return relative(E_demag / (0.5 * MU0 * 8e5 ** 2 * a * b * c), N, 1e-10);
        },
      );
    },
  },
  {
    id: "D.ellipsoid",
    title: "the same of an ellipsoid of cells, over Osborn's N, from cells of a 32nd and a 64th of its length",
    reason: "steps stand for the surface: an error ∝ the cell, of which the difference of two meshes takes out most",
    run: async () => {
      const axes: Vector3 = [64 * nm, 40 * nm, 32 * nm];
      const factor = (fine: number) =>
        withMagnet(
          {
            cells: [32 * fine, 20 * fine, 16 * fine],
            cell: [(2 * nm) / fine, (2 * nm) / fine, (2 * nm) / fine],
            shape: ellipsoid(...axes),
            material: permalloy,
            magnetization: [0, 0, 1],
          },
          async (body, { fill }) => {
            const V = fill.reduce((a, b) => a + b) * ((2 * nm) / fine) ** 3;
            const { E_demag } = await body.measure("energies");
            return E_demag / (0.5 * MU0 * 8e5 ** 2 * V);
          },
        );
      const N = ellipsoidFactors(axes[0] / 2, axes[1] / 2, axes[2] / 2)[2];
      return relative(2 * (await factor(2)) - (await factor(1)), N, 0.002);
    },
  },
  {
    id: "E9.conserved",
    title: "energy after 50 ps of free motion without damping, over that at the start",
    reason: "steps of an error of 1e-9 drift by less",
    run: () =>
      withMagnet(
        {
          cells: [8, 6, 3],
          cell: [3 * nm, 3 * nm, 3 * nm],
          material: { ...permalloy, damping: 0 },
          magnetization: randomDirections(5),
        },
        async (body) => {
          const before = E(await body.measure("E_total"));
          await body.run({ duration: 50 * ps, every: 50 * ps, tolerance: 1e-9, method: "fehlberg" });
          return relative(E(await body.measure("E_total")) / before, 1, 1e-6);
        },
      ),
  },
  {
    id: "E9.heat",
    title: "what damping gives to the lattice, (αMs/γ) ∫|ṁ|² dV dt, is what the energy loses",
    reason: "the integral is a sum over 500 rows by Simpson's rule",
    run: () =>
      withMagnet(
        {
          cells: [6, 5, 2],
          cell: [3 * nm, 3 * nm, 3 * nm],
          material: { ...permalloy, damping: 0.2 },
          magnetization: (x, y) => [1, x / nm / 20, y / nm / 15],
        },
        async (body, { mesh }) => {
          body.set({ field: [0, 0.3, 0.1] });
          const n = 60;
          const V = 27e-27;
          const powers: number[] = [];
          const power = async () => {
            const [m, B] = [await body.magnetization(), await body.effectiveField()];
            let sum = 0;
            for (let i = 0; i < n; i++) {
              const [mx, my, mz, bx, by, bz] = [m[i], m[n + i], m[2 * n + i], B[i], B[n + i], B[2 * n + i]];
              const torque2 = (my * bz - mz * by) ** 2 + (mz * bx - mx * bz) ** 2 + (mx * by - my * bx) ** 2;
              // |ṁ|² = γ²|m × B|²/(1 + α²)
              sum += (torque2 * GAMMA ** 2) / (1 + 0.2 ** 2);
            }
            powers.push(((0.2 * 8e5) / GAMMA) * sum * V);
          };
          void mesh;
          const before = E(await body.measure("E_total"));
          const rows = 500;
          const duration = 100 * ps;
          await body.run({ duration, every: duration / rows, tolerance: 1e-8, onRow: power });
          const after = E(await body.measure("E_total"));
          const heat =
            powers.reduce((sum, p, i) => sum + p * (i === 0 || i === rows ? 1 : i % 2 ? 4 : 2), 0) *
            (duration / rows / 3);
          return relative(heat / (before - after), 1, 1e-5);
        },
      ),
  },
  {
    id: "D6.field",
    title: "⟨m_z⟩ of 4096 cells without exchange at 300 K is Langevin's coth ξ − 1/ξ",
    reason:
      "4 σ of 4096 spins read at 20 times that are nearly independent, σ = √(1 − coth² ξ + 1/ξ²… ) ≈ 0.5/√(4096·20)",
    run: () => {
      const B = 0.2;
      const V = (3 * nm) ** 3;
      const xi = (8e5 * V * B) / (K_B * 300);
      return withMagnet(
        {
          cells: [64, 64, 1],
          cell: [3 * nm, 3 * nm, 3 * nm],
          material: { saturationMagnetization: 8e5, damping: 0.3 },
          magnetization: [0, 0, 1],
          demagnetization: false,
        },
        async (gas) => {
          gas.set({ field: [0, 0, B], temperature: 300, seed: 4 });
          await gas.run({ duration: 300 * ps, every: 300 * ps, step: 0.1 * ps });
          const run = await gas.run({ duration: 2 * ns, every: 100 * ps, step: 0.1 * ps });
          const rows = [...run.table.get("m_z")!].slice(1);
          const mean = rows.reduce((a, b) => a + b) / rows.length;
          return { value: mean, expected: 1 / Math.tanh(xi) - 1 / xi, tolerance: (4 * 0.5) / Math.sqrt(4096 * 20) };
        },
        { precision: "f32" },
      );
    },
  },
  {
    id: "D7.spinHall",
    title: "a Néel wall under the spin Hall effect: v = v_D/√(1 + (αH_D/a_DL)²) (Thiaville 2012)",
    reason: "a model of two coordinates: the wall's width changes under way, 3 %",
    run: async () => {
      const material = {
        saturationMagnetization: 1.1e6,
        exchangeStiffness: 1.6e-11,
        uniaxialAnisotropy: 5e5,
        damping: 0.3,
        interfacialDMI: 0.5e-3,
      };
      const Delta = Math.sqrt(material.exchangeStiffness / material.uniaxialAnisotropy);
      const [J, xi, t] = [1e12, 0.1, 0.6 * nm];
      const aDL = (HBAR_2E * xi * J) / (MU0 * material.saturationMagnetization * t);
      const HD = material.interfacialDMI / (MU0 * material.saturationMagnetization * Delta);
      const vD = (Math.PI / 2) * GAMMA0 * Delta * HD;
      const v = await wallVelocity(
        { torques: [spinOrbit({ current: [J, 0, 0], metal: "below", dampingLike: xi, thickness: t })] },
        {
          options: { material, terms: [], magnetization: domainWall({ kind: "Néel", width: Delta }) },
          times: [0.3 * ns, 0.8 * ns],
        },
      );
      return relative(Math.abs(v), vD / Math.sqrt(1 + ((material.damping * HD) / aDL) ** 2), 0.03);
    },
  },
];

let vortexRun: Promise<ReadonlyMap<string, Float64Array>> | undefined;

/** A vortex in a square of 100 nm, 10 nm thick, under a current along x: u = 72.35 m/s for P = 1. */
function standardProblem5() {
  vortexRun ??= withMagnet(
    {
      cells: [50, 50, 5],
      cell: [2 * nm, 2 * nm, 2 * nm],
      material: { ...permalloy, damping: 0.1 },
      magnetization: vortex({ circulation: 1, polarity: 1 }),
      gyromagneticRatio: 2.211e5 / MU0,
    },
    async (square) => {
      await square.relax();
      square.set({ torques: [zhangLi({ current: [1e12, 0, 0], polarization: 1, beta: 0.05 })] });
      return (await square.run({ duration: 1 * ns, every: 0.5 * ns })).table;
    },
    { precision: "f32" },
  );
  return vortexRun;
}
