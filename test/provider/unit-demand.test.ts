import { describe, expect, it } from "vitest";
import * as z from "zod";
import { utilisationSettings } from "../../src/provider/limits/utilisation.ts";
import { unitSum } from "../../src/provider/provisioned-units.ts";
import { UnitDemand } from "../../src/provider/unit-demand.ts";
import { callOf } from "./limiters.ts";

const settings = z.decode(utilisationSettings, {
  units: 3,
  tokensPerMinutePerUnit: 1000,
  outputWeight: 4,
  cachedWeight: 0,
  defaultMaxOutput: 500,
});

const demand = (warmup = 0, horizon = 600): UnitDemand => new UnitDemand(settings, { warmup, horizon, window: 10 });

describe("the demand for provisioned units", () => {
  it("is for steady calls what the sum by the vendor's page says, over all and in each minute", () => {
    const calls = demand();
    const lengths = { input: 800, output: 100 };
    for (let i = 0; i < 200; i++) calls.ask(i * 3, i, callOf({ ...lengths, cached: 200, number: i }));
    const { exact } = unitSum({ rpm: 20, ...lengths, cached: 0.25 }, settings);
    expect(calls.given).toBe(3);
    expect(calls.needed).toBeCloseTo(exact, 10);
    expect(calls.neededInBusiestMinute).toBeCloseTo(exact, 10);
  });

  it("is that of the minute in which most comes, and of the time after the warm-up", () => {
    const calls = demand(60);
    // 1,000 tokens each: ten in the warm-up, two in a minute, one in another.
    const call = (number: number) => callOf({ input: 600, output: 100, number });
    for (let i = 0; i < 10; i++) calls.ask(30, i, call(i));
    calls.ask(120, 10, call(10));
    calls.ask(179, 11, call(11));
    calls.ask(180, 12, call(12));
    expect(calls.neededInBusiestMinute).toBe(2);
    expect(calls.needed).toBeCloseTo(3 / 9, 10);
  });

  it("holds a request once, however often it comes back, and another under its number anew", () => {
    const calls = demand();
    const call = { input: 600, output: 100 };
    for (const now of [0, 61, 122]) calls.ask(now, 7, callOf({ ...call, number: 1 }));
    expect(calls.needed).toBeCloseTo(1 / 10, 10);
    calls.ask(200, 7, callOf({ ...call, number: 2 }));
    calls.ask(300, 7, callOf({ ...call, number: 2, salt: 5 }));
    calls.ask(300, 5000, callOf({ ...call, number: 2, salt: 5 }));
    expect(calls.needed).toBeCloseTo(4 / 10, 10);
  });
});
