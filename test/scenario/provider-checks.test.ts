import { describe, expect, it } from "vitest";
import { PlanError } from "../../src/base/plan-error.ts";
import { decode, example } from "./example.ts";

/** What is wrong with the example's provider, where, and what to do. */
function mistake(flag: string): string {
  try {
    decode(example, `providers.hosted.${flag}`);
  } catch (error) {
    if (error instanceof PlanError) return error.message;
    throw error;
  }
  throw new Error("the scenario was decoded");
}

const latency = "ttft: { constant: 1s }, tpot: { constant: 1ms }";

describe("a provider's settings must go together", () => {
  it.each([
    [
      `latency={ ${latency}, hours: [[1h, 2]] }`,
      "latency.hours.0.0",
      "the first factor must hold from 0h on",
      "[[0h, 1], [9h, 1.4], [18h, 1.1]]",
    ],
    [
      `latency={ ${latency}, hours: [[0h, 2], [9h, 1], [9h, 2]] }`,
      "latency.hours.2.0",
      "is not after the time before it",
      "ascending order",
    ],
    [`latency={ ${latency}, hours: [[0h, 2], [24h, 1]] }`, "latency.hours.1.0", "must be below 24h", "that of one day"],
    [`latency={ ${latency}, hours: [[0h, 0]] }`, "latency.hours.0.1", "must be above 0", "above 0, up to 1000"],
    ["faults={ outages: { lasts: 5m } }", "faults.outages", "needs either every or at", "{ every: 14d, lasts: 40m }"],
    ["faults={ outages: { at: [1h], lasts: 5m, effect: slow } }", "faults.outages.effect", "fail", "hang"],
    ["faults={ brownOuts: { every: 7d, lasts: 5m } }", "faults.brownOuts", "needs slower or errorRate", "slower: 3, errorRate: 20%"],
    ["faults={ brownOuts: { every: 7d, lasts: 5m, slower: 0.5 } }", "faults.brownOuts.slower", "must be at least 1", "from 1"],
    [
      "faults={ overload: { at: [1h, 61m], lasts: 5m, refused: 1% } }",
      "faults.overload.at.1",
      "begins before the one before has ended",
      "lasts apart",
    ],
    [
      "faults={ overload: { every: 10ms, lasts: 10ms, refused: 1% } }",
      "faults.overload.every",
      "would happen 180,000 times in 1 h",
      "up to 100,000",
    ],
    [
      "limits={ law: exogenous, every: 10ms, lasts: 10ms, refused: 1% }",
      "providers.hosted.limits.every",
      "would happen 180,000 times in 1 h",
      "up to 100,000",
    ],
    [
      "limits=[{ law: tokenBucket, rpm: 60 }, { law: exogenous, every: 10ms, lasts: 10ms, refused: 1% }]",
      "providers.hosted.limits.1.every",
      "would happen 180,000 times in 1 h",
      "up to 100,000",
    ],
    ["faults={ saturation: { above: 0 } }", "faults.saturation.above", "must be at least 1", "whole numbers, from 1"],
    ["promptCache={ ttl: 0s }", "promptCache.ttl", "must be above 0", "above 0"],
    ["model={ inputPerMillion: $1, outputPerMillion: $2, above: { tokens: 200k } }", "model.above", "inputPerMillion", ""],
  ])("%s is refused", (flag, path, message, hint) => {
    const told = mistake(flag);
    for (const part of [path, message, hint]) expect(told).toContain(part);
  });

  it("shortages of a quota that come too often are refused too, by the name of the limit", () => {
    const quota = "quotas={ account: { shared: { law: exogenous, every: 10ms, lasts: 10ms, refused: 1% } } }";
    expect(() => decode(example, quota)).toThrow("quotas.account.shared.every: would happen 180,000 times in 1 h");
  });

  it("and what is meant to work does", () => {
    const faults =
      "outages: { at: [10m], lasts: 5m, effect: hang }, brownOuts: { every: 1h, lasts: 5m, slower: 3 }, overload: { every: 1h, lasts: 1m, refused: 50% }";
    const { scenario } = decode(
      example,
      `providers.hosted.latency={ ${latency}, perInputToken: 40us, hours: [[0h, 1], [9h, 1.4]] }`,
      `providers.hosted.faults={ ${faults}, saturation: { above: 200 } }`,
      "providers.hosted.promptCache={ step: 128 }",
      "providers.hosted.price={ perHour: $30 }",
      "providers.hosted.model={ extends: gpt-small, cachedInputPerMillion: $0.02, above: { tokens: 272k, inputPerMillion: $0.4, outputPerMillion: $1.8 } }",
    );
    expect(scenario.providers["hosted"]).toMatchObject({
      model: { inputPerMillion: 0.2, cachedInputPerMillion: 0.02, above: { tokens: 272_000, inputPerMillion: 0.4 } },
      price: { perHour: 30 },
      latency: {
        perInputToken: 40e-6,
        hours: [
          [0, 1],
          [32_400, 1.4],
        ],
      },
      promptCache: { minPrefix: 1024, step: 128, ttl: 300 },
      faults: { errorRate: 0, outages: { at: [600], lasts: 300, effect: "hang" }, saturation: { above: 200, refused: 1 } },
    });
  });
});
