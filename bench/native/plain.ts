/** Numbers of the evaluation every contestant computes; native/llg.c has the same. */
export const llgParameters = {
  /** Exchange per axis: weights of the second differences. */
  weights: [1.5, 1.4, 1.3],
  /** Uniaxial anisotropy: strength and axis. */
  anisotropy: 0.7,
  axis: [0.1, 0.2, 0.97],
  field: [0.01, 0.02, -0.03],
  gamma: -0.9,
  damping: 0.05,
} as const;

/** Writes the unit vectors every contestant starts from: component c of cell i at `m[i + c * plane]`. */
export function pattern(m: Float32Array, cells: number, plane: number): void {
  for (let i = 0; i < cells; i++) {
    const x = Math.sin(i * 0.01);
    const y = Math.cos(i * 0.013);
    const z = Math.sin(i * 0.007) + 0.3;
    const n = 1 / Math.sqrt(x * x + y * y + z * z);
    m[i] = x * n;
    m[i + plane] = y * n;
    m[i + 2 * plane] = z * n;
  }
}

/** What contestants must agree on: the mean over cells of the components' absolute values, summed; padding is zero. */
export function checksum(t: ArrayLike<number>, cells: number): number {
  let sum = 0;
  for (let i = 0; i < t.length; i++) sum += Math.abs(t[i]);
  return sum / cells;
}

/** An evaluation in plain JavaScript: `step` reads m and writes t; component c of cell i is at `i + c * plane`. */
export interface PlainLlg {
  readonly m: Float32Array;
  readonly t: Float32Array;
  readonly plane: number;
  step(): void;
}

/** Between planes [numbers], and between m and t [bytes]: side by side in memory, they would compete for the cache. */
const PLANE_PAD = 272;
const APART = 2112;

/**
 * t = gamma (m×h + damping m×(m×h)) in plain JavaScript: one thread, one number at a time. h is exchange with the edge
 * cells repeated outside, uniaxial anisotropy and a field.
 */
export function plainLlg(nx: number, ny: number, nz: number): PlainLlg {
  const cells = nx * ny * nz;
  const plane = cells + PLANE_PAD;
  const second = plane;
  const third = 2 * plane;
  const slice = nx * ny;
  const pages = Math.ceil((12 * plane) / 4096) * 4096;
  const memory = new ArrayBuffer(2 * pages + APART);
  const m = new Float32Array(memory, 0, 3 * plane);
  const t = new Float32Array(memory, pages + APART, 3 * plane);
  pattern(m, cells, plane);
  const [cx, cy, cz] = llgParameters.weights;
  const [ux, uy, uz] = llgParameters.axis;
  const [bx, by, bz] = llgParameters.field;
  const { anisotropy, gamma, damping } = llgParameters;

  function step(): void {
    for (let z = 0; z < nz; z++) {
      const below = z > 0 ? slice : 0;
      const above = z < nz - 1 ? slice : 0;
      for (let y = 0; y < ny; y++) {
        const back = y > 0 ? nx : 0;
        const front = y < ny - 1 ? nx : 0;
        const begin = z * slice + y * nx;
        const end = begin + nx - 1;
        for (let i = begin; i <= end; i++) {
          const left = i > begin ? i - 1 : i;
          const right = i < end ? i + 1 : i;
          const a = m[i];
          const b = m[i + second];
          const c = m[i + third];
          const s = anisotropy * (a * ux + b * uy + c * uz);
          const hx =
            cx * (m[left] + m[right] - 2 * a) +
            cy * (m[i - back] + m[i + front] - 2 * a) +
            cz * (m[i - below] + m[i + above] - 2 * a) +
            ux * s +
            bx;
          const hy =
            cx * (m[left + second] + m[right + second] - 2 * b) +
            cy * (m[i - back + second] + m[i + front + second] - 2 * b) +
            cz * (m[i - below + second] + m[i + above + second] - 2 * b) +
            uy * s +
            by;
          const hz =
            cx * (m[left + third] + m[right + third] - 2 * c) +
            cy * (m[i - back + third] + m[i + front + third] - 2 * c) +
            cz * (m[i - below + third] + m[i + above + third] - 2 * c) +
            uz * s +
            bz;
          const px = b * hz - c * hy;
          const py = c * hx - a * hz;
          const pz = a * hy - b * hx;
          t[i] = gamma * (px + damping * (b * pz - c * py));
          t[i + second] = gamma * (py + damping * (c * px - a * pz));
          t[i + third] = gamma * (pz + damping * (a * py - b * px));
        }
      }
    }
  }
  return { m, t, plane, step };
}
