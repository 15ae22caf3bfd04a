import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Simulation } from "../../src/kernel/simulation.ts";
import type { BatchSettings } from "../../src/serving/replica/continuous-batch.ts";
import type { PoolSettings } from "../../src/serving/pool-settings.ts";
import { KvLinks } from "../../src/serving/prefill/kv-links.ts";
import { Sequences } from "../../src/serving/replica/sequences.ts";
import { Attempts } from "../../src/traffic/attempts.ts";
import { type PlainResult, type PlainStage, runPlainDisaggregation } from "./plain-disaggregation.ts";
import type { Job } from "./replica/plain-engine.ts";
import { PrefillDriver, type Sent } from "./prefill-driver.ts";

const cases = Number(process.env["HEADROOM_CASES"] ?? 1000);

const readerEngine = { stepTime: { overhead: "500ms", densePerToken: "1ms" }, maxBatchedTokens: 10_000, kvBlocks: 1000 };
/** A second for the KV of a hundred tokens over a link of 1 GB/s. */
const writerEngine = { stepTime: { overhead: "200ms", perKvToken: "1ms" }, kvBlocks: 1000, kvBytesPerToken: "10M" };
const transfer = { bandwidth: "1GB/s", latency: "250ms" };

/** One replica that reads and one that decodes. */
function pair(writers: object = {}, readers: object = {}, links: object = {}): Record<string, unknown> {
  return {
    readers: { engine: readerEngine, replicas: 1, ...readers },
    writers: { engine: writerEngine, replicas: 1, prefill: { pool: "readers", transfer: { ...transfer, ...links } }, ...writers },
  };
}

const endings = (driver: PrefillDriver) => driver.visits.map(({ ending }) => ending);

describe("a pool whose prompts are read by another", () => {
  it("gives one request its first token after reading, and the last after latency, bytes over bandwidth and the decoding of the rest", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5000 }),
        fc.integer({ min: 2, max: 500 }),
        fc.integer({ min: 0, max: 900 }),
        fc.integer({ min: 1, max: 64 }),
        (prompt, output, latency, gigabytes) => {
          const links = { bandwidth: `${gigabytes}GB/s`, latency: `${latency}ms`, links: 3 };
          const [visit] = new PrefillDriver(pair({}, {}, links)).arrive({ at: 7, prompt, output }).run().visits;
          const reading = 0.5 + 0.001 * prompt;
          const crossing = latency / 1000 + (prompt * 0.01) / gigabytes;
          const iterations = output - 1;
          const decoding = 0.2 * iterations + 0.001 * (iterations * prompt + (iterations * (iterations + 1)) / 2);
          expect(visit.ending).toBe("finished");
          expect(visit.firstTokenAt - 7).toBeCloseTo(reading, 9);
          expect(visit.endedAt - 7).toBeCloseTo(reading + crossing + decoding, 6);
        },
      ),
      { numRuns: 100 },
    );
  });

  it("ends an answer of one token where the prompt was read", () => {
    const driver = new PrefillDriver(pair()).arrive({ at: 0, prompt: 100, output: 1 }).run();
    expect(driver.visits[0]).toMatchObject({ ending: "finished", firstTokenAt: 0.6, endedAt: 0.6 });
    expect(driver.busySeconds("writers")).toBe(0);
  });

  it("tells each client of its own attempts, and of one first token each, where readers have clients and serve several writers", () => {
    const pools = { ...pair(), others: pair({ engine: { ...writerEngine, stepTime: { overhead: "3s" } } })["writers"] };
    const driver = new PrefillDriver(pools);
    driver.arrive({ at: 0, prompt: 100, output: 3 }, { at: 0, to: "others", prompt: 100, output: 3 });
    driver.arrive({ at: 50, to: "readers", prompt: 100, output: 3 }).run();
    const { visits, firstTokens } = driver;
    expect(visits.map(({ firstTokenAt }) => firstTokenAt)).toEqual([0.6, 1.2, 50.6].map((at) => expect.closeTo(at, 9)));
    // Both transfers take 1.25 s over links of their own; then two iterations each. The readers decode at 0.501 s a token.
    expect(visits.map(({ endedAt }) => endedAt)).toEqual(
      [0.6 + 1.25 + 0.603, 1.2 + 1.25 + 6, 50.6 + 1.002].map((at) => expect.closeTo(at, 9)),
    );
    expect(firstTokens).toEqual([1, 1, 1]);
    expect(driver.left()).toEqual([]);
  });
});

describe("the links between readers and writers", () => {
  interface Crossing {
    readonly tokens: number;
    readonly leavesAt?: number;
  }

  /** Sends the KV of all at time 0; moments of arrival, or below zero those of giving up. */
  function cross(all: readonly Crossing[], links: number, latency: number): number[] {
    const simulation = new Simulation();
    const attempts = new Attempts();
    const moments: number[] = [];
    const settings = { bandwidth: 4, latency, links };
    const kv = new KvLinks(simulation, new Sequences(attempts), settings, 2, {
      arrived: (attempt) => (moments[attempts.number[attempt]] = simulation.now),
      dropped: (attempt) => (moments[attempts.number[attempt]] = -simulation.now),
    });
    const leave = simulation.handler((attempt) => {
      attempts.abandoned[attempt] = 1;
      kv.drop(attempt);
    });
    const opened = all.map(({ tokens }, number) => attempts.open(number, number, 0, 0, tokens, 2));
    for (const attempt of opened) kv.send(attempt);
    all.forEach(({ leavesAt }, i) => leavesAt !== undefined && simulation.at(leavesAt, leave, opened[i]));
    simulation.run(1e9);
    return moments;
  }

  it("carry transfers that set out at once one after the other: the k-th arrives after latency and the bytes of the first k", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 20 }), fc.nat(100), (tokens, latency) => {
        let bytes = 0;
        const expected = tokens.map((count) => latency + (bytes += 2 * count) / 4);
        const moments = cross(
          tokens.map((count) => ({ tokens: count })),
          1,
          latency,
        );
        expect(moments).toEqual(expected);
      }),
      { numRuns: 100 },
    );
  });

  it("carry as many at the same time as there are links", () => {
    const same = Array.from({ length: 7 }, () => ({ tokens: 10 }));
    expect(cross(same, 3, 1)).toEqual([6, 6, 6, 11, 11, 11, 16]);
    expect(cross(same, 7, 1)).toEqual([6, 6, 6, 6, 6, 6, 6]);
  });

  it("are free at once when the transfer that they carry is given up, and skip those that waited", () => {
    const leaving = [
      { tokens: 10, leavesAt: 2 },
      { tokens: 10, leavesAt: 1 },
      { tokens: 10 },
      { tokens: 10, leavesAt: 13 },
      { tokens: 10 },
    ];
    // The fourth is on its way, its link free already.
    expect(cross(leaving, 1, 2)).toEqual([-2, -1, 9, -13, 19]);
  });
});

describe("a client who leaves a pool with readers", () => {
  // Both are read for 0.6 s, the link carries each for 1 s and 0.25 s more; the first decodes for 3.678 s, alone in the batch.
  const first: Sent = { at: 0, prompt: 100, output: 13 };
  const second = { at: 0, prompt: 100, output: 3 };
  const narrow = { engine: { ...writerEngine, maxSequences: 1 } };

  it.each([
    ["in the readers' line", 0.3, "finish", "dropped", 0.6, 0, 0],
    ["in the readers' line", 0.3, "abort", "dropped", 0.3, 0, 0],
    ["while it is read", 0.9, "finish", "dropped", 1.2, 0.6, 0],
    ["while it is read", 0.9, "abort", "dropped", 1.2, 0.6, 0],
    ["in the line for the link", 1.4, "finish", "dropped", 1.6, 0.6, 0],
    ["in the line for the link", 1.4, "abort", "dropped", 1.4, 0.6, 0],
    ["on the link", 2, "finish", "dropped", 2.85, 0.6, 0],
    ["on the link", 2, "abort", "dropped", 2, 0.6, 0],
    ["on the last stretch", 2.7, "finish", "dropped", 2.85, 0.6, 0],
    ["on the last stretch", 2.7, "abort", "dropped", 2.7, 0.6, 0],
    ["at the head of the writers' line", 4, "finish", "dropped", 4.286, 0.6, 0],
    ["at the head of the writers' line", 4, "abort", "dropped", 4, 0.6, 0],
    ["while it decodes", 5.7, "finish", "finished", 6.131, 0.6, 0.603],
    ["while it decodes", 5.7, "abort", "dropped", 5.829, 0.6, 0.301],
  ])(
    "%s at %d s, with onCancel %s, is %s at %d s; %d s of reading and %d s of decoding were in vain",
    (_, leavesAt, onCancel, ...expected) => {
      const driver = new PrefillDriver(pair({ ...narrow, onCancel }, { onCancel })).arrive(first, { ...second, leavesAt }).run();
      const { ending, endedAt } = driver.visits[1];
      const [expectedEnding, ...seconds] = expected;
      expect(ending).toBe(expectedEnding);
      expect([endedAt, driver.wastedSeconds("readers"), driver.wastedSeconds("writers")]).toEqual(
        seconds.map((value) => expect.closeTo(value, 9)),
      );
      expect(driver.visits[0]).toMatchObject({ ending: "finished", endedAt: expect.closeTo(5.528, 9) });
      expect(driver.left()).toEqual([]);
    },
  );

  it("is no concern of the readers' longest wait once the prompt is read; the writers have their own", () => {
    const patient = new PrefillDriver(pair(narrow, { queue: { maxWait: "4s" } })).arrive(first, second).run();
    expect(patient.visits[1]).toMatchObject({ ending: "finished", endedAt: expect.closeTo(6.131, 9) });
    const hurried = new PrefillDriver(pair({ ...narrow, queue: { maxWait: "2s" } })).arrive(first, second).run();
    expect(hurried.visits[1]).toMatchObject({ ending: "shed", firstTokenAt: 1.2, endedAt: 4.85 });
    expect(hurried.left()).toEqual([]);
  });
});

describe("what no replica could hold", () => {
  it("is refused by the writers before anything is read, unless the answer is one token", () => {
    const small = pair({ engine: { ...writerEngine, kvBlocks: 10 } });
    const driver = new PrefillDriver(small).arrive(...[1, 2].map((output) => ({ at: 0, prompt: 160, output })), {
      at: 0,
      prompt: 161,
      output: 2,
    });
    driver.run();
    expect(endings(driver)).toEqual(["finished", "failed", "failed"]);
    expect([driver.pool("readers").oversized, driver.pool("writers").oversized]).toEqual([0, 2]);
    expect(driver.busySeconds("readers")).toBeCloseTo(0.66, 9);
    expect(driver.left()).toEqual([]);
  });

  it("is refused by readers that could not hold the prompt, whatever the writers can", () => {
    const driver = new PrefillDriver(pair({}, { engine: { ...readerEngine, kvBlocks: 10 } }));
    driver.arrive({ at: 0, prompt: 160, output: 50 }, { at: 0, prompt: 161, output: 50 }).run();
    expect(endings(driver)).toEqual(["finished", "failed"]);
    expect([driver.pool("readers").oversized, driver.pool("writers").oversized]).toEqual([1, 0]);
  });

  it("does not include prompts longer than the writers could read in one piece, since they need not", () => {
    const whole = { engine: { ...writerEngine, chunkedPrefill: false, maxBatchedTokens: 64 } };
    expect(endings(new PrefillDriver(pair(whole)).arrive({ at: 0, prompt: 65, output: 9 }).run())).toEqual(["finished"]);
    const readers = { engine: { ...readerEngine, chunkedPrefill: false, maxBatchedTokens: 64 } };
    expect(endings(new PrefillDriver(pair({}, readers)).arrive({ at: 0, prompt: 65, output: 9 }).run())).toEqual(["failed"]);
  });
});

describe("decoding apart from reading", () => {
  const stepTime = { overhead: "20ms", densePerToken: "200us" };
  const engine = { stepTime, kvBlocks: 10_000, kvBytesPerToken: 1 };
  const load = Array.from({ length: 200 }, (_, i) => ({ at: 0.4 * i, prompt: 1000, output: 50 }));
  const tokenTimes = (driver: PrefillDriver) =>
    driver
      .arrive(...load)
      .run()
      .visits.map(({ firstTokenAt, endedAt }) => (endedAt - firstTokenAt) / 49);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

  it("is not slowed by prompts, as it is where the same replicas do both", () => {
    const unified = tokenTimes(new PrefillDriver({ writers: { engine, replicas: 2 } }));
    const apart = tokenTimes(
      new PrefillDriver({
        readers: { engine, replicas: 1 },
        writers: { engine, replicas: 1, prefill: { pool: "readers", transfer: { bandwidth: "1000000GB/s" } } },
      }),
    );
    // At most four decode together, so that an iteration takes up to 20.8 ms, and who comes waits for one at most.
    for (const seconds of apart) expect(seconds).toBeLessThanOrEqual(((49 + 1) / 49) * 0.0208 + 1e-9);
    expect(mean(unified)).toBeGreaterThan(1.1 * mean(apart));
  });
});

describe("readers, links and writers together", () => {
  interface Case {
    readonly pools: Readonly<Record<string, unknown>>;
    readonly jobs: readonly Job[];
  }

  /** Each quantity is a multiple of an irrational number of its own, so that nothing meets by accident. */
  const multiples = (most: number, unit: number) => fc.nat(most).map((n) => `${n * unit}s`);

  const stage = fc.record({
    stepTime: fc.record({
      overhead: fc.integer({ min: 1, max: 5 }).map((n) => `${(n * Math.SQRT2) / 10}s`),
      denseFloor: multiples(8, Math.E / 20),
      densePerToken: multiples(3, Math.PI / 500),
      perKvToken: multiples(2, Math.sqrt(3) / 5000),
      perPrefillPair: multiples(2, Math.sqrt(7) / 5000),
      promptOverhead: multiples(2, Math.sqrt(11) / 30),
    }),
    maxSequences: fc.integer({ min: 1, max: 8 }),
    maxBatchedTokens: fc.integer({ min: 4, max: 60 }),
    spareBlocks: fc.oneof(fc.nat(4), fc.nat(40)),
    blockSize: fc.constantFrom(1, 4, 16),
    maxWait: fc.option(multiples(60, Math.sqrt(13) / 10), { freq: 2 }),
    onCancel: fc.constantFrom("finish", "abort"),
  });

  const someCase: fc.Arbitrary<Case> = fc
    .record({
      readers: stage,
      writers: stage,
      links: fc.integer({ min: 1, max: 3 }),
      latency: multiples(4, Math.sqrt(17) / 20),
      kvBytesPerToken: fc.integer({ min: 1, max: 60 }).map((n) => Math.round(n * Math.sqrt(19) * 1e6)),
      requests: fc.array(
        fc.record({
          gap: fc.oneof(fc.constant(0), fc.nat(20)),
          prompt: fc.integer({ min: 1, max: 60 }),
          output: fc.oneof({ weight: 1, arbitrary: fc.constant(1) }, { weight: 5, arbitrary: fc.integer({ min: 2, max: 40 }) }),
          patience: fc.option(fc.nat(200), { freq: 2 }),
        }),
        { minLength: 1, maxLength: 20 },
      ),
    })
    .map(({ readers, writers, links, latency, kvBytesPerToken, requests }) => {
      const clock = Math.sqrt(11) / 30;
      let ticks = 0;
      const jobs = requests.map(({ gap, prompt, output, patience }): Job => {
        ticks += gap;
        const leavesAt = patience === null ? Infinity : (ticks + patience) * clock;
        return { arrivesAt: ticks * clock, prompt, output, leavesAt, withdrawnAt: Infinity };
      });
      const pool = ({ spareBlocks, maxWait, onCancel, ...engine }: typeof readers, tokens: (job: Job) => number) => ({
        engine: { ...engine, kvBytesPerToken, kvBlocks: Math.ceil(Math.max(...jobs.map(tokens)) / engine.blockSize) + spareBlocks },
        replicas: 1,
        onCancel,
        ...(maxWait === null || maxWait === "0s" ? {} : { queue: { maxWait } }),
      });
      const prefill = { pool: "readers", transfer: { bandwidth: "1GB/s", latency, links } };
      return {
        jobs,
        pools: {
          readers: pool(readers, ({ prompt }) => prompt),
          writers: { ...pool(writers, ({ prompt, output }) => prompt + output - 1), prefill },
        },
      };
    });

  function runBoth({ pools, jobs }: Case): { driver: PrefillDriver; plain: PlainResult } {
    const driver = new PrefillDriver(pools);
    driver.arrive(...jobs.map(({ arrivesAt, prompt, output, leavesAt }) => ({ at: arrivesAt, prompt, output, leavesAt }))).run();
    const { readers, writers } = driver.settings;
    const links = { bytesPerToken: writers.engine.kvBytesPerToken!, ...writers.prefill!.transfer };
    return { driver, plain: runPlainDisaggregation(jobs, plainStage(readers), plainStage(writers), links) };
  }

  function plainStage({ engine, onCancel, queue }: PoolSettings): PlainStage {
    return { engine: engine as BatchSettings, onCancel, maxWait: queue.maxWait ?? Infinity };
  }

  it("agree with what three plain stages say of every moment, of preemptions, work and waste, and leave nothing behind", () => {
    fc.assert(
      fc.property(someCase, (given) => {
        const { driver, plain } = runBoth(given);
        driver.visits.forEach(({ firstTokenAt, endedAt, ending }, i) => {
          const expected = plain.fates[i];
          expect(ending).toBe(expected.ending === "withdrawn" ? "shed" : expected.ending);
          expect([firstTokenAt, endedAt]).toEqual([near(expected.firstTokenAt), near(expected.endedAt)]);
        });
        for (const [name, outcome, wasted] of [
          ["readers", plain.readers, plain.wastedReading],
          ["writers", plain.writers, plain.writers.wastedSeconds],
        ] as const) {
          expect(driver.replicas(name)[0].preemptions).toBe(outcome.preemptions);
          expect(driver.busySeconds(name)).toEqual(near(outcome.busySeconds));
          expect(driver.wastedSeconds(name)).toEqual(near(wasted));
        }
        expect(driver.left()).toEqual([]);
      }),
      { numRuns: cases },
    );
  });

  it("are tried with preemption, contention, waste, shedding and clients who leave on the way, each in many of the cases", () => {
    const seen = { preempted: 0, wastedLater: 0, shedByWriters: 0, leftInTransfer: 0, contended: 0 };
    for (const given of fc.sample(someCase, { numRuns: 300, seed: 3 })) {
      const { plain } = runBoth(given);
      if (plain.writers.preemptions > 0) seen.preempted++;
      if (plain.wastedReading > plain.readers.wastedSeconds) seen.wastedLater++;
      if (plain.writers.fates.some(({ ending }) => ending === "withdrawn")) seen.shedByWriters++;
      if (plain.leftInTransfer > 0) seen.leftInTransfer++;
      if (plain.waitedForLink > 2) seen.contended++;
    }
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(30);
  });

  /** Equal but for rounding. */
  function near(seconds: number): unknown {
    return Number.isNaN(seconds) ? NaN : expect.closeTo(seconds, 7);
  }
});
