/** Columns that a table of plans has only where some plan gives them something to say. */
import { absent, amount, dollars, percent, seconds, shortAmount } from "../base/format.ts";
import type { CacheEconomics } from "../experiment/cache-result.ts";
import { withInterval } from "../experiment/interval-text.ts";
import { leastRecovered } from "../experiment/recovery-loop.ts";
import type { Point } from "../experiment/result.ts";
import { type Column, left, right } from "./data-table.ts";
import { breakEvenText } from "./economics-table.ts";
import { recoveredText } from "./recovery-table.ts";

export interface FurtherColumn {
  readonly column: Column;
  /** What its figures are, for the note below the table. */
  readonly about: string;
  readonly cell: (point: Point) => string;
}

/** @param needed whether a plan gives reason for it; @param several whether it takes two, since one alone has nothing to be compared with */
type Further = FurtherColumn & { readonly needed: (point: Point) => boolean; readonly several?: boolean };

const kinds = {
  recovers: {
    column: left("recovers"),
    about: "recovers is how long after the end of what disturbed them requests were as good as before again, or in how many replications",
    needed: ({ classes }) => leastRecovered(classes) !== undefined,
    cell: recovery,
  },
  refused: {
    column: right("429s"),
    about: "429s are the share of calls to providers that a limit refused",
    needed: isRefused,
    cell: (point) => percentOr(refusedShare(point)),
  },
  backoff: {
    column: right("back-off"),
    about: "back-off is what a request waited between its attempts, in the mean",
    needed: isRefused,
    cell: (point) => seconds(backoff(point)),
  },
  busiestMinute: {
    column: right("tokens/min"),
    about: "tokens/min are those of the calls taken in the busiest minute",
    needed: isRefused,
    cell: ({ providers }) => shortAmount(Math.round(sum(Object.values(providers).map((one) => one.busiestMinuteTokens.mean)))),
  },
  coldWaits: {
    column: right("cold waits"),
    about: "cold waits are attempts a replication that waited while a replica was on its way or none was ready",
    needed: (point) => coldWaits(point) > 0,
    cell: (point) => amount(Math.round(coldWaits(point))),
  },
  degraded: {
    column: right("degraded"),
    about: "degraded is the share of the requests that were served a worse answer",
    needed: ({ classes }) => Object.values(classes).some((one) => one.degradedShare.mean > 0),
    cell: ({ classes }) => {
      const all = Object.values(classes);
      const offered = sum(all.map((one) => one.offered.mean));
      return percentOr(offered === 0 ? null : sum(all.map((one) => one.degradedShare.mean * one.offered.mean)) / offered);
    },
  },
  total: {
    column: right("total p95"),
    about: "total p95 is that of the class in which it is longest",
    several: true,
    needed: (point) => leastWorth(point) !== undefined,
    cell: ({ classes }) => {
      const known = Object.values(classes).flatMap(({ total_s: { p95 } }) => (p95 === null ? [] : [p95.mean]));
      return known.length === 0 ? absent : seconds(Math.max(...known));
    },
  },
  net: {
    column: right("cache net"),
    about: "cache net is what the cache saves a month, of several the one that saves least",
    several: true,
    needed: (point) => leastWorth(point) !== undefined,
    cell: (point) => {
      const worth = leastWorth(point);
      return worth === undefined ? absent : dollars(worth.net_usd_per_month.mean);
    },
  },
  breakEven: {
    column: right("breaks even"),
    about: "breaks even is the hit rate at which that would be zero",
    several: true,
    needed: (point) => (leastWorth(point)?.breakEvenHitShare ?? null) !== null,
    cell: (point) => {
      const worth = leastWorth(point);
      return worth === undefined ? absent : breakEvenText(worth);
    },
  },
  wrong: {
    column: right("wrong"),
    about: "wrong is the share of the requests that a cache gave a wrong answer",
    needed: ({ classes }) => Object.values(classes).some((one) => one.wrong.mean > 0),
    cell: ({ classes }) => {
      const all = Object.values(classes);
      const offered = sum(all.map((one) => one.offered.mean));
      return percentOr(offered === 0 ? null : sum(all.map((one) => one.wrong.mean)) / offered);
    },
  },
} satisfies Record<string, Further>;

export type FurtherName = keyof typeof kinds;

export const furtherNames = Object.keys(kinds) as readonly FurtherName[];

/** Those of the named that some of the plans need, in the table's order. */
export function furtherColumns(points: readonly Point[], names: readonly FurtherName[]): FurtherColumn[] {
  const all: Readonly<Record<FurtherName, Further>> = kinds;
  const isNeeded = ({ needed, several = false }: Further): boolean => points.filter(needed).length > (several ? 1 : 0);
  return furtherNames.filter((name) => names.includes(name) && isNeeded(all[name])).map((name) => all[name]);
}

function leastWorth({ economics = {} }: Point): CacheEconomics | undefined {
  return Object.values(economics).toSorted((a, b) => a.net_usd_per_month.mean - b.net_usd_per_month.mean)[0];
}

/** Attempts a replication that waited for replicas on their way. */
function coldWaits({ pools }: Point): number {
  return sum(Object.values(pools).map((pool) => pool.coldWaits.mean));
}

/** So many refused calls deserve columns of their own. */
const manyRefused = 0.01;

function isRefused(point: Point): boolean {
  return (refusedShare(point) ?? 0) >= manyRefused;
}

/** Share of the calls to all providers that were refused with a 429; null without a call. */
function refusedShare({ providers }: Point): number | null {
  const all = Object.values(providers);
  const calls = sum(all.map((one) => one.calls.mean));
  return calls === 0 ? null : sum(all.map((one) => one.throttled.mean)) / calls;
}

/** Seconds, over the requests of all classes. */
function backoff({ classes }: Point): number {
  const all = Object.values(classes);
  const offered = sum(all.map((one) => one.offered.mean));
  return offered === 0 ? 0 : sum(all.map(({ offered: own, client }) => own.mean * client.backoff_s.mean)) / offered;
}

/** Of the disturbances of all classes the one that is recovered from least, or where all are, latest. */
function recovery(point: Point): string {
  const worst = leastRecovered(point.classes);
  if (worst !== undefined) return recoveredText(worst.recovery);
  const [slowest] = Object.values(point.classes)
    .flatMap(({ recoveries }) => recoveries)
    .toSorted((a, b) => (b.recovery_s?.mean ?? -1) - (a.recovery_s?.mean ?? -1));
  if (slowest === undefined) return absent;
  const { recovery_s } = slowest;
  if (recovery_s === null) return recoveredText(slowest);
  return recovery_s.mean === 0 ? "at once" : `after ${withInterval(recovery_s, seconds)}`;
}

function percentOr(share: number | null): string {
  return share === null ? absent : percent(share, 1);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
