import type { GateSettings } from "../../../client/gate/gate-settings.ts";

/** A gate that no limiter holds; a queue that nothing holds back any more goes with it. */
export function withoutLimiter<Gate extends GateSettings>(gate: Gate): Gate {
  if (gate.limiter === undefined) return gate;
  return { ...gate, limiter: undefined, queue: gate.concurrency === undefined ? undefined : gate.queue };
}
