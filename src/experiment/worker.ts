import { PlanError, type PlanErrorDetails } from "../base/plan-error.ts";
import { carryOut, type Finished } from "./runner.ts";
import type { WorkerInput } from "./worker-pool.ts";

/** What a worker comes back with. An error loses its kind on the way from thread to thread, so a mistake goes as its details. */
export type WorkerOutput = Finished | { readonly mistake: PlanErrorDetails };

/** The entry of a worker thread. */
export default function work({ task, traces }: WorkerInput): WorkerOutput {
  try {
    return carryOut(task, traces);
  } catch (error) {
    if (error instanceof PlanError) return { mistake: error.details };
    throw error;
  }
}
