/** The months of a forecast: how much traffic, what is attained, what it costs. */
import { dollarsWithInterval, percentWithInterval } from "../experiment/interval-text.ts";
import type { Course } from "../experiment/forecast-result.ts";
import type { Result } from "../experiment/result.ts";
import { tightest } from "../experiment/tightest.ts";
import { type DataTable, left, right } from "./data-table.ts";
import { watchedAs } from "./objective.ts";

/** One table for each course; none for a result of another kind. */
export function forecastTables(result: Result): DataTable[] {
  return (result.forecast?.courses ?? []).map((course) => monthsOf(course, result));
}

function monthsOf({ demand, monthly }: Course, result: Result): DataTable {
  const points = monthly.map(({ point }) => result.points[point]);
  const priced = points.some(({ cost }) => cost.usd_per_month.mean > 0);
  const lines = monthly.map(({ traffic }, month) => {
    const { attainment, cost, verdict, classes } = points[month];
    const named = tightest(classes, verdict);
    const which = named === undefined || verdict === "met" ? verdict : `${verdict}: ${named.className} ${named.objective.text}`;
    return {
      cells: [
        { text: String(month) },
        { text: multiples(Object.values(traffic)) },
        { text: percentWithInterval(attainment) },
        ...(priced ? [{ text: dollarsWithInterval(cost.usd_per_month) }] : []),
        { text: which, verdict },
      ],
    };
  });
  const money = priced ? [right("cost per month")] : [];
  return {
    caption: demand === null ? "Month by month" : `Month by month, with ${demand} growth`,
    columns: [right("month"), right("traffic multiple"), right("attainment"), ...money, left("SLO")],
    lines,
    note: `Month 0 is the scenario as it stands; attainment is the share of requests ${watchedAs(result)}. Months are simulated alone, each for the scenario's horizon.`,
  };
}

/** "1.71", or where classes grow unlike each other the least and the most: "1.27 to 1.71". */
function multiples(factors: readonly number[]): string {
  const [least, most] = [Math.min(...factors), Math.max(...factors)].map((factor) => factor.toFixed(2));
  return least === most ? least : `${least} to ${most}`;
}
