import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDemand } from "../../../src/experiment/optimization/parse-demand.ts";
import { quantileOfDemand } from "../../../src/scenario/demand-settings.ts";
import { overflowing } from "../overflowing.ts";
import { scenarioOf } from "../systems.ts";

describe("uncertain demand", () => {
  it("is log-normal through the two quantiles that are given", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.1, max: 2, noNaN: true }), fc.double({ min: 1.01, max: 4, noNaN: true }), (p50, times) => {
        const demand = { p50, p90: p50 * times };
        expect(quantileOfDemand(demand, 0.5)).toBeCloseTo(p50, 8);
        expect(quantileOfDemand(demand, 0.9)).toBeCloseTo(p50 * times, 8);
        // The median is as far below the one as above the other, in multiples.
        expect(quantileOfDemand(demand, 0.1)).toBeCloseTo(p50 / times, 8);
      }),
    );
  });

  it.each([
    ["{ p50: 1 }", /needs two quantiles, found p50/],
    ["{ p50: 1, p90: 1.2, p99: 2 }", /needs two quantiles/],
    ["{ p50: 1.4, p90: 1 }", /p90 is not above p50/],
  ])("is refused as %s", (demand, message) => {
    expect(() => scenarioOf(overflowing, { demand })).toThrow(message);
  });
});

describe("cases of demand", () => {
  const uncertain = scenarioOf(overflowing, { demand: "{ p50: 1, p90: 1.4 }" });

  it("come hardest first, whether as quantiles or as multiples", () => {
    expect(parseDemand("p50,2,p90", uncertain).map(({ name, factor }) => [name, Number(factor.toFixed(6))])).toEqual([
      ["2", 2],
      ["p90", 1.4],
      ["p50", 1],
    ]);
  });

  it.each([
    ["p50,p90", /needs the scenario's demand/],
    ["0,1", /must be a multiple of the traffic/],
    ["1,,2", /has an empty case/],
    ["1,1", /names a case twice/],
    ["1,1.0", /has the same multiple of the traffic twice/],
    ["monday.csv,friday.csv", /no class has a trace/],
  ])("are refused as %s where they make no sense", (text, message) => {
    expect(() => parseDemand(text, scenarioOf(overflowing))).toThrow(message);
  });

  it("put a trace in place of the one that a class has", () => {
    const traced = scenarioOf(overflowing, { "traffic.chat.arrivals": "{ trace: day.csv }" });
    expect(parseDemand("monday.csv", traced)).toEqual([
      { name: "monday.csv", factor: 1, assignments: [{ path: "traffic.chat.arrivals.trace", value: "monday.csv", flag: "--demand" }] },
    ]);
  });
});
