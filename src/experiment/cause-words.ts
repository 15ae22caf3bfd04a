import type { Cause } from "../traffic/cause.ts";

/** How sentences and tables call what time goes to. */
export const causeWords: Readonly<Record<Cause, string>> = {
  clientQueue: "client queue",
  rateLimit: "rate limits",
  backoff: "back-off",
  cache: "cache look-ups",
  retrieval: "retrieval",
  calls: "calls on the way",
  cold: "cold starts",
  busy: "busy replicas",
  preemption: "KV pressure",
  prefill: "prefill",
  decode: "decode",
  provider: "provider",
};
