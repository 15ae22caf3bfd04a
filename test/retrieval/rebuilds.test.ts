import { describe, expect, it } from "vitest";
import { mean, readAll, steady } from "./drive.ts";

const fixed = { constant: "1s" };
const rebuild = (more: Record<string, unknown>) => ({ at: ["10s"], lasts: "20s", ...more });

describe("a rebuild", () => {
  it("that blocks reads leaves a backlog that is worked off at the rate beyond that of arrivals", () => {
    // Ten slots of 100 ms serve 100/s; 40/s come. After 20 s without any, 800 wait, and 60/s of them go.
    const reads = steady(40, 0, 60);
    const given = { concurrency: 10, read: { constant: "100ms" }, rebuild: rebuild({ effect: "blockReads" }) };
    const { results } = readAll(given, reads);
    results.forEach(({ ending, endedAt }, i) => {
      expect(ending).toBe("found");
      const { at } = reads[i];
      const ahead = 40 * (at - 10);
      // Who comes while it lasts is served when those ahead have been; who comes later meets what is left of the backlog.
      const wait = at < 10 ? 0 : Math.max(0, 30 - at + ahead / 100);
      expect(Math.abs(endedAt - at - 0.1 - wait)).toBeLessThan(0.1 + 1e-9);
    });
    const last = results.findLast(({ endedAt }, i) => endedAt - reads[i].at > 0.2);
    expect(Math.abs(last!.endedAt - (30 + 800 / 60))).toBeLessThan(0.5);
  });

  it("ends later by the drag of slots that are held: after lasts / (1 − drag × share held)", () => {
    for (const [drag, held] of [
      [0.5, 4],
      [0.9, 4],
      [0.8, 1],
      [0.8, 0],
    ]) {
      const reads = Array.from({ length: held }, () => ({ at: 1 }));
      const { store } = readAll({ concurrency: 4, read: { constant: "10000s" }, rebuild: rebuild({ drag }) }, reads, { until: 5000 });
      const end = 10 + 20 / (1 - (drag * held) / 4);
      expect(store.troubles()).toEqual([{ trouble: "rebuild", from: 10, to: expect.closeTo(end, 5) }]);
      expect(store.rebuildSeconds(5000)).toBeCloseTo(end - 10, 5);
    }
  });

  it("gets faster when slots are given back", () => {
    // Half of its pace for the 10 s in which the only slot is held, then all of it.
    const given = { read: { constant: "15s" }, rebuild: rebuild({ drag: 0.5 }) };
    const { store } = readAll(given, [{ at: 5 }]);
    expect(store.troubles()[0].to).toBeCloseTo(10 + 10 + 15, 6);
  });

  it("slows the reads that begin while it goes on, and no others", () => {
    const reads = [{ at: 9.5 }, { at: 10.5 }, { at: 29.5 }, { at: 30.5 }];
    const { results } = readAll({ concurrency: 100, read: fixed, slowdown: 5, rebuild: rebuild({}) }, reads);
    expect(results.map(({ endedAt }, i) => endedAt - reads[i].at)).toEqual([1, 5, 5, 1]);
  });

  it("lets reads scan by the share that is not indexed, which falls to nothing on a straight line", () => {
    const reads = steady(1000, 10, 30);
    const given = {
      concurrency: 10_000,
      read: { constant: "1ms" },
      scan: { constant: "1001ms" },
      rebuild: rebuild({ effect: "scan", unindexed: "60%" }),
    };
    const { results } = readAll(given, reads);
    const times = results.map(({ endedAt }, i) => endedAt - reads[i].at);
    // Of 20 000 reads 30 % scan in the mean; and of those in each quarter of the rebuild the share at its middle.
    expect(Math.abs(mean(times) - 0.301)).toBeLessThan(4 * Math.sqrt((0.3 * 0.7) / 20_000));
    for (const quarter of [0, 1, 2, 3]) {
      const share = 0.6 * (1 - (quarter + 0.5) / 4);
      const some = times.slice(quarter * 5000, (quarter + 1) * 5000);
      expect(Math.abs(mean(some) - 0.001 - share)).toBeLessThan(4.5 * Math.sqrt((share * (1 - share)) / 5000));
    }
  });

  it("in turn leaves all replicas but one to serve; together, none", () => {
    const held = (replicas: string): number => {
      const given = { replicas: 3, concurrency: 2, read: { constant: "1000s" }, rebuild: rebuild({ effect: "blockReads", replicas }) };
      const reads = Array.from({ length: 6 }, () => ({ at: 12 }));
      return readAll(given, reads, { until: 25 }).store.slots.value;
    };
    expect([held("inTurn"), held("together")]).toEqual([4, 0]);
    const spans = (replicas: string) => {
      const { store } = readAll({ replicas: 3, rebuild: rebuild({ replicas }) }, []);
      return [store.troubles(), store.rebuilds, store.rebuildSeconds(1000)];
    };
    expect(spans("inTurn")).toEqual([[{ trouble: "rebuild", from: 10, to: 70 }], 3, 60]);
    expect(spans("together")).toEqual([[{ trouble: "rebuild", from: 10, to: 30 }], 3, 60]);
  });

  it("that is due while one is going on begins when that has ended, once for all that were due", () => {
    const given = { replicas: 3, rebuild: { every: "20s", lasts: "15s" } };
    const spans = readAll(given, [], { until: 120 }).store.troubles();
    expect(spans).toEqual([
      { trouble: "rebuild", from: 20, to: 65 },
      { trouble: "rebuild", from: 65, to: 110 },
      { trouble: "rebuild", from: 110, to: Infinity },
    ]);
  });

  it("after so many writes begins with the last of them, and counts anew from there", () => {
    const writesAt = [1, 2, 3, 4, 5, 6, 7.5, 20, 21].map((at) => at + 0.25);
    const { store } = readAll({ rebuild: { afterWrites: 3, lasts: "1500ms" } }, [], { writesAt });
    expect(store.troubles().map(({ from, to }) => [from, to])).toEqual([
      [3.25, 4.75],
      [6.25, 7.75],
      [21.25, 22.75],
    ]);
  });
});

describe("writes", () => {
  it("hold a slot of every replica, so that slow ones leave reads fewer", () => {
    const given = { replicas: 2, concurrency: 1, read: fixed, write: { constant: "5s" } };
    const { results, store } = readAll(given, [{ at: 1 }, { at: 3 }], { writesAt: [2] });
    // The write begins on the idle replica at once and on the other one when the read there has ended.
    expect(results.map(({ endedAt }) => endedAt)).toEqual([2, 8]);
    expect(store.slots.area(1000)).toBeCloseTo(2 + 2 * 5, 9);
  });

  it("of the store's own come at their rate, each a new vector", () => {
    const { store } = readAll({ writes: "50/s", vectors: 1000 }, [], { until: 400 });
    expect(Math.abs(store.vectors - 1000 - 20_000)).toBeLessThan(4 * Math.sqrt(20_000));
  });

  it("catch up after a rebuild that has blocked them", () => {
    const given = { concurrency: 1, write: { constant: "100ms" }, rebuild: rebuild({ effect: "blockReads" }) };
    const { results } = readAll(given, [{ at: 29.9 }], { writesAt: steady(5, 10, 20).map(({ at }) => at) });
    expect(results[0].endedAt).toBeCloseTo(30 + 50 * 0.1 + 0.01, 9);
  });
});
