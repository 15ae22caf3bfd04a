import { estimate } from "../estimate.ts";
import type { Sample } from "./trials.ts";

/** A plan that meets everything, with all its replications. */
export interface Incumbent {
  readonly plan: number;
  readonly usd: number;
  readonly samples: readonly Sample[];
  /** Standard deviation of its monthly cost over replications. */
  readonly spread: number;
}

/** How many standard deviations of the incumbent's own cost a rival must be dearer by, on the same requests, to be given up early. */
const clearly = 3;

/** Standard deviation that is taken of what a rival costs beyond its least, as a share of that, while little of it is simulated. */
const unsteady = 0.25;

export function incumbentOf(plan: number, samples: readonly Sample[]): Incumbent {
  const usd = meanOf(samples.map((one) => one.usd));
  const cases = new Set(samples.map(({ unit }) => unit.demand));
  const squares = [...cases].flatMap((demand) => {
    const own = samples.filter(({ unit }) => unit.demand === demand).map((one) => one.usd);
    const mean = meanOf(own);
    return own.map((value) => (value - mean) * (value - mean));
  });
  const spread = Math.sqrt(squares.reduce((sum, one) => sum + one, 0) / Math.max(1, samples.length - cases.size));
  return { plan, usd, samples, spread };
}

/**
 * Whether a plan is not cheaper than the incumbent: surely, since it costs more even if its other replications cost the least
 * they can; or clearly, since on the same requests it costs more each time and by more than chance moves costs.
 * @param least dollars per month that it costs at least
 * @param total replications that the verdict rests on
 */
export function cannotBeat(samples: readonly Sample[], least: number, total: number, incumbent: Incumbent): boolean {
  const spent = samples.reduce((sum, { usd }) => sum + usd, 0);
  if ((spent + (total - samples.length) * least) / total >= incumbent.usd) return true;
  if (samples.length === total || samples.length === 0) return false;
  const differences = pairsOf(samples, incumbent.samples).map(([own, other]) => own.usd - other.usd);
  const noise = Math.max(incumbent.spread, unsteady * (spent / samples.length - least));
  return differences.every((one) => one > 0) && meanOf(differences) > (clearly * noise) / Math.sqrt(samples.length);
}

/** The samples of two plans that are of the same replication. */
export function pairsOf(plan: readonly Sample[], other: readonly Sample[]): [Sample, Sample][] {
  return plan.flatMap((sample) => {
    const same = other.find(({ unit }) => unit.demand === sample.unit.demand && unit.replication === sample.unit.replication);
    return same === undefined ? [] : [[sample, same] as [Sample, Sample]];
  });
}

export function meanOf(values: readonly number[]): number {
  return estimate(values).mean;
}
