import { closeSync, existsSync, openSync, readSync, realpathSync, renameSync, rmSync, statSync, writeSync } from "node:fs";
import { relative } from "node:path";
import { PlanError } from "../base/plan-error.ts";
import type { RequestColumns } from "../experiment/request-columns.ts";
import { requestRows, requestsHeader } from "../report/requests-csv.ts";
import { writing } from "./writing.ts";

/** A CSV of requests that appears only when it is whole. */
export interface RequestsFile {
  readonly write: (columns: RequestColumns) => void;
  readonly discard: () => void;
}

/**
 * Makes ready for a file of requests, before anything is simulated.
 * @param out the run folder, which is replaced as a whole, so that the file cannot lie in it
 * @throws PlanError when the file cannot be written, or is there and is no such file
 */
export function openRequestsFile(file: string, out: string | undefined): RequestsFile {
  const refuse = (message: string): PlanError =>
    new PlanError({ code: "bad-flag", path: "--requests", message, value: file === "" ? '""' : file, hint: "name a new file" });
  if (file.trim() === "") throw refuse("names no file");
  if (out !== undefined && !relative(out, file).startsWith("..")) throw refuse("lies in the run folder of --out");
  if (existsSync(file) && !statSync(file).isFile()) throw refuse("is not a plain file");
  if (existsSync(file) && statSync(file).size > 0 && !isOurs(file)) throw refuse("is there, and is not a file of requests");
  // A link stays one: what it points to is written.
  const target = existsSync(file) ? realpathSync(file) : file;
  const part = `${target}.${process.pid}.part`;
  writing("--requests", file, () => closeSync(openSync(part, "wx")));
  return {
    write(columns) {
      writing("--requests", file, () => {
        const handle = openSync(part, "w");
        for (const chunk of requestRows(columns)) writeSync(handle, chunk);
        closeSync(handle);
        renameSync(part, target);
      });
    },
    discard: () => rmSync(part, { force: true }),
  };
}

/** Begins as every file of requests does, so that it may be written over. */
function isOurs(file: string): boolean {
  const start = Buffer.alloc(requestsHeader.length);
  let read = 0;
  writing("--requests", file, () => {
    const handle = openSync(file, "r");
    read = readSync(handle, start);
    closeSync(handle);
  });
  return start.toString("utf8", 0, read) === requestsHeader;
}
