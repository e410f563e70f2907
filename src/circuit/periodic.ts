import { type Complex, complex, minus, over, plus, times } from "../algebra/complex.ts";
import { solveDense } from "../algebra/dense.ts";
import { norm, normalize, type Vector3 } from "../algebra/vector.ts";
import { latticeRelaxation, spinDiffusion } from "../transport/index.ts";
import { qOverSinh, tanhOverQ } from "./decay.ts";
import type { Element } from "./element.ts";
import type { Film } from "./film.ts";
import type { CompiledNetwork, NetworkState } from "./nodalAnalysis.ts";
import { Solution } from "./solution.ts";
import { KNOWN, NetworkError } from "./wiring.ts";

/**
 * Transport over one period of magnets that move periodically.
 *
 * Where spin is forgotten within a small part of a period it follows the magnets at once, and every instant stands for itself.  In a
 * normal metal whose diffusivity D is given spin is stored as well, ∂φ_s/∂t = D φ_s'' − φ_s/τ − γ φ_s × B, so that the nth
 * harmonic decays with q² = (1 + i n ω τ)/λ²; films keep their closed form, harmonic by harmonic, and everything else ties the
 * instants of the period together.  That is the spin battery of Brataas, Tserkovnyak, Bauer, Halperin, PRB 66, 060404(R) (2002) for
 * ωτ ≫ 1 and Tserkovnyak's backflow for ωτ ≪ 1.
 *
 * @param states the network at evenly spaced instants of the period, an odd number of them
 * @param omega ω [rad/s]
 * @returns one solution per instant.  What a storing film takes in at its faces is, in a solution, only what it conducts and relaxes:
 *   the rest is stored.
 */
export function solvePeriod(network: CompiledNetwork, states: readonly NetworkState[], omega: number): Solution[] {
  const stores = network.placed.flatMap(({ element, at }) => storeOf(element, at));
  if (stores.length === 0 || omega === 0) return states.map((state) => network.solve(state));
  const { unknownOf, placeOf } = network.wiring;
  const n = placeOf.length;
  const faces = [...new Set(stores.flatMap(({ faces }) => faces.flat()))].filter((place) => unknownOf[place] !== KNOWN);
  const width = faces.length;
  const columns = 1 + width;
  const count = states.length;
  const { lags, reference } = storageKernel(stores, faces, states[0].field ?? [0, 0, 0], omega, count);
  // Every instant by itself, with as much storage as a real loss at rate ω would be: what then is left of it is the kernel.  Columns:
  // the potentials, and how they answer to spin that is put in at the faces of the stores.
  const instants = states.map((state) => {
    stamp(network, state);
    const { matrix, right } = network.denseSystem();
    for (let r = 0; r < width; r++) {
      for (let c = 0; c < width; c++) matrix[unknownOf[faces[r]] * n + unknownOf[faces[c]]] += reference[r * width + c];
    }
    const answer = new Float64Array(n * columns);
    for (let r = 0; r < n; r++) answer[r * columns] = right[r];
    for (const [c, place] of faces.entries()) answer[unknownOf[place] * columns + 1 + c] = 1;
    solveDense(matrix, answer, n, columns);
    return answer;
  });
  // (1 + Z S) φ = φ₀ for the spin accumulations at the faces at all instants.
  const size = width * count;
  const system = new Float64Array(size * size);
  const phi = new Float64Array(size);
  for (let k = 0; k < count; k++) {
    for (let r = 0; r < width; r++) {
      const row = unknownOf[faces[r]] * columns;
      phi[k * width + r] = instants[k][row];
      for (let l = 0; l < count; l++) {
        const S = lags[(k - l + count) % count];
        for (let c = 0; c < width; c++) {
          let sum = k === l && r === c ? 1 : 0;
          for (let j = 0; j < width; j++) sum += instants[k][row + 1 + j] * S[j * width + c];
          system[(k * width + r) * size + l * width + c] = sum;
        }
      }
    }
  }
  solveDense(system, phi, size);
  return states.map((state, k) => {
    const stored = new Float64Array(width);
    for (let l = 0; l < count; l++) {
      const S = lags[(k - l + count) % count];
      for (let r = 0; r < width; r++)
        for (let c = 0; c < width; c++) stored[r] += S[r * width + c] * phi[l * width + c];
    }
    stamp(network, state);
    network.fine.fill(0);
    for (let u = 0; u < n; u++) {
      let x = instants[k][u * columns];
      for (let c = 0; c < width; c++) x -= instants[k][u * columns + 1 + c] * stored[c];
      network.potentials[placeOf[u]] = x;
    }
    return new Solution(network);
  });
}

/** Puts a network into a state.  What it does not determine at an instant, such as spin that nothing relaxes, a period may. */
function stamp(network: CompiledNetwork, state: NetworkState): void {
  try {
    network.solve(state);
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
  }
}

/** A film that stores spin, and the three places of φ_s at each of its faces. */
interface Store {
  readonly film: Film;
  readonly diffusivity: number;
  readonly faces: readonly (readonly number[])[];
}

function storeOf(element: Element, at: Int32Array): Store[] {
  if (!isFilm(element)) return [];
  const { material, heat } = element.options;
  if (material.kind !== "normal metal" || material.diffusivity === undefined) return [];
  const top = heat ? 5 : 4;
  const faces = [1, top + 1].map((place) => [at[place], at[place + 1], at[place + 2]]);
  return [{ film: element, diffusivity: material.diffusivity, faces }];
}

const isFilm = (element: Element): element is Film => "dissipation" in element;

/** A map of complex spin vectors about an axis b: eigenvalues along b and on the two circular directions, b × v = ±i v. */
interface Circular {
  readonly along: Complex;
  readonly plus: Complex;
  readonly minus: Complex;
}

const combine = (a: Circular, b: Circular, f: (x: Complex, y: Complex) => Complex): Circular => ({
  along: f(a.along, b.along),
  plus: f(a.plus, b.plus),
  minus: f(a.minus, b.minus),
});

/**
 * What the faces take in at one instant per spin accumulation at another, beyond a reference: for every lag a matrix between the face
 * unknowns, row-major [S].  The reference is what they would take in of a steady accumulation that also decays at the rate ω.
 */
function storageKernel(
  stores: readonly Store[],
  faces: readonly number[],
  field: Vector3,
  omega: number,
  count: number,
): { lags: Float64Array[]; reference: Float64Array } {
  const width = faces.length;
  const lags = Array.from({ length: count }, () => new Float64Array(width * width));
  const reference = new Float64Array(width * width);
  const axis: Vector3 = norm(field) > 0 ? normalize(field) : [0, 0, 1];
  const highest = (count - 1) / 2;
  for (const { film, diffusivity, faces: own } of stores) {
    const place = own.map((face) => face.map((at) => faces.indexOf(at)));
    const add = (matrix: Float64Array, map: FaceMaps, turn: Complex): void => {
      const [near, far] = [realBlock(map.near, axis, turn), realBlock(map.far, axis, turn)];
      for (const face of [0, 1]) {
        for (const other of [0, 1]) {
          const block = face === other ? near : far;
          for (let i = 0; i < 9; i++) {
            const [row, column] = [place[face][Math.floor(i / 3)], place[other][i % 3]];
            if (row >= 0 && column >= 0) matrix[row * width + column] += block[i];
          }
        }
      }
    };
    const strength = (omega * film.options.material.conductivity) / (2 * diffusivity);
    const steady = faceMaps(film, field, complex(0));
    const damped = faceMaps(film, field, complex(strength));
    add(reference, difference(damped, steady), complex(1));
    for (let n = -highest; n <= highest; n++) {
      const beyond = difference(faceMaps(film, field, complex(0, n * strength)), damped);
      for (let lag = 0; lag < count; lag++) {
        const angle = (2 * Math.PI * n * lag) / count;
        add(lags[lag], beyond, complex(Math.cos(angle) / count, Math.sin(angle) / count));
      }
    }
  }
  return { lags, reference };
}

/** Admittances of a film, between a face and itself and a face and the other [S], in rows of I_s/2. */
interface FaceMaps {
  readonly near: Circular;
  readonly far: Circular;
}

const difference = (a: FaceMaps, b: FaceMaps): FaceMaps => ({
  near: combine(a.near, b.near, minus),
  far: combine(a.far, b.far, minus),
});

/** @param storage what the spin in the film does besides relaxing and turning in the field [S/m³]: inω σ/2D for the nth harmonic */
function faceMaps(film: Film, field: Vector3, storage: Complex): FaceMaps {
  const { material, thickness, area } = film.options;
  const K = spinDiffusion(material).across.re;
  const { along, across } = latticeRelaxation(material, field);
  const scale = (sink: Complex): Complex => over(plus(sink, storage), complex(K));
  const q2: Circular = {
    along: scale(complex(along)),
    plus: scale(complex(across.re, across.im)),
    minus: scale(complex(across.re, -across.im)),
  };
  const half = complex((K * area) / 2);
  const far = map(q2, (k2) => times(complex(-1), times(half, qOverSinh(k2, thickness))));
  const lost = map(q2, (k2) => times(half, times(k2, tanhOverQ(k2, thickness))));
  return { near: combine(lost, far, minus), far };
}

const map = ({ along, plus, minus }: Circular, f: (k2: Complex) => Complex): Circular => ({
  along: f(along),
  plus: f(plus),
  minus: f(minus),
});

/** Re[turn · A] as a 3 × 3 matrix: A = along bbᵀ + (plus + minus)/2 (1 − bbᵀ) + (plus − minus)/2i [b×]. */
function realBlock(A: Circular, b: Vector3, turn: Complex): number[] {
  const along = times(turn, A.along).re;
  const mean = times(turn, plus(A.plus, A.minus)).re / 2;
  // 1/2i = −i/2
  const twist = times(turn, minus(A.plus, A.minus)).im / 2;
  const cross = [0, -b[2], b[1], b[2], 0, -b[0], -b[1], b[0], 0];
  return cross.map((x, i) => {
    const [r, c] = [Math.floor(i / 3), i % 3];
    return (r === c ? mean : 0) + (along - mean) * b[r] * b[c] + twist * x;
  });
}
