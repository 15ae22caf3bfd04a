/** What hosted APIs were asked for and did, and whether what is reserved of them is enough. */
import { absent, amount, percent, shortAmount } from "../base/format.ts";
import { dollarsWithInterval, withInterval } from "../experiment/interval-text.ts";
import type { Point } from "../experiment/result.ts";
import { type DataTable, line, nameAndNumbers } from "./data-table.ts";

export function providers({ providers: all }: Point): DataTable {
  const lines = Object.entries(all).map(([name, one]) => {
    const { calls, inputTokens } = one;
    const ended = [one.throttled, one.failed].map(({ mean }) => (calls.mean === 0 ? absent : percent(mean / calls.mean)));
    const cached = inputTokens.mean === 0 ? absent : percent(one.cachedInputTokens.mean / inputTokens.mean, 0);
    const tokens = [inputTokens.mean, one.outputTokens.mean, one.busiestMinuteTokens.mean].map((mean) => shortAmount(Math.round(mean)));
    const [input, output, busiest] = tokens;
    return line(
      name,
      amount(Math.round(calls.mean)),
      ...ended,
      input,
      cached,
      output,
      busiest,
      dollarsWithInterval(one.cost_usd_per_month),
    );
  });
  const heads = ["calls", "throttled", "failed", "input tokens", "cached", "output tokens", "busiest minute", "per month"];
  const note =
    "Throttled is the share of calls refused by a limit, with a 429, failed that of calls that ended in an error. Input and output tokens are those billed; the busiest minute is tokens of both in calls taken.";
  return { caption: "Providers", columns: nameAndNumbers("provider", ...heads), lines, note };
}

/** Provisioned units beside those that the traffic would need. */
export function provisionedUnits({ providers: all }: Point): DataTable {
  const lines = Object.entries(all).flatMap(([name, { units }]) => {
    if (units === null) return [];
    const needed = [units.needed, units.neededInBusiestMinute].map((estimate) => withInterval(estimate, amount));
    return [line(name, amount(units.given), ...needed)];
  });
  const note =
    "Needed are units that take every request when it first asks, at the mean over time and in the busiest minute; of a quota that providers share, for each one's own traffic.";
  return {
    caption: "Provisioned units",
    columns: nameAndNumbers("provider", "units", "needed at the mean", "in the busiest minute"),
    lines,
    note,
  };
}
