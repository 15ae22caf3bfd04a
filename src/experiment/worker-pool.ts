import { Tinypool } from "tinypool";
import { PlanError } from "../base/plan-error.ts";
import type { Trace } from "../traffic/trace.ts";
import type { Finished, Runner, Task, Traces } from "./runner.ts";
import type { WorkerOutput } from "./worker.ts";

/** A runner over worker threads; `close` ends them. */
export interface WorkerPool extends Runner {
  close(): Promise<void>;
}

/** Worker threads, to which tasks come with their traces; these lie in shared memory, or each thread gets a copy with each task. */
export interface Threads {
  run(task: Task, traces: Traces): Promise<Finished>;
  close(): Promise<void>;
}

/** What a worker is given: a task and the traces that all tasks share. */
export interface WorkerInput {
  readonly task: Task;
  readonly traces: Traces;
}

/** Threads load the built worker, so there are none where the sources themselves are run. */
export const hasThreads = import.meta.url.endsWith(".js");

/** Milliseconds of the longest timer there is: threads stay until they are closed. */
const longest = 2_147_483_647;

/** @param threads how many tasks are carried out at the same time, at least 1; each is started when first needed */
export function threadPool(threads: number): Threads {
  const pool = new Tinypool({
    filename: new URL("./worker.js", import.meta.url).href,
    minThreads: 1,
    maxThreads: threads,
    idleTimeout: longest,
  });
  return {
    run: async (task, traces) => {
      const output = (await pool.run({ task, traces } satisfies WorkerInput)) as WorkerOutput;
      if ("mistake" in output) throw new PlanError(output.mistake);
      return output;
    },
    close: () => pool.destroy(),
  };
}

/** The same for tasks that all use the same traces. */
export function workerPool(traces: Traces, threads: number): WorkerPool {
  const shared = new Map([...traces].map(([name, trace]) => [name, inSharedMemory(trace)]));
  const pool = threadPool(threads);
  return { run: (task) => pool.run(task, shared), close: () => pool.close() };
}

/** The trace with its columns where every thread can read them, so that none needs a copy. */
export function inSharedMemory(trace: Trace): Trace {
  const time = new Float64Array(new SharedArrayBuffer(trace.time.byteLength));
  const inputTokens = new Int32Array(new SharedArrayBuffer(trace.inputTokens.byteLength));
  const outputTokens = new Int32Array(new SharedArrayBuffer(trace.outputTokens.byteLength));
  time.set(trace.time);
  inputTokens.set(trace.inputTokens);
  outputTokens.set(trace.outputTokens);
  return { ...trace, time, inputTokens, outputTokens };
}
