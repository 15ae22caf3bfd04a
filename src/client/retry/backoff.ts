import type { RandomSource } from "../../kernel/random.ts";
import type { BackoffSettings } from "./retry-settings.ts";

/** Share of the wait that is drawn uniformly; the rest is certain. */
const drawn = { none: 0, full: 1, equal: 0.5 };

/** Seconds to wait before retry number `retry`, counted from 1. */
export function backoff(settings: BackoffSettings, retry: number, random: RandomSource): number {
  const { base, factor, max, jitter } = settings;
  if (jitter === "decorrelated") return decorrelated(settings, retry, random);
  let wait = Math.min(max, base);
  for (let earlier = 1; earlier < retry && wait < max; earlier++) wait = Math.min(max, wait * factor);
  const share = typeof jitter === "number" ? jitter : drawn[jitter];
  return wait * (1 - share + share * random.uniform());
}

/**
 * Each wait is uniform between the base and thrice the one before, which starts at the base. All of them are drawn anew from the
 * request's own numbers, so that none has to be kept. Source: AWS Architecture Blog, Exponential Backoff And Jitter, 2015.
 */
function decorrelated({ base, max }: BackoffSettings, retry: number, random: RandomSource): number {
  let wait = Math.min(max, base);
  for (let turn = 1; turn <= retry; turn++) wait = Math.min(max, base + (3 * wait - base) * random.uniform());
  return wait;
}
