import { describe, expect, it } from "vitest";
import { InputError } from "../checks.ts";
import { device, layer, pulse, QUANTITIES, simulate } from "../device/index.ts";
import { ellipse } from "../geometry/index.ts";
import { materials } from "../materials/index.ts";
import { courseFigures, figureSvg, type LineFigure, lineFigure } from "./index.ts";

/** Throws unless every tag is closed in order, every attribute is quoted and every & begins an entity. */
function checkXml(svg: string): void {
  const open: string[] = [];
  const rest = svg.replace(
    /<(\/?)([A-Za-z][\w:-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/g,
    (_, end, name, attributes, empty) => {
      const keys = [...attributes.matchAll(/([\w:-]+)="/g)].map(([, key]) => key);
      if (new Set(keys).size < keys.length) throw new Error(`<${name}> has an attribute twice`);
      if (end) expect(open.pop()).toBe(name);
      else if (!empty) open.push(name);
      return "";
    },
  );
  expect(open).toStrictEqual([]);
  expect(rest).not.toMatch(/[<>]/);
  expect(svg).not.toMatch(/&(?!#\d+;|(?:amp|lt|gt|quot|apos);)/);
}

/** What a reader sees, with entities resolved. */
const words = (svg: string): string =>
  [...svg.matchAll(/<text[^>]*>([\s\S]*?)<\/text>/g)]
    .map(([, inner]) => inner.replace(/<[^>]*>/g, "").replace(/&#(\d+);/g, (_, code) => String.fromCharCode(code)))
    .join("\n");

const figure: LineFigure = {
  title: 'Torque & "field" <both>',
  subtitle: "Pt 5 nm | Co 1 nm",
  x: { label: "thickness t", unit: "m" },
  y: { label: "spin current j_s", unit: "A/m²" },
  series: [
    { label: "theory", x: [1e-9, 2e-9, 3e-9], y: [1e10, 4e10, 5e10] },
    { label: "points <a>", x: [1e-9, 3e-9], y: [1e10, 5e10], points: true },
    { label: "θ_SH = 0", x: [1e-9, 2e-9, 3e-9], y: [0, Number.NaN, Number.POSITIVE_INFINITY], dashed: true },
  ],
  bands: [{ from: 1e-9, to: 2e-9, label: "shaded" }],
  rules: [{ x: 1.5e-9, label: "λ" }],
};

describe("a figure of lines", () => {
  const svg = lineFigure(figure);

  it("is well-formed XML that stands alone", () => {
    checkXml(svg);
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    expect(svg).not.toMatch(/<style|href="http/);
  });

  it("names every series, both axes with readable units, and what is marked", () => {
    const seen = words(svg);
    for (const text of [
      figure.title,
      "Pt 5 nm | Co 1 nm",
      "thickness t (nm)",
      "spin current js (GA/m²)",
      "shaded",
      "λ",
    ]) {
      expect(seen).toContain(text);
    }
    for (const text of ["theory", "points <a>", "θSH = 0"]) expect(seen).toContain(text);
  });

  it("draws each series: lines, points, dashes", () => {
    expect(svg.match(/<g [^>]*aria-label="line"/g)).toHaveLength(2);
    expect(svg.match(/<g [^>]*aria-label="dot"[\s\S]*?<\/g>/)?.[0].match(/<circle/g)).toHaveLength(2);
    expect(svg).toContain('stroke-dasharray="8 6"');
  });

  it("keeps all text on the page", () => {
    const [, width, height] = svg.match(/viewBox="0 0 (\d+) (\d+)"/) ?? [];
    for (const [, x, y] of svg.matchAll(/<text xml:space="preserve" x="([-\d.]+)" y="([-\d.]+)"/g)) {
      expect(Number(x)).toBeGreaterThan(0);
      expect(Number(x)).toBeLessThan(Number(width));
      expect(Number(y)).toBeGreaterThan(0);
      expect(Number(y)).toBeLessThan(Number(height));
    }
  });

  it("names a line where it ends at the right, whichever way its points run", () => {
    const height = (x: number[], y: number[]): number => {
      const drawn = lineFigure({ ...figure, bands: [], rules: [], series: [{ label: "here", x, y }] });
      return Number(/y="([\d.]+)"[^>]*>here</.exec(drawn)?.[1]);
    };
    expect(height([3e-9, 2e-9, 1e-9], [5e10, 4e10, 1e10])).toBe(height([1e-9, 2e-9, 3e-9], [1e10, 4e10, 5e10]));
  });

  it("keeps the peaks of a line with too many points to draw", () => {
    const n = 200_000;
    const x = Float64Array.from({ length: n }, (_, i) => i);
    const y = new Float64Array(n);
    y[123_457] = 1;
    const drawn = lineFigure({ ...figure, bands: [], rules: [], series: [{ label: "spike", x, y }] });
    const path = drawn.match(/<g [^>]*aria-label="line"[\s\S]*? d="([^"]*)"/)?.[1] ?? "";
    const heights = new Set([...path.matchAll(/,([\d.]+)/g)].map(([, height]) => height));
    expect(heights.size).toBe(2);
    expect(drawn.length).toBeLessThan(100_000);
  });

  it("survives a single point, values that are all alike, and no finite value", () => {
    for (const y of [[3], [0], [Number.NaN], [-1e-30]]) {
      checkXml(lineFigure({ ...figure, rules: [], series: [{ label: "one", x: [300], y }] }));
    }
    const decades = { label: "rate", unit: "1", scale: "log" as const };
    const log = lineFigure({ ...figure, y: decades, series: [{ label: "p", x: [1e-9, 2e-9], y: [1e-6, 0] }] });
    expect(words(log)).toContain("10⁻⁶");
  });

  it("is refused without series, and when x and y differ in length", () => {
    expect(() => lineFigure({ ...figure, series: [] })).toThrow(InputError);
    expect(() => lineFigure({ ...figure, series: [{ label: "a", x: [1], y: [1, 2] }] })).toThrow(/as many x as y/);
  });
});

describe("error bars, bands of values and shared colours", () => {
  const svg = lineFigure({
    ...figure,
    bands: [{ from: 2e10, to: 3e10, axis: "y", label: "published" }],
    series: [
      { label: "measured", x: [1e-9, 2e-9], y: [1e10, 4e10], uncertainty: [1e9, 2e9], points: true },
      { label: "fit", like: "measured", x: [1e-9, 2e-9], y: [1e10, 4e10] },
      { label: "other", x: [1e-9, 2e-9], y: [2e10, 1e10] },
    ],
  });

  it("are drawn: a bar for every point, the fit in the colour of its points", () => {
    checkXml(svg);
    expect(words(svg)).toContain("published");
    const bars = /<g stroke-width="1.75" stroke="#0072B2" aria-label="rule">(.*?)<\/g>/s.exec(svg);
    expect(bars?.[1].match(/<line/g)).toHaveLength(2);
    expect(svg.match(/stroke="#0072B2"/g)?.length).toBeGreaterThanOrEqual(2);
    expect(svg).toContain('stroke="#D55E00"');
  });

  it("stay within a domain that was chosen", () => {
    const axis = { label: "", unit: "1", domain: [0, 3] as const };
    const series = [
      { label: "a", x: [1, 2, 2.5, 4], y: [1, 2.9, 5, 1], uncertainty: [0.1, 2, 0.1, 0.1], points: true },
    ];
    const clipped = lineFigure({ title: "", x: axis, y: axis, series });
    const group = (name: string): string =>
      new RegExp(`<g [^>]*stroke="(?:white|#0072B2)" aria-label="${name}">(.*?)</g>`, "s").exec(clipped)?.[1] ?? "";
    const circles = [...clipped.matchAll(/<circle [^>]*cy="([\d.]+)"/g)].map(([, y]) => Number(y));
    // Two points and the sample beside the name.
    expect(circles).toHaveLength(3);
    const bars = [...group("rule").matchAll(/y2="([\d.]+)" y1="([\d.]+)"/g)].map(([, high, low]) => [+high, +low]);
    expect(bars).toHaveLength(2);
    // 2.9 + 2 ends at 3, a tenth above 2.9: as far above the point as 0.1 reaches below the other one; pixels to 0.01.
    expect(circles[1] - bars[1][0]).toBeCloseTo(bars[0][1] - circles[0], 1);
  });

  it("are refused when they do not fit the series", () => {
    const [measured] = figure.series;
    expect(() => lineFigure({ ...figure, series: [{ ...measured, uncertainty: [1] }] })).toThrow("one for every y");
    expect(() => lineFigure({ ...figure, series: [{ ...measured, like: "nobody" }] })).toThrow('like is "nobody"');
  });
});

describe("a figure of panels", () => {
  it("letters its panels and keeps their clip paths apart", () => {
    const clipped = { ...figure, y: { ...figure.y, domain: [0, 3e10] as const } };
    const svg = figureSvg({ title: "All of it", panels: [clipped, clipped, figure] });
    checkXml(svg);
    for (const letter of ["a", "b", "c"]) expect(words(svg)).toContain(`${letter} Torque`);
    const ids = [...svg.matchAll(/id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThanOrEqual(2);
  });

  it("keeps its letters legible at the width of a text, two or three in a row", () => {
    for (const columns of [2, 3]) {
      const svg = figureSvg({ title: "All of it", columns, panels: [figure, figure, figure] });
      const width = Number(/viewBox="0 0 (\d+)/.exec(svg)?.[1]);
      const sizes = [...svg.matchAll(/<(?:text|g)[^>]* font-size="([\d.]+)"/g)].map(([, size]) => Number(size));
      // Shown 900 pixels wide: at least half of the 16 pixels that letters around a figure have.
      expect((Math.min(...sizes) * 900) / width).toBeGreaterThan(8);
    }
  });

  it("is refused without panels", () => {
    expect(() => figureSvg({ title: "nothing", panels: [] })).toThrow(InputError);
  });
});

describe("a map", () => {
  const map = {
    title: "Final state",
    x: { label: "current", unit: "A" },
    y: { label: "field", unit: "T" },
    columns: [-1e-3, 0, 1e-3],
    rows: [-0.1, 0.1],
    values: [1, 0, -1, -1, 0, 1],
    value: { label: "m_z", unit: "1" },
  };

  it("shows every cell, white at zero, and what its colours mean", () => {
    const svg = figureSvg(map);
    checkXml(svg);
    expect(words(svg)).toContain("current (mA)");
    expect(words(svg)).toContain("mz");
    expect(svg.match(/fill="rgb\(250,250,250\)"/g)).toHaveLength(2);
    expect(svg).toContain('fill="rgb(213,94,0)"');
  });

  it("is refused when a cell has no number of its own, or its place has no order", () => {
    expect(() => figureSvg({ ...map, values: [1, 2] })).toThrow("one for every cell");
    expect(() => figureSvg({ ...map, columns: [0, 2, 1] })).toThrow("rising or falling");
    expect(() => figureSvg({ ...map, x: { ...map.x, scale: "log" } })).toThrow("positive, rising or falling");
  });

  /** Corners of the cells, in pixels. */
  const cellsOf = (svg: string) =>
    [...(/aria-label="rect">(.*?)<\/g>/s.exec(svg)?.[1] ?? "").matchAll(/<rect ([^>]*)\/?>/g)].map(([, attributes]) => {
      const number = (name: string): number => Number(new RegExp(`\\b${name}="([^"]+)"`).exec(attributes)?.[1]);
      return { left: number("x"), right: number("x") + number("width"), fill: /fill="([^"]+)"/.exec(attributes)?.[1] };
    });

  it("has cells that meet halfway between their centres, on linear and on log axes", () => {
    const uneven = cellsOf(figureSvg({ ...map, columns: [0, 1e-3, 4e-3] }));
    expect(uneven).toHaveLength(6);
    const widths = uneven.slice(0, 3).map(({ left, right }) => right - left);
    // Centres 0, 1, 4: edges −0.5, 0.5, 2.5, 5.5.  Drawn to 0.01 of more than 100 pixels.
    expect(widths[1] / widths[0]).toBeCloseTo(2, 3);
    expect(widths[2] / widths[0]).toBeCloseTo(3, 3);
    expect(uneven[0].right).toBeCloseTo(uneven[1].left, 1);
    const decades = figureSvg({ ...map, x: { ...map.x, scale: "log" }, columns: [1e-3, 1e-2, 1e-1] });
    const equal = cellsOf(decades).map(({ left, right }) => right - left);
    expect(equal[1] / equal[0]).toBeCloseTo(1, 3);
    expect(words(decades)).toContain("10⁻²");
  });

  it("is the same whichever way its columns run", () => {
    const turned = { ...map, columns: [1e-3, 0, -1e-3], values: [-1, 0, 1, 1, 0, -1] };
    const sorted = (svg: string) =>
      cellsOf(svg).sort((a, b) => a.left - b.left || String(a.fill).localeCompare(b.fill!));
    expect(sorted(figureSvg(turned))).toEqual(sorted(figureSvg(map)));
  });

  it("shows categories by name, each in its colour, and cells without a number grey", () => {
    const value = { label: "final state", unit: "1", categories: ["stays", "switches"] };
    const svg = figureSvg({ ...map, values: [0, 0, 1, 0, Number.NaN, 1], value });
    checkXml(svg);
    for (const name of ["final state", "stays", "switches"]) expect(words(svg)).toContain(name);
    const fills = cellsOf(svg).map(({ fill }) => fill);
    expect(new Set(fills).size).toBe(3);
    expect(fills[4]).toBe("#BBBBBB");
    expect(fills[2]).toBe(fills[5]);
    expect(() => figureSvg({ ...map, values: [0, 0, 1, 0, 2, 1], value })).toThrow("values[4] is 2; allowed: 0 to 1");
    expect(() => figureSvg({ ...map, values: [0, 0, 1, 0, 0.5, 1], value })).toThrow("values[4] is 0.5");
    const many = { ...value, categories: ["a", "b", "c", "d", "e", "f", "g", "h"] };
    expect(() => figureSvg({ ...map, value: many })).toThrow("1 to 7 names");
  });

  it("names its lines where they leave the map", () => {
    const series = [{ label: "threshold", x: [-1e-3, 1e-3], y: [-1, 1] }];
    expect(() => figureSvg({ ...map, series: [{ ...series[0], y: [1] }] })).toThrow("as many x as y");
    const steep = { label: "steep", x: Array.from({ length: 101 }, (_, i) => i * 1e-5), y: [] as number[] };
    for (const x of steep.x) steep.y.push(-0.1 + 600 * x);
    const svg = figureSvg({ ...map, series: [steep] });
    // It leaves at y = 0.2 T, that is x = 0.5 mA of −1.5 … 1.5: two thirds of the way, where its name begins.
    const [left, right] = [cellsOf(svg)[0].left, cellsOf(svg)[2].right];
    const at = Number(/<text xml:space="preserve" x="([\d.]+)"[^>]*>steep/.exec(svg)?.[1]);
    expect((at - 12 - left) / (right - left)).toBeCloseTo(2 / 3, 2);
  });
});

describe("the figures of a run", () => {
  it("are one for every group of quantities, with the pulse shaded", async () => {
    const layers = [layer(materials.Pt, 5e-9), layer(materials.Co, 1e-9, { name: "free", magnetization: "+x" })];
    const result = await simulate(device({ shape: ellipse(80e-9), layers }), {
      depth: "circuit",
      duration: 100e-12,
      current: pulse({ density: 1e11, along: "x", duration: 50e-12 }),
    });
    const figures = courseFigures(result);
    const groups = new Set(QUANTITIES.flatMap(({ group }) => group ?? []));
    expect(figures).toHaveLength(groups.size);
    for (const { svg } of figures) {
      checkXml(svg);
      expect(words(svg)).toContain("time (ps)");
      expect(words(svg)).toContain("drive on");
    }
    const seen = words(figures[0].svg);
    for (const label of QUANTITIES[1].columns(result.model).map((column) => column.label))
      expect(seen).toContain(label.replaceAll("_", ""));
  });

  it("draws the same file whatever was drawn before", () => {
    const x = [0, 1, 2];
    const figure: LineFigure = {
      title: "t",
      x: { label: "a", unit: "1" },
      y: { label: "b", unit: "1", domain: [0, 2] },
      series: [{ label: "s", x, y: [1, 3, 2], dashed: true }],
    };
    const panels = { title: "p", panels: [figure, figure] };
    const first = [figureSvg(figure), figureSvg(panels)];
    expect([figureSvg(figure), figureSvg(panels)]).toEqual(first);
    expect(first[0]).toContain("clip-1");
  });
});
