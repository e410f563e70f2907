import type { ValidationCase } from "./case.ts";

export { type Outcome, type Report, type ValidationCase, validate } from "./case.ts";

/** Every case, in the order of the physics. */
export const cases: readonly ValidationCase[] = [];
