import type { Vector3 } from "../algebra/vector.ts";
import { cross, dot } from "../algebra/vector.ts";
import { centreOf, type Mesh } from "./mesh.ts";

/** Numbers read off a texture.  `m` holds component planes, x fastest; zero where there is no magnet. */

const reader = (m: ArrayLike<number>, { grid }: Mesh) => {
  const [nx, ny, nz] = grid.size;
  const cells = nx * ny * nz;
  const [px, py] = grid.periodic;
  /** m of a cell; undefined outside and where there is no magnet. */
  return (x: number, y: number, k: number): Vector3 | undefined => {
    if (!px && (x < 0 || x >= nx)) return undefined;
    if (!py && (y < 0 || y >= ny)) return undefined;
    const i = (k * ny + ((y + ny) % ny)) * nx + ((x + nx) % nx);
    const v: Vector3 = [m[i], m[cells + i], m[2 * cells + i]];
    return v[0] === 0 && v[1] === 0 && v[2] === 0 ? undefined : v;
  };
};

/** Charge density times the cell's area, m·(∂_x m × ∂_y m) dx dy/4π by central differences; one-sided at edges. */
function eachCharge(m: ArrayLike<number>, mesh: Mesh, visit: (cell: number, charge: number) => void): void {
  const [nx, ny, nz] = mesh.grid.size;
  const at = reader(m, mesh);
  const slope = (here: Vector3, before: Vector3 | undefined, after: Vector3 | undefined): Vector3 => {
    const [a, b] = [before ?? here, after ?? here];
    const span = (before ? 1 : 0) + (after ? 1 : 0);
    return span === 0 ? [0, 0, 0] : [(b[0] - a[0]) / span, (b[1] - a[1]) / span, (b[2] - a[2]) / span];
  };
  for (let k = 0, i = 0; k < nz; k++)
    for (let y = 0; y < ny; y++)
      for (let x = 0; x < nx; x++, i++) {
        const here = at(x, y, k);
        if (!here) continue;
        const along = slope(here, at(x - 1, y, k), at(x + 1, y, k));
        const across = slope(here, at(x, y - 1, k), at(x, y + 1, k));
        visit(i, dot(here, cross(along, across)) / (4 * Math.PI));
      }
}

/** Topological charge Q = (1/4π) ∫ m·(∂_x m × ∂_y m) dx dy, mean over the planes. */
export function topologicalCharge(m: ArrayLike<number>, mesh: Mesh): number {
  let sum = 0;
  eachCharge(m, mesh, (_, charge) => {
    sum += charge;
  });
  return sum / mesh.grid.size[2];
}

/** The same from the solid angles of two triangles per cell: Berg and Lüscher, Nucl. Phys. B 190, 412 (1981). */
export function latticeCharge(m: ArrayLike<number>, mesh: Mesh): number {
  const [nx, ny, nz] = mesh.grid.size;
  const at = reader(m, mesh);
  let sum = 0;
  for (let k = 0; k < nz; k++)
    for (let y = 0; y < ny; y++)
      for (let x = 0; x < nx; x++) {
        const [a, b, c, d] = [at(x, y, k), at(x + 1, y, k), at(x + 1, y + 1, k), at(x, y + 1, k)];
        if (a && b && c) sum += solidAngle(a, b, c);
        if (a && c && d) sum += solidAngle(a, c, d);
      }
  return sum / (4 * Math.PI * nz);
}

/** Signed solid angle of the spherical triangle.  Van Oosterom and Strackee, IEEE Trans. Biomed. Eng. 30, 125 (1983). */
const solidAngle = (a: Vector3, b: Vector3, c: Vector3): number =>
  2 * Math.atan2(dot(a, cross(b, c)), 1 + dot(a, b) + dot(b, c) + dot(c, a));

/** Centre of the topological charge, x and y [m]. */
export function skyrmionPosition(m: ArrayLike<number>, mesh: Mesh): [number, number] {
  let [x, y, total] = [0, 0, 0];
  eachCharge(m, mesh, (cell, charge) => {
    const [cx, cy] = centreOf(mesh, cell);
    x += charge * cx;
    y += charge * cy;
    total += charge;
  });
  return [x / total, y / total];
}

/** Where |m_z| is largest, refined by parabolas through the neighbours, x and y [m]; of the middle plane. */
export function vortexPosition(m: ArrayLike<number>, mesh: Mesh): [number, number] {
  const [nx, ny, nz] = mesh.grid.size;
  const k = Math.floor(nz / 2);
  const at = reader(m, mesh);
  const height = (x: number, y: number) => Math.abs(at(x, y, k)?.[2] ?? 0);
  let [bx, by, best] = [0, 0, -1];
  for (let y = 0; y < ny; y++)
    for (let x = 0; x < nx; x++) {
      const h = height(x, y);
      if (h > best) [bx, by, best] = [x, y, h];
    }
  const vertex = (a: number, b: number, c: number) => {
    const bend = a - 2 * b + c;
    return bend < 0 ? Math.max(-0.5, Math.min(0.5, (a - c) / (2 * bend))) : 0;
  };
  const [cx, cy] = centreOf(mesh, (k * ny + by) * nx + bx);
  return [
    cx + vertex(height(bx - 1, by), best, height(bx + 1, by)) * mesh.grid.cell[0],
    cy + vertex(height(bx, by - 1), best, height(bx, by + 1)) * mesh.grid.cell[1],
  ];
}

/**
 * x of one wall across a strip [m], from the mean of the component that differs most between its ends: with a at the left and b at the
 * right the mean is a + (b − a)(1/2 − x/L).
 */
export function wallPosition(m: ArrayLike<number>, mesh: Mesh, fill: ArrayLike<number>): number {
  const [nx, ny, nz] = mesh.grid.size;
  const cells = nx * ny * nz;
  const columns = Array.from({ length: nx }, () => [0, 0, 0, 0]);
  for (let i = 0; i < cells; i++) {
    const column = columns[i % nx];
    for (let c = 0; c < 3; c++) column[c] += fill[i] * m[c * cells + i];
    column[3] += fill[i];
  }
  const [left, right] = [columns[0], columns[nx - 1]];
  const difference = [0, 1, 2].map((c) => right[c] / right[3] - left[c] / left[3]);
  const axis = difference.reduce((best, d, c) => (Math.abs(d) > Math.abs(difference[best]) ? c : best), 0);
  const total = columns.reduce((sum, c) => sum + c[3], 0);
  const mean = columns.reduce((sum, c) => sum + c[axis], 0) / total;
  const share = (mean - left[axis] / left[3]) / difference[axis];
  return (0.5 - share) * nx * mesh.grid.cell[0];
}
