import { describe, expect, it } from "vitest";
import { cross, dot, norm, normalize, type Vector3 } from "../algebra/vector.ts";
import {
  antivortex,
  conical,
  domains,
  domainWall,
  helix,
  movedTexture,
  perturbed,
  radialVortex,
  randomDirections,
  skyrmion,
  type Texture,
  turnedTexture,
  uniform,
  vortex,
  vortexWall,
} from "./index.ts";

const at = (texture: Texture, x: number, y = 0, z = 0): Vector3 => normalize(texture(x, y, z));

/** Charge by the solid angles of triangles on a lattice of n × n points of distance d. */
function charge(texture: Texture, n: number, d: number): number {
  const m = (i: number, j: number) => at(texture, (i - n / 2) * d, (j - n / 2) * d);
  const angle = (a: Vector3, b: Vector3, c: Vector3) =>
    2 * Math.atan2(dot(a, cross(b, c)), 1 + dot(a, b) + dot(b, c) + dot(c, a));
  let sum = 0;
  for (let j = 0; j < n; j++)
    for (let i = 0; i < n; i++) {
      sum += angle(m(i, j), m(i + 1, j), m(i + 1, j + 1));
      sum += angle(m(i, j), m(i + 1, j + 1), m(i, j + 1));
    }
  return sum / (4 * Math.PI);
}

describe("textures", () => {
  it("of a skyrmion have charge ±1 and m_z = 0 at the radius, radial for Néel and tangential for Bloch", () => {
    const [R, d] = [12, 0.5];
    for (const kind of ["Néel", "Bloch"] as const)
      for (const polarity of [1, -1] as const) {
        const texture = skyrmion({ kind, radius: R, polarity });
        // Far from its wall nothing is left of the turn: e^(−2r/Δ).
        expect(Math.abs(charge(texture, 240, d))).toBeCloseTo(1, 6);
        expect(Math.sign(at(texture, 0.01)[2])).toBe(polarity);
        expect(Math.sign(at(texture, 50)[2])).toBe(-polarity);
        for (const angle of [0, 0.7, 2, 4]) {
          const radial: Vector3 = [Math.cos(angle), Math.sin(angle), 0];
          const m = at(texture, R * radial[0], R * radial[1]);
          expect(Math.abs(m[2])).toBeLessThan(0.02);
          const share = Math.abs(dot(m, radial));
          expect(kind === "Néel" ? share : 1 - share).toBeGreaterThan(0.98);
        }
      }
    const opposite =
      charge(skyrmion({ kind: "Néel", radius: R, polarity: 1 }), 240, d) +
      charge(skyrmion({ kind: "Néel", radius: R, polarity: -1 }), 240, d);
    expect(opposite).toBeCloseTo(0, 6);
  });

  it("of vortices turn once, the one way or the other, about a core", () => {
    for (const circulation of [1, -1] as const) {
      const texture = vortex({ circulation, polarity: -1 });
      expect(at(texture, 50e-9)[1]).toBeCloseTo(circulation, 9);
      expect(at(texture, 0, 50e-9)[0]).toBeCloseTo(-circulation, 9);
      expect(at(texture, 1e-15)[2]).toBeCloseTo(-1, 6);
    }
    expect(at(radialVortex(), 0, 50e-9)[1]).toBeCloseTo(1, 9);
    // Against the angle: m at φ points along −φ.
    const anti = antivortex();
    const turn = (texture: Texture) => {
      const angles = Array.from({ length: 9 }, (_, i) =>
        at(texture, 50e-9 * Math.cos((i * Math.PI) / 4), 50e-9 * Math.sin((i * Math.PI) / 4)),
      );
      return (
        angles.slice(1).reduce((sum, m, i) => sum + Math.atan2(cross(angles[i], m)[2], dot(angles[i], m)), 0) /
        (2 * Math.PI)
      );
    };
    expect(turn(vortex())).toBeCloseTo(1, 9);
    expect(turn(anti)).toBeCloseTo(-1, 9);
  });

  it("of walls have the profile tanh(x/Δ) and turn as their kind says", () => {
    const width = 4;
    const bloch = domainWall({ kind: "Bloch", width, position: 3 });
    const neel = domainWall({ kind: "Néel", width });
    for (const x of [-9, -2, 0, 1, 5]) expect(at(bloch, x + 3)[2]).toBeCloseTo(-Math.tanh(x / width), 9);
    expect(Math.abs(at(bloch, 3)[1])).toBeCloseTo(1, 9);
    expect(Math.abs(at(neel, 0)[0])).toBeCloseTo(1, 9);
    const head = domainWall({ kind: "head-to-head", width });
    expect([at(head, -40)[0], at(head, 40)[0]].map((m) => Math.round(m))).toEqual([1, -1]);
    const corner = domains([1, 0, 0], [0, 1, 0], [0, 0, 1], { width, axis: "y" });
    expect(at(corner, 0, -99)[0]).toBeCloseTo(1, 9);
    expect(at(corner, 0, 99)[2]).toBeCloseTo(1, 9);
    const wide = vortexWall({ stripWidth: 100 });
    expect([at(wide, -80)[0], at(wide, 80)[0]]).toEqual([1, -1]);
  });

  it("of spirals repeat after a period, and are as steep as asked", () => {
    const k = 0.3;
    const screw = helix({ wavevector: [k, 0, 0] });
    const period = (2 * Math.PI) / k;
    for (const x of [0, 1, 7]) {
      expect(dot(at(screw, x), at(screw, x + period))).toBeCloseTo(1, 9);
      expect(dot(at(screw, x), at(screw, x + period / 2))).toBeCloseTo(-1, 9);
      // By the right-hand rule along the wave vector.
      expect(dot(cross(at(screw, x), at(screw, x + 0.1)), [1, 0, 0])).toBeCloseTo(Math.sin(0.1 * k), 9);
    }
    const cone = conical({ wavevector: [0, 0, k], angle: 0.4 });
    for (const z of [0, 3, 11]) expect(Math.acos(at(cone, 0, 0, z)[2])).toBeCloseTo(0.4, 9);
  });

  it("at random are even over the sphere, and the same for a seed", () => {
    const draw = (seed: number) =>
      Array.from({ length: 4000 }, (_, i) => normalize(randomDirections(seed)(0, 0, 0, i)));
    const all = draw(2);
    // 4 σ: a component has the variance 1/3, its square 4/45.
    for (const c of [0, 1, 2]) {
      expect(Math.abs(all.reduce((sum, m) => sum + m[c], 0) / 4000)).toBeLessThan(4 * Math.sqrt(1 / 3 / 4000));
      expect(Math.abs(all.reduce((sum, m) => sum + m[c] ** 2, 0) / 4000 - 1 / 3)).toBeLessThan(
        4 * Math.sqrt(4 / 45 / 4000),
      );
    }
    expect(draw(2)).toEqual(all);
    expect(draw(3)).not.toEqual(all);
    const shaken = perturbed(uniform([0, 0, 1]), 0.1, 5);
    const m = normalize(shaken(0, 0, 0, 7));
    expect(m[2]).toBeGreaterThan(0.8);
    expect(m[2]).toBeLessThan(1);
  });

  it("move and turn as a whole", () => {
    const there = movedTexture(vortex(), [1e-8, 0, 0]);
    expect(at(there, 1e-8 + 1e-15)[2]).toBeCloseTo(1, 6);
    // A head along +x, turned by 90° about z, lies along +y, with its directions.
    const turned = turnedTexture(domainWall({ kind: "head-to-head", width: 4 }), [0, 0, 1], Math.PI / 2);
    expect(at(turned, 0, -40)[1]).toBeCloseTo(1, 6);
    expect(norm(at(turned, 3, 2))).toBeCloseTo(1, 12);
  });

  it("refuse what cannot be", () => {
    expect(() => skyrmion({ kind: "Néel", radius: -1 })).toThrow("radius");
    expect(() => helix({ wavevector: [0, 0, 0] })).toThrow("wavevector");
    expect(() => vortex({ circulation: 2 as never })).toThrow("circulation");
    expect(() => domainWall({ kind: "Ising" as never, width: 1 })).toThrow("kind");
    expect(() => uniform([0, 0, 0])).toThrow("direction");
  });
});
