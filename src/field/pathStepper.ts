import {
  type Backend,
  type ElementType,
  type Executable,
  type Field,
  type Input,
  kernel,
  program,
  type Real,
  real,
  type Scalar,
  type Value,
  type Vector,
  vector,
} from "../compute/index.ts";
import { MU0 } from "../constants.ts";
import { type Assembly, planesOf } from "./assembly.ts";
import { makeMoments } from "./moments.ts";

/**
 * Moves one state downhill by steps of fixed length, as the states of a path of least energy are moved between the times they are set at
 * equal distances; or, with the path's direction given, downhill across the path and uphill along it.
 */
export class PathStepper {
  private readonly backend: Backend;
  private readonly assembly: Assembly;
  private readonly m: Field<Vector>;
  private readonly downhill: Field<Vector>;
  private readonly tangent: Field<Vector>;
  private readonly along: Scalar;
  private readonly length: Scalar;
  private readonly climbs: Scalar;
  private readonly programs = new Map<number, Executable>();
  /** Step [1/T], half of what the stiffest motion allows. */
  readonly step: number;

  constructor(assembly: Assembly, m: Field<Vector>) {
    this.assembly = assembly;
    this.backend = assembly.backend;
    this.m = m;
    const { grid } = assembly.problem.mesh;
    this.downhill = this.backend.field(grid, vector, "downhill");
    this.tangent = this.backend.field(grid, vector, "direction of the path");
    this.along = this.backend.scalar(0, { name: "downhill along the path" });
    this.length = this.backend.scalar(1, { name: "length of the direction" });
    this.climbs = this.backend.scalar(0, { name: "climbs" });
    this.step = 1 / stiffness(assembly);
  }

  /** @param tangent direction of the path, component planes, if the state is to climb along it */
  async advance(state: Float64Array, steps: number, tangent?: Float64Array): Promise<Float64Array> {
    await this.backend.write(this.m, state);
    if (tangent) await this.backend.write(this.tangent, tangent);
    this.backend.set(this.climbs, tangent ? 2 : 0);
    let executable = this.programs.get(steps);
    if (!executable) {
      executable = await this.backend.compile(this.program(steps));
      this.programs.set(steps, executable);
    }
    await executable.run();
    return Float64Array.from(await this.backend.read(this.m));
  }

  private program(steps: number) {
    const { assembly, m, downhill, tangent, along, length, climbs, step } = this;
    const { reads, given } = assembly.at(m);
    const gradient = kernel(
      "gradient",
      {
        reads: { ...reads, tangent: vector } as Record<string, ElementType>,
        writes: { d: vector },
        reduces: { along: "sum", length: "sum" },
      } as never,
      ((inputs: Readonly<Record<string, Input<Value>>>, here: never) => {
        const d = assembly.descent(inputs, assembly.placeOf(here));
        const t = inputs.tangent as unknown as Vector;
        return { d, along: d.dot(t), length: t.squared() };
      }) as never,
    );
    const move = kernel(
      "move",
      {
        reads: { m: vector, d: vector, tangent: vector, along: real, length: real, climbs: real },
        writes: { next: vector },
      },
      ({ m, d, tangent, along, length, climbs }) => {
        const climbed = d.sub(tangent.scale(climbs.mul(along).div(length.max(1e-30))));
        const across = climbed.sub(m.scale(climbed.dot(m))).scale(step);
        const N: Real = across.squared();
        // |m| = 1 stays exactly.
        return {
          next: m.scale(N.neg().add(4)).add(across.scale(4)).div(N.add(4)),
        };
      },
    );
    return program("along a path", (p) =>
      p.repeat(steps, () => {
        makeMoments(assembly, p, m);
        assembly.convolve(p, m);
        p.run(gradient, { ...given, tangent, d: downhill, along, length } as never);
        p.run(move, { m, d: downhill, tangent, along, length, climbs, next: m });
      }),
    );
  }

  dispose(): void {
    for (const executable of this.programs.values()) executable.dispose();
    for (const thing of [this.downhill, this.tangent, this.along, this.length, this.climbs])
      this.backend.release(thing);
  }
}

/** No field turns faster with m than this [T]: exchange and DMI of all faces, anisotropies and the own field at their largest. */
function stiffness({ problem, magnetic }: Assembly): number {
  const { mesh, terms, saturationMagnetization, fill } = problem;
  const cells = fill.length;
  const Ms = planesOf(saturationMagnetization, cells);
  let least = Infinity;
  let most = 0;
  for (let i = 0; i < cells; i++)
    if (magnetic[i]) [least, most] = [Math.min(least, Ms[i] * fill[i]), Math.max(most, Ms[i])];
  const largest = (supply: unknown): number =>
    typeof supply === "number"
      ? Math.abs(supply)
      : ArrayBuffer.isView(supply)
        ? (supply as unknown as Float64Array).reduce((a, b) => Math.max(a, Math.abs(b)), 0)
        : 0;
  const extents = [mesh.grid.cell[0], mesh.grid.cell[1], Math.min(...mesh.planes.map(({ thickness }) => thickness))];
  let sum = MU0 * most;
  for (const { given } of terms)
    for (const [parameter, supply] of Object.entries(given)) {
      const axis = ["faceX", "faceY", "faceZ"].indexOf(parameter);
      if (axis >= 0) sum += (4 * largest(supply)) / (least * extents[axis]);
      else if (/^K|^free|^B\d/.test(parameter)) sum += (4 * largest(supply)) / least;
      else if (parameter === "B" && Array.isArray(supply)) sum += Math.hypot(...(supply as number[]));
      else if (parameter === "J1" || parameter === "J2") sum += (2 * largest(supply)) / (least * extents[2]);
    }
  return sum;
}
