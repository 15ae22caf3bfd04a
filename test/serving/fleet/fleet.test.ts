import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FleetDriver, type IdleReplica, type Snapshot } from "./fleet-driver.ts";

const state = (given: Partial<Snapshot>): Snapshot => ({ ready: 0, starting: 0, draining: 0, refilling: 0, warm: 0, ...given });

const phases = {
  provisioning: { constant: "10s" },
  pulling: { constant: "8s" },
  loading: { constant: "12s" },
  compiling: { constant: "7s" },
  warming: { constant: "3s" },
};
const coldStart = { phases, resume: { paused: { constant: "3s" } } };

const tracking = (given: Record<string, unknown> = {}) => ({
  targetTracking: { metric: "concurrency", target: 10, every: "15s", tolerance: "10%", scaleDownAfter: "60s", ...given },
});

describe("target tracking", () => {
  const steps = (): FleetDriver =>
    new FleetDriver({
      replicas: { min: 1, max: 6 },
      coldStart,
      scaling: tracking(),
      price: { perReplicaHour: "$1", reserved: { count: 2, perReplicaHour: "$1" } },
    })
      .loadAt(0, 10)
      .loadAt(20, 45)
      .loadAt(100, 21);

  it("follows a trace done by hand: tolerance, starts counted in, the scale-down window, one decision per period", () => {
    const driver = steps();
    expect(driver.stateAt(29)).toEqual(state({ ready: 1 }));
    // 45 / 10 = 4.5, rounded up.
    expect(driver.stateAt(30)).toEqual(state({ ready: 1, starting: 4 }));
    // The four that start are counted, so nothing more is started; 40 s after 30 s they are ready.
    expect(driver.stateAt(69.9)).toEqual(state({ ready: 1, starting: 4 }));
    expect(driver.stateAt(70)).toEqual(state({ ready: 5 }));
    // From 105 s on three would do, but five were wanted at 90 s, until that is more than 60 s ago.
    expect(driver.stateAt(164.9)).toEqual(state({ ready: 5 }));
    expect(driver.stateAt(165)).toEqual(state({ ready: 3 }));
    expect(driver.stateAt(1000)).toEqual(state({ ready: 3 }));
    expect(driver.fleet.accounts.scaleUps).toBe(4);
    expect(driver.readyAt).toEqual([70, 70, 70, 70]);
  });

  it("spends money from provisioning on, and counts what is reserved first", () => {
    const { fleet } = ((driver) => (driver.simulation.run(1000), driver))(steps());
    expect(fleet.accounts.billing.levels.onDemand.area(1000)).toBe(135 * 3 + 835 * 1);
    expect(fleet.accounts.active.largest(1000)).toBe(5);
  });

  it.each([
    ["10%", 54, 5],
    ["10%", 56, 6],
    ["10%", 46, 5],
    ["10%", 40, 4],
    ["20%", 59, 5],
    ["20%", 61, 7],
    ["20%", 41, 5],
    ["0%", 50, 5],
    ["0%", 51, 6],
  ])("with a tolerance of %s, a load of %d on five replicas makes it %d", (tolerance, load, replicas) => {
    const scaling = tracking({ tolerance, scaleDownAfter: "0s" });
    const driver = new FleetDriver({ replicas: { min: 1, max: 9 }, scaling }).loadAt(0, 50).loadAt(20, load);
    expect(driver.stateAt(20)).toEqual(state({ ready: 5 }));
    expect(driver.stateAt(30).ready).toBe(replicas);
  });

  it.each([
    [0, 30],
    [5, 30],
    [10, 30],
    [11, 45],
    [15, 45],
    [20, 45],
    [30, 60],
    [45, 75],
  ])("with a metric that is %d s old, acts on a step at 20 s at %d s", (lag, actsAt) => {
    const scaling = tracking({ lag: `${lag}s` });
    const driver = new FleetDriver({ replicas: { min: 1, max: 6 }, coldStart, scaling }).loadAt(0, 10).loadAt(20, 30);
    expect(driver.stateAt(actsAt - 0.1)).toEqual(state({ ready: 1 }));
    expect(driver.stateAt(actsAt)).toEqual(state({ ready: 1, starting: 2 }));
  });

  it("does not swing under a constant load, however old the metric is", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 100 }),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 0, max: 90 }),
        (lag, every, load) => {
          const scaling = tracking({ lag: `${lag}s`, every: `${every}s` });
          const driver = new FleetDriver({ replicas: { min: 1, max: 12 }, coldStart, scaling }).loadAt(0, load);
          const seen = new Set<number>();
          for (let at = 0; at < 800; at += 5) {
            const { ready, starting } = driver.stateAt(at);
            seen.add(ready + starting);
          }
          expect(seen.size).toBeLessThanOrEqual(2);
          const { ready } = driver.stateAt(800);
          expect(Math.abs(load - 10 * ready)).toBeLessThanOrEqual(10);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("wakes a fleet of none for any load at all, also one that is just one replica's worth", () => {
    for (const load of [1, 9, 10, 11]) {
      const driver = new FleetDriver({ replicas: { min: 0, max: 3 }, coldStart, scaling: tracking() }).loadAt(1, load);
      expect(driver.stateAt(15).starting).toBe(Math.ceil(load / 10));
    }
  });
});

describe("a cold start", () => {
  it("takes the sum of its phases", () => {
    const driver = new FleetDriver({ replicas: { min: 0, max: 3 }, coldStart, scaling: tracking() }).loadAt(0, 10);
    driver.simulation.run(100);
    expect(driver.readyAt).toEqual([15 + 10 + 8 + 12 + 7 + 3]);
  });

  it("draws its phases anew for every start, and the same again in the same replication", () => {
    const random = { ...coldStart, phases: { loading: { exponential: { mean: "40s" } } } };
    const starts = (): number[] => {
      const driver = new FleetDriver({ replicas: { min: 0, max: 5 }, coldStart: random, scaling: tracking({ scaleDownAfter: "10000s" }) });
      driver.loadAt(0, 50).simulation.run(1000);
      return driver.readyAt;
    };
    expect(new Set(starts()).size).toBe(5);
    expect(starts()).toEqual(starts());
  });
});

describe("a warm pool", () => {
  const warmed = (): FleetDriver =>
    new FleetDriver({
      replicas: { min: 1, max: 8 },
      coldStart,
      warm: { size: 2, state: "paused" },
      scaling: tracking({ scaleDownAfter: "30s" }),
    });

  it("is taken from first, refills behind, and its replicas are counted apart", () => {
    const driver = warmed().loadAt(0, 40);
    expect(driver.stateAt(14)).toEqual(state({ ready: 1, warm: 2 }));
    // Three more are wanted: two from the warm pool in 3 s, one from nothing in 40 s; two refills take 40 s too.
    expect(driver.stateAt(15)).toEqual(state({ ready: 1, starting: 3, refilling: 2 }));
    expect(driver.stateAt(18)).toEqual(state({ ready: 3, starting: 1, refilling: 2 }));
    expect(driver.stateAt(55)).toEqual(state({ ready: 4, warm: 2 }));
    // Warm ones are paid for like any other, unless they have a price of their own.
    expect(driver.fleet.accounts.billing.levels.onDemand.area(55)).toBe(15 * 3 + 40 * 6);
    expect(driver.fleet.accounts.levels.warm.area(55)).toBe(15 * 2);
  });

  it("stays full when the fleet shrinks", () => {
    const driver = warmed().loadAt(0, 40).loadAt(70, 5);
    expect(driver.stateAt(500)).toEqual(state({ ready: 1, warm: 2 }));
  });
});

describe("scaling down", () => {
  it("gives up starts first, the last begun before the others", () => {
    const slow = { phases: { loading: { empirical: ["50s", "60s", "70s", "80s", "90s"] } } };
    const driver = new FleetDriver({ replicas: { min: 1, max: 9 }, coldStart: slow, scaling: tracking({ scaleDownAfter: "0s" }) });
    driver.loadAt(0, 20).loadAt(20, 40).loadAt(40, 20);
    expect(driver.stateAt(15)).toEqual(state({ ready: 1, starting: 1 }));
    expect(driver.stateAt(30)).toEqual(state({ ready: 1, starting: 3 }));
    expect(driver.stateAt(45)).toEqual(state({ ready: 1, starting: 1 }));
    expect(driver.fleet.members.map((member) => member.state)).toEqual(["ready", "loading", "gone", "gone"]);
    // What was given up does not become ready later.
    driver.simulation.run(1000);
    expect(driver.readyAt).toHaveLength(1);
  });

  it("drains the replica with the least to do, and lets its work end", () => {
    const driver = new FleetDriver({ replicas: { min: 1, max: 3 }, scaling: tracking({ scaleDownAfter: "0s" }) }).loadAt(0, 30);
    const outstanding = [5, 2, 4];
    driver.at(20, () => driver.fleet.members.forEach(({ replica }, i) => ((replica as IdleReplica).outstanding = outstanding[i]!)));
    driver.loadAt(20, 15);
    expect(driver.stateAt(30)).toEqual(state({ ready: 2, draining: 1 }));
    const draining = driver.fleet.members[1];
    expect(draining.state).toBe("draining");
    driver.at(40, () => {
      (draining.replica as IdleReplica).outstanding = 1;
      driver.fleet.emptied(draining);
    });
    expect(driver.stateAt(44)).toEqual(state({ ready: 2, draining: 1 }));
    driver.at(50, () => {
      (draining.replica as IdleReplica).outstanding = 0;
      driver.fleet.emptied(draining);
    });
    expect(driver.stateAt(50)).toEqual(state({ ready: 2 }));
    // It was paid for until then.
    expect(driver.fleet.accounts.billing.levels.onDemand.area(60)).toBe(15 * 1 + 35 * 3 + 10 * 2);
  });
});

describe("a fleet under any load", () => {
  const settings = fc.record({
    min: fc.nat(3),
    spread: fc.nat(5),
    warm: fc.nat(3),
    every: fc.integer({ min: 1, max: 20 }),
    lag: fc.nat(30),
    scaleDownAfter: fc.nat(60),
    reserved: fc.nat(4),
    priced: fc.boolean(),
  });
  const loads = fc.array(fc.record({ gap: fc.integer({ min: 1, max: 60 }), load: fc.nat(80) }), { minLength: 1, maxLength: 15 });

  it("stays between its bounds, has every replica in one state, and pays for all but those that are gone or have a price of their own", () => {
    fc.assert(
      fc.property(settings, loads, ({ min, spread, warm, every, lag, scaleDownAfter, reserved, priced }, steps) => {
        const max = Math.max(1, min + spread);
        const driver = new FleetDriver({
          replicas: { min, max },
          coldStart: { ...coldStart, phases: { loading: { exponential: { mean: "20s" } } } },
          warm: { size: warm, ...(priced ? { perReplicaHour: "$1" } : {}) },
          scaling: tracking({ every: `${every}s`, lag: `${lag}s`, scaleDownAfter: `${scaleDownAfter}s` }),
          price: { perReplicaHour: "$1", reserved: { count: reserved, perReplicaHour: "$1" } },
        });
        let at = 0;
        for (const { gap, load } of steps) driver.loadAt((at += gap), load);
        for (let time = 0; time < at + 200; time += 17) {
          const { ready, starting, draining, refilling, warm: waiting } = driver.stateAt(time);
          const { fleet } = driver;
          expect(ready + starting).toBeGreaterThanOrEqual(min);
          expect(ready + starting).toBeLessThanOrEqual(max);
          expect(waiting + refilling).toBe(warm);
          const inState = (...names: string[]): number => fleet.members.filter((member) => names.includes(member.state)).length;
          expect(inState("loading", "warming")).toBe(refilling + starting - inState("resuming"));
          expect({ ready, starting, draining, refilling, warm: waiting }).toEqual({
            ready: inState("ready"),
            starting: fleet.roster.starting.length,
            draining: inState("draining"),
            refilling: fleet.roster.refilling.length,
            warm: inState("warm"),
          });
          expect(new Set(fleet.ready)).toEqual(new Set(fleet.members.filter((member) => member.state === "ready")));
          const billed = ready + starting + draining + refilling + (priced ? 0 : waiting);
          expect(fleet.accounts.billing.levels.onDemand.value).toBe(Math.max(0, billed - reserved));
        }
      }),
      { numRuns: 100 },
    );
  });
});
