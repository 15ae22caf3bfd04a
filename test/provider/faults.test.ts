import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { callAll, fixed, type SentCall } from "./calls.ts";

const failing = (faults: Record<string, unknown>, more: Record<string, unknown> = {}) => ({ latency: fixed, faults, ...more });

/** One call every half second for 50 s, each 890 ms long. */
const steady = Array.from({ length: 100 }, (_, i) => ({ at: i / 2 + 0.25 }));
const sentWithin = (from: number, to: number): number[] => steady.flatMap(({ at }, i) => (at > from && at < to ? [i] : []));

/** Whether so many of so many is what a chance gives, within five standard deviations. */
const expectShare = (some: number, all: number, chance: number): void => {
  expect(Math.abs(some / all - chance)).toBeLessThan(5 * Math.sqrt((chance * (1 - chance)) / all));
};

describe("an outage", () => {
  it("that fails lets every call sent in it fail at once, and serves all before and after", () => {
    const { results, provider } = callAll(failing({ outages: { at: ["10s", "30s"], lasts: "5s" } }), steady);
    const lost = new Set([...sentWithin(10, 15), ...sentWithin(30, 35)]);
    const broken = new Set([...sentWithin(9.11, 10), ...sentWithin(29.11, 30)]);
    expect([lost.size, broken.size]).toEqual([20, 4]);
    results.forEach(({ ending, endedAt }, i) => {
      if (lost.has(i)) expect([ending, endedAt]).toEqual(["failed", steady[i].at]);
      else if (broken.has(i)) expect([ending, endedAt]).toEqual(["failed", i < 50 ? 10 : 30]);
      else expect(ending).toBe("finished");
    });
    expect([provider.failed, provider.underWay.count]).toEqual([24, 0]);
    expect(provider.faults.spans()).toEqual([
      { fault: "outages", begin: 10, end: 15 },
      { fault: "outages", begin: 30, end: 35 },
    ]);
  });

  it("that hangs gives no answer until it is over, and then fails all that it holds in the order in which they were sent", () => {
    const faults = { outages: { at: ["10s"], lasts: "5s", effect: "hang" } };
    const during = callAll(failing(faults), steady, 14.9);
    expect(during.provider.underWay.count).toBe(10);
    expect(during.results.filter(({ endedAt }) => endedAt > 10)).toEqual([]);
    const { results, order, provider } = callAll(failing(faults), steady);
    const held = sentWithin(10, 15);
    for (const i of held) expect(results[i]).toMatchObject({ ending: "failed", endedAt: 15, firstTokenAt: NaN });
    expect(order.filter((i) => held.includes(i))).toEqual(held);
    expect([provider.failed, provider.underWay.count]).toEqual([12, 0]);
  });

  it("breaks off answers under way, which are then not billed, nor in vain", () => {
    const call = { at: 9.5, output: 200 };
    const faults = { outages: { at: ["10s"], lasts: "1s" } };
    const { results, provider, attempts } = callAll(failing(faults), [call, { ...call, rebilled: true, leavesAt: 9.9 }, { at: 9 }]);
    expect(results.map(({ ending, endedAt, billed }) => [ending, endedAt, billed])).toEqual([
      ["failed", 10, 0],
      ["failed", 10, 0],
      ["finished", expect.closeTo(9.89, 9), 1],
    ]);
    expect(results[0].firstTokenAt).toBeCloseTo(9.9, 9);
    expect(provider.bill.billed.base).toEqual({ input: 100, cached: 0, written: 0, output: 50 });
    for (const none of [provider.bill.wasted, provider.bill.repeated]) expect(none.base.input).toBe(0);
    expect(attempts.inFlight).toBe(0);
  });

  it("shows the limiter the end of what broke off, and nothing of what was never taken", () => {
    // Two calls a minute: without the outage the third is refused; those sent in it do not count.
    const limits = { law: "tokenBucket", rpm: 2, burst: "60s" };
    const faults = { outages: { at: ["1s"], lasts: "5s", effect: "hang" } };
    const { results } = callAll(failing(faults, { limits }), [{ at: 0 }, { at: 2 }, { at: 3 }, { at: 6.5 }, { at: 7 }]);
    expect(results.map(({ ending }) => ending)).toEqual(["finished", "failed", "failed", "finished", "throttled"]);
  });

  it.each([
    // 6,000 less 100, and of 5,900 reserved what was not produced is back: the tokens at 0.4, 0.41, … 0.5 and the one on its way.
    [{ law: "reserveSettle", defaultMaxOutput: 5900 }, 5900 - 12],
    // The prompt of 100, the first token, and 10 tokens in 100 ms until it broke off.
    [{ law: "streaming" }, 5900 - 11],
  ])("settles what a call that broke off had produced with %j", (limits, left) => {
    const faults = { outages: { at: ["505ms"], lasts: "100ms" } };
    const taken = (input: number): boolean =>
      callAll(failing(faults, { limits: { tpm: 6000, ...limits } }), [
        { output: 200 },
        { at: 0.606, input: input - 1, output: 1, maxOutput: 1 },
      ]).results[1].ending !== "throttled";
    const filled = 0.606 * 100;
    expect([taken(left + filled - 3), taken(left + filled + 3)]).toEqual([true, false]);
  });

  it("leaves no trace of a call that broke off on the one that has its number next", () => {
    // The events of the first are due at 0.4 s and 0.89 s; the second has its number by then.
    const faults = { outages: { at: ["100ms"], lasts: "100ms" } };
    const { results } = callAll(failing(faults), [{ at: 0 }, { at: 0.3 }]);
    expect(results[0]).toMatchObject({ ending: "failed", endedAt: 0.1, firstTokenAt: NaN });
    expect(results[1].firstTokenAt).toBeCloseTo(0.7, 9);
    expect(results[1].endedAt).toBeCloseTo(1.19, 9);
  });
});

describe("a brown-out", () => {
  it("slows the calls sent in it, to their end, and no others", () => {
    const { results } = callAll(failing({ brownOuts: { at: ["10s"], lasts: "5s", slower: 3 } }), steady);
    const slowed = new Set(sentWithin(10, 15));
    results.forEach(({ firstTokenAt, endedAt }, i) => {
      const pace = slowed.has(i) ? 3 : 1;
      expect(firstTokenAt - steady[i].at).toBeCloseTo(0.4 * pace, 9);
      expect(endedAt - steady[i].at).toBeCloseTo(0.89 * pace, 9);
    });
  });

  it("has an error rate of its own where it says so", () => {
    const many = Array.from({ length: 4000 }, (_, i) => ({ at: i < 2000 ? 1 : 11 }));
    const failedOf = (brownOuts: object): number[] => {
      const { results } = callAll(failing({ errorRate: "10%", brownOuts: { at: ["10s"], lasts: "5s", ...brownOuts } }), many);
      return [0, 2000].map((from) => results.slice(from, from + 2000).filter(({ ending }) => ending === "failed").length);
    };
    const [before, within] = failedOf({ errorRate: "40%" });
    expectShare(before, 2000, 0.1);
    expectShare(within, 2000, 0.4);
    expectShare(failedOf({ slower: 2 })[1], 2000, 0.1);
  });
});

describe("overload", () => {
  it("lets a share of the calls sent in it fail at once, each by its own chance, which counts against no limit", () => {
    const many = Array.from({ length: 4000 }, (_, i) => ({ at: i < 3000 ? 11 : 1 }));
    const limits = { law: "tokenBucket", rpm: 2_000_000, burst: "1s" };
    const { results, provider } = callAll(failing({ overload: { at: ["10s"], lasts: "5s", refused: "30%" } }, { limits }), many);
    const refused = results.flatMap(({ ending, endedAt }, i) => (ending === "failed" && endedAt === 11 ? [i] : []));
    expect(refused.every((i) => i < 3000)).toBe(true);
    expect(provider.failed).toBe(refused.length);
    expectShare(refused.length, 3000, 0.3);
    const fewer = callAll(failing({ overload: { at: ["10s"], lasts: "5s", refused: "15%" } }), many).results;
    const also = fewer.flatMap(({ ending }, i) => (ending === "failed" ? [i] : []));
    expect(also.every((i) => refused.includes(i))).toBe(true);
  });

  it("gives no limit back what a refused call never took", () => {
    const limits = { law: "reserveSettle", tpm: 6000, defaultMaxOutput: 5900 };
    const overload = { at: ["1s"], lasts: "1s", refused: "100%" };
    const { results } = callAll(failing({ overload }, { limits }), [{ at: 0.9, output: 5000 }, { at: 1.5 }, { at: 2.5 }]);
    expect(results.map(({ ending }) => ending)).toEqual(["finished", "failed", "throttled"]);
  });

  it("of our own making begins where too many calls are under way", () => {
    const burst = Array.from({ length: 10 }, () => ({ at: 1 }));
    const { results, provider } = callAll(failing({ saturation: { above: 6 } }), [...burst, { at: 1.9 }]);
    expect(results.map(({ ending }) => ending)).toEqual([...burst.map((_, i) => (i < 6 ? "finished" : "failed")), "finished"]);
    expect([results[6].endedAt, provider.failed]).toEqual([1, 4]);
    const half = callAll(
      failing({ saturation: { above: 1, refused: "50%" } }),
      Array.from({ length: 3000 }, () => ({ at: 1 })),
    );
    expectShare(half.provider.failed, 2999, 0.5);
  });
});

describe("whatever goes wrong", () => {
  const times = fc.record({ every: fc.constantFrom("5s", "20s"), lasts: fc.constantFrom("1s", "8s") });
  const optional = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined });
  const withTimes = <T extends object>(more: fc.Arbitrary<T>) =>
    optional(fc.tuple(times, more).map(([one, other]) => Object.assign({}, one, other)));
  const faults = fc.record({
    errorRate: fc.constantFrom("0%", "30%"),
    outages: withTimes(fc.record({ effect: fc.constantFrom("fail", "hang") })),
    brownOuts: withTimes(fc.record({ slower: fc.constantFrom(2, 10), errorRate: optional(fc.constant("50%")) })),
    overload: withTimes(fc.record({ refused: fc.constant("40%") })),
    saturation: optional(fc.record({ above: fc.integer({ min: 1, max: 5 }) })),
  });
  const law = fc.constantFrom(undefined, { law: "streaming", tpm: 20_000 }, { law: "reserveSettle", tpm: 20_000, defaultMaxOutput: 500 });
  const call = fc.record({
    gap: fc.nat(20),
    input: fc.integer({ min: 1, max: 3000 }),
    output: fc.integer({ min: 1, max: 400 }),
    leaves: optional(fc.nat(20)),
    rebilled: fc.boolean(),
    prefix: fc.integer({ min: 0, max: 3 }),
  });

  it("calls are throttled, failed, finished or under way, and the bill is that of the finished ones and of those under way", () => {
    fc.assert(
      fc.property(faults, law, fc.array(call, { minLength: 1, maxLength: 40 }), fc.nat(40), (given, limits, planned, until) => {
        let at = 0;
        const calls = planned.map(({ gap, leaves, prefix, ...one }): SentCall => {
          at += gap / 10;
          const chain = [[prefix, 1000]] as const;
          return {
            ...one,
            at,
            chain,
            prefixTokens: Math.min(one.input, 1000),
            ...(leaves === undefined ? {} : { leavesAt: at + leaves / 10 }),
          };
        });
        const settings = failing(given, { promptCache: { minPrefix: 100 }, ...(limits === undefined ? {} : { limits }) });
        const { results, provider } = callAll(settings, calls, until);
        const counted = (ending: string): number => results.filter((one) => one.ending === ending).length;
        const { calls: sent, throttled, failed, underWay, bill } = provider;
        expect([throttled, failed]).toEqual([counted("throttled"), counted("failed")]);
        expect(sent).toBe(throttled + failed + counted("finished") + underWay.count);
        for (const { ending, billed } of results) if (ending !== "open") expect(billed).toBe(ending === "finished" ? 1 : 0);
        for (const rows of [bill.billed, bill.wasted, bill.repeated]) {
          const { input, cached, written, output } = rows.base;
          expect(Math.min(cached, written, output, input - cached - written)).toBeGreaterThanOrEqual(0);
        }
        const { results: later, provider: after } = callAll(settings, calls, 500);
        const finished = later.flatMap(({ ending }, i) => (ending === "finished" ? [calls[i]] : []));
        const sum = (amounts: (number | undefined)[]): number => amounts.reduce((total: number, amount = 0) => total + amount, 0);
        expect(after.underWay.count).toBe(0);
        expect(after.bill.billed.base.input).toBe(sum(finished.map(({ input }) => input)));
        expect(after.bill.billed.base.output).toBe(sum(finished.map(({ output }) => output)));
        expect(after.bill.repeated.base.input).toBe(sum(finished.filter(({ rebilled }) => rebilled).map(({ input }) => input)));
      }),
      { numRuns: 300 },
    );
  });
});
