import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { symmetricEigen } from "../algebra/dense.ts";
import { normalize, scale, type Vector3 } from "../algebra/vector.ts";
import type { Ferromagnet, NormalMetal } from "../materials/material.ts";
import { barrierConductance } from "./barrier.ts";
import { carriedEntropy, FLUXES, fluxIndex, HEAT, heatConductivity, onsagerMatrix, turned } from "./conductor.ts";

const unitVector = fc
  .tuple(fc.double({ min: -1, max: 1, noNaN: true }), fc.double({ min: 0, max: 6.28, noNaN: true }))
  .map(([z, a]): Vector3 => [Math.sqrt(1 - z * z) * Math.cos(a), Math.sqrt(1 - z * z) * Math.sin(a), z]);

const metal = (theta: number): NormalMetal => ({
  kind: "normal metal",
  name: "N",
  conductivity: 2e6,
  spinDiffusionLength: 2e-9,
  spinHallAngle: theta,
});

const magnet = (P: number, theta: number, anomalous: number): Ferromagnet => ({
  kind: "ferromagnet",
  name: "F",
  conductivity: 3e6,
  spinDiffusionLength: 4e-9,
  dephasingLength: 1e-9,
  saturationMagnetization: 8e5,
  damping: 0.01,
  polarization: P,
  spinHallAngle: theta,
  anomalousHallAngle: anomalous,
});

/** A magnet with every coefficient of heat. */
const warm = (P: number): Ferromagnet => ({
  ...magnet(P, 0.3, 0.1),
  anisotropicMagnetoresistance: 0.05,
  thermalConductivity: 25,
  seebeckCoefficient: -20e-6,
  spinDependentSeebeckCoefficient: -4e-6,
  spinNernstAngle: -0.2,
  anomalousNernstCoefficient: 1e-6,
});

/** Under time reversal charge, heat and magnons keep their sign, spin does not. */
const parity = (index: number): number => (index < 3 || index >= fluxIndex(HEAT, 0) ? 1 : -1);

/** Smallest eigenvalue of the symmetric part over the largest. */
function leastOfSymmetricPart(matrix: Float64Array, n: number): number {
  const symmetric = matrix.map((x, at) => (x + matrix[(at % n) * n + Math.floor(at / n)]) / 2);
  const { values } = symmetricEigen(symmetric, n);
  return Math.min(...values) / Math.max(...values);
}

/** The same of some components of L, the heat in a unit in which it compares with the others. */
function leastOf(L: Float64Array, components: readonly number[], heat = 1): number {
  const fluxes = components.flatMap((c) =>
    [0, 1, 2].map((i) => ({ at: fluxIndex(c, i), unit: c === HEAT ? heat : 1 })),
  );
  const part = fluxes.flatMap((r) => fluxes.map((c) => L[r.at * FLUXES + c.at] * r.unit * c.unit));
  return leastOfSymmetricPart(Float64Array.from(part), fluxes.length);
}

const CHARGE_AND_SPIN = [0, 1, 2, 3];

describe("the transport law", () => {
  it("obeys Onsager: L(m) = S L(−m)ᵀ S with charge and heat even and spin odd", () => {
    fc.assert(
      fc.property(unitVector, fc.double({ min: -0.9, max: 0.9, noNaN: true }), (m, P) => {
        const forward = onsagerMatrix(warm(P), m);
        const reversed = onsagerMatrix(warm(P), scale(m, -1));
        for (let r = 0; r < FLUXES; r++) {
          for (let c = 0; c < FLUXES; c++) {
            const mirrored = parity(r) * parity(c) * reversed[c * FLUXES + r];
            // Sums of up to three products in another order.
            expect(Math.abs(forward[r * FLUXES + c] - mirrored)).toBeLessThanOrEqual(
              1e-15 * Math.abs(mirrored) + 1e-300,
            );
          }
        }
      }),
    );
  });

  it.each([0.1, 1, 3])("creates no energy at spin Hall angle %d: charge–spin cross terms do no work", (theta) => {
    expect(leastOf(onsagerMatrix(metal(theta), [0, 0, 1]), CHARGE_AND_SPIN)).toBeCloseTo(1, 12);
    // With polarisation P the eigenvalues are σ(1 ± P) and σ.
    const ratio = leastOf(onsagerMatrix(magnet(0.6, theta, 0.2), normalize([1, 2, 3])), CHARGE_AND_SPIN);
    expect(ratio).toBeCloseTo(0.4 / 1.6, 12);
  });

  it("sends electrons whose moment is along θ Ĵ × n̂ towards n̂", () => {
    // J = +x, flow along +z: Ĵ × n̂ = −y.  Electrons run against charge current, so moment −y arriving is j_s^y > 0.
    const L = onsagerMatrix(metal(0.1), [0, 0, 1]);
    const response = [1, 2, 3].map((spin) => L[fluxIndex(spin, 2) * FLUXES + fluxIndex(0, 0)] + 0);
    expect(response).toEqual([0, 0.1 * 2e6, 0]);
  });
});

describe("heat in the law", () => {
  const m = normalize([1, -2, 3]);

  it("creates no energy with every coefficient at once", () => {
    // In units of 1/√(σ T₀/κ) heat is as large as charge.
    const least = leastOf(onsagerMatrix(warm(0.6), m), [...CHARGE_AND_SPIN, HEAT], Math.sqrt((3e6 * 300) / 25));
    expect(least).toBeGreaterThan(0.1);
    expect(least).toBeLessThan(0.4);
  });

  it("is not bounded by κ: the Peltier heat of any Seebeck coefficient is made up for", () => {
    const hot = {
      ...warm(0.6),
      seebeckCoefficient: 1e-2,
      spinDependentSeebeckCoefficient: 1e-2,
      anomalousNernstCoefficient: 0,
    };
    const least = leastOf(onsagerMatrix({ ...hot, spinNernstAngle: 0 }, m), [...CHARGE_AND_SPIN, HEAT], 1);
    expect(least).toBeGreaterThan(0);
  });

  it("gives Seebeck and Peltier one coefficient, also per spin: Π_s = T S_s (Kelvin)", () => {
    const L = onsagerMatrix({ ...warm(0.4), anisotropicMagnetoresistance: 0, spinNernstAngle: 0 }, [0, 0, 1]);
    const at = (row: number, column: number): number => L[fluxIndex(row, 2) * FLUXES + fluxIndex(column, 2)];
    expect(at(0, HEAT) / at(0, 0)).toBeCloseTo(-20e-6, 15);
    // At J = 0 a temperature gradient drives (1 − P²)(σ/2) S_s along m.
    const driven = at(3, HEAT) - (at(3, 0) * at(0, HEAT)) / at(0, 0);
    expect(driven / (((1 - 0.4 ** 2) * 3e6) / 2)).toBeCloseTo(-4e-6, 15);
    expect(carriedEntropy(warm(0.4)).perSpin).toBeCloseTo(-2e-6, 15);
  });

  it("takes the heat of the electrons from Wiedemann and Franz where nothing is said", () => {
    // 2.443005e-8 W Ω/K², (π²/3)(k_B/e)².
    expect(heatConductivity(metal(0), 300)).toBeCloseTo(2.443005e-8 * 2e6 * 300, 4);
  });

  it("turns with the axes of the flow: a quarter turn about y sends local z along lab x", () => {
    const L = onsagerMatrix(metal(0.1), [0, 0, 1]);
    const local = turned(L, [
      [0, 0, -1],
      [0, 1, 0],
      [1, 0, 0],
    ]);
    // E along local y = lab y drives spin z along lab x = local z with the sign of ε_xyz.
    expect(local[fluxIndex(3, 2) * FLUXES + fluxIndex(0, 1)]).toBeCloseTo(0.1 * 2e6, 6);
    expect(L[fluxIndex(3, 0) * FLUXES + fluxIndex(0, 1)]).toBeCloseTo(0.1 * 2e6, 6);
  });
});

describe("a tunnel barrier", () => {
  const parameters = { resistanceArea: 1e-12, polarizationBelow: 0.6, polarizationAbove: 0.4 };

  it("creates no energy at any angle, up to full polarisation", () => {
    fc.assert(
      fc.property(
        unitVector,
        unitVector,
        fc.double({ min: -1, max: 1, noNaN: true }),
        fc.double({ min: -0.999, max: 0.999, noNaN: true }),
        (m1, m2, P1, P2) => {
          const G = barrierConductance({ resistanceArea: 1, polarizationBelow: P1, polarizationAbove: P2 }, m1, m2, 0);
          // 1e-13: round-off of the eigenvalues of a matrix of order one.
          expect(leastOfSymmetricPart(G, 4)).toBeGreaterThan(-1e-13);
        },
      ),
    );
  });

  it("keeps the parallel resistance at any bias and halves the TMR at the half bias", () => {
    const biased = { ...parameters, halfBias: 0.5 };
    const resistance = (m2: Vector3, bias: number): number => 1 / barrierConductance(biased, [0, 0, 1], m2, bias)[0];
    const tmr = (bias: number): number => resistance([0, 0, -1], bias) / resistance([0, 0, 1], bias) - 1;
    expect(resistance([0, 0, 1], 0.7)).toBeCloseTo(1e-12, 24);
    expect(tmr(0)).toBeCloseTo((2 * 0.24) / 0.76, 12);
    expect(tmr(0.5) / tmr(0)).toBeCloseTo(0.5, 12);
  });
});
