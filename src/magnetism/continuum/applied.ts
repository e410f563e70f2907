import { real, vector } from "../../compute/index.ts";
import { fieldTerm } from "./fieldTerm.ts";

/** Zeeman energy e = −Ms m·B in a field B [T], uniform or from cell to cell. */
export const zeemanField = fieldTerm({
  name: "Zeeman",
  symbol: "Zeeman",
  parameters: { B: vector },
  field: ({ B }) => B,
  energyDensity: ({ m, Ms, fill, B }) => m.dot(B).mul(Ms).mul(fill).neg(),
});

/** Zeeman energy in a field f(t) B(r): a pattern times a function of time. */
export const modulatedField = fieldTerm({
  name: "modulated field",
  symbol: "mod",
  parameters: { pattern: vector, factor: real },
  field: ({ pattern, factor }) => pattern.scale(factor),
  energyDensity: ({ m, Ms, fill, pattern, factor }) => m.dot(pattern).mul(factor).mul(Ms).mul(fill).neg(),
});

/** The magnet's own field, e = −½ Ms m·B_d; B_d comes from a convolution with the demagnetizing tensor. */
export const demagnetizingField = fieldTerm({
  name: "demagnetization",
  symbol: "demag",
  parameters: { Bd: vector },
  field: ({ Bd }) => Bd,
  energyDensity: ({ m, Ms, fill, Bd }) => m.dot(Bd).mul(Ms).mul(fill).mul(-0.5),
});
