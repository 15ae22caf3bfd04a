import { describe, expect, it } from "vitest";
import { callAll, callEach, fixed, model, type SentCall } from "./calls.ts";

const random = { ttft: { lognormal: { p50: "400ms", p99: "2s" } }, tpot: { exponential: { mean: "10ms" } } };

describe("a provider", () => {
  it("gives the first token after its time, and each further one after its own", () => {
    const { results } = callAll({ latency: fixed }, [
      { ordinal: 0, at: 3 },
      { ordinal: 1, at: 5, output: 1 },
    ]);
    expect(results[0].firstTokenAt).toBeCloseTo(3.4, 12);
    expect(results[0].endedAt).toBeCloseTo(3.4 + 49 * 0.01, 12);
    expect(results[1].endedAt).toBe(results[1].firstTokenAt);
  });

  it("draws by request and turn, whatever else is called and in which order", () => {
    const some = [3, 8, 5].map((ordinal) => ({ ordinal, turn: ordinal % 2 }));
    const others = [1, 3, 2].map((ordinal) => ({ ordinal, turn: 7 }));
    const alone = callAll({ latency: random }, some).results;
    const among = callAll({ latency: random }, [...others, ...some.toReversed()])
      .results.slice(3)
      .reverse();
    expect(among).toEqual(alone);
    const again = callAll(
      { latency: random },
      some.map(({ ordinal }) => ({ ordinal, turn: 2 })),
    ).results;
    for (const [i, { endedAt }] of again.entries()) expect(endedAt).not.toBe(alone[i].endedAt);
  });

  it("fails the share that it is said to, after the time to first token, and bills nothing for it", () => {
    const count = 20_000;
    const calls = Array.from({ length: count }, (_, ordinal) => ({ ordinal }));
    const { results, provider } = callAll({ latency: fixed, faults: { errorRate: "5%" } }, calls);
    const failed = results.filter(({ ending }) => ending === "failed");
    expect(Math.abs(failed.length / count - 0.05)).toBeLessThan(5 * Math.sqrt((0.05 * 0.95) / count));
    for (const { endedAt, firstTokenAt } of failed) expect([endedAt, firstTokenAt]).toEqual([0.4, NaN]);
    const answered = count - failed.length;
    expect(provider.bill.billed.base).toEqual({ input: 100 * answered, cached: 0, written: 0, output: 50 * answered });
    expect([provider.calls, provider.failed, provider.underWay.count]).toEqual([count, failed.length, 0]);
  });

  it("refuses beyond its limits at once, says when to come back if it does so, and counts", () => {
    const limits = { law: "tokenBucket", rpm: 60, tpm: 6000, burst: "10s" };
    const calls = Array.from({ length: 8 }, (_, ordinal) => ({ ordinal, at: 1 }));
    const { results, provider, attempts } = callAll({ latency: fixed, limits: { ...limits, retryAfter: true } }, calls);
    // A thousand tokens hold six calls of 150.
    expect(results.map(({ ending }) => ending)).toEqual(calls.map((_, i) => (i < 6 ? "finished" : "throttled")));
    expect(results[6]).toMatchObject({ endedAt: 1, retryAfter: 0.5 });
    expect([provider.calls, provider.throttled, provider.failed]).toEqual([8, 2, 0]);
    expect(provider.bill.billed.base).toMatchObject({ input: 600, output: 300 });
    expect(attempts.inFlight).toBe(0);
    const silent = callAll({ latency: fixed, limits }, calls).results;
    expect(silent[6]).toMatchObject({ ending: "throttled", retryAfter: 0 });
  });

  it("does not say when to come back with a call that will never fit, and counts it", () => {
    const limits = { law: "tokenBucket", tpm: 600, burst: "10s", retryAfter: true };
    const { results, provider } = callAll({ latency: fixed, limits }, [{ input: 20 }, { input: 20 }, {}]);
    expect(results[2]).toMatchObject({ ending: "throttled", retryAfter: 0 });
    // Of the two that are refused one would fit later.
    expect([provider.throttled, provider.oversized]).toEqual([2, 1]);
  });

  const endings = (settings: Record<string, unknown>, calls: readonly SentCall[]) =>
    callAll(settings, calls).results.map(({ ending }) => ending);

  it.each([
    ["0%", 0.89, 5940],
    ["100%", 0.4, 5941],
  ])("settles what a call reserved when it ends, of which %s fail", (errorRate, end, content) => {
    // All 6,000 are reserved at first; what was not used is back at the end, and 100 a second come in besides.
    const limits = { law: "reserveSettle", tpm: 6000, defaultMaxOutput: 5900 };
    const taken = (at: number, reserved: number): boolean =>
      endings({ latency: fixed, limits, faults: { errorRate } }, [
        { ordinal: 0 },
        { ordinal: 1, at, input: reserved - 50, maxOutput: 50 },
      ])[1] !== "throttled";
    expect(taken(end - 0.01, 100)).toBe(false);
    expect([taken(end + 0.01, content - 1), taken(end + 0.01, content + 1)]).toEqual([true, false]);
  });

  it("tells a limiter of the first token and of each one after it", () => {
    const limits = { law: "streaming", tpm: 6000 };
    const taken = (at: number, input: number): boolean =>
      endings({ latency: fixed, limits }, [
        { ordinal: 0, input: 3000, output: 201 },
        { ordinal: 1, at, input },
      ])[1] !== "throttled";
    // 3,000 are left, and 100 a second come in: 30 by 300 ms; 140 less 101 by 1.4 s; 300 less 201 by 3 s.
    expect([taken(0.3, 3029), taken(0.3, 3031)]).toEqual([true, false]);
    expect([taken(1.4, 3038), taken(1.4, 3040)]).toEqual([true, false]);
    expect([taken(3, 3098), taken(3, 3100)]).toEqual([true, false]);
  });

  it("bills a call to its end although its client has left, and says that it was in vain", () => {
    const { results, provider } = callAll({ latency: fixed }, [{ leavesAt: 0.1 }, {}, { input: 300, output: 9, leavesAt: 0.45 }]);
    expect(results.map(({ ending, billed }) => [ending, billed])).toEqual([
      ["finished", 1],
      ["finished", 1],
      ["finished", 1],
    ]);
    expect(provider.bill.billed.base).toMatchObject({ input: 500, output: 109 });
    expect(provider.bill.wasted.base).toMatchObject({ input: 400, output: 59 });
  });

  it("finds nothing in vain of a client who leaves after the end, nor of what was not billed", () => {
    const { provider } = callAll({ latency: fixed, faults: { errorRate: "100%" } }, [{ leavesAt: 0.1 }]);
    const finished = callAll({ latency: fixed }, [{ leavesAt: 2 }]).provider;
    for (const { bill } of [provider, finished]) expect(bill.wasted.base).toMatchObject({ input: 0, output: 0 });
  });

  it("counts apart the prompts of attempts whose request was billed before", () => {
    const { provider } = callAll({ latency: fixed }, [{}, { turn: 1, rebilled: true }, { input: 70, turn: 2, rebilled: true }]);
    expect(provider.bill.repeated.base).toEqual({ input: 170, cached: 0, written: 0, output: 0 });
    const failing = callAll({ latency: fixed, faults: { errorRate: "100%" } }, [{ rebilled: true }]);
    expect([failing.results[0].billed, failing.provider.bill.repeated.base.input]).toEqual([0, 0]);
  });

  it("bills a call with a longer prompt than its model's tier apart, answer and all", () => {
    const tiered = { ...model, above: { tokens: 100, inputPerMillion: "$2", outputPerMillion: "$3" } };
    const { provider } = callAll({ latency: fixed, model: tiered }, [{ input: 100 }, { input: 101, output: 7, leavesAt: 0 }]);
    expect(provider.bill.billed.base).toMatchObject({ input: 100, output: 50 });
    expect(provider.bill.billed.above).toMatchObject({ input: 101, output: 7 });
    expect(provider.bill.wasted.above).toMatchObject({ input: 101, output: 7 });
  });

  it("counts calls, refusals and the tokens taken in the window in which they fall", () => {
    const limits = { law: "tokenBucket", rpm: 60, burst: "2s" };
    const at = [0, 0, 0, 9.5, 31, 2000];
    const { provider } = callAll(
      { latency: fixed, limits },
      at.map((moment) => ({ at: moment })),
    );
    const { calls, throttled, tokens } = provider.overTime;
    expect([...calls.counts].slice(0, 4)).toEqual([4, 0, 0, 1]);
    expect([...throttled.counts].slice(0, 4)).toEqual([1, 0, 0, 0]);
    expect([...tokens.counts].slice(0, 4)).toEqual([450, 0, 0, 150]);
    expect(calls.counts.reduce((sum, count) => sum + count)).toBe(5);
  });

  it("deals the same fates whatever another provider meets", () => {
    const settings = {
      latency: random,
      faults: { errorRate: "20%", overload: { every: "20s", lasts: "20s", refused: "50%" }, outages: { every: "40s", lasts: "5s" } },
    };
    const calls = Array.from({ length: 200 }, (_, i) => ({ at: i / 2 }));
    const { one: alone } = callEach({ one: settings }, { one: calls }, 500);
    const busy = Array.from({ length: 300 }, (_, i) => ({ at: i / 3, input: 7 }));
    const { one } = callEach({ other: { ...settings, promptCache: {} }, one: settings }, { other: busy, one: calls }, 500);
    expect(one.results).toEqual(alone.results);
    expect(new Set(one.results.map(({ ending }) => ending))).toEqual(new Set(["finished", "failed"]));
  });
});
