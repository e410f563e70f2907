import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Vector3 } from "../algebra/vector.ts";
import { GAMMA0, HBAR, MU0 } from "../constants.ts";
import { ellipse, rectangle } from "../geometry/index.ts";
import {
  cubicAnisotropy,
  demagnetization,
  dipolarCoupling,
  type EnergyTerm,
  ellipsoidFactors,
  ellipticCylinderFactors,
  interlayerCoupling,
  LandauLifshitzGilbert,
  type Macrospin,
  pointDipoleTensor,
  prismFactors,
  shapeFactors,
  stackedCoupling,
  uniaxialAnisotropy,
  zeeman,
} from "./index.ts";

const magnets: Macrospin[] = [
  { name: "a", saturationMagnetization: 8e5, volume: 2e-24, damping: 0.01 },
  { name: "b", saturationMagnetization: 1.2e6, volume: 3e-24, damping: 0.02 },
];

const terms: EnergyTerm[] = [
  zeeman(magnets, (t) => [0.1, t, -0.3]),
  uniaxialAnisotropy(magnets, 0, [1, 2, -1], 4e5, -1e5),
  cubicAnisotropy(magnets, 1, 5e4, -3e4),
  demagnetization(magnets, 0, [0.1, 0.2, 0.7]),
  interlayerCoupling(magnets, [0, 1], 1e-15, 3e-4, -1e-4),
  dipolarCoupling(magnets, [0, 1], pointDipoleTensor(2e-24, 3e-24, [1e-8, 2e-8, 3e-8])),
];

const component = fc.double({ min: -1, max: 1, noNaN: true });

describe("every field is the derivative of its energy", () => {
  it.each(terms.map((term) => [term.name, term] as const))("%s: H = −(1/μ0 Ms V) ∂E/∂m", (_, term) => {
    fc.assert(
      fc.property(fc.array(component, { minLength: 6, maxLength: 6 }), (values) => {
        const m = Float64Array.from(values);
        const H = new Float64Array(6);
        term.addField(m, 0.2, H);
        const step = 1e-4;
        for (let i = 0; i < 6; i++) {
          const { saturationMagnetization, volume } = magnets[Math.floor(i / 3)];
          const at = (x: number): number => term.energy(m.with(i, x), 0.2);
          // Five-point formula: exact for the polynomials of degree ≤ 4 that these energies are, up to round-off.
          const slope =
            (8 * (at(m[i] + step) - at(m[i] - step)) - (at(m[i] + 2 * step) - at(m[i] - 2 * step))) / (12 * step);
          const scale = MU0 * saturationMagnetization * volume;
          const size = Math.abs(term.energy(m, 0.2)) / scale + 1e4;
          expect(Math.abs(-slope / scale - H[i])).toBeLessThan(1e-9 * size);
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe("demagnetising factors", () => {
  const lengths = fc.double({ min: 0.05, max: 20, noNaN: true });

  it("sum to one for any prism, ellipsoid and elliptic cylinder", () => {
    fc.assert(
      fc.property(lengths, lengths, lengths, (a, b, c) => {
        for (const N of [prismFactors(a, b, c), ellipsoidFactors(a, b, c), ellipticCylinderFactors(a, b, c)]) {
          expect(N[0] + N[1] + N[2]).toBeCloseTo(1, 8);
          for (const n of N) expect(n).toBeGreaterThan(0);
        }
      }),
    );
  });

  it("are a third for a cube and a sphere", () => {
    for (const N of [prismFactors(2, 2, 2), ellipsoidFactors(3, 3, 3)])
      for (const n of N) expect(n).toBeCloseTo(1 / 3, 13);
  });

  it("agree with published numbers", () => {
    // Oblate spheroid 1:10, Osborn (1945): N = (1/(1 − e²)…) evaluated: 0.8608.
    expect(ellipsoidFactors(1, 1, 0.1)[2]).toBeCloseTo(0.8608, 4);
    // Cylinder as long as wide: D.-X. Chen, J. A. Brug, R. B. Goldfarb, IEEE Trans. Magn. 27, 3601 (1991), table I: 0.3116.
    expect(ellipticCylinderFactors(1, 1, 1)[2]).toBeCloseTo(0.3116, 4);
    // Prism by direct summation of surface charges; the midpoint rule errs by 1/n of what neighbouring patches add.
    expect(Math.abs(prismFactors(1, 0.8, 0.5)[2] / surfaceChargeFactor(1, 0.8, 0.5, 100) - 1)).toBeLessThan(1 / 100);
  });

  it("couple stacked bodies such that cutting one body in two changes nothing", () => {
    fc.assert(
      fc.property(fc.constantFrom(ellipse, rectangle), lengths, lengths, lengths, lengths, (outline, w, h, t1, t2) => {
        const shape = outline(w, h);
        const whole = shapeFactors(shape, t1 + t2);
        const [one, two] = [shapeFactors(shape, t1), shapeFactors(shape, t2)];
        const mutual = stackedCoupling(shape, t1, t2, 0);
        for (let i = 0; i < 3; i++) {
          expect((t1 * one[i] + t2 * two[i] + 2 * mutual[i]) / (t1 + t2)).toBeCloseTo(whole[i], 7);
        }
      }),
    );
  });

  it("become those of point dipoles for bodies far apart", () => {
    const n = stackedCoupling(rectangle(2, 2), 2, 2, 198);
    const dipole = pointDipoleTensor(8, 8, [0, 0, 200]);
    // Area 4; corrections are some (size/distance)² = 1e-4, and the second difference of F keeps four digits here.
    expect((n[2] * 4) / dipole[8]).toBeCloseTo(1, 2);
    expect((n[0] * 4) / dipole[0]).toBeCloseTo(1, 2);
  });
});

/** N_z of a prism by the energy of its charged faces, midpoint rule. */
function surfaceChargeFactor(w: number, h: number, t: number, n: number): number {
  const [dx, dy] = [w / n, h / n];
  let sum = 0;
  for (let i = -n + 1; i < n; i++) {
    for (let j = -n + 1; j < n; j++) {
      const weight = (n - Math.abs(i)) * (n - Math.abs(j));
      const r = Math.hypot(i * dx, j * dy);
      // A square patch on itself: ∫∫ 1/r = side³ · 2.973 (known constant (4/3)(1 − √2 + 3 ln(1 + √2))).
      const near = r === 0 ? ((4 / 3) * (1 - Math.SQRT2 + 3 * Math.log(1 + Math.SQRT2))) / Math.sqrt(dx * dy) : 1 / r;
      sum += weight * (near - 1 / Math.hypot(r, t));
    }
  }
  return (sum * (dx * dy) ** 2) / (2 * Math.PI) / (w * h * t);
}

describe("the Landau–Lifshitz–Gilbert equation", () => {
  const H = Float64Array.of(1e5, -2e5, 3e5, -1e5, 4e4, 2e5);
  const m = Float64Array.of(0.6, 0, 0.8, 0, -0.28, 0.96);
  const spin = Float64Array.of(1e-5, 2e-5, -0.75e-5, 3e-5, 0, 0);

  it("is satisfied by the rate it returns, with and without pumping", () => {
    const llg = new LandauLifshitzGilbert(magnets);
    const response = Float64Array.from({ length: 36 }, (_, i) => -50 * (i % 7 === 0 ? 1 : 0.1) * Math.cos(i));
    for (const R of [undefined, response]) {
      const rate = new Float64Array(6);
      llg.rate(m, H, spin, R, rate);
      for (const i of [0, 1]) {
        const at = (v: Float64Array): Vector3 => [v[3 * i], v[3 * i + 1], v[3 * i + 2]];
        const { damping, saturationMagnetization, volume } = magnets[i];
        const pump = [0, 1].flatMap((j) => {
          const c = crossOf(m.subarray(3 * j), rate.subarray(3 * j));
          return c.map((x) => (x * HBAR) / 1.602176634e-19);
        });
        for (let a = 0; a < 3; a++) {
          let current = spin[3 * i + a];
          if (R) for (let k = 0; k < 6; k++) current += R[6 * (3 * i + a) + k] * pump[k];
          const torque =
            (-1.76085963023e11 * HBAR * current) / (2 * 1.602176634e-19 * saturationMagnetization * volume);
          const precession = -GAMMA0 * crossOf(at(m), at(H))[a];
          const gilbert = damping * crossOf(at(m), at(rate))[a];
          expect(rate[3 * i + a] / 1e10).toBeCloseTo((precession + gilbert + torque) / 1e10, 9);
        }
      }
    }
  });

  it("holds a fixed magnet", () => {
    const llg = new LandauLifshitzGilbert([magnets[0], { ...magnets[1], fixed: true }]);
    for (const R of [undefined, new Float64Array(36)]) {
      const rate = new Float64Array(6);
      llg.rate(m, H, spin, R, rate);
      expect([...rate.subarray(3)]).toEqual([0, 0, 0]);
      expect(Math.abs(rate[0])).toBeGreaterThan(0);
    }
  });
});

function crossOf(a: ArrayLike<number>, b: ArrayLike<number>): number[] {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}
