import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FleetDriver, type Snapshot } from "../fleet-driver.ts";

const state = (given: Partial<Snapshot>): Snapshot => ({ ready: 0, starting: 0, draining: 0, refilling: 0, warm: 0, ...given });

const coldStart = { phases: { provisioning: { constant: "10s" }, loading: { constant: "30s" } }, resume: { paused: { constant: "3s" } } };
const scaling = { targetTracking: { metric: "concurrency", target: 10, every: "15s", scaleDownAfter: "0s" } };
const zoneLoss = (zones: number, ...at: number[]) => ({ zoneLoss: { zones, at: at.map((time) => `${time}s`), lasts: "200s" } });

/** Members that went at a moment. */
const goneAt = ({ moves }: FleetDriver, moment: number): number[] =>
  moves.filter(({ state: name, at }) => name === "gone" && at === moment).map(({ member }) => member);

describe("the loss of a zone", () => {
  it("takes its share of an even spread, ready and warm alike, and all of them are replaced at once elsewhere", () => {
    const counts = [fc.integer({ min: 1, max: 12 }), fc.nat(5), fc.integer({ min: 2, max: 8 }), fc.nat(1000)] as const;
    fc.assert(
      fc.property(...counts, (replicas, warm, zones, seed) => {
        const settings = { replicas, warm: { size: warm, state: "paused" }, coldStart, faults: zoneLoss(zones, 100) };
        const driver = new FleetDriver(settings, 1e6, seed);
        driver.simulation.run(100);
        const lost = goneAt(driver, 100);
        const even = (replicas + warm) / zones;
        expect([Math.floor(even), Math.ceil(even)]).toContain(lost.length);
        expect(driver.fleet.accounts.losses).toBe(lost.length);
        // Whoever may have been serving fails what it has; the others have nothing.
        expect(driver.lost).toEqual(lost.filter((member) => member < replicas).map((member) => [member, 100]));
        const { ready, starting, refilling, warm: waiting } = driver.fleet.roster;
        expect([ready.length + starting.length, refilling.length + waiting.length]).toEqual([replicas, warm]);
        expect(driver.in("requested")).toEqual([]);
        expect(driver.stateAt(140)).toEqual(state({ ready: replicas, warm }));
      }),
    );
  });

  it("meets each zone as often as the others", () => {
    const [zones, seeds] = [4, 400];
    const times = [0, 0, 0, 0];
    for (let seed = 0; seed < seeds; seed++) {
      const driver = new FleetDriver({ replicas: zones, faults: zoneLoss(zones, 100) }, 1e6, seed);
      driver.simulation.run(100);
      const lost = goneAt(driver, 100);
      expect(lost).toHaveLength(1);
      times[lost[0]]++;
    }
    for (const count of times) expect(Math.abs(count - seeds / zones)).toBeLessThan(4 * Math.sqrt((seeds / zones) * (1 - 1 / zones)));
  });

  it("takes those that are starting, resuming and draining too", () => {
    const warm = { size: 1, state: "paused" };
    const driver = new FleetDriver({ replicas: 2, warm, coldStart, faults: zoneLoss(1, 31) });
    driver.at(10, () => {
      driver.fleet.members.forEach(({ replica }) => Object.assign(replica, { outstanding: 3 }));
      driver.fleet.scaleTo(1);
    });
    driver.at(30, () => driver.fleet.scaleTo(4));
    expect(driver.stateAt(30.5)).toEqual(state({ ready: 1, starting: 3, draining: 1, refilling: 1 }));
    expect(driver.stateAt(31)).toEqual(state({ starting: 4, refilling: 1 }));
    expect(driver.in("requested")).toHaveLength(5);
    expect(new Set(driver.lost)).toEqual(
      new Set([
        [0, 31],
        [1, 31],
      ]),
    );
  });

  it("leaves nothing to start in where it was the only one, until it is back", () => {
    const driver = new FleetDriver({ replicas: 2, coldStart, faults: zoneLoss(1, 100) });
    expect(driver.stateAt(299)).toEqual(state({ starting: 2 }));
    expect(driver.in("requested")).toHaveLength(2);
    driver.simulation.run(1000);
    expect(driver.readyAt).toEqual([340, 340]);
    expect(driver.fleet.accounts.stockOuts).toBe(2);
  });

  it("sends every start to the other zones while it lasts: of two, the next loss then takes all or nothing", () => {
    const lost = Array.from({ length: 40 }, (_, seed) => {
      const driver = new FleetDriver({ replicas: 6, coldStart, faults: zoneLoss(2, 100, 1000) }, 1e6, seed);
      driver.simulation.run(1000);
      expect(goneAt(driver, 100)).toHaveLength(3);
      return goneAt(driver, 1000).length;
    });
    expect(new Set(lost)).toEqual(new Set([0, 6]));
  });

  it("fills the zone up again with what is started after it is back", () => {
    const lost = Array.from({ length: 40 }, (_, seed) => {
      const replicas = { min: 4, max: 12 };
      const driver = new FleetDriver({ replicas, coldStart, scaling, faults: zoneLoss(2, 100, 1000) }, 1e6, seed).loadAt(0, 40);
      // Four are in one zone when the other is back; of eight more that are wanted then, six make it even.
      driver.loadAt(500, 120);
      driver.simulation.run(1000);
      return goneAt(driver, 1000).length;
    });
    expect(new Set(lost)).toEqual(new Set([6]));
  });

  it("spares a replica that is not there: a start that waits for a machine has no zone yet", () => {
    const stockOut = { stockOut: { at: ["50s"], lasts: "100s" } };
    const driver = new FleetDriver({ replicas: { min: 1, max: 4 }, coldStart, scaling, faults: { ...zoneLoss(1, 100), ...stockOut } });
    driver.loadAt(55, 20);
    expect(driver.stateAt(99)).toEqual(state({ ready: 1, starting: 1 }));
    expect(driver.stateAt(100)).toEqual(state({ starting: 2 }));
    expect(goneAt(driver, 100)).toEqual([0]);
    // The stock-out is over at 150 s, the zone back only at 300 s.
    expect(driver.in("requested")).toHaveLength(2);
    driver.simulation.run(299);
    expect(driver.in("requested")).toHaveLength(2);
    expect(driver.stateAt(340)).toEqual(state({ ready: 2 }));
  });
});
