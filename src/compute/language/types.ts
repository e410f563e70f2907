import type { Edge } from "../grid.ts";
import { KernelError, type Kind, type Node } from "./graph.ts";
import { Complex, Int, leaves, Matrix, Real, Symmetric, type Value, Vector } from "./values.ts";

/** What the cells of a field hold. */
export interface ElementType<V extends Value = Value> {
  readonly name: string;
  /** Kind of each component. */
  readonly kind: Exclude<Kind, "bool">;
  /** Components per cell, each a plane of its own. */
  readonly components: number;
  /** How a read continues beyond open ends of the grid; "clamped" unless said otherwise. */
  readonly edge: Edge;
  /** The same type, read with another rule beyond the ends. */
  beyond(edge: Edge): ElementType<V>;
  /** A value from its components. */
  of(nodes: readonly Node[]): V;
  /** Whether a value is of this type. */
  is(value: unknown): value is V;
  nodes(value: V): Node[];
}

const EDGES: readonly Edge[] = ["clamped", "mirror", "zero", "periodic"];

function elements<V extends Value>(
  name: string,
  kind: "real" | "int",
  components: number,
  made: abstract new (...args: never[]) => V,
  of: (nodes: readonly Node[]) => V,
  edge: Edge = "clamped",
): ElementType<V> {
  return {
    name,
    kind,
    components,
    edge,
    beyond: (other) => {
      if (!EDGES.includes(other))
        throw new KernelError(`a field goes on "${EDGES.join('", "')}" beyond its ends, not ${JSON.stringify(other)}`);
      return elements(name, kind, components, made, of, other);
    },
    of,
    is: (value): value is V => value instanceof made,
    nodes: leaves,
  };
}

const reals = (nodes: readonly Node[]) => nodes.map((n) => new Real(n));

export const real = elements("real", "real", 1, Real, ([n]) => new Real(n));
export const int = elements("int", "int", 1, Int, ([n]) => new Int(n));
/** x, y, z */
export const vector = elements("vector", "real", 3, Vector, (n) => {
  const [x, y, z] = reals(n);
  return new Vector(x, y, z);
});
/** Real part, imaginary part. */
export const complex = elements("complex", "real", 2, Complex, (n) => {
  const [re, im] = reals(n);
  return new Complex(re, im);
});
/** xx, yy, zz, xy, xz, yz */
export const symmetric = elements("symmetric", "real", 6, Symmetric, (n) => {
  const [xx, yy, zz, xy, xz, yz] = reals(n);
  return new Symmetric(xx, yy, zz, xy, xz, yz);
});
/** Row by row. */
export const matrix = elements("matrix", "real", 9, Matrix, (n) => {
  const [a, b, c] = [0, 3, 6].map((i) => vector.of(n.slice(i, i + 3)));
  return new Matrix(a, b, c);
});
