import type * as z from "zod";
import { passingFaults } from "../provider/faults.ts";
import { checkOutageCount } from "./fault-counts.ts";
import type { Scenario } from "./schema.ts";

/** Faults of providers must be few enough for the run. */
export function checkProviderFaults({ providers, horizon }: Pick<Scenario, "providers" | "horizon">, context: z.RefinementCtx): void {
  for (const [name, { faults }] of Object.entries(providers)) {
    for (const kind of passingFaults) checkOutageCount(faults[kind], ["providers", name, "faults", kind, "every"], horizon, context);
  }
}
