import { carryOut, type Finished } from "./runner.ts";
import type { WorkerInput } from "./worker-pool.ts";

/** The entry of a worker thread. */
export default function work({ task, traces }: WorkerInput): Finished {
  return carryOut(task, traces);
}
