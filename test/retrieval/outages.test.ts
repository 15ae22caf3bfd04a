import { describe, expect, it } from "vitest";
import { readAll } from "./drive.ts";

const slow = { concurrency: 1, read: { constant: "3s" } };
const outages = (effect: string) => ({ at: ["10s"], lasts: "5s", effect });
/** One under way, one that waits, and one of each whose caller leaves. */
const early = [{ at: 8 }, { at: 9 }, { at: 9.5, leavesAt: 9.9 }];

describe("an outage of a vector store", () => {
  it("that fails ends reads under way, those that wait and those that come, at once", () => {
    const { results, store } = readAll({ ...slow, outages: outages("fail") }, [...early, { at: 12 }, { at: 16 }]);
    expect(results.map(({ ending, endedAt }) => [ending, endedAt])).toEqual([
      ["failed", 10],
      ["failed", 10],
      ["left", 9.9],
      ["failed", 12],
      ["found", 19],
    ]);
    expect(store.troubles()).toEqual([{ trouble: "outage", from: 10, to: 15 }]);
    expect([store.failed, store.found, store.failedOverTime.counts[1]]).toEqual([3, 1, 3]);
    expect(store.slots.area(1000)).toBeCloseTo(2 + 3, 9);
  });

  it("that hangs ends all of them when it is over, in the order in which they came, whatever the line holds", () => {
    const order: number[] = [];
    const reads = [...early, { at: 12 }, { at: 13, leavesAt: 14 }, { at: 15 }];
    const given = { ...slow, outages: outages("hang"), queue: { capacity: 2 } };
    const { results, store } = readAll(given, reads, { ended: (read) => order.push(read) });
    expect(results.map(({ ending, endedAt }) => [ending, endedAt])).toEqual([
      ["failed", 15],
      ["failed", 15],
      ["left", 9.9],
      ["failed", 15],
      ["left", 14],
      ["failed", 15],
    ]);
    expect(order).toEqual([0, 1, 3, 5]);
    // The slot of the read under way was held throughout.
    expect(store.slots.area(1000)).toBeCloseTo(15 - 8, 9);
  });

  it("lets a read that is asked for again when it is over find a free store", () => {
    const { results } = readAll({ ...slow, outages: outages("hang") }, [{ at: 9 }], {
      ended: (read, again) => read === 0 && again(0),
    });
    expect(results.map(({ ending, endedAt }) => [ending, endedAt])).toEqual([
      ["failed", 15],
      ["found", 18],
    ]);
  });

  it("holds writes back until it is over; those under way go on", () => {
    const given = { ...slow, write: { constant: "2s" }, outages: outages("fail") };
    const { results, store } = readAll(given, [{ at: 15.5 }], { writesAt: [9, 12, 13] });
    expect(results[0].endedAt).toBe(15 + 2 + 2 + 3);
    expect(store.vectors).toBe(1_000_003);
  });

  it("frees the slot of a read whose caller has left", () => {
    const { results, store } = readAll({ ...slow, outages: outages("hang") }, [{ at: 9, leavesAt: 9.5 }, { at: 16 }]);
    expect(results.map(({ ending, endedAt }) => [ending, endedAt])).toEqual([
      ["left", 9.5],
      ["found", 19],
    ]);
    expect(store.failed).toBe(0);
  });
});

describe("a full line", () => {
  it("sheds what comes beyond it at once", () => {
    const { results, store } = readAll({ ...slow, queue: { capacity: 1 } }, [{ at: 0 }, { at: 1 }, { at: 2 }, { at: 3.5 }]);
    expect(results.map(({ ending, endedAt }) => [ending, endedAt])).toEqual([
      ["found", 3],
      ["found", 6],
      ["shed", 2],
      ["found", 9],
    ]);
    expect([store.reads, store.found, store.shed, store.readSeconds]).toEqual([4, 3, 1, 3 + 5 + 5.5]);
  });

  it("keeps the slot of a read whose caller left until its end, and gives up the place of one that waits", () => {
    const reads = [{ at: 0, leavesAt: 1 }, { at: 1.5, leavesAt: 2 }, { at: 2.5 }];
    const { results } = readAll(slow, reads);
    expect(results.map(({ ending, endedAt }) => [ending, endedAt])).toEqual([
      ["left", 1],
      ["left", 2],
      ["found", 6],
    ]);
  });
});
