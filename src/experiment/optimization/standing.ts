import { estimate } from "../estimate.ts";
import { verdictOf } from "../objectives.ts";
import { type Bar, bestLowerEnd, bestLowerEndBelow } from "./prospects.ts";
import type { Sample } from "./trials.ts";

/** What is asked of a plan: objectives in order, true where less than a cost is asked; the cases of demand; and how surely. */
export interface Demands {
  readonly costs: readonly boolean[];
  readonly cases: readonly number[];
  readonly bar: Bar;
}

export type Prospect = "open" | "met" | "missed";

/** Whether a plan meets every objective in every case, by the very verdict of a full grid, or cannot any more, or may. */
export function prospectOf(samples: readonly Sample[], demands: Demands): Prospect {
  if (samples.some(({ silent }) => silent)) return "missed";
  const { bar, costs } = demands;
  let open = false;
  for (const { known, objective } of columns(samples, demands)) {
    const strict = costs[objective];
    if (known.length === bar.replications) {
      if (verdictOf(estimate(known, bar.confidence), strict) !== "met") return "missed";
      continue;
    }
    open = true;
    if (known.length === 0) continue;
    const top = bestLowerEnd(known, bar);
    if (strict ? top <= 0 : top < 0) return "missed";
  }
  return open ? "open" : "met";
}

/** Error budgets are not quite in the order of the plans, since no queue is the same twice: what lies as near as this rules out nothing. */
const slack = 0.05;

/** Whether no plan that has less can meet what this one misses. */
export function missesForAllBelow(samples: readonly Sample[], demands: Demands): boolean {
  return columns(samples, demands).some(
    ({ known, objective }) => !demands.costs[objective] && known.length > 0 && bestLowerEndBelow(known, demands.bar) < -slack,
  );
}

/** How near a plan comes: the least budget left of any objective in any case, each a mean, and where that is the same the mean of all. */
export function nearness(samples: readonly Sample[], demands: Demands): { readonly least: number; readonly mean: number } {
  const means = columns(samples, demands).flatMap(({ known }) => (known.length === 0 ? [] : estimate(known).mean));
  return { least: Math.min(...means), mean: estimate(means).mean };
}

/** The budgets left of each objective in each case, in the order of the replications. */
function columns(samples: readonly Sample[], { costs, cases }: Demands): { known: number[]; objective: number }[] {
  return cases.flatMap((demand) => {
    const own = samples.filter(({ unit }) => unit.demand === demand).toSorted((a, b) => a.unit.replication - b.unit.replication);
    return costs.map((_, objective) => ({ known: own.map(({ budgets }) => budgets[objective]), objective }));
  });
}
