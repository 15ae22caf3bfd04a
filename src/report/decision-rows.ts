/** The rows of the decision table, shared by the terminal and the page: ranked, equal plans merged, cut to what can be read. */
import type { Axis, Point, Result } from "../experiment/result.ts";
import { ranked, sharedFolders } from "./plans.ts";
import { valueNames } from "./value-names.ts";

export interface DecisionRow {
  /** Shown beside each varied axis; several values joined when they made no difference, "any" when none of the axis did. */
  readonly values: readonly string[];
  readonly point: Point;
  /** How many plans this row stands for. */
  readonly plans: number;
  readonly best: boolean;
}

export interface Decision {
  /** Axes with more than one value, one column each; empty for compare, whose rows are named. */
  readonly axes: readonly Axis[];
  /** Axes with one value, said once above the table. */
  readonly fixed: readonly Axis[];
  readonly rows: readonly DecisionRow[];
  /** Plans that have no row. */
  readonly hidden: number;
}

/** At most `limit` rows, default 24; the best plan is always among them. */
export function decisionRows(result: Result, limit = 24): Decision {
  const varied = result.axes.flatMap((axis, i) => (axis.values.length > 1 ? [i] : []));
  const best = result.best === undefined ? undefined : result.points[result.best];
  let rows: DecisionRow[] = ranked(result.points).map((point) => ({
    values: varied.length === 0 ? [point.name] : varied.map((i) => point.values[i]),
    point,
    plans: 1,
    best: point === best,
  }));
  for (const [column, axis] of varied.entries()) rows = mergeColumn(rows, column, result.axes[axis]);
  const shown = rows.map(({ values, point, plans, best: advised }) => {
    const short = values.map((value, column) => shortened(value, result.axes[varied[column]]));
    return { values: short, point, plans, best: advised };
  });
  return { ...cut(shown, limit), axes: varied.map((i) => result.axes[i]), fixed: result.axes.filter((axis) => axis.values.length === 1) };
}

/** Joins rows that differ in this column alone and whose results are the same number for number: the setting had no effect. */
function mergeColumn(rows: readonly DecisionRow[], column: number, axis: Axis): DecisionRow[] {
  const groups = new Map<string, DecisionRow[]>();
  for (const row of rows) {
    const key = JSON.stringify([row.values.with(column, ""), numbers(row.point)]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return [...groups.values()].map((group) => mergeGroup(group, column, axis));
}

function mergeGroup(group: readonly DecisionRow[], column: number, axis: Axis): DecisionRow {
  const { values, point, best } = group.find((row) => row.best) ?? group[0];
  const position = (row: DecisionRow) => axis.values.indexOf(row.values[column]);
  const merged = group.toSorted((a, b) => position(a) - position(b)).map((row) => row.values[column]);
  const shown = merged.length === axis.values.length ? "any" : merged.join(", ");
  return { values: values.with(column, shown), point, best, plans: group.reduce((sum, row) => sum + row.plans, 0) };
}

/** Everything that was found out about a plan, but for what it is called and how it went over time. */
function numbers({ verdict, classes, pools, providers, caches, cost }: Point): unknown[] {
  return [verdict, classes, pools, providers, caches, cost];
}

function cut(rows: readonly DecisionRow[], limit: number): { rows: DecisionRow[]; hidden: number } {
  const shown = rows.slice(0, limit);
  const best = rows.find((row) => row.best);
  if (best !== undefined && limit > 0 && !shown.includes(best)) shown[limit - 1] = best;
  const plans = (some: readonly DecisionRow[]) => some.reduce((sum, row) => sum + row.plans, 0);
  return { rows: shown, hidden: plans(rows) - plans(shown) };
}

/** One value, or several joined: mappings by what tells them apart, others without the folders that all of the axis share. */
function shortened(values: string, axis: Axis | undefined): string {
  if (axis !== undefined && axis.values.every((value) => value.startsWith("{"))) {
    const names = valueNames(axis);
    return axis.values.reduce((text, value, i) => text.replace(value, () => names[i]), values);
  }
  const folders = axis === undefined ? "" : sharedFolders(axis);
  return folders === "" ? values : values.replaceAll(folders, "");
}
