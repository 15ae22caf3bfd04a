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

/** A plan with its replications, in order; or with the batches of the one that is cut, which stand in for them. */
export interface Simulated {
  readonly plan: Plan;
  readonly replications: readonly Finished[];
}

export interface Wanted {
  /** Number of the first replication; two ranges that do not overlap share no randomness. */
  readonly firstReplication?: number;
  /** Whether the first replication's requests are kept, by default not. */
  readonly requests?: boolean;
  /** Whether it is kept how long each request took, by default not: it tells the worth of response caches, and takes most of the room. */
  readonly latencies?: boolean | "with caches";
  /** Whether it is kept how long requests were in the system, over time, by default not. */
  readonly course?: boolean;
}

/**
 * Refuses plans that cannot be paired: they must share what decides which requests they meet and for how long.
 * @throws PlanError when two plans differ in seed, horizon, warm-up, replications or batches
 */
export function requireComparable(plans: readonly Plan[]): void {
  for (const setting of ["seed", "horizon", "warmup", "replications", "batches"] as const) {
    const values = [
      ...new Set(plans.map(({ decoded }) => (setting === "warmup" ? decoded.warmup : undefined) ?? decoded.scenario[setting])),
    ];
    if (values.length < 2) continue;
    throw new PlanError({
      code: "contradiction",
      path: setting,
      message: "must be the same in all plans that are compared, which meet the same requests",
      value: values.map((value) => value ?? "none").join(" and "),
      hint: `--set ${setting}=… sets it for all`,
    });
  }
}

/**
 * All replications of each plan, in order, as `simulatePlans` carries them out.
 * @throws PlanError when a warm-up is still to be found
 */
export function tasksOf(plans: readonly Plan[], wanted: Wanted = {}): Task[][] {
  const { firstReplication = 0, requests = false, latencies = false, course = false } = wanted;
  return plans.map((plan) => {
    requireWarmUp(plan);
    const { scenario } = plan.decoded;
    const all = latencies === "with caches" ? Object.keys(scenario.caches).length > 0 : latencies;
    return Array.from({ length: scenario.replications }, (_, i) => {
      const first = i === 0;
      return { scenario, replication: firstReplication + i, series: first, requests: first && requests, latencies: all, course };
    });
  });
}

/**
 * Simulates every replication of every plan, and takes apart one that is cut into batches. Plans share seeds, so that they meet the same
 * requests: common random numbers.
 * @throws PlanError when a warm-up is still to be found
 */
export async function simulatePlans(plans: readonly Plan[], runner: Runner, wanted: Wanted = {}): Promise<Simulated[]> {
  return Promise.all(
    tasksOf(plans, wanted).map(async (tasks, i) => {
      const finished = await Promise.all(tasks.map((task) => runner.run(task)));
      return { plan: plans[i], replications: finished.flatMap(takenApart) };
    }),
  );
}

/** The batches of a replication; the first has what is of the whole. */
function takenApart(finished: Finished): readonly Finished[] {
  const { batches = [], ...whole } = finished;
  const [first, ...others] = batches;
  return first === undefined ? [finished] : [{ ...whole, ...first }, ...others];
}

/**
 * Refuses a plan whose one replication is cut into batches.
 * @throws PlanError for what runs replications one by one, and would take parts for them
 */
export function requireReplications({ decoded: { scenario } }: Plan): void {
  if (scenario.batches === undefined) return;
  const message = "goes with simulate, compare, sweep, capacity and forecast; this takes replications one by one";
  const hint = "--set batches=null --replications 5";
  throw new PlanError({ code: "contradiction", path: "batches", message, value: String(scenario.batches), hint });
}

function requireWarmUp({ decoded }: Plan): void {
  if (decoded.warmup === undefined) return;
  const hint = "settle(plans, runner) gives the plans with the warm-up that a pilot finds";
  throw new PlanError({ code: "contradiction", path: "warmup", message: "is still to be found", value: decoded.warmup, hint });
}
