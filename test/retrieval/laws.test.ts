import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { meanStay } from "../theory/closed-forms.ts";
import { mean, readAll } from "./drive.ts";
import { Streams } from "../../src/kernel/random.ts";
import { arbitraryLoad, arbitraryStore } from "./random-store.ts";

function poisson(rate: number, count: number, replication: number): { at: number }[] {
  const random = new Streams(8, replication).sequence("arrivals");
  let at = 0;
  return Array.from({ length: count }, () => {
    at -= Math.log(1 - random.uniform()) / rate;
    return { at };
  });
}

describe("a vector store without troubles", () => {
  it.each([
    [1, 3],
    [3, 1],
    [2, 4],
  ])("of %d replicas with %d slots is an M/M/c queue of all slots: mean stay by Erlang C", (replicas, concurrency) => {
    const servers = replicas * concurrency;
    const rate = 8 * servers;
    const means = Array.from({ length: 12 }, (_, replication) => {
      const reads = poisson(rate, 20_000, replication);
      const { results, store } = readAll({ replicas, concurrency, read: { exponential: { mean: "100ms" } } }, reads, { seed: replication });
      expect(store.found).toBe(reads.length);
      const stays = results.map(({ endedAt }, i) => endedAt - reads[i].at).slice(2000);
      return mean(stays);
    });
    const whole = mean(means);
    const error = Math.sqrt(means.reduce((sum, one) => sum + (one - whole) ** 2, 0) / 11 / 12);
    const exact = meanStay(servers, rate, 10);
    expect(error / exact).toBeLessThan(0.02);
    expect(Math.abs(whole - exact)).toBeLessThan(4.5 * error);
  });
});

describe("whatever goes wrong with a vector store", () => {
  it("every read ends exactly once or is left, and what is counted adds up", () => {
    fc.assert(
      fc.property(arbitraryStore, arbitraryLoad, (given, { reads, writesAt }) => {
        // Reads that failed are asked for again, twice at most.
        const again = new Map<number, number>();
        const { results, store } = readAll(given, reads, {
          until: 60,
          horizon: 60,
          writesAt,
          ended(read, ask, ending) {
            const times = again.get(read) ?? 0;
            if (ending === "found" || times === 2) return;
            again.set(reads.length + again.size, times + 1);
            ask(read);
          },
        });
        const count = (ending: string): number => results.filter((one) => one.ending === ending).length;
        for (const { ending, told } of results) expect(told).toBe(ending === "open" || ending === "left" ? 0 : 1);
        expect([store.reads, store.found, store.failed, store.shed, store.left]).toEqual([
          results.length,
          count("found"),
          count("failed"),
          count("shed"),
          count("left"),
        ]);
        expect(store.incomplete).toBe(results.filter(({ ending, complete }) => ending === "found" && !complete).length);
        expect(store.readsOverTime.total()).toBe(store.reads);
        expect(store.failedOverTime.total()).toBe(store.failed);
        expect(store.slots.value).toBeGreaterThanOrEqual(0);
        expect(store.slots.largest(60)).toBeLessThanOrEqual(store.slotCount);
        expect(store.memoryShare ?? 0).toBeLessThanOrEqual(1);
      }),
      { numRuns: 300 },
    );
  });

  it("no slot is held when all that was asked for has ended", () => {
    fc.assert(
      fc.property(arbitraryStore, arbitraryLoad, (given, { reads, writesAt }) => {
        const calm = { ...given, writes: "0/s" };
        const { results, store } = readAll(calm, reads, { until: 5000, horizon: 5000, writesAt });
        expect(results.map(({ ending }) => ending)).not.toContain("open");
        // Backfills that never find memory hold no slot either.
        expect(store.slots.value).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  it("a read takes as long by its key alone, whatever was read before it", () => {
    const given = { concurrency: 100, read: { exponential: { mean: "1s" } } };
    const took = (reads: { at: number; number: number }[]) => {
      const { results } = readAll(given, reads);
      return new Map(reads.map(({ at, number }, i) => [number, results[i].endedAt - at]));
    };
    const forth = took([0, 1, 2, 3, 4].map((number) => ({ at: number, number })));
    const back = took([4, 2, 0, 9].map((number, i) => ({ at: 3 * i, number })));
    for (const number of [0, 2, 4]) expect(back.get(number)).toBeCloseTo(forth.get(number)!, 9);
    expect(new Set(forth.values()).size).toBe(5);
  });
});
