import { describe, expect, it } from "vitest";
import { decode, exampleWith } from "../../scenario/example.ts";
import { PlanError } from "../../../src/base/plan-error.ts";
import { resolvedYaml } from "../../../src/scenario/resolved.ts";
import { traceKey } from "../../../src/traffic/arrivals/arrivals.ts";

it("a file is another trace with every other way to read it, and is called so that a reader sees which", () => {
  const map = "timeUnit=ms";
  const ways = [{}, { map }, { hashBlock: 16 }, { hashBlock: 512 }, { map, hashBlock: 16 }];
  expect(ways.map((way) => traceKey({ trace: "day.csv", ...way }))).toEqual([
    "day.csv",
    "day.csv (timeUnit=ms)",
    "day.csv (hashBlock 16)",
    "day.csv (hashBlock 512)",
    "day.csv (timeUnit=ms; hashBlock 16)",
  ]);
  expect(traceKey({ map, hashBlock: 16 })).toBeUndefined();
});

const scenarioWith = (arrivals: string): string => exampleWith("arrivals: { rate: 1/s }", `arrivals: { ${arrivals} }`);

/** What is said of a mistake in the arrivals of a class: path and message, then the hint. */
function mistake(arrivals: string): string[] {
  try {
    decode(scenarioWith(arrivals));
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    const { path, message, hint, others } = error.details;
    expect(others).toBeUndefined();
    return [`${path?.replace("traffic.chat.arrivals", "")}: ${message}`, hint ?? ""];
  }
  throw new Error("the scenario was decoded");
}

describe("arrivals are refused", () => {
  it.each([
    ["rateScale: 2", ": needs exactly one of trace, rate, profile and closedLoop, found none"],
    ["rate: 1/s, profile: [[0h, 2/s]]", ": needs exactly one of trace, rate, profile and closedLoop, found rate and profile"],
    ["closedLoop: { clients: 4 }, cv: 2", ".cv: cv goes with rate or profile, not with closedLoop"],
    ["trace: day.csv, cv: 2", ".cv: cv goes with rate or profile, not with trace"],
    ["rate: 1/s, repeat: 24h", ".repeat: repeat goes with profile, not with rate"],
    ["rate: 1/s, map: time=ts", ".map: map goes with trace, not with rate"],
    [
      "closedLoop: { clients: 4 }, spikes: [{ at: 1h, lasts: 1m, factor: 2 }]",
      ".spikes: spikes goes with trace, rate or profile, not with closedLoop",
    ],
    ["profile: []", ".profile: must have at least 1 entry"],
    ["profile: [[1h, 2/s]]", ".profile.0.0: the first rate must hold from 0h on"],
    ["profile: [[0h, 2/s], [9h, 3/s], [9h, 1/s]]", ".profile.2.0: is not after the time before it"],
    ["profile: [[0h, 0/s], [9h, 0/s]]", ".profile: no rate is above 0, so nothing would ever arrive"],
    ["profile: [[0h, 2/s], [9h, 3/s]], repeat: 9h", ".repeat: the table begins anew before its last rate holds"],
    ["profile: [[0h, 2]]", ".profile.0.1: must be a rate"],
    ["profile: [[0h, -1/s]]", ".profile.0.1: must be at least 0/s"],
    ["profile: [[0h]]", ".profile.0: must have at least 2 entries"],
    ["profile: [[0h, 1G/s]]", ".profile.0.1: must be a rate"],
    ["profile: [[0h, 1e9/s]]", ".profile: asks for about 3.6e+12 requests in one run"],
    ["rate: 1e9/s", ".rate: asks for about 3.6e+12 requests in one run"],
    ["rate: 100/s, rateScale: 10000", ".rate: asks for about 3.6e+9 requests in one run"],
    ["rate: 1000/s, spikes: [{ at: 30m, lasts: 2h, factor: 1000 }]", ".rate: asks for about 1.8e+9 requests in one run"],
    ["profile: [[0h, 1/d]], repeat: 1ms", ".repeat: the rate changes more than 200000 times in one run"],
    ["rate: 1/s, spikes: [{ at: 0h, lasts: 1ms, factor: 2, every: 2ms }]", ".spikes: the rate changes more than 200000 times in one run"],
    ["rate: 1/s, spikes: []", ".spikes: must have at least 1 entry"],
    ["rate: 1/s, spikes: [{ at: 1h, lasts: 0s, factor: 2 }]", ".spikes.0.lasts: must be at least 1ms"],
    ["rate: 1/s, spikes: [{ at: 1h, lasts: 1m, factor: 0 }]", ".spikes.0.factor: must be above 0"],
    ["rate: 1/s, spikes: [{ at: 1h, lasts: 2h, factor: 2, every: 1h }]", ".spikes.0.every: it comes again before it is over"],
    [
      "rate: 1/s, spikes: [{ at: 5m, lasts: 1m, factor: 2, every: 10m }, { at: 30m, lasts: 6m, factor: 2 }]",
      ".spikes.0: begins at 35m, while spikes.1 lasts",
    ],
    ["closedLoop: { clients: 0 }", ".closedLoop.clients: must be at least 1"],
    ["closedLoop: { clients: 2.5 }", ".closedLoop.clients: must be a whole number"],
    ["closedLoop: { clients: 4, thinkTime: 5 }", ".closedLoop.thinkTime: must be a duration"],
    ["closedLoop: { clients: 4, thinkTime: { gama: { mean: 1s, cv: 2 } } }", ".closedLoop.thinkTime.gama: is not a setting"],
    ["closedLoop: { clients: 4 }, rateScale: 0.1", ".rateScale: makes 0 clients of 4"],
    ["closedLoop: { clients: 4k }, rateScale: 1000", ".rateScale: makes 4000000 clients of 4000"],
  ])("as { %s }, with a hint", (arrivals, message) => {
    const [found, hint] = mistake(arrivals);
    expect(found).toBe(message);
    if (!/entr(y|ies)$/.test(message)) expect(hint).not.toBe("");
  });

  it.each(["profile: [[0h, 2/s]]", "closedLoop: { clients: 4 }", "rate: 2/s"])("as { %s } without token counts", (arrivals) => {
    const text = scenarioWith(arrivals).replace("    inputTokens: { constant: 100 }\n", "");
    expect(() => decode(text)).toThrow(/traffic\.chat: needs inputTokens, since its arrivals are not from a trace/);
  });
});

describe("arrivals are decoded", () => {
  const decoded = (arrivals: string) => decode(scenarioWith(arrivals)).scenario.traffic["chat"].arrivals;

  it("from tables of rates, with spikes that do not overlap within the run", () => {
    const spikes =
      "[{ at: 10m, lasts: 5m, factor: 6 }, { at: 15m, lasts: 1m, factor: 0.5, every: 2m }, { at: 1h, lasts: 1h, factor: 2, every: 1h }]";
    expect(decoded(`profile: [[0h, 2/s], [9h, 0/s]], repeat: 24h, cv: 1.5, spikes: ${spikes}`)).toEqual({
      profile: [
        [0, 2],
        [32_400, 0],
      ],
      repeat: 86_400,
      cv: 1.5,
      rateScale: 1,
      spikes: [
        { at: 600, lasts: 300, factor: 6 },
        { at: 900, lasts: 60, factor: 0.5, every: 120 },
        { at: 3600, lasts: 3600, factor: 2, every: 3600 },
      ],
    });
  });

  it("from closed loops, with a think time that is bare or drawn", () => {
    expect(decoded("closedLoop: { clients: 64 }").closedLoop).toEqual({ clients: 64, thinkTime: 0 });
    expect(decoded("closedLoop: { clients: 64, thinkTime: 0s }").closedLoop).toEqual({ clients: 64, thinkTime: 0 });
    const drawn = decoded("closedLoop: { clients: 1k, thinkTime: { exponential: { mean: 2s } } }, rateScale: 0.5");
    expect(drawn).toEqual({ closedLoop: { clients: 1000, thinkTime: { exponential: { mean: 2 } } }, rateScale: 0.5 });
  });

  it.each([
    "profile: [[0h, 2/s], [9h, 0/s]], repeat: 1d, spikes: [{ at: 14h, lasts: 10m, factor: 6, every: 1d }]",
    "closedLoop: { clients: 64, thinkTime: 1500ms }",
    "closedLoop: { clients: 64, thinkTime: { exponential: { mean: 2s } } }",
  ])("to what can be written again: { %s }", (arrivals) => {
    const { scenario } = decode(scenarioWith(arrivals));
    expect(decode(resolvedYaml(scenario)).scenario.traffic["chat"].arrivals).toEqual(scenario.traffic["chat"].arrivals);
  });
});
