import { percentile } from "../kernel/percentile.ts";
import type { TrafficClass } from "../scenario/schema.ts";
import type { Disturbance } from "./disturbances.ts";
import { type Meters, throttledShare, wastedShare } from "./meters.ts";
import { isGood, totalOf } from "./objectives.ts";
import type { Recorder } from "./recorder.ts";

/** A class has recovered when it is as good as this share of what it was. */
const asGoodAs = 0.95;
/** Where fewer requests were good before, there is nothing to come back to. */
const leastReference = 0.5;
/**
 * A share is judged over so many windows and requests at least, and over so many that a lower one is not chance, by four standard deviations.
 * A long span puts the moment of recovery off by little, since only a twentieth of it may be lost.
 */
const fewestWindows = 10;
const fewestRequests = 30;
const deviations = 4;
/** As long as so many of a hundred answers took before, requests that came just before the end of the time judged may still be under way. */
const answered = 0.99;

/** Requests of one class by the window of their arrival, and those of them that met every objective. */
export interface GoodOverTime {
  /** Seconds. */
  readonly window: number;
  readonly offered: ArrayLike<number>;
  readonly good: ArrayLike<number>;
}

/** Spans of time, in seconds: before the disturbance, and after it. */
interface Judged {
  readonly reference: readonly [from: number, to: number];
  readonly after: readonly [from: number, to: number];
}

/**
 * Seconds from the end of a disturbance to the first boundary of windows from which on the share of good requests is at least 95 % of
 * that in the reference: over the span that follows, over the last span, and over all the time from there to the end, so that a passing
 * dip later is no relapse but the start of another collapse is. Null when it does not come back, undefined when it cannot be judged. A
 * span is ten windows, or as many as hold, at the reference's rate, enough requests to judge; one without requests is good.
 */
export function recoveryTime({ window, offered, good }: GoodOverTime, { reference, after }: Judged): number | null | undefined {
  const [first, last] = wholeWindows(reference, window);
  const [begin, end] = wholeWindows(after, window);
  const before = sum(offered, first, last);
  const share = before === 0 ? 0 : sum(good, first, last) / before;
  if (share < leastReference) return undefined;
  const span = Math.max(fewestWindows, Math.ceil((enough(share) * (last - first)) / before));
  if (begin + span > end) return undefined;
  const isBack = (from: number, to: number): boolean => sum(good, from, to) >= asGoodAs * share * sum(offered, from, to);
  if (!isBack(end - span, end)) return null;
  for (let start = begin; start + span <= end; start++) {
    if (isBack(start, start + span) && isBack(start, end)) return Math.max(0, start * window - after[0]);
  }
  return null;
}

/** Requests among which a share of good ones is below what it must be by chance in hardly any span. */
function enough(share: number): number {
  const off = (1 - asGoodAs) * share;
  return Math.max(fewestRequests, (deviations * deviations * share * (1 - share)) / (off * off));
}

/** What one class did after each of its disturbances, up to the next: see `recoveryTime`, and attempts per request. */
export interface Aftermath {
  readonly from: number;
  readonly to: number;
  readonly recovery: number | null | undefined;
  readonly attemptsPerRequest: number | null;
}

/** How one replication fared after a disturbance. */
export interface RecoverySummary {
  readonly judged: boolean;
  /** Null unless it recovered. */
  readonly seconds: number | null;
  /** Null unless it was judged and did not recover. */
  readonly unrecovered: {
    readonly attemptsPerRequest: number | null;
    readonly wastedShare: number;
    readonly throttledShare: number | null;
  } | null;
}

/** @param metersOf what was used in the time of an aftermath */
export function recoverySummary(aftermath: Aftermath, metersOf: (aftermath: Aftermath) => Meters): RecoverySummary {
  const { recovery, attemptsPerRequest } = aftermath;
  if (recovery !== null) return { judged: recovery !== undefined, seconds: recovery ?? null, unrecovered: null };
  const meters = metersOf(aftermath);
  const unrecovered = { attemptsPerRequest, wastedShare: wastedShare(meters), throttledShare: throttledShare(meters) };
  return { judged: true, seconds: null, unrecovered };
}

/** @param number position of the class; @param window seconds */
export function aftermathsOf(
  { slo }: TrafficClass,
  number: number,
  recorder: Recorder,
  disturbances: readonly Disturbance[],
  { warmup, horizon }: { readonly warmup: number; readonly horizon: number },
  window: number,
): Aftermath[] {
  const first = disturbances.find(({ from }) => from > warmup)?.from;
  if (first === undefined) return disturbances.map(({ to }) => ({ from: to, to, recovery: undefined, attemptsPerRequest: null }));
  // What began in the warm-up may last beyond it.
  const calm = disturbances.reduce((latest, { from, to }) => (from < first ? Math.max(latest, to) : latest), warmup);
  const windows = Math.ceil(horizon / window);
  const [offered, good] = [new Float64Array(windows), new Float64Array(windows)];
  const totals: number[] = [];
  const spans = disturbances.map(({ to, until }) => ({ from: to, to: Math.min(until, horizon), requests: 0, attempts: 0 }));
  let next = 0;
  for (let request = 0; request < recorder.count; request++) {
    if (recorder.trafficClass[request] !== number) continue;
    const at = recorder.arrivedAt[request];
    const i = Math.min(windows - 1, Math.floor(at / window));
    offered[i]++;
    if (isGood(slo, recorder, request)) good[i]++;
    if (at >= calm && at < first) totals.push(totalOf(recorder, request));
    while (next < spans.length && at >= spans[next].to) next++;
    if (next === spans.length || at < spans[next].from) continue;
    spans[next].requests++;
    spans[next].attempts += recorder.attempts[request];
  }
  const took = percentile(Float64Array.from(totals.filter((total) => !Number.isNaN(total))).sort(), answered) ?? 0;
  return spans.map(({ from, to, requests, attempts }, i) => ({
    from,
    to,
    recovery:
      disturbances[i].from < first
        ? undefined
        : recoveryTime({ window, offered, good }, { reference: [calm, first], after: [from, to - took] }),
    attemptsPerRequest: requests === 0 ? null : attempts / requests,
  }));
}

/** The first window that begins in a span of time, and the first that does not end in it; sums of decimals are a little off. */
function wholeWindows([from, to]: readonly [number, number], window: number): [number, number] {
  return [Math.ceil(from / window - 1e-9), Math.floor(to / window + 1e-9)];
}

function sum(counts: ArrayLike<number>, from: number, to: number): number {
  let total = 0;
  for (let i = from; i < to; i++) total += counts[i];
  return total;
}
