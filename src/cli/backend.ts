import { inlineRunner, type Runner, type Traces } from "../experiment/runner.ts";
import { hasThreads, workerPool } from "../experiment/worker-pool.ts";
import { openRedisRunner } from "./redis/redis-runner.ts";
import type { TaskIds } from "./tasks/task-id.ts";

/** What carries out tasks; `close` gives back what it holds. */
export interface Backend extends Runner {
  /** Takes back from others what nobody has begun; in a process of its own there is no such thing. */
  readonly withdraw?: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Threads of this process, or workers behind a Redis. @param idOf needed only with `redis` */
export async function openBackend(traces: Traces, jobs: number, redis: string | undefined, idOf: TaskIds): Promise<Backend> {
  if (redis !== undefined) return openRedisRunner(redis, traces, idOf);
  return hasThreads ? workerPool(traces, jobs) : { ...inlineRunner(traces), close: async () => {} };
}
