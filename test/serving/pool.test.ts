import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PoolDriver, poisson } from "./pool-driver.ts";

const station = { station: { servers: 1, service: { constant: "10s" } } };
const llm = { stepTime: { overhead: "1s" }, maxSequences: 2, maxBatchedTokens: 64, kvBlocks: 64, blockSize: 4 };
const onDemand = {
  engine: station,
  replicas: { min: 0, max: 1 },
  coldStart: { phases: { provisioning: { constant: "30s" }, loading: { constant: "10s" } } },
  scaling: { targetTracking: { metric: "concurrency", target: 4, every: "10s", scaleDownAfter: "1000s" } },
};

const moments = (driver: PoolDriver): [ending: string, endedAt: number][] => driver.visits.map(({ ending, endedAt }) => [ending, endedAt]);

describe("the queue of a pool", () => {
  it("sheds who finds nobody idle and its places taken", () => {
    const driver = new PoolDriver({ engine: station, replicas: 1, queue: { capacity: 1 } });
    for (const at of [0, 1, 2, 25]) driver.arrive({ at });
    expect(moments(driver.run())).toEqual([
      ["finished", 10],
      ["finished", 20],
      ["shed", 2],
      ["finished", 35],
    ]);
  });

  it("sheds at the longest wait, to the second, whoever has not been started", () => {
    const driver = new PoolDriver({ engine: station, replicas: 1, queue: { maxWait: "12s" } });
    for (const at of [0, 1, 2]) driver.arrive({ at });
    expect(moments(driver.run())).toEqual([
      ["finished", 10],
      ["finished", 20],
      ["shed", 14],
    ]);
    expect(driver.pool.waiting).toBe(0);
  });

  it("keeps the longest wait and leaves nothing behind, for stations and replicas alike", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(station, llm),
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 20 }),
        fc.option(fc.nat(5), { nil: undefined }),
        fc.constantFrom("finish", "abort"),
        fc.array(
          fc.record({ gap: fc.nat(6), output: fc.integer({ min: 1, max: 20 }), patience: fc.option(fc.nat(60), { nil: undefined }) }),
          { minLength: 1, maxLength: 30 },
        ),
        (engine, replicas, maxWait, capacity, onCancel, arrivals) => {
          const queue = { maxWait: `${maxWait}s`, ...(capacity === undefined ? {} : { capacity }) };
          const driver = new PoolDriver({ engine, replicas, queue, onCancel, routing: "roundRobin" });
          let at = 0;
          for (const { gap, output, patience } of arrivals) {
            at += gap;
            driver.arrive({ at, output, ...(patience === undefined ? {} : { leavesAt: at + patience }) });
          }
          driver.run();
          for (const { arrivedAt, endedAt, ending } of driver.visits) {
            expect(ending).not.toBe("open");
            if (ending === "shed") expect([arrivedAt, arrivedAt + maxWait]).toContain(endedAt);
          }
          expect(driver.attempts.inFlight).toBe(0);
          expect(driver.pool.waiting).toBe(0);
          expect(driver.pool.stays.outstanding.value).toBe(0);
          for (const { replica } of driver.pool.fleet.members) expect(replica.outstanding).toBe(0);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("holds attempts while no replica is ready, and serves them in order when one is", () => {
    const driver = new PoolDriver(onDemand);
    driver.arrive({ at: 3 });
    driver.arrive({ at: 4 });
    // Seen at 10 s, forty seconds of cold start, then ten seconds of service each.
    expect(moments(driver.run(200))).toEqual([
      ["finished", 60],
      ["finished", 70],
    ]);
    expect(driver.pool.stays.coldWaits).toBe(2);
  });

  it("counts held attempts against capacity and longest wait", () => {
    const driver = new PoolDriver({ ...onDemand, queue: { capacity: 2, maxWait: "30s" } });
    for (const at of [3, 4, 5, 40]) driver.arrive({ at });
    expect(moments(driver.run(200))).toEqual([
      ["shed", 33],
      ["shed", 34],
      ["shed", 5],
      ["finished", 60],
    ]);
    expect(driver.pool.waiting).toBe(0);
  });

  it.each([
    ["finish", 50],
    ["abort", 7],
  ])("with onCancel %s, a held attempt whose client has left is dropped at %d s and costs no service", (onCancel, droppedAt) => {
    const driver = new PoolDriver({ ...onDemand, onCancel });
    driver.arrive({ at: 3, leavesAt: 7 });
    driver.arrive({ at: 4 });
    expect(moments(driver.run(200))).toEqual([
      ["dropped", droppedAt],
      ["finished", 60],
    ]);
    expect(driver.pool.waiting).toBe(0);
  });

  it.each([
    ["finish", ["finished", 10]],
    ["abort", ["dropped", 6.5]],
  ])("with onCancel %s, a station whose client leaves counts all its time as waste", (onCancel, ending) => {
    const driver = new PoolDriver({ engine: station, replicas: 1, onCancel });
    driver.arrive({ at: 0, leavesAt: 6.5 });
    expect(moments(driver.run())).toEqual([ending]);
    expect(driver.pool.fleet.members[0].replica.wastedSeconds).toBe(ending[1]);
  });

  it.each([
    ["finish", 10],
    ["abort", 3],
  ])("with onCancel %s, a client who leaves the line of a station is dropped at %d s and never served", (onCancel, droppedAt) => {
    const driver = new PoolDriver({ engine: station, replicas: 1, onCancel });
    driver.arrive({ at: 0 });
    driver.arrive({ at: 1, leavesAt: 3 });
    driver.arrive({ at: 2 });
    expect(moments(driver.run())).toEqual([
      ["finished", 10],
      ["dropped", droppedAt],
      ["finished", 20],
    ]);
    expect(driver.pool.fleet.members[0].replica.wastedSeconds).toBe(0);
  });

  it("fails at once what no replica could ever hold, or ever read in one piece", () => {
    const driver = new PoolDriver({ engine: llm, replicas: 1 });
    driver.arrive({ at: 0, prompt: 200, output: 57 });
    driver.arrive({ at: 0, prompt: 200, output: 58 });
    driver.run();
    expect(driver.visits.map(({ ending }) => ending)).toEqual(["finished", "failed"]);
    const whole = new PoolDriver({ engine: { ...llm, chunkedPrefill: false }, replicas: 1 });
    whole.arrive({ at: 0, prompt: 65 });
    whole.arrive({ at: 0, prompt: 64 });
    whole.run();
    expect(whole.visits.map(({ ending }) => ending)).toEqual(["failed", "finished"]);
  });

  it("fails at once what exceeds the context, prompt and answer together", () => {
    const driver = new PoolDriver({ engine: { ...llm, context: 100 }, replicas: 1 });
    for (const output of [40, 41]) driver.arrive({ at: 0, prompt: 60, output });
    expect(driver.run().visits.map(({ ending }) => ending)).toEqual(["finished", "failed"]);
    expect(driver.pool.oversized).toBe(1);
  });

  it("counts the drafts of the last iteration among what a replica must hold", () => {
    const speculation = { draftTokens: 3, acceptedTokens: 2.5 };
    const driver = new PoolDriver({ engine: { ...llm, speculation }, replicas: 1 });
    for (const output of [53, 54]) driver.arrive({ at: 0, prompt: 200, output });
    expect(driver.run().visits.map(({ ending }) => ending)).toEqual(["finished", "failed"]);
  });

  it("lets an attempt that is sent in answer to an end find the place that became free", () => {
    const driver = new PoolDriver({ engine: station, replicas: 1, queue: { capacity: 0 } });
    driver.arrive({ at: 0 });
    driver.onEnd = (visit) => {
      if (visit < 3) driver.arrive({ at: driver.simulation.now });
    };
    expect(moments(driver.run())).toEqual([10, 20, 30, 40].map((at) => ["finished", at]));
  });

  it("obeys Little's law: the mean number outstanding is the rate times the mean stay", () => {
    const horizon = 4000;
    const driver = new PoolDriver({ engine: { ...llm, maxSequences: 8 }, replicas: 2 }, 1, horizon);
    poisson(driver, 1, 3000, 9, { prompt: 20, output: 5 });
    driver.run(horizon);
    const stays = driver.visits.reduce((sum, { arrivedAt, endedAt }) => sum + endedAt - arrivedAt, 0);
    expect(driver.visits.every(({ ending }) => ending === "finished")).toBe(true);
    expect(driver.pool.stays.outstanding.area(horizon)).toBeCloseTo(stays, 5);
  });
});
