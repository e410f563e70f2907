import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rotate, rotation } from "../algebra/rotation.ts";
import { cross, dot, norm, normalize, subtract, type Vector3 } from "../algebra/vector.ts";
import { InputError } from "../checks.ts";
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
  type Sign,
  skyrmion,
  type Texture,
  turnedTexture,
  uniform,
  vortex,
  vortexWall,
} from "./index.ts";

/** Sums and products of a few numbers of order 1. */
const ROUNDING = 1e-14;
const SIGNS: Sign[] = [1, -1];

function expectVector(actual: Vector3, expected: Vector3, within = ROUNDING): void {
  expect(norm(subtract(actual, expected))).toBeLessThan(within);
}

/** Signed solid angle of three directions over 4π, summed over two triangles per cell: Berg and Lüscher, Nucl. Phys. B 190, 412 (1981). */
function charge(texture: Texture, edge: number, cells: number, rim?: Vector3): number {
  const at = (i: number, j: number): Vector3 => {
    const onRim = i === 0 || j === 0 || i === cells || j === cells;
    return rim && onRim ? rim : normalize(texture((i / cells - 0.5) * edge, (j / cells - 0.5) * edge, 0));
  };
  const triangle = (a: Vector3, b: Vector3, c: Vector3): number =>
    2 * Math.atan2(dot(a, cross(b, c)), 1 + dot(a, b) + dot(b, c) + dot(c, a));
  let sum = 0;
  for (let j = 0; j < cells; j++)
    for (let i = 0; i < cells; i++) {
      const [a, b, c, d] = [at(i, j), at(i + 1, j), at(i + 1, j + 1), at(i, j + 1)];
      sum += triangle(a, b, c) + triangle(a, c, d);
    }
  return sum / (4 * Math.PI);
}

describe("textures that are formulas", () => {
  const textures: [string, Texture][] = [
    ["uniform", uniform([1, 2, -2])],
    ["helix", helix({ wavevector: [3, 1, 2], normal: [0, 1, 1], phase: 0.4 })],
    ["conical", conical({ wavevector: [1, 0, 1], axis: [0, 0, -2], angle: 0.7 })],
    ["domainWall Bloch", domainWall({ kind: "Bloch", width: 0.4 })],
    ["domainWall Néel", domainWall({ kind: "Néel", axis: "y", width: 0.4 })],
    ["domainWall head-to-head", domainWall({ kind: "head-to-head", width: 2 })],
    ["vortex", vortex({ coreRadius: 0.5 })],
    ["radialVortex", radialVortex({ coreRadius: 0.5, direction: -1 })],
    ["antivortex", antivortex({ coreRadius: 0.5, angle: 1 })],
    ["skyrmion", skyrmion({ kind: "Néel", radius: 0.8 })],
    ["vortexWall", vortexWall({ stripWidth: 1, coreRadius: 0.3 })],
    ["moved and turned", turnedTexture(movedTexture(vortex({ coreRadius: 0.5 }), [1, 0, 0]), [1, 2, 0], 0.3)],
  ];
  it.each(textures)("are of unit length: %s", (_, texture) => {
    const coordinate = fc.double({ min: -1e3, max: 1e3, noNaN: true });
    fc.assert(
      fc.property(coordinate, coordinate, coordinate, (x, y, z) => {
        expect(Math.abs(norm(texture(x, y, z)) - 1)).toBeLessThan(ROUNDING);
      }),
      { examples: [[0, 0, 0]] },
    );
  });

  it("are the same everywhere: uniform", () => {
    expectVector(uniform([0, 3, -4])(1, 2, 3), [0, 0.6, -0.8]);
  });
});

describe("a helix", () => {
  const period = 40e-9;
  const k = (2 * Math.PI) / period;
  const wavevector: Vector3 = [0.6 * k, 0.8 * k, 0];
  const step = (m: Texture, s: number): Vector3 => m(0.6 * s * period, 0.8 * s * period, 3e-9);

  it("repeats after 2π over its wave vector, and no sooner", () => {
    const m = helix({ wavevector });
    expectVector(step(m, 1), step(m, 0));
    expectVector(step(m, 0.5), [0, 0, -1]);
    // Nothing changes across the wave vector.
    expectVector(m(8e-9, -6e-9, 1e-7), m(0, 0, 0));
  });

  it("is a screw by default, right-handed: m × ∂m points along the wave vector", () => {
    const m = helix({ wavevector });
    for (const s of [0, 0.1, 0.6]) {
      expect(Math.abs(dot(step(m, s), wavevector) / k)).toBeLessThan(ROUNDING);
      expectVector(cross(step(m, s), step(m, s + 0.25)), [0.6, 0.8, 0]);
    }
    const left = helix({ wavevector, normal: [-3, -4, 0] });
    expectVector(cross(step(left, 0.1), step(left, 0.35)), [-0.6, -0.8, 0]);
  });

  it("is a cycloid with its normal across the wave vector", () => {
    const m = helix({ wavevector: [k, 0, 0], normal: [0, 1, 0] });
    // From +z about +y to +x.
    expectVector(m(0, 0, 0), [0, 0, 1]);
    expectVector(m(period / 4, 0, 0), [1, 0, 0]);
  });

  it("begins nearest to +z, or at +x in the plane, turned by its phase", () => {
    expectVector(helix({ wavevector: [k, 0, k] })(0, 0, 0), normalize([-1, 0, 1]));
    expectVector(helix({ wavevector: [0, 0, k] })(0, 0, 0), [1, 0, 0]);
    expectVector(helix({ wavevector: [0, 0, k], phase: Math.PI / 2 })(0, 0, 0), [0, 1, 0]);
  });

  it("leans towards its axis by the angle of a cone", () => {
    const m = conical({ wavevector, angle: 0.3 });
    for (const s of [0, 0.2, 0.7]) expect(dot(step(m, s), wavevector) / k).toBeCloseTo(Math.cos(0.3), 14);
    const across = conical({ wavevector, axis: [0, 0, 2], angle: 2 });
    for (const s of [0, 0.2, 0.7]) expect(step(across, s)[2]).toBeCloseTo(Math.cos(2), 14);
    // A right angle makes a helix, none a uniform state.
    expectVector(step(conical({ wavevector, angle: Math.PI / 2 }), 0.3), step(helix({ wavevector }), 0.3));
    expectVector(step(conical({ wavevector, angle: 0 }), 0.3), [0.6, 0.8, 0]);
  });
});

describe("a domain wall", () => {
  const width = 5e-9;
  const position = 12e-9;

  it.each(["x", "y"] as const)("has the profile m_z = −p tanh(s/Δ), 1/cosh(s/Δ) in its middle: across %s", (axis) => {
    const at = (m: Texture, s: number): Vector3 =>
      axis === "x" ? m(position + s * width, 7e-9, 1e-9) : m(7e-9, position + s * width, 1e-9);
    const [along, across]: Vector3[] =
      axis === "x"
        ? [
            [1, 0, 0],
            [0, 1, 0],
          ]
        : [
            [0, 1, 0],
            [-1, 0, 0],
          ];
    for (const polarity of SIGNS)
      for (const chirality of SIGNS)
        for (const kind of ["Bloch", "Néel"] as const) {
          const m = domainWall({ kind, axis, position, width, polarity, chirality });
          const inPlane = kind === "Néel" ? along : across;
          for (const s of [-3, -0.5, 0, 1, 2]) {
            expect(at(m, s)[2]).toBeCloseTo(-polarity * Math.tanh(s), 14);
            expect(dot(at(m, s), inPlane)).toBeCloseTo(chirality / Math.cosh(s), 14);
          }
          // m turns by 1/Δ per length in the middle; chords of 1e-3 Δ to their square.
          expect(norm(subtract(at(m, 5e-4), at(m, -5e-4)))).toBeCloseTo(1e-3, 9);
        }
  });

  it("meets head to head or tail to tail, its middle along ẑ × axis", () => {
    const heads = domainWall({ kind: "head-to-head", width });
    expectVector(heads(-1e-6, 0, 0), [1, 0, 0]);
    expectVector(heads(1e-6, 0, 0), [-1, 0, 0]);
    expectVector(heads(0, 0, 0), [0, 1, 0]);
    const tails = domainWall({ kind: "tail-to-tail", axis: "y", width, chirality: -1 });
    expectVector(tails(0, -1e-6, 0), [0, -1, 0]);
    expectVector(tails(0, 1e-6, 0), [0, 1, 0]);
    expectVector(tails(0, 0, 0), [1, 0, 0]);
  });

  it("parts any two domains across any axis", () => {
    const m = domains([0, 0, 2], [0, 3, 0], [1, 0, 0], { axis: "z", position: 1e-9, width: 2e-9 });
    expectVector(m(5, 5, -1e-6), [0, 0, 1]);
    expectVector(m(5, 5, 1e-6), [1, 0, 0]);
    expectVector(m(5, 5, 1e-9), [0.5, 1, 0.5]);
  });

  it("is an error where it would vanish between the domains, and nowhere else", () => {
    const direction = (n: number): Vector3 => [Math.cos((Math.PI * n) / 12), Math.sin((Math.PI * n) / 12), 0];
    const left = direction(0);
    let errors = 0;
    for (let n = 0; n < 24 * 24; n++) {
      const [wall, right] = [direction(n % 24), direction(Math.floor(n / 24))];
      let shortest = Infinity;
      for (let theta = 0; theta < Math.PI; theta += 2e-3) {
        const [l, r, w] = [(1 + Math.cos(theta)) / 2, (1 - Math.cos(theta)) / 2, Math.sin(theta)];
        shortest = Math.min(shortest, norm([0, 1, 2].map((i) => l * left[i] + r * right[i] + w * wall[i]) as never));
      }
      const call = (): Texture => domains(left, wall, right, { width: 1 });
      // Steps of 2e-3 leave 2e-3 of a zero; directions 15° apart miss it by 6e-3 at least.
      if (shortest > 4e-3) expect(call).not.toThrow();
      else {
        expect(call).toThrow(InputError);
        errors++;
      }
    }
    expect(errors).toBe(7);
  });
});

describe("a vortex", () => {
  const b = 8e-9;
  const ring = Array.from({ length: 12 }, (_, n) => (2 * Math.PI * (n + 0.3)) / 12);

  it("circulates, with m_z as its polarity in the core", () => {
    for (const circulation of SIGNS)
      for (const polarity of SIGNS) {
        const m = vortex({ circulation, polarity, coreRadius: b });
        expectVector(m(0, 0, 0), [0, 0, polarity]);
        for (const phi of ring) {
          const [x, y] = [Math.cos(phi), Math.sin(phi)];
          expectVector(m(30e-9 * x, 30e-9 * y, 0), [-circulation * y, circulation * x, 0]);
          expect(dot(m(3e-9 * x, 3e-9 * y, 0), [-y, x, 0]) * circulation).toBeGreaterThan(0);
        }
        // p/2 for a winding of 1, whatever its circulation; triangles of a ring in the plane hold no angle.
        expect(Math.abs(charge(m, 60e-9, 60) - polarity / 2)).toBeLessThan(1e-9);
      }
  });

  it("has m_z = (b² − r²)/(b² + r²) in the core and 0 outside, without a jump", () => {
    const m = vortex({ coreRadius: b });
    expect(m(b / 2, 0, 0)[2]).toBeCloseTo(0.6, 14);
    expect(m(0, b / 3, 0)[2]).toBeCloseTo(0.8, 14);
    expect(Math.abs(m(b * (1 - 1e-12), 0, 0)[2])).toBeLessThan(2e-12);
    expect(m(b, 0, 0)[2]).toBe(0);
    // 10 nm where none is given.
    expect(vortex()(5e-9, 0, 0)[2]).toBeCloseTo(0.6, 14);
  });

  it("points outwards or inwards when it is radial", () => {
    for (const direction of SIGNS)
      for (const phi of ring) {
        const r: Vector3 = [Math.cos(phi), Math.sin(phi), 0];
        expectVector(radialVortex({ direction })(2e-8 * r[0], 2e-8 * r[1], 0), [direction * r[0], direction * r[1], 0]);
      }
    expect(Math.abs(charge(radialVortex({ polarity: -1, coreRadius: b }), 60e-9, 60) + 0.5)).toBeLessThan(1e-9);
  });

  it("turns backwards when it is an antivortex", () => {
    const m = antivortex({ coreRadius: b, polarity: -1 });
    expectVector(m(3e-8, 0, 0), [1, 0, 0]);
    expectVector(m(0, 3e-8, 0), [0, -1, 0]);
    expectVector(antivortex({ angle: 0.4 })(3e-8, 0, 0), [Math.cos(0.4), Math.sin(0.4), 0]);
    expect(Math.abs(charge(m, 60e-9, 60) - 0.5)).toBeLessThan(1e-9);
  });

  it("parts the domains of a strip", () => {
    for (const circulation of SIGNS)
      for (const kind of ["head-to-head", "tail-to-tail"] as const) {
        const m = vortexWall({ kind, stripWidth: 100e-9, circulation, polarity: -1 });
        const left: Vector3 = [kind === "head-to-head" ? 1 : -1, 0, 0];
        for (const y of [-40e-9, 0, 40e-9]) {
          expectVector(m(-60e-9, y, 0), left);
          expectVector(m(60e-9, y, 0), [-left[0], 0, 0]);
        }
        expectVector(m(0, 0, 0), [0, 0, -1]);
        expectVector(m(0, 30e-9, 0), [-circulation, 0, 0]);
      }
    expectVector(vortexWall({ stripWidth: 1e-7 })(-1e-6, 0, 0), [1, 0, 0]);
  });
});

describe("a skyrmion", () => {
  const radius = 20e-9;
  const wallWidth = 2.5e-9;

  it("has the topological charge polarity × winding", () => {
    for (const polarity of SIGNS)
      for (const winding of SIGNS)
        for (const chirality of SIGNS)
          for (const kind of ["Néel", "Bloch"] as const) {
            const m = skyrmion({ kind, radius, polarity, winding, chirality });
            // Closed by the background on the rim, the triangles cover the sphere a whole number of times.
            expect(Math.abs(charge(m, 150e-9, 50, [0, 0, -polarity]) - polarity * winding)).toBeLessThan(1e-9);
          }
  });

  it("has m_z = 0 at its radius, between its polarity and the opposite background", () => {
    for (const polarity of SIGNS) {
      const m = skyrmion({ kind: "Bloch", radius, polarity });
      expectVector(m(0, 0, 0), [0, 0, polarity]);
      for (const phi of [0, 1, 4])
        expect(Math.abs(m(radius * Math.cos(phi), radius * Math.sin(phi), 0)[2])).toBeLessThan(ROUNDING);
      expectVector(m(1e-6, 0, 0), [0, 0, -polarity]);
    }
    expectVector(skyrmion({ kind: "Néel", radius })(0, 0, 0), [0, 0, -1]);
  });

  it("is a wall of the given width far from its middle, a quarter of the radius by default", () => {
    const profile = (m: Texture, s: number, width: number): void => {
      const [, , mz] = m(radius + s * width, 0, 0);
      // A straight wall but for exp(−2r/Δ).
      expect(Math.abs(mz - Math.tanh(s))).toBeLessThan(2 * Math.exp((-2 * (radius - width)) / width));
    };
    for (const s of [-1, 0.5, 2]) {
      profile(skyrmion({ kind: "Néel", radius, wallWidth }), s, wallWidth);
      profile(skyrmion({ kind: "Néel", radius }), s, radius / 4);
    }
  });

  it("turns along the radius (Néel) or across it (Bloch), by its chirality", () => {
    for (const chirality of SIGNS)
      for (const phi of [0.2, 1.7, 3, 5]) {
        const [x, y] = [Math.cos(phi), Math.sin(phi)];
        const at = (kind: "Néel" | "Bloch"): Vector3 =>
          skyrmion({ kind, radius, chirality })(radius * x, radius * y, 0);
        expectVector(at("Néel"), [chirality * x, chirality * y, 0]);
        expectVector(at("Bloch"), [-chirality * y, chirality * x, 0]);
      }
    const anti = skyrmion({ kind: "Néel", radius, winding: -1 });
    expectVector(anti(radius, 0, 0), [1, 0, 0]);
    expectVector(anti(0, radius, 0), [0, -1, 0]);
  });

  it("has no overflow however thin its wall or far the point", () => {
    const thin = skyrmion({ kind: "Néel", radius: 1e-6, wallWidth: 1e-10 });
    expectVector(thin(1e-9, 0, 0), [0, 0, -1]);
    expectVector(thin(1e-320, 0, 0), [0, 0, -1]);
    expectVector(thin(1, 1, 0), [0, 0, 1]);
  });
});

describe("random directions", () => {
  const n = 40_000;
  const draws = (texture: Texture): Vector3[] => Array.from({ length: n }, (_, index) => texture(0, 0, 0, index));

  it("are spread evenly over the sphere, neighbours apart", () => {
    const m = draws(randomDirections(11));
    const mean = (f: (v: Vector3, i: number) => number): number => m.reduce((sum, v, i) => sum + f(v, i), 0) / n;
    for (const a of [0, 1, 2]) {
      // 4σ.  The variance of a component is 1/3, of its square 1/5 − 1/9, of a product of two 1/15.
      expect(Math.abs(mean((v) => v[a]))).toBeLessThan(4 * Math.sqrt(1 / 3 / n));
      expect(Math.abs(mean((v) => v[a] ** 2) - 1 / 3)).toBeLessThan(4 * Math.sqrt(4 / 45 / n));
      expect(Math.abs(mean((v) => v[a] * v[(a + 1) % 3]))).toBeLessThan(4 * Math.sqrt(1 / 15 / n));
      // By Archimedes a component is evenly spread over −1…1: a tenth of all in each fifth of its half.
      for (let bin = 0; bin < 10; bin++) {
        const share = mean((v) => (Math.floor(5 * (v[a] + 1)) === bin ? 1 : 0));
        expect(Math.abs(share - 0.1)).toBeLessThan(4 * Math.sqrt((0.1 * 0.9) / n));
      }
    }
    expect(Math.abs(mean((v, i) => dot(v, m[(i + 1) % n])))).toBeLessThan(4 * Math.sqrt(1 / 3 / n));
    for (const v of m.slice(0, 100)) expect(Math.abs(norm(v) - 1)).toBeLessThan(ROUNDING);
  });

  it("go by the seed and the index of the cell, not by the place or the order", () => {
    const [a, b] = [randomDirections(5), randomDirections(5)];
    const forward = [0, 1, 2, 3].map((i) => a(0, 0, 0, i));
    expect([3, 2, 1, 0].map((i) => b(i, 1, 2, i)).toReversed()).toEqual(forward);
    for (const seed of [6, 5 + 2 ** 32]) expect(randomDirections(seed)(0, 0, 0, 0)).not.toEqual(forward[0]);
  });

  it("of a perturbation have the given deviation per component, about unit vectors", () => {
    const amplitude = 0.02;
    const still: Vector3 = [0, 0.6, 0.8];
    const shifts = draws(perturbed(() => [0, 6, 8], amplitude, 3)).map((m) => subtract(m, still));
    for (const a of [0, 1, 2]) {
      const mean = shifts.reduce((sum, d) => sum + d[a], 0) / n;
      const variance = shifts.reduce((sum, d) => sum + d[a] ** 2, 0) / n;
      // 4σ; the square of a normal number has variance 2.
      expect(Math.abs(mean)).toBeLessThan((4 * amplitude) / Math.sqrt(n));
      expect(Math.abs(variance / amplitude ** 2 - 1)).toBeLessThan(4 * Math.sqrt(2 / n));
    }
    expect(perturbed(uniform(still), 0, 3)(0, 0, 0, 9)).toEqual(uniform(still)(0, 0, 0));
    // Not the numbers of random directions under the same seed.
    expect(Math.abs(dot(normalize(shifts[0]), randomDirections(3)(0, 0, 0, 0)))).toBeLessThan(0.999);
  });

  it("ask for the index of the cell", () => {
    expect(() => randomDirections(1)(0, 0, 0)).toThrow("randomDirections: index");
    expect(() => perturbed(uniform([1, 0, 0]), 0.1, 1)(0, 0, 0)).toThrow("perturbed: index");
    expect(movedTexture(randomDirections(1), [1, 0, 0])(0, 0, 0, 7)).toEqual(randomDirections(1)(0, 0, 0, 7));
    expectVector(
      turnedTexture(randomDirections(1), [0, 0, 1], Math.PI)(0, 0, 0, 7),
      rotate(rotation([0, 0, 1], Math.PI), randomDirections(1)(0, 0, 0, 7)),
    );
  });
});

describe("a texture is moved and turned", () => {
  it("with its middle", () => {
    const m = movedTexture(skyrmion({ kind: "Néel", radius: 1e-8 }), [3e-8, -2e-8, 0]);
    expectVector(m(3e-8, -2e-8, 0), [0, 0, -1]);
    expectVector(m(4e-8, -2e-8, 0), [1, 0, 0]);
  });

  it("as a rigid body, places and directions together", () => {
    // A wall across x turned by 90° about z is one across y; about y, it lies across z.
    const wall = domainWall({ kind: "Néel", position: 2, width: 1 });
    const flat = domainWall({ kind: "Néel", axis: "y", position: 2, width: 1 });
    const turned = turnedTexture(wall, [0, 0, 3], Math.PI / 2);
    const upright = turnedTexture(wall, [0, 1, 0], -Math.PI / 2);
    for (const s of [-1, 0, 1.5, 2, 4]) {
      expectVector(turned(9, s, 0), flat(9, s, 0));
      expectVector(upright(9, 5, s), rotate(rotation([0, 1, 0], -Math.PI / 2), wall(s, 0, 0)));
    }
    // A vortex about z is its own image.
    const m = vortex({ coreRadius: 1 });
    expectVector(turnedTexture(m, [0, 0, 1], 0.7)(2, -0.3, 0), m(2, -0.3, 0));
    expectVector(turnedTexture(m, [1, 0, 0], Math.PI)(0, 2, 0), [1, 0, 0]);
  });
});

describe("bad options are named", () => {
  const m = uniform([0, 0, 1]);
  it.each([
    ["uniform: direction", () => uniform([0, 0, 0])],
    ["uniform: direction", () => uniform([1, 0] as unknown as Vector3)],
    ["helix: wavevector", () => helix({ wavevector: [0, 0, 0] })],
    ["helix: normal", () => helix({ wavevector: [1, 0, 0], normal: [0, 0, 0] })],
    ["helix: phase", () => helix({ wavevector: [1, 0, 0], phase: Number.NaN })],
    ["helix.period", () => helix({ wavevector: [1, 0, 0], period: 1 } as never)],
    ["conical: axis", () => conical({ wavevector: [1, 0, 0], axis: [0, 0, 0], angle: 1 })],
    ["conical: angle", () => conical({ wavevector: [1, 0, 0] } as never)],
    ["domains: wall", () => domains([1, 0, 0], [0, 0, 0], [0, 1, 0], { width: 1 })],
    // m = z (cos θ + sin θ) vanishes at 3π/4, and x (1 − sin θ) in the middle.
    ["domains: wall", () => domains([0, 0, 1], [0, 0, 1], [0, 0, -1], { width: 1 })],
    ["domains: wall", () => domains([1, 0, 0], [-1, 0, 0], [1, 0, 0], { width: 1 })],
    ["domains: axis", () => domains([1, 0, 0], [0, 0, 1], [0, 1, 0], { axis: "w" as never, width: 1 })],
    ["domains: width", () => domains([1, 0, 0], [0, 0, 1], [0, 1, 0], { width: 0 })],
    ["domainWall: kind", () => domainWall({ kind: "Neel" as never, width: 1 })],
    ["domainWall: axis", () => domainWall({ kind: "Bloch", axis: "z" as never, width: 1 })],
    ["domainWall: width", () => domainWall({ kind: "Bloch" } as never)],
    ["domainWall: position", () => domainWall({ kind: "Bloch", width: 1, position: Number.NaN })],
    ["domainWall: polarity", () => domainWall({ kind: "Bloch", width: 1, polarity: 0 as never })],
    ["domainWall: chirality", () => domainWall({ kind: "Bloch", width: 1, chirality: 2 as never })],
    ["domainWall.widht", () => domainWall({ kind: "Bloch", widht: 1 } as never)],
    ["vortex: circulation", () => vortex({ circulation: 2 as never })],
    ["vortex: coreRadius", () => vortex({ coreRadius: 0 })],
    ["vortex: polarity", () => vortex({ polarity: "up" as never })],
    ["radialVortex: direction", () => radialVortex({ direction: 0 as never })],
    ["antivortex: angle", () => antivortex({ angle: Infinity })],
    ["vortexWall: kind", () => vortexWall({ kind: "Bloch" as never, stripWidth: 1 })],
    ["vortexWall: stripWidth", () => vortexWall({ stripWidth: -1 })],
    ["skyrmion: kind", () => skyrmion({ kind: "neel" as never, radius: 1 })],
    ["skyrmion: radius", () => skyrmion({ kind: "Néel" } as never)],
    ["skyrmion: wallWidth", () => skyrmion({ kind: "Néel", radius: 1, wallWidth: 0 })],
    ["skyrmion: winding", () => skyrmion({ kind: "Néel", radius: 1, winding: 2 as never })],
    ["randomDirections: seed", () => randomDirections(-1)],
    ["perturbed: amplitude", () => perturbed(m, -0.1, 1)],
    ["perturbed: seed", () => perturbed(m, 0.1, 0.5)],
    ["movedTexture: by", () => movedTexture(m, [0, 0, Infinity])],
    ["turnedTexture: axis", () => turnedTexture(m, [0, 0, 0], 1)],
    ["turnedTexture: angle", () => turnedTexture(m, [0, 0, 1], Number.NaN)],
  ])("%s", (parameter, call) => {
    expect(call).toThrow(InputError);
    expect(call).toThrow(expect.objectContaining({ parameter }));
  });
});
