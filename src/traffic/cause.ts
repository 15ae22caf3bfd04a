/**
 * What a request's time goes to, from its arrival to its end, in the order of reports. At every moment it is one of these:
 * - `clientQueue`: in the line before its client's gate or gateway, whatever that waits for.
 * - `rateLimit`: until it is sent again after a 429, and whenever a `retry-after` of one decides when it is.
 * - `backoff`: until it is sent again after any other failure.
 * - `cache`: at a cache of its path, with all that a look-up needs and the wait for another's answer; and until a canned answer is given.
 * - `retrieval`, `calls`: at a stage that reads a vector store, and at one that calls something; `calls` also between the turns of an
 *   agent. Of stages side by side the one begun last of those under way counts.
 * - `cold`: at a pool, before its first iteration, if no replica was ready or one was on its way when it came; until one has become
 *   ready while no other is on its way.
 * - `busy`: at a pool, before its first iteration, otherwise.
 * - `preemption`: from an eviction until what it lost has been read again.
 * - `prefill`: reading its prompt, wherever that is, and the way of its KV to the pool that decodes.
 * - `decode`: from the first token on; in a station or a static batch, which give all tokens at once, being served.
 * - `provider`: an attempt at a provider, however it ends.
 *
 * Of attempts under way at the same time the one sent first counts until it ends, or another gives its first token.
 */
export const causes = [
  "clientQueue",
  "rateLimit",
  "backoff",
  "cache",
  "retrieval",
  "calls",
  "cold",
  "busy",
  "preemption",
  "prefill",
  "decode",
  "provider",
] as const;

export type Cause = (typeof causes)[number];

/** What columns hold instead of the words: a position in `causes`. */
export const causeCode = Object.fromEntries(causes.map((cause, code) => [cause, code])) as Readonly<Record<Cause, number>>;
