/** Text in an SVG, without a renderer that could measure it. */

/** Mean width of a letter of a sans-serif face over the font size; a little generous, so that nothing is clipped. */
const LETTER = 0.56;
/** Size of a subscript over the size of its line. */
const SUBSCRIPT = 0.72;

/** Width of a line [px]. */
export function textWidth(text: string, size: number): number {
  return parts(text).reduce((sum, [part, low]) => sum + part.length * LETTER * size * (low ? SUBSCRIPT : 1), 0);
}

/** Breaks a text at spaces into lines of at most `width` [px]. */
export function wrap(text: string, size: number, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.trim().split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && textWidth(`${last} ${word}`, size) <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** A text as SVG markup; "θ_SH" is set with a subscript. */
export function markup(text: string, size: number): string {
  let shifted = false;
  return parts(text)
    .map(([part, low]) => {
      const dy = low === shifted ? "" : ` dy="${((low ? 0.28 : -0.28) * size).toFixed(1)}"`;
      shifted = low;
      const font = low ? ` font-size="${(SUBSCRIPT * size).toFixed(1)}"` : "";
      return dy || font ? `<tspan${dy}${font}>${escapeXml(part)}</tspan>` : escapeXml(part);
    })
    .join("");
}

/** Text that is safe between tags and in attributes.  Control characters, which XML does not know, become spaces. */
export const escapeXml = (text: string): string =>
  text
    .toWellFormed()
    .replace(/\p{Cc}|[\ufffe\uffff]/gu, " ")
    .replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

/** Pieces of a text and whether each is a subscript: a subscript follows a symbol of one or two letters and "_". */
function parts(text: string): [string, boolean][] {
  return text
    .split(/(?<=(?<![\p{L}\p{N}])\p{L}{1,2})_([\p{L}\p{N},]*[\p{L}\p{N}]|\p{L})/u)
    .map((part, i): [string, boolean] => [part, i % 2 === 1])
    .filter(([part]) => part !== "");
}
