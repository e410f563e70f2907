import type { Vector3 } from "../algebra/vector.ts";
import type { Outline } from "../geometry/index.ts";

/**
 * Magnetometric demagnetising factors (N_x, N_y, N_z), N_x + N_y + N_z = 1: the mean field of a uniformly magnetized body
 * is −Ms N m.
 */

/**
 * Ellipsoid with semi-axes a, b, c along x, y, z.  Osborn, Phys. Rev. 67, 351 (1945); N_x = (abc/3) R_D(b², c², a²) with
 * Carlson's integral, Numer. Algorithms 10, 13 (1995).
 */
export function ellipsoidFactors(a: number, b: number, c: number): Vector3 {
  const N = (x: number, y: number, z: number): number => ((x * y * z) / 3) * carlsonRD(y * y, z * z, x * x);
  return [N(a, b, c), N(b, c, a), N(c, a, b)];
}

/**
 * Rectangular prism with edges along x, y, z.  Aharoni, J. Appl. Phys. 83, 3432 (1998), eq. 1.  Terms as large as the square of
 * the aspect ratio cancel: 1e-10 is left at 1000 : 1, 1e-5 at 100 000 : 1.
 */
export function prismFactors(width: number, height: number, thickness: number): Vector3 {
  const N = prismFactor;
  return [N(height, thickness, width), N(thickness, width, height), N(width, height, thickness)];
}

/**
 * Cylinder of elliptic cross-section, full axes width and height, axis along z.  An elliptic cylinder is, direction by
 * direction β of the wave vector, a circular one of aspect t √(cos²β/a² + sin²β/b²) (Beleggia, De Graef, Millev, Goode,
 * Rowlands, J. Phys. D 38, 3333 (2005)); the circular one is Nagaoka's coil, N_z = 1 − K_L.  The integrand is periodic and
 * smooth: the trapezoidal rule converges geometrically.
 */
export function ellipticCylinderFactors(width: number, height: number, thickness: number): Vector3 {
  const a = width / 2;
  const b = height / 2;
  // Doubling until the change is at round-off; 16 points serve a circle, elongated ellipses take more.
  let previous: Vector3 = [0, 0, 0];
  for (let points = 16; points <= 65536; points *= 2) {
    const sum: [number, number, number] = [0, 0, 0];
    for (let i = 0; i < points; i++) {
      const beta = (2 * Math.PI * (i + 0.5)) / points;
      const kx2 = (Math.cos(beta) / a) ** 2;
      const ky2 = (Math.sin(beta) / b) ** 2;
      const z = 1 - nagaoka(thickness * Math.sqrt(kx2 + ky2));
      sum[0] += ((1 - z) * kx2) / (kx2 + ky2) / points;
      sum[1] += ((1 - z) * ky2) / (kx2 + ky2) / points;
      sum[2] += z / points;
    }
    if (Math.abs(sum[0] - previous[0]) + Math.abs(sum[2] - previous[2]) < 1e-14) return sum;
    previous = sum;
  }
  return previous;
}

/** Factors of a flat body with the given outline. */
export function shapeFactors(outline: Outline, thickness: number): Vector3 {
  const factors = outline.kind === "ellipse" ? ellipticCylinderFactors : prismFactors;
  return factors(outline.width, outline.height, thickness);
}

/**
 * Magnetostatic coupling of two flat bodies of the same outline stacked along z, of thicknesses t₁, t₂ and with a gap s
 * between the facing surfaces:
 *
 *   E₁₂ = μ0 Ms₁ Ms₂ A Σ_i n_i m₁ᵢ m₂ᵢ,   n_i = ½[F_i(s) − F_i(s + t₁) − F_i(s + t₂) + F_i(s + t₁ + t₂)],  F_i(t) = t N_i(t).
 *
 * The self-energy of a body of thickness t is that of two such faces, hence the second difference (the argument of Newell,
 * Williams, Dunlop, J. Geophys. Res. 98, 9551 (1993), along one axis).
 * @returns (n_x, n_y, n_z) [m], the diagonal of the tensor in the axes of the outline
 */
export function stackedCoupling(outline: Outline, t1: number, t2: number, gap: number): Vector3 {
  const F = (t: number): Vector3 => {
    if (t === 0) return [0, 0, 0];
    const N = shapeFactors(outline, t);
    return [t * N[0], t * N[1], t * N[2]];
  };
  const [near, below, above, far] = [F(gap), F(gap + t1), F(gap + t2), F(gap + t1 + t2)];
  return [0, 1, 2].map((i) => (near[i] - below[i] - above[i] + far[i]) / 2) as unknown as Vector3;
}

/** N_z of a prism with edges 2a, 2b, 2c along x, y, z (any common scale). */
function prismFactor(a: number, b: number, c: number): number {
  const r = Math.hypot(a, b, c);
  const ab = Math.hypot(a, b);
  const bc = Math.hypot(b, c);
  const ca = Math.hypot(c, a);
  // ln[(√(p² + q²) − p)/(√(p² + q²) + p)] = −2 asinh(p/q), which stays exact for flat bodies.
  const log = (p: number, q: number): number => -2 * Math.asinh(p / q);
  const sum =
    ((b * b - c * c) / (2 * b * c)) * log(a, bc) +
    ((a * a - c * c) / (2 * a * c)) * log(b, ca) -
    (b / (2 * c)) * log(a, b) -
    (a / (2 * c)) * log(b, a) +
    (c / (2 * a)) * log(b, c) +
    (c / (2 * b)) * log(a, c) +
    2 * Math.atan((a * b) / (c * r)) +
    (a ** 3 + b ** 3 - 2 * c ** 3) / (3 * a * b * c) +
    ((a * a + b * b - 2 * c * c) / (3 * a * b * c)) * r +
    (c / (a * b)) * (ca + bc) -
    (ab ** 3 + bc ** 3 + ca ** 3) / (3 * a * b * c);
  return sum / Math.PI;
}

/**
 * Nagaoka's coefficient of a coil of length/radius `aspect`: Lorenz, Ann. Phys. 243, 161 (1879), in the complete elliptic
 * integrals of modulus k² = 4/(4 + aspect²).
 */
function nagaoka(aspect: number): number {
  const k2 = 4 / (4 + aspect * aspect);
  const k = Math.sqrt(k2);
  const complement2 = (aspect * aspect) / (4 + aspect * aspect);
  const complement = Math.sqrt(complement2);
  const { E, KminusE } = completeElliptic(k2, complement);
  return (4 / (3 * Math.PI * complement)) * ((complement2 / k2) * KminusE + E - k);
}

/** E(k) and K(k) − E(k) by the arithmetic–geometric mean (Abramowitz and Stegun, 17.6). */
function completeElliptic(k2: number, complement: number): { E: number; KminusE: number } {
  let a = 1;
  let b = complement;
  let c2 = k2;
  let weight = 1;
  let sum = c2;
  while (Math.sqrt(c2) > 1e-17 * a) {
    const next = (a + b) / 2;
    c2 = ((a - b) / 2) ** 2;
    b = Math.sqrt(a * b);
    a = next;
    weight *= 2;
    sum += weight * c2;
    if (weight > 2 ** 20) break;
  }
  const K = Math.PI / (2 * a);
  const KminusE = (K * sum) / 2;
  return { E: K - KminusE, KminusE };
}

/** Carlson's symmetric integral R_D by duplication, relative error below 1e-15. */
function carlsonRD(x: number, y: number, z: number): number {
  let [X, Y, Z] = [x, y, z];
  let sum = 0;
  let power = 1;
  const A0 = (x + y + 3 * z) / 5;
  let A = A0;
  // The truncated series has error of order Q^6 with Q the largest relative spread.
  const spread = Math.max(Math.abs(A0 - x), Math.abs(A0 - y), Math.abs(A0 - z)) * (Number.EPSILON / 4) ** (-1 / 6);
  while (power * spread > Math.abs(A)) {
    const lambda = Math.sqrt(X * Y) + Math.sqrt(Y * Z) + Math.sqrt(Z * X);
    sum += power / (Math.sqrt(Z) * (Z + lambda));
    power /= 4;
    [X, Y, Z, A] = [(X + lambda) / 4, (Y + lambda) / 4, (Z + lambda) / 4, (A + lambda) / 4];
  }
  const dx = (power * (A0 - x)) / A;
  const dy = (power * (A0 - y)) / A;
  const dz = -(dx + dy) / 3;
  const E2 = dx * dy - 6 * dz * dz;
  const E3 = (3 * dx * dy - 8 * dz * dz) * dz;
  const E4 = 3 * (dx * dy - dz * dz) * dz * dz;
  const E5 = dx * dy * dz ** 3;
  const series = 1 - (3 * E2) / 14 + E3 / 6 + (9 * E2 * E2) / 88 - (3 * E4) / 22 - (9 * E2 * E3) / 52 + (3 * E5) / 26;
  return power * A ** -1.5 * series + 3 * sum;
}
