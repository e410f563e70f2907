import type { Vector3 } from "../algebra/vector.ts";
import type { Containment, Extent } from "./shape.ts";
import type { Solid } from "./solid.ts";

/**
 * A solid that holds, with a point, all points nearer to the origin in any coordinate on the same side.  So a box is outside when its
 * nearest point is, and inside when its farthest are.
 */
export function centred(contains: Containment, support: Solid["support"]): Solid {
  return {
    contains,
    support,
    cover: ({ min, max }) => {
      const nearest = (i: number): number => Math.min(Math.max(0, min[i]), max[i]);
      if (!contains(nearest(0), nearest(1), nearest(2))) return 0;
      const x = Math.max(-min[0], max[0]);
      const y = Math.max(-min[1], max[1]);
      return contains(x, y, min[2]) && contains(x, y, max[2]) ? 1 : 0.5;
    },
  };
}

/** min ≤ r < max along every axis. */
export function boxSolid({ min, max }: Extent): Solid {
  const [x0, y0, z0] = min;
  const [x1, y1, z1] = max;
  return {
    contains: (x, y, z) => x >= x0 && x < x1 && y >= y0 && y < y1 && z >= z0 && z < z1,
    cover: (box) => {
      if (box.max.some((end, i) => end < min[i]) || box.min.some((end, i) => end >= max[i])) return 0;
      return box.min.every((end, i) => end >= min[i]) && box.max.every((end, i) => end < max[i]) ? 1 : 0.5;
    },
    support: (d) => d.reduce((sum, x, i) => sum + (x === 0 ? 0 : x * (x > 0 ? max[i] : min[i])), 0),
  };
}

/** Even–odd: a ray to +x crosses the outline an odd number of times. */
export function polygonSolid(points: readonly (readonly [number, number])[]): Solid {
  // The lower end first, so that two polygons round the points of a common edge alike.
  const edges = points.map((p, i) => {
    const q = points[(i + 1) % points.length];
    const [[ax, ay], [bx, by]] = p[1] < q[1] ? [p, q] : [q, p];
    return { ax, ay, bx, by };
  });
  const contains: Containment = (x, y) => {
    let inside = false;
    for (const { ax, ay, bx, by } of edges) {
      if (ay <= y && y < by && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) inside = !inside;
    }
    return inside;
  };
  return {
    contains,
    cover: ({ min, max }) => {
      // Where no edge enters, one point speaks for all.
      for (const { ax, ay, bx, by } of edges) if (meets(min, max, ax, ay, bx, by)) return 0.5;
      return contains(min[0], min[1], 0) ? 1 : 0;
    },
    support: ([x, y, z]) => (z === 0 ? Math.max(...points.map((p) => p[0] * x + p[1] * y)) : Infinity),
  };
}

/** Whether a segment from a to b, ay ≤ by, meets a rectangle. */
function meets(min: Vector3, max: Vector3, ax: number, ay: number, bx: number, by: number): boolean {
  if (by < min[1] || ay > max[1] || Math.max(ax, bx) < min[0] || Math.min(ax, bx) > max[0]) return false;
  // The corners on both sides of the line through a and b, or on it.
  const side = (x: number, y: number): number => (bx - ax) * (y - ay) - (by - ay) * (x - ax);
  const corners = [side(min[0], min[1]), side(max[0], min[1]), side(min[0], max[1]), side(max[0], max[1])];
  return Math.min(...corners) <= 0 && Math.max(...corners) >= 0;
}

/** "#" is inside; each pixel holds its left and lower edge. */
export function imageSolid(rows: readonly string[], width: number, height: number): Solid {
  const columns = rows[0].length;
  const filled = Uint8Array.from(rows.join(""), (letter) => (letter === "#" ? 1 : 0));
  const column = (x: number): number => Math.floor((x / width + 0.5) * columns);
  const row = (y: number): number => Math.ceil((0.5 - y / height) * rows.length) - 1;
  const at = (i: number, j: number): number =>
    i < 0 || i >= columns || j < 0 || j >= rows.length ? 0 : filled[j * columns + i];
  // A pixel beyond the frame stands for all others there.
  const clamped = (index: number, count: number): number => Math.min(Math.max(index, -1), count);
  return {
    contains: (x, y) => at(column(x), row(y)) === 1,
    cover: ({ min, max }) => {
      const [left, right] = [clamped(column(min[0]), columns), clamped(column(max[0]), columns)];
      const [top, bottom] = [clamped(row(max[1]), rows.length), clamped(row(min[1]), rows.length)];
      const first = at(left, top);
      for (let j = top; j <= bottom; j++) for (let i = left; i <= right; i++) if (at(i, j) !== first) return 0.5;
      return first === 1 ? 1 : 0;
    },
    support: ([x, y, z]) => (z === 0 ? (Math.abs(x) * width + Math.abs(y) * height) / 2 : Infinity),
  };
}

/** Of what is inside a box that misses the extent, nothing is known but that. */
export function predicateSolid(contains: Containment, extent?: Extent): Solid {
  const open: Vector3 = [Infinity, Infinity, Infinity];
  const frame = boxSolid(extent ?? { min: [-Infinity, -Infinity, -Infinity], max: open });
  return {
    contains: extent ? (x, y, z) => frame.contains(x, y, z) && contains(x, y, z) : contains,
    cover: (box) => (frame.cover(box) === 0 ? 0 : 0.5),
    support: frame.support,
  };
}
