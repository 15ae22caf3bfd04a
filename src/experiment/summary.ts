import { mapValues } from "../base/records.ts";
import type { Scenario } from "../scenario/schema.ts";
import { serverNames, type System } from "../scenario/build.ts";
import { type Outcome, outcomeCode } from "../traffic/outcome.ts";
import type { FleetAccounts } from "../serving/fleet/fleet-accounts.ts";
import { type StartPhase, startPhases } from "../serving/fleet/lifecycle.ts";
import { ClassTally } from "./class-tally.ts";
import type { Meters } from "./meters.ts";
import type { Hours } from "./hours.ts";
import { type Money, moneyOf } from "./money.ts";
import { type PercentileValues, percentiles } from "./percentile-values.ts";
import { type ProviderSummary, providerSummary } from "./provider-summary.ts";
import type { Recorder } from "./recorder.ts";
import type { Span } from "./spans.ts";
import { type Aftermath, type RecoverySummary, recoverySummary } from "./recovery.ts";
import type { TimeSummary } from "./time-tally.ts";

/** One replication in numbers, its warm-up cut off; or one batch of it. */
export interface Summary {
  readonly classes: Readonly<Record<string, ClassSummary>>;
  readonly meters: Meters;
  readonly fleets: Readonly<Record<string, FleetSummary>>;
  /** At the end: vectors, and the share of the memory limit that they take. */
  readonly vectorStores: Readonly<Record<string, { readonly vectors: number; readonly memoryShare: number | null }>>;
  readonly providers: Readonly<Record<string, ProviderSummary>>;
  readonly money: Money;
}

/** What was noted of a pool's replicas that is no meter: the most there were at once, and how long starts from nothing took. */
interface FleetSummary {
  readonly peakReplicas: number;
  readonly starts: number;
  readonly start_s: PercentileValues;
  /** Mean seconds of a start in each phase; null where there was none. */
  readonly phases_s: Readonly<Record<StartPhase, number | null>>;
}

export interface ClassSummary {
  readonly counts: {
    readonly offered: number;
    readonly outcomes: Readonly<Record<Outcome, number>>;
    readonly servedBy: Readonly<Record<string, number>>;
    readonly attemptsPerRequest: number;
    /** Served by each rung of the ladder, and the share of the offered requests that they are together. */
    readonly degraded: Readonly<Record<string, number>>;
    readonly degradedShare: number;
    /** Served a wrong answer by a cache, and their share of the offered. */
    readonly wrong: number;
    readonly wrongShare: number;
    readonly goodput_per_s: number;
  };
  readonly ttft_s: PercentileValues;
  readonly total_s: PercentileValues;
  readonly tpot_s: PercentileValues;
  /** One per objective: the share of offered requests that met it, or dollars per month; and how much of its error budget is left. */
  readonly attained: readonly number[];
  readonly budgetsLeft: readonly number[];
  readonly time: TimeSummary;
  /** By stage before the targets: seconds of those that came to it, and how many were served without what it gives. */
  readonly stages: Readonly<Record<string, StageSummary>>;
  /** Over time; null without an objective on requests. */
  readonly hours: Hours | null;
  /** One per disturbance. */
  readonly recoveries: readonly RecoverySummary[];
}

export interface StageSummary extends Omit<PercentileValues, "p50"> {
  readonly without: number;
}

/**
 * Of the requests that arrived in a span of time, and of what was used in it; the fleets, vector stores, providers and aftermaths are those of
 * the whole run.
 * @param meters of the span
 * @param aftermaths by class
 * @param metersOf what was used in the time of an aftermath
 */
export function summarise(
  scenario: Scenario,
  recorder: Recorder,
  span: Span,
  meters: Meters,
  fleets: Readonly<Record<string, FleetAccounts>>,
  { providers, vectorStores }: Pick<System, "providers" | "vectorStores">,
  aftermaths: Readonly<Record<string, readonly Aftermath[]>>,
  metersOf: (aftermath: Aftermath) => Meters,
): Summary {
  const seconds = span.to - span.from;
  const end = span.to < scenario.horizon ? requestsFrom(recorder, span.to) : recorder.count;
  const servers = serverNames(scenario);
  const byName = mapValues(scenario.traffic, (traffic) => new ClassTally(traffic, servers, scenario));
  const tallies = Object.values(byName);
  for (let request = requestsFrom(recorder, span.from); request < end; request++) {
    tallies[recorder.trafficClass[request]].add(recorder, request);
  }
  const served = tallies.reduce((sum, tally) => sum + tally.outcomes[outcomeCode.served], 0);
  const good = tallies.reduce((sum, tally) => sum + tally.good, 0);
  const outputTokens = tallies.reduce((sum, tally) => sum + tally.outputTokens, 0);
  const penalties = tallies.reduce((sum, tally) => sum + tally.penalties(), 0);
  const wrongPenalties = tallies.reduce((sum, tally) => sum + tally.wrongPenalties(), 0);
  const money = moneyOf(scenario, meters, { seconds, served, good, outputTokens, penalties, wrongPenalties });
  const recoveriesOf = (name: string) => aftermaths[name].map((aftermath) => recoverySummary(aftermath, metersOf));
  return {
    classes: mapValues(byName, (tally, name) => tally.summary(seconds, money.total.usd_per_month, recoveriesOf(name))),
    meters,
    fleets: mapValues(fleets, (fleet) => fleetSummary(fleet, scenario.horizon)),
    vectorStores: mapValues(vectorStores, ({ vectors, memoryShare = null }) => ({ vectors, memoryShare })),
    providers: mapValues(providers, providerSummary),
    money,
  };
}

/** Good requests per second, over all classes. */
export function goodputOf({ classes }: Pick<Summary, "classes">): number {
  return Object.values(classes).reduce((sum, { counts }) => sum + counts.goodput_per_s, 0);
}

/** Ordinals follow arrivals, so that requests from a moment on are those from some ordinal on, which this is. */
export function requestsFrom(recorder: Recorder, moment: number): number {
  let first = 0;
  while (first < recorder.count && recorder.arrivedAt[first] < moment) first++;
  return first;
}

function fleetSummary({ active, startLog }: FleetAccounts, horizon: number): FleetSummary {
  const starts = startLog.totals.length;
  const phases = startPhases.map((phase, i) => [phase, starts === 0 ? null : startLog.phaseSums[i] / starts] as const);
  return {
    peakReplicas: active.largest(horizon),
    starts,
    start_s: percentiles(Float64Array.from(startLog.totals)),
    phases_s: Object.fromEntries(phases) as Record<StartPhase, number | null>,
  };
}
