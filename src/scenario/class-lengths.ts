import { asDistribution, type DistributionSettings } from "../kernel/distributions/registry.ts";
import { scaledDistribution } from "../kernel/distributions/scaled.ts";
import type { TrafficClass } from "./schema.ts";

/** A class with `inputScale` and `outputScale` worked into all lengths that it draws; those of a trace are scaled as its rows are read. */
export function withScaledLengths(traffic: TrafficClass): TrafficClass {
  const { inputScale, outputScale, inputTokens, outputTokens, conversation, agent } = traffic;
  if (inputScale === 1 && outputScale === 1) return traffic;
  const scaled = (given: DistributionSettings | undefined, scale: number) => given && scaledDistribution(given, scale);
  return {
    ...traffic,
    inputTokens: scaled(inputTokens, inputScale),
    outputTokens: scaled(outputTokens, outputScale),
    conversation: conversation && { ...conversation, firstPrompt: scaled(conversation.firstPrompt, inputScale) },
    agent: agent && {
      ...agent,
      outputTokens: scaledDistribution(agent.outputTokens, outputScale),
      toolTokens: scaledDistribution(asDistribution(agent.toolTokens), inputScale),
    },
  };
}
