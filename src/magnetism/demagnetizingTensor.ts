import type { Vector3 } from "../algebra/vector.ts";
import { checkKeys, checkNumber, FINITE, InputError, POSITIVE } from "../checks.ts";
import { CuboidPair } from "./cuboidPair.ts";
import { DistantImages, imagesNeeded } from "./distantImages.ts";

/** Periodic boundaries of {@link demagnetizingTensor}. */
export interface DemagnetizingTensorOptions {
  /** Images of the box summed one by one to each side; 0, the default, along an open axis. */
  readonly images?: Vector3;
}

/** Periodic boundaries of {@link layerTensor}. */
export interface LayerTensorOptions {
  /** Images of the layers summed one by one to each side; 0, the default, along an open axis. */
  readonly images?: readonly [number, number];
}

/** A layer of cells: z of its middle plane and its thickness [m]. */
export interface CellLayer {
  readonly z: number;
  readonly thickness: number;
}

/** Axes of the components. */
const AXES = [[0], [1], [2], [0, 1], [0, 2], [1, 2]];

/**
 * Demagnetizing tensor of a regular grid of cuboids: H = −Σ N M is the field averaged over a cell of cells magnetized M, of
 * trace 1 at displacement 0 and else 0.  Newell, Williams, Dunlop, J. Geophys. Res. 98, 9551 (1993), for cells that touch;
 * Gauss quadrature of the point-dipole tensor over both cells, of an order that falls with their distance, for the others.
 * The error is below 3e-13 of the tensor of a point dipole, |N| = √6 V/4πR³, up to aspects of 50 : 1 : 1 and 1 : 50 : 50
 * (against 45 digits), and below 1e-14 at displacement 0.
 *
 * A periodic axis repeats the box for ever: images beyond those that are summed are a continuum ({@link DistantImages}).
 * Along two such axes a uniformly magnetized box is a film, along one a rod.  What the continuum leaves falls as the fifth power of the
 * images: N_zz of a film of 8 × 8 × 1 cubes, which is 1, is off by 1e-4 with 2, 2e-6 with 5, 7e-8 with 10.  Along three axes the sum
 * depends on the shape of the whole at infinity; it is the block of the summed images, centred on each cell.
 *
 * @param size cells along x, y, z
 * @param cell edges of a cell [m]
 * @throws InputError when a size is not a whole number ≥ 1, an edge not positive or a number of images not a whole number ≥ 0
 * @returns components xx, yy, zz, xy, xz, yz at displacements ≥ 0 in cells, x fastest: 0…n−1 along an open axis of n cells,
 *   0…⌊n/2⌋ along a periodic one, where N(n − d) = ±N(d)
 */
export function demagnetizingTensor(
  size: Vector3,
  cell: Vector3,
  options: DemagnetizingTensorOptions = {},
): Float64Array[] {
  checkKeys("options", options, ["images"]);
  const { images = [0, 0, 0] } = options;
  checkWhole("size", size, 3, 1);
  checkWhole("images", images, 3, 0);
  checkEdges("cell", cell, 3);
  return sampled(size, 0, cell, cell, images);
}

/**
 * Demagnetizing tensor between two layers of one grid in the plane, of any thicknesses: H = −Σ N M is the field averaged over
 * a cell of the target of cells of the source magnetized M.  Methods, errors and periodic axes as for
 * {@link demagnetizingTensor}.  With source and target exchanged, and the displacement reversed, t_target N stays the same.
 *
 * @param size cells along x, y
 * @param cell edges of a cell along x, y [m]
 * @throws InputError when a size is not a whole number ≥ 1, an edge or thickness not positive, a height not finite or a
 *   number of images not a whole number ≥ 0
 * @returns components xx, yy, zz, xy, xz, yz at displacements ≥ 0 from source to target in cells, x fastest: 0…n−1 along an
 *   open axis, 0…⌊n/2⌋ along a periodic one; xz is odd along x, yz along y, xy along both
 */
export function layerTensor(
  size: readonly [number, number],
  cell: readonly [number, number],
  source: CellLayer,
  target: CellLayer,
  options: LayerTensorOptions = {},
): Float64Array[] {
  checkKeys("options", options, ["images"]);
  const { images = [0, 0] } = options;
  checkWhole("size", size, 2, 1);
  checkWhole("images", images, 2, 0);
  checkEdges("cell", cell, 2);
  for (const [name, layer] of Object.entries({ source, target })) {
    checkNumber(`${name}.z`, layer.z, FINITE, "m");
    checkNumber(`${name}.thickness`, layer.thickness, POSITIVE, "m");
  }
  const edges = (layer: CellLayer): Vector3 => [cell[0], cell[1], layer.thickness];
  return sampled([...size, 1], target.z - source.z, edges(source), edges(target), [...images, 0]);
}

/** The tensor at all displacements, those along z shifted by `height`. */
function sampled(size: Vector3, height: number, source: Vector3, target: Vector3, asked: Vector3): Float64Array[] {
  const pair = new CuboidPair(source, target);
  const periodicAxes = asked.filter((n) => n > 0).length;
  const continued = periodicAxes === 1 || periodicAxes === 2;
  const longer = source.map((d, i) => Math.max(d, target[i])) as unknown as Vector3;
  const images = continued ? imagesNeeded(asked, longer, size) : asked;
  const distant = continued ? new DistantImages(source, target, size, images) : undefined;
  const [nx, ny, nz] = size.map((n, i) => (asked[i] > 0 ? Math.floor(n / 2) + 1 : n));
  const tensor = AXES.map(() => new Float64Array(nx * ny * nz));
  const N = new Float64Array(6);
  let index = 0;
  for (let k = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++) {
        N.fill(0);
        for (let c = -images[2]; c <= images[2]; c++)
          for (let b = -images[1]; b <= images[1]; b++)
            for (let a = -images[0]; a <= images[0]; a++) {
              const X = (i + a * size[0]) * source[0];
              const Y = (j + b * size[1]) * source[1];
              pair.add(X, Y, (k + c * size[2]) * source[2] + height, 1, N);
            }
        distant?.add(i * source[0], j * source[1], k * source[2] + height, N);
        for (let component = 0; component < 6; component++) tensor[component][index] = N[component];
        index++;
      }
  clearOdd(tensor, [nx, ny, nz], size, asked, height);
  return tensor;
}

/** What is odd along an axis vanishes at displacement 0, and at half a period: exactly, not to round-off. */
function clearOdd(tensor: Float64Array[], counts: Vector3, size: Vector3, images: Vector3, height: number): void {
  for (const [component, axes] of AXES.entries()) {
    if (axes.length === 1) continue;
    for (const axis of axes) {
      const stride = counts.slice(0, axis).reduce((product, n) => product * n, 1);
      const zeros = axis === 2 && height !== 0 ? [] : [0];
      if (images[axis] > 0 && size[axis] % 2 === 0) zeros.push(size[axis] / 2);
      const values = tensor[component];
      for (const zero of zeros)
        for (let start = zero * stride; start < values.length; start += counts[axis] * stride)
          values.fill(0, start, start + stride);
    }
  }
}

function checkWhole(parameter: string, values: readonly number[], length: number, min: number): void {
  if (!Array.isArray(values) || values.length !== length || !values.every((n) => Number.isInteger(n) && n >= min))
    throw new InputError(parameter, values, `${length} whole numbers ≥ ${min}`);
}

function checkEdges(parameter: string, values: readonly number[], length: number): void {
  if (!Array.isArray(values) || values.length !== length) throw new InputError(parameter, values, `${length} lengths`);
  for (const value of values) checkNumber(parameter, value, POSITIVE, "m");
}
