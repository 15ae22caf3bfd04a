import { expect, it } from "vitest";
import { mapValues } from "../../src/base/records.ts";
import type { Cause } from "../../src/traffic/cause.ts";
import { PoolDriver } from "./pool-driver.ts";
import { PrefillDriver } from "./prefill-driver.ts";

const engine = { stepTime: { overhead: "1s" }, maxSequences: 2, maxBatchedTokens: 64, kvBlocks: 3, blockSize: 4 };

it("until a replica has become ready the wait is for a cold start, after that for a busy replica", () => {
  const driver = new PoolDriver({
    engine: { station: { servers: 1, service: { constant: "10s" } } },
    replicas: { min: 0, max: 1 },
    coldStart: { phases: { loading: { constant: "40s" } } },
    scaling: { targetTracking: { metric: "concurrency", target: 4, every: "10s", scaleDownAfter: "1000s" } },
  });
  for (const at of [0, 1, 55]) driver.arrive({ at });
  // The scaler looks at 10 s, so that the replica is ready at 50 s; it serves one after the other.
  expect(driver.run(1000).spells).toEqual([
    [
      [0, "cold"],
      [50, "decode"],
    ],
    [
      [1, "cold"],
      [50, "busy"],
      [60, "decode"],
    ],
    [
      [55, "busy"],
      [70, "decode"],
    ],
  ]);
});

it("from its eviction until it has read everything again a sequence suffers from KV pressure", () => {
  const driver = new PoolDriver({ engine, replicas: 1 });
  for (const at of [0, 0]) driver.arrive({ at, prompt: 4, output: 5 });
  // Both hold a block at 1 s and need a second; the last free one is the first's, whose answer ends at 5 s.
  const [first, second] = driver.run().spells;
  expect(first).toEqual([
    [0, "prefill"],
    [1, "decode"],
  ]);
  expect(second).toEqual([
    [0, "busy"],
    [1, "prefill"],
    [2, "decode"],
    [2, "preemption"],
    [6, "decode"],
  ]);
  expect(driver.visits.map(({ endedAt }) => endedAt)).toEqual([5, 9]);
});

it("where another pool reads the prompts, the reading and the way of the KV are prefill, and the waits of both pools are for busy replicas", () => {
  const driver = new PrefillDriver({
    readers: { engine: { stepTime: { overhead: "500ms", densePerToken: "1ms" }, maxBatchedTokens: 10_000, kvBlocks: 1000 }, replicas: 1 },
    writers: {
      engine: { stepTime: { overhead: "200ms", perKvToken: "1ms" }, kvBlocks: 1000, kvBytesPerToken: "10M" },
      replicas: 1,
      prefill: { pool: "readers", transfer: { bandwidth: "1GB/s", latency: "250ms", links: 2 } },
    },
  });
  driver.arrive({ at: 0, prompt: 100, output: 9 }, { at: 0.1, prompt: 200, output: 2 }).run();
  // The first is read in 0.6 s and crosses in 1.25 s. Its k-th iteration, from 1.85 s on, takes 0.2 s and (100 + k) ms; the seventh has the
  // 201 tokens of the second beside it.
  expect(secondsOf(driver, 0)).toEqual(near({ prefill: 1.85, decode: 8 * 0.3 + 0.036 + 0.201 }));
  // The second waits until 0.6 s, is read until 1.3 s, crosses until 3.55 s, waits until the sixth iteration ends at 3.671 s, and has its
  // last token after the seventh.
  expect(secondsOf(driver, 1)).toEqual(near({ busy: 0.5 + 0.121, prefill: 0.7 + 2.25, decode: 0.508 }));
});

/** Seconds by cause, which add up to the visit. */
function secondsOf({ spells, visits }: PrefillDriver, visit: number) {
  const { arrivedAt, endedAt } = visits[visit];
  const sums = new Map<Cause, number>();
  spells[visit].forEach(([from, cause], i) => {
    const to = spells[visit][i + 1]?.[0] ?? endedAt;
    if (to > from) sums.set(cause, (sums.get(cause) ?? 0) + to - from);
  });
  const all = [...sums.values()].reduce((sum, seconds) => sum + seconds, 0);
  expect(all).toBeCloseTo(endedAt - arrivedAt, 9);
  return Object.fromEntries(sums);
}

const near = (seconds: Record<string, number>): unknown => mapValues(seconds, (one): unknown => expect.closeTo(one, 9));
