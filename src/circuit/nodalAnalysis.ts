import { CompensatedSums } from "../algebra/compensated.ts";
import { SingularMatrixError, SparseMatrix } from "../algebra/sparse.ts";
import type { Vector3 } from "../algebra/vector.ts";
import { checkNumber, checkVector, InputError } from "../checks.ts";
import { pumpedSpinVoltage } from "../transport/index.ts";
import type { Element, Medium, Port } from "./element.ts";
import { HEATING_ADVICE, HEATING_ROUNDS, HEATING_TOLERANCE, Heating } from "./heating.ts";
import { Solution } from "./solution.ts";
import type { Source } from "./sources.ts";
import { KNOWN, NetworkError, type Parts, type PlaceKind, Wiring } from "./wiring.ts";

/** What a network is solved for. */
export interface NetworkState {
  /** Unit magnetization of every magnet; +z where not given. */
  readonly magnetizations?: Readonly<Record<string, Vector3>>;
  /** dm/dt [rad/s] of magnets that move; 0 where not given. */
  readonly rates?: Readonly<Record<string, Vector3>>;
  /** Flux density B [T], for Hanle precession; default 0. */
  readonly field?: Vector3;
  /** Values of voltage [V], current [A] and heat [W] sources, by name; a source's own where not given. */
  readonly drives?: Readonly<Record<string, number>>;
}

/** Secant steps for the biases of tunnel barriers; a handful is usual. */
const BIAS_ITERATIONS = 60;
/** Relative error of a bias at which it counts as found: above what a plain solve resolves, far below what a torque shows. */
const BIAS_TOLERANCE = 1e-10;

/** Each refinement gains the digits that the factors carry; three reach twice the working precision in any network that solves. */
const REFINEMENTS = 3;

/** Directions with no zero component, all different: points that the golden angle spreads over the sphere. */
function genericDirection(index: number): Vector3 {
  const z = ((index + 1) * 0.618034) % 1;
  const angle = 1 + 2.399963 * index;
  const r = Math.sqrt(1 - z * z);
  return [r * Math.cos(angle), r * Math.sin(angle), z];
}

type DrivableSource = Extract<Source, { readonly kind: "voltage" | "current" | "heat" }>;

const isDrivable = (source: Source | undefined): source is DrivableSource =>
  source?.kind === "voltage" || source?.kind === "current" || source?.kind === "heat";

/** The value a source was made with. */
const ownValue = (source: Source): number => (isDrivable(source) ? source.value : 0);

/** What to do about a potential that nothing determines. */
const ADVICE: Record<PlaceKind, string> = {
  charge: "ground it or connect it",
  spin: "give a neighbour a finite spin diffusion length, or end it in a reservoir",
  temperature: "give it, or what it touches, a heatBath",
  magnons: "give a neighbour a finite magnon diffusion length, or end it in a magnonReservoir",
  magnet: "nothing; the motion of the magnet does",
  "source current": "something else holds the same voltage",
};

/** One element with its places in the vectors of the network. */
interface Placed {
  readonly element: Element;
  readonly width: number;
  /** Place of each port value in the potential vector. */
  readonly at: Int32Array;
  readonly Y: Float64Array;
  readonly potentials: Float64Array;
  /** Matrix slot of each Y entry between unknowns; −1 where row or column is known. */
  readonly slots: Int32Array;
}

/**
 * Modified nodal analysis.  Unknowns stand as the {@link Wiring} says; rows are the balances of I, I_s/2, q/T₀ and I_m/2 at the
 * nodes.  What is of second order in the drive, the heat that currents make, comes back as a source of heat.
 */
export class CompiledNetwork implements Medium {
  readonly wiring: Wiring;
  readonly sources: readonly Source[];
  readonly placed: readonly Placed[];
  /** Everything: nodes, magnets, source currents. */
  readonly potentials: Float64Array;
  /** Below the last bit of {@link potentials}: what refinement adds. */
  readonly fine: Float64Array;
  readonly temperature: number;
  field: Vector3 = [0, 0, 0];
  private readonly heating: Heating;
  private readonly m: Vector3[];
  private readonly values: Float64Array;
  private readonly matrix: SparseMatrix;
  private readonly right: Float64Array;
  private readonly residual: Float64Array;
  private readonly sums: CompensatedSums;
  /** Places of the nodes a source acts on. */
  private readonly sourceEnds: readonly (readonly number[])[];
  /** Entries of the rows and columns of voltage sources; slot −1 at a known potential. */
  private readonly branches: readonly { row: number; place: number; value: number; slot: number }[];
  /** Bias of every element [V], kept from solve to solve as the next one's start; 0 for those that do not depend on it. */
  readonly biases: Float64Array;
  private readonly biased: readonly { readonly index: number; readonly from: number; readonly to: number }[];
  private built = false;

  constructor(parts: Parts) {
    const wiring = new Wiring(parts);
    this.wiring = wiring;
    this.sources = parts.sources;
    this.potentials = new Float64Array(wiring.labels.length);
    for (const [at, value] of wiring.held) this.potentials[at] = value;
    this.fine = new Float64Array(wiring.labels.length);
    this.heating = new Heating(wiring, parts.elements);
    this.temperature = parts.temperature;
    this.m = wiring.magnets.map((_, i) => genericDirection(i));
    this.values = Float64Array.from(this.sources, ownValue);
    this.sourceEnds = this.sources.map((source) => {
      if (source.kind === "spin current") return [wiring.place("spin", source.at)];
      if (source.kind === "heat") return [wiring.place("temperature", source.at)];
      return "between" in source ? source.between.map((node) => wiring.place("charge", node)) : [];
    });

    const pattern: [number, number][] = [];
    const { unknownOf } = wiring;
    const positions = parts.elements.map((element) => wiring.placesOf(element.ports));
    const between = (row: number, column: number): boolean => unknownOf[row] !== KNOWN && unknownOf[column] !== KNOWN;
    for (const at of positions) {
      for (const row of at)
        for (const column of at) if (between(row, column)) pattern.push([unknownOf[row], unknownOf[column]]);
    }
    const branches = this.branchEntries();
    const fromElements = pattern.length;
    for (const { row, place } of branches) if (unknownOf[place] !== KNOWN) pattern.push([row, unknownOf[place]]);
    const { matrix, slots } = SparseMatrix.fromPattern(wiring.placeOf.length, pattern);
    this.matrix = matrix;
    let next = fromElements;
    this.branches = branches.map((entry) => ({
      ...entry,
      slot: unknownOf[entry.place] === KNOWN ? KNOWN : slots[next++],
    }));
    next = 0;
    this.placed = parts.elements.map((element, e) => {
      const at = positions[e];
      const width = at.length;
      const own = new Int32Array(width * width).fill(KNOWN);
      for (let r = 0; r < width; r++) {
        for (let c = 0; c < width; c++) if (between(at[r], at[c])) own[r * width + c] = slots[next++];
      }
      return {
        element,
        width,
        at,
        Y: new Float64Array(width * width),
        potentials: new Float64Array(width),
        slots: own,
      };
    });
    this.right = new Float64Array(wiring.placeOf.length);
    this.residual = new Float64Array(wiring.placeOf.length);
    this.sums = new CompensatedSums(wiring.placeOf.length);
    this.biases = new Float64Array(parts.elements.length);
    this.biased = parts.elements.flatMap(({ biasedBetween }, index) => {
      if (!biasedBetween) return [];
      const [from, to] = biasedBetween.map((port) => positions[index][port]);
      return [{ index, from, to }];
    });
    // Plans the elimination for a state without zeros of its own, so that the same plan serves, to the same bits, whatever is
    // solved first.
    this.planElimination();
    this.m.fill([0, 0, 1]);
    this.built = false;
  }

  /** Heat [W] that currents bring to each place, and what is made where nothing has a temperature. */
  get heat(): Float64Array {
    return this.heating.heat;
  }

  get unhoused(): number {
    return this.heating.unhoused;
  }

  get nodes(): readonly string[] {
    return this.wiring.nodes;
  }

  get magnets(): readonly string[] {
    return this.wiring.magnets;
  }

  /** See {@link Wiring.place}. */
  place(kind: Port["kind"], name: string): number {
    return this.wiring.place(kind, name);
  }

  /** Whether a node carries spin. */
  hasSpin(node: string): boolean {
    return this.wiring.hasSpin(node);
  }

  private planElimination(): void {
    try {
      this.refresh(true);
    } catch (error) {
      // What is singular here may not be in the state that is asked for; if it is, solving says so.
      if (!(error instanceof NetworkError)) throw error;
    }
  }

  magnetization(magnet: string): Vector3 {
    return this.m[this.magnets.indexOf(magnet)];
  }

  setMagnetization(index: number, x: number, y: number, z: number): void {
    this.m[index] = [x, y, z];
  }

  setDrive(name: string, value: number): void {
    const index = this.sources.findIndex((source) => source.name === name);
    const source = this.sources[index];
    if (!isDrivable(source)) {
      const drivable = this.sources.filter(isDrivable).map((s) => `"${s.name}"`);
      throw new InputError(
        "drive",
        name,
        `a voltage, current or heat source of the network: ${drivable.join(", ") || "it has none"}`,
      );
    }
    this.values[index] = value;
  }

  driveValue(name: string): number {
    return this.values[this.sources.findIndex((source) => source.name === name)];
  }

  /** Charge current [A] that a voltage or current source drives into its first node, from the present potentials. */
  sourceCurrent(name: string): number {
    const source = this.sources.find((s) => s.name === name);
    if (source?.kind === "current") return this.driveValue(name);
    const branch = this.sources.filter(({ kind }) => kind === "voltage").findIndex((s) => s.name === name);
    if (branch < 0) throw new InputError("source", name, "a voltage or current source of the network");
    return this.potentials[this.wiring.branchAt + branch];
  }

  /** Solves for a state and returns everything about it. */
  solve(state: NetworkState = {}): Solution {
    const { magnetizations = {}, rates = {}, field = [0, 0, 0], drives = {} } = state;
    for (const name of [...Object.keys(magnetizations), ...Object.keys(rates)]) this.place("magnet", name);
    for (const [i, magnet] of this.magnets.entries()) {
      const m = checkVector(`magnetizations.${magnet}`, magnetizations[magnet] ?? [0, 0, 1]);
      // 1e-9: far above the round-off of normalising, far below any tilt a user could mean.
      if (Math.abs(Math.hypot(...m) - 1) > 1e-9) throw new InputError(`magnetizations.${magnet}`, m, "a unit vector");
      this.m[i] = m;
      this.setPump(i, pumpedSpinVoltage(m, checkVector(`rates.${magnet}`, rates[magnet] ?? [0, 0, 0])));
    }
    this.field = checkVector("field", field);
    for (const [s, source] of this.sources.entries()) this.values[s] = ownValue(source);
    for (const [name, value] of Object.entries(drives)) this.setDrive(name, checkNumber(`drives.${name}`, value));
    // From no bias, so that equal states have equal solutions.
    this.biases.fill(0);
    this.refresh(true);
    this.solvePotentials();
    this.refine();
    return new Solution(this);
  }

  /** Sets the spin voltage a magnet shows [V]; what its motion pumps, or a unit probe of the response. */
  setPump(index: number, pump: Vector3): void {
    this.potentials.set(pump, this.wiring.magnetAt + 3 * index);
  }

  /** Recomputes what depends on magnetization, field and bias, or everything, into the matrix. */
  stamp(all: boolean): void {
    const everything = all || !this.built;
    for (const [e, { element, Y }] of this.placed.entries()) {
      const { magnetization, field } = element.dependsOn;
      if (!everything && !magnetization && !element.biasedBetween && !field) continue;
      Y.fill(0);
      element.admittance(this, Y, this.biases[e]);
    }
    this.built = true;
    const { values } = this.matrix;
    values.fill(0);
    for (const { slots, Y } of this.placed) {
      for (let i = 0; i < slots.length; i++) if (slots[i] !== KNOWN) values[slots[i]] += Y[i];
    }
    for (const { slot, value } of this.branches) if (slot !== KNOWN) values[slot] += value;
  }

  /** {@link stamp}, and factorises. */
  refresh(all: boolean): void {
    this.stamp(all);
    try {
      this.matrix.factorize();
    } catch (error) {
      if (!(error instanceof SingularMatrixError)) throw error;
      const label = this.wiring.labels[this.wiring.placeOf[error.column]];
      const node = /node "(.*)"/.exec(label)?.[1] ?? label;
      const advice = ADVICE[this.wiring.kinds[this.wiring.placeOf[error.column]]];
      throw new NetworkError(node, `The network does not determine ${label}: ${advice}`);
    }
  }

  /**
   * Solves for the present drives and pumps.  Where there are temperatures, the heat that the currents make and carry is put in
   * and the network solved again, until that heat no longer changes.
   */
  solvePotentials(): void {
    this.heating.clear();
    this.solveBiased();
    if (!this.heating.isHoused) return;
    for (let round = 0; round < HEATING_ROUNDS; round++) {
      this.heating.check(this.temperature, this.potentials);
      if (this.heating.make(this, this.placed, this.potentials) <= HEATING_TOLERANCE) return;
      this.solveBiased();
    }
    throw new RangeError(
      `the heat that the currents make did not settle in ${HEATING_ROUNDS} rounds: ${HEATING_ADVICE}`,
    );
  }

  /**
   * Solves for the present heat.  Where barriers depend on their bias, each bias b is the root of g(b) = b, g being
   * the bias that the network gives with b assumed; the secant rule finds it, as I(V) is monotonic.
   */
  private solveBiased(): void {
    this.solveLinear();
    if (this.biased.length === 0) return;
    const { biases } = this;
    const last = this.biased.map(() => ({ assumed: Number.NaN, given: Number.NaN }));
    for (let i = 0; i < BIAS_ITERATIONS; i++) {
      let settled = true;
      for (const [k, { index, from, to }] of this.biased.entries()) {
        const given = this.potentials[from] - this.potentials[to];
        const assumed = biases[index];
        if (Math.abs(given - assumed) <= BIAS_TOLERANCE * Math.max(Math.abs(given), Math.abs(assumed))) continue;
        settled = false;
        const slope = (given - last[k].given) / (assumed - last[k].assumed);
        last[k] = { assumed, given };
        // A rising g would mean a falling I(V), which no barrier has: such a slope is noise.
        biases[index] = slope < 0 ? assumed + (given - assumed) / (1 - slope) : given;
      }
      if (settled) return;
      this.refresh(false);
      this.solveLinear();
    }
    throw new RangeError(`the biases of tunnel barriers were not found in ${BIAS_ITERATIONS} steps`);
  }

  /** One linear solve with the factors at hand. */
  solveLinear(): void {
    this.fine.fill(0);
    this.assembleRight(true);
    this.matrix.solve(this.right);
    for (let u = 0; u < this.wiring.placeOf.length; u++) this.potentials[this.wiring.placeOf[u]] = this.right[u];
  }

  /**
   * Iterative refinement with residuals and potentials in twice the working precision: currents, which are small differences
   * of potentials times large conductances, then balance to round-off of themselves.
   */
  private refine(): void {
    const { sums, residual, right, potentials, fine } = this;
    const { placeOf, unknownOf } = this.wiring;
    fine.fill(0);
    for (let step = 0; step < REFINEMENTS; step++) {
      this.assembleSources();
      sums.clear();
      for (let u = 0; u < right.length; u++) sums.add(u, right[u]);
      for (const { at, width, Y } of this.placed) {
        for (let r = 0; r < width; r++) {
          const row = unknownOf[at[r]];
          if (row === KNOWN) continue;
          for (let c = 0; c < width; c++) {
            const y = -Y[r * width + c];
            if (y === 0) continue;
            sums.addProduct(row, y, potentials[at[c]]);
            sums.addProduct(row, y, fine[at[c]]);
          }
        }
      }
      for (const { row, place, value } of this.branches) {
        sums.addProduct(row, -value, potentials[place]);
        sums.addProduct(row, -value, fine[place]);
      }
      for (let u = 0; u < residual.length; u++) residual[u] = sums.value(u);
      this.matrix.solve(residual);
      for (let u = 0; u < placeOf.length; u++) {
        const place = placeOf[u];
        const correction = fine[place] + residual[u];
        const sum = potentials[place] + correction;
        fine[place] = correction - (sum - potentials[place]);
        potentials[place] = sum;
      }
    }
  }

  /**
   * How the magnets' absorbed spin currents [A] answer to their pumped voltages [V], 3M × 3M row-major, at fixed drives.
   * Needs {@link refresh}; leaves the potentials as they were.
   * @param held which magnets cannot move: their columns stay 0
   */
  magnetResponse(out: Float64Array, held: readonly boolean[] = []): void {
    const size = 3 * this.magnets.length;
    const kept = Float64Array.from(this.potentials);
    const currents = new Float64Array(size);
    out.fill(0);
    for (let column = 0; column < size; column++) {
      if (held[Math.floor(column / 3)]) continue;
      this.potentials.fill(0);
      this.potentials[this.wiring.magnetAt + column] = 1;
      this.assembleRight(false);
      this.matrix.solve(this.right);
      for (let u = 0; u < this.wiring.placeOf.length; u++) this.potentials[this.wiring.placeOf[u]] = this.right[u];
      this.absorbed(currents);
      for (let row = 0; row < size; row++) out[row * size + column] = currents[row];
    }
    this.potentials.set(kept);
  }

  /** Spin current each magnet absorbs [A, charge units], from the present potentials: 3 numbers a magnet. */
  absorbed(out: Float64Array): void {
    out.fill(0);
    for (const { at, width, Y } of this.placed) {
      for (let r = 0; r < width; r++) {
        const row = at[r] - this.wiring.magnetAt;
        if (row < 0 || at[r] >= this.wiring.branchAt) continue;
        let flux = 0;
        for (let c = 0; c < width; c++) flux += Y[r * width + c] * this.potentials[at[c]];
        // The flux counts into the element and is halved; absorption is what comes out at the magnet.
        out[row] -= 2 * flux;
      }
    }
  }

  /** Spin the whole network gives to the lattice [A, charge units], from the present potentials. */
  relaxed(out: Float64Array): void {
    out.fill(0);
    for (const { element, at, potentials } of this.placed) {
      if (!element.relaxed) continue;
      for (let i = 0; i < at.length; i++) potentials[i] = this.potentials[at[i]];
      const spin = element.relaxed(this, potentials);
      for (let a = 0; a < 3; a++) out[a] += spin[a];
    }
  }

  /** Spin that reservoirs and spin sources put in [A, charge units], from the present potentials. */
  injected(out: Float64Array): void {
    out.fill(0);
    for (const place of this.wiring.heldSpins) {
      for (const { at, width, Y } of this.placed) {
        for (let r = 0; r < width; r++) {
          const a = at[r] - place;
          if (a < 0 || a > 2) continue;
          for (let c = 0; c < width; c++) out[a] += 2 * Y[r * width + c] * this.potentials[at[c]];
        }
      }
    }
    for (const source of this.sources) {
      if (source.kind === "spin current") for (let a = 0; a < 3; a++) out[a] += source.value[a];
      if (source.kind === "magnon reservoir") this.addMagnons(this.place("magnons", source.at), out);
    }
  }

  /** Adds the spin [A] that a held magnon potential puts in: one magnon carries that of its magnet. */
  private addMagnons(place: number, out: Float64Array): void {
    for (const { element, at, width, Y } of this.placed) {
      const row = at.indexOf(place);
      if (row < 0) continue;
      const magnet = element.ports.find((port) => port.kind === "magnet");
      if (!magnet) continue;
      let flux = 0;
      for (let c = 0; c < width; c++) flux += Y[row * width + c] * this.potentials[at[c]];
      const m = this.magnetization(magnet.magnet);
      for (let a = 0; a < 3; a++) out[a] += 2 * flux * m[a];
    }
  }

  /** The assembled operator between all node potentials and magnet voltages, known ones included, dense row-major. */
  operator(): { matrix: Float64Array; size: number; spin: boolean[] } {
    const size = this.wiring.branchAt;
    const matrix = new Float64Array(size * size);
    for (const { at, width, Y } of this.placed) {
      for (let r = 0; r < width; r++) for (let c = 0; c < width; c++) matrix[at[r] * size + at[c]] += Y[r * width + c];
    }
    const spin = this.wiring.kinds.slice(0, size).map((kind) => kind === "spin" || kind === "magnet");
    return { matrix, size, spin };
  }

  /** The matrix of the unknowns and its right-hand side, dense: what a solver without structure would be given. */
  denseSystem(): { matrix: Float64Array; right: Float64Array } {
    this.assembleRight(true);
    return { matrix: this.matrix.toDense(), right: Float64Array.from(this.right) };
  }

  get unknowns(): number {
    return this.wiring.placeOf.length;
  }

  private assembleRight(withSources: boolean): void {
    const { right, potentials } = this;
    const { unknownOf } = this.wiring;
    if (withSources) this.assembleSources();
    else right.fill(0);
    for (const { row, place, value, slot } of this.branches)
      if (slot === KNOWN) right[row] -= value * potentials[place];
    for (const { at, width, Y } of this.placed) {
      for (let c = 0; c < width; c++) {
        if (unknownOf[at[c]] !== KNOWN) continue;
        const known = potentials[at[c]];
        if (known === 0) continue;
        for (let r = 0; r < width; r++) {
          const row = unknownOf[at[r]];
          if (row !== KNOWN) right[row] -= Y[r * width + c] * known;
        }
      }
    }
  }

  /** What sources inject into each balance, and the voltages that voltage sources hold. */
  private assembleSources(): void {
    const { right } = this;
    const { unknownOf, branchAt } = this.wiring;
    right.fill(0);
    this.assembleHeat();
    let branch = branchAt;
    for (const [s, source] of this.sources.entries()) {
      if (source.kind === "current") {
        const [from, to] = this.sourceEnds[s];
        this.inject(from, this.values[s]);
        this.inject(to, -this.values[s]);
      } else if (source.kind === "spin current") {
        for (let a = 0; a < 3; a++) this.inject(this.sourceEnds[s][0] + a, source.value[a] / 2);
      } else if (source.kind === "heat") this.inject(this.sourceEnds[s][0], this.values[s] / this.temperature);
      else if (source.kind === "voltage") right[unknownOf[branch++]] = this.values[s];
    }
  }

  /** What currents make, and sources of heat bring, counts as entropy at T₀. */
  private assembleHeat(): void {
    for (const [place, heat] of this.heat.entries()) if (heat !== 0) this.inject(place, heat / this.temperature);
  }

  private branchEntries(): { row: number; place: number; value: number }[] {
    const { unknownOf, branchAt } = this.wiring;
    let branch = branchAt;
    return this.sources.flatMap((source, s) => {
      if (source.kind !== "voltage") return [];
      const current = branch++;
      return this.sourceEnds[s].flatMap((place, end) => {
        const value = end === 0 ? 1 : -1;
        const held = { row: unknownOf[current], place, value };
        const driven = { row: unknownOf[place], place: current, value: -value };
        return unknownOf[place] === KNOWN ? [held] : [held, driven];
      });
    });
  }

  private inject(place: number, value: number): void {
    if (this.wiring.unknownOf[place] !== KNOWN) this.right[this.wiring.unknownOf[place]] += value;
  }
}
