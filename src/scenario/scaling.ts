import type * as z from "zod";
import { amount, plural, seconds } from "../base/format.ts";
import { issue } from "../base/settings.ts";
import { classWithoutFuture } from "./future-arrivals.ts";
import type { Scenario } from "./schema.ts";

/** More decisions than this in a run were surely not meant, and would take for ever. */
const mostDecisions = 10_000_000;

/** What scaling policies need of the rest of the scenario: an end, and for one that knows the future a future. */
export function checkScaling(scenario: Pick<Scenario, "traffic" | "pools" | "horizon">, context: z.RefinementCtx): void {
  for (const [name, { scaling }] of Object.entries(scenario.pools)) {
    for (const [policy, settings] of Object.entries(scaling ?? {})) {
      const path = ["pools", name, "scaling", policy];
      const { every } = settings as { every?: number };
      const decisions = every === undefined ? 0 : scenario.horizon / every;
      if (decisions > mostDecisions) {
        issue(context, "out-of-range", `would decide ${amount(Math.round(decisions))} times in ${seconds(scenario.horizon)}`, {
          path: [...path, "every"],
          hint: `allowed: up to ${plural(mostDecisions, "decision")} in a run; autoscalers decide every 15s or so`,
        });
      }
      const looped = policy === "oracle" && settings !== undefined ? classWithoutFuture(scenario, name) : undefined;
      if (looped === undefined) continue;
      issue(context, "contradiction", `nobody can know when ${looped} will ask, since its clients wait for their answers`, {
        path,
        hint: "give the class a rate, a profile or a trace, or use another policy",
      });
    }
  }
}
