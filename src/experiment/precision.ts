import { PlanError } from "../base/plan-error.ts";
import type { Scenario, TrafficClass } from "../scenario/schema.ts";
import { estimate } from "./estimate.ts";
import { type Plan, type Simulated, simulatePlans } from "./plan.ts";
import type { PercentileValues } from "./percentile-values.ts";
import type { Runner } from "./runner.ts";
import { goodputOf, type Summary } from "./summary.ts";

/** How precise the watched quantities have become. */
export interface Precision {
  /** Shares of the mean that the half-width of an interval is: what was asked for, and the widest reached; null where that has no bound. */
  readonly wanted: number;
  readonly reached: number | null;
  /** What is the least precise, and in which plan. */
  readonly of: string;
  readonly plan: string;
  readonly replications: number;
  /** True where as many replications as allowed were not enough. */
  readonly capped: boolean;
}

export interface PrecisionWanted {
  /** Half-width of an interval as a share of its mean, above 0. */
  readonly share: number;
  /** No more replications than this, at least 2. */
  readonly mostReplications: number;
  /** Whether the first replication's requests will be asked for. */
  readonly requests?: boolean;
}

/** Fewer have no interval. */
const fewest = 2;

/**
 * The plans with as many replications as it takes, the same number for all: rounds add some until every watched quantity of every plan is
 * as precise as wanted. Each round at most doubles them, since a half-width of few replications may be wide by chance. A rule that stops
 * when the interval is narrow prefers those that are so by chance, so that intervals cover a little less often than they say.
 * @param runner one that remembers what it has simulated, or earlier rounds are simulated again
 * @throws PlanError when a replication is cut into batches, of which there are no more
 */
export async function precise(
  plans: readonly Plan[],
  runner: Runner,
  wanted: PrecisionWanted,
): Promise<{ plans: Plan[]; precision: Precision }> {
  const { share, mostReplications, requests = false } = wanted;
  requireWhole(plans);
  let replications = Math.max(fewest, ...plans.map(({ decoded }) => decoded.scenario.replications));
  for (;;) {
    const tried = plans.map((plan) => withReplications(plan, replications));
    const widest = widestOf(await simulatePlans(tried, runner, { requests, latencies: "with caches" }));
    const enough = widest.half <= share;
    if (enough || replications >= mostReplications) {
      const { half, of, plan } = widest;
      const reached = Number.isFinite(half) ? half : null;
      return { plans: tried, precision: { wanted: share, reached, of, plan, replications, capped: !enough } };
    }
    replications = Math.min(mostReplications, next(replications, widest.half / share));
  }
}

function requireWhole(plans: readonly Plan[]): void {
  if (plans.every(({ decoded }) => decoded.scenario.batches === undefined)) return;
  const message = "adds replications, and batches are cut from one";
  throw new PlanError({ code: "bad-flag", path: "--precision", message, hint: "leave out batches, or lengthen the horizon instead" });
}

/** Half-widths shrink with the root of the number. */
function next(replications: number, tooWideBy: number): number {
  const needed = Math.ceil(replications * tooWideBy * tooWideBy);
  return Math.min(2 * replications, Math.max(replications + 1, needed));
}

function withReplications(plan: Plan, replications: number): Plan {
  return { ...plan, decoded: { ...plan.decoded, scenario: { ...plan.decoded.scenario, replications } } };
}

interface Width {
  readonly half: number;
  readonly of: string;
  readonly plan: string;
}

function widestOf(simulated: readonly Simulated[]): Width {
  const widths = simulated.flatMap(({ plan, replications }) => {
    const summaries = replications.map(({ summary }) => summary);
    return watchedQuantities(plan.decoded.scenario).flatMap(({ of, value }) => {
      const values = summaries.map(value).filter((one) => one !== null);
      // What no replication has a value of, as the latency of a class of which nothing is served, has no precision.
      return values.length === 0 ? [] : [{ half: relativeHalfWidth(values), of, plan: plan.name }];
    });
  });
  return widths.reduce((a, b) => (b.half > a.half ? b : a));
}

/** Half of the 95 % interval as a share of the mean; 0 where all agree, Infinity where they are too few to tell. */
export function relativeHalfWidth(values: readonly number[]): number {
  const { mean, low, high } = estimate(values);
  if (low === undefined || high === undefined) return Infinity;
  return high === low ? 0 : (high - low) / 2 / Math.abs(mean);
}

interface Quantity {
  readonly of: string;
  readonly value: (summary: Summary) => number | null;
}

/** Cost, goodput, and of every class the percentiles that its latency objectives are about, or else its mean total. */
function watchedQuantities({ traffic }: Scenario): Quantity[] {
  const ofClasses = Object.entries(traffic).flatMap(([name, { slo }]) =>
    latenciesIn(slo).map(([metric, statistic]) => ({
      of: `${name} ${metric} ${statistic}`,
      value: ({ classes }: Summary) => classes[name][`${metric}_s`][statistic],
    })),
  );
  return [{ of: "cost per month", value: ({ money }) => money.total.usd_per_month }, { of: "goodput", value: goodputOf }, ...ofClasses];
}

type Latency = readonly ["ttft" | "total" | "tpot", keyof PercentileValues];

function latenciesIn(slo: TrafficClass["slo"]): Latency[] {
  const asked = slo.flatMap((objective): Latency[] =>
    objective.kind === "latency" ? [[objective.metric, percentileFor(objective.least)]] : [],
  );
  return asked.length === 0 ? [["total", "mean"]] : asked;
}

/** Of the percentiles that are kept the lowest that is not below the one asked for. */
function percentileFor(least: number): keyof PercentileValues {
  if (least <= 0.5) return "p50";
  return least <= 0.95 ? "p95" : "p99";
}
