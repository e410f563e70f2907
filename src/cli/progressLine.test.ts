import { describe, expect, it } from "vitest";
import { describeProgress, describeTime, ProgressLine } from "./progressLine.ts";

class Screen {
  readonly isTTY: boolean;
  readonly columns = 60;
  text = "";
  constructor(isTTY: boolean) {
    this.isTTY = isTTY;
  }
  write(text: string): boolean {
    this.text += text;
    return true;
  }
}

describe("a progress line", () => {
  it("rewrites one line of a terminal, never longer than it is wide, and goes away", () => {
    const screen = new Screen(true);
    let clock = 0;
    const line = new ProgressLine(screen, () => clock);
    for (let i = 0; i < 50; i++, clock += 50)
      line.show("write", i / 50, "so many words that they would not fit beside the bar");
    line.clear();
    expect(screen.text).not.toContain("\n");
    const states = screen.text.split("\r\x1b[2K");
    expect(states.at(-1)).toBe("");
    for (const state of states) expect(state.length).toBeLessThan(60);
    expect(states.length).toBeLessThan(30);
    expect(screen.text).toContain("52 %");
  });

  it("adds a plain line every few seconds where there is no terminal", () => {
    const screen = new Screen(false);
    let clock = 0;
    const line = new ProgressLine(screen, () => clock);
    for (let i = 0; i <= 120; i++, clock += 100) line.show("write", i / 120, "detail");
    line.clear();
    expect(screen.text).toBe("write 41 %  detail\nwrite 83 %  detail\n");
  });

  it("tells rate, simulated time and time left of what this run did itself", () => {
    const progress = { time: 3e-9, duration: 5e-9, steps: 1400, elapsed: 2 };
    expect(describeProgress(progress, 1e-9, 400)).toBe("3 ns of 5 ns, 1 ns per s, 500 steps/s, 2 s left");
    expect(describeProgress({ ...progress, time: 0, elapsed: 0 })).toBe("0 s of 5 ns");
  });

  it.each([
    [0.44, "0.4 s"],
    [12.3, "12 s"],
    [59.97, "1 min 0 s"],
    [200, "3 min 20 s"],
    [3900, "1 h 5 min"],
  ])("says %d s as %s", (seconds, text) => expect(describeTime(seconds)).toBe(text));
});
