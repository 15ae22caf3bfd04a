import { PlanError } from "../base/plan-error.ts";
import { createDistribution } from "../kernel/distributions/registry.ts";
import { traceKey } from "../traffic/arrivals/arrivals.ts";
import type { Trace } from "../traffic/trace.ts";
import type { Scenario, TrafficClass } from "./schema.ts";

/**
 * Without chunked prefill a prompt is read in one piece, so that none may be longer than an iteration's budget (design §3.2).
 * @param traces by `traceKey`
 * @throws PlanError when some prompt may be longer than a pool on its path can read
 */
export function requireReadablePrompts({ traffic, pools }: Scenario, traces: ReadonlyMap<string, Trace>): void {
  for (const [className, one] of Object.entries(traffic)) {
    for (const target of targetsOf(one)) {
      const engine = pools[target]?.engine;
      if (engine === undefined || engine.station !== undefined || engine.chunkedPrefill) continue;
      const longest = longestPrompt(one, traces);
      if (longest <= engine.maxBatchedTokens) continue;
      const length = longest === Infinity ? "of any length" : `of up to ${longest} tokens`;
      throw new PlanError({
        code: "contradiction",
        path: one.inputTokens === undefined ? `traffic.${className}.arrivals.trace` : `traffic.${className}.inputTokens`,
        message: `has prompts ${length}, and ${target} reads at most ${engine.maxBatchedTokens} tokens in one iteration without chunkedPrefill`,
        hint: `allow chunkedPrefill, raise pools.${target}.engine.maxBatchedTokens, or bound the prompts with max`,
      });
    }
  }
}

function targetsOf({ path }: TrafficClass): readonly string[] {
  const last = path.at(-1)!;
  return typeof last === "string" ? [last] : last.first;
}

function longestPrompt({ arrivals, inputTokens }: TrafficClass, traces: ReadonlyMap<string, Trace>): number {
  if (inputTokens !== undefined) return createDistribution(inputTokens).largest;
  const trace = traces.get(traceKey(arrivals) ?? "");
  return trace === undefined ? 0 : trace.inputTokens.reduce((longest, tokens) => Math.max(longest, tokens), 0);
}
