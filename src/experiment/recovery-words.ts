/** Sentences on systems that did not recover from a disturbance. */
import { percent, plural, seconds, thousands } from "../base/format.ts";
import type { Loop, RecoveryResult, Stuck } from "./recovery-result.ts";

/** "the spike at 1 h", "the outages of api at 2 h". */
export function named({ disturbance, from_s }: RecoveryResult): string {
  return `the ${disturbance} at ${seconds(from_s)}`;
}

/** "recovers from the spike at 1 h in 2 of 5 replications", or in none: "does not recover from the spike at 1 h". Only where some did not. */
export function unrecoveredText(recovery: RecoveryResult): string {
  const { judged, recoveredShare } = recovery;
  const recovered = Math.round((recoveredShare?.mean ?? 0) * judged);
  if (recovered === 0) return `does not recover from ${named(recovery)}`;
  return `recovers from ${named(recovery)} in ${recovered} of ${plural(judged, "replication")} only`;
}

/** What went on in the time that was not recovered: "3.9 attempts per request, 71 % of busy replica time for clients who had left". */
export function unrecoveredNumbers({ unrecovered }: RecoveryResult): string {
  if (unrecovered === null) return "";
  const { attemptsPerRequest, wastedShare, throttledShare } = unrecovered;
  return [
    ...(attemptsPerRequest === null ? [] : [`${thousands(attemptsPerRequest.mean, 1)} attempts per request`]),
    ...(wastedShare.mean > 0 ? [`${percent(wastedShare.mean, 0)} of busy replica time for clients who had left`] : []),
    ...(throttledShare !== null && throttledShare.mean > 0 ? [`${percent(throttledShare.mean, 0)} of calls throttled`] : []),
  ].join(", ");
}

/** One sentence for each stuck system, with the loop that holds it down. @param several whether to say which system it is */
export function stuckSentences(stuck: readonly Stuck[], several: boolean): string[] {
  return stuck.map((one) => {
    const where = several ? `In ${one.plan}, ` : "";
    return `${where}${one.className} ${unrecoveredText(one.recovery)}: ${loopSentences[one.loop](one)}.`;
  });
}

const loopSentences: Record<Loop, (stuck: Stuck) => string> = {
  retries: ({ withoutRetries }) => `retries hold it down: without them it recovers ${after(withoutRetries)}`,
  abandonedWork: ({ withoutAbandonedWork }) =>
    `work for clients who had left holds it down: with onCancel: abort it recovers ${after(withoutAbandonedWork)}`,
  either: ({ withoutRetries, withoutAbandonedWork }) =>
    `retries and work for clients who had left hold it down together: without retries it recovers ${after(withoutRetries)}, with onCancel: abort ${after(withoutAbandonedWork)}`,
  both: ({ withoutBoth }) =>
    `retries hold it down, and so does work for clients who had left: it recovers only without both, ${after(withoutBoth)}`,
  load: ({ withoutRetries }) =>
    `it has more load than it works off in the time left, ${withoutRetries === undefined ? "though nothing is retried" : "even without retries"}`,
};

function after(recovery: RecoveryResult | undefined): string {
  const time = recovery?.recovery_s?.mean;
  return time === undefined ? "" : time < 0.5 ? "at once" : `in ${seconds(Math.round(time))}`;
}
