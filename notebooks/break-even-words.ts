/** Break-evens as a table and in words. */
import { absent, dollars, plural, thousands } from "../src/base/format.ts";
import { dollarsWithInterval, withInterval } from "../src/experiment/interval-text.ts";
import type { Estimate } from "../src/experiment/result.ts";
import { type DataTable, left, line, right } from "../src/report/data-table.ts";
import { breakEvenMiss, breakEvenPrice, gainOf, missesPrevented, priceOf, type Step, verdictOn } from "./break-even.ts";

/** "1st", "2nd", "3rd", "4th"; up to 20. */
export function ordinal(rank: number): string {
  return `${rank}${["th", "st", "nd", "rd"][rank] ?? "th"}`;
}

/** @param fresh the same steps on replications that chose nothing, and `all` on both together */
export function stepTable(first: readonly Step[], fresh: readonly Step[], all: readonly Step[], usdPerMiss: number): DataTable {
  const whole = (estimate: Estimate): string => withInterval(estimate, thousands);
  return {
    caption: "What each further warm replica changes in a month",
    columns: [
      left("warm replica"),
      right("misses prevented"),
      right("on fresh seeds"),
      right("cost per month"),
      right("break-even miss"),
      right("break-even hour"),
      left("at its price"),
    ],
    lines: all.map((step, i) =>
      line(
        ordinal(step.size),
        whole(missesPrevented(first[i])),
        whole(missesPrevented(fresh[i])),
        dollarsWithInterval(priceOf(step)),
        missText(step),
        dollarsWithInterval(breakEvenPrice(step, usdPerMiss)),
        verdictOn(step, usdPerMiss),
      ),
    ),
    note: [
      `It pays where a miss costs more than the break-even miss, or, at ${dollars(usdPerMiss)} a miss, where a warm hour costs less than the break-even hour.`,
      `Costs and break-evens are of all ${plural(all[0].changes.length, "replication")}; ${absent}: not sure to prevent a miss`,
    ].join(" "),
  };
}

/** What a miss must cost for each further replica to pay, as it is and in another system that meets the same requests. */
export function missTable(before: readonly Step[], after: readonly Step[], change: string): DataTable {
  return {
    caption: "What a miss must cost so that a warm replica pays",
    columns: [left("warm replica"), right("as it is"), right(change)],
    lines: after.map((step, i) => line(ordinal(step.size), missText(before[i]), missText(step))),
    note: `On ${plural(after[0].changes.length, "replication")} that both meet; ${absent}: not sure to prevent a miss`,
  };
}

function missText(step: Step): string {
  const miss = breakEvenMiss(step);
  return miss === null ? absent : dollars(miss);
}

/** "the 1st, 2nd and 3rd pay for themselves, the 4th does not, of the 5th it is not sure". */
export function verdictWords(steps: readonly Step[], usdPerMiss: number): string {
  const having = (wanted: ReturnType<typeof verdictOn>): string[] =>
    steps.filter((step) => verdictOn(step, usdPerMiss) === wanted).map(({ size }) => ordinal(size));
  const [pays, not, unsure] = [having("pays"), having("does not pay"), having("undecided")];
  const parts = [
    ...(pays.length === 0
      ? []
      : [`the ${listed(pays)} ${pays.length === 1 ? "pays" : "pay"} for ${pays.length === 1 ? "itself" : "themselves"}`]),
    ...(not.length === 0 ? [] : [`the ${listed(not)} ${not.length === 1 ? "does" : "do"} not`]),
    ...(unsure.length === 0 ? [] : [`of the ${listed(unsure)} it is not sure`]),
  ];
  return parts.join(", ");
}

/** "gain $12,000 ± 900 a month": neutral where the interval spans zero. */
export function gains(step: Step, usdPerMiss: number): string {
  const gain = gainOf(step, usdPerMiss);
  const text = `${dollarsWithInterval(gain)} a month`;
  return verdictOn(step, usdPerMiss) === "undecided" ? `neither surely gain nor surely lose (${text})` : `gain ${text}`;
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
