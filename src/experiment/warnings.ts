import { amount, percent, plural, seconds, thousands } from "../base/format.ts";
import { replicaHourPrice } from "../serving/pool-price.ts";
import { traceKey } from "../traffic/arrivals/arrivals.ts";
import { partialCover } from "../traffic/partial-cover.ts";
import type { Trace } from "../traffic/trace.ts";
import { fillingCaches } from "./filling-caches.ts";
import { doubtsAboutFleets } from "./fleet-doubts.ts";
import type { Plan } from "./plan.ts";
import type { PoolResult } from "./pool-result.ts";
import { doubtsAboutPrefixes } from "./prefix-doubts.ts";
import type { ProviderResult } from "./provider-result.ts";
import { doubtsAboutShared } from "./shared-doubts.ts";
import { doubtsAboutStages, refusedWrites } from "./stage-doubts.ts";
import { doubtsAboutBatches, doubtsAboutFewServed, doubtsAboutSaturation, doubtsAboutTrend } from "./steadiness-doubts.ts";
import { named, unrecoveredNumbers, unrecoveredText } from "./recovery-words.ts";
import type { ClassResult, Point, WatchedObjective } from "./result.ts";
import type { Traces } from "./runner.ts";

/** Fewer requests than this beyond an objective's threshold say little about it. */
const fewMisses = 10;
/** So large a share of requests still in flight at the end says that the system was not keeping up. */
const manyUnfinished = 0.01;
/** Share of an error budget from which on those in flight at the end are worth a word. */
const noticeable = 0.1;

/** A doubt about one point: those of a kind are said once, in the words of the worst. */
export interface Doubt {
  readonly kind: string;
  readonly text: string;
  readonly weight: number;
}

/** Doubts about a result, each once: what it leaves out, too few requests, no steady state, a trace that ends early. */
export function warningsOn(
  plans: readonly Plan[],
  points: readonly Point[],
  watched: WatchedObjective | undefined,
  traces: Traces,
): string[] {
  const { warmup } = plans[0].decoded.scenario;
  const found = points.flatMap((point) =>
    [...doubtsAboutPoint(point, watched), ...doubtsAboutFilling(point, plans[0]), ...doubtsAboutTrend(point, warmup)].map((doubt) => ({
      doubt,
      plan: point.name,
    })),
  );
  const ofPoints = [...new Set(found.map(({ doubt }) => doubt.kind))].map((kind) => {
    const alike = found.filter(({ doubt }) => doubt.kind === kind);
    const worst = alike.reduce((a, b) => (b.doubt.weight > a.doubt.weight ? b : a));
    if (points.length === 1) return worst.doubt.text;
    return alike.length === 1
      ? `${worst.doubt.text} (in ${worst.plan})`
      : `${worst.doubt.text} (in ${worst.plan}; alike in ${alike.length} of ${points.length} plans)`;
  });
  const ofAll = [...doubtsAboutPlans(plans, traces), ...doubtsAboutShared(plans), ...doubtsAboutEngines(plans)];
  return [...ofAll, ...ofPoints];
}

/** Where plans differ in a derived engine, part of what sets them apart may be how the engines are known. */
function doubtsAboutEngines(plans: readonly Plan[]): string[] {
  const uses = plans.flatMap(({ decoded }) => decoded.profiles.filter(({ path }) => path.endsWith(".engine")));
  return [...new Set(uses.map(({ path }) => path))].flatMap((path) => {
    const own = uses.filter((use) => use.path === path);
    const hows = [...new Set(own.map(({ how }) => how))].sort();
    if (new Set(own.map(({ name }) => name)).size < 2 || !hows.includes("derived")) return [];
    const error = Math.max(...own.map((use) => use.error?.tpot ?? 0));
    const known = `${path}: the plans' engines differ and are ${hows.join(" or ")}`;
    return [`${known}; differences between them hold the errors of their profiles, in the median up to ${percent(error, 1)} of TPOT`];
  });
}

/** What holds for several plans is said once, and for which when not for all. */
function doubtsAboutPlans(plans: readonly Plan[], traces: Traces): string[] {
  const found = plans.flatMap((plan) => doubtsAboutPlan(plan, traces).map((text) => ({ text, plan: plan.name })));
  return [...new Set(found.map(({ text }) => text))].map((text) => {
    const [first, ...others] = found.filter((doubt) => doubt.text === text);
    if (others.length + 1 === plans.length) return text;
    return `${text} (in ${first.plan}${others.length === 0 ? "" : `; alike in ${others.length + 1} of ${plans.length} plans`})`;
  });
}

function doubtsAboutPlan({ decoded: { scenario } }: Plan, traces: Traces): string[] {
  const ofTraces = Object.entries(scenario.traffic).flatMap(([name, { arrivals }]) => {
    const trace = traces.get(traceKey(arrivals) ?? "");
    return trace === undefined ? [] : doubtsAboutTrace(trace, scenario.horizon).map((doubt) => `${name}: ${doubt}`);
  });
  const unpriced = Object.entries(scenario.pools).flatMap(([name, pool]) =>
    replicaHourPrice(pool) === undefined ? [`${name}: the pool has no price, so its replicas cost nothing here`] : [],
  );
  const alone =
    scenario.replications === 1 && scenario.batches === undefined
      ? ["one replication has no interval: how far chance moves these numbers is not known"]
      : [];
  return [
    ...ofTraces,
    ...doubtsAboutPrefixes(scenario),
    ...doubtsAboutFleets(scenario),
    ...doubtsAboutStages(scenario),
    ...unpriced,
    ...alone,
  ];
}

function doubtsAboutPoint(point: Point, watched: WatchedObjective | undefined): Doubt[] {
  const ofPools = Object.entries(point.pools).flatMap(([name, pool]) => doubtsAboutPool(name, pool));
  const ofProviders = Object.entries(point.providers).flatMap(([name, provider]) => doubtsAboutProvider(name, provider));
  const ofClasses = Object.entries(point.classes).flatMap(([name, one]) => doubtsAboutClass(name, one, point));
  return [
    ...ofPools,
    ...ofProviders,
    ...refusedWrites(point),
    ...doubtsAboutBatches(point),
    ...ofClasses,
    ...doubtsAboutWatched(point, watched),
  ];
}

/** @param plan any of those compared, which share their warm-up and horizon */
function doubtsAboutFilling(point: Point, { decoded: { scenario } }: Plan): Doubt[] {
  const filling = fillingCaches(point, scenario.warmup, scenario.horizon);
  return filling.map(({ name, text, rise }) => ({ kind: `${name} filling`, text, weight: rise }));
}

function doubtsAboutProvider(name: string, { oversized }: ProviderResult): Doubt[] {
  if (oversized.mean === 0) return [];
  const calls = counted(oversized.mean, "call a replication was", "calls a replication were");
  const text = `${name}: ${calls} larger than a limit ever allows and would be refused at any load`;
  return [{ kind: `${name} oversized`, text, weight: oversized.mean }];
}

function doubtsAboutPool(name: string, pool: PoolResult): Doubt[] {
  const { oversized, prefixHitShare } = pool;
  const doubts: Doubt[] = doubtsAboutSaturation(name, pool);
  if (oversized.mean > 0) {
    const attempts = counted(oversized.mean, "attempt a replication was", "attempts a replication were");
    const text = `${name}: ${attempts} too long for any replica and failed at once`;
    doubts.push({ kind: `${name} oversized`, text, weight: oversized.mean });
  }
  if (prefixHitShare?.mean === 0) {
    const text = `${name}: its prefix cache was never hit; prompts begin alike where their class has sharedPrefix or conversation, or its trace hashBlock`;
    doubts.push({ kind: `${name} prefixes`, text, weight: 1 });
  }
  return doubts;
}

function doubtsAboutClass(name: string, one: ClassResult, { replications, batches }: Point): Doubt[] {
  const { offered, outcomes, objectives, recoveries } = one;
  const unit = batches === undefined ? "replication" : "batch";
  if (offered.mean === 0) {
    return [{ kind: `${name} silent`, text: `${name}: no request arrived after the warm-up, so nothing is known of it`, weight: 1 }];
  }
  const unfinished = outcomes.unfinished.mean / offered.mean;
  const doubts: Doubt[] = recoveries.flatMap((recovery) => {
    const share = recovery.recoveredShare?.mean ?? 1;
    const numbers = unrecoveredNumbers(recovery);
    const text = `${name} ${unrecoveredText(recovery)}${numbers === "" ? "" : `: ${numbers}`}`;
    return share === 1 ? [] : [{ kind: `${name} ${named(recovery)}`, text, weight: -share }];
  });
  if (unfinished > manyUnfinished) {
    const text = `${name}: ${percent(unfinished, 1)} of the requests were still in flight at the end; it may not be keeping up`;
    doubts.push({ kind: `${name} unfinished`, text, weight: unfinished });
  }
  for (const { text, kind, target, attained, verdict } of objectives) {
    if (kind === "cost") continue;
    if (
      kind !== "degraded" &&
      kind !== "wrong" &&
      verdict !== "met" &&
      unfinished > noticeable * (1 - target) &&
      attained.mean + unfinished >= target
    ) {
      const decided = `${name}: requests still in flight at the end count as misses and decide ${text}; a longer horizon would tell`;
      doubts.push({ kind: `${name} ${text} decided`, text: decided, weight: unfinished });
    }
    if (target < 1 && offered.mean * replications * (1 - target) < fewMisses) {
      const requests = counted(offered.mean, `request a ${unit} is`, `requests a ${unit} are`);
      const few = `${name}: ${requests} few for ${text}`;
      doubts.push({ kind: `${name} ${text} few`, text: few, weight: -offered.mean });
    }
  }
  const isSaid = doubts.some(({ kind }) => kind.endsWith(" few"));
  return isSaid ? doubts : [...doubts, ...doubtsAboutFewServed(name, one, unit)];
}

/** A mean of counts above 0 with the words for one or for several; whole from 1 on. */
function counted(mean: number, one: string, several: string): string {
  if (mean < 1) return `${amount(mean)} ${several}`;
  const whole = Math.round(mean);
  return `${thousands(whole)} ${whole === 1 ? one : several}`;
}

function doubtsAboutWatched({ classes }: Point, watched: WatchedObjective | undefined): Doubt[] {
  if (watched === undefined || classes[watched.className]?.objectives.some(({ text }) => text === watched.text)) return [];
  const text = `there is no objective ${watched.text} for ${watched.className}, so that the attainment is the share of requests served`;
  return [{ kind: "not watched", text, weight: 1 }];
}

function doubtsAboutTrace(trace: Trace, horizon: number): string[] {
  const { duration, outOfOrder = 0, dropped = 0, hashes } = trace;
  const doubts = [];
  if (horizon > duration * 1.01) {
    doubts.push(`its trace ends after ${seconds(duration)} of the ${seconds(horizon)} simulated; nothing arrives after that`);
  }
  if (outOfOrder > 0) doubts.push(`its trace had ${plural(outOfOrder, "row")} out of order, now sorted by time`);
  if (dropped > 0) doubts.push(`its trace had ${plural(dropped, "row")} without output, dropped as its map says`);
  const cover = partialCover(trace);
  if (cover !== undefined) {
    const most = `the hashes of its trace cover ${percent(cover, 0)} of a long prompt at most, with hashBlock ${hashes!.block}`;
    doubts.push(`${most}: does each stand for more tokens?`);
  }
  return doubts;
}
