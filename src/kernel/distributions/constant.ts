import type { DistributionKind } from "./distribution.ts";

/** Always the same value: `{ constant: 40s }`. */
export const constant: DistributionKind<number> = {
  settings: (quantity) => quantity,
  create: (value) => ({ mean: value, largest: value, sample: () => value }),
};
