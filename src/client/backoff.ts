import type { RandomSource } from "../kernel/random.ts";
import type { BackoffSettings } from "./client-settings.ts";

/** Share of the wait that is certain; the rest is uniform. */
const certain = { none: 1, full: 0, equal: 0.5 };

/** Seconds to wait before retry number `retry`, counted from 1: exponential, capped, then jittered. */
export function backoff({ base, factor, max, jitter }: BackoffSettings, retry: number, random: RandomSource): number {
  let wait = Math.min(max, base);
  for (let earlier = 1; earlier < retry && wait < max; earlier++) wait = Math.min(max, wait * factor);
  return wait * (certain[jitter] + (1 - certain[jitter]) * random.uniform());
}
