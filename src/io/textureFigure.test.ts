import { describe, expect, it } from "vitest";
import { figureSvg, readPng, type TextureFigure } from "./index.ts";

/** Two cells by one: along +x and along −z; then nothing and +z. */
const figure: TextureFigure = {
  title: "Two cells",
  cells: [2, 1],
  cell: [5e-9, 5e-9],
  frames: [
    { label: "first", m: [1, 0, 0, 0, 0, -1] },
    { label: "then", m: [0, 0, 0, 0, 0, 1] },
  ],
};

const images = (svg: string) =>
  [...svg.matchAll(/base64,([^"]*)/g)].map(([, base64]) => readPng(Buffer.from(base64, "base64")));

describe("a figure of textures", () => {
  it("shows a picture per frame, a key of both hemispheres and a scale", () => {
    const svg = figureSvg(figure);
    const [first, then, up, down] = images(svg);
    expect(images(svg)).toHaveLength(4);
    expect([first.width, first.height]).toEqual([2, 1]);
    // Red along +x, black down; transparent where there is nothing, white up.
    expect([...first.pixels]).toEqual([255, 0, 0, 255, 0, 0, 0, 255]);
    expect([...then.pixels]).toEqual([0, 0, 0, 0, 255, 255, 255, 255]);
    const middle = 4 * ((up.height / 2) * up.width + up.width / 2);
    for (const c of [0, 1, 2]) {
      expect(up.pixels[middle + c]).toBeGreaterThan(250);
      expect(down.pixels[middle + c]).toBeLessThan(5);
    }
    for (const text of ["Two cells", "first", "then", "+x", "+y", "nm"]) expect(svg).toContain(text);
    expect(figureSvg(figure)).toBe(svg);
  });

  it("shows the plane it is asked for, by default the middle one", () => {
    const two: TextureFigure = {
      ...figure,
      cells: [1, 1, 2],
      frames: [{ label: "", m: [1, 0, 0, 0, 0, -1] }],
    };
    expect([...images(figureSvg({ ...two, plane: 0 }))[0].pixels]).toEqual([255, 0, 0, 255]);
    expect([...images(figureSvg(two))[0].pixels]).toEqual([0, 0, 0, 255]);
  });

  it("says what does not fit", () => {
    expect(() => figureSvg({ ...figure, frames: [] })).toThrow(/frames is \[\]; allowed: at least one/);
    expect(() => figureSvg({ ...figure, cells: [3, 1] })).toThrow(/frame "first" is "6 numbers"; allowed: 3 × 3/);
    expect(() => figureSvg({ ...figure, columns: 0 })).toThrow(/columns is 0/);
    expect(() => figureSvg({ ...figure, plane: 1 })).toThrow(/plane is 1/);
  });
});
