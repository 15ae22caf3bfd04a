import { median } from "simple-statistics";
import type { TimePairs } from "./errors.ts";

/** No engine is so many times slower or quicker than another that is worth starting a fit from; a wrong unit is a thousand times off. */
export const largestRatio = 50;

/** Medians of what was measured and of what the base would take for the same, in seconds. */
export interface Medians {
  readonly measured: number;
  readonly simulated: number;
}

/** The medians of one kind of time; undefined where nothing has it. */
export function mediansOf(pairs: readonly TimePairs[], kind: "ttft" | "tpot"): Medians | undefined {
  const known = pairs.map((pair) => pair[kind]).filter(({ measured }) => !Number.isNaN(measured));
  if (known.length === 0) return undefined;
  return { measured: median(known.map(({ measured }) => measured)), simulated: median(known.map(({ simulated }) => simulated)) };
}

export function isPlausible({ measured, simulated }: Medians): boolean {
  return measured <= largestRatio * simulated && measured * largestRatio >= simulated;
}
