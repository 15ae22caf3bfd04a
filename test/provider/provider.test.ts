import { describe, expect, it } from "vitest";
import { Streams } from "../../src/kernel/random.ts";
import { Simulation } from "../../src/kernel/simulation.ts";
import { Provider, providerSettings } from "../../src/provider/provider.ts";
import { Quota } from "../../src/provider/quota.ts";
import { Attempts } from "../../src/traffic/attempts.ts";

interface Call {
  readonly ordinal: number;
  readonly turn?: number;
  readonly at?: number;
  readonly input?: number;
  readonly output?: number;
  readonly maxOutput?: number;
}

const model = { inputPerMillion: "$1", outputPerMillion: "$2" };
const fixed = { ttft: { constant: "400ms" }, tpot: { constant: "10ms" } };
const random = { ttft: { lognormal: { p50: "400ms", p99: "2s" } }, tpot: { exponential: { mean: "10ms" } } };

/** Sends the calls to a provider and tells what came of each. */
function callAll(settings: Record<string, unknown>, calls: readonly Call[]) {
  const simulation = new Simulation();
  const attempts = new Attempts();
  const results = calls.map(() => ({ firstTokenAt: NaN, endedAt: NaN, ending: "open", retryAfter: NaN }));
  const given = providerSettings.parse({ model, ...settings });
  const streams = new Streams(4, 0);
  const quota = given.limits && new Quota(given.limits, { stream: "providers.api.limits", simulation, streams });
  const provider = new Provider("api", simulation, attempts, given, quota, streams, {
    firstToken: (attempt) => (results[attempts.request[attempt]].firstTokenAt = simulation.now),
    ended(attempt, ending, retryAfter) {
      Object.assign(results[attempts.request[attempt]], { endedAt: simulation.now, ending, retryAfter });
      attempts.close(attempt);
    },
  });
  const send = simulation.handler((index) => {
    const { ordinal, turn = 0, input = 100, output = 50, maxOutput = Infinity } = calls[index];
    const attempt = attempts.open(index, ordinal, 0, turn, input, output);
    attempts.maxOutput[attempt] = maxOutput;
    provider.send(attempt);
  });
  calls.forEach(({ at = 0 }, index) => simulation.at(at, send, index));
  simulation.run(1e6);
  return { results, provider, attempts };
}

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
    expect(provider.inputTokens).toBe(100 * (count - failed.length));
    expect(provider.outputTokens).toBe(50 * (count - failed.length));
  });

  it("refuses beyond its limits at once, says when to come back if it does so, and counts", () => {
    const limits = { law: "tokenBucket", rpm: 60, tpm: 6000, burst: "10s" };
    const calls = Array.from({ length: 8 }, (_, ordinal) => ({ ordinal, at: 1 }));
    const { results, provider, attempts } = callAll({ latency: fixed, limits: { ...limits, retryAfter: true } }, calls);
    // A thousand tokens hold six calls of 150.
    expect(results.map(({ ending }) => ending)).toEqual(calls.map((_, i) => (i < 6 ? "finished" : "throttled")));
    expect(results[6]).toMatchObject({ endedAt: 1, retryAfter: 0.5 });
    expect([provider.calls, provider.throttled, provider.inputTokens, provider.outputTokens]).toEqual([8, 2, 600, 300]);
    expect(attempts.inFlight).toBe(0);
    const silent = callAll({ latency: fixed, limits }, calls).results;
    expect(silent[6]).toMatchObject({ ending: "throttled", retryAfter: 0 });
  });

  it("does not say when to come back with a call that will never fit", () => {
    const limits = { law: "tokenBucket", tpm: 600, burst: "10s", retryAfter: true };
    expect(callAll({ latency: fixed, limits }, [{ ordinal: 0 }]).results[0]).toMatchObject({ ending: "throttled", retryAfter: 0 });
  });

  const endings = (settings: Record<string, unknown>, calls: readonly Call[]) =>
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
});
