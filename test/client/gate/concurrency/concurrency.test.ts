import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { concurrencyPolicies, concurrencySettings, createConcurrency } from "../../../../src/client/gate/concurrency/registry.ts";
import { ClosedSystem } from "./closed-system.ts";

const policyOf = (written: unknown) => createConcurrency(concurrencySettings.parse(written));

/** Paths, messages and hints of what is wrong. */
const mistakes = (written: Record<string, unknown>) =>
  concurrencySettings
    .safeParse(written)
    .error?.issues.map((issue) => [issue.path.join("."), issue.message, issue.code === "custom" ? issue.params?.["hint"] : undefined]);

const adaptive = ["aimd", "gradient"] as const;

const ending = fc.record({
  gap: fc.double({ min: 0, max: 2, noNaN: true }),
  seconds: fc.double({ min: 0, max: 30, noNaN: true }),
  ok: fc.boolean(),
  used: fc.double({ min: 0, max: 1, noNaN: true }),
});

describe("every cap on concurrency", () => {
  it("is one of those tested here", () => {
    expect(Object.keys(concurrencyPolicies)).toEqual(["fixed", ...adaptive]);
  });

  it.each(adaptive)("is a whole number from min to max, whatever happens: %s", (name) => {
    const bounds = fc.tuple(fc.integer({ min: 1, max: 20 }), fc.nat(20), fc.nat(20));
    fc.assert(
      fc.property(bounds, fc.array(ending, { maxLength: 200, size: "max" }), ([min, above, further], endings) => {
        const [initial, max] = [min + above, min + above + further];
        const cap = policyOf({ [name]: { min, initial, max } });
        expect(cap.limit).toBe(initial);
        let now = 30;
        for (const { gap, seconds, ok, used } of endings) {
          now += gap;
          cap.ended?.(now, seconds, ok, Math.ceil(used * cap.limit));
          expect(Number.isInteger(cap.limit) && cap.limit >= min && cap.limit <= max).toBe(true);
        }
      }),
    );
  });

  it.each(adaptive)("does not rise while less than half of it is in use: %s", (name) => {
    const cap = policyOf({ [name]: { initial: 21, max: 1e6 } });
    let now = 0;
    const answers = (underWay: number) => {
      for (let i = 0; i < 1000; i++) cap.ended?.(now++, 1, true, underWay);
      return cap.limit;
    };
    expect(answers(10)).toBe(21);
    expect(answers(11)).toBeGreaterThan(21);
    const risen = answers(1000);
    expect(risen).toBeGreaterThan(30);
    expect(answers(1)).toBe(risen);
  });

  it.each(adaptive)("refuses a min above max, and a first limit outside of them: %s", (name) => {
    expect(mistakes({ [name]: { min: 30, max: 10 } })).toEqual([
      [`${name}.min`, "is above max, which is 10", "at most 10, or a larger max"],
    ]);
    expect(mistakes({ [name]: { min: 30 } })).toEqual([[`${name}.initial`, "lies outside of min and max", "from 30 to 200"]]);
    expect(mistakes({ [name]: { max: 19 } })).toEqual([[`${name}.initial`, "lies outside of min and max", "from 1 to 19"]]);
    expect(mistakes({ [name]: { min: 20, max: 20 } })).toBeUndefined();
  });

  it("is written as a number when it is fixed", () => {
    const cap = policyOf(7);
    cap.ended?.(1, 1, false, 7);
    expect(cap.limit).toBe(7);
  });
});

describe("additive increase, multiplicative decrease", () => {
  it("grows by one with each limit's worth of answers", () => {
    const cap = policyOf({ aimd: { initial: 10 } });
    const grownAt: number[] = [];
    let last = cap.limit;
    for (let answers = 1; grownAt.length < 20; answers++) {
      cap.ended?.(answers, 1, true, cap.limit);
      if (cap.limit > last) grownAt.push(answers);
      last = cap.limit;
    }
    // The square of the limit grows by two and a little with each answer.
    grownAt.forEach((answers, i) => expect(Math.abs(answers - ((11 + i) ** 2 - 100) / 2)).toBeLessThan(2));
  });

  it("falls once for all failures of attempts that were sent before", () => {
    const cap = policyOf({ aimd: { initial: 100, decrease: 0.5 } });
    for (const [now, seconds] of [
      [10, 1],
      [10.5, 2],
      [11, 1.5],
    ])
      cap.ended?.(now, seconds, false, 100);
    expect(cap.limit).toBe(50);
    cap.ended?.(11.5, 1, false, 50);
    expect(cap.limit).toBe(25);
  });

  it.each([5, 20, 60])("finds what %d servers can do and saw-tooths below it: one more is refused, and it falls by a tenth", (servers) => {
    const system = new ClosedSystem({ concurrency: { aimd: { initial: 1, max: 500 } }, servers, places: 0, population: () => 300 }).run(
      600,
    );
    const { min, max, mean } = system.limitsFrom(300);
    expect([min, max]).toEqual([Math.floor(0.9 * (servers + 1)), servers]);
    // Sent beyond, it falls before the limit is looked at; in between it rises evenly.
    expect(mean).toBeGreaterThan(0.92 * servers);
    // One refusal for each tooth of 0.1 (servers + 1) rounds of a second.
    const teeth = 600 / (0.1 * (servers + 1));
    expect(system.refused / teeth).toBeGreaterThan(0.5);
    expect(system.refused / teeth).toBeLessThan(1.1);
  });
});

describe("the gradient", () => {
  /** Where the slope times the limit and its square root make the limit: at L over the servers as the ratio of the times. */
  function settled(servers: number, tolerance: number): number {
    let [low, high] = [1, 100 * servers];
    while (high - low > 1e-6) {
      const limit = (low + high) / 2;
      const slope = Math.min(1, (tolerance * servers) / limit);
      if (slope * limit + Math.sqrt(limit) > limit) low = limit;
      else high = limit;
    }
    return low;
  }

  it.each([1, 8, 32])("holds the line before %d servers to what its tolerance and the square root make of it", (servers) => {
    // Half an hour of light traffic shows what a request takes; then there are always more than enough.
    const population = (now: number) => (now < 1800 ? servers : 1000);
    const concurrency = { gradient: { initial: 2 * servers + 2, max: 1000, longTerm: 10_000 } };
    const { mean, min, max } = new ClosedSystem({ concurrency, servers, places: Infinity, population }).run(2400).limitsFrom(2100);
    const expected = settled(servers, 1.5);
    expect(Math.abs(mean - expected)).toBeLessThan(0.1 * expected + 1);
    expect(max - min).toBeLessThan(0.2 * expected + 2);
  });

  it("falls to half at once at most, by as much as it is smoothed, and rises by its square root", () => {
    const cap = policyOf({ gradient: { initial: 100, smoothing: 1, max: 1000 } });
    const step = (at: number, seconds: number, underWay: number) => {
      for (let i = 0; i < 10; i++) cap.ended?.(at, seconds, true, underWay);
      return cap.limit;
    };
    for (let at = 1; at <= 20; at++) step(at, 1, 10);
    expect(step(21, 1.4, 100)).toBe(110);
    expect(step(22, 50, 100)).toBe(Math.floor(110 / 2 + Math.sqrt(110)));
    const slow = policyOf({ gradient: { initial: 100, max: 1000 } });
    for (let i = 0; i < 10; i++) slow.ended?.(1, 1, true, 100);
    expect(slow.limit).toBe(102);
  });

  it("looks at answers only, ten at least in a step", () => {
    const cap = policyOf({ gradient: { initial: 100, max: 1000 } });
    for (let i = 0; i < 9; i++) cap.ended?.(i, 1, true, 100);
    for (let i = 9; i < 100; i++) cap.ended?.(i, 0, false, 100);
    expect(cap.limit).toBe(100);
    cap.ended?.(100, 1, true, 100);
    expect(cap.limit).toBe(102);
  });

  it("soon forgets the times of an overload that is over", () => {
    const cap = policyOf({ gradient: { initial: 100, max: 1e6 } });
    const steps = (from: number, to: number, seconds: number) => {
      for (let at = from; at < to; at++) for (let i = 0; i < 10; i++) cap.ended?.(at, seconds, true, 1e6);
      return cap.limit;
    };
    steps(0, 100, 10);
    const before = steps(100, 120, 1);
    // The average has come down by a tenth with each step to about twice the times of now, not by a three-hundredth.
    expect(steps(120, 125, 5)).toBeLessThan(before);
  });

  it("creeps up where an overload lasts, whose times become the long-term average, and stops at max", () => {
    const concurrency = { gradient: { initial: 10, max: 64 } };
    const system = new ClosedSystem({ concurrency, servers: 8, places: Infinity, population: () => 200 }).run(3600);
    expect(system.limitsFrom(3000).min).toBe(64);
  });
});
