import { describe, expect, it } from "vitest";
import { mean, readAll, steady } from "./drive.ts";

const memory = { limit: "1MB", bytesPerVector: "1kB", pressureFrom: "80%", slowdown: 11 };
const everySecond = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 0.5);

describe("the memory of a vector store", () => {
  it("lets a share of the reads miss that grows on a straight line from pressureFrom to the limit", () => {
    for (const [vectors, share] of [
      [700, 0],
      [800, 0],
      [850, 0.25],
      [950, 0.75],
      [1000, 1],
    ]) {
      const reads = steady(20, 0, 200);
      const { results, store } = readAll({ concurrency: 100, read: { constant: "100ms" }, vectors, memory }, reads);
      const times = results.map(({ endedAt }, i) => endedAt - reads[i].at);
      // Those that miss take a second longer.
      expect(Math.abs(mean(times) - 0.1 - share)).toBeLessThan(4 * Math.sqrt((share * (1 - share)) / 4000) + 1e-9);
      expect(store.memoryShare).toBe(vectors / 1000);
    }
  });

  it("tells from when on reads may miss, and refuses writes when it is full", () => {
    const { store } = readAll({ vectors: 799, memory }, [], { writesAt: everySecond(250) });
    expect(store.troubles()).toEqual([{ trouble: "memory", from: 1.5, to: Infinity }]);
    expect([store.vectors, store.refusedWrites, store.memoryShare]).toEqual([1000, 49, 1]);
  });

  it("is never short without a limit", () => {
    const { store } = readAll({ vectors: 1 }, [], { writesAt: everySecond(100) });
    expect([store.vectors, store.refusedWrites, store.memoryShare]).toEqual([101, 0, undefined]);
    expect(store.troubles()).toEqual([]);
  });
});

describe("a change of the embedding model", () => {
  const reembed = { at: "100s", rate: "10/s" };
  const reads = steady(50, 0, 300);
  const missesOf = (given: Record<string, unknown>) => {
    const { results } = readAll({ concurrency: 10, vectors: 1000, ...given }, reads);
    return (from: number, to: number): number => mean(results.slice(from * 50, to * 50).map(({ complete }) => (complete ? 0 : 1)));
  };

  it("at its start lets questions miss all that is yet to be rewritten", () => {
    const misses = missesOf({ reembed });
    for (const [from, to, share] of [
      [100, 120, 0.9],
      [140, 160, 0.5],
      [180, 200, 0.1],
    ]) {
      expect(Math.abs(misses(from, to) - share)).toBeLessThan(4 * Math.sqrt((share * (1 - share)) / 1000));
    }
    expect([misses(0, 100), misses(201, 300)]).toEqual([0, 0]);
  });

  it("at its end lets them miss nothing", () => {
    expect(missesOf({ reembed: { ...reembed, cutover: "atEnd" } })(0, 300)).toBe(0);
  });

  it("lasts as long as its rate says, and writes each vector once", () => {
    const { store } = readAll({ vectors: 1000, reembed, write: { constant: "50ms" } }, []);
    expect(store.troubles()).toEqual([{ trouble: "reembedding", from: 100, to: 200 }]);
    expect([store.backfilled, store.vectors]).toEqual([1000, 1000]);
    expect(store.slots.area(1000)).toBeCloseTo(50, 6);
  });

  it("keeps the old index in memory until its end, and is stuck where both do not fit", () => {
    const given = { vectors: 450, reembed: { ...reembed, cutover: "atEnd" }, memory };
    const half = readAll(given, [], { until: 100 + 22.55 }).store;
    expect(half.memoryShare).toBeCloseTo(0.675, 9);
    const { store } = readAll(given, []);
    expect(store.memoryShare).toBeCloseTo(0.45, 9);
    const [{ from, to }, pressure] = store.troubles();
    expect([from, to]).toEqual([100, 145]);
    // From the 351st rewritten on, 801 vectors are in memory.
    expect(pressure).toEqual({ trouble: "memory", from: 135.1, to: 145 });
    const stuck = readAll({ ...given, vectors: 600 }, [], { until: 200 }).store;
    expect([stuck.backfilled, stuck.memoryShare]).toEqual([400, 1]);
    expect(stuck.refusedWrites).toBeGreaterThan(500);
    expect(stuck.troubles()[0].to).toBe(Infinity);
  });

  it("writes new vectors into both indexes while there are two", () => {
    const given = { vectors: 100, reembed: { at: "0s", rate: "10/s", cutover: "atEnd" }, memory };
    const { store } = readAll(given, [], { until: 5.05, writesAt: [1.01, 2.01, 3.01] });
    expect(store.memoryShare).toBeCloseTo(0.1 + 0.05 + 2 * 0.003, 9);
  });
});
