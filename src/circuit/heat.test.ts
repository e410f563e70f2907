import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { symmetricEigen } from "../algebra/dense.ts";
import { normalize, scale, type Vector3 } from "../algebra/vector.ts";
import { E_CHARGE, HBAR } from "../constants.ts";
import type { Ferromagnet, MagneticInsulator, NormalMetal } from "../materials/material.ts";
import {
  contact,
  currentSource,
  film,
  ground,
  heatBath,
  heatSource,
  magnonContact,
  magnonFilm,
  magnonReservoir,
  Network,
  NetworkError,
  reservoir,
  type Solution,
  thermalContact,
  voltageSource,
} from "./index.ts";

const platinum: NormalMetal = {
  kind: "normal metal",
  name: "N",
  conductivity: 2e6,
  spinDiffusionLength: 2e-9,
  spinHallAngle: 0.1,
  thermalConductivity: 20,
  seebeckCoefficient: -5e-6,
  spinNernstAngle: -0.2,
};
const permalloy: Ferromagnet = {
  kind: "ferromagnet",
  name: "F",
  conductivity: 4e6,
  polarization: 0.4,
  spinDiffusionLength: 5e-9,
  dephasingLength: 1e-9,
  saturationMagnetization: 8e5,
  damping: 0.01,
  thermalConductivity: 30,
  seebeckCoefficient: -20e-6,
  spinDependentSeebeckCoefficient: -4e-6,
  anomalousHallAngle: 0.01,
  anomalousNernstCoefficient: 1e-6,
  anisotropicMagnetoresistance: 0.03,
};
const garnet: MagneticInsulator = {
  kind: "magnetic insulator",
  name: "M",
  saturationMagnetization: 1.4e5,
  damping: 1e-4,
  thermalConductivity: 6,
  magnonConductivity: 5e5,
  magnonDiffusionLength: 1e-6,
  magnonSeebeckCoefficient: 2e-5,
  magnonThermalConductivity: 0.6,
  magnonPhononLength: 5e-9,
};
const AREA = 1e-12;
const surface = {
  magnonConductance: 1e13,
  spinSeebeckConductance: 1e-6,
  magnonHeatConductance: 1e7,
};

const unitVector = fc
  .tuple(fc.double({ min: -1, max: 1, noNaN: true }), fc.double({ min: 0, max: 6.28, noNaN: true }))
  .map(([z, a]): Vector3 => [Math.sqrt(1 - z * z) * Math.cos(a), Math.sqrt(1 - z * z) * Math.sin(a), z]);

/** Everything that carries heat, magnons, spin and charge at once, with two temperatures in the insulator. */
function everything(): Network {
  const sides = {
    x: { between: ["x-", "x+"], length: 1e-6, heat: true },
    y: { between: ["y-", "y+"], length: 1e-6 },
  } as const;
  const mixing = { conductanceUp: 0, conductanceDown: 0, mixingConductance: 3e14 };
  return new Network().add(
    magnonFilm({
      name: "M",
      between: ["m0", "m1"],
      material: garnet,
      thickness: 3e-7,
      area: AREA,
      magnet: "p",
      lattice: ["l0", "l1"],
    }),
    magnonContact({
      name: "surface",
      magnonSide: "m1",
      metalSide: "a",
      magnet: "p",
      area: AREA,
      parameters: surface,
    }),
    contact({ name: "mixing", metalSide: "a", magnet: "p", area: AREA, parameters: mixing }),
    thermalContact({ name: "Kapitza", between: ["l1", "a"], conductance: 2e8 * AREA }),
    film({ name: "N", between: ["a", "b"], material: platinum, thickness: 5e-9, area: AREA, heat: true, sides }),
    film({ name: "F", between: ["b", "c"], material: permalloy, thickness: 4e-9, area: AREA, heat: true, magnet: "q" }),
    film({ name: "lead", between: ["c", "d"], material: platinum, thickness: 5e-8, area: AREA / 3, heat: true }),
  );
}

function solved(p: Vector3, q: Vector3, drive = 1): Solution {
  return everything()
    .add(
      heatBath({ at: "l0" }),
      heatBath({ at: "d", temperature: 300 + 3 * drive }),
      heatBath({ at: "x-" }),
      magnonReservoir({ at: "m0" }),
      reservoir({ at: "d", voltage: 0 }),
      ground("x+"),
      ground("y+"),
      voltageSource({ name: "x", between: ["x-", "x+"], voltage: 0.01 * drive }),
      currentSource({ name: "I", between: ["a", "d"], current: 1e-3 * drive }),
      heatSource({ name: "heater", at: "b", power: 1e-6 * drive }),
    )
    .solve({ magnetizations: { p, q }, rates: { p: [0, 0, 0] } });
}

describe("charge, spin, heat and magnons in one network", () => {
  it("is reciprocal, A(m) = S A(−m)ᵀ S to 1e-12, and its symmetric part makes no energy", () => {
    fc.assert(
      fc.property(unitVector, unitVector, (p, q) => {
        const operator = (p: Vector3, q: Vector3) => {
          const network = everything()
            .add(heatBath({ at: "l0" }), magnonReservoir({ at: "m0" }), reservoir({ at: "d", voltage: 0 }))
            .add(ground("x+"), ground("y+"), heatBath({ at: "x-" }))
            .compile();
          network.solve({ magnetizations: { p, q } });
          return { ...network.operator(), labels: network.wiring.labels };
        };
        const { matrix, size, spin, labels } = operator(p, q);
        const mirror = operator(scale(p, -1), scale(q, -1)).matrix;
        // The three components of a vector share one unit: along m a magnet's own entry is zero.
        const stem = labels.map((label) => label.replace(/[xyz] /, " "));
        const own = Array.from({ length: size }, (_, r) => matrix[r * size + r]);
        const diagonal = own.map((_, r) => Math.max(...own.filter((_, k) => stem[k] === stem[r])) || 1);
        const symmetric = new Float64Array(size * size);
        for (let r = 0; r < size; r++) {
          for (let c = 0; c < size; c++) {
            const unit = Math.sqrt(diagonal[r] * diagonal[c]);
            const parity = spin[r] === spin[c] ? 1 : -1;
            expect(Math.abs(matrix[r * size + c] - parity * mirror[c * size + r]) / unit).toBeLessThan(1e-12);
            symmetric[r * size + c] = (matrix[r * size + c] + matrix[c * size + r]) / (2 * unit);
          }
        }
        // Zero modes: equal voltages, equal temperatures; their round-off is that of the unit diagonal.
        const { values } = symmetricEigen(symmetric, size);
        expect(Math.min(...values)).toBeGreaterThan(-1e-12);
      }),
      { numRuns: 20 },
    );
  });

  it("keeps the first law: what sources supply, the baths take up", () => {
    const energy = solved(normalize([1, 2, 3]), normalize([-1, 2, 0.5])).energy();
    // The heat settles to 1e-11 of itself.
    expect(energy.relativeResidual).toBeLessThan(1e-9);
    expect(energy.unhoused).toBe(0);
    expect(energy.supplied.find(({ name }) => name === "heater")?.power).toBe(1e-6);
  });

  it("closes the spin ledger when magnons carry spin", () => {
    expect(solved(normalize([1, 2, 3]), normalize([-1, 2, 0.5])).ledger().relativeResidual).toBeLessThan(1e-12);
  });

  it("splits into a part odd in the drive, Peltier, and a part even in it, Joule", () => {
    const [p, q] = [normalize([1, 2, 3]), normalize([-1, 2, 0.5])];
    const rise = (drive: number): number => solved(p, q, drive).temperature("b") - 300;
    const odd = (s: number): number => (rise(s) - rise(-s)) / 2;
    const even = (s: number): number => (rise(s) + rise(-s)) / 2;
    // Third-order parts are (T − T₀)/T₀ ~ 1e-2 times smaller at full drive, and fall with its square.
    expect(odd(0.02) / odd(0.01)).toBeCloseTo(2, 4);
    expect(even(0.02) / even(0.01)).toBeCloseTo(4, 4);
  });
});

describe("a wire that its own current heats", () => {
  const wire = { ...platinum, spinHallAngle: 0, spinNernstAngle: 0 };
  const current = 5e-3;
  const length = 1e-6;
  const solution = new Network()
    .add(
      film({ name: "wire", between: ["a", "b"], material: wire, thickness: length, area: 1e-14, heat: true }),
      heatBath({ at: "a" }),
      heatBath({ at: "b" }),
      reservoir({ at: "b", voltage: 0 }),
      reservoir({ at: "a" }),
      currentSource({ name: "I", between: ["a", "b"], current }),
    )
    .solve();

  it("has the parabola T₀ + J²/(2σκ) x(L − x)", () => {
    const J = current / 1e-14;
    for (const { z, temperature } of solution.profile("wire", 11)) {
      expect(temperature).toBeCloseTo(300 + (J ** 2 / (2 * 2e6 * 20)) * z * (length - z), 8);
    }
  });

  it("gives half of its heat to either end", () => {
    const { baths, supplied } = solution.energy();
    const joule = (current ** 2 * length) / (2e6 * 1e-14);
    // Peltier heat I S T goes in at one end and out at the other.
    const peltier = -5e-6 * 300 * current;
    expect(baths.map(({ power }) => power)).toEqual([
      expect.closeTo(joule / 2 - peltier, 12),
      expect.closeTo(joule / 2 + peltier, 12),
    ]);
    expect(supplied.reduce((sum, { power }) => sum + power, 0)).toBeCloseTo(joule, 12);
  });
});

describe("a magnon conductor", () => {
  const slab = (lattice: boolean) =>
    magnonFilm({
      name: "slab",
      between: ["a", "b"],
      material: garnet,
      thickness: 2e-6,
      area: AREA,
      magnet: "p",
      ...(lattice && { lattice: ["c", "d"] }),
    });

  it("lets its chemical potential decay over λ_m", () => {
    const solution = new Network()
      .add(slab(false), heatBath({ at: "a" }), heatBath({ at: "b" }))
      .add(magnonReservoir({ at: "a", magnonPotential: 1e-6 }), magnonReservoir({ at: "b" }))
      .solve();
    const [, , middle] = solution.magnonProfile("slab", 5);
    // Both ends are held at T₀, so that what S_m changes, (σ_m S_m² T₀/2κ) ~ 5e-3, is all that differs from sinh.
    expect(middle.magnonPotential / ((1e-6 * Math.sinh(1)) / Math.sinh(2))).toBeCloseTo(1, 2);
  });

  it("has magnons at the temperature of the lattice but near its faces", () => {
    const solution = new Network()
      .add(slab(true), heatBath({ at: "c" }), heatBath({ at: "d", temperature: 310 }))
      .add(thermalContact({ name: "sink", between: ["a", "c"], conductance: 1e-9 }))
      .solve();
    const points = solution.magnonProfile("slab", 101);
    expect(points[50].temperature - points[50].latticeTemperature).toBeCloseTo(0, 4);
    expect(Math.abs(points[100].temperature - points[100].latticeTemperature)).toBeGreaterThan(1e-3);
  });

  it("exchanges angular momentum L_s ΔT with a metal: spin Seebeck, and spin Peltier as its partner", () => {
    const touching = (): Network =>
      new Network().add(
        magnonContact({
          name: "s",
          magnonSide: "m",
          metalSide: "n",
          magnet: "p",
          area: AREA,
          parameters: surface,
        }),
        magnonReservoir({ at: "m" }),
      );
    const hot = touching()
      .add(heatBath({ at: "m", temperature: 301 }), heatBath({ at: "n" }), reservoir({ at: "n", voltage: 0 }))
      .solve();
    // (2e/ħ) L_s ΔT enters the metal along m = +z.
    expect(-hot.spinCurrent("s", "n")[2] / ((2 * E_CHARGE * 1e-6 * AREA) / HBAR)).toBeCloseTo(1, 12);
    const spin = touching()
      .add(heatBath({ at: "m" }), heatBath({ at: "n" }))
      .add(reservoir({ at: "n", voltage: 0, spinAccumulation: [0, 0, 1e-6] }))
      .solve();
    // q from magnons to metal is −T (L_s/ħ) e m·φ_s.
    expect(spin.heatCurrent("s", "m") / ((-300 * 1e-6 * E_CHARGE * 1e-6 * AREA) / HBAR)).toBeCloseTo(1, 12);
  });
});

describe("a network that cannot carry its heat away", () => {
  const wire = film({ name: "wire", between: ["a", "b"], material: platinum, thickness: 1e-8, area: AREA, heat: true });

  it("names the node that has no heat sink", () => {
    const network = new Network().add(wire, ground("a"), reservoir({ at: "b", voltage: 1e-3 }));
    expect(() => network.compile()).toThrow(NetworkError);
    expect(() => network.compile()).toThrow(
      'Nothing takes up the heat of node "a": give it, or what it touches, a heatBath',
    );
  });

  it("refuses a bath where nothing has a temperature, and says how a film gets one", () => {
    const cold = film({ name: "wire", between: ["a", "b"], material: platinum, thickness: 1e-8, area: AREA });
    const network = new Network().add(cold, ground("a"), reservoir({ at: "b" }), heatBath({ at: "a" }));
    expect(() => network.compile()).toThrow("heat: true");
  });

  it("reports a thermal runaway", () => {
    const unstable = { ...platinum, seebeckCoefficient: 5e-2, thermalConductivity: 0.1 };
    const hot = film({ name: "hot", between: ["a", "b"], material: unstable, thickness: 1e-6, area: AREA, heat: true });
    const network = new Network().add(
      hot,
      heatBath({ at: "a" }),
      ground("a"),
      reservoir({ at: "b" }),
      reservoir({ at: "a" }),
    );
    network.add(currentSource({ name: "I", between: ["b", "a"], current: 1 }));
    expect(() => network.solve()).toThrow("thermal runaway");
  });
});
