import type { PlanErrorDetails } from "../../base/plan-error.ts";
import type { Finished, Task } from "../../experiment/runner.ts";
import { wantedOf } from "../../experiment/task-key.ts";
import { engineFingerprint } from "../tasks/engine-fingerprint.ts";

/** A replication to simulate, as it lies in the queue. */
export interface Request {
  readonly task: Task;
  /** The hash of each trace that the task may use, by `traceKey`. */
  readonly traces: Readonly<Record<string, string>>;
}

/** What comes back. An error loses its kind on the way, so a mistake goes as its details. */
export type Reply = { readonly finished: Finished } | { readonly mistake: PlanErrorDetails };

/** Before all keys in Redis. */
export const prefix = "headroom";

/** The queue of this build: different builds never work for each other. */
export function queueName(): string {
  return `engine-${engineFingerprint()}`;
}

export function replyKey(job: string): string {
  return `${prefix}:reply:${job}`;
}

export function traceKeyOf(hash: string): string {
  return `${prefix}:trace:${hash}`;
}

/** Seconds for which a reply is there to be picked up by whoever asks again: a day. */
export const replyAge = 86_400;

/** Seconds for which a trace is there after it was last asked for: a week. */
export const traceAge = 604_800;

/** The name of a job: equal tasks of which the same is wanted have the same, so that each is simulated once. */
export function jobName(id: string, task: Task): string {
  return [id, ...wantedOf(task)].join("-");
}
