import type { TokensByTier } from "../cost/token-money.ts";
import type { Scenario } from "../scenario/schema.ts";
import { estimate, estimateAll } from "./estimate.ts";
import type { ProviderResult } from "./provider-result.ts";
import type { ProviderSummary } from "./provider-summary.ts";
import { ofRuns } from "./spans.ts";
import type { Summary } from "./summary.ts";

/** What the replications say together of a provider. */
export function providerResult(summaries: readonly Summary[], name: string, scenario: Scenario): ProviderResult {
  const runs = ofRuns(summaries, scenario).map(({ providers }) => providers[name]);
  const counted = estimateAll(
    summaries.map(({ meters }) => {
      const { calls, throttled, oversized, failed, billed, wasted, repeated } = meters.providers[name];
      const sum = ({ base, above }: TokensByTier, kind: "input" | "output" | "cached" | "written"): number => base[kind] + above[kind];
      return {
        calls,
        throttled,
        oversized,
        failed,
        inputTokens: sum(billed, "input"),
        outputTokens: sum(billed, "output"),
        cachedInputTokens: sum(billed, "cached"),
        writtenInputTokens: sum(billed, "written"),
        wastedTokens: sum(wasted, "input") + sum(wasted, "output"),
        repeatedTokens: sum(repeated, "input"),
      };
    }),
  );
  const money = estimateAll(
    summaries.map(({ money: { providers } }) => {
      const { total, wasted, repeated } = providers[name];
      return { cost_usd_per_month: total, wasted_usd_per_month: wasted, repeated_usd_per_month: repeated };
    }),
  );
  const busiestMinuteTokens = estimate(runs.map((one) => one.busiestMinuteTokens));
  return { ...counted, busiestMinuteTokens, units: unitsResult(runs.flatMap(({ units }) => units ?? [])), ...money };
}

function unitsResult(units: readonly NonNullable<ProviderSummary["units"]>[]): ProviderResult["units"] {
  if (units.length === 0) return null;
  const needed = estimateAll(units.map(({ given: _, ...one }) => one));
  return { given: units[0].given, ...needed };
}
