import type { Device } from "../device/index.ts";
import { formatQuantity } from "./siPrefix.ts";

/** A device in one line, bottom to top: "betaTa 6 nm | CoFeB 1.1 nm | MgO 1.6 nm, ellipse 80 nm × 80 nm". */
export function describeStack({ layers, shape }: Device): string {
  const stack = layers
    .flatMap((part) => (part.kind === "layer" ? [`${part.material.name} ${formatQuantity(part.thickness, "m")}`] : []))
    .join(" | ");
  return `${stack}, ${shape.kind} ${formatQuantity(shape.width, "m")} × ${formatQuantity(shape.height, "m")}`;
}
