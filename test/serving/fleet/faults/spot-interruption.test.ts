import { describe, expect, it } from "vitest";
import { PoolDriver } from "../../pool-driver.ts";
import { FleetDriver, type IdleReplica, type Snapshot } from "../fleet-driver.ts";

const state = (given: Partial<Snapshot>): Snapshot => ({ ready: 0, starting: 0, draining: 0, refilling: 0, warm: 0, ...given });

const phases = {
  provisioning: { constant: "10s" },
  pulling: { constant: "8s" },
  loading: { constant: "12s" },
  compiling: { constant: "7s" },
  warming: { constant: "3s" },
};
const coldStart = { phases, resume: { paused: { constant: "3s" } } };
const spot = { perReplicaHour: "$1" };
const allSpot = { perReplicaHour: "$4", spot };
const interruption = (notice: string) => ({ spotInterruption: { every: "1000s", notice } });

/** Seconds from having a machine to being gone, of the members below a number that are gone. */
function lifetimes({ moves }: FleetDriver, below: number): number[] {
  const bornAt = new Map<number, number>();
  const lives: number[] = [];
  for (const { member, state: name, at } of moves) {
    if (member >= below) continue;
    if (name === "gone") lives.push(at - bornAt.get(member)!);
    else if (!bornAt.has(member)) bornAt.set(member, at);
  }
  return lives;
}

describe("how long spot replicas live", () => {
  it("is exponential with the mean that is given, from their machines to the notice, whatever they are doing", () => {
    // They have nothing to do, and so are gone at the notice.
    const driver = new FleetDriver({ replicas: 50, coldStart, price: allSpot, faults: interruption("200s") });
    driver.simulation.run(60_000);
    const count = 2000;
    const lives = lifetimes(driver, count);
    expect(lives).toHaveLength(count);
    expect(Math.abs(lives.reduce((sum, life) => sum + life, 0) / count - 1000)).toBeLessThan((4 * 1000) / Math.sqrt(count));
    for (const quantile of [0.02, 0.5, 1, 2]) {
      const beyond = Math.exp(-quantile);
      const share = lives.filter((life) => life > quantile * 1000).length / count;
      expect(Math.abs(share - beyond)).toBeLessThan(4 * Math.sqrt((beyond * (1 - beyond)) / count));
    }
  });

  it("has no bound for those that are not spot, reserved or on demand", () => {
    const price = { perReplicaHour: "$4", reserved: { count: 2, perReplicaHour: "$2" }, spot: { count: 3, perReplicaHour: "$1" } };
    const driver = new FleetDriver({ replicas: 9, price, faults: interruption("0s") });
    driver.simulation.run(50_000);
    const isSpot = driver.fleet.members.map((member) => member.spot);
    expect(isSpot.slice(0, 9)).toEqual([false, false, true, true, true, false, false, false, false]);
    expect(driver.in("gone").every((member) => member.spot)).toBe(true);
    expect(driver.fleet.accounts.interruptions).toBeGreaterThan(100);
    const owned = { ...allSpot, reserved: { count: 9, perReplicaHour: "$2" } };
    const driverOfOwned = new FleetDriver({ replicas: 9, price: owned, faults: interruption("0s") });
    driverOfOwned.simulation.run(50_000);
    expect([driverOfOwned.fleet.accounts.interruptions, driverOfOwned.fleet.members.length]).toEqual([0, 9]);
  });

  it("counts from the machine, not from when it was asked for", () => {
    const driver = new FleetDriver({
      replicas: 1,
      price: allSpot,
      faults: { spotInterruption: { every: "10s", notice: "0s" }, stockOut: { at: ["0s"], lasts: "500s" } },
    });
    driver.simulation.run(499);
    expect(driver.in("requested").map(({ number }) => number)).toEqual([1]);
    expect(driver.fleet.accounts.interruptions).toBe(1);
  });
});

describe("an interruption", () => {
  /** A fleet of two with one warm, one of which is interrupted with a notice of 60 s. */
  const interrupted = (at: number, outstanding: number, member = 0, settings: Record<string, unknown> = {}): FleetDriver => {
    const driver = new FleetDriver({ replicas: 2, coldStart, price: allSpot, ...settings });
    driver.at(at, () => {
      (driver.fleet.members[member].replica as IdleReplica).outstanding = outstanding;
      driver.fleet.interrupt(driver.fleet.members[member], 60);
    });
    return driver;
  };

  it("has a replica that serves drain until the notice is over, and replaced from the notice on", () => {
    const driver = interrupted(100, 5);
    expect(driver.stateAt(100)).toEqual(state({ ready: 1, starting: 1, draining: 1 }));
    expect(driver.stateAt(140)).toEqual(state({ ready: 2, draining: 1 }));
    expect(driver.stateAt(159.9)).toEqual(state({ ready: 2, draining: 1 }));
    expect(driver.lost).toEqual([]);
    expect(driver.stateAt(160)).toEqual(state({ ready: 2 }));
    expect(driver.lost).toEqual([[0, 160]]);
    expect([driver.fleet.accounts.interruptions, driver.fleet.accounts.losses]).toEqual([1, 1]);
  });

  it("loses nothing where the work is done before the notice is over", () => {
    const driver = interrupted(100, 5);
    driver.at(130, () => {
      (driver.fleet.members[0].replica as IdleReplica).outstanding = 0;
      driver.fleet.emptied(driver.fleet.members[0]);
    });
    expect(driver.stateAt(130)).toEqual(state({ ready: 1, starting: 1 }));
    driver.simulation.run(1000);
    expect([driver.lost, driver.fleet.accounts.losses]).toEqual([[], 0]);
    expect(driver.stateAt(1000)).toEqual(state({ ready: 2 }));
  });

  it("ends one that has nothing to do at once", () => {
    expect(interrupted(100, 0).stateAt(100)).toEqual(state({ ready: 1, starting: 1 }));
  });

  it.each([
    ["provisioning", 105],
    ["pulling", 113],
    ["loading", 123],
    ["compiling", 133],
    ["warming", 138],
  ])("takes one that is %s away at once, with another in its place that takes its whole cold start", (name, at) => {
    const driver = interrupted(at, 0, 2);
    driver.at(100, () => driver.fleet.lose([driver.fleet.members[0]]));
    driver.simulation.run(at - 0.5);
    expect(driver.fleet.members[2].state).toBe(name);
    expect(driver.stateAt(at)).toEqual(state({ ready: 1, starting: 1 }));
    expect(driver.fleet.members[2].state).toBe("gone");
    driver.simulation.run(1000);
    expect(driver.readyAt).toEqual([at + 40]);
  });

  it("takes a warm one away, and the pool refills", () => {
    const driver = interrupted(100, 0, 2, { warm: { size: 1, state: "paused" } });
    expect(driver.stateAt(99)).toEqual(state({ ready: 2, warm: 1 }));
    expect(driver.stateAt(100)).toEqual(state({ ready: 2, refilling: 1 }));
    expect(driver.stateAt(140)).toEqual(state({ ready: 2, warm: 1 }));
  });

  it("takes away one that resumes from the warm pool, and one that starts again after a crash", () => {
    const resuming = interrupted(101, 0, 2, { warm: { size: 1, state: "paused" } });
    resuming.at(100, () => resuming.fleet.lose([resuming.fleet.members[0]]));
    expect(resuming.stateAt(100.5)).toEqual(state({ ready: 1, starting: 1, refilling: 1 }));
    expect(resuming.fleet.members[2].state).toBe("resuming");
    expect(resuming.stateAt(101)).toEqual(state({ ready: 1, starting: 1, refilling: 1 }));
    expect(resuming.fleet.members[2].state).toBe("gone");
    const restarting = interrupted(101, 0);
    restarting.at(95, () => restarting.fleet.crash(restarting.fleet.members[0]));
    expect(restarting.stateAt(101)).toEqual(state({ ready: 1, starting: 1 }));
    expect(restarting.fleet.members[0].state).toBe("gone");
    restarting.simulation.run(1000);
    expect(restarting.readyAt).toEqual([141]);
  });

  it.each([
    ["30s", 90, 120],
    ["300s", 90, 160],
    [undefined, 90, 160],
  ])("of one that drains already, with a deadline of %s since %d s, ends it at the earlier of the two: %d s", (deadline, from, end) => {
    const driver = interrupted(100, 5, 0, deadline === undefined ? {} : { drain: { deadline } });
    driver.at(from, () => {
      (driver.fleet.members[1].replica as IdleReplica).outstanding = 9;
      (driver.fleet.members[0].replica as IdleReplica).outstanding = 5;
      driver.fleet.scaleTo(1);
    });
    expect(driver.stateAt(end - 0.1)).toEqual(state({ ready: 1, draining: 1 }));
    expect(driver.stateAt(end)).toEqual(state({ ready: 1 }));
    driver.simulation.run(1000);
    expect(driver.lost).toEqual([[0, end]]);
    // It was not wanted any more, so nobody takes its place.
    expect(driver.fleet.members).toHaveLength(2);
  });

  it("lets attempts end within the notice, and fails what runs and waits there at its end", () => {
    const engine = { station: { servers: 1, service: { constant: "25s" } } };
    const driver = new PoolDriver({ engine, replicas: 1, coldStart, price: allSpot });
    for (const at of [10, 11, 12, 13, 45]) driver.arrive({ at });
    const { fleet } = driver.pool;
    driver.simulation.at(
      20,
      driver.simulation.handler(() => fleet.interrupt(fleet.members[0], 60)),
    );
    driver.run(1000);
    // Who comes after the notice is held for the replica that is started for it, which is ready at 60 s.
    expect(driver.visits.map(({ ending, endedAt }) => [ending, endedAt])).toEqual([
      ["finished", 35],
      ["finished", 60],
      ["failed", 80],
      ["failed", 80],
      ["finished", 85],
    ]);
    expect([driver.pool.lost, driver.pool.waiting, driver.attempts.inFlight]).toEqual([2, 0, 0]);
  });
});
