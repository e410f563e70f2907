/** Pictures of magnetization: one pixel or a square of them per cell, y upwards. */
import { decode, encode } from "fast-png";
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

/** A plane of unit vectors in the usual colours; cells without magnetization are transparent. */
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
      const m = [field.values[i], field.values[cells + i], field.values[2 * cells + i]] as const;
      if (m[0] === 0 && m[1] === 0 && m[2] === 0) continue;
      const colour = component === "hue" ? hueOf(m) : diverging(m["xyz".indexOf(component)]);
      for (let row = 0; row < scale; row++)
        for (let column = 0; column < scale; column++)
          pixels.set([...colour, 255], 4 * (((ny - 1 - y) * scale + row) * width + x * scale + column));
    }
  return { width, height, pixels };
}

type Colour = readonly [number, number, number];

/** HSL with full saturation: hue from the angle, lightness from m_z. */
function hueOf([x, y, z]: readonly [number, number, number]): Colour {
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
export const writePng = ({ width, height, pixels }: Picture): Uint8Array =>
  encode({ width, height, data: pixels, channels: 4, depth: 8 });

/** A PNG of any kind as a picture, for masks of shapes.  @throws InputError when it is none */
export function readPng(bytes: Uint8Array): Picture {
  let decoded: ReturnType<typeof decode>;
  try {
    decoded = decode(bytes);
  } catch (error) {
    throw new InputError("PNG file", (error as Error).message, "a picture in PNG");
  }
  const { width, height, data, channels, depth, palette } = decoded;
  if (depth < 8 && !palette) throw new InputError("PNG file: depth", depth, "8 or 16 bits a channel, or a palette");
  const most = 2 ** depth - 1;
  const pixels = new Uint8Array(4 * width * height);
  for (let i = 0; i < width * height; i++) {
    const at = (c: number): number => (255 * data[i * channels + c]) / most;
    const colour = palette
      ? [...palette[data[i]]]
      : channels >= 3
        ? [at(0), at(1), at(2), channels === 4 ? at(3) : 255]
        : [at(0), at(0), at(0), channels === 2 ? at(1) : 255];
    pixels.set([...colour, 255].slice(0, 4).map(Math.round), 4 * i);
  }
  return { width, height, pixels };
}
