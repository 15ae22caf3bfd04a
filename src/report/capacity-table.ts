/** The multiples of the traffic that were tried, and what twice as much of each resource would do beyond the last that holds. */
import type { CapacityResult } from "../experiment/capacity-result.ts";
import type { Result } from "../experiment/result.ts";
import { dollarsWithInterval, halfWidth, percentWithInterval } from "../experiment/interval-text.ts";
import { tightest } from "../experiment/tightest.ts";
import { percent, signed } from "../base/format.ts";
import { type DataTable, left, right } from "./data-table.ts";

/** Without a line for a result of another kind. */
export function capacityTables(result: Result): DataTable[] {
  const { capacity } = result;
  return capacity === undefined ? [] : [multiplesTried(result), remedies(capacity)].filter(({ lines }) => lines.length > 0);
}

function multiplesTried({ points, best }: Result): DataTable {
  const priced = points.some(({ cost }) => cost.usd_per_month.mean > 0);
  const lines = points.map(({ values, classes, verdict, margin, cost }, i) => {
    const named = tightest(classes);
    const reached = named === undefined || named.objective.kind === "cost" ? undefined : named.objective.attained;
    return {
      marked: i === best,
      cells: [
        { text: values[0] },
        { text: named === undefined ? "" : `${named.className} ${named.objective.text}` },
        { text: reached === undefined ? dollarsWithInterval(cost.usd_per_month) : percentWithInterval(reached) },
        { text: percent(margin.mean, 0) },
        ...(priced ? [{ text: dollarsWithInterval(cost.usd_per_month) }] : []),
        { text: verdict, verdict },
      ],
    };
  });
  const money = priced ? [right("per month")] : [];
  const columns = [right("times the traffic"), left("tightest objective"), right("attained"), right("budget left"), ...money, left("SLO")];
  return {
    caption: "Multiples of the traffic",
    columns,
    lines,
    note: "Every multiple meets the same randomness; budget left is of the tightest objective.",
    mark: "up to here surely kept",
  };
}

function remedies({ breaks, remedies: all, binding }: CapacityResult): DataTable {
  const lines = all.map(({ resource, gain, significant, attained, verdict }) => {
    const half = halfWidth(gain);
    const change = `${signed(gain.mean, (value) => `${(value * 100).toFixed(2)} points`)}${half === undefined ? "" : ` ± ${(half * 100).toFixed(2)}`}`;
    const told = gain.low === undefined ? "no interval" : significant ? "yes" : "no";
    return {
      marked: resource === binding,
      cells: [{ text: resource }, { text: percentWithInterval(attained) }, { text: change }, { text: told }, { text: verdict, verdict }],
    };
  });
  const columns = [left("twice the"), right("attained"), right("change"), left("significant"), left("SLO")];
  const of = breaks === null ? "" : `: ${breaks.className} ${breaks.text} at ${breaks.at} times the traffic`;
  return { caption: `What twice as much of each resource would do${of}`, columns, lines, mark: "what there is too little of" };
}
