import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { faultNames, faultSettings } from "../../../../src/serving/fleet/faults/registry.ts";
import { lifecycleStates } from "../../../../src/serving/fleet/lifecycle.ts";
import { poolView } from "../../../../src/serving/pool-view.ts";
import { PoolDriver } from "../../pool-driver.ts";
import { FleetDriver } from "../fleet-driver.ts";

type Written = Record<string, unknown>;

/** Each fault as often as to matter within some minutes; those with times of their own are over at 400 s. */
const often: Record<(typeof faultNames)[number], Written> = {
  stockOut: { at: ["40s", "200s", "330s"], lasts: "70s", effect: "fail" },
  spotInterruption: { every: "150s", notice: "20s" },
  crash: { every: "90s" },
  zoneLoss: { zones: 2, at: ["90s", "310s"], lasts: "60s" },
  slowReplica: { share: 0.4, speed: "50%" },
};

/** The same where they never come to anything. */
const never: Record<(typeof faultNames)[number], Written> = {
  stockOut: { at: ["1000h"], lasts: "1h" },
  spotInterruption: { every: "1000000000d" },
  crash: { every: "1000000000d" },
  zoneLoss: { every: "1000000000d", lasts: "1h" },
  slowReplica: { share: 0 },
};

const exponential = (mean: string) => ({ exponential: { mean } });
const fleetSettings = {
  replicas: { min: 1, max: 7 },
  warm: { size: 2, state: "paused" },
  coldStart: {
    phases: { provisioning: exponential("10s"), loading: exponential("20s") },
    resume: { paused: exponential("3s") },
  },
  scaling: { targetTracking: { metric: "concurrency", target: 10, every: "15s", scaleDownAfter: "30s" } },
  drain: { deadline: "25s" },
  price: { perReplicaHour: "$4", reserved: { count: 1, perReplicaHour: "$2" }, spot: { count: 4, perReplicaHour: "$1" } },
};
const { min, max } = fleetSettings.replicas;
const loads = fc.array(fc.nat(90), { minLength: 1, maxLength: 12 });
const seeds = fc.nat(10_000);

/** A fleet under a load that changes every 40 s; its replicas have something to do now and then. */
function fleetOf(faults: Written, levels: readonly number[], seed: number): FleetDriver {
  const driver = new FleetDriver({ ...fleetSettings, faults }, 1e6, seed);
  levels.forEach((load, i) => {
    driver.loadAt(i * 40, load);
    driver.at(i * 40 + 7, () =>
      driver.fleet.ready.forEach(({ replica, number }) => Object.assign(replica, { outstanding: (number + i) % 3 })),
    );
    driver.at(i * 40 + 29, () => {
      for (const member of driver.fleet.members) {
        Object.assign(member.replica, { outstanding: 0 });
        driver.fleet.emptied(member);
      }
    });
  });
  return driver;
}

/** Every replica is in one state and counted once, and no more of them serve or wait warm than may. */
function expectInOrder({ fleet }: FleetDriver, wanted = fleet["wanted"]): void {
  const { ready, starting, refilling, warm } = fleet.roster;
  const listed = [...ready, ...starting, ...refilling, ...warm];
  expect(new Set(listed).size).toBe(listed.length);
  expect(new Set(listed)).toEqual(new Set(fleet.members.filter(({ state }) => state !== "gone" && state !== "draining")));
  for (const name of lifecycleStates) {
    expect(fleet.accounts.levels[name].value).toBe(fleet.members.filter(({ state }) => state === name).length);
  }
  expect(ready.map(({ state, position }) => [state, position])).toEqual(ready.map((_, position) => ["ready", position]));
  expect(warm.every(({ state }) => state === "warm")).toBe(true);
  expect(ready.length + starting.length).toBeLessThanOrEqual(Math.min(max, wanted));
  expect(warm.length + refilling.length).toBeLessThanOrEqual(fleetSettings.warm.size);
  const { levels } = fleet.accounts.billing;
  expect([levels.spot.value <= 4, levels.reserved.value <= 1, levels.warm.value]).toEqual([true, true, 0]);
}

function expectRestored(driver: FleetDriver): void {
  const { ready, starting, draining, refilling, warm } = driver.stateAt(3000);
  const wanted = driver.fleet["wanted"];
  expect(wanted).toBeGreaterThanOrEqual(min);
  expect({ ready, starting, draining, refilling, warm }).toEqual({ ready: wanted, starting: 0, draining: 0, refilling: 0, warm: 2 });
}

const kinds: [name: string, faults: Written][] = [
  ...faultNames.map((name): [string, Written] => [name, { [name]: often[name] }]),
  ["all of them at once", often],
  ["all of them, with starts that wait for machines", { ...often, stockOut: { ...often.stockOut, effect: "wait" } }],
];

describe.each(kinds)("a fleet with %s", (_, faults) => {
  it("has every replica in one state, never more than may be, and is back at what is wanted when all faults have ceased", () => {
    fc.assert(
      fc.property(loads, seeds, (levels, seed) => {
        const driver = fleetOf(faults, levels, seed).calmFrom(600);
        for (let time = 0; time < 700; time += 17) {
          driver.simulation.run(time);
          expectInOrder(driver);
        }
        expectRestored(driver);
        expectInOrder(driver);
      }),
      { numRuns: 25 },
    );
  });

  it("has the same moments with the same seed", () => {
    fc.assert(
      fc.property(loads, seeds, (levels, seed) => {
        const moves = () => {
          const driver = fleetOf(faults, levels, seed);
          driver.simulation.run(600);
          return [driver.moves, driver.lost];
        };
        expect(moves()).toEqual(moves());
      }),
      { numRuns: 10 },
    );
  });
});

describe.each(faultNames)("the fault %s", (name) => {
  it("is written back as what it decodes from again", () => {
    for (const given of [often[name], never[name]]) {
      const decoded = faultSettings.parse({ [name]: given });
      expect(faultSettings.parse(z.encode(faultSettings, decoded))).toEqual(decoded);
      expect(faultSettings.safeParse({ [name]: { ...given, oftne: "1h" } }).success).toBe(false);
    }
  });

  it("does something within some minutes, and where it never comes leaves every moment as it would be without", () => {
    const levels = [40, 10, 80, 20, 60, 0];
    const seen = (faults: Written) => {
      const driver = fleetOf(faults, levels, 3);
      driver.simulation.run(400);
      return [driver.moves, driver.lost, driver.fleet.members.map(({ replica }) => replica)].map((value) => JSON.stringify(value));
    };
    const without = seen({});
    expect(seen({ [name]: never[name] })).toEqual(without);
    expect(seen({ [name]: often[name] })).not.toEqual(without);
  });
});

describe("attempts at a pool with all faults at once", () => {
  const station = { station: { servers: 2, service: { lognormal: { mean: "8s", cv: 1 } } } };
  const staticBatch = { staticBatch: { size: 3, wait: "2s", service: exponential("5s"), perAttempt: "1s" } };
  const llm = {
    stepTime: { overhead: "200ms", densePerToken: "10ms" },
    maxSequences: 4,
    maxBatchedTokens: 32,
    kvBlocks: 40,
    blockSize: 4,
    prefixCache: {},
  };
  const engines: Written[] = [station, staticBatch, llm];
  const seldom = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined, freq: 2 });
  const settings = fc.record({
    engine: fc.constantFrom(...engines),
    onCancel: fc.constantFrom("finish", "abort"),
    routing: fc.constantFrom("leastOutstanding", "roundRobin", "powerOfTwo", "kvAware", "prefixAffinity"),
    maxWait: seldom(fc.constantFrom("15s", "60s")),
    capacity: seldom(fc.nat(12)),
    perReplica: seldom(fc.integer({ min: 1, max: 4 })),
    effect: fc.constantFrom("wait", "fail"),
    deadline: seldom(fc.constantFrom("5s", "40s")),
  });
  const arrivals = fc.array(
    fc.record({
      gap: fc.double({ min: 0, max: 12, noNaN: true }),
      prompt: fc.integer({ min: 1, max: 60 }),
      output: fc.integer({ min: 1, max: 60 }),
      patience: seldom(fc.double({ min: 0, max: 40, noNaN: true })),
    }),
    { minLength: 1, maxLength: 60 },
  );
  type Chosen = typeof settings extends fc.Arbitrary<infer T> ? T : never;
  type Planned = typeof arrivals extends fc.Arbitrary<infer T> ? T : never;

  const given = ({ engine, onCancel, routing, maxWait, capacity, perReplica, deadline }: Chosen, faults: Written | undefined): Written => ({
    ...fleetSettings,
    engine,
    onCancel,
    routing,
    scaling: { targetTracking: { metric: "concurrency", target: 3, every: "15s", scaleDownAfter: "30s" } },
    queue: { ...(maxWait === undefined ? {} : { maxWait }), ...(capacity === undefined ? {} : { capacity }) },
    concurrency: perReplica === undefined ? {} : { perReplica },
    drain: deadline === undefined ? {} : { deadline },
    ...(faults === undefined ? {} : { faults }),
  });

  /** Sends the arrivals; an attempt that failed is sent once more, at that moment. */
  const send = (written: Written, all: Planned, seed: number): { driver: PoolDriver; endings: number[] } => {
    const driver = new PoolDriver(written, seed);
    const endings: number[] = [];
    let at = 0;
    for (const { gap, patience, prompt, output } of all) {
      at += gap;
      driver.arrive({ at, prompt, output, ...(patience === undefined ? {} : { leavesAt: at + patience }) });
    }
    driver.onEnd = (visit) => {
      endings[visit] = (endings[visit] ?? 0) + 1;
      if (visit < all.length && driver.visits[visit].ending === "failed") {
        driver.arrive({ at: driver.simulation.now, prompt: all[visit].prompt, output: all[visit].output });
      }
    };
    return { driver, endings };
  };

  it("end exactly once each, obey Little's law at every moment, and leave nothing behind", () => {
    fc.assert(
      fc.property(settings, arrivals, seeds, (chosen, all, seed) => {
        const faults = { ...often, crash: { every: "40s" }, stockOut: { ...often.stockOut, effect: chosen.effect } };
        const { driver, endings } = send(given(chosen, faults), all, seed);
        const { pool, attempts, visits } = driver;
        for (const time of [30, 100, 250, 600, 5000]) {
          driver.run(time);
          const { area, stays } = pool.stays.littlesLaw(time);
          expect(Math.abs(area - stays)).toBeLessThan(1e-7 * Math.max(1, area));
          expect(pool.stays.outstanding.value).toBe(attempts.inFlight);
        }
        expect([...endings]).toEqual(visits.map(() => 1));
        for (const { arrivedAt, endedAt } of visits) expect(endedAt).toBeGreaterThanOrEqual(arrivedAt);
        expect([pool.waiting, pool.stays.outstanding.value, attempts.inFlight]).toEqual([0, 0, 0]);
        expect(visits.filter(({ ending }) => ending === "failed")).toHaveLength(pool.lost + pool.oversized);
        for (const { replica, state } of pool.fleet.members) if (state !== "gone") expect(replica.outstanding).toBe(0);
        expect(poolView(pool).busySeconds).toBeLessThanOrEqual(pool.fleet.accounts.active.area(5000) + 1e-6);
      }),
      { numRuns: 150 },
    );
  });

  it("have the same moments with the same seed, and with no faults those of a pool that never heard of any", () => {
    fc.assert(
      fc.property(settings, arrivals, seeds, (chosen, all, seed) => {
        const visits = (faults: Written | undefined) => send(given(chosen, faults), all, seed).driver.run(3000).visits;
        expect(visits(often)).toEqual(visits(often));
        expect(visits({})).toEqual(visits(undefined));
        expect(visits(never)).toEqual(visits(undefined));
      }),
      { numRuns: 20 },
    );
  });
});
