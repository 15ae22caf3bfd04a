import { describe, expect, it } from "vitest";
import { PoolDriver } from "../../pool-driver.ts";
import { FleetDriver, type IdleReplica } from "../fleet-driver.ts";

/** A fleet of two, busy, that shrinks to one at 100 s. */
function shrinking(drain: Record<string, unknown>): FleetDriver {
  const driver = new FleetDriver({ replicas: 2, drain });
  return driver.at(100, () => {
    driver.fleet.members.forEach(({ replica }, i) => ((replica as IdleReplica).outstanding = 3 + i));
    driver.fleet.scaleTo(1);
  });
}

describe("the deadline of a drain", () => {
  it("ends a replica that still has something to do, and nobody takes its place", () => {
    const driver = shrinking({ deadline: "45s" });
    driver.simulation.run(144.9);
    expect([driver.fleet.members[0].state, driver.lost]).toEqual(["draining", []]);
    driver.simulation.run(145);
    expect([driver.fleet.members[0].state, driver.lost]).toEqual(["gone", [[0, 145]]]);
    driver.simulation.run(1000);
    expect([driver.fleet.members.length, driver.fleet.accounts.losses]).toEqual([2, 1]);
  });

  it("means nothing to one that was empty before", () => {
    const driver = shrinking({ deadline: "45s" });
    driver.at(120, () => {
      (driver.fleet.members[0].replica as IdleReplica).outstanding = 0;
      driver.fleet.emptied(driver.fleet.members[0]);
    });
    driver.simulation.run(1000);
    expect([driver.fleet.members[0].state, driver.lost, driver.fleet.accounts.losses]).toEqual(["gone", [], 0]);
  });

  it("is never unless it is given", () => {
    const driver = shrinking({});
    driver.simulation.run(1e6);
    expect(driver.fleet.members[0].state).toBe("draining");
  });

  it("fails what runs and what waits on the replica, and leaves what others have alone", () => {
    const engine = { station: { servers: 1, service: { constant: "25s" } } };
    const driver = new PoolDriver({ engine, replicas: 2, drain: { deadline: "45s" }, routing: "roundRobin" });
    for (const at of [0, 1, 2, 3, 4, 5, 6]) driver.arrive({ at });
    const { fleet } = driver.pool;
    driver.simulation.at(
      10,
      driver.simulation.handler(() => fleet.scaleTo(1)),
    );
    driver.run(1000);
    // The second has three attempts against four, so it is the one that drains: one is done at 26 s, one at 51 s.
    expect(driver.visits.map(({ ending, endedAt }) => `${ending} ${endedAt}`)).toEqual([
      "finished 25",
      "finished 26",
      "finished 50",
      "finished 51",
      "finished 75",
      "failed 55",
      "finished 100",
    ]);
    expect([driver.pool.lost, driver.pool.waiting, driver.attempts.inFlight]).toEqual([1, 0, 0]);
  });
});
