import type { CauseWorth, Explanation } from "../explanation-result.ts";
import type { Simulated } from "../plan.ts";
import { type Figure, goodFigure, moneyFigure, pairedChange } from "./figures.ts";
import type { Cause } from "./cause.ts";

/** What each cause is worth, the most attainment first. @param without the system without each cause, in order */
export function worthOf(causes: readonly Cause[], base: Simulated, without: readonly Simulated[], attainment: Figure): CauseWorth[] {
  const before = summariesOf(base);
  const good = goodFigure(base);
  const worths = causes.map(({ name, words }, i): CauseWorth => {
    const after = summariesOf(without[i]);
    const [share, goodShare, usd] = [attainment, good, moneyFigure].map((figure) => pairedChange(before, after, figure));
    return { cause: name, words, attainment: share, goodShare, usd_per_month: usd };
  });
  return worths.toSorted((a, b) => b.attainment.mean - a.attainment.mean || b.goodShare.mean - a.goodShare.mean);
}

/** Of what more money than it saves would have to be spent on, this share of its gain is taken for as much. */
const asGood = 0.9;

/**
 * The cause that costs most, of those that are sure to cost attainment at all, and those that the statistics do not set apart from it.
 * More replicas cure most things at a price, so that where taking away the first costs money, one that gains nearly as much for nothing
 * is to blame before it.
 */
export function blameOf(worths: readonly CauseWorth[], without: ReadonlyMap<string, Simulated>, attainment: Figure): Explanation["blame"] {
  const sure = worths.filter((worth) => (worth.attainment.low ?? 0) > 0);
  if (sure.length === 0) return null;
  const apart = (a: CauseWorth, b: CauseWorth): boolean => {
    const ahead = pairedChange(summariesOf(without.get(b.cause)!), summariesOf(without.get(a.cause)!), attainment);
    return ahead.low !== undefined && ahead.high !== undefined && (ahead.low > 0 || ahead.high < 0);
  };
  const [most] = sure;
  const free = isBought(most)
    ? sure.find((worth) => !isBought(worth) && (worth.attainment.mean >= asGood * most.attainment.mean || !apart(most, worth)))
    : undefined;
  const first = free ?? most;
  const tied = sure.filter((worth) => worth !== first && !apart(first, worth));
  return { cause: first.cause, tiedWith: tied.map(({ cause }) => cause) };
}

/** Whether a system without the cause is sure to cost more. */
export function isBought({ usd_per_month }: CauseWorth): boolean {
  return (usd_per_month.low ?? usd_per_month.mean) > 0;
}

function summariesOf({ replications }: Simulated) {
  return replications.map(({ summary }) => summary);
}
