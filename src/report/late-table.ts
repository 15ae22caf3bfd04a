import { absent, amount, percent, seconds } from "../base/format.ts";
import { causeWords } from "../experiment/cause-words.ts";
import { withInterval } from "../experiment/interval-text.ts";
import { type ClassResult, outcomes, type Point } from "../experiment/result.ts";
import { causes } from "../traffic/cause.ts";
import { outcomeLabel } from "./charts/theme.ts";
import { type DataTable, left, line, nameAndNumbers, right } from "./data-table.ts";

/** What the time of late requests went to, beside that of all. */
export function lateTime({ classes }: Point): DataTable {
  const lines = Object.entries(classes).flatMap(([name, { lateTime_s: late, time_s: all }]) => {
    const whole = causes.reduce((sum, cause) => sum + (late[cause]?.mean ?? 0), 0);
    return causes.flatMap((cause) => {
      const time = late[cause];
      if (time === undefined) return [];
      return [line(name, causeWords[cause], percent(time.mean / whole), withInterval(time, seconds), withInterval(all[cause]!, seconds))];
    });
  });
  const columns = [left("class"), left("went to"), right("share"), right("of a late request"), right("of any request")];
  const note =
    "Late is who missed an objective of its class or was not served. Shares are of the time of late requests from arrival to end; times are means.";
  return { caption: "Where the time of late requests went", columns, lines, note };
}

/** How late requests ended: served too late, or not at all. */
export function lateEndings({ classes }: Point): DataTable {
  const late = Object.entries(classes).filter(([, { lateRequests }]) => lateRequests.mean > 0);
  const seen = outcomes.filter((outcome) => late.some(([, one]) => lateCount(one, outcome) > 0));
  const lines = late.map(([name, one]) => {
    const { lateRequests, offered } = one;
    const shares = seen.map((outcome) => percent(lateCount(one, outcome) / lateRequests.mean));
    const share = offered.mean > 0 ? percent(lateRequests.mean / offered.mean) : absent;
    return line(name, withInterval(lateRequests, amount), share, ...shares);
  });
  const columns = nameAndNumbers("class", "late", "of all", ...seen.map((outcome) => outcomeLabel[outcome]));
  return { caption: "How late requests ended", columns, lines, note: "Late is per replication; endings are shares of the late." };
}

/** Whoever is not served is late, so that of those served late are what is left. */
function lateCount({ lateRequests, outcomes: counts }: ClassResult, outcome: (typeof outcomes)[number]): number {
  if (outcome !== "served") return counts[outcome].mean;
  return outcomes.reduce((rest, other) => (other === "served" ? rest : rest - counts[other].mean), lateRequests.mean);
}
