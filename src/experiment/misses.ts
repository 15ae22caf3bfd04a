import type { Summary } from "./summary.ts";

/** Offered requests that were not good. @param seconds that were measured */
export function missesIn({ classes }: Summary, seconds: number): number {
  return Object.values(classes).reduce((sum, { counts }) => sum + counts.offered - counts.goodput_per_s * seconds, 0);
}
