import type { Vector3 } from "../algebra/vector.ts";
import { GAMMA, HBAR, HBAR_2E, HBAR_E, MU0 } from "../constants.ts";
import { type EnergyTerm, LandauLifshitzGilbert, type Macrospin } from "../magnetism/index.ts";
import type { CompiledNetwork } from "./nodalAnalysis.ts";
import { Solution } from "./solution.ts";

/** Macrospins, their energies, and the network that turns them. */
export interface MacrospinModel {
  readonly network: CompiledNetwork;
  readonly magnets: readonly Macrospin[];
  readonly terms: readonly EnergyTerm[];
  /** Sets drives and field of the network for a time [s]. */
  drive(time: number): void;
  /** Whether moving magnets pump spin into the network. */
  readonly pumping: boolean;
}

/** The thermal agitation during one step. */
export interface ThermalNoise {
  /** [K] */
  readonly temperature: number;
  /** Length of the step [s]. */
  readonly step: number;
  /** 3M normal numbers of unit variance. */
  readonly normals: Float64Array;
}

/** Accounts kept of each magnet's angular momentum, three components each, in units of ħ. */
const ACCOUNTS = ["transport", "field", "damping"] as const;

/** What a magnet received, per cause, in units of ħ. */
export type MagnetAccounts = Record<(typeof ACCOUNTS)[number], Vector3>;

/**
 * The equations of motion of a model.  The state vector holds the unit vectors (3M), then every magnet's accounts (9M), then
 * the spin injected into the network and relaxed in it (3 + 3), the last two kinds in units of ħ.
 */
export class MacrospinDynamics {
  readonly model: MacrospinModel;
  readonly stateSize: number;
  /** ṁ of the last evaluation [rad/s]. */
  readonly rates: Float64Array;
  private readonly llg: LandauLifshitzGilbert;
  private readonly H: Float64Array;
  private readonly spinCurrent: Float64Array;
  private readonly networkSpin: Float64Array;
  private readonly response: Float64Array | undefined;
  private readonly networkResponse: Float64Array;
  /** Index of each magnet in the network, −1 if the network does not touch it. */
  private readonly inNetwork: Int32Array;
  /** Which magnets of the network are held. */
  private readonly held: readonly boolean[];
  private readonly spin = new Float64Array(3);

  constructor(model: MacrospinModel) {
    this.model = model;
    const size = 3 * model.magnets.length;
    this.stateSize = 4 * size + 6;
    this.rates = new Float64Array(size);
    this.llg = new LandauLifshitzGilbert(model.magnets);
    this.H = new Float64Array(size);
    this.spinCurrent = new Float64Array(size);
    this.networkSpin = new Float64Array(3 * model.network.magnets.length);
    this.networkResponse = new Float64Array(this.networkSpin.length ** 2);
    this.inNetwork = Int32Array.from(model.magnets, ({ name }) => model.network.magnets.indexOf(name));
    this.held = model.network.magnets.map((name) => !model.magnets.some((p) => p.name === name && !p.fixed));
    const touched = this.inNetwork.some((index) => index >= 0);
    this.response = model.pumping && touched ? new Float64Array(size * size) : undefined;
  }

  /** Number of components of m in the state. */
  get magnetizationSize(): number {
    return this.rates.length;
  }

  /** A state with the given unit vectors and empty accounts. */
  initialState(magnetizations: readonly Vector3[]): Float64Array {
    const state = new Float64Array(this.stateSize);
    state.set(magnetizations.flat());
    return state;
  }

  /** d(state)/dt.  @param noise the thermal field of the step, if there is one */
  derivative(time: number, state: Float64Array, out: Float64Array, noise?: ThermalNoise): void {
    this.solveAtRest(time, state);
    if (noise) this.addThermalField(state, noise);
    this.llg.rate(state, this.H, this.spinCurrent, this.response, this.rates);
    this.settle(state);
    out.set(this.rates);
    this.keepAccounts(state, out);
  }

  /** ṁ alone, without accounts. */
  rateOf(time: number, m: Float64Array, out: Float64Array): void {
    this.solveAtRest(time, m);
    this.llg.rate(m, this.H, this.spinCurrent, this.response, out);
  }

  /** Total energy [J]. */
  energy(time: number, state: Float64Array): number {
    return this.model.terms.reduce((sum, term) => sum + term.energy(state, time), 0);
  }

  /** What each magnet has received so far [ħ]. */
  accounts(state: Float64Array): MagnetAccounts[] {
    const size = this.H.length;
    return this.model.magnets.map((_, i) =>
      Object.fromEntries(
        ACCOUNTS.map((account, k) => {
          const at = size + 9 * i + 3 * k;
          return [account, [state[at], state[at + 1], state[at + 2]]];
        }),
      ),
    ) as unknown as MagnetAccounts[];
  }

  /** Angular momentum −(Ms V/γ) m of a magnet [ħ]. */
  angularMomentum(magnet: number, m: ArrayLike<number>): Vector3 {
    const { saturationMagnetization, volume } = this.model.magnets[magnet];
    const L = -(saturationMagnetization * volume) / (GAMMA * HBAR);
    return [L * m[3 * magnet], L * m[3 * magnet + 1], L * m[3 * magnet + 2]];
  }

  /** H_th = S ξ with the amplitudes S that friction at this state asks for. */
  private addThermalField(m: Float64Array, { temperature, step, normals }: ThermalNoise): void {
    const size = this.H.length;
    const S = this.llg.thermalAmplitudes(m.subarray(0, size), this.response, temperature, step);
    for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) this.H[i] += S[i * size + j] * normals[j];
  }

  /** The network as the last evaluation left it. */
  solution(): Solution {
    return new Solution(this.model.network);
  }

  /** Solves the network with resting magnets and, if they pump, for its response to their motion. */
  private solveAtRest(time: number, m: Float64Array): void {
    const { network, magnets, terms } = this.model;
    this.model.drive(time);
    this.H.fill(0);
    for (const term of terms) term.addField(m, time, this.H);
    for (let i = 0; i < magnets.length; i++) {
      if (this.inNetwork[i] < 0) continue;
      network.setMagnetization(this.inNetwork[i], m[3 * i], m[3 * i + 1], m[3 * i + 2]);
      network.setPump(this.inNetwork[i], [0, 0, 0]);
    }
    network.refresh(false);
    network.solvePotentials();
    network.absorbed(this.networkSpin);
    this.gather();
    if (!this.response) return;
    network.magnetResponse(this.networkResponse, this.held);
    const size = this.H.length;
    const width = this.networkSpin.length;
    for (let i = 0; i < magnets.length; i++) {
      for (let j = 0; j < magnets.length; j++) {
        const [p, q] = [this.inNetwork[i], this.inNetwork[j]];
        if (p < 0 || q < 0) continue;
        for (let a = 0; a < 3; a++) {
          for (let b = 0; b < 3; b++) {
            this.response[(3 * i + a) * size + 3 * j + b] = this.networkResponse[(3 * p + a) * width + 3 * q + b];
          }
        }
      }
    }
  }

  /** Solves the network once more with what the moving magnets pump. */
  private settle(m: Float64Array): void {
    if (!this.response) return;
    const { network, magnets } = this.model;
    const r = this.rates;
    for (let i = 0; i < magnets.length; i++) {
      if (this.inNetwork[i] < 0) continue;
      const at = 3 * i;
      network.setPump(this.inNetwork[i], [
        HBAR_E * (m[at + 1] * r[at + 2] - m[at + 2] * r[at + 1]),
        HBAR_E * (m[at + 2] * r[at] - m[at] * r[at + 2]),
        HBAR_E * (m[at] * r[at + 1] - m[at + 1] * r[at]),
      ]);
    }
    network.solveLinear();
    network.absorbed(this.networkSpin);
    this.gather();
  }

  private gather(): void {
    for (let i = 0; i < this.inNetwork.length; i++) {
      for (let a = 0; a < 3; a++) {
        this.spinCurrent[3 * i + a] = this.inNetwork[i] < 0 ? 0 : this.networkSpin[3 * this.inNetwork[i] + a];
      }
    }
  }

  private keepAccounts(m: Float64Array, out: Float64Array): void {
    const { magnets, network } = this.model;
    const { H, rates, spinCurrent } = this;
    const size = H.length;
    for (let i = 0; i < magnets.length; i++) {
      const { saturationMagnetization, volume, damping, fixed } = magnets[i];
      const moment = saturationMagnetization * volume;
      for (let a = 0; a < 3; a++) {
        const [b, c] = [(a + 1) % 3, (a + 2) % 3];
        const [mb, mc] = [m[3 * i + b], m[3 * i + c]];
        const at = size + 9 * i + a;
        out[at] = (HBAR_2E * spinCurrent[3 * i + a]) / HBAR;
        out[at + 3] = fixed ? 0 : (MU0 * moment * (mb * H[3 * i + c] - mc * H[3 * i + b])) / HBAR;
        out[at + 6] = (-damping * moment * (mb * rates[3 * i + c] - mc * rates[3 * i + b])) / (GAMMA * HBAR);
      }
    }
    network.injected(this.spin);
    for (let a = 0; a < 3; a++) out[4 * size + a] = (HBAR_2E * this.spin[a]) / HBAR;
    network.relaxed(this.spin);
    for (let a = 0; a < 3; a++) out[4 * size + 3 + a] = (HBAR_2E * this.spin[a]) / HBAR;
  }
}
