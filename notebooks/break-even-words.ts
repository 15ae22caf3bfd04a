/** Break-evens as a table and in words. */
import { absent, dollars, plural, thousands } from "../src/base/format.ts";
import { dollarsWithInterval, withInterval } from "../src/experiment/interval-text.ts";
import type { Estimate } from "../src/experiment/result.ts";
import { type DataTable, left, line, right } from "../src/report/data-table.ts";
import { breakEvenMiss, breakEvenPrice, missesPrevented, priceOf, type Step, verdictOn } from "./break-even.ts";

/** "1st", "2nd", "3rd", "4th"; up to 20. */
export function ordinal(rank: number): string {
  return `${rank}${["th", "st", "nd", "rd"][rank] ?? "th"}`;
}

/** @param fresh the same steps on replications that chose nothing, and `all` on both together */
export function stepTable(first: readonly Step[], fresh: readonly Step[], all: readonly Step[], usdPerMiss: number): DataTable {
  const whole = (estimate: Estimate): string => withInterval(estimate, thousands);
  return {
    caption: `What each further warm replica changes in a month, and whether it pays at ${dollars(usdPerMiss)} a miss`,
    columns: [
      left("warm replica"),
      right("misses prevented"),
      right("fresh seeds"),
      right("cost per month"),
      right("pays from a miss of"),
      right("pays up to an hour at"),
      left("at its price"),
    ],
    lines: all.map((step, i) => {
      const miss = breakEvenMiss(step);
      return line(
        ordinal(step.size),
        whole(missesPrevented(first[i])),
        whole(missesPrevented(fresh[i])),
        dollarsWithInterval(priceOf(step)),
        miss === null ? absent : dollars(miss),
        dollarsWithInterval(breakEvenPrice(step, usdPerMiss)),
        verdictOn(step, usdPerMiss),
      );
    }),
    note: `Costs and break-evens are of all ${plural(all[0].changes.length, "replication")}; ${absent}: not sure to prevent a miss`,
  };
}

/** "the 1st, 2nd and 3rd pay for themselves, the 4th does not, of the 5th it is not sure". */
export function verdictWords(steps: readonly Step[], usdPerMiss: number): string {
  const having = (wanted: ReturnType<typeof verdictOn>): string[] =>
    steps.filter((step) => verdictOn(step, usdPerMiss) === wanted).map(({ size }) => ordinal(size));
  const [pays, not, unsure] = [having("pays"), having("does not pay"), having("undecided")];
  const parts = [
    ...(pays.length === 0 ? [] : [`the ${listed(pays)} ${pays.length === 1 ? "pays" : "pay"} for ${pays.length === 1 ? "itself" : "themselves"}`]),
    ...(not.length === 0 ? [] : [`the ${listed(not)} ${not.length === 1 ? "does" : "do"} not`]),
    ...(unsure.length === 0 ? [] : [`of the ${listed(unsure)} it is not sure`]),
  ];
  return parts.join(", ");
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
