import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PoolDriver } from "../../pool-driver.ts";
import { FleetDriver, type Snapshot } from "../fleet-driver.ts";

const state = (given: Partial<Snapshot>): Snapshot => ({ ready: 0, starting: 0, draining: 0, refilling: 0, warm: 0, ...given });

const coldStart = { phases: { provisioning: { constant: "10s" }, loading: { constant: "30s" } }, resume: { paused: { constant: "3s" } } };
const scaling = { targetTracking: { metric: "concurrency", target: 10, every: "15s", scaleDownAfter: "0s" } };
/** No GPU from 20 s to 127 s. */
const stockOut = (effect?: string) => ({ stockOut: { at: ["20s"], lasts: "107s", ...(effect === undefined ? {} : { effect }) } });

/** One replica, of which three are wanted from the decision at 30 s on. */
function growing(effect: string | undefined, settings: Record<string, unknown> = {}): FleetDriver {
  return new FleetDriver({ replicas: { min: 1, max: 6 }, coldStart, scaling, faults: stockOut(effect), ...settings })
    .loadAt(0, 10)
    .loadAt(20, 30);
}

describe("a start that finds no machine", () => {
  it("waits for one unless it is to fail, is not paid for meanwhile, and then takes its whole cold start", () => {
    const driver = growing(undefined, { price: { perReplicaHour: "$1" } });
    expect(driver.stateAt(126.9)).toEqual(state({ ready: 1, starting: 2 }));
    expect(driver.in("requested")).toHaveLength(2);
    expect(driver.fleet.accounts.billing.levels.onDemand.value).toBe(1);
    expect(driver.stateAt(127)).toEqual(state({ ready: 1, starting: 2 }));
    expect(driver.in("provisioning")).toHaveLength(2);
    expect(driver.stateAt(167)).toEqual(state({ ready: 3 }));
    expect(driver.readyAt).toEqual([167, 167]);
    expect(driver.fleet.accounts.billing.levels.onDemand.area(167)).toBe(167 + 2 * 40);
    expect([driver.fleet.accounts.stockOuts, driver.fleet.accounts.scaleUps]).toEqual([2, 2]);
  });

  it("is not made where it is to fail: every decision asks again, and whoever is still wanted is started at the end", () => {
    const driver = growing("fail");
    expect(driver.stateAt(126)).toEqual(state({ ready: 1 }));
    expect(driver.fleet.members).toHaveLength(1);
    // Asked for at 30, 45, 60, 75, 90, 105 and 120 s.
    expect([driver.fleet.accounts.stockOuts, driver.fleet.accounts.scaleUps]).toEqual([7, 0]);
    expect(driver.stateAt(127)).toEqual(state({ ready: 1, starting: 2 }));
    driver.simulation.run(1000);
    expect(driver.readyAt).toEqual([167, 167]);
  });

  it.each(["wait", "fail"])("with effect %s, is made at the end also where nothing scales", (effect) => {
    const driver = new FleetDriver({ replicas: 2, coldStart, faults: stockOut(effect) });
    driver.at(50, () => driver.fleet.lose(driver.fleet.members.slice(0, 1)));
    expect(driver.stateAt(126)).toEqual(state({ ready: 1, starting: effect === "wait" ? 1 : 0 }));
    expect(driver.stateAt(166.9)).toEqual(state({ ready: 1, starting: 1 }));
    expect(driver.stateAt(167)).toEqual(state({ ready: 2 }));
  });

  it.each(["wait", "fail"])("with effect %s, is given up when it is no longer wanted before there is a machine", (effect) => {
    const driver = growing(effect).loadAt(80, 10);
    expect(driver.stateAt(1000)).toEqual(state({ ready: 1 }));
    expect(driver.readyAt).toEqual([]);
    expect(driver.moves.filter(({ state: name }) => name === "provisioning")).toEqual([]);
  });

  it("that began before goes on, and a crashed replica starts again on its node", () => {
    const driver = new FleetDriver({ replicas: { min: 1, max: 6 }, coldStart, scaling, faults: stockOut() }).loadAt(0, 20);
    driver.at(30, () => driver.fleet.crash(driver.fleet.members[0]));
    expect(driver.stateAt(55)).toEqual(state({ ready: 1, starting: 1 }));
    expect(driver.stateAt(60)).toEqual(state({ ready: 2 }));
    expect(driver.fleet.accounts.stockOuts).toBe(0);
  });
});

describe("the warm pool in a stock-out", () => {
  it.each(["wait", "fail"])("with effect %s, can be drawn on, and refills when there are machines again", (effect) => {
    const waits = effect === "wait" ? 1 : 0;
    const driver = growing(effect, { warm: { size: 1, state: "paused" } });
    expect(driver.stateAt(30)).toEqual(state({ ready: 1, starting: 1 + waits, refilling: waits }));
    expect(driver.stateAt(33)).toEqual(state({ ready: 2, starting: waits, refilling: waits }));
    expect(driver.stateAt(126)).toEqual(state({ ready: 2, starting: waits, refilling: waits }));
    expect(driver.stateAt(127)).toEqual(state({ ready: 2, starting: 1, refilling: 1 }));
    expect(driver.stateAt(167)).toEqual(state({ ready: 3, warm: 1 }));
  });

  it("serves at once who would wait for the end without it", () => {
    const settings = { replicas: { min: 0, max: 2 }, coldStart, scaling, faults: stockOut() };
    const engine = { station: { service: { constant: "1s" } } };
    const servedAt = (warm: Record<string, unknown>): number => {
      const driver = new PoolDriver({ engine, ...settings, ...warm });
      driver.arrive({ at: 25 });
      return driver.run(1000).visits[0].endedAt;
    };
    expect(servedAt({})).toBe(127 + 40 + 1);
    expect(servedAt({ warm: { size: 1, state: "paused" } })).toBe(30 + 3 + 1);
  });
});

describe("starts under stock-outs of any kind", () => {
  it("leave provisioning's beginning to the times when there are machines, and are all made in the end", () => {
    const outages = fc.record({
      gaps: fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 5 }),
      lasts: fc.integer({ min: 1, max: 90 }),
    });
    const loads = fc.array(fc.nat(60), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(outages, loads, fc.nat(2), fc.constantFrom("wait", "fail"), ({ gaps, lasts }, levels, warm, effect) => {
        const at: number[] = [];
        for (const gap of gaps) at.push((at.at(-1) ?? -lasts) + lasts + gap);
        const driver = new FleetDriver({
          replicas: { min: 1, max: 6 },
          coldStart,
          scaling,
          warm: { size: warm, state: "paused" },
          faults: { stockOut: { at: at.map((time) => `${time}s`), lasts: `${lasts}s`, effect } },
        });
        levels.forEach((load, i) => driver.loadAt(i * 40, load));
        const over = at[at.length - 1] + lasts + levels.length * 40 + 100;
        const wanted = Math.min(6, Math.max(1, Math.ceil(levels[levels.length - 1] / 10)));
        const { ready, starting, warm: waiting } = driver.stateAt(over);
        expect(Math.abs(ready - wanted)).toBeLessThanOrEqual(1);
        expect([starting, waiting]).toEqual([0, warm]);
        for (const { state: name, at: moment } of driver.moves) {
          const stockedOut = at.some((begin) => begin < moment && moment < begin + lasts);
          if (name === "provisioning") expect(stockedOut).toBe(false);
          if (name === "requested")
            expect([effect, at.some((begin) => begin <= moment && moment <= begin + lasts)]).toEqual(["wait", true]);
        }
      }),
    );
  });
});
