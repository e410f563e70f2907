import { rotate, rotation, transposed } from "../algebra/rotation.ts";
import { add, dot, norm, subtract, type Vector3 } from "../algebra/vector.ts";
import type { Extent } from "./shape.ts";
import type { Cover, Solid } from "./solid.ts";

export function unionOf(parts: readonly Solid[]): Solid {
  const tests = parts.map(({ contains }) => contains);
  return {
    contains: (x, y, z) => {
      for (const contains of tests) if (contains(x, y, z)) return true;
      return false;
    },
    cover: (box) => {
      let most: Cover = 0;
      for (const { cover } of parts) if (most < 1) most = Math.max(most, cover(box)) as Cover;
      return most;
    },
    support: (d) => Math.max(...parts.map(({ support }) => support(d))),
  };
}

export function intersectionOf(parts: readonly Solid[]): Solid {
  const tests = parts.map(({ contains }) => contains);
  return {
    contains: (x, y, z) => {
      for (const contains of tests) if (!contains(x, y, z)) return false;
      return true;
    },
    cover: (box) => {
      let least: Cover = 1;
      for (const { cover } of parts) if (least > 0) least = Math.min(least, cover(box)) as Cover;
      return least;
    },
    support: (d) => Math.min(...parts.map(({ support }) => support(d))),
  };
}

export const complementOf = ({ contains, cover }: Solid): Solid => ({
  contains: (x, y, z) => !contains(x, y, z),
  cover: (box) => (1 - cover(box)) as Cover,
  support: (d) => (norm(d) === 0 ? 0 : Infinity),
});

export const symmetricDifferenceOf = (a: Solid, b: Solid): Solid => ({
  contains: (x, y, z) => a.contains(x, y, z) !== b.contains(x, y, z),
  cover: (box) => {
    const [one, other] = [a.cover(box), b.cover(box)];
    return one === 0.5 || other === 0.5 ? 0.5 : one === other ? 0 : 1;
  },
  support: (d) => Math.max(a.support(d), b.support(d)),
});

export const moved = ({ contains, cover, support }: Solid, by: Vector3): Solid => ({
  contains: (x, y, z) => contains(x - by[0], y - by[1], z - by[2]),
  cover: ({ min, max }) => cover({ min: subtract(min, by), max: subtract(max, by) }),
  support: (d) => support(d) + dot(d, by),
});

export function turned({ contains, cover, support }: Solid, axis: Vector3, angle: number): Solid {
  const back = transposed(rotation(axis, angle));
  const [X, Y, Z] = back;
  return {
    contains: (x, y, z) =>
      contains(X[0] * x + X[1] * y + X[2] * z, Y[0] * x + Y[1] * y + Y[2] * z, Z[0] * x + Z[1] * y + Z[2] * z),
    // The upright box around the turned one.
    cover: ({ min, max }) => {
      const end = (row: Vector3, far: boolean): number =>
        row.reduce((sum, entry, j) => sum + entry * (entry > 0 === far ? max[j] : min[j]), 0);
      return cover({
        min: [end(X, false), end(Y, false), end(Z, false)],
        max: [end(X, true), end(Y, true), end(Z, true)],
      });
    },
    // A component left by rounding would find the open end of an unbounded solid.
    support: (d) => {
      const turned = rotate(back, d);
      const noise = 1e-12 * norm(d);
      return support(turned.map((x) => (Math.abs(x) < noise ? 0 : x)) as unknown as Vector3);
    },
  };
}

export const mirroredAndStretched = ({ contains, cover, support }: Solid, [sx, sy, sz]: Vector3): Solid => ({
  contains: (x, y, z) => contains(x / sx, y / sy, z / sz),
  cover: ({ min, max }) => {
    const [a, b]: Vector3[] = [
      [min[0] / sx, min[1] / sy, min[2] / sz],
      [max[0] / sx, max[1] / sy, max[2] / sz],
    ];
    return cover({
      min: [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.min(a[2], b[2])],
      max: [Math.max(a[0], b[0]), Math.max(a[1], b[1]), Math.max(a[2], b[2])],
    });
  },
  support: (d) => support([d[0] * sx, d[1] * sy, d[2] * sz]),
});

/** All copies at whole multiples of the periods; bounded along the axes that have one. */
export function repetitionOf(one: Solid, periods: Vector3): Solid {
  const { contains, cover, support } = one;
  const axes = [0, 1, 2].map((i) => {
    const unit: Vector3 = [i === 0 ? 1 : 0, i === 1 ? 1 : 0, i === 2 ? 1 : 0];
    return { period: periods[i], max: support(unit), min: -support([-unit[0], -unit[1], -unit[2]]) };
  });
  // Which copies can hold a point between lo and hi; one too many costs time only, one too few to rounding would be an error.
  const first = (i: number, lo: number): number =>
    periods[i] === 0 ? 0 : Math.ceil((lo - axes[i].max) / periods[i] - 1e-9);
  const last = (i: number, hi: number): number =>
    periods[i] === 0 ? 0 : Math.floor((hi - axes[i].min) / periods[i] + 1e-9);
  const [px, py, pz] = periods;
  return {
    contains: (x, y, z) => {
      const [x1, y1, z1] = [last(0, x), last(1, y), last(2, z)];
      for (let k = first(2, z); k <= z1; k++) {
        for (let j = first(1, y); j <= y1; j++) {
          for (let i = first(0, x); i <= x1; i++) if (contains(x - i * px, y - j * py, z - k * pz)) return true;
        }
      }
      return false;
    },
    cover: (box) => {
      const from = [0, 1, 2].map((i) => first(i, box.min[i]));
      const to = [0, 1, 2].map((i) => last(i, box.max[i]));
      // Over many copies the answer is nearly always "some", and finding it would cost more than it saves.
      const copies = from.reduce((product, start, i) => product * Math.max(0, to[i] - start + 1), 1);
      if (copies > 16) return 0.5;
      let most: Cover = 0;
      for (let k = from[2]; k <= to[2]; k++) {
        for (let j = from[1]; j <= to[1]; j++) {
          for (let i = from[0]; i <= to[0] && most < 1; i++) {
            const shift: Vector3 = [-i * px, -j * py, -k * pz];
            const shifted: Extent = { min: add(box.min, shift), max: add(box.max, shift) };
            most = Math.max(most, cover(shifted)) as Cover;
          }
        }
      }
      return most;
    },
    support: (d) => (d.some((x, i) => x !== 0 && periods[i] > 0) ? Infinity : support(d)),
  };
}
