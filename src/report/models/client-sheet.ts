import type { BreakerSettings } from "../../client/breaker.ts";
import type { ClientSettings } from "../../client/client-settings.ts";
import { backoff } from "../../client/retry/backoff.ts";
import type { RetryBudgetSettings, RetryLoopSettings } from "../../client/retry/retry-settings.ts";

/** Seconds between which a wait is drawn. */
export interface Wait {
  readonly least_s: number;
  readonly most_s: number;
}

/** One loop of retries: what it does, and how long it waits. */
export interface LoopSheet {
  readonly attempts: number;
  readonly on: readonly string[];
  /** Before each retry, where no retry-after is sent. */
  readonly waits: readonly Wait[];
  /** Before all of them, likewise. */
  readonly inAll: Wait;
  /** A longer retry-after is not waited for; then the usual back-off, or no retry. */
  readonly retryAfterMax_s: number;
  readonly retryAfterBeyond: RetryLoopSettings["retryAfterBeyond"];
  readonly budget?: RetryBudgetSettings;
}

/** What a client's profile comes to for one request at a target that never answers. Numbers end in their unit. */
export interface ClientSheet {
  /** At most, at one target: calls times what each may send. */
  readonly attempts: number;
  readonly calls: LoopSheet;
  /** Of the library below, once for each call. */
  readonly nested?: LoopSheet;
  /** Before all retries of both loops, where no retry-after is sent. */
  readonly waiting: Wait;
  readonly timeouts_s: {
    readonly ttft?: number | undefined;
    readonly total?: number | undefined;
    readonly attemptTtft?: number | undefined;
    readonly attemptTotal?: number | undefined;
  };
  /** How long a request lasts at most at a target that takes every attempt and never answers; absent where nothing ends it. */
  readonly hung_s?: number;
  readonly breaker?: BreakerSettings;
}

export function clientSheet({ timeout, retry, breaker }: ClientSettings): ClientSheet {
  const { nested, ...outer } = retry;
  const calls = loopSheet(outer);
  const below = nested && loopSheet(nested);
  const attempts = calls.attempts * (below?.attempts ?? 1);
  const waiting = {
    least_s: calls.inAll.least_s + calls.attempts * (below?.inAll.least_s ?? 0),
    most_s: calls.inAll.most_s + calls.attempts * (below?.inAll.most_s ?? 0),
  };
  const { attempt } = timeout;
  const perAttempt = Math.min(attempt.ttft ?? Infinity, attempt.total ?? Infinity);
  const ofCall = below === undefined ? perAttempt : hungIn(below, perAttempt);
  const hung = Math.min(timeout.ttft ?? Infinity, timeout.total ?? Infinity, hungIn(calls, ofCall));
  return {
    attempts,
    calls,
    ...(below && { nested: below }),
    waiting,
    timeouts_s: { ttft: timeout.ttft, total: timeout.total, attemptTtft: attempt.ttft, attemptTotal: attempt.total },
    ...(hung < Infinity && { hung_s: hung }),
    ...(breaker && { breaker }),
  };
}

/** Seconds of a loop of which each attempt takes so many and times out; where that is not retried, of the first one. */
function hungIn({ attempts, on, inAll }: LoopSheet, seconds: number): number {
  return on.includes("timedOut") ? attempts * seconds + inAll.most_s : seconds;
}

function loopSheet({ attempts, on, backoff: settings, retryAfterMax, retryAfterBeyond, budget }: RetryLoopSettings): LoopSheet {
  const waits = Array.from({ length: attempts - 1 }, (_, i) => ({
    least_s: backoff(settings, i + 1, always(0)),
    most_s: backoff(settings, i + 1, always(1)),
  }));
  const inAll = {
    least_s: waits.reduce((sum, { least_s }) => sum + least_s, 0),
    most_s: waits.reduce((sum, { most_s }) => sum + most_s, 0),
  };
  return { attempts, on, waits, inAll, retryAfterMax_s: retryAfterMax, retryAfterBeyond, ...(budget && { budget }) };
}

/** The ends of what chance can do. */
function always(value: number) {
  return { uniform: () => value };
}
