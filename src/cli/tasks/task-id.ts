import { createHash } from "node:crypto";
import type { Task, Traces } from "../../experiment/runner.ts";
import { taskKey } from "../../experiment/task-key.ts";
import { traceKey } from "../../traffic/arrivals/arrivals.ts";
import { engineFingerprint } from "./engine-fingerprint.ts";
import { traceHash } from "./trace-bytes.ts";

/** Gives each task the name under which what it comes to is kept: equal tasks of equal builds have the same, on every machine. */
export type TaskIds = (task: Task) => string;

/** Names of 64 hexadecimal digits. @param traces all that the tasks use, by `traceKey` */
export function taskIds(traces: Traces): TaskIds {
  return (task) => {
    const text = taskKey(task, (arrivals) => {
      const trace = traces.get(traceKey(arrivals) ?? "");
      return trace && traceHash(trace);
    });
    return createHash("sha256").update(`${engineFingerprint()}\n${text}`).digest("hex");
  };
}
