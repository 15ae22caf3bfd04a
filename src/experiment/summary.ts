import { mapValues } from "../base/records.ts";
import { selectPercentiles } from "../kernel/percentile.ts";
import type { Scenario, TrafficClass } from "../scenario/schema.ts";
import { serverNames, type System } from "../scenario/build.ts";
import { askedTargets } from "../scenario/clients.ts";
import { type Outcome, outcomeCode, outcomes } from "../traffic/outcome.ts";
import type { FleetAccounts } from "../serving/fleet/fleet-accounts.ts";
import { type StartPhase, startPhases } from "../serving/fleet/lifecycle.ts";
import { none } from "../traffic/requests.ts";
import type { Meters } from "./meters.ts";
import { type Money, moneyOf } from "./money.ts";
import { budgetLeft, isDegraded, metBy, totalOf, tpotOf, ttftOf } from "./objectives.ts";
import { type ProviderSummary, providerSummary } from "./provider-summary.ts";
import type { Recorder } from "./recorder.ts";
import { type Aftermath, type RecoverySummary, recoverySummary } from "./recovery.ts";

/** One replication in numbers, its warm-up cut off. */
export interface Summary {
  readonly classes: Readonly<Record<string, ClassSummary>>;
  readonly meters: Meters;
  readonly fleets: Readonly<Record<string, FleetSummary>>;
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

interface ClassSummary {
  readonly counts: {
    readonly offered: number;
    readonly outcomes: Readonly<Record<Outcome, number>>;
    readonly servedBy: Readonly<Record<string, number>>;
    readonly attemptsPerRequest: number;
    /** Served by each rung of the ladder, and the share of the offered requests that they are together. */
    readonly degraded: Readonly<Record<string, number>>;
    readonly degradedShare: number;
    readonly goodput_per_s: number;
  };
  readonly ttft_s: PercentileValues;
  readonly total_s: PercentileValues;
  readonly tpot_s: PercentileValues;
  /** One per objective: the share of offered requests that met it, or dollars per month; and how much of its error budget is left. */
  readonly attained: readonly number[];
  readonly budgetsLeft: readonly number[];
  /** One per disturbance. */
  readonly recoveries: readonly RecoverySummary[];
}

interface PercentileValues {
  readonly mean: number | null;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
}

/**
 * Requests that arrived during the warm-up are left out; so is what was used in it.
 * @param aftermaths by class
 * @param metersOf what was used in the time of an aftermath
 */
export function summarise(
  scenario: Scenario,
  recorder: Recorder,
  meters: Meters,
  fleets: Readonly<Record<string, FleetAccounts>>,
  providers: System["providers"],
  aftermaths: Readonly<Record<string, readonly Aftermath[]>>,
  metersOf: (aftermath: Aftermath) => Meters,
): Summary {
  const seconds = scenario.horizon - scenario.warmup;
  const servers = serverNames(scenario);
  const byName = mapValues(scenario.traffic, (traffic) => new ClassTally(traffic, servers));
  const tallies = Object.values(byName);
  for (let request = firstMeasured(recorder, scenario.warmup); request < recorder.count; request++) {
    tallies[recorder.trafficClass[request]].add(recorder, request);
  }
  const served = tallies.reduce((sum, tally) => sum + tally.outcomes[outcomeCode.served], 0);
  const good = tallies.reduce((sum, tally) => sum + tally.good, 0);
  const outputTokens = tallies.reduce((sum, tally) => sum + tally.outputTokens, 0);
  const penalties = tallies.reduce((sum, tally) => sum + tally.penalties(), 0);
  const money = moneyOf(scenario, meters, { seconds, served, good, outputTokens, penalties });
  const recoveriesOf = (name: string) => aftermaths[name].map((aftermath) => recoverySummary(aftermath, metersOf));
  return {
    classes: mapValues(byName, (tally, name) => tally.summary(seconds, money.total.usd_per_month, recoveriesOf(name))),
    meters,
    fleets: mapValues(fleets, (fleet) => fleetSummary(fleet, scenario.horizon)),
    providers: mapValues(providers, providerSummary),
    money,
  };
}

/** Ordinals follow arrivals, so the measured requests are those from some ordinal on. */
export function firstMeasured(recorder: Recorder, warmup: number): number {
  let first = 0;
  while (first < recorder.count && recorder.arrivedAt[first] < warmup) first++;
  return first;
}

function fleetSummary({ active, startLog }: FleetAccounts, horizon: number): FleetSummary {
  const starts = startLog.totals.length;
  const phases = startPhases.map((phase, i) => [phase, starts === 0 ? null : startLog.phaseSums[i] / starts] as const);
  return {
    peakReplicas: active.largest(horizon),
    starts,
    start_s: percentiles([...startLog.totals]),
    phases_s: Object.fromEntries(phases) as Record<StartPhase, number | null>,
  };
}

/** Counts and latencies of one class. */
class ClassTally {
  readonly outcomes = new Float64Array(outcomes.length);
  offered = 0;
  good = 0;
  outputTokens = 0;
  private attempts = 0;
  private readonly servedBy: Float64Array;
  /** By rung, of which the first is at 0. */
  private readonly degraded: Float64Array;
  private readonly met: Float64Array;
  private readonly ttft: number[] = [];
  private readonly total: number[] = [];
  private readonly tpot: number[] = [];
  private readonly traffic: TrafficClass;
  private readonly servers: readonly string[];

  constructor(traffic: TrafficClass, servers: readonly string[]) {
    this.traffic = traffic;
    this.servers = servers;
    this.servedBy = new Float64Array(servers.length);
    this.degraded = new Float64Array(Object.keys(traffic.client.degrade).length);
    this.met = new Float64Array(traffic.slo.length);
  }

  add(recorder: Recorder, request: number): void {
    const { slo } = this.traffic;
    this.offered++;
    this.outcomes[recorder.outcome[request]]++;
    this.attempts += recorder.attempts[request];
    let good = recorder.outcome[request] === outcomeCode.served;
    for (let i = 0; i < slo.length; i++) {
      if (metBy(slo[i], recorder, request)) this.met[i]++;
      else good = false;
    }
    if (good) this.good++;
    const by = recorder.servedBy[request];
    if (by === none) return;
    this.servedBy[by]++;
    if (isDegraded(recorder, request)) this.degraded[recorder.rung[request] - 1]++;
    this.outputTokens += recorder.outputTokens[request];
    this.ttft.push(ttftOf(recorder, request));
    this.total.push(totalOf(recorder, request));
    const tpot = tpotOf(recorder, request);
    if (!Number.isNaN(tpot)) this.tpot.push(tpot);
  }

  /** Dollars. */
  penalties(): number {
    return Object.values(this.traffic.client.degrade).reduce((sum, { penalty }, i) => sum + penalty * this.degraded[i], 0);
  }

  summary(seconds: number, usdPerMonth: number, recoveries: readonly RecoverySummary[]): ClassSummary {
    const { servers } = this;
    const { slo } = this.traffic;
    const used = servers.filter((name, number) => this.servedBy[number] > 0 || this.reaches(name));
    // Where nothing was offered nothing was missed.
    const share = (count: number): number => (this.offered === 0 ? 1 : count / this.offered);
    const attained = slo.map((objective, i) => (objective.kind === "cost" ? usdPerMonth : share(this.met[i])));
    return {
      counts: {
        offered: this.offered,
        outcomes: Object.fromEntries(outcomes.map((outcome, code) => [outcome, this.outcomes[code]])) as Record<Outcome, number>,
        servedBy: Object.fromEntries(used.map((name) => [name, this.servedBy[servers.indexOf(name)]])),
        attemptsPerRequest: this.offered === 0 ? 0 : this.attempts / this.offered,
        degraded: Object.fromEntries(Object.keys(this.traffic.client.degrade).map((rung, i) => [rung, this.degraded[i]])),
        degradedShare: this.offered === 0 ? 0 : this.degraded.reduce((sum, count) => sum + count, 0) / this.offered,
        goodput_per_s: this.good / seconds,
      },
      ttft_s: percentiles(this.ttft),
      total_s: percentiles(this.total),
      tpot_s: percentiles(this.tpot),
      attained,
      budgetsLeft: slo.map((objective, i) => budgetLeft(objective, attained[i])),
      recoveries,
    };
  }

  private reaches(server: string): boolean {
    return this.traffic.path.includes(server) || askedTargets(this.traffic).includes(server);
  }
}

function percentiles(values: number[]): PercentileValues {
  if (values.length === 0) return { mean: null, p50: null, p95: null, p99: null };
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const [p99, p95, p50] = selectPercentiles(values, [0.99, 0.95, 0.5]);
  return { mean, p50, p95, p99 };
}
