import { exactJson } from "../../base/exact-json.ts";
import { PlanError } from "../../base/plan-error.ts";
import type { Finished, Task, Traces } from "../../experiment/runner.ts";
import type { Backend } from "../backend.ts";
import { engineFingerprint } from "../tasks/engine-fingerprint.ts";
import { unpacked } from "../tasks/packed.ts";
import type { TaskIds } from "../tasks/task-id.ts";
import { traceBytes, traceHash } from "../tasks/trace-bytes.ts";
import { connectRedis, type RedisConnection } from "./connection.ts";
import { jobName, prefix, queueName, type Reply, replyKey, type Request, traceAge, traceKeyOf } from "./protocol.ts";

interface Awaited {
  readonly data: string;
  readonly finished: Promise<Finished>;
  readonly resolve: (finished: Finished) => void;
  readonly reject: (error: Error) => void;
}

/** Seconds for which a Redis that has gone away is waited for. */
const patience = 60;

/** Milliseconds without news after which is looked for replies whose news got lost. */
const silence = 5000;

/**
 * Has tasks carried out by workers of the same build, wherever they run. A worker that dies takes nothing with it: others do its work.
 * @throws PlanError when there is no Redis at the address
 */
export async function openRedisRunner(address: string, traces: Traces, idOf: TaskIds): Promise<Backend> {
  const connection = await connectRedis(address, patience);
  const { client, bullmq, lost } = connection;
  const queue = new bullmq.Queue(queueName(), {
    connection: client,
    prefix,
    defaultJobOptions: { removeOnComplete: true, removeOnFail: true },
  });
  const [seconds, micros] = await client.time();
  const lastEventId = `${seconds}${String(Math.floor(micros / 1000)).padStart(3, "0")}-0`;
  const listening = client.duplicate({ lazyConnect: false });
  const events = new bullmq.QueueEvents(queueName(), { connection: listening, prefix, lastEventId });
  // The connection itself says what is wrong with it.
  const ignore = (): void => {};
  queue.on("error", ignore);
  events.on("error", ignore);
  listening.on("error", ignore);
  const hashes = Object.fromEntries([...traces].map(([key, trace]) => [key, traceHash(trace)]));
  const awaited = new Map<string, Awaited>();
  let heard = false;

  /** Takes the reply to a job, if it is there. */
  const settle = async (job: string): Promise<boolean> => {
    const bytes = await client.getBuffer(replyKey(job));
    const one = awaited.get(job);
    if (bytes === null || one === undefined) return one === undefined;
    awaited.delete(job);
    const reply = (await unpacked(bytes)) as Reply;
    if ("mistake" in reply) one.reject(new PlanError(reply.mistake));
    else one.resolve(reply.finished);
    return true;
  };
  const fail = (job: string, error: Error): void => {
    awaited.get(job)?.reject(error);
    awaited.delete(job);
  };
  const settleOrFail = (job: string): void => {
    settle(job).catch((error: Error) => fail(job, error));
  };
  events.on("completed", ({ jobId }) => {
    heard = true;
    settleOrFail(jobId);
  });
  events.on("failed", ({ jobId, failedReason }) => fail(jobId, new Error(`a worker has failed: ${failedReason}`)));
  lost.catch((error: Error) => [...awaited.keys()].forEach((job) => fail(job, error)));

  let ready: Promise<void> | undefined;
  const ask = async (job: string, data: string): Promise<void> => {
    ready ??= prepare(connection, traces, () => queue.getWorkersCount());
    await ready;
    if (!(await settle(job))) await queue.add("replication", data, { jobId: job });
  };
  const timer = setInterval(() => {
    if (!heard && client.status === "ready") {
      for (const [job, { data }] of awaited) {
        // A job that is there already is not added again.
        ask(job, data).catch((error: Error) => fail(job, error));
      }
    }
    heard = false;
  }, silence).unref();

  const withdraw = async (): Promise<void> => {
    clearInterval(timer);
    // What a worker has begun stays, and so does what is no longer there.
    await Promise.all([...awaited.keys()].map((job) => queue.remove(job).catch(() => 0)));
  };

  return {
    run(task: Task) {
      const job = jobName(idOf(task), task);
      const known = awaited.get(job);
      if (known !== undefined) return known.finished;
      const data = exactJson({ task, traces: hashes } satisfies Request);
      const { promise: finished, resolve, reject } = deferred<Finished>();
      awaited.set(job, { data, finished, resolve, reject });
      ask(job, data).catch((error: Error) => fail(job, error));
      return finished;
    },
    withdraw,
    async close() {
      // Nobody waits for what is left of a command that has failed.
      await withdraw();
      await Promise.all([events.close(), queue.close()]);
      listening.disconnect();
      connection.close();
    },
  };
}

/** Hands over the traces that the workers need, and says so when there is no worker. */
async function prepare({ client, address }: RedisConnection, traces: Traces, workers: () => Promise<number>): Promise<void> {
  for (const trace of traces.values()) {
    const key = traceKeyOf(traceHash(trace));
    if ((await client.expire(key, traceAge)) === 0) await client.set(key, traceBytes(trace), "EX", traceAge);
  }
  if ((await workers()) > 0) return;
  const how = `headroom worker --redis ${address}`;
  process.stderr.write(`headroom: no worker of this build (${engineFingerprint()}) is listening yet; start some with ${how}\n`);
}

function deferred<T>() {
  let resolve!: (value: T) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<T>((...both) => ([resolve, reject] = both));
  return { promise, resolve, reject };
}
