import { escapeXml, markup, wrap } from "./plotText.ts";

/** Okabe and Ito's palette, which colour-blind eyes tell apart; yellow is left out and orange darker, to be read on white. */
export const COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#333333", "#B87A00", "#3E9FD4"];
export const INK = "#222222";
export const FAINT = "#666666";

/** Of a page or a panel, in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** 16:9, as slides are. */
export const PAGE: Size = { width: 1120, height: 630 };
/** White between the edge of a page and what is on it. */
export const EDGE = 32;
export const FONT = { title: 26, subtitle: 18, axis: 19, tick: 17, label: 18, note: 16 };

/**
 * What Plot drew, without its frame and its style sheet, and to a hundredth of a pixel: round-off draws no other file.  Nor does what was drawn
 * before, which Plot counts in the names of its clip paths.
 */
export function unframed(drawn: string): string {
  const names = [...new Set(drawn.match(/plot-clip-\d+/g))];
  return drawn
    .replace(/^<svg[^>]*>/, "")
    .replace(/<\/svg>$/, "")
    .replace(/<style>[\s\S]*?<\/style>/, "")
    .replace(/plot-clip-\d+/g, (name) => `plot-clip-${names.indexOf(name) + 1}`)
    .replace(/="[^"]*\.\d{3}[^"]*"/g, (attribute) =>
      attribute.replace(/-?\d+\.\d{3,}(?:e-\d+)?/g, (length) => String(Math.round(100 * Number(length)) / 100)),
    );
}

export function text(
  content: string,
  x: number,
  y: number,
  size: number,
  style: Readonly<Record<string, string>>,
): string {
  const attributes = Object.entries(style).map(([key, value]) => ` ${key}="${value}"`);
  return `<text xml:space="preserve" x="${px(x)}" y="${px(y)}" font-size="${px(size)}"${attributes.join("")}>${markup(content, size)}</text>`;
}

/** Title and subtitle at the top left of a page or a panel, and what height they take. */
export function heading(title: string, subtitle: string | undefined, width: number, enlarged = 1) {
  const [titleSize, subtitleSize] = [FONT.title * enlarged, FONT.subtitle * enlarged];
  const titles = wrap(title, titleSize * 1.04, width - 2 * EDGE);
  const subtitles = subtitle ? wrap(subtitle, subtitleSize, width - 2 * EDGE) : [];
  const [titleStep, subtitleStep] = [32 * enlarged, 25 * enlarged];
  return {
    height: EDGE + titles.length * titleStep + subtitles.length * subtitleStep,
    marks: [
      ...titles.map((line, i) =>
        text(line, EDGE, EDGE + 22 * enlarged + titleStep * i, titleSize, { "font-weight": "700", fill: INK }),
      ),
      ...subtitles.map((line, i) =>
        text(line, EDGE, EDGE + 20 * enlarged + titleStep * titles.length + subtitleStep * i, subtitleSize, {
          fill: FAINT,
        }),
      ),
    ],
  };
}

export const px = (length: number): string => String(Math.round(length * 10) / 10);

/** What was drawn as a file that looks the same in every viewer: no style sheet, a white page. */
export function standalone({ width, height }: Size, content: string, description: string): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="Helvetica, Arial, 'Liberation Sans', sans-serif" fill="${INK}" color="${INK}" role="img">`,
    `<title>${escapeXml(description)}</title>`,
    `<rect width="${width}" height="${height}" fill="white"/>`,
    content,
    "</svg>\n",
  ].join("\n");
}
