import type { ObjectiveResult, Point } from "./result.ts";

/** An objective of a class, as a sentence names it. */
export interface Named {
  readonly className: string;
  readonly objective: ObjectiveResult;
}

const cost = /^cost\b/;

export function isCost({ text }: ObjectiveResult): boolean {
  return cost.test(text);
}

/** The objective with the least to spare, or that is missed by most; undefined without an SLO. */
export function tightest(point: Point): Named | undefined {
  const all = Object.entries(point.classes).flatMap(([className, one]) => one.objectives.map((objective) => ({ className, objective })));
  return all.toSorted((a, b) => spare(a.objective) - spare(b.objective))[0];
}

function spare(objective: ObjectiveResult): number {
  const { target, attained } = objective;
  return isCost(objective) ? 1 - attained.mean / target : attained.mean - target;
}
