/** How each class fared after what disturbed it. */
import { absent, percent, seconds, thousands } from "../base/format.ts";
import { withInterval } from "../experiment/interval-text.ts";
import type { RecoveryResult } from "../experiment/recovery-result.ts";
import type { Point } from "../experiment/result.ts";
import { type DataTable, left, line, right } from "./data-table.ts";

export function recoveries({ classes }: Point): DataTable {
  const lines = Object.entries(classes).flatMap(([name, { recoveries: all }]) =>
    all.map((one) => {
      const { disturbance, from_s, unrecovered } = one;
      const { attemptsPerRequest = null, wastedShare = null, throttledShare = null } = unrecovered ?? {};
      return line(
        name,
        disturbance,
        seconds(from_s),
        recoveredText(one),
        withInterval(one.recovery_s, seconds),
        attemptsPerRequest === null ? absent : thousands(attemptsPerRequest.mean, 1),
        ...[wastedShare, throttledShare].map((share) => (share === null ? absent : percent(share.mean, 0))),
      );
    }),
  );
  const columns = [left("class"), left("disturbance"), right("at"), left("recovered"), right("after")];
  return {
    caption: "Recovery from disturbances",
    columns: [...columns, ...["attempts", "wasted", "throttled"].map(right)],
    lines,
    note: "Recovered is who is again 95 % as good as before, to the end; times count from the end of the disturbance. Attempts per request, work for clients who had left and calls throttled are of the time after it, where it was not recovered from.",
  };
}

/** "yes", "no", "3 of 5" replications, or that it could not be judged. */
export function recoveredText({ judged, recoveredShare }: RecoveryResult): string {
  if (recoveredShare === null) return "not judged";
  if (recoveredShare.mean === 1) return "yes";
  return recoveredShare.mean === 0 ? "no" : `${Math.round(recoveredShare.mean * judged)} of ${judged}`;
}
