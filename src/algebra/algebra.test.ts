import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addAxialBlock, applyAxial, axial, mapAxial } from "./axial.ts";
import { CompensatedSums } from "./compensated.ts";
import { complex, expMinus1, minus, modulus, over, plus, squareRoot, times } from "./complex.ts";
import { solveDense, symmetricEigen, symmetricSquareRoot } from "./dense.ts";
import { eigenvalues } from "./eigenvalues.ts";
import { SingularMatrixError, SparseMatrix } from "./sparse.ts";
import { cross, dot, scale, type Vector3 } from "./vector.ts";

const number = (size: number) => fc.double({ min: -size, max: size, noNaN: true });
const matrix = (n: number) => fc.array(number(1), { minLength: n * n, maxLength: n * n });

describe("complex numbers", () => {
  it("squareRoot squares back, on the right half plane", () => {
    fc.assert(
      fc.property(number(1e3), number(1e3), (re, im) => {
        const root = squareRoot(complex(re, im));
        const back = times(root, root);
        expect(root.re).toBeGreaterThanOrEqual(0);
        // Four roundings of the size of |z|.
        expect(Math.hypot(back.re - re, back.im - im)).toBeLessThanOrEqual(4e-16 * 4 * Math.hypot(re, im) + 1e-300);
      }),
    );
  });

  it("expMinus1 keeps small arguments and over undoes times", () => {
    const z = complex(3e-12, -4e-12);
    const e = expMinus1(z);
    // exp(z) − 1 = z + z²/2 + …, and |z|²/2 is 1e-23.
    expect(modulus({ re: e.re - z.re, im: e.im - z.im })).toBeLessThan(2e-23);
    const q = over(times(complex(2, 3), complex(-1e-9, 5)), complex(-1e-9, 5));
    expect(q.re).toBeCloseTo(2, 14);
    expect(q.im).toBeCloseTo(3, 14);
  });
});

describe("axial maps", () => {
  const m: Vector3 = [2 / 3, -1 / 3, 2 / 3];

  it("act as along m(m·v) + re v_⊥ + im m×v", () => {
    const v: Vector3 = [0.3, -2, 5];
    const along = scale(m, dot(m, v));
    const turned = cross(m, v);
    const got = applyAxial(axial(2, 3, 5), m, v);
    for (let a = 0; a < 3; a++) expect(got[a]).toBeCloseTo(2 * along[a] + 3 * (v[a] - along[a]) + 5 * turned[a], 13);
  });

  it("have functions that compose like the maps themselves", () => {
    const A = axial(4, 3, 1.5);
    const root = mapAxial(A, squareRoot);
    const v: Vector3 = [1, 2, -1];
    const twice = applyAxial(root, m, applyAxial(root, m, v));
    const once = applyAxial(A, m, v);
    for (let a = 0; a < 3; a++) expect(twice[a]).toBeCloseTo(once[a], 13);
    const block = new Float64Array(16);
    addAxialBlock(block, 4, 1, 1, A, m, 1);
    expect(block.slice(0, 4)).toEqual(new Float64Array(4));
    expect(block[5] + block[10] + block[15]).toBeCloseTo(4 + 2 * 3, 13);
  });
});

describe("SparseMatrix", () => {
  it("solves random sparse systems and keeps solving after the numbers change", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 25 }), fc.infiniteStream(number(1)), (n, stream) => {
        const next = (): number => stream.next().value as number;
        const entries: [number, number][] = [];
        for (let i = 0; i < n; i++) {
          entries.push([i, i]);
          for (let k = 0; k < 3; k++) entries.push([i, Math.floor(Math.abs(next()) * 0.999 * n)]);
        }
        const { matrix, slots } = SparseMatrix.fromPattern(n, entries);
        for (let round = 0; round < 2; round++) {
          matrix.values.fill(0);
          for (const [e, slot] of slots.entries())
            matrix.values[slot] += entries[e][0] === entries[e][1] ? 4 + next() : next();
          const x = Float64Array.from({ length: n }, next);
          const b = new Float64Array(n);
          matrix.subtractProduct(x, b);
          matrix.factorize();
          matrix.solve(b);
          // Diagonally dominant: condition below 10, so the error stays within some ulps of the largest entry.
          for (let i = 0; i < n; i++) expect(b[i] + x[i]).toBeCloseTo(0, 12);
        }
      }),
    );
  });

  it("pivots where the diagonal is zero, and replans when a pivot dies", () => {
    const { matrix, slots } = SparseMatrix.fromPattern(2, [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ]);
    for (const values of [
      [0, 2, 3, 0],
      [5, 2, 3, 0],
      [1, 1e-13, 0, 4],
    ]) {
      for (const [e, slot] of slots.entries()) matrix.values[slot] = values[e];
      const b = new Float64Array([values[0] + 2 * values[1], values[2] + 2 * values[3]]);
      matrix.factorize();
      matrix.solve(b);
      expect(b[0]).toBeCloseTo(1, 12);
      expect(b[1]).toBeCloseTo(2, 12);
    }
  });

  it("names the unknown that a singular matrix leaves open", () => {
    const { matrix, slots } = SparseMatrix.fromPattern(3, [
      [0, 0],
      [1, 1],
      [1, 2],
      [2, 1],
      [2, 2],
    ]);
    for (const [e, value] of [1, 1, -1, -1, 1].entries()) matrix.values[slots[e]] = value;
    expect(() => matrix.factorize()).toThrow(SingularMatrixError);
    try {
      matrix.factorize();
    } catch (error) {
      expect([1, 2]).toContain((error as SingularMatrixError).column);
    }
  });
});

describe("dense matrices", () => {
  it("solveDense inverts", () => {
    fc.assert(
      fc.property(matrix(4), (a) => {
        const A = Float64Array.from(a, (x, i) => x + (i % 5 === 0 ? 4 : 0));
        const x = new Float64Array([1, -2, 3, 0.5]);
        const b = new Float64Array(4);
        for (let i = 0; i < 4; i++) for (let j = 0; j < 4; j++) b[i] += A[4 * i + j] * x[j];
        solveDense(A, b, 4);
        for (let i = 0; i < 4; i++) expect(b[i]).toBeCloseTo(x[i], 10);
      }),
    );
    expect(() => solveDense(new Float64Array(4), new Float64Array(2), 2)).toThrow(RangeError);
  });

  it("symmetricEigen diagonalises and symmetricSquareRoot squares back", () => {
    fc.assert(
      fc.property(matrix(4), (a) => {
        const S = new Float64Array(16);
        for (let i = 0; i < 4; i++)
          for (let j = 0; j < 4; j++) for (let k = 0; k < 4; k++) S[4 * i + j] += a[4 * i + k] * a[4 * j + k];
        const { values, vectors } = symmetricEigen(S, 4);
        const R = symmetricSquareRoot(S, 4);
        for (let i = 0; i < 4; i++) {
          for (let j = 0; j < 4; j++) {
            let back = 0;
            let square = 0;
            for (let k = 0; k < 4; k++) {
              back += vectors[4 * i + k] * values[k] * vectors[4 * j + k];
              square += R[4 * i + k] * R[4 * k + j];
            }
            expect(back).toBeCloseTo(S[4 * i + j], 12);
            expect(square).toBeCloseTo(S[4 * i + j], 12);
          }
        }
      }),
    );
  });
});

describe("eigenvalues", () => {
  it("have the trace and the determinant of the matrix, in conjugate pairs", () => {
    fc.assert(
      fc.property(matrix(5), (a) => {
        const found = eigenvalues(a, 5);
        const trace = found.reduce((sum, z) => sum + z.re, 0);
        expect(trace).toBeCloseTo(a[0] + a[6] + a[12] + a[18] + a[24], 10);
        expect(found.reduce((sum, z) => sum + z.im, 0)).toBeCloseTo(0, 7);
        // det(A − z) = 0 for each: the smallest singular direction must vanish.
        const product = found.reduce((p, z) => times(p, z), complex(1));
        expect(product.re).toBeCloseTo(determinant(a, 5), 9);
      }),
    );
  });

  it("finds those of a rotation with growth, and of a companion matrix", () => {
    const [first, second] = eigenvalues([0.1, -2, 2, 0.1], 2);
    expect(first.re).toBeCloseTo(0.1, 14);
    expect(Math.abs(first.im)).toBeCloseTo(2, 14);
    expect(second.im).toBeCloseTo(-first.im, 14);
    // (x − 1)(x − 2)(x − 3) = x³ − 6x² + 11x − 6
    const roots = eigenvalues([6, -11, 6, 1, 0, 0, 0, 1, 0], 3).map((z) => z.re);
    for (const [i, root] of roots.entries()) expect(root).toBeCloseTo(3 - i, 11);
  });

  it("of a complex matrix make A − z singular, and are its diagonal where it is triangular", () => {
    fc.assert(
      fc.property(matrix(3), matrix(3), (re, im) => {
        const a = re.map((x, i) => complex(x, im[i]));
        for (const z of eigenvalues(re, 3, im)) {
          const [p, q, r, s, t, u, v, w, x] = a.map((y, i) => (i % 4 === 0 ? minus(y, z) : y));
          const minors = [
            times(p, minus(times(t, x), times(u, w))),
            times(q, minus(times(u, v), times(s, x))),
            times(r, minus(times(s, w), times(t, v))),
          ];
          // Products of three numbers of order one to ten.
          expect(modulus(minors.reduce(plus))).toBeLessThan(1e-10 * Math.hypot(1, ...re, ...im) ** 3);
        }
      }),
    );
    const found = eigenvalues([1, 5, 0, 2], 2, [-3, 7, 0, 4]);
    expect(found[0].re).toBeCloseTo(2, 14);
    expect(found[0].im).toBeCloseTo(4, 14);
    expect(found[1].re).toBeCloseTo(1, 14);
    expect(found[1].im).toBeCloseTo(-3, 14);
  });
});

function determinant(a: readonly number[], n: number): number {
  if (n === 1) return a[0];
  let sum = 0;
  for (let c = 0; c < n; c++) {
    const minor = a.filter((_, i) => i >= n && i % n !== c);
    sum += (c % 2 ? -1 : 1) * a[c] * determinant(minor, n - 1);
  }
  return sum;
}

describe("CompensatedSums", () => {
  it("keeps a product's last bits that a plain sum loses", () => {
    const sums = new CompensatedSums(1);
    const big = 1e8 + 1 / 3;
    sums.addProduct(0, big, big);
    sums.addProduct(0, -big, big + 2 ** -20);
    // −big · 2⁻²⁰, exactly representable; the plain sum of the two rounded products misses it by up to an ulp of 1e16.
    expect(sums.value(0)).toBe(-big * 2 ** -20);
  });
});
