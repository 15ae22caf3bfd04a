import type { Scenario } from "../scenario/schema.ts";
import { estimate } from "./estimate.ts";
import { missesIn } from "./misses.ts";
import { type Simulated, simulatePlans } from "./plan.ts";
import type { Estimate } from "./result.ts";
import type { BlastRadius, Trouble } from "./retrieval-result.ts";
import type { Runner } from "./runner.ts";
import { secondsMeasured } from "./spans.ts";
import type { Summary } from "./summary.ts";

/** What each trouble of each vector store did in every system: the system against itself without it, on the same seeds. */
export async function blastRadiusOf(simulated: readonly Simulated[], runner: Runner): Promise<BlastRadius[]> {
  const found = simulated.flatMap((one) => {
    const { vectorStores } = one.plan.decoded.scenario;
    return Object.entries(vectorStores).flatMap(([store, settings]) =>
      troubles
        .filter((trouble) => settings[keys[trouble]] !== undefined && (trouble !== "memory" || wasShort(one, store)))
        .map((trouble) => radiusOf(one, store, trouble, runner)),
    );
  });
  return Promise.all(found);
}

const troubles: readonly Trouble[] = ["rebuild", "outage", "reembedding", "memory"];
/** Which setting of a store brings the trouble. */
const keys = { rebuild: "rebuild", outage: "outages", reembedding: "reembed", memory: "memory" } as const;

/** A limit on memory is no trouble by itself; it fills alike in all replications, but for the last few writes. */
function wasShort({ replications }: Simulated, store: string): boolean {
  return replications[0].series?.vectorStores[store].troubles.some(({ trouble }) => trouble === "memory") ?? true;
}

async function radiusOf({ plan, replications }: Simulated, store: string, trouble: Trouble, runner: Runner): Promise<BlastRadius> {
  const { scenario } = plan.decoded;
  const calm = withoutTrouble(scenario, store, trouble);
  const [without] = await simulatePlans([{ ...plan, decoded: { ...plan.decoded, scenario: calm } }], runner);
  const summaries = replications.map(({ summary }) => summary);
  const caused = (count: (summary: Summary) => number): number[] =>
    summaries.map((summary, i) => count(summary) - count(without.replications[i].summary));
  // Goodput is a count over time, so that the count that it gives back is off in its last digits.
  const misses = (summary: Summary): number => Math.round(missesIn(summary, secondsMeasured(scenario)));
  return {
    plan: plan.name,
    store,
    trouble,
    misses: estimate(summaries.map(misses)),
    missesCaused: estimate(caused(misses)),
    causedShare: ratio(caused(misses), summaries.map(misses)),
    timeoutsCaused: estimate(caused(timeouts)),
    withoutCaused: estimate(caused((summary) => answersWithout(summary, store))),
  };
}

function withoutTrouble(scenario: Scenario, store: string, trouble: Trouble): Scenario {
  const settings = { ...scenario.vectorStores[store], [keys[trouble]]: undefined };
  return { ...scenario, vectorStores: { ...scenario.vectorStores, [store]: settings } };
}

function timeouts({ classes }: Summary): number {
  return Object.values(classes).reduce((sum, { counts }) => sum + counts.outcomes.timedOut, 0);
}

/** Requests of all classes that were served without what the store gives. */
function answersWithout({ classes }: Summary, store: string): number {
  return Object.values(classes).reduce((sum, { stages }) => sum + (stages[store]?.without ?? 0), 0);
}

/**
 * One sum over another, paired by replication; null where the second is 0. The quotient of the means rather than the mean of quotients, so
 * that a replication with few misses does not count as much as one with many; its interval is that of the residuals (delta method).
 */
export function ratio(parts: readonly number[], wholes: readonly number[]): Estimate | null {
  const whole = estimate(wholes).mean;
  if (whole === 0) return null;
  const quotient = estimate(parts).mean / whole;
  const { low, high } = estimate(parts.map((part, i) => quotient + (part - quotient * wholes[i]) / whole));
  return { mean: quotient, ...(low === undefined ? {} : { low, high: high! }) };
}
