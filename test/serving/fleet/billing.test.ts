import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Simulation } from "../../../src/kernel/simulation.ts";
import { Billing } from "../../../src/serving/fleet/billing.ts";
import { billedFromStates, type LifecycleState, lifecycleStates } from "../../../src/serving/fleet/lifecycle.ts";
import { Member } from "../../../src/serving/fleet/member.ts";
import { poolSettings } from "../../../src/serving/pool-settings.ts";
import { FleetDriver, idleReplica, type Move } from "./fleet-driver.ts";
import { areas, type Areas, horizon, kinds, measured, priced, spans, terms, total } from "./plain-billing.ts";

describe("what is paid for replicas in any states in any order", () => {
  const requested: LifecycleState = "requested";
  const life = fc.record({
    waits: fc.boolean(),
    from: fc.nat(60),
    steps: fc.array(fc.record({ state: fc.constantFrom(...lifecycleStates.filter((state) => state !== requested)), lasts: fc.nat(40) }), {
      minLength: 1,
      maxLength: 8,
    }),
    ends: fc.boolean(),
  });

  it("is the sum of what each costs alone, from the state that the price names to its end or the price's minimum", () => {
    fc.assert(
      fc.property(terms, fc.array(life, { maxLength: 10 }), (given, lives) => {
        const simulation = new Simulation();
        const settings = poolSettings.parse({ engine: { station: { service: { constant: "1s" } } }, replicas: 1, ...priced(given) });
        const billing = new Billing(simulation, settings, { warmup: 0, horizon, window: horizon });
        const moves: Move[] = [];
        const members: Member[] = [];
        let spots = 0;
        const plan = (at: number, action: () => void): void => simulation.at(at, simulation.handler(action));
        const enter = (member: Member, state: Member["state"]): void => {
          member.state = state;
          moves.push({ member: member.number, state, at: simulation.now });
          billing.entered(member);
        };
        for (const { waits, from, steps, ends } of lives) {
          let member: Member;
          plan(from, () => {
            // Reserved capacity is filled first, then as many are spot as may be.
            const holding = members.filter(({ spot, state }) => !spot && state !== "gone" && !(given.warmPriced && state === "warm"));
            const asSpot = holding.length >= given.reserved && spots < (given.spot ?? 0);
            member = new Member(members.length, idleReplica(), billing.buySpot(), false);
            members.push(member);
            expect(member.spot).toBe(asSpot);
            if (asSpot) spots++;
            if (waits) enter(member, requested);
          });
          let at = from + (waits ? 10 : 0);
          for (const { state, lasts } of steps) {
            plan(at, () => enter(member, state));
            at += lasts;
          }
          if (!ends) continue;
          plan(at, () => {
            enter(member, "gone");
            if (member.spot) spots--;
          });
        }
        simulation.run(horizon);
        const expected = spans(moves, (member) => members[member].spot, given);
        expect(measured(billing)).toEqual(areas(expected, given.reserved));
        expect(total(measured(billing))).toBe(expected.reduce((sum, { begin, end }) => sum + end - begin, 0));
      }),
      { numRuns: 300 },
    );
  });
});

describe("what is paid for a fleet", () => {
  const phases = {
    provisioning: { constant: "7s" },
    pulling: { constant: "5s" },
    loading: { constant: "11s" },
    compiling: { constant: "4s" },
    warming: { constant: "2s" },
  };
  const faults = {
    stockOut: { at: ["60s"], lasts: "35s" },
    crash: { every: "80s" },
    spotInterruption: { every: "90s", notice: "10s" },
    zoneLoss: { zones: 2, at: ["150s"], lasts: "30s" },
  };
  const wanted = fc.array(fc.nat(7), { minLength: 1, maxLength: 12 });

  it("is what its replicas' states say, whatever goes wrong, never more than one purchase each, and no less than the minimum", () => {
    fc.assert(
      fc.property(terms, wanted, fc.nat(2), fc.nat(1000), (given, numbers, warm, seed) => {
        const settings = priced(given, warm);
        const driver = new FleetDriver(
          {
            ...settings,
            replicas: 2,
            coldStart: { ...settings.coldStart, phases },
            faults: given.spot === undefined ? { ...faults, spotInterruption: undefined } : faults,
          },
          horizon,
          seed,
        );
        numbers.forEach((number, i) => driver.at(i * 30 + 13, () => driver.fleet.scaleTo(number)));
        driver.simulation.run(horizon);
        const { members, accounts } = driver.fleet;
        const expected = spans(driver.moves, (member) => members[member].spot, given);
        const [found, sums] = [measured(accounts.billing), areas(expected, given.reserved)];
        for (const kind of kinds) expect(found[kind]).toBeCloseTo(sums[kind], 6);
        // A price that counts from the first phase pays for every state but that of having no machine, and for what the minimum adds.
        const inStates = Object.entries(accounts.levels).map(([state, level]) => (state === "requested" ? 0 : level.area(horizon)));
        const alive = inStates.reduce((sum, area) => sum + area, 0);
        const afterwards = total(found) - alive;
        if (given.billedFrom === "provisioning" && given.minimum === 0) expect(afterwards).toBeCloseTo(0, 6);
        if (given.billedFrom === "provisioning") expect(afterwards).toBeGreaterThan(-1e-6);
        if (given.minimum === 0) expect(afterwards).toBeLessThan(1e-6);
      }),
      { numRuns: 100 },
    );
  });

  it.each([
    ["provisioning", 40],
    ["pulling", 33],
    ["loading", 28],
    ["compiling", 17],
    ["warming", 13],
    ["ready", 11],
  ] as const)("from %s on is %d s for a start that takes 29 s and serves for 11 s", (billedFrom, seconds) => {
    const price = { perReplicaHour: "$1", billedFrom };
    const driver = new FleetDriver({ replicas: 1, coldStart: { phases }, price }, horizon);
    driver.at(100, () => driver.fleet.scaleTo(2)).at(140, () => driver.fleet.scaleTo(1));
    driver.simulation.run(horizon);
    expect(driver.fleet.accounts.billing.levels.onDemand.area(horizon)).toBe(horizon + seconds);
  });

  it("goes on while a crashed replica starts again on its node, from whatever state a price counts", () => {
    for (const billedFrom of billedFromStates) {
      const price = { perReplicaHour: "$1", billedFrom };
      const driver = new FleetDriver({ replicas: 1, coldStart: { phases }, price }, horizon);
      driver.at(100, () => driver.fleet.crash(driver.fleet.members[0]));
      driver.simulation.run(horizon);
      expect(driver.fleet.accounts.billing.levels.onDemand.area(horizon)).toBe(horizon);
    }
  });

  it("is the minimum for each replica that is gone before, and nothing more for one that is not", () => {
    const minimum = fc.integer({ min: 0, max: 60 });
    fc.assert(
      fc.property(minimum, fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 5 }), (shortest, lasts, count) => {
        const price = { perReplicaHour: "$1", minimum: `${shortest}s` };
        const driver = new FleetDriver({ replicas: 1, price }, horizon);
        driver.at(100, () => driver.fleet.scaleTo(1 + count)).at(100 + lasts, () => driver.fleet.scaleTo(1));
        driver.simulation.run(horizon);
        // The first of equals drains, which is the one that has been there from the start.
        const paid = 100 + lasts + (horizon - 100) + (count - 1) * Math.max(shortest, lasts);
        expect(driver.fleet.accounts.billing.levels.onDemand.area(horizon)).toBe(paid);
      }),
    );
  });

  it("is spent on reserved ones first, on spot up to their count, and on demand for the rest", () => {
    const price = { perReplicaHour: "$4", reserved: { count: 2, perReplicaHour: "$2" }, spot: { count: 3, perReplicaHour: "$1" } };
    const counts = (replicas: number): number[] => {
      const { fleet } = new FleetDriver({ replicas, price });
      return kinds.map((kind) => fleet.accounts.billing.levels[kind].value);
    };
    expect(counts(1)).toEqual([1, 0, 0, 0]);
    expect(counts(2)).toEqual([2, 0, 0, 0]);
    expect(counts(4)).toEqual([2, 0, 2, 0]);
    expect(counts(5)).toEqual([2, 0, 3, 0]);
    expect(counts(9)).toEqual([2, 4, 3, 0]);
  });

  it("buys a spot replica again in the place of one that is gone", () => {
    const price = { perReplicaHour: "$4", spot: { count: 2, perReplicaHour: "$1" } };
    const driver = new FleetDriver({ replicas: 3, price });
    driver.at(10, () => driver.fleet.lose(driver.fleet.members.filter(({ spot }) => spot)));
    driver.simulation.run(20);
    expect(kinds.map((kind) => driver.fleet.accounts.billing.levels[kind].value)).toEqual([0, 1, 2, 0]);
  });

  it("is a warm replica's own price for its time in the pool alone, and otherwise that of any other", () => {
    const settings = (own: boolean) => ({
      replicas: 1,
      coldStart: { phases, resume: { paused: { constant: "3s" } } },
      warm: { size: 1, ...(own ? { perReplicaHour: "$1" } : {}) },
      price: { perReplicaHour: "$1" },
    });
    const paid = (own: boolean): Areas => {
      const driver = new FleetDriver(settings(own), horizon);
      // The warm one serves from 103 s on; its successor starts at 100 s and is warm after 29 s.
      driver.at(100, () => driver.fleet.scaleTo(2));
      driver.simulation.run(horizon);
      return measured(driver.fleet.accounts.billing);
    };
    const warm = 100 + (horizon - 129);
    expect(paid(true)).toEqual({ reserved: 0, onDemand: 3 * horizon - 100 - warm, spot: 0, warm });
    expect(paid(false)).toEqual({ reserved: 0, onDemand: 3 * horizon - 100, spot: 0, warm: 0 });
  });
});
