import type { ClassResult, ObjectiveResult, Verdict, WatchedObjective } from "./result.ts";

/** An objective of a class, as a sentence names it. */
export interface Named {
  readonly className: string;
  readonly objective: ObjectiveResult;
}

type Classes = Readonly<Record<string, ClassResult>>;

/** The objective with the least error budget left, of those judged so where a verdict is given; undefined without any. */
export function tightest(classes: Classes, verdict?: Verdict): Named | undefined {
  return lowest(named(classes).filter(({ objective }) => verdict === undefined || objective.verdict === verdict));
}

/** Of the objectives on requests, the one that is tightest in most systems; of equals the first. Undefined without any. */
export function watchedIn(systems: readonly Classes[]): WatchedObjective | undefined {
  const votes = new Map<string, { watched: WatchedObjective; count: number }>();
  for (const classes of systems) {
    const found = lowest(named(classes).filter(({ objective }) => objective.kind !== "cost"));
    if (found === undefined) continue;
    const { className, objective } = found;
    const key = `${className} ${objective.text}`;
    const vote = votes.get(key) ?? { watched: { className, text: objective.text, target: objective.target }, count: 0 };
    vote.count++;
    votes.set(key, vote);
  }
  return [...votes.values()].toSorted((a, b) => b.count - a.count)[0]?.watched;
}

function named(classes: Classes): Named[] {
  return Object.entries(classes).flatMap(([className, one]) => one.objectives.map((objective) => ({ className, objective })));
}

function lowest(objectives: readonly Named[]): Named | undefined {
  return objectives.toSorted((a, b) => a.objective.budgetLeft.mean - b.objective.budgetLeft.mean)[0];
}
