import fc from "fast-check";
import { expect, test } from "vitest";
import {
  absent,
  amount,
  dollars,
  moment,
  percent,
  plural,
  seconds,
  shortAmount,
  shortDollars,
  signed,
  wrapped,
  target,
  thousands,
} from "../../src/base/format.ts";
import { duration, parseQuantity } from "../../src/base/units.ts";

const finite = fc.double({ min: -1e9, max: 1e9, noNaN: true });

test("grouped digits read back as the rounded number", () => {
  fc.assert(
    fc.property(finite, fc.integer({ min: 0, max: 4 }), (value, decimals) => {
      const back = Number(thousands(value, decimals).replaceAll(",", "").replace("−", "-"));
      expect(Math.abs(back - value)).toBeLessThanOrEqual(0.5 * 10 ** -decimals + 1e-6);
    }),
  );
});

test("a share short of everything is never printed as everything, nor one above nothing as nothing", () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 0, max: 3 }), (share, decimals) => {
      const text = percent(share, decimals);
      if (share < 1) expect(text).not.toMatch(/^100(\.0+)? %$/);
      if (share > 0) expect(text).not.toMatch(/^0(\.0+)? %$/);
    }),
  );
});

test("seconds below two minutes read back to three digits", () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-3, max: 119, noNaN: true }), (value) => {
      const back = parseQuantity(duration, seconds(value).replace(" ", ""))!;
      expect(Math.abs(back - value) / value).toBeLessThan(0.0051);
    }),
  );
});

test("what is not a number is a dash everywhere", () => {
  for (const print of [thousands, amount, dollars, percent, seconds]) expect(print(Number.NaN)).toBe(absent);
});

test.each([
  [dollars(12_340), "$12,340"],
  [dollars(-0.01234), "−$0.0123"],
  [dollars(99.9), "$99.90"],
  [shortAmount(9_994), "9,994"],
  [shortAmount(12_340), "12.3k"],
  [shortAmount(-1_204_000), "−1.20M"],
  [shortAmount(999_499_999), "999.50M"],
  [shortAmount(31_290_255_000), "31.29B"],
  [shortDollars(12_340), "$12.3k"],
  [shortDollars(1_204_000), "$1.20M"],
  [target(0.995), "99.5 %"],
  [seconds(0.82), "820 ms"],
  [seconds(750), "12 m 30 s"],
  [seconds(11_100), "3 h 5 m"],
  [moment(33_300, 86_400), "09:15"],
  [moment(2 * 86_400 + 33_300, 7 * 86_400), "day 3 09:15"],
  [signed(-0.4, amount), "−0.40"],
  [signed(1.2, amount), "+1.2"],
  [signed(-0.001, (value) => value.toFixed(2)), "0.00"],
  [plural(1, "plan"), "1 plan"],
  [plural(1200, "plan"), "1,200 plans"],
])("prints %s", (printed, expected) => {
  expect(printed).toBe(expected);
});

test("wraps between words, and keeps a number with its unit", () => {
  expect(wrapped("means over 5 m), 97 % of 90 s missed 3 meals", 10)).toEqual(["means over", "5 m), 97 %", "of 90 s", "missed 3", "meals"]);
});
