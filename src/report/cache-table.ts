/** What caches kept whose hit rate follows from what is asked. */
import { amount } from "../base/format.ts";
import { withInterval } from "../experiment/interval-text.ts";
import type { Point } from "../experiment/result.ts";
import { type DataTable, line, nameAndNumbers } from "./data-table.ts";

export function keptAnswers({ caches }: Point): DataTable {
  const lines = Object.entries(caches).flatMap(([name, { coalesced, entries, evictions, expired }]) => {
    const numbers = [entries, evictions, expired, coalesced].filter((one) => one !== null);
    return numbers.length === 0 ? [] : [line(name, ...numbers.map((one) => withInterval(one, amount)))];
  });
  return {
    caption: "Answers kept",
    columns: nameAndNumbers("cache", "held", "evicted", "expired", "waited for"),
    lines,
    note: "Held is a mean over time. Waited for: hits on an answer that another request had asked for already.",
  };
}
