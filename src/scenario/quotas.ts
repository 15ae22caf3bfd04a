import type * as z from "zod";
import { nameHint } from "../base/nearest.ts";
import { mapValues } from "../base/records.ts";
import { issue } from "../base/settings.ts";
import type { Streams } from "../kernel/random.ts";
import type { Simulation } from "../kernel/simulation.ts";
import { Quota } from "../provider/quota.ts";
import type { Scenario } from "./schema.ts";

type Accounts = Pick<Scenario, "quotas" | "providers">;

/** A provider has limits of its own or a quota that is described. */
export function checkQuotas({ quotas, providers }: Accounts, context: z.RefinementCtx): void {
  const known = Object.keys(quotas);
  for (const [name, { quota, limits }] of Object.entries(providers)) {
    const path = ["providers", name, "quota"];
    if (quota === undefined) continue;
    if (limits !== undefined) {
      issue(context, "contradiction", "it has limits of its own too", { path, hint: "leave out one of the two" });
    }
    if (known.includes(quota)) continue;
    const hint = known.length === 0 ? "none is described in this scenario" : nameHint(quota, known);
    issue(context, "unknown-name", `there is no quota \`${quota}\``, { path, hint });
  }
}

/** What guards the account of each provider, where anything does: providers that name the same quota share it. */
export function wireQuotas({ quotas, providers }: Accounts, simulation: Simulation, streams: Streams) {
  const shared = mapValues(quotas, (limits, name) => new Quota(limits, { stream: `quotas.${name}.limits`, simulation, streams }));
  return mapValues(providers, ({ quota, limits }, name): Quota | undefined => {
    if (quota !== undefined) return shared[quota];
    return limits && new Quota(limits, { stream: `providers.${name}.limits`, simulation, streams });
  });
}
