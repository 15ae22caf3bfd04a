import type { Finished, Task } from "../../experiment/runner.ts";
import type { Extras } from "../../experiment/task-key.ts";
import { packed, unpacked } from "./packed.ts";

/** What a task came to, as it is kept and sent. */
export interface StoredTask {
  readonly id: string;
  /** What was asked for beside the summary. */
  readonly wanted: Required<Extras>;
  readonly finished: Finished;
}

const schema = "headroom/task/1";

export function storedTask(id: string, { series, requests, latencies = false, course = false }: Task, finished: Finished): StoredTask {
  return { id, wanted: { series, requests, latencies, course }, finished };
}

export async function packedTask(stored: StoredTask): Promise<Buffer> {
  return packed({ schema, ...stored });
}

/** What was packed; undefined where the bytes are damaged, or hold another task. */
export async function unpackedTask(bytes: Uint8Array, id: string): Promise<StoredTask | undefined> {
  try {
    const stored = (await unpacked(bytes)) as StoredTask & { schema: string };
    return stored.schema === schema && stored.id === id ? stored : undefined;
  } catch {
    return undefined;
  }
}
