import { expect, it } from "vitest";
import { PoolDriver } from "./pool-driver.ts";

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
