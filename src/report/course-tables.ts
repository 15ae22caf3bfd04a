import type { Result } from "../experiment/result.ts";
import { capacityTables } from "./capacity-table.ts";
import type { DataTable } from "./data-table.ts";
import { forecastTables } from "./forecast-table.ts";

/** Tables of what was simulated along the traffic or the months, for those kinds of results that are such a course. */
export function courseTables(result: Result): DataTable[] {
  return [...capacityTables(result), ...forecastTables(result)];
}
