import { PlanError } from "../base/plan-error.ts";
import type { DecodedScenario } from "../scenario/document/decode.ts";
import type { Finished, Runner, Task } from "./runner.ts";

/** One system to simulate, under the name by which it is compared with others. */
export interface Plan {
  readonly name: string;
  /** One per axis of a sweep, as the user wrote them. */
  readonly values: readonly string[];
  readonly decoded: DecodedScenario;
}

/** A plan with its replications, in order. */
export interface Simulated {
  readonly plan: Plan;
  readonly replications: readonly Finished[];
}

export interface Wanted {
  /** Number of the first replication; two ranges that do not overlap share no randomness. */
  readonly firstReplication?: number;
  /** Whether the first replication's requests are kept, by default not. */
  readonly requests?: boolean;
  /** Whether it is kept how long each request took, by default where there are response caches, whose worth it tells. */
  readonly latencies?: boolean;
}

/**
 * Refuses plans that cannot be paired: they must share what decides which requests they meet and for how long.
 * @throws PlanError when two plans differ in seed, horizon, warm-up or replications
 */
export function requireComparable(plans: readonly Plan[]): void {
  for (const setting of ["seed", "horizon", "warmup", "replications"] as const) {
    const values = [...new Set(plans.map(({ decoded }) => decoded.scenario[setting]))];
    if (values.length < 2) continue;
    throw new PlanError({
      code: "contradiction",
      path: setting,
      message: "must be the same in all plans that are compared, which meet the same requests",
      value: values.join(" and "),
      hint: `--set ${setting}=… sets it for all`,
    });
  }
}

/** All replications of each plan, in order, as `simulatePlans` carries them out. */
export function tasksOf(plans: readonly Plan[], wanted: Wanted = {}): Task[][] {
  const { firstReplication = 0, requests = false } = wanted;
  return plans.map(({ decoded: { scenario } }) => {
    const { latencies = Object.keys(scenario.caches).length > 0 } = wanted;
    return Array.from({ length: scenario.replications }, (_, i) => {
      const first = i === 0;
      return { scenario, replication: firstReplication + i, series: first, requests: first && requests, latencies };
    });
  });
}

/** Simulates every replication of every plan. Plans share seeds, so that they meet the same requests: common random numbers. */
export async function simulatePlans(plans: readonly Plan[], runner: Runner, wanted: Wanted = {}): Promise<Simulated[]> {
  return Promise.all(
    tasksOf(plans, wanted).map(async (tasks, i) => {
      return { plan: plans[i], replications: await Promise.all(tasks.map((task) => runner.run(task))) };
    }),
  );
}
