/** Sentences on what the troubles of vector stores did to whoever depends on them. */
import { thousands } from "../base/format.ts";
import { percentWithInterval, withInterval } from "./interval-text.ts";
import type { Estimate } from "./result.ts";
import type { BlastRadius, Trouble } from "./retrieval-result.ts";

/**
 * Of one system a sentence for each trouble that surely caused something, most misses first; of several systems one for the worst of each.
 * @param several whether to say which system it is
 */
export function blastRadiusSentences(all: readonly BlastRadius[], several: boolean): string[] {
  const sure = all.filter(({ missesCaused, withoutCaused }) => isSure(missesCaused) || isSure(withoutCaused));
  const worstFirst = sure.toSorted((a, b) => b.missesCaused.mean - a.missesCaused.mean || b.withoutCaused.mean - a.withoutCaused.mean);
  if (!several) return worstFirst.map((one) => `${capital(sentence(one))}.`);
  const plans = [...new Set(sure.map(({ plan }) => plan))];
  return plans.map((name) => `In ${name}, ${sentence(worstFirst.find(({ plan }) => plan === name)!)}.`);
}

const subjects: Readonly<Record<Trouble, (store: string) => string>> = {
  rebuild: (store) => `rebuilds of ${store}'s index cause`,
  outage: (store) => `outages of ${store} cause`,
  reembedding: (store) => `the re-embedding of ${store} causes`,
  memory: (store) => `short memory of ${store} causes`,
};

/** "outages of handbook cause 83 % ± 4 of the misses (paired runs without them): 1,240 ± 90 a replication, with 310 ± 20 more time-outs". */
function sentence({ store, trouble, missesCaused, causedShare, timeoutsCaused, withoutCaused }: BlastRadius): string {
  const subject = subjects[trouble](store);
  const pronoun = subject.endsWith("causes") ? "it" : "them";
  const bare = isSure(withoutCaused) ? `${whole(withoutCaused)} more answers without what it gives` : undefined;
  if (!isSure(missesCaused) || causedShare === null)
    return `${subject} no certain misses, but ${bare} a replication (paired runs without ${pronoun})`;
  const more = [isSure(timeoutsCaused) ? `${whole(timeoutsCaused)} more time-outs` : undefined, bare].filter((one) => one !== undefined);
  const told = more.length === 0 ? "" : `, with ${more.join(" and ")}`;
  const share = percentWithInterval(causedShare, 0);
  return `${subject} ${share} of the misses (paired runs without ${pronoun}): ${whole(missesCaused)} a replication${told}`;
}

/** Whether its interval lies above 0; with one replication, which has none, whether it does itself. */
function isSure({ mean, low }: Estimate): boolean {
  return (low ?? mean) > 0;
}

function whole(estimate: Estimate): string {
  return withInterval(estimate, (value) => thousands(Math.round(value)));
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
