/** All plans with their numbers, for a spreadsheet or a notebook. */
import type { Estimate, Point, Result } from "../experiment/result.ts";
import { csvField } from "./csv.ts";

/**
 * One row per plan, in the order of the result.
 *
 * - `plan`: its name, then for each axis the value of its path
 * - `replications`, `verdict`
 * - `attainment` of the watched objective, `margin` of the tightest (share of its error budget left), `cost_usd_per_month`, `goodput_per_s`,
 *   `wasted_share`; then of each class `ttft_p95_s`, `total_p95_s`, `total_p99_s` and, by its text, what share of the requests met each objective
 * - each number but the first two is followed by `…_low` and `…_high`, the ends of its interval, empty with one replication
 */
export function pointsCsv({ axes, points }: Result): string {
  const [first] = points;
  if (first === undefined) return "plan\n";
  const numbers = points.map(numbersOf);
  // Plans of a comparison need not have the same classes and objectives.
  const names = [...new Set(numbers.flatMap((one) => [...one.keys()]))];
  const head = ["plan", ...axes.map(({ path }) => path), "replications", "verdict"];
  const rows = points.map((point, i) => [
    point.name,
    ...point.values,
    point.replications,
    point.verdict,
    ...names.flatMap((name) => fieldsOf(numbers[i].get(name) ?? null)),
  ]);
  const columns = names.flatMap((name) => [name, `${name}_low`, `${name}_high`]);
  return `${[[...head, ...columns], ...rows].map((row) => row.map(csvField).join(",")).join("\n")}\n`;
}

function numbersOf(point: Point): Map<string, Estimate | null> {
  const numbers = new Map<string, Estimate | null>([
    ["attainment", point.attainment],
    ["margin", point.margin],
    ["cost_usd_per_month", point.cost.usd_per_month],
    ["goodput_per_s", point.goodput_per_s],
    ["wasted_share", point.wastedShare],
  ]);
  for (const [name, { ttft_s, total_s, objectives }] of Object.entries(point.classes)) {
    numbers.set(`${name} ttft_p95_s`, ttft_s.p95);
    numbers.set(`${name} total_p95_s`, total_s.p95);
    numbers.set(`${name} total_p99_s`, total_s.p99);
    for (const { text, attained } of objectives) numbers.set(`${name} ${text}`, attained);
  }
  return numbers;
}

function fieldsOf(estimate: Estimate | null): (number | null)[] {
  return estimate === null ? [null, null, null] : [estimate.mean, estimate.low ?? null, estimate.high ?? null];
}
