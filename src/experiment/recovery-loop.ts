import { PlanError } from "../base/plan-error.ts";
import { mapValues } from "../base/records.ts";
import type { Scenario } from "../scenario/schema.ts";
import { type Simulated, simulatePlans } from "./plan.ts";
import { pointOf } from "./point.ts";
import type { Loop, RecoveryResult, Stuck } from "./recovery-result.ts";
import type { ClassResult, Point } from "./result.ts";
import type { Runner } from "./runner.ts";

/** For every system that did not recover from some disturbance in every replication, what holds it down, where that can be tried. */
export async function stuckOf(simulated: readonly Simulated[], points: readonly Point[], runner: Runner): Promise<Stuck[]> {
  const found = await Promise.all(
    simulated.map(async (one, i) => {
      const worst = leastRecovered(points[i].classes);
      return worst === undefined ? undefined : explained(one, worst, runner).catch(untold);
    }),
  );
  return found.filter((one) => one !== undefined);
}

/** Without back-offs a closed loop may send anew in one instant whatever fails at once, for ever: a mistake, but not the plan's. */
function untold(error: unknown): undefined {
  if (!(error instanceof PlanError)) throw error;
}

interface Unrecovered {
  readonly className: string;
  /** Position among the class's disturbances. */
  readonly nth: number;
  readonly recovery: RecoveryResult;
  readonly share: number;
}

/** The disturbance from which fewest replications recovered, of equals the first; undefined when all recovered. */
export function leastRecovered(classes: Readonly<Record<string, ClassResult>>): Unrecovered | undefined {
  const all = Object.entries(classes).flatMap(([className, { recoveries }]) =>
    recoveries.flatMap((recovery, nth) => {
      const { recoveredShare } = recovery;
      return recoveredShare === null || recoveredShare.mean === 1 ? [] : [{ className, nth, recovery, share: recoveredShare.mean }];
    }),
  );
  return all.toSorted((a, b) => a.share - b.share || a.recovery.from_s - b.recovery.from_s)[0];
}

/** The same plan on the same seeds, so that it meets the same requests, without what may hold it down. */
async function explained({ plan }: Simulated, { className, nth, recovery }: Unrecovered, runner: Runner): Promise<Stuck> {
  const { scenario } = plan.decoded;
  const without = async (...changes: readonly ((given: Scenario) => Scenario)[]): Promise<RecoveryResult> => {
    const changed = changes.reduce((given, change) => change(given), scenario);
    const [again] = await simulatePlans([{ ...plan, decoded: { ...plan.decoded, scenario: changed } }], runner);
    return pointOf(again, undefined).classes[className].recoveries[nth];
  };
  const withoutRetries = repeats(scenario) ? await without(calm) : undefined;
  const withoutAbandonedWork = finishes(scenario) ? await without(aborting) : undefined;
  const each = [withoutRetries, withoutAbandonedWork].filter((one) => one !== undefined);
  const withoutBoth = each.length === 2 && !each.some(recovers) ? await without(calm, aborting) : undefined;
  return {
    plan: plan.name,
    className,
    recovery,
    loop: loopOf(withoutRetries, withoutAbandonedWork, withoutBoth),
    ...(withoutRetries === undefined ? {} : { withoutRetries }),
    ...(withoutAbandonedWork === undefined ? {} : { withoutAbandonedWork }),
    ...(withoutBoth === undefined ? {} : { withoutBoth }),
  };
}

type Trial = RecoveryResult | undefined;

function loopOf(withoutRetries: Trial, withoutAbandonedWork: Trial, withoutBoth: Trial): Loop {
  if (recovers(withoutRetries)) return recovers(withoutAbandonedWork) ? "either" : "retries";
  if (recovers(withoutAbandonedWork)) return "abandonedWork";
  return recovers(withoutBoth) ? "both" : "load";
}

/** In every replication. */
function recovers(trial: Trial): boolean {
  return trial?.recoveredShare?.mean === 1;
}

function repeats({ traffic }: Scenario): boolean {
  return Object.values(traffic).some(({ client: { retry, hedge } }) => {
    return retry.attempts > 1 || (retry.nested?.attempts ?? 1) > 1 || hedge !== undefined;
  });
}

function finishes({ pools }: Scenario): boolean {
  return Object.values(pools).some(({ onCancel }) => onCancel === "finish");
}

function calm(scenario: Scenario): Scenario {
  const traffic = mapValues(scenario.traffic, (one) => {
    const retry = { ...one.client.retry, attempts: 1, nested: undefined };
    return { ...one, client: { ...one.client, retry, hedge: undefined } };
  });
  return { ...scenario, traffic };
}

function aborting(scenario: Scenario): Scenario {
  return { ...scenario, pools: mapValues(scenario.pools, (pool) => ({ ...pool, onCancel: "abort" as const })) };
}
