import { mapValues } from "../base/records.ts";
import type { Scenario } from "../scenario/schema.ts";
import { type LifecycleState, onTheWay } from "../serving/fleet/lifecycle.ts";
import { formatObjective } from "../scenario/slo.ts";
import { type Disturbance, disturbancesOf } from "./disturbances.ts";
import { estimate, estimateAll } from "./estimate.ts";
import { type GateMeter, type Meters, wastedShare } from "./meters.ts";
import { targetOf, verdictOf, worst } from "./objectives.ts";
import type { Simulated } from "./plan.ts";
import type { PoolResult } from "./pool-result.ts";
import { providerResult } from "./provider-estimates.ts";
import type { RecoveryResult } from "./recovery-result.ts";
import type { ClassResult, Point, WatchedObjective } from "./result.ts";
import { goodputOf, type StageSummary, type Summary } from "./summary.ts";
import { batchesOf } from "./batches.ts";
import { hoursResult } from "./hours.ts";
import { ofRuns, secondsMeasured } from "./spans.ts";
import { cacheResult } from "./cache-estimates.ts";
import { vectorStoreResult } from "./vector-store-estimates.ts";
import { ratio, share } from "./ratios.ts";
import { tightest, watchedIn } from "./tightest.ts";
import { timeResult } from "./time-estimates.ts";

/** What the replications of each plan say together, and the objective that the attainment of all of them is of. */
export function pointsOf(simulated: readonly Simulated[]): { points: Point[]; watched: WatchedObjective | undefined } {
  const classes = simulated.map(classesOf);
  const watched = watchedIn(classes);
  return { points: simulated.map((one, i) => pointOf(one, watched, classes[i])), watched };
}

/** @param watched objective that the attainment is of; the share of requests that were served where the plan has no such objective */
export function pointOf(simulated: Simulated, watched: WatchedObjective | undefined, classes = classesOf(simulated)): Point {
  const { plan, replications } = simulated;
  const { scenario } = plan.decoded;
  const summaries = replications.map(({ summary }) => summary);
  const objectives = Object.values(classes).flatMap((one) => one.objectives);
  const followed = watched && classes[watched.className]?.objectives.find(({ text }) => text === watched.text);
  return {
    name: plan.name,
    values: plan.values,
    replications: summaries.length,
    ...(scenario.batches === undefined ? {} : { batches: batchesOf(summaries, scenario, watched) }),
    verdict: worst(objectives.map(({ verdict }) => verdict)),
    classes,
    pools: mapValues(scenario.pools, (_, name) => poolResult(summaries, name, scenario)),
    providers: mapValues(scenario.providers, (_, name) => providerResult(summaries, name, scenario)),
    caches: mapValues(scenario.caches, (_, name) => cacheResult(summaries, name, scenario)),
    gateways: mapValues(scenario.gateways, (_, name) => estimateAll(summaries.map(({ meters }) => gateOf(meters.gateways[name])))),
    vectorStores: mapValues(scenario.vectorStores, (_, name) => vectorStoreResult(summaries, name, scenario)),
    cost: estimateAll(summaries.map(({ money }) => money.total)),
    attainment: followed?.attained ?? estimate(summaries.map(servedShare)),
    margin: tightest(classes)?.objective.budgetLeft ?? estimate(summaries.map(() => 1)),
    goodput_per_s: estimate(summaries.map(goodputOf)),
    wastedShare: estimate(summaries.map(({ meters }) => wastedShare(meters))),
    series: replications[0].series!,
  };
}

function classesOf({ plan, replications }: Simulated): Record<string, ClassResult> {
  const { scenario } = plan.decoded;
  return mapValues(scenario.traffic, ({ slo }, name) => {
    const own = replications.map(({ summary }) => summary.classes[name]);
    const client = estimateAll(
      replications.map(({ summary }) => clientOf(summary.meters.clients[name], summary.classes[name].counts.offered)),
    );
    const counted = estimateAll(own.map(({ counts, ttft_s, total_s, tpot_s }) => ({ ...counts, ttft_s, total_s, tpot_s })));
    const objectives = slo.map((objective, i) => {
      const budgetLeft = estimate(own.map((one) => one.budgetsLeft[i]));
      return {
        text: formatObjective(objective),
        kind: objective.kind,
        // Of a class without a request nothing is known.
        verdict: own.some(({ counts }) => counts.offered === 0) ? "undecided" : verdictOf(budgetLeft, objective.kind === "cost"),
        target: targetOf(objective),
        attained: estimate(own.map(({ attained }) => attained[i])),
        budgetLeft,
      };
    });
    const recoveries = disturbancesOf(scenario, name).map((disturbance, i) =>
      recoveryResult(
        disturbance,
        ofRuns(own, scenario).map((one) => one.recoveries[i]),
      ),
    );
    const hours = hoursResult(
      own.map((one) => one.hours),
      scenario,
    );
    const stages = mapValues(own[0].stages, (_, stage) => estimateAll(own.map((one) => stageOf(one.stages[stage]))));
    const time = timeResult(own.map(({ time: spent, counts }) => ({ time: spent, offered: counts.offered })));
    return { ...counted, stages, client, objectives, hours, ...time, recoveries };
  });
}

function clientOf({ gate, backoffSeconds, ...counts }: Meters["clients"][string], offered: number) {
  return { ...counts, backoff_s: share(backoffSeconds, offered), gate: gateOf(gate) };
}

function stageOf({ mean: mean_s, p95: p95_s, p99: p99_s, without }: StageSummary) {
  return { mean_s, p95_s, p99_s, without };
}

function gateOf({ waited, waitSeconds, shed }: GateMeter) {
  return { waited, wait_s: ratio(waitSeconds, waited), shed };
}

function recoveryResult({ what, from, to }: Disturbance, replications: Summary["classes"][string]["recoveries"]): RecoveryResult {
  const judged = replications.filter((one) => one.judged);
  const unrecovered = judged.map((one) => one.unrecovered).filter((one) => one !== null);
  return {
    disturbance: what,
    from_s: from,
    to_s: to,
    judged: judged.length,
    recoveredShare: judged.length === 0 ? null : estimate(judged.map(({ seconds }) => Number(seconds !== null))),
    recovery_s: estimateAll(judged.map(({ seconds }) => seconds)),
    unrecovered: unrecovered.length === 0 ? null : estimateAll(unrecovered),
  };
}

function servedShare({ classes }: Summary): number {
  const counts = Object.values(classes).map((one) => one.counts);
  const offered = counts.reduce((sum, one) => sum + one.offered, 0);
  return share(
    counts.reduce((sum, one) => sum + one.outcomes.served, 0),
    offered,
  );
}

function poolResult(summaries: readonly Summary[], name: string, scenario: Scenario): PoolResult {
  const seconds = secondsMeasured(scenario);
  const measured = summaries.map((summary) => poolNumbers(summary, name, seconds));
  const { peakReplicas, coldStart } = estimateAll(ofRuns(measured, scenario));
  return { ...estimateAll(measured), peakReplicas, coldStart };
}

function poolNumbers({ meters, fleets, money }: Summary, name: string, seconds: number) {
  const meter = meters.pools[name];
  const { peakReplicas, starts, start_s, phases_s } = fleets[name];
  const states = mapValues(meter.stateSeconds, (time) => time / seconds) as Record<LifecycleState, number>;
  const servingSeconds = meter.stateSeconds.ready + meter.stateSeconds.draining;
  const { stockOuts, interruptions, crashes, losses, lost } = meter;
  return {
    ready: states.ready,
    starting: onTheWay.reduce((sum, state) => sum + states[state], 0),
    warm: states.warm,
    peakReplicas,
    states,
    scaleUps: meter.scaleUps,
    coldStart: { starts, total_s: { mean: start_s.mean, p95: start_s.p95 }, phases_s },
    faults: { stockOuts, interruptions, crashes, losses, lostAttempts: lost },
    waitedShare: ratio(meter.delayed, meter.taken),
    wait_s: ratio(meter.waitSeconds, meter.started),
    coldWaits: meter.coldWaits,
    coldWait_s: ratio(meter.coldWaitSeconds, meter.coldWaitsOver),
    oversized: meter.oversized,
    idleShare: 1 - share(meter.busySeconds, servingSeconds),
    wastedShare: share(meter.wastedSeconds, meter.busySeconds),
    wasted_s: meter.wastedSeconds,
    wasted_usd_per_month: money.pools[name].wasted,
    preemptions: meter.preemptions,
    prefixHitShare: ratio(meter.prefixHits, meter.prefixTokens),
    cost_usd_per_month: money.pools[name].total,
    purchases_usd_per_month: money.pools[name].byPurchase,
    states_usd_per_month: money.pools[name].byState,
  };
}
