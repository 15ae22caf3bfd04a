import { GrowingColumn } from "../kernel/growing-column.ts";
import { namedParts, type Part, partsOf } from "../scenario/path/parts.ts";
import type { Scenario, TrafficClass } from "../scenario/schema.ts";
import { outcomeCode } from "../traffic/outcome.ts";
import { percentiles } from "./percentile-values.ts";
import type { Recorder } from "./recorder.ts";
import type { StageSummary } from "./summary.ts";

/** Times and omissions of the stages before the targets of one class. */
export class StageTally {
  private readonly names: readonly string[];
  /** Dollars for each answer without what a stage gives. */
  private readonly penaltyOf: readonly number[];
  private readonly seconds: readonly GrowingColumn[];
  private readonly without: number[];

  constructor(traffic: TrafficClass, scenario: Scenario) {
    const parts = partsOf(traffic, scenario).flatMap(namedParts);
    this.names = parts.map(({ name }) => name);
    this.penaltyOf = parts.map((part) => penaltyOf(part, scenario));
    this.seconds = parts.map(() => new GrowingColumn());
    this.without = parts.map(() => 0);
  }

  add(recorder: Recorder, request: number): void {
    const { names, seconds, without } = this;
    const served = recorder.outcome[request] === outcomeCode.served;
    for (let stage = 0; stage < names.length; stage++) {
      const spent = recorder.spent[request * recorder.stages + stage];
      if (!Number.isNaN(spent)) seconds[stage].add(spent);
      if (served && (recorder.lacks[request] & (1 << stage)) !== 0) without[stage]++;
    }
  }

  /** Dollars of all answers without what some stage gives. */
  penalties(): number {
    return this.penaltyOf.reduce((sum, penalty, stage) => sum + penalty * this.without[stage], 0);
  }

  summary(): Record<string, StageSummary> {
    return Object.fromEntries(
      this.names.map((name, stage) => {
        const { mean, p95, p99 } = percentiles(this.seconds[stage].values);
        return [name, { mean, p95, p99, without: this.without[stage] }];
      }),
    );
  }
}

function penaltyOf(part: Part, { vectorStores }: Scenario): number {
  if (part.kind === "call") return part.call.penalty;
  return part.kind === "store" ? vectorStores[part.name].penalty : 0;
}
