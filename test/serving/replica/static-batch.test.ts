import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Streams } from "../../../src/kernel/random.ts";
import { Simulation } from "../../../src/kernel/simulation.ts";
import { poolSettings } from "../../../src/serving/pool-settings.ts";
import { Sequences } from "../../../src/serving/replica/sequences.ts";
import { StaticBatch } from "../../../src/serving/replica/static-batch.ts";
import { Attempts } from "../../../src/traffic/attempts.ts";
import { externalEvents, type Fate, type Job } from "./plain-engine.ts";
import { type PlainBatch, type PlainOutcome, runPlainStaticBatch } from "./plain-static-batch.ts";
import { PoolDriver, poisson } from "../pool-driver.ts";

/** Runs the jobs through one server in a simulation, each arrival scheduled by the one before or all of them at the start, and records what the plain one records. */
function runStaticBatch(
  jobs: readonly Job[],
  given: PlainBatch,
  onCancel: "finish" | "abort",
  oneAhead = false,
): PlainOutcome & { events: number; pending: number } {
  const simulation = new Simulation();
  const attempts = new Attempts();
  const fates = jobs.map((): Fate => ({ startedAt: NaN, firstTokenAt: NaN, endedAt: NaN, ending: "open" }));
  const attemptOf = new Map<number, number>();
  let pending = 0;
  const end = (attempt: number, ending: Fate["ending"]): void => {
    const job = attempts.request[attempt];
    Object.assign(fates[job], { endedAt: simulation.now, ending });
    attemptOf.delete(job);
    attempts.close(attempt);
  };
  const settings = { ...given, service: { constant: given.service } };
  const server = new StaticBatch(
    {
      simulation,
      sequences: new Sequences(attempts),
      onCancel,
      listener: {
        started: (attempt) => (fates[attempts.request[attempt]].startedAt = simulation.now),
        firstToken: (attempt) => (fates[attempts.request[attempt]].firstTokenAt = simulation.now),
        finished: (attempt) => end(attempt, "finished"),
        spends: () => {},
        dropped: (attempt) => end(attempt, "dropped"),
      },
    },
    settings,
    new Streams(1, 0).keyed("service"),
  );
  const handlers = {
    arrive: simulation.handler((job) => {
      if (oneAhead && job + 1 < jobs.length) simulation.at(jobs[job + 1].arrivesAt, handlers.arrive, job + 1);
      const attempt = attempts.open(job, job, 0, 0, jobs[job].prompt, jobs[job].output);
      attemptOf.set(job, attempt);
      server.take(attempt);
      pending = Math.max(pending, simulation["queue"].length);
    }),
    leave: simulation.handler((job) => {
      const attempt = attemptOf.get(job);
      if (attempt === undefined) return;
      attempts.abandoned[attempt] = 1;
      server.abandon(attempt);
    }),
    withdraw: simulation.handler((job) => {
      const attempt = attemptOf.get(job);
      if (attempt !== undefined && server.withdraw(attempt)) end(attempt, "withdrawn");
    }),
  };
  for (const { at, kind, sequence } of externalEvents(jobs, (job) => job)) {
    if (!oneAhead || kind !== "arrive" || sequence === 0) simulation.at(at, handlers[kind], sequence);
  }
  simulation.run(Number.MAX_VALUE);
  expect([server.outstanding, server["line"].length, attempts.inFlight]).toEqual([0, 0, 0]);
  const { wastedSeconds } = server;
  return { fates, wastedSeconds, busySeconds: server.busySeconds(simulation.now), events: simulation.events, pending };
}

/** All times are multiples of one clock: whole, so that ties are common and exact, or irrational, so that nothing meets by accident. */
const someCase = fc
  .record({
    clock: fc.constantFrom(1, Math.SQRT2),
    times: fc.tuple(fc.nat(10), fc.nat(3), fc.nat(1), fc.nat(2)),
    size: fc.integer({ min: 1, max: 6 }),
    wait: fc.oneof(fc.constant(0), fc.nat(20)),
    onCancel: fc.constantFrom("finish" as const, "abort" as const),
    jobs: fc.array(
      fc.record({
        gap: fc.oneof(fc.constant(0), fc.nat(5), fc.nat(60)),
        prompt: fc.integer({ min: 1, max: 5 }),
        output: fc.integer({ min: 1, max: 5 }),
        patience: fc.option(fc.nat(60), { freq: 2 }),
        maxWait: fc.option(fc.nat(60), { freq: 3 }),
      }),
      { minLength: 1, maxLength: 30 },
    ),
  })
  .map(({ clock, times, size, wait, onCancel, jobs }) => {
    let at = 0;
    const [service, perAttempt, perInputToken, perOutputToken] = times;
    return {
      onCancel,
      given: {
        size,
        wait: wait * clock,
        service: (1 + service) * (clock === 1 ? 1 : Math.E),
        perAttempt: perAttempt * (clock === 1 ? 1 : Math.LN2),
        perInputToken,
        perOutputToken,
      },
      jobs: jobs.map(({ gap, prompt, output, patience, maxWait }): Job => {
        at += gap;
        return {
          arrivesAt: at * clock,
          prompt,
          output,
          leavesAt: patience === null ? Infinity : (at + patience) * clock,
          withdrawnAt: maxWait === null ? Infinity : (at + maxWait) * clock,
        };
      }),
    };
  });

const cases = Number(process.env["HEADROOM_CASES"] ?? 1000);

describe("a static batch", () => {
  it("agrees with the plain server on every moment, ties, departures and withdrawals included", () => {
    fc.assert(
      fc.property(someCase, ({ jobs, given, onCancel }) => {
        const { events, pending: _, ...found } = runStaticBatch(jobs, given, onCancel);
        expect(found).toEqual(runPlainStaticBatch(jobs, given, onCancel));
        // Three events from outside for each job, an end for each batch, and for whoever is the first in line an alarm that may be repeated.
        expect(events).toBeLessThanOrEqual(6 * jobs.length);
      }),
      { numRuns: cases },
    );
  });

  it("does not depend on when an arrival was scheduled: whoever comes as the first is due is in the batch", () => {
    const patient = (jobs: readonly Job[]) => jobs.map((job) => ({ ...job, leavesAt: Infinity, withdrawnAt: Infinity }));
    fc.assert(
      fc.property(someCase, ({ jobs, given, onCancel }) => {
        const { fates } = runStaticBatch(patient(jobs), given, onCancel, true);
        expect(fates).toEqual(runPlainStaticBatch(patient(jobs), given, onCancel).fates);
      }),
      { numRuns: cases },
    );
  });

  it("has one alarm pending at most, however many have been the first in line while it waits", () => {
    const jobs = Array.from({ length: 1000 }, (_, i): Job => ({
      arrivesAt: i,
      prompt: 1,
      output: 1,
      leavesAt: Infinity,
      withdrawnAt: Infinity,
    }));
    const given = { size: 2, wait: 1e6, service: 0.5, perAttempt: 0, perInputToken: 0, perOutputToken: 0 };
    // The next arrival, an alarm and the end of a batch.
    expect(runStaticBatch(jobs, given, "finish", true).pending).toBe(3);
  });

  it("never holds more than its size, starts in order of arrival, and holds nobody back longer than `wait` while free", () => {
    fc.assert(
      fc.property(someCase, ({ jobs, given, onCancel }) => {
        const { fates } = runStaticBatch(jobs, given, onCancel);
        const starts = fates.map(({ startedAt }) => startedAt).filter((startedAt) => !Number.isNaN(startedAt));
        expect(starts).toEqual([...starts].sort((a, b) => a - b));
        const ends = [0, ...fates.filter(({ ending }) => ending === "finished").map(({ endedAt }) => endedAt)];
        fates.forEach(({ startedAt, endedAt }, job) => {
          if (Number.isNaN(startedAt)) return;
          const together = fates.filter((other) => other.startedAt === startedAt);
          expect(together.length).toBeLessThanOrEqual(given.size);
          for (const other of together) expect(other.endedAt).toBe(endedAt);
          const freeAt = Math.max(...ends.filter((moment) => moment <= startedAt));
          expect(startedAt).toBeLessThanOrEqual(Math.max(freeAt, jobs[job].arrivesAt + given.wait));
        });
      }),
      { numRuns: cases / 4 },
    );
  });

  const moments = (driver: PoolDriver) => driver.run().visits.map(({ ending, firstTokenAt, endedAt }) => [ending, firstTokenAt, endedAt]);
  const pool = (staticBatch: object, more: object = {}) => new PoolDriver({ engine: { staticBatch }, replicas: 1, ...more });

  it("takes service + perAttempt·n + perInputToken·Σ input + perOutputToken·max output, and answers all at its end", () => {
    const driver = pool({
      size: 2,
      wait: "5s",
      service: { constant: "1s" },
      perAttempt: "2s",
      perInputToken: "10s",
      perOutputToken: "100s",
    });
    driver.arrive({ at: 0, prompt: 3, output: 2 });
    driver.arrive({ at: 4, prompt: 1, output: 5 });
    expect(moments(driver)).toEqual([
      ["finished", 549, 549],
      ["finished", 549, 549],
    ]);
  });

  it("starts when it is full, and otherwise when the first in line has waited long enough, also while it was busy", () => {
    const driver = pool({ size: 2, wait: "5s", perAttempt: "10s" });
    for (const at of [0, 1, 15, 30]) driver.arrive({ at });
    // Full at 1 s, done at 21 s, when the third has waited more than 5 s; the fourth comes while that runs and is due at 35 s.
    expect(driver.run().visits.map(({ endedAt }) => endedAt)).toEqual([21, 21, 31, 45]);
  });

  it.each(["finish", "abort"])(
    "with onCancel %s, is filled by those alone whose clients still wait, and due when the first of these is",
    (onCancel) => {
      const driver = pool({ size: 4, wait: "10s", service: { constant: "1s" } }, { onCancel });
      for (const at of [0, 1, 2]) driver.arrive({ at, leavesAt: at + 0.5 });
      for (const at of [3, 4, 5, 13]) driver.arrive({ at });
      const { visits } = driver.run();
      expect(visits.map(({ ending }) => ending)).toEqual([...Array(3).fill("dropped"), ...Array(4).fill("finished")]);
      expect(visits.slice(3).map(({ endedAt }) => endedAt)).toEqual([14, 14, 14, 14]);
    },
  );

  it("at low load keeps nobody waiting longer than its own time, or `wait`", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.nat(30), fc.array(fc.nat(20), { minLength: 1, maxLength: 60 }), (size, wait, gaps) => {
        // Fewer come between two starts than fit into a batch, so that every start empties the line.
        const [service, least] = [10, (10 + wait) / size];
        let at = 0;
        const jobs = gaps.map((gap): Job => ({
          arrivesAt: (at += least + gap),
          prompt: 1,
          output: 1,
          leavesAt: Infinity,
          withdrawnAt: Infinity,
        }));
        const given = { size, wait, service, perAttempt: 0, perInputToken: 0, perOutputToken: 0 };
        runStaticBatch(jobs, given, "finish").fates.forEach(({ startedAt }, job) => {
          expect(startedAt - jobs[job].arrivesAt).toBeLessThanOrEqual(Math.max(wait, service) + 1e-9);
        });
      }),
    );
  });

  it("draws its time by the first attempt in it", () => {
    const service = { gamma: { mean: "1s", cv: 2 } };
    const [batches, station] = [pool({ size: 2, service }), new PoolDriver({ engine: { station: { service } }, replicas: 1 })];
    for (const driver of [batches, station]) for (const at of [0, 0, 0, 100, 100]) driver.arrive({ at });
    const ends = batches.run().visits.map(({ endedAt }) => endedAt);
    const served = station.run().visits.map(({ endedAt }) => endedAt);
    expect([ends[0], ends[1], ends[3], ends[4]]).toEqual([served[0], served[0], served[3], served[3]]);
    expect(ends[2] - ends[1]).toBeCloseTo(served[2] - served[1], 9);
  });

  it("takes as many in turn as always ask again at once, even when there is no place to wait", () => {
    const driver = pool({ size: 4, service: { constant: "10s" } }, { queue: { capacity: 0 } });
    for (let i = 0; i < 4; i++) driver.arrive({ at: 0 });
    driver.onEnd = () => {
      if (driver.visits.length < 12) driver.arrive({ at: driver.simulation.now });
    };
    expect(driver.run().visits.map(({ endedAt }) => endedAt)).toEqual([10, 20, 30].flatMap((at) => [at, at, at, at]));
  });

  it("of size 1 is a station of one server, to the last byte", () => {
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom("finish", "abort"), (seed, onCancel) => {
        const service = { gamma: { mean: "1s", cv: 2 } };
        const [batch, station] = [{ staticBatch: { size: 1, service } }, { station: { service } }].map((engine) => {
          const driver = new PoolDriver({ engine, replicas: 1, onCancel }, seed);
          poisson(driver, 0.9, 100, seed);
          return driver.run().visits;
        });
        expect(batch).toEqual(station);
      }),
      { numRuns: 20 },
    );
  });

  it("is never stopped: who leaves while it runs ends with it, and an equal share of its time is waste", () => {
    for (const onCancel of ["finish", "abort"]) {
      const driver = pool({ size: 4, wait: "1s", service: { constant: "12s" } }, { onCancel });
      for (const leavesAt of [5, undefined, undefined, 6]) driver.arrive({ at: 0, ...(leavesAt === undefined ? {} : { leavesAt }) });
      expect(moments(driver)).toEqual(Array.from({ length: 4 }, () => ["finished", 12, 12]));
      const [{ replica }] = driver.pool.fleet.members;
      expect([replica.busySeconds(20), replica.wastedSeconds]).toEqual([12, 6]);
    }
  });

  it("has room for who can be in the batch that it gathers, so that a queue of no places still serves", () => {
    const driver = pool({ size: 2, wait: "5s", service: { constant: "10s" } }, { queue: { capacity: 0 } });
    for (const at of [0, 1, 2, 20]) driver.arrive({ at });
    expect(moments(driver)).toEqual([
      ["finished", 11, 11],
      ["finished", 11, 11],
      ["shed", NaN, 2],
      ["finished", 35, 35],
    ]);
  });
});

describe("the settings of a static batch", () => {
  const mistakes = (engine: object): string[] =>
    poolSettings.safeParse({ engine, replicas: 1 }).error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`) ?? [];
  const staticBatch = { size: 8, perAttempt: "1ms" };

  it("need a size, and a time above zero", () => {
    expect(mistakes({ staticBatch })).toEqual([]);
    expect(mistakes({ staticBatch: { size: 8 } })).toEqual(["engine.staticBatch: a batch would take no time"]);
    expect(mistakes({ staticBatch: { size: 0, perAttempt: "1ms" } })).toEqual(["engine.staticBatch.size: must be at least 1"]);
  });

  it("stand alone: neither with a station nor with an LLM engine", () => {
    expect(mistakes({ staticBatch, station: { service: { constant: "1s" } } })).toEqual([
      "engine.staticBatch: has both a station and a staticBatch",
    ]);
  });
});
