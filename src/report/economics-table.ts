/** What caches are worth: in money, and in what need not be done. */
import { absent, amount, percent, seconds, shortAmount } from "../base/format.ts";
import type { CacheEconomics, MoneyPart } from "../experiment/cache-result.ts";
import { partWords } from "../experiment/cache-words.ts";
import { dollarsWithInterval, percentWithInterval, withInterval } from "../experiment/interval-text.ts";
import type { Point } from "../experiment/result.ts";
import { type DataTable, line, nameAndNumbers } from "./data-table.ts";

export function cacheWorth({ economics = {} }: Point): DataTable {
  const lines = Object.entries(economics).map(([name, one]) =>
    line(
      name,
      percentWithInterval(one.hitShare, 1),
      breakEvenText(one),
      dollarsWithInterval(one.net_usd_per_month),
      dollarsWithInterval(one.cost_usd_per_month),
      withInterval(one.hitGain_s, seconds),
      withInterval(one.missLoss_s, seconds),
    ),
  );
  return {
    caption: "What caches are worth",
    columns: nameAndNumbers("cache", "hit rate", "breaks even", "net per month", "without hits", "hit gains", "miss loses"),
    lines,
    note:
      "The plan against itself without the cache, on the same seeds: net is what it saves, without hits what it would cost if it never " +
      "found anything. It breaks even on the straight line between the two. Gains and losses are of requests served either way.",
  };
}

export function cacheSavings({ economics = {} }: Point): DataTable {
  const all = Object.entries(economics);
  const parts = (Object.keys(partWords) as MoneyPart[]).filter((part) =>
    all.some(([, one]) => one.saved_usd_per_month[part] !== undefined),
  );
  const lines = all.map(([name, one]) => {
    const money = parts.map((part) => dollarsWithInterval(one.saved_usd_per_month[part] ?? null));
    const counts = [shortAmount(one.attemptsSaved.mean), shortAmount(one.tokensSaved.mean), amount(one.replicaHoursSaved.mean)];
    return line(name, ...counts, ...money);
  });
  const columns = nameAndNumbers("cache", "attempts", "tokens", "replica hours", ...parts.map((part) => partWords[part]));
  const note = "Attempts, tokens and busy replica hours are those saved in a replication; dollars are per month, negative where spent.";
  return { caption: "What caches save", columns, lines, note };
}

/** "at any" where having the cache costs nothing. */
export function breakEvenText({ breakEvenHitShare: even }: CacheEconomics): string {
  if (even === null) return absent;
  return even.mean <= 0 ? "at any" : percent(even.mean, 1);
}
