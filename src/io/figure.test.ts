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

  it("is refused when a cell has no number of its own", () => {
    expect(() => figureSvg({ ...map, values: [1, 2] })).toThrow("one for every cell");
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
});
