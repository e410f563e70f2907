import { describe, expect, it } from "vitest";
import { E_CHARGE } from "../constants.ts";
import {
  checkInterface,
  checkMaterial,
  INTERFACE_PARAMETERS,
  interfaceBetween,
  interfaces,
  MATERIAL_PARAMETERS,
  materialNamed,
  materials,
  type Source,
} from "./index.ts";

const { Al, betaTa, betaW, Co, CoFeB, Cu, Ni, Pt, Py, YIG } = materials;

/** Every number must have a source, every source a number, and the number must lie in its band. */
function expectSourced(values: object, sources: Readonly<Record<string, Source>> = {}, declared: object): void {
  const numbers = Object.entries(values).filter(([key]) => key in declared);
  expect(Object.keys(sources).sort()).toEqual(numbers.map(([key]) => key).sort());
  for (const [key, value] of numbers) {
    const { from, band } = sources[key];
    expect(from, key).not.toBe("");
    if (!band) continue;
    expect(band[0], key).toBeLessThan(band[1]);
    expect(value, key).toBeGreaterThanOrEqual(band[0]);
    expect(value, key).toBeLessThanOrEqual(band[1]);
  }
}

describe("the library", () => {
  for (const [key, material] of Object.entries(materials)) {
    it(`${key} is a valid material with a source for every number, inside its published band`, () => {
      checkMaterial(material);
      expect(material.name).toBe(key);
      expectSourced(material, material.sources, MATERIAL_PARAMETERS);
    });
  }

  it("finds a material by name and names the known ones when there is none", () => {
    expect(materialNamed("betaTa")).toBe(betaTa);
    expect(() => materialNamed("Unobtainium")).toThrow(/"Unobtainium".*betaTa, .*YIG/);
    expect(() => materialNamed("toString")).toThrow(/toString/);
  });

  it("has the agreed signs of the spin Hall effect: Pt +, Ta −, W −", () => {
    expect(Pt.spinHallAngle).toBeGreaterThan(0);
    expect(betaTa.spinHallAngle).toBeLessThan(0);
    expect(betaW.spinHallAngle).toBeLessThan(0);
  });

  it("holds Pt to the products that are better known than its factors", () => {
    const { conductivity, spinDiffusionLength: lambda, spinHallAngle: theta = 0 } = Pt;
    // Nguyen, PRL 116, 126601 (2016): ρλ = 0.77 ± 0.08 fΩ m².
    expect(Math.abs(lambda / conductivity - 0.77e-15)).toBeLessThan(0.08e-15);
    // Mean of the literature: θλ = 0.142 ± 0.040 nm.
    expect(Math.abs(theta * lambda - 0.142e-9)).toBeLessThan(0.04e-9);
    // Liu, arXiv:1111.3702: θσ = (1.4–3.4)e5 S/m.
    expect(theta * conductivity).toBeGreaterThan(1.4e5);
    expect(theta * conductivity).toBeLessThan(3.4e5);
  });

  it("holds Py to Elliott–Yafet, ρλ = 0.91 ± 0.04 fΩ m²", () => {
    expect(Math.abs(Py.spinDiffusionLength / Py.conductivity - 0.91e-15)).toBeLessThan(0.04e-15);
  });

  it("gives Al the spin lifetime of Hanle curves, tens of ps to 100 ps at room temperature", () => {
    const lifetime = Al.spinDiffusionLength ** 2 / Al.diffusivity!;
    expect(lifetime).toBeGreaterThan(40e-12);
    expect(lifetime).toBeLessThan(110e-12);
  });

  it("gives Cu a mean free path D/(v_F/3) of tens of nm", () => {
    const velocity = Math.sqrt((2 * 7.0 * E_CHARGE) / 9.109e-31);
    const path = (3 * Cu.diffusivity!) / velocity;
    expect(path).toBeGreaterThan(15e-9);
    expect(path).toBeLessThan(40e-9);
  });

  it("magnetizes CoFeB between Ta and MgO out of plane at 1.1 nm and in plane at 2 nm", () => {
    const shape = (4e-7 * Math.PI * CoFeB.saturationMagnetization ** 2) / 2;
    expect(CoFeB.interfacialAnisotropy! / 1.1e-9).toBeGreaterThan(shape);
    expect(CoFeB.interfacialAnisotropy! / 2e-9).toBeLessThan(shape);
  });

  it("orders the magnets as nature does: YIG < Ni < Py < CoFeB < Co < Fe", () => {
    const Ms = [YIG, Ni, Py, CoFeB, Co, materials.Fe].map((m) => m.saturationMagnetization);
    expect(Ms).toEqual([...Ms].sort((a, b) => a - b));
  });
});

describe("the interfaces", () => {
  for (const { between, parameters, sources } of interfaces) {
    const [magnet, metal] = between;
    it(`${magnet}|${metal} obeys the bounds, joins known materials and has a source for every number`, () => {
      const warnings: string[] = [];
      checkInterface(`${magnet}|${metal}`, parameters, (message) => warnings.push(message));
      expect(warnings).toEqual([]);
      expect(materialNamed(magnet).kind).toMatch(/magnet/);
      expect(materialNamed(metal).kind).toBe("normal metal");
      expectSourced(parameters, sources, INTERFACE_PARAMETERS);
    });
  }

  it("are found in either order, once per pair, and not where none is known", () => {
    expect(interfaceBetween("Pt", "YIG")).toBe(interfaceBetween("YIG", "Pt"));
    const pairs = interfaces.map(({ between }) => [...between].sort().join("|"));
    expect(new Set(pairs).size).toBe(pairs.length);
    expect(interfaceBetween("Pt", "Cu")).toBeUndefined();
  });

  it("conduct no charge into an insulator", () => {
    const contact = interfaceBetween("YIG", "Pt")!;
    expect(contact.conductanceUp).toBe(0);
    expect(contact.conductanceDown).toBe(0);
  });

  it("give Co|Cu the area resistance AR* (1 − γ²) of a current without spin accumulation", () => {
    const contact = interfaceBetween("Co", "Cu")!;
    const AR = 1 / (contact.conductanceUp + contact.conductanceDown);
    expect(AR).toBeCloseTo(0.51e-15 * (1 - 0.77 ** 2), 20);
  });

  it("keep in Co|Pt the measured resistance of each spin and the measured loss, contact and slab together", () => {
    const { conductanceUp, conductanceDown, memoryLoss, memoryLossResistance } = interfaceBetween("Co", "Pt")!;
    const slab = 2 * memoryLossResistance!;
    expect((1 / conductanceUp + slab) * 1e15).toBeCloseTo(2 * 0.74 * (1 - 0.58), 10);
    expect((1 / conductanceDown + slab) * 1e15).toBeCloseTo(2 * 0.74 * (1 + 0.58), 10);
    // Loss of the slab, sinh δ/(2 r_I) with r_I = r_b*/δ, against δ²/(2 r_b*) of the paper's interface.
    const loss = (Math.sinh(memoryLoss!) * memoryLoss!) / slab;
    expect(loss / (0.9 ** 2 / (2 * 0.74e-15))).toBeCloseTo(1, 1);
  });

  it("make the Ta|CoFeB contact more transparent to spin than the Pt contacts", () => {
    const transparency = (G: number, { conductivity, spinDiffusionLength }: typeof Pt) =>
      G / (G + conductivity / (2 * spinDiffusionLength));
    const tantalum = transparency(interfaceBetween("CoFeB", "betaTa")!.mixingConductance, betaTa);
    expect(tantalum).toBeGreaterThan(transparency(interfaceBetween("Co", "Pt")!.mixingConductance, Pt));
    expect(transparency(interfaceBetween("CoFeB", "betaW")!.mixingConductance, betaW)).toBeCloseTo(0.81, 10);
  });
});
