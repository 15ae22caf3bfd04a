import type * as z from "zod";
import { passingFaults } from "../provider/faults.ts";
import { type LimitsSettings, namedLimits } from "../provider/limits/limits-settings.ts";
import { checkOutageCount } from "./fault-counts.ts";
import type { Scenario } from "./schema.ts";

/** Faults of providers, and times in which capacity is short, must be few enough for the run. */
export function checkProviderFaults(
  { providers, quotas, horizon }: Pick<Scenario, "providers" | "quotas" | "horizon">,
  context: z.RefinementCtx,
): void {
  for (const [name, { faults, limits }] of Object.entries(providers)) {
    for (const kind of passingFaults) checkOutageCount(faults[kind], ["providers", name, "faults", kind, "every"], horizon, context);
    if (limits !== undefined) checkShortages(limits, ["providers", name, "limits"], horizon, context);
  }
  for (const [name, limits] of Object.entries(quotas)) checkShortages(limits, ["quotas", name], horizon, context);
}

function checkShortages(limits: LimitsSettings, path: readonly PropertyKey[], horizon: number, context: z.RefinementCtx): void {
  for (const [name, { law, every, lasts }] of namedLimits(limits)) {
    if (law !== "exogenous") continue;
    const times = { every: every as number | undefined, lasts: lasts as number };
    checkOutageCount(times, [...path, ...(name === undefined ? [] : [name]), "every"], horizon, context);
  }
}
