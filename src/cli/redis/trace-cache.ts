import type { Redis } from "ioredis";
import type { Traces } from "../../experiment/runner.ts";
import { inSharedMemory } from "../../experiment/worker-pool.ts";
import type { Trace } from "../../traffic/trace.ts";
import { traceFromBytes } from "../tasks/trace-bytes.ts";
import { traceKeyOf } from "./protocol.ts";

/** How many traces a worker keeps in memory: those last used. */
const mostTraces = 8;

/** Fetches traces by their hashes, each once for as long as it is kept. @returns what gives the traces of a task, by `traceKey` */
export function traceCache(client: Redis): (hashes: Readonly<Record<string, string>>) => Promise<Traces> {
  const known = new Map<string, Promise<Trace>>();
  const fetched = (hash: string, name: string): Promise<Trace> => {
    const trace = known.get(hash) ?? fetchTrace(client, hash, name);
    known.delete(hash);
    known.set(hash, trace);
    trace.catch(() => known.delete(hash));
    const [oldest] = known.keys();
    if (known.size > mostTraces) known.delete(oldest);
    return trace;
  };
  return async (hashes) => {
    const entries = Object.entries(hashes).map(async ([key, hash]) => [key, await fetched(hash, key)] as const);
    return new Map(await Promise.all(entries));
  };
}

async function fetchTrace(client: Redis, hash: string, name: string): Promise<Trace> {
  const bytes = await client.getBuffer(traceKeyOf(hash));
  if (bytes === null) throw new Error(`the trace ${name} is no longer in Redis`);
  return inSharedMemory(traceFromBytes(bytes, name));
}
