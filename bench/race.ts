/** Rounds of a race: enough that the median ignores what else the machine does. */
const ROUNDS = 15;
/** Time one contestant runs per round [ms]. */
const SPAN = 40;

/** Calls per second of each contestant, median over interleaved rounds, so that noise meets all alike. */
export function race(contestants: Readonly<Record<string, () => void>>): Record<string, number> {
  const names = Object.keys(contestants);
  const rates = new Map<string, number[]>(names.map((name) => [name, []]));
  for (let round = -2; round < ROUNDS; round++) {
    for (const name of names) {
      const began = performance.now();
      let calls = 0;
      while (performance.now() - began < SPAN) {
        contestants[name]();
        calls++;
      }
      // The first rounds are for the compiler.
      if (round >= 0) rates.get(name)!.push((calls * 1e3) / (performance.now() - began));
    }
  }
  return Object.fromEntries(names.map((name) => [name, median(rates.get(name)!)]));
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** One line of a bench: a number, and what it is. */
export interface Figure {
  readonly bench: string;
  readonly figure: string;
  readonly value: number;
  readonly unit: string;
}
