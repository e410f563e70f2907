import { describe, expect, it } from "vitest";
import { NormalStream, philox4x32 } from "./philox.ts";

describe("Philox 4×32-10", () => {
  // Known answers published with the authors' Random123 library (file kat_vectors).
  it.each([
    { counter: [0, 0, 0, 0], key: [0, 0], out: [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8] },
    {
      counter: [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      key: [0xffffffff, 0xffffffff],
      out: [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    },
    {
      counter: [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      key: [0xa4093822, 0x299f31d0],
      out: [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    },
  ])("gives the published words for counter $counter", ({ counter, key, out }) => {
    const words = Uint32Array.from(counter);
    philox4x32(words, key[0], key[1]);
    expect([...words]).toEqual(out);
  });
});

describe("NormalStream", () => {
  it("gives the same numbers for the same address, whatever was drawn before", () => {
    const stream = new NormalStream(2 ** 40 + 7, 3);
    const first = new Float64Array(5);
    stream.fill(first, 12);
    stream.fill(new Float64Array(9), 13);
    const again = new Float64Array(5);
    stream.fill(again, 12);
    expect([...again]).toEqual([...first]);
    new NormalStream(2 ** 40 + 7, 4).fill(again, 12);
    expect([...again]).not.toEqual([...first]);
  });

  it("has mean 0, variance 1, kurtosis 3 and no correlation between neighbours", () => {
    const count = 200_000;
    const stream = new NormalStream(1);
    const x = new Float64Array(2);
    let mean = 0;
    let square = 0;
    let fourth = 0;
    let neighbour = 0;
    for (let i = 0; i < count / 2; i++) {
      stream.fill(x, i);
      for (const value of x) {
        mean += value / count;
        square += value ** 2 / count;
        fourth += value ** 4 / count;
      }
      neighbour += (x[0] * x[1]) / (count / 2);
    }
    // Four standard errors of each estimate: 1, √2, √96 and √2 over √count.
    const error = 4 / Math.sqrt(count);
    expect(Math.abs(mean)).toBeLessThan(error);
    expect(Math.abs(square - 1)).toBeLessThan(Math.SQRT2 * error);
    expect(Math.abs(fourth - 3)).toBeLessThan(Math.sqrt(96) * error);
    expect(Math.abs(neighbour)).toBeLessThan(Math.SQRT2 * error);
  });
});
