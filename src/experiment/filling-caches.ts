import { percent } from "../base/format.ts";
import type { Point } from "./result.ts";

/** Less of a rise is not worth a word; and so many standard errors of the difference make it no chance. */
const leastRise = 0.02;
const manyErrors = 4;

/** Caches, of those that begin empty, whose hit rate was clearly higher in the last third of what is measured than in the first: they were still filling. */
export function fillingCaches(
  { series, caches: all }: Point,
  warmup: number,
  horizon: number,
): { name: string; text: string; rise: number }[] {
  const third = (horizon - warmup) / 3;
  return Object.entries(series.caches).flatMap(([name, { lookups, hits }]) => {
    if (all[name].entries === null) return [];
    const between = (counts: readonly number[], from: number, to: number): number =>
      counts.reduce((sum, count, i) => (i * series.window_s >= from && i * series.window_s < to ? sum + count : sum), 0);
    const rate = (from: number, to: number) => {
      const asked = between(lookups, from, to);
      const share = asked === 0 ? 0 : between(hits, from, to) / asked;
      return { asked, share, variance: asked === 0 ? 0 : (share * (1 - share)) / asked };
    };
    const [first, last] = [rate(warmup, warmup + third), rate(horizon - third, horizon)];
    const rise = last.share - first.share;
    const chance = manyErrors * Math.sqrt(first.variance + last.variance);
    if (first.asked === 0 || last.asked === 0 || rise < leastRise || rise <= chance) return [];
    const rates = `from ${percent(first.share, 0)} in the first third of what is measured to ${percent(last.share, 0)} in the last`;
    return [{ name, rise, text: `${name}: its hit rate rose ${rates}, so that the warm-up is shorter than it takes to fill` }];
  });
}
