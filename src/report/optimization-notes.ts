/** Sentences on how the cheapest plan was found, and on what it costs to be ready for every case of demand. */
import { dollars, plural, thousands } from "../base/format.ts";
import { dollarsWithInterval } from "../experiment/interval-text.ts";
import type { CaseResult, Optimization } from "../experiment/optimization-result.ts";
import { caseWords } from "../experiment/optimization/demand-case.ts";
import type { Axis, Result } from "../experiment/result.ts";
import { variedValues } from "../experiment/advice.ts";

export function optimizationNotes({ optimization, axes, best }: Result): string[] {
  if (optimization === undefined) return [];
  return [
    ...impossibleNote(optimization),
    decidedNote(optimization, best !== undefined),
    ...optimization.cases.map((one) => caseNote(one, axes)),
  ].filter((note) => note !== "");
}

function impossibleNote({ impossible, plans }: Optimization): string[] {
  if (impossible === 0) return [];
  return [
    `${plural(impossible, "plan")} of ${thousands(plans)} ${impossible === 1 ? "contradicts itself" : "contradict themselves"} and ${impossible === 1 ? "was" : "were"} left out.`,
  ];
}

/** Which plans were not simulated in full, and why they need not be. */
function decidedNote({ decidedBy, replications: { verification, asides } }: Optimization, found: boolean): string {
  const { bound, less, missed, dearer, more, met } = decidedBy;
  const reasons = [
    [missed, "missed an objective, or could no longer be sure to meet it", undefined],
    [less, "have less than a plan that clearly misses", "has less than a plan that clearly misses"],
    [bound, "cost at least as much before the first request", "costs at least as much before the first request"],
    [dearer, "cost more on the same requests", "costs more on the same requests"],
    [more, "have more than a plan that costs more", "has more than a plan that costs more"],
    [found ? met - 1 : met, "met every objective", undefined],
  ] as const;
  const told = reasons.flatMap(([count, many, one = many]) => (count > 0 ? [`${thousands(count)} ${count === 1 ? one : many}`] : []));
  const out = told.length === 0 ? [] : [`What decided the ${found ? "other " : ""}plans: ${told.join("; ")}.`];
  const words = [
    ...(verification === 0 ? [] : [`${plural(verification, "replication")} to verify it`]),
    ...(asides === 0 ? [] : [`${plural(asides, "replication")} for the rest of what is said here`]),
  ];
  return [...out, ...(words.length === 0 ? [] : [`Beyond the search it took ${words.join(" and ")}.`])].join(" ");
}

function caseNote({ name, usd_per_month, best, regret_usd_per_month: regret }: CaseResult, axes: readonly Axis[]): string {
  const where = caseWords(name);
  if (best === null) return `At ${where} alone no plan is sure to meet every objective.`;
  const alone = `${variedValues(best.values, axes.slice(0, best.values.length)) ?? "the plan"} at ${dollars(best.usd_per_month)} a month`;
  if (regret === null) return `At ${where} alone the cheapest is ${alone}.`;
  const money = `At ${where} the plan costs ${dollarsWithInterval(usd_per_month)} a month`;
  return Math.abs(regret) < 0.005
    ? `${money}; for that alone none is cheaper.`
    : `${money}, ${dollars(regret)} more than the cheapest for that alone, ${alone}.`;
}
