/** Pictures of magnetization: one pixel or a square of them per cell, y upwards. */
import { convertIndexedToRgb, type DecodedPng, decode, encode } from "fast-png";
import { normalize, type Vector3 } from "../algebra/vector.ts";
import { checkChoice, checkKeys, InputError } from "../checks.ts";
import { cellCount, checkMeshField, type MeshField } from "./meshField.ts";

/** Rows from top to bottom, four bytes a pixel: red, green, blue, opacity. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

export interface PictureOptions {
  /**
   * "hue", the default: the hue is the angle of m in the plane, +x red, +y between yellow and green, −x cyan, and m_z makes it lighter up
   * and darker down.  A component is blue at −1, white at 0 and red at +1.
   */
  readonly component?: "hue" | "x" | "y" | "z";
  /** Plane of cells, from 0 at the bottom; default the middle one. */
  readonly plane?: number;
  /** Pixels along each edge of a cell; default 1. */
  readonly scale?: number;
}

/**
 * The directions of a plane of vectors in the usual colours, whatever their lengths; cells without magnetization are transparent, and
 * those with a number that is none grey.
 */
export function magnetizationPicture(field: MeshField, options: PictureOptions = {}): Picture {
  checkMeshField(field);
  checkKeys("magnetizationPicture", options, ["component", "plane", "scale"]);
  const [nx, ny, nz] = field.size;
  const { component = "hue", plane = Math.floor(nz / 2), scale = 1 } = options;
  checkChoice("magnetizationPicture: component", component, ["hue", "x", "y", "z"]);
  if (field.components !== 3)
    throw new InputError("magnetizationPicture: components", field.components, "3: m_x, m_y, m_z");
  if (!(Number.isInteger(plane) && plane >= 0 && plane < nz))
    throw new InputError("magnetizationPicture: plane", plane, `a whole number from 0 to ${nz - 1}`);
  if (!(Number.isInteger(scale) && scale >= 1 && scale <= 64))
    throw new InputError("magnetizationPicture: scale", scale, "a whole number from 1 to 64");
  const cells = cellCount(field);
  const [width, height] = [nx * scale, ny * scale];
  const pixels = new Uint8Array(4 * width * height);
  for (let y = 0; y < ny; y++)
    for (let x = 0; x < nx; x++) {
      const i = (plane * ny + y) * nx + x;
      const m = normalize([field.values[i], field.values[cells + i], field.values[2 * cells + i]]);
      if (m[0] === 0 && m[1] === 0 && m[2] === 0) continue;
      const colour = m.some(Number.isNaN)
        ? GREY
        : component === "hue"
          ? hueOf(m)
          : diverging(m["xyz".indexOf(component)]);
      for (let row = 0; row < scale; row++)
        for (let column = 0; column < scale; column++)
          pixels.set([...colour, 255], 4 * (((ny - 1 - y) * scale + row) * width + x * scale + column));
    }
  return { width, height, pixels };
}

/**
 * The colours of all directions: a hemisphere seen from above ("up", m_z ≥ 0, white in the middle) or the other one seen through it
 * ("down", black in the middle); the rim is the plane.
 */
export function hemisphere(side: "up" | "down", diameter: number): Picture {
  const pixels = new Uint8Array(4 * diameter * diameter);
  for (let row = 0; row < diameter; row++)
    for (let column = 0; column < diameter; column++) {
      const [x, y] = [(2 * column + 1) / diameter - 1, 1 - (2 * row + 1) / diameter];
      const z2 = 1 - x * x - y * y;
      if (z2 < 0) continue;
      const z = side === "up" ? Math.sqrt(z2) : -Math.sqrt(z2);
      pixels.set([...hueOf([x, y, z]), 255], 4 * (row * diameter + column));
    }
  return { width: diameter, height: diameter, pixels };
}

type Colour = readonly [number, number, number];

/** Of what is no number. */
const GREY: Colour = [187, 187, 187];

/** HSL with full saturation: hue from the angle, lightness from m_z. */
function hueOf([x, y, z]: Vector3): Colour {
  const hue = ((Math.atan2(y, x) * 180) / Math.PI + 360) % 360;
  const lightness = 0.5 + 0.5 * Math.max(-1, Math.min(1, z));
  const chroma = 1 - Math.abs(2 * lightness - 1);
  const channel = (n: number): number => {
    const k = (n + hue / 30) % 12;
    return Math.round(255 * (lightness - (chroma / 2) * Math.max(-1, Math.min(k - 3, 9 - k, 1))));
  };
  return [channel(0), channel(8), channel(4)];
}

/** Blue, white, red. */
function diverging(value: number): Colour {
  const share = Math.max(-1, Math.min(1, value));
  const pale = Math.round(255 * (1 - Math.abs(share)));
  return share >= 0 ? [255, pale, pale] : [pale, pale, 255];
}

/**
 * Pictures of one size side by side, in rows from the left.
 * @param options.columns pictures in a row; default all
 * @param options.gap transparent pixels between them; default 4
 */
export function filmStrip(
  pictures: readonly Picture[],
  { columns = pictures.length, gap = 4 }: { readonly columns?: number; readonly gap?: number } = {},
): Picture {
  if (pictures.length === 0) throw new InputError("filmStrip: pictures", [], "at least one picture");
  if (!(Number.isInteger(columns) && columns >= 1))
    throw new InputError("filmStrip: columns", columns, "a whole number ≥ 1");
  if (!(Number.isInteger(gap) && gap >= 0)) throw new InputError("filmStrip: gap", gap, "a whole number ≥ 0");
  const [{ width, height }] = pictures;
  for (const [i, picture] of pictures.entries())
    if (picture.width !== width || picture.height !== height)
      throw new InputError(
        `filmStrip: pictures[${i}]`,
        `${picture.width} × ${picture.height}`,
        `${width} × ${height}, as the first`,
      );
  const across = Math.min(columns, pictures.length);
  const down = Math.ceil(pictures.length / across);
  const whole = { width: across * (width + gap) - gap, height: down * (height + gap) - gap };
  const pixels = new Uint8Array(4 * whole.width * whole.height);
  for (const [i, picture] of pictures.entries()) {
    const [left, top] = [(i % across) * (width + gap), Math.floor(i / across) * (height + gap)];
    for (let y = 0; y < height; y++)
      pixels.set(picture.pixels.subarray(4 * y * width, 4 * (y + 1) * width), 4 * ((top + y) * whole.width + left));
  }
  return { ...whole, pixels };
}

/** A picture as PNG. */
export function writePng({ width, height, pixels }: Picture): Uint8Array {
  for (const [edge, length] of Object.entries({ width, height }))
    if (!(Number.isInteger(length) && length >= 1))
      throw new InputError(`picture: ${edge}`, length, "a whole number of pixels, 1 or more");
  if (pixels.length !== 4 * width * height)
    throw new InputError(
      "picture: bytes",
      pixels.length,
      `${4 * width * height}, four for each of ${width} × ${height}`,
    );
  return encode({ width, height, data: pixels, channels: 4, depth: 8 });
}

/**
 * A PNG as a picture, for masks of shapes.
 * @throws InputError when it is none, a damaged one, or an interlaced one of less than a byte a pixel
 */
export function readPng(bytes: Uint8Array): Picture {
  try {
    const png = decode(bytes, { checkCrc: true });
    return { width: png.width, height: png.height, pixels: rgba(png) };
  } catch (error) {
    throw new InputError("PNG file", (error as Error).message, "a picture in PNG");
  }
}

function rgba(png: DecodedPng): Uint8Array {
  const { width, height, depth, transparency } = png;
  // Greys of less than a byte are packed as indices are.
  const palette =
    png.channels > 1 ? undefined : (png.palette ?? (depth < 8 ? greys(depth, transparency?.[0]) : undefined));
  const data = palette ? convertIndexedToRgb({ ...png, palette }) : png.data;
  const channels = palette ? palette[0].length : png.channels;
  const most = palette ? 255 : 2 ** depth - 1;
  // One colour may stand for transparency where there is no opacity.
  const clear = palette || !transparency?.length ? undefined : transparency;
  const pixels = new Uint8Array(4 * width * height);
  for (let i = 0; i < width * height; i++) {
    const stored = [...data.subarray(i * channels, (i + 1) * channels)];
    const [colour, [opacity = stored.every((value, c) => value === clear?.[c]) ? 0 : most]] =
      channels < 3 ? [[stored[0], stored[0], stored[0]], stored.slice(1)] : [stored.slice(0, 3), stored.slice(3)];
    pixels.set(
      [...colour, opacity].map((value) => Math.round((255 * value) / most)),
      4 * i,
    );
  }
  return pixels;
}

/** All greys of so many bits, one of them transparent. */
const greys = (depth: number, clear: number | undefined): number[][] =>
  Array.from({ length: 2 ** depth }, (_, value) => {
    const grey = (255 * value) / (2 ** depth - 1);
    return [grey, grey, grey, value === clear ? 0 : 255];
  });
