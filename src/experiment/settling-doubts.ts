import { percent, seconds, plural } from "../base/format.ts";
import type { Settled } from "./settled.ts";

/** A system that does not become steady, and a precision that was not reached. @param warmup seconds that were cut */
export function doubtsAboutSettling({ warmUp, precision }: Settled, warmup: number): string[] {
  const doubts: string[] = [];
  if (warmUp?.steady === false) {
    const where = `${warmUp.className} of ${warmUp.plan}`;
    doubts.push(`no steady state within the horizon: ${where} never settles, so that the first half, ${seconds(warmup)}, is not counted`);
  }
  if (precision?.capped === true) {
    const { wanted, of, plan, replications } = precision;
    const reached = precision.reached === null ? "cannot be told" : `is known to ± ${percent(precision.reached, 1)}`;
    doubts.push(`${plural(replications, "replication")} are not enough for ± ${percent(wanted, 1)}: ${of} of ${plan} ${reached}`);
  }
  return doubts;
}
