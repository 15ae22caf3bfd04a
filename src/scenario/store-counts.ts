import type * as z from "zod";
import { checkFaultCount, checkOutageCount } from "./fault-counts.ts";
import type { Scenario } from "./schema.ts";

/** More in a run were surely not meant, and would take for ever. */
const mostRebuilds = 100_000;
const mostWrites = 500_000_000;

/** What happens to vector stores, and is written into them, must be little enough for the run. */
export function checkStoreCounts({ vectorStores, horizon }: Pick<Scenario, "vectorStores" | "horizon">, context: z.RefinementCtx): void {
  for (const [name, { writes, vectors, rebuild, outages, reembed }] of Object.entries(vectorStores)) {
    const path = (...keys: string[]): string[] => ["vectorStores", name, ...keys];
    checkFaultCount(writes * horizon, mostWrites, path("writes"), horizon, context);
    checkOutageCount(outages, path("outages", "every"), horizon, context);
    if (rebuild?.every !== undefined) checkFaultCount(horizon / rebuild.every, mostRebuilds, path("rebuild", "every"), horizon, context);
    if (reembed === undefined) continue;
    const backfilled = Math.min(vectors, reembed.rate * Math.max(0, horizon - reembed.at));
    checkFaultCount(backfilled, mostWrites, path("reembed", "rate"), horizon, context);
  }
}
