import { scaledDistribution } from "../../kernel/distributions/scaled.ts";
import type { Scenario } from "../../scenario/schema.ts";
import { changed } from "./chosen.ts";

/** Providers that take so many times as long, all of them unless named. @param factor above 0 */
export function scaledProviderLatency(scenario: Scenario, factor: number, providers?: readonly string[]): Scenario {
  const scaled = changed(scenario.providers, providers, (provider) => {
    const { latency } = provider;
    const ttft = scaledDistribution(latency.ttft, factor);
    const tpot = scaledDistribution(latency.tpot, factor);
    return { ...provider, latency: { ...latency, ttft, tpot, perInputToken: latency.perInputToken * factor } };
  });
  return { ...scenario, providers: scaled };
}
