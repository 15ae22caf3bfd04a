import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { chosen, count, duration, factor, money, oneOf, rate, type SettingIssue, settings, share } from "../../src/base/settings.ts";

/** Codes of what is wrong with a value, and the words for it. */
function mistakes(schema: z.ZodType, value: unknown): string[] {
  const issues = z.safeDecode(schema, value).error?.issues ?? [];
  return issues.map((issue) =>
    issue.code === "custom" ? `${(issue.params as unknown as SettingIssue).code}: ${issue.message}` : issue.message,
  );
}

const value = fc.double({ min: 0, max: 1e6, noNaN: true }).map((x) => Number(x.toPrecision(9)));

describe("quantities in settings", () => {
  it.each([
    ["duration", duration(), value],
    ["rate", rate(), value.filter((x) => x > 0)],
    ["count", count({ min: 0 }), fc.double({ min: 0, max: 1e6, noNaN: true })],
    ["share", share(), fc.double({ min: 0, max: 1, noNaN: true })],
    ["money", money(), value],
  ])("are encoded so that they decode to the same %s", (_, schema, values) => {
    fc.assert(
      fc.property(values, (number) => {
        expect(z.decode(schema, z.encode(schema, number))).toBe(number);
      }),
    );
  });

  it("are written with their units, counts bare", () => {
    expect([
      z.encode(duration(), 0),
      z.encode(duration(), 90),
      z.encode(rate(), 5),
      z.encode(count(), 5),
      z.encode(share(), 0.5),
      z.encode(money(), 3),
    ]).toEqual(["0s", "90s", "5/s", 5, "50%", "$3"]);
  });

  it("refuse a bare number where its unit would be a guess", () => {
    expect(mistakes(duration(), 30)).toEqual(["wrong-unit: must be a duration"]);
    expect(mistakes(duration(), 0)).toEqual([]);
    expect(mistakes(money(), 3)).toEqual(["wrong-unit: must be an amount of money"]);
  });

  it("refuse what is neither text nor number by the name of the quantity", () => {
    expect(mistakes(rate(), [])).toEqual(["must be a rate"]);
    expect(mistakes(rate(), null)).toEqual(["must be a rate"]);
  });

  it("keep to their range", () => {
    expect(mistakes(duration({ above: 0 }), "0s")).toEqual(["out-of-range: must be above 0s"]);
    expect(mistakes(share(), "101%")).toEqual(["out-of-range: must be at most 100%"]);
    expect(mistakes(share(), "-1%")).toEqual(["out-of-range: must be at least 0%"]);
    expect(mistakes(count(), 1.5)).toEqual(["out-of-range: must be a whole number"]);
    expect(mistakes(factor({ min: 1, max: 3 }), 4)).toEqual(["out-of-range: must be at most 3"]);
  });

  it("refuse numbers too large to be one", () => {
    expect(mistakes(duration(), "1e999s")).toEqual(["wrong-unit: must be a duration"]);
  });
});

describe("oneOf", () => {
  const schema = oneOf({ near: settings({ miles: z.number() }), far: z.number() }, { max: z.number().optional() });

  it("takes exactly one of its kinds, and what any may have beside it", () => {
    const decoded = z.decode(schema, { far: 3, max: 5 });
    expect(chosen(decoded, ["near", "far"])).toEqual(["far", 3]);
    expect(decoded.max).toBe(5);
  });

  it("refuses none and two, and names what it found", () => {
    expect(mistakes(schema, {})).toEqual(["contradiction: needs exactly one of its kinds, found nothing"]);
    expect(mistakes(schema, { far: 3, near: { miles: 1 } })).toEqual(["contradiction: needs exactly one of its kinds, found near and far"]);
  });
});
