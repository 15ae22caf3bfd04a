/** What the troubles of vector stores did to whoever depends on them. */
import { absent, amount, percent } from "../base/format.ts";
import { percentWithInterval, withInterval } from "../experiment/interval-text.ts";
import type { Estimate, Result } from "../experiment/result.ts";
import { type DataTable, left, line, right } from "./data-table.ts";
import { troubleWords } from "./trouble-words.ts";

/** A line for each trouble of each store, of every system where there are several. */
export function blastRadii({ blastRadius = [], points }: Result): DataTable {
  const several = points.length > 1;
  const lines = blastRadius.map(({ plan, store, trouble, misses, missesCaused, causedShare, timeoutsCaused, withoutCaused }) =>
    line(
      ...(several ? [plan] : []),
      store,
      troubleWords[trouble],
      // Beside the names of plans there is no room for the interval of what the next two columns bound.
      several ? amount(Math.round(misses.mean)) : whole(misses),
      whole(missesCaused),
      causedShare === null ? absent : several ? percent(causedShare.mean, 1) : percentWithInterval(causedShare, 1),
      whole(timeoutsCaused),
      whole(withoutCaused),
    ),
  );
  const numbers = ["misses", "caused", "share caused", "more time-outs", "more without"];
  return {
    caption: "What retrieval's troubles caused",
    columns: [...(several ? [left("plan")] : []), left("store"), { ...left("trouble"), whole: true }, ...numbers.map(right)],
    lines,
    note: "Requests per replication that were not served or failed an objective; caused is how many more than without the trouble, on the same seeds. More without are answers without what the store gives.",
  };
}

function whole(estimate: Estimate): string {
  return withInterval(estimate, (value) => amount(Math.round(value)));
}
