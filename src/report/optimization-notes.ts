/** Sentences on how the cheapest plan was found, and on what it costs to be ready for every case of demand. */
import { dollars, plural, thousands } from "../base/format.ts";
import { dollarsWithInterval } from "../experiment/interval-text.ts";
import type { CaseResult, Optimization } from "../experiment/optimization-result.ts";
import type { Axis, Result } from "../experiment/result.ts";
import { variedValues } from "../experiment/advice.ts";

export function optimizationNotes({ optimization, axes }: Result): string[] {
  if (optimization === undefined) return [];
  return [...impossibleNote(optimization), decidedNote(optimization), ...optimization.cases.map((one) => caseNote(one, axes))].filter(
    (note) => note !== "",
  );
}

function impossibleNote({ impossible, plans }: Optimization): string[] {
  if (impossible === 0) return [];
  return [
    `${plural(impossible, "plan")} of ${plans} ${impossible === 1 ? "contradicts itself" : "contradict themselves"} and ${impossible === 1 ? "was" : "were"} left out.`,
  ];
}

/** Which plans were not simulated in full, and why they need not be. */
function decidedNote({ decidedBy: { bound, less, missed, dearer, more }, replications: { verification, asides } }: Optimization): string {
  const reasons = [
    [missed, "missed an objective, or could not be sure to meet it any more"],
    [less, "have less than one that clearly misses"],
    [bound, "cost at least as much whatever comes"],
    [dearer, "cost more on the same requests"],
    [more, "have more than one that costs more"],
  ] as const;
  const told = reasons.flatMap(([count, why]) => (count === 0 ? [] : [`${thousands(count)} ${why}`]));
  const out = told.length === 0 ? "" : `Of the other plans ${told.join("; ")}. `;
  const words = [
    ...(verification === 0 ? [] : [`${plural(verification, "further replication")} verified the plan`]),
    ...(asides === 0 ? [] : [`${plural(asides, "further replication")} told what else is said of it`]),
  ];
  return `${out}${words.length === 0 ? "" : `${words.join("; ")}.`}`.trim();
}

function caseNote({ name, usd_per_month, best, regret_usd_per_month: regret }: CaseResult, axes: readonly Axis[]): string {
  if (best === null) return `At ${name} alone no plan is sure to meet every objective.`;
  const alone = `${variedValues(best.values, axes.slice(0, best.values.length)) ?? "the plan"} at ${dollars(best.usd_per_month)} a month`;
  if (regret === null) return `At ${name} alone the cheapest is ${alone}.`;
  const money = `At ${name} the plan costs ${dollarsWithInterval(usd_per_month)} a month`;
  return regret < 0.005
    ? `${money}; none is cheaper for that alone.`
    : `${money}, ${dollars(regret)} more than the cheapest for that alone, ${alone}.`;
}
