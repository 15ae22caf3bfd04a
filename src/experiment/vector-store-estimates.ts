import type { Scenario } from "../scenario/schema.ts";
import { estimateAll } from "./estimate.ts";
import { ratio } from "./ratios.ts";
import type { VectorStoreResult } from "./retrieval-result.ts";
import { ofRuns, secondsMeasured } from "./spans.ts";
import type { Summary } from "./summary.ts";

export function vectorStoreResult(summaries: readonly Summary[], name: string, scenario: Scenario): VectorStoreResult {
  const { replicas, concurrency } = scenario.vectorStores[name];
  const slots = replicas * concurrency * secondsMeasured(scenario);
  const { vectors, memoryShare } = estimateAll(ofRuns(summaries, scenario).map(({ vectorStores }) => vectorStores[name]));
  const measured = estimateAll(
    summaries.map(({ meters, vectorStores, money }) => {
      const { reads, failed, shed, left, incomplete, found, readSeconds, slotSeconds, refusedWrites, rebuilds, rebuildSeconds } =
        meters.vectorStores[name];
      return {
        reads,
        failed,
        shed,
        left,
        incomplete,
        read_s: ratio(readSeconds, found),
        utilisation: slotSeconds / slots,
        ...vectorStores[name],
        refusedWrites,
        rebuilds,
        rebuild_s: rebuildSeconds,
        cost_usd_per_month: money.vectorStores[name],
      };
    }),
  );
  return { ...measured, vectors, memoryShare };
}
