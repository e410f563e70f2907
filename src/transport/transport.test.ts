import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { symmetricEigen } from "../algebra/dense.ts";
import { normalize, scale, type Vector3 } from "../algebra/vector.ts";
import type { Ferromagnet, NormalMetal } from "../materials/material.ts";
import { barrierConductance } from "./barrier.ts";
import { FLUXES, fluxIndex, onsagerMatrix } from "./conductor.ts";

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

const parity = (index: number): number => (index < 3 ? 1 : -1);

/** Smallest eigenvalue of the symmetric part over the largest. */
function leastOfSymmetricPart(matrix: Float64Array, n: number): number {
  const symmetric = matrix.map((x, at) => (x + matrix[(at % n) * n + Math.floor(at / n)]) / 2);
  const { values } = symmetricEigen(symmetric, n);
  return Math.min(...values) / Math.max(...values);
}

describe("the transport law", () => {
  it("obeys Onsager: L(m) = S L(−m)ᵀ S with charge even and spin odd", () => {
    fc.assert(
      fc.property(unitVector, fc.double({ min: -0.9, max: 0.9, noNaN: true }), (m, P) => {
        const forward = onsagerMatrix(magnet(P, 0.3, 0.1), m);
        const reversed = onsagerMatrix(magnet(P, 0.3, 0.1), scale(m, -1));
        for (let r = 0; r < FLUXES; r++) {
          for (let c = 0; c < FLUXES; c++) {
            expect(forward[r * FLUXES + c] + 0).toBe(parity(r) * parity(c) * reversed[c * FLUXES + r] + 0);
          }
        }
      }),
    );
  });

  it.each([0.1, 1, 3])("creates no energy at spin Hall angle %d: charge–spin cross terms do no work", (theta) => {
    expect(leastOfSymmetricPart(onsagerMatrix(metal(theta), [0, 0, 1]), FLUXES)).toBeCloseTo(1, 12);
    // With polarisation P the eigenvalues are σ(1 ± P) and σ.
    const ratio = leastOfSymmetricPart(onsagerMatrix(magnet(0.6, theta, 0.2), normalize([1, 2, 3])), FLUXES);
    expect(ratio).toBeCloseTo(0.4 / 1.6, 12);
  });

  it("sends electrons whose moment is along θ Ĵ × n̂ towards n̂", () => {
    // J = +x, flow along +z: Ĵ × n̂ = −y.  Electrons run against charge current, so moment −y arriving is j_s^y > 0.
    const L = onsagerMatrix(metal(0.1), [0, 0, 1]);
    const response = [1, 2, 3].map((spin) => L[fluxIndex(spin, 2) * FLUXES + fluxIndex(0, 0)] + 0);
    expect(response).toEqual([0, 0.1 * 2e6, 0]);
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
