import { CompensatedSums } from "../algebra/compensated.ts";
import { SingularMatrixError, SparseMatrix } from "../algebra/sparse.ts";
import type { Vector3 } from "../algebra/vector.ts";
import { InputError } from "../checks.ts";
import { pumpedSpinVoltage } from "../transport/index.ts";
import { type Element, type Medium, type Port, portWidth } from "./element.ts";
import { Solution } from "./solution.ts";
import type { Source } from "./sources.ts";

/** A network cannot be solved as it is wired; the message names the node. */
export class NetworkError extends Error {
  override name = "NetworkError";
  readonly node: string;

  constructor(node: string, message: string) {
    super(message);
    this.node = node;
  }
}

/** What a network is solved for. */
export interface NetworkState {
  /** Unit magnetization of every magnet. */
  readonly magnetizations?: Readonly<Record<string, Vector3>>;
  /** dm/dt [rad/s] of magnets that move. */
  readonly rates?: Readonly<Record<string, Vector3>>;
  /** Flux density B [T], for Hanle precession. */
  readonly field?: Vector3;
  /** New values of voltage [V] and current [A] sources, by name. */
  readonly drives?: Readonly<Record<string, number>>;
}

/** Any graph of elements and sources, wired by the names of nodes. */
export class Network {
  readonly elements: Element[] = [];
  readonly sources: Source[] = [];
  private readonly sameAs = new Map<string, string>();

  /** Makes two names mean one node. */
  connect(a: string, b: string): this {
    const [first, second] = [this.nodeName(a), this.nodeName(b)];
    if (first !== second) this.sameAs.set(second, first);
    return this;
  }

  /** The one name under which a node is kept. */
  nodeName(node: string): string {
    const other = this.sameAs.get(node);
    return other === undefined ? node : this.nodeName(other);
  }

  /** Adds elements and sources; returns the network. */
  add(...parts: (Element | Source)[]): this {
    for (const part of parts) {
      const taken = [...this.elements, ...this.sources].some((other) => other.name === part.name);
      if (taken) throw new InputError("name", part.name, "a name that no other part of the network has");
      if ("ports" in part) this.elements.push(part);
      else this.sources.push(part);
    }
    return this;
  }

  /** Fixes the wiring for many solutions.  Throws {@link NetworkError} for a node that nothing holds. */
  compile(): CompiledNetwork {
    return new CompiledNetwork(this);
  }

  /** Solves once. */
  solve(state: NetworkState = {}): Solution {
    return this.compile().solve(state);
  }
}

/** Iterations and relative change at which a bias-dependent barrier counts as solved: the map contracts by ≥ 2 a step. */
const BIAS_ITERATIONS = 200;
const BIAS_TOLERANCE = 1e-13;

/** Each refinement gains the digits that the factors carry; three reach twice the working precision in any network that solves. */
const REFINEMENTS = 3;

const UNUSED = -1;

/** Directions with no zero component, all different: points that the golden angle spreads over the sphere. */
function genericDirection(index: number): Vector3 {
  const z = ((index + 1) * 0.618034) % 1;
  const angle = 1 + 2.399963 * index;
  const r = Math.sqrt(1 - z * z);
  return [r * Math.cos(angle), r * Math.sin(angle), z];
}

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
 * Modified nodal analysis.  The potential vector holds V and φ of every node, then the pumped voltage of every magnet, then
 * the currents of voltage sources.  Rows are the balances of I and of I_s/2 at the nodes.
 */
export class CompiledNetwork implements Medium {
  readonly nodes: readonly string[];
  readonly magnets: readonly string[];
  readonly sources: readonly Source[];
  readonly placed: readonly Placed[];
  /** Everything: nodes, magnets, source currents. */
  readonly potentials: Float64Array;
  field: Vector3 = [0, 0, 0];
  private readonly m: Vector3[];
  private readonly values: Float64Array;
  private readonly places = new Map<string, number>();
  private readonly labels: string[];
  /** Place in the potential vector → unknown, or −1 when known. */
  private readonly unknownOf: Int32Array;
  private readonly placeOf: Int32Array;
  private readonly matrix: SparseMatrix;
  private readonly fixedSlots: { slot: number; value: number }[] = [];
  private readonly right: Float64Array;
  private readonly residual: Float64Array;
  private readonly magnetAt: number;
  private readonly branchAt: number;
  private readonly solverBranches: readonly Source[];
  private readonly hasBias: boolean;
  /** Below the last bit of {@link potentials}: what refinement adds. */
  readonly fine: Float64Array;
  private readonly sums: CompensatedSums;
  /** Entries of the rows and columns of voltage sources. */
  private readonly branches: { row: number; place: number; value: number }[] = [];
  private readonly knownBranchEnds: { row: number; place: number; value: number }[] = [];
  /** Places of the nodes a source acts on. */
  private readonly sourceEnds: readonly (readonly number[])[];
  private readonly heldSpins: number[] = [];
  private readonly nodeName: (node: string) => string;
  private built = false;

  constructor(network: Network) {
    this.nodeName = (node) => network.nodeName(node);
    const spins = new Map<string, boolean>();
    const mention = (name: string, spin: boolean): void => {
      const node = this.nodeName(name);
      spins.set(node, spin || (spins.get(node) ?? false));
    };
    const magnets = new Set<string>();
    for (const port of network.elements.flatMap((element) => element.ports)) {
      if (port.kind === "magnet") magnets.add(port.magnet);
      else mention(port.node, port.kind === "spin");
    }
    this.sources = network.sources;
    for (const source of this.sources) {
      for (const node of "between" in source ? source.between : [source.at]) {
        if (!spins.has(this.nodeName(node)))
          throw new NetworkError(node, `${source.name} is at node "${node}", which no element touches`);
      }
    }
    this.nodes = [...spins.keys()];
    this.magnets = [...magnets];
    this.labels = [];
    for (const [node, spin] of spins) {
      this.places.set(`charge ${node}`, this.labels.push(`the voltage of node "${node}"`) - 1);
      if (!spin) continue;
      this.places.set(`spin ${node}`, this.labels.length);
      for (const axis of "xyz") this.labels.push(`the spin accumulation φ_${axis} of node "${node}"`);
    }
    this.magnetAt = this.labels.length;
    for (const magnet of this.magnets) {
      this.places.set(`magnet ${magnet}`, this.labels.length);
      for (const axis of "xyz") this.labels.push(`the pumped voltage ${axis} of magnet "${magnet}"`);
    }
    this.branchAt = this.labels.length;
    this.solverBranches = this.sources.filter((source) => source.kind === "voltage");
    for (const source of this.solverBranches) this.labels.push(`the current of source "${source.name}"`);
    this.potentials = new Float64Array(this.labels.length);
    this.fine = new Float64Array(this.labels.length);
    this.sourceEnds = this.sources.map((source) => {
      if (source.kind === "spin current") return [this.place("spin", source.at)];
      return source.kind === "current" ? source.between.map((node) => this.place("charge", node)) : [];
    });
    this.m = this.magnets.map((_, i) => genericDirection(i));
    this.values = Float64Array.from(this.sources, (source) => ("value" in source ? Number(source.value) : 0));
    this.checkChargeReturns(network);

    const known = new Uint8Array(this.labels.length);
    known.fill(1, this.magnetAt, this.branchAt);
    for (const source of this.sources) this.holdKnown(source, known);
    this.unknownOf = new Int32Array(this.labels.length).fill(UNUSED);
    const placeOf: number[] = [];
    for (let place = 0; place < known.length; place++) {
      if (!known[place]) this.unknownOf[place] = placeOf.push(place) - 1;
    }
    this.placeOf = Int32Array.from(placeOf);

    const entries: [number, number][] = [];
    const positions = network.elements.map((element) => this.positionsOf(element.ports));
    for (const at of positions) {
      for (const row of at) {
        for (const column of at) {
          const r = this.unknownOf[row];
          const c = this.unknownOf[column];
          if (r !== UNUSED && c !== UNUSED) entries.push([r, c]);
        }
      }
    }
    const elementEntries = entries.length;
    const fixedValues: number[] = [];
    for (const [b, source] of this.solverBranches.entries()) {
      const branch = this.branchAt + b;
      const row = this.unknownOf[branch];
      for (const [end, value] of [
        [0, 1],
        [1, -1],
      ] as const) {
        const place = this.place("charge", (source as { between: readonly string[] }).between[end]);
        const unknown = this.unknownOf[place];
        this.branches.push({ row, place, value });
        if (unknown === UNUSED) {
          this.knownBranchEnds.push({ row, place, value });
          continue;
        }
        this.branches.push({ row: unknown, place: branch, value: -value });
        entries.push([row, unknown], [unknown, row]);
        fixedValues.push(value, -value);
      }
    }
    const { matrix, slots } = SparseMatrix.fromPattern(placeOf.length, entries);
    this.matrix = matrix;
    for (const [i, value] of fixedValues.entries()) this.fixedSlots.push({ slot: slots[elementEntries + i], value });
    let next = 0;
    this.placed = network.elements.map((element, e) => {
      const at = positions[e];
      const width = at.length;
      const own = new Int32Array(width * width).fill(UNUSED);
      for (let r = 0; r < width; r++) {
        for (let c = 0; c < width; c++) {
          if (this.unknownOf[at[r]] !== UNUSED && this.unknownOf[at[c]] !== UNUSED) own[r * width + c] = slots[next++];
        }
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
    this.right = new Float64Array(placeOf.length);
    this.residual = new Float64Array(placeOf.length);
    this.sums = new CompensatedSums(placeOf.length);
    this.hasBias = network.elements.some((element) => element.dependsOn.bias);
    // Plans the elimination for a state without zeros of its own, so that the same plan serves, to the same bits, whatever is
    // solved first.
    this.planElimination();
    this.m.fill([0, 0, 1]);
    this.built = false;
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

  /** Place of a node's voltage or first spin component, or of a magnet's pumped voltage, in {@link potentials}. */
  place(kind: Port["kind"], name: string): number {
    const place = this.places.get(`${kind} ${kind === "magnet" ? name : this.nodeName(name)}`);
    if (place === undefined) {
      const known = [...this.places.keys()]
        .filter((key) => key.startsWith(kind))
        .map((key) => `"${key.slice(kind.length + 1)}"`);
      throw new InputError(kind === "magnet" ? "magnet" : "node", name, known.join(", "));
    }
    return place;
  }

  /** Whether a node carries spin. */
  hasSpin(node: string): boolean {
    return this.places.has(`spin ${this.nodeName(node)}`);
  }

  setMagnetization(index: number, x: number, y: number, z: number): void {
    this.m[index] = [x, y, z];
  }

  setDrive(name: string, value: number): void {
    const index = this.sources.findIndex((source) => source.name === name);
    const source = this.sources[index];
    if (source?.kind !== "voltage" && source?.kind !== "current") {
      const drivable = this.sources
        .filter((s) => s.kind === "voltage" || s.kind === "current")
        .map((s) => `"${s.name}"`);
      throw new InputError(
        "drive",
        name,
        `a voltage or current source of the network: ${drivable.join(", ") || "it has none"}`,
      );
    }
    this.values[index] = value;
  }

  driveValue(name: string): number {
    return this.values[this.sources.findIndex((source) => source.name === name)];
  }

  /** Solves for a state and returns everything about it. */
  solve(state: NetworkState = {}): Solution {
    const { magnetizations = {}, rates = {}, field, drives = {} } = state;
    for (const name of [...Object.keys(magnetizations), ...Object.keys(rates)]) this.place("magnet", name);
    for (const [i, magnet] of this.magnets.entries()) {
      const m = magnetizations[magnet];
      if (m) {
        // 1e-9: far above the round-off of normalising, far below any tilt a user could mean.
        if (Math.abs(Math.hypot(...m) - 1) > 1e-9) throw new InputError(`magnetizations.${magnet}`, m, "a unit vector");
        this.m[i] = m;
      }
      this.setRate(i, rates[magnet] ?? [0, 0, 0]);
    }
    if (field) this.field = field;
    for (const [name, value] of Object.entries(drives)) this.setDrive(name, value);
    this.refresh(true);
    this.solvePotentials();
    this.refine();
    return new Solution(this);
  }

  /** φ_pump = (ħ/e) m × ṁ of a magnet into the potentials. */
  private setRate(index: number, rate: Vector3): void {
    this.setPump(index, pumpedSpinVoltage(this.m[index], rate));
  }

  /** Sets the spin voltage a magnet shows [V]; what its motion pumps, or a unit probe of the response. */
  setPump(index: number, pump: Vector3): void {
    this.potentials.set(pump, this.magnetAt + 3 * index);
  }

  /** Recomputes what depends on magnetization, field and bias, or everything, into the matrix. */
  stamp(all: boolean): void {
    const everything = all || !this.built;
    for (const placed of this.placed) {
      const { element, Y, at, potentials } = placed;
      const { magnetization, field, bias } = element.dependsOn;
      if (!everything && !magnetization && !bias && !field) continue;
      Y.fill(0);
      for (let i = 0; i < at.length; i++) potentials[i] = this.potentials[at[i]];
      element.admittance(this, potentials, Y);
    }
    this.built = true;
    const { values } = this.matrix;
    values.fill(0);
    for (const { slots, Y } of this.placed) {
      for (let i = 0; i < slots.length; i++) if (slots[i] !== UNUSED) values[slots[i]] += Y[i];
    }
    for (const { slot, value } of this.fixedSlots) values[slot] += value;
  }

  /** {@link stamp}, and factorises. */
  refresh(all: boolean): void {
    this.stamp(all);
    try {
      this.matrix.factorize();
    } catch (error) {
      if (!(error instanceof SingularMatrixError)) throw error;
      const label = this.labels[this.placeOf[error.column]];
      const node = /node "(.*)"/.exec(label)?.[1] ?? label;
      const advice = label.includes("voltage of")
        ? "ground it or connect it"
        : "give a neighbour a finite spin diffusion length, or end it in a reservoir";
      throw new NetworkError(node, `The network does not determine ${label}: ${advice}`);
    }
  }

  /** Solves for the present drives and pumps; iterates where a barrier depends on its bias. */
  solvePotentials(): void {
    this.solveLinear();
    if (!this.hasBias) return;
    const before = new Float64Array(this.potentials.length);
    for (let i = 0; i < BIAS_ITERATIONS; i++) {
      before.set(this.potentials);
      this.refresh(false);
      this.solveLinear();
      let change = 0;
      let scale = 0;
      for (let p = 0; p < this.magnetAt; p++) {
        change = Math.max(change, Math.abs(this.potentials[p] - before[p]));
        scale = Math.max(scale, Math.abs(this.potentials[p]));
      }
      if (change <= BIAS_TOLERANCE * scale) return;
    }
    throw new RangeError(`bias-dependent barriers did not settle in ${BIAS_ITERATIONS} iterations`);
  }

  /** One linear solve with the factors at hand. */
  solveLinear(): void {
    this.fine.fill(0);
    this.assembleRight(true);
    this.matrix.solve(this.right);
    for (let u = 0; u < this.placeOf.length; u++) this.potentials[this.placeOf[u]] = this.right[u];
  }

  /**
   * Iterative refinement with residuals and potentials in twice the working precision: currents, which are small differences
   * of potentials times large conductances, then balance to round-off of themselves.
   */
  private refine(): void {
    const { sums, residual, right, placeOf, unknownOf, potentials, fine } = this;
    fine.fill(0);
    for (let step = 0; step < REFINEMENTS; step++) {
      this.assembleSources();
      sums.clear();
      for (let u = 0; u < right.length; u++) sums.add(u, right[u]);
      for (const { at, width, Y } of this.placed) {
        for (let r = 0; r < width; r++) {
          const row = unknownOf[at[r]];
          if (row === UNUSED) continue;
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
   */
  magnetResponse(out: Float64Array): void {
    const size = 3 * this.magnets.length;
    const kept = Float64Array.from(this.potentials);
    const currents = new Float64Array(size);
    for (let column = 0; column < size; column++) {
      this.potentials.fill(0);
      this.potentials[this.magnetAt + column] = 1;
      this.assembleRight(false);
      this.matrix.solve(this.right);
      for (let u = 0; u < this.placeOf.length; u++) this.potentials[this.placeOf[u]] = this.right[u];
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
        const row = at[r] - this.magnetAt;
        if (row < 0 || at[r] >= this.branchAt) continue;
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
    for (const place of this.heldSpins) {
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
    }
  }

  /** The assembled operator between all node potentials and magnet voltages, known ones included, dense row-major. */
  operator(): { matrix: Float64Array; size: number; spin: boolean[] } {
    const size = this.branchAt;
    const matrix = new Float64Array(size * size);
    for (const { at, width, Y } of this.placed) {
      for (let r = 0; r < width; r++) for (let c = 0; c < width; c++) matrix[at[r] * size + at[c]] += Y[r * width + c];
    }
    return { matrix, size, spin: this.labels.slice(0, size).map((label) => !label.startsWith("the voltage")) };
  }

  /** The matrix of the unknowns and its right-hand side, dense: what a solver without structure would be given. */
  denseSystem(): { matrix: Float64Array; right: Float64Array } {
    this.assembleRight(true);
    return { matrix: this.matrix.toDense(), right: Float64Array.from(this.right) };
  }

  get unknowns(): number {
    return this.placeOf.length;
  }

  private assembleRight(withSources: boolean): void {
    const { right, unknownOf, potentials } = this;
    if (withSources) this.assembleSources();
    else right.fill(0);
    for (const { row, place, value } of this.knownBranchEnds) right[row] -= value * potentials[place];
    for (const { at, width, Y } of this.placed) {
      for (let c = 0; c < width; c++) {
        if (unknownOf[at[c]] !== UNUSED) continue;
        const known = potentials[at[c]];
        if (known === 0) continue;
        for (let r = 0; r < width; r++) {
          const row = unknownOf[at[r]];
          if (row !== UNUSED) right[row] -= Y[r * width + c] * known;
        }
      }
    }
  }

  /** What sources inject into each balance, and the voltages that voltage sources hold. */
  private assembleSources(): void {
    const { right, unknownOf } = this;
    right.fill(0);
    let branch = this.branchAt;
    for (const [s, source] of this.sources.entries()) {
      if (source.kind === "current") {
        const [from, to] = this.sourceEnds[s];
        this.inject(from, this.values[s]);
        this.inject(to, -this.values[s]);
      } else if (source.kind === "spin current") {
        for (let a = 0; a < 3; a++) this.inject(this.sourceEnds[s][0] + a, source.value[a] / 2);
      } else if (source.kind === "voltage") right[unknownOf[branch++]] = this.values[s];
    }
  }

  private inject(place: number, value: number): void {
    if (this.unknownOf[place] !== UNUSED) this.right[this.unknownOf[place]] += value;
  }

  private holdKnown(source: Source, known: Uint8Array): void {
    if (source.kind !== "ground" && source.kind !== "reservoir") return;
    const at = this.place("charge", source.at);
    const voltage = source.kind === "ground" ? 0 : source.voltage;
    if (voltage !== undefined) {
      if (known[at]) throw new NetworkError(source.at, `Two sources hold the voltage of node "${source.at}"`);
      known[at] = 1;
      this.potentials[at] = voltage;
    }
    if (source.kind === "reservoir" && this.hasSpin(source.at)) {
      const spin = this.place("spin", source.at);
      if (known[spin])
        throw new NetworkError(source.at, `Two sources hold the spin accumulation of node "${source.at}"`);
      known.fill(1, spin, spin + 3);
      this.heldSpins.push(spin);
      this.potentials.set(source.spinAccumulation, spin);
    }
  }

  private positionsOf(ports: readonly Port[]): Int32Array {
    return Int32Array.from(
      ports.flatMap((port) => {
        const at = this.place(port.kind, port.kind === "magnet" ? port.magnet : port.node);
        return Array.from({ length: portWidth(port) }, (_, i) => at + i);
      }),
    );
  }

  /** Every island of charge needs something that holds its voltage, and current sources must not drive between islands. */
  private checkChargeReturns(network: Network): void {
    const island = new Map<string, string>(this.nodes.map((node) => [node, node]));
    const root = (name: string): string => {
      const node = this.nodeName(name);
      const parent = island.get(node) as string;
      return parent === node ? node : root(parent);
    };
    for (const [a, b] of network.elements.flatMap((element) => element.conducts)) island.set(root(a), root(b));
    for (const source of this.sources)
      if (source.kind === "voltage") island.set(root(source.between[0]), root(source.between[1]));
    for (const source of this.sources) {
      if (source.kind !== "current" || root(source.between[0]) === root(source.between[1])) continue;
      const [from, to] = source.between;
      throw new NetworkError(
        from,
        `Source "${source.name}" drives current into node "${from}", which has no return path to node "${to}"`,
      );
    }
    const held = new Set(
      this.sources.flatMap((source) =>
        source.kind === "ground" || (source.kind === "reservoir" && source.voltage !== undefined)
          ? [root(source.at)]
          : [],
      ),
    );
    for (const node of this.nodes) {
      if (!held.has(root(node)))
        throw new NetworkError(node, `Nothing holds the voltage of node "${node}": ground it or connect it`);
    }
  }
}
