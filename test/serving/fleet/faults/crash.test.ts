import { describe, expect, it } from "vitest";
import { poolView } from "../../../../src/serving/pool-view.ts";
import { PoolDriver } from "../../pool-driver.ts";
import { FleetDriver, type IdleReplica } from "../fleet-driver.ts";

const every = "100s";
const phases = {
  provisioning: { constant: "300s" },
  pulling: { constant: "200s" },
  loading: { constant: "30s" },
  compiling: { constant: "15s" },
  warming: { constant: "5s" },
};
const coldStart = { phases, resume: { paused: { constant: "3s" } } };
const seeds = Array.from({ length: 200 }, (_, seed) => seed);
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

describe("how often replicas crash", () => {
  it("is, for one that starts again at once, a Poisson number with mean time over `every`", () => {
    const expected = 50;
    const counts = seeds.map((seed) => {
      const driver = new FleetDriver({ replicas: 1, faults: { crash: { every } } }, 1e6, seed);
      driver.simulation.run(expected * 100);
      return driver.fleet.accounts.crashes;
    });
    // The sum of Poisson numbers is one, and their dispersion has a chi-squared law with a degree of freedom for each but one.
    const total = seeds.length * expected;
    expect(Math.abs(sum(counts) - total)).toBeLessThan(4 * Math.sqrt(total));
    const mean = sum(counts) / counts.length;
    const dispersion = sum(counts.map((count) => ((count - mean) * (count - mean)) / mean));
    expect(Math.abs(dispersion - (seeds.length - 1))).toBeLessThan(4 * Math.sqrt(2 * (seeds.length - 1)));
  });

  it("leaves one replica ready for M / (M + R) of the time, with M to a crash and R to restart, however long it lives", () => {
    const [life, restart, horizon] = [100, 50, 1.5e6];
    const driver = new FleetDriver({ replicas: 1, coldStart, faults: { crash: { every } } }, horizon);
    driver.simulation.run(horizon);
    const availability = driver.fleet.accounts.levels.ready.area(horizon) / horizon;
    // Only the life of a cycle is random, with a deviation of its mean.
    const cycles = horizon / (life + restart);
    const error = ((restart / (life + restart)) * (life / (life + restart))) / Math.sqrt(cycles);
    expect(Math.abs(availability - life / (life + restart))).toBeLessThan(4 * error);
    const lives = readyTimes(driver);
    expect(new Set(lives.map((seconds) => seconds.toFixed(6))).size).toBeGreaterThan(0.99 * lives.length);
  });

  it("is as often for each of many, one apart from another", () => {
    const driver = new FleetDriver({ replicas: 60, faults: { crash: { every } } });
    driver.simulation.run(5000);
    const expected = 60 * 50;
    expect(Math.abs(driver.fleet.accounts.crashes - expected)).toBeLessThan(4 * Math.sqrt(expected));
    expect(new Set(driver.lost.map(([, at]) => at)).size).toBe(driver.lost.length);
  });

  it("counts time in service only: warm and starting replicas do not crash", () => {
    const warm = { size: 3, state: "paused" };
    const driver = new FleetDriver({ replicas: 1, warm, coldStart, faults: { crash: { every: "1s" } } });
    driver.simulation.run(1000);
    expect(driver.moves.filter(({ member, state }) => member > 0 && state !== "warm")).toEqual([]);
    expect(driver.fleet.accounts.crashes).toBeGreaterThan(10);
  });
});

/** Seconds between each coming into service and the crash after it. */
function readyTimes({ moves }: FleetDriver): number[] {
  return moves.slice(0, -1).flatMap(({ state, at }, i) => (state === "ready" ? [moves[i + 1].at - at] : []));
}

describe("a replica that crashes", () => {
  const crashed = (settings: Record<string, unknown> = {}): FleetDriver => {
    const driver = new FleetDriver({ replicas: 2, coldStart, ...settings });
    driver.at(100, () => driver.fleet.crash(driver.fleet.members[0]));
    return driver;
  };

  it("loads, compiles and warms on its node, waits for no node and no image, and counts as starting meanwhile", () => {
    const driver = crashed();
    expect(driver.stateAt(100)).toEqual({ ready: 1, starting: 1, draining: 0, refilling: 0, warm: 0 });
    driver.simulation.run(1000);
    expect(driver.moves.filter(({ member, at }) => member === 0 && at > 0)).toEqual([
      { member: 0, state: "loading", at: 100 },
      { member: 0, state: "compiling", at: 130 },
      { member: 0, state: "warming", at: 145 },
      { member: 0, state: "ready", at: 150 },
    ]);
    expect(driver.fleet.members).toHaveLength(2);
    expect(driver.lost).toEqual([[0, 100]]);
    const { crashes, losses, scaleUps, startLog } = driver.fleet.accounts;
    expect([crashes, losses, scaleUps, startLog.totals]).toEqual([1, 0, 0, []]);
  });

  it("is another replica in the same place, and those there have been keep their counters", () => {
    const driver = crashed();
    const before = driver.fleet.members[0].replica;
    driver.simulation.run(100);
    expect(driver.fleet.members[0].replica).not.toBe(before);
    expect(driver.fleet.replicas).toContain(before);
    expect(driver.fleet.replicas).toHaveLength(3);
  });

  it("is given up before a ready one is drained when the fleet shrinks, and never becomes ready", () => {
    const driver = crashed();
    driver.at(110, () => driver.fleet.scaleTo(1));
    expect(driver.stateAt(110)).toEqual({ ready: 1, starting: 0, draining: 0, refilling: 0, warm: 0 });
    driver.simulation.run(1000);
    expect(driver.fleet.members.map(({ state }) => state)).toEqual(["gone", "ready"]);
    expect(driver.readyAt).toEqual([]);
  });

  it("takes nobody else's place: none is started for it, and no warm one taken", () => {
    const driver = crashed({ warm: { size: 1, state: "paused" } });
    expect(driver.stateAt(149)).toEqual({ ready: 1, starting: 1, draining: 0, refilling: 0, warm: 1 });
    expect(driver.stateAt(150)).toEqual({ ready: 2, starting: 0, draining: 0, refilling: 0, warm: 1 });
  });

  it("does not crash in the middle of a restart, nor while it drains", () => {
    const driver = new FleetDriver({ replicas: 1, coldStart, faults: { crash: { every: "1s" } } });
    driver.at(0, () => driver.fleet.members.forEach(({ replica }) => ((replica as IdleReplica).outstanding = 1)));
    driver.at(0, () => driver.fleet.scaleTo(0));
    driver.simulation.run(1000);
    expect(driver.fleet.accounts.crashes).toBe(0);
    expect(driver.fleet.members.map(({ state }) => state)).toEqual(["draining"]);
  });
});

describe("what a crash does to attempts", () => {
  const station = { station: { servers: 1, service: { constant: "10s" } } };
  const staticBatch = { staticBatch: { size: 1, service: { constant: "10s" } } };
  const llm = { stepTime: { overhead: "5s" }, maxSequences: 1, maxBatchedTokens: 64, kvBlocks: 64, blockSize: 4, prefixCache: {} };

  const crashAt = (driver: PoolDriver, time: number): PoolDriver => {
    const { fleet } = driver.pool;
    driver.simulation.at(
      time,
      driver.simulation.handler(() => fleet.crash(fleet.members[0])),
    );
    return driver;
  };
  const moments = ({ visits }: PoolDriver) => visits.map(({ ending, endedAt }): [string, number] => [ending, endedAt]);

  it.each([
    ["a station", station],
    ["a static batch", staticBatch],
    ["a continuous batch", llm],
  ])("of %s: what runs and what waits there fails at that moment, and who comes then is held until it is ready again", (_, engine) => {
    const driver = crashAt(new PoolDriver({ engine, replicas: 1, coldStart }), 23);
    for (const at of [0, 12, 13, 14, 30]) driver.arrive({ at, output: 2 });
    driver.run(1000);
    expect(moments(driver)).toEqual([
      ["finished", 10],
      ["finished", 22],
      ["failed", 23],
      ["failed", 23],
      ["finished", 83],
    ]);
    const { pool, attempts } = driver;
    expect([pool.lost, pool.waiting, pool.stays.outstanding.value, attempts.inFlight]).toEqual([2, 0, 0, 0]);
    expect(poolView(pool).busySeconds).toBeCloseTo(10 + 10 + 1 + 10, 9);
  });

  it("takes the batch and the prefix cache with it: what was read before must be read again", () => {
    const driver = crashAt(new PoolDriver({ engine: { ...llm, maxSequences: 8 }, replicas: 1, coldStart }), 50);
    const { pool, attempts } = driver;
    const send = pool.send.bind(pool);
    pool.send = (attempt) => {
      attempts.prefix[attempt] = attempts.prefixes.add();
      attempts.prefixes.extend(7, 32);
      attempts.prefixTokens[attempt] = 32;
      send(attempt);
    };
    for (const at of [0, 20, 45, 200, 220]) driver.arrive({ at, prompt: 40, output: 2 });
    driver.run(1000);
    const [before, after] = pool.fleet.replicas;
    expect([before.prefixCache?.hitTokenCount, before.prefixCache?.promptTokenCount]).toEqual([2 * 32, 3 * 40]);
    expect([after.prefixCache?.hitTokenCount, after.prefixCache?.promptTokenCount]).toEqual([32, 2 * 40]);
    expect([after.outstanding, after.kvUse]).toEqual([0, 0]);
    expect(driver.visits.map(({ ending }) => ending)).toEqual(["finished", "finished", "failed", "finished", "finished"]);
  });

  it("lets who is sent again in answer to its failure go to another replica, or be held", () => {
    const driver = crashAt(new PoolDriver({ engine: station, replicas: 2, coldStart, routing: "roundRobin" }), 5);
    for (const at of [0, 1]) driver.arrive({ at });
    driver.onEnd = (visit) => {
      if (driver.visits[visit].ending === "failed") driver.arrive({ at: driver.simulation.now });
    };
    driver.run(1000);
    expect(moments(driver)).toEqual([
      ["failed", 5],
      ["finished", 11],
      ["finished", 21],
    ]);
  });
});
