import { settings } from "../../base/settings.ts";
import { log } from "../elementary.ts";
import type { DistributionKind } from "./distribution.ts";

/** Memoryless, with a given mean: `{ exponential: { mean: 40ms } }`. */
export const exponential: DistributionKind<{ mean: number }> = {
  settings: (quantity) => settings({ mean: quantity }),
  create: ({ mean }) => ({ mean, largest: Infinity, sample: (random) => -mean * log(1 - random.uniform()) }),
};
