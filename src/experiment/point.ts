import { mapValues } from "../base/records.ts";
import type { Scenario } from "../scenario/schema.ts";
import { formatObjective } from "../scenario/slo.ts";
import { estimate, estimateAll } from "./estimate.ts";
import { wastedShare } from "./meters.ts";
import { targetOf, verdictOf, worst } from "./objectives.ts";
import type { Simulated } from "./plan.ts";
import type { CacheResult, ClassResult, ObjectiveResult, Point, PoolResult, ProviderResult } from "./result.ts";
import type { ClassSummary, Summary } from "./summary.ts";

/** What the replications of one plan say together. */
export function pointOf({ plan, replications }: Simulated): Point {
  const { scenario } = plan.decoded;
  const summaries = replications.map(({ summary }) => summary);
  const classes = mapValues(scenario.traffic, ({ slo }, name) => {
    const own = summaries.map((summary) => summary.classes[name]);
    return classResult(
      own,
      slo.map((objective, i) => ({
        text: formatObjective(objective),
        verdict: verdictOf(estimate(own.map(({ margins }) => margins[i])), objective.kind === "cost"),
        target: targetOf(objective),
        attained: estimate(own.map(({ attained }) => attained[i])),
      })),
    );
  });
  const objectives = Object.values(classes).flatMap((one) => one.objectives);
  return {
    name: plan.name,
    values: plan.values,
    replications: summaries.length,
    verdict: worst(objectives.map(({ verdict }) => verdict)),
    classes,
    pools: mapValues(scenario.pools, (_, name) => poolResult(summaries, name, scenario)),
    providers: mapValues(scenario.providers, (_, name) => providerResult(summaries, name)),
    caches: mapValues(scenario.caches, (_, name) => cacheResult(summaries, name)),
    cost: estimateAll(summaries.map(({ money }) => money.total)),
    ...attainmentOf(scenario, summaries),
    wastedShare: estimate(summaries.map(({ meters }) => wastedShare(meters))),
    series: replications[0].series!,
  };
}

function classResult(own: readonly ClassSummary[], objectives: readonly ObjectiveResult[]): ClassResult {
  const estimated = estimateAll(own.map(({ counts, ttft_s, total_s, tpot_s }) => ({ ...counts, ttft_s, total_s, tpot_s })));
  return { ...estimated, objectives };
}

/** The objective on requests that is reached least, over all classes; without any, the share of requests that were served. */
function attainmentOf(scenario: Scenario, summaries: readonly Summary[]): Pick<Point, "attainment" | "margin"> {
  let lowest: Pick<Point, "attainment" | "margin"> | undefined;
  for (const [name, { slo }] of Object.entries(scenario.traffic)) {
    slo.forEach((objective, i) => {
      if (objective.kind === "cost") return;
      const margin = estimate(summaries.map(({ classes }) => classes[name].margins[i]));
      if (lowest !== undefined && lowest.margin.mean <= margin.mean) return;
      lowest = { attainment: estimate(summaries.map(({ classes }) => classes[name].attained[i])), margin };
    });
  }
  return lowest ?? { attainment: estimate(summaries.map(servedShare)), margin: estimate(summaries.map(() => 0)) };
}

function servedShare({ classes }: Summary): number {
  const counts = Object.values(classes).map((one) => one.counts);
  const offered = counts.reduce((sum, one) => sum + one.offered, 0);
  return share(
    counts.reduce((sum, one) => sum + one.outcomes.served, 0),
    offered,
  );
}

function poolResult(summaries: readonly Summary[], name: string, { horizon, warmup }: Scenario): PoolResult {
  const seconds = horizon - warmup;
  return estimateAll(
    summaries.map(({ meters, peakReplicas, money }) => {
      const meter = meters.pools[name];
      return {
        ready: meter.readySeconds / seconds,
        starting: meter.startingSeconds / seconds,
        warm: meter.warmSeconds / seconds,
        peakReplicas: peakReplicas[name],
        scaleUps: meter.scaleUps,
        coldWaits: meter.coldWaits,
        idleShare: 1 - share(meter.busySeconds, meter.readySeconds + meter.drainingSeconds),
        wastedShare: share(meter.wastedSeconds, meter.busySeconds),
        preemptions: meter.preemptions,
        cost_usd_per_month: money.pools[name],
      };
    }),
  );
}

function providerResult(summaries: readonly Summary[], name: string): ProviderResult {
  return estimateAll(summaries.map(({ meters, money }) => ({ ...meters.providers[name], cost_usd_per_month: money.providers[name] })));
}

function cacheResult(summaries: readonly Summary[], name: string): CacheResult {
  return estimateAll(
    summaries.map(({ meters }) => {
      const { lookups, hits } = meters.caches[name];
      return { lookups, hits, hitShare: share(hits, lookups) };
    }),
  );
}

/** A part of a whole; 0 of nothing. */
function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
