import fc from "fast-check";
import { expect, it } from "vitest";
import { type Clock, latestSeconds, Moment } from "../../../src/traffic/csv/moment.ts";

/** Nanoseconds since 1970, exactly, or undefined when the text is no time of that clock. */
function nanoseconds(clock: Clock, text: string): bigint | undefined {
  const moment = new Moment();
  // Digits all around, so that reading past an end shows.
  const bytes = new TextEncoder().encode(`99${text}99`);
  if (!moment.read(clock, bytes, 2, bytes.length - 2)) return undefined;
  expect(Number.isInteger(moment.seconds) && Number.isInteger(moment.nanoseconds)).toBe(true);
  return BigInt(moment.seconds) * 1_000_000_000n + BigInt(moment.nanoseconds);
}

const two = (value: number): string => String(value).padStart(2, "0");

it("dates and times are read to the nanosecond, in UTC or with their offset, as the language's own dates read them to the millisecond", () => {
  const day = fc.date({ min: new Date("0001-01-02T00:00:00Z"), max: new Date("9999-12-30T00:00:00Z"), noInvalidDate: true });
  const zone = fc.record({ sign: fc.constantFrom(1, -1), hours: fc.nat(14), minutes: fc.nat(59), colon: fc.constantFrom(":", "") });
  fc.assert(
    fc.property(day, fc.stringMatching(/^\d{0,9}$/), fc.constantFrom(" ", "T"), fc.option(zone), (date, digits, separator, offset) => {
      const whole = Math.floor(date.getTime() / 1000);
      const stamp = new Date(whole * 1000).toISOString().slice(0, 19).replace("T", separator);
      const fraction = digits === "" ? "" : `.${digits}`;
      const suffix = offset === null ? "" : `${offset.sign > 0 ? "+" : "-"}${two(offset.hours)}${offset.colon}${two(offset.minutes)}`;
      const ahead = offset === null ? 0 : offset.sign * (offset.hours * 3600 + offset.minutes * 60);
      expect(nanoseconds("datetime", `${stamp}${fraction}${suffix}`)).toBe(
        BigInt(whole - ahead) * 1_000_000_000n + BigInt(digits.padEnd(9, "0")),
      );
    }),
  );
});

it("numbers of any unit are read to the nanosecond, whatever their size: an epoch in nanoseconds loses nothing", () => {
  const places = { s: 0, ms: 3, us: 6, ns: 9 };
  fc.assert(
    fc.property(
      fc.constantFrom("s" as const, "ms" as const, "us" as const, "ns" as const),
      fc.bigInt({ min: 0n, max: BigInt(latestSeconds) * 1_000_000_000n - 1n }),
      fc.boolean(),
      (unit, value, leadingZeros) => {
        const shift = 9 - places[unit];
        const digits = value.toString().padStart(shift + (leadingZeros ? 8 : 1), "0");
        const split = digits.length - shift;
        const text = shift === 0 ? digits : `${digits.slice(0, split)}.${digits.slice(split)}`;
        expect(nanoseconds(unit, text)).toBe(value);
      },
    ),
  );
});

it.each([
  ["s", "12", 12_000_000_000n],
  ["s", "12.", 12_000_000_000n],
  ["s", ".5", 500_000_000n],
  ["s", "0.1234567899999", 123_456_789n],
  ["s", "1e-05", 10_000n],
  ["s", "1.5E3", 1_500_000_000_000n],
  ["ms", "1.5e3", 1_500_000_000n],
  ["ms", "7", 7_000_000n],
  ["us", "7", 7000n],
  ["ns", "7.9", 7n],
  ["ns", "1700000000123456789", 1_700_000_000_123_456_789n],
  ["datetime", "1970-01-01 00:00:00", 0n],
  ["datetime", "2023-11-16 18:17:03.9799600", 1_700_158_623_979_960_000n],
  ["datetime", "2024-02-29T00:00:00Z", 1_709_164_800_000_000_000n],
  ["datetime", "2024-02-29T00:00:00.5+01", 1_709_161_200_500_000_000n],
] as const)("in %s, %s is %s ns", (clock, text, expected) => {
  expect(nanoseconds(clock, text)).toBe(expected);
});

it.each([
  ["s", ""],
  ["s", "."],
  ["s", "-1"],
  ["s", "+1"],
  ["s", "1 "],
  ["s", "1,5"],
  ["s", "1.5.5"],
  ["s", "1e"],
  ["s", "1e400"],
  ["s", "1e5e5"],
  ["s", "0x10"],
  ["s", "nan"],
  ["s", "Infinity"],
  ["s", "100000000000"],
  ["s", "1700000000123456789"],
  ["ms", "100000000000000"],
  ["datetime", "2023-11-16"],
  ["datetime", "2023-11-16 18:17"],
  ["datetime", "2023-13-16 18:17:03"],
  ["datetime", "2023-00-16 18:17:03"],
  ["datetime", "2023-02-29 18:17:03"],
  ["datetime", "1900-02-29 18:17:03"],
  ["datetime", "2023-04-31 18:17:03"],
  ["datetime", "2023-11-00 18:17:03"],
  ["datetime", "2023-11-16 24:00:00"],
  ["datetime", "2023-11-16 18:60:03"],
  ["datetime", "2023-11-16 18:17:60"],
  ["datetime", "2023-11-16 18:17:03."],
  ["datetime", "2023-11-16 18:17:03.5x"],
  ["datetime", "2023-11-16 18:17:03 UTC"],
  ["datetime", "2023-11-16 18:17:03+"],
  ["datetime", "2023-11-16 18:17:03+1"],
  ["datetime", "2023-11-16 18:17:03+01:"],
  ["datetime", "2023-11-16 18:17:03+01:0"],
  ["datetime", "2023-11-16 18:17:03+01:60"],
  ["datetime", "2023-11-16 18:17:03+24:00"],
  ["datetime", "2023-11-16 18:17:03Z "],
  ["datetime", "16-11-2023 18:17:03"],
  ["datetime", "2023/11/16 18:17:03"],
] as const)("in %s, '%s' is no time", (clock, text) => {
  expect(nanoseconds(clock, text)).toBeUndefined();
});
