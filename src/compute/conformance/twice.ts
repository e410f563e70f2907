import type { Edge, Triple } from "../grid.ts";
import type { Twin } from "./twin.ts";

/** A test on a backend and its twin. */
export type Twice = (title: string, body: (twin: Twin) => Promise<void>) => void;

export const EDGES: readonly Edge[] = ["clamped", "mirror", "zero", "periodic"];
export const OPEN: Triple<boolean> = [false, false, false];
