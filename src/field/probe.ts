import {
  type Executable,
  type Field,
  type Input,
  kernel,
  program,
  type Real,
  type Scalar,
  type Value,
  type Vector,
  vector,
} from "../compute/index.ts";
import type { Assembly } from "./assembly.ts";
import { makeMoments } from "./moments.ts";

/** What a state is, in a few numbers. */
export interface Reading {
  /** Mean of m over the magnet's volume. */
  readonly m: readonly [number, number, number];
  /** Largest |m × B| [T]. */
  readonly torque: number;
  /** Energy per term [J], in the order of the assembly. */
  readonly energies: readonly number[];
}

/** Reads numbers and maps off a state, all in one kernel. */
export class Probe {
  private readonly assembly: Assembly;
  private readonly m: Field<Vector>;
  private readonly scalars: readonly Scalar[];
  private reading: Executable | undefined;
  private readonly maps = new Map<string, Executable>();
  private out: Field<Vector> | undefined;
  private readonly volume: number;

  constructor(assembly: Assembly, m: Field<Vector>) {
    this.assembly = assembly;
    this.m = m;
    const { mesh, fill } = assembly.problem;
    const perPlane = mesh.grid.size[0] * mesh.grid.size[1];
    this.volume = fill.reduce((sum, share, i) => sum + share * mesh.planes[Math.floor(i / perPlane)].thickness, 0);
    const names = ["mx", "my", "mz", "torque", ...assembly.allTerms.map(({ term }) => term.symbol)];
    this.scalars = names.map((name) => assembly.backend.scalar(0, { name }));
  }

  async read(): Promise<Reading> {
    const { assembly, scalars } = this;
    this.reading ??= await assembly.backend.compile(this.program());
    await this.reading.run();
    const [x, y, z, torque, ...energies] = await Promise.all(scalars.map((s) => assembly.backend.get(s)));
    const [dx, dy] = assembly.problem.mesh.grid.cell;
    return {
      m: [x / this.volume, y / this.volume, z / this.volume],
      torque: Math.sqrt(torque),
      energies: energies.map((sum) => sum * dx * dy),
    };
  }

  private program() {
    const { assembly, scalars } = this;
    return program("reading", (p) => {
      makeMoments(assembly, p, this.m);
      assembly.convolve(p, this.m);
      const { reads, given } = assembly.at(this.m);
      const names = scalars.map((_, i) => `r${i}`);
      const read = kernel(
        "reading",
        { reads, reduces: Object.fromEntries(names.map((name, i) => [name, i === 3 ? "max" : "sum"])) } as never,
        ((inputs: Readonly<Record<string, Input<Value>>>, here: never) => {
          const place = assembly.placeOf(here);
          const m = inputs.m as Input<Vector>;
          const thickness = place.constant(1).mul(place.extent[2]);
          const weight = (inputs.fill as Input<Real>).mul(thickness);
          const energies = assembly.allTerms.map(({ term, inputs: of }) =>
            term.energyDensity(of(inputs), place).mul(thickness),
          );
          const torque = m.cross(assembly.effectiveField(inputs, place)).squared();
          const values = [m.x.mul(weight), m.y.mul(weight), m.z.mul(weight), torque, ...energies];
          return Object.fromEntries(values.map((value, i) => [`r${i}`, value]));
        }) as never,
      );
      p.run(read, { ...given, ...Object.fromEntries(names.map((name, i) => [name, scalars[i]])) } as never);
    });
  }

  /**
   * A map over the cells: the effective field, one term's, what it says of the energy, or ṁ without thermal agitation.
   * @returns component planes, x fastest; fields in T, energy densities in J/m³, rates in rad/s
   */
  async map(what: "field" | "energyDensity" | "rate", term?: string): Promise<Float64Array> {
    const { backend, problem } = this.assembly;
    this.out ??= backend.field(problem.mesh.grid, vector, "map");
    const key = `${what} ${term ?? ""}`;
    let make = this.maps.get(key);
    if (!make) {
      make = await backend.compile(this.mapping(what, term, this.out));
      this.maps.set(key, make);
    }
    await make.run();
    const values = Float64Array.from(await backend.read(this.out));
    return what === "energyDensity" ? values.slice(0, values.length / 3) : values;
  }

  private mapping(what: "field" | "energyDensity" | "rate", term: string | undefined, out: Field<Vector>) {
    const { assembly } = this;
    const chosen = assembly.allTerms.filter(
      ({ term: { name, symbol } }) => term === undefined || name === term || symbol === term,
    );
    return program("map", (p) => {
      makeMoments(assembly, p, this.m);
      assembly.convolve(p, this.m);
      const { reads, given } = assembly.at(this.m);
      const one = kernel(
        "map",
        { reads, writes: { out: vector } } as never,
        ((inputs: Readonly<Record<string, Input<Value>>>, here: never) => {
          const place = assembly.placeOf(here);
          const none = place.vector(0, 0, 0);
          if (what === "rate") return { out: assembly.rate(inputs, place) };
          if (what === "field")
            return {
              out: chosen.map(({ term, inputs: of }) => term.field(of(inputs), place)).reduce((a, b) => a.add(b), none),
            };
          const density = chosen
            .map(({ term, inputs: of }) => term.energyDensity(of(inputs), place))
            .reduce((a, b) => a.add(b), place.constant(0));
          return { out: place.vector(density, 0, 0) };
        }) as never,
      );
      p.run(one, { ...given, out } as never);
    });
  }

  dispose(): void {
    const { backend } = this.assembly;
    this.reading?.dispose();
    for (const map of this.maps.values()) map.dispose();
    if (this.out) backend.release(this.out);
    for (const scalar of this.scalars) backend.release(scalar);
  }
}
