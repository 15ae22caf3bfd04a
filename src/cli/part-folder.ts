import { chmodSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { PlanError } from "../base/plan-error.ts";

/**
 * Makes the folder in which a run folder grows, beside it and hidden. Its name tells which process of which machine fills it, so that
 * two never write to one place, and what a killed one has left is removed by the next.
 * @throws PlanError when another process of this machine is filling the same run folder
 */
export function makePartFolder(target: string): string {
  const [folder, machine] = [dirname(target), hostname().replaceAll(/[^\w]/g, "_")];
  const before = `.${basename(target)}-${machine}-`;
  for (const name of readdirSync(folder).filter((one) => one.startsWith(before))) {
    const owner = /^(\d+)-\w{6}$/.exec(name.slice(before.length))?.[1];
    if (owner === undefined) continue;
    if (isAtWork(Number(owner))) throw occupied(target, owner, join(folder, name));
    rmSync(join(folder, name), { recursive: true, force: true });
  }
  const part = mkdtempSync(join(folder, `${before}${process.pid}-`));
  // What is made for a moment is private; what stays is as open as the folders that the user makes.
  chmodSync(part, 0o777 & ~process.umask());
  return part;
}

/** A number that is our own was that of another process, before the machine started again. */
function isAtWork(owner: number): boolean {
  if (owner === process.pid) return false;
  try {
    return process.kill(owner, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function occupied(target: string, owner: string, part: string): PlanError {
  const hint = `let it end, or name another folder; if process ${owner} is not Headroom, remove ${part}`;
  const message = `is being written by another run, process ${owner}`;
  return new PlanError({ code: "bad-flag", path: "--out", message, value: target, hint });
}
