import { percent, thousands } from "../../base/format.ts";
import type { Offer } from "../../provider/limits/sold-units.ts";
import type { SteadyCalls, UnitSettings, UnitSum } from "../../provider/provisioned-units.ts";
import { type DataTable, left, line, right } from "../data-table.ts";

/** What a deployment of provisioned units comes to. */
export interface SizedDeployment extends Offer {
  readonly scope: string;
  readonly units: number;
}

/** The sum by which provisioned units are counted, one line a step. */
export function unitTable(
  profile: string,
  calls: SteadyCalls,
  given: UnitSettings,
  sum: UnitSum,
  deployments: readonly SizedDeployment[],
): DataTable {
  const { inputWeight, cachedWeight = inputWeight, outputWeight, tokensPerMinutePerUnit } = given;
  const number = (value: number): string => thousands(value, Number.isInteger(value) ? 0 : 2);
  const tokens = (value: number): string => `${number(value)} tokens/min`;
  const perMinute = `${number(calls.rpm)} calls/min`;
  const uncached = sum.inputTokens - sum.cachedTokens;
  const lines = [
    line("prompts", tokens(sum.inputTokens), `${perMinute} × ${number(calls.input)}`),
    ...(sum.cachedTokens > 0 ? [line("of them cached", tokens(sum.cachedTokens), percent(calls.cached, 0))] : []),
    line(
      "prompts count",
      tokens(sum.promptsCount),
      `${number(uncached)} × ${inputWeight}${sum.cachedTokens > 0 ? ` + ${number(sum.cachedTokens)} × ${cachedWeight}` : ""}`,
    ),
    line("answers", tokens(sum.outputTokens), `${perMinute} × ${number(calls.output)}`),
    line("answers count", tokens(sum.answersCount), `${number(sum.outputTokens)} × ${outputWeight}`),
    line("normalised", tokens(sum.normalised), `${number(sum.promptsCount)} + ${number(sum.answersCount)}`),
    line("at least", `${thousands(sum.exact, 2)} units`, `${number(sum.normalised)} / ${number(tokensPerMinutePerUnit)}`),
    ...deployments.map(({ scope, units, min, step }) => line(scope, `${number(units)} units`, `from ${min} in steps of ${step}`)),
  ];
  const note = `For calls that come evenly; bursts need more. What the sum leaves out: headroom models show ${profile}.`;
  return { caption: profile, columns: [left("step"), right("value"), left("from")], lines, note };
}
