import type * as z from "zod";
import { count, duration, settings } from "../../base/settings.ts";
import { asDistribution, createDistribution, distribution, valueOrDistribution } from "../../kernel/distributions/registry.ts";

/** A model that is called several times for one request: it asks for tools, and answers when it has what it needs. */
export const agentSettings = settings({
  calls: valueOrDistribution(count({ min: 1, max: 100 }), "a count").describe(
    "calls of the model for one request, whole; the last one gives the answer",
  ),
  outputTokens: distribution(count({ min: 1, max: 1e8 })).describe("what each call before the last writes, such as a tool's arguments"),
  toolTime: valueOrDistribution(duration(), "a duration").prefault("0s").describe("from the end of such a call to the next"),
  toolTokens: valueOrDistribution(count({ min: 0, max: 1e8 }), "a count")
    .prefault(0)
    .describe("tokens of a tool's result; the next prompt holds the one before, what was written, and these"),
});

export type AgentSettings = z.infer<typeof agentSettings>;

/** Tokens by which the prompt of the last turn may be longer than the first. */
export function mostAgentTokens({ calls, outputTokens, toolTokens }: AgentSettings): number {
  const turns = Math.round(createDistribution(asDistribution(calls)).largest) - 1;
  const ofTurn = createDistribution(outputTokens).largest + createDistribution(asDistribution(toolTokens)).largest;
  return turns <= 0 ? 0 : turns * ofTurn;
}
