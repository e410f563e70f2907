import { InputError } from "../checks.ts";
import type { TextureFigure } from "../figures/index.ts";
import { EDGE, FAINT, FONT, heading, INK, PAGE, px, standalone, text } from "./page.ts";
import { hemisphere, magnetizationPicture, type Picture, writePng } from "./picture.ts";
import { formatQuantity } from "./siPrefix.ts";

const GAP = 24;
const KEY = { diameter: 84, width: 200 };
/** Widest and highest a frame is drawn. */
const FRAME = { width: 440, height: 380 };
/** Strips longer than this stand two in a row, others four. */
const FLAT = 2.5;
/** Lengths of a scale bar, times a power of ten. */
const ROUND = [1, 2, 5] as const;

/**
 * Magnetization at several moments as a self-contained SVG with pictures of the cells in it, a key of the colours and a scale.
 * Throws an InputError for a figure without frames, or a frame that has not three numbers for every cell.
 */
export function textureFigure(figure: TextureFigure): string {
  const { title, subtitle, cells, cell, frames, columns, plane } = figure;
  const what = `figure "${title}"`;
  if (frames.length === 0) throw new InputError(`${what}: frames`, [], "at least one");
  const [nx, ny, nz = 1] = cells;
  for (const { label, m } of frames)
    if (m.length !== 3 * nx * ny * nz)
      throw new InputError(
        `${what}: frame "${label}"`,
        `${m.length} numbers`,
        `3 × ${nx * ny * nz}, for ${nx} × ${ny} × ${nz} cells`,
      );
  const [wide, high] = [nx * cell[0], ny * cell[1]];
  const available = PAGE.width - 2 * EDGE - KEY.width;
  const across = Math.min(frames.length, columns ?? (wide > FLAT * high ? 2 : 4));
  if (!(Number.isInteger(across) && across >= 1))
    throw new InputError(`${what}: columns`, columns, "a whole number, 1 or more");
  const width = Math.min(FRAME.width, (available - (across - 1) * GAP) / across, (FRAME.height * wide) / high);
  const height = (width * high) / wide;
  const head = heading(title, subtitle, PAGE.width);
  const top = head.height + 12;
  const step = height + 40;
  const rows = Math.ceil(frames.length / across);
  const left = EDGE;
  const marks = frames.flatMap(({ label, m }, i) => {
    const x = left + (i % across) * (width + GAP);
    const y = top + Math.floor(i / across) * step;
    const field = {
      title: label,
      size: [nx, ny, nz] as const,
      cell: [cell[0], cell[1], cell[0]] as const,
      origin: [0, 0, 0] as const,
      components: 3,
      labels: ["m_x", "m_y", "m_z"],
      units: ["1", "1", "1"],
      values: Float64Array.from(m),
    };
    return [
      image(magnetizationPicture(field, plane === undefined ? {} : { plane }), x, y, width, height),
      `<rect x="${px(x)}" y="${px(y)}" width="${px(width)}" height="${px(height)}" fill="none" stroke="#CCCCCC"/>`,
      text(label, x, y + height + 22, FONT.label, { fill: INK }),
    ];
  });
  const keyAt = left + across * (width + GAP) + 24;
  const page = {
    width: Math.max(keyAt + KEY.width - 24 + EDGE, 560),
    height: Math.max(top + rows * step, top + 330) + EDGE - 12,
  };
  return standalone(
    page,
    [...head.marks, ...marks, ...key(keyAt, top), ...scaleBar(keyAt, top + 290, width / wide)].join("\n"),
    [title, ...frames.map(({ label }) => label)].join(". "),
  );
}

/** What the colours mean. */
function key(x: number, y: number): string[] {
  const { diameter } = KEY;
  return (["up", "down"] as const).flatMap((side, i) => {
    const at = y + 8 + i * (diameter + 46);
    const middle = x + diameter / 2;
    return [
      text(side === "up" ? "m_z ≥ 0" : "m_z ≤ 0", x + diameter + 34, at + diameter / 2 + 6, FONT.note, { fill: FAINT }),
      image(hemisphere(side, diameter), x, at, diameter, diameter),
      text("+x", x + diameter + 5, at + diameter / 2 + 6, FONT.note, { fill: FAINT }),
      text("+y", middle, at - 5, FONT.note, { fill: FAINT, "text-anchor": "middle" }),
    ];
  });
}

function scaleBar(x: number, y: number, perMetre: number): string[] {
  const longest = 110 / perMetre;
  const power = 10 ** Math.floor(Math.log10(longest));
  const length = Math.max(...ROUND.map((n) => n * power).filter((n) => n <= longest));
  const drawn = length * perMetre;
  return [
    `<path d="M${px(x)} ${px(y)}v8m0 -4h${px(drawn)}m0 -4v8" stroke="${INK}" stroke-width="2" fill="none"/>`,
    text(formatQuantity(length, "m"), x, y + 30, FONT.note, { fill: INK }),
  ];
}

const image = (picture: Picture, x: number, y: number, width: number, height: number): string =>
  `<image x="${px(x)}" y="${px(y)}" width="${px(width)}" height="${px(height)}" preserveAspectRatio="none" ` +
  `style="image-rendering:pixelated" xlink:href="data:image/png;base64,${Buffer.from(writePng(picture)).toString("base64")}"/>`;
