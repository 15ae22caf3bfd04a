import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { count, duration, formatQuantity, money, parseQuantity, type Quantity, rate, share } from "../../src/base/units.ts";

const quantities = { duration, rate, count, share, money };

/** Numbers as people write them: a few digits and a power of ten. */
const decimal = fc
  .tuple(fc.integer({ min: -999_999, max: 999_999 }), fc.integer({ min: -6, max: 3 }))
  .map(([digits, power]) => Number(`${digits}e${power}`));

function written(quantity: Quantity): fc.Arbitrary<string> {
  const sign = quantity === money ? "$" : "";
  return fc.tuple(decimal, fc.constantFrom(...Object.keys(quantity.units))).map(([value, unit]) => `${sign}${value}${unit}`);
}

describe.each(Object.entries(quantities))("%s", (_, quantity) => {
  it("is read back as the same number after it was written", () => {
    fc.assert(
      fc.property(written(quantity), (text) => {
        const value = parseQuantity(quantity, text)!;
        expect(parseQuantity(quantity, formatQuantity(quantity, value))).toBe(value);
      }),
    );
  });

  it("reads its own examples", () => {
    for (const example of quantity.example.split(", ")) expect(parseQuantity(quantity, example)).toBeGreaterThan(0);
  });

  it("refuses other texts", () => {
    for (const text of ["", " ", "x", "1 parsec", "1e", "--1s", "$", "%", "0x10", "1,5s", "1_000", "Infinity", "NaN", "1s2"]) {
      expect(parseQuantity(quantity, text), text).toBeUndefined();
    }
  });
});

describe("parseQuantity", () => {
  it("gives the number that the literal would give, without an error in the last digit", () => {
    expect(parseQuantity(duration, "300ms")).toBe(0.3);
    expect(parseQuantity(share, "10%")).toBe(0.1);
    expect(parseQuantity(share, "99.5%")).toBe(0.995);
    expect(parseQuantity(rate, "300/m")).toBe(5);
    expect(parseQuantity(count, "1.5M")).toBe(1_500_000);
    expect(parseQuantity(money, "$6.88")).toBe(6.88);
  });

  it("allows space around and before the unit, which people write", () => {
    expect(parseQuantity(duration, " 90 s ")).toBe(90);
  });

  it("wants a unit where two would be possible", () => {
    expect(parseQuantity(duration, "30")).toBeUndefined();
    expect(parseQuantity(rate, "30")).toBeUndefined();
    expect(parseQuantity(money, "30")).toBeUndefined();
    expect(parseQuantity(count, "30")).toBe(30);
  });
});

describe("formatQuantity", () => {
  it("takes the largest unit that needs no fraction, but no days", () => {
    expect([0, 0.0005, 0.3, 1.5, 90, 3600, 86_400].map((seconds) => formatQuantity(duration, seconds))).toEqual([
      "0s",
      "500us",
      "300ms",
      "1500ms",
      "90s",
      "1h",
      "24h",
    ]);
  });

  it("writes shares as percentages and money with its sign", () => {
    expect([formatQuantity(share, 0.995), formatQuantity(money, 6.88), formatQuantity(count, 2e6)]).toEqual(["99.5%", "$6.88", "2000000"]);
  });
});
