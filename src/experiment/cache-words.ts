import { dollars, percent } from "../base/format.ts";
import type { CacheEconomics, MoneyPart } from "./cache-result.ts";
import { dollarsWithInterval } from "./interval-text.ts";
import type { Axis, Estimate, Point } from "./result.ts";

export const partWords: Readonly<Record<MoneyPart, string>> = {
  pools: "pools",
  tokens: "tokens",
  provisioned: "provisioned units",
  caches: "cache nodes",
  embeddings: "embeddings",
  vectorStores: "vector stores",
  wrongAnswers: "wrong answers",
  degradedAnswers: "degraded answers",
};

/** "The cache answers saves $1,234 ± 56 a month net", or what it costs and why. */
export function worthText(name: string, economics: CacheEconomics): string {
  const { net_usd_per_month: net, replicaHoursSaved: hours } = economics;
  const cache = cacheName(name);
  if (net.mean === 0 && (net.low ?? 0) === 0) {
    const busy = hours.mean > 0 ? `, though ${Number(hours.mean.toPrecision(2))} busy replica hours a replication less are needed` : "";
    return `${cache} changes nothing that is paid for${busy}`;
  }
  const money = `${dollarsWithInterval(positive(net))} a month`;
  if (isUnsure(net)) return `${cache} ${net.mean > 0 ? "saves" : "costs"} ${money} net, which may be chance`;
  return net.mean > 0 ? `${cache} saves ${money} net` : `${cache} costs ${money} more than it saves${why(economics)}`;
}

/** The setting that surely loses most, and of those that surely pay the one that saves most; undefined where none loses. */
export function losingText(points: readonly Point[], axes: readonly Axis[]): string | undefined {
  const all = points.flatMap((point) => Object.entries(point.economics ?? {}).map(([name, economics]) => ({ point, name, economics })));
  const sure = all.filter(({ economics }) => !isUnsure(economics.net_usd_per_month));
  const order = sure.toSorted((a, b) => a.economics.net_usd_per_month.mean - b.economics.net_usd_per_month.mean);
  const [worst] = order;
  if (points.length < 2 || worst === undefined || worst.economics.net_usd_per_month.mean >= 0) return undefined;
  const best = order.findLast(({ name, economics }) => name === worst.name && economics.net_usd_per_month.mean > 0);
  const saves = best === undefined ? "" : `; at ${settingsOf(best.point, axes)} it saves ${dollars(best.economics.net_usd_per_month.mean)}`;
  return `At ${settingsOf(worst.point, axes)} ${worthText(worst.name, worst.economics).replace("The", "the")}${saves}`;
}

/** "threshold 80 %, capacity 1000"; the plan's name where nothing was varied. */
export function settingsOf(point: Point, axes: readonly Axis[]): string {
  const varied = axes.flatMap(({ label, values }, i) => (values.length > 1 ? [`${label} ${point.values[i]}`] : []));
  return varied.length === 0 ? point.name : varied.join(", ");
}

export function hitRateText({ hitShare, breakEvenHitShare: even }: CacheEconomics): string {
  if (even === null) return "";
  if (even.mean <= 0) return "it pays from the first hit";
  return `it breaks even at a hit rate of ${percent(even.mean, 1)} and has ${percent(hitShare.mean, 1)}`;
}

export function cacheName(name: string): string {
  return name.includes(" ") ? `The ${name}` : `The cache ${name}`;
}

/** Whether the interval holds zero. */
function isUnsure({ low, high }: Estimate): boolean {
  return low !== undefined && high !== undefined && low <= 0 && high >= 0;
}

/** The largest part that is spent. */
function why({ saved_usd_per_month: saved }: CacheEconomics): string {
  const [largest] = Object.entries(saved).toSorted(([, a], [, b]) => a.mean - b.mean);
  if (largest === undefined || largest[1].mean >= 0) return "";
  return `: it spends ${dollars(-largest[1].mean)} on ${partWords[largest[0] as MoneyPart]}`;
}

function positive({ mean, low, high }: Estimate): Estimate {
  if (mean >= 0 || low === undefined || high === undefined)
    return { mean: Math.abs(mean), ...(low !== undefined && high !== undefined ? { low, high } : {}) };
  return { mean: -mean, low: -high, high: -low };
}
