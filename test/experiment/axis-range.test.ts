import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { duration, parseQuantity } from "../../src/base/units.ts";
import { RangeMistake, rangeValues } from "../../src/experiment/axis-range.ts";

describe("a range", () => {
  it.each([
    ["0..3", ["0", "1", "2", "3"]],
    ["3..3", ["3"]],
    ["1s..60s log 7", ["1s", "2s", "3.9s", "7.7s", "15s", "30s", "60s"]],
    ["500ms..2s log 3", ["500ms", "1s", "2s"]],
    ["8k..16k step 4k", ["8k", "12k", "16k"]],
    ["0..2 linear 5", ["0", "1", "2"]],
    ["0s..60s linear 4", ["0s", "20s", "40s", "60s"]],
    ["1..100 log 5", ["1", "3", "10", "32", "100"]],
    ["1..3 log 5", ["1", "2", "3"]],
    ["0..10 step 4", ["0", "4", "8"]],
    ["10%..90% step 40%", ["10%", "50%", "90%"]],
    ["0.1..0.3 step 0.1", ["0.1", "0.2", "0.3"]],
    ["$1..$2 step $0.50", ["$1", "$1.5", "$2"]],
    ["1/s..100/s log 3", ["1/s", "10/s", "100/s"]],
  ])("%s is these values", (text, values) => {
    expect(rangeValues(text, 100)).toEqual(values);
  });

  it.each(["llama-3.1-8b/h100/tp1", "../day.csv", "a..b", "1s", "{ rate: 1..2 }", "1..b"])("is not seen in %s", (text) => {
    expect(rangeValues(text, 100)).toBeUndefined();
  });

  it.each([
    ["5..2", /runs backwards/],
    ["1s..60s", /needs to say how many values/],
    ["0.5..2", /needs to say how many values/],
    ["0s..60s log 7", /cannot go from 0 in equal ratios/],
    ["1s..60s log 1", /whole number of values, at least 2/],
    ["1s..60s log 7.5", /whole number of values/],
    ["1s..60s log 101", /more than 100 values/],
    ["0..60 step 0", /a step above 0/],
    ["0s..60s step 5%", /a step above 0 such as 500ms/],
    ["0..1000", /more than 100 values/],
  ])("%s is refused", (text, message) => {
    expect(() => rangeValues(text, 100)).toThrow(RangeMistake);
    expect(() => rangeValues(text, 100)).toThrow(message);
  });

  it("rises from one end to the other, in ratios that are alike within what rounding to two digits does", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 60, max: 3600 }), fc.integer({ min: 2, max: 7 }), (from, to, many) => {
        const values = rangeValues(`${from}s..${to}s log ${many}`, 100)!.map((text) => parseQuantity(duration, text)!);
        expect([values[0], values.at(-1)]).toEqual([from, to]);
        const ratio = (to / from) ** (1 / (many - 1));
        for (let i = 1; i < values.length; i++) {
          expect(values[i]).toBeGreaterThan(values[i - 1]);
          if (values.length === many) expect(values[i] / values[i - 1] / ratio).toSatisfy((off: number) => off > 0.89 && off < 1.12);
        }
      }),
    );
  });
});
