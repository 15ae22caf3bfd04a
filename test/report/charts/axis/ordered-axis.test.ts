import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { duration, formatQuantity } from "../../../../src/base/units.ts";
import { axisScale, labelled } from "../../../../src/report/charts/axis/axis-x.ts";
import { textWidth } from "../../../../src/report/charts/labels.ts";
import { valueNames } from "../../../../src/report/value-names.ts";
import { type OrderedAxis, orderedAxis } from "../../../../src/report/charts/axis/ordered-axis.ts";
import { position } from "../../../../src/report/charts/scale.ts";
import { plotWidth } from "../../../../src/report/charts/theme.ts";

const axis = (label: string, ...values: string[]) => ({ path: `pools.gpus.${label}`, label, values });
const numbered = (numbers: readonly number[]): OrderedAxis => orderedAxis(axis("size", ...numbers.map(String)))!;

describe("an axis of quantities of one kind has an order", () => {
  test.each([
    [axis("coldStart", "0", "30s", "5m"), [0, 30, 300], ["a cold start of 0 s", "a cold start of 30 s", "a cold start of 5 m"]],
    [axis("warm size", "2", "0", "1k"), [2, 0, 1000], ["warm size 2", "warm size 0", "warm size 1,000"]],
    [axis("budget", "0", "10%", "12.5%"), [0, 0.1, 0.125], ["a budget of 0 %", "a budget of 10 %", "a budget of 12.5 %"]],
    [axis("rate", "5/m", "10/m", "1/s"), [5 / 60, 10 / 60, 1], ["a rate of 5/m", "a rate of 10/m", "a rate of 60/m"]],
    [axis("price", "$4", "$6.88", "$0"), [4, 6.88, 0], ["a price of $4.00", "a price of $6.88", "a price of $0"]],
    [axis("x", "0.25", ".5", "1"), [0.25, 0.5, 1], ["x 0.25", "x 0.5", "x 1"]],
    [axis("everySweep", "1s", "2s", "3s"), [1, 2, 3], ["an every sweep of 1 s", "an every sweep of 2 s", "an every sweep of 3 s"]],
  ])("%j", (given, numbers, phrases) => {
    const found = orderedAxis(given)!;
    found.numbers.forEach((value, i) => expect(value).toBeCloseTo(numbers[i], 12));
    expect(found.numbers.map((value) => found.phrase(value))).toEqual(phrases);
  });

  test("in mappings the one quantity that differs counts", () => {
    const constant = orderedAxis(axis("coldStart", "{ constant: 0s }", "{constant: 30s}", "{ constant: 60s }"))!;
    expect([constant.path, constant.name, constant.numbers]).toEqual(["pools.gpus.coldStart.constant", "cold start", [0, 30, 60]]);
    const target = (n: number) => `{ targetTracking: { metric: concurrency, target: ${n} } }`;
    const nested = orderedAxis(axis("scaling", target(10), target(20), target(40)))!;
    expect([nested.name, nested.numbers]).toEqual(["scaling target", [10, 20, 40]]);
  });

  test("whatever the durations, they are read as they were written", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 1e7 }), { minLength: 3, maxLength: 20 }), (all) => {
        expect(orderedAxis(axis("x", ...all.map((value) => formatQuantity(duration, value))))!.numbers).toEqual(all);
      }),
    );
  });
});

test.each([
  ["two values only", ["1", "2"]],
  ["words", ["fixed", "oracle", "predictive"]],
  ["a number, a duration and a share", ["1", "30s", "10%"]],
  ["the same moment twice", ["60s", "1m", "2m"]],
  ["two quantities that differ", ["{ a: 1, b: 1 }", "{ a: 2, b: 2 }", "{ a: 3, b: 3 }"]],
  ["a quantity that is not everywhere", ["{ a: 1 }", "{ a: 2 }", "{ b: 3 }"]],
  ["text that is not YAML", ["{ a", "{ b", "{ c"]],
])("%s has no order to draw", (_, values) => {
  expect(orderedAxis(axis("x", ...values))).toBeUndefined();
});

describe("names of lines", () => {
  const long = "a-model-with-a-very-long-name-indeed/h100/tp4";
  test.each([
    [axis("scaling", "{ fixed: {} }", "{ targetTracking: { target: 2 } }", "oracle"), ["fixed", "targetTracking", "oracle"]],
    [axis("warm size", "0", "2"), ["warm size 0", "warm size 2"]],
    [axis("warm", "true", "false"), ["warm true", "warm false"]],
    [axis("engine", "llama/h100/tp1", "llama/l40s/tp1"), ["h100/tp1", "l40s/tp1"]],
    [axis("scaling", "{ t: { metric: kv, target: 2 } }", "{ t: { metric: kv, target: 4 } }"), ["target 2", "target 4"]],
    [axis("scaling", "{ t: { metric: kv, target: 2 } }", "{ t: { metric: queue, target: 4 } }"), ["kv, target 2", "queue, target 4"]],
    [axis("engine", long, "b"), ["a-model-with-a…deed/h100/tp4", "b"]],
  ])("%j", (given, names) => {
    expect(valueNames(given)).toEqual(names);
  });
});

describe("the axis below", () => {
  const numbers = fc.uniqueArray(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 3, maxLength: 25 });

  test("has a word at some values, none touching another, and every value within it", () => {
    fc.assert(
      fc.property(numbers, (some) => {
        const given = numbered(some);
        const scale = axisScale(given);
        const kept = labelled(given, scale);
        expect(kept.length).toBeGreaterThan(0);
        const place = (value: number) => plotWidth * position(scale, value);
        for (const value of some) expect(place(value) > 5 && place(value) < plotWidth - 5).toBe(true);
        kept.slice(1).forEach((value, i) => {
          const half = (textWidth(given.print(value)) + textWidth(given.print(kept[i]))) / 2;
          expect(place(value) - place(kept[i])).toBeGreaterThan(half);
        });
      }),
    );
  });

  test("of equal steps has words at equal steps", () => {
    const given = orderedAxis(axis("coldStart", ...Array.from({ length: 20 }, (_, i) => `${30 * i}s`)))!;
    expect(labelled(given, axisScale(given)).map(given.print)).toEqual([
      "0 s",
      "60 s",
      "2 m",
      "3 m",
      "4 m",
      "5 m",
      "6 m",
      "7 m",
      "8 m",
      "9 m",
    ]);
  });

  test("is logarithmic only where that moves crowded values apart", () => {
    expect(axisScale(numbered([1, 2, 4, 8, 16, 32, 64, 128])).type).toBe("log");
    expect(axisScale(numbered([0, 1, 2, 4, 8, 16, 32, 64, 128])).type).toBe("linear");
    expect(axisScale(numbered([1, 2, 3, 4])).type).toBe("linear");
    expect(axisScale(numbered([1000, 1010, 5000])).type).toBe("linear");
  });
});
