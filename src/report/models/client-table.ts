import { amount, plural, seconds, target } from "../../base/format.ts";
import { failures } from "../../client/retry/retry-settings.ts";
import { type DataTable, left, line, type Line, right } from "../data-table.ts";
import type { ClientSheet, LoopSheet, Wait } from "./client-sheet.ts";

/** What a client's profile comes to, for `models show`. */
export function clientTables(sheet: ClientSheet): DataTable[] {
  const { calls, nested } = sheet;
  const loops = [waitTable("Waits before retries", calls), ...(nested === undefined ? [] : [waitTable(below, nested)])];
  return [figures(sheet), ...loops.filter(({ lines }) => lines.length > 0)];
}

const below = "Waits before retries of the library below, in each call";

function figures(sheet: ClientSheet): DataTable {
  const { calls, nested, waiting, hung_s, breaker } = sheet;
  const lines = [line("attempts", attemptsText(sheet)), ...loopLines(calls, nested === undefined ? "" : ", calls")];
  if (nested !== undefined) lines.push(...loopLines(nested, ", below"));
  if (sheet.attempts > 1) lines.push(line("waiting in all", `${range(waiting)} where no retry-after is sent`));
  lines.push(line("time-outs", timeoutsText(sheet)));
  const never = "for ever where its target never answers: give timeout.total";
  lines.push(line("a request lasts", hung_s === undefined ? never : `up to ${seconds(hung_s)} where its target never answers`));
  if (breaker !== undefined) {
    const { failureShare, minimumCalls, window, openFor, probes } = breaker;
    const opens = `when ${target(failureShare)} of at least ${plural(minimumCalls, "call")} within ${seconds(window)} failed`;
    lines.push(line("breaker opens", opens), line("breaker closes", `after ${seconds(openFor)}, if ${plural(probes, "probe")} succeeded`));
  }
  return { caption: "One request at one target", columns: [left("figure"), left("value")], lines };
}

function attemptsText({ attempts, calls, nested }: ClientSheet): string {
  if (attempts === 1) return "1: it does not retry";
  if (nested === undefined) return `up to ${attempts}: the first and ${calls.attempts - 1} more`;
  return `up to ${attempts}: ${plural(calls.attempts, "call")} of ${plural(nested.attempts, "attempt")} each`;
}

function loopLines({ attempts, on, retryAfterMax_s: most, retryAfterBeyond, budget }: LoopSheet, which: string): Line[] {
  if (attempts === 1) return [];
  const longer = retryAfterBeyond === "giveUp" ? "ends the retries" : "counts as none";
  const lines = [
    line(`retried${which}`, on.length === failures.length ? "after whatever is no answer" : `after ${on.join(", ")}`),
    line(`retry-after${which}`, most === 0 ? "is not read" : `waited for up to ${seconds(most)}; a longer one ${longer}`),
  ];
  if (budget !== undefined) lines.push(line(`budget${which}`, budgetText(budget)));
  return lines;
}

function budgetText({ share, burst, tokenBucket }: NonNullable<LoopSheet["budget"]>): string {
  if (tokenBucket === undefined) return `a call earns ${amount(share!)} retries, of which ${amount(burst!)} can be saved up`;
  const { capacity, cost, timeoutCost = cost, refund } = tokenBucket;
  const costs = timeoutCost === cost ? amount(cost) : `${amount(cost)}, after a time-out ${amount(timeoutCost)}`;
  return `${amount(capacity)} tokens: a retry takes ${costs}, an answer returns ${amount(refund)}`;
}

function timeoutsText({ timeouts_s: { ttft, total, attemptTtft, attemptTotal } }: ClientSheet): string {
  const texts = [
    [attemptTtft, "for the first token of an attempt"],
    [attemptTotal, "for an attempt"],
    [ttft, "for the first token"],
    [total, "for the request"],
  ] as const;
  const given = texts.flatMap(([time, what]) => (time === undefined ? [] : [`${seconds(time)} ${what}`]));
  return given.length === 0 ? "none" : given.join(", ");
}

function waitTable(caption: string, { waits, inAll }: LoopSheet): DataTable {
  const lines = waits.map((wait, i) => line(String(i + 1), seconds(wait.least_s), seconds(wait.most_s)));
  if (waits.length > 1) lines.push(line("all", seconds(inAll.least_s), seconds(inAll.most_s)));
  const columns = [left("retry"), right("at least"), right("at most")];
  return { caption, columns, lines };
}

function range({ least_s, most_s }: Wait): string {
  return least_s === most_s ? seconds(most_s) : `${seconds(least_s)} to ${seconds(most_s)}`;
}
