import { normalize, type Vector3 } from "../algebra/vector.ts";
import { checkKeys, checkNumber, checkVector, InputError, POSITIVE } from "../checks.ts";
import {
  type Backend,
  type Executable,
  type Field,
  grid,
  int,
  kernel,
  normalVector,
  openWasm,
  program,
  type Scalar,
  Vector,
  vector,
} from "../compute/index.ts";

/** A macrospin with thermal agitation, in units of its anisotropy field. */
export interface ThermalMacrospin {
  /** Δ = E_b/k_B T, with E_b = µ0 Ms V H_k/2 of the anisotropy along z. */
  readonly stability: number;
  /** Gilbert damping α. */
  readonly damping: number;
  /** Field of a hard axis along y, H_d/H_k: −H_d m_y ŷ; default 0, which is axial. */
  readonly hardAxis?: number;
  /** Applied field over H_k; default none. */
  readonly field?: Vector3;
}

/** Spin torque γ0 H_k [a m × (p × m) + b m × p]. */
export interface EnsembleTorque {
  /** a = a_J/H_k, along p for a > 0. */
  readonly dampingLike: number;
  /** b; default 0. */
  readonly fieldLike?: number;
  /** Unit vector p; default z. */
  readonly polarization?: Vector3;
}

export interface EnsembleOptions {
  /** Default 20 000. */
  readonly spins?: number;
  /** Default 1; equal seeds give equal ensembles on any number of threads. */
  readonly seed?: number;
  /** Step in units of 1/γ0 H_k; default 0.05. */
  readonly step?: number;
  /** The machine to run on; default the processor, in single precision, which statistics do not feel. */
  readonly machine?: Backend;
}

/** A share of an ensemble, with the standard uncertainty of counting. */
export interface Share {
  readonly value: number;
  readonly uncertainty: number;
}

/**
 * Independent macrospins under the stochastic Landau–Lifshitz–Gilbert equation, one per cell of a kernel: Heun's rule, which converges to
 * Stratonovich's solution, and a thermal field of ⟨h²⟩ = α/(Δ dt) per component in units of H_k (Brown, Phys. Rev. 130, 1677 (1963)).
 */
export class MacrospinEnsemble {
  readonly macrospin: ThermalMacrospin;
  readonly spins: number;
  private readonly machine: Backend;
  private readonly isOwn: boolean;
  private readonly step: number;
  private readonly seed: number;
  private readonly m: Field<Vector>;
  private readonly count: Scalar;

  private constructor(macrospin: ThermalMacrospin, options: EnsembleOptions) {
    const { spins = 20_000, seed = 1, step = 0.05 } = options;
    this.macrospin = macrospin;
    this.spins = spins;
    this.seed = seed;
    this.step = step;
    this.isOwn = options.machine === undefined;
    this.machine = options.machine ?? openWasm({ precision: "f32" });
    this.m = this.machine.field(grid([spins, 1, 1]), vector, "m");
    this.count = this.machine.scalar(0, { name: "step", kind: "int" });
  }

  /** All spins along z. */
  static async start(macrospin: ThermalMacrospin, options: EnsembleOptions = {}): Promise<MacrospinEnsemble> {
    checkKeys("macrospin", macrospin, ["stability", "damping", "hardAxis", "field"]);
    checkKeys("MacrospinEnsemble", options, ["spins", "seed", "step", "machine"]);
    checkNumber("macrospin: stability", macrospin.stability, POSITIVE);
    checkNumber("macrospin: damping", macrospin.damping, { min: 0, max: 10, open: "min" });
    checkNumber("macrospin: hardAxis", macrospin.hardAxis ?? 0, { min: 0 });
    checkVector("macrospin: field", macrospin.field ?? [0, 0, 0]);
    const { spins = 20_000, seed = 1, step = 0.05 } = options;
    if (!Number.isInteger(spins) || spins < 2) throw new InputError("spins", spins, "an integer, 2 or more");
    if (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 31)
      throw new InputError("seed", seed, "an integer, 0 ≤ seed < 2³¹");
    checkNumber("step", step, { min: 0, max: 0.5, open: "min" });
    const ensemble = new MacrospinEnsemble(macrospin, options);
    await ensemble.machine.write(
      ensemble.m,
      Float64Array.from({ length: 3 * spins }, (_, i) => (i >= 2 * spins ? 1 : 0)),
    );
    return ensemble;
  }

  /**
   * Lets a constant torque act.
   * @param duration in units of 1/γ0 H_k
   */
  async advance(torque: EnsembleTorque, duration: number): Promise<this> {
    checkNumber("duration", duration, { min: 0 });
    checkNumber("torque: dampingLike", torque.dampingLike);
    const steps = Math.ceil(duration / this.step);
    if (steps === 0) return this;
    const executable = await this.compile(torque, steps, duration / steps);
    await executable.run();
    executable.dispose();
    return this;
  }

  /** Share of spins with m_z < 0. */
  async switched(): Promise<Share> {
    const m = await this.machine.read(this.m);
    let count = 0;
    for (let i = 0; i < this.spins; i++) if (m[2 * this.spins + i] < 0) count++;
    const value = count / this.spins;
    return { value, uncertainty: Math.sqrt(Math.max(value * (1 - value), 1 / this.spins) / this.spins) };
  }

  /** All m_x, then all m_y, then all m_z. */
  async magnetizations(): Promise<Float64Array> {
    return Float64Array.from(await this.machine.read(this.m));
  }

  /** Gives back what the ensemble holds. */
  async destroy(): Promise<void> {
    this.machine.release(this.m);
    this.machine.release(this.count);
    if (this.isOwn) await this.machine.destroy();
  }

  private compile(torque: EnsembleTorque, steps: number, dt: number): Promise<Executable> {
    const { heun, advance } = kernels(this.macrospin, torque, dt, this.seed);
    const { m, count } = this;
    return this.machine.compile(
      program("stochastic LLG", (p) =>
        p.repeat(steps, () => p.run(heun, { m, step: count, next: m }).run(advance, { step: count, next: count })),
      ),
    );
  }
}

function kernels(macrospin: ThermalMacrospin, torque: EnsembleTorque, dt: number, seed: number) {
  const { stability, damping, hardAxis = 0, field = [0, 0, 0] } = macrospin;
  const { dampingLike, fieldLike = 0, polarization = [0, 0, 1] } = torque;
  const p = normalize(polarization);
  const noise = Math.sqrt(damping / (stability * dt));
  const advance = kernel("advance", { reads: { step: int }, writes: { next: int } }, ({ step }) => ({
    next: step.add(1),
  }));
  const heun = kernel(
    "Heun step",
    { reads: { m: vector, step: int }, writes: { next: vector } },
    ({ m, step }, { index, vector: vec, constant }) => {
      const thermal = normalVector({ seed: [seed, 0], stream: 0, step, cell: index.linear }).scale(noise);
      const polar = vec(p[0], p[1], p[2]);
      const rate = (u: Vector): Vector => {
        const h = new Vector(constant(field[0]), u.y.mul(-hardAxis).add(field[1]), u.z.add(field[2])).add(thermal);
        const drive = u
          .cross(h)
          .neg()
          .add(u.cross(polar.cross(u)).scale(dampingLike))
          .add(u.cross(polar).scale(fieldLike));
        return drive.add(u.cross(drive).scale(damping)).scale(1 / (1 + damping ** 2));
      };
      const first = rate(m);
      const second = rate(m.add(first.scale(dt)));
      return { next: m.add(first.add(second).scale(dt / 2)).normalized() };
    },
  );
  return { heun, advance };
}
