import { PlanError } from "../base/plan-error.ts";
import { createDistribution } from "../kernel/distributions/registry.ts";
import type { EngineSettings } from "../serving/engine-settings.ts";
import { traceKey } from "../traffic/arrivals/arrivals.ts";
import type { Trace } from "../traffic/trace.ts";
import type { Scenario, TrafficClass } from "./schema.ts";

/**
 * What no replica of a pool could ever read is a mistake of the scenario, if the prompts have a longest one. A prompt beyond the context
 * or the KV cache may go on to the next target of its path; where there is none, it could only fail.
 * @param traces by `traceKey`
 * @throws PlanError when some prompt may be longer than a pool on its path can read
 */
export function requireReadablePrompts({ traffic, pools }: Scenario, traces: ReadonlyMap<string, Trace>): void {
  for (const [className, one] of Object.entries(traffic)) {
    const targets = targetsOf(one);
    for (const target of targets) {
      const reader = pools[target]?.prefill?.pool ?? target;
      const engine = pools[reader]?.engine;
      if (engine?.stepTime === undefined) continue;
      const longest = longestPrompt(one, traces);
      const bound = boundsOf(reader, engine, target === targets.at(-1)).find(({ tokens }) => longest > tokens);
      if (bound === undefined || (longest === Infinity && bound.unless === undefined)) continue;
      const length = longest === Infinity ? "of any length" : `of up to ${longest} tokens`;
      throw new PlanError({
        code: "contradiction",
        path: one.inputTokens === undefined ? `traffic.${className}.arrivals.trace` : `traffic.${className}.inputTokens`,
        message: `has prompts ${length}, and ${reader} ${bound.text}`,
        hint: `${bound.unless ?? "take an engine that holds more"}, or bound the prompts with max`,
      });
    }
  }
}

interface Bound {
  readonly tokens: number;
  readonly text: string;
  /** What would lift it; where nothing would, prompts without a longest one are let through, and those that are too long fail. */
  readonly unless?: string;
}

function boundsOf(reader: string, engine: EngineSettings, isLast: boolean): Bound[] {
  const { maxBatchedTokens, chunkedPrefill, context, kvBlocks, blockSize } = engine;
  const bounds: Bound[] = [];
  if (!chunkedPrefill) {
    const text = `reads at most ${maxBatchedTokens} tokens in one iteration without chunkedPrefill`;
    const unless = `allow chunkedPrefill, raise pools.${reader}.engine.maxBatchedTokens`;
    bounds.push({ tokens: maxBatchedTokens, text, unless });
  }
  if (!isLast) return bounds;
  if (context !== undefined) bounds.push({ tokens: context - 1, text: `has a context of ${context} tokens, the answer included` });
  const held = kvBlocks! * blockSize;
  bounds.push({ tokens: held, text: `holds the KV of at most ${held} tokens (${kvBlocks} blocks of ${blockSize})` });
  return bounds;
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
