import { closeSync, openSync, renameSync, writeSync } from "node:fs";
import { PlanError } from "../base/plan-error.ts";
import type { RequestColumns } from "../experiment/request-columns.ts";
import { requestRows } from "../report/requests-csv.ts";

/** Writes one CSV row per request; the file appears only when it is whole. */
export function writeRequests(file: string, columns: RequestColumns): void {
  const unfinished = `${file}.part`;
  try {
    const handle = openSync(unfinished, "w");
    for (const chunk of requestRows(columns)) writeSync(handle, chunk);
    closeSync(handle);
    renameSync(unfinished, file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new PlanError({ code: "unreadable", place: { file }, message: `cannot be written (${code})`, hint: "does its folder exist?" });
  }
}
