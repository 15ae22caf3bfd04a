import { dollars, percent, plural } from "../../base/format.ts";
import type { CauseWorth, Explanation } from "../explanation-result.ts";
import { halfWidth } from "../interval-text.ts";
import type { Point, WatchedObjective } from "../result.ts";
import { causes } from "./registry.ts";
import { isBought } from "./worth.ts";

/** Less than this is told as 0.00 points, however sure it is. */
const leastTold = 0.000_05;

/** Which cause costs most, how sure that is, and what comes next. @param points the system as it is, then without each cause, in the order of `causes` */
export function adviceOnExplanation(
  { causes: worths, blame }: Explanation,
  points: readonly Point[],
  watched: WatchedObjective | undefined,
): string {
  const what = watched === undefined ? "the share served" : `${watched.className} ${watched.text}`;
  const [base] = points;
  const reached = watched === undefined ? `${percent(base.attainment.mean)} are served` : `${percent(base.attainment.mean)} meet ${what}`;
  if (worths.length === 0) return `Nothing in this scenario can be taken away; ${reached}.`;
  if (blame === null) return nobodysFault(worths, reached, base.replications);
  const first = worths.find(({ cause }) => cause === blame.cause)!;
  const without = points[1 + worths.indexOf(first)].attainment.mean;
  const would = watched === undefined ? "would be served" : "would meet it";
  const bought = isBought(first) ? `, for ${dollars(first.usd_per_month.mean)} a month more` : "";
  const main = `${capitalised(first.words)} ${verb(first)} ${what} ${pointsText(first)} of attainment: without ${pronoun(first)} ${percent(without, 1)} ${would}, not ${percent(base.attainment.mean, 1)}${bought}.`;
  const others = worths.filter((worth) => worth !== first && (worth.attainment.low ?? 0) > 0);
  const tied = others.filter(({ cause }) => blame.tiedWith.includes(cause));
  const equals = tied.length === 0 ? [] : [`The statistics do not set apart: ${tied.map(named).join("; ")}.`];
  const rest = others.filter((worth) => !tied.includes(worth) && worth.attainment.mean >= leastTold).slice(0, 2);
  const next = rest.length === 0 ? [] : [`Next: ${rest.map(named).join("; ")}.`];
  return [main, ...equals, ...next].join(" ");
}

function nobodysFault(worths: readonly CauseWorth[], reached: string, replications: number): string {
  const [largest] = worths;
  if (replications === 1 && largest.attainment.mean > 0) {
    return `One replication cannot tell which cause costs most: the largest change is ${named(largest)}; ${reached}. Add replications.`;
  }
  const most = largest.attainment.mean <= 0 ? "" : `; the largest change, ${named(largest)}, may be chance`;
  return `No cause is sure to cost attainment of the ${plural(worths.length, "cause")} taken away one at a time${most}; ${reached}.`;
}

/** "cold starts, 11.30 ± 0.80 points", and what it would cost to be without them. */
function named(worth: CauseWorth): string {
  const price = isBought(worth) ? ` for ${dollars(worth.usd_per_month.mean)} a month` : "";
  return `${worth.words}, ${pointsText(worth)}${price}`;
}

function pointsText({ attainment }: CauseWorth): string {
  const half = halfWidth(attainment);
  const mean = (attainment.mean * 100).toFixed(2);
  return half === undefined ? `${mean} points` : `${mean} ± ${(half * 100).toFixed(2)} points`;
}

function isPlural({ cause }: CauseWorth): boolean {
  return causes.find(({ name }) => name === cause)!.plural;
}

function verb(worth: CauseWorth): string {
  return isPlural(worth) ? "cost" : "costs";
}

function pronoun(worth: CauseWorth): string {
  return isPlural(worth) ? "them" : "it";
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
