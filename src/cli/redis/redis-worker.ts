import { parseExactJson } from "../../base/exact-json.ts";
import { PlanError } from "../../base/plan-error.ts";
import { carryOut } from "../../experiment/runner.ts";
import { hasThreads, threadPool, type Threads } from "../../experiment/worker-pool.ts";
import { packed } from "../tasks/packed.ts";
import { connectRedis } from "./connection.ts";
import { prefix, queueName, type Reply, replyAge, replyKey, type Request } from "./protocol.ts";
import { traceCache } from "./trace-cache.ts";

/** Carries out tasks of others until it is closed. */
export interface RedisWorker {
  /** Where it listens, without a password. */
  readonly address: string;
  /** How many replications it has simulated. */
  readonly simulated: () => number;
  /** Finishes what it has begun, and takes nothing new. */
  readonly close: () => Promise<void>;
}

/** Milliseconds without a sign of life after which others do the work of a worker, and between looks for such. */
const [lockDuration, stalledInterval] = [10_000, 5000];

/**
 * @param jobs how many replications it simulates at the same time
 * @throws PlanError when there is no Redis at the address
 */
export async function openRedisWorker(redis: string, jobs: number): Promise<RedisWorker> {
  const { client, bullmq, address, close } = await connectRedis(redis, Infinity);
  const threads = hasThreads ? threadPool(jobs) : sameThread;
  const tracesOf = traceCache(client);
  let simulated = 0;
  const replyTo = async ({ task, traces }: Request): Promise<Reply> => {
    try {
      return { finished: await threads.run(task, await tracesOf(traces)) };
    } catch (error) {
      if (error instanceof PlanError) return { mistake: error.details };
      throw error;
    }
  };
  const worker = new bullmq.Worker<string>(
    queueName(),
    async ({ id = "", data }) => {
      if ((await client.exists(replyKey(id))) === 1) return;
      const reply = await replyTo(parseExactJson(data) as Request);
      await client.set(replyKey(id), await packed(reply), "EX", replyAge);
      simulated++;
    },
    // A machine that is taken away again and again harms no replication, so none is given up for having been begun often.
    { connection: client, prefix, concurrency: jobs, lockDuration, stalledInterval, maxStalledCount: 1000 },
  );
  // The queue goes on by itself when the connection is back, or when a job that took too long has been given to another.
  worker.on("error", () => {});
  await worker.waitUntilReady();
  return {
    address,
    simulated: () => simulated,
    async close() {
      await worker.close();
      await threads.close();
      close();
    },
  };
}

/** Where the sources themselves are run. */
const sameThread: Threads = { run: async (task, traces) => carryOut(task, traces), close: async () => {} };
