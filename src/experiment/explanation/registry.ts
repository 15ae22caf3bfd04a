import type { Scenario } from "../../scenario/schema.ts";
import type { Cause } from "./cause.ts";
import { abandonedWork } from "./causes/abandoned-work.ts";
import { backoff } from "./causes/backoff.ts";
import { busy } from "./causes/busy.ts";
import { cache } from "./causes/cache.ts";
import { calls } from "./causes/calls.ts";
import { clientQueue } from "./causes/client-queue.ts";
import { cold } from "./causes/cold.ts";
import { faults } from "./causes/faults.ts";
import { preemption } from "./causes/preemption.ts";
import { provider } from "./causes/provider.ts";
import { rateLimit } from "./causes/rate-limit.ts";
import { retrieval } from "./causes/retrieval.ts";
import { spikes } from "./causes/spikes.ts";

/** Every cause that can be taken away: one file and one line each. */
export const causes: readonly Cause[] = [
  clientQueue,
  rateLimit,
  backoff,
  cache,
  retrieval,
  calls,
  cold,
  busy,
  preemption,
  provider,
  faults,
  abandonedWork,
  spikes,
];

/** Whether taking a cause away changes anything in a scenario. */
export function applies(cause: Cause, scenario: Scenario): boolean {
  return JSON.stringify(cause.removed(scenario)) !== JSON.stringify(scenario);
}
