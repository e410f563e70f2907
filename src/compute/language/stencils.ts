import type { Input } from "./kernel.ts";
import { Real, Vector } from "./values.ts";

/**
 * Second-order central differences on a regular grid; what lies beyond an open end is what the field's type says
 * ("clamped" and "mirror": no slope at the face).  Axes of one cell have no slope.
 */

type Differentiable = Input<Real> | Input<Vector>;

const graphOf = (f: Differentiable) => (f instanceof Real ? f.node.graph : f.x.node.graph);
const unit = (axis: number): [number, number, number] => [axis === 0 ? 1 : 0, axis === 1 ? 1 : 0, axis === 2 ? 1 : 0];
const opposite = ([x, y, z]: readonly [number, number, number]): [number, number, number] => [-x, -y, -z];

/** ∇²f */
export function laplacian<V extends Real | Vector>(f: Input<V>): V;
export function laplacian(f: Differentiable): Real | Vector {
  return f instanceof Vector ? laplacianOf<Vector>(f, (v, s) => v.scale(s)) : laplacianOf<Real>(f, (v, s) => v.mul(s));
}

function laplacianOf<V extends { add(o: V): V; sub(o: V): V }>(f: Input<V>, scale: (v: V, by: number) => V): V {
  const { grid } = graphOf(f as unknown as Differentiable);
  let sum: V | undefined;
  for (const axis of [0, 1, 2]) {
    if (grid.size[axis] === 1) continue;
    const step = unit(axis);
    const bend = f
      .at(...step)
      .add(f.at(...opposite(step)))
      .sub(scale(f, 2));
    const term = scale(bend, 1 / grid.cell[axis] ** 2);
    sum = sum ? sum.add(term) : term;
  }
  return sum ?? scale(f, 0);
}

/** ∂f/∂axis; axis 0, 1, 2 for x, y, z. */
export function derivative<V extends Real | Vector>(f: Input<V>, axis: 0 | 1 | 2): V;
export function derivative(f: Differentiable, axis: 0 | 1 | 2): Real | Vector {
  const { grid } = graphOf(f);
  const step = unit(axis);
  const by = grid.size[axis] === 1 ? 0 : 1 / (2 * grid.cell[axis]);
  if (f instanceof Vector)
    return f
      .at(...step)
      .sub(f.at(...opposite(step)))
      .scale(by);
  return f
    .at(...step)
    .sub(f.at(...opposite(step)))
    .mul(by);
}

/** ∇f */
export const gradient = (f: Input<Real>): Vector => new Vector(derivative(f, 0), derivative(f, 1), derivative(f, 2));

/** ∇·v */
export const divergence = (v: Input<Vector>): Real =>
  derivative(v, 0).x.add(derivative(v, 1).y).add(derivative(v, 2).z);

/** ∇×v */
export function curl(v: Input<Vector>): Vector {
  const [dx, dy, dz] = [derivative(v, 0), derivative(v, 1), derivative(v, 2)];
  return new Vector(dy.z.sub(dz.y), dz.x.sub(dx.z), dx.y.sub(dy.x));
}
